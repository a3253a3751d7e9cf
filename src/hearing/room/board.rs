//! 技术看板: hearings of these hours, how their lines are, and the alerts nobody closed. Owns reading it; no names of parties.

use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Object;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::hearing::words::{SessionKind, State};

/// A hearing on the board.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BoardHearing {
    /// Hearing.
    pub id: Uuid,
    /// 会议号.
    pub number: String,
    /// 案号.
    pub case_number: String,
    /// Kind of session.
    pub kind_name: String,
    /// State.
    pub state: String,
    /// 名称.
    pub state_name: String,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// 法庭.
    pub courtroom: Option<String>,
    /// Seats.
    pub seats: i64,
    /// With a line.
    pub connected: i64,
    /// With a poor or bad line.
    pub poor: i64,
    /// Being recorded, by what lies on the disk of this server; none where another server holds the room.
    pub recording: Option<bool>,
}

/// An alert on the board.
#[derive(Debug, Object, FromRow)]
#[oai(skip_serializing_if_is_none)]
pub struct BoardAlert {
    /// Alert.
    pub id: Uuid,
    /// Hearing.
    pub hearing_id: Uuid,
    /// 会议号.
    pub number: String,
    /// About whose line.
    pub participant_id: Option<Uuid>,
    /// His or her role.
    pub role: Option<String>,
    /// Kind.
    pub kind: String,
    /// Figures.
    pub figures: Value,
    /// Since.
    pub since: DateTime<Utc>,
    /// Who took it.
    pub taken_by: Option<String>,
    /// When.
    pub taken_at: Option<DateTime<Utc>>,
}

/// The board.
#[derive(Debug, Object)]
pub struct Board {
    /// Hearings.
    pub hearings: Vec<BoardHearing>,
    /// Alerts nobody closed.
    pub alerts: Vec<BoardAlert>,
}

#[derive(FromRow)]
struct Row {
    hearing_id: Uuid,
    number: String,
    case_number: String,
    kind: String,
    state: String,
    starts_at: DateTime<Utc>,
    courtroom: Option<String>,
    seats: i64,
    connected: i64,
    poor: i64,
}

/// Reads it.
///
/// # Errors
/// What the database says.
pub async fn read(app: &App, tx: &mut CourtTx) -> Result<Board> {
    let (court, now) = (tx.court, tx.now());
    let rows: Vec<Row> = sqlx::query_as(
        "select h.hearing_id, h.number, h.case_number, h.kind, h.state, h.starts_at, r.name as courtroom,
            (select count(*) from hearing_participants p where p.court_id = h.court_id and p.hearing_id = h.hearing_id and p.removed_at is null) as seats,
            (select count(*) from hearing_presence s where s.court_id = h.court_id and s.hearing_id = h.hearing_id and s.connected_at is not null and s.disconnected_at is null) as connected,
            (select count(*) from hearing_presence s where s.court_id = h.court_id and s.hearing_id = h.hearing_id and s.disconnected_at is null and s.health->>'health' in ('poor', 'bad')) as poor
           from hearings h left join courtrooms r on r.court_id = h.court_id and r.courtroom_id = h.courtroom_id
          where h.court_id = $1 and h.held <> 'offline'
            and (h.state in ('waiting', 'open', 'adjourned', 'suspended', 'closed_part', 'mediation', 'ended', 'signing')
                 or (h.state = 'scheduled' and h.starts_at between $2 and $3))
            and h.starts_at > $4
          order by h.starts_at, h.hearing_id limit 200",
    )
    .bind(court)
    .bind(now - TimeDelta::hours(1))
    .bind(now + TimeDelta::hours(3))
    .bind(now - TimeDelta::hours(24))
    .fetch_all(tx.conn())
    .await?;
    let alerts = sqlx::query_as(
        "select a.alert_id as id, a.hearing_id, h.number, a.participant_id, p.role, a.kind, a.figures, a.since, w.name as taken_by, a.taken_at
           from hearing_alerts a join hearings h on h.court_id = a.court_id and h.hearing_id = a.hearing_id
           left join hearing_participants p on p.court_id = a.court_id and p.hearing_id = a.hearing_id and p.participant_id = a.participant_id
           left join people w on w.person_id = a.taken_by
          where a.court_id = $1 and a.closed_at is null order by a.taken_at is not null, a.since limit 200",
    )
    .bind(court)
    .fetch_all(tx.conn())
    .await?;
    let mut hearings = Vec::with_capacity(rows.len());
    for row in rows {
        let recording = match app.rooms.find(court, row.hearing_id) {
            Some(live) => Some(live.tape.lock().await.status().is_some_and(|s| s.recording)),
            None => None,
        };
        hearings.push(shown(row, recording));
    }
    Ok(Board { hearings, alerts })
}

fn shown(r: Row, recording: Option<bool>) -> BoardHearing {
    BoardHearing {
        id: r.hearing_id,
        number: r.number,
        case_number: r.case_number,
        kind_name: SessionKind::parse(&r.kind).map_or("庭审", SessionKind::zh).into(),
        state_name: State::parse(&r.state).map_or("", State::zh).into(),
        state: r.state,
        starts_at: r.starts_at,
        courtroom: r.courtroom,
        seats: r.seats,
        connected: r.connected,
        poor: r.poor,
        recording,
    }
}
