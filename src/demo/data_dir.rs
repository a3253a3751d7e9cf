//! DATA_DIR: what the demo keeps between runs. Owns its layout, its lock and its secrets.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use fs2::FileExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::kit::random::Random;
use crate::kit::seal::{Seal, sha256};

/// Passwords between the processes of the demo.
#[derive(Serialize, Deserialize)]
pub struct Secrets {
    /// PostgreSQL's administrator.
    pub postgres: String,
    /// The role lianting_app.
    pub app: String,
    /// The store's access key.
    pub access_key: String,
    /// The store's secret key.
    pub secret_key: String,
    /// SMS gateway and identity register.
    pub wire: String,
}

/// What was done before.
#[derive(Default, Serialize, Deserialize)]
pub struct State {
    /// Province of the data.
    pub province: String,
    /// Of the tenant files last applied.
    #[serde(default)]
    pub tenants_digest: String,
    /// People and cases are being made.
    #[serde(default)]
    pub filling: bool,
    /// People and cases are there.
    #[serde(default)]
    pub filled: bool,
    /// The courts of the play.
    #[serde(default)]
    pub courts: Value,
    /// Its people.
    #[serde(default)]
    pub people: Value,
    /// Its cases.
    #[serde(default)]
    pub cases: Value,
    /// Its hearing that is to come.
    #[serde(default)]
    pub hearings: Value,
}

/// The open directory. The lock is held as long as this lives.
pub struct DataDir {
    root: PathBuf,
    _lock: File,
    /// Passwords.
    pub secrets: Secrets,
    /// What was done before.
    pub state: State,
}

/// Everything that FRESH forgets; nothing else in the directory is touched.
const OURS: [&str; 14] = [
    "postgres",
    "postgres.log",
    "store",
    "store.log",
    "sms.log",
    "identity.log",
    "keys",
    "state.json",
    "demo.json",
    "seals",
    "tsa",
    "tsa.log",
    "mail.log",
    "edelivery.log",
];

impl DataDir {
    /// Opens the directory, making it when it is not there.
    ///
    /// # Errors
    /// When it is in use, holds another province, or cannot be written.
    pub fn open(dir: &Path, province: &str, fresh: bool) -> Result<Self, String> {
        let failed = |e: std::io::Error| format!("{}: {e}. Choose another with DATA_DIR=…", dir.display());
        fs::create_dir_all(dir).map_err(failed)?;
        let root = fs::canonicalize(dir).map_err(failed)?;
        let lock = File::create(root.join("lock")).map_err(failed)?;
        lock.try_lock_exclusive().map_err(|_| format!("another demo uses {}. Stop it, or choose another DATA_DIR", root.display()))?;
        // a first run that was cut off half-way holds nothing but half the sample data
        let half: bool = fs::read_to_string(root.join("state.json"))
            .is_ok_and(|text| serde_json::from_str::<State>(&text).is_ok_and(|state| state.filling && !state.filled));
        if fresh || half {
            forget(&root).map_err(failed)?;
        }
        let random = Random::from_os();
        let secrets = kept(&root.join("secrets.json"), || Secrets {
            postgres: random.plain_code(32),
            app: random.plain_code(32),
            access_key: random.plain_code(20),
            secret_key: random.plain_code(40),
            wire: random.plain_code(40),
        })?;
        if !root.join("keys").exists() {
            write_secret(&root.join("keys"), &Seal::new_key_file(&random)).map_err(failed)?;
        }
        let state: State = match fs::read_to_string(root.join("state.json")) {
            Ok(text) => serde_json::from_str(&text).map_err(|e| format!("{}/state.json: {e}", root.display()))?,
            Err(_) => State { province: province.to_owned(), ..State::default() },
        };
        if state.province != province {
            return Err(format!(
                "{} holds {}. One deployment serves one province: choose another DATA_DIR for {province}, or start over with FRESH=1",
                root.display(),
                state.province
            ));
        }
        Ok(Self { root, _lock: lock, secrets, state })
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A member of the directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Writes the state down.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self) -> Result<(), String> {
        let text = serde_json::to_string_pretty(&self.state).map_err(|e| e.to_string())?;
        write_whole(&self.path("state.json"), &text)
    }

    /// Writes demo.json, for tools, and answers it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_play(&self, base_url: &str, phone_url: &str, mail_url: &str, edelivery_url: &str) -> Result<Value, String> {
        let state = &self.state;
        let play = json!({
            "base_url": base_url, "phone_url": phone_url, "mail_url": mail_url, "edelivery_url": edelivery_url, "province": state.province,
            "courts": state.courts, "people": state.people, "cases": state.cases, "hearings": state.hearings,
        });
        write_whole(&self.path("demo.json"), &serde_json::to_string_pretty(&play).map_err(|e| e.to_string())?)?;
        Ok(play)
    }
}

fn forget(root: &Path) -> std::io::Result<()> {
    for name in OURS {
        let path = root.join(name);
        let done = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match done {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    let _ = fs::remove_file(root.join("secrets.json"));
    Ok(())
}

/// A whole file or the old one, never half of one.
fn write_whole(path: &Path, text: &str) -> Result<(), String> {
    let next = path.with_extension("next");
    fs::write(&next, text).and_then(|()| fs::rename(&next, path)).map_err(|e| format!("{}: {e}", path.display()))
}

fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

fn kept<T: Serialize + serde::de::DeserializeOwned>(path: &Path, make: impl FnOnce() -> T) -> Result<T, String> {
    let failed = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    if let Ok(text) = fs::read_to_string(path) {
        return serde_json::from_str(&text).map_err(|e| failed(&e));
    }
    let made = make();
    let text = serde_json::to_string(&made).map_err(|e| failed(&e))?;
    write_secret(path, &text).map_err(|e| failed(&e))?;
    Ok(made)
}

/// One digest over the names and contents of a directory's files.
///
/// # Errors
/// When it cannot be read.
pub fn digest_of(dir: &Path) -> Result<String, String> {
    let failed = |e: std::io::Error| format!("{}: {e}. Run from the project's directory, or check PROVINCE", dir.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir).map_err(failed)?.filter_map(Result::ok).map(|e| e.path()).filter(|p| p.is_file()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        all.extend_from_slice(file.file_name().unwrap_or_default().as_encoded_bytes());
        all.extend(sha256(&fs::read(&file).map_err(failed)?));
    }
    Ok(hex::encode(sha256(&all)))
}

/// What the payment simulator hands its merchant, as settings.
///
/// # Errors
/// When it wrote nothing.
pub fn merchant(data: &Path) -> Result<Vec<(&'static str, String)>, String> {
    let file = data.join("merchant/env");
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let settings = [
        ("LIANTING_WECHATPAY_BASE", "--wechatpay-base"),
        ("LIANTING_WECHATPAY_MCHID", "--wechatpay-mchid"),
        ("LIANTING_WECHATPAY_APPID", "--wechatpay-appid"),
        ("LIANTING_WECHATPAY_SERIAL", "--wechatpay-serial"),
        ("LIANTING_WECHATPAY_KEY_FILE", "--wechatpay-key-file"),
        ("LIANTING_WECHATPAY_APIV3_KEY_FILE", "--wechatpay-apiv3-key-file"),
    ];
    let lines: Vec<(&str, &str)> = text.lines().filter_map(|l| l.trim().trim_start_matches("export ").split_once('=')).collect();
    let value = |name: &str| lines.iter().find(|(n, _)| *n == name).map(|(_, v)| v.trim_matches(['"', '\'']).to_owned());
    settings.iter().map(|(name, option)| Ok((*option, value(name).ok_or_else(|| format!("{}: no {name}", file.display()))?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_forgets_only_what_is_ours() {
        let dir = std::env::temp_dir().join(format!("lianting-data-{}", Random::from_os().plain_code(8)));
        let first = DataDir::open(&dir, "shandong", false).unwrap();
        first.save().unwrap();
        let key = fs::read_to_string(dir.join("keys")).unwrap();
        assert!(DataDir::open(&dir, "shandong", false).is_err(), "locked");
        drop(first);
        fs::write(dir.join("mine.txt"), "x").unwrap();
        assert!(DataDir::open(&dir, "henan", false).is_err(), "another province");
        assert_eq!(fs::read_to_string(dir.join("keys")).unwrap(), key);
        drop(DataDir::open(&dir, "henan", true).unwrap());
        assert_ne!(fs::read_to_string(dir.join("keys")).unwrap(), key);
        assert!(dir.join("mine.txt").exists());
        fs::remove_dir_all(&dir).unwrap();
    }
}
