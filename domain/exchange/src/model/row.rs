//! What a row of a file says.

use crate::model::column::Column;
use komainu_exposure::model::{ConnectionKind, Control, State};
use komainu_inventory::{AssetKind, Fact, FactFault, RelationKind};
use std::collections::BTreeMap;

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its table or file among all of them, from 0.
    pub source: usize,
    /// The line or row that a person finds it at; 0 where a file has none.
    pub number: u64,
    /// The id it names; empty where it names none.
    pub id: String,
    /// Whether it is marked to be removed.
    pub remove: bool,
    /// What it says.
    pub draft: Draft,
    /// What cannot be read.
    pub faults: Vec<Fault>,
    /// Why its kind was guessed, where it was.
    pub evidence: Option<Evidence>,
}

/// What a row says, of a thing or of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// Of a thing.
    Thing(ThingDraft),
    /// Of a line.
    Line(LineDraft),
}

/// What is named by a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// By a name, or by kind and id.
    Text(String),
    /// Another row, by its place among all rows.
    Row(usize),
    /// The open Internet.
    Internet,
}

/// What a row says of a thing. What is none, it says nothing of; an empty text clears.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThingDraft {
    /// What it is.
    pub kind: Option<AssetKind>,
    /// Its name.
    pub name: Option<String>,
    /// The zone's name.
    pub zone: Option<String>,
    /// The place's name.
    pub place: Option<String>,
    /// The system's name.
    pub system: Option<String>,
    /// The vendor's name.
    pub vendor: Option<String>,
    /// Facts in their canonical form.
    pub facts: BTreeMap<Fact, String>,
    /// Controls; an unknown one clears.
    pub controls: BTreeMap<Control, State>,
    /// All that it has to do with others in these ways.
    pub relations: BTreeMap<RelationKind, Vec<Reference>>,
    /// Anything else.
    pub note: Option<String>,
    /// Kind, name and zone are guesses, which count only where the thing is new.
    pub guessed: bool,
}

/// What a row says of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineDraft {
    /// What it is.
    pub kind: Option<ConnectionKind>,
    /// Its name.
    pub name: Option<String>,
    /// The end that opens it.
    pub from: Option<Reference>,
    /// The end that answers.
    pub to: Option<Reference>,
    /// Whether either end may open it.
    pub both_ways: Option<bool>,
    /// The vendor's name.
    pub vendor: Option<String>,
    /// Facts in their canonical form.
    pub facts: BTreeMap<Fact, String>,
    /// Controls; an unknown one clears.
    pub controls: BTreeMap<Control, State>,
    /// Anything else.
    pub note: Option<String>,
    /// Name and note are guesses, which count only where the line is new.
    pub guessed: bool,
}

/// What is wrong in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In which column; none where it is the row as a whole.
    pub column: Option<Column>,
    /// What stands there; of changes that do not stand together, the names of others.
    pub text: String,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It cannot stand for the fact.
    Fact(FactFault),
    /// A thing without a name.
    NoName,
    /// Nothing says what it is.
    NoKind,
    /// No such kind.
    Kind,
    /// Neither there, nor not there, nor unknown.
    State,
    /// Neither yes nor no.
    YesNo,
    /// Neither a mark nor nothing.
    Mark,
    /// More characters than fit.
    TooLong(usize),
    /// Nothing of this name is in the ledger or in the file.
    Unknown,
    /// Several things have this name.
    Several,
    /// No record of this ledger has this id.
    Id,
    /// Row so-and-so already says something about the same record.
    Twice(u64),
    /// A row to be removed names no id.
    RemoveWithoutId,
    /// An end is missing.
    NoEnd,
    /// Both ends are the same, or both are outside.
    Ends,
    /// It would lie within itself, or need itself, by way of the things that the fault names.
    Circle,
    /// So many others, which the fault names, are in it: it must stay what it is.
    InUse(usize),
    /// So many others, which the fault names, still name it: it must stay.
    Named(usize),
    /// It names something that is removed or is not what it is named as.
    NotThat,
}

/// Why the kind of a found machine was guessed as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The file says so.
    Told,
    /// It is called for images.
    DicomServer,
    /// It calls for images.
    DicomClient,
    /// It is sent messages.
    Hl7,
    /// It offers files.
    Files,
    /// Its operating system is one of servers.
    ServerSystem,
    /// Its operating system is one of computers that people sit at.
    DeskSystem,
    /// Nothing speaks for anything.
    Nothing,
}
