//! What the plan says of a step, and the week.

use crate::*;

#[test]
fn answers_of_an_earlier_year_are_called_unconfirmed() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.round = answered(4, 2);
    clinic.rows = vec![row("patches", Standing::NoToConfirm), row("rules", Standing::ToConfirm)];
    let plan = plan(&clinic);
    assert_eq!(keys(&plan)[0], "house.confirm", "half points, but no effort and two birds");
    let vpn = plan.steps.iter().find(|step| step.key.to_string() == "check-vpn-version").unwrap();
    assert_eq!(vpn.score.exposure, 63);
    assert!(words::why(Lang::Ja, &CATALOG, vpn).contains("確かめられていない"));
    assert!(words::why(Lang::Zh, &CATALOG, vpn).contains("尚未确认"));
    assert!(words::why(Lang::En, &CATALOG, vpn).contains("unconfirmed"));
}

#[test]
fn what_is_inferred_is_said_to_be() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("media-control", Standing::No)];
    let plan = plan(&clinic);
    assert!(plan.steps[0].inferred && !plan.steps[0].form_unconfirmed);
    assert!(words::why(Lang::Ja, &CATALOG, &plan.steps[0]).contains("とみられる（未確認）"));
}

#[test]
fn the_best_placed_of_those_who_are_there_does_it() {
    let mut hospital = situation(InstitutionKind::Hospital);
    hospital.rows = vec![row("password-reuse", Standing::No)];
    let doer = |situation: &Situation| {
        let plan = plan(situation);
        plan.steps.iter().find(|step| step.key.to_string() == "unique-admin-passwords").unwrap().doer
    };
    assert_eq!(doer(&hospital), Doer::Vendor);
    hospital.ledger = Some(LedgerFacts { vendors: 0, ..hospital.ledger.unwrap() });
    assert_eq!(doer(&hospital), Doer::SafetyManager);
    let members = std::mem::take(&mut hospital.members);
    assert_eq!(doer(&hospital), Doer::Director);
    hospital.members = members;
    hospital.operator_on_staff = Some(true);
    assert_eq!(doer(&hospital), Doer::SystemOperator);
}

#[test]
fn a_cloud_clinic_leaves_servers_to_the_provider_for_a_while() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("stop-services", Standing::No)];
    let points = |situation: &Situation| {
        let plan = plan(situation);
        let step = plan.steps.iter().find(|step| step.key.to_string() == "ask-server-services").unwrap();
        step.score.exposure
    };
    let own = points(&clinic);
    clinic.style = Some(komainu_catalog::SystemsStyle::Cloud);
    assert!(points(&clinic) * 2 <= own + 1);
}

#[test]
fn a_week_keeps_what_was_chosen_and_ends() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("media-control", Standing::No), row("access-log", Standing::No)];
    let first = rules::week(&plan(&clinic), &[]);
    assert_eq!(first.chosen.len(), 3);
    // Something heavier turns up: the week stays.
    clinic.rows.push(row("patches", Standing::No));
    let now = plan(&clinic);
    assert_eq!(now.steps[0].key.to_string(), "check-vpn-version");
    let again = rules::week(&now, &first.chosen);
    let open: Vec<_> = again.open.iter().map(|index| now.steps[*index].key.clone()).collect();
    let mut chosen: Vec<_> = first.chosen.iter().map(|pick| pick.step.clone()).collect();
    assert!(again.chosen.is_empty());
    assert!(open.iter().all(|key| chosen.contains(key)) && open.len() == 3);
    // What is done counts, so that the week ends.
    let done = chosen.remove(0);
    clinic.marks = vec![mark(&done.to_string(), MarkState::Done)];
    let later = rules::week(&plan(&clinic), &first.chosen);
    assert_eq!(later.finished, [done]);
    assert_eq!((later.open.len(), later.chosen.len()), (2, 0));
}

#[test]
fn a_week_holds_no_more_minutes_than_it_should() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("rules", Standing::No), row("bcp", Standing::No)];
    let plan = plan(&clinic);
    let week = rules::week(&plan, &[]);
    let minutes: u32 = week.chosen.iter().map(|pick| pick.minutes).sum();
    assert!(minutes <= rules::BUDGET_MINUTES && !week.chosen.is_empty());
    assert_eq!(rules::monday_of(day(0)), "2026-05-18".parse().unwrap());
}

#[test]
fn keys_go_there_and_back_and_the_catalogue_has_none_of_ours() {
    let item = "bcp".parse().unwrap();
    let ours = [
        HouseStep::Interview,
        HouseStep::OpenRound,
        HouseStep::Confirm,
        HouseStep::Answer,
        HouseStep::AnswerItem(item),
        HouseStep::Dates,
        HouseStep::ChaseVendors,
        HouseStep::Systems,
        HouseStep::RemoteAccess,
        HouseStep::Contacts,
        HouseStep::ContactGaps,
        HouseStep::ContactTest,
        HouseStep::VendorNumbers,
        HouseStep::StockTake,
        HouseStep::Measures,
    ];
    let theirs = CATALOG.steps().iter().map(|step| StepKey::Catalog((*step.id).clone()));
    for key in ours.map(StepKey::House).into_iter().chain(theirs) {
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        for lang in Lang::ALL {
            assert!(!words::title(lang, &CATALOG, &key).is_empty());
            assert!(!words::purpose(lang, &CATALOG, &key).is_empty());
            let how = words::how(lang, &CATALOG, &key);
            assert!(how.len() >= 2 && how.iter().all(|line| !line.is_empty()), "{key}");
        }
    }
    assert!(CATALOG.steps().iter().all(|step| !step.id.as_str().starts_with("house.")));
    assert!("house.nothing".parse::<StepKey>().is_err() && "Not An Id".parse::<StepKey>().is_err());
}
