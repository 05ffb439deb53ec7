//! The institution's particulars over the API.

use crate::{Institution, Particulars, actions, pages};
use komainu_web::api::{Caller, IfMatch, Json, OrOutdated as _, Resource};
use komainu_web::{Failure, FieldErrors, Form, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is sent about an institution.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstitutionBody {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The name's reading in kana.
    #[serde(default)]
    #[schema(max_length = 100)]
    name_kana: String,
    /// `hospital`, `clinic`, `dental_clinic` and so on.
    kind: String,
    /// Number of beds; 0 for none.
    #[serde(default)]
    #[schema(maximum = 9999)]
    beds: u32,
    /// The prefecture's number (JIS X 0401): `01` to `47`.
    #[schema(pattern = "^[0-4][0-9]$")]
    prefecture: String,
    /// Seven digits.
    #[serde(default)]
    postal_code: String,
    /// The address after the prefecture.
    #[serde(default)]
    #[schema(max_length = 200)]
    address: String,
    /// A telephone number that can be dialled in Japan.
    #[serde(default)]
    phone: String,
    /// The medical institution code, ten digits.
    #[serde(default)]
    code: String,
}

impl Resource for Institution {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

fn particulars(caller: &Caller, body: &InstitutionBody) -> Result<Particulars, Failure> {
    let mut faults = FieldErrors::default();
    let read = pages::read(caller.lang, &Form::of(body)?, &mut faults);
    faults.into_result()?;
    read.ok_or_else(|| Failure::internal("particulars without a fault and without content"))
}

/// The institution's particulars
#[utoipa::path(get, path = "/institution", responses((status = 200, body = Institution)))]
pub async fn institution_get(caller: Caller) -> Outcome {
    caller.show(|tx, at| actions::institution_get(tx, &at.scope)).await
}

/// Change the institution's particulars: everything that can be sent about it is replaced
#[utoipa::path(put, path = "/institution", params(IfMatch), request_body = InstitutionBody,
    responses((status = 200, body = Institution)))]
pub async fn institution_change(
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(body): Json<InstitutionBody>,
) -> Outcome {
    let new = particulars(&caller, &body)?;
    caller
        .change(move |tx, at| {
            actions::institution_change(tx, &at.app.nature, &at.scope, version, &new).or_outdated()?;
            actions::institution_get(tx, &at.scope)
        })
        .await
}
