//! 見本中央病院: 120 beds, its own servers, an operator on staff, many firms. Two years are done, the third is half
//! done: the VPN box waits for its update, two targets are late, a firm has not replied.

use crate::houses::hospital_cases;
use crate::houses::hospital_ledger::CHAPTERS;
use crate::houses::hospital_lines::LINES;
use crate::ledger::{Firm, Machine};
use crate::papers;
use crate::sheet::{Sheet, no, unsure, yes};
use crate::stage::{Front, Part, Stage, done, part};
use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_catalog::InstitutionKind;
use komainu_checklist::model::EvidenceTarget;
use komainu_contact::{ContactId, Duty};
use komainu_institution::Systems;
use komainu_inventory::{Hosting, SystemId};
use komainu_people::actions::member_end;
use komainu_plan::model::MarkState;
use komainu_vendor::VendorId;
use komainu_web::Failure;

const FRONT: Front = Front {
    name: ("見本中央病院", "みほんちゅうおうびょういん"),
    kind: InstitutionKind::Hospital,
    beds: 120,
    address: "見本市中央町1-1-1",
    code: "1310000000",
};

pub(crate) const CAST: &[Part] = &[
    part("incho@chuo-byoin.example", ("病院長", "びょういんちょう"), Role::Director, "経営の責任者"),
    part("jimucho@chuo-byoin.example", ("病院事務長", "びょういんじむちょう"), Role::SafetyManager, "事務部"),
    part(
        "system@chuo-byoin.example",
        ("情報システム室", "じょうほうしすてむしつ"),
        Role::SystemOperator,
        "専任",
    ),
    part("kango@chuo-byoin.example", ("看護師長", "かんごしちょう"), Role::Staff, "3階病棟"),
    part("iji@chuo-byoin.example", ("医事課主任", "いじかしゅにん"), Role::Staff, "受付・会計"),
    part("kensa@hokenjo.example", ("立入検査担当", "たちいりけんさたんとう"), Role::Inspector, "保健所"),
];

/// Left in the second year; the account stays, the place is over.
const FORMER: Part =
    part("moto-iji@chuo-byoin.example", ("元・医事課員", "もといじかいん"), Role::Staff, "受付・会計");
/// Invited and not yet here: one whose link is still good, one whose link has run out.
const INVITED: [Part; 2] = [
    part("", ("薬剤科長", "やくざいかちょう"), Role::Staff, "薬剤科"),
    part("", ("放射線科技師長", "ほうしゃせんかぎしちょう"), Role::Staff, "放射線科"),
];

const FIRMS: &[Firm] = &[
    Firm {
        name: ("見本電子カルテ株式会社", "みほんでんしかるて"),
        person: "保守窓口",
        mail: "mihon-karte",
        note: "保守契約は毎年4月に更新",
    },
    Firm {
        name: ("見本医事サポート", "みほんいじさぽーと"),
        person: "サポート係",
        mail: "mihon-iji",
        note: "",
    },
    Firm {
        name: ("見本画像システム", "みほんがぞうしすてむ"),
        person: "技術課",
        mail: "mihon-gazo",
        note: "夜間は留守番電話",
    },
    Firm {
        name: ("見本ネットワークサービス", "みほんねっとわーくさーびす"),
        person: "回線係",
        mail: "mihon-net",
        note: "VPN装置の設置業者",
    },
    Firm {
        name: ("見本検査機器販売", "みほんけんさきき"),
        person: "営業担当",
        mail: "mihon-kensa",
        note: "",
    },
    Firm {
        name: ("見本給食サービス", "みほんきゅうしょく"),
        person: "",
        mail: "",
        note: "連絡先を確認すること",
    },
];

const MACHINES: &[Machine] = &[
    machine("emr-on-premises", "電子カルテ", "サーバ室", (Some(0), Some(true), Some(true))),
    machine("order-entry", "オーダリング", "サーバ室", (Some(0), Some(true), Some(true))),
    machine("receipt-computer", "医事会計", "サーバ室", (Some(1), Some(true), Some(true))),
    machine("pacs", "画像サーバ", "放射線科", (Some(2), Some(true), Some(false))),
    machine("laboratory", "検体検査システム", "検査科", (Some(4), None, None)),
    machine("department-systems", "透析部門システム", "透析室", (Some(4), Some(false), Some(false))),
    machine("monitors-nurse-call", "ナースコール", "各病棟", (None, None, None)),
    machine("eligibility-terminal", "資格確認の端末", "受付", (Some(1), Some(false), Some(true))),
    machine("network-boxes", "VPN装置", "サーバ室", (Some(3), Some(true), None)),
    machine("file-server", "部署の共有フォルダ", "サーバ室", (None, Some(false), Some(false))),
    machine("backup-device", "控えの装置", "別棟", (Some(0), Some(false), Some(true))),
    machine("meal-system", "給食の端末", "栄養科", (Some(5), None, None)),
    machine("office-pc", "事務用パソコン", "1階事務室", (None, Some(false), Some(false))),
    machine("office-things", "複合機・監視カメラ・無線LAN", "各階", (None, None, Some(false))),
];
/// The VPN box's place in the list.
const VPN: usize = 8;
/// The records' place in the list.
const RECORDS: usize = 0;

const fn machine(
    kind: &'static str,
    name: &'static str,
    place: &'static str,
    (firm, remote, updates): (Option<usize>, Option<bool>, Option<bool>),
) -> Machine {
    Machine { kind, name, place, hosting: Hosting::OnPremises, firm, remote, updates, note: "" }
}

/// The house and what stands in its ledger.
struct House {
    director: Scope,
    manager: Scope,
    operator: Scope,
    nurse: Scope,
    clerk: Scope,
    firms: Vec<VendorId>,
    machines: Vec<SystemId>,
    callers: Vec<ContactId>,
    former: PersonId,
}

/// Tells the story.
pub(crate) fn tell(stage: &mut Stage<'_, '_>, district: OrganisationId) -> Result<(), Failure> {
    let house = set_up(stage, district)?;
    first_year(stage, &house)?;
    second_year(stage, &house)?;
    this_year(stage, &house)?;
    marks(stage, &house)?;
    doors(stage, &house)
}

fn set_up(stage: &mut Stage<'_, '_>, district: OrganisationId) -> Result<House, Failure> {
    stage.clock.begin(stage.clock.day(2, 4, 15));
    let director = stage.found(&CAST[0], &FRONT, Some(district))?;
    let manager = stage.join(&director, &CAST[1])?;
    let operator = stage.join(&manager, &CAST[2])?;
    stage.go(stage.clock.day(2, 4, 22));
    let firms = stage.firms(&operator, FIRMS)?;
    let machines = stage.machines(&operator, &firms, MACHINES)?;
    stage.go(stage.clock.day(2, 5, 8));
    let nurse = stage.join(&manager, &CAST[3])?;
    let clerk = stage.join(&manager, &CAST[4])?;
    let former = stage.join(&manager, &FORMER)?.person();
    stage.go(stage.clock.day(2, 5, 20));
    let callers = stage.callers(
        &manager,
        &[
            (Duty::SafetyManager, &CAST[1], &manager),
            (Duty::SystemOperator, &CAST[2], &operator),
            (Duty::Director, &CAST[0], &director),
            (Duty::Deputy, &CAST[3], &nurse),
        ],
    )?;
    stage.outside_parties(&manager)?;
    stage.interview(&manager, Systems::OnPremises, true)?;
    Ok(House { director, manager, operator, nurse, clerk, firms, machines, callers, former })
}

fn first_year(stage: &mut Stage<'_, '_>, house: &House) -> Result<(), Failure> {
    let day = |month, date| stage.clock.day(2, month, date);
    let (winter, spring) = (day(12, 20), day(3, 31));
    let replies = [
        ("org-officer", yes("院長が任命。任命書は事務室の棚。")),
        ("remote-maintenance", yes("4社が外から入る。一覧を作った。")),
        ("mds-sds", no(day(9, 30), "電子カルテ以外は届いていない。")),
        ("accounts-cleanup.terminal", yes("病棟の共用IDは残っている。")),
        ("access-log.server", no(winter, "電子カルテは残るが、だれも見ていない。")),
        ("patches.network", no(day(1, 31), "VPN装置の版が分からない。業者に確認する。")),
        ("stop-services.server", no(day(3, 15), "業者の回答待ち。")),
        ("backup-restore", no(day(2, 28), "控えはあるが、戻したことがない。")),
        ("bcp", no(spring, "災害の計画はあるが、サイバー攻撃は考えていない。")),
    ];
    stage.go(stage.clock.day(2, 6, 10));
    let mut sheet = stage.open(&house.manager, stage.clock.year(2), None)?;
    stage.answer(&house.manager, &mut sheet, &replies)?;
    stage.attach(&house.manager, &sheet, "org-officer", ("任命書.pdf", &papers::appointment("事務長")))?;
    stage.go(stage.clock.day(2, 6, 12));
    stage.rest_yes(&house.operator, &mut sheet)?;
    stage.attach(&house.operator, &sheet, "asset-ledger", ("機器台帳.csv", papers::DEVICES.as_bytes()))?;
    stage.go(stage.clock.day(2, 12, 9));
    let logs = [("access-log.server", yes("月に一度、情報システム室が見ることにした。"))];
    stage.answer(&house.operator, &mut sheet, &logs)?;
    stage.go(stage.clock.day(2, 1, 24));
    let vpn = [("patches.network", yes("業者が来て更新した。"))];
    stage.answer(&house.operator, &mut sheet, &vpn)?;
    stage.go(stage.clock.day(2, 2, 19));
    stage.answer(&house.operator, &mut sheet, &[("backup-restore", yes("予備の端末で戻せた。"))])?;
    let note = ("復元試験の記録.txt", papers::RESTORE_NOTE.as_bytes());
    stage.attach(&house.operator, &sheet, "backup-restore", note)?;
    stage.go(stage.clock.day(2, 3, 26));
    stage.close(&house.director, &sheet)
}

fn second_year(stage: &mut Stage<'_, '_>, house: &House) -> Result<(), Failure> {
    stage.go(stage.clock.day(1, 5, 13));
    let mut sheet = stage.open(&house.manager, stage.clock.year(1), None)?;
    stage.assign(
        &house.manager,
        &sheet,
        &["accounts-cleanup", "media-control"],
        (house.clerk.person(), stage.clock.day(1, 6, 30)),
    )?;
    let kept = ["has-system", "org-officer", "asset-ledger", "remote-maintenance", "contact-chart"];
    stage.confirm(&house.manager, &mut sheet, &kept)?;
    let machines = ["patches", "access-log", "backup-restore", "source-restriction"];
    stage.confirm(&house.operator, &mut sheet, &machines)?;
    let day = |month, date| stage.clock.day(1, month, date);
    let replies = [
        ("mds-sds", no(day(10, 31), "画像と検査の業者から届いていない。")),
        ("password-reuse", no(day(10, 31), "業者の作業用IDが同じ言葉かもしれない。")),
        ("two-factor", no(day(3, 31), "電子カルテの更新に合わせて入れる予定。")),
        ("bcp", no(day(12, 26), "案を作り始めた。")),
        ("rules", no(day(3, 20), "規程は古く、USBと退職者のIDが書かれていない。")),
        ("stop-services.server", unsure(day(2, 27), "業者の答えを読んでも分からない。")),
    ];
    stage.answer(&house.manager, &mut sheet, &replies)?;
    stage.go(stage.clock.day(1, 6, 18));
    let clerk = [
        ("accounts-cleanup", yes("名簿と照らし合わせ、退職者の2件を止めた。")),
        ("media-control", no(stage.clock.day(1, 2, 27), "届け出のないUSBが各部署にある。")),
    ];
    stage.answer(&house.clerk, &mut sheet, &clerk)?;
    let accounts = ("利用者一覧の見直し.txt", papers::ACCOUNTS.as_bytes());
    stage.attach(&house.clerk, &sheet, "accounts-cleanup", accounts)?;
    stage.go(stage.clock.day(1, 6, 25));
    stage.rest_yes(&house.operator, &mut sheet)?;
    stage.ask(&house.manager, &sheet, &["mds-sds"], (house.firms[2], stage.clock.day(1, 7, 18)))?;
    stage.go(stage.clock.day(1, 7, 16));
    stage.replied(&house.manager, &sheet, "mds-sds", house.firms[2])?;
    vendor_form(stage, house, 1)?;
    stage.go(stage.clock.day(1, 9, 10));
    stage.connect(&house.operator, &house.firms, CHAPTERS, LINES)?;
    autumn(stage, house, &mut sheet)?;
    stage.go(stage.clock.day(1, 3, 27));
    stage.close(&house.director, &sheet)
}

fn autumn(stage: &mut Stage<'_, '_>, house: &House, sheet: &mut Sheet) -> Result<(), Failure> {
    stage.go(stage.clock.day(1, 10, 21));
    let letters = [("password-reuse", yes("業者ごとに違う言葉に変えてもらった。"))];
    stage.answer(&house.operator, sheet, &letters)?;
    stage.answer(&house.manager, sheet, &[("mds-sds", yes("主な業者の分がそろった。"))])?;
    stage.go(stage.clock.day(1, 11, 28));
    stage.answer(&house.manager, sheet, &[("bcp", yes("紙で3日続ける手順を作った。"))])?;
    stage.attach(&house.manager, sheet, "bcp", ("診療継続の手順.pdf", &papers::continuity()))?;
    stage.go(stage.clock.day(1, 2, 3));
    let nature = &stage.clock.nature;
    done(member_end(stage.tx, nature, &house.manager, house.former, true))?;
    stage.go(stage.clock.day(1, 3, 18));
    stage.answer(&house.manager, sheet, &[("rules", yes("規程を改めた。"))])?;
    stage.attach(&house.manager, sheet, "rules", ("運用管理規程（抜粋）.pdf", &papers::rules()))
}

/// The form that the records' vendor fills in.
fn vendor_form(stage: &mut Stage<'_, '_>, house: &House, back: i32) -> Result<(), Failure> {
    let mut sheet = stage.open(&house.manager, stage.clock.year(back), Some(house.firms[0]))?;
    let later = stage.clock.day(back, 3, 31);
    let replies = [("two-factor", no(later, "次の版から使えるとの回答。"))];
    stage.answer(&house.manager, &mut sheet, &replies)?;
    stage.rest_yes(&house.manager, &mut sheet)
}

fn this_year(stage: &mut Stage<'_, '_>, house: &House) -> Result<(), Failure> {
    let clock = &stage.clock;
    let (opened, answered, due) = (clock.ago(140), clock.ago(96), clock.ahead(12));
    let late = [clock.ago(24), clock.ago(8)];
    let (soon, end) = (clock.ahead(45), clock.last());
    stage.go(opened);
    let mut sheet = stage.open(&house.manager, stage.clock.year(0), None)?;
    let kept = ["has-system", "org-officer", "asset-ledger", "remote-maintenance", "mds-sds"];
    stage.confirm(&house.manager, &mut sheet, &kept)?;
    stage.attach(&house.manager, &sheet, "org-officer", ("任命書.pdf", &papers::appointment("事務長")))?;
    stage.go(answered);
    stage.confirm(&house.operator, &mut sheet, &["access-log", "source-restriction"])?;
    let operator = [
        ("patches", no(late[0], "VPN装置の版が古い。業者の作業日が決まらない。")),
        ("two-factor", no(end, "電子カルテの次の版から。外からの保守を先にする。")),
    ];
    stage.answer(&house.operator, &mut sheet, &operator)?;
    let vpn = "版が古い。更新の担当が契約に書かれていない。";
    stage.machine_note(&house.operator, house.machines[VPN], vpn)?;
    stage.attach(
        &house.operator,
        &sheet,
        "asset-ledger",
        ("ネットワークの図.png", &papers::network_picture()),
    )?;
    stage.point(&house.operator, &sheet, "patches", &EvidenceTarget::System(house.machines[VPN]))?;
    stage.point(&house.operator, &sheet, "access-log", &EvidenceTarget::System(house.machines[RECORDS]))?;
    stage.go(stage.clock.ago(90));
    let manager = [
        ("media-control", no(late[1], "届け出の箱を作った。集め終わっていない。")),
        ("accounts-cleanup", no(soon, "病棟の共用IDをなくす。")),
    ];
    stage.answer(&house.manager, &mut sheet, &manager)?;
    stage.point(&house.manager, &sheet, "contact-chart", &EvidenceTarget::Contact(house.callers[0]))?;
    let staff = (&house.manager, &house.operator, &house.nurse, &house.clerk);
    hospital_cases::summer(stage, staff)?;
    stage.go(stage.clock.ago(40));
    stage.invite(&house.manager, &INVITED[1])?;
    stage.exercise((&house.manager, &house.operator, &house.nurse))?;
    stage.ask(&house.manager, &sheet, &["patches"], (house.firms[3], stage.clock.ago(12)))?;
    let nurse = (house.nurse.person(), due);
    stage.assign(&house.manager, &sheet, &["bcp", "password-reuse"], nurse)?;
    let clerk = (house.clerk.person(), due);
    stage.assign(&house.manager, &sheet, &["contact-chart", "media-control"], clerk)?;
    stage.go(stage.clock.ago(6));
    stage.ask(&house.manager, &sheet, &["stop-services.server"], (house.firms[0], stage.clock.ahead(8)))
}

/// What was said about steps of the plan.
fn marks(stage: &mut Stage<'_, '_>, house: &House) -> Result<(), Failure> {
    stage.go(stage.clock.ago(21));
    stage.mark(&house.operator, "find-outside-boxes", MarkState::Done, "サーバ室と放射線科で2台。")?;
    stage.mark(&house.manager, "leaver-form", MarkState::Done, "退職の書類に一行足した。")?;
    stage.mark(&house.manager, "announce-officer", MarkState::Done, "朝礼で伝えた。")?;
    stage.mark(
        &house.operator,
        "cloud-two-step",
        MarkState::NotForUs,
        "クラウドの電子カルテを使っていない。",
    )?;
    stage.go(stage.clock.ago(7));
    stage.mark(&house.operator, "guest-wifi-test", MarkState::Later, "改修工事が終わってから試す。")
}

/// An inspector may look in, and somebody else is invited.
fn doors(stage: &mut Stage<'_, '_>, house: &House) -> Result<(), Failure> {
    stage.go(stage.clock.ago(5));
    stage.join(&house.manager, &CAST[5])?;
    stage.go(stage.clock.ago(2));
    stage.invite(&house.manager, &INVITED[0])?;
    hospital_cases::lately(stage, (&house.nurse, &house.clerk))
}
