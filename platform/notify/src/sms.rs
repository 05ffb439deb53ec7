//! Text messages by a gateway that is asked over HTTP.

/// Digits of a telephone number, a plus before them where the country is named; none where it is no number.
pub(crate) fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let (plus, rest) = text.strip_prefix('+').map_or(("", text), |rest| ("+", rest));
    if rest.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' ' | '(' | ')' | '.')) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    // E.164 allows 15 digits; no number that takes messages has fewer than 8.
    (8..=15).contains(&digits.len()).then(|| plus.to_owned() + &digits)
}
