//! Every route of the program, and who may use it. This page is the policy table.

use crate::fixed;
use axum::Router;
use komainu_access::Permission;
use komainu_contact::pages as contact;
use komainu_institution::pages as institution;
use komainu_inventory::pages as inventory;
use komainu_people::pages as people;
use komainu_setup::pages as setup;
use komainu_vendor::pages as vendor;
use komainu_web::{App, Audience, Route, get, post};

/// The program's router.
pub fn router(app: &App) -> Router {
    komainu_web::router(app, routes())
}

/// Every route.
pub fn routes() -> Vec<Route> {
    use Audience::{Administrator, Always, Anyone, FirstRun, May, SignedIn};
    let manage = May(Permission::MembersManage);
    let institution_edit = May(Permission::InstitutionEdit);
    let (ledger_read, ledger_edit) = (May(Permission::LedgerRead), May(Permission::LedgerEdit));
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
        // Organisations and the institution's particulars.
        get("/organisations/new", Administrator, institution::institution_form),
        post("/organisations/new", Administrator, institution::institution_submit),
        get("/organisations/new/association", Administrator, institution::association_form),
        post("/organisations/new/association", Administrator, institution::association_submit),
        get("/institution", institution_edit, institution::institution),
        post("/institution", institution_edit, institution::institution_save),
        // The setup interview.
        get("/setup", institution_edit, setup::setup),
        get("/setup/place", institution_edit, setup::place),
        post("/setup/place", institution_edit, setup::place_save),
        get("/setup/running", institution_edit, setup::running),
        post("/setup/running", institution_edit, setup::running_save),
        get("/setup/systems", institution_edit, setup::systems),
        post("/setup/systems", institution_edit, setup::systems_save),
        get("/setup/support", institution_edit, setup::support),
        post("/setup/support", institution_edit, setup::support_save),
        get("/setup/people", institution_edit, setup::people),
        post("/setup/people", institution_edit, setup::people_save),
        get("/setup/summary", institution_edit, setup::summary),
        post("/setup/finish", institution_edit, setup::finish),
        // The ledger: systems, vendors, contacts.
        get("/ledger", ledger_read, inventory::ledger),
        get("/ledger/systems", ledger_read, inventory::systems),
        get("/ledger/systems/new", ledger_edit, inventory::system_new),
        post("/ledger/systems/new", ledger_edit, inventory::system_create),
        get("/ledger/systems/{id}", ledger_edit, inventory::system),
        post("/ledger/systems/{id}", ledger_edit, inventory::system_save),
        get("/ledger/systems/{id}/remove", ledger_edit, inventory::system_remove_ask),
        post("/ledger/systems/{id}/remove", ledger_edit, inventory::system_remove_do),
        get("/ledger/vendors", ledger_read, vendor::vendors),
        get("/ledger/vendors/new", ledger_edit, vendor::vendor_new),
        post("/ledger/vendors/new", ledger_edit, vendor::vendor_create),
        get("/ledger/vendors/{id}", ledger_edit, vendor::vendor),
        post("/ledger/vendors/{id}", ledger_edit, vendor::vendor_save),
        get("/ledger/vendors/{id}/remove", ledger_edit, vendor::vendor_remove_ask),
        post("/ledger/vendors/{id}/remove", ledger_edit, vendor::vendor_remove_do),
        get("/ledger/contacts", ledger_read, contact::contacts),
        get("/ledger/contacts/chart", ledger_read, contact::chart),
        get("/ledger/contacts/suggestions", ledger_edit, contact::suggestions),
        post("/ledger/contacts/suggestions", ledger_edit, contact::suggestions_take),
        get("/ledger/contacts/new", ledger_edit, contact::contact_new),
        post("/ledger/contacts/new", ledger_edit, contact::contact_create),
        get("/ledger/contacts/{id}", ledger_edit, contact::contact),
        post("/ledger/contacts/{id}", ledger_edit, contact::contact_save),
        post("/ledger/contacts/{id}/move", ledger_edit, contact::contact_move_do),
        get("/ledger/contacts/{id}/remove", ledger_edit, contact::contact_remove_ask),
        post("/ledger/contacts/{id}/remove", ledger_edit, contact::contact_remove_do),
    ]
}
