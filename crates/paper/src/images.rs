//! Pictures that come with a request. Owns their names, kinds and sizes; must never decode a pixel.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use typst::foundations::Bytes;

use crate::answer::{Code, Problem};

/// The most pictures in one request.
const COUNT_CAP: usize = 500;
/// The most pixels in one picture: an A4 page scanned at 600 dpi has 35 million.
const PIXEL_CAP: u64 = 50_000_000;

/// A picture as it comes in.
#[derive(Debug, Deserialize)]
pub struct ImageIn {
    /// What the data calls it.
    pub name: String,
    /// Its bytes.
    pub base64: String,
}

/// The pictures of one request, by the virtual path a template reads them from.
///
/// Paths are numbered, not named: the typesetter remembers every path it ever saw, so a name of the caller's
/// choice would be a leak in a process that lives long.
#[derive(Default)]
pub struct Images {
    files: Vec<Bytes>,
    paths: BTreeMap<String, String>,
}

impl Images {
    /// Checks and decodes the pictures of a request.
    pub fn take(incoming: &[ImageIn]) -> Result<Self, Problem> {
        if incoming.len() > COUNT_CAP {
            return Err(Problem::new(Code::Image, format!("more than {COUNT_CAP} images")));
        }
        let mut images = Self::default();
        for image in incoming {
            images.push(image).map_err(|wrong| Problem::new(Code::Image, format!("image {:?}: {wrong}", image.name)))?;
        }
        Ok(images)
    }

    fn push(&mut self, image: &ImageIn) -> Result<(), String> {
        if !well_named(&image.name) {
            return Err("a name is 1 to 64 letters, digits, '.', '_' or '-'".into());
        }
        let bytes = STANDARD.decode(&image.base64).map_err(|wrong| wrong.to_string())?;
        let (kind, pixels) = measure(&bytes).ok_or("not a PNG, JPEG, WebP or GIF")?;
        if pixels > PIXEL_CAP {
            return Err(format!("{pixels} pixels are too many"));
        }
        let path = format!("/images/{}.{kind}", self.files.len());
        if self.paths.insert(image.name.clone(), path).is_some() {
            return Err("the name is used twice".into());
        }
        self.files.push(Bytes::new(bytes));
        Ok(())
    }

    /// Name to virtual path, for the template; sorted, because the same request must be the same bytes.
    pub fn paths(&self) -> &BTreeMap<String, String> {
        &self.paths
    }

    /// The picture at a virtual path.
    pub fn file(&self, path: &str) -> Option<Bytes> {
        let number = path.strip_prefix("/images/")?.split('.').next()?;
        self.files.get(number.parse::<usize>().ok()?).cloned()
    }
}

fn well_named(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// The file kind and the number of pixels, read from the picture's head.
fn measure(bytes: &[u8]) -> Option<(&'static str, u64)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(("png", product(be32(bytes, 16)?, be32(bytes, 20)?)))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(("jpg", jpeg_pixels(bytes)?))
    } else if bytes.starts_with(b"GIF8") {
        Some(("gif", product(le16(bytes, 6)?, le16(bytes, 8)?)))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(("webp", webp_pixels(bytes)?))
    } else {
        None
    }
}

/// Walks the segments of a JPEG to its frame header.
fn jpeg_pixels(bytes: &[u8]) -> Option<u64> {
    let mut at = 2;
    loop {
        let (&mark, &kind) = (bytes.get(at)?, bytes.get(at + 1)?);
        if mark != 0xff {
            return None;
        }
        match kind {
            0xff => at += 1,
            0xc0..=0xcf if !matches!(kind, 0xc4 | 0xc8 | 0xcc) => {
                return Some(product(be16(bytes, at + 5)?, be16(bytes, at + 7)?));
            }
            0xd8 | 0x01 | 0xd0..=0xd7 => at += 2,
            _ => at += 2 + be16(bytes, at + 2)? as usize,
        }
    }
}

fn webp_pixels(bytes: &[u8]) -> Option<u64> {
    let le24 = |at: usize| Some(u64::from(le16(bytes, at)?) | u64::from(*bytes.get(at + 2)?) << 16);
    match bytes.get(12..16)? {
        b"VP8X" => Some((le24(24)? + 1) * (le24(27)? + 1)),
        b"VP8L" => {
            let bits = u32::from(le16(bytes, 21)? as u16) | (le16(bytes, 23)? << 16);
            Some(product((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => Some(product(le16(bytes, 26)? & 0x3fff, le16(bytes, 28)? & 0x3fff)),
    }
}

fn product(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes).map(u32::from)
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes).map(u32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(name: &str, bytes: &[u8]) -> ImageIn {
        ImageIn { name: name.into(), base64: STANDARD.encode(bytes) }
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        head.extend(width.to_be_bytes());
        head.extend(height.to_be_bytes());
        head
    }

    #[test]
    fn a_path_is_numbered_and_found_again() {
        let images = Images::take(&[image("身份证".repeat(0).as_str(), b"")]);
        assert!(images.is_err(), "an empty name");
        let images = Images::take(&[image("id.png", &png(10, 10))]).unwrap();
        assert_eq!(images.paths()["id.png"], "/images/0.png");
        assert!(images.file("/images/0.png").is_some());
        assert!(images.file("/images/1.png").is_none());
    }

    #[test]
    fn a_bomb_a_stranger_and_a_double_are_refused() {
        assert!(Images::take(&[image("a", &png(60_000, 60_000))]).is_err());
        assert!(Images::take(&[image("a", b"<svg/>")]).is_err());
        assert!(Images::take(&[image("../a", &png(1, 1))]).is_err());
        assert!(Images::take(&[image("a", &png(1, 1)), image("a", &png(1, 1))]).is_err());
    }

    #[test]
    fn a_jpeg_is_measured_through_its_segments() {
        let jpeg = b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x11\x08\x01\x00\x02\x00";
        assert_eq!(measure(jpeg), Some(("jpg", 0x100 * 0x200)));
    }
}
