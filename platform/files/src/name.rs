//! What a stranger's file is called.

/// The longest name that is kept, in characters.
const NAME: usize = 200;

/// A name without folders, without signs that cannot be seen, without those that turn the direction of writing (with which a
/// program reads as a text) and without those no file on Windows may bear. Empty if nothing is left of it.
pub fn clean_name(given: &str) -> String {
    let base = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base.chars().filter(|c| !is_unseen(*c)).take(NAME).collect();
    let clean = clean.replace(['<', '>', ':', '"', '|', '?', '*'], "_");
    clean.trim_matches(|c: char| c == '.' || c.is_whitespace()).to_owned()
}

/// Control and format characters.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn a_name_is_what_it_looks_like() {
        for (given, name) in [
            ("点検（令和８年）.xlsx", "点検（令和８年）.xlsx"),
            ("C:\\Users\\記録\\台帳.pdf", "台帳.pdf"),
            ("../../etc/passwd", "passwd"),
            ("\u{202e}txt.exe", "txt.exe"),
            ("a\u{200f}\u{61c}\u{2066}b\u{2028}.txt", "ab.txt"),
            ("a\r\nX: b\0.txt", "aX_ b.txt"),
            ("a\"b<c>.txt", "a_b_c_.txt"),
            (" . .. ", ""),
            (". .profile", "profile"),
            ("\u{200b}\u{feff}", ""),
            ("...", ""),
        ] {
            assert_eq!(clean_name(given), name, "{given:?}");
        }
        assert_eq!(clean_name(&"長".repeat(5000)).chars().count(), 200);
    }
}
