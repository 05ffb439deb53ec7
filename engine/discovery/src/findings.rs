//! The one form in which everything found is told.

use crate::mac::Mac;
use crate::remark::Remark;
use crate::role::{Role, TalkKind};
use chrono::{DateTime, Utc};
use core::net::IpAddr;
use serde::{Deserialize, Serialize};

/// What kind of file something was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The XML of a scan by nmap.
    Nmap,
    /// An inventory as GLPI's agents send it.
    Glpi,
    /// A bill of materials in the JSON of CycloneDX.
    CycloneDx,
    /// A recording of traffic, pcap or pcapng.
    Capture,
}

/// What one file tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// What kind of file it was.
    pub source: Source,
    /// When it was seen, if the file says so with its time zone: a scan's start, an inventory's or document's date, a
    /// recording's first packet.
    pub taken: Option<DateTime<Utc>>,
    /// What the file calls itself: an agent's device id, a document's serial number.
    pub own_id: Option<String>,
    /// The machines, in the order of the file; those of a recording in the order in which they first appeared.
    pub hosts: Vec<Host>,
    /// Who talks to whom. Only recordings know.
    pub talks: Vec<Talk>,
    /// The parts of a product. Only bills of materials know.
    pub components: Vec<Component>,
    /// What was left out, and how much of it.
    pub remarks: Vec<Remark>,
}

impl Findings {
    /// Nothing found yet.
    pub(crate) const fn of(source: Source) -> Findings {
        Findings {
            source,
            taken: None,
            own_id: None,
            hosts: Vec::new(),
            talks: Vec::new(),
            components: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// A machine. Every field is what the file says and may be wrong; nothing is filled in that it does not say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Its name in the network.
    pub name: Option<String>,
    /// Its addresses, each once.
    pub addresses: Vec<IpAddr>,
    /// The hardware address. [`Mac::is_random`] tells those that mean nothing the next day.
    pub mac: Option<Mac>,
    /// Who made it: as the file says, else by the hardware address.
    pub maker: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its operating system.
    pub os: Option<String>,
    /// The operating system's version; of a device of a network, the firmware's.
    pub os_version: Option<String>,
    /// How sure the program was of the operating system, in percent, if it guessed.
    pub os_accuracy: Option<u8>,
    /// What it is.
    pub kind: Option<HostKind>,
    /// What it answers to, by port.
    pub services: Vec<Service>,
    /// What is installed.
    pub software: Vec<Software>,
    /// Programs by which somebody far away can operate it.
    pub remote_control: Vec<RemoteControl>,
    /// The parts it plays in a hospital's network.
    pub speaks: Vec<Speaks>,
    /// Programs against malware.
    pub antivirus: Vec<Antivirus>,
    /// Whether it was seen to talk to the Internet. Only recordings know; false elsewhere says nothing.
    pub talks_to_internet: bool,
}

/// What a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostKind {
    /// Serves others.
    Server,
    /// Somebody sits or stands before it.
    Terminal,
    /// A router, switch, access point, firewall.
    NetworkDevice,
    /// A medical device.
    MedicalDevice,
    /// A printer.
    Printer,
    /// A telephone, also a mobile one.
    Phone,
    /// Network storage.
    Storage,
    /// Known to be none of these.
    Other,
}

/// How packets are carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Connections.
    Tcp,
    /// Single messages.
    Udp,
}

/// Something that answers at a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The port.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// What is spoken there, such as `ssh`.
    pub name: Option<String>,
    /// The program, such as `OpenSSH`.
    pub product: Option<String>,
    /// The program's version.
    pub version: Option<String>,
}

/// A program that is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Software {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Who made it.
    pub maker: Option<String>,
}

/// A program by which a machine is operated from afar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteControl {
    /// The program, such as `teamviewer`.
    pub program: String,
    /// The number by which it is called, if known.
    pub id: Option<String>,
}

/// A part that a machine plays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaks {
    /// The part.
    pub role: Role,
    /// The port at which it is called, if it is the one who is called.
    pub port: Option<u16>,
    /// Whether it was heard or probed; false if only the port's number says so.
    pub certain: bool,
    /// Its names in that part: titles of DICOM application entities, `application / facility` of HL7.
    pub names: Vec<String>,
}

/// A program against malware.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Antivirus {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Whether it is switched on.
    pub enabled: Option<bool>,
    /// Whether its signatures are fresh.
    pub up_to_date: Option<bool>,
}

/// One end of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// A machine: its place in [`Findings::hosts`].
    Host(usize),
    /// Anywhere outside.
    Internet,
}

/// Conversations of one pair at one port, all together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// Who began.
    pub from: End,
    /// Who was called.
    pub to: End,
    /// What about.
    pub kind: TalkKind,
    /// The protocol.
    pub protocol: Protocol,
    /// The port that was called.
    pub port: u16,
    /// How many packets, both ways.
    pub packets: u64,
    /// How many bytes, both ways, with all headers.
    pub bytes: u64,
    /// The first packet's time.
    pub first: Option<DateTime<Utc>>,
    /// The last packet's time.
    pub last: Option<DateTime<Utc>>,
    /// Whether the beginning was seen; otherwise who began is told by the ports' numbers.
    pub opened: bool,
    /// Whether the one who was called answered.
    pub answered: bool,
    /// The servers' names that were asked for in TLS, at most [`MAX_NAMES`](crate::MAX_NAMES).
    pub names: Vec<String>,
}

/// What a part of a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentKind {
    /// A program.
    Application,
    /// A framework or library.
    Library,
    /// An operating system.
    OperatingSystem,
    /// A device.
    Device,
    /// A device's firmware or driver.
    Firmware,
    /// A container or platform.
    Container,
    /// Anything else: files, data, models.
    Other,
}

/// A part of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What it is.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Who made or supplied it.
    pub maker: Option<String>,
    /// Its name in the common platform enumeration.
    pub cpe: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// The device it is part of: its place in [`Findings::hosts`].
    pub of: Option<usize>,
}
