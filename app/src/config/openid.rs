//! The house's own sign-in service (OpenID Connect).

use super::service::{ServiceOptions, secret};
use komainu_notify::{Roots, Unfit, allowed_url};
use komainu_openid::ProviderSettings;
use std::path::PathBuf;

/// Longest name of the service: it stands on a button.
const LONGEST_NAME: usize = 60;

/// The service, where one is named.
#[derive(Clone)]
pub(super) struct OpenId {
    issuer: String,
    client_id: String,
    client_secret: PathBuf,
    name: String,
    trusted_factor: bool,
}

/// Holds the settings about it against one another.
pub(super) fn settle(options: &ServiceOptions) -> Result<Option<OpenId>, String> {
    let Some(issuer) = options.oidc_issuer.clone().filter(|issuer| !issuer.is_empty()) else {
        let orphan = [
            ("--oidc-client-id", options.oidc_client_id.is_some()),
            ("--oidc-client-secret-file", options.oidc_client_secret_file.is_some()),
            ("--oidc-name", options.oidc_name.is_some()),
            ("--oidc-trusted-factor", options.oidc_trusted_factor.is_some()),
        ];
        return match orphan.into_iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(format!("{name}: --oidc-issuer belongs to it")),
            None => Ok(None),
        };
    };
    let wrong = |why: &str| format!("--oidc-issuer {issuer}: {why}");
    let url = allowed_url(&issuer).map_err(|unfit| match unfit {
        Unfit::NoAddress => wrong("an address is like https://login.example.jp"),
        Unfit::Plain => wrong("it begins with https://"),
        Unfit::Credentials => wrong("no name and password may stand in it"),
    })?;
    if url.query().is_some() {
        return Err(wrong("an address is like https://login.example.jp"));
    }
    let client_id = options.oidc_client_id.clone().filter(|id| !id.is_empty());
    let name = options.oidc_name.as_deref().unwrap_or(url.host_str().unwrap_or_default()).trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(format!("--oidc-name: a name has 1 to {LONGEST_NAME} characters"));
    }
    Ok(Some(OpenId {
        client_id: client_id.ok_or("--oidc-issuer: --oidc-client-id belongs to it")?,
        client_secret: options
            .oidc_client_secret_file
            .clone()
            .ok_or("--oidc-issuer: --oidc-client-secret-file belongs to it")?,
        name: name.to_owned(),
        trusted_factor: options.oidc_trusted_factor.unwrap_or(false),
        issuer,
    }))
}

impl OpenId {
    /// Opens the file with the secret.
    pub(super) fn open(&self, roots: &Roots) -> Result<ProviderSettings, String> {
        Ok(ProviderSettings {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: secret("--oidc-client-secret-file", &self.client_secret)?,
            name: self.name.clone(),
            trusted_factor: self.trusted_factor,
            roots: roots.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(change: fn(&mut ServiceOptions)) -> Result<Option<OpenId>, String> {
        let mut options = ServiceOptions {
            oidc_issuer: Some("https://login.example.jp/realm".into()),
            oidc_client_id: Some("komainu".into()),
            oidc_client_secret_file: Some("secret".into()),
            ..ServiceOptions::default()
        };
        change(&mut options);
        settle(&options)
    }

    #[test]
    fn a_service_has_an_encrypted_address_a_name_and_a_secret() {
        let openid = settled(|_| ()).unwrap().unwrap();
        assert_eq!((openid.name.as_str(), openid.trusted_factor), ("login.example.jp", false));
        assert!(settled(|o| o.oidc_issuer = Some("http://127.0.0.1:9000".into())).unwrap().is_some());
        assert!(settled(|o| *o = ServiceOptions::default()).unwrap().is_none());
        for (error, name) in [
            (settled(|o| o.oidc_issuer = None), "--oidc-client-id"),
            (settled(|o| o.oidc_issuer = Some("login.example.jp".into())), "--oidc-issuer"),
            (settled(|o| o.oidc_issuer = Some("http://login.example.jp".into())), "--oidc-issuer"),
            (settled(|o| o.oidc_issuer = Some("https://a:b@login.example.jp".into())), "--oidc-issuer"),
            (settled(|o| o.oidc_issuer = Some("https://login.example.jp/?a=b".into())), "--oidc-issuer"),
            (settled(|o| o.oidc_client_id = None), "--oidc-issuer"),
            (settled(|o| o.oidc_client_secret_file = None), "--oidc-issuer"),
            (settled(|o| o.oidc_name = Some(" ".into())), "--oidc-name"),
        ] {
            let error = error.err().unwrap();
            assert!(error.starts_with(name) && error.lines().count() == 1, "{error}");
        }
    }
}
