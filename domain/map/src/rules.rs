//! Pure: what is drawn, where it stands, and what is dangerous about it.

pub mod design;
pub mod layout;
pub mod scene;
