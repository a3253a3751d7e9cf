//! 短信. (stub until the person branch lands)
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};
/// Sends one.
pub async fn send(_: &App, _: &Due) -> Result<Outcome> { Ok(Outcome::Done) }
pub enum To<'a> { Mobile(&'a str), Person(uuid::Uuid) }
pub struct Sms<'a> { pub to: To<'a>, pub template: &'static str, pub params: &'a [(&'a str, &'a str)], pub court: Option<i32>, pub until: Option<chrono::DateTime<chrono::Utc>> }
pub fn tell_sms(_: &mut crate::court::tx::CourtTx, _: &Sms<'_>) -> Result<()> { Ok(()) }
