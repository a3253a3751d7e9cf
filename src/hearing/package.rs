//! 庭审档案包: what the signed package of a hearing lists, and in which order.
//!
//! Owns the list (beyond.md 6): the course of the hearing, recordings and their manifests, the ledger of gaps, the
//! transcript with its signatures, exhibits, acknowledgements, and whatever else the file must hold; one line each, in one
//! order, so that the same hearing makes the same bytes. The root over it is the recorder's to build and sign. Must never
//! list what is not there, or leave out a kind without saying that there was none.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::delivery::trail::canonical;
use crate::kit::words::words;

words! {
    /// What an item is; the order of the list.
    Kind as "PackagedKind":
    Course = "course", "庭审流程记录", "course of the hearing";
    Suitability = "suitability", "适宜性审查", "review of suitability";
    Consents = "consents", "在线庭审同意记录", "consents";
    Notices = "notices", "通知与送达证明", "notices and proof of service";
    Identity = "identity", "身份核对记录", "identity checks";
    Acknowledgements = "acknowledgements", "法庭纪律确认", "acknowledgements";
    Events = "events", "进出、发言、共享等事件", "joins, mutes, shares and the rest";
    Manifest = "manifest", "录音录像清单", "recording manifest";
    Recording = "recording", "录音录像", "recording";
    Gaps = "gaps", "间断台账", "ledger of gaps";
    Fault = "fault", "故障说明", "statement of a fault";
    Dropout = "dropout", "掉线证据", "evidence of a drop-out";
    Exhibit = "exhibit", "出示的证据", "exhibit shown";
    Examination = "examination", "质证意见", "examination of exhibits";
    Transcript = "transcript", "庭审笔录", "transcript";
    Corrections = "corrections", "补正与异议", "corrections and objections";
    Signatures = "signatures", "签名", "signatures";
    Agreement = "agreement", "调解协议", "mediation agreement";
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Kind.
    pub kind: Kind,
    /// Its path inside the package.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// SM3, hexadecimal.
    pub sm3: String,
}

/// What every package must hold, whatever happened.
pub fn required(recorded: bool, ended_by_signature: bool) -> Vec<Kind> {
    let mut kinds = vec![Kind::Course, Kind::Events, Kind::Transcript];
    if recorded {
        kinds.extend([Kind::Manifest, Kind::Recording, Kind::Gaps]);
    }
    if ended_by_signature {
        kinds.push(Kind::Signatures);
    }
    kinds.sort_unstable();
    kinds
}

/// Why a list cannot be a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Two items of one path.
    SamePath(String),
    /// A path that leaves the package, or that not every system can hold.
    BadPath(String),
    /// Something that must be there is not.
    Missing(Kind),
    /// Not a digest.
    BadDigest(String),
}

/// The list, one canonical line an item: first what it is of, then the items by kind and path.
///
/// # Errors
/// The first fault.
pub fn lines(head: &Value, mut items: Vec<Item>, required: &[Kind]) -> Result<Vec<String>, Fault> {
    items.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    for item in &items {
        check(item)?;
    }
    let mut paths: Vec<&str> = items.iter().map(|i| i.path.as_str()).collect();
    paths.sort_unstable();
    if let Some(same) = paths.windows(2).find(|w| w[0] == w[1]) {
        return Err(Fault::SamePath(same[0].to_owned()));
    }
    if let Some(kind) = required.iter().find(|k| !items.iter().any(|i| i.kind == **k)) {
        return Err(Fault::Missing(*kind));
    }
    let none: Vec<Kind> = Kind::ALL.iter().copied().filter(|k| !items.iter().any(|i| i.kind == *k)).collect();
    let head = json!({ "head": head, "items": items.len(), "none": none, "what": "lianting.hearing.v1" });
    Ok(std::iter::once(head).chain(items.iter().map(|i| json!(i))).filter_map(|v| canonical(&v)).collect())
}

fn check(item: &Item) -> Result<(), Fault> {
    let parts: Vec<&str> = item.path.split('/').collect();
    let bad = |p: &&str| {
        p.is_empty()
            || *p == "."
            || *p == ".."
            || p.starts_with(' ')
            || p.ends_with([' ', '.'])
            || p.contains(['\\', ':', '*', '?', '"', '<', '>', '|', '\0', '\n'])
    };
    if item.path.len() > 200 || parts.iter().any(bad) {
        return Err(Fault::BadPath(item.path.clone()));
    }
    let digest = |d: &str| d.len() == 64 && d.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if digest(&item.sha256) && digest(&item.sm3) { Ok(()) } else { Err(Fault::BadDigest(item.path.clone())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: Kind, path: &str) -> Item {
        Item { kind, path: path.into(), size: 7, sha256: "a".repeat(64), sm3: "0".repeat(64) }
    }

    fn items() -> Vec<Item> {
        vec![
            item(Kind::Transcript, "笔录/庭审笔录.pdf"),
            item(Kind::Course, "course.ndjson"),
            item(Kind::Events, "events.ndjson"),
            item(Kind::Exhibit, "证据/原告证据1.pdf"),
            item(Kind::Exhibit, "证据/原告证据2.pdf"),
        ]
    }

    #[test]
    fn the_same_hearing_makes_the_same_bytes() {
        let head = json!({ "case_number": "（2026）鲁0102民初1号", "hearing": "1" });
        let required = required(false, false);
        let one = lines(&head, items(), &required).unwrap();
        let mut turned = items();
        turned.reverse();
        assert_eq!(lines(&head, turned, &required).unwrap(), one, "in whatever order they come");
        assert_eq!(one.len(), 6);
        assert!(one[1].contains("course") && one[5].contains("笔录"), "{one:?}");
        assert!(one[0].contains("\"recording\""), "what there was none of is said");
        for kind in [Kind::Manifest, Kind::Gaps, Kind::Signatures] {
            assert!(super::required(true, true).contains(&kind));
        }
        assert_eq!(lines(&head, items(), &super::required(true, false)), Err(Fault::Missing(Kind::Manifest)));
    }

    #[test]
    fn paths_stay_inside() {
        for path in ["../x", "/x", "a//b", "a/./b", "c:x", "a/ b", "a.", "x\ny", ""] {
            let found = lines(&json!({}), vec![item(Kind::Exhibit, path)], &[]);
            assert_eq!(found, Err(Fault::BadPath(path.to_owned())), "{path:?}");
        }
        let twice = vec![item(Kind::Exhibit, "a"), item(Kind::Transcript, "a")];
        assert_eq!(lines(&json!({}), twice, &[]), Err(Fault::SamePath("a".into())));
        let short = Item { sha256: "ab".into(), ..item(Kind::Exhibit, "a") };
        assert_eq!(lines(&json!({}), vec![short], &[]), Err(Fault::BadDigest("a".into())));
    }
}
