//! Writes the first inputs: every imaginary form, whole and in parts; the recordings of a network. `seeds FOLDER`.

use std::fs;
use std::path::Path;

use komainu_fuzz::common::{layouts, parts};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).expect("seeds FOLDER");
    let folder = Path::new(&folder);
    for name in ["workbook", "workbook_parts", "evidence", "typed"] {
        fs::create_dir_all(folder.join(name))?;
    }
    for (number, form) in layouts::all().into_iter().enumerate() {
        fs::write(folder.join("workbook").join(format!("form-{number}")), &form.bytes)?;
        fs::write(folder.join("evidence").join(format!("form-{number}")), &form.bytes)?;
        let mut whole = Vec::new();
        for (name, content) in parts(&form.bytes) {
            whole.extend(b"\x1d");
            whole.extend(name.as_bytes());
            whole.push(b'\n');
            whole.extend(content);
            whole.push(b'\n');
        }
        fs::write(folder.join("workbook_parts").join(format!("form-{number}")), whole)?;
    }
    for (number, text) in [
        "令和8年11月22日",
        "R8.11.22（日）",
        "２０２６／１１／２２",
        "22 Nov 2026",
        "年度末",
        "平成三十一年四月三十日",
        "2-⑬",
        "AB12",
    ]
    .into_iter()
    .enumerate()
    {
        fs::write(folder.join("typed").join(format!("text-{number}")), text)?;
    }
    for (name, bytes) in [
        ("pdf", b"%PDF-1.7\n".as_slice()),
        ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
        ("ole2", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\0o\0r\0k\0b\0o\0o\0k\0"),
        ("name", "..\\CON .pdf\u{202e}fdp.exe".as_bytes()),
    ] {
        fs::write(folder.join("evidence").join(name), bytes)?;
    }
    networks(folder)
}

/// The files that the discovery's tests read.
fn networks(folder: &Path) -> std::io::Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../engine/discovery/tests/data");
    for (target, files) in [
        ("discovery_nmap", ["scan.xml"].as_slice()),
        ("discovery_glpi", &["reception.json"]),
        ("discovery_cyclonedx", &["pump.cdx.json"]),
        ("discovery_capture", &["hospital.pcap", "hospital.pcapng", "cooked.pcap"]),
    ] {
        fs::create_dir_all(folder.join(target))?;
        for file in files {
            fs::copy(data.join(file), folder.join(target).join(file))?;
        }
    }
    Ok(())
}
