//! Sets the specimen in every language, to be looked at, and tells how long it took:
//! `cargo run --release -p komainu-paper --example specimen -- FOLDER [ROWS]`.

#[path = "../tests/specimen/mod.rs"]
mod specimen;

use komainu_language::Lang;
use komainu_paper::Paper;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("name a folder for the PDFs")?);
    let rows = args.next().map_or(Ok(40), |rows| rows.parse())?;
    let paper = Paper::new(NonZeroUsize::MIN);
    for (round, lang) in Lang::ALL.into_iter().chain(Lang::ALL).enumerate() {
        let data = specimen::data(lang, rows);
        let start = Instant::now();
        let told = |stage| {
            println!("  {:>5} ms {stage:?}", start.elapsed().as_millis());
            ControlFlow::Continue(())
        };
        let pdf = paper.render(&specimen::SPECIMEN, &data, lang, specimen::moment(), &told)?;
        println!(
            "round {round} {lang}: {} pages, {} kB, {} ms, accessible: {}\n{}",
            pdf.pages,
            pdf.bytes.len() / 1000,
            start.elapsed().as_millis(),
            pdf.accessible,
            pdf.remarks
        );
        std::fs::write(folder.join(format!("specimen-{lang}.pdf")), &pdf.bytes)?;
    }
    Ok(())
}
