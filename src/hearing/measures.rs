//! 特别安排: what a judge orders so that somebody can take part without fear – who must not see or hear him or her, who comes
//! along, what else is to be seen to.
//!
//! Owns `hearing_participants.measures` and the screens of a hearing about one participant, which the matrix of `sight` is
//! held to. Must never screen anybody from the court, or from himself or herself.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::before::sitting::{self, Head, Sitting};
use super::guards::Hand;
use super::law;
use super::log::{self, Audience, Line};
use super::refusal::{Refusal, reasoned};
use super::sight::Screen;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::text::{Bounds, clean};

/// Somebody who must not perceive another.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct SeatScreen {
    /// Who must not see.
    pub viewer_id: Uuid,
    /// Nor hear.
    #[oai(default)]
    pub also_unheard: bool,
}

/// 特别安排 of a participant.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct SeatMeasures {
    /// Who must not see, or not hear, this one: held by the media server.
    #[oai(default, validator(max_items = 50))]
    #[serde(default)]
    pub screens: Vec<SeatScreen>,
    /// 陪同人: who sits beside this one.
    #[oai(validator(max_length = 60))]
    pub companion: Option<String>,
    /// What else the clerk and the technician have to see to.
    #[oai(validator(max_length = 500))]
    pub note: Option<String>,
}

/// As it is kept.
pub fn shown(kept: &Value) -> Option<SeatMeasures> {
    serde_json::from_value(kept.clone()).ok()
}

/// Orders measures for a participant; they take the place of those ordered before, and none at all ends them. The hearing's
/// row is held; after the commit the room has to be told.
///
/// # Errors
/// Whoever may not, a screen before the court, a hearing that is over, a reason that says nothing.
pub async fn order(
    tx: &mut CourtTx,
    hearing: Uuid,
    head: &Head,
    all: &[Sitting],
    (participant, hand): (Uuid, Hand),
    (measures, reason): (&SeatMeasures, &str),
) -> Result<()> {
    if hand != Hand::Judge {
        return Err(Refusal::new(
            "hearing.not_yours",
            ("特别安排由审判长（独任审判员）决定。", "The presiding judge orders special measures."),
            ("请转告审判人员。", "Pass it on to the judge."),
        )
        .by(law::OL22)
        .into());
    }
    if !(head.state.is_before() || head.state.is_sitting()) {
        return Err(Error::conflict(
            "hearing.over",
            said("庭审已经结束。", "The hearing is over."),
            said("需要保护的，请在笔录和档案中另行处理。", "What needs protection now is a matter of the record."),
        ));
    }
    reasoned(reason, "/reasons")?;
    let seat = sitting::find(all, participant)?;
    let kept = cleaned(measures, all, seat)?;
    write(tx, hearing, participant, kept.as_ref()).await?;
    let (now, screens) = (tx.now(), kept.as_ref().map_or(0, |m| m.screens.len()));
    let data = json!({ "screens": screens, "companion": kept.as_ref().is_some_and(|m| m.companion.is_some()) });
    let line = Line { what: "measures", participant: Some(participant), audience: Audience::Own, media: None, data };
    log::append(tx, hearing, head.case, now, &line).await.map(drop)
}

/// As it will be kept; none where nothing is left.
fn cleaned(m: &SeatMeasures, all: &[Sitting], about: &Sitting) -> Result<Option<SeatMeasures>> {
    if about.role().is_court() {
        return Err(wrong("法庭人员不作特别安排。", "Members of the court are not screened."));
    }
    for screen in &m.screens {
        let viewer = all.iter().find(|s| s.id() == screen.viewer_id);
        match viewer {
            None => return Err(wrong("本场庭审没有这位参与人。", "Nobody of this hearing.")),
            Some(v) if v.id() == about.id() => return Err(wrong("不能对本人屏蔽。", "Nobody is screened from himself or herself.")),
            Some(v) if v.role().is_court() => return Err(wrong("不能对法庭屏蔽。", "Nobody is screened from the court.")),
            Some(_) => {}
        }
    }
    let text = |t: &Option<String>, most| match t.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(t) => clean(t, Bounds::line(1, most)).map(Some).map_err(|_| wrong("文字太长，或者有不能用的字符。", "The text is too long.")),
    };
    let kept = SeatMeasures { screens: m.screens.clone(), companion: text(&m.companion, 60)?, note: text(&m.note, 500)? };
    let nothing = kept.screens.is_empty() && kept.companion.is_none() && kept.note.is_none();
    Ok((!nothing).then_some(kept))
}

fn wrong(zh: &'static str, en: &'static str) -> Error {
    Error::invalid("measures.wrong", said(zh, en), said("请改好后再保存。", "Mend it and save again.")).at("/measures")
}

async fn write(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, kept: Option<&SeatMeasures>) -> Result<()> {
    let court = tx.court;
    let Json(mut screens): Json<Vec<Screen>> =
        sqlx::query_scalar("select screens from hearings where court_id = $1 and hearing_id = $2 for update")
            .bind(court)
            .bind(hearing)
            .fetch_one(tx.conn())
            .await?;
    screens.retain(|s| s.subject != participant);
    let new = kept.iter().flat_map(|m| &m.screens);
    screens.extend(new.map(|s| Screen { viewer: s.viewer_id, subject: participant, also_unheard: s.also_unheard }));
    sqlx::query("update hearings set screens = $3, version = version + 1 where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .bind(Json(screens))
        .execute(tx.conn())
        .await?;
    sqlx::query("update hearing_participants set measures = $4, version = version + 1 where court_id = $1 and hearing_id = $2 and participant_id = $3")
        .bind(court)
        .bind(hearing)
        .bind(participant)
        .bind(kept.map(Json))
        .execute(tx.conn())
        .await?;
    Ok(())
}
