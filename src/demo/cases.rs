//! Cases in different stages, made through the API by the people of seed.rs: in the queue, sent back, refused,
//! accepted at three courts, joined by the defendant and a lawyer, and one draft left half-way.
//! Owns the order of the acts; what is filed is in stories.rs. Answers one line of demo.json for each.

use serde_json::{Value, json};

use super::cast::Stage;
use super::seed::World;
use super::stories::{self, Sample, Story};
use super::visitor::Visitor;
use crate::kit::clock::Clock;
use crate::kit::random::Random;

/// Makes the cases.
///
/// # Errors
/// The step that was refused.
pub async fn cases(world: &World) -> Result<Vec<Value>, String> {
    let play = Play { world, random: Random::from_os() };
    let (loan, lease, work) = tokio::try_join!(play.loan(), play.accepted(&stories::LEASE, 20), play.accepted(&stories::WORK, 22))?;
    let (queue, renovation, returned, refused, draft) =
        tokio::try_join!(play.sent(&stories::SERVICE), play.sent(&stories::RENOVATION), play.returned(), play.refused(), play.half_way(),)?;
    Ok(vec![loan, lease, work, queue, renovation, returned, refused, draft])
}

struct Play<'a> {
    world: &'a World,
    random: Random,
}

/// A filing on its way.
struct Sent {
    court: i32,
    court_name: String,
    filing: String,
    number: String,
    title: String,
}

impl Sent {
    fn line(&self, stage: &str, more: Value) -> Value {
        let mut line = json!({
            "stage": stage, "court_id": self.court, "court_name": self.court_name,
            "filing_id": self.filing, "filing_number": self.number, "title": self.title,
        });
        if let (Some(line), Some(more)) = (line.as_object_mut(), more.as_object()) {
            line.extend(more.clone());
        }
        line
    }

    fn at(&self, rest: &str) -> String {
        format!("/courts/{}/filings/{}{rest}", self.court, self.filing)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Play<'_> {
    fn key(&self) -> String {
        self.random.id(Clock::System.now()).to_string()
    }

    /// Fills a draft in, uploads its files, looks at the check and sends it.
    async fn send(&self, story: &Story) -> Result<Sent, String> {
        let court = self.world.court(story.at)?.clone();
        let mut filer = self.world.as_person(story.filer)?;
        let draft = filer.call("POST", "/my/drafts", Some(json!({ "kind": "civil", "court_id": court.id }))).await?;
        let id = text(&draft["id"]);
        let (mut evidence, mut papers) = (Vec::new(), Vec::new());
        for sample in story.evidence {
            evidence.push(self.upload(&mut filer, &id, sample).await?);
        }
        for sample in story.papers {
            papers.push(self.upload(&mut filer, &id, sample).await?);
        }
        let cause = self.cause(&mut filer, story.cause).await?;
        let content = stories::content(self.world, story, &court, &cause, &evidence, &papers)?;
        let version = draft["version"].to_string();
        filer.call_with("PATCH", &format!("/my/drafts/{id}"), &[("if-match", &format!("\"{version}\""))], Some(content)).await?;
        let check = filer.call("GET", &format!("/my/drafts/{id}/check"), None).await?;
        let of = |level: &str| -> Vec<Value> {
            check["items"].as_array().into_iter().flatten().filter(|i| i["level"] == level).map(|i| i["id"].clone()).collect()
        };
        let order = json!({ "confirmed": of("warn"), "send_anyway": of("block") });
        let receipt = filer
            .call_with("POST", &format!("/my/drafts/{id}/submit"), &[("idempotency-key", &self.key())], Some(order))
            .await
            .map_err(|e| format!("{e}\n{}", check["items"]))?;
        let filing = text(&receipt["filing_id"]);
        let seen = filer.call("GET", &format!("/courts/{}/filings/{filing}", court.id), None).await?;
        Ok(Sent { court: court.id, court_name: court.name, filing, number: text(&receipt["number"]), title: text(&seen["title"]) })
    }

    async fn upload(&self, filer: &mut Visitor, draft: &str, sample: &Sample) -> Result<String, String> {
        Ok(text(&filer.upload(Some(draft), sample.name, sample.bytes).await?["id"]))
    }

    async fn cause(&self, filer: &mut Visitor, name: &str) -> Result<Value, String> {
        let found = filer
            .call(
                "GET",
                &format!(
                    "/causes?domain=civil&limit=20&q={}",
                    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC)
                ),
                None,
            )
            .await?;
        let cause = found["items"].as_array().into_iter().flatten().find(|c| c["name"] == name).cloned();
        cause.ok_or_else(|| format!("no cause {name}"))
    }

    /// Takes a filing in hand as a clerk; answers its version.
    async fn claim(&self, clerk: &mut Visitor, sent: &Sent) -> Result<String, String> {
        clerk.call("POST", &sent.at("/claim"), None).await?;
        let seen = clerk.call("GET", &sent.at(""), None).await?;
        Ok(format!("\"{}\"", seen["version"]))
    }

    async fn decide(&self, clerk: u16, sent: &Sent, what: &str, order: Value) -> Result<Value, String> {
        let mut clerk = self.world.as_person(clerk)?;
        let version = self.claim(&mut clerk, sent).await?;
        clerk.call_with("POST", &sent.at(what), &[("if-match", &version), ("idempotency-key", &self.key())], Some(order)).await
    }

    async fn sent(&self, story: &Story) -> Result<Value, String> {
        let sent = self.send(story).await?;
        Ok(sent.line("submitted", json!({ "filer": story.filer })))
    }

    async fn accepted(&self, story: &Story, clerk: u16) -> Result<Value, String> {
        let sent = self.send(story).await?;
        let done = self.decide(clerk, &sent, "/accept", json!({ "procedure": "summary" })).await?;
        Ok(sent.line("accepted", json!({ "case_id": done["case_id"], "case_number": done["case_number"] })))
    }

    /// The main story: accepted, assigned, joined by the company with its code, a lawyer engaged.
    async fn loan(&self) -> Result<Value, String> {
        let sent = self.send(&stories::LOAN).await?;
        let done = self.decide(3, &sent, "/accept", json!({ "procedure": "summary" })).await?;
        let case = format!("/courts/{}/cases/{}", sent.court, text(&done["case_id"]));
        self.assign(&case).await?;
        let mut clerk = self.world.as_person(3)?;
        let codes = clerk.call("GET", &format!("{case}/join-codes"), None).await?;
        let code =
            codes["items"].as_array().into_iter().flatten().find(|c| c["party_name"] == super::cast::COMPANY).map(|c| c["code"].clone());
        if let Some(code) = code {
            self.world.as_person(52)?.call("POST", "/my/cases/join", Some(json!({ "code": code }))).await?;
        }
        self.engage(&case).await?;
        Ok(sent.line("accepted", json!({ "case_id": done["case_id"], "case_number": done["case_number"] })))
    }

    async fn assign(&self, case: &str) -> Result<(), String> {
        let person_of = async |mobile: u16| -> Result<Value, String> {
            Ok(self.world.as_person(mobile)?.call("GET", "/account", None).await?["person_id"].clone())
        };
        let order = json!({ "judge": person_of(10).await?, "clerk": person_of(3).await?, "presiding": null });
        self.world.as_person(12)?.call("PUT", &format!("{case}/staff"), Some(order)).await?;
        Ok(())
    }

    /// The plaintiff engages a lawyer with a power of attorney.
    async fn engage(&self, case: &str) -> Result<(), String> {
        let mut plaintiff = self.world.as_person(1)?;
        let seen = plaintiff.call("GET", case, None).await?;
        let party = seen["parties"].as_array().into_iter().flatten().find(|p| p["side"] == "plaintiff").map(|p| p["id"].clone());
        let power = plaintiff.upload(None, "授权委托书.png", stories::POWER.bytes).await?;
        let lawyer = self.world.people.iter().find(|p| p.identifier == super::cast::mobile(2)).ok_or("no lawyer")?;
        let order = json!({
            "party_id": party, "licence": lawyer.licence, "name": lawyer.name, "unit": super::cast::FIRM, "power": "special", "file_ids": [power["id"]],
        });
        plaintiff.call_with("POST", &format!("{case}/representatives"), &[("idempotency-key", &self.key())], Some(order)).await?;
        Ok(())
    }

    async fn returned(&self) -> Result<Value, String> {
        let sent = self.send(&stories::DEPOSIT).await?;
        let items = json!([
            { "step": "parties", "field": "/parties/1/domicile", "what": "被告住所地只写到区，送达不了", "where": "当事人 → 被告", "cure": "请补写到门牌号；不清楚的，请写明最后居住地并附线索" },
            { "step": "evidence", "field": "/evidence/0/purpose", "what": "没有写明这份证据证明什么", "where": "证据目录第 1 项", "cure": "请写明它证明的事实，例如「证明原告已支付押金 6000 元」" },
        ]);
        self.decide(30, &sent, "/return", json!({ "items": items, "days": 7 })).await?;
        Ok(sent.line("returned", json!({ "filer": stories::DEPOSIT.filer })))
    }

    async fn refused(&self) -> Result<Value, String> {
        let sent = self.send(&stories::PERSONNEL).await?;
        let reason =
            "本案争议属于用人单位内部考核评定，不属于人民法院民事诉讼的受理范围。您可以向单位申诉，或就由此产生的工资争议先申请劳动仲裁。";
        self.decide(30, &sent, "/refuse", json!({ "reason": reason })).await?;
        Ok(sent.line("refused", json!({ "filer": stories::PERSONNEL.filer })))
    }

    /// A draft somebody left at the parties.
    async fn half_way(&self) -> Result<Value, String> {
        let court = self.world.court(Stage::First)?;
        let mut filer = self.world.as_person(50)?;
        let draft = filer.call("POST", "/my/drafts", Some(json!({ "kind": "civil", "court_id": court.id }))).await?;
        let id = text(&draft["id"]);
        let cause = self.cause(&mut filer, "房屋租赁合同纠纷").await?;
        let content = json!({ "cause": stories::cause_of(&cause), "parties": [{ "id": "p1", "side": "plaintiff", "kind": "natural", "name": "孙丽" }] });
        let version = format!("\"{}\"", draft["version"]);
        filer.call_with("PATCH", &format!("/my/drafts/{id}"), &[("if-match", &version)], Some(content)).await?;
        Ok(json!({ "stage": "draft", "court_id": court.id, "court_name": court.name, "draft_id": id, "filer": 50 }))
    }
}
