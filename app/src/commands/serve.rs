//! Serving the pages, real or demo.

use super::exposure::{MAX_TABLE_BYTES, read_bounded};
use super::{House, catalog, place};
use crate::config::{Settings, ShortWays, TlsFiles};
use crate::{Done, Trouble, tls};
use anyhow::Context as _;
use axum_server::tls_rustls::RustlsConfig;
use axum_server::{Address, Handle, Server};
use komainu::router;
use komainu_access::Sessions;
use komainu_binder::PackWork;
use komainu_binder::emergency::work::{BinderWork, Follower as BinderFollower};
use komainu_clock::Nature;
use komainu_db::Db;
use komainu_escalation::driver::{ContactTests, Driver};
use komainu_exchange::jobs::Forgetting;
use komainu_exposed::answers::table_use;
use komainu_exposed::jobs::{ExposureRoutine, ExposureWork, LedgerFollower};
use komainu_jobs::routine::{Clockwork, Routine};
use komainu_jobs::{Watch, Work, Worker};
use komainu_notice::jobs::{ClockReminders, ReminderWork, Reminders};
use komainu_notify::{MailQueue, MailWay, Providers, PushWay, Sender};
use komainu_openid::{Provider, ProviderSettings};
use komainu_operations::{BackupRoutine, ProofRoutine};
use komainu_paper::Paper;
use komainu_web::App;
use komainu_webhook::jobs::{Follower, WebhookWork};
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// How long running requests may take to finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(25);
/// How long a connection may be open before its first request is complete.
const SILENCE: Duration = Duration::from_secs(60);

/// `komainu serve`.
pub(crate) fn serve(settings: &Settings) -> Done {
    run(settings, false)
}

/// `komainu demo`.
pub(crate) fn demo(settings: &Settings) -> Done {
    run(settings, true)
}

/// Opens the house, serves it, and closes it again. Databases are opened and closed outside the async threads: the
/// PostgreSQL driver has a runtime of its own, which may not start or stop inside another.
fn run(settings: &Settings, demo: bool) -> Done {
    log(settings);
    let tls = settings.service.tls.clone();
    let tls = tls.map(|files| Ok::<_, String>((files.clone(), tls::open(&files)?)));
    let tls = tls.transpose().map_err(Trouble::Settings)?;
    let ways = settings.service.ways().map_err(Trouble::Settings)?;
    if let Some(path) = &settings.service.exposure_table {
        use_table(path)?;
    }
    let house = House::open(settings, demo)?;
    if let Some(backup) = &settings.backup {
        place::refuse_inside(&house.folder, &backup.folder)?;
    }
    let catalog = Arc::new(catalog()?);
    let listener = TcpListener::bind(SocketAddr::new(settings.listen, settings.port)).map_err(|error| {
        Trouble::Settings(format!("cannot listen on {}:{}: {error}", settings.listen, settings.port))
    })?;
    listener.set_nonblocking(true)?;
    let bound = listener.local_addr()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let address = settings.public_url.clone().unwrap_or_else(|| format!("{scheme}://{bound}"));
    let setup_code = settings.reached_by_others().then(|| setup_code(house.nature.bytes()));
    let mail = ways.mail.as_ref().map(Sender::new).transpose().map_err(Trouble::Settings)?;
    let providers = providers(mail.as_ref(), ways.short, &house.nature);
    let web = komainu_web::Settings {
        secure: address.starts_with("https://"),
        public_url: address.clone(),
        demo,
        setup_code,
        api_rate: settings.api_rate,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data: house.folder,
        database: house.url.to_string(),
        backup: settings.backup.clone(),
        proxies: settings.service.proxies.clone(),
        metrics_token: ways.metrics_token,
        mail: mail.map(|sender| MailQueue::new(sender, house.files.key())),
        outbound: ways.outbound,
        providers,
        openid: sign_in_service(ways.openid, &address)?,
    };
    let app = App::new(house.db, house.nature, catalog, house.files, web);
    if demo {
        komainu_demo::fill(&app).context("filling the demo")?;
    }
    let settled = app.db.read(Sessions::anyone)?;
    // Reads of SQLite run on these threads; some are left when all its readers are busy.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores + Db::READERS;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    // Whoever reads that it runs may send signals from then on.
    let signals = {
        let _inside = runtime.enter();
        (asked_to_stop(), signal(SignalKind::hangup()))
    };
    println!("狛犬 Komainu {} {address}", env!("CARGO_PKG_VERSION"));
    if let (false, Some(code)) = (settled, &app.settings.setup_code) {
        println!("最初の登録に必要な番号 / Setup code for the first administrator: {code}");
    }
    let served = runtime.block_on(answer(app.clone(), listener, tls, signals));
    // Every task and with it every other hold on the database ends here, before `app` closes it.
    runtime.shutdown_timeout(DRAIN);
    served
}

/// Computes with the house's own table of probabilities from now on.
fn use_table(path: &Path) -> Result<(), Trouble> {
    let text = read_bounded(path, MAX_TABLE_BYTES)?;
    table_use(&String::from_utf8_lossy(&text)).map_err(|faults| {
        let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Trouble::Settings(format!("--exposure-table {}: {}", path.display(), all.join("; ")))
    })
}

/// The ways by which short messages go at once, as far as the settings switched them on.
fn providers(mail: Option<&Sender>, ways: ShortWays, nature: &Nature) -> Providers {
    let mut all = Providers::default();
    if let Some(sender) = mail {
        all = all.with(Arc::new(MailWay::new(sender)));
    }
    if let Some(sms) = ways.sms {
        all = all.with(Arc::new(sms));
    }
    if let Some((key, out)) = ways.push {
        all = all.with_push_key(key.public()).with(Arc::new(PushWay::new(&key, &out, nature)));
    }
    if let Some(chat) = ways.chat {
        all = all.with(Arc::new(chat));
    }
    all
}

/// The house's sign-in service, which sends browsers back to a page under `address`.
fn sign_in_service(settings: Option<ProviderSettings>, address: &str) -> Result<Option<Provider>, Trouble> {
    let back = format!("{address}{}", komainu_people::openid::BACK);
    settings.map(|settings| Provider::new(settings, &back)).transpose().map_err(Trouble::Settings)
}

/// Begins the log. Libraries only warn: what they tell in detail may hold what people wrote.
fn log(settings: &Settings) {
    let others = if settings.log == "error" { "error" } else { "warn" };
    let filter = EnvFilter::new(format!("{others},komainu={},typst=error", settings.log));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if settings.service.log_json {
        log.json().flatten_event(true).init();
    } else {
        log.init();
    }
}

/// Answers requests and does background work until the process is asked to stop.
async fn answer(
    app: App,
    listener: TcpListener,
    tls: Option<(TlsFiles, RustlsConfig)>,
    (stopping, hangups): (impl Future<Output = ()>, std::io::Result<Signal>),
) -> Done {
    let (stop, stopped) = tokio::sync::watch::channel(());
    let (worker, clockwork) = background(&app);
    let worker = tokio::spawn(worker.work(stopped.clone()));
    let clockwork = tokio::spawn(clockwork.work(stopped));
    let fresh = tokio::spawn(tls::keep_fresh(tls.clone(), hangups));
    let db = app.db.clone();
    tokio::task::spawn_blocking(move || seal_rest(&db));
    let handle = Handle::new();
    let service = router::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let mut serving = match tls {
        Some((_, config)) => {
            let server = axum_server::from_tcp_rustls(listener, config)?;
            tokio::spawn(bounded(server, handle.clone()).serve(service))
        }
        None => tokio::spawn(bounded(axum_server::from_tcp(listener)?, handle.clone()).serve(service)),
    };
    tokio::select! {
        ended = &mut serving => { ended??; }
        () = stopping => {
            tracing::info!("finishing running requests");
            let _ = stop.send(());
            app.stop();
            handle.graceful_shutdown(Some(DRAIN));
            if tokio::time::timeout(DRAIN + Duration::from_secs(1), &mut serving).await.is_err() {
                tracing::warn!("some requests did not finish in time");
            }
            // A job that is cut off here is taken up again at the next start.
            let _ = tokio::time::timeout(DRAIN, worker).await;
            let _ = tokio::time::timeout(DRAIN, clockwork).await;
        }
    }
    fresh.abort();
    Ok(ExitCode::SUCCESS)
}

/// Seals what lies open in sealed columns, or under an older key: after an upgrade, or after the key got a new generation.
fn seal_rest(db: &Db) {
    for column in komainu::sealed_columns() {
        match db.seal_rest(&column) {
            Ok(0) => {}
            Ok(texts) => tracing::info!(column = column.name, texts, "sealed anew"),
            // What could not be sealed now is at the next start.
            Err(error) => tracing::warn!(column = column.name, %error, "could not be sealed anew"),
        }
    }
}

/// Lets nobody hold a connection by saying nothing.
fn bounded<A: Address, X>(server: Server<A, X>, handle: Handle<A>) -> Server<A, X> {
    server.http1_only().first_request_timeout(SILENCE).handle(handle)
}

/// Whoever does the background work of this process, and what the installation needs at its time.
fn background(app: &App) -> (Worker, Clockwork) {
    let paper = Arc::new(Paper::new(NonZeroUsize::MIN));
    let mut works: Vec<Box<dyn Work>> = vec![
        Box::new(PackWork::new(app.clone(), Arc::clone(&paper))),
        Box::new(BinderWork::new(app.clone(), paper)),
        Box::new(ExposureWork(app.clone())),
    ];
    let mut routines: Vec<Box<dyn Routine>> =
        vec![Box::new(ExposureRoutine(app.clone())), Box::new(ContactTests(app.clone()))];
    let mut watches: Vec<Box<dyn Watch>> = vec![
        Box::new(LedgerFollower(app.clone())),
        Box::new(Driver(app.clone())),
        Box::new(BinderFollower(app.clone())),
    ];
    if let Some(mail) = &app.settings.mail {
        works.push(Box::new(mail.work(&app.nature)));
        works.push(Box::new(ReminderWork(app.clone())));
        routines.push(Box::new(Reminders(app.clone())));
        routines.push(Box::new(ClockReminders(app.clone())));
    }
    if app.settings.outbound.is_some() {
        works.push(Box::new(WebhookWork(app.clone())));
        watches.push(Box::new(Follower(app.clone())));
    }
    if let Some(backup) = &app.settings.backup {
        routines.push(Box::new(BackupRoutine::new(app.clone(), backup.clone())));
        routines.push(Box::new(ProofRoutine::new(app.clone(), backup.clone())));
    }
    let worker = Worker::new(app.db.clone(), app.nature.clone(), works).with_watches(watches);
    routines.push(Box::new(Forgetting(app.clone())));
    routines.push(worker.sweep());
    let clockwork = Clockwork::new(app.db.clone(), app.nature.clone(), routines);
    (worker, clockwork)
}

/// Ends when the process is asked to stop. It listens from the call on, not only once somebody waits: whoever asks early is
/// heard as well.
fn asked_to_stop() -> impl Future<Output = ()> {
    let signals = [signal(SignalKind::terminate()), signal(SignalKind::interrupt())];
    async move {
        let [Ok(mut term), Ok(mut interrupt)] = signals else { return std::future::pending().await };
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// Six digits that are shown on the terminal only.
fn setup_code(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_be_bytes(random) % 1_000_000)
}
