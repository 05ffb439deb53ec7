//! Every route of the API, and who may use it: the second page of the policy table.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use komainu_access::Permission as P;
use komainu_binder::api as binder;
use komainu_binder::emergency::api as emergency;
use komainu_checklist::api as checklist;
use komainu_checklist::official::api as official;
use komainu_contact::api as contact;
use komainu_escalation::api as escalation;
use komainu_exchange::api as exchange;
use komainu_exposed::api as exposure;
use komainu_incident::api as incident;
use komainu_institution::api as institution;
use komainu_inventory::api as inventory;
use komainu_inventory::template_api as template;
use komainu_link::api as link;
use komainu_map::api as map;
use komainu_nearmiss::api as nearmiss;
use komainu_operations::api as operations;
use komainu_overview::api as overview;
use komainu_people::api as people;
use komainu_people::factors::api as factors;
use komainu_people::openid::api as openid;
use komainu_people::rescue::api as rescue;
use komainu_place::api as place;
use komainu_plan::api as plan;
use komainu_setup::api as setup;
use komainu_stocktake::api as stocktake;
use komainu_vendor::api as vendor;
use komainu_web::Audience::{Always, May, MayAny};
use komainu_web::api::{api, document};
use komainu_web::{Outcome, Route};
use komainu_webhook::api as webhook;
use komainu_work::api as work;
use std::sync::LazyLock;
use utoipa_axum::routes;

/// The largest file that is taken, in bytes.
const FILE: usize = komainu_files::LIMIT;
/// What is decided about every row of a large import, in bytes.
const CHOICES: usize = 8_000_000;
/// A report with its photograph, which base64 makes a third larger, in bytes.
const REPORT: usize = 13_600_000;
/// An analysis, or a meeting's minutes, in as many words as may be, in bytes.
const LEARNING: usize = 1_000_000;

/// Every route of the API.
pub fn routes() -> Vec<Route> {
    [
        vec![api(Always, || routes!(openapi))],
        people_routes(),
        place_routes(),
        link_routes(),
        institution_routes(),
        ledger_routes(),
        connected_routes(),
        exposure_routes(),
        stock_take_routes(),
        map_routes(),
        exchange_routes(),
        near_miss_routes(),
        escalation_routes(),
        incident_routes(),
        checklist_routes(),
        row_routes(),
        official_routes(),
        plan_routes(),
        overview_routes(),
        webhook_routes(),
        operations_routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The token itself, one's own account, members and invitations.
fn people_routes() -> Vec<Route> {
    let (see, own, manage) = (May(P::OrganisationSee), May(P::AccountManage), May(P::MembersManage));
    vec![
        api(see, || routes!(people::token_get)),
        api(own, || routes!(people::account_get)),
        api(own, || routes!(people::account_change)),
        api(own, || routes!(people::organisations)),
        api(own, || routes!(people::sessions)),
        api(own, || routes!(people::sessions_end)),
        api(own, || routes!(people::session_end)),
        api(own, || routes!(factors::factors)),
        api(own, || routes!(factors::sign_ins)),
        api(own, || routes!(openid::sign_in_links)),
        api(manage, || routes!(people::members)),
        api(manage, || routes!(people::member_get)),
        api(manage, || routes!(people::member_change)),
        api(manage, || routes!(people::member_end)),
        api(manage, || routes!(people::invitations)),
        api(manage, || routes!(people::member_invite)),
        api(manage, || routes!(people::invitation_renew)),
        api(manage, || routes!(people::invitation_revoke)),
        api(manage, || routes!(factors::second_factor)),
        api(manage, || routes!(factors::second_factor_demand)),
        api(manage, || routes!(rescue::rescues)),
        api(manage, || routes!(rescue::rescue_refuse)),
    ]
}

/// Shared places, for who manages members.
fn place_routes() -> Vec<Route> {
    let manage = May(P::MembersManage);
    vec![
        api(manage, || routes!(place::places)),
        api(manage, || routes!(place::place_revoke)),
        api(manage, || routes!(place::place_lock)),
        api(manage, || routes!(place::place_lock_set)),
        api(manage, || routes!(place::place_pins)),
        api(manage, || routes!(place::place_pin_lift)),
    ]
}

/// Links that were given to people without an account. Each is made at the address of what it is for.
fn link_routes() -> Vec<Route> {
    let manage = May(P::LinksManage);
    vec![
        api(manage, || routes!(link::links)),
        api(manage, || routes!(link::link_get)),
        api(manage, || routes!(link::link_revoke)),
    ]
}

/// The institution's particulars, the setup interview.
fn institution_routes() -> Vec<Route> {
    let edit = May(P::InstitutionEdit);
    vec![
        api(May(P::OrganisationSee), || routes!(institution::institution_get)),
        api(edit, || routes!(institution::institution_change)),
        api(edit, || routes!(setup::setup)),
        api(edit, || routes!(setup::setup_place)),
        api(edit, || routes!(setup::setup_running)),
        api(edit, || routes!(setup::setup_systems)),
        api(edit, || routes!(setup::setup_support)),
        api(edit, || routes!(setup::setup_lines)),
        api(edit, || routes!(setup::setup_people)),
        api(edit, || routes!(setup::setup_finish)),
    ]
}

/// Systems, vendors, contacts.
fn ledger_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        api(read, || routes!(inventory::systems)),
        api(edit, || routes!(inventory::system_add)),
        api(read, || routes!(inventory::system_get)),
        api(edit, || routes!(inventory::system_change)),
        api(edit, || routes!(inventory::system_remove)),
        api(read, || routes!(template::templates)),
        api(edit, || routes!(template::template_apply)),
        api(read, || routes!(vendor::vendors)),
        api(edit, || routes!(vendor::vendor_add)),
        api(read, || routes!(vendor::vendor_get)),
        api(edit, || routes!(vendor::vendor_change)),
        api(edit, || routes!(vendor::vendor_remove)),
        api(read, || routes!(contact::contacts)),
        api(edit, || routes!(contact::contact_add)),
        api(read, || routes!(contact::contact_gaps)),
        api(read, || routes!(contact::contact_chart)),
        api(read, || routes!(contact::contact_cards)),
        api(edit, || routes!(contact::contact_suggestions)),
        api(edit, || routes!(contact::contact_accept)),
        api(read, || routes!(contact::contact_get)),
        api(edit, || routes!(contact::contact_change)),
        api(edit, || routes!(contact::contact_move)),
        api(edit, || routes!(contact::contact_remove)),
    ]
}

/// Things and lines of the ledger, and how far it is filled.
fn connected_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        api(read, || routes!(inventory::ledger_completeness)),
        api(read, || routes!(inventory::assets)),
        api(edit, || routes!(inventory::asset_add)),
        api(read, || routes!(inventory::asset_get)),
        api(edit, || routes!(inventory::asset_change)),
        api(edit, || routes!(inventory::asset_remove)),
        api(read, || routes!(inventory::connections)),
        api(edit, || routes!(inventory::connection_add)),
        api(read, || routes!(inventory::connection_get)),
        api(edit, || routes!(inventory::connection_change)),
        api(edit, || routes!(inventory::connection_remove)),
    ]
}

/// What the exposure engine says of the ledger.
fn exposure_routes() -> Vec<Route> {
    let read = May(P::LedgerRead);
    vec![
        api(read, || routes!(exposure::exposure)),
        api(read, || routes!(exposure::exposure_what_if)),
        api(read, || routes!(exposure::exposure_plan)),
        api(read, || routes!(exposure::exposure_restoration)),
        api(read, || routes!(exposure::exposure_network)),
    ]
}

/// The yearly stock-take.
fn stock_take_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        api(read, || routes!(stocktake::stock_takes)),
        api(edit, || routes!(stocktake::stock_take_start)),
        api(read, || routes!(stocktake::stock_take_get)),
        api(edit, || routes!(stocktake::stock_take_close)),
        api(read, || routes!(stocktake::stock_take_lines)),
        api(read, || routes!(stocktake::stock_take_line)),
        api(edit, || routes!(stocktake::stock_take_mark)),
        api(edit, || routes!(stocktake::stock_take_take)),
        api(edit, || routes!(stocktake::stock_take_add)),
        api(read, || routes!(stocktake::stock_take_list)),
        api(read, || routes!(stocktake::stock_take_result)),
    ]
}

/// Near misses.
fn near_miss_routes() -> Vec<Route> {
    let (report, handle) = (May(P::NearMissReport), May(P::NearMissHandle));
    vec![
        api(handle, || routes!(nearmiss::near_misses)),
        api(report, || routes!(nearmiss::near_miss_report)).limit(REPORT),
        api(report, || routes!(nearmiss::near_miss_receipt)),
        api(handle, || routes!(nearmiss::near_miss)),
        api(handle, || routes!(nearmiss::near_miss_judge)),
        api(handle, || routes!(nearmiss::near_miss_state_set)),
        api(handle, || routes!(nearmiss::near_miss_board_save)),
        api(handle, || routes!(nearmiss::near_miss_message_send)),
        api(handle, || routes!(nearmiss::near_miss_measure_add)),
        api(handle, || routes!(nearmiss::near_miss_measures)),
        api(handle, || routes!(nearmiss::near_miss_measure_settle)),
        api(handle, || routes!(nearmiss::near_miss_measure_change)),
        api(handle, || routes!(nearmiss::near_miss_analysis)),
        api(handle, || routes!(nearmiss::near_miss_analysis_save)).limit(LEARNING),
        api(handle, || routes!(nearmiss::near_miss_meetings)),
        api(handle, || routes!(nearmiss::near_miss_meeting_add)).limit(LEARNING),
        api(handle, || routes!(nearmiss::near_miss_meeting)),
        api(handle, || routes!(nearmiss::near_miss_meeting_save)).limit(LEARNING),
        api(handle, || routes!(nearmiss::near_miss_meeting_list)),
        api(handle, || routes!(nearmiss::near_miss_meeting_minutes)),
        api(report, || routes!(nearmiss::near_miss_board)),
        api(report, || routes!(nearmiss::near_miss_board_sheet)),
        api(handle, || routes!(nearmiss::near_miss_figures)),
        api(handle, || routes!(nearmiss::near_miss_figures_paper)),
        api(handle, || routes!(nearmiss::near_miss_figures_csv)),
        api(handle, || routes!(nearmiss::near_miss_photo)),
        api(handle, || routes!(nearmiss::near_miss_posters)),
    ]
}

/// Calling people out.
fn escalation_routes() -> Vec<Route> {
    let run = May(P::EscalationRun);
    vec![
        api(run, || routes!(escalation::escalations)),
        api(run, || routes!(escalation::escalation_start)),
        api(run, || routes!(escalation::escalation)),
        api(run, || routes!(escalation::escalation_stop)),
        api(run, || routes!(escalation::escalation_told)),
        api(run, || routes!(escalation::escalation_know)),
        api(run, || routes!(escalation::escalation_plans)),
        api(run, || routes!(escalation::escalation_plan_add)),
        api(run, || routes!(escalation::escalation_plan)),
        api(run, || routes!(escalation::escalation_plan_change)),
        api(run, || routes!(escalation::escalation_plan_remove)),
        api(run, || routes!(escalation::contact_test)),
        api(run, || routes!(escalation::contact_test_schedule)),
        api(run, || routes!(escalation::contact_test_schedule_set)),
    ]
}

/// Incidents.
fn incident_routes() -> Vec<Route> {
    let (see, lead) = (May(P::IncidentSee), May(P::IncidentLead));
    vec![
        api(see, || routes!(incident::incidents)),
        api(lead, || routes!(incident::incident_declare)),
        api(see, || routes!(incident::incident)),
        api(lead, || routes!(incident::incident_change)),
        api(lead, || routes!(incident::incident_state_set)),
        api(lead, || routes!(incident::incident_role_give)),
        api(lead, || routes!(incident::incident_entry_write)),
        api(lead, || routes!(incident::incident_task_add)),
        api(see, || routes!(incident::incident_task)),
        api(lead, || routes!(incident::incident_task_save)),
        api(lead, || routes!(incident::incident_asset_mark)),
        api(lead, || routes!(incident::incident_evidence_add)).limit(FILE),
        api(see, || routes!(incident::incident_evidence)),
        api(see, || routes!(incident::incident_evidence_file)),
        api(lead, || routes!(incident::incident_custody_add)),
        api(see, || routes!(incident::incident_duties)),
        api(lead, || routes!(incident::incident_duty_note)),
        api(see, || routes!(incident::incident_sheet)),
        api(lead, || routes!(incident::incident_sheet_save)),
        api(see, || routes!(incident::incident_report)),
        api(see, || routes!(incident::incident_report_file)),
        api(lead, || routes!(incident::incident_close)),
        api(lead, || routes!(incident::incident_export)),
    ]
}

/// The most that places on the map take, in bytes: 2,000 of the longest.
const SPOTS: usize = 400_000;

/// The map, and what is dangerous about it.
fn map_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        api(read, || routes!(incident::map_get)),
        api(read, || routes!(map::ledger_findings)),
        api(edit, || routes!(map::map_spots_set)).limit(SPOTS),
    ]
}

/// The ledger in files.
fn exchange_routes() -> Vec<Route> {
    let (read, edit) = (May(P::LedgerRead), May(P::LedgerEdit));
    vec![
        api(edit, || routes!(exchange::ledger_imports)),
        api(edit, || routes!(exchange::ledger_import_start)).limit(komainu_exchange::rules::MOST_BYTES),
        api(edit, || routes!(exchange::ledger_import)),
        api(edit, || routes!(exchange::ledger_import_rows)),
        api(edit, || routes!(exchange::ledger_import_choose)).limit(CHOICES),
        api(edit, || routes!(exchange::ledger_import_apply)),
        api(edit, || routes!(exchange::ledger_import_remove)),
        api(read, || routes!(exchange::ledger_export)),
    ]
}

/// Editions, rounds, assignments and letters. Staff reach rows; the actions show them only theirs.
fn checklist_routes() -> Vec<Route> {
    let sees = MayAny(&[P::ChecklistRead, P::ChecklistAnswerAssigned]);
    let manage = May(P::RoundManage);
    vec![
        api(May(P::OrganisationSee), || routes!(checklist::editions)),
        api(May(P::OrganisationSee), || routes!(checklist::edition_form)),
        api(May(P::ChecklistRead), || routes!(checklist::rounds)),
        api(manage, || routes!(checklist::round_open)),
        api(sees, || routes!(checklist::round_get)),
        api(manage, || routes!(checklist::round_carry)),
        api(manage, || routes!(checklist::round_close)),
        api(manage, || routes!(checklist::round_reopen)),
        api(May(P::ChecklistRead), || routes!(checklist::round_history)),
        api(May(P::ChecklistAnswerAssigned), || routes!(checklist::assignments)),
        api(May(P::ChecklistAssign), || routes!(checklist::assignment_set)),
        api(May(P::LedgerRead), || routes!(checklist::letter_get)),
        api(May(P::ChecklistAnswer), || routes!(checklist::ask_record)),
        api(May(P::ChecklistAnswer), || routes!(checklist::reply_link)),
        api(May(P::ChecklistRead), || routes!(checklist::replies)),
        api(May(P::ChecklistAnswer), || routes!(checklist::reply_take)),
        api(May(P::ChecklistAnswer), || routes!(checklist::reply_set_aside)),
    ]
}

/// Rows with their answers and evidence.
fn row_routes() -> Vec<Route> {
    let sees = MayAny(&[P::ChecklistRead, P::ChecklistAnswerAssigned]);
    let answers = MayAny(&[P::ChecklistAnswer, P::ChecklistAnswerAssigned]);
    let opens = MayAny(&[P::EvidenceRead, P::ChecklistAnswerAssigned]);
    vec![
        api(sees, || routes!(checklist::rows)),
        api(sees, || routes!(checklist::row_get)),
        api(answers, || routes!(checklist::answer_set)),
        api(answers, || routes!(checklist::answer_confirm)),
        api(May(P::ChecklistAnswer), || routes!(checklist::suggestion_take)),
        api(May(P::ChecklistAnswer), || routes!(checklist::ask_replied)),
        api(sees, || routes!(checklist::row_history)),
        api(sees, || routes!(checklist::evidence)),
        api(answers, || routes!(checklist::evidence_add)).limit(FILE),
        api(answers, || routes!(checklist::evidence_link)),
        api(opens, || routes!(checklist::evidence_get)),
        api(opens, || routes!(checklist::evidence_file)),
        api(answers, || routes!(checklist::evidence_remove)),
    ]
}

/// The ministry's own workbook: loaded, confirmed, filled.
fn official_routes() -> Vec<Route> {
    let manage = May(P::OfficialFormManage);
    vec![
        api(manage, || routes!(official::official_forms)),
        api(manage, || routes!(official::official_load)).limit(FILE),
        api(manage, || routes!(official::official_form)),
        api(manage, || routes!(official::official_choose)),
        api(manage, || routes!(official::official_remove)),
        api(May(P::ChecklistRead), || routes!(official::own_rows)),
        api(May(P::ChecklistRead), || routes!(official::own_row_get)),
        api(May(P::ChecklistAnswer), || routes!(official::own_answer_set)),
        api(May(P::PackMake), || routes!(official::filled)),
        api(May(P::PackMake), || routes!(official::filled_file)),
    ]
}

/// The plan and its steps.
fn plan_routes() -> Vec<Route> {
    let sees = MayAny(&[P::PlanRead, P::PlanSeeOwn]);
    vec![
        api(sees, || routes!(plan::plan)),
        api(sees, || routes!(plan::step_get)),
        api(sees, || routes!(plan::step_mark)),
    ]
}

/// Inspection packs, progress, and who changed what.
fn overview_routes() -> Vec<Route> {
    let make = May(P::PackMake);
    vec![
        api(make, || routes!(binder::packs)),
        api(make, || routes!(binder::pack_order)),
        api(make, || routes!(binder::pack_get)),
        api(make, || routes!(binder::pack_cancel)),
        api(make, || routes!(binder::pack_file)),
        api(make, || routes!(emergency::emergency_binders)),
        api(make, || routes!(emergency::emergency_binder_make)),
        api(make, || routes!(emergency::emergency_binder_file)),
        api(make, || routes!(emergency::emergency_binder_copy)),
        api(May(P::HistoryRead), || routes!(overview::progress)),
        api(May(P::LogRead), || routes!(overview::log)),
        api(May(P::LogRead), || routes!(overview::log_prove)),
    ]
}

/// Other programs that are told of changes.
fn webhook_routes() -> Vec<Route> {
    let manage = May(P::WebhooksManage);
    vec![
        api(manage, || routes!(webhook::webhooks)),
        api(manage, || routes!(webhook::webhook_add)),
        api(manage, || routes!(webhook::webhook_get)),
        api(manage, || routes!(webhook::webhook_change)),
        api(manage, || routes!(webhook::webhook_remove)),
        api(manage, || routes!(webhook::webhook_stop)),
        api(manage, || routes!(webhook::webhook_resume)),
        api(manage, || routes!(webhook::webhook_test)),
        api(manage, || routes!(webhook::webhook_secret_renew)),
        api(manage, || routes!(webhook::webhook_deliveries)),
        api(manage, || routes!(webhook::delivery_resend)),
    ]
}

/// The installation itself, for those who run it.
fn operations_routes() -> Vec<Route> {
    let (see, manage) = (May(P::InstallationSee), May(P::InstallationManage));
    vec![
        api(see, || routes!(operations::operations)),
        api(manage, || routes!(operations::backup_ask)),
        api(manage, || routes!(operations::proof_ask)),
        api(manage, || routes!(operations::key_keep)),
        api(see, || routes!(webhook::installation_webhooks)),
        api(see, || routes!(work::jobs)),
        api(manage, || routes!(work::job_retry)),
        api(manage, || routes!(work::job_cancel)),
    ]
}

/// This document
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, body = serde_json::Value)))]
async fn openapi() -> Outcome {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| document(&routes(), env!("CARGO_PKG_VERSION")));
    Ok(([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response())
}
