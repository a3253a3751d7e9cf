//! The answer: what it comes to, tier by tier, by which article.
//!
//! Owns the order of the reckoning: amount, scale, halving once, rounding once. Must never guess a
//! figure, read a clock or a row.

use super::ask::{Amount, Question};
use super::burden::{Ending, given_back};
use super::change::{self, Difference, Meaning};
use super::halving::halve;
use super::kinds::{FeeKind, Formula};
use super::money::{Exact, MOST_FEN, Rounding, grouped, too_large};
use super::rates::{Rate, Rates, SecurityRule};
use super::tariff::{self, BANKRUPTCY_CAP, Line, Scale};
use super::words::Params;
use crate::error::{Error, Result, said};

/// A fee, reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoning {
    /// What kind it was.
    pub kind: &'static FeeKind,
    /// What it comes to, in fen.
    pub fee: i64,
    /// Which way the money goes.
    pub meaning: Meaning,
    /// Tier by tier.
    pub steps: Vec<Line>,
    /// The articles, in Chinese.
    pub basis: String,
    /// The articles, in English.
    pub basis_en: String,
}

/// A fee on its way: exact, with its lines and further articles.
pub(super) struct Draft {
    /// What it comes to so far.
    pub fee: Exact,
    /// The lines so far.
    pub lines: Vec<Line>,
    more: Vec<(String, String)>,
}

impl Draft {
    fn of((fee, lines): (Exact, Vec<Line>)) -> Self {
        Self { fee, lines, more: Vec::new() }
    }

    /// Names a further article, once.
    pub fn art(&mut self, zh: &str, en: &str) {
        let article = (zh.to_owned(), en.to_owned());
        if !self.more.contains(&article) {
            self.more.push(article);
        }
    }
}

/// Reckons a question as it was typed: the one entry of page, API and tables.
///
/// # Errors
/// What cannot be read, and what a court has not set.
pub fn reckon_typed(kind: &str, amount: &str, params: &str, rates: &Rates) -> Result<Reckoning> {
    reckon(&Question::read(kind, amount, params)?, rates)
}

/// Reckons a question.
///
/// # Errors
/// `fee.rate_unset`, `fee.base_out_of_range`, and what a kind is missing.
pub fn reckon(q: &Question, rates: &Rates) -> Result<Reckoning> {
    let way = rounding(&q.params, rates)?;
    let mut out = match changed(q, way)? {
        Some((difference, mut lines, more)) => {
            lines.extend(difference.lines);
            answer(q.kind, difference.fen, difference.meaning, lines, more)
        }
        None => {
            let mut draft = base(q, rates)?;
            halve(&mut draft, q);
            let fee = draft.fee.round(way);
            if !draft.fee.is_whole() || Exact::fen(fee) != draft.fee {
                let (zh, en) = way.say();
                draft.lines.push(Line::makes(format!("{zh}。"), format!("{}.", capital(en)), Exact::fen(fee)));
            }
            let free = matches!(q.kind.formula, Formula::Free) || fee == 0;
            answer(q.kind, fee, if free { Meaning::Free } else { Meaning::Pay }, draft.lines, draft.more)
        }
    };
    if let Some(note) = after_word(q) {
        out.steps.push(note);
    }
    Ok(out)
}

fn answer(kind: &'static FeeKind, fee: i64, meaning: Meaning, steps: Vec<Line>, more: Vec<(String, String)>) -> Reckoning {
    let (mut basis, mut basis_en) = (kind.article.0.to_owned(), kind.article.1.to_owned());
    for (zh, en) in more {
        basis = format!("{basis}；{zh}");
        basis_en = format!("{basis_en}; {en}");
    }
    Reckoning { kind, fee, meaning, steps, basis, basis_en }
}

fn rounding(params: &Params, rates: &Rates) -> Result<Rounding> {
    let Some(word) = params.word("rounding") else { return Ok(rates.rounding) };
    Rounding::parse(word).ok_or_else(|| {
        let all = Rounding::ALL.map(|(name, _)| name).join("、");
        Error::invalid(
            "fee.param_value",
            said("「不足一分的算法」（rounding）看不懂。", "The value of `rounding` cannot be read."),
            said(format!("可以用：{all}。"), format!("One of: {all}.")),
        )
        .at("/params/rounding")
    })
}

/// The fee before halving and rounding.
fn base(q: &Question, rates: &Rates) -> Result<Draft> {
    match q.kind.formula {
        Formula::Property | Formula::PropertyHalved => property(q),
        Formula::Contested => contested(q),
        Formula::Retrial => retrial(q),
        Formula::Divorce => based(q, rates, Rate::Divorce, &tariff::DIVORCE_PROPERTY),
        Formula::Personality => based(q, rates, Rate::Personality, &tariff::PERSONALITY_DAMAGES),
        Formula::Base(rate) => per_case(q, rates, rate),
        Formula::Fixed(fen) => Ok(Draft::of(fixed(fen))),
        Formula::Enforcement => enforcement(q, rates),
        Formula::Preservation => preservation(q),
        Formula::PaymentOrder => third(q),
        Formula::Bankruptcy => bankruptcy(q),
        Formula::Security => security(q, rates),
        // the changes were answered before
        _ => Ok(Draft::of(free(q.kind))),
    }
}

fn fixed(fen: i64) -> (Exact, Vec<Line>) {
    let amount = Exact::fen(fen);
    (amount, vec![Line::adds(format!("每件 {} 元。", grouped(fen)), format!("{} yuan a case.", grouped(fen)), amount)])
}

fn free(kind: &FeeKind) -> (Exact, Vec<Line>) {
    (Exact::ZERO, vec![Line::adds(format!("{}：不交纳。", kind.zh), format!("{}: nothing is charged.", kind.en), Exact::ZERO)])
}

/// The whole amount in fen, foreign currency turned into yuan (Art 55), sums said in a line.
fn whole(q: &Question, lines: &mut Vec<Line>, more: &mut Vec<(String, String)>) -> Result<i64> {
    let Some(mut amount) = q.amount.whole() else { return Ok(0) };
    if let Amount::Sum(parts) = &q.amount
        && parts.len() > 1
    {
        let said: Vec<String> = parts.iter().map(|p| grouped(*p)).collect();
        lines.push(Line::say(
            format!("各项财产请求先相加：{} = {} 元。", said.join(" + "), grouped(amount)),
            format!("The property claims are added first: {} = {} yuan.", said.join(" + "), grouped(amount)),
        ));
        more.push(("民诉法解释第二百零一条第二款".into(), "Interpretation Art 201(2)".into()));
    }
    if let Some(rate) = q.params.exchange() {
        amount = converted(amount, rate).ok_or_else(|| too_large().at("/amount"))?;
        lines.push(Line::say(
            format!("按受理当日的汇率折合人民币 {} 元。", grouped(amount)),
            format!("At the exchange rate of the day of acceptance: {} yuan.", grouped(amount)),
        ));
        more.push(("诉讼费用交纳办法第五十五条".into(), "Decree 481, Art 55".into()));
    }
    Ok(amount)
}

/// An amount of foreign currency in fen at so many millionths of a yuan a unit.
fn converted(amount: i64, rate: i128) -> Option<i64> {
    let fen = (i128::from(amount).checked_mul(rate)? + 500_000) / 1_000_000;
    i64::try_from(fen).ok().filter(|fen| *fen <= MOST_FEN)
}

fn climb(q: &Question, scale: &Scale) -> Result<Draft> {
    let (mut lines, mut more) = (Vec::new(), Vec::new());
    let amount = whole(q, &mut lines, &mut more)?;
    let (fee, tiers) = scale.climb(amount);
    lines.extend(tiers);
    Ok(Draft { fee, lines, more })
}

fn property(q: &Question) -> Result<Draft> {
    let mut draft = climb(q, &tariff::PROPERTY)?;
    if q.kind.key == "mixed_property_and_nonproperty" {
        let line = Line::say(
            "既有财产请求又有非财产请求的，按财产请求的标准交纳，非财产请求不另收。",
            "Property and other claims together: the property standard only; the other claim adds nothing.",
        );
        draft.lines.insert(0, line);
    }
    Ok(draft)
}

/// The part still contested (Art 17, 19): what the words say, else the amount itself.
fn contested(q: &Question) -> Result<Draft> {
    let mut asked = q.clone();
    let mut lead = Vec::new();
    if let Some(part) = q.params.fen("contested") {
        let first = q.amount.whole().unwrap_or(part);
        if part > first {
            return Err(Error::invalid(
                "fee.contested_above_amount",
                said(
                    format!("上诉的部分 {} 元大于一审的金额 {} 元。", grouped(part), grouped(first)),
                    format!("The contested part of {} yuan is more than the {} yuan of the first instance.", grouped(part), grouped(first)),
                ),
                said("请核对两个金额。", "Check the two amounts."),
            )
            .at("/params/contested"));
        }
        asked.amount = Amount::Sum(vec![part]);
        lead.push(Line::say(
            format!("按仍有争议的部分计算：{} 元。", grouped(part)),
            format!("By the part still contested: {} yuan.", grouped(part)),
        ));
    }
    let mut draft = climb(&asked, &tariff::PROPERTY)?;
    lead.append(&mut draft.lines);
    draft.lines = lead;
    Ok(draft)
}

/// Retrial is free but for two grounds (Art 9).
fn retrial(q: &Question) -> Result<Draft> {
    let ground = [
        ("new_evidence", "有新证据，足以推翻原裁判，法院决定再审的，交纳。", "New evidence overturns the judgment: a fee is due."),
        (
            "skipped_appeal",
            "对一审裁判没有上诉，生效后申请再审，法院决定再审的，交纳。",
            "No appeal was brought against the first judgment: a fee is due.",
        ),
    ]
    .into_iter()
    .find(|(key, _, _)| q.params.has(key));
    let Some((_, zh, en)) = ground else {
        return Ok(Draft::of((
            Exact::ZERO,
            vec![Line::adds("依照审判监督程序审理的案件，不交纳。", "Trial supervision: nothing is charged.", Exact::ZERO)],
        )));
    };
    if q.amount.whole().is_none() && !q.params.has("contested") {
        return Err(Error::invalid(
            "fee.amount_missing",
            said("这样的再审要按再审请求的金额算，还没有填金额。", "Such a retrial goes by the amount still contested, and none is given."),
            said("请填再审请求的金额，单位是元。", "Give the amount still contested, in yuan."),
        )
        .at("/amount"));
    }
    let mut draft = contested(q)?;
    draft.lines.insert(0, Line::say(zh, en));
    Ok(draft)
}

/// A base of the court and what the amount adds.
fn based(q: &Question, rates: &Rates, rate: Rate, extra: &Scale) -> Result<Draft> {
    let mut draft = per_case(q, rates, rate)?;
    let mut more = std::mem::take(&mut draft.more);
    let amount = whole(q, &mut draft.lines, &mut more)?;
    draft.more = more;
    if amount > 0 {
        let (fee, tiers) = extra.climb(amount);
        draft.lines.extend(tiers.into_iter().filter(|line| !line.result));
        draft.fee = draft.fee.plus(fee);
        draft.lines.push(Line::makes("合计。", "Together.", draft.fee));
    }
    Ok(draft)
}

fn per_case(q: &Question, rates: &Rates, rate: Rate) -> Result<Draft> {
    let figure = rates.figure(rate, q.params.fen("base"))?;
    let amount = Exact::fen(figure.fen);
    let (range, range_en) = rate.range_words();
    let line = Line::adds(
        format!("每件基数 {} 元（法定幅度 {range}）。", grouped(figure.fen)),
        format!("A base of {} yuan a case (statutory range {range_en}).", grouped(figure.fen)),
        amount,
    );
    let mut draft = Draft::of((amount, vec![line]));
    if let Some(basis) = figure.basis {
        draft.art(&basis, &basis);
    }
    if q.kind.key == "multi_nonproperty_claims" {
        draft.lines.insert(0, Line::say("多项非财产请求，只按一件交纳。", "Several claims without property: one fee."));
    }
    Ok(draft)
}

fn enforcement(q: &Question, rates: &Rates) -> Result<Draft> {
    match q.amount.whole().filter(|fen| *fen > 0 && !q.params.has("no_amount")) {
        Some(_) => climb(q, &tariff::ENFORCEMENT),
        None => per_case(q, rates, Rate::EnforcementNoAmount),
    }
}

fn preservation(q: &Question) -> Result<Draft> {
    match q.amount.whole().filter(|_| !q.params.has("no_amount")) {
        Some(_) => climb(q, &tariff::PRESERVATION),
        None => {
            let mut draft = Draft::of(fixed(3_000));
            draft.lines.insert(0, Line::say("不涉及财产数额的。", "No amount of property is concerned."));
            Ok(draft)
        }
    }
}

fn third(q: &Question) -> Result<Draft> {
    let mut draft = climb(q, &tariff::PROPERTY)?;
    draft.fee = draft.fee.third();
    draft.lines.push(Line::makes("支付令按财产案件受理费的三分之一。", "A payment order: one third of the acceptance fee.", draft.fee));
    Ok(draft)
}

fn bankruptcy(q: &Question) -> Result<Draft> {
    let mut draft = climb(q, &tariff::PROPERTY)?;
    draft.fee = draft.fee.half();
    draft.lines.push(Line::makes("破产案件按财产案件受理费减半。", "Bankruptcy: half of the acceptance fee.", draft.fee));
    if draft.fee > Exact::fen(BANKRUPTCY_CAP) {
        draft.fee = Exact::fen(BANKRUPTCY_CAP);
        draft.lines.push(tariff::capped(BANKRUPTCY_CAP));
    }
    Ok(draft)
}

/// 实现担保物权 by the court's own rule; a base that is given counts as a flat fee.
fn security(q: &Question, rates: &Rates) -> Result<Draft> {
    let rule = if q.params.has("base") { Some(SecurityRule::Flat) } else { rates.security };
    let share = match rule {
        None | Some(SecurityRule::Flat) => return per_case(q, rates, Rate::SecurityInterest),
        Some(SecurityRule::Free) => return Ok(Draft::of(free(q.kind))),
        Some(share) => share,
    };
    if q.amount.whole().is_none() {
        return Err(Error::invalid(
            "fee.amount_missing",
            said("这家法院按担保财产的价值收取，还没有填金额。", "This court goes by the value of the security, and none is given."),
            said("请填担保财产的价值，单位是元。", "Give the value of the security, in yuan."),
        )
        .at("/amount"));
    }
    let mut draft = climb(q, &tariff::PROPERTY)?;
    let (fee, zh, en) = match share {
        SecurityRule::PropertyThird => (draft.fee.third(), "按财产案件受理费的三分之一。", "One third of the acceptance fee."),
        SecurityRule::PropertyHalf => (draft.fee.half(), "按财产案件受理费的一半。", "Half of the acceptance fee."),
        _ => (draft.fee, "同财产案件受理费。", "As the acceptance fee."),
    };
    draft.fee = fee;
    draft.lines.push(Line::makes(zh, en, fee));
    Ok(draft)
}

type Changed = (Difference, Vec<Line>, Vec<(String, String)>);

/// The kinds that answer a difference; none for the others.
fn changed(q: &Question, way: Rounding) -> Result<Option<Changed>> {
    let paid = q.params.fen("already_paid");
    let amount = q.amount.whole().unwrap_or_default();
    let halved = |fee: Exact| if q.params.halvings().is_empty() { fee } else { fee.half() };
    let at = |fen: i64| halved(tariff::PROPERTY.climb(fen).0);
    let one = |difference: Difference| Ok(Some((difference, tariff::PROPERTY.climb(amount).1, Vec::new())));
    match (q.kind.formula, &q.amount) {
        (Formula::Lowered, Amount::Change(before, after)) => {
            direction(after <= before, q.kind)?;
            let in_time = match q.params.word("investigation") {
                Some("before") => true,
                Some(_) => false,
                None => return Err(investigation_missing()),
            };
            Ok(Some((
                change::lowered(at(*before), at(*after), paid, in_time, way),
                two(*before, at(*before), *after, at(*after)),
                Vec::new(),
            )))
        }
        (Formula::Raised, Amount::Change(before, after)) => {
            direction(after >= before, q.kind)?;
            Ok(Some((change::raised(at(*before), at(*after), paid, way), two(*before, at(*before), *after, at(*after)), Vec::new())))
        }
        (Formula::ToOrdinary, _) => one(change::to_ordinary(at(amount), paid, way)),
        (Formula::ToOrdinaryUnpaid, _) => one(change::to_ordinary_unpaid(at(amount), paid, way)),
        (Formula::ToSuit, _) => one(change::to_suit(at(amount), paid, way)),
        (Formula::Refund, _) => refund(q, amount, way).map(Some),
        _ => Ok(None),
    }
}

fn two(before: i64, was: Exact, after: i64, now: Exact) -> Vec<Line> {
    [(before, was, "原来", "Before"), (after, now, "现在", "After")]
        .map(|(amount, fee, zh, en)| Line {
            part: Some(amount),
            ..Line::adds(format!("{zh}的请求 {} 元，受理费。", grouped(amount)), format!("{en}: the fee on {} yuan.", grouped(amount)), fee)
        })
        .to_vec()
}

fn refund(q: &Question, paid: i64, way: Rounding) -> Result<Changed> {
    let ending = q.params.word("outcome").and_then(Ending::parse).ok_or_else(|| {
        let all = super::words::OUTCOMES.join("、");
        Error::invalid(
            "fee.param_missing",
            said("还没有说案件怎样了结。", "It does not say how the case ended."),
            said(format!("请填 outcome=，可以是：{all}。"), format!("Give outcome= with one of: {all}.")),
        )
        .at("/params/outcome")
    })?;
    let back = given_back(ending);
    let fen = back.share.of(Exact::fen(paid)).round(way);
    let line = Line { comes_to: Some(Exact::fen(fen)), result: true, ..back.line };
    let lines = vec![Line::adds("已经交纳。", "Already paid.", Exact::fen(paid)), line];
    let article = (back.article.0.to_owned(), back.article.1.to_owned());
    Ok((Difference { fen, meaning: Meaning::Refund, lines }, Vec::new(), vec![article]))
}

fn direction(fits: bool, kind: &FeeKind) -> Result<()> {
    if fits {
        return Ok(());
    }
    let other = if kind.formula == Formula::Lowered { "claim_increase_topup" } else { "claim_decrease_refund" };
    Err(Error::invalid(
        "fee.change_direction",
        said(format!("金额的变化和「{}」不符。", kind.zh), format!("The amounts do not fit: {}.", kind.en)),
        said(format!("请核对前后两个金额，或改选 {other}。"), format!("Check the two amounts, or choose {other}.")),
    )
    .at("/amount"))
}

fn investigation_missing() -> Error {
    Error::invalid(
        "fee.param_missing",
        said(
            "减少请求是在法庭调查终结前还是后，退费不同，还没有填。",
            "Whether the claim was lowered before or after the court investigation ended decides the refund, and is not given.",
        ),
        said(
            "请填 before end of court investigation 或 after end of court investigation。",
            "Give `before end of court investigation` or `after end of court investigation`.",
        ),
    )
    .at("/params/investigation")
}

/// What people should know beside the figure (Art 20, 22, 38, 53).
fn after_word(q: &Question) -> Option<Line> {
    let (zh, en) = match q.kind.formula {
        Formula::Enforcement => {
            ("执行申请费不预交，执行后交纳，由被执行人负担。", "Not prepaid: collected after enforcement and borne by the debtor.")
        }
        Formula::Bankruptcy => ("破产申请费不预交，清算后从破产财产中交纳。", "Not prepaid: paid from the estate after liquidation."),
        Formula::Preservation => {
            ("保全申请费由申请人先交，可以在诉讼请求里要求对方负担。", "The applicant pays it and may claim it in the suit.")
        }
        Formula::ToOrdinary | Formula::Raised => return None,
        Formula::Lowered | Formula::Refund => {
            ("应退的，裁判生效之日起十五日内退还。", "What is to be refunded is paid within fifteen days after the judgment takes effect.")
        }
        _ => return None,
    };
    Some(Line::say(zh, en))
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|c| c.to_uppercase().chain(signs).collect()).unwrap_or_default()
}
