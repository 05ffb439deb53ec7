//! Where candidates come from: each source is a pure function from the facts to the steps it would take.

use super::points::{
    self, FINISH, by_date, by_effort, by_position, by_standing, by_style, day, exposure, helps,
};
use crate::model::{Action, HouseStep, OpenRow, Reason, RoundState, Score, Situation, Standing, StepKey};
use chrono::NaiveDate;
use komainu_access::PersonId;
use komainu_catalog::{Catalog, Doer, Effort, ItemId, PlacementId, Scope as AskedAbout, Step};
use std::collections::{BTreeMap, BTreeSet};

/// A step that a source would take, and why. Candidates of one step from several sources are merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which step.
    pub key: StepKey,
    /// The item it serves, where it serves one.
    pub item: Option<ItemId>,
    /// The rows it serves.
    pub rows: BTreeSet<PlacementId>,
    /// Why.
    pub reasons: BTreeSet<Reason>,
    /// The points, without what other steps need.
    pub score: Score,
    /// Before everything else, in this order.
    pub blocking: Option<u8>,
    /// Minutes for the person doing it.
    pub minutes: u32,
    /// Who can do it, best placed first.
    pub who: Vec<Doer>,
    /// Those to whom its rows are assigned.
    pub assigned_to: BTreeSet<PersonId>,
    /// The nearest day that counts.
    pub due: Option<NaiveDate>,
    /// The way of attack is inferred, not read in a report.
    pub inferred: bool,
    /// A row that it serves has its place in the form from no source.
    pub form_unconfirmed: bool,
    /// Where its button leads.
    pub action: Action,
    /// Everything it serves waits for a vendor until this day.
    pub reply_by: Option<NaiveDate>,
}

/// A pure function from the facts to candidates.
pub type Source = fn(&Situation, &Catalog) -> Vec<Candidate>;

/// Every source. A later domain adds its own.
pub const SOURCES: &[Source] = &[incident, begin, form, vendors, work, finish, ledger, measures];

/// The order of what comes before everything else: what an incident asks for, then what the plan cannot do without.
const DUTIES: u8 = 0;
const INCIDENT_TASKS: u8 = 1;
const INTERVIEW: u8 = 2;
const ROUND: u8 = 3;
const CONFIRM: u8 = 4;
const ANSWER: u8 = 5;

/// Minutes one question of the form takes to answer, and to confirm; estimates of ours.
const ANSWER_MINUTES: u32 = 2;
const CONFIRM_MINUTES: u32 = 1;

impl Candidate {
    fn new(key: StepKey, minutes: u32, effort: Effort, who: &[Doer], action: Action) -> Candidate {
        Candidate {
            key,
            item: None,
            rows: BTreeSet::new(),
            reasons: BTreeSet::new(),
            score: Score { effort: by_effort(effort), ..Score::default() },
            blocking: None,
            minutes,
            who: who.to_vec(),
            assigned_to: BTreeSet::new(),
            due: None,
            inferred: false,
            form_unconfirmed: false,
            action,
            reply_by: None,
        }
    }

    fn house(step: HouseStep, minutes: u32, who: &[Doer], action: Action) -> Candidate {
        let effort = if minutes <= 15 { Effort::Minutes } else { Effort::Sitting };
        Candidate::new(step.into(), minutes, effort, who, action)
    }

    fn because(mut self, reason: Reason) -> Candidate {
        self.reasons.insert(reason);
        self
    }

    /// Takes over what a row says: whose it is, its day, how sure its place in the form is.
    fn for_row(&mut self, situation: &Situation, row: &OpenRow) {
        self.rows.insert(row.placement.clone());
        self.assigned_to.extend(row.assigned_to);
        self.form_unconfirmed |= !row.confirmed;
        let day = day(situation, row);
        // The earliest day is also the one with the most points.
        if day.due.is_some_and(|due| self.due.is_none_or(|known| due < known)) {
            self.reasons.retain(|r| {
                !matches!(r, Reason::Late { .. } | Reason::DueSoon { .. } | Reason::YearEnds { .. })
            });
            self.reasons.extend(day.reason);
            self.score.deadline = day.points;
            self.due = day.due;
        }
    }

    /// Takes over the way of attack with the most points.
    fn against(&mut self, points: i32, exposure: points::Exposure) {
        if points > self.score.exposure {
            self.score.exposure = points;
            self.reasons.retain(|reason| !matches!(reason, Reason::Route { .. }));
            self.reasons.extend(exposure.route);
            self.inferred = exposure.inferred;
        }
    }
}

/// Minutes that telling somebody, and a task of an incident, take; estimates of ours.
const DUTY_MINUTES: u32 = 20;
const TASK_MINUTES: u32 = 10;

/// What an incident that goes on waits for. A law's clock beats ordinary work, and so does care that is hindered.
fn incident(situation: &Situation, _: &Catalog) -> Vec<Candidate> {
    use Doer::{Director, SafetyManager, SystemOperator};
    let (facts, who) = (situation.incident, [SafetyManager, Director, SystemOperator]);
    let mut all = Vec::new();
    if let Some((id, duties)) = facts.duties.filter(|(_, duties)| *duties > 0) {
        let minutes = duties.saturating_mul(DUTY_MINUTES).min(60);
        let reason = Reason::DutiesWait { duties, due: facts.due, unconfirmed: facts.unconfirmed };
        let mut tell = Candidate::house(HouseStep::Duties, minutes, &who, Action::Duties(id)).because(reason);
        tell.blocking = Some(DUTIES);
        tell.assigned_to.extend(facts.tells);
        if let Some(due) = facts.due {
            tell.score.deadline = by_date(situation.today, due, true).points;
            tell.due = Some(due);
        }
        all.push(tell);
    }
    if let Some((id, tasks)) = facts.tasks.filter(|(_, tasks)| *tasks > 0) {
        let minutes = tasks.saturating_mul(TASK_MINUTES).min(60);
        let mut go_on = Candidate::house(HouseStep::IncidentTasks, minutes, &who, Action::Incident(id))
            .because(Reason::IncidentTasks { tasks });
        go_on.blocking = Some(INCIDENT_TASKS);
        go_on.assigned_to.extend(facts.leads);
        all.push(go_on);
    }
    all
}

/// Without the interview and an open round the plan does not know what to order.
fn begin(situation: &Situation, _: &Catalog) -> Vec<Candidate> {
    use Doer::{Director, SafetyManager, SystemOperator};
    let mut all = Vec::new();
    if !situation.whole {
        return all;
    }
    if !situation.interview_done {
        let who = [SafetyManager, Director, SystemOperator];
        let interview = Candidate::house(HouseStep::Interview, 10, &who, Action::Interview);
        all.push(Candidate { blocking: Some(INTERVIEW), ..interview.because(Reason::InterviewUnfinished) });
    }
    if situation.round == RoundState::NotOpened {
        let who = [SafetyManager, Director];
        let open = Candidate::house(HouseStep::OpenRound, 5, &who, Action::Rounds);
        all.push(Candidate { blocking: Some(ROUND), ..open.because(Reason::RoundNotOpened) });
    }
    all
}

/// What the form itself waits for: answers, confirmations, dates.
fn form(situation: &Situation, catalog: &Catalog) -> Vec<Candidate> {
    let RoundState::Open { needed, answered } = situation.round else { return Vec::new() };
    let few = answered * 2 < needed || situation.rows.iter().any(gate_is_open);
    let rows_that = |wanted: fn(&OpenRow) -> bool| -> Vec<&OpenRow> {
        situation.rows.iter().filter(|row| wanted(row)).collect()
    };
    let carried = rows_that(|row| matches!(row.standing, Standing::ToConfirm | Standing::NoToConfirm));
    let unanswered = rows_that(|row| row.standing == Standing::Unanswered);
    let undated = rows_that(|row| row.lacks_date && !row.standing.needs_answer());
    let many = |rows: &[&OpenRow]| u32::try_from(rows.len()).unwrap_or(u32::MAX);

    let mut all = Vec::new();
    for (step, rows, minutes, rank) in [
        (HouseStep::Confirm, carried, CONFIRM_MINUTES, CONFIRM),
        (HouseStep::Answer, unanswered, ANSWER_MINUTES, ANSWER),
    ] {
        let waiting = |row: &&&OpenRow| row.reply_by.is_some_and(|day| day >= situation.today);
        let ready = rows.iter().filter(|row| !waiting(row)).count();
        let count = many(&rows);
        if count == 0 {
            continue;
        }
        let reason = match step {
            HouseStep::Confirm => Reason::Unconfirmed { rows: count },
            _ => Reason::Unanswered { rows: count },
        };
        let mut candidate = of_rows(situation, step, &rows, minutes, 45).because(reason);
        candidate.reply_by = if ready == 0 { rows.iter().filter_map(|row| row.reply_by).min() } else { None };
        if few && ready > 0 {
            candidate.blocking = Some(rank);
            candidate = candidate.because(Reason::FewAnswered { answered, needed });
        }
        for row in &rows {
            let against = exposure(catalog, &row.item, &row.scopes);
            candidate.against(by_standing(against.points, row.standing), against);
        }
        all.push(candidate);
    }
    if !undated.is_empty() {
        let reason = Reason::DatesMissing { rows: many(&undated) };
        let mut dates = of_rows(situation, HouseStep::Dates, &undated, ANSWER_MINUTES, 30).because(reason);
        dates.score.finish = FINISH;
        all.push(dates);
    }
    all
}

fn gate_is_open(row: &OpenRow) -> bool {
    row.level == komainu_catalog::Level::Gate && row.standing.needs_answer()
}

fn of_rows(
    situation: &Situation,
    step: HouseStep,
    rows: &[&OpenRow],
    minutes_each: u32,
    most: u32,
) -> Candidate {
    use Doer::{Director, SafetyManager, Staff, SystemOperator};
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let minutes = count.saturating_mul(minutes_each).clamp(2, most);
    let who = [SafetyManager, SystemOperator, Director, Staff];
    let mut candidate = Candidate::house(step, minutes, &who, Action::Form);
    for row in rows {
        candidate.for_row(situation, row);
    }
    if let [row] = rows {
        candidate.action = Action::Row(row.placement.clone());
    }
    // Many people's rows are nobody's in particular.
    if candidate.assigned_to.len() > 1 || rows.iter().any(|row| row.assigned_to.is_none()) {
        candidate.assigned_to.clear();
    }
    candidate
}

/// Vendors who were asked and did not reply in time.
fn vendors(situation: &Situation, catalog: &Catalog) -> Vec<Candidate> {
    let overdue = |row: &&OpenRow| row.reply_by.is_some_and(|day| day < situation.today);
    let rows: Vec<&OpenRow> = situation.rows.iter().filter(overdue).collect();
    let Some(since) = rows.iter().filter_map(|row| row.reply_by).min() else { return Vec::new() };
    let days = (situation.today - since).num_days();
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mut chase = of_rows(situation, HouseStep::ChaseVendors, &rows, 5, 20)
        .because(Reason::ReplyOverdue { days, rows: count });
    chase.score.finish = FINISH;
    for row in rows {
        let against = exposure(catalog, &row.item, &row.scopes);
        chase.against(by_standing(against.points, row.standing), against);
    }
    vec![chase]
}

/// The catalogue's steps for what is, as far as is known, not there.
fn work(situation: &Situation, catalog: &Catalog) -> Vec<Candidate> {
    let mut all = Vec::new();
    for (item, rows) in rows_by_item(situation) {
        let open = catalog
            .steps_for(item, situation.kind)
            .into_iter()
            .filter(|step| rows.iter().any(|row| helps(step, row, situation.kind)))
            .filter(|step| !situation.is_over(&StepKey::Catalog((*step.id).clone())));
        for (position, step) in open.enumerate() {
            all.push(candidate_of(situation, catalog, step, &rows, position));
        }
    }
    all
}

/// Rows on which work helps, by item.
pub(super) fn rows_by_item(situation: &Situation) -> BTreeMap<&ItemId, Vec<&OpenRow>> {
    let mut items: BTreeMap<&ItemId, Vec<&OpenRow>> = BTreeMap::new();
    for row in situation.rows.iter().filter(|row| row.standing.needs_work()) {
        items.entry(&row.item).or_default().push(row);
    }
    items
}

/// A step of the catalogue for the rows of its item.
pub(super) fn candidate_of(
    situation: &Situation,
    catalog: &Catalog,
    step: &Step,
    rows: &[&OpenRow],
    position: usize,
) -> Candidate {
    let key = StepKey::Catalog((*step.id).clone());
    let mut candidate = Candidate::new(key, step.minutes, step.effort, &step.who, Action::Step);
    candidate.item = Some((*step.item).clone());
    let mut waits = Vec::new();
    let mut worst = None;
    for row in rows.iter().filter(|row| helps(step, row, situation.kind)) {
        candidate.for_row(situation, row);
        let against = exposure(catalog, &row.item, &points::devices(step, row));
        let points = by_style(by_standing(against.points, row.standing), situation, step);
        candidate.against(by_position(points, position), against);
        waits.push(row.reply_by.filter(|day| *day >= situation.today));
        worst = worst.max(Some(row.standing));
    }
    if let Some((share, ways)) = points::danger(situation, step) {
        candidate.score.danger = by_position(share, position);
        candidate.reasons.insert(Reason::Danger { ways });
    }
    candidate.reasons.extend(worst.map(Reason::Answered));
    if step.effort == Effort::Minutes {
        candidate.reasons.insert(Reason::Quick);
    }
    if let Some(mark) = situation.mark(&candidate.key)
        && mark.state == crate::model::MarkState::Later
        && situation.postponed(&candidate.key).is_none()
    {
        candidate.reasons.insert(Reason::PutOffUntilNow);
    }
    candidate.reply_by =
        if waits.iter().all(Option::is_some) { waits.into_iter().flatten().min() } else { None };
    candidate
}

/// Where every step of an item is done, the answer is what remains.
fn finish(situation: &Situation, catalog: &Catalog) -> Vec<Candidate> {
    if !matches!(situation.round, RoundState::Open { .. }) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (item, rows) in rows_by_item(situation) {
        let done = |row: &&&OpenRow| {
            let mut steps = catalog
                .steps_for(item, situation.kind)
                .into_iter()
                .filter(|step| helps(step, row, situation.kind));
            row.standing != Standing::NoToConfirm
                && steps.all(|step| situation.is_over(&StepKey::Catalog((*step.id).clone())))
        };
        let rows: Vec<&OpenRow> = rows.iter().filter(done).copied().collect();
        let Some(first) = rows.iter().min_by_key(|row| &row.placement) else { continue };
        let mut answer = of_rows(situation, HouseStep::AnswerItem(item.clone()), &rows, ANSWER_MINUTES, 10)
            .because(Reason::StepsDone);
        answer.item = Some(item.clone());
        answer.action = Action::Row(first.placement.clone());
        answer.score.finish = FINISH;
        for row in &rows {
            let against = exposure(catalog, &row.item, &row.scopes);
            answer.against(by_standing(against.points, row.standing), against);
        }
        all.push(answer);
    }
    all
}

/// The items whose facts the ledger holds.
pub(super) const LEDGER_ITEM: &str = "asset-ledger";
pub(super) const REMOTE_ITEM: &str = "remote-maintenance";
pub(super) const CONTACT_ITEM: &str = "contact-chart";

/// What is missing in the ledger, unless the same item's steps are in the plan already.
fn ledger(situation: &Situation, catalog: &Catalog) -> Vec<Candidate> {
    use Doer::{SafetyManager, Staff, SystemOperator};
    let (Some(facts), true) = (situation.ledger, situation.interview_done) else { return Vec::new() };
    if situation.round == RoundState::NotNeeded {
        return Vec::new();
    }
    let keepers = [SafetyManager, SystemOperator, Staff];
    let gaps = [
        (facts.systems == 0, LEDGER_ITEM, HouseStep::Systems, 15, Action::Systems, Reason::NoSystems),
        (
            facts.remote_unknown > 0,
            REMOTE_ITEM,
            HouseStep::RemoteAccess,
            facts.remote_unknown.saturating_mul(5).clamp(5, 30),
            Action::Systems,
            Reason::RemoteUnknown { systems: facts.remote_unknown },
        ),
        (facts.contacts == 0, CONTACT_ITEM, HouseStep::Contacts, 15, Action::Contacts, Reason::NoContacts),
        (
            facts.contacts > 0 && facts.contact_gaps > 0,
            CONTACT_ITEM,
            HouseStep::ContactGaps,
            facts.contact_gaps.saturating_mul(3).clamp(5, 30),
            Action::ContactGaps,
            Reason::ContactsFail { places: facts.contact_gaps },
        ),
        (
            facts.contacts > 1
                && facts.contact_gaps == 0
                && (!facts.contact_tested || facts.contact_silent > 0),
            CONTACT_ITEM,
            HouseStep::ContactTest,
            5,
            Action::ContactTest,
            if facts.contact_tested {
                Reason::ContactsSilent { people: facts.contact_silent }
            } else {
                Reason::NoContactTest
            },
        ),
        (
            facts.vendors_without_number > 0,
            CONTACT_ITEM,
            HouseStep::VendorNumbers,
            facts.vendors_without_number.saturating_mul(3).clamp(3, 30),
            Action::Vendors,
            Reason::VendorsUnreachable { vendors: facts.vendors_without_number },
        ),
        (
            facts.things > 0 && !facts.stock_taken,
            LEDGER_ITEM,
            HouseStep::StockTake,
            facts.things.clamp(15, 120),
            Action::StockTake,
            Reason::NoStockTake { things: facts.things },
        ),
    ];
    let mut all = Vec::new();
    for (missing, item, step, minutes, action, reason) in gaps {
        let in_plan = situation.rows.iter().any(|row| row.item.as_str() == item && row.standing.needs_work());
        let Some(item) = catalog.items().iter().find(|known| known.id.as_str() == item) else { continue };
        if !missing || in_plan {
            continue;
        }
        let mut candidate = Candidate::house(step, minutes, &keepers, action).because(reason);
        candidate.item = Some((*item.id).clone());
        let against = exposure(catalog, &item.id, &[AskedAbout::All]);
        candidate.against(by_standing(against.points, Standing::ToConfirm), against);
        all.push(candidate);
    }
    all
}

/// Minutes that the next step of a measure takes; an estimate of ours.
const MEASURE_MINUTES: u32 = 10;

/// What was decided after near misses and is not done. It waits for nothing: neither for the interview nor for a form.
fn measures(situation: &Situation, _: &Catalog) -> Vec<Candidate> {
    use Doer::{Director, SafetyManager, SystemOperator};
    let Some(facts) = situation.ledger.filter(|facts| facts.measures > 0) else { return Vec::new() };
    let minutes = facts.measures.saturating_mul(MEASURE_MINUTES).clamp(MEASURE_MINUTES, 60);
    let who = [SafetyManager, SystemOperator, Director];
    let mut step = Candidate::house(HouseStep::Measures, minutes, &who, Action::Measures)
        .because(Reason::OpenMeasures { measures: facts.measures });
    step.score.finish = FINISH;
    if let Some(due) = facts.measures_due {
        let day = by_date(situation.today, due, true);
        step.score.deadline = day.points;
        step.reasons.extend(day.reason);
        step.due = day.due;
    }
    vec![step]
}
