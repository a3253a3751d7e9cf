//! Load for the media server, and for Janus beside it: the same traffic, figures per processor second of the server.
//!
//! `load ours|recording HTTP PID ROOMS PEOPLE SECONDS`, `load janus WS PID ROOMS PEOPLE SECONDS` or `load limit SECONDS`; prints
//! one line of JSON.
//! Each participant sends 50 audio packets of 80 bytes and 25 pictures a second in the sizes of a talking head at one
//! megabit (a key frame each three seconds), answers with feedback, NACK and receiver reports as browsers do.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on says so by failing")]

mod client;
mod doors;
mod limit;

use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Client, Identity, TRANSPORT_CC, Theirs};
use doors::{Door, Janus, Ours};
use serde_json::json;

/// Packets of the pictures of one second and a half: a key frame, then delta frames that differ in size.
const PICTURES: [&[usize]; 25] = {
    const A: &[usize] = &[1100, 1100, 1100, 600];
    const B: &[usize] = &[1150, 1150, 900];
    const C: &[usize] = &[1050, 1050, 1050, 1050, 300];
    const D: &[usize] = &[980, 980, 400];
    [A, B, A, D, C, A, B, D, A, C, B, A, D, A, B, C, A, D, B, A, A, C, D, B, A]
};
const KEY: &[usize] = &[1180, 1180, 1180, 1180, 1180, 1180, 1180, 1180, 1180, 1180, 1180, 700];

struct Person {
    room: u64,
    who: u64,
    publish: Client,
    receive: Client,
    audio: u16,
    video: u16,
    picture: u16,
    next_audio: Duration,
    next_video: Duration,
    wishes: u64,
    sent: u64,
}

fn offer(identity: &Identity, client: &Client, audio: u32, video: u32) -> String {
    let (ufrag, candidate) = (&client.ufrag, client.candidate());
    let common = format!(
        "c=IN IP4 0.0.0.0\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 {}\r\na=setup:active\r\na=rtcp-mux\r\n\
         a=rtcp-rsize\r\na=sendonly\r\n{candidate}a=extmap:{TRANSPORT_CC} {}\r\n",
        identity.fingerprint,
        lianting_media::sdp::TRANSPORT_CC
    );
    format!(
        "v=0\r\no=- {audio} 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=msid-semantic: WMS *\r\n\
         m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n{common}a=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n\
         a=msid:s{audio} a{audio}\r\na=ssrc:{audio} cname:s{audio}\r\n\
         m=video 9 UDP/TLS/RTP/SAVPF 96\r\n{common}a=mid:1\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 ccm fir\r\n\
         a=rtcp-fb:96 transport-cc\r\na=msid:s{audio} v{video}\r\na=ssrc:{video} cname:s{audio}\r\n"
    )
}

/// Our answer to the server's offer: its sections, received.
fn answer(identity: &Identity, client: &Client, offer: &str) -> String {
    let (ufrag, candidate) = (&client.ufrag, client.candidate());
    let mut out = String::new();
    for line in offer.lines().map(str::trim) {
        let keep = ["v=", "s=", "t=", "m=", "c=", "a=mid", "a=rtpmap", "a=fmtp", "a=rtcp-fb", "a=group", "a=rtcp-mux", "a=rtcp-rsize"];
        match line {
            "a=sendonly" | "a=sendrecv" => out.push_str("a=recvonly\r\n"),
            "a=inactive" => out.push_str("a=inactive\r\n"),
            _ if line.starts_with("o=") => out.push_str("o=- 5 5 IN IP4 127.0.0.1\r\n"),
            _ if line.starts_with("a=extmap") && line.contains("transport-wide-cc") => out.push_str(&format!("{line}\r\n")),
            _ if keep.iter().any(|k| line.starts_with(k)) => out.push_str(&format!("{line}\r\n")),
            _ => {}
        }
        if line.starts_with("a=mid") {
            out.push_str(&format!(
                "a=ice-ufrag:{ufrag}\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 {}\r\na=setup:active\r\n{candidate}",
                identity.fingerprint
            ));
        }
    }
    out
}

impl Person {
    fn speak(&mut self, at: Duration) {
        let base = 100_000 + (self.room * 1000 + self.who) as u32 * 2;
        while at >= self.next_audio {
            self.next_audio += Duration::from_millis(20);
            self.audio = self.audio.wrapping_add(1);
            self.publish.speak(false, false, self.audio, u32::from(self.audio) * 960, base, &[0x78], 80, at);
            self.sent += 1;
        }
        while at >= self.next_video {
            self.next_video += Duration::from_millis(40);
            self.picture = self.picture.wrapping_add(1) & 0x7fff;
            let wished = self.publish.wishes > self.wishes;
            self.wishes = self.publish.wishes;
            let key = wished || self.picture % 75 == 1;
            let sizes = if key { KEY } else { PICTURES[usize::from(self.picture) % 25] };
            for (i, size) in sizes.iter().enumerate() {
                self.video = self.video.wrapping_add(1);
                let [high, low] = (self.picture | 0x8000).to_be_bytes();
                // a key frame begins as VP8 does, with its size: a recorder takes no other for one
                let first = [0x90, 0x80, high, low, u8::from(!key), 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01];
                let rest = [0x80, 0x80, high, low];
                let head: &[u8] = match (i, key) {
                    (0, true) => &first,
                    (0, false) => &first[..5],
                    _ => &rest,
                };
                let timestamp = u32::from(self.picture) * 3600;
                self.publish.speak(true, i + 1 == sizes.len(), self.video, timestamp, base + 1, head, *size, at);
                self.sent += 1;
            }
        }
    }
}

/// Which round of several this is: ratios are taken within one.
fn round() -> u32 {
    std::env::var("ROUND").ok().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// User and system time of a process, in hundredths of a second, and its memory in KiB.
fn usage(pid: u32) -> (u64, u64) {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the server's process");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let memory = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).and_then(|l| l.split_whitespace().next()?.parse().ok());
    (ticks, memory.unwrap_or(0))
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, kind, seconds] = &args[..]
        && kind == "limit"
    {
        let bind = std::env::var("BIND").unwrap_or_else(|_| "127.0.0.1".to_owned());
        return println!("{}", limit::run(&bind, Duration::from_secs(seconds.parse().unwrap())));
    }
    let [_, kind, address, pid, rooms, people, seconds] = &args[..] else {
        eprintln!("load ours|recording|janus ADDRESS PID ROOMS PEOPLE SECONDS, or load limit SECONDS");
        std::process::exit(2);
    };
    let (pid, rooms, people): (u32, u64, u64) = (pid.parse().unwrap(), rooms.parse().unwrap(), people.parse().unwrap());
    let seconds = Duration::from_secs(seconds.parse().unwrap());
    let bind = std::env::var("BIND").unwrap_or_else(|_| "127.0.0.1".to_owned());
    let identity = Arc::new(Identity::new());
    let mut door: Box<dyn Door> = if kind != "janus" { Box::new(Ours { http: address.clone() }) } else { Box::new(Janus::new(address)) };
    let (start, mut all) = (Instant::now(), Vec::new());
    let (_, memory_before) = usage(pid);
    for room in 0..rooms {
        door.room(room + 1, people);
        for who in 0..people {
            let number = (room * people + who) as usize * 2;
            let (mut publish, receive) = (Client::new(&identity, &bind, number), Client::new(&identity, &bind, number + 1));
            let base = 100_000 + ((room + 1) * 1000 + who) as u32 * 2;
            let answer = door.publish(room + 1, who, &offer(&identity, &publish, base, base + 1));
            publish.meet(Theirs::read(&answer));
            // people do not send in step
            let shift = Duration::from_micros((number as u64 * 7919) % 40_000);
            let (next_audio, next_video) = (shift, shift);
            let who = Person {
                room: room + 1,
                who,
                publish,
                receive,
                audio: 0,
                video: 0,
                picture: 0,
                next_audio,
                next_video,
                wishes: 0,
                sent: 0,
            };
            all.push(who);
        }
    }
    wait(&mut all, start, "publishing", |p| p.publish.ready());
    for p in &mut all {
        let (mark, offer) = door.subscribe(p.room, p.who);
        p.receive.meet(Theirs::read(&offer));
        door.answer(p.room, p.who, &mark, &answer(&identity, &p.receive, &offer));
    }
    wait(&mut all, start, "receiving", |p| p.receive.ready());
    let now = start.elapsed();
    all.iter_mut().for_each(|p| (p.next_audio, p.next_video) = (p.next_audio + now, p.next_video + now));
    run(&mut all, start, Duration::from_secs(3));
    let before: (u64, u64) = all.iter().fold((0, 0), |n, p| (n.0 + p.sent, n.1 + p.receive.received));
    all.iter_mut().for_each(|p| p.receive.delays.clear());
    door.beat();
    let (ticks, _) = usage(pid);
    let (from, recorded) = (Instant::now(), door.recorded());
    run(&mut all, start, seconds);
    let span = from.elapsed().as_secs_f64();
    let (after, memory) = usage(pid);
    let recorded = door.recorded() - recorded;
    // what is on its way
    let sent = all.iter().map(|p| p.sent).sum::<u64>() - before.0;
    let received = all.iter().map(|p| p.receive.received).sum::<u64>() - before.1;
    let cpu = (after - ticks) as f64 / 100.0;
    let mut delays: Vec<u32> = all.iter_mut().flat_map(|p| std::mem::take(&mut p.receive.delays)).collect();
    delays.sort_unstable();
    let quantile = |q: f64| delays.get((delays.len() as f64 * q) as usize).map(|d| f64::from(*d) / 1000.0);
    let expected = sent * (people - 1);
    println!(
        "{}",
        json!({
            "server": kind, "round": round(), "rooms": rooms, "people": people, "seconds": span, "in_pps": sent as f64 / span, "out_pps": received as f64 / span,
            "cpu_percent": cpu / span * 100.0, "forwarded_per_cpu_second": received as f64 / cpu, "loss": 1.0 - received as f64 / expected as f64,
            "p50_ms": quantile(0.5), "p99_ms": quantile(0.99), "memory_kib": memory, "memory_per_room_kib": memory.saturating_sub(memory_before) / rooms,
            "recorded_mbit_s": recorded as f64 * 8e-6 / span,
        })
    );
}

fn turn(all: &mut [Person], start: Instant, speaking: bool) {
    let (now, at) = (Instant::now(), start.elapsed());
    for p in all.iter_mut() {
        p.publish.receive(now, at);
        p.receive.receive(now, at);
        p.publish.tick(now, at, false);
        p.receive.tick(now, at, speaking);
        if speaking {
            p.speak(at);
        }
    }
}

fn wait(all: &mut [Person], start: Instant, what: &str, ready: impl Fn(&Person) -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !all.iter().all(&ready) {
        assert!(Instant::now() < end, "{what}: {} of {} came up", all.iter().filter(|p| ready(p)).count(), all.len());
        // those without a description yet must not send checks to nowhere
        turn(all, start, false);
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn run(all: &mut [Person], start: Instant, span: Duration) {
    let end = Instant::now() + span;
    while Instant::now() < end {
        turn(all, start, true);
        std::thread::sleep(Duration::from_millis(1));
    }
}
