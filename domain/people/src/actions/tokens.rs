//! Tokens that other programs come in with: a member's own, and those of the organisation's services.
//!
//! Only somebody at a page makes one. A token makes none, whatever it may do: whoever gets hold of one must not be able to
//! make another that outlives it. Whoever sits down at a browser that was left open must not either: making one asks for a
//! fresh proof of who it is, as every change of how one signs in does.

use crate::factors::actions::require_proof;
use crate::store;
use chrono::Duration;
use komainu_access::{
    Denied, Permission, Permissions, PersonId, Role, Scope, Session, Token, TokenHolder, TokenId,
    TokenSecret, Tokens,
};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_web::Failure;
use serde_json::json;

/// What a token is for, and what it may do.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, in its maker's words; of a service its name.
    pub name: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// How long it lives.
    pub life: TokenLife,
}

/// How long a token lives: a year at most, so that forgotten ones end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLife(i64);

impl TokenLife {
    /// What is offered, in days.
    pub const OFFERED: [i64; 5] = [7, 30, 90, 180, 365];

    /// So many days; none where that is not from 1 to 365.
    pub fn days(days: i64) -> Option<TokenLife> {
        (1..=365).contains(&days).then_some(TokenLife(days))
    }
}

/// A token with its secret, which is shown now and never again.
pub struct Made {
    /// The token.
    pub token: Token,
    /// What the other program sends.
    pub secret: TokenSecret,
}

/// What the asker may choose from for a token of their own.
pub fn own_choice(scope: &Scope) -> Vec<Permission> {
    Permission::ALL.into_iter().filter(|permission| scope.may(*permission)).collect()
}

/// What may be chosen for a service.
pub fn service_choice() -> Vec<Permission> {
    Permission::ALL.into_iter().filter(|permission| Role::Service.may(*permission)).collect()
}

/// One's own tokens in the scope's organisation, newest first.
pub fn tokens(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Token>, Failure> {
    scope.require(Permission::AccountManage)?;
    Ok(Tokens::of(tx, scope, Some(scope.person()))?)
}

/// Makes a token of one's own. What is chosen beyond one's role is refused; what the role loses later, the token loses.
pub fn token_make(
    tx: &mut Tx<'_>,
    nature: &Nature,
    (session, scope): (&Session, &Scope),
    new: &NewToken,
) -> Result<Made, Failure> {
    at_a_page(scope, Permission::AccountManage)?;
    require_proof(session, nature.now())?;
    new.permissions.iter().try_for_each(|permission| scope.require(*permission))?;
    make(tx, nature, scope, new, TokenHolder::Person(scope.person()))
}

/// Ends a token of one's own.
pub fn token_revoke(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: TokenId) -> Result<(), Failure> {
    at_a_page(scope, Permission::AccountManage)?;
    revoke(tx, nature, scope, id, Some(scope.person()))
}

/// The tokens of the organisation's services, newest first.
pub fn services(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Token>, Failure> {
    scope.require(Permission::MembersManage)?;
    Ok(Tokens::of(tx, scope, None)?)
}

/// Makes a service and its token. What it changes bears its name.
pub fn service_make(
    tx: &mut Tx<'_>,
    nature: &Nature,
    (session, scope): (&Session, &Scope),
    new: &NewToken,
) -> Result<Made, Failure> {
    at_a_page(scope, Permission::MembersManage)?;
    require_proof(session, nature.now())?;
    if let Some(beyond) = new.permissions.iter().find(|permission| !Role::Service.may(**permission)) {
        return Err(Denied(*beyond).into());
    }
    let id = PersonId(nature.id());
    store::service_insert(tx, id, &new.name, nature.now())?;
    make(tx, nature, scope, new, TokenHolder::Service(id))
}

/// Ends a service's token.
pub fn service_revoke(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: TokenId) -> Result<(), Failure> {
    at_a_page(scope, Permission::MembersManage)?;
    revoke(tx, nature, scope, id, None)
}

fn at_a_page(scope: &Scope, permission: Permission) -> Result<(), Denied> {
    if scope.narrowed().is_some() { Err(Denied(permission)) } else { scope.require(permission) }
}

fn make(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    new: &NewToken,
    holder: TokenHolder,
) -> Result<Made, Failure> {
    let (now, secret) = (nature.now(), TokenSecret::new(nature.bytes()));
    let token = Token {
        id: TokenId(nature.id()),
        name: new.name.clone(),
        holder,
        permissions: Permissions::chosen(new.permissions.iter().copied()),
        maker: scope.person(),
        created_at: now,
        expires_at: now + Duration::days(new.life.0),
        used_at: None,
    };
    Tokens::keep(tx, scope, &token, &secret)?;
    log(tx, nature, scope, (&token, "token_make", "service_make"), None, Some(&token))?;
    Ok(Made { token, secret })
}

fn revoke(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: TokenId,
    member: Option<PersonId>,
) -> Result<(), Failure> {
    let found = Tokens::of(tx, scope, member)?.into_iter().find(|token| token.id == id);
    let token = found.ok_or(Failure::NotFound)?;
    if !Tokens::revoke(tx, scope, id, nature.now())? {
        return Err(Failure::Stale);
    }
    Ok(log(tx, nature, scope, (&token, "token_revoke", "service_revoke"), Some(&token), None)?)
}

fn log(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (token, own, service): (&Token, &'static str, &'static str),
    before: Option<&Token>,
    after: Option<&Token>,
) -> Result<(), DbError> {
    let state = |token: &Token| json!({ "name": token.name, "permissions": token.permissions.to_string(), "expires_at": token.expires_at });
    let (action, object_kind) = if token.holder.is_service() { (service, "service") } else { (own, "token") };
    let change = Change {
        action,
        object_kind,
        object_id: &token.id.to_string(),
        before: before.map(state),
        after: after.map(state),
    };
    komainu_audit::record(tx, scope, nature.now(), &change)
}
