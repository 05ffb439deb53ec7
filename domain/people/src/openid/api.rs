//! Links to the sign-in service over the API, to look at. They are made and removed by a person at a page, as that needs a
//! fresh proof (decision 0018).

use super::actions;
use super::model::{OwnLink, SignInLinkId};
use chrono::{DateTime, Utc};
use komainu_web::Outcome;
use komainu_web::api::{Caller, Resource};
use serde::Serialize;
use utoipa::ToSchema;

/// One's links to the house's sign-in service.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInLinks {
    /// Oldest first.
    items: Vec<LinkShown>,
}

/// A link to a sign-in service (OpenID Connect).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignInLink)]
pub struct LinkShown {
    id: SignInLinkId,
    /// The service, by its address.
    issuer: String,
    created_at: DateTime<Utc>,
    /// The last use; null before the first.
    used_at: Option<DateTime<Utc>>,
}

impl Resource for SignInLinks {}

impl From<OwnLink> for LinkShown {
    fn from(link: OwnLink) -> Self {
        LinkShown { id: link.id, issuer: link.issuer, created_at: link.created_at, used_at: link.used_at }
    }
}

/// One's links to the house's sign-in service
#[utoipa::path(get, path = "/account/sign-in-links", responses((status = 200, body = SignInLinks)))]
pub async fn sign_in_links(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let links = actions::links(tx, at.scope.person())?;
            Ok(SignInLinks { items: links.into_iter().map(LinkShown::from).collect() })
        })
        .await
}
