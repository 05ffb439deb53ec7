//! Secrets that a browser keeps in a cookie. The database holds only their hash, so that a stolen one opens nothing.

/// Declares a secret of 32 random bytes that is written into a cookie and kept as a hash.
macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name([u8; 32]);

        impl $name {
            /// A secret from 32 random bytes.
            pub const fn new(random: [u8; 32]) -> $name {
                $name(random)
            }

            /// The cookie's text.
            pub fn text(&self) -> String {
                base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, self.0)
            }

            /// What the database keeps of it.
            pub fn hash(&self) -> Vec<u8> {
                <sha2::Sha256 as sha2::Digest>::digest(self.0).to_vec()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                let bytes = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text);
                bytes.ok().and_then(|bytes| bytes.try_into().ok()).map($name).ok_or(())
            }
        }
    };
}
pub(crate) use secret;
