//! Forms that offer their answers in drop-downs.

use rust_xlsxwriter::{DataValidation, Format, Formula, Image, Note, Workbook};

use super::{Form, Truth, Want, boxed, cell, date_format, day, done, grey, target, text, yes_no};
use crate::common::{GATE, ITEMS, UNKNOWN, circled};

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
    for (col, label) in (0..).zip(["番号", "チェック項目", "はい・いいえ", "確認日", "目標日", "備考"])
    {
        sheet.write_with_format(3, col, label, &grey()).unwrap();
    }
    let mut truth = Vec::new();
    for (row, item) in (4..).zip(std::iter::once(&GATE).chain(ITEMS)) {
        let number = if item.section == 0 {
            String::new()
        } else {
            format!("{}-{}", item.section, circled(item.number))
        };
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
            yes: vec![
                (cell(row, 2), text("はい")),
                (cell(row, 3), Want::Day(day())),
                (cell(row, 4), Want::Nothing),
            ],
            no: vec![
                (cell(row, 2), text("いいえ")),
                (cell(row, 3), Want::Day(day())),
                (cell(row, 4), Want::Day(target())),
                (cell(row, 5), text("予算を申請中")),
            ],
        });
    }
    Form {
        name: "plain", sheet: "医療機関・薬局確認用", bytes: done(workbook), truth, vendor: false
    }
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
            yes: vec![
                (cell(row, 4), text("○")),
                (cell(row, 5), Want::Nothing),
                (cell(row, 7), text("2026/6/15")),
            ],
            no: vec![
                (cell(row, 4), Want::Nothing),
                (cell(row, 5), text("○")),
                (cell(row, 8), text("2027/3/31")),
            ],
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
    for (col, label) in
        (0..).zip(["項番", "内容", "ガイドライン該当箇所", "実施状況", "日付", "目標", "備考"])
    {
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
        let wide = |n: u32| {
            n.to_string().chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect::<String>()
        };
        sheet
            .write_with_format(row, 0, format!("{}．{}", wide(item.section), wide(item.number)), &boxed())
            .unwrap();
        let words = match item.key {
            "stop-services#server" => format!("サーバ：{}", item.asked),
            "stop-services#terminal" => format!("端末：{}", item.asked),
            _ => item.asked.to_owned(),
        };
        sheet.write_with_format(row, 1, words, &boxed()).unwrap();
        sheet
            .write_with_format(
                row,
                2,
                "経営管理編 3.1、企画管理編 9.1 を参照し、実施の状況を確認すること。",
                &boxed(),
            )
            .unwrap();
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
        0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1,
        8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0xDA, 0x63, 0xFC,
        0xCF, 0xC0, 0xF0, 0x1F, 0, 5, 0, 1, 0xFF, 0x56, 0xC7, 0x2F, 0x0D, 0, 0, 0, 0, b'I', b'E', b'N', b'D',
        0xAE, 0x42, 0x60, 0x82,
    ]
}

/// Numbers as decimals (2.10 has become 2.1), the list behind a defined name, not applicable offered, an unknown row, two missing.
pub fn decimals() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("点検表").unwrap();
    for (col, label) in (1..).zip([
        "項目番号",
        "確認事項",
        "回答",
        "確認日（1回目）",
        "確認日（2回目）",
        "達成目標日",
        "特記事項",
    ]) {
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
            yes: vec![
                (cell(row, 3), text("1:はい")),
                (cell(row, 4), Want::Day(day())),
                (cell(row, 5), Want::Nothing),
            ],
            no: vec![
                (cell(row, 3), text("2:いいえ")),
                (cell(row, 6), Want::Day(target())),
                (cell(row, 7), text("予算を申請中")),
            ],
        });
        row += 1;
    }
    sheet.write_with_format(row, 1, 4.2, &boxed()).unwrap();
    sheet.write_with_format(row, 2, UNKNOWN, &boxed()).unwrap();
    truth.push(Truth {
        row,
        key: None,
        yes: vec![(cell(row, 3), text("1:はい"))],
        no: vec![(cell(row, 3), text("2:いいえ"))],
    });
    let rule = DataValidation::new().allow_list_formula(Formula::new("=Answers"));
    sheet.add_data_validation(5, 3, row, 3, &rule).unwrap();
    for (at, value) in (0..).zip(["1:はい", "2:いいえ", "3:該当なし"]) {
        sheet.write(at, 20, value).unwrap();
    }
    workbook.define_name("Answers", "=点検表!$U$1:$U$3").unwrap();
    Form { name: "decimals", sheet: "点検表", bytes: done(workbook), truth, vendor: false }
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
                    yes: vec![
                        (cell(row, 2), text("はい")),
                        (cell(row, 3), Want::Day(day())),
                        (cell(row, 5), Want::Nothing),
                    ],
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
    for (col, label) in (0..).zip(["No", "チェック内容", "チェック欄", "実施日", "改善予定時期（目標）"])
    {
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
