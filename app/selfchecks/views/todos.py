"""A school's own to-dos: saying how one was put right."""

from __future__ import annotations

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done
from app.core.web import found
from app.selfchecks.forms import DoneForm
from app.selfchecks.models import OwnTodo
from app.selfchecks.queries import todos as queries
from app.selfchecks.service import todos as service
from app.selfchecks.views import bp, own_school
from app.selfchecks.views.walking import patrols_page


def _own(todo_id: uuid.UUID) -> OwnTodo:
    todo = found(queries.get(viewer, todo_id))
    own_school(todo.school_id)
    return todo


@bp.post("/todos/<uuid:own_todo_id>/done")
@requires(Permission.KEEP_PATROLS)
def close_todo(own_todo_id: uuid.UUID) -> ResponseReturnValue:
    """It was put right."""
    todo, form = _own(own_todo_id), DoneForm()
    if form.validate_on_submit() and done(form, lambda: service.close(viewer, todo, note=form.note.data or "")):
        flash(_("已办结。"))
        return redirect(url_for(".patrols", school_id=_own(own_todo_id).school_id, _anchor="todos"))
    again = _own(own_todo_id)
    form.note.id = f"note-{again.id}"  # each to-do has its own field on the page
    return patrols_page(own_school(again.school_id), status=422, done_form=form, wrong_todo=again.id)
