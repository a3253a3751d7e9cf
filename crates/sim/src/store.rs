//! The S3 store: s3s over a local directory. Owns keys, bucket directories and the connections; must never be
//! more than the store of a demonstration or a test (no fsync, no versions, no object lock).

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;

use crate::life::{Life, LifeOptions};

/// How long open requests may take to finish after a signal.
const GRACE: Duration = Duration::from_secs(5);

/// What the store is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub life: LifeOptions,
    /// Where objects are kept; made if it does not exist.
    #[arg(long)]
    pub data: PathBuf,
    /// A bucket to make; may be given several times.
    #[arg(long = "bucket", default_value = "lianting")]
    pub buckets: Vec<String>,
    /// The access key of the one client.
    #[arg(long, env = "LIANTING_SIM_ACCESS_KEY")]
    pub access_key: String,
    /// Its secret key.
    #[arg(long, env = "LIANTING_SIM_SECRET_KEY", hide_env_values = true)]
    pub secret_key: String,
}

/// Serves until a signal, then lets open requests finish.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let service = service(options)?;
    life.announce()?;
    let ended = life.ended();
    tokio::pin!(ended);
    let http = Builder::new(TokioExecutor::new());
    let graceful = GracefulShutdown::new();
    loop {
        let socket = tokio::select! {
            accepted = life.listener.accept() => match accepted {
                Ok((socket, _)) => socket,
                Err(_) => {
                    // Out of descriptors, most often: wait for some to be closed.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut ended => break,
        };
        // Only a latency hint: a socket without it works as well.
        let _ = socket.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(socket), service.clone());
        let connection = graceful.watch(connection.into_owned());
        tokio::spawn(async move {
            // A client that goes away mid-request is its own affair.
            let _ = connection.await;
        });
    }
    // Past the grace the process ends all the same.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    Ok(())
}

fn service(options: &Options) -> io::Result<S3Service> {
    for bucket in &options.buckets {
        if bucket.is_empty() || bucket.starts_with('.') || bucket.contains(['/', '\\']) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{bucket:?} is no bucket name")));
        }
        std::fs::create_dir_all(options.data.join(bucket))?;
    }
    let files = FileSystem::new(&options.data).map_err(|wrong| io::Error::other(format!("{wrong:?}")))?;
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(options.access_key.as_str(), options.secret_key.as_str()));
    Ok(service.build())
}
