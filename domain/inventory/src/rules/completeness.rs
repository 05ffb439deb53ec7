//! How far the ledger is filled: what each record still lacks, how that adds up, and which gap is worth filling first.
//!
//! Each record asks a fixed set of questions, whatever is known already, so that an answer never makes a score fall. A
//! question that only makes sense after another (is there a line for the remote maintenance?) counts as open until the
//! first is answered, and is shown as a gap only then. A new record brings its own questions: the whole may fall by it.

use crate::model::{
    Asked, Asset, AssetId, Connection, End, Fact, Hosting, Ledger, RelationKind, Subject, SystemId,
    SystemRecord, Thing,
};
use crate::rules::asked::control_asked;
use crate::{AssetKind, ConnectionId};
use komainu_exposure::model::{ConnectionKind, Control};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// What the ledger has a record of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Record {
    /// A system.
    System(SystemId),
    /// A thing.
    Asset(AssetId),
    /// A line.
    Connection(ConnectionId),
}

/// What can be missing in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// A fact.
    Fact(Fact),
    /// Whether a control is there.
    Control(Control),
    /// The zone that it is in.
    Zone,
    /// Of a care process: what it stops without.
    Needs,
    /// Of a copy: what it is a copy of.
    CopyOf,
    /// Of a shared account: what it opens.
    Opens,
    /// Of a system: where it runs.
    Hosting,
    /// Of a system on site: the things that it runs on.
    Things,
    /// Of a system: whether somebody enters from outside for maintenance.
    Remote,
    /// Of a system with remote maintenance: the line by which it is done.
    RemoteLine,
}

/// How much it matters that something is known, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The checklist and the inspector ask for it.
    Checklist,
    /// Without it nobody can say how dangerous something is.
    Safety,
    /// Good to have.
    Useful,
}

impl Level {
    /// Every level, the most important first.
    pub const ALL: [Level; 3] = [Level::Checklist, Level::Safety, Level::Useful];

    /// The level of who asks.
    pub const fn of(asked: Asked) -> Level {
        match asked {
            Asked::Checklist(_) => Level::Checklist,
            Asked::Safety => Level::Safety,
            Asked::Useful => Level::Useful,
        }
    }

    /// The word in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Level::Checklist => "checklist",
            Level::Safety => "safety",
            Level::Useful => "useful",
        }
    }
}

/// How many questions there are, and how many are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Answered.
    pub known: usize,
    /// Asked.
    pub asked: usize,
}

impl Score {
    /// The answered share in whole percent; 100 only where all is answered, or nothing is asked.
    pub fn percent(self) -> usize {
        (self.known * 100).checked_div(self.asked).unwrap_or(100)
    }
}

/// A gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where.
    pub record: Record,
    /// What is missing.
    pub wanted: Wanted,
    /// Who asks for it.
    pub asked: Asked,
}

/// How far one record is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordScore {
    /// Which.
    pub record: Record,
    /// By level, in the order of [`Level::ALL`].
    pub scores: [Score; 3],
}

impl RecordScore {
    /// Its score at one level.
    pub fn at(&self, level: Level) -> Score {
        self.scores[level as usize]
    }
}

/// How far a ledger is filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// By level, in the order of [`Level::ALL`].
    pub scores: [Score; 3],
    /// Each record: systems, things, lines, each in the order they were added.
    pub records: Vec<RecordScore>,
    /// Every gap, the one worth filling first in front: the most severe, then at what is most connected.
    pub gaps: Vec<Gap>,
}

impl Completeness {
    /// The score at one level.
    pub fn at(&self, level: Level) -> Score {
        self.scores[level as usize]
    }

    /// The gaps of one record.
    pub fn of(&self, record: Record) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(move |gap| gap.record == record)
    }
}

/// How a question stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Known,
    Missing,
    /// Another question comes first.
    Waits,
}

impl From<bool> for Answer {
    fn from(known: bool) -> Answer {
        if known { Answer::Known } else { Answer::Missing }
    }
}

/// A question of a record: what, who asks, and how it stands.
type Question = (Wanted, Asked, Answer);

/// How far a ledger is filled.
pub fn completeness(ledger: &Ledger) -> Completeness {
    let around = Around::of(ledger);
    let systems = ledger.systems.iter().map(|it| (Record::System(it.id), of_system(&around, it)));
    let assets = ledger.assets.iter().map(|it| (Record::Asset(it.id), of_asset(it)));
    let lines = ledger.connections.iter().map(|it| (Record::Connection(it.id), of_connection(it)));
    let mut whole = Completeness::default();
    let mut ranked = Vec::new();
    for (record, questions) in systems.chain(assets).chain(lines) {
        let weight = around.weight(ledger, record);
        let mut scores = [Score::default(); 3];
        for (wanted, asked, answer) in questions {
            let level = Level::of(asked);
            for score in [&mut scores[level as usize], &mut whole.scores[level as usize]] {
                score.asked += 1;
                score.known += usize::from(answer == Answer::Known);
            }
            if answer == Answer::Missing {
                ranked.push((level, Reverse(weight), Gap { record, wanted, asked }));
            }
        }
        whole.records.push(RecordScore { record, scores });
    }
    // Stable: of equal ones the record that was added first stays in front.
    ranked.sort_by_key(|(level, weight, _)| (*level, *weight));
    whole.gaps = ranked.into_iter().map(|(_, _, gap)| gap).collect();
    whole
}

/// What the records have to do with one another.
struct Around {
    /// How many lines end at a thing or system, and how many records mention it.
    links: HashMap<Thing, usize>,
    /// Systems that some machine or service belongs to.
    housed: HashSet<SystemId>,
    /// Systems at which a line for remote maintenance ends, or at a thing of theirs.
    maintained: HashSet<SystemId>,
    /// The ends of each line.
    ends: HashMap<ConnectionId, [End; 2]>,
}

impl Around {
    fn of(ledger: &Ledger) -> Around {
        let mut around = Around {
            links: HashMap::new(),
            housed: HashSet::new(),
            maintained: HashSet::new(),
            ends: HashMap::new(),
        };
        let mut entered: HashSet<Thing> = HashSet::new();
        for line in &ledger.connections {
            let ends = [line.details.from, line.details.to];
            around.ends.insert(line.id, ends);
            let remote = matches!(line.details.kind, ConnectionKind::RemoteMaintenance | ConnectionKind::Vpn);
            for thing in ends.into_iter().filter_map(End::thing) {
                *around.links.entry(thing).or_default() += 1;
                if remote {
                    entered.insert(thing);
                }
            }
        }
        around.maintained.extend(entered.iter().copied().filter_map(Thing::system));
        for asset in &ledger.assets {
            let details = &asset.details;
            let within = [details.zone, details.place].into_iter().flatten().map(Thing::Asset);
            let related = details.relations.iter().map(|(_, thing)| *thing);
            for thing in within.chain(details.system.map(Thing::System)).chain(related) {
                *around.links.entry(thing).or_default() += 1;
            }
            if let Some(system) = details.system.filter(|_| details.kind.is_host()) {
                around.housed.insert(system);
                if entered.contains(&Thing::Asset(asset.id)) {
                    around.maintained.insert(system);
                }
            }
        }
        around
    }

    /// How much hangs on a record: of a line, what hangs on its ends, and outside more than inside.
    fn weight(&self, ledger: &Ledger, record: Record) -> usize {
        let at = |thing: Thing| self.links.get(&thing).copied().unwrap_or_default();
        match record {
            Record::System(id) => at(Thing::System(id)),
            Record::Asset(id) => at(Thing::Asset(id)),
            Record::Connection(id) => self
                .ends
                .get(&id)
                .into_iter()
                .flatten()
                .fold(0, |sum, end| sum + end.thing().map_or_else(|| ledger.connections.len(), at)),
        }
    }
}

fn of_system(around: &Around, system: &SystemRecord) -> Vec<Question> {
    let ledger = Asked::Checklist("asset-ledger");
    let remote = Asked::Checklist("remote-maintenance");
    let housed = match system.hosting {
        Hosting::Cloud => Answer::Known,
        Hosting::OnPremises => around.housed.contains(&system.id).into(),
        Hosting::Unknown => Answer::Waits,
    };
    let line = match system.remote_maintenance {
        Some(false) => Answer::Known,
        Some(true) => around.maintained.contains(&system.id).into(),
        None => Answer::Waits,
    };
    vec![
        (Wanted::Hosting, ledger, (system.hosting != Hosting::Unknown).into()),
        (Wanted::Things, ledger, housed),
        (Wanted::Remote, remote, system.remote_maintenance.is_some().into()),
        (Wanted::RemoteLine, remote, line),
    ]
}

fn of_asset(asset: &Asset) -> Vec<Question> {
    let details = &asset.details;
    let subject = Subject::Asset(details.kind);
    let facts = Fact::ALL.iter().filter_map(|fact| {
        Some((Wanted::Fact(*fact), fact.asked(subject)?, Answer::from(details.facts.known(*fact))))
    });
    let controls = Control::ALL.iter().filter_map(|control| {
        let known = details.control(*control).is_some();
        Some((Wanted::Control(*control), control_asked(*control, subject)?, Answer::from(known)))
    });
    let related = |kind| Answer::from(details.related(kind).next().is_some());
    let structure = match details.kind {
        AssetKind::Backup => {
            Some((Wanted::CopyOf, Asked::Checklist("backup-restore"), related(RelationKind::CopyOf)))
        }
        AssetKind::CareProcess => Some((Wanted::Needs, Asked::Safety, related(RelationKind::Needs))),
        AssetKind::AccountGroup => Some((Wanted::Opens, Asked::Safety, related(RelationKind::Opens))),
        _ => None,
    };
    // A cloud service lies in no zone of the house.
    let zoned = details.kind.is_host() && details.kind != AssetKind::CloudService;
    let zone = zoned.then(|| (Wanted::Zone, Asked::Safety, Answer::from(details.zone.is_some())));
    structure.into_iter().chain(zone).chain(facts).chain(controls).collect()
}

fn of_connection(line: &Connection) -> Vec<Question> {
    let details = &line.details;
    let subject = Subject::Connection(details.kind);
    let facts = Fact::ALL.iter().filter_map(|fact| {
        let asked = fact.asked(subject)?;
        // Whatever kind it is of: a line to the outside must be cut on the day.
        let urgent = *fact == Fact::HowToCut && details.is_outside();
        let asked = if urgent { asked.min(Asked::Safety) } else { asked };
        Some((Wanted::Fact(*fact), asked, Answer::from(details.facts.known(*fact))))
    });
    let controls = Control::ALL.iter().filter_map(|control| {
        let known = details.control(*control).is_some();
        Some((Wanted::Control(*control), control_asked(*control, subject)?, Answer::from(known)))
    });
    facts.chain(controls).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AssetDetails, ConnectionDetails, FactType, SystemDetails, other_kind};
    use komainu_db::uuid::Uuid;
    use komainu_exposure::model::State;
    use proptest::prelude::*;

    fn id(number: u128) -> AssetId {
        AssetId(Uuid::from_u128(number))
    }

    fn system(number: u128, hosting: Hosting, remote: Option<bool>) -> SystemRecord {
        let details = SystemDetails {
            remote_maintenance: remote,
            ..SystemDetails::named(other_kind(), "系", hosting)
        };
        SystemRecord::new(SystemId(Uuid::from_u128(number)), 1, &details)
    }

    fn asset(number: u128, kind: AssetKind) -> Asset {
        Asset { id: id(number), details: AssetDetails::named(kind, "物"), version: 1 }
    }

    fn line(number: u128, kind: ConnectionKind, from: End, to: End) -> Connection {
        let details = ConnectionDetails::between(kind, from, to);
        Connection { id: ConnectionId(Uuid::from_u128(number)), details, version: 1 }
    }

    /// A text that can stand for a fact.
    fn example(fact: Fact) -> String {
        match fact.kind() {
            FactType::Line(_) | FactType::Text(_) => "x".to_owned(),
            FactType::Day => "2026-04-01".to_owned(),
            FactType::YesNo => "no".to_owned(),
            FactType::Number(least, _) => least.to_string(),
            FactType::Choice(words) => words[0].to_owned(),
        }
    }

    /// Fills a gap without a new record; false where it needs one.
    fn fill(ledger: &mut Ledger, gap: Gap) -> bool {
        match gap.record {
            Record::System(id) => {
                let system = ledger.systems.iter_mut().find(|it| it.id == id).unwrap();
                match gap.wanted {
                    Wanted::Hosting => system.hosting = Hosting::OnPremises,
                    Wanted::Remote => system.remote_maintenance = Some(true),
                    _ => return false,
                }
            }
            Record::Asset(own) => {
                let asset = ledger.assets.iter_mut().find(|it| it.id == own).unwrap();
                let details = &mut asset.details;
                let other = Thing::Asset(id(9_999));
                match gap.wanted {
                    Wanted::Fact(fact) => details.facts.set(fact, &example(fact)).unwrap(),
                    Wanted::Control(control) => {
                        details.controls.insert(control, State::Absent);
                    }
                    Wanted::Zone => details.zone = Some(id(9_998)),
                    Wanted::Needs => {
                        details.relations.insert((RelationKind::Needs, other));
                    }
                    Wanted::CopyOf => {
                        details.relations.insert((RelationKind::CopyOf, other));
                    }
                    Wanted::Opens => {
                        details.relations.insert((RelationKind::Opens, other));
                    }
                    _ => return false,
                }
            }
            Record::Connection(id) => {
                let line = ledger.connections.iter_mut().find(|it| it.id == id).unwrap();
                match gap.wanted {
                    Wanted::Fact(fact) => line.details.facts.set(fact, &example(fact)).unwrap(),
                    Wanted::Control(control) => {
                        line.details.controls.insert(control, State::Present);
                    }
                    _ => return false,
                }
            }
        }
        true
    }

    fn wanted(ledger: &Ledger, record: Record) -> Vec<Wanted> {
        completeness(ledger).of(record).map(|gap| gap.wanted).collect()
    }

    #[test]
    fn a_system_is_asked_one_thing_after_the_other() {
        let mut ledger = Ledger { systems: vec![system(1, Hosting::Unknown, None)], ..Ledger::default() };
        let (own, record) = (ledger.systems[0].id, Record::System(ledger.systems[0].id));
        assert_eq!(wanted(&ledger, record), [Wanted::Hosting, Wanted::Remote]);
        ledger.systems[0] = system(1, Hosting::OnPremises, Some(true));
        assert_eq!(wanted(&ledger, record), [Wanted::Things, Wanted::RemoteLine]);
        let mut server = asset(2, AssetKind::Server);
        server.details.system = Some(own);
        ledger.assets.push(server);
        assert_eq!(wanted(&ledger, record), [Wanted::RemoteLine]);
        let (outside, server) = (End::Internet, End::Thing(Thing::Asset(id(2))));
        ledger.connections.push(line(3, ConnectionKind::FileShare, outside, server));
        assert_eq!(wanted(&ledger, record), [Wanted::RemoteLine], "no line for maintenance");
        ledger.connections.push(line(4, ConnectionKind::Vpn, outside, server));
        assert_eq!(wanted(&ledger, record), []);
        assert_eq!(completeness(&ledger).records[0].at(Level::Checklist).percent(), 100);
        ledger.systems[0] = system(1, Hosting::Cloud, Some(false));
        assert_eq!(wanted(&ledger, record), []);
    }

    #[test]
    fn what_a_thing_hangs_on_is_missed() {
        for (kind, missing) in [
            (AssetKind::Server, Wanted::Zone),
            (AssetKind::Backup, Wanted::CopyOf),
            (AssetKind::CareProcess, Wanted::Needs),
            (AssetKind::AccountGroup, Wanted::Opens),
        ] {
            let ledger = Ledger { assets: vec![asset(1, kind)], ..Ledger::default() };
            assert!(wanted(&ledger, Record::Asset(id(1))).contains(&missing), "{kind:?}");
        }
        let place = Ledger { assets: vec![asset(1, AssetKind::Place)], ..Ledger::default() };
        assert_eq!(completeness(&place).gaps, []);
    }

    #[test]
    fn a_line_to_the_outside_must_be_cut_on_the_day() {
        let server = End::Thing(Thing::Asset(id(1)));
        for (from, asked) in
            [(End::Internet, Asked::Safety), (End::Thing(Thing::Asset(id(2))), Asked::Useful)]
        {
            let ledger = Ledger {
                connections: vec![line(3, ConnectionKind::FileShare, from, server)],
                ..Ledger::default()
            };
            let whole = completeness(&ledger);
            let gap = whole.gaps.iter().find(|gap| gap.wanted == Wanted::Fact(Fact::HowToCut)).unwrap();
            assert_eq!(gap.asked, asked);
        }
    }

    #[test]
    fn the_gap_worth_filling_first_is_severe_and_connected() {
        let server = |number| End::Thing(Thing::Asset(id(number)));
        let ledger = Ledger {
            assets: vec![asset(1, AssetKind::OfficeDevice), asset(2, AssetKind::OfficeDevice)],
            connections: vec![line(3, ConnectionKind::BackupJob, server(2), End::Internet)],
            ..Ledger::default()
        };
        let whole = completeness(&ledger);
        assert_eq!(
            (whole.gaps[0].record, Level::of(whole.gaps[0].asked)),
            (Record::Asset(id(2)), Level::Checklist)
        );
        let levels: Vec<Level> = whole.gaps.iter().map(|gap| Level::of(gap.asked)).collect();
        assert!(levels.is_sorted());
    }

    #[test]
    fn an_empty_ledger_lacks_nothing() {
        let whole = completeness(&Ledger::default());
        assert!(Level::ALL.iter().all(|level| whole.at(*level).percent() == 100) && whole.gaps.is_empty());
    }

    fn any_ledger() -> impl Strategy<Value = Ledger> {
        let hosting = prop::sample::select(Hosting::ALL.to_vec());
        let systems = prop::collection::vec((hosting, any::<Option<bool>>()), 0..4);
        let things = prop::collection::vec(
            (prop::sample::select(AssetKind::ALL.to_vec()), prop::option::of(0_u128..4)),
            0..8,
        );
        let lines = prop::collection::vec(
            (prop::sample::select(ConnectionKind::ALL.to_vec()), 0_u128..12, any::<bool>()),
            0..8,
        );
        (systems, things, lines).prop_map(|(systems, things, lines)| {
            let mut number = 100;
            let mut next = || {
                number += 1;
                number
            };
            Ledger {
                systems: systems
                    .into_iter()
                    .zip(0..)
                    .map(|((at, remote), n)| system(n, at, remote))
                    .collect(),
                assets: things
                    .into_iter()
                    .zip(0..)
                    .map(|((kind, of), n)| {
                        let mut made = asset(n, kind);
                        made.details.system = of.map(|n| SystemId(Uuid::from_u128(n)));
                        made
                    })
                    .collect(),
                connections: lines
                    .into_iter()
                    .map(|(kind, to, outside)| {
                        let from = if outside { End::Internet } else { End::Thing(Thing::Asset(id(50))) };
                        line(next(), kind, from, End::Thing(Thing::Asset(id(to))))
                    })
                    .collect(),
                ..Ledger::default()
            }
        })
    }

    proptest! {
        #[test]
        fn filling_a_gap_never_lowers_a_score(mut ledger in any_ledger(), pick in any::<prop::sample::Index>()) {
            let before = completeness(&ledger);
            prop_assume!(!before.gaps.is_empty());
            let gap = before.gaps[pick.index(before.gaps.len())];
            if fill(&mut ledger, gap) {
                let after = completeness(&ledger);
                for level in Level::ALL {
                    prop_assert!(before.at(level).percent() <= after.at(level).percent());
                    for (old, new) in before.records.iter().zip(&after.records) {
                        prop_assert!(old.at(level).percent() <= new.at(level).percent());
                    }
                }
                prop_assert!(after.at(Level::of(gap.asked)).known > before.at(Level::of(gap.asked)).known);
            }
        }

        #[test]
        fn scores_lie_between_nothing_and_all_and_end_there(mut ledger in any_ledger()) {
            loop {
                let whole = completeness(&ledger);
                for score in whole.records.iter().flat_map(|it| it.scores).chain(whole.scores) {
                    prop_assert!(score.known <= score.asked && score.percent() <= 100);
                    prop_assert_eq!(score.percent() == 100, score.known == score.asked);
                }
                let gaps: Vec<Gap> = whole.gaps.clone();
                let filled = gaps.into_iter().filter(|gap| fill(&mut ledger, *gap)).count();
                if filled == 0 {
                    break;
                }
            }
            // What is left needs a record of its own.
            let whole = completeness(&ledger);
            prop_assert!(whole.gaps.iter().all(|gap| matches!(gap.wanted, Wanted::Things | Wanted::RemoteLine)));
            let complete = whole.records.iter().filter(|it| !matches!(it.record, Record::System(_)));
            for record in complete {
                prop_assert!(Level::ALL.iter().all(|level| record.at(*level).percent() == 100));
            }
        }
    }
}
