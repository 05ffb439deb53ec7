//! What other programs found out, as rows. A machine that several files tell of is one row.

use crate::model::{Draft, Evidence, Found, LineDraft, Reference, Row, ThingDraft};
use chrono::NaiveDate;
use core::net::IpAddr;
use komainu_clock::in_japan;
use komainu_discovery::{
    Component, ComponentKind, End, Findings, Host, HostKind, Mac, Protocol, Role, Talk, TalkKind,
};
use komainu_exposure::model::{ConnectionKind, Control, State};
use komainu_institution::parts::SHORT;
use komainu_inventory::{AssetKind, Fact, FactType, Facts};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is written about lines that a file only lets one suppose.
#[derive(Clone, Debug, Default)]
pub struct FoundWords {
    /// That a remote-control program was found, and that somebody has to look whether it is used.
    pub confirm: String,
}

/// An end, so that lines can be counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Internet,
    Row(usize),
}

impl At {
    fn reference(self) -> Reference {
        match self {
            At::Internet => Reference::Internet,
            At::Row(row) => Reference::Row(row),
        }
    }
}

/// What is known of a line.
#[derive(Default)]
struct Line {
    source: usize,
    protocols: BTreeSet<String>,
    programs: BTreeSet<String>,
    last: Option<NaiveDate>,
}

struct Gathering {
    first_row: usize,
    rows: Vec<Row>,
    by_mac: HashMap<Mac, usize>,
    by_address: HashMap<IpAddr, usize>,
    lines: BTreeMap<(ConnectionKind, At, At), Line>,
}

/// The rows of what was found: machines, then lines. `first_source` and `first_row` are the places of the first file and
/// of the first row among all of them.
pub fn found_rows(first_source: usize, first_row: usize, found: &[Found], words: &FoundWords) -> Vec<Row> {
    let mut gathering = Gathering {
        first_row,
        rows: Vec::new(),
        by_mac: HashMap::new(),
        by_address: HashMap::new(),
        lines: BTreeMap::new(),
    };
    for (source, file) in (first_source..).zip(found) {
        gathering.file(source, &file.findings);
    }
    let Gathering { mut rows, lines, .. } = gathering;
    for ((kind, from, to), line) in lines {
        rows.push(line_row(kind, (from, to), &line, words));
    }
    rows
}

impl Gathering {
    fn file(&mut self, source: usize, findings: &Findings) {
        let mut parts: HashMap<usize, Vec<&Component>> = HashMap::new();
        for component in &findings.components {
            if let Some(host) = component.of {
                parts.entry(host).or_default().push(component);
            }
        }
        let mut places = Vec::with_capacity(findings.hosts.len());
        for (at, host) in findings.hosts.iter().enumerate() {
            let components = parts.remove(&at).unwrap_or_default();
            places.push(self.host(source, host, &components));
        }
        for talk in &findings.talks {
            self.talk(source, talk, &places);
        }
        for (host, place) in findings.hosts.iter().zip(&places) {
            if host.remote_control.is_empty() {
                continue;
            }
            let key = (ConnectionKind::RemoteMaintenance, At::Internet, At::Row(self.first_row + place));
            let line = self.lines.entry(key).or_insert_with(|| Line { source, ..Line::default() });
            line.programs.extend(host.remote_control.iter().map(|remote| remote.program.clone()));
        }
    }

    /// The row of a machine, by its place among ours.
    fn host(&mut self, source: usize, host: &Host, components: &[&Component]) -> usize {
        let (draft, evidence) = thing(host, components);
        let mac = host.mac.filter(|mac| !mac.is_random());
        let by_mac = mac.and_then(|mac| self.by_mac.get(&mac).copied());
        let by_address = || host.addresses.iter().find_map(|address| self.by_address.get(address).copied());
        // Two cards at one address are two machines, one after the other.
        let without_mac = |place: &usize| mac.is_none() || !has_mac(self.rows.get(*place));
        let known = by_mac.or_else(|| by_address().filter(without_mac));
        let place = known.unwrap_or(self.rows.len());
        match self.rows.get_mut(place) {
            Some(row) => merge(row, draft, evidence),
            None => self.rows.push(Row {
                source,
                number: 0,
                id: String::new(),
                remove: false,
                draft: Draft::Thing(draft),
                faults: Vec::new(),
                evidence: Some(evidence),
            }),
        }
        self.by_mac.extend(mac.map(|mac| (mac, place)));
        for address in &host.addresses {
            self.by_address.entry(*address).or_insert(place);
        }
        place
    }

    fn talk(&mut self, source: usize, talk: &Talk, places: &[usize]) {
        let kind = match talk.kind {
            TalkKind::Dicom => ConnectionKind::Dicom,
            TalkKind::Hl7 => ConnectionKind::Hl7,
            TalkKind::RemoteDesktop | TalkKind::RemoteShell => ConnectionKind::RemoteDesktop,
            TalkKind::FileShare => ConnectionKind::FileShare,
            TalkKind::Internet => ConnectionKind::Internet,
            // What two machines say about nothing that is known is no line of a ledger.
            TalkKind::Other => return,
        };
        let at = |end| match end {
            End::Internet => Some(At::Internet),
            End::Host(host) => places.get(host).map(|place| At::Row(self.first_row + place)),
        };
        let (Some(from), Some(to)) = (at(talk.from), at(talk.to)) else { return };
        if from == to {
            return;
        }
        let protocol = match talk.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        };
        let last = talk.last.map(|moment| in_japan(moment).date_naive());
        let line = self.lines.entry((kind, from, to)).or_insert_with(|| Line { source, ..Line::default() });
        line.protocols.insert(format!("{protocol}/{}", talk.port));
        line.last = line.last.max(last);
    }
}

fn has_mac(row: Option<&Row>) -> bool {
    matches!(row.map(|row| &row.draft), Some(Draft::Thing(draft)) if draft.facts.contains_key(&Fact::Mac))
}

/// Adds to a machine what another file tells of it.
fn merge(row: &mut Row, other: ThingDraft, evidence: Evidence) {
    let Draft::Thing(draft) = &mut row.draft else { return };
    let better = row.evidence == Some(Evidence::Nothing)
        || (evidence == Evidence::Told && row.evidence != Some(Evidence::Told));
    if better {
        draft.kind = other.kind;
        row.evidence = Some(evidence);
    }
    let named = |draft: &ThingDraft| draft.facts.contains_key(&Fact::Hostname);
    if named(&other) && !named(draft) {
        draft.name = other.name;
    }
    draft.zone = draft.zone.take().or(other.zone);
    for (fact, text) in other.facts {
        draft.facts.entry(fact).or_insert(text);
    }
    for (control, state) in other.controls {
        draft.controls.entry(control).or_insert(state);
    }
}

fn thing(host: &Host, components: &[&Component]) -> (ThingDraft, Evidence) {
    let (kind, evidence) = kind_of(host);
    let mut draft = ThingDraft { kind: Some(kind), guessed: true, ..ThingDraft::default() };
    let addresses: Vec<&IpAddr> = host.addresses.iter().filter(|address| !address.is_loopback()).collect();
    let model =
        [host.maker.as_deref(), host.model.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = host.name.clone().or_else(|| addresses.first().map(ToString::to_string));
    let name = name.or_else(|| Some(model).filter(|model| !model.is_empty()));
    let name = name.or_else(|| host.mac.map(|mac| mac.to_string())).or_else(|| host.serial.clone());
    draft.name = Some(cut(&name.unwrap_or_else(|| "?".to_owned()), SHORT));
    draft.zone = addresses.iter().find_map(|address| network(**address));
    let facts = &mut draft.facts;
    note(facts, Fact::Hostname, host.name.as_deref());
    note(facts, Fact::Address, joined(addresses.iter().map(ToString::to_string), 300).as_deref());
    note(facts, Fact::Mac, host.mac.filter(|mac| !mac.is_random()).map(|mac| mac.to_string()).as_deref());
    note(facts, Fact::Maker, host.maker.as_deref());
    note(facts, Fact::Model, host.model.as_deref());
    note(facts, Fact::Serial, host.serial.as_deref());
    note(facts, Fact::Os, system(host, components).as_deref());
    note(facts, Fact::Software, programs(components).as_deref());
    let remote = host.remote_control.iter().map(|remote| remote.program.clone());
    note(facts, Fact::RemotePrograms, joined(remote.collect::<BTreeSet<_>>(), 300).as_deref());
    let on = |wanted| host.antivirus.iter().filter(|program| program.enabled == Some(wanted)).count();
    if on(true) > 0 {
        draft.controls.insert(Control::Antivirus, State::Present);
    } else if on(false) > 0 && on(false) == host.antivirus.len() {
        draft.controls.insert(Control::Antivirus, State::Absent);
    }
    (draft, evidence)
}

/// What a machine is, and what speaks for it.
fn kind_of(host: &Host) -> (AssetKind, Evidence) {
    if let Some(kind) = host.kind {
        let kind = match kind {
            HostKind::Server => AssetKind::Server,
            HostKind::Terminal => AssetKind::Terminal,
            HostKind::NetworkDevice => AssetKind::NetworkDevice,
            HostKind::MedicalDevice => AssetKind::MedicalDevice,
            HostKind::Storage => AssetKind::DataStore,
            HostKind::Printer | HostKind::Phone | HostKind::Other => AssetKind::OfficeDevice,
        };
        return (kind, Evidence::Told);
    }
    let plays = |role: Role| host.speaks.iter().any(|speaks| speaks.role == role);
    let system = host.os.as_deref().unwrap_or_default().to_lowercase();
    if plays(Role::DicomServer) {
        (AssetKind::Server, Evidence::DicomServer)
    } else if plays(Role::DicomClient) {
        (AssetKind::MedicalDevice, Evidence::DicomClient)
    } else if system.contains("server") {
        (AssetKind::Server, Evidence::ServerSystem)
    } else if system.contains("windows") || system.contains("mac os") || system.contains("macos") {
        (AssetKind::Terminal, Evidence::DeskSystem)
    } else if plays(Role::Hl7Receiver) {
        (AssetKind::Server, Evidence::Hl7)
    } else if plays(Role::FileServer) {
        (AssetKind::Server, Evidence::Files)
    } else {
        (AssetKind::Terminal, Evidence::Nothing)
    }
}

/// The network of 256 addresses that an address inside the house belongs to.
fn network(address: IpAddr) -> Option<String> {
    match address {
        IpAddr::V4(address) if address.is_private() => {
            let [a, b, c, _] = address.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        _ => None,
    }
}

fn system(host: &Host, components: &[&Component]) -> Option<String> {
    let own = host.os.as_ref().map(|os| versioned(os, host.os_version.as_deref()));
    own.or_else(|| {
        let mut systems = components.iter().filter(|part| part.kind == ComponentKind::OperatingSystem);
        systems.next().map(|part| versioned(&part.name, part.version.as_deref()))
    })
}

/// A device's firmware and programs; not the libraries that they are made of.
fn programs(components: &[&Component]) -> Option<String> {
    let own = components
        .iter()
        .filter(|part| matches!(part.kind, ComponentKind::Firmware | ComponentKind::Application))
        .map(|part| versioned(&part.name, part.version.as_deref()));
    joined(own, 100)
}

fn versioned(name: &str, version: Option<&str>) -> String {
    match version {
        Some(version) if !name.contains(version) => format!("{name} {version}"),
        _ => name.to_owned(),
    }
}

/// As many of the texts as fit; none where there is none.
fn joined(texts: impl IntoIterator<Item = String>, most: usize) -> Option<String> {
    let mut all = String::new();
    for text in texts {
        let between = if all.is_empty() { "" } else { ", " };
        if all.chars().count() + between.len() + text.chars().count() > most {
            break;
        }
        all.push_str(between);
        all.push_str(&text);
    }
    (!all.is_empty()).then_some(all)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect::<String>().trim().to_owned()
}

/// Notes a fact in its canonical form, cut where it is longer than fits. What cannot stand for it is not noted.
fn note(facts: &mut BTreeMap<Fact, String>, fact: Fact, text: Option<&str>) {
    let most = match fact.kind() {
        FactType::Line(most) | FactType::Text(most) => most,
        _ => usize::MAX,
    };
    let mut one = Facts::default();
    let noted = text.map(|text| cut(text, most)).and_then(|text| one.set(fact, &text).ok());
    if noted.is_some() && one.known(fact) {
        facts.insert(fact, one.text(fact).to_owned());
    }
}

fn line_row(kind: ConnectionKind, (from, to): (At, At), line: &Line, words: &FoundWords) -> Row {
    let mut draft = LineDraft {
        kind: Some(kind),
        from: Some(from.reference()),
        to: Some(to.reference()),
        guessed: true,
        ..LineDraft::default()
    };
    note(&mut draft.facts, Fact::Protocol, joined(line.protocols.iter().cloned(), 100).as_deref());
    note(&mut draft.facts, Fact::LastUsed, line.last.map(|day| day.to_string()).as_deref());
    if let Some(programs) = joined(line.programs.iter().cloned(), SHORT) {
        draft.name = Some(programs);
        draft.note = Some(words.confirm.clone());
    }
    Row {
        source: line.source,
        number: 0,
        id: String::new(),
        remove: false,
        draft: Draft::Line(draft),
        faults: Vec::new(),
        evidence: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_discovery::{Antivirus, RemoteControl, Source, Speaks};

    fn findings(hosts: Vec<Host>, talks: Vec<Talk>) -> Found {
        let findings = Findings {
            source: Source::Capture,
            taken: None,
            own_id: None,
            hosts,
            talks,
            components: Vec::new(),
            remarks: Vec::new(),
        };
        Found { name: "記録".into(), findings }
    }

    fn host(address: &str) -> Host {
        Host { addresses: vec![address.parse().unwrap()], ..Host::default() }
    }

    fn talk(from: End, to: End, kind: TalkKind, port: u16) -> Talk {
        Talk {
            from,
            to,
            kind,
            protocol: Protocol::Tcp,
            port,
            packets: 1,
            bytes: 1,
            first: None,
            last: Some("2026-11-22T16:00:00Z".parse().unwrap()),
            opened: true,
            answered: true,
            names: Vec::new(),
        }
    }

    fn things(rows: &[Row]) -> Vec<&ThingDraft> {
        let drafts = rows.iter().filter_map(|row| match &row.draft {
            Draft::Thing(draft) => Some(draft),
            Draft::Line(_) => None,
        });
        drafts.collect()
    }

    fn lines(rows: &[Row]) -> Vec<&LineDraft> {
        let drafts = rows.iter().filter_map(|row| match &row.draft {
            Draft::Line(draft) => Some(draft),
            Draft::Thing(_) => None,
        });
        drafts.collect()
    }

    #[test]
    fn machines_become_things_with_a_reason_for_their_kind() {
        let speaks = |role| vec![Speaks { role, port: Some(104), certain: true, names: Vec::new() }];
        let os = |name: &str| Some(name.to_owned());
        for (host, kind, evidence) in [
            (
                Host { kind: Some(HostKind::Printer), ..Host::default() },
                AssetKind::OfficeDevice,
                Evidence::Told,
            ),
            (
                Host { speaks: speaks(Role::DicomServer), ..Host::default() },
                AssetKind::Server,
                Evidence::DicomServer,
            ),
            (
                Host { speaks: speaks(Role::DicomClient), ..Host::default() },
                AssetKind::MedicalDevice,
                Evidence::DicomClient,
            ),
            (
                Host { os: os("Microsoft Windows Server 2019"), ..Host::default() },
                AssetKind::Server,
                Evidence::ServerSystem,
            ),
            (Host { os: os("Windows 11 Pro"), ..Host::default() }, AssetKind::Terminal, Evidence::DeskSystem),
            (
                Host { speaks: speaks(Role::FileServer), ..Host::default() },
                AssetKind::Server,
                Evidence::Files,
            ),
            (Host::default(), AssetKind::Terminal, Evidence::Nothing),
        ] {
            assert_eq!(kind_of(&host), (kind, evidence));
        }
    }

    #[test]
    fn what_is_found_on_a_machine_becomes_facts_controls_and_a_line_to_confirm() {
        let machine = Host {
            name: Some("reception-1".into()),
            mac: Some("00:1b:21:00:10:30".parse().unwrap()),
            os: Some("Windows 10".into()),
            os_version: Some("22H2".into()),
            remote_control: vec![RemoteControl { program: "teamviewer".into(), id: Some("123".into()) }],
            antivirus: vec![Antivirus {
                name: "x".into(),
                version: None,
                enabled: Some(true),
                up_to_date: None,
            }],
            ..host("192.168.10.5")
        };
        let words = FoundWords { confirm: "確かめてください".into() };
        let rows = found_rows(0, 7, &[findings(vec![machine], Vec::new())], &words);
        let draft = things(&rows)[0];
        assert_eq!(draft.name.as_deref(), Some("reception-1"));
        assert_eq!(draft.zone.as_deref(), Some("192.168.10.0/24"));
        assert_eq!(draft.facts[&Fact::Os], "Windows 10 22H2");
        assert_eq!(draft.facts[&Fact::Mac], "00:1b:21:00:10:30");
        assert_eq!(draft.facts[&Fact::RemotePrograms], "teamviewer");
        assert_eq!(draft.controls[&Control::Antivirus], State::Present);
        let line = lines(&rows)[0];
        assert_eq!(line.kind, Some(ConnectionKind::RemoteMaintenance));
        assert_eq!((&line.from, &line.to), (&Some(Reference::Internet), &Some(Reference::Row(7))));
        assert_eq!(line.note.as_deref(), Some("確かめてください"));
    }

    #[test]
    fn talks_become_lines_once_each_and_small_talk_none() {
        let file = findings(
            vec![host("10.0.0.1"), host("10.0.0.2")],
            vec![
                talk(End::Host(0), End::Host(1), TalkKind::Dicom, 104),
                talk(End::Host(0), End::Host(1), TalkKind::Dicom, 11112),
                talk(End::Host(1), End::Internet, TalkKind::Internet, 443),
                talk(End::Host(0), End::Host(1), TalkKind::Other, 5000),
                talk(End::Host(0), End::Host(0), TalkKind::FileShare, 445),
            ],
        );
        let rows = found_rows(0, 0, &[file], &FoundWords::default());
        let lines = lines(&rows);
        assert_eq!(lines.len(), 2);
        let images = lines.iter().find(|line| line.kind == Some(ConnectionKind::Dicom)).unwrap();
        assert_eq!(images.facts[&Fact::Protocol], "tcp/104, tcp/11112");
        assert_eq!(images.facts[&Fact::LastUsed], "2026-11-23", "the day in Japan");
    }

    #[test]
    fn a_machine_that_two_files_tell_of_is_one() {
        let named =
            Host { name: Some("ct-1".into()), kind: Some(HostKind::MedicalDevice), ..host("10.0.0.1") };
        let card = Host { mac: Some("00:1b:21:00:10:30".parse().unwrap()), ..host("10.0.0.1") };
        let rows = found_rows(
            0,
            0,
            &[findings(vec![card, host("10.0.0.9")], Vec::new()), findings(vec![named], Vec::new())],
            &FoundWords::default(),
        );
        let things = things(&rows);
        assert_eq!(things.len(), 2);
        assert_eq!(
            (things[0].name.as_deref(), things[0].kind),
            (Some("ct-1"), Some(AssetKind::MedicalDevice))
        );
        assert!(things[0].facts.contains_key(&Fact::Mac));
        assert_eq!(rows[0].evidence, Some(Evidence::Told));
    }
}
