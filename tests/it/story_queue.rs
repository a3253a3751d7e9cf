//! 审查: clocks, the order of the queue, two clerks, refusal with its reasons, transfer, withdrawal, numbers under load.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Filed, known_by_name, loan};
use crate::kit::{LIXIA, SHIZHONG, World, beijing, monday};

fn at(time: &Value) -> chrono::DateTime<chrono::Utc> {
    time.as_str().unwrap().parse().unwrap()
}

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect()
}

// proves: F08 B06 B61
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_goes_by_the_clock_and_the_clock_by_the_calendar() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    // Monday: seven days from Tuesday, last day Monday the 30th
    let first = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let clock = clerk.reads(&first).await["clock"].clone();
    assert_eq!((&clock["starts_on"], &clock["due_on"], &clock["total_days"]), (&json!("2026-11-24"), &json!("2026-11-30"), &json!(7)));
    assert!(clock["article"].as_str().unwrap().contains("126") || clock["article"].as_str().unwrap().contains("一百二十六"), "{clock}");
    // Saturday 23:59: the seventh day is a Saturday, so it moves to Monday
    w.turn_to(beijing("2026-11-28T23:59:00")).await;
    let second = zhao.files(&loan(LIXIA, &zhao, &known_by_name("孙七"), 2_000)).await;
    let clock = clerk.reads(&second).await["clock"].clone();
    assert_eq!((&clock["due_on"], &clock["rolled_from"]), (&json!("2026-12-07"), &json!("2026-12-05")), "{clock}");
    let queue = clerk.get(clerk.at("/filings")).await.ok();
    assert_eq!(ids(&queue), [first.id.clone(), second.id.clone()]);
    // its last day, then past it: the breach list
    w.turn_to(beijing("2026-11-30T09:00:00")).await;
    assert_eq!(clerk.reads(&first).await["clock"]["state"], json!("last_day"));
    assert_eq!(clerk.get(clerk.at("/filings/stats")).await.ok()["due_today"], json!(1));
    w.turn_to(beijing("2026-12-01T00:00:01")).await;
    assert_eq!(clerk.reads(&first).await["clock"]["state"], json!("breached"));
    let stats = clerk.get(clerk.at("/filings/stats")).await.ok();
    assert_eq!((&stats["overdue"], &stats["waiting"]), (&json!(1), &json!(2)));
    // the province sees the breach as a figure
    let province = w.staff("郑省", 0, "provincial_admin").await;
    let overview = province.get("/province/overview").await.ok();
    let lixia = overview["courts"].as_array().unwrap().iter().find(|c| c["court_id"] == json!(LIXIA)).unwrap();
    assert_eq!((&lixia["waiting"], &lixia["overdue"]), (&json!(2), &json!(1)));
    assert!(!overview.to_string().contains("赵文博"));
    w.end().await;
}

// proves: L09 F09
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_list_once_and_a_later_item_is_recorded() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    // an empty list, or an item without a cure, is no correction list
    assert_eq!(
        clerk.returns(&filing, json!([])).await.refused(422, "filing.correction_list")["errors"][0]["code"],
        json!("filing.correction_count")
    );
    let bad = json!([{ "step": "parties", "field": "/parties/1/domicile", "what": "住址不全", "where": "被告", "cure": "" }]);
    let problem = clerk.returns(&filing, bad).await;
    assert_eq!((problem.status, problem.value()["field"].as_str().unwrap().contains("items/0")), (422, true), "{}", problem.text());
    let days = clerk
        .does(
            "return",
            &filing,
            json!({ "items": [{ "step": "a", "field": "/facts", "what": "不清", "where": "事实", "cure": "写清" }], "days": 400 }),
        )
        .await;
    assert_eq!((days.status, days.value()["field"].clone()), (422, json!("/days")), "{}", days.text());
    let list =
        json!([{ "step": "parties", "field": "/parties/1/domicile", "what": "住址不全", "where": "被告住址", "cure": "写到门牌号" }]);
    assert_eq!(clerk.returns(&filing, list).await.ok()["corrections"][0]["violation"], json!(false));

    w.turn_to(beijing("2026-11-25T15:00:00")).await;
    let draft = zhao.post(format!("{}/correct", filing.path()), Value::Null).await.ok()["id"].as_str().unwrap().to_owned();
    let twice = zhao.post(format!("{}/correct", filing.path()), Value::Null).await.ok();
    assert_eq!(twice["id"], json!(draft), "a second click goes on with the first draft");
    zhao.types(&draft, &json!({ "facts": "补正后的事实与理由：被告至今未还。" })).await;
    zhao.sends(&draft, Uuid::new_v4()).await.ok();
    // the clock starts anew the day after the corrected filing arrives; the date of filing stays
    let seen = clerk.reads(&filing).await;
    assert_eq!((&seen["clock"]["starts_on"], &seen["clock"]["due_on"]), (&json!("2026-11-26"), &json!("2026-12-02")), "{}", seen["clock"]);
    assert_eq!((&seen["corrected"], at(&seen["received_at"])), (&json!(true), monday()));

    // a second return about what was visible the first time is done, and recorded against the court
    let late = json!([{ "step": "claims", "field": "/claims/0/text", "what": "请求不明", "where": "诉讼请求", "cure": "写明金额" }]);
    let returned = clerk.returns(&filing, late).await.ok();
    assert_eq!(returned["corrections"][1]["violation"], json!(true));
    let mine = zhao.reads(&filing).await;
    assert!(!mine["history"].to_string().contains("violation"), "the record is the court's own");
    assert_eq!(w.count("select count(*) from corrections where violation").await, 1);
    // an item about what the correction itself changed is none
    let draft = zhao.post(format!("{}/correct", filing.path()), Value::Null).await.ok()["id"].as_str().unwrap().to_owned();
    zhao.sends(&draft, Uuid::new_v4()).await.ok();
    let fair = json!([{ "step": "claims", "field": "/facts", "what": "新写的事实有矛盾", "where": "事实与理由", "cure": "改正日期" }]);
    assert_eq!(clerk.returns(&filing, fair).await.ok()["corrections"][2]["violation"], json!(false));
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clerks_never_review_the_same_filing_by_accident() {
    let w = World::new().await;
    let (zhao, one, two) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.staff("李记", LIXIA, "clerk").await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let claim = format!("{}/claim", filing.path());
    let (a, b) = tokio::join!(one.post(&claim, Value::Null), two.post(&claim, Value::Null));
    assert_eq!([a.status, b.status].iter().filter(|s| **s == 200).count(), 1, "{} {}", a.text(), b.text());
    let (holder, other) = if a.status == 200 { (&one, &two) } else { (&two, &one) };
    let problem = other.post(&claim, Value::Null).await.refused(409, "filing.claimed");
    assert!(problem["detail"].as_str().unwrap().contains(&holder.name), "says by whom: {problem}");
    other.does("accept", &filing, json!({ "procedure": "summary" })).await.refused(409, "filing.claimed");
    // the filer is not told who reads
    assert!(zhao.reads(&filing).await["claimed_by"].is_null());
    // given back, the other may; a claim not used falls back by itself
    assert_eq!(holder.delete(&claim).await.status, 204);
    other.post(&claim, Value::Null).await.ok();
    w.turn_to(beijing("2026-11-23T10:16:00")).await;
    holder.post(&claim, Value::Null).await.ok();
    // a stale page decides nothing
    holder
        .ask(Method::POST, format!("{}/accept", filing.path()))
        .version(&json!(99))
        .json(json!({ "procedure": "summary" }))
        .send()
        .await
        .refused(412, "version.stale");
    holder.accepts(&filing).await;
    let again = holder.does("accept", &filing, json!({ "procedure": "summary" })).await;
    assert_eq!(again.status, 409, "{}", again.text());
    w.end().await;
}

// proves: F09
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_explains_itself() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    clerk.does("refuse", &filing, json!({ "reason": "不符合" })).await.refused(422, "filing.reason_short");
    let reason = "本案属于仲裁协议约定的事项，依照民事诉讼法第一百二十七条第二项，请向仲裁机构申请仲裁。";
    let refused = clerk.does("refuse", &filing, json!({ "reason": reason })).await.ok();
    assert_eq!((&refused["state"], &refused["refusal"]["reason"]), (&json!("refused"), &json!(reason)));
    let mine = zhao.reads(&filing).await;
    assert_eq!(mine["refusal"]["reason"], json!(reason));
    let paper = mine["papers"].as_array().unwrap().iter().find(|p| p["kind"] == "refusal_notice").unwrap().clone();
    assert!(zhao.get(format!("/courts/{LIXIA}/papers/{}/content", paper["id"].as_str().unwrap())).await.content().starts_with(b"%PDF"));
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_takes_the_file_along_and_keeps_the_date() {
    let w = World::new().await;
    let (zhao, clerk, there) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.clerk(SHIZHONG).await);
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let file = zhao.uploads(&draft, "借条.jpg", &crate::kit::files::jpg(3)).await.ok();
    zhao.types(&draft, &json!({ "evidence": [{ "id": "e1", "name": "借条", "source": "原告", "purpose": "证明借款", "kind": "documentary", "file_ids": [file["id"]] }] })).await;
    let filing = crate::kit::matter::filed(&zhao.sends(&draft, Uuid::new_v4()).await.ok());
    w.turn_to(beijing("2026-11-24T09:00:00")).await;
    let reason = "被告住所地在市中区，本院没有管辖权，依照民事诉讼法第三十七条移送。";
    clerk.does("transfer", &filing, json!({ "to_court": 410102, "reason": reason })).await.refused(422, "filing.transfer_court");
    let gone = clerk.does("transfer", &filing, json!({ "to_court": SHIZHONG, "reason": reason })).await.ok();
    assert_eq!((&gone["state"], &gone["transfer"]["to_court_id"]), (&json!("transferred"), &json!(SHIZHONG)));
    w.work().await;
    let queue = there.get(there.at("/filings")).await.ok();
    assert_eq!(queue["items"].as_array().unwrap().len(), 1, "{queue}");
    let arrived =
        Filed { court: SHIZHONG, id: queue["items"][0]["id"].as_str().unwrap().into(), number: String::new(), receipt: Value::Null };
    let seen = there.reads(&arrived).await;
    assert_eq!((&seen["transferred_in"], at(&seen["received_at"])), (&json!(true), monday()));
    let f = seen["files"].as_array().unwrap().iter().find(|f| f["name"] == "借条.jpg").unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(there.get(format!("{}/files/{f}/content", arrived.path())).await.content(), crate::kit::files::jpg(3));
    // its filer sees both places; the first court's clerk sees nothing of the second
    assert_eq!(zhao.get("/my/filings").await.ok()["items"].as_array().unwrap().len(), 2);
    zhao.reads(&arrived).await;
    clerk.get(arrived.path()).await.refused(403, "role.not_permitted");
    there.accepts(&arrived).await;
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_filer_withdraws() {
    let w = World::new().await;
    let (zhao, other, clerk) = (w.party("赵文博").await, w.party("吴六").await, w.clerk(LIXIA).await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let order = || json!({ "reason": "双方已经和解，不再起诉。" });
    let path = format!("{}/withdraw", filing.path());
    other.ask(Method::POST, &path).version(&json!(1)).json(order()).send().await.refused(404, "not_found");
    assert!([403, 404].contains(&clerk.ask(Method::POST, &path).version(&json!(1)).json(order()).send().await.status));
    assert_eq!(zhao.does("withdraw", &filing, order()).await.ok()["state"], json!("withdrawn"));
    assert_eq!(clerk.does("accept", &filing, json!({ "procedure": "summary" })).await.status, 409);
    w.end().await;
}

/// 20 clerks' clicks at one time: numbers 1..20 without a gap, none twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_have_no_gap_under_concurrent_acceptance() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let mut filings = Vec::new();
    for i in 0..20 {
        filings.push(zhao.files(&loan(LIXIA, &zhao, &known_by_name(&format!("被告{i}")), 1_000 + i)).await);
    }
    // two of them are refused by a broken click in between: their numbers must not be lost
    let accept = |f: Filed, procedure: &'static str| {
        let clerk = clerk.clone();
        async move {
            clerk.ask(Method::POST, format!("{}/accept", f.path())).version(&json!(1)).json(json!({ "procedure": procedure })).send().await
        }
    };
    let broken = filings.iter().take(4).map(|f| tokio::spawn(accept(f.clone(), "second_instance")));
    let good = filings.iter().map(|f| tokio::spawn(accept(f.clone(), "summary")));
    let mut numbers = Vec::new();
    for task in broken.chain(good).collect::<Vec<_>>() {
        let answer = task.await.unwrap();
        match answer.status {
            200 => numbers.push(answer.value()["case_number"].as_str().unwrap().to_owned()),
            status => assert!([409, 422].contains(&status), "{}", answer.text()),
        }
    }
    numbers.sort_by_key(|n| n.split("民初").nth(1).unwrap().trim_end_matches('号').parse::<u32>().unwrap());
    let wanted: Vec<String> = (1..=20).map(|n| format!("（2026）鲁0102民初{n}号")).collect();
    assert_eq!(numbers, wanted);
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_decision_is_answered_once() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let (key, path) = (Uuid::new_v4(), format!("{}/accept", filing.path()));
    let accept = |procedure: &str| clerk.ask(Method::POST, &path).key(key).version(&json!(1)).json(json!({ "procedure": procedure }));
    let first = accept("summary").send().await.ok();
    let again = accept("summary").send().await.ok();
    assert_eq!(first["case_id"], again["case_id"]);
    accept("ordinary").send().await.refused(422, "idempotency.reused");
    assert_eq!(w.count("select count(*) from cases").await, 1);
    w.leaves_no_trace("/accept");
    w.end().await;
}

// proves: F10 L12
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paper_is_asked_for_on_a_lawful_ground_before_acceptance_and_never_after() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let item = |ground: Value| {
        let mut item =
            json!({ "step": "evidence", "field": "/evidence", "what": "借条照片缺一角", "where": "证据1", "cure": "请提交借条原件核对" });
        if !ground.is_null() {
            item["original_ground"] = ground;
        }
        json!([item])
    };
    let refused = clerk.returns(&filing, item(Value::Null)).await.refused(422, "filing.correction_list");
    assert_eq!(refused["errors"][0]["code"], json!("filing.original_ground"), "{refused}");
    clerk.returns(&filing, item(json!("whim"))).await;
    clerk.returns(&filing, item(json!("unclear"))).await.ok();
    // the filer reads the ground
    let list = zhao.reads(&filing).await["corrections"][0]["items"].clone();
    assert_eq!(list[0]["original_ground"], json!("unclear"), "{list}");
    // approved, nothing can be sent back any more
    let second = zhao.files(&loan(LIXIA, &zhao, &known_by_name("孙七"), 2_000)).await;
    clerk.accepts(&second).await;
    clerk.returns(&second, item(json!("court_need"))).await.refused(409, "filing.state");
    w.end().await;
}
