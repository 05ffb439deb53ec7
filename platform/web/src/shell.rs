//! What every page needs around its content: plain data, filled by the web layer and read by `base.html`.
//!
//! Nothing here asks a database or a clock, and no word is written here: words arrive translated.

use komainu_language::Lang;

/// The shell of a page; a page's template struct carries it as its field `page`.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// Language of the page.
    pub lang: Lang,
    /// Light, dark, or as the device wishes.
    pub theme: Theme,
    /// Title of this page, without the product's name.
    pub title: String,
    /// Path and query of this page, where a change of language or theme returns to.
    pub path: String,
    /// Token that every form carries in its hidden field `csrf`.
    pub csrf: String,
    /// The shell's own words in `lang`.
    pub words: ShellWords,
    /// Where the style, the script and the pictures lie.
    pub assets: AssetUrls,
    /// Today, as the institution's wall shows it; absent on pages before sign-in.
    pub today: Option<Today>,
    /// Organisation the person acts in.
    pub org_name: Option<String>,
    /// Other organisations the person may switch to; empty when there is no choice.
    pub orgs: Vec<OrgChoice>,
    /// The signed-in person's name.
    pub person_name: Option<String>,
    /// The shared place that the browser is; none for a browser of somebody's own.
    pub shared: Option<SharedShell>,
    /// Main navigation; empty on the gate pages (sign-in, first run, errors), which then stand centred.
    pub nav: Vec<NavItem>,
    /// The outcome of what the person just did, shown once.
    pub flash: Option<Flash>,
    /// A line above everything, such as the mark of a demo.
    pub band: Option<String>,
    /// The page of the guide that belongs to this page.
    pub help_href: String,
    /// Version of the program, shown in the footer.
    pub version: String,
    /// Names the drafts this browser keeps for this person. It must differ between persons and be hard to
    /// guess (a keyed hash of the account's id), as it separates what two people typed on one computer.
    pub keep_key: String,
}

impl Shell {
    /// The languages of the switch, reference first.
    pub const fn languages(&self) -> [Lang; 3] {
        Lang::ALL
    }
}

/// What a page at a shared place says of it.
#[derive(Clone, Debug, Default)]
pub struct SharedShell {
    /// The place's name.
    pub name: String,
    /// After how many seconds without use the page locks itself; zero where nobody is signed in.
    pub lock_seconds: i64,
}

impl SharedShell {
    /// Whether somebody is signed in, so that there is something to lock.
    pub const fn locks(&self) -> bool {
        self.lock_seconds > 0
    }

    /// When a page without script leaves: a moment after the server has locked.
    pub const fn leave_seconds(&self) -> i64 {
        self.lock_seconds + 2
    }
}

/// The words of the shell, in the page's language.
#[derive(Clone, Debug, Default)]
pub struct ShellWords {
    /// Name of the product.
    pub product: String,
    /// "Skip to the content".
    pub skip: String,
    /// "Menu", on phones.
    pub menu: String,
    /// Name of the main navigation for screen readers.
    pub nav: String,
    /// "Language".
    pub language: String,
    /// "Brightness", above the three themes.
    pub theme: String,
    /// "As the device".
    pub theme_auto: String,
    /// "Light".
    pub theme_light: String,
    /// "Dark".
    pub theme_dark: String,
    /// "Switch organisation".
    pub switch_org: String,
    /// "My account".
    pub account: String,
    /// "Sign out".
    pub sign_out: String,
    /// "Help".
    pub help: String,
    /// "Licence and source".
    pub licence: String,
    /// "Version".
    pub version: String,
    /// Autosave: "Saving".
    pub saving: String,
    /// Autosave: "Saved".
    pub saved: String,
    /// Autosave: "Not connected. What you typed is kept here and sent when the connection is back."
    pub kept: String,
    /// Autosave: "Could not be saved. Please look at the marked fields."
    pub not_saved: String,
    /// Autosave: "Someone else changed this meanwhile. Please choose below."
    pub conflict: String,
    /// Autosave: "You were signed out. What you typed is kept here."
    pub signed_out: String,
    /// Autosave: "Sign in again".
    pub sign_in_again: String,
    /// Uploads: "This file is too large."
    pub too_large: String,
    /// Uploads: "Sending".
    pub uploading: String,
    /// Uploads: "The file could not be sent. Please try again."
    pub upload_failed: String,
    /// "Copied".
    pub copied: String,
    /// "Cancel", in the dialog before something is destroyed.
    pub cancel: String,
    /// At a shared place: "Lock or switch person".
    pub lock: String,
    /// At a shared place: "This screen locks in half a minute."
    pub lock_soon: String,
    /// At a shared place: "I am still here".
    pub lock_stay: String,
    /// At a shared place: "This screen is locked."
    pub locked: String,
    /// At a shared place, locked without a connection: "What you typed waits here and is kept for you when ..."
    pub locked_waiting: String,
}

/// Addresses of the embedded assets, with their content hash (`komainu_assets::url`).
#[derive(Clone, Debug, Default)]
pub struct AssetUrls {
    /// `app.css`.
    pub css: String,
    /// `app.js`.
    pub js: String,
    /// `map.js`, which the map page asks for in its block `head`: `<script src="{{ page.assets.map }}" defer></script>`.
    pub map: String,
    /// `report.css`, the small style of the page behind a poster, in the place of `css`.
    pub report_css: String,
    /// `report.js`, which pages of reports ask for: it keeps what could not be sent.
    pub report: String,
    /// `icons.svg`, the sprite that `c::icon` takes its pictures from.
    pub icons: String,
    /// `favicon.svg`.
    pub favicon: String,
    /// `guardians.svg`, the large picture of the two dogs.
    pub guardians: String,
}

/// Light, dark, or as the device wishes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device wishes.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`, of the form field and of the cookie: `auto`, `light` or `dark`.
    pub const fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme for a code; as the device wishes where the code is none.
    pub fn from_code(code: &str) -> Theme {
        match code {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
}

/// Today's date.
#[derive(Clone, Debug, Default)]
pub struct Today {
    /// `2026-04-01`, for machines.
    pub iso: String,
    /// As people write it, in the page's language.
    pub text: String,
}

/// An organisation in the switcher.
#[derive(Clone, Debug, Default)]
pub struct OrgChoice {
    /// The organisation's id, sent as `organisation`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the person acts in it now.
    pub current: bool,
}

/// A place in the main navigation.
#[derive(Clone, Debug, Default)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// Its word.
    pub label: String,
    /// A name in the icon sprite (listed at the top of `components.html`).
    pub icon: &'static str,
    /// Whether this page lies in it.
    pub current: bool,
    /// How many things wait there; nothing is shown for none.
    pub count: u32,
}

/// What the person just did, and how it went.
#[derive(Clone, Debug, Default)]
pub struct Flash {
    /// How it went.
    pub kind: NoticeKind,
    /// One or two sentences.
    pub text: String,
}

/// Kinds of notice; each has its own sign, so that no colour speaks alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// To know.
    #[default]
    Info,
    /// It worked.
    Success,
    /// To mind.
    Warning,
    /// It did not work, or must be put right.
    Error,
    /// Now, before anything else.
    Emergency,
}

impl NoticeKind {
    /// The name that `c::notice` takes and the style sheet knows.
    pub const fn name(self) -> &'static str {
        match self {
            NoticeKind::Info => "info",
            NoticeKind::Success => "success",
            NoticeKind::Warning => "warning",
            NoticeKind::Error => "error",
            NoticeKind::Emergency => "emergency",
        }
    }
}

/// One of several to choose from: a radio or checkbox tile, or an entry of a select.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// A second line in a tile; empty for none.
    pub hint: String,
    /// Whether it is chosen now.
    pub chosen: bool,
}

impl Choice {
    /// A choice that is not chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into(), ..Choice::default() }
    }

    /// The same choice with a second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Choice {
        self.hint = hint.into();
        self
    }

    /// The same choice, chosen or not.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Choice {
        self.chosen = chosen;
        self
    }
}

/// One fault in a form, for `c::error_summary`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field as in the form (with the form's `idp` before it, where the page uses one).
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// A place above this page, for `c::breadcrumb`.
#[derive(Clone, Debug, Default)]
pub struct Crumb {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub label: String,
}

/// A step of a longer path, for `c::steps`.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// Where it leads; empty when it cannot be visited yet.
    pub href: String,
    /// Done, current or still ahead.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Here.
    Current,
    /// Ahead.
    #[default]
    Ahead,
}

impl StepState {
    /// The value of `data-state`.
    pub const fn name(self) -> &'static str {
        match self {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::Ahead => "ahead",
        }
    }

    /// Whether this is the step the person is at.
    pub const fn is_current(self) -> bool {
        matches!(self, StepState::Current)
    }
}

/// A tab, for `c::tabs`: a view of the same thing at an address of its own.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub label: String,
    /// Whether it is the one shown.
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use askama::Template;

    const HOSTILE: &str = "\"><script>alert(1)</script>";

    /// A page that uses every part, with a stranger's words everywhere.
    #[derive(Template)]
    #[template(
        ext = "html",
        source = r#"{% extends "base.html" %}{% import "components.html" as c %}{% block main %}
{{ c::breadcrumb(x, crumbs) }}{{ c::tabs(x, tabs) }}{{ c::steps(x, steps) }}{{ c::pager(x, x, x, x, x) }}
{{ c::error_summary(x, errors) }}{{ c::csrf(x) }}{{ c::hidden(x, x) }}{{ c::version(3) }}{{ c::autosave_status() }}
{{ c::field_text("a", x, x, hint = x, error = x, must = x, autocomplete = x, inputmode = x, maxlength = 9, size = "s") }}
{{ c::field_area("b", x, x, hint = x, error = x, optional = x) }}{{ c::field_select("c", x, choices, error = x, empty = x) }}
{{ c::field_date("d", x, x, echo = x, pick = x) }}{{ c::field_file("e", x, hint = x, accept = x, max_bytes = 9, many = true) }}
{{ c::radio_tiles("f", x, choices, hint = x, error = x, cols = 2) }}{{ c::check_tiles("g", x, choices) }}
{{ c::checkbox_tile("h", x, x, checked = true, hint = x) }}{{ c::button(x, name = x, value = x, confirm = x) }}
{{ c::button_link(x, x) }}{{ c::copy_button(x, x) }}{{ c::notice_text("info", x) }}{{ c::badge("ok", x) }}
{{ c::progress(x, 1, 2, x) }}{{ c::icon("home", page.assets.icons) }}
{% call c::notice("warning", x) %}{{ x }}{% endcall %}{% call c::card(x, href = x) %}{{ x }}{% endcall %}
{% call c::today_step(x, x) %}{{ x }}{% endcall %}{% call c::details(x, open = true) %}{{ x }}{% endcall %}
{% call c::disclose(x) %}{{ x }}{% endcall %}{% call c::table(x) %}<tbody></tbody>{% endcall %}
{% call c::empty_state(x, x, picture = x) %}{{ x }}{% endcall %}{% endblock %}"#
    )]
    struct Everything {
        page: Shell,
        x: String,
        choices: Vec<Choice>,
        errors: Vec<FieldError>,
        crumbs: Vec<Crumb>,
        tabs: Vec<Tab>,
        steps: Vec<Step>,
    }

    fn everything(lang: Lang, x: &str) -> String {
        let text = || x.to_owned();
        let page = Shell {
            lang,
            title: text(),
            path: text(),
            csrf: text(),
            today: Some(Today { iso: text(), text: text() }),
            org_name: Some(text()),
            orgs: vec![OrgChoice { id: text(), name: text(), current: true }],
            person_name: Some(text()),
            nav: vec![NavItem { href: text(), label: text(), icon: "home", current: true, count: 2 }],
            flash: Some(Flash { kind: NoticeKind::Error, text: text() }),
            band: Some(text()),
            shared: Some(SharedShell { name: text(), lock_seconds: 60 }),
            help_href: text(),
            keep_key: text(),
            ..Shell::default()
        };
        let state = StepState::Done;
        Everything {
            page,
            x: text(),
            choices: vec![Choice::new(x, x).hint(x).chosen(true)],
            errors: vec![FieldError { field: text(), message: text() }],
            crumbs: vec![Crumb { href: text(), label: text() }],
            tabs: vec![Tab { href: text(), label: text(), current: false }],
            steps: vec![Step { label: text(), href: text(), state }],
        }
        .render()
        .expect("the page renders")
    }

    #[test]
    fn a_strangers_words_stay_words_in_every_part() {
        let page = everything(Lang::Ja, HOSTILE);
        assert!(!page.contains("<script>"), "escaped everywhere");
        assert!(page.matches("&#60;script&#62;").count() > 80, "and shown everywhere");
    }

    /// The policy of the pages forbids both; a part that used them would silently not work.
    #[test]
    fn no_part_needs_an_inline_style_or_script() {
        let page = everything(Lang::En, "x");
        for forbidden in [" style=", "<style", " onclick=", " onchange=", "javascript:"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert_eq!(page.matches("<script").count(), 1, "the one script is a file");
    }

    #[test]
    fn ids_are_unique_and_every_label_and_description_leads_to_one() {
        let page = everything(Lang::Zh, "x");
        let values = |attribute: &str| -> Vec<String> {
            let mark = format!(" {attribute}=\"");
            page.split(&mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        let ids = values("id");
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{ids:?}");
        for attribute in ["for", "aria-describedby", "aria-labelledby"] {
            for target in values(attribute).iter().flat_map(|list| list.split_whitespace()) {
                assert!(ids.iter().any(|id| id == target), "{attribute}={target} leads nowhere");
            }
        }
    }

    #[test]
    fn the_page_tells_its_language_and_only_a_gate_lacks_navigation() {
        assert!(everything(Lang::Zh, "x").contains("<html lang=\"zh-Hans\" data-theme=\"auto\">"));
        assert!(!everything(Lang::Ja, "x").contains("frame--gate"));
    }
}
