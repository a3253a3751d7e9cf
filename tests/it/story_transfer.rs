//! 移送: what arrives at the other court is the whole filing, and the case made of it has its pleading.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Filed, filed, known_by_name, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, World, beijing, files};

const REASON: &str = "被告住所地在市中区，本院没有管辖权，依照民事诉讼法第三十七条移送。";

/// Sends the answer to a correction with one change.
async fn corrects(who: &Person, filing: &Filed, change: &Value) {
    let draft = who.post(format!("{}/correct", filing.path()), Value::Null).await.ok()["id"].as_str().unwrap().to_owned();
    who.types(&draft, change).await;
    who.sends(&draft, Uuid::new_v4()).await.ok();
}

/// The only filing waiting at a clerk's court.
async fn waiting(clerk: &Person) -> Filed {
    let queue = clerk.get(clerk.at("/filings")).await.ok();
    assert_eq!(queue["items"].as_array().unwrap().len(), 1, "{queue}");
    let item = &queue["items"][0];
    Filed {
        court: clerk.court,
        id: item["id"].as_str().unwrap().into(),
        number: item["number"].as_str().unwrap().into(),
        receipt: Value::Null,
    }
}

fn kinds(papers: &Value) -> Vec<&str> {
    papers.as_array().unwrap().iter().map(|p| p["kind"].as_str().unwrap()).collect()
}

// proves: F08 L09 V03
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transferred_filing_arrives_with_its_papers_rounds_and_past() {
    let w = World::new().await;
    let (zhao, clerk, there) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.clerk(SHIZHONG).await);
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let first = zhao.uploads(&draft, "借条.jpg", &files::jpg(3)).await.ok();
    let evidence = |id: &Value| json!({ "evidence": [{ "id": "e1", "name": "借条", "source": "原告", "purpose": "证明借款", "kind": "documentary", "file_ids": [id] }] });
    zhao.types(&draft, &evidence(&first["id"])).await;
    let filing = filed(&zhao.sends(&draft, Uuid::new_v4()).await.ok());
    let list =
        json!([{ "step": "parties", "field": "/parties/1/domicile", "what": "住址不全", "where": "被告住址", "cure": "写到门牌号" }]);
    clerk.returns(&filing, list).await.ok();
    corrects(&zhao, &filing, &json!({ "facts": "补正后的事实与理由：被告至今未还。" })).await;
    let here = clerk.reads(&filing).await;

    w.turn_to(beijing("2026-11-25T09:00:00")).await;
    clerk.does("transfer", &filing, json!({ "to_court": SHIZHONG, "reason": REASON })).await.ok();
    w.work().await;
    w.work().await; // carried once, however often the worker comes by
    let arrived = waiting(&there).await;
    let seen = there.reads(&arrived).await;

    // the rounds: the list, its answer, the files of each round, the content as first sent
    assert_eq!(seen["corrections"][0]["items"], here["corrections"][0]["items"]);
    assert_eq!(seen["corrections"][0]["answered_at"], here["corrections"][0]["answered_at"]);
    let round = |filing: &Value| -> Vec<(Value, Value)> {
        filing["files"].as_array().unwrap().iter().map(|f| (f["id"].clone(), f["round"].clone())).collect()
    };
    assert_eq!(round(&seen), round(&here));
    assert_eq!((&seen["corrected"], seen["files"].as_array().unwrap().len()), (&json!(true), 1));

    // the papers are the first court's own: the same bytes under the same codes
    let papers = seen["papers"].clone();
    for kind in ["pleading", "filing_receipt", "correction_notice", "transfer_notice"] {
        assert!(kinds(&papers).contains(&kind), "{kind} is missing among {:?}", kinds(&papers));
    }
    for paper in papers.as_array().unwrap() {
        let twin = here["papers"].as_array().unwrap().iter().find(|p| p["verify_code"] == paper["verify_code"]);
        let carried = there.get(there.at(&format!("/papers/{}/content", paper["id"].as_str().unwrap()))).await;
        assert!(carried.content().starts_with(b"%PDF"), "{paper}");
        if let Some(twin) = twin {
            let original = clerk.get(clerk.at(&format!("/papers/{}/content", twin["id"].as_str().unwrap()))).await;
            assert_eq!(carried.content(), original.content(), "{paper}");
        }
    }

    // what happened so far, at its time, by whom at which court; the arrival last
    let acts: Vec<&str> = seen["history"].as_array().unwrap().iter().map(|a| a["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["received_by_transfer", "transferred", "corrected", "returned", "submitted"], "{}", seen["history"]);
    assert!(seen["history"][3]["who"].as_str().unwrap().contains("历下"), "{}", seen["history"][3]);
    assert!(seen["history"][0]["text"].as_str().unwrap().contains(&filing.number), "{}", seen["history"][0]);
    // the filer is told the new number
    let letters = w.events("sms.send").await;
    assert_eq!(letters.last().unwrap()["params"]["number"], json!(arrived.number));

    // one list stays one list: what was visible at the first court is a violation at the second
    let late = json!([{ "step": "claims", "field": "/claims/0/text", "what": "请求不明", "where": "诉讼请求", "cure": "写明金额" }]);
    assert_eq!(there.returns(&arrived, late).await.ok()["corrections"][1]["violation"], json!(true));
    corrects(&zhao, &arrived, &json!({ "facts": "再次补正的事实与理由。" })).await;

    // and the case has its pleading, in the folder of pleadings
    let case = there.accepts(&arrived).await;
    let file = there.get(format!("{}/file", case.path())).await.ok();
    let folder = file["folders"].as_array().unwrap().iter().find(|f| f["n"] == 4).unwrap().clone();
    let leaf = folder["leaves"][0]["id"].as_str().unwrap();
    assert!(there.get(format!("{}/leaves/{leaf}/content", case.path())).await.content().starts_with(b"%PDF"));
    w.end().await;
}

/// Accepted as it came, without another round: the pleading of the first court is in the file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_made_of_a_transferred_filing_has_its_pleading() {
    let w = World::new().await;
    let (zhao, clerk, there) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.clerk(SHIZHONG).await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    clerk.does("transfer", &filing, json!({ "to_court": SHIZHONG, "reason": REASON })).await.ok();
    w.work().await;
    let case = there.accepts(&waiting(&there).await).await;
    let file = zhao.get(format!("{}/file", case.path())).await.ok();
    let pleading = file["folders"].as_array().unwrap().iter().find(|f| f["n"] == 4).expect("起诉状在卷")["leaves"][0].clone();
    assert_eq!(pleading["title"], json!("起诉状"));
    assert!(pleading["pages"].as_i64().is_some_and(|p| p > 0) && pleading["sha256"].is_string(), "{pleading}");
    w.end().await;
}
