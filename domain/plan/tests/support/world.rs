//! A small world: an institution with people and an open round.
#![allow(dead_code)]

use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope, SessionId, SessionToken, Sessions};
use komainu_catalog::Catalog;
use komainu_checklist::actions::{
    AnswerInput, AssignInput, OpenRound, answer_set, assignment_set, round_open,
};
use komainu_checklist::model::RoundId;
use komainu_clock::{Fake, Nature};
use komainu_db::{Db, Outside, Statement, params};
use komainu_files::{Files, Key};
use komainu_institution::actions::institution_interview_finish;
use komainu_plan::actions::{self, Seen};
use komainu_web::{App, Failure, Settings};
use std::sync::Arc;

const OUTSIDE: Outside = Outside("a test");
const ORGANISATION: Statement = Statement {
    name: "ORGANISATION",
    sql: "INSERT INTO organisation (id, kind, parent_id, name, name_kana, folded, created_at)
        VALUES ($1, $2, NULL, $3, '', $3, $4)",
};
const INSTITUTION: Statement = Statement {
    name: "INSTITUTION",
    sql: "INSERT INTO institution (organisation_id, kind, beds, prefecture, postal_code, address, phone, code, systems,
            operator_on_staff, entrusts_updates, interview_done_at, version)
        VALUES ($1, 'clinic', 0, '13', '', '', '', '', 'on_premises', NULL, NULL, NULL, 1)",
};
const PERSON: Statement = Statement {
    name: "PERSON",
    sql: "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at,
            disabled_at)
        VALUES ($1, $2, '', $3, $3, '', true, 'ja', $4, NULL)",
};

pub struct World {
    pub app: App,
    pub fake: Fake,
    _folder: tempfile::TempDir,
}

/// Monday, 23 November 2026, ten in the morning in Japan.
fn start() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

impl World {
    pub fn new(db: Db) -> World {
        let folder = tempfile::tempdir().unwrap();
        let (nature, fake) = Nature::fake(start());
        let key = Key::open(&folder.path().join("key"), &nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let settings = Settings { public_url: "http://localhost".to_owned(), ..Settings::default() };
        let app = App::new(db, nature, Arc::new(Catalog::embedded().unwrap()), files, settings);
        World { app, fake, _folder: folder }
    }

    pub fn organisation(&self, name: &str, kind: &str) -> OrganisationId {
        let id = OrganisationId(self.app.nature.id());
        let now = self.app.nature.now();
        self.app
            .db
            .write(|tx| {
                tx.run(&OUTSIDE, ORGANISATION, params![id, kind, name, now])?;
                if kind == "institution" {
                    tx.run(&OUTSIDE, INSTITUTION, params![id])?;
                }
                Ok::<_, Failure>(())
            })
            .unwrap();
        id
    }

    pub fn member(&self, organisation: OrganisationId, name: &str, role: Role) -> Scope {
        let (nature, id) = (&self.app.nature, PersonId(self.app.nature.id()));
        self.app
            .db
            .write(|tx| {
                let email = format!("{id}@example.jp");
                tx.run(&OUTSIDE, PERSON, params![id, name, &email, nature.now()])?;
                komainu_people::actions::membership_make(tx, nature, organisation, id, role, "")?;
                Ok::<_, Failure>(())
            })
            .unwrap();
        Scope::new(id, name, organisation, role)
    }

    pub fn finish_interview(&self, scope: &Scope) {
        self.app.db.write(|tx| institution_interview_finish(tx, &self.app.nature, scope)).unwrap();
    }

    pub fn open_round(&self, scope: &Scope) -> RoundId {
        let input = OpenRound { fiscal_year: 2026, vendor: None, carry: false };
        let open = self.app.db.write(|tx| round_open(tx, &self.app.nature, scope, &self.app.catalog, input));
        open.map_err(|refused| format!("{refused:?}")).unwrap().id
    }

    /// Answers rows: `no:<target>` or a plain code.
    pub fn answer(&self, scope: &Scope, round: RoundId, rows: &[(&str, &str)]) {
        for (row, said) in rows {
            let (answer, target) = said.split_once(':').unwrap_or((said, ""));
            let checked = if *row == "has-system" { vec![] } else { vec!["2026-11-20".to_owned()] };
            let input = AnswerInput {
                answer: answer.to_owned(),
                reason: String::new(),
                checked,
                target: target.to_owned(),
                note: String::new(),
                version: 0,
            };
            let (nature, catalog) = (&self.app.nature, &self.app.catalog);
            let row = row.parse().unwrap();
            let set = self.app.db.write(|tx| answer_set(tx, nature, scope, catalog, round, &row, &input));
            set.map(drop).map_err(|refused| format!("{row}: {refused:?}")).unwrap();
        }
    }

    /// Answers every row of this year's form: these as said, all others yes.
    pub fn answer_all(&self, scope: &Scope, round: RoundId, said: &[(&str, &str)]) {
        let form = self.app.catalog.form(2026, komainu_catalog::InstitutionKind::Clinic).unwrap();
        let ids: Vec<String> = form.gate.iter().chain(&form.rows).map(|row| row.id.to_string()).collect();
        let all: Vec<(&str, &str)> = ids
            .iter()
            .map(|id| said.iter().find(|(row, _)| row == id).copied().unwrap_or((id.as_str(), "yes")))
            .collect();
        self.answer(scope, round, &all);
    }

    pub fn assign(&self, scope: &Scope, round: RoundId, row: &str, to: &Scope) {
        let input =
            AssignInput { placements: vec![row.parse().unwrap()], person: Some(to.person()), due: None };
        let (nature, catalog) = (&self.app.nature, &self.app.catalog);
        let set = self.app.db.write(|tx| assignment_set(tx, nature, scope, catalog, round, &input));
        set.map(drop).map_err(|refused| format!("{refused:?}")).unwrap();
    }

    pub fn see(&self, scope: &Scope) -> Result<Seen, Failure> {
        let today = self.app.nature.today();
        self.app.db.read(|tx| actions::plan_see(tx, scope, &self.app.catalog, today))
    }

    pub fn log(&self, scope: &Scope) -> Vec<komainu_audit::Entry> {
        let page = komainu_audit::Page { limit: 1000, ..komainu_audit::Page::default() };
        self.app.db.read(|tx| Ok::<_, Failure>(komainu_audit::entries(tx, scope, &page)?)).unwrap()
    }

    /// Signs a person in and answers the session's secret.
    pub fn sign_in(&self, scope: &Scope) -> String {
        let token = SessionToken::new(self.app.nature.bytes());
        let (id, now) = (SessionId(self.app.nature.id()), self.app.nature.now());
        self.app
            .db
            .write(|tx| Ok::<_, Failure>(Sessions::begin(tx, id, &token, scope.person(), "test", now)?))
            .unwrap();
        token.text()
    }
}
