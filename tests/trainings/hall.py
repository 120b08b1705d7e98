"""A hall of people who sign in by the code on the wall, and their certificates: at any size."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from app.accounts.viewer import Viewer
from app.core import clock, jobs
from app.core.extensions import db
from app.trainings.models import Attendee, Training, TrainingForm, TrainingSession
from app.trainings.service import certificates, signing


@dataclass(frozen=True)
class Hall:
    """What a hall came to: how many stand on the list, and how long signing in and the certificates took, in seconds."""

    signed: int
    signing_s: float
    papers: int
    pages: int
    making_s: float
    steps: tuple[int, ...]


def sign_in(app: Flask, token: str, people: int) -> float:
    """Everybody opens the page and signs in from one network address, each second one presses twice; returns seconds."""
    began = time.perf_counter()
    for n in range(people):
        client = app.test_client()
        client.checks = False  # type: ignore[attr-defined]
        assert client.get(f"/t/{token}").status_code == 200
        for _press in range(1 + n % 2):
            assert client.post(f"/t/{token}", data={"name": f"教师{n:03d}", "post": "教师"}).status_code == 302
    return time.perf_counter() - began


def hold(session: TrainingSession, by: Viewer, people: int) -> None:
    """Log the session as held."""
    db.session.add(
        Training(
            school_id=session.school_id, session_id=session.id, audience=session.audience, form=TrainingForm.LECTURE,
            held_at=clock.now(), hours=session.hours, attended=people, topics=session.topics, logged_by_id=by.person_id,
        )
    )  # fmt: skip
    db.session.commit()


def certify(session: TrainingSession, by: Viewer) -> tuple[jobs.Job, float, tuple[int, ...]]:
    """Have the certificates made; returns the job, seconds, and the steps that its progress told."""
    told: list[int] = []

    def note(_c: object, _cursor: object, statement: str, parameters: tuple[object, ...], *_rest: object) -> None:
        if "UPDATE job SET" in statement and "done_steps" in statement.partition("WHERE")[0]:
            told.append(1)

    job = certificates.order(by, session, language="zh_Hans_CN")
    db.session.commit()
    sa.event.listen(db.engine, "before_cursor_execute", note)
    began = time.perf_counter()
    try:
        jobs.run_all()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    db.session.expire_all()
    return db.session.get_one(jobs.Job, job.id), time.perf_counter() - began, tuple(told)


def whole(app: Flask, session: TrainingSession, by: Viewer, people: int) -> Hall:
    """All of it."""
    session.starts_at = clock.now() - timedelta(minutes=1)
    token = signing.open_sign_in(by, session)
    db.session.commit()
    signing_s = sign_in(app, token, people)
    signed = db.session.scalar(sa.select(sa.func.count(Attendee.id)).where(Attendee.session_id == session.id)) or 0
    hold(session, by, people)
    job, making_s, steps = certify(session, by)
    result = job.result or {}
    return Hall(signed, signing_s, result.get("papers", 0), result.get("pages", 0), making_s, steps)
