//! The catalogue check finds every way a table could fall out of line with the wall; the server does not start then.

use lianting::court::catalogue;

use crate::kit::cluster::{cluster, connect, connect_admin};
use crate::kit::numbers;

/// A fault, and words of the rule that must name it.
const FAULTS: &[(&str, &str)] = &[
    ("alter table filings no force row level security", "filings: row level security must be enabled and forced"),
    ("alter table cases disable row level security", "cases: row level security must be enabled and forced"),
    ("create table loose (court_id int, x text)", "loose: row level security must be enabled and forced"),
    (
        "create function peek() returns bigint language sql security definer as 'select count(*) from filings'",
        "peek: no security definer functions",
    ),
    ("create view all_filings as select * from filings", "all_filings: a view must be security_invoker"),
    ("create materialized view kept as select * from filings", "kept: no materialised views"),
    ("alter table filings add constraint one_number unique (number)", "filings.one_number: a table with court_id must lead"),
    ("create unique index sly on filings (number)", "filings.sly: a unique index of a table with court_id must lead"),
    ("alter table leaves add constraint loose_reference foreign key (case_id, court_id) references cases (case_id, court_id)", ""),
    ("create policy loose on filings using (court_id = app_court())", "filings.loose: a wall policy needs WITH CHECK"),
    ("create policy open_door on filings for select using (true)", "filings.open_door: a policy must not let everybody read"),
    ("drop policy court_wall on leaves", "leaves: a table with court_id must have a policy that names app_court()"),
    ("grant truncate on filings to lianting_app", "filings TRUNCATE"),
    ("grant references on cases to lianting_app", "cases REFERENCES"),
    ("grant trigger on cases to lianting_app", "cases TRIGGER"),
    ("grant create on schema public to lianting_app", "must not create in the schema"),
    ("alter table filing_marks owner to lianting_app", "must own nothing"),
];

async fn said(database: &str, url: &str) -> String {
    let mut conn = connect(url).await.unwrap_or_else(|e| panic!("{database}: {e}"));
    catalogue::check(&mut conn).await.err().map(|e| e.to_string()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_seeded_fault_is_found_and_named() {
    let sound = format!("c{}_{}", std::process::id(), numbers::next());
    cluster().copy(&sound, None).await;
    assert_eq!(said(&sound, &cluster().app_url(&sound)).await, "", "a sound database is served");
    cluster().drop_database(&sound).await;
    let mut missed = Vec::new();
    for (fault, words) in FAULTS.iter().filter(|(_, words)| !words.is_empty()) {
        let name = format!("c{}_{}", std::process::id(), numbers::next());
        cluster().copy(&name, None).await;
        let mut admin = connect_admin(&name).await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(*fault)).execute(&mut admin).await.unwrap_or_else(|e| panic!("{fault}: {e}"));
        drop(admin);
        let heard = said(&name, &cluster().app_url(&name)).await;
        if !heard.contains(words) {
            missed.push(format!("{fault}: {heard:?}"));
        }
        cluster().drop_database(&name).await;
    }
    assert!(missed.is_empty(), "not found:\n{}", missed.join("\n"));
}

/// A role that could step over the wall may not serve.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mighty_role_may_not_serve() {
    let name = format!("c{}_{}", std::process::id(), numbers::next());
    cluster().copy(&name, None).await;
    let mut admin = connect_admin(&name).await;
    for might in ["superuser", "bypassrls", "createdb", "createrole", "replication"] {
        let role = format!("mighty_{might}_{}", numbers::next());
        let make = format!(
            "create role {role} login {might} password 'x'; grant usage on schema public to {role}; grant select on all tables in schema public to {role}"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(make)).execute(&mut admin).await.unwrap();
        let url = cluster().app_url(&name).replace("lianting_app:it-only", &format!("{role}:x"));
        assert!(said(&name, &url).await.contains("must not bypass row level security"), "{might}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("drop owned by {role}; drop role {role}"))).execute(&mut admin).await.unwrap();
    }
    drop(admin);
    let mut app = connect(&cluster().app_url(&name)).await.unwrap();
    let who: (String, bool, bool) =
        sqlx::query_as("select current_user::text, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
            .fetch_one(&mut app)
            .await
            .unwrap();
    assert_eq!(who, ("lianting_app".into(), false, false));
    drop(app);
    cluster().drop_database(&name).await;
}
