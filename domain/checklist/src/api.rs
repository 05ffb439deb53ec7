//! Rounds, rows, evidence, assignments, letters and replies over the API.

mod ask;
mod assign;
mod catalog;
mod evidence;
mod history;
mod reply;
mod rounds;
mod rows;
mod suggest;

// With each handler comes what describes it.
pub use ask::*;
pub use assign::*;
pub use catalog::*;
pub use evidence::*;
pub use history::*;
pub use reply::*;
pub use rounds::*;
pub use rows::*;
pub use suggest::*;

use crate::model::FormKey;
use komainu_catalog::PlacementId;
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

/// A round's address.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RoundPath {
    /// The fiscal year by its first calendar year.
    pub(crate) year: i32,
    /// The form: `institution`, `pharmacy`, or `vendor-` and the vendor's id.
    #[param(value_type = String)]
    pub(crate) form: FormKey,
}

/// A row's address.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RowPath {
    /// The fiscal year by its first calendar year.
    pub(crate) year: i32,
    /// The form: `institution`, `pharmacy`, or `vendor-` and the vendor's id.
    #[param(value_type = String)]
    pub(crate) form: FormKey,
    /// The row, as the catalogue names it.
    #[param(value_type = String)]
    pub(crate) row: PlacementId,
}

impl<'de> Deserialize<'de> for FormKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
