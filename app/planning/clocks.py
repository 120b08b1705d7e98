"""The clocks of complaints, for the page of clocks and for changed calendars."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.i18n import localised
from app.planning.queries import complaints
from app.planning.rules.complaints import clock_of
from app.regulations.clock_sources import PlacedClock, Waiting, Whose, placed, register_clock_source


@register_clock_source
def of_complaints(viewer: Viewer, area_code: str | None) -> Iterator[Waiting]:
    """Complaints for which nobody has been on site yet (消防监督检查规定 Art. 18), in one query."""
    for one in complaints.clocked(viewer):
        if one.area_code.startswith(area_code or ""):
            whose = Whose(one.brigade_id, frozenset(one.officers), None if one.officers else Permission.KEEP_COMPLAINTS)
            yield Waiting(clock_of(one.kind), one.received_at, one.area_code, whose, partial(_told, one, whose))


def _told(one: complaints.Clocked, whose: Whose) -> PlacedClock:
    name = localised(one.school, one.school_en) if one.school else one.about
    return placed(
        clock_of(one.kind),
        one.received_at,
        key=f"complaint-{one.id}",
        label=_("%(school)s（投诉 %(number)s）", school=name, number=one.number),
        href=f"/complaints/{one.id}",
        area_code=one.area_code,
        school=name,
        brigade_id=whose.brigade_id,
        owner_ids=whose.owner_ids,
        permission=whose.permission,
    )
