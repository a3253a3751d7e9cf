//! Recordings in the court's object store: the recorder's `Store` over our one client of it.
//!
//! Owns the prefix of keys. Must never replace an object, or believe that it is there because it was sent: what lies there
//! is read back, where the store cannot name its digest.

use std::future::Future;
use std::time::Duration;

use lianting_media::record::{Body, Digest, Head, Put, RecordError, Store};
use tokio::io::AsyncReadExt;
use tokio::runtime::Handle;

use crate::error::Error;
use crate::kit::blob::{Blob, Once};

/// The store as the recorder's threads see it. Its calls wait, so they are made outside the runtime.
pub struct BlobStore {
    blob: Blob,
    runtime: Handle,
}

/// Longest answer to one call; a joined file of hours is sent in one.
const PATIENCE: Duration = Duration::from_secs(1800);

impl BlobStore {
    /// A store over a client; must be made inside the runtime.
    pub fn new(blob: Blob) -> Self {
        Self { blob, runtime: Handle::current() }
    }

    /// Where an object of a recording lies.
    pub fn key(key: &str) -> String {
        format!("court/{key}")
    }

    fn wait<T>(&self, step: impl Future<Output = Result<T, Error>>) -> Result<T, RecordError> {
        let bounded = async { tokio::time::timeout(PATIENCE, step).await };
        match self.runtime.block_on(bounded) {
            Ok(done) => done.map_err(|e| RecordError::Store(e.source_text().unwrap_or_else(|| e.code.to_owned()))),
            Err(_) => Err(RecordError::Store("no answer in time".into())),
        }
    }

    async fn look(&self, key: &str) -> Result<Option<Head>, Error> {
        let Some(kept) = self.blob.kept(&Self::key(key)).await? else { return Ok(None) };
        let sha256 = match kept.sha256 {
            Some(digest) => Digest(digest),
            None => self.digest(key).await?,
        };
        Ok(Some(Head { bytes: kept.bytes, sha256, retain_until: kept.retain_until }))
    }

    /// Reads it back whole, a piece at a time.
    async fn digest(&self, key: &str) -> Result<Digest, Error> {
        let mut reading = self.blob.read(&Self::key(key), None).await?;
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        let mut piece = vec![0; 256 << 10];
        loop {
            let n = reading.body.read(&mut piece).await.map_err(Error::internal)?;
            if n == 0 {
                break;
            }
            context.update(&piece[..n]);
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(context.finish().as_ref());
        Ok(Digest(digest))
    }
}

impl Store for BlobStore {
    fn put_if_absent(&self, key: &str, body: Body<'_>, sha256: Digest, retain_until: i64) -> Result<Put, RecordError> {
        self.wait(async {
            if self.blob.kept(&Self::key(key)).await?.is_some() {
                return Ok(Put::Exists);
            }
            let what = match body {
                Body::Bytes(bytes) => Once::Bytes(bytes.to_vec()),
                Body::File(path) => Once::File(path.to_owned()),
            };
            let made = self.blob.put_once(&Self::key(key), what, sha256.0, retain_until).await?;
            Ok(if made { Put::Created } else { Put::Exists })
        })
    }

    fn head(&self, key: &str) -> Result<Option<Head>, RecordError> {
        self.wait(self.look(key))
    }

    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, RecordError> {
        self.wait(async {
            if self.blob.kept(&Self::key(key)).await?.is_none() {
                return Ok(None);
            }
            let mut bytes = Vec::new();
            let mut reading = self.blob.read(&Self::key(key), None).await?;
            reading.body.read_to_end(&mut bytes).await.map_err(Error::internal)?;
            Ok(Some(bytes))
        })
    }
}
