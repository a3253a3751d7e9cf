//! Reading a client's description. Every list is bounded; what is not understood is passed over.

use super::{LONGEST, MOST_SECTIONS};
use crate::error::{MediaError, Result};

const MOST_PER_SECTION: usize = 64;

/// Who sends in a section, seen from the author of the description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both.
    #[default]
    Both,
    /// The author sends.
    Send,
    /// The author receives.
    Receive,
    /// Nobody.
    Inactive,
}

impl Direction {
    /// Does the author send?
    pub fn sends(self) -> bool {
        matches!(self, Self::Both | Self::Send)
    }

    /// Does the author receive?
    pub fn receives(self) -> bool {
        matches!(self, Self::Both | Self::Receive)
    }
}

/// One section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// `audio`, `video`, `application`.
    pub kind: String,
    /// Its name.
    pub mid: String,
    /// Port 0: refused or stopped.
    pub refused: bool,
    /// Who sends.
    pub direction: Direction,
    /// The payload type of the one codec we speak of this kind.
    pub codec: Option<u8>,
    /// The payload type of its repair stream (RFC 4588).
    pub repair: Option<u8>,
    /// All payload types, to answer a refused section with one of them.
    pub formats: Vec<u8>,
    /// Header extensions: id and name.
    pub extensions: Vec<(u8, String)>,
    /// Simulcast layers sent, best last as browsers list them.
    pub rids: Vec<String>,
    /// The primary source, when it is declared.
    pub ssrc: Option<u32>,
    /// Its repair source, when it is declared.
    pub repair_ssrc: Option<u32>,
    repairs: Vec<(u8, u8)>,
}

impl Media {
    /// The id of a header extension; 0 when it is not there.
    pub fn extension(&self, name: &str) -> u8 {
        self.extensions.iter().find(|(_, n)| n == name).map_or(0, |(id, _)| *id)
    }
}

/// A description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The number of the session, the same as long as the client keeps its connection.
    pub session: String,
    /// ICE user fragment.
    pub ufrag: String,
    /// ICE password.
    pub password: String,
    /// SHA-256 of the certificate, lower case with colons.
    pub fingerprint: String,
    /// `actpass`, `active`, `passive`.
    pub setup: String,
    /// The sections in order.
    pub media: Vec<Media>,
}

/// Reads a description.
pub fn read(text: &str) -> Result<Description> {
    if text.len() > LONGEST {
        return Err(MediaError::Sdp("too long"));
    }
    if !text.starts_with("v=0") {
        return Err(MediaError::Sdp("not a session description"));
    }
    let mut found = Description::default();
    for line in text.lines() {
        let Some((kind, value)) = line.trim_end().split_once('=') else { continue };
        match kind {
            "o" => found.session = value.split(' ').nth(1).unwrap_or("").chars().take(64).collect(),
            "m" => section(&mut found, value)?,
            "a" => attribute(&mut found, value),
            _ => {}
        }
    }
    complete(found)
}

fn complete(mut found: Description) -> Result<Description> {
    if found.media.is_empty() {
        return Err(MediaError::Sdp("no media"));
    }
    if !(4..=256).contains(&found.ufrag.len()) || !(22..=256).contains(&found.password.len()) {
        return Err(MediaError::Sdp("no ICE credentials"));
    }
    if found.fingerprint.len() != 95 {
        return Err(MediaError::Sdp("no SHA-256 fingerprint"));
    }
    let mut names: Vec<&str> = found.media.iter().map(|m| m.mid.as_str()).collect();
    names.sort_unstable();
    if names.iter().any(|n| n.is_empty() || n.len() > 16 || !n.bytes().all(|b| b.is_ascii_graphic())) {
        return Err(MediaError::Sdp("a section has no name"));
    }
    if names.windows(2).any(|w| w[0] == w[1]) {
        return Err(MediaError::Sdp("two sections of one name"));
    }
    for media in &mut found.media {
        media.rids.dedup();
        let repair = media.repairs.iter().find(|(_, of)| media.codec == Some(*of)).map(|(own, _)| *own);
        media.repair = repair.filter(|r| media.kind == "video" && *r < 128);
    }
    Ok(found)
}

fn section(found: &mut Description, value: &str) -> Result<()> {
    if found.media.len() >= MOST_SECTIONS {
        return Err(MediaError::Sdp("too many sections"));
    }
    let mut words = value.split_ascii_whitespace();
    let kind = words.next().filter(|k| k.len() <= 16).ok_or(MediaError::Sdp("empty section"))?;
    let refused = words.next() == Some("0");
    let formats = words.skip(1).filter_map(|f| f.parse().ok()).take(MOST_PER_SECTION).collect();
    found.media.push(Media { kind: kind.to_owned(), refused, formats, ..Media::default() });
    Ok(())
}

fn attribute(found: &mut Description, line: &str) {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    match name {
        "ice-ufrag" if found.ufrag.is_empty() => found.ufrag = value.to_owned(),
        "ice-pwd" if found.password.is_empty() => found.password = value.to_owned(),
        "setup" if found.setup.is_empty() => found.setup = value.to_owned(),
        "fingerprint" => {
            if let Some(hash) = value.strip_prefix("sha-256 ").filter(|_| found.fingerprint.is_empty()) {
                found.fingerprint = hash.trim().to_ascii_lowercase();
            }
        }
        _ => {
            if let Some(media) = found.media.last_mut() {
                of_section(media, name, value);
            }
        }
    }
}

fn of_section(media: &mut Media, name: &str, value: &str) {
    match name {
        "mid" => media.mid = value.to_owned(),
        "sendrecv" => media.direction = Direction::Both,
        "sendonly" => media.direction = Direction::Send,
        "recvonly" => media.direction = Direction::Receive,
        "inactive" => media.direction = Direction::Inactive,
        // port 0 here only says that the section has no transport of its own (RFC 9143); Firefox writes it
        "bundle-only" => media.refused = false,
        "rtpmap" => codec(media, value),
        "fmtp" if media.repairs.len() < MOST_PER_SECTION => {
            let apt = value.split_once(" apt=").and_then(|(own, of)| Some((own.parse().ok()?, of.trim().parse().ok()?)));
            media.repairs.extend(apt);
        }
        "extmap" if media.extensions.len() < MOST_PER_SECTION => extension(media, value),
        "rid" if media.rids.len() < 3 => {
            let mut words = value.split(' ');
            let (rid, direction) = (words.next().unwrap_or(""), words.next());
            let sound = !rid.is_empty() && rid.len() <= 16 && rid.bytes().all(|b| b.is_ascii_alphanumeric());
            if sound && direction == Some("send") {
                media.rids.push(rid.to_owned());
            }
        }
        "ssrc" if media.ssrc.is_none() => media.ssrc = value.split(' ').next().and_then(|s| s.parse().ok()),
        // primary first, then its repair stream
        "ssrc-group" => {
            if let Some(list) = value.strip_prefix("FID ") {
                let mut sources = list.split(' ').map(|s| s.parse().ok());
                media.ssrc = sources.next().flatten().or(media.ssrc);
                media.repair_ssrc = sources.next().flatten();
            }
        }
        _ => {}
    }
}

fn codec(media: &mut Media, value: &str) {
    let Some((number, name)) = value.split_once(' ') else { return };
    let wanted = match media.kind.as_str() {
        "audio" => "opus/48000/2",
        "video" => "vp8/90000",
        _ => return,
    };
    if media.codec.is_none() && name.trim().eq_ignore_ascii_case(wanted) {
        media.codec = number.parse().ok().filter(|n| *n < 128);
    }
}

fn extension(media: &mut Media, value: &str) {
    let mut words = value.split_ascii_whitespace();
    let id = words.next().and_then(|w| w.split('/').next()).and_then(|w| w.parse().ok());
    if let (Some(id @ 1..=255), Some(name)) = (id, words.next()) {
        media.extensions.push((id, name.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINT: &str = "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89";

    fn chrome() -> String {
        format!(
            "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n\
             a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 {PRINT}\r\na=setup:actpass\r\n\
             a=mid:0\r\na=extmap:1 {}\r\na=sendonly\r\na=rtpmap:111 opus/48000/2\r\na=ssrc:77 cname:x\r\n\
             m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=extmap:3 {}\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n\
             a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rid:q send\r\na=rid:h send\r\na=rid:f send\r\na=simulcast:send q;h;f\r\n",
            super::super::AUDIO_LEVEL,
            super::super::TRANSPORT_CC
        )
    }

    #[test]
    fn a_browsers_offer() {
        let read = read(&chrome()).unwrap();
        assert_eq!((read.ufrag.as_str(), read.setup.as_str(), read.media.len()), ("abcd", "actpass", 2));
        assert_eq!((read.media[0].codec, read.media[0].ssrc, read.media[0].extension(super::super::AUDIO_LEVEL)), (Some(111), Some(77), 1));
        assert_eq!((read.media[1].rids.join(""), read.media[1].repair), ("qhf".to_owned(), Some(97)));
        assert!(read.media[1].direction.sends() && !read.media[1].direction.receives());
    }

    #[test]
    fn wrong_ones_are_refused_by_name() {
        let refused = |text: &str| matches!(read(text), Err(MediaError::Sdp(_)));
        assert!(refused("") && refused("hello") && refused("v=0\r\n"));
        assert!(refused(&chrome().replace("a=ice-pwd:0123456789012345678901", "a=ice-pwd:short")));
        assert!(refused(&chrome().replace("sha-256", "sha-1")));
        assert!(refused(&chrome().replace("a=mid:1", "a=mid:0")));
        assert!(refused(&format!("{}{}", chrome(), "m=audio 9 X 1\r\n".repeat(300))));
        assert!(refused(&format!("{}{}", chrome(), "x".repeat(300_000))));
    }

    #[test]
    fn port_zero_is_a_refusal_unless_it_is_only_bundled() {
        let refused = chrome().replace("m=video 9", "m=video 0");
        assert!(read(&refused).unwrap().media[1].refused);
        let bundled = refused.replace("a=mid:1", "a=bundle-only\r\na=mid:1");
        assert!(!read(&bundled).unwrap().media[1].refused);
    }

    #[test]
    fn any_cut_is_refused_or_read() {
        let text = chrome();
        for end in 0..text.len() {
            let _ = read(&text[..end]);
        }
    }
}
