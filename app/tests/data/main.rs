//! An installation's data: backed up, restored, moved, brought forward from earlier versions.
#![allow(clippy::unwrap_used)]

mod backup;
mod support;
mod upgrade;
