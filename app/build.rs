//! Lets the program compile where `cargo xtask guide` has not run: the folder then holds a notice and nothing else.

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new("../target/guide");
    println!("cargo:rerun-if-changed={}", folder.display());
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("notice.txt"), "The guide is not built. Run: cargo xtask guide\n")?;
    }
    Ok(())
}
