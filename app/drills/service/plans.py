"""Writing a drill plan, sending it, giving it back with the reason, agreeing to it, taking it back."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import Role
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.drills import plan_words as words
from app.drills.models import DrillKind, DrillPlan
from app.drills.rules import plans as rules
from app.drills.rules.plans import ClassLine, GuideLine, PlanState
from app.notifications import service as notifications
from app.organisations import queries as organisations
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """What a plan says. `posts` is post → who; never names of pupils."""

    kind: DrillKind
    planned_at: datetime
    building_id: uuid.UUID | None = None
    is_announced: bool = True
    signal: str = ""
    scenario: str = ""
    assembly_point: str = ""
    target_s: int | None = None
    posts: dict[str, str] = field(default_factory=dict)
    classes: tuple[ClassLine, ...] = ()
    guides: tuple[GuideLine, ...] = ()
    notes: str = ""


def _fill(plan: DrillPlan, new: NewPlan) -> None:
    for name in (
        "kind", "planned_at", "building_id", "is_announced", "signal", "scenario", "assembly_point", "target_s", "notes",
    ):  # fmt: skip
        setattr(plan, name, getattr(new, name))
    plan.posts = {post: who for post, who in new.posts.items() if who}
    plan.classes = [asdict(line) for line in new.classes]
    plan.guides = [asdict(line) for line in new.guides]


def _step(viewer: Viewer, plan: DrillPlan, act: str, reason: str = "") -> None:
    plan.steps = [*plan.steps, [act, clock.now().isoformat(), viewer.name, reason]]
    db.session.flush()
    detail = {"school": str(plan.school_id)} | ({"reason": reason} if reason else {})
    audit.record(viewer, f"{act}_drill_plan", subject="drill_plan", subject_id=plan.id, detail=detail)
    db.session.flush()


def write(viewer: Viewer, *, school: School, plan_id: uuid.UUID, new: NewPlan) -> DrillPlan:
    """A new plan. The same id twice writes one."""
    known = db.session.get(DrillPlan, plan_id)
    if known is not None:
        if known.school_id != school.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    plan = DrillPlan(id=plan_id, school_id=school.id, made_by_id=viewer.person_id, steps=[])
    _fill(plan, new)
    db.session.add(plan)
    _step(viewer, plan, "write")
    return plan


def hold(plan: DrillPlan) -> None:
    """Read the plan as it stands now, and keep others from changing it until the act is committed."""
    db.session.refresh(plan, with_for_update=True)


def change(viewer: Viewer, plan: DrillPlan, new: NewPlan) -> None:
    """Change a plan that was not sent, or was given back."""
    hold(plan)
    if plan.state not in rules.OPEN:
        raise DomainError(_("方案已送出或已定稿，不能修改；请先收回。"), code="state")
    _fill(plan, new)
    _step(viewer, plan, "change")


def _brigade_of(plan: DrillPlan) -> uuid.UUID:
    return db.session.get_one(School, plan.school_id).brigade_id


def asks_approval(plan: DrillPlan) -> bool:
    """Whether the brigade wants to agree before such a drill is held."""
    return organisations.brigade_settings(_brigade_of(plan)).drills_need_approval


def lacks(plan: DrillPlan) -> list[rules.Lack]:
    """What the plan needs before it can be sent."""
    return rules.lacks(
        posts=plan.posts,
        classes=plan.classes,
        guides=plan.guides,
        signal=plan.signal,
        assembly_point=plan.assembly_point,
    )


def submit(viewer: Viewer, plan: DrillPlan) -> None:
    """Send a whole plan to the brigade; where the brigade does not ask for it, the plan is ready."""
    hold(plan)
    if plan.state not in rules.OPEN:
        raise DomainError(_("方案已送出或已定稿。"), code="state")
    missing = lacks(plan)
    if missing:
        names = "、".join(str(words.LACKS[lack]) for lack in missing)
        raise DomainError(_("方案还缺：%(names)s。", names=names), code="incomplete")
    if asks_approval(plan):
        plan.state = PlanState.SUBMITTED
        _step(viewer, plan, "submit")
        _tell(plan, "drill_plan_sent", to_brigade=True)
    else:
        plan.state = PlanState.READY
        _step(viewer, plan, "settle")


def may_decide(viewer: Viewer, plan: DrillPlan) -> bool:
    """An officer of the school's brigade, and not the one who wrote it."""
    return (
        viewer.may(Permission.APPROVE_DRILLS)
        and _brigade_of(plan) in viewer.brigade_ids
        and viewer.person_id != plan.made_by_id
    )


def _check_decides(viewer: Viewer, plan: DrillPlan) -> None:
    hold(plan)
    if not may_decide(viewer, plan):
        raise DomainError(_("方案由本大队的其他人审核，不能由编制人自己审核。"), code="not_yours")
    if plan.state is not PlanState.SUBMITTED:
        raise DomainError(_("这份方案不在待审核状态。"), code="state")


def give_back(viewer: Viewer, plan: DrillPlan, *, reason: str) -> None:
    """Return a plan that is not ready, with the reason."""
    _check_decides(viewer, plan)
    if not reason.strip():
        raise DomainError(_("请写明退回理由。"), field="reason", code="reason_missing")
    plan.state = PlanState.RETURNED
    _step(viewer, plan, "return", reason.strip())
    _tell(plan, "drill_plan_returned", reason=reason.strip())


def approve(viewer: Viewer, plan: DrillPlan) -> None:
    """Agree to a plan: the drill may be held."""
    _check_decides(viewer, plan)
    plan.state = PlanState.READY
    _step(viewer, plan, "approve")
    _tell(plan, "drill_plan_approved")


def reopen(viewer: Viewer, plan: DrillPlan) -> None:
    """Take a plan back to change it, as long as no signal was given. It is agreed to anew afterwards."""
    hold(plan)
    if plan.state not in (PlanState.SUBMITTED, PlanState.READY) or plan.signal_at is not None:
        raise DomainError(_("方案已开始演练或已结束，不能收回修改。"), code="state")
    plan.state = PlanState.DRAFT
    _step(viewer, plan, "reopen")


def withdraw(viewer: Viewer, plan: DrillPlan, *, reason: str) -> None:
    """The drill is not held after all; the plan stays on record."""
    hold(plan)
    if plan.state is PlanState.WITHDRAWN or plan.signal_at is not None:
        raise DomainError(_("演练已开始或方案已撤回。"), code="state")
    if not reason.strip():
        raise DomainError(_("请写明撤回理由。"), field="reason", code="reason_missing")
    plan.state = PlanState.WITHDRAWN
    _step(viewer, plan, "withdraw", reason.strip())


def _tell(plan: DrillPlan, event: str, *, to_brigade: bool = False, reason: str = "") -> None:
    school = db.session.get_one(School, plan.school_id)
    data = {"school": school.name, "school_en": school.name_en, "day": clock.day_of(plan.planned_at), "reason": reason}
    whom = (
        {"brigade_id": school.brigade_id, "roles": (Role.INSPECTOR, Role.LEADER, Role.OFFICE)}
        if to_brigade
        else {"school_id": school.id}
    )
    notifications.tell(
        event,
        subject=("drill_plan", plan.id),
        data=data | {"page": f"/drills/plans/{plan.id}"},
        key=f"{event}:{plan.id}:{len(plan.steps)}",
        **whom,
    )
