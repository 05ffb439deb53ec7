//! The fields that several forms share, read with their faults.

use crate::model::{Email, LINE_MAX, LineFault, Password, line, optional_line};
use crate::passwords::{self, LONGEST, SHORTEST, Weakness};
use crate::t;
use komainu_access::Role;
use komainu_i18n::Lang;
use komainu_web::{Choice, Failure, FieldErrors, Form, role_text};

/// A person's fields as typed. Passwords are never sent back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    pub(crate) name: String,
    pub(crate) name_kana: String,
    pub(crate) email: String,
}

/// A person's fields as understood.
pub(crate) struct Read {
    pub(crate) name: String,
    pub(crate) name_kana: String,
    pub(crate) email: Option<Email>,
}

pub(crate) fn typed(form: &Form) -> Typed {
    Typed {
        name: form.text("name").to_owned(),
        name_kana: form.text("name_kana").to_owned(),
        email: form.text("email").to_owned(),
    }
}

/// Name, reading and address; faults are noted at their fields.
pub(crate) fn read(lang: Lang, form: &Form, errors: &mut FieldErrors) -> Read {
    let (name, name_kana) = read_name(lang, form, errors);
    let email = form.parse::<Email>("email");
    if email.is_none() {
        errors.add("email", t!(lang, "email-fault"));
    }
    Read { name, name_kana, email }
}

pub(crate) fn read_name(lang: Lang, form: &Form, errors: &mut FieldErrors) -> (String, String) {
    (read_line(lang, form, "name", true, errors), read_line(lang, form, "name_kana", false, errors))
}

/// One line of text.
pub(crate) fn read_line(
    lang: Lang,
    form: &Form,
    field: &str,
    must: bool,
    errors: &mut FieldErrors,
) -> String {
    let read = if must { line(form.text(field)) } else { optional_line(form.text(field)) };
    read.unwrap_or_else(|fault| {
        errors.add(
            field,
            match fault {
                LineFault::Empty => empty(lang, field),
                LineFault::TooLong => {
                    t!(lang, "line-too-long", field = label(lang, field), max = LINE_MAX.to_string())
                }
            },
        );
        String::new()
    })
}

/// The fault of a field that must not be empty.
pub(crate) fn empty(lang: Lang, field: &str) -> String {
    t!(lang, "line-empty", field = label(lang, field))
}

fn label(lang: Lang, field: &str) -> String {
    match field {
        "name_kana" => t!(lang, "field-name-kana"),
        "title" => t!(lang, "field-title"),
        "setup_code" => t!(lang, "field-setup-code"),
        _ => t!(lang, "field-name"),
    }
}

/// A new password, typed twice; judged off the async threads. `context` is what others know.
pub(crate) async fn new_password(
    lang: Lang,
    form: &Form,
    context: Vec<String>,
    errors: &mut FieldErrors,
) -> Result<Option<Password>, Failure> {
    let (raw, again) = (form.raw("password").to_owned(), form.raw("password_again").to_owned());
    let judged = passwords::off_thread(move |_| {
        let context: Vec<&str> = context.iter().map(String::as_str).collect();
        Ok::<_, Failure>(passwords::new_password(&raw, &again, &context))
    });
    let (field, message) = match judged.await? {
        Ok(password) => return Ok(Some(password)),
        Err(Weakness::TooShort) => ("password", t!(lang, "password-too-short", min = SHORTEST.to_string())),
        Err(Weakness::TooLong) => ("password", t!(lang, "password-too-long", max = LONGEST.to_string())),
        Err(Weakness::Guessable) => ("password", t!(lang, "password-guessable")),
        Err(Weakness::NotRepeated) => ("password_again", t!(lang, "password-not-repeated")),
    };
    errors.add(field, message);
    Ok(None)
}

/// The roles of an institution, to choose from.
pub(crate) fn role_choices(lang: Lang, chosen: Option<Role>) -> Vec<Choice> {
    Role::INSTITUTION
        .into_iter()
        .map(|role| {
            Choice::new(role.code(), role_text(lang, role))
                .hint(role_hint(lang, role))
                .chosen(chosen == Some(role))
        })
        .collect()
}

fn role_hint(lang: Lang, role: Role) -> String {
    match role {
        Role::Director => t!(lang, "role-hint-director"),
        Role::SafetyManager => t!(lang, "role-hint-safety-manager"),
        Role::SystemOperator => t!(lang, "role-hint-system-operator"),
        Role::Staff => t!(lang, "role-hint-staff"),
        Role::Inspector => t!(lang, "role-hint-inspector"),
        Role::VendorEngineer | Role::AssociationOfficer | Role::Service | Role::Link => String::new(),
    }
}
