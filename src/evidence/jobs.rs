//! Clears away uploads nobody goes on with, and looks again at files that were held back. Idempotent: what is done or gone is left alone.

use serde::Deserialize;
use uuid::Uuid;

use super::parts::ABANDONED;
use super::{again, store};
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};

#[derive(Deserialize)]
struct Sweep {
    person: Uuid,
    upload: Uuid,
}

/// Handles `upload.sweep` and `upload.again`.
///
/// # Errors
/// When the database or the store does not answer.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    if due.topic == again::AGAIN {
        return match serde_json::from_value(due.payload.clone()) {
            Ok(order) => again::look(app, &order).await,
            Err(_) => Ok(Outcome::Dead("payload".into())),
        };
    }
    if due.topic != "upload.sweep" {
        return Ok(Outcome::Dead(format!("nobody handles `{}`", due.topic)));
    }
    let Ok(sweep) = serde_json::from_value::<Sweep>(due.payload.clone()) else { return Ok(Outcome::Dead("payload".into())) };
    let mut tx = app.door.as_person(sweep.person, "upload:sweep", "job".into()).await?;
    let row = match store::upload(&mut tx, sweep.upload).await {
        Ok(row) if row.state == "open" => row,
        Ok(_) => return Ok(Outcome::Done),
        Err(e) if e.status == poem::http::StatusCode::NOT_FOUND => return Ok(Outcome::Done),
        Err(e) => return Err(e),
    };
    let end = row.updated_at + ABANDONED;
    if end > tx.now() {
        tx.tell_later("upload.sweep", &serde_json::json!({ "person": sweep.person, "upload": sweep.upload }), end)?;
        tx.commit(sweep.upload, serde_json::json!({ "again": end })).await?;
        return Ok(Outcome::Done);
    }
    // parts first: a row that is closed is never looked at again
    app.blob.drop_parts(&row.object_key, &row.store_upload).await.or_else(|e| if e.status.is_server_error() { Err(e) } else { Ok(()) })?;
    store::close_upload(&mut tx, sweep.upload, None, "aborted").await?;
    tx.commit(sweep.upload, serde_json::json!({ "reason": "abandoned" })).await?;
    Ok(Outcome::Done)
}
