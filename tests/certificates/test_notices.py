"""The result notice of a signed inspection: once in each language, and anew where its number was voided."""

from __future__ import annotations

import pytest

from app.certificates import service
from app.core.extensions import db
from app.documents.models import IssuedDocument
from tests.cast import Cast
from tests.factories import papers
from tests.factories.grounds import campus
from tests.factories.inspections import signed


@pytest.mark.one_database
def test_a_notice_whose_number_was_voided_is_issued_anew(cast: Cast) -> None:
    campus(cast, pieces=3)
    row, olga = signed(cast), cast.viewer("olga")
    second = papers.printed_anew(cast, lambda: service.issue(olga, row, lang="zh_Hans_CN"))
    assert [one.id for one in service.notices(row.id).values()] == [second.id]


@pytest.mark.one_database
def test_a_notice_names_the_record_that_is_valid(cast: Cast) -> None:
    campus(cast, pieces=3)
    row, olga = signed(cast), cast.viewer("olga")
    record = db.session.query(IssuedDocument).one()
    assert service.result_of(olga, row, lang="en").record_number == record.number
    papers.voided(cast, record)
    assert service.result_of(olga, row, lang="en").record_number == ""
