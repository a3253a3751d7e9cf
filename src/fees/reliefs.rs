//! 司法救助 (诉讼费用交纳办法 Art 44–51): 缓交, 减交 (30 % at least), 免交 (natural persons only).
//!
//! Owns `fee_reliefs`. Asked by the paying party with its grounds, decided by a judge with reasons; a refusal says why.
//! While it is asked for, the clock of payment has no effect (民诉法解释 Art 213 speaks of relief refused and still unpaid).

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::bills;
use super::ledger;
use super::money_rules::{self, BillState};
use super::papers;
use crate::app::App;
use crate::court::beijing::{beijing_date, end_of_day};
use crate::court::clock_view::Life;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::docket::attach::{self, Brought, Lies};
use crate::docket::people;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;

/// 缴纳诉讼费通知、收据或缓减免手续 (reference/folders.csv, trial files).
const FOLDER: i32 = 6;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "snake_case")]
pub enum Relief {
    /// 缓交.
    Defer,
    /// 减交.
    Reduce,
    /// 免交.
    Exempt,
}

impl Relief {
    /// The stable word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Defer => "defer",
            Self::Reduce => "reduce",
            Self::Exempt => "exempt",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "reduce" => Self::Reduce,
            "exempt" => Self::Exempt,
            _ => Self::Defer,
        }
    }

    fn said(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Defer => ("缓交", "deferral", "诉讼费用交纳办法 第四十七条"),
            Self::Reduce => ("减交", "reduction", "诉讼费用交纳办法 第四十六条"),
            Self::Exempt => ("免交", "exemption", "诉讼费用交纳办法 第四十五条"),
        }
    }
}

/// A relief's row.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of fee_reliefs, documented in the migration")]
pub struct Row {
    pub relief_id: Uuid,
    pub bill_id: Uuid,
    pub kind: String,
    pub grounds: Vec<u8>,
    pub state: String,
    pub asked_at: DateTime<Utc>,
    pub percent: Option<i32>,
    pub until: Option<NaiveDate>,
    pub decision: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub proofs: Vec<Uuid>,
}

const COLUMNS: &str = "relief_id, bill_id, kind, grounds, state, asked_at, percent, until, decision, decided_at, proofs";

/// The applications about a bill that the viewer may see, with their grounds opened.
///
/// # Errors
/// What the database says.
pub async fn of_bill(tx: &mut CourtTx, bill: Uuid) -> Result<Vec<(Row, String)>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from fee_reliefs where court_id = $1 and bill_id = $2 order by relief_id"
    )))
    .bind(court)
    .bind(bill)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let grounds = tx.seal().open(tx.owner(), Place("fee_reliefs", "grounds", &row.relief_id), &row.grounds)?;
            Ok((row, String::from_utf8_lossy(&grounds).into_owned()))
        })
        .collect()
}

/// Is one of a bill undecided?
///
/// # Errors
/// What the database says.
pub async fn is_asked(tx: &mut CourtTx, bill: Uuid) -> Result<bool> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select exists (select 1 from fee_reliefs where court_id = $1 and bill_id = $2 and state = 'asked')")
        .bind(court)
        .bind(bill)
        .fetch_one(tx.conn())
        .await?)
}

/// What is asked for, and why.
pub struct Asked<'a> {
    /// Which.
    pub kind: Relief,
    /// Why the fee cannot be paid (now).
    pub grounds: &'a str,
}

/// May it be asked for, by whom it is?
///
/// # Errors
/// 404 for a bill that is not the asker's; 422 when an organisation asks for exemption; 409 when one is asked already.
pub async fn check_ask(tx: &mut CourtTx, bill: Uuid, relief: Relief) -> Result<bills::Bill> {
    let held = bills::find_held(tx, bill).await?;
    let (court, person) = (tx.court, tx.person()?);
    // asked about nothing, too: a refusal does not tell by its length whether there is such a bill
    let mine = people::parties_of(tx, held.as_ref().map_or(Uuid::nil(), |h| h.case_id), person).await?;
    let own = |h: &bills::Bill| mine.iter().any(|(capacity, party)| *party == Some(h.party_id) && capacity != "colleague");
    let held = held.filter(own).ok_or_else(Error::not_found)?;
    if !held.is().takes_money() || is_asked(tx, bill).await? {
        return Err(Error::conflict(
            "relief.not_now",
            said("这笔费用现在不能申请缓、减、免。", "Relief cannot be asked for on this bill now."),
            said("已经申请的，请等决定；已经交清的，不能再申请。", "An application made before is being decided; a paid bill takes none."),
        ));
    }
    let kind: String = sqlx::query_scalar("select kind from case_parties where court_id = $1 and case_id = $2 and party_id = $3")
        .bind(court)
        .bind(held.case_id)
        .bind(held.party_id)
        .fetch_one(tx.conn())
        .await?;
    if relief == Relief::Exempt && kind != "natural" {
        return Err(Error::invalid(
            "relief.natural_only",
            said("免交诉讼费用只适用于自然人（第四十五条）。", "Only a natural person can be exempted (Art 45)."),
            said("单位可以申请缓交或者减交。", "An organisation can ask for deferral or reduction."),
        )
        .at("/kind"));
    }
    Ok(held)
}

/// A party asks for relief, with proof (Art 48).
///
/// # Errors
/// As `check_ask`.
pub async fn ask(tx: &mut CourtTx, bill: Uuid, asked: &Asked<'_>, proofs: &[Brought]) -> Result<Uuid> {
    let relief = asked.kind;
    let held = check_ask(tx, bill, relief).await?;
    let (court, person, now) = (tx.court, tx.person()?, tx.now());
    let id = tx.id();
    let sealed = tx.seal().seal(tx.owner(), Place("fee_reliefs", "grounds", &id), asked.grounds.as_bytes())?;
    let who = tx.who.to_string();
    let lies = Lies { folder: FOLDER, title: "司法救助申请的证明材料", class: "诉讼费用", maker: &who, staff_only: true };
    let leaves = attach::put(tx, held.case_id, proofs, &lies).await?;
    sqlx::query("insert into fee_reliefs (court_id, relief_id, bill_id, person_id, kind, grounds, state, asked_at, proofs) values ($1,$2,$3,$4,$5,$6,'asked',$7,$8)")
        .bind(court)
        .bind(id)
        .bind(bill)
        .bind(person)
        .bind(relief.key())
        .bind(sealed)
        .bind(now)
        .bind(leaves)
        .execute(tx.conn())
        .await?;
    let (zh, en, article) = relief.said();
    let text = said(format!("申请诉讼费{zh}"), format!("Asked for {en} of the fee"));
    timeline::write(tx, held.case_id, Note::new("relief_asked", text).by(article)).await?;
    Ok(id)
}

/// A decision.
pub struct Decision<'a> {
    /// Granted or refused.
    pub grant: bool,
    /// Of a reduction: how much less, percent.
    pub percent: Option<i32>,
    /// Of a deferral: the last day.
    pub until: Option<NaiveDate>,
    /// Reasons.
    pub reason: &'a str,
}

/// Decides on relief; the bill, the books, the clock and the paper follow.
///
/// # Errors
/// 409 when decided; 422 for a percentage under 30 or a day that has passed.
pub async fn decide(app: &App, tx: &mut CourtTx, relief: Uuid, d: &Decision<'_>) -> Result<Uuid> {
    let (court, me, now) = (tx.court, tx.person()?, tx.now());
    let row: Row =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from fee_reliefs where court_id = $1 and relief_id = $2 for update")))
            .bind(court)
            .bind(relief)
            .fetch_optional(tx.conn())
            .await?
            .ok_or_else(Error::not_found)?;
    if row.state != "asked" {
        return Err(Error::conflict(
            "relief.decided",
            said("这份申请已经决定。", "This application is decided."),
            said("请刷新页面。", "Reload the page."),
        ));
    }
    let bill = bills::hold(tx, row.bill_id).await?;
    let kind = Relief::parse(&row.kind);
    check(kind, d, beijing_date(now))?;
    if d.grant {
        grant(tx, &bill, kind, d, relief).await?;
    } else {
        // refused: seven days anew to pay (Art 22; 民诉法解释 Art 213)
        let days = CourtRules::on(&app.door.registry, court, beijing_date(now)).payment_days();
        let due = timeline::clock(app, court, super::moved::period(&bill.purpose), Some(days), now, &Life::Open).ok().map(|c| c.due_at);
        bills::run_from(tx, bill.bill_id, Some(now), due).await?;
        if let Some(due) = due {
            tx.tell_later("fees.overdue", &json!({ "bill": bill.bill_id }), due)?;
        }
    }
    let (zh, en, article) = kind.said();
    let grounds = tx.seal().open(tx.owner(), Place("fee_reliefs", "grounds", &relief), &row.grounds)?;
    let now_due = bills::read(tx, bill.bill_id).await?.due_at.map(papers::last_day);
    let paper = papers::Relieved {
        kind: kind.key(),
        granted: d.grant,
        grounds: &String::from_utf8_lossy(&grounds),
        asked_on: beijing_date(row.asked_at),
        reason: d.reason,
        percent: d.percent.filter(|_| d.grant && kind == Relief::Reduce),
        until: d.until.filter(|_| d.grant && kind == Relief::Defer),
        pay_by: now_due,
    };
    let paper = papers::relief_decision(tx, &bill, &paper).await?;
    sqlx::query("update fee_reliefs set state = $3, percent = $4, until = $5, decision = $6, decided_by = $7, decided_at = $8, paper_id = $9 where court_id = $1 and relief_id = $2")
        .bind(court)
        .bind(relief)
        .bind(if d.grant { "granted" } else { "refused" })
        .bind(d.percent.filter(|_| d.grant && kind == Relief::Reduce))
        .bind(d.until.filter(|_| d.grant && kind == Relief::Defer))
        .bind(d.reason)
        .bind(me)
        .bind(now)
        .bind(paper)
        .execute(tx.conn())
        .await?;
    let (word, word_en) = if d.grant { ("准许", "granted") } else { ("不准许", "refused") };
    let text = said(format!("{word}诉讼费{zh}"), format!("Application for {en} {word_en}"));
    timeline::write(tx, bill.case_id, Note::new("relief_decided", text).by(article)).await?;
    Ok(row.bill_id)
}

fn check(kind: Relief, d: &Decision<'_>, today: NaiveDate) -> Result<()> {
    if d.grant && kind == Relief::Reduce && !d.percent.is_some_and(|p| (30..=99).contains(&p)) {
        return Err(Error::invalid(
            "relief.percent",
            said("减交比例不得低于 30%（第四十六条）。", "A reduction is 30 % at least (Art 46)."),
            said("请填 30 至 99；全部不交的是免交。", "Give 30 to 99; all of it is an exemption."),
        )
        .at("/percent"));
    }
    if d.grant && kind == Relief::Defer && d.until.is_none_or(|day| day <= today) {
        return Err(Error::invalid(
            "relief.until",
            said("缓交要写明到哪一天。", "A deferral names its last day."),
            said("请选择今天以后的日期。", "Choose a day after today."),
        )
        .at("/until"));
    }
    Ok(())
}

async fn grant(tx: &mut CourtTx, bill: &bills::Bill, kind: Relief, d: &Decision<'_>, relief: Uuid) -> Result<()> {
    let standing = ledger::standing(tx, bill.bill_id).await?;
    match kind {
        Relief::Defer => {
            let due = d.until.map(end_of_day);
            bills::set_state(tx, bill.bill_id, BillState::Deferred).await?;
            bills::set_due(tx, bill.bill_id, due).await?;
            if let Some(due) = due {
                tx.tell_later("fees.overdue", &json!({ "bill": bill.bill_id }), due)?;
            }
        }
        Relief::Reduce | Relief::Exempt => {
            let percent = if kind == Relief::Exempt { 100 } else { i64::from(d.percent.unwrap_or(30)) };
            // rounded in the party's favour: what is left is a whole fen
            let less = (standing.fee * percent + 99) / 100;
            let (postings, back) = money_rules::lessen(&standing, less);
            ledger::book(tx, "relief", Some(bill.bill_id), &relief.to_string(), &postings).await?;
            if back > 0 {
                super::refunds::ask_by_house(tx, bill, back, "relief", "诉讼费减交、免交", None).await?;
            }
            let left = ledger::standing(tx, bill.bill_id).await?;
            let state = match (left.fee, left.outstanding) {
                (0, _) => BillState::Waived,
                (_, 0) => BillState::Paid,
                _ => bill.is(),
            };
            if state != bill.is() {
                bills::set_state(tx, bill.bill_id, state).await?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reduction_is_thirty_percent_at_least_and_a_deferral_has_a_day() {
        let today: NaiveDate = "2026-11-23".parse().unwrap();
        let d = |grant, percent, until: Option<&str>| Decision { grant, percent, until: until.map(|u| u.parse().unwrap()), reason: "" };
        let rows = [
            (Relief::Reduce, d(true, Some(30), None), None),
            (Relief::Reduce, d(true, Some(29), None), Some("relief.percent")),
            (Relief::Reduce, d(true, Some(100), None), Some("relief.percent")),
            (Relief::Reduce, d(false, None, None), None),
            (Relief::Defer, d(true, None, Some("2026-11-24")), None),
            (Relief::Defer, d(true, None, Some("2026-11-23")), Some("relief.until")),
            (Relief::Defer, d(true, None, None), Some("relief.until")),
            (Relief::Exempt, d(true, None, None), None),
        ];
        for (kind, decision, code) in rows {
            assert_eq!(check(kind, &decision, today).err().map(|e| e.code), code, "{kind:?}");
        }
    }
}
