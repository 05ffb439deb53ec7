//! The way to the service and back.

use crate::check::{Expected, check};
use crate::metadata::Metadata;
use crate::{Flow, Identity, Returned};
use chrono::{DateTime, Utc};
use komainu_clock::Nature;
use komainu_notify::{Inquiry, Roots, Url};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, LanguageTag, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, SignatureVerificationError,
    TokenResponse as _,
};
use std::sync::Arc;
use thiserror::Error;
use zeroize::Zeroizing;

/// The library's client once it knows the metadata.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The service as the settings name it.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Its address, letter for letter as it names itself.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: Zeroizing<String>,
    /// What people call it; stands on buttons.
    pub name: String,
    /// Whether its word for a second factor is taken.
    pub trusted_factor: bool,
    /// Whose certificates are believed.
    pub roots: Roots,
}

/// Why nobody is known afterwards. Nothing in here tells of a person.
#[derive(Debug, Error)]
pub enum ProviderError {
    /// The service does not answer, or cannot at the moment.
    #[error("the sign-in service does not answer: {0}")]
    Away(String),
    /// What came back is not to be believed.
    #[error("not believed: {0}")]
    Unbelieved(String),
    /// The person stopped there, or is not allowed in.
    #[error("stopped at the sign-in service")]
    Stopped,
}

/// The house's sign-in service; cheap to clone.
#[derive(Clone)]
pub struct Provider(Arc<Parts>);

struct Parts {
    settings: ProviderSettings,
    issuer: IssuerUrl,
    client: ClientId,
    /// Where the service sends browsers back to.
    back: RedirectUrl,
    way: Inquiry,
    metadata: Metadata,
}

impl Provider {
    /// Holds the settings against one another; nothing is connected yet. `back` is the address that the service sends
    /// browsers back to.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn new(settings: ProviderSettings, back: &str) -> Result<Provider, String> {
        let wrong = |address: &str| format!("{address}: an address is like https://login.example.jp");
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| wrong(&settings.issuer))?;
        let back = RedirectUrl::new(back.to_owned()).map_err(|_| wrong(back))?;
        let way = Inquiry::new(issuer.url(), &settings.roots);
        let client = ClientId::new(settings.client_id.clone());
        Ok(Provider(Arc::new(Parts { settings, issuer, client, back, way, metadata: Metadata::default() })))
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.0.settings.name
    }

    /// Its address, as it names itself.
    pub fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    /// Whether the service's word that it asked for a second factor is taken, and it has given it.
    pub fn vouches_for(&self, identity: &Identity) -> bool {
        self.0.settings.trusted_factor && identity.second_factor
    }

    /// The address of the service's page, and what to keep until the browser comes back. With `fresh` the person has to
    /// sign in there again, even if they are signed in there.
    pub async fn begin(
        &self,
        nature: &Nature,
        fresh: bool,
        lang: &str,
    ) -> Result<(Url, Flow), ProviderError> {
        let metadata = self.metadata(nature.now()).await?;
        let flow = Flow::new(nature, fresh);
        let verifier = PkceCodeVerifier::new(flow.verifier.clone());
        let client = self.client(&metadata);
        let (state, nonce) = (flow.state.clone(), flow.nonce.clone());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_ui_locale(LanguageTag::new(lang.to_owned()));
        if fresh {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        let (url, _, _) = request.url();
        Ok((url, flow))
    }

    /// Who came back. The caller has made sure that the flow is this browser's, is the one that `returned` names, and is
    /// not used a second time.
    pub async fn finish(
        &self,
        now: DateTime<Utc>,
        flow: &Flow,
        returned: &Returned,
    ) -> Result<Identity, ProviderError> {
        let code = self.code(returned)?;
        let metadata = self.metadata(now).await?;
        let token = self.exchange(&metadata, flow, code).await?;
        let expected = Expected {
            issuer: &self.0.issuer,
            client: &self.0.client,
            nonce: &flow.nonce,
            fresh_since: flow.fresh_since,
            now,
        };
        let mut checked = check(&token, metadata.jwks(), &expected);
        if let Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        )) = checked
        {
            // The service may sign with a new key since it was last asked.
            let metadata = self.0.metadata.again((&self.0.way, &self.0.issuer), now).await?;
            checked = check(&token, metadata.jwks(), &expected);
        }
        checked.map_err(|error| ProviderError::Unbelieved(error.to_string()))
    }

    async fn metadata(&self, now: DateTime<Utc>) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        self.0.metadata.get((&self.0.way, &self.0.issuer), now).await
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Client {
        let secret = ClientSecret::new(self.0.settings.client_secret.to_string());
        let client =
            CoreClient::from_provider_metadata(metadata.clone(), self.0.client.clone(), Some(secret))
                .set_redirect_uri(self.0.back.clone());
        let takes = |method: &CoreClientAuthMethod| {
            metadata.token_endpoint_auth_methods_supported().is_none_or(|methods| methods.contains(method))
        };
        // The header is the standard's own way; where it is not offered, the form is.
        let basic = takes(&CoreClientAuthMethod::ClientSecretBasic)
            || !takes(&CoreClientAuthMethod::ClientSecretPost);
        client.set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody })
    }

    /// The code, where the service gave one.
    fn code(&self, returned: &Returned) -> Result<AuthorizationCode, ProviderError> {
        let unbelieved = |why: &str| ProviderError::Unbelieved(why.to_owned());
        if !returned.issuer.is_empty() && returned.issuer != self.issuer() {
            return Err(unbelieved("an answer of another service"));
        }
        // What stands in an address is anybody's word: only known ones are repeated.
        match returned.error.as_str() {
            "" if returned.code.is_empty() => Err(unbelieved("no code")),
            "" => Ok(AuthorizationCode::new(returned.code.clone())),
            "access_denied"
            | "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required" => Err(ProviderError::Stopped),
            "server_error" | "temporarily_unavailable" => {
                Err(ProviderError::Away("it says that it cannot at the moment".to_owned()))
            }
            "invalid_request" | "invalid_scope" | "unauthorized_client" | "unsupported_response_type" => {
                Err(ProviderError::Unbelieved(format!("it refuses to answer us: {}", returned.error)))
            }
            _ => Err(unbelieved("it refuses to answer us")),
        }
    }

    async fn exchange(
        &self,
        metadata: &CoreProviderMetadata,
        flow: &Flow,
        code: AuthorizationCode,
    ) -> Result<CoreIdToken, ProviderError> {
        let unbelieved = |why: &str| ProviderError::Unbelieved(why.to_owned());
        let way = self.0.way.clone();
        let http = move |request: HttpRequest| {
            let way = way.clone();
            async move { way.ask(request).await }
        };
        let client = self.client(metadata);
        let request = client.exchange_code(code).map_err(|_| unbelieved("it has no token endpoint"))?;
        let asked = request.set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.clone()));
        let answer = asked.request_async(&http).await.map_err(|error| match error {
            RequestTokenError::Request(error) => ProviderError::Away(error.to_string()),
            RequestTokenError::ServerResponse(refusal) => {
                ProviderError::Unbelieved(format!("no token: {}", refusal.error().as_ref()))
            }
            RequestTokenError::Parse(..) => unbelieved("its token answer cannot be read"),
            RequestTokenError::Other(_) => unbelieved("its token answer is none"),
        })?;
        answer.id_token().cloned().ok_or_else(|| unbelieved("no ID token"))
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Provider").field(&self.issuer()).finish()
    }
}
