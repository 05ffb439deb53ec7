//! Declaring, at once or from a report.

use crate::*;

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
