use super::*;

const MERCHANT: &[u8] = include_bytes!("vectors/merchant.pem");
const CERTIFICATE: &[u8] = include_bytes!("vectors/platform.pem");
const PUBLIC_KEY: &[u8] = include_bytes!("vectors/platform_public.pem");
const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
/// Made by openssl.
const REQUEST_SIGNATURE: &str = "JgfrC9PH0dIvcwZSeJTAyGIYlIqksYG1qA43XW6skUcI1rewr2xaEyU3MQtixYIThET7BuhiMji2bpyKIiXDr6WP1nWM34UWjcYEU0j5tVwNmw8FytzfmLz3ifnVEwDo9gM5ACE+rJnohG4gtVaoKTgkWCRHw9GNGikiLo3XQJckkmF4x/cHJia7jvNs2U8quJO4T2KsYJm2iUuk/olOxW6H4sm5OXvw6JNrRPhQGxFd1K4NONvwy17xJMpQF0Q3ar0EEwIHKvQtGOlltHcHXTS/PK2+3AhKrYpiodut/2DXkWTT4K6ASuGguSYS2I6TjPeKgjPg7Cw88QmRTo9WXg==";
/// Made by openssl.
const ANSWER_SIGNATURE: &str = "QQn/oXZJRLEDGl1NuHyPY9Kdb9VEqLnAHvQfJk4N3vYV5uK1iiZQlBqk8Ndp9HTAinHByLQwjgKboqC5+Ria5EWOTnZUN2KTs4O1S4vXp05Ufqjo9CmLccRJiOrMVJpBiN8weOqaKGRQZ4w0ibZUbGcCjnGUx1eslOeMoM+cu9hIDfqz2RgRHKqBzFltEE5+LrqF0LjjNhUfE7zGICXb/wlDKEa6vdMHodpcrL8isKIY64Au1I3Sfc/kyCbz++ybuEQqDFNuPS2Jc4PlEUegh+UoYYK1rjyXHqifMrFHLGQpQj5U0FPzWaTSTvuXUzeJS1XW/bA+Yk32XZo1BzxviA==";
const ANSWER: &[u8] = br#"{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}"#;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn headers() -> PlatformHeaders {
    PlatformHeaders {
        timestamp: "1722850421".into(),
        nonce: "d824f2e086d3c1df967785d13fcd22ef".into(),
        serial: SERIAL.into(),
        signature: ANSWER_SIGNATURE.into(),
    }
}

#[test]
fn a_request_is_signed_as_openssl_signs_it() {
    let key = MerchantKey::from_pem(MERCHANT, "1900000001", "AB12").unwrap();
    let body = br#"{"appid":"wxd678efh567hg6787","amount":{"total":5000}}"#;
    let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
    let header = key.authorization("POST", "/v3/pay/transactions/native", at(1_554_208_460), nonce, body).unwrap();
    let expected = format!(
        r#"WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="{nonce}",signature="{REQUEST_SIGNATURE}",timestamp="1554208460",serial_no="AB12""#
    );
    assert_eq!(header, expected);
}

#[test]
fn an_answer_is_believed_only_as_it_was_signed() {
    let by_certificate = PlatformKey::from_certificate(CERTIFICATE, at(i64::from(u32::MAX))).unwrap();
    assert_eq!(by_certificate.serial, SERIAL);
    let by_public_key = PlatformKey::from_public_key(PUBLIC_KEY, "PUB_KEY_ID_0119000000012024").unwrap();
    for key in [by_certificate, by_public_key] {
        assert!(key.signed(&headers(), ANSWER));
        assert!(!key.signed(&headers(), br#"{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzy"}"#));
        assert!(!key.signed(&PlatformHeaders { nonce: "x".into(), ..headers() }, ANSWER));
        assert!(!key.signed(&PlatformHeaders { timestamp: "1722850422".into(), ..headers() }, ANSWER));
        assert!(!key.signed(&PlatformHeaders { signature: REQUEST_SIGNATURE.into(), ..headers() }, ANSWER));
        assert!(!key.signed(&PlatformHeaders { signature: "WECHATPAY/SIGNTEST/nonsense".into(), ..headers() }, ANSWER));
        assert!(!key.signed(&PlatformHeaders { signature: String::new(), ..headers() }, ANSWER));
    }
}

#[test]
fn five_minutes_either_way() {
    for (seconds, fresh) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
        assert_eq!(headers().is_fresh(at(1_722_850_421 + seconds)), fresh, "{seconds}");
    }
    assert!(!PlatformHeaders { timestamp: i64::MIN.to_string(), ..headers() }.is_fresh(at(0)));
    assert!(!PlatformHeaders { timestamp: "now".into(), ..headers() }.is_fresh(at(0)));
}

#[test]
fn what_another_hand_sealed_opens() {
    let key = ApiV3Key::new("0123456789abcdefghijklmnopqrstuv").unwrap();
    let sealed = |ciphertext: &str, aad: Option<&str>| Sealed {
        algorithm: SEALED_WITH.into(),
        ciphertext: ciphertext.into(),
        nonce: "61f9c719728a".into(),
        associated_data: aad.map(str::to_owned),
    };
    let bound = "PJowTJOIoPkQM5066fo4FbKjdoAoq4Qnd79SmMx/p6hXOZ22Wr1KrvYOC5XWPwuIQAFUP6ovOzbitLsAytc72H1M";
    let free = "PJowTJOIoPkQM5066fo4FbKjdoAoq4Qnd79SmMx/p6hXOZ22Wr1KrvYOC5XWPwuIQAGl8uf2YGW4OY1t+Tqr8sxv";
    let plain = br#"{"mchid":"1900000001","out_trade_no":"LT370102A1"}"#;
    assert_eq!(key.open(&sealed(bound, Some("transaction"))).as_deref(), Some(&plain[..]));
    assert_eq!(key.open(&sealed(free, None)).as_deref(), Some(&plain[..]));
    assert_eq!(key.open(&sealed(free, Some(""))).as_deref(), Some(&plain[..]));
    assert_eq!(key.open(&sealed(bound, Some("refund"))), None, "bound to something else");
    assert_eq!(key.open(&sealed(&bound.replace("PJow", "PJox"), Some("transaction"))), None, "touched");
    assert_eq!(key.open(&Sealed { algorithm: "NONE".into(), ..sealed(bound, Some("transaction")) }), None);
    assert_eq!(key.open(&Sealed { nonce: "short".into(), ..sealed(bound, Some("transaction")) }), None);
    assert_eq!(key.open(&sealed("", None)), None);
    let other = ApiV3Key::new("vutsrqponmlkjihgfedcba9876543210").unwrap();
    assert_eq!(other.open(&sealed(bound, Some("transaction"))), None);
}

#[test]
fn a_wrong_key_is_found_out_at_start() {
    assert_eq!(ApiV3Key::new("short").err(), Some(KeyProblem::Length(5)));
    assert_eq!(MerchantKey::from_pem(CERTIFICATE, "m", "s").err(), Some(KeyProblem::Pem("PRIVATE KEY")));
    assert_eq!(PlatformKey::from_certificate(PUBLIC_KEY, at(0)).err(), Some(KeyProblem::Pem("CERTIFICATE")));
    assert_eq!(PlatformKey::from_public_key(MERCHANT, "id").err(), Some(KeyProblem::Pem("PUBLIC KEY")));
}
