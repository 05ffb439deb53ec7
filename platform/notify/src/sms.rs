//! Text messages by a gateway that is asked over HTTP.
//!
//! Gateways have no form in common. So whoever runs the installation describes theirs: where it is asked, how, with which
//! words, and what its yes looks like. `{to}`, `{text}` and `{key}` stand in address and body for what differs from message to
//! message; each is written there as the place wants it, so that no word of a message becomes a part of the request.

use crate::asked::{Entry, PATIENCE, ask, said, told};
use crate::outbound::Call;
use crate::provider::{kept, lines};
use crate::{Medium, NotSent, Note, Outbound, Provider, Roots, allowed_url};
use chrono::{DateTime, Utc};
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;
use std::str::FromStr;
use thiserror::Error;
use url::Url;
use zeroize::Zeroizing;

/// How much of an answer is read, in bytes: a gateway says in a line what is wrong.
const READS: usize = 4 * 1024;
/// The digits at a number's end that are the same however the number is written.
const ALIKE: usize = 8;
/// Japan's code in international numbers (ITU-T E.164), and what stands for it at home.
const JAPAN: (&str, &str) = ("+81", "0");
/// Headers that the request has by itself.
const OURS: [&str; 5] = ["host", "connection", "content-length", "content-type", "transfer-encoding"];

/// Digits of a telephone number, a plus before them where the country is named; none where it is no number.
pub(crate) fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let (plus, rest) = text.strip_prefix('+').map_or(("", text), |rest| ("+", rest));
    if rest.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' ' | '(' | ')' | '.')) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    // E.164 allows 15 digits; no number that takes messages has fewer than 8.
    (8..=15).contains(&digits.len()).then(|| plus.to_owned() + &digits)
}

/// How a gateway is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// By an address with everything in it.
    Get,
    /// By a body.
    #[default]
    Post,
    /// By a body, where a gateway wants it so.
    Put,
}

impl FromStr for Method {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        match code {
            "get" => Ok(Method::Get),
            "post" => Ok(Method::Post),
            "put" => Ok(Method::Put),
            _ => Err(()),
        }
    }
}

/// How a gateway wants numbers to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// As they were entered.
    #[default]
    Entered,
    /// As at home in Japan: with a 0 and not the country.
    National,
    /// With a plus and the country.
    International,
    /// With the country, without the plus.
    Country,
}

impl FromStr for Numbers {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        match code {
            "entered" => Ok(Numbers::Entered),
            "national" => Ok(Numbers::National),
            "international" => Ok(Numbers::International),
            "country" => Ok(Numbers::Country),
            _ => Err(()),
        }
    }
}

impl Numbers {
    /// A number as it is wanted. One that names no country is a Japanese one.
    fn written(self, number: &str) -> String {
        let (code, home) = JAPAN;
        let abroad =
            || number.strip_prefix(home).map_or_else(|| number.to_owned(), |rest| code.to_owned() + rest);
        match self {
            Numbers::Entered => number.to_owned(),
            Numbers::National => {
                number.strip_prefix(code).map_or_else(|| number.to_owned(), |rest| home.to_owned() + rest)
            }
            Numbers::International => abroad(),
            Numbers::Country => abroad().trim_start_matches('+').to_owned(),
        }
    }
}

/// How a gateway is asked, as whoever runs the installation describes it.
#[derive(Clone)]
pub struct SmsForm {
    /// Where; `{to}`, `{text}` and `{key}` may stand behind the host.
    pub url: String,
    /// How.
    pub method: Method,
    /// What the body is.
    pub content_type: String,
    /// The body, with `{to}`, `{text}` and `{key}` in it.
    pub body: String,
    /// What stands in an answer that says yes, where not every answer of success does.
    pub accepted: Option<String>,
    /// How numbers are written.
    pub numbers: Numbers,
    /// Longest text, in characters.
    pub longest: usize,
}

/// A gateway's description does not hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SmsFault {
    /// The address is none, or none that may be asked.
    #[error("an address is like https://sms.example.jp/send; what is filled in stands behind the host only")]
    Url,
    /// It is not known how words are written in a body of this kind.
    #[error("it is application/json, application/x-www-form-urlencoded or text/xml")]
    ContentType,
    /// A body is missing, or the message is nowhere in it.
    #[error("{{to}} and {{text}} stand in the body, or with the method get in the address")]
    Incomplete,
    /// The body would be no JSON.
    #[error("it is no JSON once it is filled")]
    Json,
    /// A line is no header, or one that the request has by itself.
    #[error("line {0} is not like `Authorization: …`, or names a header that is set already")]
    Header(usize),
    /// There must be room for an address.
    #[error("a text has 70 to 2000 characters")]
    Longest,
}

impl SmsForm {
    /// Looks whether a message can be made by it.
    pub fn check(&self) -> Result<(), SmsFault> {
        let sample = Filling { to: "+810000000000", text: "\"<&>\" {text}", key: "0" };
        let host = self.url.find("://").map_or(0, |at| at + "://".len());
        let behind = self.url[host..].find(['/', '?']).map_or(self.url.len(), |at| host + at);
        if self.url[..behind].contains('{') || allowed_url(&sample.fill(&self.url, Writing::Address)).is_err()
        {
            return Err(SmsFault::Url);
        }
        let writing = self.writing()?;
        let named = |name: &str| self.url.contains(name) || self.body.contains(name);
        if (self.method == Method::Get) != self.body.is_empty() || !named("{to}") || !named("{text}") {
            return Err(SmsFault::Incomplete);
        }
        let filled = sample.fill(&self.body, writing);
        if writing == Writing::Json
            && self.method != Method::Get
            && serde_json::from_str::<Value>(&filled).is_err()
        {
            return Err(SmsFault::Json);
        }
        if (70..=2_000).contains(&self.longest) { Ok(()) } else { Err(SmsFault::Longest) }
    }

    /// How words are written in the body.
    fn writing(&self) -> Result<Writing, SmsFault> {
        let kind = self.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let fits = HeaderValue::from_str(&self.content_type).is_ok();
        match kind.as_str() {
            "application/json" if fits => Ok(Writing::Json),
            "application/x-www-form-urlencoded" if fits => Ok(Writing::Address),
            "text/xml" | "application/xml" if fits => Ok(Writing::Xml),
            _ => Err(SmsFault::ContentType),
        }
    }
}

/// How a word is written where it is filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// In an address, or in a form.
    Address,
    /// In a JSON text, between its marks.
    Json,
    /// In XML.
    Xml,
}

impl Writing {
    fn written(self, word: &str) -> String {
        match self {
            Writing::Address => word
                .bytes()
                .map(|byte| match byte {
                    b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                        char::from(byte).to_string()
                    }
                    other => format!("%{other:02X}"),
                })
                .collect(),
            Writing::Json => {
                let quoted = Value::from(word).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            Writing::Xml => word
                .chars()
                .map(|c| match c {
                    '&' => "&amp;".to_owned(),
                    '<' => "&lt;".to_owned(),
                    '>' => "&gt;".to_owned(),
                    '"' => "&quot;".to_owned(),
                    '\'' => "&apos;".to_owned(),
                    other => other.to_string(),
                })
                .collect(),
        }
    }
}

/// What is filled in.
struct Filling<'a> {
    to: &'a str,
    text: &'a str,
    key: &'a str,
}

impl Filling<'_> {
    /// The template with everything in its place. What was filled in is not looked at again.
    fn fill(&self, template: &str, writing: Writing) -> String {
        let words = [("{to}", self.to), ("{text}", self.text), ("{key}", self.key)];
        let (mut filled, mut rest) = (String::new(), template);
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            let found = words.iter().find_map(|(name, word)| Some((rest.strip_prefix(*name)?, word)));
            if let Some((behind, word)) = found {
                filled.push_str(&writing.written(word));
                rest = behind;
            } else {
                filled.push('{');
                rest = &rest[1..];
            }
        }
        filled + rest
    }
}

/// Hands text messages to a gateway. Whoever runs the installation named it, so it may stand inside the house; but not
/// unencrypted, unless on this very computer.
#[derive(Clone)]
pub struct SmsWay {
    out: Outbound,
    form: SmsForm,
    writing: Writing,
    headers: Vec<(String, Zeroizing<String>)>,
}

impl SmsWay {
    /// The way by a gateway. Each line of `headers` is one, such as `Authorization: Bearer …`.
    pub fn new(form: &SmsForm, headers: &str, roots: &Roots) -> Result<SmsWay, SmsFault> {
        form.check()?;
        let lines = headers.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let headers = lines.map(|(at, line)| header(line).ok_or(SmsFault::Header(at + 1)));
        Ok(SmsWay {
            out: Outbound::anywhere(roots),
            form: form.clone(),
            writing: form.writing()?,
            headers: headers.collect::<Result<_, _>>()?,
        })
    }
}

/// A header's name and what it says.
fn header(line: &str) -> Option<(String, Zeroizing<String>)> {
    let (name, value) = line.split_once(':')?;
    let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
    let fits = HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok();
    (fits && !value.is_empty() && !OURS.contains(&name.as_str()))
        .then(|| (name, Zeroizing::new(value.to_owned())))
}

/// The message in lines, without signs that no telephone shows.
fn text(note: &Note, most: usize) -> String {
    lines(note, most).chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

impl Provider for SmsWay {
    fn medium(&self) -> Medium {
        Medium::Sms
    }

    fn send(&self, to: &str, note: &Note, _: DateTime<Utc>) -> Result<String, NotSent> {
        let number = digits(to).ok_or_else(|| NotSent::Refused("not a telephone number".to_owned()))?;
        let number = self.form.numbers.written(&number);
        let (text, key) = (text(note, self.form.longest), note.key.to_string());
        let filling = Filling { to: &number, text: &text, key: &key };
        // Longer than an address of a setting may be, as a message can stand in it.
        let url = Url::parse(&filling.fill(&self.form.url, Writing::Address))
            .map_err(|_| NotSent::Unreachable("address not allowed".to_owned()))?;
        let method = match self.form.method {
            Method::Get => hyper::Method::GET,
            Method::Post => hyper::Method::POST,
            Method::Put => hyper::Method::PUT,
        };
        let given = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kind = Some(("content-type", self.form.content_type.as_str()));
        let headers: Vec<(&str, &str)> =
            given.chain(kind.filter(|_| self.form.method != Method::Get)).collect();
        let body = filling.fill(&self.form.body, self.writing).into_bytes();
        let call = Call { method, url: &url, headers: &headers, body, reads: READS, patience: PATIENCE };
        let safe = |words: &str| kept(&hidden(words, &number, &note.url), "");
        let answer = ask(&self.out, call, Entry::Ours).map_err(|not_sent| not_sent.map(safe))?;
        match &self.form.accepted {
            // It says in its own words that it did not take it; whether for the number's sake nobody can tell.
            Some(word) if !String::from_utf8_lossy(&answer.body).contains(word.as_str()) => {
                Err(NotSent::Unreachable(safe(&told(&answer))))
            }
            _ => Ok(said(answer.status)),
        }
    }
}

/// What a gateway said, without the number, in whatever form it says it, and without the page's address.
fn hidden(words: &str, number: &str, url: &str) -> String {
    let tail = &number[number.len().saturating_sub(ALIKE)..];
    let words = words.replace(number, "…").replace(tail, "…");
    if url.is_empty() { words } else { words.replace(url, "…") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> SmsForm {
        SmsForm {
            url: "https://sms.example.jp/send".to_owned(),
            method: Method::Post,
            content_type: "application/json".to_owned(),
            body: r#"{"to":"{to}","text":"{text}","id":"{key}"}"#.to_owned(),
            accepted: None,
            numbers: Numbers::Entered,
            longest: 200,
        }
    }

    #[test]
    fn a_number_is_written_as_the_gateway_wants_it() {
        use Numbers::{Country, Entered, International, National};
        for (entered, entered_as, national, international, country) in [
            ("090-0000-0000", "09000000000", "09000000000", "+819000000000", "819000000000"),
            ("+81 90 0000 0000", "+819000000000", "09000000000", "+819000000000", "819000000000"),
            ("+44 7000 000000", "+447000000000", "+447000000000", "+447000000000", "447000000000"),
        ] {
            let number = digits(entered).unwrap();
            let all = [Entered, National, International, Country].map(|numbers| numbers.written(&number));
            assert_eq!(all, [entered_as, national, international, country], "{entered}");
        }
        for no_number in ["", "090", "soumu@example.jp", "0900000000000000", "090-0000-000x", "+"] {
            assert_eq!(digits(no_number), None, "{no_number}");
        }
    }

    #[test]
    fn no_word_of_a_message_becomes_a_part_of_the_request() {
        let filling = Filling { to: "+81 9", text: "\"}, \"to\": <a&b> {key}\n'院", key: "k" };
        for (writing, template, expected) in [
            (
                Writing::Json,
                r#"{"a":{"to":"{to}"},"text":"{text}","{other}":"{key}"}"#,
                "{\"a\":{\"to\":\"+81 9\"},\"text\":\"\\\"}, \\\"to\\\": <a&b> {key}\\n'院\",\"{other}\":\"k\"}",
            ),
            (
                Writing::Address,
                "to={to}&text={text}&id={key}",
                "to=%2B81%209&text=%22%7D%2C%20%22to%22%3A%20%3Ca%26b%3E%20%7Bkey%7D%0A%27%E9%99%A2&id=k",
            ),
            (
                Writing::Xml,
                "<sms to=\"{to}\">{text}</sms>",
                "<sms to=\"+81 9\">&quot;}, &quot;to&quot;: &lt;a&amp;b&gt; {key}\n&apos;院</sms>",
            ),
        ] {
            assert_eq!(filling.fill(template, writing), expected);
        }
    }

    #[test]
    fn a_description_holds_together_or_says_why_not() {
        assert_eq!(form().check(), Ok(()));
        let get = SmsForm {
            url: "https://sms.example.jp/send?to={to}&text={text}".to_owned(),
            method: Method::Get,
            body: String::new(),
            ..form()
        };
        assert_eq!(get.check(), Ok(()));
        let changed = |change: fn(&mut SmsForm)| {
            let mut form = form();
            change(&mut form);
            form.check().err()
        };
        for (fault, expected) in [
            (changed(|f| f.url = "sms.example.jp".to_owned()), Some(SmsFault::Url)),
            (changed(|f| f.url = "http://sms.example.jp/".to_owned()), Some(SmsFault::Url)),
            (changed(|f| f.url = "https://{to}.example.jp/".to_owned()), Some(SmsFault::Url)),
            (changed(|f| f.url = "http://127.0.0.1:9000/".to_owned()), None),
            (changed(|f| f.content_type = "text/plain".to_owned()), Some(SmsFault::ContentType)),
            (
                changed(|f| f.content_type = "application/json\r\nx: y".to_owned()),
                Some(SmsFault::ContentType),
            ),
            (changed(|f| f.content_type = "application/json; charset=utf-8".to_owned()), None),
            (changed(|f| f.body = String::new()), Some(SmsFault::Incomplete)),
            (changed(|f| f.body = r#"{"to":"{to}"}"#.to_owned()), Some(SmsFault::Incomplete)),
            (changed(|f| f.body = r#"{"to":{to},"text":"{text}"}"#.to_owned()), Some(SmsFault::Json)),
            (changed(|f| f.method = Method::Get), Some(SmsFault::Incomplete)),
            (changed(|f| f.longest = 20), Some(SmsFault::Longest)),
        ] {
            assert_eq!(fault, expected);
        }
    }

    #[test]
    fn headers_are_lines_and_none_is_set_twice() {
        let new =
            |headers: &str| SmsWay::new(&form(), headers, &Roots::default()).map(|way| way.headers.len());
        assert_eq!(new(""), Ok(0));
        assert_eq!(new("Authorization: Bearer s3cret\n\nX-Account: 12\n"), Ok(2));
        for (headers, line) in [
            ("s3cret", 1),
            ("Authorization:", 1),
            ("X-Account: 12\nContent-Type: text/plain", 2),
            ("Host: elsewhere.example", 1),
            ("Bad Name: x", 1),
        ] {
            assert_eq!(new(headers), Err(SmsFault::Header(line)), "{headers}");
        }
    }

    #[test]
    fn what_a_gateway_said_is_kept_without_number_and_address() {
        let said = "HTTP 400 invalid: 09000001234 (+819000001234) https://komainu.example.jp/l/x";
        let hidden = hidden(said, "09000001234", "https://komainu.example.jp/l/x");
        assert_eq!(hidden, "HTTP 400 invalid: … (+8190…) …");
    }
}
