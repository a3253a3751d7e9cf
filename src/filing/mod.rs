//! 网上立案: drafts, checks, submission, the clerk's review.
//!
//! Owns drafts, filings, filing_people, filing_files, filing_marks, corrections, offline_filings. Must never
//! force filing online (A10), nor ask twice for what could be asked once (L09).

pub mod accept;
pub mod api;
pub mod appeal_api;
pub mod appeal_carry;
pub mod appeal_return;
pub mod appeals;
pub mod carry;
pub mod case_file;
pub mod case_papers;
pub mod checks;
pub mod choices;
pub mod compared;
pub mod content;
pub mod draft_api;
pub mod draft_views;
pub mod drafts;
pub mod forms;
pub mod jobs;
pub mod kinds;
pub mod late;
pub mod look_up;
pub mod masked;
pub mod moved;
pub mod offline;
pub mod offline_views;
pub mod pleading;
pub mod policy_api;
pub mod read;
pub mod review;
pub mod review_rules;
pub mod shape;
pub mod store;
pub mod submit;
pub mod twins;
pub mod views;
pub mod words;

use crate::error::{Error, FieldProblem, said};
use crate::kit::text::TextError;

/// A fault of shape as a field problem.
pub fn shape_problem(e: shape::FieldError) -> FieldProblem {
    FieldProblem { field: e.field, code: e.code.to_owned(), detail: e.zh, detail_en: e.en, cure: e.cure_zh, cure_en: e.cure_en }
}

/// A fault of a text as a refusal that names the field.
pub fn text_problem(field: &'static str) -> impl Fn(TextError) -> Error {
    move |e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field)
}

/// A fault of review as a refusal.
pub fn review_problem(e: review_rules::ReviewError) -> Error {
    let make = if e.code == "filing.state" { Error::conflict } else { Error::invalid };
    let refusal = make(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en));
    match e.item {
        Some(n) => refusal.at(format!("/items/{}", n - 1)),
        None => refusal,
    }
}
