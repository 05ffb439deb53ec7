//! `/ledger/completeness`: how far the ledger is filled, and what is worth writing down next.

use super::fields::asked_text;
use super::part::{gap_href, record_name, wanted_text};
use crate::actions;
use crate::rules::{Level, Score, completeness as rate};
use crate::t;
use askama::Template;
use komainu_access::Permission;
use komainu_i18n::Lang;
use komainu_vendor::pages::{LedgerTab, ledger_name, ledger_tabs};
use komainu_web::{Member, Outcome, Section, Shell, Tab, page};

/// How many gaps are shown at once: the next ones come when these are filled.
const SHOWN: usize = 30;

/// How far one level is filled.
struct Bar {
    words: String,
    help: String,
    percent: usize,
    told: String,
}

/// Something to write down.
struct Missing {
    href: String,
    words: String,
    of: String,
    asked: String,
    urgent: bool,
}

#[derive(Template)]
#[template(path = "completeness.html")]
struct CompletenessPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    ledger: String,
    bars: Vec<Bar>,
    gaps: Vec<Missing>,
    /// How many more there are.
    further: usize,
    any: bool,
    may_edit: bool,
}

/// The page.
pub async fn completeness(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let (bars, gaps, all, any) = member
        .read(move |tx| {
            let ledger = actions::ledger(tx, &scope)?;
            let (whole, index) = (rate(&ledger), ledger.index());
            let bars: Vec<Bar> =
                Level::ALL.into_iter().map(|level| bar(lang, level, whole.at(level))).collect();
            let gaps = whole.gaps.iter().take(SHOWN).map(|gap| Missing {
                href: gap_href(gap),
                words: wanted_text(lang, gap.wanted),
                of: record_name(lang, &index, gap.record),
                asked: asked_text(lang, gap.asked),
                urgent: Level::of(gap.asked) != Level::Useful,
            });
            Ok((bars, gaps.collect::<Vec<_>>(), whole.gaps.len(), !whole.records.is_empty()))
        })
        .await?;
    page(&CompletenessPage {
        page: member.shell(&t!(lang, "completeness-title"), Section::Ledger),
        lang,
        tabs: ledger_tabs(lang, LedgerTab::Completeness),
        ledger: ledger_name(lang),
        bars,
        further: all - gaps.len(),
        gaps,
        any,
        may_edit: member.scope.may(Permission::LedgerEdit),
    })
}

fn bar(lang: Lang, level: Level, score: Score) -> Bar {
    let (words, help) = match level {
        Level::Checklist => (t!(lang, "level-checklist"), t!(lang, "level-checklist-hint")),
        Level::Safety => (t!(lang, "level-safety"), t!(lang, "level-safety-hint")),
        Level::Useful => (t!(lang, "level-useful"), t!(lang, "level-useful-hint")),
    };
    let (known, asked) = (score.known.to_string(), score.asked.to_string());
    let percent = score.percent();
    let told = t!(lang, "level-told", percent = percent.to_string(), known = known, asked = asked);
    Bar { words, help, percent, told }
}
