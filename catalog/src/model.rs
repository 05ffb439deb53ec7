//! The rows that stand beside the forms: items, sources, rules, figures, steps and the rest.

use serde::Deserialize;

use crate::parse::{Located, Words};
use crate::words::{
    AttackRouteId, Doer, Effort, FigureId, GuidelinePart, InstitutionKind, ItemId, PlacementId, RouteOutcome,
    RuleId, Scope, SourceId, StepId, SystemKindId, SystemsStyle, Tier, TypeReason,
};

/// Where a fact was read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its id.
    pub id: Located<SourceId>,
    /// The address, where there is one.
    pub url: Option<String>,
    /// What it is.
    pub what: Words,
    /// How near to the official text it is.
    pub tier: Tier,
}

/// A stable checkpoint (項目), the same from year to year, in our own words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its id.
    pub id: Located<ItemId>,
    /// Short name.
    pub title: Words,
    /// The question in plain words.
    pub question: Words,
    /// The question as put to a vendor on the vendor form.
    pub vendor_question: Option<Words>,
    /// Whether the vendor question follows a source; false where it is our reading.
    #[serde(default)]
    pub vendor_question_confirmed: bool,
    /// Why it matters.
    pub why: Words,
    /// How to do it without a specialist.
    pub how: Words,
    /// What an inspector looks at. Our suggestion, not an official criterion.
    pub evidence: Words,
    /// What it means for each kind of institution.
    pub means_for: MeansFor,
    /// The question for a letter to the vendor, where only the vendor can know.
    pub ask_vendor: Option<Words>,
    /// Where the guideline speaks of it.
    #[serde(default)]
    pub guideline: Vec<GuidelineRef>,
    /// What version 7.0 of the guideline says differently (secondary sources).
    pub guideline_7_note: Option<Words>,
    /// Anything else worth knowing.
    pub note: Option<Words>,
    /// Short Japanese nouns that the official sentence is likely to contain.
    pub keywords: Vec<String>,
    /// Sources of the confirmed guideline references and notes.
    #[serde(default)]
    pub sources: Vec<Located<SourceId>>,
}

/// What an item means for a kind of institution: four groups, and single kinds where they differ.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeansFor {
    hospital: Words,
    clinic: Words,
    pharmacy: Words,
    care: Words,
    dental_clinic: Option<Words>,
    midwifery_home: Option<Words>,
    home_visit_nursing: Option<Words>,
    care_facility: Option<Words>,
}

impl MeansFor {
    /// The text for one kind.
    pub fn kind(&self, kind: InstitutionKind) -> &Words {
        use crate::words::KindGroup;
        let own = match kind {
            InstitutionKind::DentalClinic => self.dental_clinic.as_ref(),
            InstitutionKind::MidwiferyHome => self.midwifery_home.as_ref(),
            InstitutionKind::HomeVisitNursing => self.home_visit_nursing.as_ref(),
            InstitutionKind::CareFacility => self.care_facility.as_ref(),
            InstitutionKind::Hospital | InstitutionKind::Clinic | InstitutionKind::Pharmacy => None,
        };
        own.unwrap_or(match kind.group() {
            KindGroup::Hospital => &self.hospital,
            KindGroup::Clinic => &self.clinic,
            KindGroup::Pharmacy => &self.pharmacy,
            KindGroup::Care => &self.care,
        })
    }
}

/// A place in the ministry's guideline.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidelineRef {
    /// Version, `6.0` or `7.0`.
    pub version: String,
    /// Part.
    pub part: GuidelinePart,
    /// Chapter number, such as `9.1`.
    pub chapter: String,
    /// Item inside the chapter as printed, such as `5` or `管理責任②`.
    pub item: Option<String>,
    /// Printed by an official manual (true) or our own reading (false).
    pub confirmed: bool,
}

/// A rule about filling the form or about the inspection.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id; editions name the rules that hold for them.
    pub id: Located<RuleId>,
    /// The rule.
    pub text: Words,
    /// Follows from a source.
    pub confirmed: bool,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
}

/// A published figure to compare oneself with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyFigure {
    /// Its id.
    pub id: Located<FigureId>,
    /// The item it speaks of, where it maps to one.
    pub item: Option<Located<ItemId>>,
    /// What was measured.
    pub measure: Words,
    /// Who was asked.
    pub population: Words,
    /// The kinds of institution it can be compared with.
    pub kinds: Vec<InstitutionKind>,
    /// The year of the survey, western.
    pub year: i32,
    /// Per cent of those who answered (0 to 100).
    pub percent: f64,
    /// True where a higher share is the better state; false where it counts a lack.
    pub more_is_better: bool,
    /// Read in a source of its own, not derived or second-hand.
    pub confirmed: bool,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
}

/// A way in which attacks really got in or did their harm.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttackRoute {
    /// Its id.
    pub id: Located<AttackRouteId>,
    /// Short name.
    pub title: Words,
    /// What happened, where, in plain words.
    pub text: Words,
    /// The items that close it, the one that closes it best first.
    pub items: Vec<Located<ItemId>>,
    /// The kinds of device it goes through; empty where it goes through all or none in particular.
    #[serde(default)]
    pub scope: Vec<Scope>,
    /// Our estimate of its share in the harm, 0 to 1. A judgement for ordering work, not a measurement.
    pub weight: f64,
    /// How the weight was judged.
    pub reasoning: Words,
    /// Read in a report or official figure.
    pub confirmed: bool,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
}

impl AttackRoute {
    /// Whether work on devices of `scopes` can stand in its way.
    pub fn touches(&self, scopes: &[Scope]) -> bool {
        let general = |s: &Scope| matches!(s, Scope::All | Scope::Organisation);
        self.scope.is_empty() || scopes.iter().any(|s| general(s) || self.scope.contains(s))
    }
}

/// One concrete piece of work.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its id.
    pub id: Located<StepId>,
    /// The item it serves.
    pub item: Located<ItemId>,
    /// The kinds of device it is about; empty where it serves every row of the item.
    #[serde(default)]
    pub scope: Vec<Scope>,
    /// What to do, as an instruction.
    pub title: Words,
    /// Why it comes early: one short sentence that stands alone.
    pub why: Words,
    /// Time for the person doing it, in minutes.
    pub minutes: u32,
    /// Who can do it, best placed first.
    pub who: Vec<Doer>,
    /// How, without a specialist: three to six short actions in order.
    pub how: Vec<Words>,
    /// Effort class.
    pub effort: Effort,
    /// Steps that have to be done before.
    #[serde(default)]
    pub after: Vec<Located<StepId>>,
    /// The kinds it applies to; empty means all.
    #[serde(default)]
    pub kinds: Vec<InstitutionKind>,
}

impl Step {
    /// Whether the step fits a kind of institution.
    pub fn fits(&self, kind: InstitutionKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// Whether the step serves a row of a form that asks about `scopes`.
    pub fn serves(&self, scopes: &[Scope]) -> bool {
        let general = |s: &Scope| matches!(s, Scope::All | Scope::Organisation);
        self.scope.is_empty() || scopes.iter().any(|s| general(s) || self.scope.contains(s))
    }
}

/// A tile of the setup interview: a kind of system found in institutions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemKind {
    /// Its id.
    pub id: Located<SystemKindId>,
    /// Name as people in the house say it.
    pub name: Words,
    /// What it is.
    pub explanation: Words,
    /// The kinds of institution where it is usual.
    pub kinds: Vec<InstitutionKind>,
    /// How it is usually joined to the outside.
    pub outside: Option<Words>,
    /// The outside connection follows from a source; false where it is general knowledge.
    pub confirmed: bool,
    /// Where it was read.
    #[serde(default)]
    pub sources: Vec<Located<SourceId>>,
}

/// One of the four reading types of guideline 6.0.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidelineType {
    /// `I`, `II`, `III` or `IV`.
    pub id: Located<String>,
    /// A dedicated operator is on staff.
    pub operator_on_staff: bool,
    /// Where the systems run; never mixed.
    pub systems: SystemsStyle,
    /// What the type means.
    pub text: Words,
    /// What has to be read.
    pub reading: Words,
    /// What may be simplified when the vendor confirms it and the contract covers it.
    pub simplification: Option<Words>,
    /// Read in the final text (false: draft or secondary).
    pub confirmed: bool,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
}

/// The sentence for one reason of the type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidelineReason {
    /// Which reason.
    pub when: Located<TypeReason>,
    /// The sentence.
    pub text: Words,
}

/// The outcome of asking for guideline 7.0's part for institutions that entrust maintenance.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceRoute {
    /// Which outcome.
    pub outcome: Located<RouteOutcome>,
    /// What it means and what to do.
    pub text: Words,
    /// Read in the official text.
    pub confirmed: bool,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
}

/// How sure a fact is, why, and where it comes from: what the mark "check against the official form" shows.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// Follows from a source.
    pub confirmed: bool,
    /// What is not known, where there is a remark.
    pub remark: Option<&'a Words>,
    /// Where it was read; where it is not confirmed, the nearest document to check.
    pub sources: Vec<&'a Source>,
}

/// The id of a form's row from its item and scopes: `item`, or `item.server` where devices are asked apart.
pub(crate) fn placement_id(item: &ItemId, scope: &[Scope]) -> Option<PlacementId> {
    let devices: Vec<_> =
        scope.iter().filter(|s| !matches!(s, Scope::All | Scope::Organisation)).map(|s| s.code()).collect();
    let id = if devices.is_empty() { item.to_string() } else { format!("{item}.{}", devices.join("-")) };
    id.parse().ok()
}
