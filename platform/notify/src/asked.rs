//! What the short messages that go over HTTP have in common: little patience, and what an answer says about them.

use crate::outbound::{Answer, Broken, Call};
use crate::{NotSent, Outbound};
use std::time::Duration;

/// How long handing in one message may take, from the name to the answer. Another way waits behind it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Whose word it is that the other side lets us in by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The settings': a refusal says nothing about the address.
    Ours,
    /// The address's own.
    Theirs,
    /// The address's own, which the other side lent and ends by saying that there is none: a browser that was told to stop, or
    /// is not there any more (RFC 8030).
    Lent,
}

/// Hands a message in, and tells what became of it. What the other side said is told as it came: whoever has more of it read
/// than its status hides what is not to be kept.
pub(crate) fn ask(out: &Outbound, call: Call<'_>, entry: Entry) -> Result<Answer, NotSent> {
    let answer = out.call(call).map_err(|Broken { error, sent }| {
        let why = error.to_string();
        if sent { NotSent::Unknown(why) } else { NotSent::Unreachable(why) }
    })?;
    match judged(answer.status, entry) {
        Verdict::Taken => Ok(answer),
        Verdict::Away => Err(NotSent::Unreachable(told(&answer))),
        Verdict::Refused => Err(NotSent::Refused(told(&answer))),
        Verdict::Over => Err(NotSent::Gone(told(&answer))),
        Verdict::Unclear => Err(NotSent::Unknown(told(&answer))),
    }
}

/// A status in words that need no translation.
pub(crate) fn said(status: u16) -> String {
    format!("HTTP {status}")
}

/// The status, and as much of the answer as was read.
pub(crate) fn told(answer: &Answer) -> String {
    let words = String::from_utf8_lossy(&answer.body);
    if words.is_empty() { said(answer.status) } else { format!("{} {words}", said(answer.status)) }
}

/// What a status says about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It was taken.
    Taken,
    /// It was not taken, through no fault of the address.
    Away,
    /// It was not taken, and this address is no good.
    Refused,
    /// It was not taken, and this address never takes one again.
    Over,
    /// Nobody knows: the other side failed while it was at it.
    Unclear,
}

pub(crate) fn judged(status: u16, entry: Entry) -> Verdict {
    match status {
        200..=299 => Verdict::Taken,
        // To a channel or a browser its own address, or our key for it, is what opens.
        401..=403 | 407 if entry == Entry::Ours => Verdict::Away,
        // Nothing was done: elsewhere (no redirect is followed), too slow, too early, too much, or closed for now.
        300..=399 | 408 | 425 | 429 | 501 | 503 | 505 => Verdict::Away,
        404 | 410 if entry == Entry::Lent => Verdict::Over,
        400..=499 => Verdict::Refused,
        _ => Verdict::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_tells_whether_another_way_is_safe() {
        use Verdict::{Away, Over, Refused, Taken, Unclear};
        for (status, ours, theirs, lent) in [
            (200, Taken, Taken, Taken),
            (201, Taken, Taken, Taken),
            (302, Away, Away, Away),
            (400, Refused, Refused, Refused),
            (401, Away, Refused, Refused),
            (403, Away, Refused, Refused),
            (404, Refused, Refused, Over),
            (410, Refused, Refused, Over),
            (413, Refused, Refused, Refused),
            (429, Away, Away, Away),
            (500, Unclear, Unclear, Unclear),
            (502, Unclear, Unclear, Unclear),
            (503, Away, Away, Away),
            (504, Unclear, Unclear, Unclear),
        ] {
            let all = [Entry::Ours, Entry::Theirs, Entry::Lent].map(|entry| judged(status, entry));
            assert_eq!(all, [ours, theirs, lent], "{status}");
        }
    }
}
