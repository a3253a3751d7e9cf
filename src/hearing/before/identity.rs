//! 身份核对: what the court found on the day, and what the other side says to it (在线诉讼规则 Art 7, 互联网法庭使用指引 6).
//!
//! Owns `hearing_identity`: findings and views are only ever added, the newest counts. Must never let a side speak for
//! the court or the court for a side, and never let somebody be found identified before the day of the hearing.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::super::guards::Hand;
use super::super::joint;
use super::super::law;
use super::super::log::{self, Audience, Line};
use super::super::refusal::{Refusal, reasoned};
use super::super::words::Role;
use super::sitting::{Head, Sitting, find};
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::words::words;

words! {
    /// What is said of somebody's identity.
    Says as "IdentitySays":
    Matches = "matches", "与证件一致", "matches";
    Doubt = "doubt", "存疑", "in doubt";
    NoMatch = "no_match", "不一致", "does not match";
    NoObjection = "no_objection", "无异议", "no objection";
    Objection = "objection", "有异议", "objection";
}

impl Says {
    /// The court's word, not a side's.
    pub const fn is_the_courts(self) -> bool {
        matches!(self, Self::Matches | Self::Doubt | Self::NoMatch)
    }

    /// It wants its reason.
    const fn wants_note(self) -> bool {
        matches!(self, Self::Doubt | Self::NoMatch | Self::Objection)
    }
}

words! {
    /// How the court checked.
    How as "IdentityHow":
    IdCard = "id_card", "核对居民身份证", "identity card";
    LicenceAndAuthority = "licence_and_authority", "核对律师证和委托手续", "lawyer's licence and authority";
    BusinessLicence = "business_licence", "核对营业执照", "business licence";
    Registry = "registry", "查询登记信息", "registry";
    Face = "face", "人像比对", "face";
    InPerson = "in_person", "到庭核对", "in person";
}

/// Who has to be identified: everybody who is neither of the court nor only watches.
pub const fn must_identify(role: Role) -> bool {
    !role.is_court() && !role.only_watches() && !matches!(role, Role::Technician | Role::Mediator)
}

/// Something said of somebody's identity.
#[derive(Debug, Clone)]
pub struct Check {
    /// Of whom.
    pub participant: Uuid,
    /// What.
    pub says: Says,
    /// How the court checked.
    pub how: Option<How>,
    /// Papers it looked at.
    pub leaves: Vec<Uuid>,
    /// In words.
    pub note: Option<String>,
    /// Whose account.
    pub by: Uuid,
    /// The name of who works for the court.
    pub by_name: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    check_id: Uuid,
    participant_id: Uuid,
    at: DateTime<Utc>,
    by_person: Uuid,
    by_name: Option<String>,
    says: String,
    how: Option<String>,
    leaves: Vec<Uuid>,
    note: Option<Vec<u8>>,
}

/// Everything said, the newest first, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn all(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Check>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select i.check_id, i.participant_id, i.at, i.by_person, coalesce(q.name, w.name) as by_name, i.says, i.how, i.leaves, i.note from hearing_identity i
         left join lateral (select name from hearing_participants p where p.court_id = i.court_id and p.hearing_id = i.hearing_id and p.person_id = i.by_person order by p.seated_at limit 1) q on true
         left join people w on w.person_id = i.by_person
         where i.court_id = $1 and i.hearing_id = $2 order by i.at desc, i.check_id desc limit 2000",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|r| check(tx, r)).collect()
}

fn check(tx: &CourtTx, r: Row) -> Result<Check> {
    let place = Place("hearing_identity", "note", &r.check_id);
    let note = r.note.map(|n| tx.seal().open_text(tx.owner(), place, &n)).transpose()?;
    Ok(Check {
        participant: r.participant_id,
        says: Says::parse(&r.says).ok_or_else(|| Error::internal("a finding nobody knows"))?,
        how: r.how.as_deref().and_then(How::parse),
        leaves: r.leaves,
        note: note.filter(|n| !n.is_empty()),
        by: r.by_person,
        by_name: r.by_name,
        at: r.at,
    })
}

/// What the court last found of somebody, on the day of the hearing or later.
pub fn standing<'a>(checks: &'a [Check], participant: Uuid, head: &Head) -> Option<&'a Check> {
    let on_the_day = |c: &&Check| beijing_date(c.at) >= beijing_date(head.starts_at);
    checks.iter().filter(|c| c.participant == participant && c.says.is_the_courts()).find(on_the_day)
}

/// The newest word of each account on the other side about somebody.
pub fn views<'a>(checks: &'a [Check], all: &'a [Sitting], about: &Sitting) -> Vec<(&'a Sitting, &'a Check)> {
    let about_id = about.id();
    let speaks = all.iter().filter(|s| s.opposes(about));
    speaks
        .filter_map(|s| {
            let person = s.seat.person?;
            let newest = checks.iter().find(|c| c.participant == about_id && !c.says.is_the_courts() && c.by == person)?;
            Some((s, newest))
        })
        .collect()
}

/// Who of the other side has not been heard on somebody: one voice of a party is the party's.
pub fn views_missing(checks: &[Check], all: &[Sitting], about: &Sitting) -> Vec<Uuid> {
    let heard: Vec<Option<Uuid>> = views(checks, all, about).iter().map(|(s, _)| s.seat.party).collect();
    let missing = all.iter().filter(|s| s.opposes(about) && s.seat.person.is_some() && !heard.contains(&s.seat.party));
    missing.map(Sitting::id).collect()
}

/// What is said.
#[derive(Debug, Clone)]
pub struct Saying<'a> {
    /// Of whom.
    pub participant: Uuid,
    /// What.
    pub says: Says,
    /// How the court checked.
    pub how: Option<How>,
    /// Papers it looked at.
    pub leaves: &'a [Uuid],
    /// In words.
    pub note: &'a str,
}

/// Writes down what the court found or a side says. The hearing's row is held.
///
/// # Errors
/// Whoever may not, too early, too late, or without what it wants.
pub async fn say(tx: &mut CourtTx, hearing: Uuid, head: &Head, all: &[Sitting], hand: Hand, s: &Saying<'_>) -> Result<()> {
    let (court, now, id, me) = (tx.court, tx.now(), tx.id(), tx.person()?);
    let about = find(all, s.participant)?;
    in_time(head, now)?;
    may_say(all, about, hand, s, me)?;
    if s.says.wants_note() {
        reasoned(s.note, "/note")?;
    }
    let cases = joint::cases(tx, hearing, head.case).await?;
    known_leaves(tx, &cases, s.leaves).await?;
    let note = match s.note.trim() {
        "" => None,
        note => Some(tx.seal().seal(tx.owner(), Place("hearing_identity", "note", &id), note.as_bytes())?),
    };
    sqlx::query("insert into hearing_identity (court_id, check_id, hearing_id, participant_id, case_id, at, by_person, says, how, leaves, note) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)")
        .bind(court)
        .bind(id)
        .bind(hearing)
        .bind(s.participant)
        .bind(head.case)
        .bind(now)
        .bind(me)
        .bind(s.says.key())
        .bind(s.how.map(How::key))
        .bind(s.leaves)
        .bind(note)
        .execute(tx.conn())
        .await?;
    let data = serde_json::json!({ "says": s.says.key(), "how": s.how.map(How::key), "check": id });
    let line = Line { what: "identity", participant: Some(s.participant), audience: Audience::Own, media: None, data };
    log::append(tx, hearing, head.case, now, &line).await.map(drop)
}

/// On the day, and while the hearing is not over.
fn in_time(head: &Head, now: DateTime<Utc>) -> Result<()> {
    let a = law::OL7;
    if beijing_date(now) < beijing_date(head.starts_at) {
        return Err(Error::conflict(
            "identity.early",
            said(format!("身份在开庭当日核对（{}）。", a.zh), format!("Identity is checked on the day of the hearing ({}).", a.en)),
            said("请在当天候庭时核对；材料可以先上传。", "Check it in the waiting room; papers may be uploaded before."),
        ));
    }
    if head.state.is_before() || head.state.is_sitting() {
        return Ok(());
    }
    Err(Error::conflict(
        "identity.over",
        said("庭审已经结束。", "The hearing is over."),
        said("对身份有疑问的，请向法庭书面提出。", "Put a doubt about identity to the court in writing."),
    ))
}

fn may_say(all: &[Sitting], about: &Sitting, hand: Hand, s: &Saying<'_>, me: Uuid) -> Result<()> {
    if s.says.is_the_courts() {
        if !matches!(hand, Hand::Clerk | Hand::Judge) {
            return Err(Refusal::new(
                "hearing.not_yours",
                ("身份由法庭核对。", "The court checks identity."),
                ("您可以就另一方的身份表示有无异议。", "You may say whether you object to the other side's."),
            )
            .by(law::OL7)
            .into());
        }
        if s.how.is_none() {
            return Err(Error::invalid(
                "identity.how",
                said("请选择怎样核对的。", "Say how it was checked."),
                said("例如：核对居民身份证。", "Such as: identity card."),
            )
            .at("/how"));
        }
        return Ok(());
    }
    let mine = all.iter().filter(|x| x.seat.person == Some(me));
    if mine.clone().any(|x| x.opposes(about)) && s.how.is_none() && s.leaves.is_empty() {
        return Ok(());
    }
    Err(Error::invalid(
        "identity.not_asked",
        said("只就另一方参与人的身份征求您的意见。", "You are asked about the other side's people only."),
        said("请从列表中选择。", "Choose one of the list."),
    )
    .at("/participant_id"))
}

async fn known_leaves(tx: &mut CourtTx, cases: &[Uuid], leaves: &[Uuid]) -> Result<()> {
    let court = tx.court;
    let known: i64 = sqlx::query_scalar("select count(*) from leaves where court_id = $1 and case_id = any($2) and leaf_id = any($3)")
        .bind(court)
        .bind(cases)
        .bind(leaves)
        .fetch_one(tx.conn())
        .await?;
    if known == leaves.len() as i64 { Ok(()) } else { Err(Error::not_found()) }
}
