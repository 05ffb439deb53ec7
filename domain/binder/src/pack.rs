//! A pack before it is set: parts with headings and tables, in one language.

use crate::t;
use chrono::NaiveDate;
use komainu_checklist::model::AnswerKind;
use komainu_i18n::Lang;
use komainu_map::paper::Picture;
use serde_json::Value;

/// Everything a pack shows, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// The language of every text.
    pub lang: Lang,
    /// The title.
    pub title: String,
    /// Whose pack it is.
    pub owner: String,
    /// Label and value on the cover.
    pub facts: Vec<(String, String)>,
    /// What to know before reading, at the foot of the cover.
    pub note: String,
    /// The parts.
    pub parts: Vec<Part>,
    /// The evidence files of the archive, in the order of the rows they belong to.
    pub files: Vec<EvidenceFile>,
    /// What its first page has for somebody in a hurry; none for a pack with a cover and contents.
    pub front: Option<Front>,
}

/// The first page of a book for an emergency, beside the way to every part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// Whom to telephone, in the order of calling.
    pub numbers: Vec<Telephone>,
}

/// Somebody to telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone {
    /// Who it is.
    pub who: String,
    /// By day, in words.
    pub day: String,
    /// By night where that is another number; empty for none.
    pub night: String,
}

/// A file that was handed in as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    /// The vendor whose form it belongs to; none for the institution's own.
    pub vendor: Option<String>,
    /// The printed number of its row; empty for none.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub digest: String,
}

/// A part with its own heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The heading.
    pub heading: String,
    /// A sentence or two under it; empty for none.
    pub intro: String,
    /// The table's columns.
    pub columns: Vec<Column>,
    /// The table's rows, in groups with an optional heading each.
    pub groups: Vec<Group>,
    /// What stands there when there are no rows.
    pub empty: String,
    /// What the part shows instead of a table, on paper.
    pub picture: Option<Drawing>,
    /// How it is set.
    pub look: Look,
}

/// What a part shows instead of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// The ledger, on its side.
    Map(Picture),
    /// The contact network, as its own template draws it ([`komainu_contact::paper::NETWORK`]).
    Network(Value),
}

/// How a part is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// A table.
    #[default]
    Table,
    /// A table of few columns in larger letters, to be read beside a box in a dim room.
    Large,
    /// Steps to be read at arm's length: mark and step. A line end in a group's heading parts its name from what explains it.
    Steps,
    /// A form with boxes to write in.
    Form,
}

impl Look {
    /// The word that templates know it by.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Look::Table => "table",
            Look::Large => "large",
            Look::Steps => "steps",
            Look::Form => "form",
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading.
    pub heading: String,
    /// How wide it is, in parts of the page's width.
    pub width: u8,
}

/// Rows under a heading of their own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// The heading; empty for none.
    pub heading: String,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A text, with line ends where it has them.
    Text(String),
    /// A text with the mark that it is unconfirmed.
    Unconfirmed(String),
    /// An answer.
    Answer(Option<AnswerKind>),
    /// A day; empty where there is none.
    Date(Option<NaiveDate>),
    /// An address to be photographed.
    Qr(String),
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl Group {
    /// The heading's name, and what explains it; empty for none.
    pub(crate) fn named(&self) -> (&str, &str) {
        self.heading.split_once('\n').unwrap_or((self.heading.as_str(), ""))
    }
}

impl Part {
    /// Whether there is neither a row nor a picture.
    pub fn is_empty(&self) -> bool {
        self.picture.is_none() && self.groups.iter().all(|group| group.rows.is_empty())
    }
}

/// An answer in words; not sure is a no.
pub(crate) fn answer_text(lang: Lang, answer: AnswerKind) -> String {
    match answer {
        AnswerKind::Yes => t!(lang, "answer-yes"),
        AnswerKind::No => t!(lang, "answer-no"),
        AnswerKind::NotSure => t!(lang, "answer-not-sure"),
        AnswerKind::NotApplicable => t!(lang, "answer-not-applicable"),
    }
}

/// Columns from headings and widths.
pub(crate) fn columns<const N: usize>(columns: [(String, u8); N]) -> Vec<Column> {
    columns.into_iter().map(|(heading, width)| Column { heading, width }).collect()
}
