//! 系列庭审: the sittings of one hearing on several days, as far as they have not begun.
//!
//! Reads which they are, for what is done to all of them. A group may hold hearings of other cases too (关联庭审): those are
//! never part of a series. Must never name a sitting that has begun.

use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::Result;

/// The other sittings of the series that have not begun, by time, with their versions.
///
/// # Errors
/// What the database says.
pub async fn others(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<(Uuid, i32)>> {
    let found = all(tx, hearing).await?;
    Ok(found.into_iter().filter(|(id, _)| *id != hearing).collect())
}

/// All of them, this one too.
///
/// # Errors
/// What the database says.
pub async fn all(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<(Uuid, i32)>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select o.hearing_id, o.version from hearings h join hearings o on o.court_id = h.court_id and o.case_id = h.case_id
           and (o.hearing_id = h.hearing_id or (o.group_id = h.group_id and o.kind = h.kind))
         where h.court_id = $1 and h.hearing_id = $2 and o.state in ('scheduled', 'waiting') order by o.starts_at, o.hearing_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

/// The other sittings in which the same one sits, with his or her seat there.
///
/// # Errors
/// What the database says.
pub async fn others_with(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<Vec<(Uuid, i32, Uuid)>> {
    let court = tx.court;
    let mut out = Vec::new();
    for (other, version) in others(tx, hearing).await? {
        let same: Option<Uuid> = sqlx::query_scalar(
            "select o.participant_id from hearing_participants p join hearing_participants o on o.court_id = p.court_id and o.role = p.role and o.removed_at is null
               and o.party_id is not distinct from p.party_id and o.person_id is not distinct from p.person_id and o.name = p.name
             where p.court_id = $1 and p.hearing_id = $2 and p.participant_id = $3 and o.hearing_id = $4 order by o.participant_id limit 1",
        )
        .bind(court)
        .bind(hearing)
        .bind(participant)
        .bind(other)
        .fetch_optional(tx.conn())
        .await?;
        out.extend(same.map(|seat| (other, version, seat)));
    }
    Ok(out)
}
