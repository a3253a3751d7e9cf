//! Proves rows X2–X11.

use crate::filing::checks::testing::{facts, hold, loan, with};
use serde_json::{Value, json};

fn v(path: &str) -> String {
    format!("/elements/values/{path}")
}

fn form(form: &str, values: Value) -> Value {
    with(&[("/elements", json!({"form": form, "edition": "2025", "values": values}))])
}

fn change(path: &str, value: Value) -> Value {
    with(&[(&v(path), value)])
}

#[test]
fn dates_and_loans() {
    let paper = |name: &str| with(&[("/evidence/0/name", json!(name))]);
    hold(vec![
        ("X2", change("claims/C1/as_of", json!("2026-11-23")), facts(), Some("warn /elements/values/claims/C1/as_of")),
        ("X2", change("claims/C1/as_of", json!("2026-11-22")), facts(), None),
        ("X2", change("claims/C2", json!({"as_of": "2026-05-30"})), facts(), Some("warn /elements/values/claims/C2/as_of")),
        ("X2", change("facts/F4/term/to", json!("2023-01-01")), facts(), Some("warn /elements/values/facts/F4/term/to")),
        ("X2", change("facts/F4/term/to", json!("2027-01-01")), facts(), Some("warn /elements/values/facts/F4/due")),
        ("X2", loan(), facts(), None),
        ("X3", change("facts/F8/principal", json!(1)), facts(), Some("warn /elements/values/claims/C1/amount")),
        ("X3", change("facts/F5/rate", json!(13.81)), facts(), Some("warn /elements/values/facts/F5/rate")),
        ("X3", change("facts/F5/rate", json!(13.8)), facts(), None),
        ("X3", change("facts/F5", json!({"rate": 2, "per": "month"})), facts(), Some("warn /elements/values/facts/F5/rate")),
        ("X3", paper("照片"), facts(), Some("warn /evidence")),
        ("X3", paper("微信转账截图"), facts(), None),
        ("X3", loan(), facts(), None),
    ]);
}

#[test]
fn security() {
    let claimed = |guarantor: Option<&str>| {
        with(&[(&v("claims/C4/yes"), json!(true)), (&v("facts/F14"), json!({"yes": true, "guarantor": guarantor, "method": "joint"}))])
    };
    let general = |borrower: &str| with(&[(&v("facts/F14"), json!({"method": "general"})), (&v("facts/F2/borrower"), json!(borrower))]);
    hold(vec![
        ("X4", claimed(None), facts(), Some("warn /elements/values/claims/C4/yes")),
        ("X4", claimed(Some("孙六")), facts(), Some("warn /parties")),
        ("X4", claimed(Some("钱五")), facts(), None),
        ("X4", general("周七"), facts(), Some("warn /parties")),
        ("X4", general("钱五"), facts(), None),
        ("X4", loan(), facts(), None),
    ]);
}

#[test]
fn leases_sales_and_divorce() {
    let lease = |claims: Value| form("F09", json!({"claims": claims}));
    let sale = |claim: &str| {
        let mut content = form("F04", json!({"claims": {"C2": {"penalty": 5}}}));
        content["claims"][0]["text"] = json!(claim);
        content
    };
    let child = |born: &str| form("F05", json!({"claims": {"C4": {"children": [{"birth": born}]}}}));
    hold(vec![
        ("X5", lease(json!({"C1": {"due": 1}, "C4": {"mode": "terminate"}})), facts(), Some("warn /elements/values/claims/ROUTE")),
        ("X5", lease(json!({"C1": {"due": 1}})), facts(), None),
        ("X6", sale("双倍返还定金 1000 元"), facts(), Some("warn /claims")),
        ("X6", sale("支付货款 1000 元"), facts(), None),
        ("X7", child("2018-11-22"), facts(), Some("warn /elements/values/claims/C4/children/0")),
        ("X7", child("2018-11-23"), facts(), Some("info /cause")),
        ("X7", loan(), facts(), None),
    ]);
}

#[test]
fn traffic_and_labour() {
    let crash = |harm: Value, no: &str, insurer: &str| {
        form(
            "F07",
            json!({"claims": {"HARM": harm}, "facts": {"F2": {"no": no},
            "F3": {"policies": [{"kind": "compulsory", "insurer": insurer}]}}}),
        )
    };
    let labour = |asked: &str, received: &str| {
        form(
            "F08",
            json!({"claims": {"C3": {"yes": true, "amount": 1}},
            "facts": {"F5": {"claims": asked, "received": received, "document": "x"}}}),
        )
    };
    hold(vec![
        ("X8", crash(json!({}), "第1号", "平安公司"), facts(), Some("warn /parties")),
        ("X8", crash(json!({"death": true}), "第1号", "钱五"), facts(), Some("warn /parties")),
        ("X8", crash(json!({}), "", "钱五"), facts(), Some("warn /elements/values/facts/F2/no")),
        ("X8", crash(json!({}), "第1号", "钱五"), facts(), None),
        ("X9", labour("支付工资", "2026-11-20"), facts(), Some("warn /elements/values/claims/C3/yes")),
        ("X9", labour("支付加班工资", "2026-11-06"), facts(), Some("warn /elements/values/facts/F5/received")),
        ("X9", labour("支付加班工资", "2026-11-07"), facts(), None),
    ]);
}

#[test]
fn property_fees_and_misstatements() {
    let fee = |owed: i64, until: &str, demand: &str| {
        form(
            "F06",
            json!({"claims": {"C1": {"amount": owed, "as_of": until}},
            "facts": {"F3": {"area": 100}, "F4": 200, "F5": {"from": "2024-01-01", "to": "2025-12-31"}, "F10": demand}}),
        )
    };
    let stock = |revealed: &str, bought: &str| {
        form(
            "F11",
            json!({"facts": {"F1": {"acted": "2024-01-01", "revealed": revealed, "base": "2024-12-31"},
            "F3": {"bought": [{"date": bought, "quantity": 1, "price": 1}]}}}),
        )
    };
    hold(vec![
        ("X10", fee(480_001, "2025-12-31", "2026-01-05 书面催缴"), facts(), Some("warn /elements/values/claims/C1/amount")),
        ("X10", fee(480_000, "2026-01-31", "2026-01-05 书面催缴"), facts(), Some("warn /elements/values/claims/C1/as_of")),
        ("X10", fee(480_000, "2025-12-31", ""), facts(), Some("warn /elements/values/facts/F10")),
        ("X10", fee(480_000, "2025-12-31", "2026-01-05 书面催缴"), facts(), None),
        ("X11", stock("2025-01-01", "2024-05-01"), facts(), Some("warn /elements/values/facts/F1")),
        ("X11", stock("2024-06-01", "2024-06-02"), facts(), Some("warn /elements/values/facts/F3/bought")),
        ("X11", stock("2024-06-01", "2024-06-01"), facts(), None),
    ]);
}
