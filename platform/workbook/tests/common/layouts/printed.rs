//! Forms that print their choices, or leave the cell empty.

use rust_xlsxwriter::{Workbook, Worksheet};

use super::{Form, Truth, boxed, cell, done, grey, text};
use crate::common::{GATE, ITEMS, Item, SECTIONS, circled};

/// Headings of two levels, sections merged at the side, sentences merged over columns, three rounds of printed choices.
pub fn three_rounds() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("チェックリスト").unwrap();
    sheet
        .merge_range(0, 0, 0, 12, "サイバーセキュリティ対策チェックリスト（医療機関確認用）", &grey())
        .unwrap();
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
        let items: Vec<&Item> = ITEMS
            .iter()
            .filter(|item| item.section == section && item.key != "stop-services#terminal")
            .collect();
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
                yes: vec![
                    (cell(row, 5), text("はい")),
                    (cell(row, 6), text("（6/15）")),
                    (cell(row, 8), text("はい ・ いいえ")),
                ],
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
    sheet
        .merge_range(
            0,
            0,
            0,
            5,
            "医療機関におけるサイバーセキュリティ対策チェックリスト（令和7年度）",
            &grey(),
        )
        .unwrap();
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
    for (col, label) in (3..).zip(["回答", "確認した日（確認日）", "「いいえ」の場合の目標日"])
    {
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
            about.clone_into(&mut scope);
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
    sheet
        .merge_range(row, 0, row, 5, "※ 立入検査の際は、この様式を手元に置いてください。", &boxed())
        .unwrap();
    Form { name: "boxes", sheet: "様式", bytes: done(workbook), truth, vendor: false }
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
        for item in
            ITEMS.iter().filter(|item| item.section == section && item.key != "stop-services#terminal")
        {
            let words = format!("{section}－{}　{}", circled(item.number), item.asked);
            sheet.write_with_format(row, 0, words, &boxed()).unwrap();
            sheet.write_with_format(row, 1, "はい・いいえ\n（　／　）", &boxed()).unwrap();
            sheet.write_with_format(row, 2, "／", &boxed()).unwrap();
            truth.push(Truth {
                row,
                key: Some(item.key.to_owned()),
                yes: vec![(cell(row, 1), text("はい (6/15)")), (cell(row, 2), text("／"))],
                no: vec![
                    (cell(row, 1), text("いいえ (6/15)")),
                    (cell(row, 2), text("3/31")),
                    (cell(row, 3), text("予算を申請中")),
                ],
            });
            row += 1;
        }
        row += 1;
    }
    Form { name: "embedded", sheet: "令和８年度", bytes: done(workbook), truth, vendor: false }
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
                yes: vec![
                    (cell(row, 4), text("はい (6/15)")),
                    (cell(row, 7), text("はい ・ いいえ\n(　／　)")),
                ],
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
    for (col, label) in (0..).zip(["番号", "点検内容", "対象機器", "回答（○・×）", "記入日", "備考"])
    {
        sheet.write_with_format(1, col, label, &grey()).unwrap();
    }
    let mut truth = Vec::new();
    for (row, item) in (2..).zip(ITEMS) {
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
    }
    Form { name: "split by equipment", sheet: "自己点検", bytes: done(workbook), truth, vendor: false }
}

/// A box, a word, a box, a word in four cells under one heading; the sentences under a heading nobody could guess.
pub fn cells_to_tick() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_with_format(2, 1, "サイバーセキュリティへの取り組み", &grey()).unwrap();
    sheet.merge_range(2, 2, 2, 5, "取組状況", &grey()).unwrap();
    sheet.write_with_format(2, 6, "点検日", &grey()).unwrap();
    let mut truth = Vec::new();
    for (row, item) in (3..).zip(ITEMS.iter().filter(|item| item.key != "stop-services#terminal")) {
        sheet.write(row, 0, format!("{}‐{}", item.section, item.number)).unwrap();
        sheet.write(row, 1, item.asked).unwrap();
        for (col, words) in (2..).zip(["□", "はい", "□", "いいえ"]) {
            sheet.write(row, col, words).unwrap();
        }
        truth.push(Truth {
            row,
            key: Some(item.key.to_owned()),
            yes: vec![
                (cell(row, 2), text("☑")),
                (cell(row, 3), text("はい")),
                (cell(row, 4), text("□")),
                (cell(row, 6), text("2026/6/15")),
            ],
            no: vec![(cell(row, 2), text("□")), (cell(row, 4), text("☑")), (cell(row, 5), text("いいえ"))],
        });
    }
    Form { name: "cells to tick", sheet: "Sheet1", bytes: done(workbook), truth, vendor: false }
}
