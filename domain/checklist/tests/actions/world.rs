//! Two clinics with people in every role, on a fresh database.
#![allow(dead_code)]

use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope, SessionId, SessionToken, Sessions};
use komainu_catalog::Catalog;
use komainu_clock::{Fake, Nature};
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Statement, params};
use komainu_files::{Files, Key};
use std::path::{Path, PathBuf};
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
    /// Where key and files lie.
    pub folder: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

/// 23 November 2026, in fiscal year 2026.
fn start() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

impl World {
    pub fn new(db: Db) -> World {
        World::of_kind(db, "clinic")
    }

    pub fn of_kind(db: Db, kind: &str) -> World {
        let folder = tempfile::tempdir().unwrap();
        let again = World::again(db, folder.path());
        let world = World { _folder: Some(folder), ..again };
        world.fill(kind, start());
        world
    }

    /// The same world once more, as another process of it finds it.
    pub fn again(db: Db, folder: &Path) -> World {
        let (nature, clock) = Nature::fake(start());
        let key = Key::open(&folder.join("key"), &nature).unwrap();
        let files = Files::open(&folder.join("files"), key).unwrap();
        let scope = |person: u128, name: &str, organisation: u128, role: Role| {
            Scope::new(
                PersonId(Uuid::from_u128(person)),
                name,
                OrganisationId(Uuid::from_u128(organisation)),
                role,
            )
        };
        World {
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
            folder: folder.to_owned(),
            _folder: None,
        }
    }

    fn fill(&self, kind: &str, start: DateTime<Utc>) {
        self.db
            .write(|tx| {
                for (id, name) in [(self.here(), "A診療所"), (self.there(), "B診療所")] {
                    tx.run(&TEST, ORGANISATION, params![id, name, start])?;
                    tx.run(&TEST, INSTITUTION, params![id, kind])?;
                }
                Ok::<_, DbError>(())
            })
            .unwrap();
        for scope in
            [&self.director, &self.operator, &self.staff, &self.colleague, &self.inspector, &self.stranger]
        {
            self.join(scope);
        }
    }

    /// Lets somebody be a member where their scope says.
    fn join(&self, scope: &Scope) {
        let (person, now) = (scope.person(), self.nature.now());
        let email = format!("{person}@example.jp");
        let administrator = scope.role() == Role::Director;
        self.db
            .write(|tx| {
                tx.run(&TEST, PERSON, params![person, scope.person_name(), email, administrator, now])?;
                let (organisation, role) = (scope.organisation(), scope.role().code());
                tx.run(&TEST, MEMBERSHIP, params![organisation, person, role, now])
            })
            .unwrap();
    }

    /// Somebody else with a role.
    pub fn person(&self, organisation: OrganisationId, name: &str, role: Role) -> Scope {
        let scope = Scope::new(PersonId(self.nature.id()), name, organisation, role);
        self.join(&scope);
        scope
    }

    /// The clinic of everybody but the stranger.
    pub fn here(&self) -> OrganisationId {
        self.director.organisation()
    }

    /// The stranger's clinic.
    pub fn there(&self) -> OrganisationId {
        self.stranger.organisation()
    }

    /// Signs a person in and answers the session's secret.
    pub fn sign_in(&self, scope: &Scope) -> String {
        let token = SessionToken::new(self.nature.bytes());
        let id = SessionId(self.nature.id());
        self.db
            .write(|tx| Sessions::begin(tx, id, &token, scope.person(), "test", self.nature.now()))
            .unwrap();
        token.text()
    }
}
