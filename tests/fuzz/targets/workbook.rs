//! Whole workbooks, byte by byte: the archive, its directory, its sizes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| komainu_fuzz::through(bytes));
