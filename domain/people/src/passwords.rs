//! Passwords: which new ones will do, and the slow work of hashing and comparing them.
//!
//! Guideline 7.0 asks for 13 characters where there is no second factor, and for no regular change. Beyond that only
//! what an attacker would try first is refused: no rules about digits and signs, which make passwords worse.

use crate::model::{Email, Password, PasswordHash};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use komainu_clock::Nature;
use komainu_web::Failure;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// Fewest characters of a new password (guideline 7.0, sign-in without a second factor).
pub const SHORTEST: usize = 13;
/// Most characters of a password.
pub const LONGEST: usize = 256;
/// Fewest letters and digits of it that are not names and words that others know.
const OWN_PART: usize = 8;
/// How many passwords are worked on at once: each takes 19 MiB for some tens of milliseconds.
const AT_ONCE: usize = 4;
/// How many may wait for that; more would only time out.
const WAITING: usize = 200;

/// Words that everyone who attacks a medical institution tries, and the example that our own pages give.
const KNOWN_WORDS: [&str; 24] = [
    "komainu",
    "byouin",
    "byoin",
    "hospital",
    "clinic",
    "iin",
    "shinryoujo",
    "shinryojo",
    "shika",
    "dental",
    "yakkyoku",
    "pharmacy",
    "kango",
    "nurse",
    "doctor",
    "isha",
    "incho",
    "incyou",
    "iryou",
    "karte",
    "denshikarute",
    "reseputo",
    "receipt",
    "sakura-toast-27-yamabiko",
];

/// Why a new password will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// Common words, names or runs that are tried first.
    Guessable,
    /// The two entries differ.
    NotRepeated,
}

/// Checks a new password that was typed twice. `context` holds what others know: names, the address, the institution.
///
/// Takes up to some milliseconds: not for an async thread.
pub fn new_password(raw: &str, again: &str, context: &[&str]) -> Result<Password, Weakness> {
    let password = Password::typed(raw);
    let length = password.text().chars().count();
    if length < SHORTEST {
        return Err(Weakness::TooShort);
    }
    if length > LONGEST {
        return Err(Weakness::TooLong);
    }
    let known: Vec<String> = context
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).chain([*text]))
        .chain(KNOWN_WORDS)
        .filter(|word| word.chars().count() > 2)
        .map(|word| Password::typed(word).text().to_lowercase())
        .collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    // Three of four: more than a hundred million guesses, which no online attack gets.
    if unknown_part(password.text(), &known) < OWN_PART
        || zxcvbn(password.text(), &known).score() < Score::Three
    {
        return Err(Weakness::Guessable);
    }
    if Password::typed(again).text() == password.text() { Ok(password) } else { Err(Weakness::NotRepeated) }
}

/// How many characters are left when everything that others know is taken out.
fn unknown_part(password: &str, known: &[&str]) -> usize {
    let mut longest_first = known.to_vec();
    longest_first.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = longest_first.iter().fold(password.to_lowercase(), |rest, word| rest.replace(word, ""));
    rest.chars().filter(|c| c.is_alphanumeric()).count()
}

/// What others know of a person, for [`new_password`].
pub fn context_of<'a>(
    name: &'a str,
    name_kana: &'a str,
    email: &'a Email,
    organisation: &'a str,
) -> [&'a str; 4] {
    [name, name_kana, email.folded(), organisation]
}

/// Hashes and compares with Argon2id.
pub struct Hasher {
    argon: Argon2<'static>,
    /// Compared with where there is no account, so that the work is the same.
    nobody: PasswordHash,
    work: AtomicUsize,
}

impl Hasher {
    /// The program's own, with the parameters of the OWASP password storage cheat sheet: 19 MiB, two passes, one lane.
    pub fn shared() -> &'static Hasher {
        static SHARED: LazyLock<Hasher> = LazyLock::new(|| Hasher::new(Params::default()));
        &SHARED
    }

    /// One with its own parameters and its own count of [work](Hasher::work).
    pub fn new(params: Params) -> Hasher {
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = argon.hash_password_with_salt(b"nobody", b"nobody's own salt");
        // A salt of this length and parameters that `Params` accepted cannot be refused.
        let nobody = PasswordHash(nobody.expect("fixed input hashes").to_string());
        Hasher { argon, nobody, work: AtomicUsize::new(0) }
    }

    /// Hashes a password with a fresh salt.
    pub fn hash(&self, nature: &Nature, password: &Password) -> Result<PasswordHash, Failure> {
        self.work.fetch_add(1, Ordering::Relaxed);
        self.argon
            .hash_password_with_salt(password.text().as_bytes(), &nature.bytes::<16>())
            .map(|hash| PasswordHash(hash.to_string()))
            .map_err(Failure::internal)
    }

    /// Whether the password is the one behind the hash. Without a hash the answer is no after the same work.
    pub fn matches(&self, stored: Option<&PasswordHash>, password: &Password) -> bool {
        self.work.fetch_add(1, Ordering::Relaxed);
        let parsed = phc::PasswordHash::new(&stored.unwrap_or(&self.nobody).0);
        let equal =
            parsed.is_ok_and(|hash| self.argon.verify_password(password.text().as_bytes(), &hash).is_ok());
        equal && stored.is_some()
    }

    /// Whether a hash was made with other parameters than today's, and is to be made anew when its password is seen.
    pub fn is_outdated(&self, stored: &PasswordHash) -> bool {
        let params = phc::PasswordHash::new(&stored.0).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| {
            let ours = self.argon.params();
            (params.m_cost(), params.t_cost(), params.p_cost())
                != (ours.m_cost(), ours.t_cost(), ours.p_cost())
        })
    }

    /// How many passwords were hashed or compared so far; the proof that an unknown account costs the same work.
    pub fn work(&self) -> usize {
        self.work.load(Ordering::Relaxed)
    }
}

/// Runs work that hashes or compares passwords: off the async threads, and only so many at once.
///
/// # Errors
/// What the work answers, or that too many wait already.
pub async fn off_thread<T: Send + 'static, E: From<Failure> + Send + 'static>(
    work: impl FnOnce(&'static Hasher) -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    static ROOM: Semaphore = Semaphore::const_new(AT_ONCE);
    static QUEUE: Semaphore = Semaphore::const_new(WAITING);
    let _queued = QUEUE.try_acquire().map_err(|_| Failure::TooMany(60))?;
    let _working = ROOM.acquire().await.map_err(Failure::internal)?;
    tokio::task::spawn_blocking(move || work(Hasher::shared())).await.map_err(Failure::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judged(raw: &str) -> Option<Weakness> {
        let email = "hanako.yamada@aozora-clinic.example".parse().unwrap();
        let context = context_of("山田 花子", "やまだ はなこ", &email, "あおぞら医院");
        new_password(raw, raw, &context).err()
    }

    #[test]
    fn new_passwords_are_judged_by_what_is_tried_first() {
        for (raw, expected) in [
            ("short-Pw-12!", Some(Weakness::TooShort)),
            ("１２３４", Some(Weakness::TooShort)),
            ("1234567890123", Some(Weakness::Guessable)),
            ("passwordpassword", Some(Weakness::Guessable)),
            ("ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ", Some(Weakness::Guessable)),
            ("aaaaaaaaaaaaaaaa", Some(Weakness::Guessable)),
            ("qwertyuiopasdf", Some(Weakness::Guessable)),
            ("hanako.yamada@aozora-clinic.example", Some(Weakness::Guessable)),
            ("hanakoyamada2026", Some(Weakness::Guessable)),
            ("aozora-clinic1", Some(Weakness::Guessable)),
            ("sakura-toast-27-yamabiko", Some(Weakness::Guessable)),
            ("komainuhospital", Some(Weakness::Guessable)),
            ("momiji kaban 83 tansu", None),
            ("やまびこ時計たまご二十七", Some(Weakness::TooShort)),
            ("やまびこと時計とたまごと二十七", None),
            ("vT9-qLx4-Zm2w", None),
        ] {
            assert_eq!(judged(raw), expected, "{raw}");
        }
        assert_eq!(judged(&"あ9-".repeat(90)), Some(Weakness::TooLong));
        let slip = new_password("momiji kaban 83 tansu", "momiji kaban 83 tanzu", &[]);
        assert_eq!(slip.err(), Some(Weakness::NotRepeated));
    }

    #[test]
    fn a_hash_opens_for_its_password_only() {
        let nature = Nature::real();
        let hasher = Hasher::new(Params::new(64, 1, 1, None).unwrap());
        let hash = hasher.hash(&nature, &Password::typed("momiji kaban 83 tansu")).unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(hasher.matches(Some(&hash), &Password::typed("ｍｏｍｉｊｉ kaban 83 tansu")));
        assert!(!hasher.matches(Some(&hash), &Password::typed("momiji kaban 83 tans")));
        assert!(!hasher.matches(None, &Password::typed("nobody")), "the stand-in opens for nobody");
        assert!(!hasher.matches(Some(&PasswordHash("!".into())), &Password::typed("!")));
        assert_eq!(hasher.work(), 5);
    }

    #[test]
    fn outdated_parameters_are_seen() {
        let nature = Nature::real();
        let old = Hasher::new(Params::new(64, 1, 1, None).unwrap());
        let new = Hasher::new(Params::new(128, 1, 1, None).unwrap());
        let hash = old.hash(&nature, &Password::typed("x")).unwrap();
        assert!(!old.is_outdated(&hash) && new.is_outdated(&hash));
        assert!(new.matches(Some(&hash), &Password::typed("x")), "it still opens until it is made anew");
    }

    #[test]
    fn the_shared_parameters_are_the_recommended_ones() {
        let params = Hasher::shared().argon.params();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19 * 1024, 2, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_text_can_be_judged(raw in "\\PC{0,300}", word in "\\PC{0,20}") {
            let judged = new_password(&raw, &raw, &[&word]);
            prop_assert!(judged.err() != Some(Weakness::NotRepeated));
        }
    }
}
