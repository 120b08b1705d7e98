"""Jobs: done once, tried again when they fail, taken over when their worker dies."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, jobs
from app.core.db import only_reading
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.jobs import Job, JobState, Progress


@pytest.fixture
def done() -> Iterator[list[int]]:
    """What the jobs of kind `note` have noted."""
    noted: list[int] = []

    @jobs.handles("note")
    def note(job: Job, progress: Progress) -> dict[str, Any]:
        progress(1, 2, "half")
        number = int(job.arguments["number"])
        if number < 0:
            raise DomainError("a sentence for the user")
        if number == 0:
            raise ZeroDivisionError("our own bug")
        noted.append(number)
        return {"number": number}

    yield noted
    del jobs._handlers["note"]


def _leave(number: int) -> uuid.UUID:
    job = jobs.enqueue("note", {"number": number})
    db.session.commit()
    return job.id


def test_a_job_is_done_once_and_keeps_its_result(app: Flask, done: list[int]) -> None:
    job_id = _leave(7)
    assert jobs.run_all() == 1
    assert jobs.run_all() == 0
    job = db.session.get_one(Job, job_id)
    assert (job.state, job.result, done) == (JobState.DONE, {"number": 7}, [7])


def test_a_refusal_is_final_and_kept_as_a_sentence(app: Flask, done: list[int]) -> None:
    job_id = _leave(-1)
    jobs.run_all()
    job = db.session.get_one(Job, job_id)
    assert (job.state, job.message) == (JobState.FAILED, "a sentence for the user")


def test_a_bug_is_tried_again_later(app: Flask, done: list[int], caplog: pytest.LogCaptureFixture) -> None:
    job_id = _leave(0)
    jobs.run_one()
    job = db.session.get_one(Job, job_id)
    assert job.state is JobState.WAITING
    assert job.run_after > clock.now()
    assert str(job_id) in job.message, "by which the administrator finds it in the log"
    assert "ZeroDivisionError" not in job.message
    assert "ZeroDivisionError" in caplog.text


def test_the_job_of_a_dead_worker_is_taken_over(app: Flask, done: list[int]) -> None:
    job_id = _leave(3)
    job = db.session.get_one(Job, job_id)
    job.state, job.worker, job.lease_until = JobState.RUNNING, "elsewhere:1", clock.now() - timedelta(seconds=1)
    db.session.commit()
    jobs.run_all()
    assert done == [3]


def test_the_job_of_a_living_worker_is_left_alone(app: Flask, done: list[int]) -> None:
    job = db.session.get_one(Job, _leave(3))
    job.state, job.worker, job.lease_until = JobState.RUNNING, "elsewhere:1", clock.now() + timedelta(minutes=1)
    db.session.commit()
    assert jobs.run_all() == 0


def test_a_killed_worker_of_this_machine_frees_its_jobs_at_once(app: Flask, done: list[int]) -> None:
    job = db.session.get_one(Job, _leave(3))
    job.state, job.worker, job.lease_until = JobState.RUNNING, _dead(), clock.now() + timedelta(minutes=4)
    db.session.commit()
    assert jobs.free_abandoned() == 1
    jobs.run_all()
    assert done == [3]


def _dead() -> str:
    """A worker of this machine whose process is gone."""
    return f"{jobs._this_worker().rpartition(':')[0]}:999999999"


def _two_rounds() -> Callable[[], bool]:
    rounds = iter([True, True, False])
    return lambda: next(rounds)


def test_a_worker_that_starts_goes_on_with_what_a_killed_one_had_begun(app: Flask, done: list[int]) -> None:
    job = db.session.get_one(Job, _leave(3))
    job.state, job.worker, job.lease_until = JobState.RUNNING, _dead(), clock.now() + timedelta(minutes=4)
    db.session.commit()
    jobs.work(pause=0, keep_going=_two_rounds())
    assert done == [3]


@pytest.mark.parametrize("living", ["this", "another machine of this name", "this, before it was started anew", "old"])
def test_a_worker_that_starts_leaves_alone_what_may_still_be_done(app: Flask, done: list[int], living: str) -> None:
    machine, pid = jobs._this_worker().rsplit(":", 1)
    worker = {
        "this": f"{machine}:{pid}",
        "another machine of this name": f"{machine.partition('/')[0]}/00000000/{machine.rpartition('/')[2]}:999999999",
        "this, before it was started anew": f"{machine}0:999999999",
        "old": f"{machine.partition('/')[0]}:999999999",
    }[living]
    job = db.session.get_one(Job, _leave(3))
    job.state, job.worker, job.lease_until = JobState.RUNNING, worker, clock.now() + timedelta(minutes=4)
    db.session.commit()
    jobs.work(pause=0, keep_going=_two_rounds())
    assert done == []


def test_a_job_that_kills_its_workers_is_given_up_with_a_sentence(app: Flask, done: list[int]) -> None:
    killer, other = _leave(3), _leave(4)
    for _try in range(jobs.MOST_TRIES):
        db.session.execute(
            sa.update(Job).where(Job.id == killer).values(lease_until=clock.now() - timedelta(seconds=1))
        )
        db.session.commit()
        assert jobs._take("elsewhere:1") == killer
    db.session.execute(sa.update(Job).where(Job.id == killer).values(lease_until=clock.now() - timedelta(seconds=1)))
    db.session.commit()
    assert jobs.run_all() == 1
    assert done == [4], "what stands behind it is done"
    job = db.session.get_one(Job, killer)
    assert (job.state, job.tries, job.finished_at is not None) == (JobState.FAILED, jobs.MOST_TRIES, True)
    assert str(killer) in job.message
    assert db.session.get_one(Job, other).state is JobState.DONE


@pytest.fixture
def long_job() -> Iterator[dict[str, Any]]:
    """What a job of kind `long` sees of its worker's beat and its own lease while it works, nothing held in the database."""
    seen: dict[str, Any] = {}

    def look() -> tuple[datetime | None, datetime | None]:
        with only_reading(), db.engine.connect() as connection:
            beat = connection.scalar(sa.select(jobs.WorkerBeat.seen_at))
            return beat, connection.scalar(sa.select(Job.lease_until).where(Job.kind == "long"))

    @jobs.handles("long")
    def work(job: Job, progress: Progress) -> None:
        db.session.rollback()
        seen["before"] = look()
        ends = time.monotonic() + 20
        while time.monotonic() < ends and (look()[0] is None or look() == seen["before"]):
            time.sleep(0.02)
        seen["after"] = look()

    yield seen
    del jobs._handlers["long"]


def test_a_worker_beats_and_keeps_its_lease_in_the_middle_of_a_job(
    app: Flask, long_job: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BEAT_EVERY_S", 0.1)
    jobs.enqueue("long", {})
    db.session.commit()
    assert jobs.run_one()
    (no_beat, lease), (beat, later) = long_job["before"], long_job["after"]
    assert no_beat is None
    assert beat is not None
    assert later > lease
    assert not [one for one in threading.enumerate() if one.name == "beat"], "it ends with the job"


def test_a_job_that_writes_all_the_time_is_not_held_up_by_the_beat(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BEAT_EVERY_S", 0.05)

    @jobs.handles("writes")
    def writes(job: Job, progress: Progress) -> dict[str, Any]:
        for number in range(5):
            db.session.execute(sa.update(Job).where(Job.id == job.id).values(message=str(number)))
            time.sleep(0.05)
        return {}

    try:
        job_id = jobs.enqueue("writes", {}).id
        db.session.commit()
        assert jobs.run_one()
    finally:
        del jobs._handlers["writes"]
    job = db.session.get_one(Job, job_id)
    assert (job.state, job.message) == (JobState.DONE, "4")
