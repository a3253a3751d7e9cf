//! A province with a matter of every kind in two courts, for the guardians: who may see what. Every text that could
//! leak carries the canary of its court. Owns nothing else; made through the doors a person uses.

use std::collections::BTreeMap;

use lianting::kit::seal::{Owner, Place};
use serde_json::{Value, json};

use super::matter::{Docketed, Filed, known_by_name, known_by_number, loan};

use super::{LIXIA, Person, SHIZHONG, World, files};

/// A sign that must never be seen outside its court: it is in names, facts, titles and file names.
pub fn canary(court: i32) -> String {
    format!("雀{court}")
}

/// The ids of one matter, as paths name them.
pub type Ids = BTreeMap<&'static str, String>;

/// Clerks who are none any more, and by what: they stay signed in.
const ENDED: [(&str, &str); 4] = [
    ("clerk_suspended", "role_grants set suspended_at = now()"),
    ("clerk_revoked", "role_grants set revoked_at = now()"),
    ("clerk_expired", "sessions set expires_at = created_at"),
    ("clerk_blocked", "people set state = 'suspended'"),
];

/// The province.
pub struct Seeded {
    pub w: World,
    /// By label: the twelve roles at 历下, `clerk_one_factor`, clerks who are none any more, and `stranger`, who has an account and nothing else.
    pub people: BTreeMap<&'static str, Person>,
    /// In which party, lawyer, legal worker and clerk take part.
    pub own: Ids,
    /// Of other people, at the same court.
    pub other: Ids,
    /// Of other people, at the same court, sealed.
    pub sealed: Ids,
    /// At another court.
    pub foreign: Ids,
}

async fn draft_with_files(who: &Person, court: i32, defendant: &Value) -> (String, String) {
    let mut content = loan(court, who, defendant, 1_000);
    content["facts"] = json!(format!("{}：借款到期未还。", canary(court)));
    let draft = who.drafts(&content).await;
    let file = who
        .uploads(&draft, &format!("{}借条.jpg", canary(court)), &files::jpg(u8::try_from(super::numbers::next() % 250).unwrap()))
        .await
        .ok();
    let id = file["id"].as_str().unwrap().to_owned();
    who.types(&draft, &json!({ "evidence": [{ "id": "e1", "name": format!("{}借条", canary(court)), "source": "原告", "purpose": "证明借款", "kind": "documentary", "file_ids": [id] }] })).await;
    (draft, id)
}

/// A paper the court once dressed by itself, and a draft of the next.
async fn styles(w: &World, court: i32, by: &Person) {
    let (who, sings) = (by.id, canary(court));
    w.run(&format!(
        "insert into paper_styles (court_id, template, version, source, reason, published_at, published_by, by_name, ended_at, end_reason)
           values ({court}, 'summons', 1, '// {sings}', '{sings}', now(), '{who}', '{sings}', now(), '{sings}') on conflict do nothing;
         insert into paper_style_drafts (court_id, template, source, version, changed_at, changed_by) values ({court}, 'summons', '// {sings}', 1, now(), '{who}') on conflict do nothing"
    ))
    .await;
}

/// A program, an address that hears of nothing, and an event it did not take.
async fn software(w: &World, court: i32, party: &Person) -> (String, String, String) {
    let client = party.post("/my/api-clients", json!({ "name": canary(court), "scopes": ["cases.read"] })).await.ok();
    let url = format!("http://127.0.0.1:9/{}", canary(court));
    let hook = party.post("/my/webhooks", json!({ "url": url, "topics": ["ping"] })).await.ok();
    let id = |v: &Value| v.as_str().unwrap().to_owned();
    let (client, hook, event) = (id(&client["client"]["client_id"]), id(&hook["webhook"]["hook_id"]), uuid::Uuid::new_v4().to_string());
    w.run(&format!(
        "insert into webhook_deliveries (person_id, hook_id, event_id, topic, body, state, error, created_at)
         values ('{}', '{hook}', '{event}', 'ping', '', 'failed', '{}', now())",
        party.id,
        canary(court)
    ))
    .await;
    (client, hook, event)
}

/// One of everything that has to do with the fee of a case: an order, a refund and a relief to decide, a transfer.
async fn money(w: &World, court: i32, case: &Docketed, party: &Person) -> (String, String, String, String, String) {
    let fees = party.get(format!("{}/fees", case.path())).await.ok();
    let bill = fees["bills"][0]["id"].as_str().unwrap().to_owned();
    let [order, refund, relief, transfer] = std::array::from_fn(|_| uuid::Uuid::now_v7().to_string());
    let (person, sings) = (party.id, canary(court));
    w.run(&format!(
        "insert into fee_orders (court_id, order_id, bill_id, person_id, channel, form, order_no, total_fen, state, made_at, expires_at)
           values ({court}, '{order}', '{bill}', '{person}', 'wechat', 'native', '{court}{order}', 100, 'closed', now(), now());
         insert into fee_refunds (court_id, refund_id, bill_id, refund_no, fen, ground, reason, state, asked_at)
           values ({court}, '{refund}', '{bill}', 'R{refund}', 100, 'other', '{sings}', 'asked', now());
         insert into fee_transfers (court_id, transfer_id, received_on, fen, reference, remark, entered_by, entered_at)
           values ({court}, '{transfer}', current_date, 100, '{transfer}', '{sings}', '{person}', now());
         insert into fee_differences (court_id, day, order_no, what, found_at) values ({court}, current_date, '{sings}{order}', 'amount', now());
         insert into fee_notifications (court_id, notification_id, taken_at) values ({court}, '{order}', now());"
    ))
    .await;
    let grounds = w
        .app
        .seal
        .seal(Owner::Court(court), Place("fee_reliefs", "grounds", &relief.parse::<uuid::Uuid>().unwrap()), sings.as_bytes())
        .unwrap();
    sqlx::query("insert into fee_reliefs (court_id, relief_id, bill_id, person_id, kind, grounds, state, asked_at) values ($1, $2::uuid, $3::uuid, $4, 'defer', $5, 'asked', now())")
        .bind(court)
        .bind(&relief)
        .bind(&bill)
        .bind(person)
        .bind(grounds)
        .execute(&w.admin)
        .await
        .unwrap();
    (bill, order, refund, relief, transfer)
}

/// One of everything at a court: a filing under review, a case with its file, drafts and uploads of its party.
async fn matter(w: &World, court: i32, party: &Person, lawyer: Option<&Person>, clerk: &Person, judge: &Person) -> Ids {
    let defendant = known_by_number(&w.party(&format!("{}被告", canary(court))).await);
    let (draft, _) = draft_with_files(party, court, &defendant).await;
    let filing: Filed = super::matter::filed(&party.sends(&draft, uuid::Uuid::new_v4()).await.ok());
    let (draft, _) = draft_with_files(party, court, &known_by_name("第二被告")).await;
    let accepted = super::matter::filed(&party.sends(&draft, uuid::Uuid::new_v4()).await.ok());
    let case: Docketed = clerk.accepts(&accepted).await;
    let shown = party.get(case.path()).await.ok();
    let own_party = shown["parties"].as_array().unwrap().iter().find(|p| p["own"] == true).unwrap()["id"].clone();
    if let Some(lawyer) = lawyer {
        crate::story_filing::engage(party, &case.path(), lawyer).await;
    }
    let secret = judge.uploads_alone(&format!("{}评议.pdf", canary(court)), &files::pdf(1, "minutes")).await.ok();
    let folder = (1..99).find(|n| w.app.reference.folder("civil", "secret", *n).is_some()).unwrap();
    let secret = judge
        .post(
            format!("{}/leaves", case.path()),
            json!({ "file_id": secret["id"], "folder": folder, "volume": "secret", "title": format!("{}评议", canary(court)) }),
        )
        .await
        .ok();
    let file = clerk.get(format!("{}/file", case.path())).await.ok();
    let leaf = file["folders"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|f| f["leaves"].as_array().unwrap())
        .find(|l| l["media_type"] == "image/jpeg")
        .unwrap();
    let (open_draft, open_file) = draft_with_files(party, court, &known_by_name("第三被告")).await;
    party.post(format!("/my/drafts/{open_draft}/offline"), json!({ "reason": canary(court), "show_content": true })).await.ok();
    let offline = clerk.get(format!("/courts/{court}/offline")).await.ok()["items"][0]["id"].clone();
    let upload = party.post(format!("/my/drafts/{open_draft}/files"), json!({ "name": "未传完.pdf", "size": 99 })).await.ok();
    let confirmed = party.confirms(&open_draft).await.to_string();
    let view = party.post("/my/views", json!({ "name": canary(court), "query": {} })).await.ok();
    let (client, hook, event) = software(w, court, party).await;
    styles(w, court, clerk).await;
    let account = party.get("/account").await.ok();
    let representative = party.get(case.path()).await.ok()["parties"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|p| p["representatives"].as_array().unwrap().clone())
        .next();
    let (bill, order, refund, relief, transfer) = money(w, court, &case, party).await;
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let seen = party.reads(&filing).await;
    let case_id = case.id.clone();
    let served = served(w, court, &case).await;
    let clocks = clocks(w, court, &case_id, party).await;
    let appeal = appealed(w, court, &case_id, party).await;
    BTreeMap::from([
        ("appeal", appeal.to_string()),
        ("clock", clocks[0].to_string()),
        ("fact", clocks[1].to_string()),
        ("excuse", clocks[2].to_string()),
        ("outage", clocks[3].to_string()),
        ("court", court.to_string()),
        ("filing", filing.id),
        ("case", case.id),
        ("file", text(&seen["files"][0]["id"])),
        ("paper", text(&filing.receipt["paper_id"])),
        ("leaf", text(&leaf["id"])),
        ("secret_leaf", text(&secret["id"])),
        ("party", text(&own_party)),
        ("representative", representative.map_or_else(|| uuid::Uuid::nil().to_string(), |r| text(&r["id"]))),
        ("draft", open_draft),
        ("confirmed", confirmed),
        ("draft_file", open_file),
        ("offline", text(&offline)),
        ("upload", text(&upload["id"])),
        ("view", text(&view["id"])),
        ("client", client),
        ("hook", hook),
        ("event", event),
        ("proof", text(&account["proofs"][0]["id"])),
        ("bill", bill),
        ("order", order),
        ("refund", refund),
        ("relief", relief),
        ("transfer", transfer),
        ("person", clerk.id.to_string()),
        ("own_person", party.id.to_string()),
        ("service", served[0].to_string()),
        ("recipient", served[1].to_string()),
        ("served_paper", served[2].to_string()),
        ("task", served[3].to_string()),
        ("rebuttal", served[4].to_string()),
        ("address", served[5].to_string()),
    ])
}

/// The first service on a case's own side: service, recipient, a paper of it; a task of the other side's; and a rebuttal;
/// and where it was sent.
async fn served(w: &World, court: i32, case: &Docketed) -> [uuid::Uuid; 6] {
    let case: uuid::Uuid = case.id.parse().unwrap();
    let sql = "select r.service_id, r.recipient_id, p.paper_id, (select task_id from service_tasks t where t.case_id = r.case_id limit 1), a.attempt_id, a.address_id
         from service_recipients r join service_papers p using (court_id, service_id) join service_attempts a using (court_id, service_id, recipient_id)
        where r.case_id = $1 and r.effect = 'yes' and p.paper_id is not null and a.purpose = 'service' limit 1";
    let row: [uuid::Uuid; 6] = loop {
        w.work().await;
        if let Some(row) = sqlx::query(sql).bind(case).fetch_optional(&w.admin).await.unwrap() {
            break std::array::from_fn(|i| sqlx::Row::get(&row, i));
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let id = uuid::Uuid::new_v4();
    let account = w.app.seal.seal(Owner::Court(court), Place("service_rebuttals", "account", &id), canary(court).as_bytes()).unwrap();
    sqlx::query("insert into service_rebuttals values ($1, $2, $3, $4, $5, 'system_error', $6, '{}', 'open', $4, now())")
        .bind(court)
        .bind(row[0])
        .bind(row[1])
        .bind(id)
        .bind(row[4])
        .bind(account)
        .execute(&w.admin)
        .await
        .unwrap();
    [row[0], row[1], row[2], row[3], id, row[5]]
}

/// What bears on the clocks of a case: one of its clocks, days not counted, an application, an outage of the court.
async fn clocks(w: &World, court: i32, case: &str, party: &Person) -> [uuid::Uuid; 4] {
    let clock: uuid::Uuid = sqlx::query_scalar("select k.clock_id from case_clocks k join case_people p using (court_id, case_id, party_id) where k.case_id = $1::uuid and p.person_id = $2 order by k.key limit 1")
        .bind(case)
        .bind(party.id)
        .fetch_one(&w.admin)
        .await
        .unwrap();
    let [fact, excuse, outage, moved, change] = std::array::from_fn(|_| uuid::Uuid::now_v7());
    let (person, sings) = (party.id, canary(court));
    let own = format!("(select party_id from case_clocks where clock_id = '{clock}')");
    w.run(&format!(
        "insert into clock_facts (court_id, case_id, fact_id, kind, ground, from_on, reason, set_by, set_name, set_at)
           values ({court}, '{case}', '{fact}', 'not_counted', 'appraisal', '2026-11-23', '{sings}', '{person}', '{sings}', now());
         insert into outages (court_id, outage_id, scope, parts, from_at, found_by, reason, reason_en, entered_at)
           values ({court}, '{outage}', 'court', array['filing'], '2026-11-22T23:00:00Z', 'person', '机房断电', 'power cut', '2026-11-23T00:00:00Z');
         insert into clock_moves (court_id, move_id, at, kind, subject_id, case_id, party_id, key, from_at, to_at, reason, cause_id, text, text_en)
           values ({court}, '{moved}', now(), 'clock', '{clock}', '{case}', {own}, 'evidence_summary', now(), now(), 'calendar', '{change}', '{sings}', '{sings}');
         insert into claim_changes (court_id, case_id, change_id, from_fen, to_fen, in_time, reason, set_by, set_at)
           values ({court}, '{case}', '{change}', 1, 2, true, '{sings}', '{person}', now())"
    ))
    .await;
    let grounds = w.app.seal.seal(Owner::Court(court), Place("clock_excuses", "grounds", &excuse), sings.as_bytes()).unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "insert into clock_excuses (court_id, case_id, excuse_id, clock_id, party_id, person_id, asked_name, grounds, obstacle_ended, apply_by, late, state, asked_at)
           values ({court}, '{case}', '{excuse}', '{clock}', {own}, '{person}', '{sings}', $1, '2026-11-22', '2026-12-02', false, 'asked', now())"
    )))
    .bind(grounds)
    .execute(&w.admin)
    .await
    .unwrap();
    [clock, fact, excuse, outage]
}

/// An appeal of the case's own side, not sent up yet.
async fn appealed(w: &World, court: i32, case: &str, party: &Person) -> uuid::Uuid {
    let id = uuid::Uuid::now_v7();
    let said = json!({ "claims": ["撤销一审判决"], "reasons": canary(court) }).to_string();
    let content = w.app.seal.seal(Owner::Court(court), Place("appeals", "content", &id), said.as_bytes()).unwrap();
    sqlx::query(
        "insert into appeals (court_id, case_id, appeal_id, party_id, person_id, by_name, content, late, paper_id, state, to_court, filed_at)
         select court_id, case_id, $3, party_id, person_id, name, $4, false, $3, 'filed', 370100, now() from case_people
          where case_id = $1::uuid and person_id = $2 and party_id is not null",
    )
    .bind(case)
    .bind(party.id)
    .bind(id)
    .bind(content)
    .execute(&w.admin)
    .await
    .unwrap();
    id
}

/// The hearing of a case, its courtroom, who sits there for the party, and a time the party has none.
async fn heard(w: &World, ids: &mut Ids) {
    let sql = "select h.hearing_id, h.courtroom_id, (select slot_id from person_busy b where b.person_id = $2 and b.kind = 'unavailable' limit 1), p.participant_id
      from hearings h join hearing_participants p using (court_id, hearing_id) where h.case_id = $1 limit 1";
    let row: (uuid::Uuid, uuid::Uuid, uuid::Uuid, uuid::Uuid) = sqlx::query_as(sql)
        .bind(ids["case"].parse::<uuid::Uuid>().unwrap())
        .bind(ids["own_person"].parse::<uuid::Uuid>().unwrap())
        .fetch_one(&w.admin)
        .await
        .unwrap();
    ids.insert("hearing", row.0.to_string());
    ids.insert("courtroom", row.1.to_string());
    ids.insert("busy", row.2.to_string());
    ids.insert("participant", row.3.to_string());
    for (name, sql) in [
        ("request", "select request_id from hearing_requests where hearing_id = $1"),
        ("application", "select request_id from recording_requests where hearing_id = $1"),
        ("recording", "select recording_id from recordings where hearing_id = $1 limit 1"),
        ("dropout", "select dropout_id from hearing_dropouts where hearing_id = $1 limit 1"),
        ("notice", "select notice_id from hearing_notices where hearing_id = $1 limit 1"),
        ("alert", "select alert_id from hearing_alerts where hearing_id = $1 limit 1"),
    ] {
        let id: uuid::Uuid = sqlx::query_scalar(sql).bind(row.0).fetch_one(&w.admin).await.unwrap();
        ids.insert(name, id.to_string());
    }
    sealed_words(w, ids).await;
    recorded(w, row.0, ids).await;
}

/// What the rows of a hearing hold sealed, in words that open: each sings its court's canary.
async fn sealed_words(w: &World, ids: &Ids) {
    let court: i32 = ids["court"].parse().unwrap();
    for (table, column, key) in [
        ("hearing_requests", "text", "request_id"),
        ("recording_requests", "purpose", "request_id"),
        ("hearing_identity", "note", "check_id"),
        ("hearing_messages", "text", "message_id"),
    ] {
        let rows: Vec<uuid::Uuid> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select {key} from {table} where hearing_id = '{}'", ids["hearing"])))
                .fetch_all(&w.admin)
                .await
                .unwrap();
        for id in rows {
            let sealed = w.app.seal.seal(Owner::Court(court), Place(table, column, &id), canary(court).as_bytes()).unwrap();
            sqlx::query(sqlx::AssertSqlSafe(format!("update {table} set {column} = $1 where {key} = $2")))
                .bind(sealed)
                .bind(id)
                .execute(&w.admin)
                .await
                .unwrap();
        }
    }
}

/// The record of that hearing, sealed as the server seals it.
async fn recorded(w: &World, hearing: uuid::Uuid, ids: &mut Ids) {
    let sql = "select t.court_id, e.entry_id, o.objection_id, x.exhibit_id, v.opinion_id, s.signature_id from transcripts t
        join transcript_entries e using (court_id, hearing_id) join transcript_objections o using (court_id, hearing_id) join hearing_exhibits x using (court_id, hearing_id)
        join hearing_opinions v using (court_id, hearing_id) join hearing_signatures s using (court_id, hearing_id) where t.hearing_id = $1";
    let row: (i32, uuid::Uuid, uuid::Uuid, uuid::Uuid, uuid::Uuid, uuid::Uuid) =
        sqlx::query_as(sql).bind(hearing).fetch_one(&w.admin).await.unwrap();
    let sings = canary(row.0);
    let mut header = json!({ "header": lianting::hearing::transcript::Header::default(), "place": sings, "marks": {} });
    header["header"]["place"] = json!(sings);
    let document = json!({ "header": header["header"], "entries": [], "exhibits": [sings], "refused_corrections": [] });
    let rows = [
        ("transcripts", "header", "hearing_id", hearing, header.to_string()),
        ("transcript_versions", "document", "hearing_id", hearing, document.to_string()),
        ("hearing_agreements", "terms", "hearing_id", hearing, json!([sings]).to_string()),
        ("transcript_entries", "text", "entry_id", row.1, sings.clone()),
        ("transcript_revisions", "text", "entry_id", row.1, sings.clone()),
        ("transcript_objections", "quote", "objection_id", row.2, sings.clone()),
        ("transcript_objections", "text", "objection_id", row.2, sings.clone()),
        ("hearing_opinions", "reason", "opinion_id", row.4, sings.clone()),
        ("hearing_signatures", "strokes", "signature_id", row.5, "[]".into()),
    ];
    for (table, column, key, id, plain) in rows {
        let sealed = w.app.seal.seal(Owner::Court(row.0), Place(table, column, &id), plain.as_bytes()).unwrap();
        let sql = format!("update {table} set {column} = $1 where {key} = $2");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(sealed).bind(id).execute(&w.admin).await.unwrap();
    }
    for (name, id) in [("entry", row.1), ("objection", row.2), ("exhibit", row.3)] {
        ids.insert(name, id.to_string());
    }
}

/// Makes the province.
pub async fn seeded() -> Seeded {
    let w = World::new().await;
    let mut people = BTreeMap::new();
    for role in ["judge", "clerk", "presiding_judge", "court_admin", "security_admin", "auditor", "technician", "mediator"] {
        people.insert(role, w.staff(&format!("历下{role}"), LIXIA, role).await);
    }
    people.insert("provincial_admin", w.staff("郑省", 0, "provincial_admin").await);
    people.insert("party", w.party(&format!("{}原告", canary(LIXIA))).await);
    people.insert("lawyer", w.lawyer("李律", "鲁信所").await);
    people.insert("legal_worker", w.legal_worker("马法", "泉城法律服务所").await);
    people.insert("stranger", w.party("吴六").await);
    let mut one_factor = w.staff("刘记", LIXIA, "clerk").await;
    one_factor.token = w.session(one_factor.id, false).await;
    people.insert("clerk_one_factor", one_factor);
    for (label, ended) in ENDED {
        let clerk = w.staff("何记", LIXIA, "clerk").await;
        sqlx::query(sqlx::AssertSqlSafe(format!("update {ended} where person_id = $1"))).bind(clerk.id).execute(&w.admin).await.unwrap();
        people.insert(label, clerk);
    }
    let helper =
        (w.staff("孙书", LIXIA, "clerk").await, w.staff("钱法", LIXIA, "judge").await, w.staff("吴庭", LIXIA, "presiding_judge").await);
    let own = matter(&w, LIXIA, &people["party"], Some(&people["lawyer"]), &people["clerk"], &people["judge"]).await;
    // the legal worker is engaged in the same case
    let case = format!("/courts/{LIXIA}/cases/{}", own["case"]);
    crate::story_filing::engage(&people["party"], &case, &people["legal_worker"]).await;
    let (wei, chu, han) = (
        w.party(&format!("{}卫", canary(LIXIA))).await,
        w.party(&format!("{}褚", canary(LIXIA))).await,
        w.party(&format!("{}韩", canary(SHIZHONG))).await,
    );
    let other = matter(&w, LIXIA, &wei, Some(&w.lawyer("沈律", "齐正所").await), &helper.0, &helper.1).await;
    let mut sealed = matter(&w, LIXIA, &chu, None, &helper.0, &helper.1).await;
    helper.2.put(format!("/courts/{LIXIA}/cases/{}/seal", sealed["case"]), json!({ "sealed": true, "reason": "涉及个人隐私" })).await.ok();
    // of a sealed case, the filing it came from and its papers are asked for
    let row: (uuid::Uuid, uuid::Uuid, uuid::Uuid) = sqlx::query_as(
        "select c.filing_id, p.paper_id, f.file_id from cases c join papers p on p.court_id = c.court_id and p.case_id = c.case_id and p.kind = 'acceptance_notice'
           join filing_files f on f.court_id = c.court_id and f.filing_id = c.filing_id where c.case_id = $1",
    )
    .bind(sealed["case"].parse::<uuid::Uuid>().unwrap())
    .fetch_one(&w.admin)
    .await
    .unwrap();
    sealed.insert("filing", row.0.to_string());
    sealed.insert("paper", row.1.to_string());
    sealed.insert("file", row.2.to_string());
    let there = (
        w.staff(&format!("{}书", canary(SHIZHONG)), SHIZHONG, "clerk").await,
        w.staff(&format!("{}法", canary(SHIZHONG)), SHIZHONG, "judge").await,
    );
    let foreign = matter(&w, SHIZHONG, &han, Some(&w.lawyer("杨律", "东岳所").await), &there.0, &there.1).await;
    w.work().await;
    w.run(include_str!("hearing_rows.sql")).await;
    let mut all = [own, other, sealed, foreign];
    for ids in &mut all {
        heard(&w, ids).await;
    }
    let [own, other, sealed, foreign] = all;
    Seeded { w, people, own, other, sealed, foreign }
}
