//! What leaves the house: reports as text, Word and PDF, the timeline as CSV, the case as STIX 2.1, and all of it as one archive.

mod archive;
mod csv;
mod paper;
mod stix;
#[cfg(test)]
mod testing;
mod word;

pub(crate) use archive::{EVIDENCE_LIMIT, Export, archive, file_name};
pub(crate) use csv::timeline_csv;
pub(crate) use paper::pdf;
pub(crate) use stix::bundle;
pub(crate) use word::docx;

use crate::model::{AssetState, Case, Fact, Incident, Known, Line, Report, TaskState};
use crate::{rules, t, words};
use chrono::{DateTime, Utc};
use komainu_catalog::Catalog;
use komainu_i18n::Lang;
use komainu_web::moment_text;

/// A report as it reads now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Its heading.
    pub(crate) title: String,
    /// Whose it is.
    pub(crate) owner: String,
    /// What it is, and that it is a draft.
    pub(crate) about: String,
    /// That it is an exercise; empty where it is none.
    pub(crate) drill: String,
    /// The words before the lines; empty where there are none.
    pub(crate) opening: String,
    /// Each line: its name and its text.
    pub(crate) lines: Vec<(String, String)>,
    /// The words behind the lines; empty where there are none.
    pub(crate) closing: String,
    /// Facts that nobody has written yet.
    pub(crate) missing: Vec<Fact>,
    /// Of a text for everybody: what should not stand in it. Technical marks are left out already, names are not.
    pub(crate) revealing: Vec<String>,
}

/// What a report is filled from beside the case.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    /// The language of the report.
    pub(crate) lang: Lang,
    /// The words of kinds, tasks and duties.
    pub(crate) catalog: &'a Catalog,
    /// The institution's name, with address and telephone where they are known.
    pub(crate) house: &'a House,
    /// The moment at which it is written.
    pub(crate) at: DateTime<Utc>,
}

/// The institution as it stands in reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct House {
    /// Its name.
    pub(crate) name: String,
    /// Its address; may be empty.
    pub(crate) address: String,
    /// Its telephone number; may be empty.
    pub(crate) phone: String,
}

/// Fills a report from the case. Nothing is invented: a line that nobody filled in says so.
pub(crate) fn fill(desk: &Desk<'_>, case: &Case, report: Report) -> Written {
    let (lang, public) = (desk.lang, rules::is_public(report));
    let mut revealing = Vec::new();
    let mut lines: Vec<(String, String)> = Vec::new();
    for line in rules::lines(report) {
        lines.push(match line {
            Line::Known(known) => (words::known_text(lang, *known), known_line(desk, case, *known)),
            Line::Said(fact) => {
                let said = rules::said_in(case, report, *fact);
                let text = match said {
                    "" => t!(lang, "report-not-known"),
                    said if public => {
                        let (safe, found) = rules::withheld(said, &t!(lang, "report-withheld"));
                        let names = rules::names(case).into_iter().filter(|name| said.contains(*name));
                        revealing.extend(found.into_iter().chain(names.map(str::to_owned)));
                        safe
                    }
                    said => said.to_owned(),
                };
                (words::fact_text(lang, *fact), text)
            }
        });
    }
    revealing.sort();
    revealing.dedup();
    let (opening, closing) = match report {
        Report::Patients => (t!(lang, "patients-opening"), t!(lang, "patients-closing")),
        Report::Press => (t!(lang, "press-opening"), t!(lang, "press-closing")),
        _ => (String::new(), String::new()),
    };
    Written {
        title: words::report_text(lang, report),
        owner: desk.house.name.clone(),
        about: about(desk, case, report),
        drill: if case.incident.drill { t!(lang, "drill-paper") } else { String::new() },
        opening,
        lines,
        closing,
        missing: rules::missing(case, report),
        revealing,
    }
}

/// Which case and which draft; for authorities also what is not known about the form. Patients and the press have no use for
/// either.
fn about(desk: &Desk<'_>, case: &Case, report: Report) -> String {
    let (lang, at) = (desk.lang, moment_text(desk.lang, desk.at));
    if rules::is_public(report) {
        return t!(lang, "report-about-public", at = at);
    }
    let about = t!(lang, "report-about", number = case.incident.number_text(), at = at);
    format!("{about}\n{}", words::report_how(lang, report))
}

/// What a file of a case is called before its ending: its number, and that it is of an exercise.
pub(crate) fn named(lang: Lang, incident: &Incident) -> String {
    let number = incident.number_text();
    if incident.drill { format!("{}_{number}", t!(lang, "drill")) } else { number }
}

/// Some lines one below the other, or that there is nothing.
fn listed(lang: Lang, lines: Vec<String>) -> String {
    if lines.is_empty() { t!(lang, "report-nothing") } else { lines.join("\n") }
}

fn known_line(desk: &Desk<'_>, case: &Case, known: Known) -> String {
    let (lang, incident) = (desk.lang, &case.incident);
    match known {
        Known::House => {
            let parts = [&desk.house.name, &desk.house.address, &desk.house.phone];
            let parts: Vec<&str> =
                parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            parts.join("\n")
        }
        Known::Kind => {
            let kind = words::kind_text(desk.catalog, lang, &incident.kind);
            t!(lang, "pair", left = incident.number_text(), right = kind)
        }
        Known::FirstKnew => moment_text(lang, incident.first_knew_at),
        Known::State => {
            let state = words::state_text(lang, incident.state);
            t!(lang, "pair", left = words::level_text(lang, incident.level), right = state)
        }
        Known::Affected => {
            let affected = case.assets.iter().filter(|marked| marked.state != AssetState::Clean);
            let line = |name: &str, state| {
                t!(lang, "pair", left = name, right = words::asset_state_text(lang, state))
            };
            listed(lang, affected.map(|marked| line(&marked.detail.name, marked.state)).collect())
        }
        Known::Done => {
            let done = case.tasks.iter().filter(|task| task.state == TaskState::Done);
            let line = |task| words::task_words(desk.catalog, lang, task).0;
            let mut lines: Vec<(DateTime<Utc>, String)> =
                done.filter_map(|task| Some((task.settled_at?, line(task)))).collect();
            lines.sort();
            let text = |(at, what): (DateTime<Utc>, String)| {
                t!(lang, "pair", left = moment_text(lang, at), right = what)
            };
            listed(lang, lines.into_iter().map(text).collect())
        }
        Known::Told => {
            let told = case.told.iter().filter_map(|told| Some((told.done_at?, told.duty.as_str())));
            let mut lines: Vec<(DateTime<Utc>, &str)> = told.collect();
            lines.sort_unstable();
            let text = |(at, duty): (DateTime<Utc>, &str)| {
                let to = words::duty_text(desk.catalog, lang, duty);
                t!(lang, "pair", left = moment_text(lang, at), right = to)
            };
            listed(lang, lines.into_iter().map(text).collect())
        }
    }
}

/// A report as plain text, to be pasted into a form.
pub(crate) fn plain(written: &Written) -> String {
    let mut text = String::new();
    for part in [&written.title, &written.owner, &written.about, &written.drill, &written.opening] {
        if !part.is_empty() {
            text.push_str(part);
            text.push('\n');
        }
    }
    for (name, line) in &written.lines {
        text.push_str(&format!("\n■ {name}\n{line}\n"));
    }
    if !written.closing.is_empty() {
        text.push_str(&format!("\n{}\n", written.closing));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::testing::case;

    fn written(case: &Case, report: Report) -> (Written, String) {
        let (catalog, house) = (Catalog::embedded().unwrap(), House::default());
        let at = case.incident.declared_at;
        let written = fill(&Desk { lang: Lang::Ja, catalog: &catalog, house: &house, at }, case, report);
        let text = plain(&written);
        (written, text)
    }

    #[test]
    fn patients_and_press_read_nothing_secret() {
        let mut case = case();
        case.incident.detail.summary = "受付の山田が192.0.2.10で開いた".to_owned();
        case.incident.detail.care = "装置XのVPNが弱かったため止めた".to_owned();
        for (fact, said) in [
            (Fact::Overview, "山田が開いた"),
            (Fact::Cause, "装置Xの古い版"),
            (Fact::Prevention, "装置Xを替える"),
            (Fact::Indicators, "198.51.100.7"),
            (Fact::Notice, "192.0.2.10の電子カルテが使えません。病院長"),
            (Fact::DataKinds, "氏名"),
        ] {
            case.facts.fields.insert(fact.code().to_owned(), said.to_owned());
        }
        for report in [Report::Patients, Report::Press] {
            let (written, text) = written(&case, report);
            for secret in ["山田", "192.0.2.10", "198.51.100.7", "装置X"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
            assert!(text.contains("（伏せました）の電子カルテが使えません。"), "{text}");
            assert_eq!(written.revealing, ["192.0.2.10", "病院長"], "the name of who leads is pointed at");
            assert!(text.contains("訓練") && text.contains("氏名"), "{text}");
            assert!(!text.contains(&case.incident.number_text()), "the number is of no use outside: {text}");
            assert!(written.missing.contains(&Fact::Desk));
        }
        // What was typed at the declaration is for authorities only.
        let (ministry, text) = written(&case, Report::Ministry);
        assert!(text.contains("装置XのVPNが弱かったため止めた") && !ministry.missing.contains(&Fact::Care));
        let (press, _) = written(&case, Report::Press);
        assert!(press.missing.contains(&Fact::Care), "somebody has to write it for the public");
    }

    #[test]
    fn what_is_not_confirmed_about_a_form_stands_in_its_draft() {
        let case = case();
        for report in [Report::Ransomware, Report::Denial, Report::RegulatorFinal] {
            let (_, text) = written(&case, report);
            assert!(text.contains("未確認"), "{text}");
        }
    }
}
