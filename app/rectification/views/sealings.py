"""Pages of temporary sealings: the list, a new one, one record with its steps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.models import Person
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import made
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.web import found
from app.rectification import record_forms as forms
from app.rectification.models.sealing import Sealing
from app.rectification.order_forms import as_id
from app.rectification.queries import records
from app.rectification.rules.records import RecordKind
from app.rectification.rules.sealing import OPEN, SEALING_STEPS, SealingAct, latest_end
from app.rectification.service import sealing as service
from app.rectification.service import trail
from app.rectification.views import records as shared
from app.rectification.views.blueprint import bp


def _colleagues() -> Sequence[Person]:
    return [p for p in accounts.colleagues(viewer, roles=service.OFFICERS) if p.id != viewer.person_id]


def _scene(record: Sealing, form: forms.SceneForm) -> None:
    scene = service.Scene(
        started=form.started.moment(),
        ended=form.ended.moment(),
        party=form.party.data or "",
        party_post=form.party_post.data or "",
        witness=form.witness.data or "",
        course=form.course.data or "",
        statement=form.statement.data or "",
    )
    service.note_scene(viewer, record, scene)


_STEPS: dict[str, shared.Step] = {
    SealingAct.APPROVE: (
        forms.DecideSealing,
        lambda record, form: service.approve(
            viewer,
            record,
            studied_on=form.studied_on.data,
            participants=form.participants.data,
            conclusion=form.conclusion.data,
        ),
    ),
    SealingAct.ISSUE: (
        forms.IssueSealing,
        lambda record, form: service.issue(
            viewer,
            record,
            sealed_from=form.sealed_from.data,
            sealed_until=form.sealed_until.data,
            national_number=form.national_number.data or "",
        ),
    ),
    SealingAct.SCENE: (forms.SceneForm, _scene),
    SealingAct.RENEW: (
        forms.RenewForm,
        lambda record, form: service.renew(viewer, record, until=form.until.data, reason=form.reason.data),
    ),
    SealingAct.APPLY: (
        forms.ApplyForm,
        lambda record, form: service.apply_for_lifting(
            viewer, record, applied_on=form.applied_on.data, text=form.text.data
        ),
    ),
    SealingAct.CHECK: (
        lambda **given: forms.CheckForm(colleagues=_colleagues(), **given),
        lambda record, form: service.check(
            viewer,
            record,
            checked_on=form.checked_on.data,
            second_id=as_id(form.second_id.data),
            text=form.text.data,
            danger_gone=form.danger_gone.data == "yes",
        ),
    ),
    SealingAct.LIFT: (
        forms.TextForm,
        lambda record, form: service.decide(viewer, record, granted=True, text=form.text.data),
    ),
    SealingAct.REFUSE: (
        forms.TextForm,
        lambda record, form: service.decide(viewer, record, granted=False, text=form.text.data),
    ),
    SealingAct.WITHDRAW: (
        forms.ReasonForm,
        lambda record, form: service.withdraw(viewer, record, reason=form.reason.data),
    ),
}


@bp.get("/sealings")
@requires(Permission.SEE_ORDERS)
def sealings() -> ResponseReturnValue:
    """Sealings, those not ended unless all are asked for."""
    return shared.record_list(Sealing, "rectification/records/sealings.html", ".sealings", open_states=OPEN)


def _consent(form: forms.NewSealing) -> service.Consent | None:
    if not form.urgent.data:
        return None
    if form.consent_at.data is None or form.sealed_at.data is None:
        raise DomainError(_("紧急查封须写明谁在何时口头同意，以及查封的时间。"), field="consent_at", code="consent")
    return service.Consent(
        by=form.consent_by.data or "", at=form.consent_at.moment(), sealed_at=form.sealed_at.moment()
    )


@bp.route("/sealings/new", methods=["GET", "POST"])
@requires(Permission.DRAFT_ORDERS)
def new_sealing() -> ResponseReturnValue:
    """Begin the record of a sealing, to be decided or done already with oral consent."""
    school = shared.school_asked_for()
    form = forms.NewSealing(colleagues=_colleagues(), visited_on=clock.today())
    if form.validate_on_submit():
        record = made(
            form,
            lambda: service.propose(
                viewer,
                school=school,
                visited_on=forms.as_day(form.visited_on.data),
                officers=(viewer.person_id, found(as_id(form.second_id.data))),
                place=form.place.data or "",
                extent=form.extent.data or "",
                strips=form.strips.data,
                danger=form.danger.data or "",
                consent=_consent(form),
            ),
        )
        if record is not None:
            return redirect(url_for(".sealing", sealing_id=record.id))
    page = render_template("rectification/records/new_sealing.html", form=form, school=school)
    return page, 422 if request.method == "POST" else 200


def _defaults(name: str, record: Sealing) -> dict[str, object]:
    if name != SealingAct.ISSUE:
        return {}
    begins = clock.day_of(record.sealed_at) if record.sealed_at else clock.today()
    return {"sealed_from": begins, "sealed_until": latest_end(begins)}


def _page(record: Sealing, *, given: dict[str, Form] | None = None, status: int = 200) -> ResponseReturnValue:
    acts = trail.acts(viewer, record, SEALING_STEPS)
    applications = records.applications_of(record)
    people = [record.lead_id, record.second_id, record.approved_by_id]
    for one in applications:
        people += [one.checked_by_id, one.checked_with_id, one.decided_by_id]
    page = render_template(
        "rectification/records/sealing.html",
        terms=records.terms_of(record),
        applications=applications,
        **shared.shown(
            RecordKind.SEALING,
            record,
            _STEPS,
            acts,
            given=given,
            defaults=lambda name: _defaults(name, record),
            people=people,
        ),
    )
    return page, status


@bp.get("/sealings/<uuid:sealing_id>")
@requires(Permission.SEE_ORDERS)
def sealing(sealing_id: uuid.UUID) -> ResponseReturnValue:
    """One sealing: consent, decision, term, scene, lifting, what is next."""
    return _page(found(records.get(Sealing, viewer, sealing_id)))


@bp.post("/sealings/<uuid:sealing_id>")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS, Permission.APPROVE_ORDERS)
def take_sealing_step(sealing_id: uuid.UUID) -> ResponseReturnValue:
    """Take one of its steps; the table says who may."""
    return shared.act(Sealing, sealing_id, _STEPS, _page, url_for(".sealing", sealing_id=sealing_id))


@bp.post("/sealings/<uuid:sealing_id>/scans")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def keep_sealing_scan(sealing_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a scan or photo with it."""
    address = url_for(".sealing", sealing_id=sealing_id)
    return shared.keep(RecordKind.SEALING, Sealing, sealing_id, _page, address, needs=Permission.SERVE_ORDERS)
