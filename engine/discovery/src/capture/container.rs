//! The two formats of recordings: packets with their times.

use crate::findings::Source;
use crate::refusal::Refusal;
use pcap_parser::OptionCode;

/// No card takes or gives more at once; a length beyond it is damage and not the end of the file.
const LARGEST_FRAME: usize = 1 << 20;
/// Blocks of pcapng also hold lists of names, keys and journals.
const LARGEST_BLOCK: usize = 64 << 20;

/// How a frame begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Ethernet.
    Ethernet,
    /// Linux's cooked frames, the first kind.
    Cooked,
    /// Linux's cooked frames, the second kind.
    Cooked2,
    /// IP at once.
    Raw,
    /// Anything else.
    Other,
}

impl Link {
    /// By the number in the file; source: the list of link types of the tcpdump group.
    const fn of(number: i32) -> Link {
        // The upper bits say how long the check sum at a frame's end is.
        match number & 0xFFFF {
            1 => Link::Ethernet,
            113 => Link::Cooked,
            276 => Link::Cooked2,
            12 | 14 | 101 | 228 | 229 => Link::Raw,
            _ => Link::Other,
        }
    }
}

/// A frame as it was recorded.
pub(super) struct Frame<'a> {
    pub(super) link: Link,
    /// Seconds since 1970, if the file says.
    pub(super) at: Option<i64>,
    pub(super) data: &'a [u8],
    /// How long it was on the wire.
    pub(super) length: u32,
}

/// Shows every frame in turn; whether the file ends in the midst of one.
pub(super) fn frames<'a>(bytes: &'a [u8], each: impl FnMut(Frame<'a>)) -> Result<bool, Refusal> {
    if bytes.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) { blocks(bytes, each) } else { records(bytes, each) }
}

fn number(bytes: &[u8], at: usize, big: bool) -> Option<u32> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// pcap: a header, then one record after the other.
fn records<'a>(bytes: &'a [u8], mut each: impl FnMut(Frame<'a>)) -> Result<bool, Refusal> {
    let (mut rest, header) = match pcap_parser::parse_pcap_header(bytes) {
        Ok(read) => read,
        Err(pcap_parser::nom::Err::Incomplete(_)) => return Err(Refusal::Damaged { at: bytes.len() }),
        Err(_) => return Err(Refusal::NotThis { expected: Source::Capture }),
    };
    let big = header.is_bigendian();
    let link = Link::of(header.network.0);
    loop {
        let at = bytes.len() - rest.len();
        let Some(captured) = number(rest, 8, big) else { return Ok(!rest.is_empty()) };
        if size(captured) > LARGEST_FRAME {
            return Err(Refusal::Damaged { at });
        }
        let parsed = if header.is_modified_format() {
            pcap_parser::parse_pcap_frame_modified(rest)
        } else if big {
            pcap_parser::parse_pcap_frame_be(rest)
        } else {
            pcap_parser::parse_pcap_frame(rest)
        };
        match parsed {
            Ok((after, record)) => {
                let (seconds, length) = (i64::from(record.ts_sec), record.origlen);
                each(Frame { link, at: Some(seconds), data: record.data, length });
                rest = after;
            }
            Err(pcap_parser::nom::Err::Incomplete(_)) => return Ok(true),
            Err(_) => return Err(Refusal::Damaged { at }),
        }
    }
}

/// A card on which pcapng recorded.
struct Card {
    link: Link,
    /// How many ticks a second; none if the file says something impossible.
    ticks: Option<u64>,
    /// Seconds to add.
    offset: i64,
}

/// pcapng: blocks of many kinds, of which three matter. Each section may be of the other order of bytes.
fn blocks<'a>(bytes: &'a [u8], mut each: impl FnMut(Frame<'a>)) -> Result<bool, Refusal> {
    let mut rest = bytes;
    let mut big = false;
    let mut cards: Vec<Card> = Vec::new();
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        let damaged = Refusal::Damaged { at };
        let section = rest.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]);
        if section {
            let Some(order) = rest.get(8..12) else { return Ok(true) };
            big = order == [0x1a, 0x2b, 0x3c, 0x4d];
            cards.clear();
        }
        let (Some(kind), Some(length)) = (number(rest, 0, big), number(rest, 4, big)) else {
            return Ok(true);
        };
        let length = size(length);
        if !(12..=LARGEST_BLOCK).contains(&length) {
            return Err(damaged);
        }
        let Some(block) = rest.get(..length) else { return Ok(true) };
        match kind {
            _ if section => {
                pcap_parser::parse_sectionheaderblock(block).map_err(|_| damaged)?;
            }
            1 => cards.push(card(block, big).ok_or(damaged)?),
            3 | 6 => each(frame(block, kind, big, &cards).ok_or(damaged)?),
            _ => {}
        }
        rest = &rest[length..];
    }
    Ok(false)
}

fn card(block: &[u8], big: bool) -> Option<Card> {
    let parsed = if big {
        pcap_parser::parse_interfacedescriptionblock_be(block)
    } else {
        pcap_parser::parse_interfacedescriptionblock_le(block)
    };
    let (_, card) = parsed.ok()?;
    // The library reads the offset in one order of bytes only, and no resolution that is a power of two.
    let told = card.options.iter().find(|option| option.code == OptionCode::IfTsoffset);
    let eight: Option<[u8; 8]> = told.and_then(|option| option.as_bytes().ok()?.try_into().ok());
    let eight = eight.unwrap_or_default();
    let offset = if big { i64::from_be_bytes(eight) } else { i64::from_le_bytes(eight) };
    let exponent = u32::from(card.if_tsresol & 0x7F);
    let base: u64 = if card.if_tsresol & 0x80 == 0 { 10 } else { 2 };
    Some(Card { link: Link::of(card.linktype.0), ticks: base.checked_pow(exponent), offset })
}

fn frame<'a>(block: &'a [u8], kind: u32, big: bool, cards: &[Card]) -> Option<Frame<'a>> {
    if kind == 3 {
        let parsed = if big {
            pcap_parser::parse_simplepacketblock_be(block)
        } else {
            pcap_parser::parse_simplepacketblock_le(block)
        };
        let (_, packet) = parsed.ok()?;
        let data = packet.data.get(..size(packet.origlen)).unwrap_or(packet.data);
        return Some(Frame { link: cards.first()?.link, at: None, data, length: packet.origlen });
    }
    let parsed = if big {
        pcap_parser::parse_enhancedpacketblock_be(block)
    } else {
        pcap_parser::parse_enhancedpacketblock_le(block)
    };
    let (_, packet) = parsed.ok()?;
    let card = cards.get(size(packet.if_id))?;
    let ticks = (u64::from(packet.ts_high) << 32) | u64::from(packet.ts_low);
    let seconds = card.ticks.and_then(|a_second| i64::try_from(ticks / a_second).ok());
    let at = seconds.map(|seconds| seconds.saturating_add(card.offset));
    let (length, captured) = (packet.origlen, size(packet.caplen));
    let data = packet.data.get(..captured)?;
    Some(Frame { link: card.link, at, data, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: u32, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(12 + body.len()).unwrap().to_le_bytes();
        [&kind.to_le_bytes()[..], &length, body, &length].concat()
    }

    fn section() -> Vec<u8> {
        let body = [[0x4d_u8, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0], [0xff; 8]].concat();
        block(0x0a0d_0d0a, &body)
    }

    fn count(bytes: &[u8]) -> Result<(usize, bool), Refusal> {
        let mut count = 0;
        let cut_short = frames(bytes, |_| count += 1)?;
        Ok((count, cut_short))
    }

    #[test]
    fn blocks_are_read_one_by_one() {
        // A card whose clock ticks 2 to the 20th times a second (option 9, one byte, padded).
        let card = block(1, &[101, 0, 0, 0, 0, 0, 1, 0, 9, 0, 1, 0, 0x94, 0, 0, 0, 0, 0, 0, 0]);
        let mut packet = vec![0_u8; 8];
        packet.extend((3_u32 << 20).to_le_bytes());
        packet.extend([4, 0, 0, 0, 4, 0, 0, 0, 0x45, 0, 0, 0]);
        let packet = block(6, &packet);
        let whole = [section(), card.clone(), packet.clone(), block(99, &[0; 4])].concat();
        let mut seen = Vec::new();
        let cut_short = frames(&whole, |frame| seen.push((frame.link, frame.at, frame.data.len()))).unwrap();
        assert!(!cut_short);
        assert_eq!(seen, [(Link::Raw, Some(3), 4)]);
        assert_eq!(count(&whole[..whole.len() - 3]), Ok((1, true)));
        // A packet of a card that was never described.
        let at = section().len();
        assert_eq!(count(&[section(), packet].concat()), Err(Refusal::Damaged { at }));
        // A length that cannot be.
        let at = section().len() + card.len();
        let bad = [section(), card, vec![6, 0, 0, 0, 1, 0, 0, 0]].concat();
        assert_eq!(count(&bad), Err(Refusal::Damaged { at }));
    }

    #[test]
    fn records_of_either_order_are_read() {
        let header =
            [&[0xa1_u8, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4][..], &[0; 8], &[0, 0, 0xff, 0xff, 0, 0, 0, 1]].concat();
        let record = [0_u8, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 9, 7, 7];
        let whole = [&header[..], &record, &record].concat();
        assert_eq!(count(&whole), Ok((2, false)));
        assert_eq!(count(&whole[..whole.len() - 1]), Ok((1, true)));
        let huge = [0_u8, 0, 0, 9, 0, 0, 0, 0, 0x7f, 0, 0, 2, 0, 0, 0, 9];
        assert_eq!(count(&[&header[..], &record, &huge].concat()), Err(Refusal::Damaged { at: 42 }));
        assert_eq!(
            count(b"nothing of the kind, but long enough"),
            Err(Refusal::NotThis { expected: Source::Capture })
        );
    }
}
