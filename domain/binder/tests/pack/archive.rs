//! The pack as an archive, opened by another program.

use crate::house::lived_in;
use crate::world::World;
use crate::{Lang, PackForm, each_database};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::Command;

/// Every file by its path, in order; fails on names that could lead out of the folder or that come twice.
fn opened(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let inside = file.enclosed_name().unwrap_or_else(|| panic!("{name} leads out"));
        assert_eq!(inside.to_str().unwrap(), name);
        assert!(!name.chars().any(char::is_control) && !name.contains(['\\', ':', '\u{202e}']), "{name:?}");
        assert!(name.split('/').all(|part| !part.is_empty() && part.len() <= 255), "{name}");
        assert!(files.iter().all(|(other, _)| other.to_lowercase() != name.to_lowercase()), "{name} twice");
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        files.push((name, content));
    }
    files
}

#[test]
fn every_file_is_in_it_byte_for_byte_and_its_hash_stands_in_the_list() {
    each_database(|db| {
        let world = World::new(db);
        let (_, papers) = lived_in(&world);
        let (made, bytes) = world.make(&world.director, 2026, Lang::Ja, PackForm::Archive);
        assert_eq!(made.left_out, [] as [String; 0]);
        assert!(
            Path::new(&made.name).extension().is_some_and(|ending| ending == "zip")
                && made.name.starts_with("青空診療所_令和8年度"),
            "{}",
            made.name
        );
        let files: BTreeMap<String, Vec<u8>> = opened(&bytes).into_iter().collect();
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        let form = world.catalog.form(2026, komainu_catalog::InstitutionKind::Clinic).unwrap();
        let number = |id: &str| {
            let row = form.rows.iter().find(|row| row.id.as_str() == id).unwrap();
            row.placement.number.as_ref().unwrap().printed().to_owned()
        };
        let vendors = world.catalog.vendor_form(2026).unwrap();
        let of_vendor = vendors.rows.iter().find(|row| row.id.as_str() == "patches").unwrap();
        let of_vendor = of_vendor.placement.number.as_ref().unwrap().printed();
        for (name, content) in [
            (format!("evidence/{}_院内規程 第3版.pdf", number("rules")), &papers.rules),
            (format!("evidence/{}_院内規程 第3版.pdf", number("bcp")), &papers.rules),
            (format!("evidence/{}_更新.png", number("patches")), &papers.picture),
            (format!("evidence/{}_更新.txt", number("patches")), &papers.second),
            (format!("evidence/vendors/Ａ電子カルテ社/{of_vendor}_回答書.pdf"), &papers.of_vendor),
        ] {
            assert_eq!(files.get(&name), Some(content), "{name} in {names:?}");
        }
        assert_eq!(files.len(), 5 + 3, "{names:?}");
        assert!(files["checklist.pdf"].starts_with(b"%PDF-") && files["checklist.xlsx"].starts_with(b"PK"));
        let sums = String::from_utf8(files["SHA256SUMS.txt"].clone()).unwrap();
        assert_eq!(sums.lines().count(), files.len() - 1);
        for (name, content) in files.iter().filter(|(name, _)| *name != "SHA256SUMS.txt") {
            let line = format!("{}  {name}", komainu_files::digest_of(content));
            assert!(sums.lines().any(|told| told == line), "{line} in\n{sums}");
        }
    });
}

#[test]
fn sha256sum_checks_the_unpacked_archive() {
    each_database(|db| {
        let world = World::new(db);
        lived_in(&world);
        let (_, bytes) = world.make(&world.director, 2026, Lang::En, PackForm::Archive);
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in opened(&bytes) {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::File::create(path).unwrap().write_all(&content).unwrap();
        }
        let check = || {
            let mut told = Command::new("sha256sum");
            told.args(["--check", "--strict", "SHA256SUMS.txt"]).current_dir(folder.path());
            told.output().unwrap()
        };
        let told = check();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        std::fs::write(folder.path().join("checklist.pdf"), b"another").unwrap();
        assert!(!check().status.success(), "a changed file is found");
    });
}

#[test]
fn names_that_are_alike_or_hostile_come_out_as_names_of_files() {
    each_database(|db| {
        let world = World::new(db);
        let round = world.open(&world.director, 2026, None);
        let names = [
            "../../x",
            "../../x.txt",
            "..\\..\\x.txt",
            "X.TXT",
            "x (2).txt",
            "a\u{202e}fdp.txt",
            "con.txt",
            "#let x = $1$ {a}.txt",
            "日本語の とても 長い名前.txt",
            ":::?*|<>\".txt",
            ".txt",
            "\u{1}\u{7}\n.txt",
        ];
        for (at, name) in names.iter().enumerate() {
            world.evidence(&world.director, round, "patches", name, format!("content {at}").as_bytes());
        }
        let long = format!("{}.txt", "長".repeat(190));
        world.evidence(&world.director, round, "has-system", &long, b"long");
        world.evidence(&world.director, round, "has-system", "nul.txt", b"device");
        let (made, bytes) = world.make(&world.director, 2026, Lang::Ja, PackForm::Archive);
        assert_eq!(made.left_out, [] as [String; 0]);
        let files = opened(&bytes);
        let evidence: Vec<_> = files.iter().filter(|(name, _)| name.starts_with("evidence/")).collect();
        assert_eq!(evidence.len(), names.len() + 2);
        for at in 0..names.len() {
            let content = format!("content {at}").into_bytes();
            assert_eq!(evidence.iter().filter(|(_, found)| *found == content).count(), 1, "{at}");
        }
        let has = |end: &str| evidence.iter().any(|(name, _)| name.ends_with(end));
        assert!(has("_日本語の とても 長い名前.txt") && has("_#let x = $1$ {a}.txt") && has("_afdp.txt"));
        assert!(has("/_nul.txt"), "no device of Windows");
    });
}

#[test]
fn evidence_that_cannot_be_read_is_named() {
    each_database(|db| {
        let world = World::new(db);
        let round = world.open(&world.director, 2026, None);
        world.evidence(&world.director, round, "patches", "残る.txt", b"stays");
        world.evidence(&world.director, round, "patches", "壊れた.txt", b"will be damaged");
        damage(&world, b"will be damaged");
        let (made, bytes) = world.make(&world.director, 2026, Lang::Ja, PackForm::Archive);
        let [missing] = made.left_out.as_slice() else { panic!("{:?}", made.left_out) };
        assert!(missing.ends_with("_壊れた.txt"), "{missing}");
        let files: BTreeMap<String, Vec<u8>> = opened(&bytes).into_iter().collect();
        assert!(!files.contains_key(missing) && files.values().any(|content| content == b"stays"));
        let sums = String::from_utf8(files["SHA256SUMS.txt"].clone()).unwrap();
        assert!(sums.contains(&format!("# -  {missing}\n")), "{sums}");
    });
}

/// Spoils the sealed bytes of a file.
fn damage(world: &World, content: &[u8]) {
    let mut folders = vec![world.folder.join("files")];
    let mut sealed = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { sealed.push(path) }
        }
    }
    let digest = komainu_files::digest_of(content);
    let readable = || world.files.get(world.here(), &digest).is_ok();
    for path in sealed {
        let kept = std::fs::read(&path).unwrap();
        std::fs::write(&path, b"KMN1 spoilt").unwrap();
        if !readable() {
            return;
        }
        std::fs::write(&path, kept).unwrap();
    }
    panic!("the file was not found");
}
