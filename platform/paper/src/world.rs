//! All that a template can see: its own sources, the house style, two data files, the fonts. No disk, no network, no
//! packages, and the clock stands still at the moment given.

use crate::fonts::Fonts;
use crate::{PaperError, Template};
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World, WorldExt};

/// The shared style, importable by every template as `house.typ`.
const HOUSE: (&str, &str) = ("house.typ", include_str!("../templates/house.typ"));
/// The parts of the shared style, in files of their own by meaning.
const HOUSE_PARTS: [(&str, &str); 1] = [("house-marks.typ", include_str!("../templates/house-marks.typ"))];

/// The two guardian dogs, drawn for this house.
const MARK: (&str, &str) = ("mark.svg", include_str!("../templates/mark.svg"));

/// Row headers of tables are said to screen readers through `pdf.header-cell`, which typst keeps behind this feature.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let features: Features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

/// The world of one render.
pub(crate) struct Desk {
    fonts: &'static Fonts,
    main: FileId,
    sources: Vec<Source>,
    files: Vec<(FileId, Bytes)>,
    today: Datetime,
}

impl Desk {
    /// Lays out the template's sources and the data files (`name`, JSON text).
    pub(crate) fn new(
        template: &Template,
        files: [(&str, String); 2],
        fonts: &'static Fonts,
        today: Datetime,
    ) -> Result<Desk, PaperError> {
        let id = |name: &str| match VirtualPath::new(name) {
            Ok(path) => Ok(RootedPath::new(VirtualRoot::Project, path).intern()),
            Err(problem) => Err(template.faulty(format!("{name}: {problem}"))),
        };
        let main = id(template.name)?;
        let sources = [(template.name, template.main), HOUSE]
            .iter()
            .chain(&HOUSE_PARTS)
            .chain(template.helpers)
            .map(|(name, text)| Ok(Source::new(id(name)?, (*text).to_owned())))
            .collect::<Result<_, PaperError>>()?;
        let files = files
            .into_iter()
            .map(|(name, text)| Ok((id(name)?, Bytes::from_string(text))))
            .chain([id(MARK.0).map(|mark| (mark, Bytes::from_string(MARK.1)))])
            .collect::<Result<_, PaperError>>()?;
        Ok(Desk { fonts, main, sources, files, today })
    }

    /// Problems as lines of `file:line: message (hint)` for the log.
    pub(crate) fn explain(&self, problems: &[SourceDiagnostic]) -> String {
        let lines = problems.iter().map(|problem| {
            let place = problem.span.id().and_then(|id| {
                let line = self.source(id).ok()?.lines().byte_to_line(self.range(problem.span)?.start)? + 1;
                Some(format!("{}:{line}: ", id.vpath().get_without_slash()))
            });
            let mut line = place.unwrap_or_default();
            line.push_str(&problem.message);
            for hint in &problem.hints {
                line.extend([" (", hint.v.as_str(), ")"]);
            }
            line
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.iter().find(|source| source.id() == id).cloned().ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files
            .iter()
            .find(|(file, _)| *file == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
