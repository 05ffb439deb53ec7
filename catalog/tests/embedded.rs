//! The data inside the program: it loads, it is complete, and it answers what the rest of the program asks.

use std::collections::HashSet;

use chrono::NaiveDate;
use komainu_catalog::{
    Catalog, FormUse, InstitutionKind, ItemId, Level, Piece, PlacementId, Reference, RouteOutcome, Scope,
    SystemsStyle, ThingKind, UpdateDuty, Variant,
};

fn catalog() -> Catalog {
    Catalog::embedded().unwrap_or_else(|errors| {
        let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
        panic!("the data is broken:\n{}", lines.join("\n"))
    })
}

fn item(id: &str) -> ItemId {
    id.parse().expect("an item id")
}

fn ids(catalog: &Catalog, fiscal_year: i32, kind: InstitutionKind) -> Vec<String> {
    let form = catalog.form(fiscal_year, kind).expect("a form");
    form.rows.iter().map(|row| row.id.to_string()).collect()
}

#[test]
fn forms_stand_in_printed_order() {
    let catalog = catalog();
    let by_device = [
        "org-officer",
        "asset-ledger",
        "remote-maintenance",
        "mds-sds",
        "access-rights.server",
        "access-rights.terminal",
        "accounts-cleanup.server",
        "accounts-cleanup.terminal",
        "access-log.server",
        "patches.server",
        "patches.terminal",
        "patches.network",
        "source-restriction.network",
        "stop-services.server",
        "stop-services.terminal",
        "contact-chart",
        "backup-restore",
        "bcp",
    ];
    let merged = [
        "org-officer",
        "asset-ledger",
        "remote-maintenance",
        "mds-sds",
        "access-rights",
        "accounts-cleanup",
        "patches",
        "password-strength",
        "password-reuse",
        "media-control",
        "two-factor",
        "access-log.server",
        "stop-services.server",
        "stop-services.terminal",
        "source-restriction.network",
        "contact-chart",
        "backup-restore",
        "bcp",
        "rules",
    ];
    for kind in InstitutionKind::ALL {
        assert_eq!(ids(&catalog, 2023, *kind), by_device);
        assert_eq!(ids(&catalog, 2024, *kind), by_device);
        assert_eq!(ids(&catalog, 2025, *kind), merged);
        assert_eq!(ids(&catalog, 2026, *kind), merged);
        for year in 2023..=2026 {
            let form = catalog.form(year, *kind).expect("a form");
            assert_eq!(form.gate.map(|gate| gate.id.to_string()), Some("has-system".to_owned()));
        }
    }
    for year in 2023..=2026 {
        let vendor = catalog.vendor_form(year).expect("a vendor form");
        assert!(vendor.gate.is_none());
        assert!(vendor.rows.iter().all(|row| row.item.vendor_question.is_some()), "FY{year}");
        assert!(vendor.sections().all(|(section, _)| *section.number <= 2), "FY{year}");
    }
}

#[test]
fn each_kind_gets_its_form() {
    let catalog = catalog();
    for (year, kind, variant, official) in [
        (2024, InstitutionKind::Hospital, Variant::Institution, true),
        (2025, InstitutionKind::DentalClinic, Variant::Institution, true),
        (2025, InstitutionKind::Pharmacy, Variant::Pharmacy, true),
        (2026, InstitutionKind::Pharmacy, Variant::InstitutionPharmacy, true),
        (2025, InstitutionKind::HomeVisitNursing, Variant::Institution, false),
        (2026, InstitutionKind::CareFacility, Variant::InstitutionPharmacy, false),
    ] {
        let form = catalog.form(year, kind).expect("a form");
        assert_eq!(*form.data.variant, variant);
        match form.usage {
            FormUse::Official => assert!(official, "{kind}"),
            FormUse::SelfCheck(rule) => assert!(!official && !rule.confirmed, "{kind}"),
            FormUse::Vendor => panic!("{kind} is no vendor"),
        }
    }
    assert!(catalog.form(2022, InstitutionKind::Clinic).is_none());
}

#[test]
fn rows_carry_level_condition_exception_and_doubt() {
    let catalog = catalog();
    let row = |year, kind, id: &str| {
        let id: PlacementId = id.parse().expect("an id");
        catalog.form(year, kind).expect("a form").row(&id).expect("a row").clone()
    };
    let clinic = InstitutionKind::Clinic;
    assert_eq!(row(2023, clinic, "patches.server").placement.level, Level::Reference);
    assert_eq!(row(2024, clinic, "patches.server").placement.level, Level::Required);
    let two_factor = row(2025, clinic, "two-factor");
    assert_eq!(two_factor.condition.and_then(|c| c.target_fiscal_year), Some(2027));
    assert!(two_factor.standing.confirmed);
    let remote = row(2025, clinic, "remote-maintenance").not_applicable.expect("an exception");
    assert_eq!((remote.0.id.as_str(), remote.1), ("no-vendor-contract", true));
    assert_eq!(row(2025, clinic, "mds-sds").not_applicable.map(|n| n.1), Some(false));
    assert!(row(2025, clinic, "patches").not_applicable.is_none());
    let doubtful = row(2026, clinic, "access-rights").standing;
    assert!(!doubtful.confirmed && doubtful.remark.is_some() && !doubtful.sources.is_empty());
    assert!(row(2026, clinic, "bcp").standing.confirmed);
}

#[test]
fn every_unconfirmed_row_says_why() {
    let catalog = catalog();
    for edition in catalog.editions() {
        for form in &edition.form {
            let form = catalog.form_of(*edition.fiscal_year, *form.variant).expect("a form");
            for row in form.gate.iter().chain(&form.rows).filter(|row| !row.standing.confirmed) {
                assert!(row.standing.remark.is_some(), "FY{} {}", *edition.fiscal_year, row.id);
            }
        }
    }
}

#[test]
fn the_edition_of_a_day_is_the_newest_not_after_it() {
    let catalog = catalog();
    for (year, month, day, expected) in [
        (2023, 3, 31, None),
        (2023, 4, 1, Some(2023)),
        (2026, 3, 31, Some(2025)),
        (2026, 4, 1, Some(2026)),
        (2031, 1, 1, Some(2026)),
    ] {
        let day = NaiveDate::from_ymd_opt(year, month, day).expect("a day");
        assert_eq!(catalog.edition_for_date(day).map(|e| *e.fiscal_year), expected);
    }
    let limit = catalog.edition(2025).and_then(komainu_catalog::Edition::target_limit);
    assert_eq!(limit, NaiveDate::from_ymd_opt(2026, 3, 31));
}

/// Next year's edition with a new source, a new item and its step: one file, no code.
#[test]
fn next_year_is_one_more_file() {
    let this_year =
        Catalog::embedded_files().iter().find(|f| f.0 == "editions/fy2026.toml").expect("FY2026").1;
    let edition = this_year.split("[[change]]").next().expect("the edition").replace("fiscal_year = 2026", "fiscal_year = 2027")
        .replace("published = \"2026-06\"", "published = \"2027-05-10\"")
        .replace("number = \"4-①\"", "number = \"4-②\"")
        .replace("  { item = \"rules\"", "  { item = \"ai-use\", scope = [\"server\", \"terminal\"], number = \"4-①\", level = \"required\", confirmed = true, basis = \"seen\", sources = [\"fy2027-form\"] },\n  { item = \"rules\"");
    let t = "{ ja = \"文\", en = \"Text\", zh = \"文\" }";
    let rest = format!(
        "[[source]]\nid = \"fy2027-form\"\nurl = \"https://www.mhlw.go.jp/x.pdf\"\nwhat = {t}\ntier = \"official_mirror\"\n\
         [[change]]\nid = \"2027-ai\"\nfrom = 2026\nto = 2027\nkind = \"added\"\nitems = [\"ai-use\"]\ntext = {t}\nconfirmed = true\nsources = [\"fy2027-form\"]\n\
         [[item]]\nid = \"ai-use\"\nkeywords = [\"AI\"]\ntitle = {t}\nquestion = {t}\nwhy = {t}\nhow = {t}\nevidence = {t}\n\
         means_for = {{ hospital = {t}, clinic = {t}, pharmacy = {t}, care = {t} }}\n\
         [[step]]\nid = \"ai-rule\"\nitem = \"ai-use\"\nminutes = 20\nwho = [\"director\"]\neffort = \"sitting\"\nhow = [{t}, {t}, {t}]\ntitle = {t}\nwhy = {t}\n"
    );
    let mut files = Catalog::embedded_files().to_vec();
    let next = format!("{edition}\n{rest}");
    files.push(("editions/fy2027.toml", &next));
    let catalog = Catalog::load(&files).unwrap_or_else(|errors| panic!("{errors:#?}"));
    assert_eq!(catalog.latest_edition().map(|e| *e.fiscal_year), Some(2027));
    let form = catalog.form(2027, InstitutionKind::Clinic).expect("a form");
    let row = form.row(&"ai-use.server-terminal".parse().expect("an id")).expect("the new row");
    assert_eq!(row.placement.number.as_ref().map(komainu_catalog::Number::ascii), Some("4-1".to_owned()));
    assert_eq!(catalog.changes_between(2026, 2027, Some(&item("ai-use"))).len(), 1);
    assert_eq!(catalog.steps_for(&item("ai-use"), InstitutionKind::Pharmacy).len(), 1);
    // The years before are untouched.
    assert!(
        catalog
            .form(2026, InstitutionKind::Clinic)
            .expect("a form")
            .rows
            .iter()
            .all(|r| r.item.id.as_str() != "ai-use")
    );
}

#[test]
fn every_item_has_work_for_every_kind_and_row() {
    let catalog = catalog();
    assert_eq!(catalog.items().len(), 19);
    for edition in catalog.editions() {
        for &kind in InstitutionKind::ALL {
            let form = catalog.form(*edition.fiscal_year, kind).expect("a form");
            for row in form.gate.iter().chain(&form.rows) {
                let steps = catalog.steps_for(&row.item.id, kind);
                assert!(steps.iter().any(|s| s.serves(&row.placement.scope)), "{kind} {}", row.id);
            }
        }
    }
    for &kind in InstitutionKind::ALL {
        // A step must not wait for one that its kind never gets.
        let fitting: HashSet<_> =
            catalog.steps().iter().filter(|s| s.fits(kind)).map(|s| s.id.as_str()).collect();
        for step in catalog.steps().iter().filter(|s| s.fits(kind)) {
            assert!(step.after.iter().all(|id| fitting.contains(id.as_str())), "{kind} {}", step.id.as_str());
        }
        assert!(catalog.system_kinds_for(kind).len() >= 4, "{kind}");
    }
}

#[test]
fn a_step_serves_the_rows_of_its_devices() {
    let catalog = catalog();
    let step = catalog.step(&"check-vpn-version".parse().expect("an id")).expect("the step");
    assert!(step.serves(&[Scope::Network]) && step.serves(&[Scope::All]));
    assert!(!step.serves(&[Scope::Terminal]));
}

#[test]
fn changes_follow_the_item_over_the_years() {
    let catalog = catalog();
    let names = |from, to, id: Option<&ItemId>| {
        catalog.changes_between(from, to, id).iter().map(|c| c.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        names(2023, 2026, Some(&item("patches"))),
        ["2024-reference-to-required", "2025-merged-scope"]
    );
    assert_eq!(names(2024, 2025, Some(&item("rules"))), ["2025-five-new"]);
    assert!(names(2025, 2025, None).is_empty());
    assert_eq!(names(2025, 2026, None).len(), 4);
}

#[test]
fn routes_and_figures_answer_by_item() {
    let catalog = catalog();
    let routes = catalog.routes_for(&item("patches"));
    assert_eq!(routes.first().map(|r| r.id.as_str()), Some("vpn-unpatched"));
    assert!(routes.windows(2).all(|pair| pair[0].weight >= pair[1].weight));
    let figures = catalog.survey_for(&item("backup-restore"));
    assert!(
        figures
            .iter()
            .any(|f| f.id.as_str() == "backup-offline-2023" && (f.percent - 49.0).abs() < f64::EPSILON)
    );
    assert!(figures.windows(2).all(|pair| pair[0].year >= pair[1].year));
}

#[test]
fn the_guideline_type_follows_two_facts() {
    let catalog = catalog();
    for (operator, systems, types, confirmed) in [
        (true, SystemsStyle::OnPremises, vec!["I"], true),
        (true, SystemsStyle::Cloud, vec!["II"], false),
        (false, SystemsStyle::OnPremises, vec!["III"], true),
        (false, SystemsStyle::Cloud, vec!["IV"], false),
        (true, SystemsStyle::Mixed, vec!["I", "II"], false),
        (false, SystemsStyle::Mixed, vec!["III", "IV"], false),
    ] {
        let answer = catalog.guideline_type(operator, systems);
        assert_eq!(answer.types.iter().map(|t| t.id.as_str()).collect::<Vec<_>>(), types);
        assert_eq!((answer.reasons.len(), answer.confirmed), (2, confirmed));
    }
    for (operator, duty, outcome) in [
        (true, UpdateDuty::AllInContract, RouteOutcome::DoesNotApply),
        (false, UpdateDuty::AllInContract, RouteOutcome::MayApply),
        (false, UpdateDuty::NotAll, RouteOutcome::DoesNotApply),
        (false, UpdateDuty::Unknown, RouteOutcome::ReadContract),
    ] {
        assert_eq!(catalog.maintenance_route(operator, duty).map(|r| *r.outcome), Some(outcome));
    }
}

#[test]
fn every_source_is_used() {
    let used: HashSet<&str> = Catalog::embedded_files()
        .iter()
        .filter(|(name, _)| *name != "sources.toml")
        .flat_map(|(_, text)| text.split('"'))
        .collect();
    let unused: Vec<_> = catalog()
        .all_sources()
        .iter()
        .map(|s| s.id.to_string())
        .filter(|id| !used.contains(id.as_str()))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// What each kind of institution is offered hangs together: a piece that is ticked stands on pieces that are ticked too, or
/// on a system.
#[test]
fn templates_serve_every_kind() {
    let catalog = catalog();
    for &kind in InstitutionKind::ALL {
        let fits = |piece: &&Piece| piece.fits(kind);
        let ticked = |piece: &&Piece| piece.ticked.contains(&kind);
        let offered: Vec<_> = catalog.pieces().iter().filter(fits).collect();
        for kind_of_thing in [ThingKind::Zone, ThingKind::NetworkDevice, ThingKind::Terminal] {
            let has = |piece: &&Piece| piece.thing.as_ref().is_some_and(|thing| thing.kind == kind_of_thing);
            assert!(
                offered.iter().copied().filter(ticked).any(|piece| has(&piece)),
                "{kind} {kind_of_thing}"
            );
        }
        assert!(offered.iter().any(|piece| piece.line.is_some()), "{kind}");
        for piece in offered {
            let mut named: Vec<&Reference> = Vec::new();
            if let Some(line) = &piece.line {
                named.extend([&*line.from, &*line.to]);
            }
            for reference in named {
                let Reference::Piece(id) = reference else { continue };
                let end = catalog.piece(id).expect("a piece");
                assert!(end.fits(kind), "{kind} is offered {} but not {id}", piece.id.as_str());
            }
            let zone = piece.thing.as_ref().and_then(|thing| thing.zone.as_ref());
            let zone = zone.map(|zone| catalog.piece(zone).expect("a zone"));
            assert!(zone.is_none_or(|zone| zone.fits(kind)), "{kind} {}", piece.id.as_str());
        }
    }
}

/// A protection is never ticked unasked, and every way in that the ministry's cases name is asked about.
#[test]
fn templates_assume_no_protection() {
    let catalog = catalog();
    let piece = |id: &str| catalog.piece(&id.parse().expect("an id")).expect("a piece");
    assert!(piece("backup-detached").ticked.is_empty());
    assert!(piece("shared-administrator").confirmed);
    for line in ["line-vpn", "line-meals", "line-monitor-maintenance"] {
        let line = piece(line);
        assert!(line.confirmed && line.ticked.contains(&InstitutionKind::Hospital), "{}", line.id.as_str());
    }
}

/// Which duties apply to an incident of a kind when these questions are answered with yes and these with no.
fn applying(kind: &str, yes: &[&str], no: &[&str]) -> Vec<(String, komainu_catalog::Applies)> {
    let catalog = catalog();
    let kind = kind.parse().expect("an id");
    let said = |question: &komainu_catalog::DutyQuestionId| {
        let is = |those: &[&str]| those.contains(&question.as_str());
        if is(yes) { Some(true) } else { is(no).then_some(false) }
    };
    let answers = catalog.duties_for(&kind, said);
    answers.iter().map(|answer| (answer.duty.id.to_string(), answer.applies)).collect()
}

#[test]
fn plain_questions_decide_who_is_told() {
    use komainu_catalog::Applies::{No, Open, Yes};
    let of = |answers: &[(String, komainu_catalog::Applies)], id: &str| {
        answers.iter().find(|(duty, _)| duty == id).map(|(_, applies)| *applies)
    };
    let nothing_said = applying("ransomware", &[], &[]);
    assert_eq!(of(&nothing_said, "maintenance-vendor"), Some(Yes), "asked without any question");
    assert_eq!(of(&nothing_said, "ppc-final"), Some(Open));
    // A wrongful purpose gives the final report its other clock.
    let attack = applying("ransomware", &["wrongful", "care-hindered"], &["designated-operator"]);
    assert_eq!(of(&attack, "ppc-preliminary"), Some(Yes));
    assert_eq!(of(&attack, "ppc-final"), Some(No));
    assert_eq!(of(&attack, "ppc-final-wrongful"), Some(Yes));
    assert_eq!(of(&attack, "mhlw"), Some(Yes));
    assert_eq!(of(&attack, "national-cyber-office"), Some(No));
    // A lost fax: one person's record is enough; nobody asks the vendor.
    let fax = applying("mis-sent", &["sensitive-data"], &["wrongful"]);
    assert_eq!(of(&fax, "ppc-final"), Some(Yes));
    assert_eq!(of(&fax, "ppc-final-wrongful"), Some(No));
    assert_eq!(of(&fax, "maintenance-vendor"), None);
    // What nobody can read is spared.
    let locked = applying("lost-media", &["sensitive-data", "strong-encryption"], &[]);
    assert_eq!(of(&locked, "ppc-preliminary"), Some(No));
    // Without personal data there is nothing to report, however wrongful it was and whatever else is not known yet.
    let no_data = applying("ransomware", &["wrongful", "care-hindered"], &["personal-data"]);
    for duty in ["ppc-preliminary", "patients", "ppc-final", "ppc-final-wrongful"] {
        assert_eq!(of(&no_data, duty), Some(No), "{duty}");
    }
    assert_eq!(of(&no_data, "mhlw"), Some(Yes), "care is hindered all the same");
    assert_eq!(of(&applying("website", &[], &["personal-data"]), "ppc-preliminary"), Some(No));
    // Not known yet, or yes without knowing which: it stays open.
    assert_eq!(of(&applying("website", &["personal-data"], &[]), "ppc-preliminary"), Some(Open));
    // While nobody knows whether the purpose was wrongful, the shorter clock holds.
    let unsure = applying("unauthorised-access", &["personal-data", "sensitive-data"], &[]);
    assert_eq!((of(&unsure, "ppc-final"), of(&unsure, "ppc-final-wrongful")), (Some(Yes), Some(Open)));
    // All said no.
    let none = applying("website", &[], &["sensitive-data", "money-data", "wrongful", "many-people"]);
    assert_eq!(of(&none, "patients"), Some(No));
}

#[test]
fn kinds_of_incident_begin_with_tasks_and_only_the_law_has_clocks() {
    let catalog = catalog();
    let kinds: Vec<&str> = catalog.incident_kinds().iter().map(|kind| kind.id.as_str()).collect();
    assert_eq!(
        kinds,
        ["ransomware", "unauthorised-access", "lost-media", "mis-sent", "website", "denial-of-service"]
    );
    assert!(catalog.incident_kinds().iter().all(|kind| kind.tasks.len() >= 7));
    let clocks: Vec<(&str, i64)> = catalog
        .reporting_duties()
        .iter()
        .filter_map(|duty| Some((duty.id.as_str(), duty.clock.as_ref()?.days)))
        .collect();
    assert_eq!(clocks, [("ppc-preliminary", 5), ("ppc-final", 30), ("ppc-final-wrongful", 60)]);
}
