"""Who at a school answers for which duty, and handing duties over."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import made
from app.core.web import found
from app.duties import holding
from app.duties.forms import HolderForm
from app.duties.queries import holders as queries
from app.duties.queries import standing
from app.duties.views import bp
from app.schools import queries as schools
from app.schools.models import School


def _duties(school: School) -> list[tuple[str, str]]:
    """The duties that bind a school this year, by code."""
    language = "en" if str(get_locale()).startswith("en") else "zh"
    kept = standing.year_of(school, clock.today().year).kept
    return list(dict.fromkeys((one.duty.code, str(one.duty.content[language])) for one in kept))


def _page(school: School, duties: list[tuple[str, str]], form: HolderForm, status: int = 200) -> ResponseReturnValue:
    history = queries.history(school.id)
    held = queries.standing_of(history)
    page = render_template(
        "duties/holders.html",
        school=school,
        form=form,
        duties=duties,
        names=dict(duties),
        held=held,
        vacant=sum(1 for code, _text in duties if code not in held),
        history=history[:100],
        may_change=viewer.may(Permission.LOG_DUTIES) and schools.serves(viewer, school),
    )
    return page, status


def _form(school: School, duties: list[tuple[str, str]], *, filled: bool) -> HolderForm:
    form = HolderForm() if filled else HolderForm(formdata=None)
    form.offer(duties=duties, staff=queries.staff(school.id))
    return form


@bp.get("/schools/<uuid:school_id>/duties/holders")
@requires(Permission.SEE_DUTIES)
def holders(school_id: uuid.UUID) -> ResponseReturnValue:
    """Who answers for which duty, who did before, and the form by which duties are given."""
    school = found(schools.get(viewer, school_id))
    duties = _duties(school)
    return _page(school, duties, _form(school, duties, filled=False))


@bp.post("/schools/<uuid:school_id>/duties/holders")
@requires(Permission.LOG_DUTIES)
def give(school_id: uuid.UUID) -> ResponseReturnValue:
    """Give the duties that are ticked to somebody."""
    school = found(schools.get(viewer, school_id))
    if not schools.serves(viewer, school):
        abort(403)
    duties = _duties(school)
    form = _form(school, duties, filled=True)
    if form.validate_on_submit():
        act = {"duties": form.duties.data or [], "to": form.new_holder(), "from_day": form.from_day.data}
        changed = made(form, lambda: holding.hand_over(viewer, school=school, **act))
        if changed is not None:
            said = ngettext("%(num)d 项职责已交接。", "%(num)d 项职责已交接。", len(changed))
            flash(said if changed else _("没有变化：这些职责已由此人负责。"))
            return redirect(url_for(".holders", school_id=school_id))
    return _page(found(schools.get(viewer, school_id)), duties, form, 422)
