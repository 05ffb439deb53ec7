//! What the ledger says about an item: a draft of the answer, with what speaks for it and what against. It is never an
//! answer by itself: a person takes it over, or does not.
//!
//! Pure. Which facts of the ledger speak for an item is our reading of the item, not the ministry's.

use crate::model::AnswerKind;
use chrono::{Days, NaiveDate};
use komainu_calendar::FiscalYear;
use komainu_catalog::Scope as AskedAbout;
use komainu_exposure::model::{ConnectionKind, Control};
use komainu_inventory::{
    Asked, Asset, AssetKind, Connection, Fact, Hosting, Ledger, Subject, SystemRecord, Thing,
};

/// The share of facts, in percent, from which a ledger counts as filled in.
pub const FILLED: usize = 80;
/// A trial of restoring counts for so long.
const RESTORE_COUNTS: Days = Days::new(366);
/// The fewest copies of different days.
const COPIES: u32 = 2;

/// What a draft is made from.
#[derive(Clone, Copy, Debug)]
pub struct LedgerSeen<'a> {
    /// The ledger.
    pub ledger: &'a Ledger,
    /// The day on which a stock-take was closed last.
    pub stock_take: Option<NaiveDate>,
    /// The year that is answered about.
    pub year: FiscalYear,
    /// Today in Japan.
    pub today: NaiveDate,
}

/// Something in the ledger that speaks for an answer or against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// So many things of a kind are written down.
    Things(AssetKind, usize),
    /// None of a kind is written down.
    NoneOf(AssetKind),
    /// No server is needed: every system runs as somebody else's service.
    AllElsewhere,
    /// So many of the facts that are asked for are known.
    Filled(usize, usize),
    /// The same, and that is too few.
    Unfilled(usize, usize),
    /// A stock-take was closed in the year.
    StockTaken(NaiveDate),
    /// The last one was closed in another year.
    StockTakeOld(NaiveDate),
    /// None was ever closed.
    NoStockTake,
    /// Of so many systems it is known whether somebody enters from outside.
    EntryKnown(usize),
    /// Of so many it is not.
    EntryUnknown(usize),
    /// Somebody enters so many systems, and no line from outside is written down.
    EntryWithoutLine(usize),
    /// Remote-control programs are on so many things, and no line from outside is written down.
    ProgramsWithoutLine(usize),
    /// Of so many lines by which somebody can enter it is known who opens them.
    OpenerKnown(usize),
    /// Of so many it is not.
    OpenerUnknown(usize),
    /// A control is on so many.
    Present(Control, usize),
    /// It is not on so many.
    Absent(Control, usize),
    /// Of so many nobody has said.
    Unsaid(Control, usize),
    /// The maker makes no updates any more for so many things.
    SupportEnded(usize),
    /// No updates can be put on so many things: how else they are protected the ledger does not say.
    Unpatchable(usize),
    /// So many copies are written down.
    Copies(usize),
    /// No copy is written down.
    NoCopy,
    /// Of so many copies it is not known how often they are made.
    RhythmUnsaid(usize),
    /// Of so many copies fewer than two days are kept.
    FewKept(usize),
    /// Somebody restored from one to try.
    RestoreTried(NaiveDate),
    /// That was more than a year ago.
    RestoreOld(NaiveDate),
    /// No such trial is written down.
    RestoreUnsaid,
}

impl Ground {
    /// Whether it only says that something is not known.
    const fn is_unknown(self) -> bool {
        matches!(
            self,
            Ground::EntryUnknown(_)
                | Ground::OpenerUnknown(_)
                | Ground::Unsaid(..)
                | Ground::Unpatchable(_)
                | Ground::NoCopy
                | Ground::RhythmUnsaid(_)
                | Ground::RestoreUnsaid
        )
    }
}

/// A draft of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Yes where nothing speaks against it, no where something does, not sure where only something is not known.
    pub answer: AnswerKind,
    /// What speaks for a yes.
    pub in_favour: Vec<Ground>,
    /// What speaks against it, or is not known.
    pub against: Vec<Ground>,
}

/// The items of which the ledger says anything.
pub const ITEMS: [&str; 6] = [
    "asset-ledger",
    "remote-maintenance",
    "patches",
    "source-restriction",
    "stop-services",
    "backup-restore",
];

/// What the ledger says about an item that asks about these devices; nothing where the ledger does not speak of it.
pub fn suggest(item: &str, scopes: &[AskedAbout], seen: LedgerSeen<'_>) -> Option<Suggestion> {
    let grounds = match item {
        "asset-ledger" => written_down(seen),
        "remote-maintenance" => remote(seen.ledger),
        "patches" => updates(scopes, seen),
        "source-restriction" => sources(seen.ledger),
        "stop-services" => services(scopes, seen.ledger),
        "backup-restore" => copies(seen),
        _ => None,
    }?;
    let Grounds { in_favour, against } = grounds;
    let answer = match against.as_slice() {
        [] if in_favour.is_empty() => return None,
        [] => AnswerKind::Yes,
        all if all.iter().all(|ground| ground.is_unknown()) => AnswerKind::NotSure,
        _ => AnswerKind::No,
    };
    Some(Suggestion { answer, in_favour, against })
}

#[derive(Default)]
struct Grounds {
    in_favour: Vec<Ground>,
    against: Vec<Ground>,
}

impl Grounds {
    fn favour(&mut self, ground: Ground) {
        self.in_favour.push(ground);
    }

    fn oppose(&mut self, ground: Ground) {
        self.against.push(ground);
    }

    /// Speaks against it where there is any.
    fn oppose_any(&mut self, count: usize, ground: fn(usize) -> Ground) {
        if count > 0 {
            self.oppose(ground(count));
        }
    }

    /// How a control stands on many.
    fn control(&mut self, control: Control, stands: impl IntoIterator<Item = Option<bool>>) {
        let (mut present, mut absent, mut unsaid) = (0, 0, 0);
        for stand in stands {
            match stand {
                Some(true) => present += 1,
                Some(false) => absent += 1,
                None => unsaid += 1,
            }
        }
        if present > 0 {
            self.favour(Ground::Present(control, present));
        }
        if absent > 0 {
            self.oppose(Ground::Absent(control, absent));
        }
        if unsaid > 0 {
            self.oppose(Ground::Unsaid(control, unsaid));
        }
    }
}

/// The kinds of device that a row asks about.
pub fn kinds_of(scopes: &[AskedAbout]) -> Vec<AssetKind> {
    let mut kinds = Vec::new();
    for scope in scopes {
        kinds.extend_from_slice(match scope {
            AskedAbout::Server => &[AssetKind::Server, AssetKind::DataStore],
            AskedAbout::Terminal => &[AssetKind::Terminal],
            AskedAbout::Network => &[AssetKind::NetworkDevice],
            AskedAbout::All | AskedAbout::Organisation => &[
                AssetKind::Server,
                AssetKind::Terminal,
                AssetKind::NetworkDevice,
                AssetKind::MedicalDevice,
                AssetKind::DataStore,
            ],
        });
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The ledger's things that a row asks about.
pub fn things_of<'a>(scopes: &[AskedAbout], ledger: &'a Ledger) -> Vec<&'a Asset> {
    let kinds = kinds_of(scopes);
    ledger.assets.iter().filter(|asset| kinds.contains(&asset.details.kind)).collect()
}

/// The lines by which somebody can come in from outside.
pub fn ways_in(ledger: &Ledger) -> Vec<&Connection> {
    let ways = ledger.connections.iter().filter(|line| {
        matches!(
            line.details.kind,
            ConnectionKind::Vpn
                | ConnectionKind::RemoteMaintenance
                | ConnectionKind::RemoteDesktop
                | ConnectionKind::LteRouter
        )
    });
    ways.collect()
}

fn written_down(seen: LedgerSeen<'_>) -> Option<Grounds> {
    let ledger = seen.ledger;
    let asked_for = |asset: &Asset| {
        let subject = Subject::Asset(asset.details.kind);
        let asked = |fact: &&Fact| fact.asked(subject) == Some(Asked::Checklist("asset-ledger"));
        let facts: Vec<Fact> = Fact::ALL.iter().filter(asked).copied().collect();
        let known = facts.iter().filter(|fact| asset.details.facts.known(**fact)).count();
        (known, facts.len())
    };
    let (known, asked) = ledger
        .assets
        .iter()
        .map(asked_for)
        .fold((0, 0), |(known, asked), (more, facts)| (known + more, asked + facts));
    if asked == 0 {
        return None;
    }
    let mut grounds = Grounds::default();
    let elsewhere = |system: &SystemRecord| system.hosting == Hosting::Cloud;
    for kind in [AssetKind::Server, AssetKind::Terminal, AssetKind::NetworkDevice] {
        match ledger.of_kind(kind).count() {
            0 if kind == AssetKind::Server
                && !ledger.systems.is_empty()
                && ledger.systems.iter().all(elsewhere) =>
            {
                grounds.favour(Ground::AllElsewhere);
            }
            0 => grounds.oppose(Ground::NoneOf(kind)),
            count => grounds.favour(Ground::Things(kind, count)),
        }
    }
    if known * 100 >= asked * FILLED {
        grounds.favour(Ground::Filled(known, asked));
    } else {
        grounds.oppose(Ground::Unfilled(known, asked));
    }
    match seen.stock_take {
        Some(day) if seen.year.contains(day) => grounds.favour(Ground::StockTaken(day)),
        Some(day) => grounds.oppose(Ground::StockTakeOld(day)),
        None => grounds.oppose(Ground::NoStockTake),
    }
    Some(grounds)
}

fn remote(ledger: &Ledger) -> Option<Grounds> {
    let ways = ways_in(ledger);
    if ledger.systems.is_empty() && ways.is_empty() {
        return None;
    }
    let mut grounds = Grounds::default();
    let unknown = ledger.systems.iter().filter(|system| system.remote_maintenance.is_none()).count();
    let known = ledger.systems.len() - unknown;
    if known > 0 {
        grounds.favour(Ground::EntryKnown(known));
    }
    grounds.oppose_any(unknown, Ground::EntryUnknown);
    let entered = ledger.systems.iter().filter(|system| system.remote_maintenance == Some(true));
    grounds.oppose_any(
        entered.filter(|system| !has_way_in(ledger, &ways, system)).count(),
        Ground::EntryWithoutLine,
    );
    let programs = ledger.assets.iter().filter(|asset| asset.details.facts.known(Fact::RemotePrograms));
    let leads_to = |asset: &&Asset| ways.iter().any(|way| ends_at(way, Thing::Asset(asset.id)));
    grounds.oppose_any(programs.filter(|asset| !leads_to(asset)).count(), Ground::ProgramsWithoutLine);
    let opened = ways.iter().filter(|way| way.details.facts.known(Fact::OpenedBy)).count();
    if opened > 0 {
        grounds.favour(Ground::OpenerKnown(opened));
    }
    grounds.oppose_any(ways.len() - opened, Ground::OpenerUnknown);
    Some(grounds)
}

fn ends_at(line: &Connection, thing: Thing) -> bool {
    [line.details.from, line.details.to].iter().any(|end| end.thing() == Some(thing))
}

/// Whether a line leads into a system, into a thing that belongs to it, or comes from the vendor that supports it.
fn has_way_in(ledger: &Ledger, ways: &[&Connection], system: &SystemRecord) -> bool {
    let own = |thing: Thing| match thing {
        Thing::System(id) => id == system.id,
        Thing::Asset(id) => {
            ledger.assets.iter().any(|asset| asset.id == id && asset.details.system == Some(system.id))
        }
    };
    ways.iter().any(|way| {
        let details = &way.details;
        let ends = [details.from, details.to];
        ends.iter().any(|end| end.thing().is_some_and(own))
            || system.vendor.is_some_and(|vendor| {
                details.vendor == Some(vendor) || ends.iter().any(|end| end.vendor() == Some(vendor))
            })
    })
}

fn updates(scopes: &[AskedAbout], seen: LedgerSeen<'_>) -> Option<Grounds> {
    let things = things_of(scopes, seen.ledger);
    let speaks = |asset: &&Asset| {
        asset.details.control(Control::Updates).is_some() || asset.details.facts.known(Fact::SupportEnds)
    };
    if !things.iter().any(speaks) {
        return None;
    }
    let mut grounds = Grounds::default();
    // What cannot be updated is not asked whether it is.
    let fixed = |asset: &&&Asset| asset.details.facts.yes(Fact::Patchable) == Some(false);
    let open = things.iter().filter(|asset| !fixed(asset));
    grounds.control(Control::Updates, open.map(|asset| asset.details.control(Control::Updates)));
    let ended =
        |asset: &&&Asset| asset.details.facts.day(Fact::SupportEnds).is_some_and(|day| day < seen.today);
    grounds.oppose_any(things.iter().filter(ended).count(), Ground::SupportEnded);
    grounds.oppose_any(things.iter().filter(fixed).count(), Ground::Unpatchable);
    Some(grounds)
}

/// The lines to the outside, and those by which somebody comes in.
pub fn outside(ledger: &Ledger) -> Vec<&Connection> {
    let ways: Vec<_> = ways_in(ledger).into_iter().map(|way| way.id).collect();
    let outside = |line: &&Connection| line.details.is_outside() || ways.contains(&line.id);
    ledger.connections.iter().filter(outside).collect()
}

fn sources(ledger: &Ledger) -> Option<Grounds> {
    let lines = outside(ledger);
    let stands: Vec<_> = lines.iter().map(|line| line.details.control(Control::SourceLimited)).collect();
    if stands.iter().all(Option::is_none) {
        return None;
    }
    let mut grounds = Grounds::default();
    grounds.control(Control::SourceLimited, stands);
    Some(grounds)
}

fn services(scopes: &[AskedAbout], ledger: &Ledger) -> Option<Grounds> {
    // On medical devices and network devices the institution stops nothing itself.
    let stoppable = |asset: &&Asset| matches!(asset.details.kind, AssetKind::Server | AssetKind::Terminal);
    let things = things_of(scopes, ledger).into_iter().filter(stoppable);
    let stands: Vec<_> = things.map(|asset| asset.details.control(Control::ServicesStopped)).collect();
    if stands.iter().all(Option::is_none) {
        return None;
    }
    let mut grounds = Grounds::default();
    grounds.control(Control::ServicesStopped, stands);
    Some(grounds)
}

fn copies(seen: LedgerSeen<'_>) -> Option<Grounds> {
    let ledger = seen.ledger;
    let copies: Vec<&Asset> = ledger.of_kind(AssetKind::Backup).collect();
    let mut grounds = Grounds::default();
    if copies.is_empty() {
        let holds = |asset: &Asset| matches!(asset.details.kind, AssetKind::Server | AssetKind::DataStore);
        if !ledger.assets.iter().any(holds) {
            return None;
        }
        grounds.oppose(Ground::NoCopy);
        return Some(grounds);
    }
    grounds.favour(Ground::Copies(copies.len()));
    let unsaid = |asset: &&&Asset| !asset.details.facts.known(Fact::CopyRhythm);
    grounds.oppose_any(copies.iter().filter(unsaid).count(), Ground::RhythmUnsaid);
    let few =
        |asset: &&&Asset| asset.details.facts.number(Fact::CopiesKept).is_some_and(|kept| kept < COPIES);
    grounds.oppose_any(copies.iter().filter(few).count(), Ground::FewKept);
    // One copy that is connected to nothing is enough.
    let apart = |stand: Option<bool>| {
        copies.iter().filter(|copy| copy.details.control(Control::OfflineCopy) == stand).count()
    };
    match (apart(Some(true)), apart(Some(false)), apart(None)) {
        (0, absent, 0) => grounds.oppose(Ground::Absent(Control::OfflineCopy, absent)),
        (0, _, unsaid) => grounds.oppose(Ground::Unsaid(Control::OfflineCopy, unsaid)),
        (present, ..) => grounds.favour(Ground::Present(Control::OfflineCopy, present)),
    }
    let since = seen.today.checked_sub_days(RESTORE_COUNTS).unwrap_or(seen.today);
    match copies.iter().filter_map(|copy| copy.details.facts.day(Fact::RestoreTriedOn)).max() {
        Some(day) if day >= since => grounds.favour(Ground::RestoreTried(day)),
        Some(day) => grounds.oppose(Ground::RestoreOld(day)),
        None => grounds.oppose(Ground::RestoreUnsaid),
    }
    Some(grounds)
}

#[cfg(test)]
mod tests;
