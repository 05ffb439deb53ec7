//! What a text for patients or the public may not hold: addresses of devices, fingerprints, weak points, names of staff.

use crate::model::{Case, Report};
use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeSet;

/// Whether a report goes to everybody.
pub const fn is_public(report: Report) -> bool {
    matches!(report, Report::Patients | Report::Press)
}

/// A text in which `instead` stands for every technical mark, and the marks that stood there.
pub fn withheld(text: &str, instead: &str) -> (String, Vec<String>) {
    let (mut safe, mut found) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        safe.push_str(before);
        let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        // A mark at the end of a sentence ends without the sentence's point.
        let mark = run.trim_end_matches(['.', ':', '-', '．', '：', '－']);
        if is_technical(mark) {
            safe.push_str(instead);
            safe.push_str(&run[mark.len()..]);
            found.push(mark.to_owned());
        } else {
            safe.push_str(run);
        }
        rest = after;
    }
    safe.push_str(rest);
    (safe, found)
}

/// A letter or digit as it is in ASCII, where it has a full-width twin.
fn half(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        c => c,
    }
}

/// What such marks are made of; brackets stand in addresses that were made harmless (`192[.]0[.]2[.]1`).
fn is_part(c: char) -> bool {
    let c = half(c);
    c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '[' | ']')
}

fn is_technical(mark: &str) -> bool {
    /// Digits of the shortest fingerprint (MD5).
    const SHORTEST_HASH: usize = 32;
    let plain: String = mark.chars().map(half).filter(|c| !matches!(c, '[' | ']')).collect();
    let hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pairs: Vec<&str> = plain.split([':', '-']).collect();
    let hardware = pairs.len() == 6 && pairs.iter().all(|pair| pair.len() == 2 && hex(pair));
    // `a::b` is an address that nobody writes.
    let address = plain.len() > 5 && (plain.parse::<IpAddr>().is_ok() || plain.parse::<SocketAddr>().is_ok());
    address
        || hardware
        || (plain.len() >= SHORTEST_HASH && hex(&plain))
        || plain.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("CVE-"))
}

/// The names of those who lead or write, as the case knows them.
pub fn names(case: &Case) -> BTreeSet<&str> {
    let mut names = BTreeSet::from([case.incident.declared_by_name.as_str()]);
    names.extend(case.roles.iter().map(|held| held.name.as_str()));
    names.extend(case.entries.iter().map(|entry| entry.written_by_name.as_str()));
    names
        .extend(case.tasks.iter().flat_map(|task| [task.owner_name.as_str(), task.settled_by_name.as_str()]));
    names.extend(case.evidence.iter().map(|exhibit| exhibit.taken_by_name.as_str()));
    names.retain(|name| name.chars().count() > 1);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technical_marks_do_not_go_to_the_public() {
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for mark in [
            "192.0.2.10",
            "192.0.2.10:3389",
            "１９２．０．２．１０",
            "192[.]0[.]2[.]10",
            "2001:db8::1",
            "fe80::1ff:fe23:4567:890a",
            "00:1A:2B:3C:4D:5E",
            "00-1a-2b-3c-4d-5e",
            hash,
            "CVE-2018-13379",
            "cve-2024-1234",
        ] {
            let (safe, found) = withheld(&format!("入口は{mark}でした。続く"), "*");
            assert_eq!(safe, "入口は*でした。続く", "{mark}");
            assert_eq!(found, [mark]);
        }
        assert_eq!(withheld("from 192.0.2.10.", "*").0, "from *.");
        assert_eq!(withheld("192.0.2.10/24と2001:db8::1", "*").0, "*/24と*");
    }

    #[test]
    fn what_people_need_stays() {
        for text in [
            "",
            "電話 03-1234-5678（9:00〜17:00）",
            "0120-179-066、090-1234-5678",
            "2026-11-27 14:05:09 から",
            "2026.11.27 version 2.0",
            "https://www.example.jp/notice-2026",
            "info@example.jp",
            "約1,200名、A::B 様",
            "😀 \u{0} 一行目\n二行目",
        ] {
            assert_eq!(withheld(text, "*"), (text.to_owned(), Vec::new()), "{text}");
        }
    }
}
