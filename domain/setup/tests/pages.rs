//! The pages of institution, ledger and interview as a browser without scripts meets them.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use common::{House, begin, person};
use komainu_access::{Permission, Role, SessionToken};
use komainu_catalog::Catalog;
use komainu_contact::pages as contact;
use komainu_db::testing::each_database;
use komainu_db::{Db, Outside, Statement, params};
use komainu_files::{Files, Key};
use komainu_institution::pages as institution;
use komainu_inventory::pages as inventory;
use komainu_setup::pages as setup;
use komainu_vendor::pages as vendor;
use komainu_web::{App, Audience, Settings, get, post};
use std::sync::Arc;
use tower::ServiceExt as _;

struct Site {
    house: House,
    /// Browsers of others in the first institution; made beforehand, as no database may be waited for in a handler's thread.
    others: Vec<(Role, SessionToken)>,
    router: Router,
    _folder: tempfile::TempDir,
}

/// One person's browser.
struct Browser<'a> {
    site: &'a Site,
    token: SessionToken,
    lang: &'static str,
}

struct Answer {
    status: StatusCode,
    to: String,
    body: String,
}

impl Answer {
    /// The value of a hidden field.
    fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.body.split_once(&mark).map_or("", |(_, rest)| rest);
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// Every value of a hidden field.
    fn all(&self, name: &str) -> Vec<String> {
        let mark = format!("name=\"{name}\" value=\"");
        self.body.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }

    #[track_caller]
    fn says(&self, words: &str) -> &Self {
        assert!(self.body.contains(words), "{} does not say {words}:\n{}", self.status, self.body);
        self
    }
}

impl Site {
    fn new(db: Db) -> Site {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let settings = Settings { public_url: "http://localhost".into(), ..Settings::default() };
        let catalog = Arc::new(Catalog::embedded().unwrap());
        let app = App::new(house.db.clone(), house.nature.clone(), catalog, files, settings);
        let roles = [Role::Director, Role::SystemOperator, Role::Inspector];
        let others = roles.map(|role| (role, join(&house, role))).into();
        Site { router: komainu_web::router(&app, routes()), house, others, _folder: folder }
    }

    /// The administrator, in the institution that was founded last.
    fn director(&self) -> Browser<'_> {
        Browser { site: self, token: self.house.token.clone(), lang: "ja" }
    }

    fn somebody(&self, role: Role) -> Browser<'_> {
        let (_, token) = self.others.iter().find(|(known, _)| *known == role).unwrap();
        Browser { site: self, token: token.clone(), lang: "ja" }
    }
}

const JOIN: Statement = Statement {
    name: "JOIN",
    sql: "INSERT INTO membership (organisation_id, person_id, role, title, created_at, version)
        VALUES ($1, $2, $3, '', $4, 1)",
};

/// A new person in the first institution, signed in.
fn join(house: &House, role: Role) -> SessionToken {
    let House { db, nature, director, .. } = house;
    let who = person(db, nature, "職員", false);
    let values = params![director.organisation(), who, role.code(), nature.now()];
    db.write(|tx| tx.run(&Outside("a test"), JOIN, values)).unwrap();
    let token = SessionToken::new(nature.bytes());
    begin(db, nature, &token, who);
    token
}

impl Browser<'_> {
    async fn send(&self, method: &str, path: &str, body: String) -> Answer {
        let cookies = format!("komainu-session={}; komainu-lang={}", self.token.text(), self.lang);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.site.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Answer { status, to: to.unwrap_or_default(), body: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, String::new()).await
    }

    /// Opens the page at `path` and sends its form with the token and version found there.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(path).await;
        self.post_from(&page, path, fields).await
    }

    /// Sends a form from a page that was opened before.
    async fn post_from(&self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &page.hidden("csrf")).append_pair("version", &page.hidden("version"));
        for (name, value) in fields {
            body.append_pair(name, value);
        }
        self.send("POST", path, body.finish()).await
    }
}

fn routes() -> Vec<komainu_web::Route> {
    use Audience::{Administrator, May};
    let own = May(Permission::InstitutionEdit);
    let (read, edit) = (May(Permission::LedgerRead), May(Permission::LedgerEdit));
    vec![
        get("/organisations/new", Administrator, institution::institution_form),
        post("/organisations/new", Administrator, institution::institution_submit),
        get("/organisations/new/association", Administrator, institution::association_form),
        post("/organisations/new/association", Administrator, institution::association_submit),
        get("/institution", own, institution::institution),
        post("/institution", own, institution::institution_save),
        get("/setup", own, setup::setup),
        get("/setup/place", own, setup::place),
        post("/setup/place", own, setup::place_save),
        get("/setup/running", own, setup::running),
        post("/setup/running", own, setup::running_save),
        get("/setup/systems", own, setup::systems),
        post("/setup/systems", own, setup::systems_save),
        get("/setup/support", own, setup::support),
        post("/setup/support", own, setup::support_save),
        get("/setup/people", own, setup::people),
        post("/setup/people", own, setup::people_save),
        get("/setup/summary", own, setup::summary),
        post("/setup/finish", own, setup::finish),
        get("/ledger/systems", read, inventory::systems),
        get("/ledger/systems/new", edit, inventory::system_new),
        post("/ledger/systems/new", edit, inventory::system_create),
        get("/ledger/systems/{id}", edit, inventory::system),
        post("/ledger/systems/{id}", edit, inventory::system_save),
        get("/ledger/systems/{id}/remove", edit, inventory::system_remove_ask),
        post("/ledger/systems/{id}/remove", edit, inventory::system_remove_do),
        get("/ledger/vendors", read, vendor::vendors),
        get("/ledger/vendors/new", edit, vendor::vendor_new),
        post("/ledger/vendors/new", edit, vendor::vendor_create),
        get("/ledger/vendors/{id}", edit, vendor::vendor),
        post("/ledger/vendors/{id}", edit, vendor::vendor_save),
        get("/ledger/vendors/{id}/remove", edit, vendor::vendor_remove_ask),
        post("/ledger/vendors/{id}/remove", edit, vendor::vendor_remove_do),
        get("/ledger/contacts", read, contact::contacts),
        get("/ledger/contacts/chart", read, contact::chart),
        get("/ledger/contacts/suggestions", edit, contact::suggestions),
        post("/ledger/contacts/suggestions", edit, contact::suggestions_take),
        get("/ledger/contacts/new", edit, contact::contact_new),
        post("/ledger/contacts/new", edit, contact::contact_create),
        get("/ledger/contacts/{id}", edit, contact::contact),
        post("/ledger/contacts/{id}", edit, contact::contact_save),
        post("/ledger/contacts/{id}/move", edit, contact::contact_move_do),
        get("/ledger/contacts/{id}/remove", edit, contact::contact_remove_ask),
        post("/ledger/contacts/{id}/remove", edit, contact::contact_remove_do),
    ]
}

fn on_each<F: Future<Output = ()>>(test: impl Fn(Arc<Site>) -> F) {
    each_database(|db| {
        let site = Arc::new(Site::new(db));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(test(site.clone()));
    });
}

/// The last part of the first link that begins with `path`.
fn first_id(answer: &Answer, path: &str) -> String {
    let mark = format!("href=\"{path}/");
    let found = answer.body.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap());
    found.into_iter().find(|id| id.len() == 36).unwrap_or_default().to_owned()
}

#[test]
fn the_whole_interview_without_scripts() {
    on_each(|site| async move {
        let browser = site.director();
        assert_eq!(browser.get("/setup").await.to, "/setup/place");
        let page = browser.get("/setup/place").await;
        page.says("value=\"clinic\" id=\"f-kind-2\" checked").says("東京都");
        let answer = browser
            .post("/setup/place", &[("kind", "clinic"), ("beds", "２０床"), ("prefecture", "27")])
            .await;
        assert_eq!((answer.status, answer.to.as_str()), (StatusCode::SEE_OTHER, "/setup/running"));
        assert_eq!(browser.get("/setup").await.to, "/setup/running");
        let answer = browser.post("/setup/running", &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.says("どれかを選んでください");
        assert_eq!(browser.post("/setup/running", &[("systems", "mixed")]).await.to, "/setup/systems");

        let offered = browser.get("/setup/systems?usual=1").await;
        offered.says("まだ保存していません");
        let fields = [("kind", "emr-cloud"), ("kind", "receipt-computer"), ("others", "勤怠\nリハビリ\n")];
        assert_eq!(browser.post_from(&offered, "/setup/systems", &fields).await.to, "/setup/support");

        let page = browser.get("/setup/support").await;
        page.says("電子カルテ（クラウド）").says("リハビリ");
        let version_names: Vec<String> = page
            .body
            .split("name=\"version-")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        assert_eq!(version_names.len(), 4);
        let sent: Vec<(String, String)> = version_names
            .iter()
            .flat_map(|id| {
                [
                    ("version", "1"),
                    ("new", "カルテ社"),
                    ("remote", "yes"),
                    ("updates", "yes"),
                    ("hosting", "cloud"),
                ]
                .map(|(name, value)| (format!("{name}-{id}"), value.to_owned()))
            })
            .collect();
        let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(browser.post_from(&page, "/setup/support", &sent).await.to, "/setup/people");

        let fields = [
            ("operator", "no"),
            ("name-director", "院長先生"),
            ("phone-director", "０３ー１２３４ー５６７８"),
        ];
        assert_eq!(browser.post("/setup/people", &fields).await.to, "/setup/summary");
        let summary = browser.get("/setup/summary").await;
        summary.says("型 III").says("型 IV").says("専任のシステム担当者がいないと答えたので").says("未確認");
        summary.says("保守委託機関編").says("カルテ社").says("院長先生").says("終えて、今日の一歩へ");
        let done = browser.post_from(&summary, "/setup/finish", &[]).await;
        assert_eq!(done.to, "/");
        browser.get("/setup/summary").await.says("今日の一歩へ");
        assert_eq!(browser.get("/setup").await.to, "/setup/summary");
        browser.get("/ledger/contacts/chart").await.says("03-1234-5678").says("カルテ社");
    });
}

#[test]
fn faults_stand_at_their_fields_and_nothing_typed_is_lost() {
    on_each(|site| async move {
        let browser = site.director();
        let fields = [
            ("name", ""),
            ("kind", "hospital"),
            ("beds", "百"),
            ("prefecture", "13"),
            ("postal_code", "100"),
            ("phone", "12"),
            ("code", "2345678"),
            ("address", "<b>千代田区</b>"),
        ];
        let answer = browser.post("/institution", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["name", "beds", "postal_code", "phone", "code"] {
            answer.says(&format!("href=\"#f-{field}\""));
        }
        answer
            .says("value=\"百\"")
            .says("value=\"100\"")
            .says("都道府県番号 2 桁")
            .says("&#60;b&#62;千代田区");
        let answer = browser.post("/setup/people", &[("phone-deputy", "03-1234-5678")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.says("href=\"#f-operator\"").says("href=\"#f-name-deputy\"").says("value=\"03-1234-5678\"");
        let long = "長".repeat(101);
        let answer = browser.post("/ledger/vendors/new", &[("name", &long), ("email", "x@y")]).await;
        answer.says("100 文字まで").says("メールアドレスの形").says(&long);
    });
}

#[test]
fn founding_leads_to_the_interview() {
    on_each(|site| async move {
        let browser = site.director();
        let fields = [
            ("name", "海辺の病院"),
            ("kind", "hospital"),
            ("beds", "１２０"),
            ("prefecture", "40"),
            ("code", "40-1-2345678"),
            ("role", "safety_manager"),
        ];
        assert_eq!(browser.post("/organisations/new", &fields).await.to, "/setup");
        browser
            .get("/institution")
            .await
            .says("海辺の病院")
            .says("value=\"4012345678\"")
            .says("value=\"120\"");
        let clerk = site.somebody(Role::Director);
        assert_eq!(clerk.get("/organisations/new").await.status, StatusCode::NOT_FOUND);
        let page = clerk.get("/institution").await;
        let answer = clerk.post_from(&page, "/organisations/new", &fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn both_texts_are_shown_when_two_change_one_thing() {
    on_each(|site| async move {
        let (first, second) = (site.director(), site.somebody(Role::SystemOperator));
        let answer = first.post("/ledger/vendors/new", &[("name", "カルテ社")]).await;
        assert_eq!(answer.to, "/ledger/vendors");
        let path =
            format!("/ledger/vendors/{}", first_id(&first.get("/ledger/vendors").await, "/ledger/vendors"));
        let (one, two) = (first.get(&path).await, second.get(&path).await);
        first.post_from(&one, &path, &[("name", "カルテ社"), ("note", "先に書いた")]).await;
        let answer = second.post_from(&two, &path, &[("name", "カルテ社"), ("note", "あとから書いた")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        answer.says("先に書いた").says("あとから書いた").says("別の人が変更しました");
        // Sending the shown form again keeps what stands in it, knowingly.
        let kept =
            second.post_from(&answer, &path, &[("name", "カルテ社"), ("note", "あとから書いた")]).await;
        assert_eq!(kept.to, "/ledger/vendors");
        first.get(&path).await.says("あとから書いた");

        let (one, two) = (first.get("/institution").await, second.get("/institution").await);
        let fields =
            |phone| [("name", "青空診療所"), ("kind", "clinic"), ("prefecture", "13"), ("phone", phone)];
        let answer = first.post_from(&one, "/institution", &fields("03-1111-1111")).await;
        assert_eq!(answer.to, "/institution");
        let answer = second.post_from(&two, "/institution", &fields("03-2222-2222")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        answer.says("03-1111-1111").says("03-2222-2222");
    });
}

#[test]
fn removing_asks_first_and_tells_why_it_cannot() {
    on_each(|site| async move {
        let browser = site.director();
        browser.post("/ledger/vendors/new", &[("name", "画像社")]).await;
        let vendor = first_id(&browser.get("/ledger/vendors").await, "/ledger/vendors");
        let fields =
            [("kind", "pacs"), ("vendor", vendor.as_str()), ("remote", "yes"), ("hosting", "on_premises")];
        assert_eq!(browser.post("/ledger/systems/new", &fields).await.to, "/ledger/systems");
        browser.get("/ledger/systems").await.says("画像社").says("画像（PACS・レントゲン）");
        let path = format!("/ledger/vendors/{vendor}/remove");
        let answer = browser.post(&path, &[]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        answer.says("この業者が支えるシステム");
        let system = first_id(&browser.get("/ledger/systems").await, "/ledger/systems");
        let ask = browser.get(&format!("/ledger/systems/{system}/remove")).await;
        ask.says("台帳から削除します");
        browser.get("/ledger/systems").await.says(&system);
        let gone = browser.post_from(&ask, &format!("/ledger/systems/{system}/remove"), &[]).await;
        assert_eq!(gone.to, "/ledger/systems");
        assert_eq!(browser.post(&path, &[]).await.to, "/ledger/vendors");

        // Unticking a tile asks as well.
        let page = browser.get("/setup/systems").await;
        browser.post_from(&page, "/setup/systems", &[("kind", "pacs"), ("kind", "office-pc")]).await;
        let page = browser.get("/setup/systems").await;
        let shown = page.all("shown");
        let mut fields: Vec<(&str, &str)> = shown.iter().map(|id| ("shown", id.as_str())).collect();
        fields.push(("kind", "office-pc"));
        let ask = browser.post_from(&page, "/setup/systems", &fields).await;
        assert_eq!(ask.status, StatusCode::UNPROCESSABLE_ENTITY);
        ask.says("台帳から削除されます").says("画像（PACS・レントゲン）");
        fields.push(("confirmed", "yes"));
        assert_eq!(browser.post_from(&ask, "/setup/systems", &fields).await.to, "/setup/support");
    });
}

#[test]
fn outside_desks_are_offered_with_source_and_taken_unchecked() {
    on_each(|site| async move {
        let browser = site.director();
        let offer = browser.get("/ledger/contacts/suggestions").await;
        offer.says("0120-179-066").says("https://med.or.jp/").says("電話番号は確かめられていません");
        let taken = [("party", "jma_emergency"), ("party", "ministry")];
        let answer = browser.post_from(&offer, "/ledger/contacts/suggestions", &taken).await;
        assert_eq!(answer.to, "/ledger/contacts");
        let list = browser.get("/ledger/contacts").await;
        list.says("0120-179-066").says("未確認");
        assert!(!browser.get("/ledger/contacts/suggestions").await.body.contains("0120-179-066"));
        let path = format!("/ledger/contacts/{}", first_id(&list, "/ledger/contacts"));
        let fields = [
            ("duty", "jma_emergency"),
            ("name", "日本医師会の窓口"),
            ("side", "outside"),
            ("phone", "0120-179-066"),
            ("checked", "yes"),
        ];
        assert_eq!(browser.post(&path, &fields).await.to, "/ledger/contacts");
        browser.get("/ledger/contacts").await.says("令和8年11月23日");
    });
}

#[test]
fn every_page_in_every_language_and_for_lookers() {
    on_each(|site| async move {
        let paths = [
            "/organisations/new",
            "/organisations/new/association",
            "/institution",
            "/setup/place",
            "/setup/running",
            "/setup/systems",
            "/setup/support",
            "/setup/people",
            "/setup/summary",
            "/ledger/systems",
            "/ledger/systems/new",
            "/ledger/vendors",
            "/ledger/vendors/new",
            "/ledger/contacts",
            "/ledger/contacts/new",
            "/ledger/contacts/chart",
            "/ledger/contacts/suggestions",
        ];
        for lang in ["ja", "en", "zh"] {
            let browser = Browser { lang, ..site.director() };
            for path in paths {
                let answer = browser.get(path).await;
                assert_eq!(answer.status, StatusCode::OK, "{lang} {path}");
                assert!(!answer.body.contains("No localization"), "{lang} {path}");
                assert_eq!(answer.body.matches("<h1").count(), 1, "{lang} {path}");
            }
        }
        let inspector = site.somebody(Role::Inspector);
        for path in paths {
            let status = inspector.get(path).await.status;
            let reads = ["/ledger/systems", "/ledger/vendors", "/ledger/contacts", "/ledger/contacts/chart"];
            assert_eq!(status == StatusCode::OK, reads.contains(&path), "{path} {status}");
        }
        assert!(!inspector.get("/ledger/contacts").await.body.contains("/ledger/contacts/new"));
        let foreign = "/ledger/vendors/00000000-0000-7000-8000-000000000000";
        assert_eq!(site.director().get(foreign).await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.director().get("/ledger/vendors/x").await.status, StatusCode::NOT_FOUND);
    });
}
