//! 立案: a filing becomes a numbered case with parties, people, an electronic file and its first papers.
//!
//! The number is issued inside this transaction from a counter of (court, year, type): gapless, in order,
//! under any number of clerks (case-number rules 2018).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::court::tx::CourtTx;
use crate::delivery::address::{FromFiling, Postal};
use crate::delivery::carry::FirstInstance;
use crate::delivery::docketing::{self as service, DOCKETED};
use crate::delivery::words::Stage;
use crate::docket::case_types::{CaseKind, Instance, Rank, type_for};
use crate::docket::jobs::{SEAT_COUNSEL, seat_counsel_event};
use crate::docket::join::licence_index;
use crate::docket::number::CaseNumber;
use crate::docket::people::{self, NewCase, NewParty};
use crate::docket::timeline::{self, Note};
use crate::docket::words::{CaseKind as CaseKindWord, Procedure};
use crate::error::{Error, Result, said};
use crate::filing::case_file;
use crate::filing::case_papers::{Docketed, is_answering};
use crate::filing::compared::{self, identity_index};
use crate::filing::content::{BasisDocument, Content, Party, PartyKind, Power, Side, text};
use crate::filing::look_up;
use crate::filing::read::{self, Row};
use crate::filing::store::{Origin, next_value};
use crate::filing::submit::tell;
use crate::{docket, fees};

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
pub async fn accept(app: &App, tx: &mut CourtTx, row: &Row, procedure: Procedure, compared: bool) -> Result<Made> {
    let content =
        Content::read(&read::content(tx, row.filing_id).await?).map_err(|_| Error::internal("filed content cannot be read"))?.with_agency();
    let origin = row.origin();
    let procedure = if origin.is_some() { Procedure::SecondInstance.key() } else { check_procedure(row.kind, procedure)? };
    let against = against(tx, row).await?;
    let number = next_number(app, tx, row.kind.key(), if origin.is_some() { Instance::Second } else { Instance::First }, &against).await?;
    let case = NewCase {
        id: tx.id(),
        number: &number,
        filing: row.filing_id,
        kind: row.kind.key(),
        cause_code: content.cause.as_ref().and_then(|c| c.code.as_deref()),
        cause_name: &row.cause_name,
        title: &row.title,
        procedure,
        amount_fen: row.amount_fen,
        origin: origin.map(|o| (o.court, o.case, o.number)),
    };
    people::insert_case(tx, &case).await?;
    if let Some(against) = &against {
        people::put_against(tx, case.id, against).await?;
    }
    let parties = put_parties(tx, case.id, row, &content).await?;
    let proofs = if compared { compared::documents(tx, row, &content).await? } else { Value::Null };
    put_representatives(tx, case.id, row, &content, &parties).await?;
    let clerk = tx.person()?;
    let who = tx.who.to_string();
    people::put_person(tx, case.id, clerk, "clerk", None, &who).await?;
    let number = number.to_string();
    let docketed = Docketed { app, case: case.id, number: &number, procedure, row, content: &content };
    let responds = papers_and_file(tx, &docketed, &parties).await?;
    close_filing(tx, row, case.id, &number).await?;
    let law = row.law();
    let note = || Note::new("docketed", said(format!("登记立案，案号{number}"), format!("Docketed as {number}"))).by(law.docketing);
    timeline::write(tx, row.filing_id, note()).await?;
    timeline::write(tx, case.id, note().with_effect(said(law.docketed.0, law.docketed.1))).await?;
    docket::allocation::at_docketing(&app.door.registry, tx, case.id).await?;
    // no fee is owed for an appeal against a ruling (诉讼费用交纳办法 第八条)
    if let Some(payer) = parties.iter().find(|p| against.is_none() && matches!(p.party.side, Some(Side::Plaintiff | Side::Applicant))) {
        let docketed = docket::read::row(tx, case.id).await?;
        fees::assess::at_docketing(app, tx, &docketed, &look_up::cause_names(app, &content), payer.id).await?;
    }
    let said = said_of_service(&docketed, &parties, row.kind.key());
    let earlier = earlier_case(&content);
    let origin = origin.map(|o| first_instance(o, &parties));
    tx.tell(DOCKETED, &service::Docketed { case: case.id, by: clerk, by_name: who, responds, said, earlier, origin })?;
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

/// The case appealed against, and who of it is who here: the filing names each party by its id there.
fn first_instance(origin: Origin<'_>, parties: &[Placed<'_>]) -> FirstInstance {
    let same = parties.iter().filter_map(|p| Some((p.id, p.draft_id.parse().ok()?)));
    FirstInstance { court: origin.court, case: origin.case, number: origin.number.to_owned(), parties: same.collect() }
}

/// The case a judgment or mediation statement to be enforced came from, as the filer names it.
fn earlier_case(content: &Content) -> Option<String> {
    let e = content.enforcement.as_ref()?;
    let of_court = matches!(e.basis_document, Some(BasisDocument::Judgment | BasisDocument::Mediation));
    let number = text(&e.basis_number);
    (of_court && !number.is_empty()).then(|| number.to_owned())
}

fn check_procedure(kind: CaseKindWord, procedure: Procedure) -> Result<&'static str> {
    match (kind, procedure) {
        (CaseKindWord::Enforcement, _) => Ok(Procedure::Enforcement.key()),
        (CaseKindWord::Administrative, Procedure::SmallClaims) => Err(Error::invalid(
            "filing.procedure",
            said("行政案件没有小额诉讼程序。", "There is no small claims procedure in administrative cases."),
            said(
                "请选择简易程序或普通程序（行政诉讼法第八十二条）。",
                "Choose summary or ordinary (Administrative Litigation Law Art 82).",
            ),
        )
        .at("/procedure")),
        (_, Procedure::Enforcement | Procedure::SecondInstance) => Err(Error::invalid(
            "filing.procedure",
            said("这类案件不适用这种审理程序。", "This procedure is not for such a case."),
            said("请选择简易程序、普通程序或小额诉讼。", "Choose summary, ordinary or small claims."),
        )
        .at("/procedure")),
        (_, procedure) => Ok(procedure.key()),
    }
}

/// Of an appeal against a ruling: which.
async fn against(tx: &mut CourtTx, row: &Row) -> Result<Option<String>> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select origin_against from filings where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(row.filing_id)
        .fetch_one(tx.conn())
        .await?)
}

async fn next_number(app: &App, tx: &mut CourtTx, kind: &str, instance: Instance, against: &Option<String>) -> Result<CaseNumber> {
    let court = app.door.registry.court(tx.court).ok_or_else(Error::not_found)?;
    let code = CaseKind::parse(kind).and_then(|k| type_for(k, instance)).ok_or_else(|| Error::internal(format!("no type for {kind}")))?;
    // 管辖上诉 has a type of its own in civil matters
    let code = if against.as_deref() == Some("jurisdiction") && code == "民终" { "民辖终" } else { code };
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
        let side = side_word(row.kind.key(), party.side);
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
                on_appeal: false,
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

/// Issues the papers of docketing and makes the file (V03): what was there before, what is issued now, in one order.
/// Answers the notice made for each party of the other side.
async fn papers_and_file(tx: &mut CourtTx, docketed: &Docketed<'_>, parties: &[Placed<'_>]) -> Result<Vec<(Uuid, Uuid)>> {
    let mut responds = Vec::new();
    let mut leaves = case_file::papers(tx, docketed.row).await?;
    leaves.push(docketed.intake(tx).await?);
    for party in parties.iter().filter(|p| is_answering(docketed.row.kind.key(), p.party.side)) {
        if let Some(code) = &party.code {
            let notice = docketed.respond(tx, party.party, code).await?;
            responds.extend(notice.paper_id().map(|paper| (party.id, paper)));
            leaves.push(notice);
        }
    }
    let own = |p: &&Placed<'_>| matches!(p.party.side, Some(Side::Plaintiff | Side::Applicant));
    leaves.extend(docketed.service_address(tx, parties.iter().filter(own).map(|p| p.id).collect()).await?);
    leaves.extend(case_file::files(tx, docketed.row, docketed.content).await?);
    case_file::put(tx, docketed.case, leaves).await?;
    Ok(responds)
}

/// What the filing says of service, for each party of the filer's side (送达地址确认书).
fn said_of_service(docketed: &Docketed<'_>, parties: &[Placed<'_>], kind: &str) -> Vec<FromFiling> {
    let Some(service) = &docketed.content.service else { return Vec::new() };
    let own = parties.iter().filter(|p| matches!(p.party.side, Some(Side::Plaintiff | Side::Applicant)));
    own.map(|party| FromFiling {
        party: party.id,
        person: docketed.row.filer_id,
        is_party: party.joined,
        postal: Postal {
            receiver: text(&service.receiver).to_owned(),
            phone: text(&service.phone).to_owned(),
            address: text(&service.address).to_owned(),
        },
        email: text(&service.email).to_owned(),
        agrees: service.e_service,
        channels: service.channels.clone(),
        words: docketed.content.statement.as_ref().map(|s| text(&s.version).to_owned()).unwrap_or_default(),
        stage: if kind == "enforcement" { Stage::Enforcement } else { Stage::FirstInstance },
    })
    .collect()
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
