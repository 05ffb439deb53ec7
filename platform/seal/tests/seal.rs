//! What is sealed opens for its purpose and row only, under every generation of its key and no other key.
#![allow(clippy::unwrap_used)]

use komainu_clock::Nature;
use komainu_seal::{Key, KeyError, Seal, Unsealable};
use proptest::prelude::*;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use tempfile::TempDir;

fn key() -> (TempDir, PathBuf, Nature, Key) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("files.key");
    let nature = Nature::real();
    let key = Key::open(&path, &nature).unwrap();
    (folder, path, nature, key)
}

fn opens(seal: &Seal, row: &[&[u8]], sealed: &[u8]) -> Option<Vec<u8>> {
    seal.open(row, sealed).ok().map(|plain| plain.to_vec())
}

#[test]
fn what_is_sealed_opens_in_its_place_only() {
    let (_folder, _, nature, key) = key();
    let seal = key.seal("totp.secret");
    let row: &[&[u8]] = &[b"organisation", b"person"];
    let sealed = seal.close(&nature, row, b"secret");
    assert_eq!(opens(&seal, row, &sealed).unwrap(), b"secret");
    assert_ne!(seal.close(&nature, row, b"secret"), sealed, "no two look alike");
    for (case, opened) in [
        ("another purpose", opens(&key.seal("pending.state"), row, &sealed)),
        ("another row", opens(&seal, &[b"organisation", b"other"], &sealed)),
        ("a row that reads the same", opens(&seal, &[b"organisationper", b"son"], &sealed)),
        ("no row", opens(&seal, &[], &sealed)),
        ("another installation", opens(&self::key().3.seal("totp.secret"), row, &sealed)),
        ("a generation to come", opens(&seal, row, &[&[1], &sealed[1..]].concat())),
        ("nothing", opens(&seal, row, &[])),
        ("too little", opens(&seal, row, &sealed[..24])),
    ] {
        assert_eq!(opened, None, "{case}");
    }
    assert_eq!(seal.open(&[], &sealed).err(), Some(Unsealable("totp.secret")));
}

#[test]
fn a_new_generation_seals_and_the_old_ones_still_open() {
    let (_folder, path, nature, old) = key();
    let before = old.seal("a.b").close(&nature, &[b"1"], b"plain");
    let new = Key::rotate(&path, &nature).unwrap();
    assert_eq!((old.generations(), new.generations()), (1, 2));
    assert_eq!(old.oldest(), new.oldest());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for key in [new, Key::open(&path, &nature).unwrap()] {
        let seal = key.seal("a.b");
        assert_eq!(opens(&seal, &[b"1"], &before).unwrap(), b"plain");
        assert!(!seal.is_current(&before) && old.seal("a.b").is_current(&before));
        let after = seal.close(&nature, &[b"1"], b"plain");
        assert!(seal.is_current(&after));
        assert_eq!(opens(&seal, &[b"1"], &after).unwrap(), b"plain");
        assert_eq!(opens(&old.seal("a.b"), &[b"1"], &after), None);
    }
    fs::write(&path, [7; 256 * 32]).unwrap();
    assert!(matches!(Key::rotate(&path, &nature), Err(KeyError::Full(_))));
}

#[test]
fn a_text_stays_a_text() {
    let (_folder, path, nature, old) = key();
    let (seal, row): (Seal, &[&[u8]]) = (old.seal("a.b"), &[b"1"]);
    let sealed = seal.close_text(&nature, row, "03-0000-0000 内線 12");
    assert!(sealed.starts_with("sealed:0:") && sealed.starts_with(&seal.current_mark()), "{sealed}");
    assert!(!sealed.contains("0000"), "{sealed}");
    assert_eq!(seal.open_text(row, &sealed).unwrap(), "03-0000-0000 内線 12");
    assert_eq!((seal.close_text(&nature, row, ""), seal.open_text(row, "").unwrap()), Default::default());
    assert_eq!(seal.open_text(row, "from before").unwrap(), "from before");
    // A text that looks sealed is sealed all the same, and so comes back.
    let twice = seal.close_text(&nature, row, &sealed);
    assert_eq!(seal.open_text(row, &twice).unwrap(), sealed);
    for wrong in
        ["sealed:", "sealed:0", "sealed:0:", "sealed:0:!", "sealed:0:AAAA", &sealed[..sealed.len() - 2]]
    {
        assert_eq!(seal.open_text(row, wrong), Err(Unsealable("a.b")), "{wrong}");
    }
    assert_eq!(seal.open_text(&[b"2"], &sealed), Err(Unsealable("a.b")));
    let new = Key::rotate(&path, &nature).unwrap().seal("a.b");
    assert!(new.current_mark() == "sealed:1:" && new.open_text(row, &sealed).is_ok());
}

#[test]
fn the_key_is_private_and_stays_the_same() {
    let (_folder, path, nature, _) = key();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let first = fs::read(&path).unwrap();
    assert_eq!(first.len(), 32);
    Key::open(&path, &nature).unwrap();
    assert_eq!(fs::read(&path).unwrap(), first);
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(Key::open(&path, &nature), Err(KeyError::Open(_))));
    assert!(matches!(Key::rotate(&path, &nature), Err(KeyError::Open(_))));
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    for damaged in [0, 5, 33, 257 * 32] {
        fs::write(&path, vec![7; damaged]).unwrap();
        assert!(matches!(Key::open(&path, &nature), Err(KeyError::Damaged(_))), "{damaged} bytes");
    }
    assert!(matches!(Key::rotate(&path.join("x"), &nature), Err(KeyError::Io(..))));
}

#[test]
fn neither_keys_nor_seals_print_their_secret() {
    let (_folder, _, _, key) = key();
    assert_eq!(format!("{key:?} {:?}", key.seal("a.b")), "Key Seal(a.b)");
}

proptest! {
    #[test]
    fn one_changed_bit_anywhere_is_seen(plain in prop::collection::vec(any::<u8>(), 0..80), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (_folder, _, nature, key) = key();
        let seal = key.seal("a.b");
        let mut sealed = seal.close(&nature, &[b"1"], &plain);
        prop_assert_eq!(opens(&seal, &[b"1"], &sealed), Some(plain));
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert_eq!(opens(&seal, &[b"1"], &sealed), None);
    }
}
