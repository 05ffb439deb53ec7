//! A vendor in an institution's ledger.

use serde::Serialize;
use utoipa::ToSchema;

komainu_db::id! {
    /// A vendor in one institution's ledger.
    VendorId
}

/// A vendor as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Vendor {
    /// Its id.
    pub id: VendorId,
    /// Its name.
    pub name: String,
    /// The name's reading in kana; may be empty.
    pub name_kana: String,
    /// Whom to ask for there; may be empty.
    pub person: String,
    /// Telephone by day; may be empty.
    pub phone: String,
    /// Telephone at night and on holidays; may be empty.
    pub night_phone: String,
    /// Mail address; may be empty.
    pub email: String,
    /// Anything else, such as a contract number.
    pub note: String,
    /// Grows by one with each change.
    pub version: i64,
}

/// What people write about a vendor. The fields are as in [`Vendor`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VendorDetails {
    /// Its name, not empty.
    pub name: String,
    /// The reading.
    pub name_kana: String,
    /// Whom to ask for.
    pub person: String,
    /// Telephone by day.
    pub phone: String,
    /// Telephone at night.
    pub night_phone: String,
    /// Mail address.
    pub email: String,
    /// Anything else.
    pub note: String,
}

impl Vendor {
    /// A vendor with these details.
    pub fn new(id: VendorId, version: i64, details: &VendorDetails) -> Vendor {
        let VendorDetails { name, name_kana, person, phone, night_phone, email, note } = details.clone();
        Vendor { id, name, name_kana, person, phone, night_phone, email, note, version }
    }

    /// What people wrote about it.
    pub fn details(&self) -> VendorDetails {
        let Vendor { name, name_kana, person, phone, night_phone, email, note, .. } = self.clone();
        VendorDetails { name, name_kana, person, phone, night_phone, email, note }
    }
}
