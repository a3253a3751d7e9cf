//! 草稿 in the database: saved as typed, sealed with the person's key.
//! Owns the SQL of the table drafts. Every function sees one person's rows.

use serde_json::Value;
use sqlx::Row;
use uuid::Uuid;

use crate::court::tx::PersonTx;
use crate::docket::words::CaseKind;
use crate::error::{Error, Result, said};
use crate::filing::content::Content;
use crate::kit::seal::Place;

/// A draft as kept.
pub struct Draft {
    /// Draft.
    pub id: Uuid,
    /// Version, counted up at every save.
    pub version: i32,
    /// Court chosen so far.
    pub court: Option<i32>,
    /// Kind.
    pub kind: CaseKind,
    /// What was typed.
    pub content: Value,
    /// The filing it corrects.
    pub corrects: Option<(i32, Uuid)>,
    /// Title so far.
    pub title: String,
    /// Cause so far.
    pub cause_name: Option<String>,
    /// Step last worked on.
    pub step: String,
    /// Made.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// Last saved.
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

/// The most that a draft may hold, in bytes of JSON.
const MOST_BYTES: usize = 512 * 1024;
/// Open drafts one person may have.
const MOST_DRAFTS: i64 = 200;

fn place(id: &Uuid) -> Place<'_> {
    Place("drafts", "content", id)
}

/// Begins a draft.
pub async fn create(tx: &mut PersonTx, kind: CaseKind, content: Value, corrects: Option<(i32, Uuid)>) -> Result<Draft> {
    let open: i64 = sqlx::query_scalar("select count(*) from drafts where person_id = $1 and sent_at is null")
        .bind(tx.person)
        .fetch_one(tx.conn())
        .await?;
    if open >= MOST_DRAFTS {
        return Err(Error::conflict(
            "draft.too_many",
            said("没有提交的草稿已有 200 份。", "There are already 200 unsent drafts."),
            said("请先删除不要的草稿。", "Delete drafts you no longer need."),
        ));
    }
    let (id, now) = (tx.id(), tx.now());
    let read = shape(&content)?;
    let sealed = tx.seal().seal_json(tx.owner(), place(&id), &content)?;
    let court = read.court_id.and_then(|c| i32::try_from(c).ok());
    let draft = Draft {
        id,
        version: 1,
        court,
        kind,
        title: read.title(),
        cause_name: cause_name(&read),
        content,
        corrects,
        step: "court".into(),
        created_at: now,
        updated_at: now,
    };
    sqlx::query(
        "insert into drafts (person_id, draft_id, version, court_id, kind, title, cause_name, content, corrects_court, corrects_filing, created_at, updated_at)
         values ($1,$2,1,$3,$4,$5,$6,$7,$8,$9,$10,$10)",
    )
    .bind(tx.person)
    .bind(id)
    .bind(court)
    .bind(kind.key())
    .bind(&draft.title)
    .bind(&draft.cause_name)
    .bind(sealed)
    .bind(corrects.map(|c| c.0))
    .bind(corrects.map(|c| c.1))
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(draft)
}

/// The unsent drafts, newest first.
pub async fn list(tx: &mut PersonTx) -> Result<Vec<Draft>> {
    let rows = sqlx::query("select draft_id, version, court_id, kind, title, cause_name, step, corrects_court, corrects_filing, created_at, updated_at from drafts where person_id = $1 and sent_at is null order by updated_at desc limit 200")
        .bind(tx.person)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.iter().map(|row| from_row(row, Value::Null)).collect())
}

fn from_row(row: &sqlx::postgres::PgRow, content: Value) -> Draft {
    let corrects: (Option<i32>, Option<Uuid>) = (row.get("corrects_court"), row.get("corrects_filing"));
    Draft {
        id: row.get("draft_id"),
        version: row.get("version"),
        court: row.get("court_id"),
        kind: row.get("kind"),
        content,
        corrects: corrects.0.zip(corrects.1),
        title: row.get("title"),
        cause_name: row.get("cause_name"),
        step: row.get("step"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    }
}

/// One draft with its content; `for_update` holds the row until the transaction ends.
pub async fn get(tx: &mut PersonTx, id: Uuid, for_update: bool) -> Result<Draft> {
    let sql = match for_update {
        true => "select * from drafts where person_id = $1 and draft_id = $2 and sent_at is null for update",
        false => "select * from drafts where person_id = $1 and draft_id = $2 and sent_at is null",
    };
    let row = sqlx::query(sql).bind(tx.person).bind(id).fetch_optional(tx.conn()).await?.ok_or_else(Error::not_found)?;
    let content = tx.seal().open_json(tx.owner(), place(&id), row.get("content"))?;
    Ok(from_row(&row, content))
}

/// The open draft that answers a correction of this filing.
pub async fn correcting(tx: &mut PersonTx, filing: Uuid) -> Result<Option<Draft>> {
    let id: Option<Uuid> =
        sqlx::query_scalar("select draft_id from drafts where person_id = $1 and corrects_filing = $2 and sent_at is null")
            .bind(tx.person)
            .bind(filing)
            .fetch_optional(tx.conn())
            .await?;
    match id {
        Some(id) => Ok(Some(get(tx, id, false).await?)),
        None => Ok(None),
    }
}

/// Saves what was typed: merges, checks the shape, counts the version up.
pub async fn patch(tx: &mut PersonTx, id: Uuid, expected: i32, patch: &Value) -> Result<Draft> {
    let mut draft = get(tx, id, true).await?;
    if draft.version != expected {
        return Err(Error::stale());
    }
    merge(&mut draft.content, patch);
    let read = shape(&draft.content)?;
    draft.court = read.court_id.and_then(|c| i32::try_from(c).ok());
    draft.title = read.title();
    draft.cause_name = cause_name(&read);
    draft.step = step_of(patch).unwrap_or(draft.step);
    draft.version += 1;
    draft.updated_at = tx.now();
    let sealed = tx.seal().seal_json(tx.owner(), place(&id), &draft.content)?;
    sqlx::query("update drafts set version = $3, court_id = $4, title = $5, cause_name = $6, content = $7, updated_at = $8, step = $9 where person_id = $1 and draft_id = $2")
        .bind(tx.person)
        .bind(id)
        .bind(draft.version)
        .bind(draft.court)
        .bind(&draft.title)
        .bind(&draft.cause_name)
        .bind(sealed)
        .bind(draft.updated_at)
        .bind(&draft.step)
        .execute(tx.conn())
        .await?;
    Ok(draft)
}

/// Deletes an unsent draft.
pub async fn delete(tx: &mut PersonTx, id: Uuid) -> Result<()> {
    let gone = sqlx::query("delete from drafts where person_id = $1 and draft_id = $2 and sent_at is null")
        .bind(tx.person)
        .bind(id)
        .execute(tx.conn())
        .await?;
    if gone.rows_affected() == 1 { Ok(()) } else { Err(Error::not_found()) }
}

/// Marks a draft as sent.
pub async fn mark_sent(tx: &mut PersonTx, id: Uuid) -> Result<()> {
    let now = tx.now();
    sqlx::query("update drafts set sent_at = $3 where person_id = $1 and draft_id = $2")
        .bind(tx.person)
        .bind(id)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The last of the steps, in the order of the form, that holds what was typed.
fn step_of(patch: &Value) -> Option<String> {
    const ORDER: [&str; 7] = ["court", "cause", "parties", "claims", "evidence", "service", "statement"];
    let step = |member: &str| match member {
        "court_id" | "kind" | "jurisdiction" => 0,
        "cause" => 1,
        "parties" | "representatives" => 2,
        "evidence" | "papers" => 4,
        "service" => 5,
        "statement" => 6,
        _ => 3,
    };
    patch.as_object()?.keys().map(|k| step(k)).max().map(|last| ORDER[last].to_owned())
}

fn cause_name(content: &Content) -> Option<String> {
    content.cause.as_ref().and_then(|c| c.name.clone())
}

/// Reads the content, refusing what has the wrong shape or is too big.
pub fn shape(content: &Value) -> Result<Content> {
    if content.to_string().len() > MOST_BYTES {
        return Err(Error::new(
            poem::http::StatusCode::PAYLOAD_TOO_LARGE,
            "draft.too_large",
            said("填写的文字太多，超过 512 KB。", "The text is over 512 KiB."),
            said("请把长的内容做成文件，作为证据或附件上传。", "Put long texts into a file and upload it."),
        ));
    }
    Content::read(content).map_err(|errors| {
        let listed = errors.into_iter().map(crate::filing::shape_problem).collect();
        Error::invalid(
            "draft.invalid",
            said("有几处填写的格式不对。", "Some fields have the wrong form."),
            said("请按每一处的提示修改。", "Correct each field as told."),
        )
        .listing(listed)
    })
}

/// RFC 7386 JSON merge patch.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Default::default());
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.shift_remove(key);
        } else {
            merge(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_merge_patch_adds_replaces_and_removes() {
        let mut content = json!({"facts": "a", "service": {"phone": "1", "address": "x"}, "claims": [1, 2]});
        merge(&mut content, &json!({"facts": "b", "service": {"phone": null, "email": "e"}, "claims": [3]}));
        assert_eq!(content, json!({"facts": "b", "service": {"address": "x", "email": "e"}, "claims": [3]}));
    }
}
