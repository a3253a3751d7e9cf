//! What a file is, by its first bytes, and whether that fits its name and the court's list.
//! Pure: no I/O.

use super::kinds::{self, Family, Kind, Look};
use super::refusal;
use crate::error::{Error, Result};

/// What the head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// One of our kinds.
    Kind(&'static Kind),
    /// A zip container: what it holds is known only after looking inside.
    Zip,
    /// An old Office container.
    Compound,
    /// A program or a script.
    Executable,
    /// A page with scripts.
    Active,
    /// Another packer's archive.
    Archive,
    /// Known to the world, not taken here.
    Other(&'static str),
    /// Nobody knows.
    Unknown,
}

fn media(media: &str) -> Found {
    kinds::of_media(media).map_or(Found::Unknown, Found::Kind)
}

/// Sniffs the first bytes (up to 64 KiB are kept for this).
pub fn sniff(head: &[u8]) -> Found {
    if let Some(found) = by_magic(head) {
        return found;
    }
    if let Some(t) = infer::get(head) {
        let found = kinds::of_media(t.mime_type());
        return match t.matcher_type() {
            _ if found.is_some() => found.map_or(Found::Unknown, Found::Kind),
            infer::MatcherType::App => Found::Executable,
            infer::MatcherType::Archive => Found::Archive,
            infer::MatcherType::Text => Found::Active,
            _ => Found::Other(t.mime_type()),
        };
    }
    by_text(head)
}

fn by_magic(head: &[u8]) -> Option<Found> {
    let early = &head[..head.len().min(1024)];
    Some(match head {
        _ if early.windows(5).any(|w| w == b"%PDF-") => media("application/pdf"),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Found::Zip,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Found::Compound,
        [b'M', b'Z', ..] | [0x7F, b'E', b'L', b'F', ..] | [b'#', b'!', ..] => Found::Executable,
        [0xCA, 0xFE, 0xBA, 0xBE, ..] | [0xFE, 0xED, 0xFA, 0xCE | 0xCF, ..] | [0xCE | 0xCF, 0xFA, 0xED, 0xFE, ..] => Found::Executable,
        [b'L', 0, 0, 0, 1, 0x14, 2, 0, ..] => Found::Executable, // a Windows shortcut
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => by_brand(brand),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => media("audio/wav"),
        [b'I', b'D', b'3', ..] => media("audio/mpeg"),
        [0xFF, 0xF1 | 0xF9, ..] => media("audio/aac"),
        [0xFF, b, ..] if b & 0xE6 == 0xE2 => media("audio/mpeg"),
        _ => return None,
    })
}

/// ISO base media: the brand tells pictures, sound and film apart.
fn by_brand(rest: &[u8]) -> Found {
    match rest.get(..4).unwrap_or_default() {
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" => media("image/heic"),
        b"M4A " | b"M4B " | b"M4P " => media("audio/mp4"),
        b"qt  " => media("video/quicktime"),
        b"avif" | b"avis" => Found::Other("image/avif"),
        brand if brand.iter().all(|b| b.is_ascii_graphic() || *b == b' ') => media("video/mp4"),
        _ => Found::Unknown,
    }
}

fn by_text(head: &[u8]) -> Found {
    let Some(start) = text_start(head) else { return Found::Unknown };
    let begins = |signs: &[&str]| signs.iter().any(|s| start.starts_with(s));
    if begins(&["<!doctype", "<html", "<svg", "<?xml", "<script", "<head", "<body", "<iframe", "<!--", "mime-version:"]) {
        Found::Active
    } else if begins(&["<?php", "<%", "@echo", "powershell", "wscript", "[internetshortcut]", "[desktop entry]"]) {
        Found::Executable
    } else if start.contains("<script") || start.contains("<svg") {
        Found::Active
    } else {
        media("text/plain")
    }
}

/// The first signs of a text in lower case; nothing when it is no text (UTF-8, UTF-16 with its mark, GB 18030).
fn text_start(head: &[u8]) -> Option<String> {
    let wide = |big: bool| {
        let units =
            head[2..].chunks_exact(2).map(|c| if big { u16::from_be_bytes([c[0], c[1]]) } else { u16::from_le_bytes([c[0], c[1]]) });
        let text: String = char::decode_utf16(units.take(2048)).map(|c| c.unwrap_or('\u{FFFD}')).collect();
        (!text.contains(|c: char| c == '\u{FFFD}' || is_control(c))).then_some(text)
    };
    let text = match head {
        [0xFF, 0xFE, ..] => wide(false)?,
        [0xFE, 0xFF, ..] => wide(true)?,
        _ if head.iter().any(|b| is_control(char::from(*b)) && *b < 0x80) => return None,
        _ => match std::str::from_utf8(head) {
            Ok(text) => text.to_owned(),
            Err(e) if e.error_len().is_none() => String::from_utf8_lossy(&head[..e.valid_up_to()]).into_owned(),
            Err(_) if is_gb18030(head) => String::from_utf8_lossy(head).into_owned(),
            Err(_) => return None,
        },
    };
    Some(text.trim_start_matches('\u{FEFF}').trim_start().chars().take(1024).collect::<String>().to_lowercase())
}

fn is_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}')
}

fn is_gb18030(mut bytes: &[u8]) -> bool {
    loop {
        bytes = match bytes {
            [] | [0x81..=0xFE] | [0x81..=0xFE, 0x30..=0x39] | [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE] => return true, // cut by the head's end
            [0..=0x7F, rest @ ..] => rest,
            [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, rest @ ..] => rest,
            [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, rest @ ..] => rest,
            _ => return false,
        };
    }
}

/// The next step for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Accept as it is.
    Accept(&'static Kind),
    /// Accept if an examiner finds no fault with it.
    Examine(&'static Kind),
    /// A container: an examiner says what it is.
    Open(Look),
}

/// Refuses by the name alone, before a byte was sent.
pub fn check_name(name: &str) -> Result<()> {
    let ending = kinds::ending(name);
    if kinds::runs(&ending) {
        return Err(refusal::executable().at("/name"));
    }
    if kinds::active(&ending) {
        return Err(refusal::active_content().at("/name"));
    }
    Ok(())
}

/// What to do with a file of this name and head.
pub fn decide(name: &str, head: &[u8], accepted: &[&'static Kind]) -> Result<Step> {
    check_name(name)?;
    match sniff(head) {
        Found::Kind(kind) => {
            fits(name, kind, accepted)?;
            Ok(if kind.look == Look::Head { Step::Accept(kind) } else { Step::Examine(kind) })
        }
        Found::Zip => Ok(Step::Open(Look::Zip)),
        Found::Compound => Ok(Step::Open(Look::Compound)),
        other => Err(refused(name, other, accepted)),
    }
}

fn refused(name: &str, found: Found, accepted: &[&'static Kind]) -> Error {
    match found {
        Found::Executable => refusal::executable(),
        Found::Active => refusal::active_content(),
        Found::Archive => refusal::archive(),
        Found::Other(what) => refusal::not_accepted(&format!("「{what}」格式"), what, accepted),
        _ => match kinds::of_ending(&kinds::ending(name)) {
            Some(_) => refusal::mismatch(&kinds::ending(name), "认不出的内容", "unreadable content"),
            None => refusal::unknown_type(accepted),
        },
    }
}

/// Does a found kind fit the name and the court's list?
///
/// # Errors
/// Says what is wrong, with its cure.
pub fn fits(name: &str, kind: &'static Kind, accepted: &[&'static Kind]) -> Result<()> {
    let ending = kinds::ending(name);
    if !same_house(&ending, kind) {
        return Err(refusal::mismatch(&ending, kind.zh, kind.en));
    }
    if !accepted.contains(&kind) {
        return Err(refusal::not_accepted(kind.zh, kind.en, accepted));
    }
    Ok(())
}

/// An ending that is another kind's misleads, unless the two are mixed up every day.
fn same_house(ending: &str, kind: &Kind) -> bool {
    match kinds::of_ending(ending) {
        None => true,
        Some(said) => kind.endings.contains(&ending) || (said.family == kind.family && kind.family != Family::Own),
    }
}

/// True when the ending is another kind's of the same family.
pub fn ending_differs(name: &str, kind: &Kind) -> bool {
    kinds::of_ending(&kinds::ending(name)).is_some() && !kind.endings.contains(&kinds::ending(name).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<&'static Kind> {
        kinds::KINDS.iter().collect()
    }

    fn code(name: &str, head: &[u8]) -> &'static str {
        decide(name, head, &all()).unwrap_err().code
    }

    #[test]
    fn heads_are_told_apart() {
        let rows: [(&[u8], &str); 12] = [
            (b"%PDF-1.7\n", "application/pdf"),
            (b"\xEF\xBB\xBF%PDF-1.4", "application/pdf"),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "image/jpeg"),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "image/png"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
            (b"\0\0\0\x18ftypisom\0\0\0\0", "video/mp4"),
            (b"\0\0\0\x18ftypqt  \0\0\0\0", "video/quicktime"),
            (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio/mp4"),
            (b"ID3\x04\0\0\0", "audio/mpeg"),
            (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
            ("借条：今借到".as_bytes(), "text/plain"),
            (b"\xBD\xE8\xCC\xF5 2024", "text/plain"), // 借条 in GBK
        ];
        for (head, expected) in rows {
            assert_eq!(sniff(head), media(expected), "{expected}");
        }
    }

    #[test]
    fn what_runs_is_refused_whatever_its_name() {
        assert_eq!(code("借条.pdf", b"MZ\x90\0\x03\0\0\0"), "file.executable");
        assert_eq!(code("借条.jpg", b"\x7FELF\x02\x01\x01"), "file.executable");
        assert_eq!(code("a.txt", b"#!/bin/sh\nrm"), "file.executable");
        assert_eq!(code("借条.pdf.exe", b"%PDF-1.7"), "file.executable");
        assert_eq!(code("a.txt", b"  <!DOCTYPE html><p>"), "file.active_content");
        assert_eq!(code("a.txt", b"\xFF\xFE<\0s\0v\0g\0"), "file.active_content");
        assert_eq!(code("logo.svg", b"<svg xmlns"), "file.active_content");
        assert_eq!(code("a.png", b"<?xml version='1.0'?><svg onload="), "file.active_content");
    }

    #[test]
    fn a_name_must_not_mislead() {
        assert_eq!(code("合同.docx", b"%PDF-1.7"), "file.type_mismatch");
        assert_eq!(code("合同.pdf", b"\xFF\xD8\xFF\xE0\0\x10JFIF"), "file.type_mismatch");
        assert_eq!(code("合同.pdf", &[1, 2, 3, 0, 5]), "file.type_mismatch");
        assert_eq!(code("无名", &[1, 2, 3, 0, 5]), "file.unknown_type");
        assert_eq!(code("包.rar", b"Rar!\x1A\x07\x01\0"), "file.archive");
        // a picture under another picture's ending opens all the same
        assert!(decide("微信图片.jpg", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", &all()).is_ok());
        assert!(ending_differs("微信图片.jpg", kinds::of_media("image/png").unwrap()));
        assert!(decide("录音", b"ID3\x04\0\0\0", &all()).is_ok());
    }

    #[test]
    fn a_courts_list_is_kept_to() {
        let court = refusal::accepted(&["application/pdf".into(), "image/jpeg".into()]);
        let refusal = decide("a.png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", &court).unwrap_err();
        assert_eq!(refusal.code, "file.type_not_accepted");
        assert!(refusal.problem().cure.contains("JPG"), "{}", refusal.problem().cure);
    }
}
