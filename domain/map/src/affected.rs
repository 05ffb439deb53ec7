//! Marks of what incidents touch, on whatever stands for the thing in a picture. Pure.

use crate::model::{Affected, AffectedData, MapData, Mark};
use crate::rules::scene::Whereabouts;
use komainu_inventory::{End, Ledger, Thing};
use std::collections::HashSet;

/// Puts the marks on what is drawn: on the thing itself or, where it is not drawn, on the zone that stands for it. What left
/// the ledger or is nowhere in the picture bears none.
pub fn mark(map: &mut MapData, ledger: &Ledger, affected: Affected) {
    let (at, index) = (Whereabouts::of(ledger), ledger.index());
    let nodes = map.nodes.iter().map(|node| node.id.clone());
    let drawn: HashSet<String> = nodes.chain(map.zones.iter().map(|zone| zone.id.clone())).collect();
    let bearer = |thing: Thing| {
        let around =
            at.zone(thing).map_or(Mark::NoZone, |zone| Mark::End(End::Thing(Thing::Asset(at.root(zone)))));
        let marks = [Mark::End(End::Thing(thing)), around];
        marks.iter().map(Mark::to_string).find(|id| drawn.contains(id))
    };
    let borne = |one: AffectedData| {
        let Ok(End::Thing(Thing::Asset(id))) = one.thing.parse::<End>() else { return None };
        let name = index.asset(id)?.details.name.clone();
        Some(AffectedData { node: bearer(Thing::Asset(id))?, name, ..one })
    };
    map.affected = affected.things.into_iter().filter_map(borne).collect();
    map.incidents = affected.incidents;
    map.states = affected.states;
}

/// What is written on a flag: sign and words of what weighs most, and how many more there are.
pub fn flag(marks: &[&AffectedData]) -> String {
    match marks {
        [] => String::new(),
        [only] => format!("{} {}", only.sign, only.text),
        [first, rest @ ..] => format!("{} {} +{}", first.sign, first.text, rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::draw;
    use crate::model::Spots;
    use crate::rules::scene::View;
    use komainu_db::uuid::Uuid;
    use komainu_i18n::Lang;
    use komainu_inventory::{Asset, AssetDetails, AssetId, AssetKind};

    fn asset(number: u128, kind: AssetKind, zone: Option<u128>) -> Asset {
        let zone = zone.map(|zone| AssetId(Uuid::from_u128(zone)));
        let details = AssetDetails { zone, ..AssetDetails::named(kind, &format!("もの{number}")) };
        Asset { id: AssetId(Uuid::from_u128(number)), details, version: 1 }
    }

    fn key(number: u128) -> String {
        Thing::Asset(AssetId(Uuid::from_u128(number))).to_string()
    }

    fn touched(number: u128) -> AffectedData {
        AffectedData {
            thing: key(number),
            sign: "◆".to_owned(),
            text: "影響あり".to_owned(),
            ..AffectedData::default()
        }
    }

    /// Who bears the marks of these things in a view.
    fn borne(view: View, things: &[u128]) -> Vec<(String, String)> {
        let ledger = Ledger {
            assets: vec![
                asset(1, AssetKind::Zone, None),
                asset(2, AssetKind::Zone, Some(1)),
                asset(3, AssetKind::Server, Some(2)),
                asset(4, AssetKind::Terminal, None),
            ],
            ..Ledger::default()
        };
        let mut map = draw(&ledger, &Spots::new(), &[], Lang::Ja, view);
        let things = things.iter().map(|number| touched(*number)).collect();
        mark(&mut map, &ledger, Affected { things, ..Affected::default() });
        map.affected.into_iter().map(|one| (one.node, one.name)).collect()
    }

    fn pair(node: String, name: &str) -> (String, String) {
        (node, name.to_owned())
    }

    #[test]
    fn a_thing_bears_its_mark_or_the_zone_that_stands_for_it_does() {
        let whole = borne(View::Whole, &[3, 2, 4, 9]);
        let expected = [pair(key(3), "もの3"), pair(key(2), "もの2"), pair(key(4), "もの4")];
        assert_eq!(whole, expected, "what left the ledger bears none");
        let zones = borne(View::Overview, &[3, 2, 4, 9]);
        let none = Mark::NoZone.to_string();
        assert_eq!(zones, [pair(key(1), "もの3"), pair(key(1), "もの2"), pair(none, "もの4")]);
        let inside = borne(View::Inside(Some(AssetId(Uuid::from_u128(1)))), &[3, 4]);
        assert_eq!(inside, [pair(key(3), "もの3")], "what is not in this picture bears none");
    }

    #[test]
    fn a_flag_says_what_weighs_most_and_how_many_more() {
        let one = touched(3);
        assert_eq!(flag(&[]), "");
        assert_eq!(flag(&[&one]), "◆ 影響あり");
        assert_eq!(flag(&[&one, &one, &one]), "◆ 影響あり +2");
    }
}
