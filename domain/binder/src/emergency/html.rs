//! The copy for a USB stick: one file with its own reader, sealed with words that people choose.
//!
//! Browsers open such a file without a server; its reader asks for the words, makes the key from them (PBKDF2 with
//! HMAC-SHA-256, 600,000 rounds, as OWASP asks) and opens what is sealed (AES-256-GCM). Both are what the browser itself
//! can (Web Crypto), so nothing is installed and nothing is fetched.

use super::Passphrase;
use crate::pack::{Cell, Drawing, Look, Pack, Part, Telephone, answer_text};
use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use komainu_clock::Nature;
use komainu_i18n::Lang;
use komainu_web::date_text;
use sha2::{Digest as _, Sha256};

use crate::t;

/// The reader. The page allows it by its hash and nothing else: were there a gap in the escaping of what is shown, no script
/// would run in it.
const SCRIPT: &str = include_str!("../../templates/emergency_safe.js");

/// Rounds of making the key, by OWASP's password storage cheat sheet for PBKDF2-HMAC-SHA256.
const ROUNDS: u32 = 600_000;

/// A number on the first page, to be telephoned by a tap.
struct Dialled {
    who: String,
    /// What is dialled, and what is read.
    numbers: Vec<(String, String)>,
}

/// A group with its heading.
struct ShownGroup {
    name: String,
    hint: String,
    /// What each cell holds is text or, made by ourselves, a drawing.
    rows: Vec<Vec<Drawn>>,
}

struct Shown {
    heading: String,
    intro: String,
    empty: String,
    header: Vec<String>,
    groups: Vec<ShownGroup>,
    /// Whether it is read at arm's length.
    steps: bool,
    /// A drawing of ourselves, with what it shows.
    picture: Option<(String, String)>,
}

struct Drawn {
    text: String,
    svg: String,
    /// Where the drawing leads, on a screen.
    href: String,
}

#[derive(Template)]
#[template(path = "emergency_book.html")]
struct Book<'a> {
    lang: Lang,
    numbers: Vec<Dialled>,
    title: &'a str,
    owner: &'a str,
    facts: &'a [(String, String)],
    note: &'a str,
    parts: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "emergency_safe.html")]
struct Safe {
    lang: Lang,
    title: String,
    owner: String,
    rounds: u32,
    salt: String,
    nonce: String,
    sealed: String,
    script: &'static str,
    script_hash: String,
}

/// Something of the copy could not be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum CopyError {
    #[error(transparent)]
    Words(#[from] askama::Error),
    #[error("the copy could not be sealed")]
    Seal,
}

/// The file, complete.
pub(super) fn copy(nature: &Nature, pack: &Pack, words: &Passphrase) -> Result<String, CopyError> {
    let numbers = pack.front.iter().flat_map(|front| &front.numbers);
    let book = Book {
        lang: pack.lang,
        numbers: numbers.map(|one| dialled(pack.lang, one)).collect(),
        title: &pack.title,
        owner: &pack.owner,
        facts: &pack.facts,
        note: &pack.note,
        parts: pack
            .parts
            .iter()
            .filter(|part| !on_paper_alone(part))
            .map(|part| shown(pack.lang, part))
            .collect(),
    };
    let random: [u8; 32] = nature.bytes();
    let (salt, nonce) = (&random[..16], &random[16..28]);
    let mut key = [0; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(words.bytes(), salt, ROUNDS, &mut key);
    let nonce: [u8; 12] = nonce.try_into().map_err(|_| CopyError::Seal)?;
    let sealed = Aes256Gcm::new(&key.into()).encrypt(&nonce.into(), book.render()?.as_bytes());
    let safe = Safe {
        lang: pack.lang,
        title: pack.title.clone(),
        owner: pack.owner.clone(),
        rounds: ROUNDS,
        salt: STANDARD.encode(salt),
        nonce: STANDARD.encode(nonce),
        sealed: STANDARD.encode(sealed.map_err(|_| CopyError::Seal)?),
        script: SCRIPT,
        script_hash: STANDARD.encode(Sha256::digest(SCRIPT.as_bytes())),
    };
    Ok(safe.render()?)
}

/// The drawn network is set for paper; on a screen its tables say the same.
fn on_paper_alone(part: &Part) -> bool {
    matches!(part.picture, Some(Drawing::Network(_)))
}

fn shown(lang: Lang, part: &Part) -> Shown {
    let groups = part.groups.iter().map(|group| {
        let rows = group.rows.iter().map(|row| row.iter().map(|cell| drawn(lang, cell)).collect());
        let (name, hint) = group.named();
        ShownGroup { name: name.to_owned(), hint: hint.to_owned(), rows: rows.collect() }
    });
    Shown {
        heading: part.heading.clone(),
        intro: part.intro.clone(),
        empty: if part.is_empty() { part.empty.clone() } else { String::new() },
        header: part.columns.iter().map(|column| column.heading.clone()).collect(),
        groups: groups.collect(),
        steps: part.look == Look::Steps,
        picture: match &part.picture {
            Some(Drawing::Map(picture)) => Some((picture.svg.clone(), picture.alt.clone())),
            Some(Drawing::Network(_)) | None => None,
        },
    }
}

fn dialled(lang: Lang, one: &Telephone) -> Dialled {
    let digits =
        |number: &str| number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>();
    let mut numbers = Vec::new();
    if !one.day.is_empty() {
        numbers.push((digits(&one.day), one.day.clone()));
    }
    if !one.night.is_empty() {
        numbers.push((digits(&one.night), t!(lang, "front-night", number = one.night.as_str())));
    }
    Dialled { who: one.who.clone(), numbers }
}

fn drawn(lang: Lang, cell: &Cell) -> Drawn {
    let text = match cell {
        Cell::Text(text) => text.clone(),
        Cell::Unconfirmed(text) => t!(lang, "with-unconfirmed", text = text.as_str()),
        Cell::Answer(answer) => answer.map(|answer| answer_text(lang, answer)).unwrap_or_default(),
        Cell::Date(date) => date.map(|date| date_text(lang, date)).unwrap_or_default(),
        Cell::Qr(text) => {
            let svg = komainu_paper::qr(text).unwrap_or_default();
            return Drawn { svg, text: String::new(), href: text.clone() };
        }
    };
    Drawn { text, svg: String::new(), href: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Front;

    #[test]
    fn what_is_sealed_opens_with_the_words_alone_and_shows_nothing_without() {
        let (nature, _) = Nature::fake("2026-11-27T00:00:00Z".parse().unwrap());
        let pack = Pack {
            lang: Lang::Ja,
            title: "緊急バインダー".into(),
            owner: "見本中央病院".into(),
            facts: Vec::new(),
            note: String::new(),
            parts: vec![Part {
                heading: "<script>alert(1)</script>".into(),
                intro: "090-1234-5678".into(),
                columns: Vec::new(),
                groups: Vec::new(),
                empty: "なし".into(),
                picture: None,
                look: Look::Steps,
            }],
            files: Vec::new(),
            front: Some(Front {
                numbers: vec![Telephone {
                    who: "当直".into(),
                    day: "03-0000-0001".into(),
                    night: String::new(),
                }],
            }),
        };
        let words = Passphrase::new("桜の木の下で待つ犬と猫")
            .or(Passphrase::new("桜の木の下で待つ犬と猫たち"))
            .unwrap();
        let file = copy(&nature, &pack, &words).unwrap();
        assert!(!file.contains("090-1234"), "what it says is sealed");
        let inside = file.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
        let hash = STANDARD.encode(Sha256::digest(inside.as_bytes()));
        assert!(file.contains(&format!("script-src 'sha256-{hash}';")), "its own script runs, and no other");
        let field = |name: &str| {
            let start = file.find(&format!("data-{name}=\"")).unwrap() + name.len() + 7;
            STANDARD.decode(&file[start..start + file[start..].find('"').unwrap()]).unwrap()
        };
        let (salt, nonce, sealed) = (field("salt"), field("nonce"), field("sealed"));
        let open = |words: &str| {
            let mut key = [0; 32];
            pbkdf2::pbkdf2_hmac::<Sha256>(words.as_bytes(), &salt, ROUNDS, &mut key);
            let nonce: [u8; 12] = nonce.clone().try_into().unwrap();
            Aes256Gcm::new(&key.into()).decrypt(&nonce.into(), sealed.as_slice()).ok()
        };
        let text = String::from_utf8(open(std::str::from_utf8(words.bytes()).unwrap()).unwrap()).unwrap();
        assert!(text.contains("href=\"tel:0300000001\"") && text.contains("class=\"steps\""), "{text}");
        assert!(text.contains("090-1234-5678") && !text.contains("<script>alert"), "{text}");
        assert_eq!(open("別の言葉別の言葉別の"), None);
    }
}
