"""One finding of the viewer's school that is on no order, and sending what was done about it."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.limits import limit
from app.accounts.policy import Permission
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import found
from app.portal.forms import EvidenceForm
from app.portal.queries import home as queries
from app.portal.views.acts import arrived, kept_photo, refuse_without_photos, say_not_kept, unpacked
from app.portal.views.blueprint import bp
from app.portal.views.doors import SENDINGS
from app.rectification.queries import findings
from app.rectification.queries.findings import Line
from app.rectification.service import evidence as rectification
from app.regulations.queries import cards


def _page(line: Line, form: EvidenceForm, status: int = 200) -> ResponseReturnValue:
    return (
        render_template(
            "portal/evidence.html",
            line=line,
            finding=line.finding,
            story=findings.stories([line.finding])[line.finding.id],
            form=form,
            how=cards.of_findings([line.finding]).get(line.finding.id),
            most=rectification.MOST_PHOTOS,
            together=rectification.MOST_TOGETHER,
        ),
        status,
    )


@bp.get("/portal/findings/<uuid:finding_id>")
@requires(Permission.SEND_EVIDENCE)
def finding(finding_id: uuid.UUID) -> ResponseReturnValue:
    """One finding of the viewer's school, with the form to send photos."""
    form = EvidenceForm(formdata=None, key=str(new_id()))
    form.needs_name(is_link=False)
    return _page(found(queries.own_finding(viewer, finding_id)), form)


@bp.post("/portal/findings/<uuid:finding_id>")
@requires(Permission.SEND_EVIDENCE)
@limit("evidence", most=SENDINGS)
def send_evidence(finding_id: uuid.UUID) -> ResponseReturnValue:
    """Keep photos and note. The finding stays open until officers have looked again."""
    line = found(queries.own_finding(viewer, finding_id))
    form = EvidenceForm()
    form.needs_name(is_link=False)
    if not form.validate_on_submit():
        return _page(line, form, 422)
    try:
        photos = unpacked(form)
        refuse_without_photos(line.finding, form, photos)
        sent = rectification.send_evidence(
            viewer,
            finding=line.finding,
            note=form.note.data or "",
            done_by=form.done_by.data or "",
            cost=form.cost.data,
            photos=photos,
            asks_recheck=form.asks_recheck.data,
            evidence_id=form.evidence_id(),
        )
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _page(found(queries.own_finding(viewer, finding_id)), form, 422)
    db.session.commit()
    flash(_("已报送。由两名检查人员复查后销号。"))
    say_not_kept(sent.refused)
    return redirect(url_for(".home", school=line.finding.school_id))


@bp.get("/portal/findings/<uuid:finding_id>/photos")
@requires(Permission.SEND_EVIDENCE)
def photos_arrived(finding_id: uuid.UUID) -> ResponseReturnValue:
    """How far a sending has come."""
    return arrived(found(queries.own_finding(viewer, finding_id)).finding)


@bp.post("/portal/findings/<uuid:finding_id>/photos")
@requires(Permission.SEND_EVIDENCE)
@limit("evidence", most=SENDINGS)
def send_photo(finding_id: uuid.UUID) -> ResponseReturnValue:
    """One photo of a sending whose words come later."""
    return kept_photo(viewer, found(queries.own_finding(viewer, finding_id)).finding)
