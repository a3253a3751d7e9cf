//! `lianting serve` and `lianting work`: starts, listens, stops cleanly.
//! Owns signals and the order of shutting down; nothing of a matter.

use std::time::Duration;

use poem::Server;
use poem::listener::{Acceptor, Listener, TcpAcceptor, TcpListener};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::clocks;
use crate::config::Config;
use crate::delivery::mail;
use crate::hearing::room;
use crate::http;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::{telemetry, work};

/// Serves until SIGTERM or Ctrl-C; requests under way have 30 s to end.
///
/// # Errors
/// Why it did not start, with the cure.
pub async fn serve(config: Config) -> Result<(), String> {
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone());
    let app = App::start(config, Clock::System, Random::from_os()).await.map_err(|e| e.to_string())?;
    run(app, stop).await
}

/// Serves an assembled app until told to stop.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn run(app: App, stop: CancellationToken) -> Result<(), String> {
    let address = app.config.listen;
    let acceptor = TcpListener::bind(address)
        .into_acceptor()
        .await
        .map_err(|e| format!("cannot listen on {address}: {e}. Choose another with LIANTING_LISTEN"))?;
    run_on(app, acceptor, stop).await
}

/// Serves an assembled app on an address already bound.
///
/// # Errors
/// What the listener says.
pub async fn run_on(app: App, acceptor: TcpAcceptor, stop: CancellationToken) -> Result<(), String> {
    for bound in acceptor.local_addr() {
        tracing::info!(address = %bound, "serving");
    }
    mail::door::open(app.clone(), stop.clone()).await?;
    let rooms = room::watch::open(&app, &stop).await?;
    let working = app.config.work.then(|| tokio::spawn(work::run(app.clone(), stop.clone())));
    let watching = tokio::spawn(clocks::watch::run(app.clone(), stop.clone()));
    let hearing = tokio::spawn(hear_changes(app.clone(), stop.clone()));
    let tidying = tokio::spawn(tidy(app.clone(), stop.clone()));
    let ringing = ring(&app);
    // lines of hearings end by themselves only when the hearing does: they are let go as soon as the server is told to stop
    let letting_go = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move {
            stop.cancelled().await;
            room::watch::close(&app, rooms).await;
        }
    });
    let served = Server::new_with_acceptor(acceptor)
        .run_with_graceful_shutdown(http::server(app.clone()), stop.cancelled(), Some(Duration::from_secs(30)))
        .await;
    stop.cancel();
    let _ = letting_go.await;
    let _ = hearing.await;
    let _ = tidying.await;
    ringing.abort();
    let _ = watching.await;
    if let Some(working) = working {
        let _ = working.await;
    }
    app.door.close().await;
    served.map_err(|e| e.to_string())
}

/// Background work only.
///
/// # Errors
/// Why it did not start.
pub async fn work(config: Config) -> Result<(), String> {
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone());
    let app = App::start(config, Clock::System, Random::from_os()).await.map_err(|e| e.to_string())?;
    mail::door::open(app.clone(), stop.clone()).await?;
    let ringing = ring(&app);
    work::run(app, stop).await;
    ringing.abort();
    Ok(())
}

/// Cancels on SIGTERM and on Ctrl-C.
pub fn stop_on_signal(stop: CancellationToken) {
    tokio::spawn(async move {
        let terminated = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = terminated => {}
        }
        stop.cancel();
    });
}

/// Tells the workers of every node what was left for them here.
fn ring(app: &App) -> tokio::task::JoinHandle<()> {
    let app = app.clone();
    tokio::spawn(async move { app.door.ring().await })
}

/// Keeps small what grows with every request: buckets of limits, measurements.
async fn tidy(app: App, stop: CancellationToken) {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = minute.tick() => {
                app.limits.sweep();
                telemetry::sum_up();
            }
        }
    }
}

/// Puts in force at once what another node changed; a poll every 30 s is the net under it.
async fn hear_changes(app: App, stop: CancellationToken) {
    let mut listener = app.door.listen(&["lianting_policies", "lianting_registry", "lianting_sessions"]).await.ok();
    loop {
        let next = async {
            match &mut listener {
                Some(l) => l.try_recv().await.ok().flatten(),
                None => std::future::pending().await,
            }
        };
        let heard = tokio::select! {
            () = stop.cancelled() => return,
            heard = next => heard,
            () = tokio::time::sleep(Duration::from_secs(30)) => None,
        };
        let done = match heard.as_ref().map(|n| (n.channel(), n.payload())) {
            Some(("lianting_policies", court)) => match court.parse() {
                Ok(court) => app.door.reload_policies(court).await.map(|()| app.sessions.forget_all()),
                Err(_) => Ok(()),
            },
            Some(("lianting_sessions", _)) => {
                app.sessions.forget_all();
                Ok(())
            }
            Some(_) => app.door.reload_registry().await,
            None => match app.door.reload_registry().await {
                Ok(()) => app.door.reload_all_policies().await,
                failed => failed,
            },
        };
        if let Err(e) = done {
            tracing::warn!(cause = ?e, "a change elsewhere could not be read");
        }
    }
}
