//! 留痕: the log of a service as a chain of hashes, so that a line left out, added or changed shows.
//!
//! Owns the form of a line (one JSON object in canonical form: keys sorted as RFC 8785 sorts them, no blanks, whole
//! numbers only) and its check. The certificate of service carries the head of the chain. Must never hold a key: the
//! chain shows that nothing changed, the seal on the certificate shows whose it is.

use std::fmt::{self, Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::court::beijing::beijing_offset;

/// Whole numbers beyond this are not the same in every program (RFC 8785, I-JSON).
const LARGEST: u64 = 9_007_199_254_740_991;

/// The end of a chain: how many lines, and the hash of the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Lines so far.
    pub lines: u64,
    /// SHA-256 of the last line, or of the name of the chain, in hexadecimal.
    pub hash: String,
}

/// Why a trail does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Not JSON, or without the members of a line.
    NotALine,
    /// Not in canonical form.
    NotCanonical,
    /// Its number is not the next.
    OutOfOrder,
    /// It does not follow from the line before.
    Unchained,
    /// It goes back in time.
    Backwards,
    /// A number with a fraction, or too large to be the same everywhere.
    Number,
    /// The chain ends elsewhere than the certificate says.
    OtherHead,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trail, line {}: {:?}", self.line, self.why)
    }
}

impl std::error::Error for Broken {}

impl Head {
    /// Begins a chain. The court and the service are part of it: lines of another service do not fit.
    pub fn begin(court: i32, service: &str) -> Self {
        Self { lines: 0, hash: digest(&format!("lianting.delivery.v1|{court}|{service}")) }
    }

    /// Adds a line; answers the line, and moves the head. Time is written in Beijing time with its offset, to the
    /// microsecond, as the database keeps it.
    ///
    /// # Errors
    /// [`Why::Number`] for a number that is not the same in every program.
    pub fn push(&mut self, at: DateTime<Utc>, what: &str, data: &Value) -> Result<String, Broken> {
        let number = self.lines + 1;
        let at = at.with_timezone(&beijing_offset()).to_rfc3339_opts(SecondsFormat::Micros, false);
        let line = serde_json::json!({ "at": at, "data": data, "n": number, "prev": self.hash, "what": what });
        let line = canonical(&line).ok_or(Broken { line: number, why: Why::Number })?;
        *self = Self { lines: number, hash: digest(&line) };
        Ok(line)
    }
}

/// When a line was written; none of what is no line.
pub fn written(line: &str) -> Option<DateTime<Utc>> {
    let value: Value = serde_json::from_str(line).ok()?;
    DateTime::parse_from_rfc3339(value["at"].as_str()?).ok().map(|t| t.to_utc())
}

/// Checks a trail, one line of JSON a line, from its beginning; answers its head.
///
/// # Errors
/// The first line that does not hold.
pub fn verify(court: i32, service: &str, text: &str) -> Result<Head, Broken> {
    let mut head = Head::begin(court, service);
    let mut last: Option<DateTime<Utc>> = None;
    for line in text.lines() {
        let number = head.lines + 1;
        let broken = |why| Broken { line: number, why };
        let value: Value = serde_json::from_str(line).map_err(|_| broken(Why::NotALine))?;
        let (Some(at), Some(n), Some(prev), Some(_)) = (written(line), value["n"].as_u64(), value["prev"].as_str(), value["what"].as_str())
        else {
            return Err(broken(Why::NotALine));
        };
        if canonical(&value).ok_or(broken(Why::Number))? != line {
            return Err(broken(Why::NotCanonical));
        }
        if n != number {
            return Err(broken(Why::OutOfOrder));
        }
        if prev != head.hash {
            return Err(broken(Why::Unchained));
        }
        if last.is_some_and(|last| at < last) {
            return Err(broken(Why::Backwards));
        }
        last = Some(at);
        head = Head { lines: number, hash: digest(line) };
    }
    Ok(head)
}

/// Checks a trail against the head printed on its certificate. Lines after that head are allowed: a trail goes on.
///
/// # Errors
/// The first line that does not hold, or [`Why::OtherHead`].
pub fn verify_to(court: i32, service: &str, text: &str, printed: &Head) -> Result<Head, Broken> {
    let head = verify(court, service, text)?;
    let upto: Vec<&str> = text.lines().take(usize::try_from(printed.lines).unwrap_or(usize::MAX)).collect();
    let then = verify(court, service, &upto.join("\n"))?;
    if then == *printed { Ok(head) } else { Err(Broken { line: printed.lines, why: Why::OtherHead }) }
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// One form for equal values: keys sorted by UTF-16, no blanks, whole numbers. None for any other number.
pub fn canonical(value: &Value) -> Option<String> {
    let mut out = String::new();
    put(value, &mut out)?;
    Some(out)
}

fn put(value: &Value, out: &mut String) -> Option<()> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => write!(out, "{value}").ok(),
        Value::Number(n) => {
            let size = n.as_u64().or_else(|| n.as_i64().map(i64::unsigned_abs))?;
            (size <= LARGEST).then(|| write!(out, "{n}").ok())?
        }
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                put(item, out)?;
            }
            out.push(']');
            Some(())
        }
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push('{');
            for (i, (key, member)) in sorted.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                put(&Value::String(key.clone()), out)?;
                out.push(':');
                put(member, out)?;
            }
            out.push('}');
            Some(())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> (Vec<String>, Head) {
        let mut head = Head::begin(370_102, "s1");
        let start: DateTime<Utc> = "2026-11-22T01:00:00Z".parse().unwrap();
        let rows = [
            ("consent", json!({ "kind": "express", "entry": "e1" })),
            ("sent", json!({ "channel": "email", "to": "z***@example.cn", "方式": "电子邮件", "size": 1024 })),
            ("arrived", json!({ "id": "m1", "note": "引号\" 反斜\\ 换行\n\u{1}", "list": [1, -2, true, null] })),
        ];
        let lines = rows
            .iter()
            .enumerate()
            .map(|(i, (what, data))| head.push(start + chrono::TimeDelta::seconds(i64::try_from(i).unwrap()), what, data).unwrap())
            .collect();
        (lines, head)
    }

    // part of L31
    #[test]
    fn a_trail_holds_as_it_was_written_and_in_no_other_way() {
        let (lines, head) = sample();
        let text = lines.join("\n");
        assert_eq!(verify(370_102, "s1", &text), Ok(head.clone()));
        assert_eq!(verify(370_102, "s1", &format!("{text}\n")), Ok(head.clone()));
        assert!(text.contains("\"at\":\"2026-11-22T09:00:00.000000+08:00\""), "{text}");
        let why = |text: &str| verify(370_102, "s1", text).map_err(|b| (b.line, b.why));
        assert_eq!(why(&text.replace("1024", "1025")), Err((3, Why::Unchained)));
        assert_eq!(why(&lines[1..].join("\n")), Err((1, Why::OutOfOrder)));
        assert_eq!(why(&[&lines[0], &lines[2]].map(String::as_str).join("\n")), Err((2, Why::OutOfOrder)));
        assert_eq!(why(&text.replacen(',', ", ", 1)), Err((1, Why::NotCanonical)));
        assert_eq!(why("x"), Err((1, Why::NotALine)));
        assert_eq!(why("{}"), Err((1, Why::NotALine)));
        assert_eq!(verify(370_103, "s1", &text).unwrap_err().why, Why::Unchained, "another court's");
        assert_eq!(verify(370_102, "s2", &text).unwrap_err().why, Why::Unchained, "another service's");
    }

    /// Any one byte changed anywhere breaks the chain or the head.
    #[test]
    fn every_single_change_shows() {
        let (lines, head) = sample();
        let text = lines.join("\n").into_bytes();
        for i in 0..text.len() {
            let mut changed = text.clone();
            changed[i] ^= 1;
            let same = String::from_utf8(changed).is_ok_and(|t| verify_to(370_102, "s1", &t, &head).is_ok());
            assert!(!same, "byte {i}");
        }
    }

    #[test]
    fn a_certificate_holds_while_the_trail_goes_on() {
        let (mut lines, printed) = sample();
        let mut head = printed.clone();
        lines.push(head.push("2026-11-23T01:00:00Z".parse().unwrap(), "read", &json!({})).unwrap());
        let text = lines.join("\n");
        assert_eq!(verify_to(370_102, "s1", &text, &printed), Ok(head));
        let other = Head { lines: 2, ..printed.clone() };
        assert_eq!(verify_to(370_102, "s1", &text, &other).unwrap_err().why, Why::OtherHead);
        assert_eq!(verify_to(370_102, "s1", &lines[..2].join("\n"), &printed).unwrap_err().why, Why::OtherHead, "cut short");
    }

    #[test]
    fn time_never_goes_back_and_numbers_are_whole() {
        let mut head = Head::begin(1, "s");
        let later = head.push("2026-11-22T02:00:00Z".parse().unwrap(), "a", &json!({})).unwrap();
        let earlier = head.push("2026-11-22T01:00:00Z".parse().unwrap(), "b", &json!({})).unwrap();
        assert_eq!(verify(1, "s", &format!("{later}\n{earlier}")).unwrap_err(), Broken { line: 2, why: Why::Backwards });
        for bad in [json!({ "n": 1.5 }), json!([9_007_199_254_740_992_u64]), json!({ "deep": { "x": 1e300 } })] {
            let before = head.clone();
            assert_eq!(head.push("2026-11-22T03:00:00Z".parse().unwrap(), "c", &bad).unwrap_err().why, Why::Number);
            assert_eq!(head, before, "a refused line moves nothing");
        }
    }

    #[test]
    fn equal_values_have_one_form() {
        let a: Value = serde_json::from_str(r#"{"b":1,"a":{"z":[1,2],"y":"\u4e2d"}}"#).unwrap();
        let b: Value = serde_json::from_str(r#"{ "a": {"y":"中","z":[1, 2]}, "b": 1 }"#).unwrap();
        assert_eq!(canonical(&a), canonical(&b));
        assert_eq!(canonical(&a).unwrap(), r#"{"a":{"y":"中","z":[1,2]},"b":1}"#);
        // RFC 8785: sorted by UTF-16 units, so a sign beyond the first plane stands before U+FB33
        let order: Value = serde_json::from_str("{\"\u{fb33}\":1,\"\u{1f600}\":2,\"\u{20ac}\":3}").unwrap();
        assert_eq!(canonical(&order).unwrap(), "{\"\u{20ac}\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}");
    }
}
