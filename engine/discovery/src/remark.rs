//! What was left out of a file.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why something is not among the findings. The code in JSON is its name in small letters with underscores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemarkCode {
    /// Machines beyond [`MAX_HOSTS`](crate::MAX_HOSTS). Of a recording, packets of further machines are counted.
    TooManyHosts,
    /// Services beyond [`MAX_SERVICES`](crate::MAX_SERVICES) of a machine.
    TooManyServices,
    /// Programs beyond [`MAX_SOFTWARE`](crate::MAX_SOFTWARE) of a machine.
    TooManySoftware,
    /// Addresses beyond [`MAX_ADDRESSES`](crate::MAX_ADDRESSES) of a machine.
    TooManyAddresses,
    /// Components beyond [`MAX_COMPONENTS`](crate::MAX_COMPONENTS).
    TooManyComponents,
    /// Packets of conversations beyond [`MAX_TALKS`](crate::MAX_TALKS).
    TooManyTalks,
    /// Machines that the scanner found switched off or did not reach.
    HostsDown,
    /// Ports that were filtered, so that nobody knows whether something listens.
    PortsFiltered,
    /// The scanner says of itself that it ended with an error.
    ScanFailed,
    /// Components without a name.
    Nameless,
    /// Services of a bill of materials, which are no machines.
    ServicesNotRead,
    /// The recording ends in the midst of a packet.
    CutShort,
    /// Packets of which only the beginning was recorded.
    PacketsCut,
    /// Frames of a kind that is not read (such as Wi-Fi's own), or damaged.
    FramesNotRead,
    /// Packets that are parts of a larger one; their content was not looked at.
    Fragments,
    /// Packets from outside to outside.
    NotOurs,
    /// Connections that nobody answered.
    Unanswered,
    /// Machines that were called and never said anything.
    NeverSpoke,
    /// Conversations with one of those, which therefore are not told either.
    TalksWithSilent,
}

/// Something that was left out, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// What it was.
    pub code: RemarkCode,
    /// How many of them.
    pub count: u64,
}

/// Counts what is left out.
#[derive(Default)]
pub(crate) struct Remarks(BTreeMap<RemarkCode, u64>);

impl Remarks {
    pub(crate) fn add(&mut self, code: RemarkCode, count: u64) {
        if count > 0 {
            let so_far = self.0.entry(code).or_insert(0);
            *so_far = so_far.saturating_add(count);
        }
    }

    /// One more thing if there is room, else it is counted.
    pub(crate) fn push<T>(&mut self, all: &mut Vec<T>, one: T, most: usize, code: RemarkCode) {
        if all.len() < most {
            all.push(one);
        } else {
            self.add(code, 1);
        }
    }

    pub(crate) fn told(self) -> Vec<Remark> {
        self.0.into_iter().map(|(code, count)| Remark { code, count }).collect()
    }
}
