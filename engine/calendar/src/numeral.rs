//! Numbers written in kanji.

/// The number a run of numerals stands for: `26`, `二〇二六`, `二十二`, `二千二十六`; none if it is no number or
/// larger than a date needs.
pub fn number(run: &str) -> Option<u32> {
    if run.is_empty() || run.chars().count() > 8 {
        return None;
    }
    if run.chars().all(|c| digit(c).is_some()) {
        return run.chars().try_fold(0_u32, |sum, c| sum.checked_mul(10)?.checked_add(digit(c)?));
    }
    let (mut sum, mut pending, mut below) = (0, None, u32::MAX);
    for c in run.chars() {
        match (digit(c), unit(c)) {
            (Some(value), _) if pending.is_none() => pending = Some(value),
            (None, Some(unit)) if unit < below => {
                sum += pending.take().unwrap_or(1) * unit;
                below = unit;
            }
            _ => return None,
        }
    }
    Some(sum + pending.unwrap_or(0))
}

/// Whether the character can be part of a number.
pub fn is_numeral(c: char) -> bool {
    digit(c).is_some() || unit(c).is_some()
}

fn digit(c: char) -> Option<u32> {
    match c {
        '〇' | '零' => Some(0),
        '一' | '壱' => Some(1),
        '二' | '弐' => Some(2),
        '三' | '参' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => c.to_digit(10),
    }
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers() {
        for (run, expected) in [
            ("8", Some(8)),
            ("08", Some(8)),
            ("八", Some(8)),
            ("十", Some(10)),
            ("十一", Some(11)),
            ("二十", Some(20)),
            ("二十二", Some(22)),
            ("二〇二六", Some(2026)),
            ("二千二十六", Some(2026)),
            ("千九百八十九", Some(1989)),
            ("3十1", Some(31)),
            ("十十", None),
            ("十二三", None),
            ("二三十", None),
            ("", None),
            ("999999999", None),
        ] {
            assert_eq!(number(run), expected, "{run}");
        }
    }
}
