//! 程序接入: a law firm's software takes a token, reads and files in one person's name, and hears by signed webhooks
//! what happens in that person's matters: once, thin, and nothing of anybody else's.

use std::sync::{Arc, Mutex};

use base64::Engine;
use lianting::software::post::signature;
use poem::http::StatusCode;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{EndpointExt, Request, Route};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guardian_walk::operations;
use crate::kit::matter::{known_by_name, loan};
use crate::kit::{LIXIA, Person, World};
use crate::story_service::quiet;

const ALL: [&str; 4] = ["cases.read", "inbox.read", "filings.read", "filings.write"];

async fn registers(who: &Person, scopes: &[&str]) -> (String, String) {
    let made = who.post("/my/api-clients", json!({ "name": "所内办案系统", "scopes": scopes })).await.ok();
    (made["client"]["client_id"].as_str().unwrap().into(), made["secret"].as_str().unwrap().into())
}

fn form(id: &str, secret: &str) -> String {
    format!("grant_type=client_credentials&client_id={id}&client_secret={secret}")
}

async fn asks_token(w: &World, form: String) -> crate::kit::Answer {
    w.nobody(Method::POST, "/oauth/token").bytes(form, "application/x-www-form-urlencoded").send().await
}

async fn program(w: &World, who: &Person, scopes: &[&str]) -> Person {
    let (id, secret) = registers(who, scopes).await;
    let token = asks_token(w, form(&id, &secret)).await.ok();
    assert_eq!((token["token_type"].as_str(), token["expires_in"].as_i64()), (Some("Bearer"), Some(3600)));
    Person { token: token["access_token"].as_str().unwrap().into(), ..who.clone() }
}

// proves: B68
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_works_in_its_owners_name_and_does_nothing_that_binds() {
    let w = World::with(crate::kit::Wish { outside: true, machine_clock: true, ..Default::default() }).await;
    let zhao = w.party("赵文博").await;
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("李明"), 100_000)).await;

    let reader = program(&w, &zhao, &["filings.read"]).await;
    assert_eq!(reader.reads(&filing).await["state"], "submitted");
    reader.post("/my/drafts", json!({ "kind": "civil" })).await.refused(403, "client.scope");
    reader.get("/my/cases").await.refused(403, "client.scope");
    reader.get("/account").await.refused(403, "client.scope");
    let writer = program(&w, &zhao, &ALL).await;
    writer.files(&loan(LIXIA, &zhao, &known_by_name("王强"), 50_000)).await;
    writer.get("/my/cases").await.ok();
    // it cannot make another program, nor see its owner's
    writer.get("/my/api-clients").await.refused(403, "client.scope");
    w.end().await;
}

// proves: B68
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_given_for_the_secret_and_for_one_hour() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let key = Uuid::new_v4();
    let order = json!({ "name": "办案系统", "scopes": ["cases.read", "inbox.read"] });
    let ask = || zhao.ask(Method::POST, "/my/api-clients").json(order.clone()).key(key).send();
    let (first, second) = (ask().await.ok(), ask().await.ok());
    w.leaves_no_trace("POST /my/api-clients"); // a repetition changes nothing
    assert_eq!(first, second, "asked twice, made once");
    let (id, secret) = (first["client"]["client_id"].as_str().unwrap(), first["secret"].as_str().unwrap());
    assert!(!zhao.get("/my/api-clients").await.text().contains(secret));

    // by form and by header, whole or in part
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
    let less = w.nobody(Method::POST, "/oauth/token").header("authorization", format!("Basic {basic}"));
    let less = less.bytes("grant_type=client_credentials&scope=inbox.read", "application/x-www-form-urlencoded").send().await.ok();
    assert_eq!(less["scope"], "inbox.read");
    let token = asks_token(&w, form(id, secret)).await.ok();
    let program = Person { token: token["access_token"].as_str().unwrap().into(), ..zhao.clone() };
    program.get("/my/cases").await.ok();
    Person { token: less["access_token"].as_str().unwrap().into(), ..zhao.clone() }.get("/my/cases").await.refused(403, "client.scope");

    // what is wrong is not said
    let wrong = asks_token(&w, form(id, "no-such-secret")).await;
    let unknown = asks_token(&w, form(&Uuid::new_v4().to_string(), secret)).await;
    wrong.refused(401, "client.refused");
    assert_eq!(wrong.bare(), unknown.bare());
    asks_token(&w, format!("{}&scope=filings.write", form(id, secret))).await.refused(422, "client.scope_unknown");
    asks_token(&w, form(id, secret).replace("client_credentials", "password")).await.refused(422, "client.grant_type");

    // a program's sessions are not among the person's own, and its token ends with the hour
    assert_eq!(zhao.get("/account/sessions").await.ok()["items"].as_array().unwrap().len(), 1);
    w.turn_to(w.now() + chrono::TimeDelta::minutes(61)).await;
    program.get("/my/cases").await.refused(401, "session.missing");
    let token = asks_token(&w, form(id, secret)).await.ok();
    let program = Person { token: token["access_token"].as_str().unwrap().into(), ..zhao.clone() };
    program.get("/my/cases").await.ok();
    zhao.delete(format!("/my/api-clients/{id}")).await.ok();
    program.get("/my/cases").await.refused(401, "session.missing");
    asks_token(&w, form(id, secret)).await.refused(401, "client.refused");
    w.end().await;
}

/// Whatever a program may do is named in the scopes: with all of them it is still refused everything else, each time
/// before anything is looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_scope_names_is_refused_to_programs() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let all = program(&w, &zhao, &ALL).await;
    let mut open = Vec::new();
    for o in operations() {
        let mut path = o.path.clone();
        while let Some((head, rest)) = path.clone().split_once('{') {
            let (name, tail) = rest.split_once('}').unwrap();
            path = format!("{head}{}{tail}", if name == "court" { "370102".into() } else { Uuid::nil().to_string() });
        }
        let answer = all.ask(o.method.clone(), path).send().await;
        if answer.status != 403 || answer.value()["code"] != "client.scope" {
            open.push(o.id.clone());
        }
    }
    open.sort();
    open.dedup();
    let document: Value = serde_json::from_str(&lianting::http::api().spec()).unwrap();
    let needs_person = |id: &str| {
        let all = document["paths"].as_object().unwrap().values().flat_map(|p| p.as_object().unwrap().values());
        all.clone().any(|o| o["operationId"] == id && o.get("security").is_some())
    };
    open.retain(|id| needs_person(id));
    let expected = include_str!("programs.txt").lines().filter(|l| !l.starts_with('#')).collect::<Vec<_>>();
    assert_eq!(open, expected, "tests/it/programs.txt names every door that is open to a program");
    w.end().await;
}

/// What came to a listening program.
#[derive(Clone, Debug)]
struct Came {
    id: String,
    timestamp: i64,
    signature: String,
    body: Vec<u8>,
}

impl Came {
    fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A program that listens, and answers as it is told.
struct Listening {
    url: String,
    came: Arc<Mutex<Vec<Came>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

async fn listening() -> Listening {
    let (came, answers) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::<u16>::new())));
    let (log, next) = (came.clone(), answers.clone());
    let hear = poem::endpoint::make(move |mut request: Request| {
        let (log, next) = (log.clone(), next.clone());
        async move {
            let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
            let (id, timestamp, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
            let body = request.take_body().into_vec().await.unwrap();
            log.lock().unwrap().push(Came { id, timestamp: timestamp.parse().unwrap(), signature, body });
            StatusCode::from_u16(next.lock().unwrap().pop().unwrap_or(204)).unwrap()
        }
    });
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
    let port = *acceptor.local_addr()[0].as_socket_addr().unwrap();
    let app = Route::new().at("/hear", hear).map_to_response();
    tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(app));
    Listening { url: format!("http://{port}/hear"), came, answers }
}

impl Listening {
    fn all(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    fn of(&self, topic: &str) -> Vec<Value> {
        self.all().iter().map(Came::value).filter(|v| v["type"] == topic).collect()
    }

    async fn waits_for(&self, topic: &str, n: usize) -> Vec<Value> {
        for _ in 0..400 {
            if self.of(topic).len() >= n {
                return self.of(topic);
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{n} × {topic} never came; there were {:?}", self.all().iter().map(|c| c.value()["type"].clone()).collect::<Vec<_>>());
    }
}

async fn listens(who: &Person, at: &Listening, topics: &[&str]) -> (String, String) {
    let made = who.post("/my/webhooks", json!({ "url": at.url, "topics": topics })).await.ok();
    (made["webhook"]["hook_id"].as_str().unwrap().into(), made["secret"].as_str().unwrap().into())
}

// proves: B68
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn software_hears_of_a_matter_once_signed_and_thin() {
    let w = World::with(crate::kit::Wish { outside: true, machine_clock: true, ..Default::default() }).await;
    let (zhao, stranger) = (w.party("赵文博").await, w.party("孙某某").await);
    let (ears, strangers_ears) = (listening().await, listening().await);
    let topics = ["filing.act", "case.act", "service.announced", "service.effect"];
    let (hook, secret) = listens(&zhao, &ears, &topics).await;
    listens(&stranger, &strangers_ears, &topics).await;

    // the first answer is a fault: the same event comes again, and is the same
    ears.answers.lock().unwrap().push(503);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("李明"), 100_000)).await;
    let sent = ears.waits_for("filing.act", 2).await;
    assert_eq!((sent[0]["id"].clone(), sent[0]["subject"]["id"].clone()), (sent[1]["id"].clone(), json!(filing.id)));

    let clerk = w.clerk(LIXIA).await;
    let case = clerk.accepts(&filing).await;
    quiet(&w).await;
    let announced = ears.waits_for("service.announced", 1).await;
    assert_eq!(announced[0]["subject"]["number"], json!(case.number));
    let inbox = zhao.get("/my/inbox").await.ok();
    let item = &inbox["items"][0];
    let (service, recipient) = (item["service_id"].as_str().unwrap(), item["recipient_id"].as_str().unwrap());
    zhao.get(format!("/courts/{LIXIA}/inbox/{service}/{recipient}/papers/1/content")).await.content();
    zhao.put(format!("/courts/{LIXIA}/inbox/{service}/{recipient}/received"), json!({})).await.ok();
    quiet(&w).await;
    let effect = ears.waits_for("service.effect", 1).await;
    let told = &effect.iter().find(|e| e["data"]["recipient_id"] == recipient).unwrap()["data"];
    let shown = &zhao.get("/my/inbox").await.ok()["items"][0];
    assert_eq!((&told["effect"], &told["served_day"]), (&shown["effect"], &shown["served_day"]), "what the pages show");
    assert!(told["article"].is_string() && told["served_at"].is_string());

    for came in ears.all() {
        assert_eq!(
            Some(&came.signature),
            signature(&secret, &came.id, came.timestamp, &came.body).as_ref(),
            "signed over id, time and body"
        );
        assert_eq!(came.value()["id"], json!(came.id));
        let text = String::from_utf8(came.body.clone()).unwrap();
        for private in ["赵文博", "李明", &zhao.mobile, &zhao.id_number] {
            assert!(!text.contains(private), "{text}");
        }
    }
    assert!(strangers_ears.all().is_empty(), "nobody else's matter");
    let log = zhao.get(format!("/my/webhooks/{hook}/deliveries")).await.ok();
    let log = log["items"].as_array().unwrap();
    assert!(log.iter().all(|d| d["state"] == "delivered"), "{log:?}");
    assert_eq!(log.last().unwrap()["tries"], 2, "the first one was tried twice");
    // each event came once, but for the one that was refused at first
    let ids: Vec<String> = ears.all().iter().map(|c| c.id.clone()).collect();
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), log.len()), (distinct.len() + 1, distinct.len()));
    w.end().await;
}

// proves: B68
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_gone_is_told_no_more_until_its_owner_says_so() {
    let w = World::new().await;
    let (zhao, other) = (w.party("赵文博").await, w.party("钱多多").await);
    let ears = listening().await;
    let (hook, _) = listens(&zhao, &ears, &["case.act"]).await;
    let at = |rest: &str| format!("/my/webhooks/{hook}{rest}");
    for (method, rest) in [(Method::POST, "/test"), (Method::POST, "/resume"), (Method::GET, "/deliveries"), (Method::DELETE, "")] {
        other.ask(method, at(rest)).send().await.refused(404, "not_found");
    }
    ears.answers.lock().unwrap().push(410);
    let ping = zhao.post(at("/test"), json!({})).await.ok();
    ears.waits_for("ping", 1).await;
    quiet(&w).await;
    let seen = &zhao.get("/my/webhooks").await.ok()["items"][0];
    assert_eq!((&seen["state"], &seen["paused_reason"]), (&json!("paused"), &json!("gone")));
    assert_eq!(w.count("select count(*) from outbox where topic = 'sms.send'").await, 1, "its owner is told");
    zhao.post(at("/test"), json!({})).await.ok();
    quiet(&w).await;
    assert_eq!(ears.all().len(), 1, "paused: nothing leaves");
    assert_eq!(zhao.post(at("/resume"), json!({})).await.ok()["state"], "active");
    let again = zhao.post(at(&format!("/deliveries/{}/again", ping["event_id"].as_str().unwrap())), json!({})).await.ok();
    assert_eq!(again["state"], "waiting");
    ears.waits_for("ping", 2).await;
    quiet(&w).await;
    let log = zhao.get(at("/deliveries")).await.ok();
    let first = log["items"].as_array().unwrap().iter().find(|d| d["event_id"] == ping["event_id"]).unwrap().clone();
    assert_eq!(first["state"], "delivered");
    assert_eq!(ears.all()[0].id, ears.all()[1].id, "the same event, by its id");
    // an address inside the house is refused where the house does not allow it; a broken one everywhere
    zhao.post("/my/webhooks", json!({ "url": "ftp://example.com", "topics": ["case.act"] })).await.refused(422, "webhook.url");
    zhao.delete(at("")).await.ok();
    zhao.get(at("/deliveries")).await.refused(404, "not_found");
    w.end().await;
}

/// Where an address of ours leads, without its host.
fn path_of(url: &Value) -> String {
    url.as_str().unwrap().split_once("/api").unwrap().1.to_owned()
}

// proves: N18
/// Everything a firm's software needs, by documented doors alone: what the court takes, filing, what is served, the papers
/// by addresses that stay good for days, the calendar, and a word when something happens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn software_files_and_is_served_without_reading_a_page() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    // what this court takes, for anybody; and it is what the checks hold a filing to
    let policy = w.nobody(Method::GET, format!("/courts/{LIXIA}/filing-policy")).send().await.ok();
    w.nobody(Method::GET, "/courts/999999/filing-policy").send().await.refused(404, "not_found");
    let lists = |at: &str, what: &str| policy.pointer(at).unwrap().as_array().unwrap().iter().any(|v| v == what);
    assert!(policy["open"] == json!(true) && lists("/kinds", "civil") && lists("/uploads/types", "application/pdf"), "{policy:#}");
    assert!(lists("/service_channels", "inbox") && policy["version"].as_i64().unwrap() > 0, "{policy:#}");
    let document: Value = serde_json::from_str(&lianting::http::api().spec()).unwrap();
    for (name, door) in policy["doors"].as_object().unwrap().iter().filter(|(_, d)| d.is_string() && *d != "/openapi.json") {
        assert!(document["paths"].get(door.as_str().unwrap()).is_some(), "{name}: {door} is in the document");
    }
    let causes = policy["causes"].as_array().unwrap().iter().find(|c| c["domain"] == "civil").unwrap();
    let found = w.nobody(Method::GET, format!("{}&q=%E6%B0%91%E9%97%B4%E5%80%9F%E8%B4%B7", causes["search"].as_str().unwrap()));
    assert_eq!(found.send().await.ok()["items"][0]["edition"], causes["edition"]);
    let form = policy["forms"].as_array().unwrap()[0]["schema"].as_str().unwrap().to_owned();
    assert!(w.nobody(Method::GET, form).send().await.ok()["schema"].is_object());
    let fee = format!("{}&kind=property_acceptance&amount=100000", policy["fees"]["calculator"].as_str().unwrap());
    assert_eq!(w.nobody(Method::GET, fee).send().await.ok()["fee"], json!("2300.00"));
    let most = policy["uploads"]["max_bytes"].as_i64().unwrap();

    // it is allowed in, files, and hears
    let software = program(&w, &zhao, &ALL).await;
    let ears = listening().await;
    listens(&zhao, &ears, &["filing.act", "service.announced"]).await;
    let draft = software.post("/my/drafts", json!({ "kind": "civil" })).await.ok();
    let too_large = json!({ "name": "太大.pdf", "size": most + 1 });
    let refused = software.post(format!("/my/drafts/{}/files", draft["id"].as_str().unwrap()), too_large).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let filing = software.files(&loan(LIXIA, &zhao, &known_by_name("李明"), 100_000)).await;
    ears.waits_for("filing.act", 1).await;
    let case = w.clerk(LIXIA).await.accepts(&filing).await;
    quiet(&w).await;
    let told = ears.waits_for("service.announced", 1).await;
    assert_eq!(told[0]["subject"]["number"], json!(case.number));

    // what is served, and its papers: addresses that need no session and last for days
    let inbox = software.get("/my/inbox").await.ok();
    let item = &inbox["items"][0];
    let at = format!("/courts/{LIXIA}/inbox/{}/{}", item["service_id"].as_str().unwrap(), item["recipient_id"].as_str().unwrap());
    let stranger = program(&w, &w.party("孙某某").await, &ALL).await;
    stranger.post(format!("{at}/links"), json!(null)).await.refused(404, "not_found");
    let reader = program(&w, &zhao, &["cases.read"]).await;
    reader.post(format!("{at}/links"), json!(null)).await.refused(403, "client.scope");
    let links = software.post(format!("{at}/links"), json!(null)).await.ok();
    assert_eq!(
        software.post(format!("{at}/links"), json!(null)).await.ok()["items"].as_array().unwrap().len(),
        links["items"].as_array().unwrap().len()
    );
    w.leaves_no_trace("/links"); // asked again, nothing changes
    assert_eq!(w.count("select count(*) from service_events where what = 'downloaded'").await, 1, "written down, once");
    let papers = links["items"].as_array().unwrap().clone();
    assert!(!papers.is_empty());
    let began = w.now();
    for hours in [0, 3, 6 * 24] {
        w.turn_to(began + chrono::TimeDelta::hours(hours)).await;
        for paper in &papers {
            let got = w.nobody(Method::GET, path_of(&paper["url"])).send().await;
            assert_eq!(got.status, 200, "after {hours} hours");
            assert_eq!(paper["sha256"], json!(hex::encode(lianting::kit::seal::sha256(got.content()))), "the very bytes that were served");
        }
    }
    // its own token is over after an hour, and another is asked for
    software.get("/my/inbox").await.refused(401, "session.missing");
    let forged = path_of(&papers[0]["url"]).replacen("/content", "A/content", 1);
    w.nobody(Method::GET, forged).send().await.refused(404, "not_found");
    w.turn_to(began + chrono::TimeDelta::days(8)).await;
    w.nobody(Method::GET, path_of(&papers[0]["url"])).send().await.refused(404, "not_found");

    // the calendar
    let feed = zhao.put("/my/inbox/feed", json!(null)).await.ok();
    let ics = w.nobody(Method::GET, path_of(&feed["url"])).send().await.text();
    assert!(ics.starts_with("BEGIN:VCALENDAR") && ics.contains("BEGIN:VEVENT"), "{ics}");
    w.end().await;
}
