//! Values of JSON as strangers' programs write them: numbers as texts and texts as numbers, one thing where a list is
//! expected, nothing where something is. What does not fit is nothing, not a fault.

use crate::text::clean;
use core::fmt;
use core::marker::PhantomData;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text; a number or truth value as a text; the first of a list; else nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) Option<String>);

/// A yes or no, however it is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flag(pub(crate) Option<bool>);

/// An object, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Maybe<T>(pub(crate) Option<T>);

/// A list of objects, or one, or none; at most so many are kept and the rest is counted.
#[derive(Clone, Debug)]
pub(crate) struct List<T, const MOST: usize> {
    pub(crate) items: Vec<T>,
    pub(crate) left_out: u64,
}

/// A list of texts, or one, or none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(pub(crate) Vec<String>);

const MOST_TEXTS: usize = 256;

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Maybe(None)
    }
}

impl<T, const MOST: usize> Default for List<T, MOST> {
    fn default() -> Self {
        List { items: Vec::new(), left_out: 0 }
    }
}

/// Scalars of which a type makes nothing.
macro_rules! scalars_are_nothing {
    ($nothing:expr; $($visit:ident($value:ty)),*) => {
        $(fn $visit<E: Error>(self, _: $value) -> Result<Self::Value, E> {
            Ok($nothing)
        })*

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }
    };
}

fn pass_over_list<'de, A: SeqAccess<'de>>(list: &mut A) -> Result<u64, A::Error> {
    let mut count = 0;
    while list.next_element::<IgnoredAny>()?.is_some() {
        count += 1;
    }
    Ok(count)
}

fn pass_over_object<'de, A: MapAccess<'de>>(object: &mut A) -> Result<(), A::Error> {
    while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    scalars_are_nothing!(Text(None););

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(clean(text)))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Text, E> {
        Ok(Text(clean(&number.to_string())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Text, A::Error> {
        let first = list.next_element::<Text>()?.unwrap_or_default();
        pass_over_list(&mut list)?;
        Ok(first)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Text, A::Error> {
        pass_over_object(&mut object)?;
        Ok(Text(None))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        let text = text.unwrap_or_default().to_ascii_lowercase();
        Ok(Flag(match text.as_str() {
            "1" | "true" | "yes" | "on" => Some(true),
            "0" | "false" | "no" | "off" => Some(false),
            _ => None,
        }))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MaybeVisitor(PhantomData))
    }
}

struct MaybeVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MaybeVisitor<T> {
    type Value = Maybe<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    scalars_are_nothing!(Maybe(None); visit_str(&str), visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64));

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Maybe<T>, A::Error> {
        pass_over_list(&mut list)?;
        Ok(Maybe(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Maybe<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(|object| Maybe(Some(object)))
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for List<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for ListVisitor<T, MOST> {
    type Value = List<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    scalars_are_nothing!(List::default(); visit_str(&str), visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64));

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T, MOST>, A::Error> {
        let mut items = Vec::new();
        while items.len() < MOST {
            match list.next_element::<Maybe<T>>()? {
                Some(Maybe(item)) => items.extend(item),
                None => return Ok(List { items, left_out: 0 }),
            }
        }
        let left_out = pass_over_list(&mut list)?;
        Ok(List { items, left_out })
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<List<T, MOST>, A::Error> {
        let only = T::deserialize(MapAccessDeserializer::new(object))?;
        Ok(List { items: vec![only], left_out: 0 })
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    scalars_are_nothing!(Texts::default(); visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64));

    fn visit_str<E: Error>(self, text: &str) -> Result<Texts, E> {
        Ok(Texts(clean(text).into_iter().collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
        let mut texts = Vec::new();
        while texts.len() < MOST_TEXTS {
            match list.next_element::<Text>()? {
                Some(Text(text)) => texts.extend(text),
                None => return Ok(Texts(texts)),
            }
        }
        pass_over_list(&mut list)?;
        Ok(Texts(texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Texts, A::Error> {
        pass_over_object(&mut object)?;
        Ok(Texts::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Thing {
        text: Text,
        flag: Flag,
        inner: List<Thing, 2>,
        texts: Texts,
    }

    #[test]
    fn what_does_not_fit_is_nothing() {
        for (json, text, flag, inner, left_out, texts) in [
            (r#"{"text": " a\u0007b ", "flag": true}"#, Some("ab"), Some(true), 0, 0, 0),
            (r#"{"text": 3.5, "flag": "0", "texts": "x"}"#, Some("3.5"), Some(false), 0, 0, 1),
            (r#"{"text": ["x", {}], "flag": 1, "inner": {"text": 1}}"#, Some("x"), Some(true), 1, 0, 0),
            (r#"{"text": {"a": [1]}, "flag": null, "inner": [1, {}, null, {}, {}, 4]}"#, None, None, 2, 2, 0),
            (
                r#"{"text": -1, "flag": [], "inner": "x", "texts": [1, [], "y", {}]}"#,
                Some("-1"),
                None,
                0,
                0,
                2,
            ),
        ] {
            let thing: Thing = serde_json::from_str(json).unwrap();
            assert_eq!(thing.text.0.as_deref(), text, "{json}");
            assert_eq!(thing.flag.0, flag, "{json}");
            assert_eq!((thing.inner.items.len(), thing.inner.left_out), (inner, left_out), "{json}");
            assert_eq!(thing.texts.0.len(), texts, "{json}");
        }
    }
}
