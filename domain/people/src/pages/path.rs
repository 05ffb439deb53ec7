//! Where a form may lead back to.

use url::Url;

/// Longest path that is carried along.
const LONGEST: usize = 2000;

/// The path, if it is one of this very program; the first page otherwise.
///
/// `//host`, `/\host` and hidden characters lead browsers to other hosts; so does whatever resolves to one.
pub fn local_path(text: &str) -> String {
    const HERE: &str = "http://here.invalid";
    let plain = text.len() <= LONGEST
        && text.starts_with('/')
        && !text.starts_with("//")
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let resolved = plain.then(|| Url::parse(HERE).and_then(|here| here.join(text)).ok()).flatten();
    let Some(url) = resolved.filter(|url| url.origin().ascii_serialization() == HERE) else {
        return "/".to_owned();
    };
    let path = url.path();
    // Dots may hide slashes: `/.//host` resolves to `//host`.
    match (path.starts_with("//"), url.query()) {
        (true, _) => "/".to_owned(),
        (false, Some(query)) => format!("{path}?{query}"),
        (false, None) => path.to_owned(),
    }
}

/// Where to go after sign-in: [`local_path`], but never back out of the door.
pub fn path_inside(text: &str) -> String {
    let path = local_path(text);
    if path.starts_with("/sign-") || path.starts_with("/first-run") { "/".to_owned() } else { path }
}

/// Where the page's address says to go on.
pub fn next_in(path: &str) -> String {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let next = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next");
    path_inside(&next.map(|(_, path)| path).unwrap_or_default())
}

/// An address that says where to go on.
pub fn with_next(address: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{address}?next={next}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_our_own_paths_are_followed() {
        for (text, expected) in [
            ("/", "/"),
            ("/checklist/2026?open=1", "/checklist/2026?open=1"),
            ("/%E4%BA%BA", "/%E4%BA%BA"),
            ("/a/../b", "/b"),
            ("/%2F%2Fevil.example", "/%2F%2Fevil.example"),
            ("/%5Cevil.example", "/%5Cevil.example"),
            ("", "/"),
            ("checklist", "/"),
            ("//evil.example", "/"),
            ("///evil.example", "/"),
            ("/\\evil.example", "/"),
            ("\\\\evil.example", "/"),
            ("/.//evil.example", "/"),
            ("/a/..//evil.example", "/"),
            ("/%2e//evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/\n/evil.example", "/"),
            (" //evil.example", "/"),
            ("https://evil.example/", "/"),
            ("https:evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/人", "/"),
        ] {
            assert_eq!(local_path(text), expected, "{text:?}");
        }
        for (text, expected) in
            [("/sign-out", "/"), ("/sign-in?next=/", "/"), ("/first-run", "/"), ("/plan", "/plan")]
        {
            assert_eq!(path_inside(text), expected, "{text:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(LONGEST))), "/");
    }

    proptest! {
        #[test]
        fn the_answer_never_leaves_this_host(text in "[/\\\\.%2eEfF5cC:@?#a-z\\t\\n ]{0,24}") {
            let here = Url::parse("https://komainu.example.jp/sign-in").unwrap();
            let there = here.join(&local_path(&text)).unwrap();
            prop_assert_eq!(there.host_str(), here.host_str());
            prop_assert_eq!(there.scheme(), here.scheme());
        }
    }
}
