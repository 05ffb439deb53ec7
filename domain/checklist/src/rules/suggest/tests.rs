//! Ledgers and what they say.

use super::*;
use komainu_db::uuid::Uuid;
use komainu_exposure::model::State;
use komainu_inventory::{
    AssetDetails, AssetId, ConnectionDetails, ConnectionId, End, Facts, SystemDetails, SystemId,
};
use proptest::prelude::*;

const ALL: &[AskedAbout] = &[AskedAbout::All];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asset(number: u128, kind: AssetKind, facts: &[(Fact, &str)], controls: &[(Control, State)]) -> Asset {
    let mut details = AssetDetails::named(kind, "機器");
    for (fact, text) in facts {
        details.facts.set(*fact, text).unwrap();
    }
    details.controls.extend(controls.iter().copied());
    Asset { id: AssetId(Uuid::from_u128(number)), details, version: 1 }
}

fn line(number: u128, kind: ConnectionKind, to: End, limited: Option<State>) -> Connection {
    let mut details = ConnectionDetails::between(kind, End::Internet, to);
    details.controls.extend(limited.map(|state| (Control::SourceLimited, state)));
    Connection { id: ConnectionId(Uuid::from_u128(number)), details, version: 1 }
}

fn system(number: u128, hosting: Hosting, remote: Option<bool>) -> SystemRecord {
    let details = SystemDetails {
        remote_maintenance: remote,
        ..SystemDetails::named("pacs".parse().unwrap(), "画像", hosting)
    };
    SystemRecord::new(SystemId(Uuid::from_u128(number)), 1, &details)
}

fn say(item: &str, scopes: &[AskedAbout], ledger: &Ledger, stock_take: Option<&str>) -> Option<Suggestion> {
    let today = day("2026-11-23");
    let stock_take = stock_take.map(day);
    suggest(item, scopes, LedgerSeen { ledger, stock_take, year: FiscalYear::of(today), today })
}

fn answer(item: &str, ledger: &Ledger) -> Option<AnswerKind> {
    say(item, ALL, ledger, None).map(|said| said.answer)
}

fn of_assets(assets: Vec<Asset>) -> Ledger {
    Ledger { assets, ..Ledger::default() }
}

/// A thing of which everything is known that the checklist asks for.
fn filled(number: u128, kind: AssetKind) -> Asset {
    let mut known = asset(number, kind, &[], &[]);
    for fact in Fact::ALL {
        if fact.asked(Subject::Asset(kind)) == Some(Asked::Checklist("asset-ledger")) {
            let text = if *fact == Fact::Count { "1" } else { "あり" };
            known.details.facts.set(*fact, text).unwrap();
        }
    }
    known
}

#[test]
fn an_empty_ledger_says_nothing() {
    for item in ITEMS.into_iter().chain(["two-factor", "mds-sds", "nothing"]) {
        assert_eq!(say(item, ALL, &Ledger::default(), Some("2026-06-01")), None, "{item}");
    }
}

#[test]
fn the_ledger_of_equipment() {
    use AssetKind::{NetworkDevice, Server, Terminal};
    let whole = of_assets(vec![filled(1, Server), filled(2, Terminal), filled(3, NetworkDevice)]);
    let said = say("asset-ledger", ALL, &whole, Some("2026-06-01")).unwrap();
    assert_eq!((said.answer, said.against.as_slice()), (AnswerKind::Yes, &[][..]));
    assert!(said.in_favour.contains(&Ground::StockTaken(day("2026-06-01"))));
    for (stock_take, ground) in
        [(None, Ground::NoStockTake), (Some("2026-03-31"), Ground::StockTakeOld(day("2026-03-31")))]
    {
        let said = say("asset-ledger", ALL, &whole, stock_take).unwrap();
        assert_eq!((said.answer, said.against), (AnswerKind::No, vec![ground]));
    }
    let without = of_assets(vec![filled(2, Terminal), filled(3, NetworkDevice)]);
    let said = say("asset-ledger", ALL, &without, Some("2026-06-01")).unwrap();
    assert_eq!(said.against, [Ground::NoneOf(Server)]);
    let elsewhere = Ledger { systems: vec![system(9, Hosting::Cloud, None)], ..without };
    let said = say("asset-ledger", ALL, &elsewhere, Some("2026-06-01")).unwrap();
    assert_eq!(said.answer, AnswerKind::Yes);
    assert!(said.in_favour.contains(&Ground::AllElsewhere));
    let bare = of_assets(vec![
        asset(1, Server, &[], &[]),
        asset(2, Terminal, &[], &[]),
        asset(3, NetworkDevice, &[], &[]),
    ]);
    let said = say("asset-ledger", ALL, &bare, Some("2026-06-01")).unwrap();
    assert!(matches!(said.against[..], [Ground::Unfilled(0, _)]), "{said:?}");
}

#[test]
fn who_comes_in_from_outside() {
    let systems = |remote: &[Option<bool>]| -> Vec<SystemRecord> {
        let all = remote.iter().zip(1u128..);
        all.map(|(remote, number)| system(number, Hosting::OnPremises, *remote)).collect()
    };
    let to = |number: u128| End::Thing(Thing::System(SystemId(Uuid::from_u128(number))));
    let way = |opened: &str| {
        let mut way = line(1, ConnectionKind::RemoteMaintenance, to(1), None);
        way.details.facts.set(Fact::OpenedBy, opened).unwrap();
        way
    };
    for (remote, ways, expected) in [
        (systems(&[Some(false), Some(false)]), vec![], AnswerKind::Yes),
        (systems(&[Some(false), None]), vec![], AnswerKind::NotSure),
        (systems(&[Some(true)]), vec![], AnswerKind::No),
        (systems(&[Some(true)]), vec![way("業者の担当者")], AnswerKind::Yes),
        (systems(&[Some(true)]), vec![way("")], AnswerKind::NotSure),
    ] {
        let ledger = Ledger { systems: remote, connections: ways, ..Ledger::default() };
        assert_eq!(answer("remote-maintenance", &ledger), Some(expected), "{ledger:?}");
    }
    let ledger = Ledger {
        systems: systems(&[Some(false)]),
        assets: vec![asset(7, AssetKind::Terminal, &[(Fact::RemotePrograms, "TeamViewer")], &[])],
        ..Ledger::default()
    };
    let said = say("remote-maintenance", ALL, &ledger, None).unwrap();
    assert_eq!((said.answer, said.against), (AnswerKind::No, vec![Ground::ProgramsWithoutLine(1)]));
}

#[test]
fn updates_by_kind_of_device() {
    use AssetKind::{MedicalDevice, Server, Terminal};
    let updated = [(Control::Updates, State::Present)];
    let behind = [(Control::Updates, State::Absent)];
    let ledger = of_assets(vec![asset(1, Server, &[], &updated), asset(2, Terminal, &[], &behind)]);
    let of = |scope: AskedAbout| say("patches", &[scope], &ledger, None).map(|said| said.answer);
    assert_eq!(of(AskedAbout::Server), Some(AnswerKind::Yes));
    assert_eq!(of(AskedAbout::Terminal), Some(AnswerKind::No));
    assert_eq!(of(AskedAbout::Network), None, "of network devices nothing is written down");
    for (facts, controls, expected) in [
        (&[(Fact::SupportEnds, "2026-11-22")][..], &updated[..], Some(AnswerKind::No)),
        (&[(Fact::SupportEnds, "2026-11-23")][..], &updated[..], Some(AnswerKind::Yes)),
        (&[(Fact::SupportEnds, "2030-01-01")][..], &[][..], Some(AnswerKind::NotSure)),
        (&[][..], &[][..], None),
    ] {
        assert_eq!(answer("patches", &of_assets(vec![asset(1, Server, facts, controls)])), expected);
    }
    let scanner = asset(3, MedicalDevice, &[(Fact::Patchable, "no")], &[]);
    let said = say("patches", ALL, &of_assets(vec![asset(1, Server, &[], &updated), scanner]), None).unwrap();
    assert_eq!((said.answer, said.against), (AnswerKind::NotSure, vec![Ground::Unpatchable(1)]));
}

#[test]
fn lines_whose_sources_are_limited() {
    let to = End::Thing(Thing::Asset(AssetId(Uuid::from_u128(1))));
    for (states, expected) in [
        (vec![Some(State::Present)], Some(AnswerKind::Yes)),
        (vec![Some(State::Present), Some(State::Absent)], Some(AnswerKind::No)),
        (vec![Some(State::Present), None], Some(AnswerKind::NotSure)),
        (vec![None, None], None),
    ] {
        let lines = states.iter().zip(1u128..);
        let connections =
            lines.map(|(state, number)| line(number, ConnectionKind::Vpn, to, *state)).collect();
        let ledger = Ledger { connections, ..Ledger::default() };
        assert_eq!(answer("source-restriction", &ledger), expected, "{states:?}");
    }
}

#[test]
fn services_that_nobody_needs() {
    let stopped = |kind, state| of_assets(vec![asset(1, kind, &[], &[(Control::ServicesStopped, state)])]);
    assert_eq!(answer("stop-services", &stopped(AssetKind::Server, State::Present)), Some(AnswerKind::Yes));
    assert_eq!(answer("stop-services", &stopped(AssetKind::Terminal, State::Absent)), Some(AnswerKind::No));
    assert_eq!(answer("stop-services", &stopped(AssetKind::MedicalDevice, State::Absent)), None);
}

#[test]
fn copies_and_trials_of_restoring() {
    let good = [(Fact::CopyRhythm, "daily"), (Fact::CopiesKept, "7"), (Fact::RestoreTriedOn, "2026-05-01")];
    let apart = [(Control::OfflineCopy, State::Present)];
    let copy = |facts: &[(Fact, &str)], controls: &[(Control, State)]| {
        answer("backup-restore", &of_assets(vec![asset(1, AssetKind::Backup, facts, controls)]))
    };
    assert_eq!(copy(&good, &apart), Some(AnswerKind::Yes));
    assert_eq!(copy(&good, &[(Control::OfflineCopy, State::Absent)]), Some(AnswerKind::No));
    assert_eq!(copy(&good, &[]), Some(AnswerKind::NotSure));
    assert_eq!(copy(&good[..2], &apart), Some(AnswerKind::NotSure), "no trial is written down");
    let old = [good[0], good[1], (Fact::RestoreTriedOn, "2025-11-01")];
    assert_eq!(copy(&old, &apart), Some(AnswerKind::No));
    let one = [good[0], (Fact::CopiesKept, "1"), good[2]];
    assert_eq!(copy(&one, &apart), Some(AnswerKind::No));
    let server = of_assets(vec![asset(1, AssetKind::Server, &[], &[])]);
    assert_eq!(answer("backup-restore", &server), Some(AnswerKind::NotSure));
}

proptest! {
    /// A yes never stands beside something against it, and whatever is said has a reason.
    #[test]
    fn a_draft_gives_its_reasons(
        states in prop::collection::vec((0usize..5, 0usize..3, prop::bool::ANY), 0..12),
        taken in prop::option::of(0i32..900),
    ) {
        let kinds = [
            AssetKind::Server, AssetKind::Terminal, AssetKind::NetworkDevice, AssetKind::Backup, AssetKind::MedicalDevice,
        ];
        let all = [State::Present, State::Absent, State::Unknown];
        let assets = states.iter().zip(1u128..).map(|((kind, state, known), number)| {
            let controls: Vec<_> = Control::ALL.iter().map(|control| (*control, all[*state])).collect();
            let mut one = asset(number, kinds[*kind], &[], &controls);
            if *known {
                one.details.facts = Facts::default().with(Fact::SupportEnds, "2027-01-01");
            }
            one
        });
        let ledger = of_assets(assets.collect());
        let today = day("2026-11-23");
        let stock_take = taken.and_then(|days| today.checked_sub_days(Days::new(days.unsigned_abs().into())));
        for item in ITEMS {
            let seen = LedgerSeen { ledger: &ledger, stock_take, year: FiscalYear::of(today), today };
            if let Some(said) = suggest(item, ALL, seen) {
                prop_assert_eq!(said.answer == AnswerKind::Yes, said.against.is_empty());
                prop_assert!(!said.in_favour.is_empty() || !said.against.is_empty());
                prop_assert_ne!(said.answer, AnswerKind::NotApplicable);
            }
        }
    }
}
