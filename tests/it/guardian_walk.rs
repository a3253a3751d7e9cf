//! The walk: every operation of the document × every role × every kind of target, against tests/it/golden.csv.
//!
//! Nothing is changed on the way: in the copy that is walked, a change fails when it is committed, because its audit
//! row does (that "no audit, no change" holds is proved by that as well). An answer is a status, or `act`: the caller
//! may, and only the audit row stood in the way. `UPDATE_GOLDEN=1` writes the table anew; read the difference.

use std::collections::{BTreeMap, BTreeSet};

use lianting::court::act::Act;
use lianting::court::policy::PolicySource;
use lianting::court::role::{Role, Roles};
use poem::endpoint::BoxEndpoint;
use poem::http::{Method, Uri};
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};

use crate::kit::cluster::{cluster, connect_admin};
use crate::kit::seeded::{Seeded, canary, seeded};
use crate::kit::{LIXIA, SHIZHONG, Wish, World};
use crate::walk_acts::ACTS;
use crate::walk_bodies::body;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden.csv");
/// An id nobody has.
pub const MISSING: &str = "0190a000-0000-7000-8000-00000000dead";

/// The principals, in the order of the table.
const PRINCIPALS: [&str; 19] = [
    "anonymous",
    "stranger",
    "party",
    "lawyer",
    "legal_worker",
    "mediator",
    "judge",
    "presiding_judge",
    "clerk",
    "clerk_one_factor",
    "clerk_suspended",
    "clerk_revoked",
    "clerk_expired",
    "clerk_blocked",
    "court_admin",
    "security_admin",
    "auditor",
    "technician",
    "provincial_admin",
];
/// The targets, in the order of the table.
const TARGETS: [&str; 7] = ["own", "other", "sealed", "missing", "mixed", "foreign", "foreign_missing"];

/// An operation of the document.
#[derive(Clone)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
}

/// Every operation the document names.
pub fn operations() -> Vec<Operation> {
    let spec: Value = serde_json::from_str(&lianting::http::api().spec()).unwrap();
    let mut all = Vec::new();
    for (path, item) in spec["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no operation id")).to_owned();
            all.push(Operation { id, method: method.to_uppercase().parse().unwrap(), path: path.clone() });
        }
    }
    // the same door, about a leaf of the 副卷
    all.push(Operation {
        id: "get_leaf+secret".into(),
        method: Method::GET,
        path: "/courts/{court}/cases/{case}/leaves/{secret_leaf}/content".into(),
    });
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// Where an operation is sent for a target.
fn uri(o: &Operation, s: &Seeded, target: &str) -> Uri {
    let (court, ids) = match target {
        "other" => (LIXIA, &s.other),
        "sealed" => (LIXIA, &s.sealed),
        "mixed" => (LIXIA, &s.foreign),
        "foreign" | "foreign_missing" => (SHIZHONG, &s.foreign),
        _ => (LIXIA, &s.own),
    };
    let missing = matches!(target, "missing" | "foreign_missing");
    let mut path = o.path.clone();
    while let Some((head, rest)) = path.clone().split_once('{') {
        let (name, tail) = rest.split_once('}').unwrap();
        let value = match name {
            "court" => court.to_string(),
            "key" => "filing_review_days".into(),
            "form" => "F02".into(),
            "template" => "summons".into(),
            "n" => "1".into(),
            "token" => "no-such-token".into(),
            "adapter" => "chat".into(),
            "month" => "2026-10".into(),
            "change" => MISSING.into(),
            _ if missing => MISSING.into(),
            "file" if o.path.starts_with("/my") => ids["draft_file"].clone(),
            "person" if o.path.contains("colleagues") => ids["own_person"].clone(),
            "session" => MISSING.into(),
            name => ids.get(name).unwrap_or_else(|| panic!("{}: what is `{name}`?", o.id)).clone(),
        };
        path = format!("{head}{value}{tail}");
    }
    let query = match o.id.as_str() {
        "preview_rule" => "?value=7",
        "verify_paper" => "?code=AAAABBBBCCCC",
        "download_inbox" => "?ids=0190a000-0000-7000-8000-00000000dead",
        "read_test_bytes" => "?size=16",
        "get_feed" | "get_hearing_feed" | "get_courtroom_feed" => "?token=no-such-token",
        "calculate_fee" => "?kind=labour",
        "calculate_deadline" | "what_if_clock" => "?rule=payment&trigger=2026-11-23",
        _ => "",
    };
    format!("/api{path}{query}").parse().unwrap()
}

/// One answer: status and body.
pub struct Heard {
    pub status: u16,
    pub body: String,
    headers: Vec<(String, String)>,
}

impl Heard {
    fn word(&self) -> String {
        if self.status == 500 { "act".into() } else { self.status.to_string() }
    }

    /// All of it, less what differs between equal requests.
    fn bare(&self) -> String {
        let mut body: Value = serde_json::from_str(&self.body).unwrap_or_else(|_| json!(self.body));
        if let Some(body) = body.as_object_mut() {
            body.remove("request_id");
        }
        format!("{} {:?} {body}", self.status, self.headers)
    }
}

/// Puts one question, without a socket in between.
pub async fn ask(server: &BoxEndpoint<'static, Response>, s: &Seeded, o: &Operation, principal: &str, target: &str) -> Heard {
    let mut request = Request::builder().method(o.method.clone()).uri(uri(o, s, target));
    if let Some(person) = s.people.get(principal) {
        request = request.header("authorization", format!("Bearer {}", person.token));
    }
    if o.method != Method::GET {
        request = request.header("idempotency-key", uuid::Uuid::new_v4().to_string()).header("if-match", version(o, s, target));
    }
    let body = body(&o.id, if target == "other" { &s.other } else { &s.own }).map(|b| b.to_string());
    let request = match (&o.id[..], body) {
        ("put_part" | "send_test_bytes", _) => request.content_type("application/octet-stream").body("0123456789"),
        ("give_token", _) => request
            .content_type("application/x-www-form-urlencoded")
            .body(format!("grant_type=client_credentials&client_id={MISSING}&client_secret=x")),
        (_, Some(body)) => request.content_type("application/json").body(body),
        _ => request.finish(),
    };
    let answer = server.call(request).await.unwrap_or_else(|e| panic!("{}: {e}", o.id));
    let status = answer.status().as_u16();
    let mut headers: Vec<(String, String)> = answer
        .headers()
        .iter()
        .filter(|(n, _)| !matches!(n.as_str(), "x-request-id" | "set-cookie"))
        .map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().into()))
        .collect();
    headers.sort();
    let body = answer.into_body().into_vec().await.unwrap_or_default();
    Heard { status, body: String::from_utf8_lossy(&body).into_owned(), headers }
}

/// The version a change is based on: filings and drafts are where the seeding left them.
fn version(o: &Operation, _: &Seeded, target: &str) -> &'static str {
    match (o.id.as_str(), target) {
        ("save_draft", _) => "\"3\"",
        (_, "sealed") => "\"2\"",
        _ => "\"1\"",
    }
}

type Table = BTreeMap<(String, String), Vec<String>>;

fn golden() -> Table {
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).from_path(GOLDEN).expect("tests/it/golden.csv; make it with UPDATE_GOLDEN=1");
    reader
        .records()
        .map(Result::unwrap)
        .map(|r| ((r[0].to_owned(), r[1].to_owned()), r.iter().skip(2).map(str::to_owned).collect()))
        .collect()
}

/// A copy of the seeded province in which no change can be committed.
pub async fn sandbox(s: &mut Seeded) -> String {
    s.w.check_and_close().await;
    let name = format!("{}_walk", s.w.database);
    cluster().copy(&name, Some(&s.w.database)).await;
    let mut conn = connect_admin(&name).await;
    let stop = "create function walk_stop() returns trigger language plpgsql as $$ begin raise exception 'walk'; end $$;
        create constraint trigger walk_stop after insert on audit_log deferrable initially deferred for each row execute function walk_stop()";
    sqlx::raw_sql(stop).execute(&mut conn).await.unwrap();
    name
}

fn depends_on_target(o: &Operation) -> bool {
    o.path.contains('{')
}

// proves: A13 A15
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_every_role_as_the_table_says() {
    let mut s = seeded().await;
    let name = sandbox(&mut s).await;
    let mut walked = World::with(Wish { database: Some(name.clone()), idle: true, ..Wish::default() }).await;
    let server = lianting::http::server(walked.app.clone());
    let mut table = Table::new();
    let mut faults = Vec::new();
    for o in operations() {
        for principal in PRINCIPALS {
            let mut row = Vec::new();
            let mut bare = BTreeMap::new();
            for target in TARGETS {
                if !depends_on_target(&o) && target != "own" {
                    row.push("-".into());
                    continue;
                }
                let heard = ask(&server, &s, &o, principal, target).await;
                look_for_canaries(&o, principal, target, &heard, &mut faults);
                bare.insert(target, heard.bare());
                row.push(heard.word());
            }
            for (there, nowhere) in [("mixed", "missing"), ("foreign", "foreign_missing")] {
                // what a foreigner may not know is told from nothing by not one byte
                let pair = (bare.get(there), bare.get(nowhere));
                if let (Some(there_said), Some(nowhere_said)) = pair
                    && there_said != nowhere_said
                    && !may_know_foreign(&o, principal, there)
                {
                    faults.push(format!("{} as {principal}: {there} differs from {nowhere}:\n  {there_said}\n  {nowhere_said}", o.id));
                }
            }
            table.insert((o.id.clone(), principal.to_owned()), row);
        }
    }
    walked.close().await;
    // nothing personal is in the logs, whatever was asked
    let logs = crate::kit::logs();
    for person in s.people.values() {
        for secret in [&person.id_number, &person.mobile, &person.token] {
            assert!(!logs.contains(secret.as_str()), "the logs hold {secret} of {}", person.name);
        }
    }
    for court in [LIXIA, SHIZHONG] {
        assert!(!logs.contains(&canary(court)), "the logs sing {}", canary(court));
    }
    for database in [name, s.w.database.clone()] {
        cluster().drop_database(&database).await;
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        write(&table);
        return;
    }
    let wanted = golden();
    let keys: BTreeSet<_> = table.keys().chain(wanted.keys()).cloned().collect();
    let differing: Vec<String> = keys
        .iter()
        .filter(|k| table.get(*k) != wanted.get(*k))
        .map(|k| format!("{k:?}: {:?}, the table says {:?}", table.get(k), wanted.get(k)))
        .collect();
    assert!(
        differing.is_empty(),
        "{} rows differ from tests/it/golden.csv (UPDATE_GOLDEN=1 writes it anew):\n{}",
        differing.len(),
        differing.join("\n")
    );
}

/// What is public of another court, or one's own in all courts, may differ from what is missing.
fn may_know_foreign(o: &Operation, principal: &str, target: &str) -> bool {
    // an outage is told to everybody, without an account: no court owns what the public knows
    let public = o.id == "get_outage";
    // the provincial administrator keeps the people and the outages of every court; that is the role's system duty
    let duty = matches!(o.id.as_str(), "list_people" | "change_person" | "reset_authenticator" | "end_outage" | "withdraw_outage");
    public || (principal == "provincial_admin" && target == "foreign" && duty)
}

fn look_for_canaries(o: &Operation, principal: &str, target: &str, heard: &Heard, faults: &mut Vec<String>) {
    if heard.body.contains(&canary(SHIZHONG)) && !(o.id == "list_people" && principal == "provincial_admin") {
        faults.push(format!(
            "{} as {principal} about {target} sings the other court's canary: {}",
            o.id,
            heard.body.chars().take(400).collect::<String>()
        ));
    }
    let outside = [
        "anonymous",
        "stranger",
        "mediator",
        "technician",
        "clerk_one_factor",
        "clerk_suspended",
        "clerk_revoked",
        "clerk_expired",
        "clerk_blocked",
    ]
    .contains(&principal);
    // the technician sees who sits in a hearing and whose device fails, and no word of the matter
    let duty = principal == "technician" && ["get_hearing", "list_hearings", "list_hearing_tests"].contains(&o.id.as_str());
    if outside && !duty && heard.body.contains(&canary(LIXIA)) {
        faults.push(format!("{} as {principal} about {target} sings: {}", o.id, heard.body.chars().take(400).collect::<String>()));
    }
}

fn write(table: &Table) {
    let mut text = String::from(
        "# What every operation answers every role about every target. Made from the server by UPDATE_GOLDEN=1 cargo test --test it walk; reviewed as a difference.\n# `act`: allowed, and only the test's refusal to commit stood in the way. mixed: another court's id under one's own court.\n",
    );
    text.push_str(&format!("operation,principal,{}\n", TARGETS.join(",")));
    for ((operation, principal), row) in table {
        text.push_str(&format!("{operation},{principal},{}\n", row.join(",")));
    }
    std::fs::write(GOLDEN, text).unwrap();
}

/// Where the table and a set of policies disagree.
async fn disagreements(source: &PolicySource, table: &Table) -> Vec<String> {
    let compiled = source.compile(LIXIA, &[]).await.unwrap();
    let has = |principal: &str, act: &str| {
        let act = Act::ALL.iter().find(|a| a.key() == act).unwrap();
        let role = match principal {
            "stranger" => "party",
            "clerk_one_factor" | "clerk_suspended" | "clerk_revoked" | "clerk_expired" | "clerk_blocked" | "anonymous" => return false,
            role => role,
        };
        !compiled.carriers(Roles::default().with(Role::parse(role).unwrap()), *act).is_empty()
    };
    let mut found = Vec::new();
    for (operation, act) in ACTS {
        for principal in PRINCIPALS {
            let row =
                table.get(&((*operation).to_owned(), principal.to_owned())).unwrap_or_else(|| panic!("{operation} is not in the table"));
            let (own, refused) =
                (&row[0], if ["anonymous", "clerk_expired", "clerk_blocked"].contains(&principal) { "401" } else { "403" });
            if has(principal, act) {
                if ["401", "403"].contains(&own.as_str()) {
                    found.push(format!("{operation}: {principal} holds {act} and is refused with {own}"));
                }
            } else if !row.iter().all(|cell| cell == refused || cell == "-") {
                found.push(format!("{operation}: {principal} does not hold {act}: {row:?}"));
            }
        }
    }
    for (operation, act, principals, may) in SUBTLE {
        for principal in *principals {
            let own = &table[&((*operation).to_owned(), (*principal).to_owned())][0];
            if has(principal, act) != (own == may) {
                found.push(format!("{operation}: {principal} and {act}: {own}"));
            }
        }
    }
    found
}

/// The table agrees with the policies: whoever holds no line for an operation's act is refused, whatever the target.
#[tokio::test]
async fn the_table_follows_the_policies() {
    let source = PolicySource::parse(lianting::app::MODEL, lianting::app::ROLES).unwrap();
    let found = disagreements(&source, &golden()).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// No line of policies/roles.csv is idle: without any one of them, the server would answer somebody otherwise.
#[tokio::test]
async fn every_policy_line_matters() {
    let source = PolicySource::parse(lianting::app::MODEL, lianting::app::ROLES).unwrap();
    let (table, mut n, mut idle) = (golden(), 0, Vec::new());
    while let Some((without, line)) = source.without_right(n) {
        if disagreements(&without, &table).await.is_empty() {
            idle.push(line);
        }
        n += 1;
    }
    assert!(n > 40 && idle.is_empty(), "of {n} lines, these change no answer: {idle:?}");
}

/// Acts that show only in what the holder's own matter answers.
const SUBTLE: &[(&str, &str, &[&str], &str)] = &[
    ("submit_draft", "filing:submit", &["party"], "act"),
    ("file_offline", "filing:offline", &["party"], "act"),
    ("get_leaf+secret", "case_file:read_secret", &["judge", "presiding_judge"], "200"),
];
