//! Sound archives with broken parts: mutations of an archive's bytes hardly ever get past its check sums.
//!
//! Input: the parts of a workbook one after the other, each behind a line with its name (see `seeds`).
#![no_main]

use komainu_fuzz::common::zip;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"\x1d") {
            Some(name) => {
                let name = String::from_utf8_lossy(name).trim().to_owned();
                // The writer refuses doubles.
                if name.is_empty() || parts.len() > 40 || parts.iter().any(|(other, _)| *other == name) {
                    return;
                }
                parts.push((name, Vec::new()));
            }
            None => match parts.last_mut() {
                Some((_, content)) => content.extend(line),
                None => return,
            },
        }
    }
    komainu_fuzz::through(&zip(&parts));
});
