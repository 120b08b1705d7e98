"""Drills of former years from a list: which of its rows become drills, and with what in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.drills.models import Drill, DrillKind
from app.drills.rules.old_logs import HEADINGS, ReadRow, read_row
from app.imports.kinds import ListKind
from app.logbook.old_lists import OldLog

_FIGURES = ("first_out_s", "last_out_s", "counted_s", "expected", "present", "accounted")


def _content(row: ReadRow) -> dict[str, Any]:
    return {"values": row.values, "kind": row.kind.value}


def _columns(content: Mapping[str, Any]) -> dict[str, Any]:
    texts, values = content["texts"], content["values"]
    return {
        **{name: values.get(name.removesuffix("_s")) for name in _FIGURES},
        "kind": DrillKind(content["kind"]),
        "led_by": texts.get("led_by", "")[:80],
        "weather": texts.get("weather", "")[:60],
        "problems": texts.get("problems", ""),
        **dict.fromkeys(("scenario", "observers", "signal", "staff_on_duty", "special"), ""),
        "classes": [],
        "stairs": [],
        "grades": {},
        "raw": content["source"],
    }


LOG = OldLog(
    kind=ListKind("drills", "drill", HEADINGS, "drills.check_list", "drills.write_list"),
    entry=Drill,
    read_row=read_row,
    content=_content,
    columns=_columns,
    needs_day=_l("请指明哪一列是演练日期。"),
)
