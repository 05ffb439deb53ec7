//! Being told on this very browser.

use crate::actions::{own_contact, own_push_add, own_push_remove, push_gone};
use crate::{Contact, ContactDetails, WayKind, t};
use askama::Template;
use komainu_access::Scope;
use komainu_i18n::Lang;
use komainu_institution::parts::{SHORT, text};
use komainu_notify::{Medium, NotSent, Note};
use komainu_web::{
    Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Section, Shell, page, redirect, with_flash,
};

const HERE: &str = "/ledger/contacts/this-device";

struct Device {
    id: String,
    label: String,
}

#[derive(Template)]
#[template(path = "device.html")]
struct DevicePage {
    page: Shell,
    lang: Lang,
    /// The public key that the browser is asked with; empty where notices are switched off.
    key: String,
    /// Whether the person is in the network.
    known: bool,
    /// Whether this address lets a browser be told: only with https.
    secure: bool,
    devices: Vec<Device>,
}

/// `GET /ledger/contacts/this-device`
pub async fn device(member: Member) -> Outcome {
    let (lang, contact) = (member.lang, own(&member).await?);
    let ways = contact.iter().flat_map(|contact| &contact.ways).filter(|way| way.kind == WayKind::Push);
    page(&DevicePage {
        page: member.shell(&t!(lang, "device-title"), Section::Nowhere),
        lang,
        key: member.app.settings.providers.push_key().unwrap_or_default().to_owned(),
        known: contact.is_some(),
        secure: member.app.settings.secure || member.app.settings.only_here(),
        devices: ways.map(|way| Device { id: way.id.to_string(), label: way.label.clone() }).collect(),
    })
}

async fn own(member: &Member) -> Result<Option<Contact>, Failure> {
    let scope = member.scope.clone();
    member.read(move |tx| own_contact(tx, &scope)).await
}

/// `POST /ledger/contacts/this-device`: what the browser gave.
pub async fn device_add(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let label = text(&form, lang, &mut errors, "label", SHORT, false);
    let address = form.text("to").to_owned();
    if !errors.is_empty() || !Medium::Push.fits(&address) {
        return Err(Failure::Refused(t!(lang, "device-bad")));
    }
    if own(&member).await?.is_some_and(|contact| contact.ways.len() >= ContactDetails::WAYS_MOST) {
        return Err(Failure::Refused(t!(lang, "contact-too-many")));
    }
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| own_push_add(tx, &nature, &scope, (&address, &label))).await?;
    Ok(with_flash(&member.app, redirect(HERE), NoticeKind::Success, &t!(lang, "device-added")))
}

/// `POST /ledger/contacts/this-device/remove`
pub async fn device_remove(member: Member, form: Form) -> Outcome {
    let id = form.parse("way").ok_or(Failure::NotFound)?;
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| own_push_remove(tx, &nature, &scope, id)).await?;
    Ok(with_flash(&member.app, redirect(HERE), NoticeKind::Success, &t!(member.lang, "device-removed")))
}

/// `POST /ledger/contacts/this-device/test`: a notice to every browser of one's own, at once.
pub async fn device_test(member: Member, _: Form) -> Outcome {
    let (lang, contact, app) = (member.lang, own(&member).await?, member.app.clone());
    let id = contact.as_ref().map(|contact| contact.id);
    let ways = contact.into_iter().flat_map(|contact| contact.ways);
    let addresses: Vec<String> =
        ways.filter(|way| way.kind == WayKind::Push).map(|way| way.address).collect();
    let note = Note {
        title: t!(lang, "device-test-title"),
        text: t!(lang, "device-test-text"),
        url: format!("{}{HERE}", app.settings.public_url),
        urgent: false,
        key: app.nature.id(),
    };
    let sent = tokio::task::spawn_blocking(move || {
        let Some(way) = app.settings.providers.get(Medium::Push) else { return (false, Vec::new()) };
        let now = app.nature.now();
        let all: Vec<_> = addresses.into_iter().map(|to| (way.send(&to, &note, now), to)).collect();
        let whole = !all.is_empty() && all.iter().all(|(sent, _)| sent.is_ok());
        let gone = all.into_iter().filter(|(sent, _)| matches!(sent, Err(NotSent::Gone(_))));
        (whole, gone.map(|(_, to)| to).collect::<Vec<String>>())
    });
    let (whole, gone) = sent.await.map_err(Failure::internal)?;
    if let Some(id) = id {
        // What a push service ended is taken out by the program, as when somebody is called.
        let (scope, nature) = (Scope::of_program(member.scope.organisation()), member.app.nature.clone());
        member
            .write(move |tx| {
                gone.iter().try_for_each(|to| push_gone(tx, &nature, &scope, (id, to.as_str())).map(drop))
            })
            .await?;
    }
    let (kind, words) = if whole {
        (NoticeKind::Success, t!(lang, "device-test-sent"))
    } else {
        (NoticeKind::Error, t!(lang, "device-test-failed"))
    };
    Ok(with_flash(&member.app, redirect(HERE), kind, &words))
}
