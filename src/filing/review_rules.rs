//! Decides what a court may do with a filing it reviews, and by when.
//!
//! Owns: the states of a filing, the review clock, what makes a correction list and a refusal valid
//! (民事诉讼法 Art 126, 立案登记规定 Art 7–8, 在线诉讼规则 Art 9). Must never read a clock or a row.
//! Imports `court/beijing.rs`, `court/calendar.rs`, `court/periods.rs` and `kit/text.rs`.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::court::beijing::{beijing_date, end_of_day};
use crate::court::calendar::{Calendar, CalendarError, Counted, Period};
use crate::court::periods::{CountingModes, rule};
use crate::kit::text::{refuse_hidden, signs};
use crate::kit::words::column;

/// The most days a review may take by law (民事诉讼法 Art 126).
pub const MOST_REVIEW_DAYS: u32 = 7;
/// The fewest signs of a reason for refusal (释明, F09).
pub const LEAST_REASON: usize = 20;
/// The most items a correction list may have.
pub const MOST_ITEMS: usize = 100;

/// Where a filing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, poem_openapi::Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum FilingState {
    /// 待审查.
    Submitted,
    /// 已退回补正.
    Returned,
    /// 已立案.
    Accepted,
    /// 不予受理.
    Refused,
    /// 已移送.
    Transferred,
    /// 已撤回.
    Withdrawn,
}

column!(FilingState);

/// What moves a filing on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// 退回补正, by the court.
    Return,
    /// 立案, by the court.
    Accept,
    /// 不予受理, by the court.
    Refuse,
    /// 移送, by the court.
    Transfer,
    /// 撤回, by the filer.
    Withdraw,
    /// 提交补正, by the filer.
    Correct,
}

/// Every move.
pub const MOVES: [Move; 6] = [Move::Return, Move::Accept, Move::Refuse, Move::Transfer, Move::Withdraw, Move::Correct];

impl Move {
    /// The word the API uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Transfer => "transfer",
            Self::Withdraw => "withdraw",
            Self::Correct => "correct",
        }
    }
    /// Tells whether the filer makes this move, not the court.
    pub fn is_filers(self) -> bool {
        matches!(self, Self::Withdraw | Self::Correct)
    }
}

impl FilingState {
    /// The word the API uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Transferred => "transferred",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Tells where a move leads. A filing not corrected may still be refused, so that the filer gets
    /// a ruling to appeal (立案登记规定 Art 7); what is decided stays decided.
    pub fn after(self, by: Move) -> Result<Self, ReviewError> {
        match (self, by) {
            (Self::Submitted, Move::Return) => Ok(Self::Returned),
            (Self::Submitted, Move::Accept) => Ok(Self::Accepted),
            (Self::Submitted | Self::Returned, Move::Refuse) => Ok(Self::Refused),
            (Self::Submitted, Move::Transfer) => Ok(Self::Transferred),
            (Self::Submitted | Self::Returned, Move::Withdraw) => Ok(Self::Withdrawn),
            (Self::Returned, Move::Correct) => Ok(Self::Submitted),
            _ => Err(ReviewError::state(self)),
        }
    }

    /// Lists the moves open to the court or to the filer.
    pub fn may(self, filer: bool) -> Vec<Move> {
        let open = |m: &Move| m.is_filers() == filer && self.after(*m).is_ok();
        MOVES.into_iter().filter(open).collect()
    }
}

/// Why a step of the review is not possible, with its cure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewError {
    /// Stable code.
    pub code: &'static str,
    /// 原因.
    pub zh: Cow<'static, str>,
    /// The cause in English.
    pub en: Cow<'static, str>,
    /// 怎么办.
    pub cure_zh: &'static str,
    /// The cure in English.
    pub cure_en: &'static str,
    /// The item at fault, counted from 1, in a correction list.
    pub item: Option<usize>,
}

impl fmt::Display for ReviewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.en)
    }
}

impl std::error::Error for ReviewError {}

type Words = (&'static str, &'static str);

impl ReviewError {
    fn new(code: &'static str, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>, cure: Words) -> Self {
        Self { code, zh: zh.into(), en: en.into(), cure_zh: cure.0, cure_en: cure.1, item: None }
    }

    fn state(state: FilingState) -> Self {
        let (zh, en) = match state {
            FilingState::Submitted => ("这份材料正在等待审查。", "This filing is waiting for review."),
            FilingState::Returned => ("这份材料已退回补正，还没有补来。", "This filing was returned and is not yet corrected."),
            FilingState::Accepted => ("这份材料已经立案。", "This filing is already docketed."),
            FilingState::Refused => ("这份材料已裁定不予受理。", "This filing was refused."),
            FilingState::Transferred => ("这份材料已移送其他法院。", "This filing was sent to another court."),
            FilingState::Withdrawn => ("这份材料已由提交人撤回。", "The filer withdrew this filing."),
        };
        let cure = ("请刷新页面，看现在能办什么。", "Reload the page to see what can be done now.");
        Self::new("filing.state", zh, en, cure)
    }
}

/// How long a court gives itself for a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRule {
    /// Days, from 1 to 7.
    pub days: u32,
    /// Whether the court aims at the same day (Shandong 2020 No. 9).
    pub same_day_target: bool,
}

impl ReviewRule {
    /// Checks the figures a court wants to set (F08).
    pub fn checked(days: u32, same_day_target: bool) -> Result<Self, ReviewError> {
        if (1..=MOST_REVIEW_DAYS).contains(&days) {
            return Ok(Self { days, same_day_target });
        }
        let cure =
            ("要更长的时间，请用「退回补正」，补齐后重新计算。", "Use \"return for correction\"; the period restarts when complete.");
        let zh = format!("不能填 {days} 日。法律规定最长 7 日，最短 1 日。");
        let en = format!("{days} days is not possible: the law allows 1 to 7.");
        Err(ReviewError::new("filing.review_days", zh, en, cure))
    }
}

impl ReviewRule {
    /// 24:00 of the first working day from the receipt, when the court aims at the same day.
    pub fn target(&self, from: DateTime<Utc>, calendar: &Calendar) -> Result<Option<DateTime<Utc>>, CalendarError> {
        Ok(if self.same_day_target { Some(end_of_day(calendar.working_day_from(beijing_date(from))?)) } else { None })
    }
}

/// The clock of one review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewClock {
    /// The hard limit.
    pub counted: Counted,
    /// 24:00 of the day the court aims at, when it aims at the same day.
    pub target_at: Option<DateTime<Utc>>,
}

impl ReviewClock {
    /// Starts the clock at the receipt of the filing, or anew at the receipt of the corrected one:
    /// the day after it arrived is the first day (在线诉讼规则 Art 9).
    pub fn start(
        received: DateTime<Utc>,
        corrected: Option<DateTime<Utc>>,
        by: ReviewRule,
        calendar: &Calendar,
        modes: &CountingModes,
    ) -> Result<Self, CalendarError> {
        let from = corrected.unwrap_or(received);
        let period = Period::days(by.days.clamp(1, MOST_REVIEW_DAYS));
        let counted = match rule("filing_decision") {
            Some(rule) => rule.count_for(period, calendar, from, modes, &[])?,
            None => calendar.count(period, from, crate::court::calendar::Roll::Yes)?,
        };
        Ok(Self { counted, target_at: by.target(from, calendar)? })
    }

    /// Tells whether a decision at an instant met the same-day target; none when there is none.
    pub fn met_target(&self, decided: DateTime<Utc>) -> Option<bool> {
        self.target_at.map(|target| decided < target)
    }

    /// Tells whether the limit has passed at an instant; it goes on the breach list (F08).
    pub fn is_breached(&self, now: DateTime<Utc>) -> bool {
        now >= self.counted.due_at
    }
}

/// One item of a correction list (补正清单).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectionItem {
    /// Step of the form.
    pub step: String,
    /// JSON pointer into the content.
    pub field: Option<String>,
    /// File.
    pub file_id: Option<String>,
    /// Page of the file.
    pub page: Option<u32>,
    /// 什么问题.
    pub what: String,
    /// 在哪里.
    #[serde(rename = "where")]
    pub place: String,
    /// 怎么补.
    pub cure: String,
    /// A lawful ground is given for wanting the paper original (在线诉讼规则 Art 12).
    #[serde(default)]
    pub original_ground: bool,
}

/// Checks a correction list: at least one item, each with what, where and cure (L09, F09).
pub fn check_list(items: &[CorrectionItem], earlier_returns: usize) -> Result<(), Vec<ReviewError>> {
    if items.is_empty() || items.len() > MOST_ITEMS {
        let cure = ("请逐项写明要补什么。", "List what is to be corrected, item by item.");
        let zh = format!("补正清单应有 1 至 {MOST_ITEMS} 项。");
        let en = format!("A correction list has 1 to {MOST_ITEMS} items.");
        return Err(vec![ReviewError::new("filing.correction_count", zh, en, cure)]);
    }
    let mut errors = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let found = item_error(item, earlier_returns).or_else(|| twin_error(items, i));
        errors.extend(found.map(|error| ReviewError { item: Some(i + 1), ..error }));
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn item_error(item: &CorrectionItem, earlier_returns: usize) -> Option<ReviewError> {
    let parts = [
        (&item.what, "filing.correction_what", "没有写是什么问题。", "It does not say what is wrong."),
        (&item.place, "filing.correction_where", "没有写问题在哪里。", "It does not say where."),
        (&item.cure, "filing.correction_cure", "没有写怎么补。", "It does not say how to correct it."),
    ];
    let cure = ("当事人只看得到这几句话，请写完整。", "The filer reads only these words; complete them.");
    for (text, code, zh, en) in parts {
        if signs(text) < 2 || refuse_hidden(text, true).is_err() {
            return Some(ReviewError::new(code, zh, en, cure));
        }
    }
    let wants_paper = [&item.what, &item.cure].iter().any(|t| ["原件", "纸质", "纸本"].iter().any(|word| t.contains(word)));
    if wants_paper && !item.original_ground {
        return Some(ReviewError::new(
            "filing.original_ground",
            "要当事人交原件，要有法定理由。",
            "A paper original may be asked for on a ground of the law only.",
            (
                "请选择理由（在线诉讼规则第十二条）；只是要看得更清楚的，请改为「重拍后上传」。",
                "Choose the ground (Online Litigation Rules art. 12); if it is only hard to read, ask for a better picture.",
            ),
        ));
    }
    let located = item.field.is_some() || item.file_id.is_some();
    (earlier_returns > 0 && !located).then(|| {
        ReviewError::new(
            "filing.correction_place",
            "再次退回的，每一项都要指到具体的栏目或文件。",
            "On a second return every item names its field or file.",
            ("请点选栏目或文件后再写。", "Choose the field or file first."),
        )
    })
}

fn twin_error(items: &[CorrectionItem], i: usize) -> Option<ReviewError> {
    let twin = items[..i].iter().any(|other| *other == items[i]);
    twin.then(|| {
        let cure = ("请删去重复的一项。", "Remove the double.");
        ReviewError::new("filing.correction_twin", "与前面的一项重复。", "It repeats an earlier item.", cure)
    })
}

/// What the reviewer had before them.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewed {
    /// The content.
    pub content: Value,
    /// The ids of its files.
    pub file_ids: Vec<String>,
}

/// Finds the items of a later list that could have stood in the first one: about a field or file that
/// was there at the first review, is unchanged, and that no earlier list named. The list must be
/// complete the first time (一次性告知, 在线诉讼规则 Art 9, 立案登记规定 Art 7); such items are recorded as
/// violations, they do not bind the filer the less. Gives places in `items`.
pub fn violations(first: &Reviewed, now: &Reviewed, earlier: &[CorrectionItem], items: &[CorrectionItem]) -> Vec<usize> {
    let late = |item: &CorrectionItem| {
        if let Some(file) = &item.file_id {
            let named = earlier.iter().any(|e| e.file_id.as_ref() == Some(file));
            return first.file_ids.contains(file) && !named;
        }
        let Some(field) = &item.field else { return false };
        let then = at_same_row(&first.content, &now.content, field);
        let named = earlier.iter().filter_map(|e| e.field.as_deref()).any(|e| covers(e, field));
        !named && then == now.content.pointer(field)
    };
    items.iter().enumerate().filter(|(_, item)| late(item)).map(|(i, _)| i).collect()
}

/// Tells whether an earlier item on a pointer named a later pointer too.
fn covers(earlier: &str, later: &str) -> bool {
    later.strip_prefix(earlier).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Finds in the first content the value a pointer means in the present one: rows are followed by
/// their id, because rows move when others are added or taken away.
fn at_same_row<'a>(first: &'a Value, now: &Value, pointer: &str) -> Option<&'a Value> {
    let (mut then, mut here) = (first, Some(now));
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        let next_here = here.and_then(|h| step(h, &key));
        let id = next_here.and_then(|v| v.get("id")).filter(|id| id.is_string());
        then = match (then, id) {
            (Value::Array(rows), Some(id)) => rows.iter().find(|row| row.get("id") == Some(id))?,
            (then, _) => step(then, &key)?,
        };
        here = next_here;
    }
    Some(then)
}

fn step<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Array(rows) => rows.get(key.parse::<usize>().ok()?),
        Value::Object(members) => members.get(key),
        _ => None,
    }
}

/// Checks the days given for correction against the court's rule.
pub fn correction_days(days: u32, most: u32) -> Result<Period, ReviewError> {
    if (1..=most.max(1)).contains(&days) {
        return Ok(Period::days(days));
    }
    let zh = format!("补正期限应为 1 至 {most} 日，您填了 {days} 日。");
    let en = format!("The time for correction is 1 to {most} days; you typed {days}.");
    let cure = ("请改成规则以内的天数。", "Choose a number within the court's rule.");
    Err(ReviewError::new("filing.correction_days", zh, en, cure))
}

/// Checks the reason of a refusal or transfer: long enough to explain (释明, F09).
pub fn reason(text: &str) -> Result<String, ReviewError> {
    let n = signs(text);
    if n < LEAST_REASON {
        let zh = format!("理由至少 {LEAST_REASON} 字，现在有 {n} 字。");
        let en = format!("A reason has at least {LEAST_REASON} signs; there are {n}.");
        let cure = (
            "请写明哪一条不符合、依据哪一条、当事人可以怎么办。",
            "Say which condition is not met, by which article, and what the filer can do.",
        );
        return Err(ReviewError::new("filing.reason_short", zh, en, cure));
    }
    match refuse_hidden(&text.replace("\r\n", "\n"), true) {
        Ok(()) => Ok(text.trim().to_owned()),
        Err(error) => {
            let cure = ("请重新输入，不要从别处粘贴。", "Type it again instead of pasting.");
            Err(ReviewError::new(error.code, error.zh, error.en, cure))
        }
    }
}

#[cfg(test)]
#[path = "review_tests.rs"]
mod tests;
