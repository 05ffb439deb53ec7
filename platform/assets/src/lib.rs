//! The style sheet, the script and the pictures inside the binary.
//!
//! `cargo xtask ui` makes them; each has the hash of its content in its name, so a browser may keep it for ever, and a
//! gzip twin, so nothing is compressed while people wait. A debug build embeds them too: a binary is one file.
//! Where the chore has not run, [`is_built`] says so and pages stand without style.

use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// The path below which a server answers with [`asset`].
pub const PATH: &str = "/assets/";

/// What `Cache-Control` says for every asset: its address changes with its content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "../../target/ui"]
struct Embedded;

/// A file inside the binary.
#[derive(Debug)]
pub struct Asset {
    /// The content.
    pub bytes: Cow<'static, [u8]>,
    /// The content compressed, for a browser that accepts `gzip`; only where it is smaller.
    pub gzip: Option<Cow<'static, [u8]>>,
    /// Media type, with the character set for text.
    pub content_type: &'static str,
    /// Strong entity tag of the plain content, in quotes as the header wants it.
    pub etag: String,
    /// Strong entity tag of the compressed content: it is another representation and so needs another tag.
    pub gzip_etag: String,
}

struct Table {
    by_path: BTreeMap<String, Asset>,
    /// `app.css` → `app.0123456789abcdef.css`.
    by_name: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

impl Table {
    fn read() -> Table {
        let mut table = Table { by_path: BTreeMap::new(), by_name: BTreeMap::new() };
        for path in Embedded::iter().filter(|path| !path.ends_with(".gz")) {
            let Some(file) = Embedded::get(&path) else { continue };
            let mut hash = String::with_capacity(64);
            for byte in file.metadata.sha256_hash() {
                // Writing to a String cannot fail.
                let _ = write!(hash, "{byte:02x}");
            }
            let gzip = Embedded::get(&format!("{path}.gz")).map(|twin| twin.data);
            let asset = Asset {
                gzip: gzip.filter(|small| small.len() < file.data.len()),
                bytes: file.data,
                content_type: content_type(&path),
                etag: format!("\"{hash}\""),
                gzip_etag: format!("\"{hash}-gzip\""),
            };
            if let Some(name) = plain_name(&path) {
                table.by_name.insert(name, path.to_string());
            }
            table.by_path.insert(path.into_owned(), asset);
        }
        table
    }
}

/// The asset at a path below [`PATH`], such as `app.0123456789abcdef.css`.
pub fn asset(path: &str) -> Option<&'static Asset> {
    TABLE.by_path.get(path)
}

/// The address of an asset by its plain name: `url("app.css")` is `/assets/app.0123456789abcdef.css`.
///
/// A name that is not embedded gets an address that leads to nothing; [`is_built`] tells a program at its start.
pub fn url(name: &str) -> String {
    format!("{PATH}{}", TABLE.by_name.get(name).map_or(name, String::as_str))
}

/// An asset by its plain name, such as `worker.js`, for what stands at an address of its own or inside a page.
pub fn named(name: &str) -> Option<&'static Asset> {
    TABLE.by_name.get(name).and_then(|path| TABLE.by_path.get(path))
}

/// Whether the front end is inside.
pub fn is_built() -> bool {
    TABLE.by_name.contains_key("app.css")
}

/// `app.css` for `app.0123456789abcdef.css`; none for a name without a hash.
fn plain_name(path: &str) -> Option<String> {
    let (rest, ending) = path.rsplit_once('.')?;
    let (stem, hash) = rest.rsplit_once('.')?;
    (hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit())).then(|| format!("{stem}.{ending}"))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read as _;

    #[test]
    fn names_lose_their_hash_and_nothing_else() {
        assert_eq!(plain_name("app.0123456789abcdef.css").as_deref(), Some("app.css"));
        assert_eq!(plain_name("a.b.0123456789abcdef.svg").as_deref(), Some("a.b.svg"));
        assert_eq!(plain_name("notice.txt"), None);
        assert_eq!(plain_name("app.notahashnotahash.css"), None);
    }

    #[test]
    fn what_is_embedded_is_found_by_its_address_and_its_twin_is_the_same() {
        assert!(!TABLE.by_path.is_empty(), "at least the notice is inside");
        for (name, path) in &TABLE.by_name {
            assert_eq!(url(name), format!("{PATH}{path}"));
            let asset = asset(path).expect("a name leads to a file");
            assert_eq!(named(name).map(|found| &found.etag), Some(&asset.etag));
            assert_ne!(asset.content_type, "application/octet-stream", "{path}");
            assert!(
                asset.etag.contains(path.rsplit('.').nth(1).expect("a hashed name has three parts")),
                "{path}"
            );
            if let Some(small) = &asset.gzip {
                let mut plain = Vec::new();
                GzDecoder::new(&small[..]).read_to_end(&mut plain).expect("gzip");
                assert_eq!(plain, *asset.bytes, "{path}");
            }
        }
    }

    #[test]
    fn what_is_not_embedded_is_not_found() {
        assert!(asset("../Cargo.toml").is_none());
        assert!(asset("").is_none());
        assert_eq!(url("missing.css"), "/assets/missing.css");
    }
}
