//! The end, and what leaves the house.

use crate::*;

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

#[test]
fn the_whole_case_leaves_with_its_hashes() {
    on_both(|site| {
        let (house, director, id) = (&site.house, &site.house.director, site.declared());
        house.write(|tx| export_note(tx, &house.nature, director, (id, &digest_of(b"zip")))).unwrap();
        assert_eq!(house.log(director).last().map(String::as_str), Some("incident_export"));
        denied(house.write(|tx| export_note(tx, &house.nature, &house.role(Role::Staff), (id, ""))));
    });
}
