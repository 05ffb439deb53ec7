//! What callers send: strictly read, every fault named.

use super::caller::{Caller, Resource};
use crate::form::is_text;
use crate::{App, Failure, FieldErrors, Lang, t};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Datelike as _, NaiveDate};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Required, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// A JSON body. Types that are read so refuse fields they do not know.
pub struct Json<T>(pub T);

/// The variable parts of a path. What cannot be one names nothing that exists.
pub struct Path<T>(pub T);

/// The query.
pub struct Query<T>(pub T);

/// The version that a change was made to, from the header `If-Match`.
pub struct IfMatch(pub i64);

/// A date that a person can mean: `2026-04-01`, from 1900 to 2200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

/// Which part of a list is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many rows, at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// What `next` of the part before said; leave it out for the first part.
    after: Option<String>,
}

/// Where a part begins, of a list whose parts are as long as they happen to be.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct After {
    /// What `next` of the part before said; leave it out for the first part.
    after: Option<String>,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    items: Vec<T>,
    /// What to send as `after` for the next part; null where this is the last.
    next: Option<String>,
}

impl Paging {
    const MOST: u16 = 100;
    const USUAL: u16 = 50;

    pub(super) fn limit(&self) -> u16 {
        self.limit.unwrap_or(Self::USUAL)
    }

    /// The key after which the part begins.
    pub(super) fn key<K: DeserializeOwned>(&self, lang: Lang) -> Result<Option<K>, Failure> {
        let mut faults = FieldErrors::default();
        if !(1..=Self::MOST).contains(&self.limit()) {
            faults.add("limit", t!(lang, "problem-limit", most = Self::MOST));
        }
        let key = after(lang, self.after.as_deref(), &mut faults);
        faults.into_result().map(|()| key)
    }
}

impl After {
    /// The key after which the part begins.
    pub fn key<K: DeserializeOwned>(&self, lang: Lang) -> Result<Option<K>, Failure> {
        key_of(lang, self.after.as_deref())
    }
}

/// The key after which a part of a list begins, from the parameter `after`.
pub fn key_of<K: DeserializeOwned>(lang: Lang, text: Option<&str>) -> Result<Option<K>, Failure> {
    let mut faults = FieldErrors::default();
    let key = after(lang, text, &mut faults);
    faults.into_result().map(|()| key)
}

/// Reads the text that [`Page::of`] made of a key.
fn after<K: DeserializeOwned>(lang: Lang, text: Option<&str>, faults: &mut FieldErrors) -> Option<K> {
    let bytes = text.map(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let key = bytes.map(|bytes| bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()));
    if matches!(key, Some(None)) {
        faults.add("after", t!(lang, "problem-after"));
    }
    key.flatten()
}

impl<T> Page<T> {
    /// Some rows, and the key of the last where there are more.
    pub fn of(items: Vec<T>, last: Option<impl Serialize>) -> Page<T> {
        let text = |key| serde_json::to_vec(&key).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).ok();
        Page { items, next: last.and_then(text) }
    }

    /// The first `limit` of the rows; there are more where a row is left over.
    pub(super) fn new<K: Serialize>(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Page<T> {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more).map(key);
        Page::of(rows, last)
    }
}

impl<T: Serialize> Resource for Page<T> {}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        let day = day.filter(|day| text.len() == 10 && (1900..=2200).contains(&day.year()));
        day.map(Day).ok_or_else(|| serde::de::Error::custom("expected a date such as 2026-04-01"))
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Date);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Day {}

/// A file in the document: the body is its bytes, as they are.
pub struct FileBytes;

impl PartialSchema for FileBytes {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for FileBytes {}

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &App) -> Result<Self, Failure> {
        let lang = lang(request.extensions());
        if !is_json(request.headers()) {
            return Err(Failure::MediaType);
        }
        let body = Bytes::from_request(request, state).await.map_err(Failure::internal)?;
        read(lang, &body).map(Json)
    }
}

/// Reads a body; every fault says where it is.
fn read<T: DeserializeOwned>(lang: Lang, body: &[u8]) -> Result<T, Failure> {
    let mut source = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let (path, inner) = (error.path().to_string(), error.inner());
        if inner.is_data() { invalid(lang, &path, inner) } else { Failure::Malformed(inner.to_string()) }
    })?;
    source.end().map_err(|error| Failure::Malformed(error.to_string()))?;
    // What a form leaves out of a text is refused here: a program is told, where a person is helped.
    let parsed: serde_json::Value = serde_json::from_slice(body).map_err(Failure::internal)?;
    match untyped(&parsed) {
        None => Ok(value),
        Some(path) => {
            let mut faults = FieldErrors::default();
            faults.add(&path, t!(lang, "problem-character"));
            Err(Failure::Invalid(faults))
        }
    }
}

/// Where a text holds a character that nobody types.
fn untyped(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    let inside = |name: String, value: &Value| {
        untyped(value).map(|rest| [name, rest].join(".").trim_end_matches('.').to_owned())
    };
    match value {
        Value::String(text) => (!text.chars().all(is_text)).then(String::new),
        Value::Array(all) => all.iter().enumerate().find_map(|(at, value)| inside(at.to_string(), value)),
        Value::Object(all) => all.iter().find_map(|(name, value)| inside(name.clone(), value)),
        _ => None,
    }
}

/// The parameter of a query that holds a character that nobody types.
fn untyped_in(query: &str) -> Option<String> {
    let typed = |text: &str| text.chars().all(is_text);
    let (name, _) =
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, value)| !(typed(name) && typed(value)))?;
    Some(name.chars().filter(|c| is_text(*c)).collect())
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Failure> {
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(value)| Path(value)).map_err(|_| Failure::NotFound)
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let lang = lang(&parts.extensions);
        let query = parts.uri.query().unwrap_or_default();
        if let Some(name) = untyped_in(query) {
            let mut faults = FieldErrors::default();
            faults.add(&name, t!(lang, "problem-character"));
            return Err(Failure::Invalid(faults));
        }
        let pairs = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(pairs)
            .map(Query)
            .map_err(|error| invalid(lang, &error.path().to_string(), error.inner()))
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let value = parts.headers.get(IF_MATCH).ok_or(Failure::Unconditional)?;
        let tag = value.to_str().unwrap_or_default().trim();
        match version(tag) {
            Some(version) => Ok(IfMatch(version)),
            None => Err(Failure::Malformed("If-Match: one ETag, in its quotation marks".to_owned())),
        }
    }
}

/// The version that a tag names. A tag that is none of ours is like one of a version that never was; what is no tag at all
/// is a slip of whoever wrote the program.
fn version(tag: &str) -> Option<i64> {
    const NONE: i64 = -1;
    let (weak, strong) = tag.strip_prefix("W/").map_or((false, tag), |rest| (true, rest));
    let Some(inside) = strong.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return (tag == "*").then_some(NONE);
    };
    let plain = inside.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    let number = inside.parse::<u32>().ok().filter(|_| !weak);
    plain.then(|| number.map_or(NONE, i64::from))
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let tag = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r#"^(\*|(W/)?"[!#-~]*")$"#));
        vec![
            ParameterBuilder::new()
                .name("If-Match")
                .parameter_in(ParameterIn::Header)
                .required(Required::True)
                .description(Some("The `ETag` of what the change is made to"))
                .schema(Some(tag))
                .build(),
        ]
    }
}

fn invalid(lang: Lang, path: &str, why: &impl ToString) -> Failure {
    let mut faults = FieldErrors::default();
    faults.add(path, t!(lang, "problem-shape", why = why.to_string()));
    Failure::Invalid(faults)
}

fn lang(extensions: &axum::http::Extensions) -> Lang {
    extensions.get::<Caller>().map(|caller| caller.lang).unwrap_or_default()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Body {
        name: String,
        inside: Option<Vec<Body>>,
    }

    #[test]
    fn a_query_holds_what_people_type() {
        for (query, fault) in [
            ("", None),
            ("what=%E5%86%99%E7%9C%9F&name=a+b%0A", None),
            ("what=a&taken_by=a%00b", Some("taken_by")),
            ("na%00me=a", Some("name")),
            ("name=%E2%80%AEtxt.exe", Some("name")),
        ] {
            assert_eq!(untyped_in(query).as_deref(), fault, "{query}");
        }
    }

    #[test]
    fn a_body_is_read_or_its_fault_is_named() {
        let fault = |body: &str| match read::<Body>(Lang::En, body.as_bytes()) {
            Ok(_) => "none".to_owned(),
            Err(Failure::Malformed(_)) => "malformed".to_owned(),
            Err(Failure::Invalid(faults)) => faults.0[0].field.clone(),
            Err(other) => panic!("{other}"),
        };
        for (body, expected) in [
            (r#"{"name":"a"}"#, "none"),
            (r#"{"name":"a","inside":[{"name":"b"}]}"#, "none"),
            (r#"{"name":"a \\u0000"}"#, "none"),
            (r#"{"name":"a"} x"#, "malformed"),
            (r#"{"name":"a""#, "malformed"),
            ("", "malformed"),
            (r#"{"name":"a","nmae":"b"}"#, "nmae"),
            (r#"{"name":"a","name":"b"}"#, "."),
            (r#"{"inside":[{"name":1}],"name":"a"}"#, "inside[0].name"),
            (r#"{"name":"a\u0000"}"#, "name"),
            (r#"{"name":"a","inside":[{"name":"\u0000"}]}"#, "inside.0.name"),
            (r#"{"name":"a\tb\r\nc"}"#, "none"),
            (r#"{"name":"a\u001b[31m"}"#, "name"),
            ("{\"name\":\"a\u{202e}\"}", "name"),
        ] {
            assert_eq!(fault(body), expected, "{body}");
        }
    }

    #[test]
    fn a_tag_names_a_version_or_none_or_is_no_tag() {
        for (tag, expected) in [
            ("\"7\"", Some(7)),
            ("\"x\"", Some(-1)),
            ("\"\"", Some(-1)),
            ("W/\"7\"", Some(-1)),
            ("*", Some(-1)),
            ("\"99999999999\"", Some(-1)),
            ("7", None),
            ("", None),
            ("\"", None),
            ("\"7", None),
            ("W/7", None),
            ("\"1\", \"2\"", None),
        ] {
            assert_eq!(version(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_list_is_read_in_parts() {
        let page = |rows: std::ops::Range<i64>, limit| Page::new(rows.collect(), limit, |row| (*row, 'x'));
        assert_eq!(page(0..3, 3).next, None);
        let first = page(0..4, 3);
        assert_eq!(first.items, [0, 1, 2]);
        let paging = |limit, after: &str| Paging { limit, after: Some(after.to_owned()) };
        let next = paging(None, &first.next.unwrap());
        assert_eq!(next.key::<(i64, char)>(Lang::Ja).unwrap(), Some((2, 'x')));
        for (wrong, fields) in [
            (paging(Some(0), ""), vec!["limit", "after"]),
            (paging(Some(101), "bnVsbA"), vec!["limit", "after"]),
            (paging(Some(1), "%"), vec!["after"]),
        ] {
            let Err(Failure::Invalid(faults)) = wrong.key::<(i64, char)>(Lang::Ja) else { panic!() };
            assert_eq!(faults.0.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), fields);
        }
    }
}
