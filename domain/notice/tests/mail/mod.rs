//! Mail to a server of the test's own.

use komainu_files::Files;
use komainu_notify::{MailQueue, MailSettings, Roots, Security, Sender};

/// Mail by the server at a port of this computer.
pub fn mail_queue(port: u16, files: &Files) -> MailQueue {
    let sender = Sender::new(&MailSettings {
        server: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        credentials: None,
        from: "komainu@example.jp".to_owned(),
        roots: Roots::default(),
    });
    MailQueue::new(sender.unwrap(), files.key())
}
