//! Numbers that check: resident IDs (GB 11643), credit codes (GB 32100), licences, mobiles; each given once a run.

use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A number not given before in this run.
pub fn next() -> u32 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A mobile number.
pub fn mobile(n: u32) -> String {
    format!("139{n:08}")
}

/// A man's or woman's resident ID of somebody grown up, born in 历下区.
pub fn resident_id(n: u32) -> String {
    let birth = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::TimeDelta::days(i64::from(n / 900));
    let body = format!("370102{}{:03}", birth.format("%Y%m%d"), 100 + n % 900);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    format!("{body}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize])
}

/// A credit code of a company in 历下区.
pub fn uscc(n: u32) -> String {
    const SIGNS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91370102MA{n:07}");
    let mut weight = 1;
    let mut sum = 0;
    for c in body.chars() {
        sum += SIGNS.find(c).unwrap() * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", SIGNS.chars().nth((31 - sum % 31) % 31).unwrap())
}

/// A lawyer's licence of 济南.
pub fn licence(n: u32) -> String {
    format!("13701201310{n:06}")
}
