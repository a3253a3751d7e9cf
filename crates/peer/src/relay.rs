//! A place on a relay (TURN, RFC 8656), as a client of it.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc::sansio::Protocol;
use rtc::shared::{TaggedBytesMut, TransportProtocol};
use rtc::turn::client::{Client, ClientConfig, Event};

use crate::link::{own_socket, receive};

const PATIENCE: Duration = Duration::from_secs(20);

/// A place on a relay.
pub struct Relay {
    client: Client,
    socket: UdpSocket,
    server: SocketAddr,
    relayed: SocketAddr,
    permitted: Vec<SocketAddr>,
}

impl Relay {
    /// Asks a relay for a place.
    ///
    /// # Errors
    /// Its word when it gives none.
    pub fn take(server: SocketAddr, realm: &str, username: &str, password: &str) -> Result<Self, String> {
        let socket = own_socket();
        let config = ClientConfig {
            stun_serv_addr: server.to_string(),
            turn_serv_addr: server.to_string(),
            local_addr: socket.local_addr().unwrap(),
            transport_protocol: TransportProtocol::UDP,
            username: username.to_owned(),
            password: password.to_owned(),
            realm: realm.to_owned(),
            software: String::new(),
            rto_in_ms: 0,
            allocation_refresh_interval_cap: None,
        };
        let client = Client::new(config, rtc::crypto::default_provider().map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
        let mut relay = Self { client, socket, server, relayed: server, permitted: Vec::new() };
        relay.client.allocate(Instant::now()).map_err(|e| e.to_string())?;
        relay.given()?;
        Ok(relay)
    }

    /// Waits for the place.
    fn given(&mut self) -> Result<(), String> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            self.flush();
            let Self { client, socket, .. } = self;
            receive(socket, |message| drop(client.handle_read(message)));
            let _ = self.client.handle_timeout(Instant::now());
            while let Some(event) = self.client.poll_event() {
                match event {
                    Event::AllocateResponse(_, relayed) => {
                        self.relayed = relayed;
                        return Ok(());
                    }
                    Event::AllocateError(_, e) => return Err(e.to_string()),
                    Event::TransactionTimeout(_) => return Err("no answer".to_owned()),
                    _ => {}
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err("nothing".to_owned())
    }

    /// The socket to it.
    pub(crate) fn socket(&self) -> UdpSocket {
        self.socket.try_clone().unwrap()
    }

    fn flush(&mut self) {
        while let Some(out) = self.client.poll_write() {
            let _ = self.socket.send_to(&out.message, self.server);
        }
    }

    pub(crate) fn keep(&mut self, now: Instant) {
        let _ = self.client.handle_timeout(now);
        self.flush();
    }

    pub(crate) fn send(&mut self, bytes: &[u8], to: SocketAddr) {
        let now = Instant::now();
        let Ok(mut way) = self.client.relay(self.relayed) else { return };
        if !self.permitted.contains(&to) {
            let _ = way.create_permission(now, to);
            self.permitted.push(to);
        }
        // what is not permitted yet is lost; it is sent again
        let _ = way.send_to(now, bytes, to);
    }

    /// What peers sent through it.
    pub(crate) fn arrived(&mut self, message: TaggedBytesMut) -> Vec<(SocketAddr, BytesMut)> {
        let _ = self.client.handle_read(message);
        let _ = self.client.handle_timeout(Instant::now());
        let mut all = Vec::new();
        while let Some(event) = self.client.poll_event() {
            if let Event::DataIndicationOrChannelData(_, from, data) = event {
                all.push((from, data));
            }
        }
        all
    }
}
