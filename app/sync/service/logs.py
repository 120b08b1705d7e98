"""Drills and trainings that were logged without network: by the form and the act of the page, whole with their photos or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.forms import Form
from app.drills import brought as drills
from app.drills.models import Drill
from app.fieldwork.rules import TargetKind
from app.logbook.models import Entry
from app.logbook.service import MOST_PHOTOS, NewPhoto
from app.schools import queries as schools
from app.schools.models import School, SchoolStatus
from app.sync.models import SyncOp
from app.sync.reading import as_id, files_named
from app.sync.rules import OpState, Reason
from app.sync.service import uploads
from app.sync.service.fields import pictures_of
from app.sync.service.verdicts import Attempt, Outcome, held, noted, rejected
from app.trainings import brought as trainings
from app.trainings.models import Training

#: Longest text of a field, in characters; the form refuses sooner and says so.
LONGEST = 6000
MOST_FIELDS = 60


@dataclass(frozen=True, kw_only=True)
class Log:
    """What is logged: who may, its table, its form for a school, an empty one, and the act."""

    permission: Permission
    table: type[Entry]
    form_for: Callable[..., Form]
    blank_form: Callable[[], Form]
    log: Callable[..., Entry]


LOGS: Mapping[str, Log] = {
    TargetKind.DRILL: Log(
        permission=Permission.LOG_DRILLS, table=Drill, form_for=drills.form_for, blank_form=drills.blank_form, log=drills.log
    ),
    TargetKind.TRAINING: Log(
        permission=Permission.LOG_TRAININGS, table=Training, form_for=trainings.form_for, blank_form=trainings.blank_form,
        log=trainings.log,
    ),
}  # fmt: skip


def create(one: Attempt) -> Outcome:
    """Keep the entry under the tablet's own id; the same id twice keeps it once."""
    log, said = LOGS[one.op.kind], one.op.said
    known = db.session.get(log.table, one.op.target_id)
    if known is not None and known.logged_by_id == one.author.person_id:
        _mended(one)
        return Outcome()
    school = _school(one.author, log, as_id(said.get("school")))
    form = log.form_for(one.author, school, formdata=_fields(said.get("fields")), meta={"csrf": False})
    if not form.validate():
        raise _to_mend(form)
    photos, spoilt = _photos(one)
    try:
        log.log(one.author, school, entry_id=one.op.target_id, form=form, photos=photos)
    except DomainError as refused:
        form.add_problem(refused)
        raise _to_mend(form) from None
    _mended(one)
    notes = ["merged_log"] if school.status is SchoolStatus.MERGED else []
    return noted(None, *notes, *(["bad_photos"] if spoilt else []))


def _school(author: Viewer, log: Log, school_id: uuid.UUID | None) -> School:
    school = db.session.get(School, school_id) if school_id else None
    if school is None:
        raise held(Reason.UNKNOWN_SCHOOL)
    if not author.may(log.permission) or schools.get(author, school.id) is None or not schools.serves(author, school):
        raise held(Reason.NOT_YOURS, _("您现在不能为这所学校登记（可能已调岗）；内容已保留，由大队领导处理。"))
    return school


def _fields(value: Any) -> MultiDict[str, str]:
    """What was filled in, as a browser would send it."""
    listed = list(value.items())[:MOST_FIELDS] if isinstance(value, Mapping) else []
    return MultiDict(
        {k: v[:LONGEST].replace("\n", "\r\n") for k, v in listed if isinstance(v, str) and k not in ("photos", "key")}
    )


def _to_mend(form: Form) -> Exception:
    """The form's own sentences, each with the field it is about."""
    listed = [{"field": "", "message": str(sentence)} for sentence in form.form_errors]
    listed += [
        {"field": name, "message": str(sentence)}
        for name, sentences in form.errors.items()
        for sentence in sentences
        if name
    ]
    return held(Reason.INCOMPLETE, _("有几处需要更正，请在平板上改好后再次发送。"), missing=listed)


def _photos(one: Attempt) -> tuple[list[NewPhoto], int]:
    """The photos with their pictures, and how many cannot be read; waits for the first that has not come."""
    names = files_named(one.op.said)
    if len(names) > MOST_PHOTOS:
        raise rejected(Reason.BAD_VALUE, _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS))
    found = {sha: uploads.whole(sha) for sha in names}
    missing = [sha for sha, upload in found.items() if upload is None]
    if missing:
        raise held(Reason.FILE_MISSING, waits_for=missing[0], missing=missing)
    told = (
        {entry.get("sha256"): entry for entry in one.op.said["photos"] if isinstance(entry, Mapping)} if names else {}
    )
    good = [upload for upload in found.values() if upload is not None and not upload.problem]
    kept: list[NewPhoto] = []
    for upload in good:
        content, ready = pictures_of(one, upload, told[upload.sha256])
        kept.append(("", content, ready))
        uploads.note_kept(upload)
    return kept, len(names) - len(good)


def _mended(one: Attempt) -> None:
    """What came before for this entry and was not taken is settled: it was put right on the tablet."""
    db.session.execute(
        sa.update(SyncOp)
        .where(
            SyncOp.target_id == one.op.target_id, SyncOp.target_kind == one.op.kind, SyncOp.op_id != one.op.op_id,
            SyncOp.by_id == one.author.person_id, SyncOp.state == OpState.HELD, SyncOp.dealt_with_at.is_(None),
        )
        .values(dealt_with_at=clock.now(), dealt_with_by_id=one.author.person_id)
    )  # fmt: skip
