//! 人: sign-up with a code by SMS, staff made by their administrator and woken by a link, sessions, the separated duties.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::{LIXIA, Person, SHIZHONG, Wish, World, cluster, numbers};

/// What the phone of a number shows, newest first; waits for the first message after `seen`.
pub async fn phone(mobile: &str, seen: usize) -> Vec<Value> {
    let url = format!("http://{}/phone/messages?mobile={mobile}", cluster().sms);
    let arrived = async {
        loop {
            let shown: Value = reqwest::get(&url).await.unwrap().json().await.unwrap();
            let items = shown["items"].as_array().unwrap().clone();
            if items.len() > seen {
                return items;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), arrived).await.expect("a message on the phone")
}

fn sign_up(mobile: &str, code: &str, id_number: &str) -> Value {
    json!({ "mobile": mobile, "code": code, "password": "correct-horse-battery-7", "standing": "natural", "name": "赵文博", "id_type": "resident_id", "id_number": id_number })
}

// proves: A08 A09 A12 L07
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_made_with_a_code_and_checked_by_the_register() {
    let w = World::with(Wish { machine_clock: true, outside: true, ..Wish::default() }).await;
    let n = numbers::next();
    let (mobile, id_number) = (numbers::mobile(n), numbers::resident_id(n));
    w.nobody(Method::POST, "/account/codes").json(json!({ "mobile": mobile, "purpose": "sign_up" })).send().await.ok();
    let message = phone(&mobile, 0).await.remove(0);
    let code = message["params"]["code"].as_str().unwrap().to_owned();
    assert!(message["text"].as_str().unwrap().contains(&code));
    let wrong = w.nobody(Method::POST, "/account/sign-up").json(sign_up(&mobile, "000000", &id_number)).send().await;
    wrong.refused(422, "account.code_wrong");
    let bad = w.nobody(Method::POST, "/account/sign-up").json(sign_up(&mobile, &code, "370102189901010017")).send().await;
    assert_eq!((bad.status, &bad.value()["field"]), (422, &json!("/id_number")));
    let me = w.nobody(Method::POST, "/account/sign-up").json(sign_up(&mobile, &code, &id_number)).send().await;
    let shown = me.ok();
    assert_eq!((&shown["name"], &shown["proofs"][0]["state"]), (&json!("赵文博"), &json!("claimed")));
    assert!(!me.text().contains(&id_number) && !me.text().contains(&mobile), "masked: {}", me.text());
    let cookie = me.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let token = cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
    // with a cookie, a write needs the header no other origin can send
    let change = || w.nobody(Method::PATCH, "/account").header("cookie", format!("sid={token}")).json(json!({ "large_type": true }));
    change().send().await.refused(403, "session.foreign_origin");
    change().header("x-lianting", 1).header("sec-fetch-site", "cross-site").send().await.refused(403, "session.foreign_origin");
    assert_eq!(change().header("x-lianting", 1).send().await.ok()["large_type"], json!(true));
    w.nobody(Method::GET, "/account")
        .header("cookie", format!("sid={token}"))
        .header("authorization", format!("Bearer {token}"))
        .send()
        .await
        .refused(400, "session.two_credentials");
    // the register confirms; then signs in by ID number and password, never by number alone
    let proof = shown["proofs"][0]["id"].as_str().unwrap();
    let checked = w
        .nobody(Method::POST, format!("/account/proofs/{proof}/check"))
        .header("authorization", format!("Bearer {token}"))
        .json(json!({ "method": "registry" }))
        .send()
        .await
        .ok();
    assert_eq!(checked["state"], json!("checked_by_registry"));
    let sign_in = |body: Value| w.nobody(Method::POST, "/account/sign-in").json(body).send();
    sign_in(json!({ "identifier": id_number })).await.refused(422, "account.secret_missing");
    sign_in(json!({ "identifier": id_number, "password": "wrong-horse-battery-7" })).await.refused(401, "account.sign_in_failed");
    let unknown = sign_in(json!({ "identifier": numbers::resident_id(numbers::next()), "password": "wrong-horse-battery-7" })).await;
    let known = sign_in(json!({ "identifier": id_number, "password": "wrong-horse-battery-8" })).await;
    assert_eq!(unknown.bare(), known.bare(), "nobody learns whether an account exists");
    sign_in(json!({ "identifier": id_number, "password": "correct-horse-battery-7" })).await.ok();
    // out: the session is gone at once
    let out = w.nobody(Method::POST, "/account/sign-out").header("authorization", format!("Bearer {token}")).send().await;
    assert_eq!(out.status, 204);
    w.nobody(Method::GET, "/account").header("authorization", format!("Bearer {token}")).send().await.refused(401, "session.missing");
    w.leaves_no_trace("/account/codes");
    w.end().await;
}

// proves: A15 B66
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_are_made_by_their_administrator_and_hold_nothing_before_the_second_factor() {
    let w = World::with(Wish { machine_clock: true, outside: true, ..Wish::default() }).await;
    let admin = w.staff("王管", LIXIA, "court_admin").await;
    let n = numbers::next();
    let (mobile, id_number) = (numbers::mobile(n), numbers::resident_id(n));
    let new = |roles: Value| json!({ "name": "孙书", "mobile": mobile, "id_number": id_number, "roles": roles });
    admin.post(admin.at("/people"), new(json!(["court_admin", "auditor"]))).await.refused(409, "admin.split_of_duties");
    let staff = admin.post(admin.at("/people"), new(json!(["clerk"]))).await.ok();
    assert_eq!(staff["state"], json!("invited"));
    let link = phone(&mobile, 0).await.remove(0)["params"]["link"].as_str().unwrap().to_owned();
    let token = link.rsplit('/').next().unwrap();
    let redeem = || w.nobody(Method::POST, format!("/account/recovery/{token}")).json(json!({ "password": "new-staff-password-9" })).send();
    assert_eq!(redeem().await.status, 204);
    assert!(redeem().await.status >= 400, "a link works once");
    let sign_in = |totp: Value| {
        w.nobody(Method::POST, "/account/sign-in")
            .json(json!({ "identifier": mobile, "password": "new-staff-password-9", "totp": totp }))
            .send()
    };
    let me = sign_in(Value::Null).await;
    me.ok();
    let bearer = |answer: &crate::kit::Answer| {
        format!("Bearer {}", answer.header("set-cookie").split_once('=').unwrap().1.split(';').next().unwrap())
    };
    let one = bearer(&me);
    let queue = format!("/courts/{LIXIA}/filings");
    w.nobody(Method::GET, &queue).header("authorization", &one).send().await.refused(403, "role.second_factor_needed");
    let secret = w.nobody(Method::POST, "/account/totp").header("authorization", &one).send().await.ok();
    let code = code_of(secret["secret"].as_str().unwrap(), w.now().timestamp());
    let confirmed =
        w.nobody(Method::POST, "/account/totp/confirm").header("authorization", &one).json(json!({ "code": code })).send().await;
    assert_eq!(confirmed.status, 204, "{}", confirmed.text());
    let two = bearer(&confirmed);
    w.nobody(Method::GET, &queue).header("authorization", &two).send().await.ok();
    w.nobody(Method::GET, format!("/courts/{SHIZHONG}/filings"))
        .header("authorization", &two)
        .send()
        .await
        .refused(403, "role.not_permitted");
    sign_in(Value::Null).await.refused(401, "account.totp_required");
    // suspended at this court: at once
    let id = staff["person_id"].as_str().unwrap();
    admin.put(admin.at(&format!("/people/{id}")), json!({ "roles": ["clerk"], "suspended": true })).await.ok();
    assert!([401, 403].contains(&w.nobody(Method::GET, &queue).header("authorization", &two).send().await.status));
    w.end().await;
}

/// What the authenticator of a phone shows.
pub fn code_of(secret: &str, at: i64) -> String {
    let key = data_encoding::BASE32_NOPAD.decode(secret.trim_end_matches('=').as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(key).with_step_duration(30).with_account_name("it").build().unwrap();
    totp.generate(u64::try_from(at).unwrap()).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_listed_and_ended_by_their_owner_alone() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let mut phone = zhao.clone();
    phone.token = w.session(zhao.id, false).await;
    let list = zhao.get("/account/sessions").await.ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let other = list["items"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap()["id"].as_str().unwrap().to_owned();
    qian.delete(format!("/account/sessions/{other}")).await.refused(404, "not_found");
    phone.get("/account").await.ok();
    assert_eq!(zhao.delete(format!("/account/sessions/{other}")).await.status, 204);
    phone.get("/account").await.refused(401, "session.missing");
    zhao.get("/account").await.ok();
    w.end().await;
}

/// A session ends by itself; what was typed before is still there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ran_out_loses_nothing_typed() {
    let w = World::new().await;
    let mut zhao = w.party("赵文博").await;
    let draft = zhao.drafts(&crate::kit::matter::loan(LIXIA, &zhao, &crate::kit::matter::known_by_name("钱五"), 1_000)).await;
    w.app.clock.set(crate::kit::beijing("2026-11-24T09:00:00"));
    let late =
        zhao.ask(Method::PATCH, format!("/my/drafts/{draft}")).header("if-match", "\"2\"").json(json!({ "facts": "晚了" })).send().await;
    assert!(late.refused(401, "session.missing")["cure"].as_str().unwrap().contains("都还在"));
    zhao.token = w.session(zhao.id, false).await;
    assert!(zhao.get(format!("/my/drafts/{draft}")).await.ok()["content"]["facts"].as_str().unwrap().contains("2024"));
    w.end().await;
}

// proves: A14
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mediator_is_of_one_of_three_classes() {
    let w = World::new().await;
    let admin = w.staff("王管", LIXIA, "court_admin").await;
    let new = |class: Value, roles: Value| {
        let n = numbers::next();
        json!({ "name": "于和平", "mobile": numbers::mobile(n), "id_number": numbers::resident_id(n), "roles": roles, "mediator_class": class })
    };
    admin.post(admin.at("/people"), new(Value::Null, json!(["mediator"]))).await.refused(422, "people.mediator_class");
    for class in ["people", "invited", "lawyer"] {
        let made = admin.post(admin.at("/people"), new(json!(class), json!(["mediator"]))).await.ok();
        assert_eq!(made["mediator_class"], json!(class), "{made}");
    }
    // nobody else has a class, and the class goes with the role
    let made = admin.post(admin.at("/people"), new(json!("people"), json!(["clerk"]))).await.ok();
    assert_eq!(made["mediator_class"], Value::Null, "{made}");
    let shown = admin.get(admin.at("/people")).await.ok();
    let classes = shown["items"].as_array().unwrap().iter().filter(|p| !p["mediator_class"].is_null()).count();
    assert_eq!(classes, 3);
    w.end().await;
}

/// A grave act wants the authenticator again once five minutes have passed; the code then holds for five more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_left_open_changes_no_rule() {
    let w = World::new().await;
    let admin = w.staff("王管", LIXIA, "court_admin").await;
    let rule = |days: i32| json!({ "value": days, "basis": "民事诉讼法第一百二十六条", "valid_from": "2026-12-01" });
    let path = format!("/courts/{LIXIA}/rules/filing_review_days");
    admin.put(&path, rule(6)).await.ok();
    w.turn_to(w.now() + TimeDelta::minutes(6)).await;
    let asked = admin.put(&path, rule(5)).await;
    asked.refused(403, "session.step_up_needed");
    admin.get(format!("/courts/{LIXIA}/rules")).await.ok(); // reading goes on
    admin.post("/account/step-up", json!({ "code": "000000" })).await.refused(422, "account.totp_wrong");
    let secret = admin.post("/account/totp", json!({})).await.ok()["secret"].as_str().unwrap().to_owned();
    let confirmed = admin.post("/account/totp/confirm", json!({ "code": code_of(&secret, w.now().timestamp()) })).await;
    let token = confirmed.header("set-cookie").split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
    let admin = Person { token, ..admin };
    w.turn_to(w.now() + TimeDelta::minutes(6)).await;
    admin.put(&path, rule(5)).await.refused(403, "session.step_up_needed");
    let code = code_of(&secret, w.now().timestamp());
    assert_eq!(admin.post("/account/step-up", json!({ "code": code })).await.status, 204);
    admin.put(&path, rule(5)).await.ok();
    admin.post("/account/step-up", json!({ "code": code })).await.refused(422, "account.totp_wrong"); // once
    w.turn_to(w.now() + TimeDelta::minutes(6)).await;
    admin.put(&path, rule(4)).await.refused(403, "session.step_up_needed");
    w.end().await;
}
