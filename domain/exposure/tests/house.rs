//! The kept answer, on both databases: sealed, followed, never replaced by an older one.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;
#[path = "common/handa.rs"]
mod handa;

use chrono::Duration;
use common::{House, denied};
use handa::{Hospital, hospital};
use komainu_access::Role;
use komainu_catalog::Catalog;
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, Outside, Statement};
use komainu_exposed::actions::{exposure_gains, exposure_keep, exposure_report};
use komainu_exposed::answers::answer;
use komainu_exposed::jobs::{ExposureRoutine, ExposureWork, LedgerFollower};
use komainu_files::{Files, Key};
use komainu_inventory::actions::{
    asset_change, asset_get, connection_get, connection_remove, ledger, ledger_edit,
};
use komainu_inventory::{Fact, Facts, Ledger};
use komainu_jobs::routine::Clockwork;
use komainu_jobs::{Watch as _, Worker};
use komainu_web::{App, Settings};
use std::sync::Arc;

struct Site {
    app: App,
    house: House,
    hospital: Hospital,
    _folder: tempfile::TempDir,
}

fn site(db: Db) -> Site {
    let house = House::new(db);
    let folder = tempfile::tempdir().unwrap();
    let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
    let files = Files::open(&folder.path().join("files"), key).unwrap();
    let catalog = Arc::new(Catalog::embedded().unwrap());
    let app = App::new(house.db.clone(), house.nature.clone(), catalog, files, Settings::default());
    let hospital = hospital(&house.nature);
    let (nature, scope) = (&house.nature, &house.director);
    house.write(|tx| ledger_edit(tx, nature, scope, None, "test", &hospital.edits)).unwrap();
    Site { app, house, hospital, _folder: folder }
}

impl Site {
    /// Follows the ledger and does what it asks for.
    fn follow(&self) {
        assert!(LedgerFollower(self.app.clone()).look().unwrap());
        self.work();
    }

    fn work(&self) -> usize {
        self.house.fake.advance(Duration::seconds(5));
        let work = ExposureWork(self.app.clone());
        let worker = Worker::new(self.house.db.clone(), self.house.nature.clone(), vec![Box::new(work)]);
        std::iter::from_fn(|| worker.once().unwrap().then_some(())).count()
    }

    fn kept(&self) -> Option<komainu_exposed::Kept> {
        self.house.read(|tx| exposure_report(tx, &self.house.director)).unwrap()
    }

    fn revision(&self) -> i64 {
        self.house.read(|tx| ledger(tx, &self.house.director)).unwrap().revision
    }
}

#[test]
fn a_changed_ledger_is_followed_once() {
    each_database(|db| {
        let site = site(db);
        assert!(site.kept().is_none());
        site.follow();
        let first = site.kept().unwrap();
        assert_eq!(first.revision, site.revision());
        assert!(!first.report.stories.is_empty());
        // Nothing changed, nothing is asked.
        assert!(!LedgerFollower(site.app.clone()).look().unwrap());
        assert_eq!(site.work(), 0);
        let (nature, scope) = (&site.house.nature, &site.house.director);
        let line = site.house.read(|tx| connection_get(tx, scope, site.hospital.vpn)).unwrap();
        site.house.write(|tx| connection_remove(tx, nature, scope, line.id, line.version)).unwrap();
        assert!(!site.kept().unwrap().stands(site.revision(), nature.today()));
        site.follow();
        let second = site.kept().unwrap();
        assert!(second.revision > first.revision && second.report.stories.len() < first.report.stories.len());
    });
}

#[test]
fn what_lies_on_the_disk_says_nothing() {
    each_database(|db| {
        let site = site(db);
        site.follow();
        let texts = Statement { name: "TEXTS", sql: "SELECT report, gains FROM exposure_result" };
        let read: Result<(String, String), DbError> = site
            .house
            .db
            .read(|tx| tx.one(&Outside("a test"), texts, &[], |row| Ok((row.get(0)?, row.get(1)?))));
        let (report, gains) = read.unwrap();
        for word in ["asset:", "line:", "VPN装置", "\"", "{"] {
            assert!(!report.contains(word) && !gains.contains(word), "{word}");
        }
        assert!(report.len() > 1000 && !gains.is_empty());
    });
}

#[test]
fn an_older_answer_replaces_no_newer_one() {
    each_database(|db| {
        let site = site(db);
        let (scope, nature) = (&site.house.director, &site.house.nature);
        let old = site.house.read(|tx| ledger(tx, scope)).unwrap();
        let mut new = Ledger::clone(&old);
        new.revision += 1;
        let of = |ledger| answer(ledger, nature.today(), nature.now()).unwrap();
        site.house.write(|tx| exposure_keep(tx, scope, &of(&new))).unwrap();
        site.house.write(|tx| exposure_keep(tx, scope, &of(&old))).unwrap();
        assert_eq!(site.kept().unwrap().revision, new.revision);
    });
}

#[test]
fn the_day_on_which_support_ends_is_followed_in_the_morning() {
    each_database(|db| {
        let site = site(db);
        let (nature, scope) = (&site.house.nature, &site.house.director);
        let stored = site.house.read(|tx| asset_get(tx, scope, site.hospital.record)).unwrap();
        let mut details = stored.details.clone();
        details.facts =
            Facts::default().with(Fact::HoldsRecords, "yes").with(Fact::SupportEnds, "2026-11-24");
        site.house.write(|tx| asset_change(tx, nature, scope, stored.id, stored.version, &details)).unwrap();
        site.follow();
        let first = site.kept().unwrap();
        assert_eq!(first.good_until, "2026-11-24".parse().ok());
        site.house.fake.advance(Duration::days(2));
        let clockwork = Clockwork::new(
            site.house.db.clone(),
            nature.clone(),
            vec![Box::new(ExposureRoutine(site.app.clone()))],
        );
        clockwork.once(&|| false).unwrap();
        site.house.fake.advance(Duration::days(1));
        assert_eq!(clockwork.once(&|| false).unwrap(), 1);
        assert_eq!(site.work(), 1);
        let second = site.kept().unwrap();
        assert!(second.computed_at > first.computed_at && second.good_until.is_none());
        assert_eq!(second.revision, first.revision);
    });
}

#[test]
fn who_may_not_read_the_ledger_sees_nothing_and_a_neighbour_nothing_of_it() {
    each_database(|db| {
        let site = site(db);
        site.follow();
        for role in [Role::Staff, Role::VendorEngineer, Role::AssociationOfficer] {
            let scope = site.house.role(role);
            denied(site.house.read(|tx| exposure_report(tx, &scope)));
            denied(site.house.read(|tx| exposure_gains(tx, &scope)));
        }
        let inspector = site.house.role(Role::Inspector);
        assert!(site.house.read(|tx| exposure_report(tx, &inspector)).unwrap().is_some());
        assert!(site.house.read(|tx| exposure_report(tx, &site.house.neighbour)).unwrap().is_none());
        assert!(site.house.read(|tx| exposure_gains(tx, &site.house.neighbour)).unwrap().is_empty());
        assert!(!site.house.read(|tx| exposure_gains(tx, &site.house.director)).unwrap().is_empty());
    });
}
