//! How every simulator begins and ends. Owns listening, the ready line and the signals; must never know what is served.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use nix::sys::prctl;
use nix::sys::signal::Signal;
use poem::listener::TcpAcceptor;
use poem::{IntoEndpoint, Server};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// What all simulators are told alike.
#[derive(Args, Debug)]
pub struct LifeOptions {
    /// Where to listen; port 0 takes a free one, which the ready line names.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// End when the thread that started this process ends.
    #[arg(long)]
    pub die_with_parent: bool,
}

/// A bound listener and the news of the end.
pub struct Life {
    /// Bound, not yet announced.
    pub listener: TcpListener,
    end: watch::Receiver<bool>,
}

impl Life {
    /// The address taken.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Prints the ready line: `{"listening":"127.0.0.1:41234"}`.
    pub fn announce(&self) -> io::Result<()> {
        self.announce_with(&[])
    }

    /// Prints the ready line with further addresses: `{"listening":"127.0.0.1:41234","smtp":"127.0.0.1:41235"}`.
    pub fn announce_with(&self, more: &[(&str, SocketAddr)]) -> io::Result<()> {
        let mut line = serde_json::json!({"listening": self.address()?});
        for (name, address) in more {
            line[*name] = serde_json::json!(address);
        }
        let mut out = io::stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()
    }

    /// Says that it is ready, and serves until a signal.
    pub async fn serve(self, doors: impl IntoEndpoint + 'static) -> io::Result<()> {
        self.announce()?;
        self.serve_on(doors).await
    }

    /// Serves until a signal what was announced before.
    pub async fn serve_on(self, doors: impl IntoEndpoint + 'static) -> io::Result<()> {
        let ended = self.ended();
        let acceptor = TcpAcceptor::from_tokio(self.listener)?;
        Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(doors, ended, Some(Duration::from_secs(1))).await
    }

    /// Resolves when SIGTERM or SIGINT has come.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut end = self.end.clone();
        async move {
            // A sender gone without a word is an end as well.
            let _ = end.wait_for(|ended| *ended).await;
        }
    }
}

/// Runs one simulator until a signal ends it.
pub fn run<F, S>(options: &LifeOptions, serve: F) -> io::Result<()>
where
    F: FnOnce(Life) -> S,
    S: Future<Output = io::Result<()>>,
{
    if options.die_with_parent {
        prctl::set_pdeathsig(Signal::SIGTERM)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(options.listen)
            .await
            .map_err(|wrong| io::Error::new(wrong.kind(), format!("{}: {wrong}", options.listen)))?;
        serve(Life { listener, end: watch_signals()? }).await
    })
}

fn watch_signals() -> io::Result<watch::Receiver<bool>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (tell, end) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // Nobody listening any more is fine: then all is over already.
        let _ = tell.send(true);
    });
    Ok(end)
}
