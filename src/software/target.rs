//! Where a webhook may point: an https address on the open internet.
//!
//! Owns the check of the address and of what its name resolves to, at the moment of each connection (a name may answer
//! one address when it is registered and another when it is used). Must never let a person reach inside the house.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::error::{Error, Result, said};

/// The client that posts to these addresses: bounded in time, following nothing.
///
/// # Errors
/// When the TLS provider cannot be set up.
pub fn client(inside: bool) -> std::result::Result<reqwest::Client, reqwest::Error> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .connect_timeout(Duration::from_secs(3))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    if inside { client.build() } else { client.dns_resolver(std::sync::Arc::new(Outside)).build() }
}

/// Reads an address; `inside` also lets plain http and private addresses through (demo, tests, a closed network).
///
/// # Errors
/// 422 `webhook.url`.
pub fn read(text: &str, inside: bool) -> Result<Url> {
    let url = Url::parse(text.trim()).map_err(|_| refused("这不是一个完整的网址。", "This is no complete address."))?;
    if url.scheme() != "https" && !(inside && url.scheme() == "http") {
        return Err(refused("通知地址要用 https。", "The address must be https."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("网址里不能带用户名和密码。", "The address must carry no user name or password."));
    }
    let literal = url.host_str().and_then(|h| h.trim_matches(['[', ']']).parse::<IpAddr>().ok());
    let named_inside =
        url.host_str().is_none_or(|h| h == "localhost" || h.ends_with(".localhost") || h.ends_with(".local") || h.ends_with(".internal"));
    if !inside && (named_inside || literal.is_some_and(|ip| !is_outside(ip))) {
        return Err(refused("这个地址不在公共互联网上。", "This address is not on the open internet."));
    }
    Ok(url)
}

fn refused(zh: &'static str, en: &'static str) -> Error {
    Error::invalid(
        "webhook.url",
        said(zh, en),
        said("请填公网可访问的 https 网址。", "Give an https address that the open internet reaches."),
    )
    .at("/url")
}

/// On the open internet: not of this machine, this network, or a range kept for something else.
pub fn is_outside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            let kept = a == 0 || a >= 224 || (a == 100 && (64..128).contains(&b)) || (a == 192 && b == 0 && (c == 0 || c == 2));
            let tests = (a == 198 && (b == 18 || b == 19)) || (a == 198 && b == 51 && c == 100) || (a == 203 && b == 0 && c == 113);
            !(kept || tests || ip.is_private() || ip.is_loopback() || ip.is_link_local())
        }
        IpAddr::V6(ip) => match ip.to_ipv4() {
            Some(v4) => is_outside(IpAddr::V4(v4)),
            None => {
                let first = ip.segments()[0];
                // only 2000::/3 is given out; 2001:db8::/32 and 2002::/16 (6to4 hides an IPv4 address) are not
                (first & 0xe000) == 0x2000 && !(first == 0x2001 && ip.segments()[1] == 0x0db8) && first != 0x2002
            }
        },
    }
}

/// Resolves names, and forgets what is not outside.
struct Outside;

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let outside: Vec<SocketAddr> = found.filter(|a| is_outside(a.ip())).collect();
            if outside.is_empty() {
                return Err("the name leads to no address on the open internet".into());
            }
            Ok(Box::new(outside.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_is_outside() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:10.0.0.1",
            "ff02::1",
            "2002:a00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_outside(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "114.114.114.114", "2606:4700::1111", "240e::1", "::ffff:1.1.1.1"] {
            assert!(is_outside(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_address_is_https_and_plain() {
        for bad in [
            "http://example.com/x",
            "ftp://example.com",
            "https://user:pw@example.com",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://localhost/x",
            "https://2130706433/",
            "https://0x7f.1/",
            "not an address",
            "",
            "javascript:alert(1)",
            "https://db.internal/x",
        ] {
            assert_eq!(read(bad, false).unwrap_err().code, "webhook.url", "{bad}");
        }
        assert!(read("https://hooks.example.com/lianting?x=1", false).is_ok());
        assert!(read("http://127.0.0.1:4000/x", true).is_ok());
    }
}
