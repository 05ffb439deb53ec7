//! What people and files wrote, made fit for paper without losing what can be read.

use komainu_language::steers;
use serde_json::Value;
use unicode_normalization::char::compose;

/// Cleans every text inside `data`; `covered` tells whether some face can draw a character.
///
/// - Characters that only steer (control characters, direction overrides, byte order marks) go: they cannot be
///   printed, and an override can make a name read as another one.
/// - Line ends of all kinds become `\n`; a base followed by a combining mark becomes the one character where that
///   exists (が typed as か + ゙). Full normalisation would be wrong: it replaces name kanji such as 神 (U+FA19) by
///   their everyday forms.
/// - What no face can draw is written as its number, `〔U+1F4DE〕`: a hollow box would drop it, and archives and screen
///   readers refuse such boxes (PDF/UA-1, clause 7.21.8).
pub(crate) fn clean(data: &Value, covered: &dyn Fn(char) -> bool) -> Value {
    match data {
        Value::String(text) => Value::String(clean_text(text, covered)),
        Value::Array(items) => items.iter().map(|item| clean(item, covered)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), clean(value, covered))).collect()
        }
        plain => plain.clone(),
    }
}

/// One text of [`clean`].
pub(crate) fn clean_text(text: &str, covered: &dyn Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(mut c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                c = '\n';
            }
            '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => c = '\n',
            _ => {}
        }
        while let Some(whole) = chars.peek().and_then(|mark| compose(c, *mark)) {
            c = whole;
            chars.next();
        }
        if c == '\n' || c == '\t' || is_silent_but_meant(c) {
            out.push(c);
        } else if steers(c) {
        } else if covered(c) && !is_private(c) {
            out.push(c);
        } else {
            out.push_str(&format!("〔U+{:04X}〕", u32::from(c)));
        }
    }
    out
}

/// Variation selectors choose the form of the character before them (葛󠄀): no glyph of their own, but part of a name.
fn is_silent_but_meant(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Private use: a number that means something else on every machine (外字).
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tidy(text: &str) -> String {
        clean_text(text, &|c| u32::from(c) < 0x1_0000)
    }

    #[test]
    fn names_keep_their_very_characters() {
        for name in ["﨑", "髙", "\u{fa19}", "葛\u{e0100}", "é", "ｶﾞ", "a b\u{3000}c", "東\n京\t都"]
        {
            assert_eq!(tidy(name), name);
        }
    }

    #[test]
    fn what_steers_goes_and_what_cannot_be_drawn_is_numbered() {
        assert_eq!(tidy("a\0b\u{1b}[1m\u{202e}c\u{feff}\u{fdd0}\u{1fffe}"), "ab[1mc");
        assert_eq!(tidy("a\r\nb\rc\u{2028}d"), "a\nb\nc\nd");
        assert_eq!(tidy("電話📞"), "電話〔U+1F4DE〕");
        assert_eq!(tidy("外\u{e123}字"), "外〔U+E123〕字");
        assert_eq!(tidy("か\u{3099}e\u{302}\u{301}"), "がế");
    }

    #[test]
    fn every_text_inside_is_reached() {
        let data = json!({ "a": ["\0x", { "b": "\0y" }], "n": 1, "t": true, "z": null });
        assert_eq!(
            clean(&data, &|_| true),
            json!({ "a": ["x", { "b": "y" }], "n": 1, "t": true, "z": null })
        );
    }
}
