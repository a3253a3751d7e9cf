//! Papers that were tampered with: each fails, and each for its own reason.

use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, Stream};

use super::*;
use crate::key::{FileSigner, Signer};
use crate::pdf::{self, Place, Words};
use crate::picture::Picture;
use crate::pki::Profile;
use crate::pki::tests::{holder, moment, root, start};
use crate::stamp::tests::stamped;

const COURT: &str = "济南市历下区人民法院";

/// A paper of one page that names its court, in the form the renderer gives its files.
fn paper(court: &str) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    let pages = document.new_object_id();
    let content = document.add_object(Stream::new(Dictionary::new(), b"BT (11,207.00) Tj ET".to_vec()));
    let dictionary = |entries: Vec<(&str, Object)>| {
        let mut d = Dictionary::new();
        entries.into_iter().for_each(|(key, value)| d.set(key, value));
        d
    };
    let page = document.add_object(dictionary(vec![
        ("Type", "Page".into()),
        ("Parent", pages.into()),
        ("MediaBox", vec![0.into(), 0.into(), 595.into(), 842.into()].into()),
        ("Contents", content.into()),
    ]));
    document
        .objects
        .insert(pages, dictionary(vec![("Type", "Pages".into()), ("Kids", vec![page.into()].into()), ("Count", 1.into())]).into());
    let catalog = document.add_object(dictionary(vec![("Type", "Catalog".into()), ("Pages", pages.into())]));
    let name: Vec<u8> = [0xfe, 0xff].into_iter().chain(court.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let info = document.add_object(dictionary(vec![("Author", Object::String(name, lopdf::StringFormat::Hexadecimal))]));
    document.trailer.set("Root", catalog);
    document.trailer.set("Info", info);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

struct Scene {
    root: FileSigner,
    seal: FileSigner,
    tsa: FileSigner,
    tsa_root: FileSigner,
    trust: Trust,
}

fn scene() -> Scene {
    let (root, tsa_root) = (root("山东省法院电子印章根"), root("授时根"));
    let seal = holder(COURT, Profile::Seal, 365, &root);
    let tsa = holder("授时", Profile::Stamper, 3650, &tsa_root);
    let trust = Trust { seals: root.certificate_chain().to_vec(), stamps: tsa_root.certificate_chain().to_vec() };
    Scene { root, seal, tsa, tsa_root, trust }
}

fn sealed(file: &[u8], seal: &FileSigner, stamp: impl Fn(&[u8; 32]) -> Option<Vec<u8>>) -> Vec<u8> {
    let picture = Picture::from_ops(b"q /Ink gs 1 0 0 rg 0 0 9 9 re f Q".to_vec());
    let place = Place { page: 1, x: 400.0, y: 200.0 };
    let words = Words { name: COURT, reason: "电子印章", at: start() };
    let prepared = pdf::prepare(file, Some((place, &picture)), &words, pdf::ROOM_STAMPED).unwrap();
    let signature = crate::cms::sign(seal, &prepared.digest(seal.algorithm())).unwrap();
    let token = stamp(&signature.imprint());
    prepared.finish(&signature.to_der(token.as_deref()).unwrap()).unwrap()
}

impl Scene {
    fn plain(&self) -> Vec<u8> {
        sealed(&paper(COURT), &self.seal, |_| None)
    }

    fn with_stamp(&self) -> Vec<u8> {
        sealed(&paper(COURT), &self.seal, |imprint| Some(stamped(&self.tsa, imprint, moment("2026-11-22T02:00:00Z"))))
    }

    fn ask(&self, file: &[u8]) -> Report {
        self.ask_at(file, "2026-11-23T00:00:00Z")
    }

    fn ask_at(&self, file: &[u8], now: &str) -> Report {
        verify(file, &Question { trust: &self.trust, now: moment(now), court: None, beside: None })
    }

    fn fails(&self, file: &[u8], reason: Reason) {
        let report = self.ask(file);
        assert!(!report.verified);
        assert_eq!(report.reason, reason, "{report:?}");
    }
}

/// Where a text begins for the last time.
fn last(file: &[u8], text: &[u8]) -> usize {
    file.windows(text.len()).rposition(|w| w == text).unwrap()
}

/// The file with its signature's message changed.
fn with_message(file: &[u8], change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let found = pdf_read::signatures(file).unwrap().pop().unwrap();
    let hole = found.hole(file.len()).unwrap();
    let length = found.contents.len();
    let mut message = change(found.contents);
    message.resize(length, 0);
    let mut out = file.to_vec();
    out[hole.start + 1..hole.end - 1].copy_from_slice(hex::encode(message).as_bytes());
    out
}

#[test]
fn a_sealed_paper_verifies_and_begins_with_the_paper() {
    let s = scene();
    let original = paper(COURT);
    let file = s.plain();
    assert!(file.starts_with(&original), "the original is a prefix");
    let report = s.ask(&file);
    assert!(report.verified, "{report:?}");
    assert_eq!((report.level, report.court.as_deref(), report.court_code.as_deref()), (Some("B-B"), Some(COURT), Some("370102")));
    let report = s.ask(&s.with_stamp());
    assert!(report.verified, "{report:?}");
    assert_eq!((report.level, report.stamped_at), (Some("B-T"), Some(moment("2026-11-22T02:00:00Z"))));
}

#[test]
fn a_stamp_may_come_later_beside_the_file_or_into_it() {
    let s = scene();
    let file = s.plain();
    let found = pdf_read::signatures(&file).unwrap().pop().unwrap();
    let imprint = Message::read(&found.contents).unwrap().imprint();
    let token = stamped(&s.tsa, &imprint, moment("2026-11-22T05:00:00Z"));
    let question = Question { trust: &s.trust, now: moment("2026-11-23T00:00:00Z"), court: None, beside: Some(&token) };
    assert_eq!(verify(&file, &question).level, Some("B-B+stamp"));
    let inside = pdf::embed_stamp(&file, &token).unwrap();
    assert_eq!(s.ask(&inside).level, Some("B-T"));
    assert_eq!(file.len(), inside.len());
}

#[test]
fn a_second_seal_covers_the_first() {
    let s = scene();
    let twice = sealed(&s.plain(), &s.seal, |_| None);
    assert!(s.ask(&twice).verified, "{:?}", s.ask(&twice));
    assert_eq!(pdf_read::signatures(&twice).unwrap().len(), 2);
}

#[test]
fn a_stamped_seal_outlives_its_certificate_and_an_unstamped_one_does_not() {
    let s = scene();
    let late = "2029-01-01T00:00:00Z";
    assert!(s.ask_at(&s.with_stamp(), late).verified);
    let report = s.ask_at(&s.plain(), late);
    assert_eq!((report.verified, report.reason), (false, Reason::CertificateExpired));
    let report = s.ask_at(&s.plain(), "2026-01-01T00:00:00Z");
    assert_eq!((report.verified, report.reason), (false, Reason::CertificateNotYetValid));
}

#[test]
fn changed_bytes_are_found() {
    let s = scene();
    let file = s.with_stamp();
    let mut bent = file.clone();
    let at = last(&bent, b"(11,207.00)");
    bent[at + 1] = b'9';
    s.fails(&bent, Reason::ContentChanged);
    let mut picture = file.clone();
    let at = last(&picture, b"1 0 0 rg");
    picture[at] = b'0';
    s.fails(&picture, Reason::ContentChanged);
    for end in [file.len() - 1, file.len() - 40, file.len() * 2 / 3] {
        assert!(!s.ask(&file[..end]).verified);
    }
    s.fails(&file[..file.len() - 40], Reason::FileCut);
    s.fails(&file[..file.len() * 2 / 3], Reason::FileCut);
    s.fails(&[&file[..], b"\n% one more line\n"].concat(), Reason::ChangedAfterSigning);
}

#[test]
fn an_update_after_the_seal_is_found() {
    let s = scene();
    let file = s.plain();
    let mut update = lopdf::IncrementalDocument::create_from(file.clone(), Document::load_mem(&file).unwrap());
    let page = *update.get_prev_documents().get_pages().get(&1).unwrap();
    update.opt_clone_object_to_new_document(page).unwrap();
    let other = update.new_document.add_object(Stream::new(Dictionary::new(), b"BT (1.00) Tj ET".to_vec()));
    update.new_document.get_object_mut(page).and_then(Object::as_dict_mut).unwrap().set("Contents", other);
    let mut bytes = Vec::new();
    update.save_to(&mut bytes).unwrap();
    s.fails(&bytes, Reason::ChangedAfterSigning);
}

#[test]
fn a_range_that_leaves_something_out_is_found() {
    let s = scene();
    let file = s.plain();
    let found = pdf_read::signatures(&file).unwrap().pop().unwrap();
    let [zero, first, second, rest] = found.range;
    let at = last(&file, b"/ByteRange[");
    let width = file[at..].iter().position(|b| *b == b'<').unwrap() - b"/Contents".len();
    let write = |numbers: [i64; 4]| {
        let mut bent = file.clone();
        let text = format!("/ByteRange[{} {} {} {}]", numbers[0], numbers[1], numbers[2], numbers[3]);
        bent[at..at + width].copy_from_slice(format!("{text:<width$}").as_bytes());
        bent
    };
    assert_eq!(write(found.range), file);
    for numbers in
        [[zero, first - 50, second, rest], [zero, first, second + 9, rest - 9], [5, first, second, rest], [zero, second, first, rest]]
    {
        s.fails(&write(numbers), Reason::ByteRangeInvalid);
    }
    s.fails(&write([zero, first, second, rest - 9]), Reason::ChangedAfterSigning);
    s.fails(&write([zero, first, second, rest + 1]), Reason::FileCut);
}

#[test]
fn a_removed_or_exchanged_signature_is_found() {
    let s = scene();
    let file = s.plain();
    s.fails(&paper(COURT), Reason::NotSigned);
    s.fails(b"%PDF-1.7\nnothing", Reason::NotPdf);
    s.fails(b"PK\x03\x04", Reason::NotPdf);
    let mut hidden = file.clone();
    let at = last(&hidden, b"/AcroForm");
    hidden[at + 1] = b'X';
    s.fails(&hidden, Reason::SignatureMalformed);
    // the signature of another paper
    let other = sealed(&paper("另一家法院"), &s.seal, |_| None);
    let theirs = pdf_read::signatures(&other).unwrap().pop().unwrap().contents;
    s.fails(&with_message(&file, |_| theirs.clone()), Reason::ContentChanged);
    s.fails(&with_message(&file, |_| vec![0x30, 3, 1, 1, 0]), Reason::SignatureMalformed);
    s.fails(
        &with_message(&file, |mut m| {
            let n = m.len();
            m[n - 1] = 7;
            m
        }),
        Reason::SignatureMalformed,
    );
}

#[test]
fn a_signature_that_is_not_the_keys_is_found() {
    let s = scene();
    let file = s.plain();
    // the signature's value is the last thing in the message
    let broken = with_message(&file, |mut m| {
        let end = m.iter().rposition(|b| *b != 0).unwrap();
        m[end - 3] ^= 1;
        m
    });
    s.fails(&broken, Reason::SignatureInvalid);
    let sm2 = with_message(&file, |mut m| {
        let ecdsa = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
        let at = m.windows(8).rposition(|w| w == ecdsa).unwrap();
        m[at..at + 8].copy_from_slice(&[0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x75]);
        m
    });
    s.fails(&sm2, Reason::AlgorithmUnsupported);
}

#[test]
fn other_hands_are_found() {
    let s = scene();
    // the same names under a root of one's own
    let forger = holder(COURT, Profile::Seal, 365, &root("山东省法院电子印章根"));
    s.fails(&sealed(&paper(COURT), &forger, |_| None), Reason::IssuerUntrusted);
    let neighbour = holder("济南市市中区人民法院", Profile::Seal, 365, &s.root);
    s.fails(&sealed(&paper(COURT), &neighbour, |_| None), Reason::OtherCourt);
    let clerk = holder(COURT, Profile::Stamper, 365, &s.root);
    s.fails(&sealed(&paper(COURT), &clerk, |_| None), Reason::CertificateUnfit);
    // a certificate slipped in place of the signer's own
    let twin = crate::pki::issue(
        &s.seal,
        &crate::pki::Subject { name: COURT.into(), ..Default::default() },
        Profile::Seal,
        crate::pki::Term { from: start(), days: 9000 },
        Some(&s.root),
    );
    let twin = twin.unwrap();
    let swapped = with_message(&s.plain(), |m| Message::read(&m).unwrap().with_signer(&twin));
    s.fails(&swapped, Reason::CertificateMismatch);
    let asked = Question { trust: &s.trust, now: start(), court: Some("济南市市中区人民法院"), beside: None };
    assert_eq!(verify(&s.plain(), &asked).reason, Reason::OtherCourt);
    let nobody = Trust::default();
    let asked = Question { trust: &nobody, now: start(), court: None, beside: None };
    assert_eq!(verify(&s.plain(), &asked).reason, Reason::IssuerUntrusted, "no root, no belief");
}

#[test]
fn a_seal_cannot_issue_seals() {
    let s = scene();
    let pem = crate::key::generate(crate::key::Algorithm::EcdsaP256).unwrap();
    let bare = FileSigner::open(&pem, Vec::new()).unwrap();
    let subject = crate::pki::Subject { name: COURT.into(), ..Default::default() };
    let term = crate::pki::Term { from: start(), days: 30 };
    let neighbour = holder("济南市市中区人民法院", Profile::Seal, 365, &s.root);
    let forged = crate::pki::issue(&bare, &subject, Profile::Seal, term, Some(&neighbour)).unwrap();
    let forger = FileSigner::open(&pem, vec![forged, neighbour.certificate_chain()[0].clone()]).unwrap();
    let report = s.ask(&sealed(&paper(COURT), &forger, |_| None));
    assert!(matches!(report.reason, Reason::CertificateUnfit | Reason::IssuerUntrusted), "{report:?}");
}

#[test]
fn wrong_time_stamps_are_found() {
    let s = scene();
    let at = moment("2026-11-22T02:00:00Z");
    s.fails(&sealed(&paper(COURT), &s.seal, |_| Some(stamped(&s.tsa, &[7; 32], at))), Reason::StampWrongDigest);
    let stranger = holder("授时", Profile::Stamper, 3650, &root("授时根"));
    s.fails(&sealed(&paper(COURT), &s.seal, |i| Some(stamped(&stranger, i, at))), Reason::StampUntrusted);
    let unfit = holder("授时", Profile::Seal, 3650, &s.tsa_root);
    s.fails(&sealed(&paper(COURT), &s.seal, |i| Some(stamped(&unfit, i, at))), Reason::StampUntrusted);
    let bent = sealed(&paper(COURT), &s.seal, |i| {
        let mut token = stamped(&s.tsa, i, at);
        let n = token.len();
        token[n - 3] ^= 1;
        Some(token)
    });
    s.fails(&bent, Reason::StampInvalid);
    // stamped after the certificate had ended: it proves the seal was too late
    let late = sealed(&paper(COURT), &s.seal, |i| Some(stamped(&s.tsa, i, moment("2028-06-01T00:00:00Z"))));
    s.fails(&late, Reason::CertificateExpired);
}

#[test]
fn a_reason_is_the_same_word_in_json_and_on_paper() {
    for reason in [Reason::Verified, Reason::ChangedAfterSigning, Reason::StampWrongDigest, Reason::CertificateNotYetValid, Reason::NotPdf]
    {
        let named: String = format!("{reason:?}")
            .chars()
            .flat_map(|c| if c.is_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
            .collect();
        assert_eq!(reason.code(), named.trim_start_matches('_'));
        let (zh, en) = reason.said();
        assert!(!zh.is_ascii() && en.is_ascii());
    }
}
