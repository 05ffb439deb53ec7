//! The plan in an institution, on both databases: facts, marks, the week, who sees what.
#![allow(clippy::unwrap_used)]

#[path = "support/world.rs"]
mod world;

use chrono::Duration;
use komainu_access::{Role, Scope};
use komainu_db::testing::each_database;
use komainu_incident::actions::{Declare, Shared, close, declare, incidents_open, sheet_save};
use komainu_incident::{Detail, Fields, Sheet};
use komainu_plan::actions::{MarkInput, MarkRefusal, step_mark, week_keep};
use komainu_plan::model::*;
use komainu_web::{Failure, Refused};
use world::World;

/// A clinic whose director finished the interview and answered all rows, two of them no.
fn working(world: &World) -> (Scope, komainu_checklist::model::RoundId) {
    let clinic = world.organisation("あおぞら医院", "institution");
    let director = world.member(clinic, "院長", Role::Director);
    world.finish_interview(&director);
    let round = world.open_round(&director);
    let no = [("patches", "no:2026-12-31"), ("media-control", "no:2027-01-31")];
    world.answer_all(&director, round, &no);
    (director, round)
}

fn say(step: &str, state: MarkState, version: i64) -> MarkInput {
    MarkInput { step: step.parse().unwrap(), state, until: None, note: String::new(), version }
}

fn mark(world: &World, scope: &Scope, input: &MarkInput) -> Result<Mark, Refused<MarkRefusal>> {
    world.app.db.write(|tx| step_mark(tx, &world.app.nature, scope, &world.app.catalog, input))
}

fn keys(world: &World, scope: &Scope) -> Vec<String> {
    world.see(scope).unwrap().plan.steps.iter().map(|step| step.key.to_string()).collect()
}

#[test]
fn the_facts_lead_from_the_interview_to_the_work() {
    each_database(|db| {
        let world = World::new(db);
        let clinic = world.organisation("あおぞら医院", "institution");
        let director = world.member(clinic, "院長", Role::Director);
        assert_eq!(keys(&world, &director)[0], "house.interview");
        assert_eq!(world.see(&director).unwrap().stage, Stage::Setup);
        world.finish_interview(&director);
        assert_eq!(keys(&world, &director)[0], "house.open-round");
        let round = world.open_round(&director);
        assert_eq!(keys(&world, &director)[0], "house.answer");
        world.answer_all(&director, round, &[("patches", "no:2026-12-31")]);
        let seen = world.see(&director).unwrap();
        assert_eq!(seen.plan.steps[0].key.to_string(), "check-vpn-version");
        assert_eq!(seen.plan.steps[0].people, [director.person()], "nobody else is there");
        assert_eq!(seen.plan.steps[0].due, "2026-12-31".parse().ok());
        assert!(keys(&world, &director).contains(&"house.systems".to_owned()), "the ledger is empty");
    });
}

#[test]
fn an_incident_is_in_the_plan_of_those_who_may_see_it_until_it_is_told_and_closed() {
    each_database(|db| {
        let world = World::new(db);
        let (director, _) = working(&world);
        let (app, clinic) = (&world.app, director.organisation());
        let ordinary = keys(&world, &director);
        let declared = |drill| {
            let wish = Declare {
                kind: "ransomware".to_owned(),
                level: komainu_incident::Level::Serious,
                drill,
                near_miss: None,
                detail: Detail { title: "電子カルテが開かない".to_owned(), ..Detail::default() },
                first_knew_at: app.nature.now(),
            };
            app.db.write(|tx| declare(tx, &app.nature, &director, &app.catalog, &wish)).unwrap()
        };
        declared(true);
        assert_eq!(keys(&world, &director), ordinary, "an exercise is no work of the plan");
        let id = declared(false);
        let sheet = |sheet, name: &str, said: &str| {
            let fields = Fields::from([(name.to_owned(), said.to_owned())]);
            let saved = app.db.write(|tx| sheet_save(tx, &app.nature, &director, (id, sheet, 0), &fields));
            saved.map_err(|refused| format!("{refused:?}")).unwrap();
        };
        sheet(Sheet::Duties, "wrongful", "yes");
        let seen = world.see(&director).unwrap();
        let first = &seen.plan.steps[0];
        assert_eq!(first.key.to_string(), "house.duties");
        // The day to aim at is the third, the day of knowing being the first.
        assert_eq!((first.due, &first.action), ("2026-11-25".parse().ok(), &Action::Duties(id)));
        assert_eq!(first.assigned_to, [director.person()], "whoever commands");
        assert_eq!(seen.today(), Some(0));
        assert_eq!(seen.plan.steps[1].key.to_string(), "house.incident-tasks");
        let may_see = |scope: &Scope| app.db.read(|tx| incidents_open(tx, scope)).unwrap().len();
        let staff = world.member(clinic, "受付", Role::Staff);
        assert!(keys(&world, &staff).is_empty());
        assert_eq!((may_see(&director), may_see(&staff)), (2, 0));
        // It ends, and what was learned goes on as measures.
        sheet(Sheet::Lessons, "learned", "古い装置が入口だった");
        let shared = Shared {
            words: "古い装置が入口だった".to_owned(),
            measures: vec![("装置を替える".to_owned(), None)],
            lang: komainu_i18n::Lang::Ja,
        };
        let closed = app.db.write(|tx| close(tx, &app.nature, &director, &app.files, (id, 1), Some(&shared)));
        closed.map_err(|refused| format!("{refused:?}")).unwrap();
        let after = keys(&world, &director);
        assert!(after.contains(&"house.measures".to_owned()), "{after:?}");
        assert!(!after.iter().any(|key| key == "house.duties" || key == "house.incident-tasks"));
    });
}

#[test]
fn marks_are_said_logged_taken_back_and_never_overwritten() {
    each_database(|db| {
        let world = World::new(db);
        let (director, _) = working(&world);
        let done = mark(&world, &director, &say("media-rule", MarkState::Done, 0)).unwrap();
        assert_eq!((done.version, done.by_name.as_str()), (1, "院長"));
        assert!(!keys(&world, &director).contains(&"media-rule".to_owned()));
        // Again the same changes nothing; from an older page something else is refused, and what was said is shown.
        assert_eq!(mark(&world, &director, &say("media-rule", MarkState::Done, 0)).unwrap().version, 1);
        let late = mark(&world, &director, &say("media-rule", MarkState::NotForUs, 0));
        assert!(
            matches!(late, Err(Refused::Because(MarkRefusal::Changed(theirs))) if theirs.state == MarkState::Done)
        );
        mark(&world, &director, &say("media-rule", MarkState::Open, 1)).unwrap();
        assert!(keys(&world, &director).contains(&"media-rule".to_owned()));
        let log: Vec<_> =
            world.log(&director).into_iter().filter(|entry| entry.action == "step_mark").collect();
        assert_eq!(log.len(), 2);
        assert_eq!(log[0].object_id, "2026/media-rule");
        assert!(log[0].before.contains("\"done\"") && log[0].after.contains("\"open\""));
    });
}

#[test]
fn later_needs_a_day_ahead_and_comes_back() {
    each_database(|db| {
        let world = World::new(db);
        let (director, _) = working(&world);
        let later =
            |until: &str| MarkInput { until: until.parse().ok(), ..say("media-rule", MarkState::Later, 0) };
        for day in ["", "2026-11-23", "2026-11-22", "2028-01-01"] {
            let refused = mark(&world, &director, &later(day));
            assert!(matches!(refused, Err(Refused::Because(MarkRefusal::Day(_)))), "{day}");
        }
        let long = MarkInput { note: "長".repeat(501), ..later("2026-11-30") };
        assert!(matches!(mark(&world, &director, &long), Err(Refused::Because(MarkRefusal::Note))));
        mark(&world, &director, &later("2026-11-30")).unwrap();
        let held = world.see(&director).unwrap().plan.held;
        assert_eq!(held.len(), 2, "and what needs it");
        world.fake.advance(Duration::days(7));
        assert!(keys(&world, &director).contains(&"media-rule".to_owned()));
    });
}

#[test]
fn a_week_stays_and_the_next_one_is_chosen_anew() {
    each_database(|db| {
        let world = World::new(db);
        let (director, _) = working(&world);
        let keep = || {
            let (nature, catalog) = (&world.app.nature, &world.app.catalog);
            world.app.db.write(|tx| week_keep(tx, nature, &director, catalog)).unwrap();
        };
        let week = || {
            let seen = world.see(&director).unwrap();
            seen.week.open.iter().map(|index| seen.plan.steps[*index].key.to_string()).collect::<Vec<_>>()
        };
        keep();
        let chosen = week();
        assert_eq!(chosen.len(), 3);
        keep();
        let kept = world.log(&director).iter().filter(|entry| entry.action == "plan_week_keep").count();
        assert_eq!(kept, 1, "looking again chooses nothing");
        for key in &chosen {
            let state = if key.starts_with("house.") { MarkState::NotForUs } else { MarkState::Done };
            mark(&world, &director, &say(key, state, 0)).unwrap();
        }
        let seen = world.see(&director).unwrap();
        assert_eq!((seen.week.open.len(), seen.week.finished.len(), seen.today()), (0, 3, None));
        assert!(!seen.plan.steps.is_empty());
        world.fake.advance(Duration::days(7));
        assert!(!week().is_empty());
    });
}

#[test]
fn staff_see_and_mark_their_own_and_nobody_sees_another_house() {
    each_database(|db| {
        let world = World::new(db);
        let (director, round) = working(&world);
        let clinic = director.organisation();
        let staff = world.member(clinic, "受付", Role::Staff);
        assert!(keys(&world, &staff).is_empty());
        world.assign(&director, round, "media-control", &staff);
        assert_eq!(keys(&world, &staff), ["media-rule", "one-media-pc"]);
        mark(&world, &staff, &say("media-rule", MarkState::Done, 0)).unwrap();
        let not_theirs = mark(&world, &staff, &say("check-vpn-version", MarkState::Done, 0));
        assert!(matches!(not_theirs, Err(Refused::Failed(Failure::NotFound))));
        // Inspectors see no plan and say nothing.
        let inspector = world.member(clinic, "検査", Role::Inspector);
        assert!(matches!(world.see(&inspector), Err(Failure::Denied(_))));
        let refused = mark(&world, &inspector, &say("media-rule", MarkState::Open, 1));
        assert!(matches!(refused, Err(Refused::Failed(Failure::Denied(_)))));
        // What form and ledger show cannot be said.
        let said = mark(&world, &director, &say("house.answer", MarkState::Done, 0));
        assert!(matches!(said, Err(Refused::Failed(Failure::NotFound))));
        let unknown = mark(&world, &director, &say("no-such-step", MarkState::Done, 0));
        assert!(matches!(unknown, Err(Refused::Failed(Failure::NotFound))));
        // Another house knows nothing of it.
        let other = world.organisation("みどり歯科", "institution");
        let stranger = world.member(other, "院長", Role::Director);
        assert!(world.see(&stranger).unwrap().facts.situation.marks.is_empty());
        mark(&world, &stranger, &say("media-rule", MarkState::NotForUs, 0)).unwrap();
        let mine = world.see(&director).unwrap().facts.situation.marks;
        assert_eq!(mine.len(), 1);
        assert_eq!(mine[0].state, MarkState::Done);
    });
}

#[test]
fn two_who_mark_at_once_do_not_both_win() {
    each_database(|db| {
        let world = World::new(db);
        let (director, _) = working(&world);
        let manager = world.member(director.organisation(), "安全管理責任者", Role::SafetyManager);
        let outcomes: Vec<bool> = std::thread::scope(|threads| {
            let tries =
                [(&director, MarkState::Done), (&manager, MarkState::NotForUs)].map(|(scope, state)| {
                    let world = &world;
                    threads.spawn(move || mark(world, scope, &say("media-rule", state, 0)).is_ok())
                });
            tries.map(|handle| handle.join().unwrap()).to_vec()
        });
        assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);
    });
}

#[test]
fn when_all_is_done_there_is_nothing_left_to_say() {
    each_database(|db| {
        let world = World::new(db);
        let clinic = world.organisation("あおぞら医院", "institution");
        let director = world.member(clinic, "院長", Role::Director);
        world.finish_interview(&director);
        let round = world.open_round(&director);
        world.answer_all(&director, round, &[]);
        for step in ["house.systems", "house.contacts"] {
            mark(&world, &director, &say(step, MarkState::NotForUs, 0)).unwrap();
        }
        assert_eq!(world.see(&director).unwrap().stage, Stage::AllDone);
    });
}
