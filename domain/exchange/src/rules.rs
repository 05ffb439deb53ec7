//! Pure: what files hold, what their rows say, and what becomes of them in a ledger. No clock, no chance, no database.

mod cyclonedx;
mod delimited;
mod diff;
mod file;
mod found;
mod guess;
mod keys;
mod names;
mod parse;
mod settle;
mod sheet;

pub use cyclonedx::bill_of_materials;
pub use delimited::{Encoding, Written, guarded, unguarded, write_csv};
pub use file::{MOST_BYTES, MOST_COLUMNS, MOST_FILES, MOST_ROWS, Read, read_files};
pub use found::{FoundWords, found_rows};
pub use guess::{HEADING_ROWS, fingerprint, guess, guess_under};
pub use names::Namer;
pub use parse::table_rows;
pub(crate) use settle::fault_of;
pub use settle::settle;
pub use sheet::{body_cell, sheet_rows, word_rows};
