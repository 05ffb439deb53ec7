//! Every route of the program, and who may use it. This page is the policy table; its second page is [`api`].

mod emergency;

use crate::{api, fixed, help};
use axum::Router;
use komainu_access::{Permission as P, Purpose};
use komainu_binder::pages as binder;
use komainu_checklist::official::pages as official;
use komainu_checklist::pages as checklist;
use komainu_contact::pages as contact;
use komainu_exchange::pages as exchange;
use komainu_exposed::pages as exposure;
use komainu_incident::pages as incident;
use komainu_institution::pages as institution;
use komainu_inventory::pages as inventory;
use komainu_inventory::template_pages as template;
use komainu_link::pages as link;
use komainu_map::pages as map;
use komainu_notice::pages as notice;
use komainu_operations::pages as operations;
use komainu_overview::pages as overview;
use komainu_people::factors::pages as factors;
use komainu_people::openid::pages as openid;
use komainu_people::pages as people;
use komainu_people::rescue::pages as rescue;
use komainu_place::pages as place;
use komainu_plan::pages as plan;
use komainu_setup::pages as setup;
use komainu_stocktake::pages as stocktake;
use komainu_vendor::pages as vendor;
use komainu_web::Audience::{Administrator, Always, Anyone, FirstRun, Link, May, MayAny, Present, SignedIn};
use komainu_web::{App, Route, get, post};
use komainu_webhook::pages as webhook;
use komainu_work::pages as work;

/// The program's router.
pub fn router(app: &App) -> Router {
    komainu_web::router(app, routes())
}

/// Every route.
pub fn routes() -> Vec<Route> {
    [
        fixed_routes(),
        people_routes(),
        factor_routes(),
        openid_routes(),
        rescue_routes(),
        place_routes(),
        link_routes(),
        institution_routes(),
        ledger_routes(),
        connected_routes(),
        exposure_routes(),
        stock_take_routes(),
        map_routes(),
        exchange_routes(),
        emergency::routes(),
        checklist_routes(),
        official_routes(),
        plan_routes(),
        binder_routes(),
        overview_routes(),
        webhook_routes(),
        operations_routes(),
        api::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What belongs to no domain.
fn fixed_routes() -> Vec<Route> {
    vec![
        get("/healthz", Always, fixed::health),
        get("/readyz", Always, fixed::ready),
        get("/metrics", Always, fixed::metrics),
        get("/assets/{name}", Always, fixed::asset),
        get("/worker.js", Always, fixed::worker),
        get("/licence", Always, fixed::licence),
        get("/help", Always, help::front),
        get("/help/", Always, help::front),
        get("/help/{*path}", Always, help::page),
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
        get("/account/password", SignedIn, people::password),
        post("/account/password", SignedIn, people::password_save),
        get("/account/email", SignedIn, people::email),
        post("/account/email", SignedIn, people::email_save),
        post("/account/reminders", SignedIn, people::reminders_save),
        post("/account/sessions", SignedIn, people::sessions_end),
        get("/account/tokens", May(P::AccountManage), people::tokens),
        post("/account/tokens", May(P::AccountManage), people::token_create),
        post("/account/tokens/end", May(P::AccountManage), people::token_end),
        get("/people", manage, people::people),
        get("/people/services", manage, people::services),
        post("/people/services", manage, people::service_create),
        post("/people/services/end", manage, people::service_end),
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

/// Second factors: the second step of signing in, one's own factors, an organisation's demand.
fn factor_routes() -> Vec<Route> {
    vec![
        get("/sign-in/second", Anyone, factors::second),
        post("/sign-in/second", Anyone, factors::second_submit),
        post("/sign-in/second/options", Anyone, factors::second_options),
        post("/sign-in/passkey", Anyone, factors::passkey_sign_in),
        post("/sign-in/passkey/options", Anyone, factors::passkey_sign_in_options),
        get("/account/confirm", SignedIn, factors::confirm),
        post("/account/confirm", SignedIn, factors::confirm_submit),
        post("/account/confirm/options", SignedIn, factors::confirm_options),
        get("/account/factors", SignedIn, factors::factors),
        get("/account/factors/totp", SignedIn, factors::totp),
        post("/account/factors/totp", SignedIn, factors::totp_save),
        post("/account/factors/totp/remove", SignedIn, factors::totp_remove),
        get("/account/factors/passkeys/new", SignedIn, factors::passkey_new),
        post("/account/factors/passkeys/options", SignedIn, factors::passkey_new_options),
        post("/account/factors/passkeys", SignedIn, factors::passkey_save),
        post("/account/factors/passkeys/{id}/remove", SignedIn, factors::passkey_remove),
        post("/account/factors/codes", SignedIn, factors::codes_make),
        post("/people/second-factor", May(P::MembersManage), factors::demand_save),
    ]
}

/// The house's own sign-in service: signing in, linking one's account, proving who one is.
fn openid_routes() -> Vec<Route> {
    vec![
        post("/sign-in/openid", Anyone, openid::sign_in),
        // It lets somebody in although it is only looked at: see decision 0022.
        get("/sign-in/openid/return", Anyone, openid::come_back),
        get("/sign-in/openid/unknown", Anyone, openid::unlinked),
        post("/account/openid", SignedIn, openid::link),
        post("/account/openid/{id}/remove", SignedIn, openid::unlink),
        post("/account/confirm/openid", SignedIn, openid::prove),
    ]
}

/// The way back in for who lost password or factors.
fn rescue_routes() -> Vec<Route> {
    let manage = May(P::MembersManage);
    vec![
        get("/sign-in/lost", Anyone, rescue::rescue_ask),
        post("/sign-in/lost", Anyone, rescue::rescue_ask_submit),
        post("/account/rescue/cancel", SignedIn, rescue::rescue_cancel),
        get("/people/rescues/{id}", manage, rescue::rescue_page),
        post("/people/rescues/{id}/agree", manage, rescue::rescue_agree),
        post("/people/rescues/{id}/refuse", manage, rescue::rescue_refuse),
        get("/rescue/{token}", Anyone, rescue::rescue),
        post("/rescue/{token}", Anyone, rescue::rescue_submit),
    ]
}

/// Shared places: registered by who manages members, opened by a name and a PIN or passkey, locked again.
fn place_routes() -> Vec<Route> {
    let manage = May(P::MembersManage);
    vec![
        get("/place", Anyone, place::who),
        get("/place/register", Anyone, place::register),
        post("/place/register", Anyone, place::register_submit),
        get("/place/as/{person}", Anyone, place::enter),
        post("/place/as/{person}", Anyone, place::enter_submit),
        post("/place/as/{person}/options", Anyone, place::enter_options),
        post("/place/lock", Anyone, place::lock),
        post("/place/keep", Anyone, place::keep).limit(place::KEEP_BODY),
        get("/place/state", Present, place::state),
        get("/account/pin", Present, place::pin),
        post("/account/pin", Present, place::pin_save),
        post("/account/pin/remove", SignedIn, place::pin_remove),
        post("/account/pin/lift", SignedIn, place::pin_lift_own),
        get("/drafts", May(P::OrganisationSee), place::drafts),
        post("/drafts/drop", May(P::OrganisationSee), place::draft_drop),
        get("/people/places", manage, place::places),
        post("/people/places", manage, place::minutes_save),
        get("/people/places/new", manage, place::place_new),
        post("/people/places/new", manage, place::place_save),
        post("/people/places/{id}/revoke", manage, place::place_revoke),
        post("/people/places/pins/{person}/lift", manage, place::pin_lift),
    ]
}

/// Links for people without an account: what there is, and what each purpose opens.
fn link_routes() -> Vec<Route> {
    let (manage, letter) = (May(P::LinksManage), Link(Purpose::LetterReply));
    vec![
        get("/links", manage, link::links),
        post("/links/{id}/revoke", manage, link::link_revoke),
        get("/l/reply/{token}", letter, checklist::reply),
        post("/l/reply/{token}", letter, checklist::reply_save),
    ]
}

/// Founding organisations, the institution's particulars, the setup interview.
fn institution_routes() -> Vec<Route> {
    let edit = May(P::InstitutionEdit);
    vec![
        get("/organisations/new", Administrator, institution::institution_form),
        post("/organisations/new", Administrator, institution::institution_submit),
        get("/organisations/new/association", Administrator, institution::association_form),
        post("/organisations/new/association", Administrator, institution::association_submit),
        get("/institution", edit, institution::institution),
        post("/institution", edit, institution::institution_save),
        get("/setup", edit, setup::setup),
        get("/setup/place", edit, setup::place),
        post("/setup/place", edit, setup::place_save),
        get("/setup/running", edit, setup::running),
        post("/setup/running", edit, setup::running_save),
        get("/setup/systems", edit, setup::systems),
        post("/setup/systems", edit, setup::systems_save),
        get("/setup/support", edit, setup::support),
        post("/setup/support", edit, setup::support_save),
        get("/setup/lines", edit, setup::lines),
        post("/setup/lines", edit, setup::lines_save),
        get("/setup/people", edit, setup::people),
        post("/setup/people", edit, setup::people_save),
        get("/setup/summary", edit, setup::summary),
        post("/setup/finish", edit, setup::finish),
    ]
}

/// Things and lines, and how far the ledger is filled.
fn connected_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        get("/ledger/completeness", read, inventory::completeness),
        get("/ledger/assets", read, inventory::assets),
        get("/ledger/assets/new", edit, inventory::asset_new),
        post("/ledger/assets/new", edit, inventory::asset_create),
        get("/ledger/assets/{id}", edit, inventory::asset),
        post("/ledger/assets/{id}", edit, inventory::asset_save),
        get("/ledger/assets/{id}/remove", edit, inventory::asset_remove_ask),
        post("/ledger/assets/{id}/remove", edit, inventory::asset_remove_do),
        get("/ledger/connections", read, inventory::connections),
        get("/ledger/connections/new", edit, inventory::connection_new),
        post("/ledger/connections/new", edit, inventory::connection_create),
        get("/ledger/connections/{id}", edit, inventory::connection),
        post("/ledger/connections/{id}", edit, inventory::connection_save),
        get("/ledger/connections/{id}/remove", edit, inventory::connection_remove_ask),
        post("/ledger/connections/{id}/remove", edit, inventory::connection_remove_do),
    ]
}

/// The rest of the ledger: systems, vendors, contacts.
fn ledger_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        get("/ledger", read, inventory::ledger),
        get("/ledger/systems", read, inventory::systems),
        get("/ledger/systems/new", edit, inventory::system_new),
        post("/ledger/systems/new", edit, inventory::system_create),
        get("/ledger/systems/{id}", edit, inventory::system),
        post("/ledger/systems/{id}", edit, inventory::system_save),
        get("/ledger/systems/{id}/remove", edit, inventory::system_remove_ask),
        post("/ledger/systems/{id}/remove", edit, inventory::system_remove_do),
        get("/ledger/templates", edit, template::templates),
        post("/ledger/templates", edit, template::templates_send),
        get("/ledger/templates/done", edit, template::done),
        get("/ledger/vendors", read, vendor::vendors),
        get("/ledger/vendors/new", edit, vendor::vendor_new),
        post("/ledger/vendors/new", edit, vendor::vendor_create),
        get("/ledger/vendors/{id}", edit, vendor::vendor),
        post("/ledger/vendors/{id}", edit, vendor::vendor_save),
        get("/ledger/vendors/{id}/remove", edit, vendor::vendor_remove_ask),
        post("/ledger/vendors/{id}/remove", edit, vendor::vendor_remove_do),
        get("/ledger/contacts", read, contact::contacts),
        get("/ledger/contacts/chart", read, contact::chart),
        get("/ledger/contacts/chart.pdf", read, contact::chart_pdf),
        get("/ledger/contacts/cards.pdf", read, contact::cards_pdf),
        get("/ledger/contacts/this-device", May(P::AccountManage), contact::device),
        post("/ledger/contacts/this-device", May(P::AccountManage), contact::device_add),
        post("/ledger/contacts/this-device/remove", May(P::AccountManage), contact::device_remove),
        post("/ledger/contacts/this-device/test", May(P::AccountManage), contact::device_test),
        get("/ledger/contacts/check", read, contact::contact_gaps),
        get("/ledger/contacts/suggestions", edit, contact::suggestions),
        post("/ledger/contacts/suggestions", edit, contact::suggestions_take),
        get("/ledger/contacts/new", edit, contact::contact_new),
        post("/ledger/contacts/new", edit, contact::contact_create),
        get("/ledger/contacts/{id}", edit, contact::contact),
        post("/ledger/contacts/{id}", edit, contact::contact_save),
        post("/ledger/contacts/{id}/move", edit, contact::contact_move_do),
        get("/ledger/contacts/{id}/remove", edit, contact::contact_remove_ask),
        post("/ledger/contacts/{id}/remove", edit, contact::contact_remove_do),
    ]
}

/// What the exposure engine says of the ledger.
fn exposure_routes() -> Vec<Route> {
    let read = May(P::LedgerRead);
    vec![
        get("/exposure", read, exposure::exposure),
        get("/exposure/state", read, exposure::state),
        get("/exposure/plan", read, exposure::plan),
        get("/exposure/what-if", read, exposure::what_if),
        get("/exposure/restore", read, exposure::restore),
        get("/exposure/table", read, exposure::table),
        get("/exposure/network.json", read, exposure::network),
    ]
}

/// The yearly stock-take: begun, walked, taken over, closed, printed.
fn stock_take_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        get("/ledger/stock-take", read, stocktake::stock_takes),
        post("/ledger/stock-take", edit, stocktake::stock_take_create),
        get("/ledger/stock-take/{id}", read, stocktake::stock_take),
        get("/ledger/stock-take/{id}/walk", read, stocktake::walk),
        get("/ledger/stock-take/{id}/list", read, stocktake::list_paper),
        get("/ledger/stock-take/{id}/result", read, stocktake::result_paper),
        get("/ledger/stock-take/{id}/add", edit, stocktake::thing_new),
        post("/ledger/stock-take/{id}/add", edit, stocktake::thing_create),
        get("/ledger/stock-take/{id}/close", edit, stocktake::close_ask),
        post("/ledger/stock-take/{id}/close", edit, stocktake::close_do),
        post("/ledger/stock-take/{id}/lines/{asset}", edit, stocktake::mark_save),
        post("/ledger/stock-take/{id}/lines/{asset}/take", edit, stocktake::thing_take),
    ]
}

/// The map: the picture and its table, where people put things, and files. What shows marks of incidents is put together by
/// these, which come after the map.
fn map_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        get("/map", read, incident::map_page),
        get("/map/data", read, incident::map_data),
        post("/map/spots", edit, map::spots),
        get("/map/a3.pdf", read, incident::map_a3),
        get("/map.svg", read, map::svg_file),
        get("/map.drawio", read, map::drawio_file),
        get("/map.bloodhound.json", read, map::bloodhound_file),
    ]
}

/// The ledger in files: taken in with a look at everything first, and taken out.
fn exchange_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        get("/ledger/import", edit, exchange::start),
        post("/ledger/import", edit, exchange::upload).limit(exchange::UPLOAD_BODY),
        get("/ledger/import/{id}", edit, exchange::import),
        get("/ledger/import/{id}/columns", edit, exchange::columns),
        post("/ledger/import/{id}/columns", edit, exchange::columns_save),
        post("/ledger/import/{id}/choices", edit, exchange::choose),
        post("/ledger/import/{id}/apply", edit, exchange::apply),
        post("/ledger/import/{id}/remove", edit, exchange::remove),
        get("/ledger/export", read, exchange::export),
        get("/ledger/export/file", read, exchange::export_file),
    ]
}

/// Rounds, their rows, evidence, letters and assignments. Staff reach rows; the actions show them only theirs.
fn checklist_routes() -> Vec<Route> {
    let sees = MayAny(&[P::ChecklistRead, P::ChecklistAnswerAssigned]);
    let answers = MayAny(&[P::ChecklistAnswer, P::ChecklistAnswerAssigned]);
    let opens = MayAny(&[P::EvidenceRead, P::ChecklistAnswerAssigned]);
    let row = "/checklist/{year}/{form}/items/{row}";
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
        post("/checklist/{year}/{form}/ask/link", May(P::LinksManage), checklist::ask_link),
        get(row, sees, checklist::item),
        post(row, answers, checklist::item_save),
        get("/checklist/{year}/{form}/items/{row}/changed", sees, checklist::item_changed),
        post("/checklist/{year}/{form}/items/{row}/confirm", answers, checklist::item_confirm),
        post(
            "/checklist/{year}/{form}/items/{row}/replied",
            May(P::ChecklistAnswer),
            checklist::item_replied,
        ),
        post(
            "/checklist/{year}/{form}/items/{row}/replies/{id}/take",
            May(P::ChecklistAnswer),
            checklist::item_reply_take,
        ),
        post(
            "/checklist/{year}/{form}/items/{row}/replies/{id}/set-aside",
            May(P::ChecklistAnswer),
            checklist::item_reply_set_aside,
        ),
        post(
            "/checklist/{year}/{form}/items/{row}/suggestion/take",
            May(P::ChecklistAnswer),
            checklist::item_suggestion_take,
        ),
        get("/checklist/{year}/{form}/items/{row}/history", sees, checklist::item_history),
        post("/checklist/{year}/{form}/items/{row}/evidence", answers, checklist::evidence_add)
            .limit(checklist::UPLOAD_BODY),
        post("/checklist/{year}/{form}/items/{row}/evidence/link", answers, checklist::evidence_link),
        post(
            "/checklist/{year}/{form}/items/{row}/evidence/{id}/remove",
            answers,
            checklist::evidence_remove,
        ),
    ]
}

/// The ministry's own workbook: loaded, confirmed, filled.
fn official_routes() -> Vec<Route> {
    let manage = May(P::OfficialFormManage);
    vec![
        get("/official", manage, official::forms),
        post("/official", manage, official::load).limit(official::UPLOAD_BODY),
        get("/official/{year}/{form}", manage, official::form),
        post("/official/{year}/{form}", manage, official::form_choose),
        post("/official/{year}/{form}/remove", manage, official::form_remove),
        get("/official/{year}/{form}/own", May(P::ChecklistRead), official::own),
        post("/official/{year}/{form}/own/{row}", May(P::ChecklistAnswer), official::own_save),
        get("/official/{year}/{form}/filled", May(P::PackMake), official::filled),
        get("/official/{year}/{form}/filled/file", May(P::PackMake), official::filled_file),
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

/// Progress, and who changed what.
fn overview_routes() -> Vec<Route> {
    vec![
        get("/progress", May(P::HistoryRead), overview::progress),
        get("/log", May(P::LogRead), overview::log),
    ]
}

/// The installation itself: where its data lies, and its backups.
fn operations_routes() -> Vec<Route> {
    vec![
        get("/operations", Administrator, operations::operations),
        get("/operations/backup", Administrator, operations::backup_state),
        post("/operations/backup", Administrator, operations::backup_now),
        post("/operations/proof", Administrator, operations::proof_now),
        post("/operations/key", Administrator, operations::key_kept),
        get("/operations/jobs", Administrator, work::jobs),
        post("/operations/jobs/{organisation}/{job}/retry", Administrator, work::job_retry),
        post("/operations/jobs/{organisation}/{job}/cancel", Administrator, work::job_cancel),
        get("/operations/mail", Administrator, notice::mail),
        post("/operations/mail/test", Administrator, notice::mail_test),
        get("/operations/ways", Administrator, notice::ways),
        post("/operations/ways/test", Administrator, notice::way_test),
        get("/operations/webhooks", Administrator, webhook::operations_webhooks),
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

/// Other programs that are told of changes.
fn webhook_routes() -> Vec<Route> {
    let manage = May(P::WebhooksManage);
    vec![
        get("/webhooks", manage, webhook::webhooks),
        get("/webhooks/new", manage, webhook::webhook_new),
        post("/webhooks/new", manage, webhook::webhook_create),
        get("/webhooks/{id}", manage, webhook::webhook),
        post("/webhooks/{id}", manage, webhook::webhook_save),
        post("/webhooks/{id}/test", manage, webhook::webhook_test),
        post("/webhooks/{id}/stop", manage, webhook::webhook_stop),
        post("/webhooks/{id}/resume", manage, webhook::webhook_resume),
        post("/webhooks/{id}/secret", manage, webhook::webhook_secret_renew),
        post("/webhooks/{id}/deliveries/{job}/again", manage, webhook::delivery_again),
        get("/webhooks/{id}/remove", manage, webhook::webhook_remove_ask),
        post("/webhooks/{id}/remove", manage, webhook::webhook_remove),
    ]
}
