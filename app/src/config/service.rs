//! What only a serving program needs: TLS, proxies, the log's form, the figures, and the ways out of the house.

use super::openid::{self, OpenId};
use super::short::{self, Short, ShortWays};
use clap::Args;
use komainu_notify::{IpNet, MailSettings, Outbound, Roots, Security};
use komainu_openid::ProviderSettings;
use komainu_web::Secret;
use serde::Deserialize;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// These settings as they may be given; each also as a variable, and in the file under the same name.
#[derive(Args, Default, Clone, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct ServiceOptions {
    /// Form of the log: text, or json with a line an entry [default: text]
    #[arg(long, global = true, env = "KOMAINU_LOG_FORMAT", value_name = "FORM")]
    pub(super) log_format: Option<String>,
    /// Certificate chain (PEM); with --tls-key the program speaks TLS itself
    #[arg(long, global = true, env = "KOMAINU_TLS_CERTIFICATE", value_name = "FILE")]
    pub(super) tls_certificate: Option<PathBuf>,
    /// Private key of the certificate (PEM)
    #[arg(long, global = true, env = "KOMAINU_TLS_KEY", value_name = "FILE")]
    pub(super) tls_key: Option<PathBuf>,
    /// A proxy of our own, whose X-Forwarded-For is believed; addresses or networks, divided by commas
    #[arg(long, global = true, env = "KOMAINU_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',')]
    pub(super) trusted_proxy: Option<Vec<String>>,
    /// File with the word that opens /metrics to others than this computer
    #[arg(long, global = true, env = "KOMAINU_METRICS_TOKEN_FILE", value_name = "FILE")]
    pub(super) metrics_token_file: Option<PathBuf>,
    /// Mail server; naming one switches mail on
    #[arg(long, global = true, env = "KOMAINU_MAIL_SERVER", value_name = "HOST")]
    pub(super) mail_server: Option<String>,
    /// Its port [default: 587; 465 with tls, 25 with none]
    #[arg(long, global = true, env = "KOMAINU_MAIL_PORT", value_name = "N")]
    pub(super) mail_port: Option<u16>,
    /// How the way there is kept secret: starttls, tls, none [default: starttls]
    #[arg(long, global = true, env = "KOMAINU_MAIL_SECURITY", value_name = "HOW")]
    pub(super) mail_security: Option<String>,
    /// Name to sign in with at the mail server
    #[arg(long, global = true, env = "KOMAINU_MAIL_USER", value_name = "NAME")]
    pub(super) mail_user: Option<String>,
    /// File with the password for it
    #[arg(long, global = true, env = "KOMAINU_MAIL_PASSWORD_FILE", value_name = "FILE")]
    pub(super) mail_password_file: Option<PathBuf>,
    /// From whom mails come, such as "Komainu <komainu@example.jp>"
    #[arg(long, global = true, env = "KOMAINU_MAIL_FROM", value_name = "ADDRESS")]
    pub(super) mail_from: Option<String>,
    /// Gateway of text messages, by its address; naming one switches them on. {to}, {text} and {key} may stand behind the host
    #[arg(long, global = true, env = "KOMAINU_SMS_URL", value_name = "URL", hide_env_values = true)]
    pub(super) sms_url: Option<String>,
    /// How it is asked: post, put, get [default: post]
    #[arg(long, global = true, env = "KOMAINU_SMS_METHOD", value_name = "HOW")]
    pub(super) sms_method: Option<String>,
    /// What the body is: application/json, application/x-www-form-urlencoded, text/xml [default: application/json]
    #[arg(long, global = true, env = "KOMAINU_SMS_CONTENT_TYPE", value_name = "TYPE")]
    pub(super) sms_content_type: Option<String>,
    /// The body, with {to}, {text} and {key} in it [default: {"to":"{to}","text":"{text}"}]
    #[arg(long, global = true, env = "KOMAINU_SMS_BODY", value_name = "TEXT", hide_env_values = true)]
    pub(super) sms_body: Option<String>,
    /// File with headers for it, one a line, such as "Authorization: Bearer …"
    #[arg(long, global = true, env = "KOMAINU_SMS_HEADER_FILE", value_name = "FILE")]
    pub(super) sms_header_file: Option<PathBuf>,
    /// What stands in an answer that says yes [default: every answer of success does]
    #[arg(long, global = true, env = "KOMAINU_SMS_ACCEPTED", value_name = "TEXT")]
    pub(super) sms_accepted: Option<String>,
    /// How numbers are written: entered, national (090…), international (+8190…), country (8190…) [default: entered]
    #[arg(long, global = true, env = "KOMAINU_SMS_NUMBERS", value_name = "HOW")]
    pub(super) sms_numbers: Option<String>,
    /// Longest text message, in characters [default: 201]
    #[arg(long, global = true, env = "KOMAINU_SMS_LONGEST", value_name = "N")]
    pub(super) sms_longest: Option<usize>,
    /// File with the key towards push services (PEM); naming one lets browsers be told
    #[arg(long, global = true, env = "KOMAINU_PUSH_KEY_FILE", value_name = "FILE")]
    pub(super) push_key_file: Option<PathBuf>,
    /// By what push services reach whoever runs the installation, such as mailto:komainu@example.jp
    #[arg(long, global = true, env = "KOMAINU_PUSH_CONTACT", value_name = "ADDRESS")]
    pub(super) push_contact: Option<String>,
    /// A network beside the public ones that push services may lie in; divided by commas
    #[arg(long, global = true, env = "KOMAINU_PUSH_ALLOW", value_name = "NETWORK", value_delimiter = ',')]
    pub(super) push_allow: Option<Vec<String>>,
    /// Let channels of chat services be told, by their incoming webhooks [default: off]
    #[arg(long, global = true, env = "KOMAINU_CHAT", value_name = "YES", num_args = 0..=1, default_missing_value = "true")]
    pub(super) chat: Option<bool>,
    /// A network beside the public ones that chat services may lie in; divided by commas
    #[arg(long, global = true, env = "KOMAINU_CHAT_ALLOW", value_name = "NETWORK", value_delimiter = ',')]
    pub(super) chat_allow: Option<Vec<String>>,
    /// Let institutions tell other programs of changes (webhooks) [default: off]
    #[arg(long, global = true, env = "KOMAINU_WEBHOOKS", value_name = "YES", num_args = 0..=1, default_missing_value = "true")]
    pub(super) webhooks: Option<bool>,
    /// A network beside the public ones that webhooks may reach; divided by commas
    #[arg(long, global = true, env = "KOMAINU_WEBHOOK_ALLOW", value_name = "NETWORK", value_delimiter = ',')]
    pub(super) webhook_allow: Option<Vec<String>>,
    /// The house's sign-in service (OpenID Connect), by its address; naming one switches it on
    #[arg(long, global = true, env = "KOMAINU_OIDC_ISSUER", value_name = "URL")]
    pub(super) oidc_issuer: Option<String>,
    /// The program's name there
    #[arg(long, global = true, env = "KOMAINU_OIDC_CLIENT_ID", value_name = "NAME")]
    pub(super) oidc_client_id: Option<String>,
    /// File with the program's secret there
    #[arg(long, global = true, env = "KOMAINU_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    pub(super) oidc_client_secret_file: Option<PathBuf>,
    /// What people call the service; stands on the button [default: its host]
    #[arg(long, global = true, env = "KOMAINU_OIDC_NAME", value_name = "NAME")]
    pub(super) oidc_name: Option<String>,
    /// Take the service's word that it asked for a second factor [default: off]
    #[arg(long, global = true, env = "KOMAINU_OIDC_TRUSTED_FACTOR", value_name = "YES", num_args = 0..=1, default_missing_value = "true")]
    pub(super) oidc_trusted_factor: Option<bool>,
    /// Certificate authorities of the house (PEM), believed for mail, messages, webhooks and sign-in beside the public ones
    #[arg(long, global = true, env = "KOMAINU_CA_FILE", value_name = "FILE")]
    pub(super) ca_file: Option<PathBuf>,
    /// A table of attack probabilities of the house's own (TOML) instead of the built-in one
    #[arg(long, global = true, env = "KOMAINU_EXPOSURE_TABLE", value_name = "FILE")]
    pub(super) exposure_table: Option<PathBuf>,
}

/// Files of a certificate and its key.
#[derive(Clone)]
pub(crate) struct TlsFiles {
    /// The chain, the program's own certificate first.
    pub(crate) certificate: PathBuf,
    /// The key.
    pub(crate) key: PathBuf,
}

/// These settings where they hold together. Files are opened only by who serves.
#[derive(Clone)]
pub(crate) struct Service {
    /// A line of JSON an entry.
    pub(crate) log_json: bool,
    /// Speaks TLS itself.
    pub(crate) tls: Option<TlsFiles>,
    /// Proxies whose word is believed.
    pub(crate) proxies: Vec<IpNet>,
    metrics_token: Option<PathBuf>,
    mail: Option<Mail>,
    short: Short,
    webhooks: Option<Vec<IpNet>>,
    openid: Option<OpenId>,
    ca_file: Option<PathBuf>,
    /// A table of probabilities of the house's own.
    pub(crate) exposure_table: Option<PathBuf>,
}

#[derive(Clone)]
struct Mail {
    server: String,
    port: u16,
    security: Security,
    user: Option<(String, PathBuf)>,
    from: String,
}

/// The ways out of the house that are switched on, and the word for the figures.
pub(crate) struct Ways {
    /// Where mails are handed in.
    pub(crate) mail: Option<MailSettings>,
    /// By what short messages go beside mail.
    pub(crate) short: ShortWays,
    /// The way to other programs.
    pub(crate) outbound: Option<Outbound>,
    /// The house's sign-in service.
    pub(crate) openid: Option<ProviderSettings>,
    /// What opens the figures.
    pub(crate) metrics_token: Option<Secret>,
}

impl ServiceOptions {
    /// What is given here, and otherwise what stands in the file.
    fn or(self, file: ServiceOptions) -> ServiceOptions {
        ServiceOptions {
            log_format: self.log_format.or(file.log_format),
            tls_certificate: self.tls_certificate.or(file.tls_certificate),
            tls_key: self.tls_key.or(file.tls_key),
            trusted_proxy: self.trusted_proxy.or(file.trusted_proxy),
            metrics_token_file: self.metrics_token_file.or(file.metrics_token_file),
            mail_server: self.mail_server.or(file.mail_server),
            mail_port: self.mail_port.or(file.mail_port),
            mail_security: self.mail_security.or(file.mail_security),
            mail_user: self.mail_user.or(file.mail_user),
            mail_password_file: self.mail_password_file.or(file.mail_password_file),
            mail_from: self.mail_from.or(file.mail_from),
            sms_url: self.sms_url.or(file.sms_url),
            sms_method: self.sms_method.or(file.sms_method),
            sms_content_type: self.sms_content_type.or(file.sms_content_type),
            sms_body: self.sms_body.or(file.sms_body),
            sms_header_file: self.sms_header_file.or(file.sms_header_file),
            sms_accepted: self.sms_accepted.or(file.sms_accepted),
            sms_numbers: self.sms_numbers.or(file.sms_numbers),
            sms_longest: self.sms_longest.or(file.sms_longest),
            push_key_file: self.push_key_file.or(file.push_key_file),
            push_contact: self.push_contact.or(file.push_contact),
            push_allow: self.push_allow.or(file.push_allow),
            chat: self.chat.or(file.chat),
            chat_allow: self.chat_allow.or(file.chat_allow),
            webhooks: self.webhooks.or(file.webhooks),
            webhook_allow: self.webhook_allow.or(file.webhook_allow),
            oidc_issuer: self.oidc_issuer.or(file.oidc_issuer),
            oidc_client_id: self.oidc_client_id.or(file.oidc_client_id),
            oidc_client_secret_file: self.oidc_client_secret_file.or(file.oidc_client_secret_file),
            oidc_name: self.oidc_name.or(file.oidc_name),
            oidc_trusted_factor: self.oidc_trusted_factor.or(file.oidc_trusted_factor),
            ca_file: self.ca_file.or(file.ca_file),
            exposure_table: self.exposure_table.or(file.exposure_table),
        }
    }

    /// Puts both together and checks every setting.
    pub(super) fn settle(self, file: ServiceOptions) -> Result<Service, String> {
        let options = self.or(file);
        let log_json = match options.log_format.as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            Some(other) => return Err(format!("--log-format {other}: a form is text or json")),
        };
        let tls = match (&options.tls_certificate, &options.tls_key) {
            (Some(certificate), Some(key)) => {
                Some(TlsFiles { certificate: certificate.clone(), key: key.clone() })
            }
            (None, None) => None,
            (Some(_), None) => return Err("--tls-certificate: --tls-key belongs to it".to_owned()),
            (None, Some(_)) => return Err("--tls-key: --tls-certificate belongs to it".to_owned()),
        };
        let proxies = networks("--trusted-proxy", options.trusted_proxy.as_deref())?;
        let allowed = networks("--webhook-allow", options.webhook_allow.as_deref())?;
        let webhooks = options.webhooks.unwrap_or(false).then_some(allowed);
        let mail = mail(&options)?;
        let short = short::settle(&options)?;
        let openid = openid::settle(&options)?;
        let (metrics_token, ca_file) = (options.metrics_token_file, options.ca_file);
        let exposure_table = options.exposure_table;
        Ok(Service {
            log_json,
            tls,
            proxies,
            metrics_token,
            mail,
            short,
            webhooks,
            openid,
            ca_file,
            exposure_table,
        })
    }
}

fn mail(options: &ServiceOptions) -> Result<Option<Mail>, String> {
    let Some(server) = options.mail_server.clone().filter(|server| !server.is_empty()) else {
        return Ok(None);
    };
    let security = match &options.mail_security {
        Some(text) => {
            text.parse().map_err(|()| format!("--mail-security {text}: it is starttls, tls or none"))?
        }
        None => Security::default(),
    };
    let user = match (&options.mail_user, &options.mail_password_file) {
        (Some(name), Some(file)) => Some((name.clone(), file.clone())),
        (None, None) => None,
        (Some(_), None) => return Err("--mail-user: --mail-password-file belongs to it".to_owned()),
        (None, Some(_)) => return Err("--mail-password-file: --mail-user belongs to it".to_owned()),
    };
    let here = server == "localhost" || server.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if user.is_some() && security == Security::None && !here {
        return Err("--mail-security none: a password must not travel in plain text".to_owned());
    }
    let from = options.mail_from.clone().ok_or("--mail-server: --mail-from belongs to it")?;
    let port = options.mail_port.unwrap_or(security.port());
    Ok(Some(Mail { server, port, security, user, from }))
}

impl Service {
    /// Whether a sign-in service is named.
    pub(crate) fn signs_in_elsewhere(&self) -> bool {
        self.openid.is_some()
    }

    /// Opens the files that the ways out need.
    pub(crate) fn ways(&self) -> Result<Ways, String> {
        let roots = match &self.ca_file {
            Some(path) => Roots::with_file(path).map_err(|error| format!("--ca-file: {error}"))?,
            None => Roots::default(),
        };
        let mail = self.mail.as_ref().map(|mail| {
            let credentials = mail
                .user
                .as_ref()
                .map(|(name, path)| Ok::<_, String>((name.clone(), secret("--mail-password-file", path)?)));
            Ok::<_, String>(MailSettings {
                server: mail.server.clone(),
                port: mail.port,
                security: mail.security,
                credentials: credentials.transpose()?,
                from: mail.from.clone(),
                roots: roots.clone(),
            })
        });
        let token = self.metrics_token.as_ref().map(|path| secret("--metrics-token-file", path));
        Ok(Ways {
            mail: mail.transpose()?,
            short: self.short.open(&roots)?,
            outbound: self.webhooks.clone().map(|allowed| Outbound::new(allowed, &roots)),
            openid: self.openid.as_ref().map(|openid| openid.open(&roots)).transpose()?,
            metrics_token: token.transpose()?.map(|token| Secret::new(token.to_string())),
        })
    }
}

/// Networks, or single addresses.
pub(super) fn networks(name: &str, texts: Option<&[String]>) -> Result<Vec<IpNet>, String> {
    let read = |text: &String| {
        let text = text.trim();
        let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
        text.parse().ok().or_else(single).ok_or_else(|| {
            format!("{name} {text}: a network is like 192.168.1.0/24, a single address like 192.168.1.5")
        })
    };
    texts.unwrap_or_default().iter().filter(|text| !text.trim().is_empty()).map(read).collect()
}

/// The first line of a file that nobody else may read.
pub(super) fn secret(name: &str, path: &Path) -> Result<Zeroizing<String>, String> {
    let text = private(name, path)?;
    match text.lines().next().map(str::trim) {
        Some(line) if !line.is_empty() => Ok(Zeroizing::new(line.to_owned())),
        _ => Err(format!("{name} {}: it is empty", path.display())),
    }
}

/// What stands in a file that nobody else may read.
pub(super) fn private(name: &str, path: &Path) -> Result<Zeroizing<String>, String> {
    let wrong = |why: &dyn std::fmt::Display| format!("{name} {}: {why}", path.display());
    let mode = std::fs::metadata(path).map_err(|error| wrong(&error))?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(wrong(&"anybody on this computer can read it: run chmod 600 on it"));
    }
    Ok(Zeroizing::new(std::fs::read_to_string(path).map_err(|error| wrong(&error))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: fn(&mut ServiceOptions)) -> String {
        let mut options = ServiceOptions::default();
        change(&mut options);
        options.settle(ServiceOptions::default()).err().unwrap()
    }

    #[test]
    fn without_a_word_nothing_leaves_the_house() {
        let service = ServiceOptions::default().settle(ServiceOptions::default()).unwrap();
        let ways = service.ways().unwrap();
        assert!(ways.mail.is_none() && ways.outbound.is_none() && ways.metrics_token.is_none());
        assert!(ways.openid.is_none());
        assert!(ways.short.sms.is_none() && ways.short.push.is_none() && ways.short.chat.is_none());
        // Networks alone do not switch webhooks on.
        let allow = ServiceOptions { webhook_allow: Some(vec!["10.0.0.0/8".into()]), ..Default::default() };
        assert!(allow.settle(ServiceOptions::default()).unwrap().ways().unwrap().outbound.is_none());
    }

    #[test]
    fn a_wrong_setting_is_one_line_that_names_it() {
        for (error, name) in [
            (refused(|o| o.log_format = Some("xml".into())), "--log-format"),
            (refused(|o| o.tls_key = Some("key.pem".into())), "--tls-key"),
            (refused(|o| o.tls_certificate = Some("cert.pem".into())), "--tls-certificate"),
            (refused(|o| o.trusted_proxy = Some(vec!["proxy.example.jp".into()])), "--trusted-proxy"),
            (refused(|o| o.webhook_allow = Some(vec!["10.0.0.0/99".into()])), "--webhook-allow"),
            (refused(|o| o.mail_server = Some("mail.example.jp".into())), "--mail-server"),
            (
                refused(|o| {
                    o.mail_server = Some("mail.example.jp".into());
                    o.mail_security = Some("magic".into());
                }),
                "--mail-security",
            ),
            (
                refused(|o| {
                    o.mail_server = Some("mail.example.jp".into());
                    o.mail_user = Some("komainu".into());
                }),
                "--mail-user",
            ),
            (
                refused(|o| {
                    o.mail_server = Some("mail.example.jp".into());
                    o.mail_from = Some("komainu@example.jp".into());
                    o.mail_security = Some("none".into());
                    o.mail_user = Some("komainu".into());
                    o.mail_password_file = Some("password".into());
                }),
                "--mail-security",
            ),
        ] {
            assert!(error.starts_with(name) && error.lines().count() == 1, "{error}");
        }
    }

    #[test]
    fn a_secret_lies_in_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        std::fs::write(&path, " s3cret \nsecond line\n").unwrap();
        mode(0o644);
        assert!(secret("--x", &path).unwrap_err().contains("chmod 600"));
        mode(0o640);
        assert_eq!(*secret("--x", &path).unwrap(), "s3cret");
        std::fs::write(&path, "\n").unwrap();
        assert!(secret("--x", &path).unwrap_err().contains("empty"));
        assert!(secret("--x", &folder.path().join("none")).unwrap_err().starts_with("--x "));
    }
}
