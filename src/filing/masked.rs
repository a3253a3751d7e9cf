//! What of a filing each viewer sees: numbers, phones and addresses masked at render, never in the store.

use serde_json::Value;

use crate::person::masking::{self, Viewer};

/// Masks the numbers of every person in the content for a viewer.
pub fn content(mut content: Value, viewer: Viewer) -> Value {
    for list in ["parties", "representatives"] {
        for row in content[list].as_array_mut().into_iter().flatten() {
            mask_row(row, viewer);
            if row["guardian"].is_object() {
                mask_row(&mut row["guardian"], viewer);
            }
        }
    }
    if content["service"].is_object() {
        mask_row(&mut content["service"], viewer);
    }
    content
}

fn mask_row(row: &mut Value, viewer: Viewer) {
    let Some(row) = row.as_object_mut() else { return };
    for (key, value) in row.iter_mut() {
        let Some(text) = value.as_str().map(str::to_owned) else { continue };
        let shown = match key.as_str() {
            "id_number" => masking::id_number(&text, viewer),
            "phone" | "rep_phone" => masking::mobile(&text, viewer),
            "email" => masking::email(&text, viewer),
            "domicile" | "residence" | "address" => masking::address(&text, false, viewer),
            _ => continue,
        };
        *value = shown.map_or(Value::Null, Value::String);
    }
}
