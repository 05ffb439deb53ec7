//! The ministry's own workbook (公式の様式): loaded by an institution, recognised row by row, confirmed by a person.
//!
//! ```text
//! upload ──recognised──► loaded ──a person looks and confirms──► confirmed ──► sentences and numbers show,
//!            └─ refused, in words        └─ replaced or removed                 answers go back into a copy
//! ```
//!
//! A row of the workbook is one of our items, or a row that only this workbook has (its own question, answered under a
//! placement of its own, `official.…`), or no checkpoint at all. The official text never leaves the institution's own
//! rows in the database; the original file is sealed beside the evidence.
//!
//! Loading and confirming need `OfficialFormManage`; the filled copy is a part of the pack and needs `PackMake`.

mod actions;
pub mod api;
mod fill;
mod model;
pub mod pages;
mod printed;
mod recognise;
mod store;
mod words;

pub use actions::{
    Choices, ChooseRefusal, Filling, FormView, LoadRefusal, NewForm, OwnRow, filling, form_choose, form_load,
    form_remove, form_view, forms, own_answer_set, own_rows, sentence, sentences,
};
pub use fill::{Shortfall, fill_in, shortfalls};
pub use model::{OfficialForm, OfficialRow, OfficialSentence, Usage};
pub use printed::{PrintedRow, printed_rows};
pub use recognise::{Recognised, Unrecognised, known_rows, recognise_form};
pub use store::STATEMENTS;
pub use words::{Refusal, unrecognised};

pub(crate) use actions::official_sentences;
