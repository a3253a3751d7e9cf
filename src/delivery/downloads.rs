//! 下载链接: a signed address of a served paper that needs no session for some days, for software that keeps papers and
//! for whoever prints them elsewhere.
//!
//! Owns the form of the token: sealed, so that nobody can make one or read what it names. Making one is downloading: it is
//! written down then, by whoever asked, and the bytes are fixed by then. Must never outlive its days, or name a person.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::inbox;
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::kit::seal::{Owner, Place, Seal};

/// So long a link is good.
pub const GOOD_FOR: TimeDelta = TimeDelta::days(7);
const PLACE: Place<'static> = Place("service_papers", "download", &Uuid::nil());

/// What a link names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Court.
    pub court: i32,
    /// Service.
    pub service: Uuid,
    /// Paper of it.
    pub n: i32,
    /// Good until.
    pub until: DateTime<Utc>,
}

/// A link as it is given.
pub struct Given {
    /// Paper of the service.
    pub n: i32,
    /// 名称.
    pub title: String,
    /// SHA-256 of the bytes.
    pub sha256: Option<String>,
    /// The token.
    pub token: String,
}

/// The links of every paper of a service, for its recipient's side; answers them and whether anything was written down.
///
/// # Errors
/// 404 for whoever is not of the recipient's side.
pub async fn give(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<(Vec<Given>, DateTime<Utc>, bool)> {
    let (court, until) = (tx.court, tx.now() + GOOD_FOR);
    inbox::check(app, tx, service, recipient).await?;
    let (mut out, mut fresh) = (Vec::new(), false);
    for paper in super::served::papers(tx, service).await? {
        fresh |= inbox::opened(app, tx, service, recipient, paper.n, true).await?.1;
        let token = seal(&app.seal, &Link { court, service, n: paper.n, until })?;
        out.push(Given { n: paper.n, title: paper.title, sha256: paper.sha256, token });
    }
    Ok((out, until, fresh))
}

fn seal(seal: &Seal, link: &Link) -> Result<String> {
    Ok(BASE64URL_NOPAD.encode(&seal.seal_json(Owner::House, PLACE, link)?))
}

/// What a token names, while it is good.
///
/// # Errors
/// 404 for every fault, word for word.
pub fn read(seal: &Seal, token: &str, now: DateTime<Utc>) -> Result<Link> {
    let sealed = BASE64URL_NOPAD.decode(token.as_bytes()).map_err(|_| Error::not_found())?;
    let link: Link = seal.open_json(Owner::House, PLACE, &sealed).map_err(|_| Error::not_found())?;
    if now < link.until { Ok(link) } else { Err(Error::not_found()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::random::Random;

    #[test]
    fn only_our_own_links_open_and_only_in_their_days() {
        let random = Random::seeded(4);
        let keys = Seal::from_key_file(&Seal::new_key_file(&random), random.clone()).unwrap();
        let now: DateTime<Utc> = "2026-11-23T02:00:00Z".parse().unwrap();
        let link = Link { court: 370_102, service: random.id(now), n: 1, until: now + GOOD_FOR };
        let token = seal(&keys, &link).unwrap();
        assert_eq!(read(&keys, &token, now + TimeDelta::days(6)).unwrap(), link);
        assert!(read(&keys, &token, now + GOOD_FOR).is_err());
        let mut forged = token.clone().into_bytes();
        forged[20] = if forged[20] == b'A' { b'B' } else { b'A' };
        assert!(read(&keys, &String::from_utf8(forged).unwrap(), now).is_err());
        let random = Random::seeded(5);
        let others = Seal::from_key_file(&Seal::new_key_file(&random), random.clone()).unwrap();
        assert!(read(&others, &token, now).is_err() && read(&keys, "x y", now).is_err());
    }
}
