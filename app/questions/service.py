"""Asking, answering, closing and reopening; making an answer public to all schools of the brigade."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Role
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import TargetKind
from app.notifications.service import tell
from app.organisations.models import Brigade
from app.organisations.settings import settings_of
from app.questions.models import PublicAnswer, Question, QuestionPost
from app.questions.queries import Line
from app.questions.rules import WAITING, QuestionAct, QuestionKind, State
from app.regulations.queries import workdays_of
from app.regulations.rules.calendars import add_workdays
from app.schools.models import School

MOST_PHOTOS = 9
#: Who of a brigade hears of questions.
HEARERS = (Role.LEADER, Role.OFFICE)


@dataclass(frozen=True, kw_only=True)
class NewQuestion:
    """What a school asks, says or wants."""

    kind: QuestionKind
    title: str
    words: str


def due_on(school: School, *, asked: date) -> date:
    """The day by which the brigade owes an answer: so many working days of the place as it has set."""
    brigade = db.session.get_one(Brigade, school.brigade_id)
    days = settings_of(brigade.settings).answer_workdays
    return add_workdays(asked, days, workdays_of(school.area_code)).day


def ask(
    viewer: Viewer,
    *,
    school: School,
    question_id: uuid.UUID,
    new: NewQuestion,
    photos: Sequence[tuple[str, bytes]] = (),
) -> Question:
    """Put something to the brigade, which is told. The same id twice asks once."""
    known = db.session.get(Question, question_id)
    if known is not None:
        if known.school_id != school.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    row = Question(
        id=question_id,
        school_id=school.id,
        brigade_id=school.brigade_id,
        kind=new.kind,
        title=_said(new.title, field="title"),
        asked_by_id=viewer.person_id,
        due_on=due_on(school, asked=clock.today()),
    )
    db.session.add(row)
    db.session.flush()
    line = Line(question=row, school=school, asker=viewer.name)
    _post(viewer, line, QuestionAct.ASK, words=_said(new.words), photos=photos)
    _tell_brigade("question_asked", line)
    return row


def add(viewer: Viewer, line: Line, *, words: str, photos: Sequence[tuple[str, bytes]] = ()) -> None:
    """Say more while the answer is still owed; the day stays."""
    if line.question.state not in WAITING:
        raise DomainError(_("已经答复。如果没有解决，请点“没有解决”。"), code="answered")
    if _post(viewer, line, QuestionAct.ADD, words=_said(words), photos=photos):
        _tell_brigade("question_asked", line)


def answer(viewer: Viewer, line: Line, *, words: str, photos: Sequence[tuple[str, bytes]] = ()) -> None:
    """Answer, or add to an answer; the school is told. The same words twice are said once."""
    if line.question.state is State.CLOSED:
        raise DomainError(_("学校已经关闭这个提问。"), code="closed")
    if not _post(viewer, line, QuestionAct.ANSWER, words=_said(words), photos=photos):
        return
    line.question.answered_at = line.question.moved_at
    db.session.flush()
    _tell("question_answered", line, school_id=line.school.id)


def close(viewer: Viewer, line: Line, *, words: str = "", by_brigade: bool = False) -> None:
    """Nothing more is wanted. The school may close at any time, the brigade only what it has answered. Twice does no harm."""
    if line.question.state is State.CLOSED:
        return
    if by_brigade and line.question.state is not State.ANSWERED:
        raise DomainError(_("还没有答复，不能关闭。"), code="not_answered")
    _post(viewer, line, QuestionAct.CLOSE, words=words.strip())
    line.question.closed_at = line.question.moved_at
    db.session.flush()


def reopen(viewer: Viewer, line: Line, *, words: str) -> None:
    """The answer does not settle it: the brigade is told and owes another by a new day."""
    if line.question.state in WAITING:
        raise DomainError(_("还在等待答复，可以直接补充说明。"), code="waiting")
    _post(viewer, line, QuestionAct.REOPEN, words=_said(words))
    question = line.question
    question.reopened_at, question.answered_at, question.closed_at = question.moved_at, None, None
    question.due_on = due_on(line.school, asked=clock.today())
    db.session.flush()
    _tell_brigade("question_reopened", line)


def publish(viewer: Viewer, line: Line, *, question: str, answer: str) -> PublicAnswer:
    """Let all schools of the brigade read it, in words that name neither school nor asker. The same words twice stand once."""
    if line.question.answered_at is None:
        raise DomainError(_("还没有答复，不能公开。"), code="not_answered")
    question, answer = _said(question, field="question"), _said(answer, field="answer")
    for field, text in (("question", question), ("answer", answer)):
        if named := next((name for name in _names(line) if name in text), ""):
            raise DomainError(
                _("公开的文字中不能出现“%(name)s”，请改写。", name=named), field=field, code="asker_named"
            )
    brigade_id = line.question.brigade_id
    same = sa.select(PublicAnswer).where(
        PublicAnswer.brigade_id == brigade_id,
        PublicAnswer.question_id == line.question.id,
        PublicAnswer.question == question,
        PublicAnswer.answer == answer,
        PublicAnswer.withdrawn_at.is_(None),
    )
    known = db.session.scalar(same)
    if known is not None:
        return known
    row = PublicAnswer(
        brigade_id=brigade_id,
        question_id=line.question.id,
        question=question,
        answer=answer,
        made_by_id=viewer.person_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(viewer, "publish_answer", subject="public_answer", subject_id=row.id)
    return row


def _names(line: Line) -> list[str]:
    """What would say who asked."""
    return [name for name in (line.school.name, line.school.name_en, line.asker) if name and len(name) > 1]


def withdraw_public(viewer: Viewer, row: PublicAnswer, *, reason: str) -> None:
    """Take a public answer off the list, with the reason. Twice does no harm."""
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_reason = clock.now(), _said(reason, field="reason")[:300]
    db.session.flush()
    audit.record(viewer, "withdraw_answer", subject="public_answer", subject_id=row.id, detail={"reason": reason})


def _said(words: str, *, field: str = "words") -> str:
    if not words.strip():
        raise DomainError(_("请写明内容。"), field=field, code="words_missing")
    return words.strip()


def _post(
    viewer: Viewer, line: Line, act: QuestionAct, *, words: str, photos: Sequence[tuple[str, bytes]] = ()
) -> QuestionPost | None:
    """Add what was said, with its photos; None where the same person said just that last."""
    if len(photos) > MOST_PHOTOS:
        raise DomainError(
            _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS), field="photos", code="too_many"
        )
    question = line.question
    if act is not QuestionAct.ASK and not photos and _just_said(viewer, question.id, act, words):
        return None
    post = QuestionPost(
        id=new_id(),
        question_id=question.id,
        act=act,
        words=words,
        at=clock.now(),
        by_id=viewer.person_id,
        by_brigade=line.school.id not in viewer.school_ids,
    )
    question.moved_at = post.at
    db.session.add(post)
    db.session.flush()
    for name, content in photos:
        photo_id = uuid.uuid5(question.id, f"{post.id}:{digest(content)}")
        fieldwork.add_photo(
            viewer, photo_id=photo_id, kind=TargetKind.QUESTION, target_id=question.id, content=content, name=name,
            place=str(post.id),
        )  # fmt: skip
    audit.record(viewer, f"{act.value}_question", subject="question", subject_id=question.id)
    db.session.flush()
    return post


def _just_said(viewer: Viewer, question_id: uuid.UUID, act: QuestionAct, words: str) -> bool:
    last = db.session.scalar(
        sa.select(QuestionPost)
        .where(QuestionPost.question_id == question_id)
        .order_by(QuestionPost.at.desc(), QuestionPost.id.desc())
        .limit(1)
    )
    return last is not None and (last.act, last.by_id, last.words) == (act, viewer.person_id, words)


def _tell_brigade(event: str, line: Line) -> None:
    _tell(event, line, brigade_id=line.school.brigade_id, roles=HEARERS)


def _tell(event: str, line: Line, **whom: Any) -> None:
    data = {
        "title": line.question.title,
        "deadline": line.question.due_on,
        "school": line.school.name,
        "school_en": line.school.name_en,
        "page": f"/questions/{line.question.id}",
    }
    key = f"{event}:{new_id()}"
    tell(event, subject=("question", line.question.id), data=data, key=key, fresh=True, **whom)
