//! `/exposure/table`: the probabilities that everything is computed from, each with its reason and its sources.

use super::crumbs;
use crate::answers;
use crate::t;
use crate::words::{percent, step_text};
use askama::Template;
use komainu_catalog::Catalog;
use komainu_exposure::{Factor, On, Rule, StepCode};
use komainu_i18n::Lang;
use komainu_inventory::words::control_label;
use komainu_vendor::pages::ledger_name;
use komainu_web::{Crumb, Member, Outcome, Section, Shell, page};

#[derive(Template)]
#[template(path = "exposure_table.html")]
struct TablePage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    own: bool,
    rules: Vec<RuleView>,
    weights: Reasons,
    restoring: Reasons,
}

struct RuleView {
    what: String,
    base: String,
    reasons: Reasons,
    factors: Vec<FactorView>,
}

/// Why a number is what it is. The reasons are written in English only.
struct Reasons {
    why: &'static str,
    /// What the sources are called, and where they are; an address may be missing.
    sources: Vec<(String, String)>,
}

struct FactorView {
    control: String,
    on: String,
    factor: String,
    why: &'static str,
}

/// `GET /exposure/table`.
pub async fn table(member: Member) -> Outcome {
    let (lang, table, catalog) = (member.lang, answers::table(), &member.app.catalog);
    let rules = StepCode::ALL.iter().filter_map(|code| table.rule(*code));
    page(&TablePage {
        page: member.shell(&t!(lang, "table-title"), Section::Ledger),
        lang,
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        own: answers::table_is_own(),
        rules: rules.map(|rule| rule_view(catalog, lang, rule)).collect(),
        weights: reasons(catalog, lang, &table.weights.why, &table.weights.sources),
        restoring: reasons(catalog, lang, &table.restoring.why, &table.restoring.sources),
    })
}

fn rule_view(catalog: &Catalog, lang: Lang, rule: &'static Rule) -> RuleView {
    let (from, to, via) = (t!(lang, "some-from"), t!(lang, "some-to"), t!(lang, "some-via"));
    RuleView {
        what: step_text(lang, rule.code, &from, &to, &via),
        base: t!(lang, "table-base", percent = percent(rule.base)),
        reasons: reasons(catalog, lang, &rule.why, &rule.sources),
        factors: rule.control.iter().map(|factor| factor_view(lang, factor)).collect(),
    }
}

fn factor_view(lang: Lang, factor: &'static Factor) -> FactorView {
    FactorView {
        control: control_label(lang, factor.control),
        on: match factor.on {
            On::Target => t!(lang, "on-target"),
            On::Source => t!(lang, "on-source"),
            On::Line => t!(lang, "on-line"),
            On::Credential => t!(lang, "on-credential"),
        },
        factor: t!(lang, "table-factor", percent = percent(factor.factor)),
        why: &factor.why,
    }
}

fn reasons(catalog: &Catalog, lang: Lang, why: &'static str, sources: &[String]) -> Reasons {
    let known = sources.iter().filter_map(|id| catalog.source(&id.parse().ok()?));
    let source = |source: &komainu_catalog::Source| {
        (source.what.get(lang).to_owned(), source.url.clone().unwrap_or_default())
    };
    Reasons { why, sources: known.map(source).collect() }
}
