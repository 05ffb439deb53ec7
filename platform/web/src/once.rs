//! What a form of a page creates, once: a lost connection makes browsers, people and telephones send it again.
//!
//! The page gives its forms an id. The first post is kept as a digest of that id, the address and all that was typed, with
//! where it led; the same post again leads there too and does nothing. The id with anything else in the form is a post of
//! its own: two different sentences are never taken for one. The id itself is not kept, so that the digest, which is made
//! with it, tells nothing of the words.
//!
//! The API names its creations by a header instead ([`crate::api`]): its answers belong to a token and are sealed with it.

mod store;

pub use store::STATEMENTS;

use crate::Form;
use chrono::Duration;
use komainu_access::Scope;
use komainu_clock::Nature;
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Tx};
use sha2::{Digest as _, Sha256};

/// The hidden field with the id.
const FIELD: &str = "sent_id";
/// How long a post is known again: a telephone that was put away may send after a long weekend.
const KEPT: Duration = Duration::days(7);

/// A form that was sent, as it is known again.
pub struct Once {
    /// None where the page gave its form no id.
    digest: Option<Sha256>,
}

impl Once {
    /// An id for the forms of a page that is about to be shown.
    pub fn id(nature: &Nature) -> String {
        nature.id().to_string()
    }

    /// What was sent to an address. One without an id is always done.
    pub fn of(form: &Form, address: &str) -> Once {
        let Some(id) = form.parse::<Uuid>(FIELD) else { return Once { digest: None } };
        let mut digest = Sha256::new();
        add(&mut digest, id.as_bytes());
        add(&mut digest, address.as_bytes());
        // Who signs in anew in between carries another token with the same words.
        for (name, value) in form.fields().filter(|(name, _)| ![FIELD, "csrf"].contains(name)) {
            add(&mut digest, name.as_bytes());
            add(&mut digest, value.as_bytes());
        }
        Once { digest: Some(digest) }
    }

    /// The same with a file that came along.
    #[must_use]
    pub fn with_file(mut self, name: &str, bytes: &[u8]) -> Once {
        if let Some(digest) = &mut self.digest {
            add(digest, name.as_bytes());
            add(digest, bytes);
        }
        self
    }

    /// Does the work and answers where it leads, or answers where it led before.
    ///
    /// Of two that come at once the second waits for the first: the row is taken before anything else is done. Where the work
    /// fails, nothing is kept, and the form may be sent again.
    pub fn done<E: From<DbError>>(
        self,
        tx: &mut Tx<'_>,
        nature: &Nature,
        scope: &Scope,
        work: impl FnOnce(&mut Tx<'_>) -> Result<String, E>,
    ) -> Result<String, E> {
        let Some(digest) = self.digest else { return work(tx) };
        let (digest, now) = (digest.finalize().to_vec(), nature.now());
        store::sweep(tx, scope, now - KEPT)?;
        if !store::take(tx, scope, &digest, now)? {
            return Ok(store::led_to(tx, scope, &digest)?);
        }
        let led_to = work(tx)?;
        store::lead(tx, scope, &digest, &led_to)?;
        Ok(led_to)
    }
}

/// Adds a part with its length, so that no two lists of parts read the same.
fn add(digest: &mut Sha256, part: &[u8]) {
    digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    digest.update(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(address: &str, fields: &[(&str, &str)]) -> Option<Vec<u8>> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let once = Once::of(&Form::new(fields.collect()), address);
        once.digest.map(|digest| digest.finalize().to_vec())
    }

    #[test]
    fn only_the_very_same_post_is_known_again() {
        let (one, other) = ("01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002");
        let first = digest("/a", &[("csrf", "x"), ("sent_id", one), ("what", "線を抜く"), ("why", "")]);
        assert!(first.is_some());
        assert_eq!(
            first,
            digest("/a", &[("csrf", "y"), ("sent_id", one), ("what", "線を抜く"), ("why", "")]),
            "whoever signed in anew sends the same"
        );
        for (address, fields) in [
            ("/b", [("sent_id", one), ("what", "線を抜く"), ("why", "")]),
            ("/a", [("sent_id", other), ("what", "線を抜く"), ("why", "")]),
            ("/a", [("sent_id", one), ("what", "線を"), ("why", "抜く")]),
            ("/a", [("sent_id", one), ("what", ""), ("why", "線を抜く")]),
        ] {
            assert_ne!(first, digest(address, &fields), "{address} {fields:?}");
        }
        for nameless in ["", "1"] {
            assert_eq!(digest("/a", &[("sent_id", nameless), ("what", "線を抜く")]), None);
        }
    }

    #[test]
    fn a_file_is_part_of_what_was_sent() {
        let form = Form::new(vec![(FIELD.to_owned(), "01900000-0000-7000-8000-000000000001".to_owned())]);
        let with = |name: &str, bytes: &[u8]| {
            Once::of(&form, "/a").with_file(name, bytes).digest.map(|digest| digest.finalize().to_vec())
        };
        assert_eq!(with("a.png", b"x"), with("a.png", b"x"));
        assert_ne!(with("a.png", b"x"), with("a.png", b"y"));
        assert_ne!(with("a.png", b"x"), with("b.png", b"x"));
    }
}
