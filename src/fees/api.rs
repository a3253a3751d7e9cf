//! Doors of the fee calculator: open to everybody, no sign-in, counted by address like every door.
//!
//! Owns the shapes on the wire. Must never decide a figure: that is `reckon.rs`.

use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::change::Meaning;
use super::kinds::{AmountUse, FeeKind, Formula, KINDS};
use super::money::{Exact, yuan};
use super::rates::{Rate, Rates};
use super::reckon::{Reckoning, reckon_typed};
use super::tariff::{Line, percent};
use super::words::{PARAMS, Param, Takes};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::public::named_court;
use crate::court::registry::Court;
use crate::court::rules::CourtRules;
use crate::error::Result;

/// The doors.
pub struct FeeApi;

/// One line of the reckoning.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeStep {
    /// In Chinese.
    pub text: String,
    /// In English.
    pub text_en: String,
    /// The part of the amount it is about, in yuan.
    pub part: Option<String>,
    /// The rate, such as 2.5%.
    pub rate: Option<String>,
    /// What it adds, or comes to, in yuan.
    pub amount: Option<String>,
    /// True when the line says what it comes to so far instead of adding a part.
    pub result: bool,
}

/// A fee, reckoned step by step.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeAnswer {
    /// Yuan with two decimals.
    pub fee: String,
    /// The same in fen.
    pub fee_fen: i64,
    /// pay, refund, top_up or free.
    pub meaning: String,
    /// What the figure is, in Chinese.
    pub meaning_text: String,
    /// What the figure is, in English.
    pub meaning_text_en: String,
    /// The kind.
    pub kind: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Tier by tier.
    pub steps: Vec<FeeStep>,
    /// 依据.
    pub basis: String,
    /// The articles in English.
    pub basis_en: String,
    /// The court whose figures were used.
    pub court: Option<i32>,
    /// Its name.
    pub court_name: Option<String>,
}

/// A word a kind understands.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeParam {
    /// Stable key.
    pub key: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// What follows it: nothing, yuan, one_of, number, letters.
    pub takes: String,
    /// The words it may be.
    pub options: Option<Vec<String>>,
    /// Least, in yuan.
    pub min: Option<String>,
    /// Most, in yuan.
    pub max: Option<String>,
}

/// A kind of fee.
#[derive(Object)]
pub struct FeeKindView {
    /// Stable key.
    pub key: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// suit, appeal, application, change or free.
    pub group: String,
    /// none, optional, required or change.
    pub amount: String,
    /// What the amount is, in Chinese.
    pub amount_is: String,
    /// What the amount is, in English.
    pub amount_is_en: String,
    /// What it understands beside the amount.
    pub params: Vec<FeeParam>,
    /// 依据.
    pub article: String,
    /// The article in English.
    pub article_en: String,
    /// Other spellings of the key.
    pub also_called: Vec<String>,
}

/// Every kind of fee.
#[derive(Object)]
pub struct FeeKindList {
    /// In the order of the decree.
    pub items: Vec<FeeKindView>,
}

#[OpenApi]
impl FeeApi {
    /// 诉讼费计算: what a case, an application or a change of claim costs, tier by tier.
    #[oai(path = "/calculators/fee", method = "get", operation_id = "calculate_fee")]
    async fn fee(
        &self,
        Data(app): Data<&App>,
        /// A key or name from /calculators/fee/kinds.
        #[oai(validator(max_length = 80))]
        kind: Query<Option<String>>,
        /// Yuan, at most two decimals; `60000+40000` adds, `300000->100000` changes.
        #[oai(validator(max_length = 400))]
        amount: Query<Option<String>>,
        /// Words parted by `;`, such as `base=300;summary`.
        #[oai(validator(max_length = 400))]
        params: Query<Option<String>>,
        /// The id of a court whose figures apply, such as 370102.
        #[oai(validator(max_length = 20))]
        court: Query<Option<String>>,
    ) -> Result<Json<FeeAnswer>> {
        let court = named_court(app, court.0.as_deref())?;
        let rates = court.as_ref().map(|court| rates_of(app, court)).unwrap_or_default();
        let answer = reckon_typed(
            kind.0.as_deref().unwrap_or_default(),
            amount.0.as_deref().unwrap_or_default(),
            params.0.as_deref().unwrap_or_default(),
            &rates,
        )?;
        Ok(Json(shown(answer, court.map(|c| c.court_id), rates.court)))
    }

    /// The kinds of fee, what each amount means and which parameters it takes.
    #[oai(path = "/calculators/fee/kinds", method = "get", operation_id = "list_fee_kinds")]
    async fn kinds(&self) -> Result<Json<FeeKindList>> {
        Ok(Json(FeeKindList { items: KINDS.iter().map(kind_view).collect() }))
    }
}

/// The figures of a court today.
fn rates_of(app: &App, court: &Court) -> Rates {
    Rates::at(&CourtRules::on(&app.door.registry, court.court_id, beijing_date(app.now())), &court.name)
}

fn shown(answer: Reckoning, court: Option<i32>, court_name: Option<String>) -> FeeAnswer {
    let (meaning_text, meaning_text_en) = meaning_words(answer.meaning);
    FeeAnswer {
        fee: yuan(answer.fee),
        fee_fen: answer.fee,
        meaning: answer.meaning.word().into(),
        meaning_text: meaning_text.into(),
        meaning_text_en: meaning_text_en.into(),
        kind: answer.kind.key.into(),
        name: answer.kind.zh.into(),
        name_en: answer.kind.en.into(),
        steps: answer.steps.into_iter().map(step).collect(),
        basis: answer.basis,
        basis_en: answer.basis_en,
        court,
        court_name,
    }
}

fn meaning_words(meaning: Meaning) -> (&'static str, &'static str) {
    match meaning {
        Meaning::Pay => ("应交", "To pay"),
        Meaning::Refund => ("应退还", "To be refunded"),
        Meaning::TopUp => ("应补交", "To be added"),
        Meaning::Free => ("不用交", "Nothing to pay"),
    }
}

fn step(line: Line) -> FeeStep {
    FeeStep {
        text: line.zh,
        text_en: line.en,
        part: line.part.map(yuan),
        rate: line.permille.map(percent),
        amount: line.comes_to.map(Exact::yuan),
        result: line.result,
    }
}

fn kind_view(kind: &FeeKind) -> FeeKindView {
    FeeKindView {
        key: kind.key.into(),
        name: kind.zh.into(),
        name_en: kind.en.into(),
        group: kind.group.into(),
        amount: AmountUse::word(kind.amount).into(),
        amount_is: kind.amount_is.0.into(),
        amount_is_en: kind.amount_is.1.into(),
        params: PARAMS.iter().filter(|p| kind.params.contains(&p.key)).map(|p| param_view(p, kind)).collect(),
        article: kind.article.0.into(),
        article_en: kind.article.1.into(),
        also_called: kind.also.iter().map(|a| (*a).to_owned()).collect(),
    }
}

fn param_view(param: &Param, kind: &FeeKind) -> FeeParam {
    let range = if param.key == "base" { rate_of(kind).map(Rate::range) } else { None };
    let (takes, options) = match param.takes {
        Takes::Nothing => ("nothing", None),
        Takes::Yuan => ("yuan", None),
        Takes::OneOf(words) => ("one_of", Some(words.iter().map(|w| (*w).to_owned()).collect())),
        Takes::Number => ("number", None),
        Takes::Letters => ("letters", None),
    };
    FeeParam {
        key: param.key.into(),
        name: param.zh.into(),
        name_en: param.en.into(),
        takes: takes.into(),
        options,
        min: range.map(|(low, _)| yuan(low)),
        max: range.map(|(_, high)| yuan(high)),
    }
}

/// The figure of the court a kind needs.
fn rate_of(kind: &FeeKind) -> Option<Rate> {
    Some(match kind.formula {
        Formula::Base(rate) => rate,
        Formula::Divorce => Rate::Divorce,
        Formula::Personality => Rate::Personality,
        Formula::Enforcement => Rate::EnforcementNoAmount,
        Formula::Security => Rate::SecurityInterest,
        _ => return None,
    })
}
