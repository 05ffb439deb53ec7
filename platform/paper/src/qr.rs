//! QR codes (JIS X 0510) as drawings that a template places with `qr` of `house.typ`.

use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;

/// The quiet zone that JIS X 0510 asks for around the code, in modules.
const QUIET: usize = 4;

/// More than a QR code of medium correction holds (2,331 bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct QrTooLong;

/// A QR code with quiet zone as an SVG image, to be passed in a template's data. The text itself is not in the image:
/// print it beside, for those who cannot scan.
pub fn qr(text: &str) -> Result<String, QrTooLong> {
    // Medium correction survives a fold or a coffee stain and keeps the modules large.
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| QrTooLong)?;
    let side = code.size + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < code.size {
            let run = row[x..code.size].iter().take_while(|module| module.value()).count();
            if run > 0 {
                // Writing to a String does not fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_long_is_told() {
        assert!(qr(&"あ".repeat(700)).is_ok());
        assert_eq!(qr(&"あ".repeat(800)), Err(QrTooLong));
    }

    #[test]
    fn the_text_is_not_markup() {
        assert!(!qr("\"/><script>").unwrap().contains("script"));
    }
}
