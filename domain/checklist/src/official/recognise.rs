//! Which form a workbook is, and which of our rows its rows are. Pure, and slow enough to leave the async threads.

use super::model::{OfficialRow, Usage, own_placement};
use komainu_catalog::{Catalog, Form, PlacementId, Scope as AskedAbout, Variant};
use komainu_workbook::{
    FormKind, ItemNumber, KnownRow, NotTheChecklist, Questions, RecognisedRow, Recognition, Scope,
    WorkbookRefusal, open,
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// A workbook that is the checklist.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// The form.
    pub variant: Variant,
    /// What stands where.
    pub recognition: Recognition,
}

/// Why a file was not taken as the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrecognised {
    /// It is no workbook that may be opened.
    Refused(WorkbookRefusal),
    /// It is a workbook, but not the checklist.
    NotIt(NotTheChecklist),
    /// It is the checklist of a year that the catalogue does not know.
    NoEdition(i32),
    /// The year has no such form.
    NoForm {
        /// The year.
        fiscal_year: i32,
        /// The form.
        variant: Variant,
    },
    /// It is the checklist, but it does not say which: a person has to.
    Which {
        /// Years it may be, newest first.
        years: Vec<i32>,
        /// Forms it may be.
        variants: Vec<Variant>,
    },
}

/// The rows of a form as the recognition wants them.
pub fn known_rows(form: &Form<'_>) -> Vec<KnownRow> {
    let vendor = *form.data.variant == Variant::Vendor;
    let rows = form.gate.iter().chain(&form.rows);
    rows.map(|row| {
        let item = row.item;
        let question = item.vendor_question.as_ref().filter(|_| vendor).unwrap_or(&item.question);
        let number = row.placement.number.as_ref();
        KnownRow {
            key: row.id.to_string(),
            number: number.map_or_else(String::new, |number| number.printed().to_owned()),
            number_ascii: number.map_or_else(|| "0".to_owned(), komainu_catalog::Number::ascii),
            section: number.map_or(0, komainu_catalog::Number::section).to_string(),
            scope: match row.placement.scope.as_slice() {
                [one] => Some(scope(*one)),
                _ => None,
            },
            texts: [&item.title.ja, &question.ja].into_iter().chain(&item.keywords).cloned().collect(),
        }
    })
    .collect()
}

fn scope(asked: AskedAbout) -> Scope {
    match asked {
        AskedAbout::Organisation => Scope::Organisation,
        AskedAbout::All => Scope::All,
        AskedAbout::Server => Scope::Server,
        AskedAbout::Terminal => Scope::Terminal,
        AskedAbout::Network => Scope::Network,
    }
}

/// Opens a stranger's file and finds out which form of which year it is. What the person said goes before what the
/// workbook says of itself.
pub fn recognise_form(
    catalog: &Catalog,
    bytes: &[u8],
    fiscal_year: Option<i32>,
    variant: Option<Variant>,
) -> Result<Recognised, Unrecognised> {
    let workbook = open(bytes).map_err(Unrecognised::Refused)?;
    if let (Some(fiscal_year), Some(variant)) = (fiscal_year, variant)
        && catalog.form_of(fiscal_year, variant).is_none()
    {
        return Err(Unrecognised::NoForm { fiscal_year, variant });
    }
    let questions = Questions::of(&workbook);
    let mut found: Vec<Recognised> = Vec::new();
    let mut nearest: Option<NotTheChecklist> = None;
    let mut named = fiscal_year;
    for edition in catalog.editions().iter().rev() {
        if named.is_some_and(|named| named != *edition.fiscal_year) {
            continue;
        }
        for data in edition.form.iter().filter(|form| variant.is_none_or(|variant| variant == *form.variant))
        {
            let (year, own) = (*edition.fiscal_year, *data.variant);
            let Some(form) = catalog.form_of(year, own) else { continue };
            match questions.recognise(&known_rows(&form)) {
                Ok(recognition) => {
                    named = named.or(recognition.fiscal_year);
                    found.push(Recognised { fiscal_year: year, variant: own, recognition });
                }
                Err(not) => nearest = Some(nearer(nearest, not)),
            }
        }
    }
    if let Some(year) = named.filter(|year| catalog.edition(*year).is_none()) {
        return Err(Unrecognised::NoEdition(year));
    }
    found.retain(|found| named.is_none_or(|named| named == found.fiscal_year));
    if found.is_empty() {
        return Err(Unrecognised::NotIt(nearest.unwrap_or(NotTheChecklist::NoQuestions)));
    }
    choose(found)
}

/// The refusal that came nearest to the checklist.
fn nearer(one: Option<NotTheChecklist>, other: NotTheChecklist) -> NotTheChecklist {
    let rank = |not: &NotTheChecklist| match not {
        NotTheChecklist::NothingToSee => 0,
        NotTheChecklist::NoQuestions => 1,
        NotTheChecklist::OtherQuestions { matched, .. } => 2 + matched,
    };
    match one {
        Some(one) if rank(&one) >= rank(&other) => one,
        _ => other,
    }
}

/// The only form it can be, or the question which.
fn choose(mut found: Vec<Recognised>) -> Result<Recognised, Unrecognised> {
    let years: BTreeSet<i32> = found.iter().map(|found| found.fiscal_year).collect();
    if years.len() == 1 && found.len() > 1 {
        let says: Vec<usize> = (0..found.len())
            .filter(|at| found[*at].recognition.form.is_some_and(|kind| is(kind, found[*at].variant)))
            .collect();
        if let [one] = says[..] {
            return Ok(found.swap_remove(one));
        }
        // What neither leaves items out nor has strange rows fits best; a hair's breadth decides nothing.
        found.sort_by_key(|found| misfit(&found.recognition));
        if misfit(&found[0].recognition) + 2 <= misfit(&found[1].recognition) {
            return Ok(found.swap_remove(0));
        }
    }
    if found.len() == 1 {
        return Ok(found.swap_remove(0));
    }
    let variants: BTreeSet<Variant> = found.iter().map(|found| found.variant).collect();
    let (years, variants) = (years.into_iter().rev().collect(), variants.into_iter().collect());
    Err(Unrecognised::Which { years, variants })
}

fn misfit(recognition: &Recognition) -> usize {
    recognition.missing.len() + recognition.rows.iter().filter(|row| row.key.is_none()).count()
}

/// Whether what a form calls itself is a form of ours; the forms of two kinds of institution were merged in 2026.
fn is(kind: FormKind, variant: Variant) -> bool {
    match kind {
        FormKind::Institution => matches!(variant, Variant::Institution | Variant::InstitutionPharmacy),
        FormKind::Pharmacy => matches!(variant, Variant::Pharmacy | Variant::InstitutionPharmacy),
        FormKind::InstitutionPharmacy => variant == Variant::InstitutionPharmacy,
        FormKind::Vendor => variant == Variant::Vendor,
    }
}

/// The rows of a workbook as they were recognised, before a person looked at them.
pub(super) fn rows_of(recognition: &Recognition) -> Vec<OfficialRow> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let rows = recognition.rows.iter().enumerate();
    rows.map(|(position, row)| {
        let own = own_name(&row.sentence, &mut names);
        let item = row.key.as_ref().and_then(|key| key.parse().ok()).map(Usage::Item);
        OfficialRow {
            position,
            number: printed_number(row),
            sentence: row.sentence.clone(),
            usage: item.unwrap_or_else(|| Usage::of(own)),
            also: row.also.iter().filter_map(|key| key.parse().ok()).collect(),
        }
    })
    .collect()
}

/// The placements that rows would have as rows of the workbook's own, by position.
pub(super) fn own_names(rows: &[OfficialRow]) -> Vec<Option<PlacementId>> {
    let mut names = BTreeMap::new();
    rows.iter().map(|row| own_name(&row.sentence, &mut names)).collect()
}

/// Named by the sentence, so that an answer never moves to another question when the workbook is replaced.
fn own_name(sentence: &str, names: &mut BTreeMap<String, usize>) -> Option<PlacementId> {
    let folded: String = komainu_calendar::fold(sentence).split_whitespace().collect();
    let digest = Sha256::digest(folded);
    let name = digest.iter().take(5).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let times = names.entry(name.clone()).or_default();
    *times += 1;
    if *times == 1 { own_placement(&name) } else { own_placement(&format!("{name}-{times}")) }
}

/// `2-③` where the form prints only `③` below the heading of section 2.
fn printed_number(row: &RecognisedRow) -> String {
    let printed = row.number_text.trim();
    let bare = ItemNumber::parse(printed).is_none_or(|number| number.section.is_none());
    match row.number {
        Some(ItemNumber { section: Some(section), .. }) if bare && !printed.is_empty() => {
            format!("{section}-{printed}")
        }
        Some(number) if printed.is_empty() => number.to_string(),
        _ => printed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sentences_get_names_of_their_own_and_keep_them() {
        let mut names = BTreeMap::new();
        let one = own_name("生成AIを 使う。", &mut names);
        let two = own_name("生成ＡＩを使う。", &mut names);
        assert!(one.is_some() && two.is_some() && one != two);
        assert_eq!(own_name("生成AIを使う。", &mut BTreeMap::new()), one, "spaces and width do not matter");
    }

    #[test]
    fn what_came_nearest_is_told() {
        let other = |matched| NotTheChecklist::OtherQuestions { rows: 9, matched, needed: 6 };
        let told = [NotTheChecklist::NoQuestions, other(4), other(2), NotTheChecklist::NothingToSee]
            .into_iter()
            .fold(None, |nearest, not| Some(nearer(nearest, not)));
        assert_eq!(told, Some(other(4)));
    }
}
