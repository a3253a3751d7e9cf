//! The events that start a period, in English; the Chinese stands in the table itself.
//!
//! Owns the words and nothing else.

const WORDS: &[(&str, &str)] = &[
    ("收到材料", "receipt of the papers"),
    ("收到补正通知", "receipt of the notice to correct"),
    ("收到交费通知", "receipt of the notice to pay"),
    ("提出反诉", "filing of the counterclaim"),
    ("收到补交通知", "receipt of the notice to top up"),
    ("收到复核申请", "receipt of the request for review"),
    ("审判人员确定", "the judges being fixed"),
    ("立案", "docketing"),
    ("收到起诉状副本", "service of the complaint"),
    ("收到答辩状", "receipt of the defence"),
    ("收到举证通知", "receipt of the evidence notice"),
    ("提出回避申请", "the request for recusal"),
    ("申请复议", "the request for reconsideration"),
    ("通知", "the notice"),
    ("开庭", "the hearing"),
    ("收到通知", "receipt of the notice"),
    ("闭庭", "the end of the hearing"),
    ("当庭宣判", "the judgment pronounced in court"),
    ("判决书送达", "service of the judgment"),
    ("裁定书送达", "service of the ruling"),
    ("裁判文书送达", "service of the judgment or ruling"),
    ("收到上诉状", "receipt of the appeal"),
    ("收到上诉状副本", "receipt of the copy of the appeal"),
    ("收到上诉状和答辩状", "receipt of the appeal and the reply"),
    ("收到上诉答辩状", "receipt of the reply"),
    ("发出公告", "the public notice"),
    ("审限届满", "the end of the trial limit"),
    ("立案或公告期满", "docketing, or the end of the notice"),
    ("二审立案", "docketing at second instance"),
    ("收到再审申请书", "receipt of the retrial application"),
    ("审限届满前", "the end of the trial limit"),
    ("上次开庭", "the last hearing"),
    ("接受申请或提供担保", "the application, or the security"),
    ("作出裁定", "the ruling"),
    ("接受申请", "the application being taken"),
    ("采取保全措施", "the measure"),
    ("收到裁定", "receipt of the ruling"),
    ("收到复议申请", "receipt of the request for reconsideration"),
    ("收到解除申请", "receipt of the request to lift"),
    ("保全期限届满前", "the end of the preservation"),
    ("采取措施", "the measure"),
    ("履行期届满", "the end of the time to perform"),
    ("调解组织接受", "the mediator taking the case"),
    ("申请", "the application"),
    ("接受调解", "the mediator taking the case"),
    ("调解协议生效", "the agreement taking effect"),
    ("收到申请", "receipt of the application"),
    ("受理", "acceptance"),
    ("审查期限届满", "the end of the time for review"),
    ("收到支付令", "receipt of the payment order"),
    ("发出支付令", "issue of the payment order"),
    ("收到终结裁定", "receipt of the ruling that ends it"),
    ("公告", "the public notice"),
    ("履行期限最后一日", "the last day to perform"),
    ("收到执行申请", "receipt of the application for enforcement"),
    ("采取执行措施", "the enforcement measure"),
    ("财产变动", "the change of property"),
    ("收到线索", "receipt of the clue"),
    ("执行期限届满", "the end of the enforcement limit"),
    ("收到异议", "receipt of the objection"),
    ("裁定送达", "service of the ruling"),
    ("复议审查期限届满", "the end of the time for reconsideration"),
    ("收到分配方案", "receipt of the distribution plan"),
    ("收到异议通知", "receipt of the notice of objection"),
    ("收到反对意见通知", "receipt of the notice of the counter-view"),
    ("裁判生效", "the judgment taking effect"),
    ("收到再审申请书副本", "receipt of the copy of the retrial application"),
    ("知道权益受损", "knowledge of the harm"),
    ("障碍消除", "the end of the obstacle"),
    ("收到起诉状", "receipt of the complaint"),
    ("知道行政行为", "knowledge of the administrative act"),
    ("收到仲裁裁决书", "receipt of the award"),
    ("办理期限届满", "the end of the time to handle it"),
    ("收到信访事项", "receipt of the petition"),
    ("收到转交", "receipt of the handed-over petition"),
    ("收到书面答复", "receipt of the written answer"),
    ("收到复查请求", "receipt of the request for review"),
    ("收到复查意见", "receipt of the review"),
    ("收到复核请求", "receipt of the request for recheck"),
    ("到达受送达人确认的地址", "arrival at the confirmed address"),
];

/// The event in English; the Chinese itself where there is no word.
pub fn english(starts: &'static str) -> &'static str {
    WORDS.iter().find(|(zh, _)| *zh == starts).map_or(starts, |(_, en)| *en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::court::period_names::CHAINS;
    use crate::court::periods::RULES;

    #[test]
    fn every_event_has_its_word() {
        for starts in RULES.iter().map(|r| r.starts).chain(CHAINS.iter().map(|c| c.starts)) {
            assert!(english(starts).is_ascii(), "{starts}");
        }
    }
}
