"""A school's own home: its orders, what else was found, and who is who at the school."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import ROLE_LABELS, Permission
from app.core.panels import rendered_panels
from app.core.web import found
from app.portal.queries import home as queries
from app.portal.views.blueprint import bp
from app.schools.models import School


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
        papers=queries.papers(viewer, school),
        panels=rendered_panels("portal", viewer, school),
    )


@bp.get("/portal/people")
@requires(Permission.SEE_PORTAL)
def people() -> ResponseReturnValue:
    """Who answers for fire safety at the school, who has an account, whom the brigade may call; and handing over."""
    schools = list(queries.own_schools(viewer))
    school = _chosen(schools)
    return render_template(
        "portal/people.html",
        school=school,
        ROLE_LABELS=ROLE_LABELS,
        staff=queries.staff(school),
        contacts=queries.contacts(school),
        holders=queries.holders(school),
    )
