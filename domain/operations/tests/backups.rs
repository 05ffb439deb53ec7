//! Backups by themselves, by the button, and what the page says about them.
#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use chrono::Duration;
use komainu_access::{OrganisationId, PersonId, Session, SessionId, SessionToken, Sessions};
use komainu_catalog::Catalog;
use komainu_clock::{Fake, Nature};
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Statement, Value, params, prepare_all};
use komainu_files::{Files, Key};
use komainu_jobs::routine::Clockwork;
use komainu_operations::actions::{Disks, Overview, Runner, overview};
use komainu_operations::model::{Finding, PROOF, Trouble};
use komainu_operations::rules::{Warning, warnings};
use komainu_operations::{BackupRoutine, ProofRoutine, STATEMENTS, pages};
use komainu_web::Audience::Administrator;
use komainu_web::{App, BackupSettings, Route, Settings, get, post};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt as _;

const OUTSIDE: Outside = Outside("a test");

struct House {
    app: App,
    fake: Fake,
    clockwork: Clockwork,
    backups: PathBuf,
    cookie: String,
    stranger: String,
    _folder: TempDir,
}

fn run(db: &Db, sql: &'static str, values: &[Value]) {
    let statement = Statement { name: "TEST", sql };
    db.write(|tx| tx.run(&OUTSIDE, statement, values).map(drop)).map_err(|error: DbError| error).unwrap();
}

fn person(app: &App, number: u128, administrator: bool) -> String {
    run(
        &app.db,
        "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at)
            VALUES ($1, $2, '', $2, $2, '', $3, 'ja', $4)",
        params![Uuid::from_u128(number), format!("p{number}"), administrator, app.nature.now()],
    );
    let place = Uuid::from_u128(100);
    run(
        &app.db,
        "INSERT INTO membership (organisation_id, person_id, role, title, created_at, version)
            VALUES ($1, $2, 'director', '', $3, 1)",
        params![place, Uuid::from_u128(number), app.nature.now()],
    );
    let token = SessionToken::new(app.nature.bytes());
    let id = SessionId(app.nature.id());
    app.db
        .write(|tx| Sessions::begin(tx, id, &token, PersonId(Uuid::from_u128(number)), "", app.nature.now()))
        .unwrap();
    format!("komainu-session={}; komainu-lang=en", token.text())
}

fn house(db: Db, with_folder: bool) -> House {
    let folder = tempfile::tempdir().unwrap();
    // 11:00 in Japan.
    let (nature, fake) = Nature::fake("2026-11-23T02:00:00Z".parse().unwrap());
    let (data, backups) = (folder.path().join("data"), folder.path().join("backups"));
    fs::create_dir_all(&data).unwrap();
    fs::create_dir_all(&backups).unwrap();
    let files =
        Files::open(&data.join("files"), Key::open(&data.join("files.key"), &nature).unwrap()).unwrap();
    let backup = BackupSettings { folder: backups.clone(), hour: 3, daily: 3, weekly: 1, monthly: 1 };
    let settings = Settings {
        version: "0.1.0".to_owned(),
        public_url: "http://127.0.0.1:8420".to_owned(),
        data,
        database: "sqlite:x".to_owned(),
        backup: with_folder.then(|| backup.clone()),
        ..Settings::default()
    };
    let app = App::new(db, nature.clone(), Arc::new(Catalog::embedded().unwrap()), files, settings);
    run(
        &app.db,
        "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at) VALUES ($1, 'institution', '', '', '', $2)",
        params![Uuid::from_u128(100), nature.now()],
    );
    let cookie = person(&app, 1, true);
    let stranger = person(&app, 2, false);
    let routines: Vec<Box<dyn komainu_jobs::routine::Routine>> = vec![
        Box::new(BackupRoutine::new(app.clone(), backup.clone())),
        Box::new(ProofRoutine::new(app.clone(), backup)),
    ];
    let clockwork = Clockwork::new(app.db.clone(), nature, routines);
    House { app, fake, clockwork, backups, cookie, stranger, _folder: folder }
}

impl House {
    fn turn(&self) -> usize {
        self.clockwork.once(&|| false).unwrap()
    }

    fn state(&self) -> Overview {
        let now = self.app.nature.now();
        let session = Session {
            id: SessionId(Uuid::nil()),
            person: PersonId(Uuid::from_u128(1)),
            person_name: String::new(),
            administrator: true,
            place: None,
            created_at: now,
            seen_at: now,
            user_agent: String::new(),
            proved_at: None,
            owes_factor: false,
            shared: None,
        };
        let (disks, runner) = (Disks::look(&self.app.settings), Runner::signed_in(&session).unwrap());
        self.app.db.read(|tx| overview(tx, &self.app, &runner, disks)).unwrap()
    }

    fn warnings(&self) -> Vec<Warning> {
        // Both folders lie on the test's one disk, which may be as full as it likes.
        let mut found = warnings(&self.state().situation);
        found.retain(|warning| {
            !matches!(warning, Warning::SameDisk | Warning::LittleRoomForData | Warning::LittleRoomForBackups)
        });
        found
    }

    fn archives(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> =
            fs::read_dir(&self.backups).unwrap().map(|e| e.unwrap().path()).collect();
        found.sort();
        found
    }
}

#[test]
fn a_backup_is_made_at_its_hour_proved_and_thinned_out() {
    each_database(|db| {
        let house = house(db, true);
        assert_eq!(house.turn(), 0, "its hour has not come");
        assert_eq!(house.warnings(), [Warning::NeverMade, Warning::KeyNotOnPaper]);
        house.fake.advance(Duration::hours(16));
        assert_eq!(house.turn(), 2, "a first backup is proved at once");
        assert_eq!(house.archives()[0].file_name().unwrap(), "komainu-20261124-030000.age");
        let state = house.state();
        assert!(matches!(state.proved.unwrap().finding, Finding::Sound { files: 0, .. }));
        assert_eq!(house.warnings(), [Warning::KeyNotOnPaper]);
        let data = house.app.settings.data.clone();
        assert!(
            fs::read_dir(data).unwrap().all(|e| !e
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with("proof-"))
        );

        let mut proved = BTreeSet::new();
        for _ in 0..20 {
            house.fake.advance(Duration::days(1));
            assert!(house.turn() >= 1);
            proved.insert(house.state().proved.unwrap().file);
        }
        assert!((3..=4).contains(&proved.len()), "about weekly: {proved:?}");
        // Three days, one week, one month, and the one that was proved last.
        assert!((3..=6).contains(&house.archives().len()), "{:?}", house.archives());
        assert_eq!(house.state().backups.len(), 10);
        house.fake.advance(Duration::hours(40));
        assert!(
            matches!(house.warnings()[..], [Warning::Old(40), Warning::KeyNotOnPaper]),
            "{:?}",
            house.warnings()
        );
    });
}

#[test]
fn a_missing_disk_is_told_and_tried_again() {
    each_database(|db| {
        let house = house(db, true);
        assert_eq!(house.turn(), 0);
        let away = house.backups.with_extension("away");
        fs::rename(&house.backups, &away).unwrap();
        house.fake.advance(Duration::hours(16));
        house.turn();
        let state = house.state();
        assert!(matches!(state.backups[0].outcome, Err((Trouble::NoFolder, _))), "{:?}", state.backups);
        assert_eq!(house.warnings()[0], Warning::FolderGone);
        fs::rename(&away, &house.backups).unwrap();
        assert_eq!(house.warnings()[0], Warning::Failed(Trouble::NoFolder));
        house.turn();
        assert!(house.archives().is_empty(), "not at once");
        house.fake.advance(Duration::hours(1));
        house.turn();
        assert_eq!(house.archives().len(), 1);
        assert!(!house.warnings().iter().any(|warning| matches!(warning, Warning::Failed(_))));
    });
}

#[test]
fn a_damaged_archive_does_not_pass_for_proved() {
    each_database(|db| {
        let house = house(db, true);
        house.turn();
        house.fake.advance(Duration::hours(16));
        house.turn();
        let archive = &house.archives()[0];
        let mut bytes = fs::read(archive).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(archive, bytes).unwrap();
        let now = house.app.nature.now();
        house.app.db.write(|tx| komainu_jobs::routine::ask(tx, PROOF, "", now)).unwrap();
        assert_eq!(house.turn(), 1);
        assert_eq!(house.warnings()[0], Warning::ProofFailed(Trouble::Damaged));
    });
}

fn routes() -> Vec<Route> {
    vec![
        get("/operations", Administrator, pages::operations),
        get("/operations/backup", Administrator, pages::backup_state),
        post("/operations/backup", Administrator, pages::backup_now),
        post("/operations/proof", Administrator, pages::proof_now),
        post("/operations/key", Administrator, pages::key_kept),
    ]
}

struct Browser {
    runtime: tokio::runtime::Runtime,
    router: Router,
}

impl Browser {
    fn ask(&self, method: Method, path: &str, cookie: &str, csrf: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8420")
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("csrf={csrf}")))
            .unwrap();
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let body = to_bytes(response.into_body(), 1_000_000).await.unwrap();
            (status, String::from_utf8(body.to_vec()).unwrap())
        })
    }
}

fn csrf(page: &str) -> String {
    page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn the_page_tells_what_is_wrong_and_its_buttons_work() {
    each_database(|db| {
        let house = house(db, true);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let browser = Browser { router: komainu_web::router(&house.app, routes()), runtime };
        let ask = |method, path: &str, csrf: &str| browser.ask(method, path, &house.cookie, csrf);
        let (status, page) = ask(Method::GET, "/operations", "");
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("There is no backup yet") && page.contains("Back up now"));
        let token = csrf(&page);
        assert_eq!(ask(Method::POST, "/operations/backup", &token).0, StatusCode::SEE_OTHER);
        let (_, page) = ask(Method::GET, "/operations", "");
        assert!(
            page.contains("data-poll=\"/operations/backup\"") && page.contains("Making a backup"),
            "{page}"
        );
        assert_eq!(house.turn(), 2, "the backup, and its first proof");
        assert_eq!(ask(Method::POST, "/operations/key", &token).0, StatusCode::SEE_OTHER);
        let (_, page) = ask(Method::GET, "/operations", "");
        assert!(page.contains("From this page（p1）") && page.contains("Prove that it restores"), "{page}");
        assert!(page.contains("came back equal") && page.contains("on paper, confirmed"));
        assert_eq!(ask(Method::POST, "/operations/proof", &token).0, StatusCode::SEE_OTHER);
        assert_eq!(house.turn(), 1);
        let verdict = house.app.db.read(|tx| komainu_audit::verify(tx, OrganisationId(Uuid::from_u128(100))));
        assert_eq!(verdict.unwrap().sound, 3, "each stands in the log");

        for (method, path) in [
            (Method::GET, "/operations"),
            (Method::GET, "/operations/backup"),
            (Method::POST, "/operations/backup"),
            (Method::POST, "/operations/proof"),
            (Method::POST, "/operations/key"),
        ] {
            assert_eq!(browser.ask(method, path, &house.stranger, "").0, StatusCode::NOT_FOUND, "{path}");
        }
    });
}

#[test]
fn without_a_folder_the_page_says_how_to_choose_one() {
    each_database(|db| {
        let house = house(db, false);
        assert_eq!(house.warnings(), [Warning::NoFolderSet]);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let browser = Browser { router: komainu_web::router(&house.app, routes()), runtime };
        for (lang, words) in
            [("ja", "自動の控えがありません"), ("en", "Nothing is backed up"), ("zh", "没有自动备份")]
        {
            let cookie = house.cookie.replace("lang=en", &format!("lang={lang}"));
            let (_, page) = browser.ask(Method::GET, "/operations", &cookie, "");
            assert!(page.contains(words) && page.contains("backup-folder = "), "{page}");
            assert!(!page.contains("No localization"), "{page}");
        }
    });
}

#[test]
fn the_key_is_set_on_one_sheet() {
    let key = komainu_archive::RecoveryKey::new(&Nature::real());
    for lang in komainu_i18n::Lang::ALL {
        let at = "2026-11-23T02:00:00Z".parse().unwrap();
        let page = komainu_operations::key_page(&key, lang, "見本病院", at).unwrap();
        assert_eq!((page.pages, page.accessible, page.remarks.as_str()), (1, true, ""));
        if let Some(folder) = std::env::var_os("KOMAINU_KEY_PAGES") {
            fs::write(Path::new(&folder).join(format!("key-{lang}.pdf")), page.bytes).unwrap();
        }
    }
}

#[test]
fn every_statement_is_understood() {
    each_database(|db| prepare_all(&db, STATEMENTS).unwrap());
}
