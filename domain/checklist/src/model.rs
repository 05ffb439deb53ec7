//! What a round is made of.

use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::PersonId;
use komainu_catalog::{ItemId, Level, PlacementId, Scope as AskedAbout, Variant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

use crate::neighbours::{ContactId, SystemId, VendorId};

komainu_db::id! {
    /// A round (年度の点検): one answering of one year's form.
    RoundId
}

komainu_db::id! {
    /// A piece of evidence of a row.
    EvidenceId
}

komainu_db::id! {
    /// A vendor's reply about a row.
    ReplyId
}

/// The text is none of the codes that may stand here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

/// How a row was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// はい.
    Yes,
    /// いいえ.
    No,
    /// わからない: counts as no, and opens the help.
    NotSure,
    /// The row does not apply, where the form allows that.
    NotApplicable,
}

impl AnswerKind {
    /// Every answer.
    pub const ALL: [AnswerKind; 4] =
        [AnswerKind::Yes, AnswerKind::No, AnswerKind::NotSure, AnswerKind::NotApplicable];

    /// The code used in storage and forms.
    pub const fn code(self) -> &'static str {
        match self {
            AnswerKind::Yes => "yes",
            AnswerKind::No => "no",
            AnswerKind::NotSure => "not_sure",
            AnswerKind::NotApplicable => "not_applicable",
        }
    }

    /// Whether work remains, so that the form asks for a target date.
    pub const fn counts_as_no(self) -> bool {
        matches!(self, AnswerKind::No | AnswerKind::NotSure)
    }
}

impl fmt::Display for AnswerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for AnswerKind {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        AnswerKind::ALL.into_iter().find(|kind| kind.code() == code).ok_or(UnknownCode)
    }
}

/// What a person wrote into a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AnswerContent {
    /// The answer; none while only a note or a date was written.
    pub kind: Option<AnswerKind>,
    /// Why the row does not apply; empty for every other answer.
    pub reason: String,
    /// The dates of the form's check columns, as many as the form has.
    pub checked: Vec<Option<NaiveDate>>,
    /// By when a no becomes a yes; none for every other answer.
    pub target: Option<NaiveDate>,
    /// Anything worth remembering.
    pub note: String,
}

/// What stands in a row, and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was written.
    pub content: AnswerContent,
    /// Taken over from an earlier year and not yet confirmed: it counts as unanswered.
    pub carried: bool,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// By whom.
    pub changed_by: PersonId,
    /// That person's name at the time.
    pub changed_by_name: String,
    /// Grows by one at every change.
    pub version: i64,
}

/// One institution's answering of one year's form, about itself or about a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// The fiscal year by its first calendar year.
    pub fiscal_year: i32,
    /// The form.
    pub variant: Variant,
    /// The vendor it speaks of; none where the institution answers about itself.
    pub vendor: Option<VendorId>,
    /// The round whose answers were carried over.
    pub carried_from: Option<RoundId>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed; a closed round can only be read.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Round {
    /// Its address below `/checklist/`.
    pub fn path(&self) -> String {
        let form = FormKey { variant: self.variant, vendor: self.vendor };
        format!("/checklist/{}/{form}", self.fiscal_year)
    }
}

/// Names a round within its year: in addresses `institution`, `vendor-<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormKey {
    /// The form.
    pub variant: Variant,
    /// The vendor it speaks of; only, and always, with the vendor form.
    pub vendor: Option<VendorId>,
}

impl fmt::Display for FormKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.vendor {
            Some(vendor) => write!(f, "{}-{vendor}", self.variant),
            None => write!(f, "{}", self.variant),
        }
    }
}

impl FromStr for FormKey {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let (variant, vendor) = match text.split_once('-') {
            Some((variant, vendor)) => (variant, Some(vendor.parse().map_err(|_| UnknownCode)?)),
            None => (text, None),
        };
        let variant: Variant = variant.parse().map_err(|_| UnknownCode)?;
        if vendor.is_some() == (variant == Variant::Vendor) {
            Ok(FormKey { variant, vendor })
        } else {
            Err(UnknownCode)
        }
    }
}

/// Something a complete row still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Missing {
    /// The date of the first check.
    CheckDate,
    /// The target date of a no.
    Target,
    /// The reason why it does not apply.
    Reason,
}

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// The gate question made it unnecessary.
    NotNeeded,
    /// No answer yet.
    Unanswered,
    /// An earlier year's answer waits to be confirmed; the person counts as not having answered.
    ToConfirm,
    /// Answered, but something is missing.
    Lacks(BTreeSet<Missing>),
    /// Answered, with everything that belongs to it.
    Complete,
}

impl RowState {
    /// Whether the row was answered this year, complete or not.
    pub fn is_answered(&self) -> bool {
        matches!(self, RowState::Lacks(_) | RowState::Complete)
    }

    /// Whether somebody has to do something in the form.
    pub fn is_waiting(&self) -> bool {
        matches!(self, RowState::Unanswered | RowState::ToConfirm | RowState::Lacks(_))
    }
}

/// How many rows stand where. Rows printed for reference are counted apart, the gate not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Rows that have to be answered; none where the gate made them unnecessary.
    pub needed: u32,
    /// Of those: answered this year.
    pub answered: u32,
    /// Of those: answered with everything that belongs to it.
    pub complete: u32,
    /// Answered yes.
    pub yes: u32,
    /// Answered no.
    pub no: u32,
    /// Answered not sure.
    pub not_sure: u32,
    /// Answered as not applicable.
    pub not_applicable: u32,
    /// Carried over and not confirmed.
    pub to_confirm: u32,
    /// Rows printed for reference.
    pub reference: u32,
    /// Of those: answered.
    pub reference_answered: u32,
}

/// A round in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundSummary {
    /// Its id.
    pub id: RoundId,
    /// The fiscal year by its first calendar year.
    pub fiscal_year: i32,
    /// The form.
    pub variant: Variant,
    /// The vendor it speaks of.
    pub vendor: Option<VendorId>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last change of anything in it.
    pub touched_at: DateTime<Utc>,
    /// How many rows stand where.
    pub counts: Counts,
}

/// Who has to answer a row, and by when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Assignment {
    /// The person.
    pub person: PersonId,
    /// By when; none for the round's own pace.
    pub due: Option<NaiveDate>,
}

/// What was asked of a vendor about a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ask {
    /// The vendor.
    pub vendor: VendorId,
    /// When the letter went out.
    pub asked_on: NaiveDate,
    /// By when a reply was asked for.
    pub reply_by: NaiveDate,
    /// Who asked.
    pub asked_by_name: String,
    /// When the reply came.
    pub replied_on: Option<NaiveDate>,
}

/// What became of a vendor's reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplyOutcome {
    /// It was written into the row.
    Taken,
    /// The row was left as it is.
    SetAside,
}

impl ReplyOutcome {
    /// The code used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            ReplyOutcome::Taken => "taken",
            ReplyOutcome::SetAside => "set_aside",
        }
    }
}

impl FromStr for ReplyOutcome {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        [ReplyOutcome::Taken, ReplyOutcome::SetAside]
            .into_iter()
            .find(|outcome| outcome.code() == code)
            .ok_or(UnknownCode)
    }
}

/// What a vendor answered about a row through a link. The row itself says what the house answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its id.
    pub id: ReplyId,
    /// The round.
    pub round: RoundId,
    /// The row.
    pub placement: PlacementId,
    /// The vendor that was asked.
    pub vendor: VendorId,
    /// Its name when it was asked.
    pub vendor_name: String,
    /// The name that was given with the reply; nobody has proved it.
    pub name: String,
    /// The answer.
    pub answer: AnswerKind,
    /// By when a no becomes a yes.
    pub target: Option<NaiveDate>,
    /// What else was written.
    pub note: String,
    /// When it came.
    pub replied_at: DateTime<Utc>,
    /// What became of it; none while it waits.
    pub outcome: Option<ReplyOutcome>,
    /// When that was decided.
    pub settled_at: Option<DateTime<Utc>>,
    /// By whom; empty while it waits.
    pub settled_by_name: String,
}

/// A row of a round with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    /// The row of the form.
    pub placement: PlacementId,
    /// The printed number, by the official workbook where one was loaded; none for the gate.
    pub number: Option<String>,
    /// The section's number; none for the gate.
    pub section: Option<u8>,
    /// The item.
    pub item: ItemId,
    /// How much the row asks this year.
    pub level: Level,
    /// What it asks about.
    pub scopes: Vec<AskedAbout>,
    /// The row's place in the form follows from a source, or from the official workbook.
    pub confirmed: bool,
    /// Whether the form lets it stay empty under a rule.
    pub may_not_apply: bool,
    /// What stands in it.
    pub answer: Option<Answer>,
    /// Where it stands.
    pub state: RowState,
    /// Who has to answer it.
    pub assignment: Option<Assignment>,
    /// The same person, for callers that need no more.
    pub assigned_to: Option<PersonId>,
    /// Pieces of evidence that are not removed.
    pub evidence_count: u32,
    /// What vendors were asked, newest first.
    pub asks: Vec<Ask>,
    /// Replies that came through links and wait to be looked at.
    pub replies_waiting: u32,
    /// An earlier year's answer waits to be confirmed.
    pub carried: bool,
    /// The ministry's own sentence, where the official workbook was loaded.
    pub official: Option<String>,
}

impl RowView {
    /// The answer that counts this year: none where there is none or it waits to be confirmed.
    pub fn settled(&self) -> Option<AnswerKind> {
        self.answer.as_ref().filter(|answer| !answer.carried).and_then(|answer| answer.content.kind)
    }

    /// A question to a vendor that has no reply yet.
    pub fn waits_for_vendor(&self) -> Option<&Ask> {
        let open = self.settled() != Some(AnswerKind::Yes);
        self.asks.iter().find(|ask| open && ask.replied_on.is_none())
    }
}

/// A round with its rows in printed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundView {
    /// The round.
    pub round: Round,
    /// The question that comes before all others, where the form has one.
    pub gate: Option<RowView>,
    /// The rows, without the gate. Staff see only their own.
    pub rows: Vec<RowView>,
    /// How many of these rows stand where.
    pub counts: Counts,
    /// How many check columns the form has.
    pub check_columns: usize,
}

impl RoundView {
    /// Whether the gate question was answered with no system, so that nothing else is needed.
    pub fn gate_shut(&self) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.settled() == Some(AnswerKind::No))
    }

    /// The gate and the rows, in printed order.
    pub fn all(&self) -> impl Iterator<Item = &RowView> {
        self.gate.iter().chain(&self.rows)
    }

    /// A row, or the gate.
    pub fn row(&self, placement: &PlacementId) -> Option<&RowView> {
        self.all().find(|row| row.placement == *placement)
    }
}

/// A row that is not a confirmed yes, for the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    /// The row of the form.
    pub placement: PlacementId,
    /// The item.
    pub item: ItemId,
    /// What it asks about.
    pub scopes: Vec<AskedAbout>,
    /// How it was answered; an answer carried over is named, see `carried`.
    pub answer: Option<AnswerKind>,
    /// By when it becomes a yes.
    pub target: Option<NaiveDate>,
    /// Who has to see to it.
    pub assigned_to: Option<PersonId>,
    /// The answer is an earlier year's and waits to be confirmed.
    pub carried: bool,
}

/// What a piece of evidence is. A later domain adds its records here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EvidenceTarget {
    /// A sealed file, by its digest.
    File(String),
    /// A system of the ledger.
    System(SystemId),
    /// A vendor of the ledger.
    Vendor(VendorId),
    /// A line of the contact network.
    Contact(ContactId),
}

impl EvidenceTarget {
    /// The kind's code in storage and forms.
    pub const fn kind(&self) -> &'static str {
        match self {
            EvidenceTarget::File(_) => "file",
            EvidenceTarget::System(_) => "system",
            EvidenceTarget::Vendor(_) => "vendor",
            EvidenceTarget::Contact(_) => "contact",
        }
    }

    /// The digest or id.
    pub fn key(&self) -> String {
        match self {
            EvidenceTarget::File(digest) => digest.clone(),
            EvidenceTarget::System(id) => id.to_string(),
            EvidenceTarget::Vendor(id) => id.to_string(),
            EvidenceTarget::Contact(id) => id.to_string(),
        }
    }

    /// Reads what [`EvidenceTarget::kind`] and [`EvidenceTarget::key`] wrote.
    pub fn parse(kind: &str, key: &str) -> Result<EvidenceTarget, UnknownCode> {
        Ok(match kind {
            "file" if key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                EvidenceTarget::File(key.to_ascii_lowercase())
            }
            "system" => EvidenceTarget::System(key.parse().map_err(|_| UnknownCode)?),
            "vendor" => EvidenceTarget::Vendor(key.parse().map_err(|_| UnknownCode)?),
            "contact" => EvidenceTarget::Contact(key.parse().map_err(|_| UnknownCode)?),
            _ => return Err(UnknownCode),
        })
    }
}

/// A piece of evidence of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// The round it belongs to.
    pub round: RoundId,
    /// The row it belongs to.
    pub placement: PlacementId,
    /// What it is.
    pub target: EvidenceTarget,
    /// The file's name, or the record's name at the time.
    pub name: String,
    /// Size of a file in bytes; 0 for a record.
    pub size: i64,
    /// Media type of a file; empty for a record.
    pub media_type: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// By whom.
    pub added_by_name: String,
}
