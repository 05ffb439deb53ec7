//! HEIC (ISO/IEC 23008-12): boxes in boxes. A list says which items there are and where in the file each lies; what is not
//! drawn is overwritten with zeros where it lies, so that every other place stays right.

use super::{be16, be32, part};
use std::ops::Range;

/// Kinds of items that say something about the picture instead of being one: Exif, XMP and the like.
const TOLD: [&[u8; 4]; 3] = [b"Exif", b"mime", b"uri "];
/// Boxes beside the picture that may hold anything.
const LOOSE: [&[u8; 4]; 7] = [b"free", b"skip", b"wide", b"uuid", b"udta", b"xml ", b"bxml"];
/// How a file of still pictures begins.
const BRANDS: [&[u8; 4]; 6] = [b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2"];
/// More than a photograph tells of itself, and more pieces than it lies in with all its tiles.
const MOST_ITEMS: usize = 256;
const MOST_PIECES: usize = 65_536;

/// The same picture with zeros in the place of everything that is told about it.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut gone, mut found) = (Vec::new(), false);
    for (at, one) in boxes(bytes, 0..bytes.len())?.into_iter().enumerate() {
        match one.kind {
            b"ftyp" if at == 0 => {
                let brand = part(bytes, one.inside.start, 4)?;
                BRANDS.iter().find(|known| brand == **known)?;
            }
            b"meta" if !found => {
                found = true;
                gone.extend(told(bytes, one.inside)?);
            }
            b"mdat" => {}
            _ if LOOSE.iter().any(|loose| one.kind == *loose) => gone.push(one.inside),
            _ => return None,
        }
    }
    let mut out = bytes.to_vec();
    for range in gone {
        out.get_mut(range)?.fill(0);
    }
    found.then_some(out)
}

/// A box: its kind, and where in the file its inside lies.
struct Part<'a> {
    kind: &'a [u8; 4],
    inside: Range<usize>,
}

/// The boxes that fill a range.
fn boxes(bytes: &[u8], range: Range<usize>) -> Option<Vec<Part<'_>>> {
    let (mut at, mut all) = (range.start, Vec::new());
    while at < range.end {
        let kind = part(bytes, at.checked_add(4)?, 4)?.try_into().ok()?;
        let (head, size) = match be32(bytes, at)? {
            // To the end of the file.
            0 if range.end == bytes.len() => (8, range.end - at),
            1 => (16, be64(bytes, at.checked_add(8)?)?),
            size => (8, size),
        };
        let end = at.checked_add(size)?;
        if size < head || end > range.end {
            return None;
        }
        all.push(Part { kind, inside: at + head..end });
        at = end;
    }
    Some(all)
}

fn be64(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u64::from_be_bytes(part(bytes, at, 8)?.try_into().ok()?)).ok()
}

/// Where in the file something is told about the picture.
fn told(bytes: &[u8], meta: Range<usize>) -> Option<Vec<Range<usize>>> {
    // A version and flags stand before the boxes inside.
    let inside = boxes(bytes, meta.start.checked_add(4)?..meta.end)?;
    let find = |kind: &[u8; 4]| inside.iter().find(|one| one.kind == kind).map(|one| one.inside.clone());
    let items = told_items(bytes, find(b"iinf")?)?;
    let mut gone = extents(bytes, find(b"iloc")?, find(b"idat"), &items)?;
    for one in &inside {
        if LOOSE.iter().any(|loose| one.kind == *loose) {
            gone.push(one.inside.clone());
        }
    }
    Some(gone)
}

/// The ids of the items that tell something.
fn told_items(bytes: &[u8], info: Range<usize>) -> Option<Vec<usize>> {
    let wide = *bytes.get(info.start)? != 0;
    let first = info.start.checked_add(if wide { 8 } else { 6 })?;
    let mut items = Vec::new();
    for one in boxes(bytes, first..info.end)? {
        if one.kind != b"infe" {
            return None;
        }
        let (at, version) = (one.inside.start, *bytes.get(one.inside.start)?);
        let (id, kind) = match version {
            2 => (be16(bytes, at.checked_add(4)?)?, at.checked_add(8)?),
            3 => (be32(bytes, at.checked_add(4)?)?, at.checked_add(10)?),
            _ => return None,
        };
        let kind = part(bytes, kind, 4)?;
        if kind.len() + 8 > one.inside.len() {
            return None;
        }
        if TOLD.iter().any(|told| kind == *told) {
            items.push(id);
        }
    }
    (items.len() <= MOST_ITEMS).then_some(items)
}

/// Reads numbers of given widths one after the other.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl Reader<'_> {
    /// The next number of so many bytes: 0, 1, 2, 4 or 8.
    fn next(&mut self, width: usize) -> Option<usize> {
        let digits = part(self.bytes, self.at, width).filter(|_| self.at + width <= self.end)?;
        self.at += width;
        digits.iter().try_fold(0_usize, |sum, byte| sum.checked_mul(256)?.checked_add(usize::from(*byte)))
    }
}

/// Where the items that tell something lie in the file.
fn extents(
    bytes: &[u8],
    places: Range<usize>,
    beside: Option<Range<usize>>,
    items: &[usize],
) -> Option<Vec<Range<usize>>> {
    let mut read = Reader { bytes, at: places.start, end: places.end };
    let version = read.next(1)?;
    read.next(1)?;
    read.next(2)?;
    let (sizes, more) = (read.next(1)?, read.next(1)?);
    let (offset, length, base) = (sizes >> 4, sizes & 15, more >> 4);
    let index = if version == 0 { 0 } else { more & 15 };
    if version > 2 || [offset, length, base, index].iter().any(|width| ![0, 4, 8].contains(width)) {
        return None;
    }
    let id_width = if version == 2 { 4 } else { 2 };
    let (mut gone, mut found, mut pieces) = (Vec::new(), Vec::new(), 0);
    for _ in 0..read.next(id_width)? {
        let id = read.next(id_width)?;
        let way = if version == 0 { 0 } else { read.next(2)? & 15 };
        let source = read.next(2)?;
        let (start, count) = (read.next(base)?, read.next(2)?);
        pieces += count;
        if pieces > MOST_PIECES {
            return None;
        }
        for _ in 0..count {
            read.next(index)?;
            let (from, size) = (start.checked_add(read.next(offset)?)?, read.next(length)?);
            if !items.contains(&id) {
                continue;
            }
            found.push(id);
            let within = match (way, source, &beside) {
                (0, 0, _) => 0..bytes.len(),
                (1, 0, Some(beside)) => beside.clone(),
                _ => return None,
            };
            let from = within.start.checked_add(from)?;
            // No length is all that follows: then it cannot be told what else would go with it.
            let end = from.checked_add(size).filter(|end| size > 0 && *end <= within.end)?;
            gone.push(from..end);
        }
    }
    items.iter().all(|item| found.contains(item)).then_some(gone)
}

#[cfg(test)]
mod tests {
    use super::super::clean_photo;
    use super::super::tests::{SECRET, holds};
    use crate::model::PhotoKind;

    fn boxed(kind: &[u8; 4], inside: &[u8]) -> Vec<u8> {
        let size = u32::try_from(inside.len() + 8).unwrap().to_be_bytes();
        [&size[..], kind, inside].concat()
    }

    fn item(id: u8, kind: &[u8; 4]) -> Vec<u8> {
        boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0][..], kind, b"\0"].concat())
    }

    /// A file whose picture lies in `mdat` behind its Exif, with XMP beside the list.
    fn picture(xmp_way: u8) -> Vec<u8> {
        let start = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
        let info =
            [&[0, 0, 0, 0, 0, 3][..], &item(1, b"hvc1"), &item(2, b"Exif"), &item(3, b"mime")].concat();
        let secret = u8::try_from(SECRET.len()).unwrap();
        let meta = |mdat: u8| {
            let place = |id: u8, way: u8, from: u8, size: u8| {
                [0, id, 0, way, 0, 0, 0, 1, 0, 0, 0, from, 0, 0, 0, size]
            };
            let places = [
                &[1, 0, 0, 0, 0x44, 0, 0, 3][..],
                &place(1, 0, mdat + secret, 11),
                &place(2, 0, mdat, secret),
                &place(3, xmp_way, 0, secret),
            ]
            .concat();
            let inside = [
                vec![0; 4],
                boxed(b"hdlr", b"pict"),
                boxed(b"iinf", &info),
                boxed(b"iloc", &places),
                boxed(b"idat", SECRET),
            ];
            boxed(b"meta", &inside.concat())
        };
        let mdat = u8::try_from(start.len() + meta(0).len() + 8).unwrap();
        let data = [SECRET, b"the picture"].concat();
        [start, meta(mdat), boxed(b"mdat", &data), boxed(b"free", SECRET)].concat()
    }

    #[test]
    fn the_picture_stays_and_the_place_goes() {
        let whole = picture(1);
        let clean = clean_photo(&whole).unwrap();
        assert_eq!((clean.kind, clean.bytes.len()), (PhotoKind::Heic, whole.len()));
        assert!(!holds(&clean.bytes, SECRET) && holds(&clean.bytes, b"the picture"));
        assert_eq!(clean_photo(&clean.bytes).unwrap(), clean, "once more changes nothing");
    }

    #[test]
    fn what_is_not_understood_to_its_end_is_refused() {
        let whole = picture(1);
        for length in 0..whole.len() {
            // Without what is loose at its end it is whole as well.
            if length != whole.len() - SECRET.len() - 8 {
                assert!(clean_photo(&whole[..length]).is_err(), "{length}");
            }
        }
        assert!(clean_photo(&picture(2)).is_err(), "told from another item");
        assert!(clean_photo(&[whole.clone(), boxed(b"moov", b"x")].concat()).is_err(), "a film");
        let film = boxed(b"ftyp", b"isom\0\0\0\0mp42");
        assert!(clean_photo(&[film, boxed(b"mdat", b"x")].concat()).is_err());
    }
}
