//! The links on one's own account.

use super::leave::{leave, leaving, title};
use crate::factors::pages::asks_proof;
use crate::openid::actions;
use crate::openid::model::{Errand, OwnLink, SignInLinkId};
use crate::t;
use axum::extract::Path;
use komainu_i18n::Lang;
use komainu_web::{Failure, Form, NoticeKind, Outcome, SignedIn, Visit, moment_text, redirect, with_flash};

/// A link as the account shows it.
pub(crate) struct LinkRow {
    pub(crate) id: String,
    /// What people call the service, or its address where it is another than the one of now.
    pub(crate) name: String,
    pub(crate) times: String,
    /// Whether it is a link to the service of now.
    pub(crate) current: bool,
}

/// The links, in words.
pub(crate) fn link_rows(visit: &Visit, links: &[OwnLink]) -> Vec<LinkRow> {
    let provider = visit.app.settings.openid.as_ref();
    let row = |link: &OwnLink| {
        let current = provider.filter(|provider| provider.issuer() == link.issuer);
        LinkRow {
            id: link.id.to_string(),
            name: current.map_or_else(|| link.issuer.clone(), |provider| provider.name().to_owned()),
            times: times(visit.lang, link),
            current: current.is_some(),
        }
    };
    links.iter().map(row).collect()
}

fn times(lang: Lang, link: &OwnLink) -> String {
    let since = moment_text(lang, link.created_at);
    match link.used_at {
        Some(used) => t!(lang, "openid-times", since = since, used = moment_text(lang, used)),
        None => t!(lang, "openid-unused", since = since),
    }
}

/// `POST /account/openid`: off to the service, to link the account.
pub async fn link(signed: SignedIn, _: Form) -> Outcome {
    if let Some(elsewhere) = asks_proof(signed.visit(), &signed.session) {
        return Ok(elsewhere);
    }
    let page = leaving(signed.shell(&title(signed.visit())), "/account");
    let errand = (Errand::Link(signed.session.id), Some(signed.session.clone()));
    leave(signed.visit(), page, errand, "/account".to_owned(), "/account").await
}

/// `POST /account/openid/{id}/remove`
pub async fn unlink(signed: SignedIn, Path(id): Path<String>, _: Form) -> Outcome {
    let id: SignInLinkId = id.parse().map_err(|_| Failure::NotFound)?;
    if let Some(elsewhere) = asks_proof(signed.visit(), &signed.session) {
        return Ok(elsewhere);
    }
    let (nature, session) = (signed.app.nature.clone(), signed.session.clone());
    signed.write(move |tx| actions::unlink(tx, &nature, &session, id)).await?;
    let text = t!(signed.lang, "openid-unlinked");
    Ok(with_flash(&signed.app, redirect("/account"), NoticeKind::Success, &text))
}
