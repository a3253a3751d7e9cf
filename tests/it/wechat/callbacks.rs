//! Callbacks: lost, repeated, late, forged, and a platform that changes its certificate.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use lianting::fees::wechat::callback::{Event, NotGenuine};
use lianting::fees::wechat::shapes::{NewOrder, RefundState, TradeState};
use lianting::kit::clock::Clock;
use serde_json::{Value, json};

use super::kit::{World, back, is_paid, order};

#[tokio::test]
async fn a_callback_is_repeated_until_it_is_taken() {
    let world = World::new("until").await;
    *world.answer.lock().unwrap() = vec![500, 503];
    world.paid("LT370102A1", 5000).await;
    let heard = world.hears(3).await;
    assert_eq!(heard.len(), 3);
    let ids: HashSet<_> = heard.iter().map(|it| it.as_ref().unwrap().id.clone()).collect();
    assert_eq!(ids.len(), 1, "one id for all repetitions");
    let (_, list) = world.get("/control/callbacks?about=LT370102A1").await;
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["items"][0]["tries"], json!([503, 500, 204]));
}

#[tokio::test]
async fn callbacks_are_lost_repeated_and_delayed() {
    let world = World::new("lost").await;
    world.control(json!({"callbacks": {"how": "lose"}})).await;
    world.paid("LT370102A1", 1).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(world.heard.lock().unwrap().is_empty());
    assert!(world.pay.query("LT370102A1").await.unwrap().state.is_paid(), "a query finds what nobody told");

    world.control(json!({"callbacks": {"how": "repeat", "times": 5}})).await;
    world.paid("LT370102A2", 1).await;
    let heard = world.hears(6).await;
    assert!(heard.len() == 6 && heard.iter().all(is_paid));
    assert_eq!(heard.iter().map(|it| it.as_ref().unwrap().id.clone()).collect::<HashSet<_>>().len(), 1);

    world.control(json!({"callbacks": {"how": "delay", "delay_ms": 600}})).await;
    world.paid("LT370102A3", 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(world.heard.lock().unwrap().len(), 6);
    assert_eq!(world.hears(7).await.len(), 7);

    world.control(json!({"callbacks": {"how": "lose_first"}})).await;
    world.paid("LT370102A4", 1).await;
    assert_eq!(world.hears(8).await.len(), 8);
}

#[tokio::test]
async fn forgeries_are_refused_and_say_why() {
    let world = World::new("forged").await;
    world.paid("LT370102A1", 5000).await;
    world.hears(1).await;
    for (how, why) in [
        ("wrong_signature", NotGenuine::Signature),
        ("wrong_serial", NotGenuine::UnknownKey),
        ("stale", NotGenuine::Stale),
        ("altered", NotGenuine::Signature),
        ("altered_amount", NotGenuine::Signature),
        ("wrong_key", NotGenuine::Seal),
        ("other_merchant", NotGenuine::Stranger),
    ] {
        assert_eq!(world.again("LT370102A1", how, 1).await, [401], "{how}");
        assert_eq!(world.heard.lock().unwrap().last(), Some(&Err(why)), "{how}");
    }
    // genuine and wrong: only the caller's own order shows it
    assert_eq!(world.again("LT370102A1", "off_by_fen", 1).await, [204]);
    let heard = world.heard.lock().unwrap().last().cloned().unwrap().unwrap();
    let Event::Paid(paid) = heard.event else { panic!("paid") };
    assert_eq!(paid.total, Some(5001));
    // the standing order sends the false one beside the true one
    world.control(json!({"callbacks": {"how": "altered_amount", "times": 3}})).await;
    let before = world.heard.lock().unwrap().len();
    world.paid("LT370102A2", 5000).await;
    let heard = world.hears(before + 4).await.split_off(before);
    assert_eq!((heard.len(), heard.iter().filter(|it| is_paid(it)).count()), (4, 1));
}

#[tokio::test]
async fn a_storm_of_replays_is_read_alike() {
    let world = World::new("storm").await;
    world.paid("LT370102A1", 5000).await;
    world.hears(1).await;
    let statuses = world.again("LT370102A1", "genuine", 500).await;
    assert!(statuses.len() == 500 && statuses.iter().all(|status| *status == 204));
    // strangers' serials make us ask for keys only so often
    let counts = |picture: &Value| picture["counts"]["certificate_lists"].as_u64().unwrap();
    let before = counts(&world.control(json!({})).await);
    assert!(world.again("LT370102A1", "wrong_serial", 200).await.iter().all(|status| *status == 401));
    assert!(counts(&world.control(json!({})).await) - before <= 6);
}

#[tokio::test]
async fn refunds_tell_how_they_ended() {
    let world = World::new("refunds").await;
    world.paid("LT370102A1", 5000).await;
    world.hears(1).await;
    for (n, becomes, state) in
        [(1, "SUCCESS", RefundState::Success), (2, "ABNORMAL", RefundState::Abnormal), (3, "CLOSED", RefundState::Closed)]
    {
        world.control(json!({"refunds": {"becomes": becomes}})).await;
        world.pay.refund(&back(&format!("RF{n}"), "LT370102A1", 1000, 5000)).await.unwrap();
        let heard = world.hears(n + 1).await;
        let Event::Refund(refund) = heard.last().cloned().unwrap().unwrap().event else { panic!("refund") };
        assert_eq!((refund.state, refund.out_refund_no), (state, format!("RF{n}")));
    }
    assert_eq!(world.again("RF1", "altered", 1).await, [401]);
    assert_eq!(world.again("RF1", "genuine", 1).await, [204]);
}

#[tokio::test]
async fn the_platform_changes_its_certificate() {
    let world = World::new("rotate").await;
    world.place("LT370102A1", 5000).await;
    let old = world.pay.known_keys();
    assert_eq!(old.len(), 1);
    world.control(json!({"rotate": "announce"})).await;
    world.pay.query("LT370102A1").await.unwrap();
    assert_eq!(world.pay.known_keys(), old, "the old one still signs");
    world.control(json!({"rotate": "switch"})).await;
    world.paid("LT370102A2", 5000).await;
    assert_eq!(world.pay.known_keys().len(), 2, "an unknown serial was asked for");
    world.control(json!({"rotate": "retire"})).await;
    assert_eq!(world.pay.refresh_keys().await.unwrap(), 1);
    assert!(!world.pay.known_keys().contains(&old[0]), "a retired key is forgotten");
    world.hears(1).await;
    world.control(json!({"rotate": "surprise"})).await;
    assert_eq!(world.again("LT370102A2", "genuine", 1).await, [204], "a callback under a new key is asked for too");
    world.pay.query("LT370102A1").await.unwrap();
}

#[tokio::test]
async fn a_merchant_with_the_platforms_public_key_needs_no_certificate() {
    let world = World::with("public", Clock::System, "env.public_key").await;
    world.control(json!({"public_key": true})).await;
    world.paid("LT370102A1", 5000).await;
    assert!(world.hears(1).await.iter().all(is_paid));
    assert_eq!(world.pay.refresh_keys().await, Ok(1));
    let picture = world.control(json!({"public_key": false})).await;
    assert_eq!(picture["counts"]["certificate_lists"], Value::Null, "never asked for");
    assert!(world.pay.query("LT370102A1").await.unwrap().state.is_paid(), "certificates still do, while both are in use");
}

#[tokio::test]
async fn the_platform_follows_a_clock_turned_by_hand() {
    let start = Utc::now() + TimeDelta::days(40);
    let clock = Clock::standing_at(start);
    let world = World::with("follow", clock.clone(), "env").await;
    assert!(world.pay.query("LT370102A1").await.unwrap_err().is_refused("SIGN_ERROR"), "forty days off");
    world.control(json!({"follow": true})).await;
    let order = NewOrder { expires: start + TimeDelta::days(7), ..order("LT370102A1", 5000) };
    world.pay.native(&order).await.unwrap();
    clock.set(start + TimeDelta::days(3));
    assert_eq!(world.pay.query("LT370102A1").await.unwrap().state, TradeState::NotPay);
    world.control(json!({"pay": {"out_trade_no": "LT370102A1"}})).await;
    assert!(world.hears(1).await.iter().all(is_paid), "callbacks keep the same time");
    clock.set(start + TimeDelta::days(4));
    let day = (start + TimeDelta::days(3) + TimeDelta::hours(8)).date_naive();
    world.control(json!({"bill": {"at_once": true}})).await;
    assert_eq!(world.pay.bill(day).await.unwrap().rows.len(), 1);
}
