//! Every route of the program, and who may use it. This page is the policy table.

use crate::fixed;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use komainu_access::Permission as P;
use komainu_binder::pages as binder;
use komainu_checklist::official::pages as official;
use komainu_checklist::pages as checklist;
use komainu_institution::pages as institution;
use komainu_inventory::pages as inventory;
use komainu_overview::pages as overview;
use komainu_people::pages as people;
use komainu_vendor::pages as vendor;
use komainu_web::Audience::{Administrator, Always, Anyone, FirstRun, May, MayAny, SignedIn};
use komainu_web::{App, Route, get, post};

/// The program's router.
pub fn router(app: &App) -> Router {
    komainu_web::router(app, routes())
}

/// Every route.
pub fn routes() -> Vec<Route> {
    [
        fixed_routes(),
        people_routes(),
        institution_routes(),
        ledger_routes(),
        checklist_routes(),
        official_routes(),
        binder_routes(),
        overview_routes(),
    ]
    .concat()
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

/// The ministry's own workbook.
fn official_routes() -> Vec<Route> {
    let (manage, make) = (May(P::OfficialFormManage), May(P::PackMake));
    vec![
        get("/official", manage, official::forms),
        post("/official", manage, official::load.layer(DefaultBodyLimit::max(official::UPLOAD_BODY))),
        get("/official/{year}/{form}", manage, official::form),
        post("/official/{year}/{form}", manage, official::form_choose),
        post("/official/{year}/{form}/remove", manage, official::form_remove),
        get("/official/{year}/{form}/own", May(P::ChecklistRead), official::own),
        post("/official/{year}/{form}/own/{row}", May(P::ChecklistAnswer), official::own_save),
        get("/official/{year}/{form}/filled", make, official::filled),
        get("/official/{year}/{form}/filled/file", make, official::filled_file),
    ]
}

/// Looking back.
fn overview_routes() -> Vec<Route> {
    vec![
        get("/progress", May(P::HistoryRead), overview::progress),
        get("/log", May(P::LogRead), overview::log),
    ]
}

/// Rounds, their rows, evidence, letters and assignments. Staff reach rows and evidence; the actions show them only theirs.
fn checklist_routes() -> Vec<Route> {
    let sees = MayAny(&[P::ChecklistRead, P::ChecklistAnswerAssigned]);
    let answers = MayAny(&[P::ChecklistAnswer, P::ChecklistAnswerAssigned]);
    let opens = MayAny(&[P::EvidenceRead, P::ChecklistAnswerAssigned]);
    let upload = DefaultBodyLimit::max(checklist::UPLOAD_BODY);
    vec![
        get("/checklist", sees, checklist::overview),
        get("/checklist/mine", May(P::ChecklistAnswerAssigned), checklist::mine),
        get("/checklist/evidence/{id}", opens, checklist::evidence_open),
        get("/checklist/evidence/{id}/file", opens, checklist::evidence_download),
        get("/checklist/{year}", sees, checklist::overview_of_year),
        post("/checklist/{year}/open", May(P::RoundManage), checklist::open),
        get("/checklist/{year}/history", May(P::ChecklistRead), checklist::year_history),
        get("/checklist/{year}/{form}", sees, checklist::overview_of_form),
        get("/checklist/{year}/{form}/next", sees, checklist::next),
        get("/checklist/{year}/{form}/history", May(P::ChecklistRead), checklist::round_history),
        post("/checklist/{year}/{form}/carry", May(P::RoundManage), checklist::carry),
        post("/checklist/{year}/{form}/close", May(P::RoundManage), checklist::close),
        post("/checklist/{year}/{form}/reopen", May(P::RoundManage), checklist::reopen),
        get("/checklist/{year}/{form}/assign", May(P::ChecklistAssign), checklist::assign),
        post("/checklist/{year}/{form}/assign", May(P::ChecklistAssign), checklist::assign_save),
        get("/checklist/{year}/{form}/ask", May(P::LedgerRead), checklist::ask),
        post("/checklist/{year}/{form}/ask", May(P::ChecklistAnswer), checklist::ask_save),
        get("/checklist/{year}/{form}/items/{row}", sees, checklist::item),
        post("/checklist/{year}/{form}/items/{row}", answers, checklist::item_save),
        get("/checklist/{year}/{form}/items/{row}/changed", sees, checklist::item_changed),
        post("/checklist/{year}/{form}/items/{row}/confirm", answers, checklist::item_confirm),
        post(
            "/checklist/{year}/{form}/items/{row}/replied",
            May(P::ChecklistAnswer),
            checklist::item_replied,
        ),
        get("/checklist/{year}/{form}/items/{row}/history", sees, checklist::item_history),
        post("/checklist/{year}/{form}/items/{row}/evidence", answers, checklist::evidence_add.layer(upload)),
        post("/checklist/{year}/{form}/items/{row}/evidence/link", answers, checklist::evidence_link),
        post(
            "/checklist/{year}/{form}/items/{row}/evidence/{id}/remove",
            answers,
            checklist::evidence_remove,
        ),
    ]
}
