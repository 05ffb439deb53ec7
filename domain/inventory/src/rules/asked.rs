//! Which controls the ledger asks about at which record. Others that fit may be said as well; nobody misses them.

use crate::model::{Asked, AssetKind, Subject};
use komainu_exposure::model::{ConnectionKind, Control};

/// Who asks whether a control is there; none where it does not matter there.
///
/// A control that an item of the checklist asks for is asked by that item, the others because they decide how far an
/// attacker gets.
pub fn control_asked(control: Control, subject: Subject) -> Option<Asked> {
    let asked = match subject {
        Subject::Asset(kind) => of_asset(kind),
        Subject::Connection(kind) => of_connection(kind),
    };
    let who = control.items().first().map_or(Asked::Safety, |item| Asked::Checklist(item));
    asked.contains(&control).then_some(who)
}

fn of_asset(kind: AssetKind) -> &'static [Control] {
    use Control as C;
    match kind {
        AssetKind::Server => &[
            C::Updates,
            C::Supported,
            C::Antivirus,
            C::AntivirusLocked,
            C::ServicesStopped,
            C::UsersNotAdmin,
            C::StrongPassword,
            C::TwoFactor,
            C::CredentialsChanged,
            C::LogWatched,
        ],
        AssetKind::Terminal => &[
            C::Updates,
            C::Supported,
            C::Antivirus,
            C::UsersNotAdmin,
            C::StrongPassword,
            C::TwoFactor,
            C::MediaLimited,
            C::MailFiltered,
        ],
        AssetKind::NetworkDevice => {
            &[C::Updates, C::Supported, C::StrongPassword, C::TwoFactor, C::CredentialsChanged, C::LogWatched]
        }
        AssetKind::MedicalDevice => &[C::Updates, C::Supported, C::MediaLimited],
        AssetKind::OfficeDevice => &[C::Updates, C::CredentialsChanged],
        AssetKind::CloudService => &[C::StrongPassword, C::TwoFactor, C::CredentialsChanged],
        AssetKind::DataStore => &[C::Updates, C::Supported, C::StrongPassword, C::LogWatched],
        AssetKind::Backup => &[C::OfflineCopy, C::Generations, C::RestoreTested, C::SeparateFromDomain],
        AssetKind::AccountGroup => &[
            C::StrongPassword,
            C::TwoFactor,
            C::CredentialsChanged,
            C::UniquePassword,
            C::CredentialProtected,
        ],
        AssetKind::Zone => &[C::OutboundLimited],
        AssetKind::Place | AssetKind::CareProcess => &[],
    }
}

fn of_connection(kind: ConnectionKind) -> &'static [Control] {
    use ConnectionKind as K;
    use Control as C;
    match kind {
        K::Vpn | K::RemoteMaintenance => &[
            C::SourceLimited,
            C::TwoFactor,
            C::StrongPassword,
            C::CredentialsChanged,
            C::OnDemand,
            C::LogWatched,
        ],
        K::RemoteDesktop => &[C::SourceLimited, C::TwoFactor, C::StrongPassword, C::Lockout],
        K::LteRouter => &[C::SourceLimited, C::OnDemand],
        K::Internet => &[C::SourceLimited, C::Filtered],
        K::IpVpn | K::IpsecIke | K::LanSegment | K::Dicom | K::Hl7 => &[C::Filtered],
        K::FileShare => &[C::StrongPassword, C::Filtered],
        K::RemovableMedia => &[C::MediaLimited],
        K::SharedCredential => &[C::CredentialsChanged],
        K::Cloud => &[C::TwoFactor],
        K::BackupJob => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_exposure::model::Place;

    #[test]
    fn only_what_fits_is_asked() {
        for kind in AssetKind::ALL {
            for control in of_asset(*kind) {
                let place = kind.control_place();
                assert!(place.is_some_and(|place| control.fits(place)), "{kind:?} {control:?}");
            }
        }
        for kind in ConnectionKind::ALL {
            for control in of_connection(*kind) {
                assert!(control.fits(Place::Connection), "{kind:?} {control:?}");
            }
        }
    }

    #[test]
    fn an_item_of_the_checklist_asks_before_we_do() {
        let server = Subject::Asset(AssetKind::Server);
        assert_eq!(control_asked(Control::TwoFactor, server), Some(Asked::Checklist("two-factor")));
        assert_eq!(control_asked(Control::Antivirus, server), Some(Asked::Safety));
        assert_eq!(control_asked(Control::OfflineCopy, server), None);
    }
}
