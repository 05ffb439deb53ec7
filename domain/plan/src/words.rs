//! Words for what the rule decided: a step's title, why it stands where it stands, how it is done, by whom.

use crate::model::{Action, Hold, HouseStep, Mark, MarkState, PlannedStep, Reason, Standing, StepKey};
use crate::t;
use komainu_access::PersonId;
use komainu_catalog::{Catalog, Doer, ItemId};
use komainu_clock::in_japan;
use komainu_i18n::Lang;
use komainu_web::date_text;
use std::collections::BTreeMap;

/// Names of members by their id.
pub type Names = BTreeMap<PersonId, String>;

/// At most this many reasons make the sentence; what decides comes first.
const REASONS_TOLD: usize = 3;

/// What to do, as an instruction.
pub fn title(lang: Lang, catalog: &Catalog, step: &StepKey) -> String {
    match step {
        StepKey::Catalog(id) => {
            catalog.step(id).map_or_else(|| id.to_string(), |step| step.title.get(lang).to_owned())
        }
        StepKey::House(step) => match step {
            HouseStep::Interview => t!(lang, "do-interview"),
            HouseStep::OpenRound => t!(lang, "do-open-round"),
            HouseStep::Confirm => t!(lang, "do-confirm"),
            HouseStep::Answer => t!(lang, "do-answer"),
            HouseStep::AnswerItem(item) => t!(lang, "do-answer-item", item = item_title(lang, catalog, item)),
            HouseStep::Dates => t!(lang, "do-dates"),
            HouseStep::ChaseVendors => t!(lang, "do-chase-vendors"),
            HouseStep::Systems => t!(lang, "do-systems"),
            HouseStep::RemoteAccess => t!(lang, "do-remote-access"),
            HouseStep::Contacts => t!(lang, "do-contacts"),
            HouseStep::ContactGaps => t!(lang, "do-contact-gaps"),
            HouseStep::ContactTest => t!(lang, "do-contact-test"),
            HouseStep::VendorNumbers => t!(lang, "do-vendor-numbers"),
            HouseStep::StockTake => t!(lang, "do-stock-take"),
            HouseStep::Measures => t!(lang, "do-measures"),
            HouseStep::Duties => t!(lang, "do-duties"),
            HouseStep::IncidentTasks => t!(lang, "do-incident-tasks"),
        },
    }
}

/// Why anybody should do it at all.
pub fn purpose(lang: Lang, catalog: &Catalog, step: &StepKey) -> String {
    match step {
        StepKey::Catalog(id) => {
            catalog.step(id).map(|step| step.why.get(lang).to_owned()).unwrap_or_default()
        }
        StepKey::House(step) => match step {
            HouseStep::Interview => t!(lang, "do-interview-why"),
            HouseStep::OpenRound => t!(lang, "do-open-round-why"),
            HouseStep::Confirm => t!(lang, "do-confirm-why"),
            HouseStep::Answer => t!(lang, "do-answer-why"),
            HouseStep::AnswerItem(_) => t!(lang, "do-answer-item-why"),
            HouseStep::Dates => t!(lang, "do-dates-why"),
            HouseStep::ChaseVendors => t!(lang, "do-chase-vendors-why"),
            HouseStep::Systems => t!(lang, "do-systems-why"),
            HouseStep::RemoteAccess => t!(lang, "do-remote-access-why"),
            HouseStep::Contacts => t!(lang, "do-contacts-why"),
            HouseStep::ContactGaps => t!(lang, "do-contact-gaps-why"),
            HouseStep::ContactTest => t!(lang, "do-contact-test-why"),
            HouseStep::VendorNumbers => t!(lang, "do-vendor-numbers-why"),
            HouseStep::StockTake => t!(lang, "do-stock-take-why"),
            HouseStep::Measures => t!(lang, "do-measures-why"),
            HouseStep::Duties => t!(lang, "do-duties-why"),
            HouseStep::IncidentTasks => t!(lang, "do-incident-tasks-why"),
        },
    }
}

/// How it is done without a specialist, in order.
pub fn how(lang: Lang, catalog: &Catalog, step: &StepKey) -> Vec<String> {
    let StepKey::House(step) = step else {
        let StepKey::Catalog(id) = step else { return Vec::new() };
        let how = catalog.step(id).map(|step| step.how.as_slice()).unwrap_or_default();
        return how.iter().map(|words| words.get(lang).to_owned()).collect();
    };
    match step {
        HouseStep::Interview => {
            vec![t!(lang, "do-interview-1"), t!(lang, "do-interview-2"), t!(lang, "do-interview-3")]
        }
        HouseStep::OpenRound => {
            vec![t!(lang, "do-open-round-1"), t!(lang, "do-open-round-2"), t!(lang, "do-open-round-3")]
        }
        HouseStep::Confirm => {
            vec![t!(lang, "do-confirm-1"), t!(lang, "do-confirm-2"), t!(lang, "do-confirm-3")]
        }
        HouseStep::Answer => vec![
            t!(lang, "do-answer-1"),
            t!(lang, "do-answer-2"),
            t!(lang, "do-answer-3"),
            t!(lang, "do-answer-4"),
        ],
        HouseStep::AnswerItem(_) => {
            vec![t!(lang, "do-answer-item-1"), t!(lang, "do-answer-item-2"), t!(lang, "do-answer-item-3")]
        }
        HouseStep::Dates => vec![t!(lang, "do-dates-1"), t!(lang, "do-dates-2"), t!(lang, "do-dates-3")],
        HouseStep::ChaseVendors => vec![
            t!(lang, "do-chase-vendors-1"),
            t!(lang, "do-chase-vendors-2"),
            t!(lang, "do-chase-vendors-3"),
        ],
        HouseStep::Systems => vec![t!(lang, "do-systems-1"), t!(lang, "do-systems-2")],
        HouseStep::RemoteAccess => vec![
            t!(lang, "do-remote-access-1"),
            t!(lang, "do-remote-access-2"),
            t!(lang, "do-remote-access-3"),
        ],
        HouseStep::Contacts => {
            vec![t!(lang, "do-contacts-1"), t!(lang, "do-contacts-2"), t!(lang, "do-contacts-3")]
        }
        HouseStep::ContactTest => vec![t!(lang, "do-contact-test-1"), t!(lang, "do-contact-test-2")],
        HouseStep::ContactGaps => vec![t!(lang, "do-contact-gaps-1"), t!(lang, "do-contact-gaps-2")],
        HouseStep::VendorNumbers => vec![t!(lang, "do-vendor-numbers-1"), t!(lang, "do-vendor-numbers-2")],
        HouseStep::StockTake => {
            vec![t!(lang, "do-stock-take-1"), t!(lang, "do-stock-take-2"), t!(lang, "do-stock-take-3")]
        }
        HouseStep::Measures => {
            vec![t!(lang, "do-measures-1"), t!(lang, "do-measures-2"), t!(lang, "do-measures-3")]
        }
        HouseStep::Duties => {
            vec![t!(lang, "do-duties-1"), t!(lang, "do-duties-2"), t!(lang, "do-duties-3")]
        }
        HouseStep::IncidentTasks => {
            vec![t!(lang, "do-incident-tasks-1"), t!(lang, "do-incident-tasks-2")]
        }
    }
}

/// The short name of an item; its id where the catalogue no longer knows it.
pub fn item_title(lang: Lang, catalog: &Catalog, item: &ItemId) -> String {
    catalog.item(item).map_or_else(|| item.to_string(), |item| item.title.get(lang).to_owned())
}

/// Why a step stands where it stands, in one sentence made of its first reasons.
pub fn why(lang: Lang, catalog: &Catalog, step: &PlannedStep) -> String {
    let told: Vec<String> =
        step.reasons.iter().take(REASONS_TOLD).map(|one| reason(lang, catalog, one)).collect();
    match told.as_slice() {
        [] => purpose(lang, catalog, &step.key),
        [a] => t!(lang, "why-one", a = a.as_str()),
        [a, b] => t!(lang, "why-two", a = a.as_str(), b = b.as_str()),
        [a, b, c, ..] => t!(lang, "why-three", a = a.as_str(), b = b.as_str(), c = c.as_str()),
    }
}

/// One reason, as a part of the sentence.
pub fn reason(lang: Lang, catalog: &Catalog, reason: &Reason) -> String {
    match reason {
        Reason::DutiesWait { duties, due, unconfirmed } => {
            let (duties, day) = (duties.to_string(), due.map(|due| date_text(lang, due)));
            match (day, *unconfirmed) {
                (None, _) => t!(lang, "reason-duties", duties = duties),
                (Some(day), false) => t!(lang, "reason-duties-due", duties = duties, day = day),
                (Some(day), true) => t!(lang, "reason-duties-due-unconfirmed", duties = duties, day = day),
            }
        }
        Reason::IncidentTasks { tasks } => t!(lang, "reason-incident-tasks", tasks = tasks.to_string()),
        Reason::InterviewUnfinished => t!(lang, "reason-interview"),
        Reason::RoundNotOpened => t!(lang, "reason-round"),
        Reason::FewAnswered { answered, needed } => {
            t!(lang, "reason-few", answered = answered.to_string(), needed = needed.to_string())
        }
        Reason::Unanswered { rows } => t!(lang, "reason-unanswered", rows = rows),
        Reason::Unconfirmed { rows } => t!(lang, "reason-unconfirmed", rows = rows),
        Reason::DatesMissing { rows } => t!(lang, "reason-dates", rows = rows),
        Reason::ReplyOverdue { days, rows } => t!(lang, "reason-reply", days = days, rows = rows),
        Reason::StepsDone => t!(lang, "reason-steps-done"),
        Reason::NeededFor(step) => t!(lang, "reason-needed", step = title(lang, catalog, step)),
        Reason::NoSystems => t!(lang, "reason-no-systems"),
        Reason::RemoteUnknown { systems } => t!(lang, "reason-remote", systems = systems),
        Reason::NoContacts => t!(lang, "reason-no-contacts"),
        Reason::NoContactTest => t!(lang, "reason-no-contact-test"),
        Reason::ContactsSilent { people } => t!(lang, "reason-contacts-silent", people = people),
        Reason::ContactsFail { places } => t!(lang, "reason-contacts-fail", places = places),
        Reason::VendorsUnreachable { vendors } => t!(lang, "reason-vendors", vendors = vendors),
        Reason::Danger { ways } => t!(lang, "reason-danger", ways = ways),
        Reason::OpenMeasures { measures } => {
            t!(lang, "reason-measures", measures = measures.to_string())
        }
        Reason::NoStockTake { things } => t!(lang, "reason-no-stock-take", things = things.to_string()),
        Reason::Route { route, confirmed } => {
            let found = catalog.routes().into_iter().find(|known| *known.id == *route);
            let name = found.map_or_else(|| route.to_string(), |route| route.title.get(lang).to_owned());
            if *confirmed {
                t!(lang, "reason-route", route = name)
            } else {
                t!(lang, "reason-route-inferred", route = name)
            }
        }
        Reason::Late { days } => t!(lang, "reason-late", days = days),
        Reason::Answered(standing) => match standing {
            Standing::No => t!(lang, "reason-no"),
            Standing::NotSure => t!(lang, "reason-not-sure"),
            Standing::NoToConfirm => t!(lang, "reason-no-carried"),
            Standing::Unanswered | Standing::ToConfirm | Standing::LacksDate => t!(lang, "reason-open"),
        },
        Reason::DueSoon { days } => t!(lang, "reason-soon", days = days),
        Reason::YearEnds { days } => t!(lang, "reason-year", days = days),
        Reason::PutOffUntilNow => t!(lang, "reason-put-off"),
        Reason::Quick => t!(lang, "reason-quick"),
    }
}

/// Who can do it: those to whom it is assigned or, with their names, those best placed.
pub fn who(lang: Lang, step: &PlannedStep, names: &Names) -> String {
    let assigned = listed(lang, &step.assigned_to, names);
    if !assigned.is_empty() {
        return t!(lang, "doer-assigned", names = assigned);
    }
    let doer = doer(lang, step.doer);
    let people = listed(lang, &step.people, names);
    if people.is_empty() { doer } else { t!(lang, "doer-people", doer = doer, names = people) }
}

/// A place in the house.
pub fn doer(lang: Lang, doer: Doer) -> String {
    match doer {
        Doer::Director => t!(lang, "doer-director"),
        Doer::SafetyManager => t!(lang, "doer-safety-manager"),
        Doer::SystemOperator => t!(lang, "doer-system-operator"),
        Doer::Staff => t!(lang, "doer-staff"),
        Doer::Vendor => t!(lang, "doer-vendor"),
    }
}

/// Up to three names; more would not be read.
fn listed(lang: Lang, people: &[PersonId], names: &Names) -> String {
    let known = people.iter().filter_map(|person| names.get(person)).take(3);
    known.fold(String::new(), |all, name| {
        if all.is_empty() { name.clone() } else { t!(lang, "names-join", a = all, b = name.as_str()) }
    })
}

/// Why a step waits.
pub fn hold(lang: Lang, catalog: &Catalog, hold: &Hold) -> String {
    match hold {
        Hold::Until(day) => t!(lang, "hold-until", day = date_text(lang, *day)),
        Hold::Reply(day) => t!(lang, "hold-reply", day = date_text(lang, *day)),
        Hold::After(step) => t!(lang, "hold-after", step = title(lang, catalog, step)),
    }
}

/// The word on a step's button.
pub fn button(lang: Lang, action: &Action) -> String {
    match action {
        Action::Interview => t!(lang, "act-interview"),
        Action::Rounds => t!(lang, "act-rounds"),
        Action::Form => t!(lang, "act-form"),
        Action::Row(_) => t!(lang, "act-row"),
        Action::Step => t!(lang, "act-step"),
        Action::Systems => t!(lang, "act-systems"),
        Action::Vendors => t!(lang, "act-vendors"),
        Action::Contacts => t!(lang, "act-contacts"),
        Action::ContactGaps => t!(lang, "act-contact-gaps"),
        Action::ContactTest => t!(lang, "act-contact-test"),
        Action::StockTake => t!(lang, "act-stock-take"),
        Action::Measures => t!(lang, "act-measures"),
        Action::Duties(_) => t!(lang, "act-duties"),
        Action::Incident(_) => t!(lang, "act-incident"),
    }
}

/// What was said about a step, by whom and when; empty where it was taken back.
pub fn mark(lang: Lang, mark: &Mark) -> String {
    let (name, day) = (mark.by_name.as_str(), date_text(lang, in_japan(mark.at).date_naive()));
    let until = mark.until.map(|until| date_text(lang, until)).unwrap_or_default();
    match mark.state {
        MarkState::Done => t!(lang, "mark-state-done", name = name, day = day),
        MarkState::NotForUs => t!(lang, "mark-state-not-for-us", name = name, day = day),
        MarkState::Later => t!(lang, "mark-state-later", until = until, name = name, day = day),
        MarkState::Open => String::new(),
    }
}
