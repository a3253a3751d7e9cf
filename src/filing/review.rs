//! 审查: claiming, returning with one complete list, refusing, transferring, withdrawing, and the corrected
//! filing coming back. Pure decisions are in review_rules.rs; here they meet the rows.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::{beijing_date, day_zh};
use crate::court::clock_view::Life;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::evidence::store::FileRow;
use crate::filing::content::Content;
use crate::filing::kinds::kind;
use crate::filing::read::{self, Row};
use crate::filing::review_rules::{self, FilingState, Move, Reviewed, check_list, correction_days, violations};
use crate::filing::submit::{self, Read, link, masked_parties, tell};
use crate::filing::views::{CheckReport, Claim, CorrectionItem, FilingReceipt};
use crate::filing::{late, look_up, review_problem, store};
use crate::kit::seal::Place;
use crate::kit::text::{Bounds, clean};
use crate::paper::issue::{self, Audience, NewPaper};

/// How long a claim holds without being renewed.
const CLAIM: TimeDelta = TimeDelta::minutes(15);

/// Takes a filing for review: two clerks never review the same one by accident.
pub async fn claim(tx: &mut CourtTx, filing: Uuid) -> Result<Claim> {
    let row = read::row_for_update(tx, filing).await?;
    let (me, now, court) = (tx.person()?, tx.now(), tx.court);
    refuse_foreign_claim(tx, &row)?;
    if row.state != FilingState::Submitted {
        return Err(review_problem(row.state.after(Move::Accept).err().unwrap_or_else(unreachable_state)));
    }
    let (name, until) = (tx.who.to_string(), now + CLAIM);
    sqlx::query("update filings set claimed_by = $3, claimed_name = $4, claimed_until = $5 where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .bind(me)
        .bind(&name)
        .bind(until)
        .execute(tx.conn())
        .await?;
    Ok(Claim { person_id: me, name, until })
}

fn unreachable_state() -> review_rules::ReviewError {
    review_rules::ReviewError {
        code: "filing.state",
        zh: "这份材料不在审查中。".into(),
        en: "This filing is not under review.".into(),
        cure_zh: "请刷新页面。",
        cure_en: "Reload the page.",
        item: None,
    }
}

/// Gives a claim back.
pub async fn release(tx: &mut CourtTx, filing: Uuid) -> Result<()> {
    let (me, court) = (tx.person()?, tx.court);
    read::row(tx, filing).await?;
    sqlx::query("update filings set claimed_by = null, claimed_name = null, claimed_until = null where court_id = $1 and filing_id = $2 and claimed_by = $3")
        .bind(court)
        .bind(filing)
        .bind(me)
        .execute(tx.conn())
        .await?;
    Ok(())
}

fn refuse_foreign_claim(tx: &CourtTx, row: &Row) -> Result<()> {
    let (me, now) = (tx.person()?, tx.now());
    match (row.claimed_by, row.claimed_until, &row.claimed_name) {
        (Some(by), Some(until), Some(name)) if by != me && until > now => Err(Error::conflict(
            "filing.claimed",
            said(format!("{name}正在审查这一件。"), format!("{name} is reviewing this one.")),
            said(
                format!("请先办别的；到 {} 没有办完会自动放回。", submit::beijing_time(until)),
                format!("Take another; it is free again at {} if not finished.", submit::beijing_time(until)),
            ),
        )),
        _ => Ok(()),
    }
}

/// The row of a decision: held, of the expected version, not in another clerk's hands, and movable.
pub async fn decide(tx: &mut CourtTx, filing: Uuid, expected: i32, by: Move) -> Result<Row> {
    let row = read::row_for_update(tx, filing).await?;
    row.state.after(by).map_err(review_problem)?;
    refuse_foreign_claim(tx, &row)?;
    if row.version != expected {
        return Err(Error::stale());
    }
    Ok(row)
}

/// Moves the filing on and frees it.
async fn put_state(tx: &mut CourtTx, row: &Row, by: Move) -> Result<()> {
    let state = row.state.after(by).map_err(review_problem)?;
    let (court, now, person) = (tx.court, tx.now(), tx.person().ok());
    let decided = !matches!(by, Move::Correct);
    sqlx::query(
        "update filings set state = $3, version = version + 1, claimed_by = null, claimed_name = null, claimed_until = null,
           decided_at = case when $4 then $5 else decided_at end, decided_by = case when $4 then $6 else decided_by end where court_id = $1 and filing_id = $2",
    )
    .bind(court)
    .bind(row.filing_id)
    .bind(state.word())
    .bind(decided)
    .bind(now)
    .bind(person)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// 一次性退回补正. Answers whether an item could have stood in an earlier list (recorded, L09).
pub async fn send_back(app: &App, tx: &mut CourtTx, row: &Row, items: Vec<CorrectionItem>, days: u32) -> Result<bool> {
    let (court, filing, now) = (tx.court, row.filing_id, tx.now());
    let rules = CourtRules::on(&app.door.registry, court, beijing_date(now));
    correction_days(days, rules.correction_days()).map_err(|e| review_problem(e).at("/days"))?;
    let plain: Vec<review_rules::CorrectionItem> = items.iter().map(Into::into).collect();
    let earlier = read::corrections(app, tx, filing).await?;
    check_list(&plain, earlier.len()).map_err(list_problem)?;
    let violation =
        !late_items(tx, row, &earlier.iter().flat_map(|c| &c.items).map(Into::into).collect::<Vec<_>>(), &plain).await?.is_empty();
    let numbered: Vec<CorrectionItem> = items.into_iter().zip(1..).map(|(i, n)| CorrectionItem { n, done: false, ..i }).collect();
    let deadline = timeline::clock(app, court, "correction", Some(days), now, &Life::Open)?;
    let n = i32::try_from(earlier.len()).unwrap_or(0) + 1;
    let person = tx.person()?;
    sqlx::query("insert into corrections (court_id, filing_id, n, items, sent_at, sent_by, days, due_at, violation) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)")
        .bind(court)
        .bind(filing)
        .bind(n)
        .bind(sqlx::types::Json(&numbered))
        .bind(now)
        .bind(person)
        .bind(i32::try_from(days).unwrap_or(7))
        .bind(deadline.due_at)
        .bind(violation)
        .execute(tx.conn())
        .await?;
    sqlx::query("update filings set returns = returns + 1 where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .execute(tx.conn())
        .await?;
    put_state(tx, row, Move::Return).await?;
    let content = Content::read(&read::content(tx, filing).await?).unwrap_or_default();
    let data = json!({ "filing_number": row.number, "title": row.title, "addressee": filer_name(&content), "received_at": row.received_at, "items": numbered, "deadline": serde_json::to_value(&deadline)? });
    issue::issue(tx, paper(row, &content, "correction_notice", "一次性补正告知书", "correction_notice", data)).await?;
    let note = Note::new(
        "returned",
        said(format!("退回补正，共 {} 项", numbered.len()), format!("Returned for correction, {} items", numbered.len())),
    )
    .by("人民法院在线诉讼规则 第九条")
    .with_effect(said(
        format!("请在 {} 24:00 前补正。补齐的次日重新计算审查期限。", day_zh(deadline.due_on)),
        format!("Correct it by 24:00 on {}. The review starts anew the day after.", deadline.due_on),
    ));
    timeline::write(tx, filing, note).await?;
    late::plan(tx, filing, n, &deadline)?;
    if violation {
        let note = Note::new(
            "violation",
            said("本次补正要求中有第一次审查时就能看到的事项，已记录。", "An item of this list was visible at the first review; recorded."),
        );
        timeline::write(tx, filing, note.by("人民法院在线诉讼规则 第九条").for_staff()).await?;
    }
    let count = numbered.len().to_string();
    tell(
        tx,
        row.filer_id,
        "filing_returned",
        &[("number", &row.number), ("items", &count), ("due", &day_zh(deadline.due_on)), ("link", &link(app, court, filing))],
    )?;
    Ok(violation)
}

fn list_problem(errors: Vec<review_rules::ReviewError>) -> Error {
    let problems = errors.iter().map(|e| crate::error::FieldProblem {
        field: e.item.map_or("/items".into(), |n| format!("/items/{}", n - 1)),
        code: e.code.into(),
        detail: e.zh.to_string(),
        detail_en: e.en.to_string(),
        cure: e.cure_zh.into(),
        cure_en: e.cure_en.into(),
    });
    Error::invalid(
        "filing.correction_list",
        said("补正清单还不完整。", "The correction list is not complete."),
        said("请按提示补全每一项。", "Complete each item as told."),
    )
    .listing(problems.collect())
}

/// Items that could have stood in the first list.
async fn late_items(
    tx: &mut CourtTx,
    row: &Row,
    earlier: &[review_rules::CorrectionItem],
    items: &[review_rules::CorrectionItem],
) -> Result<Vec<usize>> {
    if row.returns == 0 {
        return Ok(Vec::new());
    }
    let court = tx.court;
    let first: Option<Vec<u8>> = sqlx::query_scalar("select first_content from filings where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(row.filing_id)
        .fetch_one(tx.conn())
        .await?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let first: Value = tx.seal().open_json(tx.owner(), Place("filings", "first_content", &row.filing_id), &first)?;
    let (now, files) = (read::content(tx, row.filing_id).await?, read::files(tx, row.filing_id).await?);
    let ids = |round: i32| files.iter().filter(|f| f.round <= round).map(|f| f.id.to_string()).collect();
    Ok(violations(&Reviewed { content: first, file_ids: ids(0) }, &Reviewed { content: now, file_ids: ids(i32::MAX) }, earlier, items))
}

fn filer_name(content: &Content) -> String {
    content.plaintiffs().first().map(|(_, p)| crate::filing::content::text(&p.name).to_owned()).unwrap_or_else(|| "提交人".into())
}

fn paper(row: &Row, content: &Content, kind: &'static str, title: &str, template: &'static str, data: Value) -> NewPaper {
    NewPaper {
        kind,
        title: title.into(),
        template,
        data,
        filing: Some(row.filing_id),
        case: None,
        audience: Audience::All,
        parties: masked_parties(content),
        number: Some(row.number.clone()),
    }
}

/// 不予受理, with its 释明.
pub async fn refuse(app: &App, tx: &mut CourtTx, row: &Row, reason: &str) -> Result<()> {
    let reason = review_rules::reason(reason).map_err(|e| review_problem(e).at("/reason"))?;
    let (court, filing) = (tx.court, row.filing_id);
    sqlx::query("update filings set refusal_reason = $3 where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .bind(&reason)
        .execute(tx.conn())
        .await?;
    put_state(tx, row, Move::Refuse).await?;
    store::mark_standing(tx, filing, "refused").await?;
    let content = Content::read(&read::content(tx, filing).await?).unwrap_or_default();
    let data = json!({ "kind": "refused", "matter": row.kind, "filing_number": row.number, "title": row.title, "addressee": filer_name(&content), "received_at": row.received_at, "reason": reason });
    issue::issue(tx, paper(row, &content, "refusal_notice", "不予受理告知书", "refusal_notice", data)).await?;
    let law = kind(row.kind.key());
    let note = Note::new("refused", said("不予受理，已书面释明理由", "Refused, with reasons in writing"))
        .by(law.refusal)
        .with_effect(said(law.refused.0, law.refused.1));
    timeline::write(tx, filing, note).await?;
    tell(tx, row.filer_id, "filing_refused", &[("number", &row.number), ("link", &link(app, court, filing))])
}

/// 移送: to another court of the province, with the file. The worker carries it over.
pub async fn transfer(app: &App, tx: &mut CourtTx, row: &Row, to: i32, reason: &str) -> Result<()> {
    let reason = review_rules::reason(reason).map_err(|e| review_problem(e).at("/reason"))?;
    let target = app.door.registry.court(to).filter(|c| c.enabled && to != tx.court).ok_or_else(|| {
        Error::invalid(
            "filing.transfer_court",
            said("不能移送到这家法院。", "It cannot be transferred to that court."),
            said("请选择本省另一家已开通的法院。", "Choose another open court of the province."),
        )
        .at("/to_court")
    })?;
    let (court, filing) = (tx.court, row.filing_id);
    sqlx::query("update filings set transfer_to = $3, transfer_reason = $4 where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .bind(to)
        .bind(&reason)
        .execute(tx.conn())
        .await?;
    put_state(tx, row, Move::Transfer).await?;
    store::mark_standing(tx, filing, "transferred").await?;
    let content = Content::read(&read::content(tx, filing).await?).unwrap_or_default();
    let data = json!({
        "filing_number": row.number, "title": row.title, "cause": row.cause_name, "addressee": filer_name(&content), "reason": reason, "received_at": row.received_at,
        "to_court": { "name": target.name, "phone": target.phone, "address": target.address },
    });
    issue::issue(tx, paper(row, &content, "transfer_notice", "移送告知书", "transfer_notice", data)).await?;
    let note = Note::new("transferred", said(format!("移送{}", target.name), format!("Transferred to {}", target.name)))
        .by(kind(row.kind.key()).transfer)
        .with_effect(said("收到日期不变。", "The date of filing stays."));
    timeline::write(tx, filing, note).await?;
    tx.tell("filing.carry", &json!({ "filing": filing, "to": to }))?;
    tell(
        tx,
        row.filer_id,
        "filing_transferred",
        &[("number", &row.number), ("to_court", &target.name), ("link", &link(app, court, filing))],
    )
}

/// 撤回, by the filer, who may say why: the court reads it in the history, and so does whoever looks later.
pub async fn withdraw(tx: &mut CourtTx, row: &Row, reason: &str) -> Result<()> {
    if row.filer_id != tx.person()? {
        return Err(Error::not_found());
    }
    let reason = clean(reason, Bounds { min: 0, max: 500, lines: true }).map_err(crate::filing::text_problem("/reason"))?;
    let (court, filing) = (tx.court, row.filing_id);
    sqlx::query("update filings set withdrawal_reason = nullif($3, '') where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .bind(&reason)
        .execute(tx.conn())
        .await?;
    put_state(tx, row, Move::Withdraw).await?;
    store::mark_standing(tx, filing, "withdrawn").await?;
    let text = match reason.as_str() {
        "" => said("提交人撤回立案申请", "Withdrawn by the filer"),
        why => said(format!("提交人撤回立案申请，理由：{why}"), format!("Withdrawn by the filer: {why}")),
    };
    let effect = said("撤回后可以再次起诉，不影响您的权利。", "You may file again; no right is lost by it.");
    timeline::write(tx, filing, Note::new("withdrawn", text).by("民诉法解释 第二百一十四条").with_effect(effect)).await
}

/// The corrected filing arrives: the clock starts anew the day after (在线诉讼规则 Art 9).
pub async fn corrected(
    app: &App,
    tx: &mut CourtTx,
    read: &Read,
    filing: Uuid,
    files: &[(FileRow, String)],
    report: CheckReport,
) -> Result<FilingReceipt> {
    let row = read::row_for_update(tx, filing).await?;
    if row.filer_id != read.profile.person {
        return Err(Error::not_found());
    }
    let (court, now, content) = (tx.court, read.arrived, &read.content);
    put_state(tx, &row, Move::Correct).await?;
    let rows: Vec<FileRow> = files.iter().map(|(f, _)| f.clone()).collect();
    let filed = content.to_value();
    let digest = submit::digest(&filed, &rows);
    let review = submit::begin_review(app, court, row.kind.key(), now)?;
    let clock = &review.clock;
    let sealed = tx.seal().seal_json(tx.owner(), Place("filings", "content", &filing), &filed)?;
    let first = match row.returns {
        1 => {
            let first = read::content(tx, filing).await?;
            Some(tx.seal().seal_json(tx.owner(), Place("filings", "first_content", &filing), &first)?)
        }
        _ => None,
    };
    sqlx::query(
        "update filings set content = $3, digest = $4, check_report = $5, clock_from = $6, answered_at = $6, due_on = $7, due_at = $8, title = $9, amount_fen = $10, parties_index = $11,
           first_content = coalesce(first_content, $12), cause_name = $13, cause_code = $14, review_days = $15, target_at = $16 where court_id = $1 and filing_id = $2",
    )
    .bind(court)
    .bind(filing)
    .bind(sealed)
    .bind(&digest)
    .bind(serde_json::to_value(&report)?)
    .bind(now)
    .bind(clock.due_on)
    .bind(clock.due_at)
    .bind(content.title())
    .bind(content.amount())
    .bind(look_up::party_indexes(tx.seal(), content)?)
    .bind(first)
    .bind(submit::cause_name(content))
    .bind(content.cause.as_ref().and_then(|c| c.code.clone()))
    .bind(i32::try_from(review.days).unwrap_or(7))
    .bind(review.target_at)
    .execute(tx.conn())
    .await?;
    sqlx::query("update corrections set answered_at = $3 where court_id = $1 and filing_id = $2 and answered_at is null")
        .bind(court)
        .bind(filing)
        .bind(now)
        .execute(tx.conn())
        .await?;
    store::insert_files(tx, filing, files, content, row.returns).await?;
    store::insert_marks(tx, filing, &look_up::marks(tx.seal(), content)?).await?;
    let paper_id = submit::papers(app, tx, filing, read, &row.number, &digest, &rows, clock).await?;
    let note = Note::new("corrected", said("提交补正材料", "Corrected and sent again"))
        .by("人民法院在线诉讼规则 第九条")
        .with_effect(said("次日重新计算审查期限。", "The review starts anew the next day."));
    timeline::write(tx, filing, note).await?;
    Ok(FilingReceipt { court_id: court, filing_id: filing, number: row.listed.number, received_at: now, digest, paper_id })
}
