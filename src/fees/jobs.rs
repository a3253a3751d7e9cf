//! Background steps of fees: the topics `fees.*`.

use super::{orders, overdue, reconcile, refunds};
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};

/// Handles one.
///
/// # Errors
/// What the step says; tried again later.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    match due.topic.as_str() {
        "fees.order_ask" | "fees.order_close" => orders::due(app, due).await,
        "fees.refund_send" | "fees.refund_ask" => refunds::due(app, due).await,
        "fees.overdue" => overdue::due(app, due).await,
        "fees.reconcile" => reconcile::due(app, due).await,
        "fees.notice_served" => overdue::noticed(app, due).await,
        "fees.settled" => Ok(Outcome::Done),
        other => Ok(Outcome::Dead(format!("nobody handles `{other}`"))),
    }
}
