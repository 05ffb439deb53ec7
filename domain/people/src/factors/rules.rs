//! When a code is right, how long a proof lasts, and where passkeys can work.

use chrono::{DateTime, Duration, Utc};
use totp_rs::{Builder, Totp, TotpError};
use url::{Host, Url};

/// How many recovery codes a set has.
pub const CODES: usize = 10;

/// From so few on, the page asks to make a new set.
pub const FEW_CODES: i64 = 3;

/// How long a browser may take between two steps.
pub const PENDING_LIFE: Duration = Duration::minutes(10);

/// A page that changes how one signs in opens with a proof of at most this age,
pub const PROOF_FRESH: Duration = Duration::minutes(5);

/// and its form is taken with one of at most this age: ten minutes to fill it in.
pub const PROOF_LIFE: Duration = Duration::minutes(15);

/// How many of the latest sign-ins are kept.
pub const SIGN_INS: i64 = 10;

/// Whether a proof is of use: not older than `most`, and not from a future that a clock set back has made.
pub fn proved(at: Option<DateTime<Utc>>, now: DateTime<Utc>, most: Duration) -> bool {
    at.is_some_and(|at| (Duration::zero()..=most).contains(&(now - at)))
}

/// Six digits, every 30 seconds, SHA-1, one step to either side: what every authenticator app understands (RFC 6238).
fn totp(secret: &[u8], account: &str) -> Result<Totp, TotpError> {
    Builder::new().with_secret(secret).with_account_name(account).with_issuer(Some("Komainu")).build()
}

/// The time step whose code was typed, if that is a step after the last one that was used.
pub fn totp_step(secret: &[u8], typed: &str, now: DateTime<Utc>, last_step: i64) -> Option<i64> {
    let now = u64::try_from(now.timestamp()).ok()?;
    let step = totp(secret, "").ok()?.check(typed, now)?;
    i64::try_from(step).ok().filter(|step| *step > last_step)
}

/// What an authenticator app reads from the QR code; none for an address that cannot be named there.
pub fn totp_url(secret: &[u8], account: &str) -> Option<String> {
    totp(secret, account).ok()?.to_url().ok()
}

/// Where passkeys work, seen from a request. Browsers tie them to a name, never to a bare address, and want TLS except
/// on the very same computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Here. Passkeys belong to the name and are answered at the origin.
    Here {
        /// The host's name.
        name: String,
        /// Scheme, name and port.
        origin: Url,
    },
    /// Under another address of this installation.
    Elsewhere(String),
    /// Nowhere, until the installation has a name and TLS.
    Nowhere,
}

/// Where passkeys work for a request that names `host`, in an installation reached at `public_url`.
pub fn ground(public_url: &str, host: &str) -> Ground {
    let Some((name, origin)) = Url::parse(public_url).ok().and_then(passkey_origin) else {
        return Ground::Nowhere;
    };
    let asked = host.rsplit_once(':').map_or(host, |(asked, _)| asked);
    if asked.eq_ignore_ascii_case(&name) {
        Ground::Here { name, origin }
    } else {
        Ground::Elsewhere(origin.as_str().trim_end_matches('/').to_owned())
    }
}

/// The name and origin under which passkeys work. A program that listens on its own computer only is also
/// `localhost` there.
fn passkey_origin(mut url: Url) -> Option<(String, Url)> {
    let loopback = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    if loopback && url.scheme() == "http" {
        url.set_host(Some("localhost")).ok()?;
    }
    let tied = matches!(url.host()?, Host::Domain(_)) && (url.scheme() == "https" || loopback);
    let name = url.host_str().filter(|_| tied)?.to_owned();
    Some((name, url))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";
    /// Its times, and the last six of its eight digits: fewer digits are the same number cut short.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in VECTORS {
            assert_eq!(totp_step(SECRET, code, at(seconds), 0), Some(seconds / 30), "{seconds}");
            assert_eq!(totp_step(b"another secret of 20", code, at(seconds), 0), None, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_a_step_early_or_late_and_once() {
        let (seconds, code) = VECTORS[2];
        let step = seconds / 30;
        for (case, moved, last, expected) in [
            ("in its step", 0, 0, Some(step)),
            ("a step late", 30, 0, Some(step)),
            ("a step early", -30, 0, Some(step)),
            ("two steps late", 60, 0, None),
            ("two steps early", -60, 0, None),
            ("after a code of the step before", 0, step - 1, Some(step)),
            ("again", 0, step, None),
            ("again, a step later", 30, step, None),
            ("after a later one", 0, step + 1, None),
        ] {
            assert_eq!(totp_step(SECRET, code, at(seconds + moved), last), expected, "{case}");
        }
        for wrong in ["", "05047", "0504710", "050472", "+50471", "０５０４７１"] {
            assert_eq!(totp_step(SECRET, wrong, at(seconds), 0), None, "{wrong}");
        }
        assert_eq!(totp_step(SECRET, "287082", at(-1), 0), None, "before the epoch");
    }

    #[test]
    fn the_qr_code_says_what_apps_expect() {
        assert_eq!(
            totp_url(SECRET, "soumu@example.jp").unwrap(),
            "otpauth://totp/Komainu:soumu%40example.jp?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Komainu"
        );
    }

    #[test]
    fn a_proof_grows_old() {
        let proof = Some(at(1_000_000));
        for (case, proof, seconds, expected) in [
            ("none", None, 0, false),
            ("at once", proof, 0, true),
            ("just in time", proof, 300, true),
            ("too late", proof, 301, false),
            ("a clock that was set back", proof, -1, false),
        ] {
            assert_eq!(proved(proof, at(1_000_000 + seconds), PROOF_FRESH), expected, "{case}");
        }
    }

    #[test]
    fn passkeys_need_a_name_and_tls_or_this_computer() {
        let here = |name: &str, origin: &str| Ground::Here {
            name: name.to_owned(),
            origin: Url::parse(origin).unwrap(),
        };
        let elsewhere = |origin: &str| Ground::Elsewhere(origin.to_owned());
        for (public_url, host, expected) in [
            (
                "https://komainu.example.jp",
                "komainu.example.jp",
                here("komainu.example.jp", "https://komainu.example.jp"),
            ),
            (
                "https://komainu.example.jp",
                "KOMAINU.example.jp:443",
                here("komainu.example.jp", "https://komainu.example.jp"),
            ),
            (
                "https://komainu.example.jp:8443",
                "komainu.example.jp:8443",
                here("komainu.example.jp", "https://komainu.example.jp:8443"),
            ),
            ("https://komainu.example.jp", "192.168.1.5", elsewhere("https://komainu.example.jp")),
            ("http://127.0.0.1:8420", "127.0.0.1:8420", elsewhere("http://localhost:8420")),
            ("http://127.0.0.1:8420", "localhost:8420", here("localhost", "http://localhost:8420")),
            ("http://[::1]:8420", "[::1]:8420", elsewhere("http://localhost:8420")),
            ("http://localhost:8420", "localhost:8420", here("localhost", "http://localhost:8420")),
            ("http://192.168.1.5:8420", "192.168.1.5:8420", Ground::Nowhere),
            ("http://192.168.1.5:8420", "localhost:8420", Ground::Nowhere),
            ("https://192.168.1.5", "192.168.1.5", Ground::Nowhere),
            ("http://komainu.example.jp", "komainu.example.jp", Ground::Nowhere),
            ("", "komainu.example.jp", Ground::Nowhere),
        ] {
            assert_eq!(ground(public_url, host), expected, "{public_url} {host}");
        }
    }
}
