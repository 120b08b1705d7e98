"""Logging a drill."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.formats import moment
from app.drills import rules, words
from app.drills.models import Drill, DrillKind
from app.drills.rules import Figures
from app.logbook import service as logbook
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class NewDrill:
    """A drill as it was held. Seconds from the signal; numbers of people, never names."""

    kind: DrillKind
    held_at: datetime
    building_id: uuid.UUID | None = None
    visit_id: uuid.UUID | None = None
    led_by: str = ""
    scenario: str = ""
    weather: str = ""
    first_out_s: int | None = None
    last_out_s: int | None = None
    counted_s: int | None = None
    expected: int | None = None
    present: int | None = None
    accounted: int = 0
    observers: str = ""
    problems: str = ""
    notes: str = ""


def _check(new: NewDrill) -> None:
    logbook.check_moment(new.held_at)
    figures = Figures(
        first_out_s=new.first_out_s, last_out_s=new.last_out_s, counted_s=new.counted_s, accounted=new.accounted
    )
    for mistake in rules.mistakes(figures):
        name, sentence = words.MISTAKES[mistake]
        raise DomainError(str(sentence), field=name, code=mistake.value)


def log(
    viewer: Viewer, *, school: School, drill_id: uuid.UUID, new: NewDrill, photos: Sequence[logbook.NewPhoto] = ()
) -> Drill:
    """Keep a drill as held at a school, with its photos. The same id twice keeps it once."""
    known = logbook.known(Drill, drill_id, school)
    if known is not None:
        return known
    _check(new)
    logbook.refuse_twice(viewer, Drill, school, asdict(new))
    drill = Drill(id=drill_id, school_id=school.id, logged_by_id=viewer.person_id, **asdict(new))
    logbook.keep(viewer, drill, photos, sort="kind", about=new.kind.value)
    return drill


def add_note(viewer: Viewer, drill: Drill, *, text: str) -> None:
    """Add what became known later; what was written stands, and each addition says when and by whom."""
    if drill.withdrawn_at is not None:
        raise DomainError(_("记录已撤回。"), code="withdrawn")
    added = _("%(when)s %(name)s 补记：%(text)s", when=moment(clock.now()), name=viewer.name, text=text.strip())
    if text.strip() and not drill.notes.endswith(added):
        drill.notes = f"{drill.notes}\n{added}".strip()
        db.session.flush()
        audit.record(
            viewer, "note_drill", subject=drill.target.value, subject_id=drill.id, detail={"text": text.strip()}
        )
