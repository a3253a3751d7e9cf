//! 期限: what if, what bears on a clock, what an outage and a change of the holidays move; and that each move is told.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Docketed, Filed, known_by_name, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, Wish, World, beijing};
use crate::story_service::quiet;

/// 赵文博's loan, docketed at a court on Monday 23 November 2026 and served: fifteen days for evidence, seven to pay.
async fn docketed(w: &World, court: i32) -> (Docketed, Person, Person) {
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(court).await);
    let case = clerk.accepts(&zhao.files(&loan(court, &zhao, &known_by_name("钱五"), 100_000)).await).await;
    quiet(w).await;
    (case, zhao, clerk)
}

async fn clocks(who: &Person, case: &Docketed) -> Value {
    who.get(format!("{}/clocks", case.path())).await.ok()
}

/// The clock of that key.
fn clock(all: &Value, key: &str) -> Value {
    let items = all["items"].as_array().unwrap();
    items.iter().find(|c| c["key"] == key).unwrap_or_else(|| panic!("no {key} in {items:?}")).clone()
}

/// A clock ends and begins anew under another number, as when its service is changed; answers the new number.
async fn begun_anew(w: &World, clock: &str) -> String {
    let new = Uuid::now_v7();
    w.run(&format!(
        "update case_clocks set void_at = now() where clock_id = '{clock}';
         insert into case_clocks select (jsonb_populate_record(k, jsonb_build_object('clock_id', '{new}', 'void_at', null, 'due_at', null))).* from case_clocks k where clock_id = '{clock}'"
    ))
    .await;
    new.to_string()
}

async fn bill(who: &Person, case: &Docketed) -> Value {
    who.get(format!("{}/fees", case.path())).await.ok()["bills"][0].clone()
}

fn steps(clock: &Value) -> String {
    clock["steps"].as_array().unwrap().iter().map(|s| s["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n")
}

async fn sets_rule(w: &World, court: i32) {
    let admin = w.staff("王管", court, "court_admin").await;
    let value = json!({ "minutes": 60, "window": { "from": "06:00", "until": "23:00" }, "last_hours": 1, "action": "next_working_day" });
    let order = json!({ "value": value, "basis": "本院审判管理办公室 2026 年第 5 号通知", "valid_from": "2026-11-23" });
    admin.put(admin.at("/rules/outage_rule"), order).await.ok();
}

/// The last day of both is Monday 30 November.
async fn sent_back(zhao: &Person, clerk: &Person) -> Filed {
    let filing = zhao.files(&loan(clerk.court, zhao, &known_by_name("孙七"), 2_000)).await;
    let item = json!([{ "step": "claims", "field": "/facts", "what": "事实不清", "where": "事实与理由", "cure": "写清借款时间" }]);
    clerk.returns(&filing, item).await.ok();
    filing
}

fn outage(from: &str, to: &str) -> Value {
    let at = |text: &str| beijing(&format!("2026-11-30T{text}:00")).to_rfc3339();
    json!({ "scope": "court", "parts": ["all"], "from": at(from), "to": at(to), "reason": "机房断电", "reason_en": "power cut" })
}

async fn enters(who: &Person, body: Value) -> Value {
    who.ask(Method::POST, who.at("/outages")).key(Uuid::new_v4()).json(body).send().await.ok()
}

// proves: N04 B62
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_on_the_last_day_moves_what_ends_on_it_and_tells_everybody() {
    let w = World::new().await;
    sets_rule(&w, LIXIA).await;
    let (case, zhao, clerk) = docketed(&w, LIXIA).await;
    let filing = sent_back(&zhao, &clerk).await;
    let waits = zhao.files(&loan(LIXIA, &zhao, &known_by_name("周八"), 3_000)).await;
    quiet(&w).await;
    let before = (bill(&zhao, &case).await["clock"]["due_on"].clone(), zhao.reads(&filing).await["clock"]["due_on"].clone());
    assert_eq!(before, (json!("2026-11-30"), json!("2026-11-30")));
    w.turn_to(beijing("2026-11-30T15:00:00")).await;
    let technician = w.staff("林技", LIXIA, "technician").await;
    clerk
        .ask(Method::POST, clerk.at("/outages"))
        .key(Uuid::new_v4())
        .json(outage("10:00", "12:00"))
        .send()
        .await
        .refused(403, "role.not_permitted");
    let nobody_yet = outage("10:00", "16:00");
    technician.ask(Method::POST, technician.at("/outages")).key(Uuid::new_v4()).json(nobody_yet).send().await.refused(422, "outage.span");
    let entered = enters(&technician, outage("10:00", "12:00")).await;
    quiet(&w).await;
    // the days to pay and to correct end a working day later; what ends another day stays
    let shown = bill(&zhao, &case).await;
    assert_eq!((&shown["clock"]["due_on"], &shown["due_at"]), (&json!("2026-12-01"), &json!("2026-12-01T16:00:00+00:00")), "{shown}");
    assert_eq!(shown["clock"]["moved"][0]["reason"], json!("outage"));
    assert!(steps(&shown["clock"]).contains("平台故障 120 分钟"), "{}", steps(&shown["clock"]));
    let corrected = zhao.reads(&filing).await;
    assert_eq!(corrected["clock"]["due_on"], json!("2026-12-01"), "{corrected}");
    assert_eq!(clock(&clocks(&zhao, &case).await, "evidence_summary")["due_on"], json!("2026-12-08"));
    // in the timeline of each, for everybody in it
    for timeline in [zhao.get(case.path()).await.ok()["timeline"].to_string(), corrected["history"].to_string()] {
        assert!(timeline.contains("clock_moved") && timeline.contains("2026 年 12 月 1 日"), "{timeline}");
    }
    // in the list of the court, by outage and rule
    let id = entered["id"].as_str().unwrap();
    let moves = clerk.get(clerk.at(&format!("/clock-moves?outage={id}"))).await.ok()["items"].as_array().unwrap().clone();
    let mut kinds: Vec<&str> = moves.iter().map(|m| m["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["clock", "clock", "correction", "fee"]);
    let (own, of_parties): (Vec<&Value>, Vec<&Value>) = moves.iter().partition(|m| m["kind"] == "clock");
    assert!(of_parties.iter().all(|m| m["to_on"] == "2026-12-01" && m["rule_version"] == 1));
    assert!(moves.iter().all(|m| m["from_on"] == "2026-11-30" && m["number"].is_string()));
    // what the court itself owed that day is listed, for somebody to do it by hand, and does not move
    let mut names: Vec<&str> = own.iter().map(|m| m["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["发送起诉状副本", "立案审查"]);
    assert!(own.iter().all(|m| m["to_on"].is_null() && m["text"].as_str().unwrap().contains("请在线下办理")), "{own:?}");
    assert_eq!(clerk.reads(&waits).await["clock"]["due_on"], json!("2026-11-30"));
    assert_eq!(clock(&clocks(&clerk, &case).await, "send_complaint")["due_on"], json!("2026-11-30"));
    assert!(!clocks(&zhao, &case).await.to_string().contains("发送起诉状副本"));
    zhao.get(clerk.at("/clock-moves")).await.refused(403, "role.not_permitted");
    // a job that runs again moves nothing
    let row = lianting::clocks::apply::find(&w.app, id.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(lianting::clocks::apply::everywhere(&w.app, &row).await.unwrap(), 0);
    assert_eq!(w.count("select count(*) from clock_moves").await, 4);
    // everybody may read of it, figures only
    let board = w.nobody(Method::GET, "/outages?month=2026-11").send().await.ok();
    let told = &board["items"][0];
    assert_eq!((&told["minutes"], &told["effects"][0]["moved"], &told["effects"][0]["court_id"]), (&json!(120), &json!(2), &json!(LIXIA)));
    assert!(!board.to_string().contains("赵文博") && !board.to_string().contains(&case.number));
    // taken back, it moves nobody's day again
    let path = format!("/courts/{LIXIA}/outages/{id}/withdrawal");
    technician.put(&path, json!({ "reason": "登记有误" })).await.ok();
    technician.put(&path, json!({ "reason": "登记有误" })).await.refused(409, "outage.state");
    assert_eq!(bill(&zhao, &case).await["clock"]["due_on"], json!("2026-12-01"));
    // unpaid on the new last day it is not overdue, on the day after it is
    w.turn_to(beijing("2026-12-01T10:00:00")).await;
    quiet(&w).await;
    assert!(!zhao.get(case.path()).await.text().contains("诉讼费到期未交"));
    w.turn_to(beijing("2026-12-02T00:10:00")).await;
    quiet(&w).await;
    assert!(zhao.get(case.path()).await.text().contains("诉讼费到期未交"));
    w.end().await;
}

// proves: N04
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_rule_nothing_moves_and_the_court_is_told() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, SHIZHONG).await;
    w.turn_to(beijing("2026-11-30T15:00:00")).await;
    let technician = w.staff("林技", SHIZHONG, "technician").await;
    // a part nobody needs to pay is no matter
    let mut inbox = outage("08:00", "09:30");
    inbox["parts"] = json!(["service_inbox"]);
    enters(&technician, inbox).await;
    quiet(&w).await;
    assert_eq!(w.count("select count(*) from clock_moves").await, 0);
    let id = enters(&technician, outage("10:00", "12:00")).await["id"].as_str().unwrap().to_owned();
    quiet(&w).await;
    assert_eq!(bill(&zhao, &case).await["clock"]["due_on"], json!("2026-11-30"));
    let moves = clerk.get(clerk.at(&format!("/clock-moves?outage={id}"))).await.ok();
    let of_fee = moves["items"].as_array().unwrap().iter().find(|m| m["kind"] == "fee").expect("the bill in the list");
    assert_eq!(of_fee["to_on"], Value::Null, "{moves}");
    assert!(clerk.get(case.path()).await.text().contains("本院没有设定故障顺延规则"));
    // the party's own page says nothing of it
    assert!(!zhao.get(case.path()).await.text().contains("故障顺延规则"));
    assert_eq!(clocks(&zhao, &case).await["moves"], json!([]));
    let board = w.nobody(Method::GET, "/outages?month=2026-11").send().await.ok();
    assert_eq!(board["items"][0]["effects"][0]["action"], json!("unset"));
    w.end().await;
}

/// A node of its own on the same province, whose front door leads nowhere or to the real one.
async fn watch(w: &World, door: Option<&str>) -> lianting::clocks::watch::Watch {
    let mut config = w.app.config.clone();
    config.probe_every = 60;
    if let Some(door) = door {
        config.public_url = door.to_owned();
    }
    let app = lianting::app::App::start(config, w.app.clock.clone(), lianting::kit::random::Random::from_os()).await.unwrap();
    lianting::clocks::watch::Watch::new(app).unwrap()
}

// proves: N04
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_platform_watches_itself_and_publishes_what_it_saw() {
    let w = World::new().await;
    let (mut good, mut bad) = (watch(&w, None).await, watch(&w, Some("http://127.0.0.1:9")).await);
    let minute = |n: i64| w.now() + TimeDelta::minutes(n);
    let board = || async { w.nobody(Method::GET, "/outages").send().await.ok() };
    good.round().await.unwrap();
    let calm = board().await;
    assert_eq!((&calm["items"], calm["standing"].as_array().unwrap().iter().all(|p| p["up"] == true)), (&json!([]), true), "{calm}");
    assert!(calm["checked_at"].is_string());
    // two bad minutes in a row, and nobody sees it otherwise
    for _ in 0..2 {
        w.turn_to(minute(1)).await;
        bad.round().await.unwrap();
    }
    let down = board().await;
    assert_eq!(
        (&down["items"][0]["parts"], &down["items"][0]["found_by"], &down["items"][0]["to"]),
        (&json!(["all"]), &json!("probe"), &Value::Null)
    );
    assert!(down["standing"].as_array().unwrap().iter().all(|p| p["up"] == false), "{down}");
    let detail = w.nobody(Method::GET, format!("/outages/{}", down["items"][0]["id"].as_str().unwrap())).send().await.ok();
    assert_eq!((&detail["probes"][0]["what"], &detail["probes"][0]["ok"]), (&json!("filing"), &json!(false)), "{detail}");
    // one of two nodes sees it well: people are served
    w.turn_to(minute(1)).await;
    good.round().await.unwrap();
    bad.round().await.unwrap();
    let over = board().await;
    assert_eq!((&over["items"][0]["minutes"], over["items"].as_array().unwrap().len()), (&json!(2), 1), "{over}");
    // nobody there for two hours: found at the next start
    w.turn_to(minute(120)).await;
    watch(&w, None).await.round().await.unwrap();
    let gap = board().await["items"][0].clone();
    assert_eq!((&gap["found_by"], &gap["minutes"], &gap["parts"]), (&json!("restart"), &json!(120), &json!(["all"])), "{gap}");
    // the month over, its report is made, signed and chained to the one before
    for day in ["2026-12-01T09:00:00", "2027-01-01T09:00:00"] {
        w.turn_to(beijing(day)).await;
        good.round().await.unwrap();
    }
    quiet(&w).await;
    let reports = w.nobody(Method::GET, "/outages/reports").send().await.ok()["items"].as_array().unwrap().clone();
    assert_eq!(reports.iter().map(|r| r["month"].as_str().unwrap()).collect::<Vec<_>>(), ["2026-12", "2026-11"]);
    assert_eq!(reports[0]["previous_sha256"], reports[1]["sha256"]);
    let keys = w.nobody(Method::GET, "/outages/keys").send().await.ok();
    let known =
        reqwest::get(format!("{}/.well-known/lianting-outage-keys.json", w.wire.base)).await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(known, keys);
    for report in &reports {
        let month = report["month"].as_str().unwrap();
        let file = w.nobody(Method::GET, format!("/outages/reports/{month}/file")).send().await.content().to_vec();
        let signature = w.nobody(Method::GET, format!("/outages/reports/{month}/signature")).send().await.content().to_vec();
        assert_eq!(hex::encode(lianting::kit::seal::sha256(&file)), report["sha256"].as_str().unwrap());
        let key = keys["keys"].as_array().unwrap().iter().find(|k| k["key_id"] == report["key_id"]).unwrap();
        let public = data_encoding::BASE64.decode(key["public_key"].as_str().unwrap().as_bytes()).unwrap();
        assert!(lianting::clocks::sign::verifies(&public, &file, &signature));
        assert!(!lianting::clocks::sign::verifies(&public, &[&file[..], b" "].concat(), &signature));
        let said: Value = serde_json::from_slice(&file).unwrap();
        assert_eq!((&said["month"], &said["previous_sha256"]), (&report["month"], &report["previous_sha256"].clone()));
    }
    w.nobody(Method::GET, "/outages/reports/2020-01").send().await.refused(404, "not_found");
    w.nobody(Method::GET, "/outages?month=2026-1x").send().await.refused(400, "outage.month");
    w.end().await;
}

fn rest_day(day: &str, basis: &str) -> Value {
    json!({ "days": [{ "day": day, "kind": "holiday", "name": "调整放假" }], "basis": basis })
}

// proves: L42 B61
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_province_sets_a_rest_day_and_what_runs_moves() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, LIXIA).await;
    let waits = zhao.files(&loan(LIXIA, &zhao, &known_by_name("周八"), 3_000)).await;
    let province = w.staff("郑省", 0, "provincial_admin").await;
    let notice = "国办发明电〔2026〕9号";
    let preview = province.post("/province/calendar/preview", rest_day("2026-11-30", "")).await.ok();
    assert_eq!((&preview["moved"], &preview["examples"][0]["to_on"]), (&json!(3), &json!("2026-12-01")), "{preview}");
    assert_eq!(bill(&zhao, &case).await["clock"]["due_on"], json!("2026-11-30"), "a preview moves nothing");
    let set = |body: Value| province.ask(Method::POST, "/province/calendar").key(Uuid::new_v4()).json(body).send();
    set(rest_day("2026-11-30", "")).await.refused(422, "calendar.basis_missing");
    set(rest_day("2026-11-20", notice)).await.refused(422, "calendar.day_passed");
    clerk
        .ask(Method::POST, "/province/calendar")
        .key(Uuid::new_v4())
        .json(rest_day("2026-11-30", notice))
        .send()
        .await
        .refused(403, "role.not_permitted");
    let mut second = World::with(Wish { database: Some(w.database.clone()), ..Wish::default() }).await;
    let made = set(rest_day("2026-11-30", notice)).await.ok();
    assert_eq!((&made["version"], &made["basis"]), (&json!(1), &json!(notice)));
    set(rest_day("2026-11-30", notice)).await.refused(422, "calendar.nothing_new");
    // every node hears of it
    let heard = async {
        while second.nobody(Method::GET, "/calendar?year=2026").send().await.ok()["version"] != json!(1) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    // by NOTIFY at once; on a busy machine by the poll every 30 s that is the net under it
    tokio::time::timeout(std::time::Duration::from_secs(60), heard).await.expect("the second node heard of it");
    second.close().await;
    quiet(&w).await;
    let shown = bill(&zhao, &case).await;
    assert_eq!((&shown["clock"]["due_on"], &shown["due_at"]), (&json!("2026-12-01"), &json!("2026-12-01T16:00:00+00:00")), "{shown}");
    assert!(zhao.get(case.path()).await.text().contains(notice));
    let moves = clerk.get(clerk.at(&format!("/clock-moves?change={}", made["id"].as_str().unwrap()))).await.ok();
    // the bill, what hangs on the docketing itself, and the review of a filing: each in the list, each a day later
    let mut listed: Vec<&str> = moves["items"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap()).collect();
    listed.sort_unstable();
    assert_eq!(listed, ["交纳案件受理费", "发送起诉状副本", "立案审查"], "{moves}");
    assert!(moves["items"].as_array().unwrap().iter().all(|m| m["from_on"] == "2026-11-30" && m["to_on"] == "2026-12-01"), "{moves}");
    assert_eq!(clock(&clocks(&clerk, &case).await, "send_complaint")["due_on"], json!("2026-12-01"));
    assert!(zhao.reads(&waits).await["history"].to_string().contains("clock_moved"));
    assert_eq!(w.text(&format!("select due_on::text from filings where filing_id = '{}'", waits.id)).await, "2026-12-01");
    let done = province.get(format!("/province/calendar/{}", made["id"].as_str().unwrap())).await.ok();
    assert_eq!((&done["moved"], &done["courts_done"]), (&json!(3), &done["courts"]), "{done}");
    let day = w.nobody(Method::GET, "/calendar?year=2026").send().await.ok()["days"].as_array().unwrap().clone();
    assert!(day.iter().any(|d| d["day"] == "2026-11-30" && d["source"] == "province" && d["basis"] == notice));
    // the year after is announced: what could not be told can be
    let ask = "/calculators/deadline?rule=appeal_judgment&trigger=2026-12-25";
    w.nobody(Method::GET, ask).send().await.refused(422, "deadline.calendar_unknown");
    let year = ["2027-01-01", "2027-02-08", "2027-10-01"].map(|day| json!({ "day": day, "kind": "holiday", "name": "放假" }));
    set(json!({ "days": year, "basis": "国办发明电〔2026〕10号" })).await.ok();
    assert_eq!(w.nobody(Method::GET, ask).send().await.ok()["due"], json!("2027-01-11"));
    quiet(&w).await;
    w.leaves_no_trace("/calendar/preview");
    w.end().await;
}

// proves: L42
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_if_keeps_nothing_and_what_bears_on_a_clock_is_kept_and_told() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, LIXIA).await;
    let judge = w.judge(LIXIA).await;
    let evidence = clock(&clocks(&clerk, &case).await, "evidence_summary");
    assert_eq!(
        (&evidence["due_on"], evidence["cause"].as_str().unwrap().contains("送达"), evidence["party"].as_str()),
        (&json!("2026-12-08"), true, Some("赵文博"))
    );
    let id = evidence["id"].as_str().unwrap().to_owned();
    let what_if = |query: &str| clerk.get(format!("{}/clocks/what-if?clock={id}{query}", case.path()));
    let tried = what_if("&travel_days=3&pauses=2026-11-25..2026-11-26&excused_days=5").await.ok();
    assert_eq!(
        (&tried["answer"]["due"], &tried["now"]["due_on"], &tried["moves_to"]),
        (&json!("2026-12-14"), &json!("2026-12-08"), &json!("2026-12-21")),
        "{tried}"
    );
    let fixed = clerk.get(format!("{}/clocks/what-if?rule=retrial_application&trigger=2026-11-23&travel_days=2", case.path())).await;
    fixed.refused(422, "deadline.never_extended");
    zhao.get(format!("{}/clocks/what-if?rule=payment&trigger=2026-11-23", case.path())).await.refused(403, "role.not_permitted");
    assert_eq!(w.count("select count(*) from clock_facts").await + w.count("select count(*) from clock_moves").await, 0);
    // a stay: every period stands still, and runs on after it
    w.turn_to(beijing("2026-11-26T10:00:00")).await;
    let stay = json!({ "ground": "stay", "from": "2026-11-24", "reason": "须以另案审理结果为依据" });
    clerk.post(format!("{}/suspensions", case.path()), stay.clone()).await.refused(403, "role.not_permitted");
    let still = judge.post(format!("{}/suspensions", case.path()), stay.clone()).await.ok();
    let paused = clock(&still, "evidence_summary");
    assert_eq!((&paused["state"], &paused["reason"]), (&json!("paused"), &json!("诉讼中止")), "{paused}");
    assert_eq!(clock(&still, "trial_summary")["state"], json!("paused"));
    judge.post(format!("{}/suspensions", case.path()), stay).await.refused(409, "suspension.overlaps");
    w.turn_to(beijing("2026-12-01T10:00:00")).await;
    let fact = still["facts"][0]["id"].as_str().unwrap();
    let end = format!("{}/suspensions/{fact}/end", case.path());
    let resumed = judge.put(&end, json!({ "until": "2026-11-30", "reason": "另案已经审结" })).await.ok();
    let runs = clock(&resumed, "evidence_summary");
    assert_eq!(
        (&runs["due_on"], &runs["days_not_counted"], &runs["state"]),
        (&json!("2026-12-15"), &json!(7), &json!("running")),
        "{runs}"
    );
    judge.put(&end, json!({ "until": "2026-11-30", "reason": "再来一次" })).await.refused(409, "suspension.ended");
    // an appraisal stops the trial limit alone
    let appraisal = json!({ "ground": "appraisal", "from": "2026-12-01", "reason": "委托笔迹鉴定" });
    let both = judge.post(format!("{}/suspensions", case.path()), appraisal).await.ok();
    assert_eq!(
        (&clock(&both, "trial_summary")["state"], &clock(&both, "evidence_summary")["state"]),
        (&json!("paused"), &json!("running"))
    );
    // days on the way
    let way = json!({ "clock_id": id, "days": 3, "reason": "当事人住所在外地，邮路三日" });
    let late = clerk.post(format!("{}/travel", case.path()), way).await.ok();
    let clock_now = clock(&late, "evidence_summary");
    assert_eq!((&clock_now["due_on"], &clock_now["travel_days"]), (&json!("2026-12-18"), &json!(3)), "{clock_now}");
    // the party sees each of them, with its reason
    let seen = clocks(&zhao, &case).await;
    let reasons: Vec<&str> = seen["moves"].as_array().unwrap().iter().map(|m| m["reason"].as_str().unwrap()).collect();
    assert!(reasons.contains(&"travel") && reasons.contains(&"stay"), "{reasons:?}");
    // the trial limit, which hangs on the docketing, stands in the list like the others; what the court owes by itself is its own
    let of_docketing = |list: &Value, name: &str| list["moves"].as_array().unwrap().iter().filter(|m| m["name"] == name).count();
    assert_eq!((of_docketing(&seen, "审限（简易程序）"), of_docketing(&seen, "发送起诉状副本")), (1, 0), "{seen}");
    assert_eq!(of_docketing(&clocks(&clerk, &case).await, "发送起诉状副本"), 1);
    let told = zhao.get(case.path()).await.text();
    assert!(["诉讼中止", "另案已经审结", "扣除在途时间 3 日"].iter().all(|t| told.contains(t)), "{told}");
    // the inbox tells the same last day
    assert!(zhao.get("/my/inbox").await.text().contains("2026-12-18"));
    // the service was changed and the period began anew under another number: the days on the way stay
    let anew = begun_anew(&w, &id).await;
    let clock_now = clock(&clocks(&clerk, &case).await, "evidence_summary");
    assert_eq!(
        (&clock_now["id"], &clock_now["due_on"], &clock_now["travel_days"]),
        (&json!(anew), &json!("2026-12-18"), &json!(3)),
        "{clock_now}"
    );
    // a length the court set for this one period is the one that is tried
    w.run(&format!("update case_clocks set days = 20 where clock_id = '{anew}'")).await;
    let tried = clerk.get(format!("{}/clocks/what-if?clock={anew}", case.path())).await.ok();
    assert_eq!((&tried["answer"]["period"], &tried["answer"]["due"]), (&json!("20 日"), &tried["now"]["due_on"]), "{tried}");
    w.end().await;
}

// proves: L42
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_period_missed_for_a_reason_is_asked_back_and_the_judge_decides() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, LIXIA).await;
    let judge = w.judge(LIXIA).await;
    w.turn_to(beijing("2026-12-10T10:00:00")).await;
    let all = clocks(&zhao, &case).await;
    assert!(all["may"].as_array().unwrap().contains(&json!("excuse_ask")));
    let id = clock(&all, "evidence_summary")["id"].clone();
    let order = |ended: &str| json!({ "clock_id": id, "grounds": "本人因急性阑尾炎手术住院，无法提交证据，有住院病历为证。", "obstacle_from": "2026-12-01", "obstacle_ended": ended });
    let ask = |who: &Person, body: Value| who.ask(Method::POST, format!("{}/excuses", case.path())).key(Uuid::new_v4()).json(body).send();
    ask(&w.party("吴六").await, order("2026-12-09")).await.refused(404, "not_found");
    ask(&clerk, order("2026-12-09")).await.refused(403, "role.not_permitted");
    ask(&zhao, order("2026-12-11")).await.refused(422, "excuse.obstacle");
    let asked = ask(&zhao, order("2026-12-09")).await.ok();
    let excuse = asked["excuses"][0].clone();
    assert_eq!(
        (&excuse["apply_by"], &excuse["late"], &excuse["state"]),
        (&json!("2026-12-21"), &json!(false), &json!("asked")),
        "{excuse}"
    );
    ask(&zhao, order("2026-12-09")).await.refused(409, "excuse.twice");
    assert_eq!(clock(&asked, "evidence_summary")["due_on"], json!("2026-12-08"), "asking moves nothing");
    assert!(!w.text("select encode(grounds, 'escape') from clock_excuses").await.contains("阑尾"));
    let path = format!("{}/excuses/{}/decision", case.path(), excuse["id"].as_str().unwrap());
    let grant = |until: &str| json!({ "grant": true, "until": until, "reason": "病历属实，属于正当理由。" });
    clerk.put(&path, grant("2026-12-18")).await.refused(403, "role.not_permitted");
    judge.put(&path, grant("2026-12-08")).await.refused(422, "excuse.until");
    // the service is changed while the judge thinks: the application goes by the period that took the other's place
    begun_anew(&w, id.as_str().unwrap()).await;
    let granted = judge.put(&path, grant("2026-12-18")).await.ok();
    let moved = clock(&granted, "evidence_summary");
    assert_eq!(
        (&moved["due_on"], &moved["moved"][0]["reason"], &moved["state"]),
        (&json!("2026-12-18"), &json!("excuse"), &json!("soon")),
        "{moved}"
    );
    judge.put(&path, grant("2026-12-21")).await.refused(409, "excuse.decided");
    begun_anew(&w, moved["id"].as_str().unwrap()).await;
    let kept = clocks(&zhao, &case).await;
    assert_eq!(clock(&kept, "evidence_summary")["due_on"], json!("2026-12-18"), "what was granted stands: {kept}");
    assert_eq!(kept["excuses"][0]["clock_name"], moved["name"]);
    assert!(zhao.get(case.path()).await.text().contains("准许顺延"));
    // the other side learns of the new day from the timeline, not of the illness
    assert!(!w.text("select string_agg(text || coalesce(effect, ''), ' ') from acts").await.contains("阑尾"));
    w.end().await;
}

/// A version published for later is shown beside the one in force.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_for_later_is_shown_before_its_day() {
    let w = World::new().await;
    let admin = w.staff("王管", LIXIA, "court_admin").await;
    let order = json!({ "value": 3, "basis": "本院审判管理办公室 2026 年第 6 号通知", "valid_from": "2027-01-01" });
    admin.put(admin.at("/rules/filing_review_days"), order).await.ok();
    let policy = w.nobody(Method::GET, format!("/courts/{LIXIA}/policy")).send().await.ok();
    let rule = policy["rules"].as_array().unwrap().iter().find(|r| r["key"] == "filing_review_days").unwrap().clone();
    assert_eq!(
        (&rule["value"], &rule["upcoming"][0]["value"], &rule["upcoming"][0]["valid_from"]),
        (&json!(7), &json!(3), &json!("2027-01-01")),
        "{rule}"
    );

    w.end().await;
}
