//! Reads the values of an element-style form by their paths.
//!
//! Owns: how a rule asks for `facts`, `F4.term.to`. Must never fail: what is missing or of another
//! type is none. Imports `filing/content.rs`.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde_json::Value;

use crate::filing::content::Content;

/// Finds a value, such as `value(c, "facts", "F4.term.to")`.
pub fn value<'a>(content: &'a Content, section: &str, path: &str) -> Option<&'a Value> {
    let mut at = content.elements.as_ref()?.values.get(section)?;
    for key in path.split('.') {
        at = at.get(key)?;
    }
    Some(at)
}

/// Reads a text; an empty one is none.
pub fn text<'a>(content: &'a Content, section: &str, path: &str) -> Option<&'a str> {
    value(content, section, path)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// Reads a date.
pub fn date(content: &Content, section: &str, path: &str) -> Option<NaiveDate> {
    text(content, section, path)?.parse().ok()
}

/// Reads an amount in fen.
pub fn money(content: &Content, section: &str, path: &str) -> Option<i64> {
    value(content, section, path)?.as_i64()
}

/// Reads a number.
pub fn number(content: &Content, section: &str, path: &str) -> Option<f64> {
    value(content, section, path)?.as_f64()
}

/// Tells whether a yes/no is answered with yes.
pub fn yes(content: &Content, section: &str, path: &str) -> bool {
    value(content, section, path).and_then(Value::as_bool) == Some(true)
}

/// Lists the rows of a list.
pub fn rows<'a>(content: &'a Content, section: &str, path: &str) -> &'a [Value] {
    value(content, section, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Tells whether a value says anything: a text, a number above zero, a yes, or such a thing inside.
pub fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(n) => n.as_f64().is_some_and(|n| n > 0.0),
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(rows) => rows.iter().any(says),
        Value::Object(members) => members.values().any(says),
    }
}

/// Collects every text in a value.
pub fn texts<'a>(value: &'a Value, into: &mut Vec<Cow<'a, str>>) {
    match value {
        Value::String(text) => into.push(Cow::from(text.as_str())),
        Value::Array(rows) => rows.iter().for_each(|row| texts(row, into)),
        Value::Object(members) => members.values().for_each(|member| texts(member, into)),
        _ => {}
    }
}

/// Collects every text under a key, at any depth, such as all `guarantor`s.
pub fn named<'a>(value: &'a Value, key: &str, into: &mut Vec<&'a str>) {
    match value {
        Value::Array(rows) => rows.iter().for_each(|row| named(row, key, into)),
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(text) if name == key && !text.trim().is_empty() => into.push(text.trim()),
                    _ => named(member, key, into),
                }
            }
        }
        _ => {}
    }
}

/// Gives a whole section, such as `claims`.
pub fn section<'a>(content: &'a Content, section: &str) -> Option<&'a Value> {
    content.elements.as_ref()?.values.get(section)
}
