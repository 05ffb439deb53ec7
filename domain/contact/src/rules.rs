//! What is missing in a contact network. Pure.

use crate::{Contact, ContactId, Duty, Way, WayHours, WayId, WayKind};
use chrono::{Months, NaiveDate};
use komainu_db::uuid::Uuid;

/// Numbers that nobody made sure of for so long count as old.
const OLD_MONTHS: u32 = 12;

/// Something that makes the network fail when it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nobody of the house is in the network.
    NobodyInside,
    /// Nobody of the house has a number for the night.
    NobodyAtNight,
    /// One person alone of the house can be reached at night; when that one is away, nobody.
    OneAtNight(ContactId),
    /// There is no way to reach this contact.
    NoWay(ContactId),
    /// The person is no member here any more.
    Left(ContactId),
    /// Nobody stands in where this person of the house does not answer.
    NoStandIn(ContactId),
    /// Whoever stands in cannot be reached either: the road ends there.
    DeadEnd(ContactId),
    /// Whoever stands in is the same person, or has the same numbers alone.
    SameRoad(ContactId),
    /// Nobody ever made sure that the numbers are right.
    Unchecked(ContactId),
    /// Nobody made sure since that day, longer than a year ago.
    Old(ContactId, NaiveDate),
}

impl Gap {
    /// A word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Gap::NobodyInside => "nobody_inside",
            Gap::NobodyAtNight => "nobody_at_night",
            Gap::OneAtNight(_) => "one_at_night",
            Gap::NoWay(_) => "no_way",
            Gap::Left(_) => "left",
            Gap::NoStandIn(_) => "no_stand_in",
            Gap::DeadEnd(_) => "dead_end",
            Gap::SameRoad(_) => "same_road",
            Gap::Unchecked(_) => "unchecked",
            Gap::Old(..) => "old",
        }
    }

    /// Whom it is about.
    pub const fn contact(self) -> Option<ContactId> {
        match self {
            Gap::NobodyInside | Gap::NobodyAtNight => None,
            Gap::OneAtNight(id)
            | Gap::NoWay(id)
            | Gap::Left(id)
            | Gap::NoStandIn(id)
            | Gap::DeadEnd(id)
            | Gap::SameRoad(id)
            | Gap::Unchecked(id)
            | Gap::Old(id, _) => Some(id),
        }
    }
}

/// Whether two ways end at the same telephone or mailbox, however they are written.
pub fn same_road((kind, address): (WayKind, &str), (other_kind, other): (WayKind, &str)) -> bool {
    kind == other_kind && end(kind, address) == end(other_kind, other)
}

/// Where a way ends, in the one form that tells it from others.
fn end(kind: WayKind, address: &str) -> String {
    let digits: String = address.chars().filter(char::is_ascii_digit).collect();
    match kind {
        WayKind::Call | WayKind::Sms if !digits.is_empty() => digits,
        WayKind::Mail => address.to_lowercase(),
        WayKind::Call | WayKind::Sms | WayKind::Chat | WayKind::Push => address.to_owned(),
    }
}

/// All ways to a contact in the order of use: those of the list, then the mail address, then the numbers. The last three
/// have no id of their own. A way that stands twice is used once.
pub fn ways(contact: &Contact) -> Vec<Way> {
    let own = |kind, address: &String, hours| {
        (!address.is_empty()).then(|| Way {
            id: WayId(Uuid::nil()),
            kind,
            address: address.clone(),
            label: String::new(),
            hours,
        })
    };
    let by_day = if contact.night_phone.is_empty() { WayHours::Always } else { WayHours::Day };
    let own = [
        own(WayKind::Mail, &contact.email, WayHours::Always),
        own(WayKind::Call, &contact.phone, by_day),
        own(WayKind::Call, &contact.night_phone, WayHours::Night),
    ];
    let mut all: Vec<Way> = Vec::new();
    // The browsers of who left the house belong to nobody here any more.
    let listed = contact.ways.iter().filter(|way| !contact.left || way.kind != WayKind::Push);
    for way in listed.cloned().chain(own.into_iter().flatten()) {
        match all.iter_mut().find(|other| same_road((other.kind, &other.address), (way.kind, &way.address))) {
            Some(other) => other.hours = other.hours.and(way.hours),
            None => all.push(way),
        }
    }
    all
}

/// What is missing, the worst first; `today` in Japan.
pub fn gaps(contacts: &[Contact], today: NaiveDate) -> Vec<Gap> {
    let inside: Vec<&Contact> = contacts.iter().filter(|contact| !contact.outside).collect();
    let mut all = Vec::new();
    if inside.is_empty() {
        all.push(Gap::NobodyInside);
    }
    // To the commission one reports by a form on its page, and by nothing else.
    let no_way = |contact: &&Contact| {
        let by_form = contact.outside && contact.duty == Duty::PrivacyCommission.code();
        !by_form && ways(contact).is_empty()
    };
    all.extend(contacts.iter().filter(no_way).map(|contact| Gap::NoWay(contact.id)));
    all.extend(contacts.iter().filter(|contact| contact.left).map(|contact| Gap::Left(contact.id)));
    all.extend(inside.iter().filter_map(|contact| absent(contact, contacts)));
    let at_night = |contact: &&Contact| {
        !contact.night_phone.is_empty() || contact.ways.iter().any(|way| way.hours.suits(false))
    };
    let by_night: Vec<&Contact> = inside.iter().copied().filter(at_night).collect();
    match by_night.first() {
        None if !inside.is_empty() => all.push(Gap::NobodyAtNight),
        // In two duties they are one person all the same.
        Some(first) if inside.len() > 1 && by_night.iter().all(|other| same_person(first, other)) => {
            all.push(Gap::OneAtNight(first.id));
        }
        _ => {}
    }
    all.extend(contacts.iter().filter(|contact| !ways(contact).is_empty()).filter_map(|contact| {
        match contact.checked_on {
            None => Some(Gap::Unchecked(contact.id)),
            Some(day) if day + Months::new(OLD_MONTHS) < today => Some(Gap::Old(contact.id, day)),
            Some(_) => None,
        }
    }));
    all
}

fn same_person(one: &Contact, other: &Contact) -> bool {
    one.id == other.id || (one.person.is_some() && one.person == other.person)
}

/// What happens where one person of the house does not answer.
fn absent(contact: &Contact, contacts: &[Contact]) -> Option<Gap> {
    let stand_ins: Vec<&Contact> =
        contact.stand_ins.iter().filter_map(|id| contacts.iter().find(|other| other.id == *id)).collect();
    if stand_ins.is_empty() {
        return Some(Gap::NoStandIn(contact.id));
    }
    let reached: Vec<&&Contact> = stand_ins.iter().filter(|other| !ways(other).is_empty()).collect();
    if reached.is_empty() {
        return Some(Gap::DeadEnd(contact.id));
    }
    let roads: Vec<String> = ways(contact).iter().map(|way| end(way.kind, &way.address)).collect();
    let another = |other: &Contact| {
        !same_person(contact, other)
            && ways(other).iter().any(|way| !roads.contains(&end(way.kind, &way.address)))
    };
    (!reached.iter().any(|other| another(other))).then_some(Gap::SameRoad(contact.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ContactDetails;

    const TODAY: &str = "2026-11-27";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn contact(n: u128, phone: &str, stand_ins: &[u128]) -> Contact {
        let details = ContactDetails {
            phone: phone.into(),
            night_phone: phone.into(),
            checked_on: Some(day(TODAY)),
            stand_ins: stand_ins.iter().map(|id| ContactId(Uuid::from_u128(*id))).collect(),
            ..ContactDetails::default()
        };
        Contact::new(ContactId(Uuid::from_u128(n)), 1, 1, &details)
    }

    fn codes(contacts: &[Contact]) -> Vec<&'static str> {
        gaps(contacts, day(TODAY)).into_iter().map(Gap::code).collect()
    }

    #[test]
    fn two_who_stand_in_for_each_other_leave_no_gap() {
        assert_eq!(codes(&[contact(1, "a", &[2]), contact(2, "b", &[1])]), Vec::<&str>::new());
    }

    #[test]
    fn each_gap_is_told() {
        assert_eq!(codes(&[]), ["nobody_inside"]);
        assert_eq!(codes(&[contact(1, "a", &[])]), ["no_stand_in"]);
        assert_eq!(
            codes(&[contact(1, "a", &[2]), contact(2, "", &[1])]),
            ["no_way", "dead_end", "one_at_night"]
        );
        assert_eq!(codes(&[contact(1, "a", &[2]), contact(2, "a", &[1])]), ["same_road", "same_road"]);
        assert_eq!(
            codes(&[contact(1, "03-1234-5678", &[2]), contact(2, "(03) 1234 5678", &[1])]),
            ["same_road", "same_road"],
            "written otherwise"
        );
        assert_eq!(codes(&[contact(1, "a", &[9]), contact(2, "b", &[1])]), ["no_stand_in"], "gone");
        let by_day = |mut contact: Contact| {
            contact.night_phone.clear();
            contact
        };
        assert_eq!(
            codes(&[by_day(contact(1, "a", &[2])), by_day(contact(2, "b", &[1]))]),
            ["nobody_at_night"]
        );
        let outside = |checked_on| Contact { outside: true, checked_on, ..contact(3, "c", &[]) };
        let house = [contact(1, "a", &[2]), contact(2, "b", &[1])];
        for (checked_on, told) in [
            (None, vec!["unchecked"]),
            (Some(day("2025-11-26")), vec!["old"]),
            (Some(day("2025-11-27")), vec![]),
        ] {
            let [one, two] = house.clone();
            assert_eq!(codes(&[one, two, outside(checked_on)]), told, "{checked_on:?}");
        }
    }

    #[test]
    fn at_night_one_alone_is_too_few() {
        let by_day = |mut contact: Contact| {
            contact.night_phone.clear();
            contact
        };
        let (one, two) = (contact(1, "a", &[2]), contact(2, "b", &[1]));
        assert_eq!(codes(&[one.clone(), by_day(two)]), ["one_at_night"]);
        let person = Some(komainu_access::PersonId(Uuid::from_u128(7)));
        let twice = |contact: Contact| Contact { person, ..contact };
        let house =
            [twice(contact(1, "a", &[3])), twice(contact(2, "b", &[3])), by_day(contact(3, "c", &[1]))];
        assert_eq!(codes(&house), ["one_at_night"]);
    }

    #[test]
    fn who_left_is_told_and_their_browser_is_not() {
        let mut one = Contact { left: true, ..contact(1, "a", &[2]) };
        one.ways = vec![Way {
            id: WayId(Uuid::from_u128(1)),
            kind: WayKind::Push,
            address: "{}".into(),
            label: String::new(),
            hours: WayHours::Always,
        }];
        assert!(ways(&one).iter().all(|way| way.kind == WayKind::Call));
        assert_eq!(codes(&[one, contact(2, "b", &[1])]), ["left"]);
    }

    #[test]
    fn who_takes_reports_by_a_form_needs_no_number() {
        let house = [contact(1, "a", &[2]), contact(2, "b", &[1])];
        let outside =
            |duty: Duty| Contact { outside: true, duty: duty.code().to_owned(), ..contact(3, "", &[]) };
        for (duty, told) in [(Duty::PrivacyCommission, vec![]), (Duty::Ministry, vec!["no_way"])] {
            let [one, two] = house.clone();
            assert_eq!(codes(&[one, two, outside(duty)]), told);
        }
    }

    #[test]
    fn one_person_in_two_duties_cannot_stand_in_for_themselves() {
        let person = Some(komainu_access::PersonId(Uuid::from_u128(7)));
        let one = Contact { person, ..contact(1, "a", &[2]) };
        let two = Contact { person, ..contact(2, "b", &[1]) };
        assert_eq!(codes(&[one, two]), ["same_road", "same_road", "one_at_night"]);
    }

    #[test]
    fn a_way_that_stands_twice_is_used_once() {
        let mut one = contact(1, "03-1234-5678", &[]);
        one.email = "A@b.example".into();
        let way = |kind, address: &str, hours| Way {
            id: WayId(Uuid::from_u128(1)),
            kind,
            address: address.into(),
            label: String::new(),
            hours,
        };
        one.ways = vec![
            way(WayKind::Mail, "a@b.example", WayHours::Day),
            way(WayKind::Sms, "090-0000-0000", WayHours::Day),
            way(WayKind::Call, "090-0000-0000", WayHours::Night),
        ];
        let all: Vec<_> = ways(&one).into_iter().map(|way| (way.kind, way.hours)).collect();
        let expected = [
            (WayKind::Mail, WayHours::Always),
            (WayKind::Sms, WayHours::Day),
            (WayKind::Call, WayHours::Night),
            (WayKind::Call, WayHours::Always),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn ways_are_used_in_the_order_of_the_list_then_mail_then_calls() {
        let mut one = contact(1, "03", &[]);
        one.email = "a@b.example".into();
        one.night_phone = "090".into();
        one.ways = vec![Way {
            id: WayId(Uuid::from_u128(1)),
            kind: WayKind::Sms,
            address: "080".into(),
            label: String::new(),
            hours: WayHours::Always,
        }];
        let all: Vec<_> = ways(&one).into_iter().map(|way| (way.address, way.hours)).collect();
        let expected = [
            ("080", WayHours::Always),
            ("a@b.example", WayHours::Always),
            ("03", WayHours::Day),
            ("090", WayHours::Night),
        ];
        assert_eq!(all, expected.map(|(address, hours)| (address.to_owned(), hours)));
    }
}
