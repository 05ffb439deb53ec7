//! Paper: sets PDF documents from a template and data.
//!
//! A template is typst source that belongs to the program; whatever people wrote reaches it as *data* (`data` of
//! `house.typ`, parsed JSON), never as markup, so a hospital's name cannot be code. The template sees nothing else: no
//! files, no network, no clock (see `world.rs`). The same input gives the same bytes.
//!
//! ```typ
//! #import "house.typ": *
//! #show: sheet.with(title: data.title, owner: data.institution)
//! = #data.heading
//! #listing(header: data.header, data.rows)
//! ```
//!
//! Documents are tagged PDF/UA-1 (ISO 14289-1: readable by screen readers); see [`Pdf::accessible`].

mod clean;
mod error;
mod fonts;
mod qr;
mod slots;
mod words;
mod world;

pub use error::PaperError;
pub use fonts::font_licences;
pub use qr::{QrTooLong, qr};

use chrono::{DateTime, Datelike, Timelike, Utc};
use fonts::Fonts;
use komainu_language::Lang;
use serde_json::{Value, json};
use slots::Slots;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use words::Words;
use world::Desk;

/// The most data one document may hold, in bytes of JSON: tens of thousands of table rows.
pub const DATA_LIMIT: usize = 8_000_000;

/// A document's typst source; part of the program, never of the data.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// File name of the main source, such as `pack.typ`; also names the template in errors.
    pub name: &'static str,
    /// The main source.
    pub main: &'static str,
    /// Further sources it may import, as file name and text. `house.typ` is always there.
    pub helpers: &'static [(&'static str, &'static str)],
}

impl Template {
    fn faulty(&self, problems: String) -> PaperError {
        PaperError::Template { template: self.name, problems }
    }
}

/// Where a render stands; each is told before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Waiting for a free slot; told again every 0.2 s.
    Waiting,
    /// Cleaning the data, unpacking the fonts on first use.
    Preparing,
    /// Setting the pages: most of the time.
    Setting,
    /// Writing the PDF.
    Writing,
}

/// A finished document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Whether it satisfies PDF/UA-1. On paper nothing differs: when the data makes that impossible, the document is
    /// still made, tagged as far as it goes.
    pub accessible: bool,
    /// What typst remarked, for the log; empty for a good template.
    pub remarks: String,
}

/// The place where documents are set; one for the whole process.
pub struct Paper {
    slots: Slots,
}

impl Paper {
    /// Sets at most `at_once` documents at a time; each takes a core and some 50 to 100 MB.
    pub fn new(at_once: NonZeroUsize) -> Paper {
        Paper { slots: Slots::new(at_once) }
    }

    /// Sets one document. Blocks and computes: call it on a thread for such work.
    ///
    /// `made_at` is the moment printed in the footer (in Japanese time) and written to the file's metadata. `go_on` is
    /// told each stage and may break the work off between two of them.
    pub fn render(
        &self,
        template: &Template,
        data: &Value,
        lang: Lang,
        made_at: DateTime<Utc>,
        go_on: &dyn Fn(Stage) -> ControlFlow<()>,
    ) -> Result<Pdf, PaperError> {
        let reach = |stage| match go_on(stage) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(PaperError::Cancelled(stage)),
        };
        let _slot =
            self.slots.take(&|| go_on(Stage::Waiting)).ok_or(PaperError::Cancelled(Stage::Waiting))?;
        // Dropped before the slot, whatever happens below.
        let _memory = Memory;

        reach(Stage::Preparing)?;
        let fonts = Fonts::get()?;
        let moment = moment(made_at).ok_or_else(|| template.faulty(format!("no such time: {made_at}")))?;
        let desk = Desk::new(template, files(data, lang, made_at, fonts)?, fonts, moment)?;

        reach(Stage::Setting)?;
        let set = typst::compile::<PagedDocument>(&desk);
        let document = set.output.map_err(|problems| template.faulty(desk.explain(&problems)))?;

        reach(Stage::Writing)?;
        let remarks = desk.explain(&set.warnings);
        write(&document, template, moment, remarks, &|problems| desk.explain(problems))
    }
}

/// Typst remembers what it computed for ever; this clears it when a render ends, also by an error or a panic.
struct Memory;

impl Drop for Memory {
    fn drop(&mut self) {
        // Typst's own re-export: another version of comemo would clear another memory.
        typst::comemo::evict(0);
    }
}

/// The data files that `house.typ` reads.
fn files(
    data: &Value,
    lang: Lang,
    made_at: DateTime<Utc>,
    fonts: &Fonts,
) -> Result<[(&'static str, String); 2], PaperError> {
    let text = clean::clean(data, &|c| fonts.cover(c)).to_string();
    if text.len() > DATA_LIMIT {
        return Err(PaperError::TooLarge { bytes: text.len() });
    }
    let meta = json!({ "lang": lang.code(), "words": Words::new(lang).for_templates(made_at) });
    Ok([("data.json", text), ("meta.json", meta.to_string())])
}

/// The moment as typst's type, in UTC.
fn moment(at: DateTime<Utc>) -> Option<Datetime> {
    let small = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )
}

/// Writes PDF/UA-1, or plain tagged PDF with a remark when the content does not allow it.
fn write(
    document: &PagedDocument,
    template: &Template,
    moment: Datetime,
    mut remarks: String,
    explain: &dyn Fn(&[SourceDiagnostic]) -> String,
) -> Result<Pdf, PaperError> {
    let options = |standards| PdfOptions {
        creator: Smart::Custom(Some(concat!("Komainu ", env!("CARGO_PKG_VERSION")).to_owned())),
        timestamp: Some(Timestamp::new_utc(moment)),
        standards,
        ..PdfOptions::default()
    };
    let pages = document.pages().len();
    let strict = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|problem| template.faulty(problem.message().to_string()))?;
    let refusal = match typst_pdf::pdf(document, &options(strict)) {
        Ok(bytes) => return Ok(Pdf { bytes, pages, accessible: true, remarks }),
        Err(problems) => explain(&problems),
    };
    let bytes = typst_pdf::pdf(document, &options(PdfStandards::default()))
        .map_err(|problems| template.faulty(explain(&problems)))?;
    if !remarks.is_empty() {
        remarks.push('\n');
    }
    remarks.push_str(&refusal);
    Ok(Pdf { bytes, pages, accessible: false, remarks })
}
