//! Whoever runs the installation finds what failed, has it done again, stops it, and the log tells.
#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use komainu_access::{OrganisationId, PersonId, Role, Scope, Session, SessionId, SessionToken, Sessions};
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, Outside, Statement, Tx, params};
use komainu_files::{Files, Key};
use komainu_jobs::{Job, JobId, Progress, State, Work, WorkError, Worker, enqueue, find};
use komainu_web::{App, Audience, Failure, Settings, get, post};
use komainu_work::actions::{self, Runner};
use komainu_work::pages;
use std::sync::Arc;
use tower::ServiceExt as _;

const OUTSIDE: Outside = Outside("a test");
const ORGANISATION: Statement = Statement {
    name: "ORGANISATION",
    sql: "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at)
        VALUES ($1, 'institution', 'みほん医院', '', '', $2)",
};
const PERSON: Statement = Statement {
    name: "PERSON",
    sql: "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at)
        VALUES ($1, $2, '', $2, $2, '', $3, 'ja', $4)",
};

/// Work that does as its payload says.
struct Obedient;

impl Work for Obedient {
    fn kind(&self) -> &'static str {
        "mail"
    }

    fn run(&self, job: &Job, _: &Progress<'_>) -> Result<String, WorkError> {
        match job.payload.as_str() {
            "\"refuse\"" => Err(WorkError::Failed("550 <soumu@example.jp>: no such mailbox".to_owned())),
            _ => Err(WorkError::Again("no connection".to_owned())),
        }
    }
}

struct House {
    app: App,
    router: Router,
    organisation: OrganisationId,
    worker: Worker,
    _folder: tempfile::TempDir,
}

fn house(db: Db) -> House {
    let folder = tempfile::tempdir().unwrap();
    let nature = Nature::real();
    let key = Key::open(&folder.path().join("key"), &nature).unwrap();
    let files = Files::open(&folder.path().join("files"), key).unwrap();
    let settings = Settings { public_url: "http://localhost".into(), ..Settings::default() };
    let app = App::new(db, nature, Arc::new(Catalog::embedded().unwrap()), files, settings);
    let organisation = OrganisationId(app.nature.id());
    let now = app.nature.now();
    app.db
        .write(|tx| tx.run(&OUTSIDE, ORGANISATION, params![organisation, now]).map(drop))
        .map_err(|error: DbError| error)
        .unwrap();
    let runs = Audience::Administrator;
    let routes = vec![
        get("/operations/jobs", runs, pages::jobs),
        post("/operations/jobs/{organisation}/{job}/retry", runs, pages::job_retry),
        post("/operations/jobs/{organisation}/{job}/cancel", runs, pages::job_cancel),
    ];
    let router = komainu_web::router(&app, routes);
    let worker = Worker::new(app.db.clone(), app.nature.clone(), vec![Box::new(Obedient)]);
    House { app, router, organisation, worker, _folder: folder }
}

impl House {
    fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError>) -> T {
        self.app.db.write(work).unwrap()
    }

    fn scope(&self) -> Scope {
        Scope::new(PersonId(self.app.nature.id()), "事務長", self.organisation, Role::Director)
    }

    fn ask_for(&self, payload: &str) -> JobId {
        self.write(|tx| enqueue(tx, &self.app.nature, &self.scope(), "mail", &payload, 1))
    }

    fn job(&self, id: JobId) -> Job {
        self.app.db.read(|tx| find(tx, &self.scope(), id)).map_err(|e: DbError| e).unwrap().unwrap()
    }

    /// A signed-in browser, by its cookie, and the session behind it.
    fn enter(&self, name: &str, administrator: bool) -> (String, Session) {
        let (person, token) = (PersonId(self.app.nature.id()), SessionToken::new(self.app.nature.bytes()));
        let now = self.app.nature.now();
        let session = self.write(|tx| {
            tx.run(&OUTSIDE, PERSON, params![person, name, administrator, now])?;
            Sessions::begin(tx, SessionId(self.app.nature.id()), &token, person, "a test", now)?;
            Ok(Sessions::find(tx, &token, now)?.unwrap())
        });
        (format!("komainu-session={}", token.text()), session)
    }

    fn get(&self, runtime: &tokio::runtime::Runtime, cookie: &str) -> (StatusCode, String) {
        let request = Request::get("/operations/jobs").header("host", "localhost").header("cookie", cookie);
        let request = request.header("accept-language", "ja").body(Body::empty()).unwrap();
        runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap();
            let status = answer.status();
            (
                status,
                String::from_utf8(to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap(),
            )
        })
    }
}

#[test]
fn what_failed_is_shown_in_plain_words_and_can_be_done_again() {
    each_database(|db| {
        let house = house(db);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (refused, away) = (house.ask_for("refuse"), house.ask_for("wait"));
        while house.worker.once().unwrap() {}
        let (administrator, session) = house.enter("administrator@example.jp", true);
        let (status, page) = house.get(&runtime, &administrator);
        assert_eq!(status, StatusCode::OK);
        for words in [
            "うまくいかなかった仕事（1件）",
            "待っている仕事、進んでいる仕事（1件）",
            "メールを送る",
            "みほん医院",
            "メールのサーバが受け取りませんでした",
            "no such mailbox",
            "にもう一度試します",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("事務長"), "who asked is nobody's business here");
        let (nobody, other) = house.enter("somebody@example.jp", false);
        assert_eq!(house.get(&runtime, &nobody).0, StatusCode::NOT_FOUND);

        let nature = &house.app.nature;
        assert!(matches!(Runner::signed_in(&other), Err(Failure::NotFound)));
        let runner = Runner::signed_in(&session).unwrap();
        let retry =
            |id| house.app.db.write(|tx| actions::job_retry(tx, nature, &runner, house.organisation, id));
        let cancel =
            |id| house.app.db.write(|tx| actions::job_cancel(tx, nature, &runner, house.organisation, id));
        retry(refused).unwrap();
        assert_eq!((house.job(refused).state, house.job(refused).tries), (State::Waiting, 0));
        cancel(away).unwrap();
        assert_eq!(house.job(away).state, State::Cancelled);
        assert!(matches!(cancel(away), Err(Failure::Stale)), "it is over");
        // Another organisation's address leads nowhere.
        let elsewhere = OrganisationId(nature.id());
        let lost = house.app.db.write(|tx| actions::job_retry(tx, nature, &runner, elsewhere, refused));
        assert!(matches!(lost, Err(Failure::NotFound)));

        let entries = house
            .app
            .db
            .read(|tx| komainu_audit::follow(tx, &house.scope(), 0, 9))
            .map_err(|error: DbError| error)
            .unwrap();
        let told: Vec<_> =
            entries.iter().map(|entry| (entry.action.as_str(), entry.person_name.as_str())).collect();
        assert_eq!(
            told,
            [("job_retry", "administrator@example.jp"), ("job_cancel", "administrator@example.jp")]
        );
        drop(runtime);
    });
}

#[test]
fn the_page_speaks_every_language_and_is_quiet_where_nothing_is_wrong() {
    each_database(|db| {
        let house = house(db);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (administrator, _) = house.enter("administrator@example.jp", true);
        for (lang, words) in [("ja", "裏で進む仕事"), ("en", "Background work"), ("zh", "后台工作")]
        {
            let cookie = format!("{administrator}; komainu-lang={lang}");
            let (status, page) = house.get(&runtime, &cookie);
            assert_eq!(status, StatusCode::OK);
            assert!(page.contains(words) && !page.contains("No localization"), "{page}");
        }
        drop(runtime);
    });
}
