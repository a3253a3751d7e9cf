//! Sound and pictures that are really sent and received: a peer connection of another stack, fed by a thread of its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use lianting_peer::{Link, PICTURE, Relay, SILENCE, SOUND, Track};

const PATIENCE: Duration = Duration::from_secs(20);
/// Every tenth picture is a whole one.
const KEY_EVERY: u16 = 10;

/// The realm of the relays of tests.
pub const REALM: &str = "court.example";

type Job = Box<dyn FnOnce(&mut Marked) + Send>;
/// Packets by what they carry (sound, pictures) and whose mark they bear.
type Heard = Arc<Mutex<BTreeMap<(u8, u8), u64>>>;

/// A connection being fed by a thread of its own.
pub struct Voice {
    stop: Arc<AtomicBool>,
    heard: Heard,
    jobs: mpsc::Sender<Job>,
    thread: Option<std::thread::JoinHandle<()>>,
    /// The offer that was answered last.
    pub version: u64,
}

impl Voice {
    /// Begins to feed it.
    pub fn of(mut link: Marked) -> Self {
        let (stop, heard, (jobs, todo)) = (Arc::new(AtomicBool::new(false)), Heard::default(), mpsc::channel::<Job>());
        let (ends, counts) = (stop.clone(), heard.clone());
        let thread = std::thread::spawn(move || {
            let mut next = Instant::now();
            while !ends.load(Ordering::SeqCst) {
                if Instant::now() >= next {
                    next = (next + Duration::from_millis(20)).max(Instant::now() - Duration::from_millis(100));
                    link.say();
                }
                for job in todo.try_iter() {
                    job(&mut link);
                }
                link.step(&counts);
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        Self { stop, heard, jobs, thread: Some(thread), version: 0 }
    }

    /// Does something with the connection, on its thread.
    pub async fn within<T: Send + 'static>(&self, job: impl FnOnce(&mut Marked) -> T + Send + 'static) -> T {
        let (tell, told) = tokio::sync::oneshot::channel();
        let job: Job = Box::new(move |link| drop(tell.send(job(link))));
        self.jobs.send(job).unwrap();
        told.await.unwrap()
    }

    /// Packets of sound heard so far.
    pub fn heard(&self) -> u64 {
        self.count(|(kind, _)| kind == SOUND)
    }

    /// Packets of pictures that came so far.
    pub fn seen(&self) -> u64 {
        self.count(|(kind, _)| kind == PICTURE)
    }

    /// Packets of sound of one voice.
    pub fn heard_of(&self, mark: u8) -> u64 {
        self.count(|k| k == (SOUND, mark))
    }

    /// Packets of pictures of one voice.
    pub fn seen_of(&self, mark: u8) -> u64 {
        self.count(|k| k == (PICTURE, mark))
    }

    /// Everything that was counted.
    pub fn counted(&self) -> String {
        format!("{:?}", self.heard.lock().unwrap())
    }

    fn count(&self, which: impl Fn((u8, u8)) -> bool) -> u64 {
        self.heard.lock().unwrap().iter().filter(|(k, _)| which(**k)).map(|(_, n)| n).sum()
    }

    /// Waits until more was heard.
    pub async fn hears(&self, more: u64) {
        self.gets("sound", more, Self::heard).await;
    }

    /// Waits until more of something came.
    pub async fn gets(&self, what: &str, more: u64, of: impl Fn(&Self) -> u64) {
        let (had, end) = (of(self), Instant::now() + PATIENCE);
        while of(self) < had + more {
            assert!(Instant::now() < end, "{what}: {} packets only; {:?}", of(self) - had, self.heard.lock().unwrap());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A connection that says in every packet whose it is.
pub struct Marked {
    link: Link,
    mark: u8,
    sent: u16,
}

impl Marked {
    /// One that sends, its offer, and which section is what.
    pub fn sending(tracks: &[&str], mark: u8) -> (Self, String, Vec<(String, String)>) {
        Self::offering(Link::new(), tracks, mark)
    }

    /// The same, with nothing but a relay to send over.
    pub fn sending_over(relay: Relay, tracks: &[&str], mark: u8) -> (Self, String, Vec<(String, String)>) {
        Self::offering(Link::over(relay), tracks, mark)
    }

    fn offering(mut link: Link, tracks: &[&str], mark: u8) -> (Self, String, Vec<(String, String)>) {
        for track in tracks {
            link.adds(if *track == "audio" { Track::Sound } else { Track::Picture });
        }
        let offer = link.offers();
        let mids = offer.lines().filter_map(|l| l.strip_prefix("a=mid:"));
        let named = mids.zip(tracks).map(|(mid, track)| (mid.trim().to_owned(), (*track).to_owned())).collect();
        (Self { link, mark, sent: 0 }, offer, named)
    }

    /// Takes the answer to its offer.
    pub fn answered(mut self, sdp: &str) -> Self {
        self.link.answered(sdp).unwrap();
        self
    }

    /// One that receives, and its answer.
    pub fn receiving(sdp: &str) -> (Self, String) {
        Self::taking(Link::new(), sdp)
    }

    /// The same, with nothing but a relay to hear over.
    pub fn receiving_over(relay: Relay, sdp: &str) -> (Self, String) {
        Self::taking(Link::over(relay), sdp)
    }

    fn taking(mut link: Link, sdp: &str) -> (Self, String) {
        let answer = link.takes(sdp).unwrap();
        (Self { link, mark: 0, sent: 0 }, answer)
    }

    /// Takes an offer; its answer.
    pub fn takes(&mut self, sdp: &str) -> String {
        self.link.takes(sdp).unwrap()
    }

    fn say(&mut self) {
        let number = self.sent;
        self.sent = self.sent.wrapping_add(1);
        for (at, track) in self.link.tracks().into_iter().enumerate() {
            let (mut payload, step) = match track {
                Track::Sound => (SILENCE.to_vec(), 960),
                Track::Picture => (picture(number), 1800),
            };
            payload.push(self.mark);
            self.link.send(at, u32::from(number) * step, track == Track::Picture, payload);
        }
    }

    /// Moves everything that is ready.
    fn step(&mut self, heard: &Heard) {
        self.link.step(|p| {
            let mark = p.payload.last().copied().unwrap_or_default();
            *heard.lock().unwrap().entry((p.payload_type, mark)).or_default() += 1;
        });
    }
}

/// A VP8 picture of 320 x 240 in one packet: its descriptor with a number, the head of a frame, nothing that matters.
fn picture(number: u16) -> Vec<u8> {
    let id = number & 0x7fff | 0x8000;
    let mut packet = vec![0x90, 0x80, (id >> 8) as u8, id as u8];
    if number.is_multiple_of(KEY_EVERY) {
        packet.extend([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00]);
    } else {
        packet.extend([0x11, 0x02, 0x00]);
    }
    packet.resize(200, 0);
    packet
}
