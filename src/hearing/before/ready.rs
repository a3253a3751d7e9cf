//! 开庭前的准备情况: what `guards` asks before a step, read from who is here and what they proved. The one place that counts
//! it: the clerk's desk shows it, the room's buttons follow it, and the step itself is held to it.
//!
//! Owns nothing of its own: it reads and counts. Must never call somebody ready because nothing is known of him or her.

use uuid::Uuid;

use super::super::discipline::Own;
use super::super::guards::{Ready, Storage};
use super::super::words::{Mode, Place};
use super::identity::{self, Check, Says};
use super::readings::{self, Answer, What};
use super::sitting::{self, Head, Sitting};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::error::Result;

/// What is known of the people of a hearing.
#[derive(Debug, Clone)]
pub struct Known {
    /// Head.
    pub head: Head,
    /// Everybody, bench first.
    pub all: Vec<Sitting>,
    /// What was said of identities, the newest first.
    pub checks: Vec<Check>,
    /// What was answered to which words.
    pub answers: Vec<Answer>,
    /// The court's own points of the discipline, of today.
    pub own: Own,
    /// Today, in Beijing.
    pub day: chrono::NaiveDate,
    /// The transcript stands as a numbered version.
    pub transcript_fixed: bool,
}

impl Known {
    /// Reads it, as far as the caller's seat shows.
    ///
    /// # Errors
    /// 404, what the database says.
    pub async fn read(app: &App, tx: &mut CourtTx, hearing: Uuid) -> Result<Self> {
        let (court, day) = (tx.court, beijing_date(tx.now()));
        Ok(Self {
            head: sitting::head(tx, hearing).await?,
            all: sitting::all(tx, hearing).await?,
            checks: identity::all(tx, hearing).await?,
            answers: readings::answers(tx, hearing).await?,
            own: readings::own_points(app, court, day),
            day,
            transcript_fixed: fixed(tx, hearing).await?,
        })
    }

    /// Said yes to the words of today.
    pub fn said_yes(&self, s: &Sitting, what: What) -> bool {
        let Some(given) = readings::answer_of(&self.answers, s.id(), what) else { return false };
        let read = readings::reading(what, &self.own, s.role(), self.day);
        read.is_ok_and(|r| r.digest == given.digest && given.agrees)
    }

    /// Acknowledged the discipline of today.
    pub fn acknowledged(&self, s: &Sitting) -> bool {
        self.said_yes(s, What::Discipline)
    }

    /// The court found on the day that he or she is who he or she says.
    pub fn identified(&self, s: &Sitting) -> bool {
        identity::standing(&self.checks, s.id(), &self.head).is_some_and(|c| c.says == Says::Matches)
    }

    /// Takes part from the opening on. Whoever waits apart is identified, and reads, when called; whoever only watches never
    /// keeps the court from opening.
    fn counts(&self, s: &Sitting) -> bool {
        !s.role().waits_apart() && !s.role().only_watches() && self.is_here(s)
    }

    /// Here: over the line, put into a room by the clerk, or come to court, which the court's finding shows.
    fn is_here(&self, s: &Sitting) -> bool {
        let placed = !matches!(s.place, Place::Outside | Place::TestRoom);
        let come = s.mode == Mode::InCourt && (placed || identity::standing(&self.checks, s.id(), &self.head).is_some());
        (s.since.is_some() && placed) || come
    }

    /// Counts who is here and ready. What the recorder says comes from outside.
    pub fn ready(&self, (recorder, storage): (bool, Storage)) -> Ready {
        let in_room = |s: &Sitting| s.place == Place::Courtroom && self.is_here(s);
        // 人民陪审员 without an account has no page to come in by: sitting in court is his or her way
        let sits = |s: &&Sitting| in_room(s) || (s.seat.person.is_none() && s.mode == Mode::InCourt);
        let bench: Vec<&Sitting> = self.all.iter().filter(|s| s.role().is_bench()).collect();
        let here: Vec<&Sitting> = self.all.iter().filter(|s| self.counts(s)).collect();
        let parties: Vec<&&Sitting> = here.iter().filter(|s| s.role().is_party_side()).collect();
        let all_say = |what| !parties.is_empty() && parties.iter().all(|s| self.said_yes(s, what));
        Ready {
            recorder,
            storage,
            bench_complete: !bench.is_empty() && bench.iter().all(sits),
            clerk_present: self.all.iter().any(|s| s.role().is_clerk() && in_room(s)),
            judge_connected: self.all.iter().any(|s| s.role().presides() && (s.since.is_some() || in_room(s))),
            any_party_present: !parties.is_empty(),
            unidentified: here.iter().filter(|s| identity::must_identify(s.role()) && !self.identified(s)).count(),
            unacknowledged: here.iter().filter(|s| What::Discipline.asks(s.role()) && !self.acknowledged(s)).count(),
            mediation_agreed: all_say(What::Mediation),
            recording_agreed: all_say(What::MediationRecording),
            transcript_fixed: self.transcript_fixed,
            // whether all signed is known to the last signature alone (`fixing::lock`)
            signatures_complete: false,
        }
    }
}

/// What is ready in a hearing, read in this transaction.
///
/// # Errors
/// 404, what the database says.
pub async fn of(app: &App, tx: &mut CourtTx, hearing: Uuid, recorder: (bool, Storage)) -> Result<Ready> {
    Ok(Known::read(app, tx, hearing).await?.ready(recorder))
}

async fn fixed(tx: &mut CourtTx, hearing: Uuid) -> Result<bool> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select exists (select 1 from transcripts where court_id = $1 and hearing_id = $2 and fixed_n is not null)")
        .bind(court)
        .bind(hearing)
        .fetch_one(tx.conn())
        .await?)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::super::super::guards::obstacles;
    use super::super::super::seats::Seat;
    use super::super::super::words::{Role, Side, State};
    use super::super::identity::How;
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn sits(id: u128, role: Role, place: Place, connected: bool) -> Sitting {
        let side = role.is_party_side().then_some(Side::Plaintiff);
        Sitting {
            seat: Seat { id: Uuid::from_u128(id), role, side, party: None, person: Some(Uuid::from_u128(id + 100)), minor: false },
            name: "某人".into(),
            mode: Mode::Online,
            must_appear: false,
            place,
            since: connected.then(|| at("2026-11-26T01:50:00Z")),
            measures: None,
            interprets: None,
        }
    }

    fn known(all: Vec<Sitting>) -> Known {
        let starts_at = at("2026-11-26T02:00:00Z");
        let head = Head {
            case: Uuid::from_u128(1),
            state: State::Waiting,
            starts_at,
            public: true,
            version: 1,
            delayed_until: None,
            ended: false,
        };
        let day = beijing_date(starts_at);
        Known { head, all, checks: Vec::new(), answers: Vec::new(), own: Own::default(), day, transcript_fixed: false }
    }

    fn codes(k: &Known) -> Vec<&'static str> {
        obstacles(&k.ready((true, Storage::Ready))).into_iter().map(|o| o.code).collect()
    }

    fn says(k: &Known, s: &Sitting, what: What) -> Answer {
        let digest = readings::reading(what, &k.own, s.role(), k.day).unwrap().digest;
        Answer { participant_id: s.id(), what: what.key().into(), digest, agrees: true, at: at("2026-11-26T01:55:00Z") }
    }

    #[test]
    fn a_room_is_ready_when_everybody_who_counts_was_identified_and_read_todays_words() {
        let judge = sits(1, Role::SoleJudge, Place::Courtroom, true);
        let clerk = sits(2, Role::Clerk, Place::Courtroom, true);
        let party = sits(3, Role::Party, Place::WaitingRoom, true);
        // who waits apart is asked when called; who only watches is not asked at all
        let (witness, guest) = (sits(4, Role::Witness, Place::WitnessRoom, true), sits(5, Role::Observer, Place::Gallery, true));
        let mut k = known(vec![judge, clerk, party.clone(), witness, guest]);
        assert_eq!(codes(&k), ["identity", "discipline"]);
        k.answers.push(says(&k, &party, What::Discipline));
        k.checks.push(Check {
            participant: party.id(),
            says: Says::Matches,
            how: Some(How::IdCard),
            leaves: Vec::new(),
            note: None,
            by: Uuid::from_u128(102),
            by_name: None,
            at: at("2026-11-26T01:55:00Z"),
        });
        assert_eq!(codes(&k), Vec::<&str>::new());
        // of yesterday, or to other words, is nothing
        k.checks[0].at = at("2026-11-25T01:55:00Z");
        k.answers[0].digest = "of other words".into();
        assert_eq!(codes(&k), ["identity", "discipline"]);
    }

    #[test]
    fn the_bench_is_complete_in_the_room_and_not_before() {
        let mut judge = sits(1, Role::PresidingJudge, Place::Courtroom, true);
        let mut lay = sits(2, Role::LayJudge, Place::Outside, false);
        (lay.mode, lay.seat.person) = (Mode::InCourt, None);
        let clerk = sits(3, Role::Clerk, Place::Courtroom, true);
        assert!(!codes(&known(vec![judge.clone(), lay.clone(), clerk.clone()])).contains(&"bench"));
        judge.since = None;
        assert!(codes(&known(vec![judge.clone(), lay.clone(), clerk.clone()])).contains(&"bench"), "a judge whose line broke");
        // put into the courtroom by the clerk, who sees him or her there
        judge.mode = Mode::InCourt;
        assert!(!codes(&known(vec![judge, lay, clerk.clone()])).contains(&"bench"));
        assert!(codes(&known(vec![clerk])).contains(&"bench"), "nobody is no bench");
    }

    #[test]
    fn a_mediation_is_recorded_only_if_everybody_said_yes_to_that_too() {
        let (one, two) = (sits(3, Role::Party, Place::Courtroom, true), sits(4, Role::Agent, Place::Courtroom, true));
        let mut k = known(vec![one.clone(), two.clone()]);
        k.answers = vec![says(&k, &one, What::Mediation), says(&k, &two, What::Mediation), says(&k, &one, What::MediationRecording)];
        let ready = k.ready((true, Storage::Ready));
        assert!(ready.mediation_agreed && !ready.recording_agreed);
        k.answers.push(says(&k, &two, What::MediationRecording));
        assert!(k.ready((true, Storage::Ready)).recording_agreed);
    }
}
