//! Words with codes: enums that are stored, sent and typed as short words.

/// The text is none of the codes that may stand here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {0}")]
pub struct UnknownCode(pub &'static str);

/// Declares an enum whose variants have codes: the list of them, each one's code, the way back, and how the API's document
/// knows it, by a name of its own (`as`) that no other domain has.
#[macro_export]
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident as $schema:literal, $what:literal:
        $($(#[$variant_doc:meta])* $variant:ident = $code:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::serde::Serialize,
            $crate::serde::Deserialize,
        )]
        #[serde(crate = "komainu_db::serde")]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// All of them, in the order of forms.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word stored in the database and used in forms.
            pub const fn code(self) -> &'static str {
                match self {
                    $($name::$variant => $code,)+
                }
            }
        }

        // A derived schema would not see the codes, which come from outside the macro.
        impl $crate::utoipa::PartialSchema for $name {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::Schema> {
                $crate::codes_schema($name::ALL.iter().map(|word| word.code()))
            }
        }

        impl $crate::utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($schema)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownCode;

            fn from_str(code: &str) -> Result<Self, $crate::UnknownCode> {
                $name::ALL.iter().copied().find(|word| word.code() == code).ok_or($crate::UnknownCode($what))
            }
        }
    };
}

/// A text that is one of these codes.
#[doc(hidden)]
pub fn codes_schema<'a>(
    codes: impl Iterator<Item = &'a str>,
) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).into()
}
