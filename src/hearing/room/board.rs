//! 技术看板: hearings of these hours, how their lines are, and the alerts nobody closed. Owns reading it; no names of parties.

use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Object;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::hearing::seats::{self, Seat};
use crate::hearing::words::{Place, Role, SessionKind, Side, State};
use crate::kit::words::words;

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
    pub state: State,
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
    /// Everybody who has been in a room of it, the worst line first.
    pub people: Vec<BoardSeat>,
    /// Being recorded, by what lies on the disk of this server; none where another server holds the room.
    pub recording: Option<bool>,
}

/// 一个人的线路: a seat, not a name.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BoardSeat {
    /// Participant.
    pub participant_id: Uuid,
    /// Role.
    pub role: Role,
    /// 席位.
    pub plate: String,
    /// The plate in English.
    pub plate_en: String,
    /// Where.
    pub place: Place,
    /// With a line now.
    pub connected: bool,
    /// Loss on the way up, tenths of a percent.
    pub up_loss: Option<i64>,
    /// Loss on the way down, tenths of a percent.
    pub down_loss: Option<i64>,
    /// Round trip, ms.
    pub rtt_ms: Option<i64>,
    /// Battery, percent.
    pub battery: Option<i64>,
    /// good (under 10 % of loss), poor (10 to 15 %) or bad (15 % and more), by the worse way; absent without figures.
    pub band: Option<Band>,
    /// Measured.
    pub at: Option<DateTime<Utc>>,
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
    kind: SessionKind,
    state: State,
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
    let ids: Vec<Uuid> = rows.iter().map(|r| r.hearing_id).collect();
    let mut lines = lines(tx, &ids).await?;
    let mut hearings = Vec::with_capacity(rows.len());
    for row in rows {
        let recording = match app.rooms.find(court, row.hearing_id) {
            Some(live) => Some(live.tape.lock().await.status().is_some_and(|s| s.recording)),
            None => None,
        };
        let people = lines.extract_if(.., |l| l.hearing_id == row.hearing_id).map(seat_of).collect();
        hearings.push(shown(row, people, recording));
    }
    Ok(Board { hearings, alerts })
}

#[derive(FromRow)]
struct Line {
    hearing_id: Uuid,
    participant_id: Uuid,
    role: Role,
    side: Option<Side>,
    party_id: Option<Uuid>,
    minor: bool,
    place: Place,
    connected: bool,
    health: Option<Json<Value>>,
}

/// The lines of these hearings, the worst first.
async fn lines(tx: &mut CourtTx, hearings: &[Uuid]) -> Result<Vec<Line>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select s.hearing_id, s.participant_id, p.role, p.side, p.party_id, p.minor, s.place, s.connected_at is not null and s.disconnected_at is null as connected, s.health
           from hearing_presence s join hearing_participants p on p.court_id = s.court_id and p.hearing_id = s.hearing_id and p.participant_id = s.participant_id
          where s.court_id = $1 and s.hearing_id = any($2) and p.removed_at is null and s.place <> 'private_room'
          order by s.hearing_id, greatest((s.health->>'up_loss')::bigint, (s.health->>'down_loss')::bigint) desc nulls last, p.seated_at, p.participant_id limit 4000",
    )
    .bind(court)
    .bind(hearings)
    .fetch_all(tx.conn())
    .await?)
}

fn seat_of(l: Line) -> BoardSeat {
    let seat = Seat { id: l.participant_id, role: l.role, side: l.side, party: l.party_id, person: None, minor: l.minor };
    let plate = seats::plate(&seat);
    let figure = |key: &str| l.health.as_ref().and_then(|h| h.0[key].as_i64());
    let (up, down) = (figure("up_loss"), figure("down_loss"));
    let band = up.max(down).map(band);
    let at = l.health.as_ref().and_then(|h| h.0["at"].as_str()).and_then(|t| t.parse().ok());
    BoardSeat {
        participant_id: l.participant_id,
        role: l.role,
        plate: plate.zh,
        plate_en: plate.en,
        place: l.place,
        connected: l.connected,
        up_loss: up,
        down_loss: down,
        rtt_ms: figure("rtt_ms"),
        battery: figure("battery"),
        band,
        at,
    }
}

words! {
    /// 线路: how much of it is lost.
    Band as "LineBand":
    Good = "good", "良好", "under 10 % lost";
    Poor = "poor", "较差", "10 to 15 % lost";
    Bad = "bad", "很差", "15 % and more lost";
}

/// The bands of the board, from tenths of a percent.
pub(super) fn band(loss: i64) -> Band {
    match loss {
        ..100 => Band::Good,
        100..150 => Band::Poor,
        _ => Band::Bad,
    }
}

fn shown(r: Row, people: Vec<BoardSeat>, recording: Option<bool>) -> BoardHearing {
    BoardHearing {
        id: r.hearing_id,
        number: r.number,
        case_number: r.case_number,
        kind_name: r.kind.zh().into(),
        state_name: r.state.zh().into(),
        state: r.state,
        starts_at: r.starts_at,
        courtroom: r.courtroom,
        seats: r.seats,
        connected: r.connected,
        poor: r.poor,
        people,
        recording,
    }
}
