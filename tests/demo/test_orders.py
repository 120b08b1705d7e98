"""The demo's orders contradict nothing: state, events, findings, numbers, papers and trail all tell the same."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.audit import service as audit
from app.audit.models import AuditEntry
from app.casefiles.queries.completeness import completeness
from app.core import clock, jobs
from app.core.extensions import db
from app.demo.cases import ROADS
from app.demo.seed import seed
from app.documents.models import DocumentState, IssuedDocument, NumberSequence
from app.fieldwork.models import Photo
from app.organisations.settings import Approval
from app.planning.models import Visit, VisitKind
from app.rectification.models.findings import Evidence, Finding, RecheckResult
from app.rectification.models.looks import PlannedLook
from app.rectification.models.major import MajorHazard
from app.rectification.models.orders import (
    Deputy,
    Extension,
    ItemHolder,
    Order,
    OrderEvent,
    OrderItem,
    PortalLink,
    ServiceAttempt,
)
from app.rectification.models.sealing import Sealing
from app.rectification.models.trail import RecordEvent
from app.rectification.queries import orders as queries
from app.rectification.rules.findings import ClosedHow, RecheckOutcome
from app.rectification.rules.machine import IN_FORCE, OrderAct, OrderState, order_step
from app.rectification.rules.orders import NEEDS_WITNESS, PAPER_OF, EvidenceAnswer, OrderKind, ServiceMethod
from tests import databases
from tests.crawl import demo, signed_in

NUMBERED = {OrderState.ISSUED, OrderState.SERVED, OrderState.CLOSED}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Enough schools for orders at every place of their road."""
    with demo(str(tmp_path_factory.mktemp("orders")), schools=9) as app:
        yield app


def _orders() -> list[Order]:
    return list(db.session.scalars(sa.select(Order).order_by(Order.drafted_at, Order.id)))


def _events() -> dict[object, list[OrderEvent]]:
    found = defaultdict(list)
    for event in db.session.scalars(sa.select(OrderEvent).order_by(OrderEvent.at, OrderEvent.id)):
        found[event.order_id].append(event)
    return found


def _findings() -> dict[object, list[Finding]]:
    found = defaultdict(list)
    query = sa.select(OrderItem.order_id, Finding).join(Finding).order_by(OrderItem.order_id, OrderItem.position)
    for order_id, finding in db.session.execute(query):
        found[order_id].append(finding)
    return found


def test_the_timeline_of_each_order_walks_the_table_of_steps_to_its_state(district: Flask) -> None:
    events = _events()
    acts = {act.value for act in OrderAct}
    for order in _orders():
        state, served = OrderState.DRAFT, False
        assert events[order.id][0].act == "draft"
        for event in events[order.id]:
            if event.act not in acts:
                continue
            road = ROADS[order.kind] if state is OrderState.DRAFT else Approval.LEGAL_LEADER
            step = order_step(state, OrderAct(event.act), road, served=served)
            assert step is not None, (order.id, state, event.act)
            state, served = step.to, served or event.act == "serve"
        assert state is order.state
        assert served is (order.served_at is not None)


def test_who_found_has_never_approved_and_everybody_may_do_what_they_did(district: Flask) -> None:
    needs = {
        "submit": "draft_orders",
        "pass_review": "review_orders",
        "issue": "issue_documents",
        "void": "void_orders",
    }
    needs |= {
        "grant_extension": "decide_extensions",
        "refuse_extension": "decide_extensions",
        "archive": "archive_cases",
    }
    viewers = {p.id: accounts.viewer_for(p) for p in db.session.scalars(sa.select(Person))}
    deputies = db.session.scalars(sa.select(Deputy)).all()
    for order in _orders():
        for event in _events()[order.id]:
            if event.act in needs:
                assert viewers[event.by_id].may(needs[event.act]), event.act
            if event.act == "approve":
                day = clock.day_of(event.at)
                stands_in = any(d.person_id == event.by_id and d.from_on <= day <= d.to_on for d in deputies)
                assert stands_in or viewers[event.by_id].may("approve_orders")
                assert event.by_id not in (order.lead_id, order.second_id)
                assert (order.approved_by_id, order.approved_at) == (event.by_id, event.at)


def test_orders_are_about_what_their_visit_found_or_found_again(district: Flask) -> None:
    found = _findings()
    seen = {(r.inspection_id, r.finding_id) for r in db.session.scalars(sa.select(RecheckResult))}
    for order in _orders():
        assert found[order.id]
        for finding in found[order.id]:
            assert finding.school_id == order.school_id
            assert finding.inspection_id == order.inspection_id or (order.inspection_id, finding.id) in seen
            if finding.inspection_id == order.inspection_id:
                assert PAPER_OF[finding.handling] is order.kind


def test_every_fault_that_wants_a_paper_has_one(district: Flask) -> None:
    wanting = db.session.scalars(sa.select(Finding).where(Finding.handling.in_(list(PAPER_OF)))).all()
    ordered = set(db.session.scalars(sa.select(OrderItem.finding_id)))
    assert {f.id for f in wanting if f.closed_how is not ClosedHow.SPOT} <= ordered


def test_an_order_is_closed_when_and_only_when_its_faults_are(district: Flask) -> None:
    found = _findings()
    for order in _orders():
        open_ones = [f for f in found[order.id] if f.closed_on is None]
        if order.state in IN_FORCE | {OrderState.CLOSED}:
            assert (order.state is OrderState.CLOSED) is (not open_ones)
        if order.state is OrderState.CLOSED:
            assert order.closed_on >= max(f.closed_on for f in found[order.id] if f.closed_on)
        if order.state in IN_FORCE:
            assert order.next_deadline == min((f.deadline for f in open_ones if f.deadline), default=None)
        assert (order.archived_on is None) or order.state is OrderState.CLOSED


def test_numbers_of_each_year_have_no_gap_and_follow_the_days(district: Flask) -> None:
    papers = db.session.scalars(sa.select(IssuedDocument).order_by(IssuedDocument.made_at, IssuedDocument.serial)).all()
    serials = defaultdict(list)
    for paper in papers:
        serials[paper.kind, paper.year].append(paper.serial)
        assert clock.day_of(paper.made_at).year == paper.year
    assert serials
    for given in serials.values():
        assert given == list(range(1, len(given) + 1))
    last = {(s.kind, s.year): s.last for s in db.session.scalars(sa.select(NumberSequence))}
    assert {key: len(given) for key, given in serials.items()} == {k: n for k, n in last.items() if k[0] != "complaint"}


def test_every_order_in_force_has_its_paper_with_its_number(district: Flask) -> None:
    papers = {paper.id: paper for paper in db.session.scalars(sa.select(IssuedDocument))}
    for order in _orders():
        if order.state in NUMBERED or order.number:
            paper = papers[order.document_id]
            assert (paper.number, paper.subject_id) == (order.number, order.id)
            assert clock.day_of(paper.made_at) == order.issued_on
            assert (paper.revoked_at is not None) is (order.state is OrderState.VOID)
        else:
            assert (order.number, order.document_id, order.issued_on) == ("", None, None)


def test_every_paper_can_be_made(district: Flask) -> None:
    waiting = db.session.scalars(
        sa.select(jobs.Job).where(jobs.Job.finished_at.is_(None)).order_by(jobs.Job.run_after)
    ).all()
    kinds = dict(db.session.execute(sa.select(IssuedDocument.job_id, IssuedDocument.kind)).all())
    shown = set()
    for job in waiting:  # one of each kind: the others wait for the worker, a few seconds apart
        job.run_after = (
            clock.now() if kinds.get(job.id) not in shown else job.made_at.replace(year=job.made_at.year + 1)
        )
        shown.add(kinds.get(job.id))
    db.session.commit()
    assert jobs.run_all() >= len(shown) >= 7
    made = db.session.scalars(sa.select(IssuedDocument).where(IssuedDocument.state != DocumentState.RENDERING)).all()
    assert {paper.state for paper in made} == {DocumentState.ISSUED}
    assert {paper.kind for paper in made} >= {"order_limited", "approval_sheet", "inspection_record"}
    assert [paper.warnings for paper in made] == [[]] * len(made)


def test_service_is_as_the_law_knows_it(district: Flask) -> None:
    attempts = db.session.scalars(sa.select(ServiceAttempt)).all()
    orders = {order.id: order for order in _orders()}
    for attempt in attempts:
        order = orders[attempt.order_id]
        assert clock.day_of(attempt.at) >= order.issued_on
        assert attempt.second_by_id != attempt.by_id
        assert attempt.confirmed_at == order.served_at
        if attempt.method in NEEDS_WITNESS:
            assert attempt.witness_name
            assert attempt.reason
            assert attempt.second_by_id
        if attempt.method is ServiceMethod.HAND:
            assert attempt.signature_sha256
        assert (attempt.method is ServiceMethod.POSTED) is bool(attempt.tracking)
    by_link = {a.order_id for a in attempts if a.method is ServiceMethod.LINK}
    assert by_link <= set(db.session.scalars(sa.select(PortalLink.order_id)))
    assert {order.id for order in orders.values() if order.served_at} == {
        a.order_id for a in attempts if a.confirmed_at
    }


def test_more_time_was_asked_for_in_time_and_moved_the_day_only_when_granted(district: Flask) -> None:
    findings = {finding.id: finding for finding in db.session.scalars(sa.select(Finding))}
    requests = db.session.scalars(sa.select(Extension)).all()
    assert {request.granted for request in requests} >= {True}
    for request in requests:
        finding = findings[request.finding_id]
        assert clock.day_of(request.asked_at) <= request.before < request.wanted
        assert finding.deadline == (request.deadline if request.granted else request.before)
        if request.deadline:
            assert clock.day_of(request.decided_at) <= request.deadline
        if request.granted is False:
            assert request.decision_reason
        if request.decided_at:
            assert finding.closed_on is None or clock.day_of(request.decided_at) <= finding.closed_on
    granted = Counter(request.finding_id for request in requests if request.granted)
    assert max(granted.values(), default=0) <= 1


def test_what_schools_sent_has_photos_and_its_answer_lies_before_the_re_check(district: Flask) -> None:
    shown = Counter(db.session.scalars(sa.select(Photo.place).where(Photo.item == "evidence")))
    findings = {finding.id: finding for finding in db.session.scalars(sa.select(Finding))}
    sent = db.session.scalars(sa.select(Evidence)).all()
    assert {one.answer for one in sent} >= {EvidenceAnswer.ACCEPTED, None}
    for one in sent:
        assert shown[str(one.id)] == 1
        assert one.sent_by_name
        if one.answered_at:
            assert one.sent_at < one.answered_at
            closed = findings[one.finding_id].closed_on
            assert closed is None or clock.day_of(one.answered_at) <= closed
        if one.answer is EvidenceAnswer.RETURNED:
            assert one.answer_reason


def test_the_timelines_tell_of_every_re_check_while_the_order_was_in_force(district: Flask) -> None:
    events = _events()
    told = {
        (e.order_id, e.finding_id, e.detail["recheck"]): e.detail["outcome"]
        for es in events.values()
        for e in es
        if e.act == "recheck"
    }
    results = {(r.finding_id, str(r.inspection_id)): r.outcome for r in db.session.scalars(sa.select(RecheckResult))}
    for (_order, finding, look), outcome in told.items():
        assert results[finding, look] == outcome
    for order in _orders():
        if order.state is OrderState.CLOSED:
            corrected = {
                f for (o, f, _look), outcome in told.items() if o == order.id and outcome == RecheckOutcome.CORRECTED
            }
            assert corrected == {f.id for f in _findings()[order.id]}


def test_nothing_happens_after_now_or_before_the_visit(district: Flask) -> None:
    now = clock.now()
    assert db.session.scalar(sa.select(sa.func.max(OrderEvent.at))) <= now
    assert db.session.scalar(sa.select(sa.func.max(AuditEntry.at))) <= now
    for column in (ServiceAttempt.at, ItemHolder.given_at, Extension.asked_at, Evidence.sent_at, RecordEvent.at):
        assert db.session.scalar(sa.select(sa.func.max(column))) <= now
    events = _events()
    for order in _orders():
        days = [clock.day_of(event.at) for event in events[order.id]]
        assert min(days) >= order.visited_on
        moments = [event.at for event in events[order.id] if event.act in {a.value for a in OrderAct}]
        assert all(one < other for one, other in itertools.pairwise(moments))


def test_there_is_something_of_everything(district: Flask) -> None:
    states = Counter(order.state for order in _orders())
    assert set(OrderState) - {OrderState.APPROVED, OrderState.VOID, OrderState.ISSUED, OrderState.DRAFT} <= set(states)
    assert len(states) >= 6
    assert {order.kind for order in _orders()} == set(OrderKind)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order).where(Order.archived_on.is_not(None))) >= 1
    open_ones = db.session.scalars(sa.select(Finding.deadline).where(Finding.closed_on.is_(None))).all()
    assert any(day < clock.today() for day in open_ones)
    assert any((day - clock.today()).days >= 0 for day in open_ones)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlannedLook)) >= 1
    planned = set(db.session.scalars(sa.select(Visit.kind).where(Visit.id.in_(sa.select(PlannedLook.visit_id)))))
    assert planned == {VisitKind.RECHECK}


def test_a_major_hazard_was_notified_and_a_room_is_sealed_each_with_its_paper(district: Flask) -> None:
    hazard = db.session.scalars(sa.select(MajorHazard)).one()
    sealing = db.session.scalars(sa.select(Sealing)).one()
    assert (hazard.state, sealing.state) == ("noticed", "in_force")
    assert hazard.school_id != sealing.school_id
    for record, more in ((hazard, "noticed_on"), (sealing, "sealed_from")):
        paper = db.session.get_one(IssuedDocument, record.document_id)
        assert paper.number == record.number
        assert getattr(record, more) >= record.visited_on
        assert record.approved_by_id not in (record.lead_id, record.second_id)
    kinds = Counter(db.session.scalars(sa.select(RecordEvent.record_id)))
    assert kinds[hazard.id] >= 4
    assert kinds[sealing.id] >= 3


def test_what_is_in_the_archive_lacks_nothing_once_its_papers_are_made(district: Flask) -> None:
    archived = [order for order in _orders() if order.archived_on]
    wanted = {order.id for order in archived} | {order.inspection_id for order in archived}
    for job_id in db.session.scalars(sa.select(IssuedDocument.job_id).where(IssuedDocument.subject_id.in_(wanted))):
        db.session.get_one(jobs.Job, job_id).run_after = clock.now()
    db.session.commit()
    jobs.run_all()
    viewer = accounts.viewer_for(accounts.person_by_username("office"))
    with district.test_request_context("/"):
        for order in archived:
            seen = queries.get(viewer, order.id)
            assert completeness(queries.case_file(seen, viewer, for_check=True)).blocking == ()


def test_the_trail_has_every_step_and_its_chain_is_whole(district: Flask) -> None:
    acts = Counter(db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "order")))
    told = Counter(db.session.scalars(sa.select(OrderEvent.act)))
    for act in OrderAct:
        assert acts[f"order_{act.value}"] == told[act.value]
    audit.seal_and_commit()
    assert audit.verify()[1] is None


def test_pages_of_orders_open_for_who_should_see_them(district: Flask) -> None:
    for name, address in (
        ("inspector", "/orders"),
        ("leader", "/clocks"),
        ("bureau", "/orders"),
        ("school", "/portal"),
    ):
        assert signed_in(district, name).get(address).status_code == 200
    inspector = signed_in(district, "inspector")
    by_state = {order.state: order.id for order in _orders()}
    for order_id in by_state.values():
        assert inspector.get(f"/orders/{order_id}").status_code == 200
        assert inspector.get(f"/casefiles/{order_id}").status_code == 200


def _fingerprint() -> list[object]:
    rows = db.session.execute(
        sa.select(Order.id, Order.number, Order.state, Order.served_at, Order.next_deadline, Order.closed_on).order_by(
            Order.id
        )
    ).all()
    told = db.session.execute(
        sa.select(OrderEvent.id, OrderEvent.act, OrderEvent.by_name).order_by(OrderEvent.id)
    ).all()
    return [*map(tuple, rows), *(tuple(row) for row in told if row.act != "make_link")]


@pytest.mark.one_database
def test_the_same_seed_makes_the_same_orders(app: Flask) -> None:
    made = []
    with time_machine.travel(clock.now(), tick=False):
        for _n in range(2):
            seed(schools=3, years=1, number=7, password="a demo password", progress=lambda *_: None)
            made.append(_fingerprint())
            databases.empty()
    assert len(made[0]) > 20
    assert made[0] == made[1]
