//! Parts and copies of a finished file: a clip by time, a copy that carries its viewer's mark.
//!
//! Owns: both. The original is only read. Must never put words on a command line: they come from a file.

use std::path::Path;

use super::super::error::{RecordError, Result};
use super::super::manifest::Span;
use super::child::{Limits, file_arg, run};

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

fn strings(args: &[&str]) -> Vec<String> {
    args.iter().map(|a| (*a).to_owned()).collect()
}

/// Takes a stretch of media time out of a finished file without encoding it anew; it begins with the key frame at or before
/// `span.0`, so that the first picture is whole.
pub fn clip(from: &Path, to: &Path, span: Span, limits: &Limits) -> Result<()> {
    if span.0 < 0 || span.0 >= span.1 {
        return Err(RecordError::Refused("record.clip_range"));
    }
    let (source, target) = (file_arg(from)?, file_arg(to)?);
    let (start, length) = (seconds(span.0), seconds(span.1 - span.0));
    let mut args = strings(&["-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file", "-ss", &start, "-i", &source, "-t", &length]);
    args.extend(strings(&["-map", "0", "-c", "copy", "-avoid_negative_ts", "make_zero", "-cues_to_front", "1", "-f", "webm", &target]));
    run("ffmpeg", &args, folder(to), limits, false).map(|_| ())
}

/// A copy with the viewer's mark over the picture, wandering so that it cannot be cut off. `mark` is what the court wants to
/// see there (who, when, under which approval).
pub fn watermark(from: &Path, to: &Path, mark: &str, font: &Path, limits: &Limits) -> Result<()> {
    if mark.trim().is_empty() || mark.chars().count() > 200 {
        return Err(RecordError::Refused("record.watermark_text"));
    }
    let words = to.with_extension("mark.txt");
    std::fs::write(&words, mark).map_err(RecordError::io(&words))?;
    let (source, target) = (file_arg(from)?, file_arg(to)?);
    let place = "x='mod(t*23\\,max(w-tw\\,1))':y='mod(t*11\\,max(h-th\\,1))'";
    let draw = format!(
        "drawtext=fontfile={}:textfile={}:expansion=none:fontsize=h/15:fontcolor=white@0.5:borderw=1:bordercolor=black@0.5:{place}",
        quoted(font)?,
        quoted(&words)?
    );
    let mut args = strings(&["-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file", "-i", &source, "-vf", &draw]);
    args.extend(strings(&["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1200k", "-c:a", "copy"]));
    args.extend(strings(&["-metadata", "comment=copy", "-cues_to_front", "1", "-f", "webm", &target]));
    let made = run("ffmpeg", &args, folder(to), limits, false);
    let _ = std::fs::remove_file(&words);
    made.map(|_| ())
}

/// The sound alone, as it is.
pub fn sound(from: &Path, to: &Path, limits: &Limits) -> Result<()> {
    let (source, target) = (file_arg(from)?, file_arg(to)?);
    let mut args = strings(&["-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file", "-i", &source, "-map", "0:a", "-vn"]);
    args.extend(strings(&["-c", "copy", "-metadata", "comment=copy", "-cues_to_front", "1", "-f", "webm", &target]));
    run("ffmpeg", &args, folder(to), limits, false).map(|_| ())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("/"))
}

/// A path inside a filter: nothing that a filter would read as its own.
pub(crate) fn quoted(path: &Path) -> Result<String> {
    let text = path.to_str().ok_or(RecordError::Refused("record.path"))?;
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+".contains(&b));
    if plain { Ok(text.to_owned()) } else { Err(RecordError::Refused("record.path")) }
}
