//! Background steps of filings: carrying a transferred filing to the other court. Idempotent: the other
//! court's row names the one it came from, once.

use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::docket::timeline::{self, Note};
use crate::error::{Result, said};
use crate::evidence::store::FileRow;
use crate::filing::content::Content;
use crate::filing::store::{self, NewFiling};
use crate::filing::submit::begin_review;
use crate::filing::{look_up, read};
use crate::work::{Due, Outcome};

/// Handles an event of this slice.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    match due.topic.as_str() {
        "filing.carry" => carry(app, due).await,
        other => Ok(Outcome::Dead(format!("unknown event {other}"))),
    }
}

struct Carried {
    row: read::Row,
    content: Value,
    filer_index: Vec<Vec<u8>>,
    report: Value,
    files: Vec<(FileRow, String)>,
}

async fn carry(app: &App, due: &Due) -> Result<Outcome> {
    let (Some(filing), Some(to)) = (
        due.payload["filing"].as_str().and_then(|f| f.parse::<Uuid>().ok()),
        due.payload["to"].as_i64().and_then(|c| i32::try_from(c).ok()),
    ) else {
        return Ok(Outcome::Dead("event without filing or court".into()));
    };
    let carried = take(app, due.court, filing).await?;
    let mut files = Vec::new();
    for (mut file, from) in carried.files {
        let key = format!("court/{to}/{}", file.sha256);
        app.blob.copy(&from, &key).await?;
        file.object_key.clone_from(&key);
        files.push((file, key));
    }
    let mut tx = app.door.enter_as_house(to, "filing:carry").await?;
    let content = Content::read(&carried.content).unwrap_or_default();
    let (id, now) = (tx.id(), tx.now());
    let number = format!("网立{}", store::next_number(&mut tx, "filing").await?);
    let review = begin_review(app, to, now)?;
    let new = NewFiling {
        id,
        number: &number,
        filer: carried.row.filer_id,
        filer_index: &carried.filer_index,
        draft: None,
        content: &content,
        cause_name: &carried.row.cause_name,
        digest: &carried.row.digest,
        parties: &look_up::party_indexes(tx.seal(), &content)?,
        report: carried.report,
        received_at: carried.row.received_at,
        review: &review,
        from: Some((due.court, filing)),
    };
    if !store::insert(&mut tx, &new).await? {
        return Ok(Outcome::Done); // carried before
    }
    let marks = look_up::marks(tx.seal(), &content)?;
    store::insert_marks(&mut tx, id, &marks).await?;
    store::insert_files(&mut tx, id, &files, &content, 0).await?;
    let from = app.door.registry.name(due.court);
    timeline::write(
        &mut tx,
        id,
        Note::new("received_by_transfer", said(format!("收到{from}移送的立案申请"), format!("Received by transfer from {from}")))
            .by("民事诉讼法 第三十七条"),
    )
    .await?;
    tx.commit(id, serde_json::json!({ "from": due.court })).await?;
    Ok(Outcome::Done)
}

async fn take(app: &App, court: i32, filing: Uuid) -> Result<Carried> {
    let mut tx = app.door.enter_as_house(court, "filing:carry").await?;
    let row = read::row(&mut tx, filing).await?;
    let content = read::content(&mut tx, filing).await?;
    let (filer_index, report): (Vec<Vec<u8>>, Value) =
        sqlx::query_as("select filer_index, check_report from filings where court_id = $1 and filing_id = $2")
            .bind(court)
            .bind(filing)
            .fetch_one(tx.conn())
            .await?;
    let keys: Vec<(Uuid, String)> = sqlx::query_as("select file_id, object_key from filing_files where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .fetch_all(tx.conn())
        .await?;
    let files = read::files(&mut tx, filing).await?.into_iter().filter_map(|f| {
        let key = keys.iter().find(|(id, _)| *id == f.id)?.1.clone();
        let row = FileRow {
            file_id: f.id,
            name: f.name,
            size: f.size,
            media_type: f.media_type,
            sha256: f.sha256,
            sm3: f.sm3,
            pages: f.pages,
            state: "accepted".into(),
            object_key: key.clone(),
            person_id: row.filer_id,
            draft_id: None,
            problem: None,
            warnings: None,
            created_at: row.received_at,
        };
        Some((row, key))
    });
    let files = files.collect();
    Ok(Carried { row, content, filer_index, report, files })
}
