//! A payment platform in the shape of WeChat Pay APIv3. Owns its process, its keys and its state on disk; must never
//! move money, and knows no merchant but its one.

mod bill;
mod book;
mod cashier;
mod control;
mod doors;
mod keep;
mod keys;
mod notify;
mod primes;
mod time;
mod wire;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use clap::Args;
use poem::{EndpointExt, Route, get, post};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::doors::healthz;
use crate::faults::{Faults, Order as Fault};
use crate::life::{Life, LifeOptions};
use book::{Book, RefundState};
use control::Told;
use keys::{Hand, Keys};
use notify::{How, Note};
use time::SimClock;

/// What the platform is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub life: LifeOptions,
    /// Folder of keys and state; made at the first start. `merchant/` in it is what the merchant is handed.
    #[arg(long)]
    pub data: PathBuf,
    /// The one merchant's number.
    #[arg(long, default_value = "1900000109")]
    pub mchid: String,
    /// The AppID bound to it.
    #[arg(long, default_value = "wxd678efh567hg6787")]
    pub appid: String,
    /// How a browser reaches this process; the listening address when absent.
    #[arg(long)]
    pub public_url: Option<String>,
    /// QR codes carry this process's own address instead of `weixin://…`, so that any camera or click opens them.
    #[arg(long)]
    pub scannable: bool,
    /// How long after it was asked for a refund is done, in milliseconds.
    #[arg(long, default_value_t = 500)]
    pub refund_after_ms: u64,
    /// Repetitions of callbacks come so many times sooner than WeChat Pay's 15 s, 15 s, 30 s, 3 min …
    #[arg(long, default_value_t = 1)]
    pub haste: i64,
}

/// The platform.
pub struct Desk {
    mchid: String,
    appid: String,
    public_url: String,
    scannable: bool,
    folder: PathBuf,
    refund_after: TimeDelta,
    haste: i64,
    clock: SimClock,
    http: reqwest::Client,
    faults: Faults,
    nonces: wire::Nonces,
    keys: Mutex<Keys>,
    book: Mutex<Book>,
    notes: Mutex<Vec<Note>>,
    told: Mutex<Told>,
    counts: Mutex<BTreeMap<&'static str, u64>>,
    dirty: AtomicBool,
}

/// What outlives the process.
#[derive(Default, Deserialize)]
struct Kept {
    book: Book,
    notes: Vec<Note>,
    told: Told,
    clock_off_ms: i64,
}

/// The same, while it is in use.
#[derive(Serialize)]
struct Keeping<'a> {
    book: &'a Book,
    notes: &'a [Note],
    told: &'a Told,
    clock_off_ms: i64,
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let here = format!("http://{}", life.address()?);
    let desk = Arc::new(open(options, &here)?);
    desk.keys().hand_out(&options.data, &here, &options.mchid, &options.appid)?;
    let keeping = [tokio::spawn(Arc::clone(&desk).keep_telling()), tokio::spawn(Arc::clone(&desk).keep_books())];
    let doors = doors(Arc::clone(&desk));
    let served = life.serve(doors).await;
    keeping.iter().for_each(tokio::task::JoinHandle::abort);
    desk.keep()?;
    served
}

fn open(options: &Options, here: &str) -> io::Result<Desk> {
    // Another part of the process may have chosen its provider first; then that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    std::fs::create_dir_all(&options.data)?;
    let kept: Kept = match std::fs::read(options.data.join("state.json")) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Kept::default(),
        Err(wrong) => return Err(wrong),
    };
    let clock = SimClock::off_by(kept.clock_off_ms);
    let redirect = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).redirect(redirect).build().map_err(io::Error::other)?;
    Ok(Desk {
        mchid: options.mchid.clone(),
        appid: options.appid.clone(),
        public_url: options.public_url.clone().unwrap_or_else(|| here.to_owned()).trim_end_matches('/').to_owned(),
        scannable: options.scannable,
        folder: options.data.clone(),
        refund_after: TimeDelta::milliseconds(i64::try_from(options.refund_after_ms).map_err(io::Error::other)?),
        haste: options.haste,
        keys: Mutex::new(Keys::open(&options.data, clock.now())?),
        clock,
        http,
        faults: Faults::default(),
        nonces: wire::Nonces::default(),
        book: Mutex::new(kept.book),
        notes: Mutex::new(kept.notes),
        told: Mutex::new(kept.told),
        counts: Mutex::default(),
        dirty: AtomicBool::new(false),
    })
}

fn doors(desk: Arc<Desk>) -> impl poem::Endpoint {
    Route::new()
        .at("/v3/pay/transactions/native", post(doors::native))
        .at("/v3/pay/transactions/h5", post(doors::h5))
        .at("/v3/pay/transactions/out-trade-no/:number", get(doors::by_out_trade_no))
        .at("/v3/pay/transactions/out-trade-no/:number/close", post(doors::close_order))
        .at("/v3/pay/transactions/id/:id", get(doors::by_id))
        .at("/v3/refund/domestic/refunds", post(doors::ask_refund))
        .at("/v3/refund/domestic/refunds/:number", get(doors::refund_state))
        .at("/v3/certificates", get(doors::certificates))
        .at("/v3/bill/tradebill", get(doors::trade_bill))
        .at("/v3/billdownload/file", get(doors::bill_file))
        .at("/", get(cashier::shelf))
        .at("/orders", get(cashier::orders))
        .at("/scan", get(cashier::scan))
        .at("/pr/:token", get(cashier::page_of).post(cashier::act))
        .at("/pr/:token/state", get(cashier::state))
        .at("/cgi-bin/mmpayweb-bin/checkmweb", get(cashier::page_of))
        .at("/control", get(control::standing).post(control::control))
        .at("/control/callbacks", get(control::callbacks).post(control::send))
        .at("/healthz", get(healthz))
        .data(desk)
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks are taken in the order told, book, notes, keys and never over an await.
impl Desk {
    fn told(&self) -> MutexGuard<'_, Told> {
        lock(&self.told)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        lock(&self.book)
    }

    fn notes(&self) -> MutexGuard<'_, Vec<Note>> {
        lock(&self.notes)
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        lock(&self.keys)
    }

    fn count(&self, what: &'static str) {
        *lock(&self.counts).entry(what).or_default() += 1;
    }

    fn follows(&self) -> bool {
        self.told().follow
    }

    /// Which of the platform's keys signs what is genuine.
    fn hand(&self) -> Hand {
        if self.told().public_key { Hand::PublicKey } else { Hand::Genuine }
    }

    fn code_url(&self, token: &str) -> String {
        if self.scannable { format!("{}/pr/{token}", self.public_url) } else { format!("weixin://wxpay/bizpayurl?pr={token}") }
    }

    /// The fault a request on this path suffers, if any.
    fn fault_for(&self, path: &str) -> Option<Fault> {
        let meant = self.told().on.as_ref().is_none_or(|on| path.contains(on.as_str()));
        if meant { self.faults.next() } else { None }
    }

    fn next_callback(&self) -> (How, usize, u64) {
        let mut told = self.told();
        let Some(order) = told.callbacks.as_mut().filter(|order| order.next > 0) else { return (How::Genuine, 1, 0) };
        order.next -= 1;
        (order.how, order.times, order.delay_ms)
    }

    fn refund_outcome(&self) -> RefundState {
        let mut told = self.told();
        let Some(order) = told.refunds.as_mut().filter(|order| order.next > 0) else { return RefundState::Success };
        order.next -= 1;
        order.becomes
    }

    /// Money came in under this order: say so.
    fn tell_paid(self: &Arc<Self>, out_trade_no: &str) {
        let news = self.book().orders.get(out_trade_no).map(|order| (order.wish.notify_url.clone(), order.wire()));
        if let Some((url, plain)) = news {
            self.tell("TRANSACTION.SUCCESS", out_trade_no, &url, plain);
        }
        self.changed();
    }

    fn changed(&self) {
        self.dirty.store(true, Ordering::Release);
    }

    /// Ends refunds twenty times a second and keeps the state half as often, for ever; a large state less often, so that
    /// keeping it never takes more than a tenth of the time.
    async fn keep_books(self: Arc<Self>) {
        let mut next = Instant::now();
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.settle();
            if Instant::now() < next || !self.dirty.swap(false, Ordering::AcqRel) {
                continue;
            }
            let began = Instant::now();
            if let Err(wrong) = self.keep() {
                eprintln!("lianting-sim pay: the state is not kept: {wrong}");
            }
            next = Instant::now() + (began.elapsed() * 10).max(Duration::from_millis(100));
        }
    }

    fn settle(self: &Arc<Self>) {
        let now = self.clock.now();
        let mut news = Vec::new();
        let mut book = self.book();
        for number in book.settle(now - self.refund_after, now) {
            let Some(refund) = book.refunds.get(&number) else { continue };
            let id = book.orders.get(&refund.out_trade_no).and_then(|order| order.transaction_id.as_deref());
            let state = json!(refund.state);
            let event = format!("REFUND.{}", state.as_str().unwrap_or_default());
            if let Some(url) = &refund.wish.notify_url {
                news.push((event, number, url.clone(), refund.news(&self.mchid, id)));
            }
            self.changed();
        }
        drop(book);
        for (event, number, url, plain) in news {
            self.tell(&event, &number, &url, plain);
        }
    }

    fn keep(&self) -> io::Result<()> {
        let bytes = {
            let (told, book, notes) = (self.told(), self.book(), self.notes());
            serde_json::to_vec(&Keeping { book: &book, notes: &notes, told: &told, clock_off_ms: self.clock.offset() })?
        };
        keep::write_whole(&self.folder.join("state.json"), &bytes)
    }
}
