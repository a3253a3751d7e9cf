//! 多人同时写笔录: how changes of several people become one record.
//!
//! Owns the merge model: the server gives the order. Each entry has a version; a change names the version it was made
//! from; where that is not the newest, the change is merged with what came between if the two touch different words, and
//! else is sent back with the newest text. No operation is reordered afterwards and nothing is merged by a rule nobody can
//! read: the record is evidence, its writers are two or three, its entries are short, and every change must be somebody's.
//! A text that converges by itself (CRDT) would need the history of each keystroke to explain one word of it.
//!
//! After the end a change is a correction: kept beside the old words, with who asked for it. Objections hang on the words
//! they are about. Must never lose a word that was once in the record: versions only grow.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::refusal::Refusal;

/// The longest entry, in signs.
pub const LONGEST_ENTRY: usize = 4000;
/// Entries are laid this far apart, so that others fit between them.
pub const APART: i64 = 1 << 20;

/// What a change comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// It stands as it was written.
    Plain(String),
    /// It was joined with what others wrote meanwhile.
    Joined(String),
    /// Nothing is changed by it.
    Same,
}

/// The change and what came between touch the same words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// The newest version.
    pub version: u32,
    /// Its text.
    pub text: String,
}

/// Joins a change made from one version with the newest.
///
/// # Errors
/// When both touch the same words: the newest comes back, and the writer decides.
pub fn merge(base: &str, newest: (u32, &str), based_on: u32, mine: &str) -> Result<Merged, Clash> {
    let (version, theirs) = newest;
    if mine == theirs {
        return Ok(Merged::Same);
    }
    if based_on == version || base == theirs {
        return Ok(Merged::Plain(mine.to_owned()));
    }
    if mine == base {
        return Ok(Merged::Same);
    }
    let base: Vec<char> = base.chars().collect();
    let (mine, theirs_signs): (Vec<char>, Vec<char>) = (mine.chars().collect(), theirs.chars().collect());
    let (a, b) = (changed(&base, &mine), changed(&base, &theirs_signs));
    let (first, second) = if a.from <= b.from { (&a, &b) } else { (&b, &a) };
    // two insertions at one place have no order of their own
    let apart = first.until < second.from || (first.until == second.from && first.until > first.from && second.until > second.from);
    if !apart {
        return Err(Clash { version, text: theirs.to_owned() });
    }
    let mut out: Vec<char> = Vec::with_capacity(mine.len() + theirs_signs.len());
    out.extend(&base[..first.from]);
    out.extend(&first.with);
    out.extend(&base[first.until..second.from]);
    out.extend(&second.with);
    out.extend(&base[second.until..]);
    Ok(Merged::Joined(out.into_iter().collect()))
}

struct Changed {
    from: usize,
    until: usize,
    with: Vec<char>,
}

/// The one stretch of the base that a text changes: what is before and after it is the same in both.
fn changed(base: &[char], text: &[char]) -> Changed {
    let head = base.iter().zip(text).take_while(|(a, b)| a == b).count();
    let most = base.len().min(text.len()) - head;
    let tail = base.iter().rev().zip(text.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    Changed { from: head, until: base.len() - tail, with: text[head..text.len() - tail].to_vec() }
}

/// The place between two entries; none when there is no room left, and all must be laid out anew.
pub fn between(before: Option<i64>, after: Option<i64>) -> Option<i64> {
    match (before, after) {
        (None, None) => Some(0),
        (Some(b), None) => b.checked_add(APART),
        (None, Some(a)) => a.checked_sub(APART),
        (Some(b), Some(a)) if a - b > 1 => Some(b + (a - b) / 2),
        _ => None,
    }
}

/// Lays entries out anew, keeping their order.
pub fn laid_out(ids_in_order: &[Uuid]) -> Vec<(Uuid, i64)> {
    ids_in_order.iter().zip(0i64..).map(|(id, n)| (*id, n * APART)).collect()
}

/// A stretch of a correction, for reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "text", rename_all = "snake_case")]
pub enum Piece {
    /// As before.
    Kept(String),
    /// Taken out.
    Taken(String),
    /// Put in.
    Put(String),
}

/// Beyond this many signs on either side a change is shown as one.
const FINEST: usize = 1200;

/// 改动: what a correction changes, sign by sign where that can be read.
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let c = changed(&a, &b);
    let mut out = Vec::new();
    put(&mut out, Piece::Kept, a[..c.from].iter());
    let (mid, with) = (&a[c.from..c.until], &c.with);
    if mid.len() > FINEST || with.len() > FINEST {
        put(&mut out, Piece::Taken, mid.iter());
        put(&mut out, Piece::Put, with.iter());
    } else {
        fine(mid, with, &mut out);
    }
    put(&mut out, Piece::Kept, a[c.until..].iter());
    out
}

/// The longest common subsequence of the changed middle.
fn fine(a: &[char], b: &[char], out: &mut Vec<Piece>) {
    let width = b.len() + 1;
    let mut longest = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            put(out, Piece::Kept, [a[i]].iter());
            (i, j) = (i + 1, j + 1);
        } else if j >= b.len() || (i < a.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
            put(out, Piece::Taken, [a[i]].iter());
            i += 1;
        } else {
            put(out, Piece::Put, [b[j]].iter());
            j += 1;
        }
    }
}

fn put<'a>(out: &mut Vec<Piece>, kind: fn(String) -> Piece, signs: impl Iterator<Item = &'a char>) {
    let text: String = signs.collect();
    if text.is_empty() {
        return;
    }
    match (out.last_mut(), kind(String::new())) {
        (Some(Piece::Kept(last)), Piece::Kept(_))
        | (Some(Piece::Taken(last)), Piece::Taken(_))
        | (Some(Piece::Put(last)), Piece::Put(_)) => {
            last.push_str(&text);
        }
        _ => out.push(kind(text)),
    }
}

/// Where an objection hangs: the words it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Entry.
    pub entry: Uuid,
    /// The version it was made on.
    pub version: u32,
    /// First sign.
    pub from: usize,
    /// The words.
    pub quote: String,
}

/// Where the words are now; none when they are gone, and the objection stands beside the whole entry.
pub fn place_now(anchor: &Anchor, text: &str) -> Option<usize> {
    let signs: Vec<char> = text.chars().collect();
    let quote: Vec<char> = anchor.quote.chars().collect();
    if quote.is_empty() || quote.len() > signs.len() {
        return None;
    }
    let found = (0..=signs.len() - quote.len()).filter(|i| signs[*i..*i + quote.len()] == quote[..]);
    found.min_by_key(|i| i.abs_diff(anchor.from))
}

/// What became of an objection (民事诉讼法 Art 150: a correction asked for is noted, also where it is refused).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Answer {
    /// Nobody answered yet.
    Open,
    /// 已补正: by this version of the entry.
    Corrected {
        /// The version.
        version: u32,
        /// When.
        at: DateTime<Utc>,
    },
    /// 不予补正: noted in the record with its reason.
    Refused {
        /// Why.
        reason: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// 撤回.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
    },
}

/// The line of a refused correction, as it stands in the record.
pub fn refused_line(who: &str, asked: &str, reason: &str) -> String {
    format!("{who}申请补正：{asked}。法庭认为无须补正，理由：{reason}。")
}

/// Refuses a text no entry may have.
///
/// # Errors
/// Too long, or with signs that do not show.
pub fn check_text(text: &str) -> Result<(), Refusal> {
    if text.chars().count() > LONGEST_ENTRY {
        let cause = (format!("一条笔录最多 {LONGEST_ENTRY} 字。"), format!("An entry has at most {LONGEST_ENTRY} characters."));
        return Err(Refusal::new("transcript.too_long", cause, ("请分成几条。", "Split it.")).at("/text"));
    }
    crate::kit::text::refuse_hidden(text, true).map_err(|_| {
        Refusal::new(
            "transcript.hidden",
            (
                "文字里有看不见的符号，会让同一份笔录显示得不一样。",
                "It holds signs that do not show, and would make one record look like two.",
            ),
            ("请删掉后重新输入，或者作为纯文本粘贴。", "Remove them, or paste as plain text."),
        )
        .at("/text")
    })
}
