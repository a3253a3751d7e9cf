//! What the programs under test log, kept for stories that look at it; `IT_LOG` in the environment shows it.

use std::sync::{Mutex, Once};

/// Sets up what a process sets up once.
pub fn once() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let subscriber = tracing_subscriber::fmt().json().with_env_filter("info,lianting=debug").with_writer(|| Logs).finish();
        let _ = tracing::subscriber::set_global_default(subscriber);
    });
}

static LOGS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Logs;

impl std::io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if std::env::var_os("IT_LOG").is_some() {
            std::io::stderr().write_all(bytes)?;
        }
        let mut logs = LOGS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if logs.len() < 64 << 20 {
            logs.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything logged by this run so far.
pub fn logs() -> String {
    String::from_utf8_lossy(&LOGS.lock().unwrap_or_else(std::sync::PoisonError::into_inner)).into_owned()
}
