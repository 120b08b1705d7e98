"""Home by role, and the board of three colours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.extensions import db
from app.core.i18n import localised
from app.core.panels import rendered_panels
from app.planning import words as planning_words
from app.planning.queries import complaints
from app.rectification import order_words
from app.rectification.queries import findings as rectification
from app.rectification.queries import orders
from app.rectification.rules.findings import Colour
from app.reporting import documents, monthly, rules
from app.reporting.queries import colours, findings, work
from app.reporting.queries import statistics as figures_of_months

bp = Blueprint("reporting", __name__)

#: How many schools the home page shows before the board.
SCHOOLS_SHOWN = 10


@bp.get("/")
@requires(Permission.OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    """Whoever signs in begins here: a school at its own home, an administrator with the accounts, others with the day."""
    if viewer.is_school:
        return redirect(url_for("portal.home"))
    if not viewer.may(Permission.SEE_BRIGADE_HOME):
        return redirect(url_for("accounts.admin"))
    return render_template("reporting/home.html", **_day())


def _day() -> dict[str, Any]:
    """What the page shows depends on what the viewer may do, never on the name of a role."""
    shown = work.inspections(viewer)
    inspects, decides = viewer.may(Permission.INSPECT), viewer.may(Permission.WITHDRAW_INSPECTIONS)
    issues, oversees = viewer.may(Permission.REVOKE_DOCUMENTS), not inspects or decides
    rechecks = work.rechecks(viewer) if inspects and not decides else []
    worst, totals = _schools(oversees)
    return {
        "figures": findings.figures(viewer),
        "totals": totals,
        "schools": worst,
        "oversees": oversees,
        "own_drafts": [line for line in shown[work.Kind.DRAFT] if line.is_mine] if inspects else [],
        "waiting": _waiting(shown, issues=issues, prints=issues and not inspects, decides=decides),
        "scans": inspects and not decides,
        "recent": shown[work.Kind.RECENT],
        "visits": work.visits(viewer, only_mine=inspects and not decides) if viewer.brigade_ids else [],
        "rechecks": [(line, rectification.recheck_due(line)) for line in rechecks],
        "months": findings.by_month(viewer) if oversees else [],
        "logs": not inspects,
        "panels": rendered_panels("day", viewer),
    }


def _schools(oversees: bool) -> tuple[Sequence[colours.SchoolColour], colours.Totals]:
    """The worst schools for who oversees them all, and the counts of the colours for everybody."""
    if not oversees:
        return [], colours.totals(viewer)
    page, totals = colours.board(viewer, size=SCHOOLS_SHOWN)
    return page.rows, totals


def _waiting(
    shown: dict[work.Kind, list[work.InspectionLine]], *, issues: bool, prints: bool, decides: bool
) -> list[dict[str, str]]:
    """What waits for the viewer and nobody else will do (等您处理)."""
    things = _complaints() if viewer.may(Permission.KEEP_COMPLAINTS) else []
    things += _orders() if viewer.brigade_ids else []
    things += [
        {
            "tag": _("待签名"),
            "text": localised(line.school_name, line.school_name_en),
            "href": url_for("inspections.show", inspection_id=line.id),
            "note": _("检查记录已填完，等待签名"),
        }
        for line in shown[work.Kind.SIGNING]
        if decides or line.is_mine
    ]
    if decides:
        things += [
            {
                "tag": _("草稿"),
                "text": localised(line.school_name, line.school_name_en),
                "href": url_for("inspections.show", inspection_id=line.id),
                "note": _("检查未完成"),
            }
            for line in shown[work.Kind.DRAFT]
        ]
    if issues:
        things += [
            {
                "tag": _("制作失败"),
                "text": paper.school_name,
                "href": url_for("documents.show", document_id=paper.id),
                "note": paper.school_name_en,
            }
            for paper in shown[work.Kind.FAILED]
        ]
    if prints:
        things += [
            {
                "tag": _("待制作文书"),
                "text": localised(line.school_name, line.school_name_en),
                "href": url_for("inspections.show", inspection_id=line.id),
                "note": _("检查记录已签名，尚未制作文书"),
            }
            for line in shown[work.Kind.UNPRINTED]
        ]
    return things


def _orders() -> list[dict[str, str]]:
    """Orders whose next step is the viewer's."""
    return [
        {
            "tag": str(order_words.STATES[order.state]),
            "text": order.number or str(order_words.KINDS[order.kind]),
            "href": url_for("rectification.order", order_id=order.id),
            "note": localised(school.name, school.name_en),
        }
        for order, school in orders.waiting_for(viewer)
    ]


#: How many complaints the home page shows before their list.
COMPLAINTS_SHOWN = 8


def _complaints() -> list[dict[str, str]]:
    """Complaints for which nobody has been on site yet, the oldest first."""
    return [
        {
            "tag": _("投诉超时") if line.is_late else _("投诉"),
            "text": localised(line.school.name, line.school.name_en) if line.school else line.complaint.about,
            "href": url_for("planning.complaint", complaint_id=line.complaint.id),
            "note": _("最迟 %(due)s 到场核查", due=planning_words.due_words(line.due)),
        }
        for line in complaints.running(viewer, most=COMPLAINTS_SHOWN)
    ]


@bp.get("/board")
@requires(Permission.SEE_BRIGADE_HOME)
def board() -> ResponseReturnValue:
    """Three colours of every school the viewer may see, the worst first."""
    asked = request.args.get("colour", "")
    colour = Colour(asked) if asked in Colour.__members__.values() else None
    page, totals = colours.board(viewer, colour=colour, key=request.args.get("page"))

    def at(key: str | None) -> str:
        return url_for(".board", colour=colour.value if colour else None, page=key) if key else ""

    return render_template(
        "reporting/board.html",
        schools=page.rows,
        colour=colour,
        totals=totals,
        next=at(page.next_key),
        previous=at(page.previous_key),
    )


def _month() -> tuple[int, int]:
    """The month that is asked for, not after this one; without one the last that is over."""
    today, asked = clock.today(), request.values.get("month", "")
    this = (today.year, today.month)
    year, _dash, month = asked.partition("-")
    if len(asked) == 7 and (year + month).isdecimal() and int(year) >= 2000 and 1 <= int(month) <= 12:
        return min((int(year), int(month)), this)
    return rules.last_months(today, count=2)[0]


def _named(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02d}"


@bp.get("/statistics")
@requires(Permission.SEE_BRIGADE_HOME)
def statistics() -> ResponseReturnValue:
    """The figures and pictures of a month, beside the month before and the same month a year ago."""
    month, today = _month(), clock.today()
    before = rules.last_months(date(*month, 1), count=2)[0]
    after = (month[0] + month[1] // 12, month[1] % 12 + 1)
    return render_template(
        "reporting/statistics.html",
        told=documents.summary(figures_of_months.statistics(viewer, month)),
        month=_named(month),
        previous=_named(before),
        next=_named(after) if after <= (today.year, today.month) else "",
        may_issue=viewer.may(Permission.ISSUE_DOCUMENTS) and viewer.own_brigade_id is not None,
    )


@bp.post("/statistics")
@requires(Permission.ISSUE_DOCUMENTS)
def issue_monthly() -> ResponseReturnValue:
    """The summary of a month as a numbered paper; for the same figures there is one."""
    lang = "en" if request.form.get("language") == "en" else "zh_Hans_CN"
    paper = monthly.issue(viewer, _month(), lang=lang)
    db.session.commit()
    return redirect(url_for("documents.show", document_id=paper.id))
