//! The program as it is run: TLS, a proxy in front, the log, the figures.
#![allow(clippy::unwrap_used)]

mod program;

use komainu_db::{Db, Url};
use komainu_people::actions::users;
use komainu_web::Failure;
use program::{Answer, Program, ask};
use rustls::pki_types::{CertificateDer, ServerName};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

/// A certificate for the loopback interface in two files; answers it as a client believes it.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(folder.join("certificate.pem"), own.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), own.signing_key.serialize_pem()).unwrap();
    own.cert.der().clone()
}

/// Asks over TLS, believing one certificate only; none where the program shows another.
fn ask_over_tls(program: &Program, believed: &CertificateDer<'static>, path: &str) -> Option<Answer> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(believed.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let mut session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = program.connect();
    while session.is_handshaking() {
        session.complete_io(&mut stream).ok()?;
    }
    Some(ask(&mut rustls::Stream::new(&mut session, &mut stream), "GET", path, &[], ""))
}

#[test]
fn it_speaks_tls_and_takes_a_new_certificate_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = certify(folder.path());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    let options = ["--tls-certificate", certificate.as_str(), "--tls-key", key.as_str()];
    let program = Program::start("serve", &folder.path().join("data"), &options);
    assert!(program.greeting.lock().unwrap().contains("https://127.0.0.1:"));
    let answer = ask_over_tls(&program, &first, "/healthz").unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    // Half a certificate changes nothing.
    std::fs::write(&certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n").unwrap();
    program.signal("HUP");
    program.told("the old one stays");
    assert!(ask_over_tls(&program, &first, "/healthz").is_some());
    let second = certify(folder.path());
    program.signal("HUP");
    program.told("the certificate was read again");
    assert!(ask_over_tls(&program, &first, "/healthz").is_none(), "the old one is gone");
    assert_eq!(ask_over_tls(&program, &second, "/healthz").unwrap().status, 200);
    program.stop();
}

#[test]
fn a_hangup_does_not_end_a_program_without_tls() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start("serve", folder.path(), &[]);
    program.signal("HUP");
    assert_eq!(program.get("/healthz", &[]).status, 200);
    assert_eq!(program.get("/healthz", &[]).header("strict-transport-security"), "");
    program.stop();
}

#[test]
fn the_first_run_asks_for_a_code_wherever_others_may_come_from() {
    for (options, asks) in [
        (&[][..], false),
        (&["--public-url", "https://komainu.example.jp"], true),
        (&["--listen", "0.0.0.0"], true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start("serve", folder.path(), options);
        let page = program.get("/first-run", &[]);
        assert_eq!(page.body.contains("name=\"setup_code\""), asks, "{options:?}");
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert_eq!(program.greeting.lock().unwrap().contains("Setup code"), asks, "{options:?}");
        program.stop();
    }
}

#[test]
fn figures_are_for_this_computer_or_for_who_knows_the_word() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start("demo", folder.path(), &[]);
    assert_eq!(program.get("/readyz", &[]).body, "ready\n");
    assert_eq!(program.get("/invitation/a-secret-of-somebody", &[]).status, 404);
    program.get("/no-such-page/a-secret-of-somebody", &[]);
    let figures = program.get("/metrics", &[]);
    assert!(figures.header("content-type").starts_with("application/openmetrics-text"));
    for line in [
        "komainu_http_requests_total{method=\"GET\",route=\"/invitation/{token}\",status=\"404\"} 1",
        "komainu_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
        "komainu_http_request_duration_seconds_bucket{le=\"0.5\",method=\"GET\",route=\"/readyz\"} 1",
        "komainu_database_connections{state=\"limit\"} 8",
        "komainu_process_resident_memory_bytes ",
        "# EOF",
    ] {
        assert!(figures.body.contains(line), "{line} is not in\n{}", figures.body);
    }
    assert!(!figures.body.contains("a-secret-of-somebody"));
    for headers in
        [[("x-forwarded-for", "127.0.0.1")], [("host", "komainu.example.jp")], [("forwarded", "for=::1")]]
    {
        assert_ne!(program.get("/metrics", &headers).status, 200, "{headers:?}");
    }
    program.stop();

    let word = folder.path().join("word");
    std::fs::write(&word, "a long word\n").unwrap();
    std::fs::set_permissions(&word, std::fs::Permissions::from_mode(0o600)).unwrap();
    let options = ["--metrics-token-file", word.to_str().unwrap()];
    let program = Program::start("demo", folder.path(), &options);
    for (header, status) in
        [("", 404), ("Bearer another word", 404), ("a long word", 404), ("Bearer a long word", 200)]
    {
        assert_eq!(program.get("/metrics", &[("authorization", header)]).status, status, "{header}");
    }
    program.stop();
}

/// A browser that keeps one cookie.
struct Browser<'a> {
    program: &'a Program,
    cookie: String,
    csrf: String,
    ids: Vec<String>,
}

impl Browser<'_> {
    fn ask(&mut self, method: &str, path: &str, body: &str) -> Answer {
        let mut headers = vec![("accept-language", "ja"), ("user-agent", "Browser-of-a-person/1.0")];
        let cookie = self.cookie.clone();
        if !cookie.is_empty() {
            headers.push(("cookie", &cookie));
        }
        let body = if method == "POST" { format!("csrf={}&{body}", self.csrf) } else { String::new() };
        let answer = ask(&mut self.program.connect(), method, path, &headers, &body);
        for (name, value) in &answer.headers {
            if name == "set-cookie" && value.starts_with("komainu-session=") {
                value.split(';').next().unwrap().clone_into(&mut self.cookie);
            }
        }
        if let Some((_, rest)) = answer.body.split_once("name=\"csrf\" value=\"") {
            rest.split('"').next().unwrap().clone_into(&mut self.csrf);
        }
        self.ids.push(answer.header("x-request-id").to_owned());
        answer
    }
}

fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

/// Walks through the demo as a person does: in, around, and what goes wrong on the way.
fn walk(browser: &mut Browser<'_>) -> Vec<String> {
    let page = browser.ask("GET", "/sign-in", "");
    for typed in
        ["email=jimucho%40chuo-byoin.example&password=a-wrong-password", "email=%E5%90%8D&password=x"]
    {
        browser.ask("POST", "/sign-in", typed);
    }
    let person = between(&page.body, "name=\"person\" value=\"", "\"")[0].to_owned();
    browser.ask("POST", "/sign-in/demo", &format!("person={person}"));
    assert!(!browser.cookie.is_empty(), "signed in");
    let mut seen = vec!["/".to_owned()];
    let mut next = 0;
    while next < seen.len() && next < 60 {
        let answer = browser.ask("GET", &seen[next].clone(), "");
        for link in between(&answer.body, "href=\"/", "\"") {
            let link = format!("/{}", link.split('#').next().unwrap());
            if !seen.contains(&link) && !link.starts_with("/assets") {
                seen.push(link);
            }
        }
        next += 1;
    }
    let invite = browser.ask("GET", "/people/invite", "");
    let id = between(&invite.body, "name=\"id\" value=\"", "\"").first().map(|id| (*id).to_owned());
    let fields = format!("id={}&name=Invited-Person&role=staff&title=", id.unwrap_or_default());
    let made = browser.ask("POST", "/people/invite", &fields);
    let token = between(&made.body, "/invitation/", "<").first().map(|token| (*token).to_owned());
    let token = token.expect("an invitation was made");
    browser.ask("GET", &format!("/invitation/{token}"), "");
    let letter = seen.iter().find(|link| link.ends_with("/ask")).expect("a letter to a vendor").clone();
    let handed = browser.ask("POST", &format!("{letter}/link"), "");
    let address = between(&handed.body, "id=\"link-address\">", "<").first().map(|link| (*link).to_owned());
    let address = address.expect("a link was made");
    let link = address.split_once("/l/reply/").unwrap().1.to_owned();
    browser.ask("GET", &format!("/l/reply/{link}"), "");
    browser.ask("POST", &format!("/l/reply/{link}"), "name=Name-Given-By-A-Vendor");
    browser.ask("GET", "/ledger/systems?q=Searched-Word", "");
    browser.ask("GET", "/Typed-By-A-Person", "");
    browser.ask("POST", "/account", "name=&name_kana=Typed-Reading&language=ja");
    let session = browser.cookie.split_once('=').unwrap().1.to_owned();
    let typed = [
        "Invited-Person",
        "Searched-Word",
        "Typed-By-A-Person",
        "Typed-Reading",
        "a-wrong-password",
        "Browser-of-a-person",
        "Name-Given-By-A-Vendor",
    ];
    let csrf = browser.csrf.clone();
    typed.map(str::to_owned).into_iter().chain([token, link, session, csrf]).collect()
}

#[test]
fn the_log_tells_what_happened_and_nothing_of_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start("demo", folder.path(), &["--log", "debug", "--log-format", "json"]);
    let mut browser =
        Browser { program: &program, cookie: String::new(), csrf: String::new(), ids: Vec::new() };
    let mut secrets = walk(&mut browser);
    let ids = std::mem::take(&mut browser.ids);
    let log = program.stop();

    let db = Db::open(&Url::Sqlite(folder.path().join("komainu.db"))).unwrap();
    let people = db.read(|tx| Ok::<_, Failure>(users(tx)?)).unwrap();
    assert!(people.len() > 8, "the demo has people");
    secrets.extend(people.into_iter().flat_map(|person| [person.name, person.name_kana, person.email]));
    secrets.extend(["見本", "127.0.0.1", "chuo-byoin"].map(str::to_owned));
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        assert!(!log.contains(secret.as_str()), "the log holds {secret}:\n{log}");
    }

    let mut answered: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for line in log.lines() {
        let entry: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        if entry["message"] == "answered" {
            let id = entry["span"]["id"].as_str().unwrap().to_owned();
            assert!(answered.insert(id, entry).is_none(), "each request has an id of its own");
        }
    }
    for id in &ids {
        let entry = answered.get(id).unwrap_or_else(|| panic!("no line about request {id}"));
        assert!(
            entry["route"].is_string() && entry["status"].is_number() && entry["ms"].is_number(),
            "{entry}"
        );
    }
    assert!(ids.len() > 40, "the walk was short: {}", ids.len());
    assert!(answered.values().any(|entry| entry["route"] == "/invitation/{token}"));
}
