//! A mail server. Owns its two listeners, the page that shows what arrived and the control door; must never send mail to
//! the world: bounces go to the one address it was told, or into its own mailbox.

mod bounce;
mod mailbox;
mod session;
mod trouble;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Body, EndpointExt, Response, Route, get, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::doors::{answer, error, healthz, ordered, page};
use crate::life::{Life, LifeOptions};
use mailbox::{Envelope, Mailbox};
use trouble::{Order, Trouble, Troubles};

/// How many messages the page gets.
const SHOWN: usize = 200;
/// How many connections at once.
const CONNECTIONS: usize = 500;

/// What the mail server is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub life: LifeOptions,
    /// Where to take mail; `--listen` is the page and the control door.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub smtp: SocketAddr,
    /// Where bounces are handed over by SMTP; without it they are kept here, in the sender's mailbox.
    #[arg(long)]
    pub bounce_to: Option<String>,
    /// How long after it was taken a message bounces, in milliseconds.
    #[arg(long, default_value_t = 300)]
    pub bounce_after_ms: u64,
    /// Only this user may send (AUTH PLAIN); anybody when absent.
    #[arg(long, requires = "password")]
    pub user: Option<String>,
    /// The user's password.
    #[arg(long, env = "LIANTING_SIM_SECRET", hide_env_values = true)]
    pub password: Option<String>,
}

/// The mail server.
pub struct Server {
    mailbox: Mailbox,
    troubles: Troubles,
    user: Option<(String, String)>,
    bounce_to: Mutex<Option<String>>,
    bounce_after: Duration,
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let listener = TcpListener::bind(options.smtp).await?;
    let server = Arc::new(Server {
        mailbox: Mailbox::default(),
        troubles: Troubles::default(),
        user: options.user.clone().map(|user| (user, options.password.clone().unwrap_or_default())),
        bounce_to: Mutex::new(options.bounce_to.clone()),
        bounce_after: Duration::from_millis(options.bounce_after_ms),
    });
    let doors = Route::new()
        .at("/", get(inbox))
        .at("/mail", get(mails))
        .at("/mail/:id/raw", get(original))
        .at("/mail/:id/files/:n", get(attached))
        .at("/control", get(standing).post(control))
        .at("/healthz", get(healthz))
        .data(Arc::clone(&server));
    life.announce_with(&[("smtp", listener.local_addr()?)])?;
    let taking = tokio::spawn(accept(server, listener));
    let served = life.serve_on(doors).await;
    taking.abort();
    served
}

async fn accept(server: Arc<Server>, listener: TcpListener) {
    let places = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        // a connection that failed to come is no reason to stop
        let Ok((stream, _)) = listener.accept().await else { continue };
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            session::talk(server, stream).await;
            drop(place);
        });
    }
}

impl Server {
    /// Takes a message for all its recipients and lets each meet its trouble; answers its number, 0 for a swallowed one.
    fn take(self: &Arc<Self>, envelope: Envelope, raw: Vec<u8>) -> u64 {
        let mut arrives = Envelope { to: Vec::new(), ..envelope.clone() };
        for to in &envelope.to {
            let later = |it: Trouble| it == Trouble::Swallow || bounce::fate(it).is_some();
            let trouble = self.troubles.take(Some(to), later).map(|order| order.trouble);
            let told = trouble.filter(|it| *it != Trouble::Report || envelope.report.contains(to));
            if let Some(fate) = told.and_then(bounce::fate).filter(|_| !envelope.from.is_empty()) {
                self.bounce(fate, envelope.clone(), to.clone(), raw.clone());
            }
            if matches!(trouble, None | Some(Trouble::BounceDelayed | Trouble::Report)) {
                arrives.to.push(to.clone());
            }
        }
        if arrives.to.is_empty() { 0 } else { self.mailbox.keep(arrives, raw) }
    }

    fn bounce(self: &Arc<Self>, fate: bounce::Fate, envelope: Envelope, recipient: String, raw: Vec<u8>) {
        let server = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(server.bounce_after).await;
            let notification = bounce::notification(&fate, &envelope, &recipient, &raw, &Uuid::new_v4().simple().to_string());
            let host = server.bounce_to.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match host {
                None => {
                    let back = Envelope { to: vec![envelope.from.clone()], ..Envelope::default() };
                    server.mailbox.keep(back, notification);
                }
                Some(host) => {
                    if let Err(wrong) = bounce::hand_over(&host, &envelope.from, &notification).await {
                        eprintln!("lianting-sim smtp: {host} did not take a bounce: {wrong}");
                    }
                }
            }
        });
    }
}

#[handler]
async fn inbox() -> Response {
    page(include_str!("inbox.html"))
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
    limit: Option<usize>,
}

#[handler]
async fn mails(Query(filter): Query<Filter>, Data(server): Data<&Arc<Server>>) -> Response {
    let most = filter.limit.unwrap_or(SHOWN).min(20_000);
    let items: Vec<Value> = server.mailbox.newest(filter.to.as_deref(), most).iter().map(mailbox::Message::face).collect();
    answer(StatusCode::OK, json!({"items": items, "mailboxes": server.mailbox.counts()}))
}

#[handler]
async fn original(Path(id): Path<u64>, Data(server): Data<&Arc<Server>>) -> Response {
    match server.mailbox.get(id) {
        Some(message) => Response::builder().content_type("text/plain; charset=utf-8").body(message.raw),
        None => error(StatusCode::NOT_FOUND, "not_found", "no such message"),
    }
}

#[handler]
async fn attached(Path((id, n)): Path<(u64, usize)>, Data(server): Data<&Arc<Server>>) -> Response {
    match server.mailbox.get(id).and_then(|message| message.attachment(n)) {
        // never shown as a page of this origin, whatever it is
        Some(bytes) => Response::builder()
            .content_type("application/octet-stream")
            .header("content-disposition", "attachment")
            .header("x-content-type-options", "nosniff")
            .body(bytes),
        None => error(StatusCode::NOT_FOUND, "not_found", "no such file"),
    }
}

/// What `POST /control` takes; members left out change nothing.
#[derive(Deserialize)]
struct Orders {
    #[serde(default)]
    orders: Vec<Order>,
    #[serde(default)]
    bounce_to: Option<String>,
    /// Calls all troubles off.
    #[serde(default)]
    clear: bool,
    /// And forgets all mail.
    #[serde(default)]
    reset: bool,
}

#[handler]
async fn control(body: Body, Data(server): Data<&Arc<Server>>) -> Response {
    let orders: Orders = match ordered(body).await {
        Ok(orders) => orders,
        Err(refusal) => return refusal,
    };
    if orders.clear || orders.reset {
        server.troubles.clear();
    }
    if orders.reset {
        server.mailbox.clear();
    }
    if let Some(host) = orders.bounce_to {
        *server.bounce_to.lock().unwrap_or_else(PoisonError::into_inner) = Some(host).filter(|host| !host.is_empty());
    }
    orders.orders.into_iter().for_each(|order| server.troubles.add(order));
    answer(StatusCode::OK, server.troubles.standing())
}

#[handler]
async fn standing(Data(server): Data<&Arc<Server>>) -> Response {
    answer(StatusCode::OK, server.troubles.standing())
}
