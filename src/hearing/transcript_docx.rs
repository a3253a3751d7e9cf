//! 笔录导出: the transcript as DOCX (ECMA-376, transitional), for the court's own files and printers.
//!
//! Written here and not by a library: it is headings, paragraphs and one table of plain text in four small parts, the
//! archive writer is in the house already, and the libraries there are bring picture decoders and an XML reader for what
//! this never holds. Owns the parts. Must never be signed: what is signed is the PDF.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::schedule::moment;
use super::transcript::{Document, Header};
use crate::error::{Error, Result};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const DOCUMENT_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋_GB2312"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:line="480" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style></w:styles>"#;

/// The transcript as DOCX; the same transcript is the same bytes.
///
/// # Errors
/// When the archive cannot be written.
pub fn docx(document: &Document) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let body = body(document);
    let parts = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("word/_rels/document.xml.rels", DOCUMENT_RELS),
        ("word/styles.xml", STYLES),
        ("word/document.xml", body.as_str()),
    ];
    for (name, text) in parts {
        zip.start_file(name, options).map_err(Error::internal)?;
        zip.write_all(text.as_bytes()).map_err(Error::internal)?;
    }
    Ok(zip.finish().map_err(Error::internal)?.into_inner())
}

fn body(document: &Document) -> String {
    let mut out = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#,
    );
    paragraph(&mut out, Some("Title"), &document.header.court);
    paragraph(&mut out, Some("Title"), &document.header.title);
    for line in head(&document.header) {
        paragraph(&mut out, None, &line);
    }
    // in the order of the record, whatever the template says
    let mut under = None;
    for e in document.entries() {
        if under != Some(e.section) {
            paragraph(&mut out, Some("Heading1"), e.section.zh());
            under = Some(e.section);
        }
        let speaker = if e.speaker_name.is_empty() { String::new() } else { format!("{}：", e.speaker_name) };
        paragraph(&mut out, None, &format!("{speaker}{}", e.text));
    }
    for (title, lines) in [("举证质证情况", &document.exhibits), ("补正申请", &document.refused_corrections)] {
        if !lines.is_empty() {
            paragraph(&mut out, Some("Heading1"), title);
        }
        for line in lines {
            paragraph(&mut out, None, line);
        }
    }
    out.push_str(r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1588" w:bottom="1440" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>"#);
    out
}

/// The head, line by line.
pub fn head(h: &Header) -> Vec<String> {
    let at = |t: Option<chrono::DateTime<chrono::Utc>>| t.map(moment).unwrap_or_default();
    let mut lines = vec![
        format!("案号：{}", h.case_number),
        format!("案由：{}", h.cause),
        format!("时间：{} 至 {}", at(h.opened_at), at(h.ended_at)),
        format!("地点：{}", h.place),
        if h.public {
            "是否公开：公开".to_owned()
        } else {
            format!("是否公开：不公开（{}）", h.closed_reason.as_deref().unwrap_or_default())
        },
    ];
    lines.extend(h.bench.iter().map(|(plate, name)| format!("{plate}：{name}")));
    lines.extend(h.parties.iter().map(|(plate, name, says)| format!("{plate}：{name}，{says}")));
    lines.extend(h.absent.iter().map(|(who, why)| format!("未到庭：{who}，{why}")));
    lines.extend(h.interruptions.iter().map(|i| format!("录音录像间断：{i}")));
    lines
}

fn paragraph(out: &mut String, style: Option<&str>, text: &str) {
    out.push_str("<w:p>");
    if let Some(style) = style {
        let _ = write!(out, r#"<w:pPr><w:pStyle w:val="{style}"/></w:pPr>"#);
    }
    for (n, line) in text.split('\n').enumerate() {
        out.push_str(if n > 0 { r#"<w:r><w:br/><w:t xml:space="preserve">"# } else { r#"<w:r><w:t xml:space="preserve">"# });
        escape(out, line);
        out.push_str("</w:t></w:r>");
    }
    out.push_str("</w:p>");
}

/// Characters XML cannot hold never reach it: entries refuse them.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' => out.push('\t'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use uuid::Uuid;

    use super::*;
    use crate::hearing::transcript::{Entry, Section};

    #[test]
    fn it_opens_and_holds_the_words_and_is_the_same_twice() {
        let entry = Entry {
            id: Uuid::from_u128(1),
            position: 0,
            section: Section::Claims,
            speaker: None,
            speaker_name: "原告 王芳".into(),
            text: "利率 <4%> & 逾期\n另请求诉讼费".into(),
            media: None,
            unchecked: false,
            version: 1,
            struck: false,
        };
        let header = Header { title: "法庭审理笔录".into(), ..Header::default() };
        let document = Document { header, entries: vec![entry], exhibits: vec!["原告证据 1".into()], refused_corrections: vec![] };
        let bytes = docx(&document).unwrap();
        assert_eq!(bytes, docx(&document).unwrap());
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains("原告 王芳：利率 &lt;4%&gt; &amp; 逾期</w:t></w:r><w:r><w:br/>"), "{text}");
        assert!(text.contains("法庭审理笔录") && text.contains("原告证据 1") && text.ends_with("</w:document>"));
        assert_eq!(archive.len(), 5);
    }
}
