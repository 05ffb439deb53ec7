//! Imaginary forms in many layouts, each with the truth about its rows.

use chrono::NaiveDate;
use komainu_workbook::Address;
use rust_xlsxwriter::{
    DataValidation, Format, FormatAlign, FormatBorder, Formula, Image, Note, Workbook, Worksheet,
};

use super::{GATE, ITEMS, Item, SECTIONS, UNKNOWN, circled};

/// What a cell should read after filling.
#[derive(Debug, Clone, PartialEq)]
pub enum Want {
    Text(String),
    Day(NaiveDate),
    Nothing,
}

pub fn text(value: &str) -> Want {
    Want::Text(value.to_owned())
}

/// The truth about one row of a form.
pub struct Truth {
    pub row: u32,
    /// `None` for a question the catalogue does not know.
    pub key: Option<String>,
    /// What the cells read after answering yes on [`day`] (or no, for every third row, with a target).
    pub yes: Vec<(Address, Want)>,
    pub no: Vec<(Address, Want)>,
}

pub struct Form {
    pub name: &'static str,
    pub sheet: &'static str,
    pub bytes: Vec<u8>,
    pub truth: Vec<Truth>,
    pub vendor: bool,
}

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
}

pub fn target() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 3, 31).unwrap()
}

fn cell(row: u32, col: u16) -> Address {
    Address::new(row, u32::from(col))
}

pub fn boxed() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter)
}

fn grey() -> Format {
    boxed().set_background_color("D9D9D9").set_bold()
}

fn date_format() -> Format {
    boxed().set_num_format("yyyy/m/d")
}

fn yes_no(sheet: &mut Worksheet, row: u32, col: u16, values: &[&str]) {
    sheet.write_blank(row, col, &boxed()).unwrap();
    let rule = DataValidation::new().allow_list_strings(values).unwrap();
    sheet.add_data_validation(row, col, row, col, &rule).unwrap();
}

fn done(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().unwrap()
}

/// Number, sentence, drop-down, dates, remark in one heading row; the plainest form there can be.
pub fn plain() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("医療機関・薬局確認用").unwrap();
    sheet.set_column_width(1, 60).unwrap();
    sheet.write(0, 0, "令和８年度版　医療機関・薬局におけるサイバーセキュリティ対策チェックリスト").unwrap();
    sheet.write(1, 0, "医療機関名").unwrap();
    sheet.merge_range(1, 1, 1, 2, "", &boxed()).unwrap();
    sheet.write(1, 3, "記入日").unwrap();
    sheet.write_blank(1, 4, &date_format()).unwrap();
    for (col, label) in (0..).zip(["番号", "チェック項目", "はい・いいえ", "確認日", "目標日", "備考"]) {
        sheet.write_with_format(3, col, label, &grey()).unwrap();
    }
    let mut truth = Vec::new();
    for (row, item) in (4..).zip(std::iter::once(&GATE).chain(ITEMS)) {
        let number = if item.section == 0 { String::new() } else { format!("{}-{}", item.section, circled(item.number)) };
        sheet.write_with_format(row, 0, number, &boxed()).unwrap();
        let words = match item.key {
            "stop-services#server" => format!("（サーバ）{}", item.asked),
            "stop-services#terminal" => format!("（端末PC）{}", item.asked),
            _ => item.asked.to_owned(),
        };
        sheet.write_with_format(row, 1, words, &boxed()).unwrap();
        yes_no(sheet, row, 2, &["はい", "いいえ"]);
        for col in [3, 4] {
            sheet.write_blank(row, col, &date_format()).unwrap();
        }
        sheet.write_blank(row, 5, &boxed()).unwrap();
        truth.push(Truth {
            row,
            key: Some(item.key.to_owned()),
            yes: vec![(cell(row, 2), text("はい")), (cell(row, 3), Want::Day(day())), (cell(row, 4), Want::Nothing)],
            no: vec![
                (cell(row, 2), text("いいえ")),
                (cell(row, 3), Want::Day(day())),
                (cell(row, 4), Want::Day(target())),
                (cell(row, 5), text("予算を申請中")),
            ],
        });
    }
    Form { name: "plain", sheet: "医療機関・薬局確認用", bytes: done(workbook), truth, vendor: false }
}

/// Headings of two levels, sections merged at the side, sentences merged over columns, three rounds of printed choices.
pub fn three_rounds() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("チェックリスト").unwrap();
    sheet.merge_range(0, 0, 0, 12, "サイバーセキュリティ対策チェックリスト（医療機関確認用）", &grey()).unwrap();
    sheet.merge_range(2, 0, 2, 4, "施設名：", &boxed()).unwrap();
    sheet.merge_range(2, 6, 2, 12, "記入日：令和　　年　　月　　日", &boxed()).unwrap();
    sheet.merge_range(4, 0, 5, 0, "区分", &grey()).unwrap();
    sheet.merge_range(4, 1, 5, 4, "チェック項目", &grey()).unwrap();
    for (round, col) in (1..=3).zip([5_u16, 8, 10]) {
        sheet.merge_range(4, col, 4, col + 1, &format!("{round}回目"), &grey()).unwrap();
        sheet.write_with_format(5, col, "確認結果", &grey()).unwrap();
        sheet.write_with_format(5, col + 1, "確認日", &grey()).unwrap();
    }
    sheet.merge_range(4, 7, 5, 7, "目標日", &grey()).unwrap();
    sheet.merge_range(4, 12, 5, 12, "備　考", &grey()).unwrap();
    let mut truth = Vec::new();
    let mut row = 6;
    for (section, title) in (1..).zip(SECTIONS) {
        let items: Vec<&Item> = ITEMS.iter().filter(|item| item.section == section && item.key != "stop-services#terminal").collect();
        let label = format!("{}　{title}", char::from_u32(0xFF10 + section).unwrap());
        let last = row + u32::try_from(items.len()).unwrap() - 1;
        if last > row {
            sheet.merge_range(row, 0, last, 0, &label, &boxed()).unwrap();
        } else {
            sheet.write_with_format(row, 0, label, &boxed()).unwrap();
        }
        for item in items {
            sheet.write_with_format(row, 1, circled(item.number).to_string(), &boxed()).unwrap();
            let words = item.asked.replace('、', "、\n");
            sheet.merge_range(row, 2, row, 4, &words, &boxed()).unwrap();
            for col in [5, 8, 10] {
                sheet.write_with_format(row, col, "はい ・ いいえ", &boxed()).unwrap();
                sheet.write_with_format(row, col + 1, "（　　/　　）", &boxed()).unwrap();
            }
            sheet.write_with_format(row, 7, "（　　/　　）", &boxed()).unwrap();
            sheet.write_blank(row, 12, &boxed()).unwrap();
            truth.push(Truth {
                row,
                key: Some(item.key.to_owned()),
                yes: vec![(cell(row, 5), text("はい")), (cell(row, 6), text("（6/15）")), (cell(row, 8), text("はい ・ いいえ"))],
                no: vec![
                    (cell(row, 5), text("いいえ")),
                    (cell(row, 6), text("（6/15）")),
                    (cell(row, 7), text("（3/31）")),
                    (cell(row, 12), text("予算を申請中")),
                ],
            });
            row += 1;
        }
    }
    Form { name: "three rounds", sheet: "チェックリスト", bytes: done(workbook), truth, vendor: false }
}

/// Heading rows for sections and for equipment, `(1)` numbers, boxes to tick, one question asked of servers and terminals apart.
pub fn boxes() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("様式").unwrap();
    sheet.merge_range(0, 0, 0, 5, "医療機関におけるサイバーセキュリティ対策チェックリスト（令和7年度）", &grey()).unwrap();
    sheet.merge_range(1, 0, 1, 2, GATE.asked, &boxed()).unwrap();
    sheet.write_with_format(1, 3, "□はい　□いいえ", &boxed()).unwrap();
    sheet.write_with_format(1, 4, "令和　年　月　日", &boxed()).unwrap();
    let mut truth = vec![Truth {
        row: 1,
        key: Some(GATE.key.to_owned()),
        yes: vec![(cell(1, 3), text("☑はい　□いいえ")), (cell(1, 4), text("令和8年6月15日"))],
        no: vec![(cell(1, 3), text("□はい　☑いいえ"))],
    }];
    sheet.merge_range(3, 0, 3, 2, "確認項目", &grey()).unwrap();
    for (col, label) in (3..).zip(["回答", "確認した日（確認日）", "「いいえ」の場合の目標日"]) {
        sheet.write_with_format(3, col, label, &grey()).unwrap();
    }
    let mut row = 4;
    let heading = |sheet: &mut Worksheet, row: &mut u32, words: &str| {
        sheet.merge_range(*row, 0, *row, 5, words, &grey()).unwrap();
        *row += 1;
    };
    let mut section = 0;
    let mut scope = String::new();
    for item in ITEMS {
        if item.section != section {
            section = item.section;
            heading(sheet, &mut row, &format!("{section}　{}", SECTIONS[section as usize - 1]));
            scope.clear();
        }
        let about = match item.key {
            "access-log" | "stop-services#server" => "サーバについて、以下を実施している。",
            "stop-services#terminal" => "端末PCについて、以下を実施している。",
            "source-restriction" => "ネットワーク機器について、以下を実施している。",
            _ if item.section == 2 => "医療情報システム全般について、以下を実施している。",
            _ => "",
        };
        if !about.is_empty() && about != scope {
            scope = about.to_owned();
            heading(sheet, &mut row, about);
        }
        sheet.write_with_format(row, 1, format!("({})", item.number), &boxed()).unwrap();
        sheet.write_with_format(row, 2, item.asked, &boxed()).unwrap();
        sheet.write_with_format(row, 3, "□はい　□いいえ", &boxed()).unwrap();
        sheet.write_with_format(row, 4, "令和　年　月　日", &boxed()).unwrap();
        sheet.write_with_format(row, 5, "令和　年　月　日", &boxed()).unwrap();
        truth.push(Truth {
            row,
            key: Some(item.key.to_owned()),
            yes: vec![(cell(row, 3), text("☑はい　□いいえ")), (cell(row, 4), text("令和8年6月15日"))],
            no: vec![(cell(row, 3), text("□はい　☑いいえ")), (cell(row, 5), text("令和9年3月31日"))],
        });
        row += 1;
    }
    sheet.merge_range(row, 0, row, 5, "※ 立入検査の際は、この様式を手元に置いてください。", &boxed()).unwrap();
    Form { name: "boxes", sheet: "様式", bytes: done(workbook), truth, vendor: false }
}

/// Two columns to tick, numbers as plain digits in two columns, hidden rows and a hidden column between.
pub fn two_columns() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1").unwrap();
    sheet.write(0, 1, "サイバーセキュリティ対策チェックリスト").unwrap();
    sheet.merge_range(2, 0, 3, 0, "章", &grey()).unwrap();
    sheet.merge_range(2, 1, 3, 1, "No.", &grey()).unwrap();
    sheet.merge_range(2, 2, 3, 2, "点検項目", &grey()).unwrap();
    sheet.merge_range(2, 4, 2, 6, "確認結果（該当に○）", &grey()).unwrap();
    for (col, label) in (4..).zip(["はい", "いいえ", "該当なし"]) {
        sheet.write_with_format(3, col, label, &grey()).unwrap();
    }
    sheet.merge_range(2, 7, 3, 7, "点検日", &grey()).unwrap();
    sheet.merge_range(2, 8, 3, 8, "対応期限", &grey()).unwrap();
    sheet.set_column_hidden(3).unwrap();
    let mut truth = Vec::new();
    for (row, item) in (4..).zip(ITEMS.iter().filter(|item| item.key != "stop-services#terminal")) {
        sheet.write_with_format(row, 0, item.section, &boxed()).unwrap();
        sheet.write_with_format(row, 1, item.number, &boxed()).unwrap();
        sheet.write_with_format(row, 2, item.asked, &boxed()).unwrap();
        for col in 4..=6 {
            yes_no(sheet, row, col, &["○"]);
        }
        if item.key == "patches" {
            sheet.set_row_hidden(row).unwrap();
            // Somebody has answered here before.
            sheet.write_with_format(row, 5, "○", &boxed()).unwrap();
        }
        sheet.write_blank(row, 7, &boxed()).unwrap();
        truth.push(Truth {
            row,
            key: Some(item.key.to_owned()),
            yes: vec![(cell(row, 4), text("○")), (cell(row, 5), Want::Nothing), (cell(row, 7), text("2026/6/15"))],
            no: vec![(cell(row, 4), Want::Nothing), (cell(row, 5), text("○")), (cell(row, 8), text("2027/3/31"))],
        });
    }
    Form { name: "two columns", sheet: "Sheet1", bytes: done(workbook), truth, vendor: false }
}

/// Instructions first, the form second, the drop-down's values on a hidden sheet, ○ and ×, full-width numbers, formulas that count,
/// a picture, a comment, a conditional format, print settings, a defined name.
pub fn rich() -> Form {
    let mut workbook = Workbook::new();
    let guide = workbook.add_worksheet();
    guide.set_name("記入要領").unwrap();
    guide.write(0, 0, "このチェックリストの書き方").unwrap();
    guide.write(1, 0, "はい・いいえのいずれかを選び、確認した日を記入してください。").unwrap();
    guide.write(2, 0, "「いいえ」の項目には、年度内の目標日を記入してください。").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_name("確認用 様式").unwrap();
    sheet.write(0, 0, "チェックリスト").unwrap();
    for (col, width) in (0..).zip([6, 50, 20, 9, 16, 12, 16]) {
        sheet.set_column_width(col, width).unwrap();
    }
    sheet.set_default_row_height(30);
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    for (col, label) in (0..).zip(["項番", "内容", "ガイドライン該当箇所", "実施状況", "日付", "目標", "備考"]) {
        sheet.write_with_format(2, col, label, &grey()).unwrap();
    }
    sheet.set_freeze_panes(3, 0).unwrap();
    sheet.set_print_area(0, 0, 40, 6).unwrap();
    sheet.set_repeat_rows(2, 2).unwrap();
    sheet.insert_image(0, 5, &Image::new_from_buffer(&picture()).unwrap()).unwrap();
    sheet.insert_note(2, 3, &Note::new("○か×を選ぶ")).unwrap();
    let mut truth = Vec::new();
    let rows = 3..3 + u32::try_from(ITEMS.len()).unwrap();
    for (row, item) in rows.clone().zip(ITEMS) {
        let wide = |n: u32| n.to_string().chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect::<String>();
        sheet.write_with_format(row, 0, format!("{}．{}", wide(item.section), wide(item.number)), &boxed()).unwrap();
        let words = match item.key {
            "stop-services#server" => format!("サーバ：{}", item.asked),
            "stop-services#terminal" => format!("端末：{}", item.asked),
            _ => item.asked.to_owned(),
        };
        sheet.write_with_format(row, 1, words, &boxed()).unwrap();
        sheet.write_with_format(row, 2, "経営管理編 3.1、企画管理編 9.1 を参照し、実施の状況を確認すること。", &boxed()).unwrap();
        sheet.write_blank(row, 3, &boxed().set_background_color("FFF2CC")).unwrap();
        sheet.write_blank(row, 4, &boxed().set_num_format("[$-411]ggge\"年\"m\"月\"d\"日\"")).unwrap();
        sheet.write_blank(row, 5, &boxed().set_num_format_index(14)).unwrap();
        truth.push(Truth {
            row,
            key: Some(item.key.to_owned()),
            yes: vec![(cell(row, 3), text("○")), (cell(row, 4), Want::Day(day()))],
            no: vec![(cell(row, 3), text("×")), (cell(row, 5), Want::Day(target()))],
        });
    }
    let rule = DataValidation::new().allow_list_formula(Formula::new("='選択''s 肢'!$A$2:$A$4"));
    sheet.add_data_validation(rows.start, 3, rows.end - 1, 3, &rule).unwrap();
    let red = rust_xlsxwriter::ConditionalFormatCell::new()
        .set_rule(rust_xlsxwriter::ConditionalFormatCellRule::EqualTo("×"))
        .set_format(Format::new().set_background_color("FFC7CE"));
    sheet.add_conditional_format(rows.start, 3, rows.end - 1, 3, &red).unwrap();
    let count = format!("COUNTIF(D{}:D{},\"○\")", rows.start + 1, rows.end);
    sheet.write(rows.end, 1, "はいの数").unwrap();
    sheet.write_formula(rows.end, 3, Formula::new(count)).unwrap();
    let lists = workbook.add_worksheet();
    lists.set_name("選択's 肢").unwrap();
    for (row, value) in (0..).zip(["回答", "○", "×", "－"]) {
        lists.write(row, 0, value).unwrap();
    }
    lists.set_hidden(true);
    workbook.define_name("回答", "='選択''s 肢'!$A$2:$A$4").unwrap();
    Form { name: "rich", sheet: "確認用 様式", bytes: done(workbook), truth, vendor: false }
}

/// A picture of one pixel.
fn picture() -> Vec<u8> {
    vec![
        0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0,
        0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0xDA, 0x63, 0xFC, 0xCF, 0xC0, 0xF0, 0x1F, 0, 5,
        0, 1, 0xFF, 0x56, 0xC7, 0x2F, 0x0D, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
    ]
}

/// Numbers as decimals (2.10 has become 2.1), the list behind a defined name, not applicable offered, an unknown row, two missing.
pub fn decimals() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("点検表").unwrap();
    for (col, label) in (1..).zip(["項目番号", "確認事項", "回答", "確認日（1回目）", "確認日（2回目）", "達成目標日", "特記事項"]) {
        sheet.write_with_format(4, col, label, &grey()).unwrap();
    }
    let mut truth = Vec::new();
    let mut row = 5;
    for item in ITEMS.iter().filter(|item| !["mds-sds", "stop-services#terminal"].contains(&item.key)) {
        let number: f64 = format!("{}.{}", item.section, item.number).parse().unwrap();
        sheet.write_with_format(row, 1, number, &boxed()).unwrap();
        sheet.write_with_format(row, 2, item.asked, &boxed()).unwrap();
        sheet.write_blank(row, 3, &boxed()).unwrap();
        for col in [4, 5, 6] {
            sheet.write_blank(row, col, &date_format()).unwrap();
        }
        truth.push(Truth {
            row,
            key: Some(item.key.to_owned()),
            yes: vec![(cell(row, 3), text("1:はい")), (cell(row, 4), Want::Day(day())), (cell(row, 5), Want::Nothing)],
            no: vec![(cell(row, 3), text("2:いいえ")), (cell(row, 6), Want::Day(target())), (cell(row, 7), text("予算を申請中"))],
        });
        row += 1;
    }
    sheet.write_with_format(row, 1, 4.2, &boxed()).unwrap();
    sheet.write_with_format(row, 2, UNKNOWN, &boxed()).unwrap();
    truth.push(Truth { row, key: None, yes: vec![(cell(row, 3), text("1:はい"))], no: vec![(cell(row, 3), text("2:いいえ"))] });
    let rule = DataValidation::new().allow_list_formula(Formula::new("=Answers"));
    sheet.add_data_validation(5, 3, row, 3, &rule).unwrap();
    for (at, value) in (0..).zip(["1:はい", "2:いいえ", "3:該当なし"]) {
        sheet.write(at, 20, value).unwrap();
    }
    workbook.define_name("Answers", "=点検表!$U$1:$U$3").unwrap();
    Form { name: "decimals", sheet: "点検表", bytes: done(workbook), truth, vendor: false }
}

/// No number column: the number begins the sentence; answer and date share a cell; the heading is repeated for every section.
pub fn embedded() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("令和８年度").unwrap();
    let mut truth = Vec::new();
    let mut row = 0;
    for (section, title) in (1..).zip(SECTIONS) {
        sheet.merge_range(row, 0, row, 3, &format!("【{section}】{title}"), &grey()).unwrap();
        for (col, label) in (0..).zip(["質問項目", "確認結果\n（日付）", "目標日", "備考"]) {
            sheet.write_with_format(row + 1, col, label, &grey()).unwrap();
        }
        row += 2;
        for item in ITEMS.iter().filter(|item| item.section == section && item.key != "stop-services#terminal") {
            let words = format!("{section}－{}　{}", circled(item.number), item.asked);
            sheet.write_with_format(row, 0, words, &boxed()).unwrap();
            sheet.write_with_format(row, 1, "はい・いいえ\n（　／　）", &boxed()).unwrap();
            sheet.write_with_format(row, 2, "／", &boxed()).unwrap();
            truth.push(Truth {
                row,
                key: Some(item.key.to_owned()),
                yes: vec![(cell(row, 1), text("はい (6/15)")), (cell(row, 2), text("／"))],
                no: vec![(cell(row, 1), text("いいえ (6/15)")), (cell(row, 2), text("3/31")), (cell(row, 3), text("予算を申請中"))],
            });
            row += 1;
        }
        row += 1;
    }
    Form { name: "embedded", sheet: "令和８年度", bytes: done(workbook), truth, vendor: false }
}

/// No heading row at all, numbers running through from 1 without sections.
pub fn bare() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let mut truth = Vec::new();
    for (index, item) in (1_u32..).zip(ITEMS.iter().filter(|item| item.key != "stop-services#terminal")) {
        let row = index;
        sheet.write(row, 0, index).unwrap();
        sheet.write(row, 1, item.asked).unwrap();
        yes_no(sheet, row, 2, &["実施済", "未実施"]);
        sheet.write_blank(row, 3, &date_format()).unwrap();
        truth.push(Truth {
            row,
            key: Some(item.key.to_owned()),
            yes: vec![(cell(row, 2), text("実施済")), (cell(row, 3), Want::Day(day()))],
            no: vec![(cell(row, 2), text("未実施")), (cell(row, 3), Want::Day(day()))],
        });
    }
    Form { name: "bare", sheet: "Sheet1", bytes: done(workbook), truth, vendor: false }
}

/// The vendors' form beside the institutions' in one workbook, with columns for who is responsible.
pub fn vendor() -> Form {
    let mut workbook = Workbook::new();
    for (name, vendor) in [("医療機関確認用", false), ("事業者確認用", true)] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.write(0, 0, format!("サイバーセキュリティ対策チェックリスト（{name}）")).unwrap();
        sheet.write(1, 0, if vendor { "事業者名" } else { "医療機関名" }).unwrap();
        sheet.write_blank(1, 1, &boxed()).unwrap();
        if vendor {
            sheet.write(2, 0, "システム名").unwrap();
            sheet.write_blank(2, 1, &boxed()).unwrap();
        }
        sheet.merge_range(3, 0, 4, 0, "番号", &grey()).unwrap();
        sheet.merge_range(3, 1, 4, 1, "チェック項目", &grey()).unwrap();
        sheet.merge_range(3, 2, 3, 3, "確認結果", &grey()).unwrap();
        sheet.write_with_format(4, 2, "はい・いいえ", &grey()).unwrap();
        sheet.write_with_format(4, 3, "確認日", &grey()).unwrap();
        sheet.merge_range(3, 4, 3, 5, "責任分界", &grey()).unwrap();
        sheet.write_with_format(4, 4, "医療機関", &grey()).unwrap();
        sheet.write_with_format(4, 5, "事業者", &grey()).unwrap();
    }
    let mut truth = Vec::new();
    for (index, vendor) in [(0, false), (1, true)] {
        let sheet = workbook.worksheet_from_index(index).unwrap();
        let items = ITEMS.iter().filter(|item| !vendor || (item.section < 3 && item.key != "asset-ledger"));
        for (row, item) in (5..).zip(items) {
            sheet.write(row, 0, format!("{}-({})", item.section, item.number)).unwrap();
            let about = match item.scope {
                komainu_workbook::Scope::Server => "サーバ：",
                komainu_workbook::Scope::Terminal => "端末PC：",
                _ => "",
            };
            sheet.write(row, 1, format!("{about}{}", item.asked)).unwrap();
            yes_no(sheet, row, 2, &["はい", "いいえ", "対象外"]);
            sheet.write_blank(row, 3, &date_format()).unwrap();
            yes_no(sheet, row, 4, &["○"]);
            yes_no(sheet, row, 5, &["○"]);
            if vendor {
                truth.push(Truth {
                    row,
                    key: Some(item.key.to_owned()),
                    yes: vec![(cell(row, 2), text("はい")), (cell(row, 3), Want::Day(day())), (cell(row, 5), Want::Nothing)],
                    no: vec![(cell(row, 2), text("いいえ")), (cell(row, 3), Want::Day(day()))],
                });
            }
        }
    }
    Form { name: "vendor", sheet: "事業者確認用", bytes: done(workbook), truth, vendor: true }
}

/// A new year's form: a question inserted, so that all numbers after it have moved on; each question over two sheet rows.
pub fn renumbered() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "2026年度 チェックリスト").unwrap();
    for (col, label) in (0..).zip(["No", "チェック内容", "チェック欄", "実施日", "改善予定時期（目標）"]) {
        sheet.write_with_format(1, col, label, &grey()).unwrap();
    }
    let mut truth = Vec::new();
    let mut row = 2;
    let mut write = |number: String, words: &str, key: Option<&str>| {
        for (col, content) in (0..).zip([number.as_str(), words, "", "", ""]) {
            let format = if col >= 3 { date_format() } else { boxed() };
            sheet.merge_range(row, col, row + 1, col, content, &format).unwrap();
        }
        let rule = DataValidation::new().allow_list_strings(&["YES", "NO"]).unwrap();
        sheet.add_data_validation(row, 2, row + 1, 2, &rule).unwrap();
        truth.push(Truth {
            row,
            key: key.map(str::to_owned),
            yes: vec![(cell(row, 2), text("YES")), (cell(row, 3), Want::Day(day()))],
            no: vec![(cell(row, 2), text("NO")), (cell(row, 4), Want::Day(target()))],
        });
        row += 2;
    };
    for item in ITEMS.iter().filter(|item| item.key != "stop-services#terminal") {
        let shift = u32::from(item.section == 2 && item.number >= 4);
        if item.key == "access-rights" {
            write("2-④".into(), UNKNOWN, None);
        }
        write(format!("{}-{}", item.section, circled(item.number + shift)), item.asked, Some(item.key));
    }
    Form { name: "renumbered", sheet: "Sheet1", bytes: done(workbook), truth, vendor: false }
}

/// Everything left of the answers under one heading: section at the side, equipment between, number, sentence. Answer and date of
/// each round in one printed cell.
pub fn one_heading() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 0, 9, "令和8年度　サイバーセキュリティ対策チェックリスト", &grey()).unwrap();
    sheet.write(2, 0, "＊すべての項目が「はい」になるよう取り組んでください。").unwrap();
    sheet.set_column_width(1, 4).unwrap();
    sheet.set_column_width(2, 50).unwrap();
    sheet.set_column_width(4, 14).unwrap();
    sheet.set_default_row_height(30);
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.merge_range(4, 0, 5, 3, "チェック項目", &grey()).unwrap();
    sheet.merge_range(4, 4, 4, 8, "確認結果（日付）", &grey()).unwrap();
    sheet.write_with_format(5, 4, "1回目", &grey()).unwrap();
    sheet.merge_range(5, 5, 5, 6, "目標日", &grey()).unwrap();
    sheet.write_with_format(5, 7, "2回目", &grey()).unwrap();
    sheet.write_with_format(5, 8, "3回目", &grey()).unwrap();
    sheet.merge_range(4, 9, 5, 9, "備考", &grey()).unwrap();
    let mut truth = Vec::new();
    let mut row = 6;
    for (section, title) in (1..).zip(SECTIONS) {
        let items: Vec<&Item> = ITEMS.iter().filter(|item| item.section == section).collect();
        let about = |item: &Item| match item.scope {
            komainu_workbook::Scope::Server => "サーバについて、以下を実施している。",
            komainu_workbook::Scope::Terminal => "端末PCについて、以下を実施している。",
            komainu_workbook::Scope::Network => "ネットワーク機器について、以下を実施している。",
            _ => "医療情報システム全般について、以下を実施している。",
        };
        let abouts = if section == 2 { 4 } else { 0 };
        let last = row + u32::try_from(items.len()).unwrap() + abouts - 1;
        let label = format!("{}\n{title}", char::from_u32(0xFF10 + section).unwrap());
        if last > row {
            sheet.merge_range(row, 0, last, 0, &label, &boxed()).unwrap();
        } else {
            sheet.write_with_format(row, 0, label, &boxed()).unwrap();
        }
        let mut before = "";
        for item in items {
            if section == 2 && about(item) != before {
                before = about(item);
                sheet.merge_range(row, 1, row, 9, before, &grey()).unwrap();
                row += 1;
            }
            sheet.write_with_format(row, 1, circled(item.number).to_string(), &boxed()).unwrap();
            sheet.merge_range(row, 2, row, 3, item.asked, &boxed()).unwrap();
            for col in [4, 7, 8] {
                sheet.write_with_format(row, col, "はい ・ いいえ\n(　／　)", &boxed()).unwrap();
            }
            sheet.merge_range(row, 5, row, 6, "(　／　)", &boxed()).unwrap();
            truth.push(Truth {
                row,
                key: Some(item.key.to_owned()),
                yes: vec![(cell(row, 4), text("はい (6/15)")), (cell(row, 7), text("はい ・ いいえ\n(　／　)"))],
                no: vec![(cell(row, 4), text("いいえ (6/15)")), (cell(row, 5), text("(3/31)"))],
            });
            row += 1;
        }
    }
    Form { name: "one heading", sheet: "Sheet1", bytes: done(workbook), truth, vendor: false }
}

/// One number and sentence over several rows, one for each kind of equipment; answers to be written into empty cells as ○ or ×.
pub fn split_by_equipment() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("自己点検").unwrap();
    sheet.write(0, 0, "チェックリスト").unwrap();
    for (col, label) in (0..).zip(["番号", "点検内容", "対象機器", "回答（○・×）", "記入日", "備考"]) {
        sheet.write_with_format(1, col, label, &grey()).unwrap();
    }
    let mut truth = Vec::new();
    let mut row = 2;
    for item in ITEMS {
        let number = format!("{}-({})", item.section, item.number);
        match item.key {
            "stop-services#server" => {
                sheet.merge_range(row, 0, row + 1, 0, &number, &boxed()).unwrap();
                sheet.merge_range(row, 1, row + 1, 1, item.asked, &boxed()).unwrap();
                sheet.write_with_format(row, 2, "サーバ", &boxed()).unwrap();
            }
            "stop-services#terminal" => drop(sheet.write_with_format(row, 2, "端末ＰＣ", &boxed()).unwrap()),
            _ => {
                sheet.write_with_format(row, 0, number, &boxed()).unwrap();
                sheet.write_with_format(row, 1, item.asked, &boxed()).unwrap();
                sheet.write_blank(row, 2, &boxed()).unwrap();
            }
        }
        truth.push(Truth {
            row,
            key: Some(item.key.to_owned()),
            yes: vec![(cell(row, 3), text("○")), (cell(row, 4), text("2026/6/15"))],
            no: vec![(cell(row, 3), text("×")), (cell(row, 5), text("予算を申請中"))],
        });
        row += 1;
    }
    Form { name: "split by equipment", sheet: "自己点検", bytes: done(workbook), truth, vendor: false }
}

pub fn all() -> Vec<Form> {
    vec![
        plain(),
        three_rounds(),
        boxes(),
        two_columns(),
        rich(),
        decimals(),
        embedded(),
        bare(),
        vendor(),
        renumbered(),
        one_heading(),
        split_by_equipment(),
    ]
}
