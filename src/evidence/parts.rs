//! One upload from its beginning to its last part. Bytes go straight from the wire to the store while both
//! digests run over them; nothing of size is kept. A cut part leaves the upload as it was before it.
//!
//! Owns the order of parts and the lease that lets one part run at a time (the digests run in order).

use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::StreamExt;
use poem::Body;
use poem::http::StatusCode;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::digests::Digests;
use super::store::{self, Holdings, NewRow, Part, UploadRow};
use super::types::{NewUpload, Upload};
use super::{refusal, sniff};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::rules::CourtRules;
use crate::court::tx::PersonTx;
use crate::error::{Error, Result, said};
use crate::kit::blob;
use crate::kit::text::{Bounds, clean};

/// The largest file while no court is chosen, and where the court says nothing.
const MOST_BYTES: i64 = 2 << 30;
/// What one CopyObject can take to the court.
const STORE_LIMIT: i64 = 5 << 30;
/// Open uploads of one person.
const MOST_OPEN: i64 = 50;
/// Files of one draft.
const MOST_FILES: i64 = 500;
/// Bytes of one person not yet sent.
const MOST_HELD: i64 = 50 << 30;
/// A sender that is silent for this long is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// The longest one part may take: 8 MiB over a very slow line.
const PART_PATIENCE: Duration = Duration::from_secs(25 * 60);
/// First bytes kept for sniffing.
const HEAD: usize = 64 << 10;
/// After this long without a part an upload is swept away.
pub const ABANDONED: TimeDelta = TimeDelta::days(7);

/// Begins an upload, or goes on with the same one. The same key answers the upload it began, as it stands now.
///
/// # Errors
/// 404 for another's draft; 422 for a name or size that cannot be taken; 409 at a limit.
pub async fn begin(app: &App, caller: &Caller, draft: Option<Uuid>, key: Option<Uuid>, new: &NewUpload) -> Result<Upload> {
    let name = clean_name(&new.name)?;
    let mut tx = app.door.mine(caller, "upload:begin").await?;
    let court = match draft {
        Some(draft) => store::court_of_draft(&mut tx, draft).await?,
        None => None,
    };
    check_size(new.size, limit(app, court))?;
    sniff::check_name(&name)?;
    if let Some(first) = tx.once_if::<Uuid>(key, &(draft, new)).await? {
        return Ok(store::upload(&mut tx, first).await?.into());
    }
    if let Some(same) = store::same_upload(&mut tx, draft, &name, new.size, new.last_modified).await? {
        return go_on(tx, key, same).await;
    }
    check_holdings(&store::holdings(&mut tx, draft).await?, new.size)?;
    let id = tx.id();
    drop(tx);
    let object_key = format!("person/{}/{id}", caller.person());
    let store_upload = app.blob.begin_parts(&object_key).await?;
    let row = NewRow {
        upload: id,
        draft,
        name: &name,
        size: new.size,
        last_modified: new.last_modified,
        object_key: &object_key,
        store_upload: &store_upload,
    };
    match write_begin(app, caller, &row, key, &(draft, new)).await {
        Ok(Some(upload)) => Ok(upload),
        other => {
            let _ = app.blob.drop_parts(&object_key, &store_upload).await;
            match other? {
                Some(upload) => Ok(upload),
                None => {
                    let mut tx = app.door.mine(caller, "upload:begin").await?;
                    let same = store::same_upload(&mut tx, draft, &name, new.size, new.last_modified).await?;
                    same.map(Upload::from).ok_or_else(|| running(2))
                }
            }
        }
    }
}

/// The same file is on its way already: the key now names that upload.
async fn go_on(mut tx: PersonTx, key: Option<Uuid>, same: UploadRow) -> Result<Upload> {
    if key.is_some() {
        tx.answered_if(key, &same.upload_id).await?;
        tx.commit(same.upload_id, serde_json::json!({ "on": true })).await?;
    }
    Ok(same.into())
}

async fn write_begin(
    app: &App,
    caller: &Caller,
    row: &NewRow<'_>,
    key: Option<Uuid>,
    asked: &(Option<Uuid>, &NewUpload),
) -> Result<Option<Upload>> {
    let mut tx = app.door.mine(caller, "upload:begin").await?;
    if let Some(first) = tx.once_if::<Uuid>(key, asked).await? {
        let _ = app.blob.drop_parts(row.object_key, row.store_upload).await; // a double click that came second
        return Ok(Some(store::upload(&mut tx, first).await?.into()));
    }
    if !store::insert_upload(&mut tx, row).await? {
        return Ok(None);
    }
    let made = store::upload(&mut tx, row.upload).await?;
    let sweep = tx.now() + ABANDONED;
    tx.answered_if(key, &row.upload).await?;
    tx.tell_later("upload.sweep", &serde_json::json!({ "person": tx.person, "upload": row.upload }), sweep)?;
    tx.commit(row.upload, serde_json::json!({ "bytes": row.size })).await?;
    Ok(Some(made.into()))
}

/// A file name: the last member of a path, without hidden signs.
pub fn clean_name(name: &str) -> Result<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    clean(last, Bounds::line(1, 200)).map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at("/name"))
}

fn limit(app: &App, court: Option<i32>) -> i64 {
    let of_court = court.map(|court| CourtRules::on(&app.door.registry, court, beijing_date(app.now())).upload_max_bytes());
    of_court.unwrap_or(MOST_BYTES).min(STORE_LIMIT)
}

fn check_size(size: i64, most: i64) -> Result<()> {
    match size {
        ..=0 => Err(refusal::empty()),
        n if n > most => Err(refusal::too_large(n, most)),
        _ => Ok(()),
    }
}

fn check_holdings(held: &Holdings, size: i64) -> Result<()> {
    if held.open >= MOST_OPEN {
        return Err(Error::conflict(
            "upload.too_many_open",
            said(format!("您有 {MOST_OPEN} 个文件还没传完。"), format!("You have {MOST_OPEN} unfinished uploads.")),
            said("请先等它们传完，或取消其中一些。", "Let them finish, or cancel some."),
        ));
    }
    if held.files >= MOST_FILES {
        return Err(Error::conflict(
            "upload.too_many_files",
            said(format!("一份立案材料最多 {MOST_FILES} 个文件。"), format!("A filing takes at most {MOST_FILES} files.")),
            said("请把照片或单页合成一份 PDF。", "Put photos or single pages into one PDF."),
        ));
    }
    if held.bytes + size > MOST_HELD {
        return Err(Error::conflict(
            "upload.too_much",
            said("您还没提交的文件加起来超过 50 GB。", "Your unsent files would come to over 50 GB."),
            said("请先提交，或删掉用不着的草稿和文件。", "Send them, or delete drafts and files you do not need."),
        ));
    }
    Ok(())
}

/// Somebody (perhaps your own other tab) is at it.
pub fn running(seconds: u64) -> Error {
    Error::conflict(
        "upload.running",
        said("这个文件正在别的页面或另一台设备上传。", "This file is being uploaded in another page or on another device."),
        said("请稍等，会自动接着传。", "Wait; it goes on by itself."),
    )
    .retry_after(seconds)
}

fn out_of_order(expected: i32) -> Error {
    Error::conflict(
        "upload.out_of_order",
        said(format!("该传第 {expected} 段了。"), format!("Part {expected} is the next one.")),
        said("请从这一段接着传。", "Go on from that part."),
    )
    .at(format!("/parts/{expected}"))
}

/// The length of part n does not fit.
fn wrong_length(n: i32, expected: i64) -> Error {
    Error::invalid(
        "upload.part_length",
        said(format!("第 {n} 段应为 {expected} 字节。"), format!("Part {n} has {expected} bytes.")),
        said("文件可能在上传途中被改动，请重新选择这个文件。", "The file may have changed meanwhile; choose it again."),
    )
}

/// Takes part n of an upload. Answers when it is in the store and written down.
///
/// # Errors
/// 409 out of order or running elsewhere; 422 for a wrong length; 503 when the store does not answer.
pub async fn put(app: &App, caller: &Caller, upload: Uuid, n: i32, declared: Option<u64>, body: Body) -> Result<()> {
    let claimed = match claim(app, caller, upload, n, declared).await {
        Ok(claimed) => claimed,
        Err(refusal) => {
            drain(body).await; // a browser reads an answer only after it has sent its part
            return Err(refusal);
        }
    };
    let Some((row, token)) = claimed else {
        drain(body).await; // the last part once more: its answer was lost on the way
        return Ok(());
    };
    // a task of its own: when the line is cut, the lease is still let go
    let (app, caller) = (app.clone(), caller.clone());
    tokio::spawn(async move {
        let done = match tokio::time::timeout(PART_PATIENCE, transfer(&app, &caller, &row, n, token, body)).await {
            Ok(Ok(part)) => write_part(&app, &caller, upload, token, &part).await,
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(cut()),
        };
        if done.is_err() {
            let _ = let_go(&app, &caller, upload, token).await;
        }
        done
    })
    .await
    .map_err(Error::internal)?
}

/// Nobody is signed out while a file is on its way.
pub async fn carry(app: &App, caller: &Caller) -> Result<()> {
    app.sessions.carry(app, &caller.session).await
}

async fn claim(app: &App, caller: &Caller, upload: Uuid, n: i32, declared: Option<u64>) -> Result<Option<(UploadRow, Uuid)>> {
    carry(app, caller).await?;
    let mut tx = app.door.mine(caller, "upload:part").await?;
    let row = store::upload(&mut tx, upload).await?;
    if n == row.parts_done && n > 0 {
        return Ok(None);
    }
    if row.state != "open" || n != row.parts_done + 1 || n > row.parts() {
        return Err(out_of_order((row.parts_done + 1).min(row.parts())));
    }
    let expected = row.part_length(n);
    if declared.is_some_and(|length| i64::try_from(length) != Ok(expected)) {
        return Err(wrong_length(n, expected));
    }
    let token = tx.id();
    if !store::take_lease(&mut tx, &row, token).await? {
        return Err(running(5));
    }
    tx.close().await?; // progress, not an act: the act is written down with the part
    Ok(Some((row, token)))
}

async fn write_part(app: &App, caller: &Caller, upload: Uuid, token: Uuid, part: &Part) -> Result<()> {
    let mut tx = app.door.mine(caller, "upload:part").await?;
    if !store::add_part(&mut tx, upload, token, part).await? {
        return Err(running(5));
    }
    tx.commit(upload, serde_json::json!({ "part": part.n })).await
}

/// Lets a lease go, so that the next try need not wait.
pub async fn let_go(app: &App, caller: &Caller, upload: Uuid, token: Uuid) -> Result<()> {
    let mut tx = app.door.mine(caller, "upload:part").await?;
    store::keep_lease(&mut tx, upload, token, None).await?;
    tx.close().await
}

/// Does long work under a lease that is kept alive, and the session with it.
pub async fn under_lease<T>(app: &App, caller: &Caller, upload: Uuid, token: Uuid, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(Duration::from_secs(30)) => {
                if let Err(fault) = keep(app, caller, upload, token).await {
                    tracing::warn!(cause = ?fault, "a lease could not be kept");
                }
            }
        }
    }
}

async fn keep(app: &App, caller: &Caller, upload: Uuid, token: Uuid) -> Result<()> {
    carry(app, caller).await?;
    let mut tx = app.door.mine(caller, "upload:part").await?;
    let until = tx.now() + store::LEASE;
    store::keep_lease(&mut tx, upload, token, Some(until)).await?;
    tx.close().await
}

/// From the wire to the store. Two tasks: one reads and digests, the other sends; a few chunks lie between.
async fn transfer(app: &App, caller: &Caller, row: &UploadRow, n: i32, token: Uuid, body: Body) -> Result<Part> {
    let digests = Digests::resume(row.sha256_state.as_deref(), row.sm3_state.as_deref())
        .ok_or_else(|| Error::internal("digest state cannot be read"))?;
    let length = row.part_length(n);
    let (to, mut from) = mpsc::channel::<std::io::Result<Bytes>>(4);
    let pump = tokio::spawn(pump(body, to, digests, length, n));
    let chunks = futures_util::stream::poll_fn(move |context| from.poll_recv(context));
    let send = app.blob.put_part(&row.object_key, &row.store_upload, n, length, blob::streamed(chunks));
    let stored = under_lease(app, caller, row.upload_id, token, send).await;
    let (digests, head) = pump.await.map_err(Error::internal)??; // its word first: why the line was cut
    let (sha256_state, sm3_state) = digests.states();
    Ok(Part { n, length, etag: stored?, sha256_state, sm3_state, head })
}

type Pumped = (Digests, Option<Vec<u8>>);

async fn pump(body: Body, to: mpsc::Sender<std::io::Result<Bytes>>, digests: Digests, length: i64, n: i32) -> Result<Pumped> {
    let mut digests = digests.run();
    let mut stream = body.into_bytes_stream();
    let mut left = length;
    let mut head = (n == 1).then(Vec::new);
    while left > 0 {
        let chunk = match tokio::time::timeout(SILENCE, stream.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(Some(Err(_))) | Err(_) => return stop(&to, cut()).await,
            Ok(None) => return stop(&to, wrong_length(n, length)).await,
        };
        left -= i64::try_from(chunk.len()).unwrap_or(i64::MAX);
        if left < 0 {
            return stop(&to, wrong_length(n, length)).await;
        }
        digests.update(&chunk).await;
        if let Some(head) = head.as_mut().filter(|h| h.len() < HEAD) {
            head.extend_from_slice(&chunk[..chunk.len().min(HEAD - head.len())]);
        }
        if to.send(Ok(chunk)).await.is_err() {
            // the store gave up: its fault is told by the sending side
            drain(Body::from_bytes_stream(stream)).await;
            return Ok((digests.finish().await.map_err(Error::internal)?, None));
        }
    }
    match tokio::time::timeout(SILENCE, stream.next()).await {
        Ok(Some(Ok(more))) if !more.is_empty() => stop(&to, wrong_length(n, length)).await,
        _ => Ok((digests.finish().await.map_err(Error::internal)?, head)),
    }
}

async fn stop(to: &mpsc::Sender<std::io::Result<Bytes>>, why: Error) -> Result<Pumped> {
    let _ = to.send(Err(std::io::Error::other(why.code))).await;
    Err(why)
}

fn cut() -> Error {
    Error::new(
        StatusCode::REQUEST_TIMEOUT,
        "upload.cut",
        said("这一段没有传完，线路断了。", "The line was cut before this part was complete."),
        said("已传的都在，会从这一段接着传。", "What was sent is kept; go on with this part."),
    )
}

/// Reads a refused part to its end, at most a part's worth and ten seconds.
async fn drain(body: Body) {
    let mut left = store::PART_BYTES + (64 << 10);
    let mut stream = body.into_bytes_stream();
    let read = async {
        while let Some(Ok(chunk)) = stream.next().await {
            left -= i64::try_from(chunk.len()).unwrap_or(i64::MAX);
            if left <= 0 {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(10), read).await;
}

/// One's own upload as it stands.
///
/// # Errors
/// 404 when there is none.
pub async fn show(app: &App, caller: &Caller, upload: Uuid) -> Result<Upload> {
    let mut tx = app.door.mine(caller, "upload:read").await?;
    Ok(store::upload(&mut tx, upload).await?.into())
}

/// Gives an upload up.
///
/// # Errors
/// 404 when there is none; 409 when it is already a file.
pub async fn abort(app: &App, caller: &Caller, upload: Uuid) -> Result<()> {
    let mut tx = app.door.mine(caller, "upload:abort").await?;
    let row = store::upload(&mut tx, upload).await?;
    if !store::close_upload(&mut tx, upload, None, "aborted").await? {
        return Err(Error::conflict(
            "upload.completed",
            said("这个文件已经传完了。", "This upload is complete."),
            said("不需要的话，请在材料里删除这个文件。", "Remove the file instead."),
        ));
    }
    tx.commit(upload, serde_json::json!({})).await?;
    let _ = app.blob.drop_parts(&row.object_key, &row.store_upload).await; // what stays is swept by the store's own rule
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders_and_refuse_hidden_signs() {
        assert_eq!(clean_name("C:\\fake\\借条.pdf").unwrap(), "借条.pdf");
        assert_eq!(clean_name("../../etc/passwd").unwrap(), "passwd");
        assert_eq!(clean_name("借条\u{202E}fdp.exe").unwrap_err().code, "text.bidi");
        assert_eq!(clean_name("a\u{0}.pdf").unwrap_err().code, "text.control");
        assert!(clean_name("folder/").is_err());
    }

    #[test]
    fn sizes_and_holdings_are_bounded() {
        assert_eq!(check_size(0, 10).unwrap_err().code, "file.empty");
        assert_eq!(check_size(11, 10).unwrap_err().code, "file.too_large");
        assert!(check_size(10, 10).is_ok());
        assert!(check_holdings(&Holdings { open: 49, files: 499, bytes: 0 }, 1).is_ok());
        assert!(check_holdings(&Holdings { open: 50, files: 0, bytes: 0 }, 1).is_err());
        assert!(check_holdings(&Holdings { open: 0, files: 500, bytes: 0 }, 1).is_err());
        assert!(check_holdings(&Holdings { open: 0, files: 0, bytes: MOST_HELD }, 1).is_err());
    }
}
