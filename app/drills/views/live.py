"""The live page of a drill: what stands, and the taps of its watchers.

The page asks every two seconds whether anything is new, with the ETag of what it has; as a rule the answer is an empty 304
after one small query. Server-sent events would hold one of the server's eight threads for each watcher as long as the page is
open: nine open pages, and nobody else is served. Twelve watchers who ask every two seconds need a few hundredths of one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import language
from app.core.web import found
from app.drills import live_words, plan_words, queries, rules, words
from app.drills.models import DrillTap
from app.drills.plan_forms import TapForm
from app.drills.queries import plans
from app.drills.queries.plans import PlanLine
from app.drills.rules.live import Standing, TapKind
from app.drills.rules.plans import PlanState
from app.drills.service import live as service
from app.drills.service.live import MOST_TAPS, NewTap
from app.drills.views.blueprint import bp
from app.drills.views.plans import own
from app.schools import queries as schools

#: How many of the last taps are shown, to be taken back.
MOST_LAST = 6


def _milliseconds(at: datetime | None) -> int | None:
    return None if at is None else round(at.timestamp() * 1000)


def _told(standing: Standing, kept: Sequence[DrillTap], version: int) -> dict[str, Any]:
    names = {line.key: line.place for line, _at in standing.stairs} | {
        one.line.key: one.line.name for one in standing.classes
    }
    return {
        "last": [
            {
                "op_id": str(tap.op_id),
                "words": live_words.tap(tap.plain, names.get(tap.key, "")),
                "s": standing.since_signal(tap.at),
            }
            for tap in reversed(kept)
            if tap.op_id not in standing.undone and tap.kind not in (TapKind.UNDO, TapKind.FINISH)
        ][:MOST_LAST],
        "version": version,
        "signal_at": _milliseconds(standing.signal_at),
        "first_out": standing.since_signal(standing.first_out_at),
        "last_out": standing.since_signal(standing.last_out_at),
        "counted": standing.since_signal(standing.counted_at),
        "finished": standing.since_signal(standing.finished_at),
        "expected": standing.expected,
        "present": standing.present,
        "elsewhere": standing.elsewhere,
        "missing": standing.missing,
        "reported": standing.reported,
        "classes": [
            {
                "key": one.line.key,
                "present": one.present,
                "elsewhere": one.elsewhere,
                "missing": one.missing,
                "over": one.over,
                "by": one.by,
                "s": standing.since_signal(one.at),
            }
            for one in standing.classes
        ],
        "stairs": [{"key": line.key, "s": standing.since_signal(at)} for line, at in standing.stairs],
        "words": live_words.summary(standing),
    }


def _timed(answer: Response) -> Response:
    answer.headers["X-Server-Now"] = str(_milliseconds(clock.now()))
    answer.headers["Cache-Control"] = "no-cache, private"
    return answer


@bp.get("/drills/plans/<uuid:plan_id>/live")
@requires(Permission.SEE_DRILLS)
def live(plan_id: uuid.UUID) -> ResponseReturnValue:
    """The page of the watchers: one button at the signal, then heads as they come in."""
    line = found(plans.get(viewer, plan_id))
    school = found(schools.get(viewer, line.plan.school_id))
    taps = plans.taps(line.plan)
    standing = plans.standing(line.plan, taps)
    return render_template(
        "drills/plans/live.html",
        line=line,
        plan=line.plan,
        school=school,
        standing=standing,
        state=_told(standing, taps, line.plan.version),
        server_now=_milliseconds(clock.now()),
        may_tap=schools.serves(viewer, school) and viewer.may(Permission.LOG_DRILLS),
        is_ready=line.plan.state is PlanState.READY,
        goal=line.plan.target_s or queries.goal_seconds(line.building),
        new_id=new_id,
        kinds=TapKind,
        words=words,
        plan_words=plan_words,
        live_words=live_words,
        clock_time=rules.minutes_seconds,
        person=str(viewer.person_id),
    )


@bp.get("/drills/plans/<uuid:plan_id>/live/state")
@requires(Permission.SEE_DRILLS)
def live_state(plan_id: uuid.UUID) -> ResponseReturnValue:
    """What stands, or nothing (304) where the asker has it already; with the server's time either way."""
    version = found(plans.version(viewer, plan_id))
    mark = f"{version}-{language()}"
    if request.if_none_match.contains(mark):
        return _timed(Response(status=304, headers={"ETag": f'"{mark}"'}))
    return _state(found(plans.get(viewer, plan_id)))


def _state(line: PlanLine, **more: Any) -> Response:
    taps = plans.taps(line.plan)
    standing = plans.standing(line.plan, taps)
    answer = jsonify(**_told(standing, taps, line.plan.version), server_now=_milliseconds(clock.now()), **more)
    answer.set_etag(f"{line.plan.version}-{language()}")
    return _timed(answer)


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 4e12:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else None


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _tap(one: Any) -> NewTap | None:
    """One tap of a page's queue; None for what no page of ours sends."""
    if not isinstance(one, dict):
        return None
    op_id, kind = _uuid(one.get("op_id")), one.get("kind")
    if op_id is None or kind not in set(TapKind):
        return None
    return NewTap(
        op_id=op_id,
        kind=TapKind(kind),
        key=str(one.get("key") or "")[:40],
        present=_number(one.get("present")),
        elsewhere=_number(one.get("elsewhere")) or 0,
        undoes=_uuid(one.get("undoes")),
        said_at=_moment(one.get("at")),
        offset_ms=_number(one.get("offset_ms")),
    )


@bp.post("/drills/plans/<uuid:plan_id>/taps")
@requires(Permission.LOG_DRILLS)
def taps(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what a page has in its queue, say of each what became of it, and what stands now."""
    line = own(plan_id)
    body = request.get_json(silent=True)
    sent = body.get("ops") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(sent, list) or not 0 < len(sent) <= MOST_TAPS:
        return jsonify(error="bad_request", message=_("收到的内容不完整或不正确，请刷新页面后重试。")), 400
    read = [_tap(one) for one in sent]
    said_now = _moment(body.get("client_now"))
    try:
        statuses = service.apply(viewer, line.plan, [tap for tap in read if tap], said_now=said_now)
    except DomainError as refused:
        db.session.rollback()
        return jsonify(error=refused.code, message=refused.message), 409
    db.session.commit()
    told = iter(statuses)
    results = [
        {
            "op_id": str(one.get("op_id", "")) if isinstance(one, dict) else "",
            "status": next(told) if tap else "refused",
        }
        for one, tap in zip(sent, read, strict=True)
    ]
    return _state(found(plans.get(viewer, plan_id)), results=results)


@bp.post("/drills/plans/<uuid:plan_id>/tap")
@requires(Permission.LOG_DRILLS)
def tap(plan_id: uuid.UUID) -> ResponseReturnValue:
    """One tap from a page without script."""
    line, form = own(plan_id), TapForm()
    sent = form.tap() if form.validate_on_submit() else None
    if sent is None:
        flash(_("没有保存：请填写人数。"), "error")
    else:
        status = service.apply(viewer, line.plan, [sent])[0]
        db.session.commit()
        flash(
            str(live_words.STATUSES[status]),
            "info" if status in (service.TapStatus.KEPT, service.TapStatus.SAME) else "error",
        )
    anchor = sent.key if sent and sent.key else None
    return redirect(url_for(".live", plan_id=plan_id, _anchor=anchor))
