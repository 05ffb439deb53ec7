//! Words for symptoms, states, levels and the rest.

mod figures;

pub(crate) use figures::{FigurePart, figure_parts};

use crate::model::{Cause, Column, Factor, Level, MeasureState, Nature, NearMiss, State};
use crate::rules::{AGO, PhotoFault};
use crate::t;
use komainu_catalog::Catalog;
use komainu_i18n::Lang;

/// What was seen, in a few words; a symptom of another version is named by its id.
pub fn symptom_text(catalog: &Catalog, lang: Lang, id: &str) -> String {
    catalog.symptom(id).map_or_else(|| id.to_owned(), |symptom| symptom.title.get(lang).to_owned())
}

/// The questions that were tapped, each with its answer.
pub(crate) fn taps_text(catalog: &Catalog, lang: Lang, near_miss: &NearMiss) -> Vec<(String, String)> {
    let tapped = near_miss.detail.taps.iter().filter_map(|code| catalog.tapped(code));
    tapped
        .map(|(tap, option)| (tap.question.get(lang).to_owned(), option.label.get(lang).to_owned()))
        .collect()
}

/// Where it stands.
pub fn state_text(lang: Lang, state: State) -> String {
    match state {
        State::New => t!(lang, "state-new"),
        State::Triaged => t!(lang, "state-triaged"),
        State::Measures => t!(lang, "state-measures"),
        State::Closed => t!(lang, "state-closed"),
        State::SetAside => t!(lang, "state-set-aside"),
    }
}

/// The kind of badge that a state bears.
pub(crate) const fn state_badge(state: State) -> &'static str {
    match state {
        State::New => "attention",
        State::Triaged | State::Measures => "info",
        State::Closed => "ok",
        State::SetAside => "neutral",
    }
}

/// The word on the button that leads to a state.
pub(crate) fn state_do(lang: Lang, state: State) -> String {
    match state {
        State::New | State::Triaged => t!(lang, "state-do-triaged"),
        State::Measures => t!(lang, "state-do-measures"),
        State::Closed => t!(lang, "state-do-closed"),
        State::SetAside => t!(lang, "state-do-set-aside"),
    }
}

/// What whoever reported is told of a state.
pub(crate) fn state_for_reporter(lang: Lang, state: State) -> String {
    match state {
        State::New => t!(lang, "follow-new"),
        State::Triaged => t!(lang, "follow-triaged"),
        State::Measures => t!(lang, "follow-measures"),
        State::Closed => t!(lang, "follow-closed"),
        State::SetAside => t!(lang, "follow-set-aside"),
    }
}

/// How far it went: the level with what it means.
pub fn level_text(lang: Lang, level: Level) -> String {
    t!(lang, "level", code = level.code(), name = level_name(lang, level))
}

fn level_name(lang: Lang, level: Level) -> String {
    match level {
        Level::L0 => t!(lang, "level-0"),
        Level::L1 => t!(lang, "level-1"),
        Level::L2 => t!(lang, "level-2"),
        Level::L3a => t!(lang, "level-3a"),
        Level::L3b => t!(lang, "level-3b"),
        Level::L4a => t!(lang, "level-4a"),
        Level::L4b => t!(lang, "level-4b"),
        Level::L5 => t!(lang, "level-5"),
    }
}

/// What it was.
pub fn nature_text(lang: Lang, nature: Nature) -> String {
    match nature {
        Nature::Attack => t!(lang, "nature-attack"),
        Nature::Rule => t!(lang, "nature-rule"),
        Nature::Fault => t!(lang, "nature-fault"),
        Nature::Other => t!(lang, "nature-other"),
    }
}

/// Where a measure stands.
pub fn measure_state_text(lang: Lang, state: MeasureState) -> String {
    match state {
        MeasureState::Open => t!(lang, "measure-open"),
        MeasureState::Done => t!(lang, "measure-done"),
        MeasureState::Dropped => t!(lang, "measure-dropped"),
    }
}

/// The kind of badge that a measure bears.
pub(crate) const fn measure_badge(state: MeasureState) -> &'static str {
    match state {
        MeasureState::Open => "attention",
        MeasureState::Done => "ok",
        MeasureState::Dropped => "neutral",
    }
}

/// A choice of [`AGO`] in words.
pub(crate) fn ago_text(lang: Lang, minutes: i64) -> String {
    let place = AGO.iter().position(|known| *known == minutes).unwrap_or_default();
    match place {
        0 => t!(lang, "ago-now"),
        1 => t!(lang, "ago-half-hour"),
        2 => t!(lang, "ago-hours"),
        3 => t!(lang, "ago-half-day"),
        _ => t!(lang, "ago-yesterday"),
    }
}

/// The name that was given, or that none was.
pub(crate) fn name_text(lang: Lang, name: &str) -> String {
    if name.is_empty() { t!(lang, "nameless") } else { name.to_owned() }
}

/// The place, or that nobody wrote one.
pub(crate) fn place_text(lang: Lang, place: &str) -> String {
    if place.is_empty() { t!(lang, "placeless") } else { place.to_owned() }
}

/// What those in charge are told at once of a report that cannot wait; none for others. The house's contacts have no
/// language of their own.
pub fn alarm_text(catalog: &Catalog, symptom: &str) -> Option<String> {
    let symptom = catalog.symptom(symptom).filter(|symptom| symptom.urgent)?;
    Some(symptom.title.get(Lang::Ja).to_owned())
}

/// A factor of SHEL.
pub(crate) fn factor_text(lang: Lang, factor: Factor) -> String {
    match factor {
        Factor::Software => t!(lang, "factor-software"),
        Factor::Hardware => t!(lang, "factor-hardware"),
        Factor::Environment => t!(lang, "factor-environment"),
        Factor::Person => t!(lang, "factor-person"),
        Factor::Others => t!(lang, "factor-others"),
    }
}

/// A row of the 4M4E grid.
pub(crate) fn cause_text(lang: Lang, cause: Cause) -> String {
    match cause {
        Cause::Man => t!(lang, "cause-man"),
        Cause::Machine => t!(lang, "cause-machine"),
        Cause::Media => t!(lang, "cause-media"),
        Cause::Management => t!(lang, "cause-management"),
    }
}

/// A column of the 4M4E grid.
pub(crate) fn column_text(lang: Lang, column: Column) -> String {
    match column {
        Column::Found => t!(lang, "column-found"),
        Column::Education => t!(lang, "column-education"),
        Column::Engineering => t!(lang, "column-engineering"),
        Column::Enforcement => t!(lang, "column-enforcement"),
        Column::Example => t!(lang, "column-example"),
    }
}

/// A case as a list names it: number and symptom.
pub(crate) fn heading_text(catalog: &Catalog, lang: Lang, near_miss: &NearMiss) -> String {
    let symptom = symptom_text(catalog, lang, &near_miss.symptom);
    t!(lang, "one-title", number = near_miss.number_text(), symptom = symptom)
}

/// Why a photograph was not taken.
pub(crate) fn photo_fault_text(lang: Lang, fault: PhotoFault) -> String {
    match fault {
        PhotoFault::Kind => t!(lang, "photo-kind"),
        PhotoFault::Damaged => t!(lang, "photo-damaged"),
        PhotoFault::Vast => t!(lang, "photo-vast"),
    }
}
