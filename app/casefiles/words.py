"""How gaps of a case file read."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.casefiles.rules import Gap, GapKind, Step
from app.core.formats import full_date
from app.rectification.old_order_words import flag_sentence
from app.regulations.words import holiday

STEPS = {
    Step.VISIT: lazy_pgettext("kind", "检查"),
    Step.ISSUE: _l("签发"),
    Step.SERVICE: _l("送达"),
    Step.RECHECK: _l("复查"),
}
_PLAIN = {
    GapKind.NO_ITEMS: _l("文书没有列出问题。"),
    GapKind.NO_RESPONSIBLE: _l("学校没有登记消防安全责任人，文书上会留空。"),
    GapKind.ONE_OFFICER: _l("检查人员不足两名。"),
    GapKind.NO_VISIT_DAY: _l("没有检查日期。"),
    GapKind.RECORD_UNSIGNED: _l("检查记录没有签名完成。"),
    GapKind.RECORD_WITHOUT_NUMBER: _l("检查记录没有制作文书，没有编号。"),
    GapKind.NO_APPROVAL: _l("按大队设置须审批，卷内没有审批。"),
    GapKind.NO_APPROVAL_SHEET: _l("已审批，没有制作审批表。"),
    GapKind.PAPER_NOT_STORED: _l("文书没有制作成功。"),
    GapKind.PAPER_BEING_MADE: _l("文书正在制作，请稍后刷新本页。"),
    GapKind.NO_SEALED_SCAN: _l("没有上传盖章签名后的扫描件。"),
    GapKind.NOT_SERVED: _l("没有送达。"),
    GapKind.NO_RECEIPT: _l("已送达，没有送达回证。"),
}
_OF_ITEM = {
    GapKind.NO_DEADLINE: _l("没有改正期限"),
    GapKind.NO_PLACE: _l("没有写部位"),
    GapKind.NO_MEASURE: _l("没有写整改措施"),
    GapKind.NO_PHOTO_AFTER: _l("当场改正，没有改正后的照片"),
    GapKind.ITEM_OPEN: _l("没有销号"),
    GapKind.CLOSED_WITHOUT_RECHECK: _l("已销号，没有两名检查人员签名的复查记录"),
    GapKind.EXTENSION_UNDECIDED: _l("延期申请没有答复"),
}


def sentence(gap: Gap) -> str:
    """One gap in words."""
    if gap.kind in _PLAIN:
        return str(_PLAIN[gap.kind])
    if gap.kind in _OF_ITEM:
        return str(_("第 %(n)d 项%(what)s。", n=gap.item, what=_OF_ITEM[gap.kind]))
    return _with_detail(gap)


def _with_detail(gap: Gap) -> str:
    if gap.kind is GapKind.PHOTO_WITHOUT_TIME:
        return str(_("第 %(n)d 项有 %(count)d 张照片没有拍摄时间。", n=gap.item, count=gap.count))
    if gap.kind is GapKind.EVIDENCE_UNANSWERED:
        return str(_("第 %(n)d 项有 %(count)d 次整改材料没有答复。", n=gap.item, count=gap.count))
    if gap.kind is GapKind.NAME_DIFFERS:
        return str(_("文书上的学校名称“%(said)s”与检查记录“%(other)s”不一致。", said=gap.said, other=gap.other))
    if gap.kind is GapKind.RECIPIENT_UNKNOWN:
        return str(_("受送达人“%(said)s”不在检查记录和学校的联系人中。", said=gap.said))
    if gap.kind is GapKind.FLAGGED:
        return flag_sentence(gap.said)
    step = STEPS[gap.step] if gap.step else ""
    return str(
        _(
            "%(step)s日期%(day)s不是工作日（%(name)s）。",
            step=step,
            day=full_date(gap.day),
            name=holiday(gap.said) if gap.said else _("周末"),
        )
    )
