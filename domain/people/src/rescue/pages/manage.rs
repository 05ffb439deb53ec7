//! Requests to be let back in, for those who manage members.

use super::ask::lost_text;
use crate::factors::pages::asks_proof;
use crate::pages::device::device_text;
use crate::pages::members::named;
use crate::pages::slip::{SlipPage, SlipText, SlipWords, slip};
use crate::rescue::actions::{self, AgreeRefusal};
use crate::rescue::model::{Agreed, Rescue, RescueId};
use crate::t;
use askama::Template;
use axum::extract::Path;
use komainu_i18n::Lang;
use komainu_web::{
    Form, Member, NoticeKind, Outcome, Refused, Section, Shell, moment_text, page, redirect, with_flash,
};

/// A request in the list.
pub(crate) struct RescueRow {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) lost: String,
    pub(crate) state: String,
}

impl RescueRow {
    pub(crate) fn of(lang: Lang, rescue: &Rescue) -> RescueRow {
        RescueRow {
            href: format!("/people/rescues/{}", rescue.id),
            name: rescue.name.clone(),
            lost: lost_text(lang, rescue.lost),
            state: state_text(lang, rescue),
        }
    }
}

fn state_text(lang: Lang, rescue: &Rescue) -> String {
    let until = moment_text(lang, rescue.expires_at);
    if rescue.linked {
        t!(lang, "rescue-state-linked", until = until)
    } else if rescue.agreed {
        t!(lang, "rescue-state-agreed", others = rescue.others.to_string(), until = until)
    } else {
        t!(lang, "rescue-state-open", until = until)
    }
}

#[derive(Template)]
#[template(path = "rescue/manage.html")]
struct RescuePage {
    page: Shell,
    href: String,
    lost: String,
    asked: String,
    device: String,
    state: String,
    others: i64,
    own: bool,
    linked: bool,
}

/// `GET /people/rescues/{id}`: what to check before anybody agrees.
pub async fn rescue_page(member: Member, Path(id): Path<String>) -> Outcome {
    let id: RescueId = named(&id)?;
    if let Some(elsewhere) = asks_proof(member.visit(), &member.session) {
        return Ok(elsewhere);
    }
    let (lang, now, scope) = (member.lang, member.app.nature.now(), member.scope.clone());
    let rescue = member.read(move |tx| actions::rescue_get(tx, &scope, now, id)).await?;
    page(&RescuePage {
        page: member.shell(&t!(lang, "rescue-title", name = rescue.name.as_str()), Section::People),
        href: format!("/people/rescues/{id}"),
        lost: lost_text(lang, rescue.lost),
        asked: moment_text(lang, rescue.asked_at),
        device: device_text(lang, &rescue.user_agent),
        state: state_text(lang, &rescue),
        others: rescue.others,
        own: rescue.person == member.scope.person(),
        linked: rescue.linked,
    })
}

/// `POST /people/rescues/{id}/agree`: answers with the page that holds the link, as the link is known only now.
pub async fn rescue_agree(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let id: RescueId = named(&id)?;
    let lang = member.lang;
    let (nature, session, scope) = (member.app.nature.clone(), member.session.clone(), member.scope.clone());
    let agreed = member.write(move |tx| actions::rescue_agree(tx, &nature, (&session, &scope), id));
    let (kind, text) = match agreed.await {
        Ok(Agreed::Linked { name, token, until }) => {
            return page(&rescue_slip(&member, &name, &format!("/rescue/{}", token.text()), &|lang| {
                moment_text(lang, until)
            }));
        }
        Ok(Agreed::Waiting(others)) => {
            (NoticeKind::Info, t!(lang, "rescue-agreed-waiting", others = others.to_string()))
        }
        Err(Refused::Because(AgreeRefusal::Own)) => (NoticeKind::Error, t!(lang, "rescue-own")),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(with_flash(&member.app, redirect("/people"), kind, &text))
}

fn rescue_slip(member: &Member, name: &str, path: &str, until: &dyn Fn(Lang) -> String) -> SlipPage {
    let lang = member.lang;
    let text = |lang: Lang| SlipText {
        tag: lang.tag(),
        title: t!(lang, "rescue-slip-title"),
        facts: vec![t!(lang, "slip-for", name = name), t!(lang, "slip-until", until = until(lang))],
        steps: [
            t!(lang, "slip-step-open"),
            t!(lang, "rescue-slip-step-password"),
            t!(lang, "slip-step-destroy"),
        ],
        warning: t!(lang, "slip-warning"),
    };
    let words = SlipWords {
        title: t!(lang, "rescue-linked-title"),
        lead: t!(lang, "rescue-linked-lead", name = name),
        once: t!(lang, "rescue-linked-once"),
        texts: Lang::ALL.map(text).to_vec(),
    };
    slip(member, path, words)
}

/// `POST /people/rescues/{id}/refuse`
pub async fn rescue_refuse(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let id: RescueId = named(&id)?;
    let (nature, scope) = (member.app.nature.clone(), member.scope.clone());
    member.write(move |tx| actions::rescue_refuse(tx, &nature, &scope, id)).await?;
    let text = t!(member.lang, "rescue-refused");
    Ok(with_flash(&member.app, redirect("/people"), NoticeKind::Success, &text))
}
