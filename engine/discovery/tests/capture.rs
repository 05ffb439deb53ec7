//! Recordings of the little hospital in `data/make.sh`.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod common;

use common::{at, found, left_out, recording};
use komainu_discovery::{
    End, Findings, Host, HostKind, Protocol, Refusal, RemarkCode, Role, Source, Talk, TalkKind, read,
};

const ARCHIVE: &str = "192.168.10.20";
const ROOM: &str = "192.168.10.30";
const DESK: &str = "192.168.10.40";
const ROUTER: &str = "192.168.10.1";

fn hospital() -> Findings {
    found(&recording("hospital.pcap"), Source::Capture)
}

fn talk(findings: &Findings, from: &str, to: Option<&str>, port: u16) -> Talk {
    let end = |address: &str| End::Host(at(findings, address).0);
    let (from, to) = (end(from), to.map_or(End::Internet, end));
    let is_that = |talk: &&Talk| (talk.from, talk.to, talk.port) == (from, to, port);
    findings.talks.iter().find(is_that).unwrap().clone()
}

fn plays(host: &Host, role: Role, port: Option<u16>) -> Vec<&str> {
    let told = host.speaks.iter().find(|told| told.role == role && told.port == port).unwrap();
    assert!(told.certain);
    told.names.iter().map(String::as_str).collect()
}

#[test]
fn machines_are_known_by_their_addresses() {
    let findings = hospital();
    for (address, mac, maker, name) in [
        (ARCHIVE, "00:50:56:00:10:20", Some("VMware"), Some("archive.clinic.example")),
        (ROOM, "00:1b:21:00:10:30", Some("Intel"), None),
        (DESK, "02:00:00:00:10:40", None, Some("RECEPTION-PC-1")),
        (ROUTER, "00:a0:de:00:10:01", Some("YAMAHA"), None),
    ] {
        let (_, host) = at(&findings, address);
        assert_eq!(host.mac, Some(mac.parse().unwrap()), "{address}");
        assert_eq!(host.maker.is_some(), maker.is_some(), "{address}");
        assert!(
            host.maker.as_deref().unwrap_or_default().starts_with(maker.unwrap_or_default()),
            "{address}"
        );
        assert_eq!(host.name.as_deref(), name, "{address}");
        // Each also said something under its link-local address.
        assert!(host.addresses.iter().any(core::net::IpAddr::is_ipv6), "{address}");
    }
    assert!(at(&findings, DESK).1.mac.unwrap().is_random());
    assert_eq!(at(&findings, ROUTER).1.kind, Some(HostKind::NetworkDevice));
    // These four and the bridge itself.
    assert_eq!(findings.hosts.len(), 5);
    assert!(findings.taken.is_some());
}

#[test]
fn images_are_recognised_at_any_port() {
    let findings = hospital();
    let images = talk(&findings, ROOM, Some(ARCHIVE), 4242);
    assert_eq!((images.kind, images.protocol), (TalkKind::Dicom, Protocol::Tcp));
    assert!(images.opened && images.answered && images.first <= images.last && images.packets > 10);
    let (archive, room) = (at(&findings, ARCHIVE).1, at(&findings, ROOM).1);
    assert_eq!(plays(archive, Role::DicomServer, Some(4242)), ["ARCHIVE"]);
    assert_eq!(plays(room, Role::DicomClient, None), ["ROOM1"]);
    assert!(archive.services.iter().any(|service| service.port == 4242));
}

#[test]
fn messages_tell_their_ends() {
    let findings = hospital();
    assert_eq!(talk(&findings, ARCHIVE, Some(DESK), 2575).kind, TalkKind::Hl7);
    assert_eq!(plays(at(&findings, ARCHIVE).1, Role::Hl7Sender, None), ["RECEPTION / CLINIC"]);
    assert_eq!(plays(at(&findings, DESK).1, Role::Hl7Receiver, Some(2575)), ["LAB / CLINIC"]);
}

#[test]
fn desktops_and_shares_are_recognised() {
    let findings = hospital();
    assert_eq!(talk(&findings, DESK, Some(ROOM), 3389).kind, TalkKind::RemoteDesktop);
    assert_eq!(talk(&findings, DESK, Some(ROOM), 445).kind, TalkKind::FileShare);
    let room = at(&findings, ROOM).1;
    plays(room, Role::RemoteDesktopServer, Some(3389));
    plays(room, Role::FileServer, Some(445));
}

#[test]
fn talk_with_outside_is_one_end() {
    let findings = hospital();
    let outside = talk(&findings, ROOM, None, 443);
    assert_eq!(outside.kind, TalkKind::Internet);
    assert_eq!(outside.names, ["updates.vendor.example"]);
    assert_eq!(talk(&findings, ROOM, None, 53).protocol, Protocol::Udp);
    assert!(at(&findings, ROOM).1.talks_to_internet);
    assert!(!at(&findings, ARCHIVE).1.talks_to_internet);
}

#[test]
fn nothing_of_a_patient_or_a_person_is_kept() {
    for name in ["hospital.pcap", "hospital.pcapng", "cooked.pcap"] {
        let bytes = recording(name);
        let findings = format!("{:?}", found(&bytes, Source::Capture));
        for word in ["NOBODY", "P-000000", "somebody", "MSG0000"] {
            assert!(!findings.contains(word), "{name}: {word}");
        }
    }
    // The recording itself does hold them.
    let text = String::from_utf8_lossy(&recording("hospital.pcap")).into_owned();
    assert!(text.contains("NOBODY") && text.contains("somebody"));
}

#[test]
fn both_containers_tell_the_same() {
    assert_eq!(found(&recording("hospital.pcapng"), Source::Capture), hospital());
}

#[test]
fn a_machine_may_watch_itself() {
    let findings = found(&recording("cooked.pcap"), Source::Capture);
    assert_eq!(talk(&findings, ROOM, Some(ARCHIVE), 4242).kind, TalkKind::Dicom);
    assert_eq!(at(&findings, ROOM).1.mac, Some("00:1b:21:00:10:30".parse().unwrap()));
}

#[test]
fn an_end_in_the_midst_is_remarked() {
    let bytes = recording("hospital.pcap");
    let whole = hospital();
    let cut = found(&bytes[..bytes.len() - 5], Source::Capture);
    assert_eq!(left_out(&cut, RemarkCode::CutShort), 1);
    assert_eq!(left_out(&whole, RemarkCode::CutShort), 0);
    assert_eq!(cut.hosts, whole.hosts);
}

#[test]
fn what_is_no_recording_is_refused() {
    for (bytes, refusal) in [
        (b"".as_slice(), Refusal::Empty),
        (b"\x1f\x8b\x08\0", Refusal::Packed),
        (b"GIF89a and more of it, for a header's length", Refusal::NotThis { expected: Source::Capture }),
        (b"\xd4\xc3\xb2\xa1\x02\0", Refusal::Damaged { at: 6 }),
    ] {
        assert_eq!(read(bytes, Source::Capture), Err(refusal));
    }
}
