//! What a file is, by its content.

use crate::findings::Source;

/// At the beginning of a text, so much is looked at.
const HEAD: usize = 8 * 1024;

/// What a file is, by its content and never by its name; none if it is nothing that is read here.
///
/// Also formats of the same programs that are not read are recognised, so that [`read`](crate::read) can say which one
/// to write instead.
pub fn recognise(bytes: &[u8]) -> Option<Source> {
    if is_capture(bytes) {
        return Some(Source::Capture);
    }
    let text = without_mark(bytes).trim_ascii_start();
    let head = &text[..text.len().min(HEAD)];
    match text.first()? {
        b'<' if contains(head, b"<nmaprun") => Some(Source::Nmap),
        b'<' if contains(head, b"cyclonedx.org/schema/bom") => Some(Source::CycloneDx),
        b'<' if contains(head, b"<REQUEST") => Some(Source::Glpi),
        b'#' | b'S' if is_nmap_text(head) => Some(Source::Nmap),
        // The order of an object's fields is free, so the whole of it is looked at.
        b'{' if contains(text, b"\"bomFormat\"") => Some(Source::CycloneDx),
        b'{' if contains(text, b"\"deviceid\"") && contains(text, b"\"content\"") => Some(Source::Glpi),
        _ => None,
    }
}

/// Without the byte order mark that some programs put before UTF-8.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Whether a text begins as XML.
pub(crate) fn is_xml(bytes: &[u8]) -> bool {
    without_mark(bytes).trim_ascii_start().starts_with(b"<")
}

/// What nmap writes for people (`-oN`, the terminal) and for grep (`-oG`).
pub(crate) fn is_nmap_text(head: &[u8]) -> bool {
    head.starts_with(b"# Nmap") || head.starts_with(b"Starting Nmap")
}

/// pcap in both orders of bytes and both precisions, and pcapng.
fn is_capture(bytes: &[u8]) -> bool {
    const MAGIC: [[u8; 4]; 6] = [
        [0xa1, 0xb2, 0xc3, 0xd4],
        [0xd4, 0xc3, 0xb2, 0xa1],
        [0xa1, 0xb2, 0x3c, 0x4d],
        [0x4d, 0x3c, 0xb2, 0xa1],
        [0x34, 0xcd, 0xb2, 0xa1],
        [0x0a, 0x0d, 0x0d, 0x0a],
    ];
    MAGIC.iter().any(|magic| bytes.starts_with(magic))
}

/// gzip, zip, xz, zstd, bzip2.
pub(crate) fn is_packed(bytes: &[u8]) -> bool {
    const MAGIC: [&[u8]; 5] = [b"\x1f\x8b", b"PK\x03\x04", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"BZh"];
    MAGIC.iter().any(|magic| bytes.starts_with(magic))
}

pub(crate) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(wanted) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_content() {
        for (bytes, source) in [
            (b"\xd4\xc3\xb2\xa1\x02\0".as_slice(), Some(Source::Capture)),
            (b"\x0a\x0d\x0d\x0a", Some(Source::Capture)),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!DOCTYPE nmaprun>\n<nmaprun ", Some(Source::Nmap)),
            (b"# Nmap 7.93 scan initiated", Some(Source::Nmap)),
            (b"{\"version\": 1, \"bomFormat\": \"CycloneDX\"}", Some(Source::CycloneDx)),
            (b"<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\">", Some(Source::CycloneDx)),
            (b" {\"deviceid\": \"x\", \"content\": {}}", Some(Source::Glpi)),
            (b"{\"content\": {}}", None),
            (b"# A text", None),
            (b"PK\x03\x04", None),
            (b"", None),
        ] {
            assert_eq!(recognise(bytes), source, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
