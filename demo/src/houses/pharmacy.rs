//! 見本薬局: nearly everything is a yes, and this year's round is complete: it can be inspected tomorrow.

use crate::ledger::{Firm, Machine};
use crate::papers;
use crate::sheet::{no, yes};
use crate::stage::{Front, Part, Stage, part};
use crate::things::Known;
use komainu_access::{Role, Scope};
use komainu_catalog::InstitutionKind;
use komainu_contact::Duty;
use komainu_exposure::model::Control;
use komainu_institution::Systems;
use komainu_inventory::{Fact, Hosting};
use komainu_web::Failure;

const FRONT: Front = Front {
    name: ("見本薬局", "みほんやっきょく"),
    kind: InstitutionKind::Pharmacy,
    beds: 0,
    address: "見本市駅前2-2-3",
    code: "",
};

pub(crate) const CAST: &[Part] = &[
    part("kanri@mihon-yakkyoku.example", ("管理薬剤師", "かんりやくざいし"), Role::Director, "開設者"),
    part("jimu@mihon-yakkyoku.example", ("薬局事務", "やっきょくじむ"), Role::Staff, "受付・会計"),
];

const FIRMS: &[Firm] = &[Firm {
    name: ("見本調剤システム", "みほんちょうざいしすてむ"),
    person: "サポート窓口",
    mail: "mihon-chozai",
    note: "レセコンと電子薬歴",
}];

const MACHINES: &[Machine] = &[
    machine("dispensing-computer", "調剤レセコン", "調剤室", Hosting::OnPremises),
    machine("medication-record", "電子薬歴", "", Hosting::Cloud),
    machine("eligibility-terminal", "資格確認の端末", "受付", Hosting::OnPremises),
    machine("network-boxes", "ルータ", "事務室", Hosting::OnPremises),
];

const fn machine(kind: &'static str, name: &'static str, place: &'static str, hosting: Hosting) -> Machine {
    Machine { kind, name, place, hosting, firm: Some(0), remote: Some(true), updates: Some(true), note: "" }
}

/// What is known beside the template's things.
const KNOWN: &[(&str, Known, &[Control])] = &[
    (
        "調剤レセコンの本体",
        &[(Fact::Count, "1"), (Fact::Keeper, "管理薬剤師"), (Fact::RecoveryHours, "8")],
        &[Control::HostFirewall],
    ),
    ("投薬口と調剤室のパソコン", &[(Fact::Count, "3"), (Fact::Os, "業務用OS")], &[Control::UsersNotAdmin]),
];

/// Tells the story.
pub(crate) fn tell(stage: &mut Stage<'_, '_>) -> Result<(), Failure> {
    stage.clock.begin(stage.clock.day(1, 5, 12));
    let owner = stage.found(&CAST[0], &FRONT, None)?;
    let clerk = stage.join(&owner, &CAST[1])?;
    let firms = stage.firms(&owner, FIRMS)?;
    stage.machines(&owner, &firms, MACHINES)?;
    stage.callers(&owner, &[(Duty::Director, &CAST[0], &owner), (Duty::Deputy, &CAST[1], &clerk)])?;
    stage.outside_parties(&owner)?;
    stage.interview(&owner, Systems::Mixed, false)?;
    stage.go(stage.clock.day(1, 6, 3));
    stage.template(&owner)?;
    stage.know(&owner, KNOWN)?;

    stage.go(stage.clock.day(1, 7, 2));
    let mut sheet = stage.open(&owner, stage.clock.year(1), None)?;
    let year_end = stage.clock.day(1, 3, 31);
    let replies = [
        ("two-factor", no(year_end, "薬歴の業者が来年対応する。")),
        ("bcp", no(year_end, "手書きの処方箋控えの置き場所を決める。")),
    ];
    stage.answer(&owner, &mut sheet, &replies)?;
    stage.rest_yes(&owner, &mut sheet)?;
    stage.go(stage.clock.day(1, 3, 12));
    stage.answer(&owner, &mut sheet, &[("bcp", yes("紙の薬歴と控えで2日続けられる。"))])?;
    stage.close(&owner, &sheet)?;
    this_year(stage, &owner)
}

fn this_year(stage: &mut Stage<'_, '_>, owner: &Scope) -> Result<(), Failure> {
    stage.go(stage.clock.ago(60));
    let mut sheet = stage.open(owner, stage.clock.year(0), None)?;
    stage.answer(
        owner,
        &mut sheet,
        &[("two-factor", no(stage.clock.last(), "年度末に薬歴の業者が入れる。"))],
    )?;
    let answered = [
        ("org-officer", yes("管理薬剤師が務める。")),
        ("asset-ledger", yes("4台すべてを台帳にした。")),
        ("backup-restore", yes("薬歴は業者、レセコンは毎晩別の装置に。")),
    ];
    stage.answer(owner, &mut sheet, &answered)?;
    stage.rest_yes(owner, &mut sheet)?;
    stage.go(stage.clock.ago(30));
    stage.attach(owner, &sheet, "org-officer", ("任命書.pdf", &papers::appointment("管理薬剤師")))?;
    stage.attach(owner, &sheet, "backup-restore", ("復元試験の記録.txt", papers::RESTORE_NOTE.as_bytes()))?;
    stage.attach(owner, &sheet, "bcp", ("継続の手順.pdf", &papers::continuity()))?;
    stage.attach(owner, &sheet, "rules", ("運用管理規程（抜粋）.pdf", &papers::rules()))?;
    stage.attach(owner, &sheet, "accounts-cleanup", ("利用者一覧の見直し.txt", papers::ACCOUNTS.as_bytes()))
}
