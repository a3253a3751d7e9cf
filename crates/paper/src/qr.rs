//! QR codes as SVG. Owns the drawing only; must never decide what a code says.

use qrcodegen::{QrCode, QrCodeEcc};

/// Draws `text` as a black SVG without a quiet zone (the template leaves the room); `None` if it is too long.
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let run = (x..size).take_while(|&x| code.get_module(x, y)).count() as i32;
            if run > 0 {
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += run + 1;
        }
    }
    Some(format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{path}"/></svg>"#))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_same_text_draws_the_same_code() {
        let once = super::svg("https://court.example/verify?code=7KQM-2XWA-9RFT").unwrap();
        assert!(once.contains("M0 0h7v1h-7z"), "the finder pattern's top edge");
        assert_eq!(once, super::svg("https://court.example/verify?code=7KQM-2XWA-9RFT").unwrap());
        assert!(super::svg(&"长".repeat(5000)).is_none());
    }
}
