//! The least that forwarding can cost on this machine: each packet sealed once (AES-128-GCM) and handed to the kernel in runs
//! of one size (sendmmsg, GSO), in the same mix of sizes, by one thread that does nothing else. Nobody reads what arrives, so
//! the other end costs nothing either: no server comes nearer than this.

use std::time::{Duration, Instant};

use bytes::BytesMut;
use lianting_media::net::udp::Udp;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Value, json};

use crate::{PICTURES, round, usage};

const HEADER: usize = 24;
const AUDIO: &[usize] = &[80];

/// Runs for so long; packets per processor second.
pub fn run(bind: &str, seconds: Duration) -> Value {
    let any = format!("{bind}:0").parse().expect("an address");
    let sink = Udp::bind(any, 4096).expect("a socket");
    let mut udp = Udp::bind(any, 1 << 20).expect("a socket");
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &[7; 16]).expect("a key"));
    let (mut number, mut sent, mut waiting) = (0_u64, 0_u64, Vec::new());
    let me = std::process::id();
    let (before, _) = usage(me);
    let from = Instant::now();
    while from.elapsed() < seconds {
        for sizes in PICTURES.into_iter().flat_map(|p| [AUDIO, p, AUDIO]) {
            waiting.clear();
            for size in sizes {
                waiting.push(seal(&key, &mut number, *size));
            }
            udp.send_all(sink.bound, None, &waiting);
            sent += sizes.len() as u64;
        }
    }
    let span = from.elapsed().as_secs_f64();
    let cpu = (usage(me).0 - before) as f64 / 100.0;
    json!({
        "server": "limit", "round": round(), "rooms": 0, "people": 0, "seconds": span, "out_pps": sent as f64 / span, "cpu_percent": cpu / span * 100.0,
        "forwarded_per_cpu_second": sent as f64 / cpu, "loss": null, "p50_ms": null, "p99_ms": null, "memory_kib": null, "memory_per_room_kib": null,
    })
}

fn seal(key: &LessSafeKey, number: &mut u64, size: usize) -> BytesMut {
    *number += 1;
    let mut packet = BytesMut::zeroed(HEADER + size + 16);
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&number.to_le_bytes());
    let (head, body) = packet.split_at_mut(HEADER);
    let tag = key.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&*head), &mut body[..size]).expect("a seal");
    body[size..].copy_from_slice(tag.as_ref());
    packet
}
