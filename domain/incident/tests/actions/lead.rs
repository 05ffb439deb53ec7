//! Leading: the head, the timeline, roles, tasks, and what is over.

use crate::*;

/// That nothing was done because it is over.
#[track_caller]
fn over<T: std::fmt::Debug>(outcome: Result<T, Failure>) {
    assert!(matches!(outcome, Err(Failure::Over)), "{outcome:?}");
}

#[test]
fn what_is_over_is_not_changed_until_it_is_opened_again() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        let nature = &house.nature;
        let exhibit = |what: &str| NewExhibit {
            file: None,
            detail: ExhibitDetail { what: what.to_owned(), ..ExhibitDetail::default() },
            taken_at: nature.now(),
            taken_by_name: "事務長".to_owned(),
        };
        let take =
            || house.write(|tx| exhibit_add(tx, nature, director, &site.files, (id, &exhibit("写真"))));
        let piece = take().unwrap();
        let server = AssetDetails::named(AssetKind::Server, "カルテサーバ");
        let asset = plain(house.write(|tx| asset_add(tx, nature, director, &server))).unwrap();
        site.sheet((id, Sheet::Lessons, 0), &[("learned", "x")]).unwrap();
        site.close(1, id, None).unwrap();
        let before = house.read(|tx| incident_see(tx, director, id)).unwrap();
        let entry = NewEntry {
            sent_id: nature.id(),
            kind: EntryKind::Note,
            happened_at: nature.now(),
            words: "後から".to_owned(),
            reason: String::new(),
            corrects: None,
        };
        let head = IncidentInput {
            kind: "website".to_owned(),
            level: Level::Crisis,
            detail: before.incident.detail.clone(),
            first_knew_at: before.incident.first_knew_at,
        };
        let task = (before.tasks[0].id, before.tasks[0].version);
        let settled = TaskInput { owner_name: String::new(), state: TaskState::Done, result: String::new() };
        let new =
            NewTask { what: "x".to_owned(), role: TaskRole::Care, owner_name: String::new(), due_at: None };
        let told = DutyNote { done_at: Some(nature.now()), ..DutyNote::default() };
        let named = Owner::Named("技術者".to_owned());
        let passed = CustodyDetail { from: "a".to_owned(), to: "b".to_owned(), why: String::new() };
        over(house.write(|tx| entry_write(tx, nature, director, id, &entry)));
        over(plain(house.write(|tx| incident_change(tx, nature, director, &site.catalog, (id, 2), &head))));
        over(house.write(|tx| role_give(tx, nature, director, id, (TaskRole::Care, &named))));
        over(house.write(|tx| task_add(tx, nature, director, id, &new)));
        over(plain(house.write(|tx| task_save(tx, nature, director, task, &settled))));
        let mark = (AssetState::Affected, "");
        over(plain(house.write(|tx| asset_mark(tx, nature, director, (id, asset, 0), mark))));
        over(plain(take()));
        over(house.write(|tx| custody_add(tx, nature, director, piece, (&passed, nature.now()))));
        let police = (id, "police", 0);
        over(plain(house.write(|tx| duty_note(tx, nature, director, &site.catalog, police, &told))));
        over(plain(site.sheet((id, Sheet::Lessons, 1), &[("learned", "y")])));
        over(plain(site.close(2, id, None)));
        let after = house.read(|tx| incident_see(tx, director, id)).unwrap();
        assert_eq!(format!("{after:?}"), format!("{before:?}"), "nothing of it stayed");
        // Opened again, it takes what was missing.
        let back = (State::Recovering, "書き足す");
        house.write(|tx| state_set(tx, nature, director, (id, 2), back)).unwrap();
        house.write(|tx| entry_write(tx, nature, director, id, &entry)).unwrap();
    });
}

#[test]
fn nothing_leaves_the_timeline() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        let nature = &house.nature;
        let task = house.read(|tx| incident_see(tx, director, id)).unwrap().tasks[0].clone();
        for (version, state) in [(1, TaskState::Done), (2, TaskState::Open), (3, TaskState::Dropped)] {
            let input = TaskInput { owner_name: String::new(), state, result: String::new() };
            house.write(|tx| task_save(tx, nature, director, (task.id, version), &input)).unwrap();
        }
        // A note beside what is settled changes neither when nor by whom it was.
        let manager = house.role(Role::SafetyManager);
        let settled = house.read(|tx| task_get(tx, director, task.id)).unwrap();
        house.fake.advance(Duration::hours(1));
        let noted =
            TaskInput { owner_name: String::new(), state: TaskState::Dropped, result: "済".to_owned() };
        house.write(|tx| task_save(tx, nature, &manager, (task.id, 4), &noted)).unwrap();
        let now = house.read(|tx| task_get(tx, director, task.id)).unwrap();
        assert_eq!((now.settled_at, &now.settled_by_name), (settled.settled_at, &settled.settled_by_name));
        let server = AssetDetails::named(AssetKind::Server, "カルテ サーバ");
        let asset = plain(house.write(|tx| asset_add(tx, nature, director, &server))).unwrap();
        for (version, state) in [(0, AssetState::Suspected), (1, AssetState::CutOff)] {
            house.write(|tx| asset_mark(tx, nature, director, (id, asset, version), (state, ""))).unwrap();
        }
        let called = nature.now() - Duration::hours(3);
        let note = |who: &Scope, version, done_at| {
            let input = DutyNote { note: "受付番号1".to_owned(), done_at, proof: None };
            let which = (id, "police", version);
            house.write(|tx| duty_note(tx, nature, who, &site.catalog, which, &input)).unwrap();
            {
                let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
                case.told.into_iter().find(|told| told.duty == "police").unwrap()
            }
        };
        let by = note(director, 0, Some(called)).done_by_name;
        assert_eq!(note(&manager, 1, Some(called)).done_by_name, by, "who told stays who told");
        note(director, 2, None);
        // The house knew earlier than it thought: the clocks follow, and the change is told.
        let head = house.read(|tx| incident_get(tx, director, id)).unwrap();
        let knew = head.first_knew_at - Duration::days(2);
        let input = IncidentInput {
            kind: head.kind.clone(),
            level: head.level,
            detail: head.detail.clone(),
            first_knew_at: knew,
        };
        house
            .write(|tx| incident_change(tx, nature, director, &site.catalog, (id, head.version), &input))
            .unwrap();
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        let said: std::collections::BTreeSet<String> = case
            .entries
            .iter()
            .filter(|entry| !EntryKind::WRITTEN.contains(&entry.kind))
            .map(|entry| entry.words.clone())
            .collect();
        let wanted = [
            "cut_off カルテ サーバ".to_owned(),
            "done police".to_owned(),
            format!("done {}", task.template),
            format!("dropped {}", task.template),
            format!("open {}", task.template),
            "open police".to_owned(),
            "suspected カルテ サーバ".to_owned(),
            knew.to_rfc3339(),
        ];
        assert_eq!(said, std::collections::BTreeSet::from(wanted));
        let told = case.entries.iter().find(|entry| entry.words == "done police").unwrap();
        assert_eq!((told.happened_at, told.written_at), (called, nature.now()), "when, and when written");
        // Under another kind, who was told stays in sight.
        let kind = IncidentInput { kind: "mis-sent".to_owned(), ..input };
        house
            .write(|tx| incident_change(tx, nature, director, &site.catalog, (id, head.version + 1), &kind))
            .unwrap();
        let vendor = DutyNote { done_at: Some(called), ..DutyNote::default() };
        let which = (id, "maintenance-vendor", 0);
        house.write(|tx| duty_note(tx, nature, director, &site.catalog, which, &vendor)).unwrap();
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        let rows = duties(&site.catalog, &case);
        let row = rows.iter().find(|row| row.answer.duty.id.as_str() == "maintenance-vendor").unwrap();
        assert!(row.done() && !row.waits() && !row.looms());
        // Nobody answered: the clocks of the law loom.
        let loom = |id: &str| rows.iter().any(|row| row.answer.duty.id.as_str() == id && row.looms());
        assert!(loom("ppc-preliminary") && loom("ppc-final") && !loom("patients"), "patients have no clock");
    });
}

#[test]
fn who_may_see_sees_and_who_may_lead_leads() {
    on_both(|site| {
        let (house, id) = (&site.house, site.declared());
        for role in Role::ALL {
            let scope = house.role(role);
            let sees = house.read(|tx| incident_see(tx, &scope, id)).is_ok();
            assert_eq!(sees, role.may(Permission::IncidentSee), "{role}");
            if !role.may(Permission::IncidentLead) {
                denied(site.declare(&scope, &site.wish()));
            }
        }
    });
}

#[test]
fn two_who_lead_at_once_both_keep_their_words() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        let change = |version, level, title: &str| {
            let input = IncidentInput {
                kind: "unauthorised-access".to_owned(),
                level,
                detail: Detail { title: title.to_owned(), ..Detail::default() },
                first_knew_at: house.nature.now() - Duration::hours(3),
            };
            house.write(|tx| {
                incident_change(tx, &house.nature, director, &site.catalog, (id, version), &input)
            })
        };
        let before = house.read(|tx| incident_see(tx, director, id)).unwrap();
        change(1, Level::Crisis, "一人目").unwrap();
        let Conflict(theirs) = because(change(1, Level::Watch, "二人目"));
        assert_eq!((theirs.detail.title.as_str(), theirs.version), ("一人目", 2));
        let after = house.read(|tx| incident_see(tx, director, id)).unwrap();
        assert!(after.incident.revision > before.incident.revision);
        assert!(after.tasks.len() > before.tasks.len(), "another kind brings its first tasks");
        let short = |template: &str| template.split_once('.').unwrap().1.to_owned();
        let names: std::collections::BTreeSet<String> =
            after.tasks.iter().map(|task| short(&task.template)).collect();
        assert_eq!(names.len(), after.tasks.len(), "but none that is there already");
        assert!(after.entries.iter().any(|one| one.kind == EntryKind::Level && one.words == "crisis"));
        // The sheets that people fill in together.
        site.sheet((id, Sheet::Facts, 0), &[("cause", "調査中")]).unwrap();
        let Conflict(theirs) = because(site.sheet((id, Sheet::Facts, 0), &[("cause", "VPN")]));
        assert_eq!((theirs.of("cause"), theirs.version), ("調査中", 1));
        site.sheet((id, Sheet::Facts, 1), &[("cause", "VPN")]).unwrap();
        // Tasks.
        let task = after.tasks[0].id;
        let settle = |version, state| {
            let input =
                TaskInput { owner_name: "事務長".to_owned(), state, result: "決めた".to_owned() };
            house.write(|tx| task_save(tx, &house.nature, director, (task, version), &input))
        };
        settle(1, TaskState::Done).unwrap();
        let Conflict(theirs) = because(settle(1, TaskState::Dropped));
        assert_eq!((theirs.state, theirs.version), (TaskState::Done, 2));
        settle(2, TaskState::Open).unwrap();
        let opened = house.read(|tx| task_get(tx, director, task)).unwrap();
        assert_eq!((opened.settled_at, opened.settled_by_name.as_str()), (None, ""));
    });
}

#[test]
fn the_timeline_is_added_to_once_and_corrected_by_later_entries() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        let write = |new: &NewEntry| house.write(|tx| entry_write(tx, &house.nature, director, id, new));
        let entry = NewEntry {
            sent_id: house.nature.id(),
            kind: EntryKind::Decision,
            happened_at: house.nature.now() - Duration::minutes(30),
            words: "紙で続ける".to_owned(),
            reason: "画面が出ない".to_owned(),
            corrects: None,
        };
        let first = write(&entry).unwrap();
        assert_eq!(write(&entry).unwrap(), first, "the same sent again is the same entry");
        house.fake.advance(Duration::seconds(1));
        let correction = NewEntry {
            sent_id: house.nature.id(),
            words: "紙で、入院だけ続ける".to_owned(),
            corrects: Some(first),
            ..entry.clone()
        };
        write(&correction).unwrap();
        let stranger = Some(EntryId(Uuid::from_u128(9)));
        missing(write(&NewEntry { sent_id: house.nature.id(), corrects: stranger, ..entry.clone() }));
        missing(write(&NewEntry { sent_id: house.nature.id(), kind: EntryKind::State, ..entry.clone() }));
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        let words: Vec<_> = case.entries.iter().map(|one| (one.words.as_str(), one.corrects)).collect();
        assert_eq!(words, [("紙で続ける", None), ("紙で、入院だけ続ける", Some(first))]);
        assert!(case.entries[0].happened_at < case.entries[0].written_at);
        let set = |version, state| {
            house.write(|tx| state_set(tx, &house.nature, director, (id, version), (state, "線を抜いた")))
        };
        assert!(matches!(set(1, State::Closed), Err(Refused::Failed(Failure::NotFound))));
        set(1, State::Contained).unwrap();
        let Conflict(theirs) = because(set(1, State::Recovering));
        assert_eq!(theirs.state, State::Contained);
    });
}

#[test]
fn roles_go_to_members_or_to_names() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        let give = |owner: &Owner| {
            house.write(|tx| role_give(tx, &house.nature, director, id, (TaskRole::Systems, owner)))
        };
        missing(give(&Owner::Member(PersonId(Uuid::from_u128(7)))));
        give(&Owner::Member(director.person())).unwrap();
        house.fake.advance(Duration::minutes(1));
        give(&Owner::Named("保守業者の技術者".to_owned())).unwrap();
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        assert_eq!(case.holder(TaskRole::Systems).unwrap().name, "保守業者の技術者");
        assert_eq!(case.roles.iter().filter(|held| held.role == TaskRole::Systems).count(), 2);
    });
}
