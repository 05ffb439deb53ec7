//! Finds the compressed faces that `cargo xtask fonts` laid into `target/fonts` and lists them for `fonts.rs`.
//!
//! Without them the crate still compiles; rendering then answers `PaperError::FontsMissing`.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

const FACES: [&str; 5] = [
    "BIZUDPGothic-Regular.ttf.zst",
    "BIZUDPGothic-Bold.ttf.zst",
    "NotoSansSC-Regular.ttf.zst",
    "NotoSansSC-Bold.ttf.zst",
    "NotoSansJP-Regular.ttf.zst",
];
const LICENCES: [&str; 3] = ["BIZUDPGothic-OFL.txt", "NotoSansSC-OFL.txt", "NotoSansJP-OFL.txt"];

fn main() -> io::Result<()> {
    let here = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let fonts = Path::new(&here).join("../../target/fonts");
    // The folder is made here so that cargo has something to watch: a watched path that does not exist would run
    // this script again on every build.
    fs::create_dir_all(&fonts)?;
    println!("cargo::rerun-if-changed={}", fonts.display());
    println!("cargo::rerun-if-changed=build.rs");

    let fonts = fonts.canonicalize()?;
    let complete = FACES.iter().chain(&LICENCES).all(|name| fonts.join(name).is_file());
    if !complete {
        println!(
            "cargo::warning=no fonts in target/fonts: documents cannot be set until `cargo xtask fonts` was run"
        );
    }
    let list = |names: &[&str]| -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        for name in names.iter().filter(|_| complete) {
            // As a string, so that Debug writes it as a literal of Rust.
            let path = fonts.join(name).to_string_lossy().into_owned();
            write!(text, "({name:?}, include_bytes!({path:?}) as &[u8]), ")?;
        }
        Ok(text)
    };
    let code = format!(
        "/// The compressed faces of this build by file name; none if they were not there.\n\
         static FACES: &[(&str, &[u8])] = &[{}];\n\
         /// Their licences by file name.\n\
         static LICENCES: &[(&str, &[u8])] = &[{}];\n",
        list(&FACES).map_err(io::Error::other)?,
        list(&LICENCES).map_err(io::Error::other)?,
    );
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("faces.rs"), code)
}
