//! ffmpeg and ffprobe as children, on a leash: processor time, memory, file size and wall time are bounded, the environment
//! is empty, nothing but files can be opened.
//!
//! Owns: starting, watching and ending a child. Must never pass on a word of a person through a command line that a shell
//! would read; there is no shell.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::super::error::{RecordError, Result};

/// How far a child may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wall time.
    pub wall: Duration,
    /// Processor time, in seconds.
    pub cpu_secs: u64,
    /// Address space, in bytes.
    pub memory: u64,
    /// The largest file it may write, in bytes.
    pub file: u64,
    /// How willingly it gives way to others (0–19): hearings come first.
    pub nice: u8,
}

impl Default for Limits {
    fn default() -> Self {
        let hours = 6;
        Self { wall: Duration::from_secs(hours * 3_600), cpu_secs: hours * 7_200, memory: 4 << 30, file: 64 << 30, nice: 15 }
    }
}

/// So much of what a child says is kept.
const SAID: usize = 64 << 10;

/// Runs a program in a folder to its end and gives what it said on its output. Words on its error line fail it when
/// `quiet` is asked for.
pub(crate) fn run(program: &str, args: &[String], folder: &Path, limits: &Limits, quiet: bool) -> Result<String> {
    let failed = |what: String| RecordError::Child { program: program.to_owned(), what };
    let mut child = Command::new("prlimit")
        .args([
            format!("--cpu={}", limits.cpu_secs),
            format!("--as={}", limits.memory),
            format!("--fsize={}", limits.file),
            "--core=0".into(),
        ])
        .args(["nice", "-n", &limits.nice.to_string(), program])
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", "/nonexistent")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|e| failed(e.to_string()))?;
    let out = reader(child.stdout.take());
    let said = reader(child.stderr.take());
    let ended = wait(&mut child, limits.wall);
    let (out, said) = (out.join().unwrap_or_default(), said.join().unwrap_or_default());
    match ended {
        Err(what) => Err(failed(what)),
        Ok(status) if !status.success() => Err(failed(format!("{status}: {}", said.trim()))),
        Ok(_) if quiet && !said.trim().is_empty() => Err(failed(said.trim().to_owned())),
        Ok(_) => Ok(out),
    }
}

/// Reads a pipe to its end and keeps the last of it.
fn reader(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let (mut kept, mut block) = (Vec::new(), [0; 4_096]);
        if let Some(mut pipe) = pipe {
            while let Ok(n @ 1..) = pipe.read(&mut block) {
                kept.extend_from_slice(&block[..n]);
                let over = kept.len().saturating_sub(SAID);
                kept.drain(..over);
            }
        }
        String::from_utf8_lossy(&kept).into_owned()
    })
}

fn wait(child: &mut Child, wall: Duration) -> Result<std::process::ExitStatus, String> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if began.elapsed() < wall => std::thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                end(child);
                return Err(format!("took longer than {} s", wall.as_secs()));
            }
            Err(e) => {
                end(child);
                return Err(e.to_string());
            }
        }
    }
}

/// Ends the child and whatever it started: they share a group of their own.
fn end(child: &mut Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(group), nix::sys::signal::Signal::SIGKILL);
    }
    let _ = child.wait();
}

/// A path as an argument that no option can be hidden in.
pub(crate) fn file_arg(path: &Path) -> Result<String> {
    let text = path.to_str().ok_or(RecordError::Refused("record.path"))?;
    Ok(format!("file:{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { wall: Duration::from_millis(300), ..Limits::default() }
    }

    #[test]
    fn a_child_that_hangs_is_ended_with_its_children() {
        let began = Instant::now();
        let args = ["-c".to_owned(), "sleep 30 & sleep 30".to_owned()];
        let said = run("sh", &args, Path::new("/"), &limits(), false).unwrap_err().to_string();
        assert!(said.contains("longer"), "{said}");
        assert!(began.elapsed() < Duration::from_secs(3));
    }

    #[test]
    fn what_a_child_says_fails_it_only_when_asked() {
        let args = ["-c".to_owned(), "echo out; echo oh >&2".to_owned()];
        assert_eq!(run("sh", &args, Path::new("/"), &limits(), false).unwrap(), "out\n");
        assert!(run("sh", &args, Path::new("/"), &limits(), true).is_err());
        assert!(run("no-such-program", &[], Path::new("/"), &limits(), false).is_err());
    }
}
