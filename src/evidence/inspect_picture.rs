//! Looks into a picture: is it whole, and not too large to show; makes a smaller JPEG of it. Pure.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use super::clarity;
use super::inspect::Report;

/// The most pixels of a picture (an A4 page scanned at 600 dpi has 35 million).
const MOST_PIXELS: u64 = 50_000_000;
/// The most a decoder may hold.
const MOST_MEMORY: u64 = 1 << 30;
/// JPEG quality of a page: print is still sharp.
const QUALITY: u8 = 80;

/// Decodes the whole picture, so that a cut one is found.
pub fn look(bytes: &[u8]) -> Report {
    match decode(bytes) {
        Ok(_) if is_cut_jpeg(bytes) => Report::fault("broken_picture"),
        Ok(picture) => {
            let warnings = clarity::faults(&picture).into_iter().map(str::to_owned).collect();
            Report { pages: Some(1), warnings, ..Report::default() }
        }
        Err(report) => report,
    }
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, Report> {
    let broken = |_| Report::fault("broken_picture");
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Report::fault("broken_picture"))?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS {
        return Err(Report::fault_of("too_many_pixels", pixels));
    }
    let turned = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if let Some(turned) = turned {
        picture.apply_orientation(turned);
    }
    Ok(picture)
}

/// JPEG decoders fill the rest of a cut picture with grey and say nothing: the end mark must follow the
/// picture's own scan (a thumbnail in the head has an end mark too).
fn is_cut_jpeg(bytes: &[u8]) -> bool {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return false;
    }
    let mut at = 2;
    while let Some([0xFF, mark]) = bytes.get(at..at + 2) {
        match mark {
            0xDA => return !bytes[at..].windows(2).any(|w| w == [0xFF, 0xD9]),
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => match bytes.get(at + 2..at + 4) {
                Some([a, b]) => at += 2 + usize::from(u16::from_be_bytes([*a, *b])),
                _ => return true,
            },
        }
    }
    true
}

/// The picture upright, its longest edge at most `edge`, as JPEG on white.
///
/// # Errors
/// When it cannot be read or written.
pub fn shrink(bytes: &[u8], edge: u32) -> Result<Vec<u8>, String> {
    let picture = decode(bytes).map_err(|report| report.fault.map(|f| f.code).unwrap_or_default())?;
    let picture = if picture.width().max(picture.height()) > edge {
        picture.resize(edge, edge, image::imageops::FilterType::CatmullRom)
    } else {
        picture
    };
    let mut out = Vec::new();
    let flat = on_white(picture);
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&flat).map_err(|e| e.to_string())?;
    Ok(out)
}

fn on_white(picture: DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let over = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
pub mod tests {
    use image::ImageFormat;

    use super::*;

    /// A small picture with something in it.
    pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let noise = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x * 7) as u8, (y * 13) as u8, (x * y) as u8]));
        let mut out = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(noise).write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    #[test]
    fn whole_pictures_pass_and_cut_ones_do_not() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Gif, ImageFormat::Tiff, ImageFormat::WebP] {
            let whole = picture(120, 80, format);
            assert_eq!(look(&whole).fault, None, "{format:?}");
            let cut = &whole[..whole.len() * 2 / 3];
            assert_eq!(look(cut), Report::fault("broken_picture"), "{format:?} cut");
        }
    }

    #[test]
    fn a_pixel_bomb_is_refused_by_its_head() {
        let mut head = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
        head.extend(60_000_u32.to_be_bytes());
        head.extend(60_000_u32.to_be_bytes());
        head.extend([8, 2, 0, 0, 0]);
        let crc = crc32(&head[12..29]);
        head.extend(crc.to_be_bytes());
        head.extend([0, 0, 0, 0, b'I', b'D', b'A', b'T', 0x35, 0xAF, 0x06, 0x1E]);
        assert_eq!(look(&head), Report::fault_of("too_many_pixels", 3_600_000_000));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, b| (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 }))
    }

    #[test]
    fn a_page_is_small_and_keeps_its_shape() {
        let small = shrink(&picture(3000, 1500, ImageFormat::Png), 2000).unwrap();
        let back = image::load_from_memory(&small).unwrap();
        assert_eq!((back.width(), back.height()), (2000, 1000));
        assert!(small.starts_with(&[0xFF, 0xD8]));
    }
}
