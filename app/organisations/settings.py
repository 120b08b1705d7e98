"""What a brigade sets for itself, typed, with the value the program proposes and how sure that proposal is."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, fields
from typing import Any

from flask_babel import lazy_gettext as _l


class Mark(enum.StrEnum):
    """How well founded the proposed value is. DOMAIN §0."""

    PROPOSED = "proposed"
    UNSURE = "unsure"


MARK_LABELS = {Mark.PROPOSED: _l("建议值"), Mark.UNSURE: _l("依据待核")}


def _setting(default: bool, label: Any, hint: Any, mark: Mark) -> Any:
    return field(default=default, metadata={"label": label, "hint": hint, "mark": mark})


@dataclass(frozen=True, kw_only=True)
class BrigadeSettings:
    """The settings of one brigade: each a yes or no that the product heeds."""

    bulk_allowed: bool = _setting(
        True,
        _l("允许“本区域其余合格”批量填写"),
        _l("关键项目始终逐项填写；批量填写会在记录中注明。"),
        Mark.PROPOSED,
    )


@dataclass(frozen=True)
class Setting:
    """One setting as the office's page shows it."""

    name: str
    label: Any
    hint: Any
    mark: Mark
    default: bool


def described() -> list[Setting]:
    """All settings, in the order of the page."""
    return [
        Setting(name=f.name, default=f.default, **f.metadata)  # type: ignore[arg-type]
        for f in fields(BrigadeSettings)
    ]


def settings_of(stored: dict[str, Any] | None) -> BrigadeSettings:
    """The settings from what is stored (`brigade.settings`); what is not stored, or of another kind, is as proposed."""
    stored = stored or {}
    known = {s.name: stored[s.name] for s in described() if type(stored.get(s.name)) is type(s.default)}
    return BrigadeSettings(**known)


def checked(values: dict[str, Any]) -> dict[str, bool]:
    """What may be stored: every setting, and nothing else."""
    return {one.name: bool(values.get(one.name, one.default)) for one in described()}
