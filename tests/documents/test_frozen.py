"""Plain values to canonical JSON and back."""

from __future__ import annotations

import pytest

from app.certificates.documents import InspectionResult
from app.documents import frozen
from app.inspections.documents import InspectionRecord
from app.organisations.models import Brigade


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("kind", [InspectionRecord, InspectionResult])
def test_a_context_comes_back_as_it_was(kind: type, language: str) -> None:
    context = kind.sample(language)
    assert frozen.thaw(kind, frozen.plain(context)) == context


def test_the_same_values_give_the_same_text() -> None:
    assert frozen.canonical({"b": 1, "a": "示"}) == frozen.canonical({"a": "示", "b": 1}) == '{"a":"示","b":1}'


def test_a_row_of_the_database_does_not_belong_on_a_paper() -> None:
    with pytest.raises(TypeError, match="Brigade does not belong on a paper"):
        frozen.plain({"brigade": Brigade(name="示范区消防救援大队")})


def test_half_a_character_does_not_stop_a_paper() -> None:
    assert frozen.canonical("a\ud800b") == '"a\ufffdb"'
