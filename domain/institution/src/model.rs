//! Types that cannot be wrong: what was typed is parsed once, at the door.

use crate::Prefecture;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Role};
use komainu_calendar::{digits, fold};
use komainu_catalog::{InstitutionKind, SystemsStyle, UpdateDuty};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use utoipa::ToSchema;

/// An institution as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Institution {
    /// The organisation it is.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// The name's reading in kana; empty where it was not given.
    pub name_kana: String,
    /// What kind of institution it is.
    #[schema(value_type = String)]
    pub kind: InstitutionKind,
    /// Number of beds; 0 for none.
    pub beds: u32,
    /// Where it is, by the official number.
    #[schema(value_type = String)]
    pub prefecture: Prefecture,
    /// Seven digits as `123-4567`; empty where it was not given.
    pub postal_code: String,
    /// The address after the prefecture; empty where it was not given.
    pub address: String,
    /// Telephone number; empty where it was not given.
    pub phone: String,
    /// Ten digits (医療機関コード); empty where it was not given.
    pub code: String,
    /// How its systems run; none until asked.
    #[schema(value_type = Option<String>)]
    pub systems: Option<Systems>,
    /// Whether somebody is there for the systems alone (専任のシステム運用担当者); none until asked.
    pub operator_on_staff: Option<bool>,
    /// Whether every contract makes security updates the vendor's duty; none while no server is in the ledger. It follows
    /// from the systems' own answers.
    #[schema(value_type = Option<String>)]
    pub entrusts_updates: Option<UpdateDuty>,
    /// When the setup interview was finished for the first time.
    pub interview_done_at: Option<DateTime<Utc>>,
    /// Grows by one with each change.
    pub version: i64,
}

/// The particulars that people type, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particulars {
    /// The name, not empty.
    pub name: String,
    /// The reading.
    pub name_kana: String,
    /// What kind of institution it is.
    pub kind: InstitutionKind,
    /// Number of beds.
    pub beds: u32,
    /// Where it is.
    pub prefecture: Prefecture,
    /// The postal code.
    pub postal_code: Option<PostalCode>,
    /// The address after the prefecture.
    pub address: String,
    /// The telephone number.
    pub phone: Option<Phone>,
    /// The medical institution code.
    pub code: Option<InstitutionCode>,
}

/// What the setup interview learns about the running of the systems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// How the systems run.
    pub systems: Option<Systems>,
    /// Whether somebody is there for the systems alone.
    pub operator_on_staff: Option<bool>,
}

/// How an institution's medical information systems run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Systems {
    /// On devices in the house.
    OnPremises,
    /// As services of others.
    Cloud,
    /// Some of each.
    Mixed,
    /// There are none: everything is on paper.
    None,
}

impl Systems {
    /// Every case, in the order of the interview.
    pub const ALL: [Systems; 4] = [Systems::OnPremises, Systems::Cloud, Systems::Mixed, Systems::None];

    /// The word stored in the database and used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Systems::OnPremises => "on_premises",
            Systems::Cloud => "cloud",
            Systems::Mixed => "mixed",
            Systems::None => "none",
        }
    }

    /// What the guideline distinguishes; none where there are no systems to speak of.
    pub const fn style(self) -> Option<SystemsStyle> {
        match self {
            Systems::OnPremises => Some(SystemsStyle::OnPremises),
            Systems::Cloud => Some(SystemsStyle::Cloud),
            Systems::Mixed => Some(SystemsStyle::Mixed),
            Systems::None => None,
        }
    }
}

impl FromStr for Systems {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Systems::ALL.into_iter().find(|systems| systems.code() == code).ok_or(())
    }
}

impl Serialize for Systems {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// What an administrator founds.
#[derive(Clone, Debug)]
pub struct NewInstitution {
    /// Its particulars.
    pub particulars: Particulars,
    /// The association it belongs to, if any on this installation.
    pub parent: Option<OrganisationId>,
    /// What the founder is there; one of [`Role::INSTITUTION`].
    pub role_of_founder: Role,
    /// The founder's job as the house calls it; may be empty.
    pub title: String,
}

/// An association to found.
#[derive(Clone, Debug)]
pub struct NewAssociation {
    /// Its name.
    pub name: String,
    /// The reading.
    pub name_kana: String,
    /// Its level.
    pub level: AssociationLevel,
    /// The association above it; none for a national one.
    pub parent: Option<OrganisationId>,
}

/// The level of an association (national → prefectural → district).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssociationLevel {
    /// For the whole country.
    National,
    /// For a prefecture.
    Prefectural,
    /// For a city or district.
    District,
}

impl AssociationLevel {
    /// Every level, from the top.
    pub const ALL: [AssociationLevel; 3] =
        [AssociationLevel::National, AssociationLevel::Prefectural, AssociationLevel::District];

    /// The word stored in the database and used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            AssociationLevel::National => "national",
            AssociationLevel::Prefectural => "prefectural",
            AssociationLevel::District => "district",
        }
    }
}

impl FromStr for AssociationLevel {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        AssociationLevel::ALL.into_iter().find(|level| level.code() == code).ok_or(())
    }
}

/// What an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganisationKind {
    /// An association of institutions, at a level.
    Association(AssociationLevel),
    /// A tenant with a checklist of its own.
    Institution,
    /// A supplier.
    Vendor,
}

/// A place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// The association above it.
    pub parent: Option<OrganisationId>,
    /// Its name.
    pub name: String,
    /// The reading.
    pub name_kana: String,
}

/// A Japanese postal code, kept as `123-4567`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostalCode(String);

/// A postal code has seven digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a postal code has seven digits")]
pub struct BadPostalCode;

impl FromStr for PostalCode {
    type Err = BadPostalCode;

    /// Takes full and half width, with or without 〒 and hyphen; anything else beside the digits is a slip.
    fn from_str(text: &str) -> Result<Self, BadPostalCode> {
        let plain = fold(text);
        let plain = plain.trim_start_matches('〒');
        let number = digits(plain);
        let stray = plain.chars().any(|c| !c.is_ascii_digit() && c != '-');
        if number.len() != 7 || stray {
            return Err(BadPostalCode);
        }
        Ok(PostalCode(format!("{}-{}", &number[..3], &number[3..])))
    }
}

/// A telephone number in Japan, half width, grouped as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(String);

/// Not a telephone number that can be dialled in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a telephone number")]
pub struct BadPhone;

impl FromStr for Phone {
    type Err = BadPhone;

    /// Takes ten or eleven digits from 0 (or after +81), or three for 110 and its kind; hyphens, brackets and spaces
    /// between groups, and an extension after 内線.
    fn from_str(text: &str) -> Result<Self, BadPhone> {
        let folded = fold(text);
        let (number, extension) = folded.split_once("内線").unwrap_or((&folded, ""));
        let number = match number.strip_prefix("+81") {
            Some(rest) => format!("0{}", rest.trim_start_matches(['-', '(', '0', ')'])),
            None => number.to_owned(),
        };
        let grouped: String =
            number.chars().map(|c| if matches!(c, '(' | ')' | ' ') { '-' } else { c }).collect();
        let groups: Vec<&str> = grouped.split('-').filter(|group| !group.is_empty()).collect();
        let all: String = groups.concat();
        let dialled = (all.starts_with('0') && (10..=11).contains(&all.len()))
            || (all.starts_with('1') && all.len() == 3);
        let extension = extension.trim_start_matches(['-', ':', ' ']);
        let only_digits = all.chars().chain(extension.chars()).all(|c| c.is_ascii_digit());
        if !dialled
            || !only_digits
            || extension.len() > 6
            || (folded.contains("内線") && extension.is_empty())
        {
            return Err(BadPhone);
        }
        let mut shown = groups.join("-");
        if !extension.is_empty() {
            shown.push_str(" 内線");
            shown.push_str(extension);
        }
        Ok(Phone(shown))
    }
}

/// A medical institution code (医療機関コード), ten digits.
///
/// Printed forms differ: all ten digits, or prefecture (2), point table (1) and the seven of the institution apart. Only
/// all ten name one institution in the country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionCode(String);

/// Why a text is no medical institution code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadCode {
    /// Only the institution's own part: prefecture and point table stand before it on the form.
    #[error("only the last seven digits")]
    SevenDigits,
    /// Not ten digits.
    #[error("a medical institution code has ten digits")]
    NotTenDigits,
    /// Does not begin with a prefecture's number.
    #[error("the first two digits are no prefecture")]
    NoPrefecture,
}

impl FromStr for InstitutionCode {
    type Err = BadCode;

    /// Takes full and half width, with hyphens, dots, commas or spaces between the groups.
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let plain = fold(text);
        let stray =
            plain.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' ' | '.' | ',' | '・' | '、'));
        let number = digits(&plain);
        match number.len() {
            _ if stray => Err(BadCode::NotTenDigits),
            7 => Err(BadCode::SevenDigits),
            10 if number[..2].parse::<Prefecture>().is_err() => Err(BadCode::NoPrefecture),
            10 => Ok(InstitutionCode(number)),
            _ => Err(BadCode::NotTenDigits),
        }
    }
}

macro_rules! shown {
    ($($name:ident),*) => {$(
        impl $name {
            /// The text in its one stored form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
shown!(PostalCode, Phone, InstitutionCode);

impl Institution {
    /// The same institution with other particulars.
    #[must_use]
    pub fn with(&self, new: &Particulars) -> Institution {
        let text = |value: Option<String>| value.unwrap_or_default();
        Institution {
            name: new.name.clone(),
            name_kana: new.name_kana.clone(),
            kind: new.kind,
            beds: new.beds,
            prefecture: new.prefecture,
            postal_code: text(new.postal_code.as_ref().map(ToString::to_string)),
            address: new.address.clone(),
            phone: text(new.phone.as_ref().map(ToString::to_string)),
            code: text(new.code.as_ref().map(ToString::to_string)),
            ..self.clone()
        }
    }

    /// What people typed about it.
    pub fn particulars(&self) -> Particulars {
        Particulars {
            name: self.name.clone(),
            name_kana: self.name_kana.clone(),
            kind: self.kind,
            beds: self.beds,
            prefecture: self.prefecture,
            // What is stored was parsed when it was stored, and parses to itself.
            postal_code: self.postal_code.parse().ok(),
            address: self.address.clone(),
            phone: self.phone.parse().ok(),
            code: self.code.parse().ok(),
        }
    }

    /// What is known of the running of the systems.
    pub fn running(&self) -> Running {
        Running { systems: self.systems, operator_on_staff: self.operator_on_staff }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn postal_codes() {
        for (typed, kept) in [
            ("100-8916", Some("100-8916")),
            ("1008916", Some("100-8916")),
            ("〒１００－８９１６", Some("100-8916")),
            ("100ー8916", Some("100-8916")),
            (" 100 8916 ", None),
            ("100-891", None),
            ("100-8916x", None),
            ("", None),
        ] {
            let parsed = typed.parse::<PostalCode>().ok();
            assert_eq!(parsed.as_ref().map(PostalCode::as_str), kept, "{typed}");
        }
    }

    #[test]
    fn phones() {
        for (typed, kept) in [
            ("03-1234-5678", Some("03-1234-5678")),
            ("０３（１２３４）５６７８", Some("03-1234-5678")),
            ("０１２０ー１７９ー０６６", Some("0120-179-066")),
            ("09012345678", Some("09012345678")),
            ("+81-3-1234-5678", Some("03-1234-5678")),
            ("+81 (0)3 1234 5678", Some("03-1234-5678")),
            ("03-1234-5678 内線 21", Some("03-1234-5678 内線21")),
            ("03-1234-5678（内線21）", None),
            ("110", Some("110")),
            ("03-1234-567", None),
            ("3-1234-5678", None),
            ("でんわ", None),
            ("03-1234-5678 内線", None),
            ("", None),
        ] {
            let parsed = typed.parse::<Phone>().ok();
            assert_eq!(parsed.as_ref().map(Phone::as_str), kept, "{typed}");
        }
    }

    #[test]
    fn institution_codes() {
        for (typed, expected) in [
            ("1312345678", Ok("1312345678")),
            ("13-1-2345678", Ok("1312345678")),
            ("１３・１・２３４５６７８", Ok("1312345678")),
            ("13 1 2345678", Ok("1312345678")),
            ("2345678", Err(BadCode::SevenDigits)),
            ("23-4567.8", Err(BadCode::SevenDigits)),
            ("131234567", Err(BadCode::NotTenDigits)),
            ("13123456789", Err(BadCode::NotTenDigits)),
            ("4812345678", Err(BadCode::NoPrefecture)),
            ("0012345678", Err(BadCode::NoPrefecture)),
            ("13A2345678", Err(BadCode::NotTenDigits)),
            ("", Err(BadCode::NotTenDigits)),
        ] {
            let parsed = typed.parse::<InstitutionCode>();
            assert_eq!(parsed.as_ref().map(InstitutionCode::as_str).map_err(|e| *e), expected, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_parses_to_itself(text in "[-0-9０-９ー（）()+ 内線〒.]{0,20}|\\PC{0,20}") {
            if let Ok(phone) = text.parse::<Phone>() {
                prop_assert_eq!(phone.as_str().parse::<Phone>(), Ok(phone.clone()));
            }
            if let Ok(code) = text.parse::<InstitutionCode>() {
                prop_assert_eq!(code.as_str().parse::<InstitutionCode>(), Ok(code.clone()));
            }
            if let Ok(code) = text.parse::<PostalCode>() {
                prop_assert_eq!(code.as_str().parse::<PostalCode>(), Ok(code.clone()));
            }
        }
    }
}
