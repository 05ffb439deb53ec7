//! `/official`: loading the ministry's workbook, saying what its rows are, and getting it back filled.

mod filled;
mod form;
mod list;
mod own;

pub(crate) use filled::{XLSX, filled_name, made};
pub use filled::{filled, filled_file};
pub(crate) use form::value;
pub use form::{form, form_choose, form_remove};
pub use list::{forms, load};
pub use own::{own, own_save};

use crate::pages::{form_of as round_of, year_of};
use komainu_catalog::Variant;
use komainu_web::Failure;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The largest body that loading a workbook takes, in bytes: the largest workbook and what a form puts around it.
pub const UPLOAD_BODY: usize = komainu_workbook::MAX_FILE_BYTES + 1024 * 1024;

/// How long reading or filling a workbook may take before the person is told to try again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Workbooks that are worked on at the same time; each may unpack to many megabytes.
static BENCH: Semaphore = Semaphore::const_new(2);

/// Runs work on a stranger's workbook off the async threads, a few at a time, and not forever. The engine bounds what a
/// file can cost; the clock is for what nobody thought of.
pub(crate) async fn at_bench<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let bounded = async {
        let place = BENCH.acquire().await.map_err(Failure::internal)?;
        tokio::task::spawn_blocking(move || {
            // Held by the work itself: work that was given up still takes its place until it ends.
            let _place = place;
            work()
        })
        .await
        .map_err(Failure::internal)
    };
    tokio::time::timeout(PATIENCE, bounded)
        .await
        .map_err(|_| Failure::internal("a workbook took longer than allowed"))?
}

/// A year and a form in an address.
fn form_of(path: &(String, String)) -> Result<(i32, Variant), Failure> {
    Ok((year_of(&path.0)?, path.1.parse().map_err(|_| Failure::NotFound)?))
}
