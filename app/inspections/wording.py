"""The words for inspections, in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from app.core.formats import full_date, number, short_day, weekday
from app.core.i18n import language
from app.fieldwork.rules import SignerRole, Via
from app.inspections.models import InspectionForm, InspectionKind, InspectionState
from app.inspections.rules.areas import Area
from app.inspections.rules.fields import Answer, Outcome
from app.rectification import words as rectification_words
from app.rectification.rules.deadlines import DeadlineProposal
from app.rectification.rules.findings import Handling, Severity
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import Text
from app.regulations.rules.limits import Bounds
from app.regulations.units import unit

KINDS = {InspectionKind.INSPECTION: lazy_pgettext("kind", "检查"), InspectionKind.RECHECK: _l("复查")}
FORMS = {
    InspectionForm.SPOT_CHECK: _l("监督抽查"),
    InspectionForm.RECHECK: _l("复查"),
    InspectionForm.COMPLAINT: _l("举报投诉核查"),
    InspectionForm.UNSEAL: _l("临时查封解除检查"),
    InspectionForm.RESUME_USE: _l("恢复使用检查"),
    InspectionForm.OTHER: _l("其他"),
}
STATES = {
    InspectionState.DRAFT: _l("填写中"),
    InspectionState.SIGNING: _l("等待签名"),
    InspectionState.SIGNED: _l("已签名"),
    InspectionState.WITHDRAWN: _l("已撤回"),
}
STATE_LOOKS = {
    InspectionState.DRAFT: "warn",
    InspectionState.SIGNING: "warn",
    InspectionState.SIGNED: "ok",
    InspectionState.WITHDRAWN: "na",
}
TIERS = {"core": _l("核心检查"), "full": _l("全面检查")}
ANSWERS = {
    Answer.PASS: _l("合格"),
    Answer.FAIL: _l("不合格"),
    Answer.NA: _l("不涉及"),
    Answer.NOT_CHECKED: _l("未检查"),
}
OUTCOMES = {Outcome.CORRECTED: _l("已改正"), Outcome.PARTLY: _l("部分改正"), Outcome.NOT_CORRECTED: _l("未改正")}
OUTCOME_LOOKS = {Outcome.CORRECTED: "ok", Outcome.PARTLY: "na", Outcome.NOT_CORRECTED: "bad"}
#: What a row still wants before a draft can be finished, by the code of its demand.
DEMANDS = {
    "open": _l("还没有检查。"),
    "number": _l("读数不是数字，请重新填写。"),
    "future": _l("日期不能在今天之后。"),
    "what": _l("请选择是什么问题。"),
    "other": _l("选择“其他”时请在备注里写明问题。"),
    "against": _l("结论与读数不一致，请在备注里写明理由。"),
    "spot": _l("当场改正须有改正前、改正后的照片。"),
    "late": _l("改正期限不能早于检查日期。"),
    "at_once": _l("责令当场改正的须当日改正，责令立即改正的最多 7 天。改不了的，签名后另行起草责令限期改正通知书。"),
    "far": _l("改正期限太远，请核对年份。"),
    "result": _l("没有改正的，请写明情况或拍照。"),
}
VIAS = {
    Via.TAP: _l("逐项"),
    Via.SCAN: _l("扫码"),
    Via.PIECE: _l("整件"),
    Via.BULK: _l("批量"),
    Via.TYPE: _l("录入"),
    Via.PAPER: _l("纸质补录"),
}
SEVERITIES = {Severity.CRITICAL: _l("重大"), Severity.MAJOR: _l("较大"), Severity.MINOR: _l("一般")}
HANDLINGS = {
    Handling.SPOT: _l("责令当场改正"),
    Handling.ORDER_IMMEDIATE: _l("责令立即改正"),
    Handling.ORDER_LIMITED: _l("责令限期改正"),
    Handling.ADVISE: _l("告知学校并抄告教育部门"),
    Handling.TRANSFER: _l("移送主管部门"),
    Handling.RECORD: _l("记录"),
}
SIGNERS = {
    SignerRole.LEAD: _l("检查人员（一）"),
    SignerRole.SECOND: _l("检查人员（二）"),
    SignerRole.SCHOOL: _l("被检查单位随同人员"),
    SignerRole.WITNESS: _l("见证人"),
}
FIELDS = {
    "answer": _l("结论"),
    "note": _l("备注"),
    "where": _l("部位"),
    "reading": _l("读数"),
    "choice": _l("选项"),
    "date": _l("日期"),
    "text": _l("内容"),
    "fault": _l("问题"),
    "spot": _l("当场改正"),
    "deadline": _l("期限"),
    "sample": _l("抽查"),
}


def words(text: Text) -> str:
    """A text of the pack in the reader's language."""
    return text.in_language(language())


def area_name(area: Area, checklist: Checklist) -> str:
    """室外、消防车通道 · 教学楼 A · 二层（2/3）."""
    if area.words == "recheck":
        return str(_("复查的问题"))
    name = words(checklist.label("areas", area.words)) if area.words else area.house
    name = " · ".join(part for part in (name, area.floor) if part)
    return name + aside(f"{area.part}/{area.parts}") if area.parts > 1 else name


def aside(text: str) -> str:
    """A remark in brackets, as the language writes them."""
    return str(_("（%(aside)s）", aside=text))


def limits(bounds: Bounds | None, of: str | None) -> str:
    """≥ 0.25 MPa, 0.07–1 MPa, 宜 ≤ 0.5 MPa; empty without a limit."""
    if bounds is None or bounds.is_empty:
        return ""
    sign = f" {unit(of)}" if of else ""
    least, most = bounds.min, bounds.hard_max if bounds.hard_max is not None else bounds.max
    parts = []
    if least is not None and most is not None:
        parts.append(f"{number(least)}–{number(most)}{sign}")
    elif least is not None:
        parts.append(f"≥ {number(least)}{sign}")
    elif most is not None:
        parts.append(f"≤ {number(most)}{sign}")
    wished = bounds.max if bounds.hard_max is not None and bounds.max is not None else bounds.target_max
    if wished is not None:
        parts.append(str(_("宜 ≤ %(figure)s", figure=f"{number(wished)}{sign}")))
    return "，".join(parts) if language() != "en" else ", ".join(parts)


def due(proposal: DeadlineProposal, days: int) -> str:
    """7 日内，2026年11月29日（星期日）前；2026年11月29日（星期日）不上课，请核对."""
    if days <= 0:
        return str(_("当天"))
    said = _(
        "%(days)s内，%(day)s（%(weekday)s）前",
        days=in_days(days),
        day=full_date(proposal.day),
        weekday=weekday(proposal.day),
    )
    if proposal.doubt is None:
        return str(said)
    asked = rectification_words.doubt(proposal.doubt)
    return f"{said}；{asked}" if language() != "en" else f"{said}; {asked}"


def in_days(days: int) -> str:
    """7 日."""
    return str(ngettext("%(num)d 日", "%(num)d 日", days))


def day_with_weekday(day: date) -> str:
    """2026年11月30日（星期一）."""
    return f"{full_date(day)}（{weekday(day)}）" if language() != "en" else f"{full_date(day)} ({weekday(day)})"


def last_time(before: Mapping[str, Any] | None, on: date | None) -> str:
    """上次：合格（05-12）."""
    if before is None or on is None:
        return ""
    answer = before.get("answer", "")
    said = str(ANSWERS[Answer(answer)]) if answer in ANSWERS.keys() | set(Answer) else str(_("未见"))
    faults = before.get("said", "")
    return str(_("上次：%(said)s（%(day)s）", said=f"{said}，{faults}" if faults else said, day=short_day(on)))


def by_day(day: str | date) -> str:
    """2026年11月30日（星期一）前."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return str(_("%(day)s前", day=day_with_weekday(known)))


def equipment(checklist: Checklist, kind: str) -> str:
    """The pack's word for a kind of equipment."""
    return words(checklist.label("equipment", kind))
