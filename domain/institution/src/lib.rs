//! Organisations: the institution's particulars, and the tree it stands in.
//!
//! Organisations form a tree: a national *association*, prefectural ones under it, district ones under those, and
//! *institutions* (医療機関等) anywhere below or on their own. *Vendors* stand beside it. An administrator of the
//! installation founds them; whoever founds one becomes a member at once, because an organisation without people is
//! one that nobody can enter.
//!
//! Everyone in an institution sees its particulars (`OrganisationSee`); directors, safety managers and system operators
//! change them (`InstitutionEdit`). Two people who change them at once are both shown what the other wrote.
//!
//! Beside the particulars the row keeps what the setup interview learnt: how the systems run, whether somebody is there
//! for them alone, whether vendors bear the duty of security updates ([`Running`]).
//!
//! [`parts`] holds what the small forms of the ledger and of the interview share.

pub mod actions;
pub mod api;
mod model;
pub mod pages;
pub mod parts;
mod prefecture;
pub mod rules;
mod store;
pub mod words;

pub use model::{
    AssociationLevel, BadCode, BadPhone, BadPostalCode, Institution, InstitutionCode, NewAssociation,
    NewInstitution, Organisation, OrganisationKind, Particulars, Phone, PostalCode, Running, Systems,
};
pub use prefecture::{Prefecture, UnknownPrefecture};
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
