"""Whether the product can work now: for a load balancer (/readyz) and for Prometheus (/metrics)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from app.accounts.models import SignIn
from app.config import LOOPBACK, Settings
from app.core import clock, jobs
from app.core.extensions import db
from app.core.files import FileMissing, files
from app.core.jobs import Job
from app.core.web import public
from app.inspections.models import Inspection
from app.schools.models import School

bp = Blueprint("health", __name__)
#: A job that could be done and waits longer than this means that nobody does the jobs.
WAITS_TOO_LONG = timedelta(minutes=10)


def problems() -> list[str]:
    """Names of what cannot be used: database, files, jobs."""
    found = []
    try:
        waits = jobs.oldest_waiting()
        if waits is not None and clock.now() - waits > WAITS_TOO_LONG:
            found.append("jobs")
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        found.append("database")
    try:
        files().has("0" * 64)
    except (OSError, FileMissing, RuntimeError):
        found.append("files")
    return found


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Database, files and jobs can be used; 503 and the name of what cannot otherwise."""
    found = problems()
    return (jsonify(status="unready", problems=found), 503) if found else jsonify(status="ok")


def _may_read() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if settings.metrics_token:
        return secrets.compare_digest(given.encode(), settings.metrics_token.encode())
    # Behind a proxy every request comes from this machine, so then only a token opens.
    return (
        request.remote_addr in LOOPBACK and settings.trusted_proxies == 0 and "X-Forwarded-For" not in request.headers
    )


def _lines() -> Iterator[str]:
    def gauge(name: str, text: str, value: float, **labels: str) -> Iterator[str]:
        inside = ",".join(f'{key}="{label}"' for key, label in labels.items())
        yield f"# HELP xiaofang_{name} {text}"
        yield f"# TYPE xiaofang_{name} gauge"
        yield f"xiaofang_{name}{'{' + inside + '}' if inside else ''} {value:g}"

    counts = {row[0]: row[1] for row in db.session.execute(sa.select(Job.state, sa.func.count()).group_by(Job.state))}
    yield "# HELP xiaofang_jobs Jobs by state."
    yield "# TYPE xiaofang_jobs gauge"
    for state in jobs.JobState:
        yield f'xiaofang_jobs{{state="{state.value}"}} {counts.get(state, 0)}'
    waits, beat, now = jobs.oldest_waiting(), jobs.last_beat(), clock.now()
    yield from gauge(
        "oldest_job_wait_seconds",
        "Age of the oldest job that could be done.",
        (now - waits).total_seconds() if waits else 0,
    )
    yield from gauge(
        "worker_beat_age_seconds",
        "Since when no worker was seen; -1 never.",
        (now - beat).total_seconds() if beat else -1,
    )
    open_sign_ins = (
        sa.select(sa.func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None), SignIn.expires_at > now)
    )
    yield from gauge("sign_ins_open", "Browsers and tablets signed in.", db.session.scalar(open_sign_ins) or 0)
    yield from gauge(
        "schools", "Schools in the register.", db.session.scalar(sa.select(sa.func.count()).select_from(School)) or 0
    )
    yield from gauge(
        "inspections",
        "Inspections of any state.",
        db.session.scalar(sa.select(sa.func.count()).select_from(Inspection)) or 0,
    )


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Prometheus text, for this machine only or with the token of XF_METRICS_TOKEN."""
    if not _may_read():
        abort(404)
    return Response("\n".join(_lines()) + "\n", mimetype="text/plain; version=0.0.4")
