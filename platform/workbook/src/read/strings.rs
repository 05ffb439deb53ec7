//! The shared strings, and text in cells: rich text joined, readings (furigana) left out.

use crate::xml::{BadXml, Node, Xml, local};

/// Collects the text of one `<si>` or `<is>` element.
#[derive(Default)]
pub(crate) struct RichText {
    text: String,
    in_text: bool,
    in_reading: bool,
}

impl RichText {
    pub(crate) fn open(&mut self, tag: &str, empty: bool) {
        match tag {
            "t" => self.in_text = !empty,
            "rPh" => self.in_reading = !empty,
            _ => {}
        }
    }

    pub(crate) fn close(&mut self, tag: &str) {
        match tag {
            "t" => self.in_text = false,
            "rPh" => self.in_reading = false,
            _ => {}
        }
    }

    pub(crate) fn text(&mut self, piece: &str) {
        if self.in_text && !self.in_reading {
            self.text.push_str(piece);
        }
    }

    pub(crate) fn take(&mut self) -> String {
        self.in_text = false;
        self.in_reading = false;
        unescape(&std::mem::take(&mut self.text))
    }
}

/// Undoes Excel's own way of writing characters XML does not have: `_x000D_`.
pub(crate) fn unescape(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        let character = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        out.push_str(&rest[..at]);
        if let Some(character) = character {
            out.push(character);
            rest = &rest[at + 7..];
        } else {
            out.push_str("_x");
            rest = &rest[at + 2..];
        }
    }
    out.push_str(rest);
    out
}

/// The strings in their order; more than `most`, as there are cells that could show them, are no workbook.
pub(super) fn read(text: &str, most: usize) -> Result<Vec<String>, BadXml> {
    let mut xml = Xml::new(text);
    let mut strings = Vec::new();
    let mut current = RichText::default();
    while let Some(node) = xml.next()? {
        if strings.len() > most {
            return Err(BadXml);
        }
        match node {
            Node::Open { tag, empty } => {
                let name = local(&tag);
                current.open(name, empty);
                if name == "si" && empty {
                    strings.push(String::new());
                }
            }
            Node::Text(piece) => current.text(&piece),
            Node::Close(name) if name == "si" => strings.push(current.take()),
            Node::Close(name) => current.close(&name),
        }
    }
    Ok(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_rich_text_and_leaves_readings_out() {
        let text = r#"<sst><si><r><t>機器の</t></r><r><t xml:space="preserve"> 台帳&amp;&#x4E00;</t></r>
            <rPh sb="0" eb="2"><t>キキ</t></rPh></si><si/><si><t>a_x000A_b_x_c_xZZZZ_</t></si></sst>"#;
        assert_eq!(read(text, 3).unwrap(), ["機器の 台帳&一", "", "a\nb_x_c_xZZZZ_"]);
        assert!(read("<sst><si><t>cut", 3).is_err());
        assert!(read("<sst><si/><si/><si/></sst>", 1).is_err(), "more than may be");
    }
}
