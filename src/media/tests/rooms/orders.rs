//! Calls out of order, out of bounds, out of their mind: each is refused by its name and changes nothing.

use lianting_media::{Begin, Config, Engine, Kinds, MediaError, NoTap, ParticipantId, Publish, RoomId};

use crate::peer::{Hall, ROOM, random, who};

#[test]
fn every_refusal_has_its_name() {
    let hall = Hall::open();
    let engine = &hall.engine;
    let nowhere = RoomId(99);
    assert_eq!(engine.create_room(ROOM, Box::new(NoTap)).wait(), Err(MediaError::RoomExists));
    assert_eq!(engine.admit(nowhere, who(1), 1, Publish::SPEAKER).wait(), Err(MediaError::NoRoom));
    assert_eq!(engine.close_room(nowhere).wait(), Err(MediaError::NoRoom));
    assert_eq!(engine.publish_offer(ROOM, who(1), "v=0".into(), vec![]).wait(), Err(MediaError::NotAdmitted));
    assert_eq!(engine.receive_offer(ROOM, who(1), Begin::Anew).wait(), Err(MediaError::NotAdmitted));
    assert_eq!(engine.set_publish(ROOM, who(1), Publish::SPEAKER).wait(), Err(MediaError::NotAdmitted));

    engine.admit(ROOM, who(1), 4711, Publish::SPEAKER).wait().unwrap();
    assert_eq!(engine.admit(ROOM, who(2), 4711, Publish::SPEAKER).wait(), Err(MediaError::TicketUsed), "a ticket counts once");
    for nonsense in ["", "v=0", "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "hello\0world", &"v=0\r\n".repeat(10_000)] {
        let refused = engine.publish_offer(ROOM, who(1), nonsense.to_owned(), vec![]).wait();
        assert!(matches!(refused, Err(MediaError::Sdp(_))), "{refused:?}");
    }
    let endless = "v=0\r\n".repeat(1_000_000);
    assert_eq!(engine.publish_offer(ROOM, who(1), endless.clone(), vec![]).wait(), Err(MediaError::Sdp("too long")));
    assert_eq!(engine.receive_answer(ROOM, who(1), 1, endless).wait(), Err(MediaError::Sdp("too long")));
}

#[test]
fn an_answer_to_a_replaced_offer_is_refused() {
    let hall = Hall::open();
    (1..=2).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&[(2, 1, Kinds::ALL)]);
    let _publisher = hall.publisher(1);
    let old = hall.engine.receive_offer(ROOM, who(2), Begin::Anew).wait().unwrap().unwrap();
    let new = hall.engine.receive_offer(ROOM, who(2), Begin::Continue).wait().unwrap().unwrap();
    let answer = old.sdp.replace("setup:actpass", "setup:active").replace("sendonly", "recvonly");
    let refused = hall.engine.receive_answer(ROOM, who(2), old.version, answer.clone()).wait();
    assert!(matches!(refused, Err(MediaError::OutOfOrder(_))), "{refused:?}");
    hall.engine.receive_answer(ROOM, who(2), new.version, answer.clone()).wait().unwrap();
    let twice = hall.engine.receive_answer(ROOM, who(2), new.version, answer).wait();
    assert!(matches!(twice, Err(MediaError::OutOfOrder(_))));
}

#[test]
fn rooms_and_seats_end_somewhere() {
    let mut config = Config::new("127.0.0.1:0".parse().unwrap(), random());
    (config.most_rooms, config.most_participants) = (3, 2);
    let (engine, _events) = Engine::start(config).unwrap();
    for room in 0..3 {
        engine.create_room(RoomId(room), Box::new(NoTap)).wait().unwrap();
    }
    assert_eq!(engine.create_room(RoomId(9), Box::new(NoTap)).wait(), Err(MediaError::Full("rooms")));
    for seat in 0..2 {
        engine.admit(RoomId(0), ParticipantId(seat), seat, Publish::SPEAKER).wait().unwrap();
    }
    assert_eq!(engine.admit(RoomId(0), ParticipantId(7), 7, Publish::SPEAKER).wait(), Err(MediaError::Full("participants")));
    engine.close_room(RoomId(0)).wait().unwrap();
    engine.create_room(RoomId(0), Box::new(NoTap)).wait().unwrap();
    engine.stop();
    assert_eq!(engine.stats(RoomId(0)).wait(), Err(MediaError::Stopped));
}

#[test]
fn each_thread_has_its_port_and_a_failed_room_can_be_opened_anew() {
    let mut config = Config::new("127.0.0.1:0".parse().unwrap(), random());
    config.threads = 2;
    let (engine, _events) = Engine::start(config).unwrap();
    let description = |room: u128| {
        engine.create_room(RoomId(room), Box::new(NoTap)).wait().unwrap();
        engine.admit(RoomId(room), who(1), room, Publish::SPEAKER).wait().unwrap();
        let print = ["AB"; 32].join(":");
        let offer = format!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 109\r\na=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n\
             a=fingerprint:sha-256 {print}\r\na=setup:actpass\r\na=rtpmap:109 opus/48000/2\r\na=sendonly\r\n"
        );
        engine.publish_offer(RoomId(room), who(1), offer, vec![]).wait().unwrap()
    };
    let (first, second) = (description(1), description(2));
    let ports: Vec<String> = engine.addresses().iter().map(|a| format!(" {} typ host", a.port())).collect();
    assert!(first.contains(&ports[0]) && second.contains(&ports[1]) && ports[0] != ports[1]);
    assert!(first.contains("m=audio 9 UDP/TLS/RTP/SAVPF 109\r\n"), "the client's own number stays");

    assert_eq!(engine.create_room(RoomId(1), Box::new(NoTap)).wait(), Err(MediaError::RoomExists));
    assert_eq!(engine.within::<()>(RoomId(1), |_, _| panic!("on purpose")).wait(), Err(MediaError::RoomFailed));
    engine.create_room(RoomId(1), Box::new(NoTap)).wait().unwrap();
}

#[test]
fn two_hundred_reconnections_leave_nothing_behind() {
    let hall = Hall::open();
    (1..=2).for_each(|p| hall.admit(p).unwrap());
    hall.grant(&[(2, 1, Kinds::ALL), (1, 2, Kinds::ALL)]);
    for _ in 0..200 {
        hall.admit(1).unwrap();
        let _gone = hall.publisher(1);
        let _also = hall.receiver(2);
    }
    let figures = hall.engine.figures().pop().unwrap().wait().unwrap();
    assert!(figures.known.1 <= 4, "names known: {:?}", figures.known);
    hall.engine.close_room(ROOM).wait().unwrap();
    let figures = hall.engine.figures().pop().unwrap().wait().unwrap();
    assert_eq!((figures.known, figures.rooms), ((0, 0), 0));
}

#[test]
fn an_engine_without_rooms_rests() {
    let hall = Hall::open();
    hall.admit(1).unwrap();
    hall.engine.close_room(ROOM).wait().unwrap();
    let busy = || hall.engine.figures().pop().unwrap().wait().unwrap().busy;
    // a window is a second long; what is asked wakes the thread and lets it reckon
    for _ in 0..4 {
        std::thread::sleep(std::time::Duration::from_millis(700));
        busy();
    }
    assert!(busy() < 0.1, "{} of a core with nothing to do", busy());
}
