//! What the walk sends: for each operation a body that is well formed. Owns nothing else; decides nothing.

use serde_json::{Value, json};

use crate::guardian_walk::MISSING;
use crate::kit::numbers;
use crate::kit::seeded::Ids;

/// A body each operation takes: well formed, so that only who asks about what decides.
pub fn body(operation: &str, ids: &Ids) -> Option<Value> {
    let reason = "依照民事诉讼法第三十七条，本院没有管辖权，移送有管辖权的法院。";
    let item = json!({ "step": "claims", "field": "/facts", "what": "事实不清", "where": "事实与理由", "cure": "写清时间" });
    let change = json!({ "changes": [{ "role": "clerk", "act": "filing:queue", "effect": "allow" }] });
    Some(match operation {
        "return_filing" => json!({ "items": [item], "days": 7 }),
        "accept_filing" => json!({ "procedure": "summary" }),
        "refuse_filing" | "withdraw_filing" => json!({ "reason": reason }),
        "transfer_filing" => json!({ "to_court": 370104, "reason": reason }),
        "add_leaf" => json!({ "file_id": MISSING, "folder": 12, "volume": "main", "title": "补充" }),
        "seal_case" => json!({ "sealed": true, "reason": "涉及隐私" }),
        "assign_case" => json!({}),
        "allocate_case" => json!({ "way": "random" }),
        "set_duty" => json!({ "weight": 50 }),
        "close_case" => json!({ "manner": "judgment", "closed_on": "2026-11-23" }),
        "reopen_case" => json!({ "reason": "结案登记有误" }),
        "engage_representative" => {
            json!({ "party_id": ids["party"], "licence": "13701201310999999", "name": "某律", "unit": "某所", "power": "general", "file_ids": [] })
        }
        "share_case" => json!({ "licence": "13701201310999999" }),
        "join_case" => json!({ "code": "370102-AAAABBBB" }),
        "add_person" => json!({ "name": "新人", "mobile": "13911112222", "id_number": numbers::resident_id(80_000), "roles": ["clerk"] }),
        "change_person" => json!({ "roles": ["clerk"], "suspended": false }),
        "decide_proof" => json!({ "state": "checked_by_clerk" }),
        "set_rule" => json!({ "value": 7, "basis": "民事诉讼法第一百二十六条", "valid_from": "2026-11-23" }),
        "set_policies" | "preview_policies" => change,
        "confirm_court" => json!({ "basis": "省院 2026 年代字表" }),
        "create_draft" => json!({ "kind": "civil" }),
        "save_draft" => json!({ "facts": "又想了想" }),
        "submit_draft" => serde_json::from_str(&ids["confirmed"]).unwrap(),
        "file_offline" => json!({ "reason": "不会用" }),
        "begin_draft_upload" | "begin_upload" => json!({ "name": "a.pdf", "size": 10 }),
        "make_photo_pages" => json!({ "file_ids": [ids["draft_file"]], "name": "照片" }),
        "register_api_client" => json!({ "name": "一", "scopes": ["cases.read"] }),
        "register_webhook" => json!({ "url": "http://127.0.0.1:9/", "topics": ["case.act"] }),
        "save_template_draft" => json!({ "source": "#import \"base.typ\": *" }),
        "publish_template" | "withdraw_template" => json!({ "reason": "统一格式" }),
        "save_view" => json!({ "name": "一", "query": {} }),
        "change_account" => json!({ "large_type": false }),
        "claim_proof" => json!({ "kind": "passport", "number": "E12345678" }),
        "check_proof" => json!({ "method": "registry" }),
        "change_mobile" => json!({ "mobile": "13800138099", "code": "000000", "password": "x" }),
        "change_password" => json!({ "current": "x", "password": "correct-horse-battery-7" }),
        "confirm_totp" | "step_up" => json!({ "code": "000000" }),
        "send_code" => json!({ "mobile": "13911113333", "purpose": "sign_up" }),
        "sign_in" => json!({ "identifier": "13911113333", "password": "correct-horse-battery-7" }),
        "sign_up" => {
            json!({ "mobile": "13911113333", "code": "000000", "password": "correct-horse-battery-7", "standing": "natural", "name": "新人", "id_type": "resident_id", "id_number": numbers::resident_id(80_001) })
        }
        "recover" => json!({ "identifier": "13911113333" }),
        "redeem_link" => json!({ "password": "correct-horse-battery-7" }),
        "order_service" => json!({ "papers": [{ "paper_id": ids["served_paper"] }], "recipients": [{ "party_id": ids["party"] }] }),
        "cancel_service" => json!({ "reason": reason }),
        "strike_service_address" => json!({ "address_id": ids["address"], "reason": reason }),
        "record_attempt" => json!({ "channel": "direct" }),
        "record_event" => json!({ "attempt_id": MISSING, "what": "signed", "at": "2026-11-23T01:00:00Z" }),
        "record_whereabouts" => json!({ "basis": reason }),
        "finish_service_task" => json!({ "outcome": "reached" }),
        "decide_rebuttal" => json!({ "upheld": true, "reasons": reason }),
        "rebut_service" => json!({ "ground": "system_error", "account": reason }),
        "confirm_service_address" => {
            json!({ "party_id": ids["party"], "agrees": true, "inbox": true, "postal": { "receiver": "新人", "phone": "13911112222", "address": "济南市历下区泉城路1号" }, "told_version": "2026-1", "understood": true })
        }
        "withdraw_service_consent" => json!({ "party_id": ids["party"] }),
        "identify_service_address" => json!({ "party_id": ids["party"], "basis": reason }),
        "report_sms" | "report_wechat_pay" | "report_delivery" => json!({}),
        "assess_fee" => json!({ "purpose": "application", "kind": "public_summons", "amount": "", "params": "", "party_id": ids["party"] }),
        "cancel_fee" => json!({ "reason": "核定有误" }),
        "pay_fee" => json!({ "form": "native" }),
        "ask_refund" => json!({ "amount_fen": 1, "ground": "other", "reason": "多收" }),
        "decide_refund" => json!({ "grant": true, "reason": "属实" }),
        "prove_refund" => json!({ "reference": "LS0001" }),
        "ask_relief" => json!({ "kind": "defer", "grounds": "本人目前确实没有能力一次交清。" }),
        "decide_relief" => json!({ "grant": false, "reason": "没有提交证明" }),
        "enter_fee_transfer" => json!({ "received_on": "2026-11-23", "amount_fen": 100, "reference": "LS0002", "remark": "" }),
        "match_fee_transfer" => json!({ "bill_id": ids["bill"] }),
        "suspend_clocks" => json!({ "ground": "stay", "from": "2026-11-23", "reason": "须以另案审理结果为依据" }),
        "resume_clocks" => json!({ "until": "2026-11-23", "reason": "鉴定意见已经收到" }),
        "set_travel_time" => json!({ "clock_id": ids["clock"], "days": 2, "reason": "邮路两日" }),
        "file_appeal" => json!({ "party_id": ids["party"], "claims": ["撤销一审判决"], "reasons": "一审认定事实没有证据，请求改判。" }),
        "ask_excuse" => json!({ "clock_id": ids["clock"], "grounds": "本人住院手术，无法按期提交。", "obstacle_ended": "2026-11-22" }),
        "decide_excuse" => json!({ "grant": false, "reason": "没有提交证明" }),
        "enter_outage" => {
            json!({ "scope": "court", "parts": ["filing"], "from": "2026-11-23T00:00:00Z", "to": "2026-11-23T01:00:00Z", "reason": "机房断电" })
        }
        "end_outage" => json!({ "to": "2026-11-23T01:00:00Z" }),
        "withdraw_outage" => json!({ "reason": "登记有误" }),
        "set_calendar" | "preview_calendar" => {
            json!({ "days": [{ "day": "2026-12-24", "kind": "holiday", "name": "调整放假" }], "basis": "国办发明电〔2026〕9号" })
        }
        "change_claim" => json!({ "amount_fen": 200_000, "before_inquiry_ends": true, "reason": "增加利息" }),
        "settle_fee_difference" => json!({ "day": "2026-11-22", "order_no": "没有", "what": "amount", "note": "已核对" }),
        "check_hearing" | "schedule_hearing" => json!({
            "kind": "trial", "starts_at": "2026-12-01T01:00:00Z", "minutes": 60, "courtroom_id": ids["courtroom"], "public": true, "facts": {},
            "participants": [{ "role": "party", "party_id": ids["party"] }] }),
        "add_hearing_seat" => json!({ "version": 1, "seat": { "role": "witness", "name": "证人甲", "party_id": ids["party"] } }),
        "remove_hearing_seat" => json!({ "version": 1, "reason": reason }),
        "set_hearing_measures" => json!({ "measures": { "companion": "外婆" }, "reasons": reason }),
        "cancel_hearing_series" => json!({ "reason": reason }),
        "confirm_hearing_mobile" => json!({ "mobile": "13800138001" }),
        "move_hearing" | "check_hearing_move" => {
            json!({ "version": 1, "starts_at": "2026-12-01T01:00:00Z", "minutes": 60, "reason": reason })
        }
        "step_hearing" => json!({ "version": 1, "step": "cancel", "reason": reason }),
        "find_hearing_dropout" => json!({ "cause": "network", "reasons": reason }),
        "find_absence" => json!({ "participant_id": ids["participant"], "consequence": "none", "reasons": reason }),
        "warn_hearing_seat" => json!({ "participant_id": ids["participant"], "rung": "prompt" }),
        "close_hearing_alert" => json!({ "how": "已经电话指导，恢复正常" }),
        "record_hearing_call" => json!({ "participant_id": ids["participant"], "outcome": "no_answer" }),
        "add_courtroom" => json!({ "name": "新法庭", "kind": "physical", "place": "三楼", "gallery": 10, "emblem": true, "active": true }),
        "change_courtroom" => {
            json!({ "name": "新法庭", "kind": "physical", "place": "三楼", "gallery": 10, "emblem": true, "active": true, "version": 1 })
        }
        "add_unavailable" => json!({ "from": "2026-12-01T01:00:00Z", "until": "2026-12-01T02:00:00Z" }),
        "say_online_consent" => {
            json!({ "party_id": ids["party"], "step": "hearing", "agrees": true, "told_version": "2026-1", "proof": "in_court" })
        }
        "submit_hearing_test" => json!({ "device": "手机", "measured": { "heard": true } }),
        "score_media_test" => json!({ "measured": { "heard": true } }),
        "acknowledge_hearing_text" => json!({ "what": "discipline", "digest": "of other words" }),
        "add_identity_paper" => json!({ "file_id": MISSING, "kind": "id_card" }),
        "say_hearing_identity" => json!({ "participant_id": ids["participant"], "says": "matches", "how": "id_card" }),
        "ask_of_hearing" => json!({ "kind": "come_in_person", "text": "想到法庭当面说清楚这件事情。" }),
        "decide_hearing_request" => json!({ "grant": false, "reasons": "时间已经定好，各方都有准备。" }),
        "delay_hearing" => json!({ "version": 1, "until": "2026-12-01T01:00:00Z", "reason": "前一场庭审还没有结束，请稍候。" }),
        "send_hearing_message" => json!({ "text": "请问现在可以进来吗？" }),
        "read_hearing_messages" => json!({ "until": MISSING }),
        "ask_for_recording" => json!({ "kind": "view", "purpose": "核对庭审笔录中的一段陈述内容。" }),
        "decide_recording_request" => json!({ "grant": true, "reasons": "符合规定，准许在平台上查阅。" }),
        "put_recording_away" => json!({ "reason": "保管期限已经届满，按规定删除。" }),
        "set_recording_retention" => json!({ "class": "thirty_years", "reason": "按诉讼档案保管期限的规定确定。" }),
        "add_exhibit" => json!({ "leaf_id": ids["leaf"], "party_id": ids["party"], "name": "借条" }),
        "change_exhibit" => json!({ "version": 1, "original": "wanted" }),
        "say_opinion" => json!({ "party_id": ids["party"], "opinions": [{ "aspect": "relevance", "view": "no_objection" }] }),
        "exhibit_to_transcript" | "begin_transcript" => json!({}),
        "set_transcript_header" => json!({ "version": 1 }),
        "change_transcript" => json!({ "changes": [{ "do": "strike", "id": ids["entry"], "version": 1 }] }),
        "import_transcript" => json!({ "text": "原告：同意。" }),
        "object_transcript" => json!({ "entry_id": ids["entry"], "version": 1, "from": 0, "quote": "", "text": "应当补正" }),
        "answer_objection" => json!({ "do": "refuse", "reason": reason }),
        "fix_transcript" => json!({ "rev": 1 }),
        "reopen_transcript" => json!({ "reason": reason }),
        "sign_record" => json!({ "what": "transcript", "digest": "d", "way": "typed", "typed_name": "无名", "read_to_end": true }),
        "note_refusal" => json!({ "participant_id": ids["participant"], "what": "transcript", "reason": reason }),
        "note_paper_signature" => json!({ "participant_id": ids["participant"], "what": "transcript", "leaf_id": ids["leaf"] }),
        "write_agreement" => json!({ "terms": ["双方再无争议"] }),
        "make_signing_link" => json!({ "participant_id": ids["participant"] }),
        "open_signing_link" => json!({ "token": "no-such-token" }),
        "send_signing_code" => json!({ "ticket": "no-such-ticket" }),
        "read_by_signing_link" => json!({ "ticket": "no-such-ticket", "code": "000000" }),
        "sign_by_signing_link" => {
            json!({ "pass": "no-such-pass", "digest": "d", "way": "typed", "typed_name": "无名", "read_to_end": true })
        }
        "invite_online" => json!({ "step": "hearing" }),
        "open_hearing_link" | "take_hearing_seat" => json!({ "token": "no-such-token" }),
        "open_service_link" | "disclaim_service" => json!({ "token": "no-such-token" }),
        _ => return None,
    })
}
