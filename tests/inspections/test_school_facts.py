"""What a school has decides what it is asked about; what stands there is never said to be absent."""

from __future__ import annotations

import pytest

from app.inspections.rules.ground import Ground, House
from app.inspections.sheet import facts_of_school
from app.schools.models import School, SchoolKind
from tests import packs


@pytest.mark.parametrize(
    ("recorded", "uses", "kitchen"),
    [([], (), None), (["pump"], (), False), (["pump"], ("canteen",), True), (["kitchen"], (), True)],
)
def test_a_canteen_has_a_kitchen(recorded: list[str], uses: tuple[str, ...], kitchen: bool | None) -> None:
    school = School(name="甲校", kind=SchoolKind.PRIMARY, facilities=recorded, is_boarding=False, is_key_unit=False)
    ground = Ground(houses=tuple(House(id=use, name=use, use=use) for use in uses))
    assert facts_of_school(school, ground, packs.cn_school()).amenities["kitchen"] is kitchen
