//! Backups: the newest, its proof, the buttons, the last attempts.

use crate::actions::Overview;
use crate::model::Backup;
use crate::t;
use crate::words::{ago_text, cause_text, finding_text, size_text, stage_text, trouble_text};
use askama::Template;
use komainu_i18n::Lang;
use komainu_jobs::routine::Standing;
use komainu_web::{SignedIn, moment_text};

/// The section; also a fragment of its own, asked for again while something is under way.
#[derive(Template)]
#[template(path = "section_backup.html")]
pub(crate) struct BackupSection {
    lang: Lang,
    csrf: String,
    busy: Vec<Busy>,
    folder_is_set: bool,
    has_any: bool,
    facts: Vec<(String, String)>,
    key_asked: bool,
    lines: Vec<Line>,
}

/// A routine under way.
struct Busy {
    what: String,
    stage: String,
    step: i64,
    steps: i64,
    amount: String,
}

/// An attempt.
struct Line {
    when: String,
    cause: String,
    made: bool,
    what: String,
    detail: String,
}

impl BackupSection {
    pub(crate) fn new(signed: &SignedIn, overview: &Overview) -> BackupSection {
        let (lang, now) = (signed.lang, overview.situation.now);
        let busy = |standing: &Option<Standing>, what: String| {
            let standing = standing.as_ref().filter(|standing| standing.is_busy(now))?;
            let percent = standing.step.saturating_mul(100) / standing.steps.max(1);
            Some(Busy {
                what,
                stage: stage_text(lang, &standing.stage),
                step: percent,
                steps: 100,
                amount: format!("{percent} %"),
            })
        };
        BackupSection {
            lang,
            csrf: signed.csrf.clone(),
            busy: [
                busy(&overview.backing_up, t!(lang, "backing-up")),
                busy(&overview.proving, t!(lang, "proving")),
            ]
            .into_iter()
            .flatten()
            .collect(),
            folder_is_set: overview.situation.folder_is_set,
            has_any: overview.newest.is_some(),
            facts: facts(signed, overview),
            key_asked: overview.key_on_paper.is_none()
                && (overview.situation.folder_is_set || overview.newest.is_some()),
            lines: overview.backups.iter().map(|backup| line(lang, backup)).collect(),
        }
    }
}

impl BackupSection {
    /// Whether something is under way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.busy.is_empty()
    }
}

fn facts(signed: &SignedIn, overview: &Overview) -> Vec<(String, String)> {
    let (lang, now) = (signed.lang, overview.situation.now);
    let when = |at| format!("{}（{}）", moment_text(lang, at), ago_text(lang, at, now));
    let none = || t!(lang, "none-yet");
    let newest = overview.newest.as_ref().map_or_else(none, |backup| when(backup.begun_at));
    let proved = overview
        .proved
        .as_ref()
        .map_or_else(none, |proof| format!("{} {}", when(proof.at), finding_text(lang, &proof.finding)));
    let mut facts = vec![(t!(lang, "fact-newest"), newest), (t!(lang, "fact-proved"), proved)];
    if let Some(settings) = &signed.app.settings.backup {
        let hour = settings.hour.to_string();
        let kept = t!(
            lang,
            "fact-kept-text",
            daily = settings.daily.to_string(),
            weekly = settings.weekly.to_string(),
            monthly = settings.monthly.to_string()
        );
        facts.push((t!(lang, "fact-folder"), settings.folder.display().to_string()));
        facts.push((t!(lang, "fact-hour"), t!(lang, "fact-hour-text", hour = hour)));
        facts.push((t!(lang, "fact-kept"), kept));
    }
    if let Some(at) = overview.key_on_paper {
        facts.push((t!(lang, "fact-key"), t!(lang, "fact-key-text", when = moment_text(lang, at))));
    }
    facts
}

fn line(lang: Lang, backup: &Backup) -> Line {
    let cause = cause_text(lang, backup.cause);
    let cause = if backup.by_name.is_empty() { cause } else { format!("{cause}（{}）", backup.by_name) };
    let (made, what, detail) = match &backup.outcome {
        Ok(amount) => {
            let size = size_text(u64::try_from(amount.size).unwrap_or_default());
            let files = amount.files.to_string();
            (true, t!(lang, "line-made", size = size, files = files), backup.file.clone())
        }
        Err((trouble, detail)) => (false, trouble_text(lang, *trouble), detail.clone()),
    };
    Line { when: moment_text(lang, backup.begun_at), cause, made, what, detail }
}
