//! A clinic that has done its year: rounds, answers, evidence, ledger, contacts, and the ministry's workbook.

use crate::workbook::{TITLE, workbook_with};
use crate::world::World;
use chrono::NaiveDate;
use komainu_access::Scope;
use komainu_catalog::{InstitutionKind, PlacementId, Variant};
use komainu_checklist::actions::{
    AnswerInput, AssignInput, OpenRound, answer_set, assignment_set, evidence_add_file, evidence_add_record,
    round_open,
};
use komainu_checklist::model::{EvidenceTarget, FormKey, RoundId};
use komainu_checklist::official::{
    Choices, NewForm, form_choose, form_load, own_answer_set, own_rows, recognise_form,
};
use komainu_contact::{ContactDetails, Duty};
use komainu_exposure::model::{ConnectionKind, Control, State};
use komainu_institution::Particulars;
use komainu_inventory::{
    AssetDetails, AssetId, AssetKind, ConnectionDetails, End, Fact, Facts, Hosting, SystemDetails, SystemId,
    Thing,
};
use komainu_vendor::{VendorDetails, VendorId};
use std::fmt::Debug;

/// A row that the catalogue does not know, in the middle of the workbook.
pub const STRANGE_IN_THE_MIDDLE: (&str, &str, &str) =
    ("patches", "2-⑳", "待合室の画面に患者の氏名を出さない。");

/// What stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub row: String,
    pub answer: &'static str,
    pub checked: Option<NaiveDate>,
    pub target: Option<NaiveDate>,
    pub note: String,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl World {
    fn run<T, E: Debug + From<komainu_db::DbError>>(
        &self,
        work: impl FnOnce(&mut komainu_db::Tx<'_>) -> Result<T, E>,
    ) -> T {
        self.db.write(work).unwrap()
    }

    pub fn named(&self, name: &str) {
        let particulars = Particulars {
            name: name.to_owned(),
            name_kana: String::new(),
            kind: InstitutionKind::Clinic,
            beds: 0,
            prefecture: "13".parse().unwrap(),
            postal_code: None,
            address: "千代田区一番町1-1".to_owned(),
            phone: None,
            code: "1312345678".parse().ok(),
        };
        let change = komainu_institution::actions::institution_change;
        self.run(|tx| change(tx, &self.nature, &self.director, 1, &particulars));
    }

    pub fn open(&self, scope: &Scope, fiscal_year: i32, vendor: Option<VendorId>) -> RoundId {
        let input = OpenRound { fiscal_year, vendor, carry: false };
        self.run(|tx| round_open(tx, &self.nature, scope, &self.catalog, input)).id
    }

    pub fn say(&self, round: RoundId, said: &Said) {
        let placement: PlacementId = said.row.parse().unwrap();
        let input = input(said);
        self.run(|tx| answer_set(tx, &self.nature, &self.director, &self.catalog, round, &placement, &input));
    }

    /// Answers every row of a form, each in another way; answers what was said, in printed order.
    pub fn answer_all(&self, round: RoundId, fiscal_year: i32, variant: Variant) -> Vec<Said> {
        let form = self.catalog.form_of(fiscal_year, variant).unwrap();
        let last = NaiveDate::from_ymd_opt(fiscal_year + 1, 3, 31);
        let mut all = Vec::new();
        for (at, row) in form.gate.iter().chain(&form.rows).enumerate() {
            let gate = form.gate.as_ref().is_some_and(|gate| gate.id == row.id);
            let answer = if gate { "yes" } else { ["yes", "no", "not_sure"][at % 3] };
            let work = answer != "yes";
            let said = Said {
                row: row.id.to_string(),
                answer,
                checked: (!gate).then(|| NaiveDate::from_ymd_opt(fiscal_year, 6, 15).unwrap()),
                // One no still lacks its date.
                target: last.filter(|_| work && at != 4),
                note: if at % 4 == 1 {
                    format!("備考の{at}行目。\n業者に確認済み。")
                } else {
                    String::new()
                },
            };
            self.say(round, &said);
            all.push(said);
        }
        all
    }

    pub fn evidence(&self, scope: &Scope, round: RoundId, row: &str, name: &str, bytes: &[u8]) {
        let row: PlacementId = row.parse().unwrap();
        self.run(|tx| {
            let file = (name, bytes);
            evidence_add_file(tx, &self.nature, scope, &self.catalog, &self.files, (round, &row), file)
        });
    }

    pub fn vendor(&self, name: &str) -> VendorId {
        let details = VendorDetails {
            name: name.to_owned(),
            person: "保守窓口".to_owned(),
            phone: "03-0000-1111".to_owned(),
            night_phone: "03-0000-2222".to_owned(),
            email: "support@vendor.example.jp".to_owned(),
            ..VendorDetails::default()
        };
        self.run(|tx| komainu_vendor::actions::vendor_add(tx, &self.nature, &self.director, &details))
    }

    /// Somebody inside with these numbers.
    pub fn contact(&self, phone: &str, night_phone: &str) {
        let details = ContactDetails {
            name: "当直".to_owned(),
            duty: Duty::Deputy.code().to_owned(),
            phone: phone.to_owned(),
            night_phone: night_phone.to_owned(),
            email: "toochoku@hospital.example.jp".to_owned(),
            ..ContactDetails::default()
        };
        self.run(|tx| komainu_contact::actions::contact_add(tx, &self.nature, &self.director, &details));
    }

    /// Systems, contacts inside and outside.
    pub fn ledger(&self, vendor: VendorId) -> komainu_inventory::SystemId {
        let director = &self.director;
        let system = SystemDetails {
            place: "受付の裏".to_owned(),
            vendor: Some(vendor),
            remote_maintenance: Some(true),
            updates_by_vendor: None,
            ..SystemDetails::named("receipt-computer".parse().unwrap(), "会計の機械", Hosting::OnPremises)
        };
        let id = self.run(|tx| komainu_inventory::actions::system_add(tx, &self.nature, director, &system));
        let inside = ContactDetails {
            name: "副院長".to_owned(),
            duty: Duty::Deputy.code().to_owned(),
            phone: "03-0000-3333".to_owned(),
            checked_on: Some(day("2026-10-01")),
            ..ContactDetails::default()
        };
        let outside = ContactDetails {
            name: "地域の窓口".to_owned(),
            duty: "配線の修理".to_owned(),
            phone: "03-0000-4444".to_owned(),
            outside: true,
            source: "https://desk.example.jp/".to_owned(),
            ..ContactDetails::default()
        };
        for contact in [inside, outside] {
            self.run(|tx| komainu_contact::actions::contact_add(tx, &self.nature, director, &contact));
        }
        id
    }

    pub fn asset(&self, details: &AssetDetails) -> AssetId {
        self.run(|tx| komainu_inventory::actions::asset_add(tx, &self.nature, &self.director, details))
    }

    pub fn line(&self, details: &ConnectionDetails) {
        self.run(|tx| komainu_inventory::actions::connection_add(tx, &self.nature, &self.director, details));
    }

    /// A device at a place, a line by which the vendor comes in, and one to the outside that is limited.
    pub fn connected(&self, vendor: VendorId, system: SystemId) {
        let place = self.asset(&AssetDetails::named(AssetKind::Place, "画像診断室"));
        let terminal = self.asset(&AssetDetails {
            place: Some(place),
            facts: Facts::default().with(Fact::Maker, "見本工業").with(Fact::Model, "X-1"),
            ..AssetDetails::named(AssetKind::Terminal, "読影の端末")
        });
        let to = |thing| End::Thing(thing);
        let mut limited =
            ConnectionDetails::between(ConnectionKind::IpsecIke, End::Internet, to(Thing::Asset(terminal)));
        limited.name.push_str("資格確認の線");
        limited.controls.insert(Control::SourceLimited, State::Present);
        self.line(&limited);
        let mut way_in = ConnectionDetails::between(
            ConnectionKind::RemoteMaintenance,
            End::Vendor(vendor),
            to(Thing::System(system)),
        );
        way_in.name.push_str("保守の入口");
        way_in.facts = Facts::default()
            .with(Fact::OpenedBy, "Ａ電子カルテ社の担当者")
            .with(Fact::HowToCut, "壁の箱の青い線を抜く。");
        way_in.controls.insert(Control::SourceLimited, State::Absent);
        self.line(&way_in);
    }

    pub fn link(&self, round: RoundId, row: &str, target: &EvidenceTarget) {
        let row: PlacementId = row.parse().unwrap();
        self.run(|tx| {
            evidence_add_record(tx, &self.nature, &self.director, &self.catalog, (round, &row), target)
        });
    }

    pub fn assign(&self, round: RoundId, row: &str, to: &Scope) {
        let input =
            AssignInput { placements: vec![row.parse().unwrap()], person: Some(to.person()), due: None };
        self.run(|tx| assignment_set(tx, &self.nature, &self.director, &self.catalog, round, &input));
    }

    /// Loads and confirms a workbook like the ministry's, with a row in its middle that we do not know.
    pub fn official(&self) {
        let bytes = workbook_with(&self.catalog, TITLE, &[STRANGE_IN_THE_MIDDLE]);
        let recognised = recognise_form(&self.catalog, &bytes, None, None).unwrap();
        let new = NewForm { file_name: "様式.xlsx".to_owned(), bytes, recognised, replaces: None };
        self.run(|tx| form_load(tx, &self.nature, &self.director, &self.files, &new));
        let choices = Choices { version: 1, confirm: true, ..Choices::default() };
        let key = (2026, Variant::InstitutionPharmacy);
        self.run(|tx| form_choose(tx, &self.nature, &self.director, &self.catalog, key, &choices));
    }

    /// Answers a row that only the workbook has.
    pub fn say_own(&self, sentence: &str, said: &Said) {
        let key = FormKey { variant: Variant::InstitutionPharmacy, vendor: None };
        let rows = self.db.read(|tx| own_rows(tx, &self.director, &self.catalog, 2026, key)).unwrap().2;
        let placement = rows.into_iter().find(|row| row.sentence == sentence).unwrap().placement;
        let (address, input) = ((2026, key, &placement), input(said));
        self.run(|tx| own_answer_set(tx, &self.nature, &self.director, &self.catalog, address, &input));
    }
}

fn input(said: &Said) -> AnswerInput {
    let text = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    AnswerInput {
        answer: said.answer.to_owned(),
        reason: String::new(),
        checked: vec![text(said.checked)],
        target: text(said.target),
        note: said.note.clone(),
        version: 0,
    }
}

/// The files that were handed in.
pub struct Papers {
    pub rules: Vec<u8>,
    pub picture: Vec<u8>,
    pub second: Vec<u8>,
    pub of_vendor: Vec<u8>,
}

/// Everything at once: what was said in the house's own round, and the files.
pub fn lived_in(world: &World) -> (Vec<Said>, Papers) {
    world.named("青空診療所");
    let vendor = world.vendor("Ａ電子カルテ社");
    let system = world.ledger(vendor);
    world.connected(vendor, system);
    let round = world.open(&world.director, 2026, None);
    let said = world.answer_all(round, 2026, Variant::InstitutionPharmacy);
    let of_vendor = world.open(&world.director, 2026, Some(vendor));
    world.answer_all(of_vendor, 2026, Variant::Vendor);
    let first_no = said.iter().find(|said| said.answer == "no").unwrap();
    world.assign(round, &first_no.row, &world.staff);
    let papers = Papers {
        rules: b"%PDF-1.7\nrules of the house".to_vec(),
        picture: b"\x89PNG\r\n\x1a\na photograph".to_vec(),
        second: "更新の記録".as_bytes().to_vec(),
        of_vendor: b"%PDF-1.7\nthe vendor's own sheet".to_vec(),
    };
    world.evidence(&world.director, round, "rules", "院内規程 第3版.pdf", &papers.rules);
    world.evidence(&world.director, round, "patches", "更新.png", &papers.picture);
    world.evidence(&world.staff_of(round, "patches"), round, "patches", "更新.txt", &papers.second);
    world.evidence(&world.director, round, "bcp", "院内規程 第3版.pdf", &papers.rules);
    world.evidence(&world.director, of_vendor, "patches", "回答書.pdf", &papers.of_vendor);
    world.link(round, "patches", &EvidenceTarget::System(system));
    (said, papers)
}

impl World {
    /// A member of staff to whom a row is given.
    fn staff_of(&self, round: RoundId, row: &str) -> Scope {
        self.assign(round, row, &self.colleague);
        self.colleague.clone()
    }
}
