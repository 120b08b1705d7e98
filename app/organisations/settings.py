"""What a brigade sets for itself, typed, with the value the program proposes and how sure that proposal is."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError
from app.organisations.setting_kinds import DayList, NumberPattern, OneOf, Setting, WholeNumber, YesNo


class Mark(enum.StrEnum):
    """How well founded the proposed value is. DOMAIN §0."""

    KNOWN = "known"
    PROPOSED = "proposed"
    UNSURE = "unsure"


MARK_LABELS = {Mark.KNOWN: _l("有依据"), Mark.PROPOSED: _l("建议值"), Mark.UNSURE: _l("依据待核")}


class Group(enum.StrEnum):
    """The parts of the page of settings, in its order."""

    FILLING = "filling"
    APPROVAL = "approval"
    DEADLINES = "deadlines"
    RECHECK = "recheck"
    MESSAGES = "messages"
    NUMBERS = "numbers"


GROUP_LABELS = {
    Group.FILLING: _l("现场填写"),
    Group.APPROVAL: _l("审批"),
    Group.DEADLINES: _l("期限与颜色"),
    Group.RECHECK: _l("复查与抽查"),
    Group.MESSAGES: _l("提醒与链接"),
    Group.NUMBERS: _l("文书编号"),
}


class Approval(enum.StrEnum):
    """Who agrees before an order is issued."""

    NONE = "none"
    LEADER = "leader"
    LEGAL_LEADER = "legal_leader"


_APPROVALS = {
    Approval.NONE.value: _l("不需审批"),
    Approval.LEADER.value: _l("大队领导"),
    Approval.LEGAL_LEADER.value: _l("法制审核，再报大队领导"),
}


class SpotOrders(enum.StrEnum):
    """How an order that must be served on the spot is made where there is no network."""

    PAD = "pad"
    ONLINE = "online"


_SPOT_ORDERS = {
    SpotOrders.PAD.value: _l("用预先编号的文书本当场手填、送达，回到单位后补录"),
    SpotOrders.ONLINE.value: _l("到有网络处由系统编号、制作、打印后送达"),
}


def _setting(setting: Setting) -> Any:
    return field(default=setting.default, metadata={"setting": setting})


@dataclass(frozen=True, kw_only=True)
class BrigadeSettings:
    """The settings of one brigade. Days are calendar days unless the label says otherwise; texts of days are lists as typed."""

    bulk_allowed: bool = _setting(
        YesNo(
            group=Group.FILLING,
            default=True,
            label=_l("允许“本区域其余合格”批量填写"),
            hint=_l("关键项目始终逐项填写；批量填写会在记录中注明。"),
            mark=Mark.PROPOSED,
        )
    )
    ask_fast_answers: int = _setting(
        WholeNumber(
            group=Group.FILLING,
            default=10,
            lowest=3,
            highest=200,
            unit=_l("项"),
            label=_l("短时间内逐项点选多少项，提示复核"),
            hint=_l("只作提示，不是结论；不影响记录，也不计入考核。与下一项的秒数合用。"),
            mark=Mark.PROPOSED,
        )
    )
    ask_fast_seconds: int = _setting(
        WholeNumber(
            group=Group.FILLING,
            default=10,
            lowest=1,
            highest=600,
            unit=_l("秒"),
            label=_l("多少秒以内算短时间"),
            hint=_l("边走边看、逐项点选，通常一项要几秒。"),
            mark=Mark.PROPOSED,
        )
    )
    ask_photo_minutes: int = _setting(
        WholeNumber(
            group=Group.FILLING,
            default=60,
            lowest=5,
            highest=10_000,
            unit=_l("分钟"),
            label=_l("照片比检查开始早多少分钟，提示复核"),
            hint=_l("只作提示，不是结论。"),
            mark=Mark.PROPOSED,
        )
    )
    ask_metres: int = _setting(
        WholeNumber(
            group=Group.FILLING,
            default=1_000,
            lowest=100,
            highest=100_000,
            unit=_l("米"),
            label=_l("离学校多少米以外，提示复核"),
            hint=_l("按平板定位和照片定位计算，扣除定位误差；学校没有登记位置时不提示。只作提示，不是结论。"),
            mark=Mark.PROPOSED,
        )
    )
    ask_clock_minutes: int = _setting(
        WholeNumber(
            group=Group.FILLING,
            default=30,
            lowest=2,
            highest=10_000,
            unit=_l("分钟"),
            label=_l("检查途中平板时钟跳动多少分钟，提示复核"),
            hint=_l("时钟一直快或慢不算，途中被改动才算。只作提示，不是结论。"),
            mark=Mark.PROPOSED,
        )
    )
    spot_orders: str = _setting(
        OneOf(
            group=Group.FILLING,
            default=SpotOrders.PAD.value,
            options=_SPOT_ORDERS,
            label=_l("没有网络时，责令立即改正通知书怎样当场制作"),
            hint=_l("平板离线时不编文书号，以免与其他平板重号；复核页按这里的选择提示检查人员。"),
            mark=Mark.PROPOSED,
        )
    )
    approval_immediate: str = _setting(
        OneOf(
            group=Group.APPROVAL,
            default=Approval.NONE.value,
            options=_APPROVALS,
            label=_l("责令立即改正通知书由谁审批"),
            hint=_l("当场制作、当场送达（消防监督检查规定第19条）。法规没有规定由谁审批，各大队做法不同。"),
            mark=Mark.UNSURE,
        )
    )
    drills_need_approval: bool = _setting(
        YesNo(
            group=Group.APPROVAL,
            default=False,
            label=_l("学校的演练方案须经大队同意后才能开始"),
            hint=_l("法规没有要求报批；开启后，方案退回须写明理由，同意前不能发出演练信号。"),
            mark=Mark.PROPOSED,
        )
    )
    approval_limited: str = _setting(
        OneOf(
            group=Group.APPROVAL,
            default=Approval.LEGAL_LEADER.value,
            options=_APPROVALS,
            label=_l("责令限期改正通知书由谁审批"),
            hint=_l("检查之日起三个工作日内制作并送达（消防监督检查规定第19条）。由谁审批，各大队做法不同。"),
            mark=Mark.UNSURE,
        )
    )
    deadline_most_days: int = _setting(
        WholeNumber(
            group=Group.DEADLINES,
            default=366,
            lowest=30,
            highest=1_100,
            unit=_l("天"),
            label=_l("改正期限最长多少天"),
            hint=_l("法规没有规定期限的长短；超过这么多天的日期按填错处理，不能保存。延期从原期限起算。"),
            mark=Mark.PROPOSED,
        )
    )
    extensions_most: int = _setting(
        WholeNumber(
            group=Group.DEADLINES,
            default=1,
            lowest=0,
            highest=5,
            unit=_l("次"),
            label=_l("每项最多可延期几次"),
            hint=_l("消防监督检查规定没有延期的条款；学校须在期限届满前申请并说明理由。填0为不准延期。"),
            mark=Mark.PROPOSED,
        )
    )
    yellow_days_left: int = _setting(
        WholeNumber(
            group=Group.DEADLINES,
            default=3,
            lowest=0,
            highest=60,
            unit=_l("天"),
            label=_l("剩余几天以内显示为黄色"),
            hint=_l("未逾期的问题，离期限只剩这么多天时变黄；逾期一律为红。"),
            mark=Mark.PROPOSED,
        )
    )
    yellow_percent_left: int = _setting(
        WholeNumber(
            group=Group.DEADLINES,
            default=30,
            lowest=0,
            highest=100,
            unit="%",
            label=_l("剩余时间不超过整改期的百分之几显示为黄色"),
            hint=_l("整改期从检查之日算到期限。填0为只看剩余天数。"),
            mark=Mark.PROPOSED,
        )
    )
    midterm_from_days: int = _setting(
        WholeNumber(
            group=Group.RECHECK,
            default=60,
            lowest=7,
            highest=365,
            unit=_l("天"),
            label=_l("整改期达到几天时安排中期检查"),
            hint=_l("整改期长的问题，中途去看一次进度。"),
            mark=Mark.PROPOSED,
        )
    )
    look_back_from_days: int = _setting(
        WholeNumber(
            group=Group.RECHECK,
            default=30,
            lowest=1,
            highest=365,
            unit=_l("天"),
            label=_l("销号后最早几天“回头看”"),
            hint=_l("关键问题销号以后再去看一次，防止反弹。"),
            mark=Mark.PROPOSED,
        )
    )
    look_back_to_days: int = _setting(
        WholeNumber(
            group=Group.RECHECK,
            default=90,
            lowest=1,
            highest=730,
            unit=_l("天"),
            label=_l("销号后最迟几天“回头看”"),
            hint=_l("不能早于上一项。"),
            mark=Mark.PROPOSED,
        )
    )
    sample_percent: int = _setting(
        WholeNumber(
            group=Group.RECHECK,
            default=5,
            lowest=0,
            highest=100,
            unit="%",
            label=_l("领导抽查已销号问题的比例"),
            hint=_l("每月从已销号的问题中随机抽出，核对是否真实。"),
            mark=Mark.PROPOSED,
        )
    )
    photo_recheck: bool = _setting(
        YesNo(
            group=Group.RECHECK,
            default=False,
            label=_l("一般问题允许凭照片复查"),
            hint=_l("仍须两名检查人员确认；关键和较大问题始终到场复查。没有查到条款，默认不允许。"),
            mark=Mark.PROPOSED,
        )
    )
    link_days: int = _setting(
        WholeNumber(
            group=Group.MESSAGES,
            default=90,
            lowest=1,
            highest=365,
            unit=_l("天"),
            label=_l("学校整改链接几天内有效"),
            hint=_l("链接和文书上的二维码只打开这一份文书，可随时作废。"),
            mark=Mark.PROPOSED,
        )
    )
    post_training_months: int = _setting(
        WholeNumber(
            group=Group.MESSAGES,
            default=12,
            lowest=1,
            highest=60,
            unit=_l("个月"),
            label=_l("保安、食堂等岗位人员多久须再培训一次"),
            hint=_l("法规只规定全体教职工每年至少一次；岗位人员的间隔依据待核，只作提示。"),
            mark=Mark.UNSURE,
        )
    )
    night_patrol_from: int = _setting(
        WholeNumber(
            group=Group.FILLING,
            default=22,
            lowest=18,
            highest=23,
            unit=_l("点"),
            label=_l("寄宿制学校夜间巡查从几点开始"),
            hint=_l("GB/T 40248-2021 7.3.5：每日夜间巡查，间隔不超过2小时；起止钟点没有规定。"),
            mark=Mark.PROPOSED,
        )
    )
    night_patrol_to: int = _setting(
        WholeNumber(
            group=Group.FILLING,
            default=6,
            lowest=4,
            highest=9,
            unit=_l("点"),
            label=_l("寄宿制学校夜间巡查到第二天几点结束"),
            hint=_l("同上。"),
            mark=Mark.PROPOSED,
        )
    )
    half_days_a_week: int = _setting(
        WholeNumber(
            group=Group.MESSAGES,
            default=1,
            lowest=0,
            highest=7,
            unit=_l("次"),
            label=_l("每周安排几次半日消防宣传"),
            hint=_l("只用于统计和提示；没有工作日的周不计。0为不要求。"),
            mark=Mark.UNSURE,
        )
    )
    answer_workdays: int = _setting(
        WholeNumber(
            group=Group.MESSAGES,
            default=5,
            lowest=1,
            highest=30,
            unit=_l("个工作日"),
            label=_l("学校的提问几个工作日内答复"),
            hint=_l("没有查到条款，由大队自定；已提出的提问仍按原来的日期。"),
            mark=Mark.PROPOSED,
        )
    )
    remind_before: str = _setting(
        DayList(
            group=Group.MESSAGES,
            default="7,3,1,0",
            highest=90,
            label=_l("期限前几天提醒学校"),
            hint=_l("用逗号分开；0为当天。留空为不提醒。"),
            mark=Mark.PROPOSED,
        )
    )
    remind_after: str = _setting(
        DayList(
            group=Group.MESSAGES,
            default="1",
            highest=90,
            label=_l("逾期后第几天提醒学校"),
            hint=_l("用逗号分开。留空为不提醒。"),
            mark=Mark.PROPOSED,
        )
    )
    archive_needs_scan: bool = _setting(
        YesNo(
            group=Group.APPROVAL,
            default=False,
            label=_l("归档前须上传盖章签名后的扫描件"),
            hint=_l("文书打印、签名、盖章后扫描上传。不勾选时只提示，不妨碍归档。"),
            mark=Mark.PROPOSED,
        )
    )
    number_immediate: str = _setting(
        NumberPattern(
            group=Group.NUMBERS,
            default="{code_word}消即字〔{year}〕第{serial:04d}号",
            label=_l("责令立即改正通知书的编号"),
            hint=_l("{code_word}是机关代字，{year}是年份，{serial:04d}是四位流水号。已签发的文书不变。"),
            mark=Mark.PROPOSED,
        )
    )
    number_limited: str = _setting(
        NumberPattern(
            group=Group.NUMBERS,
            default="{code_word}消限字〔{year}〕第{serial:04d}号",
            label=_l("责令限期改正通知书的编号"),
            hint=_l("写法同上。"),
            mark=Mark.PROPOSED,
        )
    )
    number_major: str = _setting(
        NumberPattern(
            group=Group.NUMBERS,
            default="{code_word}消重字〔{year}〕第{serial:04d}号",
            label=_l("重大火灾隐患整改通知书的编号"),
            hint=_l("文书代字没有查到原文，请按上级规定核对。"),
            mark=Mark.UNSURE,
        )
    )
    number_seal: str = _setting(
        NumberPattern(
            group=Group.NUMBERS,
            default="{code_word}消封字〔{year}〕第{serial:04d}号",
            label=_l("临时查封决定书的编号"),
            hint=_l("文书代字没有查到原文，请按上级规定核对。"),
            mark=Mark.UNSURE,
        )
    )
    number_unseal: str = _setting(
        NumberPattern(
            group=Group.NUMBERS,
            default="{code_word}消解封字〔{year}〕第{serial:04d}号",
            label=_l("解除临时查封决定书的编号"),
            hint=_l("文书代字没有查到原文，请按上级规定核对。"),
            mark=Mark.UNSURE,
        )
    )


def described() -> list[Setting]:
    """All settings, in the order of the page."""
    return [replace(f.metadata["setting"], name=f.name) for f in fields(BrigadeSettings)]


def grouped() -> Iterator[tuple[Any, list[Setting]]]:
    """The settings by the parts of the page."""
    known = described()
    for group in Group:
        yield GROUP_LABELS[group], [one for one in known if one.group == group]


def settings_of(stored: dict[str, Any] | None) -> BrigadeSettings:
    """The settings from what is stored (`brigade.settings`); what is missing or cannot be is as proposed."""
    stored = stored or {}
    known = {s.name: stored[s.name] for s in described() if s.name in stored and s.problem(stored[s.name]) is None}
    return _in_order(BrigadeSettings(**known))


def _in_order(found: BrigadeSettings) -> BrigadeSettings:
    if found.look_back_from_days <= found.look_back_to_days:
        return found
    proposed = BrigadeSettings()
    return replace(
        found, look_back_from_days=proposed.look_back_from_days, look_back_to_days=proposed.look_back_to_days
    )


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """What may be stored: every setting, tidied, and nothing else. Raises DomainError naming the first that cannot be."""
    kept = {one.name: one.tidied(values.get(one.name, one.default)) for one in described()}
    for one in described():
        problem = one.problem(kept[one.name])
        if problem is not None:
            raise DomainError(str(problem), field=one.name, code="setting")
    if kept["look_back_from_days"] > kept["look_back_to_days"]:
        raise DomainError(str(_l("最迟的天数不能少于最早的天数。")), field="look_back_to_days", code="setting")
    return kept
