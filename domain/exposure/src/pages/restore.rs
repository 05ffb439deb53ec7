//! `/exposure/restore`: in which order to restore, and how long it takes.

use super::crumbs;
use crate::view::see;
use crate::words::{Names, copy_text, work_text};
use crate::{Kept, t};
use askama::Template;
use komainu_exposure::{Copy, Restored};
use komainu_i18n::Lang;
use komainu_inventory::Ledger;
use komainu_vendor::pages::ledger_name;
use komainu_web::{Crumb, Member, Outcome, Section, Shell, page};

#[derive(Template)]
#[template(path = "exposure_restore.html")]
struct RestorePage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    order: Vec<RestoredLine>,
}

/// A thing to bring back, in words.
#[derive(Clone, Debug)]
pub struct RestoredLine {
    /// What it is.
    pub what: String,
    /// For which care.
    pub why: String,
    /// The kind of the badge of its copy.
    pub sign: &'static str,
    /// From what it is brought back.
    pub copy: String,
    /// How long it takes.
    pub hours: String,
    /// When it is done, counted from the start.
    pub done: String,
    /// The care that can begin again.
    pub returns: String,
}

/// In which order to restore, as it was computed last.
pub fn restored_lines(lang: Lang, ledger: &Ledger, kept: &Kept) -> Vec<RestoredLine> {
    let names = Names { lang, index: ledger.index() };
    kept.report.restoration.iter().map(|restored| view(&names, restored)).collect()
}

/// `GET /exposure/restore`.
pub async fn restore(member: Member) -> Outcome {
    let lang = member.lang;
    let seen = see(&member, &member.scope).await?;
    let order = seen.kept.iter().flat_map(|kept| restored_lines(lang, &seen.ledger, kept));
    page(&RestorePage {
        page: member.shell(&t!(lang, "restore-title"), Section::Ledger),
        lang,
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        order: order.collect(),
    })
}

fn view(names: &Names<'_>, restored: &Restored) -> RestoredLine {
    let lang = names.lang;
    let kind = match restored.copy {
        Copy::Tested => "ok",
        Copy::Untested => "attention",
        Copy::None => "stop",
        Copy::NotNeeded => "neutral",
    };
    let back = restored.returns.iter().map(|process| names.node(process));
    RestoredLine {
        what: names.node(&restored.id),
        why: t!(lang, "restore-for", care = names.node(&restored.towards)),
        sign: kind,
        copy: copy_text(lang, restored.copy),
        hours: work_text(lang, restored.hours),
        done: t!(lang, "restore-after", effort = work_text(lang, restored.done)),
        returns: back.fold(String::new(), |all, one| {
            if all.is_empty() { one } else { t!(lang, "and", a = all, b = one) }
        }),
    }
}
