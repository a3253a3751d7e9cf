//! 到窗口办: filing is never forced online (A10). The wish is recorded at the court; the draft is kept.

use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};
use crate::filing::drafts;
use crate::filing::store::next_number;
use crate::filing::views::OfflineNote;
use crate::kit::text::{Bounds, clean};

/// Records the wish and says where to go.
pub async fn record(app: &App, caller: &Caller, draft: Uuid, reason: &str) -> Result<OfflineNote> {
    let mut mine = app.door.mine(caller, "draft:read").await?;
    let found = drafts::get(&mut mine, draft, false).await?;
    drop(mine);
    let court = found.court.ok_or_else(|| {
        Error::invalid(
            "draft.no_court",
            said("还没有选择法院。", "No court is chosen yet."),
            said("请先选择要去的法院。", "Choose the court first."),
        )
        .at("/court_id")
    })?;
    let reason = clean(reason, Bounds::line(0, 500)).map_err(crate::filing::text_problem("/reason"))?;
    let mut tx = app.door.enter(caller, court, Act::FilingOffline).await?;
    let number = format!("线下{}", next_number(&mut tx, "offline").await?);
    let (id, now, person) = (tx.id(), tx.now(), tx.person()?);
    sqlx::query("insert into offline_filings (court_id, offline_id, number, person_id, reason, created_at) values ($1,$2,$3,$4,$5,$6)")
        .bind(court)
        .bind(id)
        .bind(&number)
        .bind(person)
        .bind(reason)
        .bind(now)
        .execute(tx.conn())
        .await?;
    tx.commit(id, json!({ "day": beijing_date(now).to_string() })).await?;
    let c = app.door.registry.court(court).ok_or_else(Error::not_found)?;
    Ok(OfflineNote {
        court_id: court,
        court_name: c.name.clone(),
        number,
        address: c.address.clone(),
        phone: c.phone.clone().unwrap_or_else(|| "12368".into()),
        hours: c.hours.clone(),
    })
}
