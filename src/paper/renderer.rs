//! The renderer's processes: `lianting-paper`, spoken to in frames over stdin and stdout, each limited in
//! memory and restarted after a fault or a time-out. Owns the processes; knows no court.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nix::sys::resource::{Resource, setrlimit};
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

use crate::error::{Error, Result, said};

/// A rendered paper.
pub struct Rendered {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Its pages.
    pub pages: i32,
    /// Where an electronic seal belongs, if the template has a place for one.
    pub seal: Option<SealPlace>,
}

/// The centre of a seal, in points from the lower left corner of a page.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct SealPlace {
    /// Page, from 1.
    pub page: u32,
    /// To the right.
    pub x: f32,
    /// Upwards.
    pub y: f32,
}

/// A picture handed to a template.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Picture {
    /// Name the template refers to.
    pub name: String,
    /// Base64 of PNG or JPEG.
    pub base64: String,
}

/// One template with its data.
#[derive(Debug, Clone)]
pub struct Job {
    /// Template name.
    pub template: String,
    /// A court's own source of that template, in place of the built-in one.
    pub source: Option<String>,
    /// Its data.
    pub data: Value,
    /// Pictures it uses.
    pub images: Vec<Picture>,
    /// The PDF's date: same job, same bytes.
    pub created_at: DateTime<Utc>,
}

/// Why a template cannot be set: its source, or the data it was given.
#[derive(Debug, Clone, Deserialize)]
pub struct Fault {
    /// Line of the template, from 1, where there is one.
    #[serde(default)]
    pub line: Option<u32>,
    /// In the typesetter's words.
    #[serde(default)]
    pub message: String,
}

#[derive(Deserialize)]
struct Head {
    ok: bool,
    #[serde(default)]
    pages: i32,
    error: Option<Fault>,
    seal: Option<SealPlace>,
}

struct Process {
    _child: Child,
    to: ChildStdin,
    from: ChildStdout,
}

/// A pool of renderer processes, started when first needed.
pub struct Renderer {
    program: PathBuf,
    slots: Vec<Arc<Mutex<Option<Process>>>>,
    next: std::sync::atomic::AtomicUsize,
}

/// A paper that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Whether it answers at all shows sooner.
const ALIVE: Duration = Duration::from_secs(8);

impl Renderer {
    /// A pool over the given program, or the one beside our own.
    pub fn new(program: Option<PathBuf>, processes: usize) -> Self {
        let beside = || {
            std::env::current_exe()
                .ok()
                .and_then(|exe| Some(exe.parent()?.join("lianting-paper")))
                .unwrap_or_else(|| "lianting-paper".into())
        };
        let mut program = program.unwrap_or_else(beside);
        if !program.exists() {
            // a test binary lies one folder deeper
            if let Some(up) = program.parent().and_then(|p| p.parent()).map(|p| p.join("lianting-paper")).filter(|p| p.exists()) {
                program = up;
            }
        }
        Self { program, slots: (0..processes.max(1)).map(|_| Arc::default()).collect(), next: Default::default() }
    }

    /// Tells whether the program is there, before anybody waits for a paper.
    ///
    /// # Errors
    /// Where it was looked for, and the cure.
    pub fn check(&self) -> std::result::Result<(), String> {
        let in_path = || std::env::var_os("PATH").is_some_and(|p| std::env::split_paths(&p).any(|d| d.join(&self.program).exists()));
        if self.program.exists() || (self.program.components().count() == 1 && in_path()) {
            return Ok(());
        }
        Err(format!(
            "the paper renderer {} is not there. Put lianting-paper beside lianting, or name it with LIANTING_PAPER",
            self.program.display()
        ))
    }

    /// Renders one paper.
    ///
    /// # Errors
    /// 503 when the renderer does not answer, 500 when a template is broken.
    pub async fn render(&self, job: &Job) -> Result<Rendered> {
        let fault = |f: Fault| Error::internal(format!("template {}, line {}: {}", job.template, f.line.unwrap_or_default(), f.message));
        self.try_render(job).await?.map_err(fault)
    }

    /// Renders one paper, or says where its template is at fault.
    ///
    /// # Errors
    /// 503 when the renderer does not answer.
    pub async fn try_render(&self, job: &Job) -> Result<std::result::Result<Rendered, Fault>> {
        let mut slot = self.free().await;
        let mut answer = Err(Error::internal("not tried"));
        for _ in 0..2 {
            let mut process = match slot.take() {
                Some(process) => process,
                None => self.spawn()?,
            };
            match tokio::time::timeout(PATIENCE, ask(&mut process, job)).await {
                Ok(Ok(done)) => {
                    *slot = Some(process);
                    return Ok(done);
                }
                Ok(Err(fault)) => answer = Err(absent(&fault.to_string())), // the process died: try a new one
                Err(_) => return Err(absent("timed out")),
            }
        }
        answer
    }

    /// A process that has nothing to do, or the next turn at one that has.
    async fn free(&self) -> tokio::sync::MutexGuard<'_, Option<Process>> {
        if let Some(slot) = self.slots.iter().find_map(|slot| slot.try_lock().ok()) {
            return slot;
        }
        let n = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % self.slots.len();
        self.slots[n].lock().await
    }

    /// Tells whether a process answers: one that is busy does, and one that refuses a template it does not know does too.
    pub async fn alive(&self) -> bool {
        if self.slots.iter().any(|slot| slot.try_lock().is_err()) {
            return true;
        }
        let nothing =
            Job { template: String::new(), source: None, data: Value::Null, images: Vec::new(), created_at: DateTime::UNIX_EPOCH };
        let answer = tokio::time::timeout(ALIVE, self.render(&nothing)).await;
        answer.is_ok_and(|said| said.is_ok() || self.slots.iter().any(|slot| slot.try_lock().is_ok_and(|held| held.is_some())))
    }

    fn spawn(&self) -> Result<Process> {
        let mut command = std::process::Command::new(&self.program);
        // the renderer gets no secret of ours: only where its fonts lie
        command.env_clear();
        if let Some(fonts) = std::env::var_os("LIANTING_FONTS") {
            command.env("LIANTING_FONTS", fonts);
        }
        // SAFETY: only async-signal-safe calls between fork and exec
        unsafe {
            command.pre_exec(|| {
                setrlimit(Resource::RLIMIT_AS, 4 << 30, 4 << 30)?;
                setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
                nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)?;
                Ok(())
            });
        }
        let mut child = Command::from(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| absent(&format!("{}: {e}", self.program.display())))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(to), Some(from)) => Ok(Process { _child: child, to, from }),
            _ => Err(absent("no pipes")),
        }
    }
}

async fn ask(process: &mut Process, job: &Job) -> std::io::Result<std::result::Result<Rendered, Fault>> {
    let request = serde_json::json!({ "id": 1, "template": job.template, "source": job.source, "data": job.data, "images": job.images, "created_at": job.created_at.to_rfc3339() });
    let request = request.to_string().into_bytes();
    let length = u32::try_from(request.len()).unwrap_or(u32::MAX);
    process.to.write_all(&length.to_be_bytes()).await?;
    process.to.write_all(&request).await?;
    process.to.flush().await?;
    let head: Head = serde_json::from_slice(&frame(&mut process.from).await?)?;
    if !head.ok {
        return Ok(Err(head.error.unwrap_or(Fault { line: None, message: "the typesetter gave no reason".into() })));
    }
    let pdf = frame(&mut process.from).await?;
    Ok(Ok(Rendered { pdf, pages: head.pages, seal: head.seal }))
}

async fn frame(from: &mut ChildStdout) -> std::io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    if length > 64 << 20 {
        return Err(std::io::Error::other("frame too long"));
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn absent(cause: &str) -> Error {
    tracing::error!(cause, "the paper renderer does not answer");
    Error::unavailable("paper.unavailable", said("文书暂时生成不了。", "Papers cannot be made for now."))
}
