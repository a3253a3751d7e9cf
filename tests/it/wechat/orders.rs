//! Orders, refunds and bills, whatever happens to the answer.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use lianting::fees::wechat::bill::BillKind;
use lianting::fees::wechat::client::Fault;
use lianting::fees::wechat::shapes::{NewOrder, RefundState, TradeState};
use serde_json::json;

use super::kit::{World, back, order};

#[tokio::test]
async fn a_code_is_paid_queried_and_refunded() {
    let world = World::new("whole").await;
    let token = world.place("LT370102A1", 5000).await;
    assert_eq!(world.place("LT370102A1", 5000).await, token, "the same order again");
    let open = world.pay.query("LT370102A1").await.unwrap();
    assert_eq!((open.state, open.total, open.transaction_id), (TradeState::NotPay, None, None));
    let (status, page) = world.get(&format!("/scan?code_url=weixin://wxpay/bizpayurl?pr={token}")).await;
    assert!(status == 200 && page.contains("确认支付"));
    assert_eq!(world.press(&token, "pay").await, 200);
    assert_eq!(world.press(&token, "other").await, 409, "nobody pays twice");
    let paid = world.pay.query("LT370102A1").await.unwrap();
    assert_eq!((paid.state, paid.total), (TradeState::Success, Some(5000)));
    let id = paid.transaction_id.clone().unwrap();
    assert_eq!(world.pay.query_by_id(&id).await.unwrap(), paid);
    assert!(world.pay.close("LT370102A1").await.unwrap_err().is_refused("ORDERPAID"));
    assert!(world.pay.native(&order("LT370102A1", 5000)).await.unwrap_err().is_refused("ORDERPAID"));

    let half = back("RF370102A1", "LT370102A1", 2500, 5000);
    let asked = world.pay.refund(&half).await.unwrap();
    assert_eq!((asked.state, asked.refund), (RefundState::Processing, 2500));
    assert_eq!(world.pay.refund(&half).await.unwrap().refund_id, asked.refund_id, "the same refund again");
    assert!(world.pay.refund(&back("RF370102A2", "LT370102A1", 2501, 5000)).await.unwrap_err().is_refused("INVALID_REQUEST"));
    assert!(world.pay.refund(&back("RF370102A1", "LT370102A1", 2499, 5000)).await.unwrap_err().is_refused("PARAM_ERROR"));
    tokio::time::sleep(Duration::from_millis(400)).await;
    let done = world.pay.query_refund("RF370102A1").await.unwrap();
    assert!(done.state == RefundState::Success && done.refunded_at.is_some());
    assert_eq!(world.pay.query("LT370102A1").await.unwrap().state, TradeState::Refund);
    assert_eq!(world.hears(2).await.len(), 2);
}

#[tokio::test]
async fn numbers_the_platform_does_not_know_or_take() {
    let world = World::new("unknown").await;
    assert!(world.pay.query("LT370102Z9").await.unwrap_err().is_refused("ORDER_NOT_EXIST"));
    assert!(world.pay.query("../../certificates").await.is_err());
    assert!(world.pay.query_refund("RF0").await.unwrap_err().is_refused("RESOURCE_NOT_EXISTS"));
    assert!(world.pay.close("LT370102Z9").await.unwrap_err().is_refused("ORDER_NOT_EXIST"));
    assert!(world.pay.refund(&back("RF1", "LT370102Z9", 1, 1)).await.unwrap_err().is_refused("RESOURCE_NOT_EXISTS"));
    world.place("LT370102A1", 5000).await;
    assert!(world.pay.native(&order("LT370102A1", 5001)).await.unwrap_err().is_refused("OUT_TRADE_NO_USED"));
    assert!(world.pay.native(&order("LT370102A2", 0)).await.unwrap_err().is_refused("PARAM_ERROR"));
    let late = NewOrder { expires: Utc::now() - TimeDelta::minutes(1), ..order("LT370102A3", 1) };
    assert!(world.pay.native(&late).await.unwrap_err().is_refused("PARAM_ERROR"));
    world.control(json!({"float": -1})).await;
    world.paid("LT370102A4", 100).await;
    assert!(world.pay.refund(&back("RF2", "LT370102A4", 100, 100)).await.unwrap_err().is_refused("NOT_ENOUGH"));
}

#[tokio::test]
async fn a_phone_pays_on_the_page_and_comes_back() {
    let world = World::new("h5").await;
    let url = world.pay.h5(&order("LT370102A1", 5000), "192.0.2.7", "https://court.example/cases/1?paid=1&x=二").await.unwrap();
    assert!(url.contains("&redirect_url=https%3A%2F%2Fcourt%2Eexample%2Fcases%2F1%3Fpaid%3D1%26x%3D%E4%BA%8C"), "{url}");
    let (status, page) = world.get(url.split_once(&world.address).unwrap().1).await;
    assert!(status == 200 && page.contains("redirect_url"));
    let token = url.split_once("prepay_id=").unwrap().1.split('&').next().unwrap();
    assert_eq!(world.press(token, "decline").await, 200);
    assert_eq!(world.pay.query("LT370102A1").await.unwrap().state, TradeState::PayError);
    assert_eq!(world.press(token, "other").await, 200);
    let paid = world.pay.query("LT370102A1").await.unwrap();
    assert_eq!((paid.state, paid.trade_type.as_deref()), (TradeState::Success, Some("MWEB")));
}

#[tokio::test]
async fn money_comes_after_the_order_was_closed() {
    let world = World::new("late").await;
    let token = world.place("LT370102A1", 5000).await;
    assert_eq!(world.press(&token, "late").await, 200);
    assert_eq!(world.pay.query("LT370102A1").await.unwrap().state, TradeState::UserPaying);
    world.pay.close("LT370102A1").await.unwrap();
    assert_eq!(world.pay.query("LT370102A1").await.unwrap().state, TradeState::Closed);
    assert_eq!(world.hears(1).await.len(), 1);
    assert_eq!(world.pay.query("LT370102A1").await.unwrap().state, TradeState::Success);

    let token = world.place("LT370102A2", 5000).await;
    world.pay.close("LT370102A2").await.unwrap();
    world.pay.close("LT370102A2").await.unwrap();
    assert_eq!(world.press(&token, "pay").await, 409);
    assert!(world.pay.native(&order("LT370102A2", 5000)).await.unwrap_err().is_refused("ORDER_CLOSED"));
    world.control(json!({"pay": {"out_trade_no": "LT370102A2", "even_if_closed": true}})).await;
    assert!(world.pay.query("LT370102A2").await.unwrap().state.is_paid());
}

#[tokio::test]
async fn what_is_only_a_question_is_asked_again() {
    let world = World::new("again").await;
    world.paid("LT370102A1", 5000).await;
    for mode in ["500", "bad_gateway", "cut", "cut_after", "too_often", "500_after"] {
        world.control(json!({"fail_next": 2, "mode": mode})).await;
        assert!(world.pay.query("LT370102A1").await.unwrap().state.is_paid(), "{mode} twice");
        world.control(json!({"fail_next": 3, "mode": mode})).await;
        assert!(matches!(world.pay.query("LT370102A1").await, Err(Fault::Busy(_))), "{mode} three times");
    }
    world.control(json!({"fail_next": 1, "mode": "delay_ms", "delay_ms": 200})).await;
    assert!(world.pay.query("LT370102A1").await.is_ok());
    world.control(json!({"fail_next": 1, "mode": "refuse"})).await;
    assert!(world.pay.query("LT370102A1").await.unwrap_err().is_refused("RULE_LIMIT"));
    let start = Instant::now();
    world.control(json!({"fail_next": 3, "mode": "timeout"})).await;
    assert!(matches!(world.pay.query("LT370102A1").await, Err(Fault::Busy(_))));
    assert!(start.elapsed() < Duration::from_secs(14), "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_order_is_placed_once_whatever_happens_to_the_answer() {
    let world = World::new("place").await;
    for (n, mode) in ["cut_after", "500_after", "500", "cut", "lose_answer"].into_iter().enumerate() {
        world.control(json!({"fail_next": 1, "mode": mode})).await;
        world.place(&format!("LT370102A{n}"), 5000).await;
    }
    let picture = world.control(json!({"fail_next": 3, "mode": "cut_after"})).await;
    assert_eq!(picture["orders"], 5);
    let lost = world.pay.native(&order("LT370102B1", 5000)).await;
    assert!(matches!(lost, Err(Fault::Unclear(_))), "{lost:?}");
    assert_eq!(world.pay.query("LT370102B1").await.unwrap().state, TradeState::NotPay, "a query clears it up");
}

#[tokio::test]
async fn a_refund_is_sent_once_and_cleared_up_by_a_query() {
    let world = World::new("refund").await;
    world.paid("LT370102A1", 5000).await;
    let one = back("RF1", "LT370102A1", 1000, 5000);
    for mode in ["cut", "500", "bad_gateway"] {
        world.control(json!({"fail_next": 1, "mode": mode})).await;
        assert!(matches!(world.pay.refund(&one).await, Err(Fault::Unclear(_))), "{mode}");
        assert!(world.pay.query_refund("RF1").await.unwrap_err().is_refused("RESOURCE_NOT_EXISTS"), "{mode}: nothing was done");
    }
    world.control(json!({"fail_next": 1, "mode": "too_often"})).await;
    assert_eq!(world.pay.refund(&one).await.unwrap().refund, 1000, "a clear no-not-now is asked again");
    for (n, mode) in ["cut_after", "500_after", "forge_answer", "unsigned_answer", "alter_answer"].into_iter().enumerate() {
        let number = format!("RF2{n}");
        world.control(json!({"fail_next": 1, "mode": mode, "on": "/v3/refund"})).await;
        let outcome = world.pay.refund(&back(&number, "LT370102A1", 100, 5000)).await;
        assert!(matches!(outcome, Err(Fault::Unclear(_) | Fault::Forged(_))), "{mode}: {outcome:?}");
        assert_eq!(world.pay.query_refund(&number).await.unwrap().refund, 100, "{mode}: it was done");
    }
    world.control(json!({"refunds": {"becomes": "ABNORMAL"}})).await;
    world.pay.refund(&back("RF3", "LT370102A1", 100, 5000)).await.unwrap();
    world.control(json!({"refunds": {"becomes": "CLOSED"}})).await;
    world.pay.refund(&back("RF4", "LT370102A1", 100, 5000)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(world.pay.query_refund("RF3").await.unwrap().state, RefundState::Abnormal);
    assert_eq!(world.pay.query_refund("RF4").await.unwrap().state, RefundState::Closed);
}

#[tokio::test]
async fn an_answer_nobody_signed_is_not_believed() {
    let world = World::new("answers").await;
    world.paid("LT370102A1", 5000).await;
    for mode in ["forge_answer", "unknown_serial", "stale_answer", "unsigned_answer", "alter_answer"] {
        world.control(json!({"fail_next": 1, "mode": mode, "on": "out-trade-no"})).await;
        let outcome = world.pay.query("LT370102A1").await;
        assert!(matches!(outcome, Err(Fault::Forged(_))), "{mode}: {outcome:?}");
    }
}

#[tokio::test]
async fn the_bill_is_read_and_its_differences_seen() {
    let world = World::new("bill").await;
    for (n, total) in [(1, 5000), (2, 12345), (3, 1)] {
        world.paid(&format!("LT370102A{n}"), total).await;
    }
    world.pay.refund(&back("RF1", "LT370102A1", 2500, 5000)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    let day = (Utc::now() + TimeDelta::hours(8)).date_naive();
    let early = world.pay.bill(day).await.unwrap_err();
    assert!(early.is_refused("INVALID_REQUEST"), "{early:?}");
    world.control(json!({"bill": {"at_once": true}})).await;
    let bill = world.pay.bill(day).await.unwrap();
    assert!(bill.adds_up());
    assert_eq!((bill.totals.count, bill.totals.total, bill.totals.refund), (4, 17346, 2500));
    let back = bill.rows.iter().find(|row| row.kind == BillKind::Refund).unwrap();
    assert_eq!((back.out_refund_no.as_deref(), back.refund, back.fee), (Some("RF1"), 2500, -15));
    assert!(!format!("{bill:?}").contains("oSim"));
    world
        .control(json!({"bill": {"at_once": true, "drop": ["LT370102A3"], "fees": [{"number": "LT370102A2", "by": 1}],
            "add": [{"out_trade_no": "LT370102X9", "total": 777, "day": day}]}}))
        .await;
    let other = world.pay.bill(day).await.unwrap();
    let numbers: Vec<_> = other.rows.iter().map(|row| row.out_trade_no.as_str()).collect();
    assert!(numbers.contains(&"LT370102X9") && !numbers.contains(&"LT370102A3"), "{numbers:?}");
    assert_eq!(other.rows.iter().find(|row| row.total == 12345).unwrap().fee, 75);
    world.control(json!({"bill": {"at_once": true, "lose_line": true}})).await;
    assert!(world.pay.bill(day).await.unwrap_err().is_refused("BILL_UNREADABLE"));
    world.control(json!({"bill": {"at_once": true}, "fail_next": 1, "mode": "alter_answer", "on": "billdownload"})).await;
    assert!(matches!(world.pay.bill(day).await, Err(Fault::Forged(_))), "the digest does not fit");
    assert!(world.pay.bill(day.pred_opt().unwrap()).await.unwrap_err().is_refused("NO_STATEMENT_EXIST"));
}

#[tokio::test]
async fn the_state_outlives_a_kill() {
    let mut world = World::new("kill").await;
    world.paid("LT370102A1", 5000).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.kill_and_restart().await;
    assert!(world.pay.query("LT370102A1").await.unwrap().state.is_paid());
}
