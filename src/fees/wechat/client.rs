//! Asking the platform: orders, refunds, bills, keys.
//!
//! Owns the calls, their time-outs and which of them may be repeated. Must never repeat a refund by itself, believe an
//! unsigned success, follow a redirect, or speak to a host that is not configured.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use ring::digest;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::bill::{self, Bill};
use super::callback::{self, NotGenuine, Notification};
use super::platform::PlatformKeys;
use super::shapes::{NewOrder, NewRefund, Refund, Transaction, WireRefund, WireTransaction};
use super::sign::{ApiV3Key, MerchantKey, PlatformHeaders, PlatformKey, Sealed};
use crate::kit::clock::Clock;
use crate::kit::random::Random;

/// Waits between the tries of what may be repeated.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];
/// One try of what may be repeated: three of them end before the caller's own door times out.
const QUICK: Duration = Duration::from_secs(4);
/// The one try of a refund.
const ONCE: Duration = Duration::from_secs(10);
/// A bill's way.
const LONG: Duration = Duration::from_secs(60);
/// The largest answer.
const ANSWER_CAP: usize = 1 << 20;
/// The largest bill.
const BILL_CAP: usize = 64 << 20;

/// The code of ours under which a bill is refused that came whole and cannot be read.
pub const BILL_UNREADABLE: &str = "BILL_UNREADABLE";

/// Why a call came to nothing.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum Fault {
    /// The platform said no; repeating the same changes nothing.
    #[error("refused: {code} ({message})")]
    Refused {
        /// Such as `ORDER_CLOSED`, `NOT_ENOUGH`; see the platform's list.
        code: String,
        /// In the platform's words.
        message: String,
    },
    /// Nothing was done, or it was only a question: later.
    #[error("busy: {0}")]
    Busy(String),
    /// It may have been done or not: query before repeating.
    #[error("unclear: {0}")]
    Unclear(String),
    /// An answer came that the platform did not sign, or that answers something else. Somebody should look; until then
    /// it is as unclear as `Unclear`.
    #[error("forged: {0}")]
    Forged(String),
}

impl Fault {
    /// Refused with this code?
    pub fn is_refused(&self, with: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == with)
    }
}

/// Who we are at the platform, and how to reach it.
pub struct Identity {
    /// Such as `https://api.mch.weixin.qq.com`; nothing else is ever spoken to.
    pub base: String,
    /// 公众号或小程序 AppID.
    pub appid: String,
    /// 商户号.
    pub mchid: String,
    /// What callback paths are appended to, reachable for the platform.
    pub notify_base: String,
}

/// 微信支付, as this merchant.
pub struct WechatPay {
    identity: Identity,
    merchant: MerchantKey,
    apiv3: ApiV3Key,
    platform: PlatformKeys,
    /// One asks for keys at a time; the others find them.
    asking: Mutex<()>,
    http: reqwest::Client,
    clock: Clock,
    random: Random,
}

/// A call to be made.
struct Ask {
    method: Method,
    /// Path and query.
    target: String,
    body: Vec<u8>,
    /// May it be sent again when it is unclear whether it was done?
    repeatable: bool,
}

/// What came back, not yet believed.
struct Answer {
    status: u16,
    headers: Option<PlatformHeaders>,
    body: Vec<u8>,
}

impl WechatPay {
    /// Ready to ask; nothing is sent yet. `pinned` is the platform's public key where the merchant has one.
    pub fn new(
        identity: Identity,
        merchant: MerchantKey,
        apiv3: ApiV3Key,
        pinned: Option<PlatformKey>,
        http: reqwest::Client,
        clock: Clock,
        random: Random,
    ) -> Self {
        let trimmed = |text: String| text.trim_end_matches('/').to_owned();
        let identity = Identity { base: trimmed(identity.base), notify_base: trimmed(identity.notify_base), ..identity };
        Self { identity, merchant, apiv3, platform: PlatformKeys::new(pinned), asking: Mutex::default(), http, clock, random }
    }

    /// Where it is, to see whether anybody answers there.
    pub fn base(&self) -> &str {
        &self.identity.base
    }

    /// Native 下单: the text of the QR code, good for two hours or until the order expires.
    ///
    /// # Errors
    /// Refused, Busy, Unclear (query or close before using another number), Forged.
    pub async fn native(&self, order: &NewOrder<'_>) -> Result<String, Fault> {
        #[derive(Deserialize)]
        struct Placed {
            code_url: String,
        }
        let body = self.order_body(order);
        Ok(self.post::<Placed>("/v3/pay/transactions/native", &body).await?.code_url)
    }

    /// H5 下单: the page a phone's browser is sent to, and from there to `back_to`. The payer's address is passed on
    /// because the platform demands it, and not kept.
    ///
    /// # Errors
    /// As `native`.
    pub async fn h5(&self, order: &NewOrder<'_>, payer_ip: &str, back_to: &str) -> Result<String, Fault> {
        #[derive(Deserialize)]
        struct Placed {
            h5_url: String,
        }
        let mut body = self.order_body(order);
        body["scene_info"] = json!({"payer_client_ip": payer_ip, "h5_info": {"type": "Wap"}});
        let placed: Placed = self.post("/v3/pay/transactions/h5", &body).await?;
        let join = if placed.h5_url.contains('?') { '&' } else { '?' };
        Ok(format!("{}{join}redirect_url={}", placed.h5_url, utf8_percent_encode(back_to, NON_ALPHANUMERIC)))
    }

    /// 查询订单 by our number. Never placed is `Refused` with `ORDER_NOT_EXIST`.
    ///
    /// # Errors
    /// Refused, Busy, Forged.
    pub async fn query(&self, out_trade_no: &str) -> Result<Transaction, Fault> {
        let found = self.transaction(&format!("out-trade-no/{}", path_part(out_trade_no))).await?;
        if found.out_trade_no == out_trade_no { Ok(found) } else { Err(Fault::Forged("an answer about another order".into())) }
    }

    /// 查询订单 by the platform's number.
    ///
    /// # Errors
    /// As `query`.
    pub async fn query_by_id(&self, transaction_id: &str) -> Result<Transaction, Fault> {
        let found = self.transaction(&format!("id/{}", path_part(transaction_id))).await?;
        let same = found.transaction_id.as_deref() == Some(transaction_id);
        if same { Ok(found) } else { Err(Fault::Forged("an answer about another order".into())) }
    }

    /// 关闭订单: it can no longer be paid. `Refused` with `ORDERPAID` when money was faster; a payer in the middle of
    /// paying may still be, so query afterwards.
    ///
    /// # Errors
    /// As `native`.
    pub async fn close(&self, out_trade_no: &str) -> Result<(), Fault> {
        let target = format!("/v3/pay/transactions/out-trade-no/{}/close", path_part(out_trade_no));
        let body = json!({"mchid": self.identity.mchid});
        self.ask(Ask { method: Method::POST, target, body: body.to_string().into_bytes(), repeatable: true }).await.map(drop)
    }

    /// 申请退款. Sent once: on `Unclear` query the refund, and only if it does not exist send the same again under the
    /// same number.
    ///
    /// # Errors
    /// Refused, Busy (nothing was done), Unclear, Forged.
    pub async fn refund(&self, refund: &NewRefund<'_>) -> Result<Refund, Fault> {
        let body = json!({
            "out_trade_no": refund.out_trade_no,
            "out_refund_no": refund.out_refund_no,
            "reason": refund.reason,
            "notify_url": self.notify_url(refund.notify_path),
            "amount": {"refund": refund.refund, "total": refund.total, "currency": "CNY"},
        });
        let target = "/v3/refund/domestic/refunds".to_owned();
        let ask = Ask { method: Method::POST, target, body: body.to_string().into_bytes(), repeatable: false };
        let found = self.refund_of(ask, refund.out_refund_no).await?;
        let same = found.out_trade_no == refund.out_trade_no && found.refund == refund.refund && found.total == refund.total;
        if same { Ok(found) } else { Err(Fault::Forged("an answer about another refund".into())) }
    }

    /// 查询单笔退款. Never asked for is `Refused` with `RESOURCE_NOT_EXISTS`.
    ///
    /// # Errors
    /// As `query`.
    pub async fn query_refund(&self, out_refund_no: &str) -> Result<Refund, Fault> {
        let target = format!("/v3/refund/domestic/refunds/{}", path_part(out_refund_no));
        self.refund_of(question(target), out_refund_no).await
    }

    /// 申请并下载交易账单 of a Beijing day, there from about ten the next morning. A day without any is `Refused` with
    /// `NO_STATEMENT_EXIST`, too early is `STATEMENT_CREATING`.
    ///
    /// # Errors
    /// As `query`; Forged when the file is not the one that was promised.
    pub async fn bill(&self, day: NaiveDate) -> Result<Bill, Fault> {
        #[derive(Deserialize)]
        struct Place {
            hash_type: String,
            hash_value: String,
            download_url: String,
        }
        let place: Place = read(&self.ask(question(format!("/v3/bill/tradebill?bill_date={day}&bill_type=ALL"))).await?)?;
        let here = place.download_url.strip_prefix(&self.identity.base).filter(|target| target.starts_with('/'));
        let target = here.ok_or_else(|| Fault::Forged("the bill lies at another host".into()))?;
        let file = self.download(target).await?;
        if place.hash_type != "SHA1" || !hex::encode(sha1(&file)).eq_ignore_ascii_case(&place.hash_value) {
            return Err(Fault::Forged("the bill is not the one that was promised".into()));
        }
        bill::parse(&file).map_err(|problem| Fault::Refused { code: BILL_UNREADABLE.into(), message: problem.to_string() })
    }

    /// 更新平台证书: to be called at start and every twelve hours; an unknown serial calls it by itself. Answers how
    /// many keys there are. A merchant with the platform's public key in the settings has no certificates to ask for.
    ///
    /// # Errors
    /// As `query`.
    pub async fn refresh_keys(&self) -> Result<usize, Fault> {
        if self.platform.pinned().is_some() {
            return Ok(1);
        }
        let _one = self.asking.lock().await;
        self.fetch_keys().await
    }

    /// Serials of the platform's keys that are believed now.
    pub fn known_keys(&self) -> Vec<String> {
        self.platform.serials(self.clock.now())
    }

    /// Reads a callback, asking once for new keys if its serial is unknown.
    ///
    /// # Errors
    /// When it is not believed.
    pub async fn read_callback(&self, headers: &PlatformHeaders, body: &[u8]) -> Result<Notification, NotGenuine> {
        let now = self.clock.now();
        callback::plausible(headers, body, now)?;
        let key = self.key(&headers.serial).await;
        callback::read(headers, body, key.as_ref(), &self.apiv3, &self.identity.mchid, now)
    }

    fn order_body(&self, order: &NewOrder<'_>) -> Value {
        let mut body = json!({
            "appid": self.identity.appid,
            "mchid": self.identity.mchid,
            "description": order.description,
            "out_trade_no": order.out_trade_no,
            "time_expire": order.expires.to_rfc3339_opts(SecondsFormat::Secs, true),
            "notify_url": self.notify_url(order.notify_path),
            "amount": {"total": order.total, "currency": "CNY"},
        });
        if let Some(attach) = order.attach {
            body["attach"] = json!(attach);
        }
        body
    }

    fn notify_url(&self, path: &str) -> String {
        format!("{}{path}", self.identity.notify_base)
    }

    async fn post<T: DeserializeOwned>(&self, target: &str, body: &Value) -> Result<T, Fault> {
        let ask = Ask { method: Method::POST, target: target.to_owned(), body: body.to_string().into_bytes(), repeatable: true };
        read(&self.ask(ask).await?)
    }

    async fn transaction(&self, which: &str) -> Result<Transaction, Fault> {
        let target = format!("/v3/pay/transactions/{which}?mchid={}", self.identity.mchid);
        let wire: WireTransaction = read(&self.ask(question(target)).await?)?;
        if wire.mchid != self.identity.mchid {
            return Err(Fault::Forged("an answer about another merchant".into()));
        }
        wire.read().ok_or_else(|| Fault::Busy("an order of a shape that was not agreed".into()))
    }

    async fn refund_of(&self, ask: Ask, out_refund_no: &str) -> Result<Refund, Fault> {
        let wire: WireRefund = read(&self.ask(ask).await?)?;
        if wire.out_refund_no != out_refund_no {
            return Err(Fault::Forged("an answer about another refund".into()));
        }
        wire.read().ok_or_else(|| Fault::Unclear("a refund of a shape that was not agreed".into()))
    }

    /// Asks, repeating what may be repeated, and believes only what is signed.
    async fn ask(&self, ask: Ask) -> Result<Vec<u8>, Fault> {
        let mut pauses = PAUSES.iter();
        loop {
            let fault = match self.once(&ask).await {
                Ok(body) => return Ok(body),
                Err(fault) => fault,
            };
            let again = match fault {
                Fault::Busy(_) => true,
                Fault::Unclear(_) => ask.repeatable,
                Fault::Refused { .. } | Fault::Forged(_) => false,
            };
            match pauses.next().filter(|_| again) {
                Some(pause) => tokio::time::sleep(*pause).await,
                // a question that nobody answered did nothing
                None => return Err(if ask.method == Method::GET { questioned(fault) } else { fault }),
            }
        }
    }

    async fn once(&self, ask: &Ask) -> Result<Vec<u8>, Fault> {
        let time = if ask.repeatable { QUICK } else { ONCE };
        let answer = self.send(ask, time, ANSWER_CAP).await?;
        if answer.headers.is_some() || answer.status < 300 {
            self.believe(&answer).await?;
        }
        outcome(answer)
    }

    /// Sends and collects; believes nothing.
    async fn send(&self, ask: &Ask, time: Duration, cap: usize) -> Result<Answer, Fault> {
        let nonce = self.random.plain_code(32);
        let signed = self.merchant.authorization(ask.method.as_str(), &ask.target, self.clock.now(), &nonce, &ask.body);
        let authorization = signed.map_err(|problem| Fault::Busy(problem.to_string()))?;
        let mut request = self
            .http
            .request(ask.method.clone(), format!("{}{}", self.identity.base, ask.target))
            .timeout(time)
            .header("authorization", authorization)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("user-agent", concat!("lianting/", env!("CARGO_PKG_VERSION")))
            .body(ask.body.clone());
        if let Some(id) = self.platform.pinned() {
            // asks for answers signed with that key
            request = request.header("wechatpay-serial", id);
        }
        let mut answer = request.send().await.map_err(|error| {
            let said = error.to_string();
            if error.is_connect() { Fault::Busy(said) } else { Fault::Unclear(said) }
        })?;
        let status = answer.status().as_u16();
        let headers = PlatformHeaders::read(|name| answer.headers().get(name).and_then(|value| value.to_str().ok()));
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| Fault::Unclear(error.to_string()))? {
            if body.len() + chunk.len() > cap {
                return Err(Fault::Unclear("an answer without end".into()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }

    async fn believe(&self, answer: &Answer) -> Result<(), Fault> {
        let headers = answer.headers.as_ref().ok_or_else(|| Fault::Forged("no signature".into()))?;
        if !headers.is_fresh(self.clock.now()) {
            return Err(Fault::Forged("signed too long ago".into()));
        }
        let key = self.key(&headers.serial).await.ok_or_else(|| Fault::Forged("signed by an unknown key".into()))?;
        if key.signed(headers, &answer.body) { Ok(()) } else { Err(Fault::Forged("the signature does not fit".into())) }
    }

    /// The platform's key of this serial; asks for new keys when it is unknown, as often as is decent.
    async fn key(&self, serial: &str) -> Option<PlatformKey> {
        if let Some(key) = self.platform.find(serial, self.clock.now()) {
            return Some(key);
        }
        let _one = self.asking.lock().await;
        if let Some(key) = self.platform.find(serial, self.clock.now()) {
            return Some(key);
        }
        if !self.platform.may_ask(Instant::now()) {
            tracing::warn!("a platform key is unknown and was asked for too often");
            return None;
        }
        if let Err(fault) = self.fetch_keys().await {
            tracing::warn!(%fault, "the platform's keys did not come");
        }
        self.platform.find(serial, self.clock.now())
    }

    /// The list vouches for itself: it is sealed under the APIv3 key, and signed by one of the keys in it.
    async fn fetch_keys(&self) -> Result<usize, Fault> {
        #[derive(Deserialize)]
        struct List {
            data: Vec<Item>,
        }
        #[derive(Deserialize)]
        struct Item {
            serial_no: String,
            expire_time: DateTime<Utc>,
            encrypt_certificate: Sealed,
        }
        let answer = self.send(&question("/v3/certificates".to_owned()), QUICK, ANSWER_CAP).await.map_err(questioned)?;
        let headers = answer.headers.clone();
        let body = outcome(answer).map_err(questioned)?;
        let list: List = read(&body)?;
        let mut keys = Vec::new();
        for item in list.data {
            let pem = self.apiv3.open(&item.encrypt_certificate).ok_or_else(|| Fault::Forged("a key not sealed for us".into()))?;
            let key = PlatformKey::from_certificate(&pem, item.expire_time).map_err(|problem| Fault::Forged(problem.to_string()))?;
            if !key.serial.eq_ignore_ascii_case(&item.serial_no) {
                return Err(Fault::Forged("a key under another's serial".into()));
            }
            keys.push(key);
        }
        let now = self.clock.now();
        let vouched = headers.is_some_and(|headers| {
            let signer = keys.iter().find(|key| key.serial == headers.serial && now <= key.until);
            headers.is_fresh(now) && signer.is_some_and(|key| key.signed(&headers, &body))
        });
        if !vouched {
            return Err(Fault::Forged("the list of keys is not signed by one of them".into()));
        }
        let count = keys.len();
        self.platform.replace(keys);
        Ok(count)
    }

    /// Files are not signed by the platform; their digest is, in the answer that named them.
    async fn download(&self, target: &str) -> Result<Vec<u8>, Fault> {
        let answer = self.send(&question(target.to_owned()), LONG, BILL_CAP).await.map_err(questioned)?;
        outcome(answer).map_err(questioned)
    }
}

fn question(target: String) -> Ask {
    Ask { method: Method::GET, target, body: Vec::new(), repeatable: true }
}

fn questioned(fault: Fault) -> Fault {
    match fault {
        Fault::Unclear(why) => Fault::Busy(why),
        other => other,
    }
}

/// What a status means.
fn outcome(answer: Answer) -> Result<Vec<u8>, Fault> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Refusal {
        code: String,
        message: String,
    }
    let status = answer.status;
    let refusal = || serde_json::from_slice::<Refusal>(&answer.body).unwrap_or_default();
    match status {
        200..=299 => Ok(answer.body),
        429 => Err(Fault::Busy(refusal().code)),
        // 202 aside, whatever is not a clean no may have been done
        400..=499 if !refusal().code.is_empty() => {
            let Refusal { code, message } = refusal();
            Err(Fault::Refused { code, message: message.chars().take(200).collect() })
        }
        _ => Err(Fault::Unclear(format!("status {status} {}", refusal().code))),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    // it was signed, so it was done; what was done can be queried
    serde_json::from_slice(body).map_err(|wrong| Fault::Unclear(wrong.to_string()))
}

/// Numbers are plain; whatever else gets in is made harmless.
fn path_part(number: &str) -> String {
    utf8_percent_encode(number, NUMBER).to_string()
}

/// Everything but what 商户订单号 may have and paths carry as it is.
const NUMBER: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'*').remove(b'.').remove(b'@');

fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}
