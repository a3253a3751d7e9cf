//! 幂等: whoever loses an answer on the way asks again with the same key, and gets what was made the first time.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Filed, known_by_name, loan};
use crate::kit::{LIXIA, Person, Wish, World, files, numbers};
use crate::story_people::phone;

/// Asks twice with one key, and once more with the key and other words; answers the first answer.
async fn twice(w: &World, who: &Person, path: &str, body: Value, other: Option<Value>) -> Value {
    w.leaves_no_trace(path); // the second call changes nothing, and says so by leaving no row
    let key = Uuid::new_v4();
    let ask = |body: &Value| who.ask(Method::POST, path).key(key).json(body.clone());
    let first = ask(&body).send().await;
    let again = ask(&body).send().await;
    assert_eq!((first.status, first.ok()), (again.status, again.ok()), "{path}");
    if let Some(other) = other {
        ask(&other).send().await.refused(422, "idempotency.reused");
    }
    first.value()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_filer_begins_is_begun_once_however_often_it_is_asked() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let drafts = || async { zhao.get("/my/drafts").await.ok()["items"].as_array().unwrap().len() };
    let civil = json!({ "court_id": LIXIA, "kind": "civil" });
    let draft = twice(&w, &zhao, "/my/drafts", civil, Some(json!({ "court_id": LIXIA, "kind": "administrative" }))).await;
    assert_eq!(drafts().await, 1);
    let draft = draft["id"].as_str().unwrap().to_owned();
    let file = json!({ "name": "借条.pdf", "size": 99, "last_modified": 1 });
    for path in [format!("/my/drafts/{draft}/files"), "/my/files".into()] {
        twice(&w, &zhao, &path, file.clone(), Some(json!({ "name": "别的.pdf", "size": 99 }))).await;
    }
    assert_eq!(w.count("select count(*) from uploads").await, 2);
    let wish = json!({ "reason": "不会用", "show_content": false });
    let noted = twice(&w, &zhao, &format!("/my/drafts/{draft}/offline"), wish, Some(json!({ "reason": "换个理由" }))).await;
    assert!(noted["number"].as_str().unwrap().starts_with("线下"), "{noted}");
    assert_eq!(w.count("select count(*) from offline_filings").await, 1);
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_filer_answers_is_answered_once() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let filing: Filed = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let items = json!([{ "step": "claims", "field": "/facts", "what": "事实不清", "where": "事实与理由", "cure": "写清时间" }]);
    clerk.returns(&filing, items).await.ok();
    let correct = format!("{}/correct", filing.path());
    let key = Uuid::new_v4();
    let first = zhao.ask(Method::POST, &correct).key(key).send().await.ok();
    assert_eq!(zhao.ask(Method::POST, &correct).key(key).send().await.ok()["id"], first["id"]);
    let other: Filed = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 2_000)).await;
    let withdraw = format!("{}/withdraw", other.path());
    w.leaves_no_trace("/withdraw");
    let version = zhao.reads(&other).await["version"].clone();
    let ask = || zhao.ask(Method::POST, &withdraw).key(key).version(&version).json(json!({ "reason": "双方已经和解" })).send();
    // a key stands for one intention at one place: here it was used for nothing yet
    let done = ask().await.ok();
    assert_eq!(ask().await.ok(), done);
    assert_eq!(done["state"], json!("withdrawn"));
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_gets_one_leaf_one_counsel_and_one_colleague_by_one_key() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let (lawyer, colleague) = (w.lawyer("李律", "鲁信所").await, w.lawyer("陈律", "鲁信所").await);
    let case = clerk.accepts(&zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await).await;
    let paper = clerk.uploads_alone("补充.pdf", &files::pdf(1, "more")).await.ok();
    let leaf = |title: &str| json!({ "file_id": paper["id"], "folder": 12, "volume": "main", "title": title });
    let leaves = || async { w.count("select count(*) from leaves where title = '补充'").await };
    twice(&w, &clerk, &format!("{}/leaves", case.path()), leaf("补充"), Some(leaf("别的"))).await;
    assert_eq!(leaves().await, 1);
    let shown = zhao.get(case.path()).await.ok();
    let own = shown["parties"].as_array().unwrap().iter().find(|p| p["own"] == true).unwrap()["id"].clone();
    let power = zhao.uploads_alone("授权委托书.pdf", &files::pdf(1, "power")).await.ok();
    let order = |power_of: &str| json!({ "party_id": own, "licence": lawyer.licence, "name": lawyer.name, "unit": lawyer.firm, "power": power_of, "file_ids": [power["id"]] });
    twice(&w, &zhao, &format!("{}/representatives", case.path()), order("general"), Some(order("special"))).await;
    assert_eq!(w.count("select count(*) from representatives").await, 1);
    let share = json!({ "licence": colleague.licence });
    twice(&w, &lawyer, &format!("{}/colleagues", case.path()), share, Some(json!({ "licence": "13701201310999999" }))).await;
    colleague.get(case.path()).await.ok();
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_up_whose_answer_was_lost_is_the_same_account() {
    let w = World::with(Wish { machine_clock: true, outside: true, ..Wish::default() }).await;
    let n = numbers::next();
    let (mobile, id_number) = (numbers::mobile(n), numbers::resident_id(n));
    w.nobody(Method::POST, "/account/codes").json(json!({ "mobile": mobile, "purpose": "sign_up" })).send().await.ok();
    let code = phone(&mobile, 0).await.remove(0)["params"]["code"].clone();
    let form = json!({ "mobile": mobile, "code": code, "password": "correct-horse-battery-7", "standing": "natural", "name": "赵文博", "id_type": "resident_id", "id_number": id_number });
    let key = Uuid::new_v4();
    let ask = |form: &Value, key: Uuid| w.nobody(Method::POST, "/account/sign-up").key(key).json(form.clone());
    let first = ask(&form, key).send().await;
    let again = ask(&form, key).send().await;
    assert_eq!(first.ok()["person_id"], again.ok()["person_id"]);
    assert_ne!(first.header("set-cookie"), again.header("set-cookie"), "each answer opens a session of its own");
    // whoever knows the key and not the password, or the words and not the key, is told what a stranger is told
    let mut guessed = form.clone();
    guessed["password"] = json!("correct-horse-battery-8");
    ask(&guessed, key).send().await.refused(422, "idempotency.reused");
    ask(&form, Uuid::new_v4()).send().await.refused(422, "account.code_wrong");
    assert_eq!(w.count("select count(*) from people where name = '赵文博'").await, 1);
    w.end().await;
}
