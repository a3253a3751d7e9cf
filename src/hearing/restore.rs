//! 从已有的排期还原: a hearing that was fixed, as the wish it came from, to be thought through again.
//!
//! Owns reading participants and facts back into the rules' types, and bringing modes in line with the ledger of consent
//! when it changed. Must never ask anything of the wire.

use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::kinds;
use super::modes::{self, Ordered};
use super::plan::{self, Guest, Judged, Wish};
use super::schedule::held;
use super::seats::Seat;
use super::suitability::Facts;
use super::transcript::Template;
use super::words::{Mode, Role, SessionKind, Side};
use super::{consents, joint};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};

#[derive(FromRow)]
struct Sat {
    participant_id: Uuid,
    case_id: Uuid,
    role: String,
    side: Option<String>,
    party_id: Option<Uuid>,
    representative_id: Option<Uuid>,
    person_id: Option<Uuid>,
    name: String,
    mode: String,
    mode_because: Json<serde_json::Value>,
    must_appear: bool,
    minor: bool,
    interprets: Option<String>,
}

impl Sat {
    /// A judge decided it, or the president agreed: what the ledger says does not move it.
    fn ordered(&self) -> bool {
        self.mode_because.0["article"]["zh"] == super::law::OL5.zh
    }

    fn guest(&self) -> Option<Guest> {
        let mode = Mode::parse(&self.mode)?;
        let role = Role::parse(&self.role)?;
        let why = self.mode_because.0["zh"].as_str().unwrap_or_default().to_owned();
        Some(Guest {
            seat: Seat {
                id: self.participant_id,
                role,
                side: self.side.as_deref().and_then(Side::parse),
                party: self.party_id,
                person: self.person_id,
                minor: self.minor,
            },
            case: self.case_id,
            representative: self.representative_id,
            name: self.name.clone(),
            mobile: None,
            ordered: self.ordered().then_some((mode, why)),
            elsewhere: role.is_court() && mode == Mode::Online,
            must_appear: self.must_appear,
            interprets: self.interprets.clone(),
        })
    }
}

async fn sat(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Sat>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select participant_id, case_id, role, side, party_id, representative_id, person_id, name, mode, mode_because, must_appear, minor, interprets from hearing_participants
         where court_id = $1 and hearing_id = $2 and removed_at is null order by seated_at, participant_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

#[derive(FromRow)]
struct Fixed {
    case_id: Uuid,
    kind: String,
    template: String,
    starts_at: chrono::DateTime<chrono::Utc>,
    ends_at: chrono::DateTime<chrono::Utc>,
    courtroom_id: Option<Uuid>,
    public: bool,
    suitability: Json<serde_json::Value>,
}

/// The wish a hearing came from, with its people.
///
/// # Errors
/// 404, or a row that cannot be read.
pub async fn wish(tx: &mut CourtTx, hearing: Uuid) -> Result<Wish> {
    let court = tx.court;
    let row: Option<Fixed> = sqlx::query_as(
        "select case_id, kind, template, starts_at, ends_at, courtroom_id, public, suitability from hearings where court_id = $1 and hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .fetch_optional(tx.conn())
    .await?;
    let row = row.ok_or_else(Error::not_found)?;
    let facts: Facts = serde_json::from_value(row.suitability.0["facts"].clone())?;
    let guests = sat(tx, hearing).await?.iter().filter_map(Sat::guest).collect();
    Ok(Wish {
        kind: SessionKind::parse(&row.kind).ok_or_else(|| Error::internal("a kind of session nobody knows"))?,
        template: Template::parse(&row.template),
        starts_at: row.starts_at,
        minutes: (row.ends_at - row.starts_at).num_minutes(),
        days: 1,
        also: Vec::new(),
        joined: joint::cases(tx, hearing, row.case_id).await?.split_off(1),
        courtroom: row.courtroom_id,
        online: facts.online,
        public: row.public,
        closed_by: facts.closed_by,
        guests,
        judged: judged(facts),
    })
}

fn judged(f: Facts) -> Judged {
    Judged {
        objections: f
            .parties
            .iter()
            .filter(|p| p.reason != super::suitability::Weighed::Absent)
            .map(|p| (p.party, p.reason.clone()))
            .collect(),
        unable: f.parties.iter().filter(|p| !p.able).map(|p| p.party).collect(),
        on_site: f.on_site,
        complex: f.complex,
        security: f.security,
        attention: f.attention,
        other: f.other,
        criminal: f.criminal,
    }
}

/// Brings the modes of a case's hearings that have not begun in line with the ledger; answers how many changed.
///
/// # Errors
/// What the database says.
pub async fn reseat(tx: &mut CourtTx, case: Uuid) -> Result<usize> {
    let court = tx.court;
    let row = plan::case_row(tx, case).await?;
    let open: Vec<(Uuid, Uuid, String)> = sqlx::query_as(
        "select h.hearing_id, h.case_id, h.kind from hearings h where h.court_id = $1 and h.state in ('scheduled', 'waiting')
           and (h.case_id = $2 or exists (select 1 from hearing_cases x where x.court_id = h.court_id and x.hearing_id = h.hearing_id and x.case_id = $2))
         order by h.hearing_id for update",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    let mut changed = 0;
    for (hearing, lead, kind) in open {
        let Some(kind) = SessionKind::parse(&kind) else { continue };
        let mut answers = Vec::new();
        for of in joint::cases(tx, hearing, lead).await? {
            answers.extend(consents::answers(tx, of).await?);
        }
        let sat = sat(tx, hearing).await?;
        let guests: Vec<Guest> = sat.iter().filter_map(Sat::guest).collect();
        let seats: Vec<Seat> = guests.iter().map(|g| g.seat.clone()).collect();
        let ordered: Vec<Ordered> =
            guests.iter().filter_map(|g| g.ordered.clone().map(|(mode, reason)| Ordered { seat: g.seat.id, mode, reason })).collect();
        let elsewhere: Vec<Uuid> = guests.iter().filter(|g| g.elsewhere).map(|g| g.seat.id).collect();
        let permitted = fits(tx, hearing).await?;
        let step = kinds::of(kind).step;
        let asked =
            modes::Asked { step, stage: row.stage(), answers: &answers, permitted, elsewhere: &elsewhere, ordered: &ordered, at: tx.now() };
        let seated = modes::seat(&asked, &seats);
        for s in seated.iter().filter(|s| sat.iter().any(|x| x.participant_id == s.seat && x.mode != s.mode.key())) {
            sqlx::query("update hearing_participants set mode = $4, mode_because = $5, version = version + 1 where court_id = $1 and hearing_id = $2 and participant_id = $3")
                .bind(court)
                .bind(hearing)
                .bind(s.seat)
                .bind(s.mode.key())
                .bind(Json(s))
                .execute(tx.conn())
                .await?;
            changed += 1;
        }
        sqlx::query("update hearings set held = $3, version = version + 1 where court_id = $1 and hearing_id = $2 and held <> $3")
            .bind(court)
            .bind(hearing)
            .bind(held(modes::held(&seats, &seated)))
            .execute(tx.conn())
            .await?;
    }
    Ok(changed)
}

/// The review of suitability found nothing against it, and somebody may be online.
async fn fits(tx: &mut CourtTx, hearing: Uuid) -> Result<bool> {
    let court = tx.court;
    Ok(sqlx::query_scalar(
        "select coalesce((suitability -> 'facts' ->> 'online')::boolean, false) and not exists (select 1 from jsonb_array_elements(suitability -> 'findings') f where f ->> 'weight' = 'refuse')
         from hearings where court_id = $1 and hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .fetch_one(tx.conn())
    .await?)
}
