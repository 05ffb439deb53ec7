//! The columns of the ledger's two sheets.

use komainu_exposure::model::{ConnectionKind, Control, Place};
use komainu_inventory::{AssetKind, Fact, RelationKind, Subject};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

/// A sheet of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LedgerSheet)]
pub enum Sheet {
    /// Things, one a row.
    Things,
    /// Lines, one a row.
    Lines,
}

impl Sheet {
    /// Both, in the order of a workbook.
    pub const ALL: [Sheet; 2] = [Sheet::Things, Sheet::Lines];

    /// The word used in forms, addresses and names of files.
    pub const fn code(self) -> &'static str {
        match self {
            Sheet::Things => "things",
            Sheet::Lines => "lines",
        }
    }

    /// Its columns, from left to right.
    pub fn columns(self) -> Vec<Column> {
        let mut columns = vec![Column::Id, Column::Remove, Column::Kind, Column::Name];
        columns.extend_from_slice(match self {
            Sheet::Things => &[Column::Zone, Column::Place, Column::System, Column::Vendor],
            Sheet::Lines => &[Column::From, Column::To, Column::BothWays, Column::Vendor],
        });
        columns.extend(Fact::ALL.iter().copied().filter(|fact| self.has_fact(*fact)).map(Column::Fact));
        let places: &[Place] = match self {
            Sheet::Things => &[Place::Node, Place::Credential],
            Sheet::Lines => &[Place::Connection],
        };
        let here = |control: &Control| places.iter().any(|place| control.fits(*place));
        columns.extend(Control::ALL.iter().copied().filter(here).map(Column::Control));
        if self == Sheet::Things {
            columns.extend(RelationKind::ALL.iter().copied().map(Column::Relation));
        }
        columns.push(Column::Note);
        columns
    }

    fn has_fact(self, fact: Fact) -> bool {
        match self {
            Sheet::Things => AssetKind::ALL.iter().any(|kind| fact.asked(Subject::Asset(*kind)).is_some()),
            Sheet::Lines => {
                ConnectionKind::ALL.iter().any(|kind| fact.asked(Subject::Connection(*kind)).is_some())
            }
        }
    }
}

impl FromStr for Sheet {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Sheet::ALL.into_iter().find(|sheet| sheet.code() == code).ok_or(())
    }
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Column {
    /// The record's id.
    Id,
    /// The mark that removes a record.
    Remove,
    /// What it is.
    Kind,
    /// Its name.
    Name,
    /// Of a line: the end that opens it.
    From,
    /// Of a line: the end that answers.
    To,
    /// Of a line: whether either end may open it.
    BothWays,
    /// The zone it is in.
    Zone,
    /// The place it stands at.
    Place,
    /// The system it belongs to.
    System,
    /// Who looks after it.
    Vendor,
    /// Something that can be known.
    Fact(Fact),
    /// Something that stands in an attacker's way.
    Control(Control),
    /// What it has to do with others.
    Relation(RelationKind),
    /// Anything else.
    Note,
}

impl Column {
    /// The word used in files, forms and the database.
    pub fn code(self) -> String {
        match self {
            Column::Id => "id".to_owned(),
            Column::Remove => "remove".to_owned(),
            Column::Kind => "kind".to_owned(),
            Column::Name => "name".to_owned(),
            Column::From => "from".to_owned(),
            Column::To => "to".to_owned(),
            Column::BothWays => "both_ways".to_owned(),
            Column::Zone => "zone".to_owned(),
            Column::Place => "place".to_owned(),
            Column::System => "system".to_owned(),
            Column::Vendor => "vendor".to_owned(),
            Column::Fact(fact) => format!("fact.{}", fact.code()),
            Column::Control(control) => format!("control.{}", control.code()),
            Column::Relation(kind) => format!("relation.{}", kind.code()),
            Column::Note => "note".to_owned(),
        }
    }
}

impl From<Column> for String {
    fn from(column: Column) -> String {
        column.code()
    }
}

impl FromStr for Column {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        match code.split_once('.') {
            Some(("fact", fact)) => return fact.parse().map(Column::Fact),
            Some(("control", control)) => return control.parse().map(Column::Control),
            Some(("relation", kind)) => return kind.parse().map(Column::Relation),
            Some(_) => return Err(()),
            None => {}
        }
        Ok(match code {
            "id" => Column::Id,
            "remove" => Column::Remove,
            "kind" => Column::Kind,
            "name" => Column::Name,
            "from" => Column::From,
            "to" => Column::To,
            "both_ways" => Column::BothWays,
            "zone" => Column::Zone,
            "place" => Column::Place,
            "system" => Column::System,
            "vendor" => Column::Vendor,
            "note" => Column::Note,
            _ => return Err(()),
        })
    }
}

impl TryFrom<String> for Column {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        code.parse().map_err(|()| format!("no column is called {code}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_column_has_a_code_of_its_own_that_leads_back() {
        for sheet in Sheet::ALL {
            let columns = sheet.columns();
            let codes: HashSet<String> = columns.iter().map(|column| column.code()).collect();
            assert_eq!(codes.len(), columns.len());
            for column in columns {
                assert_eq!(column.code().parse(), Ok(column));
            }
        }
        for none in ["", "fact.", "fact.none", "names", "other.number"] {
            assert_eq!(none.parse::<Column>(), Err(()), "{none}");
        }
    }

    #[test]
    fn every_fact_and_control_has_its_column() {
        let all: HashSet<Column> = Sheet::ALL.into_iter().flat_map(Sheet::columns).collect();
        assert!(Fact::ALL.iter().all(|fact| all.contains(&Column::Fact(*fact))));
        assert!(Control::ALL.iter().all(|control| all.contains(&Column::Control(*control))));
        assert!(RelationKind::ALL.iter().all(|kind| all.contains(&Column::Relation(*kind))));
    }
}
