//! The filled forms of a year, in the order and numbering of the paper.

use super::VendorNames;
use crate::model::Order;
use crate::pack::{Cell, Column, Group, Look, Part, columns};
use crate::t;
use komainu_access::{PersonId, Scope};
use komainu_catalog::{Catalog, Form, ItemId, Level, PlacementId, Scope as AskedAbout, Variant};
use komainu_checklist::actions as checklist;
use komainu_checklist::model::{Answer, AnswerContent, AnswerKind, RoundId, RoundView, RowView};
use komainu_checklist::official::{OwnRow, PrintedRow, printed_rows};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::Failure;

/// One form of the year with everything that stands on it.
pub(super) struct Sheet<'a> {
    /// The round.
    pub view: RoundView,
    /// The form.
    pub form: Form<'a>,
    /// The vendor it speaks of; none where the institution answers about itself.
    pub vendor: Option<String>,
    /// The rows in printed order, the gate among them.
    lines: Vec<Line>,
}

/// A row of a form as it is printed.
pub(super) struct Line {
    /// Its number; empty for none.
    pub number: String,
    /// What it asks.
    pub text: Cell,
    /// The same in a few words.
    pub title: String,
    /// What stands in it this year.
    pub content: Option<AnswerContent>,
    /// What it is in the catalogue; none for a row that only the official workbook has.
    pub ours: Option<Ours>,
    section: Option<u8>,
}

/// What a row of ours is.
pub(super) struct Ours {
    /// The row.
    pub placement: PlacementId,
    /// The item.
    pub item: ItemId,
    /// What it asks about.
    pub scopes: Vec<AskedAbout>,
    /// Who has to answer it.
    pub person: Option<PersonId>,
    gate: bool,
}

impl Line {
    /// The answer of this year.
    pub(super) fn answer(&self) -> Option<AnswerKind> {
        self.content.as_ref().and_then(|content| content.kind)
    }

    fn is_gate(&self) -> bool {
        self.ours.as_ref().is_some_and(|ours| ours.gate)
    }
}

impl Sheet<'_> {
    /// Its heading in the pack.
    pub(super) fn heading(&self, lang: Lang) -> String {
        match &self.vendor {
            Some(vendor) => t!(lang, "pack-vendor-form", vendor = vendor.as_str()),
            None => t!(lang, "pack-form"),
        }
    }

    /// The rows to be filled in, without the gate; none where that made them unnecessary.
    pub(super) fn needed(&self) -> impl Iterator<Item = &Line> {
        let shut = self.view.gate_shut();
        self.lines.iter().filter(move |line| !shut && !line.is_gate())
    }

    /// Place and printed number of a row of ours.
    pub(super) fn find(&self, placement: &PlacementId) -> Option<(usize, &str)> {
        let is = |line: &Line| line.ours.as_ref().is_some_and(|ours| ours.placement == *placement);
        let at = self.lines.iter().position(is)?;
        Some((at, &self.lines[at].number))
    }

    /// How many rows have to be answered, are answered, and are answered with yes.
    pub(super) fn counts(&self) -> (u32, u32, u32) {
        let counts = self.view.counts;
        let own = self.needed().filter(|line| line.ours.is_none());
        own.fold((counts.needed, counts.answered, counts.yes), |(needed, answered, yes), line| {
            let answer = line.answer();
            (
                needed + 1,
                answered + u32::from(answer.is_some()),
                yes + u32::from(answer == Some(AnswerKind::Yes)),
            )
        })
    }
}

/// The year's form of the institution, and behind it those of its vendors.
///
/// # Errors
/// [`Failure::NotFound`] where the institution has no round of that year.
pub(super) fn sheets_of_year<'a>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &'a Catalog,
    order: Order,
    vendors: &VendorNames,
) -> Result<Vec<Sheet<'a>>, Failure> {
    let own = checklist::own_round(tx, scope, order.fiscal_year)?.ok_or(Failure::NotFound)?;
    let mut rounds: Vec<RoundId> = vec![own.id];
    let all = checklist::rounds(tx, scope, catalog)?;
    let of_vendors =
        all.iter().filter(|round| round.fiscal_year == order.fiscal_year && round.vendor.is_some());
    rounds.extend(of_vendors.map(|round| round.id));
    rounds.into_iter().map(|round| sheet(tx, scope, catalog, order.lang, round, vendors)).collect()
}

fn sheet<'a>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &'a Catalog,
    lang: Lang,
    round: RoundId,
    vendors: &VendorNames,
) -> Result<Sheet<'a>, Failure> {
    let view = checklist::round_view(tx, scope, catalog, round)?;
    let form = checklist::form_of_round(catalog, &view.round)?;
    let lines = printed_rows(tx, scope, &view)?
        .into_iter()
        .map(|row| match row {
            PrintedRow::Ours(row) => our_line(lang, &form, row),
            PrintedRow::Own(section, row) => own_line(section, row),
        })
        .collect();
    let vendor = view.round.vendor.map(|vendor| vendors.get(&vendor).cloned().unwrap_or_default());
    Ok(Sheet { view, form, vendor, lines })
}

/// An earlier year's answer that nobody confirmed is no answer.
fn settled(answer: Option<&Answer>) -> Option<AnswerContent> {
    answer.filter(|answer| !answer.carried).map(|answer| answer.content.clone())
}

fn our_line(lang: Lang, form: &Form<'_>, row: &RowView) -> Line {
    let known = form.row(&row.placement);
    let text = row_text(lang, form, row);
    Line {
        number: row.number.clone().unwrap_or_default(),
        text: if row.confirmed { Cell::Text(text) } else { Cell::Unconfirmed(text) },
        title: known.map(|known| known.item.title.get(lang).to_owned()).unwrap_or_default(),
        content: settled(row.answer.as_ref()),
        ours: Some(Ours {
            placement: row.placement.clone(),
            item: row.item.clone(),
            scopes: row.scopes.clone(),
            person: row.assigned_to,
            gate: row.level == Level::Gate,
        }),
        section: row.section,
    }
}

fn own_line(section: Option<u8>, row: OwnRow) -> Line {
    Line {
        number: row.number,
        text: Cell::Text(row.sentence.clone()),
        title: row.sentence,
        content: settled(row.answer.as_ref()),
        ours: None,
        section,
    }
}

/// What a row asks: in the ministry's sentence where it is known, and in our words where it is not or where the sentence
/// is in another language than the pack.
fn row_text(lang: Lang, form: &Form<'_>, row: &RowView) -> String {
    let vendor = *form.data.variant == Variant::Vendor;
    let known = form.row(&row.placement).map(|known| known.item);
    let question =
        known.map(|item| item.vendor_question.as_ref().filter(|_| vendor).unwrap_or(&item.question));
    let plain = question.map(|question| question.get(lang)).unwrap_or_default();
    let mut marks: Vec<String> = row.scopes.iter().filter_map(|scope| scope_text(lang, *scope)).collect();
    if row.level == Level::Reference {
        marks.push(t!(lang, "row-reference"));
    }
    let plain =
        if marks.is_empty() { plain.to_owned() } else { format!("【{}】{plain}", marks.join("・")) };
    match &row.official {
        Some(official) if lang == Lang::Ja => official.clone(),
        Some(official) => format!("{official}\n{plain}"),
        None => plain,
    }
}

fn scope_text(lang: Lang, scope: AskedAbout) -> Option<String> {
    match scope {
        AskedAbout::Server => Some(t!(lang, "scope-server")),
        AskedAbout::Terminal => Some(t!(lang, "scope-terminal")),
        AskedAbout::Network => Some(t!(lang, "scope-network")),
        AskedAbout::All | AskedAbout::Organisation => None,
    }
}

/// A form as a part of the pack.
pub(super) fn part(lang: Lang, sheet: &Sheet<'_>) -> Part {
    let checks = sheet.view.check_columns.max(1);
    let row = |line: &Line| cells(line, checks);
    let mut groups = Vec::new();
    let gate: Vec<_> = sheet.lines.iter().filter(|line| line.is_gate()).map(row).collect();
    if !gate.is_empty() {
        groups.push(Group { heading: t!(lang, "pack-gate"), rows: gate });
    }
    let sections = &sheet.form.edition.section;
    for section in sections {
        let rows: Vec<_> =
            sheet.needed().filter(|line| line.section == Some(*section.number)).map(row).collect();
        if !rows.is_empty() {
            let heading = format!("{} {}", *section.number, section.title.get(lang));
            groups.push(Group { heading, rows });
        }
    }
    let known = |line: &&Line| sections.iter().any(|section| line.section == Some(*section.number));
    let rest: Vec<_> = sheet.needed().filter(|line| !known(line)).map(row).collect();
    if !rest.is_empty() {
        groups.push(Group { heading: t!(lang, "pack-rest"), rows: rest });
    }
    let intro = if sheet.view.gate_shut() { t!(lang, "pack-gate-shut") } else { String::new() };
    Part {
        heading: sheet.heading(lang),
        intro,
        columns: form_columns(lang, checks),
        groups,
        empty: String::new(),
        picture: None,
        look: Look::Table,
    }
}

fn form_columns(lang: Lang, checks: usize) -> Vec<Column> {
    let mut columns = columns([
        (t!(lang, "column-number"), 11),
        (t!(lang, "column-item"), 42),
        (t!(lang, "column-answer"), 14),
    ]);
    for check in 1..=checks {
        let heading = if checks == 1 {
            t!(lang, "column-checked")
        } else {
            t!(lang, "column-checked-nth", nth = check.to_string())
        };
        columns.push(Column { heading, width: 17 });
    }
    columns.push(Column { heading: t!(lang, "column-target"), width: 17 });
    columns.push(Column { heading: t!(lang, "column-note"), width: 22 });
    columns
}

fn cells(line: &Line, checks: usize) -> Vec<Cell> {
    let content = line.content.as_ref();
    let mut cells = vec![Cell::Text(line.number.clone()), line.text.clone(), Cell::Answer(line.answer())];
    for check in 0..checks {
        cells.push(Cell::Date(content.and_then(|content| content.checked.get(check).copied().flatten())));
    }
    cells.push(Cell::Date(content.and_then(|content| content.target)));
    let notes = content.map(|content| [content.reason.as_str(), content.note.as_str()]).unwrap_or_default();
    let notes: Vec<&str> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    cells.push(Cell::Text(notes.join("\n")));
    cells
}
