//! Floods and forgeries: a running room goes on, tables do not grow, nobody's path is moved.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use lianting_media::wire::stun;
use lianting_media::{Kinds, MediaError, NoTap, RoomId};

use crate::peer::{Hall, Link, ROOM, until};

struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 24
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// Something that looks like one of the four protocols.
    fn datagram(&mut self, ufrag: &str) -> Vec<u8> {
        let length = 1 + self.next() as usize % 1300;
        let mut bytes = self.bytes(length);
        match self.next() % 5 {
            0 => bytes[0] = 0x80 | bytes[0] & 0x3f,
            1 => bytes[0] = 22,
            2 if bytes.len() > 1 => (bytes[0], bytes[1]) = (0x81, 200 + bytes[1] % 8),
            3 => return stun::request([7; 12], &format!("{ufrag}:x"), "a wrong password", true),
            _ => {}
        }
        bytes
    }
}

fn ufrag(sdp: &str) -> String {
    sdp.lines().find_map(|l| l.strip_prefix("a=ice-ufrag:")).unwrap().to_owned()
}

fn meeting(hall: &Hall) -> (Link, Link) {
    (1..=2).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&[(2, 1, Kinds::ALL)]);
    (hall.publisher(1), hall.receiver(2))
}

#[test]
fn floods_of_strangers_and_of_a_participant_disturb_nobody() {
    let hall = Hall::open();
    let (mut speaker, mut listener) = meeting(&hall);
    until("it flows", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > 30 && l[0].packets(111) > 30);
    let (media, mut noise) = (hall.engine.addresses()[0], Noise(1));
    let before = hall.engine.figures().pop().unwrap().wait().unwrap();
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let names = [ufrag(speaker.theirs()), ufrag(listener.theirs())];
    let had = listener.total();
    for round in 0..200 {
        for _ in 0..20 {
            let _ = stranger.send_to(&noise.datagram(&names[round % 2]), media);
            // and from the proven addresses of both, where the tables are looked up
            let _ = speaker.socket().send_to(&noise.datagram(&names[0]), media);
            let _ = listener.socket().send_to(&noise.datagram(&names[1]), media);
        }
        speaker.speak();
        speaker.step();
        listener.step();
    }
    until("it goes on", &mut [&mut speaker], &mut [&mut listener], |l| l[0].total() > had + 300);
    let after = hall.engine.figures().pop().unwrap().wait().unwrap();
    assert_eq!(after.known, before.known, "a stranger is not learned");
    assert!(after.received > before.received + 5000, "it did arrive: {after:?}");
    assert_eq!(after.rooms, 1, "and no room fell");
}

#[test]
fn a_forged_check_does_not_move_the_path() {
    let hall = Hall::open();
    let (mut speaker, mut listener) = meeting(&hall);
    until("it flows", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > 30);
    let thief = UdpSocket::bind("127.0.0.1:0").unwrap();
    thief.set_nonblocking(true).unwrap();
    let name = format!("{}:anything", ufrag(listener.theirs()));
    for i in 0..100 {
        let forged = stun::request([i; 12], &name, "a guessed password 0123456789", true);
        thief.send_to(&forged, hall.engine.addresses()[0]).unwrap();
    }
    let had = listener.total();
    until("it stays with the listener", &mut [&mut speaker], &mut [&mut listener], |l| l[0].total() > had + 200);
    assert!(thief.recv_from(&mut [0; 2000]).is_err(), "not even an answer");
}

#[test]
fn tcp_strangers_are_shown_out() {
    let hall = Hall::open();
    let address: SocketAddr = hall.engine.addresses()[0];
    let mut loud = TcpStream::connect(address).unwrap();
    loud.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    loud.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert!(!matches!(loud.read(&mut [0; 16]), Ok(1..)), "no word to who does not speak our protocol");
    let mut silent = TcpStream::connect(address).unwrap();
    silent.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert!(matches!(silent.read(&mut [0; 16]), Ok(0) | Err(_)), "nor to who says nothing");
    let figures = hall.engine.figures().pop().unwrap().wait().unwrap();
    assert_eq!(figures.connections, 0);
}

#[test]
fn a_fault_closes_its_room_only() {
    let hall = Hall::open();
    let (mut speaker, mut listener) = meeting(&hall);
    until("it flows", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > 30);
    let other = RoomId(2);
    hall.engine.create_room(other, Box::new(NoTap)).wait().unwrap();
    let broken = hall.engine.within::<()>(other, |_, _| panic!("on purpose")).wait();
    assert_eq!(broken, Err(MediaError::RoomFailed));
    assert_eq!(hall.engine.stats(other).wait(), Err(MediaError::NoRoom));
    assert!(hall.engine.stats(ROOM).wait().is_ok());
    let had = listener.total();
    until("the other goes on", &mut [&mut speaker], &mut [&mut listener], |l| l[0].total() > had + 200);
}

#[test]
fn a_thousand_bad_descriptions_a_second() {
    let hall = Hall::open();
    let (mut speaker, mut listener) = meeting(&hall);
    until("it flows", &mut [&mut speaker], &mut [&mut listener], |l| l[0].packets(96) > 30);
    let good = speaker.theirs().replace("setup:passive", "setup:actpass").replace("recvonly", "sendonly");
    let mut noise = Noise(3);
    hall.admit(9).unwrap();
    for i in 0..1000 {
        let mut text: Vec<u8> = good.bytes().collect();
        for _ in 0..20 {
            let at = noise.next() as usize % text.len();
            text[at] = 32 + (noise.next() % 90) as u8;
        }
        let reply = hall.engine.publish_offer(ROOM, crate::peer::who(9), String::from_utf8_lossy(&text).into_owned(), vec![]);
        if i % 50 == 0 {
            let _ = reply.wait();
            speaker.speak();
            speaker.step();
            listener.step();
        }
    }
    let had = listener.total();
    until("it goes on", &mut [&mut speaker], &mut [&mut listener], |l| l[0].total() > had + 200);
    let figures = hall.engine.figures().pop().unwrap().wait().unwrap();
    assert!(figures.known.1 <= 8, "{figures:?}");
}
