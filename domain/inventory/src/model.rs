//! Systems, things and lines of an institution's ledger.

mod asset;
mod connection;
mod fact;
mod ledger;
mod system;

pub use asset::{Asset, AssetDetails, AssetId, AssetKind, RelationKind, Relations, Thing};
pub use connection::{Connection, ConnectionDetails, ConnectionId, End};
pub use fact::{Asked, COPY_RHYTHMS, DEVICE_CLASSES, Fact, FactFault, FactType, Facts, Subject};
pub use ledger::{Index, Ledger};
pub use system::{Hosting, SystemDetails, SystemId, SystemRecord, other_kind};
