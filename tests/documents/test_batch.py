"""Several papers become one file to print, in the order chosen."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable

import pikepdf
import pymupdf
import pytest
from flask.testing import FlaskClient

from app.core import jobs
from app.core.extensions import db
from app.core.files import files
from app.documents import service
from app.documents.models import IssuedDocument
from app.documents.service.joining import joined
from app.rectification.papers.extension import EXTENSION_DECISION
from tests.cast import Cast

pytestmark = pytest.mark.one_database

Issue = Callable[..., IssuedDocument]
SignIn = Callable[[str], FlaskClient]


def _pages(pdf: bytes) -> list[str]:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return ["".join(page.get_text().split()) for page in document]


def _paper(pages: int) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("on_odd", "pages"), [(True, 2 + 2 + 1), (False, 1 + 2 + 1)])
def test_each_paper_may_begin_on_an_odd_page(on_odd: bool, pages: int) -> None:
    heard: list[int] = []
    pdf, count = joined([_paper(1), _paper(2), _paper(1)], on_odd_pages=on_odd, tell=heard.append)
    assert (count, len(_pages(pdf)), heard) == (pages, pages, [1, 2, 3])
    assert joined([_paper(1), _paper(2), _paper(1)], on_odd_pages=on_odd, tell=heard.append)[0] == pdf


@pytest.fixture
def two(issue: Issue, cast: Cast) -> tuple[IssuedDocument, IssuedDocument]:
    """A result notice and a paper of two copies."""
    decision = service.issue(
        EXTENSION_DECISION,
        EXTENSION_DECISION.context.sample("zh_Hans_CN"),
        brigade=cast.brigade,
        school=cast.school,
        by=cast.viewer("olga"),
        subject=("order", cast.school_id),
    )
    return issue(), db.session.get_one(IssuedDocument, decision.id)


def _data(papers: tuple[IssuedDocument, ...], copies: str = "party", **more: str) -> dict[str, object]:
    places = {f"place-{paper.id}": str(n) for n, paper in enumerate(papers, 1)}
    return {"id": [str(paper.id) for paper in papers], "copies": copies, **places, **more}


def _make(browser: FlaskClient, data: dict[str, object]) -> list[str]:
    answer = browser.post("/documents/batch", data=data)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert "正在合并" in browser.get(answer.location).get_data(as_text=True)
    jobs.run_all()
    assert "打开合并文件" in browser.get(answer.location).get_data(as_text=True)
    return _pages(browser.get(answer.location + ".pdf").data)


def test_the_list_offers_and_the_next_page_orders(two: tuple[IssuedDocument, ...], as_person: SignIn) -> None:
    lea = as_person("lea")
    assert f'value="{two[0].id}" form="batch"' in lea.get("/documents").get_data(as_text=True)
    page = lea.get("/documents/batch", query_string={"id": [str(paper.id) for paper in two]}).get_data(as_text=True)
    assert page.index(two[0].number) < page.index(two[1].number)
    assert "打印哪一联" in page


def test_papers_are_joined_in_the_order_chosen(two: tuple[IssuedDocument, ...], as_person: SignIn) -> None:
    result, decision = two
    places = {f"place-{result.id}": "9", f"place-{decision.id}": "3"}
    pages = _make(as_person("lea"), _data(two, "both", on_odd_pages="y") | places)
    kinds = ["当事人联" in page and "延期" in page for page in pages]
    assert kinds[0]
    assert "签收栏" in pages[2]
    assert pages[1] == pages[3] == ""
    assert result.number.replace(" ", "") in pages[4]


def test_a_school_never_gets_an_archive_copy(two: tuple[IssuedDocument, ...], as_person: SignIn) -> None:
    pages = _make(as_person("pema"), _data(two, "both"))
    assert "签收栏" not in "".join(pages)
    assert any("延期改正申请答复书" in page for page in pages)


def test_what_others_may_not_see_is_left_out(two: tuple[IssuedDocument, ...], as_person: SignIn) -> None:
    otto = as_person("otto")
    ids = {"id": [str(paper.id) for paper in two]}
    assert two[0].number not in otto.get("/documents/batch", query_string=ids).get_data(as_text=True)
    assert otto.post("/documents/batch", data=_data(two)).status_code == 422
    assert otto.get("/documents/batch?id=nonsense").status_code == 404


def test_a_place_that_is_no_number_is_refused_beside_it(two: tuple[IssuedDocument, ...], as_person: SignIn) -> None:
    data = _data(two) | {f"place-{two[0].id}": "x"}
    answer = as_person("lea").post("/documents/batch", data=data)
    assert answer.status_code == 422
    assert "顺序" in answer.get_data(as_text=True)


def test_the_joined_file_is_for_who_asked(two: tuple[IssuedDocument, ...], as_person: SignIn) -> None:
    answer = as_person("lea").post("/documents/batch", data=_data(two))
    jobs.run_all()
    assert as_person("ines").get(answer.location).status_code == 404
    assert as_person("ines").get(answer.location + ".pdf").status_code == 404
    assert as_person("lea").get(f"/documents/batch/{uuid.uuid4()}").status_code == 404


def test_a_changed_file_is_not_joined(
    two: tuple[IssuedDocument, ...], as_person: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    lea = as_person("lea")
    answer = lea.post("/documents/batch", data=_data(two[:1]))
    store = type(files())
    whole = store.get
    monkeypatch.setattr(store, "get", lambda self, sha256: whole(self, sha256) + b" ")
    jobs.run_all()
    assert lea.get(answer.location + ".pdf").status_code == 404
