//! Strangers' texts, made harmless.

use crate::MAX_TEXT;

/// Trimmed, on one line, without control characters and those that turn or hide text, cut to [`MAX_TEXT`]; none if
/// nothing is left.
pub(crate) fn clean(text: &str) -> Option<String> {
    let mut cleaned = String::new();
    let mut length = 0;
    let mut space = false;
    for letter in text.chars() {
        if letter.is_whitespace() {
            space = length > 0;
        } else if !letter.is_control() && !is_hidden(letter) {
            if space {
                cleaned.push(' ');
                length += 1;
                space = false;
            }
            if length >= MAX_TEXT {
                break;
            }
            cleaned.push(letter);
            length += 1;
        }
    }
    // The last letter may have been a space.
    cleaned.truncate(cleaned.trim_end().len());
    (!cleaned.is_empty()).then_some(cleaned)
}

/// As [`clean`], of bytes that may be no UTF-8.
pub(crate) fn clean_bytes(bytes: &[u8]) -> Option<String> {
    // No letter takes more than four bytes; the rest need not be looked at.
    let some = &bytes[..bytes.len().min(8 * MAX_TEXT)];
    clean(&String::from_utf8_lossy(some))
}

/// A name of the domain name system, in small letters; none if it is none.
pub(crate) fn domain_name(bytes: &[u8]) -> Option<String> {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let whole = (1..=MAX_TEXT).contains(&bytes.len()) && bytes.iter().all(fits);
    let name = whole.then(|| String::from_utf8_lossy(bytes).trim_matches('.').to_ascii_lowercase())?;
    (!name.is_empty()).then_some(name)
}

/// Marks of direction and characters without width: they make two names look like one.
const fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether a text only says that nobody filled in the field, as many boards' makers do.
pub(crate) fn says_nothing(text: &str) -> bool {
    const NOTHING: [&str; 14] = [
        "to be filled by o.e.m.",
        "default string",
        "not specified",
        "not available",
        "not applicable",
        "system manufacturer",
        "system product name",
        "system serial number",
        "unknown",
        "none",
        "n/a",
        "o.e.m.",
        "0",
        "123456789",
    ];
    NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_made_harmless() {
        let long = "あ".repeat(300);
        for (given, wanted) in [
            ("  PACS  1\r\n", Some("PACS 1")),
            ("a\u{202e}b\0c\u{7}", Some("abc")),
            (" \u{200b} ", None),
            ("", None),
            (long.as_str(), Some(&long[.."あ".len() * MAX_TEXT])),
        ] {
            assert_eq!(clean(given).as_deref(), wanted, "{given:?}");
        }
        assert_eq!(clean_bytes(b"a\xffb").as_deref(), Some("a\u{fffd}b"));
    }

    #[test]
    fn names_of_domains() {
        for (given, wanted) in [
            (b"Updates.Vendor.example.".as_slice(), Some("updates.vendor.example")),
            (b"a b", None),
            (b"...", None),
            (b"", None),
        ] {
            assert_eq!(domain_name(given).as_deref(), wanted);
        }
    }
}
