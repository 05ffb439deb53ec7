//! The API.

use crate::*;

/// The API's part of the house.
impl House {
    /// A token of someone with some permissions.
    pub(crate) fn token(&self, scope: &Scope, permissions: Vec<Permission>) -> TokenSecret {
        let new = NewToken { name: "a test".into(), permissions, life: TokenLife::days(1).unwrap() };
        let nature = &self.app.nature;
        let now = nature.now();
        let session = Session {
            id: SessionId(nature.id()),
            person: scope.person(),
            person_name: scope.person_name().to_owned(),
            administrator: false,
            place: None,
            shared: None,
            created_at: now,
            seen_at: now,
            user_agent: String::new(),
            proved_at: Some(now),
            owes_factor: false,
        };
        let made = self.app.db.write(|tx| token_make(tx, nature, (&session, scope), &new));
        made.map_err(|error: Failure| error).unwrap().secret
    }

    /// Lets somebody run the installation as well.
    pub(crate) fn administrate(&self, person: PersonId) {
        let set =
            Statement { name: "ADMINISTRATE", sql: "UPDATE person SET administrator = TRUE WHERE id = $1" };
        let (db, outside) = (&self.app.db, Outside("a test"));
        db.write(|tx| tx.run(&outside, set, &[person.into()])).map_err(|error: DbError| error).unwrap();
    }

    pub(crate) fn call(&self, authorization: &str, method: &Method, path: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8420");
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        request = request.header("content-type", "application/json").header("if-match", "\"1\"");
        let body = if method == Method::GET { Body::empty() } else { Body::from("{}") };
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, 64_000_000).await.unwrap();
            let body = String::from_utf8_lossy(&bytes).into_owned();
            assert!(!parts.status.is_server_error(), "{method} {path}: {} {body}", parts.status);
            Answer { status: parts.status, location: String::new(), body }
        })
    }

    pub(crate) fn with(&self, secret: &TokenSecret, method: &Method, path: &str) -> Answer {
        self.call(&format!("Bearer {}", secret.text()), method, path)
    }

    pub(crate) fn json(&self, secret: &TokenSecret, path: &str) -> Value {
        let answer = self.with(secret, &Method::GET, &format!("/api/v1{path}"));
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// An address of something that is there, for each operation's path, as far as the demo has it.
    pub(crate) fn things(&self, secret: &TokenSecret) -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let round = self.json(secret, "/rounds")["items"][0].clone();
        let round = format!("/rounds/{}/{}", round["fiscal_year"], text(&round["form"]));
        let rows = self.json(secret, &format!("{round}/rows"))["items"].as_array().unwrap().clone();
        let proved = rows.iter().find(|row| row["evidence_count"] != 0).unwrap_or(&rows[0]);
        let row = format!("{round}/rows/{}", text(&proved["row"]));
        let evidence = self.json(secret, &format!("{row}/evidence"))["items"][0]["id"].clone();
        let step = self.json(secret, "/plan")["later"][0]["step"].clone();
        let edition = self.json(secret, "/editions")["items"][0].clone();
        let form = format!("{}/{}", edition["fiscal_year"], text(&edition["forms"][0]["variant"]));
        let paths = self.operations.iter().map(|operation| operation.path.to_string());
        paths
            .map(|path| {
                let below = path.trim_start_matches("/api/v1").to_owned();
                let real = match below.split_once("/{id}") {
                    Some(("/evidence", _)) => below.replace("{id}", &text(&evidence)),
                    Some((list, _)) => {
                        let first = self.json(secret, list)["items"][0]["id"].clone();
                        if first.is_null() { made_up(&below) } else { below.replace("{id}", &text(&first)) }
                    }
                    None => below
                        .replace("/rounds/{year}/{form}/rows/{row}", &row)
                        .replace("/rounds/{year}/{form}", &round)
                        .replace("/editions/{year}/{variant}", &format!("/editions/{form}"))
                        .replace("{step}", &text(&step)),
                };
                (path, format!("/api/v1{}", made_up(&real)))
            })
            .collect()
    }
}

#[test]
fn every_operation_is_described_and_the_document_is_the_one_that_is_kept() {
    let routes = komainu::router::routes();
    let mut names = BTreeSet::new();
    for route in routes.iter().filter(|route| route.path.starts_with("/api/")) {
        let name = format!("{} {}", route.method, route.path);
        let operation = &route.operation().unwrap_or_else(|| panic!("{name} has no operation")).inside;
        assert!(operation.summary.as_ref().is_some_and(|summary| !summary.is_empty()), "{name}");
        let id = operation.operation_id.clone().unwrap();
        assert!(names.insert(id.clone()), "{name} is called {id} like another");
        let good = operation.responses.responses.keys().filter(|status| status.starts_with('2')).count();
        assert_eq!(good, 1, "{name} has one way to succeed");
        for part in route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let described = serde_json::to_value(&operation.parameters).unwrap();
            let found =
                described.as_array().unwrap().iter().any(|one| one["in"] == "path" && one["name"] == part);
            assert!(found, "{name} does not describe {part}");
        }
    }
    assert!(names.len() > 80, "{}", names.len());
    let document = komainu_web::api::document(&routes, env!("CARGO_PKG_VERSION"));
    let parsed: Value = serde_json::from_str(&document).unwrap();
    for reference in between(&document, "\"$ref\": \"#", "\"") {
        assert!(parsed.pointer(reference).is_some(), "nothing is at {reference}");
    }
    // What the API promises is looked at by a person whenever it changes.
    let kept = include_str!("../openapi.json");
    if kept.trim_end() != document {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
        std::fs::write(&path, format!("{document}\n")).unwrap();
        panic!("the document changed; if that was meant, copy {} to app/tests/openapi.json", path.display());
    }
}

#[test]
fn the_api_opens_to_tokens_and_the_pages_do_not() {
    on_both(|house| {
        let (_, asker) = house.askers().remove(0);
        let secret = house.token(&asker.scope, own_choice(&asker.scope));
        for operation in &house.operations {
            let name = format!("{} {}", operation.method, operation.path);
            let open = operation.audience == Audience::Always;
            let path = made_up(&operation.path);
            let expected = if open { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            assert_eq!(house.call("", &operation.method, &path).status, expected, "{name}");
            // A browser's cookie is no token.
            assert_eq!(house.ask(Some(&asker), &operation.method, &path).status, expected, "{name}");
        }
        for route in house.routes.iter().filter(|route| route.audience.needs_scope()) {
            let answer = house.with(&secret, &route.method, &made_up(&route.path));
            let closed = [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
            assert!(closed.contains(&answer.status), "{} {}: {}", route.method, route.path, answer.status);
        }
    });
}

#[test]
fn each_token_does_what_its_role_and_its_permissions_say_and_nothing_else() {
    on_both(|house| {
        house.administrate(house.askers()[0].1.scope.person());
        let askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let at_home: Vec<&Scope> =
            askers.iter().map(|(_, a)| &a.scope).filter(|scope| scope.organisation() == home).collect();
        let chief = at_home.iter().find(|scope| scope.role() == Role::SafetyManager).unwrap();
        let things = house.things(&house.token(chief, own_choice(chief)));
        let whole = at_home.iter().map(|scope| (*scope, own_choice(scope)));
        let owner = at_home.iter().find(|scope| scope.may(Permission::InstallationManage)).unwrap();
        let narrow = Permission::ALL.iter().map(|permission| {
            let who = if permission.is_of_installation() { owner } else { chief };
            (*who, vec![*permission])
        });
        let callers: Vec<_> = whole.chain(narrow).collect();
        for permitted_changes in [false, true] {
            for (scope, permissions) in &callers {
                let secret = house.token(scope, permissions.clone());
                let narrowed = (*scope)
                    .clone()
                    .narrowed_to(Some(komainu_access::Permissions::chosen(permissions.clone())));
                for operation in house.operations.iter().filter(|one| one.audience != Audience::Always) {
                    let denied = operation.audience.check(&narrowed).is_err();
                    let reads = operation.method == Method::GET;
                    // Ending a membership would end the tokens of those who ask next.
                    let ends = operation.method == Method::DELETE && operation.path.contains("/members/");
                    if permitted_changes != (!reads && !denied) || (ends && !denied) {
                        continue;
                    }
                    let path = &things[&*operation.path];
                    let status = house.with(&secret, &operation.method, path).status;
                    let name = format!("{} {path} as {} {permissions:?}", operation.method, scope.role());
                    assert_ne!(status, StatusCode::UNAUTHORIZED, "{name}");
                    assert!(!denied || status == StatusCode::FORBIDDEN, "{name}: {status}");
                }
            }
        }
    });
}

#[test]
fn a_token_of_another_institution_sees_and_changes_nothing() {
    on_both(|house| {
        let askers = house.askers();
        let (home_name, home) = (askers[0].0.clone(), askers[0].1.scope.organisation());
        let role = |role, at_home| {
            let found = askers.iter().map(|(_, asker)| &asker.scope);
            let mut found = found.filter(|scope| (scope.organisation() == home) == at_home);
            found.find(|scope| scope.role() == role).unwrap()
        };
        let chief = role(Role::SafetyManager, true);
        let things = house.things(&house.token(chief, own_choice(chief)));
        let other = role(Role::Director, false);
        let secret = house.token(other, own_choice(other));
        let before = house.chain_length(home);
        for operation in house.operations.iter().filter(|one| one.audience != Audience::Always) {
            let path = &things[&*operation.path];
            let name = format!("{} {path}", operation.method);
            let answer = house.with(&secret, &operation.method, path);
            assert!(!answer.body.contains(&home_name), "{name} tells of {home_name}");
            if operation.path.contains("{id}") {
                // A body may be at fault before the thing is looked for; that tells nothing.
                let faulty = answer.status == StatusCode::UNPROCESSABLE_ENTITY;
                assert!(faulty || answer.status == StatusCode::NOT_FOUND, "{name}: {}", answer.status);
            }
        }
        assert_eq!(house.chain_length(home), before, "something was changed from outside");
    });
}
