//! Templates, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use common::{House, LOOKING, because, denied, plain};
use komainu_access::Role;
use komainu_catalog::{Catalog, InstitutionKind, PieceId, SystemKindId};
use komainu_clock::Nature;
use komainu_db::testing::each_database;
use komainu_i18n::Lang;
use komainu_institution::actions::{institution_change, institution_get};
use komainu_inventory::actions::{
    EditRefusal, ledger, system_add, template_apply, template_preview, templates,
};
use komainu_inventory::rules::template::{Offer, Ticks};
use komainu_inventory::{Hosting, SystemDetails};
use std::collections::BTreeSet;

/// What is ticked unasked.
fn usual(offer: &Offer, systems: BTreeSet<SystemKindId>) -> Ticks {
    let ticked = offer.pieces.iter().filter(|piece| piece.ticked);
    Ticks { systems, pieces: ticked.map(|piece| piece.id.clone()).collect() }
}

fn chosen(offer: &Offer) -> BTreeSet<SystemKindId> {
    offer.systems.iter().filter(|system| system.ticked).map(|system| system.kind.clone()).collect()
}

fn offered(house: &House, catalog: &Catalog, chosen: &BTreeSet<SystemKindId>) -> Offer {
    house.read(|tx| templates(tx, &house.director, catalog, chosen)).unwrap()
}

/// Makes the house an institution of another kind.
fn becomes(house: &House, kind: InstitutionKind) {
    let (nature, scope) = (&house.nature, &house.director);
    let old = house.read(|tx| institution_get(tx, scope)).unwrap();
    let mut particulars = old.particulars();
    particulars.kind = kind;
    plain(house.write(|tx| institution_change(tx, nature, scope, old.version, &particulars))).unwrap();
}

#[test]
fn every_kinds_template_goes_into_an_empty_ledger_once() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let (nature, fake) = Nature::fake("2026-11-23T01:00:00Z".parse().unwrap());
        for &kind in InstitutionKind::ALL {
            let house = House::built(db.clone(), nature.clone(), fake.clone());
            let (nature, scope) = (&house.nature, &house.director);
            becomes(&house, kind);
            let systems = chosen(&offered(&house, &catalog, &BTreeSet::new()));
            let ticks = usual(&offered(&house, &catalog, &systems), systems);
            let preview =
                |lang| house.read(|tx| template_preview(tx, nature, scope, &catalog, lang, &ticks)).unwrap();
            let before = preview(Lang::Ja);
            let apply = |revision| {
                house.write(|tx| template_apply(tx, nature, scope, &catalog, Lang::Ja, revision, &ticks))
            };
            let taken = apply(Some(before.revision)).unwrap();
            assert_eq!(taken.plan.taken, before.plan.taken, "{kind}: the preview tells what comes");
            assert_eq!(taken.plan.left_out, []);
            let stored = house.read(|tx| ledger(tx, scope)).unwrap();
            assert_eq!(stored.revision, taken.revision);
            assert_eq!(stored.systems.len(), ticks.systems.len(), "{kind}");
            assert_eq!(stored.assets.len() + stored.connections.len(), ticks.pieces.len(), "{kind}");
            assert!(stored.assets.iter().all(|asset| asset.details.controls.is_empty()));
            assert_eq!(because(apply(Some(before.revision))), EditRefusal::Stale);
            let told = house.log(scope);
            let again = apply(None).unwrap();
            assert_eq!((again.systems.len(), again.plan.edits.len()), (0, 0));
            assert_eq!(house.read(|tx| ledger(tx, scope)).unwrap().revision, taken.revision);
            assert_eq!(house.log(scope), told, "{kind}: nothing happened, nothing is told");
            assert_eq!(preview(Lang::Zh).plan.edits, [], "{kind}: nor in another language");
        }
    });
}

#[test]
fn systems_that_are_there_are_linked() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let known = SystemDetails::named("pacs".parse().unwrap(), "レントゲン", Hosting::OnPremises);
        let id = house.write(|tx| system_add(tx, nature, scope, &known)).unwrap();
        let offer = offered(&house, &catalog, &BTreeSet::new());
        assert!(chosen(&offer).is_empty(), "who has systems is not told of systems");
        let ticks = usual(&offer, ["pacs".parse().unwrap()].into());
        let taken =
            house.write(|tx| template_apply(tx, nature, scope, &catalog, Lang::Ja, None, &ticks)).unwrap();
        assert!(taken.systems.is_empty());
        let stored = house.read(|tx| ledger(tx, scope)).unwrap();
        assert_eq!(stored.systems.len(), 1);
        let server = stored.assets.iter().find(|asset| asset.details.name == "画像サーバ").unwrap();
        assert_eq!(server.details.system, Some(id));
        assert!(server.details.zone.is_some());
        let told: Vec<_> = house.log(scope).into_iter().filter(|action| action == "ledger_edit").collect();
        assert_eq!(told.len(), 1, "one entry for all of it");
    });
}

#[test]
fn roles_that_only_look_and_other_institutions() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let nature = &house.nature;
        let pieces: BTreeSet<PieceId> = ["zone-records".parse().unwrap()].into();
        let ticks = Ticks { pieces, ..Ticks::default() };
        for role in LOOKING {
            let scope = house.role(role);
            denied(plain(
                house.write(|tx| template_apply(tx, nature, &scope, &catalog, Lang::Ja, None, &ticks)),
            ));
            let reads = house.read(|tx| templates(tx, &scope, &catalog, &BTreeSet::new()));
            assert_eq!(reads.is_ok(), role == Role::Inspector);
        }
        house
            .write(|tx| template_apply(tx, nature, &house.director, &catalog, Lang::En, None, &ticks))
            .unwrap();
        assert!(house.read(|tx| ledger(tx, &house.neighbour)).unwrap().assets.is_empty());
        let own = house.read(|tx| ledger(tx, &house.director)).unwrap();
        assert_eq!(own.assets[0].details.name, "Patient-information segment");
    });
}
