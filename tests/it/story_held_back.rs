//! 待查文件: a file the examiner did not come through with is held back, looked at again by itself, and released or
//! refused without its owner doing anything.

use std::os::unix::fs::PermissionsExt;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::kit::matter::{known_by_name, loan};
use crate::kit::{LIXIA, Person, Wish, World, files};
use crate::story_service::quiet;

/// An examiner that dies until it is mended: it opens what it is given only once a folder is there.
fn examiner(at: &std::path::Path) -> std::path::PathBuf {
    let (program, mended) = (at.join("examiner"), at.join("mended"));
    let script = format!("#!/bin/sh\n[ -d {} ] || exit 1\nexec {} \"$@\"\n", mended.display(), env!("CARGO_BIN_EXE_lianting"));
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    program
}

async fn file_of(zhao: &Person, draft: &str, name: &str) -> Value {
    let read = zhao.get(format!("/my/drafts/{draft}")).await.ok();
    read["files"].as_array().unwrap().iter().find(|f| f["name"] == name).cloned().unwrap_or(Value::Null)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_held_back_is_looked_at_again() {
    let dir = std::env::temp_dir().join(format!("lianting-held-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&dir).unwrap();
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    let w = World::with(Wish { examiner: Some(examiner(&dir)), ..Wish::default() }).await;
    let zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("李明"), 100_000)).await;
    let good = zhao.uploads(&draft, "借条.pdf", &files::pdf(3, "loan")).await.ok();
    assert_eq!(good["state"], "quarantined");
    let bad = zhao.uploads(&draft, "坏的.pdf", b"%PDF-1.7\nthis is no document at all\n%%EOF\n").await.ok();
    assert_eq!(bad["state"], "quarantined", "nobody could look");
    zhao.get(format!("/my/files/{}/content", good["id"].as_str().unwrap())).await.refused(409, "file.quarantined");

    // a minute later the examiner is still down; ten minutes later it is up
    w.turn_to(w.now() + TimeDelta::seconds(61)).await;
    quiet(&w).await;
    assert_eq!(file_of(&zhao, &draft, "借条.pdf").await["state"], "quarantined");
    std::fs::create_dir(dir.join("mended")).unwrap();
    w.turn_to(w.now() + TimeDelta::minutes(11)).await;
    quiet(&w).await;
    let released = file_of(&zhao, &draft, "借条.pdf").await;
    assert_eq!((&released["state"], &released["pages"], &released["problem"]), (&json!("accepted"), &json!(3), &Value::Null));
    assert_eq!(zhao.get(format!("/my/files/{}/content", good["id"].as_str().unwrap())).await.status, 200);
    // what no examiner can read is refused, with its reason, and its bytes are gone
    assert_eq!(w.text(&format!("select state from draft_files where file_id = '{}'", bad["id"].as_str().unwrap())).await, "rejected");
    assert!(
        w.text(&format!("select problem->>'code' from draft_files where file_id = '{}'", bad["id"].as_str().unwrap()))
            .await
            .starts_with("file.")
    );
    std::fs::remove_dir_all(&dir).unwrap();
    w.end().await;
}
