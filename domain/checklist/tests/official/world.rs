//! Two institutions with people, and a workbook shaped like the ministry's, in our own words.

use calamine::{Data, Reader, Xlsx};
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope, Session, SessionId, SessionToken, Sessions};
use komainu_catalog::{Catalog, Form, Variant};
use komainu_clock::Nature;
use komainu_db::{Db, Outside, Statement, params};
use komainu_files::{Files, Key};
use rust_xlsxwriter::{DataValidation, Format, Workbook};
use std::io::Cursor;
use std::sync::Arc;

const OUTSIDE: Outside = Outside("a test sets its world up");

/// What a workbook says of itself above the table.
pub const TITLE: &str =
    "令和８年度版　医療機関・薬局におけるサイバーセキュリティ対策チェックリスト（医療機関・薬局確認用）";
/// A question that the catalogue does not know.
pub const STRANGE: &str = "生成ＡＩを業務に使うときの手引きを職員に配っている。";
/// The number that the workbook prints before the continuity plan.
pub const PRINTED_BCP: &str = "3-④";
/// The sheet of the workbook.
pub const SHEET: &str = "チェックリスト";
/// The first row of the table, from zero.
pub const FIRST: u32 = 4;

pub fn catalog() -> Arc<Catalog> {
    Arc::new(Catalog::embedded().unwrap())
}

pub fn form(catalog: &Catalog) -> Form<'_> {
    catalog.form_of(2026, Variant::InstitutionPharmacy).unwrap()
}

/// The form of 2026 with a drop-down, a date, a target and a remark a row, and one row we do not know at its end.
pub fn workbook(catalog: &Catalog, title: &str) -> Vec<u8> {
    let (mut workbook, date) = (Workbook::new(), Format::new().set_num_format("yyyy/m/d"));
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET).unwrap();
    sheet.write(0, 0, title).unwrap();
    sheet.write(1, 0, "医療機関名").unwrap();
    sheet.write_blank(1, 1, &Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin)).unwrap();
    for (col, label) in (0..).zip(["番号", "チェック項目", "はい・いいえ", "確認日", "目標日", "備考"])
    {
        sheet.write(3, col, label).unwrap();
    }
    let form = form(catalog);
    let ours = form.gate.iter().chain(&form.rows).map(|row| {
        let number = row.placement.number.as_ref().map(|number| number.printed().to_owned());
        let words = match row.id.as_str() {
            "stop-services.server" => format!("（サーバ）{}", row.item.question.ja),
            "stop-services.terminal" => format!("（端末PC）{}", row.item.question.ja),
            _ => row.item.question.ja.clone(),
        };
        // The catalogue only expects its numbers: the form prints one of them otherwise.
        let number = if row.id.as_str() == "bcp" { Some(PRINTED_BCP.to_owned()) } else { number };
        (number.unwrap_or_default(), words)
    });
    for (row, (number, words)) in (FIRST..).zip(ours.chain([("4-②".to_owned(), STRANGE.to_owned())])) {
        sheet.write(row, 0, number).unwrap();
        sheet.write(row, 1, words).unwrap();
        let rule = DataValidation::new().allow_list_strings(&["はい", "いいえ"]).unwrap();
        sheet.add_data_validation(row, 2, row, 2, &rule).unwrap();
        for col in [3, 4] {
            sheet.write_blank(row, col, &date).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// A cell of a workbook, as another program reads it.
pub fn cell(bytes: &[u8], row: u32, col: u32) -> Data {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range(SHEET).unwrap();
    range.get_value((row, col)).cloned().unwrap_or(Data::Empty)
}

/// A database with two institutions.
pub struct World {
    pub db: Db,
    pub nature: Nature,
    pub catalog: Arc<Catalog>,
    pub files: Files,
    pub here: OrganisationId,
    pub there: OrganisationId,
    _folder: tempfile::TempDir,
}

fn statement(name: &'static str, sql: &'static str) -> Statement {
    Statement { name, sql }
}

impl World {
    pub fn new(db: Db) -> World {
        let start: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        let (nature, _) = Nature::fake(start);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let here = OrganisationId(nature.id());
        let there = OrganisationId(nature.id());
        let world = World { db, nature, catalog: catalog(), files, here, there, _folder: folder };
        world.institution(here, "みなと病院");
        world.institution(there, "やまの病院");
        world
    }

    fn institution(&self, id: OrganisationId, name: &str) {
        let now = self.nature.now();
        self.db
            .write(|tx| {
                tx.run(
                    &OUTSIDE,
                    statement("ORG", "INSERT INTO organisation (id, kind, parent_id, name, name_kana, folded, created_at) VALUES ($1, 'institution', NULL, $2, '', '', $3)"),
                    params![id, name, now],
                )?;
                tx.run(
                    &OUTSIDE,
                    statement("INST", "INSERT INTO institution (organisation_id, kind, beds, prefecture, postal_code, address, phone, code, systems, operator_on_staff, entrusts_updates, interview_done_at, version) VALUES ($1, 'hospital', 120, '13', '', '', '', '', NULL, NULL, NULL, NULL, 1)"),
                    params![id],
                )
            })
            .unwrap();
    }

    /// A new person with a role.
    pub fn person(&self, organisation: OrganisationId, name: &str, role: Role) -> Scope {
        let (id, now) = (PersonId(self.nature.id()), self.nature.now());
        let email = format!("{id}@example.jp");
        self.db
            .write(|tx| {
                tx.run(
                    &OUTSIDE,
                    statement("PERSON", "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at, disabled_at) VALUES ($1, $2, '', $3, $3, '', $4, 'ja', $5, NULL)"),
                    params![id, name, email, true, now],
                )?;
                tx.run(
                    &OUTSIDE,
                    statement("MEMBER", "INSERT INTO membership (organisation_id, person_id, role, title, created_at, ended_at, version) VALUES ($1, $2, $3, '', $4, NULL, 1)"),
                    params![organisation, id, role.code(), now],
                )
            })
            .unwrap();
        Scope::new(id, name, organisation, role)
    }

    /// Signs a person in and answers the cookie.
    pub fn sign_in(&self, scope: &Scope) -> String {
        let token = SessionToken::new(self.nature.bytes());
        let (id, now) = (SessionId(self.nature.id()), self.nature.now());
        self.db.write(|tx| Sessions::begin(tx, id, &token, scope.person(), "test", now)).unwrap();
        let found: Option<Session> = self.db.read(|tx| Sessions::find(tx, &token, now)).unwrap();
        assert!(found.is_some_and(|session| session.place.is_some()));
        format!("komainu-session={}; komainu-lang=ja", token.text())
    }
}
