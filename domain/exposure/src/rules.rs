//! Pure rules: the ledger in the engine's words, what its answer means for the checklist, how likely a number is in words.

mod gains;
mod likely;
mod network;

pub use gains::{gains, ways_of};
pub use likely::Likely;
pub use network::{good_until, line_of, network};

use komainu_inventory::Ledger;

/// Things and lines up to which a ledger is computed while somebody waits for the page.
pub const SMALL: usize = 2000;

/// Whether a ledger is computed at once.
pub fn is_small(ledger: &Ledger) -> bool {
    ledger.assets.len() + ledger.systems.len() + ledger.connections.len() <= SMALL
}
