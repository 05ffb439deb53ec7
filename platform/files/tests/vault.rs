//! What is sealed stays sealed, whole and apart.
#![allow(clippy::unwrap_used)]

use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_clock::Nature;
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, Outside, Statement, params};
use komainu_files::{FileError, Files, Key, KeyError};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

const PDF: &[u8] = b"%PDF-1.7\nevidence of the training, with names in it";

fn scope(number: u128) -> Scope {
    Scope::new(PersonId(Uuid::from_u128(1)), "院長", OrganisationId(Uuid::from_u128(number)), Role::Director)
}

fn organisation(db: &Db, number: u128) {
    let make = Statement {
        name: "MAKE",
        sql: "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at) VALUES ($1, 'institution', '', '', '', $2)",
    };
    let at = Nature::real().now();
    db.write(|tx| tx.run(&Outside("a test"), make, params![Uuid::from_u128(number), at]).map(drop))
        .map_err(|error: komainu_db::DbError| error)
        .unwrap();
}

fn sealed(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() { found.extend(sealed(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}

#[test]
fn a_file_is_kept_once_and_only_its_own_organisation_can_open_it() {
    each_database(|db| {
        let folder = tempfile::tempdir().unwrap();
        let nature = Nature::real();
        let key = Key::open(&folder.path().join("key"), &nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        organisation(&db, 2);
        organisation(&db, 3);
        let put = |number| db.write(|tx| files.put(tx, &scope(number), &nature, PDF)).unwrap();
        let stored = put(2);
        assert_eq!(put(2), stored);
        assert_eq!(sealed(&folder.path().join("files")).len(), 1);
        assert_eq!(files.get(scope(2).organisation(), &stored.digest).unwrap(), PDF);
        assert!(files.get(scope(3).organisation(), &stored.digest).is_err());

        let path = sealed(&folder.path().join("files")).remove(0);
        let mut bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"evidence"), "readable from outside");
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(files.get(scope(2).organisation(), &stored.digest), Err(FileError::Damaged(_))));
    });
}

#[test]
fn the_key_is_private_and_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let nature = Nature::real();
    Key::open(&path, &nature).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let first = fs::read(&path).unwrap();
    Key::open(&path, &nature).unwrap();
    assert_eq!(fs::read(&path).unwrap(), first);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(Key::open(&path, &nature), Err(KeyError::Open(_))));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, b"short").unwrap();
    assert!(matches!(Key::open(&path, &nature), Err(KeyError::Damaged(_))));
}

#[test]
fn a_secret_in_the_database_opens_only_for_what_it_was_sealed_for() {
    let folder = tempfile::tempdir().unwrap();
    let nature = Nature::real();
    let files = |name: &str| {
        let key = Key::open(&folder.path().join(name), &nature).unwrap();
        Files::open(&folder.path().join("files"), key).unwrap()
    };
    let own = files("key");
    let sealed = own.seal(&nature, "webhook", b"secret").unwrap();
    assert_ne!(sealed, own.seal(&nature, "webhook", b"secret").unwrap(), "each time another");
    assert_eq!(own.unseal("webhook", &sealed).unwrap(), b"secret");
    assert!(matches!(own.unseal("mail", &sealed), Err(FileError::Damaged(_))));
    assert!(files("other-key").unseal("webhook", &sealed).is_err());
    for changed in [0, 10, sealed.len() - 1] {
        let mut bytes = sealed.clone();
        bytes[changed] ^= 1;
        assert!(own.unseal("webhook", &bytes).is_err(), "byte {changed}");
    }
    assert!(own.unseal("webhook", b"").is_err() && own.room().unwrap() > 0);
}
