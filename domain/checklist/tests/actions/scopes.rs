//! Who sees and does what, and what the log tells of it.

use crate::*;

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
