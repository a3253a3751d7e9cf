//! What is ready when a step is to be taken: who is there, who was identified, what the recorder says.
//! Owns reading it. Must never decide: that is `guards`.

use uuid::Uuid;

use super::floor::{Floor, Seated};
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::hearing::guards::{Ready, Storage};
use crate::hearing::words::{Place, Role};

/// Reads it.
///
/// # Errors
/// What the database says.
pub async fn ready(tx: &mut CourtTx, floor: &Floor, (recorder, storage): (bool, Storage)) -> Result<Ready> {
    let there: Vec<&Seated> = floor.people.iter().filter(|p| p.is_there()).collect();
    let in_room = |p: &&&Seated| p.present.place == Place::Courtroom;
    let near = |p: &&&Seated| matches!(p.present.place, Place::Courtroom | Place::WaitingRoom);
    let bench: Vec<&Seated> = floor.people.iter().filter(|p| p.present.role.is_bench()).collect();
    let parties: Vec<Uuid> = there.iter().filter(near).filter(|p| p.present.role.is_party_side()).map(|p| p.present.id).collect();
    let guests = |r: Role| !r.is_court() && r != Role::Technician && !r.only_watches();
    let listeners: Vec<Uuid> = there.iter().filter(near).filter(|p| guests(p.present.role)).map(|p| p.present.id).collect();
    let identified = identified(tx, floor.hearing, &parties).await?;
    let acknowledged = agreed(tx, floor.hearing, "discipline", &listeners).await?;
    let mediation = agreed(tx, floor.hearing, "mediation", &parties).await?;
    let recorded = agreed(tx, floor.hearing, "mediation_recording", &parties).await?;
    Ok(Ready {
        recorder,
        storage,
        bench_complete: bench.iter().all(|p| p.is_there() && p.present.place == Place::Courtroom),
        clerk_present: there.iter().filter(in_room).any(|p| p.present.role.is_clerk()),
        judge_connected: there.iter().any(|p| p.present.role.presides()),
        any_party_present: !parties.is_empty(),
        unidentified: parties.len().saturating_sub(identified),
        unacknowledged: listeners.len().saturating_sub(acknowledged),
        mediation_agreed: !parties.is_empty() && mediation == parties.len(),
        recording_agreed: !parties.is_empty() && recorded == parties.len(),
        transcript_fixed: fixed(tx, floor.hearing).await?,
        signatures_complete: false,
    })
}

/// Checked by the court today (在线诉讼规则 Art 7).
async fn identified(tx: &mut CourtTx, hearing: Uuid, who: &[Uuid]) -> Result<usize> {
    let (court, day) = (tx.court, crate::court::beijing::start_of_day(crate::court::beijing::beijing_date(tx.now())));
    let n: i64 = sqlx::query_scalar(
        "select count(*) from unnest($3::uuid[]) as w(id)
          where (select i.says from hearing_identity i where i.court_id = $1 and i.hearing_id = $2 and i.participant_id = w.id and i.how is not null and i.at >= $4
                  order by i.at desc limit 1) = 'matches'",
    )
    .bind(court)
    .bind(hearing)
    .bind(who)
    .bind(day)
    .fetch_one(tx.conn())
    .await?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// How many of them said yes last.
async fn agreed(tx: &mut CourtTx, hearing: Uuid, what: &str, who: &[Uuid]) -> Result<usize> {
    let court = tx.court;
    let n: i64 = sqlx::query_scalar(
        "select count(*) from unnest($4::uuid[]) as w(id)
          where (select a.agrees from hearing_acks a where a.court_id = $1 and a.hearing_id = $2 and a.participant_id = w.id and a.what = $3 order by a.at desc limit 1)",
    )
    .bind(court)
    .bind(hearing)
    .bind(what)
    .bind(who)
    .fetch_one(tx.conn())
    .await?;
    Ok(usize::try_from(n).unwrap_or_default())
}

async fn fixed(tx: &mut CourtTx, hearing: Uuid) -> Result<bool> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select exists (select 1 from transcripts where court_id = $1 and hearing_id = $2 and fixed_n is not null)")
        .bind(court)
        .bind(hearing)
        .fetch_one(tx.conn())
        .await?)
}
