//! Evidence: what a file is, whatever it calls itself.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(kind) = komainu_files::kind_of(bytes) {
        assert!(!kind.media_type.contains("html") && !kind.media_type.contains("svg"), "{}", kind.media_type);
    }
    let name = komainu_files::clean_name(&String::from_utf8_lossy(bytes));
    assert!(!name.contains(['/', '\\', '\0', '\r', '\n', '"']) && !name.starts_with('.'), "{name:?}");
    assert_eq!(komainu_files::clean_name(&name), name, "cleaning twice changes nothing");
});
