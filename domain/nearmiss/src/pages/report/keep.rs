//! What a telephone keeps, so that the page opens where there is no network: every page behind a poster in one language,
//! written out as the server would, and how the page is called among a telephone's programs.

use super::home::{Typed, home_text, see_page, see_path};
use super::receipt::{empty_text, path_of};
use super::{Door, Frame, Wanted, squeezed};
use crate::actions::card_see;
use crate::t;
use askama::Template as _;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use komainu_web::{Failure, Linked, Outcome};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// The pages by their addresses, and the files that they ask for.
#[derive(Serialize)]
struct Kept {
    pages: BTreeMap<String, String>,
    files: Vec<String>,
}

/// `GET /l/report/{token}/keep`
pub async fn poster_keep(linked: Linked, headers: HeaderMap, Query(wanted): Query<Wanted>) -> Outcome {
    let door = Door::poster(linked, &wanted.lang);
    let (base, query, mut pages) = (door.base(), door.query(), BTreeMap::new());
    let lines = door.look(card_see).await?;
    let frame = |path: &str| Frame::new(&door, path, &lines);
    pages.insert(format!("{base}{query}"), home_text(&door, frame(&base))?);
    let receipts = path_of(&door);
    pages.insert(format!("{receipts}{query}"), empty_text(&door, frame(&receipts))?);
    for symptom in door.visit().app.catalog.symptoms() {
        let path = see_path(&door, symptom);
        let frame = frame(&path);
        let typed = Typed { place: frame.place.clone(), ..Typed::default() };
        // A kept page is opened many times: it names no report, the script does.
        let page = see_page(&door, frame, symptom, Vec::new(), (typed, None));
        pages.insert(format!("{path}{query}"), page.render().map_err(Failure::internal)?);
    }
    let assets = &door.shell("").assets;
    let files = vec![assets.report_css.clone(), assets.report.clone(), assets.favicon.clone()];
    let text = serde_json::to_string(&Kept { pages, files }).map_err(Failure::internal)?;
    squeezed("application/json", text, &headers)
}

/// `GET /l/report/{token}/manifest.webmanifest`
pub async fn poster_manifest(linked: Linked, Query(wanted): Query<Wanted>) -> Outcome {
    let door = Door::poster(linked, &wanted.lang);
    let (lang, base) = (door.lang, door.base());
    let manifest = json!({
        "id": base,
        "name": t!(lang, "report-title"),
        "short_name": t!(lang, "report-short"),
        "lang": lang.tag(),
        "start_url": format!("{base}{}", door.query()),
        "scope": base,
        "display": "standalone",
        "background_color": "#f4f7f7",
        "theme_color": "#004e5c",
        "icons": [{ "src": door.shell("").assets.favicon, "sizes": "any", "type": "image/svg+xml" }],
    });
    Ok(([(CONTENT_TYPE, "application/manifest+json")], manifest.to_string()).into_response())
}
