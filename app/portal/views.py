"""A school's own home: what to put right by when, and sending photos of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.limits import limit
from app.accounts.policy import Permission
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.panels import rendered_panels
from app.core.web import found
from app.portal import queries
from app.portal.forms import EvidenceForm
from app.rectification.queries import findings
from app.rectification.queries.findings import Line
from app.rectification.service import evidence as rectification
from app.regulations.queries import cards
from app.schools.models import School

bp = Blueprint("portal", __name__)


def _chosen(schools: list[School]) -> School:
    wanted = request.args.get("school", "")
    return found(next((s for s in schools if not wanted or str(s.id) == wanted), None))


@bp.get("/portal")
@requires(Permission.SEE_PORTAL)
def home() -> ResponseReturnValue:
    """What is to be put right at the viewer's school, what was sent, what is done."""
    schools = list(queries.own_schools(viewer))
    school = _chosen(schools)
    home = queries.home_of(viewer, school)
    return render_template(
        "portal/home.html",
        school=school,
        schools=schools,
        home=home,
        recheck_due={line.finding.id: findings.recheck_due(line) for line in home.sent},
        papers=queries.papers(viewer, school),
        panels=rendered_panels("portal", viewer, school),
    )


def _page(line: Line, form: EvidenceForm, status: int = 200) -> ResponseReturnValue:
    return (
        render_template(
            "portal/evidence.html",
            line=line,
            finding=line.finding,
            how=cards.of_findings([line.finding]).get(line.finding.id),
            story=findings.stories([line.finding])[line.finding.id],
            form=form,
            most=rectification.MOST_PHOTOS,
        ),
        status,
    )


@bp.get("/portal/findings/<uuid:finding_id>")
@requires(Permission.SEND_EVIDENCE)
def finding(finding_id: uuid.UUID) -> ResponseReturnValue:
    """One finding of the viewer's school, with the form to send photos."""
    return _page(found(queries.own_finding(viewer, finding_id)), EvidenceForm(key=str(new_id())))


@bp.post("/portal/findings/<uuid:finding_id>")
@requires(Permission.SEND_EVIDENCE)
@limit("evidence", most=60)
def send_evidence(finding_id: uuid.UUID) -> ResponseReturnValue:
    """Keep photos and note. The finding stays open until officers have looked again."""
    line = found(queries.own_finding(viewer, finding_id))
    form = EvidenceForm()
    if not form.validate_on_submit():
        return _page(line, form, 422)
    try:
        sent = rectification.send_evidence(
            viewer,
            finding=line.finding,
            note=form.note.data or "",
            photos=form.photos.chosen(),
            asks_recheck=form.asks_recheck.data,
            evidence_id=form.evidence_id(),
        )
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _page(found(queries.own_finding(viewer, finding_id)), form, 422)
    db.session.commit()
    flash(_("已报送。由两名检查人员复查后销号。"))
    for problem in sent.refused:
        flash(problem, "warning")
    return redirect(url_for(".home", school=line.finding.school_id))
