//! 合成画面: all people of a hearing in one file for watching, with the Beijing time on it and a card over every gap.
//!
//! Owns: the filter that lays the tiles. It is a copy for the eye; evidence are the joined files. Must never hide a gap: a
//! tile without media says so and why.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::error::{RecordError, Result};
use super::super::manifest::Span;
use super::child::{Limits, file_arg, run};
use super::copy::quoted;

/// One person in the picture.
#[derive(Clone, Debug)]
pub struct Tile {
    /// The joined file; nothing for somebody of whom nothing was recorded.
    pub file: Option<PathBuf>,
    /// Does the file hold sound and picture?
    pub has: (bool, bool),
    /// What stands under the picture: seat and name, as the court writes it.
    pub label: String,
    /// Stretches without picture, with the words for the card.
    pub cards: Vec<(Span, String)>,
}

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Mosaic {
    /// The people, in the order of their seats.
    pub tiles: Vec<Tile>,
    /// UTC at media time nought, in microseconds since 1970.
    pub opened_utc_us: i64,
    /// How long the hearing was, in milliseconds.
    pub length_ms: i64,
    /// Width and height of a tile.
    pub size: (u32, u32),
    /// Pictures a second.
    pub rate: u32,
    /// A font that has the signs of the labels.
    pub font: PathBuf,
}

/// More people than a hearing has, and more cards than anybody reads.
const TILES: usize = 25;
const CARDS: usize = 400;
const BEIJING_SECS: i64 = 8 * 3_600;

/// Makes the file.
pub fn mosaic(wanted: &Mosaic, to: &Path, limits: &Limits) -> Result<()> {
    if wanted.tiles.is_empty() || wanted.tiles.len() > TILES || wanted.length_ms <= 0 || wanted.rate == 0 {
        return Err(RecordError::Refused("record.mosaic_range"));
    }
    let work = to.with_extension("work");
    std::fs::create_dir_all(&work).map_err(RecordError::io(&work))?;
    let made = filter(wanted, &work).and_then(|filter| {
        let script = work.join("filter.txt");
        std::fs::write(&script, filter).map_err(RecordError::io(&script))?;
        let args = arguments(wanted, &script, to)?;
        run("ffmpeg", &args, &work, limits, false)
    });
    let _ = std::fs::remove_dir_all(&work);
    made.map(|_| ())
}

fn arguments(wanted: &Mosaic, script: &Path, to: &Path) -> Result<Vec<String>> {
    let mut args: Vec<String> = ["-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file", "-copyts"].map(str::to_owned).to_vec();
    for file in wanted.tiles.iter().filter_map(|t| t.file.as_ref()) {
        args.extend(["-i".to_owned(), file_arg(file)?]);
    }
    let length = format!("{}.{:03}", wanted.length_ms / 1_000, wanted.length_ms % 1_000);
    let script = script.to_str().ok_or(RecordError::Refused("record.path"))?;
    let rest = ["-filter_complex_script", script, "-map", "[picture]", "-map", "[sound]", "-t", &length];
    args.extend(rest.map(str::to_owned));
    let codecs =
        ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2500k", "-g", "150", "-c:a", "libopus", "-b:a", "64k"];
    args.extend(codecs.map(str::to_owned));
    args.extend(["-cues_to_front", "1", "-f", "webm", &file_arg(to)?].map(str::to_owned));
    Ok(args)
}

fn filter(wanted: &Mosaic, work: &Path) -> Result<String> {
    let (mut text, mut sounds, mut input) = (String::new(), String::new(), 0);
    for (n, tile) in wanted.tiles.iter().enumerate() {
        picture(&mut text, wanted, work, n, tile, input)?;
        if tile.file.is_some() && tile.has.0 {
            let _ = writeln!(
                text,
                "[{input}:a]aresample=48000:async=1:first_pts=0,aformat=channel_layouts=mono,apad=whole_dur={}ms[a{n}];",
                wanted.length_ms
            );
            let _ = write!(sounds, "[a{n}]");
        }
        input += usize::from(tile.file.is_some());
    }
    stack(&mut text, wanted)?;
    match sounds.matches('[').count() {
        0 => text.push_str("anullsrc=r=48000:cl=mono[sound]\n"),
        count => drop(writeln!(text, "{sounds}amix=inputs={count}:duration=longest:normalize=0,alimiter[sound]")),
    }
    Ok(text)
}

/// One tile: the picture held over small holes, its label, and the cards.
fn picture(text: &mut String, wanted: &Mosaic, work: &Path, n: usize, tile: &Tile, input: usize) -> Result<()> {
    let ((w, h), rate, font) = (wanted.size, wanted.rate, quoted(&wanted.font)?);
    let length = wanted.length_ms as f64 / 1_000.0;
    if tile.file.is_some() && tile.has.1 {
        let _ = write!(
            text,
            "[{input}:v]scale={w}:{h}:force_original_aspect_ratio=decrease,pad={w}:{h}:(ow-iw)/2:(oh-ih)/2,setsar=1,\
             fps={rate}:start_time=0,tpad=stop_mode=clone:stop_duration={length},trim=end={length},format=yuv420p"
        );
    } else {
        let _ = write!(text, "color=c=0x202428:s={w}x{h}:r={rate}:d={length},format=yuv420p");
    }
    for (c, ((from, to), words)) in tile.cards.iter().take(CARDS).enumerate() {
        let file = words_file(work, &format!("card{n}-{c}"), words)?;
        let when = format!("enable='between(t,{}.{:03},{}.{:03})'", from / 1_000, from % 1_000, to / 1_000, to % 1_000);
        let _ = write!(
            text,
            ",drawbox=c=0x202428:t=fill:{when},drawtext=fontfile={font}:textfile={file}:expansion=none:fontsize=h/14:fontcolor=white:x=(w-tw)/2:y=(h-th)/2:{when}"
        );
    }
    let label = words_file(work, &format!("label{n}"), &tile.label)?;
    let _ = writeln!(
        text,
        ",drawtext=fontfile={font}:textfile={label}:expansion=none:fontsize=h/16:fontcolor=white:box=1:boxcolor=black@0.5:boxborderw=4:x=8:y=h-th-8[v{n}];"
    );
    Ok(())
}

/// All tiles in a square, the clock above them.
fn stack(text: &mut String, wanted: &Mosaic) -> Result<()> {
    let count = wanted.tiles.len();
    let across = (1..).find(|n| n * n >= count).unwrap_or(1);
    let (w, h) = wanted.size;
    for n in 0..count {
        let _ = write!(text, "[v{n}]");
    }
    let place = |n: usize| format!("{}_{}", n as u32 % across as u32 * w, n as u32 / across as u32 * h);
    if count == 1 {
        text.push_str("null");
    } else {
        let layout: Vec<String> = (0..count).map(place).collect();
        let _ = write!(text, "xstack=inputs={count}:fill=0x202428:layout={}", layout.join("|"));
    }
    let shift = wanted.opened_utc_us / 1_000_000 + BEIJING_SECS;
    let clock = format!("%{{pts\\:gmtime\\:{shift}\\:%Y-%m-%d %H\\\\\\:%M\\\\\\:%S}} UTC+8");
    let _ = writeln!(
        text,
        ",drawtext=fontfile={}:text='{clock}':fontsize=18:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=4:x=w-tw-8:y=8[picture];",
        quoted(&wanted.font)?
    );
    Ok(())
}

fn words_file(work: &Path, name: &str, words: &str) -> Result<String> {
    let path = work.join(format!("{name}.txt"));
    std::fs::write(&path, words).map_err(RecordError::io(&path))?;
    quoted(&path)
}
