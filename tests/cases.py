"""Pages that no link of the demo district leads to: an order at each step, what tokens open, and one thing of each kind.

The people are the demo's; they act through the same services as anybody.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, url_for

from app.accounts.models import Membership, Person, Role
from app.accounts.service import invitations as inviting
from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.documents.service import RENDER
from app.equipment.rules import tags
from app.inspections.models import Inspection, InspectionState
from app.inspections.service.finishing import freeze
from app.organisations.models import Brigade
from app.rectification.models.findings import RecheckOutcome, Severity
from app.rectification.models.orders import Order
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import EvidenceAnswer, OrderKind
from app.rectification.service import approving, drafting, extending, handing, issuing
from app.rectification.service import findings as findings_of
from app.rectification.service.evidence import answer_evidence, send_evidence
from app.rectification.service.findings import RecheckReading
from app.regulations.queries import current_checklist
from app.schools.models import School
from app.selfchecks.rules.checks import CheckForm
from app.selfchecks.service import checking, printing
from app.trainings.models import Audience
from app.trainings.service import certificates, signing
from tests.cast import Cast
from tests.crawl import PEOPLE, Found, found_at, signed_in
from tests.factories import inspections as visits
from tests.factories import old_orders, orders, records, tables, trainings
from tests.factories import rectification as make
from tests.factories import selfchecks as own
from tests.factories.pictures import picture
from tests.trainings import hall
from tests.whole import specimens

#: Who plays whom of the tests' cast.
PLAYED_BY = {
    "ines": "inspector", "ivo": "inspector2", "lea": "leader", "olga": "office", "ada": "admin", "stan": "station",
    "pema": "school", "sonam": "school", "otto": "school2", "beate": "bureau", "dora": "detachment",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A page that somebody sees; `part` tells it from other pages of the same kind."""

    person: str
    part: str
    address: str


def demo_cast() -> Cast:
    """The demo's people under the names that the factories know."""
    people = {p.username: p.id for p in db.session.scalars(sa.select(Person).where(Person.username.is_not(None)))}
    brigade = db.session.scalars(sa.select(Brigade).where(Brigade.code_word == "示")).one()
    first, second = (_school_of(people[name]) for name in ("school", "school2"))
    return Cast(
        people={name: people[player] for name, player in PLAYED_BY.items()},
        brigade_id=brigade.id,
        other_brigade_id=brigade.id,
        detachment_id=brigade.parent_id or brigade.id,
        school_id=first,
        ottos_school_id=second,
        foreign_school_id=second,
    )


def _school_of(person_id: uuid.UUID) -> uuid.UUID:
    found = db.session.scalars(sa.select(Membership.school_id).where(Membership.person_id == person_id)).first()
    assert found is not None
    return found


def _sent(cast: Cast) -> Order:
    """An order whose school answered: one answer sent back and sent again, more time asked for, an item handed on."""
    order = orders.served(cast, count=3)
    items = drafting.items_of(order)
    photos = [(f"{n}.jpg", picture(800, 600, seed=n)) for n in range(3)]
    pema, ines = cast.viewer("pema"), cast.viewer("ines")
    sent = send_evidence(
        pema, finding=items[0][1], note="已拆除挂锁，换成推杆式逃生锁。", done_by="次旦", photos=photos
    )
    answer_evidence(ines, evidence=sent.evidence, answer=EvidenceAnswer.RETURNED, reason="照片看不清锁具，请补拍近照。")
    send_evidence(pema, finding=items[0][1], note="补拍近照。", photos=photos[:1], asks_recheck=True)
    extending.ask(
        pema, order, items[1][1], wanted=orders.in_days(25), reason="定制防火门二十日后到货，期间安排专人值守。"
    )
    handing.hand_item(pema, order, items[2][0], name="仁青", post="总务主任", phone="13900000001")
    granted = orders.served(cast)
    asked = extending.ask(
        pema, granted, drafting.items_of(granted)[0][1], wanted=orders.in_days(25), reason="设备未到货"
    )
    extending.decide(cast.viewer("lea"), asked, granted=True, deadline=orders.in_days(20), reason="理由充分")
    return order


def _failed(cast: Cast) -> Order:
    """An order whose re-check failed: what may follow is proposed."""
    order = orders.served(cast, findings=[make.finding(cast, severity=Severity.CRITICAL)])
    finding = drafting.items_of(order)[0][1]
    row = make.inspection(cast, school_id=order.school_id)
    reading = RecheckReading(finding_id=finding.id, outcome=RecheckOutcome.NOT_CORRECTED, note="仍上锁")
    findings_of.apply_recheck(cast.viewer("ines"), inspection=make.facts(cast, row), results=[reading])
    return order


def _closed(cast: Cast) -> Order:
    """An order that was struck off."""
    order = orders.served(cast)
    row = make.inspection(cast, school_id=order.school_id)
    results = [
        RecheckReading(finding_id=f.id, outcome=RecheckOutcome.CORRECTED) for _item, f in drafting.items_of(order)
    ]
    findings_of.apply_recheck(cast.viewer("ines"), inspection=make.facts(cast, row), results=results)
    return order


def _at_each_step(cast: Cast) -> Iterator[tuple[str, str, Order]]:
    ines = cast.viewer("ines")
    yield "inspector", "draft", orders.draft(cast)
    under_review, waiting, void = orders.draft(cast), orders.draft(cast), orders.issued(cast)
    drafting.submit(ines, under_review)
    yield "office", "legal_review", under_review
    drafting.submit(ines, waiting)
    approving.pass_review(cast.viewer("olga"), waiting)
    yield "leader", "approval", waiting
    yield "inspector", "approved", orders.approved(cast)
    yield "inspector", "issued", orders.issued(cast, kind=OrderKind.IMMEDIATE)
    yield "leader", "served", _sent(cast)
    yield "inspector", "failed", _failed(cast)
    yield "leader", "closed", _closed(cast)
    issuing.void(cast.viewer("lea"), void, reason="学校名称写错，重新制作。")
    yield "leader", "void", void


def _orders(cast: Cast) -> list[Case]:
    found = []
    for person, part, order in _at_each_step(cast):
        found.append(Case(person, part, f"/orders/{order.id}"))
        if part in ("draft", "served", "closed"):
            found.append(Case("leader", part, f"/casefiles/{order.id}"))
        if part == "served":
            token = orders.link(cast, order)
            at = f"/p/{token}"
            found += [
                Case("", part, path)
                for path in (at, f"{at}/items/1", f"{at}/items/2", f"{at}/papers/{order.document_id}")
            ]
            found += [Case("school", part, f"/portal/orders/{order.id}{path}") for path in ("", "/items/1")]
    found.append(Case("", "unknown", "/p/nobody-has-this-token"))
    return found


def _records(cast: Cast) -> list[Case]:
    major = {"proposed": records.proposed, "determined": records.determined, "noticed": records.noticed}
    sealing = {
        "proposed": records.to_seal,
        "agreed": records.agreed,
        "sealed": records.sealed,
        "checked": records.checked,
    }
    found = [Case("leader", part, f"/major/{make_it(cast).id}") for part, make_it in major.items()]
    found += [Case("leader", part, f"/sealings/{make_it(cast).id}") for part, make_it in sealing.items()]
    return [*found, Case("inspector", "sent", f"/transfers/{records.transferred(cast).id}")]


def _imports(app: Flask, cast: Cast) -> list[Case]:
    """A list of each kind brought in, up to where its rows were checked; the old orders are written as well."""
    name = db.session.get_one(School, cast.school_id).name
    rows = [tuple(name if cell == "示范区第一小学" else cell for cell in row) for row in old_orders.ROWS]
    pieces = [
        ("序号", "编号", "设施类型", "种类", "建筑", "楼层", "位置"),
        (1, "外-9", "室外消火栓", "", "", "", "操场北侧"),
    ]
    found = []
    for page, file_name, data in (
        ("/schools/import", "schools.xlsx", tables.bureau_xlsx()),
        (
            f"/equipment/imports?school={cast.school_id}",
            "equipment.csv",
            "\n".join(",".join(map(str, r)) for r in pieces).encode(),
        ),
        (
            "/drills/import",
            "drills.csv",
            f"学校名称,演练日期,演练类型,疏散用时\n{name},2025-09-16,疏散,70-79 seconds\n".encode(),
        ),
        (
            "/trainings/import",
            "trainings.csv",
            f"学校名称,培训日期,培训对象,时长,名单\n{name},2025-09-16,教师,一上午,白玛、索南\n".encode(),
        ),
        ("/orders/import", "ledger.csv", old_orders.ledger_csv(rows)),
    ):
        client = signed_in(app, "office")
        read = client.send(client.page(page), {"file": (io.BytesIO(data), file_name)}, form="file")
        jobs.run_all()
        at = read.request.path
        found.append(Case("office", "columns", at))
        if "/columns" in at:
            at = client.send(client.page(at), form="column").request.path
        else:
            client.send(client.page(at), form="column")
        jobs.run_all()
        found.append(Case("office", "rows", at))
    client.send(client.page(at), form="/accept")
    jobs.run_all()
    again = client.send(client.page("/orders/import"), {"file": (io.BytesIO(data), file_name)}, form="file")
    found.append(Case("office", "columns", again.request.path))
    old = db.session.scalars(sa.select(Order).where(Order.imported, Order.state == OrderState.SERVED)).first()
    return [
        *found,
        *([Case("inspector", "imported", f"/orders/{old.id}{path}") for path in ("", "/old")] if old else []),
    ]


def _inspections(cast: Cast) -> list[Case]:
    """One that has begun, one that is to be signed, a re-check; the record behind each finding made here is a real one."""
    begun, ready = visits.draft(cast, accompanying="索南"), visits.frozen(cast)
    at, last = f"/inspections/{begun.id}", db.session.get_one(Person, cast.people["ivo"])
    for row in db.session.scalars(sa.select(Inspection).where(Inspection.record == "{}")):
        row.pack_version_id = current_checklist().version_id
        db.session.flush()
        lead = db.session.get_one(Person, row.lead_id)
        freeze(visits.whole_sheet(row), lead=lead, second=last, finished_at=row.finished_at or clock.now(), names={})
        row.state = InspectionState.SIGNED
    db.session.commit()
    places = {"begun": at, "review": f"{at}/review", "sign": f"/inspections/{ready.id}/signatures"}
    return [Case("inspector", part, address) for part, address in places.items()]


def _jobs(app: Flask, cast: Cast) -> list[Case]:
    """Pages that wait for the worker, when it has done its work; and what tokens and labels open."""
    client = signed_in(app, "office")
    found = []
    for page, button in (
        (f"/complaints/wall?school={cast.school_id}", "打印张贴页（PDF）"),
        (f"/equipment/labels?school={cast.school_id}", "生成"),
    ):
        at = client.page(page)
        if not any(button in words for form in at.forms() for words, _n, _v in form.buttons):
            client.send(at)
            at = client.page(page)
        found.append(Case("office", "made", client.send(at, button=button).request.path))
    papers = db.session.scalars(
        sa.select(IssuedDocument).where(IssuedDocument.school_id == cast.school_id).order_by(IssuedDocument.id).limit(3)
    ).all()
    at = client.page("/documents/batch?" + "&".join(f"id={paper.id}" for paper in papers))
    found.append(Case("office", "joined", client.send(at, button="合并").request.path))
    jobs.run_all()
    ada = cast.viewer("ada")
    _row, invited = inviting.invite(ada, name="次旦", role=Role.OFFICE, brigade_id=cast.brigade_id)
    _row, lost = inviting.make_password_link(ada, person=cast.person("stan"))
    paper = db.session.scalars(sa.select(IssuedDocument).where(IssuedDocument.file_sha256.is_not(None))).first()
    db.session.commit()
    places = {"invited": f"/invitations/{invited}", "password": f"/password/{lost}"}
    places |= {
        "genuine": f"/verify/{paper.check_code}" if paper else "/verify",
        "not-genuine": "/verify/AAAA-AAAA-AAAA-AAAA",
    }
    found += [Case("", part, address) for part, address in places.items()]
    return [*found, Case("inspector", "unused", f"/e/{tags.new_code()}"), Case("inspector", "wrong", "/e/NO-LABEL")]


def _trainings(cast: Cast) -> list[Case]:
    """A session whose door stands open, with a list, and one that was held with its certificates made."""
    pema, lea = cast.viewer("pema"), cast.viewer("lea")
    today = trainings.session(cast, audience=Audience.ALL_STAFF, pass_percent=60)
    trainings.attendee(today, "次仁", "食堂")
    token = signing.open_sign_in(pema, today)
    held = trainings.session(cast, starts_at=clock.now() - timedelta(hours=2))
    trainings.attendee(held, "央金", "食堂")
    hall.hold(held, lea, 1)
    job = certificates.order(lea, held, language="zh_Hans_CN")
    db.session.commit()
    jobs.run_all()
    at = f"/trainings/sessions/{today.id}"
    return [
        Case("school", "open", at), Case("school", "open", f"{at}/code"), Case("", "open", f"/t/{token}"),
        Case("leader", "held", f"/trainings/sessions/{held.id}"), Case("leader", "made", f"/trainings/certificates/{job.id}"),
    ]  # fmt: skip


def _own_looks(cast: Cast) -> list[Case]:
    """A label where nobody walks, a printing that is done, the monthly list half filled."""
    pema, school = cast.viewer("pema"), db.session.get_one(School, cast.school_id)
    off = own.point(school.id, cast.people["pema"], "锅炉房")
    job = printing.print_labels(pema, school, language="zh_Hans_CN")
    monthly = checking.start(pema, school, form=CheckForm.MONTHLY, check_id=uuid.uuid4(), done_by="索南")
    db.session.commit()
    jobs.run_all()
    addresses = {"off": f"/w/{off.code}", "made": f"/patrols/print/{job.id}", "begun": f"/selfchecks/{monthly.id}"}
    return [Case("school", part, address) for part, address in addresses.items()]


#: What names a thing in an address.
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _put_off_papers(cast: Cast, addresses: Iterable[str]) -> None:
    """Making a paper takes a second: made are those of what the pages show, and the first three of the school; the others wait."""
    shown = [uuid.UUID(key) for key in {key for address in addresses for key in KEY.findall(address)}]
    first = sa.select(IssuedDocument.id).where(IssuedDocument.school_id == cast.school_id)
    wanted = sa.or_(
        IssuedDocument.id.in_(shown),
        IssuedDocument.subject_id.in_(shown),
        IssuedDocument.id.in_(first.order_by(IssuedDocument.id).limit(3)),
    )
    made = sa.select(IssuedDocument.job_id).where(wanted, IssuedDocument.job_id.is_not(None))
    waiting = sa.update(jobs.Job).where(jobs.Job.kind == RENDER, jobs.Job.state == jobs.JobState.WAITING)
    tomorrow = clock.now() + timedelta(days=1)
    db.session.execute(
        waiting.where(jobs.Job.id.not_in(made)).values(run_after=tomorrow),
        execution_options={"synchronize_session": False},
    )


def _of_each_kind(app: Flask, cast: Cast) -> dict[str, str]:
    """One address for each page, filled with a specimen."""
    things = specimens.of_school(cast, cast.school_id, officer="ines", staff="pema")
    with app.test_request_context():
        return {
            rule.endpoint: url_for(rule.endpoint, **things.fill(rule))
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.endpoint != "static"
        }


def with_cases(app: Flask, found: Sequence[Found], people: Sequence[str] = PEOPLE) -> list[Found]:
    """What a walk found, with each page that it did not find, and the cases. Writes to the demo district."""
    cast = demo_cast()
    cases = _orders(cast) + _records(cast)
    _put_off_papers(cast, [page.address for page in found] + [case.address for case in cases])
    db.session.commit()
    cases += _imports(app, cast) + _inspections(cast) + _jobs(app, cast) + _trainings(cast) + _own_looks(cast)
    others = _of_each_kind(app, cast)
    clients = {person: signed_in(app, person) for person in ("", *people, *(case.person for case in cases))}

    def at(person: str, address: str, part: str = "") -> Found | None:
        return found_at(app, clients[person], person, address, part)

    told = [page for case in cases if (page := at(case.person, case.address, case.part))]
    shown = {(page.endpoint, page.address) for page in told}
    pages = [*(page for page in found if (page.endpoint, page.address) not in shown), *told]
    known = {page.endpoint for page in pages}
    for endpoint, address in others.items():
        if endpoint not in known:
            tries = (at(person, address) for person in ("", *people))
            first = next((page for page in tries if page is not None and page.endpoint == endpoint), None)
            pages += [first] if first else []
    return pages
