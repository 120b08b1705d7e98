"""On one's account page: how one is told."""

from __future__ import annotations

from typing import Any

from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.notifications import queries
from app.notifications.forms import PreferenceForm


def _own(viewer: Viewer, _person: object) -> dict[str, Any]:
    return {"form": PreferenceForm(formdata=None, obj=queries.preference(viewer))}


register_panel("account", order=10, template="notifications/account_panel.html", context=_own)
