//! Members of the organisation, and invitations to it.

use super::forms;
use super::slip::{SlipPage, SlipText, SlipWords, slip};
use crate::actions::{self, InviteRefusal, Invited, MemberChange, MemberRefusal, NewInvitation};
use crate::factors::actions::{Demand, demand};
use crate::factors::pages::{DemandPart, kinds_text};
use crate::letter;
use crate::model::{Email, Invitation, InvitationId, Membership};
use crate::rescue::actions::rescues;
use crate::rescue::pages::RescueRow;
use crate::rules::Loss;
use crate::t;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use komainu_access::{PersonId, Role};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, date_text,
    moment_text, page, page_with_status, redirect, role_text, with_flash,
};
use std::str::FromStr;

struct MemberRow {
    href: String,
    name: String,
    name_kana: String,
    title: String,
    role: String,
    since: String,
    own: bool,
    disabled: bool,
    /// The kinds of second factor, and whether there is any.
    factors: (String, bool),
}

struct InvitationRow {
    href: String,
    name: String,
    role: String,
    inviter: String,
    expires: String,
    expired: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    page: Shell,
    members: Vec<MemberRow>,
    demand: DemandPart,
    rescues: Vec<RescueRow>,
    invitations: Vec<InvitationRow>,
}

/// What a part of the path names.
pub(crate) fn named<T: FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

fn day(lang: Lang, moment: chrono::DateTime<chrono::Utc>) -> String {
    date_text(lang, komainu_clock::in_japan(moment).date_naive())
}

/// `GET /people`
pub async fn people(member: Member) -> Outcome {
    let (lang, now, scope) = (member.lang, member.app.nature.now(), member.scope.clone());
    let known = member.read(move |tx| {
        let people = (actions::members(tx, &scope)?, demand(tx, &scope)?);
        Ok((people, rescues(tx, &scope, now)?, actions::invitations(tx, &scope)?))
    });
    let ((members, demand), rescues, invitations): ((Vec<Membership>, Demand), _, Vec<Invitation>) =
        known.await?;
    let kinds = |person| demand.kinds.get(&person).copied().unwrap_or_default();
    let part = DemandPart::of(lang, &demand, member.scope.person());
    let members = members.into_iter().map(|row| MemberRow {
        href: format!("/people/members/{}", row.person),
        own: row.person == member.scope.person(),
        name: row.name,
        name_kana: row.name_kana,
        title: row.title,
        role: role_text(lang, row.role),
        since: day(lang, row.since),
        disabled: row.disabled,
        factors: (kinds_text(lang, kinds(row.person)), kinds(row.person).any()),
    });
    let invitations = invitations.into_iter().map(|row| InvitationRow {
        href: format!("/people/invitations/{}", row.id),
        name: row.name,
        role: role_text(lang, row.role),
        inviter: row.inviter,
        expires: moment_text(lang, row.expires_at),
        expired: row.expires_at <= now,
    });
    page(&PeoplePage {
        page: member.shell(&t!(lang, "people-title"), Section::People),
        members: members.collect(),
        demand: part,
        rescues: rescues.iter().map(|rescue| RescueRow::of(lang, rescue)).collect(),
        invitations: invitations.collect(),
    })
}

/// Back to the list, with a word about what happened.
fn done(member: &Member, kind: NoticeKind, text: &str) -> Response {
    with_flash(&member.app, redirect("/people"), kind, text)
}

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    page: Shell,
    errors: FieldErrors,
    id: String,
    invitee: String,
    title: String,
    roles: Vec<Choice>,
    /// Where the link is to be sent; none where mail is switched off.
    email: Option<String>,
}

/// `GET /people/invite`
pub async fn invite(member: Member) -> Outcome {
    let id = InvitationId(member.app.nature.id());
    page(&invite_page(&member, id, &Form::default(), FieldErrors::default()))
}

fn invite_page(member: &Member, id: InvitationId, form: &Form, errors: FieldErrors) -> InvitePage {
    InvitePage {
        page: member.shell(&t!(member.lang, "invite-title"), Section::People),
        errors,
        id: id.to_string(),
        invitee: form.text("name").to_owned(),
        title: form.text("title").to_owned(),
        roles: forms::role_choices(member.lang, form.parse("role")),
        email: member.app.settings.mail.as_ref().map(|_| form.text("email").to_owned()),
    }
}

/// `POST /people/invite`: answers with the page that holds the link, as the link is known only now.
pub async fn invite_submit(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let id = form.parse("id").unwrap_or_else(|| InvitationId(member.app.nature.id()));
    let name = forms::read_line(lang, &form, "name", true, &mut errors);
    let title = forms::read_line(lang, &form, "title", false, &mut errors);
    let role = form.parse::<Role>("role").filter(|role| Role::INSTITUTION.contains(role));
    if role.is_none() {
        errors.add("role", t!(lang, "role-fault"));
    }
    let email = form.parse::<Email>("email");
    if email.is_none() && !form.text("email").is_empty() {
        errors.add("email", t!(lang, "email-fault"));
    }
    let (Some(role), true) = (role, errors.is_empty()) else {
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &invite_page(&member, id, &form, errors));
    };
    let new = NewInvitation { id, name, role, title };
    let (inviter, to) = (member.clone(), email.clone());
    let invited = member.write(move |tx| {
        let invited = actions::member_invite(tx, &inviter.app.nature, &inviter.scope, &new)?;
        if let Some(to) = to {
            mail(tx, &inviter, &invited, &to)?;
        }
        Ok::<_, Refused<InviteRefusal>>(invited)
    });
    match invited.await {
        Ok(invited) => {
            let mailed = email.filter(|_| member.app.settings.mail.is_some());
            let mailed = mailed.map(|email| email.shown().to_owned());
            page(&invitation_slip(&member, &invited).mailed_to(mailed))
        }
        Err(Refused::Because(InviteRefusal::SentBefore)) => {
            Ok(done(&member, NoticeKind::Warning, &t!(lang, "invite-sent-before")))
        }
        Err(Refused::Because(InviteRefusal::WrongRole)) => Err(Failure::Malformed("no such role".to_owned())),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// The path of the invitation's link.
fn path(invited: &Invited) -> String {
    format!("/invitation/{}", invited.token.text())
}

/// Puts the link into the queue of mails as well, where mail is switched on. The address is kept no longer than that.
fn mail(tx: &mut Tx<'_>, member: &Member, invited: &Invited, to: &Email) -> Result<(), Failure> {
    let Some(queue) = &member.app.settings.mail else { return Ok(()) };
    let link = format!("{}{}", member.app.settings.public_url, path(invited));
    let mail = letter::invitation(member.lang, to, &member.organisation_name, &invited.invitation, &link);
    let mail = mail.map_err(|error| Failure::Malformed(error.to_string()))?;
    Ok(queue.post(tx, &member.app.nature, &member.scope, &mail, "")?)
}

fn invitation_slip(member: &Member, invited: &Invited) -> SlipPage {
    let lang = member.lang;
    let (invitation, organisation) = (&invited.invitation, member.organisation_name.as_str());
    let text = |lang: Lang| SlipText {
        tag: lang.tag(),
        title: t!(lang, "slip-title", organisation = organisation),
        facts: vec![
            t!(lang, "slip-for", name = invitation.name.as_str()),
            t!(lang, "slip-role", role = role_text(lang, invitation.role)),
            t!(lang, "slip-until", until = moment_text(lang, invitation.expires_at)),
        ],
        steps: [t!(lang, "slip-step-open"), t!(lang, "slip-step-fill"), t!(lang, "slip-step-destroy")],
        warning: t!(lang, "slip-warning"),
    };
    let words = SlipWords {
        title: t!(lang, "invited-title"),
        lead: t!(lang, "invited-lead", name = invitation.name.as_str()),
        once: t!(lang, "invited-once-do"),
        texts: Lang::ALL.map(text).to_vec(),
    };
    slip(member, &path(invited), words)
}

/// `POST /people/invitations/{id}/renew`
pub async fn invitation_renew(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let id: InvitationId = named(&id)?;
    let (nature, scope) = (member.app.nature.clone(), member.scope.clone());
    let invited = member.write(move |tx| actions::invitation_renew(tx, &nature, &scope, id)).await?;
    page(&invitation_slip(&member, &invited))
}

/// `POST /people/invitations/{id}/revoke`
pub async fn invitation_revoke(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let id: InvitationId = named(&id)?;
    let (nature, scope) = (member.app.nature.clone(), member.scope.clone());
    member.write(move |tx| actions::invitation_revoke(tx, &nature, &scope, id)).await?;
    Ok(done(&member, NoticeKind::Success, &t!(member.lang, "invitation-revoked")))
}

#[derive(Template)]
#[template(path = "member.html")]
struct MemberPage {
    page: Shell,
    errors: FieldErrors,
    href: String,
    member: Membership,
    since: String,
    title: String,
    roles: Vec<Choice>,
    own: bool,
    asks_word: bool,
    /// How it is now, where someone else was first.
    theirs: Option<(String, String)>,
}

fn member_page(
    asker: &Member,
    member: Membership,
    title: String,
    role: Role,
    errors: FieldErrors,
) -> MemberPage {
    let lang = asker.lang;
    MemberPage {
        page: asker.shell(&t!(lang, "member-title", name = member.name.as_str()), Section::People),
        errors,
        href: format!("/people/members/{}", member.person),
        since: day(lang, member.since),
        title,
        roles: forms::role_choices(lang, Some(role)),
        own: member.person == asker.scope.person(),
        asks_word: false,
        theirs: None,
        member,
    }
}

async fn find(member: &Member, person: PersonId) -> Result<Membership, Failure> {
    let scope = member.scope.clone();
    member.read(move |tx| actions::member_get(tx, &scope, person)).await
}

/// `GET /people/members/{person}`
pub async fn member(asker: Member, Path(person): Path<String>) -> Outcome {
    let person: PersonId = named(&person)?;
    let found = find(&asker, person).await?;
    let (title, role) = (found.title.clone(), found.role);
    page(&member_page(&asker, found, title, role, FieldErrors::default()))
}

/// `POST /people/members/{person}`
pub async fn member_save(asker: Member, Path(person): Path<String>, form: Form) -> Outcome {
    let person: PersonId = named(&person)?;
    let lang = asker.lang;
    let mut errors = FieldErrors::default();
    let mut found = find(&asker, person).await?;
    let role = form.parse::<Role>("role");
    if role.is_none() {
        errors.add("role", t!(lang, "role-fault"));
    }
    let title = forms::read_line(lang, &form, "title", false, &mut errors);
    let typed = form.text("title").to_owned();
    let (Some(role), true) = (role, errors.is_empty()) else {
        let role = role.unwrap_or(found.role);
        let shown = member_page(&asker, found, typed, role, errors);
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let change = MemberChange {
        role,
        title,
        version: form.parse("version").unwrap_or_default(),
        meant: form.has("meant"),
    };
    let (nature, scope) = (asker.app.nature.clone(), asker.scope.clone());
    let changed = asker.write(move |tx| actions::member_change(tx, &nature, &scope, person, &change)).await;
    let (mut asks_word, mut theirs, mut status) = (false, None, StatusCode::UNPROCESSABLE_ENTITY);
    match changed {
        Ok(()) => {
            let text = t!(lang, "member-saved", name = found.name.as_str());
            // Who gave the right away cannot see the list any more.
            let gave_away = person == asker.scope.person() && !crate::rules::manages(role);
            let to = if gave_away { "/" } else { "/people" };
            return Ok(with_flash(&asker.app, redirect(to), NoticeKind::Success, &text));
        }
        Err(Refused::Because(MemberRefusal::Loss(Loss::LastManager))) => {
            errors.add("role", t!(lang, "member-last"));
        }
        Err(Refused::Because(MemberRefusal::Loss(Loss::NeedsOwnWord))) => {
            errors.add("meant", t!(lang, "member-own-word"));
            asks_word = true;
        }
        Err(Refused::Because(MemberRefusal::Stale(now))) => {
            status = StatusCode::CONFLICT;
            theirs = Some((role_text(lang, now.role), now.title.clone()));
            found = *now;
        }
        Err(Refused::Because(MemberRefusal::WrongRole)) => errors.add("role", t!(lang, "role-fault")),
        Err(Refused::Failed(failure)) => return Err(failure),
    }
    let shown = MemberPage { asks_word, theirs, ..member_page(&asker, found, typed, role, errors) };
    page_with_status(status, &shown)
}

#[derive(Template)]
#[template(path = "member_end.html")]
struct MemberEndPage {
    page: Shell,
    errors: FieldErrors,
    href: String,
    organisation: String,
    own: bool,
}

fn end_page(asker: &Member, found: &Membership, errors: FieldErrors) -> MemberEndPage {
    MemberEndPage {
        page: asker.shell(&t!(asker.lang, "member-end-title", name = found.name.as_str()), Section::People),
        errors,
        href: format!("/people/members/{}", found.person),
        organisation: asker.organisation_name.clone(),
        own: found.person == asker.scope.person(),
    }
}

/// `GET /people/members/{person}/end`: says what it means before it is done.
pub async fn member_end(asker: Member, Path(person): Path<String>) -> Outcome {
    let person: PersonId = named(&person)?;
    let found = find(&asker, person).await?;
    page(&end_page(&asker, &found, FieldErrors::default()))
}

/// `POST /people/members/{person}/end`
pub async fn member_end_submit(asker: Member, Path(person): Path<String>, form: Form) -> Outcome {
    let person: PersonId = named(&person)?;
    let lang = asker.lang;
    let found = find(&asker, person).await?;
    let (nature, scope, meant) = (asker.app.nature.clone(), asker.scope.clone(), form.has("meant"));
    let message = match asker.write(move |tx| actions::member_end(tx, &nature, &scope, person, meant)).await {
        Ok(()) => {
            let text = t!(lang, "member-ended", name = found.name.as_str());
            let to = if person == asker.scope.person() { "/organisations" } else { "/people" };
            return Ok(with_flash(&asker.app, redirect(to), NoticeKind::Success, &text));
        }
        Err(Refused::Because(MemberRefusal::Loss(Loss::LastManager))) => t!(lang, "member-last"),
        Err(Refused::Because(MemberRefusal::Loss(Loss::NeedsOwnWord))) => t!(lang, "member-own-word"),
        Err(Refused::Because(_)) => return Err(Failure::Stale),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let mut errors = FieldErrors::default();
    errors.add("meant", message);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &end_page(&asker, &found, errors))
}
