//! 短信: what is to be said, to whom, and its way to the gateway.
//!
//! Owns the topics `sms.*`, the built-in texts (a province's or a court's `sms_texts` rule goes before them) and
//! `sms_messages`. The event's id is the gateway's idempotency key, so a repeated step sends nothing twice.
//! No password ever travels here: links that work once do (H03). Must never log a number or a text.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::kit::wire::{Wire, WireFault};
use crate::person::any_tx::AnyTx;
use crate::person::{recovery, reports, store};
use crate::work::{Due, Outcome};

/// Whom a message is for.
pub enum To<'a> {
    /// A number, normalised.
    Mobile(&'a str),
    /// A person, at the number of his or her account when it is sent.
    Person(Uuid),
}

/// A message to be sent.
pub struct Sms<'a> {
    /// Whom.
    pub to: To<'a>,
    /// Template, such as `filing_received`; a key of `TEXTS` or of the rule `sms_texts`.
    pub template: &'static str,
    /// What fills its places; `court` fills itself.
    pub params: &'a [(&'a str, &'a str)],
    /// The court in whose name it is sent; the high court when absent.
    pub court: Option<i32>,
    /// Not to be sent after this.
    pub until: Option<DateTime<Utc>>,
    /// Who wants to hear of its report.
    pub listener: Option<Listener>,
}

/// Who wants to hear of a message's report: an event of this topic, with this payload and the report beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Listener {
    /// Topic.
    pub topic: String,
    /// Ids alone: it is kept in clear.
    pub payload: serde_json::Value,
}

/// A message on its way through the outbox.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// Number.
    pub mobile: Option<String>,
    /// Person.
    pub person: Option<Uuid>,
    /// Template.
    pub template: String,
    /// What fills its places.
    pub params: BTreeMap<String, String>,
    /// Court.
    pub court: Option<i32>,
    /// Not to be sent after this.
    pub until: Option<DateTime<Utc>>,
    /// Who wants to hear of its report.
    #[serde(default)]
    pub listener: Option<Listener>,
}

/// Leaves a message with the change that causes it: it is sent when the change stands.
///
/// # Errors
/// When the event cannot be written down.
pub fn tell_sms(tx: &mut impl AnyTx, sms: &Sms<'_>) -> Result<()> {
    tx.tell("sms.send", &serde_json::to_value(letter_of(sms))?)
}

/// The same under an id of its own, by which the gateway knows the message: what serves is one message however often it
/// is handed over.
///
/// # Errors
/// When the event cannot be written down.
pub fn tell_sms_as(tx: &mut CourtTx, id: Uuid, sms: &Sms<'_>) -> Result<()> {
    tx.tell_as(id, "sms.send", &letter_of(sms))
}

fn letter_of(sms: &Sms<'_>) -> Letter {
    Letter {
        mobile: if let To::Mobile(mobile) = sms.to { Some(mobile.to_owned()) } else { None },
        person: if let To::Person(person) = sms.to { Some(person) } else { None },
        template: sms.template.to_owned(),
        params: sms.params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        court: sms.court,
        until: sms.until,
        listener: sms.listener.clone(),
    }
}

/// The texts where no rule says otherwise.
const TEXTS: &[(&str, &str)] = &[
    ("code", "【{court}】验证码 {code}，{minutes} 分钟内有效。法院工作人员不会向您索要验证码。"),
    ("no_account", "【联庭】有人想用这个手机号登录，但这个号码还没有注册。如果是您，请先注册：{link}。不是您就不用管。"),
    ("recovery", "【联庭】重设密码的一次性链接，{minutes} 分钟内有效：{link}。非本人操作请勿点开。"),
    ("password_changed", "【联庭】您的登录密码刚刚改过，其他设备已退出。如果不是您本人操作，请马上用手机号找回密码，或拨打 12368。"),
    ("mobile_changed", "【联庭】您的账号已改用新的手机号。不是本人办理的，请立即拨打 12368。"),
    (
        "authenticator_reset",
        "【{court}】管理员为您重置身份验证器。请在本机打开一次性链接，设置新密码后重新绑定：{link}。不是您申请的，请勿打开。",
    ),
    ("staff_activation", "【{court}】{name}，您的工作账号已建立。请用一次性链接启用：{link}"),
    ("staff_roles", "【{court}】您在本院的工作身份已更新。请登录查看：{link}"),
    ("proof_rejected", "【{court}】您提交的{label}未通过核验：{reason}。请登录后重新提交：{link}"),
    ("client_registered", "【联庭】您的账号刚刚接入了程序「{name}」，它可以用您的名义查阅。不是您本人办的，请立即停用：{link}"),
    ("webhook_paused", "【联庭】您登记的一个通知地址联系不上，已停止推送。修好后可在此恢复：{link}"),
    ("filing_received", "【{court}】您的网上立案申请 {number} 已于 {time} 收到，最迟 {due} 前答复。查看：{link}"),
    ("filing_returned", "【{court}】您的立案申请 {number} 需要一次性补正 {items} 处，请在 {due} 前改好送回。逐项说明：{link}"),
    (
        "filing_correction_soon",
        "【{court}】您的立案申请 {number} 还有 {items} 处没有补正，{due} 24:00 到期。改好送回即可，逐项说明：{link}",
    ),
    ("filing_accepted", "【{court}】您的立案申请 {number} 已登记立案，案号{case_number}。查看：{link}"),
    ("service_companion", "【{court}】{case_number}案有文书送达到您的平台收件箱，请登录查收：{link}。本短信只是提示。"),
    ("service_reminder", "【{court}】{case_number}案送达的文书还没有看到您收悉，请登录查收：{link}。本短信只是提示。"),
    ("service_by_sms", "【{court}】{case_number}案依您确认的方式电子送达文书，请点开链接登录查收：{link}"),
    ("online_invitation", "【{court}】{case_number}案拟在线进行{step}，是否同意由您决定，请登录查看告知内容并答复：{link}"),
    ("hearing_notice", "【{court}】{case_number}案定于{time}{type}，会议号 {meeting}。请提前进入并检测设备，链接只能用一次：{link}"),
    ("hearing_changed", "【{court}】{case_number}案的{type}改到{time}，会议号 {meeting}。请查看：{link}"),
    ("hearing_cancelled", "【{court}】{case_number}案原定{time}的{type}不再按时进行，法院会另行通知。查看：{link}"),
    ("hearing_removed", "【{court}】您不再需要参加{case_number}案{time}的{type}，时间可以另作安排。有疑问请联系书记员或拨打 12368。"),
    ("hearing_prompt", "【{court}】{case_number}案正在开庭，您已经离开法庭的画面或者声音，请尽快回到法庭：{link}"),
    (
        "hearing_warning",
        "【{court}】法庭警告：{case_number}案正在开庭。无正当理由不参加庭审、中途退庭的，法庭可以依法处理。请十分钟内回到法庭；有困难请立即拨打 12368：{link}",
    ),
    ("hearing_reminder", "【{court}】提醒：{case_number}案{time}{type}，会议号 {meeting}。请提前 20 分钟进入并检测设备：{link}"),
    ("hearing_delayed", "【{court}】{case_number}案的{type}延迟到{time}开始，会议号 {meeting}。请保持电话畅通，查看：{link}"),
    ("hearing_request_answered", "【{court}】您对{case_number}案{time}庭审提出的申请已经答复，请登录平台查看。"),
    ("recording_request_answered", "【{court}】您查阅{case_number}案庭审录音录像的申请已经答复，请登录平台查看。"),
    ("hearing_signing", "【{court}】{case_number}案{time}{type}的笔录已经定稿，请登录看完并签名；有误的可以申请补正：{link}"),
    ("fee_paid", "【{court}】{case_number}案的诉讼费 {amount} 元已收到，凭证见：{link}"),
    (
        "fee_overdue",
        "【{court}】{case_number}案的诉讼费 {amount} 元到期未交。确有困难的可以申请缓、减、免；不交又不申请的，按撤诉处理：{link}",
    ),
    ("fee_refunded", "【{court}】{case_number}案退费 {amount} 元已退回，凭证见：{link}"),
    ("filing_refused", "【{court}】您的立案申请 {number} 未予登记，理由和救济途径见：{link}"),
    ("filing_transferred", "【{court}】您的立案申请 {number} 已转 {to_court}，收到日期不变。查看：{link}"),
];

/// Fills the places of a text; a value's own braces are taken for letters.
fn fill(text: &str, params: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let place = after.split_once('}').and_then(|(key, tail)| Some((params.iter().find(|(k, _)| *k == key)?.1, tail)));
        match place {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

/// The text as the person reads it; none for a template nobody knows.
fn text_of(app: &App, letter: &Letter, day: NaiveDate) -> Option<String> {
    let registry = &app.door.registry;
    let court = letter.court.filter(|c| *c != 0).unwrap_or_else(|| registry.province_court());
    let name = registry.name(court);
    let mut params: Vec<(&str, &str)> = letter.params.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    params.push(("court", &name));
    let rule = CourtRules::on(registry, court, day).sms_text(&letter.template, &[]);
    let text = rule.or_else(|| TEXTS.iter().find(|(key, _)| *key == letter.template).map(|(_, text)| (*text).to_owned()))?;
    Some(fill(&text, &params).chars().take(1000).collect())
}

/// The day an event was made, from its id: a repetition after midnight says the same text.
fn day_of(event: Uuid, now: DateTime<Utc>) -> NaiveDate {
    let made = event.get_timestamp().and_then(|t| DateTime::from_timestamp(i64::try_from(t.to_unix().0).ok()?, 0));
    beijing_date(made.unwrap_or(now))
}

/// Handles the topics `sms.*`.
///
/// # Errors
/// What the database says.
pub async fn send(app: &App, due: &Due) -> Result<Outcome> {
    let letter = match due.topic.as_str() {
        "sms.recovery" => match recovery::letter(app, due).await? {
            Some(letter) => letter,
            None => return Ok(Outcome::Done),
        },
        _ => match serde_json::from_value::<Letter>(due.payload.clone()) {
            Ok(letter) => letter,
            Err(_) => return Ok(Outcome::Dead("not a message".into())),
        },
    };
    let Some(wire) = &app.sms else { return Ok(Outcome::Again("no SMS gateway is configured".into())) };
    if letter.until.is_some_and(|until| app.now() >= until) {
        return Ok(Outcome::Dead("too late to be of use".into()));
    }
    let Some(text) = text_of(app, &letter, day_of(due.id, app.now())) else {
        return Ok(Outcome::Dead(format!("no text for `{}`", letter.template)));
    };
    let mobile = match (&letter.mobile, letter.person) {
        (Some(mobile), _) => mobile.clone(),
        (None, Some(person)) => store::profile(&mut app.door.as_person(person, "sms:address", "job".into()).await?).await?.mobile,
        (None, None) => return Ok(Outcome::Dead("no addressee".into())),
    };
    hand_over(app, wire, due, &letter, &mobile, text).await
}

/// What the gateway is handed.
#[derive(Serialize)]
struct Submission<'a> {
    message_id: String,
    to: &'a str,
    template: &'a str,
    params: &'a BTreeMap<String, String>,
    text: String,
    callback_url: String,
}

/// What it answers.
#[derive(Deserialize)]
struct Taken {
    gateway_id: String,
}

async fn hand_over(app: &App, wire: &Wire, due: &Due, letter: &Letter, mobile: &str, text: String) -> Result<Outcome> {
    let listener = letter.listener.as_ref().map(serde_json::to_string).transpose()?;
    reports::sending(app, due.court, due.id, &letter.template, listener.as_deref()).await?;
    let submission = Submission {
        message_id: due.id.to_string(),
        to: mobile,
        template: &letter.template,
        params: &letter.params,
        text,
        callback_url: reports::address(app),
    };
    match wire.post::<Taken>("/v1/messages", &submission, app.now()).await {
        Ok(taken) => {
            reports::accepted(app, due.court, due.id, &taken.gateway_id).await?;
            Ok(Outcome::Done)
        }
        Err(WireFault::Again(cause)) => Ok(Outcome::Again(cause)),
        // our key is wrong: a person at the server can mend that
        Err(WireFault::Refused(401, _)) => Ok(Outcome::Again("the gateway does not know our signature".into())),
        Err(WireFault::Refused(status, _)) => {
            reports::refused(app, due.court, due.id).await?;
            Ok(Outcome::Dead(format!("the gateway refused it: {status}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once() {
        assert_eq!(fill("【{court}】{name}：{link}{x}{", &[("court", "甲院"), ("name", "{link}"), ("link", "L")]), "【甲院】{link}：L{x}{");
        assert_eq!(fill("没有", &[]), "没有");
    }

    #[test]
    fn no_text_carries_a_password() {
        for (key, text) in TEXTS {
            assert!(!text.contains("{password}"), "{key}");
            assert!(text.starts_with('【') && text.chars().count() < 200, "{key}");
        }
    }

    #[test]
    fn an_event_keeps_its_day() {
        let at = DateTime::parse_from_rfc3339("2026-11-22T15:59:59Z").unwrap().to_utc();
        let id = crate::kit::random::Random::seeded(1).id(at);
        assert_eq!(day_of(id, at + chrono::TimeDelta::hours(5)), beijing_date(at));
    }
}
