//! `cargo xtask guide`: the guide, two mdBooks in `docs/guide`, as the pages that the program serves at `/help`.
//!
//! mdBook's own crates read the books; the pages are ours, because mdBook's need inline scripts and styles, which the
//! program's content policy forbids. They use the program's style sheet. A dead link, a page that one book lacks, or a page that
//! the program links to and no book has ends the chore. The result lies in `target/guide` of the workspace (not of
//! `CARGO_TARGET_DIR`: the crate that embeds it must find it).

use crate::tree::{report, root};
use crate::ui;
use anyhow::Context;
use mdbook_core::config::Config;
use mdbook_core::utils::escape_html;
use mdbook_markdown::pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd, html};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use mdbook_summary::{Summary, SummaryItem, parse_summary};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The books by language code, with the languages' own names.
const BOOKS: [(&str, &str); 2] = [("ja", "日本語"), ("en", "English")];

/// Chinese readers get the English book, and a line that says so.
const ZH: &str = "<div class=\"notice\" lang=\"zh-Hans\"><p class=\"notice__body\">本指南目前只有日文版和英文版，以下为英文版。\
     程序的画面本身有中文。<a href=\"/help/ja/PAGE\" hreflang=\"ja\">阅读日文版</a></p></div>";

/// Which of the program's files names the pages that it links to, and the function that does.
const LINKING: (&str, &str) = ("platform/web/src/words.rs", "fn help_page");

/// The words around a page, from `[output.guide]` of a `book.toml`.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Words {
    skip: String,
    back: String,
    contents: String,
    previous: String,
    next: String,
    around: String,
    language: String,
    licence: String,
}

/// One entry of the contents.
enum Entry {
    Part(String),
    /// The page's name in the contents, and its file without the ending.
    Page(String, String),
}

#[derive(Default)]
struct Book {
    lang: String,
    title: String,
    words: Words,
    contents: Vec<Entry>,
    /// Markdown by page.
    texts: BTreeMap<String, String>,
}

/// What a page's text holds, for the checks and for the reader.
#[derive(Default)]
struct Page {
    title: String,
    body: String,
    levels: Vec<HeadingLevel>,
    anchors: BTreeSet<String>,
    links: Vec<String>,
}

/// Checks the books and writes `target/guide`, leaving it untouched where nothing changed.
pub fn run() -> anyhow::Result<()> {
    let root = root()?;
    let books = read_all(root)?;
    report("guide", &format!("{} pages", books[0].texts.len()), &faults(&books, &linked(root)?))?;
    let frame = Frame {
        page: text(&root.join("docs/guide/page.html"))?,
        mark: text(&root.join("platform/web/templates/mark.svg"))?.trim().to_owned(),
    };
    let mut files = ui::Files::new();
    for book in &books {
        for (name, body) in &book.texts {
            files.insert(
                format!("{}/{name}.html", book.lang),
                frame.render(book, name, body, "").into_bytes(),
            );
            if book.lang == "en" {
                let notice = ZH.replace("PAGE", &format!("{name}.html"));
                files.insert(format!("zh/{name}.html"), frame.render(book, name, body, &notice).into_bytes());
            }
        }
    }
    files.insert("guide.css".to_owned(), ui::style(root, "../docs/guide/guide.css")?);
    files.insert("favicon.svg".to_owned(), fs::read(root.join("ui/svg/favicon.svg"))?);
    let out = root.join("target/guide");
    let bytes = files.values().map(Vec::len).sum::<usize>();
    println!("guide: {} files, {} KB, in {}", files.len(), bytes / 1024, out.display());
    put(&out, &files)
}

fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn read_all(root: &Path) -> anyhow::Result<Vec<Book>> {
    BOOKS.iter().map(|(lang, _)| Book::read(&root.join("docs/guide").join(lang), lang)).collect()
}

impl Book {
    fn read(folder: &Path, lang: &str) -> anyhow::Result<Book> {
        let config = Config::from_disk(folder.join("book.toml"))?;
        let words = config.get("output.guide")?.context("book.toml has no [output.guide]")?;
        let source = folder.join(&config.book.src);
        let contents = entries(&parse_summary(&text(&source.join("SUMMARY.md"))?)?);
        let mut texts = BTreeMap::new();
        for entry in fs::read_dir(&source)? {
            let path = entry?.path();
            let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            if name != "SUMMARY" && path.extension().is_some_and(|ending| ending == "md") {
                texts.insert(name, text(&path)?);
            }
        }
        let title = config.book.title.unwrap_or_default();
        Ok(Book { lang: lang.to_owned(), title, words, contents, texts })
    }

    /// The pages in reading order.
    fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.contents.iter().filter_map(|entry| match entry {
            Entry::Page(title, page) => Some((title.as_str(), page.as_str())),
            Entry::Part(_) => None,
        })
    }

    fn names(&self) -> BTreeSet<&str> {
        self.texts.keys().map(String::as_str).collect()
    }
}

fn entries(summary: &Summary) -> Vec<Entry> {
    let items = [&summary.prefix_chapters, &summary.numbered_chapters, &summary.suffix_chapters];
    items
        .into_iter()
        .flatten()
        .filter_map(|item| match item {
            SummaryItem::PartTitle(title) => Some(Entry::Part(title.clone())),
            SummaryItem::Link(link) => {
                let page = link.location.as_ref()?.file_stem()?.to_str()?.to_owned();
                Some(Entry::Page(link.name.clone(), page))
            }
            _ => None,
        })
        .collect()
}

/// The pages that the program's own pages link to, without their endings.
fn linked(root: &Path) -> anyhow::Result<Vec<String>> {
    let (file, function) = LINKING;
    let code = text(&root.join(file))?;
    let body = code.split(function).nth(1).and_then(|rest| rest.split("\n}").next());
    let body = body.with_context(|| format!("{file} has no {function}"))?;
    Ok(body.split('"').filter_map(|part| part.strip_suffix(".html")).map(str::to_owned).collect())
}

/// Everything that a reader would stumble over.
fn faults(books: &[Book], linked: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    for book in books {
        let names = book.names();
        for other in books {
            faults.extend(
                names.difference(&other.names()).map(|name| format!("{}: {name}.md is missing", other.lang)),
            );
        }
        let listed: BTreeSet<&str> = book.pages().map(|(_, page)| page).collect();
        faults.extend(
            names
                .symmetric_difference(&listed)
                .map(|name| format!("{}: {name}: not both page and in SUMMARY.md", book.lang)),
        );
        faults.extend(
            linked
                .iter()
                .filter(|name| !book.texts.contains_key(*name))
                .map(|name| format!("{}: the program links to {name}.html, which is missing", book.lang)),
        );
        faults.extend(page_faults(book));
    }
    faults
}

fn page_faults(book: &Book) -> Vec<String> {
    let pages: BTreeMap<&str, Page> =
        book.texts.iter().map(|(name, text)| (name.as_str(), Page::read(text))).collect();
    let mut faults = Vec::new();
    for (name, page) in &pages {
        let mut fault = |what: String| faults.push(format!("{}/{name}.md: {what}", book.lang));
        let first = page.levels.first() == Some(&HeadingLevel::H1);
        if !first || page.levels.iter().skip(1).any(|level| *level == HeadingLevel::H1) {
            fault("wants one # heading, at its beginning".to_owned());
        }
        if page.levels.windows(2).any(|pair| pair[1] as usize > pair[0] as usize + 1) {
            fault("a heading skips a level".to_owned());
        }
        for link in &page.links {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                Some(page)
            } else {
                file.strip_suffix(".md").and_then(|name| pages.get(name))
            };
            if !target.is_some_and(|page| anchor.is_empty() || page.anchors.contains(anchor)) {
                fault(format!("dead link {link}"));
            }
        }
    }
    faults
}

impl Page {
    fn read(text: &str) -> Page {
        let mut page = Page::default();
        let mut in_title = false;
        let events: Vec<Event<'_>> = new_cmark_parser(text, &MarkdownOptions::default())
            .map(|event| match event {
                Event::Start(Tag::Heading { level, ref id, .. }) => {
                    in_title = level == HeadingLevel::H1;
                    page.levels.push(level);
                    page.anchors.extend(id.as_ref().map(ToString::to_string));
                    event
                }
                Event::End(TagEnd::Heading(_)) => {
                    in_title = false;
                    event
                }
                Event::Text(ref words) if in_title => {
                    page.title.push_str(words);
                    event
                }
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                    Event::Start(Tag::Link { link_type, dest_url: page.follow(dest_url), title, id })
                }
                other => other,
            })
            .collect();
        html::push_html(&mut page.body, events.into_iter());
        // A wide table scrolls by itself, also by keyboard.
        page.body = page
            .body
            .replace("<table>", "<div class=\"table-wrap\" tabindex=\"0\"><table class=\"table\">")
            .replace("</table>", "</table></div>");
        page
    }

    /// Notes a link inside the book and gives its address among the pages; others stay as they are.
    fn follow<'t>(&mut self, link: CowStr<'t>) -> CowStr<'t> {
        if link.contains("://") || link.starts_with('/') {
            return link;
        }
        self.links.push(link.to_string());
        link.replace(".md", ".html").into()
    }
}

/// What stands around every page.
struct Frame {
    page: String,
    mark: String,
}

impl Frame {
    fn render(&self, book: &Book, name: &str, text: &str, notice: &str) -> String {
        let page = Page::read(text);
        let shown = if notice.is_empty() { book.lang.as_str() } else { "zh" };
        let words = &book.words;
        let (languages, chapters, pager) = (languages(shown, name), chapters(book, name), pager(book, name));
        let values = [
            ("lang", book.lang.as_str()),
            ("title", &escape_html(&page.title)),
            ("book", &escape_html(&book.title)),
            ("skip", &words.skip),
            ("back", &words.back),
            ("contents", &words.contents),
            ("around", &words.around),
            ("language", &words.language),
            ("licence", &words.licence),
            ("mark", &self.mark),
            ("notice", notice),
            ("languages", &languages),
            ("chapters", &chapters),
            ("body", &page.body),
            ("pager", &pager),
        ];
        fill(&self.page, &values)
    }
}

/// Puts values where `{{name}}` stands; what a value holds is not looked at again.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut parts = template.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        filled += values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
        filled += rest;
    }
    filled
}

fn languages(shown: &str, page: &str) -> String {
    BOOKS.iter().fold(String::new(), |mut out, (lang, name)| {
        let current = if *lang == shown { " aria-current=\"true\"" } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<a href=\"/help/{lang}/{page}.html\" lang=\"{lang}\" hreflang=\"{lang}\"{current}>{name}</a>"
        );
        out
    })
}

fn chapters(book: &Book, current: &str) -> String {
    let mut out = String::from("<ul class=\"nav\">");
    for entry in &book.contents {
        let _ = match entry {
            Entry::Part(title) => write!(out, "<li class=\"guide-part\">{}</li>", escape_html(title)),
            Entry::Page(title, page) => {
                let here = if page == current { " aria-current=\"page\"" } else { "" };
                write!(
                    out,
                    "<li><a class=\"nav__link\" href=\"{page}.html\"{here}>{}</a></li>",
                    escape_html(title)
                )
            }
        };
    }
    out + "</ul>"
}

fn pager(book: &Book, current: &str) -> String {
    let pages: Vec<(&str, &str)> = book.pages().collect();
    let Some(at) = pages.iter().position(|(_, page)| *page == current) else { return String::new() };
    let before = at.checked_sub(1).and_then(|at| pages.get(at));
    let sides = [("prev", &book.words.previous, before), ("next", &book.words.next, pages.get(at + 1))];
    sides.into_iter().fold(String::new(), |mut out, (rel, word, target)| {
        if let Some((title, page)) = target {
            let title = escape_html(title);
            let _ = write!(out, "<a rel=\"{rel}\" href=\"{page}.html\"><small>{word}</small>{title}</a>");
        }
        out
    })
}

/// Makes a folder hold these files and no others; a file that is right already keeps its time.
fn put(out: &Path, files: &ui::Files) -> anyhow::Result<()> {
    for folder in ["", "ja", "en", "zh"] {
        let there = out.join(folder);
        fs::create_dir_all(&there)?;
        for entry in fs::read_dir(&there)? {
            let entry = entry?;
            let name = Path::new(folder).join(entry.file_name()).to_string_lossy().into_owned();
            if entry.file_type()?.is_file() && !files.contains_key(&name) {
                fs::remove_file(entry.path())?;
            }
        }
    }
    for (name, bytes) in files {
        let path = out.join(name);
        if !fs::read(&path).is_ok_and(|there| there == *bytes) {
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(lang: &str, texts: &[(&str, &str)]) -> Book {
        Book {
            lang: lang.to_owned(),
            contents: texts
                .iter()
                .map(|(name, _)| Entry::Page((*name).to_owned(), (*name).to_owned()))
                .collect(),
            texts: texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
            ..Book::default()
        }
    }

    #[test]
    fn the_books_are_whole_and_have_every_page_that_the_program_links_to() {
        let root = root().expect("the workspace");
        let linked = linked(root).expect("the program's links");
        assert!(linked.iter().any(|page| page == "checklist"), "{linked:?}");
        assert_eq!(faults(&read_all(root).expect("the books"), &linked), Vec::<String>::new());
    }

    #[test]
    fn every_word_around_a_page_is_written() {
        for book in read_all(root().expect("the workspace")).expect("the books") {
            let Words { skip, back, contents, previous, next, around, language, licence } = &book.words;
            for word in [skip, back, contents, previous, next, around, language, licence, &book.title] {
                assert!(!word.is_empty(), "{}", book.lang);
            }
        }
    }

    #[test]
    fn what_is_broken_is_named() {
        let ja = book(
            "ja",
            &[("a", "# A {#top}\n[b](b.md) [top](#top) [out](https://example.jp/x.md)"), ("b", "# B")],
        );
        let whole = book("en", &[("a", "# A"), ("b", "# B\n\n[a](a.md)")]);
        assert_eq!(faults(&[ja, whole], &["a".to_owned()]), Vec::<String>::new());

        for (text, fault) in [
            ("# A\n[c](c.md)", "dead link c.md"),
            ("# A\n[a](#nowhere)", "dead link #nowhere"),
            ("# A\n[a](a.html)", "dead link a.html"),
            ("words", "wants one # heading"),
            ("# A\n# B", "wants one # heading"),
            ("# A\n### C", "skips a level"),
        ] {
            let found = faults(&[book("ja", &[("a", text)])], &[]);
            assert!(found.len() == 1 && found[0].contains(fault), "{text}: {found:?}");
        }
        let found = faults(&[book("ja", &[("a", "# A")]), book("en", &[])], &["gone".to_owned()]);
        for fault in [
            "en: a.md is missing",
            "ja: the program links to gone.html",
            "en: the program links to gone.html",
        ] {
            assert!(found.iter().any(|line| line.contains(fault)), "{found:?}");
        }
    }

    #[test]
    fn a_page_obeys_the_content_policy() {
        let root = root().expect("the workspace");
        let frame = Frame {
            page: text(&root.join("docs/guide/page.html")).expect("the frame"),
            mark: text(&root.join("platform/web/templates/mark.svg")).expect("the mark"),
        };
        for book in read_all(root).expect("the books") {
            for (name, text) in &book.texts {
                let page = frame.render(&book, name, text, "");
                for forbidden in ["<script", "<style", " style=", " onclick=", "javascript:", "{{"] {
                    assert!(!page.contains(forbidden), "{}/{name}: {forbidden}", book.lang);
                }
            }
        }
    }

    #[test]
    fn values_are_put_in_once() {
        assert_eq!(fill("a {{x}} b {{y}}", &[("x", "{{y}}"), ("y", "1")]), "a {{y}} b 1");
    }
}
