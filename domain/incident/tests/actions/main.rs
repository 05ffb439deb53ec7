//! Incidents by their actions, on both databases: from the declaration to the end.
#![allow(clippy::unwrap_used)]

mod close;
#[path = "../../../institution/tests/common/mod.rs"]
mod common;
mod declare;
mod lead;
mod things;
mod told;

use chrono::Duration;
use common::{House, because, denied, missing, plain};
use komainu_access::{Permission, Permissions, PersonId, Role, Scope};
use komainu_catalog::{Catalog, TaskRole};
use komainu_db::Db;
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_files::{Files, Key, digest_of};
use komainu_i18n::Lang;
use komainu_incident::actions::*;
use komainu_incident::marks::map_marks;
use komainu_incident::rules::duties;
use komainu_incident::{
    AssetState, CustodyDetail, Detail, EntryId, EntryKind, ExhibitDetail, Fields, IncidentId, Level, Sheet,
    Stage, State, TaskState,
};
use komainu_inventory::actions::asset_add;
use komainu_inventory::{AssetDetails, AssetKind};
use komainu_map::model::Affected;
use komainu_nearmiss::actions::{analysis_get, measures_open, near_miss_get, near_miss_see};
use komainu_people::actions::reminders_want;
use komainu_web::{Conflict, Failure, Refused};

struct Site {
    house: House,
    files: Files,
    catalog: Catalog,
    _folder: tempfile::TempDir,
}

impl Site {
    fn new(db: Db) -> Site {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        Site { house, files, catalog: Catalog::embedded().unwrap(), _folder: folder }
    }

    fn wish(&self) -> Declare {
        Declare {
            kind: "ransomware".to_owned(),
            level: Level::Serious,
            drill: false,
            near_miss: None,
            detail: Detail { title: "電子カルテが開かない".to_owned(), ..Detail::default() },
            first_knew_at: self.house.nature.now() - Duration::hours(2),
        }
    }

    fn ask(&self, scope: &Scope, wish: &Declare) -> Result<IncidentId, Refused<DeclareRefusal>> {
        let house = &self.house;
        house.write(|tx| declare(tx, &house.nature, scope, &self.catalog, wish))
    }

    fn declare(&self, scope: &Scope, wish: &Declare) -> Result<IncidentId, Failure> {
        plain(self.ask(scope, wish))
    }

    fn declared(&self) -> IncidentId {
        self.declare(&self.house.director, &self.wish()).unwrap()
    }

    fn sheet(
        &self,
        (id, sheet, version): (IncidentId, Sheet, i64),
        fields: &[(&str, &str)],
    ) -> Result<(), Changed<komainu_incident::Filled>> {
        let house = &self.house;
        let fields: Fields =
            fields.iter().map(|(name, said)| ((*name).to_owned(), (*said).to_owned())).collect();
        house.write(|tx| sheet_save(tx, &house.nature, &house.director, (id, sheet, version), &fields))
    }

    fn close(
        &self,
        version: i64,
        id: IncidentId,
        shared: Option<&Shared>,
    ) -> Result<(), Refused<CloseRefusal>> {
        let house = &self.house;
        house.write(|tx| close(tx, &house.nature, &house.director, &self.files, (id, version), shared))
    }
}

fn on_both(test: impl Fn(Site)) {
    each_database(|db| test(Site::new(db)));
}
