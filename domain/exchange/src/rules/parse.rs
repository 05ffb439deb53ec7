//! What the rows of a table say.

use crate::model::{
    Column, Draft, Fault, LineDraft, Mapping, Record, Reference, Row, Sheet, Table, ThingDraft, Why,
};
use crate::vocabulary::{Vocabulary, clears, fold, says_nothing};
use chrono::NaiveDate;
use komainu_calendar::parse_date;
use komainu_exposure::model::{Control, State};
use komainu_institution::parts::{LONG, SHORT};
use komainu_inventory::{Fact, FactType, Facts, RelationKind};
use std::collections::BTreeMap;

/// What stands between the names of a cell that names several.
const BETWEEN: [char; 3] = [';', '；', '\n'];
/// A unit behind a number, such as 台 or 時間, has at most so many characters.
const UNIT: usize = 3;

/// Reads the rows of a table; none where the table is left out. `source` is its place among all tables and files.
pub fn table_rows(
    source: usize,
    table: &Table,
    mapping: &Mapping,
    vocabulary: &Vocabulary,
    today: NaiveDate,
) -> Vec<Row> {
    let Some(sheet) = mapping.sheet else { return Vec::new() };
    let data = table.rows.iter().skip(mapping.heading.map_or(0, |heading| heading + 1));
    let reader = Reader { mapping, vocabulary, today };
    data.filter_map(|record| reader.row(source, sheet, record)).collect()
}

struct Reader<'a> {
    mapping: &'a Mapping,
    vocabulary: &'a Vocabulary,
    today: NaiveDate,
}

/// A cell that says something.
struct Cell<'a> {
    column: Column,
    text: &'a str,
    folded: String,
}

impl Cell<'_> {
    /// The text, or an empty one where it asks for what is known to be taken away.
    fn value(&self) -> String {
        if clears(&self.folded) { String::new() } else { self.text.to_owned() }
    }

    fn fault(&self, why: Why) -> Fault {
        Fault { column: Some(self.column), text: self.text.to_owned(), why }
    }
}

impl Reader<'_> {
    /// A row; none where no cell that counts says anything.
    fn row(&self, source: usize, sheet: Sheet, record: &Record) -> Option<Row> {
        let mut row = Row {
            source,
            number: record.number,
            id: String::new(),
            remove: false,
            draft: match sheet {
                Sheet::Things => {
                    Draft::Thing(ThingDraft { kind: self.mapping.thing_kind, ..ThingDraft::default() })
                }
                Sheet::Lines => {
                    Draft::Line(LineDraft { kind: self.mapping.line_kind, ..LineDraft::default() })
                }
            },
            faults: Vec::new(),
            evidence: None,
        };
        let mut any = false;
        for (text, column) in record.cells.iter().zip(&self.mapping.columns) {
            let (Some(column), folded) = (*column, fold(text)) else { continue };
            if says_nothing(&folded) {
                continue;
            }
            any = true;
            let cell = Cell { column, text: text.trim(), folded };
            if let Err(why) = self.cell(&mut row, &cell) {
                row.faults.push(cell.fault(why));
            }
        }
        any.then_some(row)
    }

    fn cell(&self, row: &mut Row, cell: &Cell<'_>) -> Result<(), Why> {
        match cell.column {
            Column::Id => cell.text.clone_into(&mut row.id),
            Column::Remove => row.remove = removes(&cell.folded)?,
            _ => match &mut row.draft {
                Draft::Thing(draft) => self.of_thing(draft, cell)?,
                Draft::Line(draft) => self.of_line(draft, cell)?,
            },
        }
        Ok(())
    }

    fn of_thing(&self, draft: &mut ThingDraft, cell: &Cell<'_>) -> Result<(), Why> {
        match cell.column {
            Column::Kind => draft.kind = Some(self.vocabulary.kind(&cell.folded).ok_or(Why::Kind)?),
            Column::Name => draft.name = Some(name(cell)?),
            Column::Zone => draft.zone = Some(short(cell)?),
            Column::Place => draft.place = Some(short(cell)?),
            Column::System => draft.system = Some(short(cell)?),
            Column::Vendor => draft.vendor = Some(short(cell)?),
            Column::Fact(fact) => drop(draft.facts.insert(fact, self.fact(fact, cell)?)),
            Column::Control(control) => self.control(&mut draft.controls, control, cell)?,
            Column::Relation(kind) => relations(&mut draft.relations, kind, cell)?,
            Column::Note => draft.note = Some(note(cell)?),
            Column::Id | Column::Remove | Column::From | Column::To | Column::BothWays => {}
        }
        Ok(())
    }

    fn of_line(&self, draft: &mut LineDraft, cell: &Cell<'_>) -> Result<(), Why> {
        match cell.column {
            Column::Kind => draft.kind = Some(self.vocabulary.line(&cell.folded).ok_or(Why::Kind)?),
            Column::Name => draft.name = Some(short(cell)?),
            Column::From => draft.from = Some(self.end(cell)?),
            Column::To => draft.to = Some(self.end(cell)?),
            Column::BothWays => {
                draft.both_ways = Some(self.vocabulary.answer(&cell.folded).ok_or(Why::YesNo)?);
            }
            Column::Vendor => draft.vendor = Some(short(cell)?),
            Column::Fact(fact) => drop(draft.facts.insert(fact, self.fact(fact, cell)?)),
            Column::Control(control) => self.control(&mut draft.controls, control, cell)?,
            Column::Note => draft.note = Some(note(cell)?),
            Column::Id
            | Column::Remove
            | Column::Zone
            | Column::Place
            | Column::System
            | Column::Relation(_) => {}
        }
        Ok(())
    }

    fn end(&self, cell: &Cell<'_>) -> Result<Reference, Why> {
        if self.vocabulary.is_internet(&cell.folded) {
            return Ok(Reference::Internet);
        }
        short(cell).map(Reference::Text)
    }

    fn control(
        &self,
        controls: &mut BTreeMap<Control, State>,
        control: Control,
        cell: &Cell<'_>,
    ) -> Result<(), Why> {
        let said =
            if clears(&cell.folded) { Some(State::Unknown) } else { self.vocabulary.state(&cell.folded) };
        controls.insert(control, said.ok_or(Why::State)?);
        Ok(())
    }

    /// A fact's text in its canonical form.
    fn fact(&self, fact: Fact, cell: &Cell<'_>) -> Result<String, Why> {
        if clears(&cell.folded) {
            return Ok(String::new());
        }
        let text = match fact.kind() {
            FactType::Day => {
                parse_date(cell.text, self.today).map_or_else(|_| cell.text.to_owned(), |day| day.to_string())
            }
            FactType::Number(..) => without_unit(&cell.folded).to_owned(),
            FactType::YesNo | FactType::Choice(_) => {
                self.vocabulary.choice(fact, &cell.folded).unwrap_or(cell.text).to_owned()
            }
            FactType::Line(_) | FactType::Text(_) => cell.text.to_owned(),
        };
        let mut facts = Facts::default();
        facts.set(fact, &text).map_err(Why::Fact)?;
        Ok(facts.text(fact).to_owned())
    }
}

/// A whole number without the unit behind it.
fn without_unit(folded: &str) -> &str {
    let digits = folded.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = folded.chars().count() - digits.chars().count();
    if unit <= UNIT { digits } else { folded }
}

fn removes(folded: &str) -> Result<bool, Why> {
    match folded {
        "1" | "○" | "〇" | "◯" | "✓" | "✔" | "x" | "yes" | "y" | "true" | "はい" | "削除" | "remove"
        | "delete" | "删除" | "是" => Ok(true),
        "0" | "no" | "n" | "false" | "いいえ" | "否" => Ok(false),
        _ => Err(Why::Mark),
    }
}

fn short(cell: &Cell<'_>) -> Result<String, Why> {
    let text = cell.value().replace(['\n', '\t'], " ");
    if text.chars().count() > SHORT { Err(Why::TooLong(SHORT)) } else { Ok(text) }
}

fn name(cell: &Cell<'_>) -> Result<String, Why> {
    let name = short(cell)?;
    if name.is_empty() { Err(Why::NoName) } else { Ok(name) }
}

fn note(cell: &Cell<'_>) -> Result<String, Why> {
    let text = cell.value();
    if text.chars().count() > LONG { Err(Why::TooLong(LONG)) } else { Ok(text) }
}

fn relations(
    of: &mut BTreeMap<RelationKind, Vec<Reference>>,
    kind: RelationKind,
    cell: &Cell<'_>,
) -> Result<(), Why> {
    let value = cell.value();
    let names: Vec<&str> = value.split(BETWEEN).map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.iter().any(|name| name.chars().count() > SHORT) {
        return Err(Why::TooLong(SHORT));
    }
    of.insert(kind, names.into_iter().map(|name| Reference::Text(name.to_owned())).collect());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_i18n::Lang;
    use komainu_inventory::{AssetKind, FactFault};

    fn read(column: Column, text: &str) -> (ThingDraft, Vec<Why>) {
        let cells = vec!["x".to_owned(), text.to_owned()];
        let table = Table { name: String::new(), rows: vec![Record { number: 1, cells }] };
        let columns = vec![Some(Column::Name), Some(column)];
        let mapping = Mapping { sheet: Some(Sheet::Things), columns, ..Mapping::default() };
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let mut rows = table_rows(0, &table, &mapping, Vocabulary::of(Lang::Ja), today);
        let row = rows.pop().unwrap();
        let Draft::Thing(draft) = row.draft else { panic!("a thing") };
        (draft, row.faults.into_iter().map(|fault| fault.why).collect())
    }

    #[test]
    fn facts_are_read_as_people_write_them() {
        for (fact, text, canonical) in [
            (Fact::Installed, "令和8年4月1日", "2026-04-01"),
            (Fact::Installed, "2026/4/1", "2026-04-01"),
            (Fact::Count, "３台", "3"),
            (Fact::RecoveryHours, "8時間", "8"),
            (Fact::HoldsRecords, "○", "yes"),
            (Fact::HoldsRecords, "いいえ", "no"),
            (Fact::Serial, "00123", "00123"),
            (Fact::Os, "[消去]", ""),
        ] {
            let (draft, faults) = read(Column::Fact(fact), text);
            assert_eq!(faults, [], "{text}");
            assert_eq!(draft.facts[&fact], canonical, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_and_not_taken() {
        for (column, text, why) in [
            (Column::Fact(Fact::Installed), "春ごろ", Why::Fact(FactFault::NoDay)),
            (Column::Fact(Fact::Count), "たくさん", Why::Fact(FactFault::NoNumber(1, 1_000_000))),
            (Column::Fact(Fact::HoldsRecords), "たぶん", Why::Fact(FactFault::NeitherYesNorNo)),
            (Column::Kind, "謎の箱", Why::Kind),
            (Column::Control(Control::Updates), "そこそこ", Why::State),
            (Column::Remove, "?!", Why::Mark),
            (Column::Zone, "あ".repeat(101).as_str(), Why::TooLong(100)),
        ] {
            let (draft, faults) = read(column, text);
            assert_eq!(faults, [why], "{text}");
            assert_eq!(draft, ThingDraft { name: Some("x".into()), ..ThingDraft::default() }, "{text}");
        }
    }

    #[test]
    fn words_for_nothing_say_nothing() {
        for text in ["", "-", "－", "不明", "N/A", "?"] {
            for column in [Column::Fact(Fact::Serial), Column::Control(Control::Updates), Column::Vendor] {
                let (draft, faults) = read(column, text);
                assert_eq!(draft, ThingDraft { name: Some("x".into()), ..ThingDraft::default() }, "{text}");
                assert_eq!(faults, []);
            }
        }
    }

    #[test]
    fn kinds_controls_and_relations() {
        assert_eq!(read(Column::Kind, "ルーター").0.kind, Some(AssetKind::NetworkDevice));
        assert_eq!(
            read(Column::Control(Control::Updates), "あり").0.controls[&Control::Updates],
            State::Present
        );
        let (draft, _) = read(Column::Relation(RelationKind::Needs), "電子カルテ; asset:1；\n");
        let names = ["電子カルテ", "asset:1"].map(|name| Reference::Text(name.to_owned()));
        assert_eq!(draft.relations[&RelationKind::Needs], names);
    }
}
