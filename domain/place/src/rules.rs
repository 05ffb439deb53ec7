//! Which PINs will do, when one stops, how long things last.

use chrono::{Duration, NaiveDate};

/// Fewest digits of a PIN.
pub const PIN_SHORTEST: usize = 6;
/// Most digits of a PIN.
pub const PIN_LONGEST: usize = 12;
/// After so many wrong ones in a row a PIN stops until somebody lets it work again.
pub const PIN_TRIES: i64 = 10;
/// How long the code that registers a browser can be used.
pub const CODE_LIFE: Duration = Duration::minutes(15);
/// The minutes without use after which places may lock themselves.
pub const LOCK_MINUTES: std::ops::RangeInclusive<i64> = 1..=15;
/// How long what was typed is held for its owner.
pub const DRAFT_LIFE: Duration = Duration::days(30);
/// How many drafts are held for one person; the oldest goes.
pub const DRAFTS: i64 = 20;
/// Longest text of a draft, in bytes of JSON.
pub const DRAFT_BYTES: usize = 64 * 1024;
/// Longest name of a form, in bytes.
pub const FORM_BYTES: usize = 300;

/// Why a new PIN will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinFault {
    /// Something else than digits.
    NotDigits,
    /// Fewer than [`PIN_SHORTEST`].
    TooShort,
    /// More than [`PIN_LONGEST`].
    TooLong,
    /// Among those that are tried first: runs, repetitions, patterns, dates.
    Guessable,
}

/// What is tried first beside what [`guessable`] finds by rule: ways over a keypad, numbers that everybody knows.
const KNOWN: [&str; 16] = [
    "147258", "258369", "147369", "369258", "258147", "963852", "159753", "753159", "159357", "357159",
    "102030", "112358", "314159", "271828", "141421", "110119",
];

/// Judges a new PIN.
pub fn pin_fault(text: &str) -> Option<PinFault> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(10).and_then(|d| u8::try_from(d).ok())).collect();
    let Some(digits) = digits else { return Some(PinFault::NotDigits) };
    match digits.len() {
        length if length < PIN_SHORTEST => Some(PinFault::TooShort),
        length if length > PIN_LONGEST => Some(PinFault::TooLong),
        _ if guessable(text, &digits) => Some(PinFault::Guessable),
        _ => None,
    }
}

fn guessable(text: &str, digits: &[u8]) -> bool {
    let mut different = digits.to_vec();
    different.sort_unstable();
    different.dedup();
    // 111111, 112122
    different.len() < 3
        || even_steps(digits)
        || digits.len().is_multiple_of(3) && digits.chunks(3).all(run)
        || repeats(digits)
        || digits.iter().eq(digits.iter().rev())
        || digits.chunks(2).all(|pair| pair.first() == pair.last())
        || KNOWN.iter().any(|known| text.contains(known))
        || is_date(text)
}

/// From each digit to the next, round the dial.
fn steps(digits: &[u8]) -> impl Iterator<Item = u8> {
    digits.windows(2).map(|pair| (pair[1] + 10 - pair[0]) % 10)
}

/// 123456, 987654, 135791: one digit follows from the one before.
fn even_steps(digits: &[u8]) -> bool {
    steps(digits).all(|step| steps(digits).next() == Some(step))
}

/// 123, 987, 555.
fn run(digits: &[u8]) -> bool {
    even_steps(digits) && steps(digits).all(|step| matches!(step, 0 | 1 | 9))
}

/// 123123, 121212: the same again and again.
fn repeats(digits: &[u8]) -> bool {
    (1..=digits.len() / 2).any(|length| {
        digits.len().is_multiple_of(length) && digits.chunks(length).all(|part| part == &digits[..length])
    })
}

/// A birthday, written in any of the usual ways: of six digits the year has two, of eight four.
fn is_date(text: &str) -> bool {
    let number = |part: &str| part.parse::<u32>().unwrap_or_default();
    let day = |year: i32, month: &str, day: &str| {
        NaiveDate::from_ymd_opt(year, number(month), number(day)).is_some()
    };
    let year = |part: &str| part.parse::<i32>().unwrap_or_default();
    match text.len() {
        // A leap year, so that no 29 February slips through; the year itself may be any.
        6 => {
            let (a, b, c) = (&text[..2], &text[2..4], &text[4..]);
            let months = |part: &str| (1..=12).contains(&number(part));
            let of_years = |part: &str| (1920..=2040).contains(&year(part));
            day(2000, b, c)
                || day(2000, b, a)
                || day(2000, a, b)
                || of_years(&text[..4]) && months(c)
                || months(a) && of_years(&text[2..])
        }
        8 => {
            let (front, back) = (year(&text[..4]), year(&text[4..]));
            let lived = |year: i32| (1900..=2100).contains(&year);
            lived(front) && day(front, &text[4..6], &text[6..])
                || lived(back) && (day(back, &text[..2], &text[2..4]) || day(back, &text[2..4], &text[..2]))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_tried_first_is_refused() {
        use PinFault::{Guessable, NotDigits, TooLong, TooShort};
        for (pin, expected) in [
            ("", Some(TooShort)),
            ("48291", Some(TooShort)),
            ("4829137506281", Some(TooLong)),
            ("48291a", Some(NotDigits)),
            ("48291３", Some(NotDigits)),
            ("000000", Some(Guessable)),
            ("111222", Some(Guessable)),
            ("737373", Some(Guessable)),
            ("773377", Some(Guessable)),
            ("123456", Some(Guessable)),
            ("890123", Some(Guessable)),
            ("987654", Some(Guessable)),
            ("135791", Some(Guessable)),
            ("246802", Some(Guessable)),
            ("123321", Some(Guessable)),
            ("482284", Some(Guessable)),
            ("482482", Some(Guessable)),
            ("48294829", Some(Guessable)),
            ("123789", Some(Guessable)),
            ("112233", Some(Guessable)),
            ("147258", Some(Guessable)),
            ("11011999", Some(Guessable)),
            ("870412", Some(Guessable)),
            ("120487", Some(Guessable)),
            ("041287", Some(Guessable)),
            ("290298", Some(Guessable)),
            ("198704", Some(Guessable)),
            ("041987", Some(Guessable)),
            ("19870412", Some(Guessable)),
            ("12041987", Some(Guessable)),
            ("04121987", Some(Guessable)),
            ("482913", None),
            ("905174", None),
            ("73914058", None),
            ("482913750628", None),
        ] {
            assert_eq!(pin_fault(pin), expected, "{pin}");
        }
    }

    #[test]
    fn enough_pins_are_left() {
        let left = (0..1_000_000).filter(|number| pin_fault(&format!("{number:06}")).is_none()).count();
        // Ten tries at one of these: less than one in fifty thousand.
        assert!(left > 880_000, "{left}");
    }

    proptest! {
        #[test]
        fn anything_typed_can_be_judged(text in "\\PC{0,20}") {
            let fault = pin_fault(&text);
            prop_assert!(fault.is_some() || text.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
