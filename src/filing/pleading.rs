//! 起诉状 as a paper: turns what was filled in into the data of the `pleading` template.
//! Owns the mapping; the template owns the look.

use serde_json::{Value, json};

use crate::app::App;
use crate::evidence::store::FileRow;
use crate::filing::content::Content;
use crate::filing::forms;
use crate::paper::renderer::Job;

/// The data of the pleading.
pub fn data(app: &App, content: &Content, files: &[FileRow]) -> Value {
    let mut data = content.to_value();
    let court = content.court_id.and_then(|id| i32::try_from(id).ok());
    data["court"] = json!({ "name": court.map_or_else(|| "（未选择法院）".to_owned(), |c| app.door.registry.name(c)), "province": app.province_name() });
    data["kind"] = content.kind.clone().unwrap_or_else(|| "civil".into()).into();
    data["amount_fen"] = content.amount().into();
    if let Some(elements) = elements(app, content) {
        data["elements"] = elements;
    } else if let Some(map) = data.as_object_mut() {
        map.shift_remove("elements");
    }
    for row in data["evidence"].as_array_mut().into_iter().flatten() {
        let ids: Vec<&str> = row["file_ids"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let pages: i32 = files.iter().filter(|f| ids.contains(&f.file_id.to_string().as_str())).filter_map(|f| f.pages).sum();
        if pages > 0 {
            row["pages"] = pages.into();
        }
    }
    data
}

fn elements(app: &App, content: &Content) -> Option<Value> {
    let filled = content.elements.as_ref()?;
    let schema = app.reference.form(filled.form.as_deref()?, filled.edition.as_deref().unwrap_or("2025"))?;
    let sections = forms::sections(schema, &filled.values).into_iter().map(|s| {
        let rows: Vec<Value> = s.rows.into_iter().map(|(label, value)| json!({ "label": label, "value": value })).collect();
        json!({ "title": s.title, "rows": rows })
    });
    Some(json!({ "name": schema["title"], "sections": sections.collect::<Vec<_>>() }))
}

/// The preview: no date, no code.
pub fn preview(app: &App, content: &Content, files: &[FileRow]) -> Job {
    Job { template: "pleading".into(), data: data(app, content, files), source: None, images: Vec::new(), created_at: app.now() }
}
