//! How many requests a token and an address may make, over the API and with links.
//!
//! Counted in this process's memory, on a clock of its own that never goes back: setting the computer's clock back must
//! lock nobody out. With several nodes each counts for itself.

use crate::Failure;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use komainu_access::TokenId;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

/// From one address several programs may come, each with a token.
const TOKENS_AN_ADDRESS: u32 = 5;
/// How many pages behind links an address may ask for in a minute, whether there are such links or not. All phones of a
/// house come from one address, each keeps a poster's fifteen pages when it is scanned, and when something happens everybody
/// scans; a phone that comes back has a thousand reports. Nobody guesses 256 bits: this bounds the work, not the guessing.
const LINKS_A_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(1_199);
/// How often those that have been quiet are forgotten, in requests.
const SWEEP: u32 = 1024;

/// What was asked lately: over the API by token and by address, unlimited where no limit was set; with links by address.
pub(crate) struct Rates {
    api: Option<(Limit<TokenId>, Limit<Network>)>,
    links: Limit<Network>,
}

/// An address; of IPv6 the half that a provider gives to one house.
type Network = [u8; 8];

struct Limit<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    asked: AtomicU32,
}

impl Rates {
    /// So many requests over the API a minute for each token; 0 for no limit.
    pub(crate) fn new(per_minute: u32) -> Rates {
        let per_minute = NonZeroU32::new(per_minute);
        let api = per_minute.map(|rate| {
            let address = rate.saturating_mul(NonZeroU32::MIN.saturating_add(TOKENS_AN_ADDRESS - 1));
            (Limit::new(Quota::per_minute(rate)), Limit::new(Quota::per_minute(address)))
        });
        Rates { api, links: Limit::new(Quota::per_minute(LINKS_A_MINUTE)) }
    }

    /// Counts a request with a link, before anything is looked for.
    pub(crate) fn link(&self, address: IpAddr) -> Result<(), Failure> {
        self.links.count(&network(address))
    }

    /// Counts a request over the API from an address, whoever sends it.
    pub(crate) fn address(&self, address: IpAddr) -> Result<(), Failure> {
        self.api.as_ref().map_or(Ok(()), |(_, addresses)| addresses.count(&network(address)))
    }

    /// Counts a request with a token.
    pub(crate) fn token(&self, token: TokenId) -> Result<(), Failure> {
        self.api.as_ref().map_or(Ok(()), |(tokens, _)| tokens.count(&token))
    }
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(quota: Quota) -> Limit<K> {
        Limit { limiter: RateLimiter::keyed(quota), asked: AtomicU32::new(0) }
    }

    fn count(&self, key: &K) -> Result<(), Failure> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP) {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Failure::TooMany(wait.as_secs() + 1)
        })
    }
}

fn network(address: IpAddr) -> Network {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let mut network = Network::default();
            network[4..].copy_from_slice(&v4.octets());
            network
        }
        IpAddr::V6(v6) => {
            let mut network = Network::default();
            network.copy_from_slice(&v6.octets()[..8]);
            network
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: u128) -> TokenId {
        TokenId(komainu_db::uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_token_is_stopped_and_told_how_long() {
        let rates = Rates::new(3);
        for _ in 0..3 {
            rates.token(token(1)).unwrap();
        }
        let Err(Failure::TooMany(seconds)) = rates.token(token(1)) else { panic!("not stopped") };
        assert!((1..=21).contains(&seconds), "{seconds}");
        rates.token(token(2)).unwrap();
    }

    #[test]
    fn an_address_is_stopped_later_and_a_house_is_one_address() {
        let rates = Rates::new(1);
        for last in 1..=5 {
            rates.address(format!("2001:db8::{last}").parse().unwrap()).unwrap();
        }
        assert!(rates.address("2001:db8::6".parse().unwrap()).is_err());
        rates.address("2001:db8:0:1::1".parse().unwrap()).unwrap();
        rates.address("192.0.2.1".parse().unwrap()).unwrap();
    }

    #[test]
    fn links_are_counted_even_without_a_limit_of_the_api() {
        let rates = Rates::new(0);
        let asked = |last: u8| rates.link(format!("192.0.2.{last}").parse().unwrap());
        assert!((0..1_200).all(|_| asked(1).is_ok()));
        assert!(matches!(asked(1), Err(Failure::TooMany(_))));
        asked(2).unwrap();
    }

    #[test]
    fn without_a_limit_nobody_is_stopped() {
        let rates = Rates::new(0);
        assert!((0..1000).all(|_| rates.token(token(1)).is_ok()));
    }
}
