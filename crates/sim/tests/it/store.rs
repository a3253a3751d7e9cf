//! The store as the product's own client uses it.

use std::path::{Path, PathBuf};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use crate::kit::Sim;

const BUCKET: &str = "lianting";
const PART: usize = 5 << 20;

struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lianting-sim-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn start(data: &Path) -> Sim {
    let data = data.to_str().unwrap();
    Sim::start(&["store", "--data", data, "--access-key", "ak", "--secret-key", "sk"])
}

fn s3(sim: &Sim, secret: &str) -> Client {
    let http = aws_smithy_http_client::Builder::new().build_http();
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("ak", secret, None, None, "test"))
        .region(Region::new("local"))
        .endpoint_url(sim.url(""))
        .force_path_style(true)
        .http_client(http)
        .build();
    Client::from_conf(config)
}

async fn put(s3: &Client, key: &str, bytes: &[u8]) {
    s3.put_object().bucket(BUCKET).key(key).body(ByteStream::from(bytes.to_vec())).send().await.unwrap();
}

async fn read(s3: &Client, key: &str, range: Option<&str>) -> Vec<u8> {
    let answer = s3.get_object().bucket(BUCKET).key(key).set_range(range.map(Into::into)).send().await.unwrap();
    answer.body.collect().await.unwrap().to_vec()
}

async fn multipart(s3: &Client, key: &str, parts: &[Vec<u8>]) {
    let begun = s3.create_multipart_upload().bucket(BUCKET).key(key).send().await.unwrap();
    let id = begun.upload_id().unwrap();
    let mut done = CompletedMultipartUpload::builder();
    for (number, bytes) in (1..).zip(parts) {
        let body = ByteStream::from(bytes.clone());
        let part = s3.upload_part().bucket(BUCKET).key(key).upload_id(id).part_number(number).body(body);
        let part = part.send().await.unwrap();
        done = done.parts(CompletedPart::builder().part_number(number).set_e_tag(part.e_tag).build());
    }
    let finish = s3.complete_multipart_upload().bucket(BUCKET).key(key).upload_id(id);
    finish.multipart_upload(done.build()).send().await.unwrap();
}

#[tokio::test]
async fn what_the_product_asks_of_a_store_works() {
    let directory = Directory::new("works");
    let sim = start(&directory.0);
    let s3 = s3(&sim, "sk");

    let parts = [vec![1; PART], vec![2; PART], vec![3; 100]];
    multipart(&s3, "370102/big", &parts).await;
    let whole = read(&s3, "370102/big", None).await;
    assert_eq!(whole, parts.concat());
    assert_eq!(read(&s3, "370102/big", Some("bytes=5242879-5242880")).await, [1, 2]);

    let source = format!("{BUCKET}/370102/big");
    s3.copy_object().bucket(BUCKET).key("370102/copy").copy_source(source).send().await.unwrap();
    assert_eq!(read(&s3, "370102/copy", Some("bytes=0-0")).await, [1]);

    put(&s3, "370103/a", b"a").await;
    let list = s3.list_objects_v2().bucket(BUCKET).prefix("370102/").send().await.unwrap();
    let keys: Vec<_> = list.contents().iter().filter_map(|object| object.key()).collect();
    assert_eq!(keys, ["370102/big", "370102/copy"]);

    s3.delete_object().bucket(BUCKET).key("370103/a").send().await.unwrap();
    let gone = s3.head_object().bucket(BUCKET).key("370103/a").send().await.unwrap_err();
    assert!(gone.into_service_error().is_not_found());
    assert!(sim.stop());
}

#[tokio::test]
async fn an_object_is_made_once_when_asked_so() {
    let directory = Directory::new("once");
    let sim = start(&directory.0);
    let s3 = s3(&sim, "sk");
    let once = || s3.put_object().bucket(BUCKET).key("k").if_none_match("*").body(ByteStream::from_static(b"x"));
    once().send().await.unwrap();
    let second = once().send().await.unwrap_err();
    assert_eq!(second.raw_response().map(|raw| raw.status().as_u16()), Some(412));
}

#[tokio::test]
async fn a_wrong_key_opens_nothing() {
    let directory = Directory::new("key");
    let sim = start(&directory.0);
    let refused = s3(&sim, "wrong").list_objects_v2().bucket(BUCKET).send().await.unwrap_err();
    assert_eq!(refused.raw_response().map(|raw| raw.status().as_u16()), Some(403));
}

#[tokio::test]
async fn what_was_put_is_there_after_a_kill() {
    let directory = Directory::new("kill");
    let sim = start(&directory.0);
    put(&s3(&sim, "sk"), "370102/kept", "证据".as_bytes()).await;
    sim.kill();
    let sim = start(&directory.0);
    assert_eq!(read(&s3(&sim, "sk"), "370102/kept", None).await, "证据".as_bytes());
}
