//! What others changed lately, in words.

use crate::t;
use komainu_access::{Permission, PersonId, Scope};
use komainu_audit::{Entry, Page};
use komainu_catalog::Catalog;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::{Failure, moment_text};

/// How many are shown, and among how many of the log they are looked for.
const SHOWN: usize = 5;
const LOOKED_AT: i64 = 60;

/// A change in words, and when.
pub(super) struct ChangeLine {
    pub text: String,
    pub when: String,
}

/// The newest changes by others. Somebody's run of the same thing is one line.
pub(super) fn by_others(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    lang: Lang,
) -> Result<Vec<ChangeLine>, Failure> {
    let page = Page { limit: LOOKED_AT, ..Page::default() };
    let entries = komainu_audit::entries(tx, scope, &page)?;
    let sees_incidents = scope.may(Permission::IncidentSee);
    let told = entries.into_iter().filter(|entry| sees_incidents || !entry.action.starts_with("incident_"));
    Ok(lines(told, scope.person(), catalog, lang))
}

fn lines(
    entries: impl Iterator<Item = Entry>,
    me: PersonId,
    catalog: &Catalog,
    lang: Lang,
) -> Vec<ChangeLine> {
    let mut lines: Vec<ChangeLine> = Vec::new();
    // What the program notes for itself is nobody's change, nor is what nobody signed.
    let by_somebody = |entry: &Entry| entry.person.is_none_or(|person| !person.0.is_nil());
    for entry in entries.filter(|entry| entry.person != Some(me) && by_somebody(entry)) {
        if entry.action == "plan_week_keep" {
            continue;
        }
        let text = text(&entry, catalog, lang);
        if lines.last().is_some_and(|line| line.text == text) {
            continue;
        }
        if lines.len() == SHOWN {
            break;
        }
        lines.push(ChangeLine { text, when: moment_text(lang, entry.at) });
    }
    lines
}

fn text(entry: &Entry, catalog: &Catalog, lang: Lang) -> String {
    let noun = entry.action.split('_').next().unwrap_or_default();
    let what = match noun {
        "answer" => t!(lang, "change-answer"),
        "evidence" => t!(lang, "change-evidence"),
        "assignment" => t!(lang, "change-assign"),
        "ask" => t!(lang, "change-ask"),
        "round" | "carry" => t!(lang, "change-round"),
        "step" => t!(lang, "change-step"),
        "system" => t!(lang, "change-system"),
        "asset" | "connection" | "ledger" => t!(lang, "change-ledger"),
        "vendor" => t!(lang, "change-vendor"),
        "contact" => t!(lang, "change-contact"),
        "member" | "invitation" | "person" => t!(lang, "change-member"),
        "institution" => t!(lang, "change-institution"),
        "near" => t!(lang, "change-near-miss"),
        "incident" => t!(lang, "change-incident"),
        "escalation" => t!(lang, "change-call"),
        "emergency" => t!(lang, "change-binder"),
        _ => t!(lang, "change-other"),
    };
    let name = entry.person_name.as_str();
    match item(entry, catalog, lang) {
        Some(item) => t!(lang, "change-line-item", name = name, what = what, item = item),
        None => t!(lang, "change-line", name = name, what = what),
    }
}

/// The item of a row of the form, which the log names as `<round>/<row>`, and a row as `<item>` or `<item>.<device>`.
fn item(entry: &Entry, catalog: &Catalog, lang: Lang) -> Option<String> {
    let row = (entry.object_kind == "checklist_row").then(|| entry.object_id.split_once('/'))??.1;
    let known = |item: &&komainu_catalog::Item| row.split('.').next() == Some(item.id.as_str());
    catalog.items().iter().find(known).map(|item| item.title.get(lang).to_owned())
}
