"""Why an operation is kept and not applied, in sentences for the officer and the leader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.sync.rules import OpState, Reason
from app.sync.traces import Doubt, Limits, Sign

REASONS: Mapping[Reason, Any] = {
    Reason.UNKNOWN_TARGET: _l("服务器还没有收到这份检查的开始，内容已保留，收到后自动补上。"),
    Reason.FILE_MISSING: _l("照片文件还没有传到，收到后自动补上。"),
    Reason.FILES_MISSING: _l("还有照片没有传到，传齐后自动完成。"),
    Reason.INCOMPLETE: _l("还有内容没有完成，请按列出的逐项处理后再次完成。"),
    Reason.CONTESTED: _l("两名检查人员填写不一致，请先确定，再次完成。"),
    Reason.UNSEEN_CHANGES: _l("签名前看到的内容之后又有同事修改，请核对后再次完成。"),
    Reason.NOT_FINALISED: _l("检查还没有完成，签名已保留，完成后自动补上。"),
    Reason.NOT_AS_SIGNED: _l("签名时看到的内容与服务器上的不一致，签名没有采用；请核对内容后重新签名。"),
    Reason.UNPROVEN: _l("内容以另一人的名义提交，须由本人登录后确认，或由大队领导处理；内容已保留。"),
    Reason.NOT_YOURS: _l("您现在不能填写这份检查（可能已调岗）；内容已保留，由大队领导处理。"),
    Reason.FROZEN: _l("这份检查已经完成并签名；后到的内容已保留，如需更正请作更正记录。"),
    Reason.WITHDRAWN: _l("这份检查已作废或撤回；内容已保留，由大队领导处理。"),
    Reason.UNKNOWN_SCHOOL: _l("服务器上没有这所学校；内容已保留，由大队领导处理。"),
    Reason.UNKNOWN_CHECKLIST: _l("服务器上没有这个版本的检查表；内容已保留，由大队领导处理。"),
    Reason.REFUSED: _l("暂时不能保存到检查里；内容已保留，由大队领导处理。"),
    Reason.OP_ID_REUSED: _l("这个操作编号已用于别的内容。"),
    Reason.BAD_OPERATION: _l("收到的内容不完整或不正确，没有保存到检查里。"),
    Reason.BAD_VALUE: _l("这一项不能这样填写。"),
    Reason.TOO_LONG: _l("内容太长，请缩短后再保存。"),
    Reason.BAD_PICTURE: _l("照片文件不完整或已损坏，请重新拍摄。"),
    Reason.KIND_NOT_YET: _l("这类内容还不能从平板提交，请在网页上填写。"),
    Reason.POISONED: _l("这一条内容无法处理，已单独保留，其他内容不受影响。"),
}
STATES: Mapping[OpState, Any] = {
    OpState.APPLIED: _l("已保存"),
    OpState.CONFLICT: _l("两种说法"),
    OpState.HELD: _l("已保留，等待处理"),
    OpState.REJECTED: _l("未采用"),
}
LOOKS = {OpState.APPLIED: "ok", OpState.CONFLICT: "warn", OpState.HELD: "warn", OpState.REJECTED: "bad"}
#: What an operation is about, where it is no field of a row.
ACTS: Mapping[str, Any] = {
    "create": _l("开始检查"),
    "finalise": _l("完成检查"),
    "reopen": _l("撕毁签名，返回修改"),
    "resolve": _l("确定不一致的内容"),
    "correct": _l("更正记录"),
    "label": _l("贴上标签"),
    "photo": _l("照片"),
    "signature": _l("签名"),
}
#: What is logged by one act.
LOGS: Mapping[str, Any] = {"drill": _l("登记演练"), "training": _l("登记培训")}
#: What the tablet says of orders that must be served on the spot, by the brigade's setting.
SPOT_ORDERS: Mapping[str, Any] = {
    "pad": _l("需要当场责令立即改正而没有网络时：本大队用预先编号的文书本手填、送达，回到单位后补录。本机不编文书号。"),
    "online": _l("需要当场责令立即改正而没有网络时：本大队到有网络处由系统编号、打印后送达。本机不编文书号。"),
}
NOTES: Mapping[str, Any] = {
    "school_merged": _l("这所学校已并入其他学校，检查按原学校保存。"),
    "checklist_old": _l("检查表已有新版本，这份检查仍按原版本完成。"),
    "findings_closed": _l("要复查的问题里有的已经结束，复查只含其余问题。"),
    "merged_log": _l("这所学校已并入其他学校，记录按原学校保存。"),
    "bad_photos": _l("有照片文件已损坏，没有保存，其余内容已登记。请在记录页重新上传。"),
    "second_gone": _l("第二名检查人员已不在本大队，请另选一名同事。"),
}


# what makes a reviewer ask ---------------------------------------------------------------------------------------


def doubt_words(doubt: Doubt, limits: Limits) -> str:
    """A question about a visit, in a sentence: what was seen, never what it means."""
    said = {
        Sign.FAST: _("%(count)d 项在 %(most)d 秒内逐项点选。", count=doubt.count, most=doubt.most),
        Sign.OLD_PHOTO: _("%(count)d 张照片早于检查开始，最早的早 %(span)s。", count=doubt.count, span=minutes_words(doubt.most)),
        Sign.SAME_PHOTO: _("%(count)d 张照片与其他检查或其他学校的照片完全相同。", count=doubt.count),
        Sign.FAR: _("%(count)d 处定位离学校超过 %(limit)d 米，最远 %(most)d 米。", count=doubt.count, limit=limits.metres, most=doubt.most),
        Sign.CLOCK: _("平板时钟在检查途中跳动 %(count)d 次，最多 %(span)s。", count=doubt.count, span=minutes_words(doubt.most)),
    }  # fmt: skip
    return str(said[doubt.sign])


def minutes_words(minutes: int) -> str:
    """A span in the largest unit that says it well."""
    if minutes < 120:
        return str(_("%(num)d 分钟", num=minutes))
    if minutes < 2880:
        return str(_("%(num)d 小时", num=round(minutes / 60)))
    return str(_("%(num)d 天", num=round(minutes / 1440)))


def span_words(span: timedelta | None) -> str:
    """A span of seconds or more; empty where there is none."""
    if span is None:
        return ""
    seconds = round(abs(span.total_seconds()))
    return str(_("%(num)d 秒", num=seconds)) if seconds < 120 else minutes_words(round(seconds / 60))


def clock_words(offset: timedelta | None) -> str:
    """How far a tablet's clock was off."""
    if offset is None:
        return ""
    if abs(offset) < timedelta(seconds=5):
        return str(_("准"))
    span = span_words(offset)
    return str(_("慢 %(span)s", span=span) if offset > timedelta(0) else _("快 %(span)s", span=span))
