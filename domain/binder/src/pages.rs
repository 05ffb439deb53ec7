//! The pack's page: order, watch, stop, fetch.

use crate::actions::{made, pack_cancel, pack_find, pack_order, packs};
use crate::gather::year_text;
use crate::model::{Order, PackForm, STEPS};
use crate::t;
use askama::Template;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use chrono::{DateTime, Utc};
use komainu_calendar::FiscalYear;
use komainu_checklist::actions as checklist;
use komainu_i18n::Lang;
use komainu_jobs::{Job, JobId, State};
use komainu_web::{
    Choice, Failure, Form, Member, NoticeKind, Outcome, Section, Shell, attachment, moment_text, page,
    redirect, with_flash,
};

#[derive(Template)]
#[template(path = "pack.html")]
struct PackPage {
    page: Shell,
    lang: Lang,
    years: Vec<Choice>,
    langs: Vec<Choice>,
    forms: Vec<Choice>,
    packs: Vec<PackLine>,
}

/// One ordered pack in the list, also a fragment of its own while it is being made.
#[derive(Template)]
#[template(path = "pack_line.html")]
struct PackLine {
    lang: Lang,
    id: String,
    csrf: String,
    what: String,
    asked: String,
    state: State,
    stage: String,
    step: i64,
    steps: i64,
    amount: String,
    made: Option<MadeLine>,
    stale: bool,
}

struct MadeLine {
    name: String,
    facts: String,
    left_out: Vec<String>,
}

/// `GET /pack`.
pub async fn pack_page(member: Member) -> Outcome {
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let (rounds, packs) =
        member.read(move |tx| Ok((checklist::rounds(tx, &scope, &app.catalog)?, packs(tx, &scope)?))).await?;
    let lang = member.lang;
    let current = FiscalYear::of(member.app.nature.today()).number();
    let mut years: Vec<i32> =
        rounds.iter().filter(|round| round.vendor.is_none()).map(|round| round.fiscal_year).collect();
    years.sort_unstable();
    years.dedup();
    years.reverse();
    let chosen = if years.contains(&current) { Some(current) } else { years.first().copied() };
    let touched = |year: i32| {
        rounds.iter().filter(|round| round.fiscal_year == year).map(|round| round.touched_at).max()
    };
    let lines = packs
        .into_iter()
        .map(|(job, order)| line(&member, &job, order, touched(order.fiscal_year)))
        .collect();
    page(&PackPage {
        page: member.shell(&t!(lang, "pack-page"), Section::Pack),
        lang,
        years: years
            .iter()
            .map(|year| Choice::new(year.to_string(), year_text(lang, *year)).chosen(Some(*year) == chosen))
            .collect(),
        langs: Lang::ALL
            .into_iter()
            .map(|choice| Choice::new(choice.code(), choice.name()).chosen(choice == lang))
            .collect(),
        forms: PackForm::ALL
            .into_iter()
            .map(|form| {
                Choice::new(form.code(), form_text(lang, form))
                    .hint(form_hint(lang, form))
                    .chosen(form == PackForm::Pdf)
            })
            .collect(),
        packs: lines,
    })
}

/// `POST /pack`.
pub async fn pack_make(member: Member, form: Form) -> Outcome {
    let order = Order {
        fiscal_year: form.parse("year").ok_or_else(|| Failure::Malformed("year".to_owned()))?,
        lang: form.parse("language").unwrap_or(member.lang),
        form: form.parse("form").unwrap_or(PackForm::Pdf),
    };
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write::<_, Failure>(move |tx| pack_order(tx, &nature, &scope, order)).await?;
    Ok(redirect("/pack#packs"))
}

/// `GET /pack/{job}/state`: the line of one pack, for polling; with no script the page itself shows the same.
pub async fn pack_state(member: Member, Path(id): Path<String>) -> Outcome {
    let id: JobId = id.parse().map_err(|_| Failure::NotFound)?;
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let (job, order, touched) = member
        .read(move |tx| {
            let (job, order) = pack_find(tx, &scope, id)?;
            let rounds = checklist::rounds(tx, &scope, &app.catalog)?;
            let of_year = rounds.iter().filter(|round| round.fiscal_year == order.fiscal_year);
            Ok((job, order, of_year.map(|round| round.touched_at).max()))
        })
        .await?;
    if !member.fragment {
        return Ok(redirect("/pack#packs"));
    }
    page(&line(&member, &job, order, touched))
}

/// `POST /pack/{job}/cancel`.
pub async fn pack_stop(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let id: JobId = id.parse().map_err(|_| Failure::NotFound)?;
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write::<_, Failure>(move |tx| pack_cancel(tx, &nature, &scope, id)).await?;
    let text = t!(member.lang, "pack-stopped");
    Ok(with_flash(&member.app, redirect("/pack#packs"), NoticeKind::Info, &text))
}

/// `GET /pack/{job}/file`.
pub async fn pack_file(member: Member, Path(id): Path<String>) -> Outcome {
    let id: JobId = id.parse().map_err(|_| Failure::NotFound)?;
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let (made, form, bytes) = member
        .read(move |tx| {
            let (job, order) = pack_find(tx, &scope, id)?;
            let made = made(&job).ok_or(Failure::NotFound)?;
            let bytes = app.files.get(scope.organisation(), &made.digest).map_err(Failure::internal)?;
            Ok((made, order.form, bytes))
        })
        .await?;
    Ok(attachment(&made.name, form.media_type(), bytes).into_response())
}

fn line(member: &Member, job: &Job, order: Order, touched: Option<DateTime<Utc>>) -> PackLine {
    let lang = member.lang;
    let year = year_text(lang, order.fiscal_year);
    PackLine {
        lang,
        id: job.id.to_string(),
        csrf: member.csrf.clone(),
        what: format!("{year}　{}（{}）", form_text(lang, order.form), order.lang.name()),
        asked: t!(
            lang,
            "pack-asked",
            when = moment_text(lang, job.created_at),
            who = job.scope.person_name().to_owned()
        ),
        state: job.state,
        stage: stage_text(lang, &job.stage),
        step: job.step,
        steps: STEPS,
        amount: format!("{} / {STEPS}", job.step),
        made: made(job).map(|made| MadeLine {
            facts: match made.pages {
                Some(pages) => t!(lang, "pack-pages", pages = pages.to_string(), size = size_text(made.size)),
                None => size_text(made.size),
            },
            name: made.name,
            left_out: made.left_out,
        }),
        stale: touched.is_some_and(|touched| touched > job.created_at),
    }
}

fn size_text(bytes: usize) -> String {
    if bytes < 1_000_000 {
        format!("{} KB", bytes.div_ceil(1000))
    } else {
        format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
    }
}

fn form_text(lang: Lang, form: PackForm) -> String {
    match form {
        PackForm::Pdf => t!(lang, "form-pdf"),
        PackForm::Workbook => t!(lang, "form-workbook"),
        PackForm::Archive => t!(lang, "form-archive"),
    }
}

fn form_hint(lang: Lang, form: PackForm) -> String {
    match form {
        PackForm::Pdf => t!(lang, "form-pdf-hint"),
        PackForm::Workbook => t!(lang, "form-workbook-hint"),
        PackForm::Archive => t!(lang, "form-archive-hint"),
    }
}

fn stage_text(lang: Lang, stage: &str) -> String {
    match stage {
        "gather" => t!(lang, "stage-gather"),
        "setting" => t!(lang, "stage-setting"),
        "workbook" => t!(lang, "stage-workbook"),
        "evidence" => t!(lang, "stage-evidence"),
        "keep" => t!(lang, "stage-keep"),
        _ => t!(lang, "stage-waiting"),
    }
}
