//! 诉讼费: assessed when a case is docketed, paid by bank or online, lessened, given back; the books balance throughout.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::cluster::Pay;
use crate::kit::matter::{Docketed, known_by_name, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, Wish, World};

/// 赵文博's loan of 100,000 yuan, docketed at 历下 in summary procedure: 1,150 yuan.
async fn docketed(w: &World, yuan: i64) -> (Docketed, Person, Person) {
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let case = clerk.accepts(&zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), yuan)).await).await;
    (case, zhao, clerk)
}

async fn fees(who: &Person, case: &Docketed) -> Value {
    who.get(format!("{}/fees", case.path())).await.ok()
}

async fn transfer(clerk: &Person, fen: i64, reference: &str) -> String {
    let body = json!({ "received_on": "2026-11-23", "amount_fen": fen, "reference": reference, "remark": "诉讼费" });
    let list = clerk.ask(reqwest::Method::POST, clerk.at("/fee-transfers")).key(Uuid::new_v4()).json(body).send().await.ok();
    let items = list["items"].as_array().unwrap().clone();
    items.iter().find(|t| t["reference"] == reference).unwrap()["id"].as_str().unwrap().to_owned()
}

fn bill(fees: &Value) -> String {
    fees["bills"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_docketed_case_gets_its_bill_and_a_transfer_pays_it() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, 100_000).await;
    let shown = fees(&zhao, &case).await;
    let b = &shown["bills"][0];
    assert_eq!(
        (&b["fee_kind"], &b["fee_fen"], &b["outstanding_fen"], &b["state"]),
        (&json!("property_acceptance"), &json!(115_000), &json!(115_000), &json!("open"))
    );
    assert!(b["steps"].as_array().unwrap().len() >= 3 && b["basis"].as_str().unwrap().contains("第十三条"), "{b}");
    assert_eq!(b["clock"]["due_on"], json!("2026-11-30"));
    let notice = zhao.get(format!("/courts/{LIXIA}/papers/{}/content", b["notice_id"].as_str().unwrap())).await;
    assert!(notice.content().starts_with(b"%PDF"));
    // too little, then the rest: paid, with a receipt
    for (n, fen, outstanding, state) in [(1, 15_000, 100_000, "open"), (2, 100_000, 0, "paid")] {
        let id = transfer(&clerk, fen, &format!("LS2026112300{n}")).await;
        clerk.put(clerk.at(&format!("/fee-transfers/{id}/match")), json!({ "bill_id": b["id"] })).await.ok();
        let now = fees(&zhao, &case).await;
        assert_eq!((&now["bills"][0]["outstanding_fen"], &now["bills"][0]["state"]), (&json!(outstanding), &json!(state)));
        clerk.put(clerk.at(&format!("/fee-transfers/{id}/match")), json!({ "bill_id": b["id"] })).await.refused(409, "transfer.matched");
    }
    let receipt = fees(&zhao, &case).await["bills"][0]["receipt_id"].as_str().unwrap().to_owned();
    assert!(zhao.get(format!("/courts/{LIXIA}/papers/{receipt}/content")).await.content().starts_with(b"%PDF"));
    // paid twice: the surplus is owed back, waits for a second person, and goes back with its proof
    let id = transfer(&clerk, 115_000, "LS20261123009").await;
    clerk.put(clerk.at(&format!("/fee-transfers/{id}/match")), json!({ "bill_id": b["id"] })).await.ok();
    let now = fees(&clerk, &case).await;
    let refund = &now["bills"][0]["refunds"][0];
    assert_eq!((&refund["ground"], &refund["amount_fen"], &refund["by_house"]), (&json!("paid_twice"), &json!(115_000), &json!(true)));
    let chief = w.staff("吴庭", LIXIA, "presiding_judge").await;
    let decision = format!("/courts/{LIXIA}/fee-refunds/{}/decision", refund["id"].as_str().unwrap());
    clerk.put(&decision, json!({ "grant": true, "reason": "重复交费" })).await.refused(403, "role.not_permitted");
    let granted = chief.put(&decision, json!({ "grant": true, "reason": "重复交费，应予退还" })).await.ok();
    assert_eq!(granted["bills"][0]["refunds"][0]["due_at"].as_str().map(|d| &d[..10]), Some("2026-12-08"));
    chief.put(&decision, json!({ "grant": true, "reason": "再批一次" })).await.refused(409, "refund.decided");
    let proof = format!("/courts/{LIXIA}/fee-refunds/{}/proof", refund["id"].as_str().unwrap());
    let done = clerk.put(&proof, json!({ "reference": "TK20261124001" })).await.ok();
    assert_eq!((&done["bills"][0]["refunds"][0]["state"], &done["bills"][0]["owed_back_fen"]), (&json!("done"), &json!(0)));
    clerk.put(&proof, json!({ "reference": "TK20261124001" })).await.refused(409, "refund.state");
    w.end().await;
}

/// Of a bill that is partly paid nothing goes back, and what is still owed stays owed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_never_forgives_what_is_unpaid() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, 100_000).await;
    let chief = w.staff("吴庭", LIXIA, "presiding_judge").await;
    let bill = bill(&fees(&zhao, &case).await);
    let pays = |fen: i64, reference: &'static str| {
        let (clerk, bill) = (clerk.clone(), bill.clone());
        async move {
            let id = transfer(&clerk, fen, reference).await;
            clerk.put(clerk.at(&format!("/fee-transfers/{id}/match")), json!({ "bill_id": bill })).await.ok();
        }
    };
    let ask = |fen: i64| {
        let body = json!({ "amount_fen": fen, "ground": "halved", "reason": "调解结案，减半收取" });
        clerk.ask(reqwest::Method::POST, format!("/courts/{LIXIA}/fees/{bill}/refunds")).key(Uuid::new_v4()).json(body).send()
    };
    pays(15_000, "LS1001").await;
    ask(110_000).await.refused(409, "refund.not_settled");
    assert_eq!(fees(&zhao, &case).await["bills"][0]["outstanding_fen"], json!(100_000));
    pays(100_000, "LS1002").await;
    let asked = ask(57_500).await.ok();
    let refund = asked["bills"][0]["refunds"][0]["id"].as_str().unwrap().to_owned();
    let refused =
        chief.put(format!("/courts/{LIXIA}/fee-refunds/{refund}/decision"), json!({ "grant": false, "reason": "并未调解结案" })).await.ok();
    let b = &refused["bills"][0];
    assert_eq!((&b["fee_fen"], &b["outstanding_fen"], &b["owed_back_fen"]), (&json!(115_000), &json!(0), &json!(0)));
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_entry_of_a_statement_counts_once() {
    let w = World::new().await;
    let (_, _, clerk) = docketed(&w, 1_000).await;
    let key = Uuid::new_v4();
    let body = json!({ "received_on": "2026-11-23", "amount_fen": 5_000, "reference": "LS0001", "remark": "" });
    let enter = |key| clerk.ask(reqwest::Method::POST, clerk.at("/fee-transfers")).key(key).json(body.clone()).send();
    enter(key).await.ok();
    w.leaves_no_trace("/fee-transfers");
    enter(key).await.ok(); // the lost answer
    enter(Uuid::new_v4()).await.refused(409, "transfer.entered");
    assert_eq!(w.count("select count(*) from fee_transfers").await, 1);
    assert_eq!(w.count("select coalesce(sum(fen), 0)::bigint from ledger_postings where account = 'bank'").await, 5_000);
    w.end().await;
}

// proves: L44
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn relief_is_asked_by_who_pays_and_decided_with_reasons() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, 100_000).await;
    let judge = w.judge(LIXIA).await;
    let bill = bill(&fees(&zhao, &case).await);
    let card = zhao.uploads_alone("低保证.pdf", &crate::kit::files::pdf(1, "card")).await.ok();
    let ask = |kind: &'static str| {
        zhao.post(
            format!("/courts/{LIXIA}/fees/{bill}/reliefs"),
            json!({ "kind": kind, "grounds": "本人正在领取最低生活保障，确实无力一次交清。", "file_ids": [card["id"]] }),
        )
    };
    w.party("吴六")
        .await
        .post(format!("/courts/{LIXIA}/fees/{bill}/reliefs"), json!({ "kind": "defer", "grounds": "与本案无关的人提出的申请。" }))
        .await
        .refused(404, "not_found");
    ask("reduce").await.ok();
    ask("defer").await.refused(409, "relief.not_now");
    let shown = fees(&judge, &case).await;
    let relief = shown["bills"][0]["reliefs"][0]["id"].as_str().unwrap().to_owned();
    assert!(shown["bills"][0]["reliefs"][0]["grounds"].as_str().unwrap().contains("最低生活保障"));
    // its proof lies in the file, for the court alone
    let proof = shown["bills"][0]["reliefs"][0]["proofs"][0].as_str().unwrap().to_owned();
    assert!(judge.get(format!("{}/leaves/{proof}/content", case.path())).await.content().starts_with(b"%PDF"));
    zhao.get(format!("{}/leaves/{proof}/content", case.path())).await.refused(404, "not_found");
    assert!(!zhao.get(format!("{}/file", case.path())).await.text().contains("司法救助申请的证明材料"));
    let decide = |body: Value| judge.put(format!("/courts/{LIXIA}/fee-reliefs/{relief}/decision"), body);
    clerk
        .put(format!("/courts/{LIXIA}/fee-reliefs/{relief}/decision"), json!({ "grant": true, "percent": 50, "reason": "属实" }))
        .await
        .refused(403, "role.not_permitted");
    decide(json!({ "grant": true, "percent": 20, "reason": "属实" })).await.refused(422, "relief.percent");
    let done = decide(json!({ "grant": true, "percent": 50, "reason": "申请人领取最低生活保障，情况属实。" })).await.ok();
    assert_eq!((&done["bills"][0]["fee_fen"], &done["bills"][0]["outstanding_fen"]), (&json!(57_500), &json!(57_500)));
    assert_eq!(done["bills"][0]["assessed_fen"], json!(115_000));
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_counterclaims_days_run_from_its_day_and_wages_are_not_prepaid() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, 100_000).await;
    let shown = zhao.get(case.path()).await.ok();
    let defendant = shown["parties"].as_array().unwrap().iter().find(|p| p["side"] == "defendant").unwrap()["id"].clone();
    w.turn_to("2026-11-26T02:00:00Z".parse().unwrap()).await;
    let assess = |day: &str| {
        let order =
            json!({ "purpose": "counterclaim", "kind": "counterclaim", "amount": "300000", "party_id": defendant, "filed_on": day });
        clerk.ask(reqwest::Method::POST, format!("{}/fees", case.path())).key(Uuid::new_v4()).json(order).send()
    };
    assess("2026-11-27").await.refused(422, "fee.filed_on");
    let bills = assess("2026-11-24").await.ok();
    let own = bills["bills"].as_array().unwrap().iter().find(|b| b["purpose"] == "counterclaim").unwrap();
    assert_eq!((&own["clock"]["due_on"], &own["clock"]["cause"]), (&json!("2026-12-01"), &json!("提出反诉")), "{own}");
    // 财产保全申请费 (P01, its fee): one per cent above a thousand yuan and half a per cent above 100,000, at most 5,000
    for (amount, fen) in [("200000", 152_000), ("90000000", 500_000)] {
        let order = json!({ "purpose": "application", "kind": "preservation", "amount": amount, "party_id": defendant });
        let bills = clerk.ask(reqwest::Method::POST, format!("{}/fees", case.path())).key(Uuid::new_v4()).json(order).send().await.ok();
        assert!(bills["bills"].as_array().unwrap().iter().any(|b| b["purpose"] == "application" && b["fee_fen"] == fen), "{bills}");
    }
    // 追索劳动报酬: no bill, and the reason is told
    let mut wages = loan(LIXIA, &zhao, &known_by_name("钱五"), 3_000);
    wages["cause"] = json!({ "code": "205.5", "domain": "civil", "edition": "2026", "name": "追索劳动报酬纠纷" });
    wages["elements"] = Value::Null;
    let case = clerk.accepts(&zhao.files(&wages).await).await;
    assert_eq!(fees(&zhao, &case).await["bills"], json!([]));
    assert!(zhao.get(case.path()).await.text().contains("可以不预交案件受理费"));
    w.end().await;
}

// a fee that stays unpaid
// proves: L44
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unpaid_in_time_the_case_may_be_treated_as_withdrawn_by_a_judge() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, 100_000).await;
    let judge = w.judge(LIXIA).await;
    w.work().await; // the notice is served today
    let bill = bill(&fees(&zhao, &case).await);
    let withdrawal = format!("/courts/{LIXIA}/fees/{bill}/withdrawal");
    judge.put(&withdrawal, Value::Null).await.refused(409, "fee.not_overdue");
    let id = transfer(&clerk, 15_000, "LS20261123001").await;
    clerk.put(clerk.at(&format!("/fee-transfers/{id}/match")), json!({ "bill_id": bill })).await.ok();
    w.turn_to(w.now() + TimeDelta::days(8)).await;
    w.work().await;
    assert!(zhao.get(case.path()).await.text().contains("诉讼费到期未交"));
    clerk.put(&withdrawal, Value::Null).await.refused(403, "role.not_permitted");
    let done = judge.put(&withdrawal, Value::Null).await.ok();
    let b = &done["bills"][0];
    assert_eq!((&b["state"], &b["outstanding_fen"], &b["owed_back_fen"]), (&json!("unpaid"), &json!(0), &json!(7_500)));
    let shown = zhao.get(case.path()).await.ok();
    assert_eq!(shown["closed_how"], json!("deemed_withdrawal"));
    assert!(shown["papers"].to_string().contains("按撤诉处理"));
    // money that comes after all is owed back whole
    let id = transfer(&clerk, 100_000, "LS20261205001").await;
    clerk.put(clerk.at(&format!("/fee-transfers/{id}/match")), json!({ "bill_id": bill })).await.ok();
    assert_eq!(fees(&clerk, &case).await["bills"][0]["owed_back_fen"], json!(107_500));
    w.end().await;
}

/// A figure the province has not set is asked of the clerk, never guessed; nobody else's fees are seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fee_is_never_guessed_and_never_shown_to_others() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let mut content = loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000);
    content["amount_fen"] = json!(0);
    content["claims"][0]["amount_fen"] = json!(0);
    let draft = zhao.drafts(&content).await;
    let filing = crate::kit::matter::filed(&zhao.sends(&draft, Uuid::new_v4()).await.ok());
    let case = clerk.accepts(&filing).await;
    let shown = fees(&clerk, &case).await;
    assert_eq!((&shown["bills"], &shown["to_assess"]), (&json!([]), &json!(true)));
    let party = clerk.get(case.path()).await.ok()["parties"][0]["id"].clone();
    let assess = |params: &'static str| {
        let body = json!({ "purpose": "acceptance", "kind": "other_nonproperty", "amount": "", "params": params, "party_id": party });
        clerk.ask(reqwest::Method::POST, format!("{}/fees", case.path())).key(Uuid::new_v4()).json(body).send()
    };
    assess("").await.refused(422, "fee.rate_unset");
    assess("base=500").await.refused(422, "fee.base_out_of_range");
    let made = assess("base=80; summary").await.ok();
    assert_eq!(made["bills"][0]["fee_fen"], json!(4_000));
    let bill = made["bills"][0]["id"].as_str().unwrap().to_owned();
    let gone = clerk.put(format!("/courts/{LIXIA}/fees/{bill}/cancellation"), json!({ "reason": "核定有误" })).await.ok();
    assert_eq!((&gone["bills"][0]["state"], &gone["bills"][0]["fee_fen"]), (&json!("cancelled"), &json!(0)));
    for outside in [w.party("吴六").await, w.clerk(SHIZHONG).await] {
        let refused = outside.get(format!("{}/fees", case.path())).await;
        assert!([403, 404].contains(&refused.status), "{}", refused.text());
        let pay = outside.post(format!("/courts/{LIXIA}/fees/{bill}/orders"), json!({ "form": "native" })).await;
        assert!([403, 404].contains(&pay.status), "{}", pay.text());
    }
    w.end().await;
}

/// A world with a payment platform of its own, on the machine's clock: the platform signs with the time.
async fn with_platform(name: &str) -> (World, Pay) {
    let pay = crate::kit::cluster().own_pay(name);
    let w = World::with(Wish { machine_clock: true, pay: Some(pay.clone()), ..Wish::default() }).await;
    (w, pay)
}

/// Waits until the bill is as it should be; a callback takes its time.
async fn becomes(who: &Person, case: &Docketed, is: impl Fn(&Value) -> bool) -> Value {
    let waiting = async {
        loop {
            let b = fees(who, case).await["bills"][0].clone();
            if is(&b) {
                return b;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.expect("the bill does not become what it should")
}

// proves: F04 B09
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_paid_and_every_callback_counts_once() {
    let (w, pay) = with_platform("paid").await;
    let (case, zhao, _) = docketed(&w, 100_000).await;
    let bill = bill(&fees(&zhao, &case).await);
    let orders = format!("/courts/{LIXIA}/fees/{bill}/orders");
    let order = zhao.post(&orders, json!({ "form": "native" })).await.ok();
    assert_eq!((&order["total_fen"], &order["state"]), (&json!(115_000), &json!("open")));
    // pressed twice: the same order
    assert_eq!(zhao.post(&orders, json!({ "form": "native" })).await.ok()["id"], order["id"]);
    // somebody forges, somebody repeats: one payment
    pay.told(json!({ "callbacks": { "how": "off_by_fen", "next": 1, "times": 3 } })).await;
    pay.pressed(order["code_url"].as_str().unwrap(), "pay").await;
    let b = becomes(&zhao, &case, |b| b["state"] == "paid").await;
    assert_eq!((&b["outstanding_fen"], &b["owed_back_fen"]), (&json!(0), &json!(0)));
    assert!(b["receipt_id"].is_string());
    let number = format!("{LIXIA}");
    let orders_there: Value = reqwest::get(format!("http://{}/orders", pay.at)).await.unwrap().json().await.unwrap();
    let about = orders_there.to_string();
    assert!(about.contains(&number), "{about}");
    let no = w.text("select order_no from fee_orders where state = 'paid'").await;
    let again = reqwest::Client::new()
        .post(format!("http://{}/control/callbacks", pay.at))
        .json(&json!({ "about": no, "how": "genuine", "times": 20 }))
        .send()
        .await
        .unwrap();
    assert!(again.status().is_success(), "{}", again.text().await.unwrap());
    assert_eq!(w.count("select coalesce(sum(fen), 0)::bigint from ledger_postings where account = 'wechat'").await, 115_000);
    zhao.post(&orders, json!({ "form": "native" })).await.refused(409, "fee.nothing_to_pay");
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_nobody_reported_is_found_by_asking() {
    let (w, pay) = with_platform("lost").await;
    let (case, zhao, _) = docketed(&w, 100_000).await;
    let bill = bill(&fees(&zhao, &case).await);
    pay.told(json!({ "callbacks": { "how": "lose", "next": 1 } })).await;
    let order = zhao.post(format!("/courts/{LIXIA}/fees/{bill}/orders"), json!({ "form": "native" })).await.ok();
    pay.pressed(order["code_url"].as_str().unwrap(), "pay").await;
    let look = || zhao.get(format!("/courts/{LIXIA}/fee-orders/{}", order["id"].as_str().unwrap()));
    let waiting = async {
        while look().await.ok()["state"] != "paid" {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.expect("found by asking");
    assert_eq!(fees(&zhao, &case).await["bills"][0]["state"], json!("paid"));
    w.end().await;
}

// proves: F05 L44 B10
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_goes_back_the_way_it_came_after_a_second_person_agreed() {
    let (w, pay) = with_platform("refund").await;
    let (case, zhao, clerk) = docketed(&w, 100_000).await;
    let chief = w.staff("吴庭", LIXIA, "presiding_judge").await;
    let bill = bill(&fees(&zhao, &case).await);
    let order = zhao.post(format!("/courts/{LIXIA}/fees/{bill}/orders"), json!({ "form": "h5" })).await.ok();
    assert!(order["code_url"].as_str().unwrap().starts_with("http"));
    pay.told(json!({ "pay": { "out_trade_no": w.text("select order_no from fee_orders").await } })).await;
    becomes(&zhao, &case, |b| b["state"] == "paid").await;
    let ask = |fen: i64| {
        let body = json!({ "amount_fen": fen, "ground": "halved", "reason": "调解结案，减半收取" });
        clerk.ask(reqwest::Method::POST, format!("/courts/{LIXIA}/fees/{bill}/refunds")).key(Uuid::new_v4()).json(body).send()
    };
    ask(115_001).await.refused(422, "refund.too_much");
    let asked = ask(57_500).await.ok();
    assert_eq!((&asked["bills"][0]["fee_fen"], &asked["bills"][0]["owed_back_fen"]), (&json!(57_500), &json!(57_500)));
    let refund = asked["bills"][0]["refunds"][0]["id"].as_str().unwrap().to_owned();
    chief.put(format!("/courts/{LIXIA}/fee-refunds/{refund}/decision"), json!({ "grant": true, "reason": "属实" })).await.ok();
    let b = becomes(&zhao, &case, |b| b["refunds"][0]["state"] == "done").await;
    assert_eq!((&b["owed_back_fen"], &b["fee_fen"]), (&json!(0), &json!(57_500)));
    assert!(b["refunds"][0]["proof"].is_string() && b["refunds"][0]["done_at"].is_string());
    assert_eq!(w.count("select coalesce(sum(fen), 0)::bigint from ledger_postings where account = 'wechat'").await, 57_500);
    w.end().await;
}

// proves: B10
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_channels_bill_is_laid_beside_the_books_and_what_differs_is_listed() {
    use lianting::fees::reconcile;
    let (w, pay) = with_platform("reconciled").await;
    let (case, zhao, clerk) = docketed(&w, 100_000).await;
    let bill = bill(&fees(&zhao, &case).await);
    let order = zhao.post(format!("/courts/{LIXIA}/fees/{bill}/orders"), json!({ "form": "native" })).await.ok();
    pay.pressed(order["code_url"].as_str().unwrap(), "pay").await;
    becomes(&zhao, &case, |b| b["state"] == "paid").await;
    let (no, day) = (
        w.text("select order_no from fee_orders").await,
        w.text("select (paid_at at time zone 'Asia/Shanghai')::date::text from fee_orders").await,
    );
    let date = day.parse().unwrap();
    pay.told(json!({ "bill": { "at_once": true } })).await;
    assert_eq!(reconcile::run(&w.app, date).await.unwrap(), 0, "both sides say the same");
    // a payment of ours is not in the bill, one nobody here knows of is, and one is a fen short
    let added =
        json!([{ "out_trade_no": "MARKET-STALL-7", "total": 5_000, "day": day }, { "out_trade_no": no, "total": 114_999, "day": day }]);
    pay.told(json!({ "bill": { "at_once": true, "drop": [no], "add": [added[0]] } })).await;
    assert_eq!(reconcile::run(&w.app, date).await.unwrap(), 2);
    pay.told(json!({ "bill": { "at_once": true, "drop": [no], "add": [added[1]] } })).await;
    assert_eq!(reconcile::run(&w.app, date).await.unwrap(), 1);
    assert_eq!(reconcile::run(&w.app, date).await.unwrap(), 1, "a second look lists nothing twice");
    let listed = clerk.get(clerk.at("/fee-differences")).await.ok()["items"].as_array().unwrap().clone();
    let told = |what: &str| listed.iter().find(|d| d["what"] == what).unwrap_or_else(|| panic!("{what} in {listed:?}")).clone();
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert_eq!((&told("missing_there")["ours_fen"], &told("missing_there")["order_no"]), (&json!(115_000), &json!(no)));
    assert_eq!((&told("amount")["ours_fen"], &told("amount")["theirs_fen"]), (&json!(115_000), &json!(114_999)));
    // a stranger's number belongs to no court: the province's high court looks at it
    assert_eq!(
        w.text("select court_id || ' ' || what from fee_differences where order_no = 'MARKET-STALL-7'").await,
        format!("{} missing_here", w.app.door.registry.province_court())
    );
    // the books are as they were: nothing is put right by itself
    assert_eq!(w.count("select coalesce(sum(fen), 0)::bigint from ledger_postings where account = 'wechat'").await, 115_000);
    let note = json!({ "day": day, "order_no": no, "what": "amount", "note": "微信支付客服答复：账单重出" });
    zhao.put(clerk.at("/fee-differences/settled"), note.clone()).await.refused(403, "role.not_permitted");
    let after = clerk.put(clerk.at("/fee-differences/settled"), note.clone()).await.ok();
    assert_eq!(after["items"].as_array().unwrap().iter().filter(|d| d["settled_at"].is_string()).count(), 1, "{after}");
    clerk.put(clerk.at("/fee-differences/settled"), note).await.refused(404, "not_found");
    // each morning from ten the day before is compared, once, whichever server asks first
    reconcile::nightly(&w.app).await.unwrap();
    reconcile::nightly(&w.app).await.unwrap();
    let due = i64::from(reconcile::day_to_compare(w.now()).is_some());
    assert_eq!(w.count("select count(*) from outbox where topic = 'fees.reconcile'").await, due);
    w.end().await;
}

/// A claim raised costs the difference, one lowered in time gives it back; a judge may look, and changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_claim_brings_its_bill_or_its_refund_by_itself() {
    let w = World::new().await;
    let (case, zhao, clerk) = docketed(&w, 100_000).await;
    let judge = w.judge(LIXIA).await;
    let change = |yuan: i64, in_time: bool| {
        let body = json!({ "amount_fen": yuan * 100, "before_inquiry_ends": in_time, "reason": "变更利息的计算期间" });
        clerk.ask(reqwest::Method::POST, format!("{}/claims", case.path())).key(Uuid::new_v4()).json(body).send()
    };
    zhao.ask(reqwest::Method::POST, format!("{}/claims", case.path()))
        .key(Uuid::new_v4())
        .json(json!({ "amount_fen": 1, "before_inquiry_ends": true, "reason": "自己改" }))
        .send()
        .await
        .refused(403, "role.not_permitted");
    change(100_000, true).await.refused(422, "claim.same");
    // from 100,000 to 200,000 yuan: 4,300 halved is 2,150; 1,150 is charged
    let raised = change(200_000, true).await.ok();
    let top_up = raised["bills"].as_array().unwrap().iter().find(|b| b["purpose"] == "top_up").unwrap().clone();
    assert_eq!(
        (&top_up["fee_fen"], &top_up["state"], &top_up["clock"]["key"]),
        (&json!(100_000), &json!("open"), &json!("fee_top_up")),
        "{top_up}"
    );
    // back again before anything is paid: forgiven, nothing to give back
    let lowered = change(100_000, true).await.ok();
    let owed: i64 = lowered["bills"].as_array().unwrap().iter().map(|b| b["outstanding_fen"].as_i64().unwrap()).sum();
    assert_eq!(owed, 115_000, "{lowered}");
    assert!(lowered["bills"].as_array().unwrap().iter().all(|b| b["refunds"] == json!([])));
    // paid, then lowered in time: a refund waits for a second person; lowered too late, nothing
    let first = lowered["bills"].as_array().unwrap().iter().find(|b| b["purpose"] == "acceptance").unwrap()["id"].clone();
    let id = transfer(&clerk, 115_000, "LS3001").await;
    clerk.put(clerk.at(&format!("/fee-transfers/{id}/match")), json!({ "bill_id": first })).await.ok();
    let half = change(50_000, true).await.ok();
    let refund = half["bills"].as_array().unwrap().iter().flat_map(|b| b["refunds"].as_array().unwrap().clone()).next().unwrap();
    // 50,000 yuan: 1,050 halved is 525; 625 of 1,150 go back
    assert_eq!(
        (&refund["ground"], &refund["amount_fen"], &refund["state"]),
        (&json!("lowered"), &json!(62_500), &json!("asked")),
        "{refund}"
    );
    change(40_000, false).await.ok();
    assert_eq!(w.count("select count(*) from fee_refunds").await, 1);
    assert!(zhao.get(case.path()).await.text().contains("减少诉讼请求"));
    // a judge reads the court's fees and enters none
    assert!(judge.get(judge.at("/fees")).await.ok()["items"].is_array());
    let body = json!({ "received_on": "2026-11-23", "amount_fen": 1, "reference": "LS3002", "remark": "" });
    judge
        .ask(reqwest::Method::POST, judge.at("/fee-transfers"))
        .key(Uuid::new_v4())
        .json(body)
        .send()
        .await
        .refused(403, "role.not_permitted");
    w.end().await;
}

/// The days to pay hang on the service of the notice: where it falls, they are taken back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_whose_service_falls_takes_its_day_back() {
    let w = World::new().await;
    let (case, zhao, _) = docketed(&w, 100_000).await;
    crate::story_service::quiet(&w).await;
    let shown = fees(&zhao, &case).await["bills"][0].clone();
    assert_eq!((&shown["clock"]["due_on"], &shown["clock"]["cause"]), (&json!("2026-11-30"), &json!("交费通知送达")), "{shown}");
    let tell = |served: Value| {
        let (app, paper) = (w.app.clone(), shown["notice_id"].clone());
        async move {
            let mut tx = app.door.enter_as_house(LIXIA, "it:fell").await.unwrap();
            tx.tell("fees.notice_served", &json!({ "paper": paper, "served_at": served })).unwrap();
            tx.commit("it", Value::Null).await.unwrap();
        }
    };
    tell(Value::Null).await;
    crate::story_service::quiet(&w).await;
    let fallen = fees(&zhao, &case).await["bills"][0].clone();
    assert_eq!((&fallen["due_at"], &fallen["clock"], &fallen["state"]), (&Value::Null, &Value::Null, &json!("open")), "{fallen}");
    assert!(zhao.get(case.path()).await.text().contains("交费期限不再计算"));
    // nobody is overdue while nothing is served
    w.turn_to(w.now() + TimeDelta::days(9)).await;
    crate::story_service::quiet(&w).await;
    assert!(!zhao.get(case.path()).await.text().contains("诉讼费到期未交"));
    tell(json!("2026-12-02T02:00:00Z")).await;
    crate::story_service::quiet(&w).await;
    assert_eq!(fees(&zhao, &case).await["bills"][0]["clock"]["due_on"], json!("2026-12-09"));
    w.end().await;
}
