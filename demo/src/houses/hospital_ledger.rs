//! What stands in 見本中央病院: dangerous in the ways of the published cases, of no real hospital.
//!
//! A VPN box in the middle of the records, a vendor's box that nobody counted, a standing line of the meal contractor, one
//! administrator's password everywhere, a backup within reach of the directory. Some things are in good order, and of many
//! nobody has said. Addresses are of the ranges that are kept for examples.

use crate::things::{Item, item};
use komainu_exposure::model::Control as C;
use komainu_inventory::AssetKind as K;
use komainu_inventory::Fact as F;
use komainu_inventory::RelationKind as R;

/// Sittings in which the ledger was written.
pub(crate) const CHAPTERS: &[&[Item]] =
    &[GROUND, NETWORK, SERVERS, COPIES, TERMINALS, DEVICES, ACCOUNTS, CARE];

const GROUND: &[Item] = &[
    item(K::Place, "server-room", "サーバ室"),
    item(K::Place, "reception", "1階 受付・外来"),
    item(K::Place, "wards", "3階 病棟"),
    item(K::Place, "radiology", "放射線科"),
    item(K::Place, "laboratory", "検査科"),
    item(K::Place, "annex", "別棟"),
    Item { known: &[(F::Address, "192.0.2.0/25")], ..item(K::Zone, "records", "患者情報の区画") },
    Item {
        known: &[(F::Address, "198.51.100.0/25")],
        ..item(K::Zone, "office", "事務・インターネットの区画")
    },
    item(K::Zone, "devices", "医療機器の区画"),
    Item {
        note: "ウェブ予約の中継を置いている。", ..item(K::Zone, "public", "公開用の区画（DMZ）")
    },
    item(K::Zone, "maintenance", "保守用の区画"),
    item(K::Zone, "guest", "来客用の無線LANの区画"),
];

const NETWORK: &[Item] = &[
    Item {
        zone: "office",
        place: "server-room",
        system: "network-boxes",
        firm: Some(3),
        known: &[(F::Maker, "メーカーA"), (F::Keeper, "情報システム室"), (F::SupportEnds, "@700")],
        present: &[C::Updates, C::Supported],
        ..item(K::NetworkDevice, "firewall", "インターネットの境のファイアウォール")
    },
    Item {
        zone: "records",
        place: "server-room",
        system: "network-boxes",
        firm: Some(3),
        known: &[
            (F::Maker, "メーカーB"),
            (F::Software, "版は未確認"),
            (F::Installed, "@-2400"),
            (F::SupportEnds, "@-120"),
            (F::Address, "192.0.2.1"),
        ],
        absent: &[C::Updates, C::Supported, C::LogWatched],
        note: "更新の担当が契約に書かれていない。",
        ..item(K::NetworkDevice, "vpn", "保守用のVPN装置")
    },
    Item {
        zone: "devices",
        place: "radiology",
        firm: Some(2),
        absent: &[C::LogWatched],
        note: "画像の業者が置いたもの。去年の見回りで見つかった。",
        ..item(K::NetworkDevice, "vpn-images", "業者が自分で置いたVPN装置")
    },
    Item {
        zone: "records",
        place: "reception",
        system: "eligibility-terminal",
        firm: Some(1),
        known: &[(F::Keeper, "医事課")],
        present: &[C::Supported],
        ..item(K::NetworkDevice, "eligibility-router", "資格確認の回線のルータ")
    },
    Item {
        zone: "records",
        place: "server-room",
        known: &[
            (F::Count, "2"),
            (F::Maker, "メーカーA"),
            (F::Keeper, "情報システム室"),
            (F::SupportEnds, "@40"),
        ],
        present: &[C::Supported],
        ..item(K::NetworkDevice, "core-switch", "中心のスイッチ")
    },
    Item {
        zone: "records",
        place: "wards",
        system: "office-things",
        known: &[(F::Count, "14")],
        ..item(K::NetworkDevice, "ward-wifi", "病棟の無線LANの親機")
    },
    Item {
        zone: "guest",
        place: "reception",
        system: "office-things",
        known: &[(F::Count, "3")],
        ..item(K::NetworkDevice, "guest-wifi", "来客用の無線LANの親機")
    },
];

const SERVERS: &[Item] = &[
    Item {
        zone: "records",
        place: "server-room",
        system: "file-server",
        firm: Some(3),
        known: &[
            (F::Count, "2"),
            (F::Maker, "メーカーC"),
            (F::Os, "サーバ用OS"),
            (F::Keeper, "情報システム室"),
            (F::RecoveryHours, "16"),
            (F::Address, "192.0.2.10"),
        ],
        present: &[C::Supported],
        absent: &[C::HostFirewall, C::AntivirusLocked, C::Lockout],
        ..item(K::Server, "directory", "認証サーバ（AD）")
    },
    Item {
        zone: "records",
        place: "server-room",
        system: "emr-on-premises",
        firm: Some(0),
        known: &[(F::Count, "3"), (F::Maker, "メーカーC"), (F::SupportEnds, "@300")],
        present: &[C::Supported],
        absent: &[C::HostFirewall],
        related: &[(R::ManagedBy, "directory")],
        ..item(K::Server, "virtual-base", "仮想サーバの土台")
    },
    Item {
        zone: "records",
        place: "server-room",
        system: "emr-on-premises",
        firm: Some(0),
        known: &[
            (F::Os, "サーバ用OS"),
            (F::Keeper, "情報システム室"),
            (F::HoldsRecords, "yes"),
            (F::RecoveryHours, "80"),
            (F::Address, "192.0.2.21"),
        ],
        present: &[C::Supported, C::Antivirus],
        absent: &[C::AntivirusLocked, C::HostFirewall],
        related: &[(R::ManagedBy, "directory"), (R::ManagedBy, "virtual-base")],
        ..item(K::Server, "emr-database", "電子カルテのデータベース")
    },
    Item {
        zone: "records",
        place: "server-room",
        system: "emr-on-premises",
        firm: Some(0),
        known: &[
            (F::Os, "サーバ用OS"),
            (F::Keeper, "情報システム室"),
            (F::HoldsRecords, "yes"),
            (F::RecoveryHours, "40"),
            (F::Address, "192.0.2.20"),
        ],
        present: &[C::Supported, C::Antivirus],
        absent: &[C::AntivirusLocked, C::HostFirewall],
        related: &[(R::Needs, "emr-database"), (R::ManagedBy, "directory"), (R::ManagedBy, "virtual-base")],
        ..item(K::Server, "emr", "電子カルテのサーバ")
    },
    Item {
        zone: "records",
        place: "server-room",
        system: "order-entry",
        firm: Some(0),
        known: &[(F::Os, "サーバ用OS"), (F::RecoveryHours, "24")],
        related: &[(R::Needs, "emr"), (R::ManagedBy, "virtual-base")],
        ..item(K::Server, "orders", "オーダリングのサーバ")
    },
    Item {
        zone: "records",
        place: "server-room",
        system: "receipt-computer",
        firm: Some(1),
        known: &[(F::Os, "サーバ用OS"), (F::HoldsRecords, "yes"), (F::RecoveryHours, "24")],
        related: &[(R::ManagedBy, "directory")],
        ..item(K::Server, "billing", "レセコンの本体")
    },
    Item {
        zone: "records",
        place: "radiology",
        system: "pacs",
        firm: Some(2),
        known: &[
            (F::Maker, "メーカーD"),
            (F::Os, "サーバ用OSの古い版"),
            (F::HoldsRecords, "yes"),
            (F::SupportEnds, "@-30"),
            (F::RecoveryHours, "48"),
        ],
        absent: &[C::Updates, C::Supported, C::Antivirus],
        ..item(K::Server, "images", "画像サーバ")
    },
    Item {
        zone: "records",
        place: "laboratory",
        system: "laboratory",
        firm: Some(4),
        known: &[
            (F::Os, "業務用OSの古い版"),
            (F::HoldsRecords, "yes"),
            (F::RemotePrograms, "遠隔操作ソフト（業者用）"),
        ],
        absent: &[C::Updates, C::Antivirus],
        note: "網の口が二つあり、一つはメーカーのクラウドにつながる。",
        ..item(K::Server, "lab", "検査結果を集めるパソコン")
    },
    Item {
        zone: "records",
        place: "server-room",
        system: "department-systems",
        firm: Some(4),
        known: &[(F::Count, "1"), (F::HoldsRecords, "yes")],
        related: &[(R::ManagedBy, "directory")],
        ..item(K::Server, "dialysis", "透析部門のサーバ")
    },
    Item {
        zone: "devices",
        place: "wards",
        system: "monitors-nurse-call",
        known: &[(F::Count, "2"), (F::HoldsRecords, "yes")],
        ..item(K::Server, "monitor-server", "生体情報モニタのサーバ")
    },
    Item {
        zone: "devices",
        place: "wards",
        system: "monitors-nurse-call",
        ..item(K::Server, "nurse-call", "ナースコールのサーバ")
    },
    Item {
        zone: "records",
        system: "meal-system",
        firm: Some(5),
        known: &[(F::Os, "業務用OS"), (F::RecoveryHours, "16")],
        absent: &[C::UsersNotAdmin, C::AntivirusLocked],
        ..item(K::Server, "meals", "給食のサーバ・端末")
    },
    Item {
        zone: "public",
        place: "server-room",
        known: &[(F::Os, "サーバ用OS"), (F::Keeper, "情報システム室")],
        present: &[C::Updates, C::Supported, C::HostFirewall],
        ..item(K::Server, "booking", "ウェブ予約の中継サーバ")
    },
    Item {
        zone: "office",
        place: "server-room",
        system: "file-server",
        known: &[(F::Keeper, "情報システム室"), (F::HoldsRecords, "yes"), (F::RecoveryHours, "8")],
        related: &[(R::ManagedBy, "directory")],
        note: "紹介状の控えが入っている。",
        ..item(K::DataStore, "shared-folder", "共有フォルダ（NASなど）")
    },
    item(K::CloudService, "mail", "職員のメールのサービス"),
];

const COPIES: &[Item] = &[
    Item {
        zone: "records",
        place: "annex",
        system: "backup-device",
        firm: Some(0),
        known: &[(F::CopyRhythm, "daily"), (F::CopiesKept, "7"), (F::RestoreTriedOn, "@-200")],
        present: &[C::RestoreTested],
        absent: &[C::OfflineCopy, C::SeparateFromDomain, C::Generations],
        related: &[
            (R::CopyOf, "emr-database"),
            (R::CopyOf, "emr"),
            (R::CopyOf, "billing"),
            (R::ManagedBy, "directory"),
        ],
        note: "認証サーバの管理者で入れる。",
        ..item(K::Backup, "backup", "控えの装置（NASなど）")
    },
    Item {
        zone: "records",
        place: "radiology",
        firm: Some(2),
        known: &[(F::CopyRhythm, "weekly")],
        related: &[(R::CopyOf, "images")],
        ..item(K::Backup, "backup-images", "画像の控え")
    },
    Item {
        place: "annex",
        known: &[(F::CopyRhythm, "monthly"), (F::Keeper, "事務部")],
        present: &[C::OfflineCopy],
        related: &[(R::CopyOf, "shared-folder")],
        ..item(K::Backup, "backup-office", "事務の控え（外して保管）")
    },
];

const TERMINALS: &[Item] = &[
    Item {
        zone: "records",
        place: "reception",
        known: &[
            (F::Count, "45"),
            (F::Os, "業務用OS"),
            (F::Keeper, "情報システム室"),
            (F::TakesMedia, "yes"),
        ],
        present: &[C::Antivirus],
        absent: &[C::UsersNotAdmin, C::MediaLimited, C::AntivirusLocked],
        related: &[(R::ManagedBy, "directory"), (R::Needs, "emr")],
        ..item(K::Terminal, "clinic-terminals", "外来の端末")
    },
    Item {
        zone: "records",
        place: "wards",
        known: &[(F::Count, "62"), (F::Os, "業務用OS"), (F::Keeper, "情報システム室")],
        present: &[C::Antivirus],
        absent: &[C::UsersNotAdmin, C::AntivirusLocked],
        related: &[(R::ManagedBy, "directory"), (R::Needs, "emr")],
        ..item(K::Terminal, "ward-terminals", "病棟の端末")
    },
    Item {
        zone: "records",
        place: "wards",
        known: &[(F::Count, "24"), (F::Keeper, "看護部")],
        related: &[(R::Needs, "emr")],
        ..item(K::Terminal, "nurse-tablets", "看護師が持ち歩く端末")
    },
    Item {
        zone: "records",
        place: "laboratory",
        known: &[(F::Count, "5"), (F::Os, "業務用OSの古い版"), (F::SupportEnds, "@-400")],
        absent: &[C::Supported],
        ..item(K::Terminal, "lab-terminals", "検査科の端末")
    },
    Item {
        zone: "records",
        place: "reception",
        system: "eligibility-terminal",
        firm: Some(1),
        known: &[(F::Count, "2"), (F::Keeper, "医事課")],
        present: &[C::Supported, C::Updates],
        ..item(K::Terminal, "eligibility", "資格確認の端末")
    },
    Item {
        zone: "office",
        place: "reception",
        system: "office-pc",
        known: &[(F::Count, "18"), (F::Os, "業務用OS"), (F::ReadsMail, "yes"), (F::TakesMedia, "yes")],
        present: &[C::Antivirus, C::Supported],
        absent: &[C::MailFiltered],
        related: &[(R::ManagedBy, "directory")],
        ..item(K::Terminal, "office-pcs", "事務用パソコン（メール・ホームページ）")
    },
    Item {
        zone: "maintenance",
        place: "server-room",
        known: &[(F::RemotePrograms, "遠隔操作ソフト")],
        note: "業者が来たときに使う。ふだんは電源を切ることにしている。",
        ..item(K::Terminal, "maintenance-pc", "保守用のパソコン")
    },
    Item {
        zone: "office",
        system: "office-things",
        known: &[(F::Count, "6")],
        ..item(K::OfficeDevice, "copiers", "複合機")
    },
    Item {
        zone: "office",
        system: "office-things",
        known: &[(F::Count, "16")],
        note: "どの区画につながっているか、半分は分からない。",
        ..item(K::OfficeDevice, "cameras", "監視カメラ")
    },
    Item {
        zone: "office",
        place: "reception",
        known: &[(F::Count, "2")],
        ..item(K::OfficeDevice, "payment", "自動精算機・決済端末")
    },
];

const DEVICES: &[Item] = &[
    Item {
        zone: "devices",
        place: "radiology",
        system: "pacs",
        firm: Some(2),
        known: &[
            (F::Count, "1"),
            (F::Maker, "メーカーD"),
            (F::Patchable, "no"),
            (F::HowToDisconnect, "撮影を終えてから、操作室の壁の線を抜く。"),
        ],
        absent: &[C::Updates, C::Antivirus],
        ..item(K::MedicalDevice, "ct", "CT")
    },
    Item {
        zone: "devices",
        place: "radiology",
        system: "pacs",
        firm: Some(2),
        known: &[(F::Count, "1"), (F::Patchable, "no")],
        ..item(K::MedicalDevice, "mri", "MRI")
    },
    Item {
        zone: "devices",
        place: "radiology",
        system: "pacs",
        firm: Some(2),
        known: &[(F::Count, "3"), (F::TakesMedia, "yes")],
        ..item(K::MedicalDevice, "x-ray", "一般撮影装置")
    },
    Item {
        zone: "records",
        place: "laboratory",
        system: "laboratory",
        firm: Some(4),
        known: &[(F::Count, "2"), (F::Os, "業務用OSの古い版"), (F::SupportEnds, "@-900")],
        absent: &[C::Supported],
        ..item(K::MedicalDevice, "chemistry", "生化学の分析装置")
    },
    Item {
        zone: "records",
        place: "laboratory",
        system: "laboratory",
        firm: Some(4),
        known: &[(F::Count, "1")],
        ..item(K::MedicalDevice, "blood", "血球の分析装置")
    },
    Item {
        zone: "devices",
        place: "wards",
        system: "monitors-nurse-call",
        known: &[(F::Count, "24"), (F::HowToDisconnect, "つないだままで見守りは続く。集める線だけを抜く。")],
        related: &[(R::Needs, "monitor-server")],
        ..item(K::MedicalDevice, "monitors", "生体情報モニタ")
    },
    Item {
        zone: "devices",
        place: "wards",
        known: &[(F::Count, "40")],
        ..item(K::MedicalDevice, "pumps", "輸液ポンプ")
    },
    Item {
        zone: "devices",
        system: "department-systems",
        firm: Some(4),
        known: &[(F::Count, "12")],
        related: &[(R::Needs, "dialysis")],
        ..item(K::MedicalDevice, "dialysis-machines", "透析装置")
    },
];

const ACCOUNTS: &[Item] = &[
    Item {
        known: &[(F::Administrator, "yes"), (F::KnownBy, "9"), (F::ChangedOn, "@-1500")],
        absent: &[C::UniquePassword, C::StrongPassword, C::TwoFactor, C::CredentialProtected],
        related: &[
            (R::Opens, "directory"),
            (R::Opens, "emr"),
            (R::Opens, "emr-database"),
            (R::Opens, "billing"),
            (R::Opens, "dialysis"),
            (R::Opens, "meals"),
            (R::Opens, "backup"),
            (R::Opens, "clinic-terminals"),
            (R::Opens, "ward-terminals"),
            (R::FoundOn, "meals"),
            (R::FoundOn, "maintenance-pc"),
        ],
        ..item(K::AccountGroup, "shared-administrator", "共用の管理者パスワード")
    },
    Item {
        known: &[(F::KnownBy, "80")],
        absent: &[C::TwoFactor],
        related: &[(R::Opens, "ward-terminals"), (R::Opens, "nurse-tablets")],
        ..item(K::AccountGroup, "ward-login", "病棟の共用ID")
    },
    Item {
        known: &[(F::Administrator, "yes")],
        absent: &[C::TwoFactor, C::CredentialsChanged],
        related: &[(R::Opens, "vpn"), (R::Opens, "images")],
        note: "だれが知っているか、業者に聞いている。",
        ..item(K::AccountGroup, "vendor-login", "保守業者の共用ID")
    },
];

const CARE: &[Item] = &[
    Item {
        known: &[(F::Urgency, "3"), (F::PaperWay, "紙の外来カードで続ける。")],
        related: &[
            (R::Needs, "system:emr-on-premises"),
            (R::Needs, "emr"),
            (R::Needs, "orders"),
            (R::Needs, "clinic-terminals"),
        ],
        ..item(K::CareProcess, "outpatients", "外来の診療")
    },
    Item {
        known: &[(F::Urgency, "5"), (F::PaperWay, "紙の指示簿で3日続ける。")],
        related: &[
            (R::Needs, "system:emr-on-premises"),
            (R::Needs, "emr"),
            (R::Needs, "orders"),
            (R::Needs, "ward-terminals"),
        ],
        ..item(K::CareProcess, "inpatients", "入院中の患者さんの治療と看護")
    },
    Item {
        known: &[(F::Urgency, "5")],
        related: &[(R::Needs, "monitor-server"), (R::Needs, "monitors"), (R::Needs, "nurse-call")],
        ..item(K::CareProcess, "watching", "重症の患者さんの見守り")
    },
    Item {
        known: &[(F::Urgency, "4")],
        related: &[(R::Needs, "images"), (R::Needs, "ct"), (R::Needs, "mri"), (R::Needs, "x-ray")],
        ..item(K::CareProcess, "imaging", "画像検査")
    },
    Item {
        known: &[(F::Urgency, "4")],
        related: &[(R::Needs, "lab"), (R::Needs, "chemistry"), (R::Needs, "blood")],
        ..item(K::CareProcess, "tests", "検体検査")
    },
    Item {
        known: &[(F::Urgency, "5"), (F::PaperWay, "装置だけで続けられるか、業者に確かめる。")],
        related: &[(R::Needs, "dialysis"), (R::Needs, "dialysis-machines")],
        ..item(K::CareProcess, "dialysis-care", "透析")
    },
    Item {
        known: &[(F::Urgency, "3")],
        related: &[(R::Needs, "meals")],
        ..item(K::CareProcess, "meal-care", "食事の提供")
    },
    Item {
        known: &[(F::Urgency, "2"), (F::PaperWay, "後日の請求にする。")],
        related: &[(R::Needs, "billing"), (R::Needs, "eligibility")],
        ..item(K::CareProcess, "payment-care", "会計と保険請求")
    },
];
