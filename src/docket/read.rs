//! Reading cases. Owns the SQL that reads and what each viewer sees of a person's numbers.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgConnection, Row as _};
use uuid::Uuid;

use super::case_views::{
    Case, CaseFile, CaseFolder, CaseParty, CaseRepresentative, CaseStaff, CaseSummary, CaseViewer, JoinCode, LastAct, Leaf, NextStep,
    Origin,
};
use super::closing::Manner;
use super::facts::Fact;
use super::initial;
use super::timeline;
use super::views::{Clock, PaperRef};
use super::words::{Capacity, CaseAct, PanelRole, PartyKind, Volume};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::kit::seal::Place;
use crate::kit::words::of_text;
use crate::person::masking::{self, Viewer};

/// A case's row.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of cases, documented in the migration")]
pub struct Row {
    pub court_id: i32,
    pub case_id: Uuid,
    pub number: String,
    pub filing_id: Uuid,
    pub kind: String,
    pub cause_name: String,
    pub title: String,
    pub stage: String,
    pub procedure: String,
    pub filed_at: DateTime<Utc>,
    pub amount_fen: Option<i64>,
    pub sealed: bool,
    pub closed_at: Option<DateTime<Utc>>,
    pub closed_how: Option<Manner>,
    pub panel: sqlx::types::Json<Vec<CaseStaff>>,
    pub complaint_served_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub origin_court: Option<i32>,
    pub origin_case: Option<Uuid>,
    pub origin_number: Option<String>,
    /// Of an appeal against a ruling: which.
    pub origin_against: Option<String>,
    /// 退卷, of second instance.
    pub file_returned_at: Option<DateTime<Utc>>,
}

impl Row {
    /// 原审案件, of second instance.
    fn origin(&self, app: &App) -> Option<Origin> {
        let (court, case) = self.origin_court.zip(self.origin_case)?;
        Some(Origin { court_id: court, court_name: app.door.registry.name(court), case_id: case, number: self.origin_number.clone()? })
    }
}

const COLUMNS: &str = "court_id, case_id, number, filing_id, kind, cause_name, title, stage, procedure, filed_at, amount_fen, sealed, closed_at, closed_how, panel, complaint_served_at, version, origin_court, origin_case, origin_number, origin_against, file_returned_at";

fn sql(tail: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("select {COLUMNS} from cases {tail}"))
}

/// One case's row, or "not found" for whoever may not see it.
pub async fn row(tx: &mut CourtTx, case: Uuid) -> Result<Row> {
    let court = tx.court;
    sqlx::query_as(sql("where court_id = $1 and case_id = $2"))
        .bind(court)
        .bind(case)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)
}

fn like(q: &str) -> String {
    format!("%{}%", q.replace(['%', '_', '\\'], ""))
}

/// Cases of a court, newest first.
pub async fn list(
    tx: &mut CourtTx,
    q: &str,
    stage: Option<&str>,
    closed: Option<bool>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Row>> {
    let court = tx.court;
    Ok(sqlx::query_as(sql("where court_id = $1 and (title like $2 or number like $2 or cause_name like $2) and ($3::text is null or stage = $3) and ($6::bool is null or (closed_at is not null) = $6) and ($4::uuid is null or case_id < $4) order by case_id desc limit $5"))
        .bind(court)
        .bind(like(q))
        .bind(stage)
        .bind(after)
        .bind(limit)
        .bind(closed)
        .fetch_all(tx.conn())
        .await?)
}

/// What to look for among one's own cases.
pub struct OwnQuery<'a> {
    /// Words.
    pub q: &'a str,
    /// Court.
    pub court: Option<i32>,
    /// Stage.
    pub stage: Option<&'a str>,
    /// My capacity.
    pub capacity: Option<&'a str>,
    /// 已结 or 未结; both when none.
    pub closed: Option<bool>,
    /// After this case.
    pub after: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
}

/// One's own cases over all courts, with one's capacity.
pub async fn own(conn: &mut PgConnection, person: Uuid, query: &OwnQuery<'_>) -> Result<Vec<(Row, Option<Capacity>)>> {
    let rows: Vec<Row> = sqlx::query_as(sql(
        "where case_id in (select case_id from case_people where person_id = $1 and until is null and ($6::text is null or capacity = $6)) and (title like $2 or number like $2 or cause_name like $2)
           and ($3::int is null or court_id = $3) and ($4::text is null or stage = $4) and ($8::bool is null or (closed_at is not null) = $8) and ($5::uuid is null or case_id < $5) order by case_id desc limit $7",
    ))
    .bind(person)
    .bind(like(query.q))
    .bind(query.court)
    .bind(query.stage)
    .bind(query.after)
    .bind(query.capacity)
    .bind(query.limit)
    .bind(query.closed)
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|r| r.case_id).collect();
    let capacities: Vec<(Uuid, Capacity)> = sqlx::query_as(
        "select case_id, capacity from case_people where person_id = $1 and until is null and case_id = any($2) order by capacity desc",
    )
    .bind(person)
    .bind(&ids)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|r| (capacities.iter().find(|(id, _)| *id == r.case_id).map(|(_, c)| *c), r)).map(|(c, r)| (r, c)).collect())
}

/// The last visible act of each case.
pub async fn last_acts(conn: &mut PgConnection, cases: &[Uuid]) -> Result<Vec<(Uuid, LastAct)>> {
    let rows = sqlx::query("select distinct on (subject_id) subject_id, at, text, text_en from acts where subject_id = any($1) and audience = 'all' order by subject_id, act_id desc")
        .bind(cases)
        .fetch_all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.get("subject_id"), LastAct { at: r.get("at"), text: r.get("text"), text_en: r.get("text_en") }))
        .collect())
}

/// A row in a list.
pub fn summary(
    app: &App,
    row: Row,
    capacity: Option<Capacity>,
    last_act: Option<LastAct>,
    staff: bool,
    facts: &[Fact],
) -> Result<CaseSummary> {
    Ok(CaseSummary {
        court_id: row.court_id,
        court_name: app.door.registry.name(row.court_id),
        next_clock: if row.closed_at.is_some() {
            None
        } else {
            initial::shown(app, &row, staff, facts).into_iter().next().map(Clock::in_a_list)
        },
        id: row.case_id,
        number: row.number,
        title: row.title,
        kind: of_text(&row.kind)?,
        cause_name: row.cause_name,
        stage: of_text(&row.stage)?,
        procedure: of_text(&row.procedure)?,
        filed_at: row.filed_at,
        my_capacity: capacity,
        closed_at: row.closed_at,
        closed_how: row.closed_how,
        last_act,
        sealed: row.sealed,
    })
}

/// A case, whole, for whoever looks.
pub async fn whole(app: &App, caller: &Caller, tx: &mut CourtTx, case: Uuid) -> Result<Case> {
    let row = row(tx, case).await?;
    let (court, staff) = (tx.court, tx.is_staff());
    let mine = super::people::parties_of(tx, case, caller.person()).await?;
    let parties = parties(tx, case, staff, &mine).await?;
    let timeline = timeline::read(tx, &[case, row.filing_id]).await?;
    let papers: Vec<PaperRef> = sqlx::query_as("select paper_id as id, kind, title, issued_at, verify_code, audience from papers where court_id = $1 and (case_id = $2 or filing_id = $3) order by paper_id desc")
        .bind(court)
        .bind(case)
        .bind(row.filing_id)
        .fetch_all(tx.conn())
        .await?;
    let capacity: Option<Capacity> = mine.first().map(|m| of_text(&m.0)).transpose()?;
    let viewer = CaseViewer {
        capacity: if staff { Capacity::Staff } else { capacity.ok_or_else(Error::not_found)? },
        may: may(app, caller, court, staff, &mine),
    };
    let clocks = initial::and_events(app, tx, &row).await?;
    // the court's people know what is next; the words are for those who wait
    let next_step = (!staff).then(|| next_step(&row));
    let colleagues = sqlx::query_as("select person_id, name, since from case_people where court_id = $1 and case_id = $2 and shared_by = $3 and until is null order by since")
        .bind(court)
        .bind(case)
        .bind(caller.person())
        .fetch_all(tx.conn())
        .await?;
    let origin = row.origin(app);
    Ok(Case {
        court_id: court,
        court_name: app.door.registry.name(court),
        id: row.case_id,
        number: row.number,
        title: row.title,
        kind: of_text(&row.kind)?,
        cause_name: row.cause_name,
        stage: of_text(&row.stage)?,
        procedure: of_text(&row.procedure)?,
        filed_at: row.filed_at,
        my_capacity: capacity,
        closed_at: row.closed_at,
        closed_how: row.closed_how,
        sealed: row.sealed,
        version: row.version,
        filing_id: row.filing_id,
        origin,
        file_returned_at: row.file_returned_at,
        amount_fen: row.amount_fen,
        parties,
        staff: row.panel.0,
        clocks,
        timeline,
        papers,
        next_step,
        colleagues,
        viewer,
    })
}

fn may(app: &App, caller: &Caller, court: i32, staff: bool, mine: &[(String, Option<Uuid>)]) -> Vec<CaseAct> {
    let acts = [
        (Act::CaseSeal, CaseAct::Seal),
        (Act::CaseAssign, CaseAct::Assign),
        (Act::CaseFileAdd, CaseAct::AddLeaf),
        (Act::CaseClose, CaseAct::Close),
        (Act::JoinCodeRead, CaseAct::JoinCodes),
        (Act::SecretFileRead, CaseAct::ReadSecret),
        (Act::ClockSuspend, CaseAct::Suspend),
        (Act::ClockTravel, CaseAct::Travel),
        (Act::ClockExcuseDecide, CaseAct::ExcuseDecide),
        (Act::ClockWhatIf, CaseAct::WhatIf),
    ];
    let mut may: Vec<CaseAct> =
        acts.into_iter().filter(|(act, _)| staff && app.door.may(caller, court, *act)).map(|(_, shown)| shown).collect();
    if mine.iter().any(|(capacity, _)| !matches!(capacity.as_str(), "colleague" | "judge" | "clerk" | "presiding_judge" | "representative"))
    {
        may.push(CaseAct::Representatives);
    }
    if mine.iter().any(|(capacity, _)| capacity == "representative") {
        may.extend([CaseAct::Leave, CaseAct::Colleagues]);
    }
    may
}

fn next_step(row: &Row) -> NextStep {
    let assigned = row.panel.0.iter().any(|p| p.role == PanelRole::Judge);
    let step = |title: &str, title_en: &str, text: &str, text_en: &str| NextStep {
        title: title.into(),
        title_en: title_en.into(),
        text: text.into(),
        text_en: text_en.into(),
        // whoever waits has no day to keep; the trial limit stands among the clocks
        by: None,
        action: None,
    };
    if row.closed_at.is_some() {
        step(
            "案件已结案",
            "The case is closed",
            "文书和卷宗仍可在这里查看、下载。对结果有异议的，救济途径和期限见文书末尾。",
            "Papers and file stay here to read and download. How to object, and until when, stands at the end of the paper.",
        )
    } else if row.kind == "enforcement" {
        step(
            "等待法院执行",
            "Waiting for enforcement",
            "法院会向被执行人发出执行通知，查找、控制财产，进展会在这里显示。有新的财产线索，请告诉承办人。",
            "The court notifies the debtor and looks for property; progress shows here. If you learn of property, tell the officer.",
        )
    } else if assigned {
        step(
            "等待法院安排开庭",
            "Waiting for a hearing date",
            "法院会把开庭时间发到您的手机，并在这里显示。现在不用做什么。",
            "The court will send the date to your phone and show it here. Nothing to do now.",
        )
    } else {
        step(
            "等待分案",
            "Waiting for a judge",
            "案件已经立案，法院正在确定承办法官。定下后会在这里显示。现在不用做什么。",
            "The case is docketed and a judge is being assigned. It will show here. Nothing to do now.",
        )
    }
}

async fn parties(tx: &mut CourtTx, case: Uuid, staff: bool, mine: &[(String, Option<Uuid>)]) -> Result<Vec<CaseParty>> {
    let court = tx.court;
    let agents = sqlx::query("select representative_id, party_id, kind, name, unit, power, until, person_id from representatives where court_id = $1 and case_id = $2 order by representative_id")
        .bind(court)
        .bind(case)
        .fetch_all(tx.conn())
        .await?;
    let rows = sqlx::query(
        "select party_id, side, kind, name, details, person_id from case_parties where court_id = $1 and case_id = $2 order by ordinal",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let id: Uuid = row.get("party_id");
        let details: Value = tx.seal().open_json(tx.owner(), Place("case_parties", "details", &id), row.get("details"))?;
        let own = mine.iter().any(|(_, party)| *party == Some(id));
        let viewer = match (staff, own) {
            (_, true) => Viewer::Owner,
            (true, _) => Viewer::ClerkList,
            _ => Viewer::OtherParty,
        };
        let text = |key: &str| details[key].as_str().unwrap_or_default().to_owned();
        let number = if text("id_number").is_empty() { text("uscc") } else { text("id_number") };
        let kind: PartyKind = row.get("kind");
        let organisation = kind != PartyKind::Natural;
        let address = [text("residence"), text("office"), text("domicile")].into_iter().find(|a| !a.is_empty()).unwrap_or_default();
        let representatives = agents.iter().filter(|a| a.get::<Uuid, _>("party_id") == id).map(|a| CaseRepresentative {
            id: a.get("representative_id"),
            name: a.get("name"),
            unit: a.get("unit"),
            kind: a.get("kind"),
            power: a.get("power"),
            active: a.get::<Option<DateTime<Utc>>, _>("until").is_none(),
            joined: a.get::<Option<Uuid>, _>("person_id").is_some(),
        });
        out.push(CaseParty {
            id,
            side: row.get("side"),
            kind,
            name: row.get("name"),
            id_masked: if organisation { masking::credit_code(&number, viewer) } else { masking::id_number(&number, viewer) }
                .filter(|n| !n.is_empty()),
            phone_masked: masking::mobile(&text("phone"), viewer).filter(|n| !n.is_empty()),
            address: masking::address(&address, false, viewer).filter(|a| !a.is_empty()),
            joined: row.get::<Option<Uuid>, _>("person_id").is_some(),
            own,
            representatives: representatives.collect(),
        });
    }
    Ok(out)
}

/// The electronic file in the standard folders; empty folders are left out.
pub async fn file(app: &App, tx: &mut CourtTx, case: Uuid, q: &str, secret: bool) -> Result<CaseFile> {
    let row = row(tx, case).await?;
    let (court, staff) = (tx.court, tx.is_staff());
    let leaves = sqlx::query(
        "select l.folder, l.volume, l.leaf_id as id, l.n, l.title, l.doc_class, l.maker, l.made_at, l.media_type, l.size, l.pages, l.sha256, l.sm3, l.staff_only, p.verify_code
         from leaves l left join papers p on p.court_id = l.court_id and p.paper_id = l.paper_id
         where l.court_id = $1 and l.case_id = $2 and l.title like $3 and ($4 or l.volume = 'main') and ($5 or not l.staff_only) order by l.volume, l.folder, l.n",
    )
    .bind(court)
    .bind(case)
    .bind(like(q))
    .bind(secret)
    .bind(staff)
    .fetch_all(tx.conn())
    .await?;
    let kind = if row.kind == "enforcement" { "enforcement" } else { "civil" };
    let mut folders: Vec<CaseFolder> = Vec::new();
    for r in &leaves {
        let (n, volume): (i32, Volume) = (r.get("folder"), r.get("volume"));
        if folders.last().is_none_or(|f| f.n != n || f.volume != volume) {
            let name = app.reference.folder(kind, volume.key(), n).map_or_else(|| "其他".to_owned(), |f| f.title.clone());
            folders.push(CaseFolder { n, name, volume, leaves: Vec::new() });
        }
        if let Some(folder) = folders.last_mut() {
            folder.leaves.push(Leaf::from_row(r)?);
        }
    }
    Ok(CaseFile { folders })
}

/// Where a leaf lies: its paper to be rendered, or its object.
pub struct LeafPlace {
    /// Title.
    pub title: String,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    pub size: Option<i64>,
    /// Object.
    pub object_key: Option<String>,
    /// Paper.
    pub paper: Option<Uuid>,
    /// main or secret.
    pub volume: String,
}

/// One leaf's place.
pub async fn leaf(tx: &mut CourtTx, case: Uuid, leaf: Uuid) -> Result<LeafPlace> {
    let (court, staff) = (tx.court, tx.is_staff());
    let r = sqlx::query(
        "select title, media_type, size, object_key, paper_id, volume from leaves where court_id = $1 and case_id = $2 and leaf_id = $3 and ($4 or not staff_only)",
    )
    .bind(court)
    .bind(case)
    .bind(leaf)
    .bind(staff)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    Ok(LeafPlace {
        title: r.get("title"),
        media_type: r.get("media_type"),
        size: r.get("size"),
        object_key: r.get("object_key"),
        paper: r.get("paper_id"),
        volume: r.get("volume"),
    })
}

/// The codes of parties that have not joined.
pub async fn join_codes(tx: &mut CourtTx, case: Uuid) -> Result<Vec<JoinCode>> {
    row(tx, case).await?;
    let court = tx.court;
    let rows = sqlx::query("select j.party_id, p.name, j.code, j.used_at, j.expires_at from join_codes j join case_parties p on p.court_id = j.court_id and p.case_id = j.case_id and p.party_id = j.party_id where j.court_id = $1 and j.case_id = $2 order by p.ordinal")
        .bind(court)
        .bind(case)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter()
        .map(|r| {
            let party: Uuid = r.get("party_id");
            let code = tx.seal().open_text(tx.owner(), Place("join_codes", "code", &party), r.get("code"))?;
            Ok(JoinCode { party_id: party, party_name: r.get("name"), code, used_at: r.get("used_at"), expires_at: r.get("expires_at") })
        })
        .collect()
}
