//! A message that only the browser can read (RFC 8291, in the form of RFC 8188).

use super::PushAddress;
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Longest body that every push service takes (RFC 8030, 7.2).
const BODY: usize = 4096;
/// Salt, size of a record, length of our key, and our key: what stands before the record.
const HEAD: usize = 16 + 4 + 1 + 65;
/// What a record is longer than what it holds: the sign of its end, and the proof.
const MORE: usize = 1 + 16;
/// Longest message, in bytes.
pub(super) const LONGEST: usize = BODY - HEAD - MORE;
/// The sign of the last record's end; there is one record.
const LAST: u8 = 2;
/// The record's size as it is told: none is longer.
const RECORD: u32 = 4096;

/// The body of a push for a browser. Our key and the salt serve one message only. None where the browser's key is none.
pub(super) fn sealed(
    address: &PushAddress,
    plain: &[u8],
    own: &SecretKey,
    salt: [u8; 16],
) -> Option<Vec<u8>> {
    let theirs = PublicKey::from_sec1_bytes(&address.key).ok()?;
    let ours = own.public_key().to_sec1_bytes();
    let shared = own.diffie_hellman(&theirs);
    let mut secret = Zeroizing::new([0u8; 32]);
    Hkdf::<Sha256>::new(Some(&address.secret[..]), shared.raw_secret_bytes())
        .expand_multi_info(&[&b"WebPush: info\0"[..], &address.key[..], &ours[..]], &mut secret[..])
        .ok()?;
    let keys = Hkdf::<Sha256>::new(Some(&salt[..]), &secret[..]);
    let (mut key, mut nonce) = (Zeroizing::new([0u8; 16]), [0u8; 12]);
    keys.expand(b"Content-Encoding: aes128gcm\0", &mut key[..]).ok()?;
    keys.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
    let record = Zeroizing::new([plain, &[LAST]].concat());
    let record = Aes128Gcm::new((&*key).into()).encrypt(&Nonce::from(nonce), &record[..]).ok()?;
    let length = u8::try_from(ours.len()).ok()?;
    Some([&salt[..], &RECORD.to_be_bytes(), &[length], &ours[..], &record].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    /// The example of RFC 8291, section 5 with the keys of appendix A.
    #[test]
    fn the_standards_own_example_is_sealed_as_it_stands_there() {
        let address: PushAddress = serde_json::json!({
            "endpoint": "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
            "keys": {
                "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                "auth": "BTBZMqHH6r4Tts7J_aSIgg",
            },
        })
        .to_string()
        .parse()
        .unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let own = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let body = sealed(&address, b"When I grow up, I want to be a watermelon", &own, salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6P\
             Bru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_longest_message_fits_and_a_key_off_the_curve_is_none() {
        let own = SecretKey::from_slice(&[7; 32]).unwrap();
        let mut address = PushAddress {
            endpoint: "https://push.example.net/".parse().unwrap(),
            key: own.public_key().to_sec1_bytes()[..].try_into().unwrap(),
            secret: [1; 16],
        };
        let body = sealed(&address, &[b'x'; LONGEST], &own, [2; 16]).unwrap();
        assert_eq!(body.len(), BODY);
        address.key[64] ^= 1;
        assert!(sealed(&address, b"x", &own, [2; 16]).is_none());
    }
}
