//! 开通法院: adding a court is adding a file; applying files shows the difference, never deletes, and never undoes what an
//! administrator decided.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::kit::{World, cluster};

/// A copy of the province's files that a test may change.
fn copy(name: &str) -> PathBuf {
    let dir = cluster().dir.join(name);
    std::fs::create_dir_all(&dir).unwrap();
    for entry in std::fs::read_dir("tenants/shandong").unwrap().flatten() {
        std::fs::copy(entry.path(), dir.join(entry.file_name())).unwrap();
    }
    dir
}

fn edit(dir: &Path, file: &str, change: impl Fn(String) -> String) {
    let path = dir.join(file);
    std::fs::write(&path, change(std::fs::read_to_string(&path).unwrap())).unwrap();
}

/// `lianting court apply`: whether it went well, and what it said.
fn apply(w: &World, dir: &Path, dry: bool) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianting"));
    command.args(["court", "apply"]).arg(dir).env("DATABASE_ADMIN_URL", cluster().admin_url(&w.database));
    if dry {
        command.arg("--dry-run");
    }
    let out = command.stdin(std::process::Stdio::null()).output().unwrap();
    (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_applied_once_shown_first_and_undo_nothing() {
    let w = World::new().await;
    let dir = copy("tenants-apply");
    assert_eq!(apply(&w, &dir, false), (true, "nothing to change\n".into()), "the template has them already");
    // a court renamed, and a rule of its own: shown, not done, until it is meant
    edit(&dir, "370102.toml", |text| {
        text.replace("济南市历下区人民法院", "济南市历下新区人民法院")
            + "\n[[rules]]\nkey = \"filing_review_days\"\nvalue = 5\nbasis = \"试点通知\"\nvalid_from = \"2026-01-01\"\n"
    });
    let name = || w.count("select count(*) from courts where court_id = 370102 and name = '济南市历下新区人民法院'");
    let (good, shown) = apply(&w, &dir, true);
    assert!(
        good && shown.contains("name: 济南市历下区人民法院 → 济南市历下新区人民法院") && shown.contains("filing_review_days = 5"),
        "{shown}"
    );
    assert_eq!(name().await, 0);
    assert!(apply(&w, &dir, false).1.ends_with("applied\n"));
    assert_eq!(name().await, 1);
    assert_eq!(apply(&w, &dir, false).1, "nothing to change\n");
    // a value set and set back is three versions, the last one in force
    for days in ["3", "5"] {
        edit(&dir, "370102.toml", |text| {
            text.lines()
                .map(|l| if l.starts_with("value = ") && text.ends_with("\"2026-01-01\"\n") { format!("value = {days}") } else { l.into() })
                .collect::<Vec<_>>()
                .join("\n")
                + "\n"
        });
        assert!(apply(&w, &dir, false).1.contains("filing_review_days"), "{days}");
    }
    let versions = "select count(*) from court_rules where court_id = 370102 and key = 'filing_review_days' and set_by = 'tenants'";
    assert_eq!(w.count(versions).await, 3);
    // an administrator's version stays in force, and a court confirmed stays on, whatever the files say
    w.run("insert into court_rules (court_id, key, version, value, basis, valid_from, unsure, set_by, set_at) select 370102, 'filing_review_days', 9, '4', '院长办公会', '2026-01-02', false, '王管', now()").await;
    let off = w.count("select court_id::bigint from courts where not enabled order by 1 limit 1").await;
    w.run(&format!("update courts set enabled = true, confirmed_on = '2026-11-01' where court_id = {off}")).await;
    edit(&dir, &format!("{off}.toml"), |text| text + "\n# touched\n");
    assert!(apply(&w, &dir, false).0);
    assert_eq!(w.count(&format!("select count(*) from courts where court_id = {off} and enabled")).await, 1);
    assert_eq!(
        w.count(
            "select version::bigint from court_rules where court_id = 370102 and key = 'filing_review_days' order by version desc limit 1"
        )
        .await,
        9
    );
    // a file that is gone deletes nothing
    let courts = w.count("select count(*) from courts").await;
    std::fs::remove_file(dir.join("370103.toml")).unwrap();
    assert!(apply(&w, &dir, false).0);
    assert_eq!(w.count("select count(*) from courts").await, courts);
    // a broken file: the file, the line, the cause; nothing of the others is applied
    edit(&dir, "370104.toml", |text| text + "\nlevle = 1\n");
    edit(&dir, "370105.toml", |text| text.replace("人民法院", "人民法庭"));
    let (good, said) = apply(&w, &dir, false);
    assert!(!good && said.contains("370104.toml") && said.contains("levle"), "{said}");
    assert_eq!(w.count("select count(*) from courts where name like '%人民法庭'").await, 0);
    w.end().await;
}
