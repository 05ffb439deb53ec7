//! What the tests share: items as a catalogue would know them, and the sentences of imaginary forms that ask the same things in
//! other words. No sentence here is an official one.
#![allow(dead_code)] // Each test file uses a part.

pub mod layouts;

use komainu_workbook::{KnownRow, Scope};

/// An item: key, section, number in the section, equipment, our words for it, and how an imaginary form asks for it.
pub struct Item {
    pub key: &'static str,
    pub section: u32,
    pub number: u32,
    pub scope: Scope,
    ours: [&'static str; 2],
    pub asked: &'static str,
}

const fn item(
    key: &'static str,
    (section, number): (u32, u32),
    scope: Scope,
    ours: [&'static str; 2],
    asked: &'static str,
) -> Item {
    Item { key, section, number, scope, ours, asked }
}

pub const GATE: Item = item(
    "has-system",
    (0, 0),
    Scope::Organisation,
    [
        "医療情報システムの有無（前提）",
        "電子カルテ、レセコン、オーダリングなど、患者の医療情報を扱うシステムを一つでも使っているか（自院で作ったものも数える）。使っていなければ、残りの項目は答えなくてよい。",
    ],
    "患者の情報を取り扱う医療情報システムを導入し、使用している。（いいえの場合、以下の項目は記入不要）",
);

pub const ITEMS: &[Item] = &[
    item(
        "org-officer",
        (1, 1),
        Scope::Organisation,
        [
            "安全管理の責任者",
            "医療情報システムの安全を取り仕切る責任者を、経営側が正式に決めているか。小規模なら院長や実務担当が兼ねてもよい。",
        ],
        "システムの安全管理に責任を負う者を置いている。",
    ),
    item(
        "asset-ledger",
        (2, 1),
        Scope::All,
        [
            "機器の台帳",
            "サーバ、端末のパソコン、ルータなどの通信機器を、もれなく一覧にまとめ、変わるたびに直しているか。",
        ],
        "サーバー、端末PC及びネットワーク機器について、台帳を整えて管理している。",
    ),
    item(
        "remote-maintenance",
        (2, 2),
        Scope::All,
        [
            "リモート保守の把握",
            "業者が外からつないで保守する機器があるかどうかを、業者に聞いて確かめているか。",
        ],
        "遠隔保守（リモートメンテナンス）の対象となる機器の有無を、委託先に問い合わせて把握した。",
    ),
    item(
        "mds-sds",
        (2, 3),
        Scope::All,
        [
            "業者の開示書（MDS/SDS）",
            "製品（MDS）やサービス（SDS）の安全対策をまとめた開示書を、業者から受け取っているか。",
        ],
        "製造者やサービス提供者から情報セキュリティの開示書（ＭＤＳ／ＳＤＳ）を入手している。",
    ),
    item(
        "access-rights",
        (2, 4),
        Scope::All,
        [
            "利用権限の設定",
            "職種や担当業務、情報の種類ごとに、見られる・書ける範囲を分けているか。管理者権限を持つ人をはっきりさせているか。",
        ],
        "職務や扱う情報の区分に応じ、利用者ごとにアクセス権限を割り当てている。",
    ),
    item(
        "accounts-cleanup",
        (2, 5),
        Scope::All,
        ["使わないアカウントの削除", "退職した人のものや、使われていないアカウントを消すか止めているか。"],
        "退職者など、もはや必要のない利用者アカウントを抹消又は無効にしている。",
    ),
    item(
        "patches",
        (2, 6),
        Scope::All,
        [
            "更新プログラムの適用",
            "機器やソフトのすき間をふさぐ更新（最新のファームウェアや修正プログラム）を当てているか。",
        ],
        "セキュリティパッチや新しいファームウエアを適用している。",
    ),
    item(
        "password-strength",
        (2, 7),
        Scope::All,
        [
            "強いパスワード",
            "英字・数字・記号を混ぜた8文字以上のパスワードを使い、定期的に変えているか。13文字以上にするか二要素認証を使うなら、定期変更はいらない。",
        ],
        "パスワードは英数字と記号を組み合わせた８文字以上とし、推測されにくいものにしている。\n※二要素認証か13文字以上の場合、定期的な変更は不要",
    ),
    item(
        "password-reuse",
        (2, 8),
        Scope::All,
        [
            "パスワードの使い回し禁止",
            "一つのパスワードを複数の機器・サービスで使わないよう決め、守っているか。",
        ],
        "複数の機器やサービスの間で同一のパスワードを流用していない。",
    ),
    item(
        "media-control",
        (2, 9),
        Scope::All,
        [
            "USBなど外部媒体の制限",
            "USBメモリなどの外部媒体や外部の機器を、つなげる条件を決めて制限しているか。",
        ],
        "ＵＳＢメモリ等の可搬媒体や持ち込み機器の接続に制限をかけている。",
    ),
    item(
        "two-factor",
        (2, 10),
        Scope::All,
        [
            "二要素認証",
            "性質の違う二つの確認（例：パスワード＋ICカード）で利用者を確かめる仕組みを入れているか、遅くとも令和9年度（2027年度）までに入れる予定があるか。",
        ],
        "２要素認証を採用済みである、又は令和９年度までに採用する計画がある。",
    ),
    item(
        "access-log",
        (2, 11),
        Scope::Server,
        [
            "アクセスログ",
            "サーバについて、だれがいつ入り何をしたかの記録を残し、消されたり書き換えられたりしないよう守り、定期的に見ているか。",
        ],
        "利用者のアクセスの記録（ログ）を保存し、点検している。",
    ),
    item(
        "stop-services#server",
        (2, 12),
        Scope::Server,
        [
            "不要なソフト・サービスの停止",
            "サーバやパソコンの裏で動いている、使わないソフトやサービスを止めているか。",
        ],
        "業務に用いないソフトウェアや、裏で動くサービスを無効にしている。",
    ),
    item(
        "stop-services#terminal",
        (2, 12),
        Scope::Terminal,
        [
            "不要なソフト・サービスの停止",
            "サーバやパソコンの裏で動いている、使わないソフトやサービスを止めているか。",
        ],
        "業務に用いないソフトウェアや、裏で動くサービスを無効にしている。",
    ),
    item(
        "source-restriction",
        (2, 13),
        Scope::Network,
        [
            "接続元の制限",
            "ネットワーク機器で、つないでよい相手や機器をしぼっているか（無線LANにつなげる機器の限定など）。",
        ],
        "機器へ接続できる相手先を、許可したものに限定している。",
    ),
    item(
        "contact-chart",
        (3, 1),
        Scope::Organisation,
        [
            "事故時の連絡体制図",
            "サイバー事故のときに、院内のだれから外のどこへ（業者、厚労省、警察など）連絡するかを図にしてあるか。",
        ],
        "サイバー攻撃を受けた際の、組織の内と外（委託先、監督官庁、警察等）への連絡網を作っている。",
    ),
    item(
        "backup-restore",
        (3, 2),
        Scope::All,
        [
            "バックアップと復旧手順",
            "診療を続けるのに要る情報を決め、そのデータとシステムの控えをとり、戻す手順を確かめているか。",
        ],
        "診療の継続に欠かせないデータのバックアップを行い、復旧のやり方を確かめている。",
    ),
    item(
        "bcp",
        (3, 3),
        Scope::Organisation,
        [
            "サイバー攻撃を想定したBCP",
            "サイバー攻撃でシステムが止まったときに、どう診療を続け、どう戻すかの計画（BCP）を作っているか。",
        ],
        "サイバー攻撃を受けた場合に備えた事業継続計画を策定している。",
    ),
    item(
        "rules",
        (4, 1),
        Scope::Organisation,
        [
            "規程の整備",
            "上の1〜3の各項目をどう行うかを、運用管理規程などの院内の決まりとして文書にしてあるか。",
        ],
        "１から３までの事項を実施するための運用管理規程等を定めている。",
    ),
];

/// A question the catalogue does not know.
pub const UNKNOWN: &str = "生成AIを業務に使うときの手引きを職員に配っている。";

pub const SECTIONS: [&str; 4] =
    ["体制構築", "医療情報システムの管理・運用", "インシデント発生に備えた対応", "規程類の整備"];

pub fn circled(number: u32) -> char {
    char::from_u32(0x2460 + number - 1).unwrap()
}

fn known_row(item: &Item) -> KnownRow {
    let unnumbered = item.section == 0;
    KnownRow {
        key: item.key.to_owned(),
        number: if unnumbered {
            "(unnumbered)".into()
        } else {
            format!("{}-{}", item.section, circled(item.number))
        },
        number_ascii: if unnumbered { "0".into() } else { format!("{}-{}", item.section, item.number) },
        section: item.section.to_string(),
        scope: Some(item.scope),
        texts: item.ours.iter().map(|text| (*text).to_owned()).collect(),
    }
}

/// The institutions' form as the catalogue knows it, gate question included.
pub fn known() -> Vec<KnownRow> {
    std::iter::once(&GATE).chain(ITEMS).map(known_row).collect()
}

/// The vendors' form: without the ledger and the last two sections.
pub fn known_vendor() -> Vec<KnownRow> {
    ITEMS.iter().filter(|item| item.section < 3 && item.key != "asset-ledger").map(known_row).collect()
}

/// The parts of an archive, in order.
pub fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// An archive of the parts.
pub fn zip(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The text of a part.
pub fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(part, _)| part == name);
    String::from_utf8(found.unwrap_or_else(|| panic!("no {name}")).1).unwrap()
}
