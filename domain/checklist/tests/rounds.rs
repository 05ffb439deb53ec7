//! Rounds, answers, evidence, assignment and letters by their actions, on both databases.
#![allow(clippy::unwrap_used)]

mod world;

use chrono::{Duration, NaiveDate};
use komainu_access::{Permission, Role, Scope};
use komainu_catalog::PlacementId;
use komainu_checklist::actions::{self, *};
use komainu_checklist::model::*;
use komainu_checklist::{STATEMENTS, neighbours};
use komainu_db::testing::each_database;
use komainu_db::{Tx, prepare_all};
use komainu_files::Refusal;
use komainu_vendor::{VendorDetails, VendorId};
use komainu_web::{Failure, Refused};
use std::sync::Barrier;
use world::World;

fn row(id: &str) -> PlacementId {
    id.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn said<T: std::fmt::Debug, R>(result: Result<T, Refused<R>>) -> R {
    match result {
        Err(Refused::Because(reason)) => reason,
        Err(Refused::Failed(failure)) => panic!("failed: {failure}"),
        Ok(value) => panic!("went through: {value:?}"),
    }
}

fn failed<T: std::fmt::Debug, R: std::fmt::Debug>(result: Result<T, Refused<R>>) -> Failure {
    match result {
        Err(Refused::Failed(failure)) => failure,
        other => panic!("no failure: {other:?}"),
    }
}

impl World {
    fn write<T, E: From<komainu_db::DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.db.write(work)
    }

    fn open_as(&self, scope: &Scope, fiscal_year: i32, carry: bool) -> Result<Round, Refused<OpenRefusal>> {
        let input = OpenRound { fiscal_year, vendor: None, carry };
        self.write(|tx| round_open(tx, &self.nature, scope, &self.catalog, input))
    }

    fn open(&self, fiscal_year: i32) -> RoundId {
        self.open_as(&self.director, fiscal_year, true).unwrap().id
    }

    fn view_as(&self, scope: &Scope, id: RoundId) -> Result<RoundView, Failure> {
        self.db.read(|tx| round_view(tx, scope, &self.catalog, id))
    }

    fn view(&self, id: RoundId) -> RoundView {
        self.view_as(&self.director, id).unwrap()
    }

    fn set(
        &self,
        scope: &Scope,
        id: RoundId,
        placement: &str,
        input: &AnswerInput,
    ) -> Result<AnswerSaved, Refused<AnswerRefusal>> {
        let placement = row(placement);
        self.write(|tx| answer_set(tx, &self.nature, scope, &self.catalog, id, &placement, input))
    }

    fn confirm(&self, id: RoundId, placement: &str) -> Result<Answer, Refused<AnswerRefusal>> {
        let placement = row(placement);
        self.write(|tx| answer_confirm(tx, &self.nature, &self.director, &self.catalog, id, &placement))
    }

    fn give(
        &self,
        id: RoundId,
        placements: &[&str],
        to: Option<&Scope>,
    ) -> Result<usize, Refused<AssignRefusal>> {
        let input = AssignInput {
            placements: placements.iter().map(|id| row(id)).collect(),
            person: to.map(Scope::person),
            due: None,
        };
        self.write(|tx| assignment_set(tx, &self.nature, &self.director, &self.catalog, id, &input))
    }

    fn file(
        &self,
        scope: &Scope,
        id: RoundId,
        placement: &str,
        file: (&str, &[u8]),
    ) -> Result<(), Refused<EvidenceRefusal>> {
        let placement = row(placement);
        self.write(|tx| {
            evidence_add_file(tx, &self.nature, scope, &self.catalog, &self.files, (id, &placement), file)
        })
    }

    fn vendor(&self, name: &str) -> VendorId {
        let details = VendorDetails { name: name.to_owned(), ..VendorDetails::default() };
        self.write(|tx| komainu_vendor::actions::vendor_add(tx, &self.nature, &self.director, &details))
            .unwrap()
    }
}

fn typed(answer: &str, version: i64) -> AnswerInput {
    AnswerInput {
        answer: answer.to_owned(),
        checked: vec!["令和8年5月1日".to_owned()],
        version,
        ..AnswerInput::default()
    }
}

fn no(target: &str, version: i64) -> AnswerInput {
    AnswerInput { target: target.to_owned(), ..typed("no", version) }
}

#[test]
fn every_statement_is_understood_by_both_databases() {
    each_database(|db| {
        for list in STATEMENTS {
            prepare_all(&db, list).unwrap();
        }
    });
}

#[test]
fn each_kind_of_institution_gets_its_form() {
    for (kind, year, form) in [
        ("clinic", 2026, "institution_pharmacy"),
        ("pharmacy", 2026, "institution_pharmacy"),
        ("pharmacy", 2025, "pharmacy"),
        ("hospital", 2024, "institution"),
        ("care_facility", 2025, "institution"),
    ] {
        each_database(|db| {
            let world = World::of_kind(db, kind);
            let round = world.open_as(&world.director, year, false).unwrap();
            assert_eq!(round.variant.code(), form, "{kind} {year}");
            assert_eq!(round.path(), format!("/checklist/{year}/{form}"));
        });
    }
}

#[test]
fn opening_twice_opens_once_and_the_future_stays_shut() {
    each_database(|db| {
        let world = World::new(db);
        let first = world.open(2026);
        world.clock.advance(Duration::hours(1));
        assert_eq!(world.open(2026), first);
        assert_eq!(said(world.open_as(&world.director, 2027, false)), OpenRefusal::Future);
        assert_eq!(said(world.open_as(&world.director, 2019, false)), OpenRefusal::NoForm);
        let gone = OpenRound { fiscal_year: 2026, vendor: Some(VendorId(world.nature.id())), carry: false };
        let refused = world.write(|tx| round_open(tx, &world.nature, &world.director, &world.catalog, gone));
        assert_eq!(said(refused), OpenRefusal::NoVendor);
        assert_eq!(world.db.read(|tx| rounds(tx, &world.director, &world.catalog)).unwrap().len(), 1);
    });
}

#[test]
fn the_gate_hides_the_rest_and_loses_nothing() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        world.set(&world.director, id, "patches", &typed("yes", 0)).unwrap();
        world.set(&world.director, id, "has-system", &typed("no", 0)).unwrap();
        let shut = world.view(id);
        assert!(shut.gate_shut());
        assert!(shut.rows.iter().all(|row| row.state == RowState::NotNeeded));
        assert_eq!(shut.counts, Counts::default());
        let open = |world: &World| {
            world.db.read(|tx| open_items(tx, &world.director, &world.catalog, 2026)).unwrap().len()
        };
        assert_eq!(open(&world), 0);
        world.set(&world.director, id, "has-system", &typed("yes", 1)).unwrap();
        let again = world.view(id);
        assert_eq!(again.row(&row("patches")).unwrap().settled(), Some(AnswerKind::Yes));
        assert_eq!((again.counts.answered, again.counts.complete), (1, 1));
        assert_eq!(open(&world), again.rows.len() - 1);
    });
}

#[test]
fn before_the_round_is_opened_the_whole_form_is_open() {
    each_database(|db| {
        let world = World::new(db);
        let items = world.db.read(|tx| open_items(tx, &world.director, &world.catalog, 2026)).unwrap();
        assert_eq!(items[0].item.as_str(), "has-system");
        assert!(items.len() > 15 && items.iter().all(|item| item.answer.is_none()));
        let staff = world.db.read(|tx| open_items(tx, &world.staff, &world.catalog, 2026)).unwrap();
        assert_eq!(staff, []);
    });
}

#[test]
fn answers_are_read_as_clerks_write_them_and_faults_come_all_at_once() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        let saved = world.set(&world.director, id, "patches", &no("Ｒ９．１．３１", 0)).unwrap();
        assert_eq!(saved.answer.content.checked, [Some(day("2026-05-01"))]);
        assert_eq!(saved.answer.content.target, Some(day("2027-01-31")));
        let faulty = AnswerInput {
            answer: "not_applicable".to_owned(),
            checked: vec!["2026-12-01".to_owned()],
            note: "あ".repeat(4001),
            ..AnswerInput::default()
        };
        let AnswerRefusal::Faults(faults) = said(world.set(&world.director, id, "bcp", &faulty)) else {
            panic!()
        };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["answer", "checked1", "note"]);
        let AnswerRefusal::Faults(faults) = said(world.set(&world.director, id, "bcp", &no("2027-04-01", 0)))
        else {
            panic!()
        };
        assert_eq!(faults[0].field, "target");
        assert_eq!(world.view(id).row(&row("bcp")).unwrap().answer, None, "nothing of it was kept");
        // A target typed before the answer became a yes is let go, and with it a fault in it.
        let saved =
            world.set(&world.director, id, "bcp", &AnswerInput { target: "x".to_owned(), ..typed("yes", 0) });
        assert_eq!(saved.unwrap().answer.content.target, None);
        assert!(matches!(
            failed(world.set(&world.director, id, "no-such-row", &typed("yes", 0))),
            Failure::NotFound
        ));
    });
}

#[test]
fn not_applicable_only_where_the_form_allows_it_and_with_a_reason() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        world.set(&world.director, id, "remote-maintenance", &typed("not_applicable", 0)).unwrap();
        let state = world.view(id).row(&row("remote-maintenance")).unwrap().state.clone();
        assert_eq!(state, RowState::Lacks([Missing::Reason].into()));
        let reasoned =
            AnswerInput { reason: "業者と契約していない".to_owned(), ..typed("not_applicable", 1) };
        world.set(&world.director, id, "remote-maintenance", &reasoned).unwrap();
        assert_eq!(world.view(id).row(&row("remote-maintenance")).unwrap().state, RowState::Complete);
    });
}

#[test]
fn a_lost_answer_sent_again_is_no_conflict_with_oneself() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        let first = world.set(&world.director, id, "patches", &typed("yes", 0)).unwrap();
        let again = world.set(&world.director, id, "patches", &typed("yes", 0)).unwrap();
        assert_eq!((first.changed, again.changed), (true, false));
        assert_eq!(first.answer, again.answer);
        // Typed on before the answer came: the resend is on the old version, what follows on the new one.
        let more = AnswerInput { note: "続き".to_owned(), ..typed("yes", again.answer.version) };
        assert_eq!(world.set(&world.director, id, "patches", &more).unwrap().answer.version, 2);
        let history = world.db.read(|tx| row_history(tx, &world.director, id, &row("patches"))).unwrap();
        assert_eq!(history.entries.len(), 1, "one sitting, and nothing for the resend");
    });
}

#[test]
fn two_people_on_one_row_see_both_texts() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        world.set(&world.director, id, "patches", &typed("yes", 0)).unwrap();
        world.set(&world.operator, id, "patches", &no("2026-12-24", 1)).unwrap();
        let mine = AnswerInput { note: "業者に確認済み".to_owned(), ..typed("yes", 1) };
        let AnswerRefusal::Changed { theirs, mine } = said(world.set(&world.director, id, "patches", &mine))
        else {
            panic!()
        };
        let theirs = theirs.unwrap();
        assert_eq!(theirs.changed_by_name, "システム運用担当者");
        assert_eq!(theirs.content.kind, Some(AnswerKind::No));
        assert_eq!(mine.note, "業者に確認済み");
        assert_eq!(world.view(id).row(&row("patches")).unwrap().answer.as_ref().unwrap(), &*theirs);
        let seen = |version| {
            world
                .db
                .read(|tx| changed_by_other(tx, &world.director, id, &row("patches"), version))
                .unwrap()
                .is_some()
        };
        assert!(seen(1) && !seen(2));
        let chosen = AnswerInput { note: "業者に確認済み".to_owned(), ..typed("yes", theirs.version) };
        assert!(world.set(&world.director, id, "patches", &chosen).unwrap().changed);
    });
}

#[test]
fn of_two_writers_at_once_one_writes_and_one_is_told() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        let start = Barrier::new(2);
        let (a, b) = std::thread::scope(|threads| {
            let run = |scope: Scope, answer: &'static str| {
                let (world, start) = (&world, &start);
                threads.spawn(move || {
                    start.wait();
                    world.set(&scope, id, "patches", &typed(answer, 0))
                })
            };
            let (a, b) = (run(world.director.clone(), "yes"), run(world.operator.clone(), "not_sure"));
            (a.join().unwrap(), b.join().unwrap())
        });
        let results = [a, b];
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let told =
            |result: &Result<_, _>| matches!(result, Err(Refused::Because(AnswerRefusal::Changed { .. })));
        assert_eq!(results.iter().filter(|result| told(result)).count(), 1);
        assert_eq!(world.view(id).row(&row("patches")).unwrap().answer.as_ref().unwrap().version, 1);
    });
}

#[test]
fn a_closed_round_can_be_read_and_nothing_else() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        world.set(&world.director, id, "patches", &typed("yes", 0)).unwrap();
        world.file(&world.director, id, "patches", ("a.pdf", b"%PDF-1.7\n")).unwrap();
        let vendor = world.vendor("A社");
        world.write(|tx| round_close(tx, &world.nature, &world.director, id)).unwrap();
        let refused = |result: Result<AnswerSaved, _>| said(result) == AnswerRefusal::Closed;
        assert!(refused(world.set(&world.director, id, "patches", &typed("no", 1))));
        assert_eq!(said(world.give(id, &["patches"], Some(&world.staff))), AssignRefusal::Closed);
        assert_eq!(
            said(world.file(&world.director, id, "bcp", ("a.pdf", b"%PDF-1.7\n"))),
            EvidenceRefusal::Closed
        );
        let piece = world.db.read(|tx| evidence_of_round(tx, &world.director, id)).unwrap().remove(0).id;
        let removed = world.write(|tx| evidence_remove(tx, &world.nature, &world.director, piece));
        assert_eq!(said(removed), EvidenceRefusal::Closed);
        let asked = world.write(|tx| {
            let rows = [row("patches")];
            ask_record(
                tx,
                &world.nature,
                &world.director,
                &world.catalog,
                id,
                (&rows, vendor, day("2026-12-01")),
            )
        });
        assert_eq!(said(asked), AskRefusal::Closed);
        let carried = world.write(|tx| carry_over(tx, &world.nature, &world.director, &world.catalog, id));
        assert_eq!(said(carried), OpenRefusal::Closed);
        assert_eq!(world.view(id).counts.yes, 1);
        world.write(|tx| round_reopen(tx, &world.nature, &world.director, id)).unwrap();
        assert!(world.set(&world.director, id, "patches", &typed("not_sure", 1)).unwrap().changed);
    });
}

#[test]
fn a_year_follows_on_the_year_before_and_counts_only_what_was_confirmed() {
    each_database(|db| {
        let world = World::new(db);
        let old = world.open_as(&world.director, 2024, false).unwrap().id;
        let answer = |placement: &str, kind: &str, note: &str| {
            let checked = vec!["2024-06-01".to_owned()];
            let target = if kind == "no" { "2025-03-31".to_owned() } else { String::new() };
            let input = AnswerInput {
                answer: kind.to_owned(),
                checked,
                target,
                note: note.to_owned(),
                ..AnswerInput::default()
            };
            world.set(&world.director, old, placement, &input).unwrap();
        };
        answer("has-system", "yes", "");
        answer("access-rights.server", "yes", "サーバは済み");
        answer("access-rights.terminal", "no", "端末はこれから");
        answer("accounts-cleanup.server", "yes", "");
        answer("accounts-cleanup.terminal", "yes", "");
        answer("patches.server", "yes", "");
        let round = world.open_as(&world.director, 2025, true).unwrap();
        assert_eq!(round.carried_from, Some(old));
        let view = world.view(round.id);
        let kind = |placement: &str| {
            let row = view.row(&row(placement)).unwrap();
            row.answer.as_ref().and_then(|answer| answer.content.kind)
        };
        assert_eq!(kind("access-rights"), Some(AnswerKind::No), "the weakest part");
        assert_eq!(kind("accounts-cleanup"), Some(AnswerKind::Yes));
        assert_eq!(kind("patches"), Some(AnswerKind::NotSure), "parts of it were never answered");
        assert_eq!(kind("two-factor"), None, "new this year");
        let rights = view.row(&row("access-rights")).unwrap();
        assert_eq!(rights.answer.as_ref().unwrap().content.note, "サーバは済み\n端末はこれから");
        assert_eq!(rights.answer.as_ref().unwrap().content.target, None, "last year's date is over");
        assert_eq!((view.counts.answered, view.counts.to_confirm), (0, 3));
        assert!(rights.carried && rights.settled().is_none());

        let confirmed = world.confirm(round.id, "accounts-cleanup").unwrap();
        assert_eq!(confirmed.content.checked[0], Some(day("2026-11-23")));
        assert_eq!(world.confirm(round.id, "accounts-cleanup").unwrap(), confirmed, "once is enough");
        world.confirm(round.id, "access-rights").unwrap();
        let view = world.view(round.id);
        assert_eq!((view.counts.answered, view.counts.complete, view.counts.to_confirm), (2, 1, 1));
        let again =
            world.write(|tx| carry_over(tx, &world.nature, &world.director, &world.catalog, round.id));
        assert_eq!(again.unwrap(), 0, "nothing that stands there is touched");
        let from_nothing =
            world.write(|tx| carry_over(tx, &world.nature, &world.director, &world.catalog, old));
        assert_eq!(said(from_nothing), OpenRefusal::NothingBefore);
    });
}

#[test]
fn writing_over_a_carried_answer_confirms_it_even_when_it_stays_the_same() {
    each_database(|db| {
        let world = World::new(db);
        let old = world.open_as(&world.director, 2025, false).unwrap().id;
        let input = AnswerInput { answer: "yes".to_owned(), ..AnswerInput::default() };
        world.set(&world.director, old, "patches", &input).unwrap();
        let id = world.open(2026);
        let carried = world.view(id).row(&row("patches")).unwrap().answer.clone().unwrap();
        let same =
            AnswerInput { answer: "yes".to_owned(), version: carried.version, ..AnswerInput::default() };
        let saved = world.set(&world.director, id, "patches", &same).unwrap();
        assert!(saved.changed && !saved.answer.carried);
    });
}

#[test]
fn staff_see_and_answer_what_is_theirs() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        assert!(matches!(world.view_as(&world.staff, id), Err(Failure::NotFound)));
        assert_eq!(world.give(id, &["patches", "bcp"], Some(&world.staff)).unwrap(), 2);
        assert_eq!(world.give(id, &["rules"], Some(&world.colleague)).unwrap(), 1);
        world.set(&world.director, id, "rules", &typed("yes", 0)).unwrap();
        world.file(&world.director, id, "rules", ("規程.pdf", b"%PDF-1.7\n")).unwrap();
        let view = world.view_as(&world.staff, id).unwrap();
        let rows: Vec<&str> = view.rows.iter().map(|row| row.placement.as_str()).collect();
        assert_eq!(rows, ["patches", "bcp"]);
        assert!(view.gate.is_none());
        assert!(world.set(&world.staff, id, "patches", &typed("yes", 0)).is_ok());
        assert!(matches!(failed(world.set(&world.staff, id, "rules", &typed("no", 1))), Failure::NotFound));
        assert!(matches!(
            failed(world.file(&world.staff, id, "rules", ("a.pdf", b"%PDF-1.7\n"))),
            Failure::NotFound
        ));
        world.file(&world.staff, id, "patches", ("更新.pdf", b"%PDF-1.7\n1")).unwrap();
        let pieces = world.db.read(|tx| evidence_of_round(tx, &world.director, id)).unwrap();
        for piece in pieces {
            let own = piece.placement.as_str() == "patches";
            let got = world.db.read(|tx| evidence_get(tx, &world.staff, piece.id));
            assert_eq!(got.is_ok(), own, "{}", piece.name);
        }
        let history = |placement| world.db.read(|tx| row_history(tx, &world.staff, id, &row(placement)));
        assert!(history("patches").is_ok() && matches!(history("rules"), Err(Failure::NotFound)));
        let open = world.db.read(|tx| open_items(tx, &world.staff, &world.catalog, 2026)).unwrap();
        assert_eq!(open.len(), 1);
        let mine = world.db.read(|tx| actions::mine(tx, &world.staff, &world.catalog)).unwrap();
        assert_eq!(mine[0].rows.len(), 2);
        world.give(id, &["patches"], None).unwrap();
        assert!(matches!(failed(world.set(&world.staff, id, "patches", &typed("no", 1))), Failure::NotFound));
        assert_eq!(said(world.give(id, &["patches"], Some(&world.inspector))), AssignRefusal::NoMember);
        assert_eq!(said(world.give(id, &["patches"], Some(&world.stranger))), AssignRefusal::NoMember);
        assert_eq!(said(world.give(id, &[], Some(&world.staff))), AssignRefusal::NoRow);
    });
}

#[test]
fn each_role_does_what_it_may_and_nothing_else() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        for role in Role::ALL {
            let scope = Scope::new(world.director.person(), "役割", world.director.organisation(), role);
            let denied = |failure: Failure| matches!(failure, Failure::Denied(_) | Failure::NotFound);
            let opened = world.open_as(&scope, 2026, false);
            assert_eq!(opened.is_ok(), role.may(Permission::RoundManage), "{role}");
            let set = world.set(&scope, id, "patches", &typed("yes", 0));
            assert_eq!(set.is_ok(), role.may(Permission::ChecklistAnswer), "{role}");
            if set.is_err() {
                assert!(denied(failed(set)), "{role}");
            }
            let input = AssignInput { placements: vec![row("bcp")], person: None, due: None };
            let given =
                world.write(|tx| assignment_set(tx, &world.nature, &scope, &world.catalog, id, &input));
            assert_eq!(given.is_ok(), role.may(Permission::ChecklistAssign), "{role}");
            let reads = role.may(Permission::ChecklistRead);
            assert_eq!(world.view_as(&scope, id).is_ok(), reads, "{role}");
            assert_eq!(world.db.read(|tx| rounds(tx, &scope, &world.catalog)).is_ok(), reads, "{role}");
            assert_eq!(world.db.read(|tx| round_history(tx, &scope, id, None)).is_ok(), reads, "{role}");
            let evidence = world.db.read(|tx| evidence_of_round(tx, &scope, id));
            assert_eq!(evidence.is_ok(), role.may(Permission::EvidenceRead), "{role}");
            let closed = world.write(|tx| round_close(tx, &world.nature, &scope, id));
            assert_eq!(closed.is_ok(), role.may(Permission::RoundManage), "{role}");
            world.write(|tx| round_reopen(tx, &world.nature, &world.director, id)).unwrap();
        }
    });
}

#[test]
fn another_organisation_sees_and_changes_nothing() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        world.set(&world.director, id, "patches", &typed("yes", 0)).unwrap();
        world.file(&world.director, id, "patches", ("a.pdf", b"%PDF-1.7\n")).unwrap();
        let piece = world.db.read(|tx| evidence_of_round(tx, &world.director, id)).unwrap().remove(0);
        let other = &world.stranger;
        assert!(matches!(world.view_as(other, id), Err(Failure::NotFound)));
        assert_eq!(world.db.read(|tx| rounds(tx, other, &world.catalog)).unwrap(), []);
        assert!(matches!(failed(world.set(other, id, "patches", &typed("no", 1))), Failure::NotFound));
        assert!(matches!(
            failed(world.file(other, id, "patches", ("b.pdf", b"%PDF-1.7\n"))),
            Failure::NotFound
        ));
        assert!(matches!(world.db.read(|tx| evidence_get(tx, other, piece.id)), Err(Failure::NotFound)));
        assert_eq!(world.db.read(|tx| evidence_of_round(tx, other, id)).unwrap(), []);
        assert!(matches!(
            failed(world.write(|tx| evidence_remove(tx, &world.nature, other, piece.id))),
            Failure::NotFound
        ));
        assert!(matches!(
            world.write(|tx| round_close(tx, &world.nature, other, id)),
            Err(Failure::NotFound)
        ));
        assert!(matches!(world.db.read(|tx| round_history(tx, other, id, None)), Err(Failure::NotFound)));
        assert_eq!(world.db.read(|tx| row_history(tx, other, id, &row("patches"))).unwrap().entries, []);
        assert_eq!(world.view(id).counts.yes, 1);
        let own = world.open_as(other, 2026, false).unwrap();
        assert_ne!(own.id, id);
        let EvidenceTarget::File(_) = &piece.target else { panic!() };
        let placement = row("patches");
        let stolen = world.write(|tx| {
            evidence_add_record(tx, &world.nature, other, &world.catalog, (own.id, &placement), &piece.target)
        });
        assert_eq!(said(stolen), EvidenceRefusal::NoRecord, "a digest opens nobody else's file");
    });
}

#[test]
fn hostile_files_are_refused_and_good_ones_kept_once() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        for (file, refusal) in [
            (("空.pdf", &b""[..]), Refusal::Empty),
            (("請求書.pdf", b"MZ\x90\x00\x03\x00"), Refusal::Kind),
            (("写真.png", b"<!doctype html><script>alert(1)</script>"), Refusal::Kind),
            (("図.svg", b"<svg onload=alert(1)>"), Refusal::Kind),
            (("一式.zip", b"PK\x03\x04nothing"), Refusal::Kind),
        ] {
            assert_eq!(
                said(world.file(&world.director, id, "patches", file)),
                EvidenceRefusal::File(refusal),
                "{}",
                file.0
            );
        }
        let large = vec![b'a'; komainu_files::LIMIT + 1];
        let refused = said(world.file(&world.director, id, "patches", ("a.txt", &large)));
        assert_eq!(refused, EvidenceRefusal::File(Refusal::TooLarge));
        assert_eq!(world.view(id).row(&row("patches")).unwrap().evidence_count, 0);

        let pdf = b"%PDF-1.7\n1";
        world.file(&world.director, id, "patches", ("../../証拠.pdf", pdf)).unwrap();
        world.file(&world.director, id, "patches", ("同じもの.pdf", pdf)).unwrap();
        let pieces = world.db.read(|tx| evidence_of_round(tx, &world.director, id)).unwrap();
        assert_eq!(pieces.len(), 1, "the same file twice on a row is one piece");
        assert_eq!(pieces[0].name, "証拠.pdf");
        let placement = row("bcp");
        let again = |world: &World| {
            world.write(|tx| {
                let target = &pieces[0].target;
                evidence_add_record(
                    tx,
                    &world.nature,
                    &world.director,
                    &world.catalog,
                    (id, &placement),
                    target,
                )
            })
        };
        again(&world).unwrap();
        assert_eq!(world.view(id).row(&placement).unwrap().evidence_count, 1);
        world.write(|tx| evidence_remove(tx, &world.nature, &world.director, pieces[0].id)).unwrap();
        assert_eq!(world.view(id).row(&row("patches")).unwrap().evidence_count, 0);
        assert!(matches!(
            world.db.read(|tx| evidence_get(tx, &world.director, pieces[0].id)),
            Err(Failure::NotFound)
        ));
        let EvidenceTarget::File(digest) = &pieces[0].target else { panic!() };
        assert_eq!(
            world.files.get(world.director.organisation(), digest).unwrap(),
            pdf,
            "it stays in the house"
        );
    });
}

#[test]
fn records_of_the_ledger_serve_as_evidence() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        let vendor = world.vendor("A電子カルテ社");
        let placement = row("remote-maintenance");
        let add = |target: EvidenceTarget| {
            world.write(|tx| {
                evidence_add_record(
                    tx,
                    &world.nature,
                    &world.director,
                    &world.catalog,
                    (id, &placement),
                    &target,
                )
            })
        };
        add(EvidenceTarget::Vendor(vendor)).unwrap();
        let gone = EvidenceTarget::System(neighbours::SystemId(world.nature.id()));
        assert_eq!(said(add(gone)), EvidenceRefusal::NoRecord);
        let pieces = world.db.read(|tx| evidence_of_round(tx, &world.director, id)).unwrap();
        assert_eq!((pieces[0].name.as_str(), pieces[0].size), ("A電子カルテ社", 0));
    });
}

#[test]
fn a_vendor_has_a_round_of_its_own_and_can_be_asked() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        let vendor = world.vendor("A電子カルテ社");
        let input = OpenRound { fiscal_year: 2026, vendor: Some(vendor), carry: true };
        let of_vendor =
            world.write(|tx| round_open(tx, &world.nature, &world.director, &world.catalog, input)).unwrap();
        assert_eq!(of_vendor.path(), format!("/checklist/2026/vendor-{vendor}"));
        let key: FormKey = format!("vendor-{vendor}").parse().unwrap();
        assert_eq!(
            world.db.read(|tx| round_by_key(tx, &world.director, 2026, key)).unwrap().id,
            of_vendor.id
        );
        assert!(world.view(of_vendor.id).gate.is_none());
        let ask = |rows: &[PlacementId], by: &str| {
            world.write(|tx| {
                ask_record(tx, &world.nature, &world.director, &world.catalog, id, (rows, vendor, day(by)))
            })
        };
        assert_eq!(said(ask(&[], "2026-12-07")), AskRefusal::NoRow);
        assert_eq!(said(ask(&[row("patches")], "2026-11-22")), AskRefusal::PastReply);
        ask(&[row("patches"), row("mds-sds")], "2026-12-07").unwrap();
        let waits = |placement| world.view(id).row(&row(placement)).unwrap().waits_for_vendor().is_some();
        assert!(waits("patches") && waits("mds-sds") && !waits("bcp"));
        world
            .write(|tx| ask_replied(tx, &world.nature, &world.director, id, &row("patches"), vendor))
            .unwrap();
        world.set(&world.director, id, "mds-sds", &typed("yes", 0)).unwrap();
        assert!(!waits("patches") && !waits("mds-sds"));
    });
}

#[test]
fn the_log_tells_everything_and_its_chain_holds() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        world.set(&world.director, id, "patches", &typed("yes", 0)).unwrap();
        world.clock.advance(Duration::minutes(30));
        world.set(&world.operator, id, "patches", &no("2026-12-24", 1)).unwrap();
        world.give(id, &["patches"], Some(&world.staff)).unwrap();
        world.file(&world.staff, id, "patches", ("a.pdf", b"%PDF-1.7\n")).unwrap();
        world.write(|tx| round_close(tx, &world.nature, &world.director, id)).unwrap();
        let history = world.db.read(|tx| round_history(tx, &world.inspector, id, None)).unwrap();
        let told: Vec<(&str, &str)> =
            history.entries.iter().map(|entry| (entry.action.as_str(), entry.who.as_str())).collect();
        assert_eq!(
            told,
            [
                ("round_close", "院長"),
                ("evidence_add", "受付の職員"),
                ("assignment_set", "院長"),
                ("answer_set", "システム運用担当者"),
                ("answer_set", "院長"),
                ("round_open", "院長"),
            ]
        );
        let organisation = world.director.organisation();
        let verdict = world.db.read(|tx| komainu_audit::verify(tx, organisation)).unwrap();
        assert!(verdict.broken.is_none(), "{verdict:?}");
    });
}
