//! The chart for the wall, as page and on paper, and cards for the wallet.

use super::LIST;
use super::list::Line;
use crate::words::duty_text;
use crate::{Contact, actions, paper, t};
use askama::Template;
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::rules::by_reading;
use komainu_inventory::SystemRecord;
use komainu_inventory::actions::systems;
use komainu_paper::{PaperError, Pdf};
use komainu_vendor::Vendor;
use komainu_vendor::actions::vendors;
use komainu_vendor::pages::ledger_name;
use komainu_web::{Crumb, Failure, Member, Outcome, Section, Shell, date_text, inline_file, page};

/// A vendor and what it supports, on the chart; last the systems that nobody supports.
pub(crate) struct Support {
    pub(crate) vendor: Option<Vendor>,
    pub(crate) systems: String,
}

/// Somebody of the house with those who stand in.
struct Person {
    line: Line,
    stand_ins: Vec<Line>,
}

#[derive(Template)]
#[template(path = "chart.html")]
struct ChartPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    institution: String,
    inside: Vec<Person>,
    support: Vec<Support>,
    outside: Vec<Line>,
    made: String,
}

/// What the chart is made of.
pub(crate) struct Network {
    pub(crate) contacts: Vec<Contact>,
    pub(crate) support: Vec<Support>,
}

/// The network as it stands.
pub(crate) fn gather(tx: &mut Tx<'_>, lang: Lang, scope: &Scope) -> Result<Network, Failure> {
    let contacts = actions::contacts(tx, scope)?;
    let systems = systems(tx, scope)?;
    Ok(Network { contacts, support: support(lang, &systems, vendors(tx, scope)?) })
}

async fn network(member: &Member) -> Result<Network, Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    member.read(move |tx| gather(tx, lang, &scope)).await
}

/// `GET /ledger/contacts/chart`
pub async fn chart(member: Member) -> Outcome {
    let lang = member.lang;
    let Network { contacts, support } = network(&member).await?;
    let line = |contact: &Contact| Line::new(lang, contact.clone());
    let person = |contact: &Contact| Person {
        line: line(contact),
        stand_ins: standing_in(contact, &contacts).map(line).collect(),
    };
    page(&ChartPage {
        page: member.shell(&t!(lang, "chart-title"), Section::Ledger),
        lang,
        crumbs: vec![Crumb { href: LIST.to_owned(), label: t!(lang, "contacts-title") }],
        ledger: ledger_name(lang),
        institution: member.organisation_name.clone(),
        inside: contacts.iter().filter(|contact| !contact.outside).map(person).collect(),
        support,
        outside: contacts.iter().filter(|contact| contact.outside).map(line).collect(),
        made: date_text(lang, member.app.nature.today()),
    })
}

/// Who stands in for a contact, in the order of asking.
pub(crate) fn standing_in<'a>(
    contact: &'a Contact,
    contacts: &'a [Contact],
) -> impl Iterator<Item = &'a Contact> {
    contact.stand_ins.iter().filter_map(|id| contacts.iter().find(|other| other.id == *id))
}

/// `GET /ledger/contacts/chart.pdf`
pub async fn chart_pdf(member: Member) -> Outcome {
    printed(member, |lang| t!(lang, "chart-title"), paper::chart).await
}

/// `GET /ledger/contacts/cards.pdf`
pub async fn cards_pdf(member: Member) -> Outcome {
    printed(member, |lang| t!(lang, "cards-title"), paper::cards).await
}

/// Sets a sheet of it.
pub(crate) type Set = fn(Lang, &str, &Network, DateTime<Utc>) -> Result<Pdf, PaperError>;

async fn printed(member: Member, name: fn(Lang) -> String, set: Set) -> Outcome {
    let network = network(&member).await?;
    let (lang, owner, at) = (member.lang, member.organisation_name.clone(), member.app.nature.now());
    let bytes = sheet(set, lang, owner, network, at).await?;
    Ok(inline_file(&format!("{}.pdf", name(lang)), "application/pdf", bytes))
}

/// A sheet of the network, as PDF.
pub(crate) async fn sheet(
    set: Set,
    lang: Lang,
    owner: String,
    network: Network,
    at: DateTime<Utc>,
) -> Result<Vec<u8>, Failure> {
    let pdf = tokio::task::spawn_blocking(move || set(lang, &owner, &network, at));
    let pdf = pdf.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    Ok(pdf.bytes)
}

/// Vendors with what they support.
pub(crate) fn support(lang: Lang, systems: &[SystemRecord], mut vendors: Vec<Vendor>) -> Vec<Support> {
    vendors.sort_by(|a, b| by_reading(lang, (&a.name, &a.name_kana), (&b.name, &b.name_kana)));
    let lines = vendors.into_iter().map(Some).chain([None]).map(|vendor| {
        let own = systems.iter().filter(|system| system.vendor == vendor.as_ref().map(|vendor| vendor.id));
        let names: Vec<&str> = own.map(|system| system.name.as_str()).collect();
        Support { vendor, systems: names.join(&t!(lang, "list-comma")) }
    });
    lines.filter(|line| line.vendor.is_some() || !line.systems.is_empty()).collect()
}

/// The duty in words, for paper.
pub(crate) fn duty(lang: Lang, contact: &Contact) -> String {
    duty_text(lang, &contact.duty)
}
