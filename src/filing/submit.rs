//! 提交: a draft becomes a filing, or the answer to a correction.
//!
//! The time of filing is when the court's server had the whole (users.md 4; 在线诉讼规则 Art 9): the content lies here
//! before it is sent, so it is the moment the request to send it arrived, however long we take over it. Sent twice, filed
//! once: by the idempotency key, and by the draft itself.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::{beijing_date, end_of_day};
use crate::court::caller::Caller;
use crate::court::clock_view::Life;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::docket::views::Clock;
use crate::error::{Error, FieldProblem, Result, said};
use crate::evidence::store::{FileRow, files_of_draft, move_to_court};
use crate::filing::checks::{self, CheckReport, EarlierMatter, FilerFacts};
use crate::filing::content::{Content, text};
use crate::filing::draft_api::Submission;
use crate::filing::review_rules::{FilingState, ReviewRule};
use crate::filing::store::{self, NewFiling};
use crate::filing::views::FilingReceipt;
use crate::filing::{drafts, kinds, look_up, pleading, review, twins};
use crate::kit::seal::sha256;
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::actor::{self, Actor};
use crate::person::masking::public_names;
use crate::person::messages::{self, Sms, To};

/// A draft read for checking and sending.
pub struct Read {
    /// The draft.
    pub draft: drafts::Draft,
    /// Its content.
    pub content: Content,
    /// Its accepted files.
    pub files: Vec<FileRow>,
    /// Who sends.
    pub profile: Actor,
    /// The request.
    pub request: std::sync::Arc<str>,
    /// When it arrived; later where the draft changed since.
    pub arrived: DateTime<Utc>,
}

/// Reads a draft, its files and its author.
pub async fn read(app: &App, caller: &Caller, draft: Uuid) -> Result<Read> {
    let mut tx = app.door.mine(caller, "draft:read").await?;
    let draft = drafts::get(&mut tx, draft, false).await?;
    let content = drafts::shape(&draft.content)?;
    let files = files_of_draft(&mut tx, draft.id).await?.into_iter().filter(FileRow::is_accepted).collect();
    let profile = actor::read(&mut tx).await?;
    let arrived = if draft.updated_at <= caller.arrived { caller.arrived } else { tx.now() };
    Ok(Read { draft, content, files, profile, request: caller.request.clone(), arrived })
}

/// Runs the checker for the filer.
pub async fn check(app: &App, caller: &Caller, read: &Read) -> Result<CheckReport> {
    report(app, read, twins::for_filer(app, caller, read).await?)
}

fn report(app: &App, read: &Read, earlier: Vec<EarlierMatter>) -> Result<CheckReport> {
    let filer = filer(app, &read.profile, &read.content)?;
    Ok(checks::check(&read.content, &look_up::facts(app, &read.content, &read.files, earlier, filer)))
}

/// The plaintiff that the account is proved to be, by a checked number; then no copy of the document is asked for.
fn filer(app: &App, profile: &Actor, content: &Content) -> Result<FilerFacts> {
    for (_, party) in content.plaintiffs() {
        let number = text(&party.id_number).to_uppercase();
        if !number.is_empty() && profile.has_checked(&app.seal.blind("id_number", &number)?) {
            return Ok(FilerFacts { verified: true, id_number: text(&party.id_number).to_owned() });
        }
    }
    Ok(FilerFacts::default())
}

/// Refuses while something open stands between the filer and sending.
fn refuse_open(report: &CheckReport, submission: &Submission) -> Result<()> {
    let open = report.open(&submission.confirmed, &submission.send_anyway);
    if open.is_empty() {
        return Ok(());
    }
    let problems = open.iter().map(|i| FieldProblem {
        field: i.field.clone(),
        code: format!("check.{}", i.id),
        detail: i.text.clone(),
        detail_en: i.text_en.clone(),
        cure: i.cure.clone(),
        cure_en: i.cure_en.clone(),
    });
    Err(Error::invalid(
        "filing.open_items",
        said(format!("还有 {} 处要处理。", open.len()), format!("{} items are still open.", open.len())),
        said("请逐项改正、确认，或选择交由法院人员审查。", "Correct or confirm each, or choose to have a clerk look at it."),
    )
    .listing(problems.collect()))
}

/// SHA-256 over what was filed and the digests of its files, in order.
pub fn digest(filed: &Value, files: &[FileRow]) -> String {
    let mut sums: Vec<&str> = files.iter().map(|f| f.sha256.as_str()).collect();
    sums.sort_unstable();
    hex::encode(sha256(format!("{filed}\n{}", sums.join("\n")).as_bytes()))
}

/// A review as it begins.
pub struct Review {
    /// Its clock.
    pub clock: Clock,
    /// Days the rule of that day gives.
    pub days: u32,
    /// End of the day on which the court means to decide, when it has that target (当日审核, F08).
    pub target_at: Option<DateTime<Utc>>,
}

/// Begins the review of a filing, or of the corrected one, by the court's rules of that day.
pub fn begin_review(app: &App, court: i32, kind: &str, from: DateTime<Utc>) -> Result<Review> {
    let rules = CourtRules::on(&app.door.registry, court, beijing_date(from));
    let rule = ReviewRule { days: rules.review_days(), same_day_target: rules.same_day_target() };
    let calendar = app.door.registry.calendar(rules.makeup_day_is_working());
    // past the holidays announced, the day itself is the target
    let target_at = rule.target(from, &calendar).unwrap_or_else(|_| rule.same_day_target.then(|| end_of_day(beijing_date(from))));
    Ok(Review { clock: review_clock(app, court, kind, rule.days, from, &Life::Open)?, days: rule.days, target_at })
}

/// The clock of a review of so many days that began at an instant, by the article of the kind.
pub fn review_clock(app: &App, court: i32, kind: &str, days: u32, from: DateTime<Utc>, life: &Life) -> Result<Clock> {
    timeline::clock(app, court, kinds::kind(kind).review, Some(days), from, life)
}

/// Sends a draft. One that was sent before is refused on the way, as not there any more or as its own twin: then the
/// receipt of that time is the answer.
pub async fn submit(app: &App, caller: &Caller, draft: Uuid, key: Uuid, submission: &Submission) -> Result<FilingReceipt> {
    match send(app, caller, draft, key, submission).await {
        Err(refusal) if refusal.status.is_client_error() => already_sent(app, caller, draft).await?.ok_or(refusal),
        done => done,
    }
}

async fn send(app: &App, caller: &Caller, draft: Uuid, key: Uuid, submission: &Submission) -> Result<FilingReceipt> {
    let read = read(app, caller, draft).await?;
    let court = read.draft.corrects.map(|(court, _)| court).or(read.draft.court).ok_or_else(|| {
        Error::invalid(
            "draft.no_court",
            said("还没有选择法院。", "No court is chosen yet."),
            said("请回到第一步选择法院。", "Go back to the first step and choose one."),
        )
        .at("/court_id")
    })?;
    refuse_closed(app, court)?;
    refuse_kind(app, court, read.draft.kind.key())?;
    let earlier = twins::for_filer(app, caller, &read).await?;
    let mut findings = report(app, &read, earlier.clone())?;
    refuse_open(&findings, submission)?;
    if !earlier.is_empty() {
        // the court it goes to may know that there is an earlier matter; where, it learns from its own seat
        findings = report(app, &read, earlier.into_iter().map(EarlierMatter::unnamed).collect())?;
    }
    let used = used_files(&read);
    let keys = move_to_court(app, court, &used).await?;
    let files: Vec<(FileRow, String)> = used.into_iter().zip(keys).collect();
    let mut tx = app.door.enter(caller, court, Act::FilingSubmit).await?;
    let body = serde_json::to_vec(&json!({ "draft": draft, "submission": submission }))?;
    if let Some(receipt) = tx.once(key, &body).await? {
        return Ok(receipt);
    }
    let receipt = match read.draft.corrects {
        Some((_, filing)) => match review::corrected(app, &mut tx, &read, filing, &files, findings.into()).await {
            // a second tab was a moment ahead: its receipt is this one's
            Err(refusal) if refusal.code == "filing.state" => {
                drop(tx);
                return corrected_before(app, caller, court, filing).await?.ok_or(refusal);
            }
            outcome => outcome?,
        },
        None => first(app, &mut tx, &read, &files, findings).await?,
    };
    tx.answered(key, &receipt).await?;
    tx.commit(receipt.filing_id, json!({ "number": receipt.number, "digest": receipt.digest })).await?;
    let mut mine = app.door.mine(caller, "draft:sent").await?;
    drafts::mark_sent(&mut mine, draft).await?;
    mine.commit(draft, json!({ "filing": receipt.filing_id })).await?;
    Ok(receipt)
}

/// A draft already sent answers with its receipt: a double click, a lost answer, a second tab. So does a sent
/// correction, with the receipt of the filing it went into.
async fn already_sent(app: &App, caller: &Caller, draft: Uuid) -> Result<Option<FilingReceipt>> {
    let mut mine = app.door.mine(caller, "draft:read").await?;
    let found: Option<(i32, Uuid, String, DateTime<Utc>, String, bool)> = sqlx::query_as(
        "select court_id, filing_id, number, received_at, digest, false from filings where draft_id = $1
         union all
         select f.court_id, f.filing_id, f.number, f.answered_at, f.digest, true from drafts d
           join filings f on f.court_id = d.corrects_court and f.filing_id = d.corrects_filing
          where d.person_id = $2 and d.draft_id = $1 and d.sent_at is not null and f.answered_at is not null limit 1",
    )
    .bind(draft)
    .bind(caller.person())
    .fetch_optional(mine.conn())
    .await?;
    drop(mine);
    let Some((court_id, filing_id, number, received_at, digest, correction)) = found else { return Ok(None) };
    let mut tx = app.door.enter(caller, court_id, Act::FilingRead).await?;
    let papers: Vec<Uuid> = sqlx::query_scalar(
        "select paper_id from papers where court_id = $1 and filing_id = $2 and kind = 'filing_receipt' order by paper_id",
    )
    .bind(court_id)
    .bind(filing_id)
    .fetch_all(tx.conn())
    .await?;
    let paper = if correction { papers.last() } else { papers.first() };
    let paper_id = *paper.ok_or_else(Error::not_found)?;
    Ok(Some(FilingReceipt { court_id, filing_id, number, received_at, digest, paper_id }))
}

/// The receipt of a correction that has just arrived by another way.
async fn corrected_before(app: &App, caller: &Caller, court: i32, filing: Uuid) -> Result<Option<FilingReceipt>> {
    let mut tx = app.door.enter(caller, court, Act::FilingRead).await?;
    let row = crate::filing::read::row(&mut tx, filing).await?;
    let Some(received_at) = row.answered_at.filter(|_| row.filer_id == caller.person() && row.state == FilingState::Submitted) else {
        return Ok(None);
    };
    let paper_id = sqlx::query_scalar(
        "select paper_id from papers where court_id = $1 and filing_id = $2 and kind = 'filing_receipt' order by paper_id desc limit 1",
    )
    .bind(court)
    .bind(filing)
    .fetch_one(tx.conn())
    .await?;
    Ok(Some(FilingReceipt { court_id: court, filing_id: filing, number: row.listed.number, received_at, digest: row.digest, paper_id }))
}

/// A court takes online what its rule `filing_kinds` names; the counter takes everything.
/// A court not yet switched on is public knowledge: its name stands in the list.
fn refuse_closed(app: &App, court: i32) -> Result<()> {
    if app.door.registry.court(court).is_some_and(|c| c.enabled) {
        return Ok(());
    }
    Err(Error::invalid(
        "filing.court_closed",
        said("这家法院还没有开通网上立案。", "This court does not take filings online yet."),
        said(
            "填写的内容都还在。请到法院窗口办理，或换一家有管辖权的法院。",
            "Everything you typed is kept. Go to the court's counter, or choose another court with jurisdiction.",
        ),
    )
    .at("/court_id"))
}

fn refuse_kind(app: &App, court: i32, kind: &str) -> Result<()> {
    let kinds = CourtRules::on(&app.door.registry, court, beijing_date(app.now())).list("filing_kinds");
    if kinds.iter().any(|k| k == kind) {
        return Ok(());
    }
    Err(Error::invalid(
        "filing.kind_closed",
        said("这家法院暂时不在网上收这类案件。", "This court does not take this kind of case online for now."),
        said(
            "填写的内容都还在。请选择「到窗口办」，或换一家有管辖权的法院。",
            "Everything you typed is kept. Choose the counter, or another court with jurisdiction.",
        ),
    )
    .at("/kind"))
}

fn used_files(read: &Read) -> Vec<FileRow> {
    let in_content = |id: &Uuid| {
        let id = id.to_string();
        read.content.evidence.iter().any(|e| e.file_ids.contains(&id)) || read.content.papers.iter().any(|p| p.file_ids.contains(&id))
    };
    read.files.iter().filter(|f| in_content(&f.file_id)).cloned().collect()
}

async fn first(app: &App, tx: &mut CourtTx, read: &Read, files: &[(FileRow, String)], report: CheckReport) -> Result<FilingReceipt> {
    let (id, now, content) = (tx.id(), read.arrived, &read.content);
    let rows: Vec<FileRow> = files.iter().map(|(f, _)| f.clone()).collect();
    let filed = content.to_value();
    let digest = digest(&filed, &rows);
    let law = kinds::kind(read.draft.kind.key());
    let review = begin_review(app, tx.court, read.draft.kind.key(), now)?;
    let clock = &review.clock;
    let note = Note::new("submitted", said("提交网上立案申请", "Filed online"))
        .by("最高人民法院关于人民法院登记立案若干问题的规定 第二条")
        .with_effect(said(law.received.0, law.received.1));
    timeline::write(tx, id, note).await?;
    // numbers have no gaps: from here to the commit, whoever files at this court waits
    let number = format!("网立{}", store::next_number(tx, "filing").await?);
    let filing = NewFiling {
        id,
        number: &number,
        filer: read.profile.person,
        filer_index: &read.profile.all(),
        draft: Some(read.draft.id),
        content,
        filed: &filed,
        cause_name: &cause_name(content),
        digest: &digest,
        parties: &look_up::party_indexes(tx.seal(), content)?,
        marks: &look_up::marks(tx.seal(), content)?,
        report: serde_json::to_value(&report)?,
        received_at: now,
        review: &review,
        from: None,
        origin: None,
    };
    if !store::insert(tx, &filing).await? {
        return Err(Error::conflict(
            "filing.sent",
            said("这份草稿刚刚已经提交。", "This draft was sent a moment ago."),
            said("请到「我的案件」查看。", "See it under My cases."),
        )
        .retry_after(1));
    }
    store::insert_files(tx, id, files, content, 0).await?;
    let paper_id = papers(app, tx, id, read, &number, &digest, &rows, clock).await?;
    let due = crate::court::beijing::day_zh(clock.due_on);
    tell(
        tx,
        read.profile.person,
        "filing_received",
        &[("number", &number), ("due", &due), ("time", &beijing_time(now)), ("link", &link(app, tx.court, id))],
    )?;
    Ok(FilingReceipt { court_id: tx.court, filing_id: id, number, received_at: now, digest, paper_id })
}

/// 案由 as chosen, or what the kind implies where none is asked.
pub fn cause_name(content: &Content) -> String {
    let named = content.cause.as_ref().and_then(|c| c.name.clone());
    named.unwrap_or_else(|| if content.kind.as_deref() == Some("enforcement") { "申请强制执行".into() } else { "未选案由".into() })
}

/// 2026 年 11 月 22 日 10:31.
pub fn beijing_time(at: DateTime<Utc>) -> String {
    at.with_timezone(&crate::court::beijing::beijing_offset()).format("%Y年%-m月%-d日 %H:%M").to_string()
}

/// A message to a person, in the court's name, at the number of the account when it is sent.
pub fn tell(tx: &mut CourtTx, person: Uuid, template: &'static str, params: &[(&str, &str)]) -> Result<()> {
    let court = Some(tx.court);
    messages::tell_sms(tx, &Sms { to: To::Person(person), template, params, court, until: None, listener: None })
}

/// Where the filer sees the filing.
pub fn link(app: &App, court: i32, filing: Uuid) -> String {
    format!("{}/filings/{court}/{filing}", app.config.public_url)
}

/// Names for the public page: natural persons masked, organisations whole.
pub fn masked_parties(content: &Content) -> Vec<String> {
    let persons: Vec<&str> = content.parties.iter().filter(|p| !p.is_organisation()).map(|p| text(&p.name)).collect();
    let organisations = content.parties.iter().filter(|p| p.is_organisation()).map(|p| text(&p.name).to_owned());
    public_names(&persons).into_iter().chain(organisations).collect()
}

/// The pleading and the receipt of a submission.
#[allow(clippy::too_many_arguments, reason = "one call, everything known at it")]
pub async fn papers(
    app: &App,
    tx: &mut CourtTx,
    id: Uuid,
    read: &Read,
    number: &str,
    digest: &str,
    files: &[FileRow],
    clock: &Clock,
) -> Result<Uuid> {
    let content = &read.content;
    let common = |kind, title: &str, template, data| NewPaper {
        kind,
        title: title.into(),
        template,
        data,
        filing: Some(id),
        case: None,
        audience: Audience::All,
        parties: masked_parties(content),
        number: Some(number.to_owned()),
    };
    let mut complaint = pleading::data(app, content, files);
    complaint["signature"] = json!({ "name": read.profile.name, "at": read.arrived, "method": "平台实名身份确认" });
    let title = kinds::kind(content.kind.as_deref().unwrap_or_default()).pleading;
    issue::issue(tx, common("pleading", title, "pleading", complaint)).await?;
    let data = receipt_data(read, number, digest, files, clock, read.arrived);
    issue::issue(tx, common("filing_receipt", "网上立案材料接收凭证", "filing_receipt", data)).await
}

/// The days the rule gives; those that a rest day at the end adds are not counted among them.
fn review_days(clock: &Clock) -> i64 {
    i64::from(clock.total_days) - clock.rolled_from.map_or(0, |from| (clock.due_on - from).num_days())
}

fn receipt_data(read: &Read, number: &str, digest: &str, files: &[FileRow], clock: &Clock, now: DateTime<Utc>) -> Value {
    let content = &read.content;
    let listed: Vec<Value> = files
        .iter()
        .map(|f| json!({ "name": f.name, "role": "材料", "pages": f.pages, "size": f.size, "sha256": f.sha256, "sm3": f.sm3 }))
        .collect();
    json!({
        "filing_number": number, "title": content.title(), "cause": cause_name(content), "received_at": now, "digest": digest, "files": listed,
        "filer": { "name": read.profile.name, "capacity": "提交人" }, "amount_fen": content.amount(),
        "review": { "days": review_days(clock), "due_on": clock.due_on },
    })
}
