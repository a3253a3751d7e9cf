//! 测网速: doors by which a page times its line before a hearing, and scores a test that belongs to none.
//!
//! Owns nothing: bytes go out and come in and are gone, figures are scored and forgotten. Bounded in size and in number.
//! Must never keep what it was sent.

use poem::Body;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, Object, OpenApi};
use tokio::io::AsyncReadExt as _;

use super::super::selftest;
use super::super::words::Role;
use super::views::{self, HearingMeasured, HearingTestReport};
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};

/// The doors.
pub struct MeasuringApi;

/// The most bytes of one measurement.
const MOST: usize = 2 * 1024 * 1024;

/// 独立检测: a test without a hearing.
#[derive(Debug, Object)]
struct MediaTest {
    /// What was measured.
    measured: HearingMeasured,
    /// Will only watch.
    #[oai(default)]
    watching: bool,
}

/// What came in.
#[derive(Debug, Object)]
struct BytesTaken {
    /// Bytes.
    bytes: u64,
}

/// Bytes to be timed.
#[derive(ApiResponse)]
enum BytesGiven {
    /// 测速数据 · Bytes that mean nothing
    #[oai(status = 200, content_type = "application/octet-stream")]
    Given(Binary<Vec<u8>>, #[oai(header = "Cache-Control")] String),
}

#[OpenApi]
impl MeasuringApi {
    /// Scores a test that belongs to no hearing; nothing is kept.
    #[oai(path = "/my/media-test/score", method = "post", operation_id = "score_media_test")]
    async fn score(&self, Data(app): Data<&App>, caller: Caller, body: Json<MediaTest>) -> Result<Json<HearingTestReport>> {
        app.limits.check_measure(caller.person())?;
        let role = if body.0.watching { Role::Observer } else { Role::Party };
        let report = selftest::score(&body.0.measured.measured(), role);
        Ok(Json(views::report(&report, role, app.clock.now())))
    }

    /// So many bytes, to time the line down.
    #[oai(path = "/my/media-test/bytes", method = "get", operation_id = "read_test_bytes")]
    async fn give(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(validator(minimum(value = "1"), maximum(value = "2097152")))] size: Query<u32>,
    ) -> Result<BytesGiven> {
        app.limits.check_measure(caller.person())?;
        let size = usize::try_from(size.0).map_err(Error::internal)?.min(MOST);
        let bytes = noise(u64::from_be_bytes(app.random.bytes()), size);
        Ok(BytesGiven::Given(Binary(bytes), "no-store, no-transform".into()))
    }

    /// Takes bytes and forgets them, to time the line up.
    #[oai(path = "/my/media-test/bytes", method = "post", operation_id = "send_test_bytes")]
    async fn take(&self, Data(app): Data<&App>, caller: Caller, body: Binary<Body>) -> Result<Json<BytesTaken>> {
        app.limits.check_measure(caller.person())?;
        let mut rest = body.0.into_async_read();
        let (mut bytes, mut piece) = (0_u64, vec![0_u8; 64 * 1024]);
        loop {
            let n = rest.read(&mut piece).await.map_err(|_| broken())?;
            if n == 0 {
                return Ok(Json(BytesTaken { bytes }));
            }
            bytes += n as u64;
            if bytes > MOST as u64 {
                return Err(too_large());
            }
        }
    }
}

fn too_large() -> Error {
    Error::new(
        poem::http::StatusCode::PAYLOAD_TOO_LARGE,
        "body.too_large",
        said("测速数据太大。", "Too many bytes for a measurement."),
        said("一次最多 2 MiB。", "At most 2 MiB at once."),
    )
}

fn broken() -> Error {
    Error::bad_request(
        "body.broken",
        said("数据没有传完。", "The body ended early."),
        said("网络可能中断，请再测一次。", "The line may have failed; measure again."),
    )
}

/// Bytes no line can make smaller on the way (splitmix64).
fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed;
    let words = std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    });
    let mut bytes: Vec<u8> = words.take(size.div_ceil(8)).flat_map(u64::to_be_bytes).collect();
    bytes.truncate(size);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_as_long_as_asked_and_does_not_repeat() {
        for size in [1, 7, 8, 1000] {
            assert_eq!(noise(1, size).len(), size);
        }
        let bytes = noise(1, 4096);
        assert!(bytes != noise(2, 4096));
        let mut seen = [0_u32; 256];
        bytes.iter().for_each(|b| seen[usize::from(*b)] += 1);
        assert!(seen.iter().all(|n| *n < 50));
    }
}
