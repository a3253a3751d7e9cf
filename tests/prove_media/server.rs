//! A server as a process of its own, to be killed, stopped and started again, and a door to the object store that can be shut.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::kit::{World, cluster, numbers};

/// What a server is started with, each time the same.
pub struct Plan {
    pub base: String,
    pub spool: PathBuf,
    arguments: Vec<String>,
    program: Box<dyn Fn() -> Command + Send + Sync>,
    log: PathBuf,
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Plan {
    /// A server of this world.
    pub fn new(w: &Arc<World>, node: &str, spool: Option<PathBuf>, store: Option<SocketAddr>) -> Self {
        let (port, media) = (free_port(), free_port());
        let base = format!("http://127.0.0.1:{port}");
        let spool = spool.unwrap_or_else(|| cluster().dir.join(format!("spool{}", numbers::next())));
        let mut arguments = Vec::new();
        let mut set = |name: &str, value: String| arguments.extend([format!("--{name}"), value]);
        set("listen", format!("127.0.0.1:{port}"));
        set("public-url", base.clone());
        set("work", "true".into());
        set("media-address", format!("127.0.0.1:{media}"));
        set("spool", spool.display().to_string());
        set("node", node.into());
        set("node-url", base.clone());
        let mut but = vec!["--public-url", "--work"];
        if let Some(store) = store {
            set("s3-endpoint", format!("http://{store}"));
            but.push("--s3-endpoint");
        }
        let w = w.clone();
        let log = cluster().dir.join(format!("server-{node}.log"));
        Self { base, spool, arguments, program: Box::new(move || w.program("serve", &but)), log }
    }

    /// Starts it and waits until it answers.
    pub async fn start(&self) -> Server {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        let since = Instant::now();
        let child = (self.program)().args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut server = Server { child };
        let client = reqwest::Client::new();
        while client.get(format!("{}/healthz", self.base)).send().await.is_err() {
            assert!(server.child.try_wait().unwrap().is_none(), "the server fell; see {}", self.log.display());
            assert!(since.elapsed() < Duration::from_secs(60), "the server does not start; see {}", self.log.display());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server
    }
}

/// A running server. It ends with this value.
pub struct Server {
    child: Child,
}

impl Server {
    /// SIGKILL: nothing is said, nothing is written.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM: it gives its rooms back and stops.
    pub fn stop(&self) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), Signal::SIGTERM).unwrap();
    }

    /// Waits until it is gone.
    pub async fn gone(&mut self) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < end, "the server does not stop");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The object store's door.
#[derive(Clone)]
pub struct Door {
    pub at: SocketAddr,
    open: Arc<AtomicBool>,
    turn: Arc<AtomicU64>,
}

impl Door {
    /// Before the store of the run.
    pub async fn before(store: SocketAddr) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let door = Self { at, open: Arc::new(AtomicBool::new(true)), turn: Arc::default() };
        let own = door.clone();
        tokio::spawn(async move {
            while let Ok((from, _)) = listener.accept().await {
                tokio::spawn(own.clone().pass(from, store));
            }
        });
        door
    }

    async fn pass(self, mut from: tokio::net::TcpStream, store: SocketAddr) {
        let turn = self.turn.load(Ordering::SeqCst);
        if !self.open.load(Ordering::SeqCst) {
            return;
        }
        let Ok(mut to) = tokio::net::TcpStream::connect(store).await else { return };
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut from, &mut to) => {}
            () = async { while self.turn.load(Ordering::SeqCst) == turn { tokio::time::sleep(Duration::from_millis(20)).await; } } => {}
        }
    }

    /// Shuts it: what is on its way is cut.
    pub fn shut(&self) {
        self.open.store(false, Ordering::SeqCst);
        self.turn.fetch_add(1, Ordering::SeqCst);
    }

    /// Opens it.
    pub fn open(&self) {
        self.open.store(true, Ordering::SeqCst);
    }
}
