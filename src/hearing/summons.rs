//! 传票、出庭通知书: the papers that call parties and their agents to a hearing, and their service.
//!
//! Owns what they say and which service carries them; the service itself – inbox, mail, post, its effect and its proof – is
//! delivery's. A row of `hearing_notices` names the service, so that who was served counts as reached. Must never call
//! anybody twice to the same time, nor hold anything against whom the service did not reach.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::settings::HearingRules;
use super::words::{Role, SessionKind};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::delivery::cancel;
use crate::delivery::order::{self, On, Order, What};
use crate::delivery::words::Purpose;
use crate::docket::file::{self, NewLeaf};
use crate::error::{Error, Result};
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::public_names;

/// Tells an inbox row of an event from its message.
const INBOX: u128 = 1;

#[derive(FromRow)]
struct About {
    case_id: Uuid,
    number: String,
    case_number: String,
    cause_name: String,
    case_kind: String,
    procedure: String,
    title: String,
    kind: String,
    public: bool,
    starts_at: DateTime<Utc>,
    courtroom: Option<String>,
    place: Option<String>,
    bench: Json<Value>,
    rules: Json<HearingRules>,
    set_by: Uuid,
    set_by_name: String,
}

#[derive(FromRow)]
struct Called {
    participant_id: Uuid,
    case_id: Uuid,
    role: String,
    party_id: Uuid,
    side: String,
    name: String,
    party_name: String,
    mode: String,
}

impl Called {
    fn is_agent(&self) -> bool {
        matches!(Role::parse(&self.role), Some(Role::Agent | Role::Defender))
    }
}

/// Issues and serves them, for one participant alone where one is named; `event` makes it safe to run twice. Answers how
/// many parties are served.
///
/// # Errors
/// 404 for a hearing that is not there; what delivery says.
pub async fn serve(app: &App, tx: &mut CourtTx, hearing: Uuid, event: Uuid, only: Option<Uuid>) -> Result<usize> {
    let lead = about(tx, hearing, None).await?;
    if lead.kind == SessionKind::Service.key() {
        return Ok(0);
    }
    let mut called = called(tx, hearing).await?;
    called.retain(|c| only.is_none_or(|id| id == c.participant_id));
    let mut parties: Vec<Uuid> = called.iter().map(|c| c.party_id).collect();
    parties.dedup();
    let mut served = 0;
    for party in parties {
        let seats: Vec<&Called> = called.iter().filter(|c| c.party_id == party).collect();
        let own = seats.first().map(|c| c.case_id);
        if !told_already(tx, event, &seats).await? {
            // a party is called in its own case, by its own number
            let about = about(tx, hearing, own).await?;
            one(app, tx, hearing, event, &about, party, &seats).await?;
            served += 1;
        }
    }
    Ok(served)
}

/// Takes back the summonses of a hearing that have served nobody: it was moved or is not held.
///
/// # Errors
/// What delivery says, but for what has served already.
pub async fn withdraw(app: &App, tx: &mut CourtTx, hearing: Uuid, why: &str) -> Result<()> {
    let court = tx.court;
    let services: Vec<Uuid> = sqlx::query_scalar(
        "select distinct service_id from hearing_notices where court_id = $1 and hearing_id = $2 and service_id is not null order by service_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    take_back(app, tx, &services, why).await
}

/// The same of somebody who was taken off: what called this one alone. A summons that calls others of the party stays.
///
/// # Errors
/// What delivery says, but for what has served already.
pub async fn withdraw_of(app: &App, tx: &mut CourtTx, hearing: Uuid, participant: Option<Uuid>, why: &str) -> Result<()> {
    let court = tx.court;
    let services: Vec<Uuid> = sqlx::query_scalar(
        "select distinct n.service_id from hearing_notices n where n.court_id = $1 and n.hearing_id = $2 and n.participant_id = $3 and n.service_id is not null
           and not exists (select 1 from hearing_notices o join hearing_participants p on p.court_id = o.court_id and p.hearing_id = o.hearing_id and p.participant_id = o.participant_id
             where o.court_id = n.court_id and o.service_id = n.service_id and o.participant_id <> n.participant_id and p.removed_at is null)",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .fetch_all(tx.conn())
    .await?;
    take_back(app, tx, &services, why).await
}

async fn take_back(app: &App, tx: &mut CourtTx, services: &[Uuid], why: &str) -> Result<()> {
    for service in services {
        match cancel::cancel(app, tx, *service, why).await {
            Err(fault) if fault.code == "service.has_effect" => {}
            other => other?,
        }
    }
    Ok(())
}

async fn about(tx: &mut CourtTx, hearing: Uuid, case: Option<Uuid>) -> Result<About> {
    let court = tx.court;
    sqlx::query_as(
        "select c.case_id, h.number, c.number as case_number, c.cause_name, c.kind as case_kind, c.procedure, c.title, h.kind, h.public, h.starts_at, r.name as courtroom, r.place, h.bench, h.rules,
           h.set_by, coalesce(p.name, '') as set_by_name
         from hearings h join cases c on c.court_id = h.court_id and c.case_id = coalesce($3, h.case_id)
         left join courtrooms r on r.court_id = h.court_id and r.courtroom_id = h.courtroom_id
         left join people p on p.person_id = h.set_by where h.court_id = $1 and h.hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .bind(case)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)
}

/// Parties and who acts for them, party by party, the party before its agents.
async fn called(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Called>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select s.participant_id, s.case_id, s.role, s.party_id, p.side, s.name, p.name as party_name, s.mode
         from hearing_participants s join case_parties p on p.court_id = s.court_id and p.case_id = s.case_id and p.party_id = s.party_id
         where s.court_id = $1 and s.hearing_id = $2 and s.removed_at is null and s.role in ('party', 'legal_representative', 'guardian', 'agent', 'defender')
         order by s.case_id, p.ordinal, p.party_id, s.role in ('agent', 'defender'), s.participant_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

fn row_id(event: Uuid, participant: Uuid) -> Uuid {
    Uuid::from_u128(event.as_u128() ^ participant.as_u128() ^ INBOX)
}

/// Whose row names the service: the party's own seats, its agents' where it has none.
fn told<'a>(seats: &[&'a Called]) -> Vec<&'a Called> {
    let own: Vec<&Called> = seats.iter().filter(|s| !s.is_agent()).copied().collect();
    if own.is_empty() { seats.to_vec() } else { own }
}

async fn told_already(tx: &mut CourtTx, event: Uuid, seats: &[&Called]) -> Result<bool> {
    let court = tx.court;
    let ids: Vec<Uuid> = told(seats).iter().map(|s| row_id(event, s.participant_id)).collect();
    Ok(sqlx::query_scalar("select exists (select 1 from hearing_notices where court_id = $1 and notice_id = any($2))")
        .bind(court)
        .bind(ids)
        .fetch_one(tx.conn())
        .await?)
}

async fn one(app: &App, tx: &mut CourtTx, hearing: Uuid, event: Uuid, about: &About, party: Uuid, seats: &[&Called]) -> Result<()> {
    let mut papers = Vec::with_capacity(seats.len() + 1);
    // an agent who came later is called alone: the party was
    if seats.iter().any(|s| !s.is_agent()) || !summoned(tx, hearing, party).await? {
        papers.push(What::Paper(summons(app, tx, hearing, about, party, seats).await?));
    }
    for agent in seats.iter().filter(|s| s.is_agent()) {
        papers.push(What::Paper(appear_notice(app, tx, hearing, about, agent).await?));
    }
    let order = Order {
        papers: &papers,
        recipients: &[On { party, abroad: false }],
        purpose: Purpose::Service,
        corrects: None,
        by: about.set_by,
        by_name: &about.set_by_name,
        only_new: true,
    };
    let (_, services) = order::order(app, tx, about.case_id, &order).await?;
    for seat in told(seats) {
        note(tx, hearing, event, about, seat, services.first().copied()).await?;
    }
    Ok(())
}

async fn note(tx: &mut CourtTx, hearing: Uuid, event: Uuid, about: &About, seat: &Called, service: Option<Uuid>) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "insert into hearing_notices (court_id, notice_id, hearing_id, participant_id, case_id, kind, channel, sent_at, state, service_id)
         values ($1,$2,$3,$4,$5,'scheduled','inbox',$6,'accepted',$7)",
    )
    .bind(court)
    .bind(row_id(event, seat.participant_id))
    .bind(hearing)
    .bind(seat.participant_id)
    .bind(about.case_id)
    .bind(now)
    .bind(service)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Was the party called to this hearing before?
async fn summoned(tx: &mut CourtTx, hearing: Uuid, party: Uuid) -> Result<bool> {
    let court = tx.court;
    Ok(sqlx::query_scalar(
        "select exists (select 1 from hearing_notices n join service_recipients v on v.court_id = n.court_id and v.service_id = n.service_id
         join hearings h on h.court_id = n.court_id and h.hearing_id = n.hearing_id
         where n.court_id = $1 and n.hearing_id = $2 and v.party_id = $3 and v.state <> 'cancelled' and n.sent_at >= h.set_at)",
    )
    .bind(court)
    .bind(hearing)
    .bind(party)
    .fetch_one(tx.conn())
    .await?)
}

/// 传票.
async fn summons(app: &App, tx: &mut CourtTx, hearing: Uuid, about: &About, party: Uuid, seats: &[&Called]) -> Result<Uuid> {
    let Some(first) = seats.first() else { return Err(Error::internal("a party without a seat")) };
    let online = seats.iter().any(|s| s.mode == "online");
    let mut data = where_to(app, tx.court, hearing, about, online);
    data["case_number"] = about.case_number.as_str().into();
    data["cause"] = about.cause_name.as_str().into();
    data["summoned"] = json!({ "name": first.party_name, "capacity": order::role(&about.case_kind, &about.procedure, &first.side) });
    data["purpose"] = purpose(about).into();
    data["online"] = online.into();
    data["judges"] = about.bench.0.clone();
    let title = format!("传票（{}）", first.party_name);
    let new = NewPaper {
        kind: "summons",
        title: "传票".into(),
        template: "summons",
        data,
        filing: None,
        case: Some(about.case_id),
        audience: Audience::Parties(vec![party]),
        parties: public_names(&[first.party_name.as_str()]),
        number: Some(about.case_number.clone()),
    };
    filed(tx, about, new, &title).await
}

/// 出庭通知书, to an agent.
async fn appear_notice(app: &App, tx: &mut CourtTx, hearing: Uuid, about: &About, agent: &Called) -> Result<Uuid> {
    let mut data = where_to(app, tx.court, hearing, about, agent.mode == "online");
    data["case_number"] = about.case_number.as_str().into();
    data["addressee"] = agent.name.as_str().into();
    data["role"] = "agent".into();
    data["for"] = format!("{}{}", order::role(&about.case_kind, &about.procedure, &agent.side), agent.party_name).into();
    data["title"] = about.title.as_str().into();
    data["cause"] = about.cause_name.as_str().into();
    data["purpose"] = purpose(about).into();
    let title = format!("出庭通知书（{}）", agent.name);
    let new = NewPaper {
        kind: "appear_notice",
        title: "出庭通知书".into(),
        template: "appear_notice",
        data,
        filing: None,
        case: Some(about.case_id),
        audience: Audience::Parties(vec![agent.party_id]),
        parties: public_names(&[agent.party_name.as_str()]),
        number: Some(about.case_number.clone()),
    };
    filed(tx, about, new, &title).await
}

/// Into 开庭通知、传票 of the file; an enforcement file keeps them with its proofs of service.
async fn filed(tx: &mut CourtTx, about: &About, paper: NewPaper, title: &str) -> Result<Uuid> {
    let folder = if about.case_kind == "enforcement" { 20 } else { 16 };
    let id = issue::issue(tx, paper).await?;
    file::add(tx, about.case_id, &NewLeaf::paper(folder, title, "通知书", "本院", id)).await?;
    Ok(id)
}

fn purpose(about: &About) -> &'static str {
    SessionKind::parse(&about.kind).map_or("庭审", SessionKind::zh)
}

/// When and where: the courtroom for who comes, the online court with its number for who does not.
fn where_to(app: &App, court: i32, hearing: Uuid, about: &About, online: bool) -> Value {
    let mut data = json!({ "at": about.starts_at, "open": about.public });
    if let Some(room) = about.courtroom.as_deref().filter(|_| !online) {
        let place = about.place.as_deref().map_or_else(String::new, |p| format!("（{p}）"));
        data["place"] = format!("本院{room}{place}").into();
    }
    if online {
        let rules = &about.rules.0;
        let name = if rules.provider == "lianting" { "在线诉讼平台" } else { rules.provider.as_str() };
        let url = format!("{}/hearings/{court}/{hearing}", app.config.public_url);
        data["room"] = json!({ "url": url, "code": about.number, "name": name });
        let test = about.starts_at - TimeDelta::minutes(rules.waiting_minutes);
        data["test"] = json!({ "at": test, "note": "开放候庭，请登录检测设备" });
    }
    data
}
