//! Looks into a PDF: does it open, with how many pages, and does it carry what runs. Pure.

use lopdf::{Dictionary, Document, LoadOptions, Object};

use super::inspect::Report;

/// The most one stream may unpack to while the document is read.
const MOST_UNPACKED: usize = 128 << 20;
/// Nesting of direct objects that is still looked into.
const DEEPEST: usize = 32;

/// Reads the document's structure; draws nothing.
pub fn look(bytes: &[u8]) -> Report {
    let options = LoadOptions { max_decompressed_size: Some(MOST_UNPACKED), ..LoadOptions::default() };
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) => document,
        Err(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_)) => return Report::fault("encrypted"),
        Err(_) if declares_encryption(bytes) => return Report::fault("encrypted"),
        Err(_) => return Report::fault("broken_pdf"),
    };
    if document.is_encrypted() && !document.was_encrypted() {
        return Report::fault("encrypted");
    }
    let pages = document.get_pages().len();
    if pages == 0 || !ends(bytes) {
        return Report::fault("broken_pdf");
    }
    let mut report = Report { pages: i32::try_from(pages).ok(), ..Report::default() };
    if document.was_encrypted() {
        report.warn("pdf.restricted");
    }
    if document.xref_recovery.is_some() {
        report.warn("pdf.repaired");
    }
    for object in document.objects.values() {
        search(object, &mut report, 0);
    }
    report
}

/// A PDF that was cut off lacks its end mark; readers guess, a court must not.
fn ends(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(64 << 10)..];
    tail.windows(5).any(|w| w == b"%%EOF")
}

/// For schemes the parser does not know at all: the trailer says so in plain text.
fn declares_encryption(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(64 << 10)..];
    tail.windows(8).any(|w| w == b"/Encrypt") && ends(bytes)
}

fn search(object: &Object, report: &mut Report, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match object {
        Object::Dictionary(dict) => search_dict(dict, report, depth),
        Object::Stream(stream) => search_dict(&stream.dict, report, depth),
        Object::Array(items) => items.iter().for_each(|item| search(item, report, depth + 1)),
        _ => {}
    }
}

fn search_dict(dict: &Dictionary, report: &mut Report, depth: usize) {
    for (key, value) in dict.iter() {
        match key.as_slice() {
            b"JS" | b"JavaScript" => report.warn("pdf.javascript"),
            b"EmbeddedFiles" | b"EmbeddedFile" => report.warn("pdf.attachments"),
            b"S" | b"Type" => match value.as_name() {
                Ok(b"JavaScript") => report.warn("pdf.javascript"),
                Ok(b"Launch") => report.warn("pdf.launch"),
                Ok(b"EmbeddedFile") => report.warn("pdf.attachments"),
                _ => {}
            },
            _ => {}
        }
        search(value, report, depth + 1);
    }
}

#[cfg(test)]
pub mod tests {
    use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, dictionary};

    use super::*;

    /// A PDF of empty pages, perhaps with a script.
    pub fn pdf(pages: usize, script: bool) -> Document {
        let mut doc = Document::with_version("1.5");
        let tree = doc.new_object_id();
        let kids: Vec<Object> = (0..pages)
            .map(|_| {
                doc.add_object(
                    dictionary! { "Type" => "Page", "Parent" => tree, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()] },
                )
                .into()
            })
            .collect();
        doc.objects.insert(tree, dictionary! { "Type" => "Pages", "Count" => pages as i64, "Kids" => kids }.into());
        let mut root = dictionary! { "Type" => "Catalog", "Pages" => tree };
        if script {
            let action = doc.add_object(dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") });
            root.set("OpenAction", action);
        }
        let root = doc.add_object(root);
        doc.trailer.set("Root", root);
        doc.trailer.set("ID", vec![Object::string_literal("0123456789abcdef"), Object::string_literal("0123456789abcdef")]);
        doc
    }

    /// Its bytes.
    pub fn bytes(mut doc: Document) -> Vec<u8> {
        let mut out = Vec::new();
        doc.save_to(&mut out).unwrap();
        out
    }

    fn locked(owner: &str, user: &str) -> Vec<u8> {
        let mut doc = pdf(2, false);
        let version = EncryptionVersion::V2 {
            document: &doc,
            owner_password: owner,
            user_password: user,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        doc.encrypt(&state).unwrap();
        bytes(doc)
    }

    #[test]
    fn pages_are_counted_and_scripts_flagged() {
        assert_eq!(look(&bytes(pdf(3, false))), Report { pages: Some(3), ..Report::default() });
        assert_eq!(look(&bytes(pdf(1, true))).warnings, ["pdf.javascript"]);
    }

    #[test]
    fn a_password_to_open_is_a_fault_and_one_to_print_is_not() {
        assert_eq!(look(&locked("owner", "secret")), Report::fault("encrypted"));
        let restricted = look(&locked("owner", ""));
        assert_eq!((restricted.fault, restricted.pages, restricted.warnings), (None, Some(2), vec!["pdf.restricted".to_owned()]));
    }

    #[test]
    fn a_broken_one_is_a_fault() {
        let whole = bytes(pdf(3, false));
        assert_eq!(look(b"%PDF-1.7\nnot really"), Report::fault("broken_pdf"));
        for cut in [whole.len() / 3, whole.len() / 2, whole.len() - 40] {
            assert_eq!(look(&whole[..cut]), Report::fault("broken_pdf"), "cut at {cut} of {}", whole.len());
        }
        assert_eq!(look(&bytes(pdf(0, false))), Report::fault("broken_pdf"));
    }
}
