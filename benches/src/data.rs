//! A province to measure on: so many courts, 300,000 filings, clerks and parties with open sessions, drafts to send.
//!
//! Owns how rows are made past the doors. Courts come through tenant files, as in life; everything a request reads of a
//! person is sealed and indexed as the program does it; the mass of filings is made by the database itself and its
//! sealed content is bytes of the usual length (no list opens it). Must make the same province whatever the number of
//! courts, so that this number is all that differs.

use std::path::Path;

use chrono::{Datelike, TimeDelta, Utc};
use lianting::kit::random::Random;
use lianting::kit::seal::{Owner, Place, Seal, sha256};
use lianting::migrate;
use lianting::person::identity::Kind;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::cluster::{Cluster, PASSWORD, close, run_sql};

/// Clerks, and parties: sessions stay in the server's cache, as they do for people at work.
pub const PEOPLE: usize = 128;
const FILINGS: usize = 300_000;
/// Drafts that belong to pgbench; each of its clients takes its own in turn.
pub const POOL: usize = 500;

/// A province in a database.
pub struct Province {
    /// How many courts hear filings.
    pub courts: usize,
    /// The database.
    pub database: String,
}

/// A draft ready to be sent.
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub party: usize,
}

/// The n-th court.
pub fn court(n: usize) -> i32 {
    370_001 + i32::try_from(n).unwrap_or(0)
}

/// The session token of the n-th clerk or party.
pub fn token(kind: &str, n: usize) -> String {
    format!("bench-{kind}-{n}")
}

/// The n-th person of a kind.
pub fn person(kind: &str, n: usize) -> Uuid {
    let head = if kind == "clerk" { 0xc1 } else { 0xa1 };
    Uuid::from_u128((head << 120) | (7 << 76) | (8 << 60) | n as u128)
}

/// Courts at which the n-th clerk works.
pub fn courts_of(clerk: usize, courts: usize) -> Vec<usize> {
    if courts <= PEOPLE { vec![clerk % courts] } else { (clerk..courts).step_by(PEOPLE).collect() }
}

impl Province {
    /// A fresh copy of the province, made first if it was not made before.
    pub async fn open(cluster: &Cluster, root: &Path, courts: usize) -> Result<Self, String> {
        let (made, database) = (format!("data_{courts}"), format!("run_{courts}"));
        let mut admin = cluster.admin("postgres").await?;
        let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&made)
            .fetch_one(&mut admin)
            .await
            .map_err(|e| e.to_string())?;
        if !there {
            eprintln!("== making {FILINGS} filings at {courts} courts");
            run_sql(&mut admin, "drop database if exists data_unfinished with (force)").await?;
            make(cluster, root, courts).await?;
            run_sql(&mut admin, format!("alter database data_unfinished rename to {made}")).await?;
        }
        run_sql(&mut admin, format!("drop database if exists {database} with (force)")).await?;
        run_sql(&mut admin, format!("create database {database} template {made} strategy file_copy")).await?;
        close(admin).await;
        let mut conn = cluster.admin(&database).await?;
        // what was made last week has today's tables, is not overdue today, and its people have just stepped up
        migrate::apply(&mut conn, Some(PASSWORD)).await?;
        let fresh = "update sessions set last_seen_at = now(), expires_at = now() + interval '12 hours', stepped_up_at = now() + interval '1 day'; checkpoint";
        run_sql(&mut conn, fresh).await?;
        close(conn).await;
        Ok(Self { courts, database })
    }

    /// Supplies drafts, by court and party, each with another defendant: sent, each is a matter of its own.
    pub async fn supply(&self, cluster: &Cluster, wanted: impl Iterator<Item = (usize, usize)>) -> Result<Vec<Draft>, String> {
        let mut conn = cluster.admin(&self.database).await?;
        let random = Random::from_os();
        let (mut drafts, mut people, mut at, mut contents) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (n, party) in wanted {
            let (id, owner, court) = (random.id(Utc::now()), person("party", party), court(n));
            let content = loan(court, party, &random);
            let sealed = cluster.seal.seal_json(Owner::Person(owner), Place("drafts", "content", &id), &content);
            drafts.push(Draft { id, party });
            people.push(owner);
            at.push(court);
            contents.push(sealed.map_err(|e| format!("{e:?}"))?);
        }
        let ids: Vec<Uuid> = drafts.iter().map(|d| d.id).collect();
        sqlx::query(
            "insert into drafts (person_id, draft_id, version, court_id, kind, title, cause_name, content, created_at, updated_at)
             select p, d, 1, c, 'civil', '借款', '民间借贷纠纷', s, now(), now() from unnest($1::uuid[], $2::uuid[], $3::int[], $4::bytea[]) as rows(p, d, c, s)",
        )
        .bind(&people)
        .bind(&ids)
        .bind(&at)
        .bind(&contents)
        .execute(&mut conn)
        .await
        .map_err(|e| e.to_string())?;
        close(conn).await;
        Ok(drafts)
    }

    /// Drafts for pgbench: copies of one that was sent, under ids it can count out.
    pub async fn pool(&self, cluster: &Cluster, like: Uuid, clients: usize) -> Result<(), String> {
        let mut conn = cluster.admin(&self.database).await?;
        let sql = format!(
            "insert into drafts (person_id, draft_id, version, court_id, kind, title, cause_name, content, created_at, updated_at)
             select person_id, {}, 1, court_id, kind, title, cause_name, content, now(), now() from drafts, generate_series(0, {}) g where draft_id = '{like}' on conflict do nothing",
            pool_id("g"),
            clients * POOL
        );
        run_sql(&mut conn, sql).await?;
        close(conn).await;
        Ok(())
    }
}

/// The id of the g-th draft of the pool, in SQL.
pub fn pool_id(g: &str) -> String {
    format!("('d0000000-0000-7000-8000-' || lpad(to_hex({g}), 12, '0'))::uuid")
}

async fn make(cluster: &Cluster, root: &Path, courts: usize) -> Result<(), String> {
    let url = cluster.admin_url("data_unfinished");
    migrate::make_database(&cluster.admin_url("postgres"), "data_unfinished").await?;
    let mut conn = cluster.admin("data_unfinished").await?;
    migrate::apply(&mut conn, Some(PASSWORD)).await?;
    let tenants = cluster.dir.join(format!("tenants-{courts}"));
    write_tenants(&root.join("tenants/shandong"), &tenants, courts)?;
    migrate::apply_tenants(&url, &tenants, false).await?;
    people(&mut conn, &cluster.seal, courts).await?;
    let sql = include_str!("data.sql").replace(":courts", &courts.to_string()).replace(":filings", &FILINGS.to_string());
    run_sql(&mut conn, sql).await?;
    run_sql(&mut conn, "drop table party").await?;
    run_sql(&mut conn, "vacuum analyze").await?;
    close(conn).await;
    Ok(())
}

/// The rules of a real province, its high court, and as many basic courts under it as asked for.
fn write_tenants(from: &Path, to: &Path, courts: usize) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{}: {e}", to.display());
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).map_err(failed)?;
    for file in ["_province.toml", "370000.toml"] {
        std::fs::copy(from.join(file), to.join(file)).map_err(|e| format!("{}: {e}", from.join(file).display()))?;
    }
    for n in 0..courts {
        let id = court(n);
        let text = format!(
            "id = {id}\ncode = \"鲁{:04}\"\nname = \"山东省第{}试验法院\"\nlevel = \"basic\"\nrank = \"basic\"\nparent = 370000\ndivision = \"370102\"\nconfidence = \"sure\"\nsource = \"bench\"\nstatus = \"current\"\nenabled = true\n",
            n + 1,
            n + 1
        );
        std::fs::write(to.join(format!("{id}.toml")), text).map_err(failed)?;
    }
    Ok(())
}

/// Clerks at their courts, parties everywhere, a security administrator, and their open sessions.
async fn people(conn: &mut PgConnection, seal: &Seal, courts: usize) -> Result<(), String> {
    run_sql(conn, "create table party (n bigint, id uuid)").await?;
    for n in 0..PEOPLE {
        add_person(conn, seal, "party", n).await?;
        grant(conn, person("party", n), 0, "party").await?;
        run_sql(conn, format!("insert into party values ({n}, '{}')", person("party", n))).await?;
        add_person(conn, seal, "clerk", n).await?;
        for at in courts_of(n, courts) {
            grant(conn, person("clerk", n), court(at), "clerk").await?;
        }
    }
    add_person(conn, seal, "clerk", PEOPLE).await?;
    grant(conn, person("clerk", PEOPLE), court(0), "security_admin").await
}

async fn grant(conn: &mut PgConnection, who: Uuid, court: i32, role: &str) -> Result<(), String> {
    run_sql(conn, format!("insert into role_grants (court_id, person_id, role, granted_at) values ({court}, '{who}', '{role}', now())"))
        .await
}

async fn add_person(conn: &mut PgConnection, seal: &Seal, kind: &str, n: usize) -> Result<(), String> {
    let (id, number) = (person(kind, n), resident_id(n + if kind == "clerk" { 1000 } else { 0 }));
    let standing = if kind == "clerk" { "staff" } else { "natural" };
    let failed = |e: &dyn std::fmt::Debug| format!("{e:?}");
    let index = Kind::IdNumber.index(seal, &number).map_err(|e| failed(&e))?;
    let sealed = |table, column| seal.seal(Owner::Person(id), Place(table, column, &id), number.as_bytes()).map_err(|e| failed(&e));
    let (mobile, proof) = (hex::encode(sealed("people", "mobile")?), hex::encode(sealed("proofs", "number")?));
    let (index, token) = (hex::encode(index), hex::encode(sha256(token(kind, n).as_bytes())));
    let sql = format!(
        "insert into people (person_id, name, standing, state, mobile, created_at) values ('{id}', '{0}', '{standing}', 'active', '\\x{mobile}', now());
         insert into identifiers values ('id_number', '\\x{index}', '{id}');
         insert into proofs (person_id, proof_id, kind, number, number_index, number_masked, holder, state, created_at)
           values ('{id}', '{id}', 'resident_id', '\\x{proof}', '\\x{index}', '3701**', '{0}', 'checked_by_registry', now());
         insert into sessions (token_hash, session_id, person_id, created_at, last_seen_at, expires_at, second_factor, stepped_up_at, user_agent, ip_masked)
           values ('\\x{token}', '{id}', '{id}', now(), now(), now(), {1}, now() + interval '30 days', 'bench', '127.0.0.*')",
        name(n),
        kind == "clerk"
    );
    run_sql(conn, sql).await
}

fn sign(n: usize) -> char {
    char::from_u32(0x4E00 + u32::try_from(n % 5_000).unwrap_or(0)).unwrap_or('甲')
}

fn name(n: usize) -> String {
    format!("赵{}", sign(n))
}

/// A resident ID that checks (GB 11643), of somebody grown up.
fn resident_id(n: usize) -> String {
    let birth = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default() + TimeDelta::days(i64::try_from(n / 900).unwrap_or(0));
    let body = format!("370102{:04}{:02}{:02}{:03}", birth.year(), birth.month(), birth.day(), 100 + n % 900);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
    format!("{body}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize])
}

/// 民间借贷, complete but for files: what a party sends.
fn loan(court: i32, party: usize, random: &Random) -> Value {
    let (plaintiff, number) = (name(party), resident_id(party));
    let other: String = random.bytes::<8>().chunks(2).map(|b| sign(usize::from(b[0]) * 256 + usize::from(b[1]))).collect();
    let fen = 1_000_000;
    json!({
        "court_id": court, "kind": "civil",
        "cause": {"code": "108.3", "domain": "civil", "edition": "2026", "name": "民间借贷纠纷"},
        "parties": [
            {"id": "p1", "side": "plaintiff", "kind": "natural", "name": plaintiff, "gender": "male", "phone": "13900000001",
             "domicile": "山东省济南市历下区泉城路1号", "id_type": "resident_id", "id_number": number},
            {"id": "p2", "side": "defendant", "kind": "natural", "name": other, "gender": "male", "phone": "13800138001",
             "domicile": "山东省济南市历下区解放路2号"},
        ],
        "claims": [{"id": "c1", "text": "偿还借款本金 10000 元", "amount_fen": fen}],
        "amount_fen": fen,
        "facts": "2024 年 1 月 1 日，被告向原告借款，到期未还。",
        "elements": {"form": "F02", "edition": "2025", "values": {
            "claims": {"C1": {"as_of": "2026-06-30", "amount": fen}, "C4": {"yes": false}},
            "facts": {"F1": {"date": "2024-01-01"}, "F2": {"lender": plaintiff, "borrower": other},
                "F3": {"agreed": fen, "paid": fen}, "F4": {"due": true, "term": {"from": "2024-01-01", "to": "2025-01-01"}},
                "F5": {"rate": 6, "per": "year"}, "F8": {"principal": 0, "interest": 0}, "F9": {"yes": true, "since": "2025-01-02"}}
        }},
        "jurisdiction": {"ground": "defendant_domicile", "clause": false},
        "mediation": {"know": true, "want": "no"},
        "service": {"address": "济南市历下区泉城路1号", "receiver": plaintiff, "phone": "13900000001", "email": "zhao@example.cn",
            "e_service": true, "channels": ["platform", "sms"], "understood": true},
        "statement": {"accepted": true, "version": "2025"}
    })
}
