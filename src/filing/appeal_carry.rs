//! 上诉案卷的移送, the second half: what was sent up arrives at the court above as a filing for its clerk to docket, with
//! the appeal, the parties as they stood and the 正卷 of first instance.
//!
//! Reads at one court, writes at the other, never in one transaction. Idempotent: the row above names the appeal it came
//! from, once. What was confirmed about service follows when the case is docketed (`delivery/carry.rs`). Must never carry
//! a leaf of the 副卷, or change a row of the first court.

use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::day_zh;
use crate::court::clock_view::Life;
use crate::court::tx::CourtTx;
use crate::docket::read;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::filing::appeals::{self, AppealAgainst, Row};
use crate::filing::content::{CauseChoice, Claim, Content, Party, Side};
use crate::filing::kinds;
use crate::filing::look_up;
use crate::filing::store::{self, NewFiling, Origin};
use crate::filing::submit::{Review, beijing_time, digest, link, review_clock, tell};
use crate::kit::seal::Place;
use crate::paper::issue::{self, Issued};
use crate::work::{Due, Outcome};

/// Within so many days the court above dockets what was sent up (审限规定 第七条).
const DAYS: u32 = 5;

/// A leaf of the 正卷 that was set or stored.
#[derive(FromRow)]
struct Leaf {
    leaf_id: Uuid,
    folder: i32,
    title: String,
    media_type: String,
    size: i64,
    pages: Option<i32>,
    sha256: String,
    sm3: String,
    object_key: String,
}

/// All that goes up.
struct Bundle {
    case: read::Row,
    cause_code: Option<String>,
    appeal: Row,
    said: appeals::Content,
    /// The parties as the filing there names them, the appellant first; their ids are those of the first case.
    parties: Vec<Party>,
    /// The appellant's own blind index, where the account is the appellant.
    filer_index: Vec<Vec<u8>>,
    leaves: Vec<Leaf>,
    paper: Issued,
}

/// Handles `filing.appeal`.
///
/// # Errors
/// What the database, the store or the renderer says; tried again later.
pub async fn carry(app: &App, due: &Due) -> Result<Outcome> {
    let id = |key: &str| due.payload[key].as_str().and_then(|f| f.parse::<Uuid>().ok());
    let (Some(case), Some(appeal)) = (id("case"), id("appeal")) else {
        return Ok(Outcome::Dead("event without case or appeal".into()));
    };
    let mut bundle = take(app, due.court, case, appeal).await?;
    let to = bundle.appeal.to_court;
    let keys = bundle.leaves.iter_mut().map(|l| (&mut l.object_key, l.sha256.clone()));
    let paper = std::iter::once((&mut bundle.paper.object_key, bundle.paper.sha256.clone()));
    for (key, sha256) in keys.chain(paper) {
        let there = format!("court/{to}/{sha256}");
        app.blob.copy(key, &there).await?;
        *key = there;
    }
    put(app, due.court, to, &bundle).await?;
    Ok(Outcome::Done)
}

/// Reads everything at the first court.
async fn take(app: &App, court: i32, case: Uuid, appeal: Uuid) -> Result<Bundle> {
    let mut tx = app.door.enter_as_house(court, "filing:appeal").await?;
    let found = appeals::of_case(&mut tx, case).await?.into_iter().find(|a| a.appeal_id == appeal).ok_or_else(Error::not_found)?;
    let unset: Vec<Uuid> =
        sqlx::query_scalar("select paper_id from papers where court_id = $1 and case_id = $2 and state = 'pending' order by paper_id")
            .bind(court)
            .bind(case)
            .fetch_all(tx.conn())
            .await?;
    drop(tx);
    for paper in unset {
        issue::ready(app, court, paper).await?; // the court above gets the very bytes this one issued
    }
    let mut tx = app.door.enter_as_house(court, "filing:appeal").await?;
    let row = read::row(&mut tx, case).await?;
    let cause_code = sqlx::query_scalar("select cause_code from cases where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(case)
        .fetch_one(tx.conn())
        .await?;
    let (parties, filer_index) = parties(&mut tx, case, &found).await?;
    let leaves = sqlx::query_as(
        "select leaf_id, folder, title, media_type, size, pages, sha256, sm3, object_key from leaves
          where court_id = $1 and case_id = $2 and volume = 'main' and not staff_only and only_for is null and object_key is not null and sha256 is not null and sm3 is not null
            and size is not null and paper_id is distinct from $3 order by n",
    )
    .bind(court)
    .bind(case)
    .bind(found.paper_id)
    .fetch_all(tx.conn())
    .await?;
    let paper = issue::one(&mut tx, found.paper_id).await?;
    let said = appeals::content(&tx, &found)?;
    Ok(Bundle { case: row, cause_code, appeal: found, said, parties, filer_index, leaves, paper })
}

#[derive(sqlx::FromRow)]
struct PartyRow {
    party_id: Uuid,
    side: String,
    details: Vec<u8>,
    id_index: Option<Vec<u8>>,
    person_id: Option<Uuid>,
}

/// The parties as they were docketed: appellant, then everybody else as the other side.
async fn parties(tx: &mut CourtTx, case: Uuid, appeal: &Row) -> Result<(Vec<Party>, Vec<Vec<u8>>)> {
    let court = tx.court;
    let rows: Vec<PartyRow> = sqlx::query_as(
        "select party_id, side, details, id_index, person_id from case_parties where court_id = $1 and case_id = $2 order by ordinal",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    let (mut out, mut index) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let details: Value = tx.seal().open_json(tx.owner(), Place("case_parties", "details", &row.party_id), &row.details)?;
        let mut party: Party = serde_json::from_value(details)?;
        party.id = Some(row.party_id.to_string());
        let own = row.party_id == appeal.party_id;
        party.side = Some(match (own, row.side.as_str()) {
            (true, _) => Side::Plaintiff,
            (false, "third_party") => Side::ThirdParty,
            _ => Side::Defendant,
        });
        if own && row.person_id == Some(appeal.person_id) {
            index.extend(row.id_index);
        }
        if own { out.insert(0, party) } else { out.push(party) }
    }
    Ok((out, index))
}

/// The filing as the court above reads it.
fn filing(b: &Bundle, to: i32) -> Content {
    let claim = |(i, text): (usize, &String)| Claim { id: Some(format!("c{}", i + 1)), text: Some(text.clone()), amount_fen: None };
    Content {
        court_id: Some(i64::from(to)),
        kind: Some(b.case.kind.clone()),
        cause: Some(CauseChoice {
            code: b.cause_code.clone(),
            domain: Some(b.case.kind.clone()),
            edition: None,
            name: Some(b.case.cause_name.clone()),
        }),
        parties: b.parties.clone(),
        claims: b.said.claims.iter().enumerate().map(claim).collect(),
        amount_fen: b.appeal.amount_fen,
        facts: Some(b.said.reasons.clone()),
        ..Content::default()
    }
}

/// Writes it at the court above, whose five days begin the day after.
async fn put(app: &App, from: i32, to: i32, b: &Bundle) -> Result<()> {
    let mut tx = app.door.enter_as_house(to, "filing:appeal").await?;
    let (id, now) = (tx.id(), tx.now());
    let content = filing(b, to);
    let filed = content.to_value();
    let number = format!("网立{}", store::next_number(&mut tx, "filing").await?);
    let review = Review { clock: review_clock(app, to, &b.case.kind, DAYS, now, &Life::Open)?, days: DAYS, target_at: None };
    let new = NewFiling {
        id,
        number: &number,
        filer: b.appeal.person_id,
        filer_index: &b.filer_index,
        draft: None,
        content: &content,
        filed: &filed,
        cause_name: &b.case.cause_name,
        digest: &digest(&filed, &[]),
        parties: &look_up::party_indexes(tx.seal(), &content)?,
        marks: &[],
        report: json!({ "sendable": true, "items": [] }),
        received_at: now,
        review: &review,
        from: None,
        origin: Some(Origin { court: from, case: b.case.case_id, number: &b.case.number, appeal: b.appeal.appeal_id }),
    };
    if !store::insert(&mut tx, &new).await? {
        return Ok(()); // carried before
    }
    if b.appeal.against != AppealAgainst::Judgment {
        sqlx::query("update filings set origin_against = $3 where court_id = $1 and filing_id = $2")
            .bind(to)
            .bind(id)
            .bind(b.appeal.against.key())
            .execute(tx.conn())
            .await?;
    }
    for leaf in &b.leaves {
        put_leaf(&mut tx, id, leaf).await?;
    }
    issue::adopt(&mut tx, id, &b.paper).await?;
    let first = app.door.registry.name(from);
    let text = said(
        format!("收到{first}移送的上诉案卷（原审案号 {}）", b.case.number),
        format!("Sent up by {first} on appeal (there: {})", b.case.number),
    );
    let law = &kinds::APPEAL;
    timeline::write(&mut tx, id, Note::new("received_on_appeal", text).by(law.transfer).with_effect(said(law.received.0, law.received.1)))
        .await?;
    let received = beijing_time(now);
    tell(
        &mut tx,
        b.appeal.person_id,
        "filing_received",
        &[("number", &number), ("due", &day_zh(review.clock.due_on)), ("time", &received), ("link", &link(app, to, id))],
    )?;
    tx.commit(id, json!({ "appeal_from": from, "leaves": b.leaves.len() })).await
}

/// A leaf of the first file, at its place in the standard order.
async fn put_leaf(tx: &mut CourtTx, filing: Uuid, l: &Leaf) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "insert into filing_files (court_id, filing_id, file_id, name, size, media_type, sha256, sm3, pages, role, object_key, round, created_at, folder)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,'first_file',$10,0,$11,$12)",
    )
    .bind(court)
    .bind(filing)
    .bind(l.leaf_id)
    .bind(format!("一审卷：{}", l.title))
    .bind(l.size)
    .bind(&l.media_type)
    .bind(&l.sha256)
    .bind(&l.sm3)
    .bind(l.pages)
    .bind(&l.object_key)
    .bind(now)
    .bind(l.folder)
    .execute(tx.conn())
    .await?;
    Ok(())
}
