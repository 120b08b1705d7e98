"""When extinguishers are due and must be scrapped: the table of vectors, and Python and SQL saying the same."""

import random
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.equipment import dates, wording
from app.equipment.models import Equipment, EquipmentKind, Trouble
from app.equipment.queries import register
from app.equipment.rules.extinguishers import DueStatus, add_years, last_day
from tests.factories import equipment as make
from tests.factories.schools import school as make_school

TODAY = date(2026, 11, 22)

#: type, made, last service → next date, scrap (GB 50444 5.3.2, 5.4.3; GB 55036 10.0.8)
VECTORS = [
    ("powder_abc", date(2021, 3, 1), None, date(2026, 3, 1), date(2031, 3, 1)),
    ("powder_bc", date(2021, 3, 1), date(2028, 4, 1), date(2030, 4, 1), date(2031, 3, 1)),
    ("powder_abc", date(2021, 3, 1), date(2030, 4, 1), date(2031, 3, 1), date(2031, 3, 1)),
    ("water", date(2023, 6, 1), date(2027, 6, 1), date(2028, 6, 1), date(2029, 6, 1)),
    ("co2", date(2015, 5, 1), date(2024, 5, 1), date(2026, 5, 1), date(2027, 5, 1)),
    ("clean_gas", date(2021, 3, 1), None, date(2026, 3, 1), date(2031, 3, 1)),
    ("powder_abc", date(2024, 2, 29), None, date(2029, 2, 28), date(2034, 2, 28)),
    ("water", date(2024, 2, 29), date(2027, 2, 28), date(2028, 2, 28), date(2030, 2, 28)),
    ("co2", date(2024, 2, 29), date(2032, 2, 29), date(2034, 2, 28), date(2036, 2, 29)),
]


def in_sql(today: date) -> dict:
    columns = dates.DueColumns(today)
    return {
        row[0]: tuple(row[1:])
        for row in db.session.execute(sa.select(Equipment.id, columns.due, columns.scrap, columns.status))
    }


@pytest.mark.parametrize(("agent", "made", "serviced", "due", "scrap"), VECTORS)
def test_the_vectors_hold_in_python_and_in_sql(app, cast, agent, made, serviced, due, scrap):
    piece = make.extinguisher(cast.school, agent=agent, made_on=made, serviced_on=serviced)
    found = dates.due_of(piece, date(2021, 1, 1))
    assert (found.due, found.scrap, found.replace) == (due, scrap, due == scrap)
    assert in_sql(date(2021, 1, 1))[piece.id][:2] == (due, scrap)


@pytest.mark.parametrize(
    ("days", "status"),
    [(-61, "ok"), (-60, "soon"), (-1, "soon"), (0, "due"), (1, "overdue")],
)
def test_the_status_turns_at_midnight(app, cast, days, status):
    due = date(2026, 3, 1)
    piece = make.extinguisher(cast.school, made_on=date(2021, 3, 1))
    today = due + timedelta(days=days)
    assert dates.due_of(piece, today).status == status == in_sql(today)[piece.id][2]


@pytest.mark.parametrize(("days", "status"), [(-1, "overdue"), (0, "scrap"), (400, "scrap")])
def test_scrap_wins_from_its_day_on(app, cast, days, status):
    piece = make.extinguisher(cast.school, made_on=date(2016, 9, 1))
    today = date(2026, 9, 1) + timedelta(days=days)
    assert dates.due_of(piece, today).status == status == in_sql(today)[piece.id][2]


@pytest.mark.parametrize("trouble", Trouble)
def test_a_fault_makes_a_piece_due_or_scrap_at_once(app, cast, trouble):
    piece = make.extinguisher(cast.school, made_on=date(2025, 1, 1), trouble=trouble, trouble_on=TODAY)
    found = dates.due_of(piece, TODAY)
    assert found.status in (DueStatus.DUE, DueStatus.SCRAP)
    assert (found.due, found.scrap, found.status.value) == in_sql(TODAY)[piece.id]
    assert str(wording.TROUBLES[trouble]) in wording.due_words(found)


def test_troubles_are_those_of_the_pack(app):
    table = dates.life_table()
    assert {t.value for t in Trouble} == set(table["due_now"]) | set(table["scrap_now"])


def test_other_kinds_and_pieces_without_a_date_have_none(app, cast):
    for piece in (make.light(cast.school), make.extinguisher(cast.school, made_on=None)):
        assert dates.due_of(piece, TODAY) is None
        assert in_sql(TODAY)[piece.id] == (None, None, None)


def test_a_thousand_random_pieces_say_the_same_in_python_and_in_sql(app, cast):
    chance = random.Random(20261122)
    pieces = []
    for _ in range(1000):
        made = date(2010, 1, 1) + timedelta(days=chance.randrange(6500))
        serviced = made + timedelta(days=chance.randrange(-40, 3000)) if chance.random() < 0.6 else None
        trouble = chance.choice([*Trouble]) if chance.random() < 0.1 else None
        pieces.append(
            Equipment(
                school_id=cast.school_id,
                kind="extinguisher",
                specification={"agent": chance.choice(["powder_abc", "powder_bc", "water", "co2", "clean_gas"])},
                made_on=made if chance.random() < 0.95 else None,
                serviced_on=serviced,
                trouble=trouble,
                trouble_on=TODAY if trouble else None,
            )
        )
    db.session.add_all(pieces)
    db.session.flush()
    for today in (TODAY, date(2024, 2, 29), date(2030, 12, 31)):
        found = in_sql(today)
        for piece in pieces:
            due = dates.due_of(piece, today)
            assert found[piece.id] == ((due.due, due.scrap, due.status.value) if due else (None, None, None))
        for until, needy in ((soon(today), ("due", "overdue", "scrap", "soon")), (today, ("due", "overdue", "scrap"))):
            may = set(db.session.scalars(sa.select(Equipment.id).where(dates.DueColumns(today).may_need(until))))
            assert {key for key, row in found.items() if row[2] in needy} <= may
            assert len(may) < len(pieces)


def soon(today: date) -> date:
    return dates.DueColumns(today).soon


def test_what_may_be_due_is_looked_up_and_not_sought_in_the_whole_register(app):
    columns = dates.DueColumns(TODAY)
    if db.engine.dialect.name == "sqlite":
        wanted = sa.select(Equipment.label).where(columns.may_need(columns.soon))
        text = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))
        steps = [row[3] for row in db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {text}"))]
        assert steps[0] == "MULTI-INDEX OR", steps


def test_a_piece_past_its_age_says_so_whatever_small_fault_it_has(app, cast):
    piece = make.extinguisher(cast.school, made_on=date(2010, 1, 1), trouble=Trouble.GAUGE_RED, trouble_on=TODAY)
    assert wording.due_words(dates.due_of(piece, TODAY)) == "2020-01 已到报废期"


def test_the_last_day_is_the_last_that_is_over_by_then():
    chance = random.Random(4)
    for _ in range(2000):
        until, years = date(2023, 12, 1) + timedelta(days=chance.randrange(2000)), chance.randrange(1, 13)
        day = last_day(until, years)
        assert add_years(day, years) <= until < add_years(day + timedelta(days=1), years)
    assert last_day(date(2027, 2, 28), 3) == date(2024, 2, 29)


def test_the_agent_is_that_of_the_specification_however_it_was_written(app, cast):
    piece = make.extinguisher(cast.school, agent="co2")
    light = make.light(cast.school)
    assert (piece.agent, light.agent) == ("co2", None)
    piece.specification = {"agent": "water", "charge": 6.0}
    db.session.flush()
    rows = [
        {"school_id": cast.school_id, "kind": "extinguisher", "specification": {"agent": one}, "label": one}
        for one in ("powder_bc", "clean_gas")
    ]
    db.session.execute(sa.insert(Equipment), rows)
    every = db.session.execute(sa.select(Equipment.agent, Equipment.specification["agent"].as_string())).all()
    assert sorted(row[0] or "" for row in every) == ["", "clean_gas", "powder_bc", "water"]
    assert all(row[0] == row[1] for row in every)


def test_the_figures_count_what_each_piece_says(app, cast):
    chance = random.Random(8)
    for n in range(40):
        made = TODAY - timedelta(days=chance.randrange(4500))
        make.extinguisher(cast.school, made_on=made, label=f"1F-{n}", status="in_use")
    make.light(cast.school)
    viewer = cast.viewer("ines")
    told = [dates.due_of(one, clock.today()) for one in db.session.scalars(sa.select(Equipment))]
    words = [one.status.value for one in told if one]
    found = register.figures(viewer)
    assert (found.total, found.away) == (41, 0)
    assert (found.soon, found.scrap) == (words.count("soon"), words.count("scrap"))
    assert found.overdue == words.count("due") + words.count("overdue") > 0
    assert register.figures_of_school(viewer, cast.school_id) == (
        found,
        {EquipmentKind.EXTINGUISHER: 40, EquipmentKind.EMERGENCY_LIGHT: 1},
    )


@pytest.mark.parametrize("due", ["", "now"])
def test_the_pages_of_the_register_are_the_whole_list_there_and_back(app, cast, due):
    names = ("乙小学", "甲小学", "甲小学", "丙小学", "丁小学")
    for n, name in enumerate(names):
        school = make_school(cast, f"{name}", identity=str(n))
        for k in range(3 - n % 2):
            make.extinguisher(school, made_on=date(2010 + k, 1, 1), label=f"{k}", position=k)
    viewer, wanted = cast.viewer("ines"), register.Wanted(due=due)
    whole = [line.piece.id for line in register.listing(viewer, wanted, key=None).rows]
    assert len(whole) == 13
    pages, key = [], None
    while not pages or key:
        pages.append(register.listing(viewer, wanted, key=key, size=2))
        key = pages[-1].next_key
    assert [line.piece.id for one in pages for line in one.rows] == whole
    back, key = [], pages[-1].previous_key
    while key:
        one = register.listing(viewer, wanted, key=key, size=2)
        back[:0] = [line.piece.id for line in one.rows]
        key = one.previous_key
    assert back == whole[:12]
