//! A year's edition of the checklist: its forms, and the rows printed on them.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::model::{Item, Rule, Standing, placement_id};
use crate::parse::{Located, Words, from_str};
use crate::words::{
    ChangeId, ChangeKind, FormAnswer, InstitutionKind, ItemId, Level, NumberBasis, PlacementId, RemarkId,
    RuleId, Scope, SourceId, Variant,
};

/// What one fiscal year's publication holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// The fiscal year (April to March) by its first calendar year.
    pub fiscal_year: Located<i32>,
    /// Title of the form, in our words where the language is not Japanese.
    pub title: Words,
    /// When it was published.
    pub published: PublishedOn,
    /// Whether the date is certain.
    pub published_confirmed: bool,
    /// Version of the guideline it stands on.
    pub guideline: String,
    /// How rows are numbered.
    pub numbering: Words,
    /// That the edition exists as described.
    pub confirmed: bool,
    /// That the list of rows was read, not taken over from the year before.
    pub items_confirmed: bool,
    /// What to know about it.
    pub note: Words,
    /// Address of the form as PDF.
    pub checklist_url: Option<String>,
    /// Address of the manual.
    pub manual_url: Option<String>,
    /// Address of the workbook for institutions.
    pub workbook_url: Option<String>,
    /// Address of the workbook for vendors.
    pub vendor_workbook_url: Option<String>,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
    /// The rules that hold for it.
    pub rules: Vec<Located<RuleId>>,
    /// Sections in printed order.
    pub section: Vec<Section>,
    /// Conditions that rows name.
    #[serde(default)]
    pub condition: Vec<Condition>,
    /// Remarks that rows name.
    #[serde(default)]
    pub remark: Vec<Remark>,
    /// The forms.
    pub form: Vec<FormData>,
}

impl Edition {
    /// The last day a target date may fall on: 31 March at the end of the fiscal year.
    pub fn target_limit(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.fiscal_year.checked_add(1)?, 3, 31)
    }
}

/// A numbered section of the forms.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its number.
    pub number: Located<u8>,
    /// Its title, in our words.
    pub title: Words,
}

/// A condition under which a row may be answered yes, or which narrows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Its id, within the edition.
    pub id: Located<RemarkId>,
    /// The condition.
    pub text: Words,
    /// The fiscal year by which a plan has to be in place, where the row accepts a plan.
    pub target_fiscal_year: Option<i32>,
    /// Read in a source.
    pub confirmed: bool,
}

/// A remark on rows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// Its id, within the edition.
    pub id: Located<RemarkId>,
    /// The remark.
    pub text: Words,
}

/// One form (様式) as data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormData {
    /// Which form.
    pub variant: Located<Variant>,
    /// Its name.
    pub title: Words,
    /// The kinds of institution it is made for.
    pub kinds: Located<Vec<InstitutionKind>>,
    /// Kinds without a form of their own that use it to check themselves.
    #[serde(default)]
    pub self_check: Vec<InstitutionKind>,
    /// The rule that explains the self-check.
    pub self_check_rule: Option<Located<RuleId>>,
    /// The answers it offers.
    pub answers: Vec<FormAnswer>,
    /// How many columns for the date of a check it has.
    pub check_dates: Located<u8>,
    /// That the columns were seen.
    pub columns_confirmed: bool,
    /// What is known of the columns.
    pub columns_note: Words,
    /// How it is filled in.
    pub filling: Words,
    /// That the way of filling was read.
    pub filling_confirmed: bool,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
    /// The rows in printed order.
    pub rows: Vec<Located<Placement>>,
}

/// A row of a form: where an item is printed (掲載位置).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The item.
    pub item: Located<ItemId>,
    /// What it asks about.
    pub scope: Vec<Scope>,
    /// The printed number; none for the gate question.
    pub number: Option<Number>,
    /// How much it asks this year.
    pub level: Level,
    /// A condition, by its id in the edition.
    pub condition: Option<Located<RemarkId>>,
    /// When the row may stay empty.
    pub not_applicable_when: Option<NotApplicable>,
    /// The row is on that form at that level, according to a source.
    pub confirmed: bool,
    /// How its number is known.
    pub basis: NumberBasis,
    /// A remark, by its id in the edition.
    pub note: Option<Located<RemarkId>>,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
    /// Its id, once somebody asked for it.
    #[serde(skip)]
    id: OnceLock<Option<PlacementId>>,
}

impl Placement {
    /// The stable id of the row. None only where a scope is repeated so often that it is no id any more.
    pub fn id(&self) -> Option<PlacementId> {
        self.id.get_or_init(|| placement_id(&self.item, &self.scope)).clone()
    }
}

/// A rule under which a row need not be answered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// The rule.
    pub rule: Located<RuleId>,
    /// That the rule reaches this row was read (false: by analogy).
    pub confirmed: bool,
}

/// The number of a row: `2-(1)` and `2-①` are both section 2, position 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    printed: String,
    section: u8,
    position: u8,
}

impl Number {
    /// As on the form.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// The section.
    pub fn section(&self) -> u8 {
        self.section
    }

    /// The place in the section, from 1.
    pub fn position(&self) -> u8 {
        self.position
    }

    /// In plain ASCII: `2-1`.
    pub fn ascii(&self) -> String {
        format!("{}-{}", self.section, self.position)
    }
}

/// The number is not of the form `2-1`, `2-(1)` or `2-①`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a row number such as 2-1, 2-(1) or 2-①")]
pub struct BadNumber(String);

impl FromStr for Number {
    type Err = BadNumber;

    fn from_str(printed: &str) -> Result<Self, Self::Err> {
        // Compatibility decomposition makes ① and full-width digits plain.
        let plain: String = printed.nfkc().filter(|c| !matches!(c, '(' | ')' | ' ')).collect();
        let parsed = plain.split_once('-').and_then(|(section, position)| {
            Some((section.parse::<u8>().ok()?, position.parse::<u8>().ok()?))
        });
        match parsed {
            Some((section, position)) if section > 0 && position > 0 => {
                Ok(Number { printed: printed.to_owned(), section, position })
            }
            _ => Err(BadNumber(printed.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_str(deserializer)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed)
    }
}

/// A date of publication, known to the day or only to the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublishedOn {
    first: NaiveDate,
    day_known: bool,
}

impl PublishedOn {
    /// The year and month.
    pub fn year_month(self) -> (i32, u32) {
        (self.first.year(), self.first.month())
    }

    /// The day, where known.
    pub fn date(self) -> Option<NaiveDate> {
        self.day_known.then_some(self.first)
    }
}

/// The text is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date such as 2026-06-29 or a month such as 2026-06")]
pub struct BadDate(String);

impl FromStr for PublishedOn {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day_known = text.len() > 7;
        let day = if day_known { text.to_owned() } else { format!("{text}-01") };
        let well_formed = text.len() == 10 || text.len() == 7;
        match NaiveDate::parse_from_str(&day, "%Y-%m-%d") {
            Ok(first) if well_formed => Ok(PublishedOn { first, day_known }),
            _ => Err(BadDate(text.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for PublishedOn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_str(deserializer)
    }
}

impl fmt::Display for PublishedOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pattern = if self.day_known { "%Y-%m-%d" } else { "%Y-%m" };
        write!(f, "{}", self.first.format(pattern))
    }
}

/// What changed from one edition to the next.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Its id.
    pub id: Located<ChangeId>,
    /// The fiscal year before; none where nothing came before.
    pub from: Option<i32>,
    /// The fiscal year of the change.
    pub to: Located<i32>,
    /// What kind of change.
    pub kind: ChangeKind,
    /// The items it concerns; empty where it concerns the form as a whole.
    #[serde(default)]
    pub items: Vec<Located<ItemId>>,
    /// What changed.
    pub text: Words,
    /// Read in a source.
    pub confirmed: bool,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
}

/// How a kind of institution comes to a form.
#[derive(Clone, Copy, Debug)]
pub enum FormUse<'a> {
    /// The form is made for it.
    Official,
    /// No form of its own was found: it checks itself with this one, and the rule says so.
    SelfCheck(&'a Rule),
    /// The form goes to a vendor.
    Vendor,
}

/// A year's form, ready to be shown: the gate question and the rows in printed order, each with its item.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// The edition.
    pub edition: &'a Edition,
    /// Titles, columns and filling rules.
    pub data: &'a FormData,
    /// How the asker comes to it.
    pub usage: FormUse<'a>,
    /// The question that comes before all others, where the form has one.
    pub gate: Option<FormRow<'a>>,
    /// The rows in printed order, without the gate.
    pub rows: Vec<FormRow<'a>>,
}

impl<'a> Form<'a> {
    /// The row of an id, the gate included.
    pub fn row(&self, id: &PlacementId) -> Option<&FormRow<'a>> {
        self.gate.iter().chain(&self.rows).find(|row| row.id == *id)
    }

    /// The sections with their rows, in printed order.
    pub fn sections(&self) -> impl Iterator<Item = (&'a Section, Vec<&FormRow<'a>>)> {
        self.edition.section.iter().filter_map(|section| {
            let of_section = |row: &&FormRow| row.section.is_some_and(|s| s.number == section.number);
            let rows: Vec<_> = self.rows.iter().filter(of_section).collect();
            (!rows.is_empty()).then_some((section, rows))
        })
    }
}

/// A row of a form with everything it names.
#[derive(Clone, Debug)]
pub struct FormRow<'a> {
    /// The stable id.
    pub id: PlacementId,
    /// The row.
    pub placement: &'a Placement,
    /// The item.
    pub item: &'a Item,
    /// Its section; none for the gate.
    pub section: Option<&'a Section>,
    /// Its condition.
    pub condition: Option<&'a Condition>,
    /// The rule under which it may stay empty, and whether that is certain.
    pub not_applicable: Option<(&'a Rule, bool)>,
    /// How sure it is that the row stands there.
    pub standing: Standing<'a>,
}
