use super::*;
use crate::model::{Asset, Connection, Subject};

fn catalog() -> Catalog {
    Catalog::embedded().unwrap()
}

/// Ids that count up.
fn ids() -> impl FnMut() -> Uuid {
    let mut last = 0;
    move || {
        last += 1;
        Uuid::from_u128(last)
    }
}

fn record(number: u128, kind: &str) -> SystemRecord {
    let details = SystemDetails::named(kind.parse().unwrap(), kind, crate::Hosting::Unknown);
    SystemRecord::new(SystemId(Uuid::from_u128(number)), 1, &details)
}

fn with_systems(kinds: &[&str]) -> Ledger {
    let systems = kinds.iter().zip(1..).map(|(kind, number)| record(number, kind)).collect();
    Ledger { systems, ..Ledger::default() }
}

fn take(ledger: &mut Ledger, plan: &Plan) {
    for edit in &plan.edits {
        match edit.clone() {
            Edit::AssetAdd(id, details) => ledger.assets.push(Asset { id, details, version: 1 }),
            Edit::ConnectionAdd(id, details) => {
                ledger.connections.push(Connection { id, details, version: 1 });
            }
            other => panic!("a template only adds: {other:?}"),
        }
    }
}

fn ticked(offer: &Offer) -> BTreeSet<PieceId> {
    offer.pieces.iter().filter(|piece| piece.ticked).map(|piece| piece.id.clone()).collect()
}

fn pieces(names: &[&str]) -> BTreeSet<PieceId> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn there(offer: &Offer, name: &str) -> Option<(bool, bool)> {
    let found = offer.pieces.iter().find(|piece| piece.id.as_str() == name);
    found.map(|piece| (piece.there, piece.ticked))
}

#[test]
fn every_piece_speaks_the_ledgers_words() {
    for piece in catalog().pieces() {
        let Some(part) = &piece.thing else { continue };
        let kind = asset_kind(part.kind);
        assert_eq!(kind.code(), part.kind.code());
        for (code, text) in &part.facts {
            let fact: Fact = code.parse().unwrap_or_else(|()| panic!("{}: {code}", piece.id.as_str()));
            assert!(fact.asked(Subject::Asset(kind)).is_some(), "{}: {code}", piece.id.as_str());
            assert_eq!(Facts::default().set(fact, text), Ok(()), "{}: {code}", piece.id.as_str());
        }
        for (relation, references) in [
            (RelationKind::Needs, &part.needs),
            (RelationKind::ManagedBy, &part.managed_by),
            (RelationKind::CopyOf, &part.copy_of),
            (RelationKind::Opens, &part.opens),
            (RelationKind::FoundOn, &part.found_on),
        ] {
            assert!(references.is_empty() || relation.fits(kind), "{}", piece.id.as_str());
        }
    }
    for kind in LineKind::ALL {
        assert_eq!(connection_kind(*kind).code(), kind.code());
    }
    assert_eq!(LineKind::ALL.len(), ConnectionKind::ALL.len());
    assert_eq!(ThingKind::ALL.len() + 1, AssetKind::ALL.len(), "every kind but places");
}

/// What is ticked unasked goes in as a whole, is then there, and going in again adds nothing, in another language neither.
#[test]
fn a_template_goes_in_once() {
    let catalog = catalog();
    for &kind in InstitutionKind::ALL {
        for running in Systems::ALL {
            let institution = (kind, Some(running));
            let mut ledger = Ledger::default();
            let offered = offer(&catalog, &ledger, institution, &BTreeSet::new());
            let chosen: BTreeSet<SystemKindId> = offered
                .systems
                .iter()
                .filter(|system| system.ticked)
                .map(|system| system.kind.clone())
                .collect();
            assert!(!chosen.is_empty(), "{kind}");
            let before = ticked(&offer(&catalog, &ledger, institution, &chosen));
            for (details, number) in
                new_systems(&catalog, Lang::Ja, &ledger, Some(running), &chosen).iter().zip(1..)
            {
                ledger.systems.push(SystemRecord::new(SystemId(Uuid::from_u128(number)), 1, details));
            }
            let offered = offer(&catalog, &ledger, institution, &BTreeSet::new());
            assert!(offered.systems.iter().all(|system| !system.ticked));
            let ticks = ticked(&offered);
            assert_eq!(ticks, before, "{kind}: choosing a system offers what having it offers");
            let first = plan(&catalog, Lang::Ja, &ledger, &ticks, &mut ids());
            assert_eq!(first.left_out, []);
            assert_eq!(first.taken.len(), ticks.len());
            assert!(first.edits.len() >= 8, "{kind} {}", first.edits.len());
            take(&mut ledger, &first);
            assert!(
                ledger.assets.iter().all(|asset| asset.details.controls.is_empty()),
                "nothing is protected"
            );
            assert!(ledger.connections.iter().all(|line| line.details.controls.is_empty()));
            for lang in Lang::ALL {
                let again = plan(&catalog, lang, &ledger, &ticks, &mut ids());
                assert_eq!(again, Plan::default(), "{kind} {lang}");
            }
            let offered = offer(&catalog, &ledger, institution, &BTreeSet::new());
            assert_eq!(ticked(&offered), BTreeSet::new(), "{kind}");
            let there = offered.pieces.iter().filter(|piece| piece.there).count();
            assert_eq!(there, ticks.len(), "{kind}");
        }
    }
}

#[test]
fn what_people_wrote_is_joined_to() {
    let catalog = catalog();
    let mut ledger = with_systems(&["pacs", "office-pc"]);
    let mut own = AssetDetails::named(AssetKind::Server, "レントゲン室の箱");
    own.system = Some(ledger.systems[0].id);
    let own_id = AssetId(Uuid::from_u128(900));
    ledger.assets.push(Asset { id: own_id, details: own, version: 1 });
    let zone = AssetId(Uuid::from_u128(901));
    let named = AssetDetails::named(AssetKind::Zone, "Patient-Information Segment");
    ledger.assets.push(Asset { id: zone, details: named, version: 1 });
    let offered = offer(&catalog, &ledger, (InstitutionKind::Clinic, None), &BTreeSet::new());
    assert_eq!(there(&offered, "pacs-server"), Some((true, false)));
    assert_eq!(there(&offered, "zone-records"), Some((true, false)));
    assert_eq!(there(&offered, "zone-office"), Some((false, false)), "who has zones is not told of zones");
    assert_eq!(there(&offered, "xray"), Some((false, true)));
    assert_eq!(there(&offered, "emr-server"), None, "of systems that are not there nothing is offered");
    let ticks = pieces(&["xray", "line-xray", "pacs-server"]);
    let made = plan(&catalog, Lang::Ja, &ledger, &ticks, &mut ids());
    let [Edit::AssetAdd(device, details), Edit::ConnectionAdd(_, line)] = made.edits.as_slice() else {
        panic!("{made:?}")
    };
    assert_eq!((details.zone, details.system), (Some(zone), Some(ledger.systems[0].id)));
    assert_eq!(line.from, End::Thing(Thing::Asset(*device)));
    assert_eq!(line.to, End::Thing(Thing::Asset(own_id)));
}

#[test]
fn a_line_without_its_ends_is_left_out() {
    let catalog = catalog();
    let ledger = with_systems(&["pacs", "network-boxes"]);
    let ticks = pieces(&["line-xray", "xray", "line-vpn", "emr-server", "line-emr-maintenance"]);
    let made = plan(&catalog, Lang::Ja, &ledger, &ticks, &mut ids());
    assert_eq!(made.taken.iter().map(PieceId::as_str).collect::<Vec<_>>(), ["xray"]);
    let left: BTreeSet<PieceId> = made.left_out.into_iter().collect();
    assert_eq!(left, pieces(&["line-xray", "line-vpn", "emr-server", "line-emr-maintenance"]));
}

#[test]
fn whether_somebody_comes_in_from_outside_is_not_asked_twice() {
    let catalog = catalog();
    let vendor = komainu_vendor::VendorId(Uuid::from_u128(77));
    for (remote, offered_ticked) in [(Some(true), true), (Some(false), false), (None, false)] {
        let mut ledger = with_systems(&["emr-on-premises"]);
        ledger.systems[0].remote_maintenance = remote;
        ledger.systems[0].vendor = Some(vendor);
        let offered = offer(&catalog, &ledger, (InstitutionKind::Clinic, None), &BTreeSet::new());
        assert_eq!(there(&offered, "line-emr-maintenance"), Some((false, offered_ticked)), "{remote:?}");
        let ticks = pieces(&["emr-server", "line-emr-maintenance"]);
        let made = plan(&catalog, Lang::Zh, &ledger, &ticks, &mut ids());
        let Some(Edit::ConnectionAdd(_, line)) = made.edits.last() else { panic!("{made:?}") };
        assert_eq!((line.from, line.name.as_str()), (End::Vendor(vendor), "电子病历的远程维护"));
        // A line from somewhere is that line, once its vendor has a name.
        ledger.systems[0].vendor = None;
        let made = plan(&catalog, Lang::Ja, &ledger, &ticks, &mut ids());
        take(&mut ledger, &made);
        assert_eq!(ledger.connections[0].details.from, End::Internet);
        ledger.systems[0].vendor = Some(vendor);
        assert_eq!(plan(&catalog, Lang::Ja, &ledger, &ticks, &mut ids()), Plan::default());
    }
}
