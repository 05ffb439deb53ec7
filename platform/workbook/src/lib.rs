//! Strangers' Excel workbooks: opened safely, understood, filled in, and given back as they were but for the answers. And workbooks
//! of our own, written so that no text can turn into a formula ([`own`]).
//!
//! Bytes in, bytes out: no file, no network, no clock; the same input gives the same output. Nothing here panics on bad input.
//!
//! 1. [`open`] lets a workbook in or says precisely why not ([`WorkbookRefusal`]). Sizes are counted while unpacking, documents with
//!    a type declaration and macros are refused, links to other files are never followed.
//! 2. [`recognise`] finds the ministry's yearly checklist in it, whatever its layout, and says for each row which item of ours it is,
//!    how certain that is and why ([`Recognition`]), or why it is another workbook altogether ([`NotTheChecklist`]).
//! 3. [`fill`] writes answers into a copy of that very workbook and reports what had no place in it ([`FillReport`]).
//!
//! # How a row is recognised
//!
//! Number and text speak together. Texts are compared by the runs of characters and by the notions they share, rare ones counting
//! more; how much an equal number says is taken from the form itself: where clearly alike texts bear other numbers than expected, a
//! year has inserted or moved items, and numbers count for little. Rows and items are then paired so that the sum is largest, not one
//! after the other.
//!
//! # Why the copy is edited and not written anew
//!
//! A library that reads a workbook into its own model and writes the model back keeps what the model knows. In a trial,
//! `umya-spreadsheet` 4.0.0-beta.1 read a form of ours and wrote it back without any change: 16 of its 18 parts had other bytes, the
//! readings (furigana) of its texts, the sheet extensions it does not know and the wish to be recalculated on opening were gone. The
//! form is shown to an inspector; it must be the ministry's form. So only the bytes of the cells that change are replaced in the
//! sheet's XML, cell styles are kept by number, and every other part is copied as it is packed.
//!
//! What changes beside the cells, and when: the sheet's stated size if cells are added outside it; results of formulas in the same
//! sheet that hang on an answer (taken away, so that every program calculates them); the wish to be recalculated, if there are
//! formulas; the calculation chain, if a formula gave way to an answer. Results kept in *other* sheets stay until a program
//! calculates them; Excel does on opening.

mod answer;
mod assign;
mod fill;
mod fold;
mod grid;
mod guard;
mod number;
pub mod own;
mod read;
mod recognise;
mod sniff;
mod xml;

pub use answer::{Answer, Choices};
pub use fill::*;
pub use grid::{Address, Area, Cell, Sheet, Value, Workbook};
pub use guard::*;
pub use number::ItemNumber;
pub use recognise::*;
pub use sniff::LooksLike;
