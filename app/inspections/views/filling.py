"""Filling a draft: one form an area, which works without script; single operations and photos where there is script."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.formats import time_of_day
from app.core.pictures import unpack_ahead
from app.core.web import found
from app.fieldwork import queries as fieldwork_queries
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import OpStatus, Via
from app.fieldwork.service import AnswerOperation, Verdict
from app.inspections import queries, records, sheet, wording
from app.inspections.posted import SLOTS, posted_photos, posted_rows
from app.inspections.presenting import Presenter
from app.inspections.rules.answers import count
from app.inspections.rules.areas import MOST_ROWS, Area
from app.inspections.rules.fields import VISIT, split_name
from app.inspections.service import filling, starting
from app.inspections.sheet import Sheet
from app.inspections.views.blueprint import bp
from app.rectification.queries import findings as rectification
from app.rectification.queries import repeats

UNSEEN = "unseen"


def _areas(current: Sheet) -> list[Area]:
    """The walk, and behind it the pieces that nobody has seen."""
    unseen = [row for row in current.rows if row.is_piece and current.said[row.name].is_open]
    return [*current.areas, Area(key=UNSEEN, rows=tuple(unseen[:MOST_ROWS]))]


def _area(current: Sheet, key: str | None) -> Area | None:
    return next((area for area in _areas(current) if area.key == key), None)


def _first_open(current: Sheet) -> tuple[str, str]:
    """Where to go on: the area and the row that are still open."""
    for area in current.areas:
        for row in area.rows:
            if current.said[row.name].is_open:
                return area.key, row.name
    return (current.areas[0].key, "") if current.areas else (UNSEEN, "")


def _address(current: Sheet, key: str, row: str = "") -> str:
    anchor = f"row-{row.replace('@', '-')}" if row else None
    return url_for("inspections.show", inspection_id=current.inspection.id, area=key, _anchor=anchor)


def _name(current: Sheet, area: Area) -> str:
    return str(_("未见器材")) if area.key == UNSEEN else wording.area_name(area, current.checklist)


def _menu(current: Sheet, here: Area) -> dict[str, Any]:
    entries = []
    for area in current.areas:
        counts = count(area.rows, current.said)
        entries.append(
            (_name(current, area), _address(current, area.key), counts.done, counts.all, area.key == here.key)
        )
    counts = count(current.rows, current.said)
    missing = (_("未见器材"), _address(current, UNSEEN), counts.open_pieces, here.key == UNSEEN)
    return {"menu": entries, "missing": missing if any(r.is_piece for r in current.rows) else None, "counts": counts}


def _names(current: Sheet) -> Mapping[Any, str]:
    """Names of who answered; only asked for when answers contradict each other."""
    return accounts.names_of({op.by_id for op in current.ops}) if current.folded.contested else {}


def page(current: Sheet, area: Area, *, problems: Sequence[str] = ()) -> str:
    """The filling page of one area."""
    keys = [a.key for a in current.areas]
    after = keys[keys.index(area.key) + 1 :] if area.key in keys else []
    upcoming = next((a for a in current.areas if after and a.key == after[0]), None)
    last = queries.last_signed(current.school.id, before=current.inspection)
    last_rows, last_on = records.answers_of(last)
    here = count(area.rows, current.said)
    houses = {row.house for row in area.rows}
    is_first = area.key == keys[0] if keys else True
    lines = rectification.of_school(viewer, current.school.id)
    may_fill = queries.may_fill(viewer, current.inspection)
    faults = repeats.known_faults(current.school.id, without=current.inspection.id)
    held = repeats.places_of(line.finding for line in lines)
    presenter = Presenter(current, last=last_rows, last_on=last_on, names=_names(current), faults=faults, held=held)
    return render_template(
        "inspections/fill.html",
        sheet=current,
        area=area,
        area_name=_name(current, area),
        headings=presenter.headings(area),
        here=here,
        is_first=is_first,
        open_findings=[x for x in lines if is_first or str(x.finding.building_id) in houses],
        bulk_count=len(filling.bulk_rows(current, area.rows, held=held)) if filling.bulk_is_allowed(current) else 0,
        next_area=(upcoming.key, _name(current, upcoming)) if upcoming else None,
        render=new_id(),
        may_fill=may_fill,
        has_position=current.folded.register(VISIT, "", "position") is not None,
        problems=problems,
        saved_words=_saved_words(current),
        **_menu(current, area),
    )


def _saved_words(current: Sheet) -> str:
    last = max((op.at for op in current.ops), default=None)
    return str(_("已存 %(time)s", time=time_of_day(last)) if last else _("尚未填写"))


def fill(current: Sheet) -> ResponseReturnValue:
    """The draft's page: the area asked for, else where there is something open."""
    key = request.args.get("area")
    if key is None:
        return redirect(_address(current, *_first_open(current)))
    area = _area(current, key)
    if area is None:
        return redirect(_address(current, *_first_open(current)))
    return page(current, area)


def _mine(inspection_id: uuid.UUID) -> Sheet:
    """The sheet that the viewer may fill: not visible 404, not theirs 403."""
    current = found(sheet.load(viewer, inspection_id))
    if not queries.may_fill(viewer, current.inspection):
        abort(403)
    return current


def _render_id() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("render", ""))
    except ValueError:
        return new_id()


@bp.post("/inspections/<uuid:inspection_id>")
@requires(Permission.INSPECT)
def save(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Save an area's form, then do what the button says."""
    current = _mine(inspection_id)
    starting.check_draft(current.inspection)
    render = _render_id()
    area_key = request.form.get("area", "")
    posted = posted_rows(current, request.form)
    verdicts = filling.save(viewer, current, posted, render=render, base_rev=request.form.get("rev", 0, type=int))
    problems = [v.message for v in verdicts if v.status is OpStatus.REJECTED]
    db.session.commit()
    problems += _save_photos(current, render)
    current.forget()
    area = _area(current, area_key) or current.areas[0]
    if not problems:
        try:
            target = _do(current, area, request.form.get("do", "save"), render)
            db.session.commit()
            return redirect(target)
        except DomainError as refused:
            db.session.rollback()
            problems.append(refused.message)
            current = _mine(inspection_id)
    for one in posted:
        _show_as_typed(current, one)
    return page(current, area, problems=problems), 422


def _show_as_typed(current: Sheet, one: filling.Posted) -> None:
    """What was refused stays on the page as it was typed."""
    typed = {k: v for k, v in one.fields.items() if k in ("note", "where", "reading", "text")}
    said = current.said.get(one.row.name)
    if said is not None and any(getattr(said, k) != v for k, v in typed.items()):
        current.said[one.row.name] = dataclasses.replace(said, **typed)


def _save_photos(current: Sheet, render: uuid.UUID) -> list[str]:
    """Each photo is kept by itself, so that one that is refused costs nothing else; returns the refusals."""
    problems = []
    for photo in posted_photos(current, request.files, render=render):
        unpack_ahead([(photo["name"], photo["content"])])  # a large one takes a while, and on SQLite nobody else writes
        try:
            fieldwork.add_photo(
                viewer, kind=current.kind, target_id=current.inspection.id, device=f"page {render}", **photo
            )
            db.session.commit()
        except DomainError as refused:
            db.session.rollback()
            problems.append(refused.message)
    return problems


def _do(current: Sheet, area: Area, wish: str, render: uuid.UUID) -> str:
    """The act of a button; returns where to go."""
    act, _colon, what = wish.partition(":")
    if act == "bulk":
        lines = rectification.of_school(viewer, current.school.id)
        held = repeats.places_of(line.finding for line in lines)
        done = filling.rest_passes(viewer, current, area.rows, act=render, held=held)
        flash(_("本区 %(count)d 项已批量记为合格，记录中注明批量。", count=done))
    elif act == "not_checked":
        done = filling.rest_not_checked(viewer, current, area.rows, act=render)
        flash(_("本区 %(count)d 项已记为未检查。", count=done))
    elif act in ("sample", "unsample"):
        filling.sample(viewer, current, what, chosen=act == "sample", act=render)
        return _address(current, area.key, f"PIECE@{what}")
    elif act == "withdraw":
        return _withdraw_photo(current, area, what)
    elif act == "settle":
        return _settle(current, area, what)
    elif act == "review":
        return url_for("inspections.review", inspection_id=current.inspection.id)
    elif act == "next":
        keys = [a.key for a in current.areas]
        after = keys[keys.index(area.key) + 1 :] if area.key in keys else []
        return (
            _address(current, after[0]) if after else url_for("inspections.review", inspection_id=current.inspection.id)
        )
    return _address(current, area.key)


def _withdraw_photo(current: Sheet, area: Area, photo_id: str) -> str:
    photo = next((p for p in current.photos if str(p.id) == photo_id), None)
    if photo is None:
        raise DomainError(_("没有这张照片。"))
    fieldwork.withdraw_photo(viewer, photo)
    return _address(current, area.key, f"{photo.item}@{photo.place}" if photo.place else photo.item)


def _settle(current: Sheet, area: Area, what: str) -> str:
    name, field, chosen = [*what.split(":"), "", "", ""][:3]
    item, place = split_name(name)
    try:
        key = uuid.UUID(chosen)
    except ValueError:
        raise DomainError(_("请从列出的内容中选一个。")) from None
    fieldwork.settle(
        viewer, kind=current.kind, target_id=current.inspection.id, item=item, place=place, field=field, chosen=key
    )
    return _address(current, area.key, name)


# with script: one operation, one photo ---------------------------------------------------------------------------


def _operation(current: Sheet, body: Mapping[str, Any], device: str) -> AnswerOperation:
    try:
        at = datetime.fromisoformat(body["at"]) if body.get("at") else None
        return AnswerOperation(
            op_id=uuid.UUID(body["op_id"]),
            kind=current.kind,
            target_id=current.inspection.id,
            item=str(body["item"]),
            place=str(body.get("place") or ""),
            field=str(body["field"]),
            value=body.get("value"),
            base_rev=int(body.get("base_rev", 0)),
            at=at if at is not None and at.tzinfo else None,
            via=Via.PAPER if current.inspection.from_paper else Via(body.get("via", "tap")),
            device=device,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        raise DomainError(_("收到的内容不完整或不正确，请刷新页面后重试。"), code="bad_operation") from None


def _told(verdict: Verdict) -> dict[str, Any]:
    return {
        "op_id": str(verdict.op_id),
        "status": "duplicate" if verdict.duplicate else verdict.status.value,
        "rev": verdict.rev,
        "message": verdict.message,
    }


def _state(current: Sheet, names: Sequence[str], area_key: str) -> dict[str, Any]:
    """What the page shows anew after an operation: counts, and the rows it was about."""
    presenter, rows = Presenter(current), {row.name: row for row in current.rows}
    area = _area(current, area_key)
    counts = count(current.rows, current.said)
    here = count(area.rows, current.said) if area else counts
    shown = {}
    for name in names:
        if name in rows:
            view = presenter.row(rows[name])
            shown[name] = {
                "value": view.value, "stamp": view.stamp, "errors": view.errors,
                "judged": (view.reading or {}).get("judged", ""), "look": (view.reading or {}).get("look", ""),
            }  # fmt: skip
    return {
        "rows": shown, "done": counts.done, "all": counts.all, "unseen": counts.open_pieces,
        "area": {"done": here.done, "all": here.all}, "saved": _saved_words(current),
    }  # fmt: skip


@bp.post("/inspections/<uuid:inspection_id>/ops")
@requires(Permission.INSPECT)
def operations(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Apply operations of the open page, and say what it should show now."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("ops"), list) or len(body["ops"]) > 200:
        return jsonify(error="bad_request", message=_("收到的内容不完整或不正确，请刷新页面后重试。")), 400
    current = _mine(inspection_id)
    device = f"page {str(body.get('render', ''))[:40]}"
    try:
        ops = [_operation(current, one, device) for one in body["ops"]]
    except DomainError as refused:
        return jsonify(error=refused.code, message=refused.message), 400
    verdicts = fieldwork.apply(ops, by=viewer)
    db.session.commit()
    current.forget()
    names = [f"{op.item}@{op.place}" if op.place else op.item for op in ops]
    return jsonify(results=[_told(v) for v in verdicts], **_state(current, names, str(body.get("area", ""))))


@bp.post("/inspections/<uuid:inspection_id>/photos")
@requires(Permission.INSPECT)
def add_photo(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Keep one photo of a row."""
    current = found(queries.get(viewer, inspection_id))
    if not queries.may_fill(viewer, current):
        abort(403)
    item, place = split_name(request.form.get("row", ""))
    slot = SLOTS.get(request.form.get("slot", "photo"), "close")
    file = request.files.get("photo")
    try:
        photo_id = uuid.UUID(request.form.get("id", ""))
    except ValueError:
        photo_id = new_id()
    if file is None:
        return jsonify(error="bad_request", message=_("没有收到照片，请重新拍摄。")), 400
    content = file.read()
    unpack_ahead([(file.filename or "", content)])
    try:
        photo = fieldwork.add_photo(
            viewer, photo_id=photo_id, kind=queries.target_kind(current), target_id=current.id, content=content,
            name=file.filename or "", item=item, place=place, slot=slot, device=f"page {request.form.get('render', '')[:40]}",
        )  # fmt: skip
        db.session.commit()
    except DomainError as refused:
        db.session.rollback()
        return jsonify(error=refused.code, message=refused.message), 422
    count_now = len(fieldwork_queries.photos_of(queries.target_kind(current), [current.id]))
    small = url_for("fieldwork.photo", photo_id=photo.id, size="small")
    saved = _("已存 %(time)s", time=time_of_day(photo.added_at))
    return jsonify(
        id=str(photo.id), src=small, href=url_for("fieldwork.photo", photo_id=photo.id), photos=count_now, saved=saved
    )
