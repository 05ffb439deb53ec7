//! Lets the program compile where `cargo xtask ui` has not run: the folder then holds a notice and nothing else.

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new("../../target/ui");
    println!("cargo:rerun-if-changed={}", folder.display());
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("notice.txt"), "The front end is not built. Run: cargo xtask ui\n")?;
    }
    Ok(())
}
