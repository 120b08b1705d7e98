"""The list of findings, one finding, its withdrawal."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.extensions import db
from app.core.i18n import localised
from app.core.panels import rendered_panels
from app.core.tables.reports import write_report
from app.core.web import found
from app.rectification import words
from app.rectification.forms import FilterForm, WithdrawForm
from app.rectification.queries import findings as queries
from app.rectification.queries import repeats
from app.rectification.rules.findings import RecheckOutcome, printable_clauses
from app.rectification.service import findings as service
from app.rectification.views.blueprint import bp
from app.regulations.queries import cards
from app.schools import queries as schools

#: The most rows an export takes in one go.
EXPORT_ROWS = 20_000


def _filter_form() -> FilterForm:
    options = queries.schools_with_findings(viewer)
    wanted = _asked_school()
    if wanted and wanted not in {key for key, _name in options}:
        school = schools.get(viewer, wanted)
        options = [*options, (school.id, school.name)] if school else options
    return FilterForm(request.args, schools=options)


def _asked_school() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("school", ""))
    except ValueError:
        return None


def _here(endpoint: str, **changes: Any) -> str:
    kept = {key: value for key, value in request.args.items() if key != "page" and value}
    return url_for(endpoint, **(kept | changes))


@bp.get("/findings")
@requires(Permission.SEE_FINDINGS)
def index() -> ResponseReturnValue:
    """Findings with days left and colour; open ones unless asked otherwise."""
    form = _filter_form()
    choice = form.choice()
    page = queries.listing(viewer, choice, key=request.args.get("page"))
    return render_template(
        "rectification/index.html",
        form=form,
        lines=page.rows,
        total=queries.count(viewer, choice),
        next=_here(".index", page=page.next_key) if page.next_key else "",
        previous=_here(".index", page=page.previous_key) if page.previous_key else "",
        export=_here(".export"),
        is_filtered=bool(request.query_string),
    )


def _export_row(line: queries.Line) -> list[object]:
    finding, standing = line.finding, line.standing
    return [
        localised(line.school_name, line.school_name_en),
        localised(finding.text, finding.text_en),
        finding.place_label,
        str(words.SEVERITIES[finding.severity]),
        localised(finding.measure, finding.measure_en),
        finding.found_on,
        finding.deadline,
        standing.days if finding.closed_on is None else None,
        str(words.STATES[standing.state]),
        str(words.COLOURS[standing.colour]),
        finding.closed_on,
        str(words.CLOSINGS[finding.closed_how]) if finding.closed_how else "",
        finding.item_code,
    ]


@bp.get("/findings.xlsx")
@requires(Permission.SEE_FINDINGS)
def export() -> ResponseReturnValue:
    """The same list as a spreadsheet in which no cell can turn into a formula."""
    headings = [
        _("学校"), _("问题"), _("部位"), _("严重程度"), _("整改措施"), _("发现日期"), _("改正期限"), _("剩余天数"), _("状态"),
        _("颜色"), _("结束日期"), _("结果"), _("检查项"),
    ]  # fmt: skip
    lines = queries.everything(viewer, _filter_form().choice(), most=EXPORT_ROWS)
    content = write_report(headings, [_export_row(line) for line in lines], sheet=_("问题清单"))
    name = f"findings-{clock.today().isoformat()}.xlsx"
    answer = Response(content, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(line: queries.Line, form: WithdrawForm, status: int = 200) -> ResponseReturnValue:
    finding = line.finding
    school = found(schools.get(viewer, finding.school_id))
    others = queries.of_school(viewer, finding.school_id) if finding.closed_on is None else []
    return (
        render_template(
            "rectification/show.html",
            line=line,
            finding=finding,
            how=cards.of_findings([finding]).get(finding.id),
            school=school,
            earlier=repeats.earlier(finding),
            story=queries.stories([finding])[finding.id],
            clauses=printable_clauses(finding.basis),
            recheck_due=queries.recheck_due(line),
            others=others,
            form=form,
            serves=schools.serves(viewer, school),
            panels=rendered_panels("finding", viewer, finding),
            refused={RecheckOutcome.PARTLY, RecheckOutcome.NOT_CORRECTED},
        ),
        status,
    )


@bp.get("/findings/<uuid:finding_id>")
@requires(Permission.SEE_FINDINGS)
def show(finding_id: uuid.UUID) -> ResponseReturnValue:
    """One finding: what, where, by when, and all that became of it."""
    return _page(found(queries.get(viewer, finding_id)), WithdrawForm())


@bp.post("/findings/<uuid:finding_id>/withdraw")
@requires(Permission.WITHDRAW_FINDINGS)
def withdraw(finding_id: uuid.UUID) -> ResponseReturnValue:
    """Take a finding back, with the reason."""
    line = found(queries.get(viewer, finding_id))
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _page(line, form, 422)
    service.withdraw(viewer, finding=line.finding, reason=form.reason.data or "")
    db.session.commit()
    flash(_("已撤回，理由已存档。"))
    return redirect(url_for(".show", finding_id=finding_id))


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """Templates of other pages print findings with the same words."""
    return {"finding_words": words}
