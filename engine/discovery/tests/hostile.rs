//! Bytes that nobody meant to be read: nothing panics, and what is told is within its bounds.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod common;

use komainu_discovery::{End, Findings, MAX_TEXT, Refusal, Source, read, recognise};
use proptest::prelude::*;

const SOURCES: [Source; 4] = [Source::Nmap, Source::Glpi, Source::CycloneDx, Source::Capture];

/// Reads the bytes as everything they could be.
fn try_all(bytes: &[u8]) {
    let _ = recognise(bytes);
    for source in SOURCES {
        if let Ok(findings) = read(bytes, source) {
            bounded(&findings);
        }
    }
}

fn bounded(findings: &Findings) {
    let fits = |end: End| match end {
        End::Host(at) => at < findings.hosts.len(),
        End::Internet => true,
    };
    assert!(findings.talks.iter().all(|talk| fits(talk.from) && fits(talk.to)));
    assert!(findings.components.iter().all(|part| part.of.is_none_or(|at| at < findings.hosts.len())));
    let names = findings.hosts.iter().filter_map(|host| host.name.as_deref());
    for name in names.chain(findings.components.iter().map(|part| part.name.as_str())) {
        assert!(name.chars().count() <= MAX_TEXT && !name.chars().any(char::is_control), "{name:?}");
    }
}

#[test]
fn every_file_may_end_anywhere() {
    for (name, source, bytes) in common::all() {
        // An odd step meets every part of a structure, and some hundred cuts of each file are enough.
        let step = (bytes.len() / 300).max(1) | 1;
        let whole = if source == Source::Capture { bytes.len() } else { bytes.trim_ascii_end().len() };
        for end in (0..whole).step_by(step) {
            if let Ok(findings) = read(&bytes[..end], source) {
                assert_eq!(
                    source,
                    Source::Capture,
                    "{name} is whole without its last {} bytes",
                    bytes.len() - end
                );
                bounded(&findings);
            }
        }
    }
}

#[test]
fn packed_files_are_told_to_be() {
    for source in SOURCES {
        assert_eq!(read(b"\x1f\x8b\x08\0\0\0", source), Err(Refusal::Packed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        try_all(&bytes);
    }

    #[test]
    fn any_frames_are_borne(
        link in prop::sample::select(vec![1_u8, 101, 113, 20]),
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..120), 0..8),
    ) {
        let mut bytes = vec![0xd4_u8, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0];
        // 276 (the second cooked kind) is 0x0114; it stands for 20 above.
        bytes.extend([link, u8::from(link == 20), 0, 0]);
        for frame in frames {
            let length = u32::try_from(frame.len()).unwrap().to_le_bytes();
            bytes.extend([0; 8]);
            bytes.extend(length);
            bytes.extend(length);
            bytes.extend(frame);
        }
        try_all(&bytes);
    }

    #[test]
    fn changed_files_are_borne(
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let all = common::all();
        let (_, _, bytes) = &all[file.index(all.len())];
        let mut bytes = bytes.clone();
        let length = bytes.len();
        for (at, value) in changes {
            bytes[at.index(length)] = value;
        }
        try_all(&bytes);
    }
}
