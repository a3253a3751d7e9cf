//! 登录和找回: guessing is slowed for everybody alike, a lost password, number or authenticator is replaced by whoever
//! can prove to be its owner, and a message that the gateway loses is sent again.

use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, LIXIA, Person, Wish, World, cluster, numbers};
use crate::story_people::{code_of, phone};

const OLD: &str = "old-horse-battery-7";
const NEW: &str = "new-horse-battery-8";

fn outside() -> Wish {
    Wish { machine_clock: true, outside: true, ..Wish::default() }
}

async fn sign_in(w: &World, body: Value) -> Answer {
    w.nobody(Method::POST, "/account/sign-in").json(body).send().await
}

/// A password for somebody the kit made without one.
async fn with_password(w: &World, who: &Person) {
    w.nobody(Method::POST, "/account/recovery").json(json!({ "identifier": who.mobile })).send().await;
    let link = phone(&who.mobile, 0).await.remove(0)["params"]["link"].as_str().unwrap().to_owned();
    assert_eq!(redeem(w, &link, OLD).await.status, 204);
}

async fn redeem(w: &World, link: &str, password: &str) -> Answer {
    let token = link.rsplit('/').next().unwrap();
    w.nobody(Method::POST, format!("/account/recovery/{token}")).json(json!({ "password": password })).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_is_slowed_for_known_and_unknown_alike() {
    let w = World::with(outside()).await;
    let zhao = w.party("赵文博").await;
    with_password(&w, &zhao).await;
    let nobody = numbers::mobile(numbers::next());
    let mut told = Vec::new();
    for identifier in [&zhao.mobile, &nobody] {
        let mut answers = Vec::new();
        for _ in 0..7 {
            let answer = sign_in(&w, json!({ "identifier": identifier, "password": "guess-guess-guess-1" })).await;
            answers.push((answer.status, answer.value_or_null()["code"].clone()));
        }
        told.push(answers);
    }
    assert_eq!(told[0], told[1], "nobody learns whether an account exists");
    assert_eq!(told[0].last().unwrap().0, 429);
    // the right password waits as well, and is told how long
    let locked = sign_in(&w, json!({ "identifier": zhao.mobile, "password": OLD })).await;
    assert!(locked.status == 429 && locked.header("retry-after").parse::<u32>().unwrap() > 0);
    // the link on the owner's phone lets the owner in at once
    w.nobody(Method::POST, "/account/recovery").json(json!({ "identifier": zhao.mobile })).send().await;
    let link = phone(&zhao.mobile, 1).await.remove(0)["params"]["link"].as_str().unwrap().to_owned();
    assert_eq!(redeem(&w, &link, NEW).await.status, 204);
    assert!(redeem(&w, &link, NEW).await.status >= 400, "a link works once");
    sign_in(&w, json!({ "identifier": zhao.mobile, "password": NEW })).await.ok();
    zhao.get("/account").await.refused(401, "session.missing"); // sessions of before are over
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_number_is_proved_by_its_code_and_the_password() {
    let w = World::with(outside()).await;
    let zhao = w.party("赵文博").await;
    with_password(&w, &zhao).await;
    let me = sign_in(&w, json!({ "identifier": zhao.mobile, "password": OLD })).await;
    let bearer = format!("Bearer {}", me.header("set-cookie").split_once('=').unwrap().1.split(';').next().unwrap());
    let new = numbers::mobile(numbers::next());
    w.nobody(Method::POST, "/account/codes").json(json!({ "mobile": new, "purpose": "bind" })).send().await;
    let code = phone(&new, 0).await.remove(0)["params"]["code"].as_str().unwrap().to_owned();
    let change = |password: &'static str, code: String| {
        let body = json!({ "mobile": new, "code": code, "password": password });
        w.nobody(Method::POST, "/account/mobile").header("authorization", &bearer).json(body).send()
    };
    change("guess-guess-guess-1", code.clone()).await.refused(422, "account.current_wrong");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert!(change(OLD, wrong.into()).await.status >= 400);
    assert_eq!(change(OLD, code).await.status, 204);
    sign_in(&w, json!({ "identifier": zhao.mobile, "password": OLD })).await.refused(401, "account.sign_in_failed");
    sign_in(&w, json!({ "identifier": new, "password": OLD })).await.ok();
    // the old number hears of it: a thief's change is noticed
    let heard = phone(&zhao.mobile, 1).await;
    assert_eq!(heard[0]["template"], json!("mobile_changed"), "{heard:?}");
    // a number that is somebody's is not taken over
    let other = w.party("钱五").await;
    let me = sign_in(&w, json!({ "identifier": new, "password": OLD })).await;
    let bearer = format!("Bearer {}", me.header("set-cookie").split_once('=').unwrap().1.split(';').next().unwrap());
    w.nobody(Method::POST, "/account/codes").json(json!({ "mobile": other.mobile, "purpose": "bind" })).send().await;
    let code = phone(&other.mobile, 0).await.remove(0)["params"]["code"].as_str().unwrap().to_owned();
    let body = json!({ "mobile": other.mobile, "code": code, "password": OLD });
    w.nobody(Method::POST, "/account/mobile").header("authorization", &bearer).json(body).send().await.refused(409, "account.exists");
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_authenticator_takes_an_administrator_and_the_phone() {
    let w = World::with(outside()).await;
    let admin = w.staff("王管", LIXIA, "court_admin").await;
    let n = numbers::next();
    let (mobile, id_number) = (numbers::mobile(n), numbers::resident_id(n));
    let made =
        admin.post(admin.at("/people"), json!({ "name": "孙书", "mobile": mobile, "id_number": id_number, "roles": ["clerk"] })).await.ok();
    let link = phone(&mobile, 0).await.remove(0)["params"]["link"].as_str().unwrap().to_owned();
    redeem(&w, &link, OLD).await;
    let bearer = |a: &Answer| format!("Bearer {}", a.header("set-cookie").split_once('=').unwrap().1.split(';').next().unwrap());
    let one = bearer(&sign_in(&w, json!({ "identifier": mobile, "password": OLD })).await);
    let secret = w.nobody(Method::POST, "/account/totp").header("authorization", &one).send().await.ok();
    let code = code_of(secret["secret"].as_str().unwrap(), w.now().timestamp());
    w.nobody(Method::POST, "/account/totp/confirm").header("authorization", &one).json(json!({ "code": code })).send().await;
    sign_in(&w, json!({ "identifier": mobile, "password": OLD })).await.refused(401, "account.totp_required");
    let path = admin.at(&format!("/people/{}/authenticator-reset", made["person_id"].as_str().unwrap()));
    admin.post(admin.at(&format!("/people/{}/authenticator-reset", admin.id)), json!({})).await.refused(409, "people.self");
    assert_eq!(admin.post(&path, json!({})).await.status, 204);
    // the administrator's act alone opens nothing
    sign_in(&w, json!({ "identifier": mobile, "password": OLD })).await.refused(401, "account.totp_required");
    let letter = phone(&mobile, 1).await.remove(0);
    assert_eq!(letter["template"], json!("authenticator_reset"));
    assert_eq!(redeem(&w, letter["params"]["link"].as_str().unwrap(), NEW).await.status, 204);
    let one = bearer(&sign_in(&w, json!({ "identifier": mobile, "password": NEW })).await);
    let queue = format!("/courts/{LIXIA}/filings");
    w.nobody(Method::GET, &queue).header("authorization", &one).send().await.refused(403, "role.second_factor_needed");
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_the_gateway_fails_on_is_sent_again_and_a_forged_report_is_refused() {
    let gateway = cluster().own_sms();
    let w = World::with(Wish { sms: Some(gateway), ..outside() }).await;
    let order = json!({ "fail_next": 1, "mode": "500" });
    let set = reqwest::Client::new().post(format!("http://{gateway}/control")).json(&order).send().await.unwrap();
    assert!(set.status().is_success(), "{}", set.text().await.unwrap());
    let mobile = numbers::mobile(numbers::next());
    w.nobody(Method::POST, "/account/codes").json(json!({ "mobile": mobile, "purpose": "sign_up" })).send().await;
    let state = || w.count("select count(*) from sms_messages where state = 'delivered'");
    let arrived = async {
        while state().await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), arrived).await.expect("sent again and reported");
    assert_eq!(w.count("select count(*) from sms_messages").await, 1, "one message, tried twice");
    assert_eq!(w.count("select max(attempts)::bigint from outbox where topic like 'sms%'").await, 2);
    let forged = json!({ "message_id": uuid::Uuid::nil(), "gateway_id": "x", "state": "failed", "at": "2026-11-23T00:00:00Z" });
    let said = w.nobody(Method::POST, "/hooks/sms").header("x-app-id", "lianting").header("x-signature", "0").json(forged).send().await;
    said.refused(401, "hook.signature");
    w.end().await;
}
