//! The ways out of the house: mail, signed posts to other programs, and questions to the house's sign-in service.
//!
//! All are off until whoever runs the installation switches them on in the settings; then nothing else can be reached
//! than what they said. A [`Mail`] is put into the queue in the transaction of the change that it tells of, sealed, and
//! sent by [`MailWork`]; a post goes by [`Outbound`], which looks at the very address that it connects to; an [`Inquiry`]
//! asks the one service that the settings name, wherever it stands. A short message ([`Note`]) goes at once by one of the
//! [`Providers`] that are switched on, and whoever sends it is told whether it may have gone.

mod asked;
mod chat;
mod inquiry;
mod mail;
mod outbound;
mod post;
mod provider;
mod push;
mod queue;
mod roots;
mod sender;
mod sms;
#[cfg(feature = "testing")]
pub mod testing;
mod wire;

pub use chat::ChatWay;
pub use inquiry::{AskError, Inquiry};
pub use mail::{Mail, NotAnAddress};
pub use outbound::{Outbound, PostError, Unfit, allowed_url, is_public};
pub use post::MailWay;
pub use provider::{Medium, NotSent, Note, Provider, Providers, UnknownMedium};
pub use push::{NotAPushAddress, PushAddress, PushFault, PushKey, PushWay};
pub use queue::{MAIL, MailQueue, MailWork};
pub use roots::{Roots, RootsError};
pub use sender::{MailError, MailSettings, Security, Sender};
pub use sms::{Method as SmsMethod, Numbers, SmsFault, SmsForm, SmsWay};
pub use wire::WireError;

pub use ipnet::IpNet;
pub use url::Url;
