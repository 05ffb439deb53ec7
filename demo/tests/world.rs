//! The demo's world holds together: its log, its rounds, its dates, its words.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::{Role, Scope};
use komainu_audit::{Entry, Page, entries, organisations, verify};
use komainu_catalog::{Catalog, SystemsStyle, UpdateDuty};
use komainu_checklist::actions::{evidence_of_round, mine, open_items, round_view};
use komainu_checklist::model::{EvidenceTarget, RoundView};
use komainu_clock::{Nature, in_japan};
use komainu_db::testing::each_database;
use komainu_db::{Db, Tx, Url, Value};
use komainu_demo::{Place, World, fill};
use komainu_exposure::model::State;
use komainu_files::{Files, Key, kind_of};
use komainu_institution::actions::institution_get;
use komainu_inventory::AssetKind;
use komainu_inventory::actions::ledger;
use komainu_people::actions::{invitations, members, users};
use komainu_setup::actions::interview;
use komainu_web::{App, Failure, Settings};
use std::path::Path;
use std::sync::Arc;

fn moment(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn app(db: Db, folder: &Path, now: &str) -> App {
    let (nature, _) = Nature::fake(moment(now));
    let key = Key::open(&folder.join("files.key"), &nature).unwrap();
    let files = Files::open(&folder.join("files"), key).unwrap();
    let catalog = Arc::new(Catalog::embedded().unwrap());
    App::new(db, nature, catalog, files, Settings { demo: true, ..Settings::default() })
}

fn read<T>(app: &App, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure>) -> T {
    app.db.read(work).unwrap()
}

fn world(app: &App) -> World {
    read(app, |tx| World::find(tx, &app.catalog))
}

/// Runs a test on a filled database of each kind.
fn filled(now: &str, test: impl Fn(&App, &World)) {
    each_database(|db| {
        let folder = tempfile::tempdir().unwrap();
        let app = app(db, folder.path(), now);
        fill(&app).unwrap();
        test(&app, &world(&app));
    });
}

const NOW: &str = "2026-11-23T03:00:00Z";

fn log_of(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Entry>, Failure> {
    Ok(entries(tx, scope, &Page { limit: 100_000, ..Page::default() })?)
}

fn head(place: &Place) -> Scope {
    let founder = &place.people[0];
    Scope::new(founder.person, &founder.name, place.organisation, founder.role)
}

#[test]
fn every_chain_of_the_log_holds_and_filling_again_changes_nothing() {
    filled(NOW, |app, world| {
        let state = || {
            read(app, |tx| {
                let mut ends = Vec::new();
                for organisation in organisations(tx)? {
                    let verdict = verify(tx, organisation)?;
                    assert!(verdict.broken.is_none(), "{verdict:?}");
                    ends.push((organisation, verdict.end));
                }
                Ok((ends, users(tx)?))
            })
        };
        let before = state();
        assert_eq!(before.0.len(), world.places().len(), "every organisation has a log");
        fill(app).unwrap();
        assert_eq!(state(), before);
    });
}

#[test]
fn everybody_sees_the_rounds_that_their_role_shows() {
    filled(NOW, |app, world| {
        for place in world.institutions() {
            for (round, figure) in place.rounds.iter().flat_map(|r| place.people.iter().map(move |f| (r, f)))
            {
                let scope = Scope::new(figure.person, &figure.name, place.organisation, figure.role);
                let view = app.db.read(|tx| round_view(tx, &scope, &app.catalog, round.id));
                match (figure.role, view) {
                    (Role::Staff, Err(Failure::NotFound)) => {}
                    (_, view) => assert!(view.unwrap().all().next().is_some()),
                }
            }
        }
        let rows = |role| {
            let scope = world.hospital.scope(role).unwrap();
            read(app, |tx| mine(tx, &scope, &app.catalog)).iter().map(|view| view.rows.len()).sum::<usize>()
        };
        assert!(rows(Role::Staff) > 0, "the nurse has something to answer");
    });
}

fn own(app: &App, place: &Place, year: i32) -> RoundView {
    let round = place.round(year).unwrap();
    read(app, |tx| round_view(tx, &head(place), &app.catalog, round))
}

#[test]
fn each_house_stands_where_its_story_says() {
    filled(NOW, |app, world| {
        let counts = |place, year| own(app, place, year).counts;
        for (place, year) in [
            (&world.hospital, 2024),
            (&world.hospital, 2025),
            (&world.clinic, 2025),
            (&world.pharmacy, 2025),
            (&world.pharmacy, 2026),
        ] {
            let counts = counts(place, year);
            assert_eq!(counts.complete, counts.needed, "{year} of {place:?}");
        }
        let hospital = counts(&world.hospital, 2026);
        assert!(hospital.answered * 3 > hospital.needed && hospital.answered * 3 < hospital.needed * 2);
        assert!(hospital.yes > 0 && hospital.no > 0 && hospital.to_confirm > 0);
        let (view, today) = (own(app, &world.hospital, 2026), app.nature.today());
        assert!(view.rows.iter().filter_map(|row| row.waits_for_vendor()).any(|ask| ask.reply_by < today));
        let open = read(app, |tx| open_items(tx, &head(&world.hospital), &app.catalog, 2026));
        let late = |target: Option<NaiveDate>| target.is_some_and(|target| target < today);
        let late: Vec<_> =
            open.iter().filter(|item| late(item.target)).map(|item| item.item.to_string()).collect();
        assert_eq!(late, ["patches", "media-control"]);
        let clinic = counts(&world.clinic, 2026);
        assert_eq!((clinic.to_confirm, clinic.answered), (clinic.needed, 0));
        assert!(world.dental.rounds.is_empty());
        assert!(world.hospital.rounds.iter().any(|round| round.vendor.is_some()));
        read(app, |tx| {
            let clinic = institution_get(tx, &head(&world.clinic))?;
            let style = clinic.systems.and_then(komainu_institution::Systems::style).unwrap();
            assert_eq!(style, SystemsStyle::Cloud);
            let types = app.catalog.guideline_type(clinic.operator_on_staff.unwrap(), style).types;
            assert_eq!(types.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>(), ["IV"]);
            assert_eq!(clinic.entrusts_updates, Some(UpdateDuty::AllInContract));
            for place in [&world.hospital, &world.clinic, &world.pharmacy] {
                assert_eq!(interview(tx, &head(place))?.open(), None, "nothing is asked twice");
            }
            assert!(institution_get(tx, &head(&world.dental))?.interview_done_at.is_none());
            let asked = invitations(tx, &world.hospital.scope(Role::SafetyManager).unwrap())?;
            let open: Vec<bool> = asked.iter().map(|asked| asked.expires_at > app.nature.now()).collect();
            assert_eq!(open, [true, false], "one link is good, one has run out");
            Ok(())
        });
    });
}

/// Every house has things and lines; the hospital's are many, in good order and in bad, and of many nobody has said.
#[test]
fn every_ledger_is_worth_looking_at() {
    filled(NOW, |app, world| {
        let of = |place: &Place| read(app, |tx| ledger(tx, &head(place)));
        let hospital = of(&world.hospital);
        assert!(hospital.assets.len() >= 60, "{}", hospital.assets.len());
        assert!(hospital.connections.len() >= 45, "{}", hospital.connections.len());
        for kind in AssetKind::ALL {
            assert!(hospital.of_kind(*kind).next().is_some(), "no {}", kind.code());
        }
        let controls: Vec<_> =
            hospital.assets.iter().flat_map(|asset| asset.details.controls.values()).collect();
        assert!(controls.contains(&&State::Present) && controls.contains(&&State::Absent));
        assert!(hospital.assets.iter().any(|asset| asset.details.controls.is_empty()));
        assert!(hospital.connections.iter().filter(|line| line.details.is_outside()).count() >= 10);
        for place in [&world.clinic, &world.dental, &world.pharmacy] {
            let own = of(place);
            assert!(own.of_kind(AssetKind::Zone).count() >= 2, "{place:?}");
            assert!(own.connections.len() >= 3 && !own.systems.is_empty(), "{place:?}");
        }
    });
}

#[test]
fn evidence_can_be_opened() {
    filled(NOW, |app, world| {
        let mut endings = std::collections::BTreeSet::new();
        for place in world.institutions() {
            for round in &place.rounds {
                for evidence in read(app, |tx| evidence_of_round(tx, &head(place), round.id)) {
                    let EvidenceTarget::File(digest) = &evidence.target else { continue };
                    let bytes = app.files.get(place.organisation, digest).unwrap();
                    endings.insert(kind_of(&bytes).unwrap().ending);
                }
            }
        }
        assert_eq!(endings.into_iter().collect::<Vec<_>>(), ["pdf", "png", "txt"]);
    });
}

/// Neither in its own column, nor in the log, nor in work that waits.
#[test]
fn no_contact_number_lies_open_in_the_database() {
    filled(NOW, |app, world| {
        let scope = world.hospital.scope(Role::SafetyManager).unwrap();
        let mut numbers = std::collections::BTreeSet::new();
        read(app, |tx| {
            for contact in komainu_contact::actions::contacts(tx, &scope)? {
                numbers.extend([contact.phone, contact.night_phone]);
            }
            for vendor in komainu_vendor::actions::vendors(tx, &scope)? {
                numbers.extend([vendor.phone, vendor.night_phone]);
            }
            Ok(())
        });
        numbers.retain(|number| number.len() > 3);
        assert!(numbers.contains("00-0000-0000"), "{numbers:?}");
        let mut texts = 0;
        read(app, |tx| {
            for table in tx.tables()? {
                tx.table_rows(&table, |row| {
                    for (value, (column, _)) in row.into_iter().zip(&table.columns) {
                        let Value::Text(text) = value else { continue };
                        texts += 1;
                        let open = numbers.iter().find(|number| text.contains(number.as_str()));
                        assert_eq!(open, None, "{}.{column}", table.name);
                    }
                    Ok::<_, Failure>(())
                })?;
            }
            Ok(())
        });
        assert!(texts > 1_000, "{texts}");
    });
}

/// Whatever the day, also the first of a fiscal year and one after the newest form's year.
#[test]
fn nothing_lies_in_the_future() {
    for now in
        [NOW, "2026-03-31T15:00:01Z", "2026-08-01T14:59:59Z", "2027-03-31T14:00:00Z", "2030-01-01T00:00:00Z"]
    {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Url::Sqlite(folder.path().join("komainu.db"))).unwrap();
        let db = db.with_key(Key::testing());
        db.migrate(DateTime::UNIX_EPOCH).unwrap();
        let app = app(db, folder.path(), now);
        fill(&app).unwrap();
        let (now, today) = (moment(now), in_japan(moment(now)).date_naive());
        for place in world(&app).places() {
            let scope = head(place);
            read(&app, |tx| {
                assert!(log_of(tx, &scope)?.iter().all(|entry| entry.at <= now));
                assert!(users(tx)?.iter().all(|person| person.created_at <= now));
                assert!(members(tx, &scope)?.iter().all(|member| member.since <= now));
                for round in &place.rounds {
                    assert!(round.opened_at <= now && round.touched_at <= now);
                    let view = round_view(tx, &scope, &app.catalog, round.id)?;
                    let answers = view.all().filter_map(|row| row.answer.as_ref());
                    let mut checks = answers.flat_map(|answer| answer.content.checked.iter().flatten());
                    assert!(checks.all(|check| *check <= today));
                    assert!(view.all().flat_map(|row| &row.asks).all(|ask| ask.asked_on <= today));
                }
                Ok(())
            });
        }
    }
}

/// People are called by what they do: whoever adds somebody with a person's name is stopped here.
#[test]
fn nobody_bears_a_persons_name() {
    const WORK: [&str; 10] =
        ["院長", "事務", "システム室", "師長", "主任", "担当", "受付", "薬剤師", "課員", "科長"];
    filled(NOW, |app, world| {
        let of_work = |name: &str| WORK.iter().any(|word| name.contains(word));
        read(app, |tx| {
            for person in users(tx)? {
                assert!(of_work(&person.name), "{}", person.name);
                assert!(person.email.ends_with(".example"), "{}", person.email);
            }
            for place in world.places() {
                // What nobody signed stands in the log under the program.
                let named = log_of(tx, &head(place))?;
                let mut named =
                    named.iter().map(|entry| &entry.person_name).filter(|name| *name != "komainu");
                assert!(named.all(|name| of_work(name)));
            }
            let asked = invitations(tx, &world.hospital.scope(Role::Director).unwrap())?;
            assert!(asked.iter().all(|asked| of_work(&asked.name)));
            Ok(())
        });
    });
}
