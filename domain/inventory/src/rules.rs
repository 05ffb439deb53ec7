//! Pure rules of the ledger.

mod system;
mod template;
mod usual;

pub use system::{counts_as_server, update_duty};
pub use template::{
    Group, Offer, OfferedPiece, OfferedSystem, Plan, Ticks, group_of_piece, group_of_thing, new_systems,
    offer, plan,
};
pub use usual::{usual_hosting, usual_kinds};
