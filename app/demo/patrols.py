"""Patrols of the first schools: points, routes, the rounds of the last days, one with a fault, one with a point missed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.demo.district import District, SchoolRow
from app.demo.writing import Writer
from app.duties.models import DutyRecord
from app.equipment.rules import tags
from app.inspections import queries as inspections
from app.inspections import records
from app.inspections.rules.answers import Said
from app.regulations.queries import current_checklist
from app.selfchecks import sheet as sheets
from app.selfchecks.models import OwnCheck, OwnTodo, PatrolPoint, PatrolRound, PatrolRoute, PatrolSeen
from app.selfchecks.rules.checks import CheckForm, line_of
from app.selfchecks.rules.rounds import DUTIES, Origin, RouteKind
from app.selfchecks.rules.todos import TodoSource

_NAMES = (
    ("门卫室", "灭火器在位"), ("教学楼东楼梯", "楼梯不堆物，应急灯亮"), ("教学楼西楼梯", "楼梯不堆物，应急灯亮"),
    ("食堂操作间", "燃气阀、灭火毯、排油烟罩"), ("宿舍楼一层", "安全出口未上锁"), ("宿舍楼二层", "常闭防火门关好"),
)  # fmt: skip
#: Hours after ten in the evening at which the night's rounds begin; the last but one of one night comes late.
_NIGHT = ((0.2, 2.0, 3.9, 5.8), (0.1, 2.0, 4.6, 6.5), (0.3, 2.1, 4.0, 5.9))
_FINE = Said(answer="pass")
_FAULT = "常闭防火门被灭火器顶开，当场关好，已告知宿管。"


@dataclass
class _Laid:
    """A school with its points and routes."""

    row: SchoolRow
    points: list[dict[str, str]]
    routes: dict[RouteKind, uuid.UUID]


def _lay(writer: Writer, row: SchoolRow, since: datetime) -> _Laid:
    points = [
        {
            "point": str(
                writer.add(
                    PatrolPoint, school_id=row.id, name=name, look_at=look_at, where="", made_at=since, made_by_id=row.officer_id,
                    code=tags.new_code(lambda signs: writer.random.choice(signs)),
                )
            ),
            "name": name,
            "where": "",
        }
        for name, look_at in _NAMES
    ]  # fmt: skip
    ways = {RouteKind.DAILY: ("每日防火巡查", points), RouteKind.NIGHT: ("宿舍夜间巡查", points[4:])}
    routes = {
        kind: writer.add(
            PatrolRoute, school_id=row.id, kind=kind, name=name, stops=[one["point"] for one in stops], made_at=since,
            made_by_id=row.officer_id,
        )
        for kind, (name, stops) in ways.items()
        if kind is RouteKind.DAILY or row.values.get("is_boarding")
    }  # fmt: skip
    return _Laid(row, points, routes)


def _walk(
    writer: Writer, laid: _Laid, kind: RouteKind, began: datetime, *, fault: bool = False, miss: bool = False
) -> None:
    stops = laid.points if kind is RouteKind.DAILY else laid.points[4:]
    row, walked, name = laid.row, writer.new_id(), "每日防火巡查" if kind is RouteKind.DAILY else "宿舍夜间巡查"
    ended = began + timedelta(minutes=3 * len(stops))
    common: dict[str, Any] = {"school_id": row.id, "id": walked}
    if not miss:
        writer.add(
            DutyRecord, duty=DUTIES[kind], held_at=began, done_by=row.officer_name, found_faults=fault, logged_at=ended,
            notes=_FAULT if fault else "", logged_by_id=row.officer_id, **common,
        )  # fmt: skip
    writer.add(
        PatrolRound, route_id=laid.routes[kind], kind=kind, name=name, stops=stops, done_by=row.officer_name, started_at=began,
        started_by_id=row.officer_id, logged_at=began, finished_at=ended, finished_by_id=row.officer_id,
        missed_reason="门锁着，值班员未到" if miss else "", record_id=None if miss else walked, **common,
    )  # fmt: skip
    for number, stop in enumerate(stops[:-1] if miss else stops):
        bad = fault and number == len(stops) - 1
        at = began + timedelta(minutes=2 + 3 * number)
        seen = writer.add(
            PatrolSeen, round_id=walked, point_id=uuid.UUID(stop["point"]), seen_at=at, fine=not bad, by_id=row.officer_id,
            origin=Origin.TAP if number == 1 else Origin.SCAN, text=_FAULT if bad else "",
        )  # fmt: skip
        if bad:
            writer.add(
                OwnTodo, id=uuid.uuid5(seen, "todo"), school_id=row.id, source=TodoSource.PATROL, source_id=walked,
                item=stop["point"], where=stop["name"], text=_FAULT, found_at=at,
            )  # fmt: skip


def keep_patrols(writer: Writer, district: District) -> None:
    """The first school, and the first with boarders: seven days of rounds by day, three nights."""
    first = district.schools[0]
    boarding = next((row for row in district.schools if row.values.get("is_boarding")), None)
    today = clock.today()
    for row in {first.id: first, **({boarding.id: boarding} if boarding else {})}.values():
        laid = _lay(writer, row, clock.start_of(today - timedelta(days=14)))
        for back in range(7, 0, -1):
            began = clock.start_of(today - timedelta(days=back)) + timedelta(hours=7, minutes=10 + back)
            _walk(writer, laid, RouteKind.DAILY, began, fault=back == 2, miss=back == 4)
        for back, hours in enumerate(_NIGHT if RouteKind.NIGHT in laid.routes else (), start=1):
            ten = clock.start_of(today - timedelta(days=back)) + timedelta(hours=22)
            for after in hours:
                _walk(writer, laid, RouteKind.NIGHT, ten + timedelta(hours=after))
    writer.flush()
    _check_itself(first)


def _check_itself(row: SchoolRow) -> None:
    """The first school's self-check before the brigade's last inspection: most as the brigade found it; and its kitchen's list."""
    last = inspections.last_signed(row.id)
    held = (last.started_at if last else clock.now()) - timedelta(days=9)
    common: dict[str, Any] = {
        "school_id": row.id, "pack_version_id": current_checklist().version_id, "done_by": row.officer_name,
        "started_by_id": row.officer_id,
    }  # fmt: skip
    own = OwnCheck(form=CheckForm.MONTHLY, started_at=held - timedelta(hours=2), **common)
    db.session.add_all([own, OwnCheck(form=CheckForm.KITCHEN, **common)])
    db.session.flush()
    sheet = sheets.of(own)
    found = {one["name"]: one for one in records.answers_of(last)[0].values() if one["answer"] == "fail"}
    known = set(sorted(found)[::2])
    said = [
        (one, replace(_FINE, answer="fail", note="已登记，等维修") if one.name in known else _FINE)
        for one in sheet.rows
    ]
    own.result = [line_of(one, what, photos=0) for one, what in said]
    own.failed = sum(what.answer == "fail" for _one, what in said)
    own.passed, own.finished_at, own.finished_by_id = len(said) - own.failed, held, row.officer_id
    db.session.flush()
