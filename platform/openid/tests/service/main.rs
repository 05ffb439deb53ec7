//! The client against a service that lies as it is told: nothing but an honest answer makes anybody known.
#![allow(clippy::unwrap_used, clippy::type_complexity)]

mod fake;

use chrono::{DateTime, Duration, Utc};
use fake::{CLIENT, Fake, Key};
use komainu_clock::Nature;
use komainu_notify::Roots;
use komainu_openid::{Flow, Identity, Provider, ProviderError, ProviderSettings, Returned};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;
use zeroize::Zeroizing;

const BACK: &str = "http://127.0.0.1:8420/sign-in/openid/return";

fn provider(issuer: &str, trusted_factor: bool) -> Provider {
    let settings = ProviderSettings {
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: Zeroizing::new("a secret".to_owned()),
        name: "病院アカウント".to_owned(),
        trusted_factor,
        roots: Roots::default(),
    };
    Provider::new(settings, BACK).unwrap()
}

fn start() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

/// A browser on its way: what the address of the service's page says.
struct Browser {
    flow: Flow,
    asked: BTreeMap<String, String>,
}

async fn leaves(provider: &Provider, nature: &Nature, fresh: bool) -> Browser {
    let (url, flow): (Url, Flow) = provider.begin(nature, fresh, "ja").await.unwrap();
    Browser { flow, asked: url.query_pairs().into_owned().collect() }
}

impl Browser {
    fn back(&self) -> Returned {
        Returned { state: self.asked["state"].clone(), code: "a code".to_owned(), ..Returned::default() }
    }

    /// What an honest service says of somebody.
    fn claims(&self, fake: &Fake, now: DateTime<Utc>) -> Value {
        json!({
            "iss": fake.base, "sub": "kango-7", "aud": CLIENT, "nonce": self.asked["nonce"],
            "iat": now.timestamp(), "exp": (now + Duration::minutes(5)).timestamp(),
        })
    }
}

/// What becomes of claims that were changed by `lie`, signed as `sign` says.
async fn told(
    lie: fn(&mut Value),
    sign: fn(&Value) -> String,
    fresh: bool,
) -> Result<Identity, ProviderError> {
    let (nature, _) = Nature::fake(start());
    let fake = Fake::start().await;
    let provider = provider(&fake.base, true);
    let browser = leaves(&provider, &nature, fresh).await;
    let mut claims = browser.claims(&fake, nature.now());
    lie(&mut claims);
    fake.says(&sign(&claims));
    provider.finish(nature.now(), &browser.flow, &browser.back()).await
}

fn honest(claims: &Value) -> String {
    Key::new(1).signed(claims)
}

fn unbelieved(outcome: &Result<Identity, ProviderError>) -> bool {
    matches!(outcome, Err(ProviderError::Unbelieved(_)))
}

#[tokio::test]
async fn an_honest_answer_makes_somebody_known() {
    let (nature, _) = Nature::fake(start());
    let fake = Fake::start().await;
    let provider = provider(&fake.base, false);
    let browser = leaves(&provider, &nature, false).await;
    let asked = &browser.asked;
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", BACK),
        ("scope", "openid"),
        ("code_challenge_method", "S256"),
        ("ui_locales", "ja"),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    assert!(!asked.contains_key("prompt") && !asked.contains_key("max_age"));
    assert!(browser.flow.is_of(&asked["state"]) && !browser.flow.is_of(&asked["nonce"]));
    fake.says(&honest(&browser.claims(&fake, nature.now())));
    let identity = provider.finish(nature.now(), &browser.flow, &browser.back()).await.unwrap();
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (fake.base.as_str(), "kango-7"));
    assert!(!identity.second_factor && !provider.vouches_for(&identity));
    // The code was asked for with the secret in the header and the verifier that the challenge was made of.
    let (authorization, form) = fake.was_asked();
    assert!(authorization.starts_with("Basic "), "{authorization}");
    assert_eq!(form["code"], "a code");
    assert_eq!(fake::challenge(&form["code_verifier"]), asked["code_challenge"]);
    assert!(!format!("{:?} {:?}", browser.flow, browser.back()).contains("a code"));
}

#[tokio::test]
async fn a_lie_makes_nobody_known() {
    let lies: [(&str, fn(&mut Value)); 13] = [
        ("another service", |claims| claims["iss"] = json!("https://login.example.com")),
        ("given to another program", |claims| claims["aud"] = json!("another")),
        ("given to several programs", |claims| claims["aud"] = json!([CLIENT, "another"])),
        ("given to nobody", |claims| claims["aud"] = json!([])),
        ("authorized for another program", |claims| claims["azp"] = json!("another")),
        ("another browser's", |claims| claims["nonce"] = json!("another")),
        ("nobody's", |claims| claims["nonce"] = Value::Null),
        ("over", |claims| claims["exp"] = json!((start() - Duration::minutes(3)).timestamp())),
        ("old", |claims| claims["iat"] = json!((start() - Duration::minutes(11)).timestamp())),
        ("of the future", |claims| claims["iat"] = json!((start() + Duration::minutes(3)).timestamp())),
        ("nameless", |claims| claims["sub"] = json!("")),
        ("of a name without end", |claims| claims["sub"] = json!("x".repeat(256))),
        ("without a name", |claims| claims["sub"] = Value::Null),
    ];
    for (case, lie) in lies {
        let outcome = told(lie, honest, false).await;
        assert!(unbelieved(&outcome), "{case}: {outcome:?}");
    }
}

#[tokio::test]
async fn only_the_services_own_key_signs() {
    let forgeries: [(&str, fn(&Value) -> String); 5] = [
        ("another key under its name", |claims| Key::new(2).called("key-1").signed(claims)),
        ("another key", |claims| Key::new(2).signed(claims)),
        ("nothing", fake::unsigned),
        ("our own secret", |claims| fake::signed_with_secret(claims, b"a secret")),
        ("changed afterwards", |claims| {
            let token = honest(claims);
            let mut changed = claims.clone();
            changed["sub"] = json!("incho-1");
            fake::with_claims(&token, &changed)
        }),
    ];
    for (case, sign) in forgeries {
        let outcome = told(|_| (), sign, false).await;
        assert!(unbelieved(&outcome), "{case}: {outcome:?}");
    }
    assert!(told(|_| (), honest, false).await.is_ok());
}

#[tokio::test]
async fn a_new_sign_in_is_one() {
    assert!(told(|claims| claims["auth_time"] = json!(start().timestamp()), honest, true).await.is_ok());
    let old = told(
        |claims| claims["auth_time"] = json!((start() - Duration::minutes(3)).timestamp()),
        honest,
        true,
    );
    assert!(unbelieved(&old.await), "an old one");
    assert!(unbelieved(&told(|_| (), honest, true).await), "one that nobody speaks of");
    let (nature, _) = Nature::fake(start());
    let fake = Fake::start().await;
    let browser = leaves(&provider(&fake.base, false), &nature, true).await;
    assert_eq!((browser.asked["prompt"].as_str(), browser.asked["max_age"].as_str()), ("login", "0"));
}

#[tokio::test]
async fn a_second_factor_is_believed_where_the_settings_say_so() {
    let cases: [(fn(&mut Value), bool); 5] = [
        (|claims| claims["amr"] = json!(["pwd", "mfa"]), true),
        (|claims| claims["acr"] = json!("phr"), true),
        (|claims| claims["amr"] = json!(["pwd"]), false),
        (|claims| claims["acr"] = json!("1"), false),
        (|_| (), false),
    ];
    let fake = Fake::start().await;
    let (trusting, wary) = (provider(&fake.base, true), provider(&fake.base, false));
    for (says, expected) in cases {
        let identity = told(says, honest, false).await.unwrap();
        assert_eq!(trusting.vouches_for(&identity), expected, "{identity:?}");
        assert!(!wary.vouches_for(&identity));
    }
}

#[tokio::test]
async fn a_new_key_is_asked_for_once_in_a_while() {
    let (nature, clock) = Nature::fake(start());
    let fake = Fake::start().await;
    let provider = provider(&fake.base, false);
    let browser = leaves(&provider, &nature, false).await;
    assert_eq!(fake.asked_for_keys(), 1);
    fake.signs_with(&Key::new(2));
    let token = |now| Key::new(2).signed(&browser.claims(&fake, now));
    fake.says(&token(nature.now()));
    let back = browser.back();
    let finish = || provider.finish(nature.now(), &browser.flow, &back);
    assert!(unbelieved(&finish().await), "asked a moment ago");
    assert_eq!(fake.asked_for_keys(), 1);
    clock.advance(Duration::seconds(20));
    fake.says(&token(nature.now()));
    assert!(finish().await.is_ok(), "asked again");
    assert!(finish().await.is_ok());
    assert_eq!(fake.asked_for_keys(), 2);
    clock.advance(Duration::seconds(61));
    leaves(&provider, &nature, false).await;
    assert_eq!(fake.asked_for_keys(), 3, "what was told grows old");
}

#[tokio::test]
async fn a_service_that_is_away_is_told_from_one_that_lies() {
    let (nature, clock) = Nature::fake(start());
    let nobody = provider("http://127.0.0.1:1", false);
    for _ in 0..2 {
        assert!(matches!(nobody.begin(&nature, false, "ja").await, Err(ProviderError::Away(_))));
        clock.advance(Duration::seconds(5));
    }
    let fake = Fake::start().await;
    let other = format!("{}/", fake.base);
    let outcome = provider(&other, false).begin(&nature, false, "ja").await;
    assert!(matches!(outcome, Err(ProviderError::Away(_))), "it calls itself otherwise");
    let provider = provider(&fake.base, false);
    let browser = leaves(&provider, &nature, false).await;
    for (error, expected) in [
        ("access_denied", "stopped"),
        ("temporarily_unavailable", "away"),
        ("unauthorized_client", "unbelieved"),
        ("<script>", "unbelieved"),
    ] {
        let returned = Returned { error: error.to_owned(), ..browser.back() };
        let outcome = provider.finish(nature.now(), &browser.flow, &returned).await.unwrap_err();
        let kind = match &outcome {
            ProviderError::Stopped => "stopped",
            ProviderError::Away(_) => "away",
            ProviderError::Unbelieved(_) => "unbelieved",
        };
        assert_eq!(kind, expected, "{error}");
        assert!(!outcome.to_string().contains('<'), "{outcome}");
    }
    for returned in [
        Returned { issuer: "https://login.example.com".to_owned(), ..browser.back() },
        Returned { code: String::new(), ..browser.back() },
    ] {
        let outcome = provider.finish(nature.now(), &browser.flow, &returned).await;
        assert!(unbelieved(&outcome), "{outcome:?}");
    }
    // A code that it does not know, or knew already.
    fake.refuses();
    let outcome = provider.finish(nature.now(), &browser.flow, &browser.back()).await;
    assert!(unbelieved(&outcome), "{outcome:?}");
}
