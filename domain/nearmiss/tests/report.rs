//! Reporting, receipts and posters by their actions, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use chrono::Duration;
use common::{House, because, denied, missing, plain};
use komainu_access::{Links, Purpose, Role, Scope};
use komainu_catalog::Catalog;
use komainu_contact::actions::contact_add;
use komainu_contact::{ContactDetails, ContactId};
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, Statement};
use komainu_files::{Files, Key};
use komainu_i18n::Lang;
use komainu_inventory::actions::asset_add;
use komainu_inventory::{AssetDetails, AssetId, AssetKind};
use komainu_nearmiss::actions::*;
use komainu_nearmiss::rules::{A_DAY_BY_A_POSTER, MOST_MESSAGES, MOST_PHOTOS, clean_photo};
use komainu_nearmiss::{
    CardLine, CleanPhoto, Detail, NearMissId, NewReport, PhotoFault, PosterAt, ReceiptCode, State,
};
use komainu_web::{Conflict, Refused};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is asked of the table itself.
const NUMBERS: Statement = Statement {
    name: "NUMBERS",
    sql: "SELECT number FROM near_miss WHERE organisation_id = $1 ORDER BY number",
};
const ROW: Statement = Statement {
    name: "ROW",
    sql: "SELECT detail, place_id, link_id IS NULL, person_id IS NULL FROM near_miss WHERE organisation_id = $1",
};
const PHOTOS: Statement = Statement {
    name: "PHOTOS",
    sql: "SELECT file, name FROM near_miss_photo WHERE organisation_id = $1 ORDER BY name",
};

/// A house with two places, a poster in the ward, and the poster's scope.
struct Ward {
    house: House,
    catalog: Arc<Catalog>,
    files: Files,
    ward: AssetId,
    poster: Scope,
    _folder: tempfile::TempDir,
}

impl Ward {
    fn new(db: Db) -> Ward {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let place = |name: &str| {
            let details = AssetDetails::named(AssetKind::Place, name);
            house.write(|tx| asset_add(tx, &house.nature, &house.director, &details)).unwrap()
        };
        place("受付");
        let ward = place("病棟");
        let poster = hang(&house, &house.director, PosterAt::Place(ward));
        let catalog = Arc::new(Catalog::embedded().unwrap());
        Ward { house, catalog, files, ward, poster, _folder: folder }
    }

    fn take(&self, scope: &Scope, new: &NewReport) -> Result<Taken, Refused<ReportRefusal>> {
        let house = &self.house;
        house.write(|tx| report_take(tx, &house.nature, scope, &self.catalog, &self.files, new))
    }

    fn numbers(&self) -> Vec<i64> {
        let director = &self.house.director;
        self.house.read(|tx| Ok(tx.all(director, NUMBERS, &[], |row| row.get(0))?)).unwrap()
    }

    fn answer(&self, code: &ReceiptCode, words: &str) -> Result<usize, Refused<MessageRefusal>> {
        let house = &self.house;
        let answered = house.write(|tx| receipt_answer(tx, &house.nature, &self.poster, code, words));
        answered.map(|receipt| receipt.messages.len())
    }
}

/// Makes a poster and comes in by it.
fn hang(house: &House, by: &Scope, at: PosterAt) -> Scope {
    let made = house.write(|tx| posters_make(tx, &house.nature, by, Lang::Ja, &[at])).unwrap();
    let now = house.nature.now();
    let link = house.read(|tx| Ok(Links::find(tx, &made[0].made.token, Purpose::NearMissReport, now)?));
    Scope::by_link(&link.unwrap().unwrap())
}

fn report(number: u128, symptom: &str) -> NewReport {
    let at = "2026-11-23T00:50:00Z".parse().unwrap();
    NewReport {
        sent_id: Uuid::from_u128(number),
        code: code(number),
        symptom: symptom.to_owned(),
        place: None,
        detail: Detail {
            place: "病棟の奥".to_owned(),
            words: "画面に英語の文字が出た".to_owned(),
            ..Detail::default()
        },
        lang: Lang::Ja,
        seen_at: at,
        written_at: at,
        photos: Vec::new(),
    }
}

/// A code for each number.
fn code(number: u128) -> ReceiptCode {
    let mut rest = number;
    ReceiptCode::new(std::array::from_fn(|_| {
        let letter = u8::try_from(rest % 24).unwrap();
        rest /= 24;
        letter
    }))
}

/// The smallest picture, and one that differs from it.
fn photo(inside: u8) -> CleanPhoto {
    clean_photo(&[0xFF, 0xD8, 0xFF, 0xDA, 0, 2, inside, 2, 0xFF, 0xD9]).unwrap()
}

#[test]
fn a_report_is_taken_once_however_often_it_is_sent() {
    each_database(|db| {
        let ward = Ward::new(db);
        let new = report(1, "slow");
        let taken = ward.take(&ward.poster, &new).unwrap();
        let Taken::New(id, faults) = &taken else { panic!("{taken:?}") };
        assert!(faults.is_empty());
        for _ in 0..3 {
            assert_eq!(ward.take(&ward.poster, &new).unwrap(), Taken::Again(*id, true));
        }
        let other = NewReport { symptom: "printer".to_owned(), ..new.clone() };
        assert_eq!(ward.take(&ward.poster, &other).unwrap(), Taken::Again(*id, false));
        assert_eq!(ward.house.read(|tx| report_find(tx, &ward.poster, new.sent_id)).unwrap(), Some(*id));
        ward.take(&ward.poster, &report(2, "printer")).unwrap();
        assert_eq!(ward.numbers(), [1, 2]);
        let told = ward.house.log(&ward.house.director);
        assert_eq!(told.iter().filter(|action| *action == "near_miss_report").count(), 2);
        let unknown = report(3, "no-such-thing");
        assert_eq!(because(ward.take(&ward.poster, &unknown)), ReportRefusal::NoSymptom);
    });
}

#[test]
fn what_a_stranger_wrote_is_sealed_and_knows_its_place_and_nobody() {
    each_database(|db| {
        let ward = Ward::new(db);
        ward.take(&ward.poster, &report(1, "slow")).unwrap();
        let director = &ward.house.director;
        let (detail, place, no_link, no_person): (String, Option<AssetId>, bool, bool) = ward
            .house
            .read(|tx| {
                Ok(tx.one(director, ROW, &[], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?)
            })
            .unwrap();
        assert!(!detail.contains("病棟") && !detail.contains("英語"), "{detail}");
        assert_eq!((place, no_link, no_person), (Some(ward.ward), false, true));
    });
}

#[test]
fn many_at_once_are_all_taken_and_each_once() {
    each_database(|db| {
        let ward = Ward::new(db);
        let sent: Vec<NewReport> = (0..8).map(|number| report(number % 4, "slow")).collect();
        let taken: Vec<Option<NearMissId>> = std::thread::scope(|scope| {
            let sending: Vec<_> = sent
                .iter()
                .map(|new| {
                    let ward = &ward;
                    scope.spawn(move || match ward.take(&ward.poster, new) {
                        Ok(taken) => Some(taken.id()),
                        Err(Refused::Because(ReportRefusal::Twice)) => None,
                        Err(other) => panic!("{other:?}"),
                    })
                })
                .collect();
            sending.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let ids: BTreeSet<NearMissId> = taken.into_iter().flatten().collect();
        assert_eq!(ids.len(), 4, "whoever was second finds the first");
        assert_eq!(ward.numbers(), [1, 2, 3, 4]);
        for new in &sent {
            assert!(matches!(ward.take(&ward.poster, new).unwrap(), Taken::Again(_, true)));
        }
    });
}

#[test]
fn a_code_shows_what_became_of_it_and_carries_messages_both_ways() {
    each_database(|db| {
        let ward = Ward::new(db);
        let Taken::New(id, _) = ward.take(&ward.poster, &report(1, "slow")).unwrap() else { panic!() };
        let house = &ward.house;
        let see = |scope: &Scope, number| house.read(|tx| receipt_see(tx, scope, &code(number)));
        let receipt = see(&ward.poster, 1).unwrap().unwrap();
        assert_eq!((receipt.id, receipt.symptom.as_str(), receipt.state), (id, "slow", State::New));
        assert!(see(&ward.poster, 2).unwrap().is_none());
        let other = hang(house, &house.neighbour, PosterAt::House);
        assert!(see(&other, 1).unwrap().is_none(), "a code of another house");
        assert!(see(&house.role(Role::Staff), 1).unwrap().is_some(), "a member with the code");

        assert_eq!(because(ward.answer(&code(2), "もしもし")), MessageRefusal::NoReport);
        assert_eq!(ward.answer(&code(1), "また出ました").unwrap(), 1);
        assert_eq!(ward.answer(&code(1), "また出ました").unwrap(), 1, "the same again is said once");
        for number in 1..MOST_MESSAGES {
            ward.answer(&code(1), &format!("{number}回目")).unwrap();
        }
        assert_eq!(because(ward.answer(&code(1), "もう一度")), MessageRefusal::TooMany);
        let receipt = see(&ward.poster, 1).unwrap().unwrap();
        assert_eq!(receipt.messages.len(), MOST_MESSAGES);
        assert_eq!(
            (receipt.messages[0].words.as_str(), receipt.messages[0].from_house),
            ("また出ました", false)
        );
    });
}

#[test]
fn photographs_are_kept_without_what_was_beside_them_and_bounded() {
    each_database(|db| {
        let ward = Ward::new(db);
        let photos = (0..=MOST_PHOTOS).map(|number| photo(u8::try_from(number).unwrap())).collect();
        let new = NewReport { photos, ..report(1, "printer") };
        let Taken::New(id, faults) = ward.take(&ward.poster, &new).unwrap() else { panic!() };
        assert_eq!(faults, [PhotoFault::TooMany]);
        let director = &ward.house.director;
        let kept: Vec<(String, String)> = ward
            .house
            .read(|tx| Ok(tx.all(director, PHOTOS, &[], |row| Ok((row.get(0)?, row.get(1)?)))?))
            .unwrap();
        let names: Vec<&str> = kept.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["photo-1.jpg", "photo-2.jpg", "photo-3.jpg"]);
        let bytes = ward.files.get(director.organisation(), &kept[0].0).unwrap();
        assert_eq!(bytes, photo(0).bytes);
        let house = &ward.house;
        let add = |scope: &Scope| {
            house.write(|tx| report_photo_add(tx, &house.nature, scope, &ward.files, id, &photo(9)))
        };
        assert_eq!(because(add(director)), PhotoFault::TooMany);
        missing(plain(add(&house.role(Role::Staff))));
        denied(plain(add(&ward.poster)));
    });
}

#[test]
fn a_poster_takes_so_much_a_day_and_others_go_on() {
    each_database(|db| {
        let ward = Ward::new(db);
        let house = &ward.house;
        let filled = house.write(|tx| {
            for number in 0..u128::try_from(A_DAY_BY_A_POSTER).unwrap() {
                let new = report(number, "other");
                report_take(tx, &house.nature, &ward.poster, &ward.catalog, &ward.files, &new)?;
            }
            Ok::<_, Refused<ReportRefusal>>(())
        });
        filled.unwrap();
        let next = report(5_000, "other");
        assert_eq!(because(ward.take(&ward.poster, &next)), ReportRefusal::TooMany);
        let elsewhere = hang(house, &house.director, PosterAt::House);
        ward.take(&elsewhere, &report(5_001, "other")).unwrap();
        ward.take(&house.role(Role::Staff), &report(5_002, "other")).unwrap();
        assert!(matches!(ward.take(&ward.poster, &report(1, "other")).unwrap(), Taken::Again(..)));
        house.fake.advance(Duration::hours(24));
        ward.take(&ward.poster, &next).unwrap();
    });
}

#[test]
fn a_poster_opens_reporting_and_nothing_else() {
    each_database(|db| {
        let ward = Ward::new(db);
        let (house, poster) = (&ward.house, &ward.poster);
        let (nature, now) = (&house.nature, house.nature.now());
        denied(house.read(|tx| posters(tx, poster, now)));
        denied(house.read(|tx| places(tx, poster)));
        denied(house.read(|tx| card_get(tx, poster)));
        denied(plain(house.write(|tx| posters_make(tx, nature, poster, Lang::Ja, &[PosterAt::House]))));
        denied(plain(house.write(|tx| card_set(tx, nature, poster, 0, &[]))));
        let hanging = house.read(|tx| posters(tx, &house.director, now)).unwrap();
        denied(house.write(|tx| poster_withdraw(tx, nature, poster, hanging[0].id)));
    });
}

#[test]
fn posters_are_made_for_places_listed_and_withdrawn() {
    each_database(|db| {
        let ward = Ward::new(db);
        let house = &ward.house;
        let (nature, director) = (&house.nature, &house.director);
        let make =
            |wanted: &[PosterAt]| house.write(|tx| posters_make(tx, nature, director, Lang::Ja, wanted));
        assert_eq!(because(make(&[])), PosterRefusal::None);
        let nowhere = PosterAt::Place(AssetId(Uuid::from_u128(404)));
        assert_eq!(because(make(&[nowhere])), PosterRefusal::NoPlace);
        assert_eq!(because(make(&[PosterAt::House; 101])), PosterRefusal::TooMany);
        assert_eq!(make(&[PosterAt::House, PosterAt::House]).unwrap().len(), 1, "each once");
        let list = || house.read(|tx| posters(tx, director, nature.now())).unwrap();
        let names: BTreeSet<String> = list().into_iter().map(|poster| poster.place).collect();
        assert_eq!(names, BTreeSet::from(["病棟".to_owned(), "院内どこでも".to_owned()]));
        let (other, first) = (&house.neighbour, list()[0].id);
        missing(house.write(|tx| poster_withdraw(tx, nature, other, first)));
        house.write(|tx| poster_withdraw(tx, nature, director, first)).unwrap();
        assert_eq!(list().len(), 1);
        for role in [Role::Staff, Role::Inspector] {
            let scope = house.role(role);
            denied(house.read(|tx| posters(tx, &scope, nature.now())));
            denied(plain(house.write(|tx| posters_make(tx, nature, &scope, Lang::Ja, &[PosterAt::House]))));
        }
    });
}

#[test]
fn only_who_works_here_reports_and_their_place_is_one_of_the_ledger() {
    each_database(|db| {
        let ward = Ward::new(db);
        let house = &ward.house;
        denied(plain(ward.take(&house.role(Role::Inspector), &report(1, "slow"))));
        let at = NewReport { place: Some(ward.ward), ..report(2, "slow") };
        ward.take(&house.director, &at).unwrap();
        let row = |scope: &Scope| {
            let found = house.read(|tx| {
                Ok(tx.one(scope, ROW, &[], |row| Ok((row.get::<Option<AssetId>>(1)?, row.get::<bool>(3)?)))?)
            });
            found.unwrap()
        };
        assert_eq!(row(&house.director), (Some(ward.ward), false));
        ward.take(&house.neighbour, &at).unwrap();
        assert_eq!(row(&house.neighbour).0, None, "a place of another house is none");
    });
}

#[test]
fn strangers_see_the_duties_and_numbers_that_were_chosen_and_no_name() {
    each_database(|db| {
        let ward = Ward::new(db);
        let house = &ward.house;
        let (nature, director) = (&house.nature, &house.director);
        let contact = |name: &str, duty: &str, phone: &str| -> ContactId {
            let details = ContactDetails {
                name: name.to_owned(),
                duty: duty.to_owned(),
                phone: phone.to_owned(),
                night_phone: "090-0000-0000".to_owned(),
                ..ContactDetails::default()
            };
            house.write(|tx| contact_add(tx, nature, director, &details)).unwrap()
        };
        let chosen = contact("院長の名前", "director", "03-0000-0000");
        contact("ほかの人", "system_operator", "03-1111-1111");
        let see = || house.read(|tx| card_see(tx, &ward.poster)).unwrap();
        assert!(see().is_empty(), "nobody is shown unasked");
        let card = house.write(|tx| card_set(tx, nature, director, 0, &[chosen])).unwrap();
        let line = CardLine {
            duty: "director".to_owned(),
            phone: "03-0000-0000".to_owned(),
            night_phone: "090-0000-0000".to_owned(),
        };
        assert_eq!(see(), [line]);
        let Conflict(now) = because(house.write(|tx| card_set(tx, nature, director, 0, &[])));
        assert_eq!(*now, card);
        house.write(|tx| card_set(tx, nature, director, card.version, &[])).unwrap();
        assert!(see().is_empty());
        let inspector = house.role(Role::Inspector);
        denied(house.read(|tx| card_see(tx, &inspector)));
        denied(plain(house.write(|tx| card_set(tx, nature, &inspector, 2, &[chosen]))));
    });
}
