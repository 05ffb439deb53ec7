//! Links.

use crate::*;

/// Links' part of the house.
impl House {
    /// A link through which the first vendor of somebody's ledger answers: its secret's text.
    fn link(&self, scope: &Scope) -> String {
        let (secret, app) = (self.token(scope, own_choice(scope)), &self.app);
        let rounds = self.json(&secret, "/rounds");
        let mut open = rounds["items"].as_array().unwrap().iter();
        let round = open.find(|round| round["closed_at"].is_null()).unwrap();
        let (year, form) = (round["fiscal_year"].as_i64().unwrap(), round["form"].as_str().unwrap());
        let letter = self.json(&secret, &format!("/rounds/{year}/{form}/letter"));
        let rows: Vec<komainu_catalog::PlacementId> = letter["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row.as_str().unwrap().parse().unwrap())
            .collect();
        let vendor = letter["vendor"].as_str().unwrap().parse().unwrap();
        let by = letter["reply_by"].as_str().unwrap().parse().unwrap();
        let key = form.parse().unwrap();
        let made = app.db.write(|tx| {
            let round = round_by_key(tx, scope, i32::try_from(year).unwrap(), key)?;
            reply_link_make(tx, &app.nature, scope, &app.catalog, round.id, (&rows, vendor, by))
        });
        made.map_err(|_| "made").unwrap().token.text()
    }

    fn change_links(&self, sql: &'static str) {
        let outside = Outside("a test");
        self.app
            .db
            .write(|tx| tx.run(&outside, Statement { name: "CHANGE", sql }, &[]))
            .map_err(|error: DbError| error)
            .unwrap();
    }
}

#[test]
fn a_link_opens_the_pages_of_its_purpose_and_nothing_else() {
    on_both(|house| {
        let askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let (_, chief) = askers
            .iter()
            .find(|(_, a)| a.scope.organisation() == home && a.scope.role() == Role::SafetyManager)
            .unwrap();
        let token = house.link(&chief.scope);
        let page = format!("/l/reply/{token}");
        let opened = house.ask(None, &Method::GET, &page);
        assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
        assert!(
            !opened.body.contains("href=\"/account\"") && !opened.body.contains(chief.scope.person_name())
        );
        let before = house.chain_length(home);
        let carrier = Asker {
            scope: chief.scope.clone(),
            cookie: format!("komainu-session={token}; komainu-place={token}; komainu-door={token}"),
            csrf: String::new(),
        };
        for route in house.routes.iter().filter(|route| !matches!(route.audience, Audience::Link(_))) {
            let path = route.path.split('/').map(|part| if part.starts_with('{') { &token } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let answer = house.ask(Some(&carrier), &route.method, &path);
            let name = format!("{} {path}", route.method);
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
            let open = matches!(route.audience, Audience::Always | Audience::Anyone);
            assert!(open || answer.status != StatusCode::OK, "{name} is opened by a link");
        }
        for operation in house.operations.iter().filter(|one| one.audience != Audience::Always) {
            let path = made_up(&operation.path);
            let status = house.call(&format!("Bearer {token}"), &operation.method, &path).status;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{} {path}", operation.method);
        }
        assert_eq!(house.chain_length(home), before, "something was changed");
        for (name, change) in [
            ("of another purpose", "UPDATE link SET purpose = 'something_else'"),
            (
                "over",
                "UPDATE link SET purpose = 'letter_reply', used_at = expires_at, expires_at = created_at",
            ),
            ("withdrawn", "UPDATE link SET expires_at = used_at, used_at = NULL, revoked_at = created_at"),
            ("used up", "UPDATE link SET revoked_at = NULL, uses = most_uses"),
        ] {
            house.change_links(change);
            for method in [Method::GET, Method::POST] {
                let answer = house.ask(None, &method, &page);
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
                assert!(answer.body.contains("このリンクは使えません"), "{name}: {}", answer.body);
            }
        }
        house.change_links("UPDATE link SET uses = 0");
        assert_eq!(house.ask(None, &Method::GET, &page).status, StatusCode::OK, "the same once more");
        let guessed = house.ask(None, &Method::GET, &format!("/l/reply/{}", "A".repeat(43)));
        assert_eq!(guessed.status, StatusCode::NOT_FOUND);
    });
}
