//! Tells Beijing days and says them: the day of an instant, midnight, the words on a page.
//!
//! Owns: the fixed offset +08:00, by which every deadline, case number and date of a court goes.
//! Must never read a clock. Imports nothing of ours.

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, Offset, TimeZone, Utc, Weekday};

/// Seconds that Beijing time (北京时间) is ahead of UTC.
const BEIJING_AHEAD_S: i32 = 8 * 3600;

/// Tells the calendar day in Beijing at an instant (案号 year and every deadline follow it, not UTC).
pub fn beijing_date(at: DateTime<Utc>) -> NaiveDate {
    (at + Duration::seconds(i64::from(BEIJING_AHEAD_S))).date_naive()
}

/// Tells the first instant of a day in Beijing.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    Utc.from_utc_datetime(&midnight) - Duration::seconds(i64::from(BEIJING_AHEAD_S))
}

/// Tells 24:00 of a day in Beijing, until which an online act is in time (在线诉讼规则 practice).
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    start_of_day(day) + Duration::days(1)
}

/// Rounds an instant up to the full hour after the one it lies in (民诉法解释 Art 125).
pub(crate) fn next_hour(at: DateTime<Utc>) -> DateTime<Utc> {
    let hour = at.timestamp().div_euclid(3600) + 1;
    Utc.timestamp_opt(hour * 3600, 0).single().unwrap_or(at)
}

/// Says a day for people: `2024 年 5 月 6 日（周一）`.
pub fn day_zh(day: NaiveDate) -> String {
    format!("{} 年 {} 月 {} 日（{}）", day.year(), day.month(), day.day(), weekday_zh(day.weekday()))
}

/// Says a day in English: `Mon 2024-05-06`.
pub fn day_en(day: NaiveDate) -> String {
    format!("{} {day}", day.weekday())
}

/// Names a weekday in Chinese.
pub fn weekday_zh(day: Weekday) -> &'static str {
    ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][day.num_days_from_monday() as usize]
}

/// The offset of Beijing time, for printing.
pub fn beijing_offset() -> FixedOffset {
    FixedOffset::east_opt(BEIJING_AHEAD_S).unwrap_or_else(|| Utc.fix())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_beijing_day_begins_at_16_utc() {
        let at: DateTime<Utc> = "2025-12-31T16:00:00Z".parse().unwrap();
        assert_eq!(beijing_date(at), d("2026-01-01"));
        assert_eq!(beijing_date(at - Duration::seconds(1)), d("2025-12-31"));
        assert_eq!(end_of_day(d("2025-12-31")), at);
        assert_eq!(start_of_day(d("2026-01-01")), at);
        assert_eq!(beijing_offset().local_minus_utc(), 28_800);
    }

    #[test]
    fn days_are_said_plainly() {
        assert_eq!(day_zh(d("2024-05-06")), "2024 年 5 月 6 日（周一）");
        assert_eq!(day_en(d("2024-05-06")), "Mon 2024-05-06");
    }

    #[test]
    fn a_sharp_hour_is_the_starting_hour() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(next_hour(at("2024-04-03T08:00:00Z")), at("2024-04-03T09:00:00Z"));
        assert_eq!(next_hour(at("2024-04-03T08:59:59Z")), at("2024-04-03T09:00:00Z"));
    }
}
