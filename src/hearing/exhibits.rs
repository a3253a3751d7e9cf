//! 出示的证据: the list of a hearing, and what each side said of each. Owns the SQL of `hearing_exhibits` and
//! `hearing_opinions`, and who may put a leaf of the case file on the list, show it and speak of it. Must never show a leaf
//! its presenter may not see, or write an opinion for a party that did not give one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::examination::{self, Aspect, Exhibit, Grid, Opinion, Original, View};
use super::joint;
use super::record::{Record, Seated};
use super::words::{Side, State};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::text::{Bounds, clean};

/// The most exhibits of one hearing.
const MOST: usize = 500;

/// An exhibit of a hearing.
#[derive(Debug, Clone)]
pub struct Shown {
    /// As the rules know it.
    pub exhibit: Exhibit,
    /// Case in whose file it lies.
    pub case: Uuid,
    /// Leaf of that file.
    pub leaf: Uuid,
    /// Media type of the leaf.
    pub media_type: String,
    /// Its pages.
    pub pages: Option<i32>,
    /// Its digest.
    pub sha256: Option<String>,
    /// After the period for evidence.
    pub late: bool,
    /// When it was put on the list.
    pub added_at: DateTime<Utc>,
    /// Version.
    pub version: i32,
}

#[derive(FromRow)]
struct Row {
    exhibit_id: Uuid,
    number: i32,
    party_id: Option<Uuid>,
    side: Option<Side>,
    case_id: Uuid,
    leaf_id: Uuid,
    media_type: String,
    pages: Option<i32>,
    sha256: Option<String>,
    name: String,
    source: String,
    purpose: String,
    original: Original,
    late: bool,
    added_at: DateTime<Utc>,
    version: i32,
}

fn read(r: Row) -> Shown {
    let exhibit = Exhibit {
        id: r.exhibit_id,
        number: u32::try_from(r.number).unwrap_or_default(),
        party: r.party_id.unwrap_or_default(),
        side: r.side,
        name: r.name,
        source: r.source,
        purpose: r.purpose,
        original: r.original,
    };
    Shown {
        exhibit,
        case: r.case_id,
        leaf: r.leaf_id,
        media_type: r.media_type,
        pages: r.pages,
        sha256: r.sha256,
        late: r.late,
        added_at: r.added_at,
        version: r.version,
    }
}

/// The list, by side and number.
///
/// # Errors
/// What the database says.
pub async fn all(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Shown>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select x.exhibit_id, x.number, x.party_id, x.side, x.case_id, x.leaf_id, l.media_type, l.pages, l.sha256, x.name, x.source, x.purpose, x.original, x.late, x.added_at, x.version
         from hearing_exhibits x join leaves l on l.court_id = x.court_id and l.case_id = x.case_id and l.leaf_id = x.leaf_id
         where x.court_id = $1 and x.hearing_id = $2 order by x.side nulls last, x.party_id, x.number, x.exhibit_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// One.
///
/// # Errors
/// 404.
pub async fn one(tx: &mut CourtTx, hearing: Uuid, exhibit: Uuid) -> Result<Shown> {
    all(tx, hearing).await?.into_iter().find(|x| x.exhibit.id == exhibit).ok_or_else(Error::not_found)
}

#[derive(FromRow)]
struct OpinionRow {
    opinion_id: Uuid,
    exhibit_id: Uuid,
    party_id: Uuid,
    side: String,
    aspect: String,
    view: String,
    reason: Vec<u8>,
    at: DateTime<Utc>,
}

/// What was said of all of them.
///
/// # Errors
/// What the database says.
pub async fn opinions(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Opinion>> {
    let court = tx.court;
    let rows: Vec<OpinionRow> = sqlx::query_as(
        "select opinion_id, exhibit_id, party_id, side, aspect, view, reason, at from hearing_opinions where court_id = $1 and hearing_id = $2 order by at, opinion_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    let open = |r: OpinionRow| {
        let reason = tx.seal().open_text(tx.owner(), Place("hearing_opinions", "reason", &r.opinion_id), &r.reason)?;
        let words = Side::parse(&r.side).zip(Aspect::parse(&r.aspect)).zip(View::parse(&r.view));
        let ((side, aspect), view) = words.ok_or_else(|| Error::internal("an opinion in words nobody knows"))?;
        Ok(Opinion { exhibit: r.exhibit_id, party: r.party_id, side, aspect, view, reason, at: r.at })
    };
    rows.into_iter().map(open).collect()
}

/// The parties that examine, in the order of the case.
pub fn parties(record: &Record) -> Vec<(Uuid, Side)> {
    let mut seen = BTreeMap::new();
    for (n, s) in record.seated.iter().enumerate() {
        if let (true, Some(party), Some(side)) = (s.seat.role.is_party_side(), s.seat.party, s.seat.side) {
            seen.entry(party).or_insert((n, side));
        }
    }
    let mut all: Vec<(usize, Uuid, Side)> = seen.into_iter().map(|(party, (n, side))| (n, party, side)).collect();
    all.sort_unstable_by_key(|(n, ..)| *n);
    all.into_iter().map(|(_, party, side)| (party, side)).collect()
}

/// The grid of an exhibit.
pub fn grid(record: &Record, shown: &Shown, opinions: &[Opinion]) -> Grid {
    examination::grid(&shown.exhibit, &parties(record), opinions)
}

/// The lines of the record: every exhibit and what was said of it.
///
/// # Errors
/// What the database says.
pub async fn lines(tx: &mut CourtTx, record: &Record) -> Result<Vec<String>> {
    let hearing = record.row.hearing_id;
    let said = opinions(tx, hearing).await?;
    let all = all(tx, hearing).await?;
    Ok(all.iter().flat_map(|x| examination::lines(&x.exhibit, &grid(record, x, &said))).collect())
}

/// May evidence be put on the list and spoken of now?
fn open_for_evidence(state: State) -> Result<()> {
    if state.is_sitting() || matches!(state, State::Scheduled | State::Waiting | State::Ended) {
        return Ok(());
    }
    Err(Error::conflict(
        "exhibit.closed",
        said("笔录已经进入签名，不能再出示证据或者发表意见。", "The transcript is being signed; nothing can be shown or said of it now."),
        said("确有必要的，请联系书记员。", "Speak to the clerk if it is needed."),
    ))
}

/// By which seat somebody presents for a party: its own people, or the court for anybody.
///
/// # Errors
/// When no seat held here may.
pub fn presenter(record: &Record, party: Option<Uuid>) -> Result<&Seated> {
    open_for_evidence(record.state())?;
    let own = |s: &&Seated| s.seat.role.is_party_side() && party.is_some() && s.seat.party == party;
    let seat = record.mine().find(own).or_else(|| record.mine().find(|s| s.seat.role.is_court()));
    seat.ok_or_else(|| not_yours(party.is_none()))
}

fn not_yours(of_the_court: bool) -> Error {
    let cause = if of_the_court {
        said("法院调取的证据由法庭出示。", "What the court collected is shown by the court.")
    } else {
        said("只能代表自己一方出示证据、发表意见。", "You show and speak of evidence for your own side only.")
    };
    Error::invalid("exhibit.not_yours", cause, said("请由该方当事人或者书记员办理。", "Let that party, or the clerk, do it."))
}

/// May this participant show the exhibit to the room? Its own side, and the court.
///
/// # Errors
/// 404, or not for this seat.
pub async fn check_show(tx: &mut CourtTx, record: &Record, exhibit: Uuid) -> Result<Shown> {
    let shown = one(tx, record.row.hearing_id, exhibit).await?;
    presenter(record, shown.exhibit.side.map(|_| shown.exhibit.party))?;
    Ok(shown)
}

/// What is put on the list.
pub struct NewExhibit<'a> {
    /// Leaf of the case file.
    pub leaf: Uuid,
    /// Whose; none: collected by the court.
    pub party: Option<Uuid>,
    /// 名称.
    pub name: &'a str,
    /// 来源.
    pub source: &'a str,
    /// 证明目的.
    pub purpose: &'a str,
    /// After the period for evidence.
    pub late: bool,
}

/// Puts a leaf on the list; answers the exhibit's id.
///
/// # Errors
/// When the caller does not present for that party, or the list is full.
pub async fn add(tx: &mut CourtTx, record: &Record, new: &NewExhibit<'_>) -> Result<Uuid> {
    presenter(record, new.party)?;
    let (court, id, now, by, hearing) = (tx.court, tx.id(), tx.now(), tx.person()?, record.row.hearing_id);
    // two who add at once get two numbers
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('exhibits' || $1::text, 0))").bind(hearing).execute(tx.conn()).await?;
    if all(tx, hearing).await?.len() >= MOST {
        return Err(Error::conflict(
            "exhibit.full",
            said(format!("一场庭审最多出示 {MOST} 份证据。"), format!("A hearing has at most {MOST} exhibits.")),
            said("请把同类证据合成一份。", "Join exhibits of one kind."),
        ));
    }
    let side = new.party.and_then(|p| parties(record).into_iter().find(|(id, _)| *id == p)).map(|(_, side)| side);
    if new.party.is_some() && side.is_none() {
        return Err(Error::invalid(
            "exhibit.party",
            said("这一方没有参加本场庭审。", "That party does not take part in this hearing."),
            said("请从参加庭审的各方中选择。", "Choose one of the parties of the hearing."),
        )
        .at("/party_id"));
    }
    let case = match new.party {
        Some(party) => joint::case_of_party(tx, hearing, party).await?.unwrap_or(record.row.case_id),
        None => record.row.case_id,
    };
    sqlx::query(
        "insert into hearing_exhibits (court_id, hearing_id, exhibit_id, case_id, number, party_id, side, leaf_id, name, source, purpose, original, late, added_by, added_at, version)
         select $1, $2, $3, $4, coalesce(max(number), 0) + 1, $5, $6, $7, $8, $9, $10, 'not_asked', $11, $12, $13, 1
         from hearing_exhibits where court_id = $1 and hearing_id = $2 and party_id is not distinct from $5",
    )
    .bind(court)
    .bind(hearing)
    .bind(id)
    .bind(case)
    .bind(new.party)
    .bind(side.map(Side::key))
    .bind(new.leaf)
    .bind(text(new.name, 1, 120, "/name")?)
    .bind(text(new.source, 0, 200, "/source")?)
    .bind(text(new.purpose, 0, 500, "/purpose")?)
    .bind(new.late)
    .bind(by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// What changes of an exhibit.
#[derive(Default)]
pub struct Change<'a> {
    /// 名称.
    pub name: Option<&'a str>,
    /// 来源.
    pub source: Option<&'a str>,
    /// 证明目的.
    pub purpose: Option<&'a str>,
    /// 原件; the court's to say, a party may ask for it.
    pub original: Option<Original>,
    /// 逾期; the court's to say.
    pub late: Option<bool>,
}

/// Changes one.
///
/// # Errors
/// 404, another version, not the caller's to say.
pub async fn change(tx: &mut CourtTx, record: &Record, exhibit: Uuid, version: i32, c: &Change<'_>) -> Result<()> {
    let shown = one(tx, record.row.hearing_id, exhibit).await?;
    let asks_only =
        c.name.is_none() && c.source.is_none() && c.purpose.is_none() && c.late.is_none() && c.original == Some(Original::Wanted);
    if asks_only {
        // any side may ask that the original is compared
        open_for_evidence(record.state())?;
        record.mine().find(|s| s.seat.role.is_court() || s.seat.role.is_party_side()).ok_or_else(|| not_yours(false))?;
    } else {
        let seat = presenter(record, shown.exhibit.side.map(|_| shown.exhibit.party))?;
        if !seat.seat.role.is_court() && (c.original.is_some() || c.late.is_some()) {
            return Err(not_yours(true));
        }
    }
    let (court, x) = (tx.court, &shown.exhibit);
    let done = sqlx::query(
        "update hearing_exhibits set name = $5, source = $6, purpose = $7, original = $8, late = $9, version = version + 1
         where court_id = $1 and hearing_id = $2 and exhibit_id = $3 and version = $4",
    )
    .bind(court)
    .bind(record.row.hearing_id)
    .bind(exhibit)
    .bind(version)
    .bind(text(c.name.unwrap_or(&x.name), 1, 120, "/name")?)
    .bind(text(c.source.unwrap_or(&x.source), 0, 200, "/source")?)
    .bind(text(c.purpose.unwrap_or(&x.purpose), 0, 500, "/purpose")?)
    .bind(c.original.unwrap_or(x.original).key())
    .bind(c.late.unwrap_or(shown.late))
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Error::stale()) }
}

/// What a party says of one aspect.
pub struct Said<'a> {
    /// Aspect.
    pub aspect: Aspect,
    /// View.
    pub view: View,
    /// Why.
    pub reason: &'a str,
}

/// Writes what a party says; a later word goes before an earlier one.
///
/// # Errors
/// On one's own exhibit, an objection without a reason, for another party.
pub async fn say(tx: &mut CourtTx, record: &Record, exhibit: Uuid, party: Uuid, said_of: &[Said<'_>]) -> Result<()> {
    let seat = presenter(record, Some(party))?;
    let shown = one(tx, record.row.hearing_id, exhibit).await?;
    let side = parties(record).into_iter().find(|(id, _)| *id == party).map(|(_, side)| side).ok_or_else(|| not_yours(false))?;
    for s in said_of {
        let reason = text(s.reason, 0, 1000, "/opinions")?;
        let opinion = Opinion { exhibit, party, side, aspect: s.aspect, view: s.view, reason: reason.clone(), at: tx.now() };
        examination::check(&shown.exhibit, &opinion)?;
        let (court, id, by) = (tx.court, tx.id(), tx.person()?);
        let sealed = tx.seal().seal(tx.owner(), Place("hearing_opinions", "reason", &id), reason.as_bytes())?;
        sqlx::query(
            "insert into hearing_opinions (court_id, opinion_id, hearing_id, exhibit_id, case_id, party_id, side, aspect, view, reason, said_by, written_by, at)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
        )
        .bind(court)
        .bind(id)
        .bind(record.row.hearing_id)
        .bind(exhibit)
        .bind(joint::case_of_party(tx, record.row.hearing_id, party).await?.unwrap_or(record.row.case_id))
        .bind(party)
        .bind(side.key())
        .bind(s.aspect.key())
        .bind(s.view.key())
        .bind(sealed)
        .bind(seat.seat.id)
        .bind(by)
        .bind(opinion.at)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

fn text(text: &str, least: usize, most: usize, field: &str) -> Result<String> {
    clean(text, Bounds::lines(least, most))
        .map_err(|e| Error::invalid("exhibit.text", said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field))
}
