//! The fifth step: the usual things and lines beside the systems, ticked beforehand, to be taken or left.

use super::{Frame, load, onward};
use crate::actions::setup_lines;
use crate::{Interview, LinesAnswer, Step};
use askama::Template;
use komainu_catalog::PieceId;
use komainu_i18n::Lang;
use komainu_inventory::actions::templates;
use komainu_inventory::rules::template::Offer;
use komainu_inventory::template_pages::{PieceSource, TileGroup, piece_sources, tile_groups};
use komainu_web::{Form, Member, Outcome, Shell, page};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "setup_lines.html")]
struct LinesPage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    groups: Vec<TileGroup>,
    sources: Vec<PieceSource>,
    /// How many tiles are ticked.
    ticked: usize,
    /// How many pieces the ledger has.
    there: usize,
    no_systems: bool,
}

fn lines_page(member: &Member, interview: &Interview, offer: &Offer) -> LinesPage {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let frame = Frame::new(member, interview, Step::Lines);
    let groups = tile_groups(catalog, lang, offer, None);
    LinesPage {
        page: frame.page.clone(),
        lang,
        frame,
        ticked: groups.iter().map(|group| group.ticked).sum(),
        there: groups.iter().map(|group| group.there.len()).sum(),
        groups: groups.into_iter().filter(|group| !group.tiles.is_empty()).collect(),
        sources: piece_sources(catalog, lang, offer),
        no_systems: interview.systems.is_empty(),
    }
}

/// What is usual, in groups that can be opened.
pub async fn lines(member: Member) -> Outcome {
    let interview = load(&member).await?;
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    let offer = member.read(move |tx| templates(tx, &scope, &catalog, &BTreeSet::new())).await?;
    page(&lines_page(&member, &interview, &offer))
}

/// Takes what is ticked, or leaves it for later.
pub async fn lines_save(member: Member, form: Form) -> Outcome {
    let (lang, scope, app) = (member.lang, member.scope.clone(), member.app.clone());
    let mut pieces = BTreeSet::new();
    if form.text("later") != "yes" {
        pieces.extend(form.all("piece").filter_map(|piece| piece.parse::<PieceId>().ok()));
        pieces.retain(|piece| app.catalog.piece(piece).is_some());
    }
    let answer = LinesAnswer { pieces };
    member.write(move |tx| setup_lines(tx, &app.nature, &scope, &app.catalog, lang, &answer)).await?;
    Ok(onward(Step::Lines))
}
