//! 本院可选人员: whom a clerk can choose for the court's seats of a hearing.
//!
//! Reads grants and names, for whoever fixes hearings; people administration is another room. Must never show more of a
//! colleague than a name and what he or she may sit as.

use poem_openapi::Object;
use sqlx::FromRow;
use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::Result;

/// Somebody of the court.
#[derive(Debug, Clone, Object, FromRow)]
pub struct HearingColleague {
    /// Account.
    pub person_id: Uuid,
    /// Name.
    pub name: String,
    /// judge, presiding_judge, clerk, technician: what he or she holds at this court.
    pub roles: Vec<String>,
}

/// Who holds an office that has a seat in hearings, by name. The transaction sits in the seat of the house.
///
/// # Errors
/// What the database says.
pub async fn of_court(tx: &mut CourtTx) -> Result<Vec<HearingColleague>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select p.person_id, p.name, array_agg(g.role order by g.role) as roles from role_grants g join people p on p.person_id = g.person_id
         where g.court_id = $1 and g.revoked_at is null and g.suspended_at is null and g.role in ('judge', 'presiding_judge', 'clerk', 'technician')
         group by p.person_id, p.name order by p.name, p.person_id limit 1000",
    )
    .bind(court)
    .fetch_all(tx.conn())
    .await?)
}
