//! Asking the catalogue.

use chrono::{Datelike, NaiveDate};

use crate::edition::{Change, Edition, Form, FormData, FormRow, FormUse, Placement};
use crate::load::Catalog;
use crate::model::{
    AttackRoute, GuidelineReason, GuidelineType, Item, MaintenanceRoute, Rule, Source, Standing, Step,
    SurveyFigure, SystemKind,
};
use crate::parse::{Located, Words};
use crate::words::{
    InstitutionKind, ItemId, RouteOutcome, RuleId, SourceId, StepId, SystemsStyle, TypeReason, UpdateDuty,
    Variant,
};

/// The Japanese fiscal year (April to March) a day lies in.
pub fn fiscal_year_of(day: NaiveDate) -> i32 {
    if day.month() >= 4 { day.year() } else { day.year() - 1 }
}

/// The types of guideline 6.0 that fit, and why. Mixed systems fit two types, one per system.
#[derive(Clone, Debug)]
pub struct GuidelineTypeAnswer<'a> {
    /// One type, or two where systems are mixed.
    pub types: Vec<&'a GuidelineType>,
    /// A sentence for each fact that led there.
    pub reasons: Vec<&'a Words>,
    /// False where a type rests on a draft, or where the mixed case had to be read by inference.
    pub confirmed: bool,
}

/// Editions and forms.
impl Catalog {
    /// Every edition, oldest first.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The edition of a fiscal year.
    pub fn edition(&self, fiscal_year: i32) -> Option<&Edition> {
        self.editions.iter().find(|edition| *edition.fiscal_year == fiscal_year)
    }

    /// The newest edition; an older one is superseded.
    pub fn latest_edition(&self) -> Option<&Edition> {
        self.editions.last()
    }

    /// The edition to use on a day: that of its fiscal year or, while none is known, the newest before it.
    pub fn edition_for_date(&self, day: NaiveDate) -> Option<&Edition> {
        let year = fiscal_year_of(day);
        self.editions.iter().rev().find(|edition| *edition.fiscal_year <= year)
    }

    /// The form a kind of institution fills in.
    pub fn form(&self, fiscal_year: i32, kind: InstitutionKind) -> Option<Form<'_>> {
        let edition = self.edition(fiscal_year)?;
        let form = edition.form.iter().find(|f| f.kinds.contains(&kind) || f.self_check.contains(&kind))?;
        let usage = if form.kinds.contains(&kind) {
            FormUse::Official
        } else {
            FormUse::SelfCheck(self.rule(form.self_check_rule.as_deref()?)?)
        };
        Some(self.view(edition, form, usage))
    }

    /// The form that is sent to vendors.
    pub fn vendor_form(&self, fiscal_year: i32) -> Option<Form<'_>> {
        self.form_of(fiscal_year, Variant::Vendor)
    }

    /// A form by its name.
    pub fn form_of(&self, fiscal_year: i32, variant: Variant) -> Option<Form<'_>> {
        let edition = self.edition(fiscal_year)?;
        let form = edition.form.iter().find(|f| *f.variant == variant)?;
        let usage = if variant == Variant::Vendor { FormUse::Vendor } else { FormUse::Official };
        Some(self.view(edition, form, usage))
    }

    fn view<'a>(&'a self, edition: &'a Edition, data: &'a FormData, usage: FormUse<'a>) -> Form<'a> {
        let mut rows: Vec<_> = data.rows.iter().filter_map(|row| self.row(edition, row)).collect();
        let gate = rows.first().is_some_and(|row| row.section.is_none()).then(|| rows.remove(0));
        Form { edition, data, usage, gate, rows }
    }

    /// None cannot happen in a checked catalogue: its items and ids exist.
    fn row<'a>(&'a self, edition: &'a Edition, placement: &'a Placement) -> Option<FormRow<'a>> {
        let condition = placement.condition.as_ref();
        let note = placement.note.as_ref();
        let not_applicable = placement.not_applicable_when.as_ref();
        Some(FormRow {
            id: placement.id()?,
            placement,
            item: self.item(&placement.item)?,
            section: placement
                .number
                .as_ref()
                .and_then(|n| edition.section.iter().find(|s| *s.number == n.section())),
            condition: condition.and_then(|id| edition.condition.iter().find(|c| c.id == *id)),
            not_applicable: not_applicable.and_then(|n| Some((self.rule(&n.rule)?, n.confirmed))),
            standing: Standing {
                confirmed: placement.confirmed,
                remark: note
                    .and_then(|id| edition.remark.iter().find(|r| r.id == *id))
                    .map(|remark| &remark.text),
                sources: self.sources(&placement.sources),
            },
        })
    }

    /// What changed after fiscal year `from` up to `to`: for one item, or everything where none is given.
    pub fn changes_between(&self, from: i32, to: i32, item: Option<&ItemId>) -> Vec<&Change> {
        let concerns = |change: &Change| item.is_none_or(|id| change.items.iter().any(|i| **i == *id));
        let mut changes: Vec<_> = self
            .rows
            .change
            .iter()
            .filter(|change| from < *change.to && *change.to <= to && concerns(change))
            .collect();
        changes.sort_by_key(|change| *change.to);
        changes
    }
}

/// Rows by id, and rows about an item.
impl Catalog {
    /// Every item, in the order of the data.
    pub fn items(&self) -> &[Item] {
        &self.rows.item
    }

    /// An item.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.rows.item.iter().find(|item| *item.id == *id)
    }

    /// Every source, in the order of the data.
    pub fn all_sources(&self) -> &[Source] {
        &self.rows.source
    }

    /// A source.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.rows.source.iter().find(|source| *source.id == *id)
    }

    /// The sources of a list of ids, in its order.
    pub fn sources(&self, ids: &[Located<SourceId>]) -> Vec<&Source> {
        ids.iter().filter_map(|id| self.source(id)).collect()
    }

    /// A rule.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rows.rule.iter().find(|rule| *rule.id == *id)
    }

    /// The rules that hold for an edition, in its order.
    pub fn rules_for(&self, edition: &Edition) -> Vec<&Rule> {
        edition.rules.iter().filter_map(|id| self.rule(id)).collect()
    }

    /// A step.
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.rows.step.iter().find(|step| *step.id == *id)
    }

    /// Every step, in the order of the data.
    pub fn steps(&self) -> &[Step] {
        &self.rows.step
    }

    /// The steps of an item that fit a kind of institution, in the order they are best taken.
    pub fn steps_for(&self, item: &ItemId, kind: InstitutionKind) -> Vec<&Step> {
        self.rows.step.iter().filter(|step| *step.item == *item && step.fits(kind)).collect()
    }

    /// Every way attacks got in, heaviest first.
    pub fn routes(&self) -> Vec<&AttackRoute> {
        let mut routes: Vec<_> = self.rows.attack_route.iter().collect();
        routes.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        routes
    }

    /// The ways that an item closes, heaviest first.
    pub fn routes_for(&self, item: &ItemId) -> Vec<&AttackRoute> {
        self.routes().into_iter().filter(|route| route.items.iter().any(|i| **i == *item)).collect()
    }

    /// Every published figure.
    pub fn figures(&self) -> &[SurveyFigure] {
        &self.rows.figure
    }

    /// Published figures about an item, newest first.
    pub fn survey_for(&self, item: &ItemId) -> Vec<&SurveyFigure> {
        let about = |figure: &&SurveyFigure| figure.item.as_ref().is_some_and(|i| **i == *item);
        let mut figures: Vec<_> = self.rows.figure.iter().filter(about).collect();
        figures.sort_by_key(|figure| std::cmp::Reverse(figure.year));
        figures
    }

    /// The kinds of systems usual in a kind of institution, in the order of the data.
    pub fn system_kinds_for(&self, kind: InstitutionKind) -> Vec<&SystemKind> {
        self.rows.system_kind.iter().filter(|system| system.kinds.contains(&kind)).collect()
    }

    /// Every kind of system.
    pub fn system_kinds(&self) -> &[SystemKind] {
        &self.rows.system_kind
    }
}

/// Which guideline an institution has to read.
impl Catalog {
    /// The type I to IV of guideline 6.0, decided by two facts and not by the kind of institution.
    pub fn guideline_type(&self, operator_on_staff: bool, systems: SystemsStyle) -> GuidelineTypeAnswer<'_> {
        let fits = |t: &&GuidelineType| {
            t.operator_on_staff == operator_on_staff
                && (systems == SystemsStyle::Mixed || t.systems == systems)
        };
        let types: Vec<_> = self.rows.guideline_type.iter().filter(fits).collect();
        let confirmed = systems != SystemsStyle::Mixed && types.iter().all(|t| t.confirmed);
        let operator = if operator_on_staff { TypeReason::OperatorOnStaff } else { TypeReason::NoOperator };
        let style = match systems {
            SystemsStyle::OnPremises => TypeReason::OnPremises,
            SystemsStyle::Cloud => TypeReason::Cloud,
            SystemsStyle::Mixed => TypeReason::Mixed,
        };
        let reasons = [operator, style].into_iter().filter_map(|when| self.reason(when)).collect();
        GuidelineTypeAnswer { types, reasons, confirmed }
    }

    fn reason(&self, when: TypeReason) -> Option<&Words> {
        let found = |reason: &&GuidelineReason| *reason.when == when;
        self.rows.guideline_reason.iter().find(found).map(|reason| &reason.text)
    }

    /// Whether guideline 7.0's part for institutions that entrust maintenance may be used: nobody on staff runs the
    /// systems, and every server's security updates are the vendor's duty in writing. One server without is a no.
    pub fn maintenance_route(&self, operator_on_staff: bool, duty: UpdateDuty) -> Option<&MaintenanceRoute> {
        let outcome = match (operator_on_staff, duty) {
            (true, _) | (false, UpdateDuty::NotAll) => RouteOutcome::DoesNotApply,
            (false, UpdateDuty::AllInContract) => RouteOutcome::MayApply,
            (false, UpdateDuty::Unknown) => RouteOutcome::ReadContract,
        };
        self.rows.maintenance_route.iter().find(|route| *route.outcome == outcome)
    }
}
