//! 电子印章: a court's papers are sealed and stamped once, and everybody can find out whether they still are what was
//! sealed; a court without a seal has unsealed papers that say so.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use lianting_seal::keep::SealDir;
use lianting_seal::picture::Font;
use lianting_seal::pki::{Subject, Term};
use lianting_seal::verify::{Question, Reason, Report, verify};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::cluster::Tsa;
use crate::kit::matter::{filed, known_by_name, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, Wish, World, cluster};

/// Authorities stamp with the machine's clock, worlds have their own: these certificates count under both.
fn always() -> Term {
    Term { from: "2020-01-01T00:00:00Z".parse().unwrap(), days: 36_500 }
}

/// A directory with a root and a seal for 历下 alone.
fn seals(name: &str, tsa: Option<&Tsa>) -> (PathBuf, SealDir) {
    let path = cluster().dir.join(format!("seals-{name}"));
    let dir = SealDir::at(&path);
    dir.init("山东省法院电子印章根", "山东省", always()).unwrap();
    let subject =
        Subject { name: "济南市历下区人民法院".into(), province: Some("山东省".into()), code: Some("370102".into()) };
    dir.issue("370102", &subject, always(), &Font::installed().unwrap(), false).unwrap();
    if let Some(tsa) = tsa {
        dir.trust_stamps(&std::fs::read_to_string(tsa.data.join("root.pem")).unwrap()).unwrap();
    }
    (path, dir)
}

/// Files at a court; answers where the receipt lies and its code.
async fn receipt(w: &World, person: &Person, court: i32) -> (String, String) {
    let draft = person.drafts(&loan(court, person, &known_by_name("钱五"), 100_000)).await;
    let filing = filed(&person.sends(&draft, Uuid::new_v4()).await.ok());
    let paper = filing.receipt["paper_id"].as_str().unwrap().to_owned();
    let code = w.text(&format!("select verify_code from papers where paper_id = '{paper}'")).await;
    (format!("/courts/{court}/papers/{paper}/content"), code)
}

async fn asked(w: &World, code: &str) -> Value {
    w.nobody(Method::GET, format!("/papers/verify?code={code}")).send().await.ok()["paper"].clone()
}

fn judged(dir: &SealDir, file: &[u8], now: DateTime<Utc>, beside: Option<&[u8]>) -> Report {
    verify(file, &Question { trust: &dir.trust().unwrap(), now, court: None, beside })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_is_sealed_once_and_a_court_without_a_seal_says_so() {
    let tsa = cluster().own_tsa("sealed");
    let (path, dir) = seals("sealed", Some(&tsa));
    let w = World::with(Wish { seals: Some(path), tsa: Some(tsa.at), ..Wish::default() }).await;
    let zhao = w.party("赵文博").await;
    let (content, code) = receipt(&w, &zhao, LIXIA).await;

    // the worker and readers set it at the same time; one file is the paper
    let answers = futures_util::future::join_all((0..6).map(|_| zhao.get(content.clone()))).await;
    let file = answers[0].content().to_vec();
    assert!(answers.iter().all(|a| a.content() == file), "one file, whoever asks");
    let report = judged(&dir, &file, w.now(), None);
    assert!(report.verified, "{report:?}");
    assert_eq!((report.level, report.court.as_deref()), (Some("B-T"), Some("济南市历下区人民法院")));

    let shown = asked(&w, &code).await;
    assert_eq!(shown["sha256"], json!(report.sha256), "the digest is that of the sealed file");
    assert_eq!((&shown["seal"]["state"], &shown["seal"]["reason"]), (&json!("valid"), &json!("verified")));
    assert!(shown["seal"]["stamped_at"].is_string() && shown["seal"]["stamp"].is_null());
    assert_eq!(shown["seal"]["certificate"], json!(report.certificate.unwrap()));

    // the neighbour has no seal: no picture, no signature, and no green
    let (content, code) = receipt(&w, &zhao, SHIZHONG).await;
    let plain = zhao.get(content).await.content().to_vec();
    assert_eq!(judged(&dir, &plain, w.now(), None).reason, Reason::NotSigned);
    assert_eq!(asked(&w, &code).await["seal"], json!({ "state": "unsealed" }));
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_that_is_away_or_lies_delays_the_stamp_and_not_the_paper() {
    let tsa = cluster().own_tsa("away");
    let (path, dir) = seals("away", Some(&tsa));
    let w = World::with(Wish { seals: Some(path), tsa: Some(tsa.at), idle: true, ..Wish::default() }).await;
    let zhao = w.party("赵文博").await;
    for mode in ["500", "cut", "wrong_nonce", "wrong_digest", "bad_signature", "forge_answer"] {
        tsa.told(json!({ "fail_next": 1000, "mode": mode })).await;
        let (content, code) = receipt(&w, &zhao, LIXIA).await;
        let file = zhao.get(content.clone()).await.content().to_vec();
        let report = judged(&dir, &file, w.now(), None);
        assert_eq!((report.verified, report.level), (true, Some("B-B")), "{mode}: {report:?}");
        let seal = asked(&w, &code).await["seal"].clone();
        assert_eq!((&seal["state"], &seal["stamped_at"]), (&json!("valid"), &Value::Null), "{mode}");

        // back again: the stamp comes, beside the file; nobody's copy becomes another one
        tsa.told(json!({ "fail_next": 0, "mode": "500" })).await;
        w.turn_to(w.now() + TimeDelta::minutes(15)).await;
        w.work().await;
        let shown = asked(&w, &code).await;
        assert!(shown["seal"]["stamped_at"].is_string(), "{mode}: {shown}");
        assert_eq!(zhao.get(content).await.content(), file);
        let token = data_encoding::BASE64.decode(shown["seal"]["stamp"].as_str().unwrap().as_bytes()).unwrap();
        let report = judged(&dir, &file, w.now(), Some(&token));
        assert_eq!((report.verified, report.level), (true, Some("B-B+stamp")), "{mode}");
        assert_eq!(judged(&dir, &lianting_seal::pdf::embed_stamp(&file, &token).unwrap(), w.now(), None).level, Some("B-T"));
    }
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_exchanged_in_the_store_is_never_green() {
    let (path, _) = seals("exchanged", None);
    let w = World::with(Wish { seals: Some(path), ..Wish::default() }).await;
    let zhao = w.party("赵文博").await;
    let (content, code) = receipt(&w, &zhao, LIXIA).await;
    let mut file = zhao.get(content).await.content().to_vec();
    let middle = file.len() / 3;
    file[middle] ^= 1;
    let key = w.text(&format!("select object_key from papers where verify_code = '{code}'")).await;
    w.app.blob.put(&key, file, "application/pdf").await.unwrap();
    let seal = asked(&w, &code).await["seal"].clone();
    assert_eq!((&seal["state"], &seal["reason"]), (&json!("invalid"), &json!("content_changed")));
    w.end().await;
}
