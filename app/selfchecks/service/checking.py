"""A school's own check: begun, ended, dropped. What fails becomes its own to-do, never a finding of the brigade's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.duties import service as duties
from app.inspections import wording
from app.inspections.forms import as_formdata, form_for
from app.inspections.rules.answers import count
from app.inspections.rules.demands import OF_THE_DEADLINE, OF_THE_FORM
from app.inspections.rules.rows import Row
from app.regulations import queries as regulations
from app.schools.models import School
from app.selfchecks.models import OwnCheck, OwnTodo
from app.selfchecks.queries import checks as queries
from app.selfchecks.rules.checks import CheckForm, Fault, faults_of, line_of
from app.selfchecks.rules.todos import TodoSource
from app.selfchecks.service import todos
from app.selfchecks.sheet import OwnSheet

#: The duty of the pack that a finished monthly self-check fulfils; the lists of posts fulfil none.
FULFILS = "fire_check"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What keeps a check from being finished: a sentence and its row."""

    message: str
    row: Row


def start(viewer: Viewer, school: School, *, form: CheckForm, check_id: uuid.UUID, done_by: str) -> OwnCheck:
    """Begin a list, or go on with the one of its kind that is being filled. The same id twice begins one."""
    db.session.execute(sa.select(School.id).where(School.id == school.id).with_for_update())
    known = db.session.get(OwnCheck, check_id)
    if known is not None:
        if known.school_id != school.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    running = queries.draft_on(school.id, form)
    if running is not None:
        return running
    if not done_by.strip():
        raise DomainError(_("请填写检查人。"), field="done_by", code="nobody")
    checklist = regulations.current_checklist()
    own = OwnCheck(
        id=check_id, school_id=school.id, form=form, pack_version_id=checklist.version_id, done_by=done_by.strip(),
        started_by_id=viewer.person_id,
    )  # fmt: skip
    db.session.add(own)
    db.session.flush()
    audit.record(viewer, "start_own_check", subject="own_check", subject_id=own.id, detail={"form": form.value})
    return own


def troubles(sheet: OwnSheet) -> list[Trouble]:
    """Every row that has no answer yet, or one that cannot stand, in the order of the walk."""
    form = form_for(sheet.checklist, sheet.rows, sheet.said)(formdata=as_formdata(sheet.rows, sheet.said))
    form.validate()
    today, found = clock.today(), []
    for area in sheet.areas:
        for row in area.rows:
            codes = [c for c in sheet.wrong_with(row, today=today) if c not in OF_THE_FORM | OF_THE_DEADLINE]
            messages = [*form.validate_row(row), *(str(wording.DEMANDS[code]) for code in codes)]
            if row.is_piece and sheet.said[row.name].is_open:
                messages.append(str(_("还没有检查。")))
            found += [Trouble(message=message, row=row) for message in messages]
    return found


def finish(viewer: Viewer, sheet: OwnSheet) -> OwnCheck:
    """Judge the draft and freeze it (its row is locked by the caller). Twice is as once."""
    own = sheet.own
    if own.finished_at is not None:
        return own
    if own.dropped_at is not None:
        raise DomainError(_("这份自查已放弃，请重新开始。"), code="dropped")
    if not sheet.rows:
        raise DomainError(_("这份清单在本校没有适用的项目。"), code="empty")
    if troubles(sheet):
        raise DomainError(_("还有内容没有完成，请按列出的逐项处理。"), code="incomplete")
    counts, photos = count(sheet.rows, sheet.said), sheet.photos_by_row
    own.passed, own.failed, own.not_applicable = counts.passed, counts.failed, counts.not_applicable
    own.result = [
        line_of(row, sheet.said[row.name], photos=len(photos.get(row.name, ())))
        for area in sheet.areas
        for row in area.rows
    ]
    own.finished_at, own.finished_by_id = clock.now(), viewer.person_id
    db.session.flush()
    faults = faults_of((row for area in sheet.areas for row in area.rows), sheet.said, sheet.checklist)
    _keep_todos(own, faults)
    if own.form is CheckForm.MONTHLY:
        _fulfil(viewer, sheet, faults)
    db.session.flush()
    detail = {"form": own.form.value, "rows": counts.all, "failed": counts.failed}
    audit.record(viewer, "finish_own_check", subject="own_check", subject_id=own.id, detail=detail)
    return own


def _keep_todos(own: OwnCheck, faults: Sequence[Fault]) -> None:
    """What failed, unless the same is still open from an earlier check."""
    query = sa.select(OwnTodo.item, OwnTodo.where, OwnTodo.text).where(
        OwnTodo.school_id == own.school_id, OwnTodo.source == TodoSource.CHECK, OwnTodo.done_at.is_(None)
    )
    still = {tuple(row) for row in db.session.execute(query)}
    for fault in faults:
        row = fault.row
        where = " · ".join(filter(None, (row.where, row.piece.where if row.piece is not None else "")))[:200]
        if (row.item, where, fault.zh[:1000]) in still:
            continue
        todos.found(
            todo_id=uuid.uuid5(own.id, row.name), school_id=own.school_id, source=TodoSource.CHECK, source_id=own.id,
            item=row.item, where=where, text=fault.zh[:1000], found_at=own.finished_at or clock.now(),
        )  # fmt: skip


def _fulfil(viewer: Viewer, sheet: OwnSheet, faults: Sequence[Fault]) -> None:
    own = sheet.own
    head = _("每月自查：%(num)d 项，不合格 %(failed)d 项。", num=len(sheet.rows), failed=own.failed)
    record = duties.log(
        viewer,
        school=sheet.school,
        record_id=own.id,
        new=duties.NewRecord(
            duty=FULFILS, held_at=own.finished_at or clock.now(), done_by=own.done_by, found_faults=bool(faults),
            notes="\n".join([head, *(f"{fault.row.where}：{fault.zh}" for fault in faults)])[:4000],
        ),
    )  # fmt: skip
    own.record_id = record.id


def drop(viewer: Viewer, own: OwnCheck) -> None:
    """Give up a draft; its answers stay on record, and count for nothing."""
    if own.dropped_at is not None:
        return
    if own.finished_at is not None:
        raise DomainError(_("这份自查已结束，不能再改。"), code="finished")
    own.dropped_at = clock.now()
    db.session.flush()
    audit.record(viewer, "drop_own_check", subject="own_check", subject_id=own.id)
