//! 常用视图: searches a person saved under a name. Owns their bounds; knows nothing of what they ask.

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::{Any, ToJSON};
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::store;
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, NoContent, created};
use crate::kit::text::{Bounds, clean, refuse_hidden};
use crate::person::faults::Fault;

/// Views one may save.
const MOST: usize = 50;
/// Bytes of a query.
const LARGEST: usize = 4096;

/// 常用视图.
#[derive(Object)]
pub struct SavedView {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// The search, as the page keeps it.
    pub query: Any<Value>,
}

/// One's saved views.
#[derive(Object)]
pub struct SavedViewList {
    /// In the order they were saved.
    pub items: Vec<SavedView>,
}

/// A view to be saved.
#[derive(Object)]
pub struct NewView {
    /// Name.
    #[oai(validator(max_length = 200))]
    pub name: String,
    /// The search: an object of at most 4 KiB.
    pub query: Any<Value>,
}

/// The doors.
pub struct ViewsApi;

#[OpenApi]
impl ViewsApi {
    /// 我的常用视图.
    #[oai(path = "/my/views", method = "get", operation_id = "list_views")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<SavedViewList>> {
        let rows = store::views(&mut app.door.mine(&caller, "views:read").await?).await?;
        let view = |r: store::ViewRow| SavedView { id: r.view_id, name: r.name, query: Any(r.query) };
        Ok(Json(SavedViewList { items: rows.into_iter().map(view).collect() }))
    }

    /// 保存一个视图.
    #[oai(path = "/my/views", method = "post", operation_id = "save_view")]
    async fn save(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<NewView>,
    ) -> Result<Created<SavedView>> {
        Ok(created(save(app, &caller, key.0, body.0).await?))
    }

    /// 删除一个视图.
    #[oai(path = "/my/views/:view", method = "delete", operation_id = "delete_view")]
    async fn remove(&self, Data(app): Data<&App>, caller: Caller, view: Path<Uuid>) -> Result<NoContent> {
        let mut mine = app.door.mine(&caller, "views:delete").await?;
        store::remove_view(&mut mine, view.0).await?;
        mine.commit(format!("view:{}", view.0), serde_json::json!({})).await?;
        Ok(NoContent::NoContent)
    }
}

async fn save(app: &App, caller: &Caller, key: Option<Uuid>, view: NewView) -> Result<SavedView> {
    let body = view.to_json_string();
    let NewView { name, query: Any(query) } = view;
    let name = clean(&name, Bounds::line(1, 40)).map_err(|e| Fault::from(e).at("/name"))?;
    check_query(&query)?;
    let mut mine = app.door.mine(caller, "views:save").await?;
    if let Some(key) = key
        && let Some(id) = mine.once(key, body.as_bytes()).await?
    {
        return Ok(SavedView { id, name, query: Any(query) });
    }
    if store::views(&mut mine).await?.len() >= MOST {
        return Err(too_many());
    }
    let id = store::add_view(&mut mine, &name, &query).await?;
    if let Some(key) = key {
        mine.answered(key, &id).await?;
    }
    mine.commit(format!("view:{id}"), serde_json::json!({})).await?;
    Ok(SavedView { id, name, query: Any(query) })
}

fn too_many() -> Error {
    Error::invalid(
        "view.too_many",
        said(format!("最多保存 {MOST} 个视图。"), format!("At most {MOST} views are kept.")),
        said("请先删掉不用的。", "Delete one you do not use."),
    )
}

/// Every text of a query, keys too, free of signs the database or a reader cannot take.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => refuse_hidden(text, true).is_ok(),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(members) => members.iter().all(|(key, value)| refuse_hidden(key, false).is_ok() && is_plain(value)),
        _ => true,
    }
}

fn check_query(query: &Value) -> Result<()> {
    if query.is_object() && query.to_string().len() <= LARGEST && is_plain(query) {
        return Ok(());
    }
    Err(Error::invalid(
        "view.query",
        said("这个视图的条件存不下来。", "This search cannot be saved."),
        said("条件应为一个对象，不超过 4 KiB，不含看不见的字符。", "It is an object of at most 4 KiB without invisible signs."),
    )
    .at("/query"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_query_is_a_small_plain_object() {
        assert!(check_query(&json!({"q": "物流", "court": [370102], "sealed": false})).is_ok());
        for bad in [json!([]), json!("x"), json!({"q": "a\u{0}"}), json!({"a\u{200B}": 1}), json!({"q": "长".repeat(2000)})] {
            assert!(check_query(&bad).is_err());
        }
    }
}
