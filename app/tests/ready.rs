//! `/readyz` says no when the program cannot work.
#![allow(clippy::unwrap_used)]

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::testing::each_database;
use komainu_db::{DbError, Outside, Statement};
use komainu_files::{Files, Key};
use komainu_web::{App, Settings};
use std::sync::Arc;
use tower::ServiceExt as _;

#[test]
fn a_foreign_schema_and_a_lost_folder_are_told() {
    each_database(|db| {
        let folder = tempfile::tempdir().unwrap();
        let nature = Nature::real();
        let key = Key::open(&folder.path().join("key"), &nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let settings = Settings { public_url: "http://localhost".into(), ..Settings::default() };
        let app = App::new(db, nature, Arc::new(Catalog::embedded().unwrap()), files, settings);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let ready = || {
            let router = komainu::router::router(&app);
            let request = Request::get("/readyz").header("host", "localhost").body(Body::empty()).unwrap();
            runtime.block_on(async {
                let answer = router.oneshot(request).await.unwrap();
                let status = answer.status();
                let body = to_bytes(answer.into_body(), 10_000).await.unwrap();
                (status, String::from_utf8(body.to_vec()).unwrap())
            })
        };
        assert_eq!(ready(), (StatusCode::OK, "ready\n".to_owned()));
        std::fs::remove_dir_all(folder.path().join("files")).unwrap();
        let newer = Statement {
            name: "NEWER",
            sql: "UPDATE schema_step SET number = 9999 WHERE number = (SELECT max(number) FROM schema_step)",
        };
        app.db.write(|tx| tx.run(&Outside("a test"), newer, &[])).map_err(|error: DbError| error).unwrap();
        let (status, body) = ready();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("database: the schema") && body.contains("disk: "), "{body}");
        // Connections to PostgreSQL may not be closed inside the runtime.
        drop(runtime);
    });
}
