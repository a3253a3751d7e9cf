//! Files people send, made in code: a PDF, a photograph, and what must be refused.

use std::io::{Cursor, Write};

/// A PDF of some pages, each with a line of text.
pub fn pdf(pages: usize, text: &str) -> Vec<u8> {
    pdf_of(pages, text, 0)
}

/// A PDF that carries so many bytes besides.
pub fn pdf_of(pages: usize, text: &str, ballast: usize) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut doc = Document::with_version("1.5");
    let root = doc.new_object_id();
    let font = doc.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
    let resources = doc.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let kids: Vec<Object> = (0..pages)
        .map(|i| {
            let content = format!("BT /F1 12 Tf 72 720 Td ({text} {i}) Tj ET");
            let content = doc.add_object(Stream::new(dictionary! {}, content.into_bytes()));
            doc.add_object(dictionary! { "Type" => "Page", "Parent" => root, "Contents" => content, "Resources" => resources, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()] }).into()
        })
        .collect();
    let count = i64::try_from(pages).unwrap();
    doc.objects.insert(root, Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }));
    if ballast > 0 {
        let noise: Vec<u8> = (0..ballast).map(|i| u8::try_from(i * 7919 % 251).unwrap_or(0)).collect();
        doc.add_object(Stream::new(dictionary! {}, noise));
    }
    let catalog = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    doc.trailer.set("Root", catalog);
    let mut out = Vec::new();
    doc.save_to(&mut out).unwrap();
    out
}

/// A photograph.
pub fn jpg(seed: u8) -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([seed, u8::try_from(x * 3).unwrap_or(255), u8::try_from(y * 5).unwrap_or(255)]));
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

/// A ZIP that unpacks to far more than it is.
pub fn zip_bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..12 {
        zip.start_file(format!("{i}.txt"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&vec![b'0'; 4 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The words on a PDF, as Debian's pdftotext reads them.
pub fn text_of(pdf: &[u8]) -> String {
    use std::process::{Command, Stdio};
    let mut child =
        Command::new("pdftotext").args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("pdftotext (poppler-utils)");
    let mut to = child.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let feed = std::thread::spawn(move || to.write_all(&pdf));
    let out = child.wait_with_output().unwrap();
    feed.join().unwrap().unwrap();
    String::from_utf8(out.stdout).unwrap()
}
