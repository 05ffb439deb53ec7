//! What things, lines and relations are called.

use crate::{AssetKind, End, Index, RelationKind, t, tongue};
use komainu_catalog::{Catalog, ItemId};
use komainu_exposure::model::ConnectionKind;
use komainu_i18n::Lang;

/// The name of a kind of thing.
pub fn asset_kind_text(lang: Lang, kind: AssetKind) -> String {
    tongue(lang).get(match kind {
        AssetKind::Server => "asset-kind-server",
        AssetKind::Terminal => "asset-kind-terminal",
        AssetKind::NetworkDevice => "asset-kind-network-device",
        AssetKind::MedicalDevice => "asset-kind-medical-device",
        AssetKind::OfficeDevice => "asset-kind-office-device",
        AssetKind::CloudService => "asset-kind-cloud-service",
        AssetKind::DataStore => "asset-kind-data-store",
        AssetKind::Backup => "asset-kind-backup",
        AssetKind::AccountGroup => "asset-kind-account-group",
        AssetKind::Zone => "asset-kind-zone",
        AssetKind::Place => "asset-kind-place",
        AssetKind::CareProcess => "asset-kind-care-process",
    })
}

/// What belongs to a kind of thing.
pub fn asset_kind_hint(lang: Lang, kind: AssetKind) -> String {
    tongue(lang).get(match kind {
        AssetKind::Server => "asset-kind-server-hint",
        AssetKind::Terminal => "asset-kind-terminal-hint",
        AssetKind::NetworkDevice => "asset-kind-network-device-hint",
        AssetKind::MedicalDevice => "asset-kind-medical-device-hint",
        AssetKind::OfficeDevice => "asset-kind-office-device-hint",
        AssetKind::CloudService => "asset-kind-cloud-service-hint",
        AssetKind::DataStore => "asset-kind-data-store-hint",
        AssetKind::Backup => "asset-kind-backup-hint",
        AssetKind::AccountGroup => "asset-kind-account-group-hint",
        AssetKind::Zone => "asset-kind-zone-hint",
        AssetKind::Place => "asset-kind-place-hint",
        AssetKind::CareProcess => "asset-kind-care-process-hint",
    })
}

/// The name of a kind of line.
pub fn connection_kind_text(lang: Lang, kind: ConnectionKind) -> String {
    tongue(lang).get(match kind {
        ConnectionKind::LanSegment => "line-kind-lan-segment",
        ConnectionKind::Internet => "line-kind-internet",
        ConnectionKind::Vpn => "line-kind-vpn",
        ConnectionKind::IpVpn => "line-kind-ip-vpn",
        ConnectionKind::IpsecIke => "line-kind-ipsec-ike",
        ConnectionKind::RemoteMaintenance => "line-kind-remote-maintenance",
        ConnectionKind::LteRouter => "line-kind-lte-router",
        ConnectionKind::FileShare => "line-kind-file-share",
        ConnectionKind::RemoteDesktop => "line-kind-remote-desktop",
        ConnectionKind::Dicom => "line-kind-dicom",
        ConnectionKind::Hl7 => "line-kind-hl7",
        ConnectionKind::RemovableMedia => "line-kind-removable-media",
        ConnectionKind::SharedCredential => "line-kind-shared-credential",
        ConnectionKind::BackupJob => "line-kind-backup-job",
        ConnectionKind::Cloud => "line-kind-cloud",
    })
}

/// What belongs to a kind of line.
pub fn connection_kind_hint(lang: Lang, kind: ConnectionKind) -> String {
    tongue(lang).get(match kind {
        ConnectionKind::LanSegment => "line-kind-lan-segment-hint",
        ConnectionKind::Internet => "line-kind-internet-hint",
        ConnectionKind::Vpn => "line-kind-vpn-hint",
        ConnectionKind::IpVpn => "line-kind-ip-vpn-hint",
        ConnectionKind::IpsecIke => "line-kind-ipsec-ike-hint",
        ConnectionKind::RemoteMaintenance => "line-kind-remote-maintenance-hint",
        ConnectionKind::LteRouter => "line-kind-lte-router-hint",
        ConnectionKind::FileShare => "line-kind-file-share-hint",
        ConnectionKind::RemoteDesktop => "line-kind-remote-desktop-hint",
        ConnectionKind::Dicom => "line-kind-dicom-hint",
        ConnectionKind::Hl7 => "line-kind-hl7-hint",
        ConnectionKind::RemovableMedia => "line-kind-removable-media-hint",
        ConnectionKind::SharedCredential => "line-kind-shared-credential-hint",
        ConnectionKind::BackupJob => "line-kind-backup-job-hint",
        ConnectionKind::Cloud => "line-kind-cloud-hint",
    })
}

/// What a relation is called.
pub fn relation_text(lang: Lang, kind: RelationKind) -> String {
    tongue(lang).get(match kind {
        RelationKind::Needs => "relation-needs",
        RelationKind::ManagedBy => "relation-managed-by",
        RelationKind::CopyOf => "relation-copy-of",
        RelationKind::Opens => "relation-opens",
        RelationKind::FoundOn => "relation-found-on",
    })
}

/// What a relation means, for who chooses.
pub fn relation_hint(lang: Lang, kind: RelationKind) -> String {
    tongue(lang).get(match kind {
        RelationKind::Needs => "relation-needs-hint",
        RelationKind::ManagedBy => "relation-managed-by-hint",
        RelationKind::CopyOf => "relation-copy-of-hint",
        RelationKind::Opens => "relation-opens-hint",
        RelationKind::FoundOn => "relation-found-on-hint",
    })
}

/// An end of a line: the Internet in the reader's language, or the name of what stands there.
pub fn end_text(lang: Lang, index: &Index<'_>, end: End) -> String {
    match end {
        End::Internet => t!(lang, "end-internet"),
        End::Vendor(_) | End::Thing(_) => {
            index.end_name(end).map_or_else(|| t!(lang, "end-gone"), str::to_owned)
        }
    }
}

/// The title of an item of the checklist by its id, or the id where the catalogue does not have it.
pub fn item_title(catalog: &Catalog, lang: Lang, item: &str) -> String {
    let known = item.parse::<ItemId>().ok().and_then(|id| catalog.item(&id));
    known.map_or_else(|| item.to_owned(), |known| known.title.get(lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_words_in_every_language() {
        for lang in Lang::ALL {
            let things =
                AssetKind::ALL.iter().flat_map(|k| [asset_kind_text(lang, *k), asset_kind_hint(lang, *k)]);
            let lines = ConnectionKind::ALL
                .iter()
                .flat_map(|k| [connection_kind_text(lang, *k), connection_kind_hint(lang, *k)]);
            let relations =
                RelationKind::ALL.iter().flat_map(|k| [relation_text(lang, *k), relation_hint(lang, *k)]);
            for text in things.chain(lines).chain(relations) {
                assert!(!text.is_empty() && !text.contains("No localization"), "{lang}: {text}");
            }
        }
    }

    #[test]
    fn an_item_has_its_title_or_its_id() {
        let catalog = Catalog::embedded().unwrap();
        assert_ne!(item_title(&catalog, Lang::Ja, "asset-ledger"), "asset-ledger");
        assert_eq!(item_title(&catalog, Lang::Ja, "no-such-item"), "no-such-item");
    }
}
