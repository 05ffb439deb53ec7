//! Handing mails to the house's mail server.

use crate::{Mail, Roots};
use chrono::{DateTime, Utc};
use komainu_db::uuid::Uuid;
use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Category;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use zeroize::Zeroizing;

/// How long the server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the way to the mail server is kept secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// TLS after a greeting in plain text; without it nothing is sent.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: for a server on this very computer or behind a wire of one's own.
    None,
}

impl Security {
    /// The word in settings.
    pub const fn code(self) -> &'static str {
        match self {
            Security::Starttls => "starttls",
            Security::Tls => "tls",
            Security::None => "none",
        }
    }

    /// The port that is used where none is named.
    pub const fn port(self) -> u16 {
        match self {
            Security::Starttls => 587,
            Security::Tls => 465,
            Security::None => 25,
        }
    }
}

impl FromStr for Security {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        [Security::Starttls, Security::Tls, Security::None]
            .into_iter()
            .find(|security| security.code() == code)
            .ok_or(())
    }
}

/// Where mails are handed in, and as whom.
#[derive(Clone)]
pub struct MailSettings {
    /// The server's name or address.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept secret.
    pub security: Security,
    /// Name and password, where the server asks for them.
    pub credentials: Option<(String, Zeroizing<String>)>,
    /// From whom, such as `Komainu <komainu@example.jp>`.
    pub from: String,
    /// Whose certificates are believed.
    pub roots: Roots,
}

/// A mail was not handed in.
#[derive(Debug, Error)]
pub enum MailError {
    /// Not now: the server is away, busy, or wants to see whether we come back.
    #[error("{0}")]
    Later(String),
    /// The server will not take it.
    #[error("{0}")]
    Refused(String),
}

/// A mail was not handed in, and where on the way that became clear.
pub(crate) enum Broken {
    /// No mail can be made of it.
    NoMail(String),
    /// Before any of the mail was said.
    Before(Error),
    /// After that.
    During(Error),
}

/// The way to the mail server; cheap to clone.
#[derive(Clone)]
pub struct Sender {
    way: Arc<Way>,
    from: Mailbox,
}

/// How the server is reached.
struct Way {
    server: String,
    port: u16,
    tls: Tls,
    hello: ClientId,
    credentials: Option<Credentials>,
}

impl Sender {
    /// Holds the settings against one another; nothing is connected yet.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn new(settings: &MailSettings) -> Result<Sender, String> {
        let from: Mailbox = settings
            .from
            .parse()
            .map_err(|_| format!("{}: an address is like komainu@example.jp", settings.from))?;
        let tls = match settings.security {
            Security::Starttls => Tls::Required(parameters(settings)?),
            Security::Tls => Tls::Wrapper(parameters(settings)?),
            Security::None => Tls::None,
        };
        let credentials = settings.credentials.as_ref();
        let way = Way {
            server: settings.server.clone(),
            port: settings.port,
            tls,
            hello: ClientId::Domain(from.email.domain().to_owned()),
            credentials: credentials.map(|(name, word)| Credentials::new(name.clone(), word.to_string())),
        };
        Ok(Sender { way: Arc::new(way), from })
    }

    /// Hands a mail in; answers what the server said. The same `id` makes the same message: a mail that is handed in
    /// again after a crash can be told from another.
    pub fn send(&self, mail: &Mail, id: Uuid, now: DateTime<Utc>) -> Result<String, MailError> {
        self.hand_in(mail, id, now, PATIENCE).map_err(|broken| match broken {
            Broken::NoMail(why) => MailError::Refused(why),
            Broken::Before(error) | Broken::During(error) if refuses(&error) => {
                MailError::Refused(error.to_string())
            }
            Broken::Before(error) | Broken::During(error) => MailError::Later(error.to_string()),
        })
    }

    /// Hands a mail in, with so much patience for every answer of the server.
    pub(crate) fn hand_in(
        &self,
        mail: &Mail,
        id: Uuid,
        now: DateTime<Utc>,
        patience: Duration,
    ) -> Result<String, Broken> {
        let message = self.message(mail, id, now).map_err(Broken::NoMail)?;
        let mut connection = self.way.connection(patience).map_err(Broken::Before)?;
        let response = connection.send(message.envelope(), &message.formatted()).map_err(Broken::During)?;
        connection.abort();
        let said: Vec<&str> = response.message().collect();
        Ok(format!("{} {}", response.code(), said.join(" ")))
    }

    fn message(&self, mail: &Mail, id: Uuid, now: DateTime<Utc>) -> Result<Message, String> {
        let to = mail.to().parse().map_err(|error: AddressError| error.to_string())?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject())
            .date(now.into())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            // Nobody's "out of office" needs to answer.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text().to_owned())
            .map_err(|error| error.to_string())
    }

    /// From whom mails come.
    pub fn from(&self) -> String {
        self.from.to_string()
    }
}

impl Way {
    /// A connection that is ready to take mails: encrypted and signed in, as far as the settings want it.
    fn connection(&self, patience: Duration) -> Result<SmtpConnection, Error> {
        let at_once = if let Tls::Wrapper(parameters) = &self.tls { Some(parameters) } else { None };
        let server = (self.server.as_str(), self.port);
        let mut connection = SmtpConnection::connect(server, Some(patience), &self.hello, at_once, None)?;
        if let Tls::Required(parameters) = &self.tls {
            connection.starttls(parameters, &self.hello)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials)?;
        }
        Ok(connection)
    }
}

/// Whether the server will not take a mail, now or later. A refused password (53x) says nothing about the mail, and may be
/// put right by the next try.
pub(crate) fn refuses(error: &Error) -> bool {
    error.is_permanent() && error.status().is_none_or(|code| code.category != Category::Unspecified3)
}

fn parameters(settings: &MailSettings) -> Result<TlsParameters, String> {
    let mut parameters = TlsParameters::builder(settings.server.clone());
    for root in settings.roots.own() {
        let root = Certificate::from_der(root.to_vec()).map_err(|error| error.to_string())?;
        parameters = parameters.add_root_certificate(root);
    }
    parameters.build().map_err(|error| error.to_string())
}
