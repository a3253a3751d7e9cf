//! The door through which somebody sees or copies what was granted.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use uuid::Uuid;

use super::super::before::sitting;
use super::copies;
use super::looks::{self, At};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::Result;
use crate::evidence::content::{Content, serve_object};

/// The door.
pub struct RecordingCopyApi;

#[OpenApi]
impl RecordingCopyApi {
    /// 查阅、复制的副本: the part that was granted, with one's name in the picture; each look is written down.
    #[oai(
        path = "/courts/:court/hearings/:hearing/recording-requests/:application/content",
        method = "get",
        operation_id = "get_recording_copy"
    )]
    async fn content(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        application: Path<Uuid>,
        #[oai(name = "Range")] range: Header<Option<String>>,
    ) -> Result<Content> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::RecordingAsk).await?;
        let copy = copies::own(&mut tx, hearing.0, application.0).await?;
        drop(tx);
        let at = At::Copy { hearing: hearing.0, request: application.0, part: (copy.from_ms, copy.until_ms) };
        looks::looked(app, court.0, caller.person(), &copy.kind, at).await?;
        let name = format!("copy-{}.webm", application.0.simple());
        let media_type = if copy.kind == "copy_audio" { "audio/webm" } else { "video/webm" };
        serve_object(
            app,
            copy.copy_key.as_deref().unwrap_or_default(),
            media_type,
            &name,
            copy.copy_size.unwrap_or_default(),
            range.0.as_deref(),
        )
        .await
    }
}
