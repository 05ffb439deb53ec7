//! Every route of the program, and who may use it. This page is the policy table.

use crate::fixed;
use axum::Router;
use komainu_access::Permission as P;
use komainu_binder::pages as binder;
use komainu_institution::pages as institution;
use komainu_inventory::pages as inventory;
use komainu_people::pages as people;
use komainu_plan::pages as plan;
use komainu_vendor::pages as vendor;
use komainu_web::Audience::{Administrator, Always, Anyone, FirstRun, May, MayAny, SignedIn};
use komainu_web::{App, Route, get, post};

/// The program's router.
pub fn router(app: &App) -> Router {
    komainu_web::router(app, routes())
}

/// Every route.
pub fn routes() -> Vec<Route> {
    [fixed_routes(), people_routes(), institution_routes(), ledger_routes(), plan_routes(), binder_routes()].concat()
}

/// What belongs to no domain.
fn fixed_routes() -> Vec<Route> {
    vec![
        get("/healthz", Always, fixed::health),
        get("/assets/{name}", Always, fixed::asset),
        get("/licence", Always, fixed::licence),
    ]
}

/// In, out, one's own account, members and invitations.
fn people_routes() -> Vec<Route> {
    let manage = May(P::MembersManage);
    vec![
        post("/preferences", Always, people::preferences),
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

/// Founding organisations and the institution's particulars.
fn institution_routes() -> Vec<Route> {
    let edit = May(P::InstitutionEdit);
    vec![
        get("/organisations/new", Administrator, institution::institution_form),
        post("/organisations/new", Administrator, institution::institution_submit),
        get("/organisations/new/association", Administrator, institution::association_form),
        post("/organisations/new/association", Administrator, institution::association_submit),
        get("/institution", edit, institution::institution),
        post("/institution", edit, institution::institution_save),
    ]
}

/// The ledger so far: systems, vendors, contacts.
fn ledger_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        get("/ledger", read, inventory::ledger),
        get("/ledger/systems", read, inventory::systems),
        post("/ledger/systems", edit, inventory::system_create),
        get("/ledger/systems/new", edit, inventory::system_new),
        get("/ledger/systems/{id}", edit, inventory::system),
        post("/ledger/systems/{id}", edit, inventory::system_save),
        get("/ledger/systems/{id}/remove", edit, inventory::system_remove_ask),
        post("/ledger/systems/{id}/remove", edit, inventory::system_remove_do),
        get("/ledger/vendors", read, vendor::vendors),
        post("/ledger/vendors", edit, vendor::vendor_create),
        get("/ledger/vendors/new", edit, vendor::vendor_new),
        get("/ledger/vendors/{id}", edit, vendor::vendor),
        post("/ledger/vendors/{id}", edit, vendor::vendor_save),
        get("/ledger/vendors/{id}/remove", edit, vendor::vendor_remove_ask),
        post("/ledger/vendors/{id}/remove", edit, vendor::vendor_remove_do),
    ]
}

/// The first page, the plan and its steps.
fn plan_routes() -> Vec<Route> {
    let sees = MayAny(&[P::PlanRead, P::PlanSeeOwn]);
    vec![
        get("/", May(P::OrganisationSee), plan::home),
        get("/plan", sees, plan::plan),
        get("/plan/steps/{step}", sees, plan::step),
        post("/plan/steps/{step}", sees, plan::step_save),
    ]
}

/// The inspection pack.
fn binder_routes() -> Vec<Route> {
    let make = May(P::PackMake);
    vec![
        get("/pack", make, binder::pack_page),
        post("/pack", make, binder::pack_make),
        get("/pack/{job}/state", make, binder::pack_state),
        post("/pack/{job}/cancel", make, binder::pack_stop),
        get("/pack/{job}/file", make, binder::pack_file),
    ]
}
