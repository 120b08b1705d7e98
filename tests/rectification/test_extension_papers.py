"""The answer to a request for more time prints with the dates that were decided."""

from __future__ import annotations

import pytest

from app.core import jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.documents.models import IssuedDocument
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Extension, Order
from app.rectification.service import drafting, extending
from app.rectification.service.extension_papers import print_decision
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.documents.conftest import text_by_mupdf
from tests.factories import orders


@pytest.fixture
def asked(cast: Cast) -> tuple[Order, Extension, Finding]:
    order = orders.served(cast)
    finding = drafting.items_of(order)[0][1]
    request = extending.ask(cast.viewer("pema"), order, finding, wanted=orders.in_days(25), reason="设备未到货")
    return order, request, finding


@pytest.mark.one_database
def test_the_answer_is_printed_once_with_its_dates(
    cast: Cast, as_person: SignInAs, asked: tuple[Order, Extension, Finding]
) -> None:
    order, request, _finding = asked
    extending.decide(cast.viewer("lea"), request, granted=True, deadline=orders.in_days(20), reason="理由充分")
    db.session.commit()
    olga, path = as_person("olga"), f"/orders/{order.id}/extensions/{request.id}/paper"
    assert "打印延期答复书" in olga.get(f"/orders/{order.id}").get_data(as_text=True)
    assert olga.post(path).status_code == 302
    assert olga.post(path).status_code == 302
    jobs.run_all()
    papers = db.session.scalars(db.select(IssuedDocument).where(IssuedDocument.kind == "extension_decision")).all()
    assert len(papers) == 1
    text = text_by_mupdf(files().get(papers[0].archive_sha256 or ""))
    day = orders.in_days(20)
    assert f"同意，延至{day.year}年{day.month}月{day.day}日" in text
    assert order.number in text
    assert "理由充分" in text
    assert "签收栏" in text
    db.session.rollback()
    assert "延期答复书" in olga.get(f"/orders/{order.id}").get_data(as_text=True)
    assert as_person("pema").get(f"/documents/{papers[0].id}.pdf").status_code == 200


@pytest.mark.one_database
def test_a_refusal_prints_as_such_and_an_open_request_not_at_all(
    cast: Cast, as_person: SignInAs, asked: tuple[Order, Extension, Finding]
) -> None:
    order, request, _finding = asked
    with pytest.raises(DomainError):
        print_decision(cast.viewer("olga"), order, request)
    extending.decide(cast.viewer("lea"), request, granted=False, reason="可以先行停用")
    paper = print_decision(cast.viewer("olga"), order, request)
    db.session.commit()
    jobs.run_all()
    text = text_by_mupdf(files().get(paper.file_sha256 or ""))
    assert "应当按原定期限完成改正" in text
    assert "同意，延至" not in text
    for name, status in (("pema", 403), ("stan", 403), ("oskar", 404)):
        answer = as_person(name).post(f"/orders/{order.id}/extensions/{request.id}/paper")
        assert answer.status_code == status
