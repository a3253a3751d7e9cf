//! The only file that holds the pool. `enter` authenticates nothing (caller.rs did) but decides, begins
//! the transaction and sets the court: 401, 403 and 404 happen here and nowhere else.
//!
//! Must never hand out a connection that is not inside a transaction with its scope set.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};
use tokio::sync::Notify;
use uuid::Uuid;

use super::act::{Act, Way};
use super::caller::Caller;
use super::catalogue::{self, CatalogueFault};
use super::nesting::Held;
use super::policy::PolicyBook;
use super::registry::Registry;
use super::role::{Role, Roles};
use super::tx::{Core, CourtTx, GateTx, PersonTx, ProvinceTx, Seat, WorkTx};
use crate::error::{Error, Result, said};
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::kit::seal::Seal;

/// The door to the database.
pub struct Door {
    pool: PgPool,
    clock: Clock,
    random: Random,
    seal: Seal,
    bell: Arc<Notify>,
    /// The compiled policies.
    pub policies: PolicyBook,
    /// The courts and their rules.
    pub registry: Registry,
}

/// Connects as the application's role, with every timeout set.
pub async fn connect(url: &str, connections: u32) -> std::result::Result<PgPool, CatalogueFault> {
    // The planner thinks that row security lets next to nothing through, and with the page cost of turning disks would
    // read and sort a court's whole queue rather than walk its index to the end of one page.
    let settings =
        [("statement_timeout", "5s"), ("lock_timeout", "1s"), ("idle_in_transaction_session_timeout", "10s"), ("random_page_cost", "1.1")];
    let options =
        PgConnectOptions::from_str(url)?.application_name("lianting").options(settings).log_statements(tracing::log::LevelFilter::Trace);
    // asked once without the pool, which would only say that it waited
    let first = tokio::time::timeout(Duration::from_secs(5), PgConnection::connect_with(&options)).await;
    match first {
        Ok(Ok(conn)) => drop(conn.close().await),
        Ok(Err(e)) => return Err(CatalogueFault::NoEntry { place: place(&options), cause: e.to_string() }),
        Err(_) => return Err(CatalogueFault::NoEntry { place: place(&options), cause: "no answer in 5 s".into() }),
    }
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(2))
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// `host:port/database`, never the password.
fn place(options: &PgConnectOptions) -> String {
    format!("{}:{}/{}", options.get_host(), options.get_port(), options.get_database().unwrap_or_default())
}

/// Refuses a database on which the wall does not stand.
pub async fn check_catalogue(pool: &PgPool) -> std::result::Result<(), CatalogueFault> {
    let mut conn = pool.acquire().await?;
    catalogue::check(&mut conn).await
}

/// The bell rings at most so often.
const BETWEEN_RINGS: Duration = Duration::from_millis(20);
/// For how long a step-up holds.
const STEP_UP: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

impl Door {
    /// A door over a checked pool.
    pub fn new(pool: PgPool, clock: Clock, random: Random, seal: Seal, policies: PolicyBook, registry: Registry) -> Self {
        Self { pool, clock, random, seal, bell: Arc::default(), policies, registry }
    }

    async fn begin(&self, sql: String, person: Option<Uuid>, seat: &'static str, act: &'static str, request: Arc<str>) -> Result<Core> {
        let held = Held::take(act)?;
        let tx = self.pool.begin_with(AssertSqlSafe(sql)).await?;
        Ok(Core::new(tx, held, self.clock.now(), person, seat, act, request, self.random.clone(), self.seal.clone(), self.bell.clone()))
    }

    /// Enters a court under an act: decides, begins, sets the court.
    pub async fn enter(&self, caller: &Caller, court: i32, act: Act) -> Result<CourtTx> {
        let open = self.registry.court(court).is_some_and(|c| c.enabled || act == Act::CourtConfirm);
        if !open {
            return Err(Error::not_found());
        }
        let seat = self.seat(caller, court, act)?;
        if act.is_grave() && self.clock.now() - caller.session.stepped_up_at > STEP_UP {
            return Err(step_up_needed());
        }
        // a page is read at one moment: what its queries say fits together
        let begin = if act.way() == Way::Read { "begin isolation level repeatable read read only" } else { "begin" };
        let sql = format!(
            "{begin}; set local app.scope = 'court'; set local app.court_id = '{court}'; set local app.person_id = '{}'; set local app.seat = '{}'",
            caller.person(),
            seat.key()
        );
        let core = self.begin(sql, Some(caller.person()), seat.key(), act.key(), caller.request.clone()).await?;
        Ok(CourtTx { core, court, seat, who: caller.session.name.clone(), act })
    }

    fn seat(&self, caller: &Caller, court: i32, act: Act) -> Result<Seat> {
        let carriers = self.policies.carriers(court, caller.roles_at(court), act);
        let staff = carriers.both(Roles::staff());
        if carriers.is_empty() {
            return Err(Error::forbidden());
        }
        let staff_may = !staff.is_empty() && caller.session.second_factor;
        if !staff_may && staff == carriers {
            return Err(second_factor_missing());
        }
        Ok(match act.way() {
            Way::System => Seat::System,
            _ if staff_may => Seat::Staff,
            _ => Seat::Party,
        })
    }

    /// May the caller do this here? For pages that show what is possible.
    pub fn may(&self, caller: &Caller, court: i32, act: Act) -> bool {
        self.seat(caller, court, act).is_ok()
    }

    /// Enters a court for a job of the house, or for a public look-up already narrowed to one row.
    pub async fn enter_as_house(&self, court: i32, act: &'static str) -> Result<CourtTx> {
        let sql = format!(
            "begin; set local app.scope = 'court'; set local app.court_id = '{court}'; set local app.person_id = ''; set local app.seat = 'system'"
        );
        let core = self.begin(sql, None, "system", act, "job".into()).await?;
        Ok(CourtTx { core, court, seat: Seat::System, who: "系统".into(), act: Act::PaperRead })
    }

    /// The same for whoever holds a one-time link and is not signed in: the audit row names the request.
    pub async fn enter_by_link(&self, court: i32, act: &'static str, request: Arc<str>) -> Result<CourtTx> {
        let mut tx = self.enter_as_house(court, act).await?;
        tx.core.request = request;
        Ok(tx)
    }

    /// One's own rows in all courts.
    pub async fn mine(&self, caller: &Caller, act: &'static str) -> Result<PersonTx> {
        self.as_person(caller.person(), act, caller.request.clone()).await
    }

    /// A person's own rows, for a step of the house on his or her behalf.
    pub async fn as_person(&self, person: Uuid, act: &'static str, request: Arc<str>) -> Result<PersonTx> {
        let sql = format!(
            "begin; set local app.scope = 'person'; set local app.court_id = ''; set local app.person_id = '{person}'; set local app.seat = ''"
        );
        Ok(PersonTx { core: self.begin(sql, Some(person), "own", act, request).await?, person })
    }

    /// Figures over all courts; each use leaves an audit row at the high court.
    pub async fn province(&self, caller: &Caller) -> Result<ProvinceTx> {
        let high = self.registry.province_court();
        self.enter(caller, high, Act::ProvinceRead).await?; // decides; read only, dropped
        let mut note = self.enter_as_house(high, Act::ProvinceRead.key()).await?;
        note.core.person = Some(caller.person());
        note.core.request = caller.request.clone();
        note.commit("province", serde_json::json!({})).await?;
        let sql = "begin read only; set local app.scope = 'province'; set local app.court_id = ''; set local app.person_id = ''; set local app.seat = ''".to_owned();
        Ok(ProvinceTx { core: self.begin(sql, Some(caller.person()), "province", Act::ProvinceRead.key(), caller.request.clone()).await? })
    }

    /// Sign-in, sign-up, look-ups by code.
    pub async fn gate(&self, act: &'static str, request: Arc<str>) -> Result<GateTx> {
        let sql = "begin; set local app.scope = 'gate'; set local app.court_id = ''; set local app.person_id = ''; set local app.seat = ''"
            .to_owned();
        Ok(GateTx { core: self.begin(sql, None, "gate", act, request).await? })
    }

    /// Claims due jobs.
    pub async fn work(&self) -> Result<WorkTx> {
        let sql =
            "begin; set local app.scope = 'worker'; set local app.court_id = ''; set local app.person_id = ''; set local app.seat = ''"
                .to_owned();
        Ok(WorkTx { core: self.begin(sql, None, "worker", "work", "job".into()).await? })
    }

    /// Wakes the workers of every node when events were left, once for all that came since. A NOTIFY inside each
    /// transaction would let them commit one at a time only: PostgreSQL holds one lock over all of them from there to the
    /// end of the commit. A bell that is lost with its process costs the two seconds after which workers look by themselves.
    pub async fn ring(&self) {
        loop {
            self.bell.notified().await;
            if let Err(cause) = sqlx::query("select pg_notify('lianting_outbox', '')").execute(&self.pool).await {
                tracing::warn!(%cause, "the workers could not be woken");
            }
            tokio::time::sleep(BETWEEN_RINGS).await;
        }
    }

    /// Hears what other nodes changed.
    pub async fn listen(&self, channels: &[&str]) -> std::result::Result<PgListener, sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen_all(channels.iter().copied()).await?;
        Ok(listener)
    }

    /// Reloads courts and rules after a change.
    pub async fn reload_registry(&self) -> Result<()> {
        let mut gate = self.gate("registry:load", "".into()).await?;
        self.registry.reload(gate.conn()).await
    }

    /// Reloads every court's policy overrides: the net under a notification that was missed.
    pub async fn reload_all_policies(&self) -> Result<()> {
        let mut gate = self.gate("policies:load", "".into()).await?;
        let all = super::registry::all_overrides(gate.conn()).await?;
        drop(gate);
        self.policies.set_all(&all).await.map_err(Error::internal)
    }

    /// Reloads one court's policy overrides after a change.
    pub async fn reload_policies(&self, court: i32) -> Result<()> {
        let mut gate = self.gate("policies:load", "".into()).await?;
        let lines = super::registry::overrides_of(gate.conn(), court).await?;
        self.policies.set_court(court, &lines).await.map_err(Error::internal)
    }

    /// The database answers.
    pub async fn ready(&self) -> bool {
        tokio::time::timeout(Duration::from_secs(2), sqlx::query("select 1").execute(&self.pool)).await.is_ok_and(|r| r.is_ok())
    }

    /// Connections in use and idle, for the metrics page.
    pub fn connections(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    /// Closes the pool once requests have drained.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A grave act wants to know who sits there now.
fn step_up_needed() -> Error {
    Error::new(
        poem::http::StatusCode::FORBIDDEN,
        "session.step_up_needed",
        said(
            "这一步会改变权限、规则或案件的可见范围，需要再确认一次是您本人。",
            "This changes rights, rules or who sees a case: confirm once more that it is you.",
        ),
        said(
            "请填身份验证器现在显示的 6 位数字；确认后 5 分钟内有效。",
            "Type the six digits your authenticator shows now; it holds for five minutes.",
        ),
    )
}

/// Roles whose holder must show a second factor hold nothing until it was shown.
fn second_factor_missing() -> Error {
    Error::new(
        poem::http::StatusCode::FORBIDDEN,
        "role.second_factor_needed",
        said("法院工作人员须用两种方式登录，您这次只用了一种。", "Court staff sign in with two factors; this session has one."),
        said("请在「我的账号」启用动态口令，再重新登录。", "Turn on the authenticator in your account, then sign in again."),
    )
}

/// The roles a person asks to hold together at one court must not join two separated duties.
pub fn check_split(roles: Roles) -> Result<()> {
    if !roles.joins_duties() {
        return Ok(());
    }
    let names: Vec<&str> = roles.iter().filter(|r| r.duty().is_some()).map(Role::key).collect();
    Err(Error::conflict(
        "admin.split_of_duties",
        said(
            format!("系统管理、安全管理、审计须由三人分任，不能由一人兼任：{}。", names.join("、")),
            format!("System, security and audit duties are held by three people, not one: {}.", names.join(", ")),
        ),
        said("请把其中一项交给另一位同事。", "Give one of them to a colleague."),
    ))
}
