//! A person's browser in front of the program's own routes: keeps its cookies and sends the forms it finds.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode};
use komainu_web::App;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// What came back.
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
}

impl Answered {
    /// Where it leads to.
    #[track_caller]
    pub fn to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[LOCATION].to_str().unwrap()
    }

    #[track_caller]
    pub fn ok(self) -> Answered {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The value of the first field of this name; empty where there is none.
    pub fn value(&self, name: &str) -> String {
        self.values(name).into_iter().next().unwrap_or_default()
    }

    /// The values of all fields of this name.
    pub fn values(&self, name: &str) -> Vec<String> {
        self.fields(name).into_iter().map(|(value, _)| value).collect()
    }

    /// The values of the boxes of this name that are ticked.
    pub fn checked(&self, name: &str) -> Vec<String> {
        let fields = self.fields(name).into_iter();
        fields.filter(|(_, checked)| *checked).map(|(value, _)| value).collect()
    }

    fn fields(&self, name: &str) -> Vec<(String, bool)> {
        let mark = format!("name=\"{name}\"");
        let fields = self.text.split(&mark).skip(1);
        fields
            .filter_map(|rest| {
                let field = rest.split('>').next()?;
                let value = field.split_once("value=\"")?.1.split('"').next()?.to_owned();
                Some((value, field.ends_with(" checked")))
            })
            .collect()
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Answered {
        assert!(self.text.contains(words), "{} does not say {words}:\n{}", self.status, self.text);
        self
    }
}

/// A browser.
pub struct Browser {
    router: Router,
    runtime: Arc<Runtime>,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    /// One that has never been here.
    pub fn new(app: &App) -> Browser {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Browser {
            router: komainu::router::router(app),
            runtime: Arc::new(runtime),
            cookies: RefCell::default(),
        }
    }

    /// The same with a cookie.
    pub fn with(self, name: &str, value: &str) -> Browser {
        self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn get(&self, path: &str) -> Answered {
        self.send(self.request("GET", path), Vec::new())
    }

    /// Sends a form with the token of a page that was just opened.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        self.send(self.form(path), self.encoded(fields))
    }

    /// Sends a form from a page that was opened before, with the token and version found there.
    pub fn post_from(&self, page: &Answered, path: &str, fields: &[(&str, &str)]) -> Answered {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &page.value("csrf")).append_pair("version", &page.value("version"));
        self.send(self.form(path), body.extend_pairs(fields).finish().into_bytes())
    }

    /// Opens the page at `path` and sends its form.
    pub fn open_and_post(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        self.post_from(&self.get(path), path, fields)
    }

    /// Sends a form as our script does while somebody types.
    pub fn autosave(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let request = self.form(path).header("x-komainu-fragment", "autosave").header("idempotency-key", "k");
        self.send(request, self.encoded(fields))
    }

    /// Asks for a part of a page as our script does.
    pub fn fragment(&self, path: &str) -> Answered {
        self.send(self.request("GET", path).header("x-komainu-fragment", "poll"), Vec::new())
    }

    /// Sends a form with a file, by our script or without.
    pub fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
        script: bool,
    ) -> Answered {
        let csrf = self.csrf();
        let mut body = Vec::new();
        for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
            let part = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        if let Some((name, bytes)) = file {
            let head =
                format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"Content-Type: text/html\r\n\r\n");
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        let mut request = self.request("POST", path).header(CONTENT_TYPE, "multipart/form-data; boundary=x");
        if script {
            request = request.header("x-komainu-fragment", "upload");
        }
        self.send(request, body)
    }

    fn form(&self, path: &str) -> Builder {
        self.request("POST", path).header(CONTENT_TYPE, "application/x-www-form-urlencoded")
    }

    fn request(&self, method: &str, path: &str) -> Builder {
        let cookies = self.cookies.borrow();
        let cookies: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, cookies.join("; "))
    }

    /// The token that ties forms to the session; empty without one.
    fn csrf(&self) -> String {
        if self.cookies.borrow().contains_key("komainu-session") {
            self.get("/account").value("csrf")
        } else {
            String::new()
        }
    }

    fn encoded(&self, fields: &[(&str, &str)]) -> Vec<u8> {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &self.csrf()).extend_pairs(fields);
        body.finish().into_bytes()
    }

    fn send(&self, request: Builder, body: Vec<u8>) -> Answered {
        let request = request.body(Body::from(body)).unwrap();
        let router = self.router.clone();
        let (status, headers, bytes) = self.runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
        });
        for cookie in headers.get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            match rest.split(';').next().unwrap_or_default() {
                "" => self.cookies.borrow_mut().remove(name),
                value => self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned()),
            };
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answered { status, headers, bytes, text }
    }
}
