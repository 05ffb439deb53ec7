//! Who is to be told: plain questions, and what follows from the answers, with ground, source and clock.

use super::{Head, Side, UNPROCESSABLE, done, head, id_of, path_of, seen, version_of, when, writes};
use crate::actions::{self, DutyNote};
use crate::model::{Case, Exhibit, ExhibitId, Fields, IncidentId, Reminded, Sheet, Told};
use crate::rules::{self, DutyRow, Turn, duties as duty_rows, question_answer};
use crate::{t, words};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use komainu_catalog::{Applies, Catalog, DutyAnswer, DutyQuestion, Grounds, IncidentKindId};
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, differences, text};
use komainu_web::{
    Choice, Conflict, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, moment_text,
    page_with_status,
};

struct QuestionView {
    name: String,
    question: String,
    explanation: String,
    choices: Vec<Choice>,
}

struct StandingView {
    confirmed: bool,
    remark: String,
    /// Address and name of each source; the address may be empty.
    sources: Vec<(String, String)>,
}

struct DutyView {
    id: String,
    /// Keeps the fields of its form apart from those of others.
    idp: String,
    action: String,
    version: i64,
    /// Whether it shows more than its line.
    open: bool,
    to: String,
    what: String,
    kind: String,
    ground: String,
    page: String,
    applies: String,
    applies_sign: &'static str,
    because: String,
    when: String,
    left: String,
    left_sign: &'static str,
    clock_note: String,
    told: String,
    note: String,
    note_fault: String,
    /// The day and the time of day as they were typed.
    typed_day: String,
    typed_time: String,
    day_fault: String,
    time_fault: String,
    proof: String,
    /// Who was reminded of the clock by mail.
    reminded: Vec<String>,
    standing: StandingView,
    proofs: Vec<Choice>,
}

/// Those who stand alike: to be told now, later, and so on.
struct GroupView {
    heading: String,
    count: String,
    /// Whether the group is a line to open: nothing is to be done in it.
    folded: bool,
    open: bool,
    duties: Vec<DutyView>,
}

#[derive(Template)]
#[template(path = "incident_duties.html")]
struct DutiesPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    head: Head,
    leads: bool,
    action: String,
    version: i64,
    questions: Vec<QuestionView>,
    /// How many of them are answered.
    answered: String,
    /// Whether one of them waits for an answer.
    asking: bool,
    groups: Vec<GroupView>,
    /// What is due when: heading, and what to do.
    stages: Vec<(String, Vec<String>)>,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What a form of the page held when it could not be taken.
#[derive(Default)]
struct Typed {
    answers: Option<Fields>,
    note: Option<NoteTyped>,
    /// The duty that shows more than its line.
    open: String,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What the form of a duty held.
struct NoteTyped {
    duty: String,
    note: String,
    day: String,
    time: String,
}

impl NoteTyped {
    fn read(form: &Form, duty: String, note: String) -> NoteTyped {
        NoteTyped { duty, note, day: form.text("day").to_owned(), time: form.text("time").to_owned() }
    }
}

/// `GET /incidents/{id}/duties`, with `?open=police` for the one that shows more than its line.
pub async fn duties(member: Member, Path(id): Path<String>, RawQuery(query): RawQuery) -> Outcome {
    let query = Form::read(query.unwrap_or_default().as_bytes())?;
    let typed = Typed { open: query.text("open").to_owned(), ..Typed::default() };
    shown(&member, id_of(&id)?, StatusCode::OK, typed).await
}

async fn shown(member: &Member, id: IncidentId, status: StatusCode, typed: Typed) -> Outcome {
    let case = seen(member, id).await?;
    page_with_status(status, &view(member, &case, typed))
}

fn view(member: &Member, case: &Case, typed: Typed) -> DutiesPage {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let path = path_of(case.incident.id);
    let answers = typed.answers.as_ref().unwrap_or(&case.answers.fields);
    let questions = questions(member, case, answers);
    let asked = asked(catalog, case);
    let known =
        asked.iter().filter(|question| question_answer(answers, question.id.as_str()).is_some()).count();
    let stages = catalog.stages().iter().map(|stage| {
        let acts = stage.acts.iter().map(|act| act.text.get(lang).to_owned()).collect();
        (stage.when.get(lang).to_owned(), acts)
    });
    DutiesPage {
        page: member.shell(&words::title_text(lang, &case.incident), Section::Incident),
        lang,
        words: FormWords::in_lang(lang),
        head: head(member, &case.incident, Side::Duties),
        leads: writes(member, &case.incident),
        version: case.answers.version,
        questions,
        answered: t!(lang, "questions-answered", n = known.to_string(), all = asked.len().to_string()),
        asking: known < asked.len() || typed.answers.is_some(),
        groups: groups(member, case, &typed),
        stages: stages.collect(),
        action: format!("{path}/duties"),
        errors: typed.errors,
        differences: typed.differences,
    }
}

/// Everybody who may have to be told, those first for whom it is time.
fn groups(member: &Member, case: &Case, typed: &Typed) -> Vec<GroupView> {
    let (lang, today) = (member.lang, member.app.nature.today());
    let rows = duty_rows(&member.app.catalog, case);
    let group = |turn: Turn| {
        let those = rows.iter().filter(|row| row.turn(today) == turn);
        let duties: Vec<DutyView> = those.map(|row| duty_view(member, case, row, typed)).collect();
        let heading = match turn {
            Turn::Now => t!(lang, "duties-now"),
            Turn::Later => t!(lang, "duties-later"),
            Turn::Open => t!(lang, "duties-maybe"),
            Turn::Done => t!(lang, "duties-done"),
            Turn::Not => t!(lang, "duties-no"),
        };
        (!duties.is_empty()).then(|| GroupView {
            heading,
            count: t!(lang, "duties-count", n = duties.len().to_string()),
            folded: matches!(turn, Turn::Done | Turn::Not),
            open: duties.iter().any(|duty| duty.open),
            duties,
        })
    };
    Turn::ALL.into_iter().filter_map(group).collect()
}

/// The questions that decide about this kind of incident.
fn asked<'a>(catalog: &'a Catalog, case: &Case) -> Vec<&'a DutyQuestion> {
    case.incident
        .kind
        .parse::<IncidentKindId>()
        .map_or_else(|_| Vec::new(), |kind| catalog.duty_questions_for(&kind))
}

fn questions(member: &Member, case: &Case, answers: &Fields) -> Vec<QuestionView> {
    let lang = member.lang;
    let words = FormWords::in_lang(lang);
    asked(&member.app.catalog, case)
        .into_iter()
        .map(|question| {
            let said = question_answer(answers, question.id.as_str());
            let choice =
                |code: &str, label: &str, is: Option<bool>| Choice::new(code, label).chosen(said == is);
            QuestionView {
                name: question.id.as_str().to_owned(),
                question: question.question.get(lang).to_owned(),
                explanation: question.explanation.get(lang).to_owned(),
                choices: vec![
                    choice("yes", &words.yes, Some(true)),
                    choice("no", &words.no, Some(false)),
                    choice("", &t!(lang, "answer-unknown"), None),
                ],
            }
        })
        .collect()
}

/// Why it applies or not.
fn because(lang: Lang, answer: &DutyAnswer<'_>) -> String {
    let named = |questions: &[&DutyQuestion]| {
        let names: Vec<&str> = questions.iter().map(|question| question.question.get(lang)).collect();
        names.join("\n")
    };
    if let Some(other) = answer.replaced_by {
        return t!(lang, "because-replaced", other = other.to.get(lang));
    }
    if !answer.ruled_out_by.is_empty() {
        return t!(lang, "because-ruled-out", questions = named(&answer.ruled_out_by));
    }
    if !answer.spared_by.is_empty() {
        return t!(lang, "because-spared", questions = named(&answer.spared_by));
    }
    match answer.applies {
        Applies::No if answer.duty.asks.is_empty() => t!(lang, "because-other-kind"),
        _ if answer.duty.asks.is_empty() => t!(lang, "because-always"),
        Applies::Yes => t!(lang, "because-yes", questions = named(&answer.because)),
        Applies::Open => t!(lang, "because-open", questions = named(&answer.because)),
        Applies::No => t!(lang, "because-no"),
    }
}

fn standing_view(catalog: &Catalog, lang: Lang, grounds: &Grounds) -> StandingView {
    let standing = catalog.standing_of(grounds);
    StandingView {
        confirmed: standing.confirmed,
        remark: standing.remark.map(|remark| remark.get(lang).to_owned()).unwrap_or_default(),
        sources: standing
            .sources
            .iter()
            .map(|source| (source.url.clone().unwrap_or_default(), source.what.get(lang).to_owned()))
            .collect(),
    }
}

fn duty_view(member: &Member, case: &Case, row: &DutyRow<'_>, typed: &Typed) -> DutyView {
    let (lang, catalog, today) = (member.lang, &member.app.catalog, member.app.nature.today());
    let duty = row.answer.duty;
    let id = duty.id.as_str();
    let told = row.told;
    let written = typed.note.as_ref().filter(|written| written.duty == id);
    let fault = |field: &str| typed.errors.of(&format!("{id}-{field}")).to_owned();
    let sign = match (row.answer.applies, row.done()) {
        (_, true) => "ok",
        (Applies::Yes, false) => "attention",
        (Applies::Open, false) => "unconfirmed",
        (Applies::No, false) => "neutral",
    };
    DutyView {
        id: id.to_owned(),
        idp: format!("{id}-"),
        action: format!("{}/duties/{id}", path_of(case.incident.id)),
        version: told.map_or(0, |told| told.version),
        open: written.is_some() || typed.open == id,
        to: duty.to.get(lang).to_owned(),
        what: duty.what.get(lang).to_owned(),
        kind: words::duty_kind_text(lang, duty.kind),
        ground: duty.ground.get(lang).to_owned(),
        page: duty.page.clone().unwrap_or_default(),
        applies: if row.done() {
            t!(lang, "duty-done")
        } else {
            words::applies_text(lang, row.answer.applies)
        },
        applies_sign: sign,
        because: because(lang, &row.answer),
        when: row.due.map_or_else(|| duty.when.get(lang).to_owned(), |due| words::due_text(lang, due)),
        left: row
            .due
            .filter(|_| !row.done() && row.answer.applies != Applies::No)
            .map(|due| words::left_text(lang, due, today))
            .unwrap_or_default(),
        left_sign: row.due.map_or("neutral", |due| words::left_badge(due, today)),
        clock_note: duty.clock.as_ref().map(|clock| clock.note.get(lang).to_owned()).unwrap_or_default(),
        told: told.and_then(|told| told_text(lang, told)).unwrap_or_default(),
        note: written
            .map(|written| &written.note)
            .or(told.map(|told| &told.note))
            .cloned()
            .unwrap_or_default(),
        note_fault: fault("note"),
        typed_day: written.map(|written| written.day.clone()).unwrap_or_default(),
        typed_time: written.map(|written| written.time.clone()).unwrap_or_default(),
        day_fault: fault("day"),
        time_fault: fault("time"),
        proof: told.and_then(|told| proof_text(case, told)).unwrap_or_default(),
        reminded: reminded(lang, case, id),
        standing: standing_view(catalog, lang, &duty.standing),
        proofs: proofs(&case.evidence, told.and_then(|told| told.proof)),
    }
}

fn told_text(lang: Lang, told: &Told) -> Option<String> {
    Some(t!(lang, "by", at = moment_text(lang, told.done_at?), name = told.done_by_name.as_str()))
}

/// Who was reminded of a duty's clock, when, and where it stood.
fn reminded(lang: Lang, case: &Case, duty: &str) -> Vec<String> {
    let line = |one: &Reminded| {
        let (at, name) = (moment_text(lang, one.sent_at), one.name.as_str());
        t!(lang, "duty-reminded-line", at = at, name = name, stage = words::stage_text(lang, one.stage))
    };
    case.reminded.iter().filter(|one| one.duty == duty).map(line).collect()
}

fn proof_text(case: &Case, told: &Told) -> Option<String> {
    let exhibit = case.evidence.iter().find(|exhibit| Some(exhibit.id) == told.proof)?;
    Some(exhibit.detail.what.clone())
}

fn proofs(evidence: &[Exhibit], chosen: Option<ExhibitId>) -> Vec<Choice> {
    let choice = |exhibit: &Exhibit| {
        Choice::new(exhibit.id.to_string(), exhibit.detail.what.clone()).chosen(Some(exhibit.id) == chosen)
    };
    evidence.iter().map(choice).collect()
}

/// `POST /incidents/{id}/duties`
pub async fn answers_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let catalog = &member.app.catalog;
    let case = seen(&member, id).await?;
    let answers = asked(catalog, &case).into_iter().filter_map(|question| {
        let name = question.id.as_str();
        let said = form.text(name);
        matches!(said, "yes" | "no").then(|| (name.to_owned(), said.to_owned()))
    });
    // What is not asked of this kind keeps its answer: the kind may be changed back.
    let mut all = case.answers.fields.clone();
    all.retain(|name, _| asked(catalog, &case).iter().all(|question| question.id.as_str() != name));
    all.extend(answers);
    let answers: Fields = rules::filled(all);
    let (scope, app, version, wish) =
        (member.scope.clone(), member.app.clone(), version_of(&form), answers.clone());
    let saved = member
        .write(move |tx| actions::sheet_save(tx, &app.nature, &scope, (id, Sheet::Duties, version), &wish))
        .await;
    match saved {
        Ok(()) => Ok(done(&member, &format!("{}/duties", path_of(id)), &t!(lang, "answers-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let words = FormWords::in_lang(lang);
            let said = |fields: &Fields, question: &str| match question_answer(fields, question) {
                Some(true) => words.yes.clone(),
                Some(false) => words.no.clone(),
                None => t!(lang, "answer-unknown"),
            };
            let rows = asked(catalog, &case).into_iter().map(|question| {
                let id = question.id.as_str();
                let label = question.question.get(lang).to_owned();
                (label, said(&answers, id), said(&theirs.fields, id))
            });
            let rows = differences(rows.collect());
            let typed = Typed { answers: Some(answers.clone()), differences: rows, ..Typed::default() };
            shown(&member, id, StatusCode::CONFLICT, typed).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `POST /incidents/{id}/duties/{duty}`
pub async fn duty_note(member: Member, Path((id, duty)): Path<(String, String)>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let mut errors = FieldErrors::default();
    let note = text(&form, lang, &mut errors, "note", LONG, false);
    let at = when(&form, lang, &mut errors, member.app.nature.now());
    if !errors.is_empty() {
        for error in &mut errors.0 {
            error.field = format!("{duty}-{}", error.field);
        }
        let note = Some(NoteTyped::read(&form, duty, note));
        let typed = Typed { note, errors, ..Typed::default() };
        return shown(&member, id, UNPROCESSABLE, typed).await;
    }
    let case = seen(&member, id).await?;
    let stored = case.told.iter().find(|told| told.duty == duty).and_then(|told| told.done_at);
    let typed_none = form.text("day").is_empty() && form.text("time").is_empty();
    let done_at = match form.text("told") {
        // What was told once keeps its moment, unless another one is typed.
        "yes" if typed_none => stored.or(Some(at)),
        "yes" => Some(at),
        "withdrawn" => None,
        _ => stored,
    };
    let input = DutyNote { note: note.clone(), done_at, proof: form.parse("proof") };
    let (scope, app, version, whose) =
        (member.scope.clone(), member.app.clone(), version_of(&form), duty.clone());
    let saved = member
        .write(move |tx| {
            actions::duty_note(tx, &app.nature, &scope, &app.catalog, (id, &whose, version), &input)
        })
        .await;
    match saved {
        Ok(()) => {
            let back = format!("{}/duties?open={duty}#d-{duty}", path_of(id));
            Ok(done(&member, &back, &t!(lang, "duty-saved")))
        }
        Err(Refused::Because(Conflict(theirs))) => {
            let told = |told: &Told| told_text(lang, told).unwrap_or_else(|| t!(lang, "duty-not-told"));
            let mine =
                done_at.map_or_else(|| t!(lang, "duty-not-told"), |done_at| moment_text(lang, done_at));
            let rows = differences(vec![
                (t!(lang, "duty-told"), mine, told(&theirs)),
                (t!(lang, "duty-note"), note.clone(), theirs.note.clone()),
            ]);
            let note = Some(NoteTyped::read(&form, duty, note));
            let typed = Typed { note, differences: rows, ..Typed::default() };
            shown(&member, id, StatusCode::CONFLICT, typed).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
