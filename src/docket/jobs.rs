//! Background steps of cases: a lawyer who was named before the licence was checked takes the seat when it is; the ends of
//! clocks that were started are kept. Idempotent: a seat that is taken is not waiting any more, an end that is kept stays.

use serde_json::json;
use uuid::Uuid;

use super::people;
use super::recount;
use super::timeline::{self, Note};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Result, said};
use crate::kit::text::same_name;
use crate::person::store::counsel_by_index;
use crate::work::{Due, Outcome};

/// The event: somebody with this licence may be waiting for a seat.
pub const SEAT_COUNSEL: &str = "docket.seat_counsel";

/// The event: clocks of a case were started; the ends they are told with are to be kept.
pub const CLOCKS: &str = "docket.clocks";

/// Its payload.
pub fn seat_counsel_event(index: &[u8]) -> serde_json::Value {
    json!({ "licence_index": hex::encode(index) })
}

/// Handles an event of this slice.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    match due.topic.as_str() {
        SEAT_COUNSEL => seat_counsel(app, due).await,
        CLOCKS => clocks(app, due).await,
        other => Ok(Outcome::Dead(format!("unknown event {other}"))),
    }
}

async fn clocks(app: &App, due: &Due) -> Result<Outcome> {
    let Some(case) = due.payload["case"].as_str().and_then(|t| t.parse::<Uuid>().ok()) else {
        return Ok(Outcome::Dead("event without a case".into()));
    };
    let mut tx = app.door.enter_as_house(due.court, "clock:remember").await?;
    let fresh = recount::remember(app, &mut tx, case).await?;
    if fresh > 0 {
        tx.commit(case, json!({ "clocks": fresh })).await?;
    }
    Ok(Outcome::Done)
}

async fn seat_counsel(app: &App, due: &Due) -> Result<Outcome> {
    let Some(index) = due.payload["licence_index"].as_str().and_then(|h| hex::decode(h).ok()) else {
        return Ok(Outcome::Dead("event without a licence".into()));
    };
    for (court, case, representative) in waiting(app, &index).await? {
        let tx = app.door.enter_as_house(court, "case:seat_counsel").await?;
        seat(tx, case, representative, &index).await?;
    }
    Ok(Outcome::Done)
}

async fn waiting(app: &App, index: &[u8]) -> Result<Vec<(i32, Uuid, Uuid)>> {
    let mut work = app.door.work().await?;
    let found = sqlx::query_as(
        "select court_id, case_id, representative_id from representatives where licence_index = $1 and person_id is null and until is null limit 1000",
    )
    .bind(index)
    .fetch_all(work.conn())
    .await?;
    work.close().await?;
    Ok(found)
}

async fn seat(mut tx: CourtTx, case: Uuid, representative: Uuid, index: &[u8]) -> Result<()> {
    let court = tx.court;
    let waits: Option<(Uuid, String)> = sqlx::query_as(
        "select party_id, name from representatives where court_id = $1 and case_id = $2 and representative_id = $3 and person_id is null and until is null for update",
    )
    .bind(court)
    .bind(case)
    .bind(representative)
    .fetch_optional(tx.conn())
    .await?;
    let counsel = counsel_by_index(&mut tx, index).await?.filter(|c| c.state != "claimed");
    let (Some((party, name)), Some(counsel)) = (waits, counsel) else { return Ok(()) };
    if !same_name(&counsel.name, &name) {
        return Ok(()); // the power names somebody else: the party or the court has to look at it
    }
    sqlx::query("update representatives set person_id = $4 where court_id = $1 and case_id = $2 and representative_id = $3")
        .bind(court)
        .bind(case)
        .bind(representative)
        .bind(counsel.person_id)
        .execute(tx.conn())
        .await?;
    people::put_person(&mut tx, case, counsel.person_id, "representative", Some(party), &name).await?;
    tx.tell("hearing.account", &json!({ "case": case }))?;
    let text = said(format!("代理人{name}的账号已关联案件"), format!("Counsel {name} has joined with an account"));
    timeline::write(&mut tx, case, Note::new("counsel_joined", text).by("人民法院在线诉讼规则 第七条")).await?;
    tx.commit(representative, json!({ "case": case })).await
}
