//! Checks over all files together: unique ids, references that exist, sane numbers. What one value alone can
//! get wrong (an empty language, a malformed id or date) is refused while reading, in `parse`.

mod first_aid;
mod forms;
mod incidents;
mod rows;
mod templates;

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;

use crate::duty::ReportingDuty;
use crate::load::{CatalogError, NamedFile};
use crate::parse::Located;
use crate::words::{DutyId, DutyQuestionId, IncidentKindId, ItemId, RuleId, SourceId, StepId, TapId};

/// Every error in `files`, in the order of the files.
pub(crate) fn all(files: &[NamedFile]) -> Vec<CatalogError> {
    let mut errors = unique(files);
    let known = Known::collect(files);
    for file in files {
        let mut check = Check { file, known: &known, errors: &mut errors };
        rows::check(&mut check);
        templates::check(&mut check);
        first_aid::check(&mut check);
        incidents::check(&mut check);
        if let Some(edition) = &file.data.edition {
            forms::check(&mut check, edition);
        }
    }
    rows::step_circles(files, &mut errors);
    errors
}

/// The ids that exist, over all files.
struct Known<'a> {
    items: HashSet<&'a ItemId>,
    sources: HashSet<&'a SourceId>,
    rules: HashSet<&'a RuleId>,
    steps: HashSet<&'a StepId>,
    fiscal_years: HashSet<i32>,
    templates: templates::Named<'a>,
    taps: HashSet<&'a TapId>,
    incident_kinds: HashSet<&'a IncidentKindId>,
    duties: HashSet<&'a DutyId>,
    duty_questions: HashSet<&'a DutyQuestionId>,
    /// Those that some duty asks.
    asked_questions: HashSet<&'a DutyQuestionId>,
}

impl<'a> Known<'a> {
    fn collect(files: &'a [NamedFile]) -> Self {
        Known {
            items: files.iter().flat_map(|f| &f.data.item).map(|r| &*r.id).collect(),
            sources: files.iter().flat_map(|f| &f.data.source).map(|r| &*r.id).collect(),
            rules: files.iter().flat_map(|f| &f.data.rule).map(|r| &*r.id).collect(),
            steps: files.iter().flat_map(|f| &f.data.step).map(|r| &*r.id).collect(),
            fiscal_years: files
                .iter()
                .filter_map(|f| f.data.edition.as_ref())
                .map(|e| *e.fiscal_year)
                .collect(),
            templates: templates::Named::collect(files),
            taps: first_aid::taps(files),
            incident_kinds: files.iter().flat_map(|f| &f.data.incident_kind).map(|r| &*r.id).collect(),
            duties: files.iter().flat_map(|f| &f.data.reporting_duty).map(|r| &*r.id).collect(),
            duty_questions: files.iter().flat_map(|f| &f.data.duty_question).map(|r| &*r.id).collect(),
            asked_questions: files
                .iter()
                .flat_map(|f| &f.data.reporting_duty)
                .flat_map(ReportingDuty::questions)
                .map(|ask| &**ask)
                .collect(),
        }
    }
}

/// The file being checked and where its errors go.
struct Check<'a> {
    file: &'a NamedFile<'a>,
    known: &'a Known<'a>,
    errors: &'a mut Vec<CatalogError>,
}

impl Check<'_> {
    /// Notes a problem at a byte offset unless `fine`.
    fn expect(&mut self, fine: bool, offset: usize, problem: impl FnOnce() -> String) {
        if !fine {
            self.errors.push(self.file.error(offset, problem()));
        }
    }

    fn known_item(&mut self, id: &Located<ItemId>) {
        self.expect(self.known.items.contains(&**id), id.offset(), || {
            format!("no item is called {:?}", id.as_str())
        });
    }

    fn known_rule(&mut self, id: &Located<RuleId>) {
        self.expect(self.known.rules.contains(&**id), id.offset(), || {
            format!("no rule is called {:?}", id.as_str())
        });
    }

    /// Sources exist, and a confirmed fact names at least one.
    fn sources(&mut self, sources: &[Located<SourceId>], confirmed: bool, offset: usize) {
        self.expect(!confirmed || !sources.is_empty(), offset, || {
            "confirmed, but no source is named".to_owned()
        });
        for id in sources {
            self.expect(self.known.sources.contains(&**id), id.offset(), || {
                format!("no source is called {:?}", id.as_str())
            });
        }
    }

    fn url(&mut self, url: Option<&str>, offset: usize) {
        let fine = url.is_none_or(|u| u.starts_with("https://") || u.starts_with("http://"));
        self.expect(fine, offset, || format!("{:?} is not a web address", url.unwrap_or_default()));
    }
}

/// Ids stand once over all files.
fn unique(files: &[NamedFile]) -> Vec<CatalogError> {
    let mut errors = Vec::new();
    let e = &mut errors;
    twice(files, e, "item", |f| f.data.item.iter().map(|r| &r.id).collect());
    twice(files, e, "source", |f| f.data.source.iter().map(|r| &r.id).collect());
    twice(files, e, "rule", |f| f.data.rule.iter().map(|r| &r.id).collect());
    twice(files, e, "change", |f| f.data.change.iter().map(|r| &r.id).collect());
    twice(files, e, "figure", |f| f.data.figure.iter().map(|r| &r.id).collect());
    twice(files, e, "attack route", |f| f.data.attack_route.iter().map(|r| &r.id).collect());
    twice(files, e, "step", |f| f.data.step.iter().map(|r| &r.id).collect());
    twice(files, e, "kind of system", |f| f.data.system_kind.iter().map(|r| &r.id).collect());
    twice(files, e, "piece", |f| f.data.piece.iter().map(|r| &r.id).collect());
    twice(files, e, "symptom", |f| f.data.symptom.iter().map(|r| &r.id).collect());
    twice(files, e, "tap", |f| f.data.tap.iter().map(|r| &r.id).collect());
    twice(files, e, "kind of incident", |f| f.data.incident_kind.iter().map(|r| &r.id).collect());
    twice(files, e, "stage", |f| f.data.stage.iter().map(|r| &r.id).collect());
    twice(files, e, "duty", |f| f.data.reporting_duty.iter().map(|r| &r.id).collect());
    twice(files, e, "question", |f| f.data.duty_question.iter().map(|r| &r.id).collect());
    twice(files, e, "guideline type", |f| f.data.guideline_type.iter().map(|r| &r.id).collect());
    twice(files, e, "guideline reason", |f| f.data.guideline_reason.iter().map(|r| &r.when).collect());
    twice(files, e, "maintenance route", |f| f.data.maintenance_route.iter().map(|r| &r.outcome).collect());
    twice(files, e, "edition of fiscal year", |f| f.data.edition.iter().map(|r| &r.fiscal_year).collect());
    errors
}

/// Notes every id that was defined before, at its second place, naming the first.
fn twice<'a, T: Eq + Hash + Display + 'a>(
    files: &'a [NamedFile],
    errors: &mut Vec<CatalogError>,
    what: &str,
    ids: impl Fn(&'a NamedFile) -> Vec<&'a Located<T>>,
) {
    let mut first: HashMap<&T, CatalogError> = HashMap::new();
    for file in files {
        for id in ids(file) {
            let here = file.error(id.offset(), String::new());
            if let Some(there) = first.get(&**id) {
                let problem = format!("{what} {} is already defined at {}:{}", **id, there.file, there.line);
                errors.push(CatalogError { problem, ..here });
            } else {
                first.insert(id, here);
            }
        }
    }
}
