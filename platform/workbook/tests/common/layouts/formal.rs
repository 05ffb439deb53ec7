//! Forms as a ministry would write them: long formal sentences, and layouts in which an item takes up several rows, a drop-down
//! hangs on a whole column, headings explain themselves, and rows stand that the catalogue does not know.

use rust_xlsxwriter::{DataValidation, Format, Workbook, Worksheet};

use super::{Form, Truth, Want, boxed, cell, date_format, day, done, grey, target, text};
use crate::common::{GATE, ITEMS, Item, SECTIONS, circled};

/// How such a form asks for each item, in no official sentence.
const SENTENCES: &[(&str, &str)] = &[
    (
        "has-system",
        "本施設において、患者に関する医療情報を取り扱う情報システム（電子カルテ、レセプトコンピュータ等をいう。）を導入し、又は運用しているか。（「いいえ」と回答した場合は、以下の各項目への回答は不要とする。）",
    ),
    (
        "org-officer",
        "経営層の責任の下、医療情報システムの安全な管理及び運用を統括する責任者を任命し、その職務を文書により明らかにしているか（小規模な施設にあっては、院長等が兼務する場合を含む。）。",
    ),
    (
        "asset-ledger",
        "医療情報システムを構成するサーバ、端末ＰＣ及びネットワーク機器の全てについて、設置場所、型番等を記載した機器台帳を作成し、変更の都度これを更新しているか。",
    ),
    (
        "remote-maintenance",
        "提供事業者等に対し、リモートメンテナンス（遠隔保守）に利用される回線及び機器の有無を照会し、その結果を確認しているか。",
    ),
    (
        "mds-sds",
        "導入している製品又はサービスについて、提供事業者から情報セキュリティの開示書（製造業者によるものをＭＤＳ、サービス事業者によるものをＳＤＳという。）を徴取し、保管しているか。",
    ),
    (
        "access-rights",
        "職員の職種及び担当業務並びに情報の重要度に応じた区分に基づき、利用者ごとに情報へのアクセス権限を適切に付与し、管理者権限を有する者を必要最小限に限定しているか。",
    ),
    (
        "accounts-cleanup",
        "退職、異動等により不要となった利用者のアカウント及び長期間使用されていないアカウントについて、速やかに削除又は無効化の措置を講じているか。",
    ),
    (
        "patches",
        "機器及びソフトウェアの脆弱性に対処するため、製造元等から提供されるセキュリティ更新プログラム（ファームウェアの更新を含む。）を遅滞なく適用しているか。",
    ),
    (
        "password-strength",
        "利用者のパスワードは、英字、数字及び記号を組み合わせた１３文字以上（二要素認証を採用している場合は８文字以上）の推測困難な文字列とし、その旨を周知しているか。",
    ),
    (
        "password-reuse",
        "同一のパスワードを複数の機器、システム又はサービスの間で使い回すことを禁止し、これを職員に周知徹底しているか。",
    ),
    (
        "media-control",
        "ＵＳＢメモリをはじめとする外部記録媒体及び持込機器を医療情報システムに接続することについて、許可制とするなどの制限を設けているか。",
    ),
    (
        "two-factor",
        "ログインに当たり、記憶・所持・生体のうち異なる二つの要素を組み合わせた認証（二要素認証）を導入し、又は令和９年度までに導入する計画を有しているか。",
    ),
    (
        "access-log",
        "サーバへのログイン及び操作に係るアクセスの記録（ログ）を取得して改ざん等から保護するとともに、定期的にこれを点検しているか。",
    ),
    (
        "stop-services",
        "バックグラウンドで動作しているソフトウェア及びサービスのうち、業務上必要のないものを特定し、停止しているか。",
    ),
    (
        "source-restriction",
        "ルータ等のネットワーク機器において、接続を許可する相手先を限定する接続元制限を実施しているか。",
    ),
    (
        "contact-chart",
        "サイバーインシデントの発生に備え、事業者、厚生労働省、警察等の外部関係機関への連絡先及び連絡順序を示した連絡体制図を整備し、関係者に周知しているか。",
    ),
    (
        "backup-restore",
        "診療を継続する上で必要な情報を特定し、当該データ及びシステムのバックアップを取得するとともに、これを用いた復旧の手順を実地に確認しているか。",
    ),
    (
        "bcp",
        "サイバー攻撃により医療情報システムが停止した場合を想定した事業継続計画（ＢＣＰ）を策定し、これに基づく訓練を行っているか。",
    ),
    (
        "rules",
        "１から３までに掲げる各事項の実施に必要な運用管理規程その他の規程類を整備し、職員がいつでも参照できる状態としているか。",
    ),
];

/// What such a form might also ask, and the catalogue does not know.
const STRANGERS: [&str; 4] = [
    "生成ＡＩその他の外部サービスを業務に利用する場合の取扱いを定め、職員に周知している。",
    "ネットワークの構成図を作成し、最新の状態に保っている。",
    "サーバ室への入退室の記録を残している。",
    "職員を対象としたサイバーセキュリティに関する研修を年１回以上実施している。",
];

fn formal(item: &Item) -> &'static str {
    let key = item.key.split('#').next();
    SENTENCES.iter().find(|(name, _)| Some(*name) == key).map_or("", |(_, sentence)| sentence)
}

/// The items, one row each: what we keep apart by equipment is printed once.
fn printed_once() -> impl Iterator<Item = &'static Item> {
    ITEMS.iter().filter(|item| item.key != "stop-services#terminal")
}

fn form(name: &'static str, sheet: &'static str, workbook: Workbook, truth: Vec<Truth>) -> Form {
    Form { name, sheet, bytes: done(workbook), truth, vendor: false }
}

fn headings(sheet: &mut Worksheet, row: u32, labels: &[&str]) {
    for (col, label) in (0..).zip(labels) {
        sheet.write_with_format(row, col, *label, &grey()).unwrap();
    }
}

fn offer(sheet: &mut Worksheet, rows: (u32, u32), col: u16, values: &[&str]) {
    let rule = DataValidation::new().allow_list_strings(values).unwrap();
    sheet.add_data_validation(rows.0, col, rows.1, col, &rule).unwrap();
}

fn blank(sheet: &mut Worksheet, row: u32, columns: std::ops::Range<u16>, format: &Format) {
    for col in columns {
        sheet.write_blank(row, col, format).unwrap();
    }
}

fn truth(
    key: &str,
    row: u32,
    yes: Vec<(komainu_workbook::Address, Want)>,
    no: Vec<(komainu_workbook::Address, Want)>,
) -> Truth {
    Truth { row, key: Some(key.to_owned()), yes, no }
}

/// Each item takes up two rows: the choices of three rounds above, the blanks for their dates below.
pub fn dates_below() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("医療機関・薬局確認用").unwrap();
    sheet.write(0, 0, "令和８年度版　医療機関・薬局におけるサイバーセキュリティ対策チェックリスト").unwrap();
    sheet.write(1, 0, "＊全ての項目で「はい」にマルが付くよう取り組んでください。").unwrap();
    sheet.merge_range(3, 0, 4, 2, "チェック項目", &grey()).unwrap();
    sheet.merge_range(3, 3, 3, 5, "確認結果\n（日付）", &grey()).unwrap();
    for (col, label) in (3..).zip(["１回目", "２回目", "３回目"]) {
        sheet.write_with_format(4, col, label, &grey()).unwrap();
    }
    sheet.merge_range(3, 6, 4, 6, "目標日\n（「いいえ」の場合）", &grey()).unwrap();
    let mut all = Vec::new();
    let mut row = 5;
    for (section, title) in (1_u32..).zip(SECTIONS) {
        let items: Vec<_> = printed_once().filter(|item| item.section == section).collect();
        let last = row + 2 * u32::try_from(items.len()).unwrap() - 1;
        sheet.merge_range(row, 0, last, 0, &format!("{section}\n{title}"), &boxed()).unwrap();
        for item in items {
            sheet.merge_range(row, 1, row + 1, 1, &circled(item.number).to_string(), &boxed()).unwrap();
            sheet.merge_range(row, 2, row + 1, 2, formal(item), &boxed()).unwrap();
            for col in 3..6 {
                sheet.write_with_format(row, col, "はい・いいえ", &boxed()).unwrap();
                sheet.write_with_format(row + 1, col, "（　／　）", &boxed()).unwrap();
            }
            sheet.merge_range(row, 6, row + 1, 6, "（　／　）", &boxed()).unwrap();
            let checked = (cell(row + 1, 3), text("（6/15）"));
            all.push(truth(
                item.key,
                row,
                vec![(cell(row, 3), text("はい")), checked.clone(), (cell(row + 1, 4), text("（　／　）"))],
                vec![(cell(row, 3), text("いいえ")), checked, (cell(row, 6), text("（3/31）"))],
            ));
            row += 2;
        }
    }
    sheet.write(row + 1, 0, "医療機関名：").unwrap();
    form("dates below", "医療機関・薬局確認用", workbook, all)
}

/// `□はい` above `□いいえ`, in two rows that are not merged.
pub fn boxes_below() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("様式１").unwrap();
    sheet.write(0, 0, "サイバーセキュリティ対策チェックリスト（医療機関・薬局確認用）令和８年度").unwrap();
    headings(sheet, 2, &["番号", "チェック項目", "回答", "確認年月日", "改善予定年月日", "所見"]);
    let mut all = Vec::new();
    for (row, item) in (3..).step_by(2).zip(printed_once()) {
        sheet.write_with_format(row, 0, format!("{}－（{}）", item.section, item.number), &boxed()).unwrap();
        sheet.write_with_format(row, 1, formal(item), &boxed()).unwrap();
        sheet.write_with_format(row, 2, "□はい", &boxed()).unwrap();
        sheet.write_with_format(row + 1, 2, "□いいえ", &boxed()).unwrap();
        blank(sheet, row, 3..5, &date_format());
        blank(sheet, row, 5..6, &boxed());
        all.push(truth(
            item.key,
            row,
            vec![
                (cell(row, 2), text("☑はい")),
                (cell(row + 1, 2), text("□いいえ")),
                (cell(row, 3), Want::Day(day())),
            ],
            vec![
                (cell(row, 2), text("□はい")),
                (cell(row + 1, 2), text("☑いいえ")),
                (cell(row, 4), Want::Day(target())),
                (cell(row, 5), text("予算を申請中")),
            ],
        ));
    }
    form("boxes below", "様式１", workbook, all)
}

/// The drop-down hangs on the whole column, headings of sections included; numbers stand in the sentences; the values are numbered.
pub fn whole_column() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1").unwrap();
    sheet.write(0, 0, "令和８年度　サイバーセキュリティ対策チェックリスト（医療機関・薬局確認用）").unwrap();
    headings(sheet, 2, &["確認内容", "回答（プルダウンから選択）", "点検年月日", "実施予定年月日"]);
    let mut all = Vec::new();
    let mut row = 3;
    let mut section = 0;
    for item in std::iter::once(&GATE).chain(printed_once()) {
        if item.section > section {
            section = item.section;
            let title = SECTIONS[section as usize - 1];
            sheet.write_with_format(row, 0, format!("【{section}】{title}"), &boxed()).unwrap();
            row += 1;
        }
        let number =
            if section == 0 { String::new() } else { format!("{section}－（{}）　", item.number) };
        sheet.write_with_format(row, 0, number + formal(item), &boxed()).unwrap();
        blank(sheet, row, 1..4, &boxed());
        let checked = (cell(row, 2), text("2026/6/15"));
        all.push(truth(
            item.key,
            row,
            vec![(cell(row, 1), text("1. はい")), checked.clone()],
            vec![(cell(row, 1), text("2. いいえ")), checked, (cell(row, 3), text("2027/3/31"))],
        ));
        row += 1;
    }
    offer(sheet, (3, row), 1, &["1. はい", "2. いいえ", "3. 該当なし"]);
    form("whole column", "Sheet1", workbook, all)
}

/// Answers before sentences, headings that explain themselves, an example under the drop-down, the year in kanji, no number anywhere.
pub fn reversed() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("自己点検票").unwrap();
    sheet.write(0, 0, "令和八年度　自己点検票（サイバーセキュリティ対策チェックリスト）").unwrap();
    let target_label = "「いいえ」の場合に「はい」とする目標日";
    headings(sheet, 2, &["実施状況\n（はい／いいえ）", "実施年月日", target_label, "点　検　項　目", "摘要"]);
    sheet.write_with_format(3, 0, "いいえ", &boxed()).unwrap();
    sheet.write_with_format(3, 3, "（記入例）避難訓練を年１回以上実施しているか。", &boxed()).unwrap();
    let mut all = Vec::new();
    let mut last = 3;
    for (row, item) in (4..).zip(std::iter::once(&GATE).chain(printed_once())) {
        blank(sheet, row, 0..1, &boxed());
        blank(sheet, row, 1..3, &date_format());
        sheet.write_with_format(row, 3, formal(item), &boxed()).unwrap();
        blank(sheet, row, 4..5, &boxed());
        all.push(truth(
            item.key,
            row,
            vec![
                (cell(row, 0), text("はい")),
                (cell(row, 1), Want::Day(day())),
                (cell(row, 2), Want::Nothing),
            ],
            vec![
                (cell(row, 0), text("いいえ")),
                (cell(row, 2), Want::Day(target())),
                (cell(row, 4), text("予算を申請中")),
            ],
        ));
        last = row;
    }
    offer(sheet, (3, last), 0, &["はい", "いいえ"]);
    form("reversed", "自己点検票", workbook, all)
}

/// One box to tick and no word for no; rows the catalogue does not know stand between, numbers have moved on with them.
pub fn strangers() -> Form {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("点検表").unwrap();
    sheet.write(0, 0, "医療機関・薬局におけるサイバーセキュリティ対策チェックリスト（令和８年度）").unwrap();
    headings(sheet, 2, &["チェック", "番号", "チェック項目", "確認日"]);
    let left_out = ["mds-sds", "media-control"];
    let mut asked: Vec<(Option<&Item>, u32, &str)> = printed_once()
        .filter(|item| !left_out.contains(&item.key))
        .map(|item| (Some(item), item.section, formal(item)))
        .collect();
    for (place, stranger) in [2, 5, 9, 14].into_iter().zip(STRANGERS) {
        let section = asked[place].1;
        asked.insert(place, (None, section, stranger));
    }
    let mut all = Vec::new();
    let (mut section, mut number) = (0, 0);
    for (row, (item, of, words)) in (3..).zip(asked) {
        number = if of == section { number + 1 } else { 1 };
        section = of;
        sheet.write_with_format(row, 0, "□", &boxed()).unwrap();
        sheet.write_with_format(row, 1, format!("{section}.{number}"), &boxed()).unwrap();
        sheet.write_with_format(row, 2, words, &boxed()).unwrap();
        blank(sheet, row, 3..4, &date_format());
        all.push(Truth {
            row,
            key: item.map(|item| item.key.to_owned()),
            yes: vec![(cell(row, 0), text("☑")), (cell(row, 3), Want::Day(day()))],
            no: vec![(cell(row, 0), text("□"))],
        });
    }
    form("strangers", "点検表", workbook, all)
}
