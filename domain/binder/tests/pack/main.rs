//! The inspection pack, made of real parts and read back by programs that know nothing of how it was made.
#![allow(clippy::unwrap_used)]

mod archive;
mod book;
mod emergency;
mod house;
mod jobs;
mod paper;
#[allow(dead_code)] // Its other readers stand beside the typesetting.
#[path = "../../../../platform/paper/tests/reader/mod.rs"]
mod reader;
#[path = "../../../checklist/tests/actions/workbook.rs"]
mod workbook;
#[path = "../../../checklist/tests/actions/world.rs"]
mod world;

use komainu_access::Scope;
use komainu_binder::PackWork;
use komainu_binder::actions::{made, pack_find, pack_order};
use komainu_binder::model::{Made, Order, PackForm};
use komainu_db::testing::each_database;
use komainu_i18n::Lang;
use komainu_jobs::{JobId, State, Work, Worker};
use komainu_paper::Paper;
use komainu_web::{App, Failure, Settings};
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};
use world::World;

/// Documents are set one at a time, as in the program.
static PAPER: LazyLock<Arc<Paper>> = LazyLock::new(|| Arc::new(Paper::new(NonZeroUsize::MIN)));

impl World {
    fn app(&self) -> App {
        let (db, nature) = (self.db.clone(), self.nature.clone());
        App::new(db, nature, self.catalog.clone(), self.files.clone(), Settings::default())
    }

    fn worker(&self) -> Worker {
        let work: Box<dyn Work> = Box::new(PackWork::new(self.app(), PAPER.clone()));
        Worker::new(self.db.clone(), self.nature.clone(), vec![work])
    }

    fn order(&self, scope: &Scope, order: Order) -> Result<JobId, Failure> {
        self.db.write(|tx| pack_order(tx, &self.nature, scope, order))
    }

    /// What came of an order, and the file.
    fn fetch(&self, scope: &Scope, id: JobId) -> (Made, Vec<u8>) {
        let (job, _) = self.db.read(|tx| pack_find(tx, scope, id)).unwrap();
        assert_eq!(job.state, State::Done, "{}", job.result);
        let made = made(&job).unwrap();
        let bytes = self.files.get(scope.organisation(), &made.digest).unwrap();
        assert_eq!(bytes.len(), made.size);
        (made, bytes)
    }

    /// Orders a pack, lets the worker make it, and fetches it.
    fn make(&self, scope: &Scope, fiscal_year: i32, lang: Lang, form: PackForm) -> (Made, Vec<u8>) {
        let id = self.order(scope, Order { fiscal_year, lang, form }).unwrap();
        assert!(self.worker().once().unwrap());
        let got = self.fetch(scope, id);
        if let Ok(dir) = std::env::var("KEEP_PACKS") {
            std::fs::write(format!("{dir}/{fiscal_year}-{lang}-{}", got.0.name), &got.1).unwrap();
        }
        got
    }
}
