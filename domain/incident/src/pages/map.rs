//! The map with what incidents mark on it. Everything else about it is [`komainu_map`]'s, which knows of no incident.

use crate::marks::map_marks;
use axum::extract::Query;
use komainu_map::pages::{self, Asked, Part};
use komainu_web::{Member, Outcome};

/// `GET /map`
pub async fn map_page(member: Member, asked: Query<Asked>) -> Outcome {
    pages::map_page(member, asked, map_marks).await
}

/// `GET /map/data`
pub async fn map_data(member: Member, part: Query<Part>) -> Outcome {
    pages::map_data(member, part, map_marks).await
}

/// `GET /map/a3.pdf`
pub async fn map_a3(member: Member) -> Outcome {
    pages::a3(member, map_marks).await
}
