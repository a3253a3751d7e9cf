//! 语音识别: an optional service outside hears along and writes drafts. Off unless an address is configured and the court's rule
//! `hearing_rules.speech_drafts` says so.
//!
//! Owns what goes out (the closed sound of each person, no name, no case) and what comes in: entries nobody has checked, with
//! speaker and media time, which keep a record from being fixed until a person has read them. It runs beside the rooms, on
//! files that are closed: a service that is slow, silent or wrong costs drafts and nothing else. Must never write a word
//! as checked, or into a record that is being signed, and never send what was said before the rule and the record allowed it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use lianting_media::record::{Sound, Source, sound, sound_end};
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
use super::transcripts::{self, Transcript};
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

/// The hearings that are listened to, and how far each person was heard: epoch and next segment.
type Places = BTreeMap<Uuid, BTreeMap<Uuid, (u32, u32)>>;

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
        let rooms: Vec<_> = app.rooms.all().into_iter().filter(|live| wanted(&app, live)).collect();
        places.retain(|hearing, _| rooms.iter().any(|live| live.hearing == *hearing));
        if rests.is_some_and(|since| since.elapsed() < REST) {
            continue;
        }
        rests = None;
        for live in &rooms {
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

/// What was closed of everybody in a room since the last time. The first time nothing is sent: who listens now hears nothing
/// that was said before.
async fn hear(app: &App, wire: &Wire, live: &Arc<Live>, places: &mut Places) -> Result<()> {
    let (Some(studio), Some(floor)) = (app.rooms.studio(), live.floor()) else { return Ok(()) };
    if !takes_drafts(app, live).await? {
        places.remove(&live.hearing);
        return Ok(());
    }
    let folder = recording::place(live.court, live.hearing).map_err(Error::internal)?.folder(&studio.spool);
    let Some(heard) = places.get_mut(&live.hearing) else {
        let everybody: Vec<Uuid> = floor.people.iter().map(|s| s.present.id).collect();
        if let Some(ends) = ends(folder, everybody).await {
            places.insert(live.hearing, ends);
        }
        return Ok(());
    };
    for seat in floor.people.iter().filter(|s| s.connected && !s.present.role.only_watches()) {
        let who = seat.present.id;
        let (folder, after) = (folder.clone(), heard.get(&who).copied());
        let read = tokio::task::spawn_blocking(move || sound(&folder, source(who), after, SEGMENTS)).await;
        // a manifest that is being written is read the next time
        let Ok(Ok(Some(found))) = read else { continue };
        if !found.webm.is_empty() {
            let drafts = ask(app, wire, live.hearing, who, &found).await?;
            write(app, live, who, found.epoch, drafts).await?;
        }
        heard.insert(who, (found.epoch, found.next));
    }
    Ok(())
}

fn source(who: Uuid) -> Source {
    Source { participant: participant_id(who), screen: false }
}

/// Where everybody's sound ends now; nothing while a list is being written: then the next round asks again.
async fn ends(folder: PathBuf, everybody: Vec<Uuid>) -> Option<BTreeMap<Uuid, (u32, u32)>> {
    let read = move || {
        let end = |who: &Uuid| sound_end(&folder, source(*who)).map(|end| end.map(|end| (*who, end)));
        everybody.iter().filter_map(|who| end(who).transpose()).collect::<std::result::Result<_, _>>()
    };
    tokio::task::spawn_blocking(read).await.ok()?.ok()
}

/// Is there a record that may still be written? Without one no sound goes out.
async fn takes_drafts(app: &App, live: &Live) -> Result<bool> {
    let mut tx = app.door.enter_as_house(live.court, "hearing:draft").await?;
    let takes = match transcripts::find(&mut tx, live.hearing).await? {
        Some(t) => open(&t, &Record::of(&mut tx, live.hearing, Uuid::nil()).await?),
        None => false,
    };
    tx.close().await?;
    Ok(takes)
}

fn open(t: &Transcript, record: &Record) -> bool {
    t.fixed.is_none() && t.locked_at.is_none() && !record.state().is_after()
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

/// Entries nobody has checked, behind what stands. A record that is being signed gets none.
async fn write(app: &App, live: &Live, who: Uuid, epoch: u32, drafts: Vec<Draft>) -> Result<()> {
    let mut tx = app.door.enter_as_house(live.court, "hearing:draft").await?;
    let mut t = transcripts::hold(&mut tx, live.hearing).await?;
    // nobody's hand: the house
    let record = Record::of(&mut tx, live.hearing, Uuid::nil()).await?;
    if !open(&t, &record) {
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
    Ok(transcripts::spine(tx, hearing).await?.last().map_or(Section::Attendance, |bone| bone.section))
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
