//! 分案: by lot among the judges who are there for it, by hand with a reason; kept so that anybody can draw again.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Docketed, known_by_name, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, World};

async fn a_case(zhao: &Person, clerk: &Person, yuan: i64) -> Docketed {
    clerk.accepts(&zhao.files(&loan(LIXIA, zhao, &known_by_name("钱五"), yuan)).await).await
}

/// Draws again from what was written down; names the judge.
fn drawn_again(allocation: &Value) -> String {
    let lot = allocation["lot"].as_array().unwrap();
    let weight = |c: &Value| c["weight"].as_u64().unwrap();
    let mut rest = allocation["thrown"].as_str().unwrap().parse::<u64>().unwrap() % lot.iter().map(weight).sum::<u64>();
    for c in lot {
        if rest < weight(c) {
            return c["person_id"].as_str().unwrap().to_owned();
        }
        rest -= weight(c);
    }
    unreachable!("a lot falls on somebody")
}

// proves: B59
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_falls_by_lot_to_a_judge_who_is_there_for_it_and_is_changed_only_with_a_reason() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let chief = w.staff("吴庭", LIXIA, "presiding_judge").await;
    let (zhou, qin, lu) = (w.judge(LIXIA).await, w.staff("秦审", LIXIA, "judge").await, w.staff("卢审", LIXIA, "judge").await);
    let abroad = w.judge(SHIZHONG).await;
    let duty = |p: &Person| format!("/courts/{LIXIA}/duties/{}", p.id);
    chief.put(duty(&chief), json!({ "weight": 0, "note": "任庭长，不参加随机分案" })).await.ok();
    chief.put(duty(&qin), json!({ "weight": 100, "away_from": "2020-01-01", "away_until": "2099-12-31" })).await.ok();
    chief.put(duty(&lu), json!({ "weight": 100, "kinds": ["enforcement"] })).await.ok();
    chief.put(duty(&lu), json!({ "weight": 50, "away_from": "2026-12-01", "away_until": "2026-11-01" })).await.refused(422, "duty.away");
    chief.put(duty(&abroad), json!({ "weight": 50 })).await.refused(404, "not_found");
    clerk.put(duty(&zhou), json!({ "weight": 200 })).await.refused(403, "role.not_permitted");
    let case = a_case(&zhao, &clerk, 1_000).await;
    let allocate =
        |who: &Person, body: Value, key: Uuid| who.ask(Method::POST, format!("{}/allocation", case.path())).key(key).json(body).send();
    w.leaves_no_trace("/allocation");
    let key = Uuid::new_v4();
    let first = allocate(&clerk, json!({ "way": "random" }), key).await.ok();
    assert_eq!(allocate(&clerk, json!({ "way": "random" }), key).await.ok(), first, "the lot is drawn once");
    assert_eq!((&first["judge"], &first["way"]), (&json!(zhou.id), &json!("random")), "{first}");
    assert_eq!(drawn_again(&first), zhou.id.to_string());
    let why = |p: &Person| first["left_out"].as_array().unwrap().iter().find(|c| c["person_id"] == json!(p.id)).unwrap()["why"].clone();
    assert_eq!([why(&chief), why(&qin), why(&lu)], [json!("no_share"), json!("away"), json!("other_kinds")]);
    // the parties see who, how, and that they may ask for recusal
    let told = zhao.get(case.path()).await.ok().to_string();
    assert!(told.contains("确定承办法官：周审（随机分案，1 名法官中产生）") && told.contains("回避"), "{told}");
    // once there is a judge, neither the clerk nor a silence changes it
    allocate(&clerk, json!({ "way": "random", "reason": "想换一位法官" }), Uuid::new_v4()).await.refused(403, "role.not_permitted");
    let by_hand = |reason: &str| json!({ "way": "by_hand", "judge": lu.id, "reason": reason });
    allocate(&chief, by_hand(""), Uuid::new_v4()).await.refused(422, "allocation.reason");
    allocate(&chief, json!({ "way": "by_hand", "judge": abroad.id, "reason": "原承办法官回避" }), Uuid::new_v4())
        .await
        .refused(422, "panel.no_such_colleague");
    chief.put(format!("{}/staff", case.path()), json!({ "judge": lu.id })).await.refused(422, "allocation.reason");
    let second = allocate(&chief, by_hand("原承办法官与当事人有亲属关系，已回避"), Uuid::new_v4()).await.ok();
    assert_eq!((&second["judge"], &second["before"]), (&json!(lu.id), &json!(zhou.id)));
    assert!(zhao.get(case.path()).await.ok().to_string().contains("更换理由：原承办法官与当事人有亲属关系"));
    let book = clerk.get(format!("{}/allocations", case.path())).await.ok();
    assert_eq!(book["items"].as_array().unwrap().len(), 2);
    assert_eq!((&book["items"][0], &book["items"][1]), (&second, &first));
    zhao.get(format!("{}/allocations", case.path())).await.refused(403, "role.not_permitted");
    abroad.get(format!("{}/allocations", case.path())).await.refused(403, "role.not_permitted");
    w.end().await;
}

// proves: B59
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_court_may_draw_at_docketing_and_keep_the_desks_even() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let rule = json!({ "at_docketing": true, "balance": 1 });
    w.run(&format!(
        "insert into court_rules (court_id, key, version, value, basis, valid_from, set_by, set_at) values ({LIXIA}, 'allocation', 1, '{rule}', '法发〔2017〕11号', '2020-01-01', 'x', now())"
    ))
    .await;
    w.app.door.reload_registry().await.unwrap();
    // nobody is there: the case is docketed all the same, and the court is told
    let early = a_case(&zhao, &clerk, 500).await;
    assert!(clerk.get(early.path()).await.ok().to_string().contains("没有可以参加随机分案的法官"));
    assert!(!zhao.get(early.path()).await.ok().to_string().contains("没有可以参加随机分案的法官"));
    let judges = [w.judge(LIXIA).await, w.staff("秦审", LIXIA, "judge").await, w.staff("卢审", LIXIA, "judge").await];
    for yuan in 1..=6 {
        a_case(&zhao, &clerk, yuan * 1_000).await;
    }
    let shares = clerk.get(format!("/courts/{LIXIA}/duties")).await.ok();
    let open: Vec<i64> = shares["items"].as_array().unwrap().iter().map(|d| d["open"].as_i64().unwrap()).collect();
    assert_eq!((open, judges.len()), (vec![2, 2, 2], 3), "two cases each, whatever the dice said: {shares}");
    w.end().await;
}
