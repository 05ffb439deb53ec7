//! The vocabulary of such forms: what column headings, scopes and field labels are called.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::fold::{fold, squeeze};

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Number,
    Section,
    Scope,
    Text,
    Answer,
    Yes,
    No,
    NotApplicable,
    Date,
    Target,
    Remark,
    /// Guidance, references, and whatever else is not filled in.
    Other,
}

/// Which equipment an item speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Medical information systems in general.
    All,
    /// Servers.
    Server,
    /// Terminal PCs.
    Terminal,
    /// Network devices.
    Network,
    /// The organisation, no equipment.
    Organisation,
}

/// Longest heading of a column, in characters.
const MAX_LABEL: usize = 36;

/// How a heading is compared with the words for a role.
enum By {
    /// The whole heading, without what stands in brackets.
    Whole,
    /// Its end, if it is short.
    End,
    /// Anywhere in it, if it is short.
    Part,
    /// Anywhere in it, however long.
    Anywhere,
}

/// What columns are called. The order matters: `実施予定日` is a target and no check date.
const HEADINGS: &[(Role, By, &[&str])] = &[
    (
        Role::Number,
        By::Whole,
        &[
            "番号",
            "no",
            "no.",
            "項番",
            "項目番号",
            "#",
            "項目no",
            "項目no.",
            "整理番号",
            "通番",
            "チェック番号",
        ],
    ),
    (Role::Yes, By::Whole, &["はい", "yes", "○", "〇", "実施済", "できている"]),
    (Role::No, By::Whole, &["いいえ", "no回答", "×", "未実施", "できていない"]),
    (Role::NotApplicable, By::Whole, &["該当なし", "対象外", "非該当"]),
    (
        Role::Other,
        By::Anywhere,
        &["ガイドライン", "参考", "根拠", "参照", "解説", "マニュアル", "該当箇所", "責任分界", "説明"],
    ),
    (
        Role::Target,
        By::Anywhere,
        &["目標日", "目標年月日", "目標期日", "目標時期", "予定日", "予定年月日", "予定時期"],
    ),
    (Role::Target, By::Part, &["目標", "期限", "対応予定", "完了予定", "改善予定", "期日", "達成時期"]),
    (
        Role::Remark,
        By::Whole,
        &[
            "備考欄",
            "備考等",
            "備考・理由",
            "メモ",
            "コメント",
            "特記事項",
            "特記",
            "補足",
            "理由",
            "摘要",
            "所見",
            "備考(理由等)",
        ],
    ),
    (Role::Remark, By::End, &["備考"]),
    (Role::Date, By::Part, &["確認日", "点検日", "実施日", "回答日", "チェック日", "年月日"]),
    (Role::Date, By::Whole, &["日付", "記入日", "月日"]),
    (Role::Section, By::Whole, &["区分", "分類", "大項目", "カテゴリ", "カテゴリー", "章", "分野", "大分類"]),
    (Role::Scope, By::Whole, &["対象", "対象機器", "対象範囲", "機器", "機器種別", "対象システム"]),
    (
        Role::Answer,
        By::Whole,
        &[
            "回答",
            "結果",
            "判定",
            "可否",
            "適否",
            "有無",
            "実施状況",
            "対応状況",
            "回答欄",
            "チェック",
            "チェック欄",
        ],
    ),
    (
        Role::Answer,
        By::End,
        &[
            "確認結果",
            "回答",
            "点検結果",
            "チェック結果",
            "確認欄",
            "有無",
            "実施状況",
            "取組状況",
            "達成状況",
        ],
    ),
    (
        Role::Text,
        By::Whole,
        &[
            "項目",
            "内容",
            "質問",
            "設問",
            "要件",
            "チェックリスト",
            "点検内容",
            "確認内容",
            "小項目",
            "中項目",
            "質問項目",
        ],
    ),
    (
        Role::Text,
        By::End,
        &[
            "チェック項目",
            "確認項目",
            "点検項目",
            "確認事項",
            "チェック内容",
            "実施項目",
            "質問内容",
            "点検事項",
            "項目内容",
        ],
    ),
];

/// The role a column heading names, if any.
pub(crate) fn label_role(text: &str) -> Option<Role> {
    let label = squeeze(text);
    let count = label.chars().count();
    if count == 0 || count > MAX_LABEL {
        return None;
    }
    let bare = label.split(['(', '※']).next().unwrap_or_default();
    let bare = if bare.is_empty() { label.trim_matches(['(', ')']) } else { bare };
    let short = bare.chars().count() <= 12;
    // `目標日（「いいえ」の場合）`, `「いいえ」を「はい」とする目標日` speak of answers and want none.
    let speaks_of_answers = printed_answer(&label);
    HEADINGS
        .iter()
        .filter(|(role, ..)| !speaks_of_answers || *role == Role::Target)
        .find(|(_, by, words)| {
            words.iter().any(|word| match by {
                By::Whole => bare == *word,
                By::End => short && bare.ends_with(word),
                By::Part => short && label.contains(word),
                By::Anywhere => label.contains(word),
            })
        })
        .map(|(role, ..)| *role)
        .or(speaks_of_answers.then_some(Role::Answer))
}

fn printed_answer(label: &str) -> bool {
    crate::answer::printed_choices(label).is_some()
        || label.contains("はい") && label.contains("いいえ")
        || label.contains("○×")
        || label.contains("○/×")
}

const ROUNDS: [&[&str]; 4] = [
    &["1回目", "第1回", "一回目", "初回"],
    &["2回目", "第2回", "二回目"],
    &["3回目", "第3回", "三回目"],
    &["4回目", "第4回"],
];

/// Which round of checking a heading names, from one: `1回目`, `第2回`, `初回`.
pub(crate) fn round_of(text: &str) -> Option<usize> {
    let label = squeeze(text);
    if label.chars().count() > MAX_LABEL {
        return None;
    }
    ROUNDS.iter().position(|names| names.iter().any(|name| label.contains(name))).map(|index| index + 1)
}

/// Words for equipment, folded.
static EQUIPMENT: LazyLock<Vec<(Scope, Vec<String>)>> = LazyLock::new(|| {
    [
        (Scope::Server, &["サーバ"][..]),
        (Scope::Terminal, &["端末", "パソコン", "クライアントPC"]),
        (Scope::Network, &["ネットワーク機器", "通信機器", "ネットワーク装置", "ルータ"]),
    ]
    .map(|(scope, words)| (scope, words.iter().map(|word| fold(word)).collect()))
    .into()
});

/// The equipment a text names.
pub(crate) fn scopes_in(text: &str) -> Vec<Scope> {
    scopes_in_folded(&fold(text))
}

/// The equipment a folded text names.
pub(crate) fn scopes_in_folded(folded: &str) -> Vec<Scope> {
    let named = |(scope, words): &(Scope, Vec<String>)| {
        let by_letters = *scope == Scope::Terminal && folded == "pc";
        by_letters || words.iter().any(|word| folded.contains(word.as_str()))
    };
    EQUIPMENT.iter().filter(|equipment| named(equipment)).map(|(scope, _)| *scope).collect()
}

/// Whether the text is about all equipment alike, which ends a narrower scope above it.
pub(crate) fn names_all_scopes(text: &str) -> bool {
    let folded = fold(text);
    ["全般", "システム全体", "共通"].iter().any(|word| folded.contains(&fold(word)))
        || scopes_in_folded(&folded).len() == 3
}

/// Notions that such forms call by several names. A text that holds any of a row's words shares the notion with any other that does.
const NOTIONS: &[&[&str]] = &[
    &["責任者", "責任を負う", "任命", "選任"],
    &["台帳", "一覧", "リスト化", "棚卸", "目録", "構成管理"],
    &["リモート", "遠隔", "外部接続による保守", "外からつな", "外部から接続"],
    &["保守", "メンテナンス"],
    &["MDS", "SDS", "開示書", "情報開示"],
    &["権限", "アクセス制御", "アクセス権", "見られる", "見ることのでき", "できる範囲", "閲覧範囲", "職種"],
    &["アカウント", "利用者ID", "ユーザID", "ログインID", "人のID"],
    &["不要", "退職", "辞めた", "使われていない", "使用していない", "使っていない", "使わな", "未使用"],
    &["パッチ", "更新プログラム", "修正プログラム", "アップデート", "ファームウェア", "脆弱性"],
    &["パスワード", "暗証"],
    &["使い回し", "使いまわし", "同じパスワード", "共通のパスワード", "流用"],
    &["文字以上", "桁以上", "英数", "推測", "強固", "強度", "複雑"],
    &["USB", "外部媒体", "記憶媒体", "外部記録", "可搬", "リムーバブル", "接続制限"],
    &["二要素", "2要素", "多要素", "二段階", "二因子"],
    &["ログ", "アクセス記録", "操作記録", "利用記録"],
    &["バックグラウンド", "ソフトウェア", "サービスを", "常駐", "裏で動"],
    &["停止", "止め", "無効化", "オフに"],
    &[
        "接続元",
        "接続制限",
        "つないでよい",
        "接続先",
        "通信制御",
        "フィルタリング",
        "許可した",
        "相手以外",
        "相手先",
    ],
    &["ネットワーク機器", "通信機器", "ルータ", "無線LAN"],
    &["サーバ"],
    &["端末", "パソコン"],
    &["連絡体制", "連絡網", "連絡先", "通報"],
    &["インシデント", "サイバー攻撃", "サイバー事故", "攻撃を受け"],
    &["バックアップ", "控え", "複製を取得", "データ保全"],
    &["復旧", "復元", "戻す", "リストア"],
    &["BCP", "事業継続", "診療継続", "業務継続"],
    &["規程", "規定", "ルール", "決まり", "規則"],
    &["導入、運用", "使用しているか", "有無", "医療情報システムを導入", "利用している"],
    &["業者", "ベンダ", "事業者", "委託先"],
    &["電子カルテ", "レセプト", "レセコン", "オーダリング"],
    &[
        "回答不要",
        "記入不要",
        "記載不要",
        "回答は不要",
        "記入は不要",
        "回答を要しない",
        "答えなくてよい",
        "終わりです",
    ],
];

/// The notions a text holds, by their place in the table.
pub(crate) fn notions_in(folded: &str) -> Vec<usize> {
    static FOLDED: LazyLock<Vec<Vec<String>>> =
        LazyLock::new(|| NOTIONS.iter().map(|words| words.iter().map(|word| fold(word)).collect()).collect());
    FOLDED
        .iter()
        .enumerate()
        .filter(|(_, words)| words.iter().any(|word| folded.contains(word)))
        .map(|(index, _)| index)
        .collect()
}

/// Whether the text reads as a sentence and not as a heading.
pub(crate) fn is_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(['。', '．', '.', '？', '?', '」', ')', '）']);
    let ending = ["か", "る", "い", "た", "す", "こと", "済み", "です"].iter().any(|end| bare.ends_with(end));
    ending && text.chars().count() >= 8 || text.chars().count() >= 28
}

/// Whether the text is a note and asks nothing.
pub(crate) fn is_note(text: &str) -> bool {
    let text = squeeze(text);
    ["※", "注", "(注", "(※", "*", "＊", "・※", "【注", "備考"].iter().any(|lead| text.starts_with(lead))
}

/// Whether the text shows how to fill the form in.
pub(crate) fn is_example(text: &str) -> bool {
    let text = squeeze(text);
    let bare = text.trim_start_matches(['(', '[', '【', '<', '〈', '※', '例']);
    bare.starts_with("記入例") || bare.starts_with("記載例") || bare.starts_with("回答例")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_roles() {
        for (text, role) in [
            ("Ｎｏ．", Role::Number),
            ("チェック項目", Role::Text),
            ("確認結果\n（日付）", Role::Answer),
            ("はい・いいえ", Role::Answer),
            ("はい", Role::Yes),
            ("いいえ", Role::No),
            ("確認日", Role::Date),
            ("実施予定日", Role::Target),
            ("目標日（いいえの場合）", Role::Target),
            ("備　考", Role::Remark),
            ("ガイドライン該当箇所", Role::Other),
            ("区分", Role::Section),
        ] {
            assert_eq!(label_role(text), Some(role), "{text}");
        }
        for none in ["", "医療情報システムの安全管理責任者を設置している。", "氏名", "単価", "1回目"]
        {
            assert_eq!(label_role(none), None, "{none}");
        }
        assert_eq!(round_of("２回目 確認結果"), Some(2));
        assert_eq!(scopes_in("サーバー・端末ＰＣ"), [Scope::Server, Scope::Terminal]);
    }
}
