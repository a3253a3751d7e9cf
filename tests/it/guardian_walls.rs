//! Each wall alone: row security without the application's filter, the filter without row security; and no policy of
//! the database is idle.

use std::collections::BTreeMap;

use poem::http::Method;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::guardian_walk::{ask, operations, sandbox};
use crate::kit::cluster::{cluster, connect, connect_admin};
use crate::kit::seeded::{Seeded, canary, seeded};
use crate::kit::{LIXIA, SHIZHONG, Wish, World};

/// Readable by everybody on purpose: who the courts are, what their rules, rest days and permissions are.
const PUBLIC: [&str; 4] = ["courts", "court_rules", "calendar_changes", "policy_overrides"];

/// Where a transaction of the application stands.
struct Stand {
    label: String,
    sql: String,
}

fn stand(scope: &str, court: Option<i32>, person: Option<&str>, seat: &str) -> Stand {
    let court = court.map(|c| c.to_string()).unwrap_or_default();
    let person = person.unwrap_or_default();
    let label = format!("{scope}/{court}/{person}/{seat}");
    let sql = format!(
        "set local role lianting_app; select set_config('app.scope', '{scope}', true), set_config('app.court_id', '{court}', true), set_config('app.person_id', '{person}', true), set_config('app.seat', '{seat}', true)"
    );
    Stand { label, sql }
}

async fn tables(conn: &mut PgConnection) -> Vec<(String, bool, bool)> {
    let sql = "select c.relname::text, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'court_id'), exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'person_id')
         from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> '_sqlx_migrations' order by 1";
    sqlx::query_as(sql).fetch_all(conn).await.unwrap()
}

async fn number(conn: &mut PgConnection, sql: String) -> i64 {
    sqlx::raw_sql("savepoint probe").execute(&mut *conn).await.unwrap();
    let got = sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql.clone())).fetch_one(&mut *conn).await;
    sqlx::raw_sql("rollback to probe").execute(&mut *conn).await.unwrap();
    match got {
        Ok(n) => n,
        Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("42501") => 0, // not granted at all
        Err(e) => panic!("{sql}: {e}"),
    }
}

/// What people of one court, one person, and nobody at all read and change when no statement filters anything.
async fn row_security_alone(s: &Seeded) {
    let mut conn = connect_admin(&s.w.database).await;
    let all = tables(&mut conn).await;
    let (clerk, stranger) = (s.people["clerk"].id.to_string(), s.people["stranger"].id.to_string());
    let mut leaks = Vec::new();
    let nobody = [
        stand("", None, None, ""),
        stand("court", None, None, "staff"),
        stand("person", None, None, ""),
        stand("province", None, None, "staff"),
    ];
    let staff = [
        stand("court", Some(LIXIA), Some(&clerk), "staff"),
        stand("court", Some(LIXIA), Some(&stranger), "party"),
        stand("court", Some(LIXIA), Some(&clerk), "system"),
    ];
    let own = [stand("person", None, Some(&stranger), "")];
    for (table, court, person) in all.iter().filter(|(t, ..)| !PUBLIC.contains(&t.as_str())) {
        let there = number(conn_begin(&mut conn).await, format!("select count(*) from {table}")).await;
        finish(&mut conn).await;
        let mut probe = Vec::new();
        for place in &nobody {
            if place.label.starts_with("province")
                && ["filings", "cases", "corrections", "hearings", "hearing_alerts", "hearing_presence"].contains(&table.as_str())
            {
                continue; // the province counts; it opens nothing
            }
            if place.label.starts_with("person") && table == "one_time_codes" {
                continue; // digests only; a new number is proved before it is anybody's
            }
            probe.push((place, "true".to_owned()));
        }
        if *court {
            let foreign = if table == "role_grants" { format!("court_id not in (0, {LIXIA})") } else { format!("court_id <> {LIXIA}") };
            probe.extend(staff.iter().map(|place| (place, foreign.clone())));
        }
        if *person && !*court {
            probe.extend(own.iter().map(|place| (place, format!("person_id <> '{stranger}'"))));
            // people with nothing at this court
            let strangers = "person_id in (select person_id from it.han)".to_string();
            probe.extend(staff.iter().take(2).map(|place| (place, strangers.clone())));
        }
        if *court {
            probe.extend(own.iter().map(|place| (place, if *person { format!("person_id <> '{stranger}'") } else { "true".into() })));
            probe.push((&staff[1], if *person { format!("person_id <> '{stranger}'") } else { "true".into() }));
        }
        for (place, foreign) in probe {
            let conn = conn_begin(&mut conn).await;
            sqlx::raw_sql(AssertSqlSafe(place.sql.clone())).execute(&mut *conn).await.unwrap();
            let seen = number(conn, format!("select count(*) from {table} where {foreign}")).await;
            let first = if *court { "court_id" } else { "person_id" };
            let changed = if *court || *person {
                number(conn, format!("with u as (update {table} set {first} = {first} returning *) select count(*) from u where {foreign}"))
                    .await
            } else {
                0
            };
            finish(conn).await;
            if seen + changed > 0 {
                leaks.push(format!("{table} of {there} as {}: {seen} read, {changed} changed where {foreign}", place.label));
            }
        }
    }
    assert!(leaks.is_empty(), "row security alone leaks:\n{}", leaks.join("\n"));
}

async fn conn_begin(conn: &mut PgConnection) -> &mut PgConnection {
    sqlx::raw_sql("begin").execute(&mut *conn).await.unwrap();
    conn
}

async fn finish(conn: &mut PgConnection) {
    sqlx::raw_sql("rollback").execute(&mut *conn).await.unwrap();
}

/// A schema of the tests' own beside the product's: samples of every table, and a probe.
const PROBE: &str = r#"
create schema it; grant usage on schema it to public;
create table it.samples (t text, r jsonb);
grant select on it.samples to public;
create function it.probe(t text) returns text language plpgsql as $$
declare out text := ''; n bigint; c text; s record; verdicts text := '';
begin
  begin execute format('select count(*) from public.%I', t) into n; out := 's' || n; exception when others then out := 's!' || sqlstate; end;
  select a.attname into c from pg_attribute a where a.attrelid = ('public.' || t)::regclass and a.attnum > 0 and has_column_privilege(a.attrelid, a.attnum, 'UPDATE') order by a.attnum limit 1;
  if c is not null then
    begin execute format('update public.%I set %I = %I', t, c, c); get diagnostics n = row_count; raise exception using errcode = 'P0ITU', message = n::text;
    exception when sqlstate 'P0ITU' then out := out || ' u' || sqlerrm; when others then out := out || ' u!' || sqlstate; end;
    -- one row at a time: a check that fails for one must not hide the others
    for s in select r from it.samples x where x.t = probe.t loop
      begin execute format('update public.%I set %I = %I where to_jsonb(%I.*) = $1', t, c, c, t) using s.r; get diagnostics n = row_count; raise exception using errcode = 'P0ITU', message = n::text;
      exception when sqlstate 'P0ITU' then verdicts := verdicts || sqlerrm; when others then verdicts := verdicts || '!' || sqlstate; end;
    end loop;
  end if;
  begin execute format('delete from public.%I', t); get diagnostics n = row_count; raise exception using errcode = 'P0ITU', message = n::text;
  exception when sqlstate 'P0ITU' then out := out || ' d' || sqlerrm; when others then out := out || ' d!' || sqlstate; end;
  for s in select r from it.samples x where x.t = probe.t loop
    begin execute format('insert into public.%I select (jsonb_populate_record(null::public.%I, $1)).*', t, t) using s.r; raise exception using errcode = 'P0ITU', message = 'in';
    exception when sqlstate 'P0ITU' or unique_violation then verdicts := verdicts || 'i'; when others then verdicts := verdicts || '-' || sqlstate; end;
  end loop;
  return out || ' ' || md5(verdicts);
end $$;
-- tables the seeding leaves empty
insert into public.corrections (court_id, filing_id, n, items, sent_at, sent_by, days, due_at) select court_id, filing_id, 1, '[]', now(), filer_id, 7, now() from public.filings;
insert into public.offline_filings select court_id, filing_id, number, filer_id, '', now() from public.filings;
insert into public.one_time_codes values (gen_random_uuid(), '\x01', 'sign_up', '\x02', now(), now());
insert into public.policy_overrides select court_id, 'clerk', 'filing:queue', 'allow', gen_random_uuid(), now() from public.courts where court_id in (370102, 370103);
insert into public.sms_messages select court_id, filing_id, 'code', 'sending', null, null, now(), null from public.filings;
insert into public.service_wire select court_id, attempt_id, service_id, recipient_id, 'mail', 'sending', null, now(), null from public.service_attempts;
insert into public.service_receipts select court_id, gen_random_uuid(), attempt_id, adapter, 'x', 'x', false, now(), now(), null from public.service_wire;
insert into public.feed_tokens select person_id, '\\x01', now(), null from public.people;
insert into public.outage_beats select c, now(), 'n', '{}', '[]' from unnest(array[370102, 370103]) c;
insert into public.outage_effects select court_id, outage_id, 'unset', null, 0, now() from public.outages;
insert into public.outage_reports select c, '2026-10', 1, '\\x01', 'x', null, 'k', '\\x01', '\\x01', now() from unnest(array[370102, 370103]) c;
insert into public.calendar_changes select c, gen_random_uuid(), 1, '[]', 'x', null, 'x', now() from unnest(array[370102, 370103]) c;
insert into public.calendar_recounts select court_id, change_id, 0, now() from public.calendar_changes;
insert into public.judge_duties select c, gen_random_uuid(), 100, '{}', null, null, null, gen_random_uuid(), now() from unnest(array[370102, 370103]) c;
insert into public.case_allocations select court_id, case_id, gen_random_uuid(), now(), 'random', gen_random_uuid(), 'x', null, null, '[]', '[]', '0', gen_random_uuid(), 'x' from public.cases;
insert into public.soft_locks values ('\x01', 1, now(), now());
insert into public.representatives (court_id, case_id, representative_id, party_id, kind, name, power, since)
  select c.court_id, c.case_id, gen_random_uuid(), p.party_id, 'lawyer', 'x', 'general', now() from public.cases c join public.case_parties p using (court_id, case_id) where c.sealed;
do $$ declare t text; begin
  for t in select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r' and relname <> '_sqlx_migrations' loop
    execute format('insert into it.samples select %L, to_jsonb(x) from (select * from public.%I limit 24) x', t, t);
  end loop;
end $$;
insert into it.samples select 'people', to_jsonb(p) from public.people p where state = 'invited';
insert into it.samples select 'one_time_links', jsonb_build_object('token_hash', '\x0f', 'person_id', g.person_id, 'purpose', 'authenticator', 'created_at', now(), 'expires_at', now())
  from public.role_grants g where g.court_id = 370102 limit 1;
insert into it.samples select 'proofs', to_jsonb(p) from public.proofs p join public.people q using (person_id) where q.state = 'invited';
insert into it.samples select 'court_rules', jsonb_set(r, '{court_id}', '370102') from it.samples where t = 'court_rules' limit 1;
-- rows of seats that only the owner's steps make
insert into it.samples select 'role_grants', jsonb_set(jsonb_set(r, '{role}', '"provincial_admin"'), '{court_id}', '0') from it.samples where t = 'role_grants' limit 3;
insert into it.samples select t, jsonb_set(r, '{court_id}', '0') from it.samples where t in ('audit_log', 'outbox', 'idempotency') and (r ->> 'court_id') <> '0' limit 30;
"#;

/// A person known only at the other court.
async fn name_the_foreigner(s: &Seeded) {
    let sql = format!(
        "create table it.han as select person_id from people where name = '{}韩'; grant select on it.han to public",
        canary(SHIZHONG)
    );
    let mut conn = connect_admin(&s.w.database).await;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
}

async fn verdicts(conn: &mut PgConnection, table: &str, stands: &[Stand]) -> Vec<String> {
    let mut out = Vec::new();
    for place in stands {
        sqlx::raw_sql(AssertSqlSafe(place.sql.clone())).execute(&mut *conn).await.unwrap();
        let said: String = sqlx::query_scalar("select it.probe($1)").bind(table).fetch_one(&mut *conn).await.unwrap();
        sqlx::raw_sql("reset role").execute(&mut *conn).await.unwrap();
        out.push(format!("{}: {said}", place.label));
    }
    out
}

/// Without any one policy, somebody would read or write more, or less.
async fn every_policy_matters(s: &Seeded) {
    let mut conn = connect_admin(&s.w.database).await;
    let policies = sqlx::query("select tablename::text, policyname::text from pg_policies where schemaname = 'public' order by 1, 2")
        .fetch_all(&mut conn)
        .await
        .unwrap();
    let people: BTreeMap<&str, String> = s.people.iter().map(|(k, p)| (*k, p.id.to_string())).collect();
    let sealed = &s.sealed["own_person"];
    let invited: String =
        sqlx::query_scalar("select person_id::text from people where state = 'invited' limit 1").fetch_one(&mut conn).await.unwrap();
    let mut stands =
        vec![stand("", None, None, ""), stand("gate", None, None, ""), stand("worker", None, None, ""), stand("province", None, None, "")];
    for court in [LIXIA, SHIZHONG] {
        for seat in ["staff", "party", "system"] {
            for person in [&people["clerk"], &people["party"], &people["stranger"], sealed] {
                stands.push(stand("court", Some(court), Some(person), seat));
            }
        }
    }
    for person in [&people["party"], &people["lawyer"], &people["stranger"], &invited] {
        stands.push(stand("person", None, Some(person), ""));
        stands.push(stand("gate", None, Some(person), ""));
    }
    for person in [None, Some(people["party"].as_str())] {
        let mut owner = stand("gate", None, person, "");
        owner.sql = owner.sql.replace("lianting_app", "lianting_owner");
        owner.label = format!("owner {}", owner.label);
        stands.push(owner);
    }
    let mut idle = Vec::new();
    let mut befores: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in policies {
        let (table, policy): (String, String) = (row.get(0), row.get(1));
        sqlx::raw_sql("begin").execute(&mut conn).await.unwrap();
        if !befores.contains_key(&table) {
            befores.insert(table.clone(), verdicts(&mut conn, &table, &stands).await);
        }
        sqlx::raw_sql(AssertSqlSafe(format!("drop policy {policy} on {table}"))).execute(&mut conn).await.unwrap();
        if befores[&table] == verdicts(&mut conn, &table, &stands).await {
            idle.push(format!("{table}.{policy}"));
        }
        finish(&mut conn).await;
    }
    assert!(idle.is_empty(), "{} policies whose absence no probe notices: {idle:?}", idle.len());
}

/// The application's own filter, with row security switched off behind its back.
async fn the_filter_alone(s: &Seeded, name: &str) {
    let mut walked = World::with(Wish { database: Some(name.to_owned()), idle: true, ..Wish::default() }).await;
    walked.run("do $$ declare t text; begin for t in select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r' loop execute format('alter table %I no force row level security; alter table %I disable row level security', t, t); end loop; end $$").await;
    let server = lianting::http::server(walked.app.clone());
    let mut leaks = Vec::new();
    let mut heard = 0;
    for o in operations().iter().filter(|o| o.method == Method::GET) {
        for principal in ["judge", "presiding_judge", "clerk", "court_admin", "security_admin", "auditor", "party", "lawyer", "stranger"] {
            let outside = ["party", "lawyer", "stranger"].contains(&principal);
            for target in ["own", "mixed", "foreign"] {
                // which matters of a court a party takes part in is row security's to say, and its alone
                if outside && target == "foreign" && o.path.starts_with("/courts") {
                    continue;
                }
                let answer = ask(&server, s, o, principal, target).await;
                heard += 1;
                if answer.body.contains(&canary(SHIZHONG)) {
                    leaks.push(format!("{} as {principal} about {target}: {}", o.id, answer.body.chars().take(300).collect::<String>()));
                }
            }
        }
    }
    walked.close().await;
    assert!(heard > 200 && leaks.is_empty(), "the filter alone leaks:\n{}", leaks.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_wall_stands_alone_and_no_policy_is_idle() {
    let mut s = seeded().await;
    let admin = s.people["court_admin"].clone();
    let new = serde_json::json!({ "name": "新人", "mobile": crate::kit::numbers::mobile(crate::kit::numbers::next()), "id_number": crate::kit::numbers::resident_id(crate::kit::numbers::next()), "roles": ["clerk"] });
    admin.post(admin.at("/people"), new).await.ok();
    let name = sandbox(&mut s).await;
    let mut conn = connect(&cluster().admin_url(&s.w.database)).await.unwrap();
    sqlx::raw_sql(PROBE).execute(&mut conn).await.unwrap();
    drop(conn);
    name_the_foreigner(&s).await;
    row_security_alone(&s).await;
    the_filter_alone(&s, &name).await;
    every_policy_matters(&s).await;
    for database in [name, s.w.database.clone()] {
        cluster().drop_database(&database).await;
    }
}
