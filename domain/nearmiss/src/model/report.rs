//! What is sent with a report, what whoever sent it keeps, and where posters hang.

use super::{Detail, Message, NearMissId, State, UnknownCode};
use chrono::{DateTime, Utc};
use komainu_access::{LinkId, OrganisationId};
use komainu_contact::ContactId;
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_inventory::AssetId;
use komainu_link::model::Made;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// Letters and digits of which none looks or sounds like another.
const LETTERS: &[u8; 24] = b"ACDEFGHJKLMNPQRTUVWXY347";

/// The code with which whoever reported, named or nameless, asks what became of it. It is made on their telephone, or for
/// who has no script with the page; the house keeps its hash alone.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode(String);

impl ReceiptCode {
    /// How many letters it has: 55 bits, which nobody tries out at a door that counts.
    pub const LENGTH: usize = 12;

    /// A code from random bytes.
    pub fn new(random: [u8; 32]) -> ReceiptCode {
        // Every letter is as likely as every other; of 32 bytes two are passed over.
        let fair = random.iter().filter(|byte| **byte < 240).chain(&random);
        let letters = fair.take(Self::LENGTH).map(|byte| char::from(LETTERS[usize::from(*byte % 24)]));
        ReceiptCode(letters.collect())
    }

    /// In groups of four, as it is shown and copied.
    pub fn grouped(&self) -> String {
        let mut text = String::new();
        for (at, letter) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }

    /// What the house keeps of it. The same code of two houses has two hashes.
    pub fn hash(&self, organisation: OrganisationId) -> Vec<u8> {
        let mut digest = Sha256::new();
        for part in [&b"near miss receipt"[..], organisation.0.as_bytes(), self.0.as_bytes()] {
            digest.update(part);
        }
        digest.finalize().to_vec()
    }
}

impl fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptCode")
    }
}

impl FromStr for ReceiptCode {
    type Err = UnknownCode;

    /// Reads what somebody typed: small or large letters, narrow or wide ones, with anything between them.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let letters = text.chars().filter_map(|c| {
            let narrow = match c {
                '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
                _ => c,
            };
            // A Japanese keyboard writes the long vowel for a hyphen.
            (narrow.is_alphanumeric() && narrow != 'ー').then(|| narrow.to_ascii_uppercase())
        });
        let letters: String = letters.take(Self::LENGTH + 1).collect();
        let known = letters.chars().all(|c| u8::try_from(c).is_ok_and(|byte| LETTERS.contains(&byte)));
        (known && letters.len() == Self::LENGTH)
            .then_some(ReceiptCode(letters))
            .ok_or(UnknownCode("receipt code"))
    }
}

/// What a photograph is; others are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoKind {
    /// Of most telephones.
    Jpeg,
    /// Of a screen.
    Png,
    /// Of some telephones and most pages.
    Webp,
    /// Of others; no browser but one shows it.
    Heic,
}

impl PhotoKind {
    /// Such as `image/jpeg`.
    pub const fn media_type(self) -> &'static str {
        match self {
            PhotoKind::Jpeg => "image/jpeg",
            PhotoKind::Png => "image/png",
            PhotoKind::Webp => "image/webp",
            PhotoKind::Heic => "image/heif",
        }
    }

    /// The ending of its name.
    pub const fn ending(self) -> &'static str {
        match self {
            PhotoKind::Jpeg => "jpg",
            PhotoKind::Png => "png",
            PhotoKind::Webp => "webp",
            PhotoKind::Heic => "heic",
        }
    }
}

/// A photograph without what a camera writes beside the picture: where, when, with which telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanPhoto {
    /// The picture alone.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: PhotoKind,
}

/// Why a photograph was not kept. The report is taken all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFault {
    /// Larger than is taken.
    TooLarge,
    /// No picture of a kind that is taken, or one that cannot be read to its end.
    Kind,
    /// More than a report may have.
    TooMany,
    /// So much came in today that there is no room for more.
    NoRoom,
}

/// A report as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReport {
    /// What the telephone called it.
    pub sent_id: Uuid,
    /// With what its sender asks for it later.
    pub code: ReceiptCode,
    /// A symptom of the catalogue.
    pub symptom: String,
    /// A place of the ledger, where the reporter is asked for one; a poster knows its own.
    pub place: Option<AssetId>,
    /// What they say.
    pub detail: Detail,
    /// In which language they read the page.
    pub lang: Lang,
    /// When it was seen, by the reporter's clock.
    pub seen_at: DateTime<Utc>,
    /// When it was written down, by the reporter's clock.
    pub written_at: DateTime<Utc>,
    /// Photographs, cleaned.
    pub photos: Vec<CleanPhoto>,
}

/// What a report's sender may see of it: not what they wrote, so that a code that somebody finds tells nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Which report.
    pub id: NearMissId,
    /// A symptom of the catalogue.
    pub symptom: String,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// When it was judged.
    pub triaged_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What the house and they said to each other, oldest first.
    pub messages: Vec<Message>,
}

/// Where a poster hangs, as its link writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PosterAt {
    /// Anywhere in the house.
    House,
    /// At a place of the ledger.
    Place(AssetId),
}

impl PosterAt {
    /// The place, if it is one.
    pub const fn place(self) -> Option<AssetId> {
        match self {
            PosterAt::House => None,
            PosterAt::Place(place) => Some(place),
        }
    }
}

impl fmt::Display for PosterAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PosterAt::House => f.write_str("house"),
            PosterAt::Place(place) => write!(f, "place/{place}"),
        }
    }
}

impl FromStr for PosterAt {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        match (text, text.strip_prefix("place/")) {
            ("house", _) => Ok(PosterAt::House),
            (_, Some(place)) => place.parse().map(PosterAt::Place).map_err(|_| UnknownCode("poster's place")),
            _ => Err(UnknownCode("poster's place")),
        }
    }
}

/// A poster that was just made: its secret is shown now and never again.
#[derive(Clone, Debug)]
pub struct Poster {
    /// Its link.
    pub made: Made,
    /// Where it hangs.
    pub at: PosterAt,
    /// The place's name; empty for one that may hang anywhere.
    pub place: String,
}

/// A poster of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hanging {
    /// Its link.
    pub id: LinkId,
    /// Where it hangs, in words.
    pub place: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// How many reports came by it.
    pub uses: i64,
    /// When the last one came.
    pub used_at: Option<DateTime<Utc>>,
}

/// Whom posters name to strangers: contacts that the house chose for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The contacts, in the order of the network.
    pub contacts: Vec<ContactId>,
    /// Grows by one with each change; 0 while nobody chose.
    pub version: i64,
}

/// A line of that card: a duty and its numbers, never a person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardLine {
    /// The duty as it is stored: a code of [`komainu_contact::Duty`], or the house's own word.
    pub duty: String,
    /// By day.
    pub phone: String,
    /// At night; empty where it is the same or unknown.
    pub night_phone: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = ReceiptCode::new(std::array::from_fn(|at| u8::try_from(at * 7).unwrap()));
        let shown = code.grouped();
        assert_eq!(shown.len(), 14, "{shown}");
        let wide: String = shown.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('-', ""),
            format!("　{} ", shown.replace('-', "ー・")),
            wide,
        ] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for wrong in ["", "ACDE-FGHJ-KLM", "ACDE-FGHJ-KLMNP", "ACDE-FGHJ-KLM0", "ACDE-FGHJ-KLMあ"] {
            assert!(wrong.parse::<ReceiptCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_code_is_made_of_its_letters_and_never_printed() {
        for random in [[255; 32], [0; 32], [23; 32]] {
            let code = ReceiptCode::new(random);
            assert_eq!(code.grouped().parse(), Ok(code.clone()));
            assert_eq!(format!("{code:?}"), "ReceiptCode");
        }
    }

    #[test]
    fn a_hash_belongs_to_a_house() {
        let code = ReceiptCode::new([1; 32]);
        assert_eq!(code.hash(house(1)), code.hash(house(1)));
        assert_ne!(code.hash(house(1)), code.hash(house(2)));
        assert_ne!(code.hash(house(1)), ReceiptCode::new([2; 32]).hash(house(1)));
    }

    #[test]
    fn a_posters_place_goes_there_and_back() {
        for at in [PosterAt::House, PosterAt::Place(AssetId(Uuid::from_u128(7)))] {
            assert_eq!(at.to_string().parse(), Ok(at));
        }
        for wrong in ["", "place/", "place/x", "house/x"] {
            assert!(wrong.parse::<PosterAt>().is_err(), "{wrong}");
        }
    }
}
