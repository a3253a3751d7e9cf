//! What bears on the clocks of a case: 诉讼中止, days that are not counted, days on the way. Owns `clock_facts`.
//!
//! A stay stops every period of the case that can stand still; what is not counted (鉴定、公告 …) stops the trial limit
//! alone; days on the way belong to one clock. Must never rewrite a fact: it ends, or it stays.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Enum;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::clocks::Kept;
use super::reckon::{Bearing, may_stand_still};
use crate::court::beijing::{beijing_date, day_zh};
use crate::court::calendar::Suspension;
use crate::court::periods::{Kind, rule};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

/// Why days are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Ground {
    /// 诉讼中止.
    Stay,
    /// 鉴定.
    Appraisal,
    /// 审计、评估.
    Audit,
    /// 公告.
    Notice,
    /// 管辖争议.
    Jurisdiction,
    /// 双方当事人和解.
    Settlement,
    /// 调解 by agreement beyond its days.
    Mediation,
}

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 7] =
        [Self::Stay, Self::Appraisal, Self::Audit, Self::Notice, Self::Jurisdiction, Self::Settlement, Self::Mediation];

    /// The stable word, its names, its article.
    pub fn said(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Stay => ("stay", "诉讼中止", "stay of proceedings", "民事诉讼法第一百五十三条"),
            Self::Appraisal => ("appraisal", "鉴定期间", "appraisal", "民诉法解释第二百四十三条"),
            Self::Audit => ("audit", "审计、评估期间", "audit or valuation", "审限规定第九条"),
            Self::Notice => ("notice", "公告期间", "public notice", "民诉法解释第二百四十三条"),
            Self::Jurisdiction => ("jurisdiction", "处理管辖争议期间", "dispute over jurisdiction", "民诉法解释第二百四十三条"),
            Self::Settlement => ("settlement", "双方和解期间", "settlement talks of both sides", "民诉法解释第二百四十三条"),
            Self::Mediation => ("mediation", "双方同意延长的调解期间", "mediation prolonged by agreement", "在线调解规则第二十四条"),
        }
    }

    /// The ground of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.said().0 == word)
    }
}

/// A fact as it is kept.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of clock_facts, documented in the migration")]
pub struct Fact {
    pub case_id: Uuid,
    pub fact_id: Uuid,
    pub kind: String,
    pub ground: String,
    pub from_on: Option<NaiveDate>,
    pub until_on: Option<NaiveDate>,
    pub days: Option<i32>,
    pub clock_id: Option<Uuid>,
    pub reason: String,
    pub set_name: String,
    pub set_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "case_id, fact_id, kind, ground, from_on, until_on, days, clock_id, reason, set_name, set_at, ended_at";

/// The facts of these cases, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_cases(conn: &mut PgConnection, cases: &[Uuid]) -> Result<Vec<Fact>> {
    let sql = format!("select {COLUMNS} from clock_facts where case_id = any($1) order by set_at, fact_id");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(cases).fetch_all(conn).await?)
}

/// What of them bears on one clock; `own` knows it by its ids, and nothing for those that hang on docketing.
pub fn bearing(facts: &[Fact], case: Uuid, key: &str, own: impl Fn(Uuid) -> bool) -> Bearing {
    let Some(rule) = rule(key).filter(|r| may_stand_still(r)) else { return Bearing::default() };
    let mut bearing = Bearing::default();
    for fact in facts.iter().filter(|f| f.case_id == case) {
        let stops = fact.kind == "stay" || (fact.kind == "not_counted" && rule.kind == Kind::Internal);
        if let (true, Some(from)) = (stops, fact.from_on) {
            bearing.pauses.push(Suspension { from, until: fact.until_on });
            if fact.until_on.is_none() {
                bearing.still = Ground::parse(&fact.ground).map(|g| g.said().1.to_owned());
            }
        }
        if fact.kind == "travel" && fact.clock_id.is_some_and(&own) {
            bearing.travel_days += fact.days.and_then(|d| u32::try_from(d).ok()).unwrap_or(0);
        }
    }
    bearing
}

/// Days that are not to be counted.
pub struct NewPause<'a> {
    /// Why.
    pub ground: Ground,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where it is known.
    pub until: Option<NaiveDate>,
    /// In words.
    pub reason: &'a str,
}

/// Refuses a span that runs backwards, begins before the case, begins in the future, or lies over one of the same kind.
fn check(pause: &NewPause<'_>, facts: &[Fact], filed: NaiveDate, today: NaiveDate) -> Result<()> {
    let until = pause.until.unwrap_or(NaiveDate::MAX);
    if until < pause.from || pause.from < filed || pause.from > today {
        return Err(Error::invalid(
            "suspension.span",
            said(
                "起止日期不对：从立案之后、今天之前的某一天起，止日不早于起日。",
                "The days do not fit: from a day after docketing and not after today, and not ending before it begins.",
            ),
            said(format!("起日请填 {} 至 {}。", day_zh(filed), day_zh(today)), format!("Begin between {filed} and {today}.")),
        )
        .at("/from"));
    }
    let same = |f: &&Fact| f.ground == pause.ground.said().0;
    let over = facts.iter().filter(same).any(|f| f.from_on.is_some_and(|from| from <= until) && f.until_on.is_none_or(|u| u >= pause.from));
    if over {
        return Err(Error::conflict(
            "suspension.overlaps",
            said("这段日子已经有同样的停表。", "Days of the same kind are set for that time already."),
            said("请先给前一段写明止日。", "End the earlier one first."),
        ));
    }
    Ok(())
}

/// Writes days that are not counted; answers the fact's id and its kind.
///
/// # Errors
/// 422 for a span that does not fit, 409 for one that lies over another.
pub async fn suspend(tx: &mut CourtTx, case: Uuid, filed: DateTime<Utc>, pause: &NewPause<'_>) -> Result<(Uuid, &'static str)> {
    let facts = of_cases(tx.conn(), &[case]).await?;
    check(pause, &facts, beijing_date(filed), beijing_date(tx.now()))?;
    let kind = if pause.ground == Ground::Stay { "stay" } else { "not_counted" };
    let new =
        New { kind, ground: pause.ground.said().0, span: Some((pause.from, pause.until)), days: None, clock: None, reason: pause.reason };
    Ok((insert(tx, case, &new).await?, kind))
}

/// Days a party was on the way to the court, or a paper to the party (民事诉讼法 Art 85).
///
/// # Errors
/// 422 for a period that takes none.
pub async fn travel(tx: &mut CourtTx, clock: &Kept, days: i32, reason: &str) -> Result<Uuid> {
    refuse_what_never_stops(&clock.key)?;
    let new = New { kind: "travel", ground: "travel", span: None, days: Some(days), clock: Some(clock.clock_id), reason };
    insert(tx, clock.case_id, &new).await
}

/// 不变期间 and periods in hours take neither pause nor days on the way.
///
/// # Errors
/// 422.
pub fn refuse_what_never_stops(key: &str) -> Result<()> {
    if rule(key).is_some_and(may_stand_still) {
        return Ok(());
    }
    Err(Error::invalid(
        "clock.never_stops",
        said(
            "这种期限不停、不扣在途时间，也不能顺延补办（民诉法解释第一百二十七条）。",
            "This period never stops and is never extended (Interpretation Art 127).",
        ),
        said("请核对是哪一个期限。", "Check which period it is."),
    )
    .at("/clock_id"))
}

struct New<'a> {
    kind: &'static str,
    ground: &'static str,
    span: Option<(NaiveDate, Option<NaiveDate>)>,
    days: Option<i32>,
    clock: Option<Uuid>,
    reason: &'a str,
}

async fn insert(tx: &mut CourtTx, case: Uuid, new: &New<'_>) -> Result<Uuid> {
    let (court, id, now, me, who) = (tx.court, tx.id(), tx.now(), tx.person()?, tx.who.to_string());
    sqlx::query(
        "insert into clock_facts (court_id, case_id, fact_id, kind, ground, from_on, until_on, days, clock_id, reason, set_by, set_name, set_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(new.kind)
    .bind(new.ground)
    .bind(new.span.map(|(from, _)| from))
    .bind(new.span.and_then(|(_, until)| until))
    .bind(new.days)
    .bind(new.clock)
    .bind(new.reason)
    .bind(me)
    .bind(who)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// A pause ends: from the day after its last day the period runs on (民事诉讼法 Art 153).
///
/// # Errors
/// 404; 409 when it has ended; 422 for a day before it began.
pub async fn end(tx: &mut CourtTx, case: Uuid, fact: Uuid, until: NaiveDate, reason: &str) -> Result<Fact> {
    let (court, now) = (tx.court, tx.now());
    let sql =
        format!("select {COLUMNS} from clock_facts where court_id = $1 and case_id = $2 and fact_id = $3 and kind <> 'travel' for update");
    let held: Fact = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(court)
        .bind(case)
        .bind(fact)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)?;
    if held.ended_at.is_some() || held.until_on.is_some_and(|u| u < beijing_date(now)) {
        return Err(Error::conflict(
            "suspension.ended",
            said("这段停表已经结束。", "It has ended already."),
            said("请刷新页面。", "Reload the page."),
        ));
    }
    if held.from_on.is_none_or(|from| until < from) || until > beijing_date(now) {
        return Err(Error::invalid(
            "suspension.span",
            said("止日应在起日之后、今天之前（含今天）。", "It ends on a day from its first to today."),
            said("请核对止日。", "Check the last day."),
        )
        .at("/until"));
    }
    sqlx::query(
        "update clock_facts set until_on = $4, ended_at = $5, end_reason = $6 where court_id = $1 and case_id = $2 and fact_id = $3",
    )
    .bind(court)
    .bind(case)
    .bind(fact)
    .bind(until)
    .bind(now)
    .bind(reason)
    .execute(tx.conn())
    .await?;
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn fact(kind: &str, ground: &str, from: &str, until: Option<&str>) -> Fact {
        Fact {
            case_id: Uuid::nil(),
            fact_id: Uuid::nil(),
            kind: kind.into(),
            ground: ground.into(),
            from_on: Some(d(from)),
            until_on: until.map(d),
            days: None,
            clock_id: None,
            reason: String::new(),
            set_name: String::new(),
            set_at: DateTime::UNIX_EPOCH,
            ended_at: None,
        }
    }

    // proves: L42
    #[test]
    fn a_stay_stops_every_period_and_an_appraisal_the_trial_limit_alone() {
        let facts = [fact("stay", "stay", "2026-03-02", Some("2026-03-10")), fact("not_counted", "appraisal", "2026-04-01", None)];
        let pauses = |key: &str| bearing(&facts, Uuid::nil(), key, |_| false).pauses.len();
        assert_eq!(
            (pauses("trial_summary"), pauses("defence"), pauses("retrial_application"), pauses("preservation_urgent")),
            (2, 1, 0, 0)
        );
        assert_eq!(bearing(&facts, Uuid::nil(), "trial_summary", |_| false).still.as_deref(), Some("鉴定期间"));
        assert!(bearing(&facts, Uuid::nil(), "defence", |_| false).still.is_none());
        assert!(bearing(&facts, Uuid::max(), "trial_summary", |_| false).pauses.is_empty());
    }

    #[test]
    fn a_span_lies_in_the_life_of_the_case_and_over_no_other() {
        let facts = [fact("stay", "stay", "2026-03-02", Some("2026-03-10"))];
        let rows = [
            (Ground::Stay, "2026-03-11", None, None),
            (Ground::Stay, "2026-03-10", None, Some("suspension.overlaps")),
            (Ground::Appraisal, "2026-03-05", Some("2026-03-20"), None),
            (Ground::Stay, "2026-02-27", None, Some("suspension.span")),
            (Ground::Stay, "2026-06-02", None, Some("suspension.span")),
            (Ground::Stay, "2026-04-02", Some("2026-04-01"), Some("suspension.span")),
        ];
        for (ground, from, until, code) in rows {
            let pause = NewPause { ground, from: d(from), until: until.map(d), reason: "" };
            let found = check(&pause, &facts, d("2026-03-01"), d("2026-06-01")).err().map(|e| e.code);
            assert_eq!(found, code, "{ground:?} {from} {until:?}");
        }
        assert!(Ground::ALL.iter().all(|g| Ground::parse(g.said().0) == Some(*g) && g.said().3.contains('第')));
    }
}
