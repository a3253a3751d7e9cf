//! What every door shares: settings, the door to the database, the tools.
//!
//! Owns the assembly and nothing else. Must never hold state of a request.

use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::court::door::{self, Door};
use crate::court::policy::{PolicyBook, PolicySource};
use crate::court::registry::{self, Registry};
use crate::delivery::allowed::ServiceTable;
use crate::docket::reference::Reference;
use crate::filing::checks::Divisions;
use crate::kit::blob::Blob;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::kit::seal::Seal;
use crate::kit::wire::Wire;
use crate::limits::Limits;
use crate::paper::renderer::Renderer;
use crate::paper::sealing::Seals;
use crate::person::session::Sessions;

/// The policies built into the program.
pub const MODEL: &str = include_str!("../policies/model.conf");
/// The role lines built into the program.
pub const ROLES: &str = include_str!("../policies/roles.csv");

/// Everything shared, cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The shared parts.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// Randomness and ids.
    pub random: Random,
    /// Sealing of personal data.
    pub seal: Seal,
    /// The door to the database.
    pub door: Door,
    /// The object store.
    pub blob: Blob,
    /// Hearings that are open on this server.
    pub rooms: crate::hearing::room::hub::Rooms,
    /// Live sessions.
    pub sessions: Sessions,
    /// Rate limits.
    pub limits: Limits,
    /// The paper renderer.
    pub renderer: Renderer,
    /// A renderer of its own for previews of courts' templates: a source that loops keeps no real paper waiting.
    pub previewer: Renderer,
    /// Electronic seals of the courts.
    pub seals: Seals,
    /// Causes, forms, folders, holidays: reference data built in.
    pub reference: Reference,
    /// 行政区划, for hints on jurisdiction.
    pub divisions: Arc<Divisions>,
    /// SMS gateway.
    pub sms: Option<Wire>,
    /// Identity checks.
    pub identity: Option<Wire>,
    /// Posts to the addresses people registered for their software.
    pub webhooks: reqwest::Client,
    /// Mail relay.
    pub mail: Option<crate::delivery::mail::Mail>,
    /// National e-delivery platform.
    pub platform: Option<Wire>,
    /// Chat accounts.
    pub chat: Option<Wire>,
    /// Which papers may be served electronically, where and since when.
    pub service_table: ServiceTable,
    /// 微信支付; without a merchant number nobody pays online.
    pub wechat: Option<crate::fees::wechat::client::WechatPay>,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// Database.
    #[error(transparent)]
    Catalogue(#[from] crate::court::catalogue::CatalogueFault),
    /// Policies.
    #[error(transparent)]
    Policy(#[from] crate::court::policy::PolicyFault),
    /// Anything else, in words.
    #[error("{0}")]
    Other(String),
}

impl App {
    /// Assembles everything and refuses to start on anything the wall cannot stand on.
    ///
    /// # Errors
    /// Says the cause and the cure.
    pub async fn start(config: Config, clock: Clock, random: Random) -> Result<Self, StartFault> {
        let other = |what: &str, e: &dyn std::fmt::Display| StartFault::Other(format!("{what}: {e}"));
        let keys = std::fs::read_to_string(&config.key_file)
            .map_err(|e| other(&format!("key file {} (make one with `lianting new-key`)", config.key_file.display()), &e))?;
        let seal = Seal::from_key_file(&keys, random.clone()).map_err(StartFault::Other)?;
        let pool = door::connect(&config.database_url, config.db_connections).await?;
        door::check_catalogue(&pool).await?;
        let source = read_policies(&config)?;
        let registry = Registry::default();
        let overrides = {
            let mut conn = pool.acquire().await.map_err(|e| other("database", &e))?;
            registry.reload(&mut conn).await.map_err(|e| other("courts", &e))?;
            registry::all_overrides(&mut conn).await.map_err(|e| other("policies", &e))?
        };
        if registry.courts().is_empty() {
            return Err(StartFault::Other("no court is known. Run `lianting court apply tenants/<province>` first".into()));
        }
        let policies = PolicyBook::open(source, &overrides).await.map_err(|e| other("policies", &e))?;
        let wire = |url: &Option<String>, app_id: &str, secret: &str| match url {
            Some(url) => Wire::new(url, app_id, secret, random.clone()).map(Some).map_err(|e| other("outside service", &e)),
            None => Ok(None),
        };
        let renderer = Renderer::new(config.paper_program.clone(), config.paper_processes);
        renderer.check().map_err(StartFault::Other)?;
        let parts = Parts {
            sms: wire(&config.sms_url, &config.sms_app_id, &config.sms_secret)?,
            identity: wire(&config.identity_url, &config.identity_app_id, &config.identity_secret)?,
            mail: config.mail.open().map_err(StartFault::Other)?,
            platform: wire(&config.edelivery_url, &config.edelivery_app_id, &config.edelivery_secret)?,
            chat: wire(&config.chat_url, &config.chat_app_id, &config.chat_secret)?,
            service_table: ServiceTable::built_in().map_err(|e| other("service_rules.csv", &e))?,
            wechat: config.wechat.open(&config.public_url, clock.clone(), random.clone()).map_err(|e| other("WeChat Pay", &e))?,
            webhooks: crate::software::target::client(config.webhooks_inside).map_err(|e| other("webhooks", &e))?,
            blob: Blob::new(&config.store()),
            rooms: crate::hearing::room::hub::Rooms::default(),
            sessions: Sessions::new(),
            limits: Limits::new(&config),
            previewer: Renderer::new(config.paper_program.clone(), 1),
            renderer,
            seals: Seals::open(config.seal_dir.as_deref(), config.tsa_url.as_deref(), random.clone()).map_err(|e| other("seals", &e))?,
            reference: Reference::built_in().map_err(StartFault::Other)?,
            divisions: Divisions::from_csv(include_str!("../reference/divisions.csv")).into(),
            door: Door::new(pool, clock.clone(), random.clone(), seal.clone(), policies, registry),
            config,
            clock,
            random,
            seal,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// 山东省, for the head of papers.
    pub fn province_name(&self) -> String {
        let high = self.door.registry.name(self.door.registry.province_court());
        high.trim_end_matches("高级人民法院").to_owned()
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

fn read_policies(config: &Config) -> Result<PolicySource, StartFault> {
    let Some(dir) = &config.policies else { return Ok(PolicySource::parse(MODEL, ROLES)?) };
    let read = |name: &str| {
        std::fs::read_to_string(dir.join(name))
            .map_err(|e| StartFault::Other(format!("{}: {e}. Give a directory with model.conf and roles.csv", dir.join(name).display())))
    };
    Ok(PolicySource::parse(&read("model.conf")?, &read("roles.csv")?)?)
}
