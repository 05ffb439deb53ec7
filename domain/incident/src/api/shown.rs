//! What the API shows of an incident.

use crate::model::{
    AssetDetail, AssetState, Case, CustodyDetail, Detail, EntryId, EntryKind, Exhibit, ExhibitDetail,
    ExhibitId, Fields, Filled, Incident, IncidentId, Level, Marked, Reminded, Sheet, Stage, State, Task,
    TaskId, TaskState, Told,
};
use crate::rules;
use crate::words::{task_words, title_text};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::PersonId;
use komainu_catalog::{Applies, Catalog, DutyQuestion, IncidentKindId, Source};
use komainu_i18n::Lang;
use komainu_inventory::AssetId;
use komainu_nearmiss::NearMissId;
use komainu_web::api::Resource;
use serde::Serialize;
use utoipa::ToSchema;

/// An incident.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Incident)]
pub struct IncidentShown {
    pub(super) id: IncidentId,
    /// Its number within the fiscal year and its name.
    title: String,
    /// A kind of the catalogue.
    kind: String,
    level: Level,
    state: State,
    /// Whether it is an exercise.
    drill: bool,
    /// The report that it belongs to.
    near_miss: Option<NearMissId>,
    detail: Detail,
    /// The moment from which the clocks run.
    first_knew_at: DateTime<Utc>,
    declared_at: DateTime<Utc>,
    declared_by_name: String,
    closed_at: Option<DateTime<Utc>>,
    /// Grows by one with each change of anything about it.
    revision: i64,
    version: i64,
}

/// An incident with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentCase)]
pub struct CaseShown {
    incident: IncidentShown,
    /// Who has which role, the newest of each first.
    roles: Vec<RoleShown>,
    entries: Vec<EntryShown>,
    tasks: Vec<TaskShown>,
    assets: Vec<AssetShown>,
    evidence: Vec<ExhibitShown>,
    /// Who was told.
    told: Vec<ToldShown>,
    /// What the reports are filled from, by field.
    facts: Fields,
    /// Answers to the plain questions: `yes` or `no` by question.
    answers: Fields,
    /// What was learned, by field.
    lessons: Fields,
}

/// Who has a role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentRole)]
pub struct RoleShown {
    /// `commander`, `systems`, `recorder`, `care` or `contact`.
    role: &'static str,
    person: Option<PersonId>,
    name: String,
    since: DateTime<Utc>,
}

/// An entry of the timeline.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentEntry)]
pub struct EntryShown {
    id: EntryId,
    kind: EntryKind,
    happened_at: DateTime<Utc>,
    written_at: DateTime<Utc>,
    written_by_name: String,
    /// Where the program wrote it: the code of the state or level, or the moment, that was reached; for a task, a thing or a
    /// duty the code, a space and which.
    words: String,
    reason: String,
    /// The entry that it corrects.
    corrects: Option<EntryId>,
}

/// Something to do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentTask)]
pub struct TaskShown {
    id: TaskId,
    incident: IncidentId,
    /// A first task of the catalogue as `KIND.TASK`; empty for the house's own.
    template: String,
    /// What is to be done, in the language asked for where it is a first task.
    what: String,
    result: String,
    /// `commander`, `systems`, `recorder`, `care` or `contact`.
    role: &'static str,
    owner_name: String,
    due_at: Option<DateTime<Utc>>,
    state: TaskState,
    settled_at: Option<DateTime<Utc>>,
    settled_by_name: String,
    version: i64,
}

/// A thing of the ledger in an incident.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentAsset)]
pub struct AssetShown {
    asset: AssetId,
    state: AssetState,
    detail: AssetDetail,
    changed_at: DateTime<Utc>,
    changed_by_name: String,
    version: i64,
}

/// A piece of evidence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentExhibit)]
pub struct ExhibitShown {
    id: ExhibitId,
    incident: IncidentId,
    /// The file's SHA-256; empty for a thing that is kept elsewhere.
    sha256: String,
    name: String,
    size: i64,
    detail: ExhibitDetail,
    taken_at: DateTime<Utc>,
    taken_by_name: String,
    added_at: DateTime<Utc>,
    added_by_name: String,
    /// From hand to hand, oldest first.
    custody: Vec<CustodyShown>,
}

/// Evidence that passed from hand to hand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentCustody)]
pub struct CustodyShown {
    detail: CustodyDetail,
    handed_at: DateTime<Utc>,
    written_at: DateTime<Utc>,
    written_by_name: String,
}

/// What is noted of a duty.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentTold)]
pub struct ToldShown {
    /// A duty of the catalogue.
    duty: String,
    note: String,
    /// When they were told; null while they were not.
    done_at: Option<DateTime<Utc>>,
    done_by_name: String,
    /// Evidence that proves it.
    proof: Option<ExhibitId>,
    version: i64,
}

/// Who is to be told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentDuty)]
pub struct DutyShown {
    /// A duty of the catalogue.
    duty: String,
    /// Who is told, in the language asked for.
    to: String,
    /// `duty`, `asked` or `choice`.
    kind: &'static str,
    /// `yes`, `open` (it hangs on a question) or `no`.
    applies: &'static str,
    /// The questions that decided, or that are still open.
    because: Vec<String>,
    /// What is told, and by which way.
    what: String,
    /// By when, in words.
    when: String,
    ground: String,
    /// The page where it is done or explained.
    page: Option<String>,
    /// Whether it follows from a source.
    confirmed: bool,
    /// What is not known about it, or which part is our own.
    remark: Option<String>,
    /// Where it was read.
    sources: Vec<String>,
    /// The day to aim at.
    aim_on: Option<NaiveDate>,
    /// The last day.
    due_on: Option<NaiveDate>,
    /// The last day as it is counted, where offices are closed on it and the next open one took its place.
    counted_on: Option<NaiveDate>,
    /// Whether the way of counting follows from a source; null without a clock.
    counting_confirmed: Option<bool>,
    /// How the days are counted, and what is not known about that.
    counting: Option<String>,
    /// What is noted; null while nothing is.
    told: Option<ToldShown>,
    /// Who was reminded of its clock by mail, oldest first.
    reminded: Vec<RemindedShown>,
}

/// Somebody who was reminded of a clock.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentReminder)]
pub struct RemindedShown {
    /// Where the clock stood.
    stage: Stage,
    /// The last day of the clock, as it was then.
    due_on: NaiveDate,
    person: PersonId,
    name: String,
    sent_at: DateTime<Utc>,
}

/// Who is to be told, in the order of calling.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentDuties)]
pub struct DutiesShown {
    /// The plain questions that decide, with what was answered. Answers are written as the sheet `duties`.
    questions: Vec<DutyQuestionShown>,
    items: Vec<DutyShown>,
}

/// A plain question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentDutyQuestion)]
pub struct DutyQuestionShown {
    /// A question of the catalogue: the field of the sheet `duties`.
    question: String,
    /// The question, in the language asked for.
    text: String,
    /// What counts.
    explanation: String,
    /// `true` for yes, `false` for no, null while nobody knows.
    answer: Option<bool>,
    /// Whether the explanation follows from a source.
    confirmed: bool,
    /// What is not known about it, or which part is our own.
    remark: Option<String>,
}

/// A sheet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentSheetFields)]
pub struct SheetShown {
    incident: IncidentId,
    sheet: Sheet,
    fields: Fields,
    /// Null while nobody wrote on it.
    changed_at: Option<DateTime<Utc>>,
    changed_by_name: String,
    version: i64,
}

/// A report as it reads now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentReportText)]
pub struct ReportShown {
    pub(super) title: String,
    /// How it is handed in, and what is not known about it.
    pub(super) how: String,
    /// Whether it is of an exercise.
    pub(super) drill: bool,
    /// For a text that goes to the public: what in it should not, such as addresses of devices (left out already) and names.
    pub(super) revealing: Vec<String>,
    /// Each line: its name and its text.
    pub(super) lines: Vec<ReportLine>,
    /// Fields of the facts that nobody has written yet.
    pub(super) missing: Vec<&'static str>,
}

/// A line of a report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentReportLine)]
pub struct ReportLine {
    pub(super) name: String,
    pub(super) text: String,
}

impl Resource for CaseShown {
    fn place(&self) -> String {
        format!("/incidents/{}", self.incident.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.incident.version)
    }
}

impl Resource for TaskShown {
    fn place(&self) -> String {
        format!("/incidents/{}/tasks/{}", self.incident, self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for AssetShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for ExhibitShown {
    fn place(&self) -> String {
        format!("/incidents/{}/evidence/{}", self.incident, self.id)
    }
}

impl Resource for ToldShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for DutiesShown {}

impl Resource for SheetShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for ReportShown {}

impl IncidentShown {
    /// In a language.
    pub fn new(lang: Lang, incident: Incident) -> IncidentShown {
        IncidentShown {
            id: incident.id,
            title: title_text(lang, &incident),
            kind: incident.kind,
            level: incident.level,
            state: incident.state,
            drill: incident.drill,
            near_miss: incident.near_miss,
            detail: incident.detail,
            first_knew_at: incident.first_knew_at,
            declared_at: incident.declared_at,
            declared_by_name: incident.declared_by_name,
            closed_at: incident.closed_at,
            revision: incident.revision,
            version: incident.version,
        }
    }
}

impl CaseShown {
    /// In a language.
    pub fn new(catalog: &Catalog, lang: Lang, case: Case) -> CaseShown {
        let roles = case.roles.into_iter().map(|held| RoleShown {
            role: held.role.code(),
            person: held.person,
            name: held.name,
            since: held.since,
        });
        let entries = case.entries.into_iter().map(|entry| EntryShown {
            id: entry.id,
            kind: entry.kind,
            happened_at: entry.happened_at,
            written_at: entry.written_at,
            written_by_name: entry.written_by_name,
            words: entry.words,
            reason: entry.reason,
            corrects: entry.corrects,
        });
        CaseShown {
            incident: IncidentShown::new(lang, case.incident),
            roles: roles.collect(),
            entries: entries.collect(),
            tasks: case.tasks.into_iter().map(|task| TaskShown::new(catalog, lang, task)).collect(),
            assets: case.assets.into_iter().map(AssetShown::from).collect(),
            evidence: case.evidence.into_iter().map(ExhibitShown::from).collect(),
            told: case.told.into_iter().map(ToldShown::from).collect(),
            facts: case.facts.fields,
            answers: case.answers.fields,
            lessons: case.lessons.fields,
        }
    }

    /// A thing of the ledger in it.
    pub(super) fn into_asset(self, asset: AssetId) -> Option<AssetShown> {
        self.assets.into_iter().find(|marked| marked.asset == asset)
    }

    /// What is noted of a duty.
    pub(super) fn into_told(self, duty: &str) -> Option<ToldShown> {
        self.told.into_iter().find(|told| told.duty == duty)
    }
}

impl TaskShown {
    /// In a language.
    pub fn new(catalog: &Catalog, lang: Lang, task: Task) -> TaskShown {
        let (what, _) = task_words(catalog, lang, &task);
        TaskShown {
            id: task.id,
            incident: task.incident,
            template: task.template,
            what,
            result: task.detail.result,
            role: task.role.code(),
            owner_name: task.owner_name,
            due_at: task.due_at,
            state: task.state,
            settled_at: task.settled_at,
            settled_by_name: task.settled_by_name,
            version: task.version,
        }
    }
}

impl From<Marked> for AssetShown {
    fn from(marked: Marked) -> Self {
        let Marked { asset, state, detail, changed_at, changed_by_name, version } = marked;
        AssetShown { asset, state, detail, changed_at, changed_by_name, version }
    }
}

impl From<Exhibit> for ExhibitShown {
    fn from(exhibit: Exhibit) -> Self {
        let custody = exhibit.custody.into_iter().map(|one| CustodyShown {
            detail: one.detail,
            handed_at: one.handed_at,
            written_at: one.written_at,
            written_by_name: one.written_by_name,
        });
        ExhibitShown {
            id: exhibit.id,
            incident: exhibit.incident,
            sha256: exhibit.file,
            name: exhibit.name,
            size: exhibit.size,
            detail: exhibit.detail,
            taken_at: exhibit.taken_at,
            taken_by_name: exhibit.taken_by_name,
            added_at: exhibit.added_at,
            added_by_name: exhibit.added_by_name,
            custody: custody.collect(),
        }
    }
}

impl From<Told> for ToldShown {
    fn from(told: Told) -> Self {
        let Told { duty, note, done_at, done_by_name, proof, version } = told;
        ToldShown { duty, note, done_at, done_by_name, proof, version }
    }
}

impl From<&Reminded> for RemindedShown {
    fn from(reminded: &Reminded) -> Self {
        let Reminded { stage, due_on, person, ref name, sent_at, .. } = *reminded;
        RemindedShown { stage, due_on, person, name: name.clone(), sent_at }
    }
}

impl DutyQuestionShown {
    fn new(catalog: &Catalog, lang: Lang, case: &Case, question: &DutyQuestion) -> DutyQuestionShown {
        let standing = catalog.standing_of(&question.standing);
        DutyQuestionShown {
            question: question.id.as_str().to_owned(),
            text: question.question.get(lang).to_owned(),
            explanation: question.explanation.get(lang).to_owned(),
            answer: rules::question_answer(&case.answers.fields, question.id.as_str()),
            confirmed: standing.confirmed,
            remark: standing.remark.map(|remark| remark.get(lang).to_owned()),
        }
    }
}

impl DutyShown {
    fn new(catalog: &Catalog, lang: Lang, case: &Case, row: &rules::DutyRow<'_>) -> DutyShown {
        let (answer, duty) = (&row.answer, row.answer.duty);
        let standing = catalog.standing_of(&duty.standing);
        let because = answer.because.iter().chain(&answer.ruled_out_by).chain(&answer.spared_by);
        let reminded = case.reminded.iter().filter(|one| one.duty == duty.id.as_str());
        let named = |source: &Source| source.url.clone().unwrap_or_else(|| source.what.get(lang).to_owned());
        DutyShown {
            duty: duty.id.as_str().to_owned(),
            to: duty.to.get(lang).to_owned(),
            kind: duty.kind.code(),
            applies: match answer.applies {
                Applies::Yes => "yes",
                Applies::Open => "open",
                Applies::No => "no",
            },
            because: because.map(|question| question.id.as_str().to_owned()).collect(),
            what: duty.what.get(lang).to_owned(),
            when: duty.when.get(lang).to_owned(),
            ground: duty.ground.get(lang).to_owned(),
            page: duty.page.clone(),
            confirmed: standing.confirmed,
            remark: standing.remark.map(|remark| remark.get(lang).to_owned()),
            sources: standing.sources.iter().copied().map(named).collect(),
            aim_on: row.due.and_then(|due| due.aim),
            due_on: row.due.map(|due| due.day),
            counted_on: row.due.and_then(|due| due.moved_from),
            counting_confirmed: duty.clock.as_ref().map(|clock| clock.counting_confirmed),
            counting: duty.clock.as_ref().map(|clock| clock.note.get(lang).to_owned()),
            told: row.told.cloned().map(ToldShown::from),
            reminded: reminded.map(RemindedShown::from).collect(),
        }
    }
}

impl DutiesShown {
    /// In a language.
    pub fn new(catalog: &Catalog, lang: Lang, case: &Case) -> DutiesShown {
        let kind: Option<IncidentKindId> = case.incident.kind.parse().ok();
        let questions = kind.map(|kind| catalog.duty_questions_for(&kind)).unwrap_or_default();
        let rows = rules::duties(catalog, case);
        DutiesShown {
            questions: questions
                .into_iter()
                .map(|question| DutyQuestionShown::new(catalog, lang, case, question))
                .collect(),
            items: rows.iter().map(|row| DutyShown::new(catalog, lang, case, row)).collect(),
        }
    }
}

impl SheetShown {
    /// A sheet of an incident.
    pub fn new(incident: IncidentId, sheet: Sheet, filled: Filled) -> SheetShown {
        SheetShown {
            incident,
            sheet,
            fields: filled.fields,
            changed_at: filled.changed_at,
            changed_by_name: filled.changed_by_name,
            version: filled.version,
        }
    }
}
