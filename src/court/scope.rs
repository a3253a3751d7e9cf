//! 程序可以做什么: what a program may ask in its owner's name (B68).
//!
//! Owns the scopes and which request needs which; pure. A request that stands in no line here is refused to programs:
//! what has legal effect (answering a service, paying, confirming an address), the account itself and all work of a
//! court stay with the person. Must never allow by default.

use poem::http::Method;
use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, said};

/// What a program was allowed to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
pub enum ApiScope {
    /// 读案件: cases, files, clocks, fees and papers.
    #[oai(rename = "cases.read")]
    #[serde(rename = "cases.read")]
    CasesRead,
    /// 读送达: the inbox over all courts; fetching a paper counts as reading it, as it does for the person.
    #[oai(rename = "inbox.read")]
    #[serde(rename = "inbox.read")]
    InboxRead,
    /// 读立案: drafts, filings and their files.
    #[oai(rename = "filings.read")]
    #[serde(rename = "filings.read")]
    FilingsRead,
    /// 写立案: fills in drafts, uploads, sends, corrects and withdraws.
    #[oai(rename = "filings.write")]
    #[serde(rename = "filings.write")]
    FilingsWrite,
}

impl ApiScope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CasesRead, Self::InboxRead, Self::FilingsRead, Self::FilingsWrite];

    /// Its key, as stored and as OAuth writes it.
    pub fn key(self) -> &'static str {
        match self {
            Self::CasesRead => "cases.read",
            Self::InboxRead => "inbox.read",
            Self::FilingsRead => "filings.read",
            Self::FilingsWrite => "filings.write",
        }
    }

    /// The scope of a key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// The scope a request needs; none when programs may not make it at all.
pub fn needed(method: &Method, path: &str) -> Option<ApiScope> {
    let path: Vec<&str> = path.trim_start_matches("/api").split('/').filter(|p| !p.is_empty()).collect();
    if *method == Method::GET { read(&path) } else { written(&path) }
}

fn read(path: &[&str]) -> Option<ApiScope> {
    match path {
        // a court's queues, lists and join codes are its staff's
        ["courts", _, "cases", _, "join-codes" | "allocations"]
        | ["courts", _, "cases", _, "clocks", "what-if"]
        | ["courts", _, "filings", "stats"] => None,
        ["my", "cases"] | ["courts", _, "cases", _, ..] | ["courts", _, "papers", ..] | ["courts", _, "fee-orders", _] => {
            Some(ApiScope::CasesRead)
        }
        ["my", "inbox"] | ["my", "inbox.zip"] | ["courts", _, "inbox", ..] | ["courts", _, "services", _] => Some(ApiScope::InboxRead),
        ["my", "drafts" | "filings" | "files" | "uploads", ..] | ["courts", _, "filings", _, ..] => Some(ApiScope::FilingsRead),
        _ => None,
    }
}

fn written(path: &[&str]) -> Option<ApiScope> {
    match path {
        ["my", "drafts", _, "offline"] => None,
        // fetching by another address: it reads, as the paper itself does
        ["courts", _, "inbox", _, _, "links"] => Some(ApiScope::InboxRead),
        ["my", "drafts" | "files" | "uploads", ..] | ["courts", _, "filings", _, "correct" | "withdraw"] => Some(ApiScope::FilingsWrite),
        _ => None,
    }
}

/// Holds a request to what the program was allowed.
///
/// # Errors
/// 403 `client.scope`.
pub fn check(allowed: &[ApiScope], method: &Method, path: &str) -> Result<()> {
    match needed(method, path) {
        Some(scope) if allowed.contains(&scope) => Ok(()),
        Some(scope) => Err(refused(
            said(format!("这个程序没有「{}」的权限。", scope.key()), format!("This program was not given `{}`.", scope.key())),
            said("请在「我的账号 · 程序接入」另建一个带有该权限的程序。", "Register a program with that scope in your account."),
        )),
        None => Err(refused(
            said("这件事只能由本人登录办理，不能由程序代办。", "Only the person can do this, not a program."),
            said("请登录平台办理。", "Sign in and do it on the pages."),
        )),
    }
}

fn refused(what: crate::error::Said, cure: crate::error::Said) -> Error {
    Error::new(poem::http::StatusCode::FORBIDDEN, "client.scope", what, cure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_and_files_and_does_nothing_that_binds() {
        let cases = [
            ("GET", "/api/my/cases", Some(ApiScope::CasesRead)),
            ("GET", "/api/courts/370102/cases/x/file.zip", Some(ApiScope::CasesRead)),
            ("GET", "/api/my/inbox", Some(ApiScope::InboxRead)),
            ("GET", "/api/courts/370102/inbox/s/r/papers/1/content", Some(ApiScope::InboxRead)),
            ("PATCH", "/api/my/drafts/d", Some(ApiScope::FilingsWrite)),
            ("POST", "/api/my/drafts/d/submit", Some(ApiScope::FilingsWrite)),
            ("GET", "/api/courts/370102/filings/f", Some(ApiScope::FilingsRead)),
            // a court's queue is no matter of one's own
            ("GET", "/api/courts/370102/filings", None),
            ("GET", "/api/courts/370102/filings/stats", None),
            ("GET", "/api/courts/370102/cases", None),
            ("GET", "/api/courts/370102/services", None),
            ("PUT", "/api/courts/370102/inbox/s/r/received", None),
            ("POST", "/api/courts/370102/inbox/s/r/links", Some(ApiScope::InboxRead)),
            ("POST", "/api/courts/370102/fees/b/orders", None),
            ("POST", "/api/my/cases/join", None),
            ("POST", "/api/account/password", None),
            ("GET", "/api/account", None),
            ("GET", "/api/my/api-clients", None),
            ("POST", "/api/my/webhooks", None),
        ];
        for (method, path, scope) in cases {
            assert_eq!(needed(&method.parse().unwrap(), path), scope, "{method} {path}");
        }
    }

    #[test]
    fn keys_come_back() {
        for scope in ApiScope::ALL {
            assert_eq!(ApiScope::parse(scope.key()), Some(scope));
        }
        assert_eq!(ApiScope::parse("*"), None);
    }
}
