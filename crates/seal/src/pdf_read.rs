//! The signatures a PDF holds, as they lie in the file. Owns finding them; judges nothing.

use std::ops::Range;

use lopdf::{Dictionary, Document, Object};

/// A signature of the file.
pub struct Found {
    /// Which bytes it covers: start and length, twice.
    pub range: [i64; 4],
    /// The message with its padding.
    pub contents: Vec<u8>,
    /// How it is packed.
    pub format: String,
    /// When, by the signer's word.
    pub claimed: Option<String>,
}

impl Found {
    /// Where its string lies, if the range leaves out one place and nothing else of a file of this length.
    pub fn hole(&self, length: usize) -> Option<Range<usize>> {
        let [from, first, second, rest] = self.range.map(|n| usize::try_from(n).ok());
        let (from, first, second, rest) = (from?, first?, second?, rest?);
        let end = second.checked_add(rest)?;
        (from == 0 && first < second && end <= length).then_some(first..second)
    }

    /// How far the covered part reaches.
    pub fn end(&self) -> Option<usize> {
        usize::try_from(self.range[2].checked_add(self.range[3])?).ok()
    }
}

/// All signatures, in the order of what they cover.
pub fn signatures(pdf: &[u8]) -> Result<Vec<Found>, String> {
    let document = Document::load_mem(pdf).map_err(|e| e.to_string())?;
    let form = document.catalog().and_then(|c| c.get_deref(b"AcroForm", &document)).and_then(Object::as_dict);
    let mut found = Vec::new();
    if let Ok(fields) = form.and_then(|f| f.get_deref(b"Fields", &document)).and_then(Object::as_array) {
        collect(&document, fields, 0, &mut found);
    }
    found.sort_by_key(Found::end);
    Ok(found)
}

/// The court the paper names as its author.
pub fn author(pdf: &[u8]) -> Option<String> {
    let document = Document::load_mem(pdf).ok()?;
    let info = document.trailer.get_deref(b"Info", &document).ok()?.as_dict().ok()?;
    let bytes = info.get_deref(b"Author", &document).ok()?.as_str().ok()?;
    Some(text(bytes)).filter(|t| !t.is_empty())
}

/// Fields of fields, as deep as anybody nests them.
fn collect(document: &Document, fields: &[Object], depth: usize, found: &mut Vec<Found>) {
    if depth > 8 || found.len() > 64 {
        return;
    }
    for field in fields {
        let Ok(field) = document.dereference(field).and_then(|(_, o)| o.as_dict()) else { continue };
        if let Ok(kids) = field.get_deref(b"Kids", document).and_then(Object::as_array) {
            collect(document, kids, depth + 1, found);
        }
        let is_signature = field.get_deref(b"FT", document).and_then(Object::as_name).is_ok_and(|name| name == b"Sig");
        if let (true, Ok(value)) = (is_signature, field.get_deref(b"V", document).and_then(Object::as_dict)) {
            found.extend(one(document, value));
        }
    }
}

fn one(document: &Document, value: &Dictionary) -> Option<Found> {
    let numbers = value.get_deref(b"ByteRange", document).ok()?.as_array().ok()?;
    let numbers: Vec<i64> = numbers.iter().filter_map(|n| n.as_i64().ok()).collect();
    let string = |key: &[u8]| value.get_deref(key, document).and_then(Object::as_str).ok();
    Some(Found {
        range: numbers.try_into().unwrap_or([-1; 4]),
        contents: string(b"Contents")?.to_vec(),
        format: value
            .get_deref(b"SubFilter", document)
            .and_then(Object::as_name)
            .map(|n| String::from_utf8_lossy(n).into_owned())
            .unwrap_or_default(),
        claimed: string(b"M").map(text),
    })
}

fn text(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
