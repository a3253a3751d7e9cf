//! The API document: what the doors say of themselves, with only those refusals an operation can answer.
//!
//! Every door may fail with any `Error`, so the derived document lists all refusals everywhere. Which of them an
//! operation can really answer follows from what it takes: no If-Match, no 412; no body, no 413. Must never take away
//! an answer that can come: the API fuzzing holds every answer against this document.

use poem_openapi::{OpenApi, OpenApiService, Webhook};
use serde_json::Value;

/// The document of these doors.
pub fn document<T: OpenApi, W: Webhook>(api: &OpenApiService<T, W>) -> String {
    let spec = api.spec();
    let Ok(mut document) = serde_json::from_str::<Value>(&spec) else { return spec };
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            let takes = Takes::of(path, method, operation);
            if let Some(answers) = operation["responses"].as_object_mut() {
                answers.retain(|status, _| takes.can_answer(status));
            }
        }
    }
    serde_json::to_string_pretty(&document).unwrap_or(spec)
}

/// Doors whose body names what is asked for: the token of a one-time link.
const NAMED_WITHIN: [&str; 3] = ["/hearing-links", "/sign-link", "/service-link"];

/// What an operation takes, as far as it decides its refusals.
struct Takes {
    caller: bool,
    body: bool,
    place: bool,
    version: bool,
    range: bool,
    writes: bool,
}

impl Takes {
    fn of(path: &str, method: &str, operation: &Value) -> Self {
        let header = |name: &str| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            parameters.filter(|p| p["in"] == "header").any(|p| p["name"].as_str().is_some_and(|n| n.eq_ignore_ascii_case(name)))
        };
        Self {
            // sign-in and signed hooks refuse a credential without asking for a session
            caller: operation.get("security").is_some() || path.starts_with("/account/") || path.starts_with("/hooks/"),
            body: operation.get("requestBody").is_some(),
            // what is named, in the path or beside it, may not be there
            place: operation["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["in"] != "header"))
                || NAMED_WITHIN.iter().any(|start| path.starts_with(start)),
            version: header("If-Match"),
            range: header("Range"),
            writes: method != "get",
        }
    }

    fn can_answer(&self, status: &str) -> bool {
        match status {
            "401" | "403" => self.caller,
            "404" => self.place || self.caller,
            // the operation is there: its method is allowed
            "405" => false,
            "408" | "413" | "415" => self.body,
            "409" => self.writes,
            "412" => self.version,
            "416" => self.range,
            _ => true,
        }
    }
}
