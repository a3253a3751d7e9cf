//! 笔录签名的存放: signatures, refusals and papers, and whether a new one counts. Owns the SQL of `hearing_signatures` and the
//! bounds of a drawing. Must never write one for a version its signer did not read, or without a check of identity.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::record::{self, Record, Seated};
use super::signing::{self, Signature, Signer, Way, What};
use super::words::State;
use super::{agreements, fixing, law, objections, transcript_versions, transcripts};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;

const TABLE: &str = "hearing_signatures";
/// The most points of one drawing.
const MOST_POINTS: usize = 20_000;
/// The most strokes.
const MOST_STROKES: usize = 400;
/// The box a drawing lies in.
const BOX: i32 = 10_000;

/// A drawing: each stroke is x, y, t, x, y, t …; x and y in ten-thousandths of the width of the box, t in milliseconds.
pub type Strokes = Vec<Vec<i32>>;

/// A signature as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// As the rules know it.
    pub signature: Signature,
    /// The drawing.
    pub strokes: Option<Strokes>,
    /// The paper it was signed on.
    pub leaf: Option<Uuid>,
}

#[derive(FromRow)]
struct Row {
    signature_id: Uuid,
    participant_id: Uuid,
    digest: String,
    at: DateTime<Utc>,
    way: Option<String>,
    strokes: Option<Vec<u8>>,
    check_id: Option<Uuid>,
    refused: Option<Vec<u8>>,
    leaf_id: Option<Uuid>,
}

/// All signatures of a kind, oldest first, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn all(tx: &mut CourtTx, hearing: Uuid, what: What) -> Result<Vec<Kept>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select signature_id, participant_id, digest, at, way, strokes, check_id, refused, leaf_id from hearing_signatures
         where court_id = $1 and hearing_id = $2 and what = $3 order by at, signature_id",
    )
    .bind(court)
    .bind(hearing)
    .bind(what.key())
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|r| open(tx, r)).collect()
}

fn open(tx: &CourtTx, r: Row) -> Result<Kept> {
    let place = |column| Place(TABLE, column, &r.signature_id);
    let refused = r.refused.as_deref().map(|s| tx.seal().open_text(tx.owner(), place("refused"), s)).transpose()?;
    let strokes = r.strokes.as_deref().map(|s| tx.seal().open_json(tx.owner(), place("strokes"), s)).transpose()?;
    let signature = Signature {
        signer: r.participant_id,
        digest: r.digest,
        at: r.at,
        way: r.way.as_deref().and_then(Way::parse),
        identity: r.check_id,
        refused,
    };
    Ok(Kept { signature, strokes, leaf: r.leaf_id })
}

/// What is signed now, and by whom.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Version.
    pub n: i32,
    /// Digest of the whole.
    pub digest: String,
    /// Who signs what.
    pub signers: Vec<Signer>,
}

/// What is signed now; none while nothing is fixed.
///
/// # Errors
/// What the database says.
pub async fn asked(tx: &mut CourtTx, record: &Record, what: What) -> Result<Option<Asked>> {
    let hearing = record.row.hearing_id;
    let (n, digest, parts) = match what {
        What::Agreement => match agreements::current(tx, hearing).await? {
            Some(a) => (a.n, a.digest.clone(), a.signers.iter().map(|id| (*id, a.digest.clone())).collect()),
            None => return Ok(None),
        },
        _ => match transcripts::find(tx, hearing).await?.and_then(|t| t.fixed) {
            Some((n, digest)) => (n, digest, transcript_versions::version(tx, hearing, n).await?.parts),
            None => return Ok(None),
        },
    };
    let signer = |s: &Seated| parts.get(&s.seat.id).map(|d| Signer { id: s.seat.id, role: s.seat.role, digest: d.clone(), attended: true });
    Ok(Some(Asked { n, digest, signers: record.seated.iter().filter_map(signer).collect() }))
}

/// A signature about to be given.
pub struct New {
    /// Whose.
    pub participant: Uuid,
    /// Bound to.
    pub digest: String,
    /// How; none of a refusal.
    pub way: Option<Way>,
    /// The drawing.
    pub strokes: Option<Strokes>,
    /// Read to the end.
    pub read_to_end: bool,
    /// Why refused, as the clerk notes it.
    pub refused: Option<String>,
    /// The paper.
    pub leaf: Option<Uuid>,
    /// The check of identity it rests on; the newest of the participant when absent.
    pub check: Option<Uuid>,
    /// Whose account gives or notes it.
    pub by: Uuid,
    /// Signed in with two factors: of the court's own people.
    pub two_factors: bool,
}

/// Gives it; locks the transcript, or lets the agreement take effect, with the last one.
///
/// # Errors
/// What does not hold.
pub async fn give(tx: &mut CourtTx, record: &Record, what: What, new: New) -> Result<()> {
    let hearing = record.row.hearing_id;
    // one after the other: the last one must know that it is the last
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('signing' || $1::text, 0))").bind(hearing).execute(tx.conn()).await?;
    check_time(record, what)?;
    let asked = asked(tx, record, what).await?.ok_or_else(not_fixed)?;
    let seat = record.named(new.participant, "/participant_id")?;
    if what == What::Transcript && seat.seat.role.is_bench() && objections::unanswered(tx, hearing).await? > 0 {
        return Err(unanswered());
    }
    let given: Vec<Signature> = all(tx, hearing, what).await?.into_iter().map(|k| k.signature).collect();
    let identity = identity(tx, record, seat, &new).await?;
    let signature = Signature {
        signer: new.participant,
        digest: new.digest.clone(),
        at: tx.now(),
        way: new.way,
        identity,
        refused: new.refused.clone(),
    };
    check_drawing(&new)?;
    signing::check(&asked.signers, &given, &signature, new.read_to_end)?;
    keep(tx, record, what, &signature, &new).await?;
    let given: Vec<Signature> = given.into_iter().chain([signature]).collect();
    let progress = signing::progress(&asked.signers, &given);
    record::told(tx, hearing, json!({ "signing": what.key(), "participant": new.participant, "complete": progress.complete }))?;
    if !progress.complete {
        return Ok(());
    }
    match what {
        What::Agreement => agreements::complete(tx, record, &asked, &given).await,
        _ => fixing::lock(tx, hearing).await,
    }
}

fn check_time(record: &Record, what: What) -> Result<()> {
    let state = record.state();
    let now = match what {
        What::Agreement => state.is_sitting() || matches!(state, State::Ended | State::Signing),
        _ => state == State::Signing,
    };
    if now { Ok(()) } else { Err(not_fixed()) }
}

/// The check a signature rests on. Of the court's own people it is the sign-in with two factors, written down as one.
async fn identity(tx: &mut CourtTx, record: &Record, seat: &Seated, new: &New) -> Result<Option<Uuid>> {
    let (court, hearing, participant) = (tx.court, record.row.hearing_id, seat.seat.id);
    let found: Option<Uuid> = sqlx::query_scalar(
        "select check_id from hearing_identity where court_id = $1 and hearing_id = $2 and participant_id = $3 and says = 'matches' and ($4::uuid is null or check_id = $4)
         order by at desc limit 1",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(new.check)
    .fetch_optional(tx.conn())
    .await?;
    let own = seat.seat.person == Some(new.by);
    if found.is_some() || !(own && seat.seat.role.is_court() && new.two_factors) {
        return Ok(found);
    }
    let (id, now) = (tx.id(), tx.now());
    sqlx::query(
        "insert into hearing_identity (court_id, check_id, hearing_id, participant_id, case_id, at, by_person, says, how, leaves)
         values ($1,$2,$3,$4,$5,$6,$7,'matches','registry','{}')",
    )
    .bind(court)
    .bind(id)
    .bind(hearing)
    .bind(participant)
    .bind(record.row.case_id)
    .bind(now)
    .bind(new.by)
    .execute(tx.conn())
    .await?;
    Ok(Some(id))
}

/// What a drawing may be.
fn check_drawing(new: &New) -> Result<()> {
    let Some(strokes) = &new.strokes else {
        return if new.way == Some(Way::Handwritten) { Err(bad_drawing()) } else { Ok(()) };
    };
    let points: usize = strokes.iter().map(|s| s.len() / 3).sum();
    let whole = strokes
        .iter()
        .all(|s| s.len() % 3 == 0 && s.chunks(3).all(|p| (0..=BOX).contains(&p[0]) && (0..=BOX).contains(&p[1]) && p[2] >= 0));
    let drawn = strokes.iter().any(|s| s.len() >= 6);
    let bounded = strokes.len() <= MOST_STROKES && points <= MOST_POINTS;
    if new.way == Some(Way::Handwritten) && whole && drawn && bounded { Ok(()) } else { Err(bad_drawing()) }
}

async fn keep(tx: &mut CourtTx, record: &Record, what: What, s: &Signature, new: &New) -> Result<()> {
    let (court, id) = (tx.court, tx.id());
    let strokes = new.strokes.as_ref().map(|x| tx.seal().seal_json(tx.owner(), Place(TABLE, "strokes", &id), x)).transpose()?;
    let refused = s.refused.as_ref().map(|x| tx.seal().seal(tx.owner(), Place(TABLE, "refused", &id), x.as_bytes())).transpose()?;
    sqlx::query(
        "insert into hearing_signatures (court_id, signature_id, hearing_id, participant_id, case_id, what, digest, at, way, strokes, check_id, refused, by_person, leaf_id)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
    )
    .bind(court)
    .bind(id)
    .bind(record.row.hearing_id)
    .bind(s.signer)
    .bind(record.row.case_id)
    .bind(what.key())
    .bind(&s.digest)
    .bind(s.at)
    .bind(s.way.map(Way::key))
    .bind(strokes)
    .bind(s.identity)
    .bind(refused)
    .bind(new.by)
    .bind(new.leaf)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How a signature looks on a paper.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mark {
    /// 席位.
    pub plate: String,
    /// Name.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// 手写 …; of a refusal: nothing.
    pub way: Option<String>,
    /// The drawing, without its times.
    pub strokes: Vec<Vec<(i32, i32)>>,
    /// Why refused.
    pub refused: Option<String>,
    /// Signed the own part only.
    pub own_part: bool,
}

/// The signatures of what is signed, in the order of signing, as they stand on its paper.
///
/// # Errors
/// What the database says.
pub async fn marks(tx: &mut CourtTx, record: &Record, what: What, asked: &Asked) -> Result<Vec<Mark>> {
    let kept = all(tx, record.row.hearing_id, what).await?;
    let signatures: Vec<Signature> = kept.iter().map(|k| k.signature.clone()).collect();
    let order = signing::progress(&asked.signers, &signatures).signers;
    let mark = |(id, _): &(Uuid, signing::Standing)| {
        let signer = asked.signers.iter().find(|s| s.id == *id)?;
        let last = kept.iter().rfind(|k| k.signature.signer == *id && k.signature.digest == signer.digest)?;
        let seat = record.one(*id)?;
        Some(Mark {
            plate: seat.plate(),
            name: seat.name.clone(),
            at: last.signature.at,
            way: last.signature.way.map(|w| w.zh().to_owned()),
            strokes: last.strokes.iter().flatten().map(|s| s.chunks(3).map(|p| (p[0], p[1])).collect()).collect(),
            refused: last.signature.refused.clone(),
            own_part: signer.digest != asked.digest,
        })
    };
    Ok(order.iter().filter_map(mark).collect())
}

fn not_fixed() -> Error {
    Error::conflict(
        "signing.not_started",
        said(
            "现在没有要签名的内容：还没有定稿并发起签名，或者已经锁定。",
            "There is nothing to sign now: not fixed and opened for signing, or locked already.",
        ),
        said("请等书记员发起签名。", "Wait until the clerk starts it."),
    )
}

fn unanswered() -> Error {
    Error::conflict(
        "signing.objections_open",
        said(
            format!("还有补正申请没有答复，审判人员不能签名（{}）。", law::L150.zh),
            format!("Corrections were asked for and not answered; the bench does not sign yet ({}).", law::L150.en),
        ),
        said("请先收回签名，逐条补正或者记明不予补正的理由。", "Take it back, and mend each or note why not."),
    )
}

fn bad_drawing() -> Error {
    Error::invalid(
        "signing.drawing",
        said("手写签名读不出来。", "The drawn signature cannot be read."),
        said("请清除后重新签名；不方便手写的，可以改用输入姓名。", "Clear it and sign again, or type your name."),
    )
    .at("/strokes")
}
