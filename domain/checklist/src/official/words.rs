//! The words for refusals, certainty, reasons, and what could not be written.

use super::fill::Shortfall;
use super::recognise::Unrecognised;
use crate::t;
use komainu_calendar::FiscalYear;
use komainu_catalog::{Catalog, Form, FormRow, Scope, Variant};
use komainu_i18n::Lang;
use komainu_workbook::{
    Confidence, FieldKind, LooksLike, NotTheChecklist, OtherFormat, Place, Reason, WhyNot, WorkbookRefusal,
};

/// Why a file was not taken, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it is.
    pub what: String,
    /// What to do.
    pub todo: String,
}

/// The name of a fiscal year; the bare number where it is beyond all years.
pub(super) fn year(lang: Lang, number: i32) -> String {
    FiscalYear::try_from(number).map_or_else(|_| number.to_string(), |year| year.name(lang))
}

/// The name of a form: that of the newest edition that has it, or its code.
pub(super) fn form_name(lang: Lang, catalog: &Catalog, fiscal_year: i32, variant: Variant) -> String {
    let form = catalog.form_of(fiscal_year, variant);
    form.map_or_else(|| variant.to_string(), |form| form.data.title.get(lang).to_owned())
}

/// Why a file was not taken as the checklist, in the user's words.
pub fn unrecognised(lang: Lang, catalog: &Catalog, why: &Unrecognised) -> Refusal {
    let (what, todo) = match why {
        Unrecognised::Refused(refused) => return refusal(lang, refused),
        Unrecognised::NotIt(not) => return not_it(lang, not),
        Unrecognised::NoEdition(number) => {
            (t!(lang, "official-no-edition", year = year(lang, *number)), t!(lang, "official-no-edition-do"))
        }
        Unrecognised::NoForm { fiscal_year, variant } => {
            let latest = catalog.latest_edition().map_or(*fiscal_year, |edition| *edition.fiscal_year);
            let form = form_name(lang, catalog, latest, *variant);
            (
                t!(lang, "official-no-form", year = year(lang, *fiscal_year), form = form),
                t!(lang, "official-no-form-do"),
            )
        }
        Unrecognised::Which { .. } => (t!(lang, "official-which"), t!(lang, "official-which-do")),
    };
    Refusal { what, todo }
}

fn refusal(lang: Lang, refused: &WorkbookRefusal) -> Refusal {
    let (what, todo) = match refused {
        WorkbookRefusal::Empty => (t!(lang, "official-empty"), t!(lang, "official-download-again-do")),
        WorkbookRefusal::TooLarge { limit, .. } => {
            let limit = (limit / (1024 * 1024)).to_string();
            (t!(lang, "official-too-large", limit = limit), t!(lang, "official-too-large-do"))
        }
        WorkbookRefusal::NotAWorkbook { looks_like } => {
            let kind = looks(lang, *looks_like);
            (t!(lang, "official-not-a-workbook", kind = kind), t!(lang, "official-not-a-workbook-do"))
        }
        WorkbookRefusal::LegacyXls => (t!(lang, "official-xls"), t!(lang, "official-save-as-do")),
        WorkbookRefusal::NotSupported { format } => {
            let format = match format {
                OtherFormat::Xlsb => "xlsb",
                OtherFormat::Ods => "ods",
                OtherFormat::Xml2003 => "xml",
            };
            (t!(lang, "official-other-format", format = format), t!(lang, "official-save-as-do"))
        }
        WorkbookRefusal::PasswordProtected => {
            (t!(lang, "official-password"), t!(lang, "official-password-do"))
        }
        WorkbookRefusal::ZipBomb { .. } => (t!(lang, "official-bomb"), t!(lang, "official-hostile-do")),
        WorkbookRefusal::DuplicateEntry { .. }
        | WorkbookRefusal::UnsafeName { .. }
        | WorkbookRefusal::DocumentType { .. } => {
            (t!(lang, "official-hostile"), t!(lang, "official-hostile-do"))
        }
        WorkbookRefusal::MacroEnabled => (t!(lang, "official-macros"), t!(lang, "official-macros-do")),
        WorkbookRefusal::TooManyCells { .. } => {
            (t!(lang, "official-too-many-cells"), t!(lang, "official-too-large-do"))
        }
        WorkbookRefusal::Damaged { .. } => {
            (t!(lang, "official-damaged"), t!(lang, "official-download-again-do"))
        }
    };
    Refusal { what, todo }
}

fn looks(lang: Lang, kind: LooksLike) -> String {
    match kind {
        LooksLike::Csv => t!(lang, "official-looks-csv"),
        LooksLike::Text => t!(lang, "official-looks-text"),
        LooksLike::Pdf => t!(lang, "official-looks-pdf"),
        LooksLike::Html => t!(lang, "official-looks-html"),
        LooksLike::Zip | LooksLike::Archive => t!(lang, "official-looks-archive"),
        LooksLike::Docx => t!(lang, "official-looks-word"),
        LooksLike::Pptx => t!(lang, "official-looks-powerpoint"),
        LooksLike::Picture => t!(lang, "official-looks-picture"),
        LooksLike::OldOffice => t!(lang, "official-looks-old-office"),
        LooksLike::Xml => t!(lang, "official-looks-xml"),
        LooksLike::Unknown => t!(lang, "official-looks-unknown"),
    }
}

fn not_it(lang: Lang, not: &NotTheChecklist) -> Refusal {
    let (what, todo) = match not {
        NotTheChecklist::NothingToSee => (t!(lang, "official-nothing"), t!(lang, "official-not-it-do")),
        NotTheChecklist::NoQuestions => (t!(lang, "official-no-questions"), t!(lang, "official-not-it-do")),
        NotTheChecklist::OtherQuestions { rows, matched, .. } => (
            t!(lang, "official-other-questions", rows = rows.to_string(), matched = matched.to_string()),
            t!(lang, "official-not-it-do"),
        ),
    };
    Refusal { what, todo }
}

/// A badge's kind and words for how certain a match is.
pub(super) fn confidence(lang: Lang, confidence: Confidence) -> (&'static str, String) {
    match confidence {
        Confidence::Sure => ("ok", t!(lang, "official-sure")),
        Confidence::Likely => ("info", t!(lang, "official-likely")),
        Confidence::Unsure => ("attention", t!(lang, "official-unsure")),
        Confidence::Unknown => ("unconfirmed", t!(lang, "official-unknown")),
    }
}

/// Why a match is as certain as it is. What speaks of another item names it.
pub(super) fn reason(lang: Lang, known: &Form<'_>, reason: &Reason) -> String {
    match reason {
        Reason::NumberAgrees => t!(lang, "official-number-agrees"),
        Reason::NumberDiffers { expected } => {
            t!(lang, "official-number-differs", expected = expected.as_str())
        }
        Reason::NoNumber => t!(lang, "official-number-none"),
        Reason::TextAlike => t!(lang, "official-text-alike"),
        Reason::TextSomewhatAlike => t!(lang, "official-text-somewhat"),
        Reason::TextUnlike => t!(lang, "official-text-unlike"),
        Reason::ScopeAgrees => t!(lang, "official-scope-agrees"),
        Reason::ScopeDiffers => t!(lang, "official-scope-differs"),
        Reason::AlsoLike { key } => {
            let row = key.parse().ok().and_then(|id| known.row(&id));
            let item = row.map_or_else(|| key.clone(), |row| item(lang, row));
            t!(lang, "official-also-like", item = item)
        }
    }
}

/// A row of ours in a list: number, title, and the equipment where the form asks apart.
pub(super) fn item(lang: Lang, row: &FormRow<'_>) -> String {
    let number = row.placement.number.as_ref().map(|number| format!("{number} ")).unwrap_or_default();
    let equipment = row.placement.scope.iter().filter_map(|scope| match scope {
        Scope::Server => Some(t!(lang, "official-server")),
        Scope::Terminal => Some(t!(lang, "official-terminal")),
        Scope::Network => Some(t!(lang, "official-network")),
        Scope::All | Scope::Organisation => None,
    });
    let equipment: Vec<String> = equipment.collect();
    let title = row.item.title.get(lang);
    if equipment.is_empty() {
        format!("{number}{title}")
    } else {
        format!("{number}{title}（{}）", equipment.join("・"))
    }
}

/// What could not be written, in a sentence.
pub(super) fn shortfall(lang: Lang, short: &Shortfall) -> String {
    let what = match short.value {
        Place::Answer { round, .. } => t!(lang, "official-place-answer", round = (round + 1).to_string()),
        Place::CheckDate { round, .. } => t!(lang, "official-place-date", round = (round + 1).to_string()),
        Place::Target { .. } => t!(lang, "official-place-target"),
        Place::Remark { .. } => t!(lang, "official-place-remark"),
        Place::Field { kind } => field(lang, kind),
    };
    match short.why {
        WhyNot::NoCell => t!(lang, "official-why-no-cell", what = what),
        WhyNot::NoSuchChoice => t!(lang, "official-why-no-choice", what = what),
        WhyNot::SharedFormula => t!(lang, "official-why-formula", what = what),
    }
}

fn field(lang: Lang, kind: FieldKind) -> String {
    match kind {
        FieldKind::InstitutionName => t!(lang, "official-field-institution"),
        FieldKind::VendorName => t!(lang, "official-field-vendor"),
        FieldKind::SystemName => t!(lang, "official-field-system"),
        FieldKind::FilledOn => t!(lang, "official-field-date"),
        FieldKind::Officer => t!(lang, "official-field-officer"),
        FieldKind::FilledBy => t!(lang, "official-field-by"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_workbook::BombSign;
    use komainu_workbook::LooksLike as L;

    /// Every refusal is told differently enough to act on, in every language, and never as an empty line.
    #[test]
    fn every_refusal_has_words() {
        let name = || "x".to_owned();
        let mut all = vec![
            WorkbookRefusal::Empty,
            WorkbookRefusal::TooLarge { bytes: 9, limit: 20 * 1024 * 1024 },
            WorkbookRefusal::LegacyXls,
            WorkbookRefusal::PasswordProtected,
            WorkbookRefusal::ZipBomb { sign: BombSign::RatioTooHigh },
            WorkbookRefusal::DuplicateEntry { name: name() },
            WorkbookRefusal::UnsafeName { name: name() },
            WorkbookRefusal::DocumentType { part: name() },
            WorkbookRefusal::MacroEnabled,
            WorkbookRefusal::TooManyCells { limit: 1 },
            WorkbookRefusal::Damaged { part: name() },
        ];
        let looks = [
            L::Csv,
            L::Text,
            L::Pdf,
            L::Html,
            L::Zip,
            L::Docx,
            L::Pptx,
            L::Picture,
            L::OldOffice,
            L::Archive,
            L::Xml,
            L::Unknown,
        ];
        all.extend(looks.map(|looks_like| WorkbookRefusal::NotAWorkbook { looks_like }));
        let formats = [OtherFormat::Xlsb, OtherFormat::Ods, OtherFormat::Xml2003];
        all.extend(formats.map(|format| WorkbookRefusal::NotSupported { format }));
        let not = [
            NotTheChecklist::NothingToSee,
            NotTheChecklist::NoQuestions,
            NotTheChecklist::OtherQuestions { rows: 12, matched: 2, needed: 7 },
        ];
        let catalog = Catalog::embedded().unwrap();
        let mut reasons: Vec<Unrecognised> = all.into_iter().map(Unrecognised::Refused).collect();
        reasons.extend(not.map(Unrecognised::NotIt));
        reasons.push(Unrecognised::NoEdition(2031));
        reasons.push(Unrecognised::NoForm { fiscal_year: 2026, variant: Variant::Pharmacy });
        reasons.push(Unrecognised::Which { years: vec![2026], variants: vec![] });
        for lang in Lang::ALL {
            for reason in &reasons {
                let told = unrecognised(lang, &catalog, reason);
                assert!(told.what.chars().count() > 4 && told.todo.chars().count() > 4, "{reason:?}");
                assert!(!told.what.contains('{') && !told.what.starts_with("official-"), "{told:?}");
            }
        }
    }
}
