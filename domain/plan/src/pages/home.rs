//! `/`: today's step, and at the side how things stand. For those without a plan: what they can do here.

use super::changes::{ChangeLine, by_others};
use super::{StepView, see};
use crate::actions::Seen;
use crate::model::{RoundState, Stage};
use crate::t;
use askama::Template;
use komainu_access::{Permission, Role};
use komainu_i18n::Lang;
use komainu_incident::Incident;
use komainu_incident::actions::incidents_open;
use komainu_incident::words::{state_text, title_text};
use komainu_web::{Failure, Member, Outcome, Section, Shell, date_text, page};

/// Target dates so near are told beforehand.
const SOON_DAYS: i64 = 30;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Shell,
    lang: Lang,
    /// Whether the reader may declare an incident: on a bad day it is one tap away.
    declares: bool,
    step: Option<StepView>,
    eyebrow: String,
    /// Incidents that go on, for those who may see them.
    incidents: Vec<IncidentLine>,
    /// Whether one of them is no exercise.
    alarm: bool,
    /// The week's steps are done; the step is only what would be next.
    week_done: bool,
    rest: Vec<StepView>,
    calm: Option<Calm>,
    closed: bool,
    side: Side,
    changes: Vec<ChangeLine>,
}

impl HomePage {
    /// An exercise alarms nobody.
    const fn alarm_kind(&self) -> &'static str {
        if self.alarm { "error" } else { "info" }
    }
}

/// An incident that goes on.
struct IncidentLine {
    href: String,
    title: String,
    state: String,
    drill: bool,
}

/// A page without a step: what is so, and what to do all the same.
struct Calm {
    title: String,
    text: String,
    keep: bool,
    buttons: Vec<(String, &'static str)>,
}

/// How things stand.
struct Side {
    progress: Option<Progress>,
    days: String,
    late: String,
    soon: String,
    assigned: String,
}

impl Side {
    fn is_empty(&self) -> bool {
        let lines = [&self.days, &self.late, &self.soon, &self.assigned];
        self.progress.is_none() && lines.iter().all(|line| line.is_empty())
    }
}

struct Progress {
    label: String,
    answered: u32,
    needed: u32,
    text: String,
}

/// The first page after sign-in.
pub async fn home(member: Member) -> Outcome {
    if !member.scope.may(Permission::PlanRead) && !member.scope.may(Permission::PlanSeeOwn) {
        return place(&member);
    }
    let lang = member.lang;
    let seen = see(&member).await?;
    let incidents = incidents(&member).await?;
    let changes = if member.scope.may(Permission::LogRead) { changes(&member).await? } else { Vec::new() };
    let catalog = &member.app.catalog;
    let view = |index: usize| StepView::new(lang, catalog, &seen.facts, &seen.plan.steps[index]);

    let today = seen.today();
    let week_done = today.is_none() && !seen.plan.steps.is_empty();
    let shown = today.or_else(|| week_done.then_some(0));
    let rest: Vec<StepView> =
        seen.week.open.iter().copied().filter(|index| Some(*index) != shown).map(view).collect();
    page(&HomePage {
        page: member.shell(&t!(lang, "home-title"), Section::Home),
        lang,
        declares: member.scope.may(Permission::IncidentLead),
        eyebrow: if week_done { t!(lang, "home-eyebrow-next") } else { t!(lang, "home-eyebrow") },
        step: shown.map(view),
        alarm: incidents.iter().any(|one| !one.drill),
        incidents,
        week_done,
        rest,
        calm: calm(lang, &seen),
        closed: seen.facts.situation.round == RoundState::Closed,
        side: side(lang, &seen),
        changes,
    })
}

/// The incidents that go on, as the member may see them: whoever opens the first page while one does is at once on its way.
async fn incidents(member: &Member) -> Result<Vec<IncidentLine>, Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    let open = member.read(move |tx| Ok(incidents_open(tx, &scope)?)).await?;
    let line = |incident: &Incident| IncidentLine {
        href: format!("/incidents/{}", incident.id),
        title: title_text(lang, incident),
        state: state_text(lang, incident.state),
        drill: incident.drill,
    };
    Ok(open.iter().map(line).collect())
}

async fn changes(member: &Member) -> Result<Vec<ChangeLine>, Failure> {
    let (lang, scope, catalog) = (member.lang, member.scope.clone(), member.app.catalog.clone());
    member.read(move |tx| by_others(tx, &scope, &catalog, lang)).await
}

/// What is said where there is no step to show.
fn calm(lang: Lang, seen: &Seen) -> Option<Calm> {
    let whole = seen.facts.situation.whole;
    let ledger = (t!(lang, "act-systems"), "/ledger/systems");
    match seen.stage {
        Stage::Setup | Stage::NoRound | Stage::Working => None,
        _ if !whole => Some(Calm {
            title: t!(lang, "own-none-title"),
            text: t!(lang, "own-none-text"),
            keep: false,
            buttons: vec![(t!(lang, "own-checklist"), "/checklist/mine")],
        }),
        Stage::NoForm => Some(Calm {
            title: t!(lang, "no-form-title"),
            text: t!(lang, "no-form-text"),
            keep: false,
            buttons: vec![ledger, (t!(lang, "act-contacts"), "/ledger/contacts")],
        }),
        Stage::Waiting => Some(Calm {
            title: t!(lang, "waiting-title"),
            text: t!(lang, "waiting-text"),
            keep: false,
            buttons: vec![(t!(lang, "home-all-steps"), "/plan")],
        }),
        Stage::NotNeeded => Some(Calm {
            title: t!(lang, "not-needed-title"),
            text: t!(lang, "not-needed-text"),
            keep: false,
            buttons: vec![(t!(lang, "act-form"), "/checklist")],
        }),
        Stage::AllDone => Some(Calm {
            title: t!(lang, "done-title"),
            text: t!(lang, "done-text"),
            keep: true,
            buttons: vec![(t!(lang, "keep-pack"), "/pack")],
        }),
    }
}

fn side(lang: Lang, seen: &Seen) -> Side {
    let situation = &seen.facts.situation;
    let end = situation.year.last_day();
    let days = (end - situation.today).num_days();
    let far = |days: i64| t!(lang, "home-days-left", days = days, day = date_text(lang, end));
    let open = seen.facts.round.is_some() && situation.round != RoundState::Closed;
    let progress = matches!(situation.round, RoundState::Open { .. }).then(|| {
        let counts = seen.facts.counts;
        let (answered, needed) = (counts.answered.to_string(), counts.needed.to_string());
        Progress {
            label: t!(lang, "home-progress", year = situation.year.name(lang)),
            answered: counts.answered,
            needed: counts.needed,
            text: t!(lang, "home-progress-text", answered = answered, needed = needed),
        }
    });
    let targets =
        || situation.rows.iter().filter_map(|row| row.target).map(|day| (day - situation.today).num_days());
    let late = targets().filter(|days| *days < 0).count();
    let soon = targets().filter(|days| (0..=SOON_DAYS).contains(days)).count();
    Side {
        progress: progress.filter(|progress| progress.needed > 0),
        days: if open && days >= 0 { far(days) } else { String::new() },
        late: if open && late > 0 { t!(lang, "home-late", count = late) } else { String::new() },
        soon: if open && soon > 0 { t!(lang, "home-soon", count = soon) } else { String::new() },
        assigned: match seen.facts.assigned {
            0 => String::new(),
            count => t!(lang, "home-assigned", count = count),
        },
    }
}

#[derive(Template)]
#[template(path = "place.html")]
struct PlacePage {
    page: Shell,
    text: String,
    links: Vec<(String, &'static str)>,
}

/// For those who have no plan here.
fn place(member: &Member) -> Outcome {
    let lang = member.lang;
    let account = || (t!(lang, "place-account"), "/account");
    let (title, text, links) = match member.scope.role() {
        Role::VendorEngineer => {
            (t!(lang, "place-title-vendor"), t!(lang, "place-text-vendor"), vec![account()])
        }
        Role::AssociationOfficer => {
            (t!(lang, "place-title-association"), t!(lang, "place-text-association"), vec![account()])
        }
        _ => {
            let links = [
                (Permission::ChecklistRead, t!(lang, "inspector-form"), "/checklist"),
                (Permission::PackMake, t!(lang, "inspector-pack"), "/pack"),
                (Permission::LedgerRead, t!(lang, "inspector-ledger"), "/ledger"),
                (Permission::HistoryRead, t!(lang, "inspector-progress"), "/progress"),
            ];
            let may = links.into_iter().filter(|(permission, ..)| member.scope.may(*permission));
            let links = may.map(|(_, label, href)| (label, href)).collect();
            (t!(lang, "inspector-title"), t!(lang, "inspector-text"), links)
        }
    };
    let mut links = links;
    if member.session.administrator {
        links.insert(0, (t!(lang, "place-found"), "/organisations/new"));
    }
    if member.places.len() > 1 {
        links.push((t!(lang, "place-switch"), "/organisations"));
    }
    page(&PlacePage { page: member.shell(&title, Section::Home), text, links })
}
