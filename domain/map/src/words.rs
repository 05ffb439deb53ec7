//! The map's words: what is wrong, and what to do.

use crate::rules::design::{Finding, Rule, Severity};
use crate::t;
use komainu_i18n::Lang;
use komainu_inventory::words::{connection_kind_text, end_text};
use komainu_inventory::{ConnectionDetails, End, Index};

/// So many things are named; the rest are counted.
const NAMED: usize = 3;

/// What a line is called: its name, or its kind and ends.
pub fn line_name(lang: Lang, index: &Index<'_>, line: &ConnectionDetails) -> String {
    if !line.name.is_empty() {
        return line.name.clone();
    }
    t!(
        lang,
        "line-name",
        kind = connection_kind_text(lang, line.kind),
        from = end_text(lang, index, line.from),
        to = end_text(lang, index, line.to)
    )
}

/// Some things by their names.
pub fn names(lang: Lang, index: &Index<'_>, things: &[End]) -> String {
    let named: Vec<String> = things.iter().take(NAMED).map(|end| end_text(lang, index, *end)).collect();
    let named = named.join(&t!(lang, "names-between"));
    match things.len().saturating_sub(NAMED) {
        0 => named,
        more => t!(lang, "names-more", names = named.as_str(), more = more.to_string()),
    }
}

/// How bad it is, in a word.
pub fn severity_text(lang: Lang, severity: Severity) -> String {
    match severity {
        Severity::Danger => t!(lang, "level-danger"),
        Severity::Warn => t!(lang, "level-warn"),
        Severity::Ask => t!(lang, "level-ask"),
    }
}

/// What is wrong, in one sentence.
pub fn finding_text(lang: Lang, index: &Index<'_>, finding: &Finding) -> String {
    let line = finding.line.and_then(|id| index.connection(id));
    let line = line.map(|line| line_name(lang, index, &line.details)).unwrap_or_default();
    let line = line.as_str();
    let first = finding.things.first().map(|end| end_text(lang, index, *end)).unwrap_or_default();
    let rest = names(lang, index, finding.things.get(1..).unwrap_or_default());
    let all = names(lang, index, &finding.things);
    let (first, rest, all) = (first.as_str(), rest.as_str(), all.as_str());
    match finding.rule {
        Rule::ZonesJoined => t!(lang, "n1", line = line, things = all),
        Rule::VendorToRecords => t!(lang, "n2", line = line, things = all),
        Rule::AnySource if finding.severity == Severity::Danger => t!(lang, "n3", line = line),
        Rule::AnySource => t!(lang, "n3-unknown", line = line),
        Rule::WeakVpnBox if finding.severity == Severity::Danger => t!(lang, "n4", line = line, things = all),
        Rule::WeakVpnBox => t!(lang, "n4-unknown", line = line, things = all),
        Rule::RemoteDesktopFromOutside => t!(lang, "n5", line = line, things = all),
        Rule::CopyBesideOriginal => t!(lang, "n6", copy = first, things = rest),
        Rule::CopyManagedAlike => t!(lang, "n7", copy = first, things = rest),
        Rule::CopyOpenedAlike => t!(lang, "n8", account = first, things = rest),
        Rule::NoOfflineCopy if finding.severity == Severity::Danger => t!(lang, "n9", copy = first),
        Rule::NoOfflineCopy => t!(lang, "n9-unknown", copy = first),
        Rule::NoCopy => t!(lang, "n10", things = all),
        Rule::SupportOver => t!(lang, "n11", line = line, things = all),
        Rule::UnpatchableAmongOthers => t!(lang, "n12", things = all),
        Rule::SharedAdministrator => t!(lang, "n13", account = first, things = rest),
        Rule::MailAmongRecords => t!(lang, "n14", zone = first, things = rest),
        Rule::Bridge => t!(lang, "n15", line = line, things = all),
        Rule::OwnerlessRouter => t!(lang, "n16", line = line),
        Rule::LongUnused => t!(lang, "n17", line = line),
        Rule::NoWayToCut => t!(lang, "n18", line = line),
        Rule::RemoteControl => t!(lang, "n19", things = all),
        Rule::SharedFolderFromMail => t!(lang, "n20", line = line, things = rest),
        Rule::EligibilityLine => t!(lang, "n21", line = line),
        Rule::StoppableAntivirus => t!(lang, "n22", things = all),
        Rule::AlwaysOpen => t!(lang, "n23", line = line),
    }
}

/// What to do, in one sentence.
pub fn finding_do(lang: Lang, rule: Rule) -> String {
    match rule {
        Rule::ZonesJoined => t!(lang, "n1-do"),
        Rule::VendorToRecords => t!(lang, "n2-do"),
        Rule::AnySource => t!(lang, "n3-do"),
        Rule::WeakVpnBox => t!(lang, "n4-do"),
        Rule::RemoteDesktopFromOutside => t!(lang, "n5-do"),
        Rule::CopyBesideOriginal => t!(lang, "n6-do"),
        Rule::CopyManagedAlike => t!(lang, "n7-do"),
        Rule::CopyOpenedAlike => t!(lang, "n8-do"),
        Rule::NoOfflineCopy => t!(lang, "n9-do"),
        Rule::NoCopy => t!(lang, "n10-do"),
        Rule::SupportOver => t!(lang, "n11-do"),
        Rule::UnpatchableAmongOthers => t!(lang, "n12-do"),
        Rule::SharedAdministrator => t!(lang, "n13-do"),
        Rule::MailAmongRecords => t!(lang, "n14-do"),
        Rule::Bridge => t!(lang, "n15-do"),
        Rule::OwnerlessRouter => t!(lang, "n16-do"),
        Rule::LongUnused => t!(lang, "n17-do"),
        Rule::NoWayToCut => t!(lang, "n18-do"),
        Rule::RemoteControl => t!(lang, "n19-do"),
        Rule::SharedFolderFromMail => t!(lang, "n20-do"),
        Rule::EligibilityLine => t!(lang, "n21-do"),
        Rule::StoppableAntivirus => t!(lang, "n22-do"),
        Rule::AlwaysOpen => t!(lang, "n23-do"),
    }
}
