//! What ledger, network, near misses and engine bring into the plan.

use crate::*;

#[test]
fn a_network_that_would_fail_is_a_step() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.ledger = Some(LedgerFacts { contact_gaps: 2, ..clinic.ledger.unwrap() });
    assert_eq!(keys(&plan(&clinic)), ["house.contact-gaps"]);
    clinic.ledger = Some(LedgerFacts { contact_gaps: 0, contact_tested: false, ..clinic.ledger.unwrap() });
    assert_eq!(keys(&plan(&clinic)), ["house.contact-test"]);
    // Who did not answer in a test is to be reached before the next.
    clinic.ledger = Some(LedgerFacts { contact_tested: true, contact_silent: 3, ..clinic.ledger.unwrap() });
    let steps = plan(&clinic).steps;
    assert_eq!(steps[0].key.to_string(), "house.contact-test");
    assert!(steps[0].reasons.contains(&Reason::ContactsSilent { people: 3 }), "{:?}", steps[0].reasons);
}

#[test]
fn gaps_of_the_ledger_are_told_unless_the_item_is_in_the_plan() {
    let mut clinic = situation(InstitutionKind::Clinic);
    let facts = LedgerFacts {
        systems: 4,
        remote_unknown: 3,
        vendors: 2,
        vendors_without_number: 1,
        contacts: 0,
        contact_gaps: 1,
        contact_tested: false,
        ..clinic.ledger.unwrap()
    };
    clinic.ledger = Some(facts);
    assert_eq!(keys(&plan(&clinic)), ["house.remote-access", "house.vendor-numbers", "house.contacts"]);
    clinic.rows = vec![row("contact-chart", Standing::No), row("remote-maintenance", Standing::NotSure)];
    assert!(keys(&plan(&clinic)).iter().all(|key| !key.starts_with("house.")));
    clinic.rows.clear();
    clinic.marks = vec![
        mark("house.remote-access", MarkState::NotForUs),
        mark("house.vendor-numbers", MarkState::NotForUs),
        mark("house.contacts", MarkState::NotForUs),
    ];
    assert!(plan(&clinic).steps.is_empty());
}

#[test]
fn open_measures_are_a_step_whose_day_is_the_earliest_of_theirs() {
    let mut clinic = situation(InstitutionKind::Clinic);
    let known = clinic.ledger.unwrap();
    for (measures, due, points) in
        [(1, None, 0), (2, Some(day(-3)), 30), (2, Some(day(5)), 20), (9, Some(day(200)), 0)]
    {
        clinic.ledger = Some(LedgerFacts { measures, measures_due: due, ..known });
        let plan = plan(&clinic);
        assert_eq!(keys(&plan), ["house.measures"]);
        let step = &plan.steps[0];
        assert_eq!((step.due, step.score.deadline, step.score.finish), (due, points, 20));
        assert!(step.reasons.contains(&Reason::OpenMeasures { measures }));
    }
    let late = Reason::Late { days: 3 };
    clinic.ledger = Some(LedgerFacts { measures: 2, measures_due: Some(day(-3)), ..known });
    assert!(plan(&clinic).steps[0].reasons.contains(&late));
    // Done is said at the measure itself; that it is not for us can be said of all of them for this year.
    let key = StepKey::House(HouseStep::Measures);
    assert!(!rules::may_mark(&key, MarkState::Done) && rules::may_mark(&key, MarkState::Later));
    clinic.ledger = Some(known);
    assert!(keys(&plan(&clinic)).is_empty());
}

#[test]
fn a_year_without_a_stock_take_is_told_where_there_is_something_to_look_at() {
    let mut clinic = situation(InstitutionKind::Clinic);
    let known = clinic.ledger.unwrap();
    for (things, stock_taken, expected) in
        [(12, false, &["house.stock-take"][..]), (12, true, &[][..]), (0, false, &[][..])]
    {
        clinic.ledger = Some(LedgerFacts { things, stock_taken, ..known });
        assert_eq!(keys(&plan(&clinic)), expected, "{things} {stock_taken}");
    }
    clinic.ledger = Some(LedgerFacts { stock_taken: false, ..known });
    clinic.rows = vec![row("asset-ledger", Standing::No)];
    assert!(
        keys(&plan(&clinic)).iter().all(|key| !key.starts_with("house.")),
        "the item's own steps come first"
    );
}

#[test]
fn what_the_engine_says_of_this_very_ledger_raises_its_items() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![
        row("patches", Standing::No),
        row("media-control", Standing::No),
        row("source-restriction", Standing::No),
    ];
    let before = plan(&clinic);
    assert_eq!(keys(&before)[0], "check-vpn-version");
    clinic.dangers = vec![
        danger("source-restriction", Scope::All, 60, 7),
        danger("media-control", Scope::All, 0, 3),
        danger("access-rights", Scope::All, 90, 9),
    ];
    let after = plan(&clinic);
    let first = &after.steps[0];
    assert_eq!(first.item.as_ref().unwrap().as_str(), "source-restriction", "{:?}", keys(&after));
    assert_eq!(first.score.danger, 60);
    assert!(first.reasons.contains(&Reason::Danger { ways: 7 }));
    assert!(words::why(Lang::Ja, &CATALOG, first).contains("攻撃の道を7本"));
    // What takes nothing away, and what is answered, changes nothing.
    let rest = |plan: &Plan| -> Vec<String> {
        let other =
            |step: &&PlannedStep| step.item.as_ref().is_none_or(|i| i.as_str() != "source-restriction");
        plan.steps.iter().filter(other).map(|step| step.key.to_string()).collect()
    };
    assert_eq!(rest(&before), rest(&after));
    assert!(after.steps.iter().all(|step| step.score.danger == 0 || step.item == first.item));
}

#[test]
fn a_fix_on_one_kind_of_device_raises_the_steps_for_it_alone() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("patches", Standing::No)];
    clinic.dangers =
        vec![danger("patches", Scope::Terminal, 40, 2), danger("patches", Scope::Network, 10, 9)];
    let plan = plan(&clinic);
    let of = |key: &str| plan.steps.iter().find(|step| step.key.to_string() == key).unwrap().score.danger;
    assert_eq!(of("check-vpn-version"), 10);
    assert!((11..=40).contains(&of("pc-auto-update")), "{}", of("pc-auto-update"));
}
