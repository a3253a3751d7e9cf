//! 网上立案, end to end: the story of issue 2's "Done when", as a person, a clerk, a lawyer and a defendant live it.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{filed, known_by_name, known_by_number, loan};
use crate::kit::{HUAIYIN, LIXIA, Person, SHIZHONG, World, files};

/// The three pieces of evidence of the story; answers their ids.
async fn three_files(person: &Person, draft: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for (name, bytes, pages) in
        [("借条.pdf", files::pdf(2, "IOU"), 2), ("转账记录.jpg", files::jpg(10), 1), ("聊天记录.jpg", files::jpg(90), 1)]
    {
        let file = person.uploads(draft, name, &bytes).await.ok();
        assert_eq!((&file["name"], &file["state"], &file["size"]), (&json!(name), &json!("accepted"), &json!(bytes.len())));
        assert_eq!(file["sha256"].as_str().unwrap(), hex::encode(lianting::kit::seal::sha256(&bytes)));
        if name.ends_with("pdf") {
            assert_eq!(file["pages"], json!(pages));
        }
        ids.push(file["id"].as_str().unwrap().to_owned());
    }
    ids
}

fn evidence(ids: &[String]) -> Value {
    let row = |(i, id): (usize, &String)| json!({ "id": format!("e{i}"), "name": format!("证据{i}"), "source": "原告保存", "purpose": "证明借款", "kind": "documentary", "original": true, "file_ids": [id] });
    json!({ "evidence": ids.iter().enumerate().map(row).collect::<Vec<_>>() })
}

// proves: F08 F09 F11 A09 V03 L09 L10 L11 B11 B13
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_is_filed_returned_once_accepted_and_seen_by_its_people_alone() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let clerk = w.clerk(LIXIA).await;
    let stranger = w.clerk(SHIZHONG).await;

    // a phone: types, uploads three files, reads the pleading, sends
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 100_000)).await;
    let ids = three_files(&zhao, &draft).await;
    zhao.types(&draft, &evidence(&ids)).await;
    let pleading = zhao.get(format!("/my/drafts/{draft}/pleading.pdf")).await;
    assert!(pleading.content().starts_with(b"%PDF"));
    let filing = filed(&zhao.sends(&draft, Uuid::new_v4()).await.ok());
    assert_eq!(filing.court, LIXIA);
    assert_eq!(filing.number, "网立2026-00001");
    assert_eq!(filing.receipt["received_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(), w.now());
    let receipt = zhao.get(format!("/courts/{LIXIA}/papers/{}/content", filing.receipt["paper_id"].as_str().unwrap())).await;
    assert!(receipt.content().starts_with(b"%PDF"));

    // the clerk finds it in the queue, reads a file, returns it once with a complete list
    let queue = clerk.get(clerk.at("/filings")).await.ok();
    assert_eq!(queue["items"][0]["id"].as_str(), Some(filing.id.as_str()));
    clerk.post(format!("{}/claim", filing.path()), Value::Null).await.ok();
    let seen = clerk.reads(&filing).await;
    assert_eq!(seen["files"].as_array().unwrap().len(), 3);
    let first = seen["files"][0]["id"].as_str().unwrap();
    assert!(!clerk.get(format!("{}/files/{first}/content", filing.path())).await.content().is_empty());
    let list = json!([
        { "step": "parties", "field": "/parties/1/domicile", "what": "被告住址写得不全", "where": "当事人 · 被告住址", "cure": "写到门牌号" },
        { "step": "evidence", "file_id": first, "page": 1, "what": "借条第一页看不清", "where": "证据1 · 第 1 页", "cure": "重新拍一张，四角拍全" },
    ]);
    let returned = clerk.returns(&filing, list).await.ok();
    assert_eq!((&returned["state"], returned["open_items"].as_i64()), (&json!("returned"), Some(2)));
    assert_eq!(returned["corrections"][0]["deadline"]["due_on"], json!("2026-11-30"));

    // the filer corrects in the same filing
    let answer = zhao.post(format!("{}/correct", filing.path()), Value::Null).await.ok();
    let draft = answer["id"].as_str().unwrap().to_owned();
    assert_eq!(answer["corrects"]["items"].as_array().unwrap().len(), 2);
    let mut parties = answer["content"]["parties"].clone();
    parties[1]["domicile"] = json!("山东省济南市历下区解放路2号3栋4单元501室");
    zhao.types(&draft, &json!({ "parties": parties })).await;
    let again = filed(&zhao.sends(&draft, Uuid::new_v4()).await.ok());
    assert_eq!((again.id.as_str(), again.number.as_str()), (filing.id.as_str(), "网立2026-00001"));

    // accepted under the court's first number of the year
    let case = clerk.accepts(&filing).await;
    assert_eq!(case.number, "（2026）鲁0102民初1号");

    // the party sees it: stages, clocks, file in the standard folders, no 副卷
    let mine = zhao.get("/my/cases").await.ok();
    assert_eq!(mine["items"][0]["number"], json!(case.number));
    assert_eq!(mine["items"][0]["my_capacity"], json!("plaintiff"));
    let shown = zhao.get(case.path()).await.ok();
    assert!(shown["clocks"].as_array().is_some_and(|c| !c.is_empty()));
    let file = zhao.get(format!("{}/file", case.path())).await.ok();
    let folders: Vec<&str> = file["folders"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert!(folders.len() >= 3 && file["folders"].as_array().unwrap().iter().all(|f| f["volume"] == "main"), "{folders:?}");
    assert!(!file.to_string().contains("应诉通知书"), "the notice to the other side carries its join code");
    let whole = clerk.get(format!("{}/file", case.path())).await.ok();
    assert!(whole.to_string().contains("应诉通知书"));

    // the defendant joins with the code of the notice and the name in it; nobody else can
    let code = clerk.reads_join_code(&case).await;
    w.party("周八").await.joins(&code).await.refused(404, "join.not_found");
    let qian = w.party("钱五").await;
    qian.get(case.path()).await.refused(404, "not_found");
    qian.joins(&code).await.ok();
    assert_eq!(qian.get(case.path()).await.ok()["viewer"]["capacity"], json!("defendant"));
    w.party("钱五").await.joins(&code).await.refused(404, "join.not_found");

    // a lawyer, engaged by the party, next to cases in two other courts
    let lawyer = w.lawyer("李律", "山东鲁信律师事务所").await;
    for court in [SHIZHONG, HUAIYIN] {
        let other = w.party("冯九").await;
        let clerk = w.clerk(court).await;
        let elsewhere = clerk.accepts(&other.files(&loan(court, &other, &known_by_name("陈十"), 3_000)).await).await;
        engage(&other, &elsewhere.path(), &lawyer).await;
    }
    lawyer.get(case.path()).await.refused(404, "not_found");
    engage(&zhao, &case.path(), &lawyer).await;
    let three = lawyer.get("/my/cases").await.ok();
    let courts: std::collections::BTreeSet<i64> =
        three["items"].as_array().unwrap().iter().map(|c| c["court_id"].as_i64().unwrap()).collect();
    assert_eq!(courts, [i64::from(LIXIA), i64::from(SHIZHONG), i64::from(HUAIYIN)].into());
    lawyer.get(case.path()).await.ok();

    // a clerk of another court is refused without a hint
    let missing = format!("/courts/{LIXIA}/cases/{}", Uuid::new_v4());
    assert_eq!(stranger.get(case.path()).await.bare(), stranger.get(missing).await.bare());
    let here = format!("/courts/{SHIZHONG}/cases/{}", case.id);
    let nowhere = format!("/courts/{SHIZHONG}/cases/{}", Uuid::new_v4());
    assert_eq!(stranger.get(&here).await.bare(), stranger.get(&nowhere).await.bare());
    assert_eq!(stranger.get(&here).await.status, 404);

    // every paper is a PDF and verifies by its code, without an account
    let papers = clerk.get(case.path()).await.ok()["papers"].clone();
    let kinds: Vec<&str> = papers.as_array().unwrap().iter().map(|p| p["kind"].as_str().unwrap()).collect();
    for kind in ["pleading", "filing_receipt", "correction_notice", "acceptance_notice", "notice_to_respond"] {
        assert!(kinds.contains(&kind), "{kind} is missing among {kinds:?}");
    }
    for paper in papers.as_array().unwrap() {
        let pdf = clerk.get(format!("/courts/{LIXIA}/papers/{}/content", paper["id"].as_str().unwrap())).await;
        assert!(pdf.content().starts_with(b"%PDF"), "{paper}");
        let verdict = w.nobody(Method::GET, format!("/papers/verify?code={}", paper["verify_code"].as_str().unwrap())).send().await.ok();
        assert_eq!(verdict["found"], json!(true));
        assert_eq!(verdict["paper"]["sha256"], json!(hex::encode(lianting::kit::seal::sha256(&pdf.body))));
        assert!(!verdict.to_string().contains("赵文博"), "names of natural persons are masked: {verdict}");
    }
    w.end().await;
}

/// A party engages a lawyer in its case.
pub async fn engage(party: &Person, case: &str, lawyer: &Person) {
    let parties = party.get(case).await.ok()["parties"].clone();
    let own = parties.as_array().unwrap().iter().find(|p| p["own"] == true).unwrap()["id"].clone();
    let power = party.uploads_alone("授权委托书.pdf", &files::pdf(1, "power of attorney")).await.ok();
    let order = json!({ "party_id": own, "licence": lawyer.licence, "name": lawyer.name, "unit": lawyer.firm, "power": "general", "file_ids": [power["id"]] });
    party.post(format!("{case}/representatives"), order).await.ok();
}

// proves: F11
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_on_where_it_stopped() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let bytes = files::pdf_of(1, "IOU", 9 << 20);
    let order = json!({ "name": "大文件.pdf", "size": bytes.len(), "last_modified": 1_700_000_000_000_i64 });
    let upload = zhao.post(format!("/my/drafts/{draft}/files"), order.clone()).await.ok();
    assert!(upload["parts"].as_i64().unwrap() >= 2, "{upload}");
    let (id, part) = (upload["id"].as_str().unwrap(), usize::try_from(upload["part_bytes"].as_u64().unwrap()).unwrap());
    let sent = zhao.ask(Method::PUT, format!("/my/uploads/{id}/parts/1")).bytes(&bytes[..part], "application/octet-stream").send().await;
    assert_eq!(sent.status, 204);
    // the page is loaded again, on another device: the same name, size and time is the same upload
    let resumed = zhao.post(format!("/my/drafts/{draft}/files"), order).await.ok();
    assert_eq!((&resumed["id"], &resumed["received"]), (&upload["id"], &json!([1])));
    let file = zhao.sends_parts(&resumed, &bytes).await.ok();
    assert_eq!(file["sha256"], json!(hex::encode(lianting::kit::seal::sha256(&bytes))));
    let middle =
        zhao.ask(Method::GET, format!("/my/files/{}/content", file["id"].as_str().unwrap())).header("range", "bytes=0-3").send().await;
    assert_eq!((middle.status, middle.content()), (206, &b"%PDF"[..]));
    w.leaves_no_trace(&format!("POST /my/drafts/{draft}/files")); // going on changes nothing
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sent_twice_filed_once() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    // a double click: one key, twice at the same time; a second tab: another key
    let key = Uuid::new_v4();
    let order = zhao.confirms(&draft).await;
    let (a, b, c) =
        tokio::join!(zhao.submits(&draft, key, &order), zhao.submits(&draft, key, &order), zhao.submits(&draft, Uuid::new_v4(), &order));
    let done: Vec<Value> = [&a, &b, &c].into_iter().map(crate::kit::Answer::ok).collect();
    assert!(done.iter().all(|r| r["filing_id"] == done[0]["filing_id"] && r["paper_id"] == done[0]["paper_id"]), "{done:?}");
    // afterwards every repetition gives the same receipt
    let order = json!({ "confirmed": [], "send_anyway": [] });
    for key in [key, Uuid::new_v4()] {
        let again = zhao.ask(Method::POST, format!("/my/drafts/{draft}/submit")).key(key).json(order.clone()).send().await.ok();
        assert_eq!(again["filing_id"], done[0]["filing_id"]);
        assert_eq!(again["paper_id"], done[0]["paper_id"]);
    }
    assert_eq!(w.count("select count(*) from filings").await, 1);
    // the same with the answer to a correction
    let (clerk, filing) = (w.clerk(LIXIA).await, filed(&done[0]));
    clerk
        .returns(&filing, json!([{ "step": "claims", "field": "/facts", "what": "事实不清", "where": "事实与理由", "cure": "写清时间" }]))
        .await
        .ok();
    let draft = zhao.post(format!("{}/correct", filing.path()), Value::Null).await.ok()["id"].as_str().unwrap().to_owned();
    let order = zhao.confirms(&draft).await;
    let (a, b) = tokio::join!(zhao.submits(&draft, Uuid::new_v4(), &order), zhao.submits(&draft, Uuid::new_v4(), &order));
    let late =
        zhao.ask(Method::POST, format!("/my/drafts/{draft}/submit")).json(json!({ "confirmed": [], "send_anyway": [] })).send().await;
    assert!(
        a.ok()["paper_id"] == b.ok()["paper_id"] && b.ok()["paper_id"] == late.ok()["paper_id"],
        "{} {} {}",
        a.text(),
        b.text(),
        late.text()
    );
    assert_ne!(late.ok()["paper_id"], done[0]["paper_id"]);
    w.leaves_no_trace("/submit"); // a repetition changes nothing
    w.end().await;
}

// proves: A10
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_forced_online_and_the_draft_is_kept() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let note = zhao.post(format!("/my/drafts/{draft}/offline"), json!({ "reason": "不会用手机" })).await.ok();
    assert_eq!(note["court_id"], json!(LIXIA));
    assert!(note["number"].as_str().is_some_and(|n| !n.is_empty()) && note["phone"].as_str().is_some_and(|p| !p.is_empty()));
    assert_eq!(w.count("select count(*) from offline_filings where court_id = 370102").await, 1);
    zhao.get(format!("/my/drafts/{draft}")).await.ok();
    w.end().await;
}

// proves: B07
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_suit_at_another_court_is_noticed() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let qian = w.party("钱五").await;
    zhao.files(&loan(LIXIA, &zhao, &known_by_number(&qian), 1_000)).await;
    let draft = zhao.drafts(&loan(SHIZHONG, &zhao, &known_by_number(&qian), 1_000)).await;
    let found = zhao.get(format!("/my/drafts/{draft}/check")).await.ok();
    assert!(found["items"].as_array().unwrap().iter().any(|i| i["id"] == "G11"), "{found}");
    // whoever is no party of it learns nothing of other people's suits
    let wu = w.party("吴六").await;
    let mut about_zhao = loan(SHIZHONG, &zhao, &known_by_number(&qian), 1_000);
    about_zhao["service"]["phone"] = json!(wu.mobile);
    let draft = wu.drafts(&about_zhao).await;
    let found = wu.get(format!("/my/drafts/{draft}/check")).await.ok();
    assert!(!found["items"].as_array().unwrap().iter().any(|i| i["id"] == "G11"), "{found}");
    w.end().await;
}

// proves: B02
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_saved_in_two_places_loses_nothing_silently() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let path = format!("/my/drafts/{draft}");
    let shown = zhao.get(&path).await;
    let etag = shown.header("etag").to_owned();
    assert_eq!(etag, format!("\"{}\"", shown.ok()["version"]));
    let save = |facts: &str| zhao.ask(Method::PATCH, &path).header("if-match", &etag).json(json!({ "facts": facts }));
    save("手机上写的").send().await.ok();
    save("电脑上写的").send().await.refused(412, "version.stale");
    zhao.ask(Method::PATCH, &path).json(json!({})).send().await.refused(400, "version.missing");
    assert_eq!(zhao.get(&path).await.ok()["content"]["facts"], json!("手机上写的"));
    w.end().await;
}
