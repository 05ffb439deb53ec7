//! The door for people without an account: a link opens the pages of its own purpose and nothing else.

use crate::visit::read;
use crate::{App, Failure, Refused, Visit};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use komainu_access::{Link, LinkToken, Links, Purpose, Scope};
use komainu_db::Tx;
use std::ops::Deref;

/// Finds the link behind the secret at the end of an address, while it works and is for the route's purpose. Whatever is
/// wrong with it, the answer is the same: nobody learns whether there ever was such a link. Whoever asks for many that there
/// are not is stopped soon, and the phones that come from the same address with a link that works are not.
pub(crate) async fn admit(app: &App, visit: &Visit, path: &str, purpose: Purpose) -> Result<Link, Failure> {
    app.rates.link(visit.address)?;
    let found = match secret(path, purpose) {
        Some(token) => {
            let now = app.nature.now();
            read(&app.db, move |tx| Ok(Links::find(tx, &token, purpose, now)?)).await?
        }
        None => None,
    };
    match found {
        Some(link) => Ok(link),
        None => app.rates.astray(visit.address).and(Err(Failure::LinkOver)),
    }
}

fn secret(path: &str, purpose: Purpose) -> Option<LinkToken> {
    path.strip_prefix(purpose.path())?.strip_prefix('/')?.split('/').next()?.parse().ok()
}

/// Somebody without an account, let in by a link. Whoever is signed in in the same browser does not matter here.
///
/// There are two ways to its scope: [`Linked::look`], which only reads, and [`Linked::act`], which counts the use.
#[derive(Clone)]
pub struct Linked {
    visit: Visit,
    link: Link,
}

impl Linked {
    /// The link.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// Reads what the link is about.
    pub async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Scope) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let scope = Scope::by_link(&self.link);
        self.visit.read(move |tx| work(tx, &scope)).await
    }

    /// Does the one thing that the link is for, under the name that was given. The use is counted with it, in the same
    /// transaction: both happen, or neither.
    pub async fn act<T: Send + 'static, R: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&mut Tx<'_>, &Scope) -> Result<T, Refused<R>> + Send + 'static,
    ) -> Result<T, Refused<R>> {
        let (scope, now) = (Scope::by_link(&self.link).named(name), self.visit.app.nature.now());
        self.visit
            .write(move |tx| {
                if Links::spend(tx, &scope, now)? {
                    work(tx, &scope)
                } else {
                    Err(Refused::Failed(Failure::LinkOver))
                }
            })
            .await
    }
}

impl Deref for Linked {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequestParts<App> for Linked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        // Only the guard of a link's route puts both here.
        let found = parts.extensions.get::<Visit>().cloned().zip(parts.extensions.get::<Link>().cloned());
        let (visit, link) = found.ok_or_else(|| Failure::internal("a link's handler on another route"))?;
        Ok(Linked { visit, link })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_read_from_the_addresses_of_its_purpose_alone() {
        let (purpose, token) = (Purpose::LetterReply, LinkToken::new([7; 32]));
        let text = token.text();
        for (path, there) in [
            (format!("/l/reply/{text}"), true),
            (format!("/l/reply/{text}/more"), true),
            (format!("/l/other/{text}"), false),
            (format!("/l/reply{text}"), false),
            (format!("/l/reply/{text}a"), false),
            ("/l/reply/".to_owned(), false),
        ] {
            let found = secret(&path, purpose).map(|found| found.hash());
            assert_eq!(found, there.then(|| token.hash()), "{path}");
        }
    }
}
