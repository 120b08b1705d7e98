"""What hangs on schools is seen with them, whether the viewer sees every school or only some."""

import pytest
import sqlalchemy as sa

from app.core.extensions import db
from app.schools import queries
from app.schools.models import School


def ids(condition: sa.ColumnElement[bool]) -> set:
    return set(db.session.scalars(sa.select(School.id).where(condition)))


@pytest.mark.parametrize("name", ["ines", "stan", "beate", "dora", "pema", "oskar", "ada"])
def test_what_hangs_on_a_school_is_seen_by_whoever_sees_the_school(app, cast, name):
    def check() -> set:
        viewer = cast.viewer(name)
        seen = ids(queries.visible(viewer))
        assert ids(queries.at_visible(viewer, School.id)) == seen
        nowhere = sa.cast(sa.null(), sa.Uuid())
        assert ids(queries.at_visible(viewer, nowhere)) == set()
        return seen

    assert (cast.foreign_school_id in check()) == (name == "oskar")
    foreign = db.session.get_one(School, cast.foreign_school_id)
    foreign.brigade_id, foreign.area_code = cast.brigade_id, cast.school.area_code
    db.session.flush()
    assert (cast.foreign_school_id in check()) == (name not in ("pema", "oskar"))
