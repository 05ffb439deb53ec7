//! Recordings of traffic, pcap and pcapng, read without sending anything.
//!
//! Packets go by one by one ([`container`], [`packet`]); what is kept of them is a table of addresses and one of
//! conversations ([`watch`], [`flows`]), both bounded. Machines are made of addresses at the end ([`machines`]).
//! Of contents, only the first bytes of a packet are looked at, for the openings of a few protocols ([`content`],
//! [`naming`]); they are recognised by what is said and not by the port.
//!
//! Inside are private, shared, link-local and unique local addresses; everything else that is one machine's is the
//! Internet, all of it one end. Whoever uses public addresses inside sees their machines as the Internet.

mod container;
mod content;
mod flows;
mod machines;
mod naming;
mod packet;
mod watch;

use crate::findings::Findings;
use crate::refusal::Refusal;
use crate::remark::RemarkCode;
use watch::Watch;

pub(crate) fn read(bytes: &[u8]) -> Result<Findings, Refusal> {
    let mut watch = Watch::default();
    let cut_short = container::frames(bytes, |frame| watch.see(&frame))?;
    if cut_short {
        watch.remarks.add(RemarkCode::CutShort, 1);
    }
    Ok(machines::told(watch))
}
