//! The interview's steps in every order, on both databases.
#![allow(clippy::unwrap_used, clippy::type_complexity, clippy::ref_option_ref)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use common::{House, LOOKING, because, denied, missing, plain};
use komainu_calendar::fold;
use komainu_catalog::{Catalog, InstitutionKind, SystemKindId, UpdateDuty};
use komainu_clock::Nature;
use komainu_contact::Duty;
use komainu_db::testing::each_database;
use komainu_i18n::Lang;
use komainu_institution::Systems;
use komainu_inventory::actions::{ledger, system_change, system_get, templates};
use komainu_inventory::rules::usual_hosting;
use komainu_inventory::{End, Hosting, SystemDetails};
use komainu_setup::actions::{
    PeopleRefusal, SystemsRefusal, interview, setup_finish, setup_lines, setup_people, setup_place,
    setup_running, setup_support, setup_systems,
};
use komainu_setup::{
    Interview, LinesAnswer, PeopleAnswer, PlaceAnswer, PostAnswer, Step, SupportAnswer, SystemsAnswer,
    VendorChoice,
};
use komainu_web::Failure;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;

const POSTS: [Duty; 4] = [Duty::Director, Duty::SafetyManager, Duty::SystemOperator, Duty::Deputy];

/// What one institution answers, however it walks through the interview.
#[derive(Clone, Debug)]
struct Answers {
    place: PlaceAnswer,
    running: Systems,
    kinds: Vec<&'static str>,
    others: Vec<String>,
    /// For the n-th kind or other system: vendor (none, or a name), remote, updates, hosting.
    support: Vec<(Option<&'static str>, Option<bool>, Option<bool>, Hosting)>,
    operator: Option<bool>,
    /// For each post: nobody, the member, or a name.
    posts: Vec<Option<&'static str>>,
}

fn answers() -> impl Strategy<Value = Answers> {
    let kind = proptest::sample::select(InstitutionKind::ALL.to_vec());
    let running = proptest::sample::select(Systems::ALL.to_vec());
    let kinds = proptest::sample::subsequence(
        vec!["emr-on-premises", "emr-cloud", "receipt-computer", "pacs", "office-pc", "network-boxes"],
        0..=6,
    );
    let others = proptest::sample::subsequence(vec!["勤怠".to_owned(), "リハビリ管理".to_owned()], 0..=2);
    let known = || proptest::sample::select(vec![None, Some(true), Some(false)]);
    let vendor = proptest::sample::select(vec![None, Some("カルテ社"), Some("画像社"), Some("ｶﾙﾃ社")]);
    let hosting = proptest::sample::select(Hosting::ALL.to_vec());
    let support = proptest::collection::vec((vendor, known(), known(), hosting), 8);
    let post = proptest::sample::select(vec![None, Some("member"), Some("副院長"), Some("事務長")]);
    let posts = proptest::collection::vec(post, 4);
    (kind, 0_u32..300, running, kinds, others, support, known(), posts).prop_map(
        |(kind, beds, running, kinds, others, support, operator, posts)| Answers {
            place: PlaceAnswer { kind, beds, prefecture: "27".parse().unwrap() },
            running,
            kinds,
            others,
            support,
            operator,
            posts,
        },
    )
}

struct Walk<'a> {
    house: &'a House,
    catalog: &'a Catalog,
}

impl Walk<'_> {
    fn now(&self) -> Interview {
        self.house.read(|tx| interview(tx, &self.house.director)).unwrap()
    }

    /// Sends a step as a page that was just opened would.
    fn send(&self, step: Step, answers: &Answers) {
        let House { nature, director: scope, .. } = self.house;
        let now = self.now();
        let version = now.institution.version;
        self.house.fake.advance(chrono::Duration::seconds(1));
        let outcome: Result<(), Failure> = match step {
            Step::Place => {
                plain(self.house.write(|tx| setup_place(tx, nature, scope, version, answers.place)))
            }
            Step::Running => {
                plain(self.house.write(|tx| setup_running(tx, nature, scope, version, answers.running)))
            }
            Step::Systems => {
                let answer = SystemsAnswer {
                    shown: now.systems.iter().map(|system| system.id).collect(),
                    kinds: answers.kinds.iter().map(|kind| kind.parse().unwrap()).collect(),
                    others: answers.others.clone(),
                    confirmed: true,
                };
                plain(
                    self.house.write(|tx| setup_systems(tx, nature, scope, self.catalog, Lang::Ja, &answer)),
                )
            }
            Step::Support => {
                let all: Vec<SupportAnswer> =
                    now.systems.iter().map(|system| support(answers, &now, system)).collect();
                plain(self.house.write(|tx| setup_support(tx, nature, scope, &all)))
            }
            Step::Lines => {
                // Left for later: what is offered depends on the steps before.
                let later = LinesAnswer::default();
                self.house.write(|tx| setup_lines(tx, nature, scope, self.catalog, Lang::Ja, &later))
            }
            Step::People => {
                let answer = people(answers, &now, scope.person());
                plain(self.house.write(|tx| setup_people(tx, nature, scope, &answer)))
            }
        };
        outcome.unwrap();
    }

    /// Goes on from wherever the interview was left until nothing is open, and ends it.
    fn resume(&self, answers: &Answers) {
        while let Some(step) = self.now().open() {
            self.send(step, answers);
        }
        let House { nature, director, .. } = self.house;
        plain(self.house.write(|tx| setup_finish(tx, nature, director))).unwrap();
    }

    /// The state without ids, versions and moments.
    fn state(&self) -> String {
        let now = self.now();
        // Which of two spellings of one company came first is no matter.
        let vendor = |id| now.vendors.iter().find(|v| Some(v.id) == id).map(|v| fold(&v.name));
        let mut systems: Vec<_> = now
            .systems
            .iter()
            .map(|s| {
                (
                    s.kind.to_string(),
                    &s.name,
                    s.hosting,
                    vendor(s.vendor),
                    s.remote_maintenance,
                    s.updates_by_vendor,
                )
            })
            .collect();
        systems.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let mut vendors: Vec<_> = now.vendors.iter().map(|v| fold(&v.name)).collect();
        vendors.sort();
        let contacts: Vec<_> =
            now.contacts.iter().map(|c| (&c.duty, &c.name, c.person, &c.phone, c.outside)).collect();
        let i = &now.institution;
        let known = (i.kind, i.beds, i.prefecture, i.systems, i.operator_on_staff, i.entrusts_updates);
        let done = i.interview_done_at.is_some();
        format!("{known:?} {done} {systems:#?} {vendors:?} {contacts:?} {:?}", now.answered)
    }
}

fn support(answers: &Answers, now: &Interview, system: &komainu_inventory::SystemRecord) -> SupportAnswer {
    let at = answers.kinds.iter().position(|kind| *kind == system.kind.as_str());
    let other = || 6 + answers.others.iter().position(|name| *name == system.name).unwrap_or_default();
    let (vendor, remote, updates, hosting) = answers.support[at.unwrap_or_else(other)];
    let style = now.institution.systems;
    SupportAnswer {
        system: system.id,
        version: system.version,
        vendor: vendor.map_or(VendorChoice::Nobody, |name| VendorChoice::Named(name.into())),
        remote_maintenance: remote,
        updates_by_vendor: updates,
        // Asked where it does not follow from what the system is, as on the page.
        hosting: (style == Some(Systems::Mixed)
            && usual_hosting(style, system.kind.as_str()) == Hosting::Unknown)
            .then_some(hosting),
    }
}

fn people(answers: &Answers, now: &Interview, member: komainu_access::PersonId) -> PeopleAnswer {
    let post = |(duty, who): (Duty, &Option<&str>)| PostAnswer {
        duty,
        shown: now.holder(duty).map(|contact| (contact.id, contact.version)),
        person: (*who == Some("member")).then_some(member),
        name: who.filter(|name| *name != "member").unwrap_or_default().into(),
        phone: if who.is_some() { "03-1234-5678".into() } else { String::new() },
    };
    PeopleAnswer {
        version: now.institution.version,
        operator_on_staff: answers.operator,
        posts: POSTS.into_iter().zip(&answers.posts).map(post).collect(),
    }
}

fn sample() -> Answers {
    Answers {
        place: PlaceAnswer { kind: InstitutionKind::Clinic, beds: 19, prefecture: "13".parse().unwrap() },
        running: Systems::Mixed,
        kinds: vec!["emr-cloud", "receipt-computer", "office-pc"],
        others: vec!["勤怠".into()],
        support: vec![
            (Some("カルテ社"), Some(true), Some(true), Hosting::Cloud),
            (Some("ｶﾙﾃ社"), None, Some(false), Hosting::OnPremises),
            (None, None, None, Hosting::OnPremises),
            (None, None, None, Hosting::Unknown),
            (None, None, None, Hosting::Unknown),
            (None, None, None, Hosting::Unknown),
            (Some("勤怠社"), Some(false), Some(true), Hosting::Cloud),
            (None, None, None, Hosting::Unknown),
        ],
        operator: Some(false),
        posts: vec![Some("member"), Some("事務長"), None, None],
    }
}

#[test]
fn a_straight_walk_fills_institution_ledger_and_contacts() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let walk = Walk { house: &house, catalog: &catalog };
        assert_eq!(walk.now().open(), Some(Step::Place));
        assert_eq!(because(house.write(|tx| setup_finish(tx, &house.nature, &house.director))), Step::Place);
        walk.resume(&sample());
        let now = walk.now();
        assert_eq!((now.institution.beds, now.institution.systems), (19, Some(Systems::Mixed)));
        assert_eq!(now.institution.operator_on_staff, Some(false));
        assert_eq!(now.institution.entrusts_updates, Some(UpdateDuty::NotAll));
        assert!(now.institution.interview_done_at.is_some());
        let vendors: Vec<_> = now.vendors.iter().map(|vendor| vendor.name.as_str()).collect();
        assert_eq!(vendors.len(), 2, "two spellings of one company are one: {vendors:?}");
        let names: Vec<_> = now.contacts.iter().map(|c| (c.duty.as_str(), c.name.as_str())).collect();
        assert_eq!(names, [("director", "院長"), ("safety_manager", "事務長")]);
        let cloud = now.systems.iter().find(|system| system.kind.as_str() == "emr-cloud").unwrap();
        assert_eq!((cloud.name.as_str(), cloud.hosting), ("電子カルテ（クラウド）", Hosting::Cloud));
    });
}

/// Steps sent in any order, some several times, some never, then taken up again where they were left: the same state as
/// the straight walk.
#[test]
fn any_order_leads_to_the_same_state() {
    let catalog = Catalog::embedded().unwrap();
    let steps = proptest::collection::vec(proptest::sample::select(Step::ALL.to_vec()), 0..8);
    each_database(|db| {
        let cases = if db.backend() == komainu_db::Backend::Sqlite { 24 } else { 6 };
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let (nature, fake) = Nature::fake("2026-11-23T01:00:00Z".parse().unwrap());
        let build = || House::built(db.clone(), nature.clone(), fake.clone());
        runner
            .run(&(answers(), steps.clone()), |(answers, order)| {
                let walked = build();
                Walk { house: &walked, catalog: &catalog }.resume(&answers);
                let wandered = build();
                let wander = Walk { house: &wandered, catalog: &catalog };
                for step in order {
                    wander.send(step, &answers);
                }
                wander.resume(&answers);
                let same = |state: String, house: &House| {
                    state.replace(&house.director.person().to_string(), "member")
                };
                let straight = Walk { house: &walked, catalog: &catalog }.state();
                prop_assert_eq!(same(wander.state(), &wandered), same(straight, &walked));
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn going_through_it_again_changes_and_tells_nothing() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let walk = Walk { house: &house, catalog: &catalog };
        walk.resume(&sample());
        let (state, told) = (walk.now(), house.log(&house.director));
        for step in Step::ALL {
            walk.send(step, &sample());
        }
        let again = walk.now();
        assert_eq!(state.institution, again.institution);
        assert_eq!(state.systems, again.systems);
        assert_eq!(state.vendors, again.vendors);
        assert_eq!(state.contacts, again.contacts);
        assert_eq!(told, house.log(&house.director));
        // One changed answer changes one thing.
        walk.send(Step::Place, &Answers { place: PlaceAnswer { beds: 12, ..sample().place }, ..sample() });
        assert_eq!(house.log(&house.director).len(), told.len() + 1);
    });
}

#[test]
fn nothing_is_removed_unasked_and_what_others_added_stays() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let walk = Walk { house: &house, catalog: &catalog };
        walk.resume(&sample());
        let shown = walk.now().systems;
        let added = SystemDetails::named("pacs".parse().unwrap(), "レントゲン", Hosting::OnPremises);
        house.write(|tx| komainu_inventory::actions::system_add(tx, nature, scope, &added)).unwrap();
        let answer = SystemsAnswer {
            shown: shown.iter().map(|system| system.id).collect(),
            kinds: ["emr-cloud", "office-pc"].map(|kind| kind.parse::<SystemKindId>().unwrap()).into(),
            others: vec!["勤怠".into()],
            confirmed: false,
        };
        let send = |answer: &SystemsAnswer| {
            house.write(|tx| setup_systems(tx, nature, scope, &catalog, Lang::Ja, answer))
        };
        let SystemsRefusal::AskFirst(leaving) = because(send(&answer)) else { panic!("not asked") };
        assert_eq!(leaving.iter().map(|s| s.kind.as_str()).collect::<Vec<_>>(), ["receipt-computer"]);
        assert_eq!(walk.now().systems.len(), 5, "asking removes nothing");
        send(&SystemsAnswer { confirmed: true, ..answer }).unwrap();
        let kinds: Vec<_> = walk.now().systems.iter().map(|s| s.kind.to_string()).collect();
        assert!(kinds.contains(&"pacs".to_owned()) && !kinds.contains(&"receipt-computer".to_owned()));
        assert!(walk.now().open().is_none(), "what only goes asks nothing new");
        walk.send(Step::Systems, &Answers { kinds: vec!["pacs", "emr-cloud", "payment"], ..sample() });
        assert_eq!(walk.now().open(), Some(Step::Support), "what is new has no answers yet");
    });
}

#[test]
fn systems_follow_the_answer_about_the_whole_unless_somebody_said_otherwise() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let walk = Walk { house: &house, catalog: &catalog };
        let answers = Answers {
            running: Systems::OnPremises,
            kinds: vec!["pacs", "receipt-computer", "emr-cloud", "office-pc"],
            others: vec![],
            ..sample()
        };
        walk.send(Step::Running, &answers);
        walk.send(Step::Systems, &answers);
        let hosting =
            |kind: &str| walk.now().systems.into_iter().find(|s| s.kind.as_str() == kind).unwrap().hosting;
        assert_eq!((hosting("pacs"), hosting("emr-cloud")), (Hosting::OnPremises, Hosting::Cloud));
        let pacs = walk.now().systems.into_iter().find(|s| s.kind.as_str() == "pacs").unwrap();
        let said = SystemDetails { hosting: Hosting::Unknown, ..pacs.details() };
        let (nature, scope) = (&house.nature, &house.director);
        plain(house.write(|tx| system_change(tx, nature, scope, pacs.id, 1, &said))).unwrap();
        walk.send(Step::Running, &Answers { running: Systems::Cloud, ..answers });
        assert_eq!(hosting("receipt-computer"), Hosting::Cloud);
        assert_eq!(hosting("pacs"), Hosting::Unknown);
        assert_eq!(hosting("office-pc"), Hosting::OnPremises);
    });
}

/// What was ticked beforehand goes in as it stands, once; the support step's answers show in it.
#[test]
fn the_usual_lines_go_into_the_ledger() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let walk = Walk { house: &house, catalog: &catalog };
        let answers = Answers {
            running: Systems::OnPremises,
            kinds: vec!["emr-on-premises", "receipt-computer", "office-pc"],
            others: vec![],
            support: vec![(Some("カルテ社"), Some(true), None, Hosting::OnPremises); 8],
            ..sample()
        };
        for step in [Step::Place, Step::Running, Step::Systems, Step::Support] {
            walk.send(step, &answers);
        }
        assert_eq!(walk.now().open(), Some(Step::Lines));
        let offer = || house.read(|tx| templates(tx, scope, &catalog, &BTreeSet::new())).unwrap();
        let offered = offer().pieces;
        let ticked = offered.into_iter().filter(|piece| piece.ticked).map(|piece| piece.id);
        let answer = LinesAnswer { pieces: ticked.collect() };
        let send = || house.write(|tx| setup_lines(tx, nature, scope, &catalog, Lang::Ja, &answer));
        send().unwrap();
        assert_eq!(walk.now().open(), Some(Step::People));
        let taken = house.read(|tx| ledger(tx, scope)).unwrap();
        assert_eq!(taken.assets.len() + taken.connections.len(), answer.pieces.len());
        let vendor = walk.now().vendors[0].id;
        let named = |name: &str| taken.connections.iter().find(|line| line.details.name == name);
        assert_eq!(named("電子カルテの遠隔保守").unwrap().details.from, End::Vendor(vendor));
        assert!(named("保守用のVPN").is_none(), "a box that nobody named has no line");
        assert!(offer().pieces.iter().all(|piece| !piece.ticked), "nothing is asked twice");
        let told = house.log(scope);
        send().unwrap();
        assert_eq!(house.read(|tx| ledger(tx, scope)).unwrap().revision, taken.revision);
        assert_eq!(house.log(scope), told);
        // What a new system brings along is a new question.
        let more =
            Answers { kinds: vec!["emr-on-premises", "receipt-computer", "office-pc", "pacs"], ..answers };
        walk.send(Step::Systems, &more);
        walk.send(Step::Support, &more);
        assert_eq!(walk.now().open(), Some(Step::Lines));
        assert!(offer().pieces.iter().any(|piece| piece.ticked));
    });
}

#[test]
fn two_at_once_are_told_and_nothing_is_half_stored() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let walk = Walk { house: &house, catalog: &catalog };
        walk.resume(&sample());
        let old = walk.now();
        let stale = old.institution.version;
        walk.send(Step::Place, &Answers { place: PlaceAnswer { beds: 5, ..sample().place }, ..sample() });
        let other = PlaceAnswer { beds: 7, ..sample().place };
        because(house.write(|tx| setup_place(tx, nature, scope, stale, other)));
        assert_eq!(walk.now().institution.beds, 5);
        because(house.write(|tx| setup_running(tx, nature, scope, stale, Systems::Cloud)));
        assert_eq!(walk.now().institution.systems, Some(Systems::Mixed));

        // Of several systems one is stale: none is changed, and no vendor is left behind.
        let last = old.systems.last().unwrap();
        let moved = SystemDetails { place: "二階".into(), ..last.details() };
        plain(house.write(|tx| system_change(tx, nature, scope, last.id, last.version, &moved))).unwrap();
        let answers: Vec<_> = old
            .systems
            .iter()
            .map(|system| SupportAnswer {
                vendor: VendorChoice::Named("新しい社".into()),
                ..support(&sample(), &old, system)
            })
            .collect();
        let theirs = because(house.write(|tx| setup_support(tx, nature, scope, &answers)));
        assert_eq!(theirs.0.place, "二階");
        assert!(walk.now().vendors.iter().all(|vendor| vendor.name != "新しい社"));
        assert_eq!(house.read(|tx| system_get(tx, scope, old.systems[0].id)).unwrap(), old.systems[0]);

        // Somebody else named the operator meanwhile.
        let mut answer = people(&sample(), &walk.now(), scope.person());
        walk.send(
            Step::People,
            &Answers { posts: vec![Some("member"), Some("事務長"), Some("副院長"), None], ..sample() },
        );
        answer.posts[2].name = "別の人".into();
        assert_eq!(because(house.write(|tx| setup_people(tx, nature, scope, &answer))), PeopleRefusal::Post);
    });
}

#[test]
fn other_roles_and_other_institutions() {
    let catalog = Catalog::embedded().unwrap();
    each_database(|db| {
        let house = House::new(db);
        let nature = &house.nature;
        let walk = Walk { house: &house, catalog: &catalog };
        walk.resume(&sample());
        let now = walk.now();
        let all: Vec<_> = now.systems.iter().map(|system| support(&sample(), &now, system)).collect();
        let answer = people(&sample(), &now, house.director.person());
        let tiles = SystemsAnswer::default();
        for role in LOOKING {
            let scope = house.role(role);
            denied(house.read(|tx| interview(tx, &scope)));
            denied(plain(house.write(|tx| setup_place(tx, nature, &scope, 1, sample().place))));
            denied(plain(house.write(|tx| setup_running(tx, nature, &scope, 1, Systems::Cloud))));
            denied(plain(house.write(|tx| setup_systems(tx, nature, &scope, &catalog, Lang::Ja, &tiles))));
            denied(plain(house.write(|tx| setup_support(tx, nature, &scope, &all))));
            let lines = LinesAnswer::default();
            denied(house.write(|tx| setup_lines(tx, nature, &scope, &catalog, Lang::Ja, &lines)));
            denied(plain(house.write(|tx| setup_people(tx, nature, &scope, &answer))));
            denied(plain(house.write(|tx| setup_finish(tx, nature, &scope))));
        }
        // Ids of this institution mean nothing in another one.
        missing(plain(house.write(|tx| setup_support(tx, nature, &house.neighbour, &all))));
        let foreign = SystemsAnswer {
            shown: now.systems.iter().map(|system| system.id).collect(),
            confirmed: true,
            ..SystemsAnswer::default()
        };
        house.write(|tx| setup_systems(tx, nature, &house.neighbour, &catalog, Lang::Ja, &foreign)).unwrap();
        assert_eq!(walk.now().systems, now.systems);
        let other = house.read(|tx| interview(tx, &house.neighbour)).unwrap();
        assert!(other.systems.is_empty() && other.contacts.is_empty() && other.vendors.is_empty());
    });
}
