//! The pages through the real router, with its guard.
#![allow(clippy::unwrap_used)]

mod common;

use axum::http::StatusCode;
use chrono::Duration;
use common::{Browser, OTHER_PASSWORD, PASSWORD, Site, on_each};
use komainu_access::Role;
use komainu_notify::testing::MailServer;
use komainu_people::actions;

const FOUNDER: [(&str, &str); 5] = [
    ("name", "山田 花子"),
    ("name_kana", "やまだ はなこ"),
    ("email", "Incho@example.jp"),
    ("password", PASSWORD),
    ("password_again", PASSWORD),
];

fn without<'a>(fields: &[(&'a str, &'a str)], change: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|field| if field.0 == change.0 { change } else { *field }).collect()
}

#[test]
fn the_first_run_makes_one_administrator_and_closes_behind_them() {
    on_each(|db| async move {
        let site = Site::new(db, Some("482913"), false);
        let mut browser = site.browser();
        assert_eq!(browser.get("/sign-in").await.to(), "/first-run");
        let page = browser.get("/first-run").await;
        assert!(page.body.contains("最初の管理者を登録します") && page.body.contains("name=\"setup_code\""));
        let mut form = FOUNDER.to_vec();
        form.push(("setup_code", "111111"));
        let wrong = browser.post("/first-run", &form).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("番号が違います") && wrong.body.contains("value=\"山田 花子\""));
        assert!(!wrong.body.contains(PASSWORD), "a password is never sent back");
        let done = browser.post("/first-run", &without(&form, ("setup_code", "482913"))).await;
        assert_eq!(done.to(), "/organisations/new");
        assert_eq!(browser.get("/organisations").await.status, StatusCode::OK, "signed in");
        let mut late = site.browser();
        assert_eq!(late.get("/first-run").await.to(), "/");
        assert_eq!(late.post("/first-run", &form).await.to(), "/");
        assert_eq!(late.get("/account").await.to(), "/sign-in?next=%2Faccount");
    });
}

#[test]
fn faults_of_a_form_stand_at_their_fields() {
    on_each(|db| async move {
        let site = Site::new(db, None, false);
        let mut browser = site.browser();
        for (change, words) in [
            (("name", " "), "「名前」を入力してください。"),
            (("email", "incho"), "メールアドレスの形になっていません"),
            (("password", "short"), "短すぎます。13文字以上にしてください"),
            (("password", "incho@example.jp"), "真っ先に試される"),
            (("password_again", OTHER_PASSWORD), "2回の入力が違います"),
        ] {
            let answer = browser.post("/first-run", &without(&FOUNDER, change)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{change:?}");
            assert!(answer.body.contains(words), "{change:?}: {}", answer.body);
            assert!(answer.body.contains("aria-invalid=\"true\"") && answer.body.contains("error-summary"));
        }
        assert_eq!(browser.post("/first-run", &FOUNDER).await.to(), "/organisations/new");
    });
}

#[test]
fn signing_in_leads_where_one_wanted_to_go_and_never_away() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        for (next, to) in [
            ("/people?x=1", "/people?x=1"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/.//evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("", "/"),
        ] {
            let mut browser = site.browser();
            let encoded: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            let page = browser.get(&format!("/sign-in?next={encoded}")).await;
            assert_eq!(page.hidden("next"), to, "{next}");
            let fields = [("email", "incho@example.jp"), ("password", PASSWORD), ("next", next)];
            assert_eq!(browser.post("/sign-in", &fields).await.to(), to, "{next}");
            assert_eq!(browser.get(&format!("/sign-in?next={encoded}")).await.to(), to, "signed in already");
        }
    });
}

#[test]
fn a_stranger_hears_the_same_whether_the_account_exists_or_not() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut answers = Vec::new();
        for email in ["incho@example.jp", "nobody@example.jp"] {
            let fields = [("email", email), ("password", OTHER_PASSWORD)];
            let answer = site.browser().post("/sign-in", &fields).await;
            answers.push((answer.status, answer.body.replace(email, "")));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0].0, StatusCode::UNPROCESSABLE_ENTITY);
        for _ in 0..4 {
            site.browser().post("/sign-in", &[("email", "nobody@example.jp"), ("password", "x")]).await;
        }
        let waiting =
            site.browser().post("/sign-in", &[("email", "nobody@example.jp"), ("password", "x")]).await;
        assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(
            waiting.body.contains("1分ほど待って") && waiting.body.contains("value=\"nobody@example.jp\"")
        );
    });
}

#[test]
fn signing_out_ends_the_session_and_works_without_one() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut browser = site.signed_in("incho@example.jp").await;
        let mut stolen = browser.clone();
        assert_eq!(browser.post("/sign-out", &[]).await.to(), "/sign-in");
        assert!(!browser.cookies.contains_key("komainu-session"));
        assert!(stolen.get("/account").await.to().starts_with("/sign-in"), "the cookie's secret is dead");
        assert_eq!(browser.post("/sign-out", &[]).await.to(), "/sign-in");
    });
}

#[test]
fn a_form_of_another_site_or_session_changes_nothing() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut browser = site.signed_in("incho@example.jp").await;
        let csrf = browser.get("/account").await.hidden("csrf");
        let name = |csrf: &str| format!("csrf={csrf}&name=Mallory&language=en");
        let cross = browser.send("POST", "/account", name(&csrf), "cross-site").await;
        assert_eq!(cross.status, StatusCode::FORBIDDEN);
        let other = site.signed_in("incho@example.jp").await.get("/account").await.hidden("csrf");
        assert_ne!(csrf, other);
        for wrong in ["", &other] {
            let answer = browser.send("POST", "/account", name(wrong), "same-origin").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
        }
        assert!(!browser.get("/account").await.body.contains("Mallory"));
    });
}

#[test]
fn the_account_page_changes_name_language_password_and_sessions() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let (mut here, mut there) =
            (site.signed_in("incho@example.jp").await, site.signed_in("incho@example.jp").await);
        let fields = [("name", "院長 一郎"), ("name_kana", "いんちょう いちろう"), ("language", "en")];
        assert_eq!(here.post("/account", &fields).await.to(), "/account");
        let page = here.get("/account").await;
        assert!(
            page.body.contains("My account")
                && page.body.contains("院長 一郎")
                && page.body.contains("This device")
        );
        // Another browser of the same person is asked in the language they chose.
        assert!(site.signed_in("incho@example.jp").await.get("/account").await.body.contains("My account"));
        let id = page.hidden("session");
        let button = page
            .body
            .split("name=\"session\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(id, button);
        assert_eq!(here.post("/account/sessions", &[("session", &button)]).await.to(), "/account");
        assert_eq!(here.post("/account/sessions", &[("others", "yes")]).await.to(), "/account");
        assert!(there.get("/account").await.to().starts_with("/sign-in"));
        let mut there = site.signed_in("incho@example.jp").await;
        let change = |again| [("password", OTHER_PASSWORD), ("password_again", again)];
        let slip = here.post("/account/password", &change(PASSWORD)).await;
        assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(slip.body.contains("The two entries differ"));
        assert_eq!(here.post("/account/password", &change(OTHER_PASSWORD)).await.to(), "/account");
        assert!(there.get("/account").await.to().starts_with("/sign-in"));
        assert_eq!(here.get("/account").await.status, StatusCode::OK, "this browser stays");
        let fields = [("email", "incho@example.jp"), ("password", OTHER_PASSWORD)];
        assert_eq!(site.browser().post("/sign-in", &fields).await.to(), "/");
    });
}

#[test]
fn nobody_ends_a_strangers_session() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        site.member(house, "kango@example.jp", Role::Staff);
        let mut nurse = site.signed_in("kango@example.jp").await;
        let mut director = site.signed_in("incho@example.jp").await;
        site.signed_in("incho@example.jp").await;
        let page = director.get("/account").await;
        let theirs = page.hidden("session");
        assert!(!theirs.is_empty());
        nurse.post("/account/sessions", &[("session", &theirs)]).await;
        assert_eq!(director.get("/account").await.hidden("session"), theirs);
    });
}

#[test]
fn one_chooses_among_ones_own_organisations_only() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        let other = common::organisation(&site.app.db, &site.app.nature, "みどり薬局");
        let nurse = site.member(house, "kango@example.jp", Role::Staff);
        let mut browser = site.signed_in("kango@example.jp").await;
        let id = other.to_string();
        assert_eq!(
            browser.post("/organisation", &[("organisation", &id)]).await.status,
            StatusCode::NOT_FOUND
        );
        assert!(!browser.get("/organisations").await.body.contains("みどり薬局"));
        site.join(other, nurse, Role::Director, "");
        assert!(browser.get("/organisations").await.body.contains("みどり薬局"));
        assert_eq!(browser.get("/people").await.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.post("/organisation", &[("organisation", &id)]).await.to(), "/");
        assert_eq!(browser.get("/people").await.status, StatusCode::OK, "director there");
    });
}

#[test]
fn language_and_brightness_are_chosen_by_anyone_anywhere() {
    on_each(|db| async move {
        let fresh = Site::new(db, None, false);
        let mut browser = fresh.browser();
        let fields = [("language", "zh"), ("back", "/first-run")];
        assert_eq!(browser.post("/preferences", &fields).await.to(), "/first-run", "before the first run");
        assert!(browser.get("/first-run").await.body.contains("登记第一位管理员"));
        assert_eq!(browser.post("/first-run", &FOUNDER).await.to(), "/organisations/new");
        for back in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
            assert_eq!(browser.post("/preferences", &[("theme", "dark"), ("back", back)]).await.to(), "/");
        }
        assert_eq!(browser.cookies["komainu-theme"], "dark");
        // The error page knows no session and has no token; its switch works all the same.
        assert!(browser.get("/nothing").await.hidden("csrf").is_empty());
        let bare =
            browser.send("POST", "/preferences", "language=en&back=/account".into(), "same-origin").await;
        assert_eq!(bare.to(), "/account");
        let foreign = browser.send("POST", "/preferences", "language=ja&back=/".into(), "cross-site").await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
        let kept = common::aside(|| fresh.app.db.read(actions::users)).unwrap();
        assert_eq!(kept[0].lang, komainu_i18n::Lang::En, "kept for a signed-in person");
    });
}

/// The path of the link on a page that shows one.
fn link_on(body: &str) -> String {
    let rest = body.split_once("https://komainu.example.jp/invitation/").unwrap().1;
    format!("/invitation/{}", rest.split('<').next().unwrap())
}

async fn invite(director: &mut Browser, role: &str) -> String {
    let id = director.get("/people/invite").await.hidden("id");
    let fields = [("id", id.as_str()), ("name", "事務 太郎"), ("role", role), ("title", "事務長")];
    let made = director.post("/people/invite", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    for words in ["<svg", "あおぞら医院への招待", "Invitation to あおぞら医院", "あおぞら医院的邀请"]
    {
        assert!(made.body.contains(words), "{words}");
    }
    let again = director.post("/people/invite", &fields).await;
    assert_eq!(again.to(), "/people", "the same form makes no second link");
    link_on(&made.body)
}

#[test]
fn an_invitation_is_taken_up_by_sending_its_form_only() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut director = site.signed_in("incho@example.jp").await;
        let link = invite(&mut director, "system_operator").await;
        let mut newcomer = site.browser();
        for _ in 0..3 {
            let page = newcomer.get(&link).await;
            assert_eq!(page.status, StatusCode::OK, "a preview does not use it up");
            assert!(page.body.contains("あおぞら医院") && page.body.contains("システム運用担当者"));
            assert!(page.body.contains("value=\"事務 太郎\""));
        }
        let fields = [
            ("name", "事務 太郎"),
            ("name_kana", ""),
            ("email", "jimu@example.jp"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let weak = newcomer.post(&link, &without(&fields, ("password", "1234567890123"))).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(newcomer.post(&link, &fields).await.to(), "/");
        assert_eq!(newcomer.get("/").await.body, "home");
        let unknown = link.replace(&link[12..14], "AA");
        let mut gone = Vec::new();
        for path in [link.as_str(), unknown.as_str(), "/invitation/x"] {
            let mut stranger = site.browser();
            let (looked, sent) = (stranger.get(path).await, stranger.post(path, &fields).await);
            assert_eq!((looked.status, sent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
            gone.extend([looked.body.replace(path, ""), sent.body.replace(path, "")]);
        }
        assert!(gone.windows(2).all(|pair| pair[0] == pair[1]), "one page for every cause");
        let people = director.get("/people").await;
        assert!(people.body.contains("事務 太郎") && people.body.contains("今はありません。"));
    });
}

#[test]
fn someone_with_an_account_signs_in_and_joins() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut director = site.signed_in("incho@example.jp").await;
        let link = invite(&mut director, "staff").await;
        let other = common::organisation(&site.app.db, &site.app.nature, "みどり薬局");
        site.member(other, "yakuzaishi@example.jp", Role::Director);
        let mut browser = site.browser();
        let page = browser.get(&link).await;
        assert!(page.body.contains(&format!("/sign-in?next={link}")));
        let fields = [("email", "yakuzaishi@example.jp"), ("password", PASSWORD), ("next", link.as_str())];
        assert_eq!(browser.post("/sign-in", &fields).await.to(), link);
        let page = browser.get(&link).await;
        assert!(page.body.contains("yakuzaishiさんとしてサインインしています"));
        assert_eq!(browser.post(&link, &[]).await.to(), "/");
        let account = browser.get("/account").await;
        assert!(account.body.contains("みどり薬局") && account.body.contains("あおぞら医院"));
        assert_eq!(browser.get("/people").await.status, StatusCode::FORBIDDEN, "moved to the new place");
        let own = invite(&mut director, "staff").await;
        assert!(director.get(&own).await.body.contains("すでにこの施設に参加しています"));
    });
}

#[test]
fn members_are_listed_changed_and_removed() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        let nurse = site.member(house, "kango@example.jp", Role::Staff);
        let mut director = site.signed_in("incho@example.jp").await;
        let list = director.get("/people").await;
        assert!(list.body.contains("kango") && list.body.contains("職員") && list.body.contains("院長"));
        let path = format!("/people/members/{nurse}");
        let page = director.get(&path).await;
        assert_eq!(page.hidden("version"), "1");
        let fields = [("version", "1"), ("role", "inspector"), ("title", "看護師長")];
        assert_eq!(director.post(&path, &fields).await.to(), "/people");
        let stale = director.post(&path, &fields).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.body.contains("別の人が先に変更しました") && stale.hidden("version") == "2");
        let end = format!("{path}/end");
        assert!(director.get(&end).await.body.contains("外しますか"));
        assert_eq!(director.post(&end, &[]).await.to(), "/people");
        assert_eq!(director.get(&path).await.status, StatusCode::NOT_FOUND);
        for nonsense in ["/people/members/x", "/people/members/x/end"] {
            assert_eq!(director.get(nonsense).await.status, StatusCode::NOT_FOUND);
        }
    });
}

#[test]
fn the_last_director_is_told_why_they_must_stay() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        let mut director = site.signed_in("incho@example.jp").await;
        let own = director.get("/people").await;
        let path =
            own.body.split("href=\"/people/members/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let path = format!("/people/members/{path}");
        let step_down = [("version", "1"), ("role", "staff"), ("title", "院長")];
        let refused = director.post(&path, &step_down).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("最後の人です"));
        site.member(house, "anzen@example.jp", Role::SafetyManager);
        let asked = director.post(&path, &step_down).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.body.contains("name=\"meant\""));
        let mut meant = step_down.to_vec();
        meant.push(("meant", "yes"));
        assert_eq!(director.post(&path, &meant).await.to(), "/");
        assert_eq!(director.get("/people").await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn withdrawn_and_renewed_links_are_dead() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut director = site.signed_in("incho@example.jp").await;
        let first = invite(&mut director, "staff").await;
        let list = director.get("/people").await;
        let id = list
            .body
            .split("action=\"/people/invitations/")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let renewed = director.post(&format!("/people/invitations/{id}/renew"), &[]).await;
        let second = link_on(&renewed.body);
        assert_eq!(site.browser().get(&first).await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.browser().get(&second).await.status, StatusCode::OK);
        site.fake.advance(Duration::days(7));
        assert_eq!(site.browser().get(&second).await.status, StatusCode::NOT_FOUND);
        let mut director = site.signed_in("incho@example.jp").await;
        assert!(director.get("/people").await.body.contains("期限切れ"));
        let revoke = format!("/people/invitations/{id}/revoke");
        assert_eq!(director.post(&revoke, &[]).await.to(), "/people");
        assert_eq!(director.post(&revoke, &[]).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn demo_cards_open_a_demo_and_nothing_else() {
    on_each(|db| async move {
        let (real, house) = Site::settled(db.clone());
        let nurse = real.member(house, "kango@example.jp", Role::Staff);
        let id = nurse.to_string();
        let mut stranger = real.browser();
        assert!(!stranger.get("/sign-in").await.body.contains("/sign-in/demo"));
        assert_eq!(stranger.post("/sign-in/demo", &[("person", &id)]).await.status, StatusCode::NOT_FOUND);
        let demo = Site::new(db, None, true);
        let mut visitor = demo.browser();
        assert!(visitor.get("/sign-in").await.body.contains("kango"));
        assert_eq!(visitor.post("/sign-in/demo", &[("person", &id)]).await.to(), "/");
        assert!(visitor.get("/account").await.body.contains("kango@example.jp"));
    });
}

#[test]
fn every_page_reads_in_every_language() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        let nurse = site.member(house, "kango@example.jp", Role::Staff);
        let mut director = site.signed_in("incho@example.jp").await;
        let link = invite(&mut director, "staff").await;
        let member = format!("/people/members/{nurse}");
        let end = format!("{member}/end");
        for lang in ["ja", "en", "zh"] {
            let mut stranger = site.browser();
            for browser in [&mut director, &mut stranger] {
                browser.post("/preferences", &[("language", lang), ("back", "/")]).await;
            }
            let paths =
                ["/people", "/people/invite", "/account", "/organisations", member.as_str(), end.as_str()];
            let tokens = ["/account/tokens", "/people/services"];
            for path in paths.into_iter().chain(tokens).chain([link.as_str()]) {
                let answer = director.get(path).await;
                assert_eq!(answer.status, StatusCode::OK, "{path}");
                assert!(answer.body.contains(&format!("<html lang=\"{lang}")), "{path} {lang}");
                assert!(!answer.body.contains("No localization"), "{path} {lang}");
            }
            for path in ["/sign-in", link.as_str()] {
                assert_eq!(stranger.get(path).await.status, StatusCode::OK, "{path}");
            }
        }
    });
}

fn between<'a>(body: &'a str, before: &str, after: &str) -> &'a str {
    body.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(inner, _)| inner)
}

#[test]
fn a_token_is_shown_once_and_ends_by_hand_or_when_its_maker_leaves() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        let nurse = site.member(house, "nurse@example.jp", Role::Staff);
        let (mut director, mut staff) =
            (site.signed_in("incho@example.jp").await, site.signed_in("nurse@example.jp").await);
        for path in ["/account/tokens", "/people/services"] {
            let empty = director.post(path, &[("life", "90")]).await;
            assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            let lines = empty.body.split("data-error-for=").skip(1);
            let told = lines.filter(|line| !line.split('>').next().unwrap().contains("hidden")).count();
            assert_eq!(told, 2, "{path}: a name, a permission");
            let fields = [("name", "勤怠 <b>"), ("permission", "checklist_read"), ("life", "30")];
            let made = director.post(path, &fields).await;
            assert_eq!(made.status, StatusCode::OK, "{path}");
            let secret = between(&made.body, "id=\"token-secret\">", "<");
            assert!(secret.starts_with("kmn_") && secret.len() > 40, "{secret}");
            let list = director.get(path).await;
            assert!(list.body.contains("勤怠 &#60;b&#62;") && !list.body.contains("kmn_"), "{}", list.body);
            let id = list.hidden("token");
            let button = between(&list.body, "name=\"token\" value=\"", "\"").to_owned();
            assert!(id == button && !id.is_empty());
            assert_eq!(director.post(&format!("{path}/end"), &[("token", &id)]).await.to(), path);
            assert!(!director.get(path).await.body.contains("勤怠"), "{path}");
            let again = director.post(&format!("{path}/end"), &[("token", &id)]).await;
            assert_eq!(again.status, StatusCode::NOT_FOUND, "{path}");
        }
        let beyond = [("name", "x"), ("permission", "members_manage"), ("life", "30")];
        assert_eq!(staff.post("/account/tokens", &beyond).await.status, StatusCode::FORBIDDEN);
        assert_eq!(director.post("/people/services", &beyond).await.status, StatusCode::FORBIDDEN);
        assert_eq!(staff.get("/people/services").await.status, StatusCode::FORBIDDEN);
        let own = [("name", "看護"), ("permission", "plan_see_own"), ("life", "365")];
        assert_eq!(staff.post("/account/tokens", &own).await.status, StatusCode::OK);
        assert!(!director.get("/account/tokens").await.body.contains("看護"), "one's own only");
        assert_eq!(director.post(&format!("/people/members/{nurse}/end"), &[]).await.to(), "/people");
        site.join(house, nurse, Role::Staff, "");
        let mut back = site.signed_in("nurse@example.jp").await;
        assert!(!back.get("/account/tokens").await.body.contains("看護"), "it ended with the membership");
        // Whoever finds the browser left open does not get in here.
        site.fake.advance(Duration::minutes(6));
        for (path, next) in
            [("/account/tokens", "%2Faccount%2Ftokens"), ("/people/services", "%2Fpeople%2Fservices")]
        {
            assert_eq!(director.get(path).await.to(), format!("/account/confirm?next={next}"));
        }
        site.fake.advance(Duration::minutes(10));
        let late = [("name", "後で"), ("permission", "checklist_read"), ("life", "30")];
        let refused = director.post("/people/services", &late).await;
        assert!(refused.status == StatusCode::FORBIDDEN && refused.body.contains("/account/confirm"));
    });
}

/// What the program's own log says, as text.
#[derive(Clone, Default)]
struct Told(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Told {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_programs_log_never_holds_the_secret_of_a_link() {
    let told = Told::default();
    let writer = told.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        on_each(|db| async move {
            let (site, _) = Site::settled(db);
            let link = format!("/invitation/{}", "A".repeat(43));
            let refused = site.browser().send("POST", &link, String::new(), "cross-site").await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
            site.browser().send("POST", "/account", String::new(), "cross-site").await;
        });
    });
    let text = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("route=\"/invitation/{token}\"") && text.contains("route=\"/account\""), "{text}");
    assert!(!text.contains("AAAA"), "{text}");
}

#[test]
fn an_invitation_goes_by_mail_too_where_an_address_is_given() {
    let Some(server) = MailServer::start(&[]) else { return };
    on_each(|db| {
        let port = server.port;
        let server = &server;
        async move {
            let (site, _) = Site::settled_with_mail(db, port);
            let mut director = site.signed_in("incho@example.jp").await;
            let page = director.get("/people/invite").await;
            assert!(page.body.contains("name=\"email\""));
            let id = page.hidden("id");
            let fields = |email| {
                [
                    ("id", id.as_str()),
                    ("name", "事務 太郎"),
                    ("role", "staff"),
                    ("title", ""),
                    ("email", email),
                ]
            };
            let wrong = director.post("/people/invite", &fields("soumu")).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(wrong.body.contains("value=\"soumu\"") && wrong.body.contains("value=\"事務 太郎\""));
            let made = director.post("/people/invite", &fields("soumu@example.jp")).await;
            assert!(made.body.contains("soumu@example.jpにもメールで送ります"), "{}", made.body);
            let link = link_on(&made.body);
            site.send_mails();
            let mail = server.mail();
            assert_eq!(mail.to, ["soumu@example.jp"]);
            assert_eq!(mail.headers["subject"], "あおぞら医院への招待");
            for words in [link.as_str(), "事務 太郎さん", "Dear 事務 太郎", "邀请您使用"] {
                assert!(mail.text.contains(words), "{words}: {}", mail.text);
            }
            assert!(server.is_empty());
            assert_eq!(site.browser().get(&link).await.status, StatusCode::OK, "the link works");
            let account = director.get("/account").await;
            assert!(account.body.contains("期限と担当のお知らせを受け取る"));
            assert!(
                account.body.contains("name=\"reminders\" value=\"yes\" id=\"f-reminders\" checked"),
                "{}",
                account.body
            );
            director.post("/account/reminders", &[]).await;
            let account = director.get("/account").await;
            assert!(!account.body.contains("name=\"reminders\" value=\"yes\" id=\"f-reminders\" checked"));
        }
    });
}
