//! Words for the engine's codes and ids.

use crate::rules::{Likely, line_of};
use crate::t;
use komainu_exposure::model::{Place, State};
use komainu_exposure::{Copy, EntryKind, Fix, GoalKind, Missing, Named, StepCode, Story, Told};
use komainu_i18n::Lang;
use komainu_inventory::words::{connection_kind_text, control_label, end_text};
use komainu_inventory::{End, Index};

/// Names of what the engine names by ids, as the ledger has them now.
pub(crate) struct Names<'a> {
    pub(crate) lang: Lang,
    pub(crate) index: Index<'a>,
}

impl Names<'_> {
    /// A thing, zone, partner or the Internet.
    pub(crate) fn node(&self, id: &str) -> String {
        let end: Option<End> = id.parse().ok();
        let known = end.filter(|end| *end == End::Internet || self.index.end_name(*end).is_some());
        known.map_or_else(|| t!(self.lang, "gone"), |end| end_text(self.lang, &self.index, end))
    }

    /// A line, by its own name or by its ends.
    pub(crate) fn line(&self, id: &str) -> String {
        let lang = self.lang;
        if let Some(system) = id.strip_prefix("assumed:") {
            let name = self.node(&format!("system:{}", line_of(system)));
            return t!(lang, "line-assumed", system = name);
        }
        let known = line_of(id).strip_prefix("line:").and_then(|id| id.parse().ok());
        let Some(line) = known.and_then(|id| self.index.connection(id)) else { return t!(lang, "gone") };
        if !line.details.name.is_empty() {
            return line.details.name.clone();
        }
        let kind = connection_kind_text(lang, line.details.kind);
        let from = end_text(lang, &self.index, line.details.from);
        let to = end_text(lang, &self.index, line.details.to);
        t!(lang, "line-between", kind = kind, from = from, to = to)
    }

    /// A thing, line or shared password.
    pub(crate) fn named(&self, named: &Named) -> String {
        match named.is {
            Place::Node | Place::Credential => self.node(&named.id),
            Place::Connection => self.line(&named.id),
        }
    }

    /// Where a fix is made: a name or, of many, the first and how many.
    pub(crate) fn places(&self, fix: &Fix) -> String {
        match fix.places.as_slice() {
            [] => String::new(),
            [one] => self.named(one),
            [first, ..] => {
                t!(self.lang, "places", first = self.named(first), count = fix.places.len().to_string())
            }
        }
    }

    /// A fix as an instruction.
    pub(crate) fn fix(&self, fix: &Fix) -> String {
        let control = control_label(self.lang, fix.control);
        t!(self.lang, "fix", place = self.places(fix), control = control)
    }

    /// What is missing at a step, the most helpful first; empty where nothing is.
    pub(crate) fn missing(&self, told: &Told) -> String {
        let lang = self.lang;
        let label = |missing: &Missing| {
            let control = control_label(lang, missing.control);
            match missing.state {
                State::Unknown => t!(lang, "control-unknown", control = control),
                _ => control,
            }
        };
        let labels = told.missing.iter().take(3).map(label);
        labels.fold(
            String::new(),
            |all, one| {
                if all.is_empty() { one } else { t!(lang, "and", a = all, b = one) }
            },
        )
    }

    /// How an attack begins and what it reaches.
    pub(crate) fn story(&self, story: &Story) -> String {
        let goal = self.goal(story.goal, story.process.as_deref());
        t!(self.lang, "story", entry = self.entry(story), goal = goal)
    }

    /// How an attack begins.
    pub(crate) fn entry(&self, story: &Story) -> String {
        let kind = entry_text(self.lang, story.entry);
        match &story.entrance {
            Some(entrance) => t!(self.lang, "entry", kind = kind, name = self.named(entrance)),
            None => kind,
        }
    }

    /// What is reached.
    pub(crate) fn goal(&self, goal: GoalKind, process: Option<&str>) -> String {
        let name = process.map(|id| self.node(id)).unwrap_or_default();
        match goal {
            GoalKind::RecordsEncrypted => t!(self.lang, "goal-records-encrypted"),
            GoalKind::BackupDestroyed => t!(self.lang, "goal-backup-destroyed"),
            GoalKind::DataLeaked => t!(self.lang, "goal-data-leaked"),
            GoalKind::DeviceStopped => t!(self.lang, "goal-device-stopped"),
            GoalKind::CareStopped => t!(self.lang, "goal-care-stopped", name = name),
        }
    }

    /// One step, in one sentence.
    pub(crate) fn step(&self, told: &Told) -> String {
        let there = |id: Option<&str>| id.map_or_else(|| t!(self.lang, "there"), |id| self.node(id));
        let (from, to) = (there(told.from.as_deref()), there(told.to.as_deref()));
        let via = told.via.as_ref().map_or_else(|| t!(self.lang, "inside"), |via| self.named(via));
        if told.code == StepCode::PassSegments && told.to.is_none() {
            return t!(self.lang, "step-carry", via = via);
        }
        step_text(self.lang, told.code, &from, &to, &via)
    }
}

/// The sentence of a kind of step.
pub(crate) fn step_text(lang: Lang, code: StepCode, from: &str, to: &str, via: &str) -> String {
    use StepCode as S;
    match code {
        S::VpnHole => t!(lang, "step-vpn-hole", to = to),
        S::VpnLogin => t!(lang, "step-vpn-login", to = to),
        S::RemoteDesktopLogin => t!(lang, "step-remote-desktop-login", to = to),
        S::ServiceHole => t!(lang, "step-service-hole", to = to),
        S::SimRouter => t!(lang, "step-sim-router", to = to),
        S::ClosedNetwork => t!(lang, "step-closed-network", to = to),
        S::PartnerTaken => t!(lang, "step-partner-taken", to = to),
        S::MailOpened => t!(lang, "step-mail-opened", to = to),
        S::MediaBrought => t!(lang, "step-media-brought", to = to),
        S::CloudLogin => t!(lang, "step-cloud-login", to = to),
        S::PartnerLine => t!(lang, "step-partner-line", from = from, to = to, via = via),
        S::ClosedLine => t!(lang, "step-closed-line", from = from, to = to, via = via),
        S::EnterSegment => t!(lang, "step-enter-segment", from = from, to = to),
        S::PassSegments => t!(lang, "step-pass-segments", from = from, to = to, via = via),
        S::HoleServer => t!(lang, "step-hole-server", from = from, to = to),
        S::HoleTerminal => t!(lang, "step-hole-terminal", from = from, to = to),
        S::HoleDevice => t!(lang, "step-hole-device", from = from, to = to),
        S::HoleNetworkDevice => t!(lang, "step-hole-network-device", from = from, to = to),
        S::LoginServer => t!(lang, "step-login-server", from = from, to = to),
        S::LoginTerminal => t!(lang, "step-login-terminal", from = from, to = to),
        S::LoginDevice => t!(lang, "step-login-device", from = from, to = to),
        S::LoginNetworkDevice => t!(lang, "step-login-network-device", from = from, to = to),
        S::RemoteDesktop => t!(lang, "step-remote-desktop", from = from, to = to),
        S::FileShare => t!(lang, "step-file-share", from = from, to = to),
        S::DicomRead => t!(lang, "step-dicom-read", from = from, to = to),
        S::Hl7Read => t!(lang, "step-hl7-read", from = from, to = to),
        S::ProtocolHole => t!(lang, "step-protocol-hole", from = from, to = to),
        S::MediaCarried => t!(lang, "step-media-carried", from = from, to = to),
        S::CloudSession => t!(lang, "step-cloud-session", from = from, to = to),
        S::SharedPassword => t!(lang, "step-shared-password", from = from, to = to),
        S::BecomeAdministrator => t!(lang, "step-become-administrator", to = to),
        S::ReadCredential => t!(lang, "step-read-credential", from = from, via = via),
        S::GuessCredential => t!(lang, "step-guess-credential", from = from, via = via),
        S::UseCredential => t!(lang, "step-use-credential", to = to, via = via),
        S::Manage => t!(lang, "step-manage", from = from, to = to),
        S::Encrypt => t!(lang, "step-encrypt", to = to),
        S::EncryptOverShare => t!(lang, "step-encrypt-over-share", to = to),
        S::DestroyBackup => t!(lang, "step-destroy-backup", to = to),
        S::OverwriteBackup => t!(lang, "step-overwrite-backup", from = from, to = to),
        S::Leak => t!(lang, "step-leak", from = from),
        S::StopDevice => t!(lang, "step-stop-device", to = to),
        S::StopsDependent => t!(lang, "step-stops-dependent", from = from, to = to),
        S::Follows => t!(lang, "step-follows"),
    }
}

/// How an attack begins.
pub(crate) fn entry_text(lang: Lang, entry: EntryKind) -> String {
    match entry {
        EntryKind::Vpn => t!(lang, "entry-vpn"),
        EntryKind::RemoteDesktop => t!(lang, "entry-remote-desktop"),
        EntryKind::Service => t!(lang, "entry-service"),
        EntryKind::SimRouter => t!(lang, "entry-sim-router"),
        EntryKind::ClosedNetwork => t!(lang, "entry-closed-network"),
        EntryKind::Partner => t!(lang, "entry-partner"),
        EntryKind::Mail => t!(lang, "entry-mail"),
        EntryKind::Media => t!(lang, "entry-media"),
        EntryKind::Cloud => t!(lang, "entry-cloud"),
    }
}

/// What there is to restore a thing from.
pub(crate) fn copy_text(lang: Lang, copy: Copy) -> String {
    match copy {
        Copy::Tested => t!(lang, "copy-tested"),
        Copy::Untested => t!(lang, "copy-untested"),
        Copy::None => t!(lang, "copy-none"),
        Copy::NotNeeded => t!(lang, "copy-not-needed"),
    }
}

/// How likely, in a word.
pub(crate) fn likely_text(lang: Lang, probability: f64) -> String {
    match Likely::of(probability) {
        Likely::Hardly => t!(lang, "likely-hardly"),
        Likely::Seldom => t!(lang, "likely-seldom"),
        Likely::Possible => t!(lang, "likely-possible"),
        Likely::Easy => t!(lang, "likely-likely"),
        Likely::Very => t!(lang, "likely-very"),
    }
}

/// A share in per cent: whole ones, and below ten with one digit behind the point.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if (0.05..9.95).contains(&percent) { format!("{percent:.1}") } else { format!("{percent:.0}") }
}

/// Minutes of work in words.
pub(crate) fn effort_text(lang: Lang, minutes: u32) -> String {
    work_text(lang, f64::from(minutes) / 60.0)
}

/// Hours of work in words: minutes below one hour, days of eight hours from two days on. From ten days on they are whole
/// ones: more would pretend to know more.
pub(crate) fn work_text(lang: Lang, hours: f64) -> String {
    let days = hours / 8.0;
    if hours < 1.0 {
        t!(lang, "effort-minutes", count = format!("{:.0}", 60.0 * hours))
    } else if days < 2.0 {
        t!(lang, "effort-hours", count = tenths(hours))
    } else if days < 10.0 {
        t!(lang, "effort-days", count = tenths(days))
    } else {
        t!(lang, "effort-days", count = format!("{days:.0}"))
    }
}

/// A number with one digit behind the point, where that is not zero.
fn tenths(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Whether a step goes along a line that nobody wrote down.
pub(crate) fn is_assumed(told: &Told) -> bool {
    told.via.as_ref().is_some_and(|via| via.id.starts_with("assumed:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_work_is_told_in_days_of_eight_hours() {
        for (hours, ja, en, zh) in [
            (0.0, "約0分", "about 0 min", "约0分钟"),
            (0.75, "約45分", "about 45 min", "约45分钟"),
            (1.0, "約1時間", "about 1 h", "约1小时"),
            (15.5, "約15.5時間", "about 15.5 h", "约15.5小时"),
            (16.0, "約2日分", "about 2 working days", "约2个工作日"),
            (30.0, "約3.8日分", "about 3.8 working days", "约3.8个工作日"),
            (1312.0, "約164日分", "about 164 working days", "约164个工作日"),
            (600_000.0, "約75000日分", "about 75000 working days", "约75000个工作日"),
        ] {
            for (lang, text) in [(Lang::Ja, ja), (Lang::En, en), (Lang::Zh, zh)] {
                assert_eq!(work_text(lang, hours), text);
            }
        }
        assert_eq!(effort_text(Lang::Ja, 240), "約4時間");
    }
}
