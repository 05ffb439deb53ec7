//! Tokens for other programs: one's own at `/account/tokens`, those of the organisation's services at `/people/services`.

use super::forms;
use crate::actions::{self, Made, NewToken, TokenLife};
use crate::factors::pages::asks_proof;
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use komainu_access::{Permission, Token, TokenId};
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Section, Shell, date_text,
    moment_text, page, page_with_status, redirect, with_flash,
};

/// Whose tokens a page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Own,
    Services,
}

impl Whose {
    const fn href(self) -> &'static str {
        match self {
            Whose::Own => "/account/tokens",
            Whose::Services => "/people/services",
        }
    }

    fn title(self, lang: Lang) -> String {
        match self {
            Whose::Own => t!(lang, "tokens-title"),
            Whose::Services => t!(lang, "services-title"),
        }
    }

    fn lead(self, lang: Lang, organisation: &str) -> String {
        match self {
            Whose::Own => t!(lang, "tokens-lead", organisation = organisation),
            Whose::Services => t!(lang, "services-lead", organisation = organisation),
        }
    }

    fn above(self, lang: Lang) -> Crumb {
        match self {
            Whose::Own => Crumb { href: "/account".to_owned(), label: t!(lang, "account-title") },
            Whose::Services => Crumb { href: "/people".to_owned(), label: t!(lang, "people-title") },
        }
    }

    fn shell(self, member: &Member, title: &str) -> Shell {
        let section = if self == Whose::Own { Section::Nowhere } else { Section::People };
        // The page also answers to forms that went elsewhere.
        Shell { path: self.href().to_owned(), ..member.shell(title, section) }
    }

    fn choice(self, member: &Member) -> Vec<Permission> {
        match self {
            Whose::Own => actions::own_choice(&member.scope),
            Whose::Services => actions::service_choice(),
        }
    }
}

struct Row {
    id: String,
    name: String,
    permissions: Vec<String>,
    expires: String,
    expired: bool,
    used: String,
}

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    page: Shell,
    crumbs: Vec<Crumb>,
    lead: String,
    action: &'static str,
    rows: Vec<Row>,
    errors: FieldErrors,
    token_name: String,
    permissions: Vec<Choice>,
    lives: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "token_made.html")]
struct MadePage {
    page: Shell,
    secret: String,
    back: &'static str,
    facts: Vec<String>,
}

/// `GET /account/tokens`
pub async fn tokens(member: Member) -> Outcome {
    listed(&member, Whose::Own).await
}

/// `POST /account/tokens`: answers with the page that holds the token, as it is known only now.
pub async fn token_create(member: Member, form: Form) -> Outcome {
    create(&member, Whose::Own, &form).await
}

/// `POST /account/tokens/end`
pub async fn token_end(member: Member, form: Form) -> Outcome {
    end(&member, Whose::Own, &form).await
}

/// `GET /people/services`
pub async fn services(member: Member) -> Outcome {
    listed(&member, Whose::Services).await
}

/// `POST /people/services`: answers with the page that holds the token, as it is known only now.
pub async fn service_create(member: Member, form: Form) -> Outcome {
    create(&member, Whose::Services, &form).await
}

/// `POST /people/services/end`
pub async fn service_end(member: Member, form: Form) -> Outcome {
    end(&member, Whose::Services, &form).await
}

async fn listed(member: &Member, whose: Whose) -> Outcome {
    match asks_proof(member.visit(), &member.session) {
        Some(elsewhere) => Ok(elsewhere),
        None => shown(member, whose, &Form::default(), FieldErrors::default()).await,
    }
}

async fn shown(member: &Member, whose: Whose, form: &Form, errors: FieldErrors) -> Outcome {
    let (lang, now, scope) = (member.lang, member.app.nature.now(), member.scope.clone());
    let rows = member
        .read(move |tx| match whose {
            Whose::Own => actions::tokens(tx, &scope),
            Whose::Services => actions::services(tx, &scope),
        })
        .await?;
    let row = |token: Token| Row {
        id: token.id.to_string(),
        permissions: permission_texts(lang, &token),
        expires: day(lang, token.expires_at),
        expired: token.expires_at <= now,
        used: token.used_at.map_or_else(|| t!(lang, "token-unused"), |used| moment_text(lang, used)),
        name: token.name,
    };
    let chosen: Vec<&str> = form.all("permission").collect();
    let choice = |permission: &Permission| {
        Choice::new(permission.code(), permission_text(lang, *permission))
            .chosen(chosen.contains(&permission.code()))
    };
    let life = form.parse("life").unwrap_or(90);
    let offered = whose.choice(member);
    let page = TokensPage {
        page: whose.shell(member, &whose.title(lang)),
        crumbs: vec![whose.above(lang)],
        lead: whose.lead(lang, &member.organisation_name),
        action: whose.href(),
        rows: rows.into_iter().map(row).collect(),
        token_name: form.text("name").to_owned(),
        permissions: offered.iter().filter(|one| **one != Permission::OrganisationSee).map(choice).collect(),
        lives: TokenLife::OFFERED
            .iter()
            .map(|days| {
                Choice::new(days.to_string(), t!(lang, "token-days", days = days.to_string()))
                    .chosen(*days == life)
            })
            .collect(),
        errors,
    };
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(status, &page)
}

async fn create(member: &Member, whose: Whose, form: &Form) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let name = forms::read_line(lang, form, "name", true, &mut errors);
    let permissions: Vec<Permission> = form.all("permission").filter_map(|code| code.parse().ok()).collect();
    if permissions.is_empty() {
        errors.add("permission", t!(lang, "token-permission-fault"));
    }
    let life = form.parse("life").and_then(TokenLife::days);
    if life.is_none() {
        errors.add("life", t!(lang, "token-life-fault"));
    }
    let (Some(life), true) = (life, errors.is_empty()) else {
        return shown(member, whose, form, errors).await;
    };
    let (nature, scope, session) = (member.app.nature.clone(), member.scope.clone(), member.session.clone());
    let new = NewToken { name, permissions, life };
    let made = member.write(move |tx| match whose {
        Whose::Own => actions::token_make(tx, &nature, (&session, &scope), &new),
        Whose::Services => actions::service_make(tx, &nature, (&session, &scope), &new),
    });
    page(&made_page(member, whose, &made.await?))
}

fn made_page(member: &Member, whose: Whose, made: &Made) -> MadePage {
    let lang = member.lang;
    let mut facts = vec![
        made.token.name.clone(),
        member.organisation_name.clone(),
        t!(lang, "token-until", until = day(lang, made.token.expires_at)),
    ];
    facts.extend(permission_texts(lang, &made.token));
    MadePage {
        page: whose.shell(member, &t!(lang, "token-made-title")),
        secret: made.secret.text(),
        back: whose.href(),
        facts,
    }
}

async fn end(member: &Member, whose: Whose, form: &Form) -> Outcome {
    let id: TokenId = form.parse("token").ok_or(Failure::NotFound)?;
    let (nature, scope) = (member.app.nature.clone(), member.scope.clone());
    member
        .write(move |tx| match whose {
            Whose::Own => actions::token_revoke(tx, &nature, &scope, id),
            Whose::Services => actions::service_revoke(tx, &nature, &scope, id),
        })
        .await?;
    let response: Response = redirect(whose.href());
    Ok(with_flash(&member.app, response, NoticeKind::Success, &t!(member.lang, "token-ended")))
}

fn day(lang: Lang, moment: chrono::DateTime<chrono::Utc>) -> String {
    date_text(lang, komainu_clock::in_japan(moment).date_naive())
}

fn permission_texts(lang: Lang, token: &Token) -> Vec<String> {
    token.permissions.iter().map(|permission| permission_text(lang, permission)).collect()
}

/// What a permission allows.
fn permission_text(lang: Lang, permission: Permission) -> String {
    match permission {
        Permission::OrganisationSee => t!(lang, "permission-organisation-see"),
        Permission::AccountManage => t!(lang, "permission-account-manage"),
        Permission::InstitutionEdit => t!(lang, "permission-institution-edit"),
        Permission::MembersManage => t!(lang, "permission-members-manage"),
        Permission::LogRead => t!(lang, "permission-log-read"),
        Permission::ChecklistRead => t!(lang, "permission-checklist-read"),
        Permission::ChecklistAnswer => t!(lang, "permission-checklist-answer"),
        Permission::ChecklistAnswerAssigned => t!(lang, "permission-checklist-answer-assigned"),
        Permission::ChecklistAssign => t!(lang, "permission-checklist-assign"),
        Permission::RoundManage => t!(lang, "permission-round-manage"),
        Permission::EvidenceRead => t!(lang, "permission-evidence-read"),
        Permission::OfficialFormManage => t!(lang, "permission-official-form-manage"),
        Permission::PlanRead => t!(lang, "permission-plan-read"),
        Permission::PlanSeeOwn => t!(lang, "permission-plan-see-own"),
        Permission::LedgerRead => t!(lang, "permission-ledger-read"),
        Permission::LedgerEdit => t!(lang, "permission-ledger-edit"),
        Permission::PackMake => t!(lang, "permission-pack-make"),
        Permission::HistoryRead => t!(lang, "permission-history-read"),
        Permission::LinksManage => t!(lang, "permission-links-manage"),
        Permission::WebhooksManage => t!(lang, "permission-webhooks-manage"),
        Permission::NearMissReport => t!(lang, "permission-near-miss-report"),
        Permission::NearMissHandle => t!(lang, "permission-near-miss-handle"),
        Permission::EscalationRun => t!(lang, "permission-escalation-run"),
        Permission::IncidentSee => t!(lang, "permission-incident-see"),
        Permission::IncidentLead => t!(lang, "permission-incident-lead"),
        Permission::InstallationSee => t!(lang, "permission-installation-see"),
        Permission::InstallationManage => t!(lang, "permission-installation-manage"),
    }
}
