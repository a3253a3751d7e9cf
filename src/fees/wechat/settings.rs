//! Settings of 微信支付. The doc comments are the manual, as in `config.rs`.
//!
//! Owns the knobs and reading the key files once. Must never print a key; keys come from files only, so that no
//! process list or environment shows them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::client::{Identity, WechatPay};
use super::sign::{ApiV3Key, KeyProblem, MerchantKey, PlatformKey};
use crate::kit::clock::Clock;
use crate::kit::random::Random;

/// What the adapter needs to know; nothing of it is needed where a court takes no WeChat payments.
#[derive(Debug, Clone, Default, Args)]
pub struct WechatPaySettings {
    /// WeChat Pay's address. Only this host is ever spoken to.
    #[arg(long, env = "LIANTING_WECHATPAY_BASE", default_value = "https://api.mch.weixin.qq.com")]
    pub wechatpay_base: String,
    /// Merchant number (商户号); without it WeChat payment is off.
    #[arg(long, env = "LIANTING_WECHATPAY_MCHID")]
    pub wechatpay_mchid: Option<String>,
    /// AppID bound to the merchant.
    #[arg(long, env = "LIANTING_WECHATPAY_APPID")]
    pub wechatpay_appid: Option<String>,
    /// Serial number of the merchant's API certificate (商户 API 证书序列号), capital hex.
    #[arg(long, env = "LIANTING_WECHATPAY_SERIAL")]
    pub wechatpay_serial: Option<String>,
    /// File of the merchant's private key, apiclient_key.pem (PKCS#8). Readable by the server's user only.
    #[arg(long, env = "LIANTING_WECHATPAY_KEY_FILE")]
    pub wechatpay_key_file: Option<PathBuf>,
    /// File with the APIv3 key (APIv3 密钥), 32 signs; it opens callbacks.
    #[arg(long, env = "LIANTING_WECHATPAY_APIV3_KEY_FILE")]
    pub wechatpay_apiv3_key_file: Option<PathBuf>,
    /// What callbacks are sent to: this server as WeChat Pay reaches it, https in earnest; the public address when absent.
    #[arg(long, env = "LIANTING_WECHATPAY_NOTIFY_BASE")]
    pub wechatpay_notify_base: Option<String>,
    /// Id of WeChat Pay's public key (PUB_KEY_ID_…), for merchants that have one instead of platform certificates.
    #[arg(long, env = "LIANTING_WECHATPAY_PUBLIC_KEY_ID", requires = "wechatpay_public_key_file")]
    pub wechatpay_public_key_id: Option<String>,
    /// File of that public key, pub_key.pem.
    #[arg(long, env = "LIANTING_WECHATPAY_PUBLIC_KEY_FILE")]
    pub wechatpay_public_key_file: Option<PathBuf>,
}

/// Why the settings do not do.
#[derive(Debug, thiserror::Error)]
pub enum SettingsProblem {
    /// A setting is missing that goes with the merchant number.
    #[error("LIANTING_WECHATPAY_MCHID is set, so LIANTING_WECHATPAY_{0} must be set as well")]
    Missing(&'static str),
    /// A file cannot be read.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file is read and is not what it should be.
    #[error("{path}: {cause}")]
    Key {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: KeyProblem,
    },
    /// The HTTP client cannot be made.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

impl WechatPaySettings {
    /// The adapter, or nothing where no merchant number is set.
    ///
    /// # Errors
    /// When a setting is missing or a key file is not what it should be: better at start than at the first payment.
    pub fn open(&self, public_url: &str, clock: Clock, random: Random) -> Result<Option<WechatPay>, SettingsProblem> {
        let Some(mchid) = self.wechatpay_mchid.clone() else { return Ok(None) };
        let appid = needed(&self.wechatpay_appid, "APPID")?;
        let serial = needed(&self.wechatpay_serial, "SERIAL")?;
        let key_file = needed(&self.wechatpay_key_file, "KEY_FILE")?;
        let apiv3_file = needed(&self.wechatpay_apiv3_key_file, "APIV3_KEY_FILE")?;
        let merchant = MerchantKey::from_pem(&file(key_file)?, &mchid, serial).map_err(wrong(key_file))?;
        let apiv3 = String::from_utf8_lossy(&file(apiv3_file)?).trim().to_owned();
        let apiv3 = ApiV3Key::new(&apiv3).map_err(wrong(apiv3_file))?;
        let pinned = match (&self.wechatpay_public_key_id, &self.wechatpay_public_key_file) {
            (Some(id), Some(path)) => Some(PlatformKey::from_public_key(&file(path)?, id).map_err(wrong(path))?),
            _ => None,
        };
        let notify_base = self.wechatpay_notify_base.clone().unwrap_or_else(|| public_url.to_owned());
        let identity = Identity { base: self.wechatpay_base.clone(), appid: appid.clone(), mchid, notify_base };
        Ok(Some(WechatPay::new(identity, merchant, apiv3, pinned, http_client()?, clock, random)))
    }
}

/// The one client: short to connect, no redirects; each call brings its own time-out.
///
/// # Errors
/// When the TLS provider cannot be set up.
pub fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .timeout(Duration::from_secs(60))
        .connect_timeout(Duration::from_secs(2))
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

fn needed<'a, T>(setting: &'a Option<T>, name: &'static str) -> Result<&'a T, SettingsProblem> {
    setting.as_ref().ok_or(SettingsProblem::Missing(name))
}

fn file(path: &Path) -> Result<Vec<u8>, SettingsProblem> {
    std::fs::read(path).map_err(|cause| SettingsProblem::File { path: path.to_owned(), cause })
}

fn wrong(path: &Path) -> impl FnOnce(KeyProblem) -> SettingsProblem {
    let path = path.to_owned();
    move |cause| SettingsProblem::Key { path, cause }
}
