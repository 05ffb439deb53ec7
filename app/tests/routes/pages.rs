//! The pages, to strangers, roles and other institutions.

use crate::*;

#[test]
fn a_stranger_is_let_in_nowhere() {
    on_both(|house| {
        for route in &house.routes {
            let answer = house.ask(None, &route.method, &made_up(&route.path));
            let open = matches!(route.audience, Audience::Always | Audience::Anyone);
            let name = format!("{} {}", route.method, route.path);
            match (open, route.audience, &route.method) {
                (true, ..) => assert!(!answer.status.is_server_error(), "{name}: {}", answer.status),
                (false, Audience::FirstRun, _) => assert_eq!(answer.location, "/", "{name}"),
                (false, Audience::Link(_), _) => assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}"),
                (false, _, &Method::GET) => assert!(answer.location.starts_with("/sign-in?next="), "{name}"),
                (false, ..) => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}"),
            }
        }
    });
}

#[test]
fn a_form_of_another_site_is_refused_everywhere() {
    on_both(|house| {
        let (_, asker) = house.askers().remove(0);
        for route in house.routes.iter().filter(|route| route.method == Method::POST) {
            let request = Request::builder()
                .method(Method::POST)
                .uri(made_up(&route.path))
                .header("host", "127.0.0.1:8420")
                .header("cookie", &asker.cookie)
                .header("origin", "https://elsewhere.example")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::empty())
                .unwrap();
            let status = house.router.clone().oneshot(request);
            let status = house.runtime.block_on(status).unwrap().status();
            assert_eq!(status, StatusCode::FORBIDDEN, "{}", route.path);
        }
    });
}

#[test]
fn each_role_reaches_what_its_permissions_say_and_nothing_else() {
    on_both(|house| {
        let mut askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let chief = askers
            .iter_mut()
            .find(|(_, a)| a.scope.organisation() == home && a.scope.role() == Role::SafetyManager);
        let addresses = house.walk(&mut chief.unwrap().1);
        assert!(addresses.len() > 30, "the walk found only {} routes", addresses.len());
        // What changes something comes last: it may end the very memberships that are asked about.
        for permitted_changes in [false, true] {
            for (_, asker) in askers.iter().filter(|(_, asker)| asker.scope.organisation() == home) {
                for route in house.routes.iter().filter(|route| !moves_the_session(route)) {
                    let denied = route.audience.needs_scope() && route.audience.check(&asker.scope).is_err();
                    if permitted_changes != (route.method == Method::POST && !denied) {
                        continue;
                    }
                    let known = addresses.get(&*route.path).and_then(|all| all.first().cloned());
                    let path = known.unwrap_or_else(|| made_up(&route.path));
                    let name = format!("{} {path} as {}", route.method, asker.scope.role());
                    let status = house.ask(Some(asker), &route.method, &path).status;
                    assert!(!status.is_server_error(), "{name}: {status}");
                    if denied {
                        assert_eq!(status, StatusCode::FORBIDDEN, "{name}");
                    } else if matches!(route.audience, Audience::Link(_)) {
                        assert_eq!(status, StatusCode::NOT_FOUND, "{name}: no role opens a link's page");
                    } else if route.audience.needs_scope() && route.method == Method::GET {
                        assert_ne!(status, StatusCode::UNAUTHORIZED, "{name}");
                    }
                }
            }
        }
    });
}

#[test]
fn another_institution_sees_and_changes_nothing() {
    on_both(|house| {
        let mut askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let home_name = askers[0].0.clone();
        let at_home = |a: &Asker| a.scope.organisation() == home;
        let chief = askers.iter_mut().find(|(_, a)| at_home(a) && a.scope.role() == Role::SafetyManager);
        let addresses = house.walk(&mut chief.unwrap().1);
        let own = |person: PersonId| askers.iter().filter(|(_, a)| a.scope.person() == person).count() == 1;
        let position = askers
            .iter()
            .position(|(_, a)| !at_home(a) && a.scope.role() == Role::Director && own(a.scope.person()))
            .expect("another institution has a director who belongs nowhere else");
        let mut other = askers.remove(position).1;
        house.walk(&mut other);
        assert!(!other.csrf.is_empty(), "no form on any page of {}", other.scope.person_name());
        let before = house.chain_length(home);
        for route in house.routes.iter().filter(|route| !moves_the_session(route)) {
            for path in addresses.get(&*route.path).into_iter().flatten() {
                let name = format!("{} {path}", route.method);
                let answer = house.ask(Some(&other), &route.method, path);
                assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
                // A demo's door shows its houses to everyone.
                let open = route.audience == Audience::Anyone;
                assert!(open || !answer.body.contains(&home_name), "{name} tells of {home_name}");
                let foreign = path
                    .split(['/', '-'])
                    .any(|part| part.len() == 12 && part.bytes().all(|b| b.is_ascii_hexdigit()));
                if foreign {
                    // Whatever is wrong with a form: the thing it belongs to is looked for first.
                    let closed = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
                    assert!(closed, "{name}: {}", answer.status);
                }
            }
        }
        assert_eq!(house.chain_length(home), before, "something was changed from outside");
    });
}
