//! The emergency binder: made when asked for, made again when it would say something else, and otherwise left alone.

use crate::house::lived_in;
use crate::reader::Reader;
use crate::world::World;
use crate::{Lang, PAPER, each_database};
use chrono::Duration;
use komainu_access::{Role, Scope};
use komainu_binder::emergency::Binder;
use komainu_binder::emergency::actions::{binder_get, binder_make, binders};
use komainu_binder::emergency::work::{BinderWork, Follower};
use komainu_contact::ContactDetails;
use komainu_contact::actions::contact_add;
use komainu_jobs::{Watch as _, Work, Worker};
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
        self.db.write(|tx| binder_make(tx, &self.nature, &self.director, Lang::Ja)).unwrap();
    }
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
        assert!(Reader::of(&bytes).letters().contains("03-9999-0000"));
        // Asked for again, it is not made again for nothing.
        world.ask_binder();
        assert!(world.binder_worker().once().unwrap());
        assert_eq!(world.binder().file, second.file);
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
