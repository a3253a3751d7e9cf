//! The peer: pgbench, running the very statements one request makes.
//!
//! They are not written down here, where they would go stale: a server's own statements are taken from PostgreSQL's
//! log while it answers one request, and turned into a script. What is the same in two requests stays a parameter of
//! the same value; what differs (ids, numbers, digests) is made anew for each transaction; the court is drawn by lot.
//! pgbench prepares each statement once, as sqlx does. The settings of row security, which we send along with BEGIN, are
//! one set_config statement there, because pgbench prepares single statements only.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use sqlx::PgConnection;

use crate::cluster::{Cluster, run_sql};
use crate::data::{POOL, pool_id};

/// One statement as the server saw it.
#[derive(Debug, Clone)]
pub struct Statement {
    sql: String,
    /// Values of $1, $2 …; none for a null.
    values: Vec<Option<String>>,
}

/// A script for pgbench, with its variables.
pub struct Script {
    file: PathBuf,
    variables: Vec<(String, String)>,
    /// Statements in it.
    pub statements: usize,
}

/// Listens to what a database is asked.
pub struct Ear {
    log: PathBuf,
    database: String,
    from: u64,
}

impl Ear {
    /// Logs every statement of connections opened from now on.
    pub async fn open(cluster: &Cluster, database: &str) -> Result<Self, String> {
        let mut admin = cluster.admin("postgres").await?;
        run_sql(&mut admin, format!("alter database {database} set log_statement = 'all'")).await?;
        Ok(Self { log: cluster.statement_log(), database: database.to_owned(), from: 0 })
    }

    /// Later connections are not listened to.
    pub async fn close(self, cluster: &Cluster) -> Result<(), String> {
        let mut admin = cluster.admin("postgres").await?;
        run_sql(&mut admin, format!("alter database {} reset log_statement", self.database)).await
    }

    /// Forgets what was said so far.
    pub async fn forget(&mut self) {
        settle().await;
        self.from = std::fs::metadata(&self.log).map_or(0, |m| m.len());
    }

    /// What was asked since.
    pub async fn heard(&self) -> Result<Vec<Statement>, String> {
        settle().await;
        let mut file = std::fs::File::open(&self.log).map_err(|e| format!("{}: {e}", self.log.display()))?;
        file.seek(SeekFrom::Start(self.from)).map_err(|e| e.to_string())?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|e| e.to_string())?;
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        Ok(in_order(lines.filter(|l| l["dbname"] == self.database.as_str())))
    }
}

/// Transaction after transaction: the end of one, on its connection, may be logged after the next began on another.
fn in_order(lines: impl Iterator<Item = Value>) -> Vec<Statement> {
    let mut transactions: Vec<(Value, Vec<Statement>)> = Vec::new();
    for line in lines {
        let Some(said) = statement(&line) else { continue };
        let open = transactions.iter_mut().rev().find(|(pid, _)| *pid == line["pid"]);
        match open {
            Some((_, statements)) if !said.sql.starts_with("begin") => statements.push(said),
            _ => transactions.push((line["pid"].clone(), vec![said])),
        }
    }
    transactions.into_iter().flat_map(|(_, statements)| statements).collect()
}

/// The server ends a transaction after it has answered, and the log has a writer of its own.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(500)).await;
}

fn statement(line: &Value) -> Option<Statement> {
    let message = line["message"].as_str()?;
    if let Some(sql) = message.strip_prefix("statement: ") {
        return Some(Statement { sql: sql.to_owned(), values: vec![] });
    }
    let (_, sql) = message.strip_prefix("execute ")?.split_once(": ")?;
    let detail = line["detail"].as_str().unwrap_or_default();
    let detail = detail.split_once("arameters: ").map_or("", |(_, rest)| rest);
    Some(Statement { sql: sql.to_owned(), values: values(detail) })
}

/// `$1 = 'a''b', $2 = NULL` as the server writes it.
fn values(detail: &str) -> Vec<Option<String>> {
    let (mut out, mut rest) = (Vec::new(), detail);
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(next) = after.strip_prefix("NULL") {
            out.push(None);
            rest = next;
            continue;
        }
        let (mut value, mut signs) = (String::new(), after[1..].char_indices().peekable());
        let mut end = after.len();
        while let Some((i, sign)) = signs.next() {
            match (sign, signs.peek()) {
                ('\'', Some((_, '\''))) => {
                    signs.next();
                    value.push('\'');
                }
                ('\'', _) => {
                    end = i + 2;
                    break;
                }
                _ => value.push(sign),
            }
        }
        out.push(Some(value));
        rest = &after[end..];
    }
    out
}

/// Writes a script out of two requests of the same kind: `court` is the court of the second.
pub async fn script(
    conn: &mut PgConnection,
    path: &Path,
    first: &[Statement],
    second: &[Statement],
    court: i32,
    courts: usize,
) -> Result<Script, String> {
    if first.len() != second.len() || first.is_empty() {
        return Err(format!("two requests made {} and {} statements: not alike", first.len(), second.len()));
    }
    let mut writer = Writer { court: court.to_string(), fresh: HashMap::new(), variables: Vec::new() };
    let mut text = format!(
        "\\set t :t + 1\n\\set i :run * 100000000000 + :client_id * 100000000 + :t\n\\set d :client_id * {POOL} + :t % {POOL}\n\\set court random(370001, {})\n",
        370_000 + courts
    );
    let mut statements = 0;
    for (a, b) in first.iter().zip(second) {
        let types = types(conn, &b.sql).await;
        for line in writer.lines(a, b, &types) {
            statements += 1;
            text.push_str(&line);
            text.push_str(";\n");
        }
    }
    std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(Script { file: path.to_owned(), variables: writer.variables, statements })
}

/// The parameter types the server itself gives a statement.
async fn types(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    if run_sql(conn, format!("prepare peer as {sql}")).await.is_err() {
        return Vec::new();
    }
    let ask = "select parameter_types::text[] from pg_prepared_statements where name = 'peer'";
    let types = sqlx::query_scalar(ask).fetch_one(&mut *conn).await.unwrap_or_default();
    let _ = run_sql(conn, "deallocate peer").await;
    types
}

struct Writer {
    court: String,
    /// Ids that differ from request to request, by their value in the second.
    fresh: HashMap<String, usize>,
    variables: Vec<(String, String)>,
}

impl Writer {
    fn lines(&mut self, first: &Statement, second: &Statement, types: &[String]) -> Vec<String> {
        if second.values.is_empty() {
            return self.plain(&second.sql);
        }
        let mut sql = second.sql.clone();
        // backwards, so that $1 does not take the head of $12
        for n in (0..second.values.len()).rev() {
            let same = first.values.get(n) == second.values.get(n);
            let kind = types.get(n).map_or("", String::as_str);
            let value = match &second.values[n] {
                None => "null".to_owned(),
                Some(value) => self.value(value, same, kind, &second.sql),
            };
            sql = sql.replace(&format!("${}", n + 1), &value);
        }
        vec![sql]
    }

    /// `begin; set local app.court_id = '370001'; …` becomes BEGIN and one set_config.
    fn plain(&mut self, sql: &str) -> Vec<String> {
        let (mut lines, mut settings) = (Vec::new(), Vec::new());
        for part in sql.split(';').map(str::trim).filter(|p| !p.is_empty()) {
            match part.strip_prefix("set local ").and_then(|s| s.split_once(" = ")) {
                Some((name, value)) => {
                    let value = self.value(value.trim_matches('\''), true, "text", sql);
                    settings.push(format!("set_config('{name}', {value}, true)"));
                }
                None => lines.push(part.to_owned()),
            }
        }
        if !settings.is_empty() {
            lines.push(format!("select {}", settings.join(", ")));
        }
        lines
    }

    fn value(&mut self, value: &str, same: bool, kind: &str, sql: &str) -> String {
        let cast = if kind.is_empty() { String::new() } else { format!("::{kind}") };
        if value == self.court {
            return if kind == "text" { "(:court::int)::text".into() } else { ":court::int".into() };
        }
        if value.is_empty() {
            return "''".into(); // pgbench takes no empty variable
        }
        if same {
            return format!("{}{cast}", self.variable(value));
        }
        match kind {
            "uuid" if sql.contains(" drafts") => pool_id(":d::bigint"),
            "uuid" => self.fresh_id(value),
            "text" if is_uuid(value) => format!("{}::text", self.fresh_id(value)),
            "text" if value.len() <= 80 => format!("({}::text || :i::bigint)", self.variable(value)),
            "timestamp with time zone" => "now()".into(),
            "bytea" if value.len() <= 66 => {
                let n = self.fresh_number(value);
                format!("decode(lpad(to_hex({n}), 4, '0') || lpad(to_hex(:i::bigint), 60, '0'), 'hex')")
            }
            "uuid[]" => {
                let ids: Vec<String> = value.trim_matches(['{', '}']).split(',').map(|id| self.fresh_id(id)).collect();
                format!("array[{}]", ids.join(", "))
            }
            "bytea[]" => {
                let one = "decode(lpad(to_hex(:i::bigint), 32, '0'), 'hex')";
                format!("array[{}]", vec![one; value.split(',').count()].join(", "))
            }
            _ => format!("{}{cast}", self.variable(value)),
        }
    }

    fn fresh_id(&mut self, value: &str) -> String {
        let n = self.fresh_number(value);
        format!(
            "('01a00000-0000-7' || lpad(to_hex({n}), 3, '0') || '-8' || substr(lpad(to_hex(:i::bigint), 15, '0'), 1, 3) || '-' || substr(lpad(to_hex(:i::bigint), 15, '0'), 4))::uuid"
        )
    }

    fn fresh_number(&mut self, value: &str) -> usize {
        let next = self.fresh.len();
        *self.fresh.entry(value.to_owned()).or_insert(next)
    }

    fn variable(&mut self, value: &str) -> String {
        let name = match self.variables.iter().find(|(_, v)| v == value) {
            Some((name, _)) => name.clone(),
            None => {
                let name = format!("v{}", self.variables.len());
                self.variables.push((name.clone(), value.to_owned()));
                name
            }
        };
        format!(":{name}")
    }
}

fn is_uuid(value: &str) -> bool {
    value.len() == 36 && uuid::Uuid::try_parse(value).is_ok()
}

/// pgbench, where PostgreSQL's programs are.
pub fn pgbench() -> Result<PathBuf, String> {
    let mut places: Vec<PathBuf> = std::env::var_os("PG_BIN").map(PathBuf::from).into_iter().collect();
    let mut installed: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path().join("bin")).collect();
    installed.sort();
    places.extend(installed.into_iter().rev());
    places.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    let found = places.into_iter().map(|p| p.join("pgbench")).find(|p| p.exists());
    found.ok_or_else(|| "pgbench is missing. It comes with Debian's package postgresql; or set PG_BIN to a directory that has it".into())
}

impl Script {
    /// Transactions a second. Each run has its own numbers, so that no id comes twice.
    pub async fn run(&self, url: &str, clients: usize, time: Duration, run: usize) -> Result<f64, String> {
        let mut command = Command::new(pgbench()?);
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=1"]);
        // what the server's connections set (`court/door.rs`), so that both are planned alike
        command.env("PGOPTIONS", "-c random_page_cost=1.1");
        command.arg(format!("--client={clients}")).arg(format!("--time={}", time.as_secs())).arg("--file").arg(&self.file);
        command.args(["-D", "t=0", "-D", &format!("run={run}")]);
        for (name, value) in &self.variables {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        let done = tokio::task::spawn_blocking({
            let mut command = command;
            command.arg(url);
            move || command.output()
        });
        let out = done.await.map_err(|e| e.to_string())?.map_err(|e| format!("pgbench: {e}"))?;
        let said = String::from_utf8_lossy(&out.stdout);
        let tps = said.lines().find_map(|l| l.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        match (out.status.success(), tps) {
            (true, Some(tps)) => Ok(tps),
            _ => Err(format!("pgbench over {}:\n{}", self.file.display(), String::from_utf8_lossy(&out.stderr))),
        }
    }
}
