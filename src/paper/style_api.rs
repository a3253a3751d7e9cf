//! Doors of a court's templates: draft, check, preview, publish, withdraw.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json};
use serde_json::json;

use super::style_views::{PaperTemplateDetail, PaperTemplates, TemplateCheck, TemplateDraft, TemplateOf, TemplateReason};
use super::{house, styles};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result};
use crate::kit::answer::{Pdf, version_of};

/// The doors.
pub struct StyleApi;

#[OpenApi]
impl StyleApi {
    /// 本院文书样式.
    #[oai(path = "/courts/:court/templates", method = "get", operation_id = "list_templates")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<PaperTemplates>> {
        let mut tx = app.door.enter(&caller, court.0, Act::StyleRead).await?;
        Ok(Json(PaperTemplates { items: styles::list(&mut tx).await? }))
    }

    /// 一种文书的样式, with its draft and past versions.
    #[oai(path = "/courts/:court/templates/:template", method = "get", operation_id = "get_template")]
    async fn get(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 60))] template: Path<String>,
    ) -> Result<Json<PaperTemplateDetail>> {
        let mut tx = app.door.enter(&caller, court.0, Act::StyleRead).await?;
        Ok(Json(styles::detail(&mut tx, &template.0).await?))
    }

    /// 存草稿: kept however faulty; the answer says what is wrong with it.
    #[oai(path = "/courts/:court/templates/:template/draft", method = "put", operation_id = "save_template_draft")]
    async fn save(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 60))] template: Path<String>,
        #[oai(name = "If-Match")] seen: Header<Option<String>>,
        body: Json<TemplateDraft>,
    ) -> Result<Json<TemplateCheck>> {
        let mut tx = app.door.enter(&caller, court.0, Act::StyleDraft).await?;
        let now = tx.now();
        let version = styles::save(&mut tx, &template.0, version_of(&seen.0)?, &body.source).await?;
        tx.commit(format!("template:{}", template.0), styles::details(&body.source, version)).await?;
        let made = styles::sample(app, court.0, &template.0, Some(body.0.source), now).await?;
        Ok(Json(styles::check(version, &made)))
    }

    /// 预览 on invented data.
    #[oai(path = "/courts/:court/templates/:template/preview.pdf", method = "get", operation_id = "preview_template")]
    async fn preview(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 60))] template: Path<String>,
        of: Query<Option<TemplateOf>>,
    ) -> Result<Pdf> {
        let mut tx = app.door.enter(&caller, court.0, Act::StyleRead).await?;
        let now = tx.now();
        house::names(&template.0).ok_or_else(Error::not_found)?;
        let source = match of.0.unwrap_or(TemplateOf::House) {
            TemplateOf::Draft => Some(styles::draft_source(&mut tx, &template.0).await?),
            TemplateOf::Own => Some(styles::source(&mut tx, &template.0, None).await?.ok_or_else(Error::not_found)?.1),
            TemplateOf::House => None,
        };
        drop(tx);
        let made = styles::sample(app, court.0, &template.0, source, now).await?.map_err(|fault| styles::faulty(&fault))?;
        Ok(Pdf::Pdf(Binary(made.pdf), format!("inline; filename=\"{}.pdf\"", template.0)))
    }

    /// 发布草稿: papers issued from now on are set by it.
    #[oai(path = "/courts/:court/templates/:template/publish", method = "post", operation_id = "publish_template")]
    async fn publish(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 60))] template: Path<String>,
        body: Json<TemplateReason>,
    ) -> Result<Json<PaperTemplateDetail>> {
        let mut tx = app.door.enter(&caller, court.0, Act::StylePublish).await?;
        let (now, draft) = (tx.now(), styles::draft_source(&mut tx, &template.0).await?);
        drop(tx); // no transaction is held while the renderer works
        styles::sample(app, court.0, &template.0, Some(draft.clone()), now).await?.map_err(|fault| styles::faulty(&fault))?;
        let mut tx = app.door.enter(&caller, court.0, Act::StylePublish).await?;
        let version = styles::publish(&mut tx, &template.0, &draft, &body.reason).await?;
        let detail = styles::detail(&mut tx, &template.0).await?;
        tx.commit(format!("template:{}", template.0), styles::details(&draft, version)).await?;
        Ok(Json(detail))
    }

    /// 停用本院样式: the house's own holds again.
    #[oai(path = "/courts/:court/templates/:template/withdrawal", method = "put", operation_id = "withdraw_template")]
    async fn withdraw(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 60))] template: Path<String>,
        body: Json<TemplateReason>,
    ) -> Result<Json<PaperTemplateDetail>> {
        let mut tx = app.door.enter(&caller, court.0, Act::StylePublish).await?;
        house::names(&template.0).ok_or_else(Error::not_found)?;
        styles::end(&mut tx, &template.0, &body.reason).await?;
        let detail = styles::detail(&mut tx, &template.0).await?;
        tx.commit(format!("template:{}", template.0), json!({ "withdrawn": true })).await?;
        Ok(Json(detail))
    }
}
