//! What the small forms of the ledger and of the interview share: their words, and the two texts of a conflict.
//!
//! The HTML stands in `templates/parts.html`; a crate reaches it by `../institution/templates` in its `askama.toml`.

use crate::rules::MOST_BEDS;
use crate::{BadPhone, Phone, t};
use komainu_calendar::fold;
use komainu_i18n::Lang;
use komainu_web::{FieldErrors, Form};

/// The words of a form.
#[derive(Clone, Debug)]
pub struct FormWords {
    /// "Save".
    pub save: String,
    /// "Required", at a field.
    pub must: String,
    /// "Optional", at a field.
    pub optional: String,
    /// "Please look at these fields", above the list of faults.
    pub faults: String,
    /// "Back without saving".
    pub back: String,
    /// "Yes".
    pub yes: String,
    /// "No".
    pub no: String,
    /// "I do not know".
    pub unknown: String,
    /// "Somebody else changed this meanwhile".
    pub conflict: String,
    /// What to do about it.
    pub conflict_do: String,
    /// "Field".
    pub field: String,
    /// "What you typed".
    pub mine: String,
    /// "What is stored now".
    pub theirs: String,
    /// "Keep what is stored, throw mine away".
    pub take_theirs: String,
    /// "Empty".
    pub empty: String,
    /// "Remove".
    pub remove: String,
    /// "This cannot be undone …".
    pub remove_hint: String,
    /// "Search".
    pub search: String,
    /// "Change".
    pub change: String,
}

impl FormWords {
    /// The words in a language.
    pub fn in_lang(lang: Lang) -> FormWords {
        FormWords {
            save: t!(lang, "form-save"),
            must: t!(lang, "form-must"),
            optional: t!(lang, "form-optional"),
            faults: t!(lang, "form-faults"),
            back: t!(lang, "form-back"),
            yes: t!(lang, "form-yes"),
            no: t!(lang, "form-no"),
            unknown: t!(lang, "form-unknown"),
            conflict: t!(lang, "form-conflict"),
            conflict_do: t!(lang, "form-conflict-do"),
            field: t!(lang, "form-field"),
            mine: t!(lang, "form-mine"),
            theirs: t!(lang, "form-theirs"),
            take_theirs: t!(lang, "form-take-theirs"),
            empty: t!(lang, "form-empty"),
            remove: t!(lang, "form-remove"),
            remove_hint: t!(lang, "form-remove-hint"),
            search: t!(lang, "form-search"),
            change: t!(lang, "form-change"),
        }
    }
}

/// A field on which two people differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field's name as the person reads it.
    pub label: String,
    /// What this person typed.
    pub mine: String,
    /// What somebody else stored meanwhile.
    pub theirs: String,
}

/// The fields on which two texts differ, from rows of label, mine, theirs.
pub fn differences(rows: Vec<(String, String, String)>) -> Vec<Difference> {
    rows.into_iter()
        .filter(|(_, mine, theirs)| mine != theirs)
        .map(|(label, mine, theirs)| Difference { label, mine, theirs })
        .collect()
}

/// Names and short texts are at most this many characters.
pub const SHORT: usize = 100;
/// Notes are at most this many characters.
pub const LONG: usize = 2_000;

/// A text of at most `most` characters; a fault is noted where it is longer, or missing though it must be there.
pub fn text(
    form: &Form,
    lang: Lang,
    errors: &mut FieldErrors,
    field: &str,
    most: usize,
    must: bool,
) -> String {
    let text = form.text(field).replace("\r\n", "\n");
    if must && text.is_empty() {
        errors.add(field, t!(lang, "error-missing"));
    }
    if text.chars().count() > most {
        errors.add(field, t!(lang, "error-too-long", most = most));
    }
    text
}

/// A telephone number in its one written form, or empty; a fault is noted where it cannot be dialled.
pub fn phone(form: &Form, lang: Lang, errors: &mut FieldErrors, field: &str) -> String {
    let typed = form.text(field);
    if typed.is_empty() {
        return String::new();
    }
    typed.parse::<Phone>().map_or_else(
        |BadPhone| {
            errors.add(field, t!(lang, "error-phone"));
            typed.to_owned()
        },
        |phone| phone.to_string(),
    )
}

/// A mail address, or empty; a fault is noted where it cannot be one.
pub fn email(form: &Form, lang: Lang, errors: &mut FieldErrors, field: &str) -> String {
    let typed = form.text(field);
    let narrow: String = typed
        .chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect();
    let good = narrow.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
    });
    if !narrow.is_empty() && (!good || narrow.contains(char::is_whitespace) || narrow.chars().count() > 254) {
        errors.add(field, t!(lang, "error-email"));
    }
    narrow
}

/// The number of beds; nothing typed is none, and a fault is noted where it is no number.
pub fn beds(form: &Form, lang: Lang, errors: &mut FieldErrors, field: &str) -> u32 {
    let plain = fold(form.text(field));
    let number = plain.trim_end_matches('床');
    let beds = number.parse().ok().filter(|beds| *beds <= MOST_BEDS && !number.starts_with('+'));
    if beds.is_none() && !plain.is_empty() {
        errors.add(field, t!(lang, "error-beds"));
    }
    beds.unwrap_or_default()
}

/// Yes, no, or nobody knows, from a field whose values are `yes`, `no` and `unknown`.
pub fn yes_no(form: &Form, field: &str) -> Option<bool> {
    match form.text(field) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses() {
        for (typed, kept, good) in [
            ("", "", true),
            ("a@example.jp", "a@example.jp", true),
            ("ａ＠ｅｘａｍｐｌｅ．ｊｐ", "a@example.jp", true),
            ("a@localhost", "a@localhost", false),
            ("a@@example.jp", "a@@example.jp", false),
            ("a b@example.jp", "a b@example.jp", false),
            ("@example.jp", "@example.jp", false),
        ] {
            let mut errors = FieldErrors::default();
            let form = Form::new(vec![("email".into(), typed.into())]);
            assert_eq!(email(&form, Lang::Ja, &mut errors, "email"), kept);
            assert_eq!(errors.is_empty(), good, "{typed}");
        }
    }

    #[test]
    fn numbers_of_beds() {
        for (typed, kept, good) in [
            ("", 0, true),
            ("0", 0, true),
            ("１２０", 120, true),
            ("120床", 120, true),
            ("9999", 9999, true),
            ("10000", 0, false),
            ("-5", 0, false),
            ("+5", 0, false),
            ("十九", 0, false),
            ("99999999999", 0, false),
        ] {
            let mut errors = FieldErrors::default();
            let form = Form::new(vec![("beds".into(), typed.into())]);
            assert_eq!(beds(&form, Lang::Ja, &mut errors, "beds"), kept, "{typed}");
            assert_eq!(errors.is_empty(), good, "{typed}");
        }
    }

    #[test]
    fn only_what_differs_is_shown() {
        let row =
            |label: &str, mine: &str, theirs: &str| (label.to_owned(), mine.to_owned(), theirs.to_owned());
        let found = differences(vec![row("a", "1", "1"), row("b", "1", "2")]);
        assert_eq!(found, [Difference { label: "b".into(), mine: "1".into(), theirs: "2".into() }]);
    }
}
