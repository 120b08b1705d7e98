"""The tablet's pages where scripts are switched off: they lead to the plain pages, which do the same with network."""

from __future__ import annotations

import pytest
from lxml import html

from tests.browse import CheckedClient
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import draft


def _way_on(client: CheckedClient, address: str) -> str:
    """Where the page leads whoever has no script."""
    (without,) = html.fromstring(client.get(address).text).xpath("//noscript")
    inner = html.fromstring(html.tostring(without, encoding="unicode"))
    (link,) = inner.xpath(".//a/@href")
    return str(link)


@pytest.mark.one_database
def test_without_scripts_list_visit_and_school_lead_to_the_plain_forms(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    row = draft(cast)
    ines = as_person("ines")
    assert _way_on(ines, "/sync/") == "/inspections"
    address = _way_on(ines, f"/sync/visits/{row.id}")
    assert address == f"/inspections/{row.id}"
    assert ines.page(address).all('//form//input[@type="radio"]')
    school = _way_on(ines, f"/sync/schools/{row.school_id}")
    assert ines.page(school).all('//form[@method="post"]//button')
