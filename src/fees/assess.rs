//! 核定诉讼费: which question a case asks of the tariff, and the bill that follows.
//!
//! At docketing the house asks by itself (Art 20: the plaintiff prepays the acceptance fee). Where the tariff needs a
//! figure the court has not set, or the case does not say what it is worth, no bill is made and the clerk is asked: a
//! fee is never guessed. Enforcement fees are not prepaid (Art 20).

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::bills::{self, NewBill};
use super::kinds::FeeKind;
use super::ledger;
use super::money::yuan;
use super::money_rules;
use super::papers;
use super::rates::Rates;
use super::reckon::{Reckoning, reckon_typed};
use crate::app::App;
use crate::court::beijing::{beijing_date, start_of_day};
use crate::court::clock_view::Life;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::docket::read::Row;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};

/// A question as it is typed to the tariff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Kind of the tariff.
    pub kind: String,
    /// Amount in yuan, or nothing.
    pub amount: String,
    /// Words beside it.
    pub params: String,
}

impl Asked {
    /// Asks the tariff at a court today.
    ///
    /// # Errors
    /// What cannot be read, and what the court has not set.
    pub fn reckon(&self, app: &App, court: i32) -> Result<Reckoning> {
        let rules = CourtRules::on(&app.door.registry, court, beijing_date(app.now()));
        reckon_typed(&self.kind, &self.amount, &self.params, &Rates::at(&rules, &app.door.registry.name(court)))
    }
}

/// What a case asks of the tariff when it is docketed; none where nothing is prepaid. `path` are the names of its cause
/// and of those above it.
pub fn question(kind: &str, path: &[String], amount_fen: Option<i64>, procedure: &str) -> Option<Asked> {
    let about = |words: &[&str]| path.iter().any(|name| words.iter().any(|w| name.contains(w)));
    let amount = amount_fen.filter(|fen| *fen > 0).map(yuan).unwrap_or_default();
    let word = match kind {
        "enforcement" => return None,
        "administrative" if about(&["行政赔偿"]) => "admin_compensation",
        "administrative" if about(&["商标", "专利", "海事"]) => "admin_trademark_patent_maritime",
        "administrative" => "admin_other",
        _ if about(&["特别程序"]) => "special_procedure",
        _ if about(&["劳动争议", "人事争议"]) => "labour",
        _ if about(&["离婚纠纷"]) => "divorce",
        _ if about(&["人格权纠纷"]) => "personality",
        _ if about(&["知识产权"]) && amount.is_empty() => "ip_no_amount",
        _ if about(&["知识产权"]) => "ip_with_amount",
        _ if amount.is_empty() => "other_nonproperty",
        _ => "property_acceptance",
    };
    // 上诉 (Art 17): by what is still fought about; other cases as at first instance
    let word = match word {
        "property_acceptance" if procedure == "second_instance" => "appeal_property",
        "other_nonproperty" if procedure == "second_instance" => "appeal_nonproperty",
        word => word,
    };
    let takes_amount = matches!(word, "appeal_property" | "divorce" | "personality" | "ip_with_amount" | "property_acceptance");
    let halved = matches!(procedure, "summary" | "small_claims") && word != "admin_compensation" && word != "special_procedure";
    Some(Asked {
        kind: word.into(),
        amount: if takes_amount { amount } else { String::new() },
        params: if halved { "summary".into() } else { String::new() },
    })
}

/// 追索劳动报酬 (Art 20): nothing is prepaid. A clerk may bill it all the same, when the case ends or the plaintiff wishes.
fn pursues_wages(kind: &str, path: &[String]) -> bool {
    kind == "civil" && path.iter().any(|name| name.contains("追索劳动报酬"))
}

/// The bill of a case that was just docketed, with its notice; the clerk is asked where the tariff cannot say.
///
/// # Errors
/// What the database says.
pub async fn at_docketing(app: &App, tx: &mut CourtTx, case: &Row, path: &[String], payer: Uuid) -> Result<()> {
    if pursues_wages(&case.kind, path) {
        let text = said("追索劳动报酬，可以不预交案件受理费", "A claim for wages: the fee need not be prepaid");
        let effect = said("案件受理费在结案时由负有义务的一方交纳。", "Whoever owes it pays it when the case ends.");
        return timeline::write(tx, case.case_id, Note::new("fee_not_prepaid", text).by("诉讼费用交纳办法 第二十条").with_effect(effect))
            .await;
    }
    let Some(asked) = question(&case.kind, path, case.amount_fen, &case.procedure) else { return Ok(()) };
    match asked.reckon(app, tx.court) {
        Ok(reckoning) => {
            let purpose = if case.procedure == "second_instance" { "appeal" } else { "acceptance" };
            bill(app, tx, case, &Order { asked: &asked, reckoning: &reckoning, purpose, payer, by: None, filed_on: None }).await.map(drop)
        }
        Err(open) => {
            let text = said(format!("诉讼费待核定：{}", open.detail_zh()), format!("The fee is to be assessed: {}", open.detail_en()));
            timeline::write(tx, case.case_id, Note::new("fee_open", text).by("诉讼费用交纳办法 第十三条").for_staff()).await
        }
    }
}

/// What is to be billed.
pub struct Order<'a> {
    /// The question.
    pub asked: &'a Asked,
    /// Its answer.
    pub reckoning: &'a Reckoning,
    /// What for.
    pub purpose: &'static str,
    /// Who prepays.
    pub payer: Uuid,
    /// Who assesses; the house at docketing.
    pub by: Option<Uuid>,
    /// 提出反诉之日, of a counterclaim: its days to pay run from there (Art 22), not from the notice.
    pub filed_on: Option<NaiveDate>,
}

/// The day a counterclaim was brought: in the life of the case, and not to come.
///
/// # Errors
/// 422 for another day.
pub fn filed_on(case: &Row, day: Option<NaiveDate>, now: DateTime<Utc>) -> Result<Option<NaiveDate>> {
    if day.is_none_or(|d| beijing_date(case.filed_at) <= d && d <= beijing_date(now)) {
        return Ok(day);
    }
    Err(Error::invalid(
        "fee.filed_on",
        said("提出反诉的日期应在立案之后、今天之前（含今天）。", "A counterclaim is brought after docketing and not in the future."),
        said("请按收到反诉状的日期填写。", "Give the day the counterclaim was received."),
    )
    .at("/filed_on"))
}

/// What the days to pay run from, where that is not the service of the notice: the day a counterclaim was brought.
fn event(order: &Order<'_>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (order.purpose == "counterclaim").then(|| start_of_day(order.filed_on.unwrap_or(beijing_date(now))))
}

/// Makes a bill: its row, its entry in the books, its notice, its place in the file.
///
/// # Errors
/// What the database says.
pub async fn bill(app: &App, tx: &mut CourtTx, case: &Row, order: &Order<'_>) -> Result<Uuid> {
    let id = tx.id();
    let days = CourtRules::on(&app.door.registry, tx.court, beijing_date(tx.now())).payment_days();
    let from = event(order, tx.now());
    let counted = |from| timeline::clock(app, tx.court, super::moved::period(order.purpose), Some(days), from, &Life::Open).ok();
    // nobody can pay what nobody had reckoned yet: a counterclaim assessed after its seven days has them from the notice
    let from = from.filter(|at| counted(*at).is_some_and(|clock| clock.due_at > tx.now()));
    // any other is counted from the notice for now; its service sets the day anew (Art 22: from the day after it arrives)
    let due_at = counted(from.unwrap_or(tx.now())).map(|clock| clock.due_at);
    let new = NewBill {
        id,
        case: case.case_id,
        party: order.payer,
        purpose: order.purpose,
        asked: order.asked,
        reckoning: order.reckoning,
        due_at,
        by: order.by,
    };
    bills::insert(tx, &new).await?;
    if from.is_some() {
        bills::run_from(tx, id, from, due_at).await?;
    }
    let fen = order.reckoning.fee;
    ledger::book(tx, "assessed", Some(id), &id.to_string(), &money_rules::assess(fen)).await?;
    let notice = papers::payment_notice(app, tx, case, &new, days).await?;
    bills::set_papers(tx, id, Some(notice), None).await?;
    let FeeKind { zh, en, .. } = order.reckoning.kind;
    let text = said(format!("核定诉讼费（{zh}）{} 元", yuan(fen)), format!("Fee assessed ({en}): {} yuan", yuan(fen)));
    let effect = said("逾期不交又未获缓、减、免的，按撤诉处理。", "Unpaid in time and without relief, the case is treated as withdrawn.");
    timeline::write(tx, case.case_id, Note::new("fee_assessed", text).by("诉讼费用交纳办法 第二十二条").with_effect(effect)).await?;
    if let Some(due) = due_at.filter(|_| fen > 0) {
        tx.tell_later("fees.overdue", &json!({ "bill": id }), due)?;
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_pursues_wages_prepays_nothing() {
        let path = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert!(pursues_wages("civil", &path(&["劳动争议", "劳动合同纠纷", "追索劳动报酬纠纷"])));
        assert!(pursues_wages("civil", &path(&["新就业形态劳动争议", "新就业形态追索劳动报酬纠纷"])));
        assert!(!pursues_wages("civil", &path(&["劳动争议", "经济补偿金纠纷"])));
        assert!(!pursues_wages("enforcement", &path(&["追索劳动报酬纠纷"])));
    }

    #[test]
    fn a_case_asks_the_tariff_by_kind_cause_amount_and_procedure() {
        let rows = [
            (
                "civil",
                &["合同纠纷", "民间借贷纠纷"][..],
                Some(10_000_000),
                "summary",
                Some(("property_acceptance", "100000.00", "summary")),
            ),
            ("civil", &["合同纠纷"][..], Some(10_000_000), "ordinary", Some(("property_acceptance", "100000.00", ""))),
            ("civil", &["婚姻家庭纠纷", "离婚纠纷"][..], None, "ordinary", Some(("divorce", "", ""))),
            ("civil", &["劳动争议、人事争议", "劳动合同纠纷"][..], Some(500), "summary", Some(("labour", "", "summary"))),
            ("civil", &["知识产权与竞争纠纷"][..], None, "ordinary", Some(("ip_no_amount", "", ""))),
            ("civil", &["人格权纠纷", "名誉权纠纷"][..], Some(5_000_000), "ordinary", Some(("personality", "50000.00", ""))),
            ("civil", &["物权纠纷"][..], None, "ordinary", Some(("other_nonproperty", "", ""))),
            ("administrative", &["行政处罚"][..], None, "ordinary", Some(("admin_other", "", ""))),
            ("administrative", &["行政赔偿"][..], Some(5), "summary", Some(("admin_compensation", "", ""))),
            ("civil", &["合同纠纷"][..], Some(10_000_000), "second_instance", Some(("appeal_property", "100000.00", ""))),
            ("civil", &["物权纠纷"][..], None, "second_instance", Some(("appeal_nonproperty", "", ""))),
            ("enforcement", &["民事"][..], Some(5), "enforcement", None),
        ];
        for (kind, path, amount, procedure, want) in rows {
            let path: Vec<String> = path.iter().map(|p| (*p).to_owned()).collect();
            let got = question(kind, &path, amount, procedure);
            let got = got.as_ref().map(|a| (a.kind.as_str(), a.amount.as_str(), a.params.as_str()));
            assert_eq!(got, want, "{kind} {path:?}");
            if let Some(asked) = question(kind, &path, amount, procedure) {
                let answer = reckon_typed(&asked.kind, &asked.amount, &asked.params, &Rates::default());
                // a figure no court has set is asked for, and nothing else stands in the way
                assert!(answer.is_ok() || answer.is_err_and(|e| e.code == "fee.rate_unset"), "{kind} {path:?}");
            }
        }
    }
}
