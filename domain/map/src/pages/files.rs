//! The map as files. They always hold the whole map, except on paper, where more than can be read is shown by zones. What
//! incidents touch is marked on paper alone, which is for those who lead; files for other programs are given away.

use super::read;
use crate::actions::{AffectedBy, unmarked};
use crate::affected::mark;
use crate::draw::draw;
use crate::export::svg::{Words, svg};
use crate::export::{bloodhound::bloodhound, drawio::drawio};
use crate::rules::scene::{View, whole};
use crate::{paper, t};
use axum::response::IntoResponse as _;
use komainu_i18n::Lang;
use komainu_web::{Failure, Member, Outcome, attachment};

/// A file's name: what it is, and the day.
fn name(member: &Member, ending: &str) -> String {
    let day = member.app.nature.today().format("%Y%m%d").to_string();
    t!(member.lang, "file-name", day = day, ending = ending)
}

/// The picture as a file.
pub async fn svg_file(member: Member) -> Outcome {
    let (lang, read) = (member.lang, read(&member, unmarked).await?);
    let data = draw(&read.ledger, &read.spots, &read.found, lang, View::Whole);
    let picture = picture(lang, &data, false);
    Ok(attachment(&name(&member, "svg"), "image/svg+xml", picture.into_bytes()).into_response())
}

/// The words around the picture are the reader's.
pub(super) fn picture(lang: Lang, data: &crate::model::MapData, links: bool) -> String {
    let (title, description) = (t!(lang, "map-title"), t!(lang, "picture-text"));
    let no_zone = t!(lang, "no-zone");
    svg(data, &Words { title: &title, description: &description, no_zone: &no_zone, links })
}

/// The map for draw.io.
pub async fn drawio_file(member: Member) -> Outcome {
    let (lang, read) = (member.lang, read(&member, unmarked).await?);
    let data = draw(&read.ledger, &read.spots, &read.found, lang, View::Whole);
    let file = drawio(&data, &t!(lang, "map-title"));
    Ok(attachment(&name(&member, "drawio"), "application/xml", file.into_bytes()).into_response())
}

/// The ledger for `BloodHound`.
pub async fn bloodhound_file(member: Member) -> Outcome {
    let read = read(&member, unmarked).await?;
    let file = serde_json::to_vec(&bloodhound(&read.ledger, &read.found)).map_err(Failure::internal)?;
    Ok(attachment(&name(&member, "json"), "application/json", file).into_response())
}

/// The map on A3, with the marks of what incidents touch.
pub async fn a3(member: Member, by: AffectedBy) -> Outcome {
    let (lang, read) = (member.lang, read(&member, by).await?);
    let (owner, now) = (member.organisation_name.clone(), member.app.nature.now());
    let set = tokio::task::spawn_blocking(move || {
        let mut data = draw(&read.ledger, &read.spots, &read.found, lang, whole(&read.ledger));
        mark(&mut data, &read.ledger, read.affected);
        paper::sheet(&data, lang, &owner, now)
    });
    match set.await.map_err(Failure::internal)? {
        Ok(pdf) => {
            if !pdf.remarks.is_empty() {
                tracing::warn!(remarks = pdf.remarks, "typst remarked on the map");
            }
            Ok(attachment(&name(&member, "pdf"), "application/pdf", pdf.bytes).into_response())
        }
        Err(error) => {
            tracing::error!(%error, "the map was not set");
            Err(Failure::Refused(error.outside(lang)))
        }
    }
}
