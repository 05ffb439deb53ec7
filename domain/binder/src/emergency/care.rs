//! How care goes on without computers, as the ledger has it; and whom to tell by when, as the catalogue has it.

use crate::pack::{Cell, Group, Look, Part, columns};
use crate::t;
use komainu_catalog::{Catalog, DutyKind, ReportingDuty};
use komainu_i18n::{Lang, collate};
use komainu_inventory::words::fact_label;
use komainu_inventory::{Asset, AssetKind, Fact, Index, Ledger, RelationKind};
use std::cmp::Reverse;

/// Room to write in.
const BLANK: &str = "\u{3000}";

/// What is done for patients, the most urgent first, and how it goes on on paper.
pub(super) fn without_computers(lang: Lang, ledger: &Ledger) -> Part {
    let index = ledger.index();
    let mut all: Vec<&Asset> = ledger.of_kind(AssetKind::CareProcess).collect();
    // What nobody judged may be urgent; it stands behind what somebody did.
    all.sort_by(|a, b| {
        let urgency = |asset: &Asset| Reverse(asset.details.facts.number(Fact::Urgency));
        let named = || collate(lang, &a.details.name, &b.details.name);
        urgency(a).cmp(&urgency(b)).then_with(named)
    });
    let rows = all.into_iter().map(|care| care_row(lang, &index, care));
    Part {
        heading: t!(lang, "care-heading"),
        intro: t!(lang, "care-intro"),
        columns: columns([
            (t!(lang, "care-what"), 26),
            (fact_label(lang, Fact::Urgency), 14),
            (t!(lang, "care-stops"), 28),
            (fact_label(lang, Fact::PaperWay), 48),
        ]),
        groups: vec![Group { heading: String::new(), rows: rows.collect() }],
        empty: t!(lang, "care-none"),
        picture: None,
        look: Look::Large,
    }
}

fn care_row(lang: Lang, index: &Index<'_>, care: &Asset) -> Vec<Cell> {
    let details = &care.details;
    let needs = details.related(RelationKind::Needs).filter_map(|thing| index.thing_name(thing));
    let way = details.facts.text(Fact::PaperWay);
    [
        details.name.clone(),
        details.facts.text(Fact::Urgency).to_owned(),
        needs.collect::<Vec<_>>().join("\n"),
        if way.is_empty() { t!(lang, "care-unknown") } else { way.to_owned() },
    ]
    .map(Cell::Text)
    .to_vec()
}

/// Whom an incident makes the house tell, in the order of calling.
pub(super) fn whom_to_tell(lang: Lang, catalog: &Catalog) -> Part {
    let rows = catalog.reporting_duties().iter().map(|duty| duty_row(lang, catalog, duty));
    Part {
        heading: t!(lang, "tell-heading"),
        intro: t!(lang, "tell-intro"),
        columns: columns([
            (t!(lang, "tell-whom"), 22),
            (t!(lang, "tell-when"), 46),
            (t!(lang, "tell-what"), 30),
            (t!(lang, "tell-ground"), 26),
            (t!(lang, "tell-done"), 14),
        ]),
        groups: vec![Group { heading: String::new(), rows: rows.collect() }],
        empty: String::new(),
        picture: None,
        look: Look::Table,
    }
}

fn duty_row(lang: Lang, catalog: &Catalog, duty: &ReportingDuty) -> Vec<Cell> {
    let kind = match duty.kind {
        DutyKind::Duty => t!(lang, "tell-duty"),
        DutyKind::Asked => t!(lang, "tell-asked"),
        DutyKind::Choice => t!(lang, "tell-choice"),
    };
    let asks = duty.asks.iter().filter_map(|id| catalog.duty_question(id.as_str()));
    let asks: Vec<&str> = asks.map(|question| question.question.get(lang)).collect();
    let asks = (!asks.is_empty()).then(|| t!(lang, "tell-if", questions = asks.join("\n")));
    let clock = duty.clock.as_ref().map(|clock| clock.note.get(lang).to_owned());
    let what = std::iter::once(duty.what.get(lang).to_owned()).chain(duty.page.clone());
    let remark = duty.standing.remark.as_ref().map(|remark| remark.get(lang).to_owned());
    let ground = lines([duty.ground.get(lang).to_owned()].into_iter().chain(remark));
    vec![
        Cell::Text(lines([duty.to.get(lang).to_owned(), kind])),
        Cell::Text(lines([duty.when.get(lang).to_owned()].into_iter().chain(clock).chain(asks))),
        Cell::Text(lines(what)),
        if duty.standing.confirmed { Cell::Text(ground) } else { Cell::Unconfirmed(ground) },
        Cell::from(BLANK),
    ]
}

fn lines(all: impl IntoIterator<Item = String>) -> String {
    all.into_iter().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;
    use komainu_inventory::{AssetDetails, AssetId, Facts, Relations, Thing};

    #[test]
    fn what_life_depends_on_comes_first_and_what_nobody_judged_last() {
        let care = |n: u128, name: &str, urgency: &str, way: &str| {
            let facts = Facts::default().with(Fact::Urgency, urgency).with(Fact::PaperWay, way);
            let needs = (RelationKind::Needs, Thing::Asset(AssetId(Uuid::from_u128(9))));
            let details = AssetDetails {
                facts,
                relations: Relations::from([needs]),
                ..AssetDetails::named(AssetKind::CareProcess, name)
            };
            Asset { id: AssetId(Uuid::from_u128(n)), details, version: 1 }
        };
        let server = Asset {
            id: AssetId(Uuid::from_u128(9)),
            details: AssetDetails::named(AssetKind::Server, "記録のサーバ"),
            version: 1,
        };
        let ledger = Ledger {
            assets: vec![
                care(1, "健診", "", ""),
                care(2, "会計", "1", "手書きの領収書"),
                care(3, "透析", "5", "紙の条件表"),
                server,
            ],
            ..Ledger::default()
        };
        for lang in Lang::ALL {
            let part = without_computers(lang, &ledger);
            let said: Vec<String> = part.groups[0].rows.iter().map(|row| format!("{row:?}")).collect();
            for (at, words) in
                [["透析", "紙の条件表"], ["会計", "手書き"], ["健診", "記録のサーバ"]].iter().enumerate()
            {
                assert!(words.iter().all(|word| said[at].contains(word)), "{lang}: {said:?}");
            }
            assert!(without_computers(lang, &Ledger::default()).is_empty());
        }
    }

    #[test]
    fn what_is_not_confirmed_about_a_duty_is_said_beside_it() {
        let catalog = Catalog::embedded().unwrap();
        for lang in Lang::ALL {
            let rows = &whom_to_tell(lang, &catalog).groups[0].rows;
            assert_eq!(rows.len(), catalog.reporting_duties().len());
            for (row, duty) in rows.iter().zip(catalog.reporting_duties()) {
                let marked = matches!(row[3], Cell::Unconfirmed(_));
                assert_eq!(marked, !duty.standing.confirmed, "{}", duty.id.as_str());
                let said = format!("{row:?}");
                assert!(said.contains(duty.to.get(lang)), "{said}");
                let remark = duty.standing.remark.as_ref().map(|remark| format!("{:?}", remark.get(lang)));
                assert!(remark.is_none_or(|remark| said.contains(remark.trim_matches('"'))), "{said}");
            }
        }
    }
}
