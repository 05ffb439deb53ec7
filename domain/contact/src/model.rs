//! A contact of an institution.

use crate::Way;
use crate::way::ShownWay;
use chrono::NaiveDate;
use komainu_access::PersonId;
use serde::Serialize;
use std::str::FromStr;
use utoipa::ToSchema;

komainu_db::id! {
    /// A contact in one institution's network.
    ContactId
}

/// A duty that the program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Duty {
    /// The head (院長・管理者).
    Director,
    /// The appointed person (医療情報システム安全管理責任者).
    SafetyManager,
    /// Runs the systems (システム運用担当者).
    SystemOperator,
    /// Stands in for the safety manager.
    Deputy,
    /// The Japan Medical Association's emergency desk.
    JmaEmergency,
    /// The Japan Medical Association's desk for questions on the guideline.
    JmaGuideline,
    /// The ministry.
    Ministry,
    /// The prefecture or the health centre.
    Prefecture,
    /// The police.
    Police,
    /// The Personal Information Protection Commission.
    PrivacyCommission,
    /// The IPA's desk for companies.
    Ipa,
}

impl Duty {
    /// Every duty: the house first, then the outside in the order of first calls.
    pub const ALL: [Duty; 11] = [
        Duty::Director,
        Duty::SafetyManager,
        Duty::SystemOperator,
        Duty::Deputy,
        Duty::JmaEmergency,
        Duty::Ministry,
        Duty::Prefecture,
        Duty::Police,
        Duty::PrivacyCommission,
        Duty::Ipa,
        Duty::JmaGuideline,
    ];

    /// The word stored in the database and used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Duty::Director => "director",
            Duty::SafetyManager => "safety_manager",
            Duty::SystemOperator => "system_operator",
            Duty::Deputy => "deputy",
            Duty::JmaEmergency => "jma_emergency",
            Duty::JmaGuideline => "jma_guideline",
            Duty::Ministry => "ministry",
            Duty::Prefecture => "prefecture",
            Duty::Police => "police",
            Duty::PrivacyCommission => "privacy_commission",
            Duty::Ipa => "ipa",
        }
    }
}

impl FromStr for Duty {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Duty::ALL.into_iter().find(|duty| duty.code() == code).ok_or(())
    }
}

/// A contact as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The person's or party's name.
    pub name: String,
    /// The reading in kana; may be empty.
    pub name_kana: String,
    /// A code such as `director` or `police`, or the institution's own word.
    pub duty: String,
    /// The person with an account, where it is one.
    pub person: Option<PersonId>,
    /// Whether that person is no member here any more.
    pub left: bool,
    /// Telephone by day; may be empty.
    pub phone: String,
    /// Telephone at night and on holidays; may be empty.
    pub night_phone: String,
    /// Mail address; may be empty.
    pub email: String,
    /// Somebody outside the institution.
    pub outside: bool,
    /// Where name and number were read, for parties that the program suggested; else empty.
    pub source: String,
    /// Anything else, such as hours.
    pub note: String,
    /// When it can be reached, in words; may be empty.
    pub hours: String,
    /// Duty and numbers are shown to whoever reports at a poster.
    pub for_reporters: bool,
    /// Further ways to reach it, in the order of use.
    #[schema(value_type = Vec<ShownWay>)]
    pub ways: Vec<Way>,
    /// Who is asked where it does not answer, in this order.
    pub stand_ins: Vec<ContactId>,
    /// The day somebody last made sure that name and numbers are right.
    pub checked_on: Option<NaiveDate>,
    /// Place in the order of calling, from the top.
    pub position: i64,
    /// Grows by one with each change of the details.
    pub version: i64,
}

/// What people write about a contact. The fields are as in [`Contact`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactDetails {
    /// The name, not empty.
    pub name: String,
    /// The reading.
    pub name_kana: String,
    /// A [`Duty`]'s code, or the institution's own word.
    pub duty: String,
    /// The person with an account.
    pub person: Option<PersonId>,
    /// Telephone by day.
    pub phone: String,
    /// Telephone at night.
    pub night_phone: String,
    /// Mail address.
    pub email: String,
    /// Somebody outside.
    pub outside: bool,
    /// Where it was read.
    pub source: String,
    /// Anything else.
    pub note: String,
    /// When it can be reached, in words.
    pub hours: String,
    /// Shown to whoever reports at a poster.
    pub for_reporters: bool,
    /// Further ways, in the order of use; at most [`ContactDetails::WAYS_MOST`].
    pub ways: Vec<Way>,
    /// Who is asked next; at most [`ContactDetails::STAND_INS_MOST`], never the contact itself.
    pub stand_ins: Vec<ContactId>,
    /// The day of the last check.
    pub checked_on: Option<NaiveDate>,
}

impl ContactDetails {
    /// Most ways of one contact beside its two numbers and its mail address.
    pub const WAYS_MOST: usize = 8;
    /// Most who stand in for one contact.
    pub const STAND_INS_MOST: usize = 3;
}

impl Contact {
    /// A contact with these details.
    pub fn new(id: ContactId, position: i64, version: i64, details: &ContactDetails) -> Contact {
        let new = details.clone();
        Contact {
            id,
            name: new.name,
            name_kana: new.name_kana,
            duty: new.duty,
            person: new.person,
            left: false,
            phone: new.phone,
            night_phone: new.night_phone,
            email: new.email,
            outside: new.outside,
            source: new.source,
            note: new.note,
            hours: new.hours,
            for_reporters: new.for_reporters,
            ways: new.ways,
            stand_ins: new.stand_ins,
            checked_on: new.checked_on,
            position,
            version,
        }
    }

    /// What people wrote about it.
    pub fn details(&self) -> ContactDetails {
        let old = self.clone();
        ContactDetails {
            name: old.name,
            name_kana: old.name_kana,
            duty: old.duty,
            person: old.person,
            phone: old.phone,
            night_phone: old.night_phone,
            email: old.email,
            outside: old.outside,
            source: old.source,
            note: old.note,
            hours: old.hours,
            for_reporters: old.for_reporters,
            ways: old.ways,
            stand_ins: old.stand_ins,
            checked_on: old.checked_on,
        }
    }
}

/// Which way a contact moves in the order of calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Called earlier.
    Up,
    /// Called later.
    Down,
}
