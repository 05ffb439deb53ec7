//! The log's sentences: what was done, to what, and what was before and after.

use crate::model::{LogEntry, Mark};
use crate::rules::{Difference, differences};
use crate::{t, tongue};
use komainu_access::{PersonId, Role};
use komainu_calendar::FiscalYear;
use komainu_catalog::Catalog;
use komainu_checklist::model::RoundSummary;
use komainu_exposure::model::{Control, State};
use komainu_i18n::Lang;
use komainu_inventory::Fact;
use komainu_inventory::words::{control_label, fact_label, state_text};
use komainu_web::{date_text, role_text};
use serde_json::Value;
use std::collections::BTreeMap;

/// Every kind of thing that the log knows, with the message that names it.
pub(crate) const KINDS: [(&str, &str); 37] = [
    ("checklist_row", "kind-checklist-row"),
    ("checklist_round", "kind-checklist-round"),
    ("official_form", "kind-official-form"),
    ("pack", "kind-pack"),
    ("plan_step", "kind-plan-step"),
    ("plan_week", "kind-plan-week"),
    ("setup_step", "kind-setup-step"),
    ("system", "kind-system"),
    ("asset", "kind-asset"),
    ("connection", "kind-connection"),
    ("ledger", "kind-ledger"),
    ("vendor", "kind-vendor"),
    ("stock_take", "kind-stock-take"),
    ("stock_take_line", "kind-stock-take-line"),
    ("map", "kind-map"),
    ("near_miss", "kind-near-miss"),
    ("near_miss_measure", "kind-near-miss-measure"),
    ("incident", "kind-incident"),
    ("incident_task", "kind-incident-task"),
    ("incident_evidence", "kind-incident-evidence"),
    ("near_miss_meeting", "kind-near-miss-meeting"),
    ("contact", "kind-contact"),
    ("emergency_binder", "kind-emergency-binder"),
    ("escalation", "kind-escalation"),
    ("escalation_plan", "kind-escalation-plan"),
    ("institution", "kind-institution"),
    ("association", "kind-association"),
    ("member", "kind-member"),
    ("invitation", "kind-invitation"),
    ("person", "kind-person"),
    ("token", "kind-token"),
    ("service", "kind-service"),
    ("backup", "kind-backup"),
    ("shared_place", "kind-shared-place"),
    ("link", "kind-link"),
    ("webhook", "kind-webhook"),
    ("job", "kind-job"),
];

/// What the actions of all domains are called. One that is not here shows its own name.
const ACTIONS: [(&str, &str); 47] = [
    ("answer_set", "did-answer-set"),
    ("answer_confirm", "did-answer-confirm"),
    ("answer_carry", "did-answer-carry"),
    ("assignment_set", "did-assignment-set"),
    ("evidence_add", "did-evidence-add"),
    ("evidence_remove", "did-evidence-remove"),
    ("vendor_ask", "did-vendor-ask"),
    ("vendor_replied", "did-vendor-replied"),
    ("round_open", "did-round-open"),
    ("round_close", "did-round-close"),
    ("round_reopen", "did-round-reopen"),
    ("official_load", "did-official-load"),
    ("official_replace", "did-official-replace"),
    ("official_confirm", "did-official-confirm"),
    ("official_change", "did-official-change"),
    ("official_remove", "did-official-remove"),
    ("pack_order", "did-pack-order"),
    ("pack_cancel", "did-pack-cancel"),
    ("step_mark", "did-step-mark"),
    ("plan_week_keep", "did-plan-week-keep"),
    ("system_add", "did-add"),
    ("system_change", "did-change"),
    ("system_remove", "did-remove"),
    ("vendor_add", "did-add"),
    ("vendor_change", "did-change"),
    ("vendor_remove", "did-remove"),
    ("contact_add", "did-add"),
    ("contact_change", "did-change"),
    ("contact_move", "did-contact-move"),
    ("contact_remove", "did-remove"),
    ("contact_way_gone", "did-contact-way-gone"),
    ("institution_found", "did-found"),
    ("association_found", "did-found"),
    ("institution_change", "did-change"),
    ("institution_duty_note", "did-institution-duty-note"),
    ("institution_interview_finish", "did-interview-finish"),
    ("member_invite", "did-member-invite"),
    ("member_change", "did-change"),
    ("member_end", "did-member-end"),
    ("password_change", "did-password-change"),
    ("backup_ask", "did-backup-ask"),
    ("backup_prove", "did-backup-prove"),
    ("backup_key_keep", "did-backup-key-keep"),
    ("token_make", "did-add"),
    ("token_revoke", "did-token-revoke"),
    ("service_make", "did-add"),
    ("service_revoke", "did-token-revoke"),
];

/// Things and lines of the ledger, one by one and many at once.
const CONNECTED: [(&str, &str); 8] = [
    ("asset_add", "did-add"),
    ("asset_change", "did-change"),
    ("asset_remove", "did-remove"),
    ("connection_add", "did-add"),
    ("connection_change", "did-change"),
    ("connection_remove", "did-remove"),
    ("ledger_edit", "did-ledger-edit"),
    ("ledger_export", "did-ledger-export"),
];

/// What happens to invitations.
const INVITATIONS: [(&str, &str); 3] = [
    ("invitation_accept", "did-invitation-accept"),
    ("invitation_close", "did-invitation-close"),
    ("invitation_renew", "did-invitation-renew"),
];

/// Shared places, and the PINs that open them.
const SHARED_PLACES: [(&str, &str); 8] = [
    ("place_offer", "did-place-offer"),
    ("place_register", "did-place-register"),
    ("place_revoke", "did-place-revoke"),
    ("place_lock_set", "did-place-lock-set"),
    ("pin_set", "did-pin-set"),
    ("pin_remove", "did-pin-remove"),
    ("pin_lock", "did-pin-lock"),
    ("pin_lift", "did-pin-lift"),
];

/// The yearly stock-take.
const STOCK_TAKES: [(&str, &str); 4] = [
    ("stock_take_start", "did-stock-take-start"),
    ("stock_take_mark", "did-stock-take-mark"),
    ("stock_take_take", "did-stock-take-take"),
    ("stock_take_close", "did-stock-take-close"),
];

/// What calling people out is called.
const ESCALATIONS: [(&str, &str); 12] = [
    ("emergency_binder_make", "did-emergency-binder-make"),
    ("emergency_binder_copy", "did-emergency-binder-copy"),
    ("escalation_plan_add", "did-add"),
    ("escalation_plan_change", "did-change"),
    ("escalation_plan_remove", "did-remove"),
    ("escalation_start", "did-escalation-start"),
    ("escalation_stop", "did-escalation-stop"),
    ("escalation_end", "did-escalation-end"),
    ("escalation_known", "did-escalation-known"),
    ("escalation_declined", "did-escalation-declined"),
    ("contact_test", "did-contact-test"),
    ("contact_test_schedule", "did-contact-test-schedule"),
];

/// Near misses, from the report to the board and to what is learned.
const NEAR_MISSES: [(&str, &str); 12] = [
    ("near_miss_report", "did-near-miss-report"),
    ("near_miss_answer", "did-near-miss-answer"),
    ("near_miss_judge", "did-near-miss-judge"),
    ("near_miss_state_set", "did-near-miss-state-set"),
    ("near_miss_message_send", "did-near-miss-message-send"),
    ("near_miss_board_save", "did-near-miss-board-save"),
    ("near_miss_measure_add", "did-near-miss-measure-add"),
    ("near_miss_measure_settle", "did-near-miss-measure-settle"),
    ("near_miss_measure_change", "did-near-miss-measure-change"),
    ("near_miss_analysis_save", "did-near-miss-analysis-save"),
    ("near_miss_meeting_add", "did-near-miss-meeting-add"),
    ("near_miss_meeting_save", "did-near-miss-meeting-save"),
];

/// Incidents, from the declaration to the end.
const INCIDENTS: [(&str, &str); 14] = [
    ("incident_declare", "did-incident-declare"),
    ("incident_change", "did-incident-change"),
    ("incident_state_set", "did-incident-state-set"),
    ("incident_role_give", "did-incident-role-give"),
    ("incident_entry_write", "did-incident-entry-write"),
    ("incident_task_add", "did-incident-task-add"),
    ("incident_task_save", "did-incident-task-save"),
    ("incident_asset_mark", "did-incident-asset-mark"),
    ("incident_evidence_add", "did-incident-evidence-add"),
    ("incident_evidence_pass", "did-incident-evidence-pass"),
    ("incident_duty_note", "did-incident-duty-note"),
    ("incident_sheet_save", "did-incident-sheet-save"),
    ("incident_close", "did-incident-close"),
    ("incident_export", "did-incident-export"),
];

/// Links for people without an account, and what came through them.
const LINKS: [(&str, &str); 5] = [
    ("link_make", "did-link-make"),
    ("link_revoke", "did-link-revoke"),
    ("reply_give", "did-reply-give"),
    ("reply_take", "did-reply-take"),
    ("reply_set_aside", "did-reply-set-aside"),
];

/// The map of connections.
const MAP: [(&str, &str); 2] = [("map_arrange", "did-map-arrange"), ("map_reset", "did-map-reset")];

/// What happens beside the pages: background work, and the ways to other programs.
const OPERATIONS: [(&str, &str); 12] = [
    ("pack_make", "did-pack-make"),
    ("job_retry", "did-job-retry"),
    ("job_cancel", "did-job-cancel"),
    ("webhook_add", "did-add"),
    ("webhook_change", "did-change"),
    ("webhook_remove", "did-remove"),
    ("webhook_secret_renew", "did-webhook-secret-renew"),
    ("webhook_stop", "did-webhook-stop"),
    ("webhook_give_up", "did-webhook-give-up"),
    ("webhook_resume", "did-webhook-resume"),
    ("webhook_test", "did-webhook-test"),
    ("webhook_resend", "did-webhook-resend"),
];

/// How people sign in, and how they get back in.
const SIGN_IN: [(&str, &str); 19] = [
    ("email_change", "did-email-change"),
    ("password_reset", "did-password-reset"),
    ("totp_add", "did-totp-add"),
    ("totp_remove", "did-totp-remove"),
    ("passkey_add", "did-passkey-add"),
    ("passkey_remove", "did-passkey-remove"),
    ("openid_link", "did-openid-link"),
    ("openid_unlink", "did-openid-unlink"),
    ("recovery_codes_make", "did-recovery-codes-make"),
    ("recovery_code_use", "did-recovery-code-use"),
    ("factors_reset", "did-factors-reset"),
    ("second_factor_demand", "did-second-factor-demand"),
    ("rescue_ask", "did-rescue-ask"),
    ("rescue_agree", "did-rescue-agree"),
    ("rescue_agree_elsewhere", "did-rescue-agree-elsewhere"),
    ("rescue_refuse", "did-rescue-refuse"),
    ("rescue_refuse_elsewhere", "did-rescue-refuse-elsewhere"),
    ("rescue_cancel", "did-rescue-cancel"),
    ("rescue_use", "did-rescue-use"),
];

/// Fields of states, with the message that names them.
const FIELDS: [(&str, &str); 97] = [
    ("assets", "field-assets"),
    ("both_ways", "field-both-ways"),
    ("connections", "field-connections"),
    ("controls", "field-controls"),
    ("facts", "field-facts"),
    ("from", "field-from"),
    ("relations", "field-relations"),
    ("to", "field-to"),
    ("zone", "field-zone"),
    ("address", "field-address"),
    ("asked_on", "field-asked-on"),
    ("beds", "field-beds"),
    ("checked", "field-checked"),
    ("closed", "field-closed"),
    ("added", "field-stock-added"),
    ("code", "field-code"),
    ("count", "field-count"),
    ("counts", "field-counts"),
    ("different", "outcome-different"),
    ("found", "outcome-found"),
    ("lines", "field-stock-lines"),
    ("not_checked", "outcome-not-checked"),
    ("not_found", "outcome-not-found"),
    ("outcome", "field-outcome"),
    ("serial", "field-serial"),
    ("digest", "field-digest"),
    ("due", "field-due"),
    ("duty", "field-duty"),
    ("email", "field-email"),
    ("events", "field-events"),
    ("entrusts_updates", "field-entrusts-updates"),
    ("expires_at", "field-expires-at"),
    ("file_name", "field-file-name"),
    ("fiscal_year", "field-fiscal-year"),
    ("host", "field-host"),
    ("hosting", "field-hosting"),
    ("institution", "kind-institution"),
    ("interview_done_at", "field-interview-done"),
    ("kind", "field-kind"),
    ("lang", "field-lang"),
    ("media_type", "field-media-type"),
    ("name", "field-name"),
    ("name_kana", "field-name-kana"),
    ("night_phone", "field-night-phone"),
    ("note", "field-note"),
    ("operator_on_staff", "field-operator"),
    ("outside", "field-outside"),
    ("permissions", "field-permissions"),
    ("person", "field-person"),
    ("phone", "field-phone"),
    ("lock_minutes", "field-lock-minutes"),
    ("place", "field-place"),
    ("position", "field-position"),
    ("postal_code", "field-postal-code"),
    ("prefecture", "field-prefecture"),
    ("purpose", "field-purpose"),
    ("reason", "field-reason"),
    ("remote_maintenance", "field-remote"),
    ("replied_on", "field-replied-on"),
    ("reply_by", "field-reply-by"),
    ("role", "field-role"),
    ("rows", "field-rows"),
    ("second_factor", "field-second-factor"),
    ("size", "field-size"),
    ("source", "field-source"),
    ("systems", "field-systems"),
    ("target", "field-target"),
    ("title", "field-title"),
    ("updates_by_vendor", "field-updates"),
    ("vendor", "kind-vendor"),
    ("work", "field-work"),
    ("cases", "field-cases"),
    ("grid", "field-grid"),
    ("held_on", "field-held-on"),
    ("shel", "field-shel"),
    ("timeline", "field-timeline"),
    ("whys", "field-whys"),
    ("checked_on", "field-checked"),
    ("contact", "kind-contact"),
    ("everyone", "field-everyone"),
    ("for_reporters", "field-for-reporters"),
    ("hours", "field-hours"),
    ("how", "field-how"),
    ("label", "field-label"),
    ("months", "field-months"),
    ("people", "field-people"),
    ("plan", "field-plan"),
    ("stand_ins", "field-stand-ins"),
    ("starts_with", "field-starts-with"),
    ("state", "field-state"),
    ("steps", "field-steps"),
    ("wait_minutes", "field-wait-minutes"),
    ("ways", "field-ways"),
    ("due_on", "field-due"),
    ("owner", "field-owner"),
    ("result", "field-result"),
    ("what", "field-what"),
];

/// Fields that tell a reader nothing.
const SILENT: [&str; 5] = ["id", "organisation", "version", "round", "invitation"];

fn named(lang: Lang, table: &[(&str, &str)], name: &str) -> Option<String> {
    table.iter().find(|(known, _)| *known == name).map(|(_, key)| tongue(lang).get(key))
}

/// The name of a kind of thing.
pub(crate) fn kind(lang: Lang, name: &str) -> String {
    named(lang, &KINDS, name).unwrap_or_else(|| name.to_owned())
}

/// What was done.
pub(crate) fn action(lang: Lang, name: &str) -> String {
    [
        &ACTIONS[..],
        &CONNECTED,
        &INVITATIONS,
        &SHARED_PLACES,
        &STOCK_TAKES,
        &NEAR_MISSES,
        &ESCALATIONS,
        &INCIDENTS,
        &LINKS,
        &SIGN_IN,
        &OPERATIONS,
        &MAP,
    ]
    .into_iter()
    .find_map(|table| named(lang, table, name))
    .unwrap_or_else(|| name.to_owned())
}

/// The name of a fiscal year; the bare number where it is beyond all years.
pub(crate) fn year(lang: Lang, number: i32) -> String {
    FiscalYear::try_from(number).map_or_else(|_| number.to_string(), |year| year.name(lang))
}

/// A badge's kind, its sign in a table, and its word.
pub(crate) fn mark(lang: Lang, mark: Mark) -> (&'static str, &'static str, String) {
    match mark {
        Mark::Yes => ("ok", "○", t!(lang, "mark-yes")),
        Mark::Partly => ("info", "△", t!(lang, "mark-partly")),
        Mark::No => ("attention", "×", t!(lang, "mark-no")),
        Mark::NotSure => ("unconfirmed", "？", t!(lang, "mark-not-sure")),
        Mark::NotApplicable => ("neutral", "－", t!(lang, "mark-not-applicable")),
        Mark::Open => ("neutral", "・", t!(lang, "mark-open")),
        Mark::NotNeeded => ("neutral", "－", t!(lang, "mark-not-needed")),
        Mark::Absent => ("neutral", "", t!(lang, "mark-absent")),
    }
}

/// What the log's words are made from besides the entry.
pub(crate) struct Reader<'a> {
    pub(crate) lang: Lang,
    pub(crate) catalog: &'a Catalog,
    pub(crate) rounds: &'a [RoundSummary],
    pub(crate) people: &'a BTreeMap<PersonId, String>,
}

impl Reader<'_> {
    /// To what it was done.
    pub(crate) fn object(&self, entry: &LogEntry) -> String {
        let kind = kind(self.lang, &entry.object_kind);
        let named = match entry.object_kind.as_str() {
            "checklist_row" => entry.object_id.split_once('/').map(|(round, row)| {
                let title = self.item(row).unwrap_or_else(|| row.to_owned());
                [self.round(round), Some(title)].into_iter().flatten().collect::<Vec<_>>().join(" ")
            }),
            "checklist_round" => self.round(&entry.object_id),
            "official_form" => entry.object_id.split_once('/').map(|(number, _)| {
                number.parse().map_or_else(|_| number.to_owned(), |number| year(self.lang, number))
            }),
            _ => None,
        };
        let named = named.or_else(|| name_in(&entry.after)).or_else(|| name_in(&entry.before));
        named.map_or_else(
            || kind.clone(),
            |named| t!(self.lang, "log-object", kind = kind.as_str(), name = named),
        )
    }

    fn round(&self, id: &str) -> Option<String> {
        let round = self.rounds.iter().find(|round| round.id.to_string() == id)?;
        Some(year(self.lang, round.fiscal_year))
    }

    /// The title of the item behind a row's id.
    fn item(&self, row: &str) -> Option<String> {
        let row = row.split('/').next().unwrap_or(row);
        if row.starts_with("official.") {
            return Some(t!(self.lang, "log-own-row"));
        }
        let item = row.split('.').next()?.parse().ok()?;
        self.catalog.item(&item).map(|item| item.title.get(self.lang).to_owned())
    }

    /// What was before and what is after, as lines of name, before, after.
    pub(crate) fn changes(&self, entry: &LogEntry) -> Vec<(String, String, String)> {
        differences(&entry.before, &entry.after)
            .into_iter()
            .filter(|one| !one.path.iter().any(|name| SILENT.contains(&name.as_str())))
            .map(|one| {
                let show = |value: &Option<Value>| {
                    value
                        .as_ref()
                        .map_or_else(|| t!(self.lang, "log-nothing"), |value| self.value(entry, &one, value))
                };
                (self.field(entry, &one.path), show(&one.before), show(&one.after))
            })
            .collect()
    }

    fn field(&self, entry: &LogEntry, path: &[String]) -> String {
        let names = path.iter().map(|name| match (entry.object_kind.as_str(), name.as_str()) {
            ("checklist_row", "kind") => t!(self.lang, "field-answer"),
            ("asset" | "connection" | "ledger", name) => self.ledger_field(name),
            (_, name) => named(self.lang, &FIELDS, name).unwrap_or_else(|| name.to_owned()),
        });
        let names: Vec<String> = names.collect();
        if names.is_empty() { t!(self.lang, "field-whole") } else { names.join(" › ") }
    }

    /// A field of a thing or line: a fact or control by its own name.
    fn ledger_field(&self, name: &str) -> String {
        if let Ok(fact) = name.parse::<Fact>() {
            return fact_label(self.lang, fact);
        }
        if let Ok(control) = name.parse::<Control>() {
            return control_label(self.lang, control);
        }
        named(self.lang, &FIELDS, name).unwrap_or_else(|| name.to_owned())
    }

    fn value(&self, entry: &LogEntry, one: &Difference, value: &Value) -> String {
        let text = match value {
            Value::Bool(true) => return t!(self.lang, "value-true"),
            Value::Bool(false) => return t!(self.lang, "value-false"),
            Value::String(text) => text,
            other => return other.to_string(),
        };
        if let Ok(day) = text.parse::<chrono::NaiveDate>() {
            return date_text(self.lang, day);
        }
        if let Some(name) = text.parse().ok().and_then(|id| self.people.get(&id)) {
            return name.clone();
        }
        let last = one.path.last().map(String::as_str).unwrap_or_default();
        match (entry.object_kind.as_str(), last, text.as_str()) {
            (_, "role", code) => match code.parse::<Role>() {
                Ok(role) => role_text(self.lang, role),
                Err(_) => text.clone(),
            },
            ("checklist_row", "kind", "yes") => t!(self.lang, "mark-yes"),
            ("checklist_row", "kind", "no") => t!(self.lang, "mark-no"),
            ("checklist_row", "kind", "not_sure") => t!(self.lang, "mark-not-sure"),
            ("checklist_row", "kind", "not_applicable") => t!(self.lang, "mark-not-applicable"),
            ("asset" | "connection" | "ledger", _, "present") => state_text(self.lang, State::Present),
            ("asset" | "connection" | "ledger", _, "absent") => state_text(self.lang, State::Absent),
            ("asset" | "connection" | "ledger", _, "yes") => t!(self.lang, "value-true"),
            ("asset" | "connection" | "ledger", _, "no") => t!(self.lang, "value-false"),
            ("stock_take_line", "outcome", "found") => t!(self.lang, "outcome-found"),
            ("stock_take_line", "outcome", "different") => t!(self.lang, "outcome-different"),
            ("stock_take_line", "outcome", "not_found") => t!(self.lang, "outcome-not-found"),
            ("stock_take_line", "outcome", "not_checked") => t!(self.lang, "outcome-not-checked"),
            ("link", "purpose", "letter_reply") => t!(self.lang, "value-letter-reply"),
            ("link", "purpose", "near_miss_report") => t!(self.lang, "value-near-miss-report"),
            ("official_form", _, "-") => t!(self.lang, "value-unused"),
            ("official_form", ..) => self.item(text).unwrap_or_else(|| text.clone()),
            _ => text.clone(),
        }
    }
}

/// The name that a state bears.
fn name_in(state: &str) -> Option<String> {
    let value: Value = serde_json::from_str(state).ok()?;
    let names = ["/name", "/institution/name", "/file_name", "/title"];
    names.iter().find_map(|at| value.pointer(at)?.as_str()).filter(|name| !name.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_message_in_every_language() {
        for lang in Lang::ALL {
            for (name, key) in KINDS
                .iter()
                .chain(&ACTIONS)
                .chain(&CONNECTED)
                .chain(&INVITATIONS)
                .chain(&SHARED_PLACES)
                .chain(&STOCK_TAKES)
                .chain(&NEAR_MISSES)
                .chain(&INCIDENTS)
                .chain(&ESCALATIONS)
                .chain(&LINKS)
                .chain(&SIGN_IN)
                .chain(&FIELDS)
            {
                let text = tongue(lang).get(key);
                assert!(!text.contains("No localization"), "{name} {key} {lang}: {text}");
            }
        }
        assert_eq!(action(Lang::Ja, "something_new"), "something_new");
    }

    #[test]
    fn an_entry_reads_as_a_sentence() {
        let catalog = Catalog::embedded().unwrap();
        let person = PersonId(komainu_db::uuid::Uuid::nil());
        let people = BTreeMap::from([(person, "事務長".to_owned())]);
        let reader = Reader { lang: Lang::Ja, catalog: &catalog, rounds: &[], people: &people };
        let entry = LogEntry {
            seq: 1,
            at: chrono::DateTime::UNIX_EPOCH,
            person_name: String::new(),
            place_name: String::new(),
            link_name: String::new(),
            action: "answer_set".to_owned(),
            object_kind: "checklist_row".to_owned(),
            object_id: "018f/two-factor".to_owned(),
            before: r#"{"kind":"no","checked":["2026-05-01"],"note":""}"#.to_owned(),
            after: format!(r#"{{"kind":"yes","checked":["2026-06-15"],"note":"","assigned":"{person}"}}"#),
        };
        assert_eq!(reader.object(&entry), "チェックリストの項目「二要素認証」");
        let changes = reader.changes(&entry);
        let line =
            |name: &str, before: &str, after: &str| (name.to_owned(), before.to_owned(), after.to_owned());
        assert!(changes.contains(&line("答え", "いいえ", "はい")), "{changes:?}");
        assert!(changes.contains(&line("確認日 › 1", "令和8年5月1日", "令和8年6月15日")), "{changes:?}");
        assert!(changes.contains(&line("assigned", "（なし）", "事務長")), "{changes:?}");
    }
}
