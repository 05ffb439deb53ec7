//! Second factors over the API: what is set up, and what the organisation demands. Nothing here changes how anybody signs
//! in: that needs a fresh proof, which only a person at a page can give.

use super::actions::{self, DemandRefusal};
use super::model::{Factors, OwnPasskey, PasskeyId, SignIn};
use crate::pages::device_text;
use crate::t;
use chrono::{DateTime, Utc};
use komainu_access::PersonId;
use komainu_db::Tx;
use komainu_web::api::{Caller, Json, Resource};
use komainu_web::{Failure, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One's own second factors.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Factors)]
pub struct FactorsShown {
    /// Since when the authenticator app is set up; null where it is not.
    totp_since: Option<DateTime<Utc>>,
    /// Oldest first.
    passkeys: Vec<PasskeyShown>,
    /// Recovery codes that were not used yet.
    codes_left: i64,
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passkey)]
pub struct PasskeyShown {
    id: PasskeyId,
    /// What its owner calls it.
    name: String,
    created_at: DateTime<Utc>,
    /// The last use; null before the first.
    used_at: Option<DateTime<Utc>>,
}

/// One's latest sign-ins.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignIns {
    /// Newest first.
    items: Vec<SignInShown>,
}

/// A sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignIn)]
pub struct SignInShown {
    at: DateTime<Utc>,
    /// How, such as `password_totp`; `refused` where the first step was right and the second factor wrong.
    means: &'static str,
    /// What the browser said it was.
    device: String,
}

/// What the organisation demands, and what its members have.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecondFactor)]
pub struct DemandShown {
    /// Whether everybody is asked for a second factor.
    demanded: bool,
    /// Since when; null where it is not demanded.
    since: Option<DateTime<Utc>>,
    members: Vec<KindsShown>,
}

/// Which kinds of second factor a member has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MemberFactors)]
pub struct KindsShown {
    person: PersonId,
    /// Whether an authenticator app is set up.
    totp: bool,
    /// Whether there is a passkey.
    passkey: bool,
}

/// What is to be demanded.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandBody {
    demanded: bool,
}

impl Resource for FactorsShown {}
impl Resource for SignIns {}
impl Resource for DemandShown {}

impl From<Factors> for FactorsShown {
    fn from(factors: Factors) -> Self {
        let shown = |key: OwnPasskey| PasskeyShown {
            id: key.id,
            name: key.name,
            created_at: key.created_at,
            used_at: key.used_at,
        };
        FactorsShown {
            totp_since: factors.totp,
            passkeys: factors.passkeys.into_iter().map(shown).collect(),
            codes_left: factors.codes_left,
        }
    }
}

fn demand(tx: &mut Tx<'_>, at: &Caller) -> Result<DemandShown, Failure> {
    let demand = actions::demand(tx, &at.scope)?;
    let kinds = demand.kinds.into_iter();
    Ok(DemandShown {
        demanded: demand.since.is_some(),
        since: demand.since,
        members: kinds
            .map(|(person, kinds)| KindsShown { person, totp: kinds.totp, passkey: kinds.passkey })
            .collect(),
    })
}

/// One's own second factors
#[utoipa::path(get, path = "/account/factors", responses((status = 200, body = FactorsShown)))]
pub async fn factors(caller: Caller) -> Outcome {
    caller.show(|tx, at| Ok(FactorsShown::from(actions::factors(tx, at.scope.person())?))).await
}

/// One's latest sign-ins
#[utoipa::path(get, path = "/account/sign-ins", responses((status = 200, body = SignIns)))]
pub async fn sign_ins(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let shown = |sign_in: SignIn| SignInShown {
                at: sign_in.at,
                means: sign_in.means.code(),
                device: device_text(at.lang, &sign_in.user_agent),
            };
            let items = actions::sign_ins(tx, at.scope.person())?;
            Ok(SignIns { items: items.into_iter().map(shown).collect() })
        })
        .await
}

/// Whether the organisation demands a second factor, and who has one
#[utoipa::path(get, path = "/second-factor", responses((status = 200, body = DemandShown)))]
pub async fn second_factor(caller: Caller) -> Outcome {
    caller.show(demand).await
}

/// Demand a second factor of everybody, or stop demanding it; tokens of members who have none lead nowhere then
#[utoipa::path(put, path = "/second-factor", request_body = DemandBody,
    responses((status = 200, body = DemandShown)))]
pub async fn second_factor_demand(caller: Caller, Json(body): Json<DemandBody>) -> Outcome {
    caller
        .change(move |tx, at| match actions::demand_set(tx, &at.app.nature, &at.scope, body.demanded) {
            Ok(()) => demand(tx, at),
            Err(Refused::Because(DemandRefusal::OwnFirst)) => {
                Err(Failure::Refused(t!(at.lang, "demand-own-first")))
            }
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}
