//! The caller's own account and sessions, members and invitations over the API.

use crate::actions::{self, InviteRefusal, Invited, MemberChange, MemberRefusal, NewInvitation, Profile};
use crate::model::{Invitation, InvitationId, Membership, Person};
use crate::pages::{device_text, read_line, read_name};
use crate::rules::Loss;
use crate::t;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Permission, PersonId, Role, Session, SessionId, Sessions};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::api::{Caller, IfMatch, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What the token is, and what it leads to.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenShown {
    /// What it is for, in its maker's words.
    name: String,
    /// Whether it is a service's; otherwise it is a member's own.
    service: bool,
    /// Under whom its changes are written.
    person: PersonId,
    /// That person's, or the service's, name.
    person_name: String,
    organisation: OrganisationId,
    /// The role there at this moment; `service` for a service.
    #[schema(value_type = String)]
    role: Role,
    /// What it may do at this moment.
    permissions: Vec<&'static str>,
    expires_at: DateTime<Utc>,
}

/// The caller's own account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    id: PersonId,
    name: String,
    /// The name's reading; may be empty.
    name_kana: String,
    email: String,
    /// `ja`, `en` or `zh`.
    #[schema(value_type = String)]
    language: Lang,
    created_at: DateTime<Utc>,
}

/// What is sent about the account.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountBody {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[serde(default)]
    #[schema(max_length = 100)]
    name_kana: String,
    /// `ja`, `en` or `zh`.
    #[schema(value_type = String, pattern = "^(ja|en|zh)$")]
    language: Lang,
}

/// An organisation that the caller belongs to. A token works in one of them only.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    id: OrganisationId,
    name: String,
    #[schema(value_type = String)]
    role: Role,
    /// Whether it is this token's.
    current: bool,
}

/// The organisations that the caller belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Places {
    items: Vec<Place>,
}

/// A browser that the caller is signed in with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionShown {
    id: SessionId,
    /// What the browser says it is.
    device: String,
    created_at: DateTime<Utc>,
    /// The last use, to a few minutes.
    seen_at: DateTime<Utc>,
}

/// The browsers that the caller is signed in with.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    items: Vec<SessionShown>,
}

/// A member of the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberShown {
    id: PersonId,
    name: String,
    /// The name's reading; may be empty.
    name_kana: String,
    #[schema(value_type = String)]
    role: Role,
    /// The job as this house calls it; may be empty.
    title: String,
    since: DateTime<Utc>,
    /// Whether the account was closed by whoever runs the installation.
    disabled: bool,
    version: i64,
}

/// What a member becomes.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberBody {
    /// `director`, `safety_manager`, `system_operator`, `staff` or `inspector`.
    #[schema(value_type = String, pattern = "^(director|safety_manager|system_operator|staff|inspector)$")]
    role: Role,
    #[serde(default)]
    #[schema(max_length = 100)]
    title: String,
    /// Needed to give away one's own right to manage members.
    #[serde(default)]
    meant: bool,
}

/// Whether it is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Meant {
    /// Needed to leave oneself.
    #[serde(default)]
    meant: bool,
}

/// An invitation that nobody has used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationShown {
    id: InvitationId,
    /// For whom, as the inviter wrote it.
    name: String,
    #[schema(value_type = String)]
    role: Role,
    title: String,
    /// Who invited.
    inviter: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// An invitation with its link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invited)]
pub struct InvitedShown {
    invitation: InvitationShown,
    /// Works once. It is told now and never again.
    link: String,
}

/// The invitations that nobody has used.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitations {
    items: Vec<InvitationShown>,
}

/// Who is invited, as what.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationBody {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// `director`, `safety_manager`, `system_operator`, `staff` or `inspector`.
    #[schema(value_type = String, pattern = "^(director|safety_manager|system_operator|staff|inspector)$")]
    role: Role,
    #[serde(default)]
    #[schema(max_length = 100)]
    title: String,
}

impl Resource for TokenShown {}
impl Resource for Account {}
impl Resource for Places {}
impl Resource for SessionList {}
impl Resource for Invitations {}

impl Resource for InvitedShown {
    fn place(&self) -> String {
        format!("/invitations/{}", self.invitation.id)
    }
}

impl Resource for InvitationShown {}

impl Resource for MemberShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl From<Person> for Account {
    fn from(person: Person) -> Self {
        Account {
            id: person.id,
            name: person.name,
            name_kana: person.name_kana,
            email: person.email,
            language: person.lang,
            created_at: person.created_at,
        }
    }
}

impl From<Membership> for MemberShown {
    fn from(member: Membership) -> Self {
        MemberShown {
            id: member.person,
            name: member.name,
            name_kana: member.name_kana,
            role: member.role,
            title: member.title,
            since: member.since,
            disabled: member.disabled,
            version: member.version,
        }
    }
}

impl From<Invitation> for InvitationShown {
    fn from(invitation: Invitation) -> Self {
        InvitationShown {
            id: invitation.id,
            name: invitation.name,
            role: invitation.role,
            title: invitation.title,
            inviter: invitation.inviter,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
        }
    }
}

fn invited(at: &Caller, invited: Invited) -> InvitedShown {
    let link = format!("{}/invitation/{}", at.app.settings.public_url, invited.token.text());
    InvitedShown { invitation: invited.invitation.into(), link }
}

/// What this token is, and what it may do
#[utoipa::path(get, path = "/token", responses((status = 200, body = TokenShown)))]
pub async fn token_get(caller: Caller) -> Outcome {
    caller
        .show(|_, at| {
            let may = Permission::ALL.into_iter().filter(|permission| at.scope.may(*permission));
            Ok(TokenShown {
                name: at.token.name.clone(),
                service: at.token.holder.is_service(),
                person: at.scope.person(),
                person_name: at.scope.person_name().to_owned(),
                organisation: at.scope.organisation(),
                role: at.scope.role(),
                permissions: may.map(Permission::code).collect(),
                expires_at: at.token.expires_at,
            })
        })
        .await
}

/// One's own account
#[utoipa::path(get, path = "/account", responses((status = 200, body = Account)))]
pub async fn account_get(caller: Caller) -> Outcome {
    caller.show(|tx, at| actions::account(tx, at.scope.person()).map(Account::from)).await
}

/// Change one's own name and language
#[utoipa::path(put, path = "/account", request_body = AccountBody, responses((status = 200, body = Account)))]
pub async fn account_change(caller: Caller, Json(body): Json<AccountBody>) -> Outcome {
    let mut faults = FieldErrors::default();
    let (name, name_kana) = read_name(caller.lang, &Form::of(&body)?, &mut faults);
    faults.into_result()?;
    let profile = Profile { name, name_kana, lang: body.language };
    caller
        .change(move |tx, at| {
            actions::account_change(tx, &at.app.nature, at.scope.person(), &profile)?;
            actions::account(tx, at.scope.person()).map(Account::from)
        })
        .await
}

/// The organisations one belongs to
#[utoipa::path(get, path = "/organisations", responses((status = 200, body = Places)))]
pub async fn organisations(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let own = at.scope.organisation();
            let place = |(id, name, role)| Place { id, name, role, current: id == own };
            let places = Sessions::places(tx, at.scope.person())?;
            Ok(Places { items: places.into_iter().map(place).collect() })
        })
        .await
}

/// The browsers one is signed in with
#[utoipa::path(get, path = "/sessions", responses((status = 200, body = SessionList)))]
pub async fn sessions(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let shown = |session: Session| SessionShown {
                id: session.id,
                device: device_text(at.lang, &session.user_agent),
                created_at: session.created_at,
                seen_at: session.seen_at,
            };
            let sessions = Sessions::of(tx, at.scope.person(), at.app.nature.now())?;
            Ok(SessionList { items: sessions.into_iter().map(shown).collect() })
        })
        .await
}

/// Sign a browser out
#[utoipa::path(delete, path = "/sessions/{id}", params(SessionId), responses((status = 204)))]
pub async fn session_end(caller: Caller, Path(id): Path<SessionId>) -> Outcome {
    caller
        .remove(move |tx, at| {
            let ended = Sessions::end(tx, at.scope.person(), id)?;
            if ended { Ok(()) } else { Err(Failure::NotFound) }
        })
        .await
}

/// Sign every browser out
#[utoipa::path(delete, path = "/sessions", responses((status = 204)))]
pub async fn sessions_end(caller: Caller) -> Outcome {
    caller.remove(|tx, at| Ok(Sessions::end_others(tx, at.scope.person(), None).map(drop)?)).await
}

/// The members, in the order of their ids
#[utoipa::path(get, path = "/members", params(Paging), responses((status = 200, body = Page<MemberShown>)))]
pub async fn members(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |member: &MemberShown| member.id;
    caller
        .list(&paging, key, move |tx, at, part| {
            let mut members = actions::members(tx, &at.scope)?;
            members.sort_by_key(|member| member.person);
            Ok(part.of(members.into_iter().map(MemberShown::from).collect(), key))
        })
        .await
}

/// One member
#[utoipa::path(get, path = "/members/{id}", params(PersonId), responses((status = 200, body = MemberShown)))]
pub async fn member_get(caller: Caller, Path(id): Path<PersonId>) -> Outcome {
    caller.show(move |tx, at| member(tx, at, id)).await
}

fn member(tx: &mut Tx<'_>, at: &Caller, id: PersonId) -> Result<MemberShown, Failure> {
    actions::member_get(tx, &at.scope, id).map(MemberShown::from)
}

fn kept(at: &Caller, refusal: MemberRefusal) -> Failure {
    match refusal {
        MemberRefusal::Loss(Loss::LastManager) => Failure::Refused(t!(at.lang, "member-last")),
        MemberRefusal::Loss(Loss::NeedsOwnWord) => Failure::Refused(t!(at.lang, "member-own-word")),
        MemberRefusal::WrongRole => wrong_role(at),
        MemberRefusal::Stale(now) => Failure::outdated(&MemberShown::from(*now)),
    }
}

fn wrong_role(at: &Caller) -> Failure {
    let mut faults = FieldErrors::default();
    faults.add("role", t!(at.lang, "role-fault"));
    Failure::Invalid(faults)
}

/// Give a member another role or title
#[utoipa::path(put, path = "/members/{id}", params(PersonId, IfMatch), request_body = MemberBody,
    responses((status = 200, body = MemberShown)))]
pub async fn member_change(
    caller: Caller,
    Path(id): Path<PersonId>,
    IfMatch(version): IfMatch,
    Json(body): Json<MemberBody>,
) -> Outcome {
    let mut faults = FieldErrors::default();
    let title = read_line(caller.lang, &Form::of(&body)?, "title", false, &mut faults);
    faults.into_result()?;
    let change = MemberChange { role: body.role, title, version, meant: body.meant };
    caller
        .change(move |tx, at| match actions::member_change(tx, &at.app.nature, &at.scope, id, &change) {
            Ok(()) => member(tx, at, id),
            Err(Refused::Because(refusal)) => Err(kept(at, refusal)),
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

/// End a membership; the account stays
#[utoipa::path(delete, path = "/members/{id}", params(PersonId, IfMatch, Meant), responses((status = 204)))]
pub async fn member_end(
    caller: Caller,
    Path(id): Path<PersonId>,
    IfMatch(version): IfMatch,
    Query(said): Query<Meant>,
) -> Outcome {
    caller
        .remove(move |tx, at| {
            let now = member(tx, at, id)?;
            if now.version != version {
                return Err(Failure::outdated(&now));
            }
            actions::member_end(tx, &at.app.nature, &at.scope, id, said.meant).map_err(
                |refused| match refused {
                    Refused::Because(refusal) => kept(at, refusal),
                    Refused::Failed(failure) => failure,
                },
            )
        })
        .await
}

/// The invitations that nobody has used or withdrawn, newest first
#[utoipa::path(get, path = "/invitations", responses((status = 200, body = Invitations)))]
pub async fn invitations(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let invitations = actions::invitations(tx, &at.scope)?;
            Ok(Invitations { items: invitations.into_iter().map(InvitationShown::from).collect() })
        })
        .await
}

/// Invite a person: makes a link that works once
#[utoipa::path(post, path = "/invitations", request_body = InvitationBody,
    responses((status = 201, body = InvitedShown)))]
pub async fn member_invite(caller: Caller, Json(body): Json<InvitationBody>) -> Outcome {
    let (lang, form, mut faults) = (caller.lang, Form::of(&body)?, FieldErrors::default());
    let name = read_line(lang, &form, "name", true, &mut faults);
    let title = read_line(lang, &form, "title", false, &mut faults);
    faults.into_result()?;
    let new = NewInvitation { id: InvitationId(caller.app.nature.id()), name, role: body.role, title };
    caller
        .create(move |tx, at| match actions::member_invite(tx, &at.app.nature, &at.scope, &new) {
            Ok(made) => Ok(invited(at, made)),
            Err(Refused::Because(InviteRefusal::WrongRole)) => Err(wrong_role(at)),
            Err(Refused::Because(InviteRefusal::SentBefore)) => Err(Failure::Stale),
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

/// Make a new link for an invitation; the old one is dead
#[utoipa::path(post, path = "/invitations/{id}/renew", params(InvitationId),
    responses((status = 200, body = InvitedShown)))]
pub async fn invitation_renew(caller: Caller, Path(id): Path<InvitationId>) -> Outcome {
    caller
        .change(move |tx, at| {
            actions::invitation_renew(tx, &at.app.nature, &at.scope, id).map(|made| invited(at, made))
        })
        .await
}

/// Withdraw an invitation: its link is dead
#[utoipa::path(delete, path = "/invitations/{id}", params(InvitationId), responses((status = 204)))]
pub async fn invitation_revoke(caller: Caller, Path(id): Path<InvitationId>) -> Outcome {
    caller.remove(move |tx, at| actions::invitation_revoke(tx, &at.app.nature, &at.scope, id)).await
}
