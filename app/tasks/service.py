"""Sending tasks, reading them, reporting them done with proof, accepting or returning, looking again at some of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.fieldwork import queries as fieldwork_queries
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import TargetKind
from app.notifications.service import tell
from app.rectification.rules.sampling import draw
from app.schools.models import School
from app.tasks import queries
from app.tasks.models import Task, TaskAt, TaskProof, TaskTemplate
from app.tasks.queries import At
from app.tasks.rules import LARGEST_FILE, MOST_FILES, State, TaskKind

MOST_PHOTOS = 9
#: A task due further ahead, in days, is a slip of the year.
MOST_DAYS_AHEAD = 731


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """What is to be done by which day; `needs_proof`: a report needs at least one photo."""

    kind: TaskKind
    title: str
    text: str
    due_on: date
    needs_proof: bool = False


@dataclass(frozen=True, kw_only=True)
class NewTemplate:
    """A task for a list; `days` from sending to its day."""

    list_name: str
    title: str
    text: str
    days: int
    needs_proof: bool = False


def _unit(viewer: Viewer) -> dict[str, Any]:
    """Whom the viewer sends for: their brigade, else the bureau of their area."""
    if viewer.own_brigade_id is not None:
        return {"brigade_id": viewer.own_brigade_id, "area_code": None}
    if not viewer.area_codes:
        raise DomainError(_("只有消防救援大队和教育局可以发任务。"), code="no_unit")
    return {"brigade_id": None, "area_code": min(viewer.area_codes)}


def _record(viewer: Viewer, act: str, task: Task, **detail: object) -> None:
    audit.record(viewer, act, subject="task", subject_id=task.id, detail=detail)
    db.session.flush()


def _data(task: Task, school: School, at_id: uuid.UUID, **more: Any) -> dict[str, Any]:
    said = {"title": task.title, "deadline": task.due_on, "school": school.name, "school_en": school.name_en}
    return {**said, "page": f"/tasks/at/{at_id}", **more}


def send(viewer: Viewer, *, task_id: uuid.UUID, new: NewTask, schools: Sequence[School]) -> Task:
    """Send a task to schools and tell each. The same id twice sends it once."""
    unit = _unit(viewer)
    known = db.session.get(Task, task_id)
    if known is not None:
        if (known.brigade_id, known.area_code) != (unit["brigade_id"], unit["area_code"]):
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    if new.due_on < clock.today():
        raise DomainError(_("完成期限不能早于今天。"), field="due_on", code="past")
    if (new.due_on - clock.today()).days > MOST_DAYS_AHEAD:
        raise DomainError(_("完成期限太远，请核对年份。"), field="due_on", code="too_far")
    if not schools:
        raise DomainError(_("请选择至少一所学校。"), field="schools", code="no_school")
    task = Task(id=task_id, sent_by_id=viewer.person_id, **unit, **asdict(new))
    db.session.add(task)
    db.session.flush()
    step = _step(viewer, "sent")
    ids = {school.id: new_id() for school in schools}
    rows = [{"id": ids[school.id], "task_id": task.id, "school_id": school.id, "steps": [step]} for school in schools]
    db.session.execute(sa.insert(TaskAt), rows)
    for school in schools:
        _tell_school("task_sent", task, school, ids[school.id], urgent=task.kind is TaskKind.AD_HOC)
    _record(viewer, "send_task", task, schools=len(schools), kind=task.kind.value)
    return task


def send_list(
    viewer: Viewer, *, list_id: uuid.UUID, templates: Sequence[TaskTemplate], begins_on: date, schools: Sequence[School]
) -> list[Task]:
    """Send each task of a list of templates to schools, due so many days after `begins_on`. The same id twice sends it once."""
    if not templates:
        raise DomainError(_("这张清单里没有任务。"), code="empty_list")
    return [
        send(
            viewer,
            task_id=uuid.uuid5(list_id, str(one.id)),
            new=NewTask(
                kind=TaskKind.COMMON,
                title=one.title,
                text=one.text,
                due_on=begins_on + timedelta(days=one.days),
                needs_proof=one.needs_proof,
            ),
            schools=schools,
        )
        for one in templates
    ]


def _tell_school(
    event: str, task: Task, school: School, at_id: uuid.UUID, *, urgent: bool = False, **more: Any
) -> None:
    data = _data(task, school, at_id, **more)
    tell(
        event, school_id=school.id, subject=("task_at", at_id), data=data, urgent=urgent, key=f"{event}:{new_id()}", fresh=True
    )  # fmt: skip


def _step(viewer: Viewer, act: str, words: str = "") -> dict[str, Any]:
    return {"at": clock.now().isoformat(), "by": viewer.name, "act": act, "words": words}


def _take_step(viewer: Viewer, line: At, act: str, words: str = "") -> None:
    line.at.steps = [*line.at.steps, _step(viewer, act, words)]
    db.session.flush()
    audit.record(viewer, f"{act}_task", subject="task", subject_id=line.task.id, detail={"school": str(line.school.id)})
    db.session.flush()


def _must_stand(line: At) -> None:
    if line.task.withdrawn_at is not None:
        raise DomainError(_("这项任务已撤回。"), code="withdrawn")


def read(viewer: Viewer, line: At) -> None:
    """Note that the school has opened it; the first time counts."""
    if line.at.read_at is not None or line.task.withdrawn_at is not None:
        return
    line.at.read_at = clock.now()
    _take_step(viewer, line, "read")


def report(
    viewer: Viewer,
    line: At,
    *,
    words: str,
    photos: Sequence[tuple[str, bytes]] = (),
    papers: Sequence[tuple[str, bytes]] = (),
) -> None:
    """Say that it is done, with words, photos and files; sending the same again does no harm."""
    _must_stand(line)
    if line.at.state is State.ACCEPTED:
        raise DomainError(_("这项任务已经通过，不需要再报。"), code="accepted")
    if line.at.state is State.REPORTED and line.at.report == words.strip() and not photos and not papers:
        return
    if not words.strip():
        raise DomainError(_("请写明完成情况。"), field="words", code="words_missing")
    if len(photos) > MOST_PHOTOS:
        raise DomainError(
            _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS), field="photos", code="too_many"
        )
    if line.task.needs_proof and not photos and not papers and not _has_proof(line):
        raise DomainError(_("这项任务要求附照片或文件。"), field="photos", code="proof_missing")
    _check_papers(papers)
    for name, content in photos:
        photo_id = uuid.uuid5(line.at.id, digest(content))
        fieldwork.add_photo(
            viewer, photo_id=photo_id, kind=TargetKind.TASK, target_id=line.at.id, content=content, name=name
        )
    for name, content in papers:
        _keep_paper(viewer, line, name, content)
    line.at.read_at = line.at.read_at or clock.now()
    line.at.reported_at, line.at.report = clock.now(), words.strip()
    line.at.returned_at, line.at.returned_reason = None, ""
    _take_step(viewer, line, "report", words.strip())
    data = _data(line.task, line.school, line.at.id)
    key = f"task_reported:{line.at.id}:{len(line.at.steps)}"
    tell("task_reported", person_ids=[line.task.sent_by_id], subject=("task_at", line.at.id), data=data, key=key)


def _has_proof(line: At) -> bool:
    return bool(fieldwork_queries.photos_of(TargetKind.TASK, [line.at.id]) or queries.proofs(line.at.id))


def _check_papers(papers: Sequence[tuple[str, bytes]]) -> None:
    if len(papers) > MOST_FILES:
        raise DomainError(_("一次最多上传 %(most)d 个文件。", most=MOST_FILES), field="papers", code="too_many")
    for name, content in papers:
        if len(content) > LARGEST_FILE:
            raise DomainError(_("文件超过 30 MB，请缩小后再传。"), field="papers", code="too_large")
        if not (content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]):
            raise DomainError(_("“%(name)s”不是完整的 PDF 文件。", name=name[:80]), field="papers", code="no_pdf")


def _keep_paper(viewer: Viewer, line: At, name: str, content: bytes) -> None:
    """As it came; the same bytes once."""
    sha256 = files().put(content)
    if any(one.sha256 == sha256 for one in queries.proofs(line.at.id)):
        return
    row = TaskProof(
        task_at_id=line.at.id, sha256=sha256, name=name[-200:], bytes=len(content), added_by_id=viewer.person_id
    )
    db.session.add(row)
    db.session.flush()


def _must_be_reported(line: At) -> None:
    _must_stand(line)
    if line.at.state is not State.REPORTED:
        raise DomainError(_("学校还没有报告完成，或已经处理过。"), code="not_reported")


def accept(viewer: Viewer, line: At) -> None:
    """What the school reported is enough. Twice does no harm."""
    if line.at.state is State.ACCEPTED:
        return
    _must_be_reported(line)
    line.at.accepted_at = clock.now()
    _take_step(viewer, line, "accept")


def give_back(viewer: Viewer, line: At, *, reason: str) -> None:
    """Return a report with the reason; the school is told."""
    _must_be_reported(line)
    _open_again(viewer, line, "return", reason)


def _open_again(viewer: Viewer, line: At, act: str, reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("退回须写明理由。"), field="reason", code="reason_missing")
    line.at.accepted_at = line.at.reported_at = None
    line.at.returned_at, line.at.returned_reason = clock.now(), reason.strip()[:300]
    _take_step(viewer, line, act, reason.strip())
    _tell_school("task_returned", line.task, line.school, line.at.id, reason=reason.strip())


def withdraw(viewer: Viewer, task: Task, *, reason: str) -> None:
    """Take a task back from all its schools, with the reason. Twice does no harm."""
    if task.withdrawn_at is not None:
        return
    if not reason.strip():
        raise DomainError(_("撤回任务须写明理由。"), field="reason", code="reason_missing")
    task.withdrawn_at, task.withdrawn_reason = clock.now(), reason.strip()[:300]
    _record(viewer, "withdraw_task", task, reason=reason.strip())


def sample(viewer: Viewer, task: Task, *, percent: int) -> int:
    """Draw some of those that reported it done and were not drawn before, to be looked at on the spot; returns how many."""
    pool = {
        str(one.id): one
        for one in db.session.scalars(
            sa.select(TaskAt).where(
                TaskAt.task_id == task.id, TaskAt.reported_at.is_not(None), TaskAt.sampled_at.is_(None)
            )
        )
    }
    if not pool:
        raise DomainError(_("没有可抽查的：还没有学校报告完成，或都抽过了。"), field="percent", code="nothing_to_draw")
    seed = f"{task.id}:{clock.now().isoformat()}"
    drawn = draw(list(pool), percent=percent, seed=seed)
    for key in drawn:
        pool[key].sampled_at, pool[key].looked_at, pool[key].held = clock.now(), None, None
    _record(viewer, "sample_task", task, seed=seed, pool=sorted(pool), drawn=drawn, percent=percent)
    return len(drawn)


def look(viewer: Viewer, line: At, *, held: bool, words: str) -> None:
    """Say what the spot check found; what was reported falsely is open again, with the reason."""
    _must_stand(line)
    if line.at.sampled_at is None or line.at.looked_at is not None:
        raise DomainError(_("这所学校没有抽中，或已经抽查过。"), code="not_drawn")
    if not held and not words.strip():
        raise DomainError(_("没有做到的，请写明情况。"), field="words", code="words_missing")
    line.at.looked_at, line.at.held = clock.now(), held
    if held:
        _take_step(viewer, line, "look", words.strip())
    else:
        _open_again(viewer, line, "look_false", words)


def keep_template(viewer: Viewer, *, new: NewTemplate) -> TaskTemplate:
    """Put a task on one of the unit's lists. The same words on the same list twice are kept once."""
    unit = _unit(viewer)
    said = {**unit, "list_name": new.list_name, "title": new.title, "text": new.text}
    same = [getattr(TaskTemplate, name) == value for name, value in said.items() if value is not None]
    known = db.session.scalar(sa.select(TaskTemplate).where(*same, TaskTemplate.retired_at.is_(None)))
    if known is not None:
        return known
    row = TaskTemplate(made_by_id=viewer.person_id, **unit, **asdict(new))
    db.session.add(row)
    db.session.flush()
    audit.record(viewer, "keep_task_template", subject="task_template", subject_id=row.id, detail={"title": row.title})
    return row


def retire_template(viewer: Viewer, row: TaskTemplate) -> None:
    """Take a task off its list. Twice does no harm."""
    if row.retired_at is None:
        row.retired_at = clock.now()
        db.session.flush()
        audit.record(viewer, "retire_task_template", subject="task_template", subject_id=row.id)
