//! The rule: named situations, and what holds in every situation.
#![allow(clippy::unwrap_used)]

mod support;

use komainu_catalog::{Catalog, Doer, InstitutionKind, Scope, StepId};
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_incident::IncidentId;
use komainu_plan::model::*;
use komainu_plan::{rules, words};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use support::{answered, day, mark, person, row, situation};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

fn plan(situation: &Situation) -> Plan {
    rules::plan(situation, &CATALOG)
}

fn keys(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.key.to_string()).collect()
}

fn house(step: HouseStep) -> StepKey {
    StepKey::House(step)
}

#[test]
fn a_clinic_with_a_vpn_that_is_not_patched_begins_there() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![
        row("rules", Standing::No),
        row("patches", Standing::No),
        row("media-control", Standing::No),
        row("backup-restore", Standing::NotSure),
    ];
    let plan = plan(&clinic);
    let first = &plan.steps[0];
    assert_eq!(first.key.to_string(), "check-vpn-version");
    assert_eq!(first.score.exposure, 90);
    assert_eq!(first.doer, Doer::SafetyManager);
    assert_eq!(
        words::why(Lang::Ja, &CATALOG, first),
        "「更新されていないVPN装置」が実際の被害の原因になったうえに、いまの答えが「いいえ」になっているからです。"
    );
    // Not four steps about updates: the backup comes in between.
    assert_eq!(plan.steps[1].item.as_ref().unwrap().as_str(), "backup-restore");
    // The PCs' updates do not close the VPN box, so they are not raised by it.
    let pcs = plan.steps.iter().find(|step| step.key.to_string() == "pc-auto-update").unwrap();
    assert!(pcs.score.exposure < 40, "{:?}", pcs.score);
}

#[test]
fn a_hospital_with_three_late_targets_takes_them_by_weight_and_not_before_the_entrance() {
    let mut hospital = situation(InstitutionKind::Hospital);
    let late = |item, days_ago: i64| OpenRow { target: Some(day(-days_ago)), ..row(item, Standing::No) };
    hospital.rows = vec![
        late("rules", 3),
        late("contact-chart", 40),
        late("password-reuse", 12),
        row("patches", Standing::No),
    ];
    let plan = plan(&hospital);
    let order: Vec<_> = keys(&plan);
    let position = |key: &str| order.iter().position(|k| k == key).unwrap();
    assert_eq!(order[0], "unique-admin-passwords", "{order:?}");
    assert!(position("check-vpn-version") < position("write-contact-chart"));
    assert!(position("write-contact-chart") < position("three-line-rules"));
    let first = &plan.steps[0];
    assert_eq!((first.score.exposure, first.score.deadline, first.score.total()), (75, 30, 103));
    assert!(words::why(Lang::Ja, &CATALOG, first).contains("目標日を12日過ぎている"));
    assert!(first.reasons.contains(&Reason::Late { days: 12 }));
}

/// The worked example of `docs/plan.md`.
#[test]
fn the_worked_example() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![
        row("patches", Standing::No),
        row("backup-restore", Standing::NotSure),
        row("media-control", Standing::No),
        OpenRow { target: Some(day(-12)), ..row("rules", Standing::No) },
    ];
    let plan = plan(&clinic);
    let points = |key: &str| {
        let index = plan.steps.iter().position(|step| step.key.to_string() == key).unwrap();
        (index, plan.steps[index].score.exposure, plan.steps[index].score.total())
    };
    assert_eq!(points("check-vpn-version"), (0, 90, 88));
    assert_eq!(points("detach-one-backup"), (1, 72, 70));
    assert_eq!((points("list-backups").1, points("list-backups").2), (58, 56));
    assert_eq!((points("three-line-rules").1, points("three-line-rules").2), (28, 52));
    assert_eq!((points("media-rule").1, points("media-rule").2), (20, 18));
    let order: Vec<_> = keys(&plan).into_iter().take(6).collect();
    assert_eq!(order[2..4], ["list-backups", "three-line-rules"], "{order:?}");
}

#[test]
fn a_pharmacy_that_answered_nothing_answers_first() {
    let mut pharmacy = situation(InstitutionKind::Pharmacy);
    pharmacy.round = answered(20, 0);
    pharmacy.rows = ["has-system", "patches", "backup-restore", "rules"]
        .map(|item| row(item, Standing::Unanswered))
        .to_vec();
    let plan = plan(&pharmacy);
    assert_eq!(keys(&plan), ["house.answer"]);
    assert_eq!(plan.steps[0].blocking, Some(5));
    let week = rules::week(&plan, &[]);
    assert_eq!((week.open, week.chosen), (vec![0], vec![]));
}

#[test]
fn the_interview_comes_before_the_round_and_the_round_before_the_work() {
    let mut clinic = situation(InstitutionKind::DentalClinic);
    clinic.interview_done = false;
    clinic.round = RoundState::NotOpened;
    assert_eq!(keys(&plan(&clinic)), ["house.interview", "house.open-round"]);
    assert_eq!(rules::stage(&clinic, &plan(&clinic)), Stage::Setup);
    clinic.interview_done = true;
    assert_eq!(keys(&plan(&clinic)), ["house.open-round"]);
    assert_eq!(rules::stage(&clinic, &plan(&clinic)), Stage::NoRound);
    // Staff can do neither.
    clinic.whole = false;
    assert!(plan(&clinic).steps.is_empty());
}

#[test]
fn an_incident_comes_before_everything_and_stops_nothing() {
    let incident = |number| IncidentId(Uuid::from_u128(number));
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("patches", Standing::No), row("media-control", Standing::No)];
    let ordinary = plan(&clinic);
    let facts = IncidentFacts {
        duties: Some((incident(1), 4)),
        due: Some(day(2)),
        unconfirmed: true,
        tasks: Some((incident(2), 7)),
        tells: Some(person(2)),
        leads: None,
    };
    clinic.incident = facts;
    let with = plan(&clinic);
    assert_eq!(keys(&with)[..2], ["house.duties", "house.incident-tasks"]);
    assert_eq!(keys(&with)[2..], keys(&ordinary));
    let tell = &with.steps[0];
    assert_eq!((&tell.action, tell.due), (&Action::Duties(incident(1)), Some(day(2))));
    assert_eq!((tell.assigned_to.as_slice(), tell.score.deadline), (&[person(2)][..], 20));
    assert_eq!(tell.reasons, [Reason::DutiesWait { duties: 4, due: Some(day(2)), unconfirmed: true }]);
    let why = words::why(Lang::Ja, &CATALOG, tell);
    assert!(why.contains("4件") && why.contains("未確認"), "{why}");
    assert_eq!(with.steps[1].action, Action::Incident(incident(2)));
    // The week's other work is chosen all the same; clocks may run for two months.
    let week = rules::week(&with, &[]);
    assert!(week.open.starts_with(&[0, 1]) && !week.chosen.is_empty());
    assert!(week.chosen.iter().all(|pick| keys(&ordinary).contains(&pick.step.to_string())));
    // It comes before the interview as well, and nothing can be said about it but where it is done.
    clinic.interview_done = false;
    assert_eq!(keys(&plan(&clinic))[..3], ["house.duties", "house.incident-tasks", "house.interview"]);
    for step in [HouseStep::Duties, HouseStep::IncidentTasks] {
        assert!(MarkState::ALL.into_iter().all(|state| !rules::may_mark(&house(step.clone()), state)));
    }
    // What is told leaves the plan.
    clinic.incident = IncidentFacts { duties: None, tasks: Some((incident(2), 0)), ..facts };
    assert_eq!(keys(&plan(&clinic))[0], "house.interview");
}

#[test]
fn half_of_the_answers_are_enough_to_begin_with_the_work() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("patches", Standing::No), row("rules", Standing::Unanswered)];
    clinic.round = answered(20, 9);
    assert_eq!(keys(&plan(&clinic))[0], "house.answer");
    clinic.round = answered(20, 10);
    assert_eq!(keys(&plan(&clinic))[0], "check-vpn-version");
    assert!(keys(&plan(&clinic)).contains(&"house.answer".to_owned()));
}

#[test]
fn all_yes_is_done_and_a_missing_date_is_not() {
    let mut clinic = situation(InstitutionKind::Clinic);
    assert_eq!(plan(&clinic), Plan::default());
    assert_eq!(rules::stage(&clinic, &plan(&clinic)), Stage::AllDone);
    clinic.rows = vec![OpenRow { lacks_date: true, ..row("patches", Standing::LacksDate) }];
    assert_eq!(keys(&plan(&clinic)), ["house.dates"]);
    clinic.round = RoundState::Closed;
    assert!(plan(&clinic).steps.is_empty(), "a closed form takes no dates");
}

#[test]
fn a_closed_round_keeps_its_work() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.round = RoundState::Closed;
    clinic.rows = vec![row("media-control", Standing::No)];
    assert_eq!(keys(&plan(&clinic)), ["media-rule", "one-media-pc"]);
    clinic.marks = vec![mark("media-rule", MarkState::Done), mark("one-media-pc", MarkState::NotForUs)];
    assert!(plan(&clinic).steps.is_empty(), "and nothing can be answered in it");
}

#[test]
fn done_steps_lead_to_the_answer() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("media-control", Standing::No)];
    clinic.marks = vec![mark("media-rule", MarkState::Done)];
    assert_eq!(keys(&plan(&clinic)), ["one-media-pc"]);
    clinic.marks.push(mark("one-media-pc", MarkState::NotForUs));
    let plan = plan(&clinic);
    assert_eq!(keys(&plan), ["house.answer.media-control"]);
    assert_eq!(plan.steps[0].action, Action::Row("media-control".parse().unwrap()));
    assert!(words::why(Lang::En, &CATALOG, &plan.steps[0]).contains("every step for this item is done"));
}

#[test]
fn what_is_put_off_waits_and_comes_back_and_what_needs_it_waits_too() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("media-control", Standing::No)];
    let put_off = Mark { until: Some(day(5)), ..mark("media-rule", MarkState::Later) };
    clinic.marks = vec![put_off];
    let now = plan(&clinic);
    assert!(now.steps.is_empty());
    let holds: Vec<_> = now.held.iter().map(|(step, hold)| (step.key.to_string(), hold.clone())).collect();
    assert_eq!(holds[0], ("media-rule".to_owned(), Hold::Until(day(5))));
    assert_eq!(holds[1].1, Hold::After(StepKey::Catalog("media-rule".parse().unwrap())));
    assert_eq!(rules::stage(&clinic, &now), Stage::Waiting);
    clinic.today = day(5);
    let then = plan(&clinic);
    assert_eq!(keys(&then), ["media-rule", "one-media-pc"]);
    assert!(then.steps[0].reasons.contains(&Reason::PutOffUntilNow));
}

#[test]
fn a_question_to_a_vendor_holds_its_steps_until_the_reply_is_overdue() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![OpenRow { reply_by: Some(day(3)), ..row("mds-sds", Standing::No) }];
    let waiting = plan(&clinic);
    assert!(waiting.steps.is_empty());
    assert!(waiting.held.iter().all(|(_, hold)| *hold == Hold::Reply(day(3))));
    clinic.today = day(4);
    let overdue = plan(&clinic);
    assert_eq!(overdue.steps[0].key, house(HouseStep::ChaseVendors));
    assert!(overdue.steps[0].reasons.contains(&Reason::ReplyOverdue { days: 1, rows: 1 }));
}

#[test]
fn a_prerequisite_of_an_unanswered_item_is_brought_in_and_comes_first() {
    let mut clinic = situation(InstitutionKind::Clinic);
    clinic.rows = vec![row("rules", Standing::No), row("org-officer", Standing::Unanswered)];
    let plan = plan(&clinic);
    let order = keys(&plan);
    let position = |key: &str| order.iter().position(|k| k == key).unwrap();
    assert!(position("appoint-officer") < position("three-line-rules"), "{order:?}");
    assert!(position("three-line-rules") < position("tell-staff-rules"));
    let rules = &plan.steps[position("three-line-rules")];
    assert_eq!(rules.needs, [StepKey::Catalog("appoint-officer".parse().unwrap())]);
    // Once the item is a yes, nothing has to be brought in.
    clinic.rows.truncate(1);
    assert_eq!(keys(&rules::plan(&clinic, &CATALOG))[0], "three-line-rules");
}

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

fn danger(item: &str, about: Scope, share: i32, ways: u32) -> DangerFact {
    DangerFact { item: item.parse().unwrap(), about, share, ways }
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

// What holds in every situation.

fn standings() -> impl Strategy<Value = Standing> {
    use Standing::{LacksDate, No, NoToConfirm, NotSure, ToConfirm, Unanswered};
    prop::sample::select(vec![No, NotSure, NoToConfirm, ToConfirm, Unanswered, LacksDate])
}

prop_compose! {
    fn any_row(item: String)(
        standing in standings(), target in prop::option::of(-60_i64..300), reply in prop::option::of(-20_i64..20),
        lacks_date: bool, confirmed: bool, person in prop::option::of(1_u128..4),
    ) -> OpenRow {
        OpenRow {
            target: target.map(day), reply_by: reply.map(day), lacks_date, confirmed,
            assigned_to: person.map(support::person), ..row(&item, standing)
        }
    }
}

fn any_situation() -> impl Strategy<Value = Situation> {
    let items: Vec<String> = CATALOG.items().iter().map(|item| item.id.to_string()).collect();
    let rows = prop::sample::subsequence(items.clone(), 0..=items.len())
        .prop_flat_map(|items| items.into_iter().map(any_row).collect::<Vec<_>>());
    let steps: Vec<StepId> = CATALOG.steps().iter().map(|step| (*step.id).clone()).collect();
    let marks = prop::collection::btree_map(
        prop::sample::select(steps),
        (prop::sample::select(MarkState::ALL.to_vec()), -10_i64..30),
        0..12,
    );
    let ledger = prop::option::of((0_u32..5, 0_u32..5, 0_u32..4, 0_u32..4, 0_u32..3));
    let rounds = prop::sample::select(vec![
        RoundState::NotOpened,
        RoundState::Closed,
        RoundState::NoForm,
        answered(20, 3),
        answered(20, 15),
    ]);
    let kinds = prop::sample::select(InstitutionKind::ALL.to_vec());
    let items: Vec<String> = CATALOG.items().iter().map(|item| item.id.to_string()).collect();
    let about = prop::sample::select(Scope::ALL.to_vec());
    let fact = (prop::sample::select(items), about, 0_i32..=100, 0_u32..60);
    let dangers =
        prop::collection::vec(fact.prop_map(|(i, a, share, ways)| danger(&i, a, share, ways)), 0..6);
    let incidents = (0_u32..3, prop::option::of(-9_i64..60), any::<bool>(), 0_u32..3);
    let incidents = incidents.prop_map(|(duties, due, unconfirmed, tasks)| IncidentFacts {
        duties: (duties > 0).then(|| (IncidentId(Uuid::from_u128(1)), duties)),
        due: due.filter(|_| duties > 0).map(day),
        unconfirmed,
        tasks: (tasks > 0).then(|| (IncidentId(Uuid::from_u128(2)), tasks)),
        tells: unconfirmed.then(|| person(1)),
        leads: None,
    });
    (rows, marks, ledger, rounds, kinds, any::<bool>(), any::<bool>(), (0_i64..330, dangers, incidents))
        .prop_map(|(rows, marks, ledger, round, kind, whole, interview_done, (today, dangers, incident))| {
            Situation {
                rows,
                incident,
                dangers,
                round,
                whole,
                interview_done,
                today: day(today),
                marks: marks
                    .into_iter()
                    .map(|(step, (state, until))| Mark {
                        until: (state == MarkState::Later).then(|| day(until)),
                        ..mark(step.as_str(), state)
                    })
                    .collect(),
                ledger: ledger.map(|(systems, remote, vendors, without, contacts)| LedgerFacts {
                    systems,
                    remote_unknown: remote,
                    vendors,
                    vendors_without_number: without,
                    contacts,
                    contact_gaps: vendors % 3,
                    contact_tested: contacts % 2 == 0,
                    contact_silent: contacts % 3,
                    things: systems,
                    stock_taken: remote > 0,
                    measures: contacts,
                    measures_due: (without > 0).then(|| day(i64::from(without) * 20 - 30)),
                }),
                ..situation(kind)
            }
        })
}

/// Steps of the catalogue that have something to do with an item: its own, and along `after` in both directions.
fn related(item: &str) -> Vec<StepKey> {
    let mut found: Vec<&StepId> =
        CATALOG.steps().iter().filter(|s| s.item.as_str() == item).map(|s| &*s.id).collect();
    loop {
        let more = CATALOG.steps().iter().find(|step| {
            let linked = |id: &StepId| found.contains(&id);
            let touches = step.after.iter().any(|before| linked(before)) != linked(&step.id);
            let of_same_item = found.iter().any(|id| CATALOG.step(id).unwrap().item == step.item);
            !linked(&step.id) && (touches || of_same_item)
                || linked(&step.id) && step.after.iter().any(|before| !linked(before))
        });
        match more {
            Some(step) if found.contains(&&*step.id) => {
                let missing = step.after.iter().find(|before| !found.contains(&&***before)).unwrap();
                found.push(&**missing);
            }
            Some(step) => found.push(&step.id),
            None => return found.into_iter().map(|id| StepKey::Catalog(id.clone())).collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Same facts, same plan, in whatever order they come.
    #[test]
    fn the_order_of_the_facts_means_nothing(situation in any_situation(), turn in 0_usize..20) {
        let mut turned = situation.clone();
        let len = turned.rows.len().max(1);
        turned.rows.rotate_left(turn % len);
        turned.rows.reverse();
        turned.marks.reverse();
        turned.members.reverse();
        turned.dangers.reverse();
        prop_assert_eq!(plan(&situation), plan(&turned));
    }

    /// A step stands never before what it needs, and no step stands twice or both waits and is ready.
    #[test]
    fn prerequisites_come_first(situation in any_situation()) {
        let plan = plan(&situation);
        let mut seen: Vec<&StepKey> = Vec::new();
        for step in &plan.steps {
            prop_assert!(!seen.contains(&&step.key));
            for before in &step.needs {
                prop_assert!(seen.contains(&before), "{} before {}", step.key, before);
            }
            if let StepKey::Catalog(id) = &step.key {
                for before in &CATALOG.step(id).unwrap().after {
                    let key = StepKey::Catalog((**before).clone());
                    let behind = plan.steps.iter().any(|s| s.key == key) && !seen.contains(&&key);
                    prop_assert!(!behind);
                }
            }
            prop_assert!(plan.held.iter().all(|(held, _)| held.key != step.key));
            seen.push(&step.key);
        }
    }

    /// Ordered by blocking, then points, except where a prerequisite holds a step back.
    #[test]
    fn points_decide(situation in any_situation()) {
        let plan = plan(&situation);
        for (index, step) in plan.steps.iter().enumerate() {
            for later in &plan.steps[index + 1..] {
                let rank = |s: &PlannedStep| (s.blocking.unwrap_or(u8::MAX), -s.score.total());
                prop_assert!(rank(step) <= rank(later) || !later.needs.is_empty(), "{} {}", step.key, later.key);
            }
        }
    }

    /// At most three a week, within the minutes, all of them ready, the same when asked again.
    #[test]
    fn a_week_is_small_and_stable(situation in any_situation()) {
        let plan = plan(&situation);
        let week = rules::week(&plan, &[]);
        prop_assert!(week.open.len() <= rules::STEPS_A_WEEK);
        prop_assert_eq!(week.open.is_empty(), plan.steps.is_empty());
        let minutes: u32 = week.chosen.iter().map(|pick| pick.minutes).sum();
        prop_assert!(minutes <= rules::BUDGET_MINUTES || week.chosen.len() == 1);
        let again = rules::week(&plan, &week.chosen);
        prop_assert_eq!(&again.open, &week.open);
        prop_assert!(again.chosen.is_empty() && again.finished.is_empty());
    }

    /// Every position explains itself in every language, with words for every argument.
    #[test]
    fn every_position_explains_itself(situation in any_situation()) {
        let plan = plan(&situation);
        let names = BTreeMap::new();
        for step in plan.steps.iter().chain(plan.held.iter().map(|(step, _)| step)) {
            prop_assert!(!step.reasons.is_empty(), "{}", step.key);
            prop_assert!(step.minutes > 0);
            for lang in Lang::ALL {
                let why = words::why(lang, &CATALOG, step);
                let end = if lang == Lang::En { '.' } else { '。' };
                prop_assert!(why.ends_with(end) && why.matches(end).count() == 1, "{why}");
                prop_assert!(!why.contains(['{', '$']), "{why}");
                prop_assert!(!words::who(lang, step, &names).is_empty());
            }
        }
    }

    /// Another item's no does not reorder what has nothing to do with it.
    #[test]
    fn an_unrelated_item_changes_nothing_between_the_others(
        situation in any_situation(), item in prop::sample::select(vec!["access-rights", "mds-sds", "bcp", "patches"]),
    ) {
        let mut with = situation.clone();
        with.rows.retain(|row| row.item.as_str() != item);
        let without = with.clone();
        with.rows.push(row(item, Standing::No));
        let related = related(item);
        let others = |situation: &Situation| -> Vec<StepKey> {
            let unrelated = |key: &StepKey| matches!(key, StepKey::Catalog(_)) && !related.contains(key);
            plan(situation).steps.into_iter().map(|step| step.key).filter(unrelated).collect()
        };
        prop_assert_eq!(others(&with), others(&without));
    }
}
