"""How orders read: kinds, states, acts, ways of service and the roles on the sheet of approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.rectification.old_order_words import flag_sentences
from app.rectification.rules.machine import OrderAct, OrderState, Stage
from app.rectification.rules.orders import EscalationLevel, EvidenceAnswer, NextStep, OrderKind, ServiceMethod
from app.rectification.words import with_weekday

KINDS = {OrderKind.IMMEDIATE: _l("责令立即改正通知书"), OrderKind.LIMITED: _l("责令限期改正通知书")}
STATES = {
    OrderState.DRAFT: _l("草稿"),
    OrderState.LEGAL_REVIEW: _l("待法制审核"),
    OrderState.APPROVAL: _l("待领导审批"),
    OrderState.APPROVED: _l("已审批，待签发"),
    OrderState.ISSUED: _l("已签发，待送达"),
    OrderState.SERVED: _l("已送达，整改中"),
    OrderState.CLOSED: _l("已销号"),
    OrderState.VOID: _l("已作废"),
}
#: The look of a state's tag.
LOOKS = {
    OrderState.DRAFT: "na",
    OrderState.LEGAL_REVIEW: "info",
    OrderState.APPROVAL: "info",
    OrderState.APPROVED: "info",
    OrderState.ISSUED: "warn",
    OrderState.SERVED: "info",
    OrderState.CLOSED: "ok",
    OrderState.VOID: "na",
}
ACTS = {
    OrderAct.EDIT: _l("修改"),
    OrderAct.SUBMIT: _l("提交审批"),
    OrderAct.PASS_REVIEW: _l("审核通过"),
    OrderAct.APPROVE: _l("同意"),
    OrderAct.RETURN: _l("退回"),
    OrderAct.ISSUE: _l("签发"),
    OrderAct.SERVE: _l("送达"),
    OrderAct.CLOSE: _l("全部销号"),
    OrderAct.REOPEN: _l("重新打开"),
    OrderAct.DISCARD: _l("撤销草稿"),
    OrderAct.VOID: _l("作废"),
}
#: What the timeline says of each event.
EVENTS = {act.value: text for act, text in ACTS.items()} | {
    "draft": _l("起草"),
    "send": _l("寄出，待确认"),
    "make_link": _l("生成学校链接"),
    "revoke_link": _l("撤销学校链接"),
    "read": _l("学校已阅"),
    "send_evidence": _l("学校报送整改材料"),
    "apply_recheck": _l("学校申请复查"),
    "evidence_accepted": _l("材料已受理"),
    "evidence_returned": _l("材料已退回"),
    "ask_extension": _l("学校申请延期"),
    "grant_extension": _l("同意延期"),
    "refuse_extension": _l("不同意延期"),
    "hand_item": _l("交办"),
    "write_reply": _l("学校制作整改复函"),
    "write_recheck": _l("学校制作复查申请"),
    "write_extension": _l("学校制作延期申请"),
    "write_plan": _l("学校制作整改方案"),
    "seal_letter": _l("学校上传盖章件"),
    "recheck": _l("复查"),
    "escalate": _l("提请上级督办"),
    "answer_escalation": _l("督办意见"),
    "withdraw_finding": _l("撤回问题"),
    "reopen_finding": _l("重新打开问题"),
    "print_receipt": _l("制作送达回证"),
    "print_extension": _l("制作延期答复书"),
    "replace": _l("另行起草替换"),
    "penalty": _l("关联处罚案号"),
    "import": _l("从旧清单导入"),
    "strike_off_old": _l("按纸质复查记录销号"),
    "confirm_day": _l("核对改正期限"),
    "archive": _l("归档"),
    "keep_day": _l("期限仍定在不上课的日子"),
}
STAGES = {
    Stage.FOUND: _l("已发现，未下文书"),
    Stage.ORDERED: _l("已列入文书，未送达"),
    Stage.RECTIFYING: _l("整改中"),
    Stage.EVIDENCE_SENT: _l("已报送，待受理"),
    Stage.RECHECK_DUE: _l("待复查"),
    Stage.FAILED: _l("复查未通过"),
    Stage.CORRECTED_ON_SPOT: _l("当场改正"),
    Stage.STRUCK_OFF: _l("已销号"),
    Stage.WITHDRAWN: _l("已撤回"),
}
STAGE_LOOKS = {
    Stage.FOUND: "na",
    Stage.ORDERED: "na",
    Stage.RECTIFYING: "info",
    Stage.EVIDENCE_SENT: "info",
    Stage.RECHECK_DUE: "warn",
    Stage.FAILED: "bad",
    Stage.CORRECTED_ON_SPOT: "ok",
    Stage.STRUCK_OFF: "ok",
    Stage.WITHDRAWN: "na",
}
METHODS = {
    ServiceMethod.HAND: _l("直接送达（当面签收）"),
    ServiceMethod.REFUSED: _l("拒收（见证人在场）"),
    ServiceMethod.LEFT: _l("留置送达"),
    ServiceMethod.POSTED: _l("邮寄送达"),
    ServiceMethod.LINK: _l("电子送达（链接确认）"),
}
ANSWERS = {EvidenceAnswer.ACCEPTED: _l("已受理"), EvidenceAnswer.RETURNED: _l("已退回补充")}
NEXT_STEPS = {
    NextStep.NEW_ORDER: _l("重新下达责令改正通知书"),
    NextStep.PENALTY: _l("立案查处，登记处罚案号"),
    NextStep.SEAL: _l("研究是否临时查封"),
    NextStep.ESCALATE: _l("提请上级督办"),
    NextStep.MAJOR_HAZARD: _l("集体研究是否属于重大火灾隐患"),
}
LEVELS = {
    EscalationLevel.DETACHMENT: _l("上级支队"),
    EscalationLevel.BUREAU: _l("教育局"),
    EscalationLevel.OTHER: _l("其他单位（只登记）"),
}
APPROVAL_ROLES = {
    OrderAct.SUBMIT: _l("承办人意见"),
    OrderAct.PASS_REVIEW: _l("法制审核意见"),
    OrderAct.APPROVE: _l("大队领导审批意见"),
}
OPINIONS = {
    OrderAct.SUBMIT: _l("建议制发。"),
    OrderAct.PASS_REVIEW: _l("同意，报领导审批。"),
    OrderAct.APPROVE: _l("同意。"),
}


def doubts_of(flags: list[str]) -> list[str]:
    """What is doubtful in an order that was taken over from an older list, in sentences."""
    return flag_sentences(flags)


def kept_day(detail: Mapping[str, Any]) -> str:
    """Which item keeps which day, from what the timeline holds."""
    day = date.fromisoformat(detail["deadline"])
    return str(_("第 %(n)d 项：%(day)s", n=detail["position"], day=with_weekday(day)))
