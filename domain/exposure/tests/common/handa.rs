//! A hospital whose ledger looks like the one of the documented case of 2021, as people would have written it down here.
#![allow(dead_code, clippy::unwrap_used)]

use komainu_clock::Nature;
use komainu_exposure::model::{ConnectionKind, Control, Controls, State};
use komainu_inventory::actions::Edit;
use komainu_inventory::{
    Asset, AssetDetails, AssetId, AssetKind, Connection, ConnectionDetails, ConnectionId, End, Fact, Facts,
    Ledger, RelationKind, Relations, Thing,
};

/// The things that tests look at.
pub struct Hospital {
    pub edits: Vec<Edit>,
    pub vpn_box: AssetId,
    pub record: AssetId,
    pub backup: AssetId,
    pub inpatients: AssetId,
    pub administrator: AssetId,
    pub vpn: ConnectionId,
    pub inside: ConnectionId,
}

pub fn absent(controls: &[Control]) -> Controls {
    controls.iter().map(|control| (*control, State::Absent)).collect()
}

pub fn end(id: AssetId) -> End {
    End::Thing(Thing::Asset(id))
}

#[expect(clippy::too_many_lines, reason = "a hospital as a list")]
pub fn hospital(nature: &Nature) -> Hospital {
    use Control as C;
    let mut edits = Vec::new();
    let mut add = |details: AssetDetails| {
        let id = AssetId(nature.id());
        edits.push(Edit::AssetAdd(id, details));
        id
    };
    let lan = add(AssetDetails::named(AssetKind::Zone, "院内LAN"));
    let worn = [C::HostFirewall, C::Updates, C::Antivirus, C::AntivirusLocked, C::Lockout];
    let facts = |fact, text| Facts::default().with(fact, text);
    let vpn_box = add(AssetDetails {
        facts: facts(Fact::Model, "60E").with(Fact::Maker, "箱の社"),
        controls: absent(&[C::Updates, C::LogWatched]),
        ..AssetDetails::named(AssetKind::NetworkDevice, "VPN装置")
    });
    let directory = add(AssetDetails {
        zone: Some(lan),
        controls: absent(&worn),
        ..AssetDetails::named(AssetKind::Server, "認証サーバー")
    });
    let managed = |more: &[(RelationKind, AssetId)]| -> Relations {
        let more = more.iter().map(|(kind, id)| (*kind, Thing::Asset(*id)));
        more.chain([(RelationKind::ManagedBy, Thing::Asset(directory))]).collect()
    };
    let terminals = add(AssetDetails {
        zone: Some(lan),
        facts: facts(Fact::Count, "200").with(Fact::SupportEnds, "2020-01-14"),
        controls: absent(&[
            C::StrongPassword,
            C::Lockout,
            C::UsersNotAdmin,
            C::Updates,
            C::Antivirus,
            C::AntivirusLocked,
        ]),
        relations: managed(&[]),
        ..AssetDetails::named(AssetKind::Terminal, "業務端末")
    });
    let record = add(AssetDetails {
        zone: Some(lan),
        facts: facts(Fact::HoldsRecords, "yes").with(Fact::RecoveryHours, "80"),
        controls: absent(&worn),
        relations: managed(&[]),
        ..AssetDetails::named(AssetKind::Server, "電子カルテのデータベース")
    });
    let program = add(AssetDetails {
        zone: Some(lan),
        facts: facts(Fact::RecoveryHours, "40"),
        controls: absent(&worn),
        relations: managed(&[(RelationKind::Needs, record)]),
        ..AssetDetails::named(AssetKind::Server, "電子カルテのサーバー")
    });
    let backup = add(AssetDetails {
        zone: Some(lan),
        controls: absent(&[
            C::OfflineCopy,
            C::Generations,
            C::SeparateFromDomain,
            C::HostFirewall,
            C::Updates,
            C::Antivirus,
            C::Lockout,
        ]),
        relations: managed(&[(RelationKind::CopyOf, record), (RelationKind::CopyOf, program)]),
        ..AssetDetails::named(AssetKind::Backup, "バックアップ")
    });
    let administrator = add(AssetDetails {
        controls: absent(&[
            C::UniquePassword,
            C::StrongPassword,
            C::Lockout,
            C::TwoFactor,
            C::CredentialProtected,
        ]),
        relations: [terminals, directory]
            .map(|id| (RelationKind::Opens, Thing::Asset(id)))
            .into_iter()
            .collect(),
        ..AssetDetails::named(AssetKind::AccountGroup, "共通の管理者")
    });
    let inpatients = add(AssetDetails {
        facts: facts(Fact::Urgency, "5"),
        relations: [(RelationKind::Needs, Thing::Asset(program))].into_iter().collect(),
        ..AssetDetails::named(AssetKind::CareProcess, "入院診療")
    });
    let vpn = ConnectionId(nature.id());
    let inside = ConnectionId(nature.id());
    edits.push(Edit::ConnectionAdd(
        vpn,
        ConnectionDetails {
            name: "保守用VPN".to_owned(),
            controls: absent(&[C::SourceLimited, C::TwoFactor, C::CredentialsChanged]),
            ..ConnectionDetails::between(ConnectionKind::Vpn, End::Internet, end(vpn_box))
        },
    ));
    edits.push(Edit::ConnectionAdd(
        inside,
        ConnectionDetails {
            controls: absent(&[C::Filtered]),
            ..ConnectionDetails::between(ConnectionKind::LanSegment, end(vpn_box), end(lan))
        },
    ));
    Hospital { edits, vpn_box, record, backup, inpatients, administrator, vpn, inside }
}

/// The ledger that the edits make of an empty one.
pub fn ledger_of(edits: &[Edit]) -> Ledger {
    let mut ledger = Ledger { revision: 1, ..Ledger::default() };
    for edit in edits {
        match edit {
            Edit::AssetAdd(id, details) => {
                ledger.assets.push(Asset { id: *id, details: details.clone(), version: 1 });
            }
            Edit::ConnectionAdd(id, details) => {
                ledger.connections.push(Connection { id: *id, details: details.clone(), version: 1 });
            }
            other => panic!("nothing is changed here: {other:?}"),
        }
    }
    ledger
}
