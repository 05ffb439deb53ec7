//! The page behind a poster as strangers meet it, its sister inside, and the posters.

use crate::browser::{Answered, Browser};
use crate::clinic::World;
use crate::{app, browser_of};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE};
use komainu_access::Scope;
use komainu_contact::ContactDetails;
use komainu_contact::actions::contact_add;
use komainu_db::testing::each_database;
use komainu_i18n::Lang;
use komainu_inventory::actions::asset_add;
use komainu_inventory::{AssetDetails, AssetKind};
use komainu_nearmiss::PosterAt;
use komainu_nearmiss::actions::posters_make;

/// What a page may weigh before its drawings, with style and script as they travel.
const LIGHT: usize = 30_000;

/// A poster in the ward: where it leads.
fn poster(world: &World) -> String {
    let (nature, by) = (&world.nature, &world.director);
    let ward = AssetDetails::named(AssetKind::Place, "２階の病棟");
    let ward = world.db.write(|tx| asset_add(tx, nature, by, &ward)).map_err(|_| "added").unwrap();
    hang(world, by, PosterAt::Place(ward))
}

fn hang(world: &World, by: &Scope, at: PosterAt) -> String {
    let made = world.db.write(|tx| posters_make(tx, &world.nature, by, Lang::Ja, &[at]));
    format!("/l/report/{}", made.map_err(|_| "made").unwrap()[0].made.token.text())
}

/// A contact with an inside name, and a number.
fn contact(world: &World, name: &str, duty: &str, phone: &str) -> String {
    let details = ContactDetails {
        name: name.to_owned(),
        duty: duty.to_owned(),
        phone: phone.to_owned(),
        ..ContactDetails::default()
    };
    let added = world.db.write(|tx| contact_add(tx, &world.nature, &world.director, &details));
    added.unwrap().to_string()
}

fn stranger(world: &World) -> Browser {
    Browser::new(&app(world))
}

/// The code on a page.
fn code(page: &Answered) -> String {
    let shown = page.text.split("data-report-code>").nth(1).unwrap();
    shown.split('<').next().unwrap().to_owned()
}

#[test]
fn a_stranger_is_told_what_to_do_tells_it_and_asks_for_it_later() {
    each_database(|db| {
        let world = World::new(db);
        let path = poster(&world);
        let nurse = stranger(&world);
        let home = nurse.get(&format!("{path}?lang=ja")).ok();
        home.says("何が見えますか").says("場所: ２階の病棟").says("A診療所");
        let see = nurse.get(&format!("{path}/see/printer?lang=ja")).ok();
        see.says("いま、すること").says("<ol class=\"aid__now\">").says("送る");
        let (name, secret) = (see.value("sent_id"), see.value("code"));
        let fields = [
            ("symptom", "printer"),
            ("lang", "ja"),
            ("sent_id", name.as_str()),
            ("code", secret.as_str()),
            ("words", "紙が<b>止まらない"),
            ("ago", "10"),
        ];
        let sent = nurse.post(&format!("{path}/send"), &fields).ok();
        sent.says("知らせてくれて、ありがとうございます").says(&secret);
        let again = nurse.post(&format!("{path}/send"), &fields).ok();
        assert_eq!(code(&again), code(&sent), "the same once more");
        let mut other = fields;
        other[4].1 = "さっきとは別のこと";
        let second = nurse.post(&format!("{path}/send"), &other).ok();
        assert_ne!(code(&second), code(&sent), "gone back, and told something else");

        let receipts = format!("{path}/receipt?lang=ja");
        nurse.get(&receipts).ok().says("受付コードを入れてください");
        let typed = code(&sent).to_lowercase().replace('-', " ");
        let found = nurse.post(&receipts, &[("code", &typed)]).ok();
        found.says("これから担当者が読みます");
        assert!(!found.text.contains("止まらない"), "a code that is found shows nothing of what was written");
        let answer = format!("{path}/receipt/answer?lang=ja");
        let said = nurse.post(&answer, &[("code", &code(&sent)), ("words", "また<i>出ました")]).ok();
        said.says("伝えました").says("また&#60;i&#62;出ました");
        let wrong = nurse.post(&receipts, &[("code", "ACDE-FGHJ-KLMN")]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("このコードの報告は見つかりません");
        let director = browser_of(&world, &world.director);
        director.get("/log").ok().says("リンク「２階の病棟」から");
    });
}

#[test]
fn a_script_is_answered_and_every_fault_is_named() {
    each_database(|db| {
        let world = World::new(db);
        let path = poster(&world);
        let phone = stranger(&world);
        let name = "5f0c1d1e-0000-4000-8000-000000000001";
        let fields =
            [("symptom", "slow"), ("sent_id", name), ("code", "ACDE-FGHJ-KLMN"), ("written_at", "nonsense")];
        for _ in 0..2 {
            let sent = phone.autosave(&format!("{path}/send"), &fields).ok();
            assert_eq!(sent.json(), serde_json::json!({ "state": "taken", "left": [] }));
        }
        let long = "長".repeat(2_001);
        let faulty = phone.autosave(&format!("{path}/send"), &[("symptom", "slow"), ("words", &long)]);
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(faulty.json()["errors"]["words"].is_string(), "{}", faulty.text);
        let plain =
            phone.post(&format!("{path}/send"), &[("symptom", "slow"), ("words", &long), ("lang", "ja")]);
        assert_eq!(plain.status, StatusCode::UNPROCESSABLE_ENTITY);
        plain.says("2000文字までにしてください").says("長長長");
        assert_eq!(phone.post(&format!("{path}/send"), &[("symptom", "none")]).status, StatusCode::NOT_FOUND);
        assert_eq!(phone.get(&format!("{path}/see/none")).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_poster_tells_nothing_of_the_house_but_what_it_chose() {
    each_database(|db| {
        let world = World::new(db);
        let path = poster(&world);
        let chosen = contact(&world, "山の人", "director", "03-0000-0001");
        contact(&world, "川の人", "情報係", "03-0000-0002");
        let director = browser_of(&world, &world.director);
        let shown = director.get("/near-miss/posters").ok();
        shown.says("山の人").says("２階の病棟");
        let card = [("contact", chosen.as_str())];
        assert_eq!(director.post_from(&shown, "/near-miss/posters/card", &card).to(), "/near-miss/posters");
        let stale = director.post_from(&shown, "/near-miss/posters/card", &[]);
        assert_eq!(stale.status, StatusCode::CONFLICT);
        stale.says("先に別の人が選び直していました");

        let stranger = stranger(&world);
        stranger.get(&path).ok().says("03-0000-0001");
        stranger.get(&format!("{path}/see/ransom-note?lang=ja")).ok().says("03-0000-0001");
        for page in ["", "/see/ransom-note", "/receipt", "/keep"] {
            let page = stranger.get(&format!("{path}{page}?lang=ja")).ok();
            for secret in ["山の人", "川の人", "03-0000-0002", "情報係", "href=\"/ledger", "href=\"/sign-in"]
            {
                assert!(!page.text.contains(secret), "{secret} on {}", page.text);
            }
        }
        let other = hang(&world, &world.stranger, PosterAt::House);
        let other = stranger.get(&format!("{other}?lang=ja")).ok();
        other.says("B診療所");
        assert!(!other.text.contains("03-0000-0001"), "another house's number");
    });
}

#[test]
fn the_page_is_light_strict_and_in_three_languages() {
    each_database(|db| {
        let world = World::new(db);
        let path = poster(&world);
        let phone = stranger(&world);
        for (lang, words) in [("ja", "何が見えますか"), ("en", "What do you see?"), ("zh", "您看到了什么？")]
        {
            let home = phone.get(&format!("{path}?lang={lang}")).ok();
            home.says(words).says(&format!("{path}/see/ransom-note?lang={lang}"));
            let drawings: usize =
                home.text.split("<svg").skip(1).map(|rest| rest.split("</svg>").next().unwrap().len()).sum();
            let beside: usize = ["report.css", "report.js"]
                .iter()
                .filter_map(|name| komainu_assets::named(name))
                .map(|asset| asset.gzip.as_ref().map_or(asset.bytes.len(), |small| small.len()))
                .sum();
            let weight = home.text.len() - drawings + beside;
            assert!(weight <= LIGHT, "{lang}: {weight} bytes");
            assert!(!home.text.contains("<script>") && !home.text.contains(" style="));
            let policy = home.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(
                policy.contains("default-src 'none'") && policy.contains("worker-src 'self'"),
                "{policy}"
            );
            assert_eq!(home.headers[CACHE_CONTROL], "no-store");
            assert!(home.headers.get(SET_COOKIE).is_none(), "a stranger gets no cookie");
        }
        let kept = phone.get(&format!("{path}/keep?lang=en")).ok().json();
        let pages = kept["pages"].as_object().unwrap();
        assert!(pages.len() > 12 && pages.contains_key(&format!("{path}?lang=en")), "{}", pages.len());
        let see = pages[&format!("{path}/see/slow?lang=en")].as_str().unwrap();
        assert!(see.contains("name=\"sent_id\" value=\"\""), "a kept page names no report");
        let manifest = phone.get(&format!("{path}/manifest.webmanifest?lang=en")).ok();
        assert_eq!(manifest.headers[CONTENT_TYPE], "application/manifest+json");
        assert_eq!(manifest.json()["start_url"], format!("{path}?lang=en"));
        if komainu_assets::is_built() {
            let worker = phone.get("/worker.js").ok();
            assert_eq!(worker.headers["service-worker-allowed"], "/");
            assert_eq!(worker.headers[CACHE_CONTROL], "no-cache");
        }
    });
}

#[test]
fn who_is_signed_in_in_the_same_browser_does_not_matter_behind_a_poster() {
    each_database(|db| {
        let world = World::new(db);
        let path = poster(&world);
        let staff = browser_of(&world, &world.staff);
        let see = staff.get(&format!("{path}/see/slow?lang=ja")).ok();
        assert!(!see.text.contains("受付の職員") && see.value("csrf").is_empty());
        let fields = [("symptom", "slow"), ("lang", "ja")];
        staff.post_from(&see, &format!("{path}/send"), &fields).ok().says("ありがとうございます");
        let director = browser_of(&world, &world.director);
        assert!(!director.get("/log").ok().text.contains("受付の職員"), "nameless");
    });
}

#[test]
fn members_report_inside_and_the_log_says_who() {
    each_database(|db| {
        let world = World::new(db);
        let staff = browser_of(&world, &world.staff);
        staff.get("/near-miss/report").ok().says("何が見えますか");
        let see = staff.get("/near-miss/report/see/mis-sent").ok();
        see.says("受付の職員さんの報告として記録されます");
        assert!(!see.text.contains("name=\"place_id\""), "staff may not read the ledger");
        let sent = staff.upload(
            "/near-miss/report/send",
            &[("symptom", "mis-sent"), ("words", "隣の薬局に送った")],
            None,
            false,
        );
        let sent = sent.ok();
        staff.post("/near-miss/receipt", &[("code", &code(&sent))]).ok().says("これから担当者が読みます");
        let director = browser_of(&world, &world.director);
        director.get("/log").ok().says("受付の職員");
        poster(&world);
        director.get("/near-miss/report/see/mis-sent").ok().says("name=\"place_id\"").says("２階の病棟");
        let inspector = browser_of(&world, &world.inspector);
        assert_eq!(inspector.get("/near-miss/report").status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn posters_are_printed_listed_and_withdrawn() {
    each_database(|db| {
        let world = World::new(db);
        let path = poster(&world);
        let director = browser_of(&world, &world.director);
        let list = director.get("/near-miss/posters").ok();
        list.says("貼る場所").says("院内どこでも").says("まだ使われていません");
        let none = director.post("/near-miss/posters", &[]);
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        none.says("貼る場所を選んでください");
        let made = director.post("/near-miss/posters", &[("at", "house")]).ok();
        assert_eq!(made.headers[CONTENT_TYPE], "application/pdf");
        assert!(made.bytes.starts_with(b"%PDF"));
        let fields = [("symptom", "slow"), ("lang", "ja")];
        stranger(&world).post(&format!("{path}/send"), &fields).ok();
        let list = director.get("/near-miss/posters").ok();
        list.says("これまでに1回使われ");
        let revoke = list.text.split("action=\"/near-miss/posters/").skip(1);
        let revokes: Vec<String> = revoke
            .map(|rest| format!("/near-miss/posters/{}", rest.split('"').next().unwrap()))
            .filter(|action| action.ends_with("/revoke"))
            .collect();
        assert_eq!(revokes.len(), 2);
        let other = browser_of(&world, &world.stranger);
        assert_eq!(other.post(&revokes[0], &[]).status, StatusCode::NOT_FOUND);
        for action in &revokes {
            assert_eq!(director.post(action, &[]).to(), "/near-miss/posters");
        }
        assert_eq!(stranger(&world).get(&path).status, StatusCode::NOT_FOUND);
        let late = stranger(&world).post(&format!("{path}/send"), &fields);
        assert_eq!(late.status, StatusCode::NOT_FOUND);
        for scope in [&world.staff, &world.inspector] {
            assert_eq!(browser_of(&world, scope).get("/near-miss/posters").status, StatusCode::FORBIDDEN);
        }
    });
}
