//! What the recorder's tests share: real VP8 and Opus made by ffmpeg, packets made of them, a clock that is turned by hand,
//! and a lens that measures what a file shows and sounds.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::Command as Run;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use lianting_media::record::{Clock, Digest, Disk, Moment, Msg, Place, RecordError, Room, Space};
use lianting_media::{ParticipantId, RoomId, TapPacket, TrackKind};
use webm_iterable::WebmIterator;
use webm_iterable::matroska_spec::{Master, MatroskaSpec as Tag, SimpleBlock};

pub const JUDGE: ParticipantId = ParticipantId(0xa1);
pub const PARTY: ParticipantId = ParticipantId(0xb2);
/// 2026-11-20 01:00:00 UTC, nine in the morning in Beijing.
pub const MORNING: i64 = 1_795_136_400_000_000;

pub fn place() -> Place {
    Place::new("370102", RoomId(0x5eed)).unwrap()
}

/// Two hands that stand until they are turned.
pub struct Hand {
    mono: AtomicI64,
    utc: AtomicI64,
}

impl Hand {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { mono: AtomicI64::new(77_000_000), utc: AtomicI64::new(MORNING) })
    }

    pub fn pass_us(&self, us: i64) {
        self.mono.fetch_add(us, Ordering::SeqCst);
        self.utc.fetch_add(us, Ordering::SeqCst);
    }

    /// Only the wall clock: somebody set it.
    pub fn set_wall_by(&self, us: i64) {
        self.utc.fetch_add(us, Ordering::SeqCst);
    }

    pub fn mono(&self) -> i64 {
        self.mono.load(Ordering::SeqCst)
    }
}

impl Clock for Hand {
    fn moment(&self) -> Moment {
        Moment { mono_us: self.mono(), utc_us: self.utc.load(Ordering::SeqCst) }
    }

    fn boot(&self) -> String {
        "boot".into()
    }
}

/// One frame of test media.
#[derive(Clone)]
pub struct Frame {
    pub video: bool,
    pub at_us: i64,
    pub key: bool,
    pub data: Bytes,
}

/// Test media: at every full second the picture flashes white and a tone sounds, both for 80 ms.
pub struct Media {
    pub frames: Vec<Frame>,
    pub seconds: i64,
}

pub fn run(program: &str, args: &[&str]) -> String {
    let out = Run::new(program).args(args).output().unwrap_or_else(|e| panic!("{program}: {e} (Debian package ffmpeg)"));
    assert!(out.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// Encodes test media of a size and length.
pub fn encode(file: &Path, seconds: i64, size: &str) {
    let picture = format!("color=black:s={size}:r=25:d={seconds},drawbox=enable='lt(mod(t,1),0.079)':c=white:t=fill,noise=alls=6:allf=t");
    let sound = format!("aevalsrc='if(lt(mod(t,1),0.08),0.7*sin(2*PI*1000*t),0)':s=48000:d={seconds}");
    let args = ["-v", "error", "-y", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound];
    let codecs = [
        "-c:v",
        "libvpx",
        "-deadline",
        "realtime",
        "-cpu-used",
        "8",
        "-auto-alt-ref",
        "0",
        "-lag-in-frames",
        "0",
        "-g",
        "50",
        "-b:v",
        "300k",
    ];
    let sound = ["-c:a", "libopus", "-b:a", "32k", "-frame_duration", "20", "-f", "webm", file.to_str().unwrap()];
    run("ffmpeg", &[&args[..], &codecs, &sound].concat());
}

pub fn read_frames(file: &Path) -> Vec<Frame> {
    let (mut frames, mut cluster, mut tracks) = (Vec::new(), 0, std::collections::BTreeMap::new());
    let mut track = 0;
    for tag in WebmIterator::new(std::fs::File::open(file).unwrap(), &[]) {
        match tag.unwrap() {
            Tag::TrackNumber(n) => track = n,
            Tag::TrackType(kind) => drop(tracks.insert(track, kind == 1)),
            Tag::Cluster(Master::Start) => cluster = 0,
            Tag::Timestamp(at) => cluster = at as i64,
            // the last sound of a file may stand in a group; its frame lies there in the same way
            Tag::SimpleBlock(data) | Tag::Block(data) => {
                let block = SimpleBlock::try_from(&data).unwrap();
                let data = Bytes::copy_from_slice(block.raw_frame_data());
                let (video, at_us) = (tracks[&block.track], (cluster + i64::from(block.timestamp)) * 1_000);
                frames.push(Frame { video, at_us, key: block.keyframe, data });
            }
            _ => {}
        }
    }
    frames
}

/// Names a file with the test media for a child process, so that it is made once.
pub const MADE: &str = "RECORD_TEST_MEDIA";

/// Ten seconds of media, made once for each test program.
pub fn media() -> &'static Media {
    static MEDIA: OnceLock<Media> = OnceLock::new();
    MEDIA.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let file = std::env::var_os(MADE).map_or_else(|| dir.path().join("media.webm"), PathBuf::from);
        if !file.exists() {
            encode(&file, 10, "320x240");
        }
        let mut frames = read_frames(&file);
        // the file's times are moved by the codec's delay: lay sound and picture on their own grids
        let (mut sound, mut picture) = (0, 0);
        for frame in &mut frames {
            let (at, step) = if frame.video { (&mut picture, 40_000) } else { (&mut sound, 20_000) };
            frame.at_us = *at;
            *at += step;
        }
        frames.retain(|f| f.at_us < 10_000_000);
        frames.sort_by_key(|f| f.at_us);
        assert!(frames.iter().filter(|f| f.video).count() == 250 && frames.iter().filter(|f| !f.video).count() == 500);
        Media { frames, seconds: 10 }
    })
}

/// The flight of packets from one person.
#[derive(Clone)]
pub struct Line {
    pub who: ParticipantId,
    pub ssrc: u32,
    pub sequence: u16,
    pub timestamp: u32,
    /// Delay of sound and of picture.
    pub delay_us: (i64, i64),
    pub reports: bool,
    /// The person's own clock is off by so much.
    pub clock_off_us: i64,
    pub screen: bool,
}

impl Line {
    pub fn of(who: ParticipantId) -> Self {
        let (ssrc, delay_us) = (who.0 as u32 * 16, (30_000, 30_000));
        Self { who, ssrc, sequence: 100, timestamp: 5_000, delay_us, reports: true, clock_off_us: 0, screen: false }
    }
}

/// Something on its way.
#[derive(Clone)]
pub enum Item {
    Packet(TapPacket),
    Report(ParticipantId, TrackKind, u32, u64, u32),
}

/// What flies, and when it arrives (microseconds after the start).
pub type Flight = Vec<(i64, Item)>;

const MTU: usize = 1_100;

/// Media from `from_us` of the (endless, repeating) test media on, for `secs` seconds, sent from `start_us` on.
pub fn flight(line: &Line, start_us: i64, secs: i64) -> Flight {
    let media = media();
    let mut out = Flight::new();
    let (mut seq, mut picture) = ([line.sequence, line.sequence.wrapping_add(7)], 0u16);
    let stamp = |video: bool, at_us: i64| {
        let rate = if video { 90 } else { 48 };
        line.timestamp.wrapping_add((at_us * rate / 1_000) as u32)
    };
    for round in 0..=secs / media.seconds {
        for frame in &media.frames {
            let at = round * media.seconds * 1_000_000 + frame.at_us;
            if at >= secs * 1_000_000 || (line.screen && !frame.video) {
                continue;
            }
            let kind = if !frame.video {
                TrackKind::Audio
            } else if line.screen {
                TrackKind::Screen
            } else {
                TrackKind::Video
            };
            let delay = if frame.video { line.delay_us.1 } else { line.delay_us.0 };
            let ssrc = line.ssrc + u32::from(frame.video);
            let pieces = if frame.video { packetise(&frame.data, picture) } else { vec![frame.data.clone()] };
            picture = picture.wrapping_add(u16::from(frame.video)) & 0x7fff;
            let last = pieces.len() - 1;
            for (n, payload) in pieces.into_iter().enumerate() {
                let sequence = &mut seq[usize::from(frame.video)];
                let packet = TapPacket {
                    participant: line.who,
                    track: kind,
                    ssrc,
                    payload_type: if frame.video { 96 } else { 111 },
                    marker: frame.video && n == last,
                    sequence: *sequence,
                    timestamp: stamp(frame.video, at),
                    payload,
                    arrived: Duration::ZERO,
                };
                *sequence = sequence.wrapping_add(1);
                out.push((start_us + at + delay + n as i64 * 200, Item::Packet(packet)));
            }
        }
        for second in (0..media.seconds).map(|s| round * media.seconds + s).filter(|s| line.reports && *s < secs) {
            // a report half-way through each second, for both tracks
            let at = second * 1_000_000 + 500_000;
            for video in [false, true] {
                let kind = if !video {
                    TrackKind::Audio
                } else if line.screen {
                    TrackKind::Screen
                } else {
                    TrackKind::Video
                };
                if line.screen && !video {
                    continue;
                }
                let item = Item::Report(
                    line.who,
                    kind,
                    line.ssrc + u32::from(video),
                    ntp(MORNING + start_us + at + line.clock_off_us),
                    stamp(video, at),
                );
                out.push((start_us + at + line.delay_us.0 + 3_000, item));
            }
        }
    }
    out.sort_by_key(|(at, _)| *at);
    out
}

pub fn ntp(utc_us: i64) -> u64 {
    let since_1900 = utc_us + 2_208_988_800_000_000;
    (((since_1900 / 1_000_000) as u64) << 32) | ((((since_1900 % 1_000_000) as u64) << 32) / 1_000_000)
}

/// RFC 7741: a descriptor with a 15-bit picture number before every piece.
pub fn packetise(frame: &[u8], picture: u16) -> Vec<Bytes> {
    let piece = |(n, body): (usize, &[u8])| {
        let mut bytes = vec![if n == 0 { 0x90 } else { 0x80 }, 0x80, 0x80 | (picture >> 8) as u8, picture as u8];
        bytes.extend_from_slice(body);
        Bytes::from(bytes)
    };
    frame.chunks(MTU).enumerate().map(piece).collect()
}

/// A hearing on a hand-turned clock.
pub struct Court {
    pub clock: Arc<Hand>,
    pub dir: tempfile::TempDir,
    pub disk: Arc<dyn Disk>,
    pub room: Room,
    /// Steady time of the start.
    pub zero: i64,
}

impl Court {
    pub fn open() -> Self {
        Self::open_on(Arc::new(lianting_media::record::LocalDisk))
    }

    pub fn open_on(disk: Arc<dyn Disk>) -> Self {
        let (clock, dir) = (Hand::new(), tempfile::tempdir().unwrap());
        let room = Room::open(dir.path(), &place(), Arc::clone(&disk), clock.clone()).unwrap();
        let zero = clock.mono();
        Self { clock, dir, disk, room, zero }
    }

    pub fn folder(&self) -> PathBuf {
        place().folder(self.dir.path())
    }

    /// The next epoch after a crash.
    pub fn crash_and_return(&mut self, away_us: i64) -> lianting_media::record::Swept {
        self.clock.pass_us(away_us);
        let swept = lianting_media::record::sweep_one(self.dir.path(), &place(), self.disk.as_ref(), self.clock.as_ref()).unwrap().unwrap();
        self.room = Room::open(self.dir.path(), &place(), Arc::clone(&self.disk), self.clock.clone()).unwrap();
        swept
    }

    /// Milliseconds since the start.
    pub fn now_ms(&self) -> i64 {
        (self.clock.mono() - self.zero) / 1_000
    }

    /// Lets packets arrive and time pass until `until_us` after the start, ticking every 50 ms.
    pub fn play(&mut self, flight: &Flight, until_us: i64) {
        let from = self.clock.mono() - self.zero;
        let mut items = flight.iter().filter(|(at, _)| (from..until_us).contains(at)).peekable();
        let mut now = from;
        while now < until_us {
            let next = (now + 50_000).min(until_us);
            while let Some((at, item)) = items.next_if(|(at, _)| *at < next) {
                self.clock.pass_us(at - now);
                now = *at;
                self.room.handle(match item.clone() {
                    Item::Packet(p) => Msg::Packet(p, self.zero + at),
                    Item::Report(who, track, ssrc, ntp, rtp) => Msg::Report { who, track, ssrc, ntp, rtp, at: self.zero + at },
                });
            }
            self.clock.pass_us(next - now);
            now = next;
            self.room.tick();
        }
    }
}

/// Deterministic noise.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// All media of a hearing's sources, one after the other, as digests of frames: what must be the same.
pub fn frame_digests(file: &Path) -> (Vec<Digest>, Vec<Digest>) {
    let frames = read_frames(file);
    let of = |video: bool| frames.iter().filter(|f| f.video == video).map(|f| Digest::of(&f.data)).collect();
    (of(false), of(true))
}

/// Times (ms) at which the picture turns white and the tone begins, as a player would show them.
pub fn flashes_and_beeps(file: &Path) -> (Vec<i64>, Vec<i64>) {
    let name = file.to_str().unwrap();
    let video = run(
        "ffmpeg",
        &[
            "-v",
            "error",
            "-copyts",
            "-i",
            name,
            "-an",
            "-vf",
            "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-",
            "-fps_mode",
            "passthrough",
            "-f",
            "null",
            "-",
        ],
    );
    let audio = run(
        "ffmpeg",
        &[
            "-v",
            "error",
            "-copyts",
            "-i",
            name,
            "-vn",
            "-af",
            "asetnsamples=n=48:p=0,astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.Overall.Peak_level:file=-",
            "-f",
            "null",
            "-",
        ],
    );
    (rises(&video, 120.0), rises(&audio, -20.0))
}

/// Times (ms) at which a printed value rises above a mark.
pub fn rises(text: &str, above: f64) -> Vec<i64> {
    let (mut at, mut high, mut last, mut found) = (0.0, false, f64::MIN, Vec::new());
    for line in text.lines() {
        if let Some(time) = line.split("pts_time:").nth(1) {
            at = time.trim().parse().unwrap();
        } else if let Some((_, value)) = line.split_once('=') {
            let now = value.parse::<f64>().is_ok_and(|v| v > above);
            // silence within a tone (its waves cross nought) is no end of it
            if now && !high && at - last > 0.3 {
                found.push((at * 1_000.0).round() as i64);
            }
            if now {
                last = at;
            }
            high = now;
        }
    }
    found
}

/// A disk that refuses on demand.
pub struct FaultDisk {
    pub inner: lianting_media::record::LocalDisk,
    pub full: std::sync::atomic::AtomicBool,
    pub used_permille: AtomicI64,
}

impl FaultDisk {
    pub fn new() -> Arc<Self> {
        let (full, used_permille) = (false.into(), AtomicI64::new(100));
        Arc::new(Self { inner: lianting_media::record::LocalDisk, full, used_permille })
    }

    fn refuse(&self, path: &Path) -> Result<(), RecordError> {
        let source = std::io::ErrorKind::StorageFull.into();
        if self.full.load(Ordering::SeqCst) { Err(RecordError::Io { path: path.to_owned(), source }) } else { Ok(()) }
    }
}

impl Disk for FaultDisk {
    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<(), RecordError> {
        self.refuse(path)?;
        self.inner.write_new(path, bytes)
    }
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), RecordError> {
        self.refuse(path)?;
        self.inner.append(path, bytes)
    }
    fn folder(&self, path: &Path) -> Result<(), RecordError> {
        self.refuse(path)?;
        self.inner.folder(path)
    }
    fn remove(&self, path: &Path) -> Result<(), RecordError> {
        self.inner.remove(path)
    }
    fn space(&self, _: &Path) -> Result<Space, RecordError> {
        Ok(Space { total: 1_000, free: (1_000 - self.used_permille.load(Ordering::SeqCst)) as u64 })
    }
}
