"""The buttons of the result notice on a signed inspection."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.certificates import service
from app.core.panels import register_panel
from app.inspections.models import InspectionKind, InspectionState


def _of_inspection(viewer: Viewer, inspection: Any) -> dict[str, Any] | None:
    ours = inspection.brigade_id in viewer.brigade_ids and viewer.may(Permission.ISSUE_DOCUMENTS)
    signed = inspection.state is InspectionState.SIGNED and inspection.kind is InspectionKind.INSPECTION
    return {"inspection": inspection, "notices": service.notices(inspection.id)} if ours and signed else None


register_panel("inspection", order=10, template="certificates/panel.html", context=_of_inspection)
