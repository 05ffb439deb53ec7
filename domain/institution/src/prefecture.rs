//! The 47 prefectures, in the order of their official numbers (JIS X 0401).

use komainu_i18n::Lang;
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A prefecture (都道府県).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefecture(u8);

/// The text is no prefecture's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown prefecture")]
pub struct UnknownPrefecture;

impl Prefecture {
    /// Every prefecture from Hokkaido to Okinawa, the order that readers know from every form.
    pub fn all() -> impl Iterator<Item = Prefecture> {
        (1..=47).map(Prefecture)
    }

    /// The official number, two digits: `01` to `47`.
    pub fn code(self) -> String {
        format!("{:02}", self.0)
    }

    /// The name.
    pub fn name(self, lang: Lang) -> &'static str {
        let (ja, en, zh) = NAMES[usize::from(self.0) - 1];
        match lang {
            Lang::Ja => ja,
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

impl fmt::Display for Prefecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

impl FromStr for Prefecture {
    type Err = UnknownPrefecture;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        match code.parse::<u8>() {
            Ok(number @ 1..=47) if code.len() == 2 && !code.starts_with('+') => Ok(Prefecture(number)),
            _ => Err(UnknownPrefecture),
        }
    }
}

impl Serialize for Prefecture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.code())
    }
}

/// Names in Japanese, English and Chinese.
const NAMES: [(&str, &str, &str); 47] = [
    ("北海道", "Hokkaido", "北海道"),
    ("青森県", "Aomori", "青森县"),
    ("岩手県", "Iwate", "岩手县"),
    ("宮城県", "Miyagi", "宫城县"),
    ("秋田県", "Akita", "秋田县"),
    ("山形県", "Yamagata", "山形县"),
    ("福島県", "Fukushima", "福岛县"),
    ("茨城県", "Ibaraki", "茨城县"),
    ("栃木県", "Tochigi", "栃木县"),
    ("群馬県", "Gunma", "群马县"),
    ("埼玉県", "Saitama", "埼玉县"),
    ("千葉県", "Chiba", "千叶县"),
    ("東京都", "Tokyo", "东京都"),
    ("神奈川県", "Kanagawa", "神奈川县"),
    ("新潟県", "Niigata", "新潟县"),
    ("富山県", "Toyama", "富山县"),
    ("石川県", "Ishikawa", "石川县"),
    ("福井県", "Fukui", "福井县"),
    ("山梨県", "Yamanashi", "山梨县"),
    ("長野県", "Nagano", "长野县"),
    ("岐阜県", "Gifu", "岐阜县"),
    ("静岡県", "Shizuoka", "静冈县"),
    ("愛知県", "Aichi", "爱知县"),
    ("三重県", "Mie", "三重县"),
    ("滋賀県", "Shiga", "滋贺县"),
    ("京都府", "Kyoto", "京都府"),
    ("大阪府", "Osaka", "大阪府"),
    ("兵庫県", "Hyogo", "兵库县"),
    ("奈良県", "Nara", "奈良县"),
    ("和歌山県", "Wakayama", "和歌山县"),
    ("鳥取県", "Tottori", "鸟取县"),
    ("島根県", "Shimane", "岛根县"),
    ("岡山県", "Okayama", "冈山县"),
    ("広島県", "Hiroshima", "广岛县"),
    ("山口県", "Yamaguchi", "山口县"),
    ("徳島県", "Tokushima", "德岛县"),
    ("香川県", "Kagawa", "香川县"),
    ("愛媛県", "Ehime", "爱媛县"),
    ("高知県", "Kochi", "高知县"),
    ("福岡県", "Fukuoka", "福冈县"),
    ("佐賀県", "Saga", "佐贺县"),
    ("長崎県", "Nagasaki", "长崎县"),
    ("熊本県", "Kumamoto", "熊本县"),
    ("大分県", "Oita", "大分县"),
    ("宮崎県", "Miyazaki", "宫崎县"),
    ("鹿児島県", "Kagoshima", "鹿儿岛县"),
    ("沖縄県", "Okinawa", "冲绳县"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_there_and_back() {
        assert_eq!(Prefecture::all().count(), 47);
        for prefecture in Prefecture::all() {
            assert_eq!(prefecture.code().parse(), Ok(prefecture));
        }
        for wrong in ["", "0", "00", "48", "1", "013", "+1", "東京都"] {
            assert_eq!(wrong.parse::<Prefecture>(), Err(UnknownPrefecture), "{wrong}");
        }
    }

    #[test]
    fn numbers_belong_to_their_names() {
        for (code, ja, en) in [
            ("01", "北海道", "Hokkaido"),
            ("13", "東京都", "Tokyo"),
            ("27", "大阪府", "Osaka"),
            ("47", "沖縄県", "Okinawa"),
        ] {
            let prefecture: Prefecture = code.parse().unwrap();
            assert_eq!((prefecture.name(Lang::Ja), prefecture.name(Lang::En)), (ja, en));
        }
    }
}
