//! The door of the API.

use super::{Caller, answers::Naming};
use crate::visit::{off_thread, read};
use crate::{App, Audience, Failure, Visit, address};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::LengthLimitError;
use komainu_access::{Scope, Token, TokenSecret, Tokens};
use std::error::Error as _;

/// Lets a request through to its handler as a [`Caller`]. Cookies are not looked at.
pub(crate) async fn guard(
    State((app, audience, limit)): State<(App, Audience, usize)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    if audience == Audience::Always {
        return Ok(next.run(request).await);
    }
    // No text in the database holds this character, so nothing can be found by it either.
    if request.uri().to_string().contains("%00") {
        return Err(Failure::Malformed("NUL in the address".to_owned()));
    }
    let peer = address::peer(request.extensions());
    let address = address::client(peer, request.headers(), &app.settings.proxies);
    app.rates.address(address)?;
    let secret = bearer(request.headers()).ok_or(Failure::SignedOut)?;
    let (token, scope) = admit(&app, &secret).await?;
    app.rates.token(token.id)?;
    audience.check(&scope)?;

    let (parts, body) = request.into_parts();
    let body = bounded(body, limit).await?;
    let naming = (parts.method == Method::POST).then(|| Naming::of(&parts, &body, secret)).transpose()?;
    let path = parts.uri.path().to_owned();
    let visit = Visit::of_program(&app, &parts.headers, path, address);
    request = Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(Caller::new(visit, scope, token, naming.flatten()));
    Ok(next.run(request).await)
}

/// The secret of an `Authorization: Bearer …` header.
fn bearer(headers: &HeaderMap) -> Option<TokenSecret> {
    let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim().parse().ok()).flatten()
}

/// Finds the token behind the secret and what it leads to.
async fn admit(app: &App, secret: &TokenSecret) -> Result<(Token, Scope), Failure> {
    let (now, secret) = (app.nature.now(), secret.clone());
    let found = read(&app.db, move |tx| Ok(Tokens::find(tx, &secret, now)?)).await?;
    let (token, scope) = found.ok_or(Failure::SignedOut)?;
    let scope = scope.ok_or(Failure::FactorOwed)?;
    if Tokens::needs_touch(&token, now) {
        let (db, scope, id) = (app.db.clone(), scope.clone(), token.id);
        off_thread(move || Ok(db.write(|tx| Tokens::touch(tx, &scope, id, now))?)).await?;
    }
    Ok((token, scope))
}

async fn bounded(body: Body, limit: usize) -> Result<Bytes, Failure> {
    to_bytes(body, limit).await.map_err(|error| {
        if error.source().is_some_and(<dyn std::error::Error>::is::<LengthLimitError>) {
            Failure::TooLarge
        } else {
            Failure::Malformed(error.to_string())
        }
    })
}
