//! Names of duties and remarks on outside parties, in the reader's language.

use crate::rules::Gap;
use crate::{Duty, Way, WayHours, WayKind, t};
use komainu_i18n::Lang;

/// The name of a stored duty: of a known one in the reader's language, of any other as it was written.
pub fn duty_text(lang: Lang, stored: &str) -> String {
    let Ok(duty) = stored.parse::<Duty>() else { return stored.to_owned() };
    match duty {
        Duty::Director => t!(lang, "duty-director"),
        Duty::SafetyManager => t!(lang, "duty-safety-manager"),
        Duty::SystemOperator => t!(lang, "duty-system-operator"),
        Duty::Deputy => t!(lang, "duty-deputy"),
        Duty::JmaEmergency => t!(lang, "duty-jma-emergency"),
        Duty::JmaGuideline => t!(lang, "duty-jma-guideline"),
        Duty::Ministry => t!(lang, "duty-ministry"),
        Duty::Prefecture => t!(lang, "duty-prefecture"),
        Duty::Police => t!(lang, "duty-police"),
        Duty::PrivacyCommission => t!(lang, "duty-privacy-commission"),
        Duty::Ipa => t!(lang, "duty-ipa"),
    }
}

/// What to know about an outside party: hours, for whom, what is missing. Empty for the people of the house.
pub fn party_note(lang: Lang, duty: Duty) -> String {
    match duty {
        Duty::JmaEmergency => t!(lang, "party-jma-emergency"),
        Duty::JmaGuideline => t!(lang, "party-jma-guideline"),
        Duty::Ministry => t!(lang, "party-ministry"),
        Duty::Prefecture => t!(lang, "party-prefecture"),
        Duty::Police => t!(lang, "party-police"),
        Duty::PrivacyCommission => t!(lang, "party-privacy-commission"),
        Duty::Ipa => t!(lang, "party-ipa"),
        Duty::Director | Duty::SafetyManager | Duty::SystemOperator | Duty::Deputy => String::new(),
    }
}

/// How somebody is reached.
pub fn way_kind(lang: Lang, kind: WayKind) -> String {
    match kind {
        WayKind::Call => t!(lang, "way-call"),
        WayKind::Sms => t!(lang, "way-sms"),
        WayKind::Mail => t!(lang, "way-mail"),
        WayKind::Push => t!(lang, "way-push"),
        WayKind::Chat => t!(lang, "way-chat"),
    }
}

/// When a way is of use.
pub fn way_hours(lang: Lang, hours: WayHours) -> String {
    match hours {
        WayHours::Always => t!(lang, "way-always"),
        WayHours::Day => t!(lang, "way-day"),
        WayHours::Night => t!(lang, "way-night"),
    }
}

/// A way in one line, as it is shown and printed. What a browser gave is not told, and of a chat room only where it is: who
/// knows the rest can write into it.
pub fn way_text(lang: Lang, way: &Way) -> String {
    let mut parts = vec![way_kind(lang, way.kind)];
    match way.kind {
        WayKind::Push => {}
        WayKind::Chat => parts.extend(server(&way.address).map(str::to_owned)),
        WayKind::Call | WayKind::Sms | WayKind::Mail => parts.push(way.address.clone()),
    }
    parts.extend((!way.label.is_empty()).then(|| way.label.clone()));
    parts.extend((way.hours != WayHours::Always).then(|| way_hours(lang, way.hours)));
    parts.join(" / ")
}

/// The server in the address of a page.
pub fn server(address: &str) -> Option<&str> {
    let behind = address.split_once("://")?.1;
    behind.split(['/', '?', '#']).next().filter(|name| !name.is_empty())
}

/// What is missing.
pub fn gap_text(lang: Lang, gap: Gap) -> String {
    match gap {
        Gap::NobodyInside => t!(lang, "gap-nobody-inside"),
        Gap::NobodyAtNight => t!(lang, "gap-nobody-at-night"),
        Gap::OneAtNight(_) => t!(lang, "gap-one-at-night"),
        Gap::NoWay(_) => t!(lang, "gap-no-way"),
        Gap::Left(_) => t!(lang, "gap-left"),
        Gap::NoStandIn(_) => t!(lang, "gap-no-stand-in"),
        Gap::DeadEnd(_) => t!(lang, "gap-dead-end"),
        Gap::SameRoad(_) => t!(lang, "gap-same-road"),
        Gap::Unchecked(_) => t!(lang, "gap-unchecked"),
        Gap::Old(_, day) => t!(lang, "gap-old", day = komainu_web::date_text(lang, day)),
    }
}

/// A number as a telephone dials it: digits, with a plus where the country is named. An extension is asked for by voice.
pub fn dialled(number: &str) -> String {
    let outside = number.split_once("内線").map_or(number, |(outside, _)| outside);
    outside.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WayId;
    use komainu_db::uuid::Uuid;

    #[test]
    fn an_extension_is_no_part_of_the_number() {
        for (number, dialled_as) in [
            ("03-1234-5678 内線12", "0312345678"),
            ("090-1234-5678", "09012345678"),
            ("+81 3 1234 5678", "+81312345678"),
            ("110", "110"),
        ] {
            assert_eq!(dialled(number), dialled_as);
        }
    }

    #[test]
    fn of_a_chat_room_only_the_server_is_shown() {
        let text = |kind, address: &str| {
            let (label, hours) = ("当直".to_owned(), WayHours::Always);
            way_text(
                Lang::En,
                &Way { id: WayId(Uuid::nil()), kind, address: address.to_owned(), label, hours },
            )
        };
        let shown = text(WayKind::Chat, "https://chat.example.jp/hook/s3cret?x=1");
        assert!(shown.contains("chat.example.jp") && !shown.contains("s3cret"), "{shown}");
        assert!(!text(WayKind::Push, "{\"endpoint\":\"https://push.example.jp/s3cret\"}").contains("s3cret"));
        assert!(text(WayKind::Sms, "090-1234-5678").contains("090-1234-5678"));
    }
}
