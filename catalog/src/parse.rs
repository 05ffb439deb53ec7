//! Values that are checked the moment they are read, so that a wrong one is reported at its own line.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

use komainu_language::Text;

/// Reads a string and parses it *inside* the visitor: an error raised there carries the place of the value.
pub(crate) fn from_str<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr,
    T::Err: fmt::Display,
    D: Deserializer<'de>,
{
    struct Parse<T>(PhantomData<T>);
    impl<T: FromStr> Visitor<'_> for Parse<T>
    where
        T::Err: fmt::Display,
    {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Parse(PhantomData))
}

/// A value together with where it stands in its file. It reads like the value itself.
#[derive(Clone, Debug)]
pub struct Located<T> {
    value: T,
    offset: usize,
}

impl<T> Located<T> {
    /// Byte offset in the file's text.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }
}

impl<T> Deref for Located<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Located<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    /// Two values are equal wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<T>::deserialize(deserializer)?;
        let offset = spanned.span().start;
        Ok(Located { value: spanned.into_inner(), offset })
    }
}

/// A text that exists, non-empty, in all three languages. It reads like a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Text);

impl Deref for Words {
    type Target = Text;
    fn deref(&self) -> &Text {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Languages {
            ja: Sentence,
            en: Sentence,
            zh: Sentence,
        }
        let Languages { ja, en, zh } = Languages::deserialize(deserializer)?;
        Ok(Words(Text { ja: ja.0, en: en.0, zh: zh.0 }))
    }
}

/// A string with something in it.
struct Sentence(String);

impl FromStr for Sentence {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() { Err("the text is empty") } else { Ok(Sentence(text.to_owned())) }
    }
}

impl<'de> Deserialize<'de> for Sentence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_str(deserializer)
    }
}

/// A set of named cases with a code each, parsed from and printed as that code.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$case_meta:meta])* $case:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$case_meta])* $case),+
        }

        impl $name {
            /// Every case, in the order of the definition.
            pub const ALL: &'static [$name] = &[$($name::$case),+];

            /// The code used in data files, storage and addresses.
            pub const fn code(self) -> &'static str {
                match self { $($name::$case => $code),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|case| case.code() == code).ok_or_else(|| $crate::UnknownCode {
                    code: code.to_owned(),
                    expected: Self::ALL.iter().map(|case| case.code()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::parse::from_str(deserializer)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
    };
}

/// A stable name of a row: small letters, digits and hyphens, with dots where `dots` says so.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The id as it stands in the data.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::BadId;
            fn from_str(id: &str) -> Result<Self, Self::Err> {
                $crate::parse::check_id(id)?;
                Ok($name(id.into()))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::parse::from_str(deserializer)
            }
        }
    )+ };
}

pub(crate) use {codes, ids};

/// The text is none of the codes that may stand here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is unknown here; one of: {expected}")]
pub struct UnknownCode {
    /// What was read.
    pub code: String,
    /// The codes that exist.
    pub expected: String,
}

/// The text cannot be an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an id: small letters, digits and single hyphens, parts divided by dots")]
pub struct BadId(String);

/// Ids are ASCII so that they can stand in addresses, file names and spreadsheets unchanged.
pub(crate) fn check_id(id: &str) -> Result<(), BadId> {
    let part_ok =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if id.len() <= 80 && id.split(['.', '-']).all(part_ok) { Ok(()) } else { Err(BadId(id.to_owned())) }
}
