//! Near misses by their actions, on both databases: from the report to the board.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use chrono::Duration;
use common::{House, because, denied, missing};
use komainu_access::{Link, LinkToken, Links, Permission, PersonId, Purpose, Role, Scope};
use komainu_db::Db;
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_files::{Files, Key};
use komainu_i18n::Lang;
use komainu_inventory::actions::asset_add;
use komainu_inventory::{AssetDetails, AssetKind};
use komainu_link::actions::{link_make, link_revoke};
use komainu_link::model::NewLink;
use komainu_nearmiss::actions::*;
use komainu_nearmiss::rules::Receipt;
use komainu_nearmiss::{Board, Detail, Level, MeasureState, Nature, State, Triage};
use komainu_web::{Conflict, Failure, Refused};

const JPEG: &[u8] =
    b"\xff\xd8\xff\xe1\x00\x06Exif\xff\xdb\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00\
    \xff\xda\x00\x03xpicture\xff\xd9";

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

    fn report(&self) -> NewReport {
        let nature = &self.house.nature;
        NewReport {
            sent_id: nature.id(),
            receipt: Receipt::new(nature.bytes()),
            symptom: "printer".to_owned(),
            detail: Detail { words: "紙が止まらない".to_owned(), ..Detail::default() },
            lang: Lang::Ja,
            seen_at: nature.now(),
            written_at: nature.now(),
            photo: None,
            alarm: None,
        }
    }

    fn send(&self, scope: &Scope, new: &NewReport) -> Result<Reported, Refused<ReportRefusal>> {
        self.house.write(|tx| report_take(tx, &self.house.nature, scope, &self.files, new))
    }

    fn found(&self, token: &LinkToken, purpose: Purpose) -> Link {
        let now = self.house.nature.now();
        self.house.read(|tx| Ok(Links::find(tx, token, purpose, now)?)).unwrap().unwrap()
    }

    /// The scope of whoever stands at a poster, and its link.
    fn poster(&self) -> (Scope, Link) {
        let (house, place) = (&self.house, AssetDetails::named(AssetKind::Place, "受付"));
        let made = house
            .write(|tx| {
                let place = asset_add(tx, &house.nature, &house.director, &place).unwrap();
                posters_make(tx, &house.nature, &house.director, (&[place], None))
            })
            .unwrap();
        let (name, made) = &made[0];
        assert_eq!(name, "受付");
        let link = self.found(&made.token, Purpose::NearMissReport);
        (Scope::by_link(&link), link)
    }
}

fn on_both(test: impl Fn(Site)) {
    each_database(|db| test(Site::new(db)));
}

#[test]
fn a_report_from_a_poster_comes_in_once_with_its_place_and_without_what_the_camera_wrote() {
    on_both(|site| {
        let (stranger, link) = site.poster();
        let new = NewReport { photo: Some(JPEG.to_vec()), ..site.report() };
        let first = site.send(&stranger, &new).unwrap();
        let again = site.send(&stranger, &new).unwrap();
        assert!(!first.again && again.again && first.id == again.id);
        let (house, director) = (&site.house, &site.house.director);
        let seen = house.read(|tx| near_miss_see(tx, director, first.id)).unwrap();
        assert_eq!(seen.near_miss.number_text(), "2026-001");
        assert_eq!(seen.near_miss.detail.place, "受付");
        assert_eq!((seen.near_miss.link, seen.near_miss.person), (Some(link.id), None));
        let kept = site.files.get(director.organisation(), &seen.photos[0].file).unwrap();
        assert!(
            !kept.windows(4).any(|part| part == b"Exif") && kept.windows(7).any(|part| part == b"picture")
        );
        let second = site.send(&stranger, &site.report()).unwrap();
        let second = house.read(|tx| near_miss_get(tx, director, second.id)).unwrap();
        assert_eq!(second.number_text(), "2026-002");
        let refused = site.send(&stranger, &NewReport { photo: Some(b"GIF89a".to_vec()), ..site.report() });
        assert!(matches!(because(refused), ReportRefusal::Photo(_)));
        assert_eq!(house.read(|tx| near_misses(tx, director)).unwrap().len(), 2, "and nothing half");
        assert_eq!(house.log(director).iter().filter(|action| *action == "near_miss_report").count(), 2);
    });
}

#[test]
fn a_poster_opens_nothing_else_and_ends() {
    on_both(|site| {
        let (stranger, link) = site.poster();
        let (house, director) = (&site.house, &site.house.director);
        assert!(Permission::ALL.iter().all(|permission| !stranger.may(*permission)));
        let reported = site.send(&stranger, &site.report()).unwrap();
        denied(house.read(|tx| near_miss_see(tx, &stranger, reported.id)));
        denied(house.read(|tx| board(tx, &stranger)));
        let wish = NewLink {
            purpose: Purpose::LetterReply,
            subject: String::new(),
            name: "ほかの目的".to_owned(),
            until: house.nature.now() + Duration::days(1),
        };
        let other = house.write(|tx| link_make(tx, &house.nature, director, &wish)).unwrap();
        let letter = Scope::by_link(&site.found(&other.token, Purpose::LetterReply));
        assert!(matches!(site.send(&letter, &site.report()), Err(Refused::Failed(Failure::Denied(_)))));
        house.write(|tx| link_revoke(tx, &house.nature, director, link.id)).unwrap();
        let now = house.nature.now();
        assert!(!house.write(|tx| Links::spend(tx, &stranger, now)).unwrap(), "the door finds it withdrawn");
    });
}

#[test]
fn whoever_has_the_code_reads_and_answers_and_nobody_else() {
    on_both(|site| {
        let (stranger, _) = site.poster();
        let (house, director) = (&site.house, &site.house.director);
        let new = site.report();
        let id = site.send(&stranger, &new).unwrap().id;
        house.write(|tx| message_send(tx, &house.nature, director, id, "どの機械ですか")).unwrap();
        let answered = |scope: &Scope, receipt: &Receipt| {
            house.write(|tx| receipt_answer(tx, &house.nature, scope, receipt, "2階のです")).unwrap()
        };
        house.fake.advance(Duration::minutes(5));
        assert!(answered(&stranger, &new.receipt));
        assert!(!answered(&stranger, &Receipt::new(house.nature.bytes())));
        assert!(!answered(&house.neighbour, &new.receipt), "another house's code opens nothing here");
        let followed = house.read(|tx| receipt_see(tx, &stranger, &new.receipt)).unwrap().unwrap();
        let said: Vec<_> =
            followed.messages.iter().map(|message| (message.from_house, message.words.as_str())).collect();
        assert_eq!(said, [(true, "どの機械ですか"), (false, "2階のです")]);
        assert!(house.read(|tx| receipt_see(tx, &house.neighbour, &new.receipt)).unwrap().is_none());
    });
}

#[test]
fn what_is_sent_under_a_used_name_is_lost_to_nobody() {
    on_both(|site| {
        let (stranger, _) = site.poster();
        let first = site.report();
        let id = site.send(&stranger, &first).unwrap().id;
        let other = |words: &str, name: &str| NewReport {
            detail: Detail { words: words.to_owned(), name: name.to_owned(), ..Detail::default() },
            ..first.clone()
        };
        for changed in [
            other("画面も変だ", ""),
            other("紙が止まらない", "夜勤の看護師"),
            NewReport { symptom: "popup".to_owned(), ..first.clone() },
        ] {
            assert_eq!(because(site.send(&stranger, &changed)), ReportRefusal::Other);
        }
        // The language of the page and the clock of the telephone are no other words.
        let later =
            NewReport { lang: Lang::En, written_at: first.written_at + Duration::minutes(9), ..first };
        let again = site.send(&stranger, &later).unwrap();
        assert!(again.again && again.id == id);
    });
}

#[test]
fn who_gives_no_name_leaves_none_and_a_name_is_in_no_log() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let nurse = house.role(Role::Staff).named("夜勤の看護師");
        let named = NewReport {
            detail: Detail { name: "夜勤の看護師".to_owned(), ..Detail::default() },
            ..site.report()
        };
        let get = |id| house.read(|tx| near_miss_get(tx, director, id)).unwrap();
        let nameless = site.send(&nurse, &site.report()).unwrap().id;
        assert_eq!(get(nameless).person, None);
        let known = site.send(&nurse, &named).unwrap().id;
        assert_eq!(get(known).person, Some(nurse.person()));
        let (stranger, _) = site.poster();
        let code = site.report();
        site.send(&stranger, &code).unwrap();
        let answer = |receipt: &Receipt| {
            house.write(|tx| receipt_answer(tx, &house.nature, &nurse, receipt, "もう一台あります")).unwrap()
        };
        assert!(answer(&code.receipt), "who answers with a code does it as whoever reported");
        assert!(answer(&named.receipt));
        let page = komainu_audit::Page { limit: 1000, ..komainu_audit::Page::default() };
        let entries = house.read(|tx| Ok(komainu_audit::entries(tx, director, &page)?)).unwrap();
        let mine = entries.iter().filter(|entry| entry.person_name == "夜勤の看護師");
        assert_eq!(mine.count(), 2, "the report with a name and its answer");
        let seen = house.read(|tx| near_miss_see(tx, director, known)).unwrap();
        assert_eq!(seen.messages[0].name, "", "no second place knows the name");
    });
}

#[test]
fn whoever_has_a_code_cannot_write_without_end() {
    on_both(|site| {
        let (stranger, _) = site.poster();
        let house = &site.house;
        let new = site.report();
        site.send(&stranger, &new).unwrap();
        let say = || house.write(|tx| receipt_answer(tx, &house.nature, &stranger, &new.receipt, "あ"));
        assert!((0..50).all(|_| say().is_ok()));
        assert!(matches!(say(), Err(Failure::TooMany(_))));
        house.fake.advance(Duration::days(1) + Duration::seconds(1));
        say().unwrap();
    });
}

#[test]
fn two_who_judge_at_once_both_keep_their_words() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let id = site.send(&house.role(Role::Staff), &site.report()).unwrap().id;
        let judged = |level, summary: &str| JudgeInput {
            level,
            nature: Nature::Attack,
            triage: Triage { summary: summary.to_owned(), ..Triage::default() },
        };
        let judge = |input: &JudgeInput| {
            house.write(|tx| near_miss_judge(tx, &house.nature, director, (id, 1), input))
        };
        judge(&judged(Level::L2, "一人目")).unwrap();
        let Conflict(theirs) = because(judge(&judged(Level::L4a, "二人目")));
        assert_eq!((theirs.level, theirs.triage.summary.as_str()), (Some(Level::L2), "一人目"));
        assert_eq!((theirs.state, theirs.version), (State::Triaged, 2));
        let set = |version, state| {
            house.write(|tx| near_miss_state_set(tx, &house.nature, director, (id, version), state))
        };
        assert!(matches!(set(2, State::New), Err(Refused::Failed(Failure::NotFound))));
        set(2, State::Closed).unwrap();
        set(3, State::Triaged).unwrap();
        let second = house.role(Role::SafetyManager);
        let anew = judged(Level::L1, "あとで分かったこと");
        house.write(|tx| near_miss_judge(tx, &house.nature, &second, (id, 4), &anew)).unwrap();
        let now = house.read(|tx| near_miss_get(tx, director, id)).unwrap();
        assert_eq!(now.triaged_by_name, "院長", "the day that stands beside it is the first judge's");
        let now = house.read(|tx| near_miss_get(tx, director, id)).unwrap();
        assert_eq!((now.state, now.closed_at), (State::Triaged, None));
    });
}

#[test]
fn what_was_set_aside_unjudged_comes_back_by_being_judged() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let id = site.send(director, &site.report()).unwrap().id;
        let set = |version, state| {
            house.write(|tx| near_miss_state_set(tx, &house.nature, director, (id, version), state))
        };
        set(1, State::SetAside).unwrap();
        assert!(matches!(set(2, State::Triaged), Err(Refused::Failed(Failure::NotFound))));
        let input = JudgeInput { level: Level::L0, nature: Nature::Other, triage: Triage::default() };
        house.write(|tx| near_miss_judge(tx, &house.nature, director, (id, 2), &input)).unwrap();
        set(3, State::SetAside).unwrap();
        set(4, State::Triaged).unwrap();
    });
}

#[test]
fn the_board_asks_once_more_about_names_of_the_house_and_of_the_reporter() {
    on_both(|site| {
        let (stranger, _) = site.poster();
        let (house, director) = (&site.house, &site.house.director);
        let named = Detail { name: "高橋 みどり".to_owned(), ..Detail::default() };
        let id = site.send(&stranger, &NewReport { detail: named, ..site.report() }).unwrap().id;
        let asked = |scope: &Scope, words: &str| {
            let board = Board { happened: words.to_owned(), ..Board::default() };
            house.read(|tx| board_telltale(tx, scope, id, &board))
        };
        assert_eq!(asked(director, "高橋が見つけ、院長に知らせた").unwrap(), ["院長", "高橋"]);
        assert!(asked(director, "紙が止まらなかった").unwrap().is_empty());
        denied(asked(&house.role(Role::Staff), "紙"));
        missing(asked(&house.neighbour, "紙"));
    });
}

#[test]
fn measures_and_the_board_belong_to_who_handles_and_the_board_is_read_by_all() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let staff = house.role(Role::Staff);
        let id = site.send(&staff, &site.report()).unwrap().id;
        for role in Role::ALL {
            let may = house.read(|tx| near_misses(tx, &house.role(role))).is_ok();
            assert_eq!(may, role.may(Permission::NearMissHandle), "{role}");
        }
        let nature = &house.nature;
        let add =
            |owner| house.write(|tx| measure_add(tx, nature, director, id, ("線を替える", owner, None)));
        let measure = add(Some(director.person())).unwrap();
        missing(add(Some(PersonId(Uuid::from_u128(7)))));
        let settle = |version, state| {
            house.write(|tx| measure_settle(tx, nature, director, (measure, version), (state, "替えた")))
        };
        settle(1, MeasureState::Done).unwrap();
        let Conflict(theirs) = because(settle(1, MeasureState::Dropped));
        assert_eq!((theirs.state, theirs.version), (MeasureState::Done, 2));
        assert!(house.read(|tx| measures_open(tx, director)).unwrap().is_empty());
        let words = Board { title: "紙が止まらない".to_owned(), ..Board::default() };
        let show = |version, shown| {
            house.write(|tx| board_save(tx, nature, director, (id, version), (&words, shown)))
        };
        assert!(house.read(|tx| board(tx, &staff)).unwrap().is_empty());
        show(1, true).unwrap();
        assert_eq!(house.read(|tx| board(tx, &staff)).unwrap()[0].board, words);
        show(2, false).unwrap();
        assert!(house.read(|tx| board(tx, &staff)).unwrap().is_empty());
        assert!(house.read(|tx| board(tx, &house.neighbour)).unwrap().is_empty());
    });
}

#[test]
fn a_measure_is_written_anew_while_it_is_open() {
    on_both(|site| {
        let (house, director, nature) = (&site.house, &site.house.director, &site.house.nature);
        let id = site.send(director, &site.report()).unwrap().id;
        let owner = Some(director.person());
        let measure =
            house.write(|tx| measure_add(tx, nature, director, id, ("線を替える", owner, None))).unwrap();
        let day = "2027-01-31".parse().ok();
        let change = |scope: &Scope, version, what: &str, owner| {
            house.write(|tx| measure_change(tx, nature, scope, (measure, version), (what, owner, day)))
        };
        change(director, 1, "線を二本とも替える", owner).unwrap();
        let now = house.read(|tx| measure_get(tx, director, measure)).unwrap();
        assert_eq!((now.detail.what.as_str(), now.due_on, now.version), ("線を二本とも替える", day, 2));
        assert_eq!(now.owner_name, "院長");
        let Conflict(theirs) = because(change(director, 1, "線を見る", owner));
        assert_eq!(theirs.detail.what, "線を二本とも替える");
        let failed = |outcome: Result<(), MeasureChanged>| match outcome {
            Err(Refused::Failed(failure)) => failure,
            other => panic!("{other:?}"),
        };
        let stranger = Some(PersonId(Uuid::from_u128(7)));
        assert!(matches!(failed(change(director, 2, "線を見る", stranger)), Failure::NotFound));
        assert!(matches!(failed(change(&house.role(Role::Staff), 2, "線を見る", owner)), Failure::Denied(_)));
        change(director, 2, "線を二本とも替える", owner).unwrap();
        assert_eq!(house.read(|tx| measure_get(tx, director, measure)).unwrap().version, 2, "nothing new");
        let settle = |version, state| {
            house
                .write(|tx| measure_settle(tx, nature, director, (measure, version), (state, "部品が来ない")))
        };
        settle(2, MeasureState::Dropped).unwrap();
        let settled = house.read(|tx| measure_get(tx, director, measure)).unwrap();
        assert_eq!((settled.owner, settled.due_on), (owner, day), "who settles it changes nothing else");
        assert!(matches!(failed(change(director, 3, "線を見る", None)), Failure::Over));
        settle(3, MeasureState::Open).unwrap();
        change(director, 4, "線を見る", None).unwrap();
        let now = house.read(|tx| measure_get(tx, director, measure)).unwrap();
        assert_eq!((now.owner, now.owner_name.as_str()), (None, ""));
        let changes = house.log(director);
        let changes = changes.iter().filter(|action| *action == "near_miss_measure_change");
        assert_eq!(changes.count(), 2, "what changes nothing is not in the log");
    });
}

#[test]
fn whoever_ends_a_case_is_told_how_many_measures_are_open() {
    on_both(|site| {
        let (house, director, nature) = (&site.house, &site.house.director, &site.house.nature);
        let id = site.send(director, &site.report()).unwrap().id;
        let other = site.send(director, &site.report()).unwrap().id;
        let open = |scope: &Scope, id| house.read(|tx| measures_open_of(tx, scope, id));
        let add =
            |id| house.write(|tx| measure_add(tx, nature, director, id, ("線を替える", None, None))).unwrap();
        assert_eq!(open(director, id).unwrap(), 0);
        let done = add(id);
        add(id);
        add(other);
        house.write(|tx| measure_settle(tx, nature, director, (done, 1), (MeasureState::Done, ""))).unwrap();
        assert_eq!(open(director, id).unwrap(), 1);
        denied(open(&house.role(Role::Staff), id));
        missing(open(&house.neighbour, id));
    });
}
