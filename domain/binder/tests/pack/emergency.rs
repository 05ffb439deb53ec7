//! The emergency binder: made when asked for, made again when it would say something else, and otherwise left alone.

use crate::house::lived_in;
use crate::reader::{Reader, letters};
use crate::world::World;
use crate::{Lang, PAPER, each_database};
use chrono::Duration;
use komainu_access::{LinkToken, Links, Purpose, Role, Scope};
use komainu_binder::emergency::Binder;
use komainu_binder::emergency::actions::{binder_get, binder_make, binder_take, binders};
use komainu_binder::emergency::work::{BinderWork, Follower};
use komainu_binder::pack::{Cell, Pack};
use komainu_contact::ContactDetails;
use komainu_contact::actions::contact_add;
use komainu_jobs::{Watch as _, Work, Worker};
use komainu_link::actions::{link_revoke, links};
use komainu_link::model::Given;
use komainu_web::Failure;

impl World {
    fn binder_worker(&self) -> Worker {
        let work: Box<dyn Work> = Box::new(BinderWork::new(self.app(), PAPER.clone()));
        Worker::new(self.db.clone(), self.nature.clone(), vec![work])
    }

    fn binder(&self) -> Binder {
        self.db.read(|tx| binder_get(tx, &self.director, Lang::Ja)).unwrap()
    }

    /// Some minutes pass, and somebody looks whether it still says what is true; answers whether it is made again.
    fn minutes_later(&self) -> bool {
        self.clock.advance(Duration::minutes(5));
        Follower(self.app()).look().unwrap();
        self.binder_worker().once().unwrap()
    }

    fn ask_binder(&self) {
        self.ask_binder_in(Lang::Ja);
    }

    fn ask_binder_in(&self, lang: Lang) {
        self.db.write(|tx| binder_make(tx, &self.nature, &self.director, lang)).unwrap();
    }

    /// The secret of the page that the binder in a language leads to, as its paper has it.
    fn door_on_paper(&self, lang: Lang) -> LinkToken {
        let kept = self.db.read(|tx| binder_get(tx, &self.director, lang)).unwrap();
        let bytes = self.files.get(self.director.organisation(), &kept.file).unwrap();
        secret_in(&letters(&Reader::of(&bytes).pages().concat()))
    }

    /// Whether the secret opens the page of reports of this house, for somebody of whom nobody knows anything.
    fn opens(&self, secret: &LinkToken) -> bool {
        let now = self.nature.now();
        let found = self.db.read(|tx| Links::find(tx, secret, Purpose::NearMissReport, now)).unwrap();
        found.is_some_and(|link| link.organisation == self.director.organisation() && link.subject.is_empty())
    }

    /// Takes a copy, and answers where its code leads.
    fn taken(&self, scope: &Scope) -> LinkToken {
        let at = (Lang::Ja, "https://komainu.example");
        let pack = self.db.write(|tx| binder_take(tx, &self.nature, scope, &self.catalog, at)).unwrap();
        secret_in(&code_of(&pack))
    }

    fn doors(&self) -> Vec<Given> {
        self.db.read(|tx| links(tx, &self.director, None)).unwrap().links
    }
}

/// The code on the binder's page of the first minutes.
fn code_of(pack: &Pack) -> String {
    let cells = pack.parts.iter().flat_map(|part| &part.groups).flat_map(|group| group.rows.iter().flatten());
    let codes: Vec<&String> =
        cells.filter_map(|cell| if let Cell::Qr(page) = cell { Some(page) } else { None }).collect();
    let [page] = codes[..] else { panic!("{codes:?}") };
    page.clone()
}

/// The secret at the end of the first address of a poster's page.
fn secret_in(text: &str) -> LinkToken {
    let (_, secret) = text.split_once("/l/report/").unwrap_or_else(|| panic!("no address in {text}"));
    secret[..43].parse().unwrap()
}

#[test]
fn its_code_opens_the_page_of_reports_without_a_sign_in_until_it_is_withdrawn() {
    each_database(|db| {
        let world = World::new(db);
        world.ask_binder();
        assert!(world.binder_worker().once().unwrap());
        let first = world.door_on_paper(Lang::Ja);
        assert!(world.opens(&first));
        world.ask_binder_in(Lang::En);
        assert!(world.binder_worker().once().unwrap());
        assert_eq!(world.door_on_paper(Lang::En).text(), first.text(), "each language has the same");
        assert!(!world.minutes_later(), "making it was logged, and changed nothing that it says");
        let doors = world.doors();
        let [door] = &doors[..] else { panic!("{doors:?}") };
        assert_eq!((door.name.as_str(), door.made_by.as_str()), ("緊急バインダー", Scope::PROGRAM));

        world.db.write(|tx| link_revoke(tx, &world.nature, &world.director, door.id)).unwrap();
        assert!(!world.opens(&first));
        assert!(
            world.minutes_later() && world.binder_worker().once().unwrap(),
            "another edition in each language"
        );
        let second = world.door_on_paper(Lang::Ja);
        assert!(second.text() != first.text() && world.opens(&second) && !world.opens(&first));
        assert_eq!(world.door_on_paper(Lang::En).text(), second.text());

        // Long before it ends another takes its place, and what hangs in the house opens the page as long.
        world.clock.advance(Purpose::NearMissReport.longest() - Duration::days(59));
        assert!(world.minutes_later() && world.binder_worker().once().unwrap());
        let third = world.door_on_paper(Lang::Ja);
        assert!(third.text() != second.text() && world.opens(&third) && world.opens(&second));
        assert_eq!(world.doors().len(), 3);
    });
}

#[test]
fn whoever_makes_it_first_makes_one_door() {
    each_database(|db| {
        let world = World::new(db);
        // Who inspects may make a binder, and may not give links.
        let makers = [&world.director, &world.inspector];
        let house = &world;
        let made = std::thread::scope(|threads| {
            let hands = makers.map(|scope| threads.spawn(move || house.taken(scope)));
            hands.map(|hand| hand.join().unwrap())
        });
        assert_eq!(made[0].text(), made[1].text());
        assert_eq!(world.doors().len(), 1);
        // Nothing was printed so far, as if the program had stopped there: what is printed then leads through the same door.
        world.ask_binder();
        assert!(world.binder_worker().once().unwrap());
        assert_eq!(world.door_on_paper(Lang::Ja).text(), made[0].text());
        assert!(matches!(
            world.db.write(|tx| {
                let at = (Lang::Ja, "");
                binder_take(tx, &world.nature, &world.staff, &world.catalog, at)
            }),
            Err(Failure::Denied(_))
        ));
    });
}

#[test]
fn it_says_what_is_needed_without_a_screen_and_follows_what_changes() {
    each_database(|db| {
        let world = World::new(db);
        lived_in(&world);
        assert!(matches!(
            world.db.read(|tx| binder_get(tx, &world.director, Lang::Ja)),
            Err(Failure::NotFound)
        ));
        world.ask_binder();
        assert_eq!(world.binder().made_at, None);
        assert!(world.binder_worker().once().unwrap());
        let first = world.binder();
        let bytes = world.files.get(world.director.organisation(), &first.file).unwrap();
        let text = Reader::of(&bytes).letters();
        for words in [
            "緊急バインダー",
            "最初の数分",
            "見たもの別の初動",
            "プリンター",
            "切り離しの順番",
            "戻す順番",
            "経過の記録",
            "患者の控え",
        ] {
            assert!(text.contains(words), "{words}\n{text}");
        }
        assert!(first.pages > 8);
        leads_from_its_first_page(&bytes);
        assert!(!world.minutes_later(), "nothing changed that it says");
        let new = ContactDetails {
            name: "夜間の当直".to_owned(),
            duty: "夜間の当直".to_owned(),
            phone: "03-9999-0000".to_owned(),
            ..ContactDetails::default()
        };
        world.db.write(|tx| contact_add(tx, &world.nature, &world.director, &new)).unwrap();
        assert!(world.minutes_later());
        let second = world.binder();
        assert_ne!((&second.file, second.made_at), (&first.file, first.made_at));
        let bytes = world.files.get(world.director.organisation(), &second.file).unwrap();
        let front = &Reader::of(&bytes).pages()[0];
        assert!(front.contains("03-9999-0000"), "the number is on the first page\n{front}");
        // Asked for again, it is not made again for nothing.
        world.ask_binder();
        assert!(world.binder_worker().once().unwrap());
        assert_eq!(world.binder().file, second.file);
    });
}

/// The first page says on which page each thing that one may see is, and every page how old the paper may be.
fn leads_from_its_first_page(bytes: &[u8]) {
    let reader = Reader::of(bytes);
    reader.check();
    reader.check_bounds();
    let pages: Vec<String> = reader.pages().iter().map(|page| letters(page)).collect();
    for seen in ["脅す文・変な文字が出た", "プリンターが止まらない", "そのほか・分からない", "経過の記録"]
    {
        let at = 1 + pages.iter().skip(1).position(|page| page.contains(seen)).unwrap();
        let line = format!("{seen}{}", at + 1);
        assert!(pages[0].contains(&line), "{line}\n{}", pages[0]);
    }
    for (at, page) in pages.iter().enumerate() {
        let number = format!("{}/{}ページ", at + 1, pages.len());
        for words in [number.as_str(), "作成20", "1か月より古ければ"] {
            assert!(page.contains(words), "{words}\n{page}");
        }
    }
}

#[test]
fn a_house_that_wrote_nothing_or_very_much_has_a_binder_too() {
    each_database(|db| {
        let world = World::new(db);
        world.ask_binder();
        assert!(world.binder_worker().once().unwrap());
        let bytes = world.files.get(world.director.organisation(), &world.binder().file).unwrap();
        let reader = Reader::of(&bytes);
        assert!(letters(&reader.pages()[0]).contains("ここに書いてください"));
        let long = "検査".repeat(25);
        for number in 0..12 {
            let details = ContactDetails {
                name: format!("{number}{long}"),
                phone: format!("03-0000-00{number:02}"),
                night_phone: format!("090-0000-00{number:02}"),
                // As long as the form takes it, inside and outside.
                note: if number % 11 == 0 { "検査の受付。".repeat(333) } else { String::new() },
                outside: number == 11,
                ..ContactDetails::default()
            };
            world.db.write(|tx| contact_add(tx, &world.nature, &world.director, &details)).unwrap();
        }
        assert!(world.minutes_later());
        let bytes = world.files.get(world.director.organisation(), &world.binder().file).unwrap();
        let reader = Reader::of(&bytes);
        reader.check_bounds();
        let front = letters(&reader.pages()[0]);
        assert!(front.contains("03-0000-0004") && !front.contains("03-0000-0005"), "{front}");
        assert!(front.contains("そのほか・分からない"), "what one sees leads on from the same page\n{front}");
    });
}

#[test]
fn it_is_looked_at_each_day_though_nobody_did_anything() {
    each_database(|db| {
        let world = World::new(db);
        world.ask_binder();
        let look = || Follower(world.app()).look().unwrap();
        world.clock.advance(Duration::minutes(5));
        // What asking wrote into the log.
        look();
        assert!(!look());
        world.clock.advance(Duration::days(1) + Duration::minutes(1));
        assert!(look() && !look());
    });
}

#[test]
fn it_is_of_its_house_and_of_those_who_may() {
    each_database(|db| {
        let world = World::new(db);
        world.ask_binder();
        let staff = Scope::new(world.director.person(), "職員", world.director.organisation(), Role::Staff);
        assert!(matches!(world.db.read(|tx| binders(tx, &staff)), Err(Failure::Denied(_))));
        assert_eq!(world.db.read(|tx| binders(tx, &world.director)).unwrap().len(), 1);
    });
}
