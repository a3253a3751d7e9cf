//! 纪律、保证书、同意的文字: what each participant reads, and who acknowledged which words.
//!
//! Owns the published texts as they are shown on a day and `hearing_acks`. An answer is bound to the digest of the words it
//! was given to (H20). Must never take an answer to words that are not today's.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::super::discipline::{self, Own, Reading, Text};
use super::super::law;
use super::super::log::{self, Audience, Line};
use super::super::settings::Settings;
use super::super::words::Role;
use super::sitting::{Head, Sitting};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::words::words;

words! {
    /// What is read and answered.
    What as "HearingText":
    Discipline = "discipline", "法庭纪律与在线庭审须知", "discipline of the court";
    Oath = "oath", "保证书", "undertaking to tell the truth";
    Mediation = "mediation", "是否同意调解", "consent to mediation";
    MediationRecording = "mediation_recording", "是否同意调解过程录音录像", "consent to the recording of the mediation";
    RecordingReplacesTranscript = "recording_replaces_transcript", "以录音录像代替笔录", "recording in place of the transcript";
}

impl What {
    /// There is no choice: it is acknowledged, or not yet.
    pub const fn binds(self) -> bool {
        matches!(self, Self::Discipline | Self::Oath)
    }

    /// Who of a hearing is asked.
    pub const fn asks(self, role: Role) -> bool {
        match self {
            Self::Discipline => discipline::must_acknowledge(role),
            Self::Oath => role.waits_apart(),
            Self::Mediation | Self::MediationRecording | Self::RecordingReplacesTranscript => role.is_party_side(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declarations {
    oath: Vec<Text>,
    mediation: Vec<Text>,
    mediation_recording: Vec<Text>,
    recording_replaces_transcript: Vec<Text>,
}

type Texts = BTreeMap<&'static str, Vec<Text>>;

/// The published texts, oldest first.
static TEXTS: LazyLock<std::result::Result<Texts, String>> = LazyLock::new(published);

fn published() -> std::result::Result<Texts, String> {
    let discipline = discipline::texts(include_str!("../../../reference/hearing_discipline.toml"))?;
    let declarations: Declarations =
        toml::from_str(include_str!("../../../reference/hearing_declarations.toml")).map_err(|e| e.to_string())?;
    let mut texts = BTreeMap::from([
        (What::Discipline.key(), discipline),
        (What::Oath.key(), declarations.oath),
        (What::Mediation.key(), declarations.mediation),
        (What::MediationRecording.key(), declarations.mediation_recording),
        (What::RecordingReplacesTranscript.key(), declarations.recording_replaces_transcript),
    ]);
    texts.values_mut().for_each(|t| t.sort_by_key(|t| t.valid_from));
    Ok(texts)
}

/// A court's own points on a day.
pub fn own_points(app: &App, court: i32, day: NaiveDate) -> Own {
    Settings::of(&CourtRules::on(&app.door.registry, court, day)).own
}

/// What this role reads on this day.
///
/// # Errors
/// When nothing was published yet.
pub fn reading(what: What, own: &Own, role: Role, day: NaiveDate) -> Result<Reading> {
    let texts = TEXTS.as_ref().map_err(|e| Error::internal(e.clone()))?;
    let none = Own::default();
    // only the discipline takes a court's own points: declarations are the law's words
    let own = if what == What::Discipline { own } else { &none };
    let found = texts.get(what.key()).and_then(|t| discipline::reading(t, own, role, day));
    found.ok_or_else(Error::not_found)
}

/// What somebody answered.
#[derive(Debug, Clone, FromRow)]
pub struct Answer {
    /// Who.
    pub participant_id: Uuid,
    /// To what.
    pub what: String,
    /// The words it was given to.
    pub digest: String,
    /// Agrees.
    pub agrees: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// The newest answers to each text, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn answers(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Answer>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select distinct on (participant_id, what) participant_id, what, digest, agrees, at from hearing_acks
         where court_id = $1 and hearing_id = $2 order by participant_id, what, at desc",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

/// The answer of somebody to a text.
pub fn answer_of(answers: &[Answer], participant: Uuid, what: What) -> Option<&Answer> {
    answers.iter().find(|a| a.participant_id == participant && a.what == what.key())
}

/// What is answered.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// To what.
    pub what: What,
    /// The words, as they were shown.
    pub digest: &'a str,
    /// Agrees.
    pub agrees: bool,
    /// A clerk writes it down for somebody who said it.
    pub for_other: bool,
}

/// Keeps an answer. The hearing's row is held.
///
/// # Errors
/// 409 for other words than today's; 422 for a no where there is no choice, or somebody who is not asked.
pub async fn keep(app: &App, tx: &mut CourtTx, hearing: Uuid, head: &Head, seat: &Sitting, given: Given<'_>) -> Result<()> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    let day = beijing_date(now);
    let read = reading(given.what, &own_points(app, court, day), seat.role(), day)?;
    if read.digest != given.digest {
        return Err(changed());
    }
    if !given.what.asks(seat.role()) {
        return Err(not_asked());
    }
    if given.what.binds() && !given.agrees {
        return Err(must_agree());
    }
    sqlx::query(
        "insert into hearing_acks (court_id, hearing_id, participant_id, what, version, digest, case_id, person_id, recorded_by, agrees, at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11) on conflict do nothing",
    )
    .bind(court)
    .bind(hearing)
    .bind(seat.id())
    .bind(given.what.key())
    .bind(&read.version)
    .bind(&read.digest)
    .bind(head.case)
    .bind((!given.for_other).then_some(me))
    .bind(given.for_other.then_some(me))
    .bind(given.agrees)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let data = serde_json::json!({ "what": given.what.key(), "digest": read.digest, "agrees": given.agrees });
    let line = Line { what: "ack", participant: Some(seat.id()), audience: Audience::Own, media: None, data };
    log::append(tx, hearing, head.case, now, &line).await.map(drop)
}

fn changed() -> Error {
    Error::conflict(
        "discipline.changed",
        said("文字刚刚更新，与您看到的不同。", "The words were just renewed and are not those you saw."),
        said("请重新阅读后再确认。", "Read it again, then answer."),
    )
    .at("/digest")
}

fn not_asked() -> Error {
    Error::invalid(
        "discipline.not_asked",
        said("这一项不需要您确认。", "You are not asked about this."),
        said("请刷新页面。", "Load the page again."),
    )
    .at("/what")
}

fn must_agree() -> Error {
    let a = law::OL25;
    Error::invalid(
        "discipline.must_agree",
        said(format!("这一项应当遵守，不能选择不同意（{}）。", a.zh), format!("This binds everybody; there is no refusing it ({}).", a.en)),
        said("有疑问请先问书记员。", "Ask the clerk if something is unclear."),
    )
    .at("/agrees")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        "2026-11-26".parse().unwrap()
    }

    #[test]
    fn every_text_reads_and_says_whom_it_asks() {
        let own = Own::default();
        for what in What::ALL {
            for role in Role::ALL.iter().filter(|r| what.asks(**r)) {
                let read = reading(*what, &own, *role, day()).unwrap();
                assert!(!read.points.is_empty() && read.digest.len() == 64, "{what:?} {role:?}");
            }
        }
        assert!(What::Oath.asks(Role::Witness) && !What::Oath.asks(Role::Party));
        assert!(What::Discipline.binds() && !What::Mediation.binds());
    }

    #[test]
    fn a_courts_own_points_stand_in_the_discipline_alone() {
        let point = discipline::Point {
            r#for: discipline::Audience::Everybody,
            zh: "请提前十分钟进入。".into(),
            en: "Come ten minutes early.".into(),
            basis: "本院规定".into(),
        };
        let own = Own { version: 3, points: vec![point] };
        let has = |what| reading(what, &own, Role::Party, day()).unwrap().points.iter().any(|p| p.zh.contains("十分钟"));
        assert!(has(What::Discipline) && !has(What::Mediation));
    }
}
