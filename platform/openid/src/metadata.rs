//! What the service says of itself: where its pages are, and with which keys it signs.

use crate::ProviderError;
use chrono::{DateTime, Duration, Utc};
use komainu_notify::{Inquiry, allowed_url};
use openidconnect::core::CoreProviderMetadata;
use openidconnect::{DiscoveryError, HttpRequest, IssuerUrl};
use std::error::Error;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What was told is believed for so long: nobody is led to a service that is gone by then, and keys that it withdraws are of
/// no use to anybody.
const AGE: Duration = Duration::minutes(1);
/// With a key that is not known, the service is asked again, but not more often than this.
const KEYS_AGE: Duration = Duration::seconds(10);
/// A service that did not answer is left alone for this long: nobody else waits for it in vain.
const PAUSE: Duration = Duration::seconds(10);

/// The service's metadata, as they were told last.
#[derive(Default)]
pub(crate) struct Metadata(Mutex<Known>);

#[derive(Default)]
struct Known {
    told: Option<(DateTime<Utc>, Arc<CoreProviderMetadata>)>,
    /// When it last did not answer.
    silent: Option<DateTime<Utc>>,
}

impl Metadata {
    /// The metadata; asked for where there are none, or too old ones.
    pub(crate) async fn get(
        &self,
        (way, issuer): (&Inquiry, &IssuerUrl),
        now: DateTime<Utc>,
    ) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        self.not_older(AGE, (way, issuer), now).await
    }

    /// The metadata, asked for again: they did not hold the key that was looked for.
    pub(crate) async fn again(
        &self,
        (way, issuer): (&Inquiry, &IssuerUrl),
        now: DateTime<Utc>,
    ) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        self.not_older(KEYS_AGE, (way, issuer), now).await
    }

    /// Whoever comes while the service is being asked waits for the same answer.
    async fn not_older(
        &self,
        age: Duration,
        (way, issuer): (&Inquiry, &IssuerUrl),
        now: DateTime<Utc>,
    ) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let mut known = self.0.lock().await;
        if let Some((at, metadata)) = &known.told
            && within(*at, now, age)
        {
            return Ok(metadata.clone());
        }
        if known.silent.is_some_and(|at| within(at, now, PAUSE)) {
            return Err(ProviderError::Away("silent a moment ago".to_owned()));
        }
        match ask(way, issuer).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known { told: Some((now, metadata.clone())), silent: None };
                Ok(metadata)
            }
            Err(error) => {
                known.silent = Some(now);
                Err(error)
            }
        }
    }
}

/// Whether that long ago, and not in a future that a clock set back has made.
fn within(at: DateTime<Utc>, now: DateTime<Utc>, age: Duration) -> bool {
    (Duration::zero()..=age).contains(&(now - at))
}

async fn ask(way: &Inquiry, issuer: &IssuerUrl) -> Result<CoreProviderMetadata, ProviderError> {
    let client = |request: HttpRequest| {
        let way = way.clone();
        async move { way.ask(request).await }
    };
    let told = CoreProviderMetadata::discover_async(issuer.clone(), &client).await;
    let metadata = told.map_err(|error| ProviderError::Away(why(&error)))?;
    // The browser is led there: never over an open wire.
    allowed_url(metadata.authorization_endpoint().as_str())
        .map_err(|_| ProviderError::Unbelieved("its page has no fit address".to_owned()))?;
    Ok(metadata)
}

/// The outermost cause and the innermost: "request failed: no connection". What the service answered is not repeated.
fn why<E: Error + 'static>(error: &DiscoveryError<E>) -> String {
    match error {
        DiscoveryError::Request(inside) => format!("{error}: {inside}"),
        DiscoveryError::Response(status, ..) => format!("it answered {status}"),
        DiscoveryError::Parse(_) => "its metadata cannot be read".to_owned(),
        other => other.to_string(),
    }
}
