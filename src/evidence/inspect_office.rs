//! Looks into containers: zip (docx, xlsx, OFD) and the old Office form. Counts what unpacks, and stops
//! early; writes nothing out. Pure.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::inspect::Report;
use super::kinds::{DOC, DOCX, OFD, XLSX};

/// The most entries (ASVS 5.2.3).
const MOST_ENTRIES: usize = 1000;
/// The most everything may unpack to.
const MOST_UNPACKED: u64 = 500 << 20;
/// The most times its size it may unpack to, once that is worth speaking of.
const MOST_RATIO: u64 = 100;
/// Below this nobody is hurt: a page of repeated XML shrinks well.
const HARMLESS: u64 = 4 << 20;

/// Looks into a zip container and says what it is.
pub fn look_zip(bytes: &[u8]) -> Report {
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(_) => return Report::fault("broken_document"),
    };
    if archive.len() > MOST_ENTRIES {
        return Report::fault_of("zip_bomb", archive.len() as u64);
    }
    let mut names = Vec::with_capacity(archive.len());
    let mut unpacked = 0;
    for i in 0..archive.len() {
        match look_entry(&mut archive, i, bytes.len() as u64, &mut unpacked) {
            Ok(entry) => names.push(entry),
            Err(report) => return report,
        }
    }
    name_it(&names)
}

struct Entry {
    name: String,
    is_zip: bool,
}

fn look_entry(archive: &mut ZipArchive<Cursor<&[u8]>>, i: usize, packed: u64, unpacked: &mut u64) -> Result<Entry, Report> {
    let mut entry = archive.by_index(i).map_err(|e| match e {
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => Report::fault("encrypted"),
        _ => Report::fault("broken_document"),
    })?;
    if entry.enclosed_name().is_none() || entry.is_symlink() {
        return Err(Report::fault("zip_path"));
    }
    let name = entry.name().to_owned();
    let mut chunk = vec![0; 64 << 10];
    let (mut first, mut is_zip) = (true, false);
    loop {
        let n = entry.read(&mut chunk).map_err(|_| Report::fault("broken_document"))?;
        if n == 0 {
            return Ok(Entry { name, is_zip });
        }
        is_zip |= first && chunk.starts_with(b"PK\x03\x04");
        first = false;
        *unpacked += n as u64;
        if *unpacked > MOST_UNPACKED || (*unpacked > HARMLESS && *unpacked / MOST_RATIO > packed) {
            return Err(Report::fault_of("zip_bomb", *unpacked));
        }
    }
}

fn name_it(entries: &[Entry]) -> Report {
    let has = |name: &str| entries.iter().any(|e| e.name == name);
    let under = |folder: &str| entries.iter().any(|e| e.name.starts_with(folder));
    let office = has("[Content_Types].xml");
    // what Office embeds is another document: flagged, not opened; anything else nested is refused
    if entries.iter().any(|e| e.is_zip && !(office && e.name.contains("/embeddings/"))) {
        return Report::fault("zip_path");
    }
    let media_type = if office && under("word/") {
        DOCX
    } else if office && under("xl/") {
        XLSX
    } else if has("OFD.xml") {
        OFD
    } else if has("AndroidManifest.xml") || entries.iter().any(|e| e.name.ends_with(".class") || e.name.ends_with(".dex")) {
        return Report::fault("executable");
    } else {
        return Report::fault("archive");
    };
    let mut report = Report { media_type: Some(media_type.to_owned()), ..Report::default() };
    if media_type == OFD {
        let pages = entries.iter().filter(|e| e.name.contains("/Pages/") && e.name.ends_with("/Content.xml")).count();
        report.pages = i32::try_from(pages).ok().filter(|n| *n > 0);
    }
    if entries.iter().any(|e| e.name.ends_with("vbaProject.bin")) {
        report.warn("office.macros");
    }
    if under("word/embeddings/") || under("xl/embeddings/") {
        report.warn("office.embedded");
    }
    report
}

/// Looks into an old Office container by the names of its streams (UTF-16).
pub fn look_compound(bytes: &[u8]) -> Report {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|w| w == wide)
    };
    if has("EncryptedPackage") || has("EncryptionInfo") {
        return Report::fault("encrypted");
    }
    if !has("WordDocument") {
        return Report::fault("archive"); // a table, slides, a message, an installer: none of ours
    }
    if !bytes.len().is_multiple_of(512) && bytes.len() < 1536 {
        return Report::fault("broken_document");
    }
    let mut report = Report { media_type: Some(DOC.to_owned()), ..Report::default() };
    if has("_VBA_PROJECT") {
        report.warn("office.macros");
    }
    report
}

#[cfg(test)]
pub mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A zip of these entries.
    pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

    #[test]
    fn containers_are_named_by_what_they_hold() {
        assert_eq!(look_zip(&zip(&[TYPES, ("word/document.xml", b"<w/>")])).media_type.as_deref(), Some(DOCX));
        assert_eq!(look_zip(&zip(&[TYPES, ("xl/workbook.xml", b"<x/>")])).media_type.as_deref(), Some(XLSX));
        let ofd = look_zip(&zip(&[
            ("OFD.xml", b"<o/>"),
            ("Doc_0/Pages/Page_0/Content.xml", b"<p/>"),
            ("Doc_0/Pages/Page_1/Content.xml", b"<p/>"),
        ]));
        assert_eq!((ofd.media_type.as_deref(), ofd.pages), (Some(OFD), Some(2)));
        assert_eq!(look_zip(&zip(&[("a.pdf", b"x")])), Report::fault("archive"));
        assert_eq!(look_zip(&zip(&[("AndroidManifest.xml", b"x")])), Report::fault("executable"));
        let macros = look_zip(&zip(&[TYPES, ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x")]));
        assert_eq!(macros.warnings, ["office.macros"]);
    }

    #[test]
    fn bombs_are_refused() {
        let zeros = vec![0; 40 << 20];
        let bomb = look_zip(&zip(&[TYPES, ("word/document.xml", &zeros)]));
        assert_eq!(bomb.fault.map(|f| f.code).as_deref(), Some("zip_bomb"));
        let names: Vec<String> = (0..1001).map(|i| format!("word/{i}.xml")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
        assert_eq!(look_zip(&zip(&many)), Report::fault_of("zip_bomb", 1001));
    }

    #[test]
    fn paths_links_and_nesting_are_refused() {
        assert_eq!(look_zip(&zip(&[TYPES, ("../../etc/passwd", b"x")])), Report::fault("zip_path"));
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.add_symlink("word/link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        assert_eq!(look_zip(&writer.finish().unwrap().into_inner()), Report::fault("zip_path"));
        let inner = zip(&[("a", b"x")]);
        assert_eq!(look_zip(&zip(&[TYPES, ("word/document.xml", b"<w/>"), ("word/more.zip", &inner)])), Report::fault("zip_path"));
        let chart = look_zip(&zip(&[TYPES, ("word/document.xml", b"<w/>"), ("word/embeddings/table.xlsx", &inner)]));
        assert_eq!((chart.fault, chart.warnings), (None, vec!["office.embedded".to_owned()]));
    }

    #[test]
    fn a_cut_container_is_broken() {
        let whole = zip(&[TYPES, ("word/document.xml", b"<w>some text that is long enough</w>")]);
        assert_eq!(look_zip(&whole[..whole.len() / 2]), Report::fault("broken_document"));
    }

    #[test]
    fn old_containers_are_told_apart() {
        let with = |name: &str| {
            let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            bytes.resize(4096, 0);
            look_compound(&bytes)
        };
        assert_eq!(with("WordDocument").media_type.as_deref(), Some(DOC));
        assert_eq!(with("EncryptedPackage"), Report::fault("encrypted"));
        assert_eq!(with("Workbook"), Report::fault("archive"));
    }
}
