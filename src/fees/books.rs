//! What the court's own people look through: bills that ask for something, differences of the reconciliation.

use super::case_views::{FeeDifference, FeeLine};
use crate::court::tx::CourtTx;
use crate::error::Result;

/// Bills of the court, those that ask for something first: relief or refund to decide, money owed back, overdue, open.
///
/// # Errors
/// What the database says.
pub async fn lines(tx: &mut CourtTx, state: Option<&str>) -> Result<Vec<FeeLine>> {
    let (court, now) = (tx.court, tx.now());
    Ok(sqlx::query_as(
        "select b.bill_id, b.case_id, c.number as case_number, c.title, b.purpose, b.state, b.full_fen as assessed_fen, b.due_at,
                coalesce(l.outstanding, 0)::bigint as outstanding_fen, coalesce(l.owed_back, 0)::bigint as owed_back_fen,
                (select count(*) from fee_refunds r where r.court_id = b.court_id and r.bill_id = b.bill_id and r.state in ('asked', 'failed')) as refunds_asked,
                (select count(*) from fee_reliefs r where r.court_id = b.court_id and r.bill_id = b.bill_id and r.state = 'asked') as reliefs_asked
           from fee_bills b join cases c on c.court_id = b.court_id and c.case_id = b.case_id
           left join lateral (select sum(p.fen) filter (where p.account = 'receivable') as outstanding, -sum(p.fen) filter (where p.account = 'owed_back') as owed_back
                                from ledger_entries e join ledger_postings p on p.court_id = e.court_id and p.entry_id = e.entry_id
                               where e.court_id = b.court_id and e.bill_id = b.bill_id) l on true
          where b.court_id = $1 and ($2::text is null or b.state = $2 or ($2 = 'overdue' and b.state in ('open', 'deferred') and b.due_at < $3))
          order by (b.state in ('open', 'deferred') and b.due_at < $3) desc, b.due_at nulls last, b.bill_id desc limit 200",
    )
    .bind(court)
    .bind(state)
    .bind(now)
    .fetch_all(tx.conn())
    .await?)
}

/// Differences of the reconciliation, open ones first.
///
/// # Errors
/// What the database says.
pub async fn differences(tx: &mut CourtTx) -> Result<Vec<FeeDifference>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select day, order_no, what, ours_fen, theirs_fen, found_at, settled_at, note from fee_differences where court_id = $1
          order by (settled_at is not null), day desc, order_no limit 200",
    )
    .bind(court)
    .fetch_all(tx.conn())
    .await?)
}
