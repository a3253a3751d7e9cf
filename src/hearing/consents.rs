//! 在线庭审的同意: what parties said about taking this step online, as rows of the one ledger.
//!
//! Owns writing entries of `service_consents` about other steps than service (在线诉讼规则 Art 4, 5), and reading them as
//! the answers `modes` asks. Must never write consent nobody was told about, or an entry about service.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::delivery::online::{Answer, Path};
use crate::delivery::words::{Stage, Step};
use crate::docket::timeline::{self, Note};
use crate::error::{Result, said};
use crate::person::messages::{self, Sms, To};

/// What a party is told before it agrees (在线诉讼规则 Art 4): the words and their version.
pub const TOLD: (&str, &str, &str) = (
    "在线庭审与线下庭审具有同等法律效力。您可以选择在线参加，也可以选择到庭参加，选择到庭不会对您不利。在线参加需要能视频通话的手机或者电脑、稳定的网络和安静封闭的场所；开庭前要核验身份、测试设备。无正当理由不按时参加，或者中途退出经提示、警告仍不回来的，按拒不到庭、中途退庭处理；网络、设备、电力故障经查明的除外。同意只对这一环节、这一审级有效；开庭前的合理期间内可以撤回。",
    "An online hearing has the same force as one in court. You may take part online or come to the court; coming to court is never held against you. Online you need a phone or computer with video, a steady network and a quiet closed place; your identity and device are checked before. Staying away without good reason, or leaving and not coming back after a prompt and a warning, counts as not appearing; proved faults of network, device or power are excepted. Consent holds for this step and instance only, and may be taken back in reasonable time before.",
    "2026-1",
);

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saying<'a> {
    /// Party.
    pub party: Uuid,
    /// The step.
    pub step: Step,
    /// 审级.
    pub stage: Stage,
    /// Agrees.
    pub agrees: bool,
    /// By whose wish.
    pub path: Path,
    /// platform_tick, phone_record, signed_form, in_court.
    pub proof: &'a str,
    /// The recording or the form, in the file.
    pub proof_leaf: Option<Uuid>,
    /// Whose account said it; none when a clerk wrote it down.
    pub person: Option<Uuid>,
}

/// Asks every party with an account that has not answered about this step; answers how many. What they say is their own
/// entry: asking writes nothing into the ledger.
///
/// # Errors
/// What the database says.
pub async fn invite(app: &App, tx: &mut CourtTx, case: Uuid, step: Step) -> Result<u32> {
    let row = super::plan::case_row(tx, case).await?;
    let (court, answers) = (tx.court, answers(tx, case).await?);
    let parties: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "select party_id, person_id from case_parties where court_id = $1 and case_id = $2 and person_id is not null order by ordinal",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    let silent = |party: Uuid| !answers.iter().any(|a| a.party == party && a.step == step && a.stage == row.stage());
    let link = format!("{}/cases/{court}/{case}", app.config.public_url);
    let params = [("case_number", row.number.as_str()), ("step", step.zh()), ("link", link.as_str())];
    let mut asked = 0;
    for (_, person) in parties.into_iter().filter(|(party, _)| silent(*party)) {
        let to = To::Person(person);
        messages::tell_sms(
            tx,
            &Sms { to, template: "online_invitation", params: &params, court: Some(court), until: None, listener: None },
        )?;
        asked += 1;
    }
    let text = said(format!("邀请在线进行{}", step.zh()), format!("Asked to hold the {} online", step.en()));
    timeline::write(tx, case, Note::new("online_invited", text).by(super::law::OL4.zh)).await?;
    Ok(asked)
}

/// Adds an entry; the ledger only grows.
///
/// # Errors
/// What the database says.
pub async fn say(tx: &mut CourtTx, case: Uuid, s: &Saying<'_>, before: bool) -> Result<Uuid> {
    let (court, id, now) = (tx.court, tx.id(), tx.now());
    let recorded_by = if s.person.is_none() { tx.person().ok() } else { None };
    let says = match (s.agrees, before) {
        (true, _) => "given",
        (false, true) => "withdrawn",
        (false, false) => "refused",
    };
    let path = if s.path == Path::OwnChoice { "own_choice" } else { "invited" };
    sqlx::query(
        "insert into service_consents (court_id, case_id, consent_id, party_id, step, says, kind, stage, all_stages, channels, address_ids, papers, confirmation,
           service_id, path, told, proof, proof_leaf, said_at, valid_from, person_id, recorded_by)
         values ($1,$2,$3,$4,$5,$6,$7,$8,false,'{}','{}',null,false,null,$9,$10,$11,$12,$13,$14,$15,$16)",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(s.party)
    .bind(s.step.key())
    .bind(says)
    .bind(s.agrees.then_some("express"))
    .bind(s.stage.key())
    .bind(path)
    .bind(json!({ "version": TOLD.2 }))
    .bind(s.proof)
    .bind(s.proof_leaf)
    .bind(now)
    .bind(beijing_date(now))
    .bind(s.person)
    .bind(recorded_by)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

#[derive(FromRow)]
struct Row {
    consent_id: Uuid,
    party_id: Uuid,
    step: String,
    says: String,
    stage: String,
    path: Option<String>,
    told: Value,
    said_at: DateTime<Utc>,
    proof: String,
}

/// Everything said about steps online in a case.
///
/// # Errors
/// What the database says.
pub async fn answers(tx: &mut CourtTx, case: Uuid) -> Result<Vec<Answer>> {
    Ok(entries(tx, case).await?.into_iter().map(|(answer, _)| answer).collect())
}

/// The same with how each is proved.
///
/// # Errors
/// What the database says.
pub async fn entries(tx: &mut CourtTx, case: Uuid) -> Result<Vec<(Answer, String)>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select consent_id, party_id, step, says, stage, path, told, said_at, proof from service_consents
         where court_id = $1 and case_id = $2 and step <> 'service' order by said_at, consent_id",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(|r| Some((read(&r)?, r.proof))).collect())
}

fn read(r: &Row) -> Option<Answer> {
    Some(Answer {
        id: r.consent_id,
        party: r.party_id,
        step: Step::parse(&r.step)?,
        stage: Stage::parse(&r.stage)?,
        agrees: r.says == "given",
        path: if r.path.as_deref() == Some("invited") { Path::Invited } else { Path::OwnChoice },
        // the words come before the tick, in one act of one page
        told_at: r.told.get("version").and_then(Value::as_str).map(|_| r.said_at),
        at: r.said_at,
    })
}
