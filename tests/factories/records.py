"""Major hazards, sealings and transfers at each step of their road."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.rectification.models.findings import Finding, Severity
from app.rectification.models.major import MajorHazard
from app.rectification.models.sealing import Sealing
from app.rectification.models.transfers import Transfer
from app.rectification.rules.records import AuthorityKind
from app.rectification.service import major, sealing, transfers
from app.schools.models import School
from tests.cast import Cast
from tests.factories import rectification as make


def critical(cast: Cast, **more: Any) -> Finding:
    """A critical finding at Pema's school."""
    return make.finding(cast, severity=Severity.CRITICAL, **more)


def proposed(cast: Cast, *, findings: list[Finding] | None = None, by: str = "ines", **more: Any) -> MajorHazard:
    """Put before the study by Ines."""
    findings = [critical(cast)] if findings is None else findings
    school = db.session.get_one(School, more.pop("school_id", cast.school_id))
    return major.propose(
        cast.viewer(by),
        school=school,
        findings=findings,
        **{
            "visited_on": clock.today(),
            "officers": (cast.people["ines"], cast.people["ivo"]),
            "problem_text": "宿舍楼疏散楼梯被封堵",
        }
        | more,
    )


def study(**more: Any) -> dict[str, Any]:
    """A collective study of three that finds it is one."""
    return {
        "studied_on": clock.today(),
        "place": "大队会议室",
        "chair": "格桑",
        "participants": "格桑、央金，尼玛",
        "conclusion": "符合判定规则，建议判定。",
        "is_major": True,
    } | more


def studied(cast: Cast, **more: Any) -> MajorHazard:
    """Studied by Ines, Lea and Olga."""
    record = proposed(cast, **more)
    major.study(cast.viewer("ines"), record, **study())
    return record


def determined(cast: Cast, **more: Any) -> MajorHazard:
    """Approved by Lea."""
    record = studied(cast, **more)
    major.approve(cast.viewer("lea"), record, remark="同意")
    return record


def noticed(cast: Cast, **more: Any) -> MajorHazard:
    """With its notice."""
    record = determined(cast, **more)
    major.issue(cast.viewer("ines"), record)
    return record


def to_seal(cast: Cast, *, by: str = "ines", **more: Any) -> Sealing:
    """A dormitory wing that Ines wants sealed."""
    school = db.session.get_one(School, more.pop("school_id", cast.school_id))
    return sealing.propose(
        cast.viewer(by),
        school=school,
        **{
            "visited_on": clock.today(),
            "officers": (cast.people["ines"], cast.people["ivo"]),
            "place": "宿舍楼二层",
            "danger": "唯一疏散楼梯被封堵",
        }
        | more,
    )


def consent(at: datetime | None = None) -> sealing.Consent:
    """Lea said yes on the telephone; ten minutes later the strips were up."""
    at = at or clock.now() - timedelta(hours=1)
    return sealing.Consent(by="格桑", at=at, sealed_at=at + timedelta(minutes=10))


def agreed(cast: Cast, **more: Any) -> Sealing:
    """Decided by the leaders."""
    record = to_seal(cast, **more)
    sealing.approve(
        cast.viewer("lea"), record, studied_on=clock.today(), participants="格桑、央金", conclusion="同意查封"
    )
    return record


def sealed(cast: Cast, **more: Any) -> Sealing:
    """With its decision, for thirty days from today."""
    record = agreed(cast, **more)
    sealing.issue(
        cast.viewer("ines"),
        record,
        sealed_from=clock.today(),
        sealed_until=clock.today() + timedelta(days=30),
    )
    return record


def applied(cast: Cast, **more: Any) -> Sealing:
    """The school wants it lifted."""
    record = sealed(cast, **more)
    sealing.apply_for_lifting(cast.viewer("ines"), record, applied_on=clock.today(), text="楼梯已清理")
    return record


def checked(cast: Cast, *, gone: bool = True, **more: Any) -> Sealing:
    """Ines and Ivo have looked."""
    record = applied(cast, **more)
    sealing.check(
        cast.viewer("ines"),
        record,
        checked_on=clock.today(),
        second_id=cast.people["ivo"],
        text="楼梯畅通" if gone else "楼梯仍有杂物",
        danger_gone=gone,
    )
    return record


def transferred(cast: Cast, *, finding: Finding | None = None, by: str = "ines", **more: Any) -> Transfer:
    """Handed over to the housing bureau."""
    return transfers.transfer(
        cast.viewer(by),
        finding=finding or make.finding(cast),
        **{
            "authority": AuthorityKind.HOUSING,
            "authority_name": "示范区住房和城乡建设局",
            "sent_on": clock.today(),
            "text": "未能出示消防验收材料",
        }
        | more,
    )
