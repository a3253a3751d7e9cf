//! The papers of docketing: the notice to whoever filed, the notice to the other side in the words of its kind, and
//! the 送达地址确认书 made of what the filer confirmed. Owns which data each gets; titles, periods and articles are
//! `kinds.rs`, the look is the templates'.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::periods;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::filing::case_file::Planned;
use crate::filing::content::{Content, Party, Side, text};
use crate::filing::kinds::{Kind, Notice};
use crate::filing::read::Row;
use crate::filing::submit::masked_parties;
use crate::paper::issue::{self, Audience, NewPaper};

/// A case just made, for its papers.
pub struct Docketed<'a> {
    /// The application.
    pub app: &'a App,
    /// Case.
    pub case: Uuid,
    /// 案号.
    pub number: &'a str,
    /// Procedure.
    pub procedure: &'a str,
    /// The filing.
    pub row: &'a Row,
    /// What was filed.
    pub content: &'a Content,
}

impl Docketed<'_> {
    fn kind(&self) -> &'static Kind {
        self.row.law()
    }

    /// 原审裁判, as the notices of an appeal name it.
    fn appeal(&self) -> Option<Value> {
        self.row.origin().map(|o| json!({ "court": self.app.door.registry.name(o.court), "number": o.number }))
    }

    fn capacity(&self, side: Option<Side>) -> &'static str {
        capacity(self.row.kind.key(), self.row.origin().is_some(), side)
    }

    fn paper(&self, notice: &'static Notice, title: &str, data: Value, audience: Audience) -> NewPaper {
        NewPaper {
            kind: notice.kind,
            title: title.into(),
            template: notice.template,
            data,
            filing: None,
            case: Some(self.case),
            audience,
            parties: masked_parties(self.content),
            number: Some(self.number.to_owned()),
        }
    }

    fn plaintiffs(&self) -> Vec<&str> {
        self.content.plaintiffs().into_iter().map(|(_, p)| text(&p.name)).collect()
    }

    fn process_info(&self) -> Value {
        json!({ "url": self.app.config.public_url, "phone": "12368" })
    }

    /// 受理案件通知书, 受理执行案件通知书.
    pub async fn intake(&self, tx: &mut CourtTx) -> Result<Planned> {
        let (k, row) = (self.kind(), self.row);
        let addressee = self.plaintiffs().first().copied().unwrap_or("提交人");
        let mut data = json!({
            "kind": row.kind, "heading": k.intake.title, "case_number": self.number, "addressee": addressee, "title": row.title, "cause": row.cause_name,
            "filed_on": beijing_date(row.received_at), "docketed_on": beijing_date(tx.now()), "procedure": self.procedure, "process_info": self.process_info(),
        });
        with(&mut data, "appeal", self.appeal());
        let paper = issue::issue(tx, self.paper(&k.intake, k.intake.title, data, Audience::All)).await?;
        Ok(Planned::paper(k.folders.intake, k.intake.title, "通知书", "本院", paper))
    }

    /// 应诉通知书 or 执行通知书, to one party of the other side. It carries a join code: nobody else may read it.
    pub async fn respond(&self, tx: &mut CourtTx, party: &Party, code: &str) -> Result<Planned> {
        let k = self.kind();
        let name = text(&party.name);
        let title = format!("{}（{name}）", k.respond.title);
        let data = self.respond_data(tx, party, code);
        let paper = issue::issue(tx, self.paper(&k.respond, &title, data, Audience::Court)).await?;
        Ok(Planned::paper(k.folders.respond, &title, "通知书", "本院", paper).for_staff())
    }

    fn respond_data(&self, tx: &CourtTx, party: &Party, code: &str) -> Value {
        let (k, row) = (self.kind(), self.row);
        let mut data = json!({
            "kind": row.kind, "case_number": self.number, "addressee": text(&party.name), "capacity": self.capacity(party.side),
            "plaintiffs": self.plaintiffs(), "cause": row.cause_name, "docketed_on": beijing_date(tx.now()),
            "join": { "code": code, "url": format!("{}/join?code={code}", self.app.config.public_url), "days": 3 },
            "attachments": k.respond.attached, "process_info": self.process_info(),
        });
        with(&mut data, "appeal", self.appeal());
        if let Some(rule) = k.respond.period.and_then(periods::rule) {
            data["defence"] = json!({ "days": rule.period.n, "article": rule.article });
        }
        if let Some(e) = &self.content.enforcement {
            data["basis"] = json!({ "document": e.basis_document, "number": e.basis_number, "effective_date": e.effective_date });
            data["demands"] = self.content.claims.iter().map(|c| text(&c.text)).filter(|t| !t.is_empty()).collect();
            data["amount_fen"] = json!(row.amount_fen);
        }
        data
    }

    /// 送达地址确认书, of the address and channels the filer confirmed in the filing, with the consent to electronic
    /// service or its absence (民事诉讼法 第九十条, 在线诉讼规则 第二十九条、第三十条). None where no address was given.
    /// It names where one side lives and how it is reached: the other side does not read it.
    pub async fn service_address(&self, tx: &mut CourtTx, own: Vec<Uuid>) -> Result<Option<Planned>> {
        let Some(service) = self.content.service.as_ref().filter(|s| !text(&s.address).is_empty() || !text(&s.phone).is_empty()) else {
            return Ok(None);
        };
        let k = self.kind();
        let data = json!({
            "case_number": self.number, "cause": self.row.cause_name, "persons": self.plaintiffs(), "capacity": self.capacity(Some(Side::Plaintiff)),
            "agents": self.content.representatives.iter().map(|a| text(&a.name)).collect::<Vec<_>>(), "service": service,
            "confirmed_at": self.row.answered_at.unwrap_or(self.row.received_at), "filing_number": self.row.number,
        });
        let paper = issue::issue(tx, self.paper(&SERVICE_ADDRESS, SERVICE_ADDRESS.title, data, Audience::Parties(own))).await?;
        Ok(Some(Planned::paper(k.folders.service, SERVICE_ADDRESS.title, "送达材料", "提交人", paper)))
    }
}

fn with(data: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        data[key] = value;
    }
}

static SERVICE_ADDRESS: Notice =
    Notice { kind: "service_address", title: "送达地址确认书", template: "service_address", period: None, attached: &[] };

/// 诉讼地位 in the words of the kind.
fn capacity(kind: &str, appeal: bool, side: Option<Side>) -> &'static str {
    match (kind, side) {
        (_, Some(Side::ThirdParty)) if appeal => "原审第三人",
        (_, Some(Side::Plaintiff)) if appeal => "上诉人",
        _ if appeal => "被上诉人",
        (_, Some(Side::ThirdParty)) => "第三人",
        ("enforcement", Some(Side::Plaintiff | Side::Applicant)) => "申请执行人",
        ("enforcement", _) => "被执行人",
        (_, Some(Side::Plaintiff)) => "原告",
        (_, Some(Side::Applicant)) => "申请人",
        (_, Some(Side::Respondent)) => "被申请人",
        _ => "被告",
    }
}

/// Who gets the notice to the other side. A third party of an enforcement is nobody's debtor: it gets none.
pub fn is_answering(kind: &str, side: Option<Side>) -> bool {
    match side {
        Some(Side::Defendant | Side::Respondent) => true,
        Some(Side::ThirdParty) => kind != "enforcement",
        _ => false,
    }
}
