use super::*;
use chrono::{DateTime, Utc};
use komainu_access::OrganisationId;
use komainu_catalog::{InstitutionKind, RouteOutcome, UpdateDuty};
use komainu_db::uuid::Uuid;
use komainu_inventory::SystemDetails;
use proptest::prelude::*;

fn institution(systems: Option<Systems>, operator: Option<bool>, duty: Option<UpdateDuty>) -> Institution {
    Institution {
        organisation: OrganisationId(Uuid::nil()),
        name: "青空診療所".into(),
        name_kana: String::new(),
        kind: InstitutionKind::Clinic,
        beds: 0,
        prefecture: "13".parse().unwrap(),
        postal_code: String::new(),
        address: String::new(),
        phone: String::new(),
        code: String::new(),
        systems,
        operator_on_staff: operator,
        entrusts_updates: duty,
        interview_done_at: None::<DateTime<Utc>>,
        version: 1,
    }
}

fn system(number: u128, kind: &str, name: &str, hosting: Hosting) -> SystemRecord {
    let details = SystemDetails::named(kind.parse().unwrap(), name, hosting);
    SystemRecord::new(SystemId(Uuid::from_u128(number)), 1, &details)
}

#[test]
fn the_type_follows_from_two_answers() {
    let catalog = Catalog::embedded().unwrap();
    let (house, cloud, mixed) = (Systems::OnPremises, Systems::Cloud, Systems::Mixed);
    for (systems, operator, expected, confirmed) in [
        (Some(house), Some(true), &["I"][..], true),
        (Some(cloud), Some(true), &["II"], false),
        (Some(house), Some(false), &["III"], true),
        (Some(cloud), Some(false), &["IV"], false),
        (Some(mixed), Some(true), &["I", "II"], false),
        (Some(mixed), Some(false), &["III", "IV"], false),
        (Some(Systems::None), Some(false), &[], false),
        (Some(house), None, &[], false),
        (None, Some(true), &[], false),
        (None, None, &[], false),
    ] {
        let verdict = verdict(&catalog, &institution(systems, operator, None), &[]);
        let types: Vec<&str> = verdict.types.iter().map(|kind| kind.id.as_str()).collect();
        assert_eq!(types, expected, "{systems:?} {operator:?}");
        assert_eq!(verdict.confirmed, confirmed, "{systems:?} {operator:?}");
        assert_eq!(verdict.reasons.len(), if expected.is_empty() { 0 } else { 2 });
        assert!(verdict.route.is_none(), "no server, no route");
    }
}

#[test]
fn the_route_needs_every_contract_and_nobody_on_staff() {
    use RouteOutcome as R;
    use UpdateDuty as U;
    let catalog = Catalog::embedded().unwrap();
    for (operator, duty, expected) in [
        (false, Some(U::AllInContract), Some(R::MayApply)),
        (false, Some(U::NotAll), Some(R::DoesNotApply)),
        (false, Some(U::Unknown), Some(R::ReadContract)),
        (true, Some(U::AllInContract), Some(R::DoesNotApply)),
        (true, Some(U::Unknown), Some(R::DoesNotApply)),
        (false, None, None),
    ] {
        let given = institution(Some(Systems::Cloud), Some(operator), duty);
        let outcome = verdict(&catalog, &given, &[]).route.map(|route| (*route.outcome, route.confirmed));
        assert_eq!(outcome, expected.map(|outcome| (outcome, false)), "{operator} {duty:?}");
    }
}

#[test]
fn mixed_systems_have_a_type_each() {
    let catalog = Catalog::embedded().unwrap();
    let systems = [
        system(1, "emr-cloud", "電子カルテ", Hosting::Cloud),
        system(2, "receipt-computer", "レセコン", Hosting::OnPremises),
        system(3, "pacs", "レントゲン", Hosting::Unknown),
        system(4, "office-pc", "事務用", Hosting::OnPremises),
    ];
    let verdict = verdict(&catalog, &institution(Some(Systems::Mixed), Some(false), None), &systems);
    let types: Vec<_> = verdict
        .per_system
        .iter()
        .map(|of| (of.name.as_str(), of.kind.map_or("?", |kind| kind.id.as_str())))
        .collect();
    assert_eq!(types, [("電子カルテ", "IV"), ("レセコン", "III"), ("レントゲン", "?")]);
    assert!(verdict.contradicting.is_empty());
}

#[test]
fn a_system_elsewhere_contradicts() {
    let catalog = Catalog::embedded().unwrap();
    let systems = [
        system(1, "emr-cloud", "電子カルテ", Hosting::Cloud),
        system(2, "receipt-computer", "レセコン", Hosting::OnPremises),
        system(3, "booking-web", "予約", Hosting::Cloud),
        system(4, "backup-device", "控え", Hosting::OnPremises),
    ];
    for (style, expected) in [(Systems::OnPremises, "電子カルテ"), (Systems::Cloud, "レセコン")] {
        let verdict = verdict(&catalog, &institution(Some(style), Some(false), None), &systems);
        assert_eq!(verdict.contradicting, [expected]);
    }
}

#[test]
fn only_what_was_shown_and_unticked_goes() {
    let existing = [
        system(1, "pacs", "レントゲン", Hosting::Unknown),
        system(2, "emr-cloud", "電子カルテ", Hosting::Cloud),
        system(3, "other", "リハビリ管理", Hosting::Unknown),
        system(4, "other", "別の人が足した", Hosting::Unknown),
    ];
    let answer = SystemsAnswer {
        shown: [1, 2, 3].map(|n| SystemId(Uuid::from_u128(n))).into(),
        kinds: ["emr-cloud", "office-pc"].map(|kind| kind.parse().unwrap()).into(),
        others: vec!["ﾘﾊﾋﾞﾘ管理".into(), "勤怠".into(), "勤怠 ".trim().into()],
        confirmed: false,
    };
    let plan = systems_plan(&existing, &answer);
    assert_eq!(plan.remove, [SystemId(Uuid::from_u128(1))]);
    assert_eq!(plan.add, [("office-pc".parse().unwrap(), None), (other_kind(), Some("勤怠".to_owned()))]);
}

proptest! {
    #[test]
    fn sending_the_tiles_again_changes_nothing(ticked in proptest::collection::btree_set(0_usize..6, 0..6)) {
        let kinds = ["pacs", "emr-cloud", "office-pc", "receipt-computer", "network-boxes", "payment"];
        let existing: Vec<SystemRecord> = ticked
            .iter()
            .map(|at| system(*at as u128 + 1, kinds[*at], kinds[*at], Hosting::Unknown))
            .collect();
        let answer = SystemsAnswer {
            shown: existing.iter().map(|system| system.id).collect(),
            kinds: existing.iter().map(|system| system.kind.clone()).collect(),
            ..SystemsAnswer::default()
        };
        prop_assert_eq!(systems_plan(&existing, &answer), SystemsPlan::default());
    }
}
