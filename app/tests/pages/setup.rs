//! The pages of institution, ledger and interview as a browser without scripts meets them.

use crate::browser::{Answered, Browser};
use crate::house::{House, begin, person};
use axum::http::StatusCode;
use komainu_access::{Role, SessionToken};
use komainu_catalog::Catalog;
use komainu_db::testing::each_database;
use komainu_db::{Db, Outside, Statement, params};
use komainu_files::{Files, Key};
use komainu_web::{App, Settings};
use std::sync::Arc;

pub struct Site {
    pub house: House,
    app: App,
    _folder: tempfile::TempDir,
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
        Site { house, app, _folder: folder }
    }

    pub fn browser(&self, token: &SessionToken, lang: &str) -> Browser {
        Browser::new(&self.app).with("komainu-session", &token.text()).with("komainu-lang", lang)
    }

    /// The administrator, in the institution that was founded last.
    pub fn director(&self) -> Browser {
        self.browser(&self.house.token, "ja")
    }

    /// A new person in the first institution, signed in.
    pub fn somebody(&self, role: Role) -> Browser {
        let House { db, nature, director, .. } = &self.house;
        let who = person(db, nature, "職員", false);
        let values = params![director.organisation(), who, role.code(), nature.now()];
        db.write(|tx| tx.run(&Outside("a test"), JOIN, values)).unwrap();
        let token = SessionToken::new(nature.bytes());
        begin(db, nature, &token, who);
        self.browser(&token, "ja")
    }
}

const JOIN: Statement = Statement {
    name: "JOIN",
    sql: "INSERT INTO membership (organisation_id, person_id, role, title, created_at, version)
        VALUES ($1, $2, $3, '', $4, 1)",
};

pub fn on_each(test: impl Fn(&Site)) {
    each_database(|db| test(&Site::new(db)));
}

/// The last part of the first link that begins with `path`.
pub fn first_id(answer: &Answered, path: &str) -> String {
    let mark = format!("href=\"{path}/");
    let found = answer.text.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap());
    found.into_iter().find(|id| id.len() == 36).unwrap_or_default().to_owned()
}

#[test]
fn the_whole_interview_without_scripts() {
    on_each(|site| {
        let browser = site.director();
        assert_eq!(browser.get("/setup").to(), "/setup/place");
        let page = browser.get("/setup/place");
        page.says("value=\"clinic\" id=\"f-kind-2\" checked").says("東京都");
        let answer = browser
            .open_and_post("/setup/place", &[("kind", "clinic"), ("beds", "２０床"), ("prefecture", "27")]);
        assert_eq!((answer.status, answer.to()), (StatusCode::SEE_OTHER, "/setup/running"));
        assert_eq!(browser.get("/setup").to(), "/setup/running");
        let answer = browser.open_and_post("/setup/running", &[]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.says("どれかを選んでください");
        assert_eq!(browser.open_and_post("/setup/running", &[("systems", "mixed")]).to(), "/setup/systems");

        let offered = browser.get("/setup/systems?usual=1");
        offered.says("まだ保存していません");
        let fields = [("kind", "emr-cloud"), ("kind", "receipt-computer"), ("others", "勤怠\nリハビリ\n")];
        assert_eq!(browser.post_from(&offered, "/setup/systems", &fields).to(), "/setup/support");

        let page = browser.get("/setup/support");
        page.says("電子カルテ（クラウド）").says("リハビリ");
        let version_names: Vec<String> = page
            .text
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
        assert_eq!(browser.post_from(&page, "/setup/support", &sent).to(), "/setup/lines");

        let page = browser.get("/setup/lines");
        page.says("レセコンの本体").says("患者情報の区画").says("よくある形です。違えば直してください");
        page.says("クリニックの院内ネットワークの解説").says("あとにする");
        let pieces = page.checked("piece");
        assert!(pieces.len() >= 8, "{pieces:?}");
        let fields: Vec<(&str, &str)> = pieces.iter().map(|piece| ("piece", piece.as_str())).collect();
        assert_eq!(browser.post_from(&page, "/setup/lines", &fields).to(), "/setup/people");
        browser.get("/setup/lines").says("すでに台帳にあるもの");

        let fields = [
            ("operator", "no"),
            ("name-director", "院長先生"),
            ("phone-director", "０３ー１２３４ー５６７８"),
        ];
        assert_eq!(browser.open_and_post("/setup/people", &fields).to(), "/setup/summary");
        let summary = browser.get("/setup/summary");
        summary.says("型 III").says("型 IV").says("専任のシステム担当者がいないと答えたので").says("未確認");
        summary.says("保守委託機関編").says("カルテ社").says("院長先生").says("終えて、今日の一歩へ");
        let done = browser.post_from(&summary, "/setup/finish", &[]);
        assert_eq!(done.to(), "/");
        browser.get("/setup/summary").says("今日の一歩へ");
        assert_eq!(browser.get("/setup").to(), "/setup/summary");
        browser.get("/ledger/contacts/chart").says("03-1234-5678").says("カルテ社");
    });
}

#[test]
fn faults_stand_at_their_fields_and_nothing_typed_is_lost() {
    on_each(|site| {
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
        let answer = browser.open_and_post("/institution", &fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["name", "beds", "postal_code", "phone", "code"] {
            answer.says(&format!("href=\"#f-{field}\""));
        }
        answer.says("value=\"百\"").says("value=\"100\"").says("都道府県番号2桁").says("&#60;b&#62;千代田区");
        let answer = browser.open_and_post("/setup/people", &[("phone-deputy", "03-1234-5678")]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.says("href=\"#f-operator\"").says("href=\"#f-name-deputy\"").says("value=\"03-1234-5678\"");
        let long = "長".repeat(101);
        let answer = browser.open_and_post("/ledger/vendors/new", &[("name", &long), ("email", "x@y")]);
        answer.says("100文字まで").says("メールアドレスの形").says(&long);
    });
}

#[test]
fn founding_leads_to_the_interview() {
    on_each(|site| {
        let browser = site.director();
        let fields = [
            ("name", "海辺の病院"),
            ("kind", "hospital"),
            ("beds", "１２０"),
            ("prefecture", "40"),
            ("code", "40-1-2345678"),
            ("role", "safety_manager"),
        ];
        assert_eq!(browser.open_and_post("/organisations/new", &fields).to(), "/setup");
        browser.get("/institution").says("海辺の病院").says("value=\"4012345678\"").says("value=\"120\"");
        let clerk = site.somebody(Role::Director);
        assert_eq!(clerk.get("/organisations/new").status, StatusCode::NOT_FOUND);
        let page = clerk.get("/institution");
        let answer = clerk.post_from(&page, "/organisations/new", &fields);
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn both_texts_are_shown_when_two_change_one_thing() {
    on_each(|site| {
        let (first, second) = (site.director(), site.somebody(Role::SystemOperator));
        let answer = first.open_and_post("/ledger/vendors/new", &[("name", "カルテ社")]);
        assert_eq!(answer.to(), "/ledger/vendors");
        let path = format!("/ledger/vendors/{}", first_id(&first.get("/ledger/vendors"), "/ledger/vendors"));
        let (one, two) = (first.get(&path), second.get(&path));
        first.post_from(&one, &path, &[("name", "カルテ社"), ("note", "先に書いた")]);
        let answer = second.post_from(&two, &path, &[("name", "カルテ社"), ("note", "あとから書いた")]);
        assert_eq!(answer.status, StatusCode::CONFLICT);
        answer.says("先に書いた").says("あとから書いた").says("別の人が変更しました");
        // Sending the shown form again keeps what stands in it, knowingly.
        let kept = second.post_from(&answer, &path, &[("name", "カルテ社"), ("note", "あとから書いた")]);
        assert_eq!(kept.to(), "/ledger/vendors");
        first.get(&path).says("あとから書いた");

        let (one, two) = (first.get("/institution"), second.get("/institution"));
        let fields =
            |phone| [("name", "青空診療所"), ("kind", "clinic"), ("prefecture", "13"), ("phone", phone)];
        let answer = first.post_from(&one, "/institution", &fields("03-1111-1111"));
        assert_eq!(answer.to(), "/institution");
        let answer = second.post_from(&two, "/institution", &fields("03-2222-2222"));
        assert_eq!(answer.status, StatusCode::CONFLICT);
        answer.says("03-1111-1111").says("03-2222-2222");
    });
}

#[test]
fn removing_asks_first_and_tells_why_it_cannot() {
    on_each(|site| {
        let browser = site.director();
        browser.open_and_post("/ledger/vendors/new", &[("name", "画像社")]);
        let vendor = first_id(&browser.get("/ledger/vendors"), "/ledger/vendors");
        let fields =
            [("kind", "pacs"), ("vendor", vendor.as_str()), ("remote", "yes"), ("hosting", "on_premises")];
        assert_eq!(browser.open_and_post("/ledger/systems/new", &fields).to(), "/ledger/systems");
        browser.get("/ledger/systems").says("画像社").says("画像（PACS・レントゲン）");
        let path = format!("/ledger/vendors/{vendor}/remove");
        let answer = browser.open_and_post(&path, &[]);
        assert_eq!(answer.status, StatusCode::CONFLICT);
        answer.says("先にそちらで業者を変えてください");
        let system = first_id(&browser.get("/ledger/systems"), "/ledger/systems");
        let ask = browser.get(&format!("/ledger/systems/{system}/remove"));
        ask.says("台帳から削除します");
        browser.get("/ledger/systems").says(&system);
        let gone = browser.post_from(&ask, &format!("/ledger/systems/{system}/remove"), &[]);
        assert_eq!(gone.to(), "/ledger/systems");
        assert_eq!(browser.open_and_post(&path, &[]).to(), "/ledger/vendors");

        // Unticking a tile asks as well.
        let page = browser.get("/setup/systems");
        browser.post_from(&page, "/setup/systems", &[("kind", "pacs"), ("kind", "office-pc")]);
        let page = browser.get("/setup/systems");
        let shown = page.values("shown");
        let mut fields: Vec<(&str, &str)> = shown.iter().map(|id| ("shown", id.as_str())).collect();
        fields.push(("kind", "office-pc"));
        let ask = browser.post_from(&page, "/setup/systems", &fields);
        assert_eq!(ask.status, StatusCode::UNPROCESSABLE_ENTITY);
        ask.says("台帳から削除されます").says("画像（PACS・レントゲン）");
        fields.push(("confirmed", "yes"));
        assert_eq!(browser.post_from(&ask, "/setup/systems", &fields).to(), "/setup/support");
    });
}

#[test]
fn outside_desks_are_offered_with_source_and_taken_unchecked() {
    on_each(|site| {
        let browser = site.director();
        let offer = browser.get("/ledger/contacts/suggestions");
        offer.says("0120-179-066").says("https://med.or.jp/").says("電話番号は確かめられていません");
        let taken = [("party", "jma_emergency"), ("party", "ministry")];
        let answer = browser.post_from(&offer, "/ledger/contacts/suggestions", &taken);
        assert_eq!(answer.to(), "/ledger/contacts");
        let list = browser.get("/ledger/contacts");
        list.says("0120-179-066").says("未確認");
        assert!(!browser.get("/ledger/contacts/suggestions").text.contains("0120-179-066"));
        let path = format!("/ledger/contacts/{}", first_id(&list, "/ledger/contacts"));
        let fields = [
            ("duty", "jma_emergency"),
            ("name", "日本医師会の窓口"),
            ("side", "outside"),
            ("phone", "0120-179-066"),
            ("checked", "yes"),
        ];
        assert_eq!(browser.open_and_post(&path, &fields).to(), "/ledger/contacts");
        browser.get("/ledger/contacts").says("令和8年11月23日");
    });
}

#[test]
fn a_template_goes_in_with_three_taps() {
    on_each(|site| {
        let browser = site.director();
        let page = browser.get("/ledger/templates");
        page.says("使っているシステム（いくつでも）").says("電子カルテ（クラウド）");
        let systems = page.checked("system");
        assert!(systems.iter().any(|kind| kind == "receipt-computer"), "{systems:?}");
        let query = systems.iter().map(|kind| format!("&system={kind}")).collect::<String>();
        let page = browser.get(&format!("/ledger/templates?go=1{query}"));
        page.says("患者情報の区画").says("レセコンの本体").says("守られているとは数えません");
        let nothing = browser.post_from(&page, "/ledger/templates", &[("step", "preview")]);
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        nothing.says("新しく入れるものがありません");

        let mut ticks: Vec<(&str, &str)> = systems.iter().map(|kind| ("system", kind.as_str())).collect();
        let pieces = page.checked("piece");
        ticks.extend(pieces.iter().map(|piece| ("piece", piece.as_str())));
        // A tick for a line whose end is not ticked is told of.
        let sent = [&ticks[..], &[("piece", "line-vpn"), ("piece", "no-such"), ("step", "preview")]].concat();
        let preview = browser.post_from(&page, "/ledger/templates", &sent);
        preview.says("まだ何も変わっていません").says("入りません").says("保守用のVPN");
        let edit = [&ticks[..], &[("step", "edit")]].concat();
        assert_eq!(browser.post_from(&preview, "/ledger/templates", &edit).checked("piece"), pieces);
        let revision = preview.values("revision").remove(0);
        let take = [&ticks[..], &[("revision", revision.as_str()), ("step", "apply")]].concat();
        let taken = browser.post_from(&preview, "/ledger/templates", &take);
        assert_eq!((taken.status, taken.to()), (StatusCode::SEE_OTHER, "/ledger/templates/done"));
        browser.get("/ledger/templates/done").says("/ledger/completeness").says("外とつながる線");

        // The preview was made for a ledger that is no more.
        let stale = browser.post_from(&preview, "/ledger/templates", &take);
        assert_eq!(stale.status, StatusCode::CONFLICT);
        stale.says("台帳が変わりました");
        browser.get("/ledger/templates").says("すべて台帳に入っています").says("すでに台帳にあるもの");
    });
}

#[test]
fn every_page_in_every_language_and_for_lookers() {
    on_each(|site| {
        let paths = [
            "/organisations/new",
            "/organisations/new/association",
            "/institution",
            "/setup/place",
            "/setup/running",
            "/setup/systems",
            "/setup/support",
            "/setup/lines",
            "/setup/people",
            "/setup/summary",
            "/ledger/systems",
            "/ledger/systems/new",
            "/ledger/templates",
            "/ledger/templates?go=1",
            "/ledger/templates/done",
            "/ledger/vendors",
            "/ledger/vendors/new",
            "/ledger/contacts",
            "/ledger/contacts/new",
            "/ledger/contacts/chart",
            "/ledger/contacts/suggestions",
        ];
        for lang in ["ja", "en", "zh"] {
            let browser = site.browser(&site.house.token, lang);
            for path in paths {
                let answer = browser.get(path);
                assert_eq!(answer.status, StatusCode::OK, "{lang} {path}");
                assert!(!answer.text.contains("No localization"), "{lang} {path}");
                assert_eq!(answer.text.matches("<h1").count(), 1, "{lang} {path}");
            }
        }
        let inspector = site.somebody(Role::Inspector);
        for path in paths {
            let status = inspector.get(path).status;
            let reads = ["/ledger/systems", "/ledger/vendors", "/ledger/contacts", "/ledger/contacts/chart"];
            assert_eq!(status == StatusCode::OK, reads.contains(&path), "{path} {status}");
        }
        assert!(!inspector.get("/ledger/contacts").text.contains("/ledger/contacts/new"));
        let foreign = "/ledger/vendors/00000000-0000-7000-8000-000000000000";
        assert_eq!(site.director().get(foreign).status, StatusCode::NOT_FOUND);
        assert_eq!(site.director().get("/ledger/vendors/x").status, StatusCode::NOT_FOUND);
    });
}
