//! Named situations: what comes first, and what waits.

use crate::*;

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
