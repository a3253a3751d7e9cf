//! Logs, traces, metrics, readiness. Owns their format. Must never log a personal datum: paths are logged
//! by shape, ids and codes in them are not.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use poem::http::{Method, StatusCode};
use poem::web::Data;
use poem::{Response, handler};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::app::App;

static TRACES: OnceLock<opentelemetry_sdk::trace::SdkTracerProvider> = OnceLock::new();
static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Sets up logs (JSON with `json`; LIANTING_LOG overrides the filter), the metrics recorder, and OpenTelemetry when a collector is given.
pub fn start(json: bool, otlp: Option<&str>, default_filter: &str) {
    let filter = EnvFilter::try_from_env("LIANTING_LOG").unwrap_or_else(|_| EnvFilter::new(default_filter));
    let lines = if json {
        fmt::layer().json().flatten_event(true).with_writer(std::io::stderr).boxed()
    } else {
        fmt::layer().compact().with_writer(std::io::stderr).boxed()
    };
    let traces = otlp.and_then(tracer).map(|tracer| tracing_opentelemetry::layer().with_tracer(tracer));
    let _ = tracing_subscriber::registry().with(filter).with(lines).with(traces).try_init();
    METRICS.get_or_init(|| PrometheusBuilder::new().install_recorder().ok());
}

fn tracer(endpoint: &str) -> Option<opentelemetry_sdk::trace::SdkTracer> {
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_otlp::WithExportConfig;
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build();
    match exporter {
        Ok(exporter) => {
            let resource = opentelemetry_sdk::Resource::builder().with_service_name("lianting").build();
            let provider =
                opentelemetry_sdk::trace::SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build();
            Some(TRACES.get_or_init(|| provider).tracer("lianting"))
        }
        Err(e) => {
            tracing::warn!(cause = %e, "traces are off");
            None
        }
    }
}

/// Puts a request into the trace its caller began (W3C Trace Context), or into a new one, and names it in every log line.
pub fn join_trace(span: &tracing::Span, traceparent: Option<&str>, new_id: impl FnOnce() -> String) {
    use opentelemetry::trace::{TraceContextExt, TraceId};
    use tracing_opentelemetry::OpenTelemetrySpanExt;
    let begun = traceparent.and_then(parent);
    if let Some(parent) = &begun {
        let _ = span.set_parent(opentelemetry::Context::new().with_remote_span_context(parent.clone()));
    }
    let exported = span.context().span().span_context().trace_id();
    let id = match (exported, begun) {
        (id, _) if id != TraceId::INVALID => id.to_string(),
        (_, Some(parent)) => parent.trace_id().to_string(),
        _ => new_id(),
    };
    span.record("trace_id", id);
}

/// `00-<32 hex>-<16 hex>-<2 hex>`; anything else begins a new trace.
fn parent(header: &str) -> Option<opentelemetry::trace::SpanContext> {
    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
    let mut parts = header.trim().splitn(4, '-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if version.len() != 2 || trace.len() != 32 || span.len() != 16 || flags.len() < 2 {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags.get(..2)?, 16).ok()?);
    let found = SpanContext::new(TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?, flags, true, TraceState::default());
    found.is_valid().then_some(found)
}

/// Sends the traces still held; called once, when the program ends.
pub fn stop() {
    if let Some(provider) = TRACES.get()
        && let Err(e) = provider.shutdown()
    {
        tracing::warn!(cause = %e, "the last traces were not sent");
    }
}

/// The shape of a path: segments that look like ids or codes become `:id`.
pub fn shape(path: &str) -> String {
    let hide = |s: &str| s.len() > 20 || s.bytes().any(|b| b.is_ascii_digit()) || !s.is_ascii();
    path.split('/').map(|s| if hide(s) { ":id" } else { s }).collect::<Vec<_>>().join("/")
}

/// One line and one count for a finished request.
pub fn observe(method: &Method, path: &str, status: StatusCode, took: Duration, span: &tracing::Span) {
    let route = if path.starts_with("/api") { shape(path) } else { "pages".to_owned() };
    let labels = [("method", method.to_string()), ("route", route), ("status", status.as_u16().to_string())];
    ::metrics::counter!("lianting_requests_total", &labels).increment(1);
    ::metrics::histogram!("lianting_request_seconds", &labels[..2]).record(took.as_secs_f64());
    let _in = span.enter();
    tracing::info!(status = status.as_u16(), ms = took.as_millis() as u64, "answered");
}

/// Puts what was measured since into its figures: a server that nobody scrapes would otherwise keep every measurement.
pub fn sum_up() {
    if let Some(handle) = METRICS.get().and_then(Option::as_ref) {
        handle.run_upkeep();
    }
}

/// 就绪: database and store answer.
#[handler]
pub async fn ready(Data(app): Data<&App>) -> Response {
    let (database, store) = tokio::join!(app.door.ready(), app.blob.ready());
    let status = if database && store { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({ "database": database, "store": store });
    Response::builder().status(status).content_type("application/json").body(body.to_string())
}

/// 指标, in Prometheus' text form.
#[handler]
pub async fn figures(Data(app): Data<&App>) -> Response {
    let (open, idle) = app.door.connections();
    ::metrics::gauge!("lianting_db_connections").set(f64::from(open));
    ::metrics::gauge!("lianting_db_connections_idle").set(idle as f64);
    let text = METRICS.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default();
    Response::builder().content_type("text/plain; version=0.0.4").body(text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_a_well_formed_parent_is_joined() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(super::parent(good).unwrap().trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        for bad in [
            "",
            "00-0-0-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473z-00f067aa0ba902b7-01",
        ] {
            assert!(super::parent(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_path_is_logged_by_its_shape() {
        assert_eq!(super::shape("/api/courts/370102/filings/0197a3c0-7c1e-7d34-9a2b-000000000000"), "/api/courts/:id/filings/:id");
        assert_eq!(super::shape("/api/account/recovery/Zm9vYmFyYmF6cXV4cXV1eGNvcmdl"), "/api/account/recovery/:id");
    }
}
