//! Facts and controls as fields of a form: made from the one table, and read back into it.

use crate::rules::control_asked;
use crate::words::{
    control_question, fact_fault_text, fact_hint, fact_label, fact_stale_text, fact_text, fact_word,
    item_title, state_text,
};
use crate::{Asked, Fact, FactFault, FactType, Facts, Subject, t};
use chrono::NaiveDate;
use komainu_calendar::{DateError, parse_date};
use komainu_catalog::Catalog;
use komainu_exposure::model::{Control, Controls, Place, State};
use komainu_i18n::Lang;
use komainu_institution::parts::FormWords;
use komainu_web::{Choice, FieldErrors, Form, Visit};

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Line,
    Area,
    Day,
    Number,
    Tiles,
    Select,
}

/// One field of a form.
pub(crate) struct Field {
    /// Its name in the form.
    pub(crate) id: String,
    pub(crate) words: String,
    pub(crate) help: String,
    /// Who asks for it, in a word or two.
    pub(crate) asked: String,
    /// What stands in it, as typed.
    pub(crate) typed: String,
    pub(crate) options: Vec<Choice>,
    pub(crate) fault: String,
    input: Input,
}

impl Field {
    pub(crate) fn is_line(&self) -> bool {
        self.input == Input::Line
    }

    pub(crate) fn is_area(&self) -> bool {
        self.input == Input::Area
    }

    pub(crate) fn is_day(&self) -> bool {
        self.input == Input::Day
    }

    pub(crate) fn is_number(&self) -> bool {
        self.input == Input::Number
    }

    pub(crate) fn is_tiles(&self) -> bool {
        self.input == Input::Tiles
    }
}

/// The fields of a record, those that somebody asks for first.
#[derive(Default)]
pub(crate) struct Fields {
    /// Asked for by the checklist or for safety.
    pub(crate) asked: Vec<Field>,
    /// Good to have.
    pub(crate) useful: Vec<Field>,
    /// Controls that are asked about.
    pub(crate) shields: Vec<Field>,
    /// Controls that could be there as well.
    pub(crate) more: Vec<Field>,
    /// Whether a field among the useful ones has a fault, so that it is not hidden.
    pub(crate) open: bool,
}

/// What fields show: what is stored, or what somebody typed and could not be read.
pub(crate) struct Shown<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) controls: &'a Controls,
    pub(crate) typed: Option<&'a Form>,
    pub(crate) errors: &'a FieldErrors,
}

/// The name of a fact's field.
pub(crate) fn fact_field(fact: Fact) -> String {
    format!("fact-{}", fact.code())
}

/// The name of a control's field.
pub(crate) fn control_field(control: Control) -> String {
    format!("control-{}", control.code())
}

/// Makes the fields of a record.
pub(crate) fn fields(
    catalog: &Catalog,
    lang: Lang,
    subject: Subject,
    place: Option<Place>,
    shown: &Shown<'_>,
) -> Fields {
    let words = FormWords::in_lang(lang);
    let mut all = Fields::default();
    for fact in Fact::ALL.iter().copied() {
        let Some(asked) = fact.asked(subject) else { continue };
        let field = fact_form(lang, &words, fact, asked, shown, catalog);
        if asked == Asked::Useful {
            all.open |= !field.fault.is_empty();
            all.useful.push(field);
        } else {
            all.asked.push(field);
        }
    }
    for control in Control::ALL.iter().copied().filter(|it| place.is_some_and(|place| it.fits(place))) {
        match control_asked(control, subject) {
            Some(asked) => all.shields.push(control_form(lang, control, Some(asked), shown, catalog)),
            None => all.more.push(control_form(lang, control, None, shown, catalog)),
        }
    }
    all
}

/// Who asks, in a word or two.
pub(crate) fn asked_text(lang: Lang, asked: Asked) -> String {
    match asked {
        Asked::Checklist(_) => t!(lang, "asked-checklist"),
        Asked::Safety => t!(lang, "asked-safety"),
        Asked::Useful => t!(lang, "asked-useful"),
    }
}

/// The hint of a field, and by which item of the checklist it is asked.
fn help(catalog: &Catalog, lang: Lang, hint: String, asked: Option<Asked>) -> String {
    let Some(Asked::Checklist(item)) = asked else { return hint };
    let item = t!(lang, "asked-by-item", item = item_title(catalog, lang, item));
    [hint, item].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn fact_form(
    lang: Lang,
    words: &FormWords,
    fact: Fact,
    asked: Asked,
    shown: &Shown<'_>,
    catalog: &Catalog,
) -> Field {
    let id = fact_field(fact);
    let stored = shown.facts.text(fact);
    let typed = match (shown.typed, fact.kind()) {
        (Some(form), _) => form.text(&id).to_owned(),
        // A day stands there as people write it, and is read so again.
        (None, FactType::Day) => fact_text(lang, fact, stored),
        (None, _) => stored.to_owned(),
    };
    let (input, options) = match fact.kind() {
        FactType::Line(_) => (Input::Line, Vec::new()),
        FactType::Text(_) => (Input::Area, Vec::new()),
        FactType::Day => (Input::Day, Vec::new()),
        FactType::Number(..) => (Input::Number, Vec::new()),
        FactType::YesNo => {
            let yes = match typed.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            (Input::Tiles, with_stored(super::yes_no_choices(words, yes), &typed))
        }
        FactType::Choice(all) => {
            let option = |word: &&str| Choice::new(*word, fact_word(lang, fact, word)).chosen(*word == typed);
            (Input::Select, with_stored(all.iter().map(option).collect(), &typed))
        }
    };
    Field {
        words: fact_label(lang, fact),
        help: help(catalog, lang, fact_hint(lang, fact).unwrap_or_default(), Some(asked)),
        asked: asked_text(lang, asked),
        fault: shown.errors.of(&id).to_owned(),
        typed,
        options,
        input,
        id,
    }
}

/// The choices with what is stored and none of them any more: it is not lost by sending the form again.
fn with_stored(mut options: Vec<Choice>, typed: &str) -> Vec<Choice> {
    if !typed.is_empty() && options.iter().all(|option| option.value != typed) {
        for option in &mut options {
            option.chosen = false;
        }
        options.push(Choice::new(typed, typed).chosen(true));
    }
    options
}

/// Tells of stored facts that cannot stand any more, at their fields.
pub(crate) fn tell_stale(lang: Lang, subject: Subject, facts: &Facts, errors: &mut FieldErrors) {
    for fact in Fact::ALL.iter().copied().filter(|fact| fact.asked(subject).is_some()) {
        if let Some(fault) = facts.fault(fact) {
            errors.add(&fact_field(fact), fact_stale_text(lang, facts.text(fact), fault));
        }
    }
}

fn control_form(
    lang: Lang,
    control: Control,
    asked: Option<Asked>,
    shown: &Shown<'_>,
    catalog: &Catalog,
) -> Field {
    let id = control_field(control);
    let state = match shown.typed {
        Some(form) => form.parse(&id).unwrap_or_default(),
        None => shown.controls.get(&control).copied().unwrap_or_default(),
    };
    let options = [State::Present, State::Absent, State::Unknown]
        .into_iter()
        .map(|it| Choice::new(it.code(), state_text(lang, it)).chosen(it == state))
        .collect();
    Field {
        words: control_question(lang, control),
        help: help(catalog, lang, String::new(), asked),
        asked: asked.map(|asked| asked_text(lang, asked)).unwrap_or_default(),
        fault: shown.errors.of(&id).to_owned(),
        typed: String::new(),
        options,
        input: Input::Tiles,
        id,
    }
}

/// Reads the facts of a form; each fault is noted at its field.
pub(crate) fn read_facts(visit: &Visit, form: &Form, subject: Subject, errors: &mut FieldErrors) -> Facts {
    let (lang, today) = (visit.lang, visit.app.nature.today());
    let mut facts = Facts::default();
    for fact in Fact::ALL.iter().copied().filter(|fact| fact.asked(subject).is_some()) {
        let id = fact_field(fact);
        let read = canonical(fact, form.text(&id), today).and_then(|text| facts.set(fact, &text));
        if let Err(fault) = read {
            errors.add(&id, fact_fault_text(lang, fault));
        }
    }
    facts
}

/// Reads the controls of a form. What is not named, nobody has said.
pub(crate) fn read_controls(form: &Form, place: Option<Place>) -> Controls {
    Control::ALL
        .iter()
        .filter(|control| place.is_some_and(|place| control.fits(place)))
        .filter_map(|control| Some((*control, form.parse::<State>(&control_field(*control))?)))
        .filter(|(_, state)| *state != State::Unknown)
        .collect()
}

/// What somebody typed for a fact, in the fact's own form as far as it can be told.
fn canonical(fact: Fact, typed: &str, today: NaiveDate) -> Result<String, FactFault> {
    Ok(match fact.kind() {
        FactType::Day => match parse_date(typed, today) {
            Ok(day) => day.to_string(),
            Err(DateError::Empty) => String::new(),
            Err(_) => return Err(FactFault::NoDay),
        },
        FactType::Number(..) => narrow(typed).chars().filter(|c| !matches!(c, ',' | ' ')).collect(),
        FactType::YesNo if typed == "unknown" => String::new(),
        FactType::Line(_) if written_narrow(fact) => narrow(typed),
        FactType::Line(_) | FactType::Text(_) | FactType::YesNo | FactType::Choice(_) => typed.to_owned(),
    })
}

/// Numbers and addresses, which machines write in half width.
const fn written_narrow(fact: Fact) -> bool {
    matches!(
        fact,
        Fact::Number
            | Fact::Serial
            | Fact::Address
            | Fact::Mac
            | Fact::Hostname
            | Fact::Approval
            | Fact::LineNumber
            | Fact::Protocol
    )
}

fn narrow(typed: &str) -> String {
    typed
        .chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '　' => ' ',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_what_is_stored() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for (fact, typed, stored) in [
            (Fact::SupportEnds, "令和8年4月1日", Ok("2026-04-01")),
            (Fact::SupportEnds, "Ｒ８．４．１", Ok("2026-04-01")),
            (Fact::SupportEnds, "2026-04-01", Ok("2026-04-01")),
            (Fact::SupportEnds, "", Ok("")),
            (Fact::SupportEnds, "そのうち", Err(FactFault::NoDay)),
            (Fact::Count, "１，２００", Ok("1200")),
            (Fact::Count, "0", Err(FactFault::NoNumber(1, 1_000_000))),
            (Fact::Count, "三", Err(FactFault::NoNumber(1, 1_000_000))),
            (Fact::Address, "１９２．１６８．１．１", Ok("192.168.1.1")),
            (Fact::Maker, "ＡＢＣ社", Ok("ＡＢＣ社")),
            (Fact::HoldsRecords, "unknown", Ok("")),
            (Fact::HoldsRecords, "yes", Ok("yes")),
            (Fact::HoldsRecords, "maybe", Err(FactFault::NeitherYesNorNo)),
            (Fact::CopyRhythm, "daily", Ok("daily")),
            (Fact::CopyRhythm, "sometimes", Err(FactFault::NoChoice)),
        ] {
            let mut facts = Facts::default();
            let read = canonical(fact, typed, today).and_then(|text| facts.set(fact, &text));
            match stored {
                Ok(text) => assert_eq!((read, facts.text(fact)), (Ok(()), text), "{typed}"),
                Err(fault) => assert_eq!(read, Err(fault), "{typed}"),
            }
        }
    }

    /// What a form shows of a stored fact is read as the same fact in every language.
    #[test]
    fn a_stored_day_comes_back_as_it_was() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for lang in Lang::ALL {
            for day in ["1999-12-31", "2019-04-30", "2026-04-01", "2031-10-14"] {
                let shown = fact_text(lang, Fact::SupportEnds, day);
                assert_eq!(canonical(Fact::SupportEnds, &shown, today), Ok(day.to_owned()), "{lang} {shown}");
            }
        }
    }
}
