//! `cargo xtask ui`: the style sheet, the script and the pictures that `komainu-assets` embeds.
//!
//! Their sources are in `ui/`; what others wrote comes by npm after the lock file. The result lies in `target/ui` of the
//! workspace (not of `CARGO_TARGET_DIR`: the crate that embeds it must find it), each file with the hash of its
//! content in its name and, where that helps, a gzip twin beside it.

use anyhow::{Context, bail, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// What the browsers of old office machines understand.
const SCRIPTS: &str = "--target=es2019";
const STYLES: &str = "--target=chrome80,edge80,firefox78,safari13.1";

/// The bundles: source, name, and what it may ask of a browser. The map's own and the report's are asked for by their
/// pages alone; the worker is served at an address of its own.
const BUNDLES: [[&str; 3]; 6] = [
    ["src/app.ts", "app.js", SCRIPTS],
    ["src/map.ts", "map.js", SCRIPTS],
    ["src/report.ts", "report.js", SCRIPTS],
    ["src/worker.ts", "worker.js", SCRIPTS],
    ["css/app.css", "app.css", STYLES],
    ["css/report.css", "report.css", STYLES],
];

/// The copy of the lock file that the installed packages were made from.
const STAMP: &str = "node_modules/.komainu-lock";

/// Files by the name that pages know them by, without the hash.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Writes `target/ui`, leaving it untouched where nothing changed, so that cargo rebuilds nothing.
pub fn run() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let ui = root.join("ui");
    install(&ui)?;
    tool(&ui, "tsc", &["--noEmit"])?;

    let mut files = Files::new();
    for [source, name, browsers] in BUNDLES {
        let made = tool(&ui, "esbuild", &[source, "--bundle", "--minify", "--log-level=warning", browsers])?;
        files.insert(name.to_owned(), made);
    }
    for entry in fs::read_dir(ui.join("svg"))? {
        let path = entry?.path();
        let name = path.file_name().context("a picture has a name")?.to_string_lossy().into_owned();
        files.insert(name, fs::read(&path)?);
    }
    files.insert("notices.txt".to_owned(), notices(&ui)?);
    write(&root.join("target/ui"), &files)
}

/// `npm ci`, unless the installed packages are those of the lock file.
fn install(ui: &Path) -> anyhow::Result<()> {
    let lock = fs::read(ui.join("package-lock.json")).context("ui/package-lock.json")?;
    if fs::read(ui.join(STAMP)).is_ok_and(|stamp| stamp == lock) {
        return Ok(());
    }
    println!("ui: installing packages");
    // esbuild and tsc are programs in their packages; no package's install script needs to run.
    let done = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .current_dir(ui)
        .status()
        .context("npm is needed to build the front end; ./start installs it")?;
    ensure!(done.success(), "npm ci failed");
    fs::write(ui.join(STAMP), lock)?;
    Ok(())
}

/// A style sheet bundled as the program's own is; its path is relative to `ui/`.
pub fn style(root: &Path, source: &str) -> anyhow::Result<Vec<u8>> {
    let ui = root.join("ui");
    install(&ui)?;
    tool(&ui, "esbuild", &[source, "--bundle", "--minify", "--log-level=warning", STYLES])
}

/// Runs a program of the installed packages and returns what it wrote to its output.
fn tool(ui: &Path, name: &str, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let program = ui.join("node_modules/.bin").join(name);
    let done = Command::new(&program)
        .args(arguments)
        .current_dir(ui)
        .output()
        .with_context(|| format!("could not run {}", program.display()))?;
    if !done.status.success() {
        let said = [done.stdout, done.stderr].concat();
        bail!("{name} failed\n{}", String::from_utf8_lossy(&said));
    }
    Ok(done.stdout)
}

/// The licences of what others wrote and a bundle holds.
fn notices(ui: &Path) -> anyhow::Result<Vec<u8>> {
    let licence = |package: &str| fs::read_to_string(ui.join("node_modules").join(package).join("LICENSE"));
    let (tokens, cytoscape) = (licence("@digital-go-jp/design-tokens")?, licence("cytoscape")?);
    let text = format!(
        "app.css holds values of @digital-go-jp/design-tokens:\n\n{tokens}\n\nmap.js holds cytoscape:\n\n{cytoscape}"
    );
    Ok(text.into_bytes())
}

fn write(out: &Path, files: &Files) -> anyhow::Result<()> {
    let mut wanted = Files::new();
    for (name, bytes) in files {
        let hashed = hashed_name(name, bytes)?;
        let small = gzip(bytes)?;
        println!("ui: {hashed} {} bytes, {} compressed", bytes.len(), small.len());
        wanted.insert(format!("{hashed}.gz"), small);
        wanted.insert(hashed, bytes.clone());
    }
    if is_current(out, &wanted) {
        println!("ui: {} is current", out.display());
        return Ok(());
    }
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    for (name, bytes) in &wanted {
        fs::write(out.join(name), bytes)?;
    }
    Ok(())
}

/// `app.css` becomes `app.0123456789abcdef.css`: a changed file has a new address, so the old may be kept for ever.
fn hashed_name(name: &str, bytes: &[u8]) -> anyhow::Result<String> {
    let (stem, ending) = name.rsplit_once('.').with_context(|| format!("{name} has no ending"))?;
    let mut hashed = format!("{stem}.");
    for byte in Sha256::digest(bytes).iter().take(8) {
        write!(hashed, "{byte:02x}")?;
    }
    Ok(hashed + "." + ending)
}

fn gzip(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn is_current(out: &Path, wanted: &Files) -> bool {
    let Ok(entries) = fs::read_dir(out) else { return false };
    entries.count() == wanted.len()
        && wanted.iter().all(|(name, bytes)| fs::read(out.join(name)).is_ok_and(|there| there == *bytes))
}
