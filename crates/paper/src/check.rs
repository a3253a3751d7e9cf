//! The self-test an installer runs. Owns the sample requests; must never be reachable from the pipe.

use std::process::ExitCode;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::answer::{Code, Paper, Problem};
use crate::render::Renderer;
use crate::request::Request;
use crate::templates::{self, Template};

/// Renders every template with its sample and prints one line for each.
pub fn every_template(renderer: Renderer) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for template in templates::ALL {
        let start = Instant::now();
        let made = sample_request(template).and_then(|request| renderer.render(request));
        let ms = start.elapsed().as_millis();
        match made {
            Ok(Paper { pages, pdf, .. }) => {
                println!("{:<20} ok  {pages} pages  {} bytes  {ms} ms", template.name, pdf.len());
            }
            Err(problem) => {
                println!("{:<20} {problem:?}", template.name);
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

/// A template's sample as a request, with the pictures the samples name.
pub fn sample_request(template: &Template) -> Result<Request, Problem> {
    let data: serde_json::Value = serde_json::from_str(template.sample)
        .map_err(|wrong| Problem::new(Code::Request, format!("the sample of {}: {wrong}", template.name)))?;
    let picture = |name: &str, bytes: &[u8]| json!({"name": name, "base64": STANDARD.encode(bytes)});
    let request = json!({
        "id": template.name, "template": template.name, "data": data, "created_at": "2026-11-22T02:31:05Z",
        "images": [
            picture("tall.png", include_bytes!("../samples/tall.png")),
            picture("wide.png", include_bytes!("../samples/wide.png")),
        ],
    });
    Request::parse(request.to_string().as_bytes())
}
