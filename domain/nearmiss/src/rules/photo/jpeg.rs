//! JPEG (ISO/IEC 10918-1): segments before the picture, the picture in one or more scans, an end.

use super::{be16, part};

const START: [u8; 2] = [0xFF, 0xD8];
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP14: u8 = 0xEE;
const COMMENT: u8 = 0xFE;

/// The same picture with nothing but what is needed to draw it the right way up.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(START);
    let (mut at, mut drawn, mut turned) = (START.len(), false, false);
    loop {
        let marker = next_marker(bytes, &mut at)?;
        if marker == END {
            out.extend([0xFF, END]);
            return drawn.then_some(out);
        }
        // Markers that stand alone have no business between segments.
        if marker == 0x01 || (0xD0..=0xD8).contains(&marker) {
            return None;
        }
        let length = be16(bytes, at)?;
        let inside = part(bytes, at.checked_add(2)?, length.checked_sub(2)?)?;
        match marker {
            APP0 => out.extend(jfif(inside).unwrap_or_default()),
            APP1 if !turned => {
                let turn = orientation(inside).filter(|turn| *turn != 1);
                out.extend(turn.map(oriented).into_iter().flatten());
                turned = turn.is_some();
            }
            // How its colours are mixed; without it they are wrong.
            APP14 if inside.starts_with(b"Adobe") && inside.len() == 12 => keep(&mut out, marker, inside)?,
            0xE1..=0xEF | COMMENT => {}
            _ => keep(&mut out, marker, inside)?,
        }
        at += length;
        if marker == SCAN {
            let end = end_of_scan(bytes, at)?;
            out.extend(&bytes[at..end]);
            (at, drawn) = (end, true);
        }
    }
}

/// The code of the marker that stands here, which may be filled up in front.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    if *bytes.get(*at)? != 0xFF {
        return None;
    }
    while *bytes.get(*at)? == 0xFF {
        *at += 1;
    }
    let marker = *bytes.get(*at)?;
    *at += 1;
    (marker != 0).then_some(marker)
}

/// Where the compressed picture ends: at a marker that is neither a restart nor a byte that only looks like one.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match (*bytes.get(at)?, bytes.get(at + 1).copied()) {
            (0xFF, None) => return None,
            (0xFF, Some(0x00 | 0xD0..=0xD7)) => at += 2,
            (0xFF, Some(0xFF)) => at += 1,
            (0xFF, Some(_)) => return Some(at),
            _ => at += 1,
        }
    }
}

fn keep(out: &mut Vec<u8>, marker: u8, inside: &[u8]) -> Option<()> {
    let length = u16::try_from(inside.len() + 2).ok()?;
    out.extend([0xFF, marker]);
    out.extend(length.to_be_bytes());
    out.extend(inside);
    Some(())
}

/// The head of a usual file, without the small picture that it may hold.
fn jfif(inside: &[u8]) -> Option<Vec<u8>> {
    let head = part(inside, 0, 12).filter(|head| head.starts_with(b"JFIF\0"))?;
    let mut out = Vec::new();
    keep(&mut out, APP0, &[head, &[0, 0]].concat())?;
    Some(out)
}

/// Which way up the camera was held (Exif tag 0x0112): 1 to 8.
fn orientation(inside: &[u8]) -> Option<u8> {
    let tiff = inside.strip_prefix(b"Exif\0\0")?;
    let little = match part(tiff, 0, 4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = part(tiff, at, length)?;
        let add = |sum: usize, byte: &u8| (sum << 8) | usize::from(*byte);
        Some(if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    };
    let first = number(4, 4)?;
    let count = number(first, 2)?;
    for entry in 0..count {
        let at = first.checked_add(2 + entry * 12)?;
        if (number(at, 2)?, number(at.checked_add(2)?, 2)?) == (0x0112, 3) {
            let turn = u8::try_from(number(at.checked_add(8)?, 2)?).ok()?;
            return (1..=8).contains(&turn).then_some(turn);
        }
    }
    None
}

/// A segment that says which way up, and nothing else.
fn oriented(turn: u8) -> Vec<u8> {
    let mut out = vec![0xFF, APP1, 0x00, 0x22];
    out.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01");
    out.extend([0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, turn, 0x00, 0x00]);
    out.extend([0; 4]);
    out
}

#[cfg(test)]
mod tests {
    use super::super::clean_photo;
    use super::super::tests::{SECRET, holds};
    use super::*;
    use crate::model::PhotoKind;

    fn segment(marker: u8, inside: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        keep(&mut out, marker, inside).unwrap();
        out
    }

    /// Exif of a camera held on its side, little-endian, with a place in it.
    fn exif(turn: u8) -> Vec<u8> {
        let mut inside = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        inside.extend(b"\x0F\x01\x02\0\x12\0\0\0\x32\0\0\0");
        inside.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, turn, 0, 0, 0]);
        inside.extend([0; 4]);
        inside.extend(SECRET);
        inside
    }

    fn picture(turn: u8) -> Vec<u8> {
        let adobe = b"Adobe\0\x64\0\0\0\0\x01";
        [
            START.to_vec(),
            segment(APP0, b"JFIF\0\x01\x01\0\0\x48\0\x48\x01\x01abc"),
            segment(APP1, &exif(turn)),
            segment(APP1, &[&b"http://ns.adobe.com/xap/1.0/\0"[..], SECRET].concat()),
            segment(0xED, SECRET),
            segment(APP14, adobe),
            segment(COMMENT, SECRET),
            segment(0xDB, &[1; 65]),
            segment(0xC0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
            segment(SCAN, &[1, 1, 0, 0, 63, 0]),
            vec![1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4],
            segment(0xC4, &[0; 17]),
            segment(SCAN, &[1, 1, 0, 0, 63, 0]),
            vec![5, 6],
            vec![0xFF, END],
            SECRET.to_vec(),
        ]
        .concat()
    }

    #[test]
    fn the_picture_stays_and_the_place_goes() {
        let clean = clean_photo(&picture(6)).unwrap();
        assert_eq!(clean.kind, PhotoKind::Jpeg);
        assert!(!holds(&clean.bytes, SECRET) && !holds(&clean.bytes, b"xap") && !holds(&clean.bytes, b"abc"));
        for kept in
            [&b"JFIF"[..], b"Adobe", &[1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4], &[5, 6, 0xFF, END], &[1; 65]]
        {
            assert!(holds(&clean.bytes, kept), "{kept:?}");
        }
        let exif = clean.bytes.windows(6).position(|window| window == b"Exif\0\0").unwrap();
        assert_eq!(orientation(&clean.bytes[exif..]), Some(6));
        assert_eq!(clean_photo(&clean.bytes).unwrap(), clean, "once more changes nothing");
    }

    #[test]
    fn what_stands_upright_needs_no_word_about_it() {
        for turn in [0, 1, 9] {
            assert!(!holds(&clean_photo(&picture(turn)).unwrap().bytes, b"Exif"), "{turn}");
        }
    }

    #[test]
    fn what_is_cut_off_or_has_no_picture_is_refused() {
        let whole = picture(1);
        let end = whole.windows(2).rposition(|window| window == [0xFF, END]).unwrap();
        for length in 0..=end {
            assert!(clean_photo(&whole[..length]).is_err(), "{length}");
        }
        let empty =
            [START.to_vec(), segment(APP0, b"JFIF\0\x01\x01\0\0\x48\0\x48\0\0"), vec![0xFF, END]].concat();
        assert!(clean_photo(&empty).is_err());
    }
}
