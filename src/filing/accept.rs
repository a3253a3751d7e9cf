//! 立案: a filing becomes a numbered case with parties, people, an electronic file and its first papers.
//!
//! The number is issued inside this transaction from a counter of (court, year, type): gapless, in order,
//! under any number of clerks (case-number rules 2018).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::docket::case_types::{CaseKind, Instance, Rank, type_for};
use crate::docket::file::{self, NewLeaf};
use crate::docket::jobs::{SEAT_COUNSEL, seat_counsel_event};
use crate::docket::join::licence_index;
use crate::docket::number::CaseNumber;
use crate::docket::people::{self, NewCase, NewParty};
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::filing::compared::{self, identity_index};
use crate::filing::content::{Content, Party, PartyKind, Power, Side, text};
use crate::filing::read::{self, Row};
use crate::filing::store::next_value;
use crate::filing::submit::{masked_parties, tell};
use crate::paper::issue::{self, NewPaper};

/// What acceptance made.
#[derive(Debug, Serialize, Deserialize)]
pub struct Made {
    /// Case.
    pub case_id: Uuid,
    /// 案号.
    pub number: String,
    /// The proofs whose documents were compared.
    #[serde(default)]
    pub proofs: Value,
}

/// How long a join code lives.
const JOIN_CODE: TimeDelta = TimeDelta::days(180);

/// Accepts a filing.
pub async fn accept(app: &App, tx: &mut CourtTx, row: &Row, procedure: &str, compared: bool) -> Result<Made> {
    let content = Content::read(&read::content(tx, row.filing_id).await?).map_err(|_| Error::internal("filed content cannot be read"))?;
    let procedure = check_procedure(&row.kind, procedure)?;
    let number = next_number(app, tx, &row.kind).await?;
    let case = NewCase {
        id: tx.id(),
        number: &number,
        filing: row.filing_id,
        kind: &row.kind,
        cause_code: content.cause.as_ref().and_then(|c| c.code.as_deref()),
        cause_name: &row.cause_name,
        title: &row.title,
        procedure,
        amount_fen: row.amount_fen,
    };
    people::insert_case(tx, &case).await?;
    let parties = put_parties(tx, case.id, row, &content).await?;
    let proofs = if compared { compared::documents(tx, row, &content).await? } else { Value::Null };
    put_representatives(tx, case.id, row, &content, &parties).await?;
    let clerk = tx.person()?;
    let who = tx.who.to_string();
    people::put_person(tx, case.id, clerk, "clerk", None, &who).await?;
    put_leaves(tx, case.id, row, &content).await?;
    notices(app, tx, case.id, row, &content, &number.to_string(), procedure, &parties).await?;
    close_filing(tx, row, case.id, &number.to_string()).await?;
    let note =
        || Note::new("docketed", said(format!("登记立案，案号 {number}"), format!("Docketed as {number}"))).by("民事诉讼法 第一百二十六条");
    timeline::write(tx, row.filing_id, note()).await?;
    timeline::write(tx, case.id, note().with_effect(said("审理期限自次日起算。", "The trial limit runs from the next day."))).await?;
    let number = number.to_string();
    tell(
        tx,
        row.filer_id,
        "filing_accepted",
        &[
            ("number", &row.number),
            ("case_number", &number),
            ("link", &format!("{}/cases/{}/{}", app.config.public_url, tx.court, case.id)),
        ],
    )?;
    Ok(Made { case_id: case.id, number, proofs })
}

fn check_procedure(kind: &str, procedure: &str) -> Result<&'static str> {
    match (kind, procedure) {
        ("enforcement", _) => Ok("enforcement"),
        (_, "summary") => Ok("summary"),
        (_, "ordinary") => Ok("ordinary"),
        (_, "small_claims") => Ok("small_claims"),
        _ => Err(Error::invalid(
            "filing.procedure",
            said("没有这种审理程序。", "There is no such procedure."),
            said("请选择简易程序、普通程序或小额诉讼。", "Choose summary, ordinary or small claims."),
        )
        .at("/procedure")),
    }
}

async fn next_number(app: &App, tx: &mut CourtTx, kind: &str) -> Result<CaseNumber> {
    let court = app.door.registry.court(tx.court).ok_or_else(Error::not_found)?;
    let code =
        CaseKind::parse(kind).and_then(|k| type_for(k, Instance::First)).ok_or_else(|| Error::internal(format!("no type for {kind}")))?;
    let rank = Rank::parse(if court.level == "special" { "intermediate" } else { &court.level });
    if !rank.is_some_and(|rank| app.reference.case_types.may_number(rank, code)) {
        return Err(Error::invalid(
            "case_number.level",
            said(format!("本院不能编立「{code}」字案号。"), format!("This court cannot number cases of type {code}.")),
            said("请移送有管辖权的法院。", "Transfer it to a court that can."),
        ));
    }
    let serial = next_value(tx, &format!("case:{code}")).await?;
    Ok(CaseNumber::new(tx.now(), &court.code, code, u32::try_from(serial).unwrap_or_default()))
}

/// A party with its place in the case.
struct Placed<'a> {
    id: Uuid,
    draft_id: &'a str,
    party: &'a Party,
    code: Option<String>,
    joined: bool,
}

async fn put_parties<'a>(tx: &mut CourtTx, case: Uuid, row: &Row, content: &'a Content) -> Result<Vec<Placed<'a>>> {
    let court = tx.court;
    let filer_index: Vec<Vec<u8>> = sqlx::query_scalar("select filer_index from filings where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(row.filing_id)
        .fetch_one(tx.conn())
        .await?;
    let mut placed = Vec::new();
    for (ordinal, party) in content.parties.iter().enumerate() {
        let index = identity_index(tx, party)?;
        let is_filer = index.as_ref().is_some_and(|i| filer_index.contains(i));
        let side = side_word(&row.kind, party.side);
        let new = NewParty {
            id: tx.id(),
            ordinal: i32::try_from(ordinal).unwrap_or(0),
            side,
            kind: kind_word(party.kind),
            name: text(&party.name),
            details: serde_json::to_value(party)?,
            id_index: index,
            person: is_filer.then_some(row.filer_id),
        };
        let code = if is_filer { None } else { Some(join_code(tx)) };
        people::insert_party(tx, case, &new).await?;
        if is_filer {
            people::put_person(tx, case, row.filer_id, side, Some(new.id), text(&party.name)).await?;
        }
        if let Some(code) = &code {
            let expires = tx.now() + JOIN_CODE;
            people::insert_join_code(tx, case, new.id, code, expires).await?;
        }
        placed.push(Placed { id: new.id, draft_id: party.id.as_deref().unwrap_or_default(), party, code, joined: is_filer });
    }
    Ok(placed)
}

/// `370102-7K3M9Q2X`: the court in front, so that the code finds its court and nothing else.
fn join_code(tx: &CourtTx) -> String {
    format!("{}-{}", tx.court, tx.random().plain_code(8))
}

fn side_word(kind: &str, side: Option<Side>) -> &'static str {
    match (kind, side) {
        (_, Some(Side::Applicant)) | ("enforcement", Some(Side::Plaintiff)) => "applicant",
        (_, Some(Side::Respondent)) | ("enforcement", Some(Side::Defendant)) => "respondent",
        (_, Some(Side::Plaintiff)) => "plaintiff",
        (_, Some(Side::Defendant)) => "defendant",
        _ => "third_party",
    }
}

fn kind_word(kind: Option<PartyKind>) -> &'static str {
    match kind {
        Some(PartyKind::Legal) => "legal",
        Some(PartyKind::Unincorporated) => "unincorporated",
        _ => "natural",
    }
}

async fn put_representatives(tx: &mut CourtTx, case: Uuid, row: &Row, content: &Content, parties: &[Placed<'_>]) -> Result<()> {
    let court = tx.court;
    let filer_index: Vec<Vec<u8>> = sqlx::query_scalar("select filer_index from filings where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(row.filing_id)
        .fetch_one(tx.conn())
        .await?;
    let filer_is_party = parties.iter().any(|p| p.joined);
    for agent in &content.representatives {
        let licence = match text(&agent.licence) {
            "" => None,
            licence => Some(licence_index(tx, licence)?),
        };
        let is_filer = licence.as_ref().is_some_and(|l| filer_index.contains(l)) && !filer_is_party;
        for party in parties.iter().filter(|p| agent.party_ids.iter().any(|id| id == p.draft_id)) {
            let kind = agent
                .kind
                .and_then(|k| serde_json::to_value(k).ok())
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_else(|| "lawyer".into());
            let new = people::NewRepresentative {
                id: tx.id(),
                party: party.id,
                person: is_filer.then_some(row.filer_id),
                kind: &kind,
                name: text(&agent.name),
                unit: text(&agent.unit),
                licence_index: licence.clone(),
                power: if agent.power == Some(Power::Special) { "special" } else { "general" },
            };
            people::insert_representative(tx, case, &new).await?;
            if let Some(index) = licence.as_ref().filter(|_| !is_filer) {
                tx.tell(SEAT_COUNSEL, &seat_counsel_event(index))?;
            }
            if is_filer {
                people::put_person(tx, case, row.filer_id, "representative", Some(party.id), text(&agent.name)).await?;
            }
        }
    }
    if !filer_is_party && !people::is_in(tx, case, row.filer_id).await? {
        // filed for another by someone who is neither party nor named counsel: stays able to see what came of it
        let who = sqlx::query_scalar::<_, String>("select who from acts where court_id = $1 and subject_id = $2 order by act_id limit 1")
            .bind(court)
            .bind(row.filing_id)
            .fetch_one(tx.conn())
            .await?;
        people::put_person(tx, case, row.filer_id, "representative", None, &who).await?;
    }
    Ok(())
}

/// The file is made with the case (V03): complaint, evidence, identity and service papers in their folders.
async fn put_leaves(tx: &mut CourtTx, case: Uuid, row: &Row, content: &Content) -> Result<()> {
    let court = tx.court;
    let pleading: Option<Uuid> = sqlx::query_scalar(
        "select paper_id from papers where court_id = $1 and filing_id = $2 and kind = 'pleading' order by paper_id desc limit 1",
    )
    .bind(court)
    .bind(row.filing_id)
    .fetch_optional(tx.conn())
    .await?;
    if let Some(paper) = pleading {
        let title = if row.kind == "enforcement" { "强制执行申请书" } else { "起诉状" };
        file::add(tx, case, &NewLeaf::paper(folder(&row.kind, "complaint"), title, "书状", "提交人", paper)).await?;
    }
    for f in read::files(tx, row.filing_id).await? {
        let part = match f.role.as_str() {
            "evidence" => "evidence",
            _ => "identity",
        };
        let named = content
            .evidence
            .iter()
            .find(|e| e.id.is_some() && e.id == f.evidence_id)
            .map(|e| text(&e.name).to_owned())
            .filter(|n| !n.is_empty());
        let stem = f.name.rsplit_once('.').map_or(f.name.as_str(), |(stem, _)| stem);
        let title = named.map_or_else(|| stem.to_owned(), |n| if n == stem { n } else { format!("{n}（{stem}）") });
        let key: String = sqlx::query_scalar("select object_key from filing_files where court_id = $1 and filing_id = $2 and file_id = $3")
            .bind(court)
            .bind(row.filing_id)
            .bind(f.id)
            .fetch_one(tx.conn())
            .await?;
        file::add(
            tx,
            case,
            &NewLeaf::object(
                folder(&row.kind, part),
                &title,
                "证据材料",
                "提交人",
                &f.media_type,
                f.size,
                f.pages,
                &f.sha256,
                &f.sm3,
                &key,
            ),
        )
        .await?;
    }
    Ok(())
}

/// Numbers of the standard folders (电子卷宗目录): civil and administrative first instance, enforcement.
fn folder(kind: &str, part: &str) -> i32 {
    match (kind, part) {
        ("enforcement", "complaint") => 4,
        ("enforcement", "identity") => 6,
        ("enforcement", "notice") => 7,
        ("enforcement", _) => 5,
        (_, "complaint") => 4,
        (_, "notice") => 5,
        (_, "respond") => 7,
        (_, "identity") => 9,
        _ => 12,
    }
}

#[allow(clippy::too_many_arguments, reason = "one call, everything known at it")]
async fn notices(
    app: &App,
    tx: &mut CourtTx,
    case: Uuid,
    row: &Row,
    content: &Content,
    number: &str,
    procedure: &str,
    parties: &[Placed<'_>],
) -> Result<()> {
    let today = beijing_date(tx.now());
    let new = |kind, title: &str, template, data: Value, staff_only| NewPaper {
        kind,
        title: title.into(),
        template,
        data,
        filing: None,
        case: Some(case),
        addressee: None,
        staff_only,
        parties: masked_parties(content),
        number: Some(number.to_owned()),
    };
    let addressee = content.plaintiffs().first().map_or("提交人", |(_, p)| text(&p.name));
    let data = json!({ "case_number": number, "addressee": addressee, "title": row.title, "cause": row.cause_name, "filed_on": beijing_date(row.received_at), "docketed_on": today, "procedure": procedure, "process_info": { "url": app.config.public_url, "phone": "12368" } });
    let paper = issue::issue(tx, new("acceptance_notice", "受理案件通知书", "acceptance_notice", data, false)).await?;
    file::add(tx, case, &NewLeaf::paper(folder(&row.kind, "notice"), "受理案件通知书", "通知书", "本院", paper)).await?;
    let plaintiffs: Vec<&str> = content.plaintiffs().into_iter().map(|(_, p)| text(&p.name)).collect();
    for party in parties.iter().filter(|p| matches!(p.party.side, Some(Side::Defendant | Side::Respondent | Side::ThirdParty))) {
        let Some(code) = &party.code else { continue };
        let data = json!({
            "case_number": number, "addressee": text(&party.party.name), "capacity": if party.party.side == Some(Side::ThirdParty) { "第三人" } else if row.kind == "enforcement" { "被执行人" } else { "被告" },
            "plaintiffs": plaintiffs, "cause": row.cause_name, "docketed_on": today, "join": { "code": code, "url": format!("{}/join?code={code}", app.config.public_url), "days": 3 },
            "defence": { "days": 15 }, "attachments": ["起诉状副本", "证据副本"], "process_info": { "url": app.config.public_url, "phone": "12368" },
        });
        // it carries a join code: the other side must not read it
        let title = format!("应诉通知书（{}）", text(&party.party.name));
        let paper = issue::issue(tx, new("notice_to_respond", &title, "notice_to_respond", data, true)).await?;
        file::add(tx, case, &NewLeaf::paper(folder(&row.kind, "respond"), &title, "通知书", "本院", paper).for_staff()).await?;
    }
    Ok(())
}

async fn close_filing(tx: &mut CourtTx, row: &Row, case: Uuid, number: &str) -> Result<()> {
    let (court, now, person) = (tx.court, tx.now(), tx.person()?);
    sqlx::query(
        "update filings set state = 'accepted', version = version + 1, case_id = $3, case_number = $4, decided_at = $5, decided_by = $6,
           claimed_by = null, claimed_name = null, claimed_until = null where court_id = $1 and filing_id = $2",
    )
    .bind(court)
    .bind(row.filing_id)
    .bind(case)
    .bind(number)
    .bind(now)
    .bind(person)
    .execute(tx.conn())
    .await?;
    Ok(())
}
