use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn wish(number: &str, total: i64) -> Wish {
    serde_json::from_value(json!({"appid": "wx1", "mchid": "m1", "description": "案件受理费", "out_trade_no": number,
        "notify_url": "http://127.0.0.1/paid", "amount": {"total": total}}))
    .unwrap()
}

fn back(number: &str, order: &str, refund: i64, total: i64) -> RefundWish {
    serde_json::from_value(json!({"out_trade_no": order, "out_refund_no": number,
        "amount": {"refund": refund, "total": total, "currency": "CNY"}}))
    .unwrap()
}

fn paid() -> Book {
    let mut book = Book::default();
    book.place(wish("LT0001", 5000), "NATIVE", "t1".into(), now()).unwrap();
    book.pay("LT0001", "oA", false, now()).unwrap();
    book
}

fn code<T>(outcome: Result<T, Refusal>) -> &'static str {
    outcome.err().map_or("", |refusal| refusal.1)
}

#[test]
fn a_number_is_one_order() {
    let mut book = Book::default();
    assert_eq!(book.place(wish("LT0001", 5000), "NATIVE", "t1".into(), now()).unwrap().token, "t1");
    assert_eq!(book.place(wish("LT0001", 5000), "NATIVE", "t2".into(), now()).unwrap().token, "t1", "the same again");
    assert_eq!(code(book.place(wish("LT0001", 5001), "NATIVE", "t3".into(), now())), "OUT_TRADE_NO_USED");
    assert_eq!(code(book.place(wish("LT 1", 5000), "NATIVE", "t3".into(), now())), "PARAM_ERROR");
    book.pay("LT0001", "oA", false, now()).unwrap();
    assert!(book.pay("LT0001", "oB", true, now()).is_err(), "nobody pays twice under one number");
    assert_eq!(code(book.place(wish("LT0001", 5000), "NATIVE", "t3".into(), now())), "ORDERPAID");
    assert_eq!(code(book.close("LT0001", now())), "ORDERPAID");
}

#[test]
fn closed_and_late_orders_take_no_money_unless_told_to() {
    let mut book = Book::default();
    let mut late = wish("LT0002", 1);
    late.time_expire = Some(now() + TimeDelta::minutes(5));
    book.place(wish("LT0001", 1), "NATIVE", "t1".into(), now()).unwrap();
    book.place(late, "NATIVE", "t2".into(), now()).unwrap();
    book.close("LT0001", now()).unwrap();
    book.close("LT0001", now()).unwrap();
    assert!(book.pay("LT0001", "oA", false, now()).is_err());
    assert!(book.pay("LT0002", "oA", false, now() + TimeDelta::minutes(6)).is_err());
    assert_eq!(book.order("LT0002", now() + TimeDelta::minutes(6)).unwrap().state, Trade::Closed);
    book.pay("LT0001", "oA", true, now()).unwrap();
    assert_eq!(book.order("LT0001", now()).unwrap().state, Trade::Success);
}

#[test]
fn never_more_back_than_came_in() {
    let mut book = paid();
    let done = RefundState::Success;
    assert_eq!(code(book.refund(back("R1", "LT0001", 5001, 5000), done, now())), "PARAM_ERROR");
    assert_eq!(code(book.refund(back("R1", "LT0001", 100, 4999), done, now())), "PARAM_ERROR");
    assert_eq!(code(book.refund(back("R1", "LT9999", 100, 5000), done, now())), "RESOURCE_NOT_EXISTS");
    book.refund(back("R1", "LT0001", 3000, 5000), done, now()).unwrap();
    book.refund(back("R1", "LT0001", 3000, 5000), done, now()).unwrap();
    assert_eq!(code(book.refund(back("R1", "LT0001", 2999, 5000), done, now())), "PARAM_ERROR", "other content");
    assert_eq!(code(book.refund(back("R2", "LT0001", 2001, 5000), done, now())), "INVALID_REQUEST");
    book.refund(back("R2", "LT0001", 2000, 5000), done, now()).unwrap();
    assert_eq!(book.settle(now(), now()).len(), 2);
    assert_eq!(book.balance(), 0);
}

#[test]
fn an_empty_account_gives_nothing_back_and_a_failed_refund_starts_anew() {
    let mut book = paid();
    book.float = -4000;
    assert_eq!(code(book.refund(back("R1", "LT0001", 1001, 5000), RefundState::Success, now())), "NOT_ENOUGH");
    book.refund(back("R1", "LT0001", 1000, 5000), RefundState::Abnormal, now()).unwrap();
    book.settle(now(), now());
    assert_eq!(book.refunds["R1"].state, RefundState::Abnormal);
    book.float = 0;
    assert_eq!(book.refund(back("R1", "LT0001", 1000, 5000), RefundState::Success, now()).unwrap().state, RefundState::Processing);
    assert_eq!(code(book.refund(back("R2", "LT0001", 1, 5000), RefundState::Success, now() + TimeDelta::days(366))), "INVALID_REQUEST");
}
