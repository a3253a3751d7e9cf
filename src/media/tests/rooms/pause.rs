//! A pause and on again, lines that come and go: every picture that is granted comes, with few key frames asked for.

use std::time::{Duration, Instant};

use lianting_media::{Begin, Event, Kinds, MediaError, Publish, Right, TrackKind};

use crate::peer::{Hall, Link, PATIENCE, ROOM, until, who};

const PEOPLE: [u128; 3] = [1, 2, 3];

fn everybody() -> Vec<(u128, u128, Kinds)> {
    let pairs = PEOPLE.iter().flat_map(|a| PEOPLE.iter().map(move |b| (*a, *b)));
    pairs.filter(|(a, b)| a != b).map(|(a, b)| (a, b, Kinds::ALL)).collect()
}

/// People with a page each: it sends, receives, follows offers, and makes a key frame when one is asked for.
struct Meeting {
    hall: Hall,
    senders: Vec<Link>,
    receivers: Vec<Link>,
    asked: Vec<u32>,
}

impl Meeting {
    fn open() -> Self {
        let hall = Hall::open();
        PEOPLE.iter().for_each(|p| hall.admit(*p).unwrap());
        hall.grant(&everybody());
        let sender = |p: &u128| {
            let mut link = hall.publisher(*p);
            link.key_owed = Some(true);
            link
        };
        let senders = PEOPLE.iter().map(sender).collect();
        let receivers = PEOPLE.iter().map(|p| hall.receiver(*p)).collect();
        Self { hall, senders, receivers, asked: vec![0; PEOPLE.len()] }
    }

    /// How often each was asked for a key frame.
    fn requests(&self) -> Vec<u32> {
        let stats = self.hall.engine.stats(ROOM).wait().unwrap();
        let of = |p: &u128| {
            let found = stats.participants.iter().find(|s| s.participant == who(*p)).unwrap();
            found.sent.iter().filter(|s| s.kind == TrackKind::Video).map(|s| s.key_requests).sum()
        };
        PEOPLE.iter().map(of).collect()
    }

    fn round(&mut self) {
        let now = self.requests();
        for (at, asked) in now.into_iter().enumerate() {
            if asked > self.asked[at] {
                self.senders[at].key_owed = Some(true);
            }
            self.asked[at] = asked;
        }
        while let Ok(event) = self.hall.events.try_recv() {
            if let Event::OfferNeeded { participant, .. } = event {
                let at = PEOPLE.iter().position(|p| who(*p) == participant).unwrap();
                self.hall.take_offer(PEOPLE[at], &mut self.receivers[at], Begin::Continue);
            }
        }
        for link in self.senders.iter_mut() {
            link.speak();
            link.step();
        }
        self.receivers.iter_mut().for_each(Link::step);
        std::thread::sleep(Duration::from_millis(8));
    }

    fn until(&mut self, what: &str, so: impl Fn(&Link) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !self.receivers.iter().all(&so) {
            let seen: Vec<usize> = self.receivers.iter().map(|l| l.streams(96, 5)).collect();
            assert!(Instant::now() < end, "{what}: pictures that came {seen:?}, asked {:?}", self.asked);
            self.round();
        }
    }

    fn rights(&self, right: Right) {
        for p in PEOPLE {
            let publish = Publish { audio: right, video: right, ..Publish::default() };
            self.hall.engine.set_publish(ROOM, who(p), publish).wait().unwrap();
        }
    }
}

#[test]
fn after_a_pause_every_granted_picture_comes_again() {
    let mut m = Meeting::open();
    m.until("it begins", |l| l.streams(96, 20) == 2 && l.streams(111, 20) == 2);
    for pause in 1..=4 {
        // 休庭, as the product says it: nobody receives, everybody is muted
        m.hall.grant(&[]);
        m.rights(Right::Muted);
        for _ in 0..if pause % 2 == 0 { 1 } else { 60 } {
            m.round();
        }
        m.receivers.iter_mut().for_each(|l| l.got.clear());
        let before = m.requests();
        m.hall.grant(&everybody());
        m.rights(Right::Allowed);
        m.until("after a pause", |l| l.streams(96, 20) >= 2 && l.streams(111, 20) >= 2);
        let asked: Vec<u32> = m.requests().iter().zip(before).map(|(now, then)| now - then).collect();
        assert!(asked.iter().all(|n| (1..=8).contains(n)), "key frames asked for: {asked:?}");
    }
}

#[test]
fn a_picture_that_was_given_up_is_tried_again() {
    // believed to bear less than its voices: no picture would ever be sent, and sound alone proves nothing
    let hall = Hall::with(|c| c.first_estimate = 150_000.0);
    (1..=4).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&[(4, 1, Kinds::ALL), (4, 2, Kinds::ALL), (4, 3, Kinds::ALL)]);
    let [mut one, mut two, mut three] = [1, 2, 3].map(|p| hall.publisher(p));
    let mut listener = hall.receiver(4);
    let since = hall.engine.at();
    until("all three", &mut [&mut one, &mut two, &mut three], &mut [&mut listener], |l| l[0].streams(96, 20) == 3);
    let took = hall.engine.at() - since;
    assert!(took < Duration::from_secs(25), "only after {took:?}");
}

#[test]
fn the_end_of_an_old_line_does_not_show_out_who_came_back() {
    let hall = Hall::open();
    hall.engine.admit(ROOM, who(1), 7001, Publish::SPEAKER).wait().unwrap();
    hall.engine.admit(ROOM, who(1), 7002, Publish::SPEAKER).wait().unwrap();
    hall.admit(2).unwrap();
    hall.grant(&[(2, 1, Kinds::ALL)]);
    let (mut speaker, mut listener) = (hall.publisher(1), hall.receiver(2));
    until("it flows", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > 20);
    hall.engine.leave_seat(ROOM, who(1), 7001).wait().unwrap();
    let had = listener.packets(96);
    until("it goes on", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > had + 100);
    hall.engine.leave_seat(ROOM, who(1), 7002).wait().unwrap();
    assert_eq!(hall.engine.leave_seat(ROOM, who(1), 7002).wait(), Err(MediaError::NotAdmitted));
}
