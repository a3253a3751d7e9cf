//! 密码: Argon2id, behind a gate as wide as the cores less one, so that a flood of sign-ins starves nobody.
//!
//! Owns hashing, checking and the advice on weak passwords. Must never say more than right or wrong, nor
//! take less time when there is no account.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use tokio::sync::{Semaphore, SemaphorePermit};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::feedback::Warning;
use zxcvbn::{Score, zxcvbn};

use crate::error::{Error, Result, said};
use crate::kit::random::Random;
use crate::kit::text::refuse_hidden;
use crate::person::faults::Fault;

/// Fewest signs.
const SHORTEST: usize = 8;
/// Most signs.
const LONGEST: usize = 128;

static GATE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).max(1))));

/// What an unknown account's password is checked against.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hashed("nobody's", b"a salt of nobody").unwrap_or_default());

fn hashed(password: &str, salt: &[u8]) -> Result<String> {
    let hash: PasswordHash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map_err(|e| Error::internal(e.to_string()))?;
    Ok(hash.to_string())
}

async fn pass() -> Result<SemaphorePermit<'static>> {
    let busy = || Error::unavailable("server.busy", said("现在登录的人太多。", "Too many people are signing in."));
    tokio::time::timeout(Duration::from_secs(8), GATE.acquire()).await.map_err(|_| busy())?.map_err(Error::internal)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _pass = pass().await?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// The hash to keep.
///
/// # Errors
/// 503 when too many wait.
pub async fn hash(random: &Random, password: &str) -> Result<String> {
    let (password, salt) = (normal(password), random.bytes::<16>());
    blocking(move || hashed(&password, &salt)).await?
}

/// Is it right? Without a hash the same work is done, and the answer is no.
///
/// # Errors
/// 503 when too many wait.
pub async fn is_right(password: &str, hash: Option<String>) -> Result<bool> {
    let password = normal(password);
    blocking(move || {
        let nobodys = NOBODYS.as_str(); // made on first use, whoever asks first
        let real = hash.is_some();
        let hash = hash.as_deref().unwrap_or(nobodys);
        let fits = PasswordHash::new(hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        fits && real
    })
    .await
}

/// Says what is wrong with a new password; `own` are the person's name and numbers, which guessers try first.
///
/// # Errors
/// The weakness and what makes it stronger.
pub fn check(password: &str, own: &[&str]) -> std::result::Result<(), Fault> {
    let signs = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&signs) {
        return Err(Fault::new(
            "password.length",
            format!("密码应为 {SHORTEST} 至 {LONGEST} 位，现在是 {signs} 位。"),
            format!("A password has {SHORTEST} to {LONGEST} signs; this one has {signs}."),
            "可以用几个不相干的词连起来，好记也难猜。",
            "A few unrelated words make one that is easy to keep and hard to guess.",
        ));
    }
    refuse_hidden(password, false)?;
    let mut known = vec!["lianting", "联庭", "法院", "fayuan"];
    known.extend(own);
    let found = zxcvbn(password, &known);
    if found.score() >= Score::Three {
        return Ok(());
    }
    let (zh, en) = found.feedback().and_then(|f| f.warning()).map_or(("这个密码容易被猜到。", "This password is easy to guess."), weakness);
    Err(Fault::new(
        "password.weak",
        zh,
        en,
        "请再加一两个不相干的词，或换长一些；不要用姓名、生日、手机号和连续数字。",
        "Add one or two unrelated words, or make it longer; leave out names, birthdays, numbers of yours and sequences.",
    ))
}

fn weakness(warning: Warning) -> (&'static str, &'static str) {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            ("键盘上相邻的一串键容易被猜到。", "Neighbouring keys are easy to guess.")
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            ("重复的内容容易被猜到。", "Repeats are easy to guess.")
        }
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => ("这是很多人在用的密码。", "Many people use this password."),
        Warning::SequencesLikeAbcAreEasyToGuess => ("连续的字母或数字容易被猜到。", "Sequences are easy to guess."),
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => {
            ("年份和日期容易被猜到。", "Years and dates are easy to guess.")
        }
        Warning::AWordByItselfIsEasyToGuess => ("单独一个词容易被猜到。", "A word by itself is easy to guess."),
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            ("姓名容易被猜到。", "Names are easy to guess.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_advice() {
        for weak in ["short", "12345678", "qwertyuiop", "password1", "aaaaaaaaaaaa", "13800138000", "zhaowenbo1990"] {
            assert!(check(weak, &["13800138000", "zhaowenbo"]).is_err(), "{weak}");
        }
        for strong in ["correct-horse-battery", "立案大厅 三号窗口 雨伞", "Kx7#mQ2vT9"] {
            assert!(check(strong, &[]).is_ok(), "{strong}");
        }
        assert!(check(&"长".repeat(129), &[]).is_err() && check("correct\u{200B}-horse-battery", &[]).is_err());
    }

    #[tokio::test]
    async fn nobodys_password_is_never_right() {
        let kept = hash(&Random::seeded(1), "correct-horse-battery").await.unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(is_right("correct-horse-battery", Some(kept.clone())).await.unwrap());
        assert!(!is_right("wrong", Some(kept)).await.unwrap());
        assert!(!is_right("nobody's", None).await.unwrap());
        assert!(!is_right("x", Some("not a hash".into())).await.unwrap());
    }
}
