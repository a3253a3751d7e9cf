//! Every door of the house, and the layers each request passes.
//!
//! Owns the list of API slices, the order of the layers and the translation of a framework's refusals
//! into ours. Must never decide anything about a matter.

use std::sync::Arc;
use std::time::{Duration, Instant};

use poem::endpoint::BoxEndpoint;
use poem::error::ParsePathError;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::middleware::{AddData, CookieJarManager};
use poem::web::Html;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, get};
use poem_openapi::OpenApiService;

use crate::app::App;
use crate::court::caller::{RequestFacts, address};
use crate::error::{Error, said};
use crate::{clocks, court, delivery, docket, evidence, fees, filing, hearing, openapi, pages, paper, person, software, telemetry};

/// Every slice's doors.
pub type Doors = (
    (court::public::PublicApi, court::admin::AdminApi, court::province::ProvinceApi),
    (person::api::AccountApi, person::views::ViewsApi, person::staff::StaffApi, person::reports::ReportApi),
    (
        evidence::api::EvidenceApi,
        filing::draft_api::DraftApi,
        filing::api::FilingApi,
        filing::appeal_api::AppealApi,
        filing::policy_api::PolicyApi,
    ),
    (
        docket::api::CaseApi,
        docket::allocation_api::AllocationApi,
        docket::clock_api::ClockApi,
        docket::mine::MineApi,
        paper::api::PaperApi,
        paper::style_api::StyleApi,
    ),
    (
        delivery::service_api::ServiceApi,
        delivery::inbox_api::InboxApi,
        delivery::address_api::ServiceAddressApi,
        delivery::link_api::ServiceLinkApi,
        delivery::download_api::DownloadApi,
        delivery::platform::DeliveryHookApi,
    ),
    (software::api::SoftwareApi, software::hooks_api::HooksApi),
    (
        fees::api::FeeApi,
        fees::case_api::CaseFeeApi,
        fees::claims_api::ClaimApi,
        fees::books_api::FeeBooksApi,
        court::deadline_api::DeadlineApi,
    ),
    (clocks::outage_api::OutageApi, clocks::calendar_api::CalendarApi),
    (
        hearing::api::HearingApi,
        hearing::seats_api::HearingSeatApi,
        hearing::room_api::CourtroomApi,
        hearing::my_api::MyHearingApi,
        hearing::my_notices::MyHearingNoticeApi,
    ),
    (
        hearing::before::test_api::HearingTestApi,
        hearing::before::desk_api::HearingDeskApi,
        hearing::before::request_api::HearingRequestApi,
        hearing::before::measuring::MeasuringApi,
        hearing::archive::api::RecordingRequestApi,
        hearing::archive::copy_api::RecordingCopyApi,
        hearing::exhibit_api::ExhibitApi,
        hearing::transcript_api::TranscriptApi,
        hearing::signing_api::SigningApi,
        hearing::link_api::SigningLinkApi,
    ),
    (hearing::room::api::RoomApi, hearing::room::record_api::RecordingApi, hearing::room::board_api::BoardApi),
);

/// The API with its document.
pub fn api() -> OpenApiService<Doors, ()> {
    let doors = (
        (court::public::PublicApi, court::admin::AdminApi, court::province::ProvinceApi),
        (person::api::AccountApi, person::views::ViewsApi, person::staff::StaffApi, person::reports::ReportApi),
        (
            evidence::api::EvidenceApi,
            filing::draft_api::DraftApi,
            filing::api::FilingApi,
            filing::appeal_api::AppealApi,
            filing::policy_api::PolicyApi,
        ),
        (
            docket::api::CaseApi,
            docket::allocation_api::AllocationApi,
            docket::clock_api::ClockApi,
            docket::mine::MineApi,
            paper::api::PaperApi,
            paper::style_api::StyleApi,
        ),
        (
            delivery::service_api::ServiceApi,
            delivery::inbox_api::InboxApi,
            delivery::address_api::ServiceAddressApi,
            delivery::link_api::ServiceLinkApi,
            delivery::download_api::DownloadApi,
            delivery::platform::DeliveryHookApi,
        ),
        (software::api::SoftwareApi, software::hooks_api::HooksApi),
        (
            fees::api::FeeApi,
            fees::case_api::CaseFeeApi,
            fees::claims_api::ClaimApi,
            fees::books_api::FeeBooksApi,
            court::deadline_api::DeadlineApi,
        ),
        (clocks::outage_api::OutageApi, clocks::calendar_api::CalendarApi),
        (
            hearing::api::HearingApi,
            hearing::seats_api::HearingSeatApi,
            hearing::room_api::CourtroomApi,
            hearing::my_api::MyHearingApi,
            hearing::my_notices::MyHearingNoticeApi,
        ),
        (
            hearing::before::test_api::HearingTestApi,
            hearing::before::desk_api::HearingDeskApi,
            hearing::before::request_api::HearingRequestApi,
            hearing::before::measuring::MeasuringApi,
            hearing::archive::api::RecordingRequestApi,
            hearing::archive::copy_api::RecordingCopyApi,
            hearing::exhibit_api::ExhibitApi,
            hearing::transcript_api::TranscriptApi,
            hearing::signing_api::SigningApi,
            hearing::link_api::SigningLinkApi,
        ),
        (hearing::room::api::RoomApi, hearing::room::record_api::RecordingApi, hearing::room::board_api::BoardApi),
    );
    OpenApiService::new(doors, "联庭 Lianting", env!("CARGO_PKG_VERSION"))
        .description("在线法院平台。One deployment, run by a provincial high court, serves all its courts. Times are UTC (RFC 3339), dates are Beijing dates, money is integer fen. Errors are RFC 9457 problem+json with a stable `code`.")
        .server("/api")
}

/// The whole server: API, pages, health.
pub fn server(app: App) -> BoxEndpoint<'static, Response> {
    let api = api();
    let document: Arc<str> = openapi::document(&api).into();
    let page = api.swagger_ui_html().replace(&api.spec(), &document);
    let docs = poem::endpoint::make_sync(move |_| Html(page.clone()));
    let spec = poem::endpoint::make_sync(move |_| Response::builder().content_type("application/json").body(document.to_string()));
    let api = Route::new()
        .at("/openapi.json", spec)
        .at("/courts/:court/hearings/:hearing/socket", get(hearing::room::socket::enter).with(CookieJarManager::new()))
        .at("/my/media-test", get(hearing::room::echo::enter).with(CookieJarManager::new()))
        .nest("/", api);
    Route::new()
        .nest("/api", api.around(timed))
        .at("/docs", docs)
        .at("/healthz", get(poem::endpoint::make_sync(|_| "ok")))
        .at("/readyz", get(telemetry::ready))
        .at("/metrics", get(telemetry::figures))
        .at("/.well-known/lianting-outage-keys.json", get(clocks::outage_api::well_known_keys))
        .nest("/", pages::pages())
        .around(layers)
        .with(AddData::new(app))
        .boxed()
}

/// A request longer than this is given up, except where bytes of files flow.
const PATIENCE: Duration = Duration::from_secs(15);

async fn timed<E: Endpoint>(ep: Arc<E>, request: Request) -> poem::Result<Response> {
    let path = request.original_uri().path();
    let flows = path.contains("/parts/")
        || path.ends_with("/content")
        || path.ends_with(".zip")
        || path.ends_with("/complete")
        || path.ends_with(".pdf")
        || path.ends_with("/photos");
    if flows {
        return ep.call(request).await.map(IntoResponse::into_response);
    }
    match tokio::time::timeout(PATIENCE, ep.call(request)).await {
        Ok(answer) => answer.map(IntoResponse::into_response),
        Err(_) => Err(Error::unavailable("server.slow", said("处理超时。", "It took too long.")).into()),
    }
}

/// The outermost layer: request id, address, limits, log line, metrics, security headers, and one shape
/// for every refusal.
async fn layers<E: Endpoint>(ep: Arc<E>, mut request: Request) -> poem::Result<Response> {
    let app = request.data::<App>().cloned().ok_or_else(|| Error::internal("no app"))?;
    let address = address(&request).await;
    let (id, arrived) = (app.random.plain_code(12).into(), app.now());
    let facts = RequestFacts { id, ip_masked: mask_address(&address).into(), ip: address.into(), arrived };
    let (method, started) = (request.method().clone(), Instant::now());
    let path = request.uri().path().to_owned();
    request.set_data(facts.clone());
    let span = tracing::info_span!("request", request_id = %facts.id, trace_id = tracing::field::Empty, method = %method, path = %telemetry::shape(&path));
    telemetry::join_trace(&span, request.header("traceparent"), || app.random.id(app.now()).simple().to_string());
    let answer = match app.limits.check_address(&facts.ip) {
        Err(refusal) if path.starts_with("/api") => Err(refusal.into()),
        _ => tracing::Instrument::instrument(ep.call(request), span.clone()).await.map(IntoResponse::into_response),
    };
    let mut response = match answer {
        Ok(response) => response,
        Err(error) => refusal(error),
    };
    if is_problem(&response) {
        response = with_request_id(response, &facts.id).await;
    }
    secure(&mut response, &app, &facts.id, path.starts_with("/docs"));
    telemetry::observe(&method, &path, response.status(), started.elapsed(), &span);
    Ok(response)
}

fn mask_address(address: &str) -> String {
    match address.rsplit_once(['.', ':']) {
        Some((head, _)) => format!("{head}.*"),
        None => String::new(),
    }
}

fn is_problem(response: &Response) -> bool {
    response.content_type().is_some_and(|t| t.starts_with("application/problem+json"))
}

/// Writes the request id into the problem, so that a person can quote it.
async fn with_request_id(mut response: Response, id: &str) -> Response {
    let body = response.take_body().into_bytes().await.unwrap_or_default();
    let mut problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    problem["request_id"] = id.into();
    response.set_body(problem.to_string());
    response
}

/// A framework's refusal in our own shape.
fn refusal(error: poem::Error) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    let text = error.to_string();
    let ours = match error.status() {
        StatusCode::NOT_FOUND => Error::not_found(),
        StatusCode::UNAUTHORIZED => Error::unauthenticated(),
        StatusCode::METHOD_NOT_ALLOWED => Error::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method.not_allowed",
            said("这个网址不支持这种操作。", "This address does not take that method."),
            said("请查看接口文档。", "See the API document."),
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "body.media_type",
            said("请求内容的格式不对。", "The body has the wrong media type."),
            said("请用 application/json。", "Send application/json."),
        ),
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body.too_large",
            said("请求内容太大。", "The body is too large."),
            said("请分开提交。", "Send it in parts."),
        ),
        // a path that cannot be read names nothing that exists
        StatusCode::BAD_REQUEST if error.is::<ParsePathError>() || text.contains("failed to parse path") => Error::not_found(),
        status if status.is_client_error() => {
            let field = text.split('`').nth(1).map(|f| format!("/{f}")).unwrap_or_default();
            Error::bad_request(
                "request.unreadable",
                said(format!("请求看不懂：{text}"), format!("The request cannot be read: {text}")),
                said("请按接口文档填写。", "Follow the API document."),
            )
            .at(field)
        }
        _ => Error::internal(text),
    };
    ours.into_response()
}

/// What every answer says to the browser, whatever it answers.
static SECURE: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static("camera=(self), microphone=(self), geolocation=()")),
];

macro_rules! content_security {
    ($scripts:literal) => {
        HeaderValue::from_static(concat!(
            "default-src 'self'; script-src 'self' ",
            $scripts,
            "; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; worker-src 'self' blob:; ",
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
        ))
    };
}

fn secure(response: &mut Response, app: &App, id: &str, docs: bool) {
    let headers = response.headers_mut();
    for (name, value) in &SECURE {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.entry("x-request-id").or_insert(id);
    }
    // the API's documentation page brings its scripts inline; everything else is ours alone
    let content = if docs { content_security!("'unsafe-inline'") } else { content_security!("'wasm-unsafe-eval'") };
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(content);
    if app.config.secure_cookies() {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
