//! What is given to people without an account.

use chrono::{DateTime, Utc};
use komainu_access::{LinkId, LinkToken, Purpose};
use komainu_web::{App, qr_svg};

/// A link that is to be made.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The one thing that it is for.
    pub purpose: Purpose,
    /// What it is about, as its purpose writes it.
    pub subject: String,
    /// Whom or what it is for, in words; the log names it so.
    pub name: String,
    /// Until when it is wished to work; its purpose may end it earlier.
    pub until: DateTime<Utc>,
}

/// A link with its secret, which is shown now and never again.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its name in lists.
    pub id: LinkId,
    /// The one thing that it is for.
    pub purpose: Purpose,
    /// The end of its address.
    pub token: LinkToken,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// A link as lists show it, whether it still works or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its name in lists.
    pub id: LinkId,
    /// The code of its purpose; one of a later version is shown as it is.
    pub purpose: String,
    /// Whom or what it is for, in words.
    pub name: String,
    /// Who made it; the program's name where no person did.
    pub made_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// How often it can be used; none for as often as is wished.
    pub most_uses: Option<i64>,
    /// How often it was.
    pub uses: i64,
    /// When it was used last.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Who withdrew it; nobody where the installation was restored from an archive.
    pub revoked_by: Option<String>,
}

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be used.
    Works,
    /// It was used as often as it can be.
    UsedUp,
    /// Its time is over.
    Expired,
    /// Somebody ended it.
    Withdrawn,
}

/// The whole address of a link, in a program that is reached under this one.
pub fn address(public_url: &str, purpose: Purpose, token: &LinkToken) -> String {
    format!("{public_url}{}/{}", purpose.path(), token.text())
}

/// A link as it is handed over, on a screen or on paper.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The whole address.
    pub address: String,
    /// The same to be photographed: SVG.
    pub qr: String,
    /// It leads to this very computer and works on no other.
    pub only_here: bool,
}

impl Handed {
    /// How a link is handed over by a program that is reached under this address.
    pub fn new(app: &App, made: &Made) -> Handed {
        let address = address(&app.settings.public_url, made.purpose, &made.token);
        Handed { qr: qr_svg(&address), address, only_here: app.settings.only_here() }
    }
}
