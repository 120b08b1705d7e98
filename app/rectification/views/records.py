"""What the pages of major hazards, sealings and transfers have in common: taking a step, keeping and serving scans."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.forms import Form
from app.core.web import found
from app.rectification import record_forms as forms
from app.rectification import record_words as words
from app.rectification.order_forms import as_id
from app.rectification.queries import records
from app.rectification.rules.records import RecordKind
from app.rectification.service import trail
from app.rectification.service.steps import NotYours
from app.rectification.views.blueprint import bp
from app.schools import queries as schools
from app.schools.models import School

#: A step: its form, and what it does with a valid one.
Step = tuple[Callable[..., Form], Callable[[Any, Any], Any]]
Page = Callable[..., ResponseReturnValue]


def own(table: Any, record_id: uuid.UUID) -> Any:
    """A record of the viewer's own brigade; what they only see is refused."""
    record = found(records.get(table, viewer, record_id))
    if record.brigade_id not in viewer.brigade_ids:
        abort(403)
    return record


def school_asked_for() -> School:
    """The school that a new record is about; one that the viewer only sees is refused."""
    school = found(schools.get(viewer, found(as_id(request.values.get("school")))))
    if not schools.serves(viewer, school):
        abort(403)
    return school


def shown(
    kind: RecordKind,
    record: Any,
    steps: Mapping[str, Step],
    acts: Sequence[str],
    *,
    given: Mapping[str, Form] | None = None,
    defaults: Callable[[str], Mapping[str, Any]] = lambda _name: {},
    people: Iterable[uuid.UUID | None] = (),
) -> dict[str, Any]:
    """What the page of every record shows: its school, the forms of the acts that are open (`given`: as they were
    filled in), its scans' form and its story with the names of these people."""
    filled = dict(given or {})
    made = {name: steps[name][0](formdata=None, prefix=f"{name}-", **defaults(name)) for name in acts}
    return {
        "record": record,
        "school": found(schools.get(viewer, record.school_id)),
        "acts": acts,
        "forms": made | filled,
        "scan_form": filled.get("scan") or forms.RecordScanForm(formdata=None, prefix="scan-"),
        "own": record.brigade_id in viewer.brigade_ids,
        "story": records.story(kind, record.id, tuple(people)),
        "words": words,
    }


def act(table: Any, record_id: uuid.UUID, steps: Mapping[str, Step], page: Page, address: str) -> ResponseReturnValue:
    """Take the step that was asked for, with its form; a refusal comes back as a sentence at its field."""
    own(table, record_id)
    name = request.form.get("act", "")
    make, do = found(steps.get(name))
    form = make(prefix=f"{name}-")
    if not form.validate():
        return page(found(records.get(table, viewer, record_id)), given={name: form}, status=422)
    try:
        do(trail.lock(table, record_id), form)
    except NotYours:
        abort(403)
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return page(found(records.get(table, viewer, record_id)), given={name: form}, status=422)
    db.session.commit()
    flash(_("已登记。"))
    return redirect(address)


def keep(
    kind: RecordKind, table: Any, record_id: uuid.UUID, page: Page, address: str, *, needs: Permission
) -> ResponseReturnValue:
    """Keep a scan with a record."""
    own(table, record_id)
    if not viewer.may(needs):
        abort(403)
    form = forms.RecordScanForm(prefix="scan-")
    file = request.files.get("scan-scan")
    try:
        if file is None or not file.filename:
            raise DomainError(_("请选择扫描件。"), field="scan")
        label = form.label.data or ""
        trail.keep_scan(viewer, kind, record_id, content=file.read(), name=file.filename, label=label)
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return page(found(records.get(table, viewer, record_id)), given={"scan": form}, status=422)
    db.session.commit()
    flash(_("扫描件已保存。"))
    return redirect(address)


@bp.get("/records/scans/<uuid:scan_id>")
@requires(Permission.SEE_ORDERS)
def record_scan(scan_id: uuid.UUID) -> ResponseReturnValue:
    """A scan, for the brigade whose record it is."""
    scan = found(records.scan(viewer, scan_id))
    answer = Response(files().get(scan.sha256), mimetype="application/pdf" if scan.is_pdf else "image/jpeg")
    name = f"scan-{scan.sha256[:8]}.{'pdf' if scan.is_pdf else 'jpg'}"
    answer.headers["Content-Disposition"] = f"{'attachment' if scan.is_pdf else 'inline'}; filename={name}"
    return answer


def record_list(table: Any, template: str, endpoint: str, *, open_states: Any) -> ResponseReturnValue:
    """A list of records: those not ended unless all are asked for; of one school where the address names it."""
    every, school_id = request.args.get("state") == "all", as_id(request.args.get("school"))
    kept: dict[str, Any] = {"state": "all" if every else None, "school": school_id}
    page = records.listing(
        table,
        viewer,
        open_states=None if every else open_states,
        school_id=school_id,
        key=request.args.get("page"),
    )
    return render_template(
        template,
        lines=page.rows,
        every=every,
        school_id=school_id,
        words=words,
        next=url_for(endpoint, page=page.next_key, **kept) if page.next_key else "",
        previous=url_for(endpoint, page=page.previous_key, **kept) if page.previous_key else "",
    )
