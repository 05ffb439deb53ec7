//! What other programs found out about a network, in one form whatever program it was.
//!
//! Komainu never scans. Where an inventory, a scan, a list of components or a recording of traffic already exists,
//! this crate reads the file and tells the machines in it, what they run, and who talks to whom ([`Findings`]), so
//! that a person can look at them and take them into the ledger.
//!
//! 1. [`recognise`] says by its content what a file is ([`Source`]).
//! 2. [`read`] reads it, or says precisely why not ([`Refusal`]).
//!
//! | file | made by | module |
//! | --- | --- | --- |
//! | XML (`-oX`) | nmap | `nmap` |
//! | inventory (JSON) | the agents of GLPI | `glpi` |
//! | bill of materials (JSON, 1.2 to 1.7) | makers of devices and programs: CycloneDX | `cyclonedx` |
//! | recording (pcap, pcapng) | tcpdump, Wireshark, a switch's mirror port | `capture` |
//!
//! Every file is a stranger's: sizes, depths and counts are bounded, texts are cleaned and cut ([`MAX_TEXT`]), and
//! nothing panics. What was left out is told with its amount ([`Remark`]), never passed over.
//!
//! # What is never kept
//!
//! No content of a conversation but the names that machines give themselves: of DICOM the application entities' titles,
//! of HL7 the applications and facilities (MSH-3 to MSH-6), of TLS the server's name. Nothing of a patient is looked
//! at. Of an inventory, no user, no key, no phone number.
//!
//! Pure: bytes in, [`Findings`] out; no file, no network, no clock; the same input gives the same output.

#![forbid(unsafe_code)]

mod capture;
mod cyclonedx;
mod findings;
mod glpi;
mod lenient;
mod mac;
mod nmap;
mod recognise;
mod refusal;
mod remark;
mod remote;
mod role;
mod text;

pub use findings::{
    Antivirus, Component, ComponentKind, End, Findings, Host, HostKind, Protocol, RemoteControl, Service,
    Software, Source, Speaks, Talk,
};
pub use mac::{BadMac, Mac};
pub use recognise::recognise;
pub use refusal::{OtherFormat, Refusal};
pub use remark::{Remark, RemarkCode};
pub use role::{Role, TalkKind};

/// Texts of strangers are cut to so many characters.
pub const MAX_TEXT: usize = 200;
/// At most so many machines are read from a file.
pub const MAX_HOSTS: usize = 20_000;
/// At most so many addresses of a machine.
pub const MAX_ADDRESSES: usize = 64;
/// At most so many services of a machine.
pub const MAX_SERVICES: usize = 1_000;
/// At most so many programs of a machine.
pub const MAX_SOFTWARE: usize = 10_000;
/// At most so many components of a bill of materials.
pub const MAX_COMPONENTS: usize = 50_000;
/// At most so many pairs of machines that talk, told apart by port and protocol.
pub const MAX_TALKS: usize = 200_000;
/// At most so many names of one conversation, or of one role of a machine.
pub const MAX_NAMES: usize = 20;
/// At most so many bytes of a file that is text (XML, JSON).
pub const MAX_TEXT_FILE_BYTES: usize = 64 << 20;
/// At most so many bytes of a recording.
pub const MAX_CAPTURE_BYTES: usize = 512 << 20;

/// Reads a file that is said to be of a source.
///
/// # Errors
/// Why it cannot be read, with the place where there is one.
pub fn read(bytes: &[u8], source: Source) -> Result<Findings, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    let limit = if source == Source::Capture { MAX_CAPTURE_BYTES } else { MAX_TEXT_FILE_BYTES };
    if bytes.len() > limit {
        return Err(Refusal::TooLarge { bytes: bytes.len(), limit });
    }
    if recognise::is_packed(bytes) {
        return Err(Refusal::Packed);
    }
    match source {
        Source::Nmap => nmap::read(bytes),
        Source::Glpi => glpi::read(bytes),
        Source::CycloneDx => cyclonedx::read(bytes),
        Source::Capture => capture::read(bytes),
    }
}
