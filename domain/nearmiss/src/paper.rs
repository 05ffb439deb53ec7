//! Posters on A4, a page a place.

use crate::t;
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use komainu_paper::{Paper, PaperError, Pdf, Template, qr};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

const POSTER: Template =
    Template { name: "poster.typ", main: include_str!("../paper/poster.typ"), helpers: &[] };

/// Somebody waits for them at the page; however many wait, one is set at a time.
static PAPER: LazyLock<Paper> = LazyLock::new(|| Paper::new(NonZeroUsize::MIN));

/// Sets posters: the name of each place with the address of its link.
pub(crate) fn posters(
    lang: Lang,
    owner: &str,
    places: &[(String, String)],
    at: DateTime<Utc>,
) -> Result<Pdf, PaperError> {
    let pages = places.iter().map(|(name, address)| poster(owner, name, address)).collect::<Vec<Value>>();
    let data = json!({ "title": t!(lang, "posters-title"), "owner": owner, "pages": pages });
    PAPER.render(&POSTER, &data, lang, at, &|_| ControlFlow::Continue(()))
}

/// A poster speaks to whoever passes, so it does in all three languages.
fn poster(owner: &str, place: &str, address: &str) -> Value {
    let words = [Lang::Ja, Lang::En, Lang::Zh].map(|lang| {
        json!({
            "lang": lang.code(),
            "call": t!(lang, "poster-call"),
            "how": t!(lang, "poster-how"),
            "first": t!(lang, "poster-first"),
        })
    });
    // An address that is too long for a code is printed in letters alone.
    json!({ "owner": owner, "place": place, "address": address, "qr": qr(address).unwrap_or_default(), "words": words })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_one_page_however_long_its_name_and_address() {
        let at = "2026-11-27T00:00:00Z".parse().unwrap();
        let address = format!("https://komainu.mihon-chuo-byoin.example/l/report/{}", "a".repeat(43));
        let places: Vec<(String, String)> =
            ["受付", "3階東病棟ナースステーションの奥にある記録室（夜間は施錠）"]
                .map(|name| (name.to_owned(), address.clone()))
                .to_vec();
        for lang in Lang::ALL {
            let pdf = posters(lang, "医療法人社団見本会見本中央病院", &places, at).unwrap();
            assert_eq!((pdf.pages, pdf.remarks.as_str(), pdf.accessible), (2, "", true), "{lang}");
        }
    }
}
