//! Where the network would fail when it is needed.

use super::LIST;
use crate::rules::{Gap, gaps};
use crate::words::gap_text;
use crate::{actions, t};
use askama::Template;
use komainu_i18n::Lang;
use komainu_vendor::pages::ledger_name;
use komainu_web::{Crumb, Member, Outcome, Section, Shell, page};

struct Line {
    what: String,
    name: String,
    href: String,
}

#[derive(Template)]
#[template(path = "contact_gaps.html")]
struct GapsPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    lines: Vec<Line>,
}

/// `GET /ledger/contacts/check`
pub async fn contact_gaps(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let contacts = member.read(move |tx| actions::contacts(tx, &scope)).await?;
    let line = |gap: Gap| {
        let contact = gap.contact().and_then(|id| contacts.iter().find(|contact| contact.id == id));
        Line {
            what: gap_text(lang, gap),
            name: contact.map(|contact| contact.name.clone()).unwrap_or_default(),
            href: contact.map(|contact| format!("{LIST}/{}", contact.id)).unwrap_or_default(),
        }
    };
    page(&GapsPage {
        page: member.shell(&t!(lang, "gaps-title"), Section::Ledger),
        lang,
        crumbs: vec![Crumb { href: LIST.to_owned(), label: t!(lang, "contacts-title") }],
        ledger: ledger_name(lang),
        lines: gaps(&contacts, member.app.nature.today()).into_iter().map(line).collect(),
    })
}
