//! An evidence file of 2 GiB through the server, beside the same bytes in the same parts sent straight to the object
//! store by the same client; and what the server's memory grows by.

use std::time::Instant;

use bytes::Bytes;
use lianting::kit::blob::{Blob, streamed};
use lianting::kit::random::Random;
use serde_json::json;

use crate::Options;
use crate::cluster::{Cluster, Server};
use crate::data::{self, Province, person};
use crate::load::{self, Line};
use crate::report::{Goal, Report, median, shown};

const PART: usize = 8 << 20;
/// What the network hands over at a time.
const CHUNK: usize = 64 << 10;
const ROUNDS: usize = 3;

/// A film of noise: nothing on the way can make it smaller.
fn part(first: bool) -> Bytes {
    let noise = Random::from_os().bytes::<4096>();
    let mut bytes = noise.repeat(PART / noise.len());
    if first {
        bytes[..16].copy_from_slice(b"\0\0\0\x18ftypisom\0\0\0\0");
    }
    bytes.into()
}

async fn direct(blob: &Blob, parts: usize) -> Result<f64, String> {
    let failed = |e: lianting::error::Error| format!("{e:?}");
    let (key, bytes, since) = ("bench/direct", part(true), Instant::now());
    let upload = blob.begin_parts(key).await.map_err(failed)?;
    let mut etags = Vec::new();
    for n in 1..=parts {
        let chunks: Vec<std::io::Result<Bytes>> = (0..PART / CHUNK).map(|i| Ok(bytes.slice(i * CHUNK..(i + 1) * CHUNK))).collect();
        let body = streamed(futures_util::stream::iter(chunks));
        let (number, length) = (i32::try_from(n).unwrap_or(0), i64::try_from(PART).unwrap_or(0));
        etags.push(blob.put_part(key, &upload, number, length, body).await.map_err(failed)?);
    }
    blob.finish_parts(key, &upload, &etags).await.map_err(failed)?;
    let took = since.elapsed().as_secs_f64();
    blob.delete(key).await.map_err(failed)?;
    Ok(took)
}

async fn through(server: &Server, blob: &Blob, parts: usize, round: usize) -> Result<f64, String> {
    let token = data::token("party", 0);
    let (bytes, mut line, since) = (part(true), Line::open(server.at).await?, Instant::now());
    let new = json!({ "name": format!("开庭录像{round}.mp4"), "size": PART * parts, "last_modified": round }).to_string();
    let begun = line.ask(&load::request("POST", "/my/files", &token, "", &new)).await?.json()?;
    let id = begun["id"].as_str().ok_or("no upload id")?.to_owned();
    for n in 1..=parts {
        let head = format!(
            "PUT /api/my/uploads/{id}/parts/{n} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\ncontent-type: application/octet-stream\r\ncontent-length: {PART}\r\n\r\n"
        );
        line.send(head.as_bytes()).await?;
        line.send(&bytes).await?;
        let answer = line.answer().await?;
        if answer.status != 204 {
            return Err(format!("part {n}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)));
        }
    }
    line.ask(&load::request("POST", &format!("/my/uploads/{id}/complete"), &token, "", "")).await?.json()?;
    let took = since.elapsed().as_secs_f64();
    blob.delete(&format!("person/{}/{id}", person("party", 0))).await.map_err(|e| format!("{e:?}"))?;
    Ok(took)
}

/// Both ways in turns.
pub async fn run(cluster: &Cluster, options: &Options, report: &mut Report) -> Result<(), String> {
    let province = Province::open(cluster, &options.root, 180).await?;
    let server = cluster.serve(&province.database, "serve-upload")?;
    let blob = Blob::new(&cluster.store_settings());
    let (parts, mib) = (options.upload_mib * (1 << 20) / PART, options.upload_mib as f64);
    let before = server.memory().0;
    server.forget_peak();
    let (mut shares, mut ours, mut peers) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let peer = direct(&blob, parts).await?;
        let own = through(&server, &blob, parts, round).await?;
        eprintln!("   {} MiB/s through the server, {} MiB/s straight", shown(mib / own), shown(mib / peer));
        shares.push(peer / own);
        ours.push(mib / own);
        peers.push(mib / peer);
    }
    let how = format!("{} MiB/s; straight to the store {} MiB/s; {ROUNDS} times each", shown(median(ours)), shown(median(peers)));
    report.add(format!("evidence upload of {mib} MiB"), median(shares), "of direct", Goal::AtLeast(0.7), how);
    let peak = server.memory().1;
    let how = format!("{} MiB before, {} MiB at most", shown(before), shown(peak));
    report.add("memory growth of the server meanwhile", peak - before, "MiB", Goal::AtMost(64.0), how);
    Ok(())
}
