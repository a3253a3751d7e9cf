//! 庭审档案包: the files that say what happened, beside the recorder's own, and the one list over all of them.
//!
//! Owns what each file holds: rows as they stand, one JSON line each, without what is sealed (words of people stay in the case
//! file; the package holds their digests where there are any). Must never leave a kind out without saying so: `package` does.

use std::path::{Path, PathBuf};

use lianting_media::record::package::{PACKAGE, Package, SEAL, build};
use lianting_media::record::{LocalDisk, Source};
use lianting_seal::keep::CourtSeal;
use serde_json::{Value, json};
use sm3::Digest as _;
use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::hearing::package::{Item, Kind, lines, required};

/// The list of items by kind.
pub const ITEMS: &str = "items.ndjson";

/// A file made of rows.
struct Made {
    kind: Kind,
    path: &'static str,
    sql: &'static str,
}

const fn made(kind: Kind, path: &'static str, sql: &'static str) -> Made {
    Made { kind, path, sql }
}

/// Each answers one text a line, in an order that does not change.
const FILES: &[Made] = &[
    made(
        Kind::Course,
        "course.ndjson",
        "select line from hearing_events where court_id = $1 and hearing_id = $2 and what = 'step' order by n",
    ),
    made(
        Kind::Suitability,
        "suitability.ndjson",
        "select jsonb_build_object('suitability', suitability, 'lead', lead, 'rules', rules, 'held', held)::text from hearings where court_id = $1 and hearing_id = $2",
    ),
    made(
        Kind::Consents,
        "consents.ndjson",
        "select jsonb_build_object('id', c.consent_id, 'party', c.party_id, 'step', c.step, 'says', c.says, 'path', c.path, 'said_at', c.said_at)::text
           from service_consents c join hearings h on h.court_id = c.court_id
            and (h.case_id = c.case_id or exists (select 1 from hearing_cases x where x.court_id = h.court_id and x.hearing_id = h.hearing_id and x.case_id = c.case_id))
          where h.court_id = $1 and h.hearing_id = $2 and c.step is not null order by c.consent_id",
    ),
    made(
        Kind::Notices,
        "notices.ndjson",
        "select (to_jsonb(n) - array['court_id', 'link_hash'])::text from hearing_notices n where court_id = $1 and hearing_id = $2 order by notice_id",
    ),
    made(
        Kind::Identity,
        "identity.ndjson",
        "select (to_jsonb(i) - array['court_id', 'note'])::text from hearing_identity i where court_id = $1 and hearing_id = $2 order by check_id",
    ),
    made(
        Kind::Acknowledgements,
        "acknowledgements.ndjson",
        "select (to_jsonb(a) - array['court_id'])::text from hearing_acks a where court_id = $1 and hearing_id = $2 order by at, participant_id, what",
    ),
    made(Kind::Events, "events.ndjson", "select line from hearing_events where court_id = $1 and hearing_id = $2 order by n"),
    made(
        Kind::Dropout,
        "dropouts.ndjson",
        "select (to_jsonb(d) - array['court_id'])::text from hearing_dropouts d where court_id = $1 and hearing_id = $2 order by dropout_id",
    ),
    made(
        Kind::Exhibit,
        "exhibits.ndjson",
        "select (to_jsonb(x) - array['court_id'] || jsonb_build_object('sha256', l.sha256, 'sm3', l.sm3))::text from hearing_exhibits x
           join leaves l on l.court_id = x.court_id and l.case_id = x.case_id and l.leaf_id = x.leaf_id
          where x.court_id = $1 and x.hearing_id = $2 order by x.exhibit_id",
    ),
    made(
        Kind::Examination,
        "opinions.ndjson",
        "select (to_jsonb(o) - array['court_id', 'reason'])::text from hearing_opinions o where court_id = $1 and hearing_id = $2 order by opinion_id",
    ),
    made(
        Kind::Corrections,
        "objections.ndjson",
        "select (to_jsonb(o) - array['court_id', 'quote', 'text', 'reason'])::text from transcript_objections o where court_id = $1 and hearing_id = $2 order by objection_id",
    ),
    made(
        Kind::Signatures,
        "signatures.ndjson",
        "select (to_jsonb(s) - array['court_id', 'strokes', 'refused'] || jsonb_build_object('refused', s.refused is not null))::text
           from hearing_signatures s where court_id = $1 and hearing_id = $2 order by signature_id",
    ),
    made(
        Kind::Fault,
        "faults.ndjson",
        "select b::text from hearings h, jsonb_array_elements(coalesce(h.course->'breaks', '[]')) with ordinality as x(b, o)
          where h.court_id = $1 and h.hearing_id = $2 and b->'fault' = 'true' order by o",
    ),
];

/// 笔录: its versions by digest. There is always a line: that nothing is fixed yet is said, not left out.
const TRANSCRIPT: &str = "select jsonb_build_object('fixed', t.fixed_n, 'digest', t.fixed_digest, 'locked_at', t.locked_at,
       'entries', (select count(*) from transcript_entries e where e.court_id = h.court_id and e.hearing_id = h.hearing_id and not e.struck),
       'versions', (select coalesce(jsonb_agg(jsonb_build_object('n', v.n, 'digest', v.digest, 'parts', v.parts, 'fixed_at', v.fixed_at) order by v.n), '[]')
                      from transcript_versions v where v.court_id = h.court_id and v.hearing_id = h.hearing_id))::text
   from hearings h left join transcripts t on t.court_id = h.court_id and t.hearing_id = h.hearing_id where h.court_id = $1 and h.hearing_id = $2";

/// A file of the package, in memory.
#[derive(Debug, Clone)]
pub struct Text {
    /// What it is.
    pub kind: Kind,
    /// Its path.
    pub path: String,
    /// Its lines.
    pub bytes: Vec<u8>,
}

/// Reads what the rows say. Kinds of which there is nothing make no file.
///
/// # Errors
/// What the database says.
pub async fn texts(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Text>> {
    let court = tx.court;
    let mut found = Vec::new();
    let transcript = made(Kind::Transcript, "transcript.ndjson", TRANSCRIPT);
    for file in FILES.iter().chain([&transcript]) {
        let rows: Vec<String> = sqlx::query_scalar(file.sql).bind(court).bind(hearing).fetch_all(tx.conn()).await?;
        if !rows.is_empty() {
            let bytes = rows.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect();
            found.push(Text { kind: file.kind, path: file.path.into(), bytes });
        }
    }
    Ok(found)
}

/// What a package is made of.
pub struct Making {
    /// Where the recorder keeps the hearing; none if nothing was recorded.
    pub recorded: Option<PathBuf>,
    /// Where the package is made.
    pub folder: PathBuf,
    /// What the rows say.
    pub texts: Vec<Text>,
    /// What it is of.
    pub head: Value,
    /// `<court>/<hearing>`.
    pub of: String,
    /// The last signature was given.
    pub signed: bool,
    /// The court's seal, where it has one.
    pub seal: Option<CourtSeal>,
}

/// A package that was made.
pub struct Packed {
    /// The root, hexadecimal.
    pub root: String,
    /// A seal is over it.
    pub sealed: bool,
    /// What it lists.
    pub items: Vec<Item>,
}

/// Makes it: files, the list by kind, the list of everything under one root, the seal. Long work, on a thread of its own.
///
/// # Errors
/// What the disk says, a list that is not whole.
pub fn pack(making: Making) -> Result<Packed> {
    let fault = |e: std::io::Error| Error::internal(format!("the package could not be made: {e}"));
    if making.folder.exists() {
        std::fs::remove_dir_all(&making.folder).map_err(fault)?;
    }
    std::fs::create_dir_all(&making.folder).map_err(fault)?;
    let mut items = Vec::new();
    for text in &making.texts {
        std::fs::write(making.folder.join(&text.path), &text.bytes).map_err(fault)?;
        items.push(item(&making.folder, text.kind, &text.path)?);
    }
    let mut recorded = false;
    if let Some(from) = &making.recorded {
        for (kind, path) in of_recorder(from)? {
            link(&from.join(&path), &making.folder.join(&path)).map_err(fault)?;
            recorded |= kind == Kind::Recording;
            items.push(item(&making.folder, kind, &path)?);
        }
    }
    let listed = lines(&making.head, items.clone(), &required(recorded, making.signed));
    let listed = listed.map_err(|e| Error::internal(format!("the package is not whole: {e:?}")))?;
    std::fs::write(making.folder.join(ITEMS), listed.join("\n") + "\n").map_err(fault)?;
    let package: Package = build(&making.folder, &making.of, &LocalDisk, None).map_err(Error::internal)?;
    let sealed = match &making.seal {
        Some(seal) => {
            let signature = sign(seal, &package.root)?;
            std::fs::write(making.folder.join(SEAL), signature).map_err(fault)?;
            true
        }
        None => false,
    };
    Ok(Packed { root: hex::encode(package.root), sealed, items })
}

/// A CMS signature over the 32 bytes of the root.
fn sign(seal: &CourtSeal, root: &[u8; 32]) -> Result<Vec<u8>> {
    let digest = seal.signer.algorithm().hash(root);
    let signed = lianting_seal::cms::sign(seal.signer.as_ref(), &digest).map_err(Error::internal)?;
    signed.to_der(None).map_err(Error::internal)
}

/// The recorder's files that stay: finished media, lists and the ledger. Raw segments are released later and are not in it.
fn of_recorder(from: &Path) -> Result<Vec<(Kind, String)>> {
    let mut found = Vec::new();
    let mut add = |kind: Kind, path: String| {
        if from.join(&path).is_file() {
            found.push((kind, path));
        }
    };
    add(Kind::Events, "events.jsonl".into());
    add(Kind::Gaps, "gaps.json".into());
    add(Kind::Recording, crate::hearing::archive::watching::FILE.into());
    for source in Source::all(from).map_err(Error::internal)? {
        let name = source.name();
        for epoch in source.epochs(from).map_err(Error::internal)? {
            add(Kind::Manifest, format!("{name}/{epoch}/manifest.jsonl"));
            add(Kind::Manifest, format!("{name}/{epoch}/init.seg"));
        }
        add(Kind::Recording, format!("joined/{name}.webm"));
        add(Kind::Manifest, format!("joined/{name}.json"));
    }
    Ok(found)
}

fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::hard_link(from, to).or_else(|_| std::fs::copy(from, to).map(drop))
}

/// Size and digests of a file, read a piece at a time.
pub fn item(folder: &Path, kind: Kind, path: &str) -> Result<Item> {
    use std::io::Read;
    let mut file = std::fs::File::open(folder.join(path)).map_err(Error::internal)?;
    let (mut sha, mut sm3, mut size) = (ring::digest::Context::new(&ring::digest::SHA256), sm3::Sm3::new(), 0_u64);
    let mut piece = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut piece).map_err(Error::internal)?;
        if n == 0 {
            break;
        }
        sha.update(&piece[..n]);
        sm3.update(&piece[..n]);
        size += n as u64;
    }
    Ok(Item { kind, path: path.into(), size, sha256: hex::encode(sha.finish()), sm3: hex::encode(sm3.finalize()) })
}

/// The list as it lies in the store, for the door.
pub fn told(bytes: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(bytes).lines().filter_map(|l| serde_json::from_str(l).ok()).collect()
}

/// The head of the list.
pub fn head(court: i32, court_name: &str, hearing: Uuid, case_number: &str, number: &str, at: chrono::DateTime<chrono::Utc>) -> Value {
    json!({ "court": court, "court_name": court_name, "hearing": hearing, "case_number": case_number, "number": number, "made_at": at.to_rfc3339() })
}

/// The name of the list under the root.
pub const LIST: &str = PACKAGE;
