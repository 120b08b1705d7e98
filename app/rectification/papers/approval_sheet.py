"""审批表: who agreed inside the brigade before a paper goes out, with the collective study where there was one. Internal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Picture, TextPiece, declare
from app.rectification.papers import samples
from app.rectification.papers.parts import Problem, Unit


@dataclass(frozen=True, kw_only=True)
class ApprovalStep:
    """What one person said. `instead_of` names whom a deputy or acting approver stood in for, and why."""

    role: str
    opinion: str = ""
    name: str = ""
    signature: Picture | None = None
    at: datetime | None = None
    instead_of: str = ""


@dataclass(frozen=True, kw_only=True)
class CollectiveStudy:
    """The meeting that determined a major hazard or a sealing: the moment, or the day where no more is known."""

    at: datetime | None = None
    on: date | None = None
    place: str = ""
    chair: str
    present: tuple[str, ...]
    opinions: tuple[str, ...] = ()
    conclusion: str


@dataclass(frozen=True, kw_only=True)
class ApprovalSheet:
    """Everything the sheet prints. Steps in order: the officer in charge, legal review, the head of the brigade."""

    unit: Unit
    matter: str
    paper: str
    visited_on: date | None = None
    record_number: str = ""
    facts: str = ""
    basis: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    study: CollectiveStudy | None = None
    steps: tuple[ApprovalStep, ...]
    remarks: tuple[str, ...] = ()
    issued_on: date

    @classmethod
    def sample(cls, language: str) -> ApprovalSheet:
        """A limited order, studied by the leaders, approved by a deputy because the head was at the visit."""
        english = language == "en"
        at = samples.MOMENT

        def step(role: str, opinion: str, name: str, sign: int, instead_of: str = "") -> ApprovalStep:
            picture = Picture(sha256=samples.SIGNATURES[sign], alt=name)
            return ApprovalStep(role=role, opinion=opinion, name=name, signature=picture, at=at, instead_of=instead_of)

        return cls(
            unit=samples.unit(language),
            matter="Order to correct within a time limit" if english else "拟制发责令限期改正通知书",
            paper="Order to correct within a time limit, 3 items" if english else "责令限期改正通知书（3 项）",
            visited_on=samples.VISIT,
            record_number=samples.RECORD_NUMBER,
            facts="Three faults that need time to correct were found at the inspection."
            if english
            else "监督检查发现该校存在三项不能当场改正的消防安全违法行为，校方无异议。",
            basis=() if english else ("《中华人民共和国消防法》第五十三条",),
            problems=samples.problems(language),
            study=CollectiveStudy(
                at=at,
                place="Meeting room" if english else "大队会议室",
                chair="Lobsang" if english else "洛桑",
                present=("Lobsang", "Nyima", "Tsering") if english else ("洛桑", "尼玛", "次仁"),
                opinions=("All agreed.",) if english else ("与会人员一致同意承办人意见。",),
                conclusion="The order is issued." if english else "同意制发责令限期改正通知书。",
            ),
            steps=(
                step("Officer in charge", "Issue the order.", "Nyima", 0)
                if english
                else step("承办人意见", "建议责令限期改正。", "尼玛", 0),
                step("Legal review", "Facts clear, law right.", "Yangzom", 1)
                if english
                else step("法制审核意见", "事实清楚，适用法律正确，程序合法。", "央宗", 1),
                step("Head of the brigade", "Approved.", "Lobsang", 2, "for the head, who was at the visit")
                if english
                else step("大队领导审批意见", "同意。", "洛桑", 2, "代大队长审批：大队长参加了本次检查"),
            ),
            issued_on=samples.VISIT,
        )


APPROVAL_SHEET = declare(
    DocumentKind(
        code="approval_sheet",
        title=_l("消防监督管理审批表"),
        template="documents/approval_sheet.html",
        context=ApprovalSheet,
        numbering="{code_word}消审字〔{year}〕第{serial:04d}号",
        brigade_only=True,
        copies=_l("本表为内部审批材料，一份，存档，不对外出具。"),
        texts=(
            TextPiece(
                name="note",
                label=_l("表后说明"),
                default="",
                note=_l("哪些文书须经谁审批，各大队做法不同，依据待核；审批步骤在“单位与设置”中选择。"),
            ),
        ),
        pictures=samples.pictures,
    )
)
