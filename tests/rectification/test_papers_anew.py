"""A paper whose number was voided, because it could not be made, is printed anew."""

from __future__ import annotations

import pytest

from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.inspections.papers import issue_record
from app.rectification.models.orders import ServiceAttempt
from app.rectification.service import drafting, extending, issuing, letters
from app.rectification.service import papers as printed
from app.rectification.service.extension_papers import print_decision
from app.rectification.service.letters import Letter
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders, papers
from tests.factories import rectification as make
from tests.factories.grounds import campus
from tests.factories.inspections import signed

pytestmark = pytest.mark.one_database


def test_the_sheet_of_approval(cast: Cast) -> None:
    order = orders.approved(cast)
    papers.printed_anew(cast, lambda: issuing.print_approval(cast.viewer("olga"), order))


def test_the_proof_of_service(cast: Cast, as_person: SignInAs) -> None:
    order = orders.served(cast)
    attempt = db.session.query(ServiceAttempt).one()
    first = issuing.print_receipt(cast.viewer("ines"), order, attempt)
    assert "打开送达回证" in as_person("ines").get(f"/orders/{order.id}").get_data(as_text=True)
    papers.voided(cast, first)
    assert "制作送达回证" in as_person("ines").get(f"/orders/{order.id}").get_data(as_text=True)
    second = papers.printed_anew(cast, lambda: issuing.print_receipt(cast.viewer("ines"), order, attempt))
    assert attempt.receipt_id == second.id


def test_the_answer_to_a_request_for_more_time(cast: Cast) -> None:
    order = orders.served(cast)
    finding = drafting.items_of(order)[0][1]
    request = extending.ask(cast.viewer("pema"), order, finding, wanted=orders.in_days(25), reason="设备未到货")
    extending.decide(cast.viewer("lea"), request, granted=False, reason="可以先行停用")
    second = papers.printed_anew(cast, lambda: print_decision(cast.viewer("olga"), order, request))
    assert request.document_id == second.id


def test_the_letter_of_a_school(cast: Cast) -> None:
    order = orders.served(cast)
    make.evidence(cast, drafting.items_of(order)[0][1])
    papers.printed_anew(cast, lambda: letters.write(cast.viewer("pema"), order, Letter.REPLY))


def test_an_order_names_the_record_that_is_valid(cast: Cast) -> None:
    campus(cast, pieces=3)
    row = signed(cast)
    order = orders.draft(cast, findings=[make.finding(cast, row=row)])
    first = db.session.query(IssuedDocument).one()
    assert printed.order_context(order).record_number == first.number
    papers.voided(cast, first)
    assert printed.order_context(order).record_number == ""
    second = issue_record(cast.viewer("ines"), row)
    issue_record(cast.viewer("ines"), row, lang="en")
    assert printed.order_context(order).record_number == second.number
