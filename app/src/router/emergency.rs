//! What happens when something happens: near misses, calling people out, incidents, the binder.

use komainu_access::{Permission as P, Purpose};
use komainu_binder::emergency::pages as emergency;
use komainu_escalation::pages as escalation;
use komainu_incident::pages as incident;
use komainu_nearmiss::pages as nearmiss;
use komainu_web::Audience::{Anyone, Link, May};
use komainu_web::{Route, get, post};

/// All of it.
pub(super) fn routes() -> Vec<Route> {
    [near_miss_routes(), escalation_routes(), incident_routes(), binder_routes()].concat()
}

/// Near misses: reported from posters and by members, followed by receipt code, handled.
fn near_miss_routes() -> Vec<Route> {
    let (report, handle) = (May(P::NearMissReport), May(P::NearMissHandle));
    let poster = Link(Purpose::NearMissReport);
    vec![
        get("/l/report/{token}", poster, nearmiss::report_linked),
        get("/l/report/{token}/receipt", poster, nearmiss::follow_linked),
        post("/l/report/{token}/receipt", poster, nearmiss::follow_linked_submit),
        get("/l/report/{token}/{symptom}", poster, nearmiss::symptom_linked),
        post("/l/report/{token}/{symptom}", poster, nearmiss::report_linked_send)
            .limit(nearmiss::REPORT_BODY),
        get("/near-miss", report, nearmiss::near_misses),
        get("/near-miss/report", report, nearmiss::report),
        get("/near-miss/report/{symptom}", report, nearmiss::symptom),
        get("/near-miss/kept", report, nearmiss::report_kept),
        get("/near-miss/kept/{symptom}", report, nearmiss::symptom_kept),
        post("/near-miss/report/{symptom}", report, nearmiss::report_send).limit(nearmiss::REPORT_BODY),
        get("/near-miss/receipt", report, nearmiss::follow),
        post("/near-miss/receipt", report, nearmiss::follow_submit),
        get("/near-miss/board", report, nearmiss::board),
        get("/near-miss/board/{id}/sheet", report, nearmiss::board_sheet),
        get("/near-miss/measures", handle, nearmiss::measures),
        get("/near-miss/meetings", handle, nearmiss::meetings),
        post("/near-miss/meetings", handle, nearmiss::meeting_create),
        get("/near-miss/meetings/{id}", handle, nearmiss::meeting),
        post("/near-miss/meetings/{id}", handle, nearmiss::meeting_submit),
        get("/near-miss/meetings/{id}/list", handle, nearmiss::meeting_list),
        get("/near-miss/meetings/{id}/minutes", handle, nearmiss::meeting_minutes),
        get("/near-miss/figures", handle, nearmiss::figures),
        get("/near-miss/figures/csv", handle, nearmiss::figures_csv),
        get("/near-miss/figures/paper", handle, nearmiss::figures_paper),
        get("/near-miss/posters", May(P::LinksManage), nearmiss::posters),
        post("/near-miss/posters", May(P::LinksManage), nearmiss::posters_print),
        post("/near-miss/posters/{id}/withdraw", May(P::LinksManage), nearmiss::poster_withdraw),
        get("/near-miss/{id}", handle, nearmiss::near_miss),
        get("/near-miss/{id}/photos/{photo}", handle, nearmiss::photo),
        post("/near-miss/{id}/judge", handle, nearmiss::judge),
        get("/near-miss/{id}/analysis", handle, nearmiss::analysis),
        post("/near-miss/{id}/analysis", handle, nearmiss::analysis_submit),
        post("/near-miss/{id}/state", handle, nearmiss::state_set),
        post("/near-miss/{id}/message", handle, nearmiss::message),
        post("/near-miss/{id}/measures", handle, nearmiss::measure_new),
        post("/near-miss/{id}/board", handle, nearmiss::board_publish),
        post("/near-miss/measures/{id}", handle, nearmiss::measure_settle),
        post("/near-miss/measures/{id}/edit", handle, nearmiss::measure_edit),
    ]
}

/// Calling people out, and the page behind a message.
fn escalation_routes() -> Vec<Route> {
    let run = May(P::EscalationRun);
    vec![
        get("/ack/{secret}", Anyone, escalation::ack),
        post("/ack/{secret}", Anyone, escalation::ack_submit),
        get("/escalations", run, escalation::escalations),
        post("/escalations/test", run, escalation::test),
        post("/escalations/test/schedule", run, escalation::test_schedule),
        get("/escalations/start/{plan}", run, escalation::start_form),
        post("/escalations/start/{plan}", run, escalation::start),
        get("/escalations/plans/new", run, escalation::plan_new),
        post("/escalations/plans/new", run, escalation::plan_add),
        get("/escalations/plans/{id}", run, escalation::plan),
        post("/escalations/plans/{id}", run, escalation::plan_save),
        post("/escalations/plans/{id}/remove", run, escalation::plan_remove),
        get("/escalations/{id}", run, escalation::board),
        get("/escalations/{id}/live", run, escalation::board_live),
        get("/escalations/{id}/answers.csv", run, escalation::board_csv),
        post("/escalations/{id}/told/{call}", run, escalation::board_told),
        post("/escalations/{id}/know", run, escalation::own_known),
        post("/escalations/{id}/stop", run, escalation::board_stop),
    ]
}

/// Incidents: who may see reads, who leads writes.
fn incident_routes() -> Vec<Route> {
    let (see, lead) = (May(P::IncidentSee), May(P::IncidentLead));
    vec![
        get("/incidents", see, incident::incidents),
        post("/incidents", lead, incident::declare),
        get("/incidents/new", lead, incident::declare_new),
        get("/incidents/{id}", see, incident::board),
        get("/incidents/{id}/live", see, incident::board_live),
        get("/incidents/{id}/quiet", see, incident::quiet),
        get("/incidents/{id}/edit", lead, incident::edit),
        post("/incidents/{id}/edit", lead, incident::edit_save),
        post("/incidents/{id}/state", lead, incident::state_set),
        post("/incidents/{id}/roles", lead, incident::role_give),
        post("/incidents/{id}/entries", lead, incident::entry_write),
        post("/incidents/{id}/tasks", lead, incident::task_add),
        post("/incidents/{id}/tasks/{task}", lead, incident::task_save),
        get("/incidents/{id}/assets", see, incident::assets),
        post("/incidents/{id}/assets", lead, incident::asset_mark),
        get("/incidents/{id}/evidence", see, incident::evidence),
        post("/incidents/{id}/evidence", lead, incident::evidence_add).limit(incident::EVIDENCE_BODY),
        get("/incidents/{id}/evidence/{exhibit}/file", see, incident::evidence_file),
        post("/incidents/{id}/evidence/{exhibit}/custody", lead, incident::custody_add),
        get("/incidents/{id}/duties", see, incident::duties),
        post("/incidents/{id}/duties", lead, incident::answers_save),
        post("/incidents/{id}/duties/{duty}", lead, incident::duty_note),
        get("/incidents/{id}/facts", see, incident::facts),
        post("/incidents/{id}/facts", lead, incident::facts_save),
        get("/incidents/{id}/reports", see, incident::reports),
        get("/incidents/{id}/reports/{report}", see, incident::report),
        get("/incidents/{id}/reports/{report}/{file}", see, incident::report_file),
        get("/incidents/{id}/files/{file}", see, incident::case_file),
        get("/incidents/{id}/close", lead, incident::close),
        post("/incidents/{id}/close", lead, incident::close_submit),
    ]
}

/// The book for when no screen works.
fn binder_routes() -> Vec<Route> {
    let make = May(P::PackMake);
    vec![
        get("/emergency-binder", make, emergency::binder),
        post("/emergency-binder", make, emergency::binder_wish),
        post("/emergency-binder/copy", make, emergency::binder_carry),
        get("/emergency-binder/{lang}", make, emergency::binder_file),
    ]
}
