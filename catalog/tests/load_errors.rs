//! A wrong data file is refused with its name, the right line and what is wrong.

use komainu_catalog::{Catalog, CatalogError};
use proptest::prelude::*;

/// The embedded files with one text replaced in one file. Returns the errors and the 1-based line of `needle`'s
/// first place in the changed file.
fn broken(file: &str, from: &str, to: &str, needle: &str) -> (Vec<CatalogError>, usize) {
    let mut files: Vec<(&str, String)> =
        Catalog::embedded_files().iter().map(|&(name, text)| (name, text.to_owned())).collect();
    let text = &mut files.iter_mut().find(|(name, _)| *name == file).expect("the file exists").1;
    assert!(text.contains(from), "{file} has no {from:?}");
    *text = text.replacen(from, to, 1);
    let at = text.find(needle).unwrap_or_else(|| panic!("{file} has no {needle:?} after the change"));
    let line = text[..at].matches('\n').count() + 1;
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    (Catalog::load(&files).expect_err("the change must be refused"), line)
}

/// File, text, replacement, a text on the line that must be named, part of the message.
type Mistake = (&'static str, &'static str, &'static str, &'static str, &'static str);

const MISTAKES: &[Mistake] = &[
    // Shape.
    ("rules.toml", "[[rule]]", "[[rulee]]", "[[rulee]]", "unknown field"),
    (
        "rules.toml",
        "id = \"gate-no-system\"",
        "colour = 1\nid = \"gate-no-system\"",
        "colour = 1",
        "unknown field `colour`",
    ),
    (
        "rules.toml",
        "id = \"gate-no-system\"",
        "id = \"gate-no-system",
        "id = \"gate-no-system",
        "basic string",
    ),
    ("rules.toml", "confirmed = true", "confirmed = \"yes\"", "confirmed = \"yes\"", "expected a boolean"),
    // Languages.
    (
        "rules.toml",
        ", en = \"If no medical",
        ", en = \"\", xx = \"If no medical",
        "xx = \"If no medical",
        "empty",
    ),
    ("items.toml", "zh = \"双因素认证\"", "zh = \" \"", "zh = \" \"", "the text is empty"),
    ("items.toml", "zh = \"双因素认证\"\n", "\n", "[item.title]\nja = \"二要素認証\"", "missing field `zh`"),
    ("items.toml", "zh = \"双因素认证\"", "fr = \"Double facteur\"", "fr = ", "unknown field `fr`"),
    // Ids, references, duplicates.
    ("items.toml", "id = \"two-factor\"", "id = \"Two Factor\"", "id = \"Two Factor\"", "is not an id"),
    ("items.toml", "id = \"two-factor\"", "id = \"two.factor\"", "id = \"two.factor\"", "no dot"),
    (
        "items.toml",
        "id = \"two-factor\"",
        "id = \"patches\"",
        "id = \"patches\"\nkeywords = [\"二",
        "already defined at items.toml:",
    ),
    (
        "items.toml",
        "sources = [\"gl7-article\"",
        "sources = [\"gl8-article\"",
        "gl8-article",
        "no source is called",
    ),
    ("items.toml", "part = \"overview\"", "part = \"prologue\"", "prologue", "one of: overview"),
    ("steps.toml", "item = \"rules\"", "item = \"rulez\"", "item = \"rulez\"", "no item is called \"rulez\""),
    (
        "steps.toml",
        "after = [\"write-short-bcp\"]",
        "after = [\"write-bcp\"]",
        "\"write-bcp\"",
        "no step is called",
    ),
    (
        "steps.toml",
        "after = [\"appoint-officer\"]",
        "after = [\"announce-officer\"]",
        "id = \"announce-officer\"",
        "waits for itself",
    ),
    ("steps.toml", "minutes = 20", "minutes = 0", "id = \"list-systems\"", "0 minutes"),
    ("steps.toml", "who = [\"director\"]", "who = [\"doctor\"]", "who = [\"doctor\"]", "is unknown here"),
    ("attack-routes.toml", "weight = 0.9", "weight = 1.9", "id = \"vpn-unpatched\"", "outside 0 to 1"),
    ("survey.toml", "percent = 86.0", "percent = 860.0", "id = \"officer-2024\"", "no percentage"),
    (
        "sources.toml",
        "url = \"https://www.mhlw",
        "url = \"javascript:alert(1)//www.mhlw",
        "id = \"official-page\"",
        "not a web address",
    ),
    (
        "rules.toml",
        "sources = [\"fy2024-manual-p5\"]",
        "sources = []",
        "id = \"gate-no-system\"",
        "confirmed, but no source",
    ),
    // Templates.
    (
        "ledger-templates.toml",
        "zone = \"zone-office\" }",
        "zone = \"vpn-box\" }",
        "zone = \"vpn-box\" }",
        "no zone is called \"vpn-box\"",
    ),
    (
        "ledger-templates.toml",
        "kind = \"dicom\", from = \"imaging-devices\"",
        "kind = \"dicom\", from = \"imaging-device\"",
        "from = \"imaging-device\"",
        "no thing is called \"imaging-device\"",
    ),
    (
        "ledger-templates.toml",
        "from = \"imaging-devices\", to = \"pacs-server\"",
        "from = \"internet\", to = \"maker\"",
        "from = \"internet\", to = \"maker\"",
        "one end of a line is in the house",
    ),
    (
        "ledger-templates.toml",
        "from = \"imaging-devices\", to = \"pacs-server\"",
        "from = \"imaging-devices\", to = \"imaging-devices\"",
        "from = \"imaging-devices\", to = \"imaging-devices\"",
        "from one thing to another",
    ),
    (
        "ledger-templates.toml",
        "from = \"zone-office\", to = \"zone-records\"",
        "from = \"zone-office\", to = \"maker\"",
        "to = \"maker\"",
        "whose maker?",
    ),
    (
        "ledger-templates.toml",
        "needs = [\"emr-database\"]",
        "needs = [\"internet\"]",
        "needs = [\"internet\"]",
        "has to do with things",
    ),
    (
        "ledger-templates.toml",
        "needs = [\"system:pacs\"",
        "needs = [\"system:packs\"",
        "system:packs",
        "no kind of system is called \"packs\"",
    ),
    (
        "ledger-templates.toml",
        "system = \"pacs\"",
        "system = \"packs\"",
        "system = \"packs\"",
        "no kind of system is called \"packs\"",
    ),
    (
        "ledger-templates.toml",
        "kinds = [\"hospital\"]\nticked = [\"hospital\"]",
        "kinds = [\"hospital\"]\nticked = [\"clinic\"]",
        "id = \"zone-devices\"",
        "ticked where it is not offered",
    ),
    (
        "ledger-templates.toml",
        "thing = { kind = \"zone\" }",
        "",
        "id = \"zone-records\"",
        "a thing or a line",
    ),
    (
        "ledger-templates.toml",
        "id = \"zone-guest\"",
        "id = \"zone-guest\"\nonly_with = [\"wifi\"]",
        "only_with = [\"wifi\"]",
        "no thing before it is called \"wifi\"",
    ),
    (
        "ledger-templates.toml",
        "id = \"emr-server\"\nkinds = [",
        "id = \"emr-server\"\nkinds = [\"pharmacy\", ",
        "id = \"emr-server\"",
        "has no emr-on-premises",
    ),
    (
        "ledger-templates.toml",
        "id = \"wifi\"",
        "id = \"copier\"",
        "id = \"copier\"\nkinds = [\"hospital\", \"clinic\", \"dental_clinic\", \"midwifery_home\", \"pharmacy\", \"home_visit_nursing\", \"care_facility\"]\nticked = [\"hospital\", \"clinic\", \"dental_clinic\", \"midwifery_home\"",
        "already defined at ledger-templates.toml:",
    ),
    // Editions.
    (
        "editions/fy2024.toml",
        "published = \"2024-05-13\"",
        "published = \"2024-02-30\"",
        "2024-02-30",
        "is not a date",
    ),
    (
        "editions/fy2024.toml",
        "published = \"2024-05-13\"",
        "published = \"2024-5\"",
        "\"2024-5\"",
        "is not a date",
    ),
    (
        "editions/fy2024.toml",
        "fiscal_year = 2024",
        "fiscal_year = 2023",
        "fiscal_year = 2023",
        "already defined at editions/fy2023.toml:4",
    ),
    ("editions/fy2024.toml", "number = \"2-(1)\"", "number = \"2-(?)\"", "2-(?)", "is not a row number"),
    (
        "editions/fy2024.toml",
        "number = \"2-(1)\"",
        "number = \"2-(9)\"",
        "number = \"2-(2)\"",
        "order of number",
    ),
    (
        "editions/fy2024.toml",
        "number = \"3-(1)\"",
        "number = \"7-(1)\"",
        "number = \"7-(1)\"",
        "no section 7",
    ),
    (
        "editions/fy2024.toml",
        "scope = [\"terminal\"], number = \"2-(4)\"",
        "scope = [\"server\"], number = \"2-(4)\"",
        "scope = [\"server\"], number = \"2-(4)\", level = \"required\", condition",
        "second row",
    ),
    (
        "editions/fy2024.toml",
        "number = \"2-(2)\"",
        "number = \"2-(1)\"",
        "{ item = \"remote-maintenance\"",
        "two items under one number",
    ),
    (
        "editions/fy2024.toml",
        "number = \"2-(2)\", level = \"required\"",
        "number = \"2-(2)\", level = \"gate\"",
        "number = \"2-(2)\", level = \"gate\"",
        "the gate question has no number",
    ),
    (
        "editions/fy2024.toml",
        "number = \"2-(2)\", level",
        "level",
        "{ item = \"remote-maintenance\"",
        "needs its number",
    ),
    (
        "editions/fy2024.toml",
        "note = \"eight-or-nine\"",
        "note = \"nine\"",
        "note = \"nine\"",
        "no remark nine",
    ),
    (
        "editions/fy2025.toml",
        "target_fiscal_year = 2027",
        "target_fiscal_year = 2007",
        "id = \"two-factor-by-2027\"",
        "before the edition",
    ),
    (
        "editions/fy2025.toml",
        "rule = \"no-vendor-contract\"",
        "rule = \"no-contract\"",
        "no-contract\"",
        "no rule is called",
    ),
    (
        "editions/fy2025.toml",
        "check_dates = 1",
        "check_dates = 0",
        "check_dates = 0",
        "one to five check dates",
    ),
    (
        "editions/fy2025.toml",
        "\"midwifery_home\"]",
        "\"midwifery_home\", \"pharmacy\"]",
        "kinds = [\"pharmacy\"]",
        "pharmacy has two forms",
    ),
    (
        "editions/fy2025.toml",
        ", \"midwifery_home\"]",
        "]",
        "fiscal_year = 2025",
        "no form for midwifery_home",
    ),
    ("editions/fy2025.toml", "from = 2024", "from = 2025", "to = 2025", "from an earlier year"),
];

#[test]
fn every_mistake_names_its_file_and_line() {
    for &(file, from, to, needle, message) in MISTAKES {
        let (errors, line) = broken(file, from, to, needle);
        let found = errors.iter().any(|e| e.file == file && e.line == line && e.problem.contains(message));
        assert!(found, "{file} {to:?}: wanted line {line} {message:?}, got {errors:#?}");
    }
}

#[test]
fn independent_mistakes_are_all_reported() {
    let file = "[[rule]]\nid = \"a\"\ntext = { ja = \"あ\", en = \"a\", zh = \"啊\" }\nconfirmed = true\nsources = []\n\n\
                [[rule]]\nid = \"a\"\ntext = { ja = \"あ\", en = \"a\", zh = \"啊\" }\nconfirmed = true\nsources = [\"x\"]\n";
    let errors = Catalog::load(&[("mine.toml", file)]).expect_err("three mistakes");
    let shown: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "mine.toml:8: rule a is already defined at mine.toml:2",
            "mine.toml:2: confirmed, but no source is named",
            "mine.toml:11: no source is called \"x\"",
        ]
    );
}

/// Where to cut the text, how much to take away, and what to put there.
fn mutation() -> impl Strategy<Value = (usize, prop::sample::Index, usize, String)> {
    let junk = prop_oneof![
        "\\PC{0,12}",
        Just("\"".to_owned()),
        Just("[[".to_owned()),
        Just("9999999999999999999999".to_owned()),
        Just("nan".to_owned()),
        Just("-1".to_owned()),
        Just("狛犬\u{0}".to_owned()),
    ];
    (0..Catalog::embedded_files().len(), any::<prop::sample::Index>(), 0..40usize, junk)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever stands in the files, loading answers; it never panics, and lines lie inside the file.
    #[test]
    fn damaged_files_never_panic((file, place, cut, junk) in mutation()) {
        let mut files: Vec<(&str, String)> =
            Catalog::embedded_files().iter().map(|&(name, text)| (name, text.to_owned())).collect();
        let text = &mut files[file].1;
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let first = place.index(starts.len());
        let end = starts.get(first + cut).copied().unwrap_or(text.len());
        text.replace_range(starts[first]..end, &junk);
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        if let Err(errors) = Catalog::load(&files) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                let text = files.iter().find(|(name, _)| *name == error.file).map(|(_, text)| text);
                let lines = text.map_or(0, |text| text.matches('\n').count() + 1);
                prop_assert!((1..=lines).contains(&error.line), "{error}");
            }
        }
    }

    /// Nor does a file of anything at all.
    #[test]
    fn any_text_never_panics(text in "\\PC{0,200}") {
        let _ = Catalog::load(&[("any.toml", &text)]);
    }
}
