//! Bad input, as a hostile or clumsy user would send it (issue 2, section 10). Every refusal is a problem that names
//! field, cause and cure; never a 5xx; nothing typed or uploaded is lost. The kit looks at each answer for the shape.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{known_by_name, loan};
use crate::kit::{LIXIA, Person, World, files, numbers};

/// Types one thing into a complete draft; answers the status and the problem.
async fn typed(who: &Person, draft: &str, patch: Value) -> (u16, Value) {
    let version = who.get(format!("/my/drafts/{draft}")).await.ok()["version"].clone();
    let answer = who.ask(Method::PATCH, format!("/my/drafts/{draft}")).version(&version).json(patch).send().await;
    (answer.status, answer.value())
}

fn with_plaintiff(who: &Person, member: &str, value: Value) -> Value {
    let mut parties = loan(LIXIA, who, &known_by_name("钱五"), 1_000)["parties"].clone();
    parties[0][member] = value;
    json!({ "parties": parties })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_fields_are_named_and_nothing_typed_is_lost() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let long = "张".repeat(10_000);
    let refused = [
        ("/parties/0/name", with_plaintiff(&zhao, "name", json!(long))),
        ("/parties/0/name", with_plaintiff(&zhao, "name", json!("赵\u{0}文博"))),
        ("/parties/0/name", with_plaintiff(&zhao, "name", json!("赵\u{202e}博文"))),
        ("/parties/0/name", with_plaintiff(&zhao, "name", json!({ "$ne": null }))),
        ("/parties/0/birth", with_plaintiff(&zhao, "birth", json!("2026-02-30"))),
        ("/parties/0/birth", with_plaintiff(&zhao, "birth", json!("昨天"))),
        ("/parties/0/side", with_plaintiff(&zhao, "side", json!("judge"))),
        ("/claims/0/amount_fen", json!({ "claims": [{ "id": "c1", "text": "还钱", "amount_fen": -1 }] })),
        ("/claims/0/amount_fen", json!({ "claims": [{ "id": "c1", "text": "还钱", "amount_fen": 9_007_199_254_740_993_i64 }] })),
        ("/claims/0/amount_fen", json!({ "claims": [{ "id": "c1", "text": "还钱", "amount_fen": 1.5 }] })),
        ("/amount_fen", json!({ "amount_fen": "一百万" })),
        ("/facts", json!({ "facts": "a\u{0}b" })),
        ("/court_id", json!({ "court_id": "370102" })),
        ("/kind", json!({ "kind": "criminal" })),
        ("/parties", json!({ "parties": {} })),
        ("/evidence/0/file_ids", json!({ "evidence": [{ "id": "e", "file_ids": "f1" }] })),
    ];
    let mut odd = Vec::new();
    for (field, patch) in refused {
        let (status, problem) = typed(&zhao, &draft, patch).await;
        let fields: Vec<&str> = problem["errors"].as_array().into_iter().flatten().filter_map(|e| e["field"].as_str()).collect();
        if status != 422 || !fields.iter().any(|f| f.starts_with(field)) {
            odd.push(format!("{field}: {status} {problem}"));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
    let kept = zhao.get(format!("/my/drafts/{draft}")).await.ok();
    assert_eq!(kept["content"]["parties"][0]["name"], json!("赵文博"));
    assert_eq!(kept["content"]["claims"][0]["amount_fen"], json!(100_000));
    // a number whose check digit is wrong may be typed, and is named before sending
    typed(&zhao, &draft, with_plaintiff(&zhao, "id_number", json!("370102189901010017"))).await;
    let found = zhao.get(format!("/my/drafts/{draft}/check")).await.ok();
    assert!(found["items"].as_array().unwrap().iter().any(|i| i["field"] == "/parties/0/id_number"), "{found}");
    // huge
    let (status, problem) = typed(&zhao, &draft, json!({ "facts": "长".repeat(400_000) })).await;
    assert!([413, 422].contains(&status), "{status} {problem}");
    w.end().await;
}

// proves: F11
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_files_say_what_is_wrong_with_them() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let mut broken = files::pdf(3, "IOU");
    broken.truncate(broken.len() / 2);
    let elf = std::fs::read("/proc/self/exe").map(|b| b[..4096].to_vec()).unwrap();
    let mut renamed = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00".to_vec();
    renamed.resize(2048, 0);
    let odd: [(&str, Vec<u8>, &str); 8] = [
        ("空.pdf", vec![], "file.empty"),
        ("借条.pdf", renamed, "file.executable"),
        ("照片.jpg", elf, "file.executable"),
        ("照片.jpg", files::pdf(1, "x"), "file.type_mismatch"),
        ("坏.pdf", broken, "file.broken_pdf"),
        ("材料.zip", files::zip_bomb(), "file."),
        ("材料.docx", files::zip_bomb(), "file."),
        ("木马.exe", b"hello".to_vec(), "file."),
    ];
    for (name, bytes, code) in odd {
        let answer = zhao.uploads(&draft, name, &bytes).await;
        assert_eq!(answer.status, 422, "{name} → {}", answer.text());
        assert!(answer.value()["code"].as_str().unwrap().starts_with(code), "{name} → {}", answer.text());
    }
    // names that are more than names
    for name in ["../../etc/passwd.pdf", "a\u{202e}fdp.exe", "a\u{0}.pdf", "", &"长".repeat(300)] {
        let begun = zhao.post(format!("/my/drafts/{draft}/files"), json!({ "name": name, "size": 10 })).await;
        if begun.status == 201 {
            assert!(!begun.value()["name"].as_str().unwrap().contains('/'), "{}", begun.text());
        } else {
            assert!([400, 422].contains(&begun.status), "{name}: {}", begun.text());
        }
    }
    for size in [json!(-1), json!(3_u64 << 30), json!(1e30), json!("10")] {
        let begun = zhao.post(format!("/my/drafts/{draft}/files"), json!({ "name": "大.pdf", "size": size })).await;
        assert!([400, 413, 422].contains(&begun.status), "{}", begun.text());
    }
    // a cut upload: the part is not taken, the upload waits and goes on
    let bytes = files::pdf(2, "IOU");
    let upload = zhao.post(format!("/my/drafts/{draft}/files"), json!({ "name": "断线.pdf", "size": bytes.len() })).await.ok();
    let id = upload["id"].as_str().unwrap();
    let part = |n: &str, bytes: &[u8]| {
        zhao.ask(Method::PUT, format!("/my/uploads/{id}/parts/{n}")).bytes(bytes, "application/octet-stream").send()
    };
    let cut = part("1", &bytes[..100]).await;
    assert!([400, 409, 422].contains(&cut.status), "{}", cut.text());
    for n in ["0", "2", "99", "-1", "x"] {
        let odd = part(n, &bytes).await;
        assert!([400, 404, 409, 422].contains(&odd.status), "part {n}: {}", odd.text());
    }
    let early = zhao.ask(Method::POST, format!("/my/uploads/{id}/complete")).send().await;
    assert!([409, 422].contains(&early.status), "{}", early.text());
    assert_eq!(part("1", &bytes).await.status, 204);
    assert_eq!(part("1", &bytes).await.status, 204, "a part sent twice is there once");
    zhao.ask(Method::POST, format!("/my/uploads/{id}/complete")).send().await.ok();
    zhao.ask(Method::POST, format!("/my/uploads/{id}/complete")).send().await.ok();
    // only good files are in the draft
    let kept = zhao.get(format!("/my/drafts/{draft}")).await.ok();
    let accepted: Vec<&Value> = kept["files"].as_array().unwrap().iter().filter(|f| f["state"] == "accepted").collect();
    assert_eq!(accepted.len(), 1, "{kept}");
    w.leaves_no_trace("/parts/1");
    w.leaves_no_trace("/complete");
    w.leaves_no_trace("/files");
    w.end().await;
}

/// Foreign ids everywhere a body or a path takes one: nothing is found, nothing is taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_ids_find_nothing() {
    let w = World::new().await;
    let (zhao, wu) = (w.party("赵文博").await, w.party("吴六").await);
    let theirs = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let file = zhao.uploads(&theirs, "借条.jpg", &files::jpg(1)).await.ok()["id"].clone();
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("孙七"), 2_000)).await;
    let draft = wu.drafts(&loan(LIXIA, &wu, &known_by_name("钱五"), 1_000)).await;
    // naming another's file as evidence takes nothing along
    wu.types(&draft, &json!({ "evidence": [{ "id": "e1", "name": "偷来的", "source": "x", "purpose": "y", "kind": "documentary", "file_ids": [file] }] })).await;
    let sent = wu.sends(&draft, Uuid::new_v4()).await;
    if sent.status == 201 {
        let mine = wu.get(format!("/courts/{LIXIA}/filings/{}", sent.value()["filing_id"].as_str().unwrap())).await.ok();
        assert_eq!(mine["files"], json!([]), "{mine}");
    }
    let file = file.as_str().unwrap();
    for (method, path, body) in [
        (Method::GET, format!("/my/drafts/{theirs}"), Value::Null),
        (Method::DELETE, format!("/my/drafts/{theirs}"), Value::Null),
        (Method::POST, format!("/my/drafts/{theirs}/submit"), json!({ "confirmed": [], "send_anyway": [] })),
        (Method::POST, format!("/my/drafts/{theirs}/files"), json!({ "name": "a.pdf", "size": 10 })),
        (Method::POST, format!("/my/drafts/{theirs}/photos"), json!({ "file_ids": [file], "name": "x" })),
        (Method::POST, format!("/my/drafts/{draft}/photos"), json!({ "file_ids": [file], "name": "x" })),
        (Method::GET, format!("/my/files/{file}/content"), Value::Null),
        (Method::DELETE, format!("/my/drafts/{draft}/files/{file}"), Value::Null),
        (Method::GET, filing.path(), Value::Null),
        (Method::POST, format!("{}/correct", filing.path()), Value::Null),
        (Method::GET, format!("/courts/{LIXIA}/papers/{}/content", filing.receipt["paper_id"].as_str().unwrap()), Value::Null),
    ] {
        let answer = wu.ask(method, path).json(body).send().await;
        assert!([404, 422].contains(&answer.status), "{}", answer.text());
        assert!(!answer.text().contains("赵文博"));
    }
    zhao.get(format!("/my/drafts/{theirs}")).await.ok();
    w.end().await;
}

/// What is no JSON, no such media type, no such method, no such path.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unreadable_requests_are_refused_in_our_own_words() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let clerk = w.clerk(LIXIA).await;
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let bodies: [(&str, Vec<u8>); 9] = [
        ("application/json", b"{".to_vec()),
        ("application/json", b"".to_vec()),
        ("application/json", b"null".to_vec()),
        ("application/json", b"[]".to_vec()),
        ("application/json", b"{\"kind\": \"civil\", \"court_id\": 1e400}".to_vec()),
        ("application/json", b"{\"kind\": \"\xff\xfe\"}".to_vec()),
        ("application/json", deep.into_bytes()),
        ("text/plain", b"{\"kind\": \"civil\"}".to_vec()),
        ("application/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>".to_vec()),
    ];
    for (media_type, body) in bodies {
        let answer = zhao.ask(Method::POST, "/my/drafts").bytes(body, media_type).send().await;
        assert!([400, 415, 422].contains(&answer.status), "{media_type}: {}", answer.text());
    }
    let huge = zhao.ask(Method::POST, "/my/views").bytes(vec![b' '; 12 << 20], "application/json").send().await;
    assert!([400, 413].contains(&huge.status), "{}", huge.text());
    for (method, path, wanted) in [
        (Method::PUT, "/account", 405),
        (Method::GET, "/no/such/door", 404),
        (Method::GET, "/courts/abc/filings", 404),
        (Method::GET, "/courts/-1/filings", 404),
        (Method::GET, "/courts/99999999999999/filings", 404),
        (Method::GET, "/courts/370102/filings/not-a-uuid", 404),
        (Method::GET, "/courts/370102/filings/../../../etc/passwd", 404),
        (Method::GET, "/forms/F99", 404),
    ] {
        let answer = zhao.ask(method, path).send().await;
        assert_eq!(answer.status, wanted, "{path}: {}", answer.text());
    }
    for query in [
        "limit=0",
        "limit=999999",
        "limit=-1",
        "limit=x",
        "cursor=x",
        "cursor=00000000-0000-0000-0000-000000000000",
        "state=%00",
        "state=nonsense",
        "q=%25%25%25",
        "q=%00",
        &format!("q={}", "a".repeat(5_000)),
        "q='%20or%201=1--",
    ] {
        let answer = clerk.get(clerk.at(&format!("/filings?{query}"))).await;
        assert!(answer.status == 200 || [400, 422].contains(&answer.status), "{query}: {}", answer.text());
    }
    for query in ["q=%00", "q=%F0%9F%92%A9", "domain=none", "date=2026-02-30", "limit=-5"] {
        let answer = w.nobody(Method::GET, format!("/causes?{query}")).send().await;
        assert!(answer.status == 200 || [400, 422].contains(&answer.status), "{query}: {}", answer.text());
    }
    for code in ["", "%00", "AAAA-BBBB-CCC0", "'", &"A".repeat(61), "%E2%80%AE"] {
        let answer = w.nobody(Method::GET, format!("/papers/verify?code={code}")).send().await;
        assert!(answer.status == 200 || [400, 422].contains(&answer.status), "{code}: {}", answer.text());
    }
    for header in ["", "x", "\"-1\"", "\"99999999999\"", "*", "W/\"1\""] {
        let draft = zhao.post("/my/drafts", json!({ "kind": "civil" })).await.ok()["id"].as_str().unwrap().to_owned();
        let answer = zhao.ask(Method::PATCH, format!("/my/drafts/{draft}")).header("if-match", header).json(json!({})).send().await;
        assert!([200, 400, 412].contains(&answer.status), "{header}: {}", answer.text());
    }
    let bad_key = zhao
        .ask(Method::POST, format!("/my/drafts/{}/submit", Uuid::new_v4()))
        .header("idempotency-key", "not-a-uuid")
        .json(json!({}))
        .send()
        .await;
    assert!([400, 404, 422].contains(&bad_key.status), "{}", bad_key.text());
    for token in ["", "x", "\u{7f}", &"A".repeat(10_000)] {
        let answer =
            w.nobody(Method::GET, "/account").header("authorization", format!("Bearer {}", token.replace('\u{7f}', "?"))).send().await;
        assert_eq!(answer.status, 401, "{}", answer.text());
    }
    for range in ["bytes=5-1", "bytes=999999999-", "bytes=-0", "lines=1-2", "bytes=a-b", "bytes=0-0,2-2"] {
        let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
        let file = zhao.uploads(&draft, "借条.jpg", &files::jpg(1)).await.ok()["id"].as_str().unwrap().to_owned();
        let answer = zhao.ask(Method::GET, format!("/my/files/{file}/content")).header("range", range).send().await;
        assert!([200, 206, 400, 416].contains(&answer.status), "{range}: {}", answer.text());
    }
    w.end().await;
}

/// Every text of every account form, odd in every way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_accounts_are_refused_field_by_field() {
    let w = World::new().await;
    let good = |n: u32| json!({ "mobile": numbers::mobile(n), "code": "123456", "password": "correct-horse-battery-7", "standing": "natural", "name": "赵文博", "id_type": "resident_id", "id_number": numbers::resident_id(n) });
    let odd = [
        ("/mobile", json!("12345")),
        ("/mobile", json!("1390000000\u{0}")),
        ("/name", json!("")),
        ("/name", json!("张".repeat(10_000))),
        ("/name", json!("赵\u{200b}文")),
        ("/name", json!("\u{202e}赵文博")),
        ("/id_number", json!("370102189902300016")),
        ("/id_number", json!("370102189901010017")),
        ("/id_number", json!("'; drop table people; --")),
        ("/password", json!("12345678")),
        ("/password", json!("")),
        ("/email", json!("a@b@c")),
    ];
    for (field, value) in odd {
        let mut form = good(numbers::next());
        form[&field[1..]] = value.clone();
        let answer = w.nobody(Method::POST, "/account/sign-up").json(form).send().await;
        assert_eq!(answer.status, 422, "{field} {value}: {}", answer.text());
        let problem = answer.value();
        let named =
            problem["field"] == json!(field) || problem["errors"].as_array().is_some_and(|e| e.iter().any(|e| e["field"] == json!(field)));
        assert!(named, "{field} {}: {problem}", value.to_string().chars().take(40).collect::<String>());
    }
    for standing in ["lawyer", "organisation", "legal_worker"] {
        let mut form = good(numbers::next());
        form["standing"] = json!(standing);
        assert_eq!(w.nobody(Method::POST, "/account/sign-up").json(form).send().await.status, 422);
    }
    let mut company = good(numbers::next());
    company["standing"] = json!("organisation");
    company["organisation"] =
        json!({ "name": "山东鲁辰物流有限公司", "uscc": numbers::uscc(7).replace("MA", "MB"), "representative": "钱五" });
    let answer = w.nobody(Method::POST, "/account/sign-up").json(company).send().await;
    assert_eq!((answer.status, answer.value()["field"].clone()), (422, json!("/organisation/uscc")), "{}", answer.text());
    w.end().await;
}
