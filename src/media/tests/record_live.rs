//! A sender that is not ours: ffmpeg sends VP8 and Opus as RTP with its own packets and sender reports, in real time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod record_kit;

use std::net::UdpSocket;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lianting_media::record::finish::{Limits, check, join};
use lianting_media::record::{KernelClock, LocalDisk, Recorder, Source, Watermarks, steady_us};
use lianting_media::{Tap, TapPacket, TrackKind};
use record_kit::*;

const SECS: i64 = 8;

/// A pair of neighbouring ports: RTP and its RTCP.
fn ports() -> (UdpSocket, UdpSocket) {
    loop {
        let rtp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = rtp.local_addr().unwrap().port();
        if port.is_multiple_of(2)
            && let Ok(rtcp) = UdpSocket::bind(("127.0.0.1", port + 1))
        {
            [&rtp, &rtcp].iter().for_each(|s| s.set_nonblocking(true).unwrap());
            return (rtp, rtcp);
        }
    }
}

fn packet(bytes: &[u8], track: TrackKind, arrived: Duration) -> TapPacket {
    let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!((bytes[0] >> 6, bytes[0] & 0x1f), (2, 0));
    TapPacket {
        participant: JUDGE,
        track,
        ssrc: word(8),
        payload_type: bytes[1] & 0x7f,
        marker: bytes[1] & 0x80 != 0,
        sequence: u16::from_be_bytes([bytes[2], bytes[3]]),
        timestamp: word(4),
        payload: Bytes::copy_from_slice(&bytes[12..]),
        arrived,
    }
}

#[test]
fn ffmpeg_sends_and_the_recording_plays_in_sync() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("sent.webm");
    encode(&file, SECS, "640x360");
    let clock = Arc::new(KernelClock::new(|| std::time::UNIX_EPOCH.elapsed().unwrap().as_micros() as i64));
    let recorder = Recorder::new(dir.path().join("spool"), Arc::new(LocalDisk), clock, Watermarks { warn: 999, refuse: 1_000 }).unwrap();
    recorder.sweep().unwrap();
    let zero = steady_us();
    let (tap, mut handle) = recorder.open(&place(), zero).unwrap();
    let ears = [(TrackKind::Audio, ports()), (TrackKind::Video, ports())];
    let to = |n: usize| format!("rtp://127.0.0.1:{}?pkt_size=1200", ears[n].1.0.local_addr().unwrap().port());
    let args = [
        "-v",
        "error",
        "-re",
        "-i",
        file.to_str().unwrap(),
        "-map",
        "0:a",
        "-c",
        "copy",
        "-f",
        "rtp",
        &to(0),
        "-map",
        "0:v",
        "-c",
        "copy",
        "-f",
        "rtp",
        &to(1),
    ];
    let mut sender = Command::new("ffmpeg").args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (mut got, mut reports, mut buffer) = ([0u32; 2], 0, [0; 2_048]);
    let mut red_dot = false;
    let mut over = None;
    while over.is_none_or(|at| steady_us() < at) {
        let now = Duration::from_micros((steady_us() - zero) as u64);
        for (n, (kind, (rtp, rtcp))) in ears.iter().enumerate() {
            while let Ok(len) = rtp.recv(&mut buffer) {
                got[n] += 1;
                tap.packet(packet(&buffer[..len], *kind, now));
            }
            while let Ok(len) = rtcp.recv(&mut buffer) {
                if len >= 20 && buffer[1] == 200 {
                    reports += 1;
                    let word = |at: usize| u32::from_be_bytes(buffer[at..at + 4].try_into().unwrap());
                    tap.sender_report(JUDGE, *kind, word(4), (u64::from(word(8)) << 32) | u64::from(word(12)), word(16));
                }
            }
        }
        red_dot |= handle.status().recording;
        if over.is_none() && sender.try_wait().unwrap().is_some() {
            over = Some(steady_us() + 700_000);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(sender.wait().unwrap().success());
    assert_eq!(tap.overflowed(), 0);
    assert!(red_dot, "the red dot came from received media");
    let gaps = handle.close().unwrap();
    let joined = join(handle.folder(), Source { participant: JUDGE, screen: false }).unwrap();
    let sent = read_frames(&file);
    let count = |video: bool| sent.iter().filter(|f| f.video == video).count() as u64;
    eprintln!(
        "ffmpeg sent {got:?} packets and {reports} reports; recorded {} sounds of {}, {} pictures of {}; gaps {gaps:?}",
        joined.audio,
        count(false),
        joined.video,
        count(true)
    );
    assert_eq!((joined.audio, joined.video), (count(false), count(true)));
    check(&joined.path, &Limits::default()).unwrap();
    assert_eq!(frame_digests(&joined.path), frame_digests(&file), "bit for bit");
    let (flashes, beeps) = flashes_and_beeps(&joined.path);
    let (sent_flashes, sent_beeps) = flashes_and_beeps(&file);
    let apart = |f: &[i64], b: &[i64]| f.iter().zip(b).map(|(f, b)| f - b).collect::<Vec<_>>();
    let (ours, theirs) = (apart(&flashes[1..], &beeps[1..]), apart(&sent_flashes[1..], &sent_beeps[1..]));
    eprintln!("flash against beep: recorded {ours:?} ms, in the sent file {theirs:?} ms");
    // ffmpeg reports every five seconds only; until then arrival places sound and picture (ITU-R BT.1359: 45 ms are not noticed)
    assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() <= 40), "{ours:?} {theirs:?}");
}
