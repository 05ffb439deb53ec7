//! The fifth step: who is who.

use super::{Frame, load, onward};
use crate::actions::{PeopleRefusal, setup_people};
use crate::{Interview, PeopleAnswer, PostAnswer, Step, t};
use askama::Template;
use axum::http::StatusCode;
use komainu_access::{PersonId, Role};
use komainu_contact::words::duty_text;
use komainu_contact::{ContactId, Duty};
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, SHORT, differences, phone, text, yes_no};
use komainu_inventory::words::known_text;
use komainu_web::{Choice, FieldErrors, Form, Member, Outcome, Refused, Shell, page, page_with_status};

/// The duties of the house, in the order of asking.
pub(crate) const POSTS: [Duty; 4] = [Duty::Director, Duty::SafetyManager, Duty::SystemOperator, Duty::Deputy];

/// The questions about one duty.
struct Post {
    code: &'static str,
    duty: String,
    hint: String,
    members: Vec<Choice>,
    typed_name: String,
    typed_phone: String,
    /// The contact that is shown, with its version; empty for none.
    shown: String,
    name_fault: String,
    phone_fault: String,
}

#[derive(Template)]
#[template(path = "setup_people.html")]
struct PeoplePage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    operator: Vec<Choice>,
    posts: Vec<Post>,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    changed: bool,
}

fn people_page(member: &Member, interview: &Interview, form: Option<&Form>) -> PeoplePage {
    let lang = member.lang;
    let frame = Frame::new(member, interview, Step::People);
    let stored = match interview.institution.operator_on_staff {
        Some(true) => "yes",
        Some(false) => "no",
        None if interview.answered.contains(&Step::People) => "unknown",
        None => "",
    };
    let operator = form.map_or(stored, |form| form.text("operator"));
    PeoplePage {
        operator: operator_choices(lang, &frame.words, operator),
        posts: POSTS.into_iter().map(|duty| post(lang, interview, duty, form)).collect(),
        page: frame.page.clone(),
        lang,
        frame,
        version: interview.institution.version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
        changed: false,
    }
}

fn operator_choices(lang: Lang, words: &FormWords, chosen: &str) -> Vec<Choice> {
    vec![
        Choice::new("yes", &words.yes).hint(t!(lang, "operator-yes-hint")).chosen(chosen == "yes"),
        Choice::new("no", &words.no).hint(t!(lang, "operator-no-hint")).chosen(chosen == "no"),
        Choice::new("unknown", &words.unknown).chosen(chosen == "unknown"),
    ]
}

/// A post as it is known: the contact who has the duty, or else the member whose role it is, or what was typed.
fn post(lang: Lang, interview: &Interview, duty: Duty, form: Option<&Form>) -> Post {
    let code = duty.code();
    let holder = interview.holder(duty);
    let is_member = |person: &PersonId| interview.members.iter().any(|member| member.person == *person);
    let by_role = || {
        let role = match duty {
            Duty::Director => Role::Director,
            Duty::SafetyManager => Role::SafetyManager,
            Duty::SystemOperator => Role::SystemOperator,
            _ => return None,
        };
        interview.members.iter().find(|member| member.role == role).map(|member| member.person)
    };
    let person = match (form, holder) {
        (Some(form), _) => form.parse(&format!("person-{code}")),
        (None, Some(holder)) => holder.person.filter(is_member),
        (None, None) => by_role(),
    };
    let name = holder.filter(|_| person.is_none()).map(|holder| holder.name.clone());
    let phone = holder.map(|holder| holder.phone.clone());
    let typed = |field: &str, stored: Option<String>| {
        form.map_or(stored.unwrap_or_default(), |form| form.text(&format!("{field}-{code}")).to_owned())
    };
    Post {
        code,
        duty: duty_text(lang, code),
        hint: match duty {
            Duty::Director => t!(lang, "post-director-hint"),
            Duty::SafetyManager => t!(lang, "post-safety-manager-hint"),
            Duty::SystemOperator => t!(lang, "post-system-operator-hint"),
            _ => t!(lang, "post-deputy-hint"),
        },
        members: interview
            .members
            .iter()
            .map(|known| {
                Choice::new(known.person.to_string(), &known.name).chosen(person == Some(known.person))
            })
            .collect(),
        typed_name: typed("name", name),
        typed_phone: typed("phone", phone),
        shown: holder.map(|holder| format!("{} {}", holder.id, holder.version)).unwrap_or_default(),
        name_fault: String::new(),
        phone_fault: String::new(),
    }
}

/// The form.
pub async fn people(member: Member) -> Outcome {
    page(&people_page(&member, &load(&member).await?, None))
}

/// Stores the answer.
pub async fn people_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let (answer, errors) = read(lang, &form);
    if !errors.is_empty() {
        let mut filled = people_page(&member, &load(&member).await?, Some(&form));
        for post in &mut filled.posts {
            errors.of(&format!("name-{}", post.code)).clone_into(&mut post.name_fault);
            errors.of(&format!("phone-{}", post.code)).clone_into(&mut post.phone_fault);
        }
        filled.version = answer.version;
        filled.errors = errors;
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature, sent) = (member.scope.clone(), member.app.nature.clone(), answer.clone());
    match member.write(move |tx| setup_people(tx, &nature, &scope, &sent)).await {
        Ok(()) => Ok(onward(Step::People)),
        Err(Refused::Because(reason)) => {
            let interview = load(&member).await?;
            let differences = compare(lang, &interview, &answer, &reason);
            let changed = differences.is_empty();
            let filled = PeoplePage { differences, changed, ..people_page(&member, &interview, Some(&form)) };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn read(lang: Lang, form: &Form) -> (PeopleAnswer, FieldErrors) {
    let mut errors = FieldErrors::default();
    if !matches!(form.text("operator"), "yes" | "no" | "unknown") {
        errors.add("operator", t!(lang, "error-choose"));
    }
    let posts = POSTS
        .into_iter()
        .map(|duty| {
            let field = |name: &str| format!("{name}-{}", duty.code());
            let person = form.parse::<PersonId>(&field("person"));
            let name = text(form, lang, &mut errors, &field("name"), SHORT, false);
            let phone = phone(form, lang, &mut errors, &field("phone"));
            if person.is_none() && name.is_empty() && !phone.is_empty() {
                errors.add(&field("name"), t!(lang, "error-whose-phone"));
            }
            PostAnswer { duty, shown: shown(form.text(&field("shown"))), person, name, phone }
        })
        .collect();
    let answer = PeopleAnswer {
        version: form.parse("version").unwrap_or_default(),
        operator_on_staff: yes_no(form, "operator"),
        posts,
    };
    (answer, errors)
}

fn shown(text: &str) -> Option<(ContactId, i64)> {
    let (id, version) = text.split_once(' ')?;
    Some((id.parse().ok()?, version.parse().ok()?))
}

fn compare(
    lang: Lang,
    interview: &Interview,
    mine: &PeopleAnswer,
    reason: &PeopleRefusal,
) -> Vec<Difference> {
    let theirs = match reason {
        PeopleRefusal::Institution(theirs) => {
            return differences(vec![(
                t!(lang, "operator-question"),
                known_text(lang, mine.operator_on_staff),
                known_text(lang, theirs.operator_on_staff),
            )]);
        }
        PeopleRefusal::Contact(theirs) => theirs,
        PeopleRefusal::Post => return Vec::new(),
    };
    let Some(mine) = mine.posts.iter().find(|post| post.duty.code() == theirs.duty) else {
        return Vec::new();
    };
    let chosen = interview.members.iter().find(|member| Some(member.person) == mine.person);
    let my_name = chosen.map_or(&mine.name, |member| &member.name);
    let label = |what: String| format!("{}: {what}", duty_text(lang, &theirs.duty));
    differences(vec![
        (label(t!(lang, "post-name")), my_name.clone(), theirs.name.clone()),
        (label(t!(lang, "post-phone")), mine.phone.clone(), theirs.phone.clone()),
    ])
}
