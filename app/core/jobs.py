"""Long work: a Job row is the truth (state, lease, heartbeat, progress); the worker takes rows, whoever woke it.

A job must be safe to run twice: a worker that dies leaves a lease, and when that runs out the job is taken again, so many
times and no more. While a worker lives it beats, also in the middle of a job.
"""

from __future__ import annotations

import enum
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
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


def _next() -> Job | None:
    query = sa.select(Job).where(_ready()).order_by(Job.run_after, Job.id).limit(1)
    return db.session.scalar(query.with_for_update(skip_locked=True))


def _take(worker: str) -> uuid.UUID | None:
    """Lease the oldest job that waits or whose worker died; commits. Looks without a write lock first.

    A job that took its workers with it as often as may be tried (memory, a crash in a library) is given up here: it never
    comes to the end of a try, where failures are counted.
    """
    with only_reading():
        waiting = db.session.scalar(sa.select(Job.id).where(_ready()).limit(1))
        db.session.rollback()
    if waiting is None:
        return None
    while (job := _next()) is not None:
        if job.tries < MOST_TRIES:
            job_id: uuid.UUID = job.id
            job.state, job.worker, job.lease_until = JobState.RUNNING, worker, clock.now() + LEASE
            job.tries += 1
            db.session.commit()
            return job_id
        log.error("job %s was begun %s times and never came to an end", job.id, job.tries)
        job.state, job.finished_at, job.lease_until = JobState.FAILED, clock.now(), None
        job.message = _(
            "试了 %(count)d 次，每次程序都在中途停止（可能是内存不足），不再重试。请把编号 %(id)s 告诉管理员。",
            count=job.tries,
            id=job.id,
        )
        db.session.commit()
    db.session.rollback()
    return None


@cache
def _machine() -> str:
    """This machine among all that share the database, as far as its process numbers count: what runs since which start.

    Two containers, or two machines that were given one name, must never look for each other's processes.
    """
    since, numbers = "", ""
    with suppress(OSError):  # not on Linux
        since = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        numbers = str(Path("/proc/self/ns/pid").stat().st_ino)
    return f"{socket.gethostname()[:40]}/{since}/{numbers}"


def _this_worker() -> str:
    return f"{_machine()}:{os.getpid()}"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def free_abandoned() -> int:
    """Free the jobs that a killed worker of this machine had taken, without waiting for their lease; commits.

    Only where the process is surely gone: a job of another machine, of before a restart of this one, or whose worker's number
    something else has now, waits for its lease. The try counts.
    """
    freed = 0
    for job in db.session.scalars(
        sa.select(Job).where(Job.state == JobState.RUNNING).with_for_update(skip_locked=True)
    ):
        machine, _colon, pid = (job.worker or "").rpartition(":")
        if machine == _machine() and pid.isdigit() and not _is_alive(int(pid)):
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
    worker = worker or _this_worker()
    job_id = _take(worker)
    if job_id is None:
        return False
    with _beating(job_id, worker):
        _run(job_id)
    return True


def _run(job_id: uuid.UUID) -> None:
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
    """When the workers of each machine were last seen; `doctor` and `/metrics` look here.

    `/readyz` does not: a web server that waits for its worker's first round, on a database whose worker was stopped long ago,
    is ready. There a job that nobody does tells (`oldest_waiting`).
    """

    __tablename__ = "worker_beat"
    worker: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)


BEAT_EVERY_S = 15.0
#: After this long without a beat a worker counts as gone. A long job beats beside its work, though on SQLite only between
#: its transactions: while it writes, nobody else can write a word.
BEAT_LOST = timedelta(minutes=3)
#: What the worker does beside the jobs: (every so many seconds, act). An act commits by itself.
Chore = tuple[float, Callable[[], None]]


def _note_beat(connection: sa.Connection, name: str) -> None:
    seen = sa.update(WorkerBeat).where(WorkerBeat.worker == name).values(seen_at=clock.now())
    if connection.execute(seen).rowcount == 0:
        connection.execute(insert_ignore(WorkerBeat).values(worker=name, seen_at=clock.now()))


def beat(worker: str | None = None) -> None:
    """Note that this worker goes round; commits."""
    _note_beat(db.session.connection(), worker or socket.gethostname())
    db.session.commit()


@contextmanager
def _beating(job_id: uuid.UUID, worker: str) -> Iterator[None]:
    """Beat while a job runs, and keep its lease, on a connection of its own: a long job is not taken for a dead worker's.

    It ends after the job's last commit, for until then a beat may be waiting for what the job holds.
    """
    engine, ended = db.engine, threading.Event()
    mine = sa.select(Job.id).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.worker == worker)
    longer = sa.update(Job).where(Job.id.in_(mine.with_for_update(skip_locked=True)))  # the job may hold its own row

    def go_on() -> None:
        while not ended.wait(BEAT_EVERY_S):
            try:
                with engine.begin() as connection:
                    _note_beat(connection, socket.gethostname())
                    connection.execute(longer.values(lease_until=clock.now() + LEASE))
            except (
                sa.exc.SQLAlchemyError
            ):  # the job writes at this moment, or the database is away: the next beat tells
                log.info("no beat while job %s runs", job_id)

    beats = threading.Thread(target=go_on, name="beat", daemon=True)
    beats.start()
    try:
        yield
    finally:
        ended.set()
        beats.join()


def last_beat() -> datetime | None:
    """When any worker was last seen."""
    return db.session.scalar(sa.select(sa.func.max(WorkerBeat.seen_at)))


def oldest_waiting() -> datetime | None:
    """Since when the oldest job that could be done waits; one whose worker died waits since its lease ran out."""
    since = sa.case((Job.state == JobState.RUNNING, Job.lease_until), else_=Job.run_after)
    waits: datetime | None = db.session.scalar(sa.select(sa.func.min(since)).where(_ready()))
    return waits


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
    """The worker's loop: take jobs until told to stop, looking again every `pause` seconds; chores in between.

    What a worker before it had begun here when it was killed goes on at once.
    """
    due: dict[int, float] = {}
    _do_chores([(0.0, lambda: log.info("%s jobs of killed workers are free", free_abandoned()))], {})
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
