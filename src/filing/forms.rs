//! 要素式诉状: reads filled forms by their schema, for the checker and for the pleading.
//!
//! Owns the walk over a form's schema (forms/README.md). Must never know one particular form.

use serde_json::{Map, Value};

/// One printed section: title and rows of label and value.
#[derive(Debug, PartialEq)]
pub struct Section {
    /// 标题.
    pub title: String,
    /// Label and value; an empty value is printed as a dash.
    pub rows: Vec<(String, String)>,
}

/// Where a walk stands: the whole values, the values of the section, and here.
struct At<'a> {
    root: &'a Value,
    section: &'a Value,
}

impl At<'_> {
    /// Tells whether a node is shown, by its `x-show` and `x-when`.
    fn shows(&self, node: &Value) -> bool {
        let holds = |condition: &Value, base: &Value| {
            let Some(path) = condition["field"].as_str() else { return true };
            let found = path.split('.').try_fold(base, |v, key| v.get(key));
            match &condition["equals"] {
                Value::Array(any) => found.is_some_and(|v| any.contains(v)),
                Value::Null => found.is_some(),
                one => found == Some(one),
            }
        };
        holds(&node["x-show"], self.section) && holds(&node["x-when"], self.root)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(s) => s.trim().is_empty(),
        Value::Array(a) => a.is_empty(),
        Value::Object(o) => o.values().all(is_empty),
        _ => false,
    }
}

fn members(node: &Value) -> Option<&Map<String, Value>> {
    node["properties"].as_object()
}

/// The JSON pointers (below `/elements/values`) of required elements that are shown and empty.
pub fn missing(schema: &Value, values: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for (name, section) in members(schema).into_iter().flatten() {
        let at = At { root: values, section: &values[name] };
        for (key, item) in members(section).into_iter().flatten() {
            walk_missing(&at, item, &values[name][key], format!("/elements/values/{name}/{key}"), &mut out);
        }
    }
    out
}

fn walk_missing(at: &At<'_>, node: &Value, value: &Value, pointer: String, out: &mut Vec<String>) {
    if !at.shows(node) || node["x-same-as"].is_string() {
        return;
    }
    let required = matches!(node["x-required"].as_str(), Some("R"));
    let Some(inner) = members(node) else {
        if required && is_empty(value) {
            out.push(pointer);
        }
        return;
    };
    if inner.contains_key("yes") {
        if required && value["yes"].is_null() {
            out.push(format!("{pointer}/yes"));
        }
        if value["yes"] != Value::Bool(true) {
            return;
        }
    } else if !required && is_empty(value) {
        return;
    }
    for (key, item) in inner.iter().filter(|(key, _)| *key != "yes") {
        walk_missing(at, item, &value[key], format!("{pointer}/{key}"), out);
    }
}

/// The filled form as printed: one section of claims, one of facts.
pub fn sections(schema: &Value, values: &Value) -> Vec<Section> {
    let mut out = Vec::new();
    for (name, section) in members(schema).into_iter().flatten() {
        let at = At { root: values, section: &values[name] };
        let mut rows = Vec::new();
        for (key, item) in members(section).into_iter().flatten() {
            let value = &values[name][key];
            if at.shows(item) && item["x-same-as"].is_null() && !key.chars().all(|c| c.is_ascii_uppercase()) {
                rows.push((title(item), words(&at, item, value)));
            }
        }
        out.push(Section { title: title(section), rows });
    }
    out
}

fn title(node: &Value) -> String {
    node["title"].as_str().unwrap_or_default().to_owned()
}

/// A value in words, as a person would write it on the paper form.
fn words(at: &At<'_>, node: &Value, value: &Value) -> String {
    if is_empty(value) {
        return String::new();
    }
    let unit = node["x-unit"].as_str().unwrap_or_default();
    match node["x-widget"].as_str().unwrap_or_default() {
        "yesno" => yes_no(at, node, value),
        "money" => value.as_i64().map(yuan).unwrap_or_default(),
        "rate" => format!("{}%", value),
        "number" => format!("{value}{unit}"),
        "range" => format!("{} 至 {}", day(&value["from"]), day(&value["to"])),
        "date" => day(value),
        "choice" => label(node, value),
        "multi" => value.as_array().into_iter().flatten().map(|v| label(node, v)).collect::<Vec<_>>().join("、"),
        "list" => {
            let row = &node["items"];
            let rows = value.as_array().into_iter().flatten().zip(1..);
            rows.map(|(v, n)| format!("（{n}）{}", group(at, row, v))).collect::<Vec<_>>().join("\n")
        }
        "group" => group(at, node, value),
        _ => value.as_str().map_or_else(|| value.to_string(), |s| s.trim().to_owned()),
    }
}

fn group(at: &At<'_>, node: &Value, value: &Value) -> String {
    let parts = members(node).into_iter().flatten().filter(|(key, item)| *key != "yes" && at.shows(item) && !is_empty(&value[*key]));
    parts.map(|(key, item)| format!("{}：{}", title(item), words(at, item, &value[key]))).collect::<Vec<_>>().join("；")
}

fn yes_no(at: &At<'_>, node: &Value, value: &Value) -> String {
    let yes = value.as_bool().or(value["yes"].as_bool());
    let word = |key: &str, default: &str| node["x-words"][key]["label"].as_str().unwrap_or(default).to_owned();
    match yes {
        None => String::new(),
        Some(false) => word("no", "否"),
        Some(true) => {
            let details = if value.is_object() { group(at, node, value) } else { String::new() };
            if details.is_empty() { word("yes", "是") } else { format!("{}。{details}", word("yes", "是")) }
        }
    }
}

fn label(node: &Value, value: &Value) -> String {
    let options = node["x-options"].as_array().into_iter().flatten();
    let found = options.into_iter().find(|o| o["value"] == *value).and_then(|o| o["label"].as_str());
    found.map_or_else(|| value.as_str().unwrap_or_default().to_owned(), str::to_owned)
}

fn day(value: &Value) -> String {
    let parsed = value.as_str().and_then(|s| s.parse::<chrono::NaiveDate>().ok());
    parsed.map_or_else(|| "____".to_owned(), crate::court::beijing::day_zh)
}

/// Fen as yuan with two decimals: 62,400.00 元.
pub fn yuan(fen: i64) -> String {
    let (whole, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("{}{grouped}.{rest:02} 元", if fen < 0 { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(form: &str) -> (Value, Value) {
        let dir = env!("CARGO_MANIFEST_DIR");
        let read = |path: String| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        (read(format!("{dir}/forms/2025/{form}.json")), read(format!("{dir}/tests/vectors/forms/{form}.sample.json")))
    }

    #[test]
    fn a_filled_form_misses_nothing_and_an_empty_one_does() {
        for form in ["F02", "F04", "F07"] {
            let (schema, values) = sample(form);
            assert_eq!(missing(&schema, &values), Vec::<String>::new(), "{form}");
            assert!(!missing(&schema, &Value::Null).is_empty(), "{form}");
        }
    }

    #[test]
    fn money_is_printed_with_two_decimals() {
        for (fen, text) in [(0, "0.00 元"), (5, "0.05 元"), (6_240_000, "62,400.00 元"), (123_456_789, "1,234,567.89 元")] {
            assert_eq!(yuan(fen), text);
        }
    }

    #[test]
    fn every_row_of_a_form_is_in_words() {
        let (schema, values) = sample("F02");
        let printed = sections(&schema, &values);
        let principal = &printed[0].rows.iter().find(|r| r.0 == "本金").unwrap().1;
        assert!(principal.contains("60,000.00 元"), "{principal}");
        assert!(printed.iter().flat_map(|s| &s.rows).all(|(_, v)| !v.contains('{')));
    }
}
