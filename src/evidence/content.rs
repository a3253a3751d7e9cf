//! Bytes of stored files on their way to a reader: ranges, names, and a sandbox around whatever it is.
//! Owns the headers of a content answer. Must never show a key, and decides nothing about who may read.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use tokio_util::io::ReaderStream;

use super::kinds;
use crate::app::App;
use crate::error::{Error, Result, said};

/// The bytes of a file, whole (200) or in part (206).
pub struct Content(Response);

impl IntoResponse for Content {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for Content {
    fn meta() -> MetaResponses {
        let binary = || MetaSchemaRef::Inline(Box::new(MetaSchema { format: Some("binary"), ..MetaSchema::new("string") }));
        let answer = |status, description| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType { content_type: "*/*", schema: binary() }],
            headers: vec![],
        };
        MetaResponses { responses: vec![answer(200, "文件内容 · The file"), answer(206, "文件的一段 · The part asked for")] }
    }

    fn register(_: &mut Registry) {}
}

/// What of a file is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(u64, u64),
    Nothing,
}

/// Reads a Range header (RFC 9110 §14): one range; several, or one that cannot be read, are answered whole.
fn wanted(range: Option<&str>, size: u64) -> Wanted {
    let Some(spec) = range.and_then(|r| r.trim().strip_prefix("bytes=")) else { return Wanted::Whole };
    let Some((first, last)) = spec.split_once('-').filter(|_| !spec.contains(',')) else { return Wanted::Whole };
    let number = |s: &str| s.trim().parse::<u64>().ok();
    match (first.trim().is_empty(), number(first), last.trim().is_empty(), number(last)) {
        (true, _, false, Some(0)) => Wanted::Nothing,
        (true, _, false, Some(n)) if size > 0 => Wanted::Part(size.saturating_sub(n), size - 1),
        (false, Some(a), true, _) if a < size => Wanted::Part(a, size - 1),
        (false, Some(a), false, Some(b)) if a < size && a <= b => Wanted::Part(a, b.min(size - 1)),
        (false, Some(a), _, _) if a >= size => Wanted::Nothing,
        _ => Wanted::Whole,
    }
}

/// Answers a stored object: in the page for pictures, PDF, sound and film, to be saved for everything else.
///
/// # Errors
/// 404 when the object is not there, 416 for a range outside it, 503 when the store does not answer.
pub async fn serve_object(app: &App, key: &str, media_type: &str, name: &str, size: i64, range: Option<&str>) -> Result<Content> {
    let size = u64::try_from(size).unwrap_or_default();
    let part = match wanted(range, size) {
        Wanted::Whole => None,
        Wanted::Part(a, b) => Some((a, b)),
        Wanted::Nothing => return Err(outside()),
    };
    let asked = part.map(|(a, b)| format!("bytes={a}-{b}"));
    let reading = app.blob.read(key, asked.as_deref()).await?;
    let body = Body::from_bytes_stream(ReaderStream::with_capacity(reading.body, 64 << 10));
    let length = part.map_or(size, |(a, b)| b - a + 1);
    let mut response = Response::builder()
        .status(if part.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK })
        .content_type(with_charset(media_type))
        .header(header::CONTENT_LENGTH, length)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "sandbox")
        .body(body);
    let headers = response.headers_mut();
    if let Some((a, b)) = part {
        headers.insert(header::CONTENT_RANGE, header_value(&format!("bytes {a}-{b}/{size}")));
    }
    headers.insert(header::CONTENT_DISPOSITION, header_value(&disposition(media_type, name)));
    Ok(Content(response))
}

fn outside() -> Error {
    Error::new(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "range.not_satisfiable",
        said("要的范围超出了文件。", "The range lies outside the file."),
        said("请从头读取。", "Read from the start."),
    )
}

/// Text is served as UTF-8 by default; a browser that saves it does not care.
fn with_charset(media_type: &str) -> &str {
    if media_type == "text/plain" { "text/plain; charset=utf-8" } else { media_type }
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// The header of a file made for its answer, to be saved under this name.
pub fn attachment(name: &str) -> String {
    disposition("", name)
}

/// RFC 6266 with RFC 8187: the name in full for those who read it, an empty plain one for the others.
fn disposition(media_type: &str, name: &str) -> String {
    const KEEP: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');
    let way = if kinds::shown_inline(media_type) { "inline" } else { "attachment" };
    format!("{way}; filename*=UTF-8''{}", percent_encoding::utf8_percent_encode(name, KEEP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let rows = [
            (None, Wanted::Whole),
            (Some("bytes=0-9"), Wanted::Part(0, 9)),
            (Some("bytes=90-"), Wanted::Part(90, 99)),
            (Some("bytes=-10"), Wanted::Part(90, 99)),
            (Some("bytes=-1000"), Wanted::Part(0, 99)),
            (Some("bytes=90-1000"), Wanted::Part(90, 99)),
            (Some("bytes=100-"), Wanted::Nothing),
            (Some("bytes=-0"), Wanted::Nothing),
            (Some("bytes=9-1"), Wanted::Whole),
            (Some("bytes=0-1,5-6"), Wanted::Whole),
            (Some("bytes=a-b"), Wanted::Whole),
            (Some("items=0-1"), Wanted::Whole),
            (Some("bytes=18446744073709551616-"), Wanted::Whole),
        ];
        for (range, expected) in rows {
            assert_eq!(wanted(range, 100), expected, "{range:?}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Nothing);
    }

    #[test]
    fn names_travel_whole_and_cannot_break_the_header() {
        assert_eq!(disposition("application/pdf", "借条.pdf"), "inline; filename*=UTF-8''%E5%80%9F%E6%9D%A1.pdf");
        assert_eq!(disposition("text/plain", "a\"\r\nb;c"), "attachment; filename*=UTF-8''a%22%0D%0Ab%3Bc");
    }
}
