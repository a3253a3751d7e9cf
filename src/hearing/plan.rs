//! 排期的推演: everything the rules say of a hearing that is being fixed, before anything is written.
//!
//! Owns bringing rows and rules together: the case, who is to sit where, the consent ledger, what is taken. Saves nothing;
//! `schedule` does, and asks here again inside its own transaction. Must never decide by itself what a rule decides.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::conflicts::{self, Conflict, Severity, Span, Subject, Wanted};
use super::kinds;
use super::lead::{self, Lead};
use super::modes::{self, Held, Ordered, Seated};
use super::refusal::Refusal;
use super::seats::{self, Seat};
use super::settings::Settings;
use super::suitability::{self, ClosedBy, Criminal, Facts, Stand, Verdict, Weighed, Weight};
use super::transcript::Template;
use super::words::{Mode, Role, SessionKind};
use super::{busy, consents, joint};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::delivery::online::Answer;
use crate::delivery::words::{CaseKind, Procedure, Stage};
use crate::docket::timeline::beyond_calendar;
use crate::error::{Error, Result};

/// Somebody who is to take part.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The seat.
    pub seat: Seat,
    /// The case he or she takes part in it for; the court's people for the leading one.
    pub case: Uuid,
    /// Of counsel: the engagement in the case.
    pub representative: Option<Uuid>,
    /// Name.
    pub name: String,
    /// Mobile number, normalised.
    pub mobile: Option<String>,
    /// Against or beside the ledger, with the judge's reason.
    pub ordered: Option<(Mode, String)>,
    /// Judge or clerk elsewhere than in court, with the president's leave.
    pub elsewhere: bool,
    /// 必须到庭.
    pub must_appear: bool,
    /// Interprets into.
    pub interprets: Option<String>,
}

/// What the clerk judged, of what has to be judged.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// Parties who object with a reason.
    pub objections: Vec<(Uuid, Weighed)>,
    /// Parties without device or skill.
    pub unable: Vec<Uuid>,
    /// 现场查明.
    pub on_site: Weighed,
    /// 疑难复杂.
    pub complex: Weighed,
    /// 国家安全、国家秘密.
    pub security: bool,
    /// 社会关注.
    pub attention: Weighed,
    /// 其他.
    pub other: Weighed,
    /// Of a criminal case.
    pub criminal: Option<Criminal>,
}

/// A hearing as it is wished.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Kind.
    pub kind: SessionKind,
    /// Template; the first that fits when none.
    pub template: Option<Template>,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Minutes a day.
    pub minutes: i64,
    /// Working days, one after the other.
    pub days: u32,
    /// Or further times that were chosen.
    pub also: Vec<DateTime<Utc>>,
    /// 合并审理: further cases.
    pub joined: Vec<Uuid>,
    /// Courtroom.
    pub courtroom: Option<Uuid>,
    /// Somebody may take part online.
    pub online: bool,
    /// Public.
    pub public: bool,
    /// By which law not.
    pub closed_by: Option<ClosedBy>,
    /// Who takes part.
    pub guests: Vec<Guest>,
    /// What was judged.
    pub judged: Judged,
}

/// A case as hearings see it.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of cases, documented in the migration")]
pub struct CaseRow {
    pub case_id: Uuid,
    pub number: String,
    pub type_code: String,
    pub kind: String,
    pub cause_name: String,
    pub procedure: String,
    pub closed_at: Option<DateTime<Utc>>,
    pub sealed: bool,
}

impl CaseRow {
    /// 审级.
    pub fn stage(&self) -> Stage {
        crate::delivery::order::stage_of(&self.type_code)
    }
    /// Procedure.
    pub fn procedure(&self) -> Procedure {
        Procedure::parse(&self.procedure).unwrap_or(Procedure::Ordinary)
    }
    /// Kind.
    pub fn kind(&self) -> CaseKind {
        CaseKind::parse(&self.kind).unwrap_or(CaseKind::Civil)
    }
}

/// What the rules say.
#[derive(Debug)]
pub struct Plan {
    /// The case.
    pub case: CaseRow,
    /// 合并审理: the others.
    pub joined: Vec<CaseRow>,
    /// Template.
    pub template: Template,
    /// What must be mended first.
    pub fault: Option<Refusal>,
    /// Days.
    pub spans: Vec<Span>,
    /// Who how.
    pub seated: Vec<Seated>,
    /// As a whole.
    pub held: Held,
    /// May it be online.
    pub verdict: Verdict,
    /// How early.
    pub lead: Lead,
    /// What is in the way.
    pub conflicts: Vec<Conflict>,
    /// What the court has set.
    pub settings: Settings,
    /// Everything and everybody needed.
    pub needed: Vec<Subject>,
}

/// The row of a case.
///
/// # Errors
/// 404 for whoever may not see it.
pub async fn case_row(tx: &mut CourtTx, case: Uuid) -> Result<CaseRow> {
    let court = tx.court;
    sqlx::query_as(
        "select case_id, number, type_code, kind, cause_name, procedure, closed_at, sealed from cases where court_id = $1 and case_id = $2",
    )
    .bind(court)
    .bind(case)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)
}

/// Thinks a hearing through. The transaction sits in the seat of the house; whoever calls has made sure that the caller
/// may see the case.
///
/// # Errors
/// What cannot even be thought through: a case that is not there, a date past the calendar.
pub async fn plan(app: &App, tx: &mut CourtTx, case: Uuid, wish: &Wish, own: Option<Uuid>) -> Result<Plan> {
    let case = case_row(tx, case).await?;
    let today = beijing_date(tx.now());
    let rules = CourtRules::on(&app.door.registry, tx.court, today);
    let settings = Settings::of(&rules);
    let calendar = &*app.door.registry.calendars().newest(rules.makeup_day_is_working());
    let mut answers = consents::answers(tx, case.case_id).await?;
    let mut joined = Vec::with_capacity(wish.joined.len());
    for other in &wish.joined {
        joined.push(case_row(tx, *other).await?);
        answers.extend(consents::answers(tx, *other).await?);
    }
    let verdict = suitability::judge(&facts(&case, wish, &answers), &settings.scope);
    let all: Vec<Seat> = wish.guests.iter().map(|g| g.seat.clone()).collect();
    let (ordered, elsewhere) = orders(&wish.guests);
    let asked = modes::Asked {
        step: kinds::of(wish.kind).step,
        stage: case.stage(),
        answers: &answers,
        permitted: wish.online && verdict.worst() != Some(Weight::Refuse),
        elsewhere: &elsewhere,
        ordered: &ordered,
        at: tx.now(),
    };
    let seated = modes::seat(&asked, &all);
    let held = modes::held(&all, &seated);
    let wanted = beijing_date(wish.starts_at);
    let online = held != Held::Offline;
    let lead = lead::find(&settings.lead(wish.kind, case.procedure(), online), today, Some(wanted), calendar).map_err(beyond_calendar)?;
    let first = Span::of(wish.starts_at, wish.minutes);
    let spans = match wish.also.is_empty() {
        true => conflicts::several_days(first, wish.days, calendar).map_err(beyond_calendar)?,
        false => conflicts::series(first, &wish.also),
    };
    let needed = needed(wish);
    let found = taken(tx, &needed, &spans, own).await?;
    let conflicts = conflicts::find(&spans, &needed, &found, own, TimeDelta::minutes(settings.hours.gap_minutes));
    let all_agree = held == Held::Online;
    let fit = kinds::templates(wish.kind, case.procedure(), conference_held(tx, case.case_id).await?, all_agree);
    let template = wish.template.or(fit.first().copied()).unwrap_or(Template::Questioning);
    let fault = joint::fault(&case, &joined).or_else(|| fault(wish, &case, &all, held, &fit, template));
    Ok(Plan { case, joined, template, fault, spans, seated, held, verdict, lead, conflicts, settings, needed })
}

/// Free times for these people and this room.
///
/// # Errors
/// A date past the calendar.
pub async fn free(app: &App, tx: &mut CourtTx, plan: &Plan, minutes: i64, own: Option<Uuid>) -> Result<Vec<Span>> {
    let rules = CourtRules::on(&app.door.registry, tx.court, beijing_date(tx.now()));
    let calendar = &*app.door.registry.calendars().newest(rules.makeup_day_is_working());
    let from = plan.lead.earliest_on;
    let until = crate::court::beijing::start_of_day(from) + TimeDelta::days(LOOK_AHEAD.into());
    let asked = busy::Asked { needed: &plan.needed, from: tx.now(), until, own, viewer: tx.person().ok() };
    let found = busy::find(tx, &asked).await?;
    let wanted = Wanted {
        needed: &plan.needed,
        busy: &found,
        minutes,
        from,
        days: LOOK_AHEAD,
        most: MOST_SLOTS,
        not_before: tx.now() + TimeDelta::minutes(30),
    };
    conflicts::free(&wanted, &plan.settings.hours, calendar).map_err(beyond_calendar)
}

/// How many days are looked through for free times.
const LOOK_AHEAD: u32 = 45;
/// How many free times are offered.
const MOST_SLOTS: usize = 12;

impl Plan {
    /// Refuses what may not be saved; a reason answers what asks for one.
    ///
    /// # Errors
    /// The first thing in the way.
    pub fn check(&self, wish: &Wish, soon: Option<&str>, conflict: Option<&str>) -> Result<(), Refusal> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        if let Some(finding) = self.verdict.findings.first() {
            let cure = match finding.weight {
                Weight::Refuse => ("请安排到庭审理。", "Hold it in court."),
                Weight::AskReason => ("请审判人员写明判断和理由。", "Let a judge write down the decision and its reasons."),
            };
            return Err(Refusal::new("hearing.unsuitable", (finding.zh.clone(), finding.en.clone()), cure)
                .by(finding.article)
                .at("/facts"));
        }
        lead::check(&self.lead, beijing_date(wish.starts_at), soon)?;
        self.clashes(conflict)
    }

    /// What concerns a change of people: seats, and whose time is taken.
    ///
    /// # Errors
    /// The first thing in the way.
    pub fn check_people(&self, conflict: Option<&str>) -> Result<(), Refusal> {
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None => self.clashes(conflict),
        }
    }

    fn clashes(&self, reason: Option<&str>) -> Result<(), Refusal> {
        let Some(worst) = self.conflicts.first() else { return Ok(()) };
        if worst.severity == Severity::Blocks {
            return Err(Refusal::new(
                "hearing.taken",
                ("法庭或者审判人员这个时间已经有安排。", "The courtroom or a judge is taken at that time."),
                ("请换一个时间；页面上列出了空档。", "Choose another time; free ones are listed."),
            )
            .at("/starts_at"));
        }
        match reason {
            Some(reason) => super::refusal::reasoned(reason, "/conflict_reason"),
            None => Err(Refusal::new(
                "hearing.conflict",
                ("有参与人这个时间没空，或者前后间隔太短。", "Somebody is busy at that time, or the gap is too short."),
                ("请换一个时间；确需定在这时的，请写明理由。", "Choose another time, or say why it must be this one."),
            )
            .at("/conflict_reason")),
        }
    }
}

fn fault(wish: &Wish, case: &CaseRow, all: &[Seat], held: Held, fit: &[Template], template: Template) -> Option<Refusal> {
    let mut faults = vec![
        seats::check(wish.kind, case.procedure(), all).err(),
        modes::check_courtroom(held, wish.courtroom).err(),
        conflicts::check_series(wish.days, Span::of(wish.starts_at, wish.minutes), &wish.also).err(),
        (!fit.contains(&template)).then(|| {
            Refusal::new(
                "hearing.template",
                ("这个笔录模板不适用于本场庭审。", "That template does not fit this session."),
                ("请从适用的模板中选择。", "Choose one of those that fit."),
            )
            .at("/template")
        }),
    ];
    if case.closed_at.is_some() {
        let cause = ("案件已经结案。", "The case is closed.");
        faults.insert(0, Some(Refusal::new("hearing.case_closed", cause, ("需要继续审理的，请先撤销结案。", "Reopen the case first."))));
    }
    let always = kinds::of(wish.kind).always_public;
    if always && !wish.public {
        let cause = ("宣判一律公开。", "Judgments are always pronounced in public.");
        let refusal = Refusal::new("hearing.always_public", cause, ("请改为公开。", "Make it public."));
        faults.push(Some(refusal.by(super::law::L151).at("/public")));
    }
    faults.into_iter().flatten().next()
}

fn facts(case: &CaseRow, wish: &Wish, answers: &[Answer]) -> Facts {
    let (step, stage) = (kinds::of(wish.kind).step, case.stage());
    let mut parties: Vec<Uuid> = wish.guests.iter().filter(|g| g.seat.role.is_party_side()).filter_map(|g| g.seat.party).collect();
    parties.sort_unstable();
    parties.dedup();
    let objects = |party: Uuid| {
        let own = answers.iter().filter(|a| a.party == party && a.step == step && a.stage == stage);
        own.max_by_key(|a| a.at).is_some_and(|a| !a.agrees)
    };
    let stand = |party: Uuid| Stand {
        party,
        objects: objects(party) || wish.judged.objections.iter().any(|(p, _)| *p == party),
        reason: wish.judged.objections.iter().find(|(p, _)| *p == party).map(|(_, w)| w.clone()).unwrap_or_default(),
        able: !wish.judged.unable.contains(&party),
    };
    Facts {
        kind: wish.kind,
        case_kind: case.kind(),
        online: wish.online,
        closed_by: wish.closed_by,
        parties: parties.into_iter().map(stand).collect(),
        on_site: wish.judged.on_site.clone(),
        complex: wish.judged.complex.clone(),
        security: wish.judged.security,
        attention: wish.judged.attention.clone(),
        other: wish.judged.other.clone(),
        criminal: wish.judged.criminal.clone(),
    }
}

fn orders(guests: &[Guest]) -> (Vec<Ordered>, Vec<Uuid>) {
    let ordered = guests.iter().filter_map(|g| {
        let (mode, reason) = g.ordered.clone()?;
        Some(Ordered { seat: g.seat.id, mode, reason })
    });
    (ordered.collect(), guests.iter().filter(|g| g.elsewhere).map(|g| g.seat.id).collect())
}

fn needed(wish: &Wish) -> Vec<Subject> {
    let people = wish.guests.iter().filter(|g| !g.seat.role.only_watches()).filter_map(|g| {
        let person = g.seat.person?;
        Some(if g.seat.role.is_court() { Subject::Court(person) } else { Subject::Person(person) })
    });
    let mut needed: Vec<Subject> = wish.courtroom.map(Subject::Courtroom).into_iter().chain(people).collect();
    needed.sort_unstable();
    needed.dedup();
    needed
}

async fn taken(tx: &mut CourtTx, needed: &[Subject], spans: &[Span], own: Option<Uuid>) -> Result<Vec<conflicts::Busy>> {
    let (Some(from), Some(until)) = (spans.iter().map(|s| s.from).min(), spans.iter().map(|s| s.until).max()) else {
        return Ok(Vec::new());
    };
    let day = TimeDelta::days(1);
    let asked = busy::Asked { needed, from: from - day, until: until + day, own, viewer: tx.person().ok() };
    busy::find(tx, &asked).await
}

/// 庭前会议、证据交换 held before: then the parties only add (指引 8).
async fn conference_held(tx: &mut CourtTx, case: Uuid) -> Result<bool> {
    let court = tx.court;
    Ok(sqlx::query_scalar(
        "select exists (select 1 from hearings where court_id = $1 and case_id = $2 and kind in ('pretrial_meeting', 'evidence_exchange') and ended_at is not null)",
    )
    .bind(court)
    .bind(case)
    .fetch_one(tx.conn())
    .await?)
}

/// The roles a person of the court may sit in by what he or she holds there.
pub fn fits_court_role(role: Role, held: &[String]) -> bool {
    let has = |word: &str| held.iter().any(|h| h == word);
    match role {
        Role::PresidingJudge | Role::SoleJudge | Role::PanelJudge => has("judge") || has("presiding_judge"),
        Role::Clerk | Role::JudgeAssistant => has("clerk"),
        Role::Technician => has("technician"),
        // 人民陪审员 are named for a case, and hold no office at the court
        _ => true,
    }
}
