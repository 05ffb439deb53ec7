//! Packs are made in the background: stopped when asked, begun again after a crash, fetched by nobody else.

use crate::house::lived_in;
use crate::world::World;
use crate::{Lang, PAPER, PackForm, each_database};
use chrono::Duration;
use komainu_access::{Role, Scope};
use komainu_binder::PackWork;
use komainu_binder::actions::{pack_cancel, pack_find, pack_order, packs};
use komainu_binder::model::Order;
use komainu_db::Url;
use komainu_db::testing::{each_empty, open};
use komainu_jobs::{Job, JobId, Progress, State, Work, WorkError, Worker};
use komainu_paper::{Stage, Template};
use komainu_web::Failure;
use std::io::BufRead as _;
use std::ops::ControlFlow;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;

const ORDER: Order = Order { fiscal_year: 2026, lang: Lang::Ja, form: PackForm::Archive };

fn look(world: &World, id: JobId) -> Job {
    world.db.read(|tx| pack_find(tx, &world.director, id)).unwrap().0
}

fn cancel(world: &World, scope: &Scope, id: JobId) -> Result<(), Failure> {
    world.db.write(|tx| pack_cancel(tx, &world.nature, scope, id))
}

fn logged(world: &World) -> Vec<String> {
    let page = komainu_audit::Page { limit: 9, ..komainu_audit::Page::default() };
    let entries = world.db.read(|tx| komainu_audit::entries(tx, &world.director, &page)).unwrap();
    entries.into_iter().map(|entry| entry.action).filter(|action| action.starts_with("pack")).collect()
}

#[test]
fn a_pack_that_nobody_began_is_stopped_at_once() {
    each_database(|db| {
        let world = World::new(db);
        world.open(&world.director, 2026, None);
        let id = world.order(&world.director, ORDER).unwrap();
        cancel(&world, &world.director, id).unwrap();
        assert_eq!(look(&world, id).state, State::Cancelled);
        assert!(!world.worker().once().unwrap(), "nothing is left to do");
        cancel(&world, &world.director, id).unwrap();
        assert_eq!(logged(&world), ["pack_cancel", "pack_order"], "stopping what is stopped is no change");
    });
}

#[test]
fn a_pack_under_way_is_stopped_at_its_next_step() {
    each_database(|db| {
        let world = World::new(db);
        world.open(&world.director, 2026, None);
        let id = world.order(&world.director, ORDER).unwrap();
        // Another document holds the only place where documents are set, until it is let go.
        let (let_go, wait) = channel::<()>();
        let (hold, held) = channel::<()>();
        std::thread::scope(|threads| {
            threads.spawn(move || {
                let blank = Template { name: "blank.typ", main: "", helpers: &[] };
                let stop = |stage| {
                    if stage == Stage::Waiting {
                        return ControlFlow::Continue(());
                    }
                    hold.send(()).unwrap();
                    wait.recv().unwrap();
                    ControlFlow::Break(())
                };
                let at = "2026-11-23T00:00:00Z".parse().unwrap();
                assert!(PAPER.render(&blank, &serde_json::json!({}), Lang::Ja, at, &stop).is_err());
            });
            held.recv().unwrap();
            let worker = world.worker();
            let working = threads.spawn(move || worker.once().unwrap());
            while look(&world, id).stage != "setting" {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            assert_eq!(look(&world, id).state, State::Running);
            cancel(&world, &world.director, id).unwrap();
            assert!(working.join().unwrap());
            let_go.send(()).unwrap();
        });
        let job = look(&world, id);
        assert_eq!((job.state, job.result.as_str()), (State::Cancelled, ""));
        assert!(komainu_binder::actions::made(&job).is_none());
        // The next one is made as if nothing had been.
        world.make(&world.director, 2026, Lang::Ja, PackForm::Workbook);
    });
}

/// Makes the pack and dies before it can say so.
struct NeverSays(PackWork);

impl Work for NeverSays {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn run(&self, job: &Job, progress: &Progress<'_>) -> Result<String, WorkError> {
        self.0.run(job, progress)?;
        println!("{MADE}");
        std::thread::sleep(std::time::Duration::from_secs(600));
        unreachable!("the process was to be killed")
    }
}

/// What the process that is to die says when the pack is made.
const MADE: &str = "the pack is made";
/// Where that process finds the database and the files.
const DATABASE: &str = "KOMAINU_TEST_DATABASE";
const FOLDER: &str = "KOMAINU_TEST_FOLDER";

/// The other process of the next test; in an ordinary run it has nothing to do.
#[test]
fn the_process_that_dies() {
    let (Ok(database), Ok(folder)) = (std::env::var(DATABASE), std::env::var(FOLDER)) else { return };
    let db = open(&database.parse().unwrap());
    let world = World::again(db, folder.as_ref());
    let work: Box<dyn Work> = Box::new(NeverSays(PackWork::new(world.app(), PAPER.clone())));
    Worker::new(world.db.clone(), world.nature.clone(), vec![work]).once().unwrap();
}

fn address(url: &Url) -> String {
    match url {
        Url::Sqlite(path) => format!("sqlite:{}", path.display()),
        Url::Postgres(config) => {
            let server = std::env::var("KOMAINU_TEST_POSTGRES_URL").unwrap();
            let (server, _) = server.rsplit_once('/').unwrap();
            format!("{server}/{}?sslmode=disable", config.get_dbname().unwrap())
        }
    }
}

#[test]
fn a_pack_whose_process_was_killed_is_made_by_another() {
    each_empty(|url| {
        let world = World::new(open(&url));
        let (_, papers) = lived_in(&world);
        let id = world.order(&world.director, ORDER).unwrap();
        let mut other = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "jobs::the_process_that_dies", "--nocapture"])
            .env(DATABASE, address(&url))
            .env(FOLDER, &world.folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let told = std::io::BufReader::new(other.stdout.take().unwrap()).lines();
        let made = told.map_while(Result::ok).any(|line| line.contains(MADE));
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(made, "the other process ended before its time");
        let job = look(&world, id);
        assert_eq!((job.state, job.attempts, job.stage.as_str()), (State::Running, 1, "keep"));
        assert!(!world.worker().once().unwrap(), "it may still be alive: its lease holds");
        world.clock.advance(Duration::seconds(61));
        assert!(world.worker().once().unwrap());
        let (made, bytes) = world.fetch(&world.director, id);
        assert_eq!((look(&world, id).attempts, made.left_out.len()), (2, 0));
        assert!(bytes.windows(papers.second.len()).any(|part| part == papers.second), "whole");
        assert!(!world.worker().once().unwrap(), "once is enough");
    });
}

#[test]
fn nobody_else_sees_stops_or_fetches_it() {
    each_database(|db| {
        let world = World::new(db);
        world.open(&world.director, 2026, None);
        world.open(&world.stranger, 2026, None);
        let id = world.order(&world.director, ORDER).unwrap();
        let find = |scope: &Scope| world.db.read(|tx| pack_find(tx, scope, id));
        assert!(matches!(find(&world.stranger), Err(Failure::NotFound)));
        assert!(matches!(cancel(&world, &world.stranger, id), Err(Failure::NotFound)));
        assert!(world.db.read(|tx| packs(tx, &world.stranger)).unwrap().is_empty());
        assert!(world.worker().once().unwrap());
        let (made, _) = world.fetch(&world.director, id);
        assert!(matches!(find(&world.stranger), Err(Failure::NotFound)));
        assert!(world.files.get(world.there(), &made.digest).is_err(), "not even by its digest");
        for role in Role::ALL {
            let scope = Scope::new(world.director.person(), "役割", world.here(), role);
            let may = role.may(komainu_access::Permission::PackMake);
            assert_eq!(find(&scope).is_ok(), may, "{role}");
            let ordered = world.db.write(|tx| pack_order(tx, &world.nature, &scope, ORDER));
            assert_eq!(ordered.is_ok(), may, "{role}");
        }
        while world.worker().once().unwrap() {}
        let all = world.db.read(|tx| packs(tx, &world.director)).unwrap();
        assert!(all.iter().all(|(job, _)| job.state == State::Done), "every role that may gets a whole pack");
        let none = Order { fiscal_year: 2024, ..ORDER };
        assert!(matches!(world.order(&world.director, none), Err(Failure::NotFound)), "no round, no pack");
    });
}
