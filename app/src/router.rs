//! Every route of the program, and who may use it. This page is the policy table.

use crate::fixed;
use axum::Router;
use komainu_access::Permission;
use komainu_people::pages as people;
use komainu_web::{App, Audience, Route, get, post};

/// The program's router.
pub fn router(app: &App) -> Router {
    komainu_web::router(app, routes())
}

/// Every route.
pub fn routes() -> Vec<Route> {
    use Audience::{Always, Anyone, FirstRun, May, SignedIn};
    let manage = May(Permission::MembersManage);
    vec![
        get("/healthz", Always, fixed::health),
        get("/assets/{name}", Always, fixed::asset),
        get("/licence", Always, fixed::licence),
        post("/preferences", Always, people::preferences),
        // People: in, out, one's own account, members and invitations.
        get("/first-run", FirstRun, people::first_run),
        post("/first-run", FirstRun, people::first_run_submit),
        get("/sign-in", Anyone, people::sign_in),
        post("/sign-in", Anyone, people::sign_in_submit),
        post("/sign-in/demo", Anyone, people::demo_sign_in),
        post("/sign-out", Anyone, people::sign_out),
        get("/invitation/{token}", Anyone, people::invitation),
        post("/invitation/{token}", Anyone, people::invitation_submit),
        get("/organisations", SignedIn, people::organisations),
        post("/organisation", SignedIn, people::organisation_switch),
        get("/account", SignedIn, people::account),
        post("/account", SignedIn, people::account_save),
        post("/account/password", SignedIn, people::password_save),
        post("/account/sessions", SignedIn, people::sessions_end),
        get("/people", manage, people::people),
        get("/people/invite", manage, people::invite),
        post("/people/invite", manage, people::invite_submit),
        post("/people/invitations/{id}/renew", manage, people::invitation_renew),
        post("/people/invitations/{id}/revoke", manage, people::invitation_revoke),
        get("/people/members/{person}", manage, people::member),
        post("/people/members/{person}", manage, people::member_save),
        get("/people/members/{person}/end", manage, people::member_end),
        post("/people/members/{person}/end", manage, people::member_end_submit),
    ]
}
