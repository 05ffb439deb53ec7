//! Time and chance, as parameters.
//!
//! Nothing else in the house asks the machine for the time or for random bytes: a [`Nature`] is passed to whoever
//! needs them, so that a test can stand still, move on or repeat itself.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, SubsecRound, Utc};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Japan has one time zone and no summer time.
const JAPAN_SECONDS_EAST: i32 = 9 * 3600;

/// Where the moment and the random bytes come from.
#[derive(Clone)]
pub struct Nature(Arc<dyn Source>);

trait Source: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
    fn fill(&self, bytes: &mut [u8]);
}

impl Nature {
    /// The machine's own clock and the operating system's random generator.
    pub fn real() -> Nature {
        Nature(Arc::new(Real))
    }

    /// A clock that stands at `start` and a repeatable stream of bytes; move it with [`Fake::advance`].
    pub fn fake(start: DateTime<Utc>) -> (Nature, Fake) {
        let fake = Fake(Arc::new(Mutex::new((start.trunc_subsecs(6), 0))));
        (Nature(Arc::new(fake.clone())), fake)
    }

    /// The moment, to the microsecond: both databases keep exactly that much.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.now().trunc_subsecs(6)
    }

    /// Today's date in Japan.
    pub fn today(&self) -> NaiveDate {
        in_japan(self.now()).date_naive()
    }

    /// A fresh, time-ordered identifier (UUID version 7).
    pub fn id(&self) -> Uuid {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid()
    }

    /// `N` bytes that nobody can guess.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }
}

/// A moment as the wall clock in Japan shows it.
pub fn in_japan(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    let japan = FixedOffset::east_opt(JAPAN_SECONDS_EAST)
        .unwrap_or_else(|| FixedOffset::east_opt(0).expect("zero is in range"));
    moment.with_timezone(&japan)
}

struct Real;

impl Source for Real {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn fill(&self, bytes: &mut [u8]) {
        // A kernel without randomness cannot make a session or a key: there is nothing safe to go on with.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// The handle that moves a fake clock.
#[derive(Clone)]
pub struct Fake(Arc<Mutex<(DateTime<Utc>, u64)>>);

impl Fake {
    /// Moves the clock; a negative duration sets it back.
    pub fn advance(&self, by: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 += by;
    }
}

impl Source for Fake {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(32) {
            state.1 += 1;
            chunk.copy_from_slice(&Sha256::digest(state.1.to_be_bytes())[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        DateTime::parse_from_rfc3339("2026-03-31T14:59:59.123456789Z").unwrap().to_utc()
    }

    #[test]
    fn today_is_the_date_in_japan() {
        let (nature, fake) = Nature::fake(start());
        assert_eq!(nature.today().to_string(), "2026-03-31");
        fake.advance(Duration::seconds(1));
        assert_eq!(nature.today().to_string(), "2026-04-01");
    }

    #[test]
    fn ids_are_ordered_by_time_and_never_repeat() {
        let (nature, fake) = Nature::fake(start());
        let ids: Vec<Uuid> = (0..100)
            .map(|_| {
                fake.advance(Duration::milliseconds(1));
                nature.id()
            })
            .collect();
        assert!(ids.is_sorted());
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn the_real_generator_does_not_repeat() {
        assert_ne!(Nature::real().bytes::<32>(), Nature::real().bytes::<32>());
    }
}
