"""Which menu entry each page lights, and which entries a viewer gets (data, tested for completeness)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.access import signed_in
from app.accounts.policy import Permission


@dataclass(frozen=True)
class Entry:
    """One entry of the menu: shown to who has the permission, lit by the endpoints that begin with one of `lit_by`."""

    label: str
    endpoint: str
    permission: Permission
    lit_by: tuple[str, ...]


MENU = (
    Entry(_l("今日"), "reporting.home", Permission.SEE_BRIGADE_HOME, ("reporting.",)),
    Entry(_l("我的学校"), "portal.home", Permission.SEE_PORTAL, ("portal.",)),
    Entry(_l("学校"), "schools.index", Permission.SEE_SCHOOLS, ("schools.",)),
    Entry(_l("器材"), "equipment.index", Permission.SEE_EQUIPMENT, ("equipment.",)),
    Entry(
        _l("检查"),
        "inspections.index",
        Permission.SEE_INSPECTIONS,
        ("inspections.", "planning.", "fieldwork.", "certificates."),
    ),
    Entry(_l("整改"), "rectification.index", Permission.SEE_FINDINGS, ("rectification.",)),
    Entry(_l("演练"), "drills.index", Permission.SEE_DRILLS, ("drills.",)),
    Entry(_l("培训"), "trainings.index", Permission.SEE_TRAININGS, ("trainings.",)),
    Entry(_l("文书"), "documents.index", Permission.SEE_DOCUMENTS, ("documents.",)),
    Entry(
        _l("管理"), "accounts.admin", Permission.OWN_ACCOUNT, ("accounts.", "regulations.", "organisations.", "audit.")
    ),
)


def entries() -> list[tuple[str, str, bool]]:
    """The viewer's menu: (label, address, whether this page belongs to it)."""
    found = signed_in()
    if found is None:
        return []
    here = request.endpoint or ""
    return [
        (str(entry.label), url_for(entry.endpoint), here.startswith(entry.lit_by))
        for entry in MENU
        if found.may(entry.permission) and entry.endpoint in current_app.view_functions
    ]


def register(app: Flask) -> None:
    """Give templates the menu."""
    app.context_processor(lambda: {"navigation": entries()})
