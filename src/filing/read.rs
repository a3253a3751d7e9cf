//! Reading filings: one whole, a queue, one's own over all courts. Owns the SQL that reads.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::types::Any;
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, FromRow, PgConnection, Row as _};
use uuid::Uuid;

use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::{beijing_date, end_of_day, start_of_day};
use crate::court::caller::Caller;
use crate::court::clock_view::Life;
use crate::court::tx::CourtTx;
use crate::docket::case_views::Origin as OriginView;
use crate::docket::moves::{self, Floor};
use crate::docket::reckon::{self, Asked, Bearing};
use crate::docket::timeline;
use crate::docket::views::{Clock, PaperRef};
use crate::docket::words::CaseKind;
use crate::error::{Error, Result};
use crate::filing::choices::FilingAct;
use crate::filing::kinds::{self, Kind};
use crate::filing::masked;
use crate::filing::review_rules::FilingState;
use crate::filing::store::Origin;
use crate::filing::submit::review_clock;
use crate::filing::views::{
    CheckReport, Claim, Correction, CorrectionItem, Filing, FilingFile, FilingSummary, QueueStats, Refusal, Transfer, Withdrawal,
};
use crate::kit::columns::Columns;
use crate::kit::seal::Place;
use crate::person::masking::Viewer;

/// What a list shows of a filing.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the columns of filings, documented in the migration")]
pub struct Listed {
    pub court_id: i32,
    pub filing_id: Uuid,
    pub number: String,
    pub kind: CaseKind,
    pub cause_name: String,
    pub title: String,
    pub amount_fen: Option<i64>,
    pub state: FilingState,
    pub received_at: DateTime<Utc>,
    pub clock_from: DateTime<Utc>,
    pub review_days: i32,
    pub target_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub claimed_by: Option<Uuid>,
    pub claimed_name: Option<String>,
    pub claimed_until: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    pub transfer_from: Option<i32>,
    pub case_id: Option<Uuid>,
    pub case_number: Option<String>,
}

/// The columns of `Listed`, in its order.
const LISTED: &str =
    "court_id, filing_id, number, kind, cause_name, title, amount_fen, state, received_at, clock_from, review_days, target_at, answered_at,
  claimed_by, claimed_name, claimed_until, decided_at, transfer_from, case_id, case_number";

impl FromRow<'_, PgRow> for Listed {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let mut columns = Columns::of(row);
        Ok(Self {
            court_id: columns.take()?,
            filing_id: columns.take()?,
            number: columns.take()?,
            kind: columns.take()?,
            cause_name: columns.take()?,
            title: columns.take()?,
            amount_fen: columns.take()?,
            state: columns.take()?,
            received_at: columns.take()?,
            clock_from: columns.take()?,
            review_days: columns.take()?,
            target_at: columns.take()?,
            answered_at: columns.take()?,
            claimed_by: columns.take()?,
            claimed_name: columns.take()?,
            claimed_until: columns.take()?,
            decided_at: columns.take()?,
            transfer_from: columns.take()?,
            case_id: columns.take()?,
            case_number: columns.take()?,
        })
    }
}

/// A filing's row without its content.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of filings, documented in the migration")]
pub struct Row {
    #[sqlx(flatten)]
    pub listed: Listed,
    pub filer_id: Uuid,
    pub version: i32,
    pub digest: String,
    pub returns: i32,
    pub refusal_reason: Option<String>,
    pub transfer_to: Option<i32>,
    pub transfer_reason: Option<String>,
    pub withdrawal_reason: Option<String>,
    pub origin_court: Option<i32>,
    pub origin_case: Option<Uuid>,
    pub origin_number: Option<String>,
    pub origin_appeal: Option<Uuid>,
}

impl Row {
    /// 原审案件, of an appeal.
    pub fn origin(&self) -> Option<Origin<'_>> {
        let (court, case) = self.origin_court.zip(self.origin_case)?;
        Some(Origin { court, case, number: self.origin_number.as_deref()?, appeal: self.origin_appeal? })
    }

    /// What its kind has of its own: an appeal is a kind of filing, its case one of its own kind.
    pub fn law(&self) -> &'static Kind {
        if self.origin_case.is_some() { &kinds::APPEAL } else { kinds::kind(self.listed.kind.key()) }
    }
}

const REST: &str = "filer_id, version, digest, returns, refusal_reason, transfer_to, transfer_reason, withdrawal_reason, origin_court, origin_case, origin_number, origin_appeal";

impl Deref for Row {
    type Target = Listed;

    fn deref(&self) -> &Listed {
        &self.listed
    }
}

fn whole_rows(tail: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("select {LISTED}, {REST} from filings {tail}"))
}

fn listed_rows(tail: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("select {LISTED} from filings {tail}"))
}

/// One filing's row.
pub async fn row(tx: &mut CourtTx, filing: Uuid) -> Result<Row> {
    let court = tx.court;
    sqlx::query_as(whole_rows("where court_id = $1 and filing_id = $2"))
        .bind(court)
        .bind(filing)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)
}

/// One filing's row, held until the transaction ends.
pub async fn row_for_update(tx: &mut CourtTx, filing: Uuid) -> Result<Row> {
    let court = tx.court;
    // Whoever waited here for another clerk's acceptance rechecks the row against a snapshot in which the case
    // is not there yet, and row security hides it; asked again, the statement sees the case.
    for _ in 0..2 {
        let found = sqlx::query_as(whole_rows("where court_id = $1 and filing_id = $2 for update"))
            .bind(court)
            .bind(filing)
            .fetch_optional(tx.conn())
            .await?;
        if let Some(row) = found {
            return Ok(row);
        }
    }
    Err(Error::not_found())
}

/// The content as filed.
pub async fn content(tx: &mut CourtTx, filing: Uuid) -> Result<Value> {
    let court = tx.court;
    let sealed: Vec<u8> = sqlx::query_scalar("select content from filings where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)?;
    tx.seal().open_json(tx.owner(), Place("filings", "content", &filing), &sealed)
}

/// The files of a filing.
pub async fn files(tx: &mut CourtTx, filing: Uuid) -> Result<Vec<FilingFile>> {
    let court = tx.court;
    Ok(sqlx::query_as("select file_id as id, name, size, media_type, sha256, sm3, pages, role, evidence_id, round from filing_files where court_id = $1 and filing_id = $2 order by file_id")
        .bind(court)
        .bind(filing)
        .fetch_all(tx.conn())
        .await?)
}

#[derive(FromRow)]
struct CorrectionRow {
    n: i32,
    items: sqlx::types::Json<Vec<CorrectionItem>>,
    sent_at: DateTime<Utc>,
    days: i32,
    answered_at: Option<DateTime<Utc>>,
    violation: bool,
}

/// The correction lists, first to last, their clocks as they stand now.
pub async fn corrections(app: &App, tx: &mut CourtTx, filing: Uuid) -> Result<Vec<Correction>> {
    let court = tx.court;
    let rows: Vec<CorrectionRow> = sqlx::query_as(
        "select n, items, sent_at, days, answered_at, violation from corrections where court_id = $1 and filing_id = $2 order by n",
    )
    .bind(court)
    .bind(filing)
    .fetch_all(tx.conn())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let floors = moves::floors(tx.conn(), &[filing]).await?;
    rows.into_iter().map(|r| correction(app, court, r, filing, &floors)).collect()
}

fn correction(app: &App, court: i32, r: CorrectionRow, filing: Uuid, floors: &[Floor]) -> Result<Correction> {
    let life = r.answered_at.map_or(Life::Open, |at| Life::Done { at });
    let asked = Asked { court, key: "correction", days: u32::try_from(r.days).ok(), from: r.sent_at };
    let bearing = Bearing { floors: reckon::floors_of(floors, filing, r.n), ..Bearing::default() };
    let deadline = reckon::clock(app, &asked, &life, &bearing)?;
    Ok(Correction { n: r.n, sent_at: r.sent_at, deadline, items: r.items.0, answered_at: r.answered_at, violation: r.violation })
}

/// The review clocks of one list. Filings of one kind that reached a court on the same day share theirs, so it is
/// counted once.
#[derive(Default)]
struct Clocks(HashMap<(i32, NaiveDate, i32, CaseKind), Arc<Clock>>);

impl Clocks {
    /// The clock that runs now: the court's review, or the filer's correction.
    fn of(&mut self, app: &App, row: &Listed, correction: Option<&Correction>) -> Result<Option<Arc<Clock>>> {
        let days = row.review_days.unsigned_abs();
        let review = |life| review_clock(app, row.court_id, row.kind.key(), days, row.clock_from, &life).map(|c| Arc::new(c.in_a_list()));
        Ok(match (row.state, row.decided_at) {
            (FilingState::Submitted, _) => {
                let key = (row.court_id, beijing_date(row.clock_from), row.review_days, row.kind);
                Some(match self.0.entry(key) {
                    Entry::Occupied(counted) => counted.get().clone(),
                    Entry::Vacant(place) => place.insert(review(Life::Open)?).clone(),
                })
            }
            (FilingState::Returned, _) => correction.map(|c| Arc::new(c.deadline.clone().in_a_list())),
            (_, Some(at)) => Some(review(Life::Done { at })?),
            (_, None) => None,
        })
    }
}

/// Rows as shown in lists, those sent back with the clock of their correction.
pub async fn summaries(
    app: &App,
    conn: &mut PgConnection,
    rows: Vec<Listed>,
    staff: bool,
    now: DateTime<Utc>,
) -> Result<Vec<FilingSummary>> {
    let (courts, returned): (Vec<i32>, Vec<Uuid>) =
        rows.iter().filter(|r| r.state == FilingState::Returned).map(|r| (r.court_id, r.filing_id)).unzip();
    let mut lists: HashMap<Uuid, Correction> = HashMap::new();
    if !returned.is_empty() {
        let found: Vec<(i32, Uuid, CorrectionRow)> = sqlx::query(
            "select court_id, filing_id, n, items, sent_at, days, answered_at, violation from corrections where (court_id, filing_id) in (select * from unnest($1::int[], $2::uuid[])) order by n",
        )
        .bind(&courts)
        .bind(&returned)
        .fetch_all(&mut *conn)
        .await?
        .iter()
        .map(|r| Ok((r.try_get("court_id")?, r.try_get("filing_id")?, CorrectionRow::from_row(r)?)))
        .collect::<sqlx::Result<_>>()?;
        let floors = moves::floors(conn, &returned).await?;
        for (court, filing, list) in found {
            lists.insert(filing, correction(app, court, list, filing, &floors)?);
        }
    }
    let mut clocks = Clocks::default();
    rows.into_iter().map(|row| summary(app, &mut clocks, lists.get(&row.filing_id), row, staff, now)).collect()
}

/// A row as shown in lists, with the list it was sent back with.
fn summary(
    app: &App,
    clocks: &mut Clocks,
    list: Option<&Correction>,
    row: Listed,
    staff: bool,
    now: DateTime<Utc>,
) -> Result<FilingSummary> {
    let claim = row
        .claimed_by
        .zip(row.claimed_name.clone())
        .zip(row.claimed_until)
        .filter(|(_, until)| staff && *until > now && row.state == FilingState::Submitted);
    let clock = clocks.of(app, &row, list)?;
    let open_items = if row.state == FilingState::Returned { list.map_or(0, |c| i32::try_from(c.items.len()).unwrap_or(0)) } else { 0 };
    Ok(FilingSummary {
        court_id: row.court_id,
        court_name: app.door.registry.name(row.court_id),
        id: row.filing_id,
        clock,
        claimed_by: claim.map(|((person_id, name), until)| Claim { person_id, name, until }),
        corrected: row.answered_at.is_some(),
        transferred_in: row.transfer_from.is_some(),
        case_id: row.case_id,
        case_number: row.case_number,
        amount_fen: row.amount_fen,
        open_items,
        target_at: row.target_at.filter(|_| row.state == FilingState::Submitted),
        number: row.number,
        title: row.title,
        kind: row.kind,
        cause_name: row.cause_name,
        state: row.state,
        received_at: row.received_at,
    })
}

/// A filing, whole, for whoever looks.
pub async fn whole(app: &App, caller: &Caller, tx: &mut CourtTx, filing: Uuid) -> Result<Filing> {
    let row = row(tx, filing).await?;
    let (now, staff, court) = (tx.now(), tx.is_staff() || app.door.may(caller, tx.court, Act::FilingQueue), tx.court);
    let owner = row.filer_id == caller.person();
    let corrections = corrections(app, tx, filing).await?;
    let viewer = if staff || owner { Viewer::JudgeOnDuty } else { Viewer::OtherParty };
    let content = masked::content(content(tx, filing).await?, viewer);
    let report: sqlx::types::Json<CheckReport> =
        sqlx::query_scalar("select check_report from filings where court_id = $1 and filing_id = $2")
            .bind(court)
            .bind(filing)
            .fetch_one(tx.conn())
            .await?;
    let papers: Vec<PaperRef> = sqlx::query_as(
        "select paper_id as id, kind, title, issued_at, verify_code, audience from papers where court_id = $1 and filing_id = $2 order by paper_id",
    )
    .bind(court)
    .bind(filing)
    .fetch_all(tx.conn())
    .await?;
    let state = row.state;
    let review = app.door.may(caller, court, Act::FilingReview);
    let moves = state.may(true).into_iter().filter(|_| owner).chain(state.may(false).into_iter().filter(|_| review));
    let mut may: Vec<FilingAct> = moves.map(FilingAct::from).collect();
    if review && state == FilingState::Submitted {
        may.push(FilingAct::Claim);
    }
    let (files, history) = (files(tx, filing).await?, timeline::read(tx, &[filing]).await?);
    let (version, digest) = (row.version, row.digest.clone());
    let refusal = row.refusal_reason.clone().zip(row.decided_at).map(|(reason, at)| Refusal { reason, at });
    let transfer = row.transfer_to.zip(row.transfer_reason.clone()).zip(row.decided_at).map(|((to, reason), at)| Transfer {
        to_court_id: to,
        to_court_name: app.door.registry.name(to),
        reason,
        at,
    });
    let origin = row.origin().map(|o| OriginView {
        court_id: o.court,
        court_name: app.door.registry.name(o.court),
        case_id: o.case,
        number: o.number.to_owned(),
    });
    let withdrawal =
        row.decided_at.filter(|_| state == FilingState::Withdrawn).map(|at| Withdrawal { reason: row.withdrawal_reason.clone(), at });
    let s = summary(app, &mut Clocks::default(), corrections.last(), row.listed, staff, now)?;
    Ok(Filing {
        court_id: s.court_id,
        court_name: s.court_name,
        id: s.id,
        number: s.number,
        title: s.title,
        kind: s.kind,
        cause_name: s.cause_name,
        state: s.state,
        received_at: s.received_at,
        clock: s.clock,
        claimed_by: s.claimed_by,
        corrected: s.corrected,
        transferred_in: s.transferred_in,
        case_id: s.case_id,
        case_number: s.case_number,
        amount_fen: s.amount_fen,
        open_items: s.open_items,
        version,
        digest,
        content: Any(content),
        files,
        checks: report.0,
        corrections,
        refusal,
        transfer,
        withdrawal,
        origin,
        earlier: None,
        papers,
        history,
        may,
    })
}

/// 到期未补正: no state of its own, but a list of its own: returned, and the time to correct has passed.
const UNCORRECTED: &str = "uncorrected";

/// A page of the clerk's queue: by clock, oldest end first; other states newest first.
pub async fn queue(tx: &mut CourtTx, state: &str, q: &str, after: Option<Uuid>, limit: i64) -> Result<Vec<Listed>> {
    let court = tx.court;
    let like = format!("%{}%", q.replace(['%', '_', '\\'], ""));
    let query = match state {
        UNCORRECTED => listed_rows(
            "where court_id = $1 and state = 'returned' and state <> $2 and (title like $3 or number like $3) and ($4::uuid is null or filing_id < $4)
               and exists (select from corrections c where c.court_id = $1 and c.filing_id = filings.filing_id and c.answered_at is null and c.due_at <= $6) order by filing_id desc limit $5",
        ),
        "submitted" => listed_rows(
            "where court_id = $1 and state = $2 and (title like $3 or number like $3) and ($4::uuid is null or (due_at, filing_id) > (select due_at, filing_id from filings where court_id = $1 and filing_id = $4)) order by due_at, filing_id limit $5",
        ),
        _ => listed_rows(
            "where court_id = $1 and state = $2 and (title like $3 or number like $3 or case_number like $3) and ($4::uuid is null or filing_id < $4) order by filing_id desc limit $5",
        ),
    };
    let now = tx.now();
    let query = sqlx::query_as(query).bind(court).bind(state).bind(like).bind(after).bind(limit);
    let query = if state == UNCORRECTED { query.bind(now) } else { query };
    Ok(query.fetch_all(tx.conn()).await?)
}

/// One's own filings over all courts, newest first. The rows are the person's by row security; the filter is the second wall.
pub async fn own(conn: &mut PgConnection, person: Uuid, state: Option<&str>, after: Option<Uuid>, limit: i64) -> Result<Vec<Listed>> {
    Ok(sqlx::query_as(listed_rows(
        "where filing_id in (select filing_id from filing_people where person_id = $1) and ($2::text is null or state = $2) and ($3::uuid is null or filing_id < $3) order by filing_id desc limit $4",
    ))
    .bind(person)
    .bind(state)
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// The head of the queue.
pub async fn stats(tx: &mut CourtTx, today: NaiveDate) -> Result<QueueStats> {
    let court = tx.court;
    let (from, to) = (start_of_day(today), end_of_day(today));
    let row: (i64, i64, i64, i64, i64, i64, i64, i64) = sqlx::query_as(
        "select count(*) filter (where decided_at >= $2 and decided_at < $3), count(*) filter (where state = 'submitted'),
           count(*) filter (where state = 'submitted' and due_at > $4 and due_on = $5), count(*) filter (where state = 'submitted' and due_at <= $4),
           count(*) filter (where decided_at >= $2 - interval '30 days' and decided_at < target_at),
           count(*) filter (where decided_at >= $2 - interval '30 days' and target_at is not null),
           count(*) filter (where state = 'submitted' and target_at > $4 and target_at <= $3),
           count(*) filter (where state = 'returned' and exists (select from corrections c where c.court_id = $1 and c.filing_id = filings.filing_id and c.answered_at is null and c.due_at <= $4))
         from filings where court_id = $1",
    )
    .bind(court)
    .bind(from)
    .bind(to)
    .bind(tx.now())
    .bind(today)
    .fetch_one(tx.conn())
    .await?;
    Ok(QueueStats {
        reviewed_today: row.0,
        waiting: row.1,
        due_today: row.2,
        overdue: row.3,
        same_day_percent: (row.5 > 0).then(|| row.4 * 100 / row.5),
        target_today: row.6,
        uncorrected: row.7,
    })
}
