//! Strangers' Excel workbooks.
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
