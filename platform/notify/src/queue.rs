//! Mails that wait for their turn, sealed.

use crate::{Mail, MailError, Sender};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use komainu_access::Scope;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_jobs::{Job, Progress, Task, Work, WorkError};
use komainu_seal::{Key, Seal};

/// The kind of job that sends a mail.
pub const MAIL: &str = "mail";
/// What its payload is sealed for.
const PURPOSE: &str = "job.mail";

/// Takes mails in; there where mail is switched on. Cheap to clone.
#[derive(Clone)]
pub struct MailQueue {
    sender: Sender,
    seal: Seal,
}

impl MailQueue {
    /// A queue to this sender; what waits in it is sealed with the installation's key.
    pub fn new(sender: Sender, key: &Key) -> MailQueue {
        MailQueue { sender, seal: key.seal(PURPOSE) }
    }

    /// The way to the mail server, for whoever wants to hear at once what it says.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Puts a mail into the queue, in the transaction of the change that it tells of. What was put in under a `key` is
    /// not put in again; with an empty one twice is twice.
    pub fn post(
        &self,
        tx: &mut Tx<'_>,
        nature: &Nature,
        scope: &Scope,
        mail: &Mail,
        key: &str,
    ) -> Result<(), DbError> {
        let plain = serde_json::to_vec(mail).map_err(|error| DbError::Other(error.to_string()))?;
        let sealed = self.seal.close(nature, &[&scope.organisation().0.as_bytes()[..]], &plain);
        Task::new(MAIL, &STANDARD.encode(sealed)).once(key).enqueue(tx, nature, scope).map(drop)
    }

    /// Sends what waits.
    pub fn work(&self, nature: &Nature) -> MailWork {
        MailWork { queue: self.clone(), nature: nature.clone() }
    }
}

impl std::fmt::Debug for MailQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailQueue")
    }
}

/// Sends the mails that wait.
pub struct MailWork {
    queue: MailQueue,
    nature: Nature,
}

impl Work for MailWork {
    fn kind(&self) -> &'static str {
        MAIL
    }

    fn run(&self, job: &Job, _: &Progress<'_>) -> Result<String, WorkError> {
        let sealed: String = serde_json::from_str(&job.payload)?;
        let organisation = job.scope.organisation();
        let row = [&organisation.0.as_bytes()[..]];
        let plain = self.queue.seal.open(&row, &STANDARD.decode(sealed)?)?;
        let mail: Mail = serde_json::from_slice(&plain)?;
        match self.queue.sender.send(&mail, job.id.0, self.nature.now()) {
            Ok(said) => Ok(said),
            Err(MailError::Later(why)) => Err(WorkError::Again(why)),
            Err(MailError::Refused(why)) => Err(WorkError::Failed(why)),
        }
    }

    /// Half a day: long enough for a server that is being repaired, too short for a link that has lost its use.
    fn tries(&self) -> i64 {
        7
    }

    fn forgets(&self) -> bool {
        true
    }

    /// Those that failed still hold an address and perhaps a link.
    fn kept(&self) -> Duration {
        Duration::days(14)
    }
}
