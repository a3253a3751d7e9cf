//! 卷宗下载: the file as one ZIP with meaningful names, streamed; never held in memory.

use std::io::{self, Write};

use poem::Body;
use tokio::io::AsyncWriteExt;
use tokio_util::io::{ReaderStream, SyncIoBridge};
use zip::write::SimpleFileOptions;

use super::case_views::CaseFile;
use super::read::LeafPlace;
use crate::app::App;

/// One entry: its path in the ZIP and its bytes.
pub struct Entry {
    /// `05 受理通知书/001 受理案件通知书.pdf`.
    pub path: String,
    /// Where they come from.
    pub bytes: Source,
}

/// Where the bytes of an entry come from.
pub enum Source {
    /// An object of the store.
    Object(String),
    /// Made for this download.
    Made(Vec<u8>),
}

/// The name of a leaf in the ZIP.
pub fn path(file: &CaseFile, place: &LeafPlace, folder: usize, n: i32) -> String {
    let folder = &file.folders[folder];
    let clean = |s: &str| {
        s.chars()
            .map(|c| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c })
            .take(80)
            .collect::<String>()
    };
    let ending = match place.media_type.as_str() {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        other => mime_guess::get_mime_extensions_str(other).and_then(|e| e.first().copied()).unwrap_or("bin"),
    };
    let title = clean(&place.title);
    let dotted = format!(".{ending}");
    // 借条（借条.pdf）: the name of the only file says nothing that its purpose does not
    let title = title.strip_suffix(&dotted).unwrap_or(&title).replace(&format!("{dotted}）"), "）");
    format!("{:02} {}/{n:03} {title}.{ending}", folder.n, clean(&folder.name))
}

/// A body that writes the ZIP as it is read.
pub fn body(app: App, entries: Vec<Entry>) -> Body {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut writer = zip::ZipWriter::new_stream(SyncIoBridge::new(ours));
        let outcome = entries.iter().try_for_each(|entry| -> io::Result<()> {
            // pictures, PDF and media are compressed already
            let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored).large_file(true);
            writer.start_file(&entry.path, options).map_err(io::Error::other)?;
            match &entry.bytes {
                Source::Made(bytes) => writer.write_all(bytes),
                Source::Object(key) => {
                    let reading = runtime.block_on(app.blob.read(key, None)).map_err(io::Error::other)?;
                    io::copy(&mut SyncIoBridge::new_with_handle(reading.body, runtime.clone()), &mut writer).map(drop)
                }
            }
        });
        match outcome.and_then(|()| writer.finish().map_err(io::Error::other)) {
            Ok(done) => drop(runtime.block_on(async { done.into_inner().into_inner().shutdown().await })),
            Err(cause) => tracing::warn!(%cause, "a bundle was cut off"),
        }
    });
    Body::from_bytes_stream(ReaderStream::new(theirs))
}
