"""What a load balancer and Prometheus are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db


def test_ready_when_database_files_and_jobs_can_be_used(client: Any) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_not_ready_when_nobody_does_the_jobs(client: Any) -> None:
    job = jobs.enqueue("nobody-does-this", {})
    job.run_after = clock.now() - timedelta(minutes=11)
    db.session.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["problems"]) == (503, ["jobs"])


def test_not_ready_when_a_worker_died_in_a_job_and_nobody_goes_on(client: Any) -> None:
    job = jobs.enqueue("nobody-does-this", {})
    job.state, job.worker, job.lease_until = jobs.JobState.RUNNING, "elsewhere:1", clock.now() - timedelta(minutes=11)
    db.session.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["problems"]) == (503, ["jobs"])


def test_a_web_server_whose_worker_was_stopped_long_ago_is_ready_before_the_next_one_goes_round(client: Any) -> None:
    jobs.beat("one")
    db.session.execute(sa.update(jobs.WorkerBeat).values(seen_at=clock.now() - timedelta(days=1)))
    db.session.commit()
    assert client.get("/readyz").status_code == 200


def test_the_worker_beats(client: Any) -> None:
    assert jobs.last_beat() is None
    jobs.beat("one")
    jobs.beat("one")
    assert jobs.last_beat() is not None


def test_metrics_are_for_this_machine(client: Any) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert 'xiaofang_jobs{state="waiting"} 0' in answer.text
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == 404


@pytest.mark.parametrize(
    "command", [["doctor"], ["backup"], ["backup", "create"], ["audit", "verify"], ["users", "add"], ["demo", "seed"]]
)
def test_each_command_says_how_it_is_used(app: Any, command: list[str]) -> None:
    answer = app.test_cli_runner().invoke(args=[*command, "--help"])
    assert answer.exit_code == 0
    assert "Usage:" in answer.output
