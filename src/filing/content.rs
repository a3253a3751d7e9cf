//! The filing as its filer writes it: parties, claims, facts, evidence, papers, service.
//!
//! Owns: the shape of a draft's `content`. Every member may be missing while drafting; what is
//! missing or odd in law is the business of `filing/checks`. Unknown members are left out when it is
//! read. Must never decide anything. Imports `filing/shape.rs` and
//! `filing/words.rs`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::filing::shape::{FieldError, prune, validate_shape};
pub use crate::filing::words::{
    BasisDocument, EvidenceKind, Gender, Ground, IdType, PaperKind, PartyKind, Power, ProcedureWish, RepresentativeKind, Side, Wish,
};

/// Makes a struct all of whose members may be missing.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),* }
    };
}

part!(
    /// 案由 as chosen.
    CauseChoice {
        /// Code within its edition.
        code: Option<String>,
        /// Domain.
        domain: Option<String>,
        /// Edition.
        edition: Option<String>,
        /// Name.
        name: Option<String>,
    }
);
part!(
    /// 监护人, 法定代理人.
    Guardian {
        /// Name.
        name: Option<String>,
        /// Relation to the party.
        relation: Option<String>,
        /// Phone.
        phone: Option<String>,
        /// ID number.
        id_number: Option<String>,
    }
);
part!(
    /// A party.
    Party {
        /// Id within the draft.
        id: Option<String>,
        /// Side.
        side: Option<Side>,
        /// Kind.
        kind: Option<PartyKind>,
        /// 姓名 or 名称.
        name: Option<String>,
        /// 性别.
        gender: Option<Gender>,
        /// 出生日期.
        birth: Option<NaiveDate>,
        /// 民族.
        ethnic: Option<String>,
        /// 工作单位.
        employer: Option<String>,
        /// 职务.
        post: Option<String>,
        /// 联系电话.
        phone: Option<String>,
        /// 电子邮箱 (F12).
        email: Option<String>,
        /// 住所地（户籍所在地）.
        domicile: Option<String>,
        /// 经常居住地.
        residence: Option<String>,
        /// 证件类型.
        id_type: Option<IdType>,
        /// 证件号码.
        id_number: Option<String>,
        /// 统一社会信用代码.
        uscc: Option<String>,
        /// 主要办事机构所在地.
        office: Option<String>,
        /// 注册地、登记地.
        reg_place: Option<String>,
        /// 法定代表人、负责人.
        rep_name: Option<String>,
        /// 其职务.
        rep_post: Option<String>,
        /// 其电话.
        rep_phone: Option<String>,
        /// 类型.
        org_type: Option<String>,
        /// 所有制性质.
        ownership: Option<String>,
        /// 监护人.
        guardian: Option<Guardian>,
    }
);
part!(
    /// 委托诉讼代理人.
    Representative {
        /// Id within the draft.
        id: Option<String>,
        /// Whom they represent.
        party_ids: Vec<String>,
        /// Kind.
        kind: Option<RepresentativeKind>,
        /// Name.
        name: Option<String>,
        /// Firm or unit.
        unit: Option<String>,
        /// Licence number.
        licence: Option<String>,
        /// Phone.
        phone: Option<String>,
        /// 代理权限.
        power: Option<Power>,
        /// 特别授权事项.
        power_matters: Vec<String>,
    }
);
part!(
    /// 诉讼请求, one.
    Claim {
        /// Id within the draft.
        id: Option<String>,
        /// What is asked.
        text: Option<String>,
        /// Amount in fen, when it is a money claim.
        amount_fen: Option<i64>,
    }
);
part!(
    /// 要素 of an element-style form.
    Elements {
        /// Form.
        form: Option<String>,
        /// Edition.
        edition: Option<String>,
        /// Values by the form's schema, `claims` and `facts`.
        values: Value,
    }
);
part!(
    /// 管辖 and 约定.
    Jurisdiction {
        /// Ground.
        ground: Option<Ground>,
        /// The place meant, as a division code.
        place_division: Option<String>,
        /// Whether a clause on arbitration or jurisdiction exists.
        clause: Option<bool>,
        /// Its words.
        clause_text: Option<String>,
        /// Whether it is an arbitration clause.
        arbitration: Option<bool>,
        /// Whether the filer holds it void or unclear.
        arbitration_void: Option<bool>,
    }
);
part!(
    /// 行政行为 (kind = administrative).
    Administrative {
        /// 行政机关.
        agency: Option<String>,
        /// 行政行为.
        act: Option<String>,
        /// Its date.
        act_date: Option<NaiveDate>,
        /// When the filer learned of it.
        known_date: Option<NaiveDate>,
        /// Whether it was reconsidered (复议).
        reconsidered: Option<bool>,
    }
);
part!(
    /// 执行申请 (kind = enforcement).
    Enforcement {
        /// Basis.
        basis_document: Option<BasisDocument>,
        /// Its number.
        basis_number: Option<String>,
        /// When it took effect.
        effective_date: Option<NaiveDate>,
        /// Last day of performance.
        performance_due: Option<NaiveDate>,
        /// 财产线索.
        property_clues: Option<String>,
    }
);
part!(
    /// 诉前保全.
    Preservation {
        /// Whether there was one.
        pre_suit: Option<bool>,
        /// Court.
        court: Option<String>,
        /// Date of the measure.
        date: Option<NaiveDate>,
        /// 保全案号.
        case_number: Option<String>,
    }
);
part!(
    /// 先行调解.
    Mediation {
        /// Whether the filer knows of it.
        know: Option<bool>,
        /// Whether the filer wants it.
        want: Option<Wish>,
    }
);
part!(
    /// What is asked in divorce only.
    Divorce {
        /// 女方怀孕、分娩后一年内或终止妊娠后六个月内 (民法典 Art 1082).
        respondent_pregnant: Option<bool>,
        /// Refused, reconciled or withdrawn before.
        refused_before: Option<bool>,
        /// When that took effect.
        refused_date: Option<NaiveDate>,
        /// New reasons or facts since.
        new_reason: Option<String>,
    }
);
part!(
    /// 证据, one row of the list.
    Evidence {
        /// Id within the draft.
        id: Option<String>,
        /// Name.
        name: Option<String>,
        /// 来源.
        source: Option<String>,
        /// 证明目的.
        purpose: Option<String>,
        /// Kind.
        kind: Option<EvidenceKind>,
        /// Whether the filer holds the original.
        original: Option<bool>,
        /// 证人姓名.
        witness_name: Option<String>,
        /// 证人住址.
        witness_address: Option<String>,
        /// Files.
        file_ids: Vec<String>,
    }
);
part!(
    /// 主体资格、授权等材料.
    Paper {
        /// Id within the draft.
        id: Option<String>,
        /// Kind.
        kind: Option<PaperKind>,
        /// Whose paper, a party or representative id.
        party_id: Option<String>,
        /// Files.
        file_ids: Vec<String>,
    }
);
part!(
    /// 送达地址确认.
    Service {
        /// Address.
        address: Option<String>,
        /// Receiver.
        receiver: Option<String>,
        /// Phone.
        phone: Option<String>,
        /// E-mail.
        email: Option<String>,
        /// Consent to electronic service.
        e_service: Option<bool>,
        /// Channels.
        channels: Vec<String>,
        /// Effect understood.
        understood: Option<bool>,
    }
);
part!(
    /// 诚信诉讼承诺.
    Statement {
        /// Accepted.
        accepted: Option<bool>,
        /// Version of the words.
        version: Option<String>,
    }
);
part!(
    /// The whole filing.
    Content {
        /// Court.
        court_id: Option<i64>,
        /// 案件类别: civil, administrative or enforcement.
        kind: Option<String>,
        /// Wish for a procedure.
        procedure_wish: Option<ProcedureWish>,
        /// 案由.
        cause: Option<CauseChoice>,
        /// 当事人.
        parties: Vec<Party>,
        /// 代理人.
        representatives: Vec<Representative>,
        /// 诉讼请求.
        claims: Vec<Claim>,
        /// 标的总额 in fen.
        amount_fen: Option<i64>,
        /// 事实与理由.
        facts: Option<String>,
        /// 要素.
        elements: Option<Elements>,
        /// 管辖.
        jurisdiction: Option<Jurisdiction>,
        /// 行政.
        administrative: Option<Administrative>,
        /// 执行.
        enforcement: Option<Enforcement>,
        /// 保全.
        preservation: Option<Preservation>,
        /// 调解.
        mediation: Option<Mediation>,
        /// 离婚.
        divorce: Option<Divorce>,
        /// 证据.
        evidence: Vec<Evidence>,
        /// 材料.
        papers: Vec<Paper>,
        /// 送达.
        service: Option<Service>,
        /// 承诺.
        statement: Option<Statement>,
    }
);

/// Gives the trimmed text of a member, empty when it is missing.
pub fn text(member: &Option<String>) -> &str {
    member.as_deref().unwrap_or_default().trim()
}

impl Content {
    /// Reads a draft's content: the one way in. Bounds are checked, empty members and unknown
    /// members are left out.
    pub fn read(value: &Value) -> Result<Self, Vec<FieldError>> {
        let errors = validate_shape(value);
        if !errors.is_empty() {
            return Err(errors);
        }
        serde_json::from_value(prune(value)).map_err(|_| vec![FieldError::unreadable("")])
    }

    /// Gives the content back as JSON, without empty members.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).map_or(Value::Null, |value| prune(&value))
    }

    /// Lists plaintiffs (原告) or applicants with their place in `parties`.
    pub fn plaintiffs(&self) -> Vec<(usize, &Party)> {
        self.on(&[Side::Plaintiff, Side::Applicant])
    }

    /// Lists defendants (被告) or respondents with their place in `parties`.
    pub fn defendants(&self) -> Vec<(usize, &Party)> {
        self.on(&[Side::Defendant, Side::Respondent])
    }

    /// Names whoever is sued: the defendants, and in an administrative suit that names no party, the agency (行政机关).
    pub fn opponents(&self) -> Vec<&str> {
        let named: Vec<&str> = self.defendants().into_iter().map(|(_, p)| text(&p.name)).filter(|n| !n.is_empty()).collect();
        if named.is_empty() { self.agency().into_iter().collect() } else { named }
    }

    /// The agency whose act is attacked, when it is not among the parties yet.
    fn agency(&self) -> Option<&str> {
        let of_agency = self.kind.as_deref() == Some("administrative") && self.defendants().is_empty();
        self.administrative.as_ref().map(|a| text(&a.agency)).filter(|name| of_agency && !name.is_empty())
    }

    /// The content with the agency as the defendant (行政诉讼法 第二十六条): what is docketed has two sides, each with
    /// its place in the case, its code and its notice.
    pub fn with_agency(mut self) -> Self {
        let agency = self.agency().map(str::to_owned);
        self.parties.extend(agency.map(|name| Party {
            id: Some("agency".into()),
            side: Some(Side::Defendant),
            kind: Some(PartyKind::Unincorporated),
            name: Some(name),
            ..Party::default()
        }));
        self
    }

    fn on(&self, sides: &[Side]) -> Vec<(usize, &Party)> {
        let on = |p: &&(usize, &Party)| p.1.side.is_some_and(|side| sides.contains(&side));
        self.parties.iter().enumerate().collect::<Vec<_>>().iter().filter(on).copied().collect()
    }

    /// Makes the title: 赵文博诉山东鲁辰物流有限公司, with 等 for several.
    pub fn title(&self) -> String {
        let enforcement = self.kind.as_deref() == Some("enforcement");
        let left = names(self.plaintiffs().into_iter().map(|(_, p)| text(&p.name)));
        let right = names(self.opponents().into_iter());
        match (left, right) {
            (Some(left), Some(right)) if enforcement => format!("{left}申请执行{right}"),
            (Some(left), Some(right)) => format!("{left}诉{right}"),
            (Some(left), None) if enforcement => format!("{left}的执行申请"),
            (Some(left), None) => format!("{left}的起诉"),
            (None, Some(right)) => format!("诉{right}"),
            (None, None) => "未写当事人".to_owned(),
        }
    }

    /// The title of an appeal: 钱五上诉赵文博.
    pub fn appeal_title(&self) -> String {
        let left = names(self.plaintiffs().into_iter().map(|(_, p)| text(&p.name))).unwrap_or_default();
        let right = names(self.opponents().into_iter()).unwrap_or_default();
        format!("{left}上诉{right}")
    }

    /// Adds up the money claims in fen.
    pub fn money_total(&self) -> i64 {
        self.claims.iter().filter_map(|c| c.amount_fen).fold(0, i64::saturating_add)
    }

    /// Tells the amount of the dispute: what the filer stated, else the sum of the claims.
    pub fn amount(&self) -> i64 {
        self.amount_fen.unwrap_or_else(|| self.money_total())
    }

    /// Finds the element values under `claims` or `facts`, such as `claims`, `C1`.
    pub fn element(&self, section: &str, item: &str) -> Option<&Value> {
        self.elements.as_ref()?.values.get(section)?.get(item)
    }

    /// Names the form of the elements, such as `F02`.
    pub fn form(&self) -> &str {
        self.elements.as_ref().and_then(|e| e.form.as_deref()).unwrap_or_default()
    }
}

impl Party {
    /// Tells whether the party is an organisation.
    pub fn is_organisation(&self) -> bool {
        matches!(self.kind, Some(PartyKind::Legal | PartyKind::Unincorporated))
    }

    /// Gives the address that founds jurisdiction: residence before domicile (民诉法解释 Art 3, 4),
    /// main office before the registered place.
    pub fn seat(&self) -> &str {
        let order = if self.is_organisation() {
            [&self.office, &self.reg_place, &self.domicile]
        } else {
            [&self.residence, &self.domicile, &self.office]
        };
        order.into_iter().map(text).find(|address| !address.is_empty()).unwrap_or_default()
    }
}

/// The first name, with 等 when there are more.
fn names<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut names = names.filter(|name| !name.is_empty());
    let first = names.next()?;
    Some(if names.next().is_some() { format!("{first}等") } else { first.to_owned() })
}
