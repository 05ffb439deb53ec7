//! The recovery key: what an institution keeps on paper.

use age::secrecy::SecretString;
use komainu_clock::Nature;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::str::FromStr;
use thiserror::Error;
use zeroize::Zeroizing;

/// Letters and digits that are not mistaken for one another (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters by chance: 140 bits, so that nothing rests on how slowly they are tried.
const CHANCE: usize = 28;
/// Letters that tell a mistyped key from a wrong one.
const CHECK: usize = 2;
/// Letters of a group on paper.
const GROUP: usize = 5;

/// Thirty letters that open every archive of an installation. It is also the passphrase of the age file, exactly as
/// [`RecoveryKey::text`] writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryKey(Zeroizing<String>);

/// The text is no recovery key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WrongKey {
    /// Too short, too long, or with a sign that no key has.
    #[error("a recovery key has 30 letters and digits, like ABCDE-12345-…")]
    Shape,
    /// The last two letters do not fit the others.
    #[error("the recovery key is mistyped: compare it with the paper, letter by letter")]
    Mistyped,
}

/// The file with the key cannot be used.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// It cannot be read or made.
    #[error("the recovery key's file {0} cannot be used: {1}")]
    Io(String, io::Error),
    /// Others on this computer could read it.
    #[error("the recovery key's file {0} can be read by others: run chmod 600 on it")]
    Open(String),
    /// It holds something else.
    #[error("the recovery key's file {0} is damaged: {1}")]
    Damaged(String, WrongKey),
}

impl RecoveryKey {
    /// A fresh key.
    pub fn new(nature: &Nature) -> RecoveryKey {
        let mut letters = Zeroizing::new(String::with_capacity(CHANCE + CHECK));
        letters.extend(nature.bytes::<CHANCE>().iter().map(|byte| letter(usize::from(*byte))));
        let check = check(&letters);
        letters.push_str(&check);
        RecoveryKey(letters)
    }

    /// The key as it stands on paper and opens an archive with the tool `age`.
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(40));
        for (at, sign) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            text.push(sign);
        }
        text
    }

    /// Reads the key from its file, or makes both where there is no file yet.
    pub fn open(path: &Path, nature: &Nature) -> Result<RecoveryKey, KeyFileError> {
        let name = path.display().to_string();
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                let key = RecoveryKey::new(nature);
                writeln!(file, "{}", *key.text())
                    .and_then(|()| file.sync_all())
                    .map_err(|error| KeyFileError::Io(name, error))?;
                Ok(key)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => RecoveryKey::read(path),
            Err(error) => Err(KeyFileError::Io(name, error)),
        }
    }

    /// Reads the key from a file.
    pub fn read(path: &Path) -> Result<RecoveryKey, KeyFileError> {
        let name = path.display().to_string();
        let io = |error| KeyFileError::Io(name.clone(), error);
        if fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyFileError::Open(name));
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
        text.parse().map_err(|error| KeyFileError::Damaged(name, error))
    }

    pub(crate) fn passphrase(&self) -> SecretString {
        SecretString::from(self.text().as_str().to_owned())
    }
}

impl FromStr for RecoveryKey {
    type Err = WrongKey;

    /// Takes a key as people type it: in any case, with any spaces and dashes, with O for 0 and I or L for 1.
    fn from_str(typed: &str) -> Result<Self, WrongKey> {
        let mut letters = Zeroizing::new(String::with_capacity(CHANCE + CHECK));
        for sign in typed.chars().filter(|sign| !sign.is_whitespace() && !"-‐−ー".contains(*sign)) {
            let sign = match sign.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            if letters.len() == CHANCE + CHECK || !LETTERS.contains(&u8::try_from(sign).unwrap_or(0)) {
                return Err(WrongKey::Shape);
            }
            letters.push(sign);
        }
        if letters.len() != CHANCE + CHECK {
            return Err(WrongKey::Shape);
        }
        if check(&letters[..CHANCE]) == letters[CHANCE..] {
            Ok(RecoveryKey(letters))
        } else {
            Err(WrongKey::Mistyped)
        }
    }
}

impl std::fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryKey")
    }
}

fn letter(number: usize) -> char {
    char::from(LETTERS[number % LETTERS.len()])
}

fn check(letters: &str) -> String {
    let digest = Sha256::digest(letters);
    digest.iter().take(CHECK).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{}", letter(usize::from(*byte)));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> RecoveryKey {
        RecoveryKey::new(&Nature::real())
    }

    #[test]
    fn a_key_is_read_as_people_type_it() {
        let key = key();
        let text = key.text();
        assert_eq!((text.len(), text.matches('-').count()), (35, 5));
        let sloppy = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        for typed in [text.to_string(), format!("  {sloppy}\n"), text.replace('-', "")] {
            assert_eq!(typed.parse(), Ok(key.clone()), "{typed}");
        }
        for typed in ["", "ABCDE", "何か", &format!("{}A", *text), &text.replace('-', "u")] {
            assert_eq!(typed.parse::<RecoveryKey>(), Err(WrongKey::Shape), "{typed}");
        }
    }

    #[test]
    fn a_key_file_is_private_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup.key");
        let first = RecoveryKey::open(&path, &Nature::real()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(RecoveryKey::open(&path, &Nature::real()).unwrap(), first);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(RecoveryKey::read(&path), Err(KeyFileError::Open(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "something else").unwrap();
        assert!(matches!(RecoveryKey::read(&path), Err(KeyFileError::Damaged(..))));
    }

    proptest! {
        #[test]
        fn two_exchanged_letters_are_noticed_nearly_always(at in 0..CHANCE - 1) {
            let noticed = (0..64).filter(|_| {
                let key = key();
                let mut signs: Vec<char> = key.0.chars().collect();
                signs.swap(at, at + 1);
                let typed: String = signs.into_iter().collect();
                typed == *key.0 || typed.parse::<RecoveryKey>() == Err(WrongKey::Mistyped)
            });
            prop_assert!(noticed.count() >= 60);
        }
    }
}
