//! How the things of 見本中央病院 are joined, inside and to the outside.

use crate::things::{Cable, cable};
use komainu_exposure::model::ConnectionKind as L;
use komainu_exposure::model::Control as C;
use komainu_inventory::Fact as F;

/// Every line.
pub(crate) const LINES: &[Cable] = &[
    // From outside.
    Cable {
        firm: Some(3),
        known: &[
            (F::Protocol, "SSL-VPN"),
            (F::OpenedBy, "見本電子カルテ、見本検査機器販売"),
            (F::LastUsed, "@-3"),
            (F::HowToCut, "サーバ室の棚の箱。青い線を抜く。"),
        ],
        absent: &[C::SourceLimited, C::TwoFactor, C::CredentialsChanged],
        ..cable(L::Vpn, "internet", "vpn", "保守用のVPN")
    },
    Cable {
        firm: Some(2),
        known: &[(F::OpenedBy, "見本画像システム")],
        ..cable(L::Vpn, "internet", "vpn-images", "画像の業者のVPN")
    },
    Cable {
        known: &[(F::Protocol, "HTTPS 443"), (F::HowToCut, "公開の設定を止める。")],
        present: &[C::Filtered],
        ..cable(L::Internet, "internet", "booking", "ウェブ予約の公開")
    },
    Cable {
        firm: Some(1),
        present: &[C::Filtered],
        ..cable(L::IpVpn, "internet", "eligibility-router", "資格確認の回線（IP-VPN）")
    },
    cable(L::IpVpn, "internet", "payment", "カード会社の回線"),
    Cable {
        known: &[(F::OpenedBy, "見本給食サービス"), (F::HowToCut, "栄養科の箱の電源を切る。")],
        absent: &[C::OnDemand, C::TwoFactor, C::Filtered],
        ..cable(L::RemoteDesktop, "firm:5", "meals", "給食の委託業者の常につながった線")
    },
    Cable {
        known: &[(F::OpenedBy, "見本検査機器販売"), (F::Protocol, "HTTPS 443")],
        absent: &[C::SourceLimited],
        ..cable(L::RemoteMaintenance, "firm:4", "lab", "検査機器のメーカーの線")
    },
    Cable {
        known: &[(F::OpenedBy, "見本画像システム")],
        ..cable(L::RemoteMaintenance, "firm:2", "images", "画像サーバの遠隔保守")
    },
    Cable {
        present: &[C::SourceLimited],
        absent: &[C::OnDemand],
        ..cable(L::RemoteMaintenance, "firm:0", "emr", "電子カルテの遠隔保守")
    },
    cable(L::RemoteMaintenance, "firm:1", "billing", "レセコンの遠隔保守"),
    cable(L::LteRouter, "internet", "blood", "分析装置の携帯回線（見つかったばかり）"),
    cable(L::Internet, "office-pcs", "internet", "事務用パソコンからインターネット"),
    cable(L::Internet, "copiers", "internet", "複合機の遠隔監視"),
    cable(L::Cloud, "office-pcs", "mail", "職員のメール"),
    // Between zones.
    Cable {
        both_ways: true,
        firm: Some(3),
        absent: &[C::Filtered],
        ..cable(L::LanSegment, "office", "records", "患者情報の区画と事務の区画の間")
    },
    Cable {
        both_ways: true,
        ..cable(L::LanSegment, "devices", "records", "患者情報の区画と医療機器の区画の間")
    },
    Cable {
        present: &[C::Filtered],
        ..cable(L::LanSegment, "public", "records", "予約の中継から電子カルテへ")
    },
    cable(L::LanSegment, "maintenance", "records", "保守用の区画から"),
    Cable {
        present: &[C::Filtered], ..cable(L::LanSegment, "guest", "office", "来客用の無線LANと院内の間")
    },
    cable(L::LanSegment, "firewall", "public", "境から公開用の区画へ"),
    cable(L::LanSegment, "firewall", "office", "境から事務の区画へ"),
    cable(L::LanSegment, "vpn", "records", "VPN装置から患者情報の区画へ"),
    cable(L::LanSegment, "vpn-images", "images", "画像の業者のVPNから画像サーバへ"),
    cable(L::LanSegment, "cameras", "records", "監視カメラの一部"),
    // Between things.
    cable(L::Dicom, "ct", "images", "CTから画像サーバ（DICOM）"),
    cable(L::Dicom, "mri", "images", "MRIから画像サーバ（DICOM）"),
    cable(L::Dicom, "x-ray", "images", "一般撮影から画像サーバ（DICOM）"),
    cable(L::Dicom, "clinic-terminals", "images", "外来の端末で画像を見る"),
    Cable { both_ways: true, ..cable(L::Hl7, "emr", "images", "電子カルテと画像の連携") },
    Cable { both_ways: true, ..cable(L::Hl7, "lab", "emr", "検査結果と電子カルテの連携") },
    cable(L::Hl7, "chemistry", "lab", "生化学の結果"),
    cable(L::Hl7, "blood", "lab", "血球の結果"),
    Cable { both_ways: true, ..cable(L::Hl7, "dialysis", "emr", "透析と電子カルテの連携") },
    Cable { both_ways: true, ..cable(L::Hl7, "billing", "emr", "レセコンと電子カルテの連携") },
    Cable { both_ways: true, ..cable(L::Hl7, "meals", "emr", "給食と電子カルテの連携") },
    cable(L::Hl7, "monitor-server", "emr", "モニタと電子カルテの連携"),
    cable(L::LanSegment, "monitors", "monitor-server", "モニタの値を集める線"),
    cable(L::FileShare, "office-pcs", "shared-folder", "共有フォルダを使う線"),
    cable(L::FileShare, "clinic-terminals", "shared-folder", "外来から共有フォルダを使う線"),
    Cable {
        absent: &[C::TwoFactor],
        ..cable(L::RemoteDesktop, "maintenance-pc", "emr", "保守用のパソコンから電子カルテ")
    },
    cable(L::RemoteDesktop, "lab-terminals", "lab", "検査科の端末から検査結果のパソコン"),
    Cable {
        absent: &[C::MediaLimited],
        ..cable(L::RemovableMedia, "office-pcs", "clinic-terminals", "紹介状のUSBとCD")
    },
    cable(L::BackupJob, "emr-database", "backup", "電子カルテの控え取り"),
    cable(L::BackupJob, "billing", "backup", "レセコンの控え取り"),
    cable(L::BackupJob, "images", "backup-images", "画像の控え取り"),
];
