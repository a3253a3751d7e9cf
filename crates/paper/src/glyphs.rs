//! Text that can be printed. Owns the cleaning of what people paste; must never change a character a font can draw.

use std::collections::BTreeSet;

use serde_json::Value;

/// Printed where no font has the character: the typesetter's own sign for a missing sort.
const MISSING: char = '〓';

/// Cleans every string inside `value` and returns the characters nothing can draw. Boxes and ticks become the
/// ones Chinese fonts have, what is invisible goes.
pub fn clean(value: &mut Value, draws: &impl Fn(char) -> bool) -> BTreeSet<char> {
    let mut missing = BTreeSet::new();
    walk(value, draws, &mut missing);
    missing
}

fn walk(value: &mut Value, draws: &impl Fn(char) -> bool, missing: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => {
            if text.chars().any(|c| !plain(c)) {
                *text = text.chars().filter_map(|c| printable(c, draws, missing)).collect();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, draws, missing)),
        Value::Object(members) => members.values_mut().for_each(|member| walk(member, draws, missing)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Characters every Chinese font has, so that most strings need no second look.
fn plain(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '、'..='】' | '\u{ff01}'..='\u{ff5e}')
}

fn printable(c: char, draws: &impl Fn(char) -> bool, missing: &mut BTreeSet<char>) -> Option<char> {
    match c {
        _ if plain(c) => Some(c),
        '\t' | '\u{a0}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '☐' | '⬜' => Some('□'),
        '☑' | '☒' | '✅' => Some('■'),
        '✓' | '✔' => Some('√'),
        _ if c.is_control() || invisible(c) => None,
        _ if c.is_whitespace() || draws(c) => Some(c),
        _ => {
            missing.insert(c);
            Some(MISSING)
        }
    }
}

/// Joiners, direction marks, variation selectors and the like: they draw nothing and hide text from the eye.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_cannot_be_drawn_is_replaced() {
        let mut value = json!({"☑": "☑是 ☐否", "facts": ["欠款\u{202e}一万元\u{1f600}\r\n第二段", 3]});
        let missing = clean(&mut value, &|c| c < '\u{10000}');
        assert_eq!(value, json!({"☑": "■是 □否", "facts": ["欠款一万元〓\n第二段", 3]}));
        assert_eq!(missing.into_iter().collect::<String>(), "\u{1f600}");
    }
}
