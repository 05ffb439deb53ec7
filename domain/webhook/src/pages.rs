//! `/webhooks`: the institution's own; `/operations/webhooks`: where the whole installation sends to.

mod edit;
mod one;

pub(crate) use edit::read_wanted;
pub use edit::{webhook_create, webhook_new, webhook_save};
pub use one::{
    delivery_again, webhook, webhook_remove, webhook_remove_ask, webhook_resume, webhook_secret_renew,
    webhook_stop, webhook_test,
};

use crate::actions::{self, webhooks_everywhere};
use crate::model::Webhook;
use crate::t;
use crate::words::state_text;
use askama::Template;
use komainu_web::{Member, Outcome, Section, Shell, SignedIn, Tab, operations_tabs, page};

/// Where the list is.
const LIST: &str = "/webhooks";
/// Webhooks of the installation that are shown.
pub(crate) const SHOWN: i64 = 500;

struct Line {
    href: String,
    url: String,
    badge: &'static str,
    state: String,
    events: String,
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage {
    page: Shell,
    on: bool,
    lines: Vec<Line>,
}

fn line(lang: komainu_i18n::Lang, webhook: &Webhook) -> Line {
    let (badge, state) = state_text(lang, webhook);
    Line {
        href: format!("{LIST}/{}", webhook.id),
        url: webhook.url.to_string(),
        badge,
        state,
        events: t!(lang, "events-count", count = webhook.events.len().to_string()),
    }
}

/// `GET /webhooks`
pub async fn webhooks(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let found = member.read(move |tx| actions::webhooks(tx, &scope)).await?;
    page(&WebhooksPage {
        page: member.shell(&t!(lang, "webhooks-title"), Section::Institution),
        on: member.app.settings.outbound.is_some(),
        lines: found.iter().map(|webhook| line(lang, webhook)).collect(),
    })
}

struct Row {
    organisation: String,
    host: String,
    badge: &'static str,
    state: String,
}

#[derive(Template)]
#[template(path = "operations_webhooks.html")]
struct OperationsPage {
    page: Shell,
    tabs: Vec<Tab>,
    tabs_name: String,
    on: bool,
    allowed: Vec<String>,
    rows: Vec<Row>,
}

/// `GET /operations/webhooks`: whether anything may go out, to where, and how it goes.
pub async fn operations_webhooks(person: SignedIn) -> Outcome {
    let lang = person.lang;
    let found = person.read(|tx| webhooks_everywhere(tx, SHOWN)).await?;
    let (tabs_name, tabs) = operations_tabs(lang, "/operations/webhooks");
    let outbound = person.app.settings.outbound.as_ref();
    let row = |(webhook, organisation): (Webhook, String)| {
        let (badge, state) = state_text(lang, &webhook);
        Row { organisation, host: webhook.url.host_str().unwrap_or_default().to_owned(), badge, state }
    };
    page(&OperationsPage {
        page: person.shell_of_installation(&t!(lang, "operations-title")),
        tabs,
        tabs_name,
        on: outbound.is_some(),
        allowed: outbound
            .map(|outbound| outbound.allowed().iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
        rows: found.into_iter().map(row).collect(),
    })
}
