//! The setup interview over the API: its steps, and what follows from the answers.

use crate::actions::{self, PeopleRefusal, SystemsRefusal};
use crate::pages::{MOST_OTHERS, POSTS};
use crate::rules::verdict;
use crate::{
    Interview, LinesAnswer, PeopleAnswer, PlaceAnswer, PostAnswer, Step, SupportAnswer, SystemsAnswer,
    VendorChoice, t,
};
use chrono::{DateTime, Utc};
use komainu_access::PersonId;
use komainu_catalog::{InstitutionKind, PieceId, SystemKindId};
use komainu_contact::{ContactId, Duty};
use komainu_db::Tx;
use komainu_institution::parts::{SHORT, beds, phone, text};
use komainu_institution::{Prefecture, Systems};
use komainu_inventory::{Hosting, SystemId};
use komainu_vendor::VendorId;
use komainu_web::api::{Caller, IfMatch, Json, OrOutdated as _, Resource};
use komainu_web::{Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Where the interview stands, and what follows from it so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct Setup {
    /// The steps that were answered: `place`, `running`, `systems`, `support`, `lines`, `people`.
    answered: Vec<&'static str>,
    /// The first step that was not; null where all were.
    open: Option<&'static str>,
    /// When the interview was finished for the first time.
    finished_at: Option<DateTime<Utc>>,
    /// The types of guideline 6.0; none while something is open.
    guideline_types: Vec<String>,
    /// Why, one sentence a fact.
    reasons: Vec<String>,
    /// Whether types and reading rest on the final text.
    confirmed: bool,
    /// What holds about version 7.0's part for institutions that entrust maintenance; null while something is open.
    maintenance_route: Option<String>,
    /// Systems that run elsewhere than the answer about the whole says.
    contradicting: Vec<String>,
    /// The institution's version.
    version: i64,
}

/// What kind of institution it is, and where.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceBody {
    /// `hospital`, `clinic`, `dental_clinic` and so on.
    kind: String,
    #[serde(default)]
    #[schema(maximum = 9999)]
    beds: u32,
    /// The prefecture's number (JIS X 0401): `01` to `47`.
    #[schema(pattern = "^[0-4][0-9]$")]
    prefecture: String,
}

/// How the systems run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunningBody {
    /// `on_premises`, `cloud`, `mixed` or `none`.
    #[schema(pattern = "^(on_premises|cloud|mixed|none)$")]
    systems: String,
}

/// Which systems there are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemsBody {
    /// The systems that were looked at; any other in the ledger is left alone.
    #[serde(default)]
    #[schema(value_type = Vec<SystemId>)]
    shown: BTreeSet<SystemId>,
    /// The kinds there are.
    #[schema(value_type = Vec<String>)]
    kinds: BTreeSet<SystemKindId>,
    /// Names of systems that no kind fits.
    #[serde(default)]
    #[schema(max_items = 50)]
    others: Vec<String>,
    /// Whether systems that were shown and are not named any more may be removed.
    #[serde(default)]
    confirmed: bool,
}

/// Who supports the systems.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportBody {
    systems: Vec<SupportedSystem>,
}

/// Who supports a system, whether from outside, and by what contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportedSystem {
    system: SystemId,
    /// Its version when it was looked at.
    version: u32,
    /// A vendor in the ledger; null where nobody does or nobody knows.
    vendor: Option<VendorId>,
    /// A company by name, instead; added to the ledger unless one of that name is there.
    #[serde(default)]
    #[schema(max_length = 100)]
    new_vendor: String,
    remote_maintenance: Option<bool>,
    updates_by_vendor: Option<bool>,
    /// Where it runs; null to leave it.
    hosting: Option<Hosting>,
}

/// What stands beside the systems, and what joins them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinesBody {
    /// Pieces of the template; none to leave it for later.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pieces: BTreeSet<PieceId>,
}

/// Who is who.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleBody {
    /// Whether somebody is there for the systems alone; null where nobody knows.
    operator_on_staff: Option<bool>,
    #[schema(max_items = 4)]
    posts: Vec<PostBody>,
}

/// Who has a duty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostBody {
    /// `director`, `safety_manager`, `system_operator` or `deputy`.
    #[schema(pattern = "^(director|safety_manager|system_operator|deputy)$")]
    duty: String,
    /// The contact who has it now; null where nobody does.
    contact: Option<ContactId>,
    /// That contact's version.
    #[serde(default)]
    contact_version: u32,
    /// A member of the institution.
    person: Option<PersonId>,
    /// The name of somebody else; empty together with no person for nobody.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: String,
    #[serde(default)]
    phone: String,
}

impl Resource for Setup {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

fn shown(at: &Caller, interview: &Interview) -> Setup {
    let (lang, catalog) = (at.lang, &at.app.catalog);
    let verdict = verdict(catalog, &interview.institution, &interview.systems);
    Setup {
        answered: interview.answered.iter().map(|step| step.code()).collect(),
        open: interview.open().map(Step::code),
        finished_at: interview.institution.interview_done_at,
        guideline_types: verdict.types.iter().map(|kind| kind.id.to_string()).collect(),
        reasons: verdict.reasons.iter().map(|reason| reason.get(lang).to_owned()).collect(),
        confirmed: verdict.confirmed,
        maintenance_route: verdict.route.map(|route| route.text.get(lang).to_owned()),
        contradicting: verdict.contradicting,
        version: interview.institution.version,
    }
}

fn now(tx: &mut Tx<'_>, at: &Caller) -> Result<Setup, Failure> {
    actions::interview(tx, &at.scope).map(|interview| shown(at, &interview))
}

fn choose(at: &Caller, field: &str) -> Failure {
    let mut faults = FieldErrors::default();
    faults.add(field, t!(at.lang, "error-choose"));
    Failure::Invalid(faults)
}

/// Where the interview stands, and what follows from it
#[utoipa::path(get, path = "/setup", responses((status = 200, body = Setup)))]
pub async fn setup(caller: Caller) -> Outcome {
    caller.show(now).await
}

/// Answer the first step: what kind of institution, and where
///
/// `If-Match` is the institution's version.
#[utoipa::path(put, path = "/setup/place", params(IfMatch), request_body = PlaceBody,
    responses((status = 200, body = Setup)))]
pub async fn setup_place(caller: Caller, IfMatch(version): IfMatch, Json(body): Json<PlaceBody>) -> Outcome {
    let mut faults = FieldErrors::default();
    let beds = beds(&Form::of(&body)?, caller.lang, &mut faults, "beds");
    faults.into_result()?;
    let kind: InstitutionKind = body.kind.parse().map_err(|_| choose(&caller, "kind"))?;
    let prefecture: Prefecture = body.prefecture.parse().map_err(|_| choose(&caller, "prefecture"))?;
    let answer = PlaceAnswer { kind, beds, prefecture };
    caller
        .change(move |tx, at| {
            actions::setup_place(tx, &at.app.nature, &at.scope, version, answer).or_outdated()?;
            now(tx, at)
        })
        .await
}

/// Answer the second step: in the house or in the cloud
///
/// `If-Match` is the institution's version. Systems that run where the earlier answer put them move along.
#[utoipa::path(put, path = "/setup/running", params(IfMatch), request_body = RunningBody,
    responses((status = 200, body = Setup)))]
pub async fn setup_running(
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(body): Json<RunningBody>,
) -> Outcome {
    let systems: Systems = body.systems.parse().map_err(|()| choose(&caller, "systems"))?;
    caller
        .change(move |tx, at| {
            actions::setup_running(tx, &at.app.nature, &at.scope, version, systems).or_outdated()?;
            now(tx, at)
        })
        .await
}

/// Answer the third step: which systems
///
/// Nothing is removed before that was confirmed.
#[utoipa::path(put, path = "/setup/systems", request_body = SystemsBody, responses((status = 200, body = Setup)))]
pub async fn setup_systems(caller: Caller, Json(body): Json<SystemsBody>) -> Outcome {
    let SystemsBody { shown, kinds, others, confirmed } = body;
    let mut faults = FieldErrors::default();
    let trimmed = others.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let others: Vec<String> = trimmed.collect();
    if others.len() > MOST_OTHERS || others.iter().any(|name| name.chars().count() > SHORT) {
        faults.add("others", t!(caller.lang, "error-others", lines = MOST_OTHERS, most = SHORT));
    }
    let known = caller.app.catalog.system_kinds();
    if kinds.iter().any(|kind| known.iter().all(|known| *known.id != *kind)) {
        faults.add("kinds", t!(caller.lang, "error-choose"));
    }
    faults.into_result()?;
    let answer = SystemsAnswer { shown, kinds, others, confirmed };
    caller
        .change(move |tx, at| {
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            match actions::setup_systems(tx, nature, &at.scope, catalog, at.lang, &answer) {
                Ok(()) => now(tx, at),
                Err(Refused::Because(SystemsRefusal::AskFirst(leaving))) => {
                    let names: Vec<String> = leaving.into_iter().map(|system| system.name).collect();
                    let leaving = t!(at.lang, "systems-leaving");
                    Err(Failure::Refused(format!("{leaving}: {}", names.join(", "))))
                }
                Err(Refused::Because(SystemsRefusal::Changed)) => Err(Failure::Stale),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// Answer the fourth step: who supports the systems
#[utoipa::path(put, path = "/setup/support", request_body = SupportBody, responses((status = 200, body = Setup)))]
pub async fn setup_support(caller: Caller, Json(body): Json<SupportBody>) -> Outcome {
    let mut faults = FieldErrors::default();
    let answers: Vec<SupportAnswer> = body
        .systems
        .into_iter()
        .map(|one| {
            let form = Form::new(vec![("new_vendor".to_owned(), one.new_vendor)]);
            let named = text(&form, caller.lang, &mut faults, "new_vendor", SHORT, false);
            SupportAnswer {
                system: one.system,
                version: one.version.into(),
                vendor: match one.vendor {
                    _ if !named.is_empty() => VendorChoice::Named(named),
                    Some(id) => VendorChoice::Known(id),
                    None => VendorChoice::Nobody,
                },
                remote_maintenance: one.remote_maintenance,
                updates_by_vendor: one.updates_by_vendor,
                hosting: one.hosting,
            }
        })
        .collect();
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            actions::setup_support(tx, &at.app.nature, &at.scope, &answers).or_outdated()?;
            now(tx, at)
        })
        .await
}

/// Answer the fifth step: the usual things and lines beside the systems
///
/// What the ledger has is not doubled. Names are in the language of the request.
#[utoipa::path(put, path = "/setup/lines", request_body = LinesBody, responses((status = 200, body = Setup)))]
pub async fn setup_lines(caller: Caller, Json(body): Json<LinesBody>) -> Outcome {
    if body.pieces.iter().any(|piece| caller.app.catalog.piece(piece).is_none()) {
        return Err(choose(&caller, "pieces"));
    }
    let answer = LinesAnswer { pieces: body.pieces };
    caller
        .change(move |tx, at| {
            actions::setup_lines(tx, &at.app.nature, &at.scope, &at.app.catalog, at.lang, &answer)?;
            now(tx, at)
        })
        .await
}

/// Answer the sixth step: who is who
///
/// `If-Match` is the institution's version.
#[utoipa::path(put, path = "/setup/people", params(IfMatch), request_body = PeopleBody,
    responses((status = 200, body = Setup)))]
pub async fn setup_people(
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(body): Json<PeopleBody>,
) -> Outcome {
    let operator_on_staff = body.operator_on_staff;
    let posts = body.posts.into_iter().map(|one| post(&caller, one)).collect::<Result<_, _>>()?;
    let answer = PeopleAnswer { version, operator_on_staff, posts };
    caller
        .change(move |tx, at| match actions::setup_people(tx, &at.app.nature, &at.scope, &answer) {
            Ok(()) => now(tx, at),
            Err(Refused::Because(PeopleRefusal::Institution(now))) => Err(Failure::outdated(&*now)),
            Err(Refused::Because(PeopleRefusal::Contact(now))) => Err(Failure::outdated(&*now)),
            Err(Refused::Because(PeopleRefusal::Post)) => Err(Failure::Stale),
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

fn post(caller: &Caller, body: PostBody) -> Result<PostAnswer, Failure> {
    let duty = body.duty.parse::<Duty>().ok().filter(|duty| POSTS.contains(duty));
    let duty = duty.ok_or_else(|| choose(caller, "duty"))?;
    let fields = [("name", body.name), ("phone", body.phone)];
    let form = Form::new(fields.map(|(field, value)| (field.to_owned(), value)).to_vec());
    let mut faults = FieldErrors::default();
    let name = text(&form, caller.lang, &mut faults, "name", SHORT, false);
    let phone = phone(&form, caller.lang, &mut faults, "phone");
    if body.person.is_none() && name.is_empty() && !phone.is_empty() {
        faults.add("name", t!(caller.lang, "error-whose-phone"));
    }
    faults.into_result()?;
    let shown = body.contact.map(|id| (id, i64::from(body.contact_version)));
    Ok(PostAnswer { duty, shown, person: body.person, name, phone })
}

/// Finish the interview; every step must have been answered
#[utoipa::path(post, path = "/setup/finish", responses((status = 200, body = Setup)))]
pub async fn setup_finish(caller: Caller) -> Outcome {
    caller
        .change(|tx, at| match actions::setup_finish(tx, &at.app.nature, &at.scope) {
            Ok(()) => now(tx, at),
            Err(Refused::Because(step)) => {
                let open = t!(at.lang, "finish-open");
                Err(Failure::Refused(format!("{open} ({})", step.code())))
            }
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}
