//! Doors of papers: reading one's paper, and the public page that tells whether a paper is real.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use sqlx::Row;
use uuid::Uuid;

use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result};
use crate::evidence::content::{Content as FileAnswer, serve_object};
use crate::kit::seal::sha256;
use crate::paper::issue;
use crate::paper::seal_state::{self, Kept, PaperSeal};

/// The doors.
pub struct PaperApi;

/// 核验结果.
#[derive(Object, Default)]
#[oai(skip_serializing_if_is_none)]
pub struct PaperVerdict {
    /// A paper with this code was issued here.
    pub found: bool,
    /// What may have been mistyped.
    pub hint: Option<String>,
    /// The same in English.
    pub hint_en: Option<String>,
    /// What is known of it.
    pub paper: Option<VerifiedPaper>,
}

/// What the public may know of a paper.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct VerifiedPaper {
    /// 名称.
    pub title: String,
    /// Kind.
    pub kind: String,
    /// Court.
    pub court_name: String,
    /// 案号 or 网立 number.
    pub number: Option<String>,
    /// Issued.
    pub issued_at: DateTime<Utc>,
    /// Pages.
    pub pages: Option<i32>,
    /// SHA-256 of the PDF: compare with the file in hand.
    pub sha256: Option<String>,
    /// SM3 of the PDF.
    pub sm3: Option<String>,
    /// Parties, natural persons masked.
    pub parties: Vec<String>,
    /// A newer paper took its place.
    pub superseded: bool,
    /// 电子印章.
    pub seal: PaperSeal,
}

#[OpenApi]
impl PaperApi {
    /// A paper as PDF.
    #[oai(path = "/courts/:court/papers/:paper/content", method = "get", operation_id = "get_paper")]
    async fn content(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        paper: Path<Uuid>,
        #[oai(name = "Range")] range: Header<Option<String>>,
    ) -> Result<FileAnswer> {
        let mut tx = app.door.enter(&caller, court.0, Act::PaperRead).await?;
        sqlx::query("select 1 from papers where court_id = $1 and paper_id = $2")
            .bind(court.0)
            .bind(paper.0)
            .fetch_optional(tx.conn())
            .await?
            .ok_or_else(Error::not_found)?;
        drop(tx);
        let ready = issue::ready(app, court.0, paper.0).await?;
        serve_object(app, &ready.object_key, "application/pdf", &format!("{}.pdf", ready.title), ready.size, range.0.as_deref()).await
    }

    /// Is this paper real? Anyone may ask, by the code on it.
    #[oai(path = "/papers/verify", method = "get", operation_id = "verify_paper")]
    async fn verify(&self, Data(app): Data<&App>, #[oai(validator(max_length = 60))] code: Query<String>) -> Result<Json<PaperVerdict>> {
        let signs = normal(&code.0);
        if let Some(verdict) = mistyped(&signs) {
            return Ok(Json(verdict));
        }
        let mut gate = app.door.gate("paper:verify", "".into()).await?;
        let found: Option<(i32, Uuid)> = sqlx::query_as("select court_id, paper_id from paper_codes where code_hash = $1")
            .bind(sha256(signs.as_bytes()))
            .fetch_optional(gate.conn())
            .await?;
        drop(gate);
        let Some((court, paper)) = found else { return Ok(Json(PaperVerdict::default())) };
        Ok(Json(PaperVerdict { found: true, paper: Some(known(app, court, paper).await?), ..PaperVerdict::default() }))
    }
}

async fn known(app: &App, court: i32, paper: Uuid) -> Result<VerifiedPaper> {
    issue::ready(app, court, paper).await?;
    let mut tx = app.door.enter_as_house(court, "paper:verify").await?;
    let row = sqlx::query(
        "select title, kind, number, issued_at, pages, sha256, sm3, parties, superseded from papers where court_id = $1 and paper_id = $2",
    )
    .bind(court)
    .bind(paper)
    .fetch_one(tx.conn())
    .await?;
    let kept: Kept = sqlx::query_as("select object_key, sealed_at, stamp from papers where court_id = $1 and paper_id = $2")
        .bind(court)
        .bind(paper)
        .fetch_one(tx.conn())
        .await?;
    drop(tx); // the file is read and checked without it
    Ok(VerifiedPaper {
        seal: seal_state::of(app, kept).await?,
        title: row.get("title"),
        kind: row.get("kind"),
        court_name: app.door.registry.name(court),
        number: row.get("number"),
        issued_at: row.get("issued_at"),
        pages: row.get("pages"),
        sha256: row.get("sha256"),
        sm3: row.get("sm3"),
        parties: row.get("parties"),
        superseded: row.get("superseded"),
    })
}

fn normal(code: &str) -> String {
    crate::kit::text::half_width(code).chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

/// A code that cannot exist is told apart from one that was never issued: the reader looks again at the paper.
fn mistyped(signs: &str) -> Option<PaperVerdict> {
    let hint = |zh: String, en: String| Some(PaperVerdict { hint: Some(zh), hint_en: Some(en), ..PaperVerdict::default() });
    let confusable = [('0', "D 或 Q", "D or Q"), ('1', "L 或 7", "L or 7"), ('O', "D 或 Q", "D or Q"), ('I', "L 或 J", "L or J")];
    if let Some((sign, zh, en)) = confusable.into_iter().find(|(c, ..)| signs.contains(*c)) {
        let what = if sign.is_ascii_digit() { ("数字", "digit") } else { ("字母", "letter") };
        return hint(
            format!("核验码里没有{} {sign}，可能是字母 {zh}。", what.0),
            format!("Codes contain no {} {sign}; it may be the letter {en}.", what.1),
        );
    }
    let n = signs.chars().count();
    if n != 12 {
        return hint(format!("核验码有 12 位，您输入了 {n} 位。"), format!("A code has 12 signs; you typed {n}."));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_gets_a_hint_and_not_a_verdict_of_forgery() {
        assert!(mistyped(&normal("7kqm-2xwa-9rft")).is_none());
        assert!(mistyped(&normal("7KQM-2XWA-9RF0")).unwrap().hint.unwrap().contains("没有数字 0"));
        assert!(mistyped(&normal("7KQM-2XWA")).unwrap().hint.unwrap().contains("12 位"));
    }
}
