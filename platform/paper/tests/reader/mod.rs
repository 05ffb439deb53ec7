//! Reads a PDF back with tools that know nothing of how it was made.

use komainu_paper::Pdf;
use std::io::Write;
use std::process::{Command, Output};
use tempfile::NamedTempFile;

/// A PDF on disk, to be asked by poppler and qpdf.
pub struct Reader(NamedTempFile);

// Each crate that reads documents back asks for its part.
#[allow(dead_code)]
impl Reader {
    pub fn open(pdf: &Pdf) -> Reader {
        Reader::of(&pdf.bytes)
    }

    pub fn of(bytes: &[u8]) -> Reader {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        Reader(file)
    }

    fn run(&self, tool: &str, before: &[&str], after: &[&str]) -> Output {
        Command::new(tool).args(before).arg(self.0.path()).args(after).output().unwrap_or_else(|problem| {
            panic!("these tests need {tool} (Debian: apt-get install poppler-utils qpdf): {problem}")
        })
    }

    fn told(&self, tool: &str, before: &[&str], after: &[&str]) -> String {
        let output = self.run(tool, before, after);
        assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The text as a person would copy it.
    pub fn text(&self) -> String {
        self.told("pdftotext", &["-enc", "UTF-8"], &["-"])
    }

    /// The pages' texts in the order in which they were set: tables row by row and cell by cell.
    pub fn pages(&self) -> Vec<String> {
        let all = self.told("pdftotext", &["-enc", "UTF-8", "-raw"], &["-"]);
        all.split_terminator('\u{c}').map(str::to_owned).collect()
    }

    /// The text without any white space, so that line breaks do not matter.
    pub fn letters(&self) -> String {
        letters(&self.text())
    }

    /// A line of `pdfinfo`, such as `Title`.
    pub fn info(&self, key: &str) -> String {
        let all = self.told("pdfinfo", &["-isodates"], &[]);
        let line = all.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("no {key} in {all}")).trim().to_owned()
    }

    /// The size of a page, counted from 1, such as `595.276 x 841.89 pts (A4)`.
    pub fn size_of(&self, page: usize) -> String {
        let page = page.to_string();
        let all = self.told("pdfinfo", &["-f", &page, "-l", &page], &[]);
        let line = all.lines().find(|line| line.starts_with("Page ") && line.contains(" size:"));
        let line = line.unwrap_or_else(|| panic!("no page {page} in {all}"));
        line.rsplit(':').next().unwrap().trim().to_owned()
    }

    /// The rows of `pdffonts` below its two head lines.
    pub fn fonts(&self) -> Vec<String> {
        self.told("pdffonts", &[], &[]).lines().skip(2).map(ToOwned::to_owned).collect()
    }

    /// The types in the structure tree, as an indented outline.
    pub fn structure(&self) -> String {
        // Not told(): poppler writes the alternative texts in another encoding.
        String::from_utf8_lossy(&self.run("pdfinfo", &["-struct"], &[]).stdout).into_owned()
    }

    /// The file's objects, unpacked.
    pub fn objects(&self) -> String {
        let output = self.run("qpdf", &["--qdf", "--object-streams=disable"], &["-"]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Fails when qpdf finds the file damaged.
    pub fn check(&self) {
        let told = self.told("qpdf", &["--check"], &[]);
        assert!(told.contains("No syntax or stream encoding errors found"), "{told}");
    }

    /// Fails when a word stands outside its page, or upon another. On a page that lies on its side stands a picture, whose
    /// words may.
    pub fn check_bounds(&self) {
        let boxes = self.told("pdftotext", &["-bbox"], &["-"]);
        let (mut page, mut words) = (Word::default(), Vec::<(Word, &str)>::new());
        for line in boxes.lines() {
            if line.contains("<page ") {
                page =
                    Word { right: number(line, "width"), bottom: number(line, "height"), ..Word::default() };
                words.clear();
            } else if line.contains("<word ") {
                let word = Word::of(line);
                assert!(word.is_inside(&page), "outside {page:?}: {line}");
                let under = words.iter().find(|(other, _)| page.is_upright() && word.covers(other));
                assert!(under.is_none(), "{line} upon {under:?}");
                words.push((word, line));
            }
        }
        assert!(page.right > 0.0, "{boxes}");
    }
}

/// Where a word stands on its page, in points from the upper left corner.
#[derive(Debug, Default)]
struct Word {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Word {
    fn of(line: &str) -> Word {
        Word {
            left: number(line, "xMin"),
            top: number(line, "yMin"),
            right: number(line, "xMax"),
            bottom: number(line, "yMax"),
        }
    }

    /// Of a page: whether it is not wider than high.
    fn is_upright(&self) -> bool {
        self.right <= self.bottom
    }

    fn is_inside(&self, page: &Word) -> bool {
        self.left >= page.left
            && self.right <= page.right
            && self.top >= page.top
            && self.bottom <= page.bottom
    }

    /// Whether the two share more than what neighbouring boxes of letters do: Japanese brackets and commas give up half
    /// of their square to one another.
    fn covers(&self, other: &Word) -> bool {
        let wide = self.right.min(other.right) - self.left.max(other.left);
        let high = self.bottom.min(other.bottom) - self.top.max(other.top);
        let letter = (self.bottom - self.top).min(other.bottom - other.top);
        wide > 0.6 * letter && high > 0.5 * letter
    }
}

/// The value of an attribute, such as `xMin="72.0"`.
fn number(line: &str, key: &str) -> f64 {
    let rest = line.split(&format!("{key}=\"")).nth(1).unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

/// A text without white space.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
