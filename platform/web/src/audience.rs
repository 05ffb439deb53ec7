//! Who may use a route. The table of routes is the policy.

use crate::App;
use crate::api::Described;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use komainu_access::{Denied, Permission, Purpose, Scope};
use std::borrow::Cow;

/// How many bytes a form may carry where its route says nothing else.
const PAGE_BODY: usize = 2_000_000;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everyone, even before the first administrator exists: style, scripts, health.
    Always,
    /// Everyone once there is an administrator: sign-in, an invitation.
    Anyone,
    /// Whoever sets the installation up, while there is no administrator; nobody afterwards.
    FirstRun,
    /// Any signed-in person in a browser of their own, whatever the organisation: the account, the choice of organisation.
    SignedIn,
    /// The same, at a shared place too.
    Present,
    /// Those who may found organisations on this installation.
    Administrator,
    /// Whoever holds a link for this purpose, which stands at the end of the address; nobody else, whatever their role.
    Link(Purpose),
    /// Members of the current organisation with this permission.
    May(Permission),
    /// Members of the current organisation with any of these permissions.
    MayAny(&'static [Permission]),
}

impl Audience {
    /// Asks a scope for what this audience needs; audiences that need none refuse every scope.
    pub fn check(self, scope: &Scope) -> Result<(), Denied> {
        match self {
            Audience::May(permission) => scope.require(permission),
            Audience::MayAny(permissions) if permissions.iter().any(|permission| scope.may(*permission)) => {
                Ok(())
            }
            Audience::MayAny([first, ..]) => Err(Denied(*first)),
            _ => Err(Denied(Permission::OrganisationSee)),
        }
    }

    /// Whether a scope is asked for at all.
    pub fn needs_scope(self) -> bool {
        !self.permissions().is_empty()
    }

    /// The permissions of which one is enough; none where no scope is asked for.
    pub fn permissions(&self) -> &[Permission] {
        match self {
            Audience::May(permission) => std::slice::from_ref(permission),
            Audience::MayAny(permissions) => permissions,
            _ => &[],
        }
    }
}

/// One row of the policy table: a method, a path, an audience and what answers.
#[derive(Clone)]
pub struct Route {
    /// `GET` or `POST`; over the API also `PUT`, `PATCH` or `DELETE`.
    pub method: Method,
    /// The path in axum's form, such as `/checklist/{year}`.
    pub path: Cow<'static, str>,
    /// Who may use it.
    pub audience: Audience,
    /// What makes its description for the API's document; none for a page.
    pub described: Option<Described>,
    pub(crate) handler: MethodRouter<App>,
    /// How many bytes a request may carry.
    pub(crate) limit: usize,
}

impl Route {
    fn page(method: Method, path: &'static str, audience: Audience, handler: MethodRouter<App>) -> Route {
        Route { method, path: path.into(), audience, described: None, handler, limit: PAGE_BODY }
    }

    /// Lets the route take a body of up to `bytes`; without this a form may carry two megabytes, a request over the API 64
    /// kilobytes.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Route {
        self.limit = bytes;
        self
    }
}

/// A route that reads.
pub fn get<H, T>(path: &'static str, audience: Audience, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route::page(Method::GET, path, audience, on(MethodFilter::GET, handler))
}

/// A route that changes something.
pub fn post<H, T>(path: &'static str, audience: Audience, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route::page(Method::POST, path, audience, on(MethodFilter::POST, handler))
}
