//! Things of the ledger, and evidence.

use crate::*;

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
