//! The repository's own files, and what the checks have in common.

use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of ours, its path relative to the root with `/` between folders.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// The line number of a byte.
    pub fn line_of(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// `path:line`
    pub fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, self.line_of(at))
    }

    /// Whether the whole file is a test.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests" || part == "tests.rs")
    }

    /// The text before the test module, which stands last in our files.
    pub fn product(&self) -> &str {
        if self.is_test() { "" } else { self.text.split("#[cfg(test)]").next().unwrap_or_default() }
    }
}

/// The workspace's folder.
pub fn root() -> anyhow::Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")
}

/// Every file of ours with one of the extensions, by path.
pub fn sources(root: &Path, extensions: &[&str]) -> anyhow::Result<Vec<Source>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                let data = folder == root && name.starts_with("data");
                if !data && !["target", "node_modules"].contains(&name) && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|end| extensions.iter().any(|wanted| end == *wanted)) {
                found.push(read(root, path)?);
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn read(root: &Path, path: PathBuf) -> anyhow::Result<Source> {
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let relative = path.strip_prefix(root).unwrap_or(&path);
    Ok(Source { path: relative.to_string_lossy().replace('\\', "/"), text })
}

/// What `cargo metadata` says about the workspace.
pub fn metadata(root: &Path, arguments: &[&str]) -> anyhow::Result<serde_json::Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1"])
        .args(arguments)
        .current_dir(root)
        .output()
        .context("cannot run cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")
}

/// Prints what was found and fails if it was anything.
pub fn report(check: &str, looked_at: &str, offenders: &[String]) -> anyhow::Result<()> {
    for offender in offenders {
        println!("{offender}");
    }
    if !offenders.is_empty() {
        bail!("{check}: {} to mend", offenders.len());
    }
    println!("{check}: {looked_at}, nothing to mend");
    Ok(())
}
