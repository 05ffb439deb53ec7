//! What is learned from near misses, by its actions on both databases: analyses, meetings, sheets, figures.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use chrono::{Duration, NaiveDate};
use common::{House, because, denied, missing};
use komainu_access::{Permission, Role, Scope};
use komainu_calendar::FiscalYear;
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, Part};
use komainu_files::{Files, Key};
use komainu_i18n::Lang;
use komainu_nearmiss::actions::*;
use komainu_nearmiss::rules::Receipt;
use komainu_nearmiss::{
    Analysis, Board, Detail, Event, Level, MeasureState, MeetingCase, MeetingContent, MeetingId, Nature,
    NearMissId, State, Triage, Why,
};
use komainu_web::{Conflict, Failure, Refused};

struct Site {
    house: House,
    files: Files,
    _folder: tempfile::TempDir,
}

impl Site {
    fn new(db: Db) -> Site {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        Site { house, files, _folder: folder }
    }

    fn report(&self, symptom: &str, place: &str) -> NearMissId {
        let (house, nature) = (&self.house, &self.house.nature);
        let new = NewReport {
            sent_id: nature.id(),
            receipt: Receipt::new(nature.bytes()),
            symptom: symptom.to_owned(),
            detail: Detail { place: place.to_owned(), ..Detail::default() },
            lang: Lang::Ja,
            seen_at: nature.now(),
            written_at: nature.now(),
            photo: None,
            alarm: None,
        };
        house.write(|tx| report_take(tx, nature, &house.director, &self.files, &new)).unwrap().id
    }

    fn judge(&self, id: NearMissId, level: Level) {
        let (house, nature) = (&self.house, &self.house.nature);
        let triage = Triage { summary: "紙が止まらなかった".to_owned(), ..Triage::default() };
        let input = JudgeInput { level, nature: Nature::Fault, triage };
        house.write(|tx| near_miss_judge(tx, nature, &house.director, (id, 1), &input)).unwrap();
    }
}

fn on_both(test: impl Fn(Site)) {
    each_database(|db| test(Site::new(db)));
}

fn analysis(what: &str) -> Analysis {
    let event = Event { when: "8時20分ごろ".to_owned(), what: what.to_owned() };
    let why = Why { number: 1, under: None, words: "設定が壊れていた".to_owned() };
    Analysis { timeline: vec![event], whys: vec![why], ..Analysis::default() }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn two_who_analyse_at_once_both_keep_their_words() {
    on_both(|site| {
        let (house, nature, director) = (&site.house, &site.house.nature, &site.house.director);
        let id = site.report("printer", "受付");
        let save = |scope: &Scope, version, words: &Analysis| {
            house.write(|tx| analysis_save(tx, nature, scope, (id, version), words))
        };
        let stored = || house.read(|tx| analysis_get(tx, director, id)).unwrap();
        assert_eq!((stored().version, stored().analysis), (0, Analysis::default()));
        save(director, 0, &analysis("一人目")).unwrap();
        let Conflict(theirs) = because(save(director, 0, &analysis("二人目")));
        assert_eq!((theirs.version, theirs.analysis), (1, analysis("一人目")));
        save(director, 1, &analysis("一人目")).unwrap();
        assert_eq!(stored().version, 1, "nothing was changed");
        save(director, 1, &analysis("二人目")).unwrap();
        let Conflict(theirs) = because(save(director, 1, &analysis("三人目")));
        assert_eq!((theirs.version, theirs.analysis), (2, analysis("二人目")));
        assert_eq!(stored().saved_at, Some(nature.now()));
        let staff = house.role(Role::Staff);
        denied(house.read(|tx| analysis_get(tx, &staff, id)));
        assert!(matches!(save(&staff, 2, &analysis("四人目")), Err(Refused::Failed(Failure::Denied(_)))));
        missing(house.read(|tx| analysis_get(tx, &house.neighbour, id)));
        let neighbours = save(&house.neighbour, 0, &analysis("よそ"));
        assert!(matches!(neighbours, Err(Refused::Failed(Failure::NotFound))));
        let told = house.log(director).iter().filter(|did| *did == "near_miss_analysis_save").count();
        assert_eq!(told, 2);
    });
}

#[test]
fn a_meeting_keeps_its_cases_in_their_order_and_both_texts_of_two_writers() {
    on_both(|site| {
        let (house, nature, director) = (&site.house, &site.house.nature, &site.house.director);
        let (one, two) = (site.report("printer", "受付"), site.report("popup", "医事課"));
        let content = |ids: &[NearMissId], minutes: &str| MeetingContent {
            title: "第1回医療安全委員会".to_owned(),
            cases: ids
                .iter()
                .map(|id| MeetingCase { near_miss: *id, words: "線を替える".to_owned() })
                .collect(),
            minutes: minutes.to_owned(),
            ..MeetingContent::default()
        };
        let held = day("2026-12-10");
        let add = |scope: &Scope, content: &MeetingContent| {
            house.write(|tx| meeting_add(tx, nature, scope, (held, content)))
        };
        let id = add(director, &content(&[two, one], "")).unwrap();
        let seen = house.read(|tx| meeting_see(tx, director, id)).unwrap();
        assert_eq!(seen.cases.iter().map(|case| case.id).collect::<Vec<_>>(), [two, one]);
        let save = |version, minutes: &str| {
            let content = content(&[one, two], minutes);
            house.write(|tx| meeting_save(tx, nature, director, (id, version), (held, &content)))
        };
        save(1, "一人目").unwrap();
        let Conflict(theirs) = because(save(1, "二人目"));
        assert_eq!((theirs.version, theirs.content.minutes.as_str()), (2, "一人目"));
        save(2, "一人目").unwrap();
        assert_eq!(house.read(|tx| meeting_get(tx, director, id)).unwrap().version, 2, "nothing was changed");
        missing(add(director, &content(&[NearMissId(Uuid::from_u128(7))], "")));
        missing(add(&house.neighbour, &content(&[one], "")));
        missing(house.read(|tx| meeting_get(tx, &house.neighbour, id)));
        house.fake.advance(chrono::Duration::seconds(1));
        let earlier = house
            .write(|tx| meeting_add(tx, nature, director, (day("2026-06-10"), &content(&[], ""))))
            .unwrap();
        let all = house.read(|tx| meetings(tx, director)).unwrap();
        assert_eq!(
            all.iter().map(|meeting| meeting.id).collect::<Vec<_>>(),
            [id, earlier],
            "the newest first"
        );
        let part = Part { after: Some(id), limit: 10 };
        let rest = house.read(|tx| meetings_part(tx, director, &part)).unwrap();
        assert_eq!(rest.iter().map(|meeting| meeting.id).collect::<Vec<MeetingId>>(), [earlier]);
        for role in Role::ALL {
            let may = house.read(|tx| meetings(tx, &house.role(role))).is_ok();
            assert_eq!(may, role.may(Permission::NearMissHandle), "{role}");
        }
    });
}

#[test]
fn what_was_set_aside_comes_on_no_list() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let (kept, aside) = (site.report("printer", ""), site.report("slow", ""));
        house
            .write(|tx| near_miss_state_set(tx, &house.nature, director, (aside, 1), State::SetAside))
            .unwrap();
        let candidates = house.read(|tx| meeting_candidates(tx, director)).unwrap();
        assert_eq!(candidates.iter().map(|one| one.id).collect::<Vec<_>>(), [kept]);
    });
}

#[test]
fn a_case_is_on_the_wall_only_while_it_is_on_the_board() {
    on_both(|site| {
        let (house, nature, director) = (&site.house, &site.house.nature, &site.house.director);
        let staff = house.role(Role::Staff);
        let id = site.report("printer", "受付");
        let look = |scope: &Scope| house.read(|tx| board_entry(tx, scope, id));
        missing(look(&staff));
        let words = Board { title: "紙が止まらない".to_owned(), ..Board::default() };
        let show = |version, shown| {
            house.write(|tx| board_save(tx, nature, director, (id, version), (&words, shown))).unwrap();
        };
        show(1, true);
        assert_eq!(look(&staff).unwrap().board, words);
        missing(look(&house.neighbour));
        let part = Part { after: None, limit: 10 };
        assert_eq!(house.read(|tx| board_part(tx, &staff, &part)).unwrap().len(), 1);
        show(2, false);
        missing(look(&staff));
        assert!(house.read(|tx| board_part(tx, &staff, &part)).unwrap().is_empty());
    });
}

#[test]
fn figures_are_those_of_one_house_and_one_fiscal_year() {
    on_both(|site| {
        let (house, nature, director) = (&site.house, &site.house.nature, &site.house.director);
        let first = site.report("printer", "受付");
        let second = site.report("printer", "3階病棟");
        house.fake.advance(Duration::hours(3));
        site.judge(first, Level::L2);
        house.fake.advance(Duration::hours(4));
        site.judge(second, Level::L1);
        let add = |due| {
            house.write(|tx| measure_add(tx, nature, director, first, ("線を替える", None, due))).unwrap()
        };
        let (done, _late) = (add(None), add(Some(day("2026-11-01"))));
        house
            .write(|tx| measure_settle(tx, nature, director, (done, 1), (MeasureState::Done, "替えた")))
            .unwrap();
        // The next fiscal year has its own.
        house.fake.advance(Duration::days(200));
        site.report("popup", "");
        let count = |scope: &Scope, year: i32| {
            let wish = (FiscalYear::try_from(year).unwrap(), nature.today());
            house.read(|tx| figures_get(tx, scope, wish))
        };
        let year = count(director, 2026).unwrap();
        assert_eq!((year.received, year.symptoms.as_slice()), (2, &[("printer".to_owned(), 2)][..]));
        assert_eq!(year.judged_after, Some(5 * 60));
        assert_eq!((year.measures.open, year.measures.late, year.measures.done), (1, 1, 1));
        let next = count(director, 2027).unwrap();
        assert_eq!((next.received, next.judged_after, next.measures.open), (1, None, 0));
        assert_eq!(count(&house.neighbour, 2026).unwrap().received, 0);
        denied(count(&house.role(Role::Staff), 2026));
        let years = house.read(|tx| figure_years(tx, director)).unwrap();
        assert_eq!(years.into_iter().map(FiscalYear::number).collect::<Vec<_>>(), [2027, 2026]);
    });
}
