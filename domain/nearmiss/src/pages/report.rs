//! `/l/report/…` behind a poster, and `/near-miss/report` for members: what one sees, what to do now, telling it, and what
//! became of it. The same pages by two doors.
//!
//! Behind a poster the page stands by itself: its own small style and script, no menus, its language in the address, so that
//! a telephone can keep it. It tells a stranger what the house chose and nothing else.

mod home;
mod keep;
mod posters;
mod receipt;
mod send;

pub use home::{poster_home, poster_see, report_home, report_see};
pub use keep::{poster_keep, poster_manifest};
pub use posters::{poster_card_save, poster_make, poster_revoke, posters_page};
pub use receipt::{
    poster_receipt, poster_receipt_answer, poster_receipt_look, report_receipt, report_receipt_answer,
    report_receipt_look,
};
pub use send::{poster_send, report_send};

pub(crate) use posters::poster_refusal;

use crate::actions::card_see;
use crate::model::{CardLine, PosterAt};
use crate::rules::{MOST_PHOTOS, PHOTO_BYTES};
use crate::t;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::response::IntoResponse as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use komainu_access::{Link, Purpose, Scope};
use komainu_contact::words::duty_text;
use komainu_db::Tx;
use komainu_files::digest_of;
use komainu_i18n::Lang;
use komainu_web::{Failure, Linked, Member, Outcome, Refused, Section, Shell, ShellWords, Visit};
use serde::Deserialize;
use std::io::Write as _;

/// The largest body that a report takes, in bytes: its photographs and what a form puts around them.
pub const SEND_BODY: usize = MOST_PHOTOS * PHOTO_BYTES + 500_000;
/// The largest body that a code or a message takes, in bytes.
pub const CODE_BODY: usize = 64_000;
/// Where members report.
const HOUSE: &str = "/near-miss/report";

/// What an address behind a poster says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    lang: String,
}

/// By which door somebody came in, and in which language they read.
pub(crate) struct Door {
    who: Who,
    lang: Lang,
}

enum Who {
    Poster(Box<Linked>),
    House(Box<Member>),
}

impl Door {
    /// Behind a poster, in the language of the address or else the browser's.
    fn poster(linked: Linked, lang: &str) -> Door {
        let lang = lang.parse().unwrap_or(linked.lang);
        Door { who: Who::Poster(Box::new(linked)), lang }
    }

    /// A member.
    fn house(member: Member) -> Door {
        Door { lang: member.lang, who: Who::House(Box::new(member)) }
    }

    fn visit(&self) -> &Visit {
        match &self.who {
            Who::Poster(linked) => visit_of(linked),
            Who::House(member) => member.visit(),
        }
    }

    fn link(&self) -> Option<&Link> {
        match &self.who {
            Who::Poster(linked) => Some(linked.link()),
            Who::House(_) => None,
        }
    }

    fn member(&self) -> Option<&Member> {
        match &self.who {
            Who::Poster(_) => None,
            Who::House(member) => Some(member),
        }
    }

    /// The address that all of these pages begin with.
    fn base(&self) -> String {
        let Who::Poster(linked) = &self.who else { return HOUSE.to_owned() };
        let front = Purpose::NearMissReport.path();
        let below = linked.path.strip_prefix(front).unwrap_or_default().trim_start_matches('/');
        let token = below.split(['/', '?']).next().unwrap_or_default();
        format!("{front}/{token}")
    }

    /// What is put behind an address, so that the page comes in the same language: a telephone keeps pages by their
    /// addresses, and sends no cookie from a kept one.
    fn query(&self) -> String {
        match self.who {
            Who::Poster(_) => format!("?lang={}", self.lang),
            Who::House(_) => String::new(),
        }
    }

    async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Scope) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        match &self.who {
            Who::Poster(linked) => linked.look(work).await,
            Who::House(member) => {
                let scope = member.scope.clone();
                member.read(move |tx| work(tx, &scope)).await
            }
        }
    }

    async fn act<T: Send + 'static, R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Scope) -> Result<T, Refused<R>> + Send + 'static,
    ) -> Result<T, Refused<R>> {
        match &self.who {
            // The log names the poster; a name that somebody gave is sealed with the report.
            Who::Poster(linked) => linked.act(&linked.link().name, work).await,
            Who::House(member) => {
                let scope = member.scope.clone();
                member.write(move |tx| work(tx, &scope)).await
            }
        }
    }

    fn shell(&self, title: &str) -> Shell {
        match &self.who {
            Who::Poster(linked) => Shell {
                lang: self.lang,
                words: ShellWords::in_lang(self.lang),
                flash: None,
                ..linked.shell(title)
            },
            Who::House(member) => member.shell(title, Section::Nowhere),
        }
    }

    /// What stands around each of these pages; `path` is the page's own address, without its language.
    async fn frame(&self, path: &str) -> Result<Frame, Failure> {
        let lines = self.look(card_see).await?;
        Ok(Frame::new(self, path, &lines))
    }
}

fn visit_of(linked: &Linked) -> &Visit {
    linked
}

/// A language to choose.
pub(crate) struct Tongue {
    pub(crate) tag: &'static str,
    pub(crate) spoken: &'static str,
    pub(crate) to: String,
    pub(crate) chosen: bool,
}

/// A line of the card: whose number it is, and the numbers with what a telephone dials.
pub(crate) struct CardRow {
    pub(crate) duty: String,
    pub(crate) phone: String,
    pub(crate) dial: String,
    pub(crate) night: String,
    pub(crate) night_dial: String,
}

/// What stands around each of these pages.
pub(crate) struct Frame {
    /// Whether it is behind a poster, where the page stands by itself.
    pub(crate) poster: bool,
    pub(crate) base: String,
    pub(crate) query: String,
    /// Tells the telephone which house it is without telling anybody which.
    pub(crate) mark: String,
    /// The poster's place; empty for one that may hang anywhere, and for members.
    pub(crate) place: String,
    pub(crate) tongues: Vec<Tongue>,
    /// Words for the script, by name.
    pub(crate) script: Vec<(&'static str, String)>,
    pub(crate) card: Vec<CardRow>,
}

impl Frame {
    fn new(door: &Door, path: &str, lines: &[CardLine]) -> Frame {
        let (lang, link) = (door.lang, door.link());
        let tongues = Lang::ALL.map(|one| Tongue {
            tag: one.tag(),
            spoken: one.name(),
            to: format!("{path}?lang={one}"),
            chosen: one == lang,
        });
        let hangs = link.filter(|link| link.subject.parse().is_ok_and(|at: PosterAt| at != PosterAt::House));
        Frame {
            poster: link.is_some(),
            base: door.base(),
            query: door.query(),
            mark: link.map(mark_of).unwrap_or_default(),
            place: hangs.map(|link| link.name.clone()).unwrap_or_default(),
            tongues: tongues.into(),
            script: script_words(lang),
            card: lines.iter().map(|line| card_row(lang, line)).collect(),
        }
    }
}

/// The same for every poster of a house, and nothing that could be looked up.
fn mark_of(link: &Link) -> String {
    let digest = digest_of(&[&b"house of posters"[..], link.organisation.0.as_bytes()].concat());
    digest.get(..16).unwrap_or_default().to_owned()
}

fn card_row(lang: Lang, line: &CardLine) -> CardRow {
    let dial = |phone: &str| phone.chars().filter(|c| c.is_ascii_digit() || "+*#".contains(*c)).collect();
    CardRow {
        duty: if line.duty.is_empty() {
            t!(lang, "report-card-someone")
        } else {
            duty_text(lang, &line.duty)
        },
        phone: line.phone.clone(),
        dial: dial(&line.phone),
        night: line.night_phone.clone(),
        night_dial: dial(&line.night_phone),
    }
}

/// What the script says; `%` is the place of a number.
fn script_words(lang: Lang) -> Vec<(&'static str, String)> {
    vec![
        ("sending", t!(lang, "report-word-sending")),
        ("sent", t!(lang, "report-done-sent")),
        ("waiting", t!(lang, "report-word-waiting")),
        ("waits", t!(lang, "report-word-waits", count = "%")),
        ("stay", t!(lang, "report-word-stay")),
        ("refused", t!(lang, "report-word-refused")),
        ("over", t!(lang, "report-word-over")),
        ("photo", t!(lang, "report-word-photo")),
        ("kept", t!(lang, "report-word-kept")),
        ("forget", t!(lang, "report-word-forget")),
        ("line", t!(lang, "report-word-line")),
    ]
}

/// A page, compressed where the browser takes it: over a slow line that is most of the waiting. For pages that hold
/// neither a secret of the house nor anything that a stranger put there, so that its length tells nothing.
fn squeezed(kind: &'static str, text: String, headers: &HeaderMap) -> Outcome {
    let takes = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !takes.contains("gzip") {
        return Ok(([(CONTENT_TYPE, kind), (VARY, "accept-encoding")], text).into_response());
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).map_err(Failure::internal)?;
    let bytes = encoder.finish().map_err(Failure::internal)?;
    let about = [(CONTENT_TYPE, kind), (VARY, "accept-encoding"), (CONTENT_ENCODING, "gzip")];
    Ok((about, bytes).into_response())
}

const HTML: &str = "text/html; charset=utf-8";
