"""One of each thing that an address can name, for any school: what the route tests fill addresses with.

A route with an argument that is not known here fails the tests until it is added.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.routing import AnyConverter, Rule

from app.accounts.models import Invitation, Membership, Person, Role
from app.core import clock
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import Job, JobState
from app.documents import composing
from app.documents.kinds import DocumentKind
from app.documents.models import DocumentState, IssuedDocument, SealedScan
from app.documents.rules import subject_key
from app.duties.models import DutyRecord
from app.equipment.rules import tags
from app.fieldwork.models import Signature
from app.fieldwork.rules import SignerRole, TargetKind
from app.imports.models import ImportRun
from app.inspections.documents import RECORD
from app.inspections.models import Inspection, InspectionState
from app.inspections.service.finishing import freeze
from app.notifications.models import Message, Notice, Outbox
from app.notifications.rules import Channel, Kind
from app.organisations.models import Brigade
from app.planning.models import Visit
from app.rectification.models.findings import Evidence, Finding
from app.rectification.models.looks import ClosureSample, SampledClosure
from app.rectification.models.major import MajorHazard
from app.rectification.models.orders import (
    Deputy,
    Extension,
    Order,
    OrderEvent,
    OrderItem,
    OrderKind,
    OrderState,
    PortalLink,
    ServiceAttempt,
    ServiceMethod,
)
from app.rectification.models.sealing import Sealing
from app.rectification.models.trail import RecordScan
from app.rectification.models.transfers import Transfer
from app.rectification.papers.patrol_record import PATROL_RECORD
from app.rectification.papers.plan import PLAN
from app.rectification.rules.orders import token_hash
from app.rectification.rules.records import AuthorityKind, RecordKind
from app.rectification.service.findings import finding_of
from app.regulations.models import Calendar, PackVersion, Term
from app.regulations.queries import current_checklist
from app.schools.models import Building, Contact, Floor, Place, PlaceKind, School
from app.tasks.models import TaskProof
from app.workcalendar.models import CalendarFeed
from tests.cast import Cast
from tests.factories import (
    complaints,
    drills,
    equipment,
    handbooks,
    measures,
    questions,
    rectification,
    selfchecks,
    tasks,
    teams,
    trainings,
)
from tests.factories.inspections import whole_sheet


@dataclass(frozen=True)
class Specimens:
    """Values for the arguments of addresses, all of one school and its brigade."""

    values: dict[str, Any]

    def fill(self, rule: Rule) -> dict[str, Any]:
        """The values that a route wants. Raises KeyError naming an argument that nobody has taught us."""
        found = {name: self.values[name] for name in rule.arguments}
        if "code" in found and rule.rule.startswith("/admin/calendars"):
            found["code"] = self.values["calendar_code"]
        if "code" in found and rule.rule.startswith("/admin/texts"):
            found["code"] = "order_limited"
        if rule.endpoint in BEHIND_A_WALL:
            found["code"] = self.values["wall_code"]
        if rule.endpoint in ASKS_FOR_SCHOOL:
            found["school"] = self.values["school_id"]
        if rule.endpoint.startswith("portal."):  # positions of an order's items begin at one
            found |= {name: self.values[f"order_{name}"] for name in ("position", "token") if name in found}
        if "job_id" in found and rule.endpoint.startswith("portal."):
            found["job_id"] = self.values["own_paper_job_id" if "/papers/" in rule.rule else "plan_job_id"]
        if "scan_id" in found and rule.endpoint.startswith("documents."):
            found["scan_id"] = self.values["paper_scan_id"]
        if rule.endpoint == "selfchecks.open_label":
            found["text"] = self.values["patrol_code"]
        if rule.endpoint == "equipment.find":
            found["code"] = self.values["text"]
        for name, converter in rule._converters.items():  # "one of these words": take the first
            if isinstance(converter, AnyConverter):
                found[name] = sorted(converter.items)[0]
        return found


#: Pages that are told the school in the query string.
ASKS_FOR_SCHOOL = frozenset(
    {
        "inspections.new", "inspections.recheck", "inspections.blank_form", "planning.new", "equipment.new", "equipment.choose_kind",
        "drills.new", "drills.new_plan", "trainings.new", "trainings.new_session", "trainings.plan_session", "questions.new", "planning.wall_code", "rectification.shopping", "rectification.shopping_csv",
        "rectification.shopping_workbook",
        "rectification.new_major", "rectification.new_sealing", "rectification.new_order",
    }
)  # fmt: skip
#: Public pages behind the code on a school's wall.
BEHIND_A_WALL = frozenset({"planning.at_the_wall", "planning.wall_receipt"})
#: Arguments that name a thing of a school or of its brigade; the others name nothing that is anybody's.
OF_A_SCHOOL = frozenset(
    {
        "school_id", "building_id", "floor_id", "place_id", "contact_id", "piece_id", "text", "inspection_id", "finding_id", "photo_id",
        "signature_id", "drill_id", "plan_id", "duty_record_id", "task_id", "task_at_id", "task_proof_id", "measure_id", "task_template_id", "question_id", "public_answer_id", "post_holder_id", "handbook_receipt_id", "team_id", "member_id", "hand_over_id", "training_id", "training_session_id", "attendee_id", "document_id", "visit_id", "run_id", "person_id", "membership_id", "invitation_id", "unit_id",
        "patrol_point_id", "patrol_route_id", "patrol_round_id", "own_todo_id", "own_check_id",
        "major_id", "sealing_id", "transfer_id", "scan_id",
        "job_id", "notice_id", "message_id", "complaint_id",
        "sampled_id", "feed_id", "order_id", "attempt_id", "extension_id", "evidence_id", "link_id", "deputy_id", "event_id",
    }
)  # fmt: skip


def _of_everybody() -> dict[str, Any]:
    pack = db.session.scalars(sa.select(PackVersion).where(PackVersion.code == "cn-school")).one()
    calendar = db.session.scalars(sa.select(Calendar).order_by(Calendar.code)).first()
    term = db.session.scalars(sa.select(Term)).first()
    return {
        "code": pack.code, "version": pack.version, "item_code": "EXT-09", "card_code": "ext-blocked", "post_code": "guard", "year": clock.today().year, "kind": "extinguisher",
        "calendar_code": calendar.code if calendar else "x", "term_id": term.id if term else uuid.uuid4(), "token": "nobody-has-this-token", "letter": "reply", "paper": "patrol", "duty_code": "light_function",
        "sign_in_id": uuid.uuid4(), "act": "suspend", "part": 1, "sha256": "0" * 64, "kept_id": 1, "tablet_id": uuid.uuid4(), "filename": "css/base.css",
    }  # fmt: skip


def _ground(school_id: uuid.UUID) -> dict[str, Any]:
    building = Building(school_id=school_id, name="教学楼", floors_above=2)
    db.session.add(building)
    db.session.flush()
    floor = Floor(building_id=building.id, level=1, name="1层")
    place = Place(school_id=school_id, building_id=building.id, kind=PlaceKind.ROOM, use="kitchen", name="厨房")
    contact = Contact(school_id=school_id, name="拉姆")
    db.session.add_all([floor, place, contact])
    db.session.flush()
    piece = equipment.extinguisher(school_id, building_id=building.id, tag_code=tags.new_code())
    return {
        "building_id": building.id, "floor_id": floor.id, "place_id": place.id, "contact_id": contact.id, "piece_id": piece.id,
        "text": piece.tag_code,
    }  # fmt: skip


def _work(cast: Cast, school: School, officer: uuid.UUID, staff: uuid.UUID) -> dict[str, Any]:
    more: dict[str, Any] = {"brigade_id": school.brigade_id}
    inspection = _inspection(cast, school, officer, more)
    finding = _finding(cast, inspection)
    photo = rectification.photo(TargetKind.INSPECTION, inspection.id, item="EXT-09")
    signature = Signature(
        target_kind=TargetKind.INSPECTION, target_id=inspection.id, role=SignerRole.SCHOOL, name="索南",
        image_sha256=files().put(b"a signature"), content_sha256="0" * 64, signed_at=clock.now(),
    )  # fmt: skip
    visit = Visit(school_id=school.id, brigade_id=school.brigade_id, planned_on=clock.today(), lead_id=officer)
    run = ImportRun(
        kind="schools",
        brigade_id=school.brigade_id,
        school_id=None,
        file_name="x.csv",
        file_sha256="0" * 64,
        made_by_id=officer,
    )
    job = Job(kind="documents.preview", arguments={"brigade_id": str(school.brigade_id)}, made_by=officer)
    db.session.add_all([photo, signature, visit, run, job])
    db.session.flush()
    plan = drills.plan(cast, school_id=school.id, made_by_id=staff)
    drill = drills.drill(cast, school_id=school.id, logged_by_id=staff)
    training = trainings.training(cast, school_id=school.id, logged_by_id=staff)
    session = trainings.session(cast, school_id=school.id, made_by_id=staff)
    attendee = trainings.attendee(session)
    duty = DutyRecord(school_id=school.id, duty="fire_check", held_at=clock.now(), logged_by_id=staff)
    db.session.add(duty)
    db.session.flush()
    task = tasks.task(cast, brigade_id=school.brigade_id, sent_by_id=officer)
    task_at = tasks.at(task, school.id)
    point = selfchecks.point(school.id, staff)
    route = selfchecks.route(school.id, staff, [point])
    walked = selfchecks.round_on(route, staff)
    proof = TaskProof(
        task_at_id=task_at.id, sha256=files().put(b"%PDF-1.7 proof %%EOF"), name="x.pdf", bytes=20, added_by_id=staff
    )
    db.session.add(proof)
    db.session.flush()
    measure = measures.measure(cast, brigade_id=school.brigade_id, answers_id=officer)
    template = tasks.template(cast, brigade_id=school.brigade_id, made_by_id=officer)
    team = teams.team(cast, f"{school.name}组", brigade_id=school.brigade_id)
    member = teams.member(cast, team, "ivo", person_id=officer)
    # Until yesterday: in the demo district the school has its team.
    handed = teams.has(cast, team, school.id, to_day=clock.today() - timedelta(days=1))
    question = questions.question(cast, school_id=school.id, brigade_id=school.brigade_id, asked_by_id=staff)
    holder = handbooks.holder(cast, school_id=school.id, made_by_id=staff)
    received = handbooks.receipt(cast, holder, entered_by_id=staff)
    public = questions.public(cast, brigade_id=school.brigade_id, made_by_id=officer)
    return {
        "inspection_id": inspection.id, "finding_id": finding.id, "photo_id": photo.id, "signature_id": signature.id, "visit_id": visit.id,
        "run_id": run.id, "job_id": job.id, "drill_id": drill.id, "plan_id": plan.id, "training_id": training.id, "training_session_id": session.id, "attendee_id": attendee.id, "duty_record_id": duty.id,
        "task_proof_id": proof.id, "measure_id": measure.id, "task_id": task.id, "task_at_id": task_at.id, "task_template_id": template.id, "question_id": question.id, "public_answer_id": public.id, "post_holder_id": holder.id, "handbook_receipt_id": received.id,
        "team_id": team.id, "member_id": member.id, "hand_over_id": handed.hand_over_id,
        "patrol_point_id": point.id, "patrol_route_id": route.id, "patrol_round_id": walked.id, "own_todo_id": selfchecks.todo(walked).id,
        "patrol_code": point.code, "own_check_id": selfchecks.check(school.id, staff).id,
        "document_id": _document(school, inspection.id).id, "complaint_id": complaints.received(school).id, "position": 0,
        "wall_code": complaints.wall_code(school).code, **_order(school, finding, officer, staff),
    }  # fmt: skip


def _inspection(cast: Cast, school: School, officer: uuid.UUID, more: dict[str, Any]) -> Inspection:
    """A signed inspection with a real record of nothing but its head."""
    second = cast.people["ivo"]
    row = rectification.inspection(
        cast,
        school_id=school.id,
        lead_id=officer,
        second_id=second,
        ink_scan_sha256=files().put(b"%PDF-1.7 a scan"),
        **more,
    )
    row.pack_version_id = current_checklist().version_id
    db.session.flush()
    sheet = whole_sheet(row)
    lead, other = (db.session.get_one(Person, key) for key in (officer, second))
    freeze(sheet, lead=lead, second=other, finished_at=clock.now(), names={})
    row.state = InspectionState.SIGNED
    db.session.flush()
    return row


def _finding(cast: Cast, inspection: Any) -> Any:
    facts = rectification.facts(cast, inspection)
    finding = finding_of(facts, rectification.new_finding(deadline=clock.today() + timedelta(days=9)))
    db.session.add(finding)
    db.session.flush()
    return finding


def _document(school: School, subject: uuid.UUID) -> IssuedDocument:
    paper = IssuedDocument(
        kind=RECORD.code, brigade_id=school.brigade_id, year=2026, serial=secrets.randbelow(10**6), number="示消检字〔2026〕第0001号",
        language="zh_Hans_CN", title="消防监督检查记录", school_id=school.id, school_name=school.name, subject_kind="inspection", subject_id=subject,
        check_code=secrets.token_hex(8), context='{"paper":{},"data":{}}', context_sha256="0" * 64, template_revision="1", state=DocumentState.ISSUED,
        file_sha256=files().put(b"%PDF-1.7 a paper"), size=16, pages=1, issued_at=clock.now(),
    )  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    return paper


def _records(cast: Cast, school: School, finding_id: uuid.UUID, officer: uuid.UUID) -> dict[str, Any]:
    """A major hazard, a sealing and a transfer with their numbers, so that more than their brigade sees them; and a scan."""
    common: dict[str, Any] = {
        "school_id": school.id, "brigade_id": school.brigade_id, "made_by_id": officer, "number": "示消X字〔2026〕第0001号",
    }  # fmt: skip
    visit: dict[str, Any] = {"visited_on": clock.today(), "lead_id": officer}
    major = MajorHazard(problem_text="楼梯封堵", **visit, **common)
    sealing = Sealing(place="宿舍楼", danger="楼梯封堵", second_id=cast.people["ivo"], **visit, **common)
    transfer = Transfer(
        finding_id=finding_id, authority=AuthorityKind.HOUSING, authority_name="住建局", sent_on=clock.today(), text="无验收", **common
    )  # fmt: skip
    db.session.add_all([major, sealing, transfer])
    db.session.flush()
    scan = RecordScan(
        record_kind=RecordKind.SEALING, record_id=sealing.id, sha256=files().put(b"%PDF-1.7 a scan"), is_pdf=True, added_by_id=officer,
    )  # fmt: skip
    db.session.add(scan)
    db.session.flush()
    return {"major_id": major.id, "sealing_id": sealing.id, "transfer_id": transfer.id, "scan_id": scan.id}


def _order(school: School, finding: Finding, officer: uuid.UUID, staff: uuid.UUID) -> dict[str, Any]:
    """An order for the finding that was handed over, with everything that hangs on one."""
    order = Order(
        school_id=school.id, brigade_id=school.brigade_id, inspection_id=finding.inspection_id, kind=OrderKind.LIMITED, state=OrderState.SERVED,
        lead_id=officer, visited_on=finding.found_on, number="示消限字〔2026〕第0001号", issued_on=clock.today(), served_on=clock.today(),
        served_at=clock.now(), next_deadline=finding.deadline, document_id=_document(school, finding.id).id,
    )  # fmt: skip
    db.session.add(order)
    db.session.flush()
    token, asked_for = secrets.token_urlsafe(8), (finding.deadline or clock.today()) + timedelta(days=5)
    link = PortalLink(
        order_id=order.id,
        token_sha256=token_hash(token),
        made_by_id=officer,
        expires_at=clock.now() + timedelta(days=1),
    )
    attempt = ServiceAttempt(
        order_id=order.id, method=ServiceMethod.POSTED, to_name="白玛", tracking="EMS 1", by_id=officer
    )
    asked = Extension(
        order_id=order.id,
        finding_id=finding.id,
        asked_by_id=staff,
        reason="等配件",
        before=clock.today(),
        wanted=asked_for,
    )
    sent = Evidence(finding_id=finding.id, sent_by_id=staff, note="已换锁")
    named = Deputy(
        brigade_id=school.brigade_id, person_id=officer, from_on=clock.today(), to_on=clock.today(), named_by_id=officer
    )
    item = OrderItem(order_id=order.id, finding_id=finding.id, position=1, deadline=finding.deadline)
    scan = SealedScan(
        document_id=order.document_id,
        sha256=files().put(b"%PDF-1.7 a scan"),
        media_type="application/pdf",
        size=15,
        added_by_id=officer,
    )
    escalated = OrderEvent(order_id=order.id, by_id=officer, act="escalate", detail={"to": "支队", "reason": "未改"})
    plan = _shown(PLAN, ("order", order.id), staff)
    patrol = _shown(PATROL_RECORD, ("school", school.id), staff)
    db.session.add_all([link, attempt, asked, sent, named, item, scan, escalated, plan, patrol])
    db.session.flush()
    return {
        "order_id": order.id, "order_position": 1, "order_token": token, "link_id": link.id, "attempt_id": attempt.id,
        "extension_id": asked.id, "evidence_id": sent.id, "deputy_id": named.id, "paper_scan_id": scan.id,
        "event_id": escalated.id, "plan_job_id": plan.id, "own_paper_job_id": patrol.id,
    }  # fmt: skip


def _shown(kind: DocumentKind, subject: tuple[str, uuid.UUID], staff: uuid.UUID) -> Job:
    """A paper of a school as it would be printed, not issued yet."""
    text = composing.freeze(
        composing.sample_envelope(kind, "zh_Hans_CN", preview=True), kind.context.sample("zh_Hans_CN")
    )
    result = {"sha256": files().put(b"%PDF-1.7 a preview"), "pages": 1, "warnings": []}
    return Job(
        kind="documents.preview",
        state=JobState.DONE,
        arguments={"text": text, "about": subject_key(*subject), "replaces": ""},
        result=result,
        made_by=staff,
    )


def _sampled(school: School, finding_id: uuid.UUID, officer: uuid.UUID) -> dict[str, Any]:
    """A closure of the brigade's draw of some month long ago."""
    month = date(2026, 1, 1)
    draw = db.session.scalar(sa.select(ClosureSample).where(ClosureSample.brigade_id == school.brigade_id))
    if draw is None:
        draw = ClosureSample(
            brigade_id=school.brigade_id, month=month, percent=5, seed="0", pool=[str(finding_id)], drawn_by_id=officer
        )
        db.session.add(draw)
        db.session.flush()
    one = SampledClosure(sample_id=draw.id, finding_id=finding_id, position=1, closed_on=month)
    db.session.add(one)
    db.session.flush()
    return {"sampled_id": one.id}


def _people(cast: Cast, school: School, staff: uuid.UUID) -> dict[str, Any]:
    membership = db.session.scalars(sa.select(Membership).where(Membership.person_id == staff)).one()
    invitation = Invitation(
        token_hash=secrets.token_hex(32), name="次旦", role=Role.SAFETY_OFFICER, school_id=school.id, made_by_id=cast.people["ada"],
        expires_at=clock.now() + timedelta(days=3),
    )  # fmt: skip
    feed = CalendarFeed(token_sha256=secrets.token_hex(32), school_id=school.id, made_by_id=staff)
    db.session.add_all([invitation, feed])
    db.session.flush()
    brigade = db.session.get_one(Brigade, school.brigade_id)
    return {
        "person_id": staff, "feed_id": feed.id, "membership_id": membership.id, "invitation_id": invitation.id, "unit_id": brigade.id,
    }  # fmt: skip


def of_school(cast: Cast, school_id: uuid.UUID, *, officer: str, staff: str) -> Specimens:
    """One of each thing at this school; `officer` inspects there, `staff` is its principal."""
    school = db.session.get_one(School, school_id)
    work = _work(cast, school, cast.people[officer], cast.people[staff])
    values = {
        **_of_everybody(),
        "school_id": school_id,
        **_ground(school_id),
        **work,
        **_records(cast, school, work["finding_id"], cast.people[officer]),
        **_sampled(school, work["finding_id"], cast.people[officer]),
        **_people(cast, school, cast.people[staff]),
        **_told(school, cast.people[staff]),
    }
    db.session.commit()
    return Specimens(values)


def _told(school: School, reader: uuid.UUID) -> dict[str, Any]:
    told = Outbox(key=f"specimen:{school.id}", event="test", data={"name": "白玛"}, school_id=school.id)
    message = Message(
        person_id=reader, house_id=school.brigade_id, kind=Kind.URGENT, day=clock.today(), channel=Channel.EMAIL
    )
    db.session.add_all([told, message])
    db.session.flush()
    notice = Notice(outbox_id=told.id, person_id=reader, house_id=school.brigade_id, message_id=message.id)
    db.session.add(notice)
    db.session.flush()
    return {"notice_id": notice.id, "message_id": message.id}
