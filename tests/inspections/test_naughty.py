"""Naughty strings as notes of an inspection: kept as they are or refused in a sentence, and harmless on every page."""

from __future__ import annotations

import re

import pytest

from app.core.db import new_id
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import unkeepable
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import naughty
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.inspections import filling


@pytest.mark.parametrize("start", range(4))
def test_a_note_is_kept_as_it_was_typed(cast: Cast, as_person: SignInAs, start: int) -> None:
    campus(cast, pieces=3)
    row, client, rev = draft(cast), as_person("ines"), 0
    for text in naughty.KEPT[start * 5 :: 20]:
        op = {"op_id": str(new_id()), "item": "MGT-01", "field": "note", "value": text, "base_rev": rev, "via": "type"}
        body = {"ops": [op], "render": str(new_id()), "area": "documents"}
        (told,) = client.post(f"{filling.address(row)}/ops", json=body).get_json()["results"]
        if unkeepable(text):
            assert told["status"] == "rejected"
            assert told["message"]
            continue
        assert told["status"] in ("applied", "duplicate"), (text, told)
        rev = told["rev"]
        assert fieldwork.folded(row.id).value("MGT-01", "", "note") == text
    shown = client.get(filling.address(row, "documents"))
    assert shown.status_code == 200
    assert not re.search(r"<script(?![^>]* src=\"/static/)|\son\w+=\"?javascript", shown.text, re.IGNORECASE)
