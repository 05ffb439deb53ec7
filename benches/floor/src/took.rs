//! How long a number of equal things took.

use crate::Trouble;
use serde::Serialize;
use std::thread::ScopedJoinHandle;
use std::time::Duration;

#[derive(Serialize)]
pub(crate) struct Took {
    /// How many.
    count: usize,
    /// From the first one's beginning to the last one's end.
    seconds: f64,
    /// Half took no longer, in milliseconds.
    p50: f64,
    /// Of a hundred, all but one took no longer.
    p99: f64,
    /// Of the last answer's body.
    pub(crate) bytes: usize,
    /// Of what was written, by connection.
    pub(crate) versions: Vec<i64>,
}

impl Took {
    pub(crate) fn new(mut each: Vec<Duration>, all: Duration) -> Took {
        each.sort_unstable();
        let at = |hundredth: usize| {
            let index = each.len().saturating_sub(1) * hundredth / 100;
            each.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        let (p50, p99) = (at(50), at(99));
        Took { count: each.len(), seconds: all.as_secs_f64(), p50, p99, bytes: 0, versions: Vec::new() }
    }

    /// One line of JSON.
    pub(crate) fn print(&self) -> Result<(), Trouble> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }
}

/// The times of every thread, once all are done.
pub(crate) fn joined(
    hands: Vec<ScopedJoinHandle<'_, Result<Vec<Duration>, Trouble>>>,
) -> Result<Vec<Duration>, Trouble> {
    let mut times = Vec::new();
    for hand in hands {
        times.extend(hand.join().map_err(|_| "a connection's thread panicked")??);
    }
    Ok(times)
}
