//! `/exposure/restore`: in which order to restore, and how long it takes.

use super::crumbs;
use crate::t;
use crate::view::see;
use crate::words::{Names, copy_text, work_text};
use askama::Template;
use komainu_exposure::{Copy, Restored};
use komainu_i18n::Lang;
use komainu_vendor::pages::ledger_name;
use komainu_web::{Crumb, Member, Outcome, Section, Shell, page};

#[derive(Template)]
#[template(path = "exposure_restore.html")]
struct RestorePage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    order: Vec<RestoredView>,
}

struct RestoredView {
    what: String,
    why: String,
    /// A badge's kind and its word.
    copy: (&'static str, String),
    hours: String,
    done: String,
    returns: String,
}

/// `GET /exposure/restore`.
pub async fn restore(member: Member) -> Outcome {
    let lang = member.lang;
    let seen = see(&member, &member.scope).await?;
    let names = Names { lang, index: seen.ledger.index() };
    let order = seen.kept.iter().flat_map(|kept| &kept.report.restoration);
    page(&RestorePage {
        page: member.shell(&t!(lang, "restore-title"), Section::Ledger),
        lang,
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        order: order.map(|restored| view(&names, restored)).collect(),
    })
}

fn view(names: &Names<'_>, restored: &Restored) -> RestoredView {
    let lang = names.lang;
    let kind = match restored.copy {
        Copy::Tested => "ok",
        Copy::Untested => "attention",
        Copy::None => "stop",
        Copy::NotNeeded => "neutral",
    };
    let back = restored.returns.iter().map(|process| names.node(process));
    RestoredView {
        what: names.node(&restored.id),
        why: t!(lang, "restore-for", care = names.node(&restored.towards)),
        copy: (kind, copy_text(lang, restored.copy)),
        hours: work_text(lang, restored.hours),
        done: t!(lang, "restore-after", effort = work_text(lang, restored.done)),
        returns: back.fold(String::new(), |all, one| {
            if all.is_empty() { one } else { t!(lang, "and", a = all, b = one) }
        }),
    }
}
