use super::*;
use crate::model::{LineDraft, Reason, ThingDraft, Warning};
use komainu_exposure::model::ConnectionKind;
use komainu_inventory::{Asset, Connection, ConnectionDetails, End, RelationKind};

const SERVER: AssetId = AssetId(Uuid::from_u128(1));
const WARD: AssetId = AssetId(Uuid::from_u128(2));
const TERMINAL: AssetId = AssetId(Uuid::from_u128(3));
const LINE: ConnectionId = ConnectionId(Uuid::from_u128(9));

fn asset(id: AssetId, kind: AssetKind, name: &str, facts: Facts) -> Asset {
    Asset { id, details: AssetDetails { facts, ..AssetDetails::named(kind, name) }, version: 1 }
}

/// A server in a ward's zone, a terminal, and a line between them.
fn ledger() -> Ledger {
    let serial = Facts::default().with(Fact::Serial, "0012").with(Fact::Mac, "00:1b:21:00:10:30");
    let host = Facts::default().with(Fact::Hostname, "reception-1").with(Fact::Number, "A-7");
    let mut server = asset(SERVER, AssetKind::Server, "電子カルテサーバー", serial);
    server.details.zone = Some(WARD);
    let zone = Facts::default().with(Fact::Address, "10.1.2.0/24");
    let (from, to) = (End::Thing(Thing::Asset(TERMINAL)), End::Thing(Thing::Asset(SERVER)));
    Ledger {
        revision: 4,
        assets: vec![
            server,
            asset(WARD, AssetKind::Zone, "病棟", zone),
            asset(TERMINAL, AssetKind::Terminal, "受付端末", host),
        ],
        connections: vec![Connection {
            id: LINE,
            details: ConnectionDetails::between(ConnectionKind::FileShare, from, to),
            version: 1,
        }],
        ..Ledger::default()
    }
}

fn row(number: u64, draft: Draft) -> Row {
    Row { source: 0, number, id: String::new(), remove: false, draft, faults: Vec::new(), evidence: None }
}

fn thing(number: u64, kind: AssetKind, name: &str, facts: &[(Fact, &str)]) -> Row {
    let facts = facts.iter().map(|(fact, text)| (*fact, (*text).to_owned())).collect();
    row(
        number,
        Draft::Thing(ThingDraft {
            kind: Some(kind),
            name: Some(name.into()),
            facts,
            ..ThingDraft::default()
        }),
    )
}

fn line(number: u64, kind: ConnectionKind, from: Reference, to: Reference) -> Row {
    let draft = LineDraft { kind: Some(kind), from: Some(from), to: Some(to), ..LineDraft::default() };
    row(number, Draft::Line(draft))
}

fn with_id(mut row: Row, id: Uuid) -> Row {
    row.id = id.to_string();
    row
}

fn text(name: &str) -> Reference {
    Reference::Text(name.to_owned())
}

fn run(rows: &[Row], choices: &Choices) -> Settled {
    let mut next = 100;
    settle(&ledger(), rows, choices, &mut || {
        next += 1;
        Uuid::from_u128(next)
    })
}

fn outcomes(settled: &Settled) -> Vec<Outcome> {
    settled.rows.iter().map(|seen| seen.outcome).collect()
}

fn whys(settled: &Settled) -> Vec<Why> {
    settled.rows.iter().flat_map(|seen| seen.faults.iter().map(|fault| fault.why)).collect()
}

#[test]
fn a_row_is_matched_by_what_identifies_a_machine_the_surest_first() {
    for (row, found) in [
        (
            thing(1, AssetKind::Terminal, "別名", &[(Fact::Serial, "００１２")]),
            Some((SERVER, Reason::Serial)),
        ),
        (
            thing(1, AssetKind::Terminal, "別名", &[(Fact::Mac, "00-1B-21-00-10-30")]),
            Some((SERVER, Reason::Mac)),
        ),
        (thing(1, AssetKind::Terminal, "別名", &[(Fact::Number, "a-7")]), Some((TERMINAL, Reason::Number))),
        (
            thing(1, AssetKind::Terminal, "別名", &[(Fact::Hostname, "RECEPTION-1")]),
            Some((TERMINAL, Reason::Hostname)),
        ),
        (thing(1, AssetKind::Server, "別名", &[(Fact::Hostname, "reception-1")]), None),
        (thing(1, AssetKind::Terminal, "受付 端末", &[]), Some((TERMINAL, Reason::Name))),
        (thing(1, AssetKind::Place, "受付端末", &[]), None),
        (
            thing(1, AssetKind::Terminal, "受付端末", &[(Fact::Serial, "0012")]),
            Some((SERVER, Reason::Serial)),
        ),
    ] {
        let settled = run(&[row], &Choices::default());
        let expected = found.map(|(id, reason)| Candidate { id: id.0, reason });
        assert_eq!(settled.rows[0].candidates.first().copied(), expected);
        let outcome = if found.is_some() { Outcome::Undecided } else { Outcome::New };
        assert_eq!(settled.rows[0].outcome, outcome);
        assert_eq!(settled.counts.ready(), found.is_none());
    }
}

#[test]
fn a_person_decides_whether_it_is_the_same() {
    let rows = [thing(
        1,
        AssetKind::Server,
        "電子カルテ",
        &[(Fact::Serial, "0012"), (Fact::Os, "Windows Server 2022")],
    )];
    let decided = |decision| Choices { rows: [(0, decision)].into(), ..Choices::default() };
    let same = run(&rows, &decided(Decision::Same(SERVER.0)));
    assert_eq!(outcomes(&same), [Outcome::Change]);
    assert_eq!(same.rows[0].changes, [Column::Name, Column::Fact(Fact::Os)]);
    let [Edit::AssetChange(id, details)] = same.edits.as_slice() else { panic!("{:?}", same.edits) };
    assert_eq!(*id, SERVER);
    assert_eq!(
        (details.zone, details.facts.text(Fact::Serial)),
        (Some(WARD), "0012"),
        "what is not said stays"
    );
    let other = run(&rows, &decided(Decision::Other));
    assert!(matches!(other.edits.as_slice(), [Edit::AssetAdd(..)]));
    assert!(run(&rows, &decided(Decision::Skip)).edits.is_empty());
    for (every, outcome) in
        [(Every::Same, Outcome::Change), (Every::Other, Outcome::New), (Every::Skip, Outcome::Skipped)]
    {
        let choices = Choices { every: Some(every), ..Choices::default() };
        assert_eq!(outcomes(&run(&rows, &choices)), [outcome]);
    }
    let gone = run(&rows, &decided(Decision::Same(Uuid::from_u128(77))));
    assert_eq!(outcomes(&gone), [Outcome::Undecided], "what was chosen is no longer there");
}

#[test]
fn nothing_is_removed_but_by_a_mark_in_a_row_with_an_id() {
    let mut marked = with_id(row(1, Draft::Thing(ThingDraft::default())), TERMINAL.0);
    marked.remove = true;
    let mut line = with_id(row(2, Draft::Line(LineDraft::default())), LINE.0);
    let settled = run(&[marked.clone(), line.clone()], &Choices::default());
    assert_eq!(
        outcomes(&settled),
        [Outcome::Remove, Outcome::Remove],
        "the line goes with the thing it ends at"
    );
    assert_eq!(settled.edits, [Edit::AssetRemove(TERMINAL)]);
    assert_eq!(settled.rows[0].warnings, [Warning::Lines(1)], "also where no row tells of the line");
    line.remove = true;
    assert_eq!(run(&[line], &Choices::default()).edits, [Edit::ConnectionRemove(LINE)]);
    marked.id = String::new();
    let settled = run(&[marked], &Choices::default());
    assert_eq!(whys(&settled), [Why::RemoveWithoutId]);
    assert!(run(&[], &Choices::default()).edits.is_empty(), "what is not in the file stays");
}

#[test]
fn ids_of_others_are_unknown_and_none_is_changed_twice() {
    let foreign = with_id(thing(1, AssetKind::Server, "x", &[]), Uuid::from_u128(404));
    let settled = run(&[foreign], &Choices::default());
    assert_eq!((outcomes(&settled), whys(&settled)), (vec![Outcome::Faulty], vec![Why::Id]));
    let twice = [
        with_id(thing(5, AssetKind::Server, "x", &[]), SERVER.0),
        with_id(thing(6, AssetKind::Server, "y", &[]), SERVER.0),
    ];
    assert_eq!(whys(&run(&twice, &Choices::default())), [Why::Twice(5)]);
}

#[test]
fn a_row_with_an_id_is_not_offered_to_another_row() {
    let rows = [
        with_id(thing(1, AssetKind::Terminal, "受付端末", &[]), TERMINAL.0),
        thing(2, AssetKind::Terminal, "受付端末", &[]),
    ];
    assert_eq!(outcomes(&run(&rows, &Choices::default())), [Outcome::Same, Outcome::New]);
}

#[test]
fn zones_and_places_that_nobody_wrote_down_are_offered() {
    let mut first = thing(1, AssetKind::Terminal, "新しい端末", &[]);
    let mut second = thing(2, AssetKind::Terminal, "もう一台", &[]);
    for row in [&mut first, &mut second] {
        let Draft::Thing(draft) = &mut row.draft else { panic!("a thing") };
        draft.zone = Some("192.168.7.0/24".into());
        draft.place = Some("病棟".into());
        draft.vendor = Some("知らない業者".into());
    }
    let rows = [first, second];
    let settled = run(&rows, &Choices::default());
    let made: Vec<_> = settled.creations.iter().map(|one| (one.key(), one.rows)).collect();
    assert_eq!(
        made,
        [("zone:192.168.7.0/24".to_owned(), 2), ("place:病棟".to_owned(), 2)],
        "a zone is no place"
    );
    assert_eq!((settled.counts.new, settled.counts.made, settled.edits.len()), (2, 2, 4));
    let Edit::AssetAdd(zone, details) = &settled.edits[0] else { panic!("a zone first") };
    assert_eq!(details.facts.text(Fact::Address), "192.168.7.0/24");
    assert!(matches!(&settled.edits[2], Edit::AssetAdd(_, details) if details.zone == Some(*zone)));
    let unknown = Warning::Unknown(Column::Vendor, "知らない業者".into());
    assert!(settled.rows[0].warnings.contains(&unknown));
    let choices = Choices { not_made: vec!["place:病棟".into()], ..Choices::default() };
    let settled = run(&rows, &choices);
    assert_eq!((settled.counts.made, settled.counts.new), (1, 2));
    assert!(settled.rows[1].warnings.contains(&Warning::NotMade(Column::Place, "病棟".into())));
}

#[test]
fn a_zone_is_known_by_its_network_and_guesses_move_nothing() {
    let found = |name: &str, serial: &str| {
        let mut row = thing(0, AssetKind::Terminal, name, &[(Fact::Serial, serial), (Fact::Maker, "甲社")]);
        let Draft::Thing(draft) = &mut row.draft else { panic!("a thing") };
        draft.zone = Some("10.1.2.0/24".into());
        draft.guessed = true;
        row
    };
    let settled = run(&[found("ct-1", "99")], &Choices::default());
    assert!(settled.creations.is_empty());
    assert!(matches!(settled.edits.as_slice(), [Edit::AssetAdd(_, details)] if details.zone == Some(WARD)));
    let same = Choices { every: Some(Every::Same), ..Choices::default() };
    let settled = run(&[found("別の名前", "0012")], &same);
    assert_eq!(settled.rows[0].changes, [Column::Fact(Fact::Maker)], "name, kind and zone stay");
}

#[test]
fn lines_find_their_ends_among_names_rows_and_the_internet() {
    let rows = [
        thing(1, AssetKind::MedicalDevice, "CT", &[]),
        line(2, ConnectionKind::Dicom, Reference::Row(0), text("電子カルテサーバー")),
        line(3, ConnectionKind::RemoteMaintenance, Reference::Internet, text("CT")),
        line(4, ConnectionKind::FileShare, text("受付端末"), text("電子カルテサーバー")),
        line(5, ConnectionKind::Vpn, Reference::Internet, Reference::Internet),
        line(6, ConnectionKind::Hl7, text("ない"), text("CT")),
        row(7, Draft::Line(LineDraft::default())),
    ];
    let settled = run(&rows, &Choices::default());
    let expected = [
        Outcome::New,
        Outcome::New,
        Outcome::New,
        Outcome::Undecided,
        Outcome::Faulty,
        Outcome::Faulty,
        Outcome::Faulty,
    ];
    assert_eq!(outcomes(&settled), expected);
    assert_eq!(settled.rows[3].candidates, [Candidate { id: LINE.0, reason: Reason::Ends }]);
    assert_eq!(whys(&settled), [Why::Ends, Why::Unknown, Why::NoKind, Why::NoEnd, Why::NoEnd]);
    let left_out = Choices { rows: [(0, Decision::Skip)].into(), ..Choices::default() };
    let settled = run(&rows[..2], &left_out);
    assert_eq!(
        outcomes(&settled),
        [Outcome::Skipped, Outcome::Skipped],
        "a line goes with the row of its end"
    );
}

#[test]
fn a_line_waits_for_the_rows_of_its_ends() {
    let rows = [
        thing(0, AssetKind::Server, "x", &[(Fact::Serial, "0012")]),
        line(0, ConnectionKind::Dicom, Reference::Internet, Reference::Row(0)),
    ];
    let settled = run(&rows, &Choices::default());
    assert_eq!(outcomes(&settled), [Outcome::Undecided, Outcome::Undecided]);
    let same = Choices { every: Some(Every::Same), ..Choices::default() };
    assert_eq!(outcomes(&run(&rows, &same)), [Outcome::Change, Outcome::New]);
}

#[test]
fn what_does_not_belong_to_a_kind_is_left_out_and_told() {
    let row = thing(1, AssetKind::Zone, "検査", &[(Fact::Serial, "1")]);
    let settled = run(&[row], &Choices::default());
    assert_eq!(settled.rows[0].warnings, [Warning::Unfit(Column::Fact(Fact::Serial))]);
    assert_eq!(outcomes(&settled), [Outcome::New]);
}

#[test]
fn two_rows_of_one_machine_are_told() {
    let rows = [
        thing(3, AssetKind::Terminal, "甲", &[(Fact::Serial, "77")]),
        thing(4, AssetKind::Terminal, "乙", &[(Fact::Serial, "７７")]),
    ];
    assert_eq!(run(&rows, &Choices::default()).rows[1].warnings, [Warning::Twin(3)]);
}

#[test]
fn what_has_no_name_or_kind_cannot_be_new() {
    let settled = run(&[row(1, Draft::Thing(ThingDraft::default()))], &Choices::default());
    assert_eq!(whys(&settled), [Why::NoName, Why::NoKind]);
    assert_eq!(settled.counts.faulty, 1);
}

/// A row of a thing that changes only where it lies.
fn moved(number: u64, id: AssetId, zone: &str) -> Row {
    with_id(row(number, Draft::Thing(ThingDraft { zone: Some(zone.into()), ..ThingDraft::default() })), id.0)
}

fn removed(number: u64, id: AssetId) -> Row {
    Row { remove: true, ..with_id(row(number, Draft::Thing(ThingDraft::default())), id.0) }
}

fn faults(settled: &Settled, place: usize) -> Vec<(Option<Column>, &str, Why)> {
    settled.rows[place].faults.iter().map(|fault| (fault.column, fault.text.as_str(), fault.why)).collect()
}

#[test]
fn what_would_lie_within_itself_is_told_at_each_of_its_rows() {
    let mut outer = thing(2, AssetKind::Zone, "院内", &[]);
    let Draft::Thing(draft) = &mut outer.draft else { panic!("a thing") };
    draft.zone = Some("病棟".into());
    let rows = [moved(1, WARD, "院内"), outer, thing(3, AssetKind::Terminal, "関係のない端末", &[])];
    let settled = run(&rows, &Choices::default());
    assert_eq!(outcomes(&settled), [Outcome::Faulty, Outcome::Faulty, Outcome::New]);
    for place in [0, 1] {
        let [(column, names, why)] = faults(&settled, place)[..] else { panic!("{:?}", settled.rows) };
        assert_eq!((column, why), (Some(Column::Zone), Why::Circle));
        assert!(["病棟 → 院内 → 病棟", "院内 → 病棟 → 院内"].contains(&names), "{names}");
    }
    assert!(!settled.counts.ready());
    assert_eq!((settled.counts.faulty, settled.counts.new, settled.edits.len()), (2, 1, 1));
    // One of them put right, or left out, and nothing stands in the way.
    let right = [moved(1, WARD, ""), rows[1].clone()];
    let settled = run(&right, &Choices::default());
    assert_eq!(outcomes(&settled), [Outcome::Same, Outcome::New]);
    assert!(settled.counts.ready());
    // The smallest circle; the other row is not to blame.
    let itself = [moved(1, WARD, "病棟"), thing(2, AssetKind::Terminal, "関係のない端末", &[])];
    assert_eq!(outcomes(&run(&itself, &Choices::default())), [Outcome::Faulty, Outcome::New]);
}

#[test]
fn what_would_need_itself_is_told_with_the_way_round() {
    let needing = |number, name: &str, needs: &str| {
        let mut row = thing(number, AssetKind::Server, name, &[]);
        let Draft::Thing(draft) = &mut row.draft else { panic!("a thing") };
        draft.relations = [(RelationKind::Needs, vec![text(needs)])].into();
        row
    };
    let rows = [needing(1, "甲", "乙"), needing(2, "乙", "丙"), needing(3, "丙", "甲")];
    let settled = run(&rows, &Choices::default());
    assert_eq!(whys(&settled), [Why::Circle; 3]);
    let (column, names, _) = faults(&settled, 0)[0];
    assert_eq!(column, Some(Column::Relation(RelationKind::Needs)));
    assert_eq!(names.split(" → ").count(), 4, "{names}");
    let left_out = Choices { rows: [(2, Decision::Skip)].into(), ..Choices::default() };
    assert_eq!(whys(&run(&rows, &left_out)), [Why::Unknown], "what it needs is not taken in");
}

#[test]
fn a_zone_that_others_are_in_stays_one() {
    let changed = with_id(thing(1, AssetKind::Server, "病棟", &[]), WARD.0);
    let settled = run(std::slice::from_ref(&changed), &Choices::default());
    assert_eq!(outcomes(&settled), [Outcome::Faulty]);
    assert_eq!(faults(&settled, 0), [(Some(Column::Kind), "電子カルテサーバー", Why::InUse(1))]);
    let freed = run(&[changed, moved(2, SERVER, "")], &Choices::default());
    assert_eq!(outcomes(&freed), [Outcome::Change, Outcome::Change]);
    assert_eq!((freed.counts.ready(), freed.edits.len()), (true, 2));
}

#[test]
fn what_others_name_is_removed_only_where_rows_take_that_out_of_them() {
    let settled = run(&[removed(1, WARD)], &Choices::default());
    assert_eq!(faults(&settled, 0), [(Some(Column::Remove), "電子カルテサーバー", Why::Named(1))]);
    assert_eq!((outcomes(&settled), settled.edits.as_slice()), (vec![Outcome::Faulty], &[][..]));
    // A row that says nothing of its zone leaves it there; one that clears it, or removes the server, does not.
    let silent = with_id(thing(2, AssetKind::Server, "別の名前", &[]), SERVER.0);
    let settled = run(&[removed(1, WARD), silent], &Choices::default());
    assert_eq!(faults(&settled, 0), [(Some(Column::Remove), "別の名前", Why::Named(1))]);
    let cleared = run(&[removed(1, WARD), moved(2, SERVER, "")], &Choices::default());
    assert_eq!(outcomes(&cleared), [Outcome::Remove, Outcome::Change]);
    let goes_last =
        matches!(cleared.edits.as_slice(), [Edit::AssetChange(..), Edit::AssetRemove(id)] if *id == WARD);
    assert!(goes_last, "{:?}", cleared.edits);
    let both = run(&[removed(1, WARD), removed(2, SERVER)], &Choices::default());
    assert_eq!(outcomes(&both), [Outcome::Remove, Outcome::Remove]);
    assert!(cleared.counts.ready() && both.counts.ready());
}

#[test]
fn a_fact_of_other_bounds_that_is_told_as_it_stands_is_no_fault() {
    let stored: Facts = serde_json::from_str(r#"{ "count": "2000000", "serial": "0012" }"#).unwrap();
    let mut ledger = ledger();
    ledger.assets[0].details.facts = stored;
    let told = |text: &str| {
        let mut row = with_id(thing(1, AssetKind::Server, "電子カルテサーバー", &[]), SERVER.0);
        let why = Why::Fact(komainu_inventory::FactFault::NoNumber(1, 1_000_000));
        row.faults.push(Fault { column: Some(Column::Fact(Fact::Count)), text: text.into(), why });
        settle(&ledger, &[row], &Choices::default(), &mut || Uuid::nil())
    };
    assert_eq!(outcomes(&told("2000000")), [Outcome::Same]);
    assert_eq!(outcomes(&told("3000000")), [Outcome::Faulty]);
}
