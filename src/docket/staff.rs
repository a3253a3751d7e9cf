//! What court people do with a case: assign its judge and clerk, seal it, add papers to its file.

use serde_json::json;
use uuid::Uuid;

use super::case_views::CaseStaff;
use super::file::{self, NewLeaf};
use super::timeline::{self, Note};
use super::words::PanelRole;
use super::{people, read};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::role::Role;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, Said, said};
use crate::evidence::store::{self, FileRow};

/// Who is to handle a case; nothing given leaves it as it is.
pub struct Panel {
    /// 承办法官.
    pub judge: Option<Uuid>,
    /// 书记员.
    pub clerk: Option<Uuid>,
    /// 审判长.
    pub presiding: Option<Uuid>,
}

/// Seats the panel; `how` the judge was found stands in the timeline.
pub async fn assign(tx: &mut CourtTx, case: Uuid, panel: &Panel, how: Option<Said>) -> Result<()> {
    let row = read::row(tx, case).await?;
    let mut members = row.panel.0;
    let wanted = [
        (PanelRole::PresidingJudge, panel.presiding, Role::PresidingJudge),
        (PanelRole::Judge, panel.judge, Role::Judge),
        (PanelRole::Clerk, panel.clerk, Role::Clerk),
    ];
    for (capacity, person, role) in wanted {
        let Some(person) = person else { continue };
        let name = colleague(tx, person, role).await?;
        for old in members.iter().filter(|m| m.role == capacity).filter_map(|m| m.person_id) {
            people::end_person(tx, case, old, capacity.key()).await?;
        }
        members.retain(|m| m.role != capacity);
        people::put_person(tx, case, person, capacity.key(), None, &name).await?;
        members.push(CaseStaff { role: capacity, name: name.clone(), person_id: Some(person) });
        let word = match capacity {
            PanelRole::PresidingJudge => ("审判长", "Presiding judge"),
            PanelRole::Judge => ("承办法官", "Judge"),
            PanelRole::Clerk => ("书记员", "Clerk"),
        };
        let (tail, tail_en) = match &how {
            Some((zh, en)) if capacity == PanelRole::Judge => (format!("（{zh}）"), format!(" ({en})")),
            _ => Default::default(),
        };
        let text = said(format!("确定{}：{name}{tail}", word.0), format!("{}: {name}{tail_en}", word.1));
        let note = Note::new("assigned", text).by("民事诉讼法 第一百三十一条");
        timeline::write(tx, case, note.with_effect(said("您有权申请回避。", "You may ask for recusal."))).await?;
    }
    let court = tx.court;
    sqlx::query("update cases set panel = $3, stage = 'assigned', version = version + 1 where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(case)
        .bind(sqlx::types::Json(&members))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The name of a colleague who holds the role at this court.
async fn colleague(tx: &mut CourtTx, person: Uuid, role: Role) -> Result<String> {
    let court = tx.court;
    let roles = if role == Role::Judge { vec!["judge", "presiding_judge"] } else { vec![role.key()] };
    let name: Option<String> = sqlx::query_scalar(
        "select p.name from people p where p.person_id = $2 and exists (select 1 from role_grants g where g.court_id = $1 and g.person_id = p.person_id and g.role = any($3) and g.revoked_at is null)",
    )
    .bind(court)
    .bind(person)
    .bind(roles)
    .fetch_optional(tx.conn())
    .await?;
    name.ok_or_else(|| {
        Error::invalid(
            "panel.no_such_colleague",
            said("本院没有这个身份的这位同事。", "No colleague of this court holds that role."),
            said("请从本院人员中选择。", "Choose from the court's people."),
        )
        .at(format!("/{}", role.key()))
    })
}

/// 封存 or its end: from then on only those in the case see it.
pub async fn seal(tx: &mut CourtTx, case: Uuid, sealed: bool, reason: &str) -> Result<()> {
    let row = read::row(tx, case).await?;
    let (court, me, who) = (tx.court, tx.person()?, tx.who.to_string());
    // whoever seals stays able to open it again
    people::put_person(tx, case, me, "presiding_judge", None, &who).await?;
    sqlx::query("update cases set sealed = $3, sealed_reason = $4, version = version + 1 where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(row.case_id)
        .bind(sealed)
        .bind(reason)
        .execute(tx.conn())
        .await?;
    let text = if sealed { said("案件封存", "The case is sealed") } else { said("解除封存", "The seal is lifted") };
    timeline::write(tx, case, Note::new("sealed", text).for_staff()).await
}

/// What is added to the file.
#[derive(serde::Serialize)]
pub struct Addition<'a> {
    /// File uploaded before.
    pub file: Uuid,
    /// Folder.
    pub folder: i32,
    /// main or secret.
    pub volume: &'a str,
    /// Title.
    pub title: &'a str,
}

/// 材料入卷, by court people.
pub async fn add_leaf(app: &App, caller: &Caller, court: i32, case: Uuid, key: Option<Uuid>, a: &Addition<'_>) -> Result<Uuid> {
    let secret = a.volume == "secret";
    let mut tx = app.door.enter(caller, court, Act::CaseFileAdd).await?; // first of all: who may not add learns nothing of files
    let found = read::row(&mut tx, case).await?;
    if let Some(first) = tx.once_if::<Uuid>(key, &(case, a)).await? {
        return Ok(first);
    }
    let kind = if found.kind == "enforcement" { "enforcement" } else { "civil" };
    if app.reference.folder(kind, a.volume, a.folder).is_none() {
        return Err(Error::invalid(
            "case_file.folder",
            said("卷宗目录里没有这一项。", "There is no such folder."),
            said("请从卷宗目录中选择。", "Choose one of the standard folders."),
        )
        .at("/folder"));
    }
    drop(tx); // bytes are copied before the transaction that names them
    let mut mine = app.door.mine(caller, "case_file:add").await?;
    let row: FileRow = store::file(&mut mine, a.file).await?;
    drop(mine);
    let keys = store::move_to_court(app, court, std::slice::from_ref(&row)).await?;
    let object = keys.first().ok_or_else(|| Error::internal("no object"))?;
    let mut tx = app.door.enter(caller, court, Act::CaseFileAdd).await?;
    read::row(&mut tx, case).await?;
    if let Some(first) = tx.once_if::<Uuid>(key, &(case, a)).await? {
        return Ok(first); // a double click: the copy in the store is the same bytes under the same name
    }
    let leaf = NewLeaf::object(a.folder, a.title, "材料", "本院", &row.media_type, row.size, row.pages, &row.sha256, &row.sm3, object);
    let leaf = if secret { leaf.for_court_only() } else { leaf };
    let id = file::add(&mut tx, case, &leaf).await?;
    let note = Note::new("filed_leaf", said(format!("入卷：{}", a.title), format!("Added to the file: {}", a.title)));
    timeline::write(&mut tx, case, if secret { note.for_staff() } else { note }).await?;
    tx.answered_if(key, &id).await?;
    tx.commit(id, json!({ "case": case, "volume": a.volume })).await?;
    Ok(id)
}
