"""Interrupted at any moment, nothing is lost, nothing is doubled, no file is left over; two tablets never overwrite each other silently."""

from __future__ import annotations

import random
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.extensions import db
from app.fieldwork.models import AnswerOp
from app.fieldwork.rules import OpStatus
from app.sync.queries import kept
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.sync import faults, rough
from tests.sync.conftest import TabletOf
from tests.sync.faults import Fault, Line

SEED = 20261122


def _run(
    app: Flask,
    cast: Cast,
    lines: faults.Lines,
    *,
    interruptions: int,
    seed: int,
    say: Callable[[str], None] | None = None,
) -> None:
    """Visits, one behind the other, until there were so many interruptions; `say` is told the figures."""
    total, seen = Counter[str](), Counter[Fault]()
    while total["interruptions"] < interruptions:
        left = interruptions - total["interruptions"]
        found = faults.visit(app, cast, lines, seed=seed, most=left)
        seed += 1
        seen += found.faults
        total["visits"] += 1
        for name in ("interruptions", "lost", "doubled", "orphaned", "unfinished"):
            total[name] += getattr(found, name)
        problems = (total["lost"], total["doubled"], total["orphaned"], total["unfinished"])
        assert problems == (0, 0, 0, 0), (seed - 1, total, found.orphans)
        if say and total["visits"] % 10 == 0:
            say(f"… {total['interruptions']} interruptions, nothing lost, doubled or left over")
    if say:
        figures = ", ".join(f"{name} {total[name]}" for name in ("lost", "doubled", "orphaned"))
        say(f"{total['interruptions']} interruptions of {total['visits']} visits: {figures}")
        say(", ".join(f"{fault} {count}" for fault, count in sorted(seen.items())))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Figures that are to be seen."""

    def tell(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return tell


@pytest.fixture
def lines(app: Flask, cast: Cast, tablet_of: TabletOf) -> faults.Lines:
    """Two tablets whose server is this process."""
    campus(cast, pieces=2)
    tablets, stranger = (tablet_of("ines"), tablet_of("ivo")), app.test_client()

    def made(chance: random.Random, seen: Counter[Fault]) -> tuple[Line, Line]:
        first, second = (Line(app, chance, one, seen, stranger) for one in tablets)
        return first, second

    return made


def test_interrupted_some_times_everything_is_there_once(app: Flask, cast: Cast, lines: faults.Lines) -> None:
    _run(app, cast, lines, interruptions=30, seed=SEED)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_interrupted_a_thousand_times_everything_is_there_once_on_either_database(
    app: Flask, cast: Cast, lines: faults.Lines, say: Callable[[str], None]
) -> None:
    _run(app, cast, lines, interruptions=1_000, seed=SEED + 1, say=say)


# a server of its own ---------------------------------------------------------------------------------------------


@pytest.mark.one_database
def test_with_a_server_that_is_really_killed_and_a_disk_that_is_really_full_everything_is_there_once(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    with rough.site(app, rough.Disk(app.config["SETTINGS"].data), log=tmp_path / "log") as site:
        _run(app, cast, rough.lines(site, cast), interruptions=25, seed=SEED + 2)
        assert site.kills > 0


@pytest.mark.soak
@pytest.mark.one_database
@pytest.mark.timeout(14_400)
def test_interrupted_ten_thousand_times_over_the_wire_everything_is_there_once(
    tmp_path: Path, say: Callable[[str], None]
) -> None:
    with rough.small_disk(tmp_path / "disk") as disk, rough.application(disk) as (app, cast):
        with rough.site(app, disk, log=tmp_path / "log") as site:
            _run(app, cast, rough.lines(site, cast), interruptions=10_000, seed=SEED + 3, say=say)
        say(
            f"disk full: {disk.words}; the server was killed {site.kills} times; answers that it was full: {site.refused}"
        )
        assert site.refused > 0
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"


# two tablets -----------------------------------------------------------------------------------------------------


def _edit(cast: Cast, tablet_of: TabletOf, chance: random.Random) -> uuid.UUID:
    """Two tablets write the same rows in a random order, offline and on, each knowing what it was last told."""
    row = draft(cast)
    tablets = [tablet_of("ines", "tab-a"), tablet_of("ivo", "tab-b")]
    waiting: list[list[Any]] = [[], []]
    known = [0, 0]
    for _step in range(chance.randint(4, 10)):
        n = chance.randrange(2)
        item = chance.choice(("MGT-01", "MGT-02"))
        value = chance.choice(("pass", "fail", "na"))
        waiting[n].append(tablets[n].op(row.id, item, value, base_rev=known[n]))
        if chance.random() < 0.4:
            n = chance.randrange(2)
            tablets[n].send(*waiting[n])
            waiting[n] = []
            mine = [c for c in tablets[n].told["changes"] if c["target"]["id"] == str(row.id)]
            known[n] = mine[0]["rev"] if mine else known[n]
    for n in chance.sample((0, 1), 2):
        tablets[n].send(*waiting[n])
    return row.id


def _silent(target: uuid.UUID) -> int:
    """Operations that replaced another tablet's different value without having seen it."""
    ops = db.session.scalars(
        sa.select(AnswerOp).where(AnswerOp.target_id == target, AnswerOp.rev.is_not(None)).order_by(AnswerOp.rev)
    )
    stands: dict[Any, AnswerOp] = {}
    silent = 0
    for op in ops:
        before = stands.get((op.item, op.place, op.field))
        if before is not None and before.device != op.device and before.value != op.value:
            silent += op.base_rev < (before.rev or 0)
        stands[op.item, op.place, op.field] = op
    return silent


def _both(cast: Cast, tablet_of: TabletOf, *, orders: int, seed: int) -> tuple[int, int, int]:
    chance = random.Random(seed)
    silent, met = 0, 0
    for _order in range(orders):
        target = _edit(cast, tablet_of, chance)
        db.session.rollback()
        silent += _silent(target)
        conflicts = sa.select(sa.func.count()).select_from(AnswerOp)
        met += (
            db.session.scalar(conflicts.where(AnswerOp.target_id == target, AnswerOp.status == OpStatus.CONFLICT)) or 0
        )
        listed = [
            o
            for c in kept.contests(cast.viewer("ines"))
            if c.inspection.id == target
            for o in c.options
            if not o.stands
        ]
        there = db.session.scalars(
            sa.select(AnswerOp.op_id).where(AnswerOp.target_id == target, AnswerOp.status == OpStatus.CONFLICT)
        )
        assert {o.op.op_id for o in listed} == set(there)
        db.session.execute(sa.update(AnswerOp).where(AnswerOp.target_id == target).values(status=OpStatus.SETTLED))
        db.session.commit()
    return orders, silent, met


def test_two_tablets_in_random_orders_overwrite_nothing_silently(
    cast: Cast, tablet_of: TabletOf, as_person: SignInAs
) -> None:
    _orders, silent, met = _both(cast, tablet_of, orders=12, seed=SEED)
    assert silent == 0
    assert met > 0


@pytest.mark.soak
@pytest.mark.one_database
@pytest.mark.timeout(1800)
def test_two_tablets_in_two_hundred_random_orders_overwrite_nothing_silently(
    cast: Cast, tablet_of: TabletOf, capsys: Any
) -> None:
    orders, silent, met = _both(cast, tablet_of, orders=200, seed=SEED + 2)
    with capsys.disabled():
        print(f"\n{orders} random orders on two tablets: {met} conflicts, silent overwrites {silent}")  # noqa: T201
    assert silent == 0
