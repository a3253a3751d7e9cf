//! The object store. The only file that names `aws_sdk_s3`.
//!
//! Owns buckets and keys: `court/<id>/<sha256>` for what a court holds, `person/<id>/…` for what a
//! person has not sent yet. Must never show a bucket or a key to a caller, and never hold a file in memory.

use std::time::Duration;

use aws_sdk_s3::config::{
    BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation, StalledStreamProtectionConfig,
    timeout::TimeoutConfig,
};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::{ChecksumMode, CompletedMultipartUpload, CompletedPart, ObjectLockMode};
use bytes::Bytes;
use tokio::io::AsyncRead;

use crate::error::{Error, Result, said};

/// Where the store is and who we are to it.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// Endpoint, such as `http://127.0.0.1:9000`.
    pub endpoint: String,
    /// Region name.
    pub region: String,
    /// Bucket that holds everything of this deployment.
    pub bucket: String,
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: String,
    /// How the store holds recordings to their time, where its bucket has object lock.
    pub lock: Lock,
}

/// 对象锁定: who may still remove an object before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Lock {
    /// The store is not asked to lock; the time is written beside the object.
    #[default]
    None,
    /// Whoever holds the right to bypass it.
    Governance,
    /// Nobody.
    Compliance,
}

/// A client of the object store. Cheap to clone.
#[derive(Clone)]
pub struct Blob {
    client: aws_sdk_s3::Client,
    bucket: String,
    lock: Lock,
}

/// A stored object being read.
pub struct Reading {
    /// The bytes, as they come.
    pub body: Box<dyn AsyncRead + Send + Sync + Unpin>,
    /// Length of this answer in bytes.
    pub length: u64,
    /// `bytes a-b/total`, when a range was asked for.
    pub content_range: Option<String>,
}

/// What is written once.
pub enum Once {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// A file, of any size a store takes in one piece.
    File(std::path::PathBuf),
}

/// What the store knows of an object.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Length.
    pub bytes: u64,
    /// Digest, where the store tells the one it checked.
    pub sha256: Option<[u8; 32]>,
    /// Nobody should remove it before this time, in seconds since 1970.
    pub retain_until: i64,
}

impl Lock {
    fn mode(self) -> Option<ObjectLockMode> {
        match self {
            Self::None => None,
            Self::Governance => Some(ObjectLockMode::Governance),
            Self::Compliance => Some(ObjectLockMode::Compliance),
        }
    }
}

impl Blob {
    /// Connects lazily: no request is made here.
    pub fn new(settings: &StoreSettings) -> Self {
        let http = aws_smithy_http_client::Builder::new().build_http();
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&settings.endpoint)
            .region(Region::new(settings.region.clone()))
            .force_path_style(true)
            .credentials_provider(Credentials::new(&settings.access_key, &settings.secret_key, None, None, "lianting"))
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .timeout_config(TimeoutConfig::builder().connect_timeout(Duration::from_secs(2)).read_timeout(Duration::from_secs(30)).build())
            // a person's slow line is not the store's fault; whoever pumps the bytes bounds their rate
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(http)
            .build();
        Self { client: aws_sdk_s3::Client::from_conf(config), bucket: settings.bucket.clone(), lock: settings.lock }
    }

    /// True when the bucket answers.
    pub async fn ready(&self) -> bool {
        let ask = self.client.head_bucket().bucket(&self.bucket).send();
        matches!(tokio::time::timeout(Duration::from_secs(2), ask).await, Ok(Ok(_)))
    }

    /// Stores a small object whole (papers; never an upload).
    pub async fn put(&self, key: &str, bytes: Vec<u8>, media_type: &str) -> Result<()> {
        self.client.put_object().bucket(&self.bucket).key(key).content_type(media_type).body(bytes.into()).send().await.map_err(down)?;
        Ok(())
    }

    /// Opens an object for reading; `range` is an HTTP Range header's value.
    pub async fn read(&self, key: &str, range: Option<&str>) -> Result<Reading> {
        let answer = self.client.get_object().bucket(&self.bucket).key(key).set_range(range.map(str::to_owned)).send().await;
        let object = answer.map_err(|error| match error.raw_response().map(|r| r.status().as_u16()) {
            Some(404) => Error::not_found(),
            Some(416) => Error::new(
                poem::http::StatusCode::RANGE_NOT_SATISFIABLE,
                "range.not_satisfiable",
                said("要的范围超出了文件。", "The range lies outside the file."),
                said("请从头读取。", "Read from the start."),
            ),
            _ => down(error),
        })?;
        let length = object.content_length().and_then(|n| u64::try_from(n).ok()).unwrap_or_default();
        let content_range = object.content_range().map(str::to_owned);
        Ok(Reading { body: Box::new(object.body.into_async_read()), length, content_range })
    }

    /// The size of an object, or nothing when it is not there.
    pub async fn size(&self, key: &str) -> Result<Option<i64>> {
        match self.client.head_object().bucket(&self.bucket).key(key).send().await {
            Ok(head) => Ok(Some(head.content_length().unwrap_or_default())),
            Err(error) if error.raw_response().is_some_and(|r| r.status().as_u16() == 404) => Ok(None),
            Err(error) => Err(down(error)),
        }
    }

    /// What the store knows of an object written once; nothing when it is not there.
    pub async fn kept(&self, key: &str) -> Result<Option<Kept>> {
        let asked = self.client.head_object().bucket(&self.bucket).key(key).checksum_mode(ChecksumMode::Enabled).send().await;
        let head = match asked {
            Ok(head) => head,
            Err(error) if error.raw_response().is_some_and(|r| r.status().as_u16() == 404) => return Ok(None),
            Err(error) => return Err(down(error)),
        };
        let digest = head.checksum_sha256().and_then(|d| data_encoding::BASE64.decode(d.as_bytes()).ok());
        let written = head.metadata().and_then(|m| m.get("retain-until")).and_then(|d| d.parse().ok());
        let said = head.object_lock_retain_until_date().map(aws_sdk_s3::primitives::DateTime::secs).or(written);
        Ok(Some(Kept {
            bytes: head.content_length().and_then(|n| u64::try_from(n).ok()).unwrap_or_default(),
            sha256: digest.and_then(|d| d.try_into().ok()),
            retain_until: said.unwrap_or_default(),
        }))
    }

    /// Writes an object unless its key is taken; the store checks the digest on receipt. False when it was taken. How long it
    /// must be kept is written beside it; where the store locks objects, it is told to hold everybody to it.
    pub async fn put_once(&self, key: &str, what: Once, sha256: [u8; 32], retain_until: i64) -> Result<bool> {
        let body = match what {
            Once::Bytes(bytes) => bytes.into(),
            Once::File(path) => ByteStream::from_path(path).await.map_err(Error::internal)?,
        };
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .if_none_match("*")
            .checksum_sha256(data_encoding::BASE64.encode(&sha256))
            .metadata("retain-until", retain_until.to_string())
            .set_object_lock_mode(self.lock.mode())
            .set_object_lock_retain_until_date(self.lock.mode().map(|_| aws_sdk_s3::primitives::DateTime::from_secs(retain_until)))
            .body(body)
            .customize()
            .config_override(patient(SLOW_LINE));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if matches!(error.raw_response().map(|r| r.status().as_u16()), Some(409 | 412)) => Ok(false),
            Err(error) => Err(down(error)),
        }
    }

    /// Copies within the store, without passing the bytes through us.
    pub async fn copy(&self, from: &str, to: &str) -> Result<()> {
        let source = format!("{}/{}", self.bucket, from);
        let copy = self.client.copy_object().bucket(&self.bucket).copy_source(source).key(to).customize();
        copy.config_override(patient(LONG_WORK)).send().await.map_err(down)?;
        Ok(())
    }

    /// Deletes an object; deleting what is gone is no error.
    pub async fn delete(&self, key: &str) -> Result<()> {
        self.client.delete_object().bucket(&self.bucket).key(key).send().await.map_err(down)?;
        Ok(())
    }

    /// Opens a multipart upload and answers the store's id for it.
    pub async fn begin_parts(&self, key: &str) -> Result<String> {
        let begun = self.client.create_multipart_upload().bucket(&self.bucket).key(key).send().await.map_err(down)?;
        begun.upload_id().map(str::to_owned).ok_or_else(|| Error::internal("the store gave no upload id"))
    }

    /// Streams one part through to the store; memory does not grow with its size.
    pub async fn put_part(&self, key: &str, upload: &str, n: i32, length: i64, body: SdkBody) -> Result<String> {
        let part = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .part_number(n)
            .content_length(length)
            .body(ByteStream::new(body))
            .customize()
            .disable_payload_signing()
            .config_override(patient(SLOW_LINE))
            .send()
            .await
            .map_err(down)?;
        Ok(part.e_tag().unwrap_or_default().to_owned())
    }

    /// Joins the parts.
    pub async fn finish_parts(&self, key: &str, upload: &str, etags: &[String]) -> Result<()> {
        let parts = etags.iter().zip(1..).map(|(etag, n)| CompletedPart::builder().part_number(n).e_tag(etag).build()).collect();
        let whole = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .multipart_upload(whole)
            .customize()
            .config_override(patient(LONG_WORK))
            .send()
            .await
            .map_err(down)?;
        Ok(())
    }

    /// Gives up a multipart upload.
    pub async fn drop_parts(&self, key: &str, upload: &str) -> Result<()> {
        self.client.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(upload).send().await.map_err(down)?;
        Ok(())
    }
}

/// The longest a store may work on an object of gigabytes (joining parts, copying) before it answers.
const LONG_WORK: Duration = Duration::from_secs(600);
/// The longest one part may take over a slow line: the store answers only when it has the last byte.
const SLOW_LINE: Duration = Duration::from_secs(1800);

fn patient(wait: Duration) -> aws_sdk_s3::config::Builder {
    let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(2)).read_timeout(wait).build();
    aws_sdk_s3::config::Builder::new().timeout_config(timeouts)
}

/// A body made of a channel of chunks, for `put_part`.
pub fn streamed(chunks: impl futures_util::Stream<Item = std::io::Result<Bytes>> + Send + Sync + 'static) -> SdkBody {
    use futures_util::StreamExt;
    let frames = chunks.map(|chunk| chunk.map(http_body::Frame::data));
    SdkBody::from_body_1_x(http_body_util::StreamBody::new(frames))
}

fn down<E: std::error::Error + Send + Sync + 'static, R: std::fmt::Debug + Send + Sync + 'static>(error: SdkError<E, R>) -> Error {
    tracing::warn!(cause = %aws_sdk_s3::error::DisplayErrorContext(&error), "the object store does not answer");
    Error::unavailable("store.unavailable", said("文件库暂时连不上。", "The file store does not answer for now."))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// What a store is sent, head only.
    async fn sent(lock: Lock) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = StoreSettings {
            endpoint: format!("http://{}", listener.local_addr().unwrap()),
            region: "r".into(),
            bucket: "b".into(),
            access_key: "a".into(),
            secret_key: "s".into(),
            lock,
        };
        let store = tokio::spawn(async move {
            let (mut line, _) = listener.accept().await.unwrap();
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") {
                line.read_exact(&mut byte).await.unwrap();
                head.push(byte[0]);
            }
            line.read_exact(&mut [0; 3]).await.unwrap();
            line.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await.unwrap();
            String::from_utf8(head).unwrap().to_lowercase()
        });
        let made = Blob::new(&settings).put_once("k", Once::Bytes(b"abc".to_vec()), [0; 32], 2_000_000_000).await;
        assert!(made.unwrap());
        store.await.unwrap()
    }

    #[tokio::test]
    async fn a_store_that_locks_is_told_until_when_and_another_is_not_asked() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let locked = sent(Lock::Compliance).await;
        assert!(locked.contains("x-amz-object-lock-mode: compliance"), "{locked}");
        assert!(locked.contains("x-amz-object-lock-retain-until-date: 2033-05-18t03:33:20z"), "{locked}");
        let plain = sent(Lock::None).await;
        assert!(!plain.contains("object-lock") && plain.contains("x-amz-meta-retain-until: 2000000000"), "{plain}");
        assert!(plain.contains("if-none-match: *"), "{plain}");
    }
}
