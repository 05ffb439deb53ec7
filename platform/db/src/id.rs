//! Identifiers that cannot be confused with one another.

use crate::{Column, DbError, Row, Value};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Required, Schema};
use uuid::Uuid;

/// A newtype around a UUID (version 7, made by `Nature::id`); declared by [`id!`](crate::id!).
pub trait Id: Copy {
    /// The bare identifier.
    fn uuid(self) -> Uuid;
    /// Names a bare identifier as one of this kind.
    fn from_uuid(uuid: Uuid) -> Self;
}

impl<I: Id> From<I> for Value {
    fn from(id: I) -> Self {
        Value::Uuid(id.uuid())
    }
}

impl<I: Id> From<Option<I>> for Value {
    fn from(id: Option<I>) -> Self {
        id.map_or(Value::Null, Value::from)
    }
}

impl<I: Id> Column for I {
    fn read(row: &Row<'_>, index: usize) -> Result<Self, DbError> {
        row.get(index).map(I::from_uuid)
    }
}

impl<I: Id> Column for Option<I> {
    fn read(row: &Row<'_>, index: usize) -> Result<Self, DbError> {
        Ok(row.get::<Option<Uuid>>(index)?.map(I::from_uuid))
    }
}

/// How an identifier looks in the API's document.
#[doc(hidden)]
pub fn schema() -> RefOr<Schema> {
    let format = SchemaFormat::Custom("uuid".to_owned());
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
}

/// The parameter `{id}` of a path.
#[doc(hidden)]
pub fn parameter() -> Parameter {
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(schema()))
        .build()
}

/// Declares an identifier that can be bound, read, shown and parsed, and that the API's document knows.
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, $crate::serde::Serialize,
            $crate::serde::Deserialize,
        )]
        #[serde(crate = "komainu_db::serde", transparent)]
        pub struct $name(pub $crate::uuid::Uuid);

        impl $crate::Id for $name {
            fn uuid(self) -> $crate::uuid::Uuid {
                self.0
            }

            fn from_uuid(uuid: $crate::uuid::Uuid) -> Self {
                $name(uuid)
            }
        }

        impl $crate::utoipa::PartialSchema for $name {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::Schema> {
                $crate::schema()
            }
        }

        impl $crate::utoipa::ToSchema for $name {}

        impl $crate::utoipa::IntoParams for $name {
            fn into_params(
                _: impl Fn() -> Option<$crate::utoipa::openapi::path::ParameterIn>,
            ) -> Vec<$crate::utoipa::openapi::path::Parameter> {
                vec![$crate::parameter()]
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    };
}
