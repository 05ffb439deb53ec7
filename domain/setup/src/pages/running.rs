//! The second step: in the house or in the cloud.

use super::{Frame, load, onward};
use crate::actions::setup_running;
use crate::{Interview, Step, t};
use askama::Template;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::Systems;
use komainu_institution::actions::Conflict;
use komainu_institution::parts::{Difference, differences};
use komainu_institution::words::systems_text;
use komainu_web::{Choice, FieldErrors, Form, Member, Outcome, Refused, Shell, page, page_with_status};

#[derive(Template)]
#[template(path = "setup_running.html")]
struct RunningPage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    styles: Vec<Choice>,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

fn running_page(member: &Member, interview: &Interview, chosen: Option<Systems>) -> RunningPage {
    let lang = member.lang;
    let frame = Frame::new(member, interview, Step::Running);
    let hint = |systems| match systems {
        Systems::OnPremises => t!(lang, "running-on-premises-hint"),
        Systems::Cloud => t!(lang, "running-cloud-hint"),
        Systems::Mixed => t!(lang, "running-mixed-hint"),
        Systems::None => t!(lang, "running-none-hint"),
    };
    RunningPage {
        page: frame.page.clone(),
        lang,
        frame,
        styles: Systems::ALL
            .into_iter()
            .map(|systems| {
                Choice::new(systems.code(), systems_text(lang, systems))
                    .hint(hint(systems))
                    .chosen(Some(systems) == chosen)
            })
            .collect(),
        version: interview.institution.version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
    }
}

/// The form.
pub async fn running(member: Member) -> Outcome {
    let interview = load(&member).await?;
    page(&running_page(&member, &interview, interview.institution.systems))
}

/// Stores the answer.
pub async fn running_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let version: i64 = form.parse("version").unwrap_or_default();
    let Some(systems) = form.parse::<Systems>("systems") else {
        let mut errors = FieldErrors::default();
        errors.add("systems", t!(lang, "error-choose"));
        let filled = RunningPage { version, errors, ..running_page(&member, &load(&member).await?, None) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    };
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| setup_running(tx, &nature, &scope, version, systems)).await {
        Ok(()) => Ok(onward(Step::Running)),
        Err(Refused::Because(Conflict(theirs))) => {
            let stored = theirs.systems.map(|systems| systems_text(lang, systems)).unwrap_or_default();
            let differences =
                differences(vec![(t!(lang, "field-systems"), systems_text(lang, systems), stored)]);
            let interview = load(&member).await?;
            let filled = RunningPage { differences, ..running_page(&member, &interview, Some(systems)) };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
