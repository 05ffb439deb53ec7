//! Outside parties that an institution may want in its network: only what a source bears, and where it was read.
//!
//! Numbers change. Everything here was read in stored copies of public pages (November 2026), so each suggestion is
//! shown with its source and the advice to check it; none is put into anybody's network unasked. Where no current
//! number was found the field stays empty and says so.

use crate::Duty;
use komainu_catalog::InstitutionKind;

/// A party to offer.
#[derive(Clone, Copy, Debug)]
pub struct Suggestion {
    /// What it is for; also names it.
    pub duty: Duty,
    /// Its name in Japanese, as it is known by.
    pub name: &'static str,
    /// Its reading.
    pub name_kana: &'static str,
    /// The number, where one was read.
    pub phone: &'static str,
    /// The mail address, where one was read.
    pub email: &'static str,
    /// The page to check it on, or where it was read.
    pub source: &'static str,
    /// Read on the party's own page; false where only others report it or no number was found.
    pub confirmed: bool,
    /// The kinds of institution it serves; empty for all.
    pub kinds: &'static [InstitutionKind],
}

/// The Japan Medical Association's scheme is for its A① members' institutions.
const MEMBERS_OF_JMA: &[InstitutionKind] = &[
    InstitutionKind::Hospital,
    InstitutionKind::Clinic,
    InstitutionKind::HomeVisitNursing,
    InstitutionKind::CareFacility,
];

/// Every party, in the order of first calls.
pub const SUGGESTIONS: &[Suggestion] = &[
    Suggestion {
        duty: Duty::JmaEmergency,
        name: "日本医師会サイバーセキュリティ対応相談窓口",
        name_kana: "にほんいしかいさいばーせきゅりてぃたいおうそうだんまどぐち",
        phone: "0120-179-066",
        email: "",
        source: "https://med.or.jp/nichiionline/article/010952.html",
        confirmed: true,
        kinds: MEMBERS_OF_JMA,
    },
    Suggestion {
        duty: Duty::Ministry,
        name: "厚生労働省 医政局",
        name_kana: "こうせいろうどうしょういせいきょく",
        phone: "",
        email: "",
        source: "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/kenkou_iryou/iryou/johoka/cyber-security.html",
        confirmed: false,
        kinds: &[],
    },
    Suggestion {
        duty: Duty::Prefecture,
        name: "都道府県・保健所の担当課",
        name_kana: "とどうふけんほけんじょのたんとうか",
        phone: "",
        email: "",
        source: "https://wic-net.com/material/document/7461/5",
        confirmed: false,
        kinds: &[],
    },
    Suggestion {
        duty: Duty::Police,
        name: "警察（最寄りの警察署・サイバー犯罪相談窓口）",
        name_kana: "けいさつ",
        phone: "",
        email: "",
        source: "https://www.npa.go.jp/bureau/cyber/soudan.html",
        confirmed: false,
        kinds: &[],
    },
    Suggestion {
        duty: Duty::PrivacyCommission,
        name: "個人情報保護委員会（漏えい等報告フォーム）",
        name_kana: "こじんじょうほうほごいいんかい",
        phone: "",
        email: "",
        source: "https://www.ppc.go.jp/personalinfo/legal/leakAction/",
        confirmed: true,
        kinds: &[],
    },
    Suggestion {
        duty: Duty::Ipa,
        name: "IPA 企業組織向けサイバーセキュリティ相談窓口",
        name_kana: "あいぴーえー",
        phone: "",
        email: "cs-support@ipa.go.jp",
        source: "https://www.ipa.go.jp/security/support/soudan.html",
        confirmed: false,
        kinds: &[],
    },
    Suggestion {
        duty: Duty::JmaGuideline,
        name: "日本医師会セキュリティガイドライン相談窓口",
        name_kana: "にほんいしかいせきゅりてぃがいどらいんそうだんまどぐち",
        phone: "0120-339-199",
        email: "",
        source: "https://www.kokura-med.or.jp/info/saibasekyurritexi",
        confirmed: false,
        kinds: MEMBERS_OF_JMA,
    },
];

/// The parties that serve a kind of institution.
pub fn suggestions_for(kind: InstitutionKind) -> impl Iterator<Item = &'static Suggestion> {
    SUGGESTIONS.iter().filter(move |party| party.kinds.is_empty() || party.kinds.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_institution::Phone;

    #[test]
    fn every_party_has_a_source_and_what_is_offered_can_be_dialled() {
        for party in SUGGESTIONS {
            assert!(party.source.starts_with("https://"), "{}", party.name);
            if !party.phone.is_empty() {
                assert_eq!(party.phone.parse::<Phone>().unwrap().as_str(), party.phone);
            }
        }
    }

    #[test]
    fn the_medical_associations_desk_is_not_offered_to_pharmacies() {
        let duties = |kind| suggestions_for(kind).map(|party| party.duty).collect::<Vec<_>>();
        assert_eq!(duties(InstitutionKind::Clinic).first(), Some(&Duty::JmaEmergency));
        assert!(!duties(InstitutionKind::Pharmacy).contains(&Duty::JmaEmergency));
        assert!(duties(InstitutionKind::Pharmacy).contains(&Duty::Ministry));
    }
}
