//! Background work over the API: only for those who run the installation, and with what their token was given.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/site.rs"]
mod site;

use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_db::DbError;
use komainu_jobs::{JobId, enqueue};
use komainu_web::Audience::May;
use komainu_web::api::api as route;
use komainu_web::{Route, Settings};
use komainu_work::api;
use serde_json::{Value, json};
use site::{Site, each_site};
use utoipa_axum::routes;

const JOBS: &str = "/operations/jobs";

fn table() -> Vec<Route> {
    let (see, manage) = (May(Permission::InstallationSee), May(Permission::InstallationManage));
    vec![
        route(see, || routes!(api::jobs)),
        route(manage, || routes!(api::job_retry)),
        route(manage, || routes!(api::job_cancel)),
    ]
}

/// Asks for work that says something nobody else is to read.
fn ask_for(site: &Site) -> JobId {
    let house = &site.house;
    let asked: Result<JobId, DbError> =
        house.write(|tx| enqueue(tx, &house.nature, &house.neighbour, "mail", &"a secret", 1));
    asked.unwrap()
}

#[test]
fn whoever_runs_the_installation_sees_stops_and_repeats_work() {
    each_site(Settings::default, table, |site| {
        let house = &site.house;
        let runner = house.director.clone().administrating(true);
        let token = site.token(&runner, &[Permission::InstallationManage]);
        let id = ask_for(&site);
        let shown = site.get(&token, JOBS);
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert!(!shown.text.contains("a secret") && !shown.text.contains("院長"), "{}", shown.text);
        let jobs = shown.json();
        assert_eq!((&jobs["open_count"], &jobs["failed"]), (&json!(1), &json!([])));
        let job = &jobs["open"][0];
        let organisation = house.neighbour.organisation();
        assert_eq!((&job["id"], &job["organisation"]), (&json!(id), &json!(organisation)));
        assert_eq!(
            (&job["kind"], &job["state"], &job["organisation_name"]),
            (&json!("mail"), &json!("waiting"), &json!("となり薬局"))
        );

        let post =
            |what: &str| site.post(&token, &format!("{JOBS}/{organisation}/{id}/{what}"), &Value::Null);
        assert_eq!(post("cancel").json()["open"], json!([]));
        let over = post("cancel");
        assert_eq!((over.status, over.problem().as_str()), (StatusCode::CONFLICT, "refused"));
        assert_eq!(post("retry").json()["open"][0]["id"], json!(id));
        let elsewhere = format!("{JOBS}/{}/{id}/cancel", house.director.organisation());
        assert_eq!(site.post(&token, &elsewhere, &Value::Null).problem(), "not-found");
        let log = house.log(&house.neighbour);
        assert!(log.ends_with(&["job_cancel", "job_retry"].map(str::to_owned)), "{log:?}");
    });
}

#[test]
fn nobody_else_does() {
    each_site(Settings::default, table, |site| {
        let house = &site.house;
        let id = ask_for(&site);
        let path = format!("{JOBS}/{}/{id}/cancel", house.neighbour.organisation());
        let runner = house.director.clone().administrating(true);
        let sees = site.token(&runner, &[Permission::InstallationSee]);
        let other = site.token(&house.neighbour, &[Permission::MembersManage]);
        assert_eq!(site.get(&sees, JOBS).status, StatusCode::OK);
        assert_eq!(site.get(&other, JOBS).problem(), "denied");
        for token in [&sees, &other] {
            assert_eq!(site.post(token, &path, &Value::Null).problem(), "denied");
        }
        assert_eq!(site.get(&sees, JOBS).json()["open_count"], 1);
    });
}
