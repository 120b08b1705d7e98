"""The way to a school's patrols from its duties; who may see the photos of rounds."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.duties.queries import records
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.selfchecks.queries import checks, comparing, patrols
from app.selfchecks.rules.checks import Match


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    """Only the way there."""
    if not viewer.may(Permission.SEE_DUTIES):
        return None
    return {"school": school, "own": viewer.may(Permission.KEEP_PATROLS)}


def _checks_of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    """The way to its own checks, and how far they agreed with the brigade's."""
    way = _of_school(viewer, school)
    if way is None:
        return None
    pairs = comparing.of_school(school)
    counts = sum((pair.counts for pair in pairs), Counter[Match]())
    figures = {"rows": counts.total(), "reported": counts[Match.REPORTED], "missed": counts[Match.MISSED]}
    return way | figures | {"share": comparing.share(pairs)}


def _may_see(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """A round's photos are those of the record that it fulfils under the same id; until then, and where it fulfils none, its own."""
    return records.visible_ids(viewer, ids) | patrols.visible_ids(viewer, ids)


register_panel("duties", order=10, template="selfchecks/panel.html", context=_of_school)
register_panel("duties", order=20, template="selfchecks/check_panel.html", context=_checks_of_school)
register_target(TargetKind.SELFCHECK, may_see=_may_see)
register_target(TargetKind.OWN_CHECK, may_see=checks.visible_ids, lock=checks.lock)
