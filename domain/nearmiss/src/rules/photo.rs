//! Photographs without what a camera writes beside the picture.
//!
//! A telephone notes in a picture where it was taken, when and by whose telephone, and often hides a second picture behind
//! the first. None of that is kept: each file is written anew from the parts that make up the picture, and what is not
//! understood to its end is refused. Nothing is decoded here, so nothing can unfold.

use crate::model::{CleanPhoto, PhotoFault, PhotoKind};

mod heic;
mod jpeg;
mod png;
mod webp;

/// The largest photograph that is taken, in bytes; the page makes them smaller before it sends them.
pub const PHOTO_BYTES: usize = 8_000_000;

/// The picture alone, told by its bytes and never by its name.
///
/// # Errors
/// Why it is not kept.
pub fn clean_photo(bytes: &[u8]) -> Result<CleanPhoto, PhotoFault> {
    if bytes.len() > PHOTO_BYTES {
        return Err(PhotoFault::TooLarge);
    }
    let (kind, clean) = match bytes {
        [0xFF, 0xD8, 0xFF, ..] => (PhotoKind::Jpeg, jpeg::clean(bytes)),
        [0x89, b'P', b'N', b'G', ..] => (PhotoKind::Png, png::clean(bytes)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            (PhotoKind::Webp, webp::clean(bytes))
        }
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => (PhotoKind::Heic, heic::clean(bytes)),
        _ => return Err(PhotoFault::Kind),
    };
    clean.map(|bytes| CleanPhoto { bytes, kind }).ok_or(PhotoFault::Kind)
}

/// So many bytes from a place on.
fn part(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// A number of four bytes, the highest first.
fn be32(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(part(bytes, at, 4)?.try_into().ok()?)).ok()
}

/// A number of two bytes, the higher first.
fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(part(bytes, at, 2)?.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What must not be found in a cleaned picture.
    pub(super) const SECRET: &[u8] = b"35.6895N 139.6917E";

    pub(super) fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [
            &b""[..],
            b"<svg onload=alert(1)>",
            b"GIF89a",
            b"%PDF-1.7",
            b"\xFF\xD8\xFF",
            b"\x89PNG",
            b"RIFF\0\0\0\0WEBP",
            b"\0\0\0\x18ftypheic",
        ] {
            assert_eq!(clean_photo(bytes), Err(PhotoFault::Kind), "{bytes:?}");
        }
        let large = vec![0xFF; PHOTO_BYTES + 1];
        assert_eq!(clean_photo(&large), Err(PhotoFault::TooLarge));
    }

    proptest! {
        /// Whatever a stranger sends is answered, and what was cleaned stays as it is.
        #[test]
        fn any_bytes_are_answered(
            start in prop_oneof![
                Just(&b"\xFF\xD8\xFF"[..]),
                Just(&b"\x89PNG\r\n\x1a\n"[..]),
                Just(&b"RIFF\x20\0\0\0WEBP"[..]),
                Just(&b"\0\0\0\x10ftypheic\0\0\0\0"[..]),
                Just(&b""[..]),
            ],
            rest in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            if let Ok(clean) = clean_photo(&[start, &rest].concat()) {
                prop_assert_eq!(clean_photo(&clean.bytes), Ok(clean));
            }
        }
    }
}
