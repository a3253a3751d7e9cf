//! HTTP load: some clients on connections kept alive, each asking again as soon as it was answered. Written by hand
//! over the socket, so that the asker costs as little of the shared processor as pgbench does.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection kept alive.
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// One request in bytes.
pub fn request(method: &str, path: &str, token: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} /api{path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n{headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Does `/readyz` say yes?
pub fn ready(at: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = std::net::TcpStream::connect(at)?;
        stream.set_read_timeout(Some(Duration::from_secs(3)))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

impl Line {
    /// Connects.
    pub async fn open(at: SocketAddr) -> Result<Self, String> {
        let stream = TcpStream::connect(at).await.map_err(|e| format!("{at}: {e}"))?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        Ok(Self { stream, buffer: Vec::with_capacity(128 << 10) })
    }

    /// Asks and waits for the whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer, String> {
        self.stream.write_all(request).await.map_err(|e| e.to_string())?;
        self.answer().await
    }

    /// Sends bytes of a body that was announced.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.stream.write_all(bytes).await.map_err(|e| e.to_string())
    }

    /// Reads one answer.
    pub async fn answer(&mut self) -> Result<Answer, String> {
        self.buffer.clear();
        let (head, length) = loop {
            self.fill().await?;
            if let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break (end + 4, length(&self.buffer[..end]));
            }
        };
        while self.buffer.len() < head + length {
            self.fill().await?;
        }
        let status = std::str::from_utf8(&self.buffer[9..12]).ok().and_then(|s| s.parse().ok()).unwrap_or(0);
        Ok(Answer { status, body: self.buffer[head..head + length].to_vec() })
    }

    async fn fill(&mut self) -> Result<(), String> {
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(0) => Err("the server closed the connection".into()),
            Ok(_) => Ok(()),
            Err(e) => Err(e.to_string()),
        }
    }
}

fn length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.split("\r\n").find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0)
}

impl Answer {
    /// The body as JSON, when the answer is a good one.
    pub fn json(&self) -> Result<serde_json::Value, String> {
        match self.status {
            200..300 => serde_json::from_slice(&self.body).map_err(|e| e.to_string()),
            status => Err(format!("{status}: {}", String::from_utf8_lossy(&self.body))),
        }
    }
}

/// What a run came to.
pub struct Run {
    /// Answers a second.
    pub rate: f64,
    /// Every latency, in ms.
    pub latencies: Vec<f64>,
    /// Answers, those of the warm-up too.
    pub asked: usize,
}

/// Runs `clients` askers for some time; `next` makes their requests (nothing left: the run is over). The first part of
/// the time warms caches up and is not counted.
pub async fn run(
    at: SocketAddr,
    clients: usize,
    warm: Duration,
    time: Duration,
    next: impl Fn(usize) -> Option<Vec<u8>>,
) -> Result<Run, String> {
    let (from, until) = (Instant::now() + warm, Instant::now() + warm + time);
    let client = |n: usize| {
        let next = &next;
        async move {
            let mut line = Line::open(at).await?;
            let (mut latencies, mut asked) = (Vec::new(), 0);
            while Instant::now() < until {
                let Some(request) = next(n) else { return Err("nothing left to ask; supply more".to_owned()) };
                let since = Instant::now();
                let answer = line.ask(&request).await?;
                if !(200..300).contains(&answer.status) {
                    return Err(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)));
                }
                asked += 1;
                if since >= from {
                    latencies.push(since.elapsed().as_secs_f64() * 1000.0);
                }
            }
            Ok((latencies, asked))
        }
    };
    let all = futures_util::future::try_join_all((0..clients).map(client)).await?;
    let spent = from.elapsed().as_secs_f64();
    let asked = all.iter().map(|(_, asked)| asked).sum();
    let latencies: Vec<f64> = all.into_iter().flat_map(|(latencies, _)| latencies).collect();
    Ok(Run { rate: latencies.len() as f64 / spent, latencies, asked })
}

/// The latency that this share of answers kept.
pub fn percentile(latencies: &[f64], share: f64) -> f64 {
    let mut sorted = latencies.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
