//! `/ledger/assets` and `/ledger/connections`: the lists, by kind, with a search and what is missing.

use super::part::{ASSETS, CONNECTIONS, ROWS, line_ends};
use crate::actions;
use crate::rules::{Level, Record, RecordScore, completeness};
use crate::words::{asset_kind_text, connection_kind_text};
use crate::{Asset, AssetKind, Connection, Fact, Index, Ledger, t};
use askama::Template;
use axum::extract::Query;
use komainu_access::Permission;
use komainu_exposure::model::ConnectionKind;
use komainu_i18n::{Lang, collate};
use komainu_institution::parts::FormWords;
use komainu_institution::rules::found;
use komainu_vendor::pages::{LedgerTab, ledger_name, ledger_tabs};
use komainu_web::{Failure, Member, Outcome, Section, Shell, Tab, page};
use serde::Deserialize;
use std::collections::HashMap;

/// Which rows of a list are asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Wish {
    /// Part of a name, a maker, an address, a vendor, a zone; empty for everything.
    #[serde(default)]
    q: String,
    /// A kind; empty for all. Of lines also `outside` and `inside`.
    #[serde(default)]
    kind: String,
    /// The id of the last row of the part before; empty for the first part.
    #[serde(default)]
    after: String,
}

impl Wish {
    /// The address of the list with another kind or part.
    fn address(&self, list: &str, kind: &str, after: &str) -> String {
        let all = [("q", self.q.as_str()), ("kind", kind), ("after", after)];
        let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        match serde_urlencoded::to_string(&said) {
            Ok(query) if !query.is_empty() => format!("{list}?{query}"),
            _ => list.to_owned(),
        }
    }
}

/// A row of either list.
struct Row {
    id: String,
    words: String,
    sort: String,
    /// Of a thing: maker and model. Of a line: its name.
    detail: String,
    /// Of a thing: its zone. Of a line: who looks after it.
    beside: String,
    vendor: String,
    missing: usize,
}

#[derive(Template)]
#[template(path = "assets.html")]
struct AssetsPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    tabs: Vec<Tab>,
    ledger: String,
    kinds: Vec<Tab>,
    rows: Vec<Row>,
    wish: Wish,
    first: String,
    further: String,
    any: bool,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "connections.html")]
struct ConnectionsPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    tabs: Vec<Tab>,
    ledger: String,
    kinds: Vec<Tab>,
    rows: Vec<Row>,
    wish: Wish,
    first: String,
    further: String,
    any: bool,
    may_edit: bool,
}

/// What a list shows.
struct Listed {
    any: bool,
    kinds: Vec<Tab>,
    rows: Vec<Row>,
    first: String,
    further: String,
}

/// The things.
pub async fn assets(member: Member, Query(wish): Query<Wish>) -> Outcome {
    let lang = member.lang;
    let (listed, wish) = listed(&member, wish, |lang, ledger, wish| {
        let (index, missing) = (ledger.index(), missing(ledger));
        let row = |asset: &Asset| asset_row(lang, &index, &missing, asset);
        let rows: Vec<_> =
            ledger.assets.iter().map(|it| (it.details.kind, row(it), asset_texts(it))).collect();
        list(
            lang,
            wish,
            ASSETS,
            AssetKind::ALL,
            rows,
            |kind, code| kind.code() == code,
            |kind| (kind.code(), asset_kind_text(lang, *kind)),
        )
    })
    .await?;
    page(&AssetsPage {
        page: member.shell(&t!(lang, "assets-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        tabs: ledger_tabs(lang, LedgerTab::Assets),
        ledger: ledger_name(lang),
        kinds: listed.kinds,
        rows: listed.rows,
        wish,
        first: listed.first,
        further: listed.further,
        any: listed.any,
        may_edit: member.scope.may(Permission::LedgerEdit),
    })
}

/// The lines.
pub async fn connections(member: Member, Query(wish): Query<Wish>) -> Outcome {
    let lang = member.lang;
    let (listed, wish) = listed(&member, wish, |lang, ledger, wish| {
        let (index, missing) = (ledger.index(), missing(ledger));
        let row = |line: &Connection| line_row(lang, &index, &missing, line);
        let rows: Vec<_> = ledger
            .connections
            .iter()
            .map(|it| ((it.details.kind, it.details.is_outside()), row(it), line_texts(it)))
            .collect();
        let sides = [(OUTSIDE, true), (INSIDE, false)];
        let mut listed = list(
            lang,
            wish,
            CONNECTIONS,
            ConnectionKind::ALL,
            rows,
            |(kind, outside), code| {
                sides.iter().any(|(side, is)| *side == code && is == outside) || kind.code() == code
            },
            |kind| (kind.code(), connection_kind_text(lang, *kind)),
        );
        // Which side comes before which kind.
        let outside = ledger.connections.iter().filter(|it| it.details.is_outside()).count();
        let counts = [
            (OUTSIDE, t!(lang, "connections-outside"), outside),
            (INSIDE, t!(lang, "connections-inside"), ledger.connections.len() - outside),
        ];
        let kinds = listed.kinds.split_off(1);
        let sides = counts.into_iter().filter(|(_, _, count)| *count > 0);
        listed
            .kinds
            .extend(sides.map(|(code, words, count)| chip(lang, wish, CONNECTIONS, code, &words, count)));
        listed.kinds.extend(kinds);
        listed
    })
    .await?;
    page(&ConnectionsPage {
        page: member.shell(&t!(lang, "connections-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        tabs: ledger_tabs(lang, LedgerTab::Connections),
        ledger: ledger_name(lang),
        kinds: listed.kinds,
        rows: listed.rows,
        wish,
        first: listed.first,
        further: listed.further,
        any: listed.any,
        may_edit: member.scope.may(Permission::LedgerEdit),
    })
}

const OUTSIDE: &str = "outside";
const INSIDE: &str = "inside";

/// Reads the ledger and makes a list of it, off the async threads.
async fn listed(
    member: &Member,
    wish: Wish,
    make: impl FnOnce(Lang, &Ledger, &Wish) -> Listed + Send + 'static,
) -> Result<(Listed, Wish), Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    member
        .read(move |tx| {
            let ledger = actions::ledger(tx, &scope)?;
            Ok((make(lang, &ledger, &wish), wish))
        })
        .await
}

fn chip(lang: Lang, wish: &Wish, list: &str, code: &str, words: &str, count: usize) -> Tab {
    let label = t!(lang, "list-chip", name = words, count = count.to_string());
    Tab { href: wish.address(list, code, ""), label, current: wish.kind == code }
}

/// The rows that are asked for, by name, and a chip for each kind that there is.
fn list<K, R>(
    lang: Lang,
    wish: &Wish,
    address: &str,
    kinds: &[K],
    rows: Vec<(R, Row, Vec<String>)>,
    is: impl Fn(&R, &str) -> bool,
    named: impl Fn(&K) -> (&'static str, String),
) -> Listed {
    let mut chips = vec![chip(lang, wish, address, "", &t!(lang, "list-all"), rows.len())];
    for kind in kinds {
        let (code, words) = named(kind);
        let count = rows.iter().filter(|(of, ..)| is(of, code)).count();
        if count > 0 {
            chips.push(chip(lang, wish, address, code, &words, count));
        }
    }
    let any = !rows.is_empty();
    let fits = |(of, row, texts): &(R, Row, Vec<String>)| {
        let texts = texts.iter().map(String::as_str);
        let all: Vec<&str> =
            texts.chain([&row.words, &row.beside, &row.vendor, &row.detail].map(String::as_str)).collect();
        (wish.kind.is_empty() || is(of, &wish.kind)) && found(&wish.q, &all)
    };
    let mut rows: Vec<Row> = rows.into_iter().filter(fits).map(|(_, row, _)| row).collect();
    rows.sort_by(|a, b| collate(lang, &a.words, &b.words).then_with(|| a.id.cmp(&b.id)));
    // A part begins behind a row; where that row is gone by now, the list begins anew.
    let begin = rows.iter().position(|row| row.id == wish.after).map_or(0, |at| at + 1);
    let mut rows = rows.split_off(begin);
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let last = rows.last().filter(|_| more).map(|row| wish.address(address, &wish.kind, &row.id));
    Listed {
        any,
        kinds: chips,
        rows,
        first: if begin > 0 { wish.address(address, &wish.kind, "") } else { String::new() },
        further: last.unwrap_or_default(),
    }
}

/// How many answers each record lacks that the checklist asks for or that safety needs.
fn missing(ledger: &Ledger) -> HashMap<Record, usize> {
    let lacks = |record: &RecordScore| {
        let levels = [record.at(Level::Checklist), record.at(Level::Safety)];
        levels.iter().map(|score| score.asked - score.known).sum::<usize>()
    };
    completeness(ledger).records.iter().map(|record| (record.record, lacks(record))).collect()
}

fn asset_row(lang: Lang, index: &Index<'_>, missing: &HashMap<Record, usize>, asset: &Asset) -> Row {
    let details = &asset.details;
    let zone = details.zone.and_then(|id| index.asset(id));
    let made = [details.facts.text(Fact::Maker), details.facts.text(Fact::Model)];
    Row {
        id: asset.id.to_string(),
        words: details.name.clone(),
        sort: asset_kind_text(lang, details.kind),
        detail: made.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
        beside: zone.map(|zone| zone.details.name.clone()).unwrap_or_default(),
        vendor: vendor_name(index, details.vendor),
        missing: missing.get(&Record::Asset(asset.id)).copied().unwrap_or_default(),
    }
}

/// What a thing is found by beside what its row shows.
fn asset_texts(asset: &Asset) -> Vec<String> {
    let facts = &asset.details.facts;
    [Fact::Address, Fact::Hostname, Fact::Number, Fact::Serial, Fact::Software, Fact::Os, Fact::Keeper]
        .into_iter()
        .map(|fact| facts.text(fact))
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

fn line_row(lang: Lang, index: &Index<'_>, missing: &HashMap<Record, usize>, line: &Connection) -> Row {
    let details = &line.details;
    Row {
        id: line.id.to_string(),
        words: line_ends(lang, index, line),
        sort: connection_kind_text(lang, details.kind),
        detail: details.name.clone(),
        beside: details.facts.text(Fact::HowToCut).to_owned(),
        vendor: vendor_name(index, details.vendor),
        missing: missing.get(&Record::Connection(line.id)).copied().unwrap_or_default(),
    }
}

/// What a line is found by beside what its row shows.
fn line_texts(line: &Connection) -> Vec<String> {
    let facts = &line.details.facts;
    [Fact::Protocol, Fact::LineNumber, Fact::OpenedBy]
        .into_iter()
        .map(|fact| facts.text(fact))
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

fn vendor_name(index: &Index<'_>, vendor: Option<komainu_vendor::VendorId>) -> String {
    vendor.and_then(|id| index.vendor(id)).map(|it| it.name.clone()).unwrap_or_default()
}
