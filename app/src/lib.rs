//! The program's routes and what belongs to no domain, for the binary and for the tests that walk every route.

mod api;
mod fixed;
mod help;
pub mod router;
