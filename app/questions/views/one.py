"""One question: everything said about it, and what either side may do."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done
from app.core.web import found
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import TargetKind
from app.logbook import pages
from app.questions import queries, service
from app.questions.forms import CloseForm, ReopenForm, WordsForm
from app.questions.queries import Line
from app.questions.views import bp
from app.schools import queries as schools


def is_own(line: Line) -> bool:
    """Whether the viewer is of the school that asked."""
    return line.school.id in viewer.school_ids


def answers(line: Line) -> bool:
    """Whether the viewer answers for the school's brigade."""
    return not is_own(line) and viewer.may(Permission.ANSWER_QUESTIONS) and schools.serves(viewer, line.school)


#: The forms of the page, by the name under which its template knows them.
_FORMS = {"words_form": WordsForm, "close_form": CloseForm, "reopen_form": ReopenForm}


def _page(line: Line, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    photos = fieldwork.photos_of(TargetKind.QUESTION, [line.question.id])
    shown = {name: forms.get(name) or kind(formdata=None) for name, kind in _FORMS.items()}
    for name, form in shown.items():
        form.stand_apart(name.removesuffix("_form"))
    return (
        render_template(
            "questions/show.html",
            line=line,
            question=line.question,
            school=line.school,
            said=queries.said_about(line.question.id),
            photos=photos,
            own=is_own(line) and viewer.may(Permission.ASK_QUESTIONS),
            answers=answers(line),
            public=queries.public_from(line.question.id) if answers(line) else (),
            **shown,
        ),
        status,
    )


@bp.get("/questions/<uuid:question_id>")
@requires(Permission.SEE_QUESTIONS)
def show(question_id: uuid.UUID) -> ResponseReturnValue:
    """One question."""
    return _page(found(queries.get(viewer, question_id)))


def own(question_id: uuid.UUID) -> Line:
    """A question of the viewer's own school, for an act."""
    line = found(queries.held(viewer, question_id))
    if not is_own(line):
        abort(403)
    return line


def to_answer(question_id: uuid.UUID) -> Line:
    """A question to the viewer's own brigade, for an act."""
    line = found(queries.held(viewer, question_id))
    if not answers(line):
        abort(403)
    return line


def _words(
    question_id: uuid.UUID, whose: Callable[[uuid.UUID], Line], act: Callable[..., None], said: str
) -> ResponseReturnValue:
    whose(question_id)
    form = WordsForm()
    if form.validate_on_submit():
        photos, problems = pages.readable(form.photos.chosen())
        line = whose(question_id)  # unpacking photos ended the transaction
        if done(form, lambda: act(viewer, line, words=form.words.data or "", photos=photos)):
            flash(said)
            pages.tell_of(problems)
            return redirect(url_for(".show", question_id=question_id))
    return _page(found(queries.get(viewer, question_id)), status=422, words_form=form)


@bp.post("/questions/<uuid:question_id>/add")
@requires(Permission.ASK_QUESTIONS)
def add(question_id: uuid.UUID) -> ResponseReturnValue:
    """The school says more."""
    return _words(question_id, own, service.add, _("已补充，大队会收到通知。"))


@bp.post("/questions/<uuid:question_id>/answer")
@requires(Permission.ANSWER_QUESTIONS)
def answer(question_id: uuid.UUID) -> ResponseReturnValue:
    """The brigade answers."""
    return _words(question_id, to_answer, service.answer, _("已答复，学校会收到通知。"))


def _close(line: Line, *, by_brigade: bool) -> ResponseReturnValue:
    form, question_id = CloseForm(), line.question.id
    if form.validate_on_submit() and done(
        form, lambda: service.close(viewer, line, words=form.words.data or "", by_brigade=by_brigade)
    ):
        flash(_("已关闭，记录保留。"))
        return redirect(url_for(".show", question_id=question_id))
    return _page(found(queries.get(viewer, question_id)), status=422, close_form=form)


@bp.post("/questions/<uuid:question_id>/close")
@requires(Permission.ASK_QUESTIONS)
def close(question_id: uuid.UUID) -> ResponseReturnValue:
    """The school wants nothing more."""
    return _close(own(question_id), by_brigade=False)


@bp.post("/questions/<uuid:question_id>/settle")
@requires(Permission.ANSWER_QUESTIONS)
def settle(question_id: uuid.UUID) -> ResponseReturnValue:
    """The brigade closes what it has answered."""
    return _close(to_answer(question_id), by_brigade=True)


@bp.post("/questions/<uuid:question_id>/reopen")
@requires(Permission.ASK_QUESTIONS)
def reopen(question_id: uuid.UUID) -> ResponseReturnValue:
    """The school is not helped yet."""
    line, form = own(question_id), ReopenForm()
    if form.validate_on_submit() and done(form, lambda: service.reopen(viewer, line, words=form.words.data or "")):
        flash(_("已重新提出，大队会收到通知。"))
        return redirect(url_for(".show", question_id=question_id))
    return _page(found(queries.get(viewer, question_id)), status=422, reopen_form=form)
