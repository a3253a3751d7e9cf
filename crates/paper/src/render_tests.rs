use std::sync::LazyLock;

use super::*;

static RENDERER: LazyLock<Renderer> =
    LazyLock::new(|| Renderer::new(Fonts::find().expect("fonts-noto-cjk or LIANTING_FONTS")));

fn request(template: &str, data: Value) -> Request {
    let json = json!({"id": 1, "template": template, "data": data, "created_at": "2026-11-22T02:31:05Z"});
    Request::parse(json.to_string().as_bytes()).unwrap()
}
