"""Jobs: done once, tried again when they fail, taken over when their worker dies."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock, jobs
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
    dead = f"{jobs._this_worker().rpartition(':')[0]}:999999999"
    job.state, job.worker, job.lease_until = JobState.RUNNING, dead, clock.now() + timedelta(minutes=4)
    db.session.commit()
    assert jobs.free_abandoned() == 1
    jobs.run_all()
    assert done == [3]
