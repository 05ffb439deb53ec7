//! A case in which something of everything happened.

use crate::model::{
    AssetDetail, AssetState, Case, Custody, CustodyDetail, Detail, Entry, EntryId, EntryKind, Exhibit,
    ExhibitDetail, ExhibitId, Filled, Incident, IncidentId, Level, Marked, RoleHeld, State,
};
use chrono::{DateTime, Duration, Utc};
use komainu_catalog::TaskRole;
use komainu_db::uuid::Uuid;
use komainu_files::digest_of;
use komainu_inventory::AssetId;

/// When it was declared.
fn declared() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn exhibit(id: u128) -> Exhibit {
    let at = declared();
    let custody = Custody {
        detail: CustodyDetail {
            from: "事務長".to_owned(), to: "調査会社".to_owned(), why: String::new()
        },
        handed_at: at,
        written_at: at,
        written_by_name: "事務長".to_owned(),
    };
    Exhibit {
        id: ExhibitId(Uuid::from_u128(id)),
        incident: IncidentId(Uuid::from_u128(1)),
        file: digest_of(b"MZ"),
        name: "見本.exe".to_owned(),
        size: 2,
        media_type: "application/octet-stream".to_owned(),
        detail: ExhibitDetail { what: "実行ファイル".to_owned(), ..ExhibitDetail::default() },
        taken_at: at - Duration::minutes(5),
        taken_by_name: "事務長".to_owned(),
        added_at: at,
        added_by_name: "事務長".to_owned(),
        custody: vec![custody],
    }
}

/// What was written with a change, or by hand.
fn entry(id: u128, kind: EntryKind, words: &str) -> Entry {
    Entry {
        id: EntryId(Uuid::from_u128(id)),
        kind,
        happened_at: declared() - Duration::minutes(30),
        written_at: declared(),
        written_by_name: "=事務長".to_owned(),
        words: words.to_owned(),
        reason: String::new(),
        corrects: None,
    }
}

/// An exercise whose summary nobody wrote, with the same file taken twice.
pub(crate) fn case() -> Case {
    let at = declared();
    let incident = Incident {
        id: IncidentId(Uuid::from_u128(1)),
        fiscal_year: 2024,
        number: 1,
        kind: "ransomware".to_owned(),
        level: Level::Serious,
        state: State::Open,
        drill: true,
        near_miss: None,
        detail: Detail { title: "カルテが開かない".to_owned(), ..Detail::default() },
        first_knew_at: at - Duration::hours(2),
        declared_at: at,
        declared_by_name: "病院長".to_owned(),
        closed_at: None,
        revision: 1,
        version: 1,
    };
    let marked = Marked {
        asset: AssetId(Uuid::from_u128(20)),
        state: AssetState::Affected,
        detail: AssetDetail { name: "カルテサーバ".to_owned(), note: String::new() },
        changed_at: at + Duration::minutes(1),
        changed_by_name: "事務長".to_owned(),
        version: 1,
    };
    let held = RoleHeld { role: TaskRole::Commander, person: None, name: "病院長".to_owned(), since: at };
    Case {
        incident,
        roles: vec![held],
        entries: vec![
            entry(30, EntryKind::Event, "=HYPERLINK(\"http://192.0.2.1\")"),
            entry(31, EntryKind::State, "contained"),
            entry(32, EntryKind::Knew, "2024-10-04T00:00:00+00:00"),
            entry(33, EntryKind::Task, "done ransomware.cut-backup"),
            entry(34, EntryKind::Task, "open 予備の電話 を配る"),
            entry(35, EntryKind::Asset, "cut_off カルテ サーバ"),
            entry(36, EntryKind::Told, "done police"),
            entry(37, EntryKind::Told, "open police"),
        ],
        tasks: Vec::new(),
        reminded: Vec::new(),
        assets: vec![marked],
        evidence: vec![exhibit(40), exhibit(41)],
        told: Vec::new(),
        facts: Filled::default(),
        answers: Filled::default(),
        lessons: Filled::default(),
    }
}
