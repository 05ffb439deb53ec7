//! The words of files, to be recognised: those that we write ourselves in all three languages, codes, and those that
//! Japanese ledgers use.

mod synonyms;

use crate::model::{Column, Sheet};
use crate::words::{column_label, headings, internet_text, yes_no_text};
use komainu_exposure::model::{ConnectionKind, State};
use komainu_i18n::Lang;
use komainu_inventory::words::{asset_kind_text, connection_kind_text, fact_text, state_text};
use komainu_inventory::{AssetKind, Fact, FactType};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::LazyLock;
use synonyms::{HEADINGS, KINDS, LINE_HEADINGS, STATES};
use unicode_normalization::UnicodeNormalization as _;

/// What a cell says to have taken away what is known.
pub const CLEAR: [&str; 3] = ["[消去]", "[clear]", "[清空]"];
/// Words for "nobody knows" and "nothing": a cell with one says nothing.
const NOTHING: [&str; 14] =
    ["-", "ー", "―", "–", "—", "−", "n/a", "na", "?", "不明", "未定", "未確認", "unknown", "不详"];
/// A longer heading may have so many characters around a known one.
const AROUND: usize = 4;

/// The words that one reader's files are read with; their own language counts first.
pub struct Vocabulary {
    headings: [HashMap<String, Column>; 2],
    kinds: HashMap<String, AssetKind>,
    lines: HashMap<String, ConnectionKind>,
    states: HashMap<String, State>,
    answers: HashMap<String, bool>,
    choices: HashMap<(Fact, String), &'static str>,
    internet: HashSet<String>,
}

/// A text as it is compared: width, case and white space do not count.
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// A heading as it is compared: nor do marks.
pub fn fold_heading(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a folded cell says nothing.
pub fn says_nothing(folded: &str) -> bool {
    folded.is_empty() || NOTHING.contains(&folded)
}

/// Whether a folded cell asks to have taken away what is known.
pub fn clears(folded: &str) -> bool {
    CLEAR.contains(&folded)
}

/// Notes what a word means, unless it means something already.
fn note<K: Eq + Hash, V>(words: &mut HashMap<K, V>, word: K, meaning: V) {
    words.entry(word).or_insert(meaning);
}

impl Vocabulary {
    /// The words for a reader of this language.
    pub fn of(lang: Lang) -> &'static Vocabulary {
        static ALL: LazyLock<[Vocabulary; 3]> = LazyLock::new(|| Lang::ALL.map(Vocabulary::new));
        &ALL[lang as usize]
    }

    fn new(own: Lang) -> Vocabulary {
        let mut languages = vec![own];
        languages.extend(Lang::ALL.into_iter().filter(|lang| *lang != own));
        let mut words = Vocabulary {
            headings: [HashMap::new(), HashMap::new()],
            kinds: HashMap::new(),
            lines: HashMap::new(),
            states: HashMap::new(),
            answers: HashMap::new(),
            choices: HashMap::new(),
            internet: HashSet::from(["internet".to_owned()]),
        };
        for lang in languages {
            words.learn_headings(lang);
            words.learn_values(lang);
        }
        words.learn_synonyms();
        words
    }

    fn learn_headings(&mut self, lang: Lang) {
        for sheet in Sheet::ALL {
            let known = &mut self.headings[sheet as usize];
            for (column, heading) in sheet.columns().into_iter().zip(headings(lang, sheet)) {
                // Where two columns share a label, each heading bears its code, by which it is recognised.
                if heading == column_label(lang, column) {
                    note(known, fold_heading(&heading), column);
                }
            }
        }
    }

    fn learn_values(&mut self, lang: Lang) {
        for kind in AssetKind::ALL {
            note(&mut self.kinds, fold(&asset_kind_text(lang, *kind)), *kind);
        }
        for kind in ConnectionKind::ALL {
            note(&mut self.lines, fold(&connection_kind_text(lang, *kind)), *kind);
        }
        for state in [State::Present, State::Absent] {
            note(&mut self.states, fold(&state_text(lang, state)), state);
        }
        for answer in [true, false] {
            note(&mut self.answers, fold(&yes_no_text(lang, answer)), answer);
        }
        for fact in Fact::ALL {
            for word in choices_of(*fact) {
                note(&mut self.choices, (*fact, fold(&fact_text(lang, *fact, word))), *word);
            }
        }
        self.internet.insert(fold(&internet_text(lang)));
    }

    fn learn_synonyms(&mut self) {
        for kind in AssetKind::ALL {
            note(&mut self.kinds, kind.code().to_owned(), *kind);
        }
        for (word, kind) in KINDS {
            note(&mut self.kinds, fold(word), *kind);
        }
        for kind in ConnectionKind::ALL {
            note(&mut self.lines, kind.code().to_owned(), *kind);
        }
        for (word, there) in STATES {
            let state = if *there { State::Present } else { State::Absent };
            note(&mut self.states, fold(word), state);
            note(&mut self.answers, fold(word), *there);
        }
        for fact in Fact::ALL {
            for word in choices_of(*fact) {
                note(&mut self.choices, (*fact, (*word).to_owned()), *word);
            }
            if fact.kind() == FactType::YesNo {
                for (word, yes) in STATES {
                    note(&mut self.choices, (*fact, fold(word)), if *yes { "yes" } else { "no" });
                }
            }
        }
        for (word, column) in HEADINGS {
            note(&mut self.headings[Sheet::Things as usize], fold_heading(word), *column);
        }
        for (word, column) in LINE_HEADINGS {
            note(&mut self.headings[Sheet::Lines as usize], fold_heading(word), *column);
        }
    }

    /// The column that a heading names on a sheet.
    pub fn column(&self, sheet: Sheet, heading: &str) -> Option<Column> {
        let heading = heading.trim();
        let code = heading.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')).map(|(_, code)| code);
        if let Ok(column) = code.unwrap_or(heading).parse::<Column>() {
            return sheet.columns().contains(&column).then_some(column);
        }
        let (folded, known) = (fold_heading(heading), &self.headings[sheet as usize]);
        if folded.is_empty() {
            return None;
        }
        if let Some(column) = known.get(&folded) {
            return Some(*column);
        }
        // A known heading with a few characters around it; of several the longest.
        let length = folded.chars().count();
        let fits = |word: &str| {
            let own = word.chars().count();
            own >= 2 && own + AROUND >= length && (folded.starts_with(word) || folded.ends_with(word))
        };
        let inside = known.iter().filter(|(word, _)| !word.is_ascii() || word.len() >= 4);
        inside
            .filter(|(word, _)| fits(word))
            .max_by_key(|(word, column)| (word.chars().count(), std::cmp::Reverse(**column)))
            .map(|(_, column)| *column)
    }

    /// The kind of thing that a cell names.
    pub fn kind(&self, folded: &str) -> Option<AssetKind> {
        self.kinds.get(folded).copied()
    }

    /// The kind of line that a cell names.
    pub fn line(&self, folded: &str) -> Option<ConnectionKind> {
        self.lines.get(folded).copied()
    }

    /// Whether a control is there, as a cell says.
    pub fn state(&self, folded: &str) -> Option<State> {
        self.states.get(folded).copied()
    }

    /// Yes or no.
    pub fn answer(&self, folded: &str) -> Option<bool> {
        self.answers.get(folded).copied()
    }

    /// The canonical word of a fact that has only so many.
    pub fn choice(&self, fact: Fact, folded: &str) -> Option<&'static str> {
        self.choices.get(&(fact, folded.to_owned())).copied()
    }

    /// Whether a name means the Internet.
    pub fn is_internet(&self, folded: &str) -> bool {
        self.internet.contains(folded)
    }
}

/// The words that a fact is one of; none where it is written freely.
pub fn choices_of(fact: Fact) -> &'static [&'static str] {
    match fact.kind() {
        FactType::YesNo => &["yes", "no"],
        FactType::Choice(words) => words,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_exposure::model::Control;

    #[test]
    fn headings_of_japanese_ledgers_are_known() {
        let words = Vocabulary::of(Lang::Ja);
        for (heading, column) in [
            ("機器名", Column::Name),
            ("機器名（必須）", Column::Name),
            ("設置場所", Column::Place),
            ("管理番号", Column::Fact(Fact::Number)),
            ("ﾒｰｶｰ", Column::Fact(Fact::Maker)),
            ("型番", Column::Fact(Fact::Model)),
            ("シリアル番号", Column::Fact(Fact::Serial)),
            ("ＩＰアドレス", Column::Fact(Fact::Address)),
            ("MACアドレス", Column::Fact(Fact::Mac)),
            ("OS", Column::Fact(Fact::Os)),
            ("導入日", Column::Fact(Fact::Installed)),
            ("サポート終了日", Column::Fact(Fact::SupportEnds)),
            ("保守業者", Column::Vendor),
            ("台数", Column::Fact(Fact::Count)),
            ("備考", Column::Note),
            ("削除", Column::Remove),
            ("fact.serial", Column::Fact(Fact::Serial)),
            ("何か [control.updates]", Column::Control(Control::Updates)),
        ] {
            assert_eq!(words.column(Sheet::Things, heading), Some(column), "{heading}");
        }
        for heading in ["", "  ", "No.", "購入時の担当部署の電話番号", "relation.none"] {
            assert_eq!(words.column(Sheet::Things, heading), None, "{heading}");
        }
        assert_eq!(words.column(Sheet::Lines, "接続元"), Some(Column::From));
        assert_eq!(words.column(Sheet::Things, "from"), None, "of the other sheet");
    }

    #[test]
    fn what_we_write_ourselves_is_read_back_in_every_language() {
        for reader in Lang::ALL {
            let words = Vocabulary::of(reader);
            for lang in Lang::ALL {
                for sheet in Sheet::ALL {
                    for (column, heading) in sheet.columns().into_iter().zip(headings(lang, sheet)) {
                        let found = words.column(sheet, &heading);
                        assert!(found.is_some(), "{heading}");
                        assert!(reader != lang || found == Some(column), "{heading}");
                    }
                }
            }
            for kind in AssetKind::ALL {
                assert_eq!(words.kind(&fold(&asset_kind_text(reader, *kind))), Some(*kind));
                assert_eq!(words.kind(kind.code()), Some(*kind));
            }
            for kind in ConnectionKind::ALL {
                assert_eq!(words.line(&fold(&connection_kind_text(reader, *kind))), Some(*kind));
            }
            for fact in Fact::ALL {
                for word in choices_of(*fact) {
                    let text = fold(&fact_text(reader, *fact, word));
                    assert_eq!(words.choice(*fact, &text), Some(*word), "{text}");
                }
            }
            assert_eq!(words.state(&fold(&state_text(reader, State::Present))), Some(State::Present));
            assert_eq!(words.state(&fold(&state_text(reader, State::Absent))), Some(State::Absent));
        }
    }

    #[test]
    fn kinds_in_everyday_words() {
        let words = Vocabulary::of(Lang::Ja);
        for (word, kind) in [
            ("ノートＰＣ", AssetKind::Terminal),
            ("ﾙｰﾀ", AssetKind::NetworkDevice),
            ("複合機", AssetKind::OfficeDevice),
            ("NAS", AssetKind::DataStore),
            ("CT", AssetKind::MedicalDevice),
            ("サーバー", AssetKind::Server),
        ] {
            assert_eq!(words.kind(&fold(word)), Some(kind), "{word}");
        }
        assert_eq!(words.kind(&fold("謎の箱")), None);
    }
}
