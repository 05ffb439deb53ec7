//! Posters: an A4 page a place, to hang where things are seen. The code is large enough for an old telephone and a bad eye, the
//! words stand in three languages, and what to do first is there for who has no telephone at all.

use crate::model::{CardLine, Poster};
use crate::t;
use chrono::{DateTime, Utc};
use komainu_contact::words::duty_text;
use komainu_i18n::{Lang, steers};
use komainu_paper::{Paper, PaperError, Pdf, Template, qr};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

const POSTER: Template =
    Template { name: "poster.typ", main: include_str!("../../paper/poster.typ"), helpers: &[] };

/// Somebody waits for them at the page, so they do not queue behind the packs; one is set at a time.
static PAPER: LazyLock<Paper> = LazyLock::new(|| Paper::new(NonZeroUsize::MIN));

/// A poster with the whole address that its code leads to.
pub(crate) struct Sheet {
    pub(crate) poster: Poster,
    pub(crate) address: String,
}

/// A name for the file, in any script.
pub(crate) fn poster_file(lang: Lang, owner: &str) -> String {
    let plain: String = owner.chars().filter(|c| !steers(*c) && !"/\\:*?\"<>|".contains(*c)).collect();
    format!("{plain}_{}.pdf", t!(lang, "poster-file"))
}

/// Sets posters, one a page. `lang` is the language of what stands around them; they speak all three.
pub(crate) fn posters_set(
    lang: Lang,
    owner: &str,
    sheets: &[Sheet],
    card: &[CardLine],
    made_at: DateTime<Utc>,
) -> Result<Pdf, PaperError> {
    let data = json!({
        "title": t!(lang, "poster-file"),
        "owner": owner,
        "sheets": sheets.iter().map(|sheet| page_of(sheet, owner)).collect::<Vec<_>>(),
        "tongues": Lang::ALL.map(tongue),
        "calls": card.iter().map(|line| call(line)).collect::<Vec<_>>(),
        "call": t!(Lang::Ja, "poster-call"),
        "night": t!(Lang::Ja, "report-call-night"),
        "first": t!(Lang::Ja, "poster-first"),
    });
    PAPER.render(&POSTER, &data, lang, made_at, &|_| ControlFlow::Continue(()))
}

fn page_of(sheet: &Sheet, owner: &str) -> Value {
    json!({
        // An address that is too long for a code is printed all the same.
        "qr": qr(&sheet.address).unwrap_or_default(),
        "address": sheet.address,
        "place": if sheet.poster.place.is_empty() { owner } else { sheet.poster.place.as_str() },
    })
}

/// What the poster says in one language.
fn tongue(lang: Lang) -> Value {
    json!({
        "lang": lang.tag(),
        "title": t!(lang, "poster-title"),
        "how": t!(lang, "poster-how"),
        "steps": [t!(lang, "poster-step-cable"), t!(lang, "poster-step-power"), t!(lang, "poster-step-time")],
        "blame": t!(lang, "poster-blame"),
    })
}

fn call(line: &CardLine) -> Value {
    let duty = if line.duty.is_empty() {
        t!(Lang::Ja, "report-card-someone")
    } else {
        duty_text(Lang::Ja, &line.duty)
    };
    json!({ "duty": duty, "phone": line.phone, "night": line.night_phone })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PosterAt;
    use crate::rules::MOST_CONTACTS;
    use komainu_access::{LinkId, LinkToken, Purpose};
    use komainu_db::uuid::Uuid;
    use komainu_link::model::Made;

    fn sheet(place: &str) -> Sheet {
        let made = Made {
            id: LinkId(Uuid::from_u128(1)),
            purpose: Purpose::NearMissReport,
            token: LinkToken::new([7; 32]),
            expires_at: DateTime::UNIX_EPOCH,
        };
        let address = format!("https://komainu.example.jp/l/report/{}", made.token.text());
        Sheet { poster: Poster { made, at: PosterAt::House, place: place.to_owned() }, address }
    }

    /// A page a poster, however long its place's name, readable aloud, in every language around it.
    #[test]
    fn a_poster_is_one_page() {
        let long = "とても長い名前の場所#let x = panic() *b* ".repeat(3);
        let places = ["受付", "", long.as_str()];
        let sheets: Vec<Sheet> = places.iter().map(|place| sheet(place)).collect();
        let line = |duty: &str, night: &str| CardLine {
            duty: duty.to_owned(),
            phone: "03-1234-5678".to_owned(),
            night_phone: night.to_owned(),
        };
        let card: Vec<CardLine> =
            (0..MOST_CONTACTS).map(|_| line("safety_manager", "090-1234-5678")).collect();
        for lang in Lang::ALL {
            for card in [&card[..], &[line("情報システム室", "")], &[]] {
                let pdf = posters_set(lang, "青空診療所", &sheets, card, DateTime::UNIX_EPOCH).unwrap();
                assert_eq!(pdf.pages, sheets.len(), "{lang} {} numbers", card.len());
                assert!(pdf.accessible && pdf.remarks.is_empty(), "{lang}: {}", pdf.remarks);
            }
        }
        let name = poster_file(Lang::Ja, "青空/診療所");
        assert!(name.starts_with("青空診療所_") && name.rsplit('.').next() == Some("pdf"), "{name}");
    }
}
