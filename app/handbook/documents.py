"""The handbook of a post as a paper of the school: what settles law, what only advises, this school's faults, a line to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, declare


@dataclass(frozen=True, kw_only=True)
class HandbookDuty:
    """One duty: `law` are clauses whose text was seen, `to_verify` those that only inform; `advice`: no clause settles it."""

    text: str
    often: str = ""
    law: str = ""
    to_verify: str = ""
    advice: bool = False


@dataclass(frozen=True, kw_only=True)
class HandbookFault:
    """One of the school's own faults within the year, with how to put it right."""

    text: str
    times: int
    last_on: date
    title: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PostHandbook:
    """Everything the paper prints. `text_mark` begins the hash of the words, so that a signed sheet tells which it was."""

    school: str
    school_bo: str = ""
    post: str
    who: str
    holders: tuple[str, ...] = ()
    duties: tuple[HandbookDuty, ...]
    rules: tuple[HandbookDuty, ...] = ()
    faults: tuple[HandbookFault, ...] = ()
    cards: tuple[str, ...] = ()
    fire: tuple[str, ...]
    text_mark: str
    issued_on: date

    @classmethod
    def sample(cls, language: str) -> PostHandbook:
        """The handbook of an invented warden."""
        if language == "en":
            return cls(
                school="Shifan District River Valley Boarding Primary School", post="Dormitory warden", who="Wardens, night staff", holders=("Lhamo",),
                duties=(
                    HandbookDuty(text="Stays on duty at night and patrols at least every two hours.", law="GB/T 40248-2021 7.3.5"),
                    HandbookDuty(text="Takes part in training for wardens.", to_verify="Jiaofating [2024] No. 1 (interval not found)", advice=True),
                ),
                rules=(HandbookDuty(text="Night patrol at most two hours apart", often="Every few hours", law="GB/T 40248-2021 7.3.5"),),
                faults=(HandbookFault(text="Dormitory door opens at once at night", times=3, last_on=date(2026, 11, 3), title="Exit locked", steps=("Take the padlock off.", "Fit a push bar.")),),
                cards=("Corridor used for storage", "Window grilles"),
                fire=("Wake the pupils, open all exit doors, call 119.", "Lead pupils out bent low."),
                text_mark="3f9c1a20b7de", issued_on=date(2026, 11, 23),
            )  # fmt: skip
        return cls(
            school="示范区河谷寄宿制小学", school_bo="དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།", post="宿舍管理员", who="宿管、夜间值守人员", holders=("拉姆",),
            duties=(
                HandbookDuty(text="夜间在岗值守，每两小时至少巡查一次并记录。", law="GB/T 40248-2021 7.3.5"),
                HandbookDuty(text="参加专题培训。", to_verify="教发厅〔2024〕1号（间隔未查到）", advice=True),
            ),
            rules=(HandbookDuty(text="夜间防火巡查（间隔不超过2小时）", often="每隔数小时", law="GB/T 40248-2021 7.3.5"),),
            faults=(HandbookFault(text="夜间宿舍门能立即打开", times=3, last_on=date(2026, 11, 3), title="疏散门上锁", steps=("拆除挂锁。", "装推闩。")),),
            cards=("走道堆物", "窗户装栅栏"),
            fire=("立即叫醒学生，打开全部疏散门，报警119。", "带学生弯腰撤离。"),
            text_mark="3f9c1a20b7de", issued_on=date(2026, 11, 23),
        )  # fmt: skip


HANDBOOK = declare(
    DocumentKind(
        code="post_handbook",
        title=_l("岗位消防安全手册"),
        template="documents/post_handbook.html",
        context=PostHandbook,
        numbering="校岗册〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本手册一式两份，一份交本人，一份由本人签名后学校存档。职责是摘要，以法规原文和学校制度为准。"),
    )
)
