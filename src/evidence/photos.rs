//! 拍照: pictures from a phone become the pages of one PDF, a file of the draft like any other.
//! Each picture is turned upright and made smaller by the examiner; only small pages are held here.

use base64::Engine;
use serde_json::json;
use uuid::Uuid;

use super::digests::Digests;
use super::store::{self, FileRow};
use super::types::{DraftFile, FileState, PhotoPages};
use super::{checker, kinds, parts, refusal};
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};
use crate::paper::renderer::{Job, Picture};

/// Longest edge of a page's picture: 170 dpi on A4.
const EDGE: u32 = 2000;
/// The same when there are many pages.
const EDGE_MANY: u32 = 1600;
/// More pages than this are "many".
const FEW: usize = 12;
/// What the renderer's frame holds, before base64.
const MOST_BYTES: usize = 22 << 20;

/// Makes one PDF of pictures; the same key answers the same file.
///
/// # Errors
/// 404 for a file that is not in the draft; 422 for one that is no picture.
pub async fn make(app: &App, caller: &Caller, draft: Uuid, key: Option<Uuid>, order: &PhotoPages) -> Result<DraftFile> {
    let name = pdf_name(&order.name)?;
    let body = serde_json::to_vec(&(draft, order))?;
    let mut tx = app.door.mine(caller, "photos:make").await?;
    if let Some(key) = key
        && let Some(first) = tx.once::<DraftFile>(key, &body).await?
    {
        return Ok(first);
    }
    store::court_of_draft(&mut tx, draft).await?;
    let mut pictures = Vec::with_capacity(order.file_ids.len());
    for (i, id) in order.file_ids.iter().enumerate() {
        let file = store::file(&mut tx, *id).await?;
        pictures.push(usable(file, draft, i)?);
    }
    let id = tx.id();
    drop(tx);
    let pdf = render(app, &pictures).await?;
    let mut digests = Digests::default();
    digests.update(&pdf.pdf);
    let (sha256, sm3) = digests.finish();
    let object_key = format!("person/{}/{id}", caller.person());
    let size = i64::try_from(pdf.pdf.len()).unwrap_or_default();
    app.blob.put(&object_key, pdf.pdf, "application/pdf").await?;
    let file = FileRow {
        person_id: caller.person(),
        file_id: id,
        draft_id: Some(draft),
        name,
        size,
        media_type: "application/pdf".into(),
        sha256,
        sm3,
        pages: Some(pdf.pages),
        state: FileState::Accepted,
        problem: None,
        warnings: None,
        object_key,
        created_at: app.now(),
    };
    write(app, caller, key, &body, file).await
}

async fn write(app: &App, caller: &Caller, key: Option<Uuid>, body: &[u8], file: FileRow) -> Result<DraftFile> {
    let mut tx = app.door.mine(caller, "photos:make").await?;
    if let Some(key) = key
        && let Some(first) = tx.once::<DraftFile>(key, body).await?
    {
        store::forget_objects(app, &[file.object_key]).await;
        return Ok(first);
    }
    store::insert_file(&mut tx, &file).await?;
    let (id, sha256) = (file.file_id, file.sha256.clone());
    let answer: DraftFile = file.into();
    if let Some(key) = key {
        tx.answered(key, &answer).await?;
    }
    tx.commit(id, json!({ "pages": answer.pages, "sha256": sha256 })).await?;
    Ok(answer)
}

fn pdf_name(name: &str) -> Result<String> {
    let name = parts::clean_name(name)?;
    Ok(if kinds::ending(&name) == "pdf" { name } else { format!("{name}.pdf") })
}

fn usable(file: FileRow, draft: Uuid, i: usize) -> Result<FileRow> {
    if file.draft_id != Some(draft) {
        return Err(Error::not_found());
    }
    let picture = kinds::of_media(&file.media_type).is_some_and(|k| k.look == kinds::Look::Picture);
    if file.is_accepted() && picture {
        return Ok(file);
    }
    Err(Error::invalid(
        "photos.not_a_picture",
        said(format!("「{}」不是能拼进 PDF 的图片。", file.name), format!("{} is not a picture that can become a page.", file.name)),
        said(
            "请只选 JPG、PNG 等照片；HEIC 请在手机设置里改成「兼容性最佳」再拍。",
            "Choose JPEG or PNG pictures; set the phone to its most compatible format.",
        ),
    )
    .at(format!("/file_ids/{i}")))
}

async fn render(app: &App, pictures: &[FileRow]) -> Result<crate::paper::renderer::Rendered> {
    let edge = if pictures.len() > FEW { EDGE_MANY } else { EDGE };
    let (mut images, mut photos, mut total) = (Vec::new(), Vec::new(), 0);
    for (i, picture) in pictures.iter().enumerate() {
        let Some(page) = checker::shrink(app, &picture.object_key, edge).await? else {
            let refusal = refusal::of_fault("broken_picture", None).unwrap_or_else(refusal::quarantined);
            return Err(refusal.at(format!("/file_ids/{i}")));
        };
        total += page.len();
        if total > MOST_BYTES {
            return Err(too_much());
        }
        let name = format!("p{i}.jpg");
        photos.push(json!({ "image": name, "caption": picture.name }));
        images.push(Picture { name, base64: base64::engine::general_purpose::STANDARD.encode(&page) });
    }
    let job = Job { template: "photo_pages".into(), data: json!({ "photos": photos }), source: None, images, created_at: app.now() };
    app.renderer.render(&job).await
}

fn too_much() -> Error {
    Error::invalid(
        "photos.too_much",
        said("这些照片加起来太大，一份 PDF 装不下。", "These pictures together are too large for one PDF."),
        said("请分成两份来合成。", "Make two PDFs of them."),
    )
    .at("/file_ids")
}
