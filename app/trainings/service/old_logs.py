"""Trainings of former years from a list: which of its rows become trainings, and with what in them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app.imports.kinds import ListKind
from app.logbook.old_lists import OldLog
from app.trainings.models import Audience, Training, TrainingForm
from app.trainings.rules.old_logs import HEADINGS, HEADS, ReadRow, read_row

_TEXTS = ("topics", "materials", "outcome", "reflections")


def _content(row: ReadRow) -> dict[str, Any]:
    hours = row.class_hours
    return {
        "values": row.values,
        "audience": row.audience.value,
        "form": row.form.value,
        "hours": str(hours) if hours is not None else None,
        "time": row.span.begins.isoformat("minutes") if row.span.begins else None,
    }


def _columns(content: Mapping[str, Any]) -> dict[str, Any]:
    texts, values = content["texts"], content["values"]
    return {
        **{name: values.get(name) for name in HEADS},
        **{name: texts.get(name, "") for name in _TEXTS},
        "audience": Audience(content["audience"]),
        "form": TrainingForm(content["form"]),
        "hours": Decimal(content["hours"]) if content["hours"] else None,
        "trainer": texts.get("trainer", "")[:80],
        "typed": {name: content[name] for name in ("source", "texts", "flags", "time")},
    }


LOG = OldLog(
    kind=ListKind("trainings", "training", HEADINGS, "trainings.check_list", "trainings.write_list"),
    entry=Training,
    read_row=read_row,
    content=_content,
    columns=_columns,
    needs_day=_l("请指明哪一列是培训日期。"),
)
