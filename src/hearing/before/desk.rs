//! 候庭台: what the clerk sees of everybody before the hearing opens, on one page.
//!
//! Owns bringing together what the other files of this room keep. Reads only. Must never be shown to a party.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use uuid::Uuid;

use super::super::guards::{self, Storage};
use super::super::measures::{self, SeatMeasures};
use super::super::words::{Mode, Place, Role, Side, State};
use super::identity;
use super::papers;
use super::readings::{self, What};
use super::ready::Known;
use super::sitting::Sitting;
use super::views::{self, HearingIdentityCheck, HearingIdentityView, HearingPaper, HearingTested, OpeningObstacle};
use super::{chat, requests, trials};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::Result;

/// Somebody on the clerk's desk.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingDeskSeat {
    /// Participant.
    pub participant_id: Uuid,
    /// Role.
    pub role: Role,
    /// 席位.
    pub plate: String,
    /// The plate in English.
    pub plate_en: String,
    /// Where on the plan of the court.
    pub area: String,
    /// Name.
    pub name: String,
    /// Side.
    pub side: Option<Side>,
    /// Party.
    pub party_id: Option<Uuid>,
    /// online or in_court.
    pub mode: Mode,
    /// A minor.
    pub minor: bool,
    /// 必须到庭.
    pub must_appear: bool,
    /// Where he or she is.
    pub place: Place,
    /// 名称.
    pub place_name: String,
    /// Name in English.
    pub place_name_en: String,
    /// Connected now.
    pub connected: bool,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The newest test.
    pub test: Option<HearingTested>,
    /// Has to acknowledge the discipline.
    pub must_acknowledge: bool,
    /// Acknowledged today's words.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Has to be identified.
    pub must_identify: bool,
    /// none, matches, doubt or no_match.
    pub standing: String,
    /// What the court found, the newest first.
    pub checks: Vec<HearingIdentityCheck>,
    /// Papers.
    pub papers: Vec<HearingPaper>,
    /// What the other side says.
    pub views: Vec<HearingIdentityView>,
    /// Who of the other side was not heard.
    pub views_missing: Vec<Uuid>,
    /// 特别安排 a judge ordered.
    pub measures: Option<SeatMeasures>,
    /// Of an interpreter: the language of the second voice.
    pub interprets: Option<String>,
    /// Messages to the clerks that the caller has not read.
    pub unread: i64,
}

/// 候庭台.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingDesk {
    /// Hearing.
    pub hearing_id: Uuid,
    /// Version.
    pub version: i32,
    /// State.
    pub state: State,
    /// 名称.
    pub state_name: String,
    /// Name in English.
    pub state_name_en: String,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Later than told, until.
    pub delayed_until: Option<DateTime<Utc>>,
    /// Why.
    pub delay_reason: Option<String>,
    /// Everybody, bench first.
    pub items: Vec<HearingDeskSeat>,
    /// What stands in the way of opening, the hard ones first.
    pub obstacles: Vec<OpeningObstacle>,
    /// Requests nobody answered yet.
    pub requests_open: i64,
    /// Messages the caller has not read.
    pub unread: i64,
}

/// The desk of a hearing.
///
/// # Errors
/// 404, what the database says.
pub async fn of(app: &App, tx: &mut CourtTx, hearing: Uuid, me: Uuid, recorder: (bool, Storage)) -> Result<HearingDesk> {
    let known = Known::read(app, tx, hearing).await?;
    let delay_reason = super::delay::reason(tx, hearing).await?;
    let tests = trials::newest(tx, hearing).await?;
    let papers = papers::all(tx, hearing).await?;
    let unread = chat::unread_of_threads(tx, hearing, me).await?;
    let requests_open = requests::open_count(tx, hearing).await?;
    // the same count the opening is held to: what stands here is what it would say
    let obstacles = guards::obstacles(&known.ready(recorder));
    let Known { head, all, checks, answers, .. } = &known;
    let item = |s: &Sitting| {
        let mut seat = seat(s);
        seat.test = tests.iter().find(|t| t.participant == s.id()).map(|t| views::tested(t, s.role()));
        seat.acknowledged_at = readings::answer_of(answers, s.id(), What::Discipline).filter(|_| known.acknowledged(s)).map(|a| a.at);
        seat.standing = identity::standing(checks, s.id(), head).map_or("none", |c| c.says.key()).into();
        seat.checks = checks.iter().filter(|c| c.participant == s.id() && c.says.is_the_courts()).map(views::check).collect();
        seat.papers = papers.iter().filter(|p| p.participant_id == s.id()).map(views::paper).collect();
        seat.views = identity::views(checks, all, s).into_iter().map(|(who, c)| views::view(who, c)).collect();
        seat.views_missing = identity::views_missing(checks, all, s);
        seat.unread = unread.iter().find(|(who, _)| *who == s.id()).map_or(0, |(_, n)| *n);
        seat
    };
    Ok(HearingDesk {
        hearing_id: hearing,
        version: head.version,
        state: head.state,
        state_name: head.state.zh().into(),
        state_name_en: head.state.en().into(),
        starts_at: head.starts_at,
        delayed_until: head.delayed_until,
        delay_reason,
        items: all.iter().map(item).collect(),
        obstacles: obstacles.iter().map(views::obstacle).collect(),
        requests_open,
        unread: unread.iter().map(|(_, n)| n).sum(),
    })
}

/// What is known from the seat alone.
fn seat(s: &Sitting) -> HearingDeskSeat {
    let plate = s.plate();
    HearingDeskSeat {
        participant_id: s.id(),
        role: s.role(),
        plate: plate.zh,
        plate_en: plate.en,
        area: super::super::views::area(plate.area).into(),
        name: s.name.clone(),
        side: s.seat.side,
        party_id: s.seat.party,
        mode: s.mode,
        minor: s.seat.minor,
        must_appear: s.must_appear,
        place: s.place,
        place_name: s.place.zh().into(),
        place_name_en: s.place.en().into(),
        connected: s.since.is_some(),
        since: s.since,
        test: None,
        must_acknowledge: What::Discipline.asks(s.role()),
        acknowledged_at: None,
        must_identify: identity::must_identify(s.role()),
        standing: "none".into(),
        checks: Vec::new(),
        papers: Vec::new(),
        views: Vec::new(),
        views_missing: Vec::new(),
        measures: s.measures.as_ref().and_then(measures::shown),
        interprets: s.interprets.clone().filter(|_| s.role() == Role::Interpreter),
        unread: 0,
    }
}
