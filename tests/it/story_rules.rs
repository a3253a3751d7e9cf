//! 规则和权限: edited by their administrators, in force at once, old versions kept, the three duties apart.

use serde_json::{Value, json};

use crate::kit::matter::{known_by_name, loan};
use crate::kit::{LIXIA, SHIZHONG, Wish, World};

fn rule(policy: &Value, key: &str) -> Value {
    policy["rules"].as_array().unwrap().iter().find(|r| r["key"] == key).cloned().unwrap_or_default()
}

// proves: O04 B05 B66
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_is_in_force_at_once_and_its_old_version_is_kept() {
    let w = World::new().await;
    let (zhao, clerk, admin) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.staff("王管", LIXIA, "court_admin").await);
    let before = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let path = admin.at("/rules/filing_review_days");
    let order = |value: Value| json!({ "value": value, "basis": "本院审判管理办公室 2026 年第 3 号通知", "valid_from": "2026-11-23", "note": "试行" });
    let effect = admin.get(format!("{path}/effect?value=3")).await.ok();
    assert_eq!(
        (&effect["open_filings"], &effect["example"]["before"], &effect["example"]["after"]),
        (&json!(1), &json!("2026-11-30"), &json!("2026-11-26")),
        "{effect}"
    );
    admin.put(&path, order(json!(30))).await.refused(422, "rule.value_invalid");
    admin.put(&path, json!({ "value": 3, "basis": "", "valid_from": "2026-11-23" })).await.refused(422, "rule.basis_missing");
    clerk.put(&path, order(json!(3))).await.refused(403, "role.not_permitted");
    assert_eq!(admin.put(&path, order(json!(3))).await.ok()["value"], json!(3));
    let shown = rule(&zhao.get(format!("/courts/{LIXIA}/policy")).await.ok(), "filing_review_days");
    assert_eq!(
        (&shown["value"], &shown["set_at"], shown["basis"].as_str().unwrap().contains("第 3 号")),
        (&json!(3), &json!("court"), true),
        "{shown}"
    );
    let after = zhao.files(&loan(LIXIA, &zhao, &known_by_name("孙七"), 2_000)).await;
    assert_eq!(clerk.reads(&after).await["clock"]["total_days"], json!(3));
    // what ran before runs on as it began, shown as it is kept
    let clock = clerk.reads(&before).await["clock"].clone();
    assert_eq!((&clock["due_on"], &clock["total_days"]), (&json!("2026-11-30"), &json!(7)), "{clock}");
    // the neighbour keeps the law's seven
    assert_eq!(rule(&zhao.get(format!("/courts/{SHIZHONG}/policy")).await.ok(), "filing_review_days")["value"], json!(7));
    admin.put(&path, order(json!(5))).await.ok();
    assert_eq!(
        w.count("select count(*) from court_rules where court_id = 370102 and key = 'filing_review_days' and set_by = '王管'").await,
        2
    );
    w.end().await;
}

// proves: B66
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_permission_is_in_force_at_once_on_every_node() {
    let mut w = World::new().await;
    let (zhao, clerk, security) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.staff("何安", LIXIA, "security_admin").await);
    zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let mut second = World::with(Wish { database: Some(w.database.clone()), ..Wish::default() }).await;
    let mut there = clerk.clone();
    there.wire = second.wire.clone();
    there.get(there.at("/filings")).await.ok();
    let change = |effect: &str| json!({ "changes": [{ "role": "clerk", "act": "filing:queue", "effect": effect }] });
    let preview = security.post(security.at("/policies/preview"), change("deny")).await.ok();
    assert_eq!(preview["changes"], json!([{ "role": "clerk", "act": "filing:queue", "before": true, "after": false, "people": 1 }]));
    clerk.get(clerk.at("/filings")).await.ok();
    security.put(security.at("/policies"), change("deny")).await.ok();
    clerk.get(clerk.at("/filings")).await.refused(403, "role.not_permitted");
    // the other node hears of it by notification
    let heard = async {
        while there.get(there.at("/filings")).await.status != 403 {
            tokio::task::yield_now().await
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), heard).await.expect("the second node heard of it");
    security.put(security.at("/policies"), change("inherit")).await.ok();
    clerk.get(clerk.at("/filings")).await.ok();
    // no edit joins two of the three duties, and only the security duty edits
    let join = json!({ "changes": [{ "role": "court_admin", "act": "audit:read", "effect": "allow" }] });
    let refused = security.put(security.at("/policies"), join).await;
    assert_eq!(
        (
            refused.status,
            refused.value()["code"].as_str().unwrap().contains("split") || refused.value()["code"].as_str().unwrap().contains("dut")
        ),
        (409, true),
        "{}",
        refused.text()
    );
    let admin = w.staff("王管", LIXIA, "court_admin").await;
    admin.put(admin.at("/policies"), change("deny")).await.refused(403, "role.not_permitted");
    second.close().await;
    w.leaves_no_trace("/policies/preview");
    let database = w.database.clone();
    let _ = &mut w;
    w.end().await;
    crate::kit::cluster().drop_database(&database).await;
}

/// An unsure court is switched off until somebody has checked it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsure_court_opens_once_confirmed() {
    let w = World::new().await;
    let province = w.staff("郑省", 0, "provincial_admin").await;
    let off: Option<i32> =
        sqlx::query_scalar("select court_id from courts where not enabled and status = 'current' order by court_id limit 1")
            .fetch_optional(&w.admin)
            .await
            .unwrap();
    let Some(off) = off else { panic!("the tenants have no court that is switched off") };
    let zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&loan(off, &zhao, &known_by_name("钱五"), 1_000)).await;
    assert!([404, 422].contains(&zhao.sends(&draft, uuid::Uuid::new_v4()).await.status));
    province.post(format!("/province/courts/{off}/confirm"), json!({ "basis": "" })).await.refused(422, "court.basis_missing");
    province.post(format!("/province/courts/{off}/confirm"), json!({ "basis": "省院 2026 年代字表第 12 页" })).await.ok();
    zhao.sends(&draft, uuid::Uuid::new_v4()).await.ok();
    w.end().await;
}
