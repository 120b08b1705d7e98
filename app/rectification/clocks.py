"""The re-check clocks that are running, for calendars to say which of them a change of days moves."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.rectification import standing
from app.rectification.models.findings import Finding
from app.rectification.queries import findings as queries
from app.rectification.rules import findings as rules
from app.regulations.clock_sources import PlacedClock
from app.regulations.rules.calendars import OpenClock
from app.schools.models import School


def open_clocks(viewer: Viewer, area_code: str | None) -> Iterator[PlacedClock]:
    """Re-checks that are due within three working days of a deadline or request (消防监督检查规定 Art. 20), in one query."""
    rows = db.session.execute(
        sa.select(Finding, School.name, School.area_code, *standing.FACTS)
        .join(School, School.id == Finding.school_id)
        .where(
            queries.visible(viewer),
            standing.awaits_recheck(clock.today()),
            School.area_code.startswith(area_code or "", autoescape=True),
        )
        .order_by(School.name, Finding.id)
    )
    for finding, school_name, area, *facts in rows:
        started = rules.recheck_clock_start(standing.facts_from(finding, *facts))
        if started is not None:
            label = _("%(school)s（%(code)s）复查", school=school_name, code=finding.item_code)
            yield PlacedClock(area, OpenClock(str(finding.id), label, started, rules.RECHECK_WORKDAYS))
