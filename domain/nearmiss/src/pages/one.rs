//! One report and all that is done about it.

use super::measure::{AtMeasure, MeasureTyped, MeasureView, measure_view, owners};
use super::{UNPROCESSABLE, crumbs, id_of, path_of, version_of};
use crate::actions::{self, Changed, JudgeInput, Seen, near_miss_see};
use crate::model::{Board, Level, Nature, NearMiss, NearMissId, State, Triage};
use crate::rules::{ends, may_follow, next_states};
use crate::{t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, text};
use komainu_people::actions::members;
use komainu_people::model::Membership;
use komainu_web::{
    Choice, Conflict, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Once, Outcome, Refused, Section,
    Shell, attachment, inline_file, moment_text, page_with_status, redirect, with_flash,
};

struct MessageView {
    name: String,
    at: String,
    words: String,
}

#[derive(Template)]
#[template(path = "near_miss.html")]
struct NearMissPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    sides: String,
    crumbs: Vec<Crumb>,
    action: String,
    /// Names the forms of the page that create something.
    sent_id: String,
    version: i64,
    state: String,
    sign: &'static str,
    level: String,
    /// What came in: label and text.
    came: Vec<(String, String)>,
    /// Where the photographs are.
    photos: Vec<String>,
    levels: Vec<Choice>,
    natures: Vec<Choice>,
    triage: Triage,
    judged: String,
    next: Vec<(String, String)>,
    messages: Vec<MessageView>,
    measures: Vec<MeasureView>,
    owners: Vec<Choice>,
    measure: MeasureTyped,
    message: String,
    /// Where an incident is declared from it; empty for who may not.
    declare: String,
    board: Board,
    on_board: bool,
    /// What of the board's words may tell whom they are about; asked once more before they are shown.
    telltale: String,
    /// What is still open of a case that somebody is about to end; asked once more.
    unfinished: String,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What a form of the page held when it could not be taken.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) judge: Option<(String, String, Triage)>,
    pub(super) board: Option<Board>,
    /// The form for a new measure.
    pub(super) measure: Option<MeasureTyped>,
    /// One of the forms at a measure that is there.
    pub(super) at_measure: Option<AtMeasure>,
    pub(super) message: Option<String>,
    pub(super) telltale: Vec<String>,
    pub(super) unfinished: String,
    pub(super) errors: FieldErrors,
    pub(super) differences: Vec<Difference>,
}

/// `GET /near-miss/{id}`
pub async fn near_miss(member: Member, Path(id): Path<String>) -> Outcome {
    shown(&member, id_of(&id)?, StatusCode::OK, Typed::default()).await
}

pub(super) async fn shown(member: &Member, id: NearMissId, status: StatusCode, typed: Typed) -> Outcome {
    let scope = member.scope.clone();
    let (seen, colleagues) =
        member.read(move |tx| Ok((near_miss_see(tx, &scope, id)?, members(tx, &scope)?))).await?;
    page_with_status(status, &view(member, seen, &colleagues, typed))
}

fn view(member: &Member, seen: Seen, colleagues: &[Membership], typed: Typed) -> NearMissPage {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let Seen { near_miss, photos, messages, measures } = seen;
    let (level, nature, triage) = typed.judge.unwrap_or_else(|| {
        let level = near_miss.level.map_or("", |level| level.code()).to_owned();
        let guessed = catalog.symptom(&near_miss.symptom).map_or("", |symptom| symptom.nature.code());
        let nature = near_miss.nature.map_or(guessed, |nature| nature.code()).to_owned();
        (level, nature, near_miss.triage.clone())
    });
    let measure = typed.measure.unwrap_or_default();
    let at = typed.at_measure.as_ref();
    let rows = measures.iter().map(|one| measure_view(member, one, colleagues, at, &typed.errors));
    let title = words::symptom_text(catalog, lang, &near_miss.symptom);
    let path = path_of(near_miss.id);
    NearMissPage {
        page: member.shell(
            &t!(lang, "one-title", number = near_miss.number_text(), symptom = title),
            Section::NearMiss,
        ),
        lang,
        words: FormWords::in_lang(lang),
        sides: t!(lang, "sides"),
        crumbs: crumbs(lang),
        sent_id: Once::id(&member.app.nature),
        version: near_miss.version,
        state: words::state_text(lang, near_miss.state),
        sign: words::state_badge(near_miss.state),
        level: near_miss.level.map(|level| words::level_text(lang, level)).unwrap_or_default(),
        came: came(member, &near_miss),
        photos: photos.iter().map(|photo| format!("{path}/photos/{}", photo.id)).collect(),
        levels: levels(lang, &level),
        natures: natures(lang, &nature),
        triage,
        judged: near_miss
            .triaged_at
            .map(|at| {
                t!(lang, "judged-by", name = near_miss.triaged_by_name.as_str(), at = moment_text(lang, at))
            })
            .unwrap_or_default(),
        next: next_states(near_miss.state)
            .iter()
            .filter(|state| may_follow(&near_miss, **state))
            .map(|state| (state.code().to_owned(), words::state_do(lang, *state)))
            .collect(),
        messages: messages
            .into_iter()
            .map(|message| MessageView {
                name: if message.from_house { message.name } else { t!(lang, "reporter") },
                at: moment_text(lang, message.written_at),
                words: message.words,
            })
            .collect(),
        measures: rows.collect(),
        owners: owners(colleagues, &measure.owner),
        measure,
        message: typed.message.unwrap_or_default(),
        declare: if member.scope.may(Permission::IncidentLead) {
            format!("/incidents/new?report={}", near_miss.id)
        } else {
            String::new()
        },
        board: typed.board.unwrap_or(near_miss.board),
        on_board: near_miss.board_at.is_some(),
        telltale: typed.telltale.join(" ／ "),
        unfinished: typed.unfinished,
        action: path,
        errors: typed.errors,
        differences: typed.differences,
    }
}

fn came(member: &Member, near_miss: &NearMiss) -> Vec<(String, String)> {
    let lang = member.lang;
    let mut came = vec![
        (t!(lang, "came-seen"), moment_text(lang, near_miss.seen_at)),
        (t!(lang, "came-written"), moment_text(lang, near_miss.written_at)),
        (t!(lang, "came-received"), moment_text(lang, near_miss.received_at)),
        (t!(lang, "came-place"), words::place_text(lang, &near_miss.detail.place)),
    ];
    came.extend(words::taps_text(&member.app.catalog, lang, near_miss));
    if !near_miss.detail.words.is_empty() {
        came.push((t!(lang, "came-words"), near_miss.detail.words.clone()));
    }
    came.push((t!(lang, "came-name"), words::name_text(lang, &near_miss.detail.name)));
    came
}

fn levels(lang: Lang, chosen: &str) -> Vec<Choice> {
    let choice = |level: &Level| Choice::new(level.code(), words::level_text(lang, *level));
    Level::ALL.iter().map(|level| choice(level).chosen(level.code() == chosen)).collect()
}

fn natures(lang: Lang, chosen: &str) -> Vec<Choice> {
    let choice = |nature: &Nature| Choice::new(nature.code(), words::nature_text(lang, *nature));
    Nature::ALL.iter().map(|nature| choice(nature).chosen(nature.code() == chosen)).collect()
}

/// `GET /near-miss/{id}/photos/{photo}`
pub async fn photo(member: Member, Path((id, photo)): Path<(String, String)>) -> Outcome {
    let (id, photo) = (id_of(&id)?, photo.parse().map_err(|_| Failure::NotFound)?);
    let scope = member.scope.clone();
    let photo = member.read(move |tx| actions::near_miss_photo(tx, &scope, id, photo)).await?;
    let (files, organisation) = (member.app.files.clone(), member.scope.organisation());
    let bytes = tokio::task::spawn_blocking(move || (files.get(organisation, &photo.file), photo));
    let (bytes, photo) = bytes.await.map_err(Failure::internal)?;
    let bytes = bytes.map_err(Failure::internal)?;
    Ok(match photo.media_type.as_str() {
        "image/jpeg" | "image/png" => inline_file(&photo.name, &photo.media_type, bytes),
        _ => attachment(&photo.name, &photo.media_type, bytes),
    })
}

/// `POST /near-miss/{id}/judge`
pub async fn judge(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let mut errors = FieldErrors::default();
    let triage = Triage {
        summary: text(&form, lang, &mut errors, "summary", LONG, true),
        patients: text(&form, lang, &mut errors, "patients", LONG, false),
        note: text(&form, lang, &mut errors, "note", LONG, false),
    };
    let (level, nature) = (form.parse::<Level>("level"), form.parse::<Nature>("nature"));
    if level.is_none() {
        errors.add("level", t!(lang, "level-missing"));
    }
    if nature.is_none() {
        errors.add("nature", t!(lang, "nature-missing"));
    }
    let typed = (form.text("level").to_owned(), form.text("nature").to_owned(), triage.clone());
    let (Some(level), Some(nature), true) = (level, nature, errors.is_empty()) else {
        let typed = Typed { judge: Some(typed), errors, ..Typed::default() };
        return shown(&member, id, UNPROCESSABLE, typed).await;
    };
    let input = JudgeInput { level, nature, triage };
    let (scope, app, version) = (member.scope.clone(), member.app.clone(), version_of(&form));
    let wish = input.clone();
    let saved =
        member.write(move |tx| actions::near_miss_judge(tx, &app.nature, &scope, (id, version), &wish)).await;
    let compare = |theirs: &NearMiss| {
        differences(vec![
            (
                t!(lang, "field-level"),
                words::level_text(lang, input.level),
                theirs.level.map(|level| words::level_text(lang, level)).unwrap_or_default(),
            ),
            (
                t!(lang, "field-nature"),
                words::nature_text(lang, input.nature),
                theirs.nature.map(|nature| words::nature_text(lang, nature)).unwrap_or_default(),
            ),
            (t!(lang, "field-summary"), input.triage.summary.clone(), theirs.triage.summary.clone()),
            (t!(lang, "field-patients"), input.triage.patients.clone(), theirs.triage.patients.clone()),
            (t!(lang, "field-note"), input.triage.note.clone(), theirs.triage.note.clone()),
        ])
    };
    let typed = |differences| Typed { judge: Some(typed), differences, ..Typed::default() };
    done(&member, id, saved, t!(lang, "judge-saved"), |theirs| typed(compare(theirs))).await
}

/// Back to the page, or the same page with what somebody else changed meanwhile.
async fn done(
    member: &Member,
    id: NearMissId,
    saved: Result<(), Changed>,
    text: String,
    typed: impl FnOnce(&NearMiss) -> Typed,
) -> Outcome {
    match saved {
        Ok(()) => Ok(with_flash(&member.app, redirect(&path_of(id)), NoticeKind::Success, &text)),
        Err(Refused::Because(Conflict(theirs))) => {
            shown(member, id, StatusCode::CONFLICT, typed(&theirs)).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `POST /near-miss/{id}/state`
pub async fn state_set(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let state: State = form.parse("state").ok_or(Failure::NotFound)?;
    if ends(state) && form.text("checked") != "yes" {
        let scope = member.scope.clone();
        let open = member.read(move |tx| actions::measures_open_of(tx, &scope, id)).await?;
        if open > 0 {
            let unfinished = t!(lang, "state-unfinished", n = open.to_string());
            let mut errors = FieldErrors::default();
            errors.add("state-checked", unfinished.clone());
            return shown(&member, id, UNPROCESSABLE, Typed { unfinished, errors, ..Typed::default() }).await;
        }
    }
    let (scope, app, version) = (member.scope.clone(), member.app.clone(), version_of(&form));
    let saved = member
        .write(move |tx| actions::near_miss_state_set(tx, &app.nature, &scope, (id, version), state))
        .await;
    done(&member, id, saved, t!(lang, "state-saved"), |theirs| {
        let mine = words::state_text(lang, state);
        let row = (t!(lang, "field-state"), mine, words::state_text(lang, theirs.state));
        Typed { differences: differences(vec![row]), ..Typed::default() }
    })
    .await
}

/// `POST /near-miss/{id}/board`
pub async fn board_publish(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id, shows) = (member.lang, id_of(&id)?, form.text("shown") == "yes");
    let mut errors = FieldErrors::default();
    let board = Board {
        title: text(&form, lang, &mut errors, "title", SHORT, shows),
        happened: text(&form, lang, &mut errors, "happened", LONG, shows),
        learned: text(&form, lang, &mut errors, "learned", LONG, false),
        doing: text(&form, lang, &mut errors, "doing", LONG, false),
    };
    if !errors.is_empty() {
        let typed = Typed { board: Some(board), errors, ..Typed::default() };
        return shown(&member, id, UNPROCESSABLE, typed).await;
    }
    if shows && form.text("checked") != "yes" {
        let (scope, words) = (member.scope.clone(), board.clone());
        let telltale = member.read(move |tx| actions::board_telltale(tx, &scope, id, &words)).await?;
        if !telltale.is_empty() {
            errors.add("checked", t!(lang, "board-telltale", pieces = telltale.join(" ／ ")));
            let typed = Typed { board: Some(board), telltale, errors, ..Typed::default() };
            return shown(&member, id, UNPROCESSABLE, typed).await;
        }
    }
    let (scope, app, version, wish) =
        (member.scope.clone(), member.app.clone(), version_of(&form), board.clone());
    let saved = member
        .write(move |tx| actions::board_save(tx, &app.nature, &scope, (id, version), (&wish, shows)))
        .await;
    let text = if shows { t!(lang, "board-shown") } else { t!(lang, "board-hidden") };
    done(&member, id, saved, text, |theirs| {
        let rows = differences(vec![
            (t!(lang, "board-field-title"), board.title.clone(), theirs.board.title.clone()),
            (t!(lang, "board-field-happened"), board.happened.clone(), theirs.board.happened.clone()),
            (t!(lang, "board-field-learned"), board.learned.clone(), theirs.board.learned.clone()),
            (t!(lang, "board-field-doing"), board.doing.clone(), theirs.board.doing.clone()),
        ]);
        Typed { board: Some(board), differences: rows, ..Typed::default() }
    })
    .await
}

/// `POST /near-miss/{id}/message`
pub async fn message(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let mut errors = FieldErrors::default();
    let words = text(&form, lang, &mut errors, "message", LONG, true);
    if !errors.is_empty() {
        let typed = Typed { message: Some(words), errors, ..Typed::default() };
        return shown(&member, id, UNPROCESSABLE, typed).await;
    }
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let place = path_of(id);
    let once = Once::of(&form, &place);
    let to = member
        .write(move |tx| {
            once.done(tx, &app.nature, &scope, |tx| {
                actions::message_send(tx, &app.nature, &scope, id, &words)?;
                Ok::<_, Failure>(place)
            })
        })
        .await?;
    let text = t!(lang, "message-sent");
    Ok(with_flash(&member.app, redirect(&to), NoticeKind::Success, &text))
}
