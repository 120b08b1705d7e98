"""The doctor draws the files it looks at from all there are, at the same cost however many that is."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import new_id
from app.core.extensions import db
from app.core.files import digest, files
from app.fieldwork.models import Photo
from app.fieldwork.rules import TargetKind
from app.operators import doctor


@pytest.fixture(autouse=True)
def the_same_chance_each_time() -> None:
    """What is drawn is the same in each run."""
    random.seed(20261123)


def _photos(count: int, *, made: Callable[[int], uuid.UUID]) -> set[str]:
    rows = [
        {
            "id": made(number), "target_kind": TargetKind.FINDING, "target_id": new_id(), "sha256": f"{number:064x}",
            "thumb_sha256": "", "original_sha256": f"{number:064x}", "width": 1, "height": 1,
        }
        for number in range(count)
    ]  # fmt: skip
    db.session.execute(sa.insert(Photo), rows)
    db.session.commit()
    return {row["sha256"] for row in rows}


def _by_time(_number: int) -> uuid.UUID:
    return new_id()


def _by_chance(number: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, str(number))


def _of_both(number: int) -> uuid.UUID:
    return _by_time(number) if number % 2 else _by_chance(number)


@pytest.mark.parametrize("made", [_by_time, _by_chance, _of_both])
def test_any_photo_may_be_drawn_whenever_it_came(app: Flask, made: Callable[[int], uuid.UUID]) -> None:
    there = _photos(4000, made=made)
    drawn = [set(doctor._drawn(Photo.id, Photo.sha256)) for _look in range(100)]
    found = set[str]().union(*drawn)
    assert {len(one) for one in drawn} == {doctor.SAMPLE // 2}
    assert found <= there
    for quarter in range(4):
        of_it = {sha for sha in found if quarter * 1000 <= int(sha, 16) < (quarter + 1) * 1000}
        assert len(of_it) > 100, quarter


def test_few_photos_are_all_looked_at_and_none_is_no_fault(app: Flask) -> None:
    assert doctor._hashes().is_well
    there = _photos(3, made=_of_both)
    assert set(doctor._drawn(Photo.id, Photo.sha256)) == there


def test_many_photos_cost_what_few_cost(app: Flask, count_queries: Any) -> None:
    _photos(10, made=_of_both)
    with count_queries() as few:
        doctor._drawn(Photo.id, Photo.sha256)
    _photos(3000, made=lambda number: _of_both(number + 10))
    with count_queries() as many:
        doctor._drawn(Photo.id, Photo.sha256)
    assert many.number <= few.number
    assert all("LIMIT" in one for one in many.statements if one.startswith("SELECT"))


def test_a_damaged_file_is_named(app: Flask) -> None:
    sound = files().put(b"sound")
    _photos(1, made=_by_time)
    db.session.execute(sa.update(Photo).values(sha256=sound))
    db.session.commit()
    assert doctor._hashes().is_well
    db.session.execute(sa.update(Photo).values(sha256=digest(b"never stored")))
    db.session.commit()
    finding = doctor._hashes()
    assert (finding.is_well, digest(b"never stored") in finding.says) == (False, True)
