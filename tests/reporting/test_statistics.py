"""The figures of a month, the pictures, and the paper of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.rectification.models.findings import ClosedHow
from app.reporting.queries.statistics import statistics
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import papers
from tests.factories import rectification as make

TODAY = clock.today()
THIS = (TODAY.year, TODAY.month)


def fill(cast: Cast) -> None:
    first = TODAY.replace(day=1)
    good = make.finding(cast, found_on=first - timedelta(days=9), deadline=first)
    good.closed_on, good.closed_how, good.recheck_id = first, ClosedHow.RECHECK, make.inspection(cast).id
    make.finding(cast, found_on=first, closed_on=first, closed_how=ClosedHow.SPOT)
    make.finding(cast, found_on=first, closed_on=first, closed_how=ClosedHow.WITHDRAWN, closed_reason="误录")
    make.finding(cast, school_id=cast.foreign_school_id, brigade_id=cast.other_brigade_id, found_on=first)
    db.session.commit()


def test_a_month_counts_what_happened_in_it_and_nothing_that_was_withdrawn(cast: Cast) -> None:
    fill(cast)
    told = statistics(cast.viewer("lea"), THIS)
    assert (told.now.found, told.now.spot, told.now.closed, told.now.on_time) == (1, 1, 2, 100)
    assert told.before.found == 1
    assert told.by_month[-1] == (THIS, 1, 2)
    assert len(told.by_month) == 12
    assert dict(told.days) == {0: 0, 8: 1, 16: 0, 31: 0, 61: 0}
    assert told.by_group == [("exit_route", 2)]


@pytest.mark.parametrize(("name", "status"), [("lea", 200), ("beate", 200), ("dora", 200), ("pema", 403), ("ada", 403)])
def test_who_sees_them(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get("/statistics").status_code == status


def test_the_page_has_pictures_with_their_figures_and_leads_to_other_months(cast: Cast, as_person: SignInAs) -> None:
    fill(cast)
    lea = as_person("lea")
    page = lea.page(f"/statistics?month={THIS[0]}-{THIS[1]:02d}")
    assert len(page.all('//*[local-name()="svg" and @role="img"]')) >= 4
    assert "去年同月" in page.main
    assert lea.get("/statistics?month=zzzz").status_code == 200
    assert lea.get("/statistics?month=2999-12").status_code == 200


def test_it_costs_no_more_than_fifteen_questions(cast: Cast, as_person: SignInAs, count_queries: Callable) -> None:
    fill(cast)
    lea = as_person("lea")
    lea.get("/statistics")
    with count_queries() as counted:
        lea.get("/statistics")
    assert counted.number <= 15


def test_the_paper_is_issued_once_for_the_same_figures(cast: Cast, as_person: SignInAs) -> None:
    fill(cast)
    for _again in range(2):
        answer = as_person("lea").post("/statistics", data={"month": date(*THIS, 1).strftime("%Y-%m")})
        assert answer.status_code == 302
    jobs.run_all()
    paper = db.session.scalars(sa.select(IssuedDocument).where(IssuedDocument.kind == "monthly_summary")).one()
    assert (paper.state, paper.warnings) == (DocumentState.ISSUED, [])
    assert as_person("beate").post("/statistics").status_code == 403


@pytest.mark.one_database
def test_a_summary_whose_number_was_voided_is_issued_anew(cast: Cast, as_person: SignInAs) -> None:
    month, lea = date(*THIS, 1).strftime("%Y-%m"), as_person("lea")
    papers.pressed_anew(cast, lambda: lea.post("/statistics", data={"month": month}))
