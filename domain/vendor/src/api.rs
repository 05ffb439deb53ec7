//! Vendors over the API.

use crate::actions::{self, RemoveRefusal};
use crate::{Vendor, VendorDetails, VendorId, pages, t};
use komainu_web::api::{Caller, IfMatch, Json, OrOutdated as _, Page, Paging, Path, Query, Resource};
use komainu_web::{Failure, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is sent about a vendor.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VendorBody {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The name's reading in kana.
    #[serde(default)]
    #[schema(max_length = 100)]
    name_kana: String,
    /// Whom to ask for there.
    #[serde(default)]
    #[schema(max_length = 100)]
    person: String,
    /// Telephone by day: a number that can be dialled in Japan.
    #[serde(default)]
    phone: String,
    /// Telephone at night and on holidays.
    #[serde(default)]
    night_phone: String,
    /// Mail address.
    #[serde(default)]
    email: String,
    /// Anything else, such as a contract number.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

impl Resource for Vendor {
    fn place(&self) -> String {
        format!("/vendors/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

fn details(caller: &Caller, body: &VendorBody) -> Result<VendorDetails, Failure> {
    let (details, faults) = pages::read(caller.lang, &Form::of(body)?);
    faults.into_result().map(|()| details)
}

/// The vendors, in the order they were added
#[utoipa::path(get, path = "/vendors", params(Paging), responses((status = 200, body = Page<Vendor>)))]
pub async fn vendors(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let part = |vendor: &Vendor| vendor.id;
    caller.list(&paging, part, |tx, at, part| actions::vendors_part(tx, &at.scope, part)).await
}

/// One vendor
#[utoipa::path(get, path = "/vendors/{id}", params(VendorId), responses((status = 200, body = Vendor)))]
pub async fn vendor_get(caller: Caller, Path(id): Path<VendorId>) -> Outcome {
    caller.show(move |tx, at| actions::vendor_get(tx, &at.scope, id)).await
}

/// Add a vendor
#[utoipa::path(post, path = "/vendors", request_body = VendorBody, responses((status = 201, body = Vendor)))]
pub async fn vendor_add(caller: Caller, Json(body): Json<VendorBody>) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .create(move |tx, at| {
            let id = actions::vendor_add(tx, &at.app.nature, &at.scope, &new)?;
            actions::vendor_get(tx, &at.scope, id)
        })
        .await
}

/// Change a vendor: everything about it is replaced
#[utoipa::path(put, path = "/vendors/{id}", params(VendorId, IfMatch), request_body = VendorBody,
    responses((status = 200, body = Vendor)))]
pub async fn vendor_change(
    caller: Caller,
    Path(id): Path<VendorId>,
    IfMatch(version): IfMatch,
    Json(body): Json<VendorBody>,
) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .change(move |tx, at| {
            actions::vendor_change(tx, &at.app.nature, &at.scope, id, version, &new).or_outdated()?;
            actions::vendor_get(tx, &at.scope, id)
        })
        .await
}

/// Remove a vendor that supports no system any more
#[utoipa::path(delete, path = "/vendors/{id}", params(VendorId, IfMatch), responses((status = 204)))]
pub async fn vendor_remove(caller: Caller, Path(id): Path<VendorId>, IfMatch(version): IfMatch) -> Outcome {
    caller
        .remove(move |tx, at| match actions::vendor_remove(tx, &at.app.nature, &at.scope, id, version) {
            Err(Refused::Because(RemoveRefusal::InUse)) => {
                Err(Failure::Refused(t!(at.lang, "vendor-in-use")))
            }
            Err(Refused::Because(RemoveRefusal::Changed)) => {
                Err(Failure::outdated(&actions::vendor_get(tx, &at.scope, id)?))
            }
            Err(Refused::Failed(failure)) => Err(failure),
            Ok(()) => Ok(()),
        })
        .await
}
