//! 見本駅前クリニック: records in the cloud, nobody for the systems alone. Last year is done; this year's round was opened
//! with last year's answers, which nobody has confirmed yet.

use crate::ledger::{Firm, Machine};
use crate::papers;
use crate::sheet::{no, not_applicable, unsure, yes};
use crate::stage::{Front, Part, Stage, part};
use crate::things::Known;
use komainu_access::{OrganisationId, Role};
use komainu_catalog::InstitutionKind;
use komainu_contact::Duty;
use komainu_exposure::model::Control;
use komainu_institution::Systems;
use komainu_inventory::{Fact, Hosting};
use komainu_web::Failure;

const FRONT: Front = Front {
    name: ("見本駅前クリニック", "みほんえきまえくりにっく"),
    kind: InstitutionKind::Clinic,
    beds: 0,
    address: "見本市駅前2-2-2",
    code: "",
};

/// The hospital's office manager belongs here too: one person, two institutions.
pub(crate) const CAST: &[Part] = &[
    part(
        "incho@ekimae-clinic.example",
        ("クリニック院長", "くりにっくいんちょう"),
        Role::Director,
        "安全管理責任者を兼ねる",
    ),
    part(
        "jimucho@chuo-byoin.example",
        ("病院事務長", "びょういんじむちょう"),
        Role::SafetyManager,
        "同じ法人の応援",
    ),
    part("uketsuke@ekimae-clinic.example", ("クリニック受付", "くりにっくうけつけ"), Role::Staff, "受付"),
];

const FIRMS: &[Firm] = &[
    Firm {
        name: ("見本クラウドカルテ", "みほんくらうどかるて"),
        person: "利用者窓口",
        mail: "mihon-cloud",
        note: "契約書に更新の責任が書かれている",
    },
    Firm {
        name: ("見本回線サービス", "みほんかいせんさーびす"), person: "", mail: "mihon-kaisen", note: ""
    },
];

const MACHINES: &[Machine] = &[
    Machine {
        kind: "emr-cloud",
        name: "クラウド電子カルテ",
        place: "",
        hosting: Hosting::Cloud,
        firm: Some(0),
        remote: Some(true),
        updates: Some(true),
        note: "",
    },
    Machine {
        kind: "booking-web",
        name: "ウェブ予約",
        place: "",
        hosting: Hosting::Cloud,
        firm: Some(0),
        remote: Some(false),
        updates: Some(true),
        note: "",
    },
    Machine {
        kind: "network-boxes",
        name: "ルータ",
        place: "受付の棚",
        hosting: Hosting::OnPremises,
        firm: Some(1),
        remote: None,
        updates: Some(true),
        note: "",
    },
    Machine {
        kind: "office-pc",
        name: "診察室と受付のパソコン",
        place: "1階",
        hosting: Hosting::OnPremises,
        firm: Some(0),
        remote: Some(false),
        updates: Some(true),
        note: "4台。保守契約に含む",
    },
];

/// What is known beside the template's things.
const KNOWN: &[(&str, Known, &[Control])] = &[
    (
        "診察室と受付のパソコン",
        &[(Fact::Count, "4"), (Fact::Keeper, "受付"), (Fact::Os, "業務用OS"), (Fact::TakesMedia, "yes")],
        &[Control::MediaLimited, Control::UsersNotAdmin],
    ),
    ("インターネットのルータ", &[(Fact::Count, "1")], &[]),
    ("事務用パソコン（メール・ホームページ）", &[(Fact::Count, "1"), (Fact::Keeper, "院長")], &[]),
];

/// Tells the story.
pub(crate) fn tell(stage: &mut Stage<'_, '_>, district: OrganisationId) -> Result<(), Failure> {
    stage.clock.begin(stage.clock.day(1, 4, 21));
    let director = stage.found(&CAST[0], &FRONT, Some(district))?;
    let manager = stage.join(&director, &CAST[1])?;
    let desk = stage.join(&director, &CAST[2])?;
    let firms = stage.firms(&manager, FIRMS)?;
    stage.machines(&manager, &firms, MACHINES)?;
    let callers = [(Duty::Director, &CAST[0], &director), (Duty::SafetyManager, &CAST[1], &manager)];
    stage.callers(&manager, &callers)?;
    stage.outside_parties(&manager)?;
    stage.interview(&manager, Systems::Cloud, false)?;
    stage.go(stage.clock.day(1, 5, 19));
    stage.template(&manager)?;
    stage.know(&manager, KNOWN)?;

    stage.go(stage.clock.day(1, 6, 5));
    let mut sheet = stage.open(&director, stage.clock.year(1), None)?;
    let replies = [
        ("org-officer", yes("院長が兼ねる。")),
        ("remote-maintenance", not_applicable("院内に、業者が外から入る機器を置いていない。")),
        ("access-log.server", yes("クラウドの業者が残している。")),
        ("media-control", no(stage.clock.day(1, 12, 26), "紹介状の画像をUSBで受け取ることがある。")),
        ("two-factor", no(stage.clock.day(1, 3, 31), "業者の案内を待っている。")),
        ("stop-services.terminal", unsure(stage.clock.day(1, 3, 31), "何が要らないのか分からない。")),
        ("bcp", no(stage.clock.day(1, 3, 31), "停電の手順だけがある。")),
    ];
    stage.answer(&director, &mut sheet, &replies)?;
    stage.rest_yes(&manager, &mut sheet)?;
    stage.attach(&director, &sheet, "org-officer", ("任命書.pdf", &papers::appointment("院長")))?;
    stage.go(stage.clock.day(1, 12, 18));
    stage.answer(&manager, &mut sheet, &[("media-control", yes("届いたCDは専用の1台で開く。"))])?;
    stage.go(stage.clock.day(1, 3, 24));
    stage.close(&director, &sheet)?;

    stage.go(stage.clock.ago(20));
    let sheet = stage.open(&director, stage.clock.year(0), None)?;
    let due = stage.clock.ahead(21);
    stage.assign(&director, &sheet, &["accounts-cleanup", "contact-chart"], (desk.person(), due))
}
