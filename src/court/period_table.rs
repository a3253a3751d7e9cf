//! The rows of the table of legal periods, in the order of a case's life.
//!
//! Owns the rows and nothing else; what a row means is in `court/periods.rs`, other names of the rows in
//! `court/period_names.rs`. Must never hold a per-court figure.
//!
//! L = 民事诉讼法 (2023), I = 民诉法解释 (2022), EV = 证据规定, PR = 财产保全规定, OL = 在线诉讼规则,
//! OM = 在线调解规则, ST = 审限规定 (2000), EX = 延长审限规定 (2019), AL = 行政诉讼法 (2017).

use crate::court::calendar::Period;
use crate::court::periods::{Kind, Rule, Who};

#[allow(clippy::too_many_arguments, reason = "one row of a table, one argument a column")]
const fn row(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    period: Period,
    starts: &'static str,
    kind: Kind,
    who: Who,
    article: &'static str,
) -> Rule {
    Rule { key, zh, en, period, starts, kind, who, article }
}

const fn d(n: u32) -> Period {
    Period::days(n)
}
const fn w(n: u32) -> Period {
    Period::working_days(n)
}
const fn m(n: u32) -> Period {
    Period::months(n)
}
const fn h(n: u32) -> Period {
    Period::hours(n)
}
const fn y(n: u32) -> Period {
    Period::years(n)
}

use Kind::{Back, Fixed, Internal, Lead, Legal, Measure, Mediation, Notice, Plain};
use Who::{Applicant, Court, Mediator, Party, Respondent};

/// The table, in the order of a case's life.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    row("filing_decision", "立案审查", "Filing decision", d(7), "收到材料", Legal, Court, "民事诉讼法第一百二十六条"),
    row("filing_decision_revocation", "第三人撤销之诉立案审查", "Filing decision, third-party revocation", d(30), "收到材料", Legal, Court, "立案登记规定第八条"),
    row("filing_decision_objection", "执行异议之诉立案审查", "Filing decision, suit on enforcement", d(15), "收到材料", Legal, Court, "立案登记规定第八条"),
    row("correction", "补正材料", "Correction of the filing", d(7), "收到补正通知", Legal, Applicant, "在线诉讼规则第九条"),
    row("payment", "交纳案件受理费", "Payment of the fee", d(7), "收到交费通知", Legal, Applicant, "诉讼费用交纳办法第二十二条"),
    row("payment_application", "交纳申请费", "Payment of the application fee", d(7), "收到交费通知", Legal, Applicant, "诉讼费用交纳办法第二十二条"),
    row("payment_counterclaim", "交纳反诉受理费", "Payment of the fee of a counterclaim", d(7), "提出反诉", Legal, Respondent, "诉讼费用交纳办法第二十二条"),
    row("payment_appeal", "交纳上诉受理费", "Payment of the fee of an appeal", d(7), "收到交费通知", Legal, Party, "诉讼费用交纳办法第二十二条"),
    row("fee_top_up", "转普通程序补交受理费", "Topping up the fee, ordinary procedure", d(7), "收到补交通知", Legal, Applicant, "民诉法解释第一百九十九条"),
    row("fee_review", "诉讼费用决定复核", "Review of a decision on fees", d(15), "收到复核申请", Internal, Court, "诉讼费用交纳办法第四十三条"),
    row("tell_judges", "告知审判人员", "Telling the parties the judges", d(3), "审判人员确定", Legal, Court, "民事诉讼法第一百三十一条"),
    row("send_complaint", "发送起诉状副本", "Sending the complaint copy", d(5), "立案", Legal, Court, "民事诉讼法第一百二十八条"),
    row("defence", "答辩", "Defence", d(15), "收到起诉状副本", Legal, Respondent, "民事诉讼法第一百二十八条"),
    row("defence_abroad", "答辩（境内无住所）", "Defence, no domicile in China", d(30), "收到起诉状副本", Legal, Respondent, "民事诉讼法第二百八十五条"),
    row("send_defence", "发送答辩状副本", "Sending the defence copy", d(5), "收到答辩状", Legal, Court, "民事诉讼法第一百二十八条"),
    row("jurisdiction_objection", "管辖权异议", "Jurisdiction objection", d(15), "收到起诉状副本", Legal, Respondent, "民事诉讼法第一百三十条"),
    row("jurisdiction_objection_abroad", "管辖权异议（境内无住所）", "Jurisdiction objection, no domicile in China", d(30), "收到起诉状副本", Legal, Respondent, "民事诉讼法第一百三十条、第二百八十五条"),
    row("evidence", "举证（普通程序）", "Evidence, ordinary procedure", d(15), "收到举证通知", Legal, Party, "民诉法解释第九十九条"),
    row("evidence_second", "举证（二审新证据）", "Evidence, second instance", d(10), "收到举证通知", Legal, Party, "民诉法解释第九十九条"),
    row("evidence_summary", "举证（简易程序）", "Evidence, summary procedure", d(15), "收到举证通知", Legal, Party, "民诉法解释第二百六十六条"),
    row("evidence_small", "举证（小额诉讼）", "Evidence, small claims", d(7), "收到举证通知", Legal, Party, "民诉法解释第二百七十五条"),
    row("recusal_decision", "回避决定", "Decision on recusal", d(3), "提出回避申请", Legal, Court, "民事诉讼法第五十条"),
    row("recusal_review", "回避复议决定", "Review of recusal", d(3), "申请复议", Legal, Court, "民事诉讼法第五十条"),
    row("hearing_notice", "开庭前通知", "Notice of hearing", d(3), "通知", Lead, Court, "民事诉讼法第一百三十九条"),
    row("hearing_notice_working", "开庭前排期（工作日）", "Notice of hearing, working days", w(3), "通知", Lead, Court, "审理法院在线庭审规则"),
    row("device_test", "庭前设备测试", "Test of devices", d(1), "开庭", Back, Party, "山东高院互联网法庭使用指引（暂行）"),
    row("online_reply", "在线诉讼确认", "Reply to the online invitation", d(3), "收到通知", Legal, Respondent, "在线诉讼规则第十条"),
    row("record_reading", "阅读庭审笔录", "Reading the record", d(5), "闭庭", Legal, Party, "民事诉讼法第一百五十条"),
    row("deliver_judgment", "发送判决书", "Delivery of the judgment", d(10), "当庭宣判", Legal, Court, "民事诉讼法第一百五十一条"),
    row("appeal_judgment", "上诉（判决）", "Appeal against a judgment", d(15), "判决书送达", Legal, Party, "民事诉讼法第一百七十一条"),
    row("appeal_ruling", "上诉（裁定）", "Appeal against a ruling", d(10), "裁定书送达", Legal, Party, "民事诉讼法第一百七十一条"),
    row("appeal_abroad", "上诉（境内无住所）", "Appeal, no domicile in China", d(30), "裁判文书送达", Legal, Party, "民事诉讼法第二百八十六条"),
    row("appeal_copy", "发送上诉状副本", "Sending the appeal copy", d(5), "收到上诉状", Legal, Court, "民事诉讼法第一百七十四条"),
    row("appeal_reply", "上诉答辩", "Reply to the appeal", d(15), "收到上诉状副本", Legal, Respondent, "民事诉讼法第一百七十四条"),
    row("appeal_transfer", "移送上诉案卷", "Sending the file up", d(5), "收到上诉状和答辩状", Legal, Court, "民事诉讼法第一百七十四条"),
    row("appeal_reply_copy", "发送上诉答辩状副本", "Sending the copy of the reply to an appeal", d(5), "收到上诉答辩状", Legal, Court, "民事诉讼法第一百七十四条"),
    row("public_notice", "公告送达", "Public notice", d(30), "发出公告", Notice, Court, "民事诉讼法第九十五条"),
    row("public_notice_abroad", "公告送达（境外）", "Public notice abroad", d(60), "发出公告", Notice, Court, "民事诉讼法第二百八十三条"),
    row("trial_ordinary", "审限（普通程序）", "Trial limit, ordinary", m(6), "立案", Internal, Court, "民事诉讼法第一百五十二条"),
    row("trial_ordinary_more", "延长审限（普通程序）", "Trial limit, extension", m(6), "审限届满", Internal, Court, "民事诉讼法第一百五十二条"),
    row("trial_summary", "审限（简易程序）", "Trial limit, summary", m(3), "立案", Internal, Court, "民事诉讼法第一百六十四条"),
    row("trial_summary_more", "延长审限（简易程序）", "Trial limit, summary extension", m(1), "审限届满", Internal, Court, "民事诉讼法第一百六十四条"),
    row("trial_small", "审限（小额诉讼）", "Trial limit, small claims", m(2), "立案", Internal, Court, "民事诉讼法第一百六十八条"),
    row("trial_small_more", "延长审限（小额诉讼）", "Trial limit, small claims extension", m(1), "审限届满", Internal, Court, "民事诉讼法第一百六十八条"),
    row("trial_special", "审限（特别程序）", "Trial limit, special procedure", d(30), "立案或公告期满", Internal, Court, "民事诉讼法第一百八十七条"),
    row("trial_second_judgment", "二审审限（判决）", "Second instance, judgment", m(3), "二审立案", Internal, Court, "民事诉讼法第一百八十三条"),
    row("trial_second_ruling", "二审审限（裁定）", "Second instance, ruling", d(30), "二审立案", Internal, Court, "民事诉讼法第一百八十三条"),
    row("retrial_review", "再审审查", "Review of a retrial application", m(3), "收到再审申请书", Internal, Court, "民事诉讼法第二百一十五条"),
    row("extension_request", "提请延长审限", "Asking for an extension", d(15), "审限届满前", Back, Court, "延长审限规定第一条"),
    row("extension_request_2000", "提请延长审限（2000 年规定）", "Asking for an extension, rules of 2000", d(10), "审限届满前", Back, Court, "审限规定第十二条"),
    row("extension_decision", "批准延长审限", "Deciding on an extension", d(5), "审限届满前", Back, Court, "延长审限规定第一条"),
    row("hearing_gap", "两次开庭间隔", "Gap between two hearings", m(1), "上次开庭", Internal, Court, "延长审限规定第五条"),
    row("preservation_decision", "财产保全裁定", "Preservation ruling", d(5), "接受申请或提供担保", Legal, Court, "财产保全规定第四条"),
    row("preservation_carry_out", "执行保全裁定", "Carrying out preservation", d(5), "作出裁定", Legal, Court, "财产保全规定第四条"),
    row("preservation_urgent", "紧急保全", "Urgent preservation", h(48), "接受申请", Plain, Court, "民事诉讼法第一百零三条"),
    row("preservation_pre_suit", "诉前保全裁定", "Pre-suit preservation ruling", h(48), "接受申请", Plain, Court, "民事诉讼法第一百零四条"),
    row("sue_after_preservation", "诉前保全后起诉", "Suing after pre-suit preservation", d(30), "采取保全措施", Legal, Applicant, "民事诉讼法第一百零四条"),
    row("preservation_review", "申请保全复议", "Asking for review of preservation", d(5), "收到裁定", Legal, Party, "民诉法解释第一百七十一条"),
    row("preservation_review_decision", "保全复议审查", "Review of preservation", d(10), "收到复议申请", Legal, Court, "财产保全规定第二十五条"),
    row("preservation_lift", "解除保全", "Lifting preservation", d(5), "收到解除申请", Legal, Court, "财产保全规定第二十三条"),
    row("preservation_lift_urgent", "紧急解除保全", "Urgent lifting", h(48), "收到解除申请", Plain, Court, "财产保全规定第二十三条"),
    row("preservation_renewal", "申请续保", "Asking for renewal", d(7), "保全期限届满前", Back, Applicant, "财产保全规定第十八条"),
    row("measure_deposit", "冻结银行存款", "Freeze of a bank deposit", y(1), "采取措施", Measure, Court, "民诉法解释第四百八十五条"),
    row("measure_movable", "查封、扣押动产", "Seizure of movables", y(2), "采取措施", Measure, Court, "民诉法解释第四百八十五条"),
    row("measure_immovable", "查封不动产、冻结其他财产权", "Seizure of real estate, other rights", y(3), "采取措施", Measure, Court, "民诉法解释第四百八十五条"),
    row("post_judgment_enforcement", "判后保全申请执行", "Enforcement after post-judgment preservation", d(5), "履行期届满", Legal, Applicant, "民诉法解释第一百六十三条"),
    row("mediation_pre_filing", "诉前调解", "Mediation before filing", d(30), "调解组织接受", Mediation, Mediator, "在线调解规则第二十四条"),
    row("mediation_ordinary", "立案后调解（普通程序）", "Mediation, ordinary", d(15), "调解组织接受", Mediation, Mediator, "在线调解规则第二十四条"),
    row("mediation_summary", "立案后调解（简易程序）", "Mediation, summary", d(7), "调解组织接受", Mediation, Mediator, "在线调解规则第二十四条"),
    row("mediator_choice", "共同选择调解员", "Joint choice of mediator", w(2), "申请", Plain, Party, "在线调解规则第十条"),
    row("mediator_appoint", "法院指定调解员", "Court appoints the mediator", w(3), "申请", Plain, Court, "在线调解规则第十条"),
    row("mediator_accept", "调解员确认", "Mediator accepts", w(3), "收到通知", Plain, Mediator, "在线调解规则第十二条"),
    row("mediator_contact", "联系对方当事人", "Contacting the other side", w(3), "接受调解", Plain, Mediator, "在线调解规则第十五条"),
    row("confirmation", "申请司法确认", "Application for judicial confirmation", d(30), "调解协议生效", Legal, Party, "民事诉讼法第二百零五条"),
    row("confirmation_accept", "司法确认受理", "Acceptance of confirmation", d(3), "收到申请", Legal, Court, "司法确认规定第四条"),
    row("confirmation_decide", "司法确认审查", "Decision on confirmation", d(15), "受理", Internal, Court, "司法确认规定第五条"),
    row("confirmation_decide_more", "延长司法确认审查", "Decision on confirmation, extension", d(10), "审查期限届满", Internal, Court, "司法确认规定第五条"),
    row("payment_order_accept", "支付令受理", "Acceptance of a payment order", d(5), "收到申请", Legal, Court, "民事诉讼法第二百二十六条"),
    row("payment_order_issue", "发出支付令", "Issue of a payment order", d(15), "受理", Legal, Court, "民事诉讼法第二百二十七条"),
    row("payment_order_object", "清偿或异议", "Paying or objecting", d(15), "收到支付令", Legal, Respondent, "民事诉讼法第二百二十七条"),
    row("payment_order_service", "送达支付令", "Service of a payment order", d(30), "发出支付令", Legal, Court, "民诉法解释第四百三十条"),
    row("payment_order_suit", "不同意转入诉讼", "Refusing the suit", d(7), "收到终结裁定", Legal, Applicant, "民诉法解释第四百三十八条"),
    row("public_summons_notice", "发出公示催告公告", "Notice of a public summons", d(3), "受理", Legal, Court, "民事诉讼法第二百三十条"),
    row("public_summons", "公示催告", "Public summons", d(60), "公告", Legal, Court, "民事诉讼法第二百三十条"),
    row("enforcement_application", "申请执行", "Application for enforcement", y(2), "履行期限最后一日", Legal, Applicant, "民事诉讼法第二百五十条"),
    row("enforcement_filing_decision", "执行立案审查", "Enforcement filing decision", d(7), "收到执行申请", Legal, Court, "执行工作规定第十六条"),
    row("enforcement_notice", "发出执行通知", "Enforcement notice", d(10), "收到执行申请", Legal, Court, "民诉法解释第四百八十条"),
    row("enforcement_notice_after", "立即执行后通知", "Notice after acting at once", d(3), "采取执行措施", Legal, Court, "执行程序解释第二十二条"),
    row("property_changes", "补充报告财产变动", "Reporting later changes", d(10), "财产变动", Legal, Respondent, "财产调查规定第七条"),
    row("clue_check", "核实财产线索", "Checking a property clue", d(7), "收到线索", Legal, Court, "财产调查规定第二条"),
    row("clue_check_urgent", "核实财产线索（紧急）", "Checking an urgent clue", d(3), "收到线索", Legal, Court, "财产调查规定第二条"),
    row("enforcement_limit", "执行期限", "Enforcement limit", m(6), "立案", Internal, Court, "审限规定第五条"),
    row("enforcement_limit_non_suit", "非诉执行期限", "Enforcement limit, non-suit", m(3), "立案", Internal, Court, "审限规定第五条"),
    row("enforcement_limit_more", "延长执行期限", "Enforcement limit, extension", m(3), "执行期限届满", Internal, Court, "审限规定第五条"),
    row("enforcement_objection_docket", "执行异议立案", "Docketing an objection", d(3), "收到异议", Legal, Court, "异议复议规定第二条"),
    row("enforcement_objection_decide", "执行异议审查", "Deciding an objection", d(15), "收到异议", Legal, Court, "民事诉讼法第二百三十六条"),
    row("enforcement_reconsideration", "申请执行复议", "Asking for reconsideration", d(10), "裁定送达", Legal, Party, "民事诉讼法第二百三十六条"),
    row("enforcement_reconsideration_decide", "执行复议审查", "Deciding a reconsideration", d(30), "收到复议申请", Internal, Court, "执行程序解释第八条"),
    row("enforcement_reconsideration_more", "延长执行复议审查", "Deciding a reconsideration, extension", d(30), "复议审查期限届满", Internal, Court, "执行程序解释第八条"),
    row("third_party_objection", "案外人异议审查", "Deciding a third-party objection", d(15), "收到异议", Legal, Court, "民事诉讼法第二百三十八条"),
    row("third_party_suit", "执行异议之诉", "Suit after a third-party objection", d(15), "裁定送达", Legal, Party, "民事诉讼法第二百三十八条"),
    row("distribution_objection", "分配方案异议", "Objection to a distribution plan", d(15), "收到分配方案", Legal, Party, "民诉法解释第五百零九条"),
    row("distribution_counter", "对分配异议的反对意见", "Counter-view on distribution", d(15), "收到异议通知", Legal, Party, "民诉法解释第五百一十条"),
    row("distribution_suit", "分配方案异议之诉", "Suit on distribution", d(15), "收到反对意见通知", Legal, Party, "民诉法解释第五百一十条"),
    row("retrial_application", "申请再审", "Application for retrial", m(6), "裁判生效", Fixed, Party, "民事诉讼法第二百一十六条"),
    row("retrial_copy", "发送再审申请书副本", "Sending the retrial copy", d(5), "收到再审申请书", Legal, Court, "民事诉讼法第二百一十四条"),
    row("retrial_reply", "再审书面意见", "Reply to a retrial application", d(15), "收到再审申请书副本", Legal, Respondent, "民事诉讼法第二百一十四条"),
    row("revocation_suit", "第三人撤销之诉", "Third-party revocation suit", m(6), "知道权益受损", Fixed, Party, "民事诉讼法第五十九条"),
    row("excuse", "申请顺延期限", "Asking to restore a period", d(10), "障碍消除", Legal, Party, "民事诉讼法第八十六条"),
    row("fee_refund", "退还诉讼费", "Refund of the fee", d(15), "裁判生效", Internal, Court, "诉讼费用交纳办法第五十三条"),
    row("admin_filing_decision", "行政案件立案审查", "Administrative filing decision", d(7), "收到起诉状", Legal, Court, "行政诉讼法第五十一条"),
    row("admin_defence", "行政案件答辩", "Administrative defence", d(15), "收到起诉状副本", Legal, Respondent, "行政诉讼法第六十七条"),
    row("admin_send_complaint", "发送行政起诉状副本", "Sending the complaint copy, administrative", d(5), "立案", Legal, Court, "行政诉讼法第六十七条"),
    row("admin_trial", "行政一审审限", "Administrative first instance", m(6), "立案", Internal, Court, "行政诉讼法第八十一条"),
    row("admin_summary", "行政简易程序审限", "Administrative summary procedure", d(45), "立案", Internal, Court, "行政诉讼法第八十三条"),
    row("admin_second", "行政二审审限", "Administrative second instance", m(3), "收到上诉状", Internal, Court, "行政诉讼法第八十八条"),
    row("admin_appeal_judgment", "行政上诉（判决）", "Administrative appeal, judgment", d(15), "判决书送达", Legal, Party, "行政诉讼法第八十五条"),
    row("admin_appeal_ruling", "行政上诉（裁定）", "Administrative appeal, ruling", d(10), "裁定书送达", Legal, Party, "行政诉讼法第八十五条"),
    row("admin_suit", "提起行政诉讼", "Bringing an administrative suit", m(6), "知道行政行为", Legal, Applicant, "行政诉讼法第四十六条"),
    row("labour_suit", "劳动仲裁后起诉", "Suit after a labour award", d(15), "收到仲裁裁决书", Legal, Party, "劳动争议调解仲裁法第五十条"),
    row("petition", "涉诉信访办结", "Finishing a petition", d(60), "受理", Internal, Court, "信访工作条例第三十四条"),
    row("petition_more", "涉诉信访延长办理", "Petition, extension", d(30), "办理期限届满", Internal, Court, "信访工作条例第三十四条"),
    row("petition_accept", "涉诉信访受理告知", "Telling whether a petition is accepted", d(15), "收到信访事项", Internal, Court, "信访工作条例第二十三条"),
    row("petition_handover", "信访转交异议", "Objecting to a handed-over petition", w(5), "收到转交", Plain, Court, "信访工作条例第二十三条"),
    row("petition_review_request", "申请信访复查", "Asking for review of a petition", d(30), "收到书面答复", Legal, Applicant, "信访工作条例第三十五条"),
    row("petition_review", "信访复查", "Review of a petition", d(30), "收到复查请求", Internal, Court, "信访工作条例第三十五条"),
    row("petition_recheck_request", "申请信访复核", "Asking for recheck of a petition", d(30), "收到复查意见", Legal, Applicant, "信访工作条例第三十六条"),
    row("petition_recheck", "信访复核", "Recheck of a petition", d(30), "收到复核请求", Internal, Court, "信访工作条例第三十六条"),
];
