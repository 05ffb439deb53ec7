//! A sealed column opens with its key and in its row only, and what lay open is sealed.
#![allow(clippy::unwrap_used)]

use komainu_clock::Nature;
use komainu_db::testing::{each_database, each_empty, open};
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Sealed, Statement, Url, params};
use komainu_seal::Key;

const TEST: Outside = Outside("a test");
const HOUSE: Uuid = Uuid::from_u128(1);

komainu_db::statements! {
    ORGANISATION = "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at)
        VALUES ($1, 'institution', '', '', '', '2026-11-23T00:00:00.000000Z')";
    VENDOR = "INSERT INTO vendor (organisation_id, id, name, name_kana, person, phone, night_phone, email, note, created_at,
        version) VALUES ($1, $2, '', '', '', $3, '', '', '', '2026-11-23T00:00:00.000000Z', 1)";
    PHONES = "SELECT id, phone FROM vendor WHERE organisation_id = $1 ORDER BY id";
    SWAP = "UPDATE vendor SET phone = (SELECT phone FROM vendor WHERE organisation_id = $1 AND id = $2)
        WHERE organisation_id = $1";
}

komainu_db::sealed_columns! {
    PHONE = "vendor"."phone" by "id";
}

fn run(db: &Db, statement: Statement, values: &[komainu_db::Value]) {
    db.write(|tx| tx.run(&TEST, statement, values).map(drop)).map_err(|error: DbError| error).unwrap();
}

fn add(db: &Db, id: u128, phone: &str) {
    let id = Uuid::from_u128(id);
    db.write(|tx| {
        let phone = PHONE.close(tx, &[id.as_bytes()], phone)?;
        tx.run(&TEST, VENDOR, params![HOUSE, id, phone]).map(drop)
    })
    .map_err(|error: DbError| error)
    .unwrap();
}

fn raw(db: &Db) -> Vec<String> {
    db.read(|tx| tx.all(&TEST, PHONES, params![HOUSE], |row| row.get(1)))
        .map_err(|error: DbError| error)
        .unwrap()
}

fn opened(db: &Db) -> Result<Vec<String>, DbError> {
    db.read(|tx| {
        tx.all(&TEST, PHONES, params![HOUSE], |row| {
            let id: Uuid = row.get(0)?;
            PHONE.open(row, 1, &[id.as_bytes()])
        })
    })
}

#[test]
fn the_database_holds_no_number() {
    each_empty(|url: Url| {
        let db = open(&url);
        run(&db, ORGANISATION, params![HOUSE]);
        add(&db, 1, "03-1111-2222");
        add(&db, 2, "");
        let held = raw(&db);
        assert!(held[0].starts_with("sealed:0:") && held[1].is_empty(), "{held:?}");
        assert_eq!(opened(&db).unwrap(), ["03-1111-2222", ""]);
        // Without the key, or with another, nothing is shown and nothing is written in the open.
        let stranger = Db::open(&url).unwrap();
        assert!(matches!(opened(&stranger), Err(DbError::Other(_))));
        let refused = stranger.write(|tx| PHONE.close(tx, &[], "03"));
        assert!(matches!(refused, Err(DbError::Other(_))));
        let folder = tempfile::tempdir().unwrap();
        let other = Key::open(&folder.path().join("key"), &Nature::real()).unwrap();
        assert!(matches!(opened(&stranger.with_key(other)), Err(DbError::Other(_))));
        // A number does not move to another row.
        run(&db, SWAP, params![HOUSE, Uuid::from_u128(1)]);
        assert!(matches!(opened(&db), Err(DbError::Other(_))));
    });
}

#[test]
fn what_lies_open_or_under_an_older_key_is_sealed_anew() {
    each_database(|db| {
        let (folder, nature) = (tempfile::tempdir().unwrap(), Nature::real());
        let path = folder.path().join("key");
        let db = db.with_key(Key::open(&path, &nature).unwrap());
        run(&db, ORGANISATION, params![HOUSE]);
        // More than are sealed in one transaction.
        let numbers: Vec<String> = (0..450).map(|number| format!("03-0000-{number:04}")).collect();
        for (id, number) in (0..).zip(&numbers) {
            run(&db, VENDOR, params![HOUSE, Uuid::from_u128(id), number]);
        }
        assert_eq!((raw(&db), opened(&db).unwrap()), (numbers.clone(), numbers.clone()));
        assert_eq!(db.seal_rest(&PHONE).unwrap(), 450);
        assert!(raw(&db).iter().all(|text| text.starts_with("sealed:0:")));
        assert_eq!(db.seal_rest(&PHONE).unwrap(), 0);
        let db = db.with_key(Key::rotate(&path, &nature).unwrap());
        assert_eq!(opened(&db).unwrap(), numbers);
        assert_eq!(db.seal_rest(&PHONE).unwrap(), 450);
        assert!(raw(&db).iter().all(|text| text.starts_with("sealed:1:")));
        assert_eq!(opened(&db).unwrap(), numbers);
        // What is written once stays as it is.
        assert_eq!(db.seal_rest(&Sealed::once("vendor.phone")).unwrap(), 0);
    });
}
