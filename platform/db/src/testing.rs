//! Throw-away databases for tests: SQLite in a temporary folder, and PostgreSQL on the server that `./check` started.

use crate::{Db, Url};
use chrono::{DateTime, Utc};

/// The address of a PostgreSQL server on which databases may be created, set by `./check`.
const SERVER: &str = "KOMAINU_TEST_POSTGRES_URL";

/// Runs `test` on a fresh, migrated database of each kind.
///
/// Without a PostgreSQL server only SQLite is used, except where `CI` is set: there the missing half is a failure.
///
/// # Panics
/// When a database cannot be made, or when `test` panics.
pub fn each_database(test: impl Fn(Db)) {
    each_empty(|url| test(open(&url)));
}

/// Runs `test` with the address of an empty database of each kind, without a schema.
///
/// # Panics
/// As [`each_database`].
pub fn each_empty(test: impl Fn(Url)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    test(Url::Sqlite(folder.path().join("komainu.db")));
    if let Ok(server) = std::env::var(SERVER) {
        let config: postgres::Config = server.parse().expect("a postgres address");
        // The folder's name is random, so that neither another run nor its leftovers are in the way.
        let bytes = folder.path().as_os_str().as_encoded_bytes().iter().rev().take(10);
        let name = bytes.fold("komainu_test_".to_owned(), |name, byte| name + &format!("{byte:02x}"));
        let mut admin = config.connect(postgres::NoTls).expect("the test server answers");
        admin.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database can be made");
        let mut own = config.clone();
        own.dbname(&name).ssl_mode(postgres::config::SslMode::Disable);
        test(Url::Postgres(Box::new(own)));
        admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).expect("it can be dropped");
    } else {
        assert!(std::env::var_os("CI").is_none(), "{SERVER} is not set: run ./check");
    }
}

/// Opens a database with the tests' key and brings its schema up.
pub fn open(url: &Url) -> Db {
    let db = Db::open(url).expect("the database opens").with_key(komainu_seal::Key::testing());
    db.migrate(DateTime::<Utc>::UNIX_EPOCH).expect("the schema is applied");
    db
}
