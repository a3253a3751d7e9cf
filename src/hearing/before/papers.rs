//! 身份材料: papers by which somebody proves to be who he or she says, taken into the case file for this hearing (H15).
//!
//! Owns `hearing_papers`. The bytes are leaves of the file, in the folder of identity papers. Must never show one side's
//! identity card to the other: it is a leaf for the court.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::super::{joint, law};
use super::sitting::Sitting;
use crate::app::App;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::docket::file::{self, NewLeaf};
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::evidence::store::{self, FileRow};
use crate::kit::words::words;

words! {
    /// What it is.
    PaperKind as "IdentityPaperKind":
    IdCard = "id_card", "居民身份证", "identity card";
    LawyerLicence = "lawyer_licence", "律师执业证", "lawyer's licence";
    BusinessLicence = "business_licence", "营业执照", "business licence";
    Authority = "authority", "授权委托书", "power of attorney";
    Employment = "employment", "工作证明", "proof of employment";
    Other = "other", "其他身份材料", "other proof of identity";
}

/// A paper that was shown.
#[derive(Debug, Clone, FromRow)]
pub struct Shown {
    /// Whom it identifies.
    pub participant_id: Uuid,
    /// Leaf of the case file.
    pub leaf_id: Uuid,
    /// What it is.
    pub kind: PaperKind,
    /// Title.
    pub title: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who brought it.
    pub by_name: String,
}

/// Papers of a hearing, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn all(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Shown>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select p.participant_id, p.leaf_id, p.kind, coalesce(l.title, '') as title, p.at, coalesce(l.maker, '') as by_name
         from hearing_papers p left join leaves l on l.court_id = p.court_id and l.case_id = p.case_id and l.leaf_id = p.leaf_id
         where p.court_id = $1 and p.hearing_id = $2 order by p.at, p.leaf_id limit 400",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

/// Copies an uploaded file to the court's part of the store, before the transaction that names it.
///
/// # Errors
/// 404 for a file that is not one's own, 409 for one that is not accepted.
pub async fn carry(app: &App, caller: &Caller, court: i32, upload: Uuid) -> Result<(FileRow, String)> {
    let mut mine = app.door.mine(caller, "hearing:identity_paper").await?;
    let row = store::file(&mut mine, upload).await?;
    drop(mine);
    let mut keys = store::move_to_court(app, court, std::slice::from_ref(&row)).await?;
    let key = keys.pop().ok_or_else(|| Error::internal("no object"))?;
    Ok((row, key))
}

/// The most papers of one participant.
const MOST: usize = 20;

/// Takes a paper into the file; answers its leaf.
///
/// # Errors
/// Too many.
pub async fn add(tx: &mut CourtTx, hearing: Uuid, seat: &Sitting, kind: PaperKind, file: &(FileRow, String)) -> Result<Uuid> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    if all(tx, hearing).await?.iter().filter(|p| p.participant_id == seat.id()).count() >= MOST {
        return Err(Error::invalid(
            "identity.too_many",
            said(format!("身份材料最多 {MOST} 份。"), format!("At most {MOST} papers of identity.")),
            said("多出来的请直接交书记员入卷。", "Hand what is more to the clerk."),
        ));
    }
    let case = joint::case_of(tx, hearing, seat.id()).await?;
    let case_kind: String = sqlx::query_scalar("select kind from cases where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(case)
        .fetch_one(tx.conn())
        .await?;
    let (row, key) = file;
    let (title, maker) = (format!("{}（{}）", kind.zh(), seat.name), tx.who.to_string());
    let folder = file::identity_folder(&case_kind);
    let leaf = NewLeaf::object(folder, &title, "身份材料", &maker, &row.media_type, row.size, row.pages, &row.sha256, &row.sm3, key);
    let leaf = if kind == PaperKind::IdCard { leaf.for_staff() } else { leaf };
    let id = file::add(tx, case, &leaf).await?;
    sqlx::query("insert into hearing_papers (court_id, hearing_id, participant_id, leaf_id, case_id, kind, by_person, at) values ($1,$2,$3,$4,$5,$6,$7,$8)")
        .bind(court)
        .bind(hearing)
        .bind(seat.id())
        .bind(id)
        .bind(case)
        .bind(kind.key())
        .bind(me)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let note = Note::new("identity_paper", said(format!("入卷：{title}"), format!("Added to the file: {}", kind.en()))).by(law::OL7.zh);
    timeline::write(tx, case, note.for_staff()).await?;
    Ok(id)
}
