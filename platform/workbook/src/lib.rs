//! Strangers' Excel workbooks.
mod assign;
mod fold;
mod grid;
mod guard;
mod number;
mod read;
mod sniff;
mod xml;
pub use grid::*;
pub use guard::*;
pub use number::ItemNumber;
