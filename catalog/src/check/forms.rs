//! Checks of an edition: its sections, forms and rows.

use std::collections::{HashMap, HashSet};

use super::Check;
use crate::edition::{Edition, FormData, Placement};
use crate::parse::Located;
use crate::words::{InstitutionKind, Level, RemarkId, Scope, Variant};

pub(super) fn check(check: &mut Check, edition: &Edition) {
    let at = edition.fiscal_year.offset();
    check.expect((2000..=2200).contains(&*edition.fiscal_year), at, || "no likely fiscal year".to_owned());
    let (year, _) = edition.published.year_month();
    check.expect((year - *edition.fiscal_year).abs() <= 1, at, || {
        format!("published in {year}, far from the fiscal year")
    });
    check.sources(&edition.sources, edition.confirmed, at);
    for url in
        [&edition.checklist_url, &edition.manual_url, &edition.workbook_url, &edition.vendor_workbook_url]
    {
        check.url(url.as_deref(), at);
    }
    for rule in &edition.rules {
        check.known_rule(rule);
    }
    let mut last = 0;
    for section in &edition.section {
        check
            .expect(*section.number > last, section.number.offset(), || "sections stand in order".to_owned());
        last = *section.number;
    }
    for condition in &edition.condition {
        let fine = condition.target_fiscal_year.is_none_or(|year| year >= *edition.fiscal_year);
        check.expect(fine, condition.id.offset(), || "the target year lies before the edition".to_owned());
    }
    names(check, edition.condition.iter().map(|c| &c.id));
    names(check, edition.remark.iter().map(|r| &r.id));
    forms(check, edition);
}

/// Names inside one edition stand once.
fn names<'a>(check: &mut Check, ids: impl Iterator<Item = &'a Located<RemarkId>>) {
    let mut seen = HashSet::new();
    for id in ids {
        check.expect(seen.insert(&**id), id.offset(), || format!("{} is defined twice", **id));
    }
}

fn forms(check: &mut Check, edition: &Edition) {
    let mut variants = HashSet::new();
    let mut served: HashMap<InstitutionKind, Variant> = HashMap::new();
    for form in &edition.form {
        let at = form.variant.offset();
        check.expect(variants.insert(*form.variant), at, || format!("a second form {}", *form.variant));
        check.sources(&form.sources, form.filling_confirmed, at);
        check.expect(!form.answers.is_empty(), at, || "a form offers answers".to_owned());
        check.expect((1..=5).contains(&*form.check_dates), form.check_dates.offset(), || {
            "a form has one to five check dates".to_owned()
        });
        check.expect(form.self_check.is_empty() || form.self_check_rule.is_some(), at, || {
            "a self-check needs the rule that explains it".to_owned()
        });
        if let Some(rule) = &form.self_check_rule {
            check.known_rule(rule);
        }
        for &kind in form.kinds.iter().chain(&form.self_check) {
            let other = served.insert(kind, *form.variant);
            check.expect(other.is_none(), form.kinds.offset(), || format!("{kind} has two forms"));
        }
        rows(check, edition, form);
    }
    for &kind in InstitutionKind::ALL {
        check.expect(served.contains_key(&kind), edition.fiscal_year.offset(), || {
            format!("no form for {kind}")
        });
    }
}

fn rows(check: &mut Check, edition: &Edition, form: &FormData) {
    let mut ids = HashSet::new();
    let mut last: Option<&Placement> = None;
    for row in &form.rows {
        let at = row.offset();
        check.known_item(&row.item);
        check.sources(&row.sources, row.confirmed, at);
        scope(check, row);
        check.expect(row.id().is_some_and(|id| ids.insert(id)), at, || {
            format!("a second row for {} with this scope", *row.item)
        });
        match (&row.number, row.level) {
            (None, Level::Gate) => {
                check.expect(last.is_none(), at, || "the gate question stands first".to_owned());
            }
            (None, _) => check.expect(false, at, || "a row needs its number".to_owned()),
            (Some(_), Level::Gate) => {
                check.expect(false, at, || "the gate question has no number".to_owned());
            }
            (Some(number), _) => {
                let exists = edition.section.iter().any(|s| *s.number == number.section());
                check.expect(exists, at, || format!("no section {}", number.section()));
            }
        }
        if let Some(last) = last {
            order(check, last, row);
        }
        references(check, edition, row);
        last = Some(row);
    }
}

fn scope(check: &mut Check, row: &Located<Placement>) {
    let ordered = row.scope.windows(2).all(|pair| pair[0] < pair[1]);
    check.expect(ordered && !row.scope.is_empty(), row.offset(), || {
        "scopes stand once each, in order".to_owned()
    });
    let general = row.scope.iter().any(|s| matches!(s, Scope::All | Scope::Organisation));
    check
        .expect(!general || row.scope.len() == 1, row.offset(), || "a general scope stands alone".to_owned());
}

/// Rows stand by number and then by scope; rows of one number are one item.
fn order(check: &mut Check, last: &Placement, row: &Located<Placement>) {
    let place = |row: &Placement| row.number.as_ref().map(|n| (n.section(), n.position()));
    let in_order = (place(last), &last.scope) < (place(row), &row.scope);
    check.expect(in_order, row.offset(), || "rows stand in the order of number, then scope".to_owned());
    let same_number = place(last) == place(row);
    check.expect(!same_number || last.item == row.item, row.offset(), || {
        "two items under one number".to_owned()
    });
}

fn references(check: &mut Check, edition: &Edition, row: &Placement) {
    if let Some(id) = &row.condition {
        let exists = edition.condition.iter().any(|c| c.id == *id);
        check.expect(exists, id.offset(), || format!("no condition {} in this edition", **id));
    }
    if let Some(id) = &row.note {
        let exists = edition.remark.iter().any(|r| r.id == *id);
        check.expect(exists, id.offset(), || format!("no remark {} in this edition", **id));
    }
    if let Some(not_applicable) = &row.not_applicable_when {
        check.known_rule(&not_applicable.rule);
    }
}
