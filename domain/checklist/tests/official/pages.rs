//! The whole way through the pages, as a browser without scripts goes it.

use crate::world::{STRANGE, TITLE, World, cell, workbook};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use calamine::DataType as _;
use komainu_access::{Permission, Role};
use komainu_checklist::actions::{OpenRound, round_open};
use komainu_checklist::official::pages;
use komainu_db::testing::each_database;
use komainu_web::{App, Audience, Settings, get, post, router};
use tower::ServiceExt as _;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn app(world: &World) -> Router {
    let app = App::new(
        world.db.clone(),
        world.nature.clone(),
        world.catalog.clone(),
        world.files.clone(),
        Settings::default(),
    );
    let manage = Audience::May(Permission::OfficialFormManage);
    let routes = vec![
        get(
            "/checklist/{year}",
            Audience::May(Permission::ChecklistRead),
            komainu_checklist::pages::overview_of_year,
        ),
        get("/official", manage, pages::forms),
        post("/official", manage, pages::load.layer(DefaultBodyLimit::max(pages::UPLOAD_BODY))),
        get("/official/{year}/{form}", manage, pages::form),
        post("/official/{year}/{form}", manage, pages::form_choose),
        post("/official/{year}/{form}/remove", manage, pages::form_remove),
        get("/official/{year}/{form}/own", Audience::May(Permission::ChecklistRead), pages::own),
        post(
            "/official/{year}/{form}/own/{row}",
            Audience::May(Permission::ChecklistAnswer),
            pages::own_save,
        ),
        get("/official/{year}/{form}/filled", Audience::May(Permission::PackMake), pages::filled),
        get("/official/{year}/{form}/filled/file", Audience::May(Permission::PackMake), pages::filled_file),
    ];
    router(&app, routes)
}

struct Browser {
    router: Router,
    cookie: String,
}

impl Browser {
    async fn send(&self, request: Request<Body>) -> (StatusCode, Vec<u8>, Response<()>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        (parts.status, bytes, Response::from_parts(parts, ()))
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let (status, bytes, _) = self.send(self.request("GET", path).body(Body::empty()).unwrap()).await;
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn csrf(&self) -> String {
        field(&self.get("/official").await.1, "csrf")
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let csrf = self.csrf().await;
        let encode = |text: &str| text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02X}"));
        let body: Vec<String> = [("csrf", csrf.as_str())]
            .iter()
            .chain(fields)
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        let request = self
            .request("POST", path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap();
        let (status, bytes, response) = self.send(request).await;
        let to = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (status, to.unwrap_or_default(), String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Sends the form of `/official`, with a file or with what waits.
    async fn load(&self, fields: &[(&str, &str)], file: Option<&[u8]>) -> (StatusCode, String, String) {
        let csrf = self.csrf().await;
        let mut body = Vec::new();
        for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
            let part = format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        if let Some(bytes) = file {
            let head = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"form.xlsx\"";
            body.extend_from_slice(format!("{head}\r\ncontent-type: {XLSX}\r\n\r\n").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        let request = self
            .request("POST", "/official")
            .header("content-type", "multipart/form-data; boundary=x")
            .body(Body::from(body))
            .unwrap();
        let (status, bytes, response) = self.send(request).await;
        let to = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (status, to.unwrap_or_default(), String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The value of a hidden field.
fn field(html: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = html.split(&mark).nth(1).unwrap_or_else(|| panic!("no field {name} in {html}"));
    rest.split('"').next().unwrap().to_owned()
}

fn run(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work);
}

#[test]
fn from_the_file_to_the_filled_file_without_scripts() {
    each_database(|db| {
        let world = World::new(db);
        let manager = world.person(world.here, "安全管理責任者", Role::SafetyManager);
        let input = OpenRound { fiscal_year: 2026, vendor: None, carry: false };
        assert!(world.db.write(|tx| round_open(tx, &world.nature, &manager, &world.catalog, input)).is_ok());
        let browser = Browser { router: app(&world), cookie: world.sign_in(&manager) };
        let file = workbook(&world.catalog, TITLE);
        run(async move {
            let (status, to, _) = browser.load(&[], Some(&file)).await;
            assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/official/2026/institution_pharmacy"));
            let (status, page) = browser.get(&to).await;
            assert_eq!(status, StatusCode::OK);
            assert!(
                page.contains("ほぼ確実") && page.contains("知らない項目") && page.contains("番号が同じ")
            );
            assert!(!page.contains(" style=") && !page.contains("onclick"), "the strict policy holds");

            // Loading it once more asks before it replaces, and does not ask for the file again.
            let (status, _, page) = browser.load(&[], Some(&file)).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            let fields: Vec<(&str, String)> = ["digest", "file_name", "replaces", "year", "variant"]
                .map(|name| (name, field(&page, name)))
                .to_vec();
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(browser.load(&fields, None).await.0, StatusCode::SEE_OTHER);

            let confirm = [("go", "confirm"), ("version", "2")];
            assert_eq!(browser.post(&to, &confirm).await.0, StatusCode::SEE_OTHER);
            let (status, _, page) =
                browser.post(&to, &[("go", "confirm"), ("version", "1"), ("row1", "none")]).await;
            assert_eq!(status, StatusCode::CONFLICT);
            assert!(page.contains("別の人が先に変更しました") && page.contains("今の登録："));

            let own = format!("{to}/own");
            let (_, round) = browser.get("/checklist/2026").await;
            assert!(round.contains(STRANGE) && round.contains(&own), "the row stands below ours");
            assert!(round.contains(&format!("{to}/filled")) && round.contains("href=\"/official\""));
            let (_, page) = browser.get(&own).await;
            let action = page.split("action=\"").find(|rest| rest.contains("/own/official.")).unwrap();
            let action = action.split('"').next().unwrap().to_owned();
            let answer =
                [("answer", "no"), ("checked1", "2026-06-15"), ("target", "2031-01-01"), ("note", "まだ")];
            let (status, _, page) = browser.post(&action, &answer).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.contains("この年度の中") && page.contains("まだ"), "typed text stays");
            let answer = [("answer", "no"), ("checked1", "令和8年6月15日"), ("target", "2027-01-31")];
            assert_eq!(browser.post(&action, &answer).await.0, StatusCode::SEE_OTHER);
            let (status, _, page) = browser.post(&action, &[("answer", "yes"), ("version", "0")]).await;
            assert_eq!(status, StatusCode::CONFLICT);
            assert!(page.contains("別の人が先に書きました"));

            let (status, page) = browser.get(&format!("{to}/filled")).await;
            assert_eq!(status, StatusCode::OK);
            assert!(page.contains("すべての答えを書き込めます"), "{page}");
            let request = browser.request("GET", &format!("{to}/filled/file")).body(Body::empty()).unwrap();
            let (status, bytes, response) = browser.send(request).await;
            assert_eq!(
                (status, response.headers()["content-type"].to_str().unwrap()),
                (StatusCode::OK, XLSX)
            );
            assert_eq!(cell(&bytes, 1, 1).get_string(), Some("みなと病院"));

            assert_eq!(
                browser.post(&format!("{to}/remove"), &[("version", "3")]).await.0,
                StatusCode::SEE_OTHER
            );
            assert_eq!(browser.get(&to).await.0, StatusCode::NOT_FOUND);
        });
    });
}

#[test]
fn strange_files_are_refused_in_words_and_the_year_is_asked_where_it_is_not_said() {
    each_database(|db| {
        let world = World::new(db);
        let manager = world.person(world.here, "院長", Role::Director);
        let browser = Browser { router: app(&world), cookie: world.sign_in(&manager) };
        let nameless = workbook(&world.catalog, "チェックリスト");
        run(async move {
            let large = vec![b'a'; komainu_workbook::MAX_FILE_BYTES + 1];
            for (bytes, words) in [
                (&b"a,b\n1,2\n"[..], "Excelファイルではなく"),
                (b"%PDF-1.7\n", "PDF"),
                (b"", "ファイルの中身が空です"),
                (&large, "20 MB より大きい"),
            ] {
                let (status, _, page) = browser.load(&[], Some(bytes)).await;
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
                assert!(page.contains(words) && page.contains("name=\"file\""), "{words}: {page}");
            }
            let (status, _, page) = browser.load(&[], None).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.contains("ファイルが選ばれていません"));
            let (status, _, page) = browser.load(&[], Some(&nameless)).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            let (digest, name) = (field(&page, "digest"), field(&page, "file_name"));
            let said = [
                ("digest", digest.as_str()),
                ("file_name", name.as_str()),
                ("year", "2026"),
                ("variant", "institution_pharmacy"),
            ];
            let (status, to, _) = browser.load(&said, None).await;
            assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/official/2026/institution_pharmacy"));
            let unknown = "0".repeat(64);
            let said = [("digest", unknown.as_str()), ("year", "2026"), ("variant", "institution_pharmacy")];
            assert_eq!(browser.load(&said, None).await.0, StatusCode::NOT_FOUND);
        });
    });
}
