//! The routes of the checklist as the program's page of routes has them.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use komainu_access::Permission as P;
use komainu_checklist::pages;
use komainu_web::Audience::{May, MayAny};
use komainu_web::{Route, get, post};

pub fn routes() -> Vec<Route> {
    let sees = MayAny(&[P::ChecklistRead, P::ChecklistAnswerAssigned]);
    let answers = MayAny(&[P::ChecklistAnswer, P::ChecklistAnswerAssigned]);
    let opens = MayAny(&[P::EvidenceRead, P::ChecklistAnswerAssigned]);
    let upload = DefaultBodyLimit::max(pages::UPLOAD_BODY);
    vec![
        get("/checklist", sees, pages::overview),
        get("/checklist/mine", May(P::ChecklistAnswerAssigned), pages::mine),
        get("/checklist/evidence/{id}", opens, pages::evidence_open),
        get("/checklist/evidence/{id}/file", opens, pages::evidence_download),
        get("/checklist/{year}", sees, pages::overview_of_year),
        post("/checklist/{year}/open", May(P::RoundManage), pages::open),
        get("/checklist/{year}/history", May(P::ChecklistRead), pages::year_history),
        get("/checklist/{year}/{form}", sees, pages::overview_of_form),
        get("/checklist/{year}/{form}/next", sees, pages::next),
        get("/checklist/{year}/{form}/history", May(P::ChecklistRead), pages::round_history),
        post("/checklist/{year}/{form}/carry", May(P::RoundManage), pages::carry),
        post("/checklist/{year}/{form}/close", May(P::RoundManage), pages::close),
        post("/checklist/{year}/{form}/reopen", May(P::RoundManage), pages::reopen),
        get("/checklist/{year}/{form}/assign", May(P::ChecklistAssign), pages::assign),
        post("/checklist/{year}/{form}/assign", May(P::ChecklistAssign), pages::assign_save),
        get("/checklist/{year}/{form}/ask", May(P::LedgerRead), pages::ask),
        post("/checklist/{year}/{form}/ask", May(P::ChecklistAnswer), pages::ask_save),
        get("/checklist/{year}/{form}/items/{row}", sees, pages::item),
        post("/checklist/{year}/{form}/items/{row}", answers, pages::item_save),
        get("/checklist/{year}/{form}/items/{row}/changed", sees, pages::item_changed),
        post("/checklist/{year}/{form}/items/{row}/confirm", answers, pages::item_confirm),
        post("/checklist/{year}/{form}/items/{row}/replied", May(P::ChecklistAnswer), pages::item_replied),
        get("/checklist/{year}/{form}/items/{row}/history", sees, pages::item_history),
        post("/checklist/{year}/{form}/items/{row}/evidence", answers, pages::evidence_add.layer(upload)),
        post("/checklist/{year}/{form}/items/{row}/evidence/link", answers, pages::evidence_link),
        post("/checklist/{year}/{form}/items/{row}/evidence/{id}/remove", answers, pages::evidence_remove),
    ]
}
