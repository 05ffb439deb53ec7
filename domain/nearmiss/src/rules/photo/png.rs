//! PNG (ISO/IEC 15948): chunks, of which those that draw the picture are kept.

use super::{be32, part};

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// What is needed to draw it, and what says how its colours are meant.
const KEPT: [&[u8; 4]; 8] = [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"];

/// The same picture without texts, times, places and further pictures.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.strip_prefix(SIGNATURE).map(|_| SIGNATURE.to_vec())?;
    let (mut at, mut drawn) = (SIGNATURE.len(), false);
    loop {
        let (length, kind) = (be32(bytes, at)?, part(bytes, at.checked_add(4)?, 4)?);
        // Length, kind and checksum stand around what is inside.
        let whole = part(bytes, at, length.checked_add(12)?)?;
        if out.len() == SIGNATURE.len() && kind != b"IHDR" {
            return None;
        }
        if KEPT.iter().any(|kept| kind == *kept) {
            out.extend(whole);
        }
        drawn |= kind == b"IDAT";
        if kind == b"IEND" {
            return (drawn && length == 0).then_some(out);
        }
        at += whole.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::clean_photo;
    use super::super::tests::{SECRET, holds};
    use super::SIGNATURE;
    use crate::model::PhotoKind;

    fn chunk(kind: &[u8; 4], inside: &[u8]) -> Vec<u8> {
        let length = u32::try_from(inside.len()).unwrap().to_be_bytes();
        [&length[..], kind, inside, b"sum!"].concat()
    }

    fn picture() -> Vec<u8> {
        [
            SIGNATURE.to_vec(),
            chunk(b"IHDR", &[0; 13]),
            chunk(b"eXIf", SECRET),
            chunk(b"iTXt", SECRET),
            chunk(b"tIME", SECRET),
            chunk(b"gAMA", &[0; 4]),
            chunk(b"IDAT", b"the picture"),
            chunk(b"zTXt", SECRET),
            chunk(b"IEND", b""),
            SECRET.to_vec(),
        ]
        .concat()
    }

    #[test]
    fn the_picture_stays_and_the_place_goes() {
        let clean = clean_photo(&picture()).unwrap();
        assert_eq!(clean.kind, PhotoKind::Png);
        assert!(!holds(&clean.bytes, SECRET));
        for kept in [&b"IHDR"[..], b"gAMA", b"the picture", b"IEND"] {
            assert!(holds(&clean.bytes, kept), "{kept:?}");
        }
        assert_eq!(clean_photo(&clean.bytes).unwrap(), clean, "once more changes nothing");
    }

    #[test]
    fn what_is_cut_off_or_begins_otherwise_is_refused() {
        let whole = picture();
        let end = whole.windows(4).position(|window| window == b"IEND").unwrap();
        for length in 0..end + 8 {
            assert!(clean_photo(&whole[..length]).is_err(), "{length}");
        }
        let headless = [SIGNATURE.to_vec(), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")].concat();
        assert!(clean_photo(&headless).is_err());
    }
}
