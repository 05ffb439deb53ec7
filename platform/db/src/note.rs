//! What the installation notes about itself, such as that it is a demo.

use crate::{DbError, Outside, Tx, params};

const OUTSIDE: Outside = Outside("a note belongs to the installation");

crate::statements! {
    NOTE_GET = "SELECT value FROM installation_note WHERE name = $1";
    NOTE_SET = "INSERT INTO installation_note (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

impl Tx<'_> {
    /// A note of the installation.
    pub fn note(&mut self, name: &str) -> Result<Option<String>, DbError> {
        self.maybe(&OUTSIDE, NOTE_GET, params![name], |row| row.get(0))
    }

    /// Writes or replaces a note of the installation.
    pub fn set_note(&mut self, name: &str, value: &str) -> Result<(), DbError> {
        self.run(&OUTSIDE, NOTE_SET, params![name, value]).map(drop)
    }
}
