"""What a case file lacks, as its page says it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.casefiles.rules import Gap, GapKind, Where
from app.casefiles.words import sentence

DOUBTS = [("deadline:impossible", "整改期限：没有这一天"), ("number:missing", "没有文书编号")]


@pytest.mark.one_database
@pytest.mark.parametrize(("flag", "said"), DOUBTS)
def test_a_doubt_about_an_order_of_former_years_is_told_in_words(app: Flask, flag: str, said: str) -> None:
    with app.test_request_context():
        assert sentence(Gap(kind=GapKind.FLAGGED, where=Where.ORDER, blocks=False, said=flag)) == said
