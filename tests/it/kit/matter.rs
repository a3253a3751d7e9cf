//! Filings and cases as verbs: writes, sends, returns, accepts, joins.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::http::{Answer, Person};

/// A filing at a court.
#[derive(Debug, Clone)]
pub struct Filed {
    pub court: i32,
    pub id: String,
    pub number: String,
    pub receipt: Value,
}

/// A case at a court.
#[derive(Debug, Clone)]
pub struct Docketed {
    pub court: i32,
    pub id: String,
    pub number: String,
}

impl Filed {
    pub fn path(&self) -> String {
        format!("/courts/{}/filings/{}", self.court, self.id)
    }
}

impl Docketed {
    pub fn path(&self) -> String {
        format!("/courts/{}/cases/{}", self.court, self.id)
    }
}

/// 民间借贷, complete but for files; the amount tells one from another.
pub fn loan(court: i32, plaintiff: &Person, defendant: &Value, yuan: i64) -> Value {
    let fen = yuan * 100;
    json!({
        "court_id": court, "kind": "civil",
        "cause": {"code": "108.3", "domain": "civil", "edition": "2026", "name": "民间借贷纠纷"},
        "parties": [
            {"id": "p1", "side": "plaintiff", "kind": "natural", "name": plaintiff.name, "gender": "male", "phone": plaintiff.mobile,
             "domicile": "山东省济南市历下区泉城路1号", "id_type": "resident_id", "id_number": plaintiff.id_number},
            defendant,
        ],
        "claims": [{"id": "c1", "text": format!("偿还借款本金 {yuan} 元"), "amount_fen": fen}],
        "amount_fen": fen,
        "facts": "2024 年 1 月 1 日，被告向原告借款，到期未还。",
        "elements": {"form": "F02", "edition": "2025", "values": {
            "claims": {"C1": {"as_of": "2026-06-30", "amount": fen}, "C4": {"yes": false}},
            "facts": {"F1": {"date": "2024-01-01"}, "F2": {"lender": plaintiff.name, "borrower": defendant["name"]},
                "F3": {"agreed": fen, "paid": fen}, "F4": {"due": true, "term": {"from": "2024-01-01", "to": "2025-01-01"}},
                "F5": {"rate": 6, "per": "year"}, "F8": {"principal": 0, "interest": 0}, "F9": {"yes": true, "since": "2025-01-02"}}
        }},
        "jurisdiction": {"ground": "defendant_domicile", "clause": false},
        "mediation": {"know": true, "want": "no"},
        "service": {"address": "济南市历下区泉城路1号", "receiver": plaintiff.name, "phone": plaintiff.mobile, "email": "zhao@example.cn", "e_service": true, "channels": ["platform", "sms"], "understood": true},
        "statement": {"accepted": true, "version": "2025"}
    })
}

/// A suit against an agency that is named only as the one whose act is attacked.
pub fn against_agency(court: i32, plaintiff: &Person, agency: &str) -> Value {
    let mut content = loan(court, plaintiff, &known_by_name(agency), 1_000);
    content["parties"].as_array_mut().unwrap().truncate(1);
    content["kind"] = json!("administrative");
    content["cause"] = json!({ "name": "行政处罚" });
    content["claims"] = json!([{ "id": "c1", "text": "撤销行政处罚决定" }]);
    content["administrative"] =
        json!({ "agency": agency, "act": "行政处罚决定书", "act_date": "2026-09-01", "known_date": "2026-09-02", "reconsidered": false });
    for member in ["elements", "amount_fen", "mediation"] {
        content.as_object_mut().unwrap().remove(member);
    }
    content
}

/// An application for enforcement of a judgment.
pub fn enforcement(court: i32, applicant: &Person, debtor: &Value, yuan: i64) -> Value {
    let mut content = loan(court, applicant, debtor, yuan);
    content["kind"] = json!("enforcement");
    content["parties"][0]["side"] = json!("applicant");
    content["parties"][1]["side"] = json!("respondent");
    content["enforcement"] = json!({ "basis_document": "judgment", "basis_number": "（2026）鲁0102民初99号", "effective_date": "2026-07-01", "performance_due": "2026-08-01", "property_clues": "名下有房产一处" });
    for member in ["elements", "cause", "mediation"] {
        content.as_object_mut().unwrap().remove(member);
    }
    content
}

/// A defendant of whom name, phone and address are known.
pub fn known_by_name(name: &str) -> Value {
    json!({"id": "p2", "side": "defendant", "kind": "natural", "name": name, "gender": "male", "phone": "13800138001", "domicile": "山东省济南市历下区解放路2号"})
}

/// The account of a defendant, by number.
pub fn known_by_number(person: &Person) -> Value {
    let mut party = known_by_name(&person.name);
    party["id_type"] = json!("resident_id");
    party["id_number"] = json!(person.id_number);
    party
}

impl Person {
    /// Begins a draft and types all of it; answers its id.
    pub async fn drafts(&self, content: &Value) -> String {
        let draft = self.post("/my/drafts", json!({ "court_id": content["court_id"], "kind": content["kind"] })).await.ok();
        let id = draft["id"].as_str().unwrap().to_owned();
        self.types(&id, content).await;
        id
    }

    /// Types more into a draft, whatever its version is by now.
    pub async fn types(&self, draft: &str, patch: &Value) -> Value {
        let version = self.get(format!("/my/drafts/{draft}")).await.ok()["version"].clone();
        self.ask(Method::PATCH, format!("/my/drafts/{draft}")).version(&version).json(patch.clone()).send().await.ok()
    }

    /// Uploads a file into a draft, part by part; answers the finished file.
    pub async fn uploads(&self, draft: &str, name: &str, bytes: &[u8]) -> Answer {
        let begun = self.post(format!("/my/drafts/{draft}/files"), json!({ "name": name, "size": bytes.len() })).await;
        if begun.status >= 400 {
            return begun;
        }
        self.sends_parts(&begun.ok(), bytes).await
    }

    /// Uploads a file that belongs to no draft.
    pub async fn uploads_alone(&self, name: &str, bytes: &[u8]) -> Answer {
        let begun = self.post("/my/files", json!({ "name": name, "size": bytes.len() })).await.ok();
        self.sends_parts(&begun, bytes).await
    }

    /// Sends what an upload still lacks, and completes it.
    pub async fn sends_parts(&self, upload: &Value, bytes: &[u8]) -> Answer {
        let (id, size) = (upload["id"].as_str().unwrap(), usize::try_from(upload["part_bytes"].as_u64().unwrap()).unwrap());
        let there = upload["received"].as_array().unwrap().len();
        for (i, part) in bytes.chunks(size).enumerate().skip(there) {
            let sent =
                self.ask(Method::PUT, format!("/my/uploads/{id}/parts/{}", i + 1)).bytes(part, "application/octet-stream").send().await;
            assert_eq!(sent.status, 204, "{}", sent.text());
        }
        self.ask(Method::POST, format!("/my/uploads/{id}/complete")).send().await
    }

    /// Sends a draft, confirming whatever the checker says.
    pub async fn sends(&self, draft: &str, key: Uuid) -> Answer {
        let order = self.confirms(draft).await;
        self.submits(draft, key, &order).await
    }

    /// Reads what the checker says, and means to send all the same.
    pub async fn confirms(&self, draft: &str) -> Value {
        let found = self.get(format!("/my/drafts/{draft}/check")).await.ok();
        let ids: Vec<Value> = found["items"].as_array().unwrap().iter().map(|i| i["id"].clone()).collect();
        json!({ "confirmed": ids, "send_anyway": ids })
    }

    /// The click on 提交.
    pub async fn submits(&self, draft: &str, key: Uuid, order: &Value) -> Answer {
        self.ask(Method::POST, format!("/my/drafts/{draft}/submit")).key(key).json(order.clone()).send().await
    }

    /// Writes and sends in one go.
    pub async fn files(&self, content: &Value) -> Filed {
        let draft = self.drafts(content).await;
        filed(&self.sends(&draft, Uuid::new_v4()).await.ok())
    }

    /// A filing as this person sees it.
    pub async fn reads(&self, filing: &Filed) -> Value {
        self.get(filing.path()).await.ok()
    }

    /// An act on a filing: return, accept, refuse, transfer, withdraw; of the version as it stands.
    pub async fn does(&self, act: &str, filing: &Filed, body: Value) -> Answer {
        let version = self.reads(filing).await["version"].clone();
        self.ask(Method::POST, format!("{}/{act}", filing.path())).version(&version).json(body).send().await
    }

    pub async fn returns(&self, filing: &Filed, items: Value) -> Answer {
        self.does("return", filing, json!({ "items": items, "days": 7 })).await
    }

    pub async fn accepts(&self, filing: &Filed) -> Docketed {
        let made = self.does("accept", filing, json!({ "procedure": "summary" })).await.ok();
        Docketed { court: filing.court, id: made["case_id"].as_str().unwrap().into(), number: made["case_number"].as_str().unwrap().into() }
    }

    /// The join code of a case's first party that has not joined, as its clerk reads it.
    pub async fn reads_join_code(&self, case: &Docketed) -> String {
        let codes = self.get(format!("{}/join-codes", case.path())).await.ok();
        codes["items"].as_array().unwrap().iter().find(|c| c["used_at"].is_null()).unwrap()["code"].as_str().unwrap().to_owned()
    }

    pub async fn joins(&self, code: &str) -> Answer {
        self.post("/my/cases/join", json!({ "code": code })).await
    }
}

/// A receipt read.
pub fn filed(receipt: &Value) -> Filed {
    Filed {
        court: i32::try_from(receipt["court_id"].as_i64().unwrap()).unwrap(),
        id: receipt["filing_id"].as_str().unwrap().into(),
        number: receipt["number"].as_str().unwrap().into(),
        receipt: receipt.clone(),
    }
}
