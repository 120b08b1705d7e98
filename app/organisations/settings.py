"""What a brigade sets for itself, typed, with the value the program proposes and how sure that proposal is."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, fields
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class Mark(enum.StrEnum):
    """How well founded the proposed value is. DOMAIN §0."""

    PROPOSED = "proposed"
    UNSURE = "unsure"


MARK_LABELS = {Mark.PROPOSED: _l("建议值"), Mark.UNSURE: _l("依据待核")}


def _setting(default: Any, label: Any, hint: Any, mark: Mark, *, low: int = 0, high: int = 0) -> Any:
    return field(default=default, metadata={"label": label, "hint": hint, "mark": mark, "low": low, "high": high})


@dataclass(frozen=True, kw_only=True)
class BrigadeSettings:
    """The settings of one brigade. Days are calendar days."""

    bulk_allowed: bool = _setting(
        True,
        _l("允许“本区域其余合格”批量填写"),
        _l("关键项目始终逐项填写；批量填写会在记录中注明。"),
        Mark.PROPOSED,
    )
    photo_recheck: bool = _setting(
        False,
        _l("一般隐患允许凭照片复查"),
        _l("默认关闭：须两名检查人员到场复查才能销号。"),
        Mark.UNSURE,
    )
    yellow_days_left: int = _setting(
        3,
        _l("整改期限剩余几天起标黄"),
        _l("逾期一律标红；此处只决定何时提醒。"),
        Mark.PROPOSED,
        low=1,
        high=30,
    )
    forecast_months: int = _setting(
        3,
        _l("器材到期提前几个月提醒"),
        _l("器材清单和采购预报按此计算。"),
        Mark.PROPOSED,
        low=1,
        high=24,
    )
    english_copy: bool = _setting(
        True,
        _l("检查记录和告知单另印英文译本"),
        _l("译本仅供参考，以中文文书为准。"),
        Mark.PROPOSED,
    )


@dataclass(frozen=True)
class Setting:
    """One setting as the office's page shows it."""

    name: str
    label: Any
    hint: Any
    mark: Mark
    default: bool | int
    low: int
    high: int

    @property
    def is_number(self) -> bool:
        """A number of days or months; otherwise yes or no."""
        return not isinstance(self.default, bool)


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


def checked(values: dict[str, Any]) -> dict[str, bool | int]:
    """What may be stored. Raises DomainError for a number outside its limits."""
    result: dict[str, bool | int] = {}
    for one in described():
        value = values.get(one.name, one.default)
        if one.is_number and not one.low <= value <= one.high:
            raise DomainError(
                str(_l("%(label)s须为 %(low)d 至 %(high)d。", label=one.label, low=one.low, high=one.high)),
                field=one.name,
            )
        result[one.name] = int(value) if one.is_number else bool(value)
    return result
