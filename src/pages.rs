//! The pages, embedded in the program. Owns caching, compression and the fallback to index.html.
//! Must never answer under /api.

use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request, Response};
use rust_embed::RustEmbed;

/// web/dist: absent while only the server is built; the page then says how to build it.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Dist;

/// What is shown when the pages were not built.
const NOT_BUILT: &str =
    "<!doctype html><meta charset=utf-8><title>联庭</title><p>页面还没有构建：请运行 make web。The pages are not built: run make web.";

/// The endpoint for everything that is not API.
pub fn pages() -> impl Endpoint<Output = Response> {
    poem::endpoint::make_sync(serve)
}

fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "");
    }
    let path = request.uri().path().trim_start_matches('/');
    let accepts = |what: &str, name| {
        request.headers().get(name).and_then(|v: &header::HeaderValue| v.to_str().ok()).is_some_and(|v| v.contains(what))
    };
    let wants_page = accepts("text/html", header::ACCEPT) || path.is_empty();
    let name = if Dist::get(path).is_some() && !path.is_empty() {
        path
    } else if path.rsplit('/').next().is_some_and(|last| last.contains('.')) || !wants_page {
        return plain(StatusCode::NOT_FOUND, "");
    } else {
        "index.html"
    };
    let coding = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .find(|(c, ext)| accepts(c, header::ACCEPT_ENCODING) && Dist::get(&format!("{name}{ext}")).is_some());
    let file = match coding {
        Some((_, ext)) => Dist::get(&format!("{name}{ext}")),
        None => Dist::get(name),
    };
    let Some(file) = file else { return plain(StatusCode::OK, NOT_BUILT) };
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::builder()
        .content_type(content_type(name))
        .header(header::CACHE_CONTROL, cache)
        .header(header::ETAG, &etag)
        .header(header::VARY, "accept-encoding");
    if let Some((coding, _)) = coding {
        response = response.header(header::CONTENT_ENCODING, coding);
    }
    if request.headers().get(header::IF_NONE_MATCH).is_some_and(|v| v == etag.as_str()) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.body(file.data.into_owned())
}

/// What a browser is told; a worker's module is refused under any type but JavaScript's.
fn content_type(name: &str) -> String {
    match name.rsplit('.').next() {
        Some("mjs" | "js") => "text/javascript; charset=utf-8".into(),
        Some("wasm") => "application/wasm".into(),
        _ => mime_guess::from_path(name).first_or_octet_stream().to_string(),
    }
}

fn plain(status: StatusCode, body: &'static str) -> Response {
    Response::builder().status(status).content_type("text/html; charset=utf-8").body(body)
}
