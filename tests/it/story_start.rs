//! 启动: the program as it is run for real — what it refuses to start on, in words an operator can act on, and what
//! it logs and traces when it runs.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::kit::{World, cluster, connect_admin, key_file};

/// A command line that starts, before one thing is made wrong.
fn sound(database_url: &str) -> Vec<(&'static str, String)> {
    let c = cluster();
    let paper = crate::kit::paper_program();
    vec![
        ("--listen", "127.0.0.1:0".into()),
        ("--public-url", "http://127.0.0.1".into()),
        ("--key-file", key_file().display().to_string()),
        ("--database-url", database_url.into()),
        ("--s3-endpoint", format!("http://{}", c.store)),
        ("--s3-access-key", crate::kit::STORE_KEY.0.into()),
        ("--s3-secret-key", crate::kit::STORE_KEY.1.into()),
        ("--paper-program", paper),
    ]
}

fn with(mut args: Vec<(&'static str, String)>, name: &'static str, value: impl Into<String>) -> Vec<(&'static str, String)> {
    args.retain(|(n, _)| *n != name);
    args.push((name, value.into()));
    args
}

fn command(args: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianting"));
    command.arg("serve").env_clear();
    for (name, value) in args {
        command.arg(name).arg(value);
    }
    command
}

/// Runs what must refuse to start; a program that starts after all is stopped.
fn refusal(args: Vec<(&'static str, String)>) -> String {
    let mut child = command(&args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..300 {
        if child.try_wait().unwrap().is_some() {
            let Output { status, stderr, .. } = child.wait_with_output().unwrap();
            assert!(!status.success());
            return String::from_utf8_lossy(&stderr).into_owned();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    panic!("it started, or hung: {args:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_refuses_to_start_on_what_the_wall_cannot_stand_on() {
    let w = World::new().await;
    let dir = cluster().dir.join("start");
    std::fs::create_dir_all(&dir).unwrap();
    let good = sound(&cluster().app_url(&w.database));
    let says = |what: &str, args: Vec<(&'static str, String)>, words: &[&str]| {
        let said = refusal(args);
        for word in words {
            assert!(said.contains(word), "{what}: no `{word}` in\n{said}");
        }
    };
    says("nobody answers", with(good.clone(), "--database-url", "postgres://lianting_app@127.0.0.1:1/x"), &["127.0.0.1:1", "DATABASE_URL"]);
    says("no schema", with(good.clone(), "--database-url", cluster().app_url("postgres")), &["lianting migrate"]);
    says("a role that sees through the wall", with(good.clone(), "--database-url", cluster().admin_url(&w.database)), &["row"]);
    says("no key file", with(good.clone(), "--key-file", dir.join("none").display().to_string()), &["none", "new-key"]);
    let odd = dir.join("odd-keys");
    std::fs::write(&odd, "not a key").unwrap();
    says("a broken key file", with(good.clone(), "--key-file", odd.display().to_string()), &["key"]);
    says("no renderer", with(good.clone(), "--paper-program", dir.join("no-paper").display().to_string()), &["LIANTING_PAPER", "no-paper"]);
    // policies: the file, the line, the cause and the cure
    let policies = dir.join("policies");
    std::fs::create_dir_all(&policies).unwrap();
    std::fs::copy("policies/model.conf", policies.join("model.conf")).unwrap();
    let at = with(good.clone(), "--policies", policies.display().to_string());
    for (text, line, cause) in [
        ("p, clerk, *, filing, queue, allow\np, clark, *, filing, queue, allow\n", "2", "clark"),
        ("p, clerk, *, filing, fly, allow\n", "1", "filing:fly"),
        ("p, clerk, 济南, filing, queue, allow\n", "1", "济南"),
        ("p, clerk\n", "1", "not a policy line"),
    ] {
        std::fs::write(policies.join("roles.csv"), text).unwrap();
        says(cause, at.clone(), &["roles.csv", line, cause]);
    }
    // a table without its wall
    let mut conn = connect_admin(&w.database).await;
    sqlx::raw_sql("alter table filings no force row level security").execute(&mut conn).await.unwrap();
    says("a wall that is down", good.clone(), &["filings"]);
    sqlx::raw_sql("alter table filings force row level security").execute(&mut conn).await.unwrap();
    // a spool another server records into
    let spool = dir.join("spool");
    let held = lianting_media::record::SpoolLock::take(&spool).unwrap();
    let media = with(with(good.clone(), "--media-address", "127.0.0.1:0"), "--spool", spool.display().to_string());
    says("a taken spool", media, &[&format!("process {}", std::process::id()), "LIANTING_SPOOL", "another server"]);
    drop(held);
    // the port is somebody's
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    says("a taken port", with(good, "--listen", address.clone()), &[&address, "LIANTING_LISTEN"]);
    w.end().await;
}

/// A collector that says yes to everything and keeps what it was sent.
fn collector() -> (String, std::sync::mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut seen = Vec::new();
            let mut buffer = [0; 65_536];
            stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
            while let Ok(n) = stream.read(&mut buffer) {
                if n == 0 {
                    break;
                }
                seen.extend_from_slice(&buffer[..n]);
            }
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            if tell.send(seen).is_err() {
                return;
            }
        }
    });
    (address, told)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_traced_from_its_caller_to_the_log_and_the_collector() {
    let w = World::new().await;
    let (address, spans) = collector();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut args = with(sound(&cluster().app_url(&w.database)), "--listen", format!("127.0.0.1:{port}"));
    args.push(("--otlp-endpoint", address));
    let mut child = command(&args).arg("--log-json").stderr(Stdio::piped()).spawn().unwrap();
    let base = format!("http://127.0.0.1:{port}");
    let client = reqwest::Client::new();
    for _ in 0..200 {
        if client.get(format!("{base}/readyz")).send().await.is_ok_and(|r| r.status().is_success()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let answer = client.get(format!("{base}/api/courts?q=370102")).header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    assert!(answer.send().await.unwrap().status().is_success());
    // asked to stop, it ends what is under way, sends its last traces, and goes
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id().try_into().unwrap()), nix::sys::signal::Signal::SIGTERM).unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(child.wait().unwrap().success(), "{log}");
    let line =
        log.lines().find(|l| l.contains(trace) && l.contains("answered")).unwrap_or_else(|| panic!("no line of the trace in\n{log}"));
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["span"]["trace_id"], serde_json::json!(trace), "{line}");
    // an address in a log is masked, a path is its shape
    assert!(!log.contains("370102"), "{log}");
    let raw: Vec<u8> = (0..16).map(|i| u8::from_str_radix(&trace[i * 2..i * 2 + 2], 16).unwrap()).collect();
    let sent: Vec<Vec<u8>> = spans.try_iter().collect();
    assert!(sent.iter().any(|body| body.windows(16).any(|window| window == raw)), "{} bodies without the trace", sent.len());
    w.end().await;
}
