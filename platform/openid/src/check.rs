//! Whether an ID token may be believed (OpenID Connect Core 1.0, 3.1.3.7).

use chrono::{DateTime, Duration, Utc};
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{ClaimsVerificationError, ClientId, IssuerUrl, Nonce};

/// How far the clocks of both houses may differ.
const SKEW: Duration = Duration::minutes(2);
/// How old an ID token may be that has just been asked for.
const AGE: Duration = Duration::minutes(10);
/// Longest name of a person that is kept; the standard allows 255.
const LONGEST: usize = 255;

/// The signatures that are believed: those that a public key proves. A token "signed" with nothing, or with the secret that
/// both sides know, is none.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What the claim `acr` says where more than a password was asked for: OpenID Connect's and REFEDS' own names for it.
const STRONG_CONTEXTS: [&str; 3] = ["phr", "phrh", "https://refeds.org/profile/mfa"];

/// Who somebody is, by the word of the sign-in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The service.
    pub issuer: String,
    /// The person there: never given to another, and no mail address.
    pub subject: String,
    /// Whether the service says that it asked for a second factor.
    pub second_factor: bool,
}

/// What an ID token is held against.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a IssuerUrl,
    pub(crate) client: &'a ClientId,
    pub(crate) nonce: &'a str,
    pub(crate) fresh_since: Option<DateTime<Utc>>,
    pub(crate) now: DateTime<Utc>,
}

/// Who an ID token speaks of, after every check.
pub(crate) fn check(
    token: &CoreIdToken,
    keys: &CoreJsonWebKeySet,
    expected: &Expected<'_>,
) -> Result<Identity, ClaimsVerificationError> {
    let (now, fresh_since) = (expected.now, expected.fresh_since);
    // A verifier that knows no secret takes no signature made with one.
    let verifier = CoreIdTokenVerifier::new_public_client(
        expected.client.clone(),
        expected.issuer.clone(),
        keys.clone(),
    )
    .set_allowed_algs(ALGORITHMS)
    .set_time_fn(move || now - SKEW)
    .set_issue_time_verifier_fn(move |at| issued(at, now))
    .set_auth_time_verifier_fn(move |at| signed_in(at, fresh_since));
    let claims = token.claims(&verifier, &Nonce::new(expected.nonce.to_owned()))?;
    authorized(claims, expected.client)?;
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > LONGEST {
        return Err(ClaimsVerificationError::InvalidSubject("empty or too long".to_owned()));
    }
    Ok(Identity {
        issuer: claims.issuer().as_str().to_owned(),
        subject: subject.to_owned(),
        second_factor: second_factor(claims),
    })
}

fn issued(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    if (now - AGE..=now + SKEW).contains(&at) { Ok(()) } else { Err("issued at another time".to_owned()) }
}

/// Where a new sign-in was asked for, the service must say when it was; what it leaves out did not happen.
fn signed_in(at: Option<DateTime<Utc>>, fresh_since: Option<DateTime<Utc>>) -> Result<(), String> {
    match (fresh_since, at) {
        (None, _) => Ok(()),
        (Some(since), Some(at)) if at >= since - SKEW => Ok(()),
        (Some(_), _) => Err("no new sign-in".to_owned()),
    }
}

/// A token that names whom it was given to names us. (One that names several audiences was refused before.)
fn authorized(claims: &CoreIdTokenClaims, client: &ClientId) -> Result<(), ClaimsVerificationError> {
    match claims.authorized_party() {
        Some(party) if party != client => {
            Err(ClaimsVerificationError::InvalidAudience("given to another party".to_owned()))
        }
        _ => Ok(()),
    }
}

/// `mfa` of RFC 8176, or a context that means the same.
fn second_factor(claims: &CoreIdTokenClaims) -> bool {
    let methods =
        claims.auth_method_refs().is_some_and(|methods| methods.iter().any(|one| one.as_str() == "mfa"));
    let context = claims.auth_context_ref().is_some_and(|one| STRONG_CONTEXTS.contains(&one.as_str()));
    methods || context
}
