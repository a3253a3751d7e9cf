//! The signed doors of the platform. Owns which path asks what of the book; must never decide by itself.

use std::sync::Arc;

use poem::web::{Data, Path, Query};
use poem::{Body, Request, Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};

use super::book::{RefundWish, Refusal, Wish};
use super::wire::{Asked, asked, give};
use super::{Desk, bill};

type Outcome = Result<(u16, Value), Refusal>;

/// Answers a signed request with what `work` makes of it.
async fn answer(desk: &Desk, request: &Request, body: Body, work: impl FnOnce(&Asked) -> Outcome) -> Response {
    match asked(desk, request, body).await {
        Err(refusal) => refusal,
        Ok(asked) => {
            let outcome = work(&asked);
            desk.changed();
            give(desk, &asked, outcome).await
        }
    }
}

#[handler]
pub async fn native(request: &Request, body: Body, Data(desk): Data<&Arc<Desk>>) -> Response {
    let place = |asked: &Asked| {
        let token = place(desk, asked.json()?, "NATIVE")?;
        Ok((200, json!({"code_url": desk.code_url(&token)})))
    };
    answer(desk, request, body, place).await
}

#[handler]
pub async fn h5(request: &Request, body: Body, Data(desk): Data<&Arc<Desk>>) -> Response {
    let place = |asked: &Asked| {
        let wish: Wish = asked.json()?;
        let scene = wish.scene_info.as_ref();
        let named = |pointer: &str| scene.and_then(|scene| scene.pointer(pointer)).and_then(Value::as_str).is_some_and(|it| !it.is_empty());
        if !named("/payer_client_ip") || !named("/h5_info/type") {
            return Err((400, "PARAM_ERROR", "H5 支付须提供场景信息"));
        }
        let token = place(desk, wish, "MWEB")?;
        let h5_url = format!("{}/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={token}&package=1", desk.public_url);
        Ok((200, json!({"h5_url": h5_url})))
    };
    answer(desk, request, body, place).await
}

fn place(desk: &Desk, wish: Wish, trade_type: &str) -> Result<String, Refusal> {
    if wish.mchid != desk.mchid {
        return Err((400, "MCH_NOT_EXISTS", "商户号不存在"));
    }
    if wish.appid != desk.appid {
        return Err((400, "APPID_MCHID_NOT_MATCH", "AppID 和商户号不匹配"));
    }
    let token = uuid::Uuid::new_v4().simple().to_string()[..10].to_owned();
    let now = desk.clock.now();
    desk.book().place(wish, trade_type, token, now).map(|order| order.token.clone())
}

#[derive(Deserialize)]
struct Of {
    mchid: Option<String>,
}

const NO_ORDER: Refusal = (404, "ORDER_NOT_EXIST", "订单不存在");

fn order(desk: &Desk, of: &Of, number: Option<String>) -> Outcome {
    if of.mchid.as_ref() != Some(&desk.mchid) {
        return Err((400, "PARAM_ERROR", "缺少商户号或商户号不正确"));
    }
    let now = desk.clock.now();
    let number = number.ok_or(NO_ORDER)?;
    desk.book().order(&number, now).map(|order| (200, order.wire())).ok_or(NO_ORDER)
}

#[handler]
pub async fn by_out_trade_no(
    request: &Request,
    body: Body,
    Path(number): Path<String>,
    Query(of): Query<Of>,
    Data(desk): Data<&Arc<Desk>>,
) -> Response {
    answer(desk, request, body, |_: &Asked| order(desk, &of, Some(number))).await
}

#[handler]
pub async fn by_id(request: &Request, body: Body, Path(id): Path<String>, Query(of): Query<Of>, Data(desk): Data<&Arc<Desk>>) -> Response {
    let find = |_: &Asked| {
        let number = desk.book().find(|order| order.transaction_id.as_ref() == Some(&id));
        order(desk, &of, number)
    };
    answer(desk, request, body, find).await
}

#[handler]
pub async fn close_order(request: &Request, body: Body, Path(number): Path<String>, Data(desk): Data<&Arc<Desk>>) -> Response {
    let close = |asked: &Asked| {
        let of: Of = asked.json()?;
        if of.mchid.as_ref() != Some(&desk.mchid) {
            return Err((400, "PARAM_ERROR", "缺少商户号或商户号不正确"));
        }
        let now = desk.clock.now();
        desk.book().close(&number, now).map(|()| (204, Value::Null))
    };
    answer(desk, request, body, close).await
}

#[handler]
pub async fn ask_refund(request: &Request, body: Body, Data(desk): Data<&Arc<Desk>>) -> Response {
    let take = |asked: &Asked| {
        let wish: RefundWish = asked.json()?;
        let becomes = desk.refund_outcome();
        let now = desk.clock.now();
        let mut book = desk.book();
        let refund = book.refund(wish, becomes, now)?.clone();
        let id = book.orders.get(&refund.out_trade_no).and_then(|order| order.transaction_id.clone());
        Ok((200, refund.wire(id.as_deref())))
    };
    answer(desk, request, body, take).await
}

#[handler]
pub async fn refund_state(request: &Request, body: Body, Path(number): Path<String>, Data(desk): Data<&Arc<Desk>>) -> Response {
    let find = |_: &Asked| {
        let book = desk.book();
        let refund = book.refunds.get(&number).ok_or((404, "RESOURCE_NOT_EXISTS", "退款单不存在"))?;
        let id = book.orders.get(&refund.out_trade_no).and_then(|order| order.transaction_id.as_deref());
        Ok((200, refund.wire(id)))
    };
    answer(desk, request, body, find).await
}

#[handler]
pub async fn certificates(request: &Request, body: Body, Data(desk): Data<&Arc<Desk>>) -> Response {
    let list = |_: &Asked| {
        desk.count("certificate_lists");
        Ok((200, desk.keys().certificates().map_err(|_| (500, "SYSTEM_ERROR", "系统错误"))?))
    };
    answer(desk, request, body, list).await
}

#[derive(Deserialize)]
struct Day {
    bill_date: String,
    #[serde(default)]
    bill_type: Option<String>,
    #[serde(default)]
    tar_type: Option<String>,
}

#[handler]
pub async fn trade_bill(request: &Request, body: Body, Query(day): Query<Day>, Data(desk): Data<&Arc<Desk>>) -> Response {
    let host = request.header("host").unwrap_or_default().to_owned();
    let offer = |_: &Asked| {
        if day.bill_type.as_deref().unwrap_or("ALL") != "ALL" || day.tar_type.is_some() {
            return Err((400, "PARAM_ERROR", "演示环境只提供未压缩的 ALL 账单"));
        }
        let file = bill::of_day(desk, &day.bill_date)?;
        let hash = hex::encode(ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, file.as_bytes()));
        let download_url = format!("http://{host}/v3/billdownload/file?token={}", day.bill_date);
        Ok((200, json!({"hash_type": "SHA1", "hash_value": hash, "download_url": download_url})))
    };
    answer(desk, request, body, offer).await
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// The file itself is not signed; its digest was.
#[handler]
pub async fn bill_file(request: &Request, body: Body, Query(token): Query<Token>, Data(desk): Data<&Arc<Desk>>) -> Response {
    let asked = match asked(desk, request, body).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal,
    };
    match bill::of_day(desk, &token.token) {
        Err(refusal) => give(desk, &asked, Err(refusal)).await,
        Ok(file) => {
            let file = if asked.fault == Some(crate::faults::Mode::AlterAnswer) { file.replacen("0.", "9.", 1) } else { file };
            Response::builder().content_type("text/plain; charset=utf-8").body(file)
        }
    }
}
