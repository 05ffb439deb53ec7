//! The letter with the link in it through which the vendor answers: made, shown once, noted as sent.

use super::ask::{Draft, asked_of, draft, load, refused, title_of_letter};
use super::{Wish, crumbs};
use crate::actions::{form_of_round, reply_link_make};
use crate::letter::{Letter, mailto};
use crate::t;
use askama::Template;
use axum::extract::Path;
use komainu_i18n::Lang;
use komainu_link::model::{Handed, Made};
use komainu_web::{
    Crumb, Failure, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, moment_text, page,
};

#[derive(Template)]
#[template(path = "ask_link.html")]
struct AskLinkPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    letter: Letter,
    letter_lang: Lang,
    mailto: Option<String>,
    handed: Handed,
    until: String,
    back: String,
}

/// Notes that the vendor is asked today and makes the link. It cannot be shown again, so the page follows at once.
pub async fn ask_link(member: Member, Path(path): Path<(String, String)>, form: Form) -> Outcome {
    let wish = Wish::sent(&form);
    let read = load(&member, &path).await?;
    let Some(asked) = asked_of(&member, &read, &wish) else {
        return refused(&member, &read, &wish, FieldErrors::default());
    };
    let (app, scope, id) = (member.app.clone(), member.scope.clone(), read.view.round.id);
    let made = member.write(move |tx| {
        let (rows, vendor, reply_by) = &asked;
        reply_link_make(tx, &app.nature, &scope, &app.catalog, id, (rows, *vendor, *reply_by))
    });
    match made.await {
        Ok(made) => page(&handed_page(&member, &read, &wish, &made)?),
        Err(Refused::Because(reason)) => {
            let mut errors = FieldErrors::default();
            let (field, text) = super::ask_refusal(member.lang, reason);
            errors.add(field, text);
            refused(&member, &read, &wish, errors)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn handed_page(
    member: &Member,
    read: &super::LetterRead,
    wish: &Wish,
    made: &Made,
) -> Result<AskLinkPage, Failure> {
    let lang = member.lang;
    let handed = Handed::new(&member.app, made);
    let letter_lang: Lang = wish.letter.parse().unwrap_or(Lang::Ja);
    let link = Some((handed.address.clone(), moment_text(letter_lang, made.expires_at)));
    let drafted = draft(member, member.scope.person_name(), read, wish, link)?;
    let Draft { letter, email, .. } = drafted.ok_or(Failure::NotFound)?;
    let form = form_of_round(&member.app.catalog, &read.view.round)?;
    Ok(AskLinkPage {
        page: member.shell(&t!(lang, "ask-link-title"), Section::Checklist),
        lang,
        crumbs: crumbs(lang, &read.view.round, &title_of_letter(lang, &form, read)),
        mailto: (!email.is_empty()).then(|| mailto(&email, &letter)),
        letter,
        letter_lang,
        until: moment_text(lang, made.expires_at),
        handed,
        back: read.back(wish),
    })
}
