//! Doors of one's own matters over all courts: one list, one join.

use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::case_views::CaseList;
use super::facts;
use super::join::{self, Joined};
use super::read::{self, OwnQuery};
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::Result;

/// The doors.
pub struct MineApi;

/// 关联码.
#[derive(Object)]
struct JoinOrder {
    /// The code from the notice.
    #[oai(validator(max_length = 40))]
    code: String,
}

#[OpenApi]
impl MineApi {
    /// My cases over all courts, newest first.
    #[oai(path = "/my/cases", method = "get", operation_id = "list_my_cases")]
    #[allow(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn cases(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(validator(max_length = 100))] q: Query<Option<String>>,
        court: Query<Option<i32>>,
        stage: Query<Option<String>>,
        capacity: Query<Option<String>>,
        /// 已结 (true) or 未结 (false); both when absent.
        closed: Query<Option<bool>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<CaseList>> {
        let mut tx = app.door.mine(&caller, "case:list").await?;
        let limit = i64::from(limit.0.unwrap_or(50).clamp(1, 200));
        let q = q.0.unwrap_or_default();
        let query = OwnQuery {
            q: &q,
            court: court.0,
            stage: stage.0.as_deref(),
            capacity: capacity.0.as_deref(),
            closed: closed.0,
            after: cursor.0,
            limit,
        };
        let rows = read::own(tx.conn(), caller.person(), &query).await?;
        let ids: Vec<Uuid> = rows.iter().map(|(r, _)| r.case_id).collect();
        let acts = read::last_acts(tx.conn(), &ids).await?;
        let next_cursor = (rows.len() as i64 == limit).then(|| ids.last().map(Uuid::to_string)).flatten();
        let facts = facts::of_cases(tx.conn(), &ids).await?;
        let last = |id: Uuid| acts.iter().find(|(case, _)| *case == id).map(|(_, act)| act.clone());
        let items = rows
            .into_iter()
            .map(|(r, capacity)| (last(r.case_id), r, capacity))
            .map(|(act, r, capacity)| read::summary(app, r, capacity, act, false, &facts))
            .collect::<Result<_>>()?;
        Ok(Json(CaseList { items, next_cursor }))
    }

    /// Joins a case with the code from the notice.
    #[oai(path = "/my/cases/join", method = "post", operation_id = "join_case")]
    async fn join(&self, Data(app): Data<&App>, caller: Caller, body: Json<JoinOrder>) -> Result<Json<Joined>> {
        Ok(Json(join::by_code(app, &caller, &body.0.code).await?))
    }
}
