//! Whom the house tells, and the clocks of that.

use crate::*;

#[test]
fn answers_decide_who_is_told_and_telling_is_noted_with_its_proof() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        site.sheet((id, Sheet::Duties, 0), &[("wrongful", "yes"), ("care-hindered", "yes")]).unwrap();
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        let waiting: Vec<String> = duties(&site.catalog, &case)
            .iter()
            .filter(|row| row.waits())
            .map(|row| row.answer.duty.id.to_string())
            .collect();
        for told in
            ["maintenance-vendor", "mhlw", "police", "ppc-preliminary", "ppc-final-wrongful", "patients"]
        {
            assert!(waiting.iter().any(|duty| duty == told), "{told}: {waiting:?}");
        }
        assert!(!waiting.iter().any(|duty| duty == "ppc-final"));
        let note = |duty: &str, version, input: &DutyNote| {
            house
                .write(|tx| duty_note(tx, &house.nature, director, &site.catalog, (id, duty, version), input))
        };
        let told =
            DutyNote { note: "受付番号1".to_owned(), done_at: Some(house.nature.now()), proof: None };
        note("police", 0, &told).unwrap();
        let Conflict(theirs) = because(note("police", 0, &DutyNote::default()));
        assert_eq!((theirs.note.as_str(), theirs.version), ("受付番号1", 1));
        assert!(matches!(note("nobody", 0, &told), Err(Refused::Failed(Failure::NotFound))));
        let foreign = DutyNote { proof: Some(komainu_incident::ExhibitId(Uuid::from_u128(3))), ..told };
        assert!(matches!(note("police", 1, &foreign), Err(Refused::Failed(Failure::NotFound))));
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        let rows = duties(&site.catalog, &case);
        assert!(rows.iter().any(|row| row.answer.duty.id.as_str() == "police" && row.done() && !row.waits()));
    });
}

/// What presses on a day and was not told yet, by whom it goes to.
fn pressing(site: &Site, id: IncidentId, today: &str) -> Vec<(PersonId, Vec<(String, Stage)>)> {
    let scope = Scope::of_program(site.house.director.organisation());
    let today = today.parse().unwrap();
    let due = site.house.read(|tx| clocks_due(tx, &scope, &site.catalog, id, today)).unwrap();
    let letters = due.map(|due| due.letters).unwrap_or_default();
    let fresh = |letter: &Letter| {
        let fresh = letter.clocks.iter().filter(|one| !one.known);
        (letter.person.id, fresh.map(|one| (one.duty.clone(), one.stage)).collect::<Vec<_>>())
    };
    letters.iter().map(fresh).filter(|(_, clocks)| !clocks.is_empty()).collect()
}

#[test]
fn clocks_press_until_somebody_was_told_and_only_in_open_incidents() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let questions = [("wrongful", "yes")];
        // Monday, 23 November 2026: aim on the 25th, last day the 27th.
        let id = site.declared();
        assert!(pressing(&site, id, "2026-11-28").is_empty(), "no question is answered");
        site.sheet((id, Sheet::Duties, 0), &questions).unwrap();
        let preliminary = |stage| vec![(director.person(), vec![("ppc-preliminary".to_owned(), stage)])];
        assert!(pressing(&site, id, "2026-11-23").is_empty());
        for (today, stage) in [
            ("2026-11-24", Stage::Near),
            ("2026-11-26", Stage::Aim),
            ("2026-11-27", Stage::Last),
            ("2026-12-20", Stage::Over),
        ] {
            assert_eq!(pressing(&site, id, today), preliminary(stage), "{today}");
        }
        // Written down it presses no more; by two at once it is written down once.
        let scope = Scope::of_program(director.organisation());
        let day = "2026-11-24".parse().unwrap();
        let due = house.read(|tx| clocks_due(tx, &scope, &site.catalog, id, day)).unwrap().unwrap();
        let (letter, now) = (&due.letters[0], house.nature.now());
        let write = || {
            house
                .write(|tx| clock_reminded(tx, &scope, id, (&letter.person, &letter.clocks[0]), now))
                .unwrap()
        };
        assert_eq!((write(), write()), (true, false));
        assert!(pressing(&site, id, "2026-11-24").is_empty());
        assert_eq!(pressing(&site, id, "2026-11-25"), preliminary(Stage::Aim));
        // Who wants no reminders hears only of what may not be missed.
        house.write(|tx| reminders_want(tx, &house.session(), false)).unwrap();
        assert!(pressing(&site, id, "2026-11-27").is_empty());
        assert_eq!(pressing(&site, id, "2026-11-28"), preliminary(Stage::Over));
        house.write(|tx| reminders_want(tx, &house.session(), true)).unwrap();
        // A clock that is set anew is reminded of anew.
        let input = IncidentInput {
            kind: "ransomware".to_owned(),
            level: Level::Serious,
            detail: Detail { title: "電子カルテが開かない".to_owned(), ..Detail::default() },
            first_knew_at: house.nature.now() - Duration::days(1),
        };
        house
            .write(|tx| incident_change(tx, &house.nature, director, &site.catalog, (id, 1), &input))
            .map_err(|refused| format!("{refused:?}"))
            .unwrap();
        assert_eq!(pressing(&site, id, "2026-11-24"), preliminary(Stage::Aim));
        // Told, closed, or an exercise: nothing presses.
        let told = DutyNote { done_at: Some(house.nature.now()), ..DutyNote::default() };
        house
            .write(|tx| {
                duty_note(tx, &house.nature, director, &site.catalog, (id, "ppc-preliminary", 0), &told)
            })
            .map_err(|refused| format!("{refused:?}"))
            .unwrap();
        assert!(pressing(&site, id, "2026-11-28").is_empty());
        let over = |id| pressing(&site, id, "2027-03-01");
        assert!(!over(id).is_empty(), "the final report still does");
        site.sheet((id, Sheet::Lessons, 0), &[("learned", "x")]).unwrap();
        site.close(2, id, None).unwrap();
        assert!(over(id).is_empty());
        let drill = site.declare(director, &Declare { drill: true, ..site.wish() }).unwrap();
        site.sheet((drill, Sheet::Duties, 0), &questions).unwrap();
        assert!(over(drill).is_empty());
        assert!(house.read(|tx| Ok(incidents_everywhere(tx)?)).unwrap().is_empty());
    });
}
