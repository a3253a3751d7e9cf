//! 语音识别: an optional service outside hears along and writes drafts. Off unless an address is configured and the court's rule
//! `hearing_rules.speech_drafts` says so.
//!
//! Owns what goes out (the closed sound of each person, no name, no case) and what comes in: entries nobody has checked, with
//! speaker and media time, which keep a record from being fixed until a person has read them. It runs beside the rooms, on
//! files that are closed: a service that is slow, silent or wrong costs drafts and nothing else. Must never write a word
//! as checked, or into a record that is being signed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use lianting_media::record::{Sound, Source, sound};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::editing::LONGEST_ENTRY;
use super::record::{self, Record};
use super::room::floor::participant_id;
use super::room::live::Live;
use super::room::recording;
use super::settings::Settings;
use super::transcript::{MediaTime, Section};
use super::transcript_changes::{self, NewEntry, Op};
use super::transcripts;
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::kit::seal::sha256;
use crate::kit::wire::Wire;

/// How often what was closed is sent: drafts come a breath after the words.
const EVERY: Duration = Duration::from_secs(5);
/// Segments in one request: some ten seconds.
const SEGMENTS: usize = 10;
/// A service that failed is left alone so long.
const REST: Duration = Duration::from_secs(30);
/// Drafts taken of one answer.
const MOST_DRAFTS: usize = 40;

/// Where the service is.
#[derive(Debug, Clone, Args)]
pub struct SpeechSettings {
    /// Speech recognition (crates/sim/README.md says what it speaks); without it nobody hears along.
    #[arg(long, env = "SPEECH_URL")]
    pub speech_url: Option<String>,
    /// Our id at the service.
    #[arg(long, env = "SPEECH_APP_ID", default_value = "lianting")]
    pub speech_app_id: String,
    /// Shared secret of the service.
    #[arg(long, env = "SPEECH_SECRET", default_value = "", hide_env_values = true)]
    pub speech_secret: String,
}

/// A stretch of sound, as the service gets it.
#[derive(Serialize)]
struct Segment {
    segment_id: String,
    session: Uuid,
    speaker: Uuid,
    epoch: u32,
    from_ms: i64,
    until_ms: i64,
    language: &'static str,
    media_type: &'static str,
    audio: String,
}

/// What it heard.
#[derive(Deserialize)]
struct Heard {
    drafts: Vec<Draft>,
}

/// Some words.
#[derive(Deserialize)]
struct Draft {
    from_ms: i64,
    until_ms: i64,
    text: String,
}

/// How far each person was heard: epoch and next segment.
type Places = BTreeMap<(Uuid, Uuid), (u32, u32)>;

/// Hears along, until told to stop. Ends at once where no service is configured.
pub async fn run(app: App, stop: CancellationToken) {
    let s = &app.config.speech;
    let Some(url) = &s.speech_url else { return };
    let wire = match Wire::new(url, &s.speech_app_id, &s.speech_secret, app.random.clone()) {
        Ok(wire) => wire,
        Err(cause) => return tracing::error!(%cause, "speech recognition could not be set up"),
    };
    let (mut places, mut rests) = (Places::new(), None::<Instant>);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        let rooms = app.rooms.all();
        places.retain(|(hearing, _), _| rooms.iter().any(|live| live.hearing == *hearing));
        if rests.is_some_and(|since| since.elapsed() < REST) {
            continue;
        }
        rests = None;
        for live in rooms.iter().filter(|live| wanted(&app, live)) {
            if let Err(cause) = hear(&app, &wire, live, &mut places).await {
                tracing::warn!(hearing = %live.hearing, cause = ?cause, "speech recognition gives no drafts for now");
                rests = Some(Instant::now());
                break;
            }
        }
    }
}

fn wanted(app: &App, live: &Live) -> bool {
    let rules = CourtRules::on(&app.door.registry, live.court, beijing_date(app.now()));
    Settings::of(&rules).rules.speech_drafts
}

/// What was closed of everybody in a room since the last time.
async fn hear(app: &App, wire: &Wire, live: &Arc<Live>, places: &mut Places) -> Result<()> {
    let (Some(studio), Some(floor)) = (app.rooms.studio(), live.floor()) else { return Ok(()) };
    let folder = recording::place(live.court, live.hearing).map_err(Error::internal)?.folder(&studio.spool);
    for seat in floor.people.iter().filter(|s| s.connected && !s.present.role.only_watches()) {
        let who = seat.present.id;
        let (folder, after) = (folder.clone(), places.get(&(live.hearing, who)).copied());
        let source = Source { participant: participant_id(who), screen: false };
        let read = tokio::task::spawn_blocking(move || sound(&folder, source, after, SEGMENTS)).await;
        // a manifest that is being written is read the next time
        let Ok(Ok(Some(found))) = read else { continue };
        let next = (found.epoch, found.next);
        if !found.webm.is_empty() {
            let drafts = ask(app, wire, live.hearing, who, &found).await?;
            write(app, live, who, found.epoch, drafts).await?;
        }
        places.insert((live.hearing, who), next);
    }
    Ok(())
}

async fn ask(app: &App, wire: &Wire, session: Uuid, speaker: Uuid, sound: &Sound) -> Result<Vec<Draft>> {
    let segment = Segment {
        segment_id: format!("{}-{}-{}-{}", session.simple(), speaker.simple(), sound.epoch, sound.next),
        session,
        speaker,
        epoch: sound.epoch,
        from_ms: sound.span.0,
        until_ms: sound.span.1,
        language: "zh-CN",
        media_type: "audio/webm; codecs=opus",
        audio: data_encoding::BASE64.encode(&sound.webm),
    };
    let heard: Heard = wire.post("/v1/segments", &segment, app.now()).await.map_err(Error::internal)?;
    let inside = |d: &Draft| d.from_ms >= sound.span.0 - 1_000 && d.until_ms <= sound.span.1 + 1_000 && d.from_ms < d.until_ms;
    Ok(heard.drafts.into_iter().filter(inside).take(MOST_DRAFTS).collect())
}

/// Entries nobody has checked, behind what stands. A record that is not begun, or is being signed, gets none.
async fn write(app: &App, live: &Live, who: Uuid, epoch: u32, drafts: Vec<Draft>) -> Result<()> {
    let mut tx = app.door.enter_as_house(live.court, "hearing:draft").await?;
    if transcripts::find(&mut tx, live.hearing).await?.is_none() {
        return Ok(());
    }
    let mut t = transcripts::hold(&mut tx, live.hearing).await?;
    // nobody's hand: the house
    let record = Record::of(&mut tx, live.hearing, Uuid::nil()).await?;
    if t.fixed.is_some() || t.locked_at.is_some() || record.state().is_after() {
        return Ok(());
    }
    let section = last_section(&mut tx, live.hearing).await?;
    let ops: Vec<Op> = drafts.into_iter().filter_map(|d| entry(live.hearing, who, epoch, section, d)).collect();
    let lines = transcript_changes::apply(&mut tx, &record, &mut t, ops, None).await?;
    if lines.is_empty() {
        return Ok(());
    }
    record::told(&mut tx, live.hearing, json!({ "transcript": t.rev }))?;
    tx.commit(live.hearing, json!({ "rev": t.rev, "entries": lines.len() })).await
}

/// The part of the hearing the writers are at.
async fn last_section(tx: &mut CourtTx, hearing: Uuid) -> Result<Section> {
    Ok(transcripts::spine(tx, hearing).await?.last().map_or(Section::Attendance, |bone| bone.section.0))
}

/// Its id follows from what was heard when, so that the same words do not come twice.
fn entry(hearing: Uuid, who: Uuid, epoch: u32, section: Section, draft: Draft) -> Option<Op> {
    let text: String = draft.text.trim().chars().filter(|c| !c.is_control()).take(LONGEST_ENTRY).collect();
    if text.is_empty() {
        return None;
    }
    let told = format!("{hearing} {who} {epoch} {} {text}", draft.from_ms);
    let id = Uuid::from_slice(sha256(told.as_bytes()).get(..16)?).ok()?;
    let ms = |at: i64| u64::try_from(at.max(0)).ok();
    let media = MediaTime { epoch, from_ms: ms(draft.from_ms)?, until_ms: ms(draft.until_ms)? };
    Some(Op::Insert(NewEntry { id, after: None, section, speaker: Some(who), text, media: Some(media), unchecked: true }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_at_the_same_moment_are_one_entry_and_nothing_is_checked() {
        let draft = |text: &str| Draft { from_ms: 1_000, until_ms: 3_000, text: text.into() };
        let made = |text: &str| match entry(Uuid::nil(), Uuid::max(), 2, Section::Attendance, draft(text)) {
            Some(Op::Insert(new)) => Some((new.id, new.text, new.unchecked, new.speaker)),
            _ => None,
        };
        let (one, again, other) = (made(" 原告\u{7}陈述 ").unwrap(), made("原告陈述").unwrap(), made("被告陈述").unwrap());
        assert_eq!(one, again);
        assert_ne!(one.0, other.0);
        assert_eq!((one.1.as_str(), one.2, one.3), ("原告陈述", true, Some(Uuid::max())));
        assert!(made(" \n ").is_none());
    }
}
