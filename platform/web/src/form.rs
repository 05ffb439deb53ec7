//! What people send.

use crate::{App, Failure, FieldError, Visit};
use axum::body::Bytes;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request};
use serde::Serialize;
use subtle::ConstantTimeEq as _;

/// Our largest form has a few hundred fields; a form of very many would only cost time.
const MAX_FIELDS: usize = 5000;

/// A form with text fields; a field may come several times.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// A form from parts, as a test or another form makes it.
    pub fn new(fields: Vec<(String, String)>) -> Form {
        Form { fields }
    }

    /// Reads a body in the usual encoding.
    pub fn read(body: &[u8]) -> Result<Form, Failure> {
        let mut form = Form::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            form.add(name.into_owned(), &value)?;
        }
        Ok(form)
    }

    fn add(&mut self, name: String, value: &str) -> Result<(), Failure> {
        if self.fields.len() == MAX_FIELDS {
            return Err(Failure::Malformed(format!("more than {MAX_FIELDS} fields")));
        }
        self.fields.push((name, value.chars().filter(|c| is_text(*c)).collect()));
        Ok(())
    }

    /// A body of the API as a form, so that both are read by the same rules: what is left out or null is not sent, yes and
    /// no are `yes` and `no`, a list is a field several times.
    pub fn of(body: &impl Serialize) -> Result<Form, Failure> {
        use serde_json::Value;
        fn texts(value: Value) -> Vec<String> {
            match value {
                Value::Null => Vec::new(),
                Value::Bool(yes) => vec![if yes { "yes" } else { "no" }.to_owned()],
                Value::String(text) => vec![text],
                Value::Array(all) => all.into_iter().flat_map(texts).collect(),
                other => vec![other.to_string()],
            }
        }
        let Value::Object(body) = serde_json::to_value(body).map_err(Failure::internal)? else {
            return Err(Failure::internal("a body is an object"));
        };
        let fields = body.into_iter();
        let fields =
            fields.flat_map(|(name, value)| texts(value).into_iter().map(move |text| (name.clone(), text)));
        Ok(Form { fields: fields.collect() })
    }

    /// The field's text without spaces around it; empty where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The field's text as sent, spaces around it included; for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field, as of checkboxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Every field with its value, in the order of the form.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the field was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// The field as something that can be parsed.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).parse().ok()
    }

    fn tied_to(self, visit: Option<&Visit>) -> Result<Form, Failure> {
        let expected = visit.map(|visit| visit.csrf.as_bytes()).unwrap_or_default();
        let matches: bool = self.raw("csrf").as_bytes().ct_eq(expected).into();
        // Before sign-in there is no session to borrow; the guard's look at the origin has to do.
        if expected.is_empty() || matches { Ok(self) } else { Err(Failure::Forged) }
    }
}

impl FromRequest<App> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &App) -> Result<Self, Failure> {
        let visit = request.extensions().get::<Visit>().cloned();
        if is_multipart(&request) {
            return Upload::from_request(request, state).await.map(|upload| upload.form);
        }
        let body = Bytes::from_request(request, state).await.map_err(rejected)?;
        Form::read(&body)?.tied_to(visit.as_ref())
    }
}

/// A form with files. How much may be sent is the route's body limit.
#[derive(Debug, Default)]
pub struct Upload {
    /// The text fields.
    pub form: Form,
    /// The files, as `(field, name given by the browser, bytes)`; empty choices are left out.
    pub files: Vec<(String, String, Vec<u8>)>,
}

impl FromRequest<App> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &App) -> Result<Self, Failure> {
        let visit = request.extensions().get::<Visit>().cloned();
        let mut parts = Multipart::from_request(request, state).await.map_err(rejected)?;
        let mut upload = Upload::default();
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            count += 1;
            if count > MAX_FIELDS {
                return Err(Failure::Malformed(format!("more than {MAX_FIELDS} parts")));
            }
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let bytes = part.bytes().await.map_err(broken)?;
                    if !(file_name.is_empty() && bytes.is_empty()) {
                        upload.files.push((name, file_name, bytes.to_vec()));
                    }
                }
                None => upload.form.add(name, &part.text().await.map_err(broken)?)?,
            }
        }
        upload.form = upload.form.tied_to(visit.as_ref())?;
        Ok(upload)
    }
}

/// Whether a character is part of a text. Nobody types the others: control characters, which a database may refuse and a terminal
/// obeys, and the marks that turn the direction of what stands after them, with which one word is made to look like another.
pub(crate) fn is_text(c: char) -> bool {
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !turns && (!c.is_control() || matches!(c, '\t' | '\n' | '\r'))
}

fn is_multipart(request: &Request) -> bool {
    request
        .headers()
        .get(axum::http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"))
}

fn rejected(rejection: impl axum::response::IntoResponse + std::fmt::Display) -> Failure {
    let text = rejection.to_string();
    if rejection.into_response().status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Failure::TooLarge
    } else {
        Failure::Malformed(text)
    }
}

fn broken(error: axum::extract::multipart::MultipartError) -> Failure {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Failure::TooLarge
    } else {
        Failure::Malformed(error.body_text())
    }
}

/// The faults of a form, for the fields and for the summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// Notes a fault.
    pub fn add(&mut self, field: &str, message: String) {
        self.0.push(FieldError { field: field.to_owned(), message });
    }

    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Nothing, or a failure with the faults.
    pub fn into_result(self) -> Result<(), Failure> {
        if self.is_empty() { Ok(()) } else { Err(Failure::Invalid(self)) }
    }

    /// The fault of one field; empty where it has none.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|error| error.field == field).map_or("", |error| &error.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_holds_only_what_can_be_typed() {
        let body = "note=%00a%1B%5B31mb%0D%0A%E2%80%AEc%E2%81%A6%09&bad=%FF%ED%A0%80&note=second";
        let form = Form::read(body.as_bytes()).unwrap();
        assert_eq!(form.raw("note"), "a[31mb\r\nc\t", "the first of two");
        assert_eq!(form.all("note").count(), 2);
        assert!(form.raw("bad").chars().all(|c| c == '\u{FFFD}'), "no UTF-8");
    }

    #[test]
    fn a_form_of_very_many_fields_is_not_read() {
        assert!(Form::read("a&".repeat(MAX_FIELDS).as_bytes()).is_ok());
        assert!(matches!(Form::read("a&".repeat(MAX_FIELDS + 1).as_bytes()), Err(Failure::Malformed(_))));
    }
}
