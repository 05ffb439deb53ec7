//! Stock-takes by their actions, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use common::{House, LOOKING, because, denied, missing, plain};
use komainu_access::Scope;
use komainu_db::testing::each_database;
use komainu_inventory::actions::{asset_add, asset_change, asset_get, asset_remove};
use komainu_inventory::{AssetDetails, AssetId, AssetKind, Fact, Facts};
use komainu_stocktake::actions::*;
use komainu_stocktake::{Finding, Line, Mark, Outcome, StockTakeId, rules};
use komainu_web::{Conflict, Refused};

fn terminal(name: &str, place: Option<AssetId>) -> AssetDetails {
    AssetDetails {
        place,
        facts: Facts::default().with(Fact::Serial, "S-1").with(Fact::Count, "2"),
        ..AssetDetails::named(AssetKind::Terminal, name)
    }
}

fn says(outcome: Outcome) -> Mark {
    Mark { outcome, finding: Finding::default() }
}

fn moved(place: &str) -> Mark {
    let finding = Finding {
        place: place.to_owned(),
        count: Some(3),
        serial: "S-2".to_owned(),
        words: "棚の上".to_owned(),
    };
    Mark { outcome: Outcome::Different, finding }
}

/// A house with two places and a terminal in the first.
struct Ledger {
    house: House,
    reception: AssetId,
    terminal: AssetId,
}

impl Ledger {
    fn new(house: House) -> Ledger {
        let add = |details: &AssetDetails| {
            house.write(|tx| asset_add(tx, &house.nature, &house.director, details)).unwrap()
        };
        let reception = add(&AssetDetails::named(AssetKind::Place, "受付"));
        add(&AssetDetails::named(AssetKind::Place, "検査室"));
        add(&AssetDetails::named(AssetKind::CloudService, "予約"));
        let terminal = add(&terminal("受付のパソコン", Some(reception)));
        Ledger { house, reception, terminal }
    }

    fn add(&self, details: &AssetDetails) -> AssetId {
        let house = &self.house;
        house.write(|tx| asset_add(tx, &house.nature, &house.director, details)).unwrap()
    }

    fn start(&self) -> Result<StockTakeId, Refused<AlreadyOpen>> {
        let house = &self.house;
        house.write(|tx| stock_take_start(tx, &house.nature, &house.director, "令和8年度の棚卸し"))
    }

    fn see(&self, id: StockTakeId) -> Seen {
        self.house.read(|tx| stock_take_see(tx, &self.house.director, id)).unwrap()
    }

    fn mark_as(
        &self,
        scope: &Scope,
        at: (StockTakeId, AssetId),
        version: i64,
        mark: &Mark,
    ) -> Result<Line, Refused<MarkRefusal>> {
        self.house.write(|tx| line_mark(tx, &self.house.nature, scope, at, version, mark))
    }

    fn mark(
        &self,
        at: (StockTakeId, AssetId),
        version: i64,
        mark: &Mark,
    ) -> Result<Line, Refused<MarkRefusal>> {
        self.mark_as(&self.house.director, at, version, mark)
    }

    fn take(&self, at: (StockTakeId, AssetId), version: i64) -> Result<Line, Refused<TakeRefusal>> {
        self.house.write(|tx| line_take(tx, &self.house.nature, &self.house.director, at, version))
    }

    fn close(
        &self,
        id: StockTakeId,
        version: i64,
    ) -> Result<(), Refused<Conflict<komainu_stocktake::StockTake>>> {
        let house = &self.house;
        house.write(|tx| stock_take_close(tx, &house.nature, &house.director, id, version))
    }
}

#[test]
fn one_is_under_way_at_a_time_and_holds_what_can_be_walked_to() {
    each_database(|db| {
        let ledger = Ledger::new(House::new(db));
        let id = ledger.start().unwrap();
        assert_eq!(because(ledger.start()), AlreadyOpen);
        let seen = ledger.see(id);
        let names: Vec<_> =
            seen.lines.iter().map(|line| (line.was.name.as_str(), line.was.place_name.as_str())).collect();
        assert_eq!(names, [("受付のパソコン", "受付")]);
        let line = &seen.lines[0];
        assert_eq!((line.was.serial.as_str(), line.was.count, line.version), ("S-1", Some(2), 1));
        assert_eq!((seen.take.fiscal_year, seen.take.started_by_name.as_str()), (2026, "院長"));
        ledger.close(id, 1).unwrap();
        ledger.start().unwrap();
        let told: Vec<_> = ledger.house.log(&ledger.house.director);
        let told: Vec<_> = told.iter().filter(|action| action.starts_with("stock_take")).collect();
        assert_eq!(told, ["stock_take_start", "stock_take_close", "stock_take_start"]);
    });
}

#[test]
fn what_comes_into_the_ledger_meanwhile_is_on_the_list_and_stays_in_the_record() {
    each_database(|db| {
        let ledger = Ledger::new(House::new(db));
        let id = ledger.start().unwrap();
        let printer = ledger.add(&AssetDetails::named(AssetKind::OfficeDevice, "複合機"));
        let router = ledger.add(&AssetDetails::named(AssetKind::NetworkDevice, "ルータ"));
        assert_eq!(ledger.see(id).line(printer).map(|line| line.version), Some(0));
        let line = ledger.mark((id, printer), 0, &says(Outcome::Found)).unwrap();
        assert_eq!((line.version, line.checked_by_name.as_str()), (1, "院長"));
        ledger.close(id, 1).unwrap();
        let house = &ledger.house;
        house.write(|tx| asset_remove(tx, &house.nature, &house.director, router, 1, false)).unwrap();
        let later = ledger.add(&AssetDetails::named(AssetKind::Terminal, "新しい端末"));
        let seen = ledger.see(id);
        assert_eq!(
            seen.line(router).map(|line| line.was.name.as_str()),
            Some("ルータ"),
            "kept though it is gone"
        );
        assert!(seen.line(later).is_none(), "a closed one does not grow");
        let counts = seen.counts();
        assert_eq!((counts.lines, counts.found, counts.not_checked, counts.added), (3, 1, 2, 0));
    });
}

#[test]
fn two_people_walk_and_nobody_overwrites_the_other() {
    each_database(|db| {
        let ledger = Ledger::new(House::new(db));
        let (id, asset) = (ledger.start().unwrap(), ledger.terminal);
        let operator = ledger.house.role(komainu_access::Role::SystemOperator);
        let first = ledger.mark_as(&operator, (id, asset), 1, &says(Outcome::NotFound)).unwrap();
        assert_eq!((first.version, first.checked_by_name.as_str()), (2, "別の人"));
        match because(ledger.mark((id, asset), 1, &says(Outcome::Found))) {
            MarkRefusal::Changed(theirs) => assert_eq!(*theirs, first),
            MarkRefusal::Closed => panic!("it is open"),
        }
        let same = ledger.mark((id, asset), 1, &says(Outcome::NotFound)).unwrap();
        assert_eq!(same.version, 2, "saying the same is no conflict");
        ledger.mark((id, asset), 2, &says(Outcome::Found)).unwrap();
        let back = ledger.mark((id, asset), 3, &says(Outcome::NotChecked)).unwrap();
        assert_eq!((back.checked_at, back.checked_by_name.as_str()), (None, ""));
        ledger.close(id, 1).unwrap();
        assert_eq!(because(ledger.mark((id, asset), 4, &says(Outcome::Found))), MarkRefusal::Closed);
        let Conflict(now) = because(ledger.close(id, 2));
        assert!(now.closed_at.is_some());
    });
}

#[test]
fn what_differs_is_taken_over_on_the_version_that_was_seen() {
    each_database(|db| {
        let ledger = Ledger::new(House::new(db));
        let (house, at) = (&ledger.house, (ledger.start().unwrap(), ledger.terminal));
        missing(plain(ledger.take(at, 1)));
        ledger.mark(at, 1, &moved("２階の倉庫")).unwrap();
        let before = house.read(|tx| asset_get(tx, &house.director, at.1)).unwrap();
        assert_eq!(before.details.place, Some(ledger.reception), "saying so changes nothing in the ledger");
        let renamed = terminal("受付の新しいパソコン", Some(ledger.reception));
        house.write(|tx| asset_change(tx, &house.nature, &house.director, at.1, 1, &renamed)).unwrap();
        match because(ledger.take(at, 1)) {
            TakeRefusal::Changed(now) => assert_eq!((now.version, now.details), (2, renamed)),
            other => panic!("{other:?}"),
        }
        let line = ledger.take(at, 2).unwrap();
        assert!(line.taken_at.is_some() && !line.can_be_taken());
        assert_eq!(ledger.take(at, 2).unwrap(), line, "once more changes nothing");
        let seen = ledger.see(at.0);
        let asset = &seen.assets[&at.1];
        let place = &seen.assets[&asset.details.place.unwrap()];
        assert_eq!((place.details.kind, place.details.name.as_str()), (AssetKind::Place, "２階の倉庫"));
        let facts = &asset.details.facts;
        assert_eq!((facts.text(Fact::Serial), facts.number(Fact::Count)), ("S-2", Some(3)));
        assert_eq!(asset.details.name, "受付の新しいパソコン", "nothing else is touched");
        assert_eq!(line.was.serial, "S-1", "the list remembers what was written");
        // Another answer afterwards can be taken over again.
        let again = ledger.mark(at, line.version, &moved("検査室")).unwrap();
        assert!(again.can_be_taken());
        ledger.add(&AssetDetails::named(AssetKind::Place, "検査室"));
        assert_eq!(because(ledger.take(at, asset.version)), TakeRefusal::Ambiguous);
        ledger.close(at.0, 1).unwrap();
        house
            .write(|tx| asset_remove(tx, &house.nature, &house.director, at.1, asset.version, false))
            .unwrap();
        assert_eq!(because(ledger.take(at, asset.version)), TakeRefusal::Gone);
    });
}

#[test]
fn what_is_in_no_ledger_is_added_where_it_stands() {
    each_database(|db| {
        let ledger = Ledger::new(House::new(db));
        let (house, id) = (&ledger.house, ledger.start().unwrap());
        let new = |kind, place: &str| NewThing {
            kind,
            name: "小さな箱".to_owned(),
            place: place.to_owned(),
            note: "机の下".to_owned(),
        };
        let add = |new: &NewThing| house.write(|tx| thing_add(tx, &house.nature, &house.director, id, new));
        let line = add(&new(AssetKind::NetworkDevice, "受付")).unwrap();
        assert!(line.added && line.mark.outcome == Outcome::Found);
        assert_eq!(line.was.place, Some(ledger.reception), "the place that is there already");
        let asset = house.read(|tx| asset_get(tx, &house.director, line.asset)).unwrap();
        assert_eq!((asset.details.name.as_str(), asset.details.note.as_str()), ("小さな箱", "机の下"));
        assert_eq!(add(&new(AssetKind::Terminal, "屋上")).unwrap().was.place_name, "屋上");
        assert_eq!(because(add(&new(AssetKind::Backup, ""))), AddRefusal::NoBody);
        assert_eq!(because(add(&new(AssetKind::CareProcess, "受付"))), AddRefusal::NoBody);
        assert_eq!(ledger.see(id).counts().added, 2);
        ledger.close(id, 1).unwrap();
        assert_eq!(because(add(&new(AssetKind::Terminal, "受付"))), AddRefusal::Closed);
    });
}

#[test]
fn this_year_stands_beside_the_last_one() {
    each_database(|db| {
        let ledger = Ledger::new(House::new(db));
        let house = &ledger.house;
        let last_day = || house.read(|tx| stock_take_last_day(tx, &house.director)).unwrap();
        assert_eq!(last_day(), None);
        let first = ledger.start().unwrap();
        ledger.mark((first, ledger.terminal), 1, &says(Outcome::NotFound)).unwrap();
        assert_eq!(last_day(), None, "one that is under way does not count");
        ledger.close(first, 1).unwrap();
        assert_eq!(last_day(), Some("2026-11-23".parse().unwrap()));
        house.fake.advance(chrono::Duration::days(365));
        let second = ledger.start().unwrap();
        let added = ledger.add(&AssetDetails::named(AssetKind::Terminal, "新しい端末"));
        let seen = ledger.see(second);
        assert_eq!(seen.take.fiscal_year, 2027);
        let (before, lines) =
            house.read(|tx| stock_take_before(tx, &house.director, &seen.take)).unwrap().unwrap();
        assert_eq!(before.id, first);
        let compared = rules::compare(&lines, &seen.lines);
        assert_eq!((compared.new, compared.gone), (vec![added], vec![]));
        let before = house.read(|tx| stock_take_before(tx, &house.director, &before)).unwrap();
        assert!(before.is_none(), "nothing came before the first");
    });
}

#[test]
fn others_see_and_change_nothing() {
    each_database(|db| {
        let ledger = Ledger::new(House::new(db));
        let (house, at) = (&ledger.house, (ledger.start().unwrap(), ledger.terminal));
        let (nature, other) = (&house.nature, &house.neighbour);
        missing(house.read(|tx| stock_take_see(tx, other, at.0)));
        missing(plain(ledger.mark_as(other, at, 1, &says(Outcome::Found))));
        missing(plain(house.write(|tx| line_take(tx, nature, other, at, 1))));
        missing(plain(house.write(|tx| stock_take_close(tx, nature, other, at.0, 1))));
        assert!(house.read(|tx| stock_takes(tx, other)).unwrap().is_empty());
        for role in LOOKING {
            let scope = house.role(role);
            denied(plain(house.write(|tx| stock_take_start(tx, nature, &scope, "x"))));
            denied(plain(ledger.mark_as(&scope, at, 1, &says(Outcome::Found))));
            denied(plain(house.write(|tx| line_take(tx, nature, &scope, at, 1))));
            denied(plain(house.write(|tx| stock_take_close(tx, nature, &scope, at.0, 1))));
            let sees = house.read(|tx| stock_take_see(tx, &scope, at.0)).is_ok();
            assert_eq!(sees, role == komainu_access::Role::Inspector, "{role:?}");
        }
        assert_eq!(ledger.see(at.0).lines[0].version, 1);
    });
}
