//! Services to three receivers while the worker is killed: all arrive, nothing twice, in order, certified.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use lianting::delivery::trail::{self, Head};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::kit::cluster::{MailServer, Platform, cluster};
use crate::kit::matter::{Docketed, known_by_number, loan};
use crate::kit::{LIXIA, Person, Wish, World, files};
use crate::story_service::{postal, quiet, text};
use crate::worker::{Worker, until_none};
use crate::{figure, insists};

/// A province with its receivers, and cases whose defendants agreed to one channel each.
pub struct Stage {
    pub w: Arc<World>,
    pub sms: std::net::SocketAddr,
    pub mail: MailServer,
    pub platform: Platform,
    pub clerk: Person,
    pub cases: Vec<Case>,
}

pub struct Case {
    pub case: Docketed,
    pub party: Value,
    pub defendant: Person,
    pub leaves: Vec<Uuid>,
}

const CHANNELS: [&str; 3] = ["sms", "email", "national_platform"];

impl Stage {
    pub async fn set(cases: usize, papers: usize) -> Self {
        let (sms, mail, platform) = (cluster().own_sms(), cluster().own_mail(), cluster().own_platform());
        let wish = Wish {
            machine_clock: true,
            outside: true,
            idle: true,
            sms: Some(sms),
            mail: Some(mail),
            platform: Some(platform),
            ..Wish::default()
        };
        let w = Arc::new(World::with(wish).await);
        let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
        let mut made = Vec::with_capacity(cases);
        for i in 0..cases {
            made.push(case(&w, &zhao, &clerk, CHANNELS[i % 3], papers, i).await);
            if i % 10 == 9 {
                println!("   {} cases of {cases}", i + 1);
            }
        }
        Self { w, sms, mail, platform, clerk, cases: made }
    }
}

async fn case(w: &World, zhao: &Person, clerk: &Person, channel: &str, papers: usize, i: usize) -> Case {
    let defendant = w.party("钱五").await;
    let case = clerk.accepts(&zhao.files(&loan(LIXIA, zhao, &known_by_number(&defendant), 1_000 + i as i64)).await).await;
    quiet(w).await;
    defendant.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(w).await;
    let shown = defendant.get(format!("{}/service-address", case.path())).await.ok();
    let party = shown["parties"][0]["party_id"].clone();
    let address = if channel == "email" { format!("d{i}@b.example") } else { defendant.mobile.clone() };
    let mut order =
        json!({ "party_id": party, "agrees": true, "postal": postal("钱五"), "told_version": shown["told_version"], "understood": true });
    order[channel] = json!(address);
    defendant.post(format!("{}/service-address", case.path()), order).await.ok();
    let file = clerk.uploads_alone("材料.jpg", &files::jpg(u8::try_from(i % 250).unwrap())).await.ok();
    let leaf = clerk
        .post(format!("{}/leaves", case.path()), json!({ "file_id": file["id"], "folder": 12, "volume": "main", "title": "材料" }))
        .await
        .ok();
    let sql = format!(
        "insert into leaves (court_id, case_id, leaf_id, n, folder, volume, title, doc_class, maker, made_at, media_type, size, pages, sha256, sm3, object_key, staff_only)
         select court_id, case_id, gen_random_uuid(), (select max(n) from leaves x where x.court_id = l.court_id and x.case_id = l.case_id) + i, folder, volume, '证据 ' || i, doc_class, maker, made_at,
           media_type, size, pages, sha256, sm3, object_key, staff_only from leaves l, generate_series(1, {papers}) i where leaf_id = '{}'",
        text(&leaf["id"])
    );
    w.run(&sql).await;
    let leaves = sqlx::query_scalar(AssertSqlSafe(format!(
        "select leaf_id from leaves where case_id = '{}' and title like '证据 %' order by n",
        case.id
    )))
    .fetch_all(&w.admin)
    .await
    .unwrap();
    Case { case, party, defendant, leaves }
}

/// What is still to arrive, or to be done.
pub const OPEN: &str = "select (select count(*) from service_recipients where answering and effect <> 'yes' and state <> 'cancelled')
  + (select count(*) from outbox where done_at is null and dead_at is null and not_before <= now() + interval '20 seconds' and topic <> 'delivery.look')
  + (select count(*) from papers where state = 'pending')";

pub async fn run() -> Value {
    let (n, kills) = (figure("PROVE_N", 300), figure("PROVE_KILLS", 10));
    let cases = (n / 50).clamp(3, 240).next_multiple_of(3);
    let stage = Stage::set(cases, n.div_ceil(cases)).await;
    let (w, since) = (stage.w.clone(), Instant::now());
    let worker = Worker::start(w.clone(), kills);
    let mut ordering = tokio::task::JoinSet::new();
    for case in &stage.cases {
        let (clerk, path, party, leaves) = (stage.clerk.clone(), case.case.path(), case.party.clone(), case.leaves.clone());
        ordering.spawn(async move {
            for leaf in leaves {
                let order = json!({ "papers": [{ "leaf_id": leaf, "paper_kind": "evidence" }], "recipients": [{ "party_id": party }] });
                insists(&clerk, reqwest::Method::POST, &format!("{path}/services"), Uuid::new_v4(), &order).await.ok();
            }
        });
        while ordering.len() >= 4 {
            ordering.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(done) = ordering.join_next().await {
        done.unwrap();
    }
    let ordered = since.elapsed().as_secs_f64();
    until_none(&w, "steps open", OPEN, &worker).await;
    let kills = worker.end().await;
    let seconds = since.elapsed().as_secs_f64();
    let tried = w.text("select coalesce(json_agg(x), '[]')::text from (select topic, last_error, count(*) as n from outbox where last_error is not null group by 1, 2) x").await;
    let mut found = witnesses(&stage).await;
    let (certificates, broken) = certificates(&stage).await;
    let services = w.count("select count(*) from services s where lead = 'evidence'").await;
    let dead = w.count("select count(*) from outbox where dead_at is not null").await;
    for (name, value) in
        [("services", json!(services)), ("kills", json!(kills)), ("ordered_in", json!(ordered)), ("served_in", json!(seconds))]
    {
        found[name] = value;
    }
    found["per_second"] = json!(services as f64 / seconds);
    let papers = w.count("select count(*) from papers where state = 'ready'").await;
    found["papers_set"] = json!(papers);
    found["certificates"] = json!({ "verified": certificates, "broken": broken });
    found["dead_letters"] = json!(dead);
    found["failed_once_or_more"] = serde_json::from_str(&tried).unwrap();
    let good = found["missing"] == 0 && found["duplicates"] == 0 && found["out_of_order"] == 0 && broken == 0 && dead == 0;
    found["holds"] = json!(good && services as usize >= n);
    found
}

/// What the receivers' own logs say of each sending.
async fn witnesses(stage: &Stage) -> Value {
    let sent: Vec<(Uuid, String, Uuid)> = sqlx::query_as(
        "select attempt_id, channel, case_id from service_attempts where purpose = 'service' and channel in ('sms', 'email', 'national_platform') order by attempt_id",
    )
    .fetch_all(&stage.w.admin)
    .await
    .unwrap();
    let phone: Value = reqwest::get(format!("http://{}/phone/messages", stage.sms)).await.unwrap().json().await.unwrap();
    let mail: Value = reqwest::get(format!("http://{}/mail?limit=20000", stage.mail.at)).await.unwrap().json().await.unwrap();
    let platform: Value = reqwest::get(format!("http://{}/deliveries?limit=50000", stage.platform.at)).await.unwrap().json().await.unwrap();
    let ids = |items: &Value, member: &str| -> Vec<Uuid> {
        let of = |i: &Value| i[member].as_str().unwrap_or_default().split('@').next().and_then(|id| id.parse().ok());
        items["items"].as_array().unwrap().iter().rev().filter_map(of).collect()
    };
    let logs =
        [("sms", ids(&phone, "message_id")), ("email", ids(&mail, "message_id")), ("national_platform", ids(&platform, "delivery_id"))];
    // the same papers for the same case under two numbers would be two services
    let mut contents = HashMap::<String, usize>::new();
    for d in platform["items"].as_array().unwrap() {
        *contents.entry(format!("{}{}", d["case_number"], d["documents"])).or_default() += 1;
    }
    for m in mail["items"].as_array().unwrap() {
        let known = m["message_id"].as_str().unwrap_or_default().to_owned();
        contents.entry(format!("{}{}{known}", m["to"], m["text"])).or_insert(1);
    }
    let twice = contents.values().filter(|n| **n > 1).count();
    let (mut missing, mut duplicates, mut out_of_order, mut repeats) = (0, twice, 0, 0);
    let mut arrived = BTreeMap::new();
    for (channel, log) in &logs {
        let own: Vec<&(Uuid, String, Uuid)> = sent.iter().filter(|(_, c, _)| c == channel).collect();
        let place: HashMap<Uuid, Uuid> = own.iter().map(|(id, _, case)| (*id, *case)).collect();
        let (mut seen, mut by_case) = (HashSet::new(), HashMap::<Uuid, Vec<Uuid>>::new());
        for id in log.iter().filter(|id| place.contains_key(id)) {
            if seen.insert(*id) {
                by_case.entry(place[id]).or_default().push(*id);
            } else if *channel == "email" {
                repeats += 1; // the same message under the same Message-ID: whoever got both knows
            } else {
                duplicates += 1;
            }
        }
        missing += own.len() - seen.len();
        out_of_order += by_case.values().filter(|ids| !ids.is_sorted()).count();
        arrived.insert(*channel, seen.len());
    }
    json!({ "arrived": arrived, "missing": missing, "duplicates": duplicates, "out_of_order": out_of_order, "mails_repeated_under_one_message_id": repeats })
}

/// Every certificate's trail, and of some the paper itself against its public code.
async fn certificates(stage: &Stage) -> (usize, usize) {
    let w = &stage.w;
    let rows: Vec<(Uuid, Uuid, i32, String, Uuid)> = sqlx::query_as(
        "select distinct on (service_id, recipient_id) service_id, recipient_id, trail_n, trail_hash, paper_id from service_certificates order by service_id, recipient_id, n desc",
    )
    .fetch_all(&w.admin)
    .await
    .unwrap();
    let (mut good, mut broken) = (0, 0);
    for (i, (service, recipient, n, hash, paper)) in rows.iter().enumerate() {
        let lines: Vec<String> =
            sqlx::query_scalar("select line from service_trail where service_id = $1 and recipient_id = $2 order by n")
                .bind(service)
                .bind(recipient)
                .fetch_all(&w.admin)
                .await
                .unwrap();
        let head = Head { lines: u64::try_from(*n).unwrap(), hash: hash.clone() };
        let trail = trail::verify_to(LIXIA, &format!("{service}/{recipient}"), &(lines.join("\n") + "\n"), &head).is_ok();
        let paper = i % 50 != 0 || is_true(stage, *paper).await;
        if trail && paper {
            good += 1;
        } else {
            broken += 1;
            println!("   certificate of {service} for {recipient}: trail {trail}, paper {paper}");
        }
    }
    let missing = w.text("select coalesce(json_agg(x), '[]')::text from (select r.service_id, s.lead, s.purpose, r.state, r.effect, r.row_code, r.served_at, (select json_agg(json_build_object('channel', a.channel, 'standing', a.standing, 'consent', a.consent, 'purpose', a.purpose)) from service_attempts a where a.service_id = r.service_id and a.recipient_id = r.recipient_id) as attempts from service_recipients r join services s on s.court_id = r.court_id and s.service_id = r.service_id where r.effect = 'yes' and not exists (select 1 from service_certificates c where c.service_id = r.service_id and c.recipient_id = r.recipient_id) limit 20) x").await;
    if missing != "[]" {
        println!("   served without a certificate: {missing}");
    }
    let without = w.count("select count(*) from service_recipients r where r.effect = 'yes' and not exists (select 1 from service_certificates c where c.service_id = r.service_id and c.recipient_id = r.recipient_id)").await;
    (good, broken + usize::try_from(without).unwrap())
}

/// The code printed on it leads to it, and the bytes are those it names.
async fn is_true(stage: &Stage, paper: Uuid) -> bool {
    let w = &stage.w;
    let code = w.text(&format!("select verify_code from papers where paper_id = '{paper}'")).await;
    let verdict = w.nobody(reqwest::Method::GET, format!("/papers/verify?code={code}")).send().await.ok();
    let content = stage.clerk.get(format!("/courts/{LIXIA}/papers/{paper}/content")).await;
    let digest = hex::encode(Sha256::digest(content.content()));
    verdict["found"] == true && verdict.to_string().contains(&digest)
}
