//! The ministry's workbook: loaded, recognised, confirmed, filled and read back by another program.

use crate::workbook::{FIRST, PRINTED_BCP, STRANGE, TITLE, cell, form, workbook};
use crate::*;
use calamine::DataType as _;
use komainu_catalog::{Catalog, Variant};
use komainu_checklist::official::{
    Choices, ChooseRefusal, LoadRefusal, NewForm, Unrecognised, Usage, fill_in, filling, form_choose,
    form_load, form_remove, form_view, forms, own_answer_set, own_rows, recognise_form, sentence, sentences,
    shortfalls,
};
use komainu_workbook::{NotTheChecklist, WorkbookRefusal};
use std::collections::BTreeMap;

const KEY: (i32, Variant) = (2026, Variant::InstitutionPharmacy);
const OWN_FORM: FormKey = FormKey { variant: Variant::InstitutionPharmacy, vendor: None };

fn new_form(world: &World, bytes: Vec<u8>, replaces: Option<i64>) -> NewForm {
    let recognised = recognise_form(&world.catalog, &bytes, None, None).unwrap();
    assert_eq!((recognised.fiscal_year, recognised.variant), KEY, "told by the workbook itself");
    NewForm { file_name: "C:\\配布\\様式.xlsx".to_owned(), bytes, recognised, replaces }
}

fn load(world: &World, scope: &Scope, replaces: Option<i64>) -> Result<(), Refused<LoadRefusal>> {
    let new = new_form(world, workbook(&world.catalog, TITLE), replaces);
    world.db.write(|tx| form_load(tx, &world.nature, scope, &world.files, &new))
}

fn choose(world: &World, scope: &Scope, choices: &Choices) -> Result<(), Refused<ChooseRefusal>> {
    world.db.write(|tx| form_choose(tx, &world.nature, scope, &world.catalog, KEY, choices))
}

fn confirm(world: &World, scope: &Scope, version: i64) -> Result<(), Refused<ChooseRefusal>> {
    choose(world, scope, &Choices { version, rows: BTreeMap::new(), confirm: true })
}

fn open(world: &World, scope: &Scope) -> Round {
    world.open_as(scope, 2026, false).unwrap()
}

fn answer(kind: AnswerKind, note: &str) -> AnswerInput {
    let no = kind.counts_as_no();
    AnswerInput {
        answer: kind.code().to_owned(),
        checked: vec!["2026-06-15".to_owned()],
        target: if no { "2027-03-01".to_owned() } else { String::new() },
        note: note.to_owned(),
        ..AnswerInput::default()
    }
}

#[test]
fn a_workbook_comes_back_with_the_answers_of_the_round() {
    each_database(|db| {
        let world = World::new(db);
        let manager = world.person(world.here(), "安全管理責任者", Role::SafetyManager);
        load(&world, &manager, None).unwrap();
        let round = open(&world, &manager);
        let view =
            |world: &World| world.db.read(|tx| round_view(tx, &manager, &world.catalog, round.id)).unwrap();
        let before = view(&world);
        assert!(before.all().all(|row| row.official.is_none()), "nothing shows before it is confirmed");
        confirm(&world, &manager, 1).unwrap();
        let shown = view(&world);
        assert!(shown.all().all(|row| row.official.is_some()), "every row of ours has its sentence");
        let number = |view: &RoundView| view.row(&"bcp".parse().unwrap()).and_then(|row| row.number.clone());
        assert!(before.rows.iter().any(|row| !row.confirmed) && shown.rows.iter().all(|row| row.confirmed));
        assert_eq!(number(&before).as_deref(), Some("3-③"));
        assert_eq!(number(&shown).as_deref(), Some(PRINTED_BCP), "the form's own number shows");

        let kinds = [AnswerKind::Yes, AnswerKind::No, AnswerKind::NotSure];
        for (row, kind) in shown.rows.iter().zip(kinds.into_iter().cycle()).skip(1) {
            let note = if kind == AnswerKind::No { "予算を申請中" } else { "" };
            let input = answer(kind, note);
            world
                .db
                .write(|tx| {
                    answer_set(tx, &world.nature, &manager, &world.catalog, round.id, &row.placement, &input)
                })
                .unwrap();
        }
        let filled = fill(&world, &manager);
        let settled = view(&world);
        let mut row = FIRST + u32::from(settled.gate.is_some());
        assert_eq!(cell(&filled, 1, 1).get_string(), Some("A診療所"));
        for ours in &settled.rows {
            let expected = ours.settled().map(|kind| if kind == AnswerKind::Yes { "はい" } else { "いいえ" });
            assert_eq!(cell(&filled, row, 2).get_string(), expected, "{}", ours.placement);
            let content = ours.answer.as_ref().map(|answer| answer.content.clone()).unwrap_or_default();
            let checked: Option<NaiveDate> = content.checked.first().copied().flatten();
            assert_eq!(cell(&filled, row, 3).as_date(), checked, "{}", ours.placement);
            assert_eq!(cell(&filled, row, 4).as_date(), content.target, "{}", ours.placement);
            let remark = cell(&filled, row, 5).get_string().map(str::to_owned).unwrap_or_default();
            assert_eq!(remark, content.note, "{}", ours.placement);
            row += 1;
        }
        assert_eq!(row - FIRST, u32::try_from(settled.all().count()).unwrap());
    });
}

fn fill(world: &World, scope: &Scope) -> Vec<u8> {
    let filling =
        world.db.read(|tx| filling(tx, &world.nature, scope, &world.catalog, 2026, OWN_FORM)).unwrap();
    let original = world.files.get(scope.organisation(), &filling.form.digest).unwrap();
    let filled = fill_in(&original, &filling.form, &filling.fills, &filling.fields).unwrap();
    assert_eq!(shortfalls(&filling.form, &filled), [], "everything has its place");
    filled.bytes
}

#[test]
fn a_row_we_do_not_know_is_answered_and_written_back_and_outlives_a_replacement() {
    each_database(|db| {
        let world = World::new(db);
        let manager = world.person(world.here(), "安全管理責任者", Role::SafetyManager);
        load(&world, &manager, None).unwrap();
        let view = world.db.read(|tx| form_view(tx, &manager, KEY.0, KEY.1)).unwrap();
        let strange = view.rows.iter().find(|row| row.sentence == STRANGE).unwrap();
        assert!(matches!(strange.usage, Usage::Own(_)), "{strange:?}");
        assert_eq!(view.form.file_name, "様式.xlsx", "no path of somebody's computer is kept");
        confirm(&world, &manager, 1).unwrap();
        let round = open(&world, &manager);
        let own = || world.db.read(|tx| own_rows(tx, &manager, &world.catalog, 2026, OWN_FORM)).unwrap().2;
        let [row] = own().try_into().unwrap();
        assert_eq!(
            (row.number.as_str(), row.sentence.as_str(), row.answer.is_none()),
            ("4-②", STRANGE, true)
        );
        let write = |input: &AnswerInput, placement: &PlacementId| {
            let address = (2026, OWN_FORM, placement);
            world.db.write(|tx| own_answer_set(tx, &world.nature, &manager, &world.catalog, address, input))
        };
        write(&answer(AnswerKind::No, "来年作る"), &row.placement).unwrap();
        let not_offered =
            AnswerInput { answer: "not_applicable".to_owned(), version: 1, ..Default::default() };
        assert!(matches!(write(&not_offered, &row.placement), Err(Refused::Because(_))));
        let ours: PlacementId = "patches".parse().unwrap();
        assert!(matches!(
            write(&answer(AnswerKind::Yes, ""), &ours),
            Err(Refused::Failed(Failure::NotFound))
        ));
        let last = FIRST + u32::try_from(view.rows.len()).unwrap() - 1;
        let filled = fill(&world, &manager);
        assert_eq!(cell(&filled, last, 2).get_string(), Some("いいえ"));
        assert_eq!(cell(&filled, last, 5).get_string(), Some("来年作る"));
        // The counts of the round speak of the catalogue's rows alone.
        let counts = world.db.read(|tx| round_view(tx, &manager, &world.catalog, round.id)).unwrap().counts;
        assert_eq!(counts.answered, 0);

        load(&world, &manager, Some(2)).unwrap();
        assert!(own().is_empty(), "a replaced workbook has to be confirmed again");
        confirm(&world, &manager, 3).unwrap();
        let [again] = own().try_into().unwrap();
        assert!(again.answer.is_some_and(|answer| answer.content.note == "来年作る"));
    });
}

#[test]
fn choices_change_what_a_row_is_and_two_people_do_not_overwrite_each_other() {
    each_database(|db| {
        let world = World::new(db);
        let one = world.person(world.here(), "院長", Role::Director);
        let two = world.person(world.here(), "安全管理責任者", Role::SafetyManager);
        load(&world, &one, None).unwrap();
        let position = world
            .db
            .read(|tx| form_view(tx, &one, KEY.0, KEY.1))
            .unwrap()
            .rows
            .iter()
            .position(|row| row.usage == Usage::Item("patches".parse().unwrap()))
            .unwrap();
        let chosen = |version, what: &str| Choices {
            version,
            rows: BTreeMap::from([(position, what.to_owned())]),
            confirm: true,
        };
        choose(&world, &one, &chosen(1, "own")).unwrap();
        let Err(Refused::Because(ChooseRefusal::Changed(now))) = choose(&world, &two, &chosen(1, "none"))
        else {
            panic!("the second choice was made on an old page");
        };
        assert_eq!(now.form.version, 2);
        assert!(matches!(now.rows[position].usage, Usage::Own(_)));
        let confirmed = now.form.confirmed.clone().unwrap();
        assert_eq!(confirmed.1, "院長");
        let Err(Refused::Because(ChooseRefusal::Changed(_))) = confirm(&world, &two, 1) else {
            panic!("confirming what somebody else confirmed is told");
        };
        let known = form(&world.catalog);
        let missing: Vec<String> = now.missing(&known).iter().map(|row| row.id.to_string()).collect();
        assert_eq!(missing, ["patches"]);
        choose(&world, &two, &chosen(2, "patches")).unwrap();
        assert!(matches!(
            choose(&world, &two, &chosen(3, "no-such-row")),
            Err(Refused::Failed(Failure::NotFound))
        ));
        assert!(matches!(load(&world, &two, None), Err(Refused::Because(LoadRefusal::Exists(3)))));
        assert!(matches!(load(&world, &two, Some(2)), Err(Refused::Because(LoadRefusal::Exists(3)))));
        let stale = world.db.write(|tx| form_remove(tx, &world.nature, &two, KEY, 2));
        assert!(matches!(stale, Err(Failure::Stale)));
        assert!(
            world.db.read(|tx| form_view(tx, &two, KEY.0, KEY.1)).is_ok_and(|view| !view.rows.is_empty())
        );
        world.db.write(|tx| form_remove(tx, &world.nature, &two, KEY, 3)).unwrap();
        assert!(world.db.read(|tx| forms(tx, &two)).unwrap().is_empty());
        let log = world
            .db
            .read(|tx| {
                let page = komainu_audit::Page { limit: 99, ..komainu_audit::Page::default() };
                komainu_audit::entries(tx, &two, &page)
            })
            .unwrap();
        let actions: Vec<&str> = log.iter().rev().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["official_load", "official_confirm", "official_change", "official_remove"]);
    });
}

#[test]
fn another_institution_sees_and_changes_nothing_and_roles_are_kept() {
    each_database(|db| {
        let world = World::new(db);
        let manager = world.person(world.here(), "安全管理責任者", Role::SafetyManager);
        let stranger = world.person(world.there(), "よその責任者", Role::SafetyManager);
        load(&world, &manager, None).unwrap();
        confirm(&world, &manager, 1).unwrap();
        open(&world, &manager);
        open(&world, &stranger);
        let read = |scope: &Scope| {
            let scope = scope.clone();
            world.db.read(move |tx| form_view(tx, &scope, KEY.0, KEY.1))
        };
        assert!(matches!(read(&stranger), Err(Failure::NotFound)));
        assert!(world.db.read(|tx| forms(tx, &stranger)).unwrap().is_empty());
        assert!(world.db.read(|tx| sentences(tx, &stranger, KEY.0, KEY.1)).unwrap().is_empty());
        let fillings =
            world.db.read(|tx| filling(tx, &world.nature, &stranger, &world.catalog, 2026, OWN_FORM));
        assert!(matches!(fillings, Err(Failure::NotFound)));
        assert!(matches!(confirm(&world, &stranger, 2), Err(Refused::Failed(Failure::NotFound))));
        let removed = world.db.write(|tx| form_remove(tx, &world.nature, &stranger, KEY, 2));
        assert!(matches!(removed, Err(Failure::NotFound)));
        assert!(read(&manager).is_ok());
        let digest = read(&manager).unwrap().form.digest;
        assert!(world.files.get(world.there(), &digest).is_err(), "not even the original");

        let staff = world.person(world.here(), "受付", Role::Staff);
        let inspector = world.person(world.here(), "検査員", Role::Inspector);
        for scope in [&staff, &inspector] {
            let denied = |failure: &Failure| matches!(failure, Failure::Denied(denied) if denied.0 == Permission::OfficialFormManage);
            assert!(read(scope).is_err_and(|failure| denied(&failure)));
            let Err(Refused::Failed(failure)) = load(&world, scope, Some(2)) else { panic!("loaded") };
            assert!(denied(&failure));
            let Err(Refused::Failed(failure)) = confirm(&world, scope, 2) else { panic!("confirmed") };
            assert!(denied(&failure));
            let removed = world.db.write(|tx| form_remove(tx, &world.nature, scope, KEY, 2));
            assert!(removed.is_err_and(|failure| denied(&failure)));
        }
        let placement: PlacementId = "patches".parse().unwrap();
        let official =
            world.db.read(|tx| sentence(tx, &inspector, KEY.0, KEY.1, &placement)).unwrap().unwrap();
        assert_eq!(official.number, "2-⑥");
        let fillings = |scope: &Scope| {
            world.db.read(|tx| filling(tx, &world.nature, scope, &world.catalog, 2026, OWN_FORM)).map(drop)
        };
        assert!(fillings(&inspector).is_ok());
        assert!(matches!(fillings(&staff), Err(Failure::Denied(_))));
    });
}

#[test]
fn what_is_not_the_checklist_is_told_and_what_is_unsaid_is_asked() {
    let catalog = Catalog::embedded().unwrap();
    let look = |bytes: &[u8], year, variant| {
        recognise_form(&catalog, bytes, year, variant).map(|found| (found.fiscal_year, found.variant))
    };
    let nameless = workbook(&catalog, "チェックリスト");
    assert!(
        matches!(look(&nameless, None, None), Err(Unrecognised::Which { years, .. }) if years.contains(&2026))
    );
    assert_eq!(look(&nameless, Some(2026), Some(Variant::InstitutionPharmacy)), Ok(KEY));
    let future = workbook(&catalog, "令和12年度版　医療機関におけるサイバーセキュリティ対策チェックリスト");
    assert_eq!(look(&future, None, None), Err(Unrecognised::NoEdition(2030)));
    assert_eq!(
        look(&nameless, Some(2026), Some(Variant::Pharmacy)),
        Err(Unrecognised::NoForm { fiscal_year: 2026, variant: Variant::Pharmacy })
    );
    assert_eq!(look(b"", None, None), Err(Unrecognised::Refused(WorkbookRefusal::Empty)));
    let csv = "番号,項目\r\n1,台帳\r\n".as_bytes();
    assert!(matches!(
        look(csv, None, None),
        Err(Unrecognised::Refused(WorkbookRefusal::NotAWorkbook { .. }))
    ));
    let mut prices = rust_xlsxwriter::Workbook::new();
    let sheet = prices.add_worksheet();
    for row in 0..20 {
        sheet.write(row, 0, row + 1).unwrap();
        sheet.write(row, 1, "プリンタ用紙の見積もり、納期は二週間").unwrap();
    }
    let prices = prices.save_to_buffer().unwrap();
    assert!(matches!(
        look(&prices, None, None),
        Err(Unrecognised::NotIt(NotTheChecklist::NoQuestions | NotTheChecklist::OtherQuestions { .. }))
    ));
}
