//! 撤回送达: an order given by mistake ends before it has effect. Owns `services.cancelled_*`.
//!
//! What has served stays served: it is corrected by serving anew, not by taking back. Must never make a sending that has
//! left undone; what is reported of it afterwards is still written down by whoever hears it, and changes nothing.

use serde_json::json;
use uuid::Uuid;

use super::facts;
use super::served;
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};

fn has_effect(name: &str) -> Error {
    Error::conflict(
        "service.has_effect",
        said(format!("已经向{name}送达，不能撤回。"), format!("It was served on {name} and cannot be taken back.")),
        said(
            "文书有误的，请制作更正后的文书，注明更正重新送达。",
            "Where the paper is wrong, issue a corrected one and serve that as a correction.",
        ),
    )
}

/// Cancels a service that has served nobody yet; twice is once. The house cancels what its cause was taken from, such as
/// the summons to a hearing that was moved.
///
/// # Errors
/// 404; 409 when somebody was served.
pub async fn cancel(app: &App, tx: &mut CourtTx, service: Uuid, why: &str) -> Result<()> {
    let (court, now, person) = (tx.court, tx.now(), tx.person().ok());
    let row: Option<(Uuid, bool)> =
        sqlx::query_as("select case_id, cancelled_at is not null from services where court_id = $1 and service_id = $2 for update")
            .bind(court)
            .bind(service)
            .fetch_optional(tx.conn())
            .await?;
    let (case, cancelled) = row.ok_or_else(Error::not_found)?;
    if cancelled {
        return Ok(());
    }
    let recipients: Vec<Uuid> = sqlx::query_scalar(
        "select recipient_id from service_recipients where court_id = $1 and service_id = $2 order by recipient_id for update",
    )
    .bind(court)
    .bind(service)
    .fetch_all(tx.conn())
    .await?;
    for recipient in recipients {
        let mut held = facts::hold(app, tx, service, recipient).await?;
        if held.judge(app, now).0.effect.holds() {
            return Err(has_effect(&held.row.name));
        }
        held.note(tx, "decision", json!({ "cancelled": true, "by": person })).await?;
        end(tx, service, recipient).await?;
    }
    sqlx::query("update services set cancelled_at = $3, cancelled_why = $4, cancelled_by = $5 where court_id = $1 and service_id = $2")
        .bind(court)
        .bind(service)
        .bind(now)
        .bind(why)
        .bind(person)
        .execute(tx.conn())
        .await?;
    let titles: Vec<String> = served::papers(tx, service).await?.into_iter().map(|p| p.title).collect();
    let text = said(format!("撤回送达：{}。{why}", titles.join("、")), format!("Service taken back: {}. {why}", titles.join(", ")));
    timeline::write(tx, case, Note::new("service_cancelled", text).for_staff()).await
}

async fn end(tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "update service_recipients set state = 'cancelled', next_at = null, version = version + 1 where court_id = $1 and service_id = $2 and recipient_id = $3",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .execute(tx.conn())
    .await?;
    sqlx::query("update service_tasks set done_at = $4, outcome = 'cancelled' where court_id = $1 and service_id = $2 and recipient_id = $3 and done_at is null")
        .bind(court)
        .bind(service)
        .bind(recipient)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}
