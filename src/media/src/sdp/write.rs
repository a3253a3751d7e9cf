//! Writing our descriptions: the answer to a publishing client, the offer to a receiving one.

use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

use super::{AUDIO_LEVEL, Description, MID, Media, REPAIRED_RID, RID, TRANSPORT_CC};
use crate::ids::TrackKind;

/// The id under which we offer the transport-wide sequence number.
pub const OFFERED_TRANSPORT_CC: u8 = 3;

/// What is ours in every description.
pub struct Ours<'a> {
    /// A number of the session, and how often it was described.
    pub session: (u64, u64),
    /// ICE user fragment.
    pub ufrag: &'a str,
    /// ICE password.
    pub password: &'a str,
    /// SHA-256 of our certificate.
    pub fingerprint: &'a str,
    /// Where we listen with UDP.
    pub udp: &'a [SocketAddr],
    /// Where we listen with TCP.
    pub tcp: &'a [SocketAddr],
}

/// What becomes of a section of the client's offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// We receive it, with these simulcast layers.
    Received(Vec<String>),
    /// It stays in the bundle and carries nothing.
    Silent,
    /// Not for us (data channels).
    Refused,
}

/// One section of our offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub mid: String,
    /// Audio or video; stays for the life of the section.
    pub kind: TrackKind,
    /// Whose track it carries and under which source; nothing when it is free.
    pub track: Option<(String, u32)>,
}

/// Writes the answer to an offer; one entry of `decided` for each section.
pub fn answer(ours: &Ours<'_>, offer: &Description, decided: &[Answered]) -> String {
    let mut out = String::with_capacity(4096);
    let bundled = offer.media.iter().zip(decided).filter(|(_, d)| **d != Answered::Refused).map(|(m, _)| m.mid.as_str());
    head(&mut out, ours, bundled);
    for (media, decided) in offer.media.iter().zip(decided) {
        match decided {
            Answered::Refused => refused(&mut out, media),
            Answered::Silent => received(&mut out, ours, media, None),
            Answered::Received(rids) => received(&mut out, ours, media, Some(rids)),
        }
    }
    out
}

/// Writes our offer.
pub fn offer(ours: &Ours<'_>, sections: &[Offered]) -> String {
    let mut out = String::with_capacity(1024 + sections.len() * 900);
    head(&mut out, ours, sections.iter().map(|s| s.mid.as_str()));
    for section in sections {
        sent(&mut out, ours, section);
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // writing to a String does not fail
    let _ = out.write_fmt(text);
    out.push_str("\r\n");
}

macro_rules! line {
    ($out:expr, $($text:tt)*) => { line($out, format_args!($($text)*)) };
}

fn head<'a>(out: &mut String, ours: &Ours<'_>, bundled: impl Iterator<Item = &'a str>) {
    let (id, version) = ours.session;
    line!(out, "v=0");
    line!(out, "o=- {id} {version} IN IP4 127.0.0.1");
    line!(out, "s=-");
    line!(out, "t=0 0");
    out.push_str("a=group:BUNDLE");
    for mid in bundled {
        out.push(' ');
        out.push_str(mid);
    }
    out.push_str("\r\n");
    line!(out, "a=ice-lite");
    line!(out, "a=msid-semantic: WMS *");
}

fn refused(out: &mut String, media: &Media) {
    let format = if media.kind == "application" { "webrtc-datachannel".to_owned() } else { first(media).to_string() };
    let protocol = if media.kind == "application" { "UDP/DTLS/SCTP" } else { "UDP/TLS/RTP/SAVPF" };
    line!(out, "m={} 0 {protocol} {format}", media.kind);
    line!(out, "c=IN IP4 0.0.0.0");
    line!(out, "a=inactive");
    line!(out, "a=mid:{}", media.mid);
}

fn first(media: &Media) -> u8 {
    media.codec.or_else(|| media.formats.first().copied()).unwrap_or(0)
}

fn transport(out: &mut String, ours: &Ours<'_>, setup: &str) {
    line!(out, "c=IN IP4 0.0.0.0");
    line!(out, "a=rtcp:9 IN IP4 0.0.0.0");
    line!(out, "a=ice-ufrag:{}", ours.ufrag);
    line!(out, "a=ice-pwd:{}", ours.password);
    line!(out, "a=fingerprint:sha-256 {}", ours.fingerprint);
    line!(out, "a=setup:{setup}");
    for (i, address) in ours.udp.iter().enumerate() {
        candidate(out, 10 + i, "udp", 2_130_706_431 - i, *address, "");
    }
    for (i, address) in ours.tcp.iter().enumerate() {
        candidate(out, 20 + i, "tcp", 1_671_430_143 - i, *address, " tcptype passive");
    }
    line!(out, "a=end-of-candidates");
    line!(out, "a=rtcp-mux");
    line!(out, "a=rtcp-rsize");
}

fn candidate(out: &mut String, foundation: usize, protocol: &str, priority: usize, address: SocketAddr, more: &str) {
    let ip: IpAddr = address.ip();
    line!(out, "a=candidate:{foundation} 1 {protocol} {priority} {ip} {} typ host{more}", address.port());
}

fn codec(out: &mut String, audio: bool, number: u8) {
    if audio {
        line!(out, "a=rtpmap:{number} opus/48000/2");
        line!(out, "a=rtcp-fb:{number} transport-cc");
        line!(out, "a=fmtp:{number} minptime=10;useinbandfec=1");
    } else {
        line!(out, "a=rtpmap:{number} VP8/90000");
        for feedback in ["ccm fir", "nack", "nack pli", "transport-cc"] {
            line!(out, "a=rtcp-fb:{number} {feedback}");
        }
    }
}

fn received(out: &mut String, ours: &Ours<'_>, media: &Media, rids: Option<&Vec<String>>) {
    let number = first(media);
    let repair = media.repair.map_or(String::new(), |r| format!(" {r}"));
    line!(out, "m={} 9 UDP/TLS/RTP/SAVPF {number}{repair}", media.kind);
    transport(out, ours, "passive");
    line!(out, "a=mid:{}", media.mid);
    for name in [MID, RID, REPAIRED_RID, AUDIO_LEVEL, TRANSPORT_CC] {
        let id = media.extension(name);
        if id != 0 {
            line!(out, "a=extmap:{id} {name}");
        }
    }
    line!(out, "a={}", if rids.is_some() { "recvonly" } else { "inactive" });
    codec(out, media.kind == "audio", number);
    if let Some(repair) = media.repair {
        line!(out, "a=rtpmap:{repair} rtx/90000");
        line!(out, "a=fmtp:{repair} apt={number}");
    }
    if let Some(rids) = rids.filter(|r| !r.is_empty()) {
        for rid in rids {
            line!(out, "a=rid:{rid} recv");
        }
        line!(out, "a=simulcast:recv {}", rids.join(";"));
    }
}

fn sent(out: &mut String, ours: &Ours<'_>, section: &Offered) {
    let audio = section.kind == TrackKind::Audio;
    let (kind, number) = if audio { ("audio", 111) } else { ("video", 96) };
    line!(out, "m={kind} 9 UDP/TLS/RTP/SAVPF {number}");
    transport(out, ours, "actpass");
    line!(out, "a=mid:{}", section.mid);
    line!(out, "a=extmap:{OFFERED_TRANSPORT_CC} {TRANSPORT_CC}");
    line!(out, "a={}", if section.track.is_some() { "sendonly" } else { "inactive" });
    codec(out, audio, number);
    if let Some((stream, ssrc)) = &section.track {
        line!(out, "a=msid:{stream} {stream}-{}", section.mid);
        line!(out, "a=ssrc:{ssrc} cname:{stream}");
        line!(out, "a=ssrc:{ssrc} msid:{stream} {stream}-{}", section.mid);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Direction, read};
    use super::*;

    #[test]
    fn our_own_offer_is_a_description() {
        let print = ["ab"; 32].join(":");
        let (udp, tcp) = (["192.0.2.1:5004".parse().unwrap()], ["192.0.2.1:5004".parse().unwrap()]);
        let ours = Ours { session: (1, 2), ufrag: "ufrag", password: "0123456789012345678901", fingerprint: &print, udp: &udp, tcp: &tcp };
        let sections = [
            Offered { mid: "0".into(), kind: TrackKind::Audio, track: Some(("aa".into(), 5)) },
            Offered { mid: "1".into(), kind: TrackKind::Screen, track: None },
        ];
        let text = offer(&ours, &sections);
        let read = read(&text).unwrap();
        assert_eq!((read.media[0].direction, read.media[0].ssrc, read.media[0].codec), (Direction::Send, Some(5), Some(111)));
        assert_eq!((read.media[1].direction, read.media[1].ssrc, read.media[1].codec), (Direction::Inactive, None, Some(96)));
        assert!(text.contains("tcptype passive") && text.contains("a=ice-lite\r\n"));
        let answered = answer(&ours, &read, &[Answered::Received(vec![]), Answered::Refused]);
        assert!(answered.contains("a=group:BUNDLE 0\r\n") && answered.contains("m=video 0 "), "{answered}");
    }
}
