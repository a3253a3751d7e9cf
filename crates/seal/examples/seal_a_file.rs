//! Seals a PDF without a server, for trying a set of keys and for foreign verifiers to look at:
//! `seal_a_file SEALS IN.pdf OUT.pdf PAGE X Y [TSA-HOST:PORT] [TIMES]`. Makes the directory of seals when it is not
//! there. With TIMES it seals as often and tells what one took.
#![allow(clippy::disallowed_methods, reason = "a tool at hand: it has the machine's clock")]

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use lianting_seal::keep::{CourtSeal, SealDir};
use lianting_seal::pdf::{self, Place, Words};
use lianting_seal::pki::{Subject, Term};
use lianting_seal::{cms, picture, stamp};

const COURT: &str = "济南市历下区人民法院";
const CODE: &str = "370102";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [seals, from, to, page, x, y, rest @ ..] = args.as_slice() else {
        return Err("seal_a_file SEALS IN.pdf OUT.pdf PAGE X Y [TSA-HOST:PORT|-] [TIMES]".into());
    };
    let now = DateTime::<Utc>::from(std::time::SystemTime::now());
    let dir = SealDir::at(seals);
    let seal = opened(&dir, now)?;
    let place = Place { page: page.parse()?, x: x.parse()?, y: y.parse()? };
    let tsa = rest.first().filter(|a| *a != "-");
    let file = std::fs::read(from)?;
    let times: u32 = rest.get(1).map_or(Ok(1), |n| n.parse())?;
    let since = Instant::now();
    let mut sealed = Vec::new();
    for _ in 0..times {
        sealed = one(&dir, &seal, &file, place, now, tsa)?;
    }
    println!("{} bytes, {:.2} ms each", sealed.len(), since.elapsed().as_secs_f64() * 1000.0 / f64::from(times));
    Ok(std::fs::write(to, sealed)?)
}

fn opened(dir: &SealDir, now: DateTime<Utc>) -> Result<CourtSeal, Box<dyn Error>> {
    if dir.trust()?.seals.is_empty() {
        dir.init("山东省法院电子印章根（演示）", "山东省", Term { from: now, days: 7300 })?;
        let subject = Subject { name: COURT.into(), province: Some("山东省".into()), code: Some(CODE.into()) };
        dir.issue(CODE, &subject, Term { from: now, days: 1095 }, &picture::Font::installed()?, false)?;
    }
    dir.court(CODE)?.ok_or_else(|| "no seal".into())
}

fn one(
    dir: &SealDir,
    seal: &CourtSeal,
    file: &[u8],
    place: Place,
    at: DateTime<Utc>,
    tsa: Option<&String>,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let words = Words { name: COURT, reason: "电子印章", at };
    let prepared = pdf::prepare(file, Some((place, &seal.picture)), &words, if tsa.is_some() { pdf::ROOM_STAMPED } else { pdf::ROOM })?;
    let signature = cms::sign(&*seal.signer, &prepared.digest(seal.signer.algorithm()))?;
    let token = match tsa {
        Some(address) => {
            let (imprint, nonce) = (signature.imprint(), 0x1234_5678_9abc_def0);
            let answer = post(address, &stamp::request(&imprint, nonce)?)?;
            let stamp = stamp::accept(&answer, &imprint, nonce, &dir.trust()?.stamps).map_err(|why| why.to_string())?;
            Some(stamp.token)
        }
        None => None,
    };
    Ok(prepared.finish(&signature.to_der(token.as_deref())?)?)
}

fn post(address: &str, body: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    let head =
        format!("POST / HTTP/1.0\r\nHost: {address}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n", stamp::REQUEST_TYPE, body.len());
    socket.write_all(head.as_bytes())?;
    socket.write_all(body)?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").ok_or("no answer")?;
    Ok(answer.split_off(end + 4))
}
