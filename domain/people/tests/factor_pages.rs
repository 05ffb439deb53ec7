//! The pages about second factors and the way back in, through the real router with its guard.
#![allow(clippy::unwrap_used)]

mod common;

use axum::http::StatusCode;
use chrono::Duration;
use common::authenticator::Authenticator;
use common::{Answer, Browser, OTHER_PASSWORD, PASSWORD, Site, on_each};
use komainu_access::Role;
use serde_json::Value;

const EMAIL: &str = "incho@example.jp";
const NAME: &str = "komainu.example.jp";

/// What stands in the element of this id.
fn inside(body: &str, id: &str) -> String {
    let rest = body.split_once(&format!("id=\"{id}\">")).unwrap_or_else(|| panic!("no {id} in {body}")).1;
    rest.split('<').next().unwrap().to_owned()
}

fn digits(site: &Site, secret: &str) -> String {
    let secret =
        base32::decode(base32::Alphabet::Rfc4648 { padding: false }, &secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(site.app.nature.now().timestamp()).unwrap()).to_string()
}

/// Sets an app up through its pages and answers its secret and the page with the recovery codes.
async fn totp(site: &Site, browser: &mut Browser) -> (String, Answer) {
    let page = browser.get("/account/factors/totp").await;
    assert!(page.body.contains("<svg"), "{}", page.body);
    let secret = inside(&page.body, "totp-secret");
    let code = digits(site, &secret);
    let done = browser.post("/account/factors/totp", &[("code", &code)]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    site.fake.advance(Duration::seconds(30));
    (secret, done)
}

fn codes(page: &Answer) -> Vec<String> {
    let (_, list) = page.body.split_once("<ol class=\"codes").unwrap();
    list.split("<li>").skip(1).filter_map(|rest| rest.split('<').next()).take(10).map(str::to_owned).collect()
}

async fn password(browser: &mut Browser, email: &str) -> Answer {
    browser.post("/sign-in", &[("email", email), ("password", PASSWORD), ("next", "/people")]).await
}

async fn options(browser: &mut Browser, path: &str) -> Value {
    let answer = browser.post(path, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn phone() -> Authenticator {
    Authenticator::new(7, "https://komainu.example.jp", NAME)
}

async fn at_its_name(site: &Site, email: &str) -> Browser {
    let mut browser = site.browser();
    NAME.clone_into(&mut browser.host);
    let answer = browser.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(answer.to(), "/", "{}", answer.body);
    browser
}

#[test]
fn after_the_password_a_code_is_asked_for_and_leads_on() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut browser = site.signed_in(EMAIL).await;
        assert!(browser.get("/account").await.body.contains("href=\"/account/factors\""));
        let (secret, page) = totp(&site, &mut browser).await;
        assert_eq!(codes(&page).len(), 10);
        assert!(page.body.contains("表示されるのは今だけです"));
        assert!(!browser.get("/account/factors").await.body.contains(&codes(&page)[0]), "never again");
        let mut other = site.browser();
        assert_eq!(other.get("/sign-in/second").await.to(), "/sign-in", "nobody waits in this browser");
        let door = password(&mut other, EMAIL).await;
        assert_eq!(door.to(), "/sign-in/second?next=%2Fpeople");
        assert!(!other.cookies.contains_key("komainu-session") && other.cookies.contains_key("komainu-door"));
        assert!(other.get("/people").await.to().starts_with("/sign-in"), "no session yet");
        let page = other.get(door.to()).await;
        assert!(page.body.contains("name=\"code\"") && page.hidden("next") == "/people");
        let wrong = other.post("/sign-in/second", &[("code", "000000"), ("next", "/people")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("番号かコードが違います") && wrong.hidden("next") == "/people");
        let code = digits(&site, &secret);
        let evil = other.post("/sign-in/second", &[("code", &code), ("next", "//evil.example")]).await;
        assert_eq!(evil.to(), "/");
        assert!(!other.cookies.contains_key("komainu-door"));
        let account = other.get("/account").await;
        assert!(account.body.contains("パスワードと認証アプリで") && account.body.contains("断りました"));
        // A recovery code in the same field, in the width of a Japanese keyboard.
        let wide: String = recovery(&page_codes(&mut other).await)
            .chars()
            .map(|c| if c == '-' { '－' } else { c })
            .collect();
        let mut third = site.browser();
        password(&mut third, EMAIL).await;
        let entered = third.post("/sign-in/second", &[("code", &wide.to_lowercase()), ("next", "/")]).await;
        assert_eq!(entered.to(), "/");
        assert!(third.get("/account").await.body.contains("回復コードを1つ使いました"));
    });
}

/// A new set of codes, from the page that makes one.
async fn page_codes(browser: &mut Browser) -> Vec<String> {
    codes(&browser.post("/account/factors/codes", &[]).await)
}

fn recovery(codes: &[String]) -> String {
    codes[0].clone()
}

#[test]
fn a_second_step_is_slow_to_be_guessed_and_ends() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        totp(&site, &mut site.signed_in(EMAIL).await).await;
        let mut browser = site.browser();
        password(&mut browser, EMAIL).await;
        for _ in 0..5 {
            let wrong = browser.post("/sign-in/second", &[("code", "000000")]).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let waiting = browser.post("/sign-in/second", &[("code", "000000")]).await;
        assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(waiting.body.contains("1分ほど待って"));
        site.fake.advance(Duration::minutes(10));
        let late = browser.post("/sign-in/second", &[("code", "000000")]).await;
        assert_eq!(late.to(), "/sign-in");
        assert!(browser.get("/sign-in").await.body.contains("最初からやり直してください"));
    });
}

#[test]
fn changes_of_signing_in_ask_again_after_minutes() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut browser = site.signed_in(EMAIL).await;
        let pages = ["/account/factors", "/account/factors/totp", "/account/password", "/account/email"];
        for path in pages {
            assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}: just signed in");
        }
        site.fake.advance(Duration::minutes(6));
        for path in pages {
            let encoded: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            assert_eq!(browser.get(path).await.to(), format!("/account/confirm?next={encoded}"));
        }
        let new = [("password", OTHER_PASSWORD), ("password_again", OTHER_PASSWORD)];
        site.fake.advance(Duration::minutes(10));
        let late = browser.post("/account/password", &new).await;
        assert_eq!(late.status, StatusCode::FORBIDDEN);
        assert!(late.body.contains("href=\"/account/confirm\""), "{}", late.body);
        let fields = [("password", "wrong"), ("next", "/account/password")];
        let wrong = browser.post("/account/confirm", &fields).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            wrong.body.contains("パスワードか、番号が違います")
                && wrong.hidden("next") == "/account/password"
        );
        let fields = [("password", PASSWORD), ("next", "/account/password")];
        assert_eq!(browser.post("/account/confirm", &fields).await.to(), "/account/password");
        assert_eq!(browser.post("/account/password", &new).await.to(), "/account");
        let demo = browser.post("/account/confirm", &[("demo", "yes"), ("next", "/")]).await;
        assert_eq!(demo.status, StatusCode::UNPROCESSABLE_ENTITY, "only in a demo");
        let email = browser.post("/account/email", &[("email", "New@example.jp")]).await;
        assert_eq!(email.to(), "/account");
        assert!(browser.get("/account").await.body.contains("New@example.jp"));
        let broken = browser.post("/account/email", &[("email", "new")]).await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(broken.body.contains("value=\"new\""), "what was typed stays");
    });
}

#[test]
fn a_demand_leads_members_to_one_page_and_no_further() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        let nurse = site.member(house, "kango@example.jp", Role::Staff);
        let other = common::organisation(&site.app.db, &site.app.nature, "みどり薬局");
        site.join(other, nurse, Role::Director, "");
        let mut director = site.signed_in(EMAIL).await;
        let mut member = site.signed_in("kango@example.jp").await;
        member.post("/organisation", &[("organisation", &house.to_string())]).await;
        let people = director.get("/people").await;
        assert!(people.body.contains("先に、あなた自身の二つ目の確認を設定してください"));
        director.post("/people/second-factor", &[("demand", "yes")]).await;
        assert_eq!(member.get("/").await.body, "home", "who has none demands none");
        totp(&site, &mut director).await;
        assert_eq!(director.post("/people/second-factor", &[("demand", "yes")]).await.to(), "/people");
        let people = director.get("/people").await;
        assert!(people.body.contains("求めています") && people.body.contains("まだ登録していない人：1人"));
        assert!(people.body.contains("認証アプリ"), "kinds are shown");
        // From the very next page on.
        for path in ["/", "/people"] {
            assert_eq!(member.get(path).await.to(), "/account/factors", "{path}");
        }
        let sent = member.post("/people/second-factor", &[("demand", "no")]).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        assert!(
            sent.body.contains("href=\"/account/factors\"") && sent.body.contains("二つ目の確認が必要です")
        );
        for path in ["/account", "/organisations"] {
            assert_eq!(member.get(path).await.status, StatusCode::OK, "{path}");
        }
        let page = member.get("/account/factors").await;
        assert!(page.body.contains("あおぞら医院では、二つ目の確認が必要です"));
        assert!(!page.body.contains("class=\"side\""), "no navigation that leads nowhere");
        // The other institution of the same person does not ask.
        let id = other.to_string();
        member.post("/organisation", &[("organisation", &id)]).await;
        assert_eq!(member.get("/people").await.status, StatusCode::OK);
        let id = house.to_string();
        member.post("/organisation", &[("organisation", &id)]).await;
        assert_eq!(member.get("/").await.to(), "/account/factors");
        totp(&site, &mut member).await;
        assert_eq!(member.get("/").await.body, "home");
        assert_eq!(director.post("/people/second-factor", &[("demand", "no")]).await.to(), "/people");
    });
}

#[test]
fn a_passkey_is_registered_and_opens_the_door_without_an_address() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut browser = at_its_name(&site, EMAIL).await;
        let mut phone = phone();
        assert!(browser.get("/account/factors").await.body.contains("/account/factors/passkeys/new"));
        let page = browser.get("/account/factors/passkeys/new").await;
        assert!(page.body.contains("data-passkey=\"create\""));
        let asked = options(&mut browser, "/account/factors/passkeys/options").await;
        assert_eq!(asked["rp"]["id"], NAME);
        let response = phone.create(&asked);
        let fields = [("name", " "), ("credential", response.as_str())];
        let nameless = browser.post("/account/factors/passkeys", &fields).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("name", "青い鍵"), ("credential", response.as_str())];
        let done = browser.post("/account/factors/passkeys", &fields).await;
        assert_eq!((done.status, codes(&done).len()), (StatusCode::OK, 10), "{}", done.body);
        let list = browser.get("/account/factors").await;
        assert!(list.body.contains("青い鍵") && list.body.contains("まだ使っていません"));
        // First factor.
        let mut stranger = site.browser();
        NAME.clone_into(&mut stranger.host);
        let page = stranger.get("/sign-in?next=%2Fpeople").await;
        assert!(page.body.contains("action=\"/sign-in/passkey\""));
        let asked = options(&mut stranger, "/sign-in/passkey/options").await;
        assert!(asked["allowCredentials"].as_array().unwrap().is_empty());
        let response = phone.get(&asked);
        let fields = [("credential", response.as_str()), ("next", "/people")];
        assert_eq!(stranger.post("/sign-in/passkey", &fields).await.to(), "/people");
        let again = site.browser().post("/sign-in/passkey", &fields).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND, "not under this name");
        let mut thief = site.browser();
        NAME.clone_into(&mut thief.host);
        let again = thief.post("/sign-in/passkey", &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("このパスキーでは確かめられませんでした"));
        // Second factor.
        let mut third = site.browser();
        NAME.clone_into(&mut third.host);
        assert_eq!(third.post("/sign-in/second/options", &[]).await.status, StatusCode::UNAUTHORIZED);
        password(&mut third, EMAIL).await;
        let page = third.get("/sign-in/second").await;
        assert!(page.body.contains("data-passkey=\"get\"") && page.body.contains("回復コード"));
        let response = phone.get(&options(&mut third, "/sign-in/second/options").await);
        assert_eq!(third.post("/sign-in/second", &[("credential", &response)]).await.to(), "/");
        // As a proof.
        site.fake.advance(Duration::minutes(6));
        let response = phone.get(&options(&mut third, "/account/confirm/options").await);
        let fields = [("credential", response.as_str()), ("next", "/account/factors")];
        assert_eq!(third.post("/account/confirm", &fields).await.to(), "/account/factors");
        let list = third.get("/account/factors").await;
        let id = list
            .body
            .split("/account/factors/passkeys/")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let remove = format!("/account/factors/passkeys/{id}/remove");
        assert_eq!(third.post(&remove, &[]).await.to(), "/account/factors");
        assert_eq!(third.post(&remove, &[]).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn where_passkeys_cannot_work_the_page_says_why_and_what_to_do() {
    for (public_url, host, words) in [
        ("https://komainu.example.jp", "192.168.1.5", "href=\"https://komainu.example.jp\""),
        ("http://127.0.0.1:8420", "127.0.0.1:8420", "href=\"http://localhost:8420\""),
        ("http://192.168.1.5:8420", "192.168.1.5:8420", "--public-url"),
    ] {
        on_each(|db| async move {
            let site = Site::settled_at(db, public_url).0;
            let mut browser = site.browser();
            host.clone_into(&mut browser.host);
            password(&mut browser, EMAIL).await;
            for path in ["/account/factors", "/account/factors/passkeys/new"] {
                let page = browser.get(path).await;
                let not_here = page.body.contains("このアドレスではパスキーを使えません");
                assert!(not_here, "{public_url} {path}: {} {}", page.status, page.body);
                assert!(
                    page.body.contains(words) && !page.body.contains("data-passkey="),
                    "{public_url} {path}: {}",
                    page.body
                );
            }
            let refused = browser.post("/account/factors/passkeys/options", &[]).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{public_url}");
        });
    }
}

/// The path of the link on a page that shows one.
fn link_on(body: &str) -> String {
    let rest = body.split_once("https://komainu.example.jp/rescue/").unwrap().1;
    format!("/rescue/{}", rest.split('<').next().unwrap())
}

#[test]
fn who_lost_everything_finds_back_through_the_pages() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        site.member(house, "kango@example.jp", Role::Staff);
        let mut nurse = site.signed_in("kango@example.jp").await;
        totp(&site, &mut nurse).await;
        let mut stranger = site.browser();
        assert!(stranger.get("/sign-in").await.body.contains("href=\"/sign-in/lost\""));
        let mut answers = Vec::new();
        for email in ["kango@example.jp", "nobody@example.jp"] {
            let asked = stranger.post("/sign-in/lost", &[("email", email), ("lost", "both")]).await;
            assert!(asked.body.contains("依頼を受け付けました"));
            answers.push((asked.status, asked.body));
        }
        assert_eq!(answers[0], answers[1], "the same answer for everybody");
        let faulty = stranger.post("/sign-in/lost", &[("email", "kango"), ("lost", "")]).await;
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(faulty.body.contains("value=\"kango\"") && faulty.body.contains("なくしたものを1つ選んで"));
        assert!(nurse.get("/account").await.body.contains("という依頼が出ています"), "the person is warned");
        let mut director = site.signed_in(EMAIL).await;
        let people = director.get("/people").await;
        let path = people
            .body
            .split("href=\"/people/rescues/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let path = format!("/people/rescues/{path}");
        assert_eq!(nurse.get(&path).await.status, StatusCode::FORBIDDEN);
        let page = director.get(&path).await;
        assert!(page.body.contains("こちらから電話をかけます") && page.body.contains("両方"));
        let slip = director.post(&format!("{path}/agree"), &[]).await;
        assert_eq!(slip.status, StatusCode::OK, "{}", slip.body);
        for words in ["<svg", "入り直す", "Your way back into Komainu", "重新进入"] {
            assert!(slip.body.contains(words), "{words}");
        }
        let link = link_on(&slip.body);
        for _ in 0..2 {
            assert!(
                stranger.get(&link).await.body.contains("kangoさんのアカウントです"),
                "a preview changes nothing"
            );
        }
        let weak = [("password", "1234567890123"), ("password_again", "1234567890123")];
        assert_eq!(stranger.post(&link, &weak).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let new = [("password", OTHER_PASSWORD), ("password_again", OTHER_PASSWORD)];
        assert_eq!(stranger.post(&link, &new).await.to(), "/sign-in");
        assert!(nurse.get("/account").await.to().starts_with("/sign-in"), "every device is signed out");
        let fields = [("email", "kango@example.jp"), ("password", OTHER_PASSWORD)];
        assert_eq!(stranger.post("/sign-in", &fields).await.to(), "/", "no second factor any more");
        let mut gone = Vec::new();
        for path in [link.as_str(), &link.replace(&link[8..10], "AA"), "/rescue/x"] {
            let mut visitor = site.browser();
            let (looked, sent) = (visitor.get(path).await, visitor.post(path, &new).await);
            assert_eq!((looked.status, sent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
            gone.extend([looked.body.replace(path, ""), sent.body.replace(path, "")]);
        }
        assert!(gone.windows(2).all(|pair| pair[0] == pair[1]), "one page for every cause");
    });
}

#[test]
fn requests_are_refused_and_cancelled_and_never_ones_own() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        site.member(house, "kango@example.jp", Role::Staff);
        let mut director = site.signed_in(EMAIL).await;
        let mut stranger = site.browser();
        let find = async |browser: &mut Browser| {
            let body = browser.get("/people").await.body;
            let id = body.split("href=\"/people/rescues/").nth(1).map(|rest| rest.split('"').next().unwrap());
            id.map(|id| format!("/people/rescues/{id}"))
        };
        stranger.post("/sign-in/lost", &[("email", EMAIL), ("lost", "factor")]).await;
        let path = find(&mut director).await.unwrap();
        let page = director.get(&path).await;
        assert!(page.body.contains("自分では承認できません") && !page.body.contains("/agree\""));
        assert_eq!(director.post(&format!("{path}/agree"), &[]).await.to(), "/people");
        assert!(director.get("/people").await.body.contains("自分では承認できません"));
        assert_eq!(director.post("/account/rescue/cancel", &[]).await.to(), "/account");
        assert!(find(&mut director).await.is_none());
        stranger.post("/sign-in/lost", &[("email", "kango@example.jp"), ("lost", "factor")]).await;
        let path = find(&mut director).await.unwrap();
        site.fake.advance(Duration::minutes(6));
        assert!(director.get(&path).await.to().starts_with("/account/confirm?next=%2Fpeople%2Frescues%2F"));
        assert_eq!(director.post(&format!("{path}/refuse"), &[]).await.to(), "/people");
        assert_eq!(director.post(&format!("{path}/refuse"), &[]).await.status, StatusCode::NOT_FOUND);
        for _ in 0..4 {
            stranger.post("/sign-in/lost", &[("email", "kango@example.jp"), ("lost", "factor")]).await;
        }
        let waiting =
            stranger.post("/sign-in/lost", &[("email", "kango@example.jp"), ("lost", "factor")]).await;
        assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS);
    });
}

#[test]
fn an_invitation_sends_who_has_a_factor_through_the_front_door() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let other = common::organisation(&site.app.db, &site.app.nature, "みどり薬局");
        site.member(other, "yakuzaishi@example.jp", Role::Director);
        totp(&site, &mut site.signed_in("yakuzaishi@example.jp").await).await;
        let mut director = site.signed_in(EMAIL).await;
        let id = director.get("/people/invite").await.hidden("id");
        let fields = [("id", id.as_str()), ("name", "薬剤師"), ("role", "staff"), ("title", "")];
        let made = director.post("/people/invite", &fields).await;
        let rest = made.body.split_once("https://komainu.example.jp/invitation/").unwrap().1;
        let link = format!("/invitation/{}", rest.split('<').next().unwrap());
        let fields = [
            ("name", "薬剤師"),
            ("name_kana", ""),
            ("email", "yakuzaishi@example.jp"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let mut browser = site.browser();
        let answer = browser.post(&link, &fields).await;
        assert!(answer.to().starts_with("/sign-in?next=%2Finvitation%2F"), "{}", answer.to());
        assert!(!browser.cookies.contains_key("komainu-session"));
        assert!(browser.get(answer.to()).await.body.contains("二つ目の確認が付いています"));
    });
}

#[test]
fn every_page_reads_in_every_language() {
    on_each(|db| async move {
        let (site, house) = Site::settled(db);
        site.member(house, "kango@example.jp", Role::Staff);
        let mut director = at_its_name(&site, EMAIL).await;
        totp(&site, &mut director).await;
        let asked = options(&mut director, "/account/factors/passkeys/options").await;
        let fields = [("name", "x"), ("credential", &phone().create(&asked))];
        director.post("/account/factors/passkeys", &fields).await;
        site.browser().post("/sign-in/lost", &[("email", "kango@example.jp"), ("lost", "both")]).await;
        let people = director.get("/people").await;
        let rescue = people.body.split("href=\"/people/rescues/").nth(1).unwrap().split('"').next().unwrap();
        let rescue = format!("/people/rescues/{rescue}");
        let link = link_on(&director.post(&format!("{rescue}/agree"), &[]).await.body);
        for lang in ["ja", "en", "zh"] {
            let mut stranger = site.browser();
            NAME.clone_into(&mut stranger.host);
            password(&mut stranger, EMAIL).await;
            for browser in [&mut director, &mut stranger] {
                browser.post("/preferences", &[("language", lang), ("back", "/")]).await;
            }
            let own = [
                "/people",
                "/account",
                "/account/confirm",
                "/account/factors",
                "/account/factors/totp",
                "/account/factors/passkeys/new",
                "/account/password",
                "/account/email",
                &rescue,
            ];
            let open = ["/sign-in", "/sign-in/second", "/sign-in/lost", &link];
            let all = own.map(|path| (path, true)).into_iter().chain(open.map(|path| (path, false)));
            for (path, signed_in) in all {
                let answer = if signed_in { director.get(path).await } else { stranger.get(path).await };
                assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.body);
                assert!(answer.body.contains(&format!("<html lang=\"{lang}")), "{path} {lang}");
                assert!(!answer.body.contains("No localization"), "{path} {lang}");
            }
        }
    });
}
