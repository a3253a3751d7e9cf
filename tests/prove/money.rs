//! Random payments and refunds while the worker is killed: every entry balances, and the channel's money is ours.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::cluster::{Pay, cluster};
use crate::kit::matter::{Docketed, known_by_name, loan};
use crate::kit::{LIXIA, Person, Wish, World};
use crate::worker::{Worker, until_none};
use crate::{Dice, figure};

struct Matter {
    case: Docketed,
    bill: String,
}

struct People {
    zhao: Person,
    clerk: Person,
    chief: Person,
}

async fn fees(who: &Person, m: &Matter) -> Value {
    who.get(format!("{}/fees", m.case.path())).await.ok()["bills"][0].clone()
}

pub async fn run() -> Value {
    let (cases, kills) = (figure("PROVE_CASES", 30), figure("PROVE_KILLS", 10));
    let pay = cluster().own_pay("prove");
    let w = Arc::new(World::with(Wish { machine_clock: true, idle: true, pay: Some(pay.clone()), ..Wish::default() }).await);
    let p =
        People { zhao: w.party("赵文博").await, clerk: w.clerk(LIXIA).await, chief: w.staff("吴庭", LIXIA, "presiding_judge").await };
    let mut matters = Vec::with_capacity(cases);
    for i in 0..cases {
        let case = p.clerk.accepts(&p.zhao.files(&loan(LIXIA, &p.zhao, &known_by_name("钱五"), 10_000 + 1_000 * i as i64)).await).await;
        let shown = p.zhao.get(format!("{}/fees", case.path())).await.ok();
        matters.push(Matter { case, bill: shown["bills"][0]["id"].as_str().unwrap().to_owned() });
    }
    let worker = Worker::start(w.clone(), kills);
    let (mut dice, mut done) = (Dice::new(), [0_usize; 5]);
    let mut steps = 0;
    while !worker.is_last() || steps < 6 * cases {
        let i = usize::try_from(dice.below(cases as u64)).unwrap();
        let what = usize::try_from(dice.below(5)).unwrap();
        if step(&w, &pay, &p, &matters[i], what, &mut dice, steps).await {
            done[what] += 1;
        }
        steps += 1;
    }
    until_none(&w, "steps open", "select count(*) from outbox where done_at is null and dead_at is null and topic like 'fees.%' and not_before <= now() + interval '60 seconds'", &worker).await;
    let kills = worker.end().await;
    let total = w.count("select coalesce(sum(fen), 0)::bigint from ledger_postings").await;
    let uneven = w.count("select count(*) from (select 1 from ledger_postings group by court_id, entry_id having sum(fen) <> 0) g").await;
    let ours = w.count("select coalesce(sum(fen), 0)::bigint from ledger_postings where account = 'wechat'").await;
    let theirs = channel(&pay).await;
    let entries = w.count("select count(*) from ledger_entries").await;
    json!({
        "cases": cases, "kills": kills, "steps": steps, "entries": entries, "ledger_sum": total, "entries_that_do_not_balance": uneven,
        "done": { "paid_online": done[0], "forged_or_repeated": done[1], "transfers": done[2], "refunds_asked": done[3], "refunds_decided": done[4] },
        "wechat_in_our_books": ours, "wechat_at_the_channel": theirs, "holds": total == 0 && uneven == 0 && ours == theirs && entries > 0,
    })
}

/// What the channel took less what it gave back, by its own books.
async fn channel(pay: &Pay) -> i64 {
    tokio::time::sleep(std::time::Duration::from_secs(2)).await; // it writes them down a moment later
    let kept: Value = serde_json::from_slice(&std::fs::read(pay.data.join("state.json")).unwrap()).unwrap();
    let all = |name: &str| kept["book"][name].as_object().cloned().unwrap_or_default().into_iter().map(|(_, v)| v);
    let paid: i64 = all("orders").filter(|o| !o["paid"].is_null()).map(|o| o["wish"]["amount"]["total"].as_i64().unwrap()).sum();
    let back: i64 = all("refunds").filter(|r| r["state"] == "SUCCESS").map(|r| r["wish"]["amount"]["refund"].as_i64().unwrap()).sum();
    paid - back
}

async fn step(w: &World, pay: &Pay, p: &People, m: &Matter, what: usize, dice: &mut Dice, n: usize) -> bool {
    let bill = fees(&p.zhao, m).await;
    match what {
        0 => online(pay, p, m).await,
        1 => {
            let how = ["off_by_fen", "repeat", "lose", "wrong_signature", "altered_amount"][usize::try_from(dice.below(5)).unwrap()];
            pay.told(json!({ "callbacks": { "how": how, "next": 1, "times": 3 } })).await;
            online(pay, p, m).await
        }
        2 => {
            let fen = 1_000 + i64::try_from(dice.below(200_000)).unwrap();
            let body = json!({ "received_on": "2026-11-23", "amount_fen": fen, "reference": format!("P{n}"), "remark": "" });
            let list = p.clerk.ask(Method::POST, p.clerk.at("/fee-transfers")).key(Uuid::new_v4()).json(body).send().await;
            if list.status >= 300 {
                return false;
            }
            let id = w.text(&format!("select transfer_id::text from fee_transfers where reference = 'P{n}'")).await;
            p.clerk.put(p.clerk.at(&format!("/fee-transfers/{id}/match")), json!({ "bill_id": m.bill })).await.status < 300
        }
        3 => {
            let fee = bill["fee_fen"].as_i64().unwrap_or_default();
            let body = json!({ "amount_fen": 1 + i64::try_from(dice.below(fee.max(1).unsigned_abs())).unwrap(), "ground": "halved", "reason": "调解结案，减半收取" });
            let asked =
                p.clerk.ask(Method::POST, format!("/courts/{LIXIA}/fees/{}/refunds", m.bill)).key(Uuid::new_v4()).json(body).send().await;
            asked.status < 300
        }
        _ => {
            let refunds = bill["refunds"].as_array().cloned().unwrap_or_default();
            let Some(open) = refunds.iter().find(|r| r["state"] == "asked") else { return false };
            let path = format!("/courts/{LIXIA}/fee-refunds/{}/decision", open["id"].as_str().unwrap());
            let grant = dice.below(4) > 0;
            p.chief.put(path, json!({ "grant": grant, "reason": "经审查，依法处理" })).await.status < 300
        }
    }
}

async fn online(pay: &Pay, p: &People, m: &Matter) -> bool {
    let order = p.zhao.post(format!("/courts/{LIXIA}/fees/{}/orders", m.bill), json!({ "form": "native" })).await;
    if order.status >= 300 {
        return false;
    }
    let code = order.ok()["code_url"].as_str().unwrap_or_default().to_owned();
    let token = code.rsplit(['/', '=']).next().unwrap().to_owned();
    let pressed =
        reqwest::Client::new().post(format!("http://{}/pr/{token}", pay.at)).json(&json!({ "button": "pay" })).send().await.unwrap();
    pressed.status().is_success()
}
