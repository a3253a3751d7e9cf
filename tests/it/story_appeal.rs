//! 上诉: filed at the court of first instance, its copy served, sent up with the file, docketed by the court above; and what
//! was said about service there holds here, until it is taken back.

use poem::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Docketed, Filed, known_by_number};
use crate::kit::{HUAIYIN, LIXIA, Person, World};
use crate::story_service::{desk, docketed, of, postal, quiet, text};

/// 济南市中级人民法院, above 历下.
const JINAN: i32 = 370_100;

async fn agrees(w: &World, case: &Docketed, who: &Person, yes: bool) {
    let path = format!("{}/service-address", case.path());
    let shown = who.get(&path).await.ok();
    let order = json!({ "party_id": shown["parties"][0]["party_id"], "agrees": yes, "inbox": yes, "postal": postal(&who.name), "told_version": shown["told_version"], "understood": true });
    who.post(&path, order).await.ok();
    quiet(w).await;
}

/// The judgment is set, and served on everybody.
async fn judged(w: &World, case: &Docketed, clerk: &Person) {
    serves_all(w, case, clerk, 4, "民事判决书", json!({ "paper_kind": "judgment" })).await.ok();
}

/// A decision is set into the file, and served on everybody under its class.
async fn serves_all(w: &World, case: &Docketed, clerk: &Person, seed: u8, title: &str, class: Value) -> crate::kit::http::Answer {
    let file = clerk.uploads_alone(&format!("{title}{seed}.jpg"), &crate::kit::files::jpg(seed)).await.ok();
    let leaf = clerk
        .post(format!("{}/leaves", case.path()), json!({ "file_id": file["id"], "folder": 20, "volume": "main", "title": title }))
        .await
        .ok();
    let shown = clerk.get(case.path()).await.ok();
    let all: Vec<Value> = shown["parties"].as_array().unwrap().iter().map(|p| json!({ "party_id": p["id"] })).collect();
    let mut paper = json!({ "leaf_id": leaf["id"] });
    paper.as_object_mut().unwrap().extend(class.as_object().unwrap().clone());
    let answer = clerk.post(format!("{}/services", case.path()), json!({ "papers": [paper], "recipients": all })).await;
    quiet(w).await;
    answer
}

fn order(party: &Value) -> Value {
    json!({ "party_id": party, "claims": ["撤销一审判决，改判驳回被上诉人的诉讼请求"], "reasons": "一审认定借款已经交付没有证据，请求依法改判。", "amount_fen": 6_000_000 })
}

async fn appeals(who: &Person, case: &Docketed, order: Value) -> crate::kit::http::Answer {
    who.ask(Method::POST, format!("{}/appeals", case.path())).key(Uuid::new_v4()).json(order).send().await
}

fn own(shown: &Value) -> Value {
    shown["parties"].as_array().unwrap().iter().find(|p| p["own"] == true).unwrap()["id"].clone()
}

/// The clerk of first instance sends it up, the clerk above dockets it.
async fn second_instance(w: &World, case: &Docketed, clerk: &Person, above: &Person, decided: &str) -> Docketed {
    let listed = clerk.get(format!("{}/appeals", case.path())).await.ok();
    let path = format!("{}/appeals/{}/sending", case.path(), text(&listed["items"][0]["id"]));
    let sent = clerk.put(&path, json!({})).await.ok();
    assert_eq!((&sent["items"][0]["state"], &sent["items"][0]["to_court_id"]), (&json!("sent_up"), &json!(JINAN)));
    clerk.put(&path, json!({})).await.refused(409, "appeal.sent");
    quiet(w).await;
    let queue = above.get(format!("/courts/{JINAN}/filings")).await.ok();
    let items = queue["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "sent up once: {queue}");
    let filing = Filed { court: JINAN, id: text(&items[0]["id"]), number: text(&items[0]["number"]), receipt: Value::Null };
    let read = above.reads(&filing).await;
    assert_eq!((&read["origin"]["number"], &read["origin"]["court_id"]), (&json!(case.number), &json!(LIXIA)));
    assert!(read["files"].as_array().unwrap().iter().any(|f| f["role"] == "first_file" && text(&f["name"]).contains(decided)), "{read:#}");
    assert!(!read["files"].to_string().contains("送达地址确认书"), "what is one side's alone is not handed round");
    let made = above.accepts(&filing).await;
    quiet(w).await;
    made
}

// proves: L48
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_confirmed_at_first_instance_holds_on_appeal_until_it_is_taken_back() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(&w).await;
    agrees(&w, &case, &qian, true).await;
    let party = own(&qian.get(case.path()).await.ok());
    appeals(&qian, &case, order(&party)).await.refused(422, "appeal.no_judgment");
    judged(&w, &case, &clerk).await;
    // in time, by the party itself; not for another, not twice, not by who is not in the case
    let theirs = own(&zhao.get(case.path()).await.ok());
    appeals(&qian, &case, order(&theirs)).await.refused(404, "not_found");
    appeals(&w.party("孙七").await, &case, order(&party)).await.refused(404, "not_found");
    let filed = appeals(&qian, &case, order(&party)).await.ok();
    let appeal = &filed["items"][0];
    assert_eq!((&appeal["late"], &appeal["due_on"], &appeal["state"]), (&json!(false), &json!("2026-12-08"), &json!("filed")));
    appeals(&qian, &case, order(&party)).await.refused(409, "appeal.twice");
    quiet(&w).await;
    // its copy reaches the other side by its own consent, and the fifteen days for a reply run
    let clocks = zhao.get(case.path()).await.ok()["clocks"].to_string();
    assert!(clocks.contains("appeal_reply"), "{clocks}");
    let pdf = zhao.get(format!("/courts/{LIXIA}/papers/{}/content", text(&appeal["paper_id"]))).await;
    assert!(pdf.content().starts_with(b"%PDF"));
    let above = w.clerk(JINAN).await;
    let second = second_instance(&w, &case, &clerk, &above, "民事判决书").await;
    assert!(second.number.contains("鲁01民终1号"), "{}", second.number);
    // a case of its own, which names the one it comes from; both sides sit in it without a code
    let shown = qian.get(second.path()).await.ok();
    assert_eq!((&shown["procedure"], &shown["origin"]["case_id"]), (&json!("second_instance"), &json!(case.id)));
    assert_eq!((&shown["my_capacity"], &shown["title"]), (&json!("plaintiff"), &json!("钱五上诉赵文博")));
    assert_eq!(zhao.get(second.path()).await.ok()["my_capacity"], json!("defendant"));
    assert!(shown["clocks"].to_string().contains("trial_second_judgment"), "{}", shown["clocks"]);
    let file = above.get(format!("{}/file", second.path())).await.text();
    assert!(file.contains("上诉状") && file.contains("一审卷：民事判决书"), "{file}");
    // nobody was asked again: papers of second instance are served electronically, and the fee is that of an appeal
    let rows = desk(&above, &second).await;
    for role in ["上诉人", "被上诉人"] {
        let row = of(&rows, role);
        assert_eq!((&row["effect"], &row["row_code"]), (&json!("yes"), &json!("1")), "{role}: {row}");
    }
    let clocks = shown["clocks"].to_string();
    assert!(clocks.contains("evidence_second") && !clocks.contains("\"defence\""), "{clocks}");
    let fees = qian.get(format!("{}/fees", second.path())).await.ok();
    assert_eq!((&fees["bills"][0]["purpose"], &fees["bills"][0]["fee_fen"]), (&json!("appeal"), &json!(130_000)), "{fees}");
    // the ledger here says where each version came from
    let kept = zhao.get(format!("{}/service-address", second.path())).await.ok();
    let version = &kept["parties"][0]["versions"][0];
    assert_eq!((&version["carried_number"], &version["carried_court"]), (&json!(case.number), &json!(LIXIA)));
    assert_eq!((&version["stage"], &kept["parties"][0]["agrees"]), (&json!("first_instance"), &json!(true)));
    // taken back here, it holds here no more; the first court's ledger stays as it is
    let back = json!({ "party_id": kept["parties"][0]["party_id"] });
    zhao.post(format!("{}/service-address/withdrawal", second.path()), back).await.ok();
    quiet(&w).await;
    judged(&w, &second, &above).await;
    let rows = desk(&above, &second).await;
    let last = rows.iter().find(|r| r["role"] == "被上诉人" && r["papers"].to_string().contains("判决")).unwrap();
    assert_eq!((&last["effect"], &last["next"]["step"]), (&json!("no"), &json!("post")), "{last}");
    let served = rows.iter().find(|r| r["role"] == "上诉人" && r["papers"].to_string().contains("判决")).unwrap();
    assert_eq!(served["effect"], json!("yes"), "the other side's stands");
    assert_eq!(zhao.get(format!("{}/service-address", case.path())).await.ok()["parties"][0]["agrees"], json!(true));
    // there is no appeal against second instance
    judged_is_final(&qian, &second).await;
    w.end().await;
}

async fn judged_is_final(who: &Person, second: &Docketed) {
    let party = own(&who.get(second.path()).await.ok());
    appeals(who, second, order(&party)).await.refused(422, "appeal.none");
}

// part of L48
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_appeal_is_taken_and_marked_and_who_refused_is_served_on_paper_above_too() {
    let w = World::new().await;
    let (zhao, qian, lawyer) = (w.party("赵文博").await, w.party("钱五").await, w.lawyer("王海燕", "齐鲁所").await);
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(&w).await;
    agrees(&w, &case, &qian, false).await;
    judged(&w, &case, &clerk).await;
    // counsel appeals for the party with a special power only
    crate::story_filing::engage(&zhao, &case.path(), &lawyer).await;
    let party = own(&zhao.get(case.path()).await.ok());
    appeals(&lawyer, &case, order(&party)).await.refused(422, "appeal.special_power");
    // another's power says that it holds at second instance too
    let other = w.lawyer("周明", "泉城所").await;
    let power = zhao.uploads_alone("授权委托书.jpg", &crate::kit::files::jpg(9)).await.ok();
    let engaged = json!({ "party_id": party, "licence": other.licence, "name": other.name, "unit": other.firm, "power": "general", "on_appeal": true, "file_ids": [power["id"]] });
    zhao.post(format!("{}/representatives", case.path()), engaged).await.ok();
    w.turn_to(w.now() + chrono::TimeDelta::days(20)).await;
    let late = appeals(&zhao, &case, order(&party)).await.ok();
    assert_eq!((&late["items"][0]["late"], &late["items"][0]["due_on"]), (&json!(true), &json!("2026-12-08")));
    quiet(&w).await;
    w.clerk(HUAIYIN).await.get(format!("{}/appeals", case.path())).await.refused(403, "role.not_permitted");
    let above = w.clerk(JINAN).await;
    let second = second_instance(&w, &case, &clerk, &above, "民事判决书").await;
    let row = of(&desk(&above, &second).await, "被上诉人").clone();
    assert_eq!((&row["effect"], &row["next"]["step"]), (&json!("no"), &json!("post")), "a no is carried like a yes: {row}");
    assert_eq!(qian.get(second.path()).await.ok()["my_capacity"], json!("defendant"), "the seat does not hang on consent");
    // a power is for one instance, unless it says more (民事诉讼法 Art 62)
    assert_eq!(other.get(second.path()).await.ok()["my_capacity"], json!("representative"));
    lawyer.get(second.path()).await.refused(404, "not_found");
    w.end().await;
}

fn against_ruling(party: &Value) -> Value {
    json!({ "party_id": party, "claims": ["撤销一审裁定，将本案移送有管辖权的法院"], "reasons": "合同约定由被告住所地法院管辖，一审裁定适用法律错误。", "against": "ruling", "amount_fen": 1 })
}

/// 对裁定的上诉: three rulings only, ten days, no fee, a number and a limit of its own; then the file comes back, and the
/// same party may still appeal against the judgment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ruling_on_jurisdiction_is_appealed_within_ten_days_and_the_file_comes_back() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(&w).await;
    agrees(&w, &case, &qian, true).await;
    let party = own(&qian.get(case.path()).await.ok());
    // another ruling is served: no appeal lies against it, and no period runs
    serves_all(&w, &case, &clerk, 5, "保全裁定书", json!({ "paper_kind": "ruling" })).await.ok();
    assert!(!qian.get(case.path()).await.ok()["clocks"].to_string().contains("appeal_ruling"));
    appeals(&qian, &case, against_ruling(&party)).await.refused(422, "appeal.no_ruling");
    let wrong = json!({ "paper_kind": "judgment", "ruling": "jurisdiction" });
    serves_all(&w, &case, &clerk, 6, "民事判决书", wrong).await.refused(422, "service.paper_choice");
    // one of the three: ten days from its service, and no longer (民事诉讼法 Art 171)
    let ruling = json!({ "paper_kind": "ruling", "ruling": "jurisdiction" });
    serves_all(&w, &case, &clerk, 7, "管辖权异议裁定书", ruling).await.ok();
    let clocks = qian.get(case.path()).await.ok()["clocks"].to_string();
    assert!(clocks.contains("\"appeal_ruling\"") && !clocks.contains("appeal_judgment"), "{clocks}");
    let filed = appeals(&qian, &case, against_ruling(&party)).await.ok();
    let appeal = &filed["items"][0];
    assert_eq!((&appeal["against"], &appeal["due_on"], &appeal["late"]), (&json!("jurisdiction"), &json!("2026-12-03"), &json!(false)));
    assert_eq!(appeal["amount_fen"], Value::Null, "nothing is fought about in money");
    appeals(&qian, &case, against_ruling(&party)).await.refused(409, "appeal.twice");
    appeals(&qian, &case, order(&party)).await.refused(422, "appeal.no_judgment");
    quiet(&w).await;
    let pdf = zhao.get(format!("/courts/{LIXIA}/papers/{}/content", text(&appeal["paper_id"]))).await;
    assert!(pdf.content().starts_with(b"%PDF"), "its copy reached the other side");
    // above: a number of its own, thirty days, no fee (诉讼费用交纳办法 Art 8)
    let above = w.clerk(JINAN).await;
    let second = second_instance(&w, &case, &clerk, &above, "管辖权异议裁定书").await;
    assert!(second.number.contains("鲁01民辖终1号"), "{}", second.number);
    let clocks = qian.get(second.path()).await.ok()["clocks"].to_string();
    assert!(clocks.contains("trial_second_ruling") && !clocks.contains("trial_second_judgment"), "{clocks}");
    assert_eq!(qian.get(format!("{}/fees", second.path())).await.ok()["bills"], json!([]));
    // 退卷: only when it is over there, once, and with what was decided
    let back = |kase: &Docketed| format!("{}/file-return", kase.path());
    above.put(back(&second), json!(null)).await.refused(422, "file_return.not_closed");
    clerk.put(back(&case), json!(null)).await.refused(422, "file_return.not_second");
    serves_all(&w, &second, &above, 8, "二审民事裁定书", json!({ "paper_kind": "ruling" })).await.ok();
    assert!(!qian.get(second.path()).await.ok()["clocks"].to_string().contains("\"appeal_ruling\""), "it is final");
    let closed = json!({ "manner": "termination", "closed_on": "2026-11-23", "note": "" });
    above.put(format!("{}/closing", second.path()), closed).await.ok();
    assert_eq!(above.put(back(&second), json!(null)).await.status, 204);
    above.put(back(&second), json!(null)).await.refused(409, "file_return.done");
    quiet(&w).await;
    let listed = qian.get(format!("{}/appeals", case.path())).await.ok();
    let returned = &listed["items"][0];
    assert_eq!((&returned["state"], &returned["second_number"]), (&json!("returned"), &json!(second.number)));
    let file = qian.get(format!("{}/file", case.path())).await.text();
    assert!(file.contains("二审：二审民事裁定书"), "{file}");
    assert!(zhao.get(case.path()).await.text().contains("退回案卷"), "everybody in the case reads it");
    assert_eq!(w.count("select count(*) from leaves where title = '二审：二审民事裁定书' and folder = 25").await, 1);
    // the trial went on: against the judgment the same party appeals anew
    judged(&w, &case, &clerk).await;
    let both = appeals(&qian, &case, order(&party)).await.ok();
    assert_eq!(both["items"].as_array().unwrap().len(), 2);
    assert_eq!((&both["items"][1]["against"], &both["items"][1]["state"]), (&json!("judgment"), &json!("filed")));
    w.end().await;
}
