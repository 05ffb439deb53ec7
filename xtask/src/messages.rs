//! `cargo xtask messages`: every message exists in Japanese, English and Chinese, takes the same variables in each,
//! and is used.
//!
//! A message belongs to the crate whose `i18n/` folder holds it. It counts as used where its key stands as a string
//! in that crate's Rust or HTML, whether in a macro or in a `match` that picks a key, or where another message refers
//! to it. A macro call with a key that its crate does not have is an offender too.

use crate::tree::{Source, report, root, sources};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};

/// The reference first.
const LANGUAGES: [&str; 3] = ["ja", "en", "zh"];

/// The macros that look a message up.
const MACROS: [&str; 2] = ["fl!(", "t!("];

/// A message in one language.
#[derive(Default)]
struct Message {
    place: String,
    variables: BTreeSet<String>,
    refers_to: BTreeSet<String>,
}

/// The messages of one language by key; an attribute's key is `message.attribute`, a term's `-term`.
type Messages = BTreeMap<String, Message>;

/// The same file in every language.
#[derive(Default)]
struct Bundle {
    languages: BTreeMap<String, Messages>,
}

impl Bundle {
    fn reference(&self) -> impl Iterator<Item = (&String, &Message)> {
        self.languages.get(LANGUAGES[0]).into_iter().flatten()
    }

    fn has(&self, key: &str) -> bool {
        self.languages.get(LANGUAGES[0]).is_some_and(|messages| messages.contains_key(key))
    }
}

/// Bundles by crate folder and file name.
type Bundles = BTreeMap<(String, String), Bundle>;

/// Compares the languages and looks for every use.
pub fn run() -> anyhow::Result<()> {
    let root = root()?;
    let texts = sources(root, &["ftl"])?;
    let code = sources(root, &["rs", "html"])?;
    let (bundles, mut offenders) = read(&texts);
    for ((folder, name), bundle) in &bundles {
        offenders.extend(differences(folder, name, bundle));
        offenders.extend(unused(folder, bundle, &code));
    }
    offenders.extend(code.iter().flat_map(|file| unknown(file, &bundles)));
    let count = bundles.values().map(|bundle| bundle.reference().count()).sum::<usize>();
    report("messages", &format!("{count} messages in {} languages", LANGUAGES.len()), &offenders)
}

fn read(texts: &[Source]) -> (Bundles, Vec<String>) {
    let mut bundles = Bundles::new();
    let mut offenders = Vec::new();
    for text in texts {
        let Some((folder, language, name)) = home(&text.path) else {
            offenders.push(format!("{}: messages stand in <crate>/i18n/<ja|en|zh>/<name>.ftl", text.path));
            continue;
        };
        let (messages, errors) = parse(text);
        offenders.extend(errors);
        let bundle = bundles.entry((folder.into(), name.into())).or_default();
        bundle.languages.insert(language.into(), messages);
    }
    (bundles, offenders)
}

/// Crate folder, language and file name of a message file.
fn home(path: &str) -> Option<(&str, &str, &str)> {
    let (folder, rest) = path.split_once("/i18n/")?;
    let (language, name) = rest.split_once('/')?;
    (LANGUAGES.contains(&language) && !name.contains('/')).then_some((folder, language, name))
}

fn parse(source: &Source) -> (Messages, Vec<String>) {
    let (resource, errors) = match parser::parse(source.text.as_str()) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    let mut offenders = errors
        .iter()
        .map(|error| format!("{}: {}", source.place(error.pos.start), error.kind))
        .collect::<Vec<_>>();
    let mut messages = Messages::new();
    for entry in &resource.body {
        let (key, value, attributes) = match entry {
            Entry::Message(message) => {
                (message.id.name.to_owned(), message.value.as_ref(), message.attributes.as_slice())
            }
            Entry::Term(term) => {
                (format!("-{}", term.id.name), Some(&term.value), term.attributes.as_slice())
            }
            _ => continue,
        };
        let place = source.place(offset(&source.text, &key));
        let values = value.map(|value| (key.clone(), value)).into_iter();
        let values = values.chain(attributes.iter().map(|a| (format!("{key}.{}", a.id.name), &a.value)));
        for (key, pattern) in values {
            let mut message = Message { place: place.clone(), ..Message::default() };
            collect(pattern, &mut message);
            if messages.insert(key.clone(), message).is_some() {
                offenders.push(format!("{place}: {key} stands here twice"));
            }
        }
    }
    (messages, offenders)
}

/// Where a message begins; the syntax tree does not say.
fn offset(text: &str, key: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return at;
        }
        at += line.len();
    }
    0
}

fn collect(pattern: &Pattern<&str>, message: &mut Message) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            collect_expression(expression, message);
        }
    }
}

fn collect_expression(expression: &Expression<&str>, message: &mut Message) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, message),
        Expression::Select { selector, variants } => {
            collect_inline(selector, message);
            for variant in variants {
                collect(&variant.value, message);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, message: &mut Message) {
    match inline {
        InlineExpression::VariableReference { id } => {
            message.variables.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            message.refers_to.insert(id.name.to_owned());
        }
        InlineExpression::TermReference { id, .. } => {
            message.refers_to.insert(format!("-{}", id.name));
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| collect_inline(argument, message));
        }
        InlineExpression::Placeable { expression } => collect_expression(expression, message),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

/// What another language lacks, has too much or varies by.
fn differences(folder: &str, name: &str, bundle: &Bundle) -> Vec<String> {
    let mut offenders = Vec::new();
    let empty = Messages::new();
    let reference = bundle.languages.get(LANGUAGES[0]).unwrap_or(&empty);
    for language in LANGUAGES {
        let file = format!("{folder}/i18n/{language}/{name}");
        let Some(messages) = bundle.languages.get(language) else {
            offenders.push(format!("{file}: the file is missing"));
            continue;
        };
        for (key, expected) in reference {
            match messages.get(key) {
                None => offenders.push(format!("{file}: {key} is missing ({})", expected.place)),
                Some(message) if message.variables != expected.variables => offenders.push(format!(
                    "{}: {key} takes {:?}, in Japanese {:?}",
                    message.place, message.variables, expected.variables
                )),
                Some(_) => {}
            }
        }
        let surplus = messages.iter().filter(|(key, _)| !reference.contains_key(*key));
        offenders
            .extend(surplus.map(|(key, message)| format!("{}: {key} is not in Japanese", message.place)));
    }
    offenders
}

fn unused(folder: &str, bundle: &Bundle, code: &[Source]) -> Vec<String> {
    let own = format!("{folder}/");
    let referred = bundle.reference().flat_map(|(_, message)| &message.refers_to).collect::<BTreeSet<_>>();
    let is_used = |key: &str| {
        // An attribute is used with its message.
        let key = key.split('.').next().unwrap_or(key);
        let literal = format!("\"{key}\"");
        let mut readers = code.iter().filter(|file| file.path.starts_with(&own));
        referred.contains(&key.to_owned()) || readers.any(|file| file.text.contains(&literal))
    };
    let unused = bundle.reference().filter(|(key, _)| !is_used(key));
    unused.map(|(key, message)| format!("{}: {key} is used nowhere", message.place)).collect()
}

/// Macro calls whose key their crate does not have.
fn unknown(file: &Source, bundles: &Bundles) -> Vec<String> {
    let is_known = |key: &str| {
        let mut own = bundles.iter().filter(|((folder, _), _)| file.path.starts_with(&format!("{folder}/")));
        own.any(|(_, bundle)| bundle.has(key))
    };
    // The tests of this very check.
    if file.path.starts_with("xtask/") {
        return Vec::new();
    }
    let calls = calls(&file.text).into_iter().filter(|(_, key)| !is_known(key));
    calls.map(|(at, key)| format!("{}: there is no message {key}", file.place(at))).collect()
}

/// Place and key of each macro call that names its key.
fn calls(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for name in MACROS {
        for (at, _) in text.match_indices(name) {
            let before = &text[..at];
            let part_of_a_name = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
            if !part_of_a_name
                && !line.starts_with("//")
                && let Some(key) = key_of(&text[at + name.len()..])
            {
                found.push((at, key));
            }
        }
    }
    found
}

/// The first string among a call's own arguments.
fn key_of(arguments: &str) -> Option<&str> {
    let mut depth = 0_i32;
    for (at, c) in arguments.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '"' if depth == 0 => return arguments[at + 1..].split('"').next(),
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    fn offenders(ja: &str, en: &str, zh: &str, code: &str) -> Vec<String> {
        let texts = [
            source("domain/x/i18n/ja/x.ftl", ja),
            source("domain/x/i18n/en/x.ftl", en),
            source("domain/x/i18n/zh/x.ftl", zh),
        ];
        let code = [source("domain/x/src/pages.rs", code)];
        let (bundles, mut found) = read(&texts);
        for ((folder, name), bundle) in &bundles {
            found.extend(differences(folder, name, bundle));
            found.extend(unused(folder, bundle, &code));
        }
        found.extend(unknown(&code[0], &bundles));
        found
    }

    #[test]
    fn complete_and_used_is_fine() {
        let (ja, en, zh) = (
            "a = { $count }件 { b }\nb = ビ\n    .title = 題\n",
            "a = { $count ->\n    [one] one\n   *[other] { NUMBER($count) }\n } { b }\nb = B\n    .title = T\n",
            "a = { $count }件 { b }\nb = 乙\n    .title = 题\n",
        );
        assert_eq!(offenders(ja, en, zh, "fl!(l, \"a\", count = 1)"), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let all = "a = ア\n";
        for (ja, en, code, expected) in [
            (all, "", "fl!(l, \"a\")", "domain/x/i18n/en/x.ftl: a is missing (domain/x/i18n/ja/x.ftl:1)"),
            (all, "a = A\nc = C\n", "fl!(l, \"a\")", "domain/x/i18n/en/x.ftl:2: c is not in Japanese"),
            (
                all,
                "a = { $n }\n",
                "fl!(l, \"a\")",
                "domain/x/i18n/en/x.ftl:1: a takes {\"n\"}, in Japanese {}",
            ),
            (all, "a = A\n", "", "domain/x/i18n/ja/x.ftl:1: a is used nowhere"),
            (all, "a = A\na = B\n", "t!(l, \"a\")", "domain/x/i18n/en/x.ftl:1: a stands here twice"),
            (all, "a = A\n", "[\"a\"];\nfl!(f(1), \"z\")", "domain/x/src/pages.rs:2: there is no message z"),
        ] {
            assert_eq!(offenders(ja, en, all, code), [expected]);
        }
        assert!(offenders(all, "a = A\n{", all, "\"a\"")[0].starts_with("domain/x/i18n/en/x.ftl:2: "));
    }

    #[test]
    fn calls_are_told_from_look_alikes() {
        assert_eq!(calls("assert!(a, \"b\"); // t!(l, \"c\")\n// t!(l, \"d\")\n t!(l, \"e\")").len(), 2);
        assert_eq!(calls("fl!(self.l, key)"), []);
    }
}
