//! A small world for tests of the ledger and of what is built on it: an administrator and two institutions.
#![allow(dead_code, clippy::unwrap_used)]

use komainu_access::{OrganisationId, PersonId, Role, Scope, Session, SessionId, SessionToken, Sessions};
use komainu_catalog::InstitutionKind;
use komainu_clock::{Fake, Nature};
use komainu_db::{Db, DbError, Outside, Statement, Tx, params};
use komainu_institution::actions::institution_found;
use komainu_institution::{NewInstitution, Particulars};
use komainu_web::{Failure, Refused};

const OUTSIDE: Outside = Outside("a test");
const PERSON: Statement = Statement {
    name: "PERSON",
    sql: "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at)
        VALUES ($1, $2, '', $3, $3, '', $4, 'ja', $5)",
};

pub struct House {
    pub db: Db,
    pub nature: Nature,
    pub fake: Fake,
    /// The secret of the administrator's browser.
    pub token: SessionToken,
    /// The director of the first institution, who is the administrator.
    pub director: Scope,
    /// The director of another institution.
    pub neighbour: Scope,
}

impl House {
    pub fn new(db: Db) -> House {
        let (nature, fake) = Nature::fake("2026-11-23T01:00:00Z".parse().unwrap());
        House::built(db, nature, fake)
    }

    /// The same in a world where time and chance went on.
    pub fn built(db: Db, nature: Nature, fake: Fake) -> House {
        let administrator = person(&db, &nature, "院長", true);
        let token = SessionToken::new(nature.bytes());
        begin(&db, &nature, &token, administrator);
        let session = find(&db, &nature, &token);
        let found = |name: &str| {
            let new = NewInstitution {
                particulars: particulars(name),
                parent: None,
                role_of_founder: Role::Director,
                title: "院長".into(),
            };
            write(&db, |tx| institution_found(tx, &nature, &session, &new)).unwrap()
        };
        let other = found("となり薬局");
        let own = found("青空診療所");
        let scope = |organisation| Scope::new(administrator, "院長", organisation, Role::Director);
        House { director: scope(own), neighbour: scope(other), token, db, nature, fake }
    }

    /// Somebody in the first institution, in another role.
    pub fn role(&self, role: Role) -> Scope {
        Scope::new(self.director.person(), "別の人", self.director.organisation(), role)
    }

    pub fn session(&self) -> Session {
        find(&self.db, &self.nature, &self.token)
    }

    pub fn write<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.db.write(work)
    }

    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
        self.db.read(work)
    }

    /// The actions in the log of an organisation, oldest first.
    pub fn log(&self, scope: &Scope) -> Vec<String> {
        let page = komainu_audit::Page { limit: 10_000, ..komainu_audit::Page::default() };
        let mut entries = self.db.read(|tx| komainu_audit::entries(tx, scope, &page)).unwrap();
        entries.sort_by_key(|entry| entry.seq);
        entries.into_iter().map(|entry| entry.action).collect()
    }
}

pub fn write<T, E: From<DbError>>(db: &Db, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
    db.write(work)
}

pub fn person(db: &Db, nature: &Nature, name: &str, administrator: bool) -> PersonId {
    let id = PersonId(nature.id());
    let email = format!("{id}@example.jp");
    db.write(|tx| tx.run(&OUTSIDE, PERSON, params![id, name, email, administrator, nature.now()])).unwrap();
    id
}

pub fn begin(db: &Db, nature: &Nature, token: &SessionToken, person: PersonId) {
    db.write(|tx| Sessions::begin(tx, SessionId(nature.id()), token, person, "test", nature.now())).unwrap();
}

pub fn find(db: &Db, nature: &Nature, token: &SessionToken) -> Session {
    db.read(|tx| Sessions::find(tx, token, nature.now())).unwrap().unwrap()
}

pub fn particulars(name: &str) -> Particulars {
    Particulars {
        name: name.into(),
        name_kana: String::new(),
        kind: InstitutionKind::Clinic,
        beds: 0,
        prefecture: "13".parse().unwrap(),
        postal_code: None,
        address: String::new(),
        phone: None,
        code: None,
    }
}

/// What refused an action, where a reason was expected.
#[track_caller]
pub fn because<T: std::fmt::Debug, R: std::fmt::Debug>(outcome: Result<T, Refused<R>>) -> R {
    match outcome {
        Err(Refused::Because(reason)) => reason,
        other => panic!("not refused for a reason: {other:?}"),
    }
}

#[track_caller]
pub fn denied<T: std::fmt::Debug>(outcome: Result<T, Failure>) {
    assert!(matches!(outcome, Err(Failure::Denied(_))), "{outcome:?}");
}

#[track_caller]
pub fn missing<T: std::fmt::Debug>(outcome: Result<T, Failure>) {
    assert!(matches!(outcome, Err(Failure::NotFound)), "{outcome:?}");
}

/// An outcome whose refusal for a reason no test expects here.
pub fn plain<T, R: std::fmt::Debug>(outcome: Result<T, Refused<R>>) -> Result<T, Failure> {
    outcome.map_err(|refused| match refused {
        Refused::Failed(failure) => failure,
        Refused::Because(reason) => panic!("refused: {reason:?}"),
    })
}

/// The roles that may not change the ledger or the institution.
pub const LOOKING: [Role; 4] = [Role::Staff, Role::Inspector, Role::VendorEngineer, Role::AssociationOfficer];

pub fn nobody() -> OrganisationId {
    OrganisationId(komainu_db::uuid::Uuid::from_u128(404))
}
