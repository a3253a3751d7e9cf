//! The house's own templates and their samples, built in: what a court starts from, and what a preview is filled with.
//! Owns the list of papers that may be dressed anew and their names. The renderer has the same files built in.

use rust_embed::RustEmbed;
use serde_json::Value;

use super::renderer::Picture;

#[derive(RustEmbed)]
#[folder = "crates/paper/templates"]
#[include = "*.typ"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "crates/paper/samples"]
struct Samples;

/// Papers of the court (not of the parties), by template, with their names.
pub const PAPERS: &[(&str, &str, &str)] = &[
    ("acceptance_notice", "受理案件通知书", "Notice of acceptance"),
    ("appear_notice", "出庭通知书", "Notice to appear"),
    ("correction_notice", "补正告知书", "Notice of correction"),
    ("electronic_consent", "电子送达确认书", "Consent to electronic service"),
    ("enforcement_notice", "执行通知书", "Notice of enforcement"),
    ("evidence_notice", "举证通知书", "Notice on evidence"),
    ("fee_receipt", "诉讼费用交费凭证", "Receipt of a fee"),
    ("filing_receipt", "网上立案材料接收凭证", "Receipt of a filing"),
    ("hearing_transcript", "庭审笔录", "Transcript of a hearing"),
    ("notice_to_respond", "应诉通知书", "Notice to respond"),
    ("offline_note", "线下办理登记单", "Note for the counter"),
    ("panel_notice", "告知合议庭组成人员通知书", "Notice of the panel"),
    ("payment_notice", "诉讼费用交纳通知书", "Notice of a fee"),
    ("postal_cover", "法院专递封面", "Cover of a postal bundle"),
    ("public_notice", "公告", "Public notice"),
    ("refund_notice", "退费通知书", "Notice of a refund"),
    ("refusal_notice", "不予受理告知书", "Notice of refusal"),
    ("relief_decision", "司法救助决定书", "Decision on relief"),
    ("service_address", "送达地址确认书", "Address for service"),
    ("service_certificate", "电子送达凭证", "Certificate of electronic service"),
    ("service_return", "送达回证", "Return of service"),
    ("summons", "传票", "Summons"),
    ("transfer_notice", "移送告知书", "Notice of transfer"),
    ("withdrawal_ruling", "民事裁定书（按撤诉处理）", "Ruling: counts as withdrawn"),
];

/// The names of a paper; none when it is not one a court may dress.
pub fn names(template: &str) -> Option<(&'static str, &'static str)> {
    PAPERS.iter().find(|(key, ..)| *key == template).map(|(_, zh, en)| (*zh, *en))
}

/// The house's source.
pub fn source(template: &str) -> Option<String> {
    let file = Templates::get(&format!("{template}.typ"))?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// Invented data that fills it.
pub fn sample(template: &str) -> Option<Value> {
    serde_json::from_slice(&Samples::get(&format!("{template}.json"))?.data).ok()
}

/// The pictures the samples name.
pub fn pictures() -> Vec<Picture> {
    let read = |name: &str| Some(Picture { name: name.to_owned(), base64: data_encoding::BASE64.encode(&Samples::get(name)?.data) });
    ["tall.png", "wide.png"].into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_paper_that_may_be_dressed_is_there_with_a_sample() {
        for (template, ..) in PAPERS {
            assert!(source(template).is_some_and(|s| s.contains("base.typ")), "{template}");
            assert!(sample(template).is_some(), "{template}");
        }
    }
}
