"""How major hazards, sealings and transfers read: states, steps, authorities, the timeline."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.rectification.rules.major import MajorAct, MajorState
from app.rectification.rules.records import AuthorityKind
from app.rectification.rules.sealing import SealingAct, SealingState

MAJOR_STATES = {
    MajorState.PROPOSED: _l("待集体研究"),
    MajorState.STUDIED: _l("已研究，待审批"),
    MajorState.DETERMINED: _l("已判定，待通知"),
    MajorState.DISMISSED: _l("不构成"),
    MajorState.NOTICED: _l("已通知，整改中"),
    MajorState.CLOSED: _l("已销案"),
    MajorState.WITHDRAWN: _l("已撤回"),
}
SEALING_STATES = {
    SealingState.PROPOSED: _l("待集体决定"),
    SealingState.APPROVED: _l("待签发决定书"),
    SealingState.IN_FORCE: _l("查封中"),
    SealingState.APPLIED: _l("申请解除，待检查"),
    SealingState.CHECKED: _l("已检查，待决定"),
    SealingState.LIFTED: _l("已解除"),
    SealingState.WITHDRAWN: _l("已撤回"),
}
#: The look of a state's tag; what is not here is plain.
LOOKS: dict[Any, str] = {
    MajorState.NOTICED: "bad",
    MajorState.DETERMINED: "bad",
    MajorState.CLOSED: "ok",
    MajorState.PROPOSED: "warn",
    MajorState.STUDIED: "warn",
    SealingState.IN_FORCE: "bad",
    SealingState.APPLIED: "warn",
    SealingState.CHECKED: "warn",
    SealingState.LIFTED: "ok",
}
MAJOR_ACTS = {
    MajorAct.STUDY: _l("登记集体研究"),
    MajorAct.APPROVE: _l("判定为重大火灾隐患"),
    MajorAct.DISMISS: _l("不构成重大火灾隐患"),
    MajorAct.RETURN: _l("退回重新研究"),
    MajorAct.ISSUE: _l("签发整改通知书"),
    MajorAct.SERVE: _l("登记送达"),
    MajorAct.REPORT: _l("报告人民政府"),
    MajorAct.CLOSE: _l("销案"),
    MajorAct.WITHDRAW: _l("撤回"),
}
SEALING_ACTS = {
    SealingAct.APPROVE: _l("登记集体决定"),
    SealingAct.ISSUE: _l("签发查封决定书"),
    SealingAct.SCENE: _l("制作现场笔录"),
    SealingAct.RENEW: _l("续封"),
    SealingAct.APPLY: _l("登记解除申请"),
    SealingAct.CHECK: _l("登记检查情况"),
    SealingAct.LIFT: _l("同意解除"),
    SealingAct.REFUSE: _l("不同意解除"),
    SealingAct.WITHDRAW: _l("撤回"),
}
AUTHORITIES = {
    AuthorityKind.HOUSING: _l("住房和城乡建设"),
    AuthorityKind.EDUCATION: _l("教育"),
    AuthorityKind.GAS: _l("燃气"),
    AuthorityKind.POWER: _l("供电"),
    AuthorityKind.MARKET: _l("市场监管"),
    AuthorityKind.POLICE: _l("公安"),
    AuthorityKind.GOVERNMENT: _l("人民政府"),
    AuthorityKind.OTHER: _l("其他"),
}
#: What the timeline says beside the names of the steps.
EVENTS: dict[str, Any] = {
    **{act.value: label for act, label in MAJOR_ACTS.items()},
    "propose": _l("提请"),
    "scan": _l("上传扫描件"),
    "send": _l("移送"),
    "reply": _l("收到答复"),
    "print_strips": _l("打印封条"),
    "print_approval": _l("打印审批表"),
}
SEALING_EVENTS: dict[str, Any] = EVENTS | {act.value: label for act, label in SEALING_ACTS.items()}
