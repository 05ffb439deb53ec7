//! The openings of a few protocols, told by what is said and not by the port.
//!
//! Of all that passes, only names of machines and programs are taken. A packet is looked at by itself: openings are
//! short and begin with a packet.

use crate::text::{clean, clean_bytes, domain_name};

/// Of an HL7 header, so much is looked at; patients come after it.
const HEADER: usize = 512;
/// A name in an HL7 header may be so long in characters (HL7 2.x allows 227 with all its parts; one part is read).
const HL7_NAME: usize = 60;

/// What a packet opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Somebody asks for a DICOM association (PS3.8, A-ASSOCIATE-RQ), or grants it (A-ASSOCIATE-AC).
    Dicom { asks: bool, called: Option<String>, calling: Option<String> },
    /// A message of HL7 version 2 in the minimal lower layer protocol.
    Hl7 { sender: Option<String>, receiver: Option<String> },
    /// A request for a remote desktop.
    RemoteDesktop,
    /// What a remote framebuffer says first, at both ends.
    Framebuffer,
    /// What a secure shell says first, at both ends.
    Shell { product: Option<String> },
    /// Windows' file sharing, of any version.
    FileShare,
    /// The greeting of TLS, with the server's name it asks for.
    Tls { server: Option<String> },
}

impl Content {
    /// Whether only the one who called says this; none if both may.
    pub(super) const fn caller_says(&self) -> Option<bool> {
        match self {
            Content::Dicom { asks, .. } => Some(*asks),
            Content::RemoteDesktop | Content::Tls { .. } => Some(true),
            Content::Hl7 { .. } | Content::Framebuffer | Content::Shell { .. } | Content::FileShare => None,
        }
    }
}

/// What a packet of a connection opens, if it opens anything that is known.
pub(super) fn of(payload: &[u8]) -> Option<Content> {
    match payload.first()? {
        1 | 2 => dicom(payload),
        0x0B => hl7(payload),
        0x03 => remote_desktop(payload),
        0x00 => file_share(payload),
        0x16 => tls(payload),
        b'S' => shell(payload),
        b'R' => payload.starts_with(b"RFB 00").then_some(Content::Framebuffer),
        _ => None,
    }
}

fn dicom(payload: &[u8]) -> Option<Content> {
    let asks = *payload.first()? == 1;
    let length = u32::from_be_bytes(payload.get(2..6)?.try_into().ok()?);
    let version = payload.get(6..8)?;
    let fits = *payload.get(1)? == 0
        && (68..=1 << 20).contains(&length)
        && version[1] & 1 == 1
        && payload.get(8..10)? == [0, 0]
        // The first item names the application context.
        && payload.get(74).is_none_or(|item| *item == 0x10);
    if !fits {
        return None;
    }
    let (called, calling) = (payload.get(10..26)?, payload.get(26..42)?);
    let printable = |title: &[u8]| title.iter().all(|byte| (0x20..0x7F).contains(byte));
    if !printable(called) || !printable(calling) {
        return None;
    }
    Some(Content::Dicom { asks, called: clean_bytes(called), calling: clean_bytes(calling) })
}

/// MSH-3 to MSH-6 and nothing else.
fn hl7(payload: &[u8]) -> Option<Content> {
    let header = payload.strip_prefix(b"\x0BMSH")?;
    let separator = *header.first()?;
    if !separator.is_ascii_punctuation() {
        return None;
    }
    let header = &header[1..header.len().min(HEADER)];
    let segment = header.split(|byte| *byte == b'\r').next()?;
    // What follows the last separator may be cut off in the midst and is not taken.
    let whole = &segment[..segment.iter().rposition(|byte| *byte == separator)?];
    let mut fields = whole.split(|byte| *byte == separator);
    let component = fields.next().and_then(|signs| signs.first().copied()).unwrap_or(b'^');
    let mut name = || -> Option<String> {
        let first = fields.next()?.split(|byte| *byte == component).next()?;
        clean_bytes(first).map(|name| name.chars().take(HL7_NAME).collect())
    };
    let (from, at, to, there) = (name(), name(), name(), name());
    Some(Content::Hl7 { sender: of_two(from, at), receiver: of_two(to, there) })
}

/// `application / facility`.
fn of_two(application: Option<String>, facility: Option<String>) -> Option<String> {
    match (application, facility) {
        (Some(application), Some(facility)) => clean(&format!("{application} / {facility}")),
        (one, other) => one.or(other),
    }
}

/// A connection request of X.224 in TPKT that asks for a desktop: other protocols open alike, so a cookie or a
/// request of the right kind must follow. The cookie may name a person and is not read.
fn remote_desktop(payload: &[u8]) -> Option<Content> {
    let request = payload.get(..11)?;
    if request[1] != 0 || request[5] != 0xE0 {
        return None;
    }
    let rest = payload.get(11..)?;
    let fits = rest.starts_with(b"Cookie: ") || matches!(rest, [1, _, 8, 0, ..]);
    fits.then_some(Content::RemoteDesktop)
}

fn file_share(payload: &[u8]) -> Option<Content> {
    matches!(payload, [0, _, _, _, 0xFE | 0xFF, b'S', b'M', b'B', ..]).then_some(Content::FileShare)
}

fn shell(payload: &[u8]) -> Option<Content> {
    let banner = payload.strip_prefix(b"SSH-2.0-").or_else(|| payload.strip_prefix(b"SSH-1.99-"))?;
    let line = banner.split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    Some(Content::Shell { product: clean_bytes(line) })
}

/// The client's greeting of TLS (RFC 8446, 4.1.2) and in it the server's name (RFC 6066, 3). A greeting may be longer
/// than its first packet; the name is taken if it lies there.
fn tls(payload: &[u8]) -> Option<Content> {
    let greets = matches!(payload, [0x16, 3, _, _, _, 1, ..]);
    greets.then(|| Content::Tls { server: payload.get(9..).and_then(server_name) })
}

fn server_name(hello: &[u8]) -> Option<String> {
    let mut rest = Rest(hello);
    rest.take(2 + 32)?; // version, random
    let session = rest.byte()?;
    rest.take(usize::from(session))?;
    let suites = rest.two()?;
    rest.take(usize::from(suites))?;
    let compressions = rest.byte()?;
    rest.take(usize::from(compressions))?;
    rest.two()?; // the length of what follows
    loop {
        let kind = rest.two()?;
        let length = rest.two()?;
        let extension = rest.take(usize::from(length))?;
        if kind == 0 {
            // Length of the list, kind of name, length of the name.
            let mut names = Rest(extension);
            names.two()?;
            let is_host = names.byte()? == 0;
            let length = names.two()?;
            let name = names.take(usize::from(length))?;
            return if is_host { domain_name(name) } else { None };
        }
    }
}

/// What is left of some bytes.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn two(&mut self) -> Option<u16> {
        let two = self.take(2)?;
        Some(u16::from_be_bytes([two[0], two[1]]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "what is told is compared with what may not be there")]
    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn associate(kind: u8) -> Vec<u8> {
        let mut pdu = vec![kind, 0, 0, 0, 0, 200, 0, 1, 0, 0];
        pdu.extend(b"ARCHIVE         ROOM1           ");
        pdu.extend([0; 32]);
        pdu.push(0x10);
        pdu
    }

    #[test]
    fn openings_are_told_by_their_content() {
        let (called, calling) = (text("ARCHIVE"), text("ROOM1"));
        for (payload, content) in [
            (
                associate(1),
                Some(Content::Dicom { asks: true, called: called.clone(), calling: calling.clone() }),
            ),
            (associate(2), Some(Content::Dicom { asks: false, called, calling })),
            (associate(3), None),
            (b"\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0".to_vec(), Some(Content::RemoteDesktop)),
            // A programmable controller opens like this.
            (b"\x03\0\0\x16\x11\xe0\0\0\0\x01\0\xc0\x01\x0a".to_vec(), None),
            (b"\0\0\0\x40\xfeSMB".to_vec(), Some(Content::FileShare)),
            (b"RFB 003.008\n".to_vec(), Some(Content::Framebuffer)),
            (b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), Some(Content::Shell { product: text("OpenSSH_9.2") })),
            (b"GET / HTTP/1.1\r\n".to_vec(), None),
            (Vec::new(), None),
        ] {
            assert_eq!(of(&payload), content, "{payload:?}");
        }
    }

    #[test]
    fn of_a_message_only_its_ends_are_read() {
        for (message, sender, receiver) in [
            ("\x0bMSH|^~\\&|HIS|A^1^ISO|LAB||2026||ADT^A04\rPID|1||X||NAME", text("HIS / A"), text("LAB")),
            ("\x0bMSH|^~\\&|||LAB|B|", None, text("LAB / B")),
            // Cut off in the midst of a name.
            ("\x0bMSH|^~\\&|HIS|HOSP", text("HIS"), None),
        ] {
            assert_eq!(of(message.as_bytes()), Some(Content::Hl7 { sender, receiver }), "{message:?}");
        }
        for message in ["\x0bMSH", "\x0bMSHx", "MSH|^~\\&|HIS|A|", "\x0bMSH|"] {
            assert_eq!(of(message.as_bytes()), None, "{message:?}");
        }
    }

    #[test]
    fn greetings_of_any_length_are_borne() {
        let mut hello = vec![0x16_u8, 3, 1, 0, 80, 1, 0, 0, 76, 3, 3];
        hello.extend([7; 32]);
        hello.extend([0, 0, 2, 0x13, 1, 1, 0]);
        hello.extend([0, 25, 0, 23, 0, 0, 0, 0, 0, 17, 0, 15, 0, 0, 12]);
        hello.extend(b"A.example.jp");
        assert_eq!(of(&hello), Some(Content::Tls { server: text("a.example.jp") }));
        for end in 6..hello.len() {
            assert_eq!(of(&hello[..end]), Some(Content::Tls { server: None }), "{end}");
        }
    }
}
