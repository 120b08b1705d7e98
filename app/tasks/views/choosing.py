"""Choosing schools within a form: filter, page, tick, without losing what is filled in."""

from __future__ import annotations

from typing import Any

from flask import request

from app.accounts.access import viewer
from app.core.i18n import localised
from app.schools.queries import groups, register
from app.tasks import queries
from app.tasks.forms import WhomForm

#: Buttons of the form that choose, and send nothing.
STEPS = frozenset({"filter", "next", "previous"})


def is_step() -> bool:
    """Whether a button was pressed that only chooses."""
    return request.form.get("step", "") in STEPS


def offer(form: WhomForm) -> None:
    """What the schools can be filtered by."""
    areas = register.areas_in_use(viewer)
    form.offer(areas=[(area.code, localised(area.name, area.name_en)) for area in areas], groups=groups.choices(viewer))


def shown(form: WhomForm) -> dict[str, Any]:
    """The page of schools to tick, how many the filter leaves, those ticked on other pages; in a fixed number of statements."""
    wanted, step = form.filtered(), request.form.get("step", "")
    keys = {"next": request.form.get("next_key"), "previous": request.form.get("previous_key"), "filter": None}
    here = keys.get(step, form.at.data) or ""
    page = queries.to_choose(viewer, wanted, key=here)
    ticked = form.ticked()
    on_page = {school.id for school in page.rows}
    others = register.by_ids(viewer, [one for one in ticked if one not in on_page]) if ticked else {}
    form.at.data = here
    return {
        "page": page,
        "number": register.number_of(viewer, wanted),
        "ticked": set(ticked),
        "others": sorted(others.values(), key=lambda school: school.sort_name),
    }
