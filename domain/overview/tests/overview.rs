//! Progress against a recount of the rows, the log in parts, and who may see either.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_catalog::{Catalog, Level};
use komainu_checklist::actions::{AnswerInput, OpenRound, answer_set, round_open, round_view};
use komainu_checklist::model::{AnswerKind, RoundId, RoundView};
use komainu_clock::{Fake, Nature};
use komainu_db::testing::each_database;
use komainu_db::{Db, Outside, Statement, params};
use komainu_overview::actions::{log, log_prove, log_writers, progress};
use komainu_overview::model::{Filter, Mark};
use komainu_web::Failure;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::sync::Arc;

const OUTSIDE: Outside = Outside("a test sets its world up");

struct World {
    db: Db,
    nature: Nature,
    clock: Fake,
    catalog: Arc<Catalog>,
    here: OrganisationId,
    there: OrganisationId,
}

fn run(db: &Db, sql: &'static str, values: &[komainu_db::Value]) {
    db.write(|tx| tx.run(&OUTSIDE, Statement { name: "SETUP", sql }, values)).unwrap();
}

impl World {
    fn new(db: Db) -> World {
        let start: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        let (nature, clock) = Nature::fake(start);
        let (here, there) = (OrganisationId(nature.id()), OrganisationId(nature.id()));
        for id in [here, there] {
            run(
                &db,
                "INSERT INTO organisation (id, kind, parent_id, name, name_kana, folded, created_at) VALUES ($1, 'institution', NULL, '病院', '', '', $2)",
                params![id, start],
            );
            run(
                &db,
                "INSERT INTO institution (organisation_id, kind, beds, prefecture, postal_code, address, phone, code, systems, operator_on_staff, entrusts_updates, interview_done_at, version) VALUES ($1, 'hospital', 120, '13', '', '', '', '', NULL, NULL, NULL, NULL, 1)",
                params![id],
            );
        }
        World { db, nature, clock, catalog: Arc::new(Catalog::embedded().unwrap()), here, there }
    }

    fn person(&self, organisation: OrganisationId, name: &str, role: Role) -> Scope {
        let (id, now) = (PersonId(self.nature.id()), self.nature.now());
        run(
            &self.db,
            "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at, disabled_at) VALUES ($1, $2, '', $3, $3, '', $4, 'ja', $5, NULL)",
            params![id, name, format!("{id}@example.jp"), true, now],
        );
        run(
            &self.db,
            "INSERT INTO membership (organisation_id, person_id, role, title, created_at, ended_at, version) VALUES ($1, $2, $3, '', $4, NULL, 1)",
            params![organisation, id, role.code(), now],
        );
        Scope::new(id, name, organisation, role)
    }

    fn open(&self, scope: &Scope, fiscal_year: i32) -> RoundId {
        let input = OpenRound { fiscal_year, vendor: None, carry: false };
        let opened = self.db.write(|tx| round_open(tx, &self.nature, scope, &self.catalog, input));
        opened.map_err(|_| ()).unwrap().id
    }

    fn view(&self, scope: &Scope, round: RoundId) -> RoundView {
        self.db.read(|tx| round_view(tx, scope, &self.catalog, round)).unwrap()
    }

    fn answer(&self, scope: &Scope, round: RoundId, row: usize, kind: AnswerKind, checked: &str) {
        let view = self.view(scope, round);
        let row = &view.rows[row];
        let version = row.answer.as_ref().map_or(0, |answer| answer.version);
        let input = AnswerInput {
            answer: kind.code().to_owned(),
            checked: vec![checked.to_owned()],
            version,
            ..AnswerInput::default()
        };
        let saved = self
            .db
            .write(|tx| answer_set(tx, &self.nature, scope, &self.catalog, round, &row.placement, &input));
        assert!(saved.is_ok(), "{saved:?}");
    }
}

/// The numbers of the page, counted again by hand from the rows, for whatever was answered.
#[test]
fn progress_is_what_a_recount_finds() {
    each_database(|db| {
        let world = World::new(db);
        let scope = world.person(world.here, "院長", Role::Director);
        let (old, new) = (world.open(&scope, 2025), world.open(&scope, 2026));
        let kinds = prop::sample::select(vec![AnswerKind::Yes, AnswerKind::No, AnswerKind::NotSure]);
        let answers = prop::collection::vec((0usize..18, kinds, 4u32..11, any::<bool>()), 1..8);
        let mut runner = TestRunner::new(ProptestConfig::with_cases(6));
        runner
            .run(&answers, |answers| {
                for (row, kind, month, this_year) in answers {
                    let (round, year) = if this_year { (new, 2026) } else { (old, 2025) };
                    world.answer(&scope, round, row, kind, &format!("{year}-{month:02}-01"));
                }
                let found =
                    world.db.read(|tx| progress(tx, &world.nature, &scope, &world.catalog)).unwrap().unwrap();
                prop_assert_eq!(found.years.len(), 2);
                for (year, round) in found.years.iter().zip([new, old]) {
                    recount(year, &world.view(&scope, round))?;
                }
                for item in &found.items {
                    for (mark, round) in item.marks.iter().zip([new, old]) {
                        let view = world.view(&scope, round);
                        let rows: Vec<_> = view.rows.iter().filter(|row| row.item == item.item).collect();
                        let yes = rows.iter().all(|row| row.settled() == Some(AnswerKind::Yes));
                        prop_assert_eq!(*mark == Mark::Absent, rows.is_empty());
                        prop_assert_eq!(*mark == Mark::Yes, yes && !rows.is_empty());
                    }
                }
                Ok(())
            })
            .unwrap();
    });
}

fn recount(year: &komainu_overview::model::YearProgress, view: &RoundView) -> Result<(), TestCaseError> {
    let required: Vec<_> = view.rows.iter().filter(|row| row.level == Level::Required).collect();
    let with = |kind| required.iter().filter(|row| row.settled() == Some(kind)).count();
    prop_assert_eq!(year.counts.needed as usize, required.len());
    prop_assert_eq!(year.counts.yes as usize, with(AnswerKind::Yes));
    prop_assert_eq!(year.counts.no as usize, with(AnswerKind::No));
    prop_assert_eq!(year.sections.iter().map(|one| one.counts.needed).sum::<u32>(), year.counts.needed);
    prop_assert_eq!(year.sections.iter().map(|one| one.counts.answered).sum::<u32>(), year.counts.answered);
    let checked = view.rows.iter().filter(|row| row.settled().is_some()).count();
    let last = year.months.iter().rev().find_map(|end| end.checked);
    prop_assert_eq!(last.map(|last| last as usize), Some(checked));
    Ok(())
}

#[test]
fn the_log_is_filtered_paged_and_kept_to_its_organisation() {
    each_database(|db| {
        let world = World::new(db);
        let director = world.person(world.here, "院長", Role::Director);
        let manager = world.person(world.here, "安全管理責任者", Role::SafetyManager);
        let stranger = world.person(world.there, "よその院長", Role::Director);
        let round = world.open(&director, 2026);
        for turn in 0..60 {
            world.clock.advance(chrono::Duration::hours(1));
            let kind = if turn % 2 == 0 { AnswerKind::Yes } else { AnswerKind::No };
            world.answer(&manager, round, 0, kind, "2026-06-01");
        }
        let part = |scope: &Scope, filter: Filter| world.db.read(|tx| log(tx, scope, &filter));
        let first = part(&director, Filter::default()).unwrap();
        assert_eq!((first.entries.len(), first.length, first.end.len()), (50, 61, 64));
        let rest = part(&director, Filter { before: first.older, ..Filter::default() }).unwrap();
        let seqs: Vec<i64> = first.entries.iter().chain(&rest.entries).map(|entry| entry.seq).collect();
        assert_eq!(seqs, (1..=61).rev().collect::<Vec<_>>(), "nothing twice, nothing left out");
        assert_eq!(rest.older, None);
        let own = part(&director, Filter { person: Some(director.person()), ..Filter::default() }).unwrap();
        assert_eq!(own.entries.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(), ["round_open"]);
        let rounds = Filter { kind: "checklist_round".to_owned(), ..Filter::default() };
        assert_eq!(part(&director, rounds).unwrap().entries.len(), 1);
        // 2 November 10:00 in Japan is where the clock began: fourteen entries fall on that day.
        let day = "2026-11-02".parse().ok();
        let on_day = part(&director, Filter { from: day, to: day, ..Filter::default() }).unwrap();
        assert_eq!(on_day.entries.len(), 14);
        assert!(world.db.read(|tx| log_prove(tx, &director)).unwrap().broken.is_none());

        assert!(part(&stranger, Filter::default()).unwrap().entries.is_empty());
        let names = world.db.read(|tx| log_writers(tx, &stranger)).unwrap();
        assert_eq!(names.into_iter().map(|(_, name)| name).collect::<Vec<_>>(), ["よその院長"]);
        assert_eq!(world.db.read(|tx| log_prove(tx, &stranger)).unwrap().sound, 0);
        for role in [Role::Staff, Role::Inspector] {
            let scope = world.person(world.here, "ほか", role);
            assert!(matches!(part(&scope, Filter::default()), Err(Failure::Denied(_))));
            assert!(matches!(world.db.read(|tx| log_prove(tx, &scope)), Err(Failure::Denied(_))));
            let seen = world.db.read(|tx| progress(tx, &world.nature, &scope, &world.catalog));
            assert_eq!(seen.is_ok(), role == Role::Inspector);
        }
        let none = world.db.read(|tx| progress(tx, &world.nature, &stranger, &world.catalog)).unwrap();
        assert!(none.is_none(), "another institution's round is none of theirs");
    });
}
