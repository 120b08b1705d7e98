"""The clocks of complaints, for the page of clocks and for changed calendars."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.i18n import localised
from app.planning.queries import complaints
from app.planning.rules.complaints import clock_of
from app.regulations.clock_sources import PlacedClock, placed, register_clock_source


@register_clock_source
def of_complaints(viewer: Viewer, area_code: str | None) -> Iterator[PlacedClock]:
    """Complaints for which nobody has been on site yet (消防监督检查规定 Art. 18), in one query."""
    for line in complaints.running(viewer):
        if not line.area_code.startswith(area_code or ""):
            continue
        complaint, school = line.complaint, line.school
        name = localised(school.name, school.name_en) if school else complaint.about
        yield placed(
            clock_of(complaint.kind),
            complaint.received_at,
            key=f"complaint-{complaint.id}",
            label=_("%(school)s（投诉 %(number)s）", school=name, number=complaint.number),
            href=f"/complaints/{complaint.id}",
            area_code=line.area_code,
            school=name,
            brigade_id=complaint.brigade_id,
            owner_ids=line.officers,
            permission="" if line.officers else Permission.KEEP_COMPLAINTS,
        )
