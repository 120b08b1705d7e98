"""What is kept of counted years: never shown when it no longer holds, whatever happened; it equals what the facts say."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.drills.models import Drill, DrillKind
from app.duties import recount, service
from app.duties.models import DutyChange, DutyRecord, DutyTally
from app.duties.queries import facts, tallies
from app.duties.queries.tallies import Choice
from app.duties.rules.counting import Standing, Tally
from app.duties.rules.duties import Source
from app.duties.rules.tallies import added, figures, nothing, rank, worst
from app.logbook import service as logbook
from app.regulations import service as regulations
from app.regulations.models import Calendar, Term
from app.schools.models import Building, BuildingUse, School, SchoolKind
from app.schools.service import register
from app.trainings.models import Audience, Training
from tests.cast import Cast
from tests.duties import again
from tests.factories import drills, trainings
from tests.factories.schools import school as another_school

TODAY = clock.today()
YEARS = (TODAY.year, TODAY.year - 1)


@pytest.fixture
def clock_hands() -> Iterator[Any]:
    """The clock, to be moved on."""
    with time_machine.travel(clock.now(), tick=False) as hands:
        yield hands


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Pema's school has been on record for more than a year, in term."""
    cast.school.made_at = clock.start_of(TODAY - timedelta(days=500))
    area = cast.school.area_code
    db.session.add(Term(area_code=area, name="春", starts_on=date(2026, 3, 2), ends_on=date(2026, 7, 10)))
    db.session.add(Term(area_code=area, name="秋", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 8)))
    db.session.commit()
    return cast


def _read(cast: Cast, year: int = YEARS[0], **choice: Any) -> tuple[list[tallies.Line], int]:
    """What the grid shows Lea, and how many schools had to be counted for it."""
    lines = tallies.read(cast.viewer("lea"), Choice(**choice), year)
    stale = [line.school_id for line in lines if line.months is None]
    counted = recount.count(stale, year) if stale else {}
    return tallies.with_counted(lines, counted, choice.get("duty", "")), len(stale)


def _differences(cast: Cast, year: int, *, duty: str = "", of: Sequence[School] = ()) -> list[tuple[str, Any, Any]]:
    """Where what is shown is not what the facts say: school, shown, counted again."""
    found, chosen = [], {school.id: school for school in of or [cast.school]}
    for line in _read(cast, year, duty=duty)[0]:
        if line.school_id not in chosen:
            continue
        said = again.months_of(chosen[line.school_id], year)
        for informs, months in ((False, line.months), (True, line.told)):
            shown = [Tally(*month) for month in months or nothing()]
            if shown != said[duty, informs] and (duty or not informs):
                found.append((line.name, shown, said[duty, informs]))
    return found


# Acts, as random as they come ------------------------------------------------------------------------------------


class Life:
    """What may happen at two schools of a brigade, drawn by lot; each act as a person or a list does it."""

    def __init__(self, cast: Cast, seed: int, hands: Any) -> None:
        self.cast, self.random, self.hands, self.lea = cast, Random(seed), hands, cast.viewer("lea")
        self.schools = [cast.school, another_school(cast, name="示范区第九小学", kind=SchoolKind.KINDERGARTEN)]
        self.schools[1].made_at = clock.start_of(TODAY - timedelta(days=300))
        self.checks = [
            d.code for d in facts.duties_in_force() if d.source in (Source.SELF_CHECK, Source.REPORT) and d.has_periods
        ]
        self.informing = [d.code for d in facts.duties_in_force() if d.only_informs]

    def _school(self) -> School:
        return self.random.choice(self.schools)

    def _moment(self) -> datetime:
        """Mostly lately, now and then long ago: entered late."""
        back = self.random.choice((0, 3, 20, 90, 350))
        return clock.now() - timedelta(days=self.random.randrange(back + 1))

    def drill(self) -> None:
        kind = self.random.choice(list(DrillKind))
        drills.drill(self.cast, school_id=self._school().id, kind=kind, held_at=self._moment())

    def drill_at_another_time(self) -> None:
        if (row := db.session.scalars(sa.select(Drill).limit(1)).first()) is not None:
            row.held_at = self._moment()
            db.session.flush()

    def drills_of_a_list(self) -> None:
        rows = [
            {"school_id": self._school().id, "kind": DrillKind.EVACUATION, "held_at": self._moment(),
             "logged_by_id": self.cast.people["pema"]} for _n in range(2)
        ]  # fmt: skip
        db.session.execute(sa.insert(Drill), rows)

    def training(self) -> None:
        audience, hours = self.random.choice(list(Audience)), Decimal(self.random.choice((1, 4)))
        trainings.training(
            self.cast, school_id=self._school().id, audience=audience, hours=hours, held_at=self._moment()
        )

    def check(self) -> None:
        new = service.NewRecord(duty=self.random.choice(self.checks), held_at=self._moment())
        with suppress(DomainError):  # of a year in which the school was not on record
            service.log(self.lea, school=self._school(), record_id=uuid.uuid4(), new=new)

    def withdrawal(self) -> None:
        table = self.random.choice((Drill, Training, DutyRecord))
        row = db.session.scalars(sa.select(table).where(table.withdrawn_at.is_(None)).limit(1)).first()
        if row is not None:
            logbook.withdraw(self.lea, row, reason="记错")

    def another_kind(self) -> None:
        kind = self.random.choice((SchoolKind.PRIMARY, SchoolKind.KINDERGARTEN, SchoolKind.COLLEGE))
        flags = {"is_boarding": self.random.random() < 0.5, "is_key_unit": self.random.random() < 0.5}
        register.edit_school(self.lea, self._school(), kind=kind, **flags)

    def facilities(self) -> None:
        self._school().facilities = self.random.choice(([], ["pump"], ["pump", "tank"]))
        db.session.flush()

    def building(self) -> None:
        use, below = self.random.choice((BuildingUse.CANTEEN, BuildingUse.TEACHING)), self.random.randrange(2)
        db.session.add(Building(school_id=self._school().id, name="楼", use=use, floors_below=below))
        db.session.flush()

    def building_given_up(self) -> None:
        if (row := db.session.scalars(sa.select(Building).limit(1)).first()) is not None:
            row.retired_on = clock.today()
            db.session.flush()

    def days_off(self) -> None:
        area = self.cast.school.area_code
        calendar = db.session.scalar(sa.select(Calendar).where(Calendar.area_code == area))
        calendar = calendar or regulations.add_region_calendar(self.lea, area_code=area, name="区内")
        start = date(TODAY.year, self.random.randrange(3, 12), 1)
        regulations.mark_days(
            self.lea, calendar=calendar, start=start, end=start + timedelta(days=self.random.randrange(25)),
            is_working=False, name="停课", source="通知",
        )  # fmt: skip

    def term(self) -> None:
        row = db.session.scalars(sa.select(Term).where(Term.withdrawn_at.is_(None)).limit(1)).first()
        if row is not None:
            regulations.withdraw_term(self.lea, term=row, reason="改期")
        else:
            area = self.cast.school.area_code
            regulations.add_term(
                self.lea, area_code=area, name="秋", starts_on=date(2026, 9, 8), ends_on=date(2027, 1, 8)
            )

    def rule(self) -> None:
        act, code = self.random.choice((service.adopt, service.adopt, service.drop)), self.random.choice(self.informing)
        act(self.lea, brigade_id=self.cast.brigade_id, code=code)

    def another_day(self) -> None:
        self.hands.shift(timedelta(days=self.random.choice((1, 1, 8, 40))))

    def acts(self) -> list[Callable[[], None]]:
        """All of them; what is logged is logged often."""
        often = [self.drill, self.training, self.check, self.check, self.another_day]
        seldom = [
            self.drill_at_another_time, self.drills_of_a_list, self.withdrawal, self.another_kind, self.facilities, self.building,
            self.building_given_up, self.days_off, self.term, self.rule,
        ]  # fmt: skip
        return often * 2 + seldom


def _live(cast: Cast, hands: Any, *, acts: int, seed: int, duties: tuple[str, ...]) -> None:
    life = Life(cast, seed, hands)
    for number in range(acts):
        act = life.random.choice(life.acts())
        act()
        db.session.commit()
        year, duty = life.random.choice(YEARS), life.random.choice(duties)
        wrong = _differences(cast, year, duty=duty, of=life.schools)
        assert wrong == [], f"{act.__name__}, the {number}th of seed {seed}, {duty} in {year}"
        db.session.commit()


def test_whatever_happens_the_grid_shows_what_the_facts_say(known: Cast, clock_hands: Any) -> None:
    _live(known, clock_hands, acts=20, seed=1, duties=("", "", "evacuation_drill"))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(2, 22))
def test_whatever_happens_for_long_the_grid_shows_what_the_facts_say(known: Cast, clock_hands: Any, seed: int) -> None:
    _live(known, clock_hands, acts=120, seed=seed, duties=("", "evacuation_drill", "fire_check", "staff_training"))


# What is counted, and how often ----------------------------------------------------------------------------------


def test_each_act_of_a_life_leaves_the_grid_true_once(known: Cast, clock_hands: Any) -> None:
    life = Life(known, 3, clock_hands)
    for act in dict.fromkeys(life.acts()):
        act()
        db.session.commit()
        assert _differences(known, YEARS[0], of=life.schools) == [], act.__name__


def test_what_holds_is_not_counted_again_and_an_act_counts_its_school_only(known: Cast) -> None:
    another_school(known, name="示范区第九小学")
    assert _read(known)[1] > 1
    assert _read(known)[1] == 0
    drills.drill(known)
    lines, counted = _read(known)
    assert counted == 1
    assert db.session.scalars(sa.select(DutyChange)).all() == []
    (line,) = (one for one in lines if one.school_id == known.school_id)
    assert sum(month[0] for month in line.months or nothing()) >= 1


def test_changing_the_phone_or_noting_a_visit_counts_nothing_again(known: Cast) -> None:
    _read(known)
    register.edit_school(known.viewer("lea"), known.school, phone="0891-6000000")
    register.note_visit(known.school_id, day=TODAY)
    assert _read(known)[1] == 0


def test_an_act_puts_every_year_of_its_school_in_doubt(known: Cast) -> None:
    for year in YEARS:
        _read(known, year)
    drills.drill(known)
    assert [_read(known, year)[1] for year in (*YEARS, *YEARS)] == [1, 1, 0, 0]


def test_what_is_taken_back_with_its_transaction_puts_nothing_in_doubt(known: Cast) -> None:
    _read(known)
    db.session.commit()
    drills.drill(known)
    db.session.rollback()
    assert _read(known)[1] == 0
    drills.drill(known)
    assert _read(known)[1] == 1


def test_a_statement_that_names_no_school_puts_all_in_doubt(known: Cast) -> None:
    drills.drill(known)
    everything = _read(known)[1]
    db.session.commit()
    db.session.execute(sa.update(Drill).values(withdrawn_at=clock.now(), withdrawn_reason="记错"))
    assert _read(known)[1] == everything
    assert _differences(known, YEARS[0]) == []


def test_a_new_day_counts_all_anew_and_the_worker_does_it_ahead(known: Cast, clock_hands: Any) -> None:
    everything = _read(known)[1]
    db.session.commit()
    clock_hands.shift(timedelta(days=1))
    recount.go_round()
    assert _read(known)[1] == 0
    assert {row.year for row in db.session.scalars(sa.select(DutyTally))} == {YEARS[0]}
    clock_hands.shift(timedelta(days=1))
    assert _read(known)[1] == everything


# How it is shown -------------------------------------------------------------------------------------------------


def test_months_add_up_and_go_from_worst_to_best() -> None:
    bad, late, good = nothing(), nothing(), nothing()
    bad[0], late[1], good[1] = [0, 0, 2, 0, 0, 0], [0, 1, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0]
    assert sorted([good, late, bad], key=rank) == [bad, late, good]
    assert added([bad, late, good])[1] == [3, 1, 0, 0, 0, 0]
    assert added([]) == nothing() == figures([])
    assert [worst(bad, months) for months in ([1, 2], [2], [])] == [Standing.MISSED, None, None]


def test_a_page_of_the_grid_goes_from_bad_to_good_and_its_totals_over_all(known: Cast) -> None:
    for number in range(5):
        row = another_school(known, name=f"示范区{number}小学")
        row.made_at = clock.start_of(TODAY - timedelta(days=60 * number + 1))
    lines = _read(known)[0]

    def page(key: str | None, **choice: Any) -> tallies.Grid:
        return tallies.grid(lines, Choice(**choice), months=range(10, 12), key=key, size=2)

    first = page(None)
    rest = [page(first.page.next_key)]
    while rest[-1].page.next_key:
        rest.append(page(rest[-1].page.next_key))
    shown = [line for one in (first, *rest) for line in one.page.rows]
    assert sorted(line.name for line in shown) == sorted(line.name for line in lines)
    ranks = [rank(line.months or nothing()) for line in shown]
    assert ranks == sorted(ranks)
    assert ranks[0][0] < ranks[-1][0]
    assert {one.schools for one in rest} == {len(lines)}
    owing = [line for line in lines if worst(line.months or nothing(), (10, 11)) is not None]
    assert sum(first.sums.values()) == len(owing) > 2
    assert first.together[10].words == sum((line.cells[10].words for line in lines), Tally())
    assert [line.name for line in page(rest[0].page.previous_key).page.rows] == [line.name for line in first.page.rows]
    assert page("nonsense").page.rows == first.page.rows
    by_name = [line.sort_name for line in page(None, by_name=True).page.rows]
    assert by_name == sorted(line.sort_name for line in lines)[:2]
