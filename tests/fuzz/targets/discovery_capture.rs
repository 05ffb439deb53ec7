//! Recordings of traffic, pcap and pcapng.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| komainu_fuzz::discover(bytes, komainu_discovery::Source::Capture));
