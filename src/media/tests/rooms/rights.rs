//! Who has no right gets nothing, and a right that is taken is gone with the next packet.

use lianting_media::{Begin, Kinds, Publish, Right, TrackKind};

use crate::peer::{Hall, ROOM, until, who};

const STAGE: [(u128, u128, Kinds); 1] = [(2, 1, Kinds::ALL)];
const BOTH: [(u128, u128, Kinds); 2] = [(2, 1, Kinds::ALL), (3, 1, Kinds::ALL)];

#[test]
fn a_witness_gets_nothing_before_and_nothing_after() {
    let hall = Hall::open();
    (1..=3).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&STAGE);
    let mut judge = hall.publisher(1);
    let mut party = hall.receiver(2);
    assert!(hall.engine.receive_offer(ROOM, who(3), Begin::Anew).wait().unwrap().is_none(), "nothing is offered, nobody is named");
    until("the party hears and sees", &mut [&mut judge], &mut [&mut party], |l| l[0].packets(111) > 20 && l[0].packets(96) > 20);

    hall.grant(&BOTH);
    let mut witness = hall.receiver(3);
    until("the witness, called in", &mut [&mut judge], &mut [&mut party, &mut witness], |l| {
        l[1].packets(96) > 20 && l[1].packets(111) > 20
    });

    hall.grant(&STAGE);
    // what was on its way arrives; from here on nothing
    until("the rest arrives", &mut [], &mut [&mut witness], {
        let mut rounds = 0;
        move |_| {
            rounds += 1;
            rounds > 100
        }
    });
    let (had, party_had) = (witness.total(), party.total());
    until("the party goes on", &mut [&mut judge], &mut [&mut party, &mut witness], |l| l[0].total() > party_had + 200);
    assert_eq!(witness.total(), had, "not one packet after the right was taken");
}

#[test]
fn muted_means_not_heard_and_not_recorded_and_private_means_not_recorded() {
    let hall = Hall::open();
    (1..=2).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&STAGE);
    let (mut speaker, mut listener) = (hall.publisher(1), hall.receiver(2));
    until("it flows", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(111) > 20 && l[0].packets(96) > 20);
    assert!(hall.tap.of(1, TrackKind::Audio) > 0 && hall.tap.of(1, TrackKind::Video) > 0);

    let muted = Publish { audio: Right::Muted, ..Publish::SPEAKER };
    hall.engine.set_publish(ROOM, who(1), muted).wait().unwrap();
    let recorded = hall.tap.of(1, TrackKind::Audio);
    let pictures = listener.packets(96);
    until("pictures go on", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > pictures + 20);
    let heard = listener.packets(111);
    until("and on", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > pictures + 120);
    assert_eq!((listener.packets(111), hall.tap.of(1, TrackKind::Audio)), (heard, recorded));

    hall.engine.set_publish(ROOM, who(1), Publish { private: true, ..Publish::SPEAKER }).wait().unwrap();
    until("heard again", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(111) > heard + 50);
    assert_eq!(hall.tap.of(1, TrackKind::Audio), recorded, "a private room is not recorded");
    let gaps = listener.got.values().filter(|g| g[0].payload_type == 111).flat_map(|g| g.windows(2));
    assert!(gaps.clone().all(|w| w[1].sequence == w[0].sequence.wrapping_add(1)), "the listener's stream has no jump");
    assert!(gaps.clone().all(|w| w[1].timestamp > w[0].timestamp), "and its clock goes on");
}

#[test]
fn sound_only_is_sound_only() {
    let hall = Hall::open();
    (1..=2).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&[(2, 1, Kinds::AUDIO)]);
    let (mut speaker, mut listener) = (hall.publisher(1), hall.receiver(2));
    until("sound", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(111) > 100);
    assert_eq!(listener.packets(96), 0);
}
