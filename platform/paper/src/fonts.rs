//! The faces inside the binary: stored compressed, unpacked once a process when the first document is set.

use crate::PaperError;
use std::sync::OnceLock;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

include!(concat!(env!("OUT_DIR"), "/faces.rs"));

/// The unpacked faces, and what typst looks them up by.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) faces: Vec<Font>,
    /// A bit for each code point that some face can draw.
    covered: Vec<u64>,
}

impl Fonts {
    /// The faces of this build. The first call takes about 0.1 s and keeps 36 MB.
    pub(crate) fn get() -> Result<&'static Fonts, PaperError> {
        static FONTS: OnceLock<Result<Fonts, &'static str>> = OnceLock::new();
        if FACES.is_empty() {
            return Err(PaperError::FontsMissing);
        }
        FONTS.get_or_init(Fonts::unpack).as_ref().map_err(|face| PaperError::FontsDamaged(face))
    }

    fn unpack() -> Result<Fonts, &'static str> {
        let faces = FACES
            .iter()
            .map(|(name, packed)| {
                let plain = zstd::decode_all(*packed).map_err(|_| *name)?;
                Font::new(Bytes::new(plain), 0).ok_or(*name)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut covered = vec![0; (char::MAX as usize >> 6) + 1];
        for point in faces.iter().flat_map(|face| face.info().coverage.iter()) {
            if let Some(word) = covered.get_mut(point as usize >> 6) {
                *word |= 1 << (point & 63);
            }
        }
        Ok(Fonts { book: LazyHash::new(FontBook::from_fonts(&faces)), faces, covered })
    }

    /// Whether any face can draw this character.
    pub(crate) fn cover(&self, c: char) -> bool {
        let point = u32::from(c);
        self.covered[point as usize >> 6] >> (point & 63) & 1 == 1
    }
}

/// The licences of the faces in this build, as file name and text, for the page of notices.
pub fn font_licences() -> impl Iterator<Item = (&'static str, &'static str)> {
    LICENCES.iter().filter_map(|(name, text)| Some((*name, std::str::from_utf8(text).ok()?)))
}
