//! What arrives is what was sent: renumbered without a jump, and repeated when it got lost.

use std::collections::BTreeMap;

use lianting_media::{Begin, Event, Kinds, Side};

use crate::peer::{Hall, ROOM, until, who};

#[test]
fn lost_packets_are_repeated_byte_for_byte() {
    let hall = Hall::open();
    (1..=2).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&[(2, 1, Kinds::ALL)]);
    let (mut speaker, mut listener) = (hall.publisher(1), hall.receiver(2));
    listener.lose = 10;
    until("it flows", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > 600);
    let video = listener.got.values().find(|g| g[0].payload_type == 96).unwrap();
    let base = video[0].sequence;
    let by_number: BTreeMap<u16, u8> = video.iter().map(|g| (g.sequence.wrapping_sub(base), g.payload[100])).collect();
    // all but the newest, which may still be on their way
    let complete = by_number.keys().take_while({
        let mut next = 0;
        move |n| {
            next += 1;
            **n == next - 1
        }
    });
    let complete = complete.count();
    assert!(complete > 450, "without a hole up to {complete} of {}", by_number.len());
    let first = by_number[&0];
    assert!(by_number.iter().take(complete).all(|(n, mark)| *mark == first.wrapping_add(*n as u8)), "the pictures in their order");
}

#[test]
fn stats_and_events_tell_what_happened() {
    let mut hall = Hall::open();
    (1..=2).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&[(2, 1, Kinds::ALL)]);
    let (mut speaker, mut listener) = (hall.publisher(1), hall.receiver(2));
    until("it flows", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > 300);
    let stats = hall.engine.stats(ROOM).wait().unwrap();
    let (one, two) = (&stats.participants[0], &stats.participants[1]);
    assert!(one.publishing && two.receiving && one.sent.len() == 2 && two.received.len() == 2);
    assert!(one.sent.iter().all(|s| s.packets > 200 && s.bitrate > 10_000), "{:?}", one.sent);
    hall.engine.remove(ROOM, who(1)).wait().unwrap();
    let mut told = Vec::new();
    while let Ok(event) = hall.events.try_recv() {
        told.push(event);
    }
    let has = |what: &dyn Fn(&Event) -> bool| told.iter().any(what);
    assert!(has(&|e| matches!(e, Event::Connected { side: Side::Publish, participant, .. } if *participant == who(1))));
    assert!(has(&|e| matches!(e, Event::Connected { side: Side::Receive, participant, .. } if *participant == who(2))));
    assert!(has(&|e| matches!(e, Event::Flow { flowing: true, .. })));
    assert!(has(&|e| matches!(e, Event::Disconnected { cause: "removed", .. })));
    assert!(has(&|e| matches!(e, Event::OfferNeeded { participant, .. } if *participant == who(2))), "the listener's page must know");
}

#[test]
fn one_more_person_is_one_more_offer() {
    let hall = Hall::open();
    (1..=3).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&[(3, 1, Kinds::ALL), (3, 2, Kinds::ALL)]);
    let mut first = hall.publisher(1);
    let mut listener = hall.receiver(3);
    until("the first", &mut [&mut first], &mut [&mut listener], |l| l[0].got.len() == 2);
    let mut second = hall.publisher(2);
    assert!(hall.take_offer(3, &mut listener, Begin::Continue));
    until("both", &mut [&mut first, &mut second], &mut [&mut listener], |l| l[0].got.len() == 4 && l[0].got.values().all(|g| g.len() > 50));
    // the first goes; the place in the description is used again
    hall.engine.remove(ROOM, who(1)).wait().unwrap();
    hall.admit(1).unwrap();
    hall.grant(&[(3, 1, Kinds::ALL), (3, 2, Kinds::ALL)]);
    let mut again = hall.publisher(1);
    assert!(hall.take_offer(3, &mut listener, Begin::Continue));
    assert_eq!(listener.theirs().matches("m=").count(), 4, "sections do not grow");
    until("again both", &mut [&mut again, &mut second], &mut [&mut listener], |l| {
        l[0].got.len() == 6 && l[0].got.values().filter(|g| g.len() > 50).count() >= 4
    });
}
