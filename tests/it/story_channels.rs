//! 送达 by what leads outside: mail, platform, chat and text message, each against its own simulator; what they report
//! late, twice, forged or in words nobody knows; what did not arrive goes on by another way.

use lianting::kit::random::Random;
use lianting::kit::wire::Wire;
use serde_json::{Value, json};

use crate::kit::cluster::{MailServer, Platform, SECRET, cluster};
use crate::kit::matter::{Docketed, known_by_number};
use crate::kit::{LIXIA, Person, Wish, World};
use crate::story_service::{desk, docketed, of, postal, quiet, text};

/// A province with everything outside, on the machine's clock.
pub async fn world(mail: Option<MailServer>, platform: Option<Platform>) -> World {
    World::with(Wish { machine_clock: true, outside: true, mail, platform, ..Wish::default() }).await
}

/// A case whose defendant has joined and agreed to be served at these addresses.
pub async fn agreed(w: &World, addresses: Value) -> (Docketed, Person, Person) {
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (case, clerk) = docketed(w, LIXIA, &zhao, &known_by_number(&qian)).await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(w).await;
    confirms(w, &case, &qian, addresses).await;
    (case, clerk, qian)
}

pub async fn confirms(w: &World, case: &Docketed, who: &Person, addresses: Value) {
    let shown = who.get(format!("{}/service-address", case.path())).await.ok();
    let mut order = json!({ "party_id": shown["parties"][0]["party_id"], "agrees": true, "postal": postal("钱五"), "told_version": shown["told_version"], "understood": true });
    order.as_object_mut().unwrap().extend(addresses.as_object().unwrap().clone());
    who.post(format!("{}/service-address", case.path()), order).await.ok();
    quiet(w).await;
}

/// Waits until something holds of the defendant's row.
pub async fn until(w: &World, clerk: &Person, case: &Docketed, holds: impl Fn(&Value) -> bool) -> Value {
    let mut row = Value::Null;
    for _ in 0..600 {
        w.work().await;
        row = of(&desk(clerk, case).await, "被告").clone();
        if holds(&row) {
            return row;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("never: {row}");
}

pub async fn recipient(clerk: &Person, row: &Value) -> Value {
    clerk.get(format!("/courts/{LIXIA}/services/{}", text(&row["service_id"]))).await.ok()["recipients"][0].clone()
}

pub fn sendings<'a>(recipient: &'a Value, channel: &str) -> Vec<&'a Value> {
    recipient["attempts"].as_array().unwrap().iter().filter(|a| a["channel"] == channel && a["purpose"] == "service").collect()
}

pub fn is(row: &Value, effect: &str, code: &str) -> bool {
    row["effect"] == effect && row["row_code"] == code
}

// proves: D03e
/// By mail it is served when it was sent; what comes back takes it away again, and the next address is used.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_serves_when_sent_and_falls_when_it_comes_back() {
    let mail = cluster().own_mail();
    let w = world(Some(mail), None).await;
    let (case, clerk, qian) = agreed(&w, json!({ "email": "qian@b.example" })).await;
    let row = until(&w, &clerk, &case, |r| is(r, "yes", "2")).await;
    let shown = recipient(&clerk, &row).await;
    let sent = sendings(&shown, "email")[0].clone();
    let got = mail.received("qian@b.example").await;
    assert_eq!(got.len(), 1);
    assert!(text(&got[0]["message_id"]).starts_with(&text(&sent["id"])), "the sending's own number");
    assert!(text(&got[0]["from"]).starts_with("bounce+") && text(&got[0]["subject"]).contains(&case.number));
    assert!(text(&got[0]["text"]).contains("到达您的邮箱即为送达"));
    let files = got[0]["attachments"].as_array().unwrap();
    assert!(files.len() >= 2 && files.iter().all(|f| f["size"].as_u64().unwrap() > 1000), "{files:?}");
    assert_eq!(shown["certificates"].as_array().unwrap().len(), 1);
    assert!(qian.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""));
    // it comes back: full. The service falls, its certificate is replaced, its periods end
    let raw = reqwest::get(format!("http://{}/mail/{}/raw", mail.at, got[0]["id"])).await.unwrap().text().await.unwrap();
    let bounce = |words: &str| {
        format!(
            "From: MAILER-DAEMON@b.example\r\nSubject: Returned\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"x\"\r\n\r\n\
             --x\r\nContent-Type: text/plain\r\n\r\nsorry\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; b.example\r\n\r\n\
             Final-Recipient: rfc822; qian@b.example\r\n{words}\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\n{}\r\n--x--\r\n",
            raw.split("\r\n\r\n").next().unwrap()
        )
    };
    let envelope = text(&got[0]["from"]);
    assert_eq!(hands_over(mail, "bounce+0190a0000000700080000000dead0000-000000000000@court.example", "Subject: x\r\n\r\n").await, 550);
    assert_eq!(hands_over(mail, "qian@b.example", "Subject: x\r\n\r\n").await, 550, "nothing is relayed");
    // still being tried is no end; a letter of a person is none either, and is shown to the clerk
    assert_eq!(hands_over(mail, &envelope, &bounce("Action: delayed\r\nStatus: 4.4.7")).await, 250);
    assert_eq!(hands_over(mail, &envelope, "From: qian@b.example\r\nSubject: =?utf-8?B?6Ieq5Yqo5Zue5aSN?=\r\n\r\naway\r\n").await, 250);
    quiet(&w).await;
    let shown = recipient(&clerk, &row).await;
    assert_eq!(shown["effect"], "yes");
    assert_eq!(sendings(&shown, "email")[0]["unread"][0]["reason"], "自动回复");
    assert!(
        !qian.get(format!("/courts/{LIXIA}/services/{}", text(&row["service_id"]))).await.text().contains("自动回复"),
        "for the court's people"
    );
    for _ in 0..3 {
        assert_eq!(
            hands_over(mail, &envelope, &bounce("Action: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 mailbox full")).await,
            250
        );
    }
    let row = until(&w, &clerk, &case, |r| is(r, "no", "3")).await;
    let shown = recipient(&clerk, &row).await;
    let events = sendings(&shown, "email")[0]["events"].to_string();
    assert_eq!(events.matches("\"mailbox_full\"").count(), 1, "three times is once: {events}");
    assert_eq!(shown["certificates"].as_array().unwrap().len(), 2);
    assert!(!qian.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""));
    assert_eq!(w.count("select count(*) from papers where kind = 'service_certificate' and superseded").await, 1);
    // another address is named, and used at once
    confirms(&w, &case, &qian, json!({ "email": "qian@b.example", "sms": qian.mobile })).await;
    let row = until(&w, &clerk, &case, |r| is(r, "yes", "1")).await;
    assert_eq!(sendings(&recipient(&clerk, &row).await, "sms").len(), 1);
    w.end().await;
}

/// Hands a message to the product's door for bounces; answers the last status.
async fn hands_over(mail: MailServer, to: &str, raw: &str) -> u16 {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let mut stream = BufReader::new(tokio::net::TcpStream::connect(mail.bounces).await.unwrap());
    let mut status = 0;
    let content = format!("{raw}\r\n.");
    for line in ["", "EHLO b.example", "MAIL FROM:<>", &format!("RCPT TO:<{to}>"), "DATA", &content] {
        if !line.is_empty() {
            stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        }
        loop {
            let mut answer = String::new();
            stream.read_line(&mut answer).await.unwrap();
            status = answer[..3].parse().unwrap();
            if answer.as_bytes()[3] == b' ' {
                break;
            }
        }
        if status >= 400 {
            return status;
        }
    }
    status
}

/// A relay that kept the message and hung up before it said so: nobody knows, so nothing goes out twice, and a person looks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cut_off_on_its_way_is_shown_to_the_clerk_and_not_sent_again() {
    let mail = cluster().own_mail();
    let w = world(Some(mail), None).await;
    mail.told(json!({ "orders": [{ "trouble": "cut_after", "next": 1 }] })).await;
    let (case, clerk, qian) = agreed(&w, json!({ "email": "qian@e.example" })).await;
    let wire = "select count(*) from service_wire where state = 'unsure'";
    for _ in 0..200 {
        w.work().await;
        if w.count(wire).await == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(w.count(wire).await, 1);
    quiet(&w).await;
    let row = of(&desk(&clerk, &case).await, "被告").clone();
    let shown = recipient(&clerk, &row).await;
    let sent = sendings(&shown, "email");
    assert_eq!((sent.len(), &sent[0]["unread"][0]["word"]), (1, &json!("unsure")), "{shown}");
    assert!(text(&sent[0]["unread"][0]["reason"]).contains("不自动重发"), "{shown}");
    assert_ne!(row["effect"], "yes", "a guess serves nobody");
    assert_eq!(mail.received("qian@e.example").await.len(), 1);
    assert!(!qian.get(format!("/courts/{LIXIA}/services/{}", text(&row["service_id"]))).await.text().contains("不自动重发"));
    w.end().await;
}

/// A relay that is busy, hangs up or says no: one sending, one effect, and nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_on_the_wire_makes_no_second_service() {
    let mail = cluster().own_mail();
    let w = world(Some(mail), None).await;
    mail.told(json!({ "orders": [{ "trouble": "not_now", "next": 1 }] })).await;
    let (case, clerk, qian) = agreed(&w, json!({ "email": "qian@c.example" })).await;
    let row = until(&w, &clerk, &case, |r| is(r, "yes", "2")).await;
    let got = mail.received("qian@c.example").await;
    assert_eq!(got.len(), 1, "what was never handed over is handed over once");
    let shown = recipient(&clerk, &row).await;
    let sent = sendings(&shown, "email");
    assert_eq!((sent.len(), shown["certificates"].as_array().unwrap().len()), (1, 1));
    assert_eq!(sent[0]["events"].to_string().matches("\"sent_ok\"").count(), 1);
    // a mailbox that is full, and one that is none: at once by the next way
    for (trouble, word) in [("mailbox_full", "mailbox_full"), ("unknown_user", "bounced")] {
        mail.told(json!({ "orders": [{ "trouble": trouble, "to": "qian@d.example", "next": 1 }] })).await;
        confirms(&w, &case, &qian, json!({ "email": "qian@d.example", "sms": qian.mobile })).await;
        let service = serves_more(&w, &clerk, &case, trouble).await;
        let shown = clerk.get(format!("/courts/{LIXIA}/services/{service}")).await.ok()["recipients"][0].clone();
        assert!(sendings(&shown, "email")[0]["events"].to_string().contains(&format!("\"{word}\"")), "{shown}");
        assert_eq!((sendings(&shown, "sms").len(), &shown["effect"], &shown["row_code"]), (1, &json!("yes"), &json!("1")));
    }
    w.end().await;
}

/// Serves a fresh leaf on the defendant, and waits for its arrival.
async fn serves_more(w: &World, clerk: &Person, case: &Docketed, name: &str) -> String {
    let seed = u8::try_from(name.len()).unwrap();
    let file = clerk.uploads_alone(&format!("{name}.jpg"), &crate::kit::files::jpg(seed)).await.ok();
    let leaf = clerk
        .post(format!("{}/leaves", case.path()), json!({ "file_id": file["id"], "folder": 12, "volume": "main", "title": name }))
        .await
        .ok();
    let parties = clerk.get(case.path()).await.ok()["parties"].clone();
    let qian = parties.as_array().unwrap().iter().find(|p| p["side"] == "defendant").unwrap()["id"].clone();
    let order = json!({ "papers": [{ "leaf_id": leaf["id"], "paper_kind": "evidence" }], "recipients": [{ "party_id": qian }] });
    let made = clerk.post(format!("{}/services", case.path()), order).await.ok();
    let service = text(&made["services"][0]["id"]);
    for _ in 0..600 {
        w.work().await;
        let now = clerk.get(format!("/courts/{LIXIA}/services/{service}")).await.ok();
        if is(&now["recipients"][0], "yes", "1") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    service
}

// proves: D03c D03d
/// 全国平台: arrival is service; a receipt twenty times over, forged, stale, from the future or in a word nobody knows
/// moves nothing it should not; a lost one is asked after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_of_the_platform_are_believed_once_and_only_when_signed() {
    let platform = cluster().own_platform();
    let w = world(None, Some(platform)).await;
    platform.told(json!({ "fail_next": 1, "mode": "cut_after" })).await;
    let (case, clerk, qian) = agreed(&w, json!({ "national_platform": "qian-platform" })).await;
    let row = until(&w, &clerk, &case, |r| is(r, "yes", "1")).await;
    let shown = recipient(&clerk, &row).await;
    let sent = sendings(&shown, "national_platform")[0].clone();
    quiet(&w).await; // handed over again, because the answer was lost
    let there = platform.deliveries("qian-platform").await;
    assert_eq!(there.len(), 1);
    assert_eq!(
        (&there[0]["delivery_id"], &there[0]["handed_over"], &there[0]["case_number"]),
        (&sent["id"], &json!(2), &json!(case.number))
    );
    assert!(there[0]["documents"].as_array().unwrap().iter().all(|d| text(&d["sha256"]).len() == 64));
    let before = w.count("select count(*) from service_events").await;
    let id = text(&sent["id"]);
    let all = |answer: Value, status: u64| answer["statuses"].as_array().unwrap().iter().all(|s| s.as_u64() == Some(status));
    assert!(all(platform.again(json!({ "delivery_id": id, "times": 20 })).await, 204));
    for forged in ["wrong_signature", "altered", "stale"] {
        assert!(all(platform.again(json!({ "delivery_id": id, "how": forged, "times": 3 })).await, 401), "{forged}");
    }
    assert!(all(platform.again(json!({ "delivery_id": id, "how": "unknown_delivery" })).await, 204), "who reports learns nothing");
    assert!(all(platform.again(json!({ "delivery_id": id, "how": "future" })).await, 204));
    // genuinely signed, in a word nobody knows
    let wire = Wire::new(&w.wire.base, "lianting", SECRET, Random::from_os()).unwrap();
    let strange = json!({ "receipt_id": "r-9", "delivery_id": id, "state": "forwarded_to_neighbour", "at": w.now() });
    let _ = wire.post::<Value>("/api/hooks/delivery/national_platform", &strange, w.now()).await;
    let _ = wire
        .post::<Value>(
            "/api/hooks/delivery/chat",
            &json!({ "receipt_id": "r-10", "delivery_id": id, "state": "bounced", "at": w.now() }),
            w.now(),
        )
        .await;
    quiet(&w).await;
    assert_eq!(w.count("select count(*) from service_events").await, before, "nothing was added");
    let shown = recipient(&clerk, &row).await;
    assert_eq!(sendings(&shown, "national_platform")[0]["unread"][0]["word"], "forwarded_to_neighbour");
    // the recipient answers over there
    platform.steps(&id, "answered").await;
    let row = until(&w, &clerk, &case, |r| is(r, "yes", "1")).await;
    for _ in 0..50 {
        quiet(&w).await;
        if recipient(&clerk, &row).await.to_string().contains("\"answered_received\"") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(recipient(&clerk, &row).await.to_string().contains("\"answered_received\""));
    // a chat account whose receipts are lost: asked after, and known
    platform.told(json!({ "receipts": { "how": "lose", "next": 2 } })).await;
    confirms(&w, &case, &qian, json!({ "chat": "qian-chat" })).await;
    let asked = async {
        for _ in 0..600 {
            w.run("update outbox set not_before = now() where topic = 'delivery.ask' and done_at is null").await;
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    let service = tokio::select! {
        service = serves_more(&w, &clerk, &case, "lost-receipt") => service,
        () = asked => panic!("never asked"),
    };
    let shown = clerk.get(format!("/courts/{LIXIA}/services/{service}")).await.ok()["recipients"][0].clone();
    assert_eq!((sendings(&shown, "chat").len(), &shown["effect"], &shown["row_code"]), (1, &json!("yes"), &json!("1")));
    // refused over there: said at once, and on by the next way
    platform.told(json!({ "accounts": { "qian-none": "unknown" } })).await;
    confirms(&w, &case, &qian, json!({ "national_platform": "qian-none", "sms": qian.mobile })).await;
    let service = serves_more(&w, &clerk, &case, "refused-there").await;
    let shown = clerk.get(format!("/courts/{LIXIA}/services/{service}")).await.ok()["recipients"][0].clone();
    assert_eq!(sendings(&shown, "national_platform")[0]["events"].as_array().unwrap().last().unwrap()["what"], "bounced");
    assert_eq!((sendings(&shown, "sms").len(), &shown["effect"]), (1, &json!("yes")));
    w.end().await;
}

// proves: D05
/// 短信: the gateway's report is the arrival; the message's number is the sending's; a number out of service is none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_message_serves_when_the_gateway_reports_it() {
    let sms = cluster().own_sms();
    let w = World::with(Wish { machine_clock: true, outside: true, sms: Some(sms), ..Wish::default() }).await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(&w).await;
    confirms(&w, &case, &qian, json!({ "sms": "13700007788" })).await;
    let row = until(&w, &clerk, &case, |r| is(r, "yes", "1")).await;
    let sent = sendings(&recipient(&clerk, &row).await, "sms")[0].clone();
    let phone: Value = reqwest::get(format!("http://{sms}/phone/messages?mobile=13700007788")).await.unwrap().json().await.unwrap();
    let items = phone["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["message_id"]), (1, &sent["id"]));
    assert!(text(&items[0]["text"]).contains(&case.number) && text(&items[0]["text"]).contains("/s/"));
    // the number changed hands: struck, nothing goes there any more
    let shown = clerk.get(format!("{}/service-address", case.path())).await.ok();
    let parties = shown["parties"].as_array().unwrap();
    let address =
        parties.iter().flat_map(|p| p["addresses"].as_array().unwrap()).find(|a| a["masked"] == "137****7788").unwrap()["id"].clone();
    let strike = json!({ "address_id": address, "reason": "来电核实：号码已转他人使用" });
    qian.put(format!("{}/service-address/struck", case.path()), strike.clone()).await.refused(403, "role.not_permitted");
    let now = clerk.put(format!("{}/service-address/struck", case.path()), strike).await.ok();
    let left = now["parties"].as_array().unwrap().iter().flat_map(|p| p["addresses"].as_array().unwrap());
    assert!(left.clone().count() > 0 && left.clone().all(|a| a["masked"] != "137****7788"));
    let file = clerk.uploads_alone("补充.jpg", &crate::kit::files::jpg(9)).await.ok();
    let leaf = clerk
        .post(format!("{}/leaves", case.path()), json!({ "file_id": file["id"], "folder": 12, "volume": "main", "title": "补充证据" }))
        .await
        .ok();
    let party = parties.iter().find(|p| p["name"] == "钱五").unwrap()["party_id"].clone();
    let order = json!({ "papers": [{ "leaf_id": leaf["id"], "paper_kind": "evidence" }], "recipients": [{ "party_id": party }] });
    let made = clerk.post(format!("{}/services", case.path()), order).await.ok();
    quiet(&w).await;
    let service = clerk.get(format!("/courts/{LIXIA}/services/{}", text(&made["services"][0]["id"]))).await.ok();
    assert_eq!(service["recipients"][0]["next"]["step"], "post", "{service}");
    w.end().await;
}
