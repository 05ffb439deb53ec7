//! The words and numbers that every page shares.

use crate::visit::{keep_key_of, role_text};
use crate::{
    AssetUrls, Flash, Guest, Lang, Linked, Member, NavItem, NoticeKind, OrgChoice, SharedShell, Shell,
    ShellWords, SignedIn, Tab, Today, Visit, t,
};
use chrono::{DateTime, NaiveDate, Utc};
use fast_qr::convert::{Builder as _, Shape, svg::SvgBuilder};
use komainu_access::{Permission, Session};
use komainu_clock::in_japan;

/// A part of the product, as the main navigation knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Today's step.
    Home,
    /// The yearly checklist.
    Checklist,
    /// The ordered plan.
    Plan,
    /// Systems, vendors, contacts.
    Ledger,
    /// Progress, earlier years, published figures.
    Overview,
    /// Near misses.
    NearMiss,
    /// Calling people out.
    Emergency,
    /// Incidents.
    Incident,
    /// The inspection pack.
    Pack,
    /// Members and invitations.
    People,
    /// Who changed what.
    Log,
    /// The institution's particulars.
    Institution,
    /// Where the data lies and whether a backup could bring it back; of the installation, not of an organisation.
    Operations,
    /// None of them.
    Nowhere,
}

impl ShellWords {
    /// The shell's words in a language.
    pub fn in_lang(lang: Lang) -> ShellWords {
        ShellWords {
            product: t!(lang, "shell-product"),
            skip: t!(lang, "shell-skip"),
            menu: t!(lang, "shell-menu"),
            nav: t!(lang, "shell-nav"),
            language: t!(lang, "shell-language"),
            theme: t!(lang, "shell-theme"),
            theme_auto: t!(lang, "shell-theme-auto"),
            theme_light: t!(lang, "shell-theme-light"),
            theme_dark: t!(lang, "shell-theme-dark"),
            switch_org: t!(lang, "shell-switch-org"),
            account: t!(lang, "shell-account"),
            sign_out: t!(lang, "shell-sign-out"),
            help: t!(lang, "shell-help"),
            licence: t!(lang, "shell-licence"),
            version: t!(lang, "shell-version"),
            saving: t!(lang, "shell-saving"),
            saved: t!(lang, "shell-saved"),
            kept: t!(lang, "shell-kept"),
            not_saved: t!(lang, "shell-not-saved"),
            conflict: t!(lang, "shell-conflict"),
            signed_out: t!(lang, "shell-signed-out"),
            sign_in_again: t!(lang, "shell-sign-in-again"),
            // The browser puts the field's number in.
            too_large: t!(lang, "shell-too-large", most = "%"),
            uploading: t!(lang, "shell-uploading"),
            upload_failed: t!(lang, "shell-upload-failed"),
            copied: t!(lang, "shell-copied"),
            cancel: t!(lang, "shell-cancel"),
            lock: t!(lang, "shell-lock"),
            lock_soon: t!(lang, "shell-lock-soon"),
            lock_stay: t!(lang, "shell-lock-stay"),
            locked: t!(lang, "shell-locked"),
            locked_waiting: t!(lang, "shell-locked-waiting"),
        }
    }
}

pub(crate) fn asset_urls() -> AssetUrls {
    AssetUrls {
        css: komainu_assets::url("app.css"),
        js: komainu_assets::url("app.js"),
        map: komainu_assets::url("map.js"),
        icons: komainu_assets::url("icons.svg"),
        favicon: komainu_assets::url("favicon.svg"),
        guardians: komainu_assets::url("guardians.svg"),
    }
}

/// The page of the guide that belongs to a section.
fn help_page(section: Section) -> &'static str {
    match section {
        Section::Home | Section::Plan => "plan.html",
        Section::Checklist => "checklist.html",
        Section::Ledger => "ledger.html",
        Section::Overview => "progress.html",
        Section::NearMiss => "near-miss.html",
        Section::Emergency => "emergency.html",
        Section::Incident => "incident.html",
        Section::Pack => "pack.html",
        Section::People => "people.html",
        Section::Log => "log.html",
        Section::Institution => "setup.html",
        Section::Operations => "backup.html",
        Section::Nowhere => "",
    }
}

impl Visit {
    fn shell(&self, title: &str) -> Shell {
        let mut shell = Shell::bare(&self.app, self.lang, self.theme, title);
        shell.path.clone_from(&self.path);
        shell.csrf.clone_from(&self.csrf);
        shell.flash = self.flash.as_ref().map(|(kind, text)| Flash {
            kind: match kind.as_str() {
                "success" => NoticeKind::Success,
                "warning" => NoticeKind::Warning,
                "error" => NoticeKind::Error,
                _ => NoticeKind::Info,
            },
            text: text.clone(),
        });
        shell.shared = self.shared.as_ref().map(|shared| SharedShell {
            name: shared.name.clone(),
            lock_seconds: self.session.as_ref().map_or(0, |_| shared.lock_after.num_seconds()),
        });
        if let Some(session) = &self.session {
            let today = self.app.nature.today();
            shell.today = Some(Today { iso: today.to_string(), text: date_text(self.lang, today) });
            shell.person_name = Some(session.person_name.clone());
            shell.keep_key = keep_key_of(session);
            let current = session.place.as_ref().map(|(id, ..)| *id);
            if self.places.len() > 1 {
                shell.orgs = self
                    .places
                    .iter()
                    .map(|(id, name, role)| OrgChoice {
                        id: id.to_string(),
                        name: format!("{name}（{}）", role_text(self.lang, *role)),
                        current: Some(*id) == current,
                    })
                    .collect();
            }
        }
        shell
    }
}

impl Guest {
    /// The shell of a page before sign-in.
    pub fn shell(&self, title: &str) -> Shell {
        self.0.shell(title)
    }
}

impl Linked {
    /// The shell of a page behind a link: whose it is, and nothing that leads elsewhere.
    pub fn shell(&self, title: &str) -> Shell {
        let mut shell = Visit::shell(self, title);
        shell.org_name = Some(self.link().organisation_name.clone());
        shell
    }
}

impl SignedIn {
    /// The shell of a page about the person, with the navigation of the current organisation if there is one.
    pub fn shell(&self, title: &str) -> Shell {
        let mut shell = self.visit().shell(title);
        if let (Some((_, name, _)), Some(scope)) = (&self.session.place, self.session.scope()) {
            shell.org_name = Some(name.clone());
            shell.nav = nav(self.lang, Section::Nowhere, |permission| scope.may(permission));
            shell.nav.extend(operations(self.lang, &self.session, Section::Nowhere));
        }
        shell
    }

    /// The shell of a page about the installation, for its administrator.
    pub fn shell_of_installation(&self, title: &str) -> Shell {
        let mut shell = self.shell(title);
        let scope = self.session.scope();
        shell.nav = scope.map_or_else(Vec::new, |scope| {
            nav(self.lang, Section::Operations, |permission| scope.may(permission))
        });
        shell.nav.extend(operations(self.lang, &self.session, Section::Operations));
        shell.help_href = format!("/help/{}/{}", self.lang, help_page(Section::Operations));
        shell
    }
}

impl Member {
    /// The shell of a page of the organisation.
    pub fn shell(&self, title: &str, section: Section) -> Shell {
        let mut shell = self.visit().shell(title);
        shell.org_name = Some(self.organisation_name.clone());
        shell.nav = nav(self.lang, section, |permission| self.scope.may(permission));
        shell.nav.extend(operations(self.lang, &self.session, section));
        shell.help_href = format!("/help/{}/{}", self.lang, help_page(section));
        shell
    }
}

/// The way to the installation's page, for who may go it.
fn operations(lang: Lang, session: &Session, section: Section) -> Option<NavItem> {
    let (label, current) = (t!(lang, "nav-operations"), section == Section::Operations);
    let item = NavItem { href: "/operations".to_owned(), label, icon: "gear", current, count: 0 };
    session.administrator.then_some(item)
}

fn nav(lang: Lang, current: Section, may: impl Fn(Permission) -> bool) -> Vec<NavItem> {
    use Permission as P;
    let item = |section, href: &str, label, icon, allowed: bool| {
        allowed.then(|| NavItem { href: href.to_owned(), label, icon, current: section == current, count: 0 })
    };
    // Without a plan the first page shows no step.
    let home =
        if may(P::PlanRead) || may(P::PlanSeeOwn) { t!(lang, "nav-home") } else { t!(lang, "nav-start") };
    [
        item(Section::Home, "/", home, "home", true),
        item(
            Section::Checklist,
            "/checklist",
            t!(lang, "nav-checklist"),
            "check",
            may(P::ChecklistRead) || may(P::ChecklistAnswerAssigned),
        ),
        item(Section::Plan, "/plan", t!(lang, "nav-plan"), "steps", may(P::PlanRead)),
        item(Section::Ledger, "/ledger", t!(lang, "nav-ledger"), "box", may(P::LedgerRead)),
        item(Section::NearMiss, "/near-miss", t!(lang, "nav-near-miss"), "bell", may(P::NearMissReport)),
        item(Section::Emergency, "/escalations", t!(lang, "nav-emergency"), "phone", may(P::EscalationRun)),
        item(Section::Incident, "/incidents", t!(lang, "nav-incident"), "alert", may(P::IncidentSee)),
        item(Section::Overview, "/progress", t!(lang, "nav-progress"), "history", may(P::HistoryRead)),
        item(Section::Pack, "/pack", t!(lang, "nav-pack"), "print", may(P::PackMake)),
        item(Section::People, "/people", t!(lang, "nav-people"), "people", may(P::MembersManage)),
        item(
            Section::Institution,
            "/institution",
            t!(lang, "nav-institution"),
            "building",
            may(P::InstitutionEdit),
        ),
        item(Section::Log, "/log", t!(lang, "nav-log"), "book", may(P::LogRead)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The tabs over the pages about running the installation: their name, and the tabs with the one at `current` marked.
pub fn operations_tabs(lang: Lang, current: &str) -> (String, Vec<Tab>) {
    let tab = |href: &str, label| Tab { href: href.to_owned(), label, current: href == current };
    let tabs = vec![
        tab("/operations", t!(lang, "operations-house")),
        tab("/operations/jobs", t!(lang, "operations-jobs")),
        tab("/operations/mail", t!(lang, "operations-mail")),
        tab("/operations/ways", t!(lang, "operations-ways")),
        tab("/operations/webhooks", t!(lang, "operations-webhooks")),
    ];
    (t!(lang, "operations-tabs"), tabs)
}

/// A date as the language's readers write it, in Japanese with the era.
pub fn date_text(lang: Lang, date: NaiveDate) -> String {
    komainu_calendar::format_date(date, lang, komainu_calendar::DateStyle::Era)
}

/// A moment on the wall clock in Japan, to the minute.
pub fn moment_text(lang: Lang, moment: DateTime<Utc>) -> String {
    let local = in_japan(moment);
    format!("{} {}", date_text(lang, local.date_naive()), local.format("%H:%M"))
}

/// A QR code as an SVG picture; empty when the text is too long for one.
pub fn qr_svg(text: &str) -> String {
    fast_qr::QRBuilder::new(text)
        .build()
        .map(|code| SvgBuilder::default().shape(Shape::Square).margin(2).to_str(&code))
        .unwrap_or_default()
}
