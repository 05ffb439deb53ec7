//! The sections of the page. Another part of the installation adds a file here and a line in [`all`].

mod backup;
mod place;

pub(crate) use backup::BackupSection;

use crate::actions::Overview;
use crate::t;
use askama::Template as _;
use komainu_web::{Failure, SignedIn};

/// A part of the page with a heading of its own.
pub(crate) struct Section {
    /// Names it in the page's address.
    pub(crate) id: &'static str,
    /// The heading.
    pub(crate) title: String,
    /// What stands under it, as HTML from a template.
    pub(crate) body: String,
    /// Where the body is asked for again until it holds `data-done`; empty where it stands still.
    pub(crate) poll: &'static str,
}

/// Every section, in the order of the page.
pub(crate) fn all(signed: &SignedIn, overview: &Overview) -> Result<Vec<Section>, Failure> {
    let lang = signed.lang;
    let backup = BackupSection::new(signed, overview);
    Ok(vec![
        Section {
            id: "backup",
            title: t!(lang, "section-backup"),
            poll: if backup.is_busy() { "/operations/backup" } else { "" },
            body: backup.render().map_err(Failure::internal)?,
        },
        Section {
            id: "place",
            title: t!(lang, "section-place"),
            poll: "",
            body: place::PlaceSection::new(signed, overview).render().map_err(Failure::internal)?,
        },
    ])
}
