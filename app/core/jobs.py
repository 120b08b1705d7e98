"""Long work: a Job row is the truth (state, lease, heartbeat, progress); the worker takes rows, whoever woke it.

A job must be safe to run twice: a worker that dies leaves a lease, and when that runs out the job is taken again.
"""

from __future__ import annotations

import enum
import logging
import os
import socket
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type, insert_ignore, only_reading
from app.core.errors import DomainError
from app.core.extensions import Model, db

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_TRIES = 5


class JobState(enum.StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(HasId, Model):
    """One piece of long work. `done_steps` of `all_steps` is what the progress bar shows."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_state_run_after", "state", "run_after"),)

    kind: Mapped[str] = mapped_column(sa.String(64))
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[JobState] = mapped_column(enum_type(JobState), default=JobState.WAITING)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    run_after: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(sa.String(80))
    tries: Mapped[int] = mapped_column(default=0)
    done_steps: Mapped[int] = mapped_column(default=0)
    all_steps: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    result: Mapped[dict[str, Any] | None]
    finished_at: Mapped[datetime | None]

    @property
    def is_finished(self) -> bool:
        """Done or given up."""
        return self.state in (JobState.DONE, JobState.FAILED)


Progress = Callable[[int, int, str], None]
Handler = Callable[[Job, Progress], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that does jobs of a kind. It gets the job and a function to tell progress (done, all, message)."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(kind: str, arguments: dict[str, Any], *, by: uuid.UUID | None = None) -> Job:
    """Leave a job in the transaction of the act that wants it."""
    job = Job(kind=kind, arguments=arguments, made_by=by)
    db.session.add(job)
    db.session.flush()
    return job


def _ready() -> sa.ColumnElement[bool]:
    now = clock.now()
    return sa.or_(
        sa.and_(Job.state == JobState.WAITING, Job.run_after <= now),
        sa.and_(Job.state == JobState.RUNNING, Job.lease_until < now),
    )


def _take(worker: str) -> uuid.UUID | None:
    """Lease the oldest job that waits or whose worker died; commits. Looks without a write lock first."""
    with only_reading():
        waiting = db.session.scalar(sa.select(Job.id).where(_ready()).limit(1))
        db.session.rollback()
    if waiting is None:
        return None
    job = db.session.scalar(
        sa.select(Job).where(_ready()).order_by(Job.run_after, Job.id).limit(1).with_for_update(skip_locked=True)
    )
    if job is None:
        db.session.rollback()
        return None
    job_id: uuid.UUID = job.id
    job.state, job.worker, job.lease_until, job.tries = JobState.RUNNING, worker, clock.now() + LEASE, job.tries + 1
    db.session.commit()
    return job_id


def _this_worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def free_abandoned() -> int:
    """Free the jobs that a killed worker of this machine had taken, without waiting for their lease; commits."""
    host, freed = socket.gethostname(), 0
    for job in db.session.scalars(
        sa.select(Job).where(Job.state == JobState.RUNNING, Job.worker.startswith(f"{host}:"))
    ):
        pid = (job.worker or "").rpartition(":")[2]
        if pid.isdigit() and not _is_alive(int(pid)):
            job.state, job.lease_until = JobState.WAITING, None
            freed += 1
    db.session.commit()
    return freed


def _tell(job_id: uuid.UUID) -> Progress:
    last = 0.0

    def progress(done: int, total: int, message: str = "") -> None:
        nonlocal last
        if time.monotonic() - last < 0.5 and done < total:
            return
        last = time.monotonic()
        # A connection of its own: progress is seen at once, whatever the work's transaction does.
        if db.engine.dialect.name == "sqlite" and db.session().in_transaction():
            return  # SQLite has one writer, and that is the work itself
        with db.engine.begin() as connection:
            connection.execute(
                sa.update(Job)
                .where(Job.id == job_id)
                .values(done_steps=done, all_steps=total, message=message, lease_until=clock.now() + LEASE)
            )

    return progress


def run_one(worker: str | None = None) -> bool:
    """Do one job, if any is ready. Returns whether there was one. Never raises for a job's own failure."""
    job_id = _take(worker or _this_worker())
    if job_id is None:
        return False
    job = db.session.get_one(Job, job_id)
    try:
        result = _handlers[job.kind](job, _tell(job_id))
        job = db.session.get_one(Job, job_id)
        job.state, job.result, job.finished_at, job.lease_until = JobState.DONE, result, clock.now(), None
        if job.all_steps:
            job.done_steps = job.all_steps
        db.session.commit()
    except DomainError as refused:
        db.session.rollback()
        _fail(job_id, refused.message, again=False)
    except Exception:  # the loop must go on; the log keeps what went wrong, the job says what to do
        db.session.rollback()
        log.exception("job %s failed", job_id)
        _fail(job_id, _("程序出错，没有做成。原因已记入运行日志，请把编号 %(id)s 告诉管理员。", id=job_id), again=True)
    return True


def _fail(job_id: uuid.UUID, message: str, *, again: bool) -> None:
    job = db.session.get_one(Job, job_id)
    job.message, job.lease_until = message[:2000], None
    if again and job.tries < MOST_TRIES:
        job.state, job.run_after = JobState.WAITING, clock.now() + timedelta(seconds=5 * 2**job.tries)
    else:
        job.state, job.finished_at = JobState.FAILED, clock.now()
    db.session.commit()


def run_all() -> int:
    """Do every job that is ready, and return how many there were (tests, `worker --once`)."""
    count = 0
    while run_one():
        count += 1
    return count


class WorkerBeat(Model):
    """When each worker was last seen going round; `doctor` and `/readyz` look here."""

    __tablename__ = "worker_beat"
    worker: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)


BEAT_EVERY_S = 15.0
#: After this long without a beat a worker counts as gone; a long job beats through its progress.
BEAT_LOST = timedelta(minutes=3)
#: What the worker does beside the jobs: (every so many seconds, act). An act commits by itself.
Chore = tuple[float, Callable[[], None]]


def beat(worker: str | None = None) -> None:
    """Note that this worker goes round; commits."""
    name = worker or socket.gethostname()
    seen = sa.update(WorkerBeat).where(WorkerBeat.worker == name).values(seen_at=clock.now())
    if getattr(db.session.execute(seen), "rowcount", 0) == 0:
        db.session.execute(insert_ignore(WorkerBeat).values(worker=name, seen_at=clock.now()))
    db.session.commit()


def last_beat() -> datetime | None:
    """When any worker was last seen."""
    return db.session.scalar(sa.select(sa.func.max(WorkerBeat.seen_at)))


def oldest_waiting() -> datetime | None:
    """Since when the oldest job that could be done waits."""
    query = sa.select(sa.func.min(Job.run_after)).where(Job.state == JobState.WAITING)
    waits: datetime | None = db.session.scalar(query)
    return waits if waits is not None and waits <= clock.now() else None


def _do_chores(chores: Sequence[Chore], due: dict[int, float]) -> None:
    for i, (every, act) in enumerate(chores):
        if time.monotonic() >= due.get(i, 0.0):
            due[i] = time.monotonic() + every
            try:
                act()
            except Exception:  # the loop must go on; the chore comes round again
                db.session.rollback()
                log.exception("a chore of the worker failed")


def work(
    *,
    pause: float = 0.5,
    keep_going: Callable[[], bool] = lambda: True,
    chores: Sequence[Chore] = (),
) -> None:
    """The worker's loop: take jobs until told to stop, looking again every `pause` seconds; chores in between."""
    due: dict[int, float] = {}
    while keep_going():
        try:
            found = run_one()
        except sa.exc.OperationalError:  # the database is away for a moment; jobs are safe in it
            log.exception("the worker could not reach the database")
            db.session.rollback()
            found = False
        db.session.remove()
        _do_chores(((BEAT_EVERY_S, beat), *chores), due)
        db.session.remove()
        if not found:
            time.sleep(pause)
