//! Evidence: files and records.

use crate::*;

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
