//! The map as files of other programs. Pure: data in, text out. Names are data everywhere: they are escaped, and never end
//! up where a program would run or compute them.

pub mod bloodhound;
pub mod drawio;
pub mod svg;

#[cfg(test)]
mod tests;

/// A text inside an element or attribute of XML: what XML cannot hold is left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
