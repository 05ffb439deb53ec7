//! What stands around the table: the title, the year, and the cells for the institution's name, the date and the like.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::FormKind;
use crate::answer::{is_date_blank, printed_choices};
use crate::fold::{squeeze, tidy};
use crate::grid::{Address, Sheet};

/// What a field asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// The institution's or pharmacy's name.
    InstitutionName,
    /// The vendor's name.
    VendorName,
    /// The system the vendor answers for.
    SystemName,
    /// The day the form was filled in.
    FilledOn,
    /// The safety manager.
    Officer,
    /// Who filled it in.
    FilledBy,
}

/// A field outside the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// What it asks for.
    pub kind: FieldKind,
    /// Its label as printed.
    pub label: String,
    /// The cell to fill.
    pub cell: Address,
    /// Whether label and value share the cell (`医療機関名：　　　`).
    pub inline: bool,
}

const LABELS: &[(FieldKind, &[&str])] = &[
    (
        FieldKind::InstitutionName,
        &[
            "医療機関名",
            "施設名",
            "薬局名",
            "病院名",
            "診療所名",
            "医療機関名称",
            "施設名称",
            "薬局名称",
            "医療機関等名",
            "医療機関等の名称",
            "医療機関の名称",
            "医療機関・薬局名",
            "医療機関名・薬局名",
            "医療機関名/薬局名",
            "医療機関(薬局)名",
            "機関名",
            "薬局の名称",
        ],
    ),
    (
        FieldKind::VendorName,
        &["事業者名", "会社名", "業者名", "事業者名称", "企業名", "事業者の名称", "ベンダー名"],
    ),
    (
        FieldKind::SystemName,
        &[
            "システム名",
            "製品名",
            "サービス名",
            "対象システム名",
            "システム名称",
            "医療情報システム名",
            "システム・サービス名",
        ],
    ),
    (
        FieldKind::FilledOn,
        &[
            "記入日",
            "作成日",
            "回答日",
            "提出日",
            "記載日",
            "記入年月日",
            "作成年月日",
            "点検日",
            "回答年月日",
        ],
    ),
    (
        FieldKind::Officer,
        &[
            "責任者",
            "安全管理責任者",
            "責任者氏名",
            "責任者名",
            "責任者職氏名",
            "責任者の氏名",
            "医療情報システム安全管理責任者",
            "責任者(職・氏名)",
            "責任者職・氏名",
        ],
    ),
    (
        FieldKind::FilledBy,
        &[
            "記入者",
            "作成者",
            "回答者",
            "記入者氏名",
            "記入者名",
            "担当者",
            "担当者名",
            "担当者氏名",
            "作成者名",
            "回答者名",
            "記載者",
        ],
    ),
];

/// Reads a label: what it asks for, how it is printed, and what stands after its colon in the same cell.
fn label(text: &str) -> Option<(FieldKind, String, Option<String>)> {
    let text = tidy(text);
    let (head, tail) = match text.split_once(['：', ':']) {
        Some((head, tail)) => (head, Some(tail.trim().to_owned())),
        None => (text.as_str(), None),
    };
    let squeezed = squeeze(head);
    let bare = squeezed.trim_matches(['・', '■', '●', '○', '【', '】', '[', ']', '*', '※', '．']);
    let whole = bare.trim_end_matches(')').trim_start_matches('(');
    let cut = bare.split('(').next().unwrap_or_default();
    let named = |word: &str| LABELS.iter().find(|(_, words)| words.contains(&word)).map(|(kind, _)| *kind);
    // `医療情報システム安全管理責任者（職・氏名）`: the bracket explains. And any kind of 責任者 is one.
    let kind = named(bare).or_else(|| named(whole)).or_else(|| named(cut)).or_else(|| {
        (cut.chars().count() <= 24 && cut.ends_with("安全管理責任者")).then_some(FieldKind::Officer)
    })?;
    Some((kind, head.trim().to_owned(), tail))
}

/// A longer text is no label, in bytes.
const MAX_LABEL_BYTES: usize = 400;
/// Rows above the first checkpoint, and bytes of a cell, in which the form says what it is.
const MAX_TITLE_ROWS: u32 = 300;
const MAX_TITLE_BYTES: usize = 1000;

/// The fields above the first checkpoint and below the last; `top` is the first row of the table's heading.
pub(super) fn find(sheet: &Sheet, top: u32, first: u32, last: u32) -> Vec<FormField> {
    let (rows, columns) = super::bounds(sheet);
    let mut fields: Vec<FormField> = Vec::new();
    for row in (0..top.min(first).min(rows)).chain(last.saturating_add(1)..rows) {
        let cells =
            sheet.row(row).filter(|(at, cell)| at.col < columns && cell.text.len() <= MAX_LABEL_BYTES);
        for (at, cell) in cells {
            let Some((kind, label, tail)) = label(&cell.text) else { continue };
            if fields.iter().any(|field| field.kind == kind) {
                continue;
            }
            fields.push(place(sheet, at, kind, label, tail.as_deref()));
        }
    }
    fields
}

fn place(sheet: &Sheet, at: Address, kind: FieldKind, label: String, tail: Option<&str>) -> FormField {
    let area = sheet.area(at);
    let beside = sheet.anchor(Address::new(at.row, area.to.col + 1));
    let text = sheet.text(beside);
    let takes = (text.trim().is_empty() || is_date_blank(text)) && printed_choices(text).is_none();
    let exists = sheet.cell(beside).is_some() || sheet.area(beside).size() > 1;
    let has_tail = tail.is_some_and(|tail| !tail.is_empty());
    // A label with a colon and no framed cell beside it is written on itself.
    let inline = has_tail || !takes || (tail.is_some() && !exists);
    FormField { kind, label, cell: if inline { at } else { beside }, inline }
}

/// The title, the fiscal year and the variant, from what stands above the first checkpoint.
pub(super) fn title(sheet: &Sheet, first: u32) -> (Option<String>, Option<i32>, Option<FormKind>) {
    let (rows, _) = super::bounds(sheet);
    let texts: Vec<String> = (0..first.min(rows).min(MAX_TITLE_ROWS))
        .flat_map(|row| sheet.row(row).map(|(_, cell)| cell.text.as_str()))
        .filter(|text| text.len() <= MAX_TITLE_BYTES)
        .map(tidy)
        .chain([sheet.name.clone()])
        .collect();
    let title =
        texts.iter().find(|text| text.contains("チェックリスト") && text.chars().count() <= 80).cloned();
    let year = texts.iter().find_map(|text| fiscal_year(text));
    let all = squeeze(&texts.join(" "));
    let form = if all.contains("事業者確認用") {
        Some(FormKind::Vendor)
    } else if all.contains("医療機関・薬局確認用") || all.contains("医療機関・薬局における")
    {
        Some(FormKind::InstitutionPharmacy)
    } else if all.contains("薬局確認用") || all.contains("薬局におけるサイバー") {
        Some(FormKind::Pharmacy)
    } else if all.contains("医療機関確認用") || all.contains("医療機関におけるサイバー") {
        Some(FormKind::Institution)
    } else {
        None
    };
    (title, year, form)
}

/// `令和８年度`, `令和八年度`, `R8年度`, `2026年度`.
fn fiscal_year(text: &str) -> Option<i32> {
    let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let before = &text[..text.find("年度")?];
    if before.ends_with("令和元") {
        return Some(2019);
    }
    let lead = before.trim_end_matches(komainu_calendar::is_numeral);
    let number = i32::try_from(komainu_calendar::number(&before[lead.len()..])?).ok()?;
    if (2000..2100).contains(&number) {
        Some(number)
    } else if (1..=60).contains(&number) && (lead.ends_with("令和") || lead.ends_with(['R', 'r'])) {
        Some(2018 + number)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_years() {
        assert_eq!(
            label("医療機関名：").map(|l| (l.0, l.2)),
            Some((FieldKind::InstitutionName, Some(String::new())))
        );
        assert_eq!(
            label("医療情報システム\n安全管理責任者（職・氏名）").map(|l| l.0),
            Some(FieldKind::Officer)
        );
        assert_eq!(label("記入日：令和　年　月　日").map(|l| l.0), Some(FieldKind::FilledOn));
        assert!(label("責任者を決めているか。").is_none());
        assert_eq!(fiscal_year("令和８年度版"), Some(2026));
        assert_eq!(fiscal_year("2026年度 チェックリスト"), Some(2026));
        assert_eq!(fiscal_year("R7年度"), Some(2025));
        assert_eq!(fiscal_year("令和　八　年度　自己点検票"), Some(2026));
        assert_eq!(fiscal_year("令和十二年度"), Some(2030));
        assert_eq!(fiscal_year("二〇二六年度"), Some(2026));
        assert_eq!(fiscal_year("第3年度"), None);
    }
}
