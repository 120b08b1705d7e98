"""Pages on which the office reads what is checked, by which clause, and what must still be verified."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.web import found
from app.regulations import queries
from app.regulations.models import PackVersion
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.search import ItemFilter, matching, page_after
from app.regulations.units import unit
from app.regulations.views.base import bp

ITEMS_PER_PAGE = 40


def _opened(code: str, version: int) -> tuple[PackVersion, Checklist]:
    row = found(queries.pack_version(viewer, code, version))
    return row, queries.checklist(row.id)


@bp.get("/packs")
@requires(Permission.SEE_PACKS)
def packs() -> ResponseReturnValue:
    """The packs that are loaded."""
    rows = queries.pack_versions(viewer)
    return render_template("regulations/packs.html", rows=rows, current=queries.current_ids())


def _filter() -> ItemFilter:
    args = request.args
    return ItemFilter(
        text=args.get("q", "").strip(),
        category=args.get("category", ""),
        severity=args.get("severity", ""),
        tier=args.get("tier", ""),
    )


@bp.get("/packs/<code>/<int:version>")
@requires(Permission.SEE_PACKS)
def pack(code: str, version: int) -> ResponseReturnValue:
    """The items of a version: search, severity, clauses, days."""
    row, checklist = _opened(code, version)
    wanted = _filter()
    items = matching(checklist.items, wanted)
    shown = page_after(items, request.args.get("after", ""), ITEMS_PER_PAGE)
    return render_template(
        "regulations/pack.html", row=row, checklist=checklist, wanted=wanted, count=len(items), shown=shown
    )


@bp.get("/packs/<code>/<int:version>/items/<item_code>")
@requires(Permission.SEE_PACKS)
def item(code: str, version: int, item_code: str) -> ResponseReturnValue:
    """One item whole: limits, clauses, faults with measure and days."""
    row, checklist = _opened(code, version)
    one = found(checklist.by_code.get(item_code))
    return render_template(
        "regulations/item.html",
        row=row,
        checklist=checklist,
        item=one,
        unit=unit(one.unit),
        citations=checklist.citations(one.code),
    )


@bp.get("/packs/<code>/<int:version>/citations")
@requires(Permission.SEE_PACKS)
def citations(code: str, version: int) -> ResponseReturnValue:
    """The clauses that never print as law until the office has verified them."""
    row, checklist = _opened(code, version)
    wanted = request.args.get("evidence", "unsure")
    warnings = [w for w in checklist.citation_warnings if wanted in ("all", w.clause.evidence)]
    shown = page_after(warnings, request.args.get("after", ""), ITEMS_PER_PAGE)
    return render_template(
        "regulations/citations.html", row=row, checklist=checklist, wanted=wanted, count=len(warnings), shown=shown
    )


@bp.get("/packs/<code>/<int:version>/duties")
@requires(Permission.SEE_PACKS)
def duties(code: str, version: int) -> ResponseReturnValue:
    """What a school owes how often."""
    row, checklist = _opened(code, version)
    rules: list[dict[str, Any]] = [duty.content for duty in queries.duty_rules(row.id)]
    return render_template("regulations/duties.html", row=row, checklist=checklist, duties=rules)
