"""The tablet's pages: a draft, or a school where one may be begun, with the rows of the online page, those of sampled pieces too, and no token."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import render_template
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.formats import short_day
from app.core.i18n import localised
from app.equipment.queries import fieldwork as equipment
from app.equipment.queries.fieldwork import Piece
from app.inspections import queries, records, sheet, wording
from app.inspections.forms import RecheckForm, StartForm, officers
from app.inspections.models import Inspection, InspectionForm, InspectionKind, InspectionState
from app.inspections.presenting import Presenter
from app.inspections.rules.ground import Ground
from app.inspections.rules.rows import rows_of
from app.inspections.service import starting
from app.inspections.sheet import Sheet
from app.organisations.models import Brigade
from app.organisations.settings import settings_of
from app.planning import queries as planning
from app.planning.service import OFFICERS
from app.planning.words import VISIT_KINDS
from app.rectification.models.findings import Finding
from app.rectification.queries import findings as rectification
from app.rectification.queries import repeats
from app.rectification.queries.findings import Line
from app.regulations import queries as regulations
from app.regulations.rules.checklist import Checklist
from app.schools.models import School
from app.sync.build import build
from app.sync.queries import changes, parts
from app.sync.signing import page_data
from app.sync.walks import Walks
from app.sync.words import SPOT_ORDERS

#: The id of a draft that is not begun; the tablet puts its own in its place.
NOT_BEGUN = uuid.UUID(int=0)


def with_every_question(current: Sheet) -> Sheet:
    """The sheet as if every piece had been chosen for readings and tests: the officer may choose any without network."""
    if current.inspection.kind is InspectionKind.RECHECK:
        return current
    rows = rows_of(
        current.checklist,
        current.ground,
        facts=sheet.facts_of_school(current.school, current.ground, current.checklist),
        tier=current.inspection.tier,
        day=current.day,
        sampled=[str(piece.id) for piece in current.ground.pieces],
    )
    return replace(current, rows=rows)


def _unsaid(current: Sheet) -> Sheet:
    """The sheet with nothing on it; what stands is told as fields."""
    return replace(current, ops=[], photos=[])


def _presenter(
    current: Sheet, last: tuple[Mapping[str, Any], date | None], still: Sequence[Line], *, without: uuid.UUID
) -> Presenter:
    faults = repeats.known_faults(current.school.id, without=without)
    held = repeats.places_of(line.finding for line in still)
    return Presenter(current, last=last[0], last_on=last[1], faults=faults, held=held)


def page(viewer: Viewer, asked: Sheet, *, etag: str) -> str:
    """The page of a draft that the viewer may fill."""
    row = asked.inspection
    current = _unsaid(with_every_question(asked))
    walks = Walks()
    last = records.answers_of(queries.last_signed(current.school.id, before=row))
    key = "recheck" if row.kind is InspectionKind.RECHECK else row.tier
    still = rectification.of_school(viewer, current.school.id)
    walks.add(key, _presenter(current, last, still, without=row.id))
    content = parts.about(viewer, asked.school, asked.ground, asked.checklist) | walks.as_json()
    content |= {"draft": parts.draft(asked), "change": changes.of([row], held={}, seen={})[0]}
    signing = page_data(viewer, with_every_question(asked))
    return _render(viewer, current, content, still, signing=signing, etag=etag)


# a school where a visit may be begun --------------------------------------------------------------------------------


def as_if_begun(school: School, brigade: Brigade, checklist: Checklist, ground: Ground, *, tier: str) -> Sheet:
    """The sheet that a draft begun now would have, every piece chosen for readings and tests; nothing is written."""
    begun = _unwritten(school, checklist, kind=InspectionKind.INSPECTION, tier=tier)
    rows = rows_of(
        checklist, ground, facts=sheet.facts_of_school(school, ground, checklist), tier=tier, day=clock.today(),
        sampled=[str(piece.id) for piece in ground.pieces],
    )  # fmt: skip
    return Sheet(
        inspection=begun,
        school=school,
        brigade=brigade,
        checklist=checklist,
        ground=ground,
        rows=rows,
        ops=[],
        photos=[],
    )


def _pieces(current: Sheet) -> Sequence[Piece]:
    """The pieces that a label may lead to; in a re-check those that a finding is about."""
    if current.inspection.kind is not InspectionKind.RECHECK:
        return current.ground.pieces
    about = [row.piece.equipment_id for row in current.rows if row.piece is not None and row.piece.equipment_id]
    return list(equipment.pieces(about).values()) if about else []


def _unwritten(school: School, checklist: Checklist, *, kind: InspectionKind, tier: str) -> Inspection:
    return Inspection(
        id=NOT_BEGUN, kind=kind, form=InspectionForm.SPOT_CHECK, school_id=school.id, brigade_id=school.brigade_id,
        pack_version_id=checklist.version_id, tier=tier, scope={}, state=InspectionState.DRAFT, rev=0, from_paper=False,
        started_at=clock.now(),
    )  # fmt: skip


def school_page(viewer: Viewer, school: School, *, etag: str) -> str:
    """The page of a school on which a visit is begun without network, then filled: every walk by the checklist in force."""
    checklist = regulations.current_checklist()
    brigade = db.session.get_one(Brigade, school.brigade_id)
    ground = sheet.ground_of(school.id, day=clock.today(), checklist=checklist)
    last = records.answers_of(queries.last_signed(school.id))
    walks = Walks()
    still = rectification.of_school(viewer, school.id)
    for tier in starting.TIERS:
        current = as_if_begun(school, brigade, checklist, ground, tier=tier)
        walks.add(tier, _presenter(current, last, still, without=NOT_BEGUN))
    again = as_if_begun(school, brigade, checklist, Ground(), tier="core")
    again.inspection = _unwritten(school, checklist, kind=InspectionKind.RECHECK, tier="core")
    again.rows = sheet.rows_for_findings([line.finding for line in still])
    walks.add("recheck", Presenter(again))
    content = parts.about(viewer, school, ground, checklist) | walks.as_json()
    current.inspection.lead_id = viewer.person_id
    signing, form = page_data(viewer, current), _begin_form(viewer, school, checklist)
    again_form = _again_form(viewer, school, list(still))
    return _render(viewer, current, content, still, signing=signing, etag=etag, form=form, again=again_form)


def _begin_form(viewer: Viewer, school: School, checklist: Checklist) -> StartForm:
    """The form of the online page; the tablet keeps what is chosen, the server judges it when it comes."""
    return StartForm(
        formdata=None,
        prefix="begin",
        people=officers(accounts.colleagues(viewer, roles=OFFICERS), without=viewer.person_id),
        visits=_visits(viewer, school),
        items={tier: len(checklist.tier(tier)) for tier in starting.TIERS},
        accompanying=school.safety_manager,
    )


def _again_form(viewer: Viewer, school: School, lines: list[Line]) -> RecheckForm | None:
    """The form that a re-check is begun by, where there is anything to look at again; what waits for it is ticked."""
    if not lines:
        return None
    lines.sort(key=lambda line: not line.awaits_recheck)
    return RecheckForm(
        formdata=None,
        prefix="again",
        people=officers(accounts.colleagues(viewer, roles=OFFICERS), without=viewer.person_id),
        visits=_visits(viewer, school),
        open_findings=[SelectChoice(str(line.finding.id), _finding_words(line.finding)) for line in lines],
        findings=[str(line.finding.id) for line in lines if line.awaits_recheck],
        accompanying=school.safety_manager,
    )


def _finding_words(finding: Finding) -> str:
    return " · ".join(part for part in (localised(finding.text, finding.text_en), finding.place_label) if part)


def _visits(viewer: Viewer, school: School) -> Sequence[SelectChoice]:
    lines = planning.open_of_school(viewer, school.id)
    return [
        SelectChoice(str(one.visit.id), f"{short_day(one.visit.planned_on)} {VISIT_KINDS[one.visit.kind]} {one.visit.purpose}".strip())
        for one in lines
    ]  # fmt: skip


# both ---------------------------------------------------------------------------------------------------------------


def _block(content: Mapping[str, Any]) -> Markup:
    """JSON that may stand inside of a page."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704


def _render(
    viewer: Viewer, current: Sheet, content: Mapping[str, Any], still: Sequence[Line], *, signing: Mapping[str, Any], etag: str,
    form: StartForm | None = None, again: RecheckForm | None = None,
) -> str:  # fmt: skip
    pieces = _pieces(current)
    return render_template(
        "sync/visit.html",
        sheet=current,
        content=_block(content),
        begin=form,
        again=again,
        open_findings=still,
        viewer=viewer,
        build=build(),
        etag=etag,
        taken_at=clock.now(),
        signing=signing,
        labels={piece.tag_code: str(piece.id) for piece in pieces if piece.tag_code},
        bare=[(str(p.id), f"{p.name} · {p.where}".strip(" ·")) for p in pieces if not p.tag_code],
        spot_orders=SPOT_ORDERS[settings_of(current.brigade.settings).spot_orders],
        words=wording,
    )
