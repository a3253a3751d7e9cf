//! Setting papers: a notice of two pages by the renderer as the server runs it, processes behind pipes, and the same with
//! the court's seal. Every paper carries a number, a name and a code of its own, so that nothing is set twice.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use lianting::paper::renderer::{Job, Rendered, Renderer};
use lianting_seal::keep::{CourtSeal, SealDir};
use lianting_seal::pdf::{self, Place, Words};
use lianting_seal::picture::Font;
use lianting_seal::pki::{Subject, Term};
use lianting_seal::{Signer, cms};
use serde_json::Value;

use crate::Options;
use crate::report::{Goal, Report, median, shown};

/// 应诉通知书 of the samples: two pages.
const NOTICE: &str = include_str!("../../crates/paper/samples/notice_to_respond.json");
const COURT: &str = "370102";
/// Papers until caches are as warm as they stay.
const WARM: usize = 12;

fn job(n: usize) -> Result<Job, String> {
    let mut data: Value = serde_json::from_str(NOTICE).map_err(|e| e.to_string())?;
    data["case_number"] = format!("（2026）鲁0102民初{n}号").into();
    data["addressee"] = format!("山东第{n}物流有限公司").into();
    data["verify"] =
        serde_json::json!({ "code": format!("BENC-H{n:07}"), "url": format!("https://court.example/verify?code=BENCH{n:07}") });
    data["e_seal"] = true.into();
    Ok(Job { template: "notice_to_respond".into(), source: None, data, images: Vec::new(), created_at: Utc::now() })
}

/// As `paper/sealing.rs` does it, without a time stamp: the authority is somebody else's.
fn sealed(paper: &Rendered, seal: &CourtSeal) -> Result<usize, String> {
    let place = paper.seal.ok_or("the notice has no place for a seal")?;
    let said = |fault: lianting_seal::Fault| fault.to_string();
    let words = Words { name: "济南市历下区人民法院", reason: "电子印章", at: Utc::now() };
    let place = Place { page: place.page, x: place.x, y: place.y };
    let prepared = pdf::prepare(&paper.pdf, Some((place, &seal.picture)), &words, pdf::ROOM).map_err(said)?;
    let signer: &dyn Signer = &*seal.signer;
    let message = cms::sign(signer, &prepared.digest(signer.algorithm())).and_then(|s| s.to_der(None)).map_err(said)?;
    prepared.finish(&message).map(|file| file.len()).map_err(said)
}

fn seals(dir: &Path) -> Result<CourtSeal, String> {
    let _ = std::fs::remove_dir_all(dir);
    let (seals, term) = (SealDir::at(dir), Term { from: Utc::now(), days: 30 });
    seals.init("测量用印章根", "山东省", term).map_err(|e| e.to_string())?;
    let subject = Subject { name: "济南市历下区人民法院".into(), province: Some("山东省".into()), code: Some(COURT.into()) };
    let font = Font::installed().map_err(|e| e.to_string())?;
    seals.issue(COURT, &subject, term, &font, false).map_err(|e| e.to_string())?;
    seals.court(COURT).map_err(|e| e.to_string())?.ok_or_else(|| "no seal was made".into())
}

/// Papers in so much time: how many a second, and milliseconds of one.
async fn set(
    renderer: &Arc<Renderer>,
    at_once: usize,
    time: Duration,
    seal: Option<&Arc<CourtSeal>>,
    n: &Arc<AtomicUsize>,
) -> Result<(f64, f64), String> {
    let (since, mut at_work) = (Instant::now(), tokio::task::JoinSet::new());
    for _ in 0..at_once {
        let (renderer, seal, n) = (renderer.clone(), seal.cloned(), n.clone());
        at_work.spawn(async move {
            let mut done = 0;
            while done == 0 || since.elapsed() < time {
                let paper = renderer.render(&job(n.fetch_add(1, Ordering::Relaxed))?).await.map_err(|e| format!("{e:?}"))?;
                if paper.pages != 2 {
                    return Err(format!("the notice has {} pages", paper.pages));
                }
                if let Some(seal) = seal.clone() {
                    tokio::task::spawn_blocking(move || sealed(&paper, &seal)).await.map_err(|e| e.to_string())??;
                }
                done += 1;
            }
            Ok::<usize, String>(done)
        });
    }
    let mut all = 0;
    while let Some(done) = at_work.join_next().await {
        all += done.map_err(|e| e.to_string())??;
    }
    let took = since.elapsed().as_secs_f64();
    Ok((all as f64 / took, took * 1000.0 * at_once as f64 / all as f64))
}

fn program() -> Result<PathBuf, String> {
    let beside = std::env::current_exe().map_err(|e| e.to_string())?.with_file_name("lianting-paper");
    if beside.exists() { Ok(beside) } else { Err(format!("{} is missing; `make bench` builds it", beside.display())) }
}

/// One and two processes, in turns; then the seal.
pub async fn run(options: &Options, out: &Path, report: &mut Report) -> Result<(), String> {
    let seal = Arc::new(seals(&out.join("seals"))?);
    let n = Arc::new(AtomicUsize::new(1));
    let kinds: Vec<(usize, bool)> = vec![(1, false), (2, false), (2, true)];
    let mut found = Vec::new();
    for (processes, with_seal) in kinds {
        let renderer = Arc::new(Renderer::new(Some(program()?), processes));
        for i in 0..WARM * processes {
            renderer.render(&job(i)?).await.map_err(|e| format!("{e:?}"))?;
        }
        found.push((processes, with_seal, renderer, Vec::new(), Vec::new()));
    }
    for _ in 0..options.rounds {
        for (processes, with_seal, renderer, per_second, each) in &mut found {
            let (rate, ms) = set(renderer, *processes, options.time(), with_seal.then_some(&seal), &n).await?;
            per_second.push(rate);
            each.push(ms);
        }
    }
    for (processes, with_seal, _, per_second, each) in found {
        let what = if with_seal { ", sealed" } else { "" };
        let name = if processes == 1 { "1 process".to_owned() } else { format!("{processes} processes") };
        let how = format!("PDF/A-2b, 2 pages, {} ms a paper and process", shown(median(each)));
        report.add(format!("notices set, {name}{what}"), median(per_second), "/s", Goal::AtLeast(50.0), how);
    }
    Ok(())
}
