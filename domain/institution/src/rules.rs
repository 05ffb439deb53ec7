//! Pure rules: what is unusual about an institution, who may stand under whom, how names are ordered and found.

use crate::{AssociationLevel, OrganisationKind, Prefecture};
use komainu_calendar::fold;
use komainu_catalog::InstitutionKind;
use komainu_i18n::{Lang, collate};
use std::cmp::Ordering;

/// From this many beds on the Medical Care Act calls the place a hospital (医療法第1条の5).
pub const HOSPITAL_BEDS: u32 = 20;
/// A midwifery home takes at most this many (医療法第2条: fewer than ten).
pub const MIDWIFERY_BEDS: u32 = 9;
/// More beds than any institution in Japan has: a slip of the finger.
pub const MOST_BEDS: u32 = 9_999;

/// Something unusual about the particulars. Never a refusal: the institution knows itself better than we do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// A hospital with fewer than 20 beds.
    HospitalWithFewBeds,
    /// A clinic with 20 beds or more.
    ClinicWithManyBeds,
    /// A midwifery home with ten beds or more.
    MidwiferyWithManyBeds,
    /// A kind of place that has no beds of its own.
    BedsWhereNone,
    /// The code's first two digits are another prefecture's.
    CodeOfAnotherPrefecture,
}

/// What is unusual about kind and beds.
pub fn beds_remark(kind: InstitutionKind, beds: u32) -> Option<Remark> {
    use InstitutionKind as K;
    match kind {
        K::Hospital => (beds < HOSPITAL_BEDS).then_some(Remark::HospitalWithFewBeds),
        K::Clinic => (beds >= HOSPITAL_BEDS).then_some(Remark::ClinicWithManyBeds),
        K::MidwiferyHome => (beds > MIDWIFERY_BEDS).then_some(Remark::MidwiferyWithManyBeds),
        K::DentalClinic | K::Pharmacy | K::HomeVisitNursing | K::CareFacility => {
            (beds > 0).then_some(Remark::BedsWhereNone)
        }
    }
}

/// What is unusual about the code; an institution that moved may keep the old one.
pub fn code_remark(prefecture: Prefecture, code: &str) -> Option<Remark> {
    (!code.is_empty() && !code.starts_with(&prefecture.code())).then_some(Remark::CodeOfAnotherPrefecture)
}

/// Whether an organisation may stand under another; `None` is the top of the tree.
pub fn may_stand_under(child: OrganisationKind, parent: Option<OrganisationKind>) -> bool {
    use AssociationLevel as L;
    use OrganisationKind as O;
    match (child, parent) {
        (O::Association(_) | O::Institution | O::Vendor, None)
        | (O::Institution, Some(O::Association(_)))
        | (O::Association(L::Prefectural), Some(O::Association(L::National)))
        | (O::Association(L::District), Some(O::Association(L::Prefectural))) => true,
        (_, Some(_)) => false,
    }
}

/// Orders names as readers look them up: by the reading where there is one, then by the name.
pub fn by_reading(lang: Lang, left: (&str, &str), right: (&str, &str)) -> Ordering {
    fn key<'a>((name, kana): (&'a str, &'a str)) -> &'a str {
        if kana.is_empty() { name } else { kana }
    }
    collate(lang, key(left), key(right)).then_with(|| collate(lang, left.0, right.0))
}

/// Whether any of the texts contains what is looked for, however either is spelt.
pub fn found(query: &str, texts: &[&str]) -> bool {
    let wanted = fold(query);
    wanted.is_empty() || texts.iter().any(|text| fold(text).contains(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beds() {
        use InstitutionKind as K;
        for (kind, beds, expected) in [
            (K::Hospital, 20, None),
            (K::Hospital, 19, Some(Remark::HospitalWithFewBeds)),
            (K::Clinic, 0, None),
            (K::Clinic, 19, None),
            (K::Clinic, 20, Some(Remark::ClinicWithManyBeds)),
            (K::MidwiferyHome, 9, None),
            (K::MidwiferyHome, 10, Some(Remark::MidwiferyWithManyBeds)),
            (K::DentalClinic, 0, None),
            (K::DentalClinic, 1, Some(Remark::BedsWhereNone)),
            (K::Pharmacy, 1, Some(Remark::BedsWhereNone)),
            (K::HomeVisitNursing, 1, Some(Remark::BedsWhereNone)),
            (K::CareFacility, 1, Some(Remark::BedsWhereNone)),
        ] {
            assert_eq!(beds_remark(kind, beds), expected, "{kind} {beds}");
        }
    }

    #[test]
    fn codes_and_prefectures() {
        let tokyo: Prefecture = "13".parse().unwrap();
        assert_eq!(code_remark(tokyo, "1312345678"), None);
        assert_eq!(code_remark(tokyo, ""), None);
        assert_eq!(code_remark(tokyo, "1412345678"), Some(Remark::CodeOfAnotherPrefecture));
    }

    #[test]
    fn the_tree_has_one_shape() {
        use AssociationLevel as L;
        use OrganisationKind as O;
        let all = [
            O::Association(L::National),
            O::Association(L::Prefectural),
            O::Association(L::District),
            O::Institution,
            O::Vendor,
        ];
        let allowed: Vec<(usize, usize)> = (0..5)
            .flat_map(|child| (0..5).map(move |parent| (child, parent)))
            .filter(|(child, parent)| may_stand_under(all[*child], Some(all[*parent])))
            .collect();
        assert_eq!(allowed, [(1, 0), (2, 1), (3, 0), (3, 1), (3, 2)]);
        assert!(all.into_iter().all(|kind| may_stand_under(kind, None)));
    }

    #[test]
    fn names_are_ordered_by_reading_and_found_however_spelt() {
        let mut names = [("東病院", "ひがしびょういん"), ("青木医院", "アオキイイン"), ("南薬局", "")];
        names.sort_by(|a, b| by_reading(Lang::Ja, *a, *b));
        assert_eq!(names.map(|name| name.0), ["青木医院", "東病院", "南薬局"]);
        assert!(found("ｱｵｷ", &["青木医院", "あおきいいん"]));
        assert!(found("", &[]));
        assert!(!found("東", &["青木医院", "あおきいいん"]));
    }
}
