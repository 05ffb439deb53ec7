//! Answers: read as people write them, sent again, written by two.

use crate::*;

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
