//! A signature into a PDF: an incremental update, so that the original stays a prefix byte for byte.
//!
//! Owns what is written: the signature dictionary with its reserved room, the field, the seal's picture and the new
//! cross-reference section. Keeps PDF/A-2b: the widget prints, has a normal appearance and no action, colours are
//! device RGB under the document's own output intent. Must never touch a byte of what was there.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::cms::Message;
use crate::fault::{Fault, Result};
use crate::key::Algorithm;
use crate::picture::{self, Picture};

/// Bytes reserved for a signature alone.
pub const ROOM: usize = 4 << 10;
/// Bytes reserved for a signature with a time stamp and its certificates.
pub const ROOM_STAMPED: usize = 12 << 10;

/// Where the seal's centre lies, in points from the lower left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Page, from 1.
    pub page: u32,
    /// To the right.
    pub x: f32,
    /// Upwards.
    pub y: f32,
}

/// What the signature says of itself besides its proof.
pub struct Words<'a> {
    /// Who seals: the court's name.
    pub name: &'a str,
    /// Why, such as 电子印章.
    pub reason: &'a str,
    /// When, by our clock; only a time stamp proves it.
    pub at: DateTime<Utc>,
}

/// The updated file, whole but for the signature.
pub struct Prepared {
    bytes: Vec<u8>,
    /// The hexadecimal string with its brackets.
    hole: Range<usize>,
}

/// Writes the update. Without a place the signature shows no picture.
///
/// # Errors
/// When the file cannot carry it.
pub fn prepare(pdf: &[u8], shown: Option<(Place, &Picture)>, words: &Words<'_>, room: usize) -> Result<Prepared> {
    let document = Document::load_mem(pdf).map_err(|e| Fault::Pdf(e.to_string()))?;
    if document.is_encrypted() || document.xref_recovery.is_some() {
        return Err(Fault::Pdf("encrypted or damaged files are not sealed".into()));
    }
    if matches!(document.reference_table.cross_reference_type, XrefType::CrossReferenceStream) {
        return Err(Fault::Pdf("files with cross-reference streams are not sealed; papers of the renderer have tables".into()));
    }
    let mut update = Update::new(pdf, &document);
    let (signature, field) = (update.next(), update.next());
    let page = page_of(&document, shown.map_or(1, |(place, _)| place.page))?;
    let appearance = shown.map(|(_, picture)| update.appearance(picture));
    let hole = update.signature(signature, words, room);
    update.object(field, &Object::Dictionary(widget(&document, signature, page, shown.map(|s| s.0), appearance, words)));
    update.object(page, &Object::Dictionary(with_annotation(&document, page, field)?));
    let root = reference(&document.trailer, b"Root")?;
    update.object(root, &Object::Dictionary(with_field(&document, field)?));
    let mut bytes = update.close(root)?;
    write_range(&mut bytes, &hole)?;
    Ok(Prepared { bytes, hole })
}

impl Prepared {
    /// The digest to be signed: of everything but the signature's own string.
    pub fn digest(&self, algorithm: Algorithm) -> Vec<u8> {
        algorithm.hash(&[&self.bytes[..self.hole.start], &self.bytes[self.hole.end..]].concat())
    }

    /// Whether a message of this size fits.
    pub fn fits(&self, message: usize) -> bool {
        message * 2 + 2 <= self.hole.len()
    }

    /// Fills the message in.
    ///
    /// # Errors
    /// When it is larger than the room.
    pub fn finish(mut self, message: &[u8]) -> Result<Vec<u8>> {
        fill(&mut self.bytes, &self.hole, message)?;
        Ok(self.bytes)
    }
}

/// The file with a time stamp put into its signature afterwards. What was signed does not change, the file's own
/// digest does: keep the original beside it where that was already handed out.
///
/// # Errors
/// When there is no signature, or no room.
pub fn embed_stamp(pdf: &[u8], token: &[u8]) -> Result<Vec<u8>> {
    let signatures = crate::pdf_read::signatures(pdf).map_err(Fault::Pdf)?;
    let last = signatures.last().ok_or_else(|| Fault::Pdf("there is no signature in it".into()))?;
    let hole = last.hole(pdf.len()).ok_or_else(|| Fault::Pdf("its byte range is wrong".into()))?;
    let message = Message::read(&last.contents).map_err(|e| Fault::Pdf(format!("{e:?}")))?;
    let mut bytes = pdf.to_vec();
    fill(&mut bytes, &hole, &message.with_stamp(token)?)?;
    Ok(bytes)
}

fn fill(bytes: &mut [u8], hole: &Range<usize>, message: &[u8]) -> Result<()> {
    let text = hex::encode(message);
    let room = hole.len().saturating_sub(2);
    if text.len() > room {
        return Err(Fault::Pdf(format!("the signature needs {} bytes, {} are reserved", message.len(), room / 2)));
    }
    let at = hole.start + 1;
    bytes[at..at + room].fill(b'0');
    bytes[at..at + text.len()].copy_from_slice(text.as_bytes());
    Ok(())
}

/// Room for the numbers, filled once the file's length is known.
const RANGE: &str = "/ByteRange[0 0000000000 0000000000 0000000000]";

fn write_range(bytes: &mut [u8], hole: &Range<usize>) -> Result<()> {
    let text = format!("/ByteRange[0 {} {} {}]", hole.start, hole.end, bytes.len() - hole.end);
    let area = &mut bytes[..hole.start];
    let at = area.windows(RANGE.len()).rposition(|w| w == RANGE.as_bytes()).ok_or_else(|| Fault::Pdf("no byte range".into()))?;
    let padded = format!("{text:<width$}", width = RANGE.len());
    area[at..at + RANGE.len()].copy_from_slice(padded.as_bytes());
    Ok(())
}

/// What is appended, and where each object of it begins.
struct Update {
    bytes: Vec<u8>,
    places: BTreeMap<u32, (usize, u16)>,
    free: u32,
    trailer: Dictionary,
    previous: usize,
}

impl Update {
    fn new(pdf: &[u8], document: &Document) -> Self {
        let size = document.trailer.get(b"Size").and_then(Object::as_i64).ok().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let mut bytes = Vec::with_capacity(pdf.len() + (48 << 10));
        bytes.extend_from_slice(pdf);
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
        let free = size.max(document.max_id + 1);
        Self { bytes, places: BTreeMap::new(), free, trailer: document.trailer.clone(), previous: document.xref_start }
    }

    fn next(&mut self) -> ObjectId {
        self.free += 1;
        (self.free - 1, 0)
    }

    fn begin(&mut self, id: ObjectId) {
        self.places.insert(id.0, (self.bytes.len(), id.1));
        self.bytes.extend(format!("{} {} obj\n", id.0, id.1).into_bytes());
    }

    fn object(&mut self, id: ObjectId, object: &Object) {
        self.begin(id);
        write(&mut self.bytes, object);
        self.bytes.extend(b"\nendobj\n");
    }

    fn appearance(&mut self, picture: &Picture) -> ObjectId {
        let id = self.next();
        self.begin(id);
        let side = picture::SIDE;
        // ink over ink: what lies under the seal stays readable
        let dictionary = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 {side} {side}]/Resources<</ExtGState<</Ink<</Type/ExtGState/BM/Multiply>>>>>>/Length {}>>\nstream\n",
            picture.ops().len()
        );
        self.bytes.extend(dictionary.into_bytes());
        self.bytes.extend_from_slice(picture.ops());
        self.bytes.extend(b"\nendstream\nendobj\n");
        id
    }

    /// Answers where the signature's string lies.
    fn signature(&mut self, id: ObjectId, words: &Words<'_>, room: usize) -> Range<usize> {
        self.begin(id);
        let head = format!(
            "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name{}/Reason{}/M(D:{}Z){RANGE}/Contents",
            hex_text(words.name),
            hex_text(words.reason),
            words.at.format("%Y%m%d%H%M%S")
        );
        self.bytes.extend(head.into_bytes());
        let start = self.bytes.len();
        self.bytes.push(b'<');
        self.bytes.resize(start + 1 + room * 2, b'0');
        self.bytes.push(b'>');
        let hole = start..self.bytes.len();
        self.bytes.extend(b">>\nendobj\n");
        hole
    }

    /// The cross-reference section and the trailer.
    fn close(mut self, root: ObjectId) -> Result<Vec<u8>> {
        let start = self.bytes.len();
        self.bytes.extend(b"xref\n");
        let places: Vec<(u32, (usize, u16))> = self.places.iter().map(|(id, at)| (*id, *at)).collect();
        for run in places.chunk_by(|a, b| a.0 + 1 == b.0) {
            self.bytes.extend(format!("{} {}\n", run[0].0, run.len()).into_bytes());
            for (_, (at, generation)) in run {
                self.bytes.extend(format!("{at:010} {generation:05} n \n").into_bytes());
            }
        }
        let mut trailer = Dictionary::new();
        trailer.set("Size", i64::from(self.free));
        trailer.set("Prev", i64::try_from(self.previous).map_err(|e| Fault::Pdf(e.to_string()))?);
        trailer.set("Root", Object::Reference(root));
        if let Ok(info) = self.trailer.get(b"Info") {
            trailer.set("Info", info.clone());
        }
        if let Ok(first) =
            self.trailer.get(b"ID").and_then(Object::as_array).and_then(|ids| ids.first().ok_or(lopdf::Error::ObjectNotFound((0, 0))))
        {
            // the first half names the paper, the second this state of it
            let state = crate::sha256(&self.bytes)[..16].to_vec();
            trailer.set("ID", vec![first.clone(), Object::String(state, lopdf::StringFormat::Hexadecimal)]);
        }
        self.bytes.extend(b"trailer\n");
        write(&mut self.bytes, &Object::Dictionary(trailer));
        self.bytes.extend(format!("\nstartxref\n{start}\n%%EOF\n").into_bytes());
        Ok(self.bytes)
    }
}

fn reference(dictionary: &Dictionary, key: &[u8]) -> Result<ObjectId> {
    dictionary.get(key).and_then(Object::as_reference).map_err(|e| Fault::Pdf(e.to_string()))
}

fn page_of(document: &Document, number: u32) -> Result<ObjectId> {
    document.get_pages().get(&number).copied().ok_or_else(|| Fault::Pdf(format!("there is no page {number}")))
}

fn widget(
    document: &Document,
    signature: ObjectId,
    page: ObjectId,
    place: Option<Place>,
    appearance: Option<ObjectId>,
    words: &Words<'_>,
) -> Dictionary {
    let half = picture::SIDE / 2.0;
    let corners = place.map_or([0.0; 4], |p| [p.x - half, p.y - half, p.x + half, p.y + half]);
    let mut widget = Dictionary::new();
    widget.set("Type", "Annot");
    widget.set("Subtype", "Widget");
    widget.set("FT", "Sig");
    let number = fields(document).len() + 1;
    widget.set("T", Object::string_literal(format!("Seal{number}")));
    widget.set("TU", Object::String(utf16(&format!("{}　{}", words.name, words.reason)), lopdf::StringFormat::Hexadecimal));
    widget.set("V", Object::Reference(signature));
    widget.set("P", Object::Reference(page));
    widget.set("F", 132_i64); // print, locked
    widget.set("Rect", corners.map(Object::Real).to_vec());
    if let Some(id) = appearance {
        let mut normal = Dictionary::new();
        normal.set("N", Object::Reference(id));
        widget.set("AP", normal);
    }
    widget
}

fn with_annotation(document: &Document, page: ObjectId, field: ObjectId) -> Result<Dictionary> {
    let mut dictionary = document.get_dictionary(page).map_err(|e| Fault::Pdf(e.to_string()))?.clone();
    let mut all = match dictionary.get_deref(b"Annots", document) {
        Ok(Object::Array(all)) => all.clone(),
        _ => Vec::new(),
    };
    all.push(Object::Reference(field));
    dictionary.set("Annots", all);
    Ok(dictionary)
}

fn fields(document: &Document) -> Vec<Object> {
    let form = document.catalog().and_then(|c| c.get_deref(b"AcroForm", document)).and_then(Object::as_dict);
    form.and_then(|f| f.get_deref(b"Fields", document)).and_then(Object::as_array).cloned().unwrap_or_default()
}

fn with_field(document: &Document, field: ObjectId) -> Result<Dictionary> {
    let mut catalog = document.catalog().map_err(|e| Fault::Pdf(e.to_string()))?.clone();
    let mut form = catalog.get_deref(b"AcroForm", document).and_then(Object::as_dict).cloned().unwrap_or_default();
    let mut all = fields(document);
    all.push(Object::Reference(field));
    form.set("Fields", all);
    form.set("SigFlags", 3_i64); // there is a signature; only append
    catalog.set("AcroForm", form);
    Ok(catalog)
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
}

fn hex_text(text: &str) -> String {
    format!("<{}>", hex::encode_upper(utf16(text)))
}

/// An object as bytes. Strings go out in hexadecimal, whatever they came in.
fn write(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend(b"null"),
        Object::Boolean(b) => out.extend(if *b { &b"true"[..] } else { b"false" }),
        Object::Integer(n) => out.extend(n.to_string().into_bytes()),
        Object::Real(n) => out.extend(n.to_string().into_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(text, _) => {
            out.push(b'<');
            out.extend(hex::encode(text).into_bytes());
            out.push(b'>');
        }
        Object::Array(all) => {
            out.push(b'[');
            for (i, one) in all.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                write(out, one);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => {
            out.extend(b"<<");
            for (key, value) in dictionary.iter() {
                write_name(out, key);
                out.push(b' ');
                write(out, value);
            }
            out.extend(b">>");
        }
        Object::Reference(id) => out.extend(format!("{} {} R", id.0, id.1).into_bytes()),
        // a stream is never direct
        Object::Stream(_) => out.extend(b"null"),
    }
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        match byte {
            b'!'..=b'~' if !b"#()<>[]{}/%".contains(byte) => out.push(*byte),
            other => out.extend(format!("#{other:02X}").into_bytes()),
        }
    }
}
