//! The data inside the program.
use komainu_catalog::Catalog;
#[test]
fn loads() {
    if let Err(errors) = Catalog::embedded() {
        for e in &errors {
            eprintln!("{e}");
        }
        panic!("{}", errors.len());
    }
}
