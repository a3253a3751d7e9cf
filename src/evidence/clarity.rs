//! 清晰度: is a photographed page likely to be readable? Pure; a word to the filer before the clerk has to send it back.
//!
//! Owns the measures and their bounds. Must never refuse: a night photograph or a dark screen may be the evidence itself.

use image::DynamicImage;
use image::imageops::FilterType;

/// The long edge of the picture that is measured, so that a bound means the same for every camera.
const MEASURED: u32 = 1024;
/// An A4 page needs about 100 dots an inch to be read: 827 pixels on its short edge.
const SHORT_EDGE: u32 = 800;
/// Mean brightness, of 255, under which print drowns.
const DARK: f64 = 45.0;
/// Standard deviation of the brightness of a page with nothing on it.
const BLANK: f64 = 4.0;
/// Variance of the Laplacian under which no edge is sharp.
const BLURRED: f64 = 12.0;

/// Codes of what makes a picture hard to read, worst first.
pub fn faults(picture: &DynamicImage) -> Vec<&'static str> {
    let small = picture.width().min(picture.height()) < SHORT_EDGE;
    let measured = if picture.width().max(picture.height()) > MEASURED {
        picture.resize(MEASURED, MEASURED, FilterType::Triangle)
    } else {
        picture.clone()
    };
    let grey = measured.into_luma8();
    let (mean, variance) = spread(grey.pixels().map(|p| f64::from(p.0[0])));
    if variance.sqrt() < BLANK {
        return vec!["picture.blank"];
    }
    let mut found = Vec::new();
    if mean < DARK {
        found.push("picture.dark");
    }
    if spread(laplacian(&grey)).1 < BLURRED {
        found.push("picture.blurred");
    }
    if small {
        found.push("picture.small");
    }
    found
}

/// The second derivative at each inner pixel: large where something has an edge.
fn laplacian(grey: &image::GrayImage) -> impl Iterator<Item = f64> + '_ {
    let at = |x: u32, y: u32| f64::from(grey.get_pixel(x, y).0[0]);
    let (width, height) = grey.dimensions();
    (1..height.saturating_sub(1)).flat_map(move |y| {
        (1..width.saturating_sub(1)).map(move |x| at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * at(x, y))
    })
}

fn spread(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for v in values {
        n += 1.0;
        sum += v;
        squares += v * v;
    }
    if n == 0.0 {
        return (0.0, 0.0);
    }
    let mean = sum / n;
    (mean, (squares / n - mean * mean).max(0.0))
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma, imageops};

    use super::*;

    /// Lines of print on paper.
    fn page(width: u32, height: u32, ink: u8, paper: u8) -> DynamicImage {
        GrayImage::from_fn(width, height, |x, y| Luma([if y % 24 < 10 && x % 17 < 11 { ink } else { paper }])).into()
    }

    // proves: B04
    #[test]
    fn a_readable_page_passes_and_the_others_say_why() {
        let sharp = page(1240, 1754, 20, 235);
        assert!(faults(&sharp).is_empty());
        let blurred = imageops::blur(&sharp.to_luma8(), 14.0).into();
        assert_eq!(faults(&blurred), ["picture.blurred"]);
        assert_eq!(faults(&page(1240, 1754, 5, 40)), ["picture.dark"]);
        assert_eq!(faults(&page(300, 420, 20, 235)), ["picture.small"]);
        assert_eq!(faults(&page(1240, 1754, 250, 250)), ["picture.blank"]);
        // a screenshot of a chat on a phone is small on neither edge
        assert!(faults(&page(1080, 2340, 0, 255)).is_empty());
    }
}
