//! 庭审记录: what exhibits, transcript and signatures have in common. Owns who sits in a hearing as the record names them,
//! what an acting person may do by the seat he or she holds there, and telling the room what changed. Must never take a
//! role at the court for a role in the hearing.

use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use super::listing::{self, Row};
use super::seats::{self, Seat};
use super::transcript;
use super::words::{Mode, Role, Side, State};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

#[derive(FromRow)]
struct SeatedRow {
    participant_id: Uuid,
    role: Role,
    side: Option<Side>,
    party_id: Option<Uuid>,
    person_id: Option<Uuid>,
    name: String,
    mode: Mode,
    minor: bool,
    mobile_masked: Option<String>,
    came: bool,
    checked: Option<String>,
}

/// Somebody who takes part, as the record names him or her.
#[derive(Debug, Clone)]
pub struct Seated {
    /// Seat.
    pub seat: Seat,
    /// Name.
    pub name: String,
    /// 线上 or 到庭.
    pub mode: Mode,
    /// The confirmed number, masked.
    pub mobile_masked: Option<String>,
    /// Was in the room, as far as the room knows.
    pub came: bool,
    /// How the court checked who it is; none: not checked, or not matching.
    pub checked: Option<String>,
}

impl Seated {
    /// 席位.
    pub fn plate(&self) -> String {
        seats::plate(&self.seat).zh
    }

    /// As the record prints a speaker: 审判员 林致远.
    pub fn label(&self) -> String {
        format!("{} {}", self.plate(), self.name)
    }

    /// Only watches, or mends devices: no part of the record.
    pub fn is_outside(&self) -> bool {
        self.seat.role.only_watches() || self.seat.role == Role::Technician
    }
}

/// Who takes part, in the order of the plan of the court.
///
/// # Errors
/// What the database says.
pub async fn seated(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Seated>> {
    let court = tx.court;
    let rows: Vec<SeatedRow> = sqlx::query_as(
        "select p.participant_id, p.role, p.side, p.party_id, p.person_id, p.name, p.mode, p.minor, p.mobile_masked,
           (p.mode = 'in_court' and h.opened_at is not null) or exists (select 1 from hearing_presence s where s.court_id = p.court_id and s.hearing_id = p.hearing_id
              and s.participant_id = p.participant_id and (s.connected_at is not null or s.disconnected_at is not null)) as came,
           (select i.how from hearing_identity i where i.court_id = p.court_id and i.hearing_id = p.hearing_id and i.participant_id = p.participant_id and i.says = 'matches'
              order by i.at desc limit 1) as checked
         from hearing_participants p join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
         where p.court_id = $1 and p.hearing_id = $2 and p.removed_at is null",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    let mut all: Vec<Seated> = rows.into_iter().filter_map(read).collect();
    all.sort_by_key(|s| (seats::area(&s.seat), !s.seat.role.presides(), s.seat.side, s.seat.party, s.seat.role, s.seat.id));
    Ok(all)
}

fn read(r: SeatedRow) -> Option<Seated> {
    let seat = Seat { id: r.participant_id, role: r.role, side: r.side, party: r.party_id, person: r.person_id, minor: r.minor };
    Some(Seated { seat, name: r.name, mode: r.mode, mobile_masked: r.mobile_masked, came: r.came, checked: r.checked })
}

/// A hearing with who takes part, for one acting person.
#[derive(Debug)]
pub struct Record {
    /// The hearing.
    pub row: Row,
    /// Who takes part, as far as the caller's seat shows.
    pub seated: Vec<Seated>,
    /// Who acts.
    pub person: Uuid,
}

impl Record {
    /// Reads it; 404 for whoever may not see the hearing.
    ///
    /// # Errors
    /// 404.
    pub async fn of(tx: &mut CourtTx, hearing: Uuid, person: Uuid) -> Result<Self> {
        let row = listing::row(tx, hearing).await?;
        let seated = seated(tx, hearing).await?;
        Ok(Self { row, seated, person })
    }

    /// State.
    pub fn state(&self) -> State {
        self.row.state
    }

    /// The seats the acting person holds in it.
    pub fn mine(&self) -> impl Iterator<Item = &Seated> {
        self.seated.iter().filter(|s| s.seat.person == Some(self.person))
    }

    /// Somebody of it.
    pub fn one(&self, participant: Uuid) -> Option<&Seated> {
        self.seated.iter().find(|s| s.seat.id == participant)
    }

    /// Somebody of it, or the field that names nobody.
    ///
    /// # Errors
    /// 422.
    pub fn named(&self, participant: Uuid, field: &str) -> Result<&Seated> {
        self.one(participant).ok_or_else(|| {
            Error::invalid(
                "record.nobody",
                said("这场庭审里没有这个人。", "Nobody of this hearing is meant by that."),
                said("请从参加人中选择。", "Choose one of those who take part."),
            )
            .at(field)
        })
    }

    /// The seat by which the acting person writes the record now.
    ///
    /// # Errors
    /// When none of the seats held here writes, or not now.
    pub fn writer(&self) -> Result<&Seated> {
        let state = self.state();
        if let Some(seat) = self.mine().find(|s| transcript::may_write(s.seat.role, state)) {
            return Ok(seat);
        }
        let writes = self.mine().any(|s| transcript::may_write(s.seat.role, State::Ended));
        Err(if writes && state == State::Signing { being_signed() } else { not_writer(writes) })
    }

    /// The acting person works for the court in this hearing.
    pub fn is_court(&self) -> bool {
        self.mine().any(|s| s.seat.role.is_court())
    }

    /// The acting person keeps the record: the clerk or who presides.
    pub fn keeps(&self) -> bool {
        self.mine().any(|s| s.seat.role.is_clerk() || s.seat.role.presides())
    }
}

/// The wall first: 404 for whoever may not see the hearing, whatever is asked of it.
///
/// # Errors
/// 404.
pub async fn seen(app: &App, caller: &Caller, court: i32, hearing: Uuid) -> Result<()> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    listing::row(&mut tx, hearing).await.map(drop)
}

/// Leaves word for whoever is in the room: what of the record changed. Told with the change, or not at all.
///
/// # Errors
/// When it cannot be written down.
pub fn told(tx: &mut CourtTx, hearing: Uuid, what: Value) -> Result<()> {
    tx.tell("hearing.record", &json!({ "hearing": hearing, "told": what }))
}

fn being_signed() -> Error {
    Error::conflict(
        "transcript.signing",
        said("笔录正在签名，不能改动。", "The transcript is being signed and cannot be changed."),
        said("确需改动的，请先收回签名。", "Take it back from signing first."),
    )
}

/// Being a clerk or judge at the court is not writing this record.
pub fn not_writer(writes: bool) -> Error {
    if writes {
        return Error::conflict(
            "transcript.not_now",
            said("现在不能写笔录：还没有候庭，或者笔录已经锁定。", "The transcript cannot be written now: not begun yet, or locked."),
            said("请刷新页面看庭审的状态。", "Reload the page to see how the hearing stands."),
        );
    }
    Error::invalid(
        "transcript.not_yours",
        said(
            "笔录由本庭的书记员、法官助理和审判人员书写。",
            "The clerk, the assistant and the bench of this hearing write the transcript.",
        ),
        said("认为记录有误的，请申请补正。", "If something is wrong in it, ask for a correction."),
    )
}
