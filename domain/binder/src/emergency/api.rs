//! The emergency binder over the API: ask for it, see how old it is, fetch it, take a sealed copy.

use super::actions::{binder_copy, binder_get, binder_make, binder_take, binders};
use super::{Binder, Passphrase};
use crate::t;
use axum::response::IntoResponse as _;
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use komainu_web::api::{Caller, FileBytes, Json, Path, Resource};
use komainu_web::{Failure, FieldErrors, Outcome, attachment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The binder in a language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyBinder)]
pub struct BinderShown {
    /// `ja`, `en` or `zh`.
    #[schema(value_type = String)]
    language: Lang,
    /// When it was made; null while it is being made for the first time.
    made_at: Option<DateTime<Utc>>,
    /// Its pages; 0 until it was made.
    pages: i64,
    /// SHA-256 of the file; empty until it was made.
    digest: String,
}

/// The binders that were asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyBinders)]
pub struct BindersShown {
    items: Vec<BinderShown>,
}

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmergencyBinderBody)]
pub struct BinderBody {
    /// `ja`, `en` or `zh`.
    #[schema(value_type = String, pattern = "^(ja|en|zh)$")]
    language: Lang,
}

/// A copy to take along.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmergencyBinderCopyBody)]
pub struct CopyBody {
    /// `ja`, `en` or `zh`.
    #[schema(value_type = String, pattern = "^(ja|en|zh)$")]
    language: Lang,
    /// The words that open it: at least 12 characters of many kinds, no digits alone.
    #[schema(min_length = 12, max_length = 200)]
    words: String,
}

impl Resource for BinderShown {
    fn place(&self) -> String {
        format!("/emergency-binders/{}", self.language)
    }
}

impl Resource for BindersShown {}

impl From<Binder> for BinderShown {
    fn from(binder: Binder) -> Self {
        let Binder { lang, file, pages, made_at, .. } = binder;
        BinderShown { language: lang, made_at, pages, digest: file }
    }
}

/// The binders, with how old they are
#[utoipa::path(get, path = "/emergency-binders", responses((status = 200, body = BindersShown)))]
pub async fn emergency_binders(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let all = binders(tx, &at.scope)?;
            Ok(BindersShown { items: all.into_iter().map(BinderShown::from).collect() })
        })
        .await
}

/// Ask for the binder in a language: it is made in the background, now and whenever it would say something else
#[utoipa::path(post, path = "/emergency-binders", request_body = BinderBody,
    responses((status = 201, body = BinderShown)))]
pub async fn emergency_binder_make(caller: Caller, Json(body): Json<BinderBody>) -> Outcome {
    caller
        .create(move |tx, at| {
            binder_make(tx, &at.app.nature, &at.scope, body.language)?;
            binder_get(tx, &at.scope, body.language).map(BinderShown::from)
        })
        .await
}

/// The binder in a language as it was made last, as a PDF
#[utoipa::path(get, path = "/emergency-binders/{language}/file",
    params(("language" = String, Path, pattern = "^(ja|en|zh)$")),
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn emergency_binder_file(caller: Caller, Path(language): Path<String>) -> Outcome {
    let lang: Lang = language.parse().map_err(|_| Failure::NotFound)?;
    let (scope, files) = (caller.scope.clone(), caller.app.files.clone());
    let bytes = caller
        .read(move |tx| {
            let kept = binder_get(tx, &scope, lang)?;
            if kept.file.is_empty() {
                return Err(Failure::NotFound);
            }
            files.get(scope.organisation(), &kept.file).map_err(Failure::internal)
        })
        .await?;
    Ok(attachment("emergency-binder.pdf", "application/pdf", bytes).into_response())
}

/// A sealed copy: one HTML file that any browser opens without a server, for who knows the words
#[utoipa::path(post, path = "/emergency-binders/copy", request_body = CopyBody,
    responses((status = 200, content_type = "text/html", body = inline(FileBytes))))]
pub async fn emergency_binder_copy(caller: Caller, Json(body): Json<CopyBody>) -> Outcome {
    let Some(words) = Passphrase::new(&body.words) else {
        let mut faults = FieldErrors::default();
        faults.add("words", t!(caller.lang, "copy-short", n = Passphrase::FEWEST.to_string()));
        return Err(faults.into_result().err().unwrap_or(Failure::NotFound));
    };
    let at = caller.clone();
    let pack = caller
        .write(move |tx| {
            let address = at.app.settings.public_url.as_str();
            binder_take(tx, &at.app.nature, &at.scope, &at.app.catalog, (body.language, address))
        })
        .await?;
    let nature = caller.app.nature.clone();
    let file = tokio::task::spawn_blocking(move || binder_copy(&nature, &pack, &words));
    let file = file.await.map_err(Failure::internal)??;
    Ok(attachment("emergency-binder.html", "text/html; charset=utf-8", file.into_bytes()).into_response())
}
