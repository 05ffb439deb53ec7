//! Photographs without what cameras write into them: where it was taken, by which telephone, when.

/// Why a photograph is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoFault {
    /// Neither JPEG nor PNG.
    #[error("neither JPEG nor PNG")]
    Kind,
    /// It ends in the middle, or says nowhere how large it is.
    #[error("the photograph is damaged")]
    Damaged,
    /// A few bytes that become more pixels than a browser can draw.
    #[error("the photograph has too many pixels")]
    Vast,
}

/// Most pixels: what the largest telephones take, and what the browser of whoever handles the report can still draw.
const MOST_PIXELS: u64 = 120_000_000;
/// The longest side.
const LONGEST: u64 = 30_000;

const JPEG: [u8; 2] = [0xff, 0xd8];
const PNG: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];

/// The picture alone.
///
/// # Errors
/// [`PhotoFault`].
pub fn bare_photo(bytes: &[u8]) -> Result<Vec<u8>, PhotoFault> {
    let (bare, (width, height)) = if bytes.starts_with(&JPEG) {
        bare_jpeg(bytes).ok_or(PhotoFault::Damaged)?
    } else if bytes.starts_with(&PNG) {
        bare_png(bytes).ok_or(PhotoFault::Damaged)?
    } else {
        return Err(PhotoFault::Kind);
    };
    if width == 0 || height == 0 {
        return Err(PhotoFault::Damaged);
    }
    let vast = width > LONGEST || height > LONGEST || width * height > MOST_PIXELS;
    if vast { Err(PhotoFault::Vast) } else { Ok(bare) }
}

/// Width and height.
type Size = (u64, u64);

/// Segments up to the picture's end, without the applications' (but for what says how its colours are meant) and without
/// comments. A picture may come in several scans with segments between them. What stands behind its end, as the second
/// picture that telephones append with its own place and time, is left out.
fn bare_jpeg(bytes: &[u8]) -> Option<(Vec<u8>, Size)> {
    let (mut bare, mut at, mut size) = (JPEG.to_vec(), JPEG.len(), None);
    loop {
        let (marker, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if marker != 0xff {
            return None;
        }
        match kind {
            0xff => {
                at += 1;
                continue;
            }
            0xd9 => {
                bare.extend_from_slice(&[0xff, 0xd9]);
                return Some((bare, size?));
            }
            // Nothing else stands without a length where a segment begins.
            0x00 | 0x01 | 0xd0..=0xd8 => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let segment = bytes.get(at..at + 2 + length).filter(|_| length >= 2)?;
        at += segment.len();
        let content = segment.get(4..)?;
        if matches!(kind, 0xc0..=0xcf) && !matches!(kind, 0xc4 | 0xc8 | 0xcc) {
            // Said twice, the small one could hide the large one.
            if size.is_some() {
                return None;
            }
            size = Some((number(content.get(3..5)?), number(content.get(1..3)?)));
        }
        if shows(kind, content) {
            bare.extend_from_slice(segment);
        }
        if kind == 0xda {
            let scan = scanned(bytes.get(at..)?)?;
            bare.extend_from_slice(scan);
            at += scan.len();
        }
    }
}

/// Whether a segment of a JPEG is needed to draw it: of the applications', JFIF without a small second picture, and the
/// colour transform that Adobe's holds.
fn shows(kind: u8, content: &[u8]) -> bool {
    match kind {
        0xe0 => content.starts_with(b"JFIF\0") && content.len() == 14,
        0xee => content.starts_with(b"Adobe") && content.len() == 12,
        0xe1..=0xed | 0xef | 0xfe => false,
        _ => true,
    }
}

/// The picture's data up to the next segment; within it, a marker is followed by zero or restarts the count.
fn scanned(bytes: &[u8]) -> Option<&[u8]> {
    let inside = |next: u8| matches!(next, 0x00 | 0xd0..=0xd7);
    let end = bytes.windows(2).position(|pair| pair[0] == 0xff && pair[1] != 0xff && !inside(pair[1]))?;
    bytes.get(..end)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// Chunks that show the picture, up to its end.
fn bare_png(bytes: &[u8]) -> Option<(Vec<u8>, Size)> {
    let (mut bare, mut at, mut size) = (PNG.to_vec(), PNG.len(), None);
    loop {
        let length = bytes.get(at..at + 4)?;
        let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        // The first says how large it is, and no other does.
        match (kind, size) {
            (b"IHDR", None) => size = Some((number(chunk.get(8..12)?), number(chunk.get(12..16)?))),
            (b"IHDR", Some(_)) | (_, None) => return None,
            _ => {}
        }
        let shows = matches!(
            kind,
            b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" | b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"sBIT"
        );
        if shows {
            bare.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some((bare, size?));
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

    /// How a frame says its size.
    fn frame(kind: u8, width: u16, height: u16) -> Vec<u8> {
        let [wide, high] = [width.to_be_bytes(), height.to_be_bytes()];
        segment(kind, &[&[8][..], &high, &wide, &[1, 1, 0x11, 0]].concat())
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        [
            JPEG.to_vec(),
            segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            segment(0xe0, b"JFXX\0a small second picture"),
            segment(0xe1, b"Exif GPS 35.6 139.7"),
            segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
            segment(0xee, b"Adobe with more behind it"),
            segment(0xfe, b"by whom"),
            segment(0xdb, b"table"),
            frame(0xc2, width, height),
            segment(0xda, b"scan"),
            b"pict\xff\x00\xff\xd3ure".to_vec(),
            segment(0xe1, b"Exif between scans"),
            segment(0xda, b"scan"),
            b"second scan\xff\xd9".to_vec(),
        ]
        .concat()
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let size = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        [
            PNG.to_vec(),
            chunk(b"IHDR", &size),
            chunk(b"eXIf", b"GPS"),
            chunk(b"tEXt", b"by whom"),
            chunk(b"iCCP", b"profile of whom"),
            chunk(b"acTL", b"moves"),
            chunk(b"IDAT", b"picture"),
            chunk(b"fdAT", b"moves"),
            chunk(b"IEND", b""),
        ]
        .concat()
    }

    #[test]
    fn where_a_photograph_was_taken_does_not_come_along() {
        // Telephones append a second picture, which has a place and an end of its own; so may anybody any file.
        for behind in [b"".to_vec(), b"PK\x03\x04 an archive".to_vec(), jpeg(9, 9)] {
            let bare = bare_photo(&[jpeg(1200, 900), behind.clone()].concat()).unwrap();
            let text = String::from_utf8_lossy(&bare);
            for kept in ["JFIF", "Adobe", "table", "pict", "ure", "second scan"] {
                assert!(text.contains(kept), "{kept}");
            }
            for left in ["JFXX", "GPS", "Exif", "more behind", "by whom", "archive"] {
                assert!(!text.contains(left), "{left}");
            }
            assert!(bare.ends_with(b"second scan\xff\xd9"));
            let bare = bare_photo(&[png(1200, 900), behind].concat()).unwrap();
            let text = String::from_utf8_lossy(&bare);
            assert!(text.contains("picture") && text.ends_with("CRC!"));
            for left in ["GPS", "whom", "moves", "archive", "Adobe"] {
                assert!(!text.contains(left), "{left}");
            }
        }
    }

    #[test]
    fn few_bytes_do_not_become_very_many_pixels() {
        for (width, height, expected) in [
            (12_000, 9_000, None),
            (65_000, 1, Some(PhotoFault::Vast)),
            (1, 65_000, Some(PhotoFault::Vast)),
            (29_000, 29_000, Some(PhotoFault::Vast)),
            (0, 900, Some(PhotoFault::Damaged)),
        ] {
            assert_eq!(bare_photo(&jpeg(width, height)).err(), expected, "{width} {height}");
            assert_eq!(bare_photo(&png(width.into(), height.into())).err(), expected, "{width} {height}");
        }
        assert_eq!(bare_photo(&png(u32::MAX, u32::MAX)), Err(PhotoFault::Vast));
    }

    #[test]
    fn what_is_none_or_ends_too_soon_is_refused() {
        assert_eq!(bare_photo(b"GIF89a"), Err(PhotoFault::Kind));
        assert_eq!(bare_photo(b""), Err(PhotoFault::Kind));
        assert_eq!(bare_photo(&[0xff, 0xd8, 0xff]), Err(PhotoFault::Damaged));
        assert_eq!(bare_photo(&PNG), Err(PhotoFault::Damaged));
        let sizeless = [PNG.to_vec(), chunk(b"IDAT", b"picture"), chunk(b"IEND", b"")].concat();
        assert_eq!(bare_photo(&sizeless), Err(PhotoFault::Damaged));
        for no_picture in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"\0\0\0\x18ftypheic", b"%PDF-1.7"]
        {
            assert_eq!(bare_photo(no_picture), Err(PhotoFault::Kind));
        }
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
