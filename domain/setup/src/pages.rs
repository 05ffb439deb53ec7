//! `/setup`: the interview's pages.

mod lines;
mod people;
mod place;
mod running;
mod summary;
mod support;
mod systems;

pub use lines::{lines, lines_save};
pub(crate) use people::POSTS;
pub use people::{people, people_save};
pub use place::{place, place_save};
pub use running::{running, running_save};
pub use summary::{finish, summary};
pub use support::{support, support_save};
pub(crate) use systems::MOST_OTHERS;
pub use systems::{systems, systems_save};

use crate::actions::interview;
use crate::{Interview, Step, t};
use axum::response::Response;
use komainu_i18n::Lang;
use komainu_institution::parts::FormWords;
use komainu_web::{Failure, Member, Outcome, Section, Shell, Step as Mark, StepState, redirect};

/// What stands around the form of every step.
struct Frame {
    page: Shell,
    words: FormWords,
    /// Name of the line of steps.
    steps_name: String,
    steps: Vec<Mark>,
    /// Where in the interview this is, and that it can be left.
    eyebrow: String,
    /// What this step is and why it is asked.
    why: String,
}

impl Frame {
    fn new(member: &Member, interview: &Interview, step: Step) -> Frame {
        let lang = member.lang;
        let at = Step::ALL.iter().position(|other| *other == step).unwrap_or_default() + 1;
        Frame {
            page: member.shell(&title(lang, step), Section::Institution),
            words: FormWords::in_lang(lang),
            steps_name: t!(lang, "steps-name"),
            steps: marks(lang, interview, Some(step)),
            eyebrow: t!(lang, "eyebrow", at = at, of = Step::ALL.len()),
            why: why(lang, step),
        }
    }
}

/// The line of steps; any of them can be visited at any time.
fn marks(lang: Lang, interview: &Interview, current: Option<Step>) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Step::ALL
        .into_iter()
        .map(|step| Mark {
            label: short(lang, step),
            href: path(step),
            state: if Some(step) == current {
                StepState::Current
            } else if interview.answered.contains(&step) {
                StepState::Done
            } else {
                StepState::Ahead
            },
        })
        .collect();
    marks.push(Mark {
        label: t!(lang, "step-summary"),
        href: "/setup/summary".to_owned(),
        state: if current.is_none() { StepState::Current } else { StepState::Ahead },
    });
    marks
}

fn path(step: Step) -> String {
    format!("/setup/{}", step.code())
}

/// On to the step after this one, or to the summary.
fn onward(step: Step) -> Response {
    step.next().map_or_else(|| redirect("/setup/summary"), |next| redirect(&path(next)))
}

fn short(lang: Lang, step: Step) -> String {
    match step {
        Step::Place => t!(lang, "step-place"),
        Step::Running => t!(lang, "step-running"),
        Step::Systems => t!(lang, "step-systems"),
        Step::Support => t!(lang, "step-support"),
        Step::Lines => t!(lang, "step-lines"),
        Step::People => t!(lang, "step-people"),
    }
}

fn title(lang: Lang, step: Step) -> String {
    match step {
        Step::Place => t!(lang, "title-place"),
        Step::Running => t!(lang, "title-running"),
        Step::Systems => t!(lang, "title-systems"),
        Step::Support => t!(lang, "title-support"),
        Step::Lines => t!(lang, "title-lines"),
        Step::People => t!(lang, "title-people"),
    }
}

fn why(lang: Lang, step: Step) -> String {
    match step {
        Step::Place => t!(lang, "why-place"),
        Step::Running => t!(lang, "why-running"),
        Step::Systems => t!(lang, "why-systems"),
        Step::Support => t!(lang, "why-support"),
        Step::Lines => t!(lang, "why-lines"),
        Step::People => t!(lang, "why-people"),
    }
}

async fn load(member: &Member) -> Result<Interview, Failure> {
    let scope = member.scope.clone();
    member.read(move |tx| interview(tx, &scope)).await
}

/// Takes the interview up where it was left.
pub async fn setup(member: Member) -> Outcome {
    let open = load(&member).await?.open();
    Ok(open.map_or_else(|| redirect("/setup/summary"), |step| redirect(&path(step))))
}
