//! WebP (RFC 9649): a RIFF file of chunks, of which those that draw the picture are kept.

use super::part;

const HEAD: usize = 12;
/// In the flags of an extended file: that it has see-through parts, and that it moves.
const ALPHA: u8 = 0x10;
const MOVES: u8 = 0x02;

/// The same picture without Exif, XMP and colour profile. One that moves is no photograph.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = le32(bytes, 4)?;
    let body = part(bytes, HEAD, size.checked_sub(4)?)?;
    let (mut out, mut at, mut drawn) = (Vec::with_capacity(bytes.len()), 0, false);
    while at < body.len() {
        let (kind, length) = (part(body, at, 4)?, le32(body, at.checked_add(4)?)?);
        let inside = part(body, at.checked_add(8)?, length)?;
        match kind {
            b"VP8X" => {
                let flags = *inside.first()?;
                if flags & MOVES != 0 || at != 0 {
                    return None;
                }
                keep(&mut out, kind, &[&[flags & ALPHA][..], inside.get(1..)?].concat())?;
            }
            b"VP8 " | b"VP8L" => {
                keep(&mut out, kind, inside)?;
                drawn = true;
            }
            b"ALPH" => keep(&mut out, kind, inside)?,
            _ => {}
        }
        at = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
    }
    let size = u32::try_from(out.len() + 4).ok()?;
    drawn.then(|| [&b"RIFF"[..], &size.to_le_bytes(), b"WEBP", &out].concat())
}

fn le32(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(part(bytes, at, 4)?.try_into().ok()?)).ok()
}

fn keep(out: &mut Vec<u8>, kind: &[u8], inside: &[u8]) -> Option<()> {
    out.extend(kind);
    out.extend(u32::try_from(inside.len()).ok()?.to_le_bytes());
    out.extend(inside);
    // Chunks begin at even places.
    out.extend(&[0][..inside.len() % 2]);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::clean_photo;
    use super::super::tests::{SECRET, holds};
    use super::keep;
    use crate::model::PhotoKind;

    fn file(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, inside) in chunks {
            keep(&mut body, *kind, inside).unwrap();
        }
        let size = u32::try_from(body.len() + 4).unwrap();
        [&b"RIFF"[..], &size.to_le_bytes(), b"WEBP", &body].concat()
    }

    fn extended(flags: u8) -> Vec<u8> {
        [&[flags][..], &[0; 9]].concat()
    }

    #[test]
    fn the_picture_stays_and_the_place_goes() {
        let head = extended(0x3C);
        let chunks: [(&[u8; 4], &[u8]); 5] = [
            (b"VP8X", &head),
            (b"ICCP", SECRET),
            (b"VP8 ", b"the picture"),
            (b"EXIF", SECRET),
            (b"XMP ", SECRET),
        ];
        let whole = [file(&chunks), SECRET.to_vec()].concat();
        let clean = clean_photo(&whole).unwrap();
        assert_eq!(clean.kind, PhotoKind::Webp);
        assert!(!holds(&clean.bytes, SECRET) && holds(&clean.bytes, b"the picture"));
        let plain = extended(0x10);
        assert_eq!(clean.bytes, file(&[(b"VP8X", &plain), (b"VP8 ", b"the picture")]));
        assert_eq!(clean_photo(&clean.bytes).unwrap(), clean, "once more changes nothing");
    }

    #[test]
    fn what_moves_is_cut_off_or_has_no_picture_is_refused() {
        let (moving, still) = (extended(0x02), extended(0));
        assert!(clean_photo(&file(&[(b"VP8X", &moving), (b"ANIM", b"x")])).is_err());
        assert!(clean_photo(&file(&[(b"VP8X", &still)])).is_err());
        let whole = file(&[(b"VP8L", b"the picture!")]);
        assert!(clean_photo(&whole).is_ok());
        for length in 0..whole.len() {
            assert!(clean_photo(&whole[..length]).is_err(), "{length}");
        }
    }
}
