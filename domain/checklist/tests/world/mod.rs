//! Two clinics with people in every role, on a fresh database.
#![allow(dead_code)]

use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope, SessionId, SessionToken, Sessions};
use komainu_catalog::Catalog;
use komainu_clock::{Fake, Nature};
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Statement, params};
use komainu_files::{Files, Key};
use std::sync::{Arc, LazyLock};

const TEST: Outside = Outside("a test makes its world");

const ORGANISATION: Statement = Statement {
    name: "ORGANISATION",
    sql: "INSERT INTO organisation (id, kind, parent_id, name, name_kana, folded, created_at)
        VALUES ($1, 'institution', NULL, $2, '', '', $3)",
};
const INSTITUTION: Statement = Statement {
    name: "INSTITUTION",
    sql: "INSERT INTO institution (organisation_id, kind, beds, prefecture, postal_code, address, phone, code, version)
        VALUES ($1, $2, 0, '13', '', '', '03-0000-0000', '', 1)",
};
const PERSON: Statement = Statement {
    name: "PERSON",
    sql: "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at)
        VALUES ($1, $2, '', $3, $3, '', $4, 'ja', $5)",
};
const MEMBERSHIP: Statement = Statement {
    name: "MEMBERSHIP",
    sql: "INSERT INTO membership (organisation_id, person_id, role, title, created_at, version)
        VALUES ($1, $2, $3, '', $4, 1)",
};

/// The catalogue is read once for all tests of a binary.
static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(Catalog::embedded().unwrap()));

pub struct World {
    pub db: Db,
    pub nature: Nature,
    pub clock: Fake,
    pub catalog: Arc<Catalog>,
    pub files: Files,
    pub director: Scope,
    pub operator: Scope,
    pub staff: Scope,
    pub colleague: Scope,
    pub inspector: Scope,
    /// The director of the other clinic.
    pub stranger: Scope,
    folder: tempfile::TempDir,
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl World {
    /// 23 November 2026, in fiscal year 2026.
    pub fn new(db: Db) -> World {
        World::of_kind(db, "clinic")
    }

    pub fn of_kind(db: Db, kind: &str) -> World {
        let start = at("2026-11-23T01:00:00Z");
        let (nature, clock) = Nature::fake(start);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let scope = |person: u128, name: &str, organisation: u128, role: Role| {
            Scope::new(
                PersonId(Uuid::from_u128(person)),
                name,
                OrganisationId(Uuid::from_u128(organisation)),
                role,
            )
        };
        let world = World {
            director: scope(1, "院長", 100, Role::Director),
            operator: scope(2, "システム運用担当者", 100, Role::SystemOperator),
            staff: scope(3, "受付の職員", 100, Role::Staff),
            colleague: scope(4, "看護師長", 100, Role::Staff),
            inspector: scope(5, "検査の閲覧者", 100, Role::Inspector),
            stranger: scope(6, "よその院長", 200, Role::Director),
            catalog: CATALOG.clone(),
            db,
            nature,
            clock,
            files,
            folder,
        };
        world.fill(kind, start);
        world
    }

    fn fill(&self, kind: &str, start: DateTime<Utc>) {
        self.db
            .write(|tx| {
                for (id, name) in [(100, "A診療所"), (200, "B診療所")] {
                    tx.run(&TEST, ORGANISATION, params![Uuid::from_u128(id), name, start])?;
                    tx.run(&TEST, INSTITUTION, params![Uuid::from_u128(id), kind])?;
                }
                for scope in self.everyone() {
                    let email = format!("{}@example.jp", scope.person());
                    let administrator = scope.role() == Role::Director;
                    tx.run(
                        &TEST,
                        PERSON,
                        params![scope.person(), scope.person_name(), email, administrator, start],
                    )?;
                    tx.run(
                        &TEST,
                        MEMBERSHIP,
                        params![scope.organisation(), scope.person(), scope.role().code(), start],
                    )?;
                }
                Ok::<_, DbError>(())
            })
            .unwrap();
    }

    pub fn everyone(&self) -> [&Scope; 6] {
        [&self.director, &self.operator, &self.staff, &self.colleague, &self.inspector, &self.stranger]
    }

    /// Signs a person in and answers the cookie.
    pub fn sign_in(&self, scope: &Scope) -> String {
        let token = SessionToken::new(self.nature.bytes());
        let id = SessionId(self.nature.id());
        self.db
            .write(|tx| Sessions::begin(tx, id, &token, scope.person(), "test", self.nature.now()))
            .unwrap();
        format!("komainu-session={}", token.text())
    }
}
