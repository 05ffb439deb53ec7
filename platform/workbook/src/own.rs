//! Workbooks of our own: every one with the same look, and no text that a spreadsheet program could take for a formula.
//!
//! Two guards, for two ways a text may come back to life. In a workbook made here every text cell bears Excel's own mark for "this
//! is text" (`quotePrefix`), so that even editing the cell does not turn it into a formula, and the text stays as it was typed.
//! Into a stranger's workbook no style is added, so [`guarded`] puts an apostrophe before a text that begins like a formula.
//! Characters that only steer, such as an override of the direction, are left out.

use chrono::NaiveDate;
use komainu_language::steers;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet, XlsxError,
};

/// The text, with an apostrophe before it if a spreadsheet program could take it for a formula. A lone dash is left alone.
pub fn guarded(text: &str) -> String {
    const SIGNS: &[char] = &['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
    let begins = text.starts_with(SIGNS) && text.chars().any(char::is_alphanumeric);
    if begins { format!("'{text}") } else { text.to_owned() }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// Text, never a formula.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// Nothing.
    Empty,
}

impl From<&str> for Entry {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Its width in characters of the standard font.
    pub width: f64,
    /// The values to choose from; free if empty. Excel takes 255 characters in all; longer lists are left out.
    pub choices: Vec<String>,
}

impl Column {
    /// A column that takes anything.
    pub fn new(heading: impl Into<String>, width: f64) -> Self {
        Self { heading: heading.into(), width, choices: Vec::new() }
    }

    /// The same column with a drop-down.
    #[must_use]
    pub fn choices<S: Into<String>>(mut self, values: impl IntoIterator<Item = S>) -> Self {
        self.choices = values.into_iter().map(Into::into).collect();
        self
    }
}

/// A sheet with one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The name on the tab; what Excel does not take in a name is replaced.
    pub name: String,
    /// Lines above the table; the first is the title.
    pub lead: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with at most as many entries as there are columns.
    pub rows: Vec<Vec<Entry>>,
    /// Whether the page is turned sideways when printed.
    pub landscape: bool,
}

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties {
    /// Title.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// The moment it was made, as the clock gave it (UTC).
    pub created: chrono::DateTime<chrono::Utc>,
}

/// Why a workbook could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct WriteError(#[from] XlsxError);

/// The typeface of a Japanese office.
const FONT: &str = "Yu Gothic";

struct Looks {
    title: Format,
    lead: Format,
    heading: Format,
    text: Format,
    number: Format,
    date: Format,
}

impl Looks {
    fn new() -> Self {
        let base = Format::new().set_font_name(FONT).set_font_size(10.5);
        let cell = base
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x0094_9494))
            .set_align(FormatAlign::Top)
            .set_text_wrap();
        let text = |format: Format| format.set_num_format("@").set_quote_prefix();
        Self {
            title: text(base.clone().set_font_size(14.0).set_bold()),
            lead: text(base),
            heading: text(cell.clone().set_bold().set_background_color(Color::RGB(0x00E8_F1FE))),
            text: text(cell.clone()),
            number: cell.clone(),
            date: cell.set_num_format("yyyy/mm/dd").set_align(FormatAlign::Left),
        }
    }
}

/// Makes a workbook of the tables: A4, headings repeated on every page, first rows frozen, one page wide.
pub fn write(tables: &[Table], properties: &Properties) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let mut document =
        DocProperties::new().set_title(shown(&properties.title)).set_author(shown(&properties.author));
    if let Ok(created) = ExcelDateTime::from_timestamp(properties.created.timestamp()) {
        document = document.set_creation_datetime(&created);
    }
    workbook.set_properties(&document);
    let looks = Looks::new();
    let mut names: Vec<String> = Vec::new();
    for table in tables {
        let name = tab_name(&table.name, &names);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&name)?;
        names.push(name.to_lowercase());
        write_table(sheet, table, &looks)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_table(sheet: &mut Worksheet, table: &Table, looks: &Looks) -> Result<(), XlsxError> {
    let too_large = |_| XlsxError::RowColumnLimitError;
    let mut row = 0;
    for (index, line) in table.lead.iter().enumerate() {
        let look = if index == 0 { &looks.title } else { &looks.lead };
        sheet.write_string_with_format(row, 0, shown(line), look)?;
        row += 1;
    }
    row += u32::from(!table.lead.is_empty());
    let heading = row;
    let last = heading + u32::try_from(table.rows.len()).map_err(too_large)?;
    for (col, column) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(heading, col, shown(&column.heading), &looks.heading)?;
        sheet.set_column_width(col, column.width)?;
        if !column.choices.is_empty()
            && last > heading
            && let Ok(rule) = DataValidation::new().allow_list_strings(&column.choices)
        {
            sheet.add_data_validation(heading + 1, col, last, col, &rule)?;
        }
    }
    for (row, entries) in (heading + 1..).zip(&table.rows) {
        for (col, entry) in (0_u16..).zip(entries) {
            match entry {
                Entry::Text(text) => sheet.write_string_with_format(row, col, shown(text), &looks.text)?,
                Entry::Number(number) => sheet.write_number_with_format(row, col, *number, &looks.number)?,
                Entry::Date(date) => {
                    sheet.write_datetime_with_format(row, col, excel_day(*date)?, &looks.date)?
                }
                Entry::Empty => sheet.write_blank(row, col, &looks.text)?,
            };
        }
    }
    sheet.set_freeze_panes(heading + 1, 0)?;
    sheet.set_repeat_rows(heading, heading)?;
    // 9 is A4.
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C&P / &N");
    if table.landscape {
        sheet.set_landscape();
    }
    Ok(())
}

fn excel_day(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    use chrono::Datelike;
    let year = u16::try_from(date.year()).map_err(|_| XlsxError::DateTimeRangeError(date.to_string()))?;
    #[allow(clippy::cast_possible_truncation)] // Months and days fit.
    ExcelDateTime::from_ymd(year, date.month() as u8, date.day() as u8)
}

/// A text as a cell takes it: without what steers, and within Excel's bound.
fn shown(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !steers(*c)).take(32_767).collect()
}

/// A name Excel takes: 31 characters, none of `[]:*?/\`, no apostrophe at either end, not twice.
fn tab_name(wanted: &str, taken: &[String]) -> String {
    let clean: String = wanted
        .chars()
        .filter(|c| !steers(*c))
        .map(|c| if "[]:*?/\\".contains(c) { '_' } else { c })
        .take(27)
        .collect();
    let clean = clean.trim().trim_matches('\'');
    let clean = if clean.is_empty() { "Sheet" } else { clean };
    // One more than are taken is always free.
    (1..=taken.len() + 1)
        .map(|number| if number == 1 { clean.to_owned() } else { format!("{clean} {number}") })
        .find(|name| !taken.contains(&name.to_lowercase()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_what_begins_like_a_formula() {
        for bad in ["=1+1", "+81-3", "-2+3", "@SUM(A1)", "＝1", "\t=1", "\n=cmd|'/C calc'!A0"] {
            assert!(guarded(bad).starts_with('\''), "{bad}");
        }
        for good in ["", "-", "－", "台帳を作成", "1-2", "(=1)"] {
            assert_eq!(guarded(good), good);
        }
    }

    #[test]
    fn tab_names_are_made_fit() {
        assert_eq!(tab_name("点検/2026:表?", &[]), "点検_2026_表_");
        assert_eq!(tab_name("", &["sheet".to_owned()]), "Sheet 2");
        assert_eq!(tab_name(&"あ".repeat(60), &[]).chars().count(), 27);
        assert_eq!(tab_name("'a'", &[]), "a");
    }
}
