//! The demo's and the tests' world.

use komainu_web::{App, Failure};

/// Fills an empty demo.
pub fn fill(_: &App) -> Result<(), Failure> {
    Ok(())
}
