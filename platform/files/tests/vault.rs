//! What is sealed stays sealed, whole and apart.
#![allow(clippy::unwrap_used)]

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_clock::Nature;
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, Outside, Statement, params};
use komainu_files::{FileError, Files, Key};
use std::fs;
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
fn what_was_sealed_before_there_were_generations_still_opens() {
    each_database(|db| {
        let folder = tempfile::tempdir().unwrap();
        let (nature, key_path) = (Nature::real(), folder.path().join("key"));
        let key = Key::open(&key_path, &nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key.clone()).unwrap();
        organisation(&db, 2);
        let stored = db.write(|tx| files.put(tx, &scope(2), &nature, PDF)).unwrap();
        let path = sealed(&folder.path().join("files")).remove(0);
        let bound = [scope(2).organisation().0.as_bytes(), stored.digest.as_bytes()].concat();
        let payload = Payload { msg: PDF, aad: &bound };
        let cipher = XChaCha20Poly1305::new(key.oldest().into()).encrypt(&XNonce::from([9; 24]), payload);
        fs::write(&path, [&b"KMN1"[..], &[9; 24], &cipher.unwrap()].concat()).unwrap();
        Key::rotate(&key_path, &nature).unwrap();
        let files =
            Files::open(&folder.path().join("files"), Key::open(&key_path, &nature).unwrap()).unwrap();
        assert_eq!(files.get(scope(2).organisation(), &stored.digest).unwrap(), PDF);
        assert_eq!(db.write(|tx| files.put(tx, &scope(2), &nature, PDF)).unwrap(), stored);
        assert_eq!(sealed(&folder.path().join("files")), [path], "kept once, under its old name");
    });
}

#[test]
fn what_is_laid_aside_is_sealed_unlisted_and_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let nature = Nature::real();
    let key = Key::open(&folder.path().join("key"), &nature).unwrap();
    let files = Files::open(&folder.path().join("files"), key).unwrap();
    let (own, other) = (scope(2).organisation(), scope(3).organisation());
    assert_eq!(files.laid_aside(own, "import/1").unwrap(), None);
    files.lay_aside(own, "import/1", &nature, b"evidence of nothing").unwrap();
    files.lay_aside(own, "import/1", &nature, PDF).unwrap();
    assert_eq!(files.laid_aside(own, "import/1").unwrap().as_deref(), Some(PDF));
    assert_eq!(files.laid_aside(other, "import/1").unwrap(), None);
    assert_eq!(files.laid_aside(own, "import/2").unwrap(), None);
    let lying = sealed(&folder.path().join("files"));
    assert_eq!(lying.len(), 1);
    let bytes = fs::read(&lying[0]).unwrap();
    assert!(!bytes.windows(8).any(|window| window == b"evidence"), "readable from outside");
    files.let_go(own, "import/1").unwrap();
    files.let_go(own, "import/1").unwrap();
    assert!(sealed(&folder.path().join("files")).is_empty());
}
