//! Why a file is not taken, and what was left out of one.

use crate::model::FileRefusal;
use crate::t;
use komainu_discovery::{OtherFormat, Refusal as Discovery, Remark, RemarkCode};
use komainu_i18n::Lang;
use komainu_workbook::WorkbookRefusal;

/// What is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) what: String,
    pub(crate) todo: String,
}

fn refusal(what: String, todo: String) -> Refusal {
    Refusal { what, todo }
}

/// Why a file is not taken; `file` is its name, empty where it is all of them.
pub(crate) fn refusal_text(lang: Lang, file: &str, why: &FileRefusal) -> Refusal {
    let Refusal { what, todo } = reason(lang, why);
    let what = if file.is_empty() { what } else { t!(lang, "refused-file", file = file, what = what) };
    refusal(what, todo)
}

fn reason(lang: Lang, why: &FileRefusal) -> Refusal {
    match why {
        FileRefusal::None => refusal(t!(lang, "refused-none"), t!(lang, "refused-none-do")),
        FileRefusal::TooMany(most) => {
            refusal(t!(lang, "refused-too-many", most = most.to_string()), t!(lang, "refused-too-many-do"))
        }
        FileRefusal::Empty => refusal(t!(lang, "refused-empty"), t!(lang, "refused-empty-do")),
        FileRefusal::TooLarge(most) => {
            refusal(t!(lang, "refused-too-large", most = most.to_string()), t!(lang, "refused-split-do"))
        }
        FileRefusal::TooManyRows(most) => {
            refusal(t!(lang, "refused-rows", most = most.to_string()), t!(lang, "refused-split-do"))
        }
        FileRefusal::TooManyColumns(most) => {
            refusal(t!(lang, "refused-columns", most = most.to_string()), t!(lang, "refused-columns-do"))
        }
        FileRefusal::Unknown => refusal(t!(lang, "refused-unknown"), t!(lang, "refused-unknown-do")),
        FileRefusal::Encoding => refusal(t!(lang, "refused-encoding"), t!(lang, "refused-encoding-do")),
        FileRefusal::OpenQuote(line) => {
            refusal(t!(lang, "refused-quote", line = line.to_string()), t!(lang, "refused-quote-do"))
        }
        FileRefusal::OneColumn => refusal(t!(lang, "refused-one-column"), t!(lang, "refused-one-column-do")),
        FileRefusal::NoMachines => {
            refusal(t!(lang, "refused-no-machines"), t!(lang, "refused-no-machines-do"))
        }
        FileRefusal::Workbook(why) => workbook(lang, why),
        FileRefusal::Discovery(why) => discovery(lang, why),
    }
}

fn workbook(lang: Lang, why: &WorkbookRefusal) -> Refusal {
    match why {
        WorkbookRefusal::LegacyXls => refusal(t!(lang, "refused-xls"), t!(lang, "refused-xls-do")),
        WorkbookRefusal::PasswordProtected => {
            refusal(t!(lang, "refused-password"), t!(lang, "refused-password-do"))
        }
        WorkbookRefusal::MacroEnabled => refusal(t!(lang, "refused-macro"), t!(lang, "refused-macro-do")),
        WorkbookRefusal::TooLarge { limit, .. } => {
            let most = (limit / (1024 * 1024)).to_string();
            refusal(t!(lang, "refused-too-large", most = most), t!(lang, "refused-csv-do"))
        }
        WorkbookRefusal::TooManyCells { limit } => {
            refusal(t!(lang, "refused-cells", most = limit.to_string()), t!(lang, "refused-csv-do"))
        }
        WorkbookRefusal::NotSupported { .. } => {
            refusal(t!(lang, "refused-other-sheet"), t!(lang, "refused-xls-do"))
        }
        WorkbookRefusal::Empty => refusal(t!(lang, "refused-empty"), t!(lang, "refused-empty-do")),
        WorkbookRefusal::NotAWorkbook { .. } => {
            refusal(t!(lang, "refused-unknown"), t!(lang, "refused-unknown-do"))
        }
        WorkbookRefusal::ZipBomb { .. }
        | WorkbookRefusal::DuplicateEntry { .. }
        | WorkbookRefusal::UnsafeName { .. }
        | WorkbookRefusal::DocumentType { .. }
        | WorkbookRefusal::Damaged { .. } => {
            refusal(t!(lang, "refused-broken-workbook"), t!(lang, "refused-broken-workbook-do"))
        }
    }
}

fn discovery(lang: Lang, why: &Discovery) -> Refusal {
    let line = |line: &usize| t!(lang, "refused-line", line = line.to_string());
    match why {
        Discovery::Empty => refusal(t!(lang, "refused-empty"), t!(lang, "refused-empty-do")),
        Discovery::TooLarge { limit, .. } => {
            let most = (limit / (1024 * 1024)).to_string();
            refusal(t!(lang, "refused-too-large", most = most), t!(lang, "refused-split-do"))
        }
        Discovery::Packed => refusal(t!(lang, "refused-packed"), t!(lang, "refused-packed-do")),
        Discovery::NotThis { .. } => refusal(t!(lang, "refused-unknown"), t!(lang, "refused-unknown-do")),
        Discovery::NotSupported { format } => {
            let todo = match format {
                OtherFormat::NmapText => t!(lang, "refused-nmap-text-do"),
                OtherFormat::GlpiXml => t!(lang, "refused-glpi-xml-do"),
                OtherFormat::CycloneDxXml => t!(lang, "refused-cyclonedx-xml-do"),
            };
            refusal(t!(lang, "refused-other-format"), todo)
        }
        Discovery::Version { found } => {
            let what = t!(lang, "refused-version", found = found.as_str());
            refusal(what, t!(lang, "refused-version-do"))
        }
        Discovery::EndedEarly { line: at } => {
            refusal(t!(lang, "refused-ended", at = line(at)), t!(lang, "refused-again-do"))
        }
        Discovery::DocumentType { line: at }
        | Discovery::Entity { line: at }
        | Discovery::TooDeep { line: at }
        | Discovery::Syntax { line: at, .. }
        | Discovery::Shape { line: at, .. } => {
            refusal(t!(lang, "refused-broken", at = line(at)), t!(lang, "refused-again-do"))
        }
        Discovery::Damaged { .. } => {
            refusal(t!(lang, "refused-broken", at = String::new()), t!(lang, "refused-again-do"))
        }
    }
}

/// What was left out of a file, and how much of it.
pub(crate) fn remark_text(lang: Lang, remark: &Remark) -> String {
    let count = remark.count.to_string();
    match remark.code {
        RemarkCode::TooManyHosts => t!(lang, "remark-hosts", count = count),
        RemarkCode::TooManyServices
        | RemarkCode::TooManySoftware
        | RemarkCode::TooManyAddresses
        | RemarkCode::TooManyComponents => t!(lang, "remark-details", count = count),
        RemarkCode::TooManyTalks => t!(lang, "remark-talks", count = count),
        RemarkCode::HostsDown => t!(lang, "remark-down", count = count),
        RemarkCode::PortsFiltered => t!(lang, "remark-filtered", count = count),
        RemarkCode::ScanFailed => t!(lang, "remark-failed"),
        RemarkCode::Nameless => t!(lang, "remark-nameless", count = count),
        RemarkCode::ServicesNotRead => t!(lang, "remark-services", count = count),
        RemarkCode::CutShort => t!(lang, "remark-cut"),
        RemarkCode::PacketsCut | RemarkCode::FramesNotRead | RemarkCode::Fragments | RemarkCode::NotOurs => {
            t!(lang, "remark-packets", count = count)
        }
        RemarkCode::Unanswered => t!(lang, "remark-unanswered", count = count),
        RemarkCode::NeverSpoke | RemarkCode::TalksWithSilent => t!(lang, "remark-silent", count = count),
    }
}
