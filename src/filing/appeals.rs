//! 上诉: who may appeal against what, and until when; the paper it makes; and its way out of the court of first instance
//! (民事诉讼法 Art 171–174). Owns `appeals`.
//!
//! An appeal goes through the court that gave the judgment: it serves the copy on the others, and its clerk sends file
//! and appeal up. One that comes late is taken and marked: only the court above can dismiss it. Of rulings three may be
//! appealed (Art 157), within ten days; which was served, service says. Must never weigh the grounds, or touch a row of the
//! court above.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::delivery::docketing::APPEALED;
use crate::delivery::order::{role, stage_of};
use crate::delivery::served;
use crate::delivery::words::{RulingKind, Stage};
use crate::docket::closing::Manner;
use crate::docket::file::{self, NewLeaf};
use crate::docket::timeline::{self, Note};
use crate::docket::{clocks, people, read};
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::words::choices;
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::public_names;

choices! {
    /// How far an appeal is.
    AppealState {
        /// 已收到，待移送.
        Filed = "filed",
        /// 已移送上级法院.
        SentUp = "sent_up",
        /// 二审已结，案卷退回.
        Returned = "returned",
    }
    /// Against what.
    AppealAgainst {
        /// 判决.
        Judgment = "judgment",
        /// 不予受理裁定.
        NotAccepted = "not_accepted",
        /// 管辖权异议裁定.
        Jurisdiction = "jurisdiction",
        /// 驳回起诉裁定.
        Dismissed = "dismissed",
    }
}

impl AppealAgainst {
    fn of(ruling: RulingKind) -> Self {
        match ruling {
            RulingKind::NotAccepted => Self::NotAccepted,
            RulingKind::Jurisdiction => Self::Jurisdiction,
            RulingKind::Dismissed => Self::Dismissed,
        }
    }

    /// As a pleading names it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Judgment => "判决",
            Self::NotAccepted => RulingKind::NotAccepted.zh(),
            Self::Jurisdiction => RulingKind::Jurisdiction.zh(),
            Self::Dismissed => RulingKind::Dismissed.zh(),
        }
    }
}

/// The event: the court above is to get it.
pub const SENT_UP: &str = "filing.appeal";
/// 上诉状、上诉移送函存根, in a trial file.
const FOLDER: i32 = 24;

/// What the appellant writes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Content {
    /// 上诉请求.
    pub claims: Vec<String>,
    /// 上诉理由.
    pub reasons: String,
}

/// An appeal as it is kept, its content sealed.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of appeals, documented in the migration")]
pub struct Row {
    pub appeal_id: Uuid,
    pub party_id: Uuid,
    pub name: String,
    pub person_id: Uuid,
    pub by_name: String,
    pub content: Vec<u8>,
    pub amount_fen: Option<i64>,
    pub due_on: Option<NaiveDate>,
    pub late: bool,
    pub paper_id: Uuid,
    pub state: AppealState,
    pub against: AppealAgainst,
    pub to_court: i32,
    pub filed_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub returned_at: Option<DateTime<Utc>>,
    pub second_number: Option<String>,
    pub second_how: Option<String>,
}

/// The appeals of a case, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut CourtTx, case: Uuid) -> Result<Vec<Row>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select a.appeal_id, a.party_id, p.name, a.person_id, a.by_name, a.content, a.amount_fen, a.due_on, a.late, a.paper_id, a.state, a.against, a.to_court, a.filed_at, a.sent_at, a.returned_at, a.second_number, a.second_how
           from appeals a join case_parties p on p.court_id = a.court_id and p.case_id = a.case_id and p.party_id = a.party_id
          where a.court_id = $1 and a.case_id = $2 order by a.appeal_id",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?)
}

/// What it says, opened.
///
/// # Errors
/// What cannot be opened.
pub fn content(tx: &CourtTx, row: &Row) -> Result<Content> {
    Ok(serde_json::from_value(tx.seal().open_json(tx.owner(), Place("appeals", "content", &row.appeal_id), &row.content)?)?)
}

/// What is filed.
pub struct Filed<'a> {
    /// 上诉人.
    pub party: Uuid,
    /// What is asked, and why.
    pub content: &'a Content,
    /// What is still fought about; none against a ruling.
    pub amount_fen: Option<i64>,
    /// Against the ruling that was served, not the judgment.
    pub ruling: bool,
}

/// Files an appeal for a party; answers its id.
///
/// # Errors
/// 404 for who is not in the case; 422 for whom and for what there is no appeal; 409 for a second one.
pub async fn file(app: &App, tx: &mut CourtTx, case: Uuid, filed: &Filed<'_>) -> Result<Uuid> {
    let (party, said_) = (filed.party, filed.content);
    let amount_fen = filed.amount_fen.filter(|_| !filed.ruling);
    let (court, id, now, me, who) = (tx.court, tx.id(), tx.now(), tx.person()?, tx.who.to_string());
    match people::disposes_for(tx, case, party, me).await? {
        None => return Err(Error::not_found()),
        Some(false) => return Err(power_needed()),
        Some(true) => {}
    }
    let row = read::row(tx, case).await?;
    let to = above(app, tx, &row).await?;
    let (against, due) = if filed.ruling {
        ruling(app, tx, case, party).await?
    } else {
        let due = period(app, tx, case, party).await?;
        if due.is_none() && row.closed_how != Some(Manner::Judgment) {
            return Err(no_judgment());
        }
        (AppealAgainst::Judgment, due)
    };
    let late = due.is_some_and(|due| beijing_date(now) > due);
    let paper = pleading(app, tx, &row, party, (said_, amount_fen, against), to).await?;
    let sealed = tx.seal().seal_json(tx.owner(), Place("appeals", "content", &id), &serde_json::to_value(said_)?)?;
    let done = sqlx::query(
        "insert into appeals (court_id, case_id, appeal_id, party_id, person_id, by_name, content, amount_fen, due_on, late, paper_id, state, to_court, filed_at, against)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'filed',$12,$13,$14) on conflict do nothing",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(party)
    .bind(me)
    .bind(&who)
    .bind(sealed)
    .bind(amount_fen)
    .bind(due)
    .bind(late)
    .bind(paper)
    .bind(to)
    .bind(now)
    .bind(against.key())
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(twice());
    }
    tx.tell(APPEALED, &json!({ "case": case, "appeal": id, "party": party, "paper": paper, "by": me, "by_name": who }))?;
    let above = app.door.registry.name(to);
    let text = said(
        format!("对{}提出上诉，上诉于{above}", against.zh()),
        format!("An appeal against the {} was filed, to {above}", if filed.ruling { "ruling" } else { "judgment" }),
    );
    let effect = said(
        "本院将上诉状副本送达其他当事人，连同案卷移送上一级人民法院。",
        "This court serves the copy on the others and sends the file up.",
    );
    timeline::write(tx, case, Note::new("appealed", text).by("民事诉讼法 第一百七十三条、第一百七十四条").with_effect(effect)).await?;
    Ok(id)
}

/// The court an appeal of this case goes to; an error where there is no appeal.
async fn above(app: &App, tx: &mut CourtTx, row: &read::Row) -> Result<i32> {
    let court = tx.court;
    let code: String = sqlx::query_scalar("select type_code from cases where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(row.case_id)
        .fetch_one(tx.conn())
        .await?;
    // 小额诉讼一审终审 (民事诉讼法 Art 165); special procedure has no 初 in its number
    let open = stage_of(&code) == Stage::FirstInstance && code.ends_with('初') && row.procedure != "small_claims";
    if !open {
        return Err(Error::invalid(
            "appeal.none",
            said("对这个案件的裁判不能上诉。", "There is no appeal in this case."),
            said(
                "小额诉讼一审终审；二审裁判、执行案件不适用上诉。认为裁判有错误的，可以向法院咨询申请再审或者提出异议。",
                "Small claims end at first instance, and so do second instance and enforcement. Ask the court about retrial or objection.",
            ),
        ));
    }
    let parent = app.door.registry.court(court).and_then(|c| c.parent_id).and_then(|id| app.door.registry.court(id));
    match parent.filter(|c| c.enabled) {
        Some(parent) => Ok(parent.court_id),
        None => Err(Error::invalid(
            "appeal.court_closed",
            said("上一级法院还没有开通网上收案。", "The court above does not take matters online yet."),
            said("请到本院窗口递交上诉状。", "Hand the appeal in at this court's counter."),
        )),
    }
}

/// The last day of the party's own period, where the judgment was served with effect.
async fn period(app: &App, tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<Option<NaiveDate>> {
    let kept = clocks::of_case(tx, case).await?;
    let own = kept
        .iter()
        .filter(|k| k.party_id == Some(party) && matches!(k.key.as_str(), "appeal_judgment" | "appeal_abroad" | "admin_appeal_judgment"));
    Ok(own.filter_map(|k| k.shown(app, None)).map(|clock| clock.due_on).max())
}

/// The last of the rulings that may be appealed, as it was served on the party, and the last day against it.
async fn ruling(app: &App, tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<(AppealAgainst, Option<NaiveDate>)> {
    let served = served::rulings(tx, case, party).await?;
    let (kind, source) = served.first().ok_or_else(no_ruling)?;
    let own = clocks::of_case(tx, case).await?;
    let own =
        own.iter().filter(|k| &k.source == source && matches!(k.key.as_str(), "appeal_ruling" | "appeal_abroad" | "admin_appeal_ruling"));
    Ok((AppealAgainst::of(*kind), own.filter_map(|k| k.shown(app, None)).map(|clock| clock.due_on).max()))
}

async fn pleading(
    app: &App,
    tx: &mut CourtTx,
    row: &read::Row,
    party: Uuid,
    (said_, amount_fen, against): (&Content, Option<i64>, AppealAgainst),
    to: i32,
) -> Result<Uuid> {
    let court = tx.court;
    let parties: Vec<(Uuid, String, String)> =
        sqlx::query_as("select party_id, name, side from case_parties where court_id = $1 and case_id = $2 order by ordinal")
            .bind(court)
            .bind(row.case_id)
            .fetch_all(tx.conn())
            .await?;
    let own = parties.iter().filter(|(id, ..)| *id == party);
    let others = parties.iter().filter(|(id, ..)| *id != party);
    let shown = own.chain(others).map(|(id, name, side)| {
        let now = if *id == party { "上诉人" } else { "被上诉人" };
        json!({ "role": now, "was": format!("原审{}", role(&row.kind, &row.procedure, side)), "name": name })
    });
    let signatory = parties.iter().find(|(id, ..)| *id == party).map(|(_, name, _)| name.clone()).unwrap_or_default();
    let registry = &app.door.registry;
    let data = json!({
        "kind": row.kind, "to_court": { "name": registry.name(to), "province": app.province_name() }, "first_court": registry.name(court),
        "first_number": row.number, "against": against.zh(), "cause": row.cause_name, "parties": shown.collect::<Vec<_>>(), "claims": said_.claims, "amount_fen": amount_fen,
        "reasons": said_.reasons, "signatory": signatory, "signature": { "name": tx.who.to_string(), "at": tx.now(), "method": "平台实名身份确认" },
    });
    let names: Vec<&str> = parties.iter().map(|(_, name, _)| name.as_str()).collect();
    let new = NewPaper {
        kind: "appeal",
        title: "上诉状".into(),
        template: "appeal",
        data,
        filing: None,
        case: Some(row.case_id),
        audience: Audience::All,
        parties: public_names(&names),
        number: Some(row.number.clone()),
    };
    let paper = issue::issue(tx, new).await?;
    file::add(tx, row.case_id, &NewLeaf::paper(FOLDER, &format!("上诉状（{signatory}）"), "书状", "提交人", paper)).await?;
    Ok(paper)
}

/// 移送上诉案件: from here the court above has it (民事诉讼法 Art 174).
///
/// # Errors
/// 404 for another case's; 409 when it is gone already.
pub async fn send_up(app: &App, tx: &mut CourtTx, case: Uuid, appeal: Uuid) -> Result<()> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    let row = read::row(tx, case).await?;
    let found = of_case(tx, case).await?.into_iter().find(|a| a.appeal_id == appeal).ok_or_else(Error::not_found)?;
    let done = sqlx::query(
        "update appeals set state = 'sent_up', sent_at = $4, sent_by = $5 where court_id = $1 and case_id = $2 and appeal_id = $3 and state = 'filed'",
    )
    .bind(court)
    .bind(case)
    .bind(appeal)
    .bind(now)
    .bind(me)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::conflict(
            "appeal.sent",
            said("这份上诉已经移送。", "This appeal has been sent up already."),
            said("请刷新页面，看最新的进展。", "Reload the page to see how it stands."),
        ));
    }
    tx.tell(SENT_UP, &json!({ "case": row.case_id, "appeal": appeal }))?;
    let above = app.door.registry.name(found.to_court);
    let text = said(format!("上诉状连同案卷移送{above}"), format!("The appeal and the file were sent up to {above}"));
    timeline::write(tx, case, Note::new("appeal_sent_up", text).by("民事诉讼法 第一百七十四条")).await
}

fn power_needed() -> Error {
    Error::invalid(
        "appeal.special_power",
        said("代为提起上诉需要特别授权。", "To appeal for a party takes a special power."),
        said(
            "请当事人本人登录提交，或者提交载明可以上诉的授权委托书。",
            "Let the party sign in, or file a power of attorney that says so.",
        ),
    )
}

fn no_judgment() -> Error {
    Error::invalid(
        "appeal.no_judgment",
        said("本案还没有作出、送达判决。", "No judgment has been given and served yet."),
        said(
            "收到判决书后再提起上诉；对裁定不服的，请选择对裁定上诉。",
            "Appeal once you have the judgment; against a ruling, choose an appeal against the ruling.",
        ),
    )
}

fn no_ruling() -> Error {
    Error::invalid(
        "appeal.no_ruling",
        said("还没有向您送达可以上诉的裁定。", "No ruling that may be appealed has been served on you."),
        said(
            "可以上诉的裁定只有不予受理、管辖权异议、驳回起诉三种（民事诉讼法第一百五十七条）。",
            "Only rulings not to accept, on jurisdiction, and of dismissal may be appealed (Civil Procedure Law Art 157).",
        ),
    )
}

fn twice() -> Error {
    Error::conflict(
        "appeal.twice",
        said("您已经提起过上诉。", "You have appealed already."),
        said("要变更上诉请求的，请向二审法院提出。", "To change what is asked, turn to the court above."),
    )
}
