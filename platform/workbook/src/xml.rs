//! A narrow view of an XML part: tags by local name, text with its entities resolved, positions in the source.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The part is not well-formed.
#[derive(Debug)]
pub(crate) struct BadXml;

/// What a reader of a part is told.
pub(crate) enum Node<'a> {
    /// `<tag …>`, or `<tag …/>` if `empty` (then no [`Node::Close`] follows).
    Open { tag: BytesStart<'a>, empty: bool },
    /// `</tag>`.
    Close(String),
    /// A piece of character data; one text may come in several.
    Text(Cow<'a, str>),
}

/// Reads one part.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    skipped: usize,
    /// Where the last node stands in the source, in bytes.
    pub(crate) span: Range<usize>,
}

impl<'a> Xml<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        // The reader would pass over a byte order mark without counting it.
        let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self { reader: Reader::from_str(body), depth: 0, skipped: text.len() - body.len(), span: 0..0 }
    }

    /// The next node; `None` at a proper end. Comments, declarations and processing instructions are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<Node<'a>>, BadXml> {
        loop {
            let from = self.position()?;
            let event = self.reader.read_event().map_err(|_| BadXml)?;
            self.span = from..self.position()?;
            return Ok(Some(match event {
                Event::Start(tag) => {
                    self.depth += 1;
                    Node::Open { tag, empty: false }
                }
                Event::Empty(tag) => Node::Open { tag, empty: true },
                Event::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    Node::Close(tag.local_name().into_inner().to_owned())
                }
                Event::Text(text) => Node::Text(text.into_inner()),
                Event::CData(text) => Node::Text(text.into_inner()),
                Event::GeneralRef(name) => Node::Text(resolve(&name)?),
                Event::DocType(_) => return Err(BadXml),
                Event::Eof => return if self.depth == 0 { Ok(None) } else { Err(BadXml) },
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => continue,
            }));
        }
    }

    fn position(&self) -> Result<usize, BadXml> {
        let position = usize::try_from(self.reader.buffer_position()).map_err(|_| BadXml)?;
        Ok(position + self.skipped)
    }
}

fn resolve(name: &quick_xml::events::BytesRef<'_>) -> Result<Cow<'static, str>, BadXml> {
    if let Some(character) = name.resolve_char_ref().map_err(|_| BadXml)? {
        return Ok(Cow::Owned(character.to_string()));
    }
    quick_xml::escape::resolve_xml_entity(name).map(Cow::Borrowed).ok_or(BadXml)
}

/// The tag's name without prefix.
pub(crate) fn local<'t>(tag: &'t BytesStart<'_>) -> &'t str {
    tag.local_name().into_inner()
}

/// The value of the first attribute of that local name.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    // Without checks: looking for repeated names costs the square of their number.
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().into_inner() == name)
        .and_then(|attribute| quick_xml::escape::unescape(&attribute.value).ok().map(Cow::into_owned))
}

/// An attribute that is a number.
pub(crate) fn number_attribute(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.trim().parse().ok()
}

/// An XML schema boolean attribute, false if absent.
pub(crate) fn flag(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| value == "1" || value == "true")
}
