//! 全省庭审看板: every room of every court that sits or is about to, and the alerts nobody closed.
//!
//! Reads as the province: states, counts, the worst line of a room. Must never name a party, a case, or anybody in a room.

use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Object;
use sqlx::FromRow;
use uuid::Uuid;

use super::board::{Band, band};
use crate::court::registry::Registry;
use crate::court::tx::ProvinceTx;
use crate::error::Result;
use crate::hearing::words::{SessionKind, State};

/// A room.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ProvinceHearing {
    /// Court.
    pub court_id: i32,
    /// Court's name.
    pub court_name: String,
    /// Hearing.
    pub hearing_id: Uuid,
    /// 会议号.
    pub number: String,
    /// Kind of session.
    pub kind: SessionKind,
    /// 名称.
    pub kind_name: String,
    /// Name in English.
    pub kind_name_en: String,
    /// State.
    pub state: State,
    /// 名称.
    pub state_name: String,
    /// Name in English.
    pub state_name_en: String,
    /// online or hybrid.
    pub held: String,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// People with a line now.
    pub connected: i64,
    /// Of these, with a tenth or more lost either way.
    pub poor: i64,
    /// The worst of these lines: good (under 10 % of loss), poor (10 to 15 %) or bad (15 % and more); absent without figures.
    pub band: Option<Band>,
    /// Alerts nobody closed.
    pub alerts: i64,
    /// Of these, that nobody took.
    pub untaken: i64,
    /// What they are about.
    pub alert_kinds: Vec<String>,
}

/// A court's rooms in figures.
#[derive(Debug, Object)]
pub struct ProvinceCourtHearings {
    /// Court.
    pub court_id: i32,
    /// Court's name.
    pub court_name: String,
    /// To begin within three hours.
    pub soon: i64,
    /// Whose waiting room is open.
    pub waiting: i64,
    /// That sit: open, in a closed part, in mediation.
    pub sitting: i64,
    /// Adjourned or suspended.
    pub paused: i64,
    /// That ended and are being signed.
    pub signing: i64,
    /// Alerts nobody closed.
    pub alerts: i64,
    /// Of these, that nobody took.
    pub untaken: i64,
}

/// 全省庭审看板.
#[derive(Debug, Object)]
pub struct ProvinceHearings {
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// Courts with a room, those with most alerts first.
    pub courts: Vec<ProvinceCourtHearings>,
    /// Rooms: those with alerts nobody took first, then by time.
    pub hearings: Vec<ProvinceHearing>,
}

#[derive(FromRow)]
struct Row {
    court_id: i32,
    hearing_id: Uuid,
    number: String,
    kind: SessionKind,
    state: State,
    held: String,
    starts_at: DateTime<Utc>,
    connected: i64,
    poor: i64,
    worst: Option<i64>,
    alerts: i64,
    untaken: i64,
    alert_kinds: Vec<String>,
}

/// The most rooms shown.
const MOST: i64 = 1000;

/// Reads it.
///
/// # Errors
/// What the database says.
pub async fn read(registry: &Registry, tx: &mut ProvinceTx) -> Result<ProvinceHearings> {
    let now = tx.now();
    let rows: Vec<Row> = sqlx::query_as(
        "select h.court_id, h.hearing_id, h.number, h.kind, h.state, h.held, h.starts_at, coalesce(a.n, 0) as alerts, coalesce(a.untaken, 0) as untaken, coalesce(a.kinds, '{}') as alert_kinds,
            l.connected, l.poor, l.worst
           from hearings h
           cross join lateral (select count(*) as connected, count(*) filter (where s.loss >= 100) as poor, max(s.loss) as worst
              from (select greatest((p.health->>'up_loss')::bigint, (p.health->>'down_loss')::bigint) as loss from hearing_presence p
                     where p.court_id = h.court_id and p.hearing_id = h.hearing_id and p.connected_at is not null and p.disconnected_at is null) s) l
           left join lateral (select count(*) as n, count(*) filter (where x.taken_at is null) as untaken, array_agg(distinct x.kind) as kinds
              from hearing_alerts x where x.court_id = h.court_id and x.hearing_id = h.hearing_id and x.closed_at is null) a on true
          where h.held <> 'offline' and h.starts_at > $1
            and (h.state in ('waiting', 'open', 'adjourned', 'suspended', 'closed_part', 'mediation', 'ended', 'signing') or (h.state = 'scheduled' and h.starts_at between $2 and $3))
          order by coalesce(a.untaken, 0) > 0 desc, h.starts_at, h.court_id, h.hearing_id limit $4",
    )
    .bind(now - TimeDelta::hours(24))
    .bind(now - TimeDelta::hours(1))
    .bind(now + TimeDelta::hours(3))
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?;
    let hearings: Vec<ProvinceHearing> = rows.into_iter().map(|r| shown(r, registry)).collect();
    Ok(ProvinceHearings { as_of: now, courts: by_court(&hearings), hearings })
}

fn shown(r: Row, registry: &Registry) -> ProvinceHearing {
    ProvinceHearing {
        court_id: r.court_id,
        court_name: registry.name(r.court_id),
        hearing_id: r.hearing_id,
        number: r.number,
        kind_name: r.kind.zh().into(),
        kind_name_en: r.kind.en().into(),
        kind: r.kind,
        state_name: r.state.zh().into(),
        state_name_en: r.state.en().into(),
        state: r.state,
        held: r.held,
        starts_at: r.starts_at,
        connected: r.connected,
        poor: r.poor,
        band: r.worst.map(band),
        alerts: r.alerts,
        untaken: r.untaken,
        alert_kinds: r.alert_kinds,
    }
}

fn by_court(hearings: &[ProvinceHearing]) -> Vec<ProvinceCourtHearings> {
    let mut courts: Vec<ProvinceCourtHearings> = Vec::new();
    for h in hearings {
        let place = match courts.iter().position(|c| c.court_id == h.court_id) {
            Some(place) => place,
            None => {
                let (court_id, court_name) = (h.court_id, h.court_name.clone());
                courts.push(ProvinceCourtHearings {
                    court_id,
                    court_name,
                    soon: 0,
                    waiting: 0,
                    sitting: 0,
                    paused: 0,
                    signing: 0,
                    alerts: 0,
                    untaken: 0,
                });
                courts.len() - 1
            }
        };
        let court = &mut courts[place];
        match h.state {
            State::Scheduled => court.soon += 1,
            State::Waiting => court.waiting += 1,
            State::Adjourned | State::Suspended => court.paused += 1,
            State::Ended | State::Signing => court.signing += 1,
            _ => court.sitting += 1,
        }
        court.alerts += h.alerts;
        court.untaken += h.untaken;
    }
    courts.sort_by_key(|c| (std::cmp::Reverse(c.untaken), std::cmp::Reverse(c.alerts), c.court_id));
    courts
}
