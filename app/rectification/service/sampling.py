"""The leader's second look at what was struck off: a draw that is kept, a word for each, and open again what was false.

Who struck a finding off never samples it. DOMAIN §6.3.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import TargetKind
from app.organisations import queries as organisations
from app.rectification.models.findings import ClosedHow, Finding
from app.rectification.models.looks import ClosureSample, SampledClosure
from app.rectification.queries import closures as queries
from app.rectification.rules import sampling as rules
from app.rectification.service import closing, steps

#: The most photos of one second look.
MOST_PHOTOS = 9


def draw(viewer: Viewer, *, month: date) -> ClosureSample:
    """Draw the setting's share of a month that is over. The same month twice gives the draw that is there."""
    brigade_id = viewer.own_brigade_id
    if brigade_id is None or not steps.may_sample(viewer, brigade_id):
        raise steps.NotYours(_("只有大队领导或其代理人可以抽查销号。"), code="role")
    month = rules.month_of(month)
    if month >= rules.month_of(clock.today()):
        raise DomainError(_("这个月还没有结束，月底后再抽取。"), field="month", code="month")
    known = queries.sample_of(brigade_id, month)
    if known is not None:
        return known
    pool = [str(key) for key in queries.pool(brigade_id, month)]
    if not pool:
        raise DomainError(_("这个月没有复查销号的问题。"), field="month", code="empty")
    percent, seed = organisations.brigade_settings(brigade_id).sample_percent, secrets.token_hex(16)
    sample = ClosureSample(
        brigade_id=brigade_id, month=month, percent=percent, seed=seed, pool=pool, drawn_by_id=viewer.person_id
    )
    db.session.add(sample)
    db.session.flush()
    drawn = rules.draw(pool, percent=percent, seed=seed)
    for position, key in enumerate(drawn, start=1):
        finding = db.session.get_one(Finding, uuid.UUID(key))
        assert finding.closed_on is not None
        db.session.add(
            SampledClosure(
                sample_id=sample.id,
                finding_id=finding.id,
                position=position,
                closed_on=finding.closed_on,
                recheck_id=finding.recheck_id,
            )
        )
    db.session.flush()
    detail = {"month": month.isoformat(), "percent": percent, "seed": seed, "pool": len(pool), "drawn": drawn}
    audit.record(viewer, "draw_closures", subject="closure_sample", subject_id=sample.id, detail=detail)
    return sample


def check(
    viewer: Viewer,
    sampled: SampledClosure,
    *,
    is_true: bool,
    remark: str = "",
    photos: Sequence[tuple[str, bytes]] = (),
) -> None:
    """Say whether a closure holds. A false one, with the reason, is open again and so are its orders."""
    finding = db.session.get_one(Finding, sampled.finding_id)
    if not steps.may_sample(viewer, finding.brigade_id):
        raise steps.NotYours(_("只有大队领导或其代理人可以抽查销号。"), code="role")
    if viewer.person_id in queries.officers_of(sampled):
        raise steps.NotYours(_("参加复查销号的人员不能抽查自己的销号，请由代理人抽查。"), code="own")
    if sampled.is_true is not None:
        if sampled.is_true is is_true:
            return
        raise DomainError(_("这一项已经核实过。"), code="checked")
    if not is_true and not remark.strip():
        raise DomainError(_("请写明不实的情况。"), field="remark", code="remark")
    if len(photos) > MOST_PHOTOS:
        raise DomainError(
            _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS), field="photos", code="many"
        )
    for number, (name, content) in enumerate(photos):
        fieldwork.add_photo(
            viewer,
            photo_id=uuid.uuid5(sampled.id, str(number)),
            kind=TargetKind.FINDING,
            target_id=finding.id,
            item=queries.ITEM,
            place=str(sampled.id),
            content=content,
            name=name,
        )
    sampled.is_true, sampled.remark = is_true, remark.strip()
    sampled.checked_at, sampled.checked_by_id = clock.now(), viewer.person_id
    db.session.flush()
    detail = {"finding": str(finding.id), "true": is_true, "remark": remark.strip()}
    audit.record(viewer, "check_closure", subject="closure_sample", subject_id=sampled.sample_id, detail=detail)
    same = finding.closed_how is ClosedHow.RECHECK and finding.recheck_id == sampled.recheck_id
    if not is_true and same:
        closing.reopen(viewer, finding, reason=_("抽查核实不实：%(remark)s", remark=remark.strip()))
