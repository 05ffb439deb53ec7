//! The committee's meetings: a list of cases in an order, what was said, both on paper.

use super::{MEETINGS, Side, UNPROCESSABLE, tabs, version_of};
use crate::actions::{self, Sitting, meeting_candidates, meeting_cases, meeting_see};
use crate::document::{self, Sheet};
use crate::model::{Meeting, MeetingCase, MeetingContent, MeetingId, NearMiss, NearMissId, State};
use crate::rules::{self, MOST_CASES, MeetingFault, Turn, meeting_faults};
use crate::{t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::NaiveDate;
use komainu_access::Scope;
use komainu_calendar::parse_date;
use komainu_catalog::Catalog;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, differences};
use komainu_web::{
    Choice, Conflict, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Once, Outcome, Refused, Section,
    Shell, Tab, Visit, date_text, inline_file, moment_text, page_with_status, redirect, with_flash,
};

struct Row {
    href: String,
    about: String,
    heading: String,
}

#[derive(Template)]
#[template(path = "meetings.html")]
struct ListPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    tabs: Vec<Tab>,
    sides: String,
    all: Vec<Row>,
    /// Names the form that plans one.
    sent_id: String,
    new: NewMeeting,
    errors: FieldErrors,
}

/// A meeting that is about to be planned, as it is typed.
#[derive(Clone, Default)]
struct NewMeeting {
    name: String,
    day: String,
    fill: bool,
}

/// `GET /near-miss/meetings`
pub async fn meetings(member: Member) -> Outcome {
    let new = NewMeeting { fill: true, ..NewMeeting::default() };
    listed(&member, StatusCode::OK, new, FieldErrors::default()).await
}

async fn listed(member: &Member, status: StatusCode, new: NewMeeting, errors: FieldErrors) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let all = member.read(move |tx| actions::meetings(tx, &scope)).await?;
    let row = |meeting: Meeting| Row {
        href: path_of(meeting.id),
        about: t!(
            lang,
            "meeting-about",
            day = date_text(lang, meeting.held_on),
            n = meeting.content.cases.len().to_string()
        ),
        heading: meeting.content.title,
    };
    page_with_status(
        status,
        &ListPage {
            page: member.shell(&t!(lang, "meetings-title"), Section::NearMiss),
            lang,
            words: FormWords::in_lang(lang),
            tabs: tabs(lang, &member.scope, Side::Meetings),
            sides: t!(lang, "sides"),
            all: all.into_iter().map(row).collect(),
            sent_id: Once::id(&member.app.nature),
            new,
            errors,
        },
    )
}

fn path_of(id: MeetingId) -> String {
    format!("{MEETINGS}/{id}")
}

fn meeting_id(text: &str) -> Result<MeetingId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// `POST /near-miss/meetings`: plans a meeting, where wished with every case that was judged and is not closed.
pub async fn meeting_create(member: Member, form: Form) -> Outcome {
    let (lang, today) = (member.lang, member.app.nature.today());
    let typed = NewMeeting {
        name: form.text("title").to_owned(),
        day: form.text("held_on").to_owned(),
        fill: form.text("fill") == "yes",
    };
    let content = rules::tidied(MeetingContent { title: typed.name.clone(), ..MeetingContent::default() });
    let mut errors = field_errors(lang, &content, |place| place.replace('.', "-"));
    let day = day(&form, lang, &mut errors, today);
    let (Some(day), true) = (day, errors.is_empty()) else {
        return listed(&member, UNPROCESSABLE, typed, errors).await;
    };
    let (scope, app, fill) = (member.scope.clone(), member.app.clone(), typed.fill);
    let once = Once::of(&form, MEETINGS);
    let to = member
        .write(move |tx| {
            once.done(tx, &app.nature, &scope, |tx| {
                let mut content = content;
                if fill {
                    content.cases = under_way(meeting_candidates(tx, &scope)?);
                }
                let id = actions::meeting_add(tx, &app.nature, &scope, (day, &content))?;
                Ok::<_, Failure>(path_of(id))
            })
        })
        .await?;
    let text = t!(lang, "meeting-added");
    Ok(with_flash(&member.app, redirect(&to), NoticeKind::Success, &text))
}

/// What was judged and is not closed, the oldest first.
fn under_way(candidates: Vec<NearMiss>) -> Vec<MeetingCase> {
    let open = candidates.into_iter().filter(|one| matches!(one.state, State::Triaged | State::Measures));
    let mut cases: Vec<MeetingCase> =
        open.take(MOST_CASES).map(|one| MeetingCase { near_miss: one.id, words: String::new() }).collect();
    cases.reverse();
    cases
}

fn day(form: &Form, lang: Lang, errors: &mut FieldErrors, today: NaiveDate) -> Option<NaiveDate> {
    let day = parse_date(form.text("held_on"), today).ok();
    if day.is_none() {
        errors.add("held_on", t!(lang, "measure-day"));
    }
    day
}

struct CaseView {
    id: String,
    id_name: String,
    href: String,
    heading: String,
    about: String,
    words_name: String,
    words_label: String,
    words: String,
    fault: String,
    up: String,
    up_label: String,
    remove: String,
    remove_label: String,
}

#[derive(Template)]
#[template(path = "meeting.html")]
struct MeetingPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    sides: String,
    crumbs: Vec<Crumb>,
    action: String,
    version: i64,
    saved: String,
    day: String,
    content: MeetingContent,
    cases: Vec<CaseView>,
    others: Vec<Choice>,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What stands in the form: what is stored, or what was sent and could not be taken.
struct Draft {
    day: String,
    content: MeetingContent,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// `GET /near-miss/meetings/{id}`
pub async fn meeting(member: Member, Path(id): Path<String>) -> Outcome {
    shown(&member, meeting_id(&id)?, StatusCode::OK, None).await
}

async fn shown(member: &Member, id: MeetingId, status: StatusCode, draft: Option<Draft>) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let (stored, draft, cases, candidates) = member
        .read(move |tx| {
            let stored = actions::meeting_get(tx, &scope, id)?;
            let draft = draft.unwrap_or_else(|| Draft {
                day: date_text(lang, stored.held_on),
                content: stored.content.clone(),
                version: stored.version,
                errors: FieldErrors::default(),
                differences: Vec::new(),
            });
            let cases = meeting_cases(tx, &scope, &draft.content)?;
            Ok((stored, draft, cases, meeting_candidates(tx, &scope)?))
        })
        .await?;
    page_with_status(status, &view(member, &stored, draft, (&cases, candidates)))
}

fn view(
    member: &Member,
    stored: &Meeting,
    draft: Draft,
    (cases, candidates): (&[NearMiss], Vec<NearMiss>),
) -> MeetingPage {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let Draft { day, content, version, errors, differences } = draft;
    let views = content.cases.iter().zip(cases).enumerate();
    let views = views.map(|(at, (case, near_miss))| case_view(lang, catalog, &errors, (at, case, near_miss)));
    let views: Vec<CaseView> = views.collect();
    let chosen = |one: &NearMiss| content.cases.iter().any(|case| case.near_miss == one.id);
    let others = candidates.into_iter().filter(|one| !chosen(one));
    let others =
        others.map(|one| Choice::new(one.id.to_string(), words::heading_text(catalog, lang, &one))).collect();
    MeetingPage {
        page: member.shell(&stored.content.title, Section::NearMiss),
        lang,
        words: FormWords::in_lang(lang),
        sides: t!(lang, "sides"),
        crumbs: vec![Crumb { href: MEETINGS.to_owned(), label: t!(lang, "tab-meetings") }],
        action: path_of(stored.id),
        version,
        saved: t!(
            lang,
            "saved-by",
            name = stored.saved_by_name.as_str(),
            at = moment_text(lang, stored.saved_at)
        ),
        day,
        cases: views,
        others,
        content,
        errors,
        differences,
    }
}

fn case_view(
    lang: Lang,
    catalog: &Catalog,
    errors: &FieldErrors,
    (at, case, near_miss): (usize, &MeetingCase, &NearMiss),
) -> CaseView {
    let (words_name, number) = (format!("cases-{at}-words"), near_miss.number_text());
    CaseView {
        id: case.near_miss.to_string(),
        id_name: format!("cases-{at}-near_miss"),
        href: super::path_of(near_miss.id),
        heading: words::heading_text(catalog, lang, near_miss),
        about: about(lang, near_miss),
        fault: errors.of(&words_name).to_owned(),
        words_name,
        words_label: t!(lang, "case-words", number = number.as_str()),
        words: case.words.clone(),
        up: if at == 0 { String::new() } else { format!("up.{at}") },
        up_label: t!(lang, "case-up", number = number.as_str()),
        remove: format!("remove.{at}"),
        remove_label: t!(lang, "case-remove", number = number.as_str()),
    }
}

/// Where it stands, how far it went, and what happened in a sentence.
fn about(lang: Lang, near_miss: &NearMiss) -> String {
    let level = near_miss.level.map(|level| words::level_text(lang, level));
    let summary = Some(near_miss.triage.summary.clone()).filter(|text| !text.is_empty());
    let all = [Some(words::state_text(lang, near_miss.state)), level, summary];
    all.into_iter().flatten().collect::<Vec<_>>().join(" ／ ")
}

/// `POST /near-miss/meetings/{id}`: a case more, less or elsewhere, or all of it saved.
pub async fn meeting_submit(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id, version) = (member.lang, meeting_id(&id)?, version_of(&form));
    let typed_day = form.text("held_on").to_owned();
    let sent = read(&form);
    if let Some(turn) = form.parse::<Turn>("do") {
        let draft = Draft {
            day: typed_day,
            content: rules::turned(sent, turn, form.parse("case")),
            version,
            errors: FieldErrors::default(),
            differences: Vec::new(),
        };
        return shown(&member, id, StatusCode::OK, Some(draft)).await;
    }
    let content = rules::tidied(sent);
    let mut errors = field_errors(lang, &content, |place| place.replace('.', "-"));
    let day = day(&form, lang, &mut errors, member.app.nature.today());
    let (Some(day), true) = (day, errors.is_empty()) else {
        let draft = Draft { day: typed_day, content, version, errors, differences: Vec::new() };
        return shown(&member, id, UNPROCESSABLE, Some(draft)).await;
    };
    let (scope, app, wish) = (member.scope.clone(), member.app.clone(), content.clone());
    let saved = member
        .write(move |tx| actions::meeting_save(tx, &app.nature, &scope, (id, version), (day, &wish)))
        .await;
    match saved {
        Ok(()) => {
            let text = t!(lang, "meeting-saved");
            Ok(with_flash(&member.app, redirect(&path_of(id)), NoticeKind::Success, &text))
        }
        Err(Refused::Because(Conflict(theirs))) => {
            let differences = compare(&member, (day, &content), &theirs).await?;
            let errors = FieldErrors::default();
            let draft = Draft { day: typed_day, content, version: theirs.version, errors, differences };
            shown(&member, id, StatusCode::CONFLICT, Some(draft)).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn read(form: &Form) -> MeetingContent {
    let text = |field: &str| form.text(field).to_owned();
    // One more than may be, so that it is told.
    let cases = (0..=MOST_CASES).map_while(|at| {
        let near_miss: NearMissId = form.parse(&format!("cases-{at}-near_miss"))?;
        Some(MeetingCase { near_miss, words: text(&format!("cases-{at}-words")) })
    });
    MeetingContent {
        title: text("title"),
        place: text("place"),
        present: text("present"),
        cases: cases.collect(),
        minutes: text("minutes"),
        decided: text("decided"),
    }
}

/// The faults of a meeting in words, at fields as the asker names them.
pub(crate) fn field_errors(
    lang: Lang,
    content: &MeetingContent,
    field: impl Fn(&str) -> String,
) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (place, fault) in meeting_faults(content) {
        errors.add(
            &field(&place),
            match fault {
                MeetingFault::Missing => t!(lang, "meeting-untitled"),
                MeetingFault::TooLong(most) => t!(lang, "too-long", most = most.to_string()),
                MeetingFault::TooMany => t!(lang, "too-many-cases", most = MOST_CASES.to_string()),
                MeetingFault::Twice => t!(lang, "case-twice"),
            },
        );
    }
    errors
}

/// Both texts, part by part; cases by their numbers.
async fn compare(
    member: &Member,
    (day, mine): (NaiveDate, &MeetingContent),
    theirs: &Meeting,
) -> Result<Vec<Difference>, Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    let (own, other) = (mine.clone(), theirs.content.clone());
    let (own, other) = member
        .read(move |tx| Ok((meeting_cases(tx, &scope, &own)?, meeting_cases(tx, &scope, &other)?)))
        .await?;
    let list = |content: &MeetingContent, cases: &[NearMiss]| {
        let one = |(case, near_miss): (&MeetingCase, &NearMiss)| {
            format!("{} {}", near_miss.number_text(), case.words).trim().to_owned()
        };
        content.cases.iter().zip(cases).map(one).collect::<Vec<_>>().join(" ／ ")
    };
    let there = &theirs.content;
    Ok(differences(vec![
        (t!(lang, "meeting-day"), date_text(lang, day), date_text(lang, theirs.held_on)),
        (t!(lang, "meeting-title"), mine.title.clone(), there.title.clone()),
        (t!(lang, "meeting-place"), mine.place.clone(), there.place.clone()),
        (t!(lang, "meeting-present"), mine.present.clone(), there.present.clone()),
        (t!(lang, "meeting-cases"), list(mine, &own), list(there, &other)),
        (t!(lang, "meeting-minutes"), mine.minutes.clone(), there.minutes.clone()),
        (t!(lang, "meeting-decided"), mine.decided.clone(), there.decided.clone()),
    ]))
}

/// `GET /near-miss/meetings/{id}/list`: what is to be talked about, on paper.
pub async fn meeting_list(member: Member, Path(id): Path<String>) -> Outcome {
    paper(&member, &member.scope, meeting_id(&id)?, Sheet::List).await
}

/// `GET /near-miss/meetings/{id}/minutes`: what was said, on paper.
pub async fn meeting_minutes(member: Member, Path(id): Path<String>) -> Outcome {
    paper(&member, &member.scope, meeting_id(&id)?, Sheet::Minutes).await
}

/// Sets one of a meeting's two papers off the async threads.
pub(crate) async fn paper(visit: &Visit, scope: &Scope, id: MeetingId, sheet: Sheet) -> Outcome {
    let (lang, made_at, reader) = (visit.lang, visit.app.nature.now(), scope.clone());
    let (sitting, owner) = visit
        .read(move |tx| {
            let sitting: Sitting = meeting_see(tx, &reader, id)?;
            let owner = komainu_institution::actions::institution_get(tx, &reader)?.name;
            Ok((sitting, owner))
        })
        .await?;
    let catalog = visit.app.catalog.clone();
    let name = document::meeting_name(lang, &sitting.meeting, sheet);
    let pdf = tokio::task::spawn_blocking(move || {
        document::meeting(lang, &catalog, sheet, &sitting, (&owner, made_at))
    });
    let pdf = pdf.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    if !pdf.remarks.is_empty() {
        tracing::warn!(remarks = pdf.remarks, "typst remarked on a meeting");
    }
    Ok(inline_file(&name, "application/pdf", pdf.bytes))
}
