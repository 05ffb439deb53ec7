//! The OpenAPI document, made from the table of routes.

use super::answers::{KEY, LONGEST};
use super::{BASE, BODY, Fault, Problem};
use crate::{App, Audience, Route};
use axum::http::Method;
use std::collections::BTreeMap;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{self, HttpMethod, ParameterBuilder, ParameterIn, PathItem, Paths};
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::Tag;
use utoipa::openapi::{
    ContentBuilder, Info, License, OpenApiBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
    ServerBuilder,
};
use utoipa::{PartialSchema as _, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;

const PROBLEM: &str = "Problem";
const BEARER: &str = "bearer";

/// What `routes!` makes of a handler with `#[utoipa::path]`. It is made when it is asked for: descriptions of all
/// operations at once are ten times as large as the routes themselves.
pub type Described = fn() -> UtoipaMethodRouter<App>;

/// What the document says of a route.
pub struct Operation {
    /// As the handler describes it, completed with what is the same everywhere.
    pub inside: path::Operation,
    schemas: Vec<(String, RefOr<Schema>)>,
}

/// A route of the API, from a handler with `#[utoipa::path]`: `api(audience, || routes!(handler))`.
///
/// # Panics
/// When `described` makes no operation, which the macro does not.
pub fn api(audience: Audience, described: Described) -> Route {
    let (_, paths, handler) = described();
    let (path, method, _) = only(paths);
    Route {
        method,
        path: format!("{BASE}{path}").into(),
        audience,
        handler,
        limit: BODY,
        described: Some(described),
    }
}

/// The one operation that a handler is.
fn only(paths: Paths) -> (String, Method, path::Operation) {
    let (path, item) = paths.paths.into_iter().next().expect("routes! describes its handler");
    let (method, operation) = [
        (Method::GET, item.get),
        (Method::POST, item.post),
        (Method::PUT, item.put),
        (Method::PATCH, item.patch),
        (Method::DELETE, item.delete),
    ]
    .into_iter()
    .find_map(|(method, operation)| Some((method, operation?)))
    .expect("a handler reads or changes");
    (path, method, operation)
}

impl Route {
    /// What the API's document says of it; none for a page.
    pub fn operation(&self) -> Option<Operation> {
        let (schemas, paths, _) = self.described?();
        let (path, method, operation) = only(paths);
        Some(Operation { inside: completed(operation, &path, &method, self.audience), schemas })
    }
}

/// Adds what follows from the kind of operation: who may, how it can fail, which headers it takes and gives.
fn completed(
    mut operation: path::Operation,
    path: &str,
    method: &Method,
    audience: Audience,
) -> path::Operation {
    let group = path.split('/').nth(1).unwrap_or_default();
    operation.tags = Some(vec![group.to_owned()]);
    let creates = operation.responses.responses.contains_key("201");
    let parameters = operation.parameters.get_or_insert_default();
    let versioned = parameters.iter().any(|one| matches!(one, RefOr::T(one) if one.name == "If-Match"));
    let queries =
        parameters.iter().any(|one| matches!(one, RefOr::T(one) if one.parameter_in == ParameterIn::Query));
    if creates {
        parameters.push(idempotency_key().into());
        let location = HeaderBuilder::new().schema(Some(text())).description(Some("Where it is")).build();
        if let Some(RefOr::T(created)) = operation.responses.responses.get_mut("201") {
            created.headers.insert("Location".to_owned(), location.into());
        }
    }
    let mut failures = vec!["400", "500", "503"];
    if audience != Audience::Always {
        operation.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);
        operation.description = Some(permitted(operation.description.take(), audience));
        failures.extend(["401", "403", "429"]);
    }
    for (holds, more) in [
        (path.contains('{'), &["404"][..]),
        (queries || operation.request_body.is_some(), &["422"]),
        (operation.request_body.is_some(), &["413", "415"]),
        (method != Method::GET, &["404", "409", "413", "507"]),
        (versioned, &["412", "428"]),
    ] {
        failures.extend(more.iter().filter(|_| holds));
    }
    for status in failures {
        let problem = Ref::from_response_name(PROBLEM);
        operation.responses.responses.entry(status.to_owned()).or_insert(problem.into());
    }
    operation
}

fn permitted(said: Option<String>, audience: Audience) -> String {
    let codes: Vec<String> = audience.permissions().iter().map(|one| format!("`{}`", one.code())).collect();
    let needs = format!("Needs {}.", codes.join(" or "));
    said.map_or(needs.clone(), |said| format!("{said}\n\n{needs}"))
}

fn text() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).into()
}

fn idempotency_key() -> path::Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(LONGEST))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(format!(
            "Names this request; sent again within 24 hours, it is answered as before ({KEY})"
        )))
        .schema(Some(schema))
        .build()
}

/// The OpenAPI 3.1 document of these routes.
pub fn document(routes: &[Route], version: &str) -> String {
    let mut paths = Paths::new();
    let mut schemas = BTreeMap::new();
    for route in routes {
        let Some(operation) = route.operation() else { continue };
        let below = route.path.strip_prefix(BASE).unwrap_or(&route.path).to_owned();
        let item = PathItem::new(http_method(&route.method), operation.inside);
        match paths.paths.get_mut(&below) {
            Some(known) => known.merge_operations(item),
            None => drop(paths.paths.insert(below, item)),
        }
        schemas.extend(operation.schemas);
    }
    paths.paths.values_mut().for_each(tagged);
    schemas.insert(Problem::name().into_owned(), Problem::schema());
    schemas.insert(Fault::name().into_owned(), Fault::schema());
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .response(PROBLEM, why_not())
        .security_scheme(BEARER, bearer())
        .build();
    let mut info = Info::new("Komainu", version);
    info.license = Some(License::new("AGPL-3.0-or-later"));
    let document = OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(BASE).build()]))
        .tags(Some(groups(&paths)))
        .paths(paths)
        .components(Some(components))
        .build();
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

fn http_method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

/// What can be changed by version is shown with its version.
fn tagged(item: &mut PathItem) {
    let operations = [&mut item.get, &mut item.put, &mut item.patch, &mut item.delete];
    let versioned = operations
        .iter()
        .any(|one| one.as_ref().is_some_and(|one| one.responses.responses.contains_key("428")));
    for operation in operations.into_iter().flatten().filter(|_| versioned) {
        let etag = HeaderBuilder::new().schema(Some(text())).description(Some("Its version, for `If-Match`"));
        if let Some(RefOr::T(shown)) = operation.responses.responses.get_mut("200") {
            shown.headers.insert("ETag".to_owned(), etag.build().into());
        }
    }
}

fn groups(paths: &Paths) -> Vec<Tag> {
    let names = paths.paths.keys().filter_map(|path| path.split('/').nth(1));
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(Tag::new).collect()
}

fn why_not() -> Response {
    let schema = Ref::from_schema_name(Problem::name());
    let wait = HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
        .description(Some("Seconds to wait, where there were too many requests"));
    ResponseBuilder::new()
        .description(
            "Why it could not be done (RFC 9457), in the language of `Accept-Language`: ja, en or zh",
        )
        .content("application/problem+json", ContentBuilder::new().schema(Some(schema)).build())
        .header("Retry-After", wait.build())
        .build()
}

fn bearer() -> SecurityScheme {
    let about = "A personal or service token, made on the pages of Komainu. It begins with kmn_.";
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
    SecurityScheme::Http(scheme)
}
