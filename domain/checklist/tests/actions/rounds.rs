//! Rounds: opened, gated, carried over, closed; a vendor has its own.

use crate::*;

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
