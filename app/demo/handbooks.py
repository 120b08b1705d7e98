"""Who holds which post at the schools: some with a signed handbook, some without, one handed over; one school with nobody."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.core import clock
from app.core.db import insert_ignore
from app.core.extensions import db
from app.demo.district import District, SchoolRow
from app.fieldwork.service import Hand
from app.handbook import queries, service
from app.handbook.models import HandbookReceipt, HandbookText
from app.handbook.service import NewReceipt
from app.schools.models import School

_NAMES = {"guard": "罗布次仁", "teacher": "德吉央宗", "maintenance": "旦增"}


def fill_posts(district: District, *, today: date) -> None:
    """In the name of each school's safety officer; the last school has not begun."""
    for number, row in enumerate(district.schools[:-1]):
        _fill(row, today=today, whole=number == 0)


def _fill(row: SchoolRow, *, today: date, whole: bool) -> None:
    by = accounts.viewer_for(db.session.get_one(Person, row.officer_id))
    school = db.session.get_one(School, row.id)
    since = date(today.year, 1, 1)
    named = {"responsible": str(row.values["responsible_person"]), "safety_officer": row.officer_name, **_NAMES}
    for post, name in named.items():
        if whole or post != "maintenance":
            service.appoint(by, school=school, post=post, name=name, from_day=since)
    signed = ("responsible", "safety_officer") if whole else ("responsible",)
    for post in signed:
        station = queries.desk(school).station(post)
        assert station is not None
        new = NewReceipt(
            id=uuid.uuid5(row.id, f"receipt {post}"), on_paper=False, received_on=today, hand=_hand(named[post])
        )
        service.receive(by, station.holdings[0].holder, station, new=new)
    if whole:
        station = queries.desk(school).station("guard")
        assert station is not None
        follower = service.hand_over(
            by, station.holdings[0].holder, school=school, on=today - timedelta(days=40), to="强巴"
        )
        assert follower is not None
        _received_long_ago(row, follower.id, today - timedelta(days=35))


def _hand(name: str) -> Hand:
    """A few strokes of the pen."""
    strokes = "".join(
        f'<path d="M {60 + n * 60}.000,{60 + n % 3 * 30}.000 C {90 + n * 60}.000,30.000 {100 + n * 60}.000,150.000'
        f' {130 + n * 60}.000,{90 - n % 2 * 30}.000" stroke-width="3" fill="none" stroke="black"/>'
        for n in range(len(name) * 2)
    )
    return Hand(name=name, strokes=f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200">{strokes}</svg>')


def _received_long_ago(row: SchoolRow, holder_id: uuid.UUID, day: date) -> None:
    """A receipt of words that have changed since."""
    before = {"sha256": "0" * 64, "content": "{}", "kept_at": clock.start_of(day)}
    db.session.execute(insert_ignore(HandbookText).values(**before))
    db.session.add(
        HandbookReceipt(
            id=uuid.uuid5(row.id, "receipt guard"),
            school_id=row.id,
            post="guard",
            holder_id=holder_id,
            text_sha256="0" * 64,
            received_on=day,
            on_paper=True,
            entered_by_id=row.officer_id,
        )
    )
    db.session.flush()
