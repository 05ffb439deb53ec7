//! What the page of a row shows, put together once for looking, for faults and for conflicts.

use super::reply_settle::{ReplyLine, reply_line};
use super::suggest::{SuggestionView, suggestion_view};
use super::{crumbs, form_title, item_path, name_of, numbered};
use crate::actions::{
    AnswerInput, LedgerDrafts, evidence_of_row, form_of_round, known_files, replies_of_row, round_by_key,
    round_view,
};
use crate::model::{
    Answer, AnswerKind, Evidence, EvidenceTarget, FormKey, Reply, RoundView, RowState, RowView,
};
use crate::neighbours::{self, Colleague, ContactName, House, Supplier, SystemName};
use crate::rules::Suggestion;
use crate::words::{self, Mark};
use crate::{rules, t};
use askama::Template;
use chrono::NaiveDate;
use komainu_access::Permission;
use komainu_calendar::FiscalYear;
use komainu_catalog::{Catalog, Form, FormRow, GuidelinePart, Level, PlacementId};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Member, Section, Shell, Visit, date_text, moment_text,
};

/// What is read for the page of a row.
pub(crate) struct ItemRead {
    pub house: House,
    pub view: RoundView,
    pub evidence: Vec<Evidence>,
    pub files: Vec<Evidence>,
    pub colleagues: Vec<Colleague>,
    pub suppliers: Vec<Supplier>,
    pub systems: Vec<SystemName>,
    pub contacts: Vec<ContactName>,
    pub replies: Vec<Reply>,
    pub suggestion: Option<Suggestion>,
}

impl ItemRead {
    /// A bounded number of queries, whatever the number of rows, people and records.
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        scope: &komainu_access::Scope,
        catalog: &Catalog,
        address: &(i32, FormKey, PlacementId),
        today: NaiveDate,
    ) -> Result<ItemRead, Failure> {
        let (year, key, placement) = address;
        let round = round_by_key(tx, scope, *year, *key)?;
        let view = round_view(tx, scope, catalog, round.id)?;
        let row = view.row(placement).ok_or(Failure::NotFound)?;
        let drafts = LedgerDrafts::read(tx, scope, today, &round)?;
        Ok(ItemRead {
            suggestion: drafts.and_then(|drafts| drafts.of(row)),
            house: neighbours::house(tx, scope)?,
            evidence: evidence_of_row(tx, scope, round.id, placement)?,
            files: known_files(tx, scope)?,
            colleagues: neighbours::colleagues(tx, scope)?,
            suppliers: neighbours::suppliers(tx, scope)?,
            systems: neighbours::systems(tx, scope)?,
            contacts: neighbours::contacts(tx, scope)?,
            replies: replies_of_row(tx, scope, round.id, placement)?,
            view,
        })
    }
}

/// The page of a row.
#[derive(Template)]
#[template(path = "item.html")]
#[expect(clippy::struct_excessive_bools, reason = "a page shows its parts or leaves them out")]
pub(crate) struct ItemPage {
    pub page: Shell,
    pub lang: Lang,
    pub crumbs: Vec<Crumb>,
    pub section: String,
    pub eyebrow: String,
    pub question: String,
    pub reference: bool,
    pub unconfirmed: Option<String>,
    /// May load the ministry's own workbook, in which the row can be looked up.
    pub invite: bool,
    pub closed: bool,
    pub may_answer: bool,
    pub may_assign: bool,
    pub may_ask: bool,
    pub carried: Option<String>,
    pub changes: Vec<(String, bool)>,
    pub form: AnswerForm,
    pub errors: FieldErrors,
    pub state: StatePart,
    pub help: Help,
    pub official: Option<String>,
    pub evidence: Vec<EvidenceLine>,
    pub records: Vec<Choice>,
    pub members: Vec<Choice>,
    pub due: String,
    pub assigned: Option<String>,
    pub asks: Vec<AskLine>,
    pub replies: Vec<ReplyLine>,
    pub suggestion: Option<SuggestionView>,
    /// May take replies over, or set them aside.
    pub may_settle: bool,
    pub path: String,
    pub round_path: String,
    pub placement: String,
    pub previous: Option<(String, String)>,
    pub following: Option<(String, String)>,
}

/// The fields as they are shown: as stored, or as typed where there were faults.
pub(crate) struct AnswerForm {
    pub answers: Vec<Choice>,
    pub may_not_apply: bool,
    pub not_applicable_rule: String,
    pub reason: String,
    pub checks: Vec<CheckField>,
    pub works: bool,
    pub target: String,
    pub target_hint: String,
    pub note: String,
    pub version: i64,
}

pub(crate) struct CheckField {
    pub name: String,
    pub label: String,
    pub value: String,
    pub error: String,
}

/// The part that follows every save: where the row stands, what it lacks, what to do.
#[derive(Template)]
#[template(path = "item_state.html")]
pub(crate) struct StatePart {
    pub lang: Lang,
    pub mark: Mark,
    pub lacks: Vec<String>,
    pub saved: String,
    /// The date to offer, as the button sends it and as it is read.
    pub propose: Option<(String, String)>,
    /// What to do first where the answer is not sure.
    pub first_steps: Vec<String>,
    pub ask_href: Option<String>,
    pub gate_shut: bool,
}

/// What helps to answer.
pub(crate) struct Help {
    pub means: String,
    pub why: String,
    pub how: String,
    pub steps: Vec<StepHelp>,
    pub looks_at: String,
    pub condition: Option<(String, bool)>,
    pub guideline: Vec<(String, bool)>,
    pub guideline_7: Option<String>,
    pub note: Option<String>,
    pub sources: Vec<(String, Option<String>)>,
    pub open: bool,
}

pub(crate) struct StepHelp {
    pub title: String,
    pub minutes: String,
    pub how: Vec<String>,
}

pub(crate) struct EvidenceLine {
    pub id: String,
    pub name: String,
    pub about: String,
    pub digest: String,
    /// Whether a browser may show it.
    pub preview: bool,
    pub picture: bool,
    pub is_file: bool,
    /// Where a record is found.
    pub href: String,
}

pub(crate) struct AskLine {
    pub text: String,
    pub vendor: String,
    pub open: bool,
}

/// Puts the page of a row together. `typed`: what was sent where it could not be kept.
pub(crate) fn item_page(
    member: &Member,
    read: &ItemRead,
    placement: &PlacementId,
    typed: Option<&AnswerInput>,
    errors: FieldErrors,
) -> Result<ItemPage, Failure> {
    let lang = member.lang;
    let catalog = member.app.catalog.clone();
    let form = form_of_round(&catalog, &read.view.round)?;
    let row = read.view.row(placement).ok_or(Failure::NotFound)?;
    let of = form.row(placement).ok_or(Failure::NotFound)?;
    let round = &read.view.round;
    let scope = &member.scope;
    let closed = round.closed_at.is_some();
    let today = member.app.nature.today();
    let title = words::title(lang, of);
    let (previous, following) = around(lang, &form, &read.view, placement);
    let own_row = row.assigned_to == Some(scope.person()) && scope.may(Permission::ChecklistAnswerAssigned);
    Ok(ItemPage {
        page: member.shell(&title, Section::Checklist),
        lang,
        crumbs: item_crumbs(member, &form, read),
        section: of.section.map(|section| section.title.get(lang).to_owned()).unwrap_or_default(),
        eyebrow: numbered(row.number.as_deref(), &title),
        question: question(lang, of, round.vendor.is_some()),
        reference: row.level == Level::Reference,
        unconfirmed: (!row.confirmed).then(|| unconfirmed(lang, of)),
        invite: !row.confirmed && scope.may(Permission::OfficialFormManage),
        closed,
        may_answer: !closed && (scope.may(Permission::ChecklistAnswer) || own_row),
        may_assign: !closed && scope.may(Permission::ChecklistAssign),
        may_ask: !closed
            && scope.may(Permission::ChecklistAnswer)
            && (round.vendor.is_some() || !read.suppliers.is_empty())
            && of.item.ask_vendor.is_some(),
        carried: row.carried.then(|| {
            let kind = row.answer.as_ref().and_then(|answer| answer.content.kind);
            t!(lang, "carried-answer", answer = words::answer(lang, kind))
        }),
        changes: changes(lang, &catalog, round.fiscal_year, row),
        form: answer_form(lang, row, of, (read.view.check_columns, round.fiscal_year, today), typed, &errors),
        errors,
        state: state_part(member, &read.view, row, of, read.house.kind),
        help: help(lang, &catalog, row, of, read),
        official: row.official.clone(),
        evidence: read.evidence.iter().map(|piece| evidence_line(lang, piece)).collect(),
        records: records(lang, read, placement),
        members: members(lang, read, row),
        due: row.assignment.and_then(|a| a.due).map(|due| date_text(lang, due)).unwrap_or_default(),
        assigned: row.assignment.map(|a| name_of(lang, &read.colleagues, a.person)),
        asks: row.asks.iter().map(|ask| ask_line(lang, read, ask)).collect(),
        replies: read.replies.iter().map(|reply| reply_line(lang, reply)).collect(),
        // Where the row says so already there is nothing to take over.
        suggestion: read
            .suggestion
            .as_ref()
            .filter(|said| row.settled() != Some(said.answer))
            .map(|said| suggestion_view(lang, row.item.as_str(), said)),
        may_settle: !closed && scope.may(Permission::ChecklistAnswer),
        path: item_path(round, placement),
        round_path: round.path(),
        placement: placement.to_string(),
        previous,
        following,
    })
}

/// A row as a link: where it stands, and its number and title.
type RowLink = (String, String);

/// The rows before and after.
fn around(
    lang: Lang,
    form: &Form<'_>,
    view: &RoundView,
    placement: &PlacementId,
) -> (Option<RowLink>, Option<RowLink>) {
    let rows: Vec<&RowView> = view.all().collect();
    let at = rows.iter().position(|other| other.placement == *placement).unwrap_or(0);
    let link = |index: Option<usize>| {
        let other = rows.get(index?)?;
        let title = words::title(lang, form.row(&other.placement)?);
        Some((item_path(&view.round, &other.placement), numbered(other.number.as_deref(), &title)))
    };
    (link(at.checked_sub(1)), link(Some(at + 1)))
}

/// What changed about a row since the year before, and whether that is certain.
fn changes(lang: Lang, catalog: &Catalog, fiscal_year: i32, row: &RowView) -> Vec<(String, bool)> {
    let changes = catalog.changes_between(fiscal_year - 1, fiscal_year, Some(&row.item)).into_iter();
    changes.map(|change| (change.text.get(lang).to_owned(), change.confirmed)).collect()
}

fn item_crumbs(member: &Member, form: &Form<'_>, read: &ItemRead) -> Vec<Crumb> {
    let lang = member.lang;
    if member.scope.may(Permission::ChecklistRead) {
        let title = form_title(lang, form.data.title.get(lang), &read.view.round, &read.suppliers);
        crumbs(lang, &read.view.round, &title)
    } else {
        vec![Crumb { href: "/checklist/mine".to_owned(), label: t!(lang, "mine-title") }]
    }
}

fn question(lang: Lang, of: &FormRow<'_>, vendor: bool) -> String {
    let text = of.item.vendor_question.as_ref().filter(|_| vendor).unwrap_or(&of.item.question);
    text.get(lang).to_owned()
}

fn unconfirmed(lang: Lang, of: &FormRow<'_>) -> String {
    of.standing.remark.map(|remark| remark.get(lang).to_owned()).unwrap_or_default()
}

fn answer_form(
    lang: Lang,
    row: &RowView,
    of: &FormRow<'_>,
    (columns, year, today): (usize, i32, NaiveDate),
    typed: Option<&AnswerInput>,
    errors: &FieldErrors,
) -> AnswerForm {
    let stored = as_input(lang, row.answer.as_ref(), columns, year, today);
    let shown = typed.unwrap_or(&stored);
    let gate = row.level == Level::Gate;
    let tile = |kind: AnswerKind, hint: String| {
        let chosen = shown.answer == kind.code();
        Choice::new(kind.code(), words::answer(lang, Some(kind))).hint(hint).chosen(chosen)
    };
    let mut answers = vec![
        tile(AnswerKind::Yes, if gate { t!(lang, "gate-yes-hint") } else { t!(lang, "answer-yes-hint") }),
        tile(AnswerKind::No, if gate { t!(lang, "gate-no-hint") } else { t!(lang, "answer-no-hint") }),
        tile(AnswerKind::NotSure, t!(lang, "answer-not-sure-hint")),
    ];
    if row.may_not_apply {
        answers.push(tile(AnswerKind::NotApplicable, t!(lang, "answer-not-applicable-hint")));
    }
    let rule = of.not_applicable.map(|(rule, confirmed)| {
        let text = rule.text.get(lang);
        if confirmed { text.to_owned() } else { t!(lang, "with-unconfirmed", text = text) }
    });
    let (first, last) = FiscalYear::try_from(year).map_or((today, today), |y| (y.first_day(), y.last_day()));
    AnswerForm {
        answers,
        may_not_apply: row.may_not_apply,
        not_applicable_rule: rule.unwrap_or_default(),
        reason: shown.reason.clone(),
        checks: (0..columns)
            .map(|column| {
                let name = format!("checked{}", column + 1);
                let label = if columns == 1 {
                    t!(lang, "check-date")
                } else {
                    t!(lang, "check-date-n", n = (column + 1).to_string())
                };
                let error = errors.of(&name).to_owned();
                CheckField {
                    value: shown.checked.get(column).cloned().unwrap_or_default(),
                    name,
                    label,
                    error,
                }
            })
            .collect(),
        works: !gate,
        target: shown.target.clone(),
        target_hint: t!(lang, "target-hint", first = date_text(lang, first), last = date_text(lang, last)),
        note: shown.note.clone(),
        version: shown.version,
    }
}

/// A stored answer as the form shows it. An empty row of the current year offers today as the date of the check.
pub(crate) fn as_input(
    lang: Lang,
    answer: Option<&Answer>,
    columns: usize,
    year: i32,
    today: NaiveDate,
) -> AnswerInput {
    let text = |date: Option<NaiveDate>| date.map(|date| date_text(lang, date)).unwrap_or_default();
    let content = answer.map(|answer| answer.content.clone()).unwrap_or_default();
    let mut checked: Vec<String> =
        (0..columns).map(|column| text(content.checked.get(column).copied().flatten())).collect();
    let fresh = answer.is_none_or(|answer| answer.carried);
    if fresh && komainu_catalog::fiscal_year_of(today) == year && checked[0].is_empty() {
        checked[0] = text(Some(today));
    }
    AnswerInput {
        answer: content.kind.map(|kind| kind.code().to_owned()).unwrap_or_default(),
        reason: content.reason,
        checked,
        target: text(content.target),
        note: content.note,
        version: answer.map_or(0, |answer| answer.version),
    }
}

/// The part that follows every save.
pub(crate) fn state_part(
    visit: &Member,
    view: &RoundView,
    row: &RowView,
    of: &FormRow<'_>,
    kind: komainu_catalog::InstitutionKind,
) -> StatePart {
    let lang = visit.lang;
    let catalog = &visit.app.catalog;
    let steps = catalog.steps_for(&row.item, kind);
    let effort = steps.iter().map(|step| step.effort).max();
    let lacks_target =
        matches!(&row.state, RowState::Lacks(missing) if missing.contains(&crate::model::Missing::Target));
    let year = FiscalYear::try_from(view.round.fiscal_year).ok();
    let propose = year.filter(|_| lacks_target).map(|year| {
        let date = rules::propose_target(year, visit.app.nature.today(), effort);
        (date.to_string(), date_text(lang, date))
    });
    let unsure = row.settled() == Some(AnswerKind::NotSure);
    StatePart {
        lang,
        mark: words::mark(lang, row),
        lacks: words::lacking(lang, &row.state),
        saved: row.answer.as_ref().map(|answer| saved_text(visit, answer)).unwrap_or_default(),
        propose,
        first_steps: if unsure {
            match steps.first() {
                Some(step) => step.how.iter().map(|line| line.get(lang).to_owned()).collect(),
                None => vec![of.item.how.get(lang).to_owned()],
            }
        } else {
            Vec::new()
        },
        ask_href: (unsure && of.item.ask_vendor.is_some() && visit.scope.may(Permission::LedgerRead))
            .then(|| format!("{}/ask?item={}", view.round.path(), row.placement)),
        gate_shut: row.level == Level::Gate && view.gate_shut(),
    }
}

/// Who saved it and when.
pub(crate) fn saved_text(visit: &Visit, answer: &Answer) -> String {
    t!(
        visit.lang,
        "saved-by",
        name = answer.changed_by_name.as_str(),
        at = moment_text(visit.lang, answer.changed_at)
    )
}

fn help(lang: Lang, catalog: &Catalog, row: &RowView, of: &FormRow<'_>, read: &ItemRead) -> Help {
    let item = of.item;
    let steps = catalog
        .steps_for(&row.item, read.house.kind)
        .into_iter()
        .filter(|step| step.serves(&row.scopes))
        .map(|step| StepHelp {
            title: step.title.get(lang).to_owned(),
            minutes: t!(lang, "minutes", n = step.minutes.to_string()),
            how: step.how.iter().map(|line| line.get(lang).to_owned()).collect(),
        })
        .collect();
    Help {
        means: item.means_for.kind(read.house.kind).get(lang).to_owned(),
        why: item.why.get(lang).to_owned(),
        how: item.how.get(lang).to_owned(),
        steps,
        looks_at: item.evidence.get(lang).to_owned(),
        condition: of.condition.map(|condition| (condition.text.get(lang).to_owned(), condition.confirmed)),
        guideline: item
            .guideline
            .iter()
            .map(|reference| {
                let part = part(lang, reference.part);
                let item = reference.item.as_ref().map(|item| format!("（{item}）")).unwrap_or_default();
                let text = t!(
                    lang,
                    "guideline-ref",
                    version = reference.version.as_str(),
                    part = part,
                    chapter = reference.chapter.as_str()
                );
                (text + &item, reference.confirmed)
            })
            .collect(),
        guideline_7: item.guideline_7_note.as_ref().map(|text| text.get(lang).to_owned()),
        note: item.note.as_ref().map(|text| text.get(lang).to_owned()),
        sources: of
            .standing
            .sources
            .iter()
            .map(|source| (source.what.get(lang).to_owned(), source.url.clone()))
            .collect(),
        open: !row.state.is_answered() || row.settled() == Some(AnswerKind::NotSure),
    }
}

fn part(lang: Lang, part: GuidelinePart) -> String {
    match part {
        GuidelinePart::Overview => t!(lang, "part-overview"),
        GuidelinePart::Management => t!(lang, "part-management"),
        GuidelinePart::Planning => t!(lang, "part-planning"),
        GuidelinePart::SystemOperation => t!(lang, "part-operation"),
        GuidelinePart::MaintenanceEntrusting => t!(lang, "part-maintenance"),
    }
}

fn evidence_line(lang: Lang, piece: &Evidence) -> EvidenceLine {
    let (is_file, href, kind) = match &piece.target {
        EvidenceTarget::File(_) => (true, String::new(), piece.media_type.clone()),
        EvidenceTarget::System(id) => (false, format!("/ledger/systems/{id}"), t!(lang, "record-system")),
        EvidenceTarget::Vendor(id) => (false, format!("/ledger/vendors/{id}"), t!(lang, "record-vendor")),
        EvidenceTarget::Contact(id) => (false, format!("/ledger/contacts/{id}"), t!(lang, "record-contact")),
    };
    let when = moment_text(lang, piece.added_at);
    let about = if is_file {
        t!(
            lang,
            "evidence-file-about",
            size = words::size(piece.size),
            kind = file_kind(lang, &kind),
            at = when,
            name = piece.added_by_name.as_str()
        )
    } else {
        t!(lang, "evidence-record-about", kind = kind, at = when, name = piece.added_by_name.as_str())
    };
    EvidenceLine {
        id: piece.id.to_string(),
        name: piece.name.clone(),
        about,
        digest: if is_file { piece.target.key() } else { String::new() },
        preview: super::evidence::previewable(&piece.media_type),
        picture: super::evidence::previewable(&piece.media_type) && piece.media_type.starts_with("image/"),
        is_file,
        href,
    }
}

/// What a file is, in a word.
fn file_kind(lang: Lang, media_type: &str) -> String {
    match media_type {
        "application/pdf" => "PDF".to_owned(),
        other if other.starts_with("image/") => t!(lang, "kind-image"),
        other if other.starts_with("text/") => t!(lang, "kind-text"),
        _ => t!(lang, "kind-office"),
    }
}

/// What can be chosen as evidence besides a new file: records of the ledger, and files that are here already.
fn records(lang: Lang, read: &ItemRead, placement: &PlacementId) -> Vec<Choice> {
    let held = |kind: &str, key: &str| {
        read.evidence.iter().any(|piece| piece.target.kind() == kind && piece.target.key() == key)
    };
    let record = |kind: &str, key: String, label: String| {
        (!held(kind, &key)).then(|| Choice::new(format!("{kind}:{key}"), label))
    };
    let systems = read.systems.iter().filter_map(|system| {
        record("system", system.id.to_string(), t!(lang, "choose-system", name = system.name.as_str()))
    });
    let vendors = read.suppliers.iter().filter_map(|supplier| {
        record("vendor", supplier.id.to_string(), t!(lang, "choose-vendor", name = supplier.name.as_str()))
    });
    let contacts = read.contacts.iter().filter_map(|contact| {
        record("contact", contact.id.to_string(), t!(lang, "choose-contact", name = contact.name.as_str()))
    });
    // Files that served this very row in another year come first.
    let (same, other): (Vec<_>, Vec<_>) = read.files.iter().partition(|file| file.placement == *placement);
    let files = same.into_iter().chain(other).filter_map(|file| {
        let name = t!(lang, "choose-file", name = file.name.as_str(), at = moment_text(lang, file.added_at));
        record("file", file.target.key(), name)
    });
    systems.chain(vendors).chain(contacts).chain(files).collect()
}

fn members(lang: Lang, read: &ItemRead, row: &RowView) -> Vec<Choice> {
    super::assign::member_choices(lang, &read.colleagues, row.assigned_to)
}

fn ask_line(lang: Lang, read: &ItemRead, ask: &crate::model::Ask) -> AskLine {
    let vendor = super::vendor_name(lang, &read.suppliers, ask.vendor);
    let asked = date_text(lang, ask.asked_on);
    let text = match ask.replied_on {
        Some(on) => t!(lang, "ask-replied", vendor = vendor, asked = asked, on = date_text(lang, on)),
        None => {
            t!(lang, "ask-waiting", vendor = vendor, asked = asked, reply = date_text(lang, ask.reply_by))
        }
    };
    AskLine { text, vendor: ask.vendor.to_string(), open: ask.replied_on.is_none() }
}
