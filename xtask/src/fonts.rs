//! `cargo xtask fonts`: the typefaces of the printed documents.
//!
//! They are third-party files under the SIL Open Font License 1.1 and so are not in the repository. `npm ci` in `ui/`
//! brings them; this chore compresses the five faces that `komainu-paper` embeds into `target/fonts` of the workspace
//! (not of `CARGO_TARGET_DIR`: the crate's build script must find them), each beside its licence.

use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// A package of the `@expo-google-fonts` scope and what is taken from it.
struct Family {
    package: &'static str,
    /// Path inside the package, and the name it gets in `target/fonts`.
    faces: &'static [(&'static str, &'static str)],
    licence: &'static str,
}

const FAMILIES: [Family; 3] = [
    Family {
        package: "biz-udpgothic",
        faces: &[
            ("400Regular/BIZUDPGothic_400Regular.ttf", "BIZUDPGothic-Regular.ttf.zst"),
            ("700Bold/BIZUDPGothic_700Bold.ttf", "BIZUDPGothic-Bold.ttf.zst"),
        ],
        licence: "BIZUDPGothic-OFL.txt",
    },
    Family {
        package: "noto-sans-sc",
        faces: &[
            ("400Regular/NotoSansSC_400Regular.ttf", "NotoSansSC-Regular.ttf.zst"),
            ("700Bold/NotoSansSC_700Bold.ttf", "NotoSansSC-Bold.ttf.zst"),
        ],
        licence: "NotoSansSC-OFL.txt",
    },
    // For name kanji that neither of the above has, such as 𠮷; one weight will do.
    Family {
        package: "noto-sans-jp",
        faces: &[("400Regular/NotoSansJP_400Regular.ttf", "NotoSansJP-Regular.ttf.zst")],
        licence: "NotoSansJP-OFL.txt",
    },
];

/// Names the package versions whose faces lie in `target/fonts`; written last, so that it vouches for the rest.
const STAMP: &str = "versions.txt";

/// zstd's best level before the memory-hungry ones: 36 MB of faces become 18 MB.
const LEVEL: i32 = 19;

/// Writes `target/fonts`, unless it already holds these versions.
pub fn run() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let modules = std::env::var_os("KOMAINU_NODE_MODULES")
        .map_or_else(|| root.join("ui/node_modules"), PathBuf::from)
        .join("@expo-google-fonts");
    let out = root.join("target/fonts");

    let versions =
        FAMILIES.iter().map(|family| version(&modules, family)).collect::<anyhow::Result<String>>()?;
    if is_current(&out, &versions) {
        println!("fonts: {} holds {} already", out.display(), versions.trim_end().replace('\n', ", "));
        return Ok(());
    }

    fs::create_dir_all(&out).with_context(|| format!("cannot create {}", out.display()))?;
    for family in &FAMILIES {
        let package = modules.join(family.package);
        put(&out.join(family.licence), &take(&package.join("LICENSE_FONT"))?)?;
        std::thread::scope(|scope| {
            let spawn = |(from, to): &(&str, &str)| {
                let (from, to) = (package.join(from), out.join(to));
                scope.spawn(move || compress(&from, &to))
            };
            let workers: Vec<_> = family.faces.iter().map(spawn).collect();
            workers.into_iter().try_for_each(|worker| match worker.join() {
                Ok(result) => result,
                Err(_) => bail!("compressing a face of {} broke off", family.package),
            })
        })?;
    }
    put(&out.join(STAMP), versions.as_bytes())
}

/// `name version` of an installed package as a line.
fn version(modules: &Path, family: &Family) -> anyhow::Result<String> {
    let path = modules.join(family.package).join("package.json");
    let text = take(&path)?;
    let json: serde_json::Value =
        serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    let version = json["version"].as_str().with_context(|| format!("{} bears no version", path.display()))?;
    Ok(format!("{} {version}\n", family.package))
}

fn is_current(out: &Path, versions: &str) -> bool {
    let files = FAMILIES.iter().flat_map(|f| f.faces.iter().map(|(_, to)| *to).chain([f.licence]));
    fs::read_to_string(out.join(STAMP)).is_ok_and(|stamp| stamp == versions)
        && files.into_iter().all(|file| out.join(file).is_file())
}

fn compress(from: &Path, to: &Path) -> anyhow::Result<()> {
    let face = take(from)?;
    let packed = zstd::encode_all(face.as_slice(), LEVEL)?;
    println!("fonts: {} ({} kB, from {} kB)", to.display(), packed.len() / 1000, face.len() / 1000);
    put(to, &packed)
}

fn take(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| {
        format!(
            "cannot read {}: run `npm ci` in ui/ first (or name another node_modules in KOMAINU_NODE_MODULES)",
            path.display()
        )
    })
}

/// Writes beside and renames, so that a build running meanwhile never embeds half a file.
fn put(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let draft = path.with_extension("part");
    fs::write(&draft, bytes)
        .and_then(|()| fs::rename(&draft, path))
        .with_context(|| format!("cannot write {}", path.display()))
}
