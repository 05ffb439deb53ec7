//! The chart on A4 and for other papers, and cards for the wallet.

use crate::pages::chart::{Network, duty, standing_in, support};
use crate::words::{server, way_text};
use crate::{Contact, Duty, t};
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use komainu_inventory::SystemRecord;
use komainu_paper::{Paper, PaperError, Pdf, Template};
use komainu_vendor::Vendor;
use komainu_web::date_text;
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

/// What draws the network; a template that has it among its helpers calls `network` with what [`network`] answers.
pub const NETWORK: (&str, &str) = ("contact-network.typ", include_str!("../paper/contact-network.typ"));
const CHART: Template = Template {
    name: "contact-chart.typ",
    main: include_str!("../paper/contact-chart.typ"),
    helpers: &[NETWORK],
};
const CARDS: Template =
    Template { name: "contact-cards.typ", main: include_str!("../paper/contact-cards.typ"), helpers: &[] };

/// Somebody waits for it at the page; however many wait, one is set at a time.
static PAPER: LazyLock<Paper> = LazyLock::new(|| Paper::new(NonZeroUsize::MIN));

/// So many people of the house, and so many desks outside, find room on a card.
const ON_CARD: (usize, usize) = (5, 2);

/// The chart: people of the house with their stand-ins, vendors by system, desks outside.
pub(crate) fn chart(
    lang: Lang,
    owner: &str,
    network: &Network,
    at: DateTime<Utc>,
) -> Result<Pdf, PaperError> {
    let data = json!({
        "title": t!(lang, "chart-title"),
        "owner": owner,
        "lead": t!(lang, "chart-lead"),
        "made": t!(lang, "chart-made", day = day(lang, at)),
        "network": drawn(lang, network),
    });
    PAPER.render(&CHART, &data, lang, at, &|_| ControlFlow::Continue(()))
}

/// The network for other papers, drawn as on the chart; none where nobody is in it.
pub fn network(
    lang: Lang,
    contacts: &[Contact],
    systems: &[SystemRecord],
    vendors: &[Vendor],
) -> Option<Value> {
    let network = Network { contacts: contacts.to_vec(), support: support(lang, systems, vendors.to_vec()) };
    let nobody = network.contacts.is_empty() && network.support.is_empty();
    (!nobody).then(|| drawn(lang, &network))
}

fn drawn(lang: Lang, network: &Network) -> Value {
    let contacts = &network.contacts;
    let inside = contacts.iter().filter(|contact| !contact.outside).map(|contact| {
        let stand_ins: Vec<Value> =
            standing_in(contact, contacts).map(|contact| person(lang, contact)).collect();
        json!({ "person": person(lang, contact), "stand_ins": stand_ins })
    });
    let support = network.support.iter().map(|line| {
        let vendor = line.vendor.as_ref();
        let of = |text: fn(&Vendor) -> &String| vendor.map(text).cloned().unwrap_or_default();
        json!({
            "name": vendor.map_or_else(|| t!(lang, "chart-vendor-unknown"), |vendor| vendor.name.clone()),
            "person": of(|vendor| &vendor.person),
            "phone": of(|vendor| &vendor.phone),
            "night_phone": of(|vendor| &vendor.night_phone),
            "systems": line.systems,
        })
    });
    let outside = contacts.iter().filter(|contact| contact.outside).map(|contact| person(lang, contact));
    json!({
        "inside": inside.collect::<Vec<_>>(),
        "support": support.collect::<Vec<_>>(),
        "outside": outside.collect::<Vec<_>>(),
        "words": {
            "inside": t!(lang, "chart-inside"),
            "inside_none": t!(lang, "chart-inside-none"),
            "vendors": t!(lang, "chart-vendors"),
            "vendors_none": t!(lang, "chart-vendors-none"),
            "outside": t!(lang, "chart-outside"),
            "outside_none": t!(lang, "chart-outside-none"),
            "vendor": t!(lang, "chart-vendor"),
            "systems": t!(lang, "chart-systems"),
            "name": t!(lang, "contact-name"),
            "phone": t!(lang, "contact-phone"),
            "night_phone": t!(lang, "contact-night-phone"),
            "more": t!(lang, "chart-more"),
            "stands_in": t!(lang, "chart-stands-in"),
            "no_stand_in": t!(lang, "chart-no-stand-in"),
        },
    })
}

/// A sheet of equal cards, as large as a bank card, to cut out.
pub(crate) fn cards(
    lang: Lang,
    owner: &str,
    network: &Network,
    at: DateTime<Utc>,
) -> Result<Pdf, PaperError> {
    let numbered = |contact: &&Contact| !contact.phone.is_empty() || !contact.night_phone.is_empty();
    let urgent = |contact: &&Contact| {
        [Duty::JmaEmergency, Duty::Police, Duty::Prefecture].iter().any(|duty| duty.code() == contact.duty)
    };
    let contacts = &network.contacts;
    let inside = contacts.iter().filter(|contact| !contact.outside).filter(numbered).take(ON_CARD.0);
    let outside =
        contacts.iter().filter(|contact| contact.outside).filter(urgent).filter(numbered).take(ON_CARD.1);
    let data = json!({
        "title": t!(lang, "cards-title"),
        "owner": owner,
        "head": t!(lang, "card-head"),
        "first": t!(lang, "card-first"),
        "unchecked": t!(lang, "card-unchecked"),
        "made": t!(lang, "chart-made", day = day(lang, at)),
        "people": inside.chain(outside).map(|contact| person(lang, contact)).collect::<Vec<_>>(),
    });
    PAPER.render(&CARDS, &data, lang, at, &|_| ControlFlow::Continue(()))
}

fn day(lang: Lang, at: DateTime<Utc>) -> String {
    date_text(lang, komainu_clock::in_japan(at).date_naive())
}

fn person(lang: Lang, contact: &Contact) -> Value {
    let ways: Vec<String> = contact.ways.iter().map(|way| way_text(lang, way)).collect();
    let more = [contact.email.clone(), contact.hours.clone(), ways.join("\n"), contact.note.clone()];
    let unchecked = contact.checked_on.is_none().then(|| t!(lang, "contact-unchecked"));
    let source = server(&contact.source).map(|name| t!(lang, "contact-source") + name);
    let more: Vec<String> =
        more.into_iter().chain(unchecked).chain(source).filter(|text| !text.is_empty()).collect();
    json!({
        "duty": duty(lang, contact),
        "name": contact.name,
        "phone": contact.phone,
        "night_phone": contact.night_phone,
        "unchecked": contact.checked_on.is_none(),
        "more": more.join("\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ContactDetails, ContactId};
    use komainu_db::uuid::Uuid;

    fn network(people: u128) -> Network {
        let contact = |n: u128| {
            let details = ContactDetails {
                name: format!("医療法人社団見本会見本中央病院の当直者{n}"),
                duty: if n == 2 { "jma_emergency" } else { "夜間の当直" }.to_owned(),
                phone: "03-1234-5678".to_owned(),
                night_phone: "090-1234-5678".to_owned(),
                email: "tochoku@mihon.example".to_owned(),
                outside: n == 2,
                source: "https://www.mihon.example/a/very/long/address/of/a/page.html".to_owned(),
                stand_ins: (1..=3).map(|n| ContactId(Uuid::from_u128(n))).collect(),
                note: "受付の横の電話から。".repeat(8),
                ..ContactDetails::default()
            };
            Contact::new(ContactId(Uuid::from_u128(n)), 1, 1, &details)
        };
        Network {
            contacts: (1..=people).map(contact).collect(),
            support: vec![crate::pages::chart::Support {
                vendor: None,
                systems: "電子カルテ、部門システム".into(),
            }],
        }
    }

    #[test]
    fn chart_and_cards_hold_any_network_and_can_be_read_aloud() {
        let at = "2026-11-27T00:00:00Z".parse().unwrap();
        for lang in Lang::ALL {
            for people in [0, 1, 30] {
                let made = chart(lang, "見本中央病院", &network(people), at).unwrap();
                assert_eq!((made.remarks.as_str(), made.accessible), ("", true), "{lang} {people}");
                let made = cards(lang, "医療法人社団見本会見本中央病院", &network(people), at).unwrap();
                assert_eq!(
                    (made.remarks.as_str(), made.accessible, made.pages),
                    ("", true, 1),
                    "{lang} {people}"
                );
            }
        }
    }
}
