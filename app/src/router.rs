//! Every route of the program, and who may use it. This page is the policy table.

use crate::fixed;
use axum::Router;
use komainu_web::{App, Audience, Route, get};

/// The program's router.
pub fn router(app: &App) -> Router {
    komainu_web::router(app, routes())
}

/// Every route.
pub fn routes() -> Vec<Route> {
    use Audience::Always;
    vec![
        get("/healthz", Always, fixed::health),
        get("/assets/{name}", Always, fixed::asset),
        get("/licence", Always, fixed::licence),
    ]
}
