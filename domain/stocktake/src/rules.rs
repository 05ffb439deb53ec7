//! Which things are on the list, in which order, how many stand where, and what is otherwise than last time. Pure.

use crate::model::{Comparison, Counts, Line, Outcome, Snapshot};
use komainu_inventory::{Asset, AssetId, AssetKind};
use std::collections::{HashMap, HashSet};

/// Whether somebody can walk to a thing of this kind and touch it. Of a copy, whether it has a place: one in somebody
/// else's service has none.
pub const fn can_be_walked_to(kind: AssetKind, has_place: bool) -> bool {
    match kind {
        AssetKind::Server
        | AssetKind::Terminal
        | AssetKind::NetworkDevice
        | AssetKind::MedicalDevice
        | AssetKind::OfficeDevice
        | AssetKind::DataStore => true,
        AssetKind::Backup => has_place,
        AssetKind::CloudService
        | AssetKind::AccountGroup
        | AssetKind::Zone
        | AssetKind::Place
        | AssetKind::CareProcess => false,
    }
}

/// The kinds that somebody can come across.
pub fn kinds() -> impl Iterator<Item = AssetKind> {
    AssetKind::ALL.iter().copied().filter(|kind| can_be_walked_to(*kind, true))
}

/// The ledger's things that somebody can walk to.
pub fn things(assets: &[Asset]) -> impl Iterator<Item = &Asset> {
    assets.iter().filter(|asset| can_be_walked_to(asset.details.kind, asset.details.place.is_some()))
}

/// The names of the ledger's places.
pub fn places(assets: &[Asset]) -> HashMap<AssetId, &str> {
    let places = assets.iter().filter(|asset| asset.details.kind == AssetKind::Place);
    places.map(|place| (place.id, place.details.name.as_str())).collect()
}

/// A thing as the list shows it.
pub(crate) fn snapshot(places: &HashMap<AssetId, &str>, asset: &Asset) -> Snapshot {
    let place = asset.details.place.and_then(|place| places.get(&place));
    Snapshot::of(&asset.details, place.copied().unwrap_or_default())
}

/// The stored lines, and one for each thing that came into the ledger since the list was made.
pub fn with_newcomers(mut lines: Vec<Line>, assets: &[Asset]) -> Vec<Line> {
    let places = places(assets);
    let known: HashSet<AssetId> = lines.iter().map(|line| line.asset).collect();
    let newcomers = things(assets).filter(|asset| !known.contains(&asset.id));
    lines.extend(newcomers.map(|asset| Line::fresh(asset.id, asset.details.kind, snapshot(&places, asset))));
    lines
}

/// How many lines stand where.
pub fn counts<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Counts {
    let mut counts = Counts::default();
    for line in lines {
        counts.lines += 1;
        counts.added += u32::from(line.added);
        match line.mark.outcome {
            Outcome::NotChecked => counts.not_checked += 1,
            Outcome::Found => counts.found += 1,
            Outcome::Different => counts.different += 1,
            Outcome::NotFound => counts.not_found += 1,
        }
    }
    counts
}

/// What is otherwise than in the stock-take before.
pub fn compare(before: &[Line], now: &[Line]) -> Comparison {
    let old: HashMap<AssetId, &Line> = before.iter().map(|line| (line.asset, line)).collect();
    let here: HashSet<AssetId> = now.iter().map(|line| line.asset).collect();
    let outcome = |line: &Line| old.get(&line.asset).map(|line| line.mark.outcome);
    let that = |wanted: &dyn Fn(&Line) -> bool| {
        now.iter().filter(|line| wanted(line)).map(|line| line.asset).collect::<Vec<_>>()
    };
    Comparison {
        new: that(&|line| !old.contains_key(&line.asset)),
        gone: before
            .iter()
            .filter(|line| !here.contains(&line.asset))
            .map(|line| line.was.name.clone())
            .collect(),
        missing_again: that(&|line| {
            line.mark.outcome == Outcome::NotFound && outcome(line) == Some(Outcome::NotFound)
        }),
        back: that(&|line| {
            matches!(line.mark.outcome, Outcome::Found | Outcome::Different)
                && outcome(line) == Some(Outcome::NotFound)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Mark;
    use komainu_db::uuid::Uuid;
    use komainu_inventory::AssetDetails;
    use proptest::prelude::*;

    fn id(number: u128) -> AssetId {
        AssetId(Uuid::from_u128(number))
    }

    fn line(number: u128, outcome: Outcome) -> Line {
        let was = Snapshot { name: number.to_string(), ..Snapshot::default() };
        let mark = Mark { outcome, ..Mark::default() };
        Line { mark, ..Line::fresh(id(number), AssetKind::Terminal, was) }
    }

    #[test]
    fn what_has_a_body_is_on_the_list() {
        let walked: Vec<&str> = kinds().map(AssetKind::code).collect();
        assert_eq!(
            walked,
            [
                "server",
                "terminal",
                "network_device",
                "medical_device",
                "office_device",
                "data_store",
                "backup"
            ]
        );
        assert!(!can_be_walked_to(AssetKind::Backup, false), "a copy in somebody else's service");
        assert!(!can_be_walked_to(AssetKind::CloudService, true));
    }

    #[test]
    fn what_comes_later_is_on_the_list_at_once() {
        let asset = |number, kind| Asset {
            id: id(number),
            details: AssetDetails::named(kind, "受付のパソコン"),
            version: 1,
        };
        let ledger =
            [asset(1, AssetKind::Terminal), asset(2, AssetKind::Zone), asset(3, AssetKind::Terminal)];
        let lines = with_newcomers(vec![line(1, Outcome::Found), line(9, Outcome::NotFound)], &ledger);
        let seen: Vec<(AssetId, Outcome, i64)> =
            lines.iter().map(|line| (line.asset, line.mark.outcome, line.version)).collect();
        assert_eq!(
            seen,
            [(id(1), Outcome::Found, 0), (id(9), Outcome::NotFound, 0), (id(3), Outcome::NotChecked, 0),]
        );
        assert_eq!(lines[2].was.name, "受付のパソコン");
    }

    #[test]
    fn what_is_otherwise_than_last_time() {
        use Outcome::{Different, Found, NotChecked, NotFound};
        let before =
            [line(1, Found), line(2, NotFound), line(3, NotFound), line(4, Found), line(5, NotFound)];
        let now =
            [line(1, NotFound), line(2, NotFound), line(3, Different), line(5, NotChecked), line(6, Found)];
        let compared = compare(&before, &now);
        assert_eq!(compared.new, [id(6)]);
        assert_eq!(compared.gone, ["4"]);
        assert_eq!(compared.missing_again, [id(2)]);
        assert_eq!(compared.back, [id(3)]);
        assert_eq!(compare(&now, &now).new, []);
    }

    proptest! {
        #[test]
        fn every_line_is_counted_once(outcomes in prop::collection::vec(0usize..4, 0..60)) {
            let lines: Vec<Line> =
                outcomes.iter().zip(0u128..).map(|(at, number)| line(number, Outcome::ALL[*at])).collect();
            let counts = counts(&lines);
            prop_assert_eq!(counts.lines as usize, outcomes.len());
            prop_assert_eq!(
                counts.found + counts.different + counts.not_found + counts.not_checked,
                counts.lines
            );
            prop_assert_eq!(counts.checked() + counts.not_checked, counts.lines);
        }
    }
}
