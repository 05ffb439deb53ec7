//! Serving the pages, real or demo.

use super::{House, catalog, place};
use crate::config::Settings;
use crate::{Done, Trouble};
use anyhow::Context as _;
use komainu::router;
use komainu_access::Sessions;
use komainu_binder::PackWork;
use komainu_jobs::routine::{Clockwork, Routine};
use komainu_jobs::{Work, Worker};
use komainu_operations::{BackupRoutine, ProofRoutine};
use komainu_paper::Paper;
use komainu_web::App;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// How long running requests may take to finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(25);

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
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(format!("{},typst=error", settings.log)))
        .with_writer(std::io::stderr)
        .init();
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
    let address = settings.public_url.clone().unwrap_or_else(|| format!("http://{bound}"));
    let setup_code = settings.reached_by_others().then(|| setup_code(house.nature.bytes()));
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
    };
    let app = App::new(house.db, house.nature, catalog, house.files, web);
    if demo {
        komainu_demo::fill(&app).context("filling the demo")?;
    }
    let settled = app.db.read(Sessions::anyone)?;
    println!("狛犬 Komainu {} {address}", env!("CARGO_PKG_VERSION"));
    if let (false, Some(code)) = (settled, &app.settings.setup_code) {
        println!("最初の登録に必要な番号 / Setup code for the first administrator: {code}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(answer(app.clone(), listener));
    // Every task and with it every other hold on the database ends here, before `app` closes it.
    runtime.shutdown_timeout(DRAIN);
    served
}

/// Answers requests and does background work until the process is asked to stop.
async fn answer(app: App, listener: TcpListener) -> Done {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let (stop, stopped) = tokio::sync::watch::channel(());
    let worker = tokio::spawn(worker(&app).work(stopped.clone()));
    let clockwork = tokio::spawn(clockwork(&app).work(stopped.clone()));
    let service = router::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let mut draining = stopped;
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = draining.changed().await;
    });
    let mut serving = tokio::spawn(async move { server.await });
    tokio::select! {
        ended = &mut serving => { ended??; }
        () = asked_to_stop() => {
            tracing::info!("finishing running requests");
            let _ = stop.send(());
            if tokio::time::timeout(DRAIN, &mut serving).await.is_err() {
                tracing::warn!("some requests did not finish in time");
            }
            // A job that is cut off here is taken up again at the next start.
            let _ = tokio::time::timeout(DRAIN, worker).await;
            let _ = tokio::time::timeout(DRAIN, clockwork).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whoever does the background work of this process.
fn worker(app: &App) -> Worker {
    let paper = Arc::new(Paper::new(NonZeroUsize::MIN));
    let works: Vec<Box<dyn Work>> = vec![Box::new(PackWork::new(app.clone(), paper))];
    Worker::new(app.db.clone(), app.nature.clone(), works)
}

/// Whoever does what the installation needs at its time.
fn clockwork(app: &App) -> Clockwork {
    let mut routines: Vec<Box<dyn Routine>> = Vec::new();
    if let Some(backup) = &app.settings.backup {
        routines.push(Box::new(BackupRoutine::new(app.clone(), backup.clone())));
        routines.push(Box::new(ProofRoutine::new(app.clone(), backup.clone())));
    }
    Clockwork::new(app.db.clone(), app.nature.clone(), routines)
}

async fn asked_to_stop() {
    let term = signal(SignalKind::terminate());
    let Ok(mut term) = term else { return std::future::pending().await };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Six digits that are shown on the terminal only.
fn setup_code(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_be_bytes(random) % 1_000_000)
}
