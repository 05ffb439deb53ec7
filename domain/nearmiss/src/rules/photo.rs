//! Photographs without what cameras write into them: where it was taken, by which telephone, when.

/// Why a photograph is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoFault {
    /// Neither JPEG nor PNG.
    #[error("neither JPEG nor PNG")]
    Kind,
    /// It ends in the middle.
    #[error("the photograph is damaged")]
    Damaged,
}

const JPEG: [u8; 2] = [0xff, 0xd8];
const PNG: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];

/// The picture alone.
///
/// # Errors
/// [`PhotoFault`].
pub fn bare_photo(bytes: &[u8]) -> Result<Vec<u8>, PhotoFault> {
    if bytes.starts_with(&JPEG) {
        bare_jpeg(bytes).ok_or(PhotoFault::Damaged)
    } else if bytes.starts_with(&PNG) {
        bare_png(bytes).ok_or(PhotoFault::Damaged)
    } else {
        Err(PhotoFault::Kind)
    }
}

/// Segments up to the picture's own data, without the applications' (but for the colour transform that Adobe's holds) and
/// without comments.
fn bare_jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bare = JPEG.to_vec();
    let mut at = JPEG.len();
    loop {
        let (marker, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if marker != 0xff {
            return None;
        }
        if kind == 0xff {
            at += 1;
            continue;
        }
        if kind == 0xda {
            // From here on it is the picture; what cameras append after its end is left out.
            let scan = bytes.get(at..)?;
            let end = scan.windows(2).rposition(|pair| pair == [0xff, 0xd9])?;
            bare.extend_from_slice(scan.get(..end + 2)?);
            return Some(bare);
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let segment = bytes.get(at..at + 2 + length).filter(|_| length >= 2)?;
        let private = matches!(kind, 0xe1..=0xed | 0xef | 0xfe);
        if !private {
            bare.extend_from_slice(segment);
        }
        at += segment.len();
    }
}

/// Chunks that show the picture, up to its end.
fn bare_png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bare = PNG.to_vec();
    let mut at = PNG.len();
    loop {
        let length = bytes.get(at..at + 4)?;
        let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        let shows = matches!(
            kind,
            b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" | b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"iCCP" | b"sBIT"
        );
        if shows {
            bare.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some(bare);
        }
        at += chunk.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segment(kind: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, kind][..], &length, content].concat()
    }

    fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[..], kind, content, b"CRC!"].concat()
    }

    #[test]
    fn where_a_photograph_was_taken_does_not_come_along() {
        let jpeg = [
            JPEG.to_vec(),
            segment(0xe0, b"JFIF"),
            segment(0xe1, b"Exif GPS 35.6 139.7"),
            segment(0xfe, b"by whom"),
            segment(0xdb, b"table"),
            segment(0xda, b"scan"),
            b"picture\xff\xd9".to_vec(),
            b"a second picture of the room".to_vec(),
        ]
        .concat();
        let bare = bare_photo(&jpeg).unwrap();
        let text = String::from_utf8_lossy(&bare);
        assert!(text.contains("table") && text.contains("picture") && bare.ends_with(b"\xff\xd9"));
        assert!(!text.contains("GPS") && !text.contains("by whom") && !text.contains("room"));
        let png = [
            PNG.to_vec(),
            chunk(b"IHDR", b"size"),
            chunk(b"eXIf", b"GPS"),
            chunk(b"tEXt", b"by whom"),
            chunk(b"IDAT", b"picture"),
            chunk(b"IEND", b""),
            b"behind".to_vec(),
        ]
        .concat();
        let bare = bare_photo(&png).unwrap();
        let text = String::from_utf8_lossy(&bare);
        assert!(text.contains("size") && text.contains("picture"));
        assert!(!text.contains("GPS") && !text.contains("by whom") && !text.contains("behind"));
    }

    #[test]
    fn what_is_none_or_ends_too_soon_is_refused() {
        assert_eq!(bare_photo(b"GIF89a"), Err(PhotoFault::Kind));
        assert_eq!(bare_photo(b""), Err(PhotoFault::Kind));
        assert_eq!(bare_photo(&[0xff, 0xd8, 0xff]), Err(PhotoFault::Damaged));
        assert_eq!(bare_photo(&PNG), Err(PhotoFault::Damaged));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(tail in proptest::collection::vec(any::<u8>(), 0..200), png: bool) {
            let head = if png { PNG.to_vec() } else { JPEG.to_vec() };
            let bytes = [head, tail].concat();
            if let Ok(bare) = bare_photo(&bytes) {
                prop_assert!(bare.len() <= bytes.len());
                prop_assert_eq!(bare_photo(&bare), Ok(bare.clone()), "taken once, it stays as it is");
            }
        }
    }
}
