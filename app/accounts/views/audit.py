"""Who did what, when and from where."""

from __future__ import annotations

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts import queries
from app.accounts.access import requires, viewer
from app.accounts.forms.audit import AuditFilter
from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.views.base import bp
from app.audit import queries as trail
from app.audit.models import AuditEntry
from app.audit.words import ACTIONS, SUBJECTS
from app.core.paging import page


def _person_id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


@bp.get("/admin/audit")
@requires(Permission.SEE_AUDIT)
def audit() -> ResponseReturnValue:
    """The acts of the people that the viewer looks after, the newest first."""
    form = AuditFilter(request.args)
    ours = queries.own_staff(viewer)
    form.person.choices = [SelectChoice("", _("全部人员")), *[SelectChoice(str(p.id), p.name) for p in ours]]
    form.action.choices = [SelectChoice("", _("全部操作")), *[SelectChoice(k, v) for k, v in sorted(ACTIONS.items())]]
    form.subject.choices = [SelectChoice("", _("全部对象")), *[SelectChoice(k, v) for k, v in sorted(SUBJECTS.items())]]
    form.validate()
    entries = trail.entries(
        queries.everybody(viewer).with_only_columns(Person.id),
        person_id=_person_id(form.person.data),
        subject_kind=form.subject.data or "",
        subject_id=form.subject_id.data or "",
        action=form.action.data or "",
        day=form.day.data if not form.day.errors else None,
    )
    chained, waiting = trail.standing()
    return render_template(
        "audit/index.html",
        form=form,
        found=page(entries, keys=[(AuditEntry.id, True)], key=request.args.get("page"), size=50),
        actions=ACTIONS,
        subjects=SUBJECTS,
        chained=chained,
        waiting=waiting,
        keep={key: request.args.get(key, "") for key in ("person", "action", "subject", "day", "subject_id")},
    )
