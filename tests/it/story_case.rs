//! 案件: who sees it, its file and its 副卷, sealing, counsel who come, share, leave and are replaced.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Docketed, known_by_number, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, Wish, World, files};
use crate::story_filing::engage;

/// 赵文博诉钱五, docketed at 历下, both parties in it.
async fn two_parties(w: &World) -> (Docketed, Person, Person, Person) {
    let (zhao, qian, clerk) = (w.party("赵文博").await, w.party("钱五").await, w.clerk(LIXIA).await);
    let case = clerk.accepts(&zhao.files(&loan(LIXIA, &zhao, &known_by_number(&qian), 1_000)).await).await;
    let code = clerk.reads_join_code(&case).await;
    qian.joins(&code).await.ok();
    (case, zhao, qian, clerk)
}

fn representative(case: &Value, name: &str) -> Value {
    let mut all = case["parties"].as_array().unwrap().iter().flat_map(|p| p["representatives"].as_array().unwrap());
    all.rfind(|r| r["name"] == name && r["active"] == true).cloned().unwrap_or(Value::Null)
}

// proves: B12
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counsel_is_engaged_shares_leaves_and_is_replaced() {
    let w = World::new().await;
    let (case, zhao, qian, _) = two_parties(&w).await;
    let (li, same, other) = (w.lawyer("李律", "鲁信所").await, w.lawyer("刘律", "鲁信所").await, w.lawyer("杜律", "齐正所").await);
    let path = case.path();
    engage(&zhao, &path, &li).await;
    assert_eq!(li.get(&path).await.ok()["viewer"]["capacity"], json!("representative"));
    // nobody engages counsel for the other side
    let theirs = zhao.get(&path).await.ok()["parties"].as_array().unwrap().iter().find(|p| p["own"] == false).unwrap()["id"].clone();
    let power = zhao.uploads_alone("授权委托书.pdf", &files::pdf(1, "power of attorney")).await.ok()["id"].clone();
    let order =
        json!({ "party_id": theirs, "licence": other.licence, "name": "杜律", "unit": "齐正所", "power": "general", "file_ids": [power] });
    zhao.post(format!("{path}/representatives"), order).await.refused(404, "not_found");
    // a colleague of the firm may share, nobody else
    let share = |l: &Person| li.post(format!("{path}/colleagues"), json!({ "licence": l.licence }));
    share(&other).await.refused(422, "colleague.other_firm");
    share(&same).await.ok();
    assert_eq!(same.get(&path).await.ok()["viewer"]["capacity"], json!("colleague"));
    // counsel sees with whom the case is shared; nobody else does
    assert_eq!(li.get(&path).await.ok()["colleagues"][0]["name"], json!("刘律"));
    for other in [&zhao, &qian, &same] {
        assert_eq!(other.get(&path).await.ok()["colleagues"], json!([]), "{}", other.name);
    }
    qian.post(format!("{path}/colleagues"), json!({ "licence": same.licence })).await.refused(403, "role.not_permitted");
    assert_eq!(li.delete(format!("{path}/colleagues/{}", same.id)).await.status, 204);
    same.get(&path).await.refused(404, "not_found");
    // a colleague left in the case goes with the counsel who shared it
    share(&same).await.ok();
    let id = representative(&zhao.get(&path).await.ok(), "李律")["id"].as_str().unwrap().to_owned();
    assert_eq!(zhao.delete(format!("{path}/representatives/{id}")).await.status, 204);
    li.get(&path).await.refused(404, "not_found");
    same.get(&path).await.refused(404, "not_found");
    // replaced by another, who later leaves of his own accord
    engage(&zhao, &path, &other).await;
    let id = representative(&other.get(&path).await.ok(), "杜律")["id"].as_str().unwrap().to_owned();
    qian.delete(format!("{path}/representatives/{id}")).await.refused(404, "not_found");
    assert_eq!(other.delete(format!("{path}/representatives/{id}")).await.status, 204);
    other.get(&path).await.refused(404, "not_found");
    // two at most
    for l in [&li, &same] {
        engage(&zhao, &path, l).await;
    }
    let own = zhao.get(&path).await.ok()["parties"].as_array().unwrap().iter().find(|p| p["own"] == true).unwrap()["id"].clone();
    let third =
        json!({ "party_id": own, "licence": other.licence, "name": "杜律", "unit": "齐正所", "power": "general", "file_ids": [power] });
    zhao.post(format!("{path}/representatives"), third).await.refused(409, "representative.too_many");
    w.end().await;
}

// proves: B12 L07
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lawyer_takes_a_seat_by_a_signed_power_and_a_checked_licence_only() {
    let w = World::with(Wish { machine_clock: true, outside: true, ..Wish::default() }).await;
    let (case, zhao, qian, clerk) = two_parties(&w).await;
    let li = w.lawyer("李律", "鲁信所").await;
    let path = case.path();
    w.run(&format!("update proofs set state = 'claimed' where person_id = '{}' and kind = 'lawyer_licence'", li.id)).await;
    let own = zhao.get(&path).await.ok()["parties"].as_array().unwrap().iter().find(|p| p["own"] == true).unwrap()["id"].clone();
    let order = |files: Value, name: &str| json!({ "party_id": own, "licence": li.licence, "name": name, "unit": "鲁信所", "power": "special", "file_ids": files });
    let engage = |body: Value| zhao.post(format!("{path}/representatives"), body);
    engage(order(json!([]), "李律")).await.refused(422, "representative.no_power");
    let power = zhao.uploads_alone("授权委托书.pdf", &files::pdf(1, "power of attorney")).await.ok()["id"].clone();
    // somebody else's upload is no power of this party
    let foreign = qian.uploads_alone("别人的.pdf", &files::pdf(1, "not yours")).await.ok()["id"].clone();
    engage(order(json!([foreign]), "李律")).await.refused(404, "not_found");
    engage(order(json!([power]), "李律")).await.ok();
    // the paper is in the file, for everybody in the case and for the court
    for who in [&zhao, &qian, &clerk] {
        let file = who.get(format!("{path}/file")).await.ok().to_string();
        assert!(file.contains("授权委托书（委托李律）"), "{}: {file}", who.name);
    }
    // a licence that was only claimed opens nothing; checked, it takes the seat
    li.get(&path).await.refused(404, "not_found");
    let proofs = li.get("/account").await.ok()["proofs"].clone();
    let licence = proofs.as_array().unwrap().iter().find(|p| p["kind"] == "lawyer_licence").unwrap()["id"].as_str().unwrap().to_owned();
    li.post(format!("/account/proofs/{licence}/check"), json!({ "method": "registry" })).await.ok();
    w.work().await;
    assert_eq!(li.get(&path).await.ok()["viewer"]["capacity"], json!("representative"));
    // a checked licence under another's name is refused, not handed over
    let du = w.lawyer("杜律", "齐正所").await;
    let body = json!({ "party_id": own, "licence": du.licence, "name": "张冠", "unit": "齐正所", "power": "general", "file_ids": [power] });
    engage(body).await.refused(422, "representative.name");
    w.end().await;
}

// proves: L07 L10
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_in_a_strangers_hand_opens_nothing() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let sued = w.party("钱五").await;
    let case = clerk.accepts(&zhao.files(&loan(LIXIA, &zhao, &known_by_number(&sued), 1_000)).await).await;
    let code = clerk.reads_join_code(&case).await;
    // another of the same name, verified, has another number
    w.party("钱五").await.joins(&code).await.refused(404, "join.not_found");
    // the right number, only typed, is not proved
    let claims = |state: &str| format!("update proofs set state = '{state}' where person_id = '{}'", sued.id);
    w.run(&claims("claimed")).await;
    sued.joins(&code).await.refused(422, "join.not_verified");
    sued.get(case.path()).await.refused(404, "not_found");
    w.run(&claims("checked_by_registry")).await;
    // copied from paper: small letters, spaces, no dash
    let typed = code.replace('-', " ").to_lowercase();
    sued.joins(&typed).await.ok();
    sued.get(case.path()).await.ok();
    w.end().await;
}

// proves: V03 B17
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_volume_never_shows_itself_to_a_party() {
    let w = World::new().await;
    let (case, zhao, qian, clerk) = two_parties(&w).await;
    let judge = w.judge(LIXIA).await;
    let add = |who: &Person, volume: &'static str, folder: i32, title: &'static str| {
        let (who, path) = (who.clone(), format!("{}/leaves", case.path()));
        async move {
            let file = who.uploads_alone(&format!("{title}.pdf"), &files::pdf(1, "minutes")).await.ok();
            who.post(path, json!({ "file_id": file["id"], "folder": folder, "volume": volume, "title": title })).await
        }
    };
    let secret_folder = (1..99).find(|n| w.app.reference.folder("civil", "secret", *n).is_some()).unwrap();
    let secret = add(&judge, "secret", secret_folder, "合议庭评议笔录").await.ok();
    add(&clerk, "main", 12, "补充证据").await.ok();
    add(&clerk, "main", 999, "没有这一项").await.refused(422, "case_file.folder");
    let content = format!("{}/leaves/{}/content", case.path(), secret["id"].as_str().unwrap());
    assert!(judge.get(&content).await.content().starts_with(b"%PDF"));
    for party in [&zhao, &qian] {
        let file = party.get(format!("{}/file", case.path())).await.ok();
        assert!(!file.to_string().contains("评议") && file.to_string().contains("补充证据"), "{file}");
        party.get(&content).await.refused(404, "not_found");
        let searched = party.get(format!("{}/file?q=%E8%AF%84%E8%AE%AE", case.path())).await.ok();
        assert_eq!(searched["folders"], json!([]));
        let zip = party.get(format!("{}/file.zip", case.path())).await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip.content().to_vec())).unwrap();
        let names: Vec<String> = (0..zip.len()).map(|i| zip.by_index(i).unwrap().name().to_owned()).collect();
        assert!(
            !names.is_empty() && names.iter().all(|n| !n.contains("评议") && !n.rsplit('/').next().unwrap().contains("应诉通知书")),
            "{names:?}"
        );
        assert!(!party.get(case.path()).await.text().contains("评议"));
    }
    // a party puts nothing into the court's file by this door
    add(&zhao, "main", 12, "自己放的").await.refused(403, "role.not_permitted");
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealed_case_is_for_those_in_it() {
    let w = World::new().await;
    let (case, zhao, qian, clerk) = two_parties(&w).await;
    let (chief, judge, colleague) =
        (w.staff("吴庭", LIXIA, "presiding_judge").await, w.judge(LIXIA).await, w.staff("李记", LIXIA, "clerk").await);
    colleague.get(case.path()).await.ok();
    let papers = colleague.get(case.path()).await.ok()["papers"].clone();
    let paper = papers.as_array().unwrap().iter().find(|p| p["kind"] == "acceptance_notice").unwrap()["id"].as_str().unwrap().to_owned();
    let filing = format!("/courts/{LIXIA}/filings/{}", colleague.get(case.path()).await.ok()["filing_id"].as_str().unwrap());
    clerk
        .put(format!("{}/seal", case.path()), json!({ "sealed": true, "reason": "涉及个人隐私" }))
        .await
        .refused(403, "role.not_permitted");
    chief.put(format!("{}/seal", case.path()), json!({ "sealed": true, "reason": "涉及个人隐私" })).await.ok();
    for outside in [&judge, &colleague] {
        outside.get(case.path()).await.refused(404, "not_found");
        outside.get(format!("{}/file", case.path())).await.refused(404, "not_found");
        assert!(!outside.get(outside.at("/cases")).await.text().contains(&case.id));
        outside.get(format!("/courts/{LIXIA}/papers/{paper}/content")).await.refused(404, "not_found");
        outside.get(&filing).await.refused(404, "not_found");
        assert!(!outside.get(outside.at("/filings?state=accepted")).await.text().contains("赵文博"));
    }
    colleague.get(format!("{}/join-codes", case.path())).await.refused(404, "not_found");
    for inside in [&zhao, &qian, &clerk, &chief] {
        assert_eq!(inside.get(case.path()).await.ok()["sealed"], json!(true), "{}", inside.name);
        inside.get(format!("/courts/{LIXIA}/papers/{paper}/content")).await.content();
    }
    // a judge put on the case sees it from then on
    chief.put(format!("{}/staff", case.path()), json!({ "judge": judge.id })).await.ok();
    judge.get(case.path()).await.ok();
    chief.put(format!("{}/seal", case.path()), json!({ "sealed": false, "reason": "原因消失" })).await.ok();
    colleague.get(case.path()).await.ok();
    w.end().await;
}

// proves: B13 B63
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_list_over_all_courts_with_search_and_saved_views() {
    let w = World::new().await;
    let lawyer = w.lawyer("李律", "鲁信所").await;
    for (court, name) in [(LIXIA, "赵文博"), (SHIZHONG, "冯九")] {
        let (party, clerk) = (w.party(name).await, w.clerk(court).await);
        let case = clerk.accepts(&party.files(&loan(court, &party, &crate::kit::matter::known_by_name("钱五"), 1_000)).await).await;
        engage(&party, &case.path(), &lawyer).await;
    }
    let n = |query: &str| {
        let (lawyer, path) = (lawyer.clone(), format!("/my/cases{query}"));
        async move { lawyer.get(path).await.ok()["items"].as_array().unwrap().len() }
    };
    assert_eq!(
        [n("").await, n("?q=%E5%86%AF%E4%B9%9D").await, n(&format!("?court={LIXIA}")).await, n("?capacity=plaintiff").await],
        [2, 1, 1, 0]
    );
    let page = lawyer.get("/my/cases?limit=1").await.ok();
    let next = lawyer.get(format!("/my/cases?limit=1&cursor={}", page["next_cursor"].as_str().unwrap())).await.ok();
    assert_ne!(page["items"][0]["id"], next["items"][0]["id"]);
    let view = lawyer.post("/my/views", json!({ "name": "历下的", "query": { "court": LIXIA } })).await.ok();
    assert_eq!(lawyer.get("/my/views").await.ok()["items"][0]["name"], json!("历下的"));
    let path = format!("/my/views/{}", view["id"].as_str().unwrap());
    w.lawyer("杜律", "齐正所").await.delete(&path).await.refused(404, "not_found");
    assert_eq!(lawyer.delete(&path).await.status, 204);
    w.end().await;
}

/// Numbers and phones of one side are masked for the other, in full for nobody who does not need them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_other_side_sees_masks() {
    let w = World::new().await;
    let (case, zhao, qian, _) = two_parties(&w).await;
    for (viewer, other) in [(&zhao, &qian), (&qian, &zhao)] {
        let shown = viewer.get(case.path()).await.text();
        assert!(!shown.contains(&other.id_number) && !shown.contains(&other.mobile), "{shown}");
    }
    let missing = format!("/courts/{LIXIA}/cases/{}", Uuid::new_v4());
    zhao.get(missing).await.refused(404, "not_found");
    w.end().await;
}

// proves: H11
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_is_closed_and_moves_to_the_closed_ones_of_everybody_in_it() {
    let w = World::new().await;
    let (case, zhao, qian, clerk) = two_parties(&w).await;
    let path = |tail: &str| format!("{}/{tail}", case.path());
    let order = |manner: &str, on: &str| json!({ "manner": manner, "closed_on": on, "note": "" });
    zhao.put(path("closing"), order("judgment", "2026-11-23")).await.refused(403, "role.not_permitted");
    let wrong = clerk.put(path("closing"), order("enforced", "2026-11-23")).await;
    wrong.refused(422, "closing.manner");
    assert_eq!(wrong.value()["field"], json!("/manner"));
    clerk.put(path("closing"), order("judgment", "2026-11-24")).await.refused(422, "closing.day");
    clerk.put(path("reopening"), json!({ "reason": "结案登记有误" })).await.refused(409, "closing.state");
    let ids = |who: &Person, query: &'static str| {
        let who = who.clone();
        async move { who.get(format!("/my/cases{query}")).await.ok()["items"].as_array().unwrap().len() }
    };
    assert_eq!([ids(&zhao, "?closed=false").await, ids(&zhao, "?closed=true").await], [1, 0]);
    let closed = clerk.put(path("closing"), order("judgment", "2026-11-23")).await.ok();
    assert_eq!((&closed["stage"], &closed["closed_how"]), (&json!("closed"), &json!("judgment")));
    clerk.put(path("closing"), order("judgment", "2026-11-23")).await.refused(409, "closing.state");
    for who in [&zhao, &qian] {
        assert_eq!([ids(who, "?closed=false").await, ids(who, "?closed=true").await, ids(who, "").await], [0, 1, 1], "{}", who.name);
        let shown = who.get(case.path()).await.ok();
        assert!(shown["timeline"].to_string().contains("结案：判决"), "{}", shown["timeline"]);
        assert!(shown["clocks"].as_array().unwrap().iter().all(|c| c["state"] == "done"), "{}", shown["clocks"]);
    }
    assert!(!clerk.get(clerk.at("/cases?closed=false")).await.text().contains(&case.id));
    let open = clerk.put(path("reopening"), json!({ "reason": "结案登记有误，案件尚未宣判" })).await.ok();
    assert_eq!((&open["stage"], open.get("closed_at")), (&json!("docketed"), None));
    assert_eq!(ids(&qian, "?closed=false").await, 1);
    w.end().await;
}

/// 送达地址确认书 says where one side is reached: the other side finds neither the leaf nor the paper.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_one_side_is_reached_is_not_told_to_the_other() {
    let w = World::new().await;
    let (case, zhao, qian, clerk) = two_parties(&w).await;
    let lawyer = w.lawyer("李律", "鲁信所").await;
    crate::story_filing::engage(&zhao, &case.path(), &lawyer).await;
    let leaf_of = |file: &Value| {
        let leaves = file["folders"].as_array().unwrap().iter().flat_map(|f| f["leaves"].as_array().unwrap().clone());
        leaves.into_iter().find(|l| l["title"] == "送达地址确认书").map(|l| l["id"].as_str().unwrap().to_owned())
    };
    let mut leaf = String::new();
    for who in [&zhao, &lawyer, &clerk] {
        let file = who.get(format!("{}/file", case.path())).await.ok();
        leaf = leaf_of(&file).unwrap_or_else(|| panic!("{} does not see it: {file}", who.name));
        assert!(who.get(format!("{}/leaves/{leaf}/content", case.path())).await.content().starts_with(b"%PDF"));
        assert!(who.get(case.path()).await.text().contains("service_address"));
    }
    assert_eq!(leaf_of(&qian.get(format!("{}/file", case.path())).await.ok()), None);
    qian.get(format!("{}/leaves/{leaf}/content", case.path())).await.refused(404, "not_found");
    assert!(!qian.get(case.path()).await.text().contains("service_address"));
    let zip = qian.get(format!("{}/file.zip", case.path())).await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip.content().to_vec())).unwrap();
    let names: Vec<String> = (0..zip.len()).map(|i| zip.by_index(i).unwrap().name().to_owned()).collect();
    assert!(names[0] == "00 封面和目录.pdf" && names.iter().all(|n| !n.contains("地址确认")), "{names:?}");
    w.end().await;
}
