//! Incidents by their actions, on both databases: from the declaration to the end.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use chrono::Duration;
use common::{House, because, denied, missing, plain};
use komainu_access::{Permission, Permissions, PersonId, Role, Scope};
use komainu_catalog::{Catalog, TaskRole};
use komainu_db::Db;
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_files::{Files, Key, digest_of};
use komainu_i18n::Lang;
use komainu_incident::actions::*;
use komainu_incident::marks::map_marks;
use komainu_incident::rules::duties;
use komainu_incident::{
    AssetState, CustodyDetail, Detail, EntryId, EntryKind, ExhibitDetail, Fields, IncidentId, Level, Sheet,
    Stage, State, TaskState,
};
use komainu_inventory::actions::asset_add;
use komainu_inventory::{AssetDetails, AssetKind};
use komainu_map::model::Affected;
use komainu_nearmiss::actions::{analysis_get, measures_open, near_miss_get, near_miss_see};
use komainu_people::actions::reminders_want;
use komainu_web::{Conflict, Failure, Refused};

struct Site {
    house: House,
    files: Files,
    catalog: Catalog,
    _folder: tempfile::TempDir,
}

impl Site {
    fn new(db: Db) -> Site {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        Site { house, files, catalog: Catalog::embedded().unwrap(), _folder: folder }
    }

    fn wish(&self) -> Declare {
        Declare {
            kind: "ransomware".to_owned(),
            level: Level::Serious,
            drill: false,
            near_miss: None,
            detail: Detail { title: "電子カルテが開かない".to_owned(), ..Detail::default() },
            first_knew_at: self.house.nature.now() - Duration::hours(2),
        }
    }

    fn ask(&self, scope: &Scope, wish: &Declare) -> Result<IncidentId, Refused<DeclareRefusal>> {
        let house = &self.house;
        house.write(|tx| declare(tx, &house.nature, scope, &self.catalog, wish))
    }

    fn declare(&self, scope: &Scope, wish: &Declare) -> Result<IncidentId, Failure> {
        plain(self.ask(scope, wish))
    }

    fn declared(&self) -> IncidentId {
        self.declare(&self.house.director, &self.wish()).unwrap()
    }

    fn sheet(
        &self,
        (id, sheet, version): (IncidentId, Sheet, i64),
        fields: &[(&str, &str)],
    ) -> Result<(), Changed<komainu_incident::Filled>> {
        let house = &self.house;
        let fields: Fields =
            fields.iter().map(|(name, said)| ((*name).to_owned(), (*said).to_owned())).collect();
        house.write(|tx| sheet_save(tx, &house.nature, &house.director, (id, sheet, version), &fields))
    }

    fn close(
        &self,
        version: i64,
        id: IncidentId,
        shared: Option<&Shared>,
    ) -> Result<(), Refused<CloseRefusal>> {
        let house = &self.house;
        house.write(|tx| close(tx, &house.nature, &house.director, &self.files, (id, version), shared))
    }
}

fn on_both(test: impl Fn(Site)) {
    each_database(|db| test(Site::new(db)));
}

#[test]
fn a_declaration_starts_tasks_and_clocks_and_whoever_declares_commands() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let id = site.declared();
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        assert_eq!(case.incident.number_text(), "2026-01");
        assert_eq!((case.incident.state, case.incident.level), (State::Open, Level::Serious));
        assert_eq!(case.holder(TaskRole::Commander).unwrap().person, Some(director.person()));
        let first = site.catalog.incident_kind("ransomware").unwrap();
        assert_eq!(case.tasks.len(), first.tasks.len());
        assert_eq!(case.tasks[0].template, format!("ransomware.{}", first.tasks[0].id));
        assert!(case.tasks.iter().all(|task| task.state == TaskState::Open && task.detail.what.is_empty()));
        // A moment that is yet to come counts as now.
        let ahead = Declare { first_knew_at: house.nature.now() + Duration::days(1), ..site.wish() };
        let second = site.declare(director, &ahead).unwrap();
        let second = house.read(|tx| incident_get(tx, director, second)).unwrap();
        assert_eq!((second.number, second.first_knew_at), (2, house.nature.now()));
        missing(site.declare(director, &Declare { kind: "storm".to_owned(), ..site.wish() }));
        assert_eq!(house.read(|tx| incidents(tx, director)).unwrap().len(), 2, "and nothing half");
        assert!(house.read(|tx| incidents(tx, &house.neighbour)).unwrap().is_empty());
        missing(house.read(|tx| incident_see(tx, &house.neighbour, id)));
    });
}

#[test]
fn one_declaration_makes_one_incident_however_often_it_comes() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        // A form that is sent again after its answer was lost.
        assert_eq!(because(site.ask(director, &site.wish())), DeclareRefusal::Already(id));
        // Two people who read the same report; what they wrote differs.
        site.sheet((id, Sheet::Lessons, 0), &[("learned", "x")]).unwrap();
        let shared = Shared { words: "x".to_owned(), measures: Vec::new(), lang: Lang::Ja };
        site.close(1, id, Some(&shared)).unwrap();
        let report = house.read(|tx| incident_get(tx, director, id)).unwrap().near_miss;
        let wish = Declare { near_miss: report, ..site.wish() };
        let first = site.declare(director, &wish).unwrap();
        let other = Declare { level: Level::Crisis, ..wish.clone() };
        let manager = house.role(Role::SafetyManager);
        assert_eq!(because(site.ask(&manager, &other)), DeclareRefusal::Already(first));
        assert_eq!(house.read(|tx| incidents(tx, director)).unwrap().len(), 2, "and nothing half");
        // An exercise beside it is another thing, and so is the same words after the end.
        site.declare(director, &Declare { drill: true, ..wish }).unwrap();
        site.declare(director, &site.wish()).unwrap();
    });
}

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

#[test]
fn things_of_the_ledger_are_marked_once_and_keep_their_names() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        let server = AssetDetails::named(AssetKind::Server, "カルテサーバ");
        let asset = plain(house.write(|tx| asset_add(tx, &house.nature, director, &server))).unwrap();
        let mark = |version, state, note: &str| {
            house.write(|tx| asset_mark(tx, &house.nature, director, (id, asset, version), (state, note)))
        };
        mark(0, AssetState::Affected, "脅迫文").unwrap();
        let Conflict(theirs) = because(mark(0, AssetState::Clean, ""));
        assert_eq!((theirs.state, theirs.detail.note.as_str()), (AssetState::Affected, "脅迫文"));
        mark(1, AssetState::CutOff, "線を抜いた").unwrap();
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        let marked = &case.assets[0];
        assert_eq!(
            (marked.detail.name.as_str(), marked.state, marked.version),
            ("カルテサーバ", AssetState::CutOff, 2)
        );
    });
}

#[test]
fn the_map_marks_what_running_incidents_touch_for_whoever_may_see_them() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        let server = AssetDetails::named(AssetKind::Server, "カルテサーバ");
        let asset = plain(house.write(|tx| asset_add(tx, &house.nature, director, &server))).unwrap();
        let marks = |scope: &Scope| house.read(|tx| map_marks(tx, scope, Lang::Ja)).unwrap();
        let drill = site.declare(director, &Declare { drill: true, ..site.wish() }).unwrap();
        assert_eq!((marks(director).things.len(), marks(director).incidents.len()), (0, 2));
        for (of, state) in [(drill, AssetState::Affected), (id, AssetState::CutOff)] {
            house
                .write(|tx| asset_mark(tx, &house.nature, director, (of, asset, 0), (state, "線を抜いた")))
                .unwrap();
        }
        let seen = marks(director);
        let told: Vec<_> =
            seen.things.iter().map(|one| (one.text.as_str(), one.drill, one.version)).collect();
        assert_eq!(told, [("切り離した", false, 1), ("訓練：影響あり", true, 1)], "exercises come last");
        let first = &seen.things[0];
        assert_eq!(
            (&first.thing, &first.url, first.note.as_str()),
            (&format!("asset:{asset}"), &format!("/incidents/{id}"), "線を抜いた")
        );
        assert_eq!(marks(&house.neighbour), Affected::default());
        for role in Role::ALL {
            let seen = marks(&house.role(role));
            assert_eq!(!seen.things.is_empty(), role.may(Permission::IncidentSee), "{role}");
            let may_say = seen.incidents.iter().any(|one| one.post.is_some());
            assert_eq!(may_say, role.may(Permission::IncidentLead), "{role}");
        }
        for of in [id, drill] {
            site.sheet((of, Sheet::Lessons, 0), &[("learned", "札がなかった")]).unwrap();
            site.close(1, of, None).unwrap();
        }
        assert_eq!(marks(director), Affected::default(), "what is over leaves no marks");
    });
}

#[test]
fn evidence_is_kept_as_it_came_and_passes_from_hand_to_hand() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        // A program, which nobody opens here.
        let bytes = b"MZ\x90\x00 a program".to_vec();
        let add = |file: Option<(String, Vec<u8>)>| {
            let new = NewExhibit {
                file,
                detail: ExhibitDetail {
                    what: "見つかった実行ファイル".to_owned(),
                    ..ExhibitDetail::default()
                },
                taken_at: house.nature.now(),
                taken_by_name: "事務長".to_owned(),
            };
            house.write(|tx| exhibit_add(tx, &house.nature, director, &site.files, (id, &new)))
        };
        let file = add(Some(("../evil.exe".to_owned(), bytes.clone()))).unwrap();
        house.fake.advance(Duration::seconds(1));
        let thing = add(None).unwrap();
        assert_eq!(because(add(Some(("a".to_owned(), Vec::new())))), ExhibitRefusal::Empty);
        let (exhibit, kept) = house.read(|tx| exhibit_bytes(tx, director, &site.files, file)).unwrap();
        assert_eq!((exhibit.file.as_str(), kept), (digest_of(&bytes).as_str(), bytes));
        assert_eq!(
            (exhibit.name.as_str(), exhibit.media_type.as_str()),
            ("evil.exe", "application/octet-stream")
        );
        missing(house.read(|tx| exhibit_bytes(tx, director, &site.files, thing)));
        missing(house.read(|tx| exhibit_bytes(tx, &house.neighbour, &site.files, file)));
        let detail =
            CustodyDetail { from: "事務長".to_owned(), to: "調査会社".to_owned(), why: String::new() };
        house
            .write(|tx| custody_add(tx, &house.nature, director, file, (&detail, house.nature.now())))
            .unwrap();
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        assert_eq!(case.evidence[0].custody[0].detail, detail);
        assert!(case.evidence[1].custody.is_empty());
    });
}

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

#[test]
fn it_ends_with_lessons_that_become_learning_for_everybody() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        assert_eq!(because(site.close(1, id, None)), CloseRefusal::NoLessons);
        site.sheet((id, Sheet::Lessons, 0), &[("learned", "古い装置が入口だった")]).unwrap();
        let shared = Shared {
            words: "古い装置が入口だった".to_owned(),
            measures: vec![("装置を替える".to_owned(), None)],
            lang: Lang::Ja,
        };
        site.close(1, id, Some(&shared)).unwrap();
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        assert_eq!(case.incident.state, State::Closed);
        assert!(case.incident.closed_at.is_some());
        let report = case.incident.near_miss.unwrap();
        let seen = house.read(|tx| near_miss_see(tx, director, report)).unwrap();
        assert_eq!((seen.near_miss.symptom.as_str(), seen.measures.len()), ("ransom-note", 1));
        assert_eq!(seen.near_miss.board.learned, "古い装置が入口だった", "a draft for the board");
        assert_eq!(seen.near_miss.board_at, None, "which nobody has put there");
        assert!(matches!(because(site.close(1, id, None)), CloseRefusal::Changed(_)));
        // It opens again and ends again: the same measure is not there twice.
        let back = house.write(|tx| state_set(tx, &house.nature, director, (id, 2), (State::Recovering, "")));
        back.unwrap();
        house.fake.advance(Duration::seconds(1));
        let more = Shared {
            measures: vec![("装置を替える".to_owned(), None), ("札を付ける".to_owned(), None)],
            ..shared.clone()
        };
        site.close(3, id, Some(&more)).unwrap();
        let seen = house.read(|tx| near_miss_see(tx, director, report)).unwrap();
        let whats: Vec<_> = seen.measures.iter().map(|measure| measure.detail.what.as_str()).collect();
        assert_eq!(whats, ["装置を替える", "札を付ける"]);
        // No exercise goes among the near misses.
        let drill = site.declare(director, &Declare { drill: true, ..site.wish() }).unwrap();
        site.sheet((drill, Sheet::Lessons, 0), &[("learned", "電話が足りない")]).unwrap();
        site.close(1, drill, Some(&shared)).unwrap();
        assert_eq!(house.read(|tx| incident_get(tx, director, drill)).unwrap().near_miss, None);
    });
}

#[test]
fn whoever_may_only_lead_hands_the_lessons_in_to_those_who_handle_near_misses() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        site.sheet((id, Sheet::Lessons, 0), &[("learned", "古い装置が入口だった")]).unwrap();
        // Another program, as a token narrows it.
        let nobody = PersonId(house.nature.id());
        let service = Scope::new(nobody, "連携", director.organisation(), Role::Service)
            .narrowed_to(Some(Permissions::chosen([Permission::IncidentLead])));
        let shared = Shared {
            words: String::new(),
            measures: vec![("装置を替える".to_owned(), None)],
            lang: Lang::Ja,
        };
        house
            .write(|tx| close(tx, &house.nature, &service, &site.files, (id, 1), Some(&shared)))
            .map_err(|refused| format!("{refused:?}"))
            .unwrap();
        let report = house.read(|tx| incident_get(tx, director, id)).unwrap().near_miss.unwrap();
        denied(house.read(|tx| near_miss_see(tx, &service, report)));
        let seen = house.read(|tx| near_miss_see(tx, director, report)).unwrap();
        assert_eq!(seen.near_miss.detail.words, "古い装置が入口だった", "where nothing else is said");
        assert_eq!(seen.near_miss.person, None);
        let open = house.read(|tx| measures_open(tx, director)).unwrap();
        assert_eq!(open.len(), 1, "which the plan of those who handle near misses shows");
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

#[test]
fn a_report_is_declared_and_stays_beside_the_incident() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let first = site.declared();
        site.sheet((first, Sheet::Lessons, 0), &[("learned", "x")]).unwrap();
        let shared = Shared { words: "x".to_owned(), measures: Vec::new(), lang: Lang::Ja };
        site.close(1, first, Some(&shared)).unwrap();
        let report = house.read(|tx| incident_get(tx, director, first)).unwrap().near_miss.unwrap();
        let wish = Declare { near_miss: Some(report), ..site.wish() };
        let second = site.declare(director, &wish).unwrap();
        // What was learned goes into that report's analysis, and what it knows already comes no second time.
        site.sheet((second, Sheet::Lessons, 0), &[("learned", "札がなかった")]).unwrap();
        let measures = vec![("札を付ける".to_owned(), None)];
        let learned = Shared { words: "札がなかった".to_owned(), measures, lang: Lang::Ja };
        for version in [1, 3] {
            site.close(version, second, Some(&learned)).unwrap();
            let back = (State::Recovering, "");
            let opened =
                house.write(|tx| state_set(tx, &house.nature, director, (second, version + 1), back));
            opened.unwrap();
        }
        let measures = house.read(|tx| near_miss_see(tx, director, report)).unwrap().measures;
        assert_eq!(measures.len(), 1);
        let analysed = house.read(|tx| analysis_get(tx, director, report)).unwrap();
        assert_eq!(analysed.analysis.conclusion, "札がなかった");
        assert_eq!(house.read(|tx| incident_get(tx, director, second)).unwrap().near_miss, Some(report));
        house.read(|tx| near_miss_get(tx, director, report)).unwrap();
        missing(site.declare(&house.neighbour, &wish));
    });
}

#[test]
fn the_whole_case_leaves_with_its_hashes() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        house.write(|tx| export_note(tx, &house.nature, director, (id, &digest_of(b"zip")))).unwrap();
        assert_eq!(house.log(director).last().map(String::as_str), Some("incident_export"));
        denied(house.write(|tx| export_note(tx, &house.nature, &house.role(Role::Staff), (id, ""))));
    });
}
