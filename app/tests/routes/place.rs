//! Shared places.

use crate::*;

#[test]
fn at_a_shared_place_everybody_reaches_what_staff_may_and_nothing_of_their_account() {
    on_both(|house| {
        let mut askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let at_home = |a: &Asker| a.scope.organisation() == home;
        let chief = askers.iter_mut().find(|(_, a)| at_home(a) && a.scope.role() == Role::SafetyManager);
        let chief = &mut chief.unwrap().1;
        let addresses = house.walk(chief);
        let place = house.place(&chief.scope);
        for (_, own) in askers.iter().filter(|(_, asker)| at_home(asker)) {
            for route in house.routes.iter().filter(|route| !moves_the_session(route)) {
                let asker = house.at_place(&own.scope, &place, false);
                let known = addresses.get(&*route.path).and_then(|all| all.first().cloned());
                let path = known.unwrap_or_else(|| made_up(&route.path));
                let name = format!("{} {path} as {} at a place", route.method, own.scope.role());
                let answer = house.ask(Some(&asker), &route.method, &path);
                assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
                let refused = match route.audience {
                    Audience::SignedIn | Audience::Administrator => true,
                    Audience::May(_) | Audience::MayAny(_) => route.audience.check(&asker.scope).is_err(),
                    // A PIN proves too little for another one.
                    Audience::Present => route.path == "/account/pin",
                    _ => continue,
                };
                if refused {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
                } else if route.method == Method::GET {
                    assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
                    assert!(!answer.body.contains("href=\"/account\""), "{name} leads to the account");
                }
            }
        }
    });
}

#[test]
fn a_locked_place_shows_nothing_but_the_way_to_unlock_it() {
    on_both(|house| {
        let askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let at_home = |a: &Asker| a.scope.organisation() == home;
        let (_, chief) =
            askers.iter().find(|(_, a)| at_home(a) && a.scope.role() == Role::SafetyManager).unwrap();
        let place = house.place(&chief.scope);
        let before = house.chain_length(home);
        for route in &house.routes {
            let locked = house.at_place(&chief.scope, &place, true);
            let answer = house.ask(Some(&locked), &route.method, &made_up(&route.path));
            let name = format!("{} {}", route.method, route.path);
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
            // A demo's door shows its people to everyone.
            let door = route.path.starts_with("/sign-in");
            assert!(door || !answer.body.contains(chief.scope.person_name()), "{name} tells who was here");
            match (route.audience, &route.method) {
                (Audience::Always | Audience::Anyone, _) => {}
                (Audience::FirstRun, _) => assert_eq!(answer.location, "/", "{name}"),
                (Audience::Link(_), _) => assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}"),
                (_, &Method::GET) => {
                    assert!(answer.location.starts_with("/place?next="), "{name}: {}", answer.status);
                }
                (..) => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}"),
            }
        }
        assert_eq!(house.chain_length(home), before, "something was changed");
        let elsewhere = house.ask(None, &Method::GET, "/place");
        assert_eq!(elsewhere.location, "/sign-in", "a browser that is not registered sees no names");
        // The session's cookie without the place's mark is worth nothing.
        let mut carried = house.at_place(&chief.scope, &place, false);
        carried.cookie =
            carried.cookie.split("; ").find(|part| part.starts_with("komainu-session")).unwrap().to_owned();
        assert!(house.ask(Some(&carried), &Method::GET, "/").location.starts_with("/sign-in"));
    });
}
